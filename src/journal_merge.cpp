#include <vector>

#include "journal_body.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen {

using detail::JournalAccess;
using detail::JournalEntry;
using detail::JournalStore;

namespace {

constexpr std::size_t kEntriesInOneCommit = 50'000;

constexpr std::int64_t kEntriesBetweenLooks = 256;

using Progress = std::function<bool(std::int64_t, std::int64_t)>;

/// Tells how many entries are done, and stops the merge where that is wanted.
class Watch {
 public:
  Watch(const Progress& progress, std::int64_t all) : progress_{progress}, all_{all} {}

  void one_more() {
    if (++done_ % kEntriesBetweenLooks == 0) look();
  }
  void look() const {
    if (progress_ && !progress_(done_, all_)) throw Error(ErrorKind::cancelled, "the merge was stopped");
  }

 private:
  const Progress& progress_;
  std::int64_t all_;
  std::int64_t done_ = 0;
};

/// Adds one journal's entries to the new one.
template <class Body>
void unite(Body& from, JournalStore& into, JournalMerged& merged, Watch& watch) {
  std::size_t pending = 0;
  const std::int64_t last = from.with_store([](JournalStore& store) { return store.last_seq(); });
  into.begin();
  from.each_entry(0, last, [&](const JournalEntry& entry) {
    const auto key = entry.key();
    if (!key) from.with_store([&](JournalStore& store) { store.refuse_entry(entry[JournalEntry::seq]); });
    if (entry[JournalEntry::kind] == JournalEntry::kUndo) {
      if (into.put_undo(*key) != Undone::already_undone) ++merged.undos;
    } else {
      switch (into.put(from.sound(entry), key->event_id).as_new) {
        case Recorded::duplicate:
          ++merged.duplicates;
          break;
        case Recorded::conflict:
          ++merged.conflicts;
          break;
        case Recorded::recorded:
        case Recorded::cancelled:
          ++merged.events;
          break;
      }
    }
    watch.one_more();
    if (++pending < kEntriesInOneCommit) return;
    pending = 0;
    into.commit();
    into.begin();
  });
  into.commit();
  watch.look();
}

}  // namespace

JournalMerged merge_journals(const std::string& out_path, std::span<const std::string> in_paths,
                             const Progress& progress) {
  if (in_paths.empty()) throw Error(ErrorKind::argument, "there is no journal to merge");
  for (std::size_t i = 0; i < in_paths.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (detail::is_same_file(in_paths[i], in_paths[k]))
        throw Error(ErrorKind::argument, "the journal " + detail::quoted(in_paths[i]) + " is named twice");
  std::vector<Journal> inputs;  // all held before the first is read
  JournalOptions reading;
  reading.mode = JournalMode::read_only;
  reading.trial = std::nullopt;
  JournalMerged merged;
  std::int64_t entries = 0;
  for (const std::string& path : in_paths) {
    inputs.push_back(Journal::open(path, reading));
    JournalAccess::body(inputs.back()).with_store([&](JournalStore& store) {
      if (store.sealed())
        throw Error(ErrorKind::sealed, "the journal " + detail::quoted(path) +
                                           " is sealed, and a sealed one is not merged; merge its cube");
      if (inputs.size() > 1 && store.trial() != merged.trial)
        throw Error(ErrorKind::argument, "the journals " + detail::quoted(in_paths[0]) + " and " +
                                             detail::quoted(path) +
                                             " cannot merge: one is a trial's and one is real");
      merged.trial = store.trial();
      entries += store.last_seq();
    });
  }
  Watch watch{progress, entries};
  detail::NewFile file{out_path};
  {
    const detail::SizeSignalHeld held;
    JournalOptions writing;
    writing.trial = merged.trial;
    Journal out = Journal::open(file.beside(), writing);
    for (const Journal& input : inputs) {
      ++merged.files;
      JournalAccess::body(out).with_store([&](JournalStore& store) {
        try {
          unite(JournalAccess::body(input), store, merged, watch);
        } catch (...) {
          store.roll_back();
          throw;
        }
      });
    }
    const JournalStatus status = out.status();
    merged.effective = status.effective;
    merged.contacts = status.contacts;
  }
  file.keep();
  return merged;
}

}  // namespace komhen
