/* variant.c: one test in one mode, through the engine's public interface.
 * Called in a child process of the runner, once. */
#include "tests/test262/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/api/test262.h"
#include "engine/include/zigts_files.h"

const char *const mode_name[MODE__N] = { "sloppy", "strict", "module", "raw" };

static void print_line(void *u, int level, const char *p, size_t n)
{
	(void)u;
	(void)level;
	fwrite(p, 1, n, stdout);
	if (n == 0 || p[n - 1] != '\n')
		putchar('\n');
	fflush(stdout);
}

/* The name of the pending exception's constructor in name, and its rendering
 * in text. Clears it. */
static void take(struct zigts *vm, char *name, size_t name_n, char *text, size_t text_n)
{
	zigts_val exc = zigts_take_exception(vm), c, v = ZIGTS_UNDEF;
	size_t n;
	const char *s = zigts_describe_exception(vm, exc, &n);

	snprintf(text, text_n, "%.*s", s ? (int)strcspn(s, "\n") : 0, s ? s : "");
	name[0] = 0;
	if (zigts_type(exc) != ZIGTS_T_OBJECT && zigts_type(exc) != ZIGTS_T_FUNCTION)
		return;
	c = zigts_get(vm, exc, "constructor");
	if (c != ZIGTS_EXC)
		v = zigts_get(vm, c, "name");
	if (c == ZIGTS_EXC || v == ZIGTS_EXC) {
		zigts_take_exception(vm);
		return;
	}
	s = zigts_to_utf8(vm, v, &n);
	if (s)
		snprintf(name, name_n, "%s", s);
	else
		zigts_take_exception(vm);
}

/* Loads and runs a harness file. 0, or 1 and why. */
static int run_harness(struct zigts *vm, const char *root, const char *file, char *why, size_t why_n)
{
	struct zigts_diag diag = { 0 };
	struct zigts_program *p;
	char path[4096], name[64], text[512];
	size_t n;
	char *src;

	snprintf(path, sizeof(path), "%s/harness/%s", root, file);
	src = list_slurp(path, &n);
	if (!src) {
		snprintf(why, why_n, "%s cannot be read", path);
		return 1;
	}
	p = zigts_load(vm, path, src, n, ZIGTS_SCRIPT, &diag);
	free(src);
	if (!p) {
		snprintf(why, why_n, "harness/%s: %.*s", file, (int)strcspn(diag.text, "\n"), diag.text);
		zigts_diag_free(&diag);
		return 1;
	}
	if (zigts_eval(vm, p) < 0) {
		take(vm, name, sizeof(name), text, sizeof(text));
		snprintf(why, why_n, "harness/%s: %s", file, text);
		return 1;
	}
	return 0;
}

struct zigts *variant_machine(const char *root, bool raw, bool frozen)
{
	struct zigts_config cfg = { .memory_limit = 1u << 30, .persist_atoms = !frozen, .print = print_line };
	struct zigts *vm = zigts_new(&cfg);
	static struct zigts_files *files;      /* of the process, for all its machines */
	struct zigts_loader loader = zigts_files_loader(files ? files : (files = zigts_files_new()), true);
	char why[1024];

	if (!vm || zigts_install_262(vm) < 0) {
		fputs("runner: no machine\n", stderr);
		exit(1);
	}
	zigts_set_loader(vm, &loader);
	if (!raw && (run_harness(vm, root, "assert.js", why, sizeof(why)) ||
	             run_harness(vm, root, "sta.js", why, sizeof(why)))) {
		fprintf(stderr, "runner: %s\n", why);
		exit(1);
	}
	if (frozen && zigts_freeze(vm) < 0) {
		fputs("runner: zigts_freeze failed\n", stderr);
		exit(1);
	}
	return vm;
}

/* The test's own text, with the directive that makes it strict. */
static char *test_source(const char *root, const char *path, enum mode mode, char *full, size_t full_n, size_t *n)
{
	static const char directive[] = "\"use strict\";\n";
	char *src, *with;

	snprintf(full, full_n, "%s/test/%s", root, path);
	src = list_slurp(full, n);
	if (!src || mode != MODE_STRICT)
		return src;
	with = malloc(*n + sizeof(directive));
	if (!with)
		abort();
	memcpy(with, directive, sizeof(directive) - 1);
	memcpy(with + sizeof(directive) - 1, src, *n + 1);
	*n += sizeof(directive) - 1;
	free(src);
	return with;
}

/* Verdict of a test that did not load. */
static int judge_load(const struct header *h, const struct zigts_diag *diag, char *why, size_t why_n)
{
	const char *text = diag->text ? diag->text : diag->message ? diag->message : "no diagnosis";

	/* A missing import is found while linking, which zigts_load may do. */
	if ((h->negative == PHASE_PARSE || h->negative == PHASE_RESOLUTION) && h->negative_type &&
	    strstr(text, h->negative_type))
		return 0;
	if (h->negative)
		snprintf(why, why_n, "expected %s, got %.*s", h->negative_type, (int)strcspn(text, "\n"), text);
	else
		snprintf(why, why_n, "%.*s", (int)strcspn(text, "\n"), text);
	return 1;
}

static int judge_eval(struct zigts *vm, const struct header *h, int rc, char *why, size_t why_n)
{
	char name[64], text[512];

	if (zigts_terminated(vm)) {
		snprintf(why, why_n, "terminated (%d)", (int)zigts_terminated(vm));
		return 1;
	}
	if (rc < 0) {
		take(vm, name, sizeof(name), text, sizeof(text));
		if ((h->negative == PHASE_RUNTIME || h->negative == PHASE_RESOLUTION) && h->negative_type &&
		    !strcmp(name, h->negative_type))
			return 0;
		if (h->negative)
			snprintf(why, why_n, "expected %s, got %s", h->negative_type, text);
		else
			snprintf(why, why_n, "%s", text);
		return 1;
	}
	if (h->negative) {
		snprintf(why, why_n, "expected %s, nothing was thrown", h->negative_type);
		return 1;
	}
	return 0;
}

int variant_run(struct zigts *vm, const char *root, const char *path, const struct header *h,
                enum mode mode, bool frozen, char *why, size_t why_n)
{
	struct zigts_diag diag = { 0 };
	struct zigts_program *p;
	char full[4096];
	size_t n = 0;
	char *src = test_source(root, path, mode, full, sizeof(full), &n);

	if (!src) {
		snprintf(why, why_n, "cannot be read");
		return 1;
	}
	if (frozen) {
		zigts_after_fork(vm);
		zigts_begin(vm, NULL);
	}
	if (mode != MODE_RAW) {
		if ((h->flags & TF_ASYNC) && run_harness(vm, root, "doneprintHandle.js", why, why_n))
			return 1;
		for (char **f = h->includes; *f; f++)
			if (run_harness(vm, root, *f, why, why_n))
				return 1;
	}
	p = zigts_load(vm, full, src, n, mode == MODE_MODULE ? ZIGTS_MODULE : ZIGTS_SCRIPT, &diag);
	if (!p)
		return judge_load(h, &diag, why, why_n);
	if (h->negative == PHASE_PARSE) {
		snprintf(why, why_n, "expected %s, the source was accepted", h->negative_type);
		return 1;
	}
	return judge_eval(vm, h, zigts_eval(vm, p), why, why_n);
}

int variant_judge_async(const char *printed, char *why, size_t why_n)
{
	const char *fail = strstr(printed, "Test262:AsyncTestFailure");

	if (fail) {
		snprintf(why, why_n, "%.*s", (int)strcspn(fail, "\n"), fail);
		return 1;
	}
	if (!strstr(printed, "Test262:AsyncTestComplete")) {
		snprintf(why, why_n, "$DONE was not called");
		return 1;
	}
	return 0;
}
