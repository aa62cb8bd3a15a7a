// parse_participation() on any bytes; what it reads, participation_text() writes so that it reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/round/participation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    const komhen::Participation read = komhen::parse_participation(text, "fuzz.csv");
    if (!(komhen::parse_participation(komhen::participation_text(read), "again") == read)) std::abort();
  } catch (const komhen::Error& error) {
    if (error.kind() != komhen::ErrorKind::format || komhen::find_personal(error.what())) std::abort();
  }
  return 0;
}
