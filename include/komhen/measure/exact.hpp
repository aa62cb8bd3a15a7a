#pragma once

#include <cstdint>
#include <string>

namespace komhen {

/// A share as it is counted: two whole numbers. It becomes a decimal number once, when it is shown.
struct Share {
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;  ///< 0: there is no share, which is not a share of 0

  [[nodiscard]] bool exists() const noexcept { return denominator != 0; }
  friend bool operator==(const Share&, const Share&) = default;
};

/// The share with this many decimals, rounded half up: 2/3 is `0.666667`. @throws Error (argument) for
/// a share that does not exist.
[[nodiscard]] std::string share_text(Share share, int decimals = 6);

/// The share in whole per cent, rounded half up, as KL's report prints it. @throws Error (argument)
/// for a share that does not exist.
[[nodiscard]] std::int64_t per_cent(Share share);

/// `after` less `before` in percentage points with this many decimals: exact shares are subtracted, and the
/// result is rounded last, halves away from zero. @throws Error (argument) where one of them
/// does not exist.
///
/// Source: KL, "Kommunernes henvendelser", spring 2012, the self-service table, whose printed change from 38
/// to 55 per cent is 18.
[[nodiscard]] std::string change_text(Share before, Share after, int decimals = 6);

/// The same in whole percentage points, as KL's report prints it.
[[nodiscard]] std::int64_t printed_change(Share before, Share after);

}  // namespace komhen
