/* ucd.c: look-ups in the Unicode tables that base/gen_ucd.c prints. Pure;
 * called by the lexer, strings and regular expressions. */
#include "base/ucd.h"

#include "base/check.h"
#include "base/ucd_table.h"

/* The tables' entry of cp; code points past the last non-zero one have 0. */
#define LOOKUP(t, cp) ((cp) < UCD_##t##_LIMIT ? \
	UCD_##t##_data[(UCD_##t##_index[(cp) >> UCD_##t##_SHIFT] << UCD_##t##_SHIFT) + \
	((cp) & ((1u << UCD_##t##_SHIFT) - 1))] : 0)

/* Hangul syllables (Unicode 3.12) are leading + vowel + optional trailing. */
enum {
	S_BASE = 0xAC00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11A7,
	L_COUNT = 19, V_COUNT = 21, T_COUNT = 28, S_COUNT = L_COUNT * V_COUNT * T_COUNT,
};

static inline bool has(uint32_t cp, unsigned flag)
{
	return UCD_properties[LOOKUP(property, cp)].flags & flag;
}

static inline bool is_ascii_letter(uint32_t cp) { return (cp | 0x20) - 'a' < 26; }

bool ucd_is_id_start(uint32_t cp)
{
	return cp < 0x80 ? is_ascii_letter(cp) : has(cp, UCD_ID_START);
}

bool ucd_is_id_continue(uint32_t cp)
{
	if (cp < 0x80)
		return is_ascii_letter(cp) || cp - '0' < 10 || cp == '_';
	return has(cp, UCD_ID_CONTINUE);
}

bool ucd_is_white_space(uint32_t cp)
{
	if (cp < 0x80)
		return cp == ' ' || cp == '\t' || cp == '\v' || cp == '\f';
	return cp == 0xFEFF || has(cp, UCD_SPACE);
}

bool ucd_is_cased(uint32_t cp) { return has(cp, UCD_CASED); }
bool ucd_is_case_ignorable(uint32_t cp) { return has(cp, UCD_CASE_IGNORABLE); }

static int map_case(uint32_t cp, int32_t delta, uint32_t out[3])
{
	int n;

	if (likely(delta < UCD_SPECIAL)) {
		out[0] = cp + (uint32_t)delta;
		return 1;
	}
	n = UCD_specials[delta - UCD_SPECIAL].n;
	for (int i = 0; i < n; i++)
		out[i] = UCD_specials[delta - UCD_SPECIAL].cp[i];
	return n;
}

int ucd_to_upper(uint32_t cp, uint32_t out[3])
{
	if (cp < 0x80) {
		out[0] = cp - 'a' < 26 ? cp - 0x20 : cp;
		return 1;
	}
	return map_case(cp, UCD_casings[LOOKUP(casing, cp)].upper, out);
}

int ucd_to_lower(uint32_t cp, uint32_t out[3])
{
	if (cp < 0x80) {
		out[0] = cp - 'A' < 26 ? cp + 0x20 : cp;
		return 1;
	}
	return map_case(cp, UCD_casings[LOOKUP(casing, cp)].lower, out);
}

uint32_t ucd_simple_fold(uint32_t cp)
{
	if (cp < 0x80)
		return cp - 'A' < 26 ? cp + 0x20 : cp;
	return cp + (uint32_t)UCD_casings[LOOKUP(casing, cp)].fold;
}

bool ucd_case_range(unsigned i, uint32_t *lo, uint32_t *hi)
{
	if (i >= ARRAY_LEN(UCD_case_ranges))
		return false;
	*lo = UCD_case_ranges[i][0];
	*hi = UCD_case_ranges[i][1];
	return true;
}

int ucd_ccc(uint32_t cp)
{
	return cp < 0x300 ? 0 : UCD_properties[LOOKUP(property, cp)].ccc;
}

static int decompose_hangul(uint32_t s, uint32_t *out)
{
	uint32_t t = s % T_COUNT;

	out[0] = L_BASE + s / (V_COUNT * T_COUNT);
	out[1] = V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT;
	if (t == 0)
		return 2;
	out[2] = T_BASE + t;
	return 3;
}

/* The tables hold one step; steps nest at most a few deep. */
int ucd_decompose(uint32_t cp, bool compat, uint32_t out[18])
{
	const uint16_t *m;
	unsigned at, n;
	int written = 0;

	if (cp - S_BASE < S_COUNT)
		return decompose_hangul(cp - S_BASE, out);
	at = cp < 0xA0 ? 0 : LOOKUP(mapping, cp);
	m = UCD_pool + at;
	if (at == 0 || (!compat && (*m & UCD_MAP_COMPAT))) {
		out[0] = cp;
		return 1;
	}
	for (n = *m++ & ~UCD_MAP_COMPAT; n > 0; n--) {
		uint32_t c = *m++;

		if ((c & 0xFC00) == 0xD800)
			c = 0x10000 + ((c & 0x3FF) << 10) + (*m++ & 0x3FFu);
		written += ucd_decompose(c, compat, out + written);
	}
	return written;
}

uint32_t ucd_compose(uint32_t a, uint32_t b)
{
	uint64_t key = (uint64_t)a << 42 | (uint64_t)b << 21;
	size_t lo = 0, hi = ARRAY_LEN(UCD_pairs);

	if (b < 0x300)
		return 0;
	if (a - L_BASE < L_COUNT && b - V_BASE < V_COUNT)
		return S_BASE + ((a - L_BASE) * V_COUNT + (b - V_BASE)) * T_COUNT;
	if (a - S_BASE < S_COUNT && (a - S_BASE) % T_COUNT == 0 && b - T_BASE - 1 < T_COUNT - 1)
		return a + (b - T_BASE);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (UCD_pairs[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < ARRAY_LEN(UCD_pairs) && UCD_pairs[lo] >> 21 == key >> 21)
		return (uint32_t)UCD_pairs[lo] & 0x1FFFFF;
	return 0;
}
