// The taxonomy needs no library and no other header of komhen: this is compiled with the include directory
// alone.
#include <cstdio>

#include "komhen/taxonomy/taxonomy.hpp"

using namespace komhen;

namespace {

int failures = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "taxonomy_alone: %s\n", what);
}

template <Worded E>
bool reads_back() {
  for (const auto& word : kWords<E>)
    if (from_text<E>(word.token) != word.value || from_text<E>(word.label_da) != word.value ||
        from_number<E>(static_cast<std::int64_t>(word.value)) != word.value)
      return false;
  return true;
}

}  // namespace

int main() {
  check(reads_back<Channel>() && kWords<Channel>.size() == 11, "11 channels read back");
  check(reads_back<ContactType>() && kWords<ContactType>.size() == 6, "6 contact types read back");
  check(reads_back<Direction>() && kWords<Direction>.size() == 2, "2 directions read back");
  check(reads_back<Closure>() && kWords<Closure>.size() == 3, "3 closures read back");
  check(reads_back<AttachedForm>() && kWords<AttachedForm>.size() == 4, "4 forms read back");
  check(counting_unit(Channel::telephone) == CountingUnit::conversation, "a telephone call counts once");
  check(Municipality::from_text("Herning") == Municipality::from_code(657), "Herning is 657");
  check(kTasks.size() == 35, "there are 35 tasks");
  const Task* moving = find_task("23.05.10"_kle);
  check(moving != nullptr && moving->name == "Flytning", "23.05.10 is Flytning");
  check(tasks_of_form("26.25.15.10"_form).size() == 3, "one FORM code serves three tasks");
  check(KleNumber::parse("23.05.10")->text() == "23.05.10", "a KLE number reads back");
  return failures == 0 ? 0 : 1;
}
