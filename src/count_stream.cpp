#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_column.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/tally/count.hpp"
#include "session.hpp"
#include "stream_column.hpp"
#include "stream_lane.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::refuse_arrow;
using detail::RowReader;
using detail::Session;
using detail::Verdict;

/// A struct of the interface that is ours to release, once, however its scope is left.
template <class Struct>
class Owned {
 public:
  Owned() = default;
  ~Owned() {
    if (held_.release != nullptr) held_.release(&held_);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  [[nodiscard]] Struct* fill() noexcept { return &held_; }
  [[nodiscard]] bool released() const noexcept { return held_.release == nullptr; }
  const Struct* operator->() const noexcept { return &held_; }
  const Struct& operator*() const noexcept { return held_; }

 private:
  Struct held_{};
};

/// The caller's stream, released in place: once, from the first moment on.
class Stream {
 public:
  explicit Stream(ArrowArrayStream* stream) noexcept : stream_{stream} {}
  ~Stream() {
    if (stream_ == nullptr || stream_->release == nullptr) return;
    stream_->release(stream_);
    stream_->release = nullptr;  // for a producer that forgets to
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void schema(ArrowSchema* out, const std::string& name) const {
    if (stream_ == nullptr || stream_->release == nullptr)
      throw Error(ErrorKind::argument,
                  name + " is no Arrow stream: it is " + (stream_ == nullptr ? "null" : "already released"));
    if (stream_->get_schema == nullptr || stream_->get_next == nullptr)
      refuse_arrow(name, "the stream has no get_schema or no get_next");
    check(stream_->get_schema(stream_, out), name);
    if (out->release == nullptr) refuse_arrow(name, "its schema is already released");
  }

  void next(ArrowArray* out, const std::string& name) const { check(stream_->get_next(stream_, out), name); }

 private:
  void check(int error, const std::string& name) const {
    if (error == 0) return;
    const char* told = stream_->get_last_error != nullptr ? stream_->get_last_error(stream_) : nullptr;
    throw Error(ErrorKind::failed, name + " could not be read: its producer gave the error " +
                                       std::to_string(error) +
                                       (told != nullptr ? " and says " + quoted(told) : ""));
  }

  ArrowArrayStream* stream_;
};

/// The columns' names, as a header; what cannot be one is refused.
std::vector<std::string> header_of(const ArrowSchema& schema, const std::string& name) {
  if (schema.format == nullptr || std::string_view{schema.format} != "+s")
    throw Error(ErrorKind::format, name + " is a stream of single columns; only tables are counted");
  if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr))
    refuse_arrow(name, "its schema has " + std::to_string(schema.n_children) + " children");
  std::vector<std::string> header;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema* const child = schema.children[i];
    if (child == nullptr) refuse_arrow(name, "the child " + std::to_string(i) + " of its schema is missing");
    const std::string_view text = child->name != nullptr ? child->name : "";
    if (!detail::is_utf8(text))
      throw Error(ErrorKind::format, name + " has a column whose name is not UTF-8: " + quoted(text));
    header.emplace_back(detail::trimmed(text));
  }
  return header;
}

/// A stream's columns and the reader of its rows.
class StreamCount {
 public:
  StreamCount(Session& session, const ArrowSchema& schema)
      : session_{session},
        name_{quoted(session.name())},
        header_{header_of(schema, name_)},
        rows_{header_, session.options().profile, session.admission(), session.name()} {
    session_.note_header(header_, rows_);
    session_.begin_rows();
    for (const Field field : rows_.fields()) {
      const std::size_t at = *rows_.column(field);
      columns_[slot(field)].emplace(field, *schema.children[at], rows_,
                                    "the column " + quoted(header_[at]) + " of " + name_);
    }
    std::vector<std::pair<Field, detail::StreamColumn*>> read;
    for (const Field field : rows_.fields()) read.emplace_back(field, &*columns_[slot(field)]);
    lane_.emplace(rows_, std::move(read), session_);
  }

  void take(const ArrowArray& batch) {
    detail::check_arrow_array(batch, 1, false, name_);
    const auto children = static_cast<std::int64_t>(header_.size());
    if (batch.n_children != children || (children > 0 && batch.children == nullptr))
      refuse_arrow(name_, "a batch has " + std::to_string(batch.n_children) + " columns and the schema " +
                              std::to_string(children));
    for (const Field field : rows_.fields()) {
      const std::size_t at = *rows_.column(field);
      if (batch.children[at] == nullptr)
        refuse_arrow(name_, "the column " + quoted(header_[at]) + " is missing from a batch");
      columns_[slot(field)]->begin(*batch.children[at], batch.offset, batch.length);
    }
    lane_->begin_batch(batch.length);
    const auto* const validity =
        batch.null_count != 0 ? static_cast<const unsigned char*>(batch.buffers[0]) : nullptr;
    constexpr std::int64_t kTold = 65'536;
    for (std::int64_t row = 0; row < batch.length;) {
      const std::int64_t told = std::min(batch.length, row + kTold);
      for (const Field field : rows_.fields()) columns_[slot(field)]->prepare(row, told - row);
      while (row < told) {
        if (validity == nullptr) {  // a row that is null says nothing, whatever its columns say
          const std::int64_t known = lane_->read(row, told);
          done_ += known - row;
          row = known;
          if (row == told) break;
        }
        take_row(row, validity != nullptr && !detail::arrow_bit(validity, batch.offset + row));
        ++row;
      }
      tell();
    }
    if (batch.length == 0) tell();
  }

  void finish() { lane_->finish(); }

  [[nodiscard]] bool ascii() const noexcept { return ascii_; }

 private:
  void take_row(std::int64_t row, bool is_null) {
    ++done_;
    rows_.begin();
    bool utf8 = true;
    std::optional<Field> personal;
    for (const Field field : rows_.fields()) {
      auto& column = *columns_[slot(field)];
      const auto& said = is_null ? column.look_at_null() : column.look(row, rows_);
      utf8 = utf8 && said.utf8;
      ascii_ = ascii_ && said.ascii;
      if (said.personal && !personal) personal = field;
      rows_.show(field, said.text);
    }
    if (!utf8) return session_.take_unreadable(Reason::bad_encoding, done_);
    const Verdict verdict =
        personal ? Verdict{Reason::personal_data, personal}
                 : rows_.judge([this](Field field) { return columns_[slot(field)]->read(rows_); });
    if (session_.take(verdict, done_, rows_) && !is_null) lane_->learn(row, rows_.draft());
  }

  void tell() const {
    const auto& progress = session_.options().progress;
    if (progress && !progress(done_, -1)) throw Error(ErrorKind::cancelled, "the count was stopped");
  }

  Session& session_;
  std::string name_;
  std::vector<std::string> header_;
  RowReader rows_;
  std::array<std::optional<detail::StreamColumn>, kFieldCount> columns_;
  std::optional<detail::StreamLane> lane_;
  std::int64_t done_ = 0;  // rows
  bool ascii_ = true;
};

}  // namespace

Counted count_stream(ArrowArrayStream* stream, const CountOptions& options, const std::string& name) {
  const Stream batches{stream};
  const std::string shown = quoted(name);
  Session session{options};
  session.begin(name);
  std::optional<StreamCount> count;
  {
    Owned<ArrowSchema> schema;
    batches.schema(schema.fill(), shown);
    count.emplace(session, *schema);
  }
  for (;;) {
    Owned<ArrowArray> batch;
    batches.next(batch.fill(), shown);
    if (batch.released()) break;
    count->take(*batch);
  }
  count->finish();
  session.note_encoding(count->ascii() ? "ascii" : token(Encoding::utf8));
  return session.finish();
}

}  // namespace komhen
