#pragma once

#include <string>
#include <string_view>

#include "decimal_text.hpp"
#include "komhen/cost/money.hpp"
#include "komhen/registration/personal_data.hpp"
#include "toml_file.hpp"

/// Values of the cost room as they stand in TOML. Decimals stand in quotes: TOML's own are binary fractions,
/// and no exact figure may meet one.
namespace komhen::detail {

/// Whether text such as `34.000` is thirty-four or thirty-four thousand, by whether a Dane wrote it.
[[nodiscard]] inline bool reads_in_two_ways(std::string_view text) {
  const auto parts = decimal_parts(text);
  return parts && !parts->danish && parts->suffix == Suffix::none && parts->decimals == 3 &&
         parts->digits.size() > 3 && parts->digits.size() <= 6 && parts->digits.front() != '0';
}

/// A whole number, or decimal text with or without `%`. @throws Error (format).
[[nodiscard]] inline ExactNumber exact_of(const TomlTable& table, std::string_view key) {
  table.require({key});
  const std::string text = *table.text_or_number(key);
  const auto number = ExactNumber::parse(text);
  if (!number)
    table.complain(key, "is " + quoted(text) + "; write a number such as 15, \"0.66\" or \"78 %\"");
  if (reads_in_two_ways(text))
    table.complain(key,
                   "is " + quoted(text) + ", which could be read in two ways; write 34000 or \"34,000\"");
  return *number;
}

[[nodiscard]] inline ExactNumber exact_not_negative(const TomlTable& table, std::string_view key) {
  ExactNumber number = exact_of(table, key);
  if (number.sign() < 0) table.complain(key, "is below zero: " + quoted(*table.text_or_number(key)));
  return number;
}

[[nodiscard]] inline std::int64_t count_of(const TomlTable& table, std::string_view key) {
  const auto number = exact_not_negative(table, key).whole();
  if (!number)
    table.complain(key, "is " + quoted(*table.text_or_number(key)) + "; a count is a whole number");
  return *number;
}

/// A share from 0 to 1, written `78 %` or `0.78`.
[[nodiscard]] inline ExactNumber share_of(const TomlTable& table, std::string_view key) {
  ExactNumber number = exact_of(table, key);
  if (number.sign() < 0 || number > ExactNumber{1})
    table.complain(key, "is " + quoted(*table.text_or_number(key)) + "; a share lies between 0 % and 100 %");
  return number;
}

/// Kroner: a whole number of them, or text such as `1.234,50 kr.`
[[nodiscard]] inline Money money_of(const TomlTable& table, std::string_view key) {
  table.require({key});
  try {
    return Money::from_text(*table.text_or_number(key));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::format) throw;
    table.complain(key, std::string{"is unusable: "} + error.what());
  }
}

[[nodiscard]] inline int year_of(const TomlTable& table, std::string_view key) {
  const std::int64_t year = count_of(table, key);
  if (year < 1900 || year > 2200)
    table.complain(key, "is " + std::to_string(year) + "; a year lies between 1900 and 2200");
  return static_cast<int>(year);
}

/// A word of an enumeration. @throws Error (format) naming the words there are.
template <Worded E>
[[nodiscard]] E word_of(const TomlTable& table, std::string_view key) {
  table.require({key});
  const std::string text = *table.text_or_number(key);
  const auto value = from_text<E>(text);
  if (value) return *value;
  std::string known;
  for (const auto& word : kWords<E>) known += (known.empty() ? "" : ", ") + std::string{word.token};
  table.complain(key, "is " + quoted(text) + "; there are " + known);
}

}  // namespace komhen::detail
