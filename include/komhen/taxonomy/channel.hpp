#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// How a contact reached the municipality, or left it.
///
/// The values are part of the C ABI and of stored cubes: a value is never renumbered or reused; new channels
/// go at the end.
enum class Channel : std::uint8_t {
  telephone = 1,
  in_person = 2,
  letter = 3,
  email = 4,
  digital_post = 5,
  remote_print = 6,
  self_service = 7,
  website = 8,
  sms = 9,
  social_media = 10,
  system = 11,
};

/// Source: the Drejebog of April 2012 (contents) and its version 2.4, which added social media and systems;
/// e-mail from KL, "Kommunernes henvendelser", spring 2012.
template <>
inline constexpr auto kWords<Channel> = std::to_array<Word<Channel>>({
    {Channel::telephone, "telephone", "Telefon", "Telephone", "tlf|telefonisk|telefonisk henvendelse"},
    {Channel::in_person, "in_person", "Personligt fremmøde", "In person",
     "personlig|personligt|fremmøde|skranke"},
    {Channel::letter, "letter", "Brev", "Letter", "brevpost|post|papirpost"},
    {Channel::email, "email", "E-mail", "E-mail", "mail|e-post"},
    {Channel::digital_post, "digital_post", "Digital Post", "Digital Post", "dokumentboks|e-boks"},
    {Channel::remote_print, "remote_print", "Fjernprint", "Remote print", ""},
    {Channel::self_service, "self_service", "Selvbetjening", "Self-service", "selvbetjeningsløsning"},
    {Channel::website, "website", "Hjemmeside", "Website",
     "besøg på hjemmeside|web|intranet|borger.dk|min side"},
    {Channel::sms, "sms", "SMS", "SMS", "nemsms"},
    {Channel::social_media, "social_media", "Socialt medie", "Social media", "sociale medier"},
    {Channel::system, "system", "System", "System", "systemer"},
});

static_assert(kWords<Channel>.size() == 11);
static_assert(detail::well_formed_words<Channel>(), "no two channels may share a word");

/// What one contact on a channel is: written channels count every message, spoken ones the whole
/// conversation. Source: KL, "Kommunernes henvendelser", spring 2012, "Hvad er en henvendelse?". For the
/// website, self-service and systems the source names no unit; a visit, a submission or a transfer is one
/// event.
enum class CountingUnit : std::uint8_t { conversation = 1, message = 2, event = 3 };

[[nodiscard]] constexpr CountingUnit counting_unit(Channel channel) noexcept {
  switch (channel) {
    case Channel::telephone:
    case Channel::in_person:
      return CountingUnit::conversation;
    case Channel::letter:
    case Channel::email:
    case Channel::digital_post:
    case Channel::remote_print:
    case Channel::sms:
    case Channel::social_media:
      return CountingUnit::message;
    case Channel::self_service:
    case Channel::website:
    case Channel::system:
      break;
  }
  return CountingUnit::event;
}

}  // namespace komhen
