// deserialised() on any bytes, given a right checksum and the right magic, so that what lies behind them is
// reached. Whatever it accepts must survive every use of a cube and write itself back the same.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "komhen/error.hpp"
#include "komhen/measure/measure.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/tally/cube.hpp"

namespace {

/// The checksum of a cube file, written anew from its description (CRC-64, ECMA-182, reflected).
std::uint64_t crc64(std::string_view bytes) {
  std::uint64_t crc = ~std::uint64_t{0};
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xC96C'5795'D787'0F42U : 0U);
  }
  return ~crc;
}

void use(const komhen::Cube& cube) {
  std::int64_t sum = 0;
  for (const komhen::Registration& cell : cube.cells()) {
    if (cell.count < 1 || !komhen::is_label(cell.source, komhen::kMaxLabel)) std::abort();
    sum += cell.count;
  }
  if (sum != cube.total()) std::abort();
  for (const komhen::Round& round : cube.rounds()) {
    if (round.id.empty() || round.weeks.empty()) std::abort();  // what round.hpp promises of a Round
    if (!std::ranges::is_sorted(round.weeks)) std::abort();
    for (const auto& rule : round.rules)
      if (!std::ranges::is_sorted(rule.tasks) || !std::ranges::is_sorted(rule.weeks)) std::abort();
  }
  const std::string bytes = komhen::serialised(cube);
  const komhen::Cube again = komhen::deserialised(bytes, "again");
  if (!(again == cube) || komhen::serialised(again) != bytes) std::abort();
  komhen::Query query{
      .measure = komhen::Measure::self_service, .by = {komhen::Dimension::task}, .basis = "all"};
  query.scheme = komhen::Scheme::kl_2012;
  static_cast<void>(komhen::measure(cube, query));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] % 8 != 0) {  // mostly: a whole file around the bytes
    std::string file{"\x89KOMHEN\n\x01\x00\x00\x00\x01\x00\x00\x00", 16};
    file += bytes;
    std::uint64_t crc = crc64(file);
    for (int i = 0; i < 8; ++i, crc >>= 8U) file += static_cast<char>(crc & 0xFFU);
    bytes = std::move(file);
  }
  try {
    use(komhen::deserialised(bytes, "fuzz.cube"));
  } catch (const komhen::Error& error) {
    if (komhen::find_personal(error.what())) std::abort();
#ifdef KOMHEN_FUZZ_STRICT
    if (error.kind() != komhen::ErrorKind::format) std::abort();  // what deserialised() documents
#endif
  }
  return 0;
}
