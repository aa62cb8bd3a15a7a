#include <doctest/doctest.h>

#include "komhen/tally/cube.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

/// A small cube with everything in it that a cube can hold.
Cube small_cube() {
  Cube cube;
  auto round = *builtin_round("2012-spring");
  round.id = "small";
  round.package = Package{{"23.05.10"_kle, "32.06.08"_kle}};
  round.rules = {
      {"kmd", {"32.06.08"_kle}, ContactType::new_case, ContactType::case_information, {"2012-W17"_week}}};
  cube.note_round(round);
  cube.note_round(*builtin_round("2011-autumn"));
  auto contact = test::contact();
  cube.add(contact);
  contact.source = "kmd";
  contact.unit = "Sønderborg";
  contact.count = 9007199254740993;
  cube.add(contact);
  contact.closure = Closure::closed;
  contact.form = AttachedForm::digital;
  contact.count = 2;
  cube.add(contact);
  return cube;
}

/// CRC-64/XZ bit by bit, as its catalogue entry defines it.
std::string checksum(std::string_view bytes) {
  std::uint64_t crc = ~std::uint64_t{0};
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xC96C5795D7870F42U : crc >> 1U;
  }
  crc = ~crc;
  std::string out;
  for (int i = 0; i < 8; ++i, crc >>= 8U) out += static_cast<char>(crc & 0xFFU);
  return out;
}

/// The bytes with a right checksum behind them, whatever they say.
std::string sealed(std::string bytes) {
  bytes.resize(bytes.size() - 8);
  return bytes + checksum(bytes);
}

}  // namespace

TEST_CASE("a cube comes back from its bytes as it was") {
  for (const Cube& cube : {Cube{}, small_cube()}) {
    const std::string bytes = serialised(cube);
    const Cube back = deserialised(bytes, "x.cube");
    CHECK(back == cube);
    CHECK(serialised(back) == bytes);
  }
  CHECK(deserialised(serialised(small_cube()), "x").rounds()[1].rules == small_cube().rounds()[1].rules);
}

TEST_CASE("equal cubes give equal bytes, however they were counted") {
  auto a = test::contact();
  a.unit = "a";
  auto b = test::contact();
  b.unit = "b";
  b.count = 3;
  Cube forward;
  forward.add(a);
  forward.add(b);
  Cube backward;
  for (int i = 0; i < 3; ++i) {
    auto one = b;
    one.count = 1;
    backward.add(one);
  }
  backward.add(a);
  CHECK(serialised(forward) == serialised(backward));
  // A cube that has met many units on its way has them forgotten in its bytes.
  Cube wide = forward;
  for (int i = 0; i < 5000; ++i) {
    auto other = test::contact();
    const std::string unit = "other " + std::to_string(i);
    other.unit = unit;
    other.channel = Channel::sms;
    wide.add(other);
  }
  const Cube back = wide.filtered([](const Registration& r) { return r.channel != Channel::sms; });
  CHECK(serialised(back) == serialised(forward));
}

TEST_CASE("the checksum is CRC-64/XZ over all before it") {
  const std::string bytes = serialised(small_cube());
  CHECK(checksum("123456789") ==
        std::string{"\xFA\x39\x19\xDF\xBB\xC9\x5D\x99", 8});  // the catalogue's check value
  CHECK(sealed(bytes) == bytes);
  CHECK(bytes.substr(0, 8) == "\x89KOMHEN\n");
}

TEST_CASE("a cube that is cut short anywhere is refused") {
  const std::string bytes = serialised(small_cube());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_REFUSED(deserialised(std::string_view{bytes}.substr(0, size), "x.cube"), format, "x.cube");
  }
  CHECK_REFUSED(deserialised(bytes + "x", "x.cube"), format, "x.cube");
  std::string longer = bytes;
  longer.insert(longer.size() - 8, "x");
  CHECK_REFUSED(deserialised(sealed(longer), "x.cube"), format, "x.cube", "longer");
}

TEST_CASE("a cube with any byte altered is refused") {
  const std::string bytes = serialised(small_cube());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xFF}) {
      CAPTURE(at);
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ flip);
      CHECK_REFUSED(deserialised(altered, "x.cube"), format, "x.cube");
    }
  }
}

TEST_CASE("altered bytes with a right checksum are a cube or an error, and never a crash") {
  const std::string bytes = serialised(small_cube());
  int refused = 0;
  for (std::size_t at = 8; at + 8 < bytes.size(); ++at) {
    for (const int flip : {0x01, 0x02, 0x40, 0x80, 0xFF}) {
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ flip);
      const auto refusal = test::refusal([&] { (void)deserialised(sealed(altered), "x.cube"); });
      if (!refusal) continue;
      ++refused;
      CAPTURE(at);
      INFO(refusal->sentence);
      REQUIRE(refusal->kind == ErrorKind::format);
      REQUIRE(refusal->names({"x.cube"}));
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("a newer format or taxonomy is refused, and the sentence says so") {
  std::string bytes = serialised(small_cube());
  bytes[8] = 2;
  CHECK_REFUSED(deserialised(sealed(bytes), "x.cube"), format, "x.cube", "newer", "2");
  bytes = serialised(small_cube());
  bytes[12] = 9;
  CHECK_REFUSED(deserialised(sealed(bytes), "x.cube"), format, "x.cube", "newer taxonomy", "9");
}

TEST_CASE("what is no cube is refused") {
  CHECK_REFUSED(deserialised("", "x.cube"), format, "x.cube", "cube");
  CHECK_REFUSED(deserialised("municipality;date;kle;channel;type;direction\n", "x.csv"), format, "x.csv");
}

TEST_CASE("a cube is saved to a file and loaded from it") {
  const test::Folder folder;
  const std::string path = folder / "spring.cube";
  save_cube(small_cube(), path);
  CHECK(load_cube(path) == small_cube());
  CHECK(is_cube_file(path));
  CHECK(test::read(path) == serialised(small_cube()));
  save_cube(Cube{}, path);  // in the place of what was there
  CHECK(load_cube(path).empty());
  CHECK(folder.names() == std::vector<std::string>{"spring.cube"});
}

TEST_CASE("files that are no cubes are told from cubes") {
  const test::Folder folder;
  CHECK_FALSE(is_cube_file(folder.file("a.csv", "municipality;date\n")));
  CHECK_FALSE(is_cube_file(folder.file("empty", "")));
  CHECK_FALSE(is_cube_file(folder.file("short", "\x89KOM")));
  CHECK(is_cube_file(folder.file("cut.cube", "\x89KOMHEN\n")));
  CHECK_REFUSED(is_cube_file(folder / "missing"), file, "missing");
  CHECK_REFUSED(load_cube(folder / "missing"), file, "missing", "does not exist");
  CHECK_REFUSED(load_cube(folder / "a.csv"), format, "a.csv");
  CHECK_REFUSED(load_cube(folder / ""), file, "directory");
}

TEST_CASE("a cube that cannot be written leaves the file that was there") {
  const test::Folder folder;
  CHECK_REFUSED(save_cube(Cube{}, folder / "no/such.cube"), file, "such.cube", "directory");
  CHECK_REFUSED(save_cube(Cube{}, folder / ""), file, "directory");
  CHECK_REFUSED(save_cube(Cube{}, ""), argument, "empty");
  CHECK_REFUSED(save_cube(Cube{}, (folder / "a") + std::string{"\0b", 2}), file, "NUL");
  CHECK(folder.names().empty());
}
