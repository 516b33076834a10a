/* wire_test.c: wire_cases.def through gate and decoder without sockets: whole,
 * byte by byte, and at every split in two, always with the same outcome.
 *   wire_test --list    the table instead: name TAB expected TAB hex, a line each */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/http/stream.h"

static const struct { const char *name, *clause, *expected; struct sv bytes; } cases[] = {
#define WIRE(name, clause, expected, bytes) { name, clause, expected, { bytes, sizeof(bytes) - 1 } },
#include "tests/http/wire_cases.def"
};
#define CASES (sizeof cases / sizeof cases[0])

static const char *run(struct stream *s, struct sv b, size_t first, size_t step)
{
	size_t at = first, n;

	stream_init(s, 1048576);
	stream_feed(s, b.p, first);
	for (; at < b.n; at += n) {
		n = step < b.n - at ? step : b.n - at;
		stream_feed(s, b.p + at, n);
	}
	return stream_end(s);
}

static void outcomes(void **state)
{
	static struct stream s;
	size_t i, k, wrong = 0;

	(void)state;
	for (i = 0; i < CASES; i++) {
		struct sv b = cases[i].bytes;
		const char *got = run(&s, b, b.n, 1);

		if (strcmp(got, cases[i].expected) != 0) {
			print_error("%s (%s): \"%s\", expected \"%s\"\n", cases[i].name, cases[i].clause, got, cases[i].expected);
			wrong++;
			continue;
		}
		for (k = 0; k < b.n; k++) {
			got = run(&s, b, k, b.n);
			if (strcmp(got, cases[i].expected) != 0)
				fail_msg("%s: split at %zu: \"%s\"", cases[i].name, k, got);
		}
		got = run(&s, b, 0, 1);
		if (strcmp(got, cases[i].expected) != 0)
			fail_msg("%s: byte by byte: \"%s\"", cases[i].name, got);
	}
	assert_int_equal(wrong, 0);
}

static void names(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < CASES; i++)
		for (k = 0; k < i; k++)
			if (strcmp(cases[i].name, cases[k].name) == 0)
				fail_msg("two cases are called %s", cases[i].name);
}

static int list(void)
{
	size_t i, k;

	for (i = 0; i < CASES; i++) {
		printf("%s\t%s\t", cases[i].name, cases[i].expected);
		for (k = 0; k < cases[i].bytes.n; k++)
			printf("%02x", (unsigned char)cases[i].bytes.p[k]);
		putchar('\n');
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(outcomes), cmocka_unit_test(names) };

	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
