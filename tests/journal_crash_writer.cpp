#include <unistd.h>

#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "komhen/komhen.hpp"

/// Records keys until it is killed, and acknowledges each on standard output: the writer of journal_crash.py.
///     journal_crash_writer JOURNAL FIRST RETRIES THREADS [count]
/// Thread t of n records the keys t, t + n, ... from FIRST - RETRIES * n on: first those that it may have
/// recorded in an earlier life, blindly. `count` instead prints what the journal holds and its check.
namespace {

using namespace komhen;

void put(const std::string& line) {
  // One write of less than PIPE_BUF is whole or not at all.
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
}

void record_for_ever(Journal& journal, long long next, long long step) {
  const Registration contact{*Municipality::from_code(657),
                             "2012-W17"_week,
                             "23.05.10"_kle,
                             Channel::telephone,
                             ContactType::new_case,
                             Direction::incoming,
                             Closure::not_stated,
                             AttachedForm::not_stated,
                             "",
                             "",
                             1};
  for (bool batch = false;; batch = !batch) {
    std::vector<std::string> ids;
    std::vector<Event> events;
    for (int i = 0; i < (batch ? 5 : 1); ++i, next += step) ids.push_back("k" + std::to_string(next));
    for (const std::string& id : ids) events.push_back({contact, id});
    std::vector<Recorded> results(events.size());
    journal.record(events, results);
    for (std::size_t i = 0; i < ids.size(); ++i) put(ids[i] + " " + std::string{token(results[i])} + "\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  try {
    Journal journal = Journal::open(argv[1]);
    if (argc == 2) {
      const JournalCheck check = journal.verify();
      std::cout << journal.cube().total() << ' ' << journal.status().events << ' ' << check.sentence << '\n';
      journal.export_csv(std::string{argv[1]} + ".csv");
      return check.sound ? 0 : 1;
    }
    if (argc != 5) return 2;
    const long long first = std::stoll(argv[2]);
    const long long retries = std::stoll(argv[3]);
    const long long threads = std::stoll(argv[4]);
    std::vector<std::thread> others;
    for (long long t = 0; t < threads; ++t)
      others.emplace_back([&, t] { record_for_ever(journal, std::max(t, first - retries + t), threads); });
    for (auto& other : others) other.join();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
