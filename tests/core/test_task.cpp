#include <doctest/doctest.h>

#include <map>
#include <set>

#include "komhen/taxonomy/task.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

std::vector<int> numbers(const TasksOfForm& tasks) {
  std::vector<int> out;
  for (const Task* task : tasks) out.push_back(task->number);
  return out;
}
using Numbers = std::vector<int>;

}  // namespace

TEST_CASE("the 35 tasks are the rows of annex 1, each once") {
  std::set<int> annex;
  for (const Task& task : kTasks) {
    annex.insert(task.number);
    CHECK_FALSE(task.name.empty());
    CHECK_FALSE(task.table_name.empty());
    CHECK(find_task(task.kle) == &task);
  }
  CHECK(annex.size() == 35);
  CHECK(*annex.begin() == 1);
  CHECK(*annex.rbegin() == 35);
}

TEST_CASE("a task outside the list is not found") {
  CHECK(find_task("23.05.11"_kle) == nullptr);
  CHECK(find_task("00.00.00"_kle) == nullptr);
  CHECK(find_task("99.99.99"_kle) == nullptr);
  CHECK(find_task("29.03.06"_kle) ==
        nullptr);  // the number that KLE gives the blue card; KL counts it as 29.03.99
}

TEST_CASE("annex and table spell some names differently, and the number is what identifies") {
  CHECK(find_task("23.01.00"_kle)->name == "Vielser");
  CHECK(find_task("23.01.00"_kle)->table_name == "Vielser/partnerskab");
  CHECK(find_task("29.03.99"_kle)->number == 16);  // behind 29.03.12 in the table, before it in the annex
  CHECK(find_task("29.03.12"_kle)->number == 17);
}

TEST_CASE("29 FORM codes serve the 35 tasks: five are shared, and three have three pairs") {
  // FACTS A12.
  std::map<std::string, Numbers> tasks;
  for (const Task& task : kTasks) tasks[task.form.text()].push_back(task.number);
  CHECK(tasks.size() == 29);
  CHECK(tasks["24.05.05.02"] == Numbers{13, 14});
  CHECK(tasks["26.30.10.05"] == Numbers{20, 21});
  CHECK(tasks["26.30.05.10"] == Numbers{23, 24});
  CHECK(tasks["26.25.15.10"] == Numbers{26, 27, 28});
  CHECK(tasks["14.35.15.40"] == Numbers{33, 35});
  for (const auto& [code, of] : tasks)
    if (of.size() == 1) CHECK(numbers(tasks_of_form(*FormCode::parse(code))) == of);
  CHECK(tasks.contains("30.10.05"));
  CHECK(tasks.contains("20.25.10"));
  CHECK(tasks.contains("26.30.05"));
}

TEST_CASE("rolling up by FORM counts each task once, parents and children together") {
  CHECK(numbers(tasks_of_form("20.25.10"_form)) == Numbers{17});
  CHECK(numbers(tasks_under_form("20.25.10"_form)) == Numbers{15, 17, 16});
  CHECK(numbers(tasks_under_form("26.30.05"_form)) == Numbers{18, 19, 23, 24});
  CHECK(numbers(tasks_under_form("26.30"_form)) == Numbers{18, 19, 20, 21, 22, 23, 24});
  CHECK(tasks_of_form("99.99"_form).size() == 0);
  CHECK(tasks_under_form("26.30.05.10"_form).size() == 2);
}

TEST_CASE("a FORM code has two to four pairs of digits") {
  for (const char* text : {"26.30", "26.30.05", "26.30.05.10"}) CHECK(FormCode::parse(text)->text() == text);
  for (const char* text : {"", "26", "26.3", "26.30.", "26.30.05.10.01", "26-30", "26.30.0x", "263005"})
    CHECK_FALSE(FormCode::parse(text));
  CHECK("26.30.05.10"_form.is_under("26.30.05"_form));
  CHECK("26.30.05"_form.is_under("26.30.05"_form));
  CHECK_FALSE("26.30.05"_form.is_under("26.30.05.10"_form));
  CHECK_FALSE("26.30.05.10"_form.is_under("26.30.10"_form));
  CHECK_FALSE(*FormCode::parse("00.26") == *FormCode::parse("00.00.26"));  // a leading 00 is part of the code
}
