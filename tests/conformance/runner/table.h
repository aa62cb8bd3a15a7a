/* The tables that an embedding fills, kept as text. */
#ifndef KOMHEN_CONFORMANCE_TABLE_H
#define KOMHEN_CONFORMANCE_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedding.h"
#include "vocabulary.h"

typedef struct value {
  int64_t row;
  char column[32];
  char* text; /* NULL: there is nothing */
  int64_t size;
} value;

struct table {
  int64_t rows;
  value* values;
  int64_t count;
  int64_t room;
};

static void out_of_memory(void) {
  fputs("conformance: memory ran out\n", stderr);
  exit(2);
}

void table_row(table* into) {
  ++into->rows;
}

void table_value(table* into, const char* column, const char* text, int64_t size) {
  value* v;
  if (into->count == into->room) {
    into->room = into->room == 0 ? 64 : into->room * 2;
    into->values = realloc(into->values, (size_t)into->room * sizeof(value));
    if (into->values == NULL) out_of_memory();
  }
  v = &into->values[into->count++];
  v->row = into->rows - 1;
  snprintf(v->column, sizeof v->column, "%s", column);
  v->text = NULL;
  v->size = text == NULL ? 0 : size;
  if (text == NULL) return;
  v->text = malloc((size_t)size + 1);
  if (v->text == NULL) out_of_memory();
  memcpy(v->text, text, (size_t)size);
  v->text[size] = 0;
}

void table_reject(table* into, int64_t line, int32_t reason, const char* column) {
  char number[24];
  const char* word = word_at(kReasons, reason);
  snprintf(number, sizeof number, "%lld", (long long)line);
  table_row(into);
  table_value(into, "line", number, (int64_t)strlen(number));
  table_value(into, "reason", word, (int64_t)strlen(word));
  table_value(into, "column", column, column == NULL ? 0 : (int64_t)strlen(column));
}

static const value* table_find(const table* from, int64_t row, const char* column) {
  int64_t i;
  for (i = 0; i < from->count; ++i)
    if (from->values[i].row == row && strcmp(from->values[i].column, column) == 0) return &from->values[i];
  return NULL;
}

static void table_clear(table* t) {
  int64_t i;
  for (i = 0; i < t->count; ++i) free(t->values[i].text);
  free(t->values);
  memset(t, 0, sizeof *t);
}

#endif
