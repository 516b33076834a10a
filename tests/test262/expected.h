/* expected.h: the kept list of variants that may fail. Lines of the file:
 *
 *     # comment
 *     built-ins/Map/ *                          every variant below that folder
 *     language/x/name.js sloppy strict          these modes of that test
 *
 * A folder is listed only while nothing below it passes. */
#ifndef TESTS_TEST262_EXPECTED_H
#define TESTS_TEST262_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>

struct expected {
	struct expected_row { char *path; unsigned modes; } *v; /* sorted; folders end in '/' */
	size_t n, cap;
};

/* A missing file is an empty list. A line that is not understood ends the process. */
void expected_read(struct expected *e, const char *file);
void expected_free(struct expected *e);

/* May any of `modes` (1 << enum mode) of the test fail? */
bool expected_has(const struct expected *e, const char *path, unsigned modes);

/* One test of a run, in the order of the paths. */
struct expected_test { const char *path; unsigned passed, failed; };

/* Writes the list anew: the failures of this run, whole folders first, and the
 * rows of e that are not below one of the prefixes. -1: errno. */
int expected_write(const struct expected *e, const char *file, const struct expected_test *t, size_t n,
                   char *const *prefix, int nprefix);

#endif
