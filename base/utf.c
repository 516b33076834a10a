/* utf.c: UTF-8 coding. Pure; called by the lexer, strings, JSON, HTTP. */
#include "base/utf.h"

#include <string.h>

int utf8_encode(char *out, uint32_t cp)
{
	unsigned char *o = (unsigned char *)out;

	if (cp < 0x80) {
		o[0] = (unsigned char)cp;
		return 1;
	}
	if (cp < 0x800) {
		o[0] = (unsigned char)(0xC0 | cp >> 6);
		o[1] = (unsigned char)(0x80 | (cp & 63));
		return 2;
	}
	if (cp < 0x10000) {
		o[0] = (unsigned char)(0xE0 | cp >> 12);
		o[1] = (unsigned char)(0x80 | (cp >> 6 & 63));
		o[2] = (unsigned char)(0x80 | (cp & 63));
		return 3;
	}
	o[0] = (unsigned char)(0xF0 | cp >> 18);
	o[1] = (unsigned char)(0x80 | (cp >> 12 & 63));
	o[2] = (unsigned char)(0x80 | (cp >> 6 & 63));
	o[3] = (unsigned char)(0x80 | (cp & 63));
	return 4;
}

int utf8_decode(const char *p, size_t n, bool wtf8, uint32_t *cp)
{
	const unsigned char *s = (const unsigned char *)p;
	unsigned lo = 0x80, hi = 0xBF, c = s[0];
	int need, i;
	uint32_t r;

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	if (c >= 0xC2 && c <= 0xDF) {
		need = 1;
		r = c & 0x1F;
	} else if (c >= 0xE0 && c <= 0xEF) {
		need = 2;
		r = c & 0x0F;
		if (c == 0xE0)
			lo = 0xA0;
		if (c == 0xED && !wtf8)
			hi = 0x9F;
	} else if (c >= 0xF0 && c <= 0xF4) {
		need = 3;
		r = c & 0x07;
		if (c == 0xF0)
			lo = 0x90;
		if (c == 0xF4)
			hi = 0x8F;
	} else {
		*cp = UTF_REPLACEMENT;
		return 1;
	}
	for (i = 1; i <= need; i++) {
		if ((size_t)i >= n || s[i] < lo || s[i] > hi) {
			*cp = UTF_REPLACEMENT;
			return i;
		}
		r = r << 6 | (s[i] & 63);
		lo = 0x80;
		hi = 0xBF;
	}
	*cp = r;
	return need + 1;
}

size_t utf8_ascii_prefix(const char *p, size_t n)
{
	size_t i = 0;

	for (; i + 64 <= n; i += 64) {
		uint64_t w[8], any = 0;

		memcpy(w, p + i, 64);
		for (unsigned k = 0; k < 8; k++)
			any |= w[k];
		if (any & 0x8080808080808080ull)
			break;
	}
	for (; i + 8 <= n; i += 8) {
		uint64_t w;

		memcpy(&w, p + i, 8);
		if (w & 0x8080808080808080ull)
			break;
	}
	while (i < n && !(p[i] & 0x80))
		i++;
	return i;
}

size_t utf8_measure(const char *p, size_t n, bool wtf8, bool *latin1)
{
	size_t i = utf8_ascii_prefix(p, n), units = i;

	*latin1 = true;
	while (i < n) {
		uint32_t cp;

		i += (size_t)utf8_decode(p + i, n - i, wtf8, &cp);
		units += cp >= 0x10000 ? 2 : 1;
		if (cp > 0xFF)
			*latin1 = false;
	}
	return units;
}
