#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "case_graph.hpp"
#include "komhen/cost/business_case.hpp"
#include "toml_values.hpp"

namespace komhen::detail {

/// What a number of a case file may be.
enum class Bounds : std::uint8_t { any, not_negative, above_zero, count, share };

/// Reads inputs and collects figures: what the kinds of case have in common.
class CaseBuilder {
 public:
  CaseBuilder(CaseResult& result, std::string folder) : result_{result}, folder_{std::move(folder)} {}
  CaseBuilder(const CaseBuilder&) = delete;
  CaseBuilder& operator=(const CaseBuilder&) = delete;

  /// Reads a number: a plain value, or a table with `value`, or `low` and `high` (a range), and `shape`,
  /// `source`, `estimated`. @throws Error (format).
  Term input(const TomlTable& table, std::string_view key, CaseUnit unit, Bounds bounds);
  /// A number that comes from elsewhere, such as a price of a table.
  Term input(std::string id, CaseUnit unit, ExactNumber value, std::string source);
  Term constant(const ExactNumber& value) { return {graph_, graph_.given(value)}; }

  /// Adds a figure that the graph computes. @throws Error (format) for an id that is there already and past
  /// what a case may hold; overflow for kroner that no Money holds.
  CaseFigure& figure(std::string id, std::string label, CaseUnit unit, Term term, std::string formula);
  /// Adds an exact figure that no graph computes, such as the end of an interval.
  CaseFigure& figure(std::string id, std::string label, CaseUnit unit, ExactNumber value, std::string formula,
                     std::vector<std::string> inputs);
  CaseFigure& estimate(std::string id, std::string label, CaseUnit unit, double value, std::string formula,
                       std::vector<std::string> inputs);
  void warn(std::string sentence) { result_.warnings.push_back(std::move(sentence)); }

  /// The source that new inputs and figures get.
  void set_source(std::string source) { source_ = std::move(source); }
  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  [[nodiscard]] Graph& graph() noexcept { return graph_; }
  [[nodiscard]] CaseResult& result() noexcept { return result_; }
  [[nodiscard]] const CaseResult& result() const noexcept { return result_; }
  /// The ids of the inputs that a node rests on.
  [[nodiscard]] std::vector<std::string> inputs_of(int node) const;
  /// The node of a figure; nullopt when there is no such figure or no graph computes it.
  [[nodiscard]] std::optional<Term> term_of(std::string_view figure);
  /// The node of an input; nullopt when there is none of that id.
  [[nodiscard]] std::optional<Term> term_of_input(std::string_view id);

 private:
  CaseFigure& add(CaseFigure figure);

  CaseResult& result_;
  std::string folder_;
  std::string source_;
  Graph graph_;
  std::vector<std::pair<int, std::size_t>> input_nodes_;  ///< node, place in result_.inputs
  std::vector<std::pair<std::string, int>> figure_nodes_;
  std::size_t references_ = 0;  ///< inputs that figures name, one for each figure
};

/// A text of a case file that may be shown. @throws Error (format) when it is long or holds personal data.
[[nodiscard]] std::string shown_text(const TomlTable& table, std::string_view key,
                                     std::string otherwise = "");

/// The sections of a case file; each does nothing where its table is not there.
void add_channel_shift(CaseBuilder& builder, const TomlTable& root);
void add_time_saved(CaseBuilder& builder, const TomlTable& root);
void add_scaled_fte(CaseBuilder& builder, const TomlTable& root);
void add_outgoing_post(CaseBuilder& builder, const TomlTable& root);
void add_potential(CaseBuilder& builder, const TomlTable& root);
void add_years(CaseBuilder& builder, const TomlTable& root);
void add_printed(CaseBuilder& builder, const TomlTable& root);
void add_uncertainty(CaseBuilder& builder, const TomlTable& root, const CaseOptions& options);
/// @throws Error (argument) for a number of draws that there cannot be.
void check(const CaseOptions& options);

/// What makes the contacts that stay heavier than the average was: `factor`, or `heavy_share` and
/// `heavy_weight`.
class Residual {
 public:
  /// @throws Error (format).
  Residual(CaseBuilder& builder, const TomlTable& table);
  /// What the contacts that stay weigh together when this share of them has moved, all of them before
  /// weighing
  /// 1. What has wholly moved weighs nothing, without a division by what stays.
  [[nodiscard]] Term weight(CaseBuilder& builder, Term moved) const;
  /// How many times as heavy the average contact that stays is. Some must stay.
  [[nodiscard]] Term factor(CaseBuilder& builder, Term moved) const;

 private:
  std::optional<Term> factor_;
  std::optional<Term> heavy_share_;
  std::optional<Term> heavy_weight_;
};

}  // namespace komhen::detail
