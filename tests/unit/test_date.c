/* test_date.c: Date where a script alone cannot look: time zones from TZ, the clock
 * that stands still within a request, and the taint of reading it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "engine/include/zigts.h"

static struct zigts *vm_with(const char *tz, const char *src, struct zigts_program **p)
{
	struct zigts_config cfg = { .verify_snapshot = true };
	struct zigts_diag d = { 0 };
	struct zigts *vm;

	assert_int_equal(tz ? setenv("TZ", tz, 1) : unsetenv("TZ"), 0);
	vm = zigts_new(&cfg);
	assert_non_null(vm);
	*p = zigts_load(vm, "date.js", src, strlen(src), ZIGTS_SCRIPT, &d);
	if (*p == NULL)
		fail_msg("%s", d.text);
	assert_int_equal(zigts_eval(vm, *p), 0);
	return vm;
}

/* POSIX TZ strings, so that no zone files are needed. */
static void test_zones(void **state)
{
	static const struct { const char *tz, *src, *want; } cases[] = {
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "new Date(2024, 2, 31, 1, 59).toISOString()", "2024-03-31T00:59:00.000Z" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "new Date(2024, 2, 31, 2, 30).toISOString()", "2024-03-31T01:30:00.000Z" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "new Date(2024, 9, 27, 2, 30).toISOString()", "2024-10-27T00:30:00.000Z" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "String(new Date(1711846800000))", "Sun Mar 31 2024 03:00:00 GMT+0200 (Central European Summer Time)" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "String(new Date(1711846799999))", "Sun Mar 31 2024 01:59:59 GMT+0100 (Central European Standard Time)" },
		{ "NZST-12NZDT,M9.5.0,M4.1.0/3", "[0, 6].map(m => new Date(2024, m).getTimezoneOffset()).join()", "-780,-720" },
		{ "<-0230>2:30", "String(new Date(0))", "Wed Dec 31 1969 21:30:00 GMT-0230 (GMT-02:30)" },
		{ "XXX5YYY,J60/0,J300/0", "[new Date(2024, 1, 29), new Date(2024, 2, 1)].map(d => d.getTimezoneOffset()).join()", "300,240" },
		{ "XXX5YYY,59/0,299/0", "[new Date(2023, 1, 28, 23), new Date(2024, 1, 29, 12)].map(d => d.getTimezoneOffset()).join()", "300,240" },
		{ "EST5EDT", "new Date(2024, 6, 4).toISOString()", "2024-07-04T04:00:00.000Z" },
		{ "../etc/passwd", "String(new Date(0))", "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)" },
		{ "A1,", "new Date(1970, 0).getTime() + ''", "0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct zigts_program *p;
		char src[256];
		struct zigts *vm;
		size_t n;

		snprintf(src, sizeof src, "var r = %s;", cases[i].src);
		vm = vm_with(cases[i].tz, src, &p);
		assert_string_equal(zigts_to_utf8(vm, zigts_binding(vm, p, "r"), &n), cases[i].want);
		zigts_free(&vm);
	}
}

static void pause_ms(long ms)
{
	struct timespec t = { 0, ms * 1000000 };

	(void)nanosleep(&t, NULL);
}

static double call(struct zigts *vm, zigts_val f)
{
	zigts_val r = zigts_call(vm, f, ZIGTS_UNDEF, 0, NULL);
	double d = 0;

	assert_true(r != ZIGTS_EXC);
	assert_int_equal(zigts_to_number(vm, r, &d), 0);
	return d;
}

static void test_requests(void **state)
{
	struct zigts_program *p;
	struct zigts *vm = vm_with("UTC", "var kept = new Date(5); function now() { return Date.now(); } function made() { return +new Date(); }"
	                           "function none() { kept.setFullYear(2000); return +new Date(7) + Date.UTC(1970) + kept.getTime() * 0; }", &p);
	int now = zigts_root_add(vm, zigts_binding(vm, p, "now")), made = zigts_root_add(vm, zigts_binding(vm, p, "made"));
	int none = zigts_root_add(vm, zigts_binding(vm, p, "none"));
	double first;

	(void)state;
	assert_int_equal(zigts_freeze(vm), 0);
	zigts_begin(vm, NULL);
	first = call(vm, zigts_root(vm, now));
	pause_ms(5);
	assert_true(first > 1.6e12 && call(vm, zigts_root(vm, made)) == first);
	assert_true(zigts_taints(vm) & EFF_TIME);
	zigts_end(vm);
	zigts_begin(vm, NULL);
	assert_true(call(vm, zigts_root(vm, none)) == 7);
	assert_int_equal(zigts_taints(vm), 0);
	assert_true(call(vm, zigts_root(vm, made)) > first);
	assert_true(zigts_taints(vm) & EFF_TIME);
	zigts_end(vm);
	zigts_free(&vm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
