#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "komhen/registration/encoding.hpp"
#include "komhen/registration/field.hpp"

namespace komhen {

/// How a profile feeds one dimension: from a column, or with one value for every row.
struct FieldRule {
  std::optional<std::string> column;         ///< name in the file's header, as it stands there
  std::optional<std::string> value;          ///< a word of the exchange file; exactly one of the two is there
  std::map<std::string, std::string> words;  ///< the file's word, trimmed -> a word of the exchange file
  std::optional<std::string> otherwise;      ///< what a word that is not in `words` becomes
  bool reject_otherwise = false;             ///< or that such a word is rejected
  std::string format;                        ///< of a date; empty for those of the exchange file
};

/// How to read a file that is not an exchange file. docs/exchange-file.md specifies it.
struct Profile {
  std::string name;  ///< what errors call it
  std::optional<char> delimiter;
  std::optional<Encoding> encoding;
  std::array<std::optional<FieldRule>, kFieldCount>
      rules;                    ///< by slot(Field); absent: the dimension is not read
  bool others_by_name = false;  ///< absent: read from a column that is named as in an exchange file

  [[nodiscard]] const std::optional<FieldRule>& rule(Field field) const { return rules[slot(field)]; }
};

/// Reads a profile from TOML text and checks it: every value and word must be one that an exchange file could
/// hold.
/// @param name  what to call the text in errors, such as its file name.
/// @throws Error (format) with a sentence that names file, key and value; an unknown key is one.
[[nodiscard]] Profile parse_profile(std::string_view toml, std::string_view name);

/// The same from a file. @throws Error (file, format).
[[nodiscard]] Profile load_profile(const std::string& path);

}  // namespace komhen
