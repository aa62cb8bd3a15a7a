/* Garbage in the fields of the structs that go in: a contact that breaks a rule is data with a reason, and
 * what is no contact at all is an argument error. One by one, as columns and into a journal, the answer is
 * the same. */
#include <unistd.h>

#include "expect.h"

static komhen_error err = KOMHEN_ERROR_INIT;
static char folder[64], journal_path[96], other_path[96];
static komhen_journal* journal;
static char* big;
enum { BIG = 10 * 1024 * 1024 };

static komhen_registration contact(void) {
  komhen_registration out = KOMHEN_REGISTRATION_INIT;
  out.municipality = 657;
  out.week = 201217;
  out.task = 230510;
  out.channel = KOMHEN_CHANNEL_TELEPHONE;
  out.type = KOMHEN_TYPE_GUIDANCE;
  out.direction = KOMHEN_DIRECTION_INCOMING;
  out.source = "fields";
  out.source_size = 6;
  out.event_id = "event-1";
  out.event_id_size = 7;
  return out;
}

static komhen_cube* new_cube(void) {
  komhen_cube* cube = NULL;
  EXPECT_OK(komhen_cube_new(&cube, &err), &err);
  return cube;
}

static void forget(const char* path) {
  static const char* const ends[] = {"", "-wal", "-journal", ".lock"};
  char name[160];
  for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
    snprintf(name, sizeof name, "%s%s", path, ends[i]);
    unlink(name);
  }
}

static int64_t events_in_journal(void) {
  komhen_journal_status status = KOMHEN_JOURNAL_STATUS_INIT;
  EXPECT_OK(komhen_journal_status_of(journal, &status, &err), &err);
  return status.events;
}

/* A contact is left out with this reason, whichever way it comes. */
static void left_out(komhen_registration given, int32_t want) {
  komhen_cube* cube = new_cube();
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  int32_t reason = -1, recorded = -1;
  uint8_t by_columns = 0;
  EXPECT_OK(komhen_cube_add(cube, &given, NULL, &reason, &err), &err);
  if (!EXPECT(reason == want)) fprintf(stderr, "    it is %s\n", komhen_token(KOMHEN_WORDS_REASON, reason));
  komhen_columns columns = KOMHEN_COLUMNS_INIT;
  columns.length = 1;
  columns.municipality = &given.municipality;
  columns.week = &given.week;
  columns.task = &given.task;
  columns.channel = &given.channel;
  columns.type = &given.type;
  columns.direction = &given.direction;
  columns.closure = &given.closure;
  columns.form = &given.form;
  columns.count = &given.count;
  columns.sources = &given.source;
  columns.sources_sizes = &given.source_size;
  columns.sources_count = 1;
  columns.units = &given.unit;
  columns.units_sizes = &given.unit_size;
  columns.units_count = 1;
  EXPECT_OK(komhen_cube_add_columns(cube, &columns, NULL, &by_columns, &outcome, &err), &err);
  EXPECT(by_columns == want);
  EXPECT(outcome.rows_read == 1 && outcome.rows_accepted == 0 && outcome.rejected[want] == 1);
  EXPECT(komhen_cube_contacts(cube) == 0 && komhen_cube_cells(cube) == 0);
  const int64_t before = events_in_journal();
  EXPECT_STATUS(want == KOMHEN_REASON_PERSONAL_DATA ? KOMHEN_E_PERSONAL_DATA : KOMHEN_E_ARGUMENT,
                komhen_journal_record(journal, &given, &recorded, &err), &err);
  EXPECT(recorded == 0 && events_in_journal() == before);
  komhen_cube_free(cube);
}

/* What is no contact at all. */
static void refused(komhen_registration given) {
  komhen_cube* cube = new_cube();
  int32_t reason = -1, recorded = -1;
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add(cube, &given, NULL, &reason, &err), &err);
  EXPECT(reason == 0 && komhen_cube_contacts(cube) == 0);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_journal_record(journal, &given, &recorded, &err), &err);
  EXPECT(recorded == 0);
  komhen_cube_free(cube);
}

static void numbers_that_mean_nothing_have_the_reason_of_their_dimension(void) {
  static const int32_t numbers[] = {INT32_MIN, -1, 0, 255, INT32_MAX};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
    komhen_registration given = contact();
    given.municipality = numbers[i];
    left_out(given, KOMHEN_REASON_UNKNOWN_MUNICIPALITY);
    given = contact();
    given.week = numbers[i];
    left_out(given, KOMHEN_REASON_BAD_DATE);
  }
  komhen_registration given = contact();
  given.week = 201254; /* 2012 has 52 weeks */
  left_out(given, KOMHEN_REASON_BAD_DATE);
  static const int32_t tasks[] = {INT32_MIN, -1, 1000000, INT32_MAX};
  for (size_t i = 0; i < sizeof tasks / sizeof *tasks; ++i) {
    given = contact();
    given.task = tasks[i];
    left_out(given, KOMHEN_REASON_BAD_KLE);
  }
  static const struct {
    int place; /* channel, type, direction, closure, form */
    uint8_t numbers[3];
    int32_t reason;
  } words[] = {{0, {0, 12, 255}, KOMHEN_REASON_UNKNOWN_CHANNEL},
               {1, {0, 7, 255}, KOMHEN_REASON_UNKNOWN_TYPE},
               {2, {0, 3, 255}, KOMHEN_REASON_UNKNOWN_DIRECTION},
               {3, {3, 128, 255}, KOMHEN_REASON_UNKNOWN_CLOSURE},
               {4, {4, 128, 255}, KOMHEN_REASON_UNKNOWN_FORM}};
  for (size_t w = 0; w < sizeof words / sizeof *words; ++w)
    for (int i = 0; i < 3; ++i) {
      given = contact();
      uint8_t* const fields[] = {&given.channel, &given.type, &given.direction, &given.closure, &given.form};
      *fields[words[w].place] = words[w].numbers[i];
      left_out(given, words[w].reason);
    }
  static const int64_t counts[] = {INT64_MIN, -1, 0, INT64_C(2147483648), INT64_MAX};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i) {
    given = contact();
    given.count = counts[i];
    left_out(given, KOMHEN_REASON_BAD_COUNT);
  }
}

static void texts_that_are_no_labels_have_their_reason(void) {
  static const struct {
    const char* text;
    int64_t size;
    int32_t reason;
  } labels[] = {
      {"a\0b", 3, KOMHEN_REASON_BAD_LABEL},
      {"\xFF\xFE", 2, KOMHEN_REASON_BAD_LABEL},
      {"\xC3", 1, KOMHEN_REASON_BAD_LABEL},
      {"line\nline", 9, KOMHEN_REASON_BAD_LABEL},
      {"0123456789012345678901234567890123456789012345678901234567890123456789", 65, KOMHEN_REASON_BAD_LABEL},
      {"010190-1234", 11, KOMHEN_REASON_PERSONAL_DATA},
      {NULL, BIG, KOMHEN_REASON_BAD_LABEL}};
  for (size_t i = 0; i < sizeof labels / sizeof *labels; ++i) {
    komhen_registration given = contact();
    given.source = labels[i].text == NULL ? big : labels[i].text;
    given.source_size = labels[i].size;
    left_out(given, labels[i].reason);
    given = contact();
    given.unit = labels[i].text == NULL ? big : labels[i].text;
    given.unit_size = labels[i].size;
    left_out(given, labels[i].reason);
    /* An id that is no id is none for a journal; a cube reads no ids. */
    given = contact();
    given.event_id = labels[i].text == NULL ? big : labels[i].text;
    given.event_id_size = labels[i].size == 65 ? 0 : labels[i].size; /* 65 bytes are an id; none is not */
    int32_t recorded = -1;
    EXPECT_STATUS(
        labels[i].reason == KOMHEN_REASON_PERSONAL_DATA ? KOMHEN_E_PERSONAL_DATA : KOMHEN_E_ARGUMENT,
        komhen_journal_record(journal, &given, &recorded, &err), &err);
    EXPECT(recorded == 0 && strstr(err.message, "010190-1234") == NULL);
  }
}

static void sizes_that_cannot_be_are_argument_errors(void) {
  static const int64_t sizes[] = {INT64_MIN, -1, 1, INT64_MAX}; /* with no text */
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    komhen_registration given = contact();
    given.source = NULL;
    given.source_size = sizes[i];
    refused(given);
    given = contact();
    given.unit = NULL;
    given.unit_size = sizes[i];
    refused(given);
    given = contact();
    given.event_id = NULL;
    given.event_id_size = sizes[i];
    int32_t recorded = -1;
    EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_journal_record(journal, &given, &recorded, &err), &err);
  }
  for (size_t i = 0; i < sizeof((komhen_registration*)0)->reserved; ++i) {
    komhen_registration given = contact();
    given.reserved[i] = 1;
    refused(given);
  }
}

/* Columns of two good contacts, for one thing to be wrong with. */
static komhen_columns good_columns(void) {
  static const int32_t municipality[2] = {657, 219}, week[2] = {201217, 201217}, task[2] = {230510, 230510};
  static const int32_t index[2] = {0, 1};
  static const uint8_t word[2] = {1, 1};
  static const int64_t count[2] = {1, 2};
  static const char* const texts[2] = {"first", "second"};
  static const int64_t sizes[2] = {5, 6};
  komhen_columns out = KOMHEN_COLUMNS_INIT;
  out.length = 2;
  out.municipality = municipality;
  out.week = week;
  out.task = task;
  out.channel = out.type = out.direction = out.closure = out.form = word;
  out.count = count;
  out.source = out.unit = index;
  out.sources = out.units = texts;
  out.sources_sizes = out.units_sizes = sizes;
  out.sources_count = out.units_count = 2;
  return out;
}

static void columns_are(komhen_status want, komhen_columns given) {
  komhen_cube* cube = new_cube();
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  outcome.rows_read = 77;
  EXPECT_STATUS(want, komhen_cube_add_columns(cube, &given, NULL, NULL, &outcome, &err), &err);
  if (want != KOMHEN_OK)
    EXPECT(komhen_cube_contacts(cube) == 0 && outcome.rows_read == 0 && outcome.contacts == 0);
  komhen_cube_free(cube);
}

static void columns_that_are_not_there_are_argument_errors(void) {
  static const char* const no_texts[2] = {NULL, NULL};
  static const int64_t ones[2] = {1, 1}, less[2] = {5, -1};
  const komhen_columns good = good_columns();
  komhen_columns given = good;
  columns_are(KOMHEN_OK, given);
#define WRONG(...)                         \
  do {                                     \
    given = good;                          \
    __VA_ARGS__;                           \
    columns_are(KOMHEN_E_ARGUMENT, given); \
  } while (0)
  WRONG(given.municipality = NULL);
  WRONG(given.week = NULL);
  WRONG(given.task = NULL);
  WRONG(given.channel = NULL);
  WRONG(given.type = NULL);
  WRONG(given.direction = NULL);
  WRONG(given.length = -1);
  WRONG(given.reserved = 1);
  WRONG(given.length = INT64_MIN);
  WRONG(given.municipality = NULL, given.length = INT64_MAX);
  WRONG(given.source = NULL); /* two texts, and which of them? */
  WRONG(given.unit = NULL);
  WRONG(given.sources = NULL);
  WRONG(given.sources_sizes = NULL);
  WRONG(given.sources = NULL, given.sources_count = INT64_MAX);
  WRONG(given.sources_sizes = NULL, given.sources_count = INT64_MAX);
  WRONG(given.sources_count = -1);
  WRONG(given.sources_count = INT64_MIN);
  WRONG(given.sources = no_texts, given.sources_sizes = ones);
  WRONG(given.sources_sizes = less);
  WRONG(given.units = NULL);
  WRONG(given.units_sizes = NULL);
  WRONG(given.units_count = -1);
  WRONG(given.units = no_texts, given.units_sizes = ones);
  WRONG(given.units_sizes = less);
#undef WRONG
  /* No rows need no columns; the columns that may be NULL, may. */
  given = (komhen_columns)KOMHEN_COLUMNS_INIT;
  columns_are(KOMHEN_OK, given);
  given = good;
  given.closure = given.form = NULL;
  given.count = NULL;
  given.source = given.unit = NULL;
  given.sources = given.units = NULL;
  given.sources_sizes = given.units_sizes = NULL;
  given.sources_count = given.units_count = 0;
  columns_are(KOMHEN_OK, given);
}

static void an_index_that_points_nowhere_makes_its_row_bad_label(void) {
  static const int32_t places[] = {-1, 2, INT32_MIN, INT32_MAX};
  for (size_t i = 0; i < sizeof places / sizeof *places; ++i)
    for (int unit = 0; unit < 2; ++unit) {
      komhen_columns given = good_columns();
      const int32_t index[2] = {0, places[i]};
      uint8_t reasons[2] = {9, 9};
      *(unit ? &given.unit : &given.source) = index;
      komhen_cube* cube = new_cube();
      EXPECT_OK(komhen_cube_add_columns(cube, &given, NULL, reasons, NULL, &err), &err);
      EXPECT(reasons[0] == 0 && reasons[1] == KOMHEN_REASON_BAD_LABEL && komhen_cube_contacts(cube) == 1);
      komhen_cube_free(cube);
    }
}

static void options_that_mean_nothing_are_argument_errors(void) {
  const char* text =
      "municipality;date;kle;channel;type;direction\n657;2012-04-23;23.05.10;telephone;guidance;incoming\n";
  static const int32_t encodings[] = {INT32_MIN, -1, 3, 255, INT32_MAX};
  komhen_cube* cube = new_cube();
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; ++i) {
    komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
    options.encoding = encodings[i];
    EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
  }
  static const int64_t sizes[] = {INT64_MIN, -1, 1, INT64_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
    options.rejects_size = sizes[i];
    EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
  }
  static const int32_t threads[] = {INT32_MIN, -2, 65, INT32_MAX};
  for (size_t i = 0; i < sizeof threads / sizeof *threads; ++i) {
    komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
    options.threads = threads[i];
    EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
    options.threads = 0;
    options.reserved = threads[i];
    EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
  }
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.rejects = big;
  options.rejects_size = BIG;
  EXPECT_STATUS(KOMHEN_E_FILE, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
  options.rejects = folder;
  options.rejects_size = (int64_t)strlen(folder);
  EXPECT_STATUS(KOMHEN_E_FILE, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == 0);
  komhen_cube_free(cube);
}

static void options_of_the_first_release_end_before_the_threads(void) {
  const char* text =
      "municipality;date;kle;channel;type;direction\n657;2012-04-23;23.05.10;telephone;guidance;incoming\n";
  static const int32_t threads[] = {-1, 0, 1, 2, 64};
  komhen_cube* cube = new_cube();
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  for (size_t i = 0; i < sizeof threads / sizeof *threads; ++i) {
    options.threads = threads[i];
    EXPECT_STATUS(KOMHEN_OK, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
  }
  options.struct_size = 96;
  options.threads = INT32_MAX;
  options.reserved = INT32_MAX;
  EXPECT_STATUS(KOMHEN_OK, komhen_cube_add_text(cube, TEXT(text), &options, NULL, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == 6);
  komhen_cube_free(cube);
}

static void journal_options_that_mean_nothing_make_no_file(void) {
  static const komhen_journal_options wrong[] = {{(uint32_t)sizeof(komhen_journal_options), -1, 0, 0},
                                                 {(uint32_t)sizeof(komhen_journal_options), 3, 0, 0},
                                                 {(uint32_t)sizeof(komhen_journal_options), INT32_MIN, 0, 0},
                                                 {(uint32_t)sizeof(komhen_journal_options), INT32_MAX, 0, 0},
                                                 {(uint32_t)sizeof(komhen_journal_options), 0, -1, 0},
                                                 {(uint32_t)sizeof(komhen_journal_options), 0, 2, 0},
                                                 {(uint32_t)sizeof(komhen_journal_options), 0, INT32_MAX, 0},
                                                 {(uint32_t)sizeof(komhen_journal_options), 0, 0, -1},
                                                 {(uint32_t)sizeof(komhen_journal_options), 0, 0, 100001},
                                                 {(uint32_t)sizeof(komhen_journal_options), 0, 0, INT32_MAX},
                                                 {(uint32_t)sizeof(komhen_journal_options), 0, 0, INT32_MIN}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    komhen_journal* made = (komhen_journal*)&err;
    EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_journal_open(TEXT(other_path), &wrong[i], &made, &err), &err);
    EXPECT(made == NULL && access(other_path, F_OK) != 0);
  }
}

static void a_number_like_a_cpr_number_is_masked_where_no_municipality_has_it(void) {
  int32_t undone = 9;
  EXPECT_STATUS(KOMHEN_E_ARGUMENT,
                komhen_journal_undo(journal, 2012700000, TEXT("desk"), TEXT("id-1"), &undone, &err), &err);
  EXPECT(undone == 0 && strstr(err.message, "2012700000") == NULL);
}

/* An event of a program that is newer than the library. */
typedef struct Newer {
  komhen_registration known;
  int64_t unknown;
} Newer;

static void a_batch_goes_by_the_distance_of_its_first_struct(void) {
  Newer events[3];
  uint8_t answers[3] = {9, 9, 9};
  memset(events, 0, sizeof events);
  for (int i = 0; i < 3; ++i) {
    static const char* const ids[3] = {"batch-1", "batch-2", "batch-3"};
    events[i].known = contact();
    events[i].known.struct_size = (uint32_t)sizeof(Newer);
    events[i].known.event_id = ids[i];
  }
  const int64_t before = events_in_journal();
  EXPECT_OK(komhen_journal_record_many(journal, &events[0].known, 3, answers, &err), &err);
  EXPECT(answers[0] == KOMHEN_RECORDED && answers[1] == KOMHEN_RECORDED && answers[2] == KOMHEN_RECORDED);
  EXPECT(events_in_journal() == before + 3);
  events[0].known.event_id = "batch-4"; /* new, and not recorded when another of the batch is no event */
  events[2].unknown = 1;
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_journal_record_many(journal, &events[0].known, 3, answers, &err),
                &err);
  events[2].unknown = 0;
  events[2].known.struct_size = (uint32_t)sizeof(komhen_registration);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_journal_record_many(journal, &events[0].known, 3, answers, &err),
                &err);
  events[2].known.struct_size = (uint32_t)sizeof(Newer);
  events[2].known.channel = 99;
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_journal_record_many(journal, &events[0].known, 3, answers, &err),
                &err);
  EXPECT(strstr(err.message, "event 3 of the batch") != NULL && err.line == 3);
  events[2].known.channel = 1;
  events[2].known.unit = "010190-1234";
  events[2].known.unit_size = 11;
  EXPECT_STATUS(KOMHEN_E_PERSONAL_DATA,
                komhen_journal_record_many(journal, &events[0].known, 3, answers, &err), &err);
  EXPECT(strstr(err.message, "010190-1234") == NULL);
  EXPECT(events_in_journal() == before + 3);
}

int main(void) {
  strcpy(folder, "/tmp/komhen-fields-XXXXXX");
  if (mkdtemp(folder) == NULL) return EXIT_FAILURE;
  snprintf(journal_path, sizeof journal_path, "%s/journal", folder);
  snprintf(other_path, sizeof other_path, "%s/other", folder);
  big = (char*)malloc(BIG);
  if (big == NULL) return EXIT_FAILURE;
  memset(big, 'a', BIG);
  EXPECT_OK(komhen_journal_open(TEXT(journal_path), NULL, &journal, &err), &err);
  RUN(numbers_that_mean_nothing_have_the_reason_of_their_dimension);
  RUN(texts_that_are_no_labels_have_their_reason);
  RUN(sizes_that_cannot_be_are_argument_errors);
  RUN(columns_that_are_not_there_are_argument_errors);
  RUN(an_index_that_points_nowhere_makes_its_row_bad_label);
  RUN(options_that_mean_nothing_are_argument_errors);
  RUN(options_of_the_first_release_end_before_the_threads);
  RUN(journal_options_that_mean_nothing_make_no_file);
  RUN(a_number_like_a_cpr_number_is_masked_where_no_municipality_has_it);
  RUN(a_batch_goes_by_the_distance_of_its_first_struct);
  komhen_journal_free(journal);
  forget(journal_path);
  free(big);
  EXPECT(rmdir(folder) == 0);
  return expect_result();
}
