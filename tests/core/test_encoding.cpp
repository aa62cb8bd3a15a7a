#include <doctest/doctest.h>

#include "komhen/registration/encoding.hpp"
#include "komhen/registration/registration.hpp"
#include "test_support.hpp"

using namespace komhen;
using namespace komhen::detail;

TEST_CASE("the encodings go by the names that exports use") {
  for (const char* name : {"utf-8", "UTF-8", "utf8", "utf_8"})
    CHECK(encoding_from_text(name) == Encoding::utf8);
  for (const char* name : {"windows-1252", "Windows 1252", "cp1252", "latin-1", "ISO-8859-1", "latin1"})
    CHECK(encoding_from_text(name) == Encoding::windows1252);
  for (const char* name : {"", "utf-16", "ascii", "1252", "windows-1253"})
    CHECK_FALSE(encoding_from_text(name));
  CHECK(token(Encoding::utf8) == "utf-8");
  CHECK(token(Encoding::windows1252) == "windows-1252");
}

TEST_CASE("ASCII is bytes up to 127, at every place") {
  CHECK(is_ascii(""));
  CHECK(is_ascii(std::string{"\0\x7F", 2}));
  for (std::size_t size = 1; size < 20; ++size)
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      CHECK(is_ascii(text));
      text[at] = '\x80';
      CHECK_FALSE(is_ascii(text));
    }
}

TEST_CASE("UTF-8 has no overlong forms, no surrogates, and ends at U+10FFFF") {
  for (const char* good :
       {"", "æøå", "e\xCC\x81", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "a\xC3\xA5z"})
    CHECK(is_utf8(good));
  for (const char* bad : {"\x80", "\xBF", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xC3x", "\xE0\x9F\xBF", "\xE0\xA0",
                          "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80", "\xFF", "a\xE5z", "\xF0\x90\x80"})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("Windows-1252 gives five bytes no meaning") {
  int without = 0;
  for (int byte = 0; byte < 256; ++byte)
    if (!is_windows1252(std::string(1, static_cast<char>(byte)))) ++without;
  CHECK(without == 5);
  for (const char* bad : {"\x81", "\x8D", "\x8F", "\x90", "\x9D"}) CHECK_FALSE(is_windows1252(bad));
}

TEST_CASE("Windows-1252 becomes UTF-8") {
  const auto decoded = [](std::string_view bytes) {
    std::string out = ">";
    append_windows1252(out, bytes);
    return out;
  };
  CHECK(decoded("bl\xE5 kage, \xC6\xD8\xC5 \xE6\xF8\xE5") == ">blå kage, ÆØÅ æøå");
  CHECK(decoded("\x80\x96\x93\x94\x99\xA0\xFF\x8E\x9F") == ">€–“”™\xC2\xA0ÿŽŸ");
  for (int byte = 0; byte < 256; ++byte) CHECK(is_utf8(decoded(std::string(1, static_cast<char>(byte)))));
}

TEST_CASE("fields are trimmed of spaces, tabs and no-break spaces, and of nothing else") {
  CHECK(trimmed(" \t\xC2\xA0 Sor\xC3\xB8 \xC2\xA0\t ") == "Sor\xC3\xB8");
  CHECK(trimmed("a b\tc\xC2\xA0"
                "d") ==
        "a b\tc\xC2\xA0"
        "d");
  CHECK(trimmed("\xC2\xA0") == "");
  CHECK(trimmed("\r\n") == "\r\n");
  CHECK(trimmed("\xC3\xA0") == "\xC3\xA0");  // à ends in the byte A0 and is no space
  CHECK(trimmed("") == "");
}

TEST_CASE("a label is UTF-8 without control characters, and its length is counted in bytes") {
  CHECK(is_label("", 64));
  CHECK(is_label("Borgerservice, skranke 3 – Rødovre", 64));
  CHECK(is_label(std::string(64, 'x'), 64));
  CHECK_FALSE(is_label(std::string(65, 'x'), 64));
  CHECK(is_label(test::repeated("ø", 32), 64));
  CHECK_FALSE(is_label(test::repeated("ø", 33), 64));
  for (const char* bad : {"a\tb", "a\nb", "\x7F", "\x1F", "\xC2\x85", "\xC2\x9F", "\xE5", "\xC3"})
    CHECK_FALSE(is_label(bad, 64));
  CHECK_FALSE(is_label(std::string_view{"a\0b", 3}, 64));
  CHECK(is_label("\xC2\xA0", 64));
}
