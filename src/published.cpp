#include "komhen/measure/published.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "komhen/taxonomy/task.hpp"

namespace komhen {
namespace {

// clang-format off
constexpr auto kShares = std::to_array<PublishedShare>({
    // task, autumn 2011, spring 2012, printed change
    {"02.34.02"_kle, 1, 3, 2},
    {"17.13.10"_kle, 3, 6, 3},
    {"17.20.01"_kle, 60, 49, -11},
    {"23.01.00"_kle, 4, 6, 2},
    {"23.05.10"_kle, 38, 55, 18},
    {"23.09.02"_kle, 1, 1, 0},
    {"23.09.04"_kle, 0, 0, 0},
    {"25.02.00"_kle, 3, 2, -1},
    {"25.10.00"_kle, 0, 0, 0},
    {"25.45.00"_kle, 0, 0, 0},
    {"27.37.04"_kle, 0, 0, 0},
    {"27.60.00"_kle, 2, 1, -1},
    {"28.09.40"_kle, 57, 63, 6},
    {"28.12.28"_kle, 5, 12, 7},
    {"29.03.04"_kle, 66, std::nullopt, std::nullopt},
    {"29.03.12"_kle, 25, 36, 11},
    {"29.03.99"_kle, 67, 61, -6},
    {"32.03.04"_kle, 11, 21, 10},
    {"32.03.08"_kle, 1, 6, 5},
    {"32.03.10"_kle, 1, 0, -1},
    {"32.03.12"_kle, 0, 1, 1},
    {"32.03.14"_kle, 0, 0, 0},
    {"32.03.16"_kle, 0, 0, 0},
    {"32.03.20"_kle, 0, 0, 0},
    {"32.06.04"_kle, 0, 1, 1},
    {"32.06.08"_kle, 57, 8, -49},
    {"32.06.12"_kle, 0, 0, 0},
    {"32.06.16"_kle, 0, 1, 1},
    {"32.09.00"_kle, 5, 4, -1},
    {"32.12.00"_kle, 4, 8, 4},
    {"32.15.00"_kle, 58, 72, 15},
    {"32.24.04"_kle, 0, 0, 0},
    {"32.30.04"_kle, 36, 76, 40},
    {"32.30.08"_kle, 33, 79, 46},
    {"32.30.12"_kle, 37, 61, 25},
});
// clang-format on

static_assert(kShares.size() == kTasks.size());
static_assert(std::ranges::equal(kShares, kTasks, {}, &PublishedShare::task, &Task::kle),
              "one row for each of the 35 tasks, in the same order");

constexpr std::string_view kReport = "KL, Kommunernes henvendelser, forår 2012, tabel over selvbetjening";
constexpr std::string_view kStatus = "KL, Kommunernes henvendelser, forår 2012, Sådan er status i kommunerne";
constexpr std::string_view kBasis =
    "KL, Kommunernes henvendelser, forår 2012, Kommunernes deltagelse og datagrundlag";
constexpr std::string_view kDirections =
    "KL, Kommunernes henvendelser, forår 2012, Fordeling ind- og udgående henvendelser";
constexpr std::string_view kInformation =
    "KL, Kommunernes henvendelser, forår 2012, Henvendelsesmønster informationshenvendelser";
constexpr std::string_view kPotential =
    "KL, Kommunernes henvendelser, forår 2012, Kanalflyt giver besparelser";
constexpr std::string_view kArticle = "dknyt, artikel om en tælling i uge 43-45";
constexpr std::string_view kProject = "KL, Obligatorisk digital service, projektbeskrivelse 1.1";
constexpr std::string_view kRoundOpen =
    "undated, weeks 43-45, 76 municipalities: autumn 2011 in another data set, or autumn 2012";

// clang-format off
constexpr auto kSingle = std::to_array<PublishedFigure>({
    {"2011-autumn", kReport, "2012", "kl-2012", "kl-35", "self_service_application", {}, 24,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "as restated in spring 2012"},
    {"2012-spring", kReport, "2012", "kl-2012", "kl-35", "self_service_application", {}, 33,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published,
     "it is not stated whether the withheld task is in the total"},
    {"2012-spring", kReport, "2012", "kl-2012", "kl-35", "self_service_application_change", {}, 9,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "percentage points since autumn 2011"},
    {"2012-spring", kStatus, "2012", "", "all", "self_service_all", {}, 5,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "of all incoming contacts"},
    {"2012-spring", kStatus, "2012", "", "kl-35", "self_service_all", {}, 20,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "of all incoming contacts on the 35 tasks"},
    {"2011-autumn", kDirections, "2012", "", "", "incoming", {}, 62,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "spring 2012 is higher, its figure stands in a chart only"},
    {"2012-spring", kDirections, "2012", "", "", "incoming", {}, 62,
     FigureUnit::per_cent, FigureBound::above, FigureState::published, "the number stands in a chart only"},
    {"2012-spring", kInformation, "2012", "kl-2012", "", "information_website", {}, 68,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "of incoming information contacts"},
    {"2012-spring", kInformation, "2012", "kl-2012", "", "case_information", {}, 36,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "of contacts to the municipalities"},
    {"2012-spring", kBasis, "2012", "", "", "uploaded", {}, 65,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "the rest was counted by hand"},
    {"2012-spring", kBasis, "2012", "", "", "valid_registrations", {}, 650'000,
     FigureUnit::registrations, FigureBound::about, FigureState::published, "after cleaning"},
    {"2012-spring", kBasis, "2012", "", "", "municipalities", {}, 49,
     FigureUnit::municipalities, FigureBound::counted, FigureState::published, ""},
    {"2012-spring", kBasis, "2012", "", "", "municipalities_one_week", {}, 22,
     FigureUnit::municipalities, FigureBound::counted, FigureState::published, ""},
    {"2012-spring", kBasis, "2012", "", "", "municipalities_two_weeks", {}, 7,
     FigureUnit::municipalities, FigureBound::counted, FigureState::published, ""},
    {"2012-spring", kBasis, "2012", "", "", "municipalities_three_weeks", {}, 20,
     FigureUnit::municipalities, FigureBound::counted, FigureState::published, ""},
    {"", kBasis, "2012", "", "", "municipalities_first_year", {}, 84,
     FigureUnit::municipalities, FigureBound::counted, FigureState::published, "the project's first year, both rounds"},
    {"2012-autumn", kBasis, "2012", "", "", "municipalities_expected", {}, 85,
     FigureUnit::municipalities, FigureBound::at_least, FigureState::published, "expected when the report was written"},
    {"2012-spring", kPotential, "2012", "kl-2012", "kl-35", "tasks_under_ten_per_cent", {}, 23,
     FigureUnit::tasks, FigureBound::counted, FigureState::published, "of 35"},
    {"", kArticle, "", "", "kl-35", "self_service_application", {}, 29,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, kRoundOpen},
    {"", kArticle, "", "", "kl-35", "municipalities", {}, 76,
     FigureUnit::municipalities, FigureBound::counted, FigureState::published, kRoundOpen},
    {"", kArticle, "", "", "kl-35", "tasks_under_ten_per_cent", {}, 22,
     FigureUnit::tasks, FigureBound::counted, FigureState::published, kRoundOpen},
    {"2011-autumn", "dknyt, Hver fjerde borger betjener sig selv digitalt", "2012-01-23", "", "kl-35",
     "self_service_application", {}, 25, FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "first publication"},
    {"2011-autumn", "dknyt, Hver fjerde borger betjener sig selv digitalt", "2012-01-23", "", "",
     "municipalities", {}, 78, FigureUnit::municipalities, FigureBound::counted, FigureState::published, ""},
    {"", kProject, "2011-09", "", "", "self_service_all", {}, 2,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "a survey of citizens' contacts, dated April 2011"},
    {"", kProject, "2011-09", "", "", "email_all", {}, 37,
     FigureUnit::per_cent, FigureBound::rounded, FigureState::published, "a survey of citizens' contacts, dated April 2011"},
});
// clang-format on

constexpr PublishedFigure table_cell(std::string_view round, KleNumber task,
                                     std::optional<std::int32_t> value, std::string_view figure,
                                     std::string_view note) {
  return {round,
          kReport,
          "2012",
          "kl-2012",
          "kl-35",
          figure,
          task,
          value,
          FigureUnit::per_cent,
          FigureBound::rounded,
          value ? FigureState::published : FigureState::withheld,
          note};
}

constexpr PublishedFigure table_figure(std::size_t i) {
  const PublishedShare& row = kShares[i / 3];
  if (i % 3 == 0)
    return table_cell("2011-autumn", row.task, row.autumn_2011, "self_service_application",
                      "as restated in spring 2012");
  if (i % 3 == 1)
    return table_cell("2012-spring", row.task, row.spring_2012, "self_service_application",
                      row.spring_2012 ? "" : "not verified when the report was written");
  return table_cell("2012-spring", row.task, row.change, "self_service_application_change",
                    row.change ? "percentage points since autumn 2011, from unrounded shares"
                               : "not verified when the report was written");
}

constexpr auto kFigures = []<std::size_t... I, std::size_t... K>(std::index_sequence<I...>,
                                                                 std::index_sequence<K...>) {
  return std::array{table_figure(I)..., kSingle[K]...};
}(std::make_index_sequence<kShares.size() * 3>{}, std::make_index_sequence<kSingle.size()>{});

}  // namespace

std::span<const PublishedFigure> published_figures() noexcept {
  return kFigures;
}

std::span<const PublishedShare> published_shares() noexcept {
  return kShares;
}

std::optional<std::int32_t> published_total(std::string_view round) noexcept {
  if (round == "2011-autumn") return 24;
  if (round == "2012-spring") return 33;
  return std::nullopt;
}

std::optional<std::int32_t> published_share(std::string_view round, KleNumber task) noexcept {
  const auto* row = std::ranges::lower_bound(kShares, task, {}, &PublishedShare::task);
  if (row == kShares.end() || row->task != task) return std::nullopt;
  if (round == "2011-autumn") return row->autumn_2011;
  if (round == "2012-spring") return row->spring_2012;
  return std::nullopt;
}

}  // namespace komhen
