/* What the matrix of garbage calls with: one good thing of every kind, and what it looks like when a call
 * that failed has changed nothing. */
#ifndef KOMHEN_TESTS_MATRIX_WORLD_H
#define KOMHEN_TESTS_MATRIX_WORLD_H

#include <limits.h>
#include <unistd.h>

#include "arrow_stream.h"
#include "expect.h"

/* How a call must end. */
enum { GOOD, ANY, FAILS, REFUSED };

/* How `err` is given: as it should be, not at all, and with a struct_size that there is not. */
enum { ERR_GOOD, ERR_NULL, ERR_BAD };

enum { BIG = 10 * 1024 * 1024 };

#define ROUND_TOML "id = \"matrix\"\nweeks = [\"2012-W17\"]\nscheme = \"kl-2012\"\n"
#define PROFILE_TOML                                                                               \
  "[municipality]\nvalue = 657\n[date]\ncolumn = \"Day\"\n[kle]\nvalue = \"23.05.10\"\n"           \
  "[channel]\ncolumn = \"Via\"\nwords = { PHONE = \"telephone\" }\n[type]\nvalue = \"guidance\"\n" \
  "[direction]\nvalue = \"incoming\"\n"
#define WEEKS_CSV "municipality;weeks\n657;2012-W17\n"
#define PRICES_CSV "channel;price\ntelephone;40 kr.\n"
#define PRICES_TOML "source = \"matrix\"\n[[price]]\nchannel = \"telephone\"\nprice = \"40 kr.\"\n"
#define CASE_TOML "title = \"matrix\"\n[[potential.part]]\nid = \"a\"\namount = \"100 kr.\"\n"
#define GOALS_TOML                                                                         \
  "[[goal]]\nid = \"a\"\ntitle = \"a\"\nsource = \"matrix\"\nmeasure = \"self_service\"\n" \
  "comparator = \"at_least\"\nvalue = \"50 %\"\n"
#define CONTACTS_CSV                               \
  "municipality;date;kle;channel;type;direction\n" \
  "657;2012-04-23;23.05.10;telephone;guidance;incoming\n"

/* The good things. `cube` and `query` are new for every call; the rest is never changed by one that is good.
 */
static struct World {
  komhen_cube *cube, *other, *snapshot;
  komhen_round* round;
  komhen_participation* participation;
  komhen_profile* profile;
  komhen_query* query;
  komhen_table* table;
  komhen_buffer* buffer;
  komhen_prices* prices;
  komhen_case* business_case;
  komhen_baseline* baseline;
  komhen_goals* goals;
  komhen_journal* journal;
  komhen_journal_status journal_was;
  char folder[64];
  char fresh[96], saved[96], frozen[96], closed[96],
      live[96];                                /* paths in it; nothing is at the first before a call */
  char *letters, *brackets, *quotes, *numbers; /* BIG bytes of one kind */
  Producer producer;
} w;

static komhen_registration good_registration(void) {
  komhen_registration out = KOMHEN_REGISTRATION_INIT;
  out.municipality = 657;
  out.week = 201217;
  out.task = 230510;
  out.channel = KOMHEN_CHANNEL_TELEPHONE;
  out.type = KOMHEN_TYPE_GUIDANCE;
  out.direction = KOMHEN_DIRECTION_INCOMING;
  out.source = "matrix";
  out.source_size = 6;
  out.unit = "Skranke";
  out.unit_size = 7;
  out.event_id = "event-1";
  out.event_id_size = 7;
  return out;
}

static komhen_columns good_columns(void) {
  static const int32_t municipality[2] = {657, 219};
  static const int32_t week[2] = {201217, 201217};
  static const int32_t task[2] = {230510, 230510};
  static const uint8_t word[2] = {1, 1};
  komhen_columns out = KOMHEN_COLUMNS_INIT;
  out.length = 2;
  out.municipality = municipality;
  out.week = week;
  out.task = task;
  out.channel = word;
  out.type = word;
  out.direction = word;
  return out;
}

static void forget(const char* path) {
  static const char* const ends[] = {"", "-wal", "-shm", "-journal", ".lock"};
  char name[160];
  for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
    snprintf(name, sizeof name, "%s%s", path, ends[i]);
    unlink(name);
  }
}

static void open_journal(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_journal_free(w.journal);
  forget(w.live);
  EXPECT_OK(komhen_journal_open(TEXT(w.live), NULL, &w.journal, &err), &err);
  const komhen_registration event = good_registration();
  int32_t recorded = 0;
  EXPECT_OK(komhen_journal_record(w.journal, &event, &recorded, &err), &err);
}

static char* bytes_of(char letter) {
  char* out = (char*)malloc(BIG);
  if (out == NULL) abort();
  memset(out, letter, BIG);
  return out;
}

static void world_begin(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  const char* tmp = getenv("TMPDIR");
  snprintf(w.folder, sizeof w.folder, "%s/komhen-matrix-XXXXXX",
           tmp != NULL && strlen(tmp) < 30 ? tmp : "/tmp");
  if (mkdtemp(w.folder) == NULL || chdir(w.folder) != 0) abort(); /* garbage that is a path stays in it */
  snprintf(w.fresh, sizeof w.fresh, "%s/fresh", w.folder);
  snprintf(w.saved, sizeof w.saved, "%s/saved", w.folder);
  snprintf(w.frozen, sizeof w.frozen, "%s/frozen", w.folder);
  snprintf(w.closed, sizeof w.closed, "%s/closed", w.folder);
  snprintf(w.live, sizeof w.live, "%s/live", w.folder);
  w.letters = bytes_of('a');
  w.brackets = bytes_of('[');
  w.quotes = bytes_of('"');
  w.numbers = bytes_of('7');
  EXPECT_OK(komhen_cube_new(&w.snapshot, &err), &err);
  EXPECT_OK(komhen_cube_new(&w.other, &err), &err);
  const komhen_registration one = good_registration();
  int32_t reason = 0;
  EXPECT_OK(komhen_cube_add(w.snapshot, &one, NULL, &reason, &err), &err);
  EXPECT_OK(komhen_cube_add(w.other, &one, NULL, &reason, &err), &err);
  EXPECT_OK(komhen_round_load(TEXT("2012-spring"), &w.round, &err), &err);
  EXPECT_OK(komhen_participation_parse(TEXT(WEEKS_CSV), TEXT("weeks"), &w.participation, &err), &err);
  EXPECT_OK(komhen_profile_parse(TEXT(PROFILE_TOML), TEXT("profile"), &w.profile, &err), &err);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &w.query, &err), &err);
  EXPECT_OK(komhen_query_by(w.query, KOMHEN_DIMENSION_CHANNEL, &err), &err);
  EXPECT_OK(komhen_measure(w.snapshot, w.query, &w.table, &err), &err);
  EXPECT_OK(komhen_cube_to_bytes(w.snapshot, &w.buffer, &err), &err);
  EXPECT_OK(komhen_cube_save(w.snapshot, TEXT(w.saved), &err), &err);
  EXPECT_OK(komhen_prices_load(TEXT("copenhagen-2010"), &w.prices, &err), &err);
  EXPECT_OK(komhen_case_run(TEXT(KOMHEN_SOURCE_DIR "/examples/cases/herning-pladszonen.toml"),
                            &w.business_case, &err),
            &err);
  EXPECT_OK(
      komhen_baseline_freeze(w.snapshot, TEXT("all"), NULL, 0, 0, TEXT("2012-05-13"), &w.baseline, &err),
      &err);
  EXPECT_OK(komhen_baseline_save(w.baseline, TEXT(w.frozen), &err), &err);
  EXPECT_OK(komhen_goals_parse(TEXT(GOALS_TOML), TEXT("goals"), &w.goals, &err), &err);
  komhen_journal* closed = NULL;
  EXPECT_OK(komhen_journal_open(TEXT(w.closed), NULL, &closed, &err), &err);
  komhen_journal_free(closed);
  open_journal();
}

/* Before a call. */
static void world_anew(void) {
  komhen_cube_free(w.cube);
  komhen_query_free(w.query);
  w.cube = NULL;
  w.query = NULL;
  if (komhen_cube_copy(w.snapshot, &w.cube, NULL) != KOMHEN_OK ||
      komhen_query_new(KOMHEN_MEASURE_SELF_SERVICE, &w.query, NULL) != KOMHEN_OK)
    abort();
  forget(w.fresh);
  forget("010190-1234");
  forget("\xFF\xFE\x80");
  if (w.journal != NULL) {
    w.journal_was = (komhen_journal_status)KOMHEN_JOURNAL_STATUS_INIT;
    EXPECT(komhen_journal_status_of(w.journal, &w.journal_was, NULL) == KOMHEN_OK);
  }
}

/* A file that a failed call left behind. */
static int left_behind(void) {
  return access(w.fresh, F_OK) == 0;
}

static int journal_is_as_it_was(void) {
  komhen_journal_status now = KOMHEN_JOURNAL_STATUS_INIT;
  return w.journal == NULL || (komhen_journal_status_of(w.journal, &now, NULL) == KOMHEN_OK &&
                               memcmp(&now, &w.journal_was, sizeof now) == 0);
}

static void world_end(void) {
  world_anew();
  komhen_cube_free(w.cube);
  komhen_cube_free(w.other);
  komhen_cube_free(w.snapshot);
  komhen_round_free(w.round);
  komhen_participation_free(w.participation);
  komhen_profile_free(w.profile);
  komhen_query_free(w.query);
  komhen_table_free(w.table);
  komhen_buffer_free(w.buffer);
  komhen_prices_free(w.prices);
  komhen_case_free(w.business_case);
  komhen_baseline_free(w.baseline);
  komhen_goals_free(w.goals);
  komhen_journal_free(w.journal);
  free(w.letters);
  free(w.brackets);
  free(w.quotes);
  free(w.numbers);
  forget(w.fresh);
  forget(w.closed);
  forget(w.live);
  unlink(w.saved);
  unlink(w.frozen);
  EXPECT(chdir("/") == 0 && rmdir(w.folder) == 0); /* no call has left a file of its own */
}

/* Whether text is terminated within its room and well-formed UTF-8. */
static int is_sentence(const char* text, size_t room) {
  size_t i = 0;
  for (; i < room && text[i] != 0;) {
    const unsigned char c = (unsigned char)text[i++];
    int more = c < 0x80                ? 0
               : c >= 0xC2 && c < 0xE0 ? 1
               : c >= 0xE0 && c < 0xF0 ? 2
               : c >= 0xF0 && c < 0xF5 ? 3
                                       : -1;
    if (more < 0) return 0;
    for (; more > 0; --more, ++i)
      if (i >= room || ((unsigned char)text[i] & 0xC0) != 0x80) return 0;
  }
  return i > 0 && i < room;
}

static const char* at_work; /* the function and the garbage, shown where something does not hold */

#define EXPECT_CASE(condition)                                \
  do {                                                        \
    if (!(condition)) {                                       \
      expect_that(0, __FILE__, __LINE__, #condition);         \
      fprintf(stderr, "    in: %s (err %d)\n", at_work, how); \
    }                                                         \
  } while (0)

/* An error with room behind it, as a program that is newer than the library has one. */
typedef union GivenError {
  komhen_error value;
  unsigned char bytes[sizeof(komhen_error) + 8];
} GivenError;

/* Calls take turns with the struct_sizes that are no size, and with a larger struct that is one. */
static GivenError given_error(int how) {
  static const uint32_t bad[] = {0,
                                 1,
                                 8,
                                 (uint32_t)sizeof(komhen_error) - 1,
                                 (uint32_t)sizeof(komhen_error) + 1,
                                 0xFFFFFFFFu,
                                 (uint32_t)sizeof(komhen_error) + 8};
  static unsigned turn;
  GivenError out;
  memset(&out, 0, sizeof out);
  out.value.struct_size = (uint32_t)sizeof(komhen_error) + (turn % 2 == 0 ? 8 : 0);
  if (how == ERR_BAD) {
    out.value.struct_size = bad[turn % (sizeof bad / sizeof *bad)];
    out.bytes[sizeof out.bytes - 1] = 1;
  }
  ++turn;
  return out;
}

/* What every call that can fail must show. */
static void check_status(komhen_status status, int want, int how, const GivenError* given) {
  const komhen_error* err = &given->value;
  EXPECT_CASE(status >= 0 && status <= KOMHEN_E_STORAGE);
  if (how == ERR_BAD) {
    EXPECT_CASE(status == KOMHEN_E_ARGUMENT);
    EXPECT_CASE(given->bytes[sizeof given->bytes - 1] == 1 && err->status == 0 && err->message[0] == 0);
    return;
  }
  EXPECT_CASE(given->bytes[sizeof given->bytes - 1] == 0);
  if (want == GOOD) EXPECT_CASE(status == KOMHEN_OK);
  if (want == FAILS) EXPECT_CASE(status != KOMHEN_OK);
  if (want == REFUSED) EXPECT_CASE(status == KOMHEN_E_ARGUMENT);
  if (how == ERR_NULL) return;
  EXPECT_CASE(err->status == status);
  if (status == KOMHEN_OK)
    EXPECT_CASE(err->message[0] == 0 && err->line == 0 && err->column == 0);
  else
    EXPECT_CASE(is_sentence(err->message, sizeof err->message));
  EXPECT_CASE(strstr(err->message, "010190-1234") == NULL); /* a CPR number is never shown */
}

#endif
