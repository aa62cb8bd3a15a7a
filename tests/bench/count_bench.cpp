#if defined(__linux__)
#include <malloc.h>
#endif

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "komhen/komhen.hpp"

/// Counting as an embedder does it: a process with nothing of Python in it. tests/bench/run.py starts it.
///     count_bench count FILE ROUND THREADS [CUBE]
///     count_bench columns FILE ROWS ROUND [CUBE]   FILE: ROWS each of municipality, week and task as int32,
///                                                  then of channel, type and direction as uint8
///     count_bench start                            a cube with one contact, and the end
/// prints {"seconds", "rows_read", "rows_accepted", "cells", "peak_kib", "before_kib", "held_kib"}; the cube
/// is saved after the time and the memory are taken.
namespace {

using namespace komhen;
using Clock = std::chrono::steady_clock;

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "count_bench: " << why << '\n';
  std::exit(1);
}

long status_kib(const std::string& wanted) {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (long kib = 0; word == wanted && status >> kib) return kib;
  stop("/proc/self/status has no " + wanted);
}
/// The most memory that this program has had. ru_maxrss begins with that of the process which started it.
long peak_kib() {
  return status_kib("VmHWM:");
}
/// What it has now, without what has been given back.
long held_kib() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  return status_kib("VmRSS:");
}

/// A komhen that counts with one thread has no such option.
void use_threads(auto& options, unsigned threads) {
  if constexpr (requires { options.threads; })
    options.threads = static_cast<decltype(options.threads)>(threads);
  else if (threads != 1)
    stop("this komhen counts with one thread");
}

void tell(double seconds, long before, const Cube& cube, const Outcome& outcome, const char* path) {
  const long peak = peak_kib();
  std::printf(
      "{\"seconds\": %.6f, \"rows_read\": %lld, \"rows_accepted\": %lld, \"cells\": %zu, \"peak_kib\": %ld, "
      "\"before_kib\": %ld, \"held_kib\": %ld}\n",
      seconds, static_cast<long long>(outcome.rows_read), static_cast<long long>(outcome.rows_accepted),
      cube.size(), peak, before, held_kib() - before);
  if (path != nullptr) save_cube(cube, path);
}

double since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

template <class T>
std::vector<T> read_column(std::ifstream& in, std::size_t rows) {
  std::vector<T> out(rows);
  in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(rows * sizeof(T)));
  if (!in) stop("the columns are shorter than that");
  return out;
}

}  // namespace

int main(int count, char** given) try {
  const std::vector<std::string> said(given + 1, given + count);
  if (said.size() == 1 && said[0] == "start") {
    Cube cube;
    cube.add({*Municipality::from_code(657), "2012-W17"_week, "23.05.10"_kle, Channel::telephone,
              ContactType::new_case, Direction::incoming, Closure::not_stated, AttachedForm::not_stated, "",
              "", 1});
    return cube.total() == 1 ? 0 : 1;
  }
  if (said.size() < 4) stop("count FILE ROUND THREADS [CUBE] | columns FILE ROWS ROUND [CUBE] | start");
  const char* cube_path = count > 5 ? given[5] : nullptr;
  if (said[0] == "count") {
    const Round round = load_round(said[2]);
    CountOptions options;
    options.round = &round;
    use_threads(options, static_cast<unsigned>(std::stoul(said[3])));
    const std::string paths[] = {said[1]};
    const long before = peak_kib();
    const auto began = Clock::now();
    const Counted counted = count_files(paths, options);
    tell(since(began), before, counted.cube, counted.outcome, cube_path);
  } else if (said[0] == "columns") {
    const std::size_t rows = std::stoull(said[2]);
    const Round round = load_round(said[3]);
    std::ifstream in{said[1], std::ios::binary};
    const auto municipality = read_column<std::int32_t>(in, rows);
    const auto week = read_column<std::int32_t>(in, rows);
    const auto task = read_column<std::int32_t>(in, rows);
    const auto channel = read_column<std::uint8_t>(in, rows);
    const auto type = read_column<std::uint8_t>(in, rows);
    const auto direction = read_column<std::uint8_t>(in, rows);
    Columns columns;
    columns.rows = rows;
    columns.municipality = municipality.data();
    columns.week = week.data();
    columns.task = task.data();
    columns.channel = channel.data();
    columns.type = type.data();
    columns.direction = direction.data();
    const long before = peak_kib();
    Cube cube;
    const auto began = Clock::now();
    const Outcome outcome = add_columns(cube, columns, &round);
    tell(since(began), before, cube, outcome, cube_path);
  } else {
    stop("there is no work named " + said[0]);
  }
  return 0;
} catch (const std::exception& error) {
  stop(error.what());
}
