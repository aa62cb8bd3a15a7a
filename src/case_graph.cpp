#include "case_graph.hpp"

#include <algorithm>

#include "komhen/error.hpp"
#include "rational.hpp"

namespace komhen::detail {
namespace {

// So that no file takes for ever.
constexpr std::size_t kMostNodes = 200'000;
constexpr double kMostWork = 5e6;  // some seconds

template <class T>
T computed(Graph::Op op, const T& a, const T& b) {
  switch (op) {
    case Graph::Op::add:
      return a + b;
    case Graph::Op::subtract:
      return a - b;
    case Graph::Op::multiply:
      return a * b;
    case Graph::Op::divide:
      return a / b;
    case Graph::Op::larger:
    case Graph::Op::given:
      break;
  }
  return a < b ? b : a;
}

std::size_t place(int node) {
  return static_cast<std::size_t>(node);
}

/// What computing a number takes: a fraction is brought to lowest terms, which is quadratic in its length.
double work_of(const ExactNumber& number) {
  const cpp_rational& value = Rational::of(number);
  if (value.is_zero()) return 1;
  const double bits = static_cast<double>(msb(cpp_int{abs(numerator(value))}) + msb(denominator(value)));
  return 1 + bits * bits / 1e6;
}

}  // namespace

void Graph::check_size() const {
  if (nodes_.size() == kMostNodes)
    throw Error(ErrorKind::format, "the case needs more than 200000 steps of computation");
}

void Graph::spend(double steps) {
  spent_ += steps;
  if (spent_ > kMostWork)
    throw Error(
        ErrorKind::format,
        "the case needs more computation than a case may take: fewer ranges, years or digits would do");
}

int Graph::given(ExactNumber value) {
  check_size();
  nodes_.push_back({Op::given, -1, -1, std::move(value)});
  return static_cast<int>(nodes_.size()) - 1;
}

int Graph::combine(Op op, int a, int b) {
  check_size();
  nodes_.push_back({op, a, b, computed(op, value(a), value(b))});
  spend(work_of(nodes_.back().value));
  return static_cast<int>(nodes_.size()) - 1;
}

std::vector<bool> Graph::reached_from(int node) const {
  std::vector<bool> reached(nodes_.size());
  reached[place(node)] = true;
  for (std::size_t i = place(node) + 1; i-- > 0;) {
    if (!reached[i] || nodes_[i].op == Op::given) continue;
    reached[place(nodes_[i].a)] = true;
    reached[place(nodes_[i].b)] = true;
  }
  return reached;
}

ExactNumber Graph::value_with(int node, int replaced, const ExactNumber& by) {
  if (replaced > node) return value(node);
  spend(1 + static_cast<double>(nodes_.size()) / 64);
  std::vector<ExactNumber> values{by};  // from `replaced` on: what stands before it stays as it is
  std::vector<bool> changed{true};
  const auto moved = [&](int at) { return at >= replaced && changed[place(at - replaced)]; };
  const auto now = [&](int at) -> const ExactNumber& {
    return moved(at) ? values[place(at - replaced)] : value(at);
  };
  const auto needed = reached_from(node);
  for (int i = replaced + 1; i <= node; ++i) {
    const Node& own = nodes_[place(i)];
    changed.push_back(needed[place(i)] && own.op != Op::given && (moved(own.a) || moved(own.b)));
    values.emplace_back();
    if (!changed.back()) continue;
    values.back() = computed(own.op, now(own.a), now(own.b));
    spend(work_of(values.back()));
  }
  return now(node);
}

Program::Program(const Graph& graph, std::span<const int> varying, std::span<const int> results) {
  std::vector<bool> needed(graph.nodes().size());
  for (const int result : results) {
    const auto reached = graph.reached_from(result);
    for (std::size_t i = 0; i < reached.size(); ++i) needed[i] = needed[i] || reached[i];
    results_.push_back(place(result));
  }
  std::vector<bool> varies(graph.nodes().size());
  for (const int node : varying) {
    varies[place(node)] = true;
    varying_.push_back(place(node));
  }
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const Graph::Node& node = graph.nodes()[i];
    values_.push_back(node.value.estimate());
    if (node.op == Graph::Op::given || !needed[i]) continue;
    if (!varies[place(node.a)] && !varies[place(node.b)]) continue;
    varies[i] = true;
    steps_.push_back({node.op, place(node.a), place(node.b), i});
  }
}

void Program::run(std::span<const double> drawn, std::span<double> results) {
  for (std::size_t i = 0; i < varying_.size(); ++i) values_[varying_[i]] = drawn[i];
  for (const Step& step : steps_) values_[step.to] = computed(step.op, values_[step.a], values_[step.b]);
  for (std::size_t i = 0; i < results_.size(); ++i) results[i] = values_[results_[i]];
}

}  // namespace komhen::detail
