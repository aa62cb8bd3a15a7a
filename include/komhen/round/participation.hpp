#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/round/week.hpp"
#include "komhen/taxonomy/municipality.hpp"

namespace komhen {

/// The weeks in which each municipality counts: its own declaration. A municipality that declared nothing has
/// no weeks.
class Participation {
 public:
  /// Adds weeks to a municipality's declaration.
  void declare(Municipality municipality, Week week) {
    auto& weeks = weeks_[municipality];
    const auto place = std::ranges::lower_bound(weeks, week);
    if (place == weeks.end() || *place != week) weeks.insert(place, week);
  }

  [[nodiscard]] bool has(Municipality municipality, Week week) const {
    const auto found = weeks_.find(municipality);
    return found != weeks_.end() && std::ranges::binary_search(found->second, week);
  }

  /// The declarations, by municipality code; the weeks sorted.
  [[nodiscard]] const std::map<Municipality, std::vector<Week>>& weeks() const noexcept { return weeks_; }
  friend bool operator==(const Participation&, const Participation&) = default;

 private:
  std::map<Municipality, std::vector<Week>> weeks_;
};

/// Reads a declaration: CSV with the header `municipality;weeks` (or `kommune;uger`), a line like
/// `657;2012-W17 2012-W18`.
/// @param name  what to call the text in errors.
/// @throws Error (format) naming line and value: a participation is a declaration, so a bad line is not data.
[[nodiscard]] Participation parse_participation(std::string_view text, std::string_view name);

/// The same from a file. @throws Error (file, format).
[[nodiscard]] Participation load_participation(const std::string& path);

/// The declaration as text that parse_participation() reads back.
[[nodiscard]] std::string participation_text(const Participation& participation);

}  // namespace komhen
