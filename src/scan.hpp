#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Looks through bytes many at a time, with what the processor has: AVX-512, AVX2, SSE2, NEON, or plain
/// words. Which is settled at the first call, once for the process.
namespace komhen::detail {

enum class ScanLevel : std::uint8_t { plain, vector, avx2, avx512 };

/// The highest level of this processor, or a lower one where the environment variable KOMHEN_SIMD names it:
/// `plain`, `vector` (SSE2 or NEON), `avx2`, `avx512`.
[[nodiscard]] ScanLevel scan_level() noexcept;

/// For tests: uses another level from now on, if the processor has it. Not while others scan.
bool use_scan_level(ScanLevel level) noexcept;

/// Bytes that a scan may read past the end of what it is given; they must be there, and do not count.
inline constexpr std::size_t kScanSlack = 64;
/// Places that a scan may write past those that it found.
inline constexpr std::size_t kPlacesSlack = 16;

/// Writes where `separator` and LF stand in the bytes, in order, and gives their number.
/// @param size    at most 2^31; kScanSlack bytes behind it are readable
/// @param places  room for `size` + kPlacesSlack
std::size_t find_ends(const char* bytes, std::size_t size, char separator, std::uint32_t* places) noexcept;

/// What stands in a stretch of bytes.
struct Marks {
  bool quote = false;        ///< a `"`
  bool lone_return = false;  ///< a CR without a LF behind it; one at the very end counts as alone
  bool beyond_ascii = false;
};
[[nodiscard]] Marks find_marks(std::string_view bytes) noexcept;

}  // namespace komhen::detail
