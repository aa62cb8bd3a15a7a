#pragma once

#include <cstdint>
#include <string_view>

#include "komhen/round/week.hpp"
#include "komhen/taxonomy/attached_form.hpp"
#include "komhen/taxonomy/channel.hpp"
#include "komhen/taxonomy/closure.hpp"
#include "komhen/taxonomy/contact_type.hpp"
#include "komhen/taxonomy/direction.hpp"
#include "komhen/taxonomy/kle.hpp"
#include "komhen/taxonomy/municipality.hpp"

namespace komhen {

/// The largest count of one row of a file.
inline constexpr std::int64_t kMaxRowCount = 2'147'483'647;
/// The longest source or unit, in bytes of UTF-8.
inline constexpr std::size_t kMaxLabel = 64;
/// The longest event id, in bytes of UTF-8.
inline constexpr std::size_t kMaxEventId = 128;

/// One or more equal contacts: ten dimensions and a count. There is no person in it.
///
/// `source` and `unit` are borrowed: whoever hands out a Registration says how long they live.
struct Registration {
  Municipality municipality;
  Week week;
  KleNumber task;
  Channel channel;
  ContactType type;
  Direction direction;
  Closure closure = Closure::not_stated;
  AttachedForm form = AttachedForm::not_stated;
  std::string_view source = {};  // = {}: so that who names some fields is not warned of the others
  std::string_view unit = {};
  std::int64_t count = 1;  ///< contacts, at least 1

  friend bool operator==(const Registration&, const Registration&) = default;
};

/// Whether text may be a source or unit (at most `longest` bytes of valid UTF-8 without control characters).
[[nodiscard]] bool is_label(std::string_view text, std::size_t longest) noexcept;

}  // namespace komhen
