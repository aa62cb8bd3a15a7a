/* What one contact costs through the C ABI: komhen_cube_add() beside a row of komhen_cube_add_columns() and a
 * row of komhen_cube_add_text() on the same contacts, in turn, round after round. The contacts are made by
 * rule and lie on cells in no order; the three cubes must be equal. Only the ratio means anything on another
 * machine. capi_bench [CONTACTS [ROUNDS]]; tests/bench/run.py reads the last line, which is JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "komhen.h"

enum { MAX_ROUNDS = 99, TASKS = 35, UNITS = 20 };

static void stop(const char* why, const komhen_error* err) {
  fprintf(stderr, "%s: %s\n", why, err == NULL ? "" : err->message);
  exit(EXIT_FAILURE);
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static uint32_t mixed(uint32_t number) { /* every number to one that lies elsewhere */
  number ^= number >> 16;
  number *= 0x7FEB352Du;
  number ^= number >> 15;
  number *= 0x846CA68Bu;
  return number ^ number >> 16;
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return x < y ? -1 : x > y ? 1 : 0;
}
static double median(double* times, int count) {
  qsort(times, (size_t)count, sizeof *times, by_size);
  return times[count / 2];
}

static void* room(int64_t count, size_t size) {
  void* out = malloc((size_t)count * size);
  if (out == NULL) stop("memory ran out", NULL);
  return out;
}

/* The same contacts as an exchange file in memory. */
typedef struct Text {
  char* bytes;
  int64_t size;
} Text;

/* How wide the contacts lie. */
typedef struct Spread {
  const char* name;
  uint32_t municipalities, weeks, units;
} Spread;

/* Nanoseconds a contact or row, medians of the rounds. */
typedef struct Figures {
  int64_t cells;
  double one, columns, text;
} Figures;

static Figures measure(const Spread* spread, int64_t contacts, int rounds) {
  komhen_error err = KOMHEN_ERROR_INIT;

  int32_t* municipality = (int32_t*)room(contacts, sizeof *municipality);
  int32_t* week = (int32_t*)room(contacts, sizeof *week);
  int32_t* task = (int32_t*)room(contacts, sizeof *task);
  int32_t* unit = (int32_t*)room(contacts, sizeof *unit);
  uint8_t* channel = (uint8_t*)room(contacts, 1);
  uint8_t* type = (uint8_t*)room(contacts, 1);
  uint8_t* direction = (uint8_t*)room(contacts, 1);
  char names[UNITS][16];
  const char* units[UNITS];
  int64_t sizes[UNITS];
  for (int i = 0; i < UNITS; ++i) {
    sizes[i] = snprintf(names[i], sizeof names[i], "office %d", i);
    units[i] = names[i];
  }
  komhen_task tasks[TASKS];
  for (int64_t i = 0; i < TASKS; ++i) {
    tasks[i] = (komhen_task)KOMHEN_TASK_INIT;
    if (komhen_task_at(i, &tasks[i]) != 1) stop("there are not 35 tasks", NULL);
  }
  for (int64_t i = 0; i < contacts; ++i) {
    uint32_t draw = mixed((uint32_t)i);
    municipality[i] = komhen_municipality_at(draw % spread->municipalities);
    task[i] = tasks[(draw >> 7) % TASKS].kle;
    draw = mixed(draw + 1);
    week[i] = 201217 + (int32_t)(draw % spread->weeks);
    unit[i] = (int32_t)((draw >> 4) % spread->units);
    channel[i] = (uint8_t)(1 + (draw >> 10) % KOMHEN_CHANNEL_SYSTEM);
    type[i] = (uint8_t)(1 + (draw >> 16) % KOMHEN_TYPE_MISDIRECTED);
    direction[i] = (uint8_t)(1 + (draw >> 24) % 2);
  }
  komhen_columns columns = KOMHEN_COLUMNS_INIT;
  columns.length = contacts;
  columns.municipality = municipality;
  columns.week = week;
  columns.task = task;
  columns.channel = channel;
  columns.type = type;
  columns.direction = direction;
  columns.unit = unit;
  columns.units = units;
  columns.units_sizes = sizes;
  columns.units_count = UNITS;

  static const char* const mondays[] = {"2012-04-23", "2012-04-30", "2012-05-07"};
  const char* const header = "municipality;date;kle;channel;type;direction;unit\n";
  enum { LONGEST = 160 };
  Text text = {(char*)room(contacts + 1, LONGEST), 0};
  text.size = snprintf(text.bytes, LONGEST, "%s", header);
  for (int64_t i = 0; i < contacts; ++i)
    text.size +=
        snprintf(text.bytes + text.size, LONGEST, "%d;%s;%02d.%02d.%02d;%s;%s;%s;%s\n", municipality[i],
                 mondays[week[i] - 201217], task[i] / 10000, task[i] / 100 % 100, task[i] % 100,
                 komhen_token(KOMHEN_WORDS_CHANNEL, channel[i]), komhen_token(KOMHEN_WORDS_TYPE, type[i]),
                 komhen_token(KOMHEN_WORDS_DIRECTION, direction[i]), units[unit[i]]);

  double one_by_one[MAX_ROUNDS], by_columns[MAX_ROUNDS], by_text[MAX_ROUNDS];
  int64_t cells = 0;
  for (int round = 0; round < rounds; ++round) {
    komhen_cube *one = NULL, *many = NULL, *read = NULL;
    if (komhen_cube_new(&one, &err) != KOMHEN_OK || komhen_cube_new(&many, &err) != KOMHEN_OK ||
        komhen_cube_new(&read, &err) != KOMHEN_OK)
      stop("a cube", &err);
    double began = now();
    komhen_registration contact = KOMHEN_REGISTRATION_INIT;
    for (int64_t i = 0; i < contacts; ++i) {
      int32_t reason = 0;
      contact.municipality = municipality[i];
      contact.week = week[i];
      contact.task = task[i];
      contact.channel = channel[i];
      contact.type = type[i];
      contact.direction = direction[i];
      contact.unit = units[unit[i]];
      contact.unit_size = sizes[unit[i]];
      if (komhen_cube_add(one, &contact, NULL, &reason, &err) != KOMHEN_OK || reason != 0)
        stop("a contact", &err);
    }
    one_by_one[round] = (now() - began) / (double)contacts;
    began = now();
    if (komhen_cube_add_columns(many, &columns, NULL, NULL, NULL, &err) != KOMHEN_OK)
      stop("the columns", &err);
    by_columns[round] = (now() - began) / (double)contacts;
    began = now();
    if (komhen_cube_add_text(read, text.bytes, text.size, NULL, NULL, &err) != KOMHEN_OK)
      stop("the text", &err);
    by_text[round] = (now() - began) / (double)contacts;
    if (komhen_cube_contacts(one) != contacts || komhen_cube_equal(one, many) != 1 ||
        komhen_cube_equal(one, read) != 1)
      stop("the cubes differ", NULL);
    cells = komhen_cube_cells(one);
    komhen_cube_free(one);
    komhen_cube_free(many);
    komhen_cube_free(read);
  }
  const Figures out = {cells, median(one_by_one, rounds), median(by_columns, rounds),
                       median(by_text, rounds)};
  printf("%s: %lld contacts on %lld cells, median of %d rounds\n", spread->name, (long long)contacts,
         (long long)cells, rounds);
  printf("  komhen_cube_add          %7.1f ns a contact\n", out.one);
  printf("  komhen_cube_add_columns  %7.1f ns a row\n", out.columns);
  printf("  komhen_cube_add_text     %7.1f ns a row\n", out.text);
  printf("  one by one costs %.2f times a row of columns, and %.2f times a row of text\n",
         out.one / out.columns, out.one / out.text);
  free(municipality);
  free(week);
  free(task);
  free(unit);
  free(channel);
  free(type);
  free(direction);
  free(text.bytes);
  return out;
}

int main(int argc, char** argv) {
  static const Spread spreads[] = {{"a municipality's week", 1, 1, 1}, {"the country's round", 98, 3, UNITS}};
  const int64_t contacts = argc > 1 ? atoll(argv[1]) : 1000000;
  const int rounds = argc > 2 ? atoi(argv[2]) : 9;
  if (contacts < 1 || rounds < 1 || rounds > MAX_ROUNDS)
    stop("capi_bench [CONTACTS [ROUNDS, at most 99]]", NULL);
  enum { SPREADS = sizeof spreads / sizeof *spreads };
  Figures figures[SPREADS];
  for (int i = 0; i < SPREADS; ++i) figures[i] = measure(&spreads[i], contacts, rounds);
  printf("{\"contacts\": %lld, \"rounds\": %d, \"spreads\": [", (long long)contacts, rounds);
  for (int i = 0; i < SPREADS; ++i)
    printf("%s{\"name\": \"%s\", \"cells\": %lld, \"one\": %.3f, \"columns\": %.3f, \"text\": %.3f}",
           i == 0 ? "" : ", ", spreads[i].name, (long long)figures[i].cells, figures[i].one,
           figures[i].columns, figures[i].text);
  printf("]}\n");
  return EXIT_SUCCESS;
}
