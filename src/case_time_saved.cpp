#include <algorithm>
#include <set>

#include "case_builder.hpp"

/// Time saved: activities, each with a count, minutes, and what the new process saves and adds.
namespace komhen::detail {
namespace {

struct Activity {
  std::string name;
  Term count;
  Term minutes;
  Term net;       ///< minutes saved less minutes that the new process adds; may be below zero
  Term eligible;  ///< share of them that the new process can take
};

/// A digital share, and how ids name it: nothing for the case's own, `_at_90` for another.
struct Share {
  std::string suffix;
  std::string label;
  Term term;
};

class TimeSaved {
 public:
  TimeSaved(CaseBuilder& builder, const TomlTable& section) : builder_{builder}, section_{section} {
    for (const TomlTable& row : section.tables("activity")) {
      row.allow_only({"name", "count", "minutes", "saved", "added", "eligible", "note"});
      row.require({"name"});
      const Term saved = builder.input(row, "saved", CaseUnit::minutes, Bounds::not_negative);
      const Term net = row.has("added")
                           ? saved - builder.input(row, "added", CaseUnit::minutes, Bounds::not_negative)
                           : saved;
      activities_.push_back(
          {shown_text(row, "name"), builder.input(row, "count", CaseUnit::contacts, Bounds::count),
           builder.input(row, "minutes", CaseUnit::minutes, Bounds::not_negative), net,
           row.has("eligible") ? builder.input(row, "eligible", CaseUnit::share, Bounds::share)
                               : builder.constant(1)});
    }
    for (const Activity& activity : activities_)
      if (activity.net.value() > activity.minutes.value())
        builder.warn("the activity " + quoted(activity.name) + " saves more minutes than it takes today");
    if (activities_.empty())
      section.complain("activity", "is missing: each activity stands under [[time_saved.activity]]");
    shares_.push_back(
        {"", "the digital share", builder.input(section, "digital_share", CaseUnit::share, Bounds::share)});
    if (section.has("also_at")) {
      const auto texts = *section.texts_or_numbers("also_at");
      for (const std::string& text : texts) {
        const auto share = ExactNumber::parse(text);
        if (!share || share->sign() < 0 || *share > ExactNumber{1})
          section.complain("also_at", "has " + quoted(text) + "; a share lies between 0 % and 100 %");
        const std::string per_cent = (*share * ExactNumber{100}).exact_text().value_or(text);
        shares_.push_back({"_at_" + per_cent, per_cent + " % digital", builder.constant(*share)});
      }
    }
    if (section.has("hours_per_fte"))
      hours_per_fte_ = builder.input(section, "hours_per_fte", CaseUnit::hours_per_fte, Bounds::above_zero);
    if (section.has("residual")) residual_.emplace(builder, *section.table("residual"));
    read_pay();
  }

  void add() {
    add_variant("", "", {});
    for (const TomlTable& row : section_.tables("variant")) {
      row.allow_only({"id", "label", "without"});
      row.require({"id", "without"});
      std::set<std::string> without;
      const auto names = *row.texts("without");
      for (const std::string& name : names) {
        if (std::ranges::find(activities_, shown(name), &Activity::name) == activities_.end())
          row.complain("without", "has " + quoted(name) + ", which is no activity of the case");
        without.insert(shown(name));
      }
      suffixes_.push_back("_" + shown_text(row, "id"));
      add_variant(suffixes_.back(), ", " + shown_text(row, "label", shown_text(row, "id")), without);
    }
    add_printed_fte();
  }

 private:
  void read_pay() {
    if (!section_.has("pay")) return;
    const TomlTable pay = *section_.table("pay");
    pay.allow_only({"wage_per_fte", "overhead_per_fte", "wage_per_hour", "overhead_per_hour", "wages",
                    "overhead", "for_fte"});
    const bool printed = pay.has("for_fte");  // so many kroner for so many full-time equivalents
    per_hour_ = pay.has("wage_per_hour");
    const char* wage = printed ? "wages" : per_hour_ ? "wage_per_hour" : "wage_per_fte";
    const char* overhead = printed ? "overhead" : per_hour_ ? "overhead_per_hour" : "overhead_per_fte";
    for (const char* key :
         {"wage_per_fte", "overhead_per_fte", "wage_per_hour", "overhead_per_hour", "wages", "overhead"})
      if (pay.has(key) && key != std::string_view{wage} && key != std::string_view{overhead})
        pay.complain(key, "cannot stand beside " + std::string{wage});
    if (!per_hour_ && !hours_per_fte_)
      section_.complain("hours_per_fte", "is missing, and pay of full-time equivalents needs it");
    wage_ = builder_.input(pay, wage, CaseUnit::kroner, Bounds::not_negative);
    overhead_ = pay.has(overhead) ? builder_.input(pay, overhead, CaseUnit::kroner, Bounds::not_negative)
                                  : builder_.constant(0);
    if (!printed) return;
    const Term fte = builder_.input(pay, "for_fte", CaseUnit::fte, Bounds::above_zero);
    wage_ = *wage_ / fte;
    overhead_ = *overhead_ / fte;
  }

  Term add_minutes(const std::string& id, const std::string& label, Term minutes,
                   const std::string& formula) {
    builder_.figure(id + "_minutes", label, CaseUnit::minutes, minutes, formula);
    const Term hours = minutes / 60;
    builder_.figure(id + "_hours", label, CaseUnit::hours, hours, id + "_minutes / 60");
    return hours;
  }

  void add_variant(const std::string& suffix, const std::string& label,
                   const std::set<std::string>& without) {
    Term total = builder_.constant(0);
    Term most = builder_.constant(0);
    std::vector<const Activity*> own;
    for (const Activity& activity : activities_) {
      if (without.contains(activity.name)) continue;
      own.push_back(&activity);
      total = total + activity.count * activity.minutes;
      most = most + activity.count * activity.eligible * activity.net;
      if (!suffix.empty()) continue;
      builder_.figure("minutes." + activity.name, activity.name, CaseUnit::minutes,
                      activity.count * activity.minutes, "count x minutes");
      builder_.figure("minutes_saved_at_most." + activity.name, activity.name + ", saved at 100 % digital",
                      CaseUnit::minutes, activity.count * activity.eligible * activity.net,
                      "count x eligible share x (minutes saved - minutes added)");
    }
    add_minutes("total" + suffix, "Time spent today" + label, total,
                "sum over activities of count x minutes");
    add_minutes("saved_at_most" + suffix, "Saved at 100 % digital" + label, most,
                "sum over activities of count x eligible share x (minutes saved - minutes added)");
    for (const Share& share : shares_) {
      const Term saved = most * share.term;
      add_kroner(suffix + share.suffix, "Saved at " + share.label + label, saved,
                 "digital share x saved_at_most" + suffix + "_minutes");
      if (residual_)
        add_kroner(suffix + share.suffix + "_heavy",
                   "Saved at " + share.label + label + ", the heavy contacts staying",
                   saved - extra(own, share.term),
                   "saved - sum over activities that save time of staying contacts x minutes x (residual "
                   "factor - 1)");
    }
  }

  /// The further minutes that the contacts take that stay, where the easy ones have moved.
  Term extra(const std::vector<const Activity*>& own, Term share) {
    Term sum = builder_.constant(0);
    for (const Activity* activity : own) {
      if (activity->net.value().sign() <= 0) continue;
      const Term moved = share * activity->eligible;
      const Term stays = builder_.constant(1) - moved;
      sum = sum + activity->count * activity->minutes * (residual_->weight(builder_, moved) - stays);
    }
    return sum;
  }

  void add_kroner(const std::string& suffix, const std::string& label, Term minutes,
                  const std::string& formula) {
    const Term hours = add_minutes("saved" + suffix, label, minutes, formula);
    if (hours_per_fte_)
      builder_.figure("saved" + suffix + "_fte", label, CaseUnit::fte, hours / *hours_per_fte_,
                      "saved" + suffix + "_hours / hours of a full-time equivalent");
    if (!wage_) return;
    const Term units = per_hour_ ? hours : hours / *hours_per_fte_;
    const std::string of = per_hour_ ? "_hours x cost of an hour" : "_fte x cost of a full-time equivalent";
    builder_.figure("saved" + suffix + "_wages", label + ", wages", CaseUnit::kroner, units * *wage_,
                    "saved" + suffix + of);
    builder_.figure("saved" + suffix + "_overhead", label + ", overhead", CaseUnit::kroner,
                    units * *overhead_, "saved" + suffix + of);
    builder_.figure("saved" + suffix + "_kroner", label + ", wages and overhead", CaseUnit::kroner,
                    units * (*wage_ + *overhead_), "wages + overhead");
  }

  /// What a printed number of full-time equivalents says of their hours, held against a working year.
  void add_printed_fte() {
    if (!section_.has("printed_fte")) return;
    const TomlTable table = *section_.table("printed_fte");
    table.allow_only({"fte", "at"});
    const Term fte = builder_.input(table, "fte", CaseUnit::fte, Bounds::above_zero);
    const Term at = builder_.input(table, "at", CaseUnit::share, Bounds::share);
    for (const std::string& suffix : suffixes_) {
      const Term hours = *builder_.term_of("saved_at_most" + suffix + "_minutes") * at / 60;
      const Term implied = hours / fte;
      CaseFigure& figure = builder_.figure(
          "implied_hours_per_fte" + suffix, "Hours of a full-time equivalent that the printed one implies",
          CaseUnit::hours_per_fte, implied, "hours saved at that share / printed full-time equivalents");
      if (hours_per_fte_ && implied.value() > hours_per_fte_->value()) {
        const std::string sentence =
            "implies " + implied.value().text(0) + " hours for a full-time equivalent, above " +
            hours_per_fte_->value().text(0) + ": the printed figure does not follow from the table";
        figure.notes.push_back(sentence);
        builder_.warn(figure.id + " " + sentence);
      }
    }
  }

  CaseBuilder& builder_;
  const TomlTable& section_;
  std::vector<Activity> activities_;
  std::vector<Share> shares_;
  std::vector<std::string> suffixes_{""};  ///< of the case itself, then of its variants
  std::optional<Term> hours_per_fte_;
  std::optional<Residual> residual_;
  bool per_hour_ = false;
  std::optional<Term> wage_;
  std::optional<Term> overhead_;
};

}  // namespace

void add_time_saved(CaseBuilder& builder, const TomlTable& root) {
  if (!root.has("time_saved")) return;
  const TomlTable section = *root.table("time_saved");
  section.allow_only(
      {"activity", "digital_share", "also_at", "hours_per_fte", "residual", "pay", "variant", "printed_fte"});
  TimeSaved{builder, section}.add();
}

}  // namespace komhen::detail
