// The record reader and count_bytes() on any bytes. The first byte picks the options and how the source cuts
// the bytes; results must not depend on the cuts, the rows must add up, and nothing personal may come out.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/error.hpp"
#include "komhen/measure/measure.hpp"
#include "komhen/registration/csv.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/report/text.hpp"
#include "komhen/tally/count.hpp"

namespace {

komhen::ByteSource pieces(std::string_view text, std::size_t piece) {
  return [text, piece](char* into, std::size_t room) mutable {
    const std::size_t n = std::min({text.size(), room, piece});
    std::copy_n(text.data(), n, into);
    text.remove_prefix(n);
    return n;
  };
}

struct Flat {
  std::int64_t line;
  bool broken, complete;
  std::vector<std::string> fields;
  friend bool operator==(const Flat&, const Flat&) = default;
};

std::vector<Flat> records(std::string_view text, std::size_t piece, char separator) {
  komhen::RecordReader reader{pieces(text, piece)};
  reader.settle_separator(separator);
  std::vector<Flat> out;
  komhen::Record record;
  std::int64_t last = 0;
  while (reader.next(record)) {
    if (record.line <= last) std::abort();
    last = record.line;
    out.push_back(
        {record.line, record.broken, record.complete, {record.fields.begin(), record.fields.end()}});
  }
  return out;
}

/// What docs/exchange-file.md says of records, without streaming: an independent reading for a given
/// separator. Blank lines are left out; a record that is open at the end begins again at the next line.
std::vector<Flat> expected(std::string_view text, char separator) {
  std::vector<Flat> out;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::int64_t line = 1;
  const auto line_end = [&](std::size_t at) -> std::size_t {  // its length, 0 when there is none
    if (at >= text.size()) return 0;
    if (text[at] == '\n') return 1;
    if (text[at] != '\r') return 0;
    return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    std::int64_t ends = 0;
    bool broken = false;
    bool open = false;
    std::vector<std::string> fields(1);
    for (;;) {  // a field
      if (at < text.size() && text[at] == '"') {
        for (++at;;) {
          if (at >= text.size()) {
            open = true;
            break;
          }
          if (text[at] == '"') {
            if (at + 1 < text.size() && text[at + 1] == '"') {
              fields.back() += '"';
              at += 2;
              continue;
            }
            ++at;
            break;
          }
          if (const std::size_t n = line_end(at)) {
            ++ends;
            fields.back() += text.substr(at, n);
            at += n;
            continue;
          }
          fields.back() += text[at++];
        }
        if (open) break;
        if (at < text.size() && text[at] != separator && line_end(at) == 0) broken = true;
      }
      while (at < text.size() && line_end(at) == 0 && (broken || text[at] != separator))
        fields.back() += text[at++];
      if (at >= text.size() || line_end(at) != 0) break;
      ++at;
      fields.emplace_back();
    }
    if (open) {
      out.push_back({line, true, false, {}});
      at = begin;
      while (at < text.size() && line_end(at) == 0) ++at;
      at += line_end(at);
      ++line;
      continue;
    }
    const std::string_view whole = text.substr(begin, at - begin);
    const bool blank =
        std::ranges::all_of(whole, [&](char c) { return c == ' ' || (c == '\t' && separator != '\t'); });
    at += line_end(at);
    if (!blank || broken) {
      if (broken) fields.clear();
      out.push_back({line, broken, true, std::move(fields)});
    }
    line += ends + 1;
  }
  return out;
}

const komhen::Profile& profile() {
  static const komhen::Profile kProfile = komhen::parse_profile(R"(
delimiter = ","
municipality = { value = 657 }
date = { column = "d", format = "%Y-%m-%dT%H:%M:%S%z" }
kle = { column = "k" }
channel = { column = "c", words = { A = "telephone", B = "self_service" }, otherwise = "reject" }
type = { value = "new_case" }
direction = { value = "incoming" }
unit = { column = "u", words = { x = "y" } }
event_id = { column = "e" }
)",
                                                                "fuzz");
  return kProfile;
}

/// Everything that a count says, as text.
std::string told(std::string_view text, std::size_t piece, komhen::CountOptions options) {
  std::string out;
  std::int64_t rejected = 0;
  options.on_reject = [&](const komhen::Reject& reject) {
    ++rejected;
    out += std::to_string(reject.line) + ":" + std::string{komhen::token(reject.reason)} + "\n";
    for (const auto& field : reject.fields)
      if (field) {
        if (komhen::find_personal(*field)) std::abort();
        out += std::string{*field} + "|";
      }
  };
  try {
    const komhen::Counted counted = komhen::count_bytes(pieces(text, piece), "fuzz.csv", options);
    const komhen::Outcome& o = counted.outcome;
    if (o.rows_read != o.rows_accepted + o.rows_rejected() || o.rows_rejected() != rejected ||
        o.contacts != counted.cube.total())
      std::abort();
    const std::string bytes = komhen::serialised(counted.cube);
    if (komhen::serialised(komhen::deserialised(bytes, "again")) != bytes) std::abort();
    const std::string json = komhen::to_json(o);
    if (komhen::find_personal(json)) std::abort();
    static_cast<void>(komhen::to_json(komhen::measure(
        counted.cube, {.measure = komhen::Measure::contacts,
                       .by = {komhen::Dimension::unit, komhen::Dimension::week, komhen::Dimension::task}})));
    out += json + bytes;
  } catch (const komhen::Error& error) {
    if (komhen::find_personal(error.what())) std::abort();
    out += error.what();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const unsigned flags = data[0];
  const std::size_t piece = data[1] % 16 + 1U;
  const std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
  constexpr std::size_t kWhole = std::size_t{1} << 20U;

  for (const char separator : {';', ',', '\t'}) {
    if (text.starts_with("s") || text.starts_with("S") || text.starts_with("\xEF")) continue;  // `sep=` aside
    if (records(text, piece, separator) != expected(text, separator)) std::abort();
  }
  if (records(text, piece, 0) != records(text, kWhole, 0)) std::abort();

  static const auto kRound = *komhen::builtin_round("2012-spring");
  komhen::CountOptions options;
  if ((flags & 1U) != 0) options.round = &kRound;
  if ((flags & 2U) != 0) options.profile = &profile();
  if ((flags & 4U) != 0)
    options.encoding = (flags & 8U) != 0 ? komhen::Encoding::utf8 : komhen::Encoding::windows1252;
  if (told(text, piece, options) != told(text, kWhole, options)) std::abort();
  return 0;
}
