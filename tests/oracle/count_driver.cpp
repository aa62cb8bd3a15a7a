// `komhen count` as far as differential.py asks for it, without Python, and with threads that are given
// pieces as small as its files are: count_driver [--threads N] [--piece BYTES] count FILE... --rejects P
// [--round R] ...
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "count_ways.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/report/text.hpp"
#include "komhen/round/participation.hpp"
#include "komhen/round/round.hpp"
#include "komhen/tally/count.hpp"

namespace {

int run(const std::vector<std::string>& words) {
  komhen::CountOptions options;
  std::vector<std::string> files;
  std::optional<komhen::Round> round;
  std::optional<komhen::Participation> participation;
  std::optional<komhen::Profile> profile;
  std::string out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "count") continue;
    if (!word.starts_with("--")) {
      files.push_back(word);
      continue;
    }
    const std::string& value = words.at(++i);
    if (word == "--threads") {
      options.threads = static_cast<unsigned>(std::stoul(value));
      komhen::detail::count_ways().parallel_from = 0;
    } else if (word == "--piece") {
      komhen::detail::count_ways().piece = std::stoul(value);
    } else if (word == "--rejects") {
      options.rejects = value;
    } else if (word == "--round") {
      round = komhen::builtin_round(value);
      if (!round) round = komhen::load_round(value);
    } else if (word == "--participation") {
      participation = komhen::load_participation(value);
    } else if (word == "--profile") {
      profile = komhen::load_profile(value);
    } else if (word == "--encoding") {
      options.encoding = komhen::encoding_from_text(value);
    } else if (word == "--out") {
      out = value;
    }
  }
  if (round) options.round = &*round;
  if (participation) options.participation = &*participation;
  if (profile) options.profile = &*profile;
  const komhen::Counted counted = komhen::count_files(files, options);
  if (!out.empty()) komhen::save_cube(counted.cube, out);
  std::puts(komhen::to_json(counted.outcome).c_str());
  return EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run({words, words + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return EXIT_FAILURE;
  }
}
