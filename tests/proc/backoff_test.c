/* backoff_test.c: the respawn policy by table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "supervisor/backoff.h"

static void table(void **state)
{
	static const struct { bool was_ready; uint32_t jitter, lo, hi; } t[] = {
		{ false, 0, 100, 100 }, { false, 0, 200, 200 }, { false, 0, 400, 400 }, { false, 0, 800, 800 },
		{ false, 0, 1600, 1600 }, { false, 0, 3200, 3200 }, { false, 0, 6400, 6400 },
		{ false, 0, 10000, 10000 }, { false, 0, 10000, 10000 },
		{ false, UINT32_MAX, 7500, 7501 },  /* jitter takes off up to a quarter */
		{ true, 0, 0, 0 },                  /* has served: at once */
		{ true, 0, 0, 0 },
		{ false, UINT32_MAX, 75, 76 },      /* and forgotten */
		{ false, 0x80000000u, 175, 175 },
		{ false, UINT32_MAX, 300, 301 }, { false, 0x40000000u, 750, 750 },
		{ true, UINT32_MAX, 0, 0 },         /* no jitter on "at once" */
		{ false, 0, 100, 100 },
	};
	struct backoff b = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++) {
		uint32_t ms = backoff_next(&b, t[i].was_ready, t[i].jitter);

		if (ms < t[i].lo || ms > t[i].hi)
			fail_msg("row %zu: %u ms", i, ms);
	}
}

static void never_overflows(void **state)
{
	struct backoff b = { UINT32_MAX - 1 };

	(void)state;
	assert_int_equal(backoff_next(&b, false, 0), BACKOFF_LAST_MS);
	assert_int_equal(backoff_next(&b, false, 0), BACKOFF_LAST_MS);
	assert_int_equal(b.failures, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(table), cmocka_unit_test(never_overflows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
