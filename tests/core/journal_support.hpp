#pragma once

#include <string>
#include <string_view>

#include "komhen/journal/journal.hpp"
#include "test_support.hpp"

/// What the tests of the journal share.
namespace test {

/// An event in Herning from one source; tests change what they are about.
inline komhen::Event event(std::string_view id, std::int64_t count = 1) {
  komhen::Event out{contact(), id};
  out.registration.source = "desk";
  out.registration.count = count;
  return out;
}

inline const komhen::Municipality herning = *komhen::Municipality::from_code(657);

inline komhen::Undone undo(komhen::Journal& journal, std::string_view id) {
  return journal.undo(herning, "desk", id);
}

inline komhen::JournalOptions mode(komhen::JournalMode mode) {
  komhen::JournalOptions options;
  options.mode = mode;
  return options;
}

/// Opened for reading, a trial's or a real one.
inline komhen::Journal look_at(const std::string& path) {
  komhen::JournalOptions options = mode(komhen::JournalMode::read_only);
  options.trial = std::nullopt;
  return komhen::Journal::open(path, options);
}

}  // namespace test
