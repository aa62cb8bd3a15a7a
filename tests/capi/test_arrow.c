/* Arrow streams in and out, with structs that this program defines for itself: counted as text is, and
 * released exactly once on every path. */
#include "arrow_stream.h"
#include "expect.h"

static komhen_error err = KOMHEN_ERROR_INIT;

/* How to read a cube's cells as registrations: they name their task `task`. */
#define COLUMN(name, column) "[" name "]\ncolumn = \"" column "\"\n"
#define CELLS                                                                                      \
  COLUMN("municipality", "municipality")                                                           \
  COLUMN("week", "week") COLUMN("kle", "task") COLUMN("channel", "channel") COLUMN("type", "type") \
      COLUMN("direction", "direction") COLUMN("closure", "closure") COLUMN("form", "form")         \
          COLUMN("source", "source") COLUMN("unit", "unit") COLUMN("count", "count")

static komhen_cube* new_cube(void) {
  komhen_cube* cube = NULL;
  EXPECT_OK(komhen_cube_new(&cube, &err), &err);
  return cube;
}

/* Everything that the producer handed out has come back, once. */
static int is_released(const struct ArrowArrayStream* stream, const Producer* producer) {
  return stream->release == NULL && producer->streams == 0 && producer->schemas == 0 && producer->arrays == 0;
}

static void a_stream_counts_as_its_rows_say(void) {
  Producer producer = {4, 0, 0, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&producer);
  komhen_cube *cube = new_cube(), *by_text = new_cube();
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  EXPECT_OK(komhen_cube_add_arrow(cube, &stream, NULL, &outcome, &err), &err);
  EXPECT(is_released(&stream, &producer));
  EXPECT(outcome.rows_read == 12 && outcome.rows_accepted == 8 && outcome.contacts == 8);
  EXPECT(outcome.rejected[KOMHEN_REASON_UNKNOWN_CHANNEL] == 4);
  for (int i = 0; i < 4; ++i)
    EXPECT_OK(komhen_cube_add_text(by_text,
                                   TEXT("municipality;week;kle;channel;type;direction;unit\n"
                                        "657;2012-W17;23.05.10;telephone;guidance;incoming;Skranke\n"
                                        "657;2012-W17;23.05.10;self_service;new_case;incoming;Øst\n"),
                                   NULL, NULL, &err),
              &err);
  EXPECT(komhen_cube_equal(cube, by_text) == 1);
  komhen_cube_free(by_text);
  komhen_cube_free(cube);
}

/* Runs one call that fails, and looks at the stream and the cube behind it. */
static void fails_and_releases(komhen_status want, Producer producer, komhen_cube* cube,
                               const komhen_count_options* options, komhen_outcome* outcome,
                               komhen_error* given) {
  struct ArrowArrayStream stream = stream_of(&producer);
  const int64_t before = komhen_cube_contacts(cube);
  EXPECT(komhen_cube_add_arrow(cube, &stream, options, outcome, given) == want);
  EXPECT(is_released(&stream, &producer));
  EXPECT(komhen_cube_contacts(cube) == before);
}

static void count_rejects(const komhen_reject* reject, void* data) {
  EXPECT(reject->file_size >= 0 && reject->line >= 1);
  ++*(int*)data;
}
static int32_t stop(int64_t done, int64_t total, void* data) {
  (void)done;
  (void)data;
  EXPECT(total == 0); /* a stream does not say how long it is */
  return 0;
}
static void reenter(const komhen_reject* reject, void* data) {
  Producer producer = {1, 0, 0, 0, 0, 0};
  (void)reject;
  fails_and_releases(KOMHEN_E_BUSY, producer, (komhen_cube*)data, NULL, NULL, &err);
}

static void the_stream_is_released_once_whatever_is_wrong(void) {
  const Producer good = {2, 0, 0, 0, 0, 0};
  const Producer bad_schema = {2, 5, 0, 0, 0, 0};
  const Producer bad_batch = {2, 0, 5, 0, 0, 0};
  komhen_cube* cube = new_cube();
  komhen_error short_err = KOMHEN_ERROR_INIT;
  short_err.struct_size = 8;
  komhen_error odd_err = KOMHEN_ERROR_INIT;
  odd_err.struct_size = 0xFFFFFFFFu;
  fails_and_releases(KOMHEN_E_ARGUMENT, good, NULL, NULL, NULL, &err);
  fails_and_releases(KOMHEN_E_ARGUMENT, good, NULL, NULL, NULL, NULL);
  fails_and_releases(KOMHEN_E_ARGUMENT, good, NULL, NULL, NULL, &short_err);
  fails_and_releases(KOMHEN_E_ARGUMENT, good, cube, NULL, NULL, &short_err);
  fails_and_releases(KOMHEN_E_ARGUMENT, good, cube, NULL, NULL, &odd_err);
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.struct_size = 3;
  fails_and_releases(KOMHEN_E_ARGUMENT, good, cube, &options, NULL, &err);
  options = (komhen_count_options)KOMHEN_COUNT_OPTIONS_INIT;
  options.encoding = 77;
  fails_and_releases(KOMHEN_E_ARGUMENT, good, cube, &options, NULL, &err);
  options = (komhen_count_options)KOMHEN_COUNT_OPTIONS_INIT;
  options.rejects_size = -1;
  fails_and_releases(KOMHEN_E_ARGUMENT, good, cube, &options, NULL, &err);
  options.rejects = "there/is/no/such/folder.csv";
  options.rejects_size = (int64_t)strlen(options.rejects);
  fails_and_releases(KOMHEN_E_FILE, good, cube, &options, NULL, &err);
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  outcome.struct_size = 1;
  fails_and_releases(KOMHEN_E_ARGUMENT, good, cube, NULL, &outcome, &err);
  options = (komhen_count_options)KOMHEN_COUNT_OPTIONS_INIT;
  options.progress = stop;
  fails_and_releases(KOMHEN_E_CANCELLED, good, cube, &options, NULL, &err);
  fails_and_releases(KOMHEN_E_FAILED, bad_schema, cube, NULL, NULL, &err);
  EXPECT(strstr(err.message, "the producer was told to fail") != NULL);
  fails_and_releases(KOMHEN_E_FAILED, bad_batch, cube, NULL, NULL, &err);
  EXPECT(komhen_cube_contacts(cube) == 0);
  komhen_cube_free(cube);
}

static void a_stream_that_comes_while_the_cube_is_at_work_is_released_too(void) {
  komhen_cube* cube = new_cube();
  Producer producer = {1, 0, 0, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&producer);
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.on_reject = reenter;
  options.on_reject_data = cube;
  EXPECT_OK(komhen_cube_add_arrow(cube, &stream, &options, NULL, &err), &err);
  EXPECT(is_released(&stream, &producer) && komhen_cube_contacts(cube) == 2);
  komhen_cube_free(cube);
}

static void a_stream_that_is_released_already_is_an_argument_error(void) {
  komhen_cube* cube = new_cube();
  Producer producer = {1, 0, 0, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&producer);
  int rejects = 0;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.on_reject = count_rejects;
  options.on_reject_data = &rejects;
  EXPECT_OK(komhen_cube_add_arrow(cube, &stream, &options, NULL, &err), &err);
  EXPECT(rejects == 1);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add_arrow(cube, &stream, NULL, NULL, &err), &err);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cube_add_arrow(cube, NULL, NULL, NULL, &err), &err);
  EXPECT(is_released(&stream, &producer) && komhen_cube_contacts(cube) == 2);
  komhen_cube_free(cube);
}

static void a_table_leaves_as_a_stream_that_outlives_it(void) {
  komhen_cube* cube = new_cube();
  Producer producer = {3, 0, 0, 0, 0, 0};
  struct ArrowArrayStream in = stream_of(&producer), out;
  memset(&out, 0x5A, sizeof out);
  EXPECT_OK(komhen_cube_add_arrow(cube, &in, NULL, NULL, &err), &err);
  komhen_table* table = NULL;
  EXPECT_OK(komhen_cube_table(cube, &table, &err), &err);
  EXPECT_OK(komhen_table_arrow(table, &out, &err), &err);
  komhen_table_free(table);
  komhen_cube_free(cube);
  struct ArrowSchema schema;
  EXPECT(out.get_schema(&out, &schema) == 0);
  EXPECT(strcmp(schema.format, "+s") == 0 && schema.n_children == 11);
  EXPECT(strcmp(schema.children[0]->name, "municipality") == 0 &&
         strcmp(schema.children[0]->format, "i") == 0);
  EXPECT(strcmp(schema.children[10]->name, "count") == 0 && strcmp(schema.children[10]->format, "l") == 0);
  struct ArrowArray batch;
  EXPECT(out.get_next(&out, &batch) == 0 && batch.release != NULL);
  EXPECT(batch.length == 2 && batch.n_children == 11);
  const struct ArrowArray* counts = batch.children[10];
  const int64_t* values = (const int64_t*)counts->buffers[1] + counts->offset;
  EXPECT(values[0] == 3 && values[1] == 3);
  struct ArrowArray end;
  EXPECT(out.get_next(&out, &end) == 0 && end.release == NULL);
  out.release(&out);
  EXPECT(out.release == NULL);
  /* A batch and a schema outlive their stream. */
  EXPECT(values[0] == 3);
  batch.release(&batch);
  schema.release(&schema);
  EXPECT(batch.release == NULL && schema.release == NULL);
}

static void measures_and_comparisons_leave_as_streams_too(void) {
  komhen_cube* cube = new_cube();
  Producer producer = {1, 0, 0, 0, 0, 0};
  struct ArrowArrayStream in = stream_of(&producer);
  EXPECT_OK(komhen_cube_add_arrow(cube, &in, NULL, NULL, &err), &err);
  komhen_query* query = NULL;
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_SELF_SERVICE, &query, &err), &err);
  EXPECT_OK(komhen_query_by(query, KOMHEN_DIMENSION_MUNICIPALITY, &err), &err);
  komhen_table* tables[2] = {NULL, NULL};
  EXPECT_OK(komhen_measure(cube, query, &tables[0], &err), &err);
  EXPECT_OK(komhen_compare(cube, cube, query, &tables[1], &err), &err);
  for (int i = 0; i < 2; ++i) {
    struct ArrowArrayStream out;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    EXPECT_OK(komhen_table_arrow(tables[i], &out, &err), &err);
    EXPECT(out.get_schema(&out, &schema) == 0 && out.get_next(&out, &batch) == 0);
    EXPECT(batch.length == komhen_table_rows(tables[i]) && batch.length == 1);
    EXPECT(schema.n_children == komhen_table_columns(tables[i]) && schema.n_children == batch.n_children);
    for (int64_t c = 0; c < schema.n_children; ++c)
      EXPECT(strcmp(schema.children[c]->name, komhen_table_column_name(tables[i], c)) == 0);
    batch.release(&batch);
    schema.release(&schema);
    out.release(&out);
    komhen_table_free(tables[i]);
  }
  komhen_query_free(query);
  komhen_cube_free(cube);
}

static void a_cube_that_left_as_a_stream_comes_in_through_the_same_door(void) {
  komhen_cube *cube = new_cube(), *back = new_cube();
  Producer producer = {2, 0, 0, 0, 0, 0};
  struct ArrowArrayStream in = stream_of(&producer), out;
  EXPECT_OK(komhen_cube_add_arrow(cube, &in, NULL, NULL, &err), &err);
  komhen_table* table = NULL;
  komhen_profile* profile = NULL;
  EXPECT_OK(komhen_cube_table(cube, &table, &err), &err);
  EXPECT_OK(komhen_table_arrow(table, &out, &err), &err);
  EXPECT_OK(komhen_profile_parse(TEXT(CELLS), TEXT("cells"), &profile, &err), &err);
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  options.profile = profile;
  EXPECT_OK(komhen_cube_add_arrow(back, &out, &options, NULL, &err), &err);
  EXPECT(out.release == NULL && komhen_cube_equal(cube, back) == 1);
  komhen_profile_free(profile);
  komhen_table_free(table);
  komhen_cube_free(back);
  komhen_cube_free(cube);
}

int main(void) {
  RUN(a_stream_counts_as_its_rows_say);
  RUN(the_stream_is_released_once_whatever_is_wrong);
  RUN(a_stream_that_comes_while_the_cube_is_at_work_is_released_too);
  RUN(a_stream_that_is_released_already_is_an_argument_error);
  RUN(a_table_leaves_as_a_stream_that_outlives_it);
  RUN(measures_and_comparisons_leave_as_streams_too);
  RUN(a_cube_that_left_as_a_stream_comes_in_through_the_same_door);
  return expect_result();
}
