#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow_c_data.h"

/// Tables handed out through the Arrow C data interface.
namespace komhen::detail {

/// A table while it is built, column by column, and then shared, unchanged, by all that is handed out of it.
class ArrowTable {
 public:
  /// The columns to come have this many rows.
  explicit ArrowTable(std::size_t rows) : rows_{rows} {}

  /// A line of the schema's metadata.
  void note(std::string_view key, std::string_view value);

  // Columns, each of rows() values.
  /// int32 or int64.
  void add(std::string name, const std::vector<std::int32_t>& values);
  void add(std::string name, const std::vector<std::int64_t>& values);
  void add(std::string name, const std::vector<std::optional<std::int64_t>>& values);
  /// bool; nullopt is null.
  void add(std::string name, const std::vector<std::optional<bool>>& values);
  /// decimal128(precision, 6) of millionths; nullopt is null.
  void add_decimal(std::string name, int precision,
                   const std::vector<std::optional<std::int64_t>>& millionths);
  /// decimal128(38, decimals) of decimal texts with at most so many decimals; rows that are not there are
  /// null. @throws Error (overflow) when one has more than 38 digits.
  void add_decimal(std::string name, int decimals, const std::vector<std::string>& texts,
                   const std::vector<bool>& there);
  /// utf8. @throws Error (overflow) when the texts pass 2 GiB.
  void add(std::string name, const std::vector<std::string>& texts);
  /// The same; rows that are not there are null, whatever their text.
  void add(std::string name, const std::vector<std::string>& texts, const std::vector<bool>& there);
  /// dictionary<int8, utf8> or dictionary<int32, utf8>; indices must lie in the dictionary.
  void add(std::string name, const std::vector<std::int8_t>& index,
           const std::vector<std::string>& dictionary);
  void add(std::string name, const std::vector<std::int32_t>& index,
           const std::vector<std::string>& dictionary);

  struct Column {
    std::string name;
    std::string format;
    bool nullable = false;
    std::int64_t length = 0;
    std::int64_t nulls = 0;
    std::vector<std::vector<std::byte>> buffers;  ///< the first, of validity, may be empty
    std::unique_ptr<Column> dictionary;
  };
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] const std::vector<Column>& columns() const noexcept { return columns_; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& notes() const noexcept {
    return notes_;
  }

 private:
  std::size_t rows_;
  std::vector<Column> columns_;
  std::vector<std::pair<std::string, std::string>> notes_;
};

/// Fills `*out` with a stream of the table as one batch. @throws Error (argument) for nullptr.
void hand_out(std::shared_ptr<const ArrowTable> table, ArrowArrayStream* out);

}  // namespace komhen::detail
