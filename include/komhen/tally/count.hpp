#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "komhen/registration/arrow.hpp"
#include "komhen/registration/csv.hpp"
#include "komhen/registration/encoding.hpp"
#include "komhen/registration/field.hpp"
#include "komhen/registration/outcome.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/round/participation.hpp"
#include "komhen/round/round.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen {

/// A row that was left out. Texts are trimmed UTF-8 with CPR-like values masked; they live during the call
/// only.
struct Reject {
  std::string_view file;  ///< as the caller named it
  std::int64_t line = 0;  ///< where the row begins, from 1; of a stream, the row itself, from 1
  Reason reason = Reason::malformed;
  std::optional<Field> column;  ///< the field that failed; nullopt when the row has no fields to speak of
  std::array<std::optional<std::string_view>, kFieldCount> fields;  ///< by slot(Field): what was read
};

struct Counted;

/// What a count is told. Everything borrowed must outlive the call.
struct CountOptions {
  const Round* round = nullptr;
  const Participation* participation = nullptr;
  const Profile* profile = nullptr;
  std::optional<Encoding> encoding = {};              ///< settles it for files without a byte order mark
  std::string rejects = {};                           ///< path of the reject file; empty: none
  std::function<void(const Reject&)> on_reject = {};  ///< called for every rejected row
  /// Called every 192 or 256 KiB with bytes done and bytes in all; false stops the call
  /// (ErrorKind::cancelled).
  std::function<bool(std::int64_t, std::int64_t)> progress = {};
  /// Called once when every row is counted and before the reject file appears; what it throws ends the call.
  std::function<void(const Counted&)> on_counted = {};
  /// Threads that may count at the same time, the calling one among them; 0: as many as there are processors,
  /// four at most. Nothing of the result depends on it, and everything is called on the calling thread. Files
  /// with event ids, sources of bytes, and streams are counted by one.
  unsigned threads = 1;
};

/// A cube and what became of the rows.
struct Counted {
  Cube cube;
  Outcome outcome;
};

/// Reads registration files in their order, validates every row and tallies the accepted ones:
/// docs/exchange-file.md. Memory is constant, but for the cube and the event ids. Duplicate events are found
/// across all the files.
/// @throws Error for a call that cannot be done: argument, file, format, overflow or cancelled. Nothing is
/// kept then,
///         no reject file either.
[[nodiscard]] Counted count_files(std::span<const std::string> paths, const CountOptions& options = {});

/// The same from one file that is in memory.
[[nodiscard]] Counted count_text(std::string_view bytes, const std::string& name,
                                 const CountOptions& options = {});

/// The same from any source of bytes, which is called on the calling thread. `progress` is not called: what
/// is asked for bytes knows how many it has given.
[[nodiscard]] Counted count_bytes(const ByteSource& source, const std::string& name,
                                  const CountOptions& options = {});

/// Counts a stream of Arrow record batches: docs/arrow.md says which types each column takes. Columns are
/// found by name as in the header of a file, or through the profile; text is read as a file's fields are,
/// null as an empty field; a row is bad_encoding when a text in it that is read is not UTF-8. An encoding or
/// delimiter in the options or the profile does nothing.
///
/// The stream is consumed: it is released exactly once however the call ends, and `stream->release` is
/// nullptr afterwards. Memory is constant, but for the cube, the event ids and one batch. `progress` is
/// called every 65536 rows and after each batch, with rows done and -1, because a stream does not know its
/// length.
/// @param name  what to call the stream in errors and rejects.
/// @throws Error: argument for a stream that is nullptr or released; format for a schema or array that
///         contradicts the specification, a column type that is not taken, or a header that no file could
///         have; failed when the producer fails; file, overflow or cancelled. Nothing is kept then, no reject
///         file either.
[[nodiscard]] Counted count_stream(ArrowArrayStream* stream, const CountOptions& options = {},
                                   const std::string& name = "arrow stream");

}  // namespace komhen
