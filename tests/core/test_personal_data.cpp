#include <doctest/doctest.h>

#include "komhen/registration/encoding.hpp"
#include "komhen/registration/personal_data.hpp"
#include "test_support.hpp"

using komhen::find_personal;
using komhen::masked;

// Every number here is made up. 070761-4285 passes modulus 11: 4*0+3*7+2*0+7*7+6*6+5*1+4*4+3*2+2*8+1*5 = 154
// = 14*11. 230412-5003 does not: 8+9+0+28+6+10+20+0+0+3 = 84.

TEST_CASE("a separated number with a date looks like a CPR number, whatever modulus 11 says") {
  CHECK(find_personal("070761-4285"));
  CHECK(find_personal("070761 4285"));
  CHECK(find_personal("230412-5003"));
  CHECK(find_personal("230412 5003"));
  CHECK_FALSE(find_personal("2304125003"));  // bare, and modulus 11 fails
}

TEST_CASE("a dash or a no-break space separates as a hyphen or a space does") {
  for (const char* between : {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\u00a0",
                              "\u2007", "\u2009", "\u202f"}) {
    CAPTURE(std::string{between});
    const std::string number = std::string{"230412"} + between + "5003";
    CHECK(find_personal(number));
    CHECK(masked("a " + number + " b") == "a " + std::string(number.size(), '*') + " b");
  }
  CHECK_FALSE(find_personal("230412\u20ac5003"));
  CHECK_FALSE(find_personal("230412\u2013"));
}

TEST_CASE("ten bare digits need modulus 11 or a birthday on 1 January") {
  CHECK(find_personal("0707614285"));
  CHECK_FALSE(find_personal("0707614286"));
  CHECK_FALSE(find_personal("0707614284"));
  CHECK(find_personal("0101700000"));
  CHECK(find_personal("0101700001"));
  CHECK(find_personal("6101700002"));  // the same day as a replacement number
  CHECK_FALSE(find_personal("0201700001"));
}

TEST_CASE("beside a label the date is enough") {
  for (const char* label : {"cpr", "CPR:", "cpr-nr", "CPR-nr.: ", "cprnr=", "cpr nummer ", "Cpr.nr. ",
                            "personnr", "Personnummer: ", "cpr #"}) {
    CAPTURE(std::string{label});
    CHECK(find_personal(std::string{label} + "2304125003"));
  }
  CHECK_FALSE(find_personal("nummer 2304125003"));
  CHECK_FALSE(find_personal("cpr 3002125003"));
}

TEST_CASE("the date must exist in the century that the seventh digit gives") {
  CHECK_FALSE(find_personal("310412-5003"));
  CHECK_FALSE(find_personal("001212-5003"));
  CHECK_FALSE(find_personal("121312-5003"));
  CHECK_FALSE(find_personal("120012-5003"));
  SUBCASE("29 February 2000 exists, 29 February 1900 does not") {
    for (const char seventh : {'4', '5', '6', '7', '8', '9'})
      CHECK(find_personal(std::string{"290200-"} + seventh + "123"));
    for (const char seventh : {'0', '1', '2', '3'})
      CHECK_FALSE(find_personal(std::string{"290200-"} + seventh + "123"));
  }
  SUBCASE("4 and 9 mean 2000 to 2036 and 1937 to 1999") {
    CHECK(find_personal("290236-4123"));        // 2036
    CHECK_FALSE(find_personal("290237-4123"));  // 1937
    CHECK(find_personal("290240-9123"));        // 1940
  }
  SUBCASE("5 to 8 mean 2000 to 2057 and 1858 to 1899") {
    CHECK(find_personal("290256-5123"));        // 2056
    CHECK_FALSE(find_personal("290258-8123"));  // 1858
    CHECK(find_personal("290260-8123"));        // 1860
  }
}

TEST_CASE("replacement numbers have a day 60 higher") {
  CHECK(find_personal("830412-5003"));
  CHECK(find_personal("900412-5003"));
  CHECK_FALSE(find_personal("910412-5003"));  // 31 April
  CHECK_FALSE(find_personal("920412-5003"));
  CHECK_FALSE(find_personal("600412-5003"));
  CHECK(find_personal("610412-5003"));
}

TEST_CASE("the lettered form counts as well") {
  CHECK(find_personal("2304121AB2"));
  CHECK(find_personal("23041211a2"));
  CHECK(find_personal("230412111K"));
  CHECK_FALSE(find_personal("310412111K"));
  CHECK_FALSE(find_personal("230412A111"));
  CHECK_FALSE(find_personal("230412111KX"));
}

TEST_CASE("a letter or a digit beside it makes it something else") {
  CHECK_FALSE(find_personal("1070761-4285"));
  CHECK_FALSE(find_personal("070761-42851"));
  CHECK_FALSE(find_personal("x070761-4285"));
  CHECK_FALSE(find_personal("070761-4285x"));
  CHECK_FALSE(find_personal("ø070761-4285"));
  CHECK_FALSE(find_personal("070761-4285æ"));
  for (const char* border :
       {" ", ".", ",", "-", "/", "(", ")", "_", "\t", "\"", "\xC2\xA0", "\xE2\x80\x93", "§", "€"}) {
    CAPTURE(std::string{border});
    CHECK(find_personal(border + std::string{"070761-4285"}));
    CHECK(find_personal(std::string{"070761-4285"} + border));
    CHECK(find_personal("sag" + std::string{border} + "0707614285" + border + "slut"));
  }
}

TEST_CASE("KLE numbers, dates, and numbers of 8 or 13 digits never match") {
  for (const char* text : {"23.05.10", "32.30.12", "2012-04-23", "23-04-2012", "23.04.2012", "2012-W17",
                           "70761428", "07076142", "0707614285123", "5790001234567", "12345678", "657", "",
                           "070761", "0707-614285", "070761--4285", "070761  4285", "0707 61 4285"}) {
    CAPTURE(std::string{text});
    CHECK_FALSE(find_personal(text));
  }
}

TEST_CASE("a UUID never looks like a CPR number when it holds a letter beside every group") {
  CHECK_FALSE(find_personal("f47ac10b-58cc-4372-a567-0e02b2c3d479"));
}

TEST_CASE("masking replaces every value, byte for byte, and nothing else") {
  CHECK(masked("sag 070761-4285 slut") == "sag *********** slut");
  CHECK(masked("0707614285;230412 5003") == "**********;***********");
  CHECK(masked("0707614286 og 23.05.10") == "0707614286 og 23.05.10");
  CHECK(masked("") == "");
  const std::string twice = masked("a 070761-4285, b 070761-4285, c");
  CHECK(twice == "a ***********, b ***********, c");
  CHECK(masked(twice) == twice);
}

TEST_CASE("the span says where the first value stands") {
  const std::string_view text = "Sø 070761-4285, 230412-5003";
  const auto first = find_personal(text);
  REQUIRE(first);
  CHECK(text.substr(first->begin, first->end - first->begin) == "070761-4285");
  const auto second = find_personal(text, first->end);
  REQUIRE(second);
  CHECK(text.substr(second->begin, second->end - second->begin) == "230412-5003");
  CHECK_FALSE(find_personal(text, second->end));
}

TEST_CASE("a value in a message is masked, on one line and short") {
  const auto quoted = [](const std::string& value) { return komhen::detail::quoted(value); };
  CHECK(quoted("kanal") == "'kanal'");
  CHECK(quoted("070761-4285") == "'***********'");
  CHECK(quoted("a\nb\tc") == "'a?b?c'");
  CHECK(quoted(std::string(90, 'x')) == "'" + std::string(90, 'x') + "'");
  CHECK(quoted(std::string(91, 'x')) == "'" + std::string(30, 'x') + "..." + std::string(60, 'x') + "'");
  CHECK(quoted(std::string(29, 'x') + "ø" + std::string(70, 'y')) ==
        "'" + std::string(29, 'x') + "..." + std::string(60, 'y') + "'");
  CHECK(quoted(std::string(25, ' ') + "070761-4285 " + std::string(90, 'x')).find("0707") ==
        std::string::npos);
}

TEST_CASE("a value in a message is UTF-8 whatever its bytes are") {
  for (const char* bytes : {"\xE6\xF8\xE5", "\xC3", "a\x80z", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF\xFE", "\xEF\xBF\xBD"}) {
    CAPTURE(std::string{bytes});
    CHECK(komhen::detail::is_utf8(komhen::detail::quoted(bytes)));
  }
}

TEST_CASE("every byte in every place leaves finding and masking whole") {
  std::string text = "cpr 070761-4285";
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      CHECK(masked(changed).size() == changed.size());
      CHECK_FALSE(find_personal(masked(changed)));
    }
  }
}

TEST_CASE("a megabyte of CPR numbers is masked in one pass") {  // looking at all of it for each took minutes
  const std::string_view number = "070761-4285 ";
  std::string text;
  std::string stars;
  while (text.size() < std::size_t{1} << 20U) {
    text += number;
    stars += "*********** ";
  }
  CHECK(masked(text) == stars);
}
