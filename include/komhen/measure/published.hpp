#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "komhen/round/round.hpp"
#include "komhen/taxonomy/kle.hpp"

namespace komhen {

/// What is known of a figure. Three different things, none of them zero.
enum class FigureState : std::uint8_t {
  published = 1,     ///< a value was printed
  withheld = 2,      ///< the source counted it and did not print it
  not_collected = 3  ///< the source could not know it
};

/// How a printed number bounds the true one.
enum class FigureBound : std::uint8_t { rounded = 1, at_least = 2, about = 3, counted = 4, above = 5 };

/// What a figure counts.
enum class FigureUnit : std::uint8_t { per_cent = 1, municipalities = 2, tasks = 3, registrations = 4 };

template <>
inline constexpr auto kWords<FigureState> = std::to_array<Word<FigureState>>({
    {FigureState::published, "published", "Offentliggjort", "Published", ""},
    {FigureState::withheld, "withheld", "Udeladt", "Withheld", ""},
    {FigureState::not_collected, "not_collected", "Ikke opgjort", "Not collected", ""},
});
template <>
inline constexpr auto kWords<FigureBound> = std::to_array<Word<FigureBound>>({
    {FigureBound::rounded, "rounded", "afrundet", "rounded", ""},
    {FigureBound::at_least, "at_least", "mindst", "at least", ""},
    {FigureBound::about, "about", "cirka", "about", ""},
    {FigureBound::counted, "counted", "talt", "counted", ""},
    {FigureBound::above, "above", "over", "above", ""},
});
template <>
inline constexpr auto kWords<FigureUnit> = std::to_array<Word<FigureUnit>>({
    {FigureUnit::per_cent, "per_cent", "procent", "per cent", ""},
    {FigureUnit::municipalities, "municipalities", "kommuner", "municipalities", ""},
    {FigureUnit::tasks, "tasks", "opgaver", "tasks", ""},
    {FigureUnit::registrations, "registrations", "registreringer", "registrations", ""},
});

/// A figure that a source printed, kept apart from anything computed: round, publication, method, task set
/// and state. Autumn 2011 alone has three published totals, so none of them is "the" truth.
struct PublishedFigure {
  std::string_view round;         ///< round id; empty where the source leaves it open
  std::string_view publication;   ///< short name of the source and the section
  std::string_view dated;         ///< when the source was published, as exactly as it says
  std::string_view method;        ///< scheme that the figure was made under; empty where it does not matter
  std::string_view task_set;      ///< kl-35, all; empty where the figure is not about tasks
  std::string_view figure;        ///< what it is, a name of komhen's
  std::optional<KleNumber> task;  ///< for a figure of one task
  std::optional<std::int32_t> value;
  FigureUnit unit;
  FigureBound bound;
  FigureState state;
  std::string_view note;  ///< what a reader must know, empty where nothing
};

/// Every published figure that the library carries, table rows first.
[[nodiscard]] std::span<const PublishedFigure> published_figures() noexcept;

/// One row of KL's self-service table: applications on the 35 tasks, incoming, per cent by self-service.
struct PublishedShare {
  KleNumber task;
  std::optional<std::int32_t> autumn_2011;  ///< as restated in spring 2012, scheme kl-2012
  std::optional<std::int32_t> spring_2012;  ///< nullopt: withheld
  std::optional<std::int32_t> change;       ///< as printed: computed from unrounded shares
};

/// The table, in KLE order. Source: KL, "Kommunernes henvendelser", spring 2012, "Selvbetjeningsgraden for
/// transaktioner er steget".
[[nodiscard]] std::span<const PublishedShare> published_shares() noexcept;

/// The printed total of a round: 24 for 2011-autumn (restated), 33 for 2012-spring; nullopt for other rounds.
[[nodiscard]] std::optional<std::int32_t> published_total(std::string_view round) noexcept;

/// The printed share of a task in a round; nullopt when it was withheld or the round has no table.
[[nodiscard]] std::optional<std::int32_t> published_share(std::string_view round, KleNumber task) noexcept;

/// The printed change of the total from 2011-autumn to 2012-spring, in percentage points.
inline constexpr std::int32_t kPublishedTotalChange = 9;

/// Rounds that have a printed self-service table.
inline constexpr std::array<std::string_view, 2> kPublishedRounds{"2011-autumn", "2012-spring"};

}  // namespace komhen
