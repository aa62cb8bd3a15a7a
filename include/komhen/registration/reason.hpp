#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// Why a row was left out. Checked in the order of the numbers; the first that fails wins. The numbers are
/// part of the C ABI: later ones go at the end, wherever they are checked.
enum class Reason : std::uint8_t {
  accepted = 0,
  malformed = 1,
  bad_encoding = 2,
  personal_data = 3,
  unknown_municipality = 4,
  bad_date = 5,
  bad_kle = 6,
  unknown_task = 7,
  unknown_channel = 8,
  unknown_type = 9,
  unknown_direction = 10,
  unknown_closure = 11,
  unknown_form = 12,
  bad_count = 13,
  bad_label = 14,
  outside_round = 15,
  outside_participation = 16,
  duplicate_event = 17,
  conflicting_event = 18,
};

template <>
inline constexpr auto kWords<Reason> = std::to_array<Word<Reason>>({
    {Reason::accepted, "accepted", "Godkendt", "Accepted", ""},
    {Reason::malformed, "malformed", "Ødelagt række", "Malformed row", ""},
    {Reason::bad_encoding, "bad_encoding", "Forkert tegnsæt", "Wrong encoding", ""},
    {Reason::personal_data, "personal_data", "Ligner et CPR-nummer", "Looks like a CPR number", ""},
    {Reason::unknown_municipality, "unknown_municipality", "Ukendt kommune", "Unknown municipality", ""},
    {Reason::bad_date, "bad_date", "Ugyldig dato", "Invalid date", ""},
    {Reason::bad_kle, "bad_kle", "Ugyldigt KLE-nummer", "Invalid KLE number", ""},
    {Reason::unknown_task, "unknown_task", "Opgave uden for opgavepakken", "Task outside the package", ""},
    {Reason::unknown_channel, "unknown_channel", "Ukendt kanal", "Unknown channel", ""},
    {Reason::unknown_type, "unknown_type", "Ukendt henvendelsestype", "Unknown contact type", ""},
    {Reason::unknown_direction, "unknown_direction", "Ukendt retning", "Unknown direction", ""},
    {Reason::unknown_closure, "unknown_closure", "Ukendt afslutning", "Unknown closure", ""},
    {Reason::unknown_form, "unknown_form", "Ukendt blanket", "Unknown form", ""},
    {Reason::bad_count, "bad_count", "Ugyldigt antal", "Invalid count", ""},
    {Reason::bad_label, "bad_label", "Ugyldig tekst", "Invalid label", ""},
    {Reason::outside_round, "outside_round", "Uden for tællerunden", "Outside the round", ""},
    {Reason::outside_participation, "outside_participation", "Uden for kommunens tælleuger",
     "Outside the municipality's weeks", ""},
    {Reason::duplicate_event, "duplicate_event", "Gentaget hændelse", "Repeated event", ""},
    {Reason::conflicting_event, "conflicting_event", "Modstridende hændelse", "Conflicting event", ""},
});

inline constexpr std::size_t kReasonCount = kWords<Reason>.size();  ///< `accepted` included
static_assert(kReasonCount == 19 && detail::well_formed_words<Reason>());

}  // namespace komhen
