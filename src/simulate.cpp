#include "komhen/simulate/simulate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>

#include "komhen/error.hpp"
#include "komhen/round/scheme.hpp"
#include "komhen/taxonomy/attached_form.hpp"
#include "komhen/taxonomy/closure.hpp"
#include "simulate_plan.hpp"

namespace komhen {
namespace {

using detail::Cell;
using detail::Generator;
using detail::Slot;

/// Contacts of every cell that are not written yet. Finding and taking one takes as many steps as the number
/// of cells has binary digits (a Fenwick tree), so the rows need no array.
class Urn {
 public:
  explicit Urn(const std::vector<Cell>& cells) : top_{std::bit_ceil(cells.size() + 1)}, tree_(top_ + 1) {
    for (std::size_t i = 1; i <= top_; ++i) {
      if (i <= cells.size()) tree_[i] += cells[i - 1].contacts;
      if (const std::size_t parent = i + (i & (0 - i)); parent <= top_) tree_[parent] += tree_[i];
    }
  }

  /// A cell, each by the contacts that it has left. There must be one left.
  [[nodiscard]] std::size_t draw(Generator& generator) const noexcept {
    std::int64_t ticket = generator.below(tree_[top_]);
    std::size_t place = 0;
    for (std::size_t step = top_ / 2; step > 0; step /= 2) {
      if (tree_[place + step] > ticket) continue;
      place += step;
      ticket -= tree_[place];
    }
    return place;
  }

  void take(std::size_t cell) noexcept {
    for (std::size_t i = cell + 1; i <= top_; i += i & (0 - i)) --tree_[i];
  }

 private:
  std::size_t top_;  ///< a power of two, so tree_[top_] is the sum
  std::vector<std::int64_t> tree_;
};

/// One of a few words, by hundredths.
struct Chances {
  std::array<std::string_view, 4> words;
  std::array<std::uint8_t, 3> hundredths;  ///< of the first words; the last has the rest

  /// @param bits  16 random ones.
  [[nodiscard]] std::string_view pick(std::uint64_t bits) const noexcept {
    auto left = static_cast<int>((bits & 0xFFFFU) * 100 >> 16U);
    for (std::size_t i = 0; i < hundredths.size(); ++i) {
      if (left < hundredths[i]) return words[i];
      left -= hundredths[i];
    }
    return words.back();
  }
};

/// What the rows of a cell have in common, ready to write.
struct Line {
  std::string kind;    ///< `;task;channel;type;direction;`
  std::string source;  ///< `;source;`
  std::string_view unit;
  Chances closure, form;
  bool self_service;
};

Line line_of(const Cell& cell) {
  const detail::ChannelModel& channel = detail::kChannelModels[static_cast<std::size_t>(cell.channel) - 1];
  Line line;
  line.kind = ";" + cell.task.text();
  for (const std::string_view word : {token(cell.channel), token(cell.type), token(cell.direction)})
    (line.kind += ';') += word;
  line.kind += ';';
  constexpr std::array<std::string_view, 3> kSources{"upload", "manual", "nemrefusion"};
  (line.source = ";synthetic:") += kSources[static_cast<std::size_t>(cell.source)];
  line.source += ';';
  line.unit = detail::unit_of(cell.task);
  const bool incoming = cell.direction == Direction::incoming;
  line.closure = {{token(Closure::closed), token(Closure::put_aside), "", ""},
                  {incoming ? channel.closed : detail::kOutgoingClosed,
                   incoming ? channel.put_aside : detail::kOutgoingPutAside, 0}};
  const bool application = incoming && group_of(Scheme::kl_2012, cell.type) == Group::application;
  line.form = {{token(AttachedForm::none), token(AttachedForm::paper), token(AttachedForm::digital), ""}, {}};
  if (application)
    line.form.hundredths = {channel.none, channel.paper, channel.digital};
  else
    line.form.hundredths = {detail::kNoForm, 0, 0};
  line.self_service = incoming && cell.channel == Channel::self_service;
  return line;
}

/// `657;2012-04-23`, for the hundredths of a week.
std::array<std::string, 100> starts_of(const Slot& slot) {
  std::array<std::string, 100> out;
  std::size_t next = 0;
  for (std::size_t day = 0; day < detail::kDays.size(); ++day) {
    std::chrono::sys_days date = slot.week.monday() + std::chrono::days{day};
    if (date == detail::kHoliday) date -= std::chrono::days{1};
    const std::chrono::year_month_day parts{date};
    const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    const std::string text =
        std::to_string(slot.municipality.code()) + ";" + std::to_string(static_cast<int>(parts.year())) +
        "-" + two(static_cast<unsigned>(parts.month())) + "-" + two(static_cast<unsigned>(parts.day()));
    for (std::int64_t i = 0; i < detail::kDays[day]; ++i) out[next++] = text;
  }
  return out;
}

std::vector<std::string> assumptions_of(const detail::RoundModel& model) {
  std::vector<std::string> out{
      "No contact in the file was counted: the rows were made to hold the printed figures, and every "
      "source begins with synthetic:.",
      "How many contacts each task has is made up: no source prints volumes, only that the shares weigh up "
      "to the printed total; in small rounds the smallest tasks are larger, so that they can hold their "
      "shares.",
      "Exact shares lie where all printed changes between 2011-autumn and 2012-spring hold; the sources "
      "print whole per cents.",
      "The tasks beyond the 35 are a choice of KLE numbers, and their volumes are made up.",
      "The incoming share, case information and website visits are held both on the 35 tasks and on all "
      "tasks, as the source does not say which it means.",
      "Which municipalities took part, in which weeks, and how large they are, is drawn from the seed; "
      "four large cities and four islands are told apart, no population figures are behind it.",
      "Self-service differs between municipalities by the seed alone.",
      "Channels other than self-service and website, all outgoing contacts, closures, forms, units and "
      "weekdays are made up.",
      "Contacts on self-service, website, Digital Post, remote print, SMS and systems came by upload; the "
      "rest was counted by hand as often as the share of uploads takes.",
  };
  if (model.nemrefusion) {
    out.emplace_back(
        "The incoming share is made up between 65 and 67 per cent: the source says only that it is above "
        "62.");
    out.emplace_back(
        "The share of 29.03.04, which was withheld, lies between 31 and 35 per cent, so that the total "
        "holds with and without it.");
    out.emplace_back(
        "Of the self-service on 32.30.04, 32.30.08 and 32.30.12 so much is NemRefusion's that the rest "
        "gives about the share of autumn 2011.");
    out.emplace_back(
        "Housing benefit (32.06.08) has more case information by self-service than other tasks, as if its "
        "calculator were counted so; the source does not say what its hits became.");
  } else {
    out.emplace_back(
        "All 78 municipalities count all three weeks; the number is dknyt's, the weeks of each are not "
        "printed.");
    out.emplace_back("The number of rows is the caller's: no source prints it for this round.");
    out.emplace_back(
        "Self-service of 15 per cent of incoming contacts on the 35 tasks and 4 per cent of all, 60 per "
        "cent uploaded, and website and case information as in 2012-spring are made up.");
    out.emplace_back(
        "All self-service applications for housing benefit (32.06.08) are new cases, as the calculator's "
        "hits were counted.");
  }
  return out;
}

}  // namespace

std::int64_t simulate_minimum(std::string_view round) {
  return detail::model_of(round).minimum;
}

SimulatedRound simulate(const SimulateOptions& options, const std::function<void(std::string_view)>& write) {
  const detail::RoundModel& model = detail::model_of(options.round);
  // The number asked for is not repeated: whatever the caller gave instead of it could be personal.
  if (options.rows < model.minimum)
    throw Error{ErrorKind::argument, std::string{model.id} + " needs at least " +
                                         std::to_string(model.minimum) + " rows to hold its printed shares"};
  if (options.rows > kSimulateMaximum)
    throw Error{ErrorKind::argument,
                "a simulated round has at most " + std::to_string(kSimulateMaximum) + " rows"};

  Generator generator{options.seed};
  const detail::Plan plan = detail::plan_round(model, options.rows, generator);
  std::vector<Line> lines;
  for (const Cell& cell : plan.cells) lines.push_back(line_of(cell));
  Urn urn{plan.cells};

  constexpr std::size_t kPiece = 65'536;
  std::string piece = "municipality;date;kle;channel;type;direction;closure;form;source;unit";
  piece += options.event_ids ? ";event_id\n" : "\n";
  piece.reserve(kPiece + 1024);
  // Every number of an id follows a letter, so none can look like a personal number.
  const std::string event =
      ";" + options.round + "-s" + std::to_string(options.seed) + "-n" + std::to_string(options.rows) + "-e";
  SimulatedRound out{{}, assumptions_of(model), 0};
  for (const Slot& slot : plan.slots) {
    out.participation.declare(slot.municipality, slot.week);
    const auto starts = starts_of(slot);
    for (std::int64_t row = 0; row < slot.rows; ++row) {
      std::size_t cell = urn.draw(generator);
      const std::uint64_t bits = generator.next();
      const auto hundredth = static_cast<std::int64_t>((bits >> 34U & 0x3FFFU) * 100 >> 14U);
      if (hundredth < (lines[cell].self_service ? -slot.eagerness : slot.eagerness)) {
        const std::size_t other = urn.draw(generator);
        if (lines[other].self_service != lines[cell].self_service) cell = other;
      }
      urn.take(cell);
      const Line& line = lines[cell];
      piece += starts[(bits >> 48U) * 100 >> 16U];
      piece += line.kind;
      piece += line.closure.pick(bits);
      piece += ';';
      piece += line.form.pick(bits >> 16U);
      piece += line.source;
      piece += (bits >> 32U) % 4 == 0 ? detail::kFrontUnit : line.unit;
      ++out.rows;
      if (options.event_ids) (piece += event) += std::to_string(out.rows);
      piece += '\n';
      if (piece.size() < kPiece) continue;
      write(piece);
      piece.clear();
    }
  }
  if (!piece.empty()) write(piece);
  return out;
}

}  // namespace komhen
