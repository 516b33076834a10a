/* expected.c: reads, asks and writes the kept list. Called by the runner only;
 * knows nothing of the engine. Memory is never short here: it ends the program. */
#include "tests/test262/expected.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test262/list.h"
#include "tests/test262/variant.h"

#define ALL_MODES ((1u << MODE__N) - 1)

static void push(struct expected *e, char *path, unsigned modes)
{
	if (e->n == e->cap) {
		e->cap = e->cap ? 2 * e->cap : 256;
		e->v = realloc(e->v, e->cap * sizeof(*e->v));
	}
	if (!e->v || !path) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	e->v[e->n++] = (struct expected_row){ path, modes };
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct expected_row *)a)->path, ((const struct expected_row *)b)->path);
}

/* The modes named in the rest of a line; 0: something else is there. */
static unsigned modes_of(char *words, bool folder)
{
	unsigned modes = 0;
	char *save;

	for (char *w = strtok_r(words, " \r", &save); w; w = strtok_r(NULL, " \r", &save)) {
		unsigned one = folder && !strcmp(w, "*") ? ALL_MODES : 0;

		for (int m = 0; m < MODE__N && !folder; m++)
			if (!strcmp(w, mode_name[m]))
				one = 1u << m;
		if (!one)
			return 0;
		modes |= one;
	}
	return modes;
}

void expected_read(struct expected *e, const char *file)
{
	size_t n;
	char **lines = list_read_lines(file, &n);

	memset(e, 0, sizeof(*e));
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(lines[i], " ");
		char *path = strndup(lines[i], len);
		unsigned modes = modes_of(lines[i] + len, len && lines[i][len - 1] == '/');

		if (!modes) {
			fprintf(stderr, "%s: not understood: %s\n", file, path);
			exit(1);
		}
		push(e, path, modes);
	}
	list_free(lines);
	if (e->n)
		qsort(e->v, e->n, sizeof(*e->v), by_path);
}

void expected_free(struct expected *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->v[i].path);
	free(e->v);
}

static const struct expected_row *row_of(const struct expected *e, char *path)
{
	struct expected_row key = { path, 0 };

	return e->n ? bsearch(&key, e->v, e->n, sizeof(key), by_path) : NULL;
}

bool expected_has(const struct expected *e, const char *path, unsigned modes)
{
	char *folder = strdup(path);
	const struct expected_row *r = row_of(e, folder);
	bool found = r && (r->modes & modes);

	for (char *slash; !found && (slash = strrchr(folder, '/')) != NULL; *slash = 0) {
		slash[1] = 0;
		found = row_of(e, folder) != NULL;
	}
	free(folder);
	return found;
}

static bool below(const char *path, char *const *prefix, int n)
{
	for (int i = 0; i < n; i++) {
		size_t len = strlen(prefix[i]);

		if (!strncmp(path, prefix[i], len) && (path[len] == '/' || path[len] == 0))
			return true;
	}
	return false;
}

/* How many tests from t on lie in the folder which is the first `len` bytes of
 * the first one's path; 0 if one passes or less than two fail. */
static size_t hopeless(const struct expected_test *t, size_t n, size_t len)
{
	size_t i, failed = 0;

	for (i = 0; i < n && !strncmp(t[i].path, t->path, len); i++) {
		if (t[i].passed)
			return 0;
		failed += t[i].failed != 0;
	}
	return failed > 1 ? i : 0;
}

/* The outermost folder that begins with test i (a folder's tests are neighbours)
 * and can be one line: the number of its tests, and the length of its name. Only
 * folders below a prefix: of others the run has not seen all. */
static size_t folder_at(const struct expected_test *t, size_t n, size_t i, char *const *prefix, int nprefix, size_t *len)
{
	for (const char *slash = strchr(t[i].path, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *folder = strndup(t[i].path, (size_t)(slash - t[i].path));
		bool whole = below(folder, prefix, nprefix);
		size_t run = 0;

		free(folder);
		*len = (size_t)(slash - t[i].path) + 1;
		if (whole && (i == 0 || strncmp(t[i - 1].path, t[i].path, *len) != 0))
			run = hopeless(t + i, n - i, *len);
		if (run)
			return run;
	}
	return 0;
}

static void add_failures(struct expected *out, const struct expected_test *t, size_t n, char *const *prefix, int nprefix)
{
	for (size_t i = 0, run, len; i < n; i += run) {
		run = folder_at(t, n, i, prefix, nprefix, &len);
		if (run) {
			push(out, strndup(t[i].path, len), ALL_MODES);
			continue;
		}
		run = 1;
		if (t[i].failed)
			push(out, strdup(t[i].path), t[i].failed);
	}
}

int expected_write(const struct expected *e, const char *file, const struct expected_test *t, size_t n,
                   char *const *prefix, int nprefix)
{
	struct expected out = { 0 };
	FILE *f = fopen(file, "w");
	bool ok;

	if (!f)
		return -1;
	for (size_t i = 0; i < e->n; i++)
		if (!below(e->v[i].path, prefix, nprefix))
			push(&out, strdup(e->v[i].path), e->v[i].modes);
	add_failures(&out, t, n, prefix, nprefix);
	if (out.n)
		qsort(out.v, out.n, sizeof(*out.v), by_path);
	fputs("# What of test262 fails: tests with their modes, and folders of which nothing passes.\n"
	      "# This list may only get shorter; make test262 UPDATE=1 takes out what passes now.\n", f);
	for (size_t i = 0; i < out.n; i++) {
		const char *path = out.v[i].path;

		fputs(path, f);
		if (path[strlen(path) - 1] == '/')
			fputs(" *", f);
		for (int m = 0; m < MODE__N && path[strlen(path) - 1] != '/'; m++)
			if (out.v[i].modes & 1u << m)
				fprintf(f, " %s", mode_name[m]);
		fputc('\n', f);
	}
	ok = !ferror(f);
	expected_free(&out);
	return fclose(f) == 0 && ok ? 0 : -1;
}
