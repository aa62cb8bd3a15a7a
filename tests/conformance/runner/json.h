/* A JSON reader for the runner: whole numbers only, everything bounded, nothing recursive, no dependency.
 *
 * The text is changed while it is read (escapes are put where they stood), and the nodes point into it: it
 * must outlive them. A node is an index; 0 is the root, and -1 is none. */
#ifndef KOMHEN_CONFORMANCE_JSON_H
#define KOMHEN_CONFORMANCE_JSON_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { JSON_DEPTH = 32, JSON_NODES = 1 << 20, JSON_BYTES = 1 << 26 };

typedef enum json_kind {
  JSON_NULL,
  JSON_FALSE,
  JSON_TRUE,
  JSON_INTEGER,
  JSON_TEXT,
  JSON_ARRAY,
  JSON_OBJECT
} json_kind;

typedef struct json_span {
  const char* data;
  int64_t size; /* bytes */
} json_span;

typedef struct json_node {
  json_kind kind;
  int32_t first;   /* of an array or object: its first member, or -1 */
  int32_t next;    /* the next member of what it stands in, or -1 */
  int32_t members; /* of an array or object: how many */
  json_span name;  /* of a member of an object */
  json_span text;
  int64_t integer;
} json_node;

typedef struct json {
  json_node* nodes;
  int32_t count;
  int32_t room;
  const char* wrong; /* what is wrong with the text, or NULL */
  int64_t line;      /* where, from 1 */
} json;

/* What the reading keeps. */
typedef struct json_reader {
  json* out;
  char* at;
  char* end;
  int32_t open[JSON_DEPTH]; /* the arrays and objects that are open, the outermost first */
  int32_t last[JSON_DEPTH]; /* the last member of each, or -1 */
  int32_t depth;
} json_reader;

static int json_fail(json_reader* r, const char* wrong) {
  if (r->out->wrong == NULL) r->out->wrong = wrong;
  return 0;
}

static void json_skip_space(json_reader* r) {
  for (; r->at < r->end; ++r->at) {
    if (*r->at == '\n')
      ++r->out->line;
    else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r')
      return;
  }
}

/* The code of one character of UTF-8, and how many bytes it takes; 0 bytes for what is none. */
static int json_character(const unsigned char* at, int64_t left, uint32_t* code) {
  static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
  int size = at[0] < 0x80 ? 1 : (at[0] >> 5) == 6 ? 2 : (at[0] >> 4) == 14 ? 3 : (at[0] >> 3) == 30 ? 4 : 0;
  int i;
  if (size == 0 || size > left) return 0;
  *code = size == 1 ? at[0] : at[0] & (0xFFU >> (size + 1));
  for (i = 1; i < size; ++i) {
    if ((at[i] & 0xC0) != 0x80) return 0;
    *code = *code << 6 | (at[i] & 0x3FU);
  }
  if (*code < least[size] || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000)) return 0;
  return size;
}

static char* json_put(char* to, uint32_t code) {
  if (code < 0x80) {
    *to++ = (char)code;
  } else if (code < 0x800) {
    *to++ = (char)(0xC0 | code >> 6);
    *to++ = (char)(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *to++ = (char)(0xE0 | code >> 12);
    *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    *to++ = (char)(0x80 | (code & 0x3F));
  } else {
    *to++ = (char)(0xF0 | code >> 18);
    *to++ = (char)(0x80 | (code >> 12 & 0x3F));
    *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    *to++ = (char)(0x80 | (code & 0x3F));
  }
  return to;
}

/* Four hexadecimal digits. */
static int json_hex(json_reader* r, uint32_t* code) {
  int i;
  *code = 0;
  for (i = 0; i < 4; ++i, ++r->at) {
    const char c = r->at < r->end ? *r->at : 0;
    uint32_t digit;
    if (c >= '0' && c <= '9')
      digit = (uint32_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = (uint32_t)(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
      digit = (uint32_t)(c - 'A') + 10;
    else
      return json_fail(r, "\\u is not followed by four hexadecimal digits");
    *code = *code << 4 | digit;
  }
  return 1;
}

/* What stands behind a backslash. */
static int json_escape(json_reader* r, char** to) {
  static const char from[] = "\"\\/bfnrt";
  static const char into[] = "\"\\/\b\f\n\r\t";
  const char c = r->at < r->end ? *r->at++ : 0;
  const char* found;
  uint32_t code;
  uint32_t low;
  if (c == 'u') {
    if (!json_hex(r, &code)) return 0;
    if (code >= 0xDC00 && code < 0xE000) return json_fail(r, "half a character stands in a text");
    if (code >= 0xD800 && code < 0xDC00) {
      if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
        return json_fail(r, "half a character stands in a text");
      r->at += 2;
      if (!json_hex(r, &low)) return 0;
      if (low < 0xDC00 || low >= 0xE000) return json_fail(r, "half a character stands in a text");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    *to = json_put(*to, code);
    return 1;
  }
  found = c == 0 ? NULL : strchr(from, c);
  if (found == NULL) return json_fail(r, "a backslash is followed by a letter that means nothing");
  *(*to)++ = into[found - from];
  return 1;
}

/* A text whose opening quote has been read. */
static int json_text(json_reader* r, json_span* out) {
  char* to = r->at;
  out->data = to;
  while (r->at < r->end && *r->at != '"') {
    uint32_t code = 0;
    int size;
    if (*r->at == '\\') {
      ++r->at;
      if (!json_escape(r, &to)) return 0;
      continue;
    }
    size = json_character((const unsigned char*)r->at, r->end - r->at, &code);
    if (size == 0) return json_fail(r, "a text is not UTF-8");
    if (code < 0x20) return json_fail(r, "a control character stands in a text");
    memmove(to, r->at, (size_t)size);
    to += size;
    r->at += size;
  }
  if (r->at == r->end) return json_fail(r, "a text does not end");
  ++r->at;
  out->size = to - out->data;
  return 1;
}

static int json_integer(json_reader* r, int64_t* out) {
  const int negative = *r->at == '-';
  const char* digits;
  uint64_t value = 0;
  const uint64_t most = (uint64_t)INT64_MAX + (uint64_t)negative;
  r->at += negative;
  digits = r->at;
  for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; ++r->at) {
    const uint64_t digit = (uint64_t)(*r->at - '0');
    if (value > (most - digit) / 10) return json_fail(r, "a number is beyond 64 bits");
    value = value * 10 + digit;
  }
  if (r->at == digits || (*digits == '0' && r->at - digits > 1)) return json_fail(r, "a number is malformed");
  if (r->at < r->end && (*r->at == '.' || *r->at == 'e' || *r->at == 'E'))
    return json_fail(r, "a number is not whole");
  if (!negative)
    *out = (int64_t)value;
  else
    *out = value > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)value;
  return 1;
}

static int json_word(json_reader* r, const char* word) {
  const int64_t size = (int64_t)strlen(word);
  if (r->end - r->at < size || memcmp(r->at, word, (size_t)size) != 0)
    return json_fail(r, "a value is malformed");
  r->at += size;
  return 1;
}

/* Makes a node, the next member of what is open; -1 when there is no more room. */
static int32_t json_new_node(json_reader* r) {
  json* out = r->out;
  int32_t at;
  if (out->count == out->room) {
    const int32_t room = out->room == 0 ? 256 : out->room * 2;
    json_node* nodes = room > JSON_NODES ? NULL : realloc(out->nodes, (size_t)room * sizeof(json_node));
    if (nodes == NULL) {
      json_fail(r, "there are more values than fit");
      return -1;
    }
    out->nodes = nodes;
    out->room = room;
  }
  at = out->count++;
  memset(&out->nodes[at], 0, sizeof(json_node));
  out->nodes[at].first = out->nodes[at].next = -1;
  if (r->depth > 0) {
    const int32_t parent = r->open[r->depth - 1];
    int32_t* last = &r->last[r->depth - 1];
    if (*last < 0)
      out->nodes[parent].first = at;
    else
      out->nodes[*last].next = at;
    *last = at;
    ++out->nodes[parent].members;
  }
  return at;
}

static int json_member_name(json_reader* r, json_span* name) {
  json_skip_space(r);
  if (r->at == r->end || *r->at != '"') return json_fail(r, "a member has no name");
  ++r->at;
  if (!json_text(r, name)) return 0;
  json_skip_space(r);
  if (r->at == r->end || *r->at != ':') return json_fail(r, "a name is not followed by a colon");
  ++r->at;
  return 1;
}

/* Reads one value, or the beginning of one: an array or object stays open. */
static int json_value(json_reader* r, json_span name) {
  json_node* node;
  int32_t at;
  json_skip_space(r);
  if (r->at == r->end) return json_fail(r, "a value is missing");
  at = json_new_node(r);
  if (at < 0) return 0;
  node = &r->out->nodes[at];
  node->name = name;
  switch (*r->at) {
    case '{':
    case '[':
      if (r->depth == JSON_DEPTH) return json_fail(r, "it is nested too deeply");
      node->kind = *r->at == '{' ? JSON_OBJECT : JSON_ARRAY;
      r->open[r->depth] = at;
      r->last[r->depth++] = -1;
      ++r->at;
      return 1;
    case '"':
      node->kind = JSON_TEXT;
      ++r->at;
      return json_text(r, &node->text);
    case 'n':
      node->kind = JSON_NULL;
      return json_word(r, "null");
    case 't':
      node->kind = JSON_TRUE;
      return json_word(r, "true");
    case 'f':
      node->kind = JSON_FALSE;
      return json_word(r, "false");
    default:
      node->kind = JSON_INTEGER;
      return json_integer(r, &node->integer);
  }
}

/* Reads a text of JSON; 1 on success. json_free() afterwards, whatever came of it. */
static int json_read(json* out, char* bytes, int64_t size) {
  const json_span no_name = {NULL, 0};
  json_reader reader;
  json_reader* r = &reader;
  memset(out, 0, sizeof *out);
  memset(r, 0, sizeof *r);
  r->out = out;
  r->at = bytes;
  r->end = bytes + size;
  out->line = 1;
  if (size > JSON_BYTES) return json_fail(r, "it is too long");
  if (!json_value(r, no_name)) return 0;
  while (r->depth > 0) {
    const int32_t parent = r->open[r->depth - 1];
    const int object = out->nodes[parent].kind == JSON_OBJECT;
    json_span name = no_name;
    json_skip_space(r);
    if (r->at < r->end && *r->at == (object ? '}' : ']')) {
      ++r->at;
      --r->depth;
      continue;
    }
    if (out->nodes[parent].members > 0) {
      if (r->at == r->end || *r->at != ',') return json_fail(r, "a comma or an end is missing");
      ++r->at;
    }
    if (object && !json_member_name(r, &name)) return 0;
    if (!json_value(r, name)) return 0;
  }
  json_skip_space(r);
  if (r->at != r->end) return json_fail(r, "something stands behind its end");
  return 1;
}

static void json_free(json* j) {
  free(j->nodes);
  j->nodes = NULL;
}

static int json_is(json_span span, const char* text) {
  return span.size == (int64_t)strlen(text) && memcmp(span.data, text, (size_t)span.size) == 0;
}

/* The member of an object with this name; -1 when there is none, or no object. */
static int32_t json_find(const json* j, int32_t object, const char* name) {
  int32_t at;
  if (object < 0 || j->nodes[object].kind != JSON_OBJECT) return -1;
  for (at = j->nodes[object].first; at >= 0; at = j->nodes[at].next)
    if (json_is(j->nodes[at].name, name)) return at;
  return -1;
}

#endif
