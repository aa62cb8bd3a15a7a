#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string_view>

#include "komhen/taxonomy/form_code.hpp"
#include "komhen/taxonomy/kle.hpp"

namespace komhen {

/// One of the 35 mandatory tasks, as one row of the report's annex 1.
struct Task {
  KleNumber kle;                ///< key used in registrations
  int number;                   ///< row number in the annex; the annex is not in KLE order
  FormCode form;                ///< shared by several tasks: never a key
  std::string_view name;        ///< Danish name, spelled as in the annex
  std::string_view table_name;  ///< Danish name, spelled as in the report's self-service table
};

/// The mandatory tasks of the edition named in `kMethodEdition`, sorted by KLE number.
/// Source: KL, "Kommunernes henvendelser", spring 2012, annex 1 and the self-service table.
// clang-format off
inline constexpr auto kTasks = std::to_array<Task>({
    // KLE, number, FORM, name in the annex, name in the table
    {"02.34.02"_kle, 1, "54.17.20.05"_form, "Byggetilladelse", "Byggetilladelse"},
    {"17.13.10"_kle, 2, "10.05.05.20"_form, "Optagelse i skolefritidsordning (SFO)", "Optagelse i skolefritidsordning (SFO)"},
    {"17.20.01"_kle, 3, "10.05.05.04"_form, "Skoleindskrivning/optagelse", "Skoleindskrivning/optagelse"},
    {"23.01.00"_kle, 4, "08.25.05.10"_form, "Vielser", "Vielser/partnerskab"},
    {"23.05.10"_kle, 5, "08.15.05.10"_form, "Flytning", "Flytning"},
    {"23.09.02"_kle, 6, "08.15.05.50"_form, "Pas", "Pas"},
    {"23.09.04"_kle, 7, "59.10.10.10"_form, "Kørekort", "Kørekort"},
    {"25.02.00"_kle, 8, "30.10.10.15"_form, "SKAT - ejendom", "SKAT - ejendom"},
    {"25.10.00"_kle, 9, "30.10.05"_form, "SKAT - person", "SKAT - person"},
    {"25.45.00"_kle, 10, "30.27.05.05"_form, "Opkrævning", "Opkrævning"},
    {"27.37.04"_kle, 11, "67.50.40.05"_form, "Administrationsaftaler", "Administrationsaftaler"},
    {"27.60.00"_kle, 12, "26.10.05.15"_form, "Hjælpemidler, forbrugsgoder, boligindretning m.v.", "Hjælpemidler"},
    {"28.09.40"_kle, 13, "24.05.05.02"_form, "Optagelse i dagtilbud, plads i anden kommune og opsigelse", "Optagelse i dagtilbud"},
    {"28.12.28"_kle, 14, "24.05.05.02"_form, "Optagelse i fritidshjem, plads i anden kommune og opsigelse", "Optagelse i fritidshjem"},
    {"29.03.04"_kle, 15, "20.25.10.30"_form, "Sundhedskort (gult)", "Sundhedskort (gult)"},
    {"29.03.12"_kle, 17, "20.25.10"_form, "Valg af læge og sygesikringsgruppe", "Valg af læge og sygesikringsgruppe"},
    {"29.03.99"_kle, 16, "20.25.10.35"_form, "EU-sygesikringskort (blåt)", "EU-sygesikringskort (blåt)"},
    {"32.03.04"_kle, 18, "26.30.05.05"_form, "Folkepension", "Folkepension"},
    {"32.03.08"_kle, 19, "26.30.05"_form, "Opsat pension", "Opsat pension"},
    {"32.03.10"_kle, 20, "26.30.10.05"_form, "Varmetillæg", "Varmetillæg"},
    {"32.03.12"_kle, 21, "26.30.10.05"_form, "Personligt tillæg og helbredstillæg", "Personligt tillæg og helbredstillæg"},
    {"32.03.14"_kle, 22, "26.30.10.10"_form, "Bistandstillæg og plejetillæg", "Bistandstillæg og plejetillæg"},
    {"32.03.16"_kle, 23, "26.30.05.10"_form, "Førtidspension", "Førtidspension"},
    {"32.03.20"_kle, 24, "26.30.05.10"_form, "Invaliditetsydelse", "Invaliditetsydelse"},
    {"32.06.04"_kle, 25, "26.25.15.05"_form, "Boligydelse", "Boligydelse"},
    {"32.06.08"_kle, 26, "26.25.15.10"_form, "Boligsikring, ikke førtidspensionister", "Boligsikring, ikke førtidspensionister"},
    {"32.06.12"_kle, 27, "26.25.15.10"_form, "Boligsikring, førtidspensionister", "Boligsikring, førtidspensionister"},
    {"32.06.16"_kle, 28, "26.25.15.10"_form, "Beboerindskud", "Beboerindskud"},
    {"32.09.00"_kle, 29, "26.25.10.05"_form, "Børnetilskud", "Børnetilskud"},
    {"32.12.00"_kle, 30, "26.25.10.15"_form, "Børne- og ungeydelse", "Børne- og ungeydelse"},
    {"32.15.00"_kle, 31, "26.25.10.10"_form, "Underholdsbidrag (børne/ægtefælle/uddannelse)", "Underholdsbidrag"},
    {"32.24.04"_kle, 32, "14.35.15.35"_form, "Hjælp til forsørgelse (kontanthjælp, starthjælp mv.)", "Hjælp til forsørgelse (kontanthjælp, mv.)"},
    {"32.30.04"_kle, 33, "14.35.15.40"_form, "Sygedagpenge", "Sygedagpenge"},
    {"32.30.08"_kle, 34, "14.35.15.25"_form, "Barselsdagpenge", "Barselsdagpenge"},
    {"32.30.12"_kle, 35, "14.35.15.40"_form, "Dagpenge ved alvorligt syge børn", "Dagpenge ved alvorligt syge børn"},
});
// clang-format on

static_assert(kTasks.size() == 35, "annex 1 lists 35 mandatory tasks");
static_assert(std::ranges::adjacent_find(kTasks, std::ranges::greater_equal{}, &Task::kle) == kTasks.end(),
              "keys must be unique and sorted: find_task() searches by halves");

/// The task with this key, or nullptr when the number is not on the list.
[[nodiscard]] constexpr const Task* find_task(KleNumber kle) noexcept {
  const auto* row = std::ranges::lower_bound(kTasks, kle, {}, &Task::kle);
  return row != kTasks.end() && row->kle == kle ? row : nullptr;
}

/// The tasks of a FORM code: several, one or none, in KLE order, each once.
class TasksOfForm {
 public:
  [[nodiscard]] constexpr const Task* const* begin() const noexcept { return tasks_.data(); }
  [[nodiscard]] constexpr const Task* const* end() const noexcept { return tasks_.data() + size_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

 private:
  friend constexpr TasksOfForm tasks_of_form(FormCode code) noexcept;
  friend constexpr TasksOfForm tasks_under_form(FormCode code) noexcept;
  template <class Test>
  static constexpr TasksOfForm where(Test test) noexcept {
    TasksOfForm found;
    for (const Task& task : kTasks)
      if (test(task)) found.tasks_[found.size_++] = &task;
    return found;
  }

  std::array<const Task*, kTasks.size()> tasks_{};
  std::size_t size_ = 0;
};

/// The tasks with exactly this FORM code: one code serves up to three.
[[nodiscard]] constexpr TasksOfForm tasks_of_form(FormCode code) noexcept {
  return TasksOfForm::where([&](const Task& task) { return task.form == code; });
}

/// The tasks whose FORM code is this one or stands below it. A roll-up by FORM that adds codes of different
/// length counts tasks twice; adding the tasks found here does not.
[[nodiscard]] constexpr TasksOfForm tasks_under_form(FormCode code) noexcept {
  return TasksOfForm::where([&](const Task& task) { return task.form.is_under(code); });
}

static_assert(tasks_of_form("26.25.15.10"_form).size() == 3, "three kinds of housing benefit share one code");
static_assert(tasks_of_form("26.30.05"_form).size() == 1 && tasks_under_form("26.30.05"_form).size() == 4);

}  // namespace komhen
