#include <doctest/doctest.h>

#include "komhen/round/scheme.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {
std::string groups(Scheme scheme) {
  std::string out;
  for (const auto& type : kWords<ContactType>) out += std::string{token(group_of(scheme, type.value))} + " ";
  return out;
}
}  // namespace

TEST_CASE("each scheme groups the six contact types as its source does") {
  CHECK(groups(Scheme::kl_2011) ==
        "transaction transaction transaction information information information ");
  CHECK(groups(Scheme::kl_2012) ==
        "application application case_information information information information ");
  CHECK(groups(Scheme::hilleroed_2014) ==
        "application application information information information information ");
}

TEST_CASE("the groups of a scheme are those that its types have, in the order of their numbers") {
  for (const auto& scheme : kWords<Scheme>) {
    std::vector<Group> used;
    for (const auto& type : kWords<ContactType>) used.push_back(group_of(scheme.value, type.value));
    std::ranges::sort(used);
    used.erase(std::ranges::unique(used).begin(), used.end());
    CHECK(std::ranges::equal(used, groups_of(scheme.value)));
  }
}

TEST_CASE("a group is known by name under the schemes that have it") {
  CHECK(group_from_text(Scheme::kl_2011, "transaction") == Group::transaction);
  CHECK(group_from_text(Scheme::kl_2011, "application") == Group::transaction);
  CHECK(group_from_text(Scheme::kl_2012, "Application") == Group::application);
  CHECK(group_from_text(Scheme::kl_2012, "case-information") == Group::case_information);
  CHECK_FALSE(group_from_text(Scheme::kl_2012, "transaction"));
  CHECK_FALSE(group_from_text(Scheme::kl_2011, "case_information"));
  CHECK_FALSE(group_from_text(Scheme::hilleroed_2014, "case_information"));
  CHECK_FALSE(group_from_text(Scheme::hilleroed_2014, "transaction"));
  CHECK_FALSE(group_from_text(Scheme::kl_2012, "all"));
  CHECK_FALSE(group_from_text(Scheme::kl_2012, ""));
}
