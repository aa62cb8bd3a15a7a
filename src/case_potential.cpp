#include "case_builder.hpp"

/// A potential of named parts that sum, shared out by a key.
namespace komhen::detail {

void add_potential(CaseBuilder& builder, const TomlTable& root) {
  if (!root.has("potential")) return;
  const TomlTable section = *root.table("potential");
  section.allow_only({"part", "share"});
  std::vector<std::string> names;
  std::vector<Term> parts;
  Term sum = builder.constant(0);
  for (const TomlTable& row : section.tables("part")) {
    row.allow_only({"id", "label", "amount"});
    row.require({"id"});
    names.push_back(shown_text(row, "id"));
    parts.push_back(builder.input(row, "amount", CaseUnit::kroner, Bounds::not_negative));
    builder.figure("part." + names.back(), shown_text(row, "label", names.back()), CaseUnit::kroner,
                   parts.back(), "as given");
    sum = sum + parts.back();
  }
  if (parts.empty()) section.complain("part", "is missing: each part stands under [[potential.part]]");
  builder.figure("potential", "The potential", CaseUnit::kroner, sum, "sum of the parts");
  if (sum.value().sign() > 0)
    for (std::size_t i = 0; i < parts.size(); ++i)
      builder.figure("part_share." + names[i], "Share of the potential, " + names[i], CaseUnit::share,
                     parts[i] / sum, "part / potential");

  std::vector<std::string> who;
  std::vector<ExactNumber> keys;
  std::vector<std::string> inputs = builder.inputs_of(sum.node());
  for (const TomlTable& row : section.tables("share")) {
    row.allow_only({"name", "key"});
    row.require({"name"});
    who.push_back(shown_text(row, "name"));
    keys.push_back(builder.input(row, "key", CaseUnit::factor, Bounds::not_negative).value());
    inputs.push_back(row.path_of("key"));
  }
  if (who.empty()) return;
  if (std::ranges::all_of(keys, &ExactNumber::is_zero))
    section.complain("share", "has no key above zero, so there is nothing to share by");
  const Money whole = ExactAmount::from_kroner(sum.value()).settle(Rounding::half_up);
  const auto shares = split(whole, keys);
  for (std::size_t i = 0; i < who.size(); ++i)
    builder
        .figure("shared_out." + who[i], "The part of " + who[i], CaseUnit::kroner,
                ExactAmount{shares[i]}.kroner(), "potential x key / sum of keys, by largest remainder",
                inputs)
        .notes.push_back("the parts are whole oere and sum to the potential");
}

}  // namespace komhen::detail
