#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "komhen/registration/encoding.hpp"

namespace komhen::detail {

/// What is known of one file's encoding, and how well its rows agree with it.
class EncodingJudge {
 public:
  explicit EncodingJudge(std::optional<Encoding> settled) : settled_{settled} {}

  /// Whether the record may be read; settles the encoding if nothing has. `counted` is false for records
  /// whose rejection has another reason.
  bool admits(std::string_view record, bool counted) {
    const bool utf8 = is_utf8(record);
    if (!settled_) settled_ = utf8 ? Encoding::utf8 : Encoding::windows1252;
    const bool fits = *settled_ == Encoding::utf8 ? utf8 : !utf8 && is_windows1252(record);
    if (counted) {
      ++beyond_ascii_;
      if (!fits) ++contradicting_;
    }
    return fits;
  }

  /// Notes rows beyond ASCII that are known to fit.
  void note_fitting(std::int64_t rows) noexcept { beyond_ascii_ += rows; }
  /// Notes what another judge, of the same settled encoding, has seen.
  void note(const EncodingJudge& other) noexcept {
    beyond_ascii_ += other.beyond_ascii_;
    contradicting_ += other.contradicting_;
  }

  [[nodiscard]] std::optional<Encoding> settled() const noexcept { return settled_; }
  [[nodiscard]] bool mostly_contradicted() const noexcept { return contradicting_ * 2 > beyond_ascii_; }

 private:
  std::optional<Encoding> settled_;
  std::int64_t beyond_ascii_ = 0;
  std::int64_t contradicting_ = 0;
};

}  // namespace komhen::detail
