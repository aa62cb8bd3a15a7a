#include "komhen/registration/suggest.hpp"

#include <algorithm>
#include <array>

#include "komhen/taxonomy/taxonomy.hpp"

namespace komhen {
namespace {

constexpr std::size_t kMost = 2;

/// The nearest of several words, as long as one alone is nearest.
class Nearest {
 public:
  explicit Nearest(std::string_view text) : text_{text} {}

  /// Looks at one word that stands for `meaning`; both must outlive the search.
  void look(std::string_view word, std::string_view meaning) {
    const auto folded = detail::Folded::of(word);
    const auto apart = keystrokes_apart(text_, word, std::min(best_, kMost));
    if (!apart || !folded || 2 * *apart >= folded->view().size()) return;
    if (*apart < best_) {
      best_ = *apart;
      meaning_ = meaning;
      alone_ = true;
    } else if (meaning_ != meaning) {
      alone_ = false;
    }
  }

  [[nodiscard]] std::optional<std::string> found() const {
    if (best_ == 0 || best_ > kMost || !alone_) return std::nullopt;
    return std::string{meaning_};
  }

 private:
  std::string_view text_;
  std::size_t best_ = kMost + 1;
  std::string_view meaning_;
  bool alone_ = false;
};

template <Worded E>
std::optional<std::string> nearest_word(std::string_view text) {
  Nearest nearest{text};
  for (const auto& row : kWords<E>)
    detail::any_word(row, [&](std::string_view word) {
      if (!word.empty()) nearest.look(word, row.token);
      return false;
    });
  return nearest.found();
}

}  // namespace

std::optional<std::size_t> keystrokes_apart(std::string_view a, std::string_view b, std::size_t most) {
  const auto first = detail::Folded::of(a);
  const auto second = detail::Folded::of(b);
  if (!first || !second) return std::nullopt;
  const std::string_view from = first->view();
  const std::string_view to = second->view();
  // Three rows of the usual table are enough: a change of places looks two rows back.
  using Row = std::array<std::size_t, detail::kFoldedMax + 1>;
  Row two_back{};
  Row before{};
  Row now{};
  for (std::size_t k = 0; k <= to.size(); ++k) before[k] = k;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    now[0] = i;
    for (std::size_t k = 1; k <= to.size(); ++k) {
      const std::size_t replaced = before[k - 1] + (from[i - 1] == to[k - 1] ? 0 : 1);
      now[k] = std::min({before[k] + 1, now[k - 1] + 1, replaced});
      if (i > 1 && k > 1 && from[i - 1] == to[k - 2] && from[i - 2] == to[k - 1])
        now[k] = std::min(now[k], two_back[k - 2] + 1);
    }
    two_back = before;
    before = now;
  }
  if (before[to.size()] > most) return std::nullopt;
  return before[to.size()];
}

std::optional<std::string> suggestion(Field field, std::string_view text) {
  switch (field) {
    case Field::channel:
      return nearest_word<Channel>(text);
    case Field::type:
      return nearest_word<ContactType>(text);
    case Field::direction:
      return nearest_word<Direction>(text);
    case Field::closure:
      return nearest_word<Closure>(text);
    case Field::form:
      return nearest_word<AttachedForm>(text);
    case Field::municipality: {
      Nearest nearest{text};
      for (const auto& row : detail::kMunicipalities) nearest.look(row.name, row.name);
      return nearest.found();
    }
    case Field::kle: {
      std::array<std::string, kTasks.size()> numbers;
      for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = kTasks[i].kle.text();
      Nearest nearest{text};
      for (const std::string& number : numbers) nearest.look(number, number);
      return nearest.found();
    }
    case Field::date:
    case Field::week:
    case Field::count:
    case Field::source:
    case Field::unit:
    case Field::event_id:
      break;
  }
  return std::nullopt;
}

}  // namespace komhen
