/* Hosts that are hard to live in: they fork, cancel threads, have small stacks, a comma for a decimal point,
 * limits and full disks, and expect to find everything as it was. What could end this process runs in a child
 * of its own. */
#define _GNU_SOURCE /* unshare() */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arrow_stream.h"
#include "expect.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KOMHEN_INSTRUMENTED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KOMHEN_INSTRUMENTED 1
#endif
#ifndef KOMHEN_INSTRUMENTED
#define KOMHEN_INSTRUMENTED 0
#endif

#define GOLDEN KOMHEN_SOURCE_DIR "/tests/golden/"
#define WEEKS "municipality;weeks\n657;2012-W17\n"
#define HEADER "municipality;date;kle;channel;type;direction\n"
#define GOOD_ROW "657;2012-04-23;23.05.10;telephone;guidance;incoming\n"
#define BAD_ROW "657;2012-04-23;23.05.10;by pigeon;guidance;incoming\n"

static char folder[128];

static const char* in_folder(char* out, size_t room, const char* name) {
  snprintf(out, room, "%s/%s", folder, name);
  return out;
}

static void forget(const char* path) {
  static const char* const ends[] = {"", "-wal", "-journal", ".lock"};
  char name[256];
  for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
    snprintf(name, sizeof name, "%.200s%s", path, ends[i]);
    unlink(name);
  }
}

static komhen_registration contact(void) {
  komhen_registration out = KOMHEN_REGISTRATION_INIT;
  out.municipality = 657;
  out.week = 201217;
  out.task = 230510;
  out.channel = KOMHEN_CHANNEL_TELEPHONE;
  out.type = KOMHEN_TYPE_GUIDANCE;
  out.direction = KOMHEN_DIRECTION_INCOMING;
  out.source = "hosts";
  out.source_size = 5;
  out.event_id = "event-1";
  out.event_id_size = 7;
  return out;
}

/* Runs a test in a child; that it ends of itself and with 0 is what is expected of it. */
static void in_child(void (*test)(void)) {
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    expect_failures = 0; /* the parent's are not the child's */
    test();
    fflush(NULL);
    _exit(expect_failures == 0 ? 0 : 1);
  }
  int status = -1;
  EXPECT(child > 0 && waitpid(child, &status, 0) == child);
  if (!EXPECT(WIFEXITED(status)))
    fprintf(stderr, "    the child was killed by signal %d\n", WTERMSIG(status));
  EXPECT(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
}

/* ---- every kind of call ---- */

/* A call that must succeed and leave errno and the rounding mode alone. */
#define STEP(call)                                                                                \
  do {                                                                                            \
    const int step_rounding = fegetround();                                                       \
    errno = 4711;                                                                                 \
    const komhen_status step_got = (call);                                                        \
    EXPECT(errno == 4711);                                                                        \
    EXPECT(fegetround() == step_rounding);                                                        \
    if (!EXPECT(step_got == KOMHEN_OK)) fprintf(stderr, "    %s\n    %s\n", #call, err->message); \
  } while (0)
/* The same of a call that must fail. */
#define FAIL(want, call)            \
  do {                              \
    errno = 4711;                   \
    EXPECT_STATUS(want, call, err); \
    EXPECT(errno == 4711);          \
  } while (0)

static int32_t go_on(int64_t done, int64_t total, void* data) {
  (void)done;
  (void)total;
  (void)data;
  return 1;
}
static void take_reject(const komhen_reject* reject, void* data) {
  (void)reject;
  ++*(int*)data;
}

/* Does one of everything in `folder`, and gives what was measured as JSON, which is yours to free(). Nothing
 * big is on this function's own stack. */
static char* do_everything(komhen_error* err) {
  char* out = (char*)calloc(1, 65536);
  if (out == NULL) abort();
  char *path = (char*)malloc(256), *more = (char*)malloc(256);
  komhen_round* round = NULL;
  komhen_participation* weeks = NULL;
  komhen_profile* profile = NULL;
  komhen_cube *cube = NULL, *other = NULL;
  komhen_query* query = NULL;
  komhen_table* table = NULL;
  komhen_buffer* text = NULL;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  komhen_outcome* outcome = (komhen_outcome*)calloc(1, sizeof *outcome);
  int rejects = 0;
  outcome->struct_size = sizeof *outcome;

  STEP(komhen_round_load(TEXT("2012-spring"), &round, err));
  komhen_round_free(round);
  STEP(komhen_round_load(TEXT(GOLDEN "calculator.toml"), &round, err));
  komhen_round_free(round);
  STEP(komhen_round_load(TEXT("2012-spring"), &round, err));
  STEP(komhen_participation_load(TEXT(GOLDEN "small_week.weeks.csv"), &weeks, err));
  STEP(komhen_profile_load(TEXT(GOLDEN "tickets.toml"), &profile, err));
  STEP(komhen_cube_new(&cube, err));
  const char* file = GOLDEN "small_week.csv";
  int64_t size = (int64_t)strlen(file);
  options.round = round;
  options.participation = weeks;
  options.progress = go_on;
  options.on_reject = take_reject;
  options.on_reject_data = &rejects;
  STEP(komhen_cube_add_files(cube, &file, &size, 1, &options, outcome, err));
  EXPECT(outcome->contacts == 64);
  options = (komhen_count_options)KOMHEN_COUNT_OPTIONS_INIT;
  options.profile = profile;
  options.rejects = in_folder(path, 256, "rejects.csv");
  options.rejects_size = (int64_t)strlen(path);
  file = GOLDEN "tickets.csv";
  size = (int64_t)strlen(file);
  STEP(komhen_cube_add_files(cube, &file, &size, 1, &options, outcome, err));
  EXPECT(outcome->rows_accepted == 3);
  EXPECT(unlink(path) == 0);
  file = GOLDEN "danish_export.csv"; /* Windows-1252 */
  size = (int64_t)strlen(file);
  STEP(komhen_cube_add_files(cube, &file, &size, 1, NULL, outcome, err));
  STEP(komhen_cube_add_text(cube, TEXT(HEADER GOOD_ROW BAD_ROW), NULL, outcome, err));
  Producer producer = {2, 0, 0, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&producer);
  STEP(komhen_cube_add_arrow(cube, &stream, NULL, outcome, err));
  EXPECT(producer.arrays == 0 && producer.schemas == 0 && producer.streams == 0);
  const komhen_registration one = contact();
  int32_t reason = -1;
  STEP(komhen_cube_add(cube, &one, NULL, &reason, err));
  const int32_t code[1] = {657}, week[1] = {201217}, task[1] = {230510};
  const uint8_t word[1] = {1};
  komhen_columns columns = KOMHEN_COLUMNS_INIT;
  columns.length = 1;
  columns.municipality = code;
  columns.week = week;
  columns.task = task;
  columns.channel = columns.type = columns.direction = word;
  STEP(komhen_cube_add_columns(cube, &columns, NULL, NULL, outcome, err));

  STEP(komhen_cube_save(cube, TEXT(in_folder(path, 256, "saved")), err));
  STEP(komhen_cube_load(TEXT(path), &other, err));
  EXPECT(komhen_cube_equal(cube, other) == 1 && unlink(path) == 0);
  komhen_cube_free(other);
  STEP(komhen_cube_to_bytes(cube, &text, err));
  STEP(komhen_cube_from_bytes(komhen_buffer_data(text), komhen_buffer_size(text), &other, err));
  komhen_buffer_free(text);
  STEP(komhen_cube_merge(other, cube, err));

  for (int32_t measure = KOMHEN_MEASURE_CONTACTS; measure <= KOMHEN_MEASURE_FORM_SHARE; ++measure) {
    STEP(komhen_query_new(measure, &query, err));
    STEP(komhen_query_by(query, KOMHEN_DIMENSION_CHANNEL, err));
    STEP(komhen_query_by(query, KOMHEN_DIMENSION_DIRECTION, err));
    STEP(komhen_query_tasks(query, TEXT("kl-35"), err));
    if (measure == KOMHEN_MEASURE_DIGITAL) STEP(komhen_query_set(query, KOMHEN_SET_BROAD, err));
    STEP(komhen_query_where(query, KOMHEN_DIMENSION_MUNICIPALITY,
                            TEXT("Hiller\xC3\xB8"
                                 "d"),
                            err));
    STEP(komhen_query_where(query, KOMHEN_DIMENSION_MUNICIPALITY, TEXT("657"), err));
    STEP(komhen_measure(cube, query, &table, err));
    STEP(komhen_table_json(table, &text, err));
    strncat(out, komhen_buffer_data(text), 65535 - strlen(out));
    komhen_buffer_free(text);
    STEP(komhen_table_csv(table, &text, err));
    strncat(out, komhen_buffer_data(text), 65535 - strlen(out));
    komhen_buffer_free(text);
    STEP(komhen_table_arrow(table, &stream, err));
    stream.release(&stream);
    komhen_table_free(table);
    if (measure != KOMHEN_MEASURE_CONTACTS) {
      STEP(komhen_compare(cube, other, query, &table, err));
      STEP(komhen_table_json(table, &text, err));
      strncat(out, komhen_buffer_data(text), 65535 - strlen(out));
      komhen_buffer_free(text);
      komhen_table_free(table);
    }
    komhen_query_free(query);
  }

  komhen_journal* journal = NULL;
  komhen_journal_options how = KOMHEN_JOURNAL_OPTIONS_INIT;
  int32_t what = 0;
  STEP(komhen_journal_open(TEXT(in_folder(path, 256, "journal")), &how, &journal, err));
  STEP(komhen_journal_record(journal, &one, &what, err));
  EXPECT(what == KOMHEN_RECORDED);
  STEP(komhen_journal_undo(journal, 657, TEXT("hosts"), TEXT("event-2"), &what, err));
  EXPECT(what == KOMHEN_UNDONE_WAITING);
  komhen_cube_free(other);
  STEP(komhen_journal_cube(journal, &other, err));
  EXPECT(komhen_cube_contacts(other) == 1);
  STEP(komhen_journal_export(journal, TEXT(in_folder(more, 256, "export.csv")), err));
  EXPECT(unlink(more) == 0);
  STEP(komhen_journal_backup(journal, TEXT(in_folder(more, 256, "backup")), err));
  EXPECT(access(more, F_OK) == 0);
  FAIL(KOMHEN_E_FILE, komhen_journal_backup(journal, TEXT(more), err));
  forget(more);
  STEP(komhen_journal_verify(journal, err));
  STEP(komhen_journal_seal(journal, 1, err));
  FAIL(KOMHEN_E_SEALED, komhen_journal_record(journal, &one, &what, err));
  errno = 4711;
  komhen_journal_free(journal);
  EXPECT(errno == 4711);
  forget(path);

  /* What goes wrong deep inside: nested TOML, a quote that never closes over 4 MB, a missing file. */
  komhen_round_free(round); /* a call that fails sets its result to NULL */
  komhen_profile_free(profile);
  enum { DEEP = 100000, LONG = 4 * 1024 * 1024 };
  char* nested = (char*)malloc(LONG);
  memset(nested, '[', LONG);
  memcpy(nested, "id = ", 5);
  FAIL(KOMHEN_E_FORMAT, komhen_round_parse(nested, DEEP, TEXT("deep"), &round, err));
  EXPECT(round == NULL);
  memset(nested, 'a', LONG);
  memcpy(nested, HEADER "\"", strlen(HEADER) + 1);
  STEP(komhen_cube_add_text(cube, nested, LONG, NULL, outcome, err));
  EXPECT(outcome->rows_read == 1 && outcome->rejected[KOMHEN_REASON_MALFORMED] == 1);
  free(nested);
  FAIL(KOMHEN_E_FILE, komhen_profile_load(TEXT("there/is/no/such.toml"), &profile, err));

  komhen_participation_free(weeks);
  komhen_cube_free(other);
  komhen_cube_free(cube);
  free(outcome);
  free(more);
  free(path);
  return out;
}

/* ---- the host's own things ---- */

static int entries_of(const char* path) {
  DIR* open = opendir(path);
  if (open == NULL) return -1;
  int out = 0;
  while (readdir(open) != NULL) ++out;
  closedir(open);
  return out;
}

static void calls_leave_the_host_as_it_was(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  char cwd[2][512];
  sigset_t mask[2], held;
  struct sigaction actions[2][32];
  extern char** environ;
  char** const env = environ;
  EXPECT(getcwd(cwd[0], sizeof cwd[0]) != NULL);
  umask(027);
  EXPECT(fesetround(FE_UPWARD) == 0);
  sigemptyset(&held);
  sigaddset(&held, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &held, &mask[0]);
  pthread_sigmask(SIG_BLOCK, NULL, &mask[0]);
  for (int s = 1; s < 32; ++s) sigaction(s, NULL, &actions[0][s]);
  const char* locale = setlocale(LC_ALL, NULL);
  char* before = strdup(locale);
  const int threads = entries_of("/proc/self/task"), files = entries_of("/proc/self/fd");
  for (int i = 0; i < 3; ++i) free(do_everything(&err));
  EXPECT(entries_of("/proc/self/task") == threads);
  EXPECT(entries_of("/proc/self/fd") == files);
  EXPECT(strcmp(setlocale(LC_ALL, NULL), before) == 0);
  EXPECT(fegetround() == FE_UPWARD);
  EXPECT(umask(022) == 027);
  EXPECT(getcwd(cwd[1], sizeof cwd[1]) != NULL && strcmp(cwd[0], cwd[1]) == 0);
  pthread_sigmask(SIG_BLOCK, NULL, &mask[1]);
  for (int s = 1; s < 32; ++s) {
    EXPECT(sigismember(&mask[0], s) == sigismember(&mask[1], s));
    sigaction(s, NULL, &actions[1][s]);
    EXPECT(actions[0][s].sa_handler == actions[1][s].sa_handler &&
           actions[0][s].sa_flags == actions[1][s].sa_flags);
  }
  EXPECT(environ == env);
  EXPECT(entries_of(folder) == 2); /* "." and ".." */
  fesetround(FE_TONEAREST);
  free(before);
}

static void what_the_library_opens_is_not_inherited_by_a_program_that_is_started(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  char path[256];
  komhen_journal* journal = NULL;
  EXPECT_OK(komhen_journal_open(TEXT(in_folder(path, sizeof path, "cloexec")), NULL, &journal, &err), &err);
  for (int fd = 3; fd < 256; ++fd) {
    char name[64], target[512];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(name, target, sizeof target - 1);
    if (size <= 0) continue;
    target[size] = 0;
    if (strstr(target, "cloexec") != NULL) EXPECT((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
  komhen_journal_free(journal);
  forget(path);
}

/* ---- small stacks ---- */

static void* everything_on_this_stack(void* data) {
  komhen_error* err = (komhen_error*)calloc(1, sizeof *err);
  err->struct_size = sizeof *err;
  (void)data;
  char* out = do_everything(err);
  free(err);
  return out;
}

static void a_stack_of_128_kib_is_enough_for_every_call(void) {
  if (KOMHEN_INSTRUMENTED) {
    expect_skipped("a sanitizer's frames are larger than the library's");
    return;
  }
  komhen_error err = KOMHEN_ERROR_INIT;
  pthread_attr_t attributes;
  pthread_t thread;
  void* got = NULL;
  EXPECT(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, 131072) == 0);
  EXPECT(pthread_create(&thread, &attributes, everything_on_this_stack, NULL) == 0);
  EXPECT(pthread_join(thread, &got) == 0);
  char* want = do_everything(&err);
  EXPECT(got != NULL && strcmp((char*)got, want) == 0);
  free(want);
  free(got);
  pthread_attr_destroy(&attributes);
}

/* ---- locales ---- */

static const char* locale_name;

static void this_locale_changes_no_table(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  char source[64], target[300], command[600];
  char* want = do_everything(&err);
  snprintf(source, sizeof source, "%.20s", locale_name);
  snprintf(target, sizeof target, "%s/%s.UTF-8", folder, locale_name);
  snprintf(command, sizeof command, "localedef -i %s -f UTF-8 %s >/dev/null 2>&1", source, target);
  const int made = system(command) == 0 || access(target, F_OK) == 0;
  setenv("LOCPATH", folder, 1);
  snprintf(command, sizeof command, "%s.UTF-8", locale_name);
  if (!made || setlocale(LC_ALL, command) == NULL || strcmp(localeconv()->decimal_point, ",") != 0) {
    expect_skipped("localedef cannot make a locale with a decimal comma here (apt-get install locales)");
  } else {
    char* got = do_everything(&err);
    EXPECT(strcmp(want, got) == 0);
    EXPECT(strlen(got) > 1000 && strstr(got, "\"share\":\"0.") != NULL);
    EXPECT(strcmp(localeconv()->decimal_point, ",") == 0);
    free(got);
  }
  free(want);
  snprintf(command, sizeof command, "rm -rf %s", target);
  EXPECT(system(command) == 0);
}

static void a_decimal_comma_changes_no_table(void) {
  locale_name = "da_DK";
  in_child(this_locale_changes_no_table);
}
static void turkish_casing_changes_no_table(void) {
  locale_name = "tr_TR";
  in_child(this_locale_changes_no_table);
}

/* ---- fork ---- */

static void every_call_of_a_child_on_its_parents_journal_is_forked(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  char path[256], other[256];
  komhen_journal *journal = NULL, *second = NULL;
  komhen_registration event = contact();
  int32_t what = 0;
  EXPECT_OK(komhen_journal_open(TEXT(in_folder(path, sizeof path, "forked")), NULL, &journal, &err), &err);
  EXPECT_OK(komhen_journal_record(journal, &event, &what, &err), &err);
  in_folder(other, sizeof other, "child");
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    komhen_cube *cube = NULL, *removed = NULL;
    komhen_journal_status status = KOMHEN_JOURNAL_STATUS_INIT;
    uint8_t answer = 0;
    int64_t up_to = 0;
    const komhen_status forked = KOMHEN_E_FORKED;
    EXPECT_STATUS(forked, komhen_journal_record(journal, &event, &what, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_record_many(journal, &event, 1, &answer, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_record_many(journal, NULL, 0, NULL, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_undo(journal, 657, TEXT("hosts"), TEXT("event-1"), &what, &err),
                  &err);
    EXPECT_STATUS(forked, komhen_journal_cube(journal, &cube, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_changes(journal, 0, &cube, &removed, &up_to, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_count(journal, NULL, &cube, NULL, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_export(journal, TEXT(other), &err), &err);
    EXPECT_STATUS(forked, komhen_journal_backup(journal, TEXT(other), &err), &err);
    EXPECT_STATUS(forked, komhen_journal_status_of(journal, &status, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_verify(journal, &err), &err);
    EXPECT_STATUS(forked, komhen_journal_seal(journal, 0, &err), &err);
    EXPECT(cube == NULL && removed == NULL && access(other, F_OK) != 0);
    /* The file is the parent's still, before its handle is freed here and behind. */
    EXPECT_STATUS(KOMHEN_E_BUSY, komhen_journal_open(TEXT(path), NULL, &second, &err), &err);
    komhen_journal_free(journal);
    EXPECT_STATUS(KOMHEN_E_BUSY, komhen_journal_open(TEXT(path), NULL, &second, &err), &err);
    /* A journal and a cube of its own, the child may have. */
    EXPECT_OK(komhen_journal_open(TEXT(other), NULL, &second, &err), &err);
    EXPECT_OK(komhen_journal_record(second, &event, &what, &err), &err);
    komhen_journal_free(second);
    forget(other);
    fflush(NULL);
    _exit(expect_failures == 0 ? 0 : 1);
  }
  int status = -1;
  EXPECT(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  event.event_id = "event-2";
  EXPECT_OK(komhen_journal_record(journal, &event, &what, &err), &err);
  EXPECT(what == KOMHEN_RECORDED);
  EXPECT_OK(komhen_journal_verify(journal, &err), &err);
  komhen_journal_free(journal);
  EXPECT_OK(komhen_journal_open(TEXT(path), NULL, &journal, &err), &err);
  komhen_cube* cube = NULL;
  EXPECT_OK(komhen_journal_cube(journal, &cube, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == 2);
  komhen_cube_free(cube);
  komhen_journal_free(journal);
  forget(path);
}

/* ---- cancellation ---- */

static int stage; /* how far the cancelled thread came */

static int32_t cancel_this_thread(int64_t done, int64_t total, void* data) {
  (void)done;
  (void)total;
  if (*(int*)data == 0) pthread_cancel(pthread_self());
  ++*(int*)data;
  return 1;
}
static void cancel_this_thread_at_release(struct ArrowArrayStream* stream) {
  pthread_cancel(pthread_self());
  pthread_testcancel(); /* a producer that waits for something */
  release_stream(stream);
}

static void* is_cancelled_in_a_long_call(void* data) {
  komhen_error err = KOMHEN_ERROR_INIT;
  const char* path = (const char*)data;
  const int64_t size = (int64_t)strlen(path);
  komhen_cube* cube = NULL;
  int calls = 0;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.progress = cancel_this_thread;
  options.progress_data = &calls;
  EXPECT_OK(komhen_cube_new(&cube, &err), &err);
  EXPECT_OK(komhen_cube_add_files(cube, &path, &size, 1, &options, NULL, &err), &err);
  EXPECT(calls > 1 && komhen_cube_contacts(cube) == 60000);
  komhen_cube_free(cube);
  stage = 1;
  pthread_testcancel();
  stage = 2;
  return NULL;
}
static void* is_cancelled_in_a_release(void* data) {
  Producer producer = {1, 0, 0, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&producer);
  komhen_error err = KOMHEN_ERROR_INIT;
  (void)data;
  stream.release = cancel_this_thread_at_release;
  err.struct_size = 8; /* the shortest way out */
  EXPECT(komhen_cube_add_arrow(NULL, &stream, NULL, NULL, &err) == KOMHEN_E_ARGUMENT);
  EXPECT(stream.release == NULL && producer.streams == 0);
  stage = 1;
  pthread_testcancel();
  stage = 2;
  return NULL;
}
static void* is_cancelled_before_it_calls(void* data) {
  const char* path = (const char*)data;
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_journal* journal = NULL;
  const komhen_registration event = contact();
  int32_t what = 0;
  pthread_cancel(pthread_self());
  EXPECT_OK(komhen_journal_open(TEXT(path), NULL, &journal, &err), &err);
  EXPECT_OK(komhen_journal_record(journal, &event, &what, &err), &err);
  EXPECT_OK(komhen_journal_verify(journal, &err), &err);
  komhen_journal_free(journal);
  stage = 1;
  pthread_testcancel();
  stage = 2;
  return NULL;
}

static void cancelled(void* (*body)(void*), const char* path) {
  pthread_t thread;
  void* end = NULL;
  stage = 0;
  EXPECT(pthread_create(&thread, NULL, body, (void*)(uintptr_t)path) == 0);
  EXPECT(pthread_join(thread, &end) == 0 && end == PTHREAD_CANCELED && stage == 1);
}

static void a_thread_that_is_cancelled_within_a_call_finishes_it_first(void) {
  char path[256];
  in_folder(path, sizeof path, "big.csv");
  FILE* file = fopen(path, "wb");
  if (!EXPECT(file != NULL)) return;
  fputs(HEADER, file);
  for (int i = 0; i < 60000; ++i) fputs(GOOD_ROW, file);
  fclose(file);
  cancelled(is_cancelled_in_a_long_call, path);
  unlink(path);
  cancelled(is_cancelled_in_a_release, NULL);
  in_folder(path, sizeof path, "cancelled");
  cancelled(is_cancelled_before_it_calls, path);
  forget(path);
}

/* ---- limits ---- */

/* A cube that is larger than 64 KiB when it is saved: many units. */
static komhen_cube* large_cube(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube* cube = NULL;
  EXPECT_OK(komhen_cube_new(&cube, &err), &err);
  komhen_registration one = contact();
  char unit[64];
  int32_t reason = 0;
  for (int i = 0; i < 5000; ++i) {
    one.unit_size = snprintf(unit, sizeof unit, "unit number %d of the town hall", i);
    one.unit = unit;
    EXPECT_OK(komhen_cube_add(cube, &one, NULL, &reason, &err), &err);
  }
  return cube;
}

/* Records until a record fails; gives how many were acknowledged. */
static int64_t record_until_it_fails(komhen_journal* journal, komhen_status want, int64_t most) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_registration event = contact();
  char id[64];
  int64_t acknowledged = 0;
  for (; acknowledged < most; ++acknowledged) {
    int32_t what = 0;
    event.event_id_size = snprintf(id, sizeof id, "event-with-a-long-name-%09d", (int)acknowledged);
    event.event_id = id;
    const komhen_status status = komhen_journal_record(journal, &event, &what, &err);
    if (status == KOMHEN_OK) continue;
    if (!EXPECT(status == want)) fprintf(stderr, "    it gives %d: %s\n", (int)status, err.message);
    EXPECT(what == 0 && err.message[0] != 0);
    return acknowledged;
  }
  EXPECT(acknowledged < most);
  return acknowledged;
}

/* Everything that writes meets the end of the room, with an error and no file left; what was acknowledged is
 * there afterwards. */
static void writers_meet_the_end(const char* room, void (*more_room)(void)) {
  komhen_error err = KOMHEN_ERROR_INIT;
  char path[300], target[300];
  komhen_cube* cube = large_cube();
  komhen_journal* journal = NULL;
  snprintf(path, sizeof path, "%s/limited", room);
  snprintf(target, sizeof target, "%s/target", room);
  EXPECT_OK(komhen_journal_open(TEXT(path), NULL, &journal, &err), &err);
  const int64_t acknowledged = record_until_it_fails(journal, KOMHEN_E_STORAGE, 100000);
  EXPECT(acknowledged > 0);
  EXPECT_STATUS(KOMHEN_E_FILE, komhen_cube_save(cube, TEXT(target), &err), &err);
  const int entries = entries_of(room);
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.rejects = target;
  options.rejects_size = (int64_t)strlen(target);
  enum { BAD_ROWS = 20000 };
  char* text = (char*)malloc(strlen(HEADER) + BAD_ROWS * strlen(BAD_ROW) + 1);
  size_t at = strlen(HEADER);
  memcpy(text, HEADER, at);
  for (int i = 0; i < BAD_ROWS; ++i, at += strlen(BAD_ROW)) memcpy(text + at, BAD_ROW, strlen(BAD_ROW) + 1);
  EXPECT_STATUS(KOMHEN_E_FILE, komhen_cube_add_text(cube, text, (int64_t)at, &options, NULL, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == 5000);
  EXPECT(access(target, F_OK) != 0 && entries_of(room) == entries);
  const komhen_status backed_up = komhen_journal_backup(journal, TEXT(target), &err);
  EXPECT(backed_up == KOMHEN_OK || backed_up == KOMHEN_E_FILE || backed_up == KOMHEN_E_STORAGE);
  EXPECT((backed_up == KOMHEN_OK) == (access(target, F_OK) == 0));
  forget(target);
  komhen_journal_free(journal);
  more_room();
  EXPECT_OK(komhen_journal_open(TEXT(path), NULL, &journal, &err), &err);
  komhen_journal_status status = KOMHEN_JOURNAL_STATUS_INIT;
  EXPECT_OK(komhen_journal_status_of(journal, &status, &err), &err);
  /* The one whose record failed may have been kept where the error said that it is not known. */
  EXPECT(status.counting >= acknowledged && status.counting <= acknowledged + 1);
  EXPECT_OK(komhen_journal_verify(journal, &err), &err);
  EXPECT_OK(komhen_cube_save(cube, TEXT(target), &err), &err);
  fprintf(stderr, "    %" PRId64 " events were acknowledged before the end\n", acknowledged);
  unlink(target);
  komhen_journal_free(journal);
  forget(path);
  komhen_cube_free(cube);
  free(text);
}

static void lift_limit(void) {
  const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static void a_file_may_not_pass_64_kib(void) {
  const struct rlimit limit = {65536, RLIM_INFINITY};
  sigset_t pending;
  EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  writers_meet_the_end(folder, lift_limit);
  EXPECT(sigpending(&pending) == 0 && sigismember(&pending, SIGXFSZ) == 0);
}
static void a_limit_on_file_sizes_is_an_error_and_no_signal(void) {
  in_child(a_file_may_not_pass_64_kib);
}

static char* disk_filler;
static void give_back_the_disk(void) {
  EXPECT(unlink(disk_filler) == 0);
}
static void the_disk_is_full(void) {
  char disk[200], filler[300];
  static char zeros[65536];
  in_folder(disk, sizeof disk, "disk");
  if (mkdir(disk, 0700) != 0 || unshare(CLONE_NEWNS) != 0 ||
      mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("tmpfs", disk, "tmpfs", 0, "size=1024k") != 0) {
    expect_skipped("no small disk can be mounted here");
    rmdir(disk);
    return;
  }
  snprintf(filler, sizeof filler, "%s/filler", disk);
  const int fd = open(filler, O_WRONLY | O_CREAT, 0600);
  for (int i = 0; i < 12; ++i) EXPECT(write(fd, zeros, sizeof zeros) > 0); /* 768 KiB; 256 are left */
  close(fd);
  disk_filler = filler;
  writers_meet_the_end(disk, give_back_the_disk);
  EXPECT(umount(disk) == 0);
  rmdir(disk);
}
static void a_full_disk_is_an_error_and_nothing_acknowledged_is_lost(void) {
  in_child(the_disk_is_full);
}

/* ---- two copies ---- */

typedef struct Copy {
  void* library;
  komhen_status (*open)(const char*, int64_t, const komhen_journal_options*, komhen_journal**, komhen_error*);
  komhen_status (*record)(komhen_journal*, const komhen_registration*, int32_t*, komhen_error*);
  komhen_status (*status_of)(komhen_journal*, komhen_journal_status*, komhen_error*);
  void (*free)(komhen_journal*);
} Copy;

static Copy copy_of_library(const char* name) {
  Copy out;
  Dl_info info;
  char path[256], command[1024];
  void* symbols[4] = {NULL, NULL, NULL, NULL};
  memset(&out, 0, sizeof out);
  void* here = dlsym(RTLD_DEFAULT, "komhen_version");
  if (!EXPECT(here != NULL && dladdr(here, &info) != 0)) return out;
  in_folder(path, sizeof path, name);
  snprintf(command, sizeof command, "cp -L '%s' '%s'", info.dli_fname, path);
  EXPECT(system(command) == 0);
  out.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!EXPECT(out.library != NULL)) {
    fprintf(stderr, "    %s\n", dlerror());
    return out;
  }
  symbols[0] = dlsym(out.library, "komhen_journal_open");
  symbols[1] = dlsym(out.library, "komhen_journal_record");
  symbols[2] = dlsym(out.library, "komhen_journal_status_of");
  symbols[3] = dlsym(out.library, "komhen_journal_free");
  memcpy(&out.open, &symbols[0], sizeof out.open);
  memcpy(&out.record, &symbols[1], sizeof out.record);
  memcpy(&out.status_of, &symbols[2], sizeof out.status_of);
  memcpy(&out.free, &symbols[3], sizeof out.free);
  EXPECT(symbols[0] != NULL && symbols[1] != NULL && symbols[2] != NULL && symbols[3] != NULL);
  unlink(path);
  return out;
}

static void two_copies_under_different_names(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  const Copy one = copy_of_library("libone.so"), two = copy_of_library("libtwo.so");
  if (!EXPECT(one.free != NULL && two.free != NULL)) return;
  EXPECT(one.open != two.open && one.open != komhen_journal_open);
  char path[2][256];
  komhen_journal *journals[2] = {NULL, NULL}, *third = NULL;
  const komhen_registration event = contact();
  int32_t what = 0;
  in_folder(path[0], sizeof path[0], "first");
  in_folder(path[1], sizeof path[1], "second");
  EXPECT_OK(one.open(TEXT(path[0]), NULL, &journals[0], &err), &err);
  EXPECT_OK(two.open(TEXT(path[1]), NULL, &journals[1], &err), &err);
  EXPECT_STATUS(KOMHEN_E_BUSY, two.open(TEXT(path[0]), NULL, &third, &err), &err);
  EXPECT_STATUS(KOMHEN_E_BUSY, one.open(TEXT(path[1]), NULL, &third, &err), &err);
  EXPECT_STATUS(KOMHEN_E_BUSY, komhen_journal_open(TEXT(path[0]), NULL, &third, &err), &err);
  EXPECT(third == NULL);
  EXPECT_OK(one.record(journals[0], &event, &what, &err), &err);
  EXPECT_OK(two.record(journals[1], &event, &what, &err), &err);
  one.free(journals[0]);
  EXPECT_OK(two.open(TEXT(path[0]), NULL, &third, &err), &err); /* now it is free */
  komhen_journal_status status = KOMHEN_JOURNAL_STATUS_INIT;
  EXPECT_OK(two.status_of(third, &status, &err), &err);
  EXPECT(status.counting == 1);
  two.free(third);
  two.free(journals[1]);
  forget(path[0]);
  forget(path[1]);
  EXPECT(dlclose(one.library) == 0 && dlclose(two.library) == 0);
}
static void two_copies_of_the_library_live_in_one_process(void) {
  in_child(two_copies_under_different_names);
}

int main(void) {
  strcpy(folder, "/tmp/komhen-hosts-XXXXXX");
  if (mkdtemp(folder) == NULL) return EXIT_FAILURE;
  RUN(calls_leave_the_host_as_it_was);
  RUN(what_the_library_opens_is_not_inherited_by_a_program_that_is_started);
  RUN(a_stack_of_128_kib_is_enough_for_every_call);
  RUN(a_decimal_comma_changes_no_table);
  RUN(turkish_casing_changes_no_table);
  RUN(every_call_of_a_child_on_its_parents_journal_is_forked);
  RUN(a_thread_that_is_cancelled_within_a_call_finishes_it_first);
  RUN(a_limit_on_file_sizes_is_an_error_and_no_signal);
  RUN(a_full_disk_is_an_error_and_nothing_acknowledged_is_lost);
  RUN(two_copies_of_the_library_live_in_one_process);
  EXPECT(rmdir(folder) == 0);
  return expect_result();
}
