/* variant.h: runs one test in one mode inside a virtual machine. */
#ifndef TESTS_TEST262_VARIANT_H
#define TESTS_TEST262_VARIANT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/include/zigts.h"
#include "tests/test262/list.h"

enum mode { MODE_SLOPPY, MODE_STRICT, MODE_MODULE, MODE_RAW, MODE__N };
extern const char *const mode_name[MODE__N];

/* A machine with $262 and print; with the two harness files that every test
 * may use unless `raw`. Frozen: the harness becomes the snapshot, and the test
 * runs as a request. Ends the process when the engine cannot do even that. */
struct zigts *variant_machine(const char *root, bool raw, bool frozen);

/* Runs the test in this process, which is spent afterwards: for a fork of the
 * process that made vm. Returns 0 when the test passes; else 1, and why. What
 * the test prints goes to standard output; `printed` re-reads it. */
int variant_run(struct zigts *vm, const char *root, const char *path, const struct header *h,
                enum mode mode, bool frozen, char *why, size_t why_n);

/* For async tests: what print() said, judged after the run. */
int variant_judge_async(const char *printed, char *why, size_t why_n);

#endif
