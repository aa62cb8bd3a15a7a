#include "arrow_table.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <limits>
#include <new>
#include <span>

#include "komhen/error.hpp"

namespace komhen::detail {
namespace {

using Column = ArrowTable::Column;

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span{values});
  return {bytes.begin(), bytes.end()};
}

Column named(std::string name, std::string format) {
  Column column;
  column.name = std::move(name);
  column.format = std::move(format);
  return column;
}

Column text_column(std::string name, const std::vector<std::string>& texts) {
  Column column = named(std::move(name), "u");
  column.length = static_cast<std::int64_t>(texts.size());
  std::vector<std::int32_t> offsets{0};
  offsets.reserve(texts.size() + 1);
  std::vector<std::byte> text;
  for (const std::string& one : texts) {
    if (one.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) - text.size())
      throw Error(ErrorKind::overflow, "the texts of the column " + column.name + " pass 2 GiB");
    const auto bytes = std::as_bytes(std::span{one});
    text.insert(text.end(), bytes.begin(), bytes.end());
    offsets.push_back(static_cast<std::int32_t>(text.size()));
  }
  column.buffers = {{}, bytes_of(offsets), std::move(text)};
  return column;
}

template <class T>
Column fixed_column(std::string name, std::string format, const std::vector<T>& values) {
  Column column = named(std::move(name), std::move(format));
  column.length = static_cast<std::int64_t>(values.size());
  column.buffers = {{}, bytes_of(values)};
  return column;
}

/// A bit for each row that is there; empty when all are.
std::vector<std::byte> validity_of(const std::vector<bool>& there, std::int64_t& nulls) {
  std::vector<std::byte> validity((there.size() + 7) / 8);
  for (std::size_t row = 0; row < there.size(); ++row) {
    if (there[row])
      validity[row / 8] |= std::byte{1} << static_cast<unsigned>(row % 8);
    else
      ++nulls;
  }
  if (nulls == 0) validity.clear();
  return validity;
}

/// `Stored(value)` of every value that is there, and a validity buffer where one is not.
template <class T, class Store>
Column nullable_column(std::string name, std::string format,
                       const std::vector<std::optional<std::int64_t>>& values, Store&& store) {
  Column column = named(std::move(name), std::move(format));
  column.nullable = true;
  column.length = static_cast<std::int64_t>(values.size());
  std::vector<std::byte> validity((values.size() + 7) / 8);
  std::vector<T> stored;
  stored.reserve(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    stored.push_back(store(values[row].value_or(0)));
    if (values[row])
      validity[row / 8] |= std::byte{1} << static_cast<unsigned>(row % 8);
    else
      ++column.nulls;
  }
  if (column.nulls == 0) validity.clear();
  column.buffers = {std::move(validity), bytes_of(stored)};
  return column;
}

/// 128 bits in the machine's order, which is what the interface asks for.
struct Decimal {
  std::uint64_t low;
  std::uint64_t high;
};
static_assert(std::endian::native == std::endian::little, "the halves of a Decimal stand in this order");

constexpr std::size_t kDecimalDigits = 38;  // of a decimal128

/// Decimal text as a whole number of its last decimals: `-1.5` with 2 decimals is -150.
Decimal decimal_of(std::string_view text, int decimals, const std::string& column) {
  std::string digits;
  std::size_t after = 0;
  bool behind_point = false;
  for (const char c : text) {
    if (c == '.') behind_point = true;
    if (c < '0' || c > '9') continue;
    digits += c;
    after += behind_point ? 1U : 0U;
  }
  digits.append(static_cast<std::size_t>(decimals) - after, '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > kDecimalDigits)
    throw Error(ErrorKind::overflow, "a number of the column " + column + " has more than 38 digits");
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  for (const char digit : digits) {  // value * 10 + digit, in halves of 64 bits and theirs of 32
    constexpr std::uint64_t kHalf = 0xffffffffU;
    const std::uint64_t lower = (low & kHalf) * 10 + static_cast<std::uint64_t>(digit - '0');
    const std::uint64_t upper = (low >> 32U) * 10 + (lower >> 32U);
    low = (upper << 32U) | (lower & kHalf);
    high = high * 10 + (upper >> 32U);
  }
  if (text.starts_with('-')) {
    low = ~low + 1;
    high = ~high + (low == 0 ? 1U : 0U);
  }
  return {low, high};
}

}  // namespace

void ArrowTable::note(std::string_view key, std::string_view value) {
  notes_.emplace_back(key, value);
}

void ArrowTable::add(std::string name, const std::vector<std::int32_t>& values) {
  columns_.push_back(fixed_column(std::move(name), "i", values));
}

void ArrowTable::add(std::string name, const std::vector<std::int64_t>& values) {
  columns_.push_back(fixed_column(std::move(name), "l", values));
}

void ArrowTable::add(std::string name, const std::vector<std::optional<std::int64_t>>& values) {
  columns_.push_back(
      nullable_column<std::int64_t>(std::move(name), "l", values, [](std::int64_t value) { return value; }));
}

void ArrowTable::add(std::string name, const std::vector<std::optional<bool>>& values) {
  Column column = named(std::move(name), "b");
  column.nullable = true;
  column.length = static_cast<std::int64_t>(values.size());
  std::vector<bool> there;
  std::vector<std::byte> bits((values.size() + 7) / 8);
  for (std::size_t row = 0; row < values.size(); ++row) {
    there.push_back(values[row].has_value());
    if (values[row].value_or(false)) bits[row / 8] |= std::byte{1} << static_cast<unsigned>(row % 8);
  }
  column.buffers = {validity_of(there, column.nulls), std::move(bits)};
  columns_.push_back(std::move(column));
}

void ArrowTable::add_decimal(std::string name, int precision,
                             const std::vector<std::optional<std::int64_t>>& millionths) {
  columns_.push_back(nullable_column<Decimal>(
      std::move(name), "d:" + std::to_string(precision) + ",6", millionths, [](std::int64_t value) {
        return Decimal{static_cast<std::uint64_t>(value), value < 0 ? ~std::uint64_t{0} : 0};
      }));
}

void ArrowTable::add_decimal(std::string name, int decimals, const std::vector<std::string>& texts,
                             const std::vector<bool>& there) {
  Column column = named(std::move(name), "d:38," + std::to_string(decimals));
  column.nullable = true;
  column.length = static_cast<std::int64_t>(texts.size());
  std::vector<Decimal> stored;
  stored.reserve(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row)
    stored.push_back(there[row] ? decimal_of(texts[row], decimals, column.name) : Decimal{});
  column.buffers = {validity_of(there, column.nulls), bytes_of(stored)};
  columns_.push_back(std::move(column));
}

void ArrowTable::add(std::string name, const std::vector<std::string>& texts) {
  columns_.push_back(text_column(std::move(name), texts));
}

void ArrowTable::add(std::string name, const std::vector<std::string>& texts,
                     const std::vector<bool>& there) {
  Column column = text_column(std::move(name), texts);
  column.nullable = true;
  column.buffers.front() = validity_of(there, column.nulls);
  columns_.push_back(std::move(column));
}

void ArrowTable::add(std::string name, const std::vector<std::int8_t>& index,
                     const std::vector<std::string>& dictionary) {
  Column column = fixed_column(std::move(name), "c", index);
  column.dictionary = std::make_unique<Column>(text_column("", dictionary));
  columns_.push_back(std::move(column));
}

void ArrowTable::add(std::string name, const std::vector<std::int32_t>& index,
                     const std::vector<std::string>& dictionary) {
  Column column = fixed_column(std::move(name), "i", index);
  column.dictionary = std::make_unique<Column>(text_column("", dictionary));
  columns_.push_back(std::move(column));
}

namespace {

using Shared = std::shared_ptr<const ArrowTable>;

/// What stands behind a struct that was handed out: the table, and the structs and buffers that only this one
/// points at. A child that was moved away has its own.
template <class Struct>
struct Behind {
  Shared table;
  std::vector<Struct> children;
  std::vector<Struct*> child_places;
  Struct dictionary{};
  std::vector<const void*> buffers;
  std::string metadata;
};

/// Releases a struct: what has been moved out of it has lost its release, and is left alone.
template <class Struct>
void release(Struct* held) {
  auto* const behind = static_cast<Behind<Struct>*>(held->private_data);
  for (Struct& child : behind->children)
    if (child.release != nullptr) child.release(&child);
  if (behind->dictionary.release != nullptr) behind->dictionary.release(&behind->dictionary);
  delete behind;
  held->release = nullptr;
}

/// Builds a struct with what stands behind it; a failure on the way releases what is done of it.
template <class Struct>
class Building {
 public:
  explicit Building(Shared table) : behind_{new Behind<Struct>{std::move(table), {}, {}, {}, {}, {}}} {
    made_.private_data = behind_;
    made_.release = &release<Struct>;
  }
  ~Building() {
    if (made_.release != nullptr) made_.release(&made_);
  }
  Building(const Building&) = delete;
  Building& operator=(const Building&) = delete;

  Struct& made() noexcept { return made_; }
  Behind<Struct>& behind() noexcept { return *behind_; }

  void reserve_children(std::size_t count) {
    behind_->children.reserve(count);
    behind_->child_places.reserve(count);
  }
  void add_child(Struct child) noexcept {  // there is room for it
    behind_->children.push_back(child);
    behind_->child_places.push_back(&behind_->children.back());
    made_.children = behind_->child_places.data();
    made_.n_children = static_cast<std::int64_t>(behind_->children.size());
  }
  void set_dictionary(Struct dictionary) noexcept {
    behind_->dictionary = dictionary;
    made_.dictionary = &behind_->dictionary;
  }

  /// The struct, which is the caller's from now on.
  Struct done() noexcept {
    const Struct out = made_;
    made_.release = nullptr;
    return out;
  }

 private:
  Struct made_{};
  Behind<Struct>* behind_;
};

ArrowSchema schema_of(const Shared& table, const Column& column) {
  Building<ArrowSchema> building{table};
  ArrowSchema& schema = building.made();
  schema.format = column.format.c_str();
  schema.name = column.name.c_str();
  schema.flags = column.nullable ? ARROW_FLAG_NULLABLE : 0;
  if (column.dictionary) building.set_dictionary(schema_of(table, *column.dictionary));
  return building.done();
}

ArrowArray array_of(const Shared& table, const Column& column) {
  Building<ArrowArray> building{table};
  ArrowArray& array = building.made();
  array.length = column.length;
  array.null_count = column.nulls;
  auto& buffers = building.behind().buffers;
  static constexpr std::uint64_t kNothing = 0;  // a buffer of no bytes is still one
  for (const auto& buffer : column.buffers)
    buffers.push_back(!buffer.empty() ? static_cast<const void*>(buffer.data()) : &kNothing);
  if (column.buffers.front().empty()) buffers.front() = nullptr;
  array.n_buffers = static_cast<std::int64_t>(buffers.size());
  array.buffers = buffers.data();
  if (column.dictionary) building.set_dictionary(array_of(table, *column.dictionary));
  return building.done();
}

/// The specification's form: a count, then each key and value with its length before it.
std::string metadata_of(const ArrowTable& table) {
  std::string out;
  const auto number = [&](std::size_t value) {
    const auto written = static_cast<std::int32_t>(value);
    out.append(reinterpret_cast<const char*>(&written), sizeof written);
  };
  number(table.notes().size());
  for (const auto& [key, value] : table.notes()) {
    number(key.size());
    out += key;
    number(value.size());
    out += value;
  }
  return out;
}

ArrowSchema schema_of(const Shared& table) {
  Building<ArrowSchema> building{table};
  ArrowSchema& schema = building.made();
  schema.format = "+s";
  schema.name = "";
  if (!table->notes().empty()) {
    building.behind().metadata = metadata_of(*table);
    schema.metadata = building.behind().metadata.data();
  }
  building.reserve_children(table->columns().size());
  for (const Column& column : table->columns()) building.add_child(schema_of(table, column));
  return building.done();
}

ArrowArray array_of(const Shared& table) {
  Building<ArrowArray> building{table};
  ArrowArray& array = building.made();
  array.length = static_cast<std::int64_t>(table->rows());
  building.behind().buffers = {nullptr};
  array.n_buffers = 1;
  array.buffers = building.behind().buffers.data();
  building.reserve_children(table->columns().size());
  for (const Column& column : table->columns()) building.add_child(array_of(table, column));
  return building.done();
}

/// The state of a stream: the table until it has been given.
struct Given {
  Shared table;
  bool done = false;
  const char* error = nullptr;
};

Given& given(ArrowArrayStream* stream) noexcept {
  return *static_cast<Given*>(stream->private_data);
}

/// Runs a callback's work: nothing throws across the interface.
template <class Work>
int guarded(ArrowArrayStream* stream, Work&& work) noexcept {
  given(stream).error = nullptr;
  try {
    work();
    return 0;
  } catch (const std::bad_alloc&) {
    given(stream).error = "memory ran out";
    return ENOMEM;
  }
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return guarded(stream, [&] { *out = schema_of(given(stream).table); });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  return guarded(stream, [&] {
    *out = given(stream).done ? ArrowArray{} : array_of(given(stream).table);
    given(stream).done = true;
  });
}

const char* get_last_error(ArrowArrayStream* stream) {
  return given(stream).error;
}

void release_stream(ArrowArrayStream* stream) {
  delete &given(stream);
  stream->release = nullptr;
}

}  // namespace

void hand_out(std::shared_ptr<const ArrowTable> table, ArrowArrayStream* out) {
  if (out == nullptr) throw Error(ErrorKind::argument, "there is no place for the Arrow stream");
  auto* const state = new Given{std::move(table)};
  *out = {get_schema, get_next, get_last_error, release_stream, state};
}

}  // namespace komhen::detail
