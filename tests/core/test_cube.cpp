#include <doctest/doctest.h>

#include <map>

#include "komhen/tally/cube.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// Numbers that are the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33U) % limit;
  }
  template <Worded E>
  E word() {
    return kWords<E>[below(kWords<E>.size())].value;
  }

 private:
  std::uint64_t state_;
};

Registration random_contact(Random& random, std::vector<std::string>& labels) {
  for (int i = static_cast<int>(labels.size()); i < 90; ++i) labels.push_back("label " + std::to_string(i));
  return {*Municipality::from_code(detail::kMunicipalities[random.below(98)].code),
          *Week::from_index(random.below(Week::kCount)),
          *KleNumber::from_digits(random.below(1'000'000)),
          random.word<Channel>(),
          random.word<ContactType>(),
          random.word<Direction>(),
          random.word<Closure>(),
          random.word<AttachedForm>(),
          labels[random.below(90)],
          labels[random.below(90)],
          1 + random.below(1000)};
}

Cube random_cube(std::uint64_t seed, int contacts) {
  Random random{seed};
  std::vector<std::string> labels;
  Cube cube;
  for (int i = 0; i < contacts; ++i) cube.add(random_contact(random, labels));
  return cube;
}

Cube merged(Cube a, const Cube& b) {
  a.merge(b);
  return a;
}

Cube of(std::int64_t count) {
  Cube cube;
  auto contact = test::contact();
  contact.count = count;
  cube.add(contact);
  return cube;
}

}  // namespace

TEST_CASE("equal registrations share a cell") {
  Cube cube;
  cube.add(test::contact());
  cube.add(test::contact());
  CHECK(cube.size() == 1);
  CHECK(cube.total() == 2);
  CHECK(cube.cells()[0].count == 2);
}

TEST_CASE("every dimension of a registration has its own cells") {
  Cube cube;
  const auto add = [&](const std::function<void(Registration&)>& change) {
    auto contact = test::contact();
    change(contact);
    cube.add(contact);
  };
  add([](auto&) {});
  add([](auto& r) { r.municipality = *Municipality::from_code(860); });
  add([](auto& r) { r.week = "2068-W26"_week; });
  add([](auto& r) { r.week = "1990-W01"_week; });
  add([](auto& r) { r.task = "99.99.99"_kle; });
  add([](auto& r) { r.task = "00.00.00"_kle; });
  add([](auto& r) { r.channel = Channel::system; });
  add([](auto& r) { r.type = ContactType::misdirected; });
  add([](auto& r) { r.direction = Direction::outgoing; });
  add([](auto& r) { r.closure = Closure::put_aside; });
  add([](auto& r) { r.form = AttachedForm::digital; });
  add([](auto& r) { r.source = "x"; });
  add([](auto& r) { r.unit = "x"; });
  CHECK(cube.size() == 13);
  for (const Registration& cell : cube.cells()) CHECK(cell.count == 1);
}

TEST_CASE("a cube gives back what was put in, as a plain map counts it") {
  using Key = std::tuple<Municipality, Week, KleNumber, Channel, ContactType, Direction, Closure,
                         AttachedForm, std::string, std::string>;
  Random random{7};
  std::vector<std::string> labels;
  std::map<Key, std::int64_t> plain;
  Cube cube;
  std::vector<Registration> some;
  for (int i = 0; i < 300; ++i) some.push_back(random_contact(random, labels));
  for (int i = 0; i < 3000; ++i) {
    const Registration& r = some[random.below(300)];
    cube.add(r);
    plain[{r.municipality, r.week, r.task, r.channel, r.type, r.direction, r.closure, r.form,
           std::string{r.source}, std::string{r.unit}}] += r.count;
  }
  const auto cells = cube.cells();
  REQUIRE(cells.size() == plain.size());
  auto expected = plain.begin();
  for (const Registration& r : cells) {  // the map is in the same order
    CHECK(Key{r.municipality, r.week, r.task, r.channel, r.type, r.direction, r.closure, r.form,
              std::string{r.source}, std::string{r.unit}} == expected->first);
    CHECK(r.count == expected->second);
    ++expected;
  }
}

TEST_CASE("merging is commutative, associative, and has the empty cube for its identity") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Cube a = random_cube(3 * seed, 50);
    const Cube b = random_cube(3 * seed + 1, 200);
    const Cube c = random_cube(3 * seed + 2, 5);
    CHECK(merged(a, b) == merged(b, a));
    CHECK(merged(merged(a, b), c) == merged(a, merged(b, c)));
    CHECK(merged(a, Cube{}) == a);
    CHECK(merged(Cube{}, a) == a);
    CHECK(merged(a, b).total() == a.total() + b.total());
    CHECK_FALSE(merged(a, b) == a);
  }
}

TEST_CASE("a cube merged with itself has twice the contacts") {
  Cube cube = random_cube(1, 100);
  const Cube before = cube;
  cube.merge(cube);
  CHECK(cube == merged(before, before));
  CHECK(cube.total() == 2 * before.total());
}

TEST_CASE("a copy is another cube") {
  Cube original = random_cube(5, 100);
  const Cube same = random_cube(5, 100);
  Cube copy = original;
  auto contact = test::contact();
  contact.source = "another";
  copy.add(contact);
  CHECK(original == same);
  Cube moved = std::move(copy);
  CHECK(moved.total() == same.total() + 1);
  original = moved;
  CHECK(original == moved);
}

TEST_CASE("counts are exact at 2^31 - 1, 2^32, 2^53 + 1 and 2^63 - 1") {
  for (const std::int64_t count :
       {(std::int64_t{1} << 31) - 1, std::int64_t{1} << 32, (std::int64_t{1} << 53) + 1, kMost}) {
    CHECK(of(count).cells()[0].count == count);
    CHECK(of(count).total() == count);
  }
  CHECK(merged(of(std::int64_t{1} << 53), of(1)).cells()[0].count == 9007199254740993);
}

TEST_CASE("a count past 2^63 - 1 is refused, and the cube is as it was") {
  Cube cube = of(kMost - 1);
  const Cube before = cube;
  auto two = test::contact();
  two.channel = Channel::sms;  // no cell overflows; the total does
  two.count = 2;
  CHECK_REFUSED(cube.add(two), overflow, "9223372036854775807");
  CHECK(cube == before);
  Cube other = of(1);
  other.add(two);
  CHECK_REFUSED(cube.merge(other), overflow, "9223372036854775807");
  CHECK(cube == before);
  two.count = 1;
  cube.add(two);
  CHECK(cube.total() == kMost);
  CHECK_REFUSED(cube.merge(cube), overflow, "9223372036854775807");
  CHECK(cube.total() == kMost);
}

TEST_CASE("a count below 1 and a text that is no label are refused, and the cube is as it was") {
  Cube cube = of(5);
  const Cube before = cube;
  auto bad = test::contact();
  for (const std::int64_t count :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    bad.count = count;
    CHECK_REFUSED(cube.add(bad), argument, std::to_string(count));
  }
  const std::string too_long(65, 'x');
  for (const std::string_view text :
       {std::string_view{too_long}, std::string_view{"\xE5"}, std::string_view{"a\nb"}}) {
    bad = test::contact();
    bad.source = text;
    CHECK_REFUSED(cube.add(bad), argument, "source");
    bad = test::contact();
    bad.unit = text;
    CHECK_REFUSED(cube.add(bad), argument, "unit");
  }
  CHECK(cube == before);
}

TEST_CASE("a dimension that outgrows its packed key changes nothing in the results") {
  // 64 sources, 4096 units and 4096 tasks fit; one more does not. The cube is compared on both sides of the
  // border with a plain list, and with the cube that outgrew first.
  const auto filled = [](std::uint32_t many,
                         const std::function<void(Registration&, std::uint32_t, std::string&)>& vary) {
    Cube cube;
    for (std::uint32_t i = 0; i < many; ++i) {
      auto contact = test::contact();
      std::string text;
      vary(contact, i, text);
      contact.count = i + 1;
      cube.add(contact);
    }
    REQUIRE(cube.size() == many);
    const auto cells = cube.cells();
    for (std::uint32_t i = 0; i < many; ++i) REQUIRE(cells[i].count == i + 1);  // i is in sorting order
    return cube;
  };
  const auto padded = [](std::uint32_t i) { return std::to_string(100'000 + i); };
  const auto by_source = [&](Registration& r, std::uint32_t i, std::string& text) {
    r.source = text = padded(i);
  };
  const auto by_unit = [&](Registration& r, std::uint32_t i, std::string& text) {
    r.unit = text = padded(i);
  };
  const auto by_task = [](Registration& r, std::uint32_t i, std::string&) {
    r.task = *KleNumber::from_digits(i);
  };
  const auto holds = [&](std::uint32_t limit, const auto& vary) {
    const Cube below = filled(limit, vary);
    const Cube above = filled(limit + 1, vary);
    const Cube back = above.filtered([&](const Registration& r) { return r.count <= limit; });
    CHECK(back == below);
    CHECK(below == back);
    CHECK(merged(below, above) == merged(above, below));
    CHECK(merged(Cube{}, above) == above);
  };
  SUBCASE("sources") {
    holds(64, by_source);
  }
  SUBCASE("units") {
    holds(4096, by_unit);
  }
  SUBCASE("tasks") {
    holds(4096, by_task);
  }
  SUBCASE("all three at once, in whatever order they were met") {
    const Cube a = filled(70, by_source);
    const Cube b = filled(5000, by_unit);
    const Cube c = filled(5000, by_task);
    CHECK(merged(merged(a, b), c) == merged(c, merged(b, a)));
    CHECK(merged(merged(a, b), c).size() == 10'070);
  }
}

TEST_CASE("a cube keeps what passes a filter, and its rounds") {
  Cube cube = of(3);
  cube.note_round(*builtin_round("2012-spring"));
  auto sms = test::contact();
  sms.channel = Channel::sms;
  cube.add(sms);
  const Cube only = cube.filtered([](const Registration& r) { return r.channel == Channel::sms; });
  CHECK(only.total() == 1);
  CHECK(only.rounds().size() == 1);
  CHECK(cube.total() == 4);
}

TEST_CASE("cubes of different rounds merge, and cubes of two rounds under one id do not") {
  Cube spring = of(1);
  spring.note_round(*builtin_round("2012-spring"));
  Cube autumn = of(1);
  autumn.note_round(*builtin_round("2011-autumn"));
  const Cube both = merged(spring, autumn);
  CHECK(both == merged(autumn, spring));
  REQUIRE(both.rounds().size() == 2);
  CHECK(both.rounds()[0].id == "2011-autumn");
  CHECK(merged(spring, spring).rounds().size() == 1);

  auto other = *builtin_round("2012-spring");
  other.scheme = Scheme::hilleroed_2014;
  Cube conflicting = of(1);
  conflicting.note_round(other);
  const Cube before = spring;
  CHECK_REFUSED(spring.merge(conflicting), edition, "2012-spring");
  CHECK(spring == before);
  CHECK_REFUSED(spring.note_round(other), edition, "2012-spring");
  CHECK(spring == before);
}

TEST_CASE("cubes of equal contacts and other rounds are not equal") {
  Cube with = of(1);
  with.note_round(*builtin_round("2012-spring"));
  CHECK_FALSE(with == of(1));
}

TEST_CASE("labels are told apart byte by byte") {
  Cube cube;
  const std::vector<std::string> labels{"", " ", "a", "A", "aa", "å", "a\xCC\x8A"};
  for (const std::string& label : labels) {
    auto contact = test::contact();
    contact.unit = label;
    cube.add(contact);
  }
  CHECK(cube.size() == labels.size());
}

TEST_CASE("a registration that leaves a dimension out is refused, and the cube is as it was") {
  Cube cube;
  cube.add(test::contact());
  const Cube before = cube;
  const auto without = [](auto change) {
    auto contact = test::contact();
    change(contact);
    return contact;
  };
  CHECK_REFUSED(cube.add(without([](auto& c) { c.channel = {}; })), argument, "channel", "0");
  CHECK_REFUSED(cube.add(without([](auto& c) { c.type = {}; })), argument, "type", "0");
  CHECK_REFUSED(cube.add(without([](auto& c) { c.direction = {}; })), argument, "direction", "0");
  CHECK_REFUSED(cube.add(without([](auto& c) { c.channel = Channel{16}; })), argument, "channel", "16");
  CHECK_REFUSED(cube.add(without([](auto& c) { c.type = ContactType{7}; })), argument, "type", "7");
  CHECK_REFUSED(cube.add(without([](auto& c) { c.direction = Direction{3}; })), argument, "direction", "3");
  CHECK_REFUSED(cube.add(without([](auto& c) { c.closure = Closure{3}; })), argument, "closure", "3");
  CHECK_REFUSED(cube.add(without([](auto& c) { c.form = AttachedForm{4}; })), argument, "form", "4");
  CHECK(cube == before);
}

TEST_CASE("large cubes of other contacts merge in linear time") {  // it took minutes
  const auto filled = [](unsigned first_week, int cells, bool wide) {
    Cube cube;
    auto contact = test::contact();
    if (wide) {
      for (int i = 0; i < 65; ++i) {
        const std::string source = "source " + std::to_string(i);
        contact.source = source;
        cube.add(contact);
      }
      contact.source = {};
    }
    for (int i = 0; i < cells; ++i) {
      contact.week = *Week::from_index(first_week + static_cast<unsigned>(i) / 3430);
      contact.municipality =
          *Municipality::from_code(detail::kMunicipalities[static_cast<std::size_t>(i) % 98].code);
      contact.task = kTasks[static_cast<std::size_t>(i) / 98 % 35].kle;
      cube.add(contact);
    }
    return cube;
  };
  for (const bool wide_into : {false, true}) {
    for (const bool wide_from : {false, true}) {
      Cube into = filled(0, 1'150'000, wide_into);
      const Cube from = filled(2000, 1'550'000, wide_from);
      const std::int64_t total = into.total() + from.total();
      into.merge(from);
      CHECK(into.total() == total);
      CHECK(into.size() == 2'700'000 + (wide_into || wide_from ? 65 : 0));
    }
  }
}

TEST_CASE("a round made by hand is refused when it could not be looked up or shown") {
  const auto with = [](auto change) {
    Round round = *builtin_round("2012-spring");
    round.id = "own";
    round.rules = {{"kmd", {"23.05.10"_kle}, ContactType::new_case, ContactType::guidance, round.weeks}};
    change(round);
    return round;
  };
  Cube cube;
  CHECK_REFUSED(cube.note_round(with([](Round& r) { std::ranges::reverse(r.weeks); })), argument, "'own'",
                "sorted");
  CHECK_REFUSED(cube.note_round(with([](Round& r) { r.weeks.clear(); })), argument, "'own'", "weeks");
  CHECK_REFUSED(cube.note_round(with([](Round& r) { r.id.clear(); })), argument, "id");
  CHECK_REFUSED(cube.note_round(with([](Round& r) { r.id = "070761-4285"; })), argument, "'***********'",
                "CPR");
  CHECK_REFUSED(cube.note_round(with([](Round& r) { r.rules[0].source = "a\n"; })), argument, "source");
  CHECK_REFUSED(cube.note_round(with([](Round& r) { std::ranges::reverse(r.rules[0].weeks); })), argument,
                "rule");
  CHECK(cube.rounds().empty());
  cube.note_round(with([](Round&) {}));
  CHECK(cube.rounds().size() == 1);
}
