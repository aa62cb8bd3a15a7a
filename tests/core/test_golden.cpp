#include <doctest/doctest.h>

#include <map>

#include "komhen/report/text.hpp"
#include "komhen/tally/count.hpp"
#include "test_support.hpp"

using namespace komhen;

// tests/golden/README.md says what the files hold.

namespace {

const std::string kFolder = std::string{KOMHEN_SOURCE_DIR} + "/tests/golden/";

std::vector<std::string> cut(std::string_view text, char at) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// `by=channel` as the pair of its two sides; a word without `=` has an empty left side.
std::pair<std::string, std::string> sides(const std::string& word) {
  const std::size_t at = word.find('=');
  if (at == std::string::npos) return {"", word};
  return {word.substr(0, at), word.substr(at + 1)};
}

/// What one golden file asks, in its order.
class Golden {
 public:
  std::string answer(const std::string& question) {
    const auto words = cut(question, ' ');
    if (words[0] == "count") return count(words);
    if (words[0] == "rejects") return std::to_string(rejects_.size());
    if (words[0] == "reject") return rejects_[std::stoll(words.at(1))];
    return measured(words);
  }

 private:
  std::string count(const std::vector<std::string>& words) {
    std::vector<std::string> files;
    std::optional<Round> round;
    std::optional<Participation> participation;
    std::optional<Profile> profile;
    CountOptions options;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto [key, value] = sides(words[i]);
      const std::string path = kFolder + value;
      if (key.empty()) files.push_back(path);
      if (key == "round") options.round = &round.emplace(load_round(value.ends_with(".toml") ? path : value));
      if (key == "participation") options.participation = &participation.emplace(load_participation(path));
      if (key == "profile") options.profile = &profile.emplace(load_profile(path));
      if (key == "encoding") options.encoding = encoding_from_text(value).value();
    }
    options.on_reject = [&](const Reject& reject) {
      rejects_[reject.line] =
          std::string{token(reject.reason)} + " " + std::string{reject.column ? token(*reject.column) : "-"};
    };
    counted_ = count_files(files, options);
    return to_json(counted_.outcome);
  }

  [[nodiscard]] std::string measured(const std::vector<std::string>& words) const {
    Query query;
    query.measure = from_text<Measure>(words[0]).value();
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto [key, value] = sides(words[i]);
      if (key == "by")
        for (const std::string& name : cut(value, ','))
          query.by.push_back(from_text<Dimension>(name).value());
      if (key == "where" || key == "without") {
        const auto [dimension, values] = sides(value);
        query.filters.push_back(
            {from_text<Dimension>(dimension).value(), cut(values, ','), key == "without"});
      }
      if (key == "tasks") query.tasks = load_task_set(value);
      if (key == "basis") query.basis = value;
      if (key == "set") query.set = from_text<DigitalSet>(value).value();
      if (key == "scheme") query.scheme = from_text<Scheme>(value).value();
      if (key == "raw") query.raw = value == "true";
    }
    return to_json(measure(counted_.cube, query));
  }

  Counted counted_;
  std::map<std::int64_t, std::string> rejects_;
};

}  // namespace

TEST_CASE("the golden files give the answers that were worked out by hand") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{kFolder}) {
    if (entry.path().extension() != ".expected") continue;
    ++files;
    Golden golden;
    for (const std::string& line : cut(test::read(entry.path()), '\n')) {
      if (line.empty() || line[0] == '#') continue;
      const std::size_t tab = line.find('\t');
      REQUIRE(tab != std::string::npos);
      CAPTURE(entry.path().filename().string());
      const std::string question = line.substr(0, tab);
      CAPTURE(question);
      CHECK(golden.answer(question) == line.substr(tab + 1));
    }
  }
  CHECK(files >= 5);
}
