/* The runner's JSON reader: what it reads, and what it refuses. */
#include "json.h"

#include <stdio.h>

static int failures = 0;

/* A copy that ends where the text does, so that a sanitizer sees every byte read past it. */
static int reads(const char* text, int64_t size, json* j, char** copy) {
  *copy = malloc(size == 0 ? 1 : (size_t)size);
  memcpy(*copy, text, (size_t)size);
  return json_read(j, *copy, size);
}

static void check(int good, const char* what) {
  if (good) return;
  ++failures;
  printf("FAIL %s\n", what);
}

static void refused(const char* text) {
  json j;
  char* copy;
  check(!reads(text, (int64_t)strlen(text), &j, &copy) && j.wrong != NULL, text);
  json_free(&j);
  free(copy);
}

/* A text value and the bytes it stands for. */
static void text_is(const char* text, const char* bytes, int64_t size) {
  json j;
  char* copy;
  const int good = reads(text, (int64_t)strlen(text), &j, &copy);
  check(good && j.nodes[0].kind == JSON_TEXT && j.nodes[0].text.size == size &&
            memcmp(j.nodes[0].text.data, bytes, (size_t)size) == 0,
        text);
  json_free(&j);
  free(copy);
}

static void integer_is(const char* text, int64_t value) {
  json j;
  char* copy;
  const int good = reads(text, (int64_t)strlen(text), &j, &copy);
  check(good && j.nodes[0].kind == JSON_INTEGER && j.nodes[0].integer == value, text);
  json_free(&j);
  free(copy);
}

/* Arrays in arrays, as deep as this. */
static int deep(int depth) {
  static char text[2 * JSON_DEPTH + 8];
  json j;
  char* copy;
  int good;
  memset(text, '[', (size_t)depth);
  memset(text + depth, ']', (size_t)depth);
  good = reads(text, 2 * depth, &j, &copy);
  json_free(&j);
  free(copy);
  return good;
}

static void every_beginning_of(const char* text) {
  int64_t size;
  for (size = 0; size < (int64_t)strlen(text); ++size) {
    json j;
    char* copy;
    check(!reads(text, size, &j, &copy), "a text that is cut short");
    json_free(&j);
    free(copy);
  }
}

static void members(void) {
  const char* text = " {\"a\" : [1, 2, {\"b\":null}], \"c\":true,\n\"d\":false, \"e\":{}, \"f\":[] } ";
  json j;
  char* copy;
  const int good = reads(text, (int64_t)strlen(text), &j, &copy);
  check(good && j.nodes[0].members == 5 && j.line == 2, "five members on two lines");
  if (good) {
    const int32_t a = json_find(&j, 0, "a");
    check(a > 0 && j.nodes[a].members == 3 && j.nodes[j.nodes[a].first].integer == 1, "an array of three");
    check(json_find(&j, 0, "b") < 0, "a member of an inner object is none of the outer one");
    check(json_find(&j, a, "b") < 0, "an array has no names");
    check(
        j.nodes[json_find(&j, 0, "c")].kind == JSON_TRUE && j.nodes[json_find(&j, 0, "d")].kind == JSON_FALSE,
        "truth");
    check(j.nodes[json_find(&j, 0, "e")].first < 0 && j.nodes[json_find(&j, 0, "f")].members == 0,
          "empty ones");
  }
  json_free(&j);
  free(copy);
}

int main(void) {
  static const char* const wrong[] = {"",
                                      " ",
                                      "{",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{a:1}",
                                      "{\"a\":1,}",
                                      "nul",
                                      "nulll",
                                      "TRUE",
                                      "1 2",
                                      "]",
                                      "[}",
                                      "01",
                                      "-",
                                      "+1",
                                      "1.0",
                                      "1e3",
                                      ".5",
                                      "0x1",
                                      "9223372036854775808",
                                      "\"a",
                                      "\"\\\"",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\u12g4\"",
                                      "\"\n\"",
                                      "\"\t\"",
                                      "-9223372036854775809",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800x\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"\xff\"",
                                      "\"\xc0\x80\"",
                                      "\"\xed\xa0\x80\"",
                                      "\"\xf4\x90\x80\x80\"",
                                      "\"\xe6\"",
                                      "'a'",
                                      "99999999999999999999999"};
  size_t i;
  for (i = 0; i < sizeof wrong / sizeof *wrong; ++i) refused(wrong[i]);
  integer_is("0", 0);
  integer_is("-0", 0);
  integer_is(" 9223372036854775807 ", INT64_MAX);
  integer_is("-9223372036854775808", INT64_MIN);
  text_is("\"\"", "", 0);
  text_is("\"a\\u0000b\"", "a\0b", 3);
  text_is("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
  text_is("\"\\u00e6\\u20AC\\ud83d\\ude00\"", "\xc3\xa6\xe2\x82\xac\xf0\x9f\x98\x80", 9);
  text_is("\"\xc3\xa6\xf0\x9f\x98\x80\"", "\xc3\xa6\xf0\x9f\x98\x80", 6);
  check(deep(JSON_DEPTH), "as deep as is allowed");
  check(!deep(JSON_DEPTH + 1), "deeper than is allowed");
  every_beginning_of("{\"a\":[1,-2,\"\\u00e6\\ud83d\\ude00\",true,false,null,{}],\"\xc3\xa6\":{\"b\":[[]]}}");
  members();
  printf("json: %d failed\n", failures);
  return failures > 0;
}
