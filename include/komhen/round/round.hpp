#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/round/scheme.hpp"
#include "komhen/round/week.hpp"
#include "komhen/taxonomy/kle.hpp"
#include "komhen/taxonomy/task.hpp"

namespace komhen {

/// Which tasks a round takes: any well-formed KLE number, or a closed list.
class Package {
 public:
  /// The open package: every KLE number counts.
  Package() = default;
  /// A closed package; sorted and made unique here. An empty list is a closed package that takes nothing.
  explicit Package(std::vector<KleNumber> tasks) : closed_{true}, tasks_{std::move(tasks)} {
    std::ranges::sort(tasks_);
    tasks_.erase(std::ranges::unique(tasks_).begin(), tasks_.end());
  }

  [[nodiscard]] bool is_open() const noexcept { return !closed_; }
  [[nodiscard]] bool takes(KleNumber task) const noexcept {
    return !closed_ || std::ranges::binary_search(tasks_, task);
  }
  /// The tasks of a closed package, in KLE order; empty for an open one.
  [[nodiscard]] const std::vector<KleNumber>& tasks() const noexcept { return tasks_; }
  friend bool operator==(const Package&, const Package&) = default;

 private:
  bool closed_ = false;
  std::vector<KleNumber> tasks_;
};

/// What one source's registrations of some tasks in some weeks are measured as. The leaf stays in the cube as
/// it was registered; the rule is applied when measuring and can be left out.
///
/// The example of the method: hits on a housing-benefit calculator counted as new cases in autumn 2011 (KL,
/// "Kommunernes henvendelser", spring 2012, "Ny opgørelse af resultaterne").
struct Reclassification {
  std::string source;            ///< compared byte by byte
  std::vector<KleNumber> tasks;  ///< sorted
  ContactType from;
  ContactType to;
  std::vector<Week> weeks;  ///< sorted

  [[nodiscard]] bool applies(std::string_view in_source, KleNumber task, ContactType type, Week week) const {
    return type == from && in_source == source && std::ranges::binary_search(tasks, task) &&
           std::ranges::binary_search(weeks, week);
  }
  friend bool operator==(const Reclassification&, const Reclassification&) = default;
};

/// A counting round: its weeks, the scheme it was reported under, the tasks it takes and its reclassification
/// rules.
struct Round {
  std::string id;           ///< such as `2012-spring`; never empty
  std::vector<Week> weeks;  ///< sorted, never empty
  Scheme scheme = Scheme::kl_2012;
  Package package = {};
  std::vector<Reclassification> rules = {};  ///< the first that applies wins

  [[nodiscard]] bool has(Week week) const noexcept { return std::ranges::binary_search(weeks, week); }
  friend bool operator==(const Round&, const Round&) = default;
};

/// A round that is built in, with what the sources say of it.
struct BuiltinRound {
  std::string_view id;
  std::string_view label_da;
  std::string_view label_en;
  Week first;
  Week last;
  Scheme scheme;
  std::string_view source;
};

/// Sources for the weeks: KL, "Kommunernes henvendelser", spring 2012 (2012-spring, and 2012-autumn as
/// announced); digitaliser.dk and dknyt (2011-autumn); cedi.dk (2015-spring). The schemes of 2012-autumn and
/// 2015-spring are those of the report of spring 2012, whose grouping no later source withdraws.
inline constexpr auto kRounds = std::to_array<BuiltinRound>({
    {"2011-autumn", "Efterår 2011", "Autumn 2011", "2011-W43"_week, "2011-W45"_week, Scheme::kl_2011,
     "digitaliser.dk, dknyt 23.01.2012"},
    {"2012-spring", "Forår 2012", "Spring 2012", "2012-W17"_week, "2012-W19"_week, Scheme::kl_2012,
     "KL, Kommunernes henvendelser, forår 2012"},
    {"2012-autumn", "Efterår 2012", "Autumn 2012", "2012-W43"_week, "2012-W45"_week, Scheme::kl_2012,
     "KL, Kommunernes henvendelser, forår 2012"},
    {"2015-spring", "Forår 2015", "Spring 2015", "2015-W18"_week, "2015-W20"_week, Scheme::kl_2012,
     "cedi.dk"},
});

/// The built-in round of that id, with an open package and no rules; nullopt for other ids.
[[nodiscard]] inline std::optional<Round> builtin_round(std::string_view id) {
  for (const BuiltinRound& row : kRounds) {
    if (row.id != id) continue;
    Round round{std::string{id}, {}, row.scheme, Package{}, {}};
    for (unsigned i = row.first.index(); i <= row.last.index(); ++i)
      round.weeks.push_back(*Week::from_index(i));
    return round;
  }
  return std::nullopt;
}

/// Reads a round from TOML text: `id`, `weeks`, `scheme`, `package` and `[[reclassify]]`, as in
/// docs/rounds.md.
/// @param name  what to call the text in errors, such as its file name.
/// @throws Error (format) with a sentence that names file, key and value; an unknown key is one.
[[nodiscard]] Round parse_round(std::string_view toml, std::string_view name);

/// The round that a caller means: the id of a built-in one, otherwise the path of a TOML file.
/// @throws Error (argument, file, format).
[[nodiscard]] Round load_round(const std::string& id_or_path);

}  // namespace komhen
