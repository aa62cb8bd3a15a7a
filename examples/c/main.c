/* Counts contacts into a journal, and reads the week's self-service share from it.
 *
 *   ./example contacts.journal      safe to run again: nothing is counted twice
 *
 * Built in several ways, see ../README.md. Text is UTF-8 in and out, whatever the locale. */
#include <inttypes.h>
#include <komhen.h>
#include <stdio.h>
#include <string.h>

/* Text with its length, as every function takes it. */
#define TEXT(literal) literal, (int64_t)sizeof(literal) - 1
#define SOURCE "sagssystem-å"

#define CONTACT(id, w, kle, how, what, way, where)                                                       \
  {                                                                                                      \
    (uint32_t)sizeof(komhen_registration), 492, w, kle, KOMHEN_CHANNEL_##how, KOMHEN_TYPE_##what,        \
        KOMHEN_DIRECTION_##way, KOMHEN_CLOSURE_NOT_STATED, KOMHEN_FORM_NOT_STATED, {0}, 1, TEXT(SOURCE), \
        TEXT(where), TEXT(id)                                                                            \
  }

/* What happened at the counter, on the telephone and on the web. The ids are the case system's own. */
static const komhen_registration contacts[] = {
    CONTACT("henv-01", 201217, 230510, SELF_SERVICE, NEW_CASE, INCOMING, "Borgerservice Ærø"),
    CONTACT("henv-02", 201217, 230510, SELF_SERVICE, NEW_CASE, INCOMING, "Borgerservice Ærø"),
    CONTACT("henv-03", 201217, 230510, TELEPHONE, NEW_CASE, INCOMING, "Borgerservice Ærø"),
    CONTACT("henv-04", 201217, 230510, IN_PERSON, NEW_CASE, INCOMING, "Borgerservice Ærø"),
    CONTACT("henv-05", 201217, 230902, IN_PERSON, NEW_CASE, INCOMING, "Borgerservice Ærø"),
    CONTACT("henv-06", 201217, 230902, SELF_SERVICE, NEW_CASE, INCOMING, "Borgerservice Ærø"),
    CONTACT("henv-07", 201217, 230902, TELEPHONE, GUIDANCE, INCOMING, "Borgerservice Ærø"),
    CONTACT("henv-08", 201217, 23402, SELF_SERVICE, NEW_CASE, INCOMING, "Byg og Miljø"),
    CONTACT("henv-09", 201217, 23402, EMAIL, NEW_CASE, INCOMING, "Byg og Miljø"),
    CONTACT("henv-10", 201217, 23402, DIGITAL_POST, NEW_CASE, INCOMING, "Byg og Miljø"),
    CONTACT("henv-11", 201217, 23402, LETTER, CASE_INFORMATION, OUTGOING, "Byg og Miljø"),
    CONTACT("henv-12", 201220, 230510, TELEPHONE, NEW_CASE, INCOMING,
            "Borgerservice Ærø"), /* after the round */
};
enum { CONTACTS = sizeof contacts / sizeof contacts[0] };

/* A file from another system: its second row names a channel that there is not. */
static const char file[] =
    "municipality;week;kle;channel;type;direction;unit\n"
    "Ærø;2012-W17;23.05.10;selvbetjening;new_case;incoming;Havnen på Ærø\n"
    "Ærø;2012-W17;23.05.10;brevdue på Ærø;new_case;incoming;Havnen på Ærø\n";

/* Gives up on a call that failed: `err` holds one sentence for people, and its status. */
static int failed(const komhen_error* err) {
  fprintf(stderr, "%s (status %" PRId32 ")\n", err->message, err->status);
  return 0;
}

/* Records the contacts, sends two again as after a lost answer, and takes one back. 1 when it worked. */
static int record(komhen_journal* journal) {
  komhen_error err = KOMHEN_ERROR_INIT;
  uint8_t became[CONTACTS];
  int counted[256] = {0}; /* by KOMHEN_RECORDED_*, with room for those that a newer library may have */
  static const int again[] = {2, 7};

  /* One call, one sync: all twelve are durable when it returns, or none is there. */
  if (komhen_journal_record_many(journal, contacts, CONTACTS, became, &err) != KOMHEN_OK) return failed(&err);
  for (int i = 0; i < CONTACTS; ++i) ++counted[became[i]];
  for (int i = 0; i < 2; ++i) {
    int32_t one;
    if (komhen_journal_record(journal, &contacts[again[i]], &one, &err) != KOMHEN_OK) return failed(&err);
    ++counted[(uint8_t)one];
  }
  printf("recorded %d, duplicate %d, conflict %d, cancelled %d\n", counted[KOMHEN_RECORDED],
         counted[KOMHEN_RECORDED_DUPLICATE], counted[KOMHEN_RECORDED_CONFLICT],
         counted[KOMHEN_RECORDED_CANCELLED]);

  int32_t undone;
  if (komhen_journal_undo(journal, 492, TEXT(SOURCE), TEXT("henv-04"), &undone, &err) != KOMHEN_OK)
    return failed(&err);
  printf("henv-04: %s\n", komhen_token(KOMHEN_WORDS_UNDONE, undone));
  return 1;
}

/* Self-service in week 17, by task. 1 when it worked. */
static int print_shares(const komhen_cube* cube) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_query* query = NULL;
  komhen_table* table = NULL;
  int ok = komhen_query_new(KOMHEN_MEASURE_SELF_SERVICE, &query, &err) == KOMHEN_OK &&
           komhen_query_by(query, KOMHEN_DIMENSION_TASK, &err) == KOMHEN_OK &&
           komhen_query_where(query, KOMHEN_DIMENSION_WEEK, TEXT("2012-W17"), &err) == KOMHEN_OK &&
           komhen_measure(cube, query, &table, &err) == KOMHEN_OK;
  if (ok) printf("self-service in 2012-W17:\n");
  for (int64_t row = 0; ok && row < komhen_table_rows(table); ++row) {
    int64_t numerator, denominator; /* the columns after the task; the share is exact until it is shown */
    ok = komhen_table_integer(table, row, 1, &numerator, &err) == KOMHEN_OK &&
         komhen_table_integer(table, row, 2, &denominator, &err) == KOMHEN_OK;
    if (ok)
      printf("%s %" PRId32 " %%\n", komhen_table_text(table, row, 0, NULL),
             komhen_per_cent(numerator, denominator));
  }
  komhen_table_free(table);
  komhen_query_free(query);
  return ok ? 1 : failed(&err);
}

/* The contacts of each unit, names as they were recorded. 1 when it worked. */
static int print_units(const komhen_cube* cube) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_query* query = NULL;
  komhen_table* table = NULL;
  int ok = komhen_query_new(KOMHEN_MEASURE_CONTACTS, &query, &err) == KOMHEN_OK &&
           komhen_query_by(query, KOMHEN_DIMENSION_UNIT, &err) == KOMHEN_OK &&
           komhen_query_where(query, KOMHEN_DIMENSION_SOURCE, TEXT(SOURCE), &err) == KOMHEN_OK &&
           komhen_measure(cube, query, &table, &err) == KOMHEN_OK;
  if (ok) printf("contacts from %s:\n", SOURCE);
  for (int64_t row = 0; ok && row < komhen_table_rows(table); ++row)
    printf("%s %s\n", komhen_table_text(table, row, 0, NULL), komhen_table_text(table, row, 1, NULL));
  komhen_table_free(table);
  komhen_query_free(query);
  return ok ? 1 : failed(&err);
}

/* Counts what the journal holds under the rules of the round. 1 when it worked. */
static int print_round(komhen_journal* journal) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_round* round = NULL;
  komhen_cube* cube = NULL;
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  int ok = komhen_round_load(TEXT("2012-spring"), &round, &err) == KOMHEN_OK;
  options.round = round;
  ok = ok && komhen_journal_count(journal, &options, &cube, &outcome, &err) == KOMHEN_OK;
  if (ok) {
    printf("%" PRId64 " events count, %" PRId64 " of them in the round %s\n", outcome.rows_read,
           outcome.rows_accepted, komhen_round_id(round));
    ok = print_shares(cube) && print_units(cube);
  } else {
    failed(&err);
  }
  komhen_cube_free(cube);
  komhen_round_free(round);
  return ok;
}

/* A rejected row. Its texts live during this call only; text and column are NULL where there is none. */
static void on_reject(const komhen_reject* reject, void* data) {
  (void)data;
  printf("line %" PRId64 ": %s, %s \"%s\"\n", reject->line, komhen_token(KOMHEN_WORDS_REASON, reject->reason),
         reject->column == NULL ? "" : reject->column, reject->text == NULL ? "" : reject->text);
}

/* Counts a file in memory. A bad row is no error: it is left out, and on_reject hears of it. 1 when it
 * worked. */
static int print_file(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube* cube = NULL;
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.on_reject = on_reject;
  const int ok = komhen_cube_new(&cube, &err) == KOMHEN_OK &&
                 komhen_cube_add_text(cube, TEXT(file), &options, &outcome, &err) == KOMHEN_OK;
  if (ok) printf("%" PRId64 " of %" PRId64 " rows counted\n", outcome.rows_accepted, outcome.rows_read);
  komhen_cube_free(cube);
  return ok ? 1 : failed(&err);
}

/* A call that cannot be done says why, in one sentence. 1 when it failed as it should. */
static int print_error(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_round* round = NULL;
  const komhen_status status = komhen_round_load(TEXT("forår-2012"), &round, &err);
  komhen_round_free(round); /* NULL after a failure, and NULL may be freed */
  if (status != KOMHEN_E_ARGUMENT) return 0;
  printf("status %" PRId32 ": %s\n", err.status, err.message);
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s JOURNAL\n", argv[0]);
    return 2;
  }
  if (komhen_abi_version() != KOMHEN_ABI) {
    fprintf(stderr, "this program was built for another komhen\n");
    return 1;
  }
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_journal* journal = NULL;
  if (komhen_journal_open(argv[1], (int64_t)strlen(argv[1]), NULL, &journal, &err) != KOMHEN_OK) {
    failed(&err);
    return 1;
  }
  int ok = record(journal) && print_round(journal);
  komhen_journal_free(journal);
  ok = ok && print_file();
  printf("municipality 492: %s\n", komhen_municipality_name(492));
  printf("channel %d: %s\n", KOMHEN_CHANNEL_IN_PERSON,
         komhen_label(KOMHEN_WORDS_CHANNEL, KOMHEN_CHANNEL_IN_PERSON, KOMHEN_DANISH));
  ok = ok && print_error();
  return ok && fflush(stdout) == 0 ? 0 : 1;
}
