/* test_draft.c: programs compiled in a thread while their VM is made: the same program
 * and the same diagnosis as zigts_load gives, whatever the text is like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "engine/include/zigts.h"

enum { FILLER = 4000 };          /* bytes: short texts get no thread */

static int threads(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	int n = 0;

	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		if (strncmp(line, "Threads:", 8) == 0)
			n = atoi(line + 8);
	fclose(f);
	return n;
}

static int posts; /* of threads that are joined since */
static void count(void *n) { ++*(int *)n; }

/* `text` as it is, and with a comment in front that makes it worth a thread. */
static void long_text(struct buf *out, const char *text)
{
	buf_puts(out, "/*");
	for (int i = 0; i < FILLER; i++)
		buf_putc(out, 'x');
	buf_puts(out, "*/ ");
	buf_puts(out, text);
}

/* What becomes of it: the value of `result` as text, or the diagnosis. */
static char *outcome(const char *src, size_t n, bool ahead)
{
	struct zigts_draft *d = ahead ? zigts_draft("t.ts", src, n, ZIGTS_GUESS, count, &posts) : NULL;
	struct zigts_config cfg = { 0 };
	struct zigts *z = zigts_new(&cfg);
	struct zigts_diag diag = { 0 };
	struct zigts_program *p;
	const char *text;
	size_t len;
	char *r;

	assert_non_null(z);
	p = ahead ? zigts_load_draft(z, d, &diag) : zigts_load(z, "t.ts", src, n, ZIGTS_GUESS, &diag);
	zigts_draft_free(&d);
	assert_null(d);
	if (p == NULL) {
		r = strdup(diag.text);
		zigts_diag_free(&diag);
	} else if (zigts_eval(z, p) != 0) {
		text = zigts_describe_exception(z, zigts_take_exception(z), &len);
		r = strndup(text, len);
	} else {
		text = zigts_to_utf8(z, zigts_binding(z, p, "result"), &len);
		r = strndup(text, len);
	}
	assert_non_null(r);
	zigts_free(&z);
	return r;
}

static void same(const char *src, size_t n, const char *expected)
{
	char *a = outcome(src, n, true), *b = outcome(src, n, false);

	assert_string_equal(a, b);
	if (expected && strstr(a, expected) == NULL)
		fail_msg("'%s' instead of '%s'", a, expected);
	free(a);
	free(b);
	assert_int_equal(threads(), 1);
}

static void is_the_same(void **state)
{
	static const struct { const char *text, *expected; } cases[] = {
		{ "export const result = [1, 2, 3].map((x: number) => x * 2).join();", "2,4,6" },
		{ "var result = /(?<year>\\d{4})/.exec('in 1999').groups.year;", "1999" },
		{ "enum E { A = 'a' } class P { constructor(readonly n: number) {} } export const result = E.A + new P(4).n;", "a4" },
		{ "export const result = comptime(6 * 7);", "42" },
		{ "export const result = comptime([..'abc'].join('-'));", "SyntaxError" },
		{ "export const result = comptime([...'abc'].reverse().join('-').toUpperCase());", "C-B-A" },
		{ "let n = 1; export const result = comptime(n);", "ComptimeError" },
		{ "export const result = comptime(Math.random());", "a constant is the same each time" },
		{ "export const result = <b>;", "SyntaxError" },
		{ "let a; let a;", "SyntaxError" },
		{ "var result = /(/;", "SyntaxError" },
		{ "throw new RangeError('at load');", "RangeError: at load" },
		{ "import './nowhere';", "cannot import" },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT;

		same(cases[i].text, strlen(cases[i].text), cases[i].expected);
		long_text(&b, cases[i].text);
		same(b.p, b.len, cases[i].expected);
		buf_free(&b);
	}
}

/* The thread's stack is small; what does not fit is compiled on the large one. */
static void nests_deeply(void **state)
{
	static const int depths[] = { 500, 3000, 1000000 };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(depths); k++) {
		struct buf b = BUF_INIT;
		int i;

		buf_puts(&b, "var result = ");
		for (i = 0; i < depths[k]; i++)
			buf_putc(&b, '(');
		buf_puts(&b, "'deep'");
		for (i = 0; i < depths[k]; i++)
			buf_putc(&b, ')');
		same(b.p, b.len, depths[k] == 500 ? "deep" : NULL);
		buf_free(&b);
	}
}

static void may_be_dropped(void **state)
{
	struct zigts_draft *d;
	struct buf b = BUF_INIT;

	(void)state;
	long_text(&b, "export default function () { return 1 }");
	posts = 0;
	d = zigts_draft("t.ts", b.p, b.len, ZIGTS_GUESS, count, &posts);
	zigts_draft_free(&d);
	assert_null(d);
	assert_int_equal(posts, 1);
	zigts_draft_free(&d);
	d = zigts_draft("t.ts", "1", 1, ZIGTS_GUESS, NULL, NULL);
	zigts_draft_free(&d);
	assert_int_equal(threads(), 1);
	buf_free(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_same),
		cmocka_unit_test(nests_deeply),
		cmocka_unit_test(may_be_dropped),
	};

	return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
