/* Runs vectors against an embedding of komhen (embedding.h).
 *
 *     komhen_conformance FOLDER VECTORS.json...
 *
 * FOLDER exists and is for files that the embedding makes. One line a check; the last line is `N passed, N
 * failed`. Exit status: 0 all passed, 1 something failed, 2 the vectors cannot be read. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedding.h"
#include "json.h"
#include "table.h"
#include "vocabulary.h"

enum { MOST_FILES = 16, MOST_EVENTS = 256, FORMAT = 1 };

typedef struct run {
  const char* folder;
  const char* file; /* of vectors, without its folder */
  json j;
  json_span name; /* of the vector */
  long long passed;
  long long failed;
  long long skipped;
} run;

/* ---- saying what was found ---- */

/* Prints a text on one line, whatever is in it. */
static void print_text(const char* text, int64_t size) {
  int64_t i;
  for (i = 0; i < size; ++i) putchar((unsigned char)text[i] < 0x20 ? ' ' : text[i]);
}

static void say(run* r, const char* outcome, const char* form, va_list values) {
  printf("%s %s: ", outcome, r->file);
  print_text(r->name.data, r->name.size);
  printf(": ");
  vprintf(form, values);
  putchar('\n');
}

static void pass(run* r, const char* form, ...) {
  va_list values;
  ++r->passed;
  va_start(values, form);
  say(r, "ok  ", form, values);
  va_end(values);
}

static void fail(run* r, const char* form, ...) {
  va_list values;
  ++r->failed;
  va_start(values, form);
  say(r, "FAIL", form, values);
  va_end(values);
}

static void skip(run* r, const char* form, ...) {
  va_list values;
  ++r->skipped;
  va_start(values, form);
  say(r, "skip", form, values);
  va_end(values);
}

/* A call whose result is to be looked at: 1 when it succeeded. */
static int succeeded(run* r, komhen_status status, const char* what) {
  if (status == KOMHEN_OK) return 1;
  if (status == EMBEDDING_HAS_NOT)
    skip(r, "%s: the embedding has not this", what);
  else
    fail(r, "%s: the call was refused (%s)", what, word_at(kStatuses, status));
  return 0;
}

static int span_is(span text, const char* word) {
  return text.size == (int64_t)strlen(word) && memcmp(text.data, word, (size_t)text.size) == 0;
}

/* A call that must be refused with the word in `expected`. */
static void expect_refusal(run* r, komhen_status status, span expected, const char* what) {
  const char* found = word_at(kStatuses, status);
  if (status == EMBEDDING_HAS_NOT)
    skip(r, "%s: the embedding has not this", what);
  else if (span_is(expected, found) && status != KOMHEN_OK)
    pass(r, "%s is refused (%s)", what, found);
  else
    fail(r, "%s: expected the refusal %.*s, found %s", what, (int)expected.size, expected.data, found);
}

/* ---- reading vectors ---- */

static const json_node* node(const run* r, int32_t at) {
  return &r->j.nodes[at];
}
static int32_t find(const run* r, int32_t object, const char* name) {
  return json_find(&r->j, object, name);
}

static span span_of(json_span text) {
  span out;
  out.data = text.data;
  out.size = text.size;
  return out;
}

/* The text of a member; data is NULL when there is none. */
static span text_of(const run* r, int32_t object, const char* name) {
  const int32_t at = find(r, object, name);
  span none = {NULL, 0};
  return at < 0 || node(r, at)->kind != JSON_TEXT ? none : span_of(node(r, at)->text);
}

static int64_t integer_of(const run* r, int32_t object, const char* name, int64_t otherwise) {
  const int32_t at = find(r, object, name);
  return at < 0 || node(r, at)->kind != JSON_INTEGER ? otherwise : node(r, at)->integer;
}

static int truth_of(const run* r, int32_t object, const char* name) {
  const int32_t at = find(r, object, name);
  return at >= 0 && node(r, at)->kind == JSON_TRUE;
}

/* Whether an object has only these members: what a runner does not know, it cannot have checked. */
static int has_only(run* r, int32_t object, const char* what, const char* const* names) {
  int32_t at;
  if (node(r, object)->kind != JSON_OBJECT) {
    fail(r, "%s is no object", what);
    return 0;
  }
  for (at = node(r, object)->first; at >= 0; at = node(r, at)->next) {
    const json_span name = node(r, at)->name;
    int i;
    for (i = 0; names[i] != NULL && !json_is(name, names[i]); ++i) {
    }
    if (names[i] != NULL) continue;
    fail(r, "%s has the key %.*s, which this runner does not know", what, (int)name.size, name.data);
    return 0;
  }
  return 1;
}

static const char* const kRegistrationKeys[] = {"municipality", "week",     "task", "channel", "type",
                                                "direction",    "closure",  "form", "count",   "source",
                                                "unit",         "event_id", NULL};

static int registration_of(run* r, int32_t object, komhen_registration* out) {
  static const komhen_registration empty = KOMHEN_REGISTRATION_INIT;
  const span source = text_of(r, object, "source");
  const span unit = text_of(r, object, "unit");
  const span event_id = text_of(r, object, "event_id");
  if (!has_only(r, object, "a registration", kRegistrationKeys)) return 0;
  *out = empty;
  out->municipality = (int32_t)integer_of(r, object, "municipality", 0);
  out->week = (int32_t)integer_of(r, object, "week", 0);
  out->task = (int32_t)integer_of(r, object, "task", 0);
  out->channel = (uint8_t)integer_of(r, object, "channel", 0);
  out->type = (uint8_t)integer_of(r, object, "type", 0);
  out->direction = (uint8_t)integer_of(r, object, "direction", 0);
  out->closure = (uint8_t)integer_of(r, object, "closure", 0);
  out->form = (uint8_t)integer_of(r, object, "form", 0);
  out->count = integer_of(r, object, "count", 1);
  out->source = source.data;
  out->source_size = source.size;
  out->unit = unit.data;
  out->unit_size = unit.size;
  out->event_id = event_id.data;
  out->event_id_size = event_id.size;
  return 1;
}

static int32_t word_of(run* r, int32_t object, const char* name, const char* const* words) {
  const int32_t at = find(r, object, name);
  return at < 0 ? 0 : number_of(words, node(r, at)->text);
}

static int filters_of(run* r, int32_t object, int32_t without, question* out) {
  int32_t dimension;
  int32_t at;
  if (object < 0) return 1;
  for (dimension = node(r, object)->first; dimension >= 0; dimension = node(r, dimension)->next)
    for (at = node(r, dimension)->first; at >= 0; at = node(r, at)->next) {
      filter* f = &out->filters[out->filter_count];
      if (out->filter_count == EMBEDDING_FILTERS) return 0;
      ++out->filter_count;
      f->dimension = number_of(kDimensions, node(r, dimension)->name);
      f->without = without;
      f->value = span_of(node(r, at)->text);
      if (f->dimension < 0 || node(r, at)->kind != JSON_TEXT) return 0;
    }
  return 1;
}

static const char* const kQueryKeys[] = {"measure", "by",  "where",  "without", "tasks",
                                         "basis",   "set", "scheme", "raw",     NULL};

static int question_of(run* r, int32_t object, question* out) {
  const int32_t by = find(r, object, "by");
  int32_t at;
  int good = 1;
  memset(out, 0, sizeof *out);
  if (object < 0) {
    fail(r, "a measure has no query");
    return 0;
  }
  if (!has_only(r, object, "a query", kQueryKeys)) return 0;
  out->measure = word_of(r, object, "measure", kMeasures);
  out->set = word_of(r, object, "set", kSets);
  out->scheme = word_of(r, object, "scheme", kSchemes);
  out->raw = truth_of(r, object, "raw");
  out->tasks = text_of(r, object, "tasks");
  out->basis = text_of(r, object, "basis");
  for (at = by < 0 ? -1 : node(r, by)->first; at >= 0 && good; at = node(r, at)->next) {
    good = out->by_count < EMBEDDING_BY;
    if (good) out->by[out->by_count++] = number_of(kDimensions, node(r, at)->text);
    good = good && out->by[out->by_count - 1] > 0;
  }
  good = good && filters_of(r, find(r, object, "where"), 0, out) &&
         filters_of(r, find(r, object, "without"), 1, out);
  if (good && out->measure > 0 && out->set >= 0 && out->scheme >= 0) return 1;
  fail(r, "a query holds a word that this runner does not know");
  return 0;
}

/* The bytes of base64 text, which is changed; -1 for what is none. */
static int64_t decode_base64(char* bytes, int64_t size) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32_t held = 0;
  int bits = 0;
  int64_t out = 0;
  int64_t i;
  if (size % 4 != 0) return -1;
  for (i = 0; i < size; ++i) {
    const char* found = bytes[i] == 0 ? NULL : strchr(digits, bytes[i]);
    if (found == NULL && bytes[i] == '=' && i >= size - 2) break;
    if (found == NULL) return -1;
    held = (held << 6 | (uint32_t)(found - digits)) & 0xFFFFFFU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[out++] = (char)(held >> bits & 0xFFU);
  }
  return out;
}

/* ---- comparing ---- */

/* Whether a value is what the vector says. */
static int same(const run* r, int32_t expected, const value* found) {
  const json_node* e = node(r, expected);
  char number[24];
  if (found == NULL) return 0;
  switch (e->kind) {
    case JSON_NULL:
      return found->text == NULL;
    case JSON_INTEGER:
      snprintf(number, sizeof number, "%lld", (long long)e->integer);
      return found->text != NULL && strcmp(found->text, number) == 0;
    case JSON_TEXT:
      return found->text != NULL && found->size == e->text.size &&
             memcmp(found->text, e->text.data, (size_t)found->size) == 0;
    default:
      return 0;
  }
}

static void print_expected(const run* r, int32_t at) {
  const json_node* e = node(r, at);
  if (e->kind == JSON_INTEGER)
    printf("%lld", (long long)e->integer);
  else if (e->kind == JSON_TEXT)
    print_text(e->text.data, e->text.size);
  else
    printf("nothing");
}

/* Says in what a row differs. */
static void fail_value(run* r, const char* what, int64_t row, const char* column, int32_t expected,
                       const value* found) {
  ++r->failed;
  printf("FAIL %s: ", r->file);
  print_text(r->name.data, r->name.size);
  printf(": %s, row %lld, %s: expected ", what, (long long)row + 1, column);
  print_expected(r, expected);
  printf(", found ");
  if (found == NULL)
    printf("no such column");
  else if (found->text == NULL)
    printf("nothing");
  else
    print_text(found->text, found->size);
  putchar('\n');
}

/* The printed per cent of a measured row, as a value of it; nothing where there is no share. */
static int add_per_cent(run* r, table* rows, int64_t row) {
  const value* numerator = table_find(rows, row, "numerator");
  const value* denominator = table_find(rows, row, "denominator");
  char text[16];
  int32_t per_cent = 0;
  if (numerator == NULL || denominator == NULL || numerator->text == NULL || denominator->text == NULL)
    return 1;
  text[0] = 0;
  if (strcmp(denominator->text, "0") != 0) {
    const komhen_status status = embedding_per_cent(strtoll(numerator->text, NULL, 10),
                                                    strtoll(denominator->text, NULL, 10), &per_cent);
    if (!succeeded(r, status, "per cent")) return 0;
    snprintf(text, sizeof text, "%d", (int)per_cent);
  }
  table_value(rows, "per_cent", text[0] == 0 ? NULL : text, (int64_t)strlen(text));
  rows->values[rows->count - 1].row = row;
  return 1;
}

/* Holds the rows of a table against an array of objects, in order. Columns that a row does not name are not
 * looked at. */
static void compare_rows(run* r, int32_t expected, table* found, const char* what) {
  int32_t row;
  int64_t number = 0;
  if (node(r, expected)->members != found->rows) {
    fail(r, "%s: expected %d rows, found %lld", what, (int)node(r, expected)->members,
         (long long)found->rows);
    return;
  }
  for (row = node(r, expected)->first; row >= 0; row = node(r, row)->next, ++number) {
    int32_t at;
    if (find(r, row, "per_cent") >= 0 && !add_per_cent(r, found, number)) return;
    for (at = node(r, row)->first; at >= 0; at = node(r, at)->next) {
      char column[32];
      const value* v;
      snprintf(column, sizeof column, "%.*s", (int)node(r, at)->name.size, node(r, at)->name.data);
      v = table_find(found, number, column);
      if (same(r, at, v)) continue;
      fail_value(r, what, number, column, at, v);
      return;
    }
  }
  pass(r, "%s", what);
}

static int same_cell(const run* r, int32_t cell, const table* found, int64_t row) {
  int32_t at = node(r, cell)->first;
  int i;
  for (i = 0; kCell[i] != NULL; ++i, at = node(r, at)->next)
    if (at < 0 || !same(r, at, table_find(found, row, kCell[i]))) return 0;
  return at < 0;
}

/* Cells are a set: no order is promised of them. As many rows as cells, and each cell among them, is
 * equality, because no cell stands twice in a vector. */
static void compare_cells(run* r, int32_t expected, const table* found) {
  int32_t cell;
  int64_t number = 0;
  if (node(r, expected)->members != found->rows) {
    fail(r, "cells: expected %d, found %lld", (int)node(r, expected)->members, (long long)found->rows);
    return;
  }
  for (cell = node(r, expected)->first; cell >= 0; cell = node(r, cell)->next) {
    int64_t row = 0;
    ++number;
    while (row < found->rows && !same_cell(r, cell, found, row)) ++row;
    if (row < found->rows) continue;
    fail(r, "cells: cell %lld of the vector was not counted so", (long long)number);
    return;
  }
  pass(r, "cells");
}

static const char* const kOutcomeKeys[] = {"rows_read", "rows_accepted", "contacts",
                                           "rejected",  "encoding",      NULL};

static void compare_number(run* r, int32_t expected, const char* name, int64_t found, int* good) {
  const int64_t number = integer_of(r, expected, name, 0);
  if (!*good || number == found) return;
  *good = 0;
  fail(r, "outcome: expected %s %lld, found %lld", name, (long long)number, (long long)found);
}

static void compare_outcome(run* r, int32_t expected, const komhen_outcome* found) {
  const int32_t rejected = find(r, expected, "rejected");
  const span encoding = text_of(r, expected, "encoding");
  int64_t rows = found->rows_accepted;
  int good = 1;
  int i;
  if (!has_only(r, expected, "an outcome", kOutcomeKeys)) return;
  compare_number(r, expected, "rows_read", found->rows_read, &good);
  compare_number(r, expected, "rows_accepted", found->rows_accepted, &good);
  compare_number(r, expected, "contacts", found->contacts, &good);
  for (i = 0; i < 64; ++i) {
    const char* word = i < 19 ? kReasons[i] : "a reason past the last";
    rows += found->rejected[i];
    compare_number(r, rejected, word, found->rejected[i], &good);
  }
  if (good && rows != found->rows_read) {
    good = 0;
    fail(r, "outcome: the rows read are not the accepted and the rejected ones together");
  }
  if (good && encoding.data != NULL && !span_is(encoding, word_at(kEncodings, found->encoding))) {
    good = 0;
    fail(r, "outcome: expected the encoding %.*s, found %s", (int)encoding.size, encoding.data,
         word_at(kEncodings, found->encoding));
  }
  if (good) pass(r, "outcome");
}

static void compare_status(run* r, int32_t expected, const komhen_journal_status* found) {
  static const char* const names[] = {"trial",  "sealed",  "events",   "counting",
                                      "undone", "waiting", "contacts", NULL};
  const int64_t numbers[] = {found->trial,  found->sealed,  found->events,  found->counting,
                             found->undone, found->waiting, found->contacts};
  int i;
  if (!has_only(r, expected, "a journal's status", names)) return;
  for (i = 0; names[i] != NULL; ++i) {
    const int64_t number = integer_of(r, expected, names[i], numbers[i]);
    if (number == numbers[i]) continue;
    fail(r, "the journal's status: expected %s %lld, found %lld", names[i], (long long)number,
         (long long)numbers[i]);
    return;
  }
  pass(r, "the journal's status");
}

/* ---- the inputs of a vector ---- */

static const char* const kFileKeys[] = {"text", "base64", NULL};

/* Counts the files of a vector; the call's status. */
static komhen_status count_files(run* r, embedding* e, int32_t files, komhen_outcome* outcome,
                                 table* rejects) {
  span bytes[MOST_FILES];
  int64_t count = 0;
  int32_t at;
  for (at = node(r, files)->first; at >= 0; at = node(r, at)->next) {
    if (count == MOST_FILES || !has_only(r, at, "a file", kFileKeys)) return KOMHEN_E_FAILED;
    bytes[count] = text_of(r, at, "text");
    if (bytes[count].data == NULL) {
      const int32_t coded = find(r, at, "base64");
      json_node* n = coded < 0 ? NULL : &r->j.nodes[coded];
      if (n == NULL || n->kind != JSON_TEXT) return KOMHEN_E_FAILED;
      n->text.size = decode_base64((char*)(size_t)n->text.data, n->text.size);
      if (n->text.size < 0) return KOMHEN_E_FAILED;
      bytes[count] = span_of(n->text);
    }
    ++count;
  }
  return embedding_count(e, bytes, count, outcome, rejects);
}

/* Counts registrations one by one, and holds each one's reason against the vector's when it names them. */
static void add_registrations(run* r, embedding* e, int32_t registrations, int32_t reasons) {
  int32_t at;
  int32_t expected = reasons < 0 ? -1 : node(r, reasons)->first;
  int number = 0;
  if (reasons >= 0 && node(r, reasons)->members != node(r, registrations)->members) {
    fail(r, "there is not one reason for each registration");
    return;
  }
  for (at = node(r, registrations)->first; at >= 0; at = node(r, at)->next) {
    komhen_registration registration;
    int32_t reason = 0;
    char what[48];
    snprintf(what, sizeof what, "registration %d", ++number);
    if (!registration_of(r, at, &registration)) return;
    if (!succeeded(r, embedding_add(e, &registration, &reason), what)) return;
    if (expected < 0) continue;
    if (json_is(node(r, expected)->text, word_at(kReasons, reason)))
      pass(r, "%s is %s", what, word_at(kReasons, reason));
    else
      fail(r, "%s: expected %.*s, found %s", what, (int)node(r, expected)->text.size,
           node(r, expected)->text.data, word_at(kReasons, reason));
    expected = node(r, expected)->next;
  }
}

static const char* const kStepKeys[] = {"record", "record_many", "undo",  "reopen", "seal",
                                        "is",     "are",         "fails", NULL};

/* Compares what became of events or an undo, a word each. */
static void compare_words(run* r, int32_t step, const char* const* words, const uint8_t* found, int64_t count,
                          const char* what) {
  const int32_t one = find(r, step, "is");
  const int32_t many = find(r, step, "are");
  int32_t at = one >= 0 ? one : many >= 0 ? node(r, many)->first : -1;
  int64_t i;
  for (i = 0; i < count; ++i) {
    const char* word = word_at(words, found[i]);
    if (at < 0 || !json_is(node(r, at)->text, word)) {
      fail(r, "%s: expected %.*s, found %s", what, at < 0 ? 0 : (int)node(r, at)->text.size,
           at < 0 ? "" : node(r, at)->text.data, word);
      return;
    }
    if (many >= 0) at = node(r, at)->next;
  }
  pass(r, "%s: %s", what, count == 1 ? word_at(words, found[0]) : "as expected");
}

static komhen_status record_step(run* r, embedding* e, int32_t one, int32_t many, uint8_t* recorded,
                                 int64_t* count) {
  static komhen_registration events[MOST_EVENTS];
  int32_t at;
  *count = 0;
  if (one >= 0) {
    if (!registration_of(r, one, &events[(*count)++])) return KOMHEN_E_FAILED;
  } else {
    for (at = node(r, many)->first; at >= 0; at = node(r, at)->next)
      if (*count == MOST_EVENTS || !registration_of(r, at, &events[(*count)++])) return KOMHEN_E_FAILED;
  }
  return embedding_record(e, events, *count, recorded);
}

/* One step of a journal; 0 when the rest of them makes no sense. */
static int run_step(run* r, embedding* e, int32_t step, int number) {
  static const char* const undo_keys[] = {"municipality", "source", "event_id", NULL};
  uint8_t found[MOST_EVENTS] = {0};
  const int32_t one = find(r, step, "record");
  const int32_t many = find(r, step, "record_many");
  const int32_t undo = find(r, step, "undo");
  const int32_t reopen = find(r, step, "reopen");
  const int32_t seal = find(r, step, "seal");
  const span refused = text_of(r, step, "fails");
  const char* const* words = NULL;
  int64_t count = 0;
  komhen_status status = KOMHEN_E_FAILED;
  char what[64];
  if (!has_only(r, step, "a step", kStepKeys)) return 0;
  snprintf(what, sizeof what, "step %d, %s", number,
           undo >= 0     ? "undo"
           : reopen >= 0 ? "open again"
           : seal >= 0   ? "seal"
                         : "record");
  if (one >= 0 || many >= 0) {
    words = kRecorded;
    status = record_step(r, e, one, many, found, &count);
  } else if (undo >= 0) {
    int32_t undone = 0;
    if (!has_only(r, undo, "an undo", undo_keys)) return 0;
    words = kUndone;
    status = embedding_undo(e, (int32_t)integer_of(r, undo, "municipality", 0), text_of(r, undo, "source"),
                            text_of(r, undo, "event_id"), &undone);
    found[count++] = (uint8_t)undone;
  } else if (reopen >= 0) {
    status = embedding_journal(e, truth_of(r, reopen, "trial"), 0);
  } else if (seal >= 0) {
    status = embedding_seal(e, truth_of(r, seal, "erase_ids"));
  }
  if (refused.data != NULL) {
    expect_refusal(r, status, refused, what);
    return 1;
  }
  if (!succeeded(r, status, what)) return 0;
  if (words != NULL)
    compare_words(r, step, words, found, count, what);
  else
    pass(r, "%s", what);
  return 1;
}

static const char* const kJournalKeys[] = {"trial", "steps", NULL};

/* The steps of a journal; 0 when the journal cannot be looked at afterwards. */
static int run_journal(run* r, embedding* e, int32_t journal) {
  const int32_t steps = find(r, journal, "steps");
  int32_t at;
  int number = 0;
  if (!has_only(r, journal, "a journal", kJournalKeys) || steps < 0) return 0;
  if (!succeeded(r, embedding_journal(e, truth_of(r, journal, "trial"), 1), "a new journal")) return 0;
  for (at = node(r, steps)->first; at >= 0; at = node(r, at)->next)
    if (!run_step(r, e, at, ++number)) return 0;
  return 1;
}

/* ---- what is expected of them ---- */

static const char* const kMeasuredKeys[] = {"query", "rows", "refused", NULL};

static void run_measures(run* r, embedding* before, embedding* e, int32_t measures) {
  int32_t at;
  int number = 0;
  for (at = measures < 0 ? -1 : node(r, measures)->first; at >= 0; at = node(r, at)->next) {
    question asked;
    table found = {0, NULL, 0, 0};
    const span refused = text_of(r, at, "refused");
    const int32_t rows = find(r, at, "rows");
    komhen_status status;
    char what[64];
    ++number;
    if (!has_only(r, at, "a measure", kMeasuredKeys) || !question_of(r, find(r, at, "query"), &asked))
      continue;
    snprintf(what, sizeof what, "%s %d, %s", before == NULL ? "measure" : "change", number,
             word_at(kMeasures, asked.measure));
    status =
        before == NULL ? embedding_measure(e, &asked, &found) : embedding_compare(before, e, &asked, &found);
    if (refused.data != NULL) {
      expect_refusal(r, status, refused, what);
    } else if (rows < 0) {
      fail(r, "%s says neither rows nor refused", what);
    } else if (succeeded(r, status, what)) {
      compare_rows(r, rows, &found, what);
    }
    table_clear(&found);
  }
}

static const char* const kExpectedKeys[] = {"refused", "outcome",  "rejects", "reasons", "cells",
                                            "status",  "measures", "changes", NULL};

static void run_expected(run* r, embedding* before, embedding* e, int32_t expected, int journal,
                         const komhen_outcome* outcome, table* rejects) {
  const int32_t cells = find(r, expected, "cells");
  const int32_t status = find(r, expected, "status");
  komhen_outcome counted = KOMHEN_OUTCOME_INIT;
  if (find(r, expected, "outcome") >= 0) {
    if (!journal)
      compare_outcome(r, find(r, expected, "outcome"), outcome);
    else if (succeeded(r, embedding_outcome(e, &counted), "outcome"))
      compare_outcome(r, find(r, expected, "outcome"), &counted);
  }
  if (find(r, expected, "rejects") >= 0)
    compare_rows(r, find(r, expected, "rejects"), rejects, "rejected rows");
  if (cells >= 0) {
    table found = {0, NULL, 0, 0};
    if (succeeded(r, embedding_cells(e, &found), "cells")) compare_cells(r, cells, &found);
    table_clear(&found);
  }
  if (status >= 0) {
    komhen_journal_status found = KOMHEN_JOURNAL_STATUS_INIT;
    if (succeeded(r, embedding_status(e, &found), "the journal's status")) compare_status(r, status, &found);
  }
  run_measures(r, NULL, e, find(r, expected, "measures"));
  if (before != NULL) run_measures(r, before, e, find(r, expected, "changes"));
}

/* ---- one vector ---- */

static const char* const kVectorKeys[] = {"name",    "by_hand",  "round",    "participation",
                                          "profile", "encoding", "files",    "registrations",
                                          "journal", "before",   "expected", NULL};
static const char* const kRoundKeys[] = {"id", "toml", NULL};
static const char* const kBeforeKeys[] = {"round", "registrations", NULL};

/* What a vector, or the side before it, sets. */
static int setting_of(run* r, int32_t vector, setting* out) {
  const int32_t round = find(r, vector, "round");
  memset(out, 0, sizeof *out);
  out->folder = r->folder;
  out->participation = text_of(r, vector, "participation");
  out->profile = text_of(r, vector, "profile");
  out->encoding = word_of(r, vector, "encoding", kEncodings);
  if (round < 0) return 1;
  if (!has_only(r, round, "a round", kRoundKeys)) return 0;
  out->round_id = text_of(r, round, "id");
  out->round_toml = text_of(r, round, "toml");
  return 1;
}

/* The earlier side of a comparison. */
static int open_before(run* r, int32_t before, embedding** out) {
  setting set;
  if (!has_only(r, before, "the side before", kBeforeKeys) || !setting_of(r, before, &set)) return 0;
  if (!succeeded(r, embedding_open(&set, out), "the side before")) return 0;
  add_registrations(r, *out, find(r, before, "registrations"), -1);
  return 1;
}

static void run_inputs(run* r, int32_t vector, embedding* e, komhen_status status) {
  const int32_t expected = find(r, vector, "expected");
  const int32_t files = find(r, vector, "files");
  const int32_t registrations = find(r, vector, "registrations");
  const int32_t journal = find(r, vector, "journal");
  const int32_t before_at = find(r, vector, "before");
  const span refused = text_of(r, expected, "refused");
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  table rejects = {0, NULL, 0, 0};
  embedding* before = NULL;
  int good = 1;
  if (status == KOMHEN_OK && files >= 0) status = count_files(r, e, files, &outcome, &rejects);
  if (refused.data != NULL) {
    expect_refusal(r, status, refused, "the call");
    good = 0;
  }
  good = good && succeeded(r, status, "the call");
  if (good && registrations >= 0) add_registrations(r, e, registrations, find(r, expected, "reasons"));
  if (good && journal >= 0) good = run_journal(r, e, journal);
  if (good && before_at >= 0) good = open_before(r, before_at, &before);
  if (good) run_expected(r, before, e, expected, journal >= 0, &outcome, &rejects);
  embedding_close(before);
  table_clear(&rejects);
}

static void run_vector(run* r, int32_t vector) {
  const int32_t name = find(r, vector, "name");
  const int32_t expected = find(r, vector, "expected");
  setting set;
  embedding* e = NULL;
  komhen_status status;
  r->name.data = "a vector without a name";
  r->name.size = (int64_t)strlen(r->name.data);
  if (name >= 0) r->name = node(r, name)->text;
  if (!has_only(r, vector, "the vector", kVectorKeys)) return;
  if (expected < 0) {
    fail(r, "it expects nothing");
    return;
  }
  if (!has_only(r, expected, "what is expected", kExpectedKeys) || !setting_of(r, vector, &set)) return;
  status = embedding_open(&set, &e);
  run_inputs(r, vector, e, status);
  embedding_close(e);
}

/* ---- files of vectors ---- */

/* The bytes of a file, to be freed; NULL when it cannot be read. */
static char* read_all(const char* path, int64_t* size) {
  FILE* file = fopen(path, "rb");
  char* bytes = NULL;
  size_t room = 0;
  size_t count = 0;
  *size = 0;
  if (file == NULL) return NULL;
  for (;;) {
    char* more;
    size_t got;
    if (room - count < 4096) {
      room = room == 0 ? 65536 : room * 2;
      more = room > (size_t)JSON_BYTES * 2 ? NULL : realloc(bytes, room);
      if (more == NULL) break;
      bytes = more;
    }
    got = fread(bytes + count, 1, room - count, file);
    count += got;
    if (got == 0) {
      if (!ferror(file)) {
        fclose(file);
        *size = (int64_t)count;
        return bytes;
      }
      break;
    }
  }
  free(bytes);
  fclose(file);
  return NULL;
}

/* Runs one file; 0 when it cannot be read. */
static int run_file(run* r, const char* path) {
  const char* slash = strrchr(path, '/');
  int64_t size = 0;
  char* bytes = read_all(path, &size);
  int32_t vectors;
  int32_t at;
  int good = 0;
  r->file = slash == NULL ? path : slash + 1;
  if (bytes == NULL) {
    fprintf(stderr, "conformance: %s cannot be read\n", path);
    return 0;
  }
  if (!json_read(&r->j, bytes, size)) {
    fprintf(stderr, "conformance: %s is not JSON of the kit: %s (line %lld)\n", path, r->j.wrong,
            (long long)r->j.line);
  } else {
    vectors = find(r, 0, "vectors");
    if (integer_of(r, 0, "format", 0) != FORMAT || vectors < 0 || node(r, vectors)->members == 0) {
      fprintf(stderr, "conformance: %s holds no vectors of format %d\n", path, FORMAT);
    } else {
      good = 1;
      for (at = node(r, vectors)->first; at >= 0; at = node(r, at)->next) run_vector(r, at);
    }
  }
  json_free(&r->j);
  free(bytes);
  return good;
}

int main(int count, char** arguments) {
  run r;
  int good = 1;
  int i;
  memset(&r, 0, sizeof r);
  if (count < 3) {
    fputs("usage: komhen_conformance FOLDER VECTORS.json...\n", stderr);
    return 2;
  }
  r.folder = arguments[1];
  for (i = 2; i < count; ++i) good = run_file(&r, arguments[i]) && good;
  if (r.skipped > 0) printf("%lld skipped\n", r.skipped);
  printf("%lld passed, %lld failed\n", r.passed, r.failed);
  return !good ? 2 : r.failed > 0 || r.passed == 0 ? 1 : 0;
}
