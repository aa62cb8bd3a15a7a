// How fast files are counted: count_speed FILE [THREADS [TIMES]]. Prints seconds (the least and the median),
// nanoseconds a row, cells and peak memory. Measured by hand: not in the suite.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "komhen/error.hpp"
#include "komhen/tally/count.hpp"

int main(int count, char** words) {
  if (count < 2) {
    std::fputs("count_speed FILE [THREADS [TIMES]]\n", stderr);
    return EXIT_FAILURE;
  }
  const std::vector<std::string> files{words[1]};
  const int times = count > 3 ? std::max(1, std::atoi(words[3])) : 5;
  komhen::CountOptions options;
  if (count > 2) options.threads = static_cast<unsigned>(std::atoi(words[2]));
  std::vector<double> seconds;
  komhen::Counted last;
  try {
    for (int i = 0; i < times; ++i) {
      last = {};
      const auto began = std::chrono::steady_clock::now();
      last = komhen::count_files(files, options);
      seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
  } catch (const komhen::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return EXIT_FAILURE;
  }
  std::ranges::sort(seconds);
  struct rusage used {};
  getrusage(RUSAGE_SELF, &used);
  const auto rows = static_cast<double>(last.outcome.rows_read);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  std::printf("%.1f ns of processor a row, system %.1f; ",
              (of(used.ru_utime) + of(used.ru_stime)) / rows / times * 1e9,
              of(used.ru_stime) / rows / times * 1e9);
  std::printf(
      "least %.3f s, median %.3f s, %.1f ns a row; %lld rows, %lld accepted, %lld contacts, %zu cells, %.1f "
      "MiB\n",
      seconds.front(), seconds[seconds.size() / 2], seconds.front() / rows * 1e9,
      static_cast<long long>(last.outcome.rows_read), static_cast<long long>(last.outcome.rows_accepted),
      static_cast<long long>(last.outcome.contacts), last.cube.size(),
      static_cast<double>(used.ru_maxrss) / 1024);
  return EXIT_SUCCESS;
}
