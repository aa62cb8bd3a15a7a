#include <doctest/doctest.h>

#include <map>
#include <set>

#include "komhen/measure/exact.hpp"
#include "komhen/measure/published.hpp"
#include "komhen/taxonomy/task.hpp"
#include "test_support.hpp"

using namespace komhen;

// The numbers of FACTS T1 and T3, held against the records that the library carries.

namespace {

auto rows() {
  return published_shares();
}

template <class Test>
auto how_many(Test test) {
  return std::ranges::count_if(rows(), test);
}

std::set<std::string> tasks_where(const std::function<bool(const PublishedShare&)>& test) {
  std::set<std::string> out;
  for (const auto& row : rows())
    if (test(row)) out.insert(row.task.text());
  return out;
}

/// The one figure of that name, round, task set and publication.
const PublishedFigure& figure(std::string_view round, std::string_view name, std::string_view tasks,
                              std::string_view publication = "") {
  const PublishedFigure* found = nullptr;
  int many = 0;
  for (const PublishedFigure& f : published_figures()) {
    if (f.task || f.round != round || f.figure != name || f.task_set != tasks) continue;
    if (f.publication.find(publication) == std::string_view::npos) continue;
    found = &f;
    ++many;
  }
  REQUIRE(many == 1);
  return *found;
}

}  // namespace

TEST_CASE("T1.1: the table has the 35 tasks, and both shares for 34 of them") {
  CHECK(rows().size() == 35);
  CHECK(how_many([](auto& r) { return r.autumn_2011.has_value(); }) == 35);
  CHECK(tasks_where([](auto& r) { return !r.spring_2012; }) == std::set<std::string>{"29.03.04"});
  CHECK(tasks_where([](auto& r) { return !r.change; }) == std::set<std::string>{"29.03.04"});
}

TEST_CASE("T1.2: the printed change is the plain difference in 31 of 34 rows, and one higher in three") {
  const auto difference = [](const PublishedShare& r) { return *r.spring_2012 - *r.autumn_2011; };
  CHECK(how_many([&](auto& r) { return r.change && *r.change == difference(r); }) == 31);
  CHECK(tasks_where([&](auto& r) { return r.change && *r.change == difference(r) + 1; }) ==
        std::set<std::string>{"23.05.10", "32.15.00", "32.30.12"});
  CHECK(*published_total("2012-spring") - *published_total("2011-autumn") == kPublishedTotalChange);
}

TEST_CASE("T1.3: 17 changes are up, 7 down, 10 are none and one is not available") {
  CHECK(how_many([](auto& r) { return r.change && *r.change > 0; }) == 17);
  CHECK(how_many([](auto& r) { return r.change && *r.change < 0; }) == 7);
  CHECK(how_many([](auto& r) { return r.change && *r.change == 0; }) == 10);
  CHECK(how_many([](auto& r) { return !r.change; }) == 1);
}

TEST_CASE("T1.4: seven tasks rose by 10 or more, and housing benefit fell most") {
  CHECK(tasks_where([](auto& r) { return r.change && *r.change >= 10; }) ==
        std::set<std::string>{"32.30.08", "32.30.04", "32.30.12", "23.05.10", "32.15.00", "29.03.12",
                              "32.03.04"});
  CHECK(tasks_where([](auto& r) { return r.change && *r.change <= -12; }) ==
        std::set<std::string>{"32.06.08"});
  const auto change = [](KleNumber task) {
    return std::ranges::find(rows(), task, &PublishedShare::task)->change;
  };
  CHECK(change("32.30.08"_kle) == 46);
  CHECK(change("32.30.04"_kle) == 40);
  CHECK(change("32.30.12"_kle) == 25);
  CHECK(change("23.05.10"_kle) == 18);
  CHECK(change("32.15.00"_kle) == 15);
  CHECK(change("29.03.12"_kle) == 11);
  CHECK(change("32.03.04"_kle) == 10);
  CHECK(change("32.06.08"_kle) == -49);
}

TEST_CASE("T1.5: 23 of the 34 tasks with a value were under 10 per cent in spring 2012") {
  CHECK(how_many([](auto& r) { return r.spring_2012 && *r.spring_2012 < 10; }) == 23);
  const std::map<std::string, int> others{{"17.20.01", 49}, {"23.05.10", 55}, {"28.09.40", 63},
                                          {"28.12.28", 12}, {"29.03.12", 36}, {"29.03.99", 61},
                                          {"32.03.04", 21}, {"32.15.00", 72}, {"32.30.04", 76},
                                          {"32.30.08", 79}, {"32.30.12", 61}};
  for (const auto& [task, share] : others)
    CHECK(published_share("2012-spring", *KleNumber::parse(task)) == share);
  CHECK(figure("2012-spring", "tasks_under_ten_per_cent", "kl-35").value == 23);
}

TEST_CASE("T1.6: 23 of 35 were under 10 per cent in autumn 2011, where another source says 22") {
  CHECK(how_many([](auto& r) { return *r.autumn_2011 < 10; }) == 23);
  CHECK(figure("", "tasks_under_ten_per_cent", "kl-35").value == 22);
}

TEST_CASE("T1.7: 10 tasks are printed as 0 per cent in spring 2012, and 12 in autumn 2011") {
  CHECK(how_many([](auto& r) { return r.spring_2012 == 0; }) == 10);
  CHECK(how_many([](auto& r) { return r.autumn_2011 == 0; }) == 12);
}

TEST_CASE("T1.8: no task reaches 80 per cent; parental leave is nearest with 79") {
  const auto most = std::ranges::max(rows(), {}, [](auto& r) { return r.spring_2012.value_or(-1); });
  CHECK(most.task == "32.30.08"_kle);
  CHECK(most.spring_2012 == 79);
}

TEST_CASE("T1.9: the total is weighted by volume: plain means would be 18.6, 16.4 and 15.0") {
  int spring = 0;
  int autumn = 0;
  for (const auto& r : rows()) spring += r.spring_2012.value_or(0), autumn += *r.autumn_2011;
  CHECK(share_text({spring, 34}, 1) == "18.6");
  CHECK(share_text({autumn, 35}, 1) == "16.4");
  CHECK(share_text({autumn - 66, 34}, 1) == "15.0");  // without the yellow card
  CHECK(published_total("2012-spring") == 33);
  CHECK(published_total("2011-autumn") == 24);
}

TEST_CASE("shares are found by round and task, and nothing is made up for others") {
  CHECK(published_share("2011-autumn", "23.05.10"_kle) == 38);
  CHECK(published_share("2012-spring", "23.05.10"_kle) == 55);
  CHECK(published_share("2012-spring", "29.03.04"_kle) == std::nullopt);
  CHECK(published_share("2012-autumn", "23.05.10"_kle) == std::nullopt);
  CHECK(published_share("2012-spring", "23.05.11"_kle) == std::nullopt);
  CHECK(published_share("2012-spring", "99.99.99"_kle) == std::nullopt);
  CHECK(published_total("2015-spring") == std::nullopt);
  for (const std::string_view round : kPublishedRounds) CHECK(published_total(round));
}

TEST_CASE("autumn 2011 has three published totals, and none of them is the truth") {
  CHECK(figure("2011-autumn", "self_service_application", "kl-35", "KL,").value == 24);
  CHECK(figure("2011-autumn", "self_service_application", "kl-35", "dknyt").value == 25);
  CHECK(figure("", "self_service_application", "kl-35").value == 29);
  CHECK(figure("2011-autumn", "municipalities", "").value == 78);
  CHECK(figure("", "municipalities", "kl-35").value == 76);
}

TEST_CASE("T2 and T3: the report's single figures") {
  CHECK(figure("2012-spring", "self_service_all", "all").value == 5);
  CHECK(figure("2012-spring", "self_service_all", "kl-35").value == 20);
  CHECK(figure("2012-spring", "self_service_application", "kl-35").value == 33);
  CHECK(figure("2012-spring", "self_service_application_change", "kl-35").value == 9);
  CHECK(figure("2011-autumn", "incoming", "").value == 62);
  CHECK(figure("2012-spring", "information_website", "").value == 68);
  CHECK(figure("2012-spring", "case_information", "").value == 36);
  CHECK(figure("2012-spring", "uploaded", "").value == 65);
  const auto& registrations = figure("2012-spring", "valid_registrations", "");
  CHECK(registrations.value == 650'000);
  CHECK(registrations.bound == FigureBound::about);
  CHECK(registrations.unit == FigureUnit::registrations);
  CHECK(figure("2012-spring", "municipalities", "").value == 49);
  CHECK(22 + 7 + 20 == *figure("2012-spring", "municipalities", "").value);
  CHECK(figure("2012-spring", "municipalities_one_week", "").value == 22);
  CHECK(figure("2012-spring", "municipalities_two_weeks", "").value == 7);
  CHECK(figure("2012-spring", "municipalities_three_weeks", "").value == 20);
  CHECK(figure("", "municipalities_first_year", "").value == 84);
  CHECK(figure("2012-autumn", "municipalities_expected", "").value == 85);
  CHECK(figure("2012-autumn", "municipalities_expected", "").bound == FigureBound::at_least);
}

TEST_CASE("a figure that stands in a chart only is known by the bound that the text gives") {
  const auto& incoming = figure("2012-spring", "incoming", "");
  CHECK(incoming.bound == FigureBound::above);
  CHECK(incoming.value == 62);
}

TEST_CASE("every figure is whole: a source, a name, and a value just where one was printed") {
  for (const PublishedFigure& f : published_figures()) {
    CAPTURE(std::string{f.figure});
    CHECK_FALSE(f.publication.empty());
    CHECK_FALSE(f.figure.empty());
    CHECK(f.value.has_value() == (f.state == FigureState::published));
    CHECK((f.state == FigureState::published || !f.note.empty()));
    CHECK((f.round.empty() || builtin_round(f.round)));
    CHECK((f.method.empty() || from_text<Scheme>(f.method)));
    if (f.task) CHECK(find_task(*f.task) != nullptr);
    if (f.unit == FigureUnit::per_cent && f.value) CHECK(*f.value <= 100);
  }
}

TEST_CASE("the table's cells are figures too: three for each task, first of all") {
  const auto figures = published_figures();
  REQUIRE(figures.size() > 105);
  for (std::size_t i = 0; i < 35; ++i) {
    CHECK(figures[3 * i].task == rows()[i].task);
    CHECK(figures[3 * i].value == rows()[i].autumn_2011);
    CHECK(figures[3 * i + 1].value == rows()[i].spring_2012);
    CHECK(figures[3 * i + 2].value == rows()[i].change);
  }
  CHECK_FALSE(figures[105].task);
}
