#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// What a contact was about: the leaf that is stored. Whether it is a transaction or information is decided
/// by a scheme, when measuring (round/scheme.hpp).
enum class ContactType : std::uint8_t {
  new_case = 1,
  status_change = 2,
  case_information = 3,
  guidance = 4,
  self_service_help = 5,
  misdirected = 6,
};

/// Source: KL, "Kommunernes henvendelser", spring 2012, "Fordeling transaktioner og informationer".
template <>
inline constexpr auto kWords<ContactType> = std::to_array<Word<ContactType>>({
    {ContactType::new_case, "new_case", "Oprettelse af ny sag", "New case", "ny sag"},
    {ContactType::status_change, "status_change", "Ændring af status på eksisterende sag",
     "Change of status of an existing case", "statusændring"},
    {ContactType::case_information, "case_information", "Information vedrørende eksisterende sag",
     "Information on an existing case", "information om sag|sagsinformation"},
    {ContactType::guidance, "guidance", "Generelle råd og vejledning", "General advice and guidance",
     "vejledning|råd og vejledning"},
    {ContactType::self_service_help, "self_service_help", "Hjælp til selvbetjening", "Help with self-service",
     ""},
    {ContactType::misdirected, "misdirected", "Fejlhenvendelse", "Misdirected contact", ""},
});

static_assert(kWords<ContactType>.size() == 6);
static_assert(detail::well_formed_words<ContactType>(), "no two types may share a word");

}  // namespace komhen
