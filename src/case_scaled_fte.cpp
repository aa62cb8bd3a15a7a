#include "case_builder.hpp"

/// A printed number of full-time equivalents at one digital share, scaled to another.
namespace komhen::detail {

void add_scaled_fte(CaseBuilder& builder, const TomlTable& root) {
  if (!root.has("scaled_fte")) return;
  const TomlTable section = *root.table("scaled_fte");
  section.allow_only({"fte", "at", "to", "wages", "overhead", "printed_fte", "benchmark"});
  const Term fte = builder.input(section, "fte", CaseUnit::fte, Bounds::above_zero);
  const Term at = builder.input(section, "at", CaseUnit::share, Bounds::share);
  const Term to = builder.input(section, "to", CaseUnit::share, Bounds::share);
  if (at.value().is_zero()) section.complain("at", "is 0 %: nothing can be scaled from there");
  const Term scaled = fte * to / at;
  builder
      .figure("scaled_fte", "Full-time equivalents at the new share", CaseUnit::fte, scaled, "fte x to / at")
      .notes.push_back("the contacts that stay are the heavy ones, so scaling in proportion overstates");
  if (!section.has("wages")) {
    for (const char* key : {"overhead", "printed_fte", "benchmark"})
      if (section.has(key)) section.complain(key, "needs wages beside it");
    return;
  }
  const Term wages = builder.input(section, "wages", CaseUnit::kroner, Bounds::above_zero);
  const Term overhead = section.has("overhead")
                            ? builder.input(section, "overhead", CaseUnit::kroner, Bounds::not_negative)
                            : builder.constant(0);
  const Term total = wages + overhead;
  builder.figure("scaled_total", "Wages and overhead at the new share", CaseUnit::kroner, total,
                 "wages + overhead");
  builder.figure("overhead_share", "Overhead as a share of wages", CaseUnit::share, overhead / wages,
                 "overhead / wages");
  if (scaled.value().sign() > 0)
    builder.figure("wage_per_fte", "Wages of a full-time equivalent", CaseUnit::kroner, wages / scaled,
                   "wages / scaled_fte, not rounded");
  if (section.has("printed_fte")) {
    const Term printed = builder.input(section, "printed_fte", CaseUnit::fte, Bounds::above_zero);
    builder.figure("wage_per_printed_fte", "Wages of a full-time equivalent, as printed", CaseUnit::kroner,
                   wages / printed, "wages / printed_fte");
  }
  if (section.has("benchmark")) {
    const Term benchmark = builder.input(section, "benchmark", CaseUnit::kroner, Bounds::not_negative);
    builder.figure("benchmark_difference", "How much higher the benchmark is", CaseUnit::kroner,
                   benchmark - total, "benchmark - scaled_total");
    builder.figure("benchmark_factor", "How many times as high the benchmark is", CaseUnit::factor,
                   benchmark / total, "benchmark / scaled_total");
  }
}

}  // namespace komhen::detail
