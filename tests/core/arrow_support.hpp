#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow_c_data.h"

/// Arrow streams built by hand: every buffer is an allocation of exactly its size, so that a sanitizer sees a
/// byte too far, and every release is counted.
namespace test {

using Bytes = std::vector<unsigned char>;

template <class T>
void append(Bytes& bytes, T value) {
  const auto* const first = reinterpret_cast<const unsigned char*>(&value);
  bytes.insert(bytes.end(), first, first + sizeof value);
}

/// An array as its parts. A buffer that is nullopt becomes a null pointer.
struct ArrayParts {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::int64_t offset = 0;
  std::vector<std::optional<Bytes>> buffers = {};
  std::vector<ArrayParts> children = {};
  std::vector<ArrayParts> dictionary = {};  ///< none or one
};

struct SchemaParts {
  std::string format;
  std::string name = {};
  std::vector<SchemaParts> children = {};
  std::vector<SchemaParts> dictionary = {};  ///< none or one
};

/// What a consumer did.
struct Ledger {
  int streams = 0;  ///< releases of each kind
  int schemas = 0;
  int arrays = 0;
  int children = 0;  ///< releases of a child in place: nobody may do that
  int given_schemas = 0;
  int given_arrays = 0;

  /// Whether the stream and everything that it gave were released once.
  [[nodiscard]] bool balanced() const {
    return streams == 1 && schemas == given_schemas && arrays == given_arrays && children == 0;
  }
};

/// A stream that gives batches of one schema, and whatever a test does to them.
struct Producer {
  SchemaParts schema;
  std::vector<ArrayParts> batches;
  std::function<void(ArrowSchema&)> spoil_schema = {};  ///< the structs as they leave
  std::function<void(ArrowArray&)> spoil_array = {};
  int schema_error = 0;
  int next_error = 0;  ///< given after the batches, instead of the end
  const char* message = nullptr;

  /// The stream; the producer and the ledger must outlive it.
  ArrowArrayStream stream(Ledger& ledger);
};

namespace arrow {

/// What stands behind a struct of ours.
template <class Struct>
struct Held {
  std::vector<std::unique_ptr<Held>> below;  // children, then the dictionary
  std::vector<Struct*> child_places;
  std::vector<std::unique_ptr<unsigned char[]>> memory;
  std::vector<const void*> buffers;
  std::string format, name;
  int* released = nullptr;
  Struct made{};
};

template <class Struct>
void release(Struct* held) {
  const std::unique_ptr<Held<Struct>> behind{static_cast<Held<Struct>*>(held->private_data)};
  ++*behind->released;
  held->release = nullptr;
}

template <class Struct>
void release_child(Struct* held) {
  ++*static_cast<Held<Struct>*>(held->private_data)->released;
  held->release = nullptr;
}

template <class Struct>
void join(Held<Struct>& held, std::size_t children) {
  for (std::size_t i = 0; i < children; ++i) held.child_places.push_back(&held.below[i]->made);
  held.made.n_children = static_cast<std::int64_t>(children);
  held.made.children = held.child_places.empty() ? nullptr : held.child_places.data();
  if (held.below.size() > children) held.made.dictionary = &held.below.back()->made;
  held.made.private_data = &held;
}

inline std::unique_ptr<Held<ArrowSchema>> built(const SchemaParts& parts, int* child_released) {
  auto held = std::make_unique<Held<ArrowSchema>>();
  held->format = parts.format;
  held->name = parts.name;
  held->released = child_released;
  for (const auto& child : parts.children) held->below.push_back(built(child, child_released));
  for (const auto& dictionary : parts.dictionary) held->below.push_back(built(dictionary, child_released));
  held->made.format = held->format.c_str();
  held->made.name = held->name.c_str();
  held->made.flags = ARROW_FLAG_NULLABLE;
  held->made.release = &release_child<ArrowSchema>;
  join(*held, parts.children.size());
  return held;
}

inline std::unique_ptr<Held<ArrowArray>> built(const ArrayParts& parts, int* child_released) {
  auto held = std::make_unique<Held<ArrowArray>>();
  held->released = child_released;
  for (const auto& child : parts.children) held->below.push_back(built(child, child_released));
  for (const auto& dictionary : parts.dictionary) held->below.push_back(built(dictionary, child_released));
  for (const auto& buffer : parts.buffers) {
    if (!buffer) {
      held->buffers.push_back(nullptr);
      continue;
    }
    held->memory.emplace_back(new unsigned char[buffer->size()]);
    if (!buffer->empty()) std::memcpy(held->memory.back().get(), buffer->data(), buffer->size());
    held->buffers.push_back(held->memory.back().get());
  }
  held->made.length = parts.length;
  held->made.null_count = parts.null_count;
  held->made.offset = parts.offset;
  held->made.n_buffers = static_cast<std::int64_t>(held->buffers.size());
  held->made.buffers = held->buffers.empty() ? nullptr : held->buffers.data();
  held->made.release = &release_child<ArrowArray>;
  join(*held, parts.children.size());
  return held;
}

struct State {
  Producer* producer;
  Ledger* ledger;
  std::size_t next = 0;
};

inline State& state(ArrowArrayStream* stream) {
  return *static_cast<State*>(stream->private_data);
}

inline int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  auto& [producer, ledger, next] = state(stream);
  if (producer->schema_error != 0) return producer->schema_error;
  auto* const held = built(producer->schema, &ledger->children).release();
  held->released = &ledger->schemas;
  held->made.release = &release<ArrowSchema>;
  *out = held->made;
  ++ledger->given_schemas;
  if (producer->spoil_schema) producer->spoil_schema(*out);
  return 0;
}

inline int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& [producer, ledger, next] = state(stream);
  if (next == producer->batches.size()) {
    *out = {};
    return producer->next_error;
  }
  auto* const held = built(producer->batches[next++], &ledger->children).release();
  held->released = &ledger->arrays;
  held->made.release = &release<ArrowArray>;
  *out = held->made;
  ++ledger->given_arrays;
  if (producer->spoil_array) producer->spoil_array(*out);
  return 0;
}

inline const char* get_last_error(ArrowArrayStream* stream) {
  return state(stream).producer->message;
}

inline void release_stream(ArrowArrayStream* stream) {
  ++state(stream).ledger->streams;
  delete &state(stream);
  stream->release = nullptr;
}

}  // namespace arrow

inline ArrowArrayStream Producer::stream(Ledger& ledger) {
  return {arrow::get_schema, arrow::get_next, arrow::get_last_error, arrow::release_stream,
          new arrow::State{this, &ledger}};
}

/// A validity buffer of these rows.
inline Bytes bits(const std::vector<bool>& valid) {
  Bytes out((valid.size() + 7) / 8);
  for (std::size_t i = 0; i < valid.size(); ++i)
    if (valid[i]) out[i / 8] = static_cast<unsigned char>(out[i / 8] | 1U << i % 8);
  return out;
}

/// How an array is laid out.
struct Layout {
  std::int64_t offset = 0;       ///< rows of rubbish before
  std::int64_t behind = 0;       ///< and behind
  bool always_validity = false;  ///< a validity buffer without a null, too
  bool count_nulls = true;       ///< else null_count is -1
};

using Texts = std::vector<std::optional<std::string>>;
using Numbers = std::vector<std::optional<std::int64_t>>;

template <class T>
std::vector<T> padded(const std::vector<T>& values, const Layout& layout, const T& rubbish) {
  std::vector<T> all(static_cast<std::size_t>(layout.offset), rubbish);
  all.insert(all.end(), values.begin(), values.end());
  all.insert(all.end(), static_cast<std::size_t>(layout.behind), rubbish);
  return all;
}

/// The struct's numbers and the validity buffer; the buffers of the type come behind.
template <class T>
ArrayParts shell(const std::vector<std::optional<T>>& values, const std::vector<std::optional<T>>& all,
                 const Layout& layout) {
  ArrayParts out;
  out.length = static_cast<std::int64_t>(values.size());
  out.offset = layout.offset;
  std::vector<bool> valid;
  for (const auto& value : all) valid.push_back(value.has_value());
  for (const auto& value : values)
    if (!value) ++out.null_count;
  const bool any = out.null_count > 0 || layout.always_validity;
  out.buffers.push_back(any ? std::optional{bits(valid)} : std::nullopt);
  if (!layout.count_nulls) out.null_count = -1;
  return out;
}

/// utf8 (`Offset` int32) or large_utf8 (int64).
template <class Offset>
ArrayParts texts(const Texts& values, const Layout& layout = {}) {
  const auto all = padded(values, layout, std::optional<std::string>{"rubbish"});
  ArrayParts out = shell(values, all, layout);
  Bytes offsets, text;
  append<Offset>(offsets, 0);
  for (const auto& value : all) {
    if (value) text.insert(text.end(), value->begin(), value->end());
    append<Offset>(offsets, static_cast<Offset>(text.size()));
  }
  out.buffers.insert(out.buffers.end(), {std::move(offsets), std::move(text)});
  return out;
}

/// utf8_view, its long texts spread over two buffers.
inline ArrayParts text_views(const Texts& values, const Layout& layout = {}) {
  const auto all = padded(values, layout, std::optional<std::string>{"rubbish of some length"});
  ArrayParts out = shell(values, all, layout);
  Bytes views;
  Bytes text[2];
  int which = 0;
  for (const auto& value : all) {
    const std::string& one = value.value_or(std::string{});
    append(views, static_cast<std::int32_t>(one.size()));
    if (one.size() <= 12) {
      std::string inlined = one;
      inlined.resize(12);
      views.insert(views.end(), inlined.begin(), inlined.end());
      continue;
    }
    views.insert(views.end(), one.begin(), one.begin() + 4);
    append<std::int32_t>(views, which);
    append(views, static_cast<std::int32_t>(text[which].size()));
    text[which].insert(text[which].end(), one.begin(), one.end());
    which = 1 - which;
  }
  Bytes sizes;
  for (const Bytes& one : text) append(sizes, static_cast<std::int64_t>(one.size()));
  out.buffers.insert(out.buffers.end(), {std::move(views), text[0], text[1], std::move(sizes)});
  return out;
}

/// Integers, dates and timestamps of the C++ type.
template <class T>
ArrayParts numbers(const Numbers& values, const Layout& layout = {}) {
  const auto all = padded(values, layout, std::optional<std::int64_t>{77});
  ArrayParts out = shell(values, all, layout);
  Bytes data;
  for (const auto& value : all) append(data, static_cast<T>(value.value_or(99)));
  out.buffers.push_back(std::move(data));
  return out;
}

inline ArrayParts nulls(std::size_t rows) {
  const auto length = static_cast<std::int64_t>(rows);
  return {length, length, 0, {}, {}, {}};
}

/// A table of such columns.
inline ArrayParts batch(std::vector<ArrayParts> columns) {
  ArrayParts out;
  out.length = columns.empty() ? 0 : columns.front().length;
  out.buffers = {std::nullopt};
  out.children = std::move(columns);
  return out;
}

inline SchemaParts table(std::vector<SchemaParts> columns) {
  return {"+s", "", std::move(columns), {}};
}

/// A text as a field of CSV.
inline std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace test
