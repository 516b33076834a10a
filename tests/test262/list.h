/* list.h: the test files of a test262 checkout and what their headers say. */
#ifndef TESTS_TEST262_LIST_H
#define TESTS_TEST262_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum phase { PHASE_NONE, PHASE_PARSE, PHASE_RESOLUTION, PHASE_RUNTIME };
enum { TF_ONLY_STRICT = 1, TF_NO_STRICT = 2, TF_MODULE = 4, TF_RAW = 8, TF_ASYNC = 16,
       TF_CAN_BLOCK = 32 };

/* The YAML at the head of a test. `includes` and `features` are NULL-terminated;
 * everything is owned by the struct. */
struct header {
	unsigned flags;
	enum phase negative;
	char *negative_type;
	char **includes, **features;
};

/* Understands the subset of YAML that the suite uses. Leaves an empty header
 * when there is none. */
void header_parse(const char *src, struct header *h);
void header_free(struct header *h);

/* NULL-terminated words, sorted; the first word of each line that is not a
 * comment. A missing file is an empty list when may_miss. */
char **list_read_words(const char *path, bool may_miss, size_t *n);
/* Lines of a file, sorted, comments and blank lines dropped. */
char **list_read_lines(const char *path, size_t *n);
void list_free(char **list);
bool list_has(char *const *sorted, size_t n, const char *word);

/* All test files below root/test/SUB, as paths relative to root/test, sorted. */
struct paths { char **v; size_t n, cap; };
void list_tests(const char *root, const char *sub, struct paths *out);
void list_tests_free(struct paths *out);

/* Contents of a file, NUL-terminated, or NULL. The caller frees. */
char *list_slurp(const char *path, size_t *n);

#endif
