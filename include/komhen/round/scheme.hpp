#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "komhen/taxonomy/contact_type.hpp"

namespace komhen {

/// How the six contact types are grouped when measuring. The leaf is what is stored, so any cube can be
/// measured under any scheme.
enum class Scheme : std::uint8_t { kl_2011 = 1, kl_2012 = 2, hilleroed_2014 = 3 };

/// A group of contact types under some scheme.
enum class Group : std::uint8_t { transaction = 1, application = 2, case_information = 3, information = 4 };

template <>
inline constexpr auto kWords<Scheme> = std::to_array<Word<Scheme>>({
    {Scheme::kl_2011, "kl-2011", "KL 2011", "KL 2011", ""},
    {Scheme::kl_2012, "kl-2012", "KL 2012", "KL 2012", ""},
    {Scheme::hilleroed_2014, "hilleroed-2014", "Hillerød 2014", "Hillerød 2014", ""},
});

template <>
inline constexpr auto kWords<Group> = std::to_array<Word<Group>>({
    {Group::transaction, "transaction", "Transaktion", "Transaction", ""},
    {Group::application, "application", "Ansøgning eller anmeldelse", "Application or notification", ""},
    {Group::case_information, "case_information", "Information vedrørende eksisterende sag",
     "Information on an existing case", ""},
    {Group::information, "information", "Information", "Information", ""},
});

/// The group of a type. Sources: KL, "Kommunernes henvendelser", spring 2012, "Ny opgørelse af resultaterne"
/// (what changed from 2011) and "Selvbetjeningsgraden for transaktioner" (what an application is); Hillerød's
/// channel strategy 2014-2018, which puts the status of one's own case under information.
[[nodiscard]] constexpr Group group_of(Scheme scheme, ContactType type) noexcept {
  switch (type) {
    case ContactType::new_case:
    case ContactType::status_change:
      return scheme == Scheme::kl_2011 ? Group::transaction : Group::application;
    case ContactType::case_information:
      if (scheme == Scheme::kl_2011) return Group::transaction;
      return scheme == Scheme::kl_2012 ? Group::case_information : Group::information;
    case ContactType::guidance:
    case ContactType::self_service_help:
    case ContactType::misdirected:
      break;
  }
  return Group::information;
}

namespace detail {
inline constexpr std::array kGroupsKl2011{Group::transaction, Group::information};
inline constexpr std::array kGroupsKl2012{Group::application, Group::case_information, Group::information};
inline constexpr std::array kGroupsHilleroed2014{Group::application, Group::information};
}  // namespace detail

/// The groups that a scheme has, in the order of their numbers.
[[nodiscard]] constexpr std::span<const Group> groups_of(Scheme scheme) noexcept {
  switch (scheme) {
    case Scheme::kl_2011:
      return detail::kGroupsKl2011;
    case Scheme::kl_2012:
      return detail::kGroupsKl2012;
    case Scheme::hilleroed_2014:
      break;
  }
  return detail::kGroupsHilleroed2014;
}

/// The scheme's group of that name; under kl-2011 `application` is another name of `transaction`, because
/// 2012's applications were counted among 2011's transactions. nullopt when the scheme has no such group.
[[nodiscard]] constexpr std::optional<Group> group_from_text(Scheme scheme, std::string_view text) noexcept {
  auto group = from_text<Group>(text);
  if (group == Group::application && scheme == Scheme::kl_2011) group = Group::transaction;
  if (!group) return std::nullopt;
  for (const Group own : groups_of(scheme))
    if (own == *group) return group;
  return std::nullopt;
}

}  // namespace komhen
