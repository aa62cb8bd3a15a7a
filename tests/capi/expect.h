/* The least that a test in C needs: EXPECT counts what does not hold and goes on, RUN names the test. */
#ifndef KOMHEN_TESTS_EXPECT_H
#define KOMHEN_TESTS_EXPECT_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "komhen.h"

static int expect_failures;        /* added to by any thread */
static const char* expect_running; /* the test at work */

/* Gives what the condition is, so that a test may stop where it makes no sense to go on. */
static inline int expect_that(int condition, const char* file, int line, const char* what) {
  if (!condition) {
    fprintf(stderr, "%s:%d: %s\n    does not hold: %s\n", file, line, expect_running ? expect_running : "",
            what);
    __atomic_add_fetch(&expect_failures, 1, __ATOMIC_RELAXED);
  }
  return condition;
}
#define EXPECT(condition) expect_that((condition) ? 1 : 0, __FILE__, __LINE__, #condition)

/* A call that must end with this status. `err` is shown where it does not. */
#define EXPECT_STATUS(want, call, err)                                           \
  do {                                                                           \
    const komhen_status expect_got = (call);                                     \
    if (expect_got != (want) || expect_got != (err)->status ||                   \
        ((want) == KOMHEN_OK) != ((err)->message[0] == 0)) {                     \
      expect_that(0, __FILE__, __LINE__, #call " gives " #want);                 \
      fprintf(stderr, "    it gives %d: %s\n", (int)expect_got, (err)->message); \
    }                                                                            \
  } while (0)
#define EXPECT_OK(call, err) EXPECT_STATUS(KOMHEN_OK, call, err)

/* Runs a test; its name is the sentence. */
#define RUN(test)                   \
  do {                              \
    expect_running = #test;         \
    fprintf(stderr, "%s\n", #test); \
    test();                         \
  } while (0)

/* What main() gives. */
static inline int expect_result(void) {
  if (expect_failures != 0) fprintf(stderr, "%d expectations do not hold\n", expect_failures);
  return expect_failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A test that this machine cannot run says so. */
static inline void expect_skipped(const char* why) {
  fprintf(stderr, "    SKIPPED (%s): %s\n", expect_running ? expect_running : "", why);
}

/* A text and its size, for parameters that come in pairs. */
#define TEXT(literal) (literal), (int64_t)strlen(literal)

#endif
