/* The golden files through the C ABI: tests/golden/README.md says what they hold. Outcomes, rejects by
 * callback, and tables as JSON, byte by byte. */
#include <dirent.h>

#include "expect.h"

#define FOLDER KOMHEN_SOURCE_DIR "/tests/golden/"
enum { MAX_WORDS = 32, MAX_REJECTS = 256, MAX_TEXT = 65536 };

/* What one golden file asks, in its order. */
typedef struct Golden {
  komhen_cube* cube;
  komhen_outcome outcome;
  int rejects;
  struct {
    int64_t line;
    char what[80];
  } reject[MAX_REJECTS];
} Golden;

static komhen_error err = KOMHEN_ERROR_INIT;

static void note_reject(const komhen_reject* reject, void* data) {
  Golden* golden = (Golden*)data;
  EXPECT(reject->struct_size >= sizeof *reject);
  EXPECT(strncmp(reject->file, FOLDER, strlen(FOLDER)) == 0);
  EXPECT(reject->file_size == (int64_t)strlen(reject->file));
  EXPECT(reject->text != NULL || reject->text_size == 0);
  if (!EXPECT(golden->rejects < MAX_REJECTS)) return;
  golden->reject[golden->rejects].line = reject->line;
  snprintf(golden->reject[golden->rejects].what, sizeof golden->reject[0].what, "%s %s",
           komhen_token(KOMHEN_WORDS_REASON, reject->reason), reject->column == NULL ? "-" : reject->column);
  ++golden->rejects;
}

/* Cuts at the first `at`; gives what stands behind it, or NULL. */
static char* cut(char* text, char at) {
  char* found = strchr(text, at);
  if (found == NULL) return NULL;
  *found = 0;
  return found + 1;
}

static int32_t word(int32_t words, const char* text) {
  const int32_t number = komhen_find_word(words, TEXT(text));
  EXPECT(number >= 0);
  return number;
}

/* The outcome as the JSON of the golden file has it, from the numbers of the struct alone. `tail` is what
 * follows the numbers there (encoding, round, columns): the C outcome has no texts. */
static void outcome_text(const komhen_outcome* outcome, char* out, size_t room) {
  int at = snprintf(out, room,
                    "{\"rows_read\":%" PRId64 ",\"rows_accepted\":%" PRId64 ",\"contacts\":%" PRId64
                    ",\"rejected\":{",
                    outcome->rows_read, outcome->rows_accepted, outcome->contacts);
  for (int32_t reason = 1; komhen_token(KOMHEN_WORDS_REASON, reason) != NULL; ++reason)
    at += snprintf(out + at, room - (size_t)at, "%s\"%s\":%" PRId64, reason == 1 ? "" : ",",
                   komhen_token(KOMHEN_WORDS_REASON, reason), outcome->rejected[reason]);
  snprintf(out + at, room - (size_t)at, "}");
}

static void count(Golden* golden, char** words, int n, const char* want) {
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  komhen_round* round = NULL;
  komhen_participation* participation = NULL;
  komhen_profile* profile = NULL;
  char files[MAX_WORDS][256];
  const char* paths[MAX_WORDS];
  int64_t sizes[MAX_WORDS];
  int64_t file_count = 0;
  for (int i = 1; i < n; ++i) {
    char* value = cut(words[i], '=');
    char path[256];
    snprintf(path, sizeof path, FOLDER "%s", value == NULL ? words[i] : value);
    if (value == NULL) {
      strcpy(files[file_count], path);
      paths[file_count] = files[file_count];
      sizes[file_count] = (int64_t)strlen(path);
      ++file_count;
    } else if (strcmp(words[i], "round") == 0) {
      const char* name = strstr(value, ".toml") != NULL ? path : value;
      EXPECT_OK(komhen_round_load(TEXT(name), &round, &err), &err);
    } else if (strcmp(words[i], "participation") == 0) {
      EXPECT_OK(komhen_participation_load(TEXT(path), &participation, &err), &err);
    } else if (strcmp(words[i], "profile") == 0) {
      EXPECT_OK(komhen_profile_load(TEXT(path), &profile, &err), &err);
    } else if (strcmp(words[i], "encoding") == 0) {
      options.encoding = strcmp(value, "utf-8") == 0 ? KOMHEN_ENCODING_UTF8 : KOMHEN_ENCODING_WINDOWS1252;
    } else {
      EXPECT(!"a question that this test does not know");
    }
  }
  options.round = round;
  options.participation = participation;
  options.profile = profile;
  options.on_reject = note_reject;
  options.on_reject_data = golden;
  golden->outcome = (komhen_outcome)KOMHEN_OUTCOME_INIT;
  EXPECT_OK(komhen_cube_add_files(golden->cube, paths, sizes, file_count, &options, &golden->outcome, &err),
            &err);
  static char got[MAX_TEXT];
  outcome_text(&golden->outcome, got, sizeof got);
  if (!EXPECT(strncmp(got, want, strlen(got)) == 0)) fprintf(stderr, "    %s\n", got);
  EXPECT(golden->outcome.contacts == komhen_cube_contacts(golden->cube));
  const int windows = strstr(want, "\"encoding\":\"windows-1252\"") != NULL;
  const int utf8 = strstr(want, "\"encoding\":\"utf-8\"") != NULL;
  EXPECT(golden->outcome.encoding == (windows ? KOMHEN_ENCODING_WINDOWS1252
                                      : utf8  ? KOMHEN_ENCODING_UTF8
                                              : KOMHEN_ENCODING_ANY));
  komhen_round_free(round);
  komhen_participation_free(participation);
  komhen_profile_free(profile);
}

static void measure(const Golden* golden, char** words, int n, const char* want) {
  komhen_query* query = NULL;
  EXPECT_OK(komhen_query_new(word(KOMHEN_WORDS_MEASURE, words[0]), &query, &err), &err);
  for (int i = 1; i < n; ++i) {
    char* value = cut(words[i], '=');
    if (!EXPECT(value != NULL)) continue;
    const char* key = words[i];
    if (strcmp(key, "by") == 0) {
      for (char* next = value; value != NULL; value = next) {
        next = cut(value, ',');
        EXPECT_OK(komhen_query_by(query, word(KOMHEN_WORDS_DIMENSION, value), &err), &err);
      }
    } else if (strcmp(key, "where") == 0 || strcmp(key, "without") == 0) {
      char* values = cut(value, '=');
      const int32_t dimension = word(KOMHEN_WORDS_DIMENSION, value);
      for (char* next = values; values != NULL; values = next) {
        next = cut(values, ',');
        EXPECT_OK(key[5] == 0 ? komhen_query_where(query, dimension, TEXT(values), &err)
                              : komhen_query_without(query, dimension, TEXT(values), &err),
                  &err);
      }
    } else if (strcmp(key, "tasks") == 0) {
      EXPECT_OK(komhen_query_tasks(query, TEXT(value), &err), &err);
    } else if (strcmp(key, "basis") == 0) {
      EXPECT_OK(komhen_query_basis(query, TEXT(value), &err), &err);
    } else if (strcmp(key, "set") == 0) {
      EXPECT_OK(komhen_query_set(query, word(KOMHEN_WORDS_SET, value), &err), &err);
    } else if (strcmp(key, "scheme") == 0) {
      EXPECT_OK(komhen_query_scheme(query, word(KOMHEN_WORDS_SCHEME, value), &err), &err);
    } else if (strcmp(key, "raw") == 0) {
      EXPECT_OK(komhen_query_raw(query, strcmp(value, "true") == 0, &err), &err);
    } else {
      EXPECT(!"a question that this test does not know");
    }
  }
  komhen_table* table = NULL;
  komhen_buffer* json = NULL;
  EXPECT_OK(komhen_measure(golden->cube, query, &table, &err), &err);
  EXPECT_OK(komhen_table_json(table, &json, &err), &err);
  const char* got = komhen_buffer_data(json);
  if (!EXPECT(got != NULL && strcmp(got, want) == 0)) fprintf(stderr, "    %s\n    %s\n", got, want);
  EXPECT(komhen_buffer_size(json) == (int64_t)strlen(want));
  komhen_buffer_free(json);
  komhen_table_free(table);
  komhen_query_free(query);
}

static void ask(Golden* golden, char* question, const char* want) {
  char* words[MAX_WORDS];
  int n = 0;
  for (char* at = question; at != NULL && n < MAX_WORDS; ++n) {
    words[n] = at;
    at = cut(at, ' ');
  }
  if (strcmp(words[0], "count") == 0) {
    count(golden, words, n, want);
  } else if (strcmp(words[0], "rejects") == 0) {
    EXPECT(golden->rejects == atoi(want));
  } else if (strcmp(words[0], "reject") == 0) {
    const char* got = "";
    for (int i = 0; i < golden->rejects; ++i)
      if (golden->reject[i].line == atoll(words[1])) got = golden->reject[i].what;
    if (!EXPECT(strcmp(got, want) == 0)) fprintf(stderr, "    line %s: %s\n", words[1], got);
  } else {
    measure(golden, words, n, want);
  }
}

static int questions;

static void ask_all_of(const char* name) {
  static char text[MAX_TEXT * 4];
  static Golden golden;
  char path[512];
  snprintf(path, sizeof path, FOLDER "%s", name);
  FILE* file = fopen(path, "rb");
  if (!EXPECT(file != NULL)) return;
  const size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  EXPECT(size < sizeof text - 1);
  text[size] = 0;
  memset(&golden, 0, sizeof golden);
  EXPECT_OK(komhen_cube_new(&golden.cube, &err), &err);
  char* line = text;
  for (char* next = text; line != NULL; line = next) {
    next = cut(line, '\n');
    if (line[0] == 0 || line[0] == '#') continue;
    char* want = cut(line, '\t');
    if (!EXPECT(want != NULL)) continue;
    const int before = expect_failures;
    static char question[4096];
    snprintf(question, sizeof question, "%.4000s", line);
    ask(&golden, line, want);
    if (expect_failures != before) fprintf(stderr, "    in %s: %s\n", name, question);
    ++questions;
  }
  komhen_cube_free(golden.cube);
}

static void the_golden_files_give_the_answers_that_were_worked_out_by_hand(void) {
  DIR* folder = opendir(FOLDER);
  if (!EXPECT(folder != NULL)) return;
  int files = 0;
  for (struct dirent* entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    const char* end = strrchr(entry->d_name, '.');
    if (end == NULL || strcmp(end, ".expected") != 0) continue;
    ask_all_of(entry->d_name);
    ++files;
  }
  closedir(folder);
  EXPECT(files >= 5);
  EXPECT(questions >= 60);
  fprintf(stderr, "%d files, %d questions\n", files, questions);
}

int main(void) {
  RUN(the_golden_files_give_the_answers_that_were_worked_out_by_hand);
  return expect_result();
}
