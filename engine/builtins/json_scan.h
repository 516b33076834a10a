/* json_scan.h: quick search for what ends a plain run inside a JSON string: the
 * quote, the backslash and control characters. Never reads outside [p, end). */
#ifndef ENGINE_BUILTINS_JSON_SCAN_H
#define ENGINE_BUILTINS_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SCAN_ONES 0x0101010101010101ull
#define SCAN_HIGH 0x8080808080808080ull

static inline bool scan_is_special(uint8_t c) { return c < 0x20 || c == '"' || c == '\\'; }

/* Eight bytes at once: high bit set in each special byte at or below the lowest
 * one set (those above it may be wrong: borrows run upwards). */
static inline uint64_t scan_word(uint64_t w)
{
	uint64_t q = w ^ SCAN_ONES * '"', b = w ^ SCAN_ONES * '\\';

	return (((q - SCAN_ONES) & ~q) | ((b - SCAN_ONES) & ~b) | ((w - SCAN_ONES * 0x20) & ~w)) & SCAN_HIGH;
}

static inline uint64_t scan_load(const uint8_t *p)
{
	uint64_t w;

	memcpy(&w, p, 8);
	return w;
}

/* The first special byte at or after p, or end. *high |= is some byte before it
 * above 0x7F? */
static inline const uint8_t *scan_plain(const uint8_t *p, const uint8_t *end, unsigned *high)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), ctl = _mm_set1_epi8(0x1F);

	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i m = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(v, ctl), v),
		                         _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)));
		unsigned at = (unsigned)_mm_movemask_epi8(m), hi = (unsigned)_mm_movemask_epi8(v);

		if (at != 0) {
			unsigned i = (unsigned)__builtin_ctz(at);

			*high |= hi & ((1u << i) - 1);
			return p + i;
		}
		*high |= hi;
		p += 16;
	}
#else
	while (end - p >= 8) {
		uint64_t w = scan_load(p);

		if (scan_word(w) != 0)
			break;
		*high |= (w & SCAN_HIGH) != 0;
		p += 8;
	}
#endif
	while (p < end && !scan_is_special(*p))
		*high |= *p++ & 0x80;
	return p;
}

/* Has [p, p+n) no special byte at all? */
static inline bool scan_all_plain(const uint8_t *p, uint32_t n)
{
	uint64_t bad = 0;
	uint32_t i;

	if (n < 8) {
		for (i = 0; i < n; i++)
			if (scan_is_special(p[i]))
				return false;
		return true;
	}
	for (i = 0; i + 8 <= n; i += 8)
		bad |= scan_word(scan_load(p + i));
	return (bad | scan_word(scan_load(p + n - 8))) == 0;
}

#endif
