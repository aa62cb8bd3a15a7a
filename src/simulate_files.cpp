#include "komhen/simulate/simulate_files.hpp"

#include <algorithm>

#include "komhen/error.hpp"
#include "posix_file.hpp"

namespace komhen {

std::string participation_path(const std::string& out) {
  const std::size_t name = out.find_last_of('/') + 1;  // 0 without a directory
  const std::size_t dot = out.find_last_of('.');
  const bool has_ending = dot != std::string::npos && dot > name;
  return (has_ending ? out.substr(0, dot) : out) + ".participation.csv";
}

SimulatedRound simulate_to_files(const SimulateOptions& options, const std::string& out,
                                 const std::function<bool(std::int64_t)>& progress) {
  detail::OutputFile rows{out};
  detail::OutputFile weeks{participation_path(out)};
  std::int64_t lines = -1;  // the header is no row
  SimulatedRound made = simulate(options, [&](std::string_view piece) {
    rows.write(piece);
    lines += std::ranges::count(piece, '\n');
    if (progress && !progress(lines)) throw Error(ErrorKind::cancelled, "the simulation was stopped");
  });
  weeks.write(participation_text(made.participation));
  weeks.finish();  // both are on the disk before either appears
  rows.finish();
  weeks.keep();
  rows.keep();
  return made;
}

}  // namespace komhen
