#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "komhen/error.hpp"
#include "komhen/measure/published.hpp"
#include "komhen/round/round.hpp"
#include "komhen/simulate/simulate.hpp"
#include "komhen/simulate/simulate_files.hpp"
#include "komhen/taxonomy/taxonomy.hpp"
#include "simulate_plan.hpp"
#include "test_support.hpp"

namespace komhen {
namespace {

using detail::Cell;
using detail::Generator;
using detail::SimulatedSource;

constexpr std::uint64_t kLastSeed = std::numeric_limits<std::uint64_t>::max();

struct Share {
  std::int64_t part = 0, whole = 0;
  void add(bool in, std::int64_t contacts) {
    whole += contacts;
    if (in) part += contacts;
  }
};

/// Rounded half up.
std::int64_t per_cent(const Share& share) {
  REQUIRE(share.whole > 0);
  return (200 * share.part + share.whole) / (2 * share.whole);
}

/// The printed change: exact shares subtracted, then rounded half away from zero. Wholes up to 2 * 10^8.
std::int64_t change(const Share& before, const Share& after) {
  const std::int64_t whole = before.whole * after.whole;
  const std::int64_t points = 100 * (after.part * before.whole - before.part * after.whole);
  const std::int64_t size = (2 * (points < 0 ? -points : points) + whole) / (2 * whole);
  return points < 0 ? -size : size;
}

/// What the sources print, counted contact by contact.
struct Figures {
  std::map<KleNumber, Share> tasks;  ///< self-service of incoming applications, of each of the 35
  Share total, without_yellow;       ///< the same over all of them
  Share self_service_35, self_service_all;
  Share website_35, website_all;
  Share case_information_35, case_information_all;
  Share incoming, uploaded;

  void add(const Cell& cell) {
    const std::int64_t n = cell.contacts;
    uploaded.add(cell.source != SimulatedSource::manual, n);
    incoming.add(cell.direction == Direction::incoming, n);
    if (cell.direction != Direction::incoming) return;
    const bool mandatory = find_task(cell.task) != nullptr;
    const bool self_service = cell.channel == Channel::self_service;
    const Group group = group_of(Scheme::kl_2012, cell.type);
    self_service_all.add(self_service, n);
    case_information_all.add(group == Group::case_information, n);
    if (group == Group::information) website_all.add(cell.channel == Channel::website, n);
    if (!mandatory) return;
    self_service_35.add(self_service, n);
    case_information_35.add(group == Group::case_information, n);
    if (group == Group::information) website_35.add(cell.channel == Channel::website, n);
    if (group != Group::application) return;
    tasks[cell.task].add(self_service, n);
    total.add(self_service, n);
    if (cell.task != "29.03.04"_kle) without_yellow.add(self_service, n);
  }
};

/// Every figure that a source prints for the round holds.
void check_printed(std::string_view round, const Figures& figures) {
  REQUIRE(figures.tasks.size() == kTasks.size());
  int under_ten = 0;
  for (const auto& [task, share] : figures.tasks) {
    CAPTURE(task.text());
    if (const auto printed = published_share(round, task))
      CHECK(per_cent(share) == *printed);
    else
      CHECK(10 * share.part >= share.whole);
    if (10 * share.part < share.whole) ++under_ten;
  }
  CHECK(under_ten == 23);
  CHECK(per_cent(figures.total) == published_total(round));
  const std::map<std::pair<std::string_view, std::string_view>, std::vector<Share>> wider{
      {{"self_service_all", "kl-35"}, {figures.self_service_35}},
      {{"self_service_all", "all"}, {figures.self_service_all}},
      {{"information_website", ""}, {figures.website_35, figures.website_all}},
      {{"case_information", ""}, {figures.case_information_35, figures.case_information_all}},
      {{"incoming", ""}, {figures.incoming}},
      {{"uploaded", ""}, {figures.uploaded}}};
  for (const PublishedFigure& printed : published_figures()) {
    const auto found = wider.find({printed.figure, printed.task_set});
    if (printed.round != round || found == wider.end() || !printed.value) continue;
    CAPTURE(printed.figure);
    for (const Share& share : found->second) {
      if (printed.bound == FigureBound::above)
        CHECK(per_cent(share) > *printed.value);
      else
        CHECK(per_cent(share) == *printed.value);
    }
  }
  if (round == "2012-spring") {
    CHECK(per_cent(figures.without_yellow) == published_total(round));
    CHECK(per_cent(figures.incoming) >= 63);
  }
}

/// Every printed change holds, and with it the exceptions to plain subtraction.
void check_changes(const Figures& autumn, const Figures& spring) {
  for (const PublishedShare& row : published_shares()) {
    CAPTURE(row.task.text());
    if (row.change) CHECK(change(autumn.tasks.at(row.task), spring.tasks.at(row.task)) == *row.change);
  }
  CHECK(change(autumn.total, spring.total) == 9);
  CHECK(change(autumn.total, spring.without_yellow) == 9);
}

/// A simulated file, read by the letter of docs/exchange-file.md.
struct File {
  std::string text;
  SimulatedRound round;
  Figures figures;
  std::map<std::pair<Municipality, Week>, std::int64_t> slots;
  std::map<std::string, std::set<std::string>> words;  ///< by column
  std::map<std::tuple<KleNumber, Channel, Direction>, int> nemrefusion;
  std::set<std::string> event_ids;
  std::size_t longest_piece = 0;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t end = text.find(separator);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// The value with this token; a file that writes another word is no file of ours.
template <Worded E>
E value_of(std::string_view word) {
  for (const auto& row : kWords<E>)
    if (row.token == word) return row.value;
  throw std::runtime_error{"not a token: " + std::string{word}};
}

SimulatedSource source_of(std::string_view text) {
  if (text == "synthetic:upload") return SimulatedSource::upload;
  if (text == "synthetic:manual") return SimulatedSource::manual;
  if (text == "synthetic:nemrefusion") return SimulatedSource::nemrefusion;
  throw std::runtime_error{"not a source: " + std::string{text}};
}

Week week_of(std::string_view date) {
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(std::string{date.substr(at, size)});
  };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  const std::chrono::weekday weekday{std::chrono::sys_days{day}};
  if (!day.ok() || weekday == std::chrono::Saturday || weekday == std::chrono::Sunday)
    throw std::runtime_error{"not a weekday: " + std::string{date}};
  return Week::containing(day).value();
}

File simulated(std::string_view round, std::int64_t rows, std::uint64_t seed, bool event_ids = false) {
  File file;
  file.round = simulate({std::string{round}, rows, seed, event_ids}, [&](std::string_view piece) {
    file.text += piece;
    file.longest_piece = std::max(file.longest_piece, piece.size());
  });
  REQUIRE(file.text.ends_with('\n'));
  std::vector<std::string> lines = split(file.text, '\n');
  lines.pop_back();
  const std::vector<std::string> header = split(lines.front(), ';');
  REQUIRE(header ==
          split(event_ids ? "municipality;date;kle;channel;type;direction;closure;form;source;unit;event_id"
                          : "municipality;date;kle;channel;type;direction;closure;form;source;unit",
                ';'));
  std::array<std::set<std::string>, 10> words;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> fields = split(lines[i], ';');
    if (fields.size() != header.size()) throw std::runtime_error{"another number of fields: " + lines[i]};
    const Cell cell{
        KleNumber::parse(fields[2]).value(), value_of<Channel>(fields[3]), value_of<ContactType>(fields[4]),
        value_of<Direction>(fields[5]),      source_of(fields[8]),         1};
    file.figures.add(cell);
    ++file.slots[{Municipality::from_code(std::stoi(fields[0])).value(), week_of(fields[1])}];
    for (std::size_t column = 2; column < 10; ++column) words[column].insert(fields[column]);
    if (event_ids) file.event_ids.insert(fields[10]);
    if (cell.source == SimulatedSource::nemrefusion)
      ++file.nemrefusion[{cell.task, cell.channel, cell.direction}];
  }
  for (std::size_t column = 2; column < words.size(); ++column) file.words[header[column]] = words[column];
  CHECK(file.round.rows == rows);
  CHECK(static_cast<std::int64_t>(lines.size()) - 1 == rows);
  return file;
}

std::string error_of(const SimulateOptions& options) {
  bool wrote = false;
  try {
    simulate(options, [&](std::string_view) { wrote = true; });
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::argument);
    CHECK_FALSE(wrote);
    return error.what();
  }
  return "";
}

TEST_CASE("a simulated round holds every printed figure, and two rounds every printed change") {
  std::map<std::string_view, std::vector<Figures>> drawn;
  for (const std::string_view round : kPublishedRounds) {
    const std::int64_t least = simulate_minimum(round);
    const std::pair<std::int64_t, std::uint64_t> cases[]{
        {least, 0}, {least, kLastSeed}, {least + 1, 1}, {least + 997, 20120423}, {65'000, 3}};
    for (const auto& [rows, seed] : cases) {
      CAPTURE(round);
      CAPTURE(rows);
      CAPTURE(seed);
      const File file = simulated(round, rows, seed);
      check_printed(round, file.figures);
      drawn[round].push_back(file.figures);
    }
  }
  for (const Figures& autumn : drawn.at("2011-autumn"))
    for (const Figures& spring : drawn.at("2012-spring")) check_changes(autumn, spring);
}

TEST_CASE("the plan holds the printed figures for any number of rows from the minimum, and any seed") {
  Generator chance{4711};
  std::map<std::string_view, Figures> last;
  for (int i = 0; i < 60; ++i) {
    for (const std::string_view round : kPublishedRounds) {
      const detail::RoundModel& model = detail::model_of(round);
      const std::int64_t most = i % 3 == 0 ? model.minimum + 50 : i % 3 == 1 ? 100'000 : kSimulateMaximum;
      const std::int64_t rows = i == 2 ? most : chance.between(model.minimum, most);
      const std::uint64_t seed = chance.next();
      CAPTURE(round);
      CAPTURE(rows);
      CAPTURE(seed);
      Generator generator{seed};
      const detail::Plan plan = detail::plan_round(model, rows, generator);
      Figures figures;
      std::int64_t contacts = 0;
      std::int64_t fewest = rows;
      for (const Cell& cell : plan.cells) {
        fewest = std::min(fewest, cell.contacts);
        contacts += cell.contacts;
        figures.add(cell);
      }
      CHECK(contacts == rows);
      std::int64_t in_slots = 0;
      for (const detail::Slot& slot : plan.slots) {
        fewest = std::min(fewest, slot.rows);
        in_slots += slot.rows;
      }
      CHECK(fewest >= 1);
      CHECK(in_slots == rows);
      check_printed(round, figures);
      last[round] = figures;
    }
    check_changes(last.at("2011-autumn"), last.at("2012-spring"));
  }
}

TEST_CASE(
    "in spring 2012, 22 municipalities count one week, 7 two and 20 three, and every declared week has "
    "rows") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const File file = simulated("2012-spring", simulate_minimum("2012-spring"), seed);
    std::map<std::size_t, int> municipalities;
    std::size_t declared = 0;
    for (const auto& [municipality, weeks] : file.round.participation.weeks()) {
      ++municipalities[weeks.size()];
      declared += weeks.size();
      for (const Week week : weeks) CHECK(file.slots.contains({municipality, week}));
      for (const Week week : weeks) CHECK(builtin_round("2012-spring")->has(week));
    }
    CHECK(municipalities == std::map<std::size_t, int>{{1, 22}, {2, 7}, {3, 20}});
    CHECK(file.slots.size() == declared);
  }
}

TEST_CASE("in autumn 2011, 78 municipalities count all three weeks") {
  const File file = simulated("2011-autumn", simulate_minimum("2011-autumn"), 1);
  CHECK(file.round.participation.weeks().size() == 78);
  CHECK(file.slots.size() == 3 * 78);
  for (const auto& [slot, rows] : file.slots) CHECK(file.round.participation.has(slot.first, slot.second));
}

TEST_CASE("NemRefusion is a source of its own in spring 2012, and none in autumn 2011") {
  File spring = simulated("2012-spring", 22'000, 5);
  CHECK(spring.words["source"] ==
        std::set<std::string>{"synthetic:manual", "synthetic:nemrefusion", "synthetic:upload"});
  CHECK(spring.nemrefusion.size() == 3);
  for (const auto& [kind, rows] : spring.nemrefusion) {
    CHECK(find_task(std::get<KleNumber>(kind))->number >= 33);
    CHECK(std::get<Channel>(kind) == Channel::self_service);
    CHECK(std::get<Direction>(kind) == Direction::incoming);
  }
  CHECK(simulated("2011-autumn", 22'000, 5).words["source"] ==
        std::set<std::string>{"synthetic:manual", "synthetic:upload"});
}

TEST_CASE("without NemRefusion the sick-pay tasks have about the share of autumn 2011") {
  Generator generator{7};
  std::map<KleNumber, Share> left;
  for (const Cell& cell : detail::plan_round(detail::model_of("2012-spring"), 650'000, generator).cells)
    if (cell.direction == Direction::incoming && cell.source != SimulatedSource::nemrefusion &&
        group_of(Scheme::kl_2012, cell.type) == Group::application)
      left[cell.task].add(cell.channel == Channel::self_service, cell.contacts);
  for (const KleNumber task : {"32.30.04"_kle, "32.30.08"_kle, "32.30.12"_kle}) {
    CAPTURE(task.text());
    CHECK(std::abs(per_cent(left[task]) - *published_share("2011-autumn", task)) <= 1);
  }
}

TEST_CASE("in autumn 2011 the housing benefit calculator's hits are uploaded new cases") {
  Generator generator{7};
  for (const Cell& cell : detail::plan_round(detail::model_of("2011-autumn"), 100'000, generator).cells) {
    if (cell.task != "32.06.08"_kle || cell.channel != Channel::self_service) continue;
    CHECK(cell.source == SimulatedSource::upload);
    CHECK(cell.type != ContactType::status_change);
  }
}

TEST_CASE("a simulated round has every channel, type, direction, closure and form, and tasks beyond the 35") {
  for (const std::string_view round : kPublishedRounds) {
    CAPTURE(round);
    File file = simulated(round, simulate_minimum(round), 11);
    CHECK(file.words["channel"].size() == kWords<Channel>.size());
    CHECK(file.words["type"].size() == kWords<ContactType>.size());
    CHECK(file.words["direction"].size() == 2);
    CHECK(file.words["closure"] == std::set<std::string>{"", "closed", "put_aside"});
    CHECK(file.words["form"] == std::set<std::string>{"", "digital", "none", "paper"});
    CHECK(file.words["unit"].contains("Ældre og Handicap"));
    CHECK(file.words["kle"].size() > kTasks.size() + 20);
  }
}

TEST_CASE("the same seed gives the same bytes, on every machine; another seed gives others") {
  const auto hash = [](std::string_view text) {  // FNV-1a, 64 bits
    std::uint64_t value = 0xCBF29CE484222325U;
    for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return value;
  };
  const std::string spring = simulated("2012-spring", 22'000, 1).text;
  CHECK(hash(spring) == 6270187604235952407U);
  CHECK(hash(simulated("2011-autumn", 16'000, 1).text) == 13374637875923146978U);
  CHECK(simulated("2012-spring", 22'000, 1).text == spring);
  CHECK(simulated("2012-spring", 22'000, 2).text != spring);
}

TEST_CASE("event ids are unique, hold a letter, and change nothing else in a row") {
  const File file = simulated("2012-spring", 22'000, kLastSeed, true);
  CHECK(file.event_ids.size() == 22'000);
  CHECK(file.event_ids.contains("2012-spring-s18446744073709551615-n22000-e1"));
  std::string without;
  for (const std::string& line : split(file.text, '\n'))
    if (!line.empty()) (without += line.substr(0, line.rfind(';'))) += '\n';
  CHECK(without == simulated("2012-spring", 22'000, kLastSeed).text);
}

TEST_CASE("the file comes in pieces whose size does not grow with the rows") {
  CHECK(simulated("2012-spring", 60'000, 1).longest_piece <= 65 * 1024);
}

TEST_CASE("municipalities differ in size, and none is most of the round") {
  const File file = simulated("2012-spring", 65'000, 4);
  std::vector<std::int64_t> rows;
  for (const auto& [slot, count] : file.slots) rows.push_back(count);
  std::ranges::sort(rows);
  CHECK(rows.back() > 2 * rows[rows.size() / 2]);
  CHECK(rows.back() < 65'000 / 8);
}

TEST_CASE("what no source prints is named as an assumption") {
  const auto nowhere = [](std::string_view) {};
  for (const std::string_view round : kPublishedRounds) {
    const SimulatedRound made = simulate({std::string{round}, 30'000, 1, false}, nowhere);
    CHECK(made.assumptions.size() > 8);
    for (const std::string& sentence : made.assumptions) CHECK(sentence.ends_with('.'));
  }
}

TEST_CASE("fewer rows than can hold the shares are refused with the number that can") {
  CHECK(error_of({"2012-spring", 21'999, 1, false}) ==
        "2012-spring needs at least 22000 rows to hold its printed shares");
  CHECK(error_of({"2011-autumn", 15'999, 1, false}) ==
        "2011-autumn needs at least 16000 rows to hold its printed shares");
  CHECK_FALSE(error_of({"2012-spring", 0, 1, false}).empty());
  CHECK_FALSE(error_of({"2012-spring", std::numeric_limits<std::int64_t>::min(), 1, false}).empty());
  CHECK(error_of({"2012-spring", kSimulateMaximum + 1, 1, false}) ==
        "a simulated round has at most 2000000000 rows");
}

TEST_CASE("a round without printed figures is refused with the rounds that have them") {
  const std::string sentence =
      "only the rounds with printed figures can be simulated: 2011-autumn and 2012-spring";
  CHECK(error_of({"2015-spring", 100'000, 1, false}) == sentence);
  CHECK(error_of({"", 100'000, 1, false}) == sentence);
  CHECK_THROWS_WITH_AS(static_cast<void>(simulate_minimum("2012-autumn")), sentence.c_str(), Error);
}

TEST_CASE("what the writer throws passes through") {
  CHECK_THROWS_AS(simulate({"2012-spring", 22'000, 1, false},
                           [](std::string_view) { throw std::runtime_error{"the disk is full"}; }),
                  std::runtime_error);
}

TEST_CASE("spreading a total over weights is exact, and each part is within one of its proportion") {
  Generator generator{1};
  const std::vector<std::int64_t> weights{0, 1, 2, 997, 0, 1'000};
  for (const std::int64_t total : {0, 1, 7, 1'999, 2'000'000'000}) {
    const auto parts = detail::spread(total, weights, generator);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sum += parts[i];
      CHECK(parts[i] >= total * weights[i] / 2'000);
      CHECK(parts[i] <= (total * weights[i] + 1'999) / 2'000);
    }
    CHECK(sum == total);
  }
}

TEST_CASE("bounded random numbers reach both ends of their range and no further") {
  Generator generator{2};
  std::map<std::int64_t, int> drawn;
  for (int i = 0; i < 6'000; ++i) ++drawn[generator.between(-1, 4)];
  CHECK(drawn.size() == 6);
  for (const auto& [number, times] : drawn) {
    CHECK((number >= -1 && number <= 4));
    CHECK((times > 850 && times < 1'150));
  }
}

TEST_CASE("a disk that is full at the last byte leaves both files of a simulated round as they were") {
  const test::Folder folder;
  const std::string out = folder / "spring.csv";
  SimulateOptions options;
  options.round = "2012-spring";
  options.rows = simulate_minimum("2012-spring");
  static_cast<void>(simulate_to_files(options, out));
  const std::string rows = test::read(out);
  const std::string weeks = test::read(participation_path(out));
  options.seed = 1;
  std::string other;
  static_cast<void>(simulate(options, [&](std::string_view piece) { other += piece; }));

  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);  // the limit then reads as an error of the last write
  rlimit limit = before;
  limit.rlim_cur = other.size() - 1;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const auto refused = test::refusal([&] { static_cast<void>(simulate_to_files(options, out)); });
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);

  REQUIRE(refused);
  CHECK(refused->kind == ErrorKind::file);
  CHECK(test::read(out) == rows);
  CHECK(test::read(participation_path(out)) == weeks);
  CHECK(folder.names() == test::Lines{"spring.csv", "spring.participation.csv"});
}

}  // namespace
}  // namespace komhen
