#include "case_graph.hpp"

#include <algorithm>

#include "komhen/error.hpp"

namespace komhen::detail {
namespace {

constexpr std::size_t kMostNodes = 200'000;  // so that no file takes for ever

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

}  // namespace

void Graph::check_size() const {
  if (nodes_.size() == kMostNodes)
    throw Error(ErrorKind::format, "the case needs more than 200000 steps of computation");
}

int Graph::given(ExactNumber value) {
  check_size();
  nodes_.push_back({Op::given, -1, -1, std::move(value)});
  return static_cast<int>(nodes_.size()) - 1;
}

int Graph::combine(Op op, int a, int b) {
  check_size();
  nodes_.push_back({op, a, b, computed(op, value(a), value(b))});
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

ExactNumber Graph::value_with(int node, int replaced, const ExactNumber& by) const {
  std::vector<ExactNumber> values;
  const auto needed = reached_from(node);
  for (std::size_t i = 0; i <= place(node); ++i) {
    const Node& own = nodes_[i];
    if (i == place(replaced))
      values.push_back(by);
    else if (own.op == Op::given || !needed[i])
      values.push_back(own.value);
    else
      values.push_back(computed(own.op, values[place(own.a)], values[place(own.b)]));
  }
  return values[place(node)];
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
