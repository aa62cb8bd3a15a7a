#pragma once

/// The structs of the Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html), by
/// name only: whoever hands one over has their definition, from Arrow, nanoarrow or a copy under the
/// specification's guards.
struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;
