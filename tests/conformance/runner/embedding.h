/* The seam between the runner and what it tests.
 *
 * The runner reads vectors and compares; it reaches komhen only through the functions below.
 * embedding_komhen.c is komhen.h itself. To test an embedding of your own, write these functions over it
 * (your wrapper, your service, your language's binding) and link them in place of embedding_komhen.c:
 * README.md shows how.
 *
 * Every function returns a komhen_status: KOMHEN_OK, or the number of what went wrong. What your embedding
 * does not have returns EMBEDDING_HAS_NOT: such checks are said to be skipped, and are not passed. */
#ifndef KOMHEN_CONFORMANCE_EMBEDDING_H
#define KOMHEN_CONFORMANCE_EMBEDDING_H

#include "komhen.h"

enum { EMBEDDING_HAS_NOT = -1 };

/* Bytes that the runner owns; data is NULL where the vector gives none. Read them during the call only. */
typedef struct span {
  const char* data;
  int64_t size;
} span;

/* What a vector sets before anything is counted. */
typedef struct setting {
  span round_id;      /* of a built-in round, or */
  span round_toml;    /* the text of a round's file */
  span participation; /* CSV text */
  span profile;       /* TOML text */
  int32_t encoding;   /* KOMHEN_ENCODING_*: what the caller names */
  const char* folder; /* an existing folder for files of yours; another setting of the same run has it too */
} setting;

/* A measure's question: numbers as in komhen.h, texts as in docs/measures.md. */
typedef struct filter {
  int32_t dimension; /* KOMHEN_DIMENSION_* */
  int32_t without;   /* 1 leaves contacts with the value out */
  span value;
} filter;

enum { EMBEDDING_BY = 12, EMBEDDING_FILTERS = 64 };
typedef struct question {
  int32_t measure; /* KOMHEN_MEASURE_* */
  int32_t by[EMBEDDING_BY];
  int32_t by_count;
  filter filters[EMBEDDING_FILTERS];
  int32_t filter_count;
  span tasks;     /* "all", "kl-35" */
  span basis;     /* of self_service */
  int32_t set;    /* of digital: KOMHEN_SET_*; 0 for none */
  int32_t scheme; /* KOMHEN_SCHEME_*; 0 for that of the round */
  int32_t raw;    /* 1 leaves reclassification rules out */
} question;

/* What the runner gives you to fill: hand a table over row by row, and in a row value by value. */
typedef struct table table;
void table_row(table* into);
/* `column` is a dimension, or "count", "contacts", "numerator", "denominator", "share", or one that
 * docs/measures.md names; of a comparison "before_numerator", "before_denominator", "after_numerator",
 * "after_denominator" and "printed_change". Numbers are decimal text; `text` NULL says that there is nothing.
 * Both are copied. */
void table_value(table* into, const char* column, const char* text, int64_t size);
/* A rejected row; `column` is a dimension, or NULL. */
void table_reject(table* into, int64_t line, int32_t reason, const char* column);

/* Your state for one vector: a tally, or a journal, and what was set. */
typedef struct embedding embedding;
komhen_status embedding_open(const setting* set, embedding** out);
void embedding_close(embedding* e); /* also after a failed call, and of NULL */

/* Counts files as one call, in their order. `rejects` takes the rejected rows in that order. */
komhen_status embedding_count(embedding* e, const span* files, int64_t count, komhen_outcome* outcome,
                              table* rejects);
/* Counts one registration; `reason` is KOMHEN_REASON_*. */
komhen_status embedding_add(embedding* e, const komhen_registration* registration, int32_t* reason);

/* Makes a new journal (`create` 1, whatever an earlier run left), or opens the same one again (0). The
 * embedding lets go of the one that was open. */
komhen_status embedding_journal(embedding* e, int32_t trial, int32_t create);
/* Records events, all or none. `recorded` has room for `count` KOMHEN_RECORDED_*. */
komhen_status embedding_record(embedding* e, const komhen_registration* events, int64_t count,
                               uint8_t* recorded);
komhen_status embedding_undo(embedding* e, int32_t municipality, span source, span event_id, int32_t* undone);
komhen_status embedding_seal(embedding* e, int32_t erase_ids);
komhen_status embedding_status(embedding* e, komhen_journal_status* out);
/* What became of the journal's events under the round and participation that were set. */
komhen_status embedding_outcome(embedding* e, komhen_outcome* outcome);

/* What has been counted: of a journal, the events that count, under the round and participation that were
 * set. */
komhen_status embedding_cells(embedding* e, table* cells);
komhen_status embedding_measure(embedding* e, const question* asked, table* rows);
komhen_status embedding_compare(embedding* before, embedding* after, const question* asked, table* rows);
/* The printed per cent of a share. */
komhen_status embedding_per_cent(int64_t numerator, int64_t denominator, int32_t* out);

#endif
