#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "komhen/measure/exact_number.hpp"

/// A case as a graph of its computation. One description serves the exact figures, the inputs that each rests
/// on, the tornado (exact, one input moved) and the draws (doubles), so that they cannot drift apart.
namespace komhen::detail {

class Graph {
 public:
  enum class Op : std::uint8_t { given, add, subtract, multiply, divide, larger };
  struct Node {
    Op op;
    int a;
    int b;
    ExactNumber value;
  };

  /// An input or a constant. @throws Error (format) past 200,000 nodes and past the work a case may take, as
  /// combine() and value_with() do.
  int given(ExactNumber value);
  /// @throws Error as ExactNumber does.
  int combine(Op op, int a, int b);

  [[nodiscard]] const ExactNumber& value(int node) const {
    return nodes_[static_cast<std::size_t>(node)].value;
  }
  [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
  /// For each node, whether `node` is computed from it.
  [[nodiscard]] std::vector<bool> reached_from(int node) const;
  /// The node's value with one given value replaced, exactly.
  [[nodiscard]] ExactNumber value_with(int node, int replaced, const ExactNumber& by);

 private:
  void check_size() const;
  void spend(double steps);
  std::vector<Node> nodes_;  ///< what a node is computed from stands before it
  double spent_ = 0;         ///< steps of exact computation, long numbers counting for many
};

/// A node of a graph, with the arithmetic of numbers. The graph must outlive it.
class Term {
 public:
  Term(Graph& graph, int node) : graph_{&graph}, node_{node} {}
  [[nodiscard]] int node() const noexcept { return node_; }
  [[nodiscard]] const ExactNumber& value() const { return graph_->value(node_); }
  [[nodiscard]] Term constant(const ExactNumber& value) const { return {*graph_, graph_->given(value)}; }

  friend Term operator+(Term a, Term b) { return a.with(Graph::Op::add, b); }
  friend Term operator-(Term a, Term b) { return a.with(Graph::Op::subtract, b); }
  friend Term operator*(Term a, Term b) { return a.with(Graph::Op::multiply, b); }
  friend Term operator/(Term a, Term b) { return a.with(Graph::Op::divide, b); }
  friend Term operator*(Term a, std::int64_t b) { return a * a.constant(b); }
  friend Term operator/(Term a, std::int64_t b) { return a / a.constant(b); }
  friend Term larger(Term a, Term b) { return a.with(Graph::Op::larger, b); }

 private:
  [[nodiscard]] Term with(Graph::Op op, Term other) const {
    return {*graph_, graph_->combine(op, node_, other.node_)};
  }
  Graph* graph_;
  int node_;
};

/// A graph's computation of some nodes from some varying ones, in doubles: for estimates alone.
class Program {
 public:
  Program(const Graph& graph, std::span<const int> varying, std::span<const int> results);
  /// @param drawn   a value for each varying node.
  /// @param results a place for each result.
  void run(std::span<const double> drawn, std::span<double> results);
  /// What one run takes, in steps.
  [[nodiscard]] std::size_t size() const noexcept { return varying_.size() + steps_.size(); }

 private:
  struct Step {
    Graph::Op op;
    std::size_t a;
    std::size_t b;
    std::size_t to;
  };
  std::vector<double> values_;
  std::vector<Step> steps_;
  std::vector<std::size_t> varying_;
  std::vector<std::size_t> results_;
};

}  // namespace komhen::detail
