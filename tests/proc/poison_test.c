/* poison_test.c: which requests are put into quarantine, by table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "supervisor/poison.h"

#define S 1000000000ull

static void third_death(void **state)
{
	static const struct { uint64_t hash, at_s; bool poison; } t[] = {
		{ 1, 10, false }, { 2, 11, false }, { 1, 12, false }, { 2, 13, false }, { 1, 14, true },
		{ 1, 15, false }, { 1, 16, false }, { 1, 17, true },      /* counted afresh */
		{ 2, 614, false }, { 2, 615, false }, { 2, 1214, true },  /* too far apart; then not */
	};
	struct poison p = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++)
		if (poison_death(&p, t[i].hash, t[i].at_s * S) != t[i].poison)
			fail_msg("row %zu", i);
}

/* More requests than the table holds: the one longest not seen is forgotten. */
static void many(void **state)
{
	struct poison p = { 0 };
	uint64_t i;

	(void)state;
	assert_false(poison_death(&p, 7, 1 * S));
	assert_false(poison_death(&p, 8, 2 * S));
	for (i = 0; i < POISON_SEEN - 1; i++)
		assert_false(poison_death(&p, 100 + i, (3 + i) * S));
	assert_false(poison_death(&p, 7, 80 * S)); /* was forgotten: its first again */
	assert_false(poison_death(&p, 7, 81 * S));
	assert_true(poison_death(&p, 7, 82 * S));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(third_death), cmocka_unit_test(many) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
