#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "komhen/detail/fold.hpp"

namespace komhen {

namespace detail {

struct MunicipalityRow {
  std::uint16_t code;
  std::string_view name;
};

/// The 98 municipalities since 2007, sorted by code. Source: the public register of municipality codes. Its
/// 411 Christiansø is not a municipality.
// clang-format off
inline constexpr auto kMunicipalities = std::to_array<MunicipalityRow>({
    {101, "København"}, {147, "Frederiksberg"}, {151, "Ballerup"}, {153, "Brøndby"}, {155, "Dragør"},
    {157, "Gentofte"}, {159, "Gladsaxe"}, {161, "Glostrup"}, {163, "Herlev"}, {165, "Albertslund"},
    {167, "Hvidovre"}, {169, "Høje-Taastrup"}, {173, "Lyngby-Taarbæk"}, {175, "Rødovre"}, {183, "Ishøj"},
    {185, "Tårnby"}, {187, "Vallensbæk"}, {190, "Furesø"}, {201, "Allerød"}, {210, "Fredensborg"},
    {217, "Helsingør"}, {219, "Hillerød"}, {223, "Hørsholm"}, {230, "Rudersdal"}, {240, "Egedal"},
    {250, "Frederikssund"}, {253, "Greve"}, {259, "Køge"}, {260, "Halsnæs"}, {265, "Roskilde"},
    {269, "Solrød"}, {270, "Gribskov"}, {306, "Odsherred"}, {316, "Holbæk"}, {320, "Faxe"},
    {326, "Kalundborg"}, {329, "Ringsted"}, {330, "Slagelse"}, {336, "Stevns"}, {340, "Sorø"},
    {350, "Lejre"}, {360, "Lolland"}, {370, "Næstved"}, {376, "Guldborgsund"}, {390, "Vordingborg"},
    {400, "Bornholm"}, {410, "Middelfart"}, {420, "Assens"}, {430, "Faaborg-Midtfyn"}, {440, "Kerteminde"},
    {450, "Nyborg"}, {461, "Odense"}, {479, "Svendborg"}, {480, "Nordfyns"}, {482, "Langeland"},
    {492, "Ærø"}, {510, "Haderslev"}, {530, "Billund"}, {540, "Sønderborg"}, {550, "Tønder"},
    {561, "Esbjerg"}, {563, "Fanø"}, {573, "Varde"}, {575, "Vejen"}, {580, "Aabenraa"}, {607, "Fredericia"},
    {615, "Horsens"}, {621, "Kolding"}, {630, "Vejle"}, {657, "Herning"}, {661, "Holstebro"},
    {665, "Lemvig"}, {671, "Struer"}, {706, "Syddjurs"}, {707, "Norddjurs"}, {710, "Favrskov"},
    {727, "Odder"}, {730, "Randers"}, {740, "Silkeborg"}, {741, "Samsø"}, {746, "Skanderborg"},
    {751, "Aarhus"}, {756, "Ikast-Brande"}, {760, "Ringkøbing-Skjern"}, {766, "Hedensted"}, {773, "Morsø"},
    {779, "Skive"}, {787, "Thisted"}, {791, "Viborg"}, {810, "Brønderslev"}, {813, "Frederikshavn"},
    {820, "Vesthimmerlands"}, {825, "Læsø"}, {840, "Rebild"}, {846, "Mariagerfjord"}, {849, "Jammerbugt"},
    {851, "Aalborg"}, {860, "Hjørring"},
});
// clang-format on

static_assert(kMunicipalities.size() == 98);
static_assert(std::ranges::adjacent_find(kMunicipalities, std::ranges::greater_equal{},
                                         &MunicipalityRow::code) == kMunicipalities.end(),
              "codes must be unique and sorted: looking up searches by halves");

/// The places of the municipalities in their table, by code; 98 where there is none.
inline constexpr auto kMunicipalityPlaces = [] {
  std::array<std::uint8_t, 1000> places{};
  places.fill(static_cast<std::uint8_t>(kMunicipalities.size()));
  for (std::size_t i = 0; i < kMunicipalities.size(); ++i)
    places[kMunicipalities[i].code] = static_cast<std::uint8_t>(i);
  return places;
}();

}  // namespace detail

/// One of the 98 Danish municipalities. There is no value for any other place.
class Municipality {
 public:
  /// The municipality with this code (Herning is 657); nullopt when there is none.
  [[nodiscard]] static constexpr std::optional<Municipality> from_code(std::int64_t code) noexcept {
    if (code < 0 || code >= static_cast<std::int64_t>(detail::kMunicipalityPlaces.size()) ||
        detail::kMunicipalityPlaces[static_cast<std::size_t>(code)] == detail::kMunicipalities.size())
      return std::nullopt;
    return Municipality{static_cast<std::uint16_t>(code)};
  }

  /// Reads a code of three digits, or of four with a leading zero (`657`, `0657`), or a name, folded as words
  /// are.
  [[nodiscard]] static constexpr std::optional<Municipality> from_text(std::string_view text) noexcept {
    if (text.size() == 4 && text[0] == '0') text.remove_prefix(1);
    if (text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
      return from_code((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
    const auto folded = detail::Folded::of(text);
    if (!folded) return std::nullopt;
    for (const auto& row : detail::kMunicipalities)
      if (detail::Folded::of(row.name) == *folded) return Municipality{row.code};
    return std::nullopt;
  }

  [[nodiscard]] constexpr std::uint16_t code() const noexcept { return code_; }

  /// The name without "Kommune", such as `Herning`.
  [[nodiscard]] constexpr std::string_view name() const noexcept {
    return detail::kMunicipalities[detail::kMunicipalityPlaces[code_]].name;
  }

  friend constexpr auto operator<=>(Municipality, Municipality) noexcept = default;

 private:
  explicit constexpr Municipality(std::uint16_t code) noexcept : code_{code} {}
  std::uint16_t code_;
};

}  // namespace komhen
