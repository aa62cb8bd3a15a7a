#include "case_builder.hpp"

/// Outgoing post: letters that go by Digital Post or remote print instead. No source prints a price, so each
/// is given.
namespace komhen::detail {

void add_outgoing_post(CaseBuilder& builder, const TomlTable& root) {
  if (!root.has("outgoing_post")) return;
  const TomlTable section = *root.table("outgoing_post");
  section.allow_only({"letters", "to_digital_post", "to_remote_print", "postage", "handling",
                      "digital_post_price", "remote_print_price"});
  const Term letters = builder.input(section, "letters", CaseUnit::letters, Bounds::count);
  const Term zero = builder.constant(0);
  ExactNumber at_most;  // of all shares, at the high ends of their ranges
  const auto moved = [&](const char* share, bool& any) {
    if (!section.has(share)) return zero;
    const Term part = builder.input(section, share, CaseUnit::share, Bounds::share);
    const ExactNumber most = builder.result().inputs.back().high.value_or(part.value());
    any = most.sign() > 0;
    at_most = at_most + most;
    return letters * part;
  };
  bool any_digital = false;
  bool any_remote = false;
  const Term digital = moved("to_digital_post", any_digital);
  const Term remote = moved("to_remote_print", any_remote);
  if (at_most > ExactNumber{1})
    section.complain("to_digital_post", "and to_remote_print can sum to more than 100 % of the letters: " +
                                            (at_most * ExactNumber{100}).text(2) + " %");
  const Term postage = builder.input(section, "postage", CaseUnit::kroner, Bounds::not_negative);
  const Term handling = builder.input(section, "handling", CaseUnit::kroner, Bounds::not_negative);
  const auto price = [&](const char* key, bool needed) {
    if (!section.has(key) && needed)
      section.complain(key, "is missing: letters are moved there, and a missing price is not zero");
    return section.has(key) ? builder.input(section, key, CaseUnit::kroner, Bounds::not_negative) : zero;
  };
  const Term digital_cost = digital * price("digital_post_price", any_digital);
  const Term remote_cost = remote * price("remote_print_price", any_remote);
  const Term gone = digital + remote;

  builder.figure("letters_digital_post", "Letters that go by Digital Post", CaseUnit::letters, digital,
                 "letters x to_digital_post");
  builder.figure("letters_remote_print", "Letters that go by remote print", CaseUnit::letters, remote,
                 "letters x to_remote_print");
  builder.figure("letters_left", "Letters that stay", CaseUnit::letters, letters - gone,
                 "letters - those that go");
  builder.figure("postage_saved", "Postage saved", CaseUnit::kroner, gone * postage,
                 "letters that go x postage");
  builder.figure("handling_saved", "Handling saved", CaseUnit::kroner, gone * handling,
                 "letters that go x handling");
  builder.figure("digital_post_cost", "Cost of Digital Post", CaseUnit::kroner, digital_cost,
                 "letters by Digital Post x its price");
  builder.figure("remote_print_cost", "Cost of remote print", CaseUnit::kroner, remote_cost,
                 "letters by remote print x its price");
  builder.figure("post_saving", "Saving on outgoing post", CaseUnit::kroner,
                 gone * (postage + handling) - digital_cost - remote_cost,
                 "postage_saved + handling_saved - digital_post_cost - remote_print_cost");
}

}  // namespace komhen::detail
