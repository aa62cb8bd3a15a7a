#include "komhen/measure/measure.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "komhen/detail/hash.hpp"
#include "komhen/detail/interner.hpp"
#include "komhen/registration/encoding.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/taxonomy/task.hpp"
#include "posix_file.hpp"

namespace komhen {
namespace {

using detail::quoted;

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorKind::argument, sentence);
}

template <Worded E>
std::string known_words() {
  std::string out;
  for (const auto& word : kWords<E>) out += (out.empty() ? "" : ", ") + std::string{word.token};
  return out;
}

std::string known_groups(Scheme scheme) {
  std::string out;
  for (const Group group : groups_of(scheme)) out += std::string{token(group)} + ", ";
  return out;
}

/// The texts of one label dimension, so that they too can be compared and sorted as numbers.
class Ranks {
 public:
  static constexpr std::int64_t kNone = -1;  ///< the rank of a text that no cell has

  void note_all(const Cube& cube, std::string_view Registration::*label) {
    cube.for_each([&](const Registration& cell) {
      const std::string_view text = cell.*label;
      if (of_cell(text) == kNone) {
        texts_.emplace(text, 0);
        seen_ = {};
      }
    });
    seen_ = {};
    std::int64_t next = 0;
    for (auto& [text, rank] : texts_) {
      rank = next++;
      by_rank_.push_back(text);
    }
  }
  [[nodiscard]] std::int64_t of(std::string_view text) const {
    const auto found = texts_.find(text);
    return found == texts_.end() ? kNone : found->second;
  }
  /// The same of a label of the cube, which has each of its labels once: where it lies is remembered.
  [[nodiscard]] std::int64_t of_cell(std::string_view label) const {
    const std::size_t place = std::hash<const char*>{}(label.data()) / alignof(std::max_align_t);
    Seen& seen = seen_[place % seen_.size()];
    if (!seen.known || seen.label.data() != label.data() || seen.label.size() != label.size())
      seen = {label, of(label), true};
    return seen.rank;
  }
  [[nodiscard]] int bits() const { return static_cast<int>(std::bit_width(by_rank_.size())); }
  [[nodiscard]] std::string_view text(std::int64_t rank) const {
    return by_rank_[static_cast<std::size_t>(rank)];
  }

 private:
  struct Seen {
    std::string_view label;
    std::int64_t rank = kNone;
    bool known = false;
  };
  std::map<std::string, std::int64_t, std::less<>> texts_;
  std::vector<std::string_view> by_rank_;
  mutable std::array<Seen, 64> seen_{};
};

/// Whether a query looks at the values of a dimension.
bool names(const Query& query, Dimension dimension) {
  return std::ranges::find(query.by, dimension) != query.by.end() ||
         std::ranges::find(query.filters, dimension, &Filter::dimension) != query.filters.end();
}

/// A cube seen through a scheme, its rules, filters and task set.
class View {
 public:
  View(const Cube& cube, const Query& query)
      : cube_{cube}, tasks_{query.tasks}, scheme_{query.scheme ? *query.scheme : default_scheme(cube)} {
    if (!query.raw)
      for (const Round& round : cube.rounds())
        for (const Reclassification& rule : round.rules) rules_.push_back(&rule);
    // Ranking the labels is a pass over the cube, which most queries can do without.
    if (names(query, Dimension::source)) sources_.note_all(cube, &Registration::source);
    if (names(query, Dimension::unit)) units_.note_all(cube, &Registration::unit);
    for (const Filter& filter : query.filters) {
      auto& values = filters_[{filter.dimension, filter.without}];
      for (const std::string& value : filter.values) {
        const std::int64_t number = number_of(filter.dimension, value);
        values.insert(number);
        if (number == Ranks::kNone)
          notes_.push_back("no contact has the " + std::string{token(filter.dimension)} + " " +
                           quoted(value) + "; labels are compared byte by byte");
      }
    }
  }

  [[nodiscard]] Scheme scheme() const noexcept { return scheme_; }
  /// What a person should know of the filters, a sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }
  [[nodiscard]] bool filters_by(Dimension dimension) const {
    return filters_.contains({dimension, false}) || filters_.contains({dimension, true});
  }
  /// Whether the filters let this value of a dimension through.
  [[nodiscard]] bool lets_through(Dimension dimension, std::int64_t number) const {
    const auto with = filters_.find({dimension, false});
    const auto without = filters_.find({dimension, true});
    return (with == filters_.end() || with->second.contains(number)) &&
           (without == filters_.end() || !without->second.contains(number));
  }

  /// Calls `visit(cell, registered)` for each cell that passes: with its type as it is measured, and as it
  /// was registered.
  template <class Visit>
  void for_each(Visit&& visit) const {
    cube_.for_each([&](Registration cell) {
      const ContactType registered = cell.type;
      for (const Reclassification* rule : rules_) {
        if (!rule->applies(cell.source, cell.task, cell.type, cell.week)) continue;
        cell.type = rule->to;
        break;
      }
      if (tasks_.only && !std::ranges::binary_search(*tasks_.only, cell.task)) return;
      for (const auto& [what, values] : filters_)
        if (values.contains(number_of(what.first, cell)) == what.second) return;
      visit(cell, registered);
    });
  }

  [[nodiscard]] std::int64_t number_of(Dimension dimension, const Registration& cell) const {
    switch (dimension) {
      case Dimension::municipality:
        return cell.municipality.code();
      case Dimension::week:
        return cell.week.digits();
      case Dimension::task:
        return cell.task.digits();
      case Dimension::main_group:
        return cell.task.main_group();
      case Dimension::channel:
        return static_cast<std::int64_t>(cell.channel);
      case Dimension::type:
        return static_cast<std::int64_t>(cell.type);
      case Dimension::group:
        return static_cast<std::int64_t>(group_of(scheme_, cell.type));
      case Dimension::direction:
        return static_cast<std::int64_t>(cell.direction);
      case Dimension::closure:
        return static_cast<std::int64_t>(cell.closure);
      case Dimension::form:
        return static_cast<std::int64_t>(cell.form);
      case Dimension::source:
        return sources_.of_cell(cell.source);
      case Dimension::unit:
        break;
    }
    return units_.of_cell(cell.unit);
  }

  /// How many bits the numbers of a dimension take.
  [[nodiscard]] int bits_of(Dimension dimension) const {
    switch (dimension) {
      case Dimension::municipality:
        return 10;
      case Dimension::week:
        return 18;
      case Dimension::task:
        return 20;
      case Dimension::main_group:
        return 7;
      case Dimension::channel:
      case Dimension::type:
      case Dimension::group:
        return 4;
      case Dimension::direction:
      case Dimension::closure:
      case Dimension::form:
        return 2;
      case Dimension::source:
        return sources_.bits();
      case Dimension::unit:
        break;
    }
    return units_.bits();
  }

  [[nodiscard]] DimensionValue value_of(Dimension dimension, std::int64_t number) const {
    return {dimension, number, text_of(dimension, number)};
  }

 private:
  template <Worded E>
  static std::int64_t word_number(Dimension dimension, const std::string& text) {
    const auto value = from_text<E>(text);
    if (!value)
      refuse(quoted(text) + " is no " + std::string{token(dimension)} + "; there are " + known_words<E>());
    return static_cast<std::int64_t>(*value);
  }

  /// The number of a value that a filter names. @throws Error (argument).
  [[nodiscard]] std::int64_t number_of(Dimension dimension, const std::string& text) const {
    switch (dimension) {
      case Dimension::municipality:
        if (const auto municipality = Municipality::from_text(text)) return municipality->code();
        refuse(quoted(text) + " is no municipality; give its code or name");
      case Dimension::week:
        if (const auto week = Week::parse(text)) return week->digits();
        refuse(quoted(text) + " is no week; a week reads like 2012-W17");
      case Dimension::task:
        if (const auto task = KleNumber::parse(text)) return task->digits();
        refuse(quoted(text) + " is no task; a KLE number reads like 23.05.10");
      case Dimension::main_group:
        if (text.size() == 2 && text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9')
          return (text[0] - '0') * 10 + (text[1] - '0');
        refuse(quoted(text) + " is no main group; it is two digits, like 23");
      case Dimension::channel:
        return word_number<Channel>(dimension, text);
      case Dimension::type:
        return word_number<ContactType>(dimension, text);
      case Dimension::group:
        if (const auto group = group_from_text(scheme_, text)) return static_cast<std::int64_t>(*group);
        refuse(quoted(text) + " is no group of the scheme " + std::string{token(scheme_)} + "; there are " +
               known_groups(scheme_).substr(0, known_groups(scheme_).size() - 2));
      case Dimension::direction:
        return word_number<Direction>(dimension, text);
      case Dimension::closure:
        return word_number<Closure>(dimension, text);
      case Dimension::form:
        return word_number<AttachedForm>(dimension, text);
      case Dimension::source:
        return sources_.of(text);
      case Dimension::unit:
        break;
    }
    return units_.of(text);
  }

  [[nodiscard]] std::string text_of(Dimension dimension, std::int64_t number) const {
    const auto word = [&]<class E>(E) { return std::string{token(static_cast<E>(number))}; };
    switch (dimension) {
      case Dimension::municipality:
        return std::to_string(number);
      case Dimension::week:
        return Week::from_iso(static_cast<int>(number / 100), static_cast<int>(number % 100))->text();
      case Dimension::task:
        return KleNumber::from_digits(number)->text();
      case Dimension::main_group:
        return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
      case Dimension::channel:
        return word(Channel{});
      case Dimension::type:
        return word(ContactType{});
      case Dimension::group:
        return word(Group{});
      case Dimension::direction:
        return word(Direction{});
      case Dimension::closure:
        return word(Closure{});
      case Dimension::form:
        return word(AttachedForm{});
      case Dimension::source:
        return std::string{sources_.text(number)};
      case Dimension::unit:
        break;
    }
    return std::string{units_.text(number)};
  }

  const Cube& cube_;
  std::vector<std::string> notes_;
  const TaskSet& tasks_;
  Scheme scheme_;
  std::vector<const Reclassification*> rules_;
  std::map<std::pair<Dimension, bool>, std::set<std::int64_t>> filters_;  ///< (dimension, without) -> values
  Ranks sources_;
  Ranks units_;
};

bool in_set(DigitalSet set, Channel channel) noexcept {
  switch (channel) {
    case Channel::self_service:
      return set != DigitalSet::dispatch;
    case Channel::digital_post:
    case Channel::remote_print:
      return set != DigitalSet::narrow;
    case Channel::website:
    case Channel::sms:
    case Channel::system:
      return set == DigitalSet::effective || set == DigitalSet::broad;
    case Channel::email:
    case Channel::social_media:
      return set == DigitalSet::broad;
    case Channel::telephone:
    case Channel::in_person:
    case Channel::letter:
      break;
  }
  return false;
}

bool has(const std::vector<Dimension>& by, Dimension dimension) {
  return std::ranges::find(by, dimension) != by.end();
}

/// What one cell adds to its row: numerator, denominator and the extras.
struct Part {
  bool numerator = false;
  bool denominator = false;
  int extra = -1;
};

/// The dimension that a measure measures: a filter on it would measure the filter.
std::optional<Dimension> measured(const Query& query) {
  switch (query.measure) {
    case Measure::contacts:
      return std::nullopt;
    case Measure::mix:
      return query.by.back();
    case Measure::self_service:
    case Measure::digital:
      return Dimension::channel;
    case Measure::first_contact_closure:
      return Dimension::closure;
    case Measure::form_share:
      break;
  }
  return Dimension::form;
}

/// Refuses what cannot be measured, in one sentence.
void check(const Query& query, const View& view) {
  const std::string name{token(query.measure)};
  std::set<Dimension> once;
  for (const Dimension dimension : query.by)
    if (!once.insert(dimension).second)
      refuse("the dimension " + std::string{token(dimension)} + " is named twice");
  const auto own = measured(query);
  if (own && view.filters_by(*own))
    refuse(name + " refuses a filter on " + std::string{token(*own)} + ", the dimension that it measures");
  if (query.measure == Measure::self_service &&
      !view.lets_through(Dimension::direction, static_cast<std::int64_t>(Direction::incoming)))
    refuse("self_service counts incoming contacts, and the filter on direction lets none through");
  if (query.measure != Measure::self_service && query.basis != "application")
    refuse(name + " has no basis; only self_service has one");
  if (query.measure != Measure::digital && query.set) refuse(name + " has no set; only digital has one");
  if (query.measure == Measure::digital) {
    if (!query.set) refuse("digital needs a set; there are " + known_words<DigitalSet>());
    if (!has(query.by, Dimension::direction) && !view.filters_by(Dimension::direction))
      refuse(
          "digital needs a direction: a filter such as direction=outgoing, or direction among the "
          "dimensions");
  }
}

/// What the cells of a row add up to.
struct Sums {
  Share share;
  std::array<std::int64_t, 3> extras{};
};

/// A row's values as one number, so that rows are found and sorted by numbers. All twelve dimensions take at
/// most 73 bits, and labels as many as their ranks need.
class KeyPlan {
 public:
  KeyPlan(const std::vector<Dimension>& by, const View& view) : by_{by}, view_{view} {
    for (const Dimension dimension : by) bits_.push_back(view.bits_of(dimension));
  }

  [[nodiscard]] detail::Wide key_of(const Registration& cell) const {
    detail::Wide key = 0;
    for (std::size_t i = 0; i < by_.size(); ++i)
      key = key << bits_[i] | static_cast<std::uint64_t>(view_.number_of(by_[i], cell));
    return key;
  }
  [[nodiscard]] detail::Wide without_last(detail::Wide key) const { return key >> bits_.back(); }
  [[nodiscard]] std::vector<DimensionValue> values(detail::Wide key) const {
    std::vector<DimensionValue> out(by_.size());
    for (std::size_t i = by_.size(); i-- > 0;) {
      const auto number = static_cast<std::int64_t>(key & ((detail::Wide{1} << bits_[i]) - 1));
      out[i] = view_.value_of(by_[i], number);
      key >>= bits_[i];
    }
    return out;
  }

 private:
  const std::vector<Dimension>& by_;
  const View& view_;
  std::vector<int> bits_;
};

/// Sums by key; the rows stand close together, in the order in which their keys were met.
class SumsTable {
 public:
  struct Row {
    detail::Wide key;
    Sums sums;
  };

  Sums& at(detail::Wide key) {
    const std::uint32_t place = places_.number_of(key);
    if (place == rows_.size()) rows_.push_back({key, {}});
    return rows_[place].sums;
  }
  [[nodiscard]] std::vector<Row> sorted() {
    std::ranges::sort(rows_, {}, &Row::key);
    return std::move(rows_);
  }

 private:
  detail::Interner<detail::Wide, detail::Wide> places_;
  std::vector<Row> rows_;
};

}  // namespace

Scheme default_scheme(const Cube& cube) {
  const auto rounds = cube.rounds();
  if (rounds.empty()) return Scheme::kl_2012;
  for (const Round& round : rounds)
    if (round.scheme != rounds.front().scheme)
      refuse("the rounds " + quoted(rounds.front().id) + " and " + quoted(round.id) +
             " have different schemes; name one with --scheme");
  return rounds.front().scheme;
}

Cube filtered(const Cube& cube, const Query& query) {
  Query asked = query;
  const bool by_group = std::ranges::any_of(
      query.filters, [](const Filter& filter) { return filter.dimension == Dimension::group; });
  if (!asked.scheme && !by_group) asked.scheme = Scheme::kl_2012;  // no filter looks at it
  Cube out;
  for (const Round& round : cube.rounds()) out.note_round(round);
  View{cube, asked}.for_each([&](Registration cell, ContactType registered) {
    cell.type = registered;
    out.add(cell);
  });
  return out;
}

Cube rolled_up(const Cube& cube, std::span<const Dimension> away) {
  const auto forgets = [&](Dimension dimension) { return std::ranges::find(away, dimension) != away.end(); };
  for (const Dimension dimension : away)
    if (dimension != Dimension::closure && dimension != Dimension::form && dimension != Dimension::source &&
        dimension != Dimension::unit)
      refuse("a cube cannot do without " + std::string{token(dimension)} +
             "; closure, form, source and unit can be rolled up");
  Cube out;
  for (const Round& round : cube.rounds()) {
    if (forgets(Dimension::source) && !round.rules.empty())
      refuse("the round " + quoted(round.id) +
             " has reclassification rules, which go by source; its contacts cannot be rolled up over it");
    out.note_round(round);
  }
  cube.for_each([&](Registration cell) {
    if (forgets(Dimension::closure)) cell.closure = Closure::not_stated;
    if (forgets(Dimension::form)) cell.form = AttachedForm::not_stated;
    if (forgets(Dimension::source)) cell.source = {};
    if (forgets(Dimension::unit)) cell.unit = {};
    out.add(cell);
  });
  return out;
}

TaskSet load_task_set(const std::string& name_or_path) {
  if (name_or_path == "all") return {};
  TaskSet set{name_or_path, std::vector<KleNumber>{}};
  if (name_or_path == "kl-35") {
    for (const Task& task : kTasks) set.only->push_back(task.kle);
    return set;
  }
  if (name_or_path.find_first_of("/.") == std::string::npos &&
      !detail::is_same_file(name_or_path, name_or_path))
    refuse("there is no task set " + quoted(name_or_path) + "; there are all, kl-35 or the path of a file");
  const std::string text = detail::read_file(name_or_path, std::size_t{16} << 20U);
  set.name = detail::shown(name_or_path.substr(name_or_path.find_last_of('/') + 1));
  if (set.name == "all" || set.name == "kl-35")
    set.name = detail::shown(name_or_path);  // not the built-in one
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    word = word.substr(0, word.find('#'));
    if (!word.empty() && word.back() == '\r') word.remove_suffix(1);
    word = detail::trimmed(word);
    if (word.empty()) continue;
    const auto task = KleNumber::parse(word);
    if (!task)
      throw Error(ErrorKind::format,
                  "in " + quoted(name_or_path) + ", line " + std::to_string(line) + ", " + quoted(word) +
                      " is no KLE number; one reads like 23.05.10",
                  line);
    set.only->push_back(*task);
  }
  if (set.only->empty())
    throw Error(ErrorKind::format, "the task set " + quoted(name_or_path) + " names no task");
  std::ranges::sort(*set.only);
  return set;
}

MeasureTable measure(const Cube& cube, const Query& query) {
  if (query.measure == Measure::mix && query.by.empty())
    refuse("mix needs a dimension: the last one named is the one whose mix it is");
  const View view{cube, query};
  check(query, view);

  MeasureTable table{query.measure, query.by, query.tasks.name, view.scheme(), "", std::nullopt, {}, {},
                     view.notes(),  false};
  std::optional<Group> basis;
  if (query.measure == Measure::self_service) {
    table.basis = query.basis;
    if (query.basis != "all") {
      basis = group_from_text(view.scheme(), query.basis);
      if (!basis)
        refuse(quoted(query.basis) + " is no basis under the scheme " + std::string{token(view.scheme())} +
               "; there are " + known_groups(view.scheme()) + "all");
    }
  }
  if (query.measure == Measure::digital) table.set = query.set;
  if (query.measure == Measure::first_contact_closure) table.extras = {"not_stated"};
  if (query.measure == Measure::form_share) table.extras = {"paper", "digital", "not_stated"};

  const bool direction_given = has(query.by, Dimension::direction) || view.filters_by(Dimension::direction);
  const bool incoming_only =
      query.measure == Measure::self_service ||
      ((query.measure == Measure::mix || query.measure == Measure::first_contact_closure) &&
       !direction_given);
  table.incoming = incoming_only;

  const auto part_of = [&](const Registration& cell) -> Part {
    switch (query.measure) {
      case Measure::contacts:
      case Measure::mix:
        return {true, true};
      case Measure::self_service: {
        const bool counts = !basis || group_of(view.scheme(), cell.type) == *basis;
        return {counts && cell.channel == Channel::self_service, counts};
      }
      case Measure::digital: {
        const bool in = in_set(*query.set, cell.channel);
        return {in, in || query.set != DigitalSet::dispatch || cell.channel == Channel::letter};
      }
      case Measure::first_contact_closure:
        if (cell.closure == Closure::not_stated) return {false, false, 0};
        return {cell.closure == Closure::closed, true};
      case Measure::form_share:
        break;
    }
    if (cell.form == AttachedForm::not_stated) return {false, false, 2};
    const bool with = cell.form != AttachedForm::none;
    return {with, true, !with ? -1 : cell.form == AttachedForm::paper ? 0 : 1};
  };

  const KeyPlan plan{query.by, view};
  SumsTable found;
  view.for_each([&](const Registration& cell, ContactType) {
    if (incoming_only && cell.direction != Direction::incoming) return;
    Sums& sums = found.at(plan.key_of(cell));
    const Part part = part_of(cell);
    if (part.numerator) sums.share.numerator += cell.count;
    if (part.denominator) sums.share.denominator += cell.count;
    if (part.extra >= 0) sums.extras[static_cast<std::size_t>(part.extra)] += cell.count;
  });

  const std::vector<SumsTable::Row> rows = found.sorted();
  // Of mix: the denominators, by the other dimensions. The last one is the lowest bits of the key.
  std::map<detail::Wide, std::int64_t> wholes;
  const auto whole = [&](detail::Wide key) -> std::int64_t& { return wholes[plan.without_last(key)]; };
  if (query.measure == Measure::mix)
    for (const auto& [key, sums] : rows) whole(key) += sums.share.numerator;

  table.rows.reserve(rows.size());
  for (const auto& [key, sums] : rows) {
    MeasureRow row;
    row.key = plan.values(key);
    row.share = sums.share;
    if (query.measure == Measure::contacts) row.share.denominator = 1;
    if (query.measure == Measure::mix) row.share.denominator = whole(key);
    row.extras.assign(sums.extras.begin(),
                      sums.extras.begin() + static_cast<std::ptrdiff_t>(table.extras.size()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace komhen
