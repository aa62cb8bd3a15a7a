#include <doctest/doctest.h>

#include "komhen/cost/channel_price.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

PricedContact on(Channel channel) {
  return {channel, std::nullopt, std::nullopt, std::nullopt};
}

std::string kroner(const PriceRow& row) {
  return row.price.text();
}

PriceTable read_toml(std::string_view text) {
  return parse_prices_toml(text, "prices.toml");
}

constexpr std::string_view kLayered = R"(
source = "made up"
year = 2012
basis = "variable"
[[price]]
channel = "self_service"
price = "10 kr."
[[price]]
channel = "self_service"
level = 3
price = "5 kr."
[[price]]
channel = "self_service"
level = 3
group = "application"
price = "4,50 kr."
[[price]]
channel = "telephone"
minutes = 7
hourly_cost = "300 kr."
)";

}  // namespace

TEST_CASE("Copenhagen's prices are 3, 40, 80 and 110 kroner, and channels without a class have none") {
  const PriceList prices = load_prices("copenhagen-2010").choose();
  CHECK(kroner(prices.at(on(Channel::self_service))) == "3.00");
  CHECK(kroner(prices.at(on(Channel::telephone))) == "40.00");
  CHECK(kroner(prices.at(on(Channel::in_person))) == "80.00");
  CHECK(kroner(prices.at(on(Channel::letter))) == "110.00");
  CHECK(kroner(prices.at(on(Channel::email))) == "110.00");
  for (const Channel channel : {Channel::digital_post, Channel::remote_print, Channel::website, Channel::sms,
                                Channel::social_media, Channel::system})
    CHECK(prices.find(on(channel)) == nullptr);
  CHECK(prices.year() == 2010);
  CHECK(prices.basis() == CostBasis::not_stated);
  CHECK(prices.source().find("Københavns Kommune 2010") == 0);
  CHECK(prices.note().find("komhen laid the source's four classes") == 0);
}

TEST_CASE("a missing price is an error that names the combination, never zero") {
  const PriceList prices = load_prices("copenhagen-2010").choose();
  const PricedContact website{Channel::website, Direction::incoming, Group::information, std::nullopt};
  CHECK_REFUSED(prices.at(website), argument, "copenhagen-2010", "website, incoming, information");
}

TEST_CASE("a user's table can lay the classes of Copenhagen on other channels") {
  const PriceList prices = read_toml(R"(extends = "copenhagen-2010"
[classes]
telephone = ["telephone"]
written = ["letter"]
digital = ["self_service", "website"])")
                               .choose();
  CHECK(kroner(prices.at(on(Channel::website))) == "3.00");
  CHECK(prices.find(on(Channel::email)) == nullptr);
  CHECK(prices.find(on(Channel::in_person)) == nullptr);
  CHECK(prices.note() == "the classes were laid on the channels by prices.toml");
}

TEST_CASE("the most specific row wins, and says which one it is") {
  const PriceList prices = read_toml(kLayered).choose();
  PricedContact contact{Channel::self_service, Direction::incoming, Group::information, std::nullopt};
  CHECK(kroner(prices.at(contact)) == "10.00");
  contact.level = ServiceLevel::document_system;
  CHECK(kroner(prices.at(contact)) == "10.00");
  contact.level = ServiceLevel::specialist_system;
  CHECK(kroner(prices.at(contact)) == "5.00");
  contact.group = Group::application;
  CHECK(kroner(prices.at(contact)) == "4.50");
  CHECK(text_of(prices.at(contact)) == "row 3 (self_service; application; level 3; 4.50 kr.)");
}

TEST_CASE("a price can follow from minutes and an hourly cost, exactly") {
  const PriceList prices = read_toml(kLayered).choose();
  const PriceRow& row = prices.at(on(Channel::telephone));
  CHECK(row.price == ExactAmount{Money::from_kroner(35)});
  CHECK(text_of(row) == "row 4 (telephone; 7 minutes x 300.00 kr. an hour = 35.00 kr.)");
  CHECK(price_from_time(7, Money::from_kroner(100)).text() == "35/3");
  CHECK_REFUSED(price_from_time(-1, Money{}), argument, "zero or more");
}

TEST_CASE("two equally specific rows that can meet are an error when the table is read") {
  CHECK_REFUSED(read_toml(R"([[price]]
channel = "telephone"
direction = "incoming"
price = 1
[[price]]
channel = "telephone"
group = "information"
price = 2)"),
                format, "prices.toml", "row 1 (telephone; incoming; 1.00 kr.)",
                "row 2 (telephone; information; 2.00 kr.)", "equally specific");
  CHECK_REFUSED(
      read_toml(
          "[classes]\nspoken = [\"telephone\", \"in_person\"]\n[[price]]\nclass = \"spoken\"\nprice = 1\n"
          "[[price]]\nchannel = \"in_person\"\nprice = 2"),
      format, "row 1 (spoken: telephone, in_person; 1.00 kr.)", "equally specific");
}

TEST_CASE("a third row that covers where two meet settles it") {
  const PriceList prices = read_toml(R"([[price]]
channel = "telephone"
direction = "incoming"
price = 1
[[price]]
channel = "telephone"
group = "information"
price = 2
[[price]]
channel = "telephone"
direction = "incoming"
group = "information"
price = 3)")
                               .choose();
  CHECK(kroner(prices.at({Channel::telephone, Direction::incoming, Group::information, std::nullopt})) ==
        "3.00");
  CHECK(kroner(prices.at({Channel::telephone, Direction::outgoing, Group::information, std::nullopt})) ==
        "2.00");
  CHECK(kroner(prices.at({Channel::telephone, Direction::incoming, Group::application, std::nullopt})) ==
        "1.00");
}

TEST_CASE("a table of several sources, years or bases must be told which is meant") {
  const PriceTable table = parse_prices_csv(
      "kilde;år;kanal;grundlag;pris\nA;2010;telefon;variable;\"40,00\"\nA;2010;telefon;total;90 kr.\n"
      "A;2012;telefon;variable;45\nB;;telefon;total;100\n",
      "prices.csv");
  CHECK_REFUSED((void)table.choose(), argument, "more than one source", "'A', 'B'");
  CHECK_REFUSED((void)table.choose({.source = "C"}), argument, "no prices of source 'C'");
  CHECK_REFUSED((void)table.choose({.source = "A"}), argument, "more than one cost basis", "variable, total");
  CHECK_REFUSED((void)table.choose({.source = "A", .basis = CostBasis::variable}), argument,
                "more than one year", "2010, 2012");
  CHECK_REFUSED((void)table.choose({.source = "A", .year = 2013, .basis = CostBasis::variable}), argument,
                "2013");
  CHECK(kroner(table.choose({.source = "A", .year = 2012, .basis = CostBasis::variable})
                   .at(on(Channel::telephone))) == "45.00");
  CHECK(kroner(table.choose({.source = "B", .year = 2013}).at(on(Channel::telephone))) == "100.00");
}

TEST_CASE("what a price table holds and should not is one sentence with file, key and value") {
  CHECK_REFUSED(read_toml(""), format, "prices.toml", "'price'", "missing");
  CHECK_REFUSED(read_toml("[[price]]\nchannel = \"chat\"\nprice = 1"), format, "'price[1].channel'", "'chat'",
                "telephone, in_person");
  CHECK_REFUSED(read_toml("[[price]]\nchannel = \"telephone\"\nprice = 3.5"), format, "'price[1].price'",
                "quotes");
  CHECK_REFUSED(read_toml("[[price]]\nchannel = \"telephone\"\nprice = \"1.234\""), format, "two ways");
  CHECK_REFUSED(read_toml("[[price]]\nchannel = \"telephone\"\nprice = \"-1 kr.\""), format, "below zero");
  CHECK_REFUSED(read_toml("[[price]]\nchannel = \"telephone\"\nlevel = 4\nprice = 1"), format, "'4'",
                "flat_form");
  CHECK_REFUSED(read_toml("[[price]]\nclass = \"written\"\nprice = 1"), format, "'written'", "classes");
  CHECK_REFUSED(read_toml("[[price]]\nchannel = \"telephone\"\nminutes = 3"), format, "'hourly_cost'",
                "missing");
  CHECK_REFUSED(read_toml("currency = \"EUR\"\n[[price]]\nchannel = \"telephone\"\nprice = 1"), format,
                "'currency'");
  CHECK_REFUSED(parse_prices_csv("kanal;pris\nchat;1\n", "p.csv"), format, "p.csv", "line 2", "'chat'");
  CHECK_REFUSED(parse_prices_csv("kanal;pris;valuta\n", "p.csv"), format, "'valuta'");
  CHECK_REFUSED(parse_prices_csv("kanal;pris\ntelefon;1;2\n", "p.csv"), format, "3 fields");
  CHECK_REFUSED(parse_prices_csv("kanal;pris\n", "p.csv"), format, "no price");
  CHECK_REFUSED(load_prices("copenhagen-2011"), argument, "'copenhagen-2011'", "copenhagen-2010");
}

TEST_CASE("minutes with as many decimals as there can be are a price, and a share of minutes is none") {
  const std::string small = "0." + std::string(58, '0') + "1";
  const PriceTable table =
      read_toml("[[price]]\nchannel = \"telephone\"\nhourly_cost = 60\nminutes = \"" + small + "\"");
  CHECK(table.rows()[0].derivation == small + " minutes x 60.00 kr. an hour");
  CHECK_REFUSED(
      read_toml("[[price]]\nchannel = \"telephone\"\nhourly_cost = 60\nminutes = \"" + small + " %\""),
      format, "'price[1].minutes'");
  CHECK_REFUSED(parse_prices_csv("kanal;minutter;timepris\ntelefon;" + small + " %;60\n", "p.csv"), format,
                "p.csv", "line 2", "minutes");
  CHECK_REFUSED(parse_prices_csv("kanal;pris;år\ntelefon;1;201200 %\n", "p.csv"), format, "year");
}

TEST_CASE("what a price table shows can be shown") {
  CHECK_REFUSED(read_toml("[classes]\n\"a\\u0000b\" = []\n[[price]]\nchannel = \"telephone\"\nprice = 1"),
                format, "prices.toml", "no name for a class");
  CHECK_REFUSED(read_toml("[classes]\n\"010190-1234\" = []\n[[price]]\nchannel = \"telephone\"\nprice = 1"),
                format, "prices.toml", "no name for a class");
  const PriceTable table = read_toml("source = \"a\\u0000b\"\n[[price]]\nchannel = \"telephone\"\nprice = 1");
  CHECK(table.rows()[0].source == "a?b");
  CHECK_REFUSED(parse_prices_csv(std::string(std::size_t{17} << 20U, ';'), "p.csv"), format, "p.csv",
                "16 MiB");
}

TEST_CASE("a broken file is one sentence, whatever letter or line end it breaks at") {
  CHECK_REFUSED(read_toml("f\xC3\xB8rste = 1"), format, "prices.toml", "not TOML");
  CHECK_REFUSED(read_toml("id = t\nx = 1"), format, "prices.toml", "not TOML", "line 1");
}
