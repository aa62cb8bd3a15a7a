/// Prices, costs, business cases, baselines, goals and waves (7 of komhen.h).
#include "guarded.hpp"
#include "handles.hpp"

namespace komhen::capi {
namespace {

bool yes_or_no(std::int32_t value, const char* name) {
  if (value != 0 && value != 1)
    refuse(std::string{name} + " is " + std::to_string(value) + "; it must be 0 or 1");
  return value == 1;
}

/// The value that a text stands for; nullopt for the empty text.
template <Worded E>
std::optional<E> maybe_word(const char* data, std::int64_t size, const char* name) {
  const std::string_view given = text(data, size, name);
  if (given.empty()) return std::nullopt;
  const auto value = from_text<E>(given);
  if (!value) refuse(std::string{name} + " is " + detail::quoted(given) + ", which there is not");
  return value;
}

template <Worded E>
std::optional<E> maybe_number(std::int32_t number, const char* name) {
  return number == 0 ? std::nullopt : std::optional{word<E>(number, name)};
}

Date day(std::string_view given, const char* name) {
  const auto out = parse_date(given);
  if (!out)
    refuse(std::string{name} + " is " + detail::quoted(given) +
           ", which is no date; one reads like 2013-03-01");
  return *out;
}

PriceList list_of(const komhen_prices& prices) {
  return prices.table.choose(prices.choice);
}

template <class Result>
komhen_table* table_handle(Result result) {
  Table shown = table_of(result);
  return new komhen_table{std::move(shown), std::move(result)};
}

CaseOptions read_options(const komhen_case_options* options) {
  CaseOptions out;
  if (options == nullptr) return out;
  const komhen_case_options& given = known(options, "options");
  if (yes_or_no(given.own_seed, "own_seed")) out.seed = given.seed;
  if (given.draws != 0) out.draws = given.draws;
  return out;
}

komhen_case* case_handle(CaseResult result) {
  auto out = std::make_unique<komhen_case>();
  for (const CaseFigure& figure : result.figures) {
    std::string exact;
    if (figure.exact) exact = figure.exact->exact_text().value_or(figure.exact->fraction_text());
    out->texts.push_back({figure.text(), std::move(exact)});
  }
  out->result = std::move(result);
  return out.release();
}

/// Fills `out` with the figure at this place; 0 where there is none or no struct to fill.
std::int32_t give_figure(const komhen_case* from, std::size_t index, komhen_figure* out) noexcept {
  clear(out);
  if (from == nullptr || out == nullptr || !is_known_struct(*out) || index >= from->result.figures.size())
    return 0;
  const CaseFigure& figure = from->result.figures[index];
  out->unit = static_cast<std::int32_t>(figure.unit);
  out->certainty = static_cast<std::int32_t>(figure.certainty);
  out->agrees = !figure.printed ? -1 : figure.printed->agrees ? 1 : 0;
  out->id = figure.id.c_str();
  out->label = figure.label.c_str();
  out->value = from->texts[index].value.c_str();
  out->exact = figure.exact ? from->texts[index].exact.c_str() : nullptr;
  out->formula = figure.formula.c_str();
  out->source = figure.source.c_str();
  out->printed = figure.printed ? figure.printed->text.c_str() : nullptr;
  return 1;
}

template <class Evaluate>
komhen_table* held(const komhen_goals* goals, const komhen_cube* cube, const komhen_prices* prices,
                   std::int32_t unpriced_apart, Evaluate&& evaluate) {
  const bool apart = yes_or_no(unpriced_apart, "unpriced_apart");
  const Cube& now = at_rest(cube, "cube").cube();
  const std::optional<PriceList> list = prices == nullptr ? std::nullopt : std::optional{list_of(*prices)};
  std::vector<ValuedGoal> out;
  for (const Goal& goal : there(goals, "goals").goals) {
    ValuedGoal valued{evaluate(goal, now)};
    if (list) valued.value = value_of_goal(valued.result, now, *list, apart);
    out.push_back(std::move(valued));
  }
  Table shown = table_of(std::span<const ValuedGoal>{out});
  return new komhen_table{std::move(shown), std::move(out)};
}

}  // namespace
}  // namespace komhen::capi

using namespace komhen::capi;

const char* komhen_price_table_name(int64_t index) {
  if (index < 0 || index >= static_cast<int64_t>(komhen::kPriceTables.size())) return nullptr;
  return komhen::kPriceTables[static_cast<std::size_t>(index)].data();  // a literal: a NUL is behind it
}

komhen_status komhen_prices_load(const char* name_or_path, int64_t size, komhen_prices** out,
                                 komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_prices{komhen::load_prices(path(name_or_path, size, "name_or_path")), {}};
  });
}

komhen_status komhen_prices_parse(const char* toml, int64_t size, const char* name, int64_t name_size,
                                  komhen_prices** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_prices{
        komhen::parse_prices_toml(text(toml, size, "toml"), text(name, name_size, "name")), {}};
  });
}

komhen_status komhen_prices_parse_csv(const char* csv, int64_t size, const char* name, int64_t name_size,
                                      komhen_prices** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_prices{komhen::parse_prices_csv(text(csv, size, "csv"), text(name, name_size, "name")),
                             {}};
  });
}

komhen_status komhen_prices_choose(komhen_prices* prices, const char* source, int64_t source_size,
                                   int32_t year, const char* basis, int64_t basis_size, komhen_error* err) {
  return guarded(err, [&] {
    komhen_prices& into = there(prices, "prices");
    komhen::PriceChoice choice;
    if (const auto given = text(source, source_size, "source"); !given.empty()) choice.source = given;
    if (year != 0) choice.year = year;
    choice.basis = maybe_word<komhen::CostBasis>(basis, basis_size, "basis");
    static_cast<void>(into.table.choose(choice));
    into.choice = std::move(choice);
  });
}

komhen_status komhen_prices_table(const komhen_prices* prices, komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_table{komhen::table_of(there(prices, "prices").table), {}};
  });
}

void komhen_prices_free(komhen_prices* prices) {
  freeing(prices);
}

komhen_status komhen_query_level(komhen_query* query, int32_t kle, int32_t level, komhen_error* err) {
  return guarded(err, [&] {
    komhen_query& into = there(query, "query");
    const auto of = word<komhen::ServiceLevel>(level, "level");
    if (kle == 0) {
      into.level = of;
      return;
    }
    const auto task = komhen::KleNumber::from_digits(kle);
    if (!task) refuse("kle is " + std::to_string(kle) + ", which is no KLE number; 23.05.10 is 230510");
    into.levels[*task] = of;
  });
}

komhen_status komhen_cost(const komhen_cube* cube, const komhen_prices* prices, const komhen_query* query,
                          int32_t unpriced_apart, komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    const komhen_query& asked = there(query, "query");
    komhen::CostQuery told;
    told.by = asked.query.by;
    told.filters = asked.query.filters;
    told.tasks = asked.query.tasks;
    told.scheme = asked.query.scheme;
    told.raw = asked.query.raw;
    told.unpriced_apart = yes_or_no(unpriced_apart, "unpriced_apart");
    told.levels = asked.levels;
    told.level = asked.level;
    return table_handle(komhen::costs(at_rest(cube, "cube").cube(), list_of(there(prices, "prices")), told));
  });
}

komhen_status komhen_cost_of_move(const komhen_prices* prices, int64_t contacts, int32_t from_channel,
                                  int32_t to_channel, int32_t direction, const char* group,
                                  int64_t group_size, const char* level, int64_t level_size,
                                  komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    const auto way = maybe_number<komhen::Direction>(direction, "direction");
    const auto kind = maybe_word<komhen::Group>(group, group_size, "group");
    const auto of = maybe_word<komhen::ServiceLevel>(level, level_size, "level");
    const auto priced = [&](int32_t channel, const char* name) {
      const auto on = word<komhen::Channel>(channel, name);
      return komhen::PricedContact{on, way, kind, on == komhen::Channel::self_service ? of : std::nullopt};
    };
    return table_handle(komhen::move_contacts(list_of(there(prices, "prices")), contacts,
                                              priced(from_channel, "from_channel"),
                                              priced(to_channel, "to_channel")));
  });
}

komhen_status komhen_case_run(const char* file, int64_t size, komhen_case** out, komhen_error* err) {
  return komhen_case_run_with(file, size, nullptr, out, err);
}

komhen_status komhen_case_run_with(const char* file, int64_t size, const komhen_case_options* options,
                                   komhen_case** out, komhen_error* err) {
  return making(out, err, [&] {
    return case_handle(komhen::run_case(path(file, size, "path"), read_options(options)));
  });
}

komhen_status komhen_case_parse(const char* toml, int64_t size, const char* name, int64_t name_size,
                                const char* folder, int64_t folder_size, komhen_case** out,
                                komhen_error* err) {
  return komhen_case_parse_with(toml, size, name, name_size, folder, folder_size, nullptr, out, err);
}

komhen_status komhen_case_parse_with(const char* toml, int64_t size, const char* name, int64_t name_size,
                                     const char* folder, int64_t folder_size,
                                     const komhen_case_options* options, komhen_case** out,
                                     komhen_error* err) {
  return making(out, err, [&] {
    return case_handle(komhen::evaluate_case(text(toml, size, "toml"), text(name, name_size, "name"),
                                             text(folder, folder_size, "folder"), read_options(options)));
  });
}

const char* komhen_case_title(const komhen_case* business_case) {
  return business_case == nullptr ? nullptr : business_case->result.title.c_str();
}

int64_t komhen_case_figures(const komhen_case* business_case) {
  return business_case == nullptr ? 0 : static_cast<int64_t>(business_case->result.figures.size());
}

int32_t komhen_case_figure_at(const komhen_case* business_case, int64_t index, komhen_figure* out) {
  if (index < 0) clear(out);
  return index < 0 ? 0 : give_figure(business_case, static_cast<std::size_t>(index), out);
}

int32_t komhen_case_find(const komhen_case* business_case, const char* id, int64_t size, komhen_figure* out) {
  clear(out);
  return looked_up(int32_t{0}, [&] {
    const komhen_case& from = there(business_case, "business_case");
    const komhen::CaseFigure* found = from.result.figure(text(id, size, "id"));
    if (found == nullptr) return int32_t{0};
    return give_figure(&from, static_cast<std::size_t>(found - from.result.figures.data()), out);
  });
}

const char* komhen_case_warning(const komhen_case* business_case, int64_t index) {
  if (business_case == nullptr || index < 0 ||
      index >= static_cast<int64_t>(business_case->result.warnings.size()))
    return nullptr;
  return business_case->result.warnings[static_cast<std::size_t>(index)].c_str();
}

komhen_status komhen_case_explain(const komhen_case* business_case, const char* figure, int64_t size,
                                  komhen_buffer** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_buffer{
        komhen::explain(there(business_case, "business_case").result, text(figure, size, "figure"))};
  });
}

komhen_status komhen_case_json(const komhen_case* business_case, komhen_buffer** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_buffer{komhen::to_json(there(business_case, "business_case").result)};
  });
}

komhen_status komhen_case_table(const komhen_case* business_case, komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_table{komhen::table_of(there(business_case, "business_case").result), {}};
  });
}

void komhen_case_free(komhen_case* business_case) {
  freeing(business_case);
}

komhen_status komhen_baseline_freeze(const komhen_cube* cube, const char* tasks, int64_t tasks_size,
                                     const char* tasks_at, int64_t tasks_at_size, int32_t scheme,
                                     const char* date, int64_t date_size, komhen_baseline** out,
                                     komhen_error* err) {
  return making(out, err, [&] {
    const komhen::Cube& from = at_rest(cube, "cube").cube();
    const std::string name = path(tasks, tasks_size, "tasks");
    const std::string_view at = text(tasks_at, tasks_at_size, "tasks_at");
    const auto on = at.empty() ? std::nullopt : std::optional{day(at, "tasks_at")};
    const auto named = maybe_number<komhen::Scheme>(scheme, "scheme");
    const komhen::TaskSet set =
        komhen::is_dated_task_set(name) ? komhen::dated_task_set(name, on) : komhen::load_task_set(name);
    return new komhen_baseline{komhen::freeze(from, set, named ? *named : komhen::default_scheme(from),
                                              day(text(date, date_size, "date"), "date"))};
  });
}

komhen_status komhen_baseline_save(const komhen_baseline* baseline, const char* file, int64_t size,
                                   komhen_error* err) {
  return guarded(
      err, [&] { komhen::save_baseline(there(baseline, "baseline").baseline, path(file, size, "path")); });
}

komhen_status komhen_baseline_load(const char* file, int64_t size, komhen_baseline** out, komhen_error* err) {
  return making(out, err,
                [&] { return new komhen_baseline{komhen::load_baseline(path(file, size, "path"))}; });
}

const char* komhen_baseline_fingerprint(const komhen_baseline* baseline) {
  return baseline == nullptr ? nullptr : baseline->baseline.fingerprint.c_str();
}

komhen_status komhen_baseline_cube(const komhen_baseline* baseline, komhen_cube** out, komhen_error* err) {
  return making(out, err, [&] { return handle_of(there(baseline, "baseline").baseline.cube); });
}

komhen_status komhen_baseline_json(const komhen_baseline* baseline, komhen_buffer** out, komhen_error* err) {
  return making(out, err,
                [&] { return new komhen_buffer{komhen::to_json(there(baseline, "baseline").baseline)}; });
}

void komhen_baseline_free(komhen_baseline* baseline) {
  freeing(baseline);
}

komhen_status komhen_goals_load(const char* file, int64_t size, komhen_goals** out, komhen_error* err) {
  return making(out, err, [&] { return new komhen_goals{komhen::load_goals(path(file, size, "path"))}; });
}

komhen_status komhen_goals_parse(const char* toml, int64_t size, const char* name, int64_t name_size,
                                 komhen_goals** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_goals{komhen::parse_goals(text(toml, size, "toml"), text(name, name_size, "name"))};
  });
}

komhen_status komhen_goals_evaluate(const komhen_goals* goals, const komhen_cube* cube,
                                    const komhen_cube* before, const komhen_prices* prices,
                                    int32_t unpriced_apart, komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    const komhen::Cube* earlier = before == nullptr ? nullptr : &at_rest(before, "before").cube();
    return held(goals, cube, prices, unpriced_apart, [&](const komhen::Goal& goal, const komhen::Cube& now) {
      return komhen::evaluate_goal(goal, now, earlier);
    });
  });
}

komhen_status komhen_goals_against(const komhen_goals* goals, const komhen_cube* cube,
                                   const komhen_baseline* baseline, const komhen_prices* prices,
                                   int32_t unpriced_apart, komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    const komhen::Baseline& frozen = there(baseline, "baseline").baseline;
    return held(goals, cube, prices, unpriced_apart, [&](const komhen::Goal& goal, const komhen::Cube& now) {
      return komhen::evaluate_goal(goal, now, frozen);
    });
  });
}

void komhen_goals_free(komhen_goals* goals) {
  freeing(goals);
}

komhen_status komhen_waves_table(komhen_table** out, komhen_error* err) {
  return making(out, err, [] { return new komhen_table{komhen::wave_plan(), {}}; });
}

komhen_status komhen_waves_rank(const char* file, int64_t size, const komhen_cube* cube,
                                const komhen_prices* prices, int32_t scheme, int32_t unpriced_apart,
                                komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    const bool apart = yes_or_no(unpriced_apart, "unpriced_apart");
    std::vector<komhen::RankedTask> ranked = komhen::rank_tasks(
        komhen::load_wave(path(file, size, "path")), at_rest(cube, "cube").cube(),
        list_of(there(prices, "prices")), maybe_number<komhen::Scheme>(scheme, "scheme"), apart);
    komhen::Table shown = komhen::table_of(std::span<const komhen::RankedTask>{ranked});
    return new komhen_table{std::move(shown), std::move(ranked)};
  });
}
