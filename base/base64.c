/* base64.c: see base64.h. Called by atob and btoa, and by zigttp:crypto. */
#include "base/base64.h"

const char base64_digits[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_value(uint32_t c, bool url)
{
	if (c - 'A' < 26)
		return (int)(c - 'A');
	if (c - 'a' < 26)
		return (int)(c - 'a' + 26);
	if (c - '0' < 10)
		return (int)(c - '0' + 52);
	if (c == '+' || (url && c == '-'))
		return 62;
	return c == '/' || (url && c == '_') ? 63 : -1;
}

char base64_digit(uint32_t v, bool url) { return !url || v < 62 ? base64_digits[v] : v == 62 ? '-' : '_'; }

void base64_encode(struct buf *out, struct sv s, bool url)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0; i < s.n; i += 3) {
		size_t n = s.n - i < 3 ? s.n - i : 3;
		uint32_t w = (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (n > 2 ? p[i + 2] : 0);

		for (size_t k = 0; k < 4; k++)
			if (k <= n)
				buf_putc(out, base64_digit(w >> (18 - 6 * k) & 63, url));
			else if (!url)
				buf_putc(out, '=');
	}
}

bool base64_decode(struct buf *out, struct sv s)
{
	uint32_t bits = 0, nbits = 0;
	size_t pads = 0, n = s.n;

	while (pads < 2 && n > 0 && s.p[n - 1] == '=')
		n--, pads++;
	if (n % 4 == 1 || (pads != 0 && (n + pads) % 4 != 0))
		return false;
	for (size_t i = 0; i < n; i++) {
		int d = base64_value((unsigned char)s.p[i], true);

		if (d < 0)
			return false;
		bits = bits << 6 | (uint32_t)d;
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			buf_putc(out, (char)(bits >> nbits & 0xFF));
		}
	}
	return (bits & ((1u << nbits) - 1)) == 0;
}
