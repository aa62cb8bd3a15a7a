#pragma once

#include <algorithm>
#include <cstring>
#include <string>

#include "guarded.hpp"
#include "handles.hpp"

/// What counting through a cube and through a journal share.
namespace komhen::capi {

/// The options that a caller gave, none for NULL.
[[nodiscard]] inline komhen_count_options options_of(const komhen_count_options* options) {
  if (options == nullptr) return KOMHEN_COUNT_OPTIONS_INIT;
  const komhen_count_options& given = known(options, "options");
  komhen_count_options out = KOMHEN_COUNT_OPTIONS_INIT;
  std::memcpy(&out, &given, std::min<std::size_t>(given.struct_size, sizeof out));
  if (out.threads < -1 || out.threads > 64)
    refuse("options has " + std::to_string(out.threads) +
           " threads; it must be 1 to 64, 0 for one or -1 for all");
  if (out.reserved != 0) refuse("the reserved field of the options is not 0");
  return out;
}

[[nodiscard]] inline const Round* round_of(const komhen_count_options& options) noexcept {
  return options.round == nullptr ? nullptr : options.round->round.get();
}
[[nodiscard]] inline const Participation* participation_of(const komhen_count_options& options) noexcept {
  return options.participation == nullptr ? nullptr : &options.participation->participation;
}

/// Looks at an optional out-parameter before the work is done.
inline void check_outcome(komhen_outcome* outcome) {
  if (outcome != nullptr) static_cast<void>(known(outcome, "outcome"));
}

inline void hand_out(const Outcome& from, komhen_outcome* outcome) noexcept {
  if (outcome == nullptr) return;
  static_assert(kReasonCount <= sizeof(komhen_outcome::rejected) / sizeof(std::int64_t));
  const auto encoding = encoding_from_text(from.encoding);
  outcome->encoding = encoding ? static_cast<std::int32_t>(*encoding) : KOMHEN_ENCODING_ANY;
  outcome->rows_read = from.rows_read;
  outcome->rows_accepted = from.rows_accepted;
  outcome->contacts = from.contacts;
  for (std::size_t i = 0; i < kReasonCount; ++i) outcome->rejected[i] = from.rejected[i];
}

/// A registration's numbers and texts, as they were given.
[[nodiscard]] inline Codes codes_of(const komhen_registration& r) {
  std::uint32_t first = 0;  // two words that meet, instead of eleven bytes one by one
  std::uint64_t last = 0;
  static_assert(sizeof r.reserved == sizeof first + sizeof last - 1);
  std::memcpy(&first, r.reserved, sizeof first);
  std::memcpy(&last, r.reserved + sizeof first - 1, sizeof last);
  if ((first | last) != 0) refuse("a reserved byte of the registration is not 0");  // a later version's field
  Codes codes;
  codes.municipality = r.municipality;
  codes.week = r.week;
  codes.task = r.task;
  codes.channel = r.channel;
  codes.type = r.type;
  codes.direction = r.direction;
  codes.closure = r.closure;
  codes.form = r.form;
  codes.count = r.count;
  codes.source = text(r.source, r.source_size, "source");
  codes.unit = text(r.unit, r.unit_size, "unit");
  return codes;
}

}  // namespace komhen::capi
