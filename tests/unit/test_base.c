/* test_base.c: calendar, buf, sv, arena, utf and hash, each against its contract. The
 * reference forms of UTF-8 and SipHash here are written from their
 * definitions, not from the code under test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/calendar.h"
#include "base/hash.h"
#include "base/near.h"
#include "base/san.h"
#include "base/sha256.h"
#include "base/spare.h"
#include "base/sv.h"
#include "base/utf.h"

/* ---- calendar ----------------------------------------------------------- */

static void calendar_is_gmtime(int64_t second)
{
	struct calendar c;
	time_t t = (time_t)second;
	struct tm tm;

	calendar_split(second * 1000 + 7, &c);
	assert_non_null(gmtime_r(&t, &tm));
	assert_int_equal(c.year, (int64_t)tm.tm_year + 1900);
	assert_int_equal(c.month, tm.tm_mon);
	assert_int_equal(c.day, tm.tm_mday);
	assert_int_equal(c.hour, tm.tm_hour);
	assert_int_equal(c.minute, tm.tm_min);
	assert_int_equal(c.second, tm.tm_sec);
	assert_int_equal(c.ms, 7);
	assert_int_equal(c.weekday, tm.tm_wday);
	assert_int_equal(calendar_days(c.year, c.month, c.day) * 86400 + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec, second);
}

/* The same as the C library's, on every day of 1200 years and at moments of many more. */
static void calendar_agrees(void **state)
{
	char text[CALENDAR_ISO_LEN + 1];
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int64_t day = -200000; day < 240000; day++)
		calendar_is_gmtime(day * 86400 + (day & 1 ? 86399 : 0));
	for (int i = 0; i < 200000; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		calendar_is_gmtime((int64_t)(x % 17280000000000u) - 8640000000000);
	}
	assert_int_equal(calendar_days(2024, 1, 29), 19782);
	assert_int_equal(calendar_days(2024, 1, 30), calendar_days(2024, 2, 1));
	calendar_iso(951827696, text);
	assert_string_equal(text, "2000-02-29T12:34:56");
	calendar_iso(253402300799, text);
	assert_string_equal(text, "9999-12-31T23:59:59");
	calendar_iso(-62167219200, text);
	assert_string_equal(text, "0000-01-01T00:00:00");
	calendar_iso(253402300800, text);
	assert_string_equal(text, "1970-01-01T00:00:00");
	assert_false(calendar_has(253402300800));
	assert_false(calendar_has(-62167219201));
}

/* ---- spare -------------------------------------------------------------- */

/* What was freed is not resident any more, at the top of the heap or below a piece
 * that is in use. */
static void spare_goes_back(void **state)
{
	enum { PIECES = 256, SIZE = 20000 };
	long page = sysconf(_SC_PAGESIZE);
	char *piece[PIECES], *at[PIECES], *last;
	unsigned char there;
	int i, left = 0;

	(void)state;
	for (i = 0; i < PIECES; i++) {
		piece[i] = malloc(SIZE);
		assert_non_null(piece[i]);
		memset(piece[i], 1, SIZE);
		at[i] = (char *)(((uintptr_t)piece[i] + SIZE / 2) & ~(uintptr_t)(page - 1));
	}
	last = malloc(64);
	for (i = 0; i < PIECES; i++)
		free(piece[i]);
	spare_return(64 << 10);
	for (i = 0; i < PIECES; i++)
		left += mincore(at[i], 1, &there) == 0 && (there & 1);
	free(last);
#if defined(__GLIBC__) && !defined(BASE_ASAN)
	assert_true(left <= 4);
#else
	(void)left;
#endif
}

/* ---- buf ---------------------------------------------------------------- */

static void buf_grows(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(buf_cstr(&b), "");
	assert_int_equal(b.len, 0);
	for (int i = 0; i < 10000; i++)
		buf_putc(&b, (char)('a' + i % 26));
	assert_int_equal(b.len, 10000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
	buf_free(&b);
	assert_null(b.p);
	assert_int_equal(b.cap, 0);
	buf_puts(&b, "again");
	assert_string_equal(buf_cstr(&b), "again");
	buf_free(&b);
}

static void buf_reserve_keeps_len(void **state)
{
	struct buf b = BUF_INIT;
	char *p;

	(void)state;
	buf_put(&b, "xy", 2);
	p = buf_reserve(&b, 100000);
	assert_ptr_equal(p, b.p + 2);
	assert_int_equal(b.len, 2);
	assert_true(b.cap >= 100002);
	memset(p, 'z', 100000);
	assert_memory_equal(b.p, "xyz", 3);
	buf_put(&b, NULL, 0);
	assert_int_equal(b.len, 2);
	buf_free(&b);
}

static void buf_formats(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_put_sv(&b, SV("<"));
	buf_printf(&b, "%d-%s", 42, "text");
	for (int i = 0; i < 50; i++)
		buf_printf(&b, "%04d", i);
	buf_putc(&b, '>');
	assert_int_equal(b.len, 1 + 7 + 200 + 1);
	assert_memory_equal(b.p, "<42-text00000001", 16);
	assert_true(sv_eq((struct sv){ buf_sv(&b).p + b.len - 5, 5 }, SV("0049>")));
	buf_free(&b);
}

static void buf_utf8(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_put_utf8(&b, 'A');
	buf_put_utf8(&b, 0xE9);
	buf_put_utf8(&b, 0x20AC);
	buf_put_utf8(&b, 0x1F600);
	buf_put_utf8(&b, 0xD800);
	assert_string_equal(buf_cstr(&b), "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\x80");
	buf_free(&b);
}

/* ---- sv ----------------------------------------------------------------- */

static void sv_compares(void **state)
{
	(void)state;
	assert_true(sv_eq(SV("abc"), sv_of("abc")));
	assert_false(sv_eq(SV("abc"), SV("abC")));
	assert_false(sv_eq(SV("abc"), SV("ab")));
	assert_true(sv_eq(SV(""), (struct sv){ "x", 0 }));
	assert_true(sv_ieq(SV("Content-Length"), SV("content-lENGTH")));
	assert_false(sv_ieq(SV("content"), SV("contents")));
	assert_false(sv_ieq(SV("a["), SV("a{")));
}

static void sv_trims(void **state)
{
	(void)state;
	assert_true(sv_eq(sv_trim_ows(SV(" \t a b\t ")), SV("a b")));
	assert_true(sv_eq(sv_trim_ows(SV("\t \t")), SV("")));
	assert_true(sv_eq(sv_trim_ows(SV("")), SV("")));
	assert_true(sv_eq(sv_trim_ows(SV("\r\nx\n")), SV("\r\nx\n")));
}

/* ---- arena -------------------------------------------------------------- */

static void arena_allocates(void **state)
{
	struct arena a = ARENA_INIT;
	static unsigned char *piece[3000];

	(void)state;
	for (int i = 1; i < 3000; i++) {
		size_t n = (size_t)(i * 37 % 301);

		piece[i] = arena_alloc(&a, n);
		assert_int_equal((uintptr_t)piece[i] & 7, 0);
		for (size_t j = 0; j < n; j++)
			assert_int_equal(piece[i][j], 0);
		memset(piece[i], i & 255, n);
	}
	for (int i = 1; i < 3000; i++)
		for (int j = 0; j < i * 37 % 301; j++)
			assert_int_equal(piece[i][j], i & 255);
	assert_true(a.total >= 3000 * 150);
	arena_free(&a);
	assert_int_equal(a.total, 0);
	assert_null(a.chunks);
}

static void arena_takes_big_and_reuses(void **state)
{
	struct arena a = ARENA_INIT;
	struct pair { double x; int y; } *p;
	char *big;

	(void)state;
	big = arena_alloc(&a, 1 << 20);
	assert_int_equal(big[(1 << 20) - 1], 0);
	p = ARENA_NEW(&a, struct pair);
	assert_int_equal(p->y, 0);
	assert_string_equal(arena_strndup(&a, "hello world", 5), "hello");
	assert_string_equal(arena_strndup(&a, "", 0), "");
	arena_free(&a);
	assert_string_equal(arena_strndup(&a, "back", 4), "back");
	arena_free(&a);
	arena_free(&a);
}

/* ---- utf ---------------------------------------------------------------- */

/* UTF-8 by its bit pattern table (Unicode 3.9, table 3-6). */
static int encode(unsigned char *o, uint32_t cp)
{
	int more = cp < 0x80 ? 0 : cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xC0, 0xE0, 0xF0 };

	for (int i = more; i > 0; i--, cp >>= 6)
		o[i] = (unsigned char)(0x80 + cp % 64);
	o[0] = (unsigned char)(lead[more] + cp);
	return more + 1;
}

/* Every proper beginning of every code point's form, by length. */
struct prefixes {
	bool one[256], two[1 << 16];
	uint8_t three[1 << 21];
};

static struct prefixes *prefixes_make(bool wtf8)
{
	struct prefixes *p = calloc(1, sizeof *p);

	assert_non_null(p);
	for (uint32_t cp = 0x80; cp < 0x110000; cp++) {
		unsigned char o[4];
		int n = encode(o, cp);
		unsigned at;

		if (!wtf8 && cp >= 0xD800 && cp < 0xE000)
			continue;
		p->one[o[0]] = true;
		at = (unsigned)o[0] << 8 | o[1];
		if (n > 2)
			p->two[at] = true;
		at = at << 8 | o[2];
		if (n > 3)
			p->three[at / 8] |= (uint8_t)(1 << at % 8);
	}
	return p;
}

static int prefix_length(const struct prefixes *p, const unsigned char *s, int n)
{
	unsigned at;

	if (n < 2 || !p->one[s[0]])
		return 1;
	at = (unsigned)s[0] << 8 | s[1];
	if (!p->two[at])
		return 1;
	if (n < 3)
		return 2;
	at = at << 8 | s[2];
	return p->three[at / 8] >> at % 8 & 1 ? 3 : 2;
}

static void utf8_round_trip(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		unsigned char want[4];
		char got[4];
		int n = encode(want, cp), m = utf8_encode(got, cp);
		bool surrogate = cp >= 0xD800 && cp < 0xE000;
		uint32_t back;

		assert_int_equal(m, n);
		assert_memory_equal(got, want, (size_t)n);
		assert_int_equal(utf8_decode(got, (size_t)n, true, &back), n);
		assert_int_equal(back, cp);
		m = utf8_decode(got, (size_t)n, false, &back);
		assert_int_equal(m, surrogate ? 1 : n);
		assert_int_equal(back, surrogate ? UTF_REPLACEMENT : cp);
	}
}

/* Ill-formed input loses its maximal subpart, whatever is cut off and where. */
static void utf8_ill_formed(void **state)
{
	static const unsigned char tail[] = {
		0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xFF,
	};
	enum { T = sizeof tail };

	(void)state;
	for (int wtf8 = 0; wtf8 < 2; wtf8++) {
		struct prefixes *p = prefixes_make(wtf8);

		for (unsigned i = 0; i < 128 * T * T * T; i++) {
			unsigned char s[4] = {
				(unsigned char)(0x80 + i / (T * T * T)), tail[i / (T * T) % T],
				tail[i / T % T], tail[i % T],
			};

			for (int n = 1; n <= 4; n++) {
				uint32_t cp;
				int used = utf8_decode((char *)s, (size_t)n, wtf8, &cp);
				unsigned char o[4];

				if (cp != UTF_REPLACEMENT) {
					assert_int_equal(encode(o, cp), used);
					assert_memory_equal(o, s, (size_t)used);
				} else if (!(s[0] == 0xEF && used == 3)) {
					assert_int_equal(used, prefix_length(p, s, n));
				}
			}
		}
		free(p);
	}
}

static void utf8_measures(void **state)
{
	bool latin1;
	char text[64];

	(void)state;
	assert_int_equal(utf8_measure("", 0, false, &latin1), 0);
	assert_true(latin1);
	assert_int_equal(utf8_measure("plain ascii text", 16, false, &latin1), 16);
	assert_true(latin1);
	assert_int_equal(utf8_measure("caf\xC3\xA9", 5, false, &latin1), 4);
	assert_true(latin1);
	assert_int_equal(utf8_measure("\xE2\x82\xAC""1", 4, false, &latin1), 2);
	assert_false(latin1);
	assert_int_equal(utf8_measure("\xF0\x9F\x98\x80", 4, false, &latin1), 2);
	assert_int_equal(utf8_measure("\xED\xA0\x80", 3, false, &latin1), 3);
	assert_int_equal(utf8_measure("\xED\xA0\x80", 3, true, &latin1), 1);
	assert_int_equal(utf8_measure("\xF0\x9F", 2, false, &latin1), 1);
	for (size_t at = 0; at <= 40; at++) {
		memset(text, 'x', sizeof text);
		text[at] = (char)0xC3;
		assert_int_equal(utf8_ascii_prefix(text, 40), at);
		assert_int_equal(utf8_ascii_prefix(text, at), at);
	}
}

static void utf16_surrogates(void **state)
{
	(void)state;
	assert_true(utf16_is_high(0xD800) && utf16_is_high(0xDBFF));
	assert_false(utf16_is_high(0xDC00) || utf16_is_high(0xD7FF));
	assert_true(utf16_is_low(0xDC00) && utf16_is_low(0xDFFF));
	assert_false(utf16_is_low(0xDBFF) || utf16_is_low(0xE000));
	assert_int_equal(utf16_join(0xD800, 0xDC00), 0x10000);
	assert_int_equal(utf16_join(0xDBFF, 0xDFFF), 0x10FFFF);
}

/* ---- hash --------------------------------------------------------------- */

static uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static void rounds(uint64_t v[4], int n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

/* SipHash-c-d, byte by byte. */
static uint64_t siphash(int c, int d, const unsigned char key[16], const unsigned char *p, size_t n)
{
	static const char iv[] = "somepseudorandomlygeneratedbytes";
	uint64_t v[4] = { 0 }, k[2] = { 0 };

	for (int i = 0; i < 16; i++)
		k[i / 8] |= (uint64_t)key[i] << i % 8 * 8;
	for (int i = 0; i < 32; i++)
		v[i / 8] = v[i / 8] << 8 | (unsigned char)iv[i];
	for (int i = 0; i < 4; i++)
		v[i] ^= k[i % 2];
	for (size_t at = 0; at <= n; at += 8) {
		uint64_t m = at + 8 > n ? (uint64_t)(n & 255) << 56 : 0;

		for (size_t i = at; i < n && i < at + 8; i++)
			m |= (uint64_t)p[i] << i % 8 * 8;
		v[3] ^= m;
		rounds(v, c);
		v[0] ^= m;
	}
	v[2] ^= 0xFF;
	rounds(v, d);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void hash_is_siphash13(void **state)
{
	unsigned char key[16], text[300];
	struct hash_key k;
	uint16_t units[150];

	(void)state;
	for (int i = 0; i < 16; i++)
		key[i] = (unsigned char)i;
	for (int i = 0; i < 300; i++)
		text[i] = (unsigned char)i;
	/* The reference itself, by the vector in the SipHash paper (2-4). */
	assert_true(siphash(2, 4, key, text, 15) == 0xA129CA6149BE45E5ull);
	memcpy(&k, key, sizeof k);
	for (size_t n = 0; n <= 299; n++) {
		assert_true(hash_sip13(&k, text, n) == siphash(1, 3, key, text, n));
		assert_true(hash_sip13(&k, text + 1, n) == siphash(1, 3, key, text + 1, n));
	}
	memcpy(units, text, sizeof units);
	for (size_t n = 0; n <= 150; n++)
		assert_true(hash_sip13_u16(&k, units, n) == siphash(1, 3, key, text, 2 * n));
}

static void hash_keys_differ(void **state)
{
	struct hash_key a = { 0, 0 }, b = { 0, 0 };

	(void)state;
	hash_key_random(&a);
	hash_key_random(&b);
	assert_memory_not_equal(&a, &b, sizeof a);
	assert_true(hash_sip13(&a, "x", 1) != hash_sip13(&b, "x", 1));
	assert_true(hash_u64(1) != hash_u64(2));
	assert_int_equal(hash_u64(0), 0);
}

/* ---- digests, base64, near names ------------------------------------------ */

static void hex_is(const unsigned char d[SHA256_SIZE], const char *want)
{
	char text[2 * SHA256_SIZE + 1];

	for (int i = 0; i < SHA256_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", d[i]);
	assert_string_equal(text, want);
}

static void sha256_known(void)
{
	static char a[1000];
	unsigned char d[SHA256_SIZE];
	struct sha256 s;

	sha256_init(&s);
	sha256_end(&s, d);
	hex_is(d, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_init(&s);
	sha256_add(&s, "ab", 2);
	sha256_add(&s, "c", 1);
	sha256_end(&s, d);
	hex_is(d, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	memset(a, 'a', sizeof a);
	sha256_init(&s);
	for (int i = 0; i < 1000; i++)
		sha256_add(&s, a, sizeof a);
	sha256_end(&s, d);
	hex_is(d, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	sha256_hmac("Jefe", 4, "what do ya want for nothing?", 28, d); /* RFC 4231, 4.3 */
	hex_is(d, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void sha256_both_ways(void **state)
{
	(void)state;
	sha256_known();
	sha256_plain();
	sha256_known();
	assert_true(sha256_same("ab", "ab", 2) && !sha256_same("ab", "ac", 2) && sha256_same("x", "y", 0));
}

static void base64_round_trip(void **state)
{
	struct buf b = BUF_INIT, back = BUF_INIT;
	char bytes[40];

	(void)state;
	for (size_t n = 0; n <= sizeof bytes; n++)
		for (int url = 0; url < 2; url++) {
			for (size_t i = 0; i < n; i++)
				bytes[i] = (char)(i * 37 + n);
			b.len = back.len = 0;
			base64_encode(&b, (struct sv){ bytes, n }, url);
			assert_true(base64_decode(&back, b.len ? buf_sv(&b) : SV("")));
			assert_true(back.len == n && (n == 0 || memcmp(back.p, bytes, n) == 0));
		}
	assert_false(base64_decode(&back, SV("a")));
	assert_false(base64_decode(&back, SV("aGk==")));
	assert_false(base64_decode(&back, SV("aG k")));
	assert_false(base64_decode(&back, SV("aGl"))); /* bits beyond the last byte */
	assert_true(base64_decode(&back, SV("aGk")));
	buf_free(&b);
	buf_free(&back);
}

static void near_names(void **state)
{
	(void)state;
	assert_int_equal(near_distance("router", "routr"), 1);
	assert_int_equal(near_distance("sah256", "sha256"), 1);
	assert_int_equal(near_distance("", "abc"), 3);
	assert_true(near_distance("cache", "cahce") < near_limit("cahce") && near_distance("url", "id") >= near_limit("url"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calendar_agrees),
		cmocka_unit_test(spare_goes_back),
		cmocka_unit_test(buf_grows),
		cmocka_unit_test(buf_reserve_keeps_len),
		cmocka_unit_test(buf_formats),
		cmocka_unit_test(buf_utf8),
		cmocka_unit_test(sv_compares),
		cmocka_unit_test(sv_trims),
		cmocka_unit_test(arena_allocates),
		cmocka_unit_test(arena_takes_big_and_reuses),
		cmocka_unit_test(utf8_round_trip),
		cmocka_unit_test(utf8_ill_formed),
		cmocka_unit_test(utf8_measures),
		cmocka_unit_test(utf16_surrogates),
		cmocka_unit_test(hash_is_siphash13),
		cmocka_unit_test(hash_keys_differ),
		cmocka_unit_test(sha256_both_ways),
		cmocka_unit_test(base64_round_trip),
		cmocka_unit_test(near_names),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
