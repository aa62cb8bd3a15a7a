/* What a callback may do: it runs with no lock held, cannot reach the cube at work, and can stop the call. */
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"

static komhen_error err = KOMHEN_ERROR_INIT;
static char folder[64];
static char path_in_folder[2][128];

static const char* in_folder(int which, const char* name) {
  snprintf(path_in_folder[which], sizeof path_in_folder[which], "%s/%s", folder, name);
  return path_in_folder[which];
}

#define HEADER "municipality;date;kle;channel;type;direction\n"
#define GOOD_ROW "657;2012-04-23;23.05.10;telephone;guidance;incoming\n"
#define BAD_ROW "657;2012-04-23;23.05.10;by pigeon;guidance;incoming\n"

/* One contact in it already, so that "unchanged" says something. */
static komhen_cube* cube_with_one(void) {
  komhen_cube* cube = NULL;
  EXPECT_OK(komhen_cube_new(&cube, &err), &err);
  EXPECT_OK(komhen_cube_add_text(cube, TEXT(HEADER GOOD_ROW), NULL, NULL, &err), &err);
  return cube;
}

/* A file of many rows, so that progress is called more than once. */
static const char* big_file(int rows) {
  const char* path = in_folder(0, "big.csv");
  FILE* file = fopen(path, "wb");
  if (!EXPECT(file != NULL)) return path;
  fputs(HEADER BAD_ROW, file);
  for (int i = 0; i < rows; ++i) fputs(GOOD_ROW, file);
  fclose(file);
  return path;
}

/* What a callback did to the cube that is at work. */
typedef struct Attempt {
  komhen_cube* cube;
  int calls;
  int rejected;
} Attempt;

static void call_in(Attempt* attempt) {
  komhen_error mine = KOMHEN_ERROR_INIT;
  komhen_registration one = KOMHEN_REGISTRATION_INIT;
  komhen_columns columns = KOMHEN_COLUMNS_INIT;
  komhen_cube *cube = attempt->cube, *copy = NULL, *other = NULL;
  komhen_table* table = NULL;
  komhen_buffer* buffer = NULL;
  komhen_query* query = NULL;
  int32_t reason = 0;
  const char* path = "nothing.csv";
  const int64_t size = 11;
  ++attempt->calls;
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_add(cube, &one, NULL, &reason, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_add_columns(cube, &columns, NULL, NULL, NULL, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_add_files(cube, &path, &size, 1, NULL, NULL, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_add_text(cube, TEXT(HEADER GOOD_ROW), NULL, NULL, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_merge(cube, cube, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_copy(cube, &copy, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_table(cube, &table, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_save(cube, TEXT("nothing.cube"), &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_to_bytes(cube, &buffer, &mine), &mine);
  EXPECT(copy == NULL && table == NULL && buffer == NULL && reason == 0);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &query, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_measure(cube, query, &table, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_compare(cube, cube, query, &table, &mine), &mine);
  komhen_query_free(query);
  /* Another cube is free to be used. */
  EXPECT_OK(komhen_cube_new(&other, &mine), &mine);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_cube_merge(other, cube, &mine), &mine);
  EXPECT_OK(komhen_cube_add_text(other, TEXT(HEADER GOOD_ROW), NULL, NULL, &mine), &mine);
  EXPECT(komhen_cube_contacts(other) == 1);
  komhen_cube_free(other);
  /* Freeing it does nothing: the call that called back still needs it. */
  komhen_cube_free(cube);
}

static void reject_and_call_in(const komhen_reject* reject, void* data) {
  Attempt* attempt = (Attempt*)data;
  EXPECT(reject->reason == KOMHEN_REASON_UNKNOWN_CHANNEL);
  EXPECT(strcmp(reject->column, "channel") == 0);
  EXPECT(reject->text_size == 9 && memcmp(reject->text, "by pigeon", 9) == 0);
  ++attempt->rejected;
  call_in(attempt);
}
static int32_t progress_and_call_in(int64_t done, int64_t total, void* data) {
  EXPECT(done >= 0 && (total == 0 || done <= total));
  call_in((Attempt*)data);
  return 1;
}
static void name_and_call_in(const char* name, int64_t size, void* data) {
  EXPECT(size == 5 && memcmp(name, "Extra", 5) == 0 && name[5] == 0);
  call_in((Attempt*)data);
}
static int32_t stop(int64_t done, int64_t total, void* data) {
  (void)done;
  (void)total;
  ++*(int*)data;
  return 0;
}

static void a_call_on_the_cube_at_work_is_busy_and_freeing_it_does_nothing(void) {
  const char* path = big_file(20000);
  const int64_t size = (int64_t)strlen(path);
  komhen_cube* cube = cube_with_one();
  Attempt attempt = {cube, 0, 0};
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.on_reject = reject_and_call_in;
  options.on_reject_data = &attempt;
  options.progress = progress_and_call_in;
  options.progress_data = &attempt;
  options.on_unread_column = name_and_call_in;
  options.on_unread_column_data = &attempt;
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  EXPECT_OK(komhen_cube_add_files(cube, &path, &size, 1, &options, &outcome, &err), &err);
  EXPECT(attempt.rejected == 1 && attempt.calls >= 3);
  EXPECT(outcome.rows_accepted == 20000 && komhen_cube_contacts(cube) == 20001);

  const int before = attempt.calls;
  EXPECT_OK(komhen_cube_add_text(cube,
                                 TEXT("Extra;municipality;date;kle;channel;type;direction\n"
                                      "x;657;2012-04-23;23.05.10;by pigeon;guidance;incoming\n"),
                                 &options, &outcome, &err),
            &err);
  EXPECT(attempt.rejected == 2 && attempt.calls >= before + 2);
  EXPECT(komhen_cube_contacts(cube) == 20001);
  /* Behind the call it is free again. */
  EXPECT_OK(komhen_cube_add_text(cube, TEXT(HEADER GOOD_ROW), NULL, NULL, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == 20002);
  komhen_cube_free(cube);
}

static void progress_that_gives_0_ends_the_call_and_nothing_was_counted(void) {
  const char* path = big_file(50000);
  const int64_t size = (int64_t)strlen(path);
  const char* rejects = in_folder(1, "rejects.csv");
  komhen_cube *cube = cube_with_one(), *before = NULL;
  EXPECT_OK(komhen_cube_copy(cube, &before, &err), &err);
  int calls = 0;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.progress = stop;
  options.progress_data = &calls;
  options.rejects = rejects;
  options.rejects_size = (int64_t)strlen(rejects);
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  outcome.rows_read = 7; /* what an earlier call left */
  EXPECT_STATUS(KOMHEN_E_CANCELLED, komhen_cube_add_files(cube, &path, &size, 1, &options, &outcome, &err),
                &err);
  EXPECT(calls == 1); /* it is not asked again */
  EXPECT(outcome.rows_read == 0 && outcome.contacts == 0);
  EXPECT(komhen_cube_equal(cube, before) == 1);
  EXPECT(access(rejects, F_OK) != 0);
  EXPECT_STATUS(KOMHEN_E_CANCELLED,
                komhen_cube_add_text(cube, TEXT(HEADER GOOD_ROW BAD_ROW), &options, &outcome, &err), &err);
  EXPECT(calls == 2 && komhen_cube_equal(cube, before) == 1 && access(rejects, F_OK) != 0);
  /* Not stopped, the same call counts, and leaves the reject file. */
  options.progress = NULL;
  EXPECT_OK(komhen_cube_add_files(cube, &path, &size, 1, &options, &outcome, &err), &err);
  EXPECT(outcome.rows_read == 50001 && outcome.rejected[KOMHEN_REASON_UNKNOWN_CHANNEL] == 1);
  EXPECT(access(rejects, F_OK) == 0);
  unlink(rejects);
  komhen_cube_free(before);
  komhen_cube_free(cube);
}

static void a_failed_call_leaves_no_reject_file_and_no_count(void) {
  komhen_cube *cube = cube_with_one(), *before = NULL;
  EXPECT_OK(komhen_cube_copy(cube, &before, &err), &err);
  const char* rejects = in_folder(1, "rejects.csv");
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.rejects = rejects;
  options.rejects_size = (int64_t)strlen(rejects);
  const char* paths[2] = {big_file(100), "there/is/no/such.csv"};
  const int64_t sizes[2] = {(int64_t)strlen(paths[0]), (int64_t)strlen(paths[1])};
  EXPECT_STATUS(KOMHEN_E_FILE, komhen_cube_add_files(cube, paths, sizes, 2, &options, NULL, &err), &err);
  EXPECT(komhen_cube_equal(cube, before) == 1 && access(rejects, F_OK) != 0);
  komhen_cube_free(before);
  komhen_cube_free(cube);
}

static void a_round_is_not_noted_by_an_add_that_fails(void) {
  komhen_cube *cube = cube_with_one(), *before = NULL;
  komhen_round* round = NULL;
  EXPECT_OK(komhen_cube_copy(cube, &before, &err), &err);
  EXPECT_OK(komhen_round_load(TEXT("2012-spring"), &round, &err), &err);
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.round = round;
  komhen_registration one = KOMHEN_REGISTRATION_INIT;
  one.source_size = 5; /* and no source */
  int32_t reason = 0;
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add(cube, &one, &options, &reason, &err), &err);
  EXPECT(komhen_cube_equal(cube, before) == 1);
  komhen_round_free(round);
  komhen_cube_free(before);
  komhen_cube_free(cube);
}

static void a_count_past_the_end_is_an_overflow_and_notes_no_round(void) {
  /* Doubled 62 times, one contact is 2^62; once more would pass 2^63 - 1. */
  komhen_cube *cube = cube_with_one(), *before = NULL;
  for (int i = 0; i < 62; ++i) EXPECT_OK(komhen_cube_merge(cube, cube, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == INT64_C(1) << 62);
  EXPECT_STATUS(KOMHEN_E_OVERFLOW, komhen_cube_merge(cube, cube, &err), &err);
  komhen_cube* rest = cube_with_one();
  for (int i = 0; i < 31; ++i) EXPECT_OK(komhen_cube_merge(rest, rest, &err), &err);
  for (int i = 31; i < 62; ++i) { /* 2^31 + 2^32 + ... + 2^61: then 2^31 are left */
    EXPECT_OK(komhen_cube_merge(cube, rest, &err), &err);
    EXPECT_OK(komhen_cube_merge(rest, rest, &err), &err);
  }
  EXPECT(komhen_cube_contacts(cube) == INT64_MAX - (INT64_C(1) << 31) + 1);
  komhen_round* round = NULL;
  EXPECT_OK(komhen_round_load(TEXT("2012-spring"), &round, &err), &err);
  komhen_registration one = KOMHEN_REGISTRATION_INIT;
  one.municipality = 657;
  one.week = 201217;
  one.task = 230510;
  one.channel = one.type = one.direction = 1;
  one.count = INT32_MAX;
  int32_t reason = 0;
  EXPECT_OK(komhen_cube_add(cube, &one, NULL, &reason, &err), &err);
  EXPECT(reason == 0 && komhen_cube_contacts(cube) == INT64_MAX);
  EXPECT_OK(komhen_cube_copy(cube, &before, &err), &err);
  one.count = 1;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.round = round;
  EXPECT_STATUS(KOMHEN_E_OVERFLOW, komhen_cube_add(cube, &one, &options, &reason, &err), &err);
  EXPECT(komhen_cube_equal(cube, before) == 1 && komhen_cube_contacts(cube) == INT64_MAX);
  EXPECT_STATUS(KOMHEN_E_OVERFLOW, komhen_cube_add_text(cube, TEXT(HEADER GOOD_ROW), &options, NULL, &err),
                &err);
  EXPECT(komhen_cube_equal(cube, before) == 1);
  komhen_round_free(round);
  komhen_cube_free(rest);
  komhen_cube_free(before);
  komhen_cube_free(cube);
}

static void two_rounds_of_one_id_do_not_meet_in_a_cube(void) {
  const char* const first = "id = \"r\"\nweeks = [\"2012-W17\"]\nscheme = \"kl-2012\"\n";
  const char* const second = "id = \"r\"\nweeks = [\"2012-W18\"]\nscheme = \"kl-2012\"\n";
  komhen_round* rounds[2] = {NULL, NULL};
  EXPECT_OK(komhen_round_parse(TEXT(first), TEXT("first"), &rounds[0], &err), &err);
  EXPECT_OK(komhen_round_parse(TEXT(second), TEXT("second"), &rounds[1], &err), &err);
  komhen_cube *cube = cube_with_one(), *before = NULL;
  komhen_registration one = KOMHEN_REGISTRATION_INIT;
  one.municipality = 657;
  one.week = 201217;
  one.task = 230510;
  one.channel = one.type = one.direction = 1;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  int32_t reason = 0;
  options.round = rounds[0];
  EXPECT_OK(komhen_cube_add(cube, &one, &options, &reason, &err), &err);
  EXPECT_OK(komhen_cube_copy(cube, &before, &err), &err);
  options.round = rounds[1];
  one.week = 201218;
  EXPECT_STATUS(KOMHEN_E_EDITION, komhen_cube_add(cube, &one, &options, &reason, &err), &err);
  EXPECT_STATUS(KOMHEN_E_EDITION, komhen_cube_add_text(cube, TEXT(HEADER GOOD_ROW), &options, NULL, &err),
                &err);
  EXPECT(komhen_cube_equal(cube, before) == 1);
  options.round = rounds[0];
  one.week = 201217;
  EXPECT_OK(komhen_cube_add(cube, &one, &options, &reason, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == 3);
  komhen_round_free(rounds[0]);
  komhen_round_free(rounds[1]);
  komhen_cube_free(before);
  komhen_cube_free(cube);
}

static void a_rejected_row_is_told_without_what_looks_personal(void) {
  /* The header names no unit that a person may be in; the guard masks it where it is shown. */
  komhen_cube* cube = cube_with_one();
  komhen_query* query = NULL;
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &query, &err), &err);
  EXPECT_STATUS(KOMHEN_E_FILE, komhen_query_tasks(query, TEXT("/tmp/010190-1234.txt"), &err), &err);
  EXPECT(strstr(err.message, "010190-1234") == NULL);
  komhen_query_free(query);
  komhen_cube_free(cube);
}

int main(void) {
  strcpy(folder, "/tmp/komhen-callbacks-XXXXXX");
  if (mkdtemp(folder) == NULL) return EXIT_FAILURE;
  RUN(a_call_on_the_cube_at_work_is_busy_and_freeing_it_does_nothing);
  RUN(progress_that_gives_0_ends_the_call_and_nothing_was_counted);
  RUN(a_failed_call_leaves_no_reject_file_and_no_count);
  RUN(a_round_is_not_noted_by_an_add_that_fails);
  RUN(a_count_past_the_end_is_an_overflow_and_notes_no_round);
  RUN(two_rounds_of_one_id_do_not_meet_in_a_cube);
  RUN(a_rejected_row_is_told_without_what_looks_personal);
  unlink(in_folder(0, "big.csv"));
  EXPECT(rmdir(folder) == 0);
  return expect_result();
}
