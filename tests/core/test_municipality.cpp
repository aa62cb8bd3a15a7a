#include <doctest/doctest.h>

#include "komhen/taxonomy/municipality.hpp"
#include "test_support.hpp"

using namespace komhen;

TEST_CASE("there are 98 municipalities, known by code and by name") {
  CHECK(detail::kMunicipalities.size() == 98);
  for (const auto& row : detail::kMunicipalities) {
    CAPTURE(row.code);
    const auto municipality = Municipality::from_code(row.code);
    REQUIRE(municipality);
    CHECK(municipality->code() == row.code);
    CHECK(municipality->name() == row.name);
    CHECK(Municipality::from_text(row.name) == municipality);
    CHECK(Municipality::from_text(std::to_string(row.code)) == municipality);
    CHECK(Municipality::from_text("0" + std::to_string(row.code)) == municipality);
  }
}

TEST_CASE("codes have three digits, or four with a leading zero") {
  for (const char* text :
       {"", "0", "65", "00657", "6570", "6 57", "+657", "-657", "657.", "0065", "١٠١", "x657"})
    CHECK_FALSE(Municipality::from_text(text));
  for (const std::int64_t code : {-657, 0, 100, 102, 411, 861, 1657, 65'536 + 657})
    CHECK_FALSE(Municipality::from_code(code));
}

TEST_CASE("Christiansø is on the code list and no municipality") {
  CHECK_FALSE(Municipality::from_code(411));
  CHECK_FALSE(Municipality::from_text("Christiansø"));
}

TEST_CASE("names match whatever their case, their hyphens, and the spelling of æ, ø and å") {
  const auto code = [](std::string_view text) {
    const auto municipality = Municipality::from_text(text);
    return municipality ? int{municipality->code()} : 0;
  };
  CHECK(code("HERNING") == 657);
  CHECK(code("hillerød") == 219);
  CHECK(code("HILLERØD") == 219);
  CHECK(code("Hilleroed") == 219);
  CHECK(code("Hillerod") == 0);
  CHECK(code("Århus") == 751);
  CHECK(code("aarhus") == 751);
  CHECK(code("A\xCC\x8Arhus") == 751);  // decomposed
  CHECK(code("ålborg") == 851);
  CHECK(code("AEROE") == 492);
  CHECK(code("ringkøbing skjern") == 760);
  CHECK(code("Lyngby_Tårbæk") == 173);
  CHECK(code("Herning Kommune") == 0);
}
