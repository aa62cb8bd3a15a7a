#pragma once

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace komhen::detail {
/// Throws std::logic_error.
[[noreturn]] void refuse_broken_toml();
}  // namespace komhen::detail

#define TOML_HEADER_ONLY 0
#define TOML_MAX_NESTED_VALUES 32
// toml++ 3.3 meets some broken files (`[[~a]]`) with an assertion, which is undefined behaviour in a release
// build and the end of the process in another. Here it is an exception in both.
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : ::komhen::detail::refuse_broken_toml())
#pragma push_macro("NDEBUG")
#undef NDEBUG
// A host may use toml++ itself, with other settings. Under one name the linker would take one of the two
// parsers for both, and a broken file would end the host by the assertion above; so ours has a name of its
// own.
#define toml komhen_toml
#include <toml++/toml.h>
#undef toml
#pragma pop_macro("NDEBUG")

namespace komhen {
namespace toml = ::komhen_toml;
}

/// TOML with the errors of komhen: one sentence that names file, key and value.
namespace komhen::detail {

/// A table of a TOML file that knows its place in it, so that every complaint can say where.
class TomlTable {
 public:
  TomlTable(const toml::table& table, std::string file, std::string path)
      : table_{&table}, file_{std::move(file)}, path_{std::move(path)} {}

  /// @throws Error (format) naming the first key that is none of these.
  void allow_only(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] bool has(std::string_view key) const { return table_->contains(key); }
  /// Throws Error (format) naming the first of these keys that is missing.
  void require(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] bool is_text(std::string_view key) const { return (*table_)[key].is_string(); }
  [[nodiscard]] bool is_number(std::string_view key) const { return (*table_)[key].is_integer(); }
  [[nodiscard]] bool is_truth(std::string_view key) const { return (*table_)[key].is_boolean(); }
  [[nodiscard]] bool is_list(std::string_view key) const { return (*table_)[key].is_array(); }
  [[nodiscard]] bool is_table(std::string_view key) const { return (*table_)[key].is_table(); }
  /// Where a key of it stands in the file: `price[1].channel`.
  [[nodiscard]] std::string path_of(std::string_view key) const { return full(key); }
  /// The file it stands in, as errors name it.
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  /// Text, or a whole number as text.
  [[nodiscard]] std::optional<std::string> text_or_number(std::string_view key) const;
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key) const;
  /// A list of texts and whole numbers, as texts.
  [[nodiscard]] std::optional<std::vector<std::string>> texts_or_numbers(std::string_view key) const;
  [[nodiscard]] std::optional<bool> truth(std::string_view key) const;
  /// An ISO date, as TOML has it (2013-03-01) or in quotes; as text, checked.
  [[nodiscard]] std::optional<std::string> date(std::string_view key) const;
  [[nodiscard]] std::optional<TomlTable> table(std::string_view key) const;
  [[nodiscard]] std::vector<TomlTable> tables(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> keys() const;

  /// Throws Error (format): "in FILE, KEY WHAT".
  [[noreturn]] void complain(std::string_view key, const std::string& what) const;

 private:
  [[nodiscard]] std::string full(std::string_view key) const;

  const toml::table* table_;
  std::string file_;
  std::string path_;
};

/// @throws Error (format) with line and column of what is not TOML.
[[nodiscard]] toml::table parse_toml(std::string_view text, std::string_view name);

}  // namespace komhen::detail
