#include <doctest/doctest.h>

#include "komhen/cost/channel_cost.hpp"
#include "komhen/report/costs.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

Cube cube_of(std::initializer_list<std::pair<Channel, std::int64_t>> counts) {
  Cube cube;
  for (const auto& [channel, count] : counts) {
    Registration contact = test::contact();
    contact.channel = channel;
    contact.count = count;
    cube.add(contact);
  }
  return cube;
}

PriceList copenhagen() {
  return load_prices("copenhagen-2010").choose();
}

std::string settled(const ExactAmount& amount) {
  return amount.settle(Rounding::half_up).text();
}

}  // namespace

TEST_CASE("Herning's mix of 2007 costs 1,599,000 kroner, that of 2010 745,960") {
  const CostTable before =
      costs(cube_of({{Channel::telephone, 23'400}, {Channel::in_person, 2'100}, {Channel::letter, 4'500}}),
            copenhagen());
  CHECK(settled(before.total.cost) == "1599000.00");
  CHECK(settled(*before.total.per_contact()) == "53.30");
  const CostTable after = costs(cube_of({{Channel::telephone, 11'900},
                                         {Channel::in_person, 1'700},
                                         {Channel::letter, 680},
                                         {Channel::self_service, 19'720}}),
                                copenhagen(), {.by = {Dimension::channel}});
  REQUIRE(after.rows.size() == 4);
  CHECK(settled(after.rows[0].cost) == "476000.00");
  CHECK(settled(after.rows[1].cost) == "136000.00");
  CHECK(settled(after.rows[2].cost) == "74800.00");
  CHECK(settled(after.rows[3].cost) == "59160.00");
  CHECK(settled(after.total.cost) == "745960.00");
  CHECK(settled(*after.total.per_contact()) == "21.94");
}

TEST_CASE("contacts without a price are an error, or are reported apart and never at zero") {
  const Cube cube = cube_of({{Channel::telephone, 2}, {Channel::website, 5}});
  CHECK_REFUSED((void)costs(cube, copenhagen()), argument, "website, incoming, application");
  const CostTable table = costs(cube, copenhagen(), {.by = {Dimension::channel}, .unpriced_apart = true});
  CHECK(table.total.contacts == 2);
  CHECK(table.total.unpriced == 5);
  CHECK(settled(*table.total.per_contact()) == "40.00");
  REQUIRE(table.rows.size() == 2);
  CHECK(!table.rows[1].per_contact());
  REQUIRE(table.unpriced.size() == 1);
  CHECK(text_of(table.unpriced[0].what) == "website, incoming, application");
  CHECK(table.unpriced[0].contacts == 5);
  CHECK(to_json(table).find("\"channel\":\"website\",\"contacts\":0,\"unpriced\":5,\"cost\":null,\"per_"
                            "contact\":null,\"share\":null") != std::string::npos);
}

TEST_CASE("a row without a price has no cost and no share, and a cube without contacts costs nothing") {
  const CostTable none = costs(cube_of({{Channel::website, 5}}), copenhagen(),
                               {.by = {Dimension::channel}, .unpriced_apart = true});
  CHECK(!none.rows[0].known_cost());
  CHECK(!none.total.known_cost());
  CHECK(to_csv(none) == "channel,contacts,unpriced,cost,per_contact,share\nwebsite,0,5,,,\n");
  const CostTable part = costs(cube_of({{Channel::telephone, 2}, {Channel::website, 5}}), copenhagen(),
                               {.by = {Dimension::channel}, .unpriced_apart = true});
  CHECK(!part.share(part.rows[1]));
  CHECK(settled(*part.total.known_cost()) == "80.00");
  CHECK(settled(*costs(Cube{}, copenhagen()).total.known_cost()) == "0.00");
}

TEST_CASE("the costs by contact type sum to the whole, and their shares to one") {
  Cube cube;
  Registration contact = test::contact();
  for (const auto& word : kWords<ContactType>) {
    contact.type = word.value;
    contact.count = static_cast<int>(word.value) * 7;
    contact.channel = contact.count % 2 == 0 ? Channel::telephone : Channel::in_person;
    cube.add(contact);
  }
  const CostTable table = costs(cube, copenhagen(), {.by = {Dimension::type}});
  REQUIRE(table.rows.size() == 6);
  ExactAmount sum;
  ExactNumber shares;
  for (const CostRow& row : table.rows) {
    sum += row.cost;
    shares = shares + *table.share(row);
  }
  CHECK(sum == table.total.cost);
  CHECK(shares == ExactNumber{1});
}

TEST_CASE("a price may ask for direction, group and the level of a task's solution") {
  const PriceList prices = parse_prices_toml(R"(
[[price]]
channel = "telephone"
direction = "incoming"
group = "application"
price = "50 kr."
[[price]]
channel = "telephone"
price = "20 kr."
[[price]]
channel = "self_service"
level = 3
price = "2 kr."
[[price]]
channel = "self_service"
price = "9 kr.")",
                                             "p.toml")
                               .choose();
  Cube cube = cube_of({{Channel::telephone, 1}, {Channel::self_service, 1}});
  Registration other = test::contact();
  other.type = ContactType::guidance;
  cube.add(other);
  other.channel = Channel::self_service;
  other.task = "32.03.04"_kle;
  cube.add(other);
  const CostTable without = costs(cube, prices);
  CHECK(settled(without.total.cost) == "88.00");
  const CostTable with = costs(cube, prices, {.levels = {{"23.05.10"_kle, ServiceLevel::specialist_system}}});
  CHECK(settled(with.total.cost) == "81.00");
  REQUIRE(with.used.size() == 4);
  CHECK(text_of(with.used[2].row) == "row 3 (self_service; level 3; 2.00 kr.)");
  CHECK(settled(costs(cube, prices, {.level = ServiceLevel::specialist_system}).total.cost) == "74.00");
}

TEST_CASE("prices about a group that the scheme does not have are refused") {
  const PriceList prices =
      parse_prices_toml("[[price]]\nchannel = \"telephone\"\ngroup = \"transaction\"\nprice = 1", "p.toml")
          .choose();
  CHECK_REFUSED((void)costs(cube_of({{Channel::telephone, 1}}), prices), argument, "transaction", "kl-2012");
  CHECK(settled(costs(cube_of({{Channel::telephone, 1}}), prices, {.scheme = Scheme::kl_2011}).total.cost) ==
        "1.00");
}

TEST_CASE("filters and task sets restrict what is priced") {
  Cube cube = cube_of({{Channel::telephone, 3}});
  Registration other = test::contact();
  other.task = "32.03.04"_kle;
  cube.add(other);
  CHECK(costs(cube, copenhagen(), {.filters = {{Dimension::task, {"32.03.04"}}}}).total.contacts == 1);
  CHECK(costs(cube, copenhagen(), {.tasks = {"mine", std::vector{"23.05.10"_kle}}}).total.contacts == 3);
}

TEST_CASE("moving contacts says what it saves and which rows it used") {
  const auto on = [](Channel channel) {
    return PricedContact{channel, std::nullopt, std::nullopt, std::nullopt};
  };
  const MovedContacts moved =
      move_contacts(copenhagen(), 1'000, on(Channel::telephone), on(Channel::self_service));
  CHECK(settled(moved.saving) == "37000.00");
  CHECK(to_json(moved).find("\"saving\":\"37000.00\"") != std::string::npos);
  CHECK(settled(move_contacts(copenhagen(), 2, on(Channel::self_service), on(Channel::letter)).saving) ==
        "-214.00");
  CHECK_REFUSED((void)move_contacts(copenhagen(), -1, on(Channel::telephone), on(Channel::letter)), argument,
                "-1");
  CHECK_REFUSED((void)move_contacts(copenhagen(), 1, on(Channel::telephone), on(Channel::website)), argument,
                "website");
}

TEST_CASE("a cost that is no whole number of øre carries its exact fraction in JSON") {
  const PriceList prices =
      parse_prices_toml("hourly_cost = 100\n[[price]]\nchannel = \"telephone\"\nminutes = 7", "p.toml")
          .choose();
  const std::string json = to_json(costs(cube_of({{Channel::telephone, 2}}), prices));
  CHECK(json.find("\"cost\":\"23.33\",\"cost_exact\":\"70/"
                  "3\",\"per_contact\":\"11.67\",\"per_contact_exact\":\"35/3\"") != std::string::npos);
  CHECK(to_csv(costs(cube_of({{Channel::telephone, 2}}), prices)) ==
        "contacts,unpriced,cost,per_contact,share\n2,0,23.33,11.67,1.000000\n");
}
