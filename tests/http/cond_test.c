/* cond_test.c: names, dates, preconditions, ranges, codings and content types
 * as pure functions, from tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "worker/http/cond.h"
#include "worker/http/mime.h"

#define NOW 1700000000  /* Tue, 14 Nov 2023 22:13:20 GMT */

static void names(void **state)
{
	static const struct { const char *raw, *expected; } cases[] = { /* NULL: not a file */
		{ "/", "/" }, { "/a", "/a" }, { "/a/b.txt", "/a/b.txt" }, { "/a/", "/a/" }, { "/a%20b", "/a b" },
		{ "/%61%2Fb", NULL }, { "/a%2fb", NULL }, { "/a%00", NULL }, { "/a%", NULL }, { "/a%2", NULL },
		{ "/a%2g", NULL }, { "/a%%20", NULL }, { "/..", NULL }, { "/../x", NULL }, { "/a/../b", NULL },
		{ "/a/..", NULL }, { "/%2e%2e/x", NULL }, { "/%2e./x", NULL }, { "/.", NULL }, { "/./a", NULL },
		{ "/a/./b", NULL }, { "//a", NULL }, { "/a//b", NULL }, { "/a//", NULL }, { "//", NULL }, { "", NULL },
		{ "a", NULL }, { "*", NULL }, { "/.git/config", NULL }, { "/a/.htaccess", NULL }, { "/...", NULL },
		{ "/.well-known/acme", "/.well-known/acme" }, { "/.well-known", "/.well-known" },
		{ "/.well-known2/a", NULL }, { "/a/.well-known/b", "/a/.well-known/b" }, { "/a.", "/a." },
		{ "/a..b", "/a..b" }, { "/a%5c..%5cb", "/a\\..\\b" }, { "/%252e%252e/a", "/%2e%2e/a" },
		{ "/%c3%a4", "/\xc3\xa4" }, { "/%ff", "/\xff" }, { "/a+b", "/a+b" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = strlen(cases[i].raw), k = 0;
		char *raw = malloc(n + !n), *out = malloc(n + !n); /* exactly, for the sanitizer */
		enum path_verdict v;

		memcpy(raw, cases[i].raw, n);
		v = path_decode((struct sv){ raw, n }, out, &k);
		if ((v == PATH_OK) != (cases[i].expected != NULL) ||
		    (v == PATH_OK && (k != strlen(cases[i].expected) || memcmp(out, cases[i].expected, k) != 0)))
			fail_msg("%s: %d %.*s", cases[i].raw, v, (int)k, out);
		free(raw);
		free(out);
	}
}

static void dates(void **state)
{
	static const struct { const char *text; int64_t expected; } cases[] = { /* -1: not a date */
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Sun Nov 16 08:49:37 1994", 784975777 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Thursday, 01-Jan-70 00:00:00 GMT", 3155760000 }, /* 2070 is not 50 years from 2023 */
		{ "Tuesday, 01-Jan-74 00:00:00 GMT", 126230400 },
		{ "Friday, 31-Dec-99 23:59:59 GMT", 946684799 },
		{ "Tue, 29 Feb 2000 12:00:00 GMT", 951825600 },
		{ "Sun, 06 Nov 1994 08:49:37", -1 }, { "Sun, 06 Nov 1994 08:49:37 UTC", -1 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT ", -1 }, { "sun, 06 Nov 1994 08:49:37 GMT", -1 },
		{ "Sun, 6 Nov 1994 08:49:37 GMT", -1 }, { "Sun, 06 nov 1994 08:49:37 GMT", -1 },
		{ "Sun, 00 Nov 1994 08:49:37 GMT", -1 }, { "Sun, 32 Nov 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 Nov 1994 24:49:37 GMT", -1 }, { "Sun, 06 Nov 1994 08:60:37 GMT", -1 },
		{ "Sun, 06 Nov 1994 08:49:61 GMT", -1 }, { "", -1 }, { "Sun", -1 }, { "Sun,", -1 }, { "Sun ", -1 },
		{ "Sunday,", -1 }, { "784111777", -1 }, { "Mon, 06", -1 },
	};
	char text[HTTP_DATE_LEN + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = strlen(cases[i].text);
		char *copy = malloc(n + !n);
		int64_t t = -2;
		bool ok;

		memcpy(copy, cases[i].text, n);
		ok = http_date_parse((struct sv){ copy, n }, NOW, &t);
		if (ok != (cases[i].expected >= 0) || (ok && t != cases[i].expected))
			fail_msg("%s: %d %lld", cases[i].text, ok, (long long)t);
		free(copy);
	}
	http_date_format(784111777, text);
	assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	http_date_format(INT64_MAX, text);
	assert_string_equal(text, "Thu, 01 Jan 1970 00:00:00 GMT");
	for (i = 0; i < 5000; i++) { /* back and forth */
		int64_t t = (int64_t)i * 50331653 % 4102444800, back;

		http_date_format(t, text);
		assert_true(http_date_parse(sv_of(text), NOW, &back));
		assert_int_equal(back, t);
	}
}

static void etags(void **state)
{
	static const struct { const char *list; bool strong, weak; } cases[] = { /* against "ab" */
		{ "\"ab\"", true, true }, { "W/\"ab\"", false, true }, { "*", true, true }, { " * ", true, true },
		{ "\"x\", \"ab\"", true, true }, { "\"x\",\"ab\",\"y\"", true, true }, { "W/\"x\", W/\"ab\"", false, true },
		{ ",, \"ab\" ,", true, true }, { "ab", false, false }, { "\"ab", false, false }, { "\"a\"", false, false },
		{ "\"abc\"", false, false }, { "", false, false }, { "w/\"ab\"", false, false },
		{ "\"x\" ; \"ab\"", false, false }, { "\"x\"\"ab\"", false, false }, { "*, \"ab\"", false, false },
		{ "\"a b\", \"ab\"", false, false }, { "\"x,\", \"ab\"", true, true }, { "\"\", \"ab\"", true, true },
		{ "W/", false, false }, { "W/ab", false, false }, { "x, \"ab\"", false, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = strlen(cases[i].list);
		char *copy = malloc(n + !n);
		struct sv list = { copy, n };

		memcpy(copy, cases[i].list, n);
		if (etag_listed(list, SV("\"ab\""), false) != cases[i].strong ||
		    etag_listed(list, SV("\"ab\""), true) != cases[i].weak)
			fail_msg("%s", cases[i].list);
		free(copy);
	}
}

/* Header lines "Name: value\n…". */
static void take(struct cond_request *c, const char *lines)
{
	memset(c, 0, sizeof *c);
	while (*lines) {
		const char *colon = strchr(lines, ':'), *end = strchr(lines, '\n');

		cond_take(c, (struct sv){ lines, (size_t)(colon - lines) },
			  sv_trim_ows((struct sv){ colon + 1, (size_t)(end - colon - 1) }));
		lines = end + 1;
	}
}

#define D "Sun, 06 Nov 1994 08:49:37 GMT"
#define D_BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define D_AFTER "Sun, 06 Nov 1994 08:49:38 GMT"
#define MODIFIED 784111777

static void preconditions(void **state)
{
	static const struct { const char *lines; enum cond_verdict expected; } cases[] = {
		{ "", COND_GO },
		{ "Host: a\n", COND_GO },
		{ "If-None-Match: \"ab\"\n", COND_NOT_MODIFIED },
		{ "if-none-match: W/\"ab\"\n", COND_NOT_MODIFIED },
		{ "If-None-Match: \"x\"\nIf-None-Match: \"ab\"\n", COND_NOT_MODIFIED },
		{ "If-None-Match: *\n", COND_NOT_MODIFIED },
		{ "If-None-Match: \"x\"\n", COND_GO },
		{ "If-Modified-Since: " D "\n", COND_NOT_MODIFIED },
		{ "If-Modified-Since: " D_AFTER "\n", COND_NOT_MODIFIED },
		{ "If-Modified-Since: " D_BEFORE "\n", COND_GO },
		{ "If-Modified-Since: garbage\n", COND_GO },
		{ "If-Modified-Since: " D "\nIf-Modified-Since: " D "\n", COND_GO },
		{ "If-None-Match: \"x\"\nIf-Modified-Since: " D "\n", COND_GO },          /* 13.1.3: ignored beside it */
		{ "If-Match: \"ab\"\n", COND_GO },
		{ "If-Match: *\n", COND_GO },
		{ "If-Match: W/\"ab\"\n", COND_FAILED },
		{ "If-Match: \"x\"\n", COND_FAILED },
		{ "If-Match: \"x\", \"ab\"\n", COND_GO },
		{ "If-Unmodified-Since: " D "\n", COND_GO },
		{ "If-Unmodified-Since: " D_BEFORE "\n", COND_FAILED },
		{ "If-Unmodified-Since: garbage\n", COND_GO },
		{ "If-Match: \"ab\"\nIf-Unmodified-Since: " D_BEFORE "\n", COND_GO },
		{ "If-Match: \"ab\"\nIf-None-Match: \"ab\"\n", COND_NOT_MODIFIED },
		{ "If-Match: \"x\"\nIf-None-Match: \"ab\"\n", COND_FAILED },
		{ "If-Unmodified-Since: " D "\nIf-Modified-Since: " D "\n", COND_NOT_MODIFIED },
	};
	struct cond_entity e = { SV("\"ab\""), MODIFIED, NOW };
	struct cond_request c;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		take(&c, cases[i].lines);
		if (cond_evaluate(&c, &e) != cases[i].expected)
			fail_msg("%s: %d", cases[i].lines, cond_evaluate(&c, &e));
	}
}

static void ranges(void **state)
{
	static const struct { const char *value; uint64_t size; enum range_verdict v; uint64_t first, n; } cases[] = {
		{ "bytes=0-0", 10, RANGE_PART, 0, 1 }, { "bytes=0-9", 10, RANGE_PART, 0, 10 },
		{ "bytes=0-10", 10, RANGE_PART, 0, 10 }, { "bytes=9-", 10, RANGE_PART, 9, 1 },
		{ "bytes=10-", 10, RANGE_UNSATISFIABLE, 0, 0 }, { "bytes=-1", 10, RANGE_PART, 9, 1 },
		{ "bytes=-10", 10, RANGE_PART, 0, 10 }, { "bytes=-11", 10, RANGE_PART, 0, 10 },
		{ "bytes=-0", 10, RANGE_UNSATISFIABLE, 0, 0 }, { "Bytes=2-4", 10, RANGE_PART, 2, 3 },
		{ "bytes= 2-4", 10, RANGE_PART, 2, 3 }, { "bytes=2-4 ", 10, RANGE_PART, 2, 3 },
		{ "bytes=5-4", 10, RANGE_WHOLE, 0, 0 }, { "bytes=-", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=", 10, RANGE_WHOLE, 0, 0 }, { "bytes", 10, RANGE_WHOLE, 0, 0 }, { "", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=a-b", 10, RANGE_WHOLE, 0, 0 }, { "bytes=1-2x", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=1", 10, RANGE_WHOLE, 0, 0 }, { "bytes=+1-2", 10, RANGE_WHOLE, 0, 0 },
		{ "lines=0-1", 10, RANGE_WHOLE, 0, 0 }, { "bytes 0-1", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=0-0,2-3", 10, RANGE_WHOLE, 0, 0 }, { "bytes=0-,-1", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=18446744073709551615-", 10, RANGE_UNSATISFIABLE, 0, 0 },
		{ "bytes=0-18446744073709551615", 10, RANGE_PART, 0, 10 },
		{ "bytes=0-99999999999999999999999", 10, RANGE_PART, 0, 10 },
		{ "bytes=99999999999999999999999-", 10, RANGE_UNSATISFIABLE, 0, 0 },
		{ "bytes=-99999999999999999999999", 10, RANGE_PART, 0, 10 },
		{ "bytes=3221225471-", 3221225472, RANGE_PART, 3221225471, 1 },
		{ "bytes=0-", 0, RANGE_UNSATISFIABLE, 0, 0 }, { "bytes=-1", 0, RANGE_WHOLE, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = strlen(cases[i].value);
		char *copy = malloc(len + !len);
		uint64_t first = 0, n = 0;
		enum range_verdict v;

		memcpy(copy, cases[i].value, len);
		v = range_parse((struct sv){ copy, len }, cases[i].size, &first, &n);
		if (v != cases[i].v || (v == RANGE_PART && (first != cases[i].first || n != cases[i].n)))
			fail_msg("%s: %d %llu+%llu", cases[i].value, v, (unsigned long long)first, (unsigned long long)n);
		free(copy);
	}
}

static void if_range(void **state)
{
	static const struct { const char *lines; enum range_verdict expected; } cases[] = {
		{ "", RANGE_WHOLE },
		{ "Range: bytes=1-2\n", RANGE_PART },
		{ "Range: bytes=1-2\nRange: bytes=1-2\n", RANGE_WHOLE },
		{ "Range: bytes=1-2\nIf-Range: \"ab\"\n", RANGE_PART },
		{ "Range: bytes=1-2\nIf-Range: W/\"ab\"\n", RANGE_WHOLE },
		{ "Range: bytes=1-2\nIf-Range: \"x\"\n", RANGE_WHOLE },
		{ "Range: bytes=1-2\nIf-Range: \"x\", \"ab\"\n", RANGE_WHOLE },
		{ "Range: bytes=1-2\nIf-Range: *\n", RANGE_WHOLE },
		{ "Range: bytes=1-2\nIf-Range: " D "\n", RANGE_PART },
		{ "Range: bytes=1-2\nIf-Range: " D_AFTER "\n", RANGE_WHOLE },
		{ "Range: bytes=1-2\nIf-Range: " D_BEFORE "\n", RANGE_WHOLE },
		{ "Range: bytes=1-2\nIf-Range: \"ab\"\nIf-Range: \"ab\"\n", RANGE_WHOLE },
		{ "Range: bytes=99-\nIf-Range: \"x\"\n", RANGE_WHOLE },
		{ "Range: bytes=99-\n", RANGE_UNSATISFIABLE },
	};
	struct cond_entity e = { SV("\"ab\""), MODIFIED, NOW };
	struct cond_request c;
	uint64_t first, n;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		take(&c, cases[i].lines);
		if (cond_range(&c, &e, 10, &first, &n) != cases[i].expected)
			fail_msg("%s", cases[i].lines);
	}
	/* a file changed within the second is no strong validator */
	e.now = MODIFIED + 1;
	take(&c, "Range: bytes=1-2\nIf-Range: " D "\n");
	assert_int_equal(cond_range(&c, &e, 10, &first, &n), RANGE_WHOLE);
}

static void codings(void **state)
{
	enum { B = 1 << CODING_BR, Z = 1 << CODING_ZSTD, G = 1 << CODING_GZIP };
	static const struct { const char *lines; unsigned have; enum coding expected; } cases[] = {
		{ "", B | Z | G, CODING_IDENTITY },
		{ "Accept-Encoding:\n", B | Z | G, CODING_IDENTITY },
		{ "Accept-Encoding: gzip\n", B | Z | G, CODING_GZIP },
		{ "Accept-Encoding: x-gzip\n", G, CODING_GZIP },
		{ "Accept-Encoding: GZIP\n", G, CODING_GZIP },
		{ "Accept-Encoding: gzip, deflate, br, zstd\n", B | Z | G, CODING_BR },
		{ "Accept-Encoding: gzip, deflate, br, zstd\n", Z | G, CODING_ZSTD },
		{ "Accept-Encoding: gzip, deflate, br, zstd\n", G, CODING_GZIP },
		{ "Accept-Encoding: gzip, deflate, br, zstd\n", 0, CODING_IDENTITY },
		{ "Accept-Encoding: gzip;q=1.0, br;q=0.9\n", B | G, CODING_GZIP },
		{ "Accept-Encoding: gzip;q=0.001, br;q=0\n", B | G, CODING_GZIP },
		{ "Accept-Encoding: br;q=0.000\n", B, CODING_IDENTITY },
		{ "Accept-Encoding: gzip ; q=0.5 , br\t;\tq=0.4\n", B | G, CODING_GZIP },
		{ "Accept-Encoding: *\n", G, CODING_GZIP }, { "Accept-Encoding: *\n", B | G, CODING_BR },
		{ "Accept-Encoding: br;q=0, *\n", B | G, CODING_GZIP },
		{ "Accept-Encoding: *;q=0\n", B | G, CODING_IDENTITY },
		{ "Accept-Encoding: *;q=0, gzip\n", B | G, CODING_GZIP },
		{ "Accept-Encoding: identity, gzip;q=0.5\n", G, CODING_IDENTITY },
		{ "Accept-Encoding: identity;q=0.5, gzip\n", G, CODING_GZIP },
		{ "Accept-Encoding: identity, gzip\n", G, CODING_GZIP },
		{ "Accept-Encoding: identity;q=0\n", B, CODING_IDENTITY }, /* nothing acceptable: as it is */
		{ "Accept-Encoding: gzip\nAccept-Encoding: br\n", B | G, CODING_BR },
		{ "Accept-Encoding: gzip;q=2\n", G, CODING_IDENTITY },
		{ "Accept-Encoding: gzip;q=1.5\n", G, CODING_IDENTITY },
		{ "Accept-Encoding: gzip;q=0.1234\n", G, CODING_IDENTITY },
		{ "Accept-Encoding: gzip;q=x\n", G, CODING_IDENTITY },
		{ "Accept-Encoding: gzip;level=1\n", G, CODING_IDENTITY },
		{ "Accept-Encoding: gzipped\n", G, CODING_IDENTITY },
		{ "Accept-Encoding: ,,gzip,,\n", G, CODING_GZIP },
		{ "Accept-Encoding: ;q=1\n", G, CODING_IDENTITY },
	};
	struct cond_request c;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		take(&c, cases[i].lines);
		if (coding_choose(&c.accept_encoding, cases[i].have) != cases[i].expected)
			fail_msg("%s: %d", cases[i].lines, coding_choose(&c.accept_encoding, cases[i].have));
	}
}

static void types(void **state)
{
	static const char *const extension[] = {
#define MIME(ext, type) ext,
#include "worker/http/mime.def"
	};
	static const char *const type[] = {
#define MIME(ext, t) t,
#include "worker/http/mime.def"
	};
	static const struct { const char *name, *type; } cases[] = {
		{ "/a.html", "text/html" }, { "/a.HTML", "text/html" }, { "/a.min.js", "text/javascript" },
		{ "/a.mjs", "text/javascript" }, { "/a.wasm", "application/wasm" }, { "/a", "application/octet-stream" },
		{ "/a.", "application/octet-stream" }, { "/b.js/a", "application/octet-stream" },
		{ "", "application/octet-stream" }, { "/a.woff2", "font/woff2" }, { "/a.svg", "image/svg+xml" },
		{ "/a.unheardofextension", "application/octet-stream" }, { "/a.tar.gz", "application/gzip" },
		{ "css", "application/octet-stream" }, { ".css", "text/css" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(extension); i++) {
		char name[64];

		if (i != 0 && strcmp(extension[i - 1], extension[i]) >= 0)
			fail_msg("%s does not belong behind %s", extension[i], extension[i - 1]);
		assert_true(strlen(extension[i]) <= 16 && strchr(type[i], '/') && !strpbrk(type[i], " ;\r\n"));
		snprintf(name, sizeof name, "/x.%s", extension[i]);
		assert_true(sv_eq(mime_type(sv_of(name)), sv_of(type[i])));
	}
	for (i = 0; i < ARRAY_LEN(cases); i++)
		if (!sv_eq(mime_type(sv_of(cases[i].name)), sv_of(cases[i].type)))
			fail_msg("%s", cases[i].name);
	assert_true(mime_is_text(SV("text/css")));
	assert_false(mime_is_text(SV("image/png")));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names), cmocka_unit_test(dates), cmocka_unit_test(etags), cmocka_unit_test(preconditions),
		cmocka_unit_test(ranges), cmocka_unit_test(if_range), cmocka_unit_test(codings), cmocka_unit_test(types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
