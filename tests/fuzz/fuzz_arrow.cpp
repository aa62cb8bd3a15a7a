// count_stream() on any stream that tells the truth about the sizes of its buffers and about nothing else:
// the bytes pick types, lengths, offsets, null counts, missing pointers and all that stands in the buffers.
// Every buffer is an allocation of exactly its size. Rows must add up, everything must be released once, and
// nothing personal may come out.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../core/arrow_support.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/report/text.hpp"
#include "komhen/tally/count.hpp"

namespace {

/// The input, taken byte by byte; zeroes when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_{data, data + size} {}

  unsigned byte() {
    if (at_ == rest_.size()) return 0;
    return rest_[at_++];
  }
  unsigned below(unsigned bound) { return byte() % bound; }
  bool rarely() { return byte() == 0xFF; }
  test::Bytes bytes(std::size_t size) {
    test::Bytes out(size);
    for (auto& one : out) one = static_cast<unsigned char>(byte());
    return out;
  }
  [[nodiscard]] bool empty() const { return at_ == rest_.size(); }

 private:
  std::vector<std::uint8_t> rest_;
  std::size_t at_ = 0;
};

constexpr std::array<const char*, 13> kNames{"municipality", "date",      "week",    "kle",  "channel",
                                             "type",         "direction", "closure", "form", "count",
                                             "source",       "unit",      "event_id"};
constexpr std::array<const char*, 26> kFormats{
    "u", "u",   "u",   "U",    "vu",      "c",       "C",    "s", "S", "i", "I",  "l",     "L",
    "n", "tdD", "tdm", "tss:", "tsn:UTC", "tsm:UTC", "tsu:", "f", "b", "z", "+s", "d:3,1", "tts"};

std::size_t width_of(std::string_view format) {
  if (format == "c" || format == "C") return 1;
  if (format == "s" || format == "S") return 2;
  if (format == "i" || format == "I" || format == "tdD") return 4;
  return 8;
}

constexpr std::size_t kTaken = 14;  // the first of them, for everything but dates
constexpr std::array<const char*, 9> kDates{"u", "U", "vu", "n", "tdD", "tdm", "tss:", "tsn:UTC", "tsm:UTC"};

/// Words that make rows good now and then.
constexpr std::array<std::string_view, 12> kWords{
    "657",      "2012-04-23", "2012-W17", "23.05.10", "telephone",   "new_case",
    "incoming", "closed",     "paper",    "7",        "010170-1234", "K\xF8ge and more than twelve"};

/// Offsets that mostly go forward, over words; now and then whatever the bytes say.
template <class Offset>
void fill_texts(Input& in, test::ArrayParts& array, std::size_t places) {
  test::Bytes offsets, text;
  Offset last = 0;
  test::append(offsets, last);
  for (std::size_t i = 0; i < places; ++i) {
    if (in.rarely()) {
      const test::Bytes any = in.bytes(sizeof(Offset));
      std::memcpy(&last, any.data(), sizeof last);
    } else if (const unsigned which = in.below(14); which < kWords.size()) {
      text.insert(text.end(), kWords[which].begin(), kWords[which].end());
      last = static_cast<Offset>(text.size());
    } else {
      const test::Bytes any = in.bytes(which == 12 ? 1 : in.below(70));
      text.insert(text.end(), any.begin(), any.end());
      last = static_cast<Offset>(text.size());
    }
    test::append(offsets, last);
  }
  // The last offset says how long the text is; a producer whose last offset is nonsense holds nothing at all.
  if (last < 0 || static_cast<std::size_t>(last) > text.size())
    text.clear(), offsets.resize(offsets.size() - sizeof last), test::append(offsets, Offset{-1});
  else
    text.resize(static_cast<std::size_t>(last));
  array.buffers.emplace_back(std::move(offsets));
  array.buffers.emplace_back(std::move(text));
}

void fill_views(Input& in, test::ArrayParts& array, std::size_t places) {
  const unsigned buffers = in.below(3);
  std::vector<test::Bytes> texts;
  test::Bytes sizes;
  for (unsigned i = 0; i < buffers; ++i) {
    texts.push_back(in.bytes(in.below(40)));
    test::append(sizes, in.rarely() ? std::int64_t{-1} : static_cast<std::int64_t>(texts.back().size()));
  }
  test::Bytes views;
  for (std::size_t i = 0; i < places; ++i) {
    const unsigned which = in.below(14);
    if (which < 10) {
      std::string word{kWords[which].substr(0, 12)};
      test::append(views, static_cast<std::int32_t>(word.size()));
      word.resize(12);
      views.insert(views.end(), word.begin(), word.end());
    } else if (which < 12) {
      for (const std::int32_t part :
           {static_cast<std::int32_t>(in.below(40)), 0, static_cast<std::int32_t>(in.below(3)),
            static_cast<std::int32_t>(in.below(40))})
        test::append(views, part);
    } else {
      const test::Bytes any = in.bytes(16);
      views.insert(views.end(), any.begin(), any.end());
    }
  }
  array.buffers.emplace_back(std::move(views));
  for (auto& text : texts) array.buffers.emplace_back(std::move(text));
  array.buffers.emplace_back(std::move(sizes));
}

void fill_numbers(Input& in, test::ArrayParts& array, std::size_t width, std::size_t places) {
  constexpr std::array<std::int64_t, 8> kNumbers{1, 2, 657, 201217, 230510, 15453, 1335139200, 0};
  test::Bytes data;
  for (std::size_t i = 0; i < places; ++i) {
    const unsigned which = in.below(10);
    test::Bytes value = in.bytes(which < kNumbers.size() ? 0 : width);
    if (value.empty()) test::append(value, kNumbers[which % kNumbers.size()]);
    data.insert(data.end(), value.begin(), value.begin() + static_cast<std::ptrdiff_t>(width));
  }
  array.buffers.emplace_back(std::move(data));
}

/// An array that holds `length` rows behind `offset` others, truthfully, unless a byte says otherwise.
test::ArrayParts array_of(Input& in, const test::SchemaParts& schema, std::int64_t length) {
  test::ArrayParts out;
  out.offset = in.below(4) == 0 ? in.below(12) : 0;
  out.length = length + (in.below(8) == 0 ? in.below(3) : 0);
  const auto places = static_cast<std::size_t>(out.offset + out.length);
  const std::string_view format = schema.format;
  out.null_count = in.below(3) == 0 ? -1 : 0;
  if (format == "n") {
    if (in.below(2) == 0) out.buffers.emplace_back();
  } else {
    out.buffers.emplace_back();
    if (in.below(2) == 0) out.buffers.front() = in.bytes((places + 7) / 8);
    if (format == "u" || format == "z")
      fill_texts<std::int32_t>(in, out, places);
    else if (format == "U")
      fill_texts<std::int64_t>(in, out, places);
    else if (format == "vu")
      fill_views(in, out, places);
    else
      fill_numbers(in, out, width_of(format), places);
  }
  if (in.rarely()) out.buffers.resize(in.below(3));  // too few, or null pointers
  if (in.rarely() && !out.buffers.empty()) out.buffers[in.byte() % out.buffers.size()].reset();
  if (in.rarely()) out.null_count = static_cast<std::int64_t>(in.byte()) - 3;
  if (!schema.dictionary.empty() && !in.rarely())
    out.dictionary.push_back(array_of(in, schema.dictionary[0], in.below(6)));
  return out;
}

/// Lies that a consumer can see through: smaller than the truth, negative, absurd or missing.
void spoil(Input& in, ArrowArray& array) {
  ArrowArray* target = &array;
  if (array.n_children > 0 && array.children != nullptr && in.below(4) != 0)
    target = array.children[in.byte() % static_cast<unsigned>(array.n_children)];
  if (target->dictionary != nullptr && in.below(2) == 0) target = target->dictionary;
  switch (in.below(8)) {
    case 0:
      target->length = -static_cast<std::int64_t>(in.byte()) - 1;
      break;
    case 1:
      target->length = std::numeric_limits<std::int64_t>::max() - in.byte();
      break;
    case 2:
      target->offset = in.below(2) == 0 ? -1 : std::numeric_limits<std::int64_t>::max() - in.byte();
      break;
    case 3:
      target->n_buffers = std::min<std::int64_t>(target->n_buffers, in.below(4)) - 1;
      break;
    case 4:
      target->buffers = nullptr;
      break;
    case 5:
      target->n_children -= 1 + static_cast<std::int64_t>(in.below(3));
      break;
    case 6:
      target->children = nullptr;
      break;
    default:
      target->dictionary = nullptr;
      break;
  }
}

const komhen::Profile& profile() {
  static const komhen::Profile kProfile = komhen::parse_profile(R"(
municipality = { value = 657 }
date = { column = "date", format = "%Y-%m-%d" }
kle = { column = "kle", words = { 7 = "23.05.10" }, otherwise = "02.34.02" }
channel = { column = "channel", words = { 1 = "telephone", telephone = "sms" }, otherwise = "reject" }
type = { value = "new_case" }
direction = { value = "incoming" }
unit = { column = "unit", words = { 657 = "y" } }
event_id = { column = "event_id" }
)",
                                                                "fuzz");
  return kProfile;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input in{data, size};
  const unsigned flags = in.byte();
  test::Producer producer;
  producer.schema.format = "+s";
  for (const char* name : kNames) {
    // One of date and week, and the optional ones now and then.
    if (in.below(16) == 1) continue;
    const bool is_date = std::string_view{name} == "date";
    const unsigned which = in.byte();
    // Any type now and then; else one that is taken, so that rows are reached.
    const char* const format = in.below(16) == 0 ? kFormats[which % kFormats.size()]
                               : is_date         ? kDates[which % kDates.size()]
                                                 : kFormats[which % kTaken];
    test::SchemaParts column{format, name, {}, {}};
    if (in.below(4) == 0) {
      column.dictionary = {{column.format, "", {}, {}}};
      column.format = std::array{"c", "C", "i", "l", "L", "S", "s", "I"}[in.below(8)];
    }
    producer.schema.children.push_back(std::move(column));
  }
  while (!in.empty() && producer.batches.size() < 4) {
    const auto rows = static_cast<std::int64_t>(in.below(12));
    const std::int64_t before = in.below(4) == 0 ? in.below(4) : 0;
    test::ArrayParts batch;
    batch.length = rows;
    batch.offset = before;
    batch.buffers.emplace_back();
    if (in.below(3) == 0) batch.buffers[0] = in.bytes(static_cast<std::size_t>(before + rows + 7) / 8);
    for (const auto& column : producer.schema.children)
      batch.children.push_back(array_of(in, column, before + rows));
    producer.batches.push_back(std::move(batch));
  }
  if ((flags & 1U) != 0)
    producer.spoil_array = [&](ArrowArray& array) {
      for (unsigned times = in.below(3); times > 0; --times) spoil(in, array);
    };
  if ((flags & 2U) != 0) producer.next_error = 5;
  producer.message = "for 010170-1234";

  static const auto kRound = *komhen::builtin_round("2012-spring");
  komhen::CountOptions options;
  if ((flags & 4U) != 0) options.round = &kRound;
  if ((flags & 8U) != 0) options.profile = &profile();
  std::int64_t rejected = 0;
  options.on_reject = [&](const komhen::Reject& reject) {
    ++rejected;
    for (const auto& field : reject.fields)
      if (field && komhen::find_personal(*field)) std::abort();
  };
  test::Ledger ledger;
  ArrowArrayStream stream = producer.stream(ledger);
  try {
    const komhen::Counted counted = komhen::count_stream(&stream, options);
    const komhen::Outcome& o = counted.outcome;
    if (o.rows_read != o.rows_accepted + o.rows_rejected() || o.rows_rejected() != rejected ||
        o.contacts != counted.cube.total())
      std::abort();
    if (komhen::find_personal(komhen::to_json(o))) std::abort();
  } catch (const komhen::Error& error) {
    if (komhen::find_personal(error.what())) std::abort();
  }
  if (!ledger.balanced() || stream.release != nullptr) std::abort();
  return 0;
}
