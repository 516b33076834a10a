/* string_case.c: toLowerCase, toUpperCase and their locale twins (ECMA-262
 * 22.1.3.26 to .30): full default case conversion of the Unicode tables. Called by
 * scripts. There is one locale, the root: the locale methods give the same. */
#include "engine/builtins/string.h"

#include "base/ucd.h"

enum { MICRO = 0xB5, SHARP_S = 0xDF, Y_DIAERESIS = 0xFF, SIGMA = 0x3A3, FINAL_SIGMA = 0x3C2 };

/* The differences between the cases of Latin-1 lie in bit 0x20. */
static inline bool latin1_is_upper(uint8_t c)
{
	return (uint8_t)(c - 'A') < 26 || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
}

static inline bool latin1_is_lower(uint8_t c)
{
	return (uint8_t)(c - 'a') < 26 || (c >= 0xE0 && c <= 0xFE && c != 0xF7);
}

static val lower8(struct vm *vm, struct str *s, struct sview v)
{
	struct str *r;
	uint8_t *out;
	uint32_t i = 0;

	while (i < v.len && !latin1_is_upper(v.p8[i]))
		i++;
	if (i == v.len)
		return v_cell(s);
	if (v.len == 1)
		return v_cell(vm->chars[v.p8[0] | 0x20]);
	r = str_alloc8(vm, v.len, &out);
	if (r == NULL)
		return V_EXC;
	memcpy(out, v.p8, i);
	for (; i < v.len; i++)
		out[i] = (uint8_t)(v.p8[i] | (latin1_is_upper(v.p8[i]) ? 0x20 : 0));
	return v_cell(r);
}

/* Units whose upper case is not one Latin-1 unit. */
static inline bool upper_leaves_latin1(uint8_t c) { return c == MICRO || c == SHARP_S || c == Y_DIAERESIS; }

/* V_HOLE: the general way is needed. */
static val upper8(struct vm *vm, struct str *s, struct sview v)
{
	struct str *r;
	uint8_t *out;
	uint32_t i = 0;

	while (i < v.len && !latin1_is_lower(v.p8[i]) && !upper_leaves_latin1(v.p8[i]))
		i++;
	if (i == v.len)
		return v_cell(s);
	for (uint32_t k = i; k < v.len; k++)
		if (unlikely(upper_leaves_latin1(v.p8[k])))
			return V_HOLE;
	if (v.len == 1)
		return v_cell(vm->chars[v.p8[0] & ~0x20u]);
	r = str_alloc8(vm, v.len, &out);
	if (r == NULL)
		return V_EXC;
	memcpy(out, v.p8, i);
	for (; i < v.len; i++)
		out[i] = (uint8_t)(v.p8[i] & (latin1_is_lower(v.p8[i]) ? ~0x20 : ~0));
	return v_cell(r);
}

/* The code point that ends before unit i. */
static uint32_t code_point_before(struct sview v, uint32_t i, uint32_t *units)
{
	if (i >= 2) {
		uint32_t cp = sview_code_point(v, i - 2, units);

		if (*units == 2)
			return cp;
	}
	*units = 1;
	return sview_at(v, i - 1);
}

/* Unicode 3.13 Final_Sigma for the sigma at unit i: after a cased letter, not
 * before one, case-ignorable characters apart. The work is linear over a string,
 * because a sigma is itself what stops both walks. */
static bool is_final_sigma(struct sview v, uint32_t i)
{
	uint32_t units, k = i, cp = 0;

	while (k > 0) {
		cp = code_point_before(v, k, &units);
		k -= units;
		if (!ucd_is_case_ignorable(cp))
			break;
		cp = 0;
	}
	if (cp == 0 || !ucd_is_cased(cp))
		return false;
	for (k = i + 1; k < v.len; k += units) {
		cp = sview_code_point(v, k, &units);
		if (!ucd_is_case_ignorable(cp))
			return !ucd_is_cased(cp);
	}
	return true;
}

/* Any string; gives s itself when nothing changes. */
static val convert(struct vm *vm, struct str *s, struct sview v, bool upper)
{
	struct strbuf b;
	uint32_t units, out[3];
	bool changed = false;

	strbuf_init(&b, vm, v.len < 1024 ? v.len : 0);
	for (uint32_t i = 0; i < v.len && !b.err; i += units) {
		uint32_t cp = sview_code_point(v, i, &units);
		int n;

		if ((i & 1023) == 0 && VM_TICK(vm, 1024))
			return V_EXC;
		if (cp < 0x80) {
			uint32_t c = upper ? cp & ~(uint32_t)(latin1_is_lower((uint8_t)cp) << 5)
			                   : cp | (uint32_t)(latin1_is_upper((uint8_t)cp) << 5);

			changed |= c != cp;
			strbuf_unit(&b, c);
			continue;
		}
		if (upper) {
			n = ucd_to_upper(cp, out);
		} else if (cp == SIGMA && is_final_sigma(v, i)) {
			out[0] = FINAL_SIGMA;
			n = 1;
		} else {
			n = ucd_to_lower(cp, out);
		}
		changed |= n != 1 || out[0] != cp;
		for (int k = 0; k < n; k++)
			strbuf_code_point(&b, out[k]);
	}
	return !changed && !b.err ? v_cell(s) : strbuf_end(&b);
}

val string_lower(struct vm *vm, struct str *s)
{
	struct sview v;

	if (!string_view(vm, s, &v))
		return V_EXC;
	if (v.wide)
		return convert(vm, s, v, false);
	return VM_TICK(vm, v.len >> 5) ? V_EXC : lower8(vm, s, v);
}

val string_upper(struct vm *vm, struct str *s)
{
	struct sview v;
	val r = V_HOLE;

	if (!string_view(vm, s, &v))
		return V_EXC;
	if (!v.wide) {
		if (VM_TICK(vm, v.len >> 5))
			return V_EXC;
		r = upper8(vm, s, v);
	}
	return r == V_HOLE ? convert(vm, s, v, true) : r;
}

static val to_lower_case(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "toLowerCase");

	(void)argc;
	return s ? string_lower(vm, s) : V_EXC;
}

static val to_upper_case(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "toUpperCase");

	(void)argc;
	return s ? string_upper(vm, s) : V_EXC;
}

static val to_locale_lower_case(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "toLocaleLowerCase");

	(void)argc;
	return s ? string_lower(vm, s) : V_EXC;
}

static val to_locale_upper_case(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "toLocaleUpperCase");

	(void)argc;
	return s ? string_upper(vm, s) : V_EXC;
}

const struct row string_case_rows[] = {
	NF_METHOD("toLocaleLowerCase", 0, to_locale_lower_case, EFF_CALLS, "22.1.3.26"),
	NF_METHOD("toLocaleUpperCase", 0, to_locale_upper_case, EFF_CALLS, "22.1.3.27"),
	NF_METHOD("toLowerCase", 0, to_lower_case, EFF_CALLS, "22.1.3.28"),
	NF_METHOD("toUpperCase", 0, to_upper_case, EFF_CALLS, "22.1.3.30"),
};
const uint32_t string_case_nrows = sizeof string_case_rows / sizeof *string_case_rows;
