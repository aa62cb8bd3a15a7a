#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace komhen::detail {

/// How far the codes of channel, type and direction lead, together: three columns of bytes. Where the codes
/// are small and do not lead far, as those of one kind of contact beside another never do, sixteen rows are
/// looked up at once, if the processor can.
class ByteSteps {
 public:
  /// By code.
  using Steps = std::array<std::uint32_t, 256>;

  /// Where a code leads that has not been met: farther than all others.
  static constexpr std::uint32_t kNowhere = std::uint32_t{1} << 28U;

  Steps& channels() noexcept { return steps_[0]; }
  Steps& types() noexcept { return steps_[1]; }
  Steps& directions() noexcept { return steps_[2]; }
  /// Every code has been said.
  void settle() noexcept;

  /// Writes how far the codes of some rows lead.
  void lead(const std::uint8_t* channels, const std::uint8_t* types, const std::uint8_t* directions,
            std::size_t rows, std::uint32_t* places) const noexcept;

 private:
  static constexpr std::size_t kSmall = 16;  ///< codes below this are small
  static constexpr std::uint8_t kUnmet = 255;

  std::array<Steps, 3> steps_;
  std::array<std::array<std::uint8_t, kSmall>, 3> small_;  ///< the same of small codes
  bool together_ = false;                                  ///< whether these are looked up at once
};

}  // namespace komhen::detail
