/* Every function from 16 threads at once, as its thread class allows, and the counts are right at the end.
 * Run with the thread sanitizer (preset `thread`), it says that no thread saw half of what another did. */
#include <pthread.h>
#include <unistd.h>

#include "arrow_stream.h"
#include "expect.h"

enum { THREADS = 16, ROUNDS = 25 };

/* What all threads share: nobody changes any of it but the journal, which may be used by all. */
static komhen_round* round_2012;
static komhen_participation* participation;
static komhen_profile* profile;
static komhen_cube* shared_cube;
static komhen_cube* fresh_cube; /* nobody has read it since contacts came one by one */
static komhen_query *shared_query, *shared_share;
static komhen_table* shared_table;
static komhen_buffer* shared_json;
static komhen_prices* shared_prices;
static komhen_case* shared_case;
static komhen_baseline* shared_baseline;
static komhen_goals* shared_goals;
static komhen_journal* journal;
static char folder[64];
static pthread_barrier_t all_are_here;

#define WEEKS "municipality;weeks\n657;2012-W17\n"
#define PROFILE                                                                                              \
  "[municipality]\nvalue = 657\n[date]\ncolumn = \"Day\"\n[kle]\nvalue = \"23.05.10\"\n[channel]\ncolumn = " \
  "\"Via\"\n"                                                                                                \
  "[type]\nvalue = \"guidance\"\n[direction]\nvalue = \"incoming\"\n"
#define ROWS                                              \
  "municipality;date;kle;channel;type;direction\n"        \
  "657;2012-04-23;23.05.10;telephone;guidance;incoming\n" \
  "657;2012-04-23;23.05.10;self_service;new_case;incoming\n"

static komhen_registration contact(void) {
  komhen_registration out = KOMHEN_REGISTRATION_INIT;
  out.municipality = 657;
  out.week = 201217;
  out.task = 230510;
  out.channel = KOMHEN_CHANNEL_TELEPHONE;
  out.type = KOMHEN_TYPE_GUIDANCE;
  out.direction = KOMHEN_DIRECTION_INCOMING;
  out.source = "threads";
  out.source_size = 7;
  return out;
}

typedef struct Worker {
  int number;
  komhen_cube* cube; /* its own; the main thread takes it over */
  int64_t recorded, duplicates, undone;
} Worker;

/* [any]: words, numbers, lists. */
static void look_up(void) {
  EXPECT(komhen_abi_version() == KOMHEN_ABI && komhen_version() != NULL && komhen_method_edition() != NULL);
  for (int32_t words = KOMHEN_WORDS_CHANNEL; words <= KOMHEN_WORDS_CERTAINTY; ++words)
    for (int32_t number = 1; komhen_token(words, number) != NULL; ++number) {
      EXPECT(komhen_find_word(words, TEXT(komhen_token(words, number))) == number);
      EXPECT(komhen_label(words, number, KOMHEN_DANISH) != NULL &&
             komhen_label(words, number, KOMHEN_ENGLISH) != NULL);
    }
  int64_t municipalities = 0;
  for (; komhen_municipality_at(municipalities) != 0; ++municipalities) {
    const int32_t code = komhen_municipality_at(municipalities);
    EXPECT(komhen_find_municipality(TEXT(komhen_municipality_name(code))) == code);
  }
  EXPECT(municipalities == 98);
  komhen_task task = KOMHEN_TASK_INIT;
  int64_t tasks = 0;
  while (komhen_task_at(tasks, &task) == 1) ++tasks;
  EXPECT(tasks == 35 && komhen_find_task(230510, &task) == 1 && task.number > 0);
  EXPECT(komhen_read_kle(TEXT("23.05.10")) == 230510 && komhen_read_week(TEXT("2012-W17")) == 201217);
  EXPECT(komhen_week_of(2012, 12, 31) == 201301 && komhen_per_cent(1, 2) == 50);
}

/* [any]: what gives a new handle; [handle]: each thread's own. */
static void make_and_free(Worker* self) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_round* round = NULL;
  komhen_participation* weeks = NULL;
  komhen_profile* columns = NULL;
  EXPECT_OK(komhen_round_load(TEXT("2011-autumn"), &round, &err), &err);
  komhen_round_free(round);
  EXPECT_OK(komhen_round_parse(TEXT("id = \"t\"\nweeks = [\"2012-W17\"]\nscheme = \"kl-2012\"\n"), TEXT("t"),
                               &round, &err),
            &err);
  EXPECT_OK(komhen_participation_parse(TEXT(WEEKS), TEXT("weeks"), &weeks, &err), &err);
  EXPECT_OK(komhen_profile_parse(TEXT(PROFILE), TEXT("profile"), &columns, &err), &err);
  komhen_profile_free(columns); /* the failed call below sets it to NULL */
  EXPECT_STATUS(KOMHEN_E_FILE, komhen_profile_load(TEXT("there/is/no/such.toml"), &columns, &err), &err);
  EXPECT(columns == NULL);
  komhen_round_free(round);
  komhen_participation_free(weeks);
  EXPECT_OK(
      komhen_participation_load(TEXT(KOMHEN_SOURCE_DIR "/tests/golden/small_week.weeks.csv"), &weeks, &err),
      &err);
  komhen_participation_free(weeks);
  EXPECT_OK(komhen_profile_load(TEXT(KOMHEN_SOURCE_DIR "/tests/golden/tickets.toml"), &columns, &err), &err);
  komhen_profile_free(columns);

  komhen_query* query = NULL;
  komhen_cube *copy = NULL, *back = NULL;
  komhen_buffer* bytes = NULL;
  char path[128];
  snprintf(path, sizeof path, "%s/cube-%d", folder, self->number);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_DIGITAL, &query, &err), &err);
  EXPECT_OK(komhen_query_by(query, KOMHEN_DIMENSION_WEEK, &err), &err);
  EXPECT_OK(komhen_query_where(query, KOMHEN_DIMENSION_CHANNEL, TEXT("telephone"), &err), &err);
  EXPECT_OK(komhen_query_without(query, KOMHEN_DIMENSION_UNIT, TEXT("nowhere"), &err), &err);
  EXPECT_OK(komhen_query_tasks(query, TEXT("kl-35"), &err), &err);
  EXPECT_OK(komhen_query_basis(query, TEXT("all"), &err), &err);
  EXPECT_OK(komhen_query_set(query, KOMHEN_SET_BROAD, &err), &err);
  EXPECT_OK(komhen_query_scheme(query, KOMHEN_SCHEME_KL_2012, &err), &err);
  EXPECT_OK(komhen_query_raw(query, 1, &err), &err);
  komhen_query_free(query);
  EXPECT_OK(komhen_cube_copy(self->cube, &copy, &err), &err);
  EXPECT_OK(komhen_cube_save(copy, TEXT(path), &err), &err);
  EXPECT_OK(komhen_cube_load(TEXT(path), &back, &err), &err);
  EXPECT(komhen_cube_equal(copy, back) == 1 && komhen_cube_cells(copy) == komhen_cube_cells(back));
  komhen_cube_free(back);
  EXPECT_OK(komhen_cube_to_bytes(copy, &bytes, &err), &err);
  EXPECT_OK(komhen_cube_from_bytes(komhen_buffer_data(bytes), komhen_buffer_size(bytes), &back, &err), &err);
  EXPECT(komhen_cube_equal(copy, back) == 1);
  EXPECT_OK(komhen_cube_merge(back, copy, &err), &err);
  EXPECT(komhen_cube_contacts(back) == 2 * komhen_cube_contacts(copy));
  komhen_buffer_free(bytes);
  komhen_cube_free(back);
  komhen_cube_free(copy);
  unlink(path);
}

static int32_t go_on(int64_t done, int64_t total, void* data) {
  (void)done;
  (void)total;
  ++*(int*)data;
  return 1;
}

/* [handle]: every way to count, into the thread's own cube, with what is shared as options. Eight contacts a
 * time. */
static void count_into_own(Worker* self) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  int calls = 0;
  options.round = round_2012;
  options.participation = participation;
  options.progress = go_on;
  options.progress_data = &calls;
  const komhen_registration one = contact();
  int32_t reason = -1;
  EXPECT_OK(komhen_cube_add(self->cube, &one, &options, &reason, &err), &err);
  EXPECT(reason == KOMHEN_REASON_ACCEPTED);
  const int32_t codes[2] = {657, 657}, weeks[2] = {201217, 201217}, tasks[2] = {230510, 230510};
  const uint8_t words[2] = {1, 1};
  komhen_columns columns = KOMHEN_COLUMNS_INIT;
  columns.length = 2;
  columns.municipality = codes;
  columns.week = weeks;
  columns.task = tasks;
  columns.channel = columns.type = columns.direction = words;
  EXPECT_OK(komhen_cube_add_columns(self->cube, &columns, &options, NULL, &outcome, &err), &err);
  EXPECT(outcome.rows_accepted == 2);
  EXPECT_OK(komhen_cube_add_text(self->cube, TEXT(ROWS), &options, &outcome, &err), &err);
  EXPECT(outcome.rows_accepted == 2);
  options.profile = profile;
  EXPECT_OK(komhen_cube_add_text(self->cube, TEXT("Day;Via\n2012-04-23;sms\n"), &options, &outcome, &err),
            &err);
  options.profile = NULL;
  Producer producer = {1, 0, 0, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&producer);
  options.round = NULL;
  options.participation = NULL;
  EXPECT_OK(komhen_cube_add_arrow(self->cube, &stream, &options, &outcome, &err), &err);
  EXPECT(outcome.rows_accepted == 2 && producer.arrays == 0 && producer.streams == 0);
}

/* [read]: what many threads look at while nobody changes it. */
static void read_shared(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_table* table = NULL;
  komhen_buffer* text = NULL;
  komhen_cube* copy = NULL;
  EXPECT(strcmp(komhen_round_id(round_2012), "2012-spring") == 0);
  EXPECT(komhen_round_scheme(round_2012) != 0 && komhen_round_week(round_2012, 0) != 0);
  EXPECT(komhen_participation_has(participation, 657, 201217) == 1);
  EXPECT(komhen_cube_contacts(shared_cube) == 64 && komhen_cube_cells(shared_cube) > 0);
  EXPECT(komhen_cube_cells(fresh_cube) == 1 && komhen_cube_contacts(fresh_cube) == 5);
  EXPECT_OK(komhen_cube_copy(shared_cube, &copy, &err), &err);
  EXPECT(komhen_cube_equal(copy, shared_cube) == 1);
  komhen_cube_free(copy);
  EXPECT_OK(komhen_cube_table(shared_cube, &table, &err), &err);
  komhen_table_free(table);
  EXPECT_OK(komhen_compare(shared_cube, shared_cube, shared_share, &table, &err), &err);
  komhen_table_free(table);
  EXPECT_OK(komhen_measure(shared_cube, shared_query, &table, &err), &err);
  EXPECT_OK(komhen_table_json(table, &text, &err), &err);
  EXPECT(strcmp(komhen_buffer_data(text), komhen_buffer_data(shared_json)) == 0);
  komhen_buffer_free(text);
  komhen_table_free(table);

  EXPECT_OK(komhen_table_csv(shared_table, &text, &err), &err);
  komhen_buffer_free(text);
  struct ArrowArrayStream out;
  EXPECT_OK(komhen_table_arrow(shared_table, &out, &err), &err);
  out.release(&out);
  int64_t size = 0, contacts = 0, value = 0;
  for (int64_t row = 0; row < komhen_table_rows(shared_table); ++row) {
    EXPECT(komhen_table_text(shared_table, row, 0, &size) != NULL && size > 0);
    EXPECT_OK(komhen_table_integer(shared_table, row, 1, &value, &err), &err);
    contacts += value;
  }
  EXPECT(contacts == 64 && komhen_table_columns(shared_table) == 2 &&
         komhen_table_note(shared_table, 99) == NULL);
  EXPECT(strcmp(komhen_table_column_name(shared_table, 1), "contacts") == 0);
  EXPECT(komhen_table_column_kind(shared_table, 1) == KOMHEN_COLUMN_INTEGER);
}

#define CASE_FILE KOMHEN_SOURCE_DIR "/examples/cases/herning-pladszonen.toml"
#define GOALS_FILE KOMHEN_SOURCE_DIR "/examples/goals/herning.toml"

/* [any] and [handle] of kroner and goals: what gives a new handle, and each thread's own. */
static void make_kroner(Worker* self) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_prices* prices = NULL;
  komhen_case* computed = NULL;
  komhen_baseline *frozen = NULL, *back = NULL;
  komhen_goals* goals = NULL;
  komhen_table* table = NULL;
  char path[128];
  snprintf(path, sizeof path, "%s/baseline-%d", folder, self->number);
  EXPECT(komhen_price_table_name(1) == NULL);
  EXPECT_OK(komhen_prices_load(TEXT(komhen_price_table_name(0)), &prices, &err), &err);
  EXPECT_OK(komhen_prices_choose(prices, NULL, 0, 2010, TEXT("not_stated"), &err), &err);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_prices_choose(prices, NULL, 0, 1999, NULL, 0, &err), &err);
  komhen_prices_free(prices);
  EXPECT_OK(
      komhen_prices_parse(TEXT("source = \"t\"\n[[price]]\nchannel = \"telephone\"\nprice = \"40 kr.\"\n"),
                          TEXT("t"), &prices, &err),
      &err);
  komhen_prices_free(prices);
  EXPECT_OK(komhen_prices_parse_csv(TEXT("channel;price\ntelephone;40 kr.\n"), TEXT("t"), &prices, &err),
            &err);
  komhen_prices_free(prices);
  EXPECT_OK(komhen_case_run(TEXT(CASE_FILE), &computed, &err), &err);
  EXPECT(komhen_case_figures(computed) == komhen_case_figures(shared_case));
  komhen_case_free(computed);
  EXPECT_OK(komhen_case_parse(TEXT("title = \"t\"\n[[potential.part]]\nid = \"a\"\namount = \"100 kr.\"\n"),
                              TEXT("t"), NULL, 0, &computed, &err),
            &err);
  komhen_case_free(computed);
  komhen_case_options own = KOMHEN_CASE_OPTIONS_INIT;
  own.own_seed = 1;
  own.seed = (uint64_t)self->number;
  own.draws = 100;
  EXPECT_OK(komhen_case_run_with(TEXT(CASE_FILE), &own, &computed, &err), &err);
  komhen_case_free(computed);
  EXPECT_OK(komhen_case_parse_with(TEXT("title = \"t\"\n[[potential.part]]\nid = \"a\"\namount = 1\n"),
                                   TEXT("t"), NULL, 0, &own, &computed, &err),
            &err);
  komhen_case_free(computed);
  EXPECT_OK(komhen_baseline_freeze(shared_cube, TEXT("all"), NULL, 0, 0, TEXT("2012-05-13"), &frozen, &err),
            &err);
  EXPECT_OK(komhen_baseline_save(frozen, TEXT(path), &err), &err);
  EXPECT_OK(komhen_baseline_load(TEXT(path), &back, &err), &err);
  EXPECT(strcmp(komhen_baseline_fingerprint(back), komhen_baseline_fingerprint(shared_baseline)) == 0);
  komhen_baseline_free(frozen);
  komhen_baseline_free(back);
  unlink(path);
  EXPECT_OK(komhen_goals_load(TEXT(GOALS_FILE), &goals, &err), &err);
  komhen_goals_free(goals);
  EXPECT_OK(komhen_goals_parse(TEXT("[[goal]]\nid = \"a\"\ntitle = \"a\"\nsource = \"t\"\nmeasure = "
                                    "\"self_service\"\ncomparator = \"at_least\"\nvalue = \"50 %\"\n"),
                               TEXT("t"), &goals, &err),
            &err);
  komhen_goals_free(goals);
  EXPECT_OK(komhen_waves_table(&table, &err), &err);
  EXPECT(komhen_table_rows(table) == 4);
  komhen_table_free(table);
}

/* [read] of kroner and goals. */
static void read_kroner(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_table* table = NULL;
  komhen_buffer* text = NULL;
  komhen_cube* cube = NULL;
  komhen_query* query = NULL;
  EXPECT_OK(komhen_prices_table(shared_prices, &table, &err), &err);
  komhen_table_free(table);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &query, &err), &err);
  EXPECT_OK(komhen_query_level(query, 230510, 3, &err), &err);
  EXPECT_OK(komhen_cost(shared_cube, shared_prices, query, 1, &table, &err), &err);
  komhen_query_free(query);
  EXPECT(komhen_table_rows(table) == 1);
  struct ArrowArrayStream out;
  EXPECT_OK(komhen_table_arrow(table, &out, &err), &err);
  out.release(&out);
  komhen_table_free(table);
  EXPECT_OK(komhen_cost_of_move(shared_prices, 10, KOMHEN_CHANNEL_TELEPHONE, KOMHEN_CHANNEL_SELF_SERVICE, 0,
                                NULL, 0, NULL, 0, &table, &err),
            &err);
  EXPECT(strcmp(komhen_table_text(table, 0, 5, NULL), "370.00") == 0);
  komhen_table_free(table);

  komhen_figure figure = KOMHEN_FIGURE_INIT;
  EXPECT(komhen_case_title(shared_case) != NULL && komhen_case_warning(shared_case, 0) != NULL);
  EXPECT(komhen_case_figure_at(shared_case, 0, &figure) == 1);
  EXPECT(komhen_case_find(shared_case, TEXT("saving_actual"), &figure) == 1 &&
         strcmp(figure.value, "853040.00") == 0);
  EXPECT_OK(komhen_case_explain(shared_case, TEXT("saving_actual"), &text, &err), &err);
  komhen_buffer_free(text);
  EXPECT_OK(komhen_case_json(shared_case, &text, &err), &err);
  komhen_buffer_free(text);
  EXPECT_OK(komhen_case_table(shared_case, &table, &err), &err);
  komhen_table_free(table);

  EXPECT_OK(komhen_baseline_cube(shared_baseline, &cube, &err), &err);
  EXPECT(komhen_cube_contacts(cube) == komhen_cube_contacts(shared_cube));
  komhen_cube_free(cube);
  EXPECT_OK(komhen_baseline_json(shared_baseline, &text, &err), &err);
  komhen_buffer_free(text);
  EXPECT_OK(komhen_goals_evaluate(shared_goals, shared_cube, shared_cube, shared_prices, 1, &table, &err),
            &err);
  komhen_table_free(table);
  EXPECT_OK(komhen_goals_against(shared_goals, shared_cube, shared_baseline, NULL, 0, &table, &err), &err);
  komhen_table_free(table);
  EXPECT_OK(komhen_waves_rank(TEXT(KOMHEN_SOURCE_DIR "/examples/waves/next-wave.toml"), shared_cube,
                              shared_prices, 0, 1, &table, &err),
            &err);
  komhen_table_free(table);
}

/* [any] of the journal: records that all threads share the keys of, their own, undos, and every question. */
static void use_journal(Worker* self, int turn) {
  komhen_error err = KOMHEN_ERROR_INIT;
  char shared[32], own[2][32], path[128];
  snprintf(shared, sizeof shared, "shared-%d", turn);
  komhen_registration event = contact();
  event.event_id = shared;
  event.event_id_size = (int64_t)strlen(shared);
  int32_t what = 0;
  EXPECT_OK(komhen_journal_record(journal, &event, &what, &err), &err);
  EXPECT(what == KOMHEN_RECORDED || what == KOMHEN_RECORDED_DUPLICATE);
  if (what == KOMHEN_RECORDED)
    ++self->recorded;
  else
    ++self->duplicates;
  komhen_registration events[2] = {event, event};
  uint8_t answers[2] = {0, 0};
  for (int i = 0; i < 2; ++i) {
    snprintf(own[i], sizeof own[i], "own-%d-%d-%d", self->number, turn, i);
    events[i].event_id = own[i];
    events[i].event_id_size = (int64_t)strlen(own[i]);
  }
  EXPECT_OK(komhen_journal_record_many(journal, events, 2, answers, &err), &err);
  EXPECT(answers[0] == KOMHEN_RECORDED && answers[1] == KOMHEN_RECORDED);
  self->recorded += 2;
  EXPECT_OK(komhen_journal_undo(journal, 657, TEXT("threads"), TEXT(own[1]), &what, &err), &err);
  EXPECT(what == KOMHEN_UNDONE);
  ++self->undone;
  if (turn % 8 != 0) return;
  komhen_cube *cube = NULL, *removed = NULL;
  int64_t up_to = 0;
  EXPECT_OK(komhen_journal_cube(journal, &cube, &err), &err);
  EXPECT(komhen_cube_contacts(cube) >= self->recorded - self->undone);
  komhen_cube_free(cube);
  EXPECT_OK(komhen_journal_changes(journal, 0, &cube, &removed, &up_to, &err), &err);
  EXPECT(up_to > 0 && komhen_cube_contacts(removed) == 0);
  komhen_cube_free(cube);
  komhen_cube_free(removed);
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  options.round = round_2012;
  EXPECT_OK(komhen_journal_count(journal, &options, &cube, &outcome, &err), &err);
  EXPECT(outcome.rows_read == outcome.rows_accepted);
  komhen_cube_free(cube);
  komhen_journal_status status = KOMHEN_JOURNAL_STATUS_INIT;
  EXPECT_OK(komhen_journal_status_of(journal, &status, &err), &err);
  EXPECT(status.events == status.counting + status.undone);
  EXPECT_OK(komhen_journal_verify(journal, &err), &err);
  snprintf(path, sizeof path, "%s/export-%d-%d", folder, self->number, turn);
  EXPECT_OK(komhen_journal_export(journal, TEXT(path), &err), &err);
  unlink(path);
  EXPECT_OK(komhen_journal_backup(journal, TEXT(path), &err), &err);
  /* A journal of the thread's own, and the union of it and the backup. */
  char mine[160], both[160], lock[180];
  snprintf(mine, sizeof mine, "%s-mine", path);
  snprintf(both, sizeof both, "%s-both", path);
  komhen_journal* small = NULL;
  EXPECT_OK(komhen_journal_open(TEXT(mine), NULL, &small, &err), &err);
  EXPECT_OK(komhen_journal_record(small, &event, &what, &err), &err);
  EXPECT_OK(komhen_journal_seal(small, 0, &err), &err);
  EXPECT_STATUS(KOMHEN_E_SEALED, komhen_journal_record(small, &event, &what, &err), &err);
  komhen_journal_free(small);
  const char* const paths[1] = {path};
  const int64_t sizes[1] = {(int64_t)strlen(path)};
  int64_t conflicts = -1;
  EXPECT_OK(komhen_journal_merge(TEXT(both), paths, sizes, 1, &conflicts, &err), &err);
  EXPECT(conflicts == 0);
  const char* const made[3] = {path, mine, both};
  for (int i = 0; i < 3; ++i) {
    unlink(made[i]);
    snprintf(lock, sizeof lock, "%s.lock", made[i]);
    unlink(lock);
  }
}

static void* work(void* data) {
  Worker* self = (Worker*)data;
  pthread_barrier_wait(&all_are_here);
  for (int turn = 0; turn < ROUNDS; ++turn) {
    look_up();
    count_into_own(self);
    read_shared();
    make_and_free(self);
    if (turn % 5 == 0) {
      make_kroner(self);
      read_kroner();
    }
    use_journal(self, turn);
  }
  return NULL;
}

static void sixteen_threads_count_what_one_would_count(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  pthread_t threads[THREADS];
  Worker workers[THREADS];
  memset(workers, 0, sizeof workers);
  for (int i = 0; i < THREADS; ++i) {
    workers[i].number = i;
    EXPECT_OK(komhen_cube_new(&workers[i].cube, &err), &err);
  }
  for (int i = 0; i < THREADS; ++i) EXPECT(pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
  for (int i = 0; i < THREADS; ++i) EXPECT(pthread_join(threads[i], NULL) == 0);

  komhen_cube *all = NULL, *counted = NULL;
  EXPECT_OK(komhen_cube_new(&all, &err), &err);
  int64_t recorded = 0, duplicates = 0, undone = 0;
  for (int i = 0; i < THREADS; ++i) {
    EXPECT(komhen_cube_equal(workers[i].cube, workers[0].cube) == 1);
    EXPECT_OK(komhen_cube_merge(all, workers[i].cube, &err), &err);
    recorded += workers[i].recorded;
    duplicates += workers[i].duplicates;
    undone += workers[i].undone;
  }
  EXPECT(komhen_cube_contacts(all) == INT64_C(8) * ROUNDS * THREADS);
  /* A shared key was recorded by one thread only, whichever came first. */
  EXPECT(recorded == ROUNDS + INT64_C(2) * ROUNDS * THREADS && duplicates == ROUNDS * (THREADS - 1));
  komhen_journal_status status = KOMHEN_JOURNAL_STATUS_INIT;
  EXPECT_OK(komhen_journal_status_of(journal, &status, &err), &err);
  EXPECT(status.events == recorded && status.undone == undone && status.waiting == 0);
  EXPECT_OK(komhen_journal_cube(journal, &counted, &err), &err);
  EXPECT(komhen_cube_contacts(counted) == recorded - undone && status.contacts == recorded - undone);
  EXPECT_OK(komhen_journal_verify(journal, &err), &err);
  for (int i = 0; i < THREADS; ++i) komhen_cube_free(workers[i].cube);
  komhen_cube_free(counted);
  komhen_cube_free(all);
}

/* One reject: its line must come after those before it, on the thread that called. */
typedef struct Rejects {
  pthread_t caller;
  int64_t last_line, count;
} Rejects;

static void take_reject(const komhen_reject* reject, void* data) {
  Rejects* rejects = (Rejects*)data;
  EXPECT(pthread_equal(pthread_self(), rejects->caller) && reject->line > rejects->last_line);
  rejects->last_line = reject->line;
  ++rejects->count;
}

/* The threads that the library begins itself: rows that are counted in haste, others that are learnt, bad
 * ones, and records with quotes over which no thread may run ahead. */
static void four_threads_count_a_text_as_one_does(void) {
  enum { LINES = 60000, LONGEST = 96 };
  static const char* const channels[] = {"telephone", "letter", "self_service", "pigeon"};
  komhen_error err = KOMHEN_ERROR_INIT;
  char* text = (char*)malloc((size_t)LINES * LONGEST);
  EXPECT(text != NULL);
  if (text == NULL) return;
  int64_t size = snprintf(text, LONGEST, "municipality;date;kle;channel;type;direction;unit\n");
  for (int i = 1; i < LINES; ++i) {
    const char* unit = i % 9000 == 0 ? "\"two\nlines\"" : i % 700 == 0 ? "a;b" : "hall";
    size += snprintf(text + size, LONGEST, "%d;2012-04-%02d;23.05.10;%s;guidance;incoming;%s %d\n", 657,
                     23 + i % 5, channels[i % 97 == 0 ? 3 : i % 3], unit, i / 4000);
  }
  char path[128];
  snprintf(path, sizeof path, "%s/rows.csv", folder);
  const char* const file = path;
  const int64_t file_size = (int64_t)strlen(path);
  FILE* out = fopen(path, "wb");
  EXPECT(out != NULL && fwrite(text, 1, (size_t)size, out) == (size_t)size);
  if (out != NULL) EXPECT(fclose(out) == 0);

  komhen_cube *by_one = NULL, *by_four = NULL, *of_text = NULL;
  komhen_outcome one = KOMHEN_OUTCOME_INIT, four = KOMHEN_OUTCOME_INIT, read = KOMHEN_OUTCOME_INIT;
  Rejects of_one = {pthread_self(), 0, 0}, of_four = {pthread_self(), 0, 0};
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.on_reject = take_reject;
  options.on_reject_data = &of_one;
  EXPECT_OK(komhen_cube_new(&by_one, &err), &err);
  EXPECT_OK(komhen_cube_add_files(by_one, &file, &file_size, 1, &options, &one, &err), &err);
  options.threads = 4;
  options.on_reject_data = &of_four;
  EXPECT_OK(komhen_cube_new(&by_four, &err), &err);
  EXPECT_OK(komhen_cube_add_files(by_four, &file, &file_size, 1, &options, &four, &err), &err);
  options.on_reject = NULL;
  EXPECT_OK(komhen_cube_new(&of_text, &err), &err);
  EXPECT_OK(komhen_cube_add_text(of_text, text, size, &options, &read, &err), &err);

  EXPECT(komhen_cube_equal(by_one, by_four) == 1 && komhen_cube_equal(by_one, of_text) == 1);
  EXPECT(komhen_cube_contacts(by_one) > LINES * 9 / 10 && of_one.count > LINES / 100);
  EXPECT(of_one.count == of_four.count && of_one.last_line == of_four.last_line);
  EXPECT(memcmp(&one, &four, sizeof one) == 0 && memcmp(&one, &read, sizeof one) == 0);
  EXPECT(four.rows_read == four.rows_accepted + of_four.count);
  komhen_cube_free(by_one);
  komhen_cube_free(by_four);
  komhen_cube_free(of_text);
  EXPECT(unlink(path) == 0);
  free(text);
}

int main(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  strcpy(folder, "/tmp/komhen-threads-XXXXXX");
  if (mkdtemp(folder) == NULL) return EXIT_FAILURE;
  char path[128], lock[160];
  snprintf(path, sizeof path, "%s/journal", folder);
  const char* file = KOMHEN_SOURCE_DIR "/tests/golden/small_week.csv";
  const int64_t size = (int64_t)strlen(file);
  pthread_barrier_init(&all_are_here, NULL, THREADS);
  EXPECT_OK(komhen_round_load(TEXT("2012-spring"), &round_2012, &err), &err);
  EXPECT_OK(komhen_participation_parse(TEXT(WEEKS), TEXT("weeks"), &participation, &err), &err);
  EXPECT_OK(komhen_profile_parse(TEXT(PROFILE), TEXT("profile"), &profile, &err), &err);
  EXPECT_OK(komhen_cube_new(&shared_cube, &err), &err);
  EXPECT_OK(komhen_cube_new(&fresh_cube, &err), &err);
  const komhen_registration one = contact();
  for (int32_t i = 0, reason = -1; i < 5; ++i)
    EXPECT_OK(komhen_cube_add(fresh_cube, &one, NULL, &reason, &err), &err);
  EXPECT_OK(komhen_cube_add_files(shared_cube, &file, &size, 1, NULL, NULL, &err), &err);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &shared_query, &err), &err);
  EXPECT_OK(komhen_query_by(shared_query, KOMHEN_DIMENSION_CHANNEL, &err), &err);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_SELF_SERVICE, &shared_share, &err), &err);
  EXPECT_OK(komhen_measure(shared_cube, shared_query, &shared_table, &err), &err);
  EXPECT_OK(komhen_table_json(shared_table, &shared_json, &err), &err);
  EXPECT_OK(komhen_prices_load(TEXT("copenhagen-2010"), &shared_prices, &err), &err);
  EXPECT_OK(komhen_case_run(TEXT(CASE_FILE), &shared_case, &err), &err);
  EXPECT_OK(komhen_baseline_freeze(shared_cube, TEXT("all"), NULL, 0, 0, TEXT("2012-05-13"), &shared_baseline,
                                   &err),
            &err);
  EXPECT_OK(komhen_goals_load(TEXT(GOALS_FILE), &shared_goals, &err), &err);
  EXPECT_OK(komhen_journal_open(TEXT(path), NULL, &journal, &err), &err);
  if (expect_failures == 0) RUN(sixteen_threads_count_what_one_would_count);
  RUN(four_threads_count_a_text_as_one_does);
  komhen_journal_free(journal);
  komhen_prices_free(shared_prices);
  komhen_case_free(shared_case);
  komhen_baseline_free(shared_baseline);
  komhen_goals_free(shared_goals);
  komhen_buffer_free(shared_json);
  komhen_table_free(shared_table);
  komhen_query_free(shared_query);
  komhen_query_free(shared_share);
  komhen_cube_free(shared_cube);
  komhen_cube_free(fresh_cube);
  komhen_profile_free(profile);
  komhen_participation_free(participation);
  komhen_round_free(round_2012);
  unlink(path);
  snprintf(lock, sizeof lock, "%s.lock", path);
  unlink(lock);
  EXPECT(rmdir(folder) == 0);
  return expect_result();
}
