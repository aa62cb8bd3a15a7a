/* An Arrow stream built by hand, as a host without Arrow's library would: seven columns of three rows a
 * batch. It counts what it hands out and what comes back, so that a test can hold the two against each other.
 */
#ifndef KOMHEN_TESTS_ARROW_STREAM_H
#define KOMHEN_TESTS_ARROW_STREAM_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema*);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray*);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
#endif

enum { STREAM_COLUMNS = 7, STREAM_ROWS = 3 };

typedef struct Producer {
  int batches;      /* still to come */
  int schema_error; /* an errno that get_schema gives; 0 for none */
  int next_error;   /* likewise get_next, once the batches are used up; 0 ends the stream */
  int streams;      /* handed out and not released; -1 for one that was released twice */
  int schemas;      /* likewise, with their children */
  int arrays;       /* likewise */
} Producer;

static const char* const kStreamNames[STREAM_COLUMNS] = {"municipality", "week",      "kle", "channel",
                                                         "type",         "direction", "unit"};
static const char* const kStreamFormats[STREAM_COLUMNS] = {"i", "i", "i", "C", "C", "C", "c"};
static const int32_t kStreamMunicipality[STREAM_ROWS] = {657, 657, 219};
static const int32_t kStreamWeek[STREAM_ROWS] = {201217, 201217, 201218};
static const int32_t kStreamTask[STREAM_ROWS] = {230510, 230510, 320608};
static const uint8_t kStreamChannel[STREAM_ROWS] = {1, 7, 99}; /* the last is no channel */
static const uint8_t kStreamType[STREAM_ROWS] = {4, 1, 1};
static const uint8_t kStreamDirection[STREAM_ROWS] = {1, 1, 1};
static const int8_t kStreamUnit[STREAM_ROWS] = {0, 1, 0};
static const int32_t kUnitOffsets[3] = {0, 7, 11};
static const char kUnitBytes[] = "Skranke\xC3\x98st";

/* A schema or array with everything below it, in one piece of memory; freed with the last part of it. */
#define STREAM_PIECE(Kind)                  \
  typedef struct Kind##Piece {              \
    struct Kind children[STREAM_COLUMNS];   \
    struct Kind* places[STREAM_COLUMNS];    \
    struct Kind dictionary;                 \
    const void* buffers[STREAM_COLUMNS][3]; \
    const void* none[1];                    \
    Producer* from;                         \
  } Kind##Piece
STREAM_PIECE(ArrowSchema);
STREAM_PIECE(ArrowArray);

static void release_schema_part(struct ArrowSchema* part) {
  --((ArrowSchemaPiece*)part->private_data)->from->schemas;
  part->release = NULL;
}
static void release_schema(struct ArrowSchema* schema) {
  ArrowSchemaPiece* piece = (ArrowSchemaPiece*)schema->private_data;
  for (int i = 0; i < STREAM_COLUMNS; ++i)
    if (piece->children[i].release != NULL) piece->children[i].release(&piece->children[i]);
  if (piece->dictionary.release != NULL) piece->dictionary.release(&piece->dictionary);
  --piece->from->schemas;
  schema->release = NULL;
  free(piece);
}

static void release_array_part(struct ArrowArray* part) {
  --((ArrowArrayPiece*)part->private_data)->from->arrays;
  part->release = NULL;
}
static void release_array(struct ArrowArray* array) {
  ArrowArrayPiece* piece = (ArrowArrayPiece*)array->private_data;
  for (int i = 0; i < STREAM_COLUMNS; ++i)
    if (piece->children[i].release != NULL) piece->children[i].release(&piece->children[i]);
  if (piece->dictionary.release != NULL) piece->dictionary.release(&piece->dictionary);
  --piece->from->arrays;
  array->release = NULL;
  free(piece);
}

static int stream_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  Producer* from = (Producer*)stream->private_data;
  if (from->schema_error != 0) return from->schema_error;
  ArrowSchemaPiece* piece = (ArrowSchemaPiece*)calloc(1, sizeof *piece);
  if (piece == NULL) return 12;
  piece->from = from;
  for (int i = 0; i < STREAM_COLUMNS; ++i) {
    struct ArrowSchema* child = &piece->children[i];
    piece->places[i] = child;
    child->format = kStreamFormats[i];
    child->name = kStreamNames[i];
    child->flags = 2;
    child->release = release_schema_part;
    child->private_data = piece;
  }
  piece->dictionary.format = "u";
  piece->dictionary.name = "";
  piece->dictionary.release = release_schema_part;
  piece->dictionary.private_data = piece;
  piece->children[STREAM_COLUMNS - 1].dictionary = &piece->dictionary;
  memset(out, 0, sizeof *out);
  out->format = "+s";
  out->name = "";
  out->n_children = STREAM_COLUMNS;
  out->children = piece->places;
  out->release = release_schema;
  out->private_data = piece;
  from->schemas += STREAM_COLUMNS + 2;
  return 0;
}

static int stream_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  Producer* from = (Producer*)stream->private_data;
  memset(out, 0, sizeof *out);
  if (from->batches == 0) return from->next_error;
  --from->batches;
  ArrowArrayPiece* piece = (ArrowArrayPiece*)calloc(1, sizeof *piece);
  if (piece == NULL) return 12;
  piece->from = from;
  const void* const values[STREAM_COLUMNS] = {kStreamMunicipality, kStreamWeek, kStreamTask,
                                              kStreamChannel,      kStreamType, kStreamDirection,
                                              kStreamUnit};
  for (int i = 0; i < STREAM_COLUMNS; ++i) {
    struct ArrowArray* child = &piece->children[i];
    piece->places[i] = child;
    piece->buffers[i][1] = values[i];
    child->length = STREAM_ROWS;
    child->n_buffers = 2;
    child->buffers = piece->buffers[i];
    child->release = release_array_part;
    child->private_data = piece;
  }
  static const void* const texts[3] = {NULL, kUnitOffsets, kUnitBytes};
  piece->dictionary.length = 2;
  piece->dictionary.n_buffers = 3;
  piece->dictionary.buffers = (const void**)(uintptr_t)texts;
  piece->dictionary.release = release_array_part;
  piece->dictionary.private_data = piece;
  piece->children[STREAM_COLUMNS - 1].dictionary = &piece->dictionary;
  out->length = STREAM_ROWS;
  out->n_buffers = 1;
  out->buffers = piece->none;
  out->n_children = STREAM_COLUMNS;
  out->children = piece->places;
  out->release = release_array;
  out->private_data = piece;
  from->arrays += STREAM_COLUMNS + 2;
  return 0;
}

static const char* stream_error(struct ArrowArrayStream* stream) {
  (void)stream;
  return "the producer was told to fail";
}

static void release_stream(struct ArrowArrayStream* stream) {
  --((Producer*)stream->private_data)->streams;
  stream->release = NULL;
}

/* A stream of what is left in the producer, which must outlive it. */
static inline struct ArrowArrayStream stream_of(Producer* from) {
  struct ArrowArrayStream out;
  out.get_schema = stream_schema;
  out.get_next = stream_next;
  out.get_last_error = stream_error;
  out.release = release_stream;
  out.private_data = from;
  ++from->streams;
  return out;
}

#endif
