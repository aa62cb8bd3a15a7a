#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/cost/money.hpp"
#include "komhen/measure/dimension.hpp"
#include "komhen/report/text.hpp"

namespace komhen::detail {

/// Writes JSON in one go: keys and values in order, commas by itself. What is opened must be closed.
class JsonWriter {
 public:
  JsonWriter& open_object() { return open('{'); }
  JsonWriter& open_list() { return open('['); }
  JsonWriter& close_object() { return close('}'); }
  JsonWriter& close_list() { return close(']'); }
  JsonWriter& key(std::string_view name) {
    separate();
    out_ += json_text(name) + ':';
    first_ = true;
    return *this;
  }
  JsonWriter& text(std::string_view value) { return raw(json_text(value)); }
  JsonWriter& number(std::int64_t value) { return raw(std::to_string(value)); }
  JsonWriter& truth(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }

  JsonWriter& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, const char* value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, const std::string& value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, std::int64_t value) { return key(name).number(value); }
  JsonWriter& field(std::string_view name, int value) { return key(name).number(value); }
  /// null for what is not there.
  template <class T>
  JsonWriter& maybe(std::string_view name, const std::optional<T>& value) {
    return value ? field(name, *value) : key(name).null();
  }
  JsonWriter& field(std::string_view name, const std::vector<std::string>& values) {
    key(name).open_list();
    for (const std::string& value : values) text(value);
    return close_list();
  }
  JsonWriter& field(std::string_view name, const std::vector<Dimension>& values) {
    key(name).open_list();
    for (const Dimension value : values) text(token(value));
    return close_list();
  }
  /// Kroner settled half up, and the exact fraction beside it where it is no whole number of øre.
  JsonWriter& field(std::string_view name, const ExactAmount& amount) {
    field(name, std::string_view{amount.settle(Rounding::half_up).text()});
    if (!amount.oere().is_whole())
      field(std::string{name} + "_exact", std::string_view{amount.kroner().fraction_text()});
    return *this;
  }
  /// The dimensions of a row; municipalities are numbers.
  JsonWriter& fields(const std::vector<DimensionValue>& row) {
    for (const DimensionValue& value : row) {
      key(token(value.dimension));
      if (value.dimension == Dimension::municipality)
        raw(value.text);
      else
        text(value.text);
    }
    return *this;
  }

  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  void separate() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  JsonWriter& raw(std::string_view value) {
    separate();
    out_ += value;
    return *this;
  }
  JsonWriter& open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
  }

  std::string out_;
  bool first_ = true;
};

}  // namespace komhen::detail
