// What the cost room reads, on any bytes: price tables, cases, goals, waves, baselines and amounts. The only
// way out is a value or a komhen::Error of one line that holds nothing like a CPR number.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "komhen/cost/business_case.hpp"
#include "komhen/cost/wave.hpp"
#include "komhen/error.hpp"
#include "komhen/measure/baseline.hpp"
#include "komhen/measure/goal.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/report/cases.hpp"

namespace {

using namespace komhen;

void read(std::uint8_t what, std::string_view text) {
  switch (what % 7) {
    case 0: {
      const CaseResult result = evaluate_case(text, "fuzz.toml", "", {1, 16});
      if (explain(result).empty() || to_json(result).empty()) std::abort();
      break;
    }
    case 1:
      static_cast<void>(parse_prices_toml(text, "fuzz.toml"));
      break;
    case 2:
      static_cast<void>(parse_prices_csv(text, "fuzz.csv"));
      break;
    case 3:
      for (const Goal& goal : parse_goals(text, "fuzz.toml")) {
        const Cube none;
        static_cast<void>(evaluate_goal(goal, none, &none));
      }
      break;
    case 4:
      static_cast<void>(parse_wave(text, "fuzz.toml"));
      break;
    case 5:
      static_cast<void>(parse_baseline(text, "fuzz.baseline"));
      break;
    default: {
      const Money money = Money::from_text(text);
      if (Money::from_text(money.text()) != money || Money::from_text(money.text_da()) != money) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    read(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  } catch (const Error& error) {
    const std::string_view sentence{error.what()};
    if (sentence.empty() || sentence.find('\n') != std::string_view::npos || find_personal(sentence))
      std::abort();
  }
  return 0;
}
