// Counts contacts into a journal, and reads the week's self-service share from it.
//
//   ./journal contacts.journal      safe to run again: nothing is counted twice
//
// Build: find_package(komhen), link komhen::komhen (see CMakeLists.txt beside this file).
#include <array>
#include <cstdio>
#include <exception>
#include <komhen/komhen.hpp>
#include <string_view>
#include <vector>

using namespace komhen::literals;

namespace {

constexpr std::string_view kSource = "sagssystem-å";
constexpr std::string_view kService = "Borgerservice Ærø";
constexpr std::string_view kBuilding = "Byg og Miljø";
const auto kAeroe = *komhen::Municipality::from_code(492);

using komhen::Channel;
using komhen::ContactType;
using komhen::Direction;

komhen::Event contact(std::string_view id, komhen::Week week, komhen::KleNumber task, Channel channel,
                      std::string_view unit, ContactType type = ContactType::new_case,
                      Direction direction = Direction::incoming) {
  return {.registration = {.municipality = kAeroe,
                           .week = week,
                           .task = task,
                           .channel = channel,
                           .type = type,
                           .direction = direction,
                           .source = kSource,
                           .unit = unit},
          .event_id = id};
}

/// What happened at the counter, on the telephone and on the web. The ids are the case system's own.
const std::array kContacts{
    contact("henv-01", "2012-W17"_week, "23.05.10"_kle, Channel::self_service, kService),
    contact("henv-02", "2012-W17"_week, "23.05.10"_kle, Channel::self_service, kService),
    contact("henv-03", "2012-W17"_week, "23.05.10"_kle, Channel::telephone, kService),
    contact("henv-04", "2012-W17"_week, "23.05.10"_kle, Channel::in_person, kService),
    contact("henv-05", "2012-W17"_week, "23.09.02"_kle, Channel::in_person, kService),
    contact("henv-06", "2012-W17"_week, "23.09.02"_kle, Channel::self_service, kService),
    contact("henv-07", "2012-W17"_week, "23.09.02"_kle, Channel::telephone, kService, ContactType::guidance),
    contact("henv-08", "2012-W17"_week, "02.34.02"_kle, Channel::self_service, kBuilding),
    contact("henv-09", "2012-W17"_week, "02.34.02"_kle, Channel::email, kBuilding),
    contact("henv-10", "2012-W17"_week, "02.34.02"_kle, Channel::digital_post, kBuilding),
    contact("henv-11", "2012-W17"_week, "02.34.02"_kle, Channel::letter, kBuilding,
            ContactType::case_information, Direction::outgoing),
    contact("henv-12", "2012-W20"_week, "23.05.10"_kle, Channel::telephone, kService),  // after the round
};

/// A file from another system: its second row names a channel that there is not.
constexpr std::string_view kFile =
    "municipality;week;kle;channel;type;direction;unit\n"
    "Ærø;2012-W17;23.05.10;selvbetjening;new_case;incoming;Havnen på Ærø\n"
    "Ærø;2012-W17;23.05.10;brevdue på Ærø;new_case;incoming;Havnen på Ærø\n";

int length(std::string_view text) {
  return static_cast<int>(text.size());
}

/// Records the contacts, sends two again as after a lost answer, and takes one back.
void record(komhen::Journal& journal) {
  std::array<komhen::Recorded, kContacts.size()> became;
  std::array<int, 5> counted{};       // by Recorded
  journal.record(kContacts, became);  // one sync: all twelve are durable when it returns
  for (const auto one : became) ++counted[static_cast<std::size_t>(one)];
  for (const std::size_t again : {2, 7})
    ++counted[static_cast<std::size_t>(journal.record(kContacts[again]))];
  std::printf("recorded %d, duplicate %d, conflict %d, cancelled %d\n", counted[1], counted[2], counted[3],
              counted[4]);

  const auto undone = komhen::token(journal.undo(kAeroe, kSource, "henv-04"));
  std::printf("henv-04: %.*s\n", length(undone), undone.data());
}

/// Counts what the journal holds under the rules of the round, and measures it.
void print_round(const komhen::Journal& journal) {
  const komhen::Round round = komhen::load_round("2012-spring");
  const komhen::Counted counted = journal.count({.round = &round});
  std::printf("%lld events count, %lld of them in the round %s\n",
              static_cast<long long>(counted.outcome.rows_read),
              static_cast<long long>(counted.outcome.rows_accepted), round.id.c_str());

  std::printf("self-service in 2012-W17:\n");
  komhen::Query shares{.measure = komhen::Measure::self_service, .by = {komhen::Dimension::task}};
  shares.filters.push_back({.dimension = komhen::Dimension::week, .values = {"2012-W17"}});
  for (const auto& row : komhen::measure(counted.cube, shares).rows)
    std::printf("%s %d %%\n", row.key.front().text.c_str(), static_cast<int>(komhen::per_cent(row.share)));

  std::printf("contacts from %.*s:\n", length(kSource), kSource.data());
  komhen::Query units{.measure = komhen::Measure::contacts, .by = {komhen::Dimension::unit}};
  units.filters.push_back({.dimension = komhen::Dimension::source, .values = {std::string{kSource}}});
  for (const auto& row : komhen::measure(counted.cube, units).rows)
    std::printf("%s %lld\n", row.key.front().text.c_str(), static_cast<long long>(row.share.numerator));
}

/// Counts a file in memory. A bad row is no error: it is left out, and on_reject hears of it.
void print_file() {
  komhen::CountOptions options;
  options.on_reject = [](const komhen::Reject& reject) {
    const auto reason = komhen::token(reject.reason);
    std::printf("line %lld: %.*s", static_cast<long long>(reject.line), length(reason), reason.data());
    if (reject.column) {
      const auto column = komhen::token(*reject.column);
      const auto text = reject.fields[komhen::slot(*reject.column)].value_or("");
      std::printf(", %.*s \"%.*s\"", length(column), column.data(), length(text), text.data());
    }
    std::printf("\n");
  };
  std::string_view rest = kFile;
  const auto bytes = [&](char* into, std::size_t room) {
    const std::size_t got = rest.copy(into, room);
    rest.remove_prefix(got);
    return got;
  };
  const auto outcome = komhen::count_bytes(bytes, "in memory", options).outcome;
  std::printf("%lld of %lld rows counted\n", static_cast<long long>(outcome.rows_accepted),
              static_cast<long long>(outcome.rows_read));
}

/// A call that cannot be done says why, in one sentence.
void print_error() {
  try {
    static_cast<void>(komhen::load_round("forår-2012"));
  } catch (const komhen::Error& error) {
    std::printf("status %d: %s\n", static_cast<int>(error.kind()), error.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s JOURNAL\n", argv[0]);
    return 2;
  }
  try {
    {
      auto journal = komhen::Journal::open(argv[1]);
      record(journal);
      print_round(journal);
    }
    print_file();
    const auto name = kAeroe.name();
    const auto channel = komhen::label(Channel::in_person, komhen::Language::danish);
    std::printf("municipality 492: %.*s\n", length(name), name.data());
    std::printf("channel 2: %.*s\n", length(channel), channel.data());
    print_error();
  } catch (const std::exception& error) {  // komhen::Error, or memory that ran out
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
