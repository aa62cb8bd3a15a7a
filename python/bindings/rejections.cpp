#include "rejections.hpp"

#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/suggest.hpp"

namespace komhen::python {

Rejections::Rejections(CountOptions& options, std::int64_t most) {
  if (most <= 0) return;
  options.on_reject = [this, most](const Reject& reject) {
    if (static_cast<std::int64_t>(rows_.size()) >= most) return;
    Row row{detail::shown(reject.file), reject.line, reject.reason, reject.column, std::nullopt};
    if (reject.column)
      if (const auto& text = reject.fields[slot(*reject.column)]) row.text = detail::shown(*text);
    rows_.push_back(std::move(row));
  };
}

py::list Rejections::rows() const {
  py::list out;
  for (const Row& row : rows_) {
    const auto column = row.column ? py::object{text(token(*row.column))} : py::object{py::none()};
    const auto meant =
        row.column && row.text ? suggestion_for(row.reason, *row.column, *row.text) : std::nullopt;
    out.append(py::make_tuple(row.file, row.line, column, row.text, text(token(row.reason)), meant));
  }
  return out;
}

std::optional<std::string> suggestion_for(Reason reason, Field column, std::string_view text) {
  switch (reason) {
    case Reason::unknown_municipality:
    case Reason::bad_kle:
    case Reason::unknown_task:
    case Reason::unknown_channel:
    case Reason::unknown_type:
    case Reason::unknown_direction:
    case Reason::unknown_closure:
    case Reason::unknown_form:
      return suggestion(column, text);
    default:
      return std::nullopt;
  }
}

}  // namespace komhen::python
