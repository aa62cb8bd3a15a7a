/* The words of the vectors, in the order of their numbers. They are the runner's own, so that an embedding
 * which renumbers or renames something is found out. */
#ifndef KOMHEN_CONFORMANCE_VOCABULARY_H
#define KOMHEN_CONFORMANCE_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

#include "json.h"

static const char* const kStatuses[] = {
    "ok",       "failed",    "argument",      "memory", "edition", "forked",  "file", "format",
    "overflow", "cancelled", "personal_data", "busy",   "sealed",  "storage", NULL};
static const char* const kReasons[] = {"accepted",
                                       "malformed",
                                       "bad_encoding",
                                       "personal_data",
                                       "unknown_municipality",
                                       "bad_date",
                                       "bad_kle",
                                       "unknown_task",
                                       "unknown_channel",
                                       "unknown_type",
                                       "unknown_direction",
                                       "unknown_closure",
                                       "unknown_form",
                                       "bad_count",
                                       "bad_label",
                                       "outside_round",
                                       "outside_participation",
                                       "duplicate_event",
                                       "conflicting_event",
                                       NULL};
/* The following have no number 0. */
static const char* const kMeasures[] = {
    "", "contacts", "mix", "self_service", "digital", "first_contact_closure", "form_share", NULL};
static const char* const kDimensions[] = {"",        "municipality", "week",  "task",      "main_group",
                                          "channel", "type",         "group", "direction", "closure",
                                          "form",    "source",       "unit",  NULL};
static const char* const kSchemes[] = {"", "kl-2011", "kl-2012", "hilleroed-2014", NULL};
static const char* const kSets[] = {"", "narrow", "effective", "broad", "dispatch", NULL};
static const char* const kRecorded[] = {"", "recorded", "duplicate", "conflict", "cancelled", NULL};
static const char* const kUndone[] = {"", "undone", "waiting", "already_undone", NULL};
static const char* const kEncodings[] = {"any", "utf-8", "windows-1252", NULL};

/* The ten dimensions of a cell, in the order of the vectors, and its count. */
static const char* const kCell[] = {"municipality", "week", "task",   "channel", "type",  "direction",
                                    "closure",      "form", "source", "unit",    "count", NULL};

/* The number of a word; -1 for one that is not in the list. */
static int32_t number_of(const char* const* words, json_span text) {
  int32_t i;
  for (i = 0; words[i] != NULL; ++i)
    if (words[i][0] != 0 && json_is(text, words[i])) return i;
  return -1;
}

static const char* word_at(const char* const* words, int32_t number) {
  int32_t i;
  for (i = 0; words[i] != NULL; ++i)
    if (i == number && words[i][0] != 0) return words[i];
  return "a number that there is not";
}

#endif
