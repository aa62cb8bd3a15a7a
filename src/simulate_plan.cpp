#include "simulate_plan.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "komhen/error.hpp"
#include "komhen/measure/published.hpp"
#include "komhen/round/round.hpp"
#include "simulate_applications.hpp"

namespace komhen::detail {
namespace {

/// Draws a share up to `wobble` hundredths of a per cent beside a whole per cent, and takes it of a total.
std::int64_t about(std::int64_t total, std::int64_t per_cent, std::int64_t wobble, Generator& generator) {
  return part_of(total, 100 * per_cent + generator.between(-wobble, wobble));
}

using Weights = std::vector<std::int64_t>;

/// One of the proportions of every channel.
Weights channels(std::int64_t ChannelModel::*column) {
  Weights out;
  for (const ChannelModel& row : kChannelModels) out.push_back(row.*column);
  return out;
}

/// The cells of a round as they come into being.
class Cells {
 public:
  explicit Cells(Generator& generator) noexcept : generator_{&generator} {}

  void add(KleNumber task, Channel channel, ContactType type, Direction direction, SimulatedSource source,
           std::int64_t contacts) {
    if (contacts > 0) cells_.push_back({task, channel, type, direction, source, contacts});
  }

  /// Contacts of one channel and type over tasks.
  void over_tasks(std::int64_t contacts, std::span<const KleNumber> tasks,
                  std::span<const std::int64_t> weights, Channel channel, ContactType type,
                  Direction direction) {
    const auto parts = spread(contacts, weights, *generator_);
    for (std::size_t i = 0; i < tasks.size(); ++i)
      add(tasks[i], channel, type, direction, SimulatedSource::upload, parts[i]);
  }

  /// Contacts of one type over channels and tasks.
  void over_channels(std::int64_t contacts, std::int64_t ChannelModel::*column,
                     std::span<const KleNumber> tasks, std::span<const std::int64_t> weights,
                     ContactType type, Direction direction) {
    const auto parts = spread(contacts, channels(column), *generator_);
    for (std::size_t i = 0; i < parts.size(); ++i)
      over_tasks(parts[i], tasks, weights, kChannelModels[i].channel, type, direction);
  }

  /// Counts so many contacts of the channels that allow it by hand, and gives up the cells.
  std::vector<Cell> take(std::int64_t by_hand) {
    Weights possible;
    for (const Cell& cell : cells_)
      possible.push_back(kChannelModels[static_cast<std::size_t>(cell.channel) - 1].by_hand ? cell.contacts
                                                                                            : 0);
    const auto parts = spread(by_hand, possible, *generator_);
    std::vector<Cell> out;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      Cell cell = cells_[i];
      cell.contacts -= parts[i];
      if (cell.contacts > 0) out.push_back(cell);
      cell.contacts = parts[i];
      cell.source = SimulatedSource::manual;
      if (cell.contacts > 0) out.push_back(cell);
    }
    return out;
  }

 private:
  Generator* generator_;
  std::vector<Cell> cells_;
};

/// The 35 tasks, or those beyond them, with their volumes.
struct Part {
  std::vector<KleNumber> tasks;
  Weights weights;               ///< how many contacts
  Weights self_service_weights;  ///< how many contacts by self-service that are not applications
};

/// Incoming contacts that are neither applications nor settled: case information and information, the
/// self-service and the website among them.
void add_other_types(const RoundModel& model, const Part& part, std::int64_t case_information,
                     std::int64_t information, std::int64_t self_service, Cells& cells,
                     Generator& generator) {
  const auto incoming = Direction::incoming;
  const std::int64_t advice =
      std::min(self_service / 8, information / 50);  // guidance read within a solution
  cells.over_tasks(self_service - advice, part.tasks, part.self_service_weights, Channel::self_service,
                   ContactType::case_information, incoming);
  cells.over_tasks(advice, part.tasks, part.self_service_weights, Channel::self_service,
                   ContactType::guidance, incoming);
  cells.over_channels(case_information - (self_service - advice), &ChannelModel::case_information, part.tasks,
                      part.weights, ContactType::case_information, incoming);

  const std::int64_t website = about(information, model.website, 10, generator);
  const auto on_website = spread(website, kWebsiteTypes, generator);
  const auto elsewhere = spread(information - website - advice, kInformationTypes, generator);
  for (std::size_t i = 0; i < on_website.size(); ++i) {
    const auto type = static_cast<ContactType>(i + 1);
    cells.over_tasks(on_website[i], part.tasks, part.weights, Channel::website, type, incoming);
    cells.over_channels(elsewhere[i], &ChannelModel::information, part.tasks, part.weights, type, incoming);
  }
}

/// Of a task's applications by self-service, those that NemRefusion sent: so many that without the source the
/// task has about the share of autumn 2011.
std::int64_t by_nemrefusion(KleNumber task, const Applications& applications) {
  if (task != "32.30.04"_kle && task != "32.30.08"_kle && task != "32.30.12"_kle) return 0;
  const std::int64_t before = published_share("2011-autumn", task).value();
  return (applications.self_service * 100 - before * applications.contacts) / (100 - before);
}

/// The applications of one of the 35 tasks.
void add_applications(const RoundModel& model, const TaskModel& task, const Applications& applications,
                      Cells& cells, Generator& generator) {
  const auto add = [&](std::int64_t contacts, std::int64_t new_cases, Channel channel,
                       SimulatedSource source) {
    const auto types = spread(contacts, Weights{new_cases, 100 - new_cases}, generator);
    cells.add(task.task, channel, ContactType::new_case, Direction::incoming, source, types[0]);
    cells.add(task.task, channel, ContactType::status_change, Direction::incoming, source, types[1]);
  };
  // In 2011 a calculator's hits stood as new cases of housing benefit.
  const bool calculator = !model.nemrefusion && task.task == "32.06.08"_kle;
  const std::int64_t nemrefusion = model.nemrefusion ? by_nemrefusion(task.task, applications) : 0;
  add(nemrefusion, task.new_cases, Channel::self_service, SimulatedSource::nemrefusion);
  add(applications.self_service - nemrefusion, calculator ? 100 : task.new_cases, Channel::self_service,
      SimulatedSource::upload);
  const auto others = spread(applications.contacts - applications.self_service,
                             channels(&ChannelModel::applications), generator);
  for (std::size_t i = 0; i < others.size(); ++i)
    add(others[i], task.new_cases, kChannelModels[i].channel, SimulatedSource::upload);
}

Applications sum_of(std::span<const Applications> tasks) {
  Applications sum;
  for (const Applications& task : tasks) {
    sum.contacts += task.contacts;
    sum.self_service += task.self_service;
  }
  return sum;
}

Part mandatory_tasks(const RoundModel& model) {
  Part part;
  for (const TaskModel& row : kTaskModels) {
    part.tasks.push_back(row.task);
    part.weights.push_back(model.nemrefusion ? row.spring_2012 : row.autumn_2011);
    // A task that has a solution is looked up in it; from 2012 the housing benefit calculator's hits are no
    // applications.
    const bool calculator = model.nemrefusion && row.task == "32.06.08"_kle;
    part.self_service_weights.push_back(
        part.weights.back() * (calculator ? 90 : published_share(model.id, row.task).value_or(33) + 1));
  }
  return part;
}

Part other_tasks(Generator& generator) {
  Part part;
  for (const OtherTask& row : kOtherTasks) {
    part.tasks.push_back(row.task);
    part.weights.push_back(row.weight * generator.between(80, 120));
  }
  part.self_service_weights = part.weights;
  return part;
}

std::vector<Cell> plan_cells(const RoundModel& model, std::int64_t rows, Generator& generator) {
  Cells cells{generator};
  const Part mandatory = mandatory_tasks(model);
  const Part others = other_tasks(generator);

  const std::int64_t incoming = part_of(rows, generator.between(model.incoming_least, model.incoming_most));
  const std::int64_t share_of_35 = generator.between(kOn35Least, kOn35Most);
  const std::int64_t on_35 = part_of(incoming, share_of_35);
  const std::int64_t self_service_35 = about(on_35, model.self_service_35, 20, generator);
  const std::int64_t self_service_other =
      about(incoming, model.self_service_all, 10, generator) - self_service_35;

  // The 35 tasks: applications first, as most figures hang on them; the rest takes what is left.
  const auto applications = [&] {
    for (;;) {
      const auto drawn = plan_applications(model, part_of(on_35, kApplications35), generator);
      if (sum_of(drawn).contacts <= part_of(on_35, kApplications35Most)) return drawn;
    }
  }();
  for (std::size_t i = 0; i < applications.size(); ++i)
    add_applications(model, kTaskModels[i], applications[i], cells, generator);
  const auto [contacts, self_service] = sum_of(applications);
  const std::int64_t on_cases_35 = about(on_35, model.case_information, 25, generator);
  add_other_types(model, mandatory, on_cases_35, on_35 - contacts - on_cases_35,
                  self_service_35 - self_service, cells, generator);

  // Beyond them.
  const std::int64_t beyond = incoming - on_35;
  const std::int64_t on_cases = about(beyond, model.case_information, 25, generator);
  const std::int64_t applied = about(beyond, kOtherApplications, 100, generator);
  const std::int64_t looked_up = self_service_other / 5;
  const auto add_beyond = [&](std::int64_t all, std::int64_t by_self_service, ContactType type) {
    cells.over_tasks(by_self_service, others.tasks, others.self_service_weights, Channel::self_service, type,
                     Direction::incoming);
    cells.over_channels(all - by_self_service, &ChannelModel::applications, others.tasks, others.weights,
                        type, Direction::incoming);
  };
  const std::int64_t new_self_service = (self_service_other - looked_up) * 3 / 4;
  add_beyond(applied * 3 / 5, new_self_service, ContactType::new_case);
  add_beyond(applied - applied * 3 / 5, self_service_other - looked_up - new_self_service,
             ContactType::status_change);
  add_other_types(model, others, on_cases, beyond - applied - on_cases, looked_up, cells, generator);

  // Outgoing contacts: the same part of them is on the 35 tasks, so that the incoming share holds there too.
  const std::int64_t outgoing = rows - incoming;
  const std::int64_t outgoing_35 = part_of(outgoing, share_of_35);
  const auto add_outgoing = [&](std::int64_t all, const Part& part) {
    const auto types = spread(all, kOutgoingTypes, generator);
    for (std::size_t i = 0; i < types.size(); ++i)
      cells.over_channels(types[i], &ChannelModel::outgoing, part.tasks, part.weights,
                          static_cast<ContactType>(i + 1), Direction::outgoing);
  };
  add_outgoing(outgoing_35, mandatory);
  add_outgoing(outgoing - outgoing_35, others);
  return cells.take(rows - about(rows, model.uploaded, 25, generator));
}

/// Shuffles the front of a list: so many of its elements, drawn without putting back.
template <class T>
void draw_front(std::vector<T>& list, std::size_t front, Generator& generator) {
  for (std::size_t i = 0; i < front; ++i)
    std::swap(
        list[i],
        list[i + static_cast<std::size_t>(generator.below(static_cast<std::int64_t>(list.size() - i)))]);
}

std::vector<Slot> plan_slots(const RoundModel& model, std::int64_t rows, Generator& generator) {
  const std::vector<Week> weeks = builtin_round(model.id).value().weeks;
  std::vector<std::size_t> declares;  // for each municipality that takes part, how many weeks
  for (std::size_t i = 0; i < model.municipalities.size(); ++i)
    declares.insert(declares.end(), static_cast<std::size_t>(model.municipalities[i]), i + 1);
  draw_front(declares, declares.size(), generator);
  std::vector<Municipality> municipalities;
  for (const MunicipalityRow& row : kMunicipalities)
    municipalities.push_back(Municipality::from_code(row.code).value());
  draw_front(municipalities, declares.size(), generator);

  std::vector<Slot> slots;
  Weights weights;
  for (std::size_t i = 0; i < declares.size(); ++i) {
    const SizeModel size = size_of(municipalities[i]);
    const std::int64_t weight = generator.between(size.least, size.most);
    const std::int64_t eagerness = generator.between(-40, 40);
    std::vector<Week> own = weeks;
    draw_front(own, declares[i], generator);
    own.erase(own.begin() + static_cast<std::ptrdiff_t>(declares[i]), own.end());
    std::ranges::sort(own);
    for (const Week week : own) {
      slots.push_back({municipalities[i], week, 1, eagerness});
      weights.push_back(weight * generator.between(90, 110));
    }
  }
  const auto parts = spread(rows - static_cast<std::int64_t>(slots.size()), weights, generator);
  std::int64_t eagerness = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    slots[i].rows += parts[i];
    eagerness += slots[i].rows * slots[i].eagerness;
  }
  // Were it not about 0 over all rows, the last municipalities would get what the others left.
  for (Slot& slot : slots) slot.eagerness -= eagerness / rows;
  return slots;
}

}  // namespace

const RoundModel& model_of(std::string_view round) {
  for (const RoundModel& model : kRoundModels)
    if (model.id == round) return model;
  std::string rounds;
  for (const RoundModel& model : kRoundModels) (rounds += rounds.empty() ? "" : " and ") += model.id;
  throw Error{ErrorKind::argument, "only the rounds with printed figures can be simulated: " + rounds};
}

Plan plan_round(const RoundModel& model, std::int64_t rows, Generator& generator) {
  std::vector<Slot> slots = plan_slots(model, rows, generator);
  return {plan_cells(model, rows, generator), std::move(slots)};
}

}  // namespace komhen::detail
