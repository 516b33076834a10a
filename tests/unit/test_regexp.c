/* test_regexp.c: patterns and programs without the rest of the engine: what matches,
 * what is refused, and that bad patterns end in time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/api/api.h"
#include "engine/regexp/regexp.h"

static struct zigts *z;
static int64_t work;

static int tick(void *u, int64_t cost)
{
	(void)u;
	work += cost;
	return work > 100000000;
}

static struct re_text text(const char *s)
{
	return (struct re_text){ .p8 = (const uint8_t *)s, .len = (uint32_t)strlen(s), .wide = false };
}

/* "start-end" of the match, or "no", or "error". */
static const char *find(const char *pattern, uint32_t flags, const char *s)
{
	static char out[64];
	struct re_error err;
	struct re_prog *p = re_compile(text(pattern), flags, 0, &err);
	struct re_host host = { &vm_of(z)->heap, tick, NULL };
	int32_t cap[64];
	int r;

	if (p == NULL)
		return "error";
	work = 0;
	r = re_exec(p, text(s), 0, false, cap, &host);
	assert_true(r >= 0);
	if (r == RE_MATCH)
		snprintf(out, sizeof out, "%d-%d", cap[0], cap[1]);
	re_free(p);
	return r == RE_MATCH ? out : "no";
}

static void test_matches(void **state)
{
	static const struct { const char *pattern; uint32_t flags; const char *text, *want; } rows[] = {
		{ "", 0, "abc", "0-0" }, { "b", 0, "abc", "1-2" }, { "a|ab", 0, "ab", "0-1" }, { "x*", 0, "aaa", "0-0" },
		{ "(?:a|ab)(?:c|bcd)(?:d*)", 0, "abcd", "0-4" }, { "^b", 0, "a\nb", "no" }, { "^b", RE_M, "a\nb", "2-3" },
		{ ".", 0, "\n", "no" }, { ".", RE_S, "\n", "0-1" }, { "A", RE_I, "xa", "1-2" }, { "[^a]", RE_I, "Ab", "1-2" },
		{ "a{2,3}", 0, "aaaa", "0-3" }, { "a{2,3}?", 0, "aaaa", "0-2" }, { "(?=b)", 0, "ab", "1-1" },
		{ "(?<=a)b", 0, "bab", "2-3" }, { "(?<!a)b", 0, "abb", "2-3" }, { "\\bfoo\\b", 0, "a foo", "2-5" },
		{ "(a)\\1", 0, "abaa", "2-4" }, { "(?:a*)*", 0, "aab", "0-2" }, { "(?:){1000000000}x", 0, "x", "0-1" },
		{ "(?:ab){200}", 0, "ab", "no" }, { "[[a-z]--[a-c]]", RE_V, "abcd", "3-4" }, { "[\\q{abc|d}]", RE_V, "xabc", "1-4" },
		{ "(?i:a)b", 0, "AB", "no" }, { "(?i:a)b", 0, "Ab", "0-2" }, { "\\p{Lu}", RE_U, "aB", "1-2" },
		{ "(?<a>x)|(?<a>y)", 0, "y", "0-1" }, { "[\\d-x]", 0, "-", "0-1" }, { "\\8", 0, "8", "0-1" }, { "{", 0, "{", "0-1" },
		{ "(", 0, "", "error" }, { "a**", 0, "", "error" }, { "[b-a]", 0, "", "error" }, { "(?<a>)(?<a>)", 0, "", "error" },
		{ "\\8", RE_U, "", "error" }, { "{", RE_U, "", "error" }, { "\\p{Nope}", RE_U, "", "error" }, { "a{2,1}", 0, "", "error" },
		{ "[a&&&b]", RE_V, "", "error" }, { "(?-:a)", 0, "", "error" }, { "\\k<a>(?<b>)", 0, "", "error" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(find(rows[i].pattern, rows[i].flags, rows[i].text), rows[i].want);
}

static void test_linear(void **state)
{
	static const char *const patterns[] = { "(x+x+)+y", "(?:x*)*y", "(?:x|x)*y", "(?:x?){30}x{30}y", "x*x*x*x*y", "(x+)+(?=y)[yz]" };
	static char s[20001];

	(void)state;
	memset(s, 'x', 20000);
	s[10000] = 'z';             /* keeps the test of the needed character from answering */
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		assert_string_equal(find(patterns[i], 0, s), "no");
		assert_true(work < 20000000);
	}
	s[10000] = 'x';
	s[0] = 'y';                 /* … here as well */
	assert_string_equal(find("(x+x+)+y", 0, s), "no");
	assert_true(work < 20000000);
}

enum { LINEAR, STOPPED };

static const struct redos { int kind; const char *pattern; uint32_t flags; const char *head, *pump, *tail; } redos[] = {
#define REDOS(kind, pattern, flags, head, pump, tail) { kind, pattern, flags, head, pump, tail },
#include "redos.def"
#undef REDOS
};

/* The work for n times the pump, or -1 when it was stopped. */
static int64_t hostile(const struct redos *r, int n)
{
	size_t head = strlen(r->head), pump = strlen(r->pump), tail = strlen(r->tail);
	char *s = malloc(head + (size_t)n * pump + tail + 1), *at = s;
	struct re_error err;
	struct re_prog *p = re_compile(text(r->pattern), r->flags, 0, &err);
	struct re_host host = { &vm_of(z)->heap, tick, NULL };
	int32_t cap[64];
	int found;

	assert_non_null(s);
	if (p == NULL)
		fail_msg("%s: %s", r->pattern, err.msg);
	at = (char *)memcpy(at, r->head, head) + head;
	for (int i = 0; i < n; i++)
		at = (char *)memcpy(at, r->pump, pump) + pump;
	memcpy(at, r->tail, tail + 1);
	work = 0;
	found = re_exec(p, text(s), 0, false, cap, &host);
	re_free(p);
	free(s);
	return found < 0 ? -1 : work;
}

static void test_redos(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof redos / sizeof *redos; i++) {
		int64_t half = hostile(&redos[i], 25000), whole = hostile(&redos[i], 50000);

		if (redos[i].kind == STOPPED) /* or it has been quick enough */
			continue;
		if (half < 0 || whole < 0 || whole > half * 5 / 2 + 1000)
			fail_msg("%s: work %lld, of twice the length %lld", redos[i].pattern, (long long)half, (long long)whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_matches), cmocka_unit_test(test_linear), cmocka_unit_test(test_redos) };
	struct zigts_config cfg = { .memory_limit = 64u << 20 };
	int r;

	z = zigts_new(&cfg);
	r = cmocka_run_group_tests(tests, NULL, NULL);
	zigts_free(&z);
	return r;
}
