/* komhen: count contacts to a Danish municipality the way KOMHEN 2.0 prescribes.
 *
 * The C ABI: C99, also C++; needs libkomhen_c and no other header. Read it from top to bottom:
 *   1 versions   2 outcomes and errors   3 words of the method   4 rounds, participation, profiles
 *   5 cubes      6 measures              7 costs, cases, goals   8 tables   9 the journal
 *
 * Ownership. A handle that a function gives through `out` is yours; pass it to the `_free` of its kind, once.
 *   `_free(NULL)` does nothing. Text and arrays that you pass are read during the call only. Text that you are
 *   given (`const char *`) is borrowed from the handle that it came from and lives as long as that handle is
 *   neither changed nor freed; text that comes from no handle lives as long as the process. Nothing of komhen's
 *   is ever freed with free().
 * Errors. Every function that can fail returns a komhen_status and gives its result through a parameter, which
 *   is set on every path (NULL or 0 on failure; an array that you lend means nothing then). `err` takes the
 *   sentence for people and may be NULL. A failed call has changed nothing. A bad row is not a failed call: it is
 *   left out and counted by its reason.
 * Text. UTF-8. What you pass has a length in bytes, and NULL with length 0 is the empty text; what you are given
 *   has a NUL behind it, and a length where it may hold a NUL itself. Paths are UTF-8 too. Lengths and counts are
 *   int64_t. A number that stands for a word (a channel, a reason) is one of the KOMHEN_ constants.
 * Structs. Set `struct_size` to sizeof the struct and everything you do not use to 0; the _INIT macros do. They
 *   only ever grow at the end, so that a program and a library of different age understand each other. There is no
 *   hidden padding, and each says its size where pointers have 64 bits, for languages that write it out by hand.
 * Threads. Every function says its class: [any] from any thread at any time; [handle] one thread at a time for
 *   one handle, different handles at once; [read] many threads at once, as long as nobody changes the handle.
 *   There is nothing to initialise, no global state, no environment variable, no thread, no signal handler and no
 *   network; locale, errno, rounding mode, umask and working directory stay as they are. A callback runs on the
 *   calling thread with no lock held; a call on the handle that is at work gives KOMHEN_E_BUSY there. A callback
 *   must return: it must not throw or jump out.
 * Persons. There is no place for one. Text that looks like a CPR number is refused or its row rejected, and is
 *   masked wherever it would be shown.
 */
#ifndef KOMHEN_H
#define KOMHEN_H

#include <stdint.h>

#if defined(_WIN32) && !defined(KOMHEN_STATIC)
#ifdef KOMHEN_BUILDING
#define KOMHEN_API __declspec(dllexport)
#else
#define KOMHEN_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define KOMHEN_API __attribute__((visibility("default")))
#else
#define KOMHEN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Defined by the Arrow C data interface; komhen needs only their names. */
struct ArrowArrayStream;

/* ---- 1 versions -------------------------------------------------------------------------------------------- */

/** The C ABI that this header describes. It is raised only when a function or struct changes or goes. */
#define KOMHEN_ABI 0

/** The library's version, such as "0.1.0". [any] @since 0.1 */
KOMHEN_API const char *komhen_version(void);
/** The library's C ABI: compare it with KOMHEN_ABI once. [any] @since 0.1 */
KOMHEN_API int32_t komhen_abi_version(void);
/** The method and the edition of its task list, such as "KOMHEN 2.0 (35 tasks, 2012)". [any] @since 0.1 */
KOMHEN_API const char *komhen_method_edition(void);

/* ---- 2 outcomes and errors --------------------------------------------------------------------------------- */

/** Outcome of a call; 0 is success. Read a number that you do not know as KOMHEN_E_FAILED. */
typedef int32_t komhen_status;
enum {
  KOMHEN_OK = 0,
  KOMHEN_E_FAILED = 1,         /**< no more specific number fits */
  KOMHEN_E_ARGUMENT = 2,       /**< an argument is NULL, negative, out of range or of no meaning */
  KOMHEN_E_MEMORY = 3,         /**< memory ran out */
  KOMHEN_E_EDITION = 4,        /**< two cubes in which one number means two different things */
  KOMHEN_E_FORKED = 5,         /**< the handle was opened by the parent of this process */
  KOMHEN_E_FILE = 6,           /**< a file that cannot be opened, read or written */
  KOMHEN_E_FORMAT = 7,         /**< content that is not what it should be */
  KOMHEN_E_OVERFLOW = 8,       /**< a count past 2^63 - 1 */
  KOMHEN_E_CANCELLED = 9,      /**< a callback asked to stop */
  KOMHEN_E_PERSONAL_DATA = 10, /**< a text that looks like a CPR number where none may stand */
  KOMHEN_E_BUSY = 11,          /**< open somewhere else, or called back into from a callback */
  KOMHEN_E_SEALED = 12,        /**< a journal that takes no more records */
  KOMHEN_E_STORAGE = 13        /**< durable storage failed; the sentence says what was kept */
};

/** What went wrong, for people. Yours; a call that succeeds leaves status 0 and an empty message. */
typedef struct komhen_error { /* 1024 bytes */
  uint32_t struct_size; /**< in: sizeof(komhen_error) */
  komhen_status status; /**< out: the number that the call returned */
  int64_t line;         /**< out: in the text or file that was wrong, or the event of a batch, from 1; else 0 */
  int64_t column;       /**< out: likewise, in bytes from 1 */
  char message[1000];   /**< out: one sentence of UTF-8, always terminated, cut between two characters */
} komhen_error;
#define KOMHEN_ERROR_INIT {(uint32_t)sizeof(komhen_error), 0, 0, 0, {0}}

/** Bytes that the library made: a JSON text, a saved cube. Opaque. */
typedef struct komhen_buffer komhen_buffer;
/** Its bytes, with a NUL behind them that does not count; NULL for NULL. [read] @since 0.1 */
KOMHEN_API const char *komhen_buffer_data(const komhen_buffer *buffer);
/** Their number. [read] @since 0.1 */
KOMHEN_API int64_t komhen_buffer_size(const komhen_buffer *buffer);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_buffer_free(komhen_buffer *buffer);

/* ---- 3 words of the method --------------------------------------------------------------------------------- */

/** How the contact came. Written channels count every message, the first two a whole conversation. */
enum {
  KOMHEN_CHANNEL_TELEPHONE = 1,
  KOMHEN_CHANNEL_IN_PERSON = 2,
  KOMHEN_CHANNEL_LETTER = 3,
  KOMHEN_CHANNEL_EMAIL = 4,
  KOMHEN_CHANNEL_DIGITAL_POST = 5,
  KOMHEN_CHANNEL_REMOTE_PRINT = 6,
  KOMHEN_CHANNEL_SELF_SERVICE = 7,
  KOMHEN_CHANNEL_WEBSITE = 8,
  KOMHEN_CHANNEL_SMS = 9,
  KOMHEN_CHANNEL_SOCIAL_MEDIA = 10,
  KOMHEN_CHANNEL_SYSTEM = 11
};
/** What it was about. */
enum {
  KOMHEN_TYPE_NEW_CASE = 1,
  KOMHEN_TYPE_STATUS_CHANGE = 2,
  KOMHEN_TYPE_CASE_INFORMATION = 3,
  KOMHEN_TYPE_GUIDANCE = 4,
  KOMHEN_TYPE_SELF_SERVICE_HELP = 5,
  KOMHEN_TYPE_MISDIRECTED = 6
};
/** Who began it. */
enum { KOMHEN_DIRECTION_INCOMING = 1, KOMHEN_DIRECTION_OUTGOING = 2 };
/** Whether it was closed at once. */
enum { KOMHEN_CLOSURE_NOT_STATED = 0, KOMHEN_CLOSURE_CLOSED = 1, KOMHEN_CLOSURE_PUT_ASIDE = 2 };
/** Which form came with it. */
enum { KOMHEN_FORM_NOT_STATED = 0, KOMHEN_FORM_NONE = 1, KOMHEN_FORM_PAPER = 2, KOMHEN_FORM_DIGITAL = 3 };
/** Why a row was left out: checked in this order, the first that fails is the reason. */
enum {
  KOMHEN_REASON_ACCEPTED = 0,
  KOMHEN_REASON_MALFORMED = 1,
  KOMHEN_REASON_BAD_ENCODING = 2,
  KOMHEN_REASON_PERSONAL_DATA = 3,
  KOMHEN_REASON_UNKNOWN_MUNICIPALITY = 4,
  KOMHEN_REASON_BAD_DATE = 5,
  KOMHEN_REASON_BAD_KLE = 6,
  KOMHEN_REASON_UNKNOWN_TASK = 7,
  KOMHEN_REASON_UNKNOWN_CHANNEL = 8,
  KOMHEN_REASON_UNKNOWN_TYPE = 9,
  KOMHEN_REASON_UNKNOWN_DIRECTION = 10,
  KOMHEN_REASON_UNKNOWN_CLOSURE = 11,
  KOMHEN_REASON_UNKNOWN_FORM = 12,
  KOMHEN_REASON_BAD_COUNT = 13,
  KOMHEN_REASON_BAD_LABEL = 14,
  KOMHEN_REASON_OUTSIDE_ROUND = 15,
  KOMHEN_REASON_OUTSIDE_PARTICIPATION = 16,
  KOMHEN_REASON_DUPLICATE_EVENT = 17,
  KOMHEN_REASON_CONFLICTING_EVENT = 18
};
/** How the contact types are grouped when measuring. */
enum { KOMHEN_SCHEME_KL_2011 = 1, KOMHEN_SCHEME_KL_2012 = 2, KOMHEN_SCHEME_HILLEROED_2014 = 3 };
/** What measures can be split and filtered by. */
enum {
  KOMHEN_DIMENSION_MUNICIPALITY = 1,
  KOMHEN_DIMENSION_WEEK = 2,
  KOMHEN_DIMENSION_TASK = 3,
  KOMHEN_DIMENSION_MAIN_GROUP = 4,
  KOMHEN_DIMENSION_CHANNEL = 5,
  KOMHEN_DIMENSION_TYPE = 6,
  KOMHEN_DIMENSION_GROUP = 7,
  KOMHEN_DIMENSION_DIRECTION = 8,
  KOMHEN_DIMENSION_CLOSURE = 9,
  KOMHEN_DIMENSION_FORM = 10,
  KOMHEN_DIMENSION_SOURCE = 11,
  KOMHEN_DIMENSION_UNIT = 12
};
/** What can be measured. */
enum {
  KOMHEN_MEASURE_CONTACTS = 1,
  KOMHEN_MEASURE_MIX = 2,
  KOMHEN_MEASURE_SELF_SERVICE = 3,
  KOMHEN_MEASURE_DIGITAL = 4,
  KOMHEN_MEASURE_FIRST_CONTACT_CLOSURE = 5,
  KOMHEN_MEASURE_FORM_SHARE = 6
};
/** Channel sets of KOMHEN_MEASURE_DIGITAL; the names are komhen's own. */
enum { KOMHEN_SET_NARROW = 1, KOMHEN_SET_EFFECTIVE = 2, KOMHEN_SET_BROAD = 3, KOMHEN_SET_DISPATCH = 4 };
/** What became of an event that was recorded in a journal. */
enum {
  KOMHEN_RECORDED = 1,           /**< it is new, it counts, and it is durable */
  KOMHEN_RECORDED_DUPLICATE = 2, /**< the key was there with the same content; nothing was counted */
  KOMHEN_RECORDED_CONFLICT = 3,  /**< the key was there with other content; nothing was counted */
  KOMHEN_RECORDED_CANCELLED = 4  /**< the key has been undone and stays so; nothing was counted */
};
/** What became of an undo. */
enum {
  KOMHEN_UNDONE = 1,         /**< the event counts no more */
  KOMHEN_UNDONE_WAITING = 2, /**< there is no such event yet; when it comes, it will not count */
  KOMHEN_UNDONE_ALREADY = 3  /**< it had been undone already */
};
/** Languages of labels, and encodings of files (0: found from the file). */
enum { KOMHEN_DANISH = 1, KOMHEN_ENGLISH = 2 };
enum { KOMHEN_ENCODING_ANY = 0, KOMHEN_ENCODING_UTF8 = 1, KOMHEN_ENCODING_WINDOWS1252 = 2 };

/** The lists of words above, for komhen_token(), komhen_label() and komhen_find_word(). */
enum {
  KOMHEN_WORDS_CHANNEL = 1,
  KOMHEN_WORDS_TYPE = 2,
  KOMHEN_WORDS_DIRECTION = 3,
  KOMHEN_WORDS_CLOSURE = 4,
  KOMHEN_WORDS_FORM = 5,
  KOMHEN_WORDS_REASON = 6,
  KOMHEN_WORDS_SCHEME = 7,
  KOMHEN_WORDS_DIMENSION = 8,
  KOMHEN_WORDS_MEASURE = 9,
  KOMHEN_WORDS_SET = 10,
  KOMHEN_WORDS_RECORDED = 11,
  KOMHEN_WORDS_UNDONE = 12,
  KOMHEN_WORDS_UNIT = 13,     /**< of figures (7) */
  KOMHEN_WORDS_CERTAINTY = 14 /**< of figures (7) */
};
/** The word in files, JSON and tables, such as "self_service"; NULL for a number that the list does not have, so
 *  that counting from 0 or 1 until NULL walks the list. [any] @since 0.1 */
KOMHEN_API const char *komhen_token(int32_t words, int32_t number);
/** The word for people, such as "Selvbetjening"; NULL likewise. [any] @since 0.1 */
KOMHEN_API const char *komhen_label(int32_t words, int32_t number, int32_t language);
/** The number that a file's word stands for, whatever its case and however æ, ø and å are written; -1 for a word
 *  that the list does not have. [any] @since 0.1 */
KOMHEN_API int32_t komhen_find_word(int32_t words, const char *text, int64_t size);

/** The code of the municipality at this place of the list of 98, sorted by code; 0 behind its end. [any] @since 0.1 */
KOMHEN_API int32_t komhen_municipality_at(int64_t index);
/** Its name without "Kommune", such as "Herning" for 657; NULL for a code that there is not. [any] @since 0.1 */
KOMHEN_API const char *komhen_municipality_name(int32_t code);
/** The code that a code or name means, as in files ("657", "0657", "Herning"); 0 for none. [any] @since 0.1 */
KOMHEN_API int32_t komhen_find_municipality(const char *text, int64_t size);

/** One of the 35 mandatory tasks. The names are Danish and live as long as the process. */
typedef struct komhen_task { /* 40 bytes */
  uint32_t struct_size;   /**< in: sizeof(komhen_task) */
  int32_t kle;            /**< the key: KLE number, digits only; 23.05.10 is 230510 */
  int32_t number;         /**< row of the report's annex 1 */
  char form[12];          /**< FORM code, such as "08.15.05.10"; one code can serve several tasks */
  const char *name;       /**< as printed in the annex */
  const char *table_name; /**< as printed in the self-service table */
} komhen_task;
#define KOMHEN_TASK_INIT {(uint32_t)sizeof(komhen_task), 0, 0, {0}, 0, 0}
/** The task at this place of the list, sorted by KLE number; 1 when there is one, 0 behind the end. [any] @since 0.1 */
KOMHEN_API int32_t komhen_task_at(int64_t index, komhen_task *out);
/** The task with this KLE number; 0 when it is not one of the 35. [any] @since 0.1 */
KOMHEN_API int32_t komhen_find_task(int32_t kle, komhen_task *out);

/** Reads "23.05.10" as 230510; -1 for anything else. [any] @since 0.1 */
KOMHEN_API int32_t komhen_read_kle(const char *text, int64_t size);
/** Reads "2012-W17" as 201217 (ISO year * 100 + ISO week); 0 for anything else, or outside 1990-W01 to 2068-W26.
 *  [any] @since 0.1 */
KOMHEN_API int32_t komhen_read_week(const char *text, int64_t size);
/** The week of a day: 2012-12-31 is 201301. 0 for a day that does not exist. [any] @since 0.1 */
KOMHEN_API int32_t komhen_week_of(int32_t year, int32_t month, int32_t day);

/* ---- 4 rounds, participation, profiles --------------------------------------------------------------------- */

/** A counting round: weeks, scheme, task package and reclassification rules. Immutable. Opaque. */
typedef struct komhen_round komhen_round;
/** The round with this id ("2012-spring"), or from the TOML file of this path (docs/rounds.md).
 *  Fails with ARGUMENT, FILE or FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_round_load(const char *id_or_path, int64_t size, komhen_round **out,
                                           komhen_error *err);
/** The same from TOML text. `name` is what errors call it. Fails with FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_round_parse(const char *toml, int64_t size, const char *name, int64_t name_size,
                                            komhen_round **out, komhen_error *err);
/** Its id; NULL for NULL. [read] @since 0.1 */
KOMHEN_API const char *komhen_round_id(const komhen_round *round);
/** Its scheme, KOMHEN_SCHEME_*; 0 for NULL. [read] @since 0.1 */
KOMHEN_API int32_t komhen_round_scheme(const komhen_round *round);
/** Its week at this place, such as 201217; 0 behind the last. [read] @since 0.1 */
KOMHEN_API int32_t komhen_round_week(const komhen_round *round, int64_t index);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_round_free(komhen_round *round);

/** The weeks in which each municipality counts. Immutable. Opaque. */
typedef struct komhen_participation komhen_participation;
/** From a CSV file `municipality;weeks`. Fails with FILE or FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_participation_load(const char *path, int64_t size, komhen_participation **out,
                                                   komhen_error *err);
/** The same from text. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_participation_parse(const char *csv, int64_t size, const char *name,
                                                    int64_t name_size, komhen_participation **out,
                                                    komhen_error *err);
/** Whether the municipality counts in the week: 1 or 0. [read] @since 0.1 */
KOMHEN_API int32_t komhen_participation_has(const komhen_participation *participation, int32_t municipality,
                                            int32_t week);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_participation_free(komhen_participation *participation);

/** How to read a file or stream whose columns are not those of the exchange file. Immutable. Opaque. */
typedef struct komhen_profile komhen_profile;
/** From a TOML file (docs/exchange-file.md). Fails with FILE or FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_profile_load(const char *path, int64_t size, komhen_profile **out,
                                             komhen_error *err);
/** The same from text. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_profile_parse(const char *toml, int64_t size, const char *name,
                                              int64_t name_size, komhen_profile **out, komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_profile_free(komhen_profile *profile);

/* ---- 5 cubes ----------------------------------------------------------------------------------------------- */

/** An exact tally of contacts over ten dimensions: municipality, week, task, channel, type, direction, closure,
 *  form, source and unit. Counts are 64-bit and checked. No person and no event id is in it. Opaque.
 *  A cube has one writer. To count in parallel, give each thread a cube and merge them: the order is all one. */
typedef struct komhen_cube komhen_cube;

/** One or more equal contacts. */
typedef struct komhen_registration { /* 88 bytes */
  uint32_t struct_size;  /**< sizeof(komhen_registration) */
  int32_t municipality;  /**< code: Herning is 657 */
  int32_t week;          /**< 2012-W17 is 201217 */
  int32_t task;          /**< KLE number, digits only: 23.05.10 is 230510 */
  uint8_t channel;       /**< KOMHEN_CHANNEL_* */
  uint8_t type;          /**< KOMHEN_TYPE_* */
  uint8_t direction;     /**< KOMHEN_DIRECTION_* */
  uint8_t closure;       /**< KOMHEN_CLOSURE_* */
  uint8_t form;          /**< KOMHEN_FORM_* */
  uint8_t reserved[11];  /**< 0 */
  int64_t count;         /**< contacts, 1 to 2147483647 */
  const char *source;    /**< the system or way of counting; at most 64 bytes, no control characters */
  int64_t source_size;
  const char *unit;      /**< the office or a local parameter; likewise */
  int64_t unit_size;
  const char *event_id;  /**< the event's own id, at most 128 bytes: a journal needs one, a cube reads none */
  int64_t event_id_size;
} komhen_registration;
#define KOMHEN_REGISTRATION_INIT \
  {(uint32_t)sizeof(komhen_registration), 0, 0, 0, 0, 0, 0, 0, 0, {0}, 1, 0, 0, 0, 0, 0, 0}

/** Registrations as columns of equal length, for one call instead of many. A column that may be NULL says so. */
typedef struct komhen_columns { /* 152 bytes */
  uint32_t struct_size;          /**< sizeof(komhen_columns) */
  int32_t reserved;              /**< 0 */
  int64_t length;                /**< number of rows */
  const int32_t *municipality;   /**< codes */
  const int32_t *week;           /**< 201217 */
  const int32_t *task;           /**< 230510 */
  const uint8_t *channel;        /**< KOMHEN_CHANNEL_* */
  const uint8_t *type;           /**< KOMHEN_TYPE_* */
  const uint8_t *direction;      /**< KOMHEN_DIRECTION_* */
  const uint8_t *closure;        /**< KOMHEN_CLOSURE_*; NULL: not stated on every row */
  const uint8_t *form;           /**< KOMHEN_FORM_*; NULL: not stated on every row */
  const int64_t *count;          /**< contacts, 1 to 2147483647; NULL: 1 on every row */
  const int32_t *source;         /**< places in `sources`; NULL: the first of them on every row */
  const char *const *sources;    /**< NULL with sources_count 0: no source on any row */
  const int64_t *sources_sizes;  /**< bytes of each */
  int64_t sources_count;
  const int32_t *unit;           /**< as source */
  const char *const *units;
  const int64_t *units_sizes;
  int64_t units_count;
} komhen_columns;
#define KOMHEN_COLUMNS_INIT \
  {(uint32_t)sizeof(komhen_columns), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/** A rejected row. Texts live during the callback only and are masked where they look personal. */
typedef struct komhen_reject { /* 56 bytes */
  uint32_t struct_size;
  int32_t reason;     /**< KOMHEN_REASON_* */
  int64_t line;       /**< where the row begins in its file, or its number in a stream, from 1 */
  const char *file;   /**< as the caller named it; empty for a stream */
  int64_t file_size;
  const char *column; /**< the dimension that failed, such as "channel"; NULL where there is none */
  const char *text;   /**< what stood there; NULL where there is none */
  int64_t text_size;
} komhen_reject;

/** Called for every rejected row. */
typedef void (*komhen_reject_callback)(const komhen_reject *reject, void *data);
/** Called now and then with the work done and the work in all (0: not known); 0 stops it: KOMHEN_E_CANCELLED. */
typedef int32_t (*komhen_progress_callback)(int64_t done, int64_t total, void *data);
/** Called with the name of a column that was not read. */
typedef void (*komhen_name_callback)(const char *name, int64_t size, void *data);

/** What a count is told. All of it may be 0. */
typedef struct komhen_count_options { /* 104 bytes; 96 without threads, which are taken too */
  uint32_t struct_size;                      /**< sizeof(komhen_count_options) */
  int32_t encoding;                          /**< KOMHEN_ENCODING_*, for files without a byte order mark */
  const komhen_round *round;                 /**< rows outside its weeks and package are rejected */
  const komhen_participation *participation; /**< rows outside a municipality's weeks are rejected */
  const komhen_profile *profile;             /**< of files and streams */
  const char *rejects;                       /**< path of a reject file to write; of files and streams */
  int64_t rejects_size;
  komhen_reject_callback on_reject;          /**< of files and streams */
  void *on_reject_data;
  komhen_name_callback on_unread_column;     /**< of files and streams */
  void *on_unread_column_data;
  komhen_progress_callback progress;         /**< of files and streams */
  void *progress_data;
  int32_t threads;  /**< that may count a file or a text at the same time, the calling one too, at most 64; 0 is 1, and
                         -1 as many as there are processors, four at most. Everything is called on the calling
                         thread, and nothing of the result depends on it. */
  int32_t reserved; /**< 0 */
} komhen_count_options;
#define KOMHEN_COUNT_OPTIONS_INIT \
  {(uint32_t)sizeof(komhen_count_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/** What became of the rows of a call: rows_read is rows_accepted and all of `rejected` together, always. */
typedef struct komhen_outcome { /* 544 bytes */
  uint32_t struct_size;  /**< in: sizeof(komhen_outcome) */
  int32_t encoding;      /**< KOMHEN_ENCODING_* of the files; ANY where they hold ASCII only or differ */
  int64_t rows_read;
  int64_t rows_accepted;
  int64_t contacts;      /**< the accepted rows' counts together */
  int64_t rejected[64];  /**< rows by KOMHEN_REASON_*; the first is 0 */
} komhen_outcome;
#define KOMHEN_OUTCOME_INIT {(uint32_t)sizeof(komhen_outcome), 0, 0, 0, 0, {0}}

/** An empty cube. Fails with MEMORY. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_new(komhen_cube **out, komhen_error *err);
/** A copy. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_copy(const komhen_cube *cube, komhen_cube **out, komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_cube_free(komhen_cube *cube);

/** Validates and counts one registration. A row that breaks a rule is not an error: it is left out, and the reason
 *  is in `reason`. `options` may be NULL; of it round and participation are looked at.
 *  Fails with ARGUMENT (also for reason NULL), OVERFLOW, EDITION or MEMORY; the cube is then as it was.
 *  [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_add(komhen_cube *cube, const komhen_registration *registration,
                                         const komhen_count_options *options, int32_t *reason,
                                         komhen_error *err);
/** Validates and counts many. Of `options`, which may be NULL, round and participation are looked at.
 *  @param[out] reasons  `length` bytes, each 0 for a row that counts, else its KOMHEN_REASON_*; may be NULL.
 *  @param[out] outcome  may be NULL.
 *  Fails as komhen_cube_add(); then nothing of the batch was counted. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_add_columns(komhen_cube *cube, const komhen_columns *columns,
                                                 const komhen_count_options *options, uint8_t *reasons,
                                                 komhen_outcome *outcome, komhen_error *err);
/** Reads and counts registration files (docs/exchange-file.md), in their order; duplicate events are found across
 *  all of them. Memory is constant but for the cube and the event ids.
 *  Fails with ARGUMENT, FILE, FORMAT, OVERFLOW, EDITION, CANCELLED or MEMORY; then nothing was counted and no
 *  reject file was left. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_add_files(komhen_cube *cube, const char *const *paths, const int64_t *sizes,
                                               int64_t count, const komhen_count_options *options,
                                               komhen_outcome *outcome, komhen_error *err);
/** The same from one file's bytes in memory. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_add_text(komhen_cube *cube, const char *bytes, int64_t size,
                                              const komhen_count_options *options, komhen_outcome *outcome,
                                              komhen_error *err);
/** The same from an Arrow stream (docs/arrow.md), which is released exactly once on every path: afterwards
 *  stream->release is NULL. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_add_arrow(komhen_cube *cube, struct ArrowArrayStream *stream,
                                               const komhen_count_options *options, komhen_outcome *outcome,
                                               komhen_error *err);
/** Adds every cell of `from`, and remembers its rounds. `into` may be `from`.
 *  Fails with OVERFLOW or EDITION; the cube is then as it was. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_merge(komhen_cube *into, const komhen_cube *from, komhen_error *err);

/** The contacts in it; 0 for NULL. [read] @since 0.1 */
KOMHEN_API int64_t komhen_cube_contacts(const komhen_cube *cube);
/** The cells in it that are not empty; 0 for NULL. [read] @since 0.1 */
KOMHEN_API int64_t komhen_cube_cells(const komhen_cube *cube);
/** Whether two cubes hold the same contacts and rounds, however they were counted: 1 or 0. [read] @since 0.1 */
KOMHEN_API int32_t komhen_cube_equal(const komhen_cube *a, const komhen_cube *b);
/** Every cell: the ten dimensions and `count`. [read] @since 0.1 */
typedef struct komhen_table komhen_table;
KOMHEN_API komhen_status komhen_cube_table(const komhen_cube *cube, komhen_table **out, komhen_error *err);

/** Writes the cube to a file, which appears when it is complete. Fails with FILE. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_save(const komhen_cube *cube, const char *path, int64_t size,
                                          komhen_error *err);
/** Reads a saved cube. One that is cut short or altered fails with FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_load(const char *path, int64_t size, komhen_cube **out, komhen_error *err);
/** The same as bytes; equal cubes give equal bytes. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_to_bytes(const komhen_cube *cube, komhen_buffer **out, komhen_error *err);
/** [any] @since 0.1 */
KOMHEN_API komhen_status komhen_cube_from_bytes(const char *bytes, int64_t size, komhen_cube **out,
                                                komhen_error *err);

/* ---- 6 measures -------------------------------------------------------------------------------------------- */

/** What is measured, of what, split how (docs/measures.md). Opaque. */
typedef struct komhen_query komhen_query;
/** @param measure  KOMHEN_MEASURE_*. Fails with ARGUMENT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_query_new(int32_t measure, komhen_query **out, komhen_error *err);
/** Splits by one more dimension, KOMHEN_DIMENSION_*. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_by(komhen_query *query, int32_t dimension, komhen_error *err);
/** Keeps only contacts with this value, such as "telephone", "23.05.10" or "657". Several of one dimension: with
 *  any of them. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_where(komhen_query *query, int32_t dimension, const char *value,
                                            int64_t size, komhen_error *err);
/** Leaves contacts with this value out. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_without(komhen_query *query, int32_t dimension, const char *value,
                                              int64_t size, komhen_error *err);
/** The task set: "all" (the default), "kl-35" or the path of a file. Fails with ARGUMENT, FILE or FORMAT.
 *  [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_tasks(komhen_query *query, const char *name_or_path, int64_t size,
                                            komhen_error *err);
/** Of self_service: "application" (the default), "all" or a group of the scheme. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_basis(komhen_query *query, const char *basis, int64_t size,
                                            komhen_error *err);
/** Of digital: KOMHEN_SET_*. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_set(komhen_query *query, int32_t set, komhen_error *err);
/** KOMHEN_SCHEME_*; without it that of the cube's rounds. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_scheme(komhen_query *query, int32_t scheme, komhen_error *err);
/** 1 leaves the rounds' reclassification rules out; 0 is the default. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_raw(komhen_query *query, int32_t raw, komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_query_free(komhen_query *query);

/** Measures a cube. Columns: the dimensions of the query, then `contacts`, or `numerator`, `denominator` and
 *  `share`, then what stands beside the share. Fails with ARGUMENT for what cannot be measured so.
 *  [read, of cube and query] @since 0.1 */
KOMHEN_API komhen_status komhen_measure(const komhen_cube *cube, const komhen_query *query, komhen_table **out,
                                        komhen_error *err);
/** Measures two cubes, and the exact change of the share from the one to the other: shares are subtracted first
 *  and rounded last. The table's notes say why a change may not be one of behaviour. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_compare(const komhen_cube *before, const komhen_cube *after,
                                        const komhen_query *query, komhen_table **out, komhen_error *err);
/** The share in whole per cent, rounded half up, as KL's report prints it; -1 when denominator is not above 0 or
 *  numerator not within it. [any] @since 0.1 */
KOMHEN_API int32_t komhen_per_cent(int64_t numerator, int64_t denominator);

/* ---- 7 costs, cases, goals --------------------------------------------------------------------------------- */

/* Money crosses as decimal text, such as "1234.50". A missing price is an error that names the combination or, where
 * `unpriced_apart` is 1, its contacts are counted apart: never zero. */

/** A price table (docs/costs.md). Opaque. */
typedef struct komhen_prices komhen_prices;
/** The name of the built-in table at this place, such as "copenhagen-2010"; NULL behind the last. [any] @since 0.1 */
KOMHEN_API const char *komhen_price_table_name(int64_t index);
/** The built-in table of this name, or from a .toml or .csv file. Fails with ARGUMENT, FILE or FORMAT.
 *  [any] @since 0.1 */
KOMHEN_API komhen_status komhen_prices_load(const char *name_or_path, int64_t size, komhen_prices **out,
                                            komhen_error *err);
/** From TOML text. `name` is what errors call it. Fails with FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_prices_parse(const char *toml, int64_t size, const char *name, int64_t name_size,
                                             komhen_prices **out, komhen_error *err);
/** The same from CSV text with a header row, in UTF-8 or Windows-1252. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_prices_parse_csv(const char *csv, int64_t size, const char *name, int64_t name_size,
                                                 komhen_prices **out, komhen_error *err);
/** Which of the table's prices are meant, where it holds several: a source, a year (0: any), a cost basis
 *  ("variable", "fixed", "total", "not_stated"). An empty text is any. Fails with ARGUMENT when that leaves several
 *  or none; the choice is then as it was. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_prices_choose(komhen_prices *prices, const char *source, int64_t source_size,
                                              int32_t year, const char *basis, int64_t basis_size,
                                              komhen_error *err);
/** Every row of the table, with its provenance. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_prices_table(const komhen_prices *prices, komhen_table **out, komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_prices_free(komhen_prices *prices);

/** The self-service level, 0 to 3, of a task's solution (`kle` 0: of those on every other task). No registration
 *  holds one. Of komhen_cost(); measures do not look at it. [handle] @since 0.1 */
KOMHEN_API komhen_status komhen_query_level(komhen_query *query, int32_t kle, int32_t level, komhen_error *err);
/** What the contacts of a cube cost. Of the query dimensions, filters, tasks, scheme, raw and levels are looked at.
 *  Columns: the dimensions, `contacts`, `unpriced`, `cost`, `per_contact` (kroner, rounded half up to whole oere)
 *  and `share`; the three are missing where no contact of the row has a price. The JSON holds the total, the exact
 *  fractions and the prices used. Fails with ARGUMENT for a missing price, and as komhen_measure().
 *  [read, of cube, prices and query] @since 0.1 */
KOMHEN_API komhen_status komhen_cost(const komhen_cube *cube, const komhen_prices *prices,
                                     const komhen_query *query, int32_t unpriced_apart, komhen_table **out,
                                     komhen_error *err);
/** What moving contacts from one channel to another changes: one row of `contacts`, `from`, `to`, `before`, `after`,
 *  `saving`. What the table's prices do not ask for is left out: direction 0, an empty group, an empty level ("0" to
 *  "3", of self_service). [read] @since 0.1 */
KOMHEN_API komhen_status komhen_cost_of_move(const komhen_prices *prices, int64_t contacts, int32_t from_channel,
                                             int32_t to_channel, int32_t direction, const char *group,
                                             int64_t group_size, const char *level, int64_t level_size,
                                             komhen_table **out, komhen_error *err);

/** What a figure of a business case is counted in. */
enum {
  KOMHEN_UNIT_KRONER = 1,
  KOMHEN_UNIT_CONTACTS = 2,
  KOMHEN_UNIT_MINUTES = 3,
  KOMHEN_UNIT_HOURS = 4,
  KOMHEN_UNIT_FTE = 5,
  KOMHEN_UNIT_SHARE = 6,
  KOMHEN_UNIT_FACTOR = 7,
  KOMHEN_UNIT_YEAR = 8,
  KOMHEN_UNIT_LETTERS = 9,
  KOMHEN_UNIT_HOURS_PER_FTE = 10
};
/** How a figure is known. */
enum {
  KOMHEN_CERTAINTY_EXACT = 1,   /**< a source prints it, and what is computed agrees */
  KOMHEN_CERTAINTY_DERIVED = 2, /**< computed exactly; no source prints it, or what it prints disagrees */
  KOMHEN_CERTAINTY_ESTIMATE = 3 /**< computed with binary fractions or drawn at random */
};

/** A business case that has been computed (docs/cases.md). Immutable. Opaque. */
typedef struct komhen_case komhen_case;
/** A figure of a case. The texts live as long as the case. */
typedef struct komhen_figure { /* 72 bytes */
  uint32_t struct_size; /**< in: sizeof(komhen_figure) */
  int32_t unit;         /**< KOMHEN_UNIT_* */
  int32_t certainty;    /**< KOMHEN_CERTAINTY_* */
  int32_t agrees;       /**< 1: with what is printed, 0: it does not, -1: nothing is printed of it */
  const char *id;       /**< such as "saving_actual" */
  const char *label;    /**< for people; may be empty */
  const char *value;    /**< decimal text; what never ends is rounded half up to 6 decimals, kroner to 2 */
  const char *exact;    /**< the exact value, as long as its decimals go or as a fraction; NULL for an estimate */
  const char *formula;
  const char *source;
  const char *printed;  /**< what a source prints of it, such as "1 to 2"; NULL where none does */
} komhen_figure;
#define KOMHEN_FIGURE_INIT {(uint32_t)sizeof(komhen_figure), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/** Computes a case from a TOML file; paths in it begin at its own folder. Fails with FILE, FORMAT for what the file
 *  holds, ARGUMENT for a missing price or a division by zero, or OVERFLOW. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_case_run(const char *path, int64_t size, komhen_case **out, komhen_error *err);
/** The same from text. `folder` is where paths in it begin; empty for the current one. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_case_parse(const char *toml, int64_t size, const char *name, int64_t name_size,
                                           const char *folder, int64_t folder_size, komhen_case **out,
                                           komhen_error *err);
/** What stands in place of a case file's own `[uncertainty]`. Where the file has none, nothing is drawn. */
typedef struct komhen_case_options { /* 24 bytes */
  uint32_t struct_size; /**< sizeof(komhen_case_options) */
  int32_t own_seed;     /**< 1: `seed` stands in place of the file's; 0: the file's */
  uint64_t seed;        /**< any number; of no meaning where own_seed is 0 */
  int64_t draws;        /**< 1 to 10,000,000 in place of the file's; 0: the file's */
} komhen_case_options;
#define KOMHEN_CASE_OPTIONS_INIT {(uint32_t)sizeof(komhen_case_options), 0, 0, 0}
/** komhen_case_run() with a seed and draws of your own. `options` may be NULL. Fails with ARGUMENT for options that
 *  there cannot be, and as komhen_case_run(). [any] @since 0.1 */
KOMHEN_API komhen_status komhen_case_run_with(const char *path, int64_t size, const komhen_case_options *options,
                                              komhen_case **out, komhen_error *err);
/** The same from text, as komhen_case_parse(). [any] @since 0.1 */
KOMHEN_API komhen_status komhen_case_parse_with(const char *toml, int64_t size, const char *name, int64_t name_size,
                                                const char *folder, int64_t folder_size,
                                                const komhen_case_options *options, komhen_case **out,
                                                komhen_error *err);
/** [read] @since 0.1 */
KOMHEN_API const char *komhen_case_title(const komhen_case *business_case);
/** How many figures it has; 0 for NULL. [read] @since 0.1 */
KOMHEN_API int64_t komhen_case_figures(const komhen_case *business_case);
/** The figure at this place; 1 when there is one, 0 behind the last. [read] @since 0.1 */
KOMHEN_API int32_t komhen_case_figure_at(const komhen_case *business_case, int64_t index, komhen_figure *out);
/** The figure with this id; 0 when there is none. [read] @since 0.1 */
KOMHEN_API int32_t komhen_case_find(const komhen_case *business_case, const char *id, int64_t size,
                                    komhen_figure *out);
/** A sentence where what is computed and what is printed disagree, or that a reader must know; NULL behind the last.
 *  [read] @since 0.1 */
KOMHEN_API const char *komhen_case_warning(const komhen_case *business_case, int64_t index);
/** A figure in words: value, formula, inputs and sources; of an empty id the whole case with its process steps.
 *  Fails with ARGUMENT for an id that there is not. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_case_explain(const komhen_case *business_case, const char *figure, int64_t size,
                                             komhen_buffer **out, komhen_error *err);
/** The case in the stable JSON of the command line. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_case_json(const komhen_case *business_case, komhen_buffer **out,
                                          komhen_error *err);
/** A row for each figure: `figure`, `value`, `unit`, `certainty`. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_case_table(const komhen_case *business_case, komhen_table **out,
                                           komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_case_free(komhen_case *business_case);

/** A cube frozen with its task set, scheme and day (docs/goals.md). Immutable. Opaque. */
typedef struct komhen_baseline komhen_baseline;
/** Freezes a cube's contacts on a task set ("all", "kl-35", "udk-2012", "mandatory" or the path of a file).
 *  `tasks_at` is the day that a dated set is meant on, such as "2013-03-01", or empty; scheme 0 is that of the cube's
 *  rounds. Fails with ARGUMENT, FILE or FORMAT. [read, of the cube] @since 0.1 */
KOMHEN_API komhen_status komhen_baseline_freeze(const komhen_cube *cube, const char *tasks, int64_t tasks_size,
                                                const char *tasks_at, int64_t tasks_at_size, int32_t scheme,
                                                const char *date, int64_t date_size, komhen_baseline **out,
                                                komhen_error *err);
/** Writes the file, which appears when it is complete. Fails with FILE. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_baseline_save(const komhen_baseline *baseline, const char *path, int64_t size,
                                              komhen_error *err);
/** Reads a saved baseline. One that is cut short or altered fails with FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_baseline_load(const char *path, int64_t size, komhen_baseline **out,
                                              komhen_error *err);
/** 64 digits that parties can note down: no other baseline has them. NULL for NULL. [read] @since 0.1 */
KOMHEN_API const char *komhen_baseline_fingerprint(const komhen_baseline *baseline);
/** Its contacts, as a cube of your own. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_baseline_cube(const komhen_baseline *baseline, komhen_cube **out,
                                              komhen_error *err);
/** Date, tasks, scheme, contacts and fingerprint as JSON. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_baseline_json(const komhen_baseline *baseline, komhen_buffer **out,
                                              komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_baseline_free(komhen_baseline *baseline);

/** Goals as data (docs/goals.md). Immutable. Opaque. */
typedef struct komhen_goals komhen_goals;
/** From a TOML file. Fails with FILE or FORMAT. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_goals_load(const char *path, int64_t size, komhen_goals **out, komhen_error *err);
/** The same from text. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_goals_parse(const char *toml, int64_t size, const char *name, int64_t name_size,
                                            komhen_goals **out, komhen_error *err);
/** Holds the goals against a cube. `before`, which may be NULL, is what changes are measured from; `prices`, which
 *  may be NULL, say what reaching a goal would save. A row for each goal; the notes stand behind its id. Fails with
 *  ARGUMENT as komhen_measure() does, when `before` was counted after `cube`, and for a missing price.
 *  [read] @since 0.1 */
KOMHEN_API komhen_status komhen_goals_evaluate(const komhen_goals *goals, const komhen_cube *cube,
                                               const komhen_cube *before, const komhen_prices *prices,
                                               int32_t unpriced_apart, komhen_table **out, komhen_error *err);
/** The same against a baseline, whose tasks and scheme take the place of the goals'. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_goals_against(const komhen_goals *goals, const komhen_cube *cube,
                                              const komhen_baseline *baseline, const komhen_prices *prices,
                                              int32_t unpriced_apart, komhen_table **out, komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_goals_free(komhen_goals *goals);

/** The plan of the four waves as it was printed, and what came. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_waves_table(komhen_table **out, komhen_error *err);
/** The candidates of a TOML file (docs/goals.md), ranked for the next wave with their reasons; scheme 0 is that of the
 *  cube's rounds. Fails with FILE, FORMAT or ARGUMENT. [read, of cube and prices] @since 0.1 */
KOMHEN_API komhen_status komhen_waves_rank(const char *path, int64_t size, const komhen_cube *cube,
                                           const komhen_prices *prices, int32_t scheme, int32_t unpriced_apart,
                                           komhen_table **out, komhen_error *err);

/* ---- 8 tables ---------------------------------------------------------------------------------------------- */

/** Rows and columns. Immutable. Opaque (declared in 5). */
enum {
  KOMHEN_COLUMN_INTEGER = 1, /**< int64: counts, municipality codes */
  KOMHEN_COLUMN_TEXT = 2,    /**< UTF-8: tokens, KLE numbers, weeks, labels */
  KOMHEN_COLUMN_DECIMAL = 3  /**< decimal text with a point, such as "0.333333" */
};
/** [read] @since 0.1 */
KOMHEN_API int64_t komhen_table_rows(const komhen_table *table);
/** [read] @since 0.1 */
KOMHEN_API int64_t komhen_table_columns(const komhen_table *table);
/** The column's name, such as "share"; NULL for a column that there is not. [read] @since 0.1 */
KOMHEN_API const char *komhen_table_column_name(const komhen_table *table, int64_t column);
/** KOMHEN_COLUMN_*; 0 for a column that there is not. [read] @since 0.1 */
KOMHEN_API int32_t komhen_table_column_kind(const komhen_table *table, int64_t column);
/** The cell as text, whatever its kind; NULL for a cell that holds nothing (a share of no contacts) or that there
 *  is not. `size`, which may be NULL, is set to its bytes. [read] @since 0.1 */
KOMHEN_API const char *komhen_table_text(const komhen_table *table, int64_t row, int64_t column, int64_t *size);
/** The cell of an integer column. Fails with ARGUMENT for another column or a cell that holds nothing.
 *  [read] @since 0.1 */
KOMHEN_API komhen_status komhen_table_integer(const komhen_table *table, int64_t row, int64_t column,
                                              int64_t *out, komhen_error *err);
/** A sentence that a reader of the table should know; NULL behind the last. [read] @since 0.1 */
KOMHEN_API const char *komhen_table_note(const komhen_table *table, int64_t index);
/** The table in the stable JSON of the command line. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_table_json(const komhen_table *table, komhen_buffer **out, komhen_error *err);
/** Comma-separated text with a header row. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_table_csv(const komhen_table *table, komhen_buffer **out, komhen_error *err);
/** The table as an Arrow stream of one batch. `out` is yours to release and outlives the table. [read] @since 0.1 */
KOMHEN_API komhen_status komhen_table_arrow(const komhen_table *table, struct ArrowArrayStream *out,
                                            komhen_error *err);
/** [handle] @since 0.1 */
KOMHEN_API void komhen_table_free(komhen_table *table);

/* ---- 9 the journal ----------------------------------------------------------------------------------------- */

/** Durable counting: every event is counted once, for good. One file, held by one handle of one process at a time.
 *  Opaque. docs/journal.md says what it promises.
 *
 *  The key of an event is municipality, source and event_id, given by you. When a call was interrupted, record the
 *  event again with the same key, as often as you like: it is counted once.
 *  Threads: [any] for every function below but _free, and threads that record at once share their syncs.
 *  After fork() a handle is the parent's: in the child every call gives FORKED, and _free releases memory only. */
typedef struct komhen_journal komhen_journal;

typedef struct komhen_journal_options { /* 16 bytes */
  uint32_t struct_size;        /**< sizeof(komhen_journal_options) */
  int32_t mode;                /**< KOMHEN_JOURNAL_* */
  int32_t trial;               /**< 1 for trial counts, which never mix with real ones; a file is one or the other */
  int32_t group_delay_micros;  /**< how long a record may wait for others to share its sync: 0 to 100000 */
} komhen_journal_options;
#define KOMHEN_JOURNAL_OPTIONS_INIT {(uint32_t)sizeof(komhen_journal_options), 0, 0, 0}
enum {
  KOMHEN_JOURNAL_OPEN_OR_CREATE = 0,
  KOMHEN_JOURNAL_CREATE = 1, /**< the file must not be there */
  KOMHEN_JOURNAL_OPEN = 2    /**< it must */
};

typedef struct komhen_journal_status { /* 64 bytes */
  uint32_t struct_size; /**< in: sizeof(komhen_journal_status) */
  int32_t trial;        /**< 1 or 0 */
  int32_t sealed;       /**< 1 or 0 */
  int32_t schema;       /**< version of the file's format */
  int64_t events;       /**< recorded, whether they count or not */
  int64_t counting;     /**< events that count */
  int64_t undone;       /**< events that were undone */
  int64_t waiting;      /**< undos whose event has not come */
  int64_t contacts;     /**< contacts of the events that count */
  int64_t sequence;     /**< number of the last thing recorded; 0 when there is none */
} komhen_journal_status;
#define KOMHEN_JOURNAL_STATUS_INIT {(uint32_t)sizeof(komhen_journal_status), 0, 0, 0, 0, 0, 0, 0, 0, 0}

/** Opens the journal at `path`, and holds it until it is freed. `options` may be NULL.
 *  Fails with BUSY when it is open elsewhere, FILE, FORMAT (also for a newer format), ARGUMENT (trial and real),
 *  STORAGE or MEMORY. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_open(const char *path, int64_t size,
                                             const komhen_journal_options *options, komhen_journal **out,
                                             komhen_error *err);
/** Closes it. Nothing acknowledged is lost, whether it is called or not. [handle] @since 0.1 */
KOMHEN_API void komhen_journal_free(komhen_journal *journal);

/** Records one event. When it returns KOMHEN_OK, what `recorded` (KOMHEN_RECORDED_*) says is durable: it survives
 *  the process, kill -9 and loss of power. A registration that is not valid fails with ARGUMENT, and one that holds
 *  something like a CPR number with PERSONAL_DATA. Also SEALED, STORAGE, FORKED, MEMORY. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_record(komhen_journal *journal, const komhen_registration *event,
                                               int32_t *recorded, komhen_error *err);
/** Records many with one sync: all or, on failure, none. All have the struct_size of the first, which is the distance
 *  between them. @param[out] recorded  `count` bytes of KOMHEN_RECORDED_*; may be NULL. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_record_many(komhen_journal *journal, const komhen_registration *events,
                                                    int64_t count, uint8_t *recorded, komhen_error *err);
/** Takes an event back, durably, by an event of its own; nothing is deleted. An undo may come before its event.
 *  @param[out] undone  KOMHEN_UNDONE_*. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_undo(komhen_journal *journal, int32_t municipality, const char *source,
                                             int64_t source_size, const char *event_id, int64_t event_id_size,
                                             int32_t *undone, komhen_error *err);

/** The contacts that count now. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_cube(komhen_journal *journal, komhen_cube **out, komhen_error *err);
/** What changed since sequence number `since` (0: all): contacts that count now and did not then, and contacts that
 *  did and no longer do. `up_to` is where to go on from. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_changes(komhen_journal *journal, int64_t since, komhen_cube **added,
                                                komhen_cube **removed, int64_t *up_to, komhen_error *err);
/** The contacts that count and that the options' round and participation take, and what became of every event that
 *  counts. `outcome` may be NULL. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_count(komhen_journal *journal, const komhen_count_options *options,
                                              komhen_cube **out, komhen_outcome *outcome, komhen_error *err);
/** Writes the events that count as an exchange file. Counting that file gives the journal's cube. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_export(komhen_journal *journal, const char *path, int64_t size,
                                               komhen_error *err);
/** A copy of the file as it is now, while it is open. The path must not exist. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_backup(komhen_journal *journal, const char *path, int64_t size,
                                               komhen_error *err);
/** @since 0.1 */
KOMHEN_API komhen_status komhen_journal_status_of(komhen_journal *journal, komhen_journal_status *out,
                                                  komhen_error *err);
/** Reads the whole file and holds it against its own checks. An altered one fails with FORMAT. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_verify(komhen_journal *journal, komhen_error *err);
/** Ends the round: the cube stays, and nothing more is recorded. With erase_ids 1 the events and their ids are
 *  erased from the file. It cannot be taken back. @since 0.1 */
KOMHEN_API komhen_status komhen_journal_seal(komhen_journal *journal, int32_t erase_ids, komhen_error *err);
/** Unites journals that nobody holds in a new file at `out`: an event counts once, however many hold it, and an undo
 *  in one undoes it in all. Where two hold a key with different content, the first named wins and `conflicts`, which
 *  may be NULL, counts it. [any] @since 0.1 */
KOMHEN_API komhen_status komhen_journal_merge(const char *out, int64_t out_size, const char *const *paths,
                                              const int64_t *sizes, int64_t count, int64_t *conflicts,
                                              komhen_error *err);

#ifdef __cplusplus
}
#endif

#endif /* KOMHEN_H */
