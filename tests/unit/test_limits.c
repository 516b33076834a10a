/* test_limits.c: whatever a script does, its deadline ends it and its memory
 * limit holds; the hook is called on the way and sees the stack. Each case runs
 * in the same VM, which must serve a plain request right afterwards.
 *
 * LIMITS_ASSERT_MS=n makes it fail when a case ends later than n ms after its
 * deadline of processor time; without it the latest is only printed. LIMITS_CASE
 * runs one, LIMITS_MEMORY gives it so many MiB (64). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "engine/include/zigts.h"

#define WALL_NS (25ull * 1000000)

enum end { LATE, FAILS, ANY };
static const struct stuck { const char *name; enum end end; const char *body; } cases[] = {
#define CASE(name, end, body) { #name, end, body },
#include "tests/unit/stuck_cases.def"
#undef CASE
};
#define NCASES (sizeof cases / sizeof cases[0])

static struct zigts *vm;
static int roots[NCASES], plain;
static unsigned hooked;
static uint64_t hook_ran;
static char trace[4096], where_name[64], where_file[64];
static uint32_t where_line;

static void hook(void *u, uint64_t ran_ns)
{
	uint32_t col;

	assert_ptr_equal(u, &hooked);
	assert_true(ran_ns >= hook_ran);
	hook_ran = ran_ns;
	hooked++;
	zigts_backtrace(vm, trace, sizeof trace);
	if (!zigts_where(vm, where_name, sizeof where_name, where_file, sizeof where_file, &where_line, &col))
		where_name[0] = '\0';
}

static void quiet(void *u, int level, const char *p, size_t n)
{
	(void)u, (void)level, (void)p, (void)n;
}

static int make(void **state)
{
	const char *m = getenv("LIMITS_MEMORY");
	struct zigts_config cfg = { .memory_limit = (size_t)(m ? atoi(m) : 64) << 20, .print = quiet };
	static char src[1 << 17];
	struct zigts_diag d = { 0 };
	struct zigts_program *p;
	size_t n = 0, i;

	(void)state;
	n += (size_t)snprintf(src, sizeof src, "export function plain() { return 'ok'; }\n");
	for (i = 0; i < NCASES; i++)
		n += (size_t)snprintf(src + n, sizeof src - n, "export %sfunction case_%s() { %s }\n",
				      strstr(cases[i].body, "await") ? "async " : "", cases[i].name, cases[i].body);
	assert_true(n < sizeof src);
	vm = zigts_new(&cfg);
	p = zigts_load(vm, "stuck.js", src, n, ZIGTS_MODULE, &d);
	if (!p) {
		fprintf(stderr, "%s\n", d.text);
		return -1;
	}
	assert_int_equal(zigts_eval(vm, p), 0);
	plain = zigts_root_add(vm, zigts_binding(vm, p, "plain"));
	for (i = 0; i < NCASES; i++) {
		char name[64];

		snprintf(name, sizeof name, "case_%s", cases[i].name);
		roots[i] = zigts_root_add(vm, zigts_binding(vm, p, name));
	}
	assert_int_equal(zigts_freeze(vm), 0);
	zigts_after_fork(vm);
	zigts_set_hook(vm, 2000000, hook, &hooked);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	zigts_free(&vm);
	return 0;
}

/* Runs it as a server would. Returns true when it ended by itself and well. */
static bool run(int root, const struct zigts_limits *l, enum zigts_term *term)
{
	zigts_val v, result;
	bool well;

	hook_ran = 0;
	zigts_begin(vm, l);
	v = zigts_call(vm, zigts_root(vm, root), ZIGTS_UNDEF, 0, NULL);
	if (v != ZIGTS_EXC)
		v = zigts_await(vm, v);
	well = v != ZIGTS_EXC && zigts_promise_state(v, &result) == ZIGTS_PROMISE_FULFILLED;
	*term = zigts_terminated(vm);
	if (!well && *term == ZIGTS_TERM_NONE && v == ZIGTS_EXC)
		(void)zigts_take_exception(vm);
	zigts_end(vm);
	return well;
}

static void test_stuck(void **state)
{
	const struct zigts_limits l = { .wall_ns = 100 * WALL_NS, .cpu_ns = WALL_NS };
	const char *only = getenv("LIMITS_CASE"), *most = getenv("LIMITS_ASSERT_MS");
	double latest = 0;
	size_t i, latest_at = 0, wrong = 0;

	(void)state;
	for (i = 0; i < NCASES; i++) {
		enum zigts_term term;
		uint64_t t0;
		double late;
		bool well;

		if (only && strcmp(only, cases[i].name) != 0)
			continue;
		t0 = clock_cpu_ns();
		well = run(roots[i], &l, &term);
		late = ((double)(clock_cpu_ns() - t0) - (double)WALL_NS) / 1e6;
		if (only || (most && late > atof(most)))
			print_message("%s: %s, termination %d, %.1f ms after the deadline\n", cases[i].name,
				      well ? "ended well" : "failed", (int)term, late);
		if ((cases[i].end == LATE && term != ZIGTS_TERM_CPU) || (cases[i].end == FAILS && well)) {
			print_message("%s: %s, termination %d\n", cases[i].name, well ? "ended well" : "failed", (int)term);
			wrong++;
		}
		if (late > latest)
			latest = late, latest_at = i;
		assert_true(run(plain, &l, &term));
	}
	print_message("latest: %s, %.1f ms after its deadline\n", cases[latest_at].name, latest);
	assert_int_equal(wrong, 0);
	if (most && latest > atof(most))
		fail_msg("later than %s ms", most);
}

static int root_of(const char *name)
{
	for (size_t i = 0; i < NCASES; i++)
		if (strcmp(cases[i].name, name) == 0)
			return roots[i];
	fail_msg("no case %s", name);
	return -1;
}

/* The hook comes every 2 ms or so, in loops and inside natives, with the stack. */
static void test_hook(void **state)
{
	static const char *const names[] = { "loop", "sort_slow", "sort_comparator", "regexp_scan", "json_parse_large",
		"repeat_flat", "recursion_prototype", "getter_loop" };
	const struct zigts_limits l = { .wall_ns = 4 * WALL_NS };
	enum zigts_term term;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char want[80];

		hooked = 0;
		trace[0] = where_name[0] = '\0';
		(void)run(root_of(names[i]), &l, &term);
		assert_int_equal(term, ZIGTS_TERM_DEADLINE);
		if (hooked < 2 || hooked > 4 * WALL_NS / 1000000)
			fail_msg("%s: hook called %u times in %u ms", names[i], hooked, (unsigned)(4 * WALL_NS / 1000000));
		snprintf(want, sizeof want, "case_%s", names[i]);
		if (!strstr(trace, want) || !strstr(trace, "(stuck.js:"))
			fail_msg("%s: the stack does not name it:\n%s", names[i], trace);
		assert_true(strncmp(trace, "  at ", 5) == 0 && trace[strlen(trace) - 1] == '\n');
		assert_string_equal(where_file, "stuck.js");
		assert_true(where_line > 1);
		assert_true(where_name[0] != '\0');
	}
}

/* Short requests never see it; without a request there is no "where". */
static void test_no_hook(void **state)
{
	const struct zigts_limits l = { .wall_ns = WALL_NS };
	enum zigts_term term;
	uint32_t line, col;
	uint64_t until = clock_mono_ns() + 10000000;
	char name[8], file[8];
	unsigned runs = 0;

	(void)state;
	hooked = 0;
	while (clock_mono_ns() < until) {
		assert_true(run(plain, &l, &term));
		runs++;
	}
	assert_true(hooked <= 3 || hooked < runs / 10);
	zigts_begin(vm, NULL);
	assert_false(zigts_where(vm, name, sizeof name, file, sizeof file, &line, &col));
	zigts_end(vm);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hook), cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_no_hook) };

	return cmocka_run_group_tests(tests, make, unmake);
}
