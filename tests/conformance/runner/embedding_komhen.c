/* komhen.h itself behind the seam: the reference embedding, and an example of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedding.h"

enum { PATH_ROOM = 1024, MOST_FILES = 16 };

struct embedding {
  komhen_round* round;
  komhen_participation* participation;
  komhen_profile* profile;
  int32_t encoding;
  komhen_cube* cube;
  komhen_journal* journal;
  char folder[PATH_ROOM];
  char journal_path[PATH_ROOM + 32];
};

static const char* const kJournalFiles[] = {"", "-wal", "-shm", "-journal", ".lock"};

static void remove_journal(const embedding* e) {
  char path[PATH_ROOM + 48];
  size_t i;
  for (i = 0; i < sizeof kJournalFiles / sizeof *kJournalFiles; ++i) {
    snprintf(path, sizeof path, "%s%s", e->journal_path, kJournalFiles[i]);
    remove(path);
  }
}

static komhen_status load(embedding* e, const setting* set) {
  komhen_status status = komhen_cube_new(&e->cube, NULL);
  if (status == KOMHEN_OK && set->round_id.data != NULL)
    status = komhen_round_load(set->round_id.data, set->round_id.size, &e->round, NULL);
  if (status == KOMHEN_OK && set->round_toml.data != NULL)
    status = komhen_round_parse(set->round_toml.data, set->round_toml.size, "round", 5, &e->round, NULL);
  if (status == KOMHEN_OK && set->participation.data != NULL)
    status = komhen_participation_parse(set->participation.data, set->participation.size, "participation", 13,
                                        &e->participation, NULL);
  if (status == KOMHEN_OK && set->profile.data != NULL)
    status = komhen_profile_parse(set->profile.data, set->profile.size, "profile", 7, &e->profile, NULL);
  return status;
}

komhen_status embedding_open(const setting* set, embedding** out) {
  embedding* e = calloc(1, sizeof *e);
  komhen_status status;
  *out = NULL;
  if (e == NULL) return KOMHEN_E_MEMORY;
  e->encoding = set->encoding;
  snprintf(e->folder, sizeof e->folder, "%s", set->folder);
  snprintf(e->journal_path, sizeof e->journal_path, "%s/conformance.journal", e->folder);
  status = load(e, set);
  if (status != KOMHEN_OK) {
    embedding_close(e);
    return status;
  }
  *out = e;
  return KOMHEN_OK;
}

void embedding_close(embedding* e) {
  if (e == NULL) return;
  if (e->journal != NULL) {
    komhen_journal_free(e->journal);
    remove_journal(e);
  }
  komhen_cube_free(e->cube);
  komhen_profile_free(e->profile);
  komhen_participation_free(e->participation);
  komhen_round_free(e->round);
  free(e);
}

static komhen_count_options options_of(const embedding* e) {
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.encoding = e->encoding;
  options.round = e->round;
  options.participation = e->participation;
  options.profile = e->profile;
  return options;
}

static void on_reject(const komhen_reject* reject, void* rejects) {
  table_reject(rejects, reject->line, reject->reason, reject->column);
}

static int write_file(const char* path, span bytes) {
  FILE* file = fopen(path, "wb");
  size_t written;
  if (file == NULL) return 0;
  written = bytes.size == 0 ? 0 : fwrite(bytes.data, 1, (size_t)bytes.size, file);
  return fclose(file) == 0 && written == (size_t)bytes.size;
}

/* Several files are one call only as files. */
static komhen_status count_several(embedding* e, const span* files, int64_t count,
                                   const komhen_count_options* options, komhen_outcome* outcome) {
  char names[MOST_FILES][PATH_ROOM + 32];
  const char* paths[MOST_FILES];
  int64_t sizes[MOST_FILES];
  komhen_status status = KOMHEN_OK;
  int64_t i;
  if (count > MOST_FILES) return KOMHEN_E_ARGUMENT;
  for (i = 0; i < count; ++i) {
    snprintf(names[i], sizeof names[i], "%s/conformance-%d.csv", e->folder, (int)i + 1);
    paths[i] = names[i];
    sizes[i] = (int64_t)strlen(names[i]);
    if (!write_file(names[i], files[i])) status = KOMHEN_E_FILE;
  }
  if (status == KOMHEN_OK)
    status = komhen_cube_add_files(e->cube, paths, sizes, count, options, outcome, NULL);
  for (i = 0; i < count; ++i) remove(names[i]);
  return status;
}

komhen_status embedding_count(embedding* e, const span* files, int64_t count, komhen_outcome* outcome,
                              table* rejects) {
  komhen_count_options options = options_of(e);
  options.on_reject = on_reject;
  options.on_reject_data = rejects;
  if (count == 1) return komhen_cube_add_text(e->cube, files[0].data, files[0].size, &options, outcome, NULL);
  return count_several(e, files, count, &options, outcome);
}

komhen_status embedding_add(embedding* e, const komhen_registration* registration, int32_t* reason) {
  const komhen_count_options options = options_of(e);
  return komhen_cube_add(e->cube, registration, &options, reason, NULL);
}

komhen_status embedding_journal(embedding* e, int32_t trial, int32_t create) {
  komhen_journal_options options = KOMHEN_JOURNAL_OPTIONS_INIT;
  options.mode = create ? KOMHEN_JOURNAL_CREATE : KOMHEN_JOURNAL_OPEN;
  options.trial = trial;
  komhen_journal_free(e->journal);
  e->journal = NULL;
  if (create) remove_journal(e);
  return komhen_journal_open(e->journal_path, (int64_t)strlen(e->journal_path), &options, &e->journal, NULL);
}

komhen_status embedding_record(embedding* e, const komhen_registration* events, int64_t count,
                               uint8_t* recorded) {
  int32_t one = 0;
  komhen_status status;
  if (count != 1) return komhen_journal_record_many(e->journal, events, count, recorded, NULL);
  status = komhen_journal_record(e->journal, events, &one, NULL);
  recorded[0] = (uint8_t)one;
  return status;
}

komhen_status embedding_undo(embedding* e, int32_t municipality, span source, span event_id,
                             int32_t* undone) {
  return komhen_journal_undo(e->journal, municipality, source.data, source.size, event_id.data, event_id.size,
                             undone, NULL);
}

komhen_status embedding_seal(embedding* e, int32_t erase_ids) {
  return komhen_journal_seal(e->journal, erase_ids, NULL);
}

komhen_status embedding_status(embedding* e, komhen_journal_status* out) {
  return komhen_journal_status_of(e->journal, out, NULL);
}

komhen_status embedding_outcome(embedding* e, komhen_outcome* outcome) {
  const komhen_count_options options = options_of(e);
  komhen_cube* cube = NULL;
  const komhen_status status = komhen_journal_count(e->journal, &options, &cube, outcome, NULL);
  komhen_cube_free(cube);
  return status;
}

/* The cube of what has been counted: a copy. */
static komhen_status counted(embedding* e, komhen_cube** out) {
  const komhen_count_options options = options_of(e);
  if (e->journal == NULL) return komhen_cube_copy(e->cube, out, NULL);
  if (e->round == NULL && e->participation == NULL) return komhen_journal_cube(e->journal, out, NULL);
  return komhen_journal_count(e->journal, &options, out, NULL, NULL);
}

/* Hands a table of komhen's to the runner. */
static void hand_over(const komhen_table* from, table* into) {
  const int64_t rows = komhen_table_rows(from);
  const int64_t columns = komhen_table_columns(from);
  int64_t row;
  int64_t column;
  for (row = 0; row < rows; ++row) {
    table_row(into);
    for (column = 0; column < columns; ++column) {
      int64_t size = 0;
      const char* text = komhen_table_text(from, row, column, &size);
      table_value(into, komhen_table_column_name(from, column), text, size);
    }
  }
}

komhen_status embedding_cells(embedding* e, table* cells) {
  komhen_cube* cube = NULL;
  komhen_table* found = NULL;
  komhen_status status = counted(e, &cube);
  if (status == KOMHEN_OK) status = komhen_cube_table(cube, &found, NULL);
  if (status == KOMHEN_OK) hand_over(found, cells);
  komhen_table_free(found);
  komhen_cube_free(cube);
  return status;
}

static komhen_status query_of(const question* asked, komhen_query** out) {
  komhen_query* q = NULL;
  komhen_status status = komhen_query_new(asked->measure, &q, NULL);
  int32_t i;
  for (i = 0; status == KOMHEN_OK && i < asked->by_count; ++i)
    status = komhen_query_by(q, asked->by[i], NULL);
  for (i = 0; status == KOMHEN_OK && i < asked->filter_count; ++i) {
    const filter* f = &asked->filters[i];
    status = f->without ? komhen_query_without(q, f->dimension, f->value.data, f->value.size, NULL)
                        : komhen_query_where(q, f->dimension, f->value.data, f->value.size, NULL);
  }
  if (status == KOMHEN_OK && asked->tasks.data != NULL)
    status = komhen_query_tasks(q, asked->tasks.data, asked->tasks.size, NULL);
  if (status == KOMHEN_OK && asked->basis.data != NULL)
    status = komhen_query_basis(q, asked->basis.data, asked->basis.size, NULL);
  if (status == KOMHEN_OK && asked->set != 0) status = komhen_query_set(q, asked->set, NULL);
  if (status == KOMHEN_OK && asked->scheme != 0) status = komhen_query_scheme(q, asked->scheme, NULL);
  if (status == KOMHEN_OK && asked->raw != 0) status = komhen_query_raw(q, asked->raw, NULL);
  *out = q;
  return status;
}

komhen_status embedding_measure(embedding* e, const question* asked, table* rows) {
  komhen_cube* cube = NULL;
  komhen_query* query = NULL;
  komhen_table* found = NULL;
  komhen_status status = counted(e, &cube);
  if (status == KOMHEN_OK) status = query_of(asked, &query);
  if (status == KOMHEN_OK) status = komhen_measure(cube, query, &found, NULL);
  if (status == KOMHEN_OK) hand_over(found, rows);
  komhen_table_free(found);
  komhen_query_free(query);
  komhen_cube_free(cube);
  return status;
}

komhen_status embedding_compare(embedding* before, embedding* after, const question* asked, table* rows) {
  komhen_query* query = NULL;
  komhen_table* found = NULL;
  komhen_status status = query_of(asked, &query);
  if (status == KOMHEN_OK) status = komhen_compare(before->cube, after->cube, query, &found, NULL);
  if (status == KOMHEN_OK) hand_over(found, rows);
  komhen_table_free(found);
  komhen_query_free(query);
  return status;
}

komhen_status embedding_per_cent(int64_t numerator, int64_t denominator, int32_t* out) {
  *out = komhen_per_cent(numerator, denominator);
  return *out < 0 ? KOMHEN_E_ARGUMENT : KOMHEN_OK;
}
