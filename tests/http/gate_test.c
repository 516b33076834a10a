/* gate_test.c: the strict gate as a pure function: every case of
 * gate_cases.def whole, at every split in two, and byte by byte; limits; what
 * the views show; the second opinion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "worker/http/gate.h"
#include "worker/http/reply.h"

static const struct { const char *name; int expected; struct sv bytes; } cases[] = {
#define CASE(name, expected, bytes) { name, expected, { bytes, sizeof(bytes) - 1 } },
#include "tests/http/gate_cases.def"
};

static int code_of(const struct http_head *h, enum gate_verdict v)
{
	return v == GATE_DONE ? 0 : v == GATE_MORE ? 1 : h->status;
}

/* Feeds p[0..a), p[0..b), …; stops at a verdict as the server does. */
static int feed(struct http_head *h, struct sv s, size_t first, size_t step)
{
	enum gate_verdict v = GATE_MORE;
	size_t n = first;

	gate_init(h);
	for (;;) {
		/* at a fresh address each time, exactly as long as it is */
		char *copy = malloc(n + !n);

		memcpy(copy, s.p, n);
		v = gate_feed(h, copy, n);
		if (v == GATE_DONE)
			assert_true(gate_second_opinion(h, copy));
		free(copy);
		if (v != GATE_MORE || n == s.n)
			return code_of(h, v);
		n = step == 0 || n + step > s.n ? s.n : n + step;
	}
}

static void verdicts(void **state)
{
	struct http_head h;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sv s = cases[i].bytes;
		int got = feed(&h, s, s.n, 0);

		if (got != cases[i].expected)
			fail_msg("%s: %d, expected %d", cases[i].name, got, cases[i].expected);
		for (k = 0; k < s.n; k++)
			if (feed(&h, s, k, 0) != got)
				fail_msg("%s: split at %zu differs", cases[i].name, k);
		if (feed(&h, s, 0, 1) != got)
			fail_msg("%s: byte by byte differs", cases[i].name);
	}
}

static char *make(size_t *n, const char *fmt, size_t fill, const char *tail)
{
	char *p = malloc(fill + 512);
	size_t k = (size_t)sprintf(p, "%s", fmt);

	memset(p + k, 'a', fill);
	k += fill;
	k += (size_t)sprintf(p + k, "%s", tail);
	*n = k;
	return p;
}

static int limit(const char *fmt, size_t fill, const char *tail)
{
	struct http_head h;
	size_t n;
	char *p = make(&n, fmt, fill, tail);
	int whole = feed(&h, (struct sv){ p, n }, n, 0), pieces = feed(&h, (struct sv){ p, n }, 0, 1009);

	assert_int_equal(whole, pieces);
	free(p);
	return whole;
}

static void limits(void **state)
{
	char many[8192] = "GET / HTTP/1.1\r\nHost: a\r\n";
	struct http_head h;
	int i;

	(void)state;
	assert_int_equal(limit("GET /", 8191, " HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
	assert_int_equal(limit("GET /", 8192, " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
	assert_int_equal(limit("GET /", 20000, ""), 414);
	assert_int_equal(limit("GET / HTTP/1.1\r\nHost: a\r\nX: ", 16384 - 32, "\r\n\r\n"), 0);
	assert_int_equal(limit("GET / HTTP/1.1\r\nHost: a\r\nX: ", 16384 - 31, "\r\n\r\n"), 431);
	assert_int_equal(limit("GET / HTTP/1.1\r\nHost: a\r\nX: ", 30000, ""), 431);
	assert_int_equal(limit("GET / HTTP/1.1\r\n", 30000, ""), 431);
	for (i = 1; i < 100; i++)
		strcat(many, "x: y\r\n");
	strcat(many, "\r\n");
	assert_int_equal(feed(&h, sv_of(many), strlen(many), 0), 0);
	assert_int_equal(h.nfields, 100);
	strcpy(many + strlen(many) - 2, "x: y\r\n\r\n");
	assert_int_equal(feed(&h, sv_of(many), strlen(many), 0), 431);
}

static void views(void **state)
{
	static const char p[] = "\r\nPOST http://a:8/p/q?x=1 HTTP/1.1\r\nhOST: A:8\r\nContent-Length: 12\r\n"
				"Connection: foo , close\r\nX:  b c \t\r\n\r\nhello";
	struct http_head h;

	(void)state;
	gate_init(&h);
	assert_int_equal(gate_feed(&h, p, sizeof p - 1), GATE_DONE);
	assert_int_equal(h.size, sizeof p - 1 - 5);
	assert_int_equal(h.method, HTTP_POST);
	assert_int_equal(h.minor, 1);
	assert_false(h.keep_alive);
	assert_true(h.absolute && h.has_query && h.has_length);
	assert_int_equal(h.content_length, 12);
	assert_int_equal(h.nfields, 4);
	assert_true(sv_eq(http_view(p, h.path), SV("/p/q")));
	assert_true(sv_eq(http_view(p, h.query), SV("x=1")));
	assert_true(sv_eq(http_view(p, h.host), SV("A:8")));
	assert_true(sv_eq(http_view(p, h.field[3].name), SV("X")));
	assert_true(sv_eq(http_view(p, h.field[3].value), SV("b c")));
}

static void keep_alive(void **state)
{
	static const struct { const char *p; bool keep; } t[] = {
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n", false },
		{ "GET / HTTP/1.0\r\n\r\n", false },
		{ "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true },
	};
	struct http_head h;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++) {
		gate_init(&h);
		assert_int_equal(gate_feed(&h, t[i].p, strlen(t[i].p)), GATE_DONE);
		assert_int_equal(h.keep_alive, t[i].keep);
	}
}

static void replies(void **state)
{
	struct http_header bad_value = { SV("X"), SV("a\r\nY: b") }, bad_name = { SV("X Y"), SV("a") };
	struct http_header good[] = { { SV("Set-Cookie"), SV("a=1") }, { SV("Set-Cookie"), SV("b=2") },
				      { SV("Content-Length"), SV("99") } };
	struct http_reply r = { .status = 200, .body = SV("hello"), .keep_alive = true };
	struct buf b = BUF_INIT;
	struct sv bad;

	(void)state;
	r.headers = &bad_value;
	r.nheaders = 1;
	assert_int_equal(reply_write(&b, &r, 784111777, &bad), -1);
	r.headers = &bad_name;
	assert_int_equal(reply_write(&b, &r, 784111777, &bad), -1);
	assert_int_equal(b.len, 0);
	r.headers = good;
	r.nheaders = 3;
	assert_int_equal(reply_write(&b, &r, 784111777, &bad), 0);
	assert_string_equal(buf_cstr(&b), "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			    "Content-Length: 5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello");
	b.len = 0;
	r = (struct http_reply){ .status = 204, .body = SV(""), .keep_alive = false };
	assert_int_equal(reply_write(&b, &r, 784111778, &bad), 0);
	assert_string_equal(buf_cstr(&b), "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:38 GMT\r\n"
			    "Connection: close\r\n\r\n");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts), cmocka_unit_test(limits), cmocka_unit_test(views),
		cmocka_unit_test(keep_alive), cmocka_unit_test(replies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
