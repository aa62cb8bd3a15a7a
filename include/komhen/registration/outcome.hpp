#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "komhen/error.hpp"
#include "komhen/registration/reason.hpp"

namespace komhen {

/// What two outcomes that are added were of: files of their own, or pieces of one stream, where a piece in
/// ASCII says nothing of the encoding of the whole.
enum class Joined : std::uint8_t { files, stream };

/// What became of the rows of one call. Always: rows_read = rows_accepted + the sum of the rejected.
struct Outcome {
  std::int64_t rows_read = 0;
  std::int64_t rows_accepted = 0;
  std::int64_t contacts = 0;                          ///< the sum of the accepted rows' counts
  std::array<std::int64_t, kReasonCount> rejected{};  ///< rows by reason; [accepted] stays 0
  std::string encoding = "ascii";           ///< utf-8, windows-1252, ascii, or mixed over several files
  std::string round;                        ///< the round's id; empty without one
  std::vector<std::string> unread_columns;  ///< names of columns that were not read, masked where personal
  std::vector<std::string> notes;           ///< what a person should know of the call, a sentence each

  [[nodiscard]] std::int64_t rows_rejected() const noexcept {
    return std::accumulate(rejected.begin(), rejected.end(), std::int64_t{0});
  }
  [[nodiscard]] std::int64_t rejected_for(Reason reason) const noexcept {
    return rejected[static_cast<std::size_t>(reason)];
  }

  /// Adds what became of the rows of another call, as if one call had read this one's rows and then the
  /// other's. What only one call could know is not found: event ids that stand in both, a file that is named
  /// in both.
  /// @throws Error: argument when the calls were of different rounds, overflow past 2^63 - 1; nothing is
  ///         changed then.
  void merge(const Outcome& other, Joined joined = Joined::files) {
    if (round != other.round)
      throw Error(ErrorKind::argument,
                  "the two outcomes are of different rounds, and one call has one round");
    Outcome sum{*this};
    const auto add = [](std::int64_t& into, std::int64_t more) {
      if (more > std::numeric_limits<std::int64_t>::max() - into)
        throw Error(ErrorKind::overflow, "the rows or contacts of the two outcomes pass 2^63 - 1");
      into += more;
    };
    add(sum.rows_read, other.rows_read);
    add(sum.rows_accepted, other.rows_accepted);
    add(sum.contacts, other.contacts);
    for (std::size_t i = 0; i < rejected.size(); ++i) add(sum.rejected[i], other.rejected[i]);
    if (joined == Joined::stream && encoding == "ascii") sum.encoding = other.encoding;
    if (sum.encoding != other.encoding && !(joined == Joined::stream && other.encoding == "ascii"))
      sum.encoding = "mixed";
    const auto once = [](std::vector<std::string>& into, const std::vector<std::string>& more) {
      for (const std::string& text : more)
        if (std::ranges::find(into, text) == into.end()) into.push_back(text);
    };
    once(sum.unread_columns, other.unread_columns);
    once(sum.notes, other.notes);
    *this = std::move(sum);
  }
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace komhen
