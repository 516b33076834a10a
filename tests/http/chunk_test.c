/* chunk_test.c: the decoder of chunked bodies as a pure function: every case
 * of chunk_cases.def whole, at every split in two, at every split in three for
 * the short ones, and byte by byte; then its limits.
 *   chunk_test --list    the table instead, for fronts.py */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "worker/http/chunk.h"

static const struct { const char *name; int expected; struct sv data, bytes; } cases[] = {
#define CHUNK(name, clause, expected, data, bytes) \
	{ name, expected, { data, sizeof(data) - 1 }, { bytes, sizeof(bytes) - 1 } },
#include "tests/http/chunk_cases.def"
};

struct outcome { int code; size_t used; struct buf data; };

/* One piece at a fresh address, exactly as long as it is, decoded in place. */
static enum gate_verdict piece(struct chunk *d, const char *p, size_t n, struct outcome *o)
{
	char *copy = malloc(n + !n);
	enum gate_verdict v;
	size_t used, made;

	memcpy(copy, p, n);
	v = chunk_feed(d, copy, n, copy, &used, &made);
	assert_true(used <= n && made <= used);
	assert_true(v != GATE_MORE || used == n);
	buf_put(&o->data, copy, made);
	o->used += used;
	free(copy);
	return v;
}

/* Cuts at a and b (a ≤ b), or one byte at a time when a > b. */
static struct outcome run(struct sv s, size_t a, size_t b)
{
	struct outcome o = { 0 };
	enum gate_verdict v = GATE_MORE;
	struct chunk d;
	size_t i;

	chunk_init(&d, 1048576);
	if (a > b) {
		for (i = 0; i < s.n && v == GATE_MORE; i++)
			v = piece(&d, s.p + i, 1, &o);
	} else {
		v = piece(&d, s.p, a, &o);
		if (v == GATE_MORE)
			v = piece(&d, s.p + a, b - a, &o);
		if (v == GATE_MORE)
			v = piece(&d, s.p + b, s.n - b, &o);
	}
	o.code = v == GATE_DONE ? 0 : v == GATE_MORE ? 1 : d.status;
	return o;
}

static void same(const char *name, struct outcome x, const struct outcome *y, size_t a, size_t b)
{
	if (x.code != y->code || x.used != y->used || x.data.len != y->data.len ||
	    (x.data.len != 0 && memcmp(x.data.p, y->data.p, x.data.len) != 0))
		fail_msg("%s: cut at %zu, %zu: %d, whole %d", name, a, b, x.code, y->code);
	buf_free(&x.data);
}

static void verdicts(void **state)
{
	size_t i, a, b;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sv s = cases[i].bytes;
		struct outcome whole = run(s, s.n, s.n);

		if (whole.code != cases[i].expected)
			fail_msg("%s: %d, expected %d", cases[i].name, whole.code, cases[i].expected);
		if (whole.code <= 1 && (whole.data.len != cases[i].data.n || whole.used != s.n ||
		    (whole.data.len != 0 && memcmp(whole.data.p, cases[i].data.p, whole.data.len) != 0)))
			fail_msg("%s: other data", cases[i].name);
		for (a = 0; a <= s.n; a++)
			for (b = s.n < 40 ? a : s.n; b <= s.n; b++)
				same(cases[i].name, run(s, a, b), &whole, a, b);
		same(cases[i].name, run(s, 1, 0), &whole, 1, 0);
		buf_free(&whole.data);
	}
}

/* What follows the body is not touched. */
static void rest(void **state)
{
	static const char p[] = "5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n";
	struct outcome o = run((struct sv){ p, sizeof p - 1 }, sizeof p - 1, sizeof p - 1);

	(void)state;
	assert_int_equal(o.code, 0);
	assert_int_equal(o.used, 15);
	buf_free(&o.data);
}

static int verdict(struct buf *b, uint64_t limit)
{
	struct chunk d;
	size_t used, made;
	enum gate_verdict v;

	chunk_init(&d, limit);
	v = chunk_feed(&d, b->p, b->len, b->p, &used, &made);
	b->len = 0;
	return v == GATE_DONE ? 0 : v == GATE_MORE ? 1 : d.status;
}

static void fill(struct buf *b, char c, size_t n)
{
	memset(buf_reserve(b, n), c, n);
	b->len += n;
}

static void limits(void **state)
{
	struct buf b = BUF_INIT;
	int i, k;

	(void)state;
	for (i = 0; i < 2; i++) { /* extensions of one line: ";a=" and the rest */
		buf_puts(&b, "1;a=");
		fill(&b, 'x', (size_t)(CHUNK_EXT_MAX - 3 + i));
		buf_puts(&b, "\r\nz\r\n0\r\n\r\n");
		assert_int_equal(verdict(&b, 100), i == 0 ? 0 : 400);
	}
	for (i = 0; i < 2; i++) { /* …of one body: 16 lines of 256 */
		for (k = 0; k < 16 + i; k++) {
			buf_puts(&b, "1;a=");
			fill(&b, 'x', CHUNK_EXT_MAX - 3);
			buf_puts(&b, "\r\nz\r\n");
		}
		buf_puts(&b, "0\r\n\r\n");
		assert_int_equal(verdict(&b, 100), i == 0 ? 0 : 400);
	}
	for (i = 0; i < 2; i++) { /* data, over two chunks */
		buf_printf(&b, "3\r\nabc\r\n%d\r\n", 2 + i);
		fill(&b, 'x', (size_t)(2 + i));
		buf_puts(&b, "\r\n0\r\n\r\n");
		assert_int_equal(verdict(&b, 5), i == 0 ? 0 : 413);
	}
	/* one byte a chunk: 5 bytes of framing for each, too much once it is 16 KiB */
	for (k = 0; k < 3000; k++)
		buf_puts(&b, "1\r\nz\r\n");
	buf_puts(&b, "0\r\n\r\n");
	assert_int_equal(verdict(&b, 100000), 0);
	for (k = 0; k < 4000; k++)
		buf_puts(&b, "1\r\nz\r\n");
	assert_int_equal(verdict(&b, 100000), 400);
	for (k = 0; k < 20000; k++) /* two bytes: 2.5 for each */
		buf_puts(&b, "2\r\nzz\r\n");
	buf_puts(&b, "0\r\n\r\n");
	assert_int_equal(verdict(&b, 100000), 0);
	/* trailers: as many and as large as a head */
	for (i = 0; i < 2; i++) {
		buf_puts(&b, "0\r\n");
		for (k = 0; k < HTTP_HEADERS_MAX + i; k++)
			buf_puts(&b, "a: b\r\n");
		buf_puts(&b, "\r\n");
		assert_int_equal(verdict(&b, 5), i == 0 ? 0 : 431);
	}
	buf_puts(&b, "1388\r\n"); /* enough data to be allowed that much framing */
	fill(&b, 'z', 5000);
	buf_puts(&b, "\r\n0\r\na: ");
	fill(&b, 'x', HTTP_HEAD_MAX);
	assert_int_equal(verdict(&b, 5000), 431);
	buf_free(&b);
}

/* The table behind a head, as wire_test --list prints its own. */
static int list(void)
{
	static const char head[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
	size_t i, k;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		printf("%s\t%s\t", cases[i].name, cases[i].expected == 0 ? "ok" : cases[i].expected == 1 ? "wait" : "400");
		for (k = 0; k < sizeof head - 1; k++)
			printf("%02x", (unsigned char)head[k]);
		for (k = 0; k < cases[i].bytes.n; k++)
			printf("%02x", (unsigned char)cases[i].bytes.p[k]);
		putchar('\n');
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts), cmocka_unit_test(rest), cmocka_unit_test(limits),
	};

	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
