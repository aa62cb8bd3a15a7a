#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

#include "komhen/taxonomy/attached_form.hpp"
#include "komhen/taxonomy/channel.hpp"
#include "komhen/taxonomy/closure.hpp"
#include "komhen/taxonomy/contact_type.hpp"
#include "komhen/taxonomy/kle.hpp"
#include "komhen/taxonomy/municipality.hpp"
#include "komhen/taxonomy/task.hpp"

/// The tables of simulate(). What a source printed says so; every other number was made up for the
/// simulation, is no fact of the method, and is named among the assumptions that simulate() returns.
namespace komhen::detail {

/// What a round holds besides the table of tasks. Shares are per cent unless another unit is said.
struct RoundModel {
  std::string_view id;
  std::int64_t minimum;                        ///< rows
  std::array<std::int64_t, 3> municipalities;  ///< that count one, two and three weeks
  std::int64_t incoming_least, incoming_most;  ///< of all rows, in hundredths of a per cent
  std::int64_t self_service_35;                ///< of incoming contacts on the 35 tasks
  std::int64_t self_service_all;               ///< of all incoming contacts
  std::int64_t website;                        ///< of incoming information contacts
  std::int64_t case_information;               ///< of incoming contacts
  std::int64_t uploaded;                       ///< of all rows
  bool nemrefusion;                            ///< whether NemRefusion was pulled centrally
};

/// Printed: 2012-spring's figures besides its incoming share, of which only "above 62" is known;
/// 2011-autumn's incoming share of 62. Source: KL, "Kommunernes henvendelser", spring 2012; the 78
/// municipalities are dknyt's, 23.01.2012. Made up: the rest of 2011-autumn, and the minima, which follow
/// from the tables below.
inline constexpr auto kRoundModels = std::to_array<RoundModel>({
    {"2011-autumn", 16'000, {0, 0, 78}, 6'180, 6'220, 15, 4, 68, 36, 60, false},
    {"2012-spring", 22'000, {22, 7, 20}, 6'500, 6'700, 20, 5, 68, 36, 65, true},
});

/// The share of a task that was withheld, in hundredths of a per cent. It lies around the printed total,
/// which the source leaves open whether the task is in: so the total holds with and without it.
inline constexpr std::int64_t kWithheldLeast = 3'100;
inline constexpr std::int64_t kWithheldMost = 3'500;

/// Contacts on the 35 tasks, in hundredths of a per cent of all contacts, incoming and outgoing alike.
inline constexpr std::int64_t kOn35Least = 2'200;
inline constexpr std::int64_t kOn35Most = 2'250;

/// Applications on the 35 tasks, in hundredths of a per cent of the incoming contacts there: as a rule, and
/// at most when few rows make the smallest tasks large. Above 60, 33 % of them would be more than the 20 % of
/// those contacts that is self-service altogether; and besides 36 % case information there must be
/// information for 68 % of it to be visits.
inline constexpr std::int64_t kApplications35 = 5'200;
inline constexpr std::int64_t kApplications35Most = 5'850;

/// How many applications a task has in proportion to the others, and how many of a hundred are new cases.
struct TaskModel {
  KleNumber task;
  std::int64_t autumn_2011, spring_2012;
  std::int64_t new_cases;
};

/// Sickness, maternity and sick-child benefit are smaller in 2011: NemRefusion was not pulled yet.
// clang-format off
inline constexpr auto kTaskModels = std::to_array<TaskModel>({
    {"02.34.02"_kle, 40, 40, 70}, {"17.13.10"_kle, 20, 20, 75}, {"17.20.01"_kle, 30, 40, 90},
    {"23.01.00"_kle, 12, 12, 95}, {"23.05.10"_kle, 150, 150, 60}, {"23.09.02"_kle, 70, 65, 95},
    {"23.09.04"_kle, 50, 45, 85}, {"25.02.00"_kle, 15, 15, 30}, {"25.10.00"_kle, 50, 35, 30},
    {"25.45.00"_kle, 20, 15, 35}, {"27.37.04"_kle, 4, 3, 60}, {"27.60.00"_kle, 45, 45, 70},
    {"28.09.40"_kle, 60, 90, 65}, {"28.12.28"_kle, 10, 10, 65}, {"29.03.04"_kle, 40, 40, 80},
    {"29.03.12"_kle, 45, 45, 40}, {"29.03.99"_kle, 30, 50, 95}, {"32.03.04"_kle, 30, 30, 60},
    {"32.03.08"_kle, 4, 4, 70}, {"32.03.10"_kle, 6, 6, 70}, {"32.03.12"_kle, 15, 15, 80},
    {"32.03.14"_kle, 5, 4, 80}, {"32.03.16"_kle, 10, 8, 60}, {"32.03.20"_kle, 2, 2, 60},
    {"32.06.04"_kle, 20, 15, 40}, {"32.06.08"_kle, 35, 25, 45}, {"32.06.12"_kle, 6, 5, 40},
    {"32.06.16"_kle, 8, 8, 90}, {"32.09.00"_kle, 12, 12, 55}, {"32.12.00"_kle, 10, 10, 50},
    {"32.15.00"_kle, 25, 30, 55}, {"32.24.04"_kle, 30, 25, 55}, {"32.30.04"_kle, 30, 75, 80},
    {"32.30.08"_kle, 10, 26, 85}, {"32.30.12"_kle, 3, 8, 85},
});
// clang-format on

/// A task beyond the 35: its share of the contacts there, in proportion to the others.
struct OtherTask {
  KleNumber task;
  std::int64_t weight;
};

/// A choice of numbers from the KLE plan of 2015-08-01; the method takes any.
// clang-format off
inline constexpr auto kOtherTasks = std::to_array<OtherTask>({
    {"00.16.00"_kle, 10}, {"01.02.00"_kle, 30}, {"04.08.00"_kle, 15}, {"05.01.00"_kle, 60},
    {"05.09.00"_kle, 35}, {"07.01.00"_kle, 150}, {"09.13.00"_kle, 30}, {"13.02.00"_kle, 25},
    {"13.05.00"_kle, 20},
    {"15.20.00"_kle, 120}, {"15.23.00"_kle, 60}, {"17.00.00"_kle, 60}, {"17.07.00"_kle, 30},
    {"18.14.00"_kle, 25}, {"20.00.00"_kle, 40}, {"23.04.00"_kle, 15}, {"23.07.00"_kle, 25},
    {"27.00.00"_kle, 40}, {"27.24.00"_kle, 35}, {"27.36.00"_kle, 70}, {"27.42.00"_kle, 30},
    {"28.18.00"_kle, 15}, {"29.09.00"_kle, 20}, {"29.15.00"_kle, 35}, {"32.18.00"_kle, 25},
    {"32.21.00"_kle, 30}, {"32.45.00"_kle, 15}, {"54.15.00"_kle, 15}, {"85.02.00"_kle, 40},
});
// clang-format on

static_assert(std::ranges::equal(kTaskModels, kTasks, {}, &TaskModel::task, &Task::kle),
              "one row for each of the 35");
static_assert(std::ranges::none_of(kOtherTasks, [](const OtherTask& row) { return find_task(row.task); }),
              "a task beyond the 35 is none of them");

/// A channel as the simulation sees it. The four columns of contacts are proportions within the column;
/// closed and put aside are per cent of its incoming contacts, the rest is not stated; paper, digital and
/// none are per cent of its applications. Self-service, and the website for information, are not here:
/// printed figures settle them.
struct ChannelModel {
  Channel channel;
  std::int64_t applications, case_information, information, outgoing;
  bool by_hand;  ///< contacts of the channel may have been counted by hand
  std::uint8_t closed, put_aside;
  std::uint8_t paper, digital, none;
};

// clang-format off
inline constexpr auto kChannelModels = std::to_array<ChannelModel>({
    {Channel::telephone,    170, 480, 600, 220, true,  72, 20,  3,  0, 85},
    {Channel::in_person,    370, 190, 260,  25, true,  65, 27, 55,  5, 30},
    {Channel::letter,       260, 100,  30, 330, true,  18, 70, 70,  2, 18},
    {Channel::email,        120, 140,  90, 180, true,  35, 52, 12, 30, 48},
    {Channel::digital_post,  50,  40,  10,  80, false, 25, 62,  4, 45, 38},
    {Channel::remote_print,   0,   0,   0, 120, false,  0,  0,  0,  0, 90},
    {Channel::self_service,   0,   0,   0,   0, false, 40, 48,  0, 88,  5},
    {Channel::website,        0,  30,   0,   0, false, 35,  0,  0,  0, 70},
    {Channel::sms,            4,  10,   5,  30, false, 55, 20,  0,  0, 90},
    {Channel::social_media,   1,   4,   5,   3, true,  60, 15,  0,  0, 90},
    {Channel::system,        25,   6,   0,  12, false, 30, 55,  0, 40, 30},
});
// clang-format on

/// Contact types, in the order of their numbers, in proportion to each other: incoming information contacts
/// on the website, elsewhere, and outgoing contacts.
inline constexpr std::array<std::int64_t, 6> kWebsiteTypes{0, 0, 0, 88, 9, 3};
inline constexpr std::array<std::int64_t, 6> kInformationTypes{0, 0, 0, 62, 20, 18};
inline constexpr std::array<std::int64_t, 6> kOutgoingTypes{4, 18, 50, 23, 2, 3};

static_assert(std::ranges::equal(kChannelModels, kWords<Channel>, {}, &ChannelModel::channel,
                                 &Word<Channel>::value));

/// Incoming contacts beyond the 35 tasks by group, in per cent; case information is printed, for the 35 tasks
/// or for all, and so is held by both parts.
inline constexpr std::int64_t kOtherApplications = 24;

/// How many rows a municipality has in a week in proportion to the others. Four large cities and four islands
/// are told apart; between the other 90 the seed decides. No population figures are behind it.
struct SizeModel {
  std::int64_t least, most;
};
[[nodiscard]] constexpr SizeModel size_of(Municipality municipality) noexcept {
  switch (municipality.code()) {
    case 101:  // København
    case 461:  // Odense
    case 751:  // Aarhus
    case 851:  // Aalborg
      return {500, 800};
    case 492:  // Ærø
    case 563:  // Fanø
    case 741:  // Samsø
    case 825:  // Læsø
      return {10, 30};
    default:
      return {80, 320};
  }
}

/// The unit that registers a contact: a citizens' service centre takes one of four, the task's own the
/// others.
inline constexpr std::string_view kFrontUnit = "Borgerservice";
[[nodiscard]] constexpr std::string_view unit_of(KleNumber task) noexcept {
  switch (task.main_group()) {
    case 15:
    case 54:
      return "Jobcenter";
    case 17:
      return "Skoleforvaltningen";
    case 18:
    case 20:
      return "Kultur og Fritid";
    case 25:
      return "Opkrævningen";
    case 27:
      return "Ældre og Handicap";
    case 28:
      return "Pladsanvisningen";
    case 32:
      return "Ydelsescenter";
    case 0:
    case 23:
    case 29:
    case 85:
      return kFrontUnit;
    default:
      return "Teknik og Miljø";
  }
}

/// Of a hundred contacts in a week, those on Monday to Friday; what falls on a public holiday comes the day
/// before.
inline constexpr std::array<std::int64_t, 5> kDays{25, 21, 20, 21, 13};
inline constexpr std::chrono::sys_days kHoliday{std::chrono::year{2012} / 5 /
                                                4};  // Store Bededag, in 2012-W18

/// Closed and put aside of a hundred outgoing contacts, and "none" of the forms of a hundred contacts that
/// are no applications; the rest is not stated.
inline constexpr std::uint8_t kOutgoingClosed = 30;
inline constexpr std::uint8_t kOutgoingPutAside = 5;
inline constexpr std::uint8_t kNoForm = 80;

}  // namespace komhen::detail
