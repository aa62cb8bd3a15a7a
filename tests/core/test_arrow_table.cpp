#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_c_data.h"
#include "komhen/report/arrow.hpp"
#include "komhen/report/text.hpp"
#include "komhen/tally/count.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

template <class T>
T at(const ArrowArray& array, std::size_t buffer, std::int64_t place) {
  T value;
  std::memcpy(&value,
              static_cast<const char*>(array.buffers[buffer]) + static_cast<std::size_t>(place) * sizeof(T),
              sizeof(T));
  return value;
}

/// A value as to_csv() writes it, read by nothing but the specification.
std::string cell(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row) {
  REQUIRE(array.offset == 0);
  if (array.buffers[0] != nullptr &&
      (at<unsigned char>(array, 0, row / 8) >> static_cast<unsigned>(row % 8) & 1U) == 0) {
    CHECK((schema.flags & ARROW_FLAG_NULLABLE) != 0);
    CHECK(array.null_count > 0);
    return "";
  }
  const std::string_view format = schema.format;
  if (schema.dictionary != nullptr) {
    const std::int64_t place =
        format == "c" ? at<std::int8_t>(array, 1, row) : at<std::int32_t>(array, 1, row);
    REQUIRE(place >= 0);
    REQUIRE(place < array.dictionary->length);
    return cell(*schema.dictionary, *array.dictionary, place);
  }
  if (format == "i") return std::to_string(at<std::int32_t>(array, 1, row));
  if (format == "l") return std::to_string(at<std::int64_t>(array, 1, row));
  if (format == "u") {
    const auto begin = at<std::int32_t>(array, 1, row);
    const auto end = at<std::int32_t>(array, 1, row + 1);
    return {static_cast<const char*>(array.buffers[2]) + begin, static_cast<std::size_t>(end - begin)};
  }
  REQUIRE(format.starts_with("d:"));
  const auto low = at<std::int64_t>(array, 1, 2 * row);
  CHECK(at<std::int64_t>(array, 1, 2 * row + 1) == (low < 0 ? -1 : 0));
  std::string digits = std::to_string(low < 0 ? -low : low);
  if (digits.size() < 7) digits.insert(0, 7 - digits.size(), '0');
  digits.insert(digits.size() - 6, ".");
  return (low < 0 ? "-" : "") + digits;
}

std::map<std::string, std::string> metadata_of(const ArrowSchema& schema) {
  std::map<std::string, std::string> out;
  const char* next = schema.metadata;
  if (next == nullptr) return out;
  const auto number = [&] {
    std::int32_t value;
    std::memcpy(&value, next, sizeof value);
    next += sizeof value;
    return value;
  };
  const auto text = [&] {
    const auto size = static_cast<std::size_t>(number());
    std::string value{next, size};
    next += size;
    return value;
  };
  for (std::int32_t pairs = number(); pairs > 0; --pairs) {
    const std::string key = text();
    out[key] = text();
  }
  return out;
}

/// A stream, read to its end.
struct TakenTable {
  std::string csv;  ///< as to_csv() would write it
  std::map<std::string, std::string> formats;
  std::map<std::string, std::string> metadata;
};

TakenTable taken(ArrowArrayStream stream) {
  TakenTable out;
  ArrowSchema schema;
  REQUIRE(stream.get_schema(&stream, &schema) == 0);
  ArrowArray array;
  REQUIRE(stream.get_next(&stream, &array) == 0);
  REQUIRE((array.release != nullptr));
  ArrowArray end;
  REQUIRE(stream.get_next(&stream, &end) == 0);
  CHECK((end.release == nullptr));
  stream.release(&stream);
  CHECK((stream.release == nullptr));
  // The stream is gone; what it gave lives on.
  CHECK(std::string_view{schema.format} == "+s");
  REQUIRE(schema.n_children == array.n_children);
  for (std::int64_t column = 0; column < schema.n_children; ++column) {
    const ArrowSchema& child = *schema.children[column];
    out.csv += std::string{column > 0 ? "," : ""} + child.name;
    out.formats[child.name] =
        child.format + (child.dictionary != nullptr ? std::string{">"} + child.dictionary->format : "");
    CHECK(array.children[column]->length == array.length);
  }
  out.csv += "\n";
  for (std::int64_t row = 0; row < array.length; ++row) {
    for (std::int64_t column = 0; column < schema.n_children; ++column)
      out.csv += (column > 0 ? "," : "") + cell(*schema.children[column], *array.children[column], row);
    out.csv += "\n";
  }
  out.metadata = metadata_of(schema);
  schema.release(&schema);
  CHECK((schema.release == nullptr));
  array.release(&array);
  CHECK((array.release == nullptr));
  return out;
}

template <class Result>
TakenTable arrow(const Result& result) {
  ArrowArrayStream stream;
  to_arrow(result, &stream);
  return taken(stream);
}

/// Contacts of all kinds.
Cube cube_of(int contacts) {
  Cube cube;
  for (int i = 0; i < contacts; ++i) {
    auto one = test::contact();
    one.municipality = *Municipality::from_code(i % 3 == 0 ? 101 : 657);
    one.week = *Week::from_iso(2012, 17 + i % 2);
    one.channel = static_cast<Channel>(1 + i % 11);
    one.type = static_cast<ContactType>(1 + i % 6);
    one.direction = i % 5 == 0 ? Direction::outgoing : Direction::incoming;
    one.closure = static_cast<Closure>(i % 3);
    one.form = static_cast<AttachedForm>(i % 4);
    one.source = i % 2 == 0 ? "kmd" : "";
    one.unit = i % 7 == 0 ? "Ærø" : "b";
    one.count = 1 + i;
    cube.add(one);
  }
  return cube;
}

}  // namespace

TEST_CASE("every measure leaves as Arrow with the columns and digits of its CSV") {
  const Cube cube = cube_of(200);
  const auto same = [&](const test::Ask& ask) {
    const MeasureTable table = test::measured(cube, ask);
    REQUIRE(!table.rows.empty());
    const TakenTable out = arrow(table);
    CHECK(out.csv == to_csv(table));
    CHECK(out.metadata.at("measure") == token(table.measure));
    CHECK(out.metadata.at("tasks") == "all");
    CHECK(out.metadata.at("scheme") == "kl-2012");
    return out;
  };
  using enum Dimension;
  const auto all = same({.by = {municipality, week, task, main_group, channel, type, group, direction,
                                closure, form, source, unit}});
  CHECK(all.formats == std::map<std::string, std::string>{{"municipality", "i"},
                                                          {"week", "u"},
                                                          {"task", "u"},
                                                          {"main_group", "u"},
                                                          {"channel", "c>u"},
                                                          {"type", "c>u"},
                                                          {"group", "c>u"},
                                                          {"direction", "c>u"},
                                                          {"closure", "c>u"},
                                                          {"form", "c>u"},
                                                          {"source", "u"},
                                                          {"unit", "u"},
                                                          {"contacts", "l"}});
  same({});
  same({.measure = Measure::mix, .by = {municipality, channel}});
  const auto share = same({.measure = Measure::self_service, .by = {municipality, week}});
  CHECK(share.formats.at("share") == "d:7,6");
  CHECK(share.metadata.at("basis") == "application");
  const auto digital = same({.measure = Measure::digital,
                             .by = {channel},
                             .filters = {{direction, {"incoming"}}},
                             .set = DigitalSet::broad});
  CHECK(digital.metadata.at("set") == "broad");
  same({.measure = Measure::first_contact_closure, .by = {week}});
  const auto forms = same({.measure = Measure::form_share, .by = {municipality, channel}});
  CHECK(forms.formats.at("paper_share") == "d:7,6");
}

TEST_CASE("where there is no share the share is null, and a whole one is 1.000000") {
  Cube cube;
  auto one = test::contact();
  cube.add(one);
  one.municipality = *Municipality::from_code(101);
  one.channel = Channel::self_service;
  cube.add(one);
  one.municipality = *Municipality::from_code(219);
  one.form = AttachedForm::none;
  cube.add(one);
  const auto table = test::measured(cube, {.measure = Measure::form_share, .by = {Dimension::municipality}});
  const TakenTable out = arrow(table);
  CHECK(out.csv == to_csv(table));
  CHECK(out.csv.find("657,0,0,,") != std::string::npos);
  CHECK(arrow(test::measured(cube, {.measure = Measure::self_service, .by = {Dimension::municipality}}))
            .csv.find("101,1,1,1.000000\n") != std::string::npos);
}

TEST_CASE("a comparison leaves as Arrow with the columns and digits of its CSV") {
  const Cube before = cube_of(40);
  Cube after = cube_of(75);
  auto elsewhere = test::contact();
  elsewhere.municipality = *Municipality::from_code(219);
  elsewhere.source = "new system";
  after.add(elsewhere);
  const test::Ask ask{.measure = Measure::self_service, .by = {Dimension::municipality, Dimension::week}};
  const Comparison comparison = compare(before, after, ask);
  REQUIRE(!comparison.warnings.empty());
  const TakenTable out = arrow(comparison);
  CHECK(out.csv == to_csv(comparison));
  CHECK(out.csv.find(",,,0,1,,\n") != std::string::npos);
  CHECK(out.formats.at("change") == "d:9,6");
  CHECK(out.metadata.at("scheme_before") == "kl-2012");
  CHECK(out.metadata.at("warnings").find("new system") != std::string::npos);
  CHECK(arrow(compare(after, before, ask)).csv == to_csv(compare(after, before, ask)));
}

TEST_CASE("a cube's cells leave as Arrow, and can be counted again") {
  const Cube cube = cube_of(150);
  ArrowArrayStream stream;
  cells_to_arrow(cube, &stream);
  const TakenTable out = taken(stream);
  CHECK(out.formats == std::map<std::string, std::string>{{"municipality", "i"},
                                                          {"week", "u"},
                                                          {"task", "u"},
                                                          {"channel", "c>u"},
                                                          {"type", "c>u"},
                                                          {"direction", "c>u"},
                                                          {"closure", "c>u"},
                                                          {"form", "c>u"},
                                                          {"source", "i>u"},
                                                          {"unit", "i>u"},
                                                          {"count", "l"}});
  const std::string kind = "municipality,week,task,";
  REQUIRE(out.csv.starts_with(kind));
  const std::string file = "municipality,week,kle," + out.csv.substr(kind.size());
  CHECK(count_bytes(test::source(file), "cells.csv").cube == cube);

  // The stream itself, with the column of tasks under the name that a file has for it.
  cells_to_arrow(cube, &stream);
  const Profile profile = parse_profile(R"(
municipality = { column = "municipality" }
week = { column = "week" }
kle = { column = "task" }
channel = { column = "channel" }
type = { column = "type" }
direction = { column = "direction" }
closure = { column = "closure" }
form = { column = "form" }
source = { column = "source" }
unit = { column = "unit" }
count = { column = "count" }
)",
                                        "cells.toml");
  CountOptions options;
  options.profile = &profile;
  const Counted again = count_stream(&stream, options);
  CHECK((stream.release == nullptr));
  CHECK(again.cube == cube);
}

TEST_CASE("an empty cube leaves as a table without rows") {
  ArrowArrayStream stream;
  cells_to_arrow({}, &stream);
  CHECK(taken(stream).csv ==
        "municipality,week,task,channel,type,direction,closure,form,source,unit,count\n");
  CHECK(arrow(test::measured({}, {.measure = Measure::self_service})).csv ==
        to_csv(test::measured({}, {.measure = Measure::self_service})));
}

TEST_CASE("structs can be moved apart and released in any order, or not be taken at all") {
  const Cube cube = cube_of(20);
  ArrowArrayStream stream;
  cells_to_arrow(cube, &stream);
  stream.release(&stream);  // never read

  cells_to_arrow(cube, &stream);
  ArrowSchema schema, again;
  REQUIRE(stream.get_schema(&stream, &schema) == 0);
  REQUIRE(stream.get_schema(&stream, &again) == 0);
  CHECK((stream.get_last_error(&stream) == nullptr));
  ArrowArray array;
  REQUIRE(stream.get_next(&stream, &array) == 0);
  stream.release(&stream);

  ArrowSchema type = *schema.children[3];  // moved: the source's release is cleared
  schema.children[3]->release = nullptr;
  ArrowArray channel = *array.children[3];
  array.children[3]->release = nullptr;
  schema.release(&schema);
  again.release(&again);
  array.release(&array);
  CHECK(cell(type, channel, 0) == token(cube.cells()[0].channel));

  ArrowArray dictionary = *channel.dictionary;
  channel.dictionary->release = nullptr;
  channel.release(&channel);
  CHECK(cell(*type.dictionary, dictionary, 0) == "telephone");
  type.release(&type);
  dictionary.release(&dictionary);
}

TEST_CASE("without a place for the stream the call is refused") {
  CHECK_REFUSED(cells_to_arrow({}, nullptr), argument, "stream");
}
