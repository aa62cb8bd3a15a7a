// parse_profile() and parse_round() on any bytes: the only way out is a value or a komhen::Error, and what a
// round is read from does not depend on how often it is read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/round/round.hpp"

namespace {

/// An error must be one line and hold nothing like a CPR number.
void check_message(std::string_view what) {
  if (what.empty() || what.find('\n') != std::string_view::npos || komhen::find_personal(what)) std::abort();
}

template <class Parse>
void run(Parse parse) {
  try {
    parse();
  } catch (const komhen::Error& error) {
    if (error.kind() != komhen::ErrorKind::format) std::abort();
    check_message(error.what());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] % 2 == 0) {
    run([&] {
      const komhen::Round round = komhen::parse_round(text, "fuzz.toml");
      if (round.weeks.empty() || round.id.empty() || !(round == komhen::parse_round(text, "fuzz.toml")))
        std::abort();
    });
  } else {
    run([&] { static_cast<void>(komhen::parse_profile(text, "fuzz.toml")); });
  }
  return 0;
}
