#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/registration/reason.hpp"

namespace komhen {

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
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace komhen
