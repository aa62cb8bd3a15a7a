#include "komhen/report/text.hpp"

namespace komhen {
namespace detail {

std::string json_text(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace detail

namespace {

using detail::json_text;

std::string list_of(const std::vector<Dimension>& by) {
  std::string out;
  for (const Dimension dimension : by) out += (out.empty() ? "" : ",") + json_text(token(dimension));
  return "[" + out + "]";
}

/// `"channel":"telephone",` and so on; municipalities are numbers.
std::string json_key(const std::vector<DimensionValue>& key) {
  std::string out;
  for (const DimensionValue& value : key)
    out += json_text(token(value.dimension)) + ":" +
           (value.dimension == Dimension::municipality ? value.text : json_text(value.text)) + ",";
  return out;
}

/// The basis or set that a share is of, where the measure has one.
std::string json_kind(const std::string& basis, const std::optional<DigitalSet>& set) {
  if (!basis.empty()) return ",\"basis\":" + json_text(basis);
  return set ? ",\"set\":" + json_text(token(*set)) : "";
}

std::string json_share(Share share) {
  return share.exists() ? json_text(share_text(share)) : "null";
}

template <class Side>
std::string json_side(std::string_view name, const Side& share) {
  if (!share) return json_text(name) + ":null";
  return json_text(name) + ":{\"numerator\":" + std::to_string(share->numerator) +
         ",\"denominator\":" + std::to_string(share->denominator) + ",\"share\":" + json_share(*share) + "}";
}

}  // namespace

std::string to_json(const Outcome& outcome) {
  std::string out = "{\"rows_read\":" + std::to_string(outcome.rows_read) +
                    ",\"rows_accepted\":" + std::to_string(outcome.rows_accepted) +
                    ",\"contacts\":" + std::to_string(outcome.contacts) + ",\"rejected\":{";
  for (std::size_t i = 1; i < kReasonCount; ++i)
    out +=
        (i > 1 ? "," : "") + json_text(kWords<Reason>[i].token) + ":" + std::to_string(outcome.rejected[i]);
  out += "},\"encoding\":" + json_text(outcome.encoding) +
         ",\"round\":" + (outcome.round.empty() ? "null" : json_text(outcome.round)) +
         ",\"unread_columns\":[";
  for (std::size_t i = 0; i < outcome.unread_columns.size(); ++i)
    out += (i > 0 ? "," : "") + json_text(outcome.unread_columns[i]);
  return out + "]}";
}

std::string to_json(const MeasureTable& table) {
  std::string out = "{\"measure\":" + json_text(token(table.measure)) + ",\"by\":" + list_of(table.by) +
                    ",\"tasks\":" + json_text(table.tasks) + ",\"scheme\":" + json_text(token(table.scheme));
  out += json_kind(table.basis, table.set) + ",\"rows\":[";
  bool first = true;
  for (const MeasureRow& row : table.rows) {
    out += (first ? "{" : ",{") + json_key(row.key);
    first = false;
    if (table.measure == Measure::contacts) {
      out += "\"contacts\":" + std::to_string(row.share.numerator) + "}";
      continue;
    }
    out += "\"numerator\":" + std::to_string(row.share.numerator) +
           ",\"denominator\":" + std::to_string(row.share.denominator) +
           ",\"share\":" + json_share(row.share);
    for (std::size_t i = 0; i < table.extras.size(); ++i)
      out += "," + json_text(table.extras[i]) + ":" + std::to_string(row.extras[i]);
    if (table.measure == Measure::form_share)
      for (std::size_t i = 0; i < kFormParts.size(); ++i)
        out += "," + json_text(kFormParts[i]) + ":" + json_share({row.extras[i], row.share.denominator});
    out += "}";
  }
  return out + "]}";
}

std::string to_json(const Comparison& comparison) {
  std::string out = "{\"measure\":" + json_text(token(comparison.measure)) +
                    ",\"by\":" + list_of(comparison.by) + ",\"tasks\":" + json_text(comparison.tasks) +
                    ",\"scheme_before\":" + json_text(token(comparison.scheme_before)) +
                    ",\"scheme_after\":" + json_text(token(comparison.scheme_after)) + ",\"warnings\":[";
  for (std::size_t i = 0; i < comparison.warnings.size(); ++i)
    out += (i > 0 ? "," : "") + json_text(comparison.warnings[i]);
  out += "],\"rows\":[";
  bool first = true;
  for (const Comparison::Row& row : comparison.rows) {
    out += (first ? "{" : ",{") + json_key(row.key) + json_side("before", row.before) + "," +
           json_side("after", row.after) +
           ",\"change\":" + (row.changes() ? json_text(change_text(*row.before, *row.after)) : "null") +
           ",\"printed_change\":" +
           (row.changes() ? std::to_string(printed_change(*row.before, *row.after)) : "null") + "}";
    first = false;
  }
  return out + "]}";
}

}  // namespace komhen
