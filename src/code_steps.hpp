#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "learnt_codes.hpp"

namespace komhen::detail {

/// How far the codes of one column lead, in an array with a place for every combination of the codes of
/// several: a row's place is the sum of what its columns' codes lead to.
///
/// A few codes that lie very close together are looked up many rows at a time, where the processor can; codes
/// that lie close, by themselves; a few that do not, in places where none of them meets another.
class CodeSteps {
 public:
  /// Where a code leads that has not been met: farther than any array reaches, and so is every sum with it,
  /// of at most kMostTogether of them.
  static constexpr std::uint32_t kNowhere = std::uint32_t{1} << 27U;
  static constexpr std::uint32_t kMostTogether = 0xFFFF'FFFF / kNowhere;

  /// A code, of 32 bits or the 8 lowest of them, and how far it leads. No code stands there twice.
  using Lead = std::pair<std::uint32_t, std::uint32_t>;

  /// No code has been met.
  CodeSteps() = default;
  explicit CodeSteps(std::vector<Lead> leads) : leads_{std::move(leads)} { settle(); }

  [[nodiscard]] bool knows(std::uint32_t code) const noexcept;
  /// One more code, which it does not know.
  void learn(Lead lead);

  /// Adds to the places of some rows how far their codes lead; and fetches those of the rows after the next
  /// as many, which need not be there, since what costs is waiting for memory.
  void lead(const std::int32_t* codes, std::size_t rows, std::uint32_t* places) const noexcept {
    lead_all(codes, rows, places);
  }
  void lead(const std::uint8_t* codes, std::size_t rows, std::uint32_t* places) const noexcept {
    lead_all(codes, rows, places);
  }

 private:
  static constexpr std::size_t kVeryClose = 16;  ///< codes that one look-up in the processor finds
  static constexpr std::uint32_t kClose = 65'536;
  static constexpr unsigned kMostApart = 12;      ///< bits that number the places
  static constexpr std::size_t kManyApart = 160;  ///< codes for which there are hardly such places
  struct Apart {
    std::uint32_t code = 0;
    std::uint32_t step = kNowhere;
  };

  void settle();
  bool learn_apart();
  bool place_apart();
  template <class Code>
  void lead_all(const Code* codes, std::size_t rows, std::uint32_t* places) const noexcept;
  template <class Code>
  void lead_apart(const Code* codes, std::size_t rows, std::uint32_t* places) const noexcept;

  std::vector<Lead> leads_;
  std::uint32_t least_ = 0;
  std::vector<std::uint32_t>
      close_;              ///< by how far a code lies from the least; the last of them leads nowhere
  bool together_ = false;  ///< whether these are looked up many rows at a time
  std::uint32_t factor_ = 1;
  unsigned shift_ = 0;
  std::vector<Apart> apart_;           ///< by the highest bits of a product
  LearntNumbers<kNowhere> scattered_;  ///< what found no such places
};

}  // namespace komhen::detail
