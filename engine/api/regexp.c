/* regexp.c: checks regular expression literals while source text is parsed: the
 * front end knows no patterns, this file brings both together. */
#include <stdlib.h>

#include "base/utf.h"
#include "engine/api/compile.h"
#include "engine/regexp/regexp.h"

/* The byte of the pattern where unit `unit` begins. */
static uint32_t byte_of_unit(struct sv pattern, uint32_t unit)
{
	size_t at = 0;
	uint32_t cp, n = 0;

	while (at < pattern.n && n < unit) {
		at += (size_t)utf8_decode(pattern.p + at, pattern.n - at, true, &cp);
		n += cp > 0xFFFF ? 2 : 1;
	}
	return (uint32_t)at;
}

bool regexp_check(void *arg, struct sv pattern, struct sv flags, const char **msg, uint32_t *off)
{
	uint16_t *units = malloc((pattern.n + 1) * sizeof *units);
	uint32_t n = 0, bits = 0, cp;
	struct re_error err;
	bool ok;

	AN(units);
	for (size_t at = 0; at < pattern.n;) {
		at += (size_t)utf8_decode(pattern.p + at, pattern.n - at, true, &cp);
		if (cp > 0xFFFF) {
			units[n++] = (uint16_t)(0xD7C0 + (cp >> 10));
			cp = 0xDC00 | (cp & 0x3FF);
		}
		units[n++] = (uint16_t)cp;
	}
	for (size_t i = 0; i < flags.n; i++)
		bits |= 1u << (strchr(RE_FLAG_LETTERS, flags.p[i]) - RE_FLAG_LETTERS);
	ok = re_check((struct re_text){ .p16 = units, .len = n, .wide = true }, bits, (uintptr_t)arg, &err);
	free(units);
	if (!ok) {
		*msg = err.msg;
		*off = byte_of_unit(pattern, err.off);
	}
	return ok;
}
