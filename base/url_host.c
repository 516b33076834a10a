/* url_host.c: hosts of URLs (WHATWG URL 3.5): IPv4 and IPv6 addresses, opaque hosts,
 * domains with their mapping to ASCII (UTS 46 without transitional processing, with
 * CheckHyphens, UseSTD3ASCIIRules and VerifyDnsLength off; RFC 3492 Punycode). Called
 * by url.c.
 *
 * There is no table of UTS 46 here: the mapping is worked out from case folding,
 * compatibility decomposition and general categories, which agrees with the table
 * but for a few code points; the rules for text from right to left (CheckBidi) and the
 * joining types of neighbours are not looked at. */
#include <stdlib.h>

#include "base/ucd.h"
#include "base/url.h"
#include "base/utf.h"

static bool is_digit(int c) { return c >= '0' && c <= '9'; }
static int hex(int c)
{
	return is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* ---- IPv4 (3.5) ---------------------------------------------------------- */

/* One part of an IPv4 address, up to 2^32; -1: not a number. */
static int64_t ipv4_number(struct sv s)
{
	unsigned base = 10;
	uint64_t v = 0;

	if (s.n == 0)
		return -1;
	if (s.n >= 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x')
		base = 16, s.p += 2, s.n -= 2;
	else if (s.n >= 2 && s.p[0] == '0')
		base = 8, s.p++, s.n--;
	for (size_t i = 0; i < s.n; i++) {
		int d = hex((unsigned char)s.p[i]);

		if (d < 0 || (unsigned)d >= base)
			return -1;
		v = v * base + (unsigned)d;
		if (v > (uint64_t)1 << 32)
			v = (uint64_t)1 << 32;
	}
	return (int64_t)v;
}

static struct sv last_label(struct sv s)
{
	const char *dot;

	if (s.n != 0 && s.p[s.n - 1] == '.')
		s.n--;
	dot = s.n ? memrchr(s.p, '.', s.n) : NULL;
	return dot ? (struct sv){ dot + 1, (size_t)(s.p + s.n - dot - 1) } : s;
}

static bool ends_in_number(struct sv s)
{
	struct sv last = last_label(s);
	size_t i = 0;

	while (i < last.n && is_digit((unsigned char)last.p[i]))
		i++;
	return last.n != 0 && (i == last.n || ipv4_number(last) >= 0);
}

static bool ipv4_parse(struct sv s, struct buf *out)
{
	int64_t part[4];
	uint64_t ip;
	int n = 0;

	if (s.n != 0 && s.p[s.n - 1] == '.')
		s.n--;
	for (;;) {
		const char *dot = memchr(s.p, '.', s.n);
		size_t len = dot ? (size_t)(dot - s.p) : s.n;

		if (n == 4)
			return false;
		part[n] = ipv4_number((struct sv){ s.p, len });
		if (part[n] < 0)
			return false;
		n++;
		if (!dot)
			break;
		s.p += len + 1;
		s.n -= len + 1;
	}
	for (int i = 0; i < n - 1; i++)
		if (part[i] > 255)
			return false;
	if (part[n - 1] >= (int64_t)1 << (8 * (5 - n)))
		return false;
	ip = (uint64_t)part[n - 1];
	for (int i = 0; i < n - 1; i++)
		ip += (uint64_t)part[i] << (8 * (3 - i));
	buf_printf(out, "%u.%u.%u.%u", (unsigned)(ip >> 24), (unsigned)(ip >> 16 & 255), (unsigned)(ip >> 8 & 255),
		   (unsigned)(ip & 255));
	return true;
}

/* ---- IPv6 (3.5) ---------------------------------------------------------- */

/* The IPv4 tail of an address, from *i to the end. */
static bool ipv6_tail(struct sv s, size_t *i, uint16_t addr[8], int *piece)
{
	int seen = 0;

	if (*piece > 6)
		return false;
	while (*i < s.n) {
		int v = -1;

		if (seen > 0) {
			if (s.p[*i] != '.' || seen >= 4)
				return false;
			++*i;
		}
		if (*i >= s.n || !is_digit((unsigned char)s.p[*i]))
			return false;
		for (; *i < s.n && is_digit((unsigned char)s.p[*i]); ++*i) {
			if (v == 0)
				return false;
			v = (v < 0 ? 0 : v * 10) + (s.p[*i] - '0');
			if (v > 255)
				return false;
		}
		addr[*piece] = (uint16_t)(addr[*piece] << 8 | v);
		if (++seen == 2 || seen == 4)
			++*piece;
	}
	return seen == 4;
}

static bool ipv6_read(struct sv s, uint16_t addr[8])
{
	int piece = 0, compress = -1;
	size_t i = 0;

	memset(addr, 0, 8 * sizeof *addr);
	if (s.n != 0 && s.p[0] == ':') {
		if (s.n < 2 || s.p[1] != ':')
			return false;
		i = 2;
		compress = ++piece;
	}
	while (i < s.n) {
		unsigned v = 0;
		size_t start = i;

		if (piece == 8)
			return false;
		if (s.p[i] == ':') {
			if (compress >= 0)
				return false;
			i++;
			compress = ++piece;
			continue;
		}
		for (; i - start < 4 && i < s.n && hex((unsigned char)s.p[i]) >= 0; i++)
			v = v * 16 + (unsigned)hex((unsigned char)s.p[i]);
		if (i < s.n && s.p[i] == '.') {
			if (i == start)
				return false;
			i = start;
			if (!ipv6_tail(s, &i, addr, &piece))
				return false;
			break;
		}
		if (i < s.n && s.p[i] == ':') {
			if (++i == s.n)
				return false;
		} else if (i < s.n) {
			return false;
		}
		addr[piece++] = (uint16_t)v;
	}
	if (compress >= 0) {
		int swaps = piece - compress;

		for (piece = 7; piece != 0 && swaps > 0; piece--, swaps--) {
			uint16_t t = addr[compress + swaps - 1];

			addr[compress + swaps - 1] = addr[piece];
			addr[piece] = t;
		}
		return true;
	}
	return piece == 8;
}

static void ipv6_write(const uint16_t addr[8], struct buf *out)
{
	int best = -1, longest = 1, i, n;

	for (i = 0; i < 8; i += n ? n : 1) {
		for (n = 0; i + n < 8 && addr[i + n] == 0; n++)
			;
		if (n > longest)
			longest = n, best = i;
	}
	buf_putc(out, '[');
	for (i = 0; i < 8; i++) {
		if (i == best) {
			buf_puts(out, i == 0 ? "::" : ":");
			i += longest - 1;
			continue;
		}
		buf_printf(out, i < 7 ? "%x:" : "%x", addr[i]);
	}
	buf_putc(out, ']');
}

/* ---- Punycode (RFC 3492) -------------------------------------------------- */

enum { PUNY_BASE = 36, PUNY_TMIN = 1, PUNY_TMAX = 26, PUNY_SKEW = 38, PUNY_DAMP = 700, PUNY_BIAS = 72, PUNY_N = 128 };

struct cps { uint32_t *p; size_t n, cap; };

static void cps_insert(struct cps *c, size_t at, uint32_t cp)
{
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 64;
		c->p = realloc(c->p, c->cap * sizeof *c->p);
		AN(c->p);
	}
	memmove(c->p + at + 1, c->p + at, (c->n - at) * sizeof *c->p);
	c->p[at] = cp;
	c->n++;
}
static void cps_put(struct cps *c, uint32_t cp) { cps_insert(c, c->n, cp); }

static unsigned puny_adapt(uint64_t delta, uint64_t points, bool first)
{
	unsigned k = 0;

	delta = first ? delta / PUNY_DAMP : delta / 2;
	delta += delta / points;
	for (; delta > ((PUNY_BASE - PUNY_TMIN) * PUNY_TMAX) / 2; k += PUNY_BASE)
		delta /= PUNY_BASE - PUNY_TMIN;
	return k + (unsigned)(((PUNY_BASE - PUNY_TMIN + 1) * delta) / (delta + PUNY_SKEW));
}

static unsigned puny_threshold(unsigned k, unsigned bias)
{
	return k <= bias ? PUNY_TMIN : k >= bias + PUNY_TMAX ? PUNY_TMAX : k - bias;
}

#define LABEL_MAX 2048     /* code points; work grows with the square */
#define DOMAIN_MAX 2048    /* bytes of a domain that is not plain ASCII; names of the DNS have 253 */

static bool puny_encode(const uint32_t *cp, size_t n, struct buf *out)
{
	uint64_t delta = 0;
	uint32_t next = PUNY_N;
	unsigned bias = PUNY_BIAS;
	size_t basic = 0, done;

	if (n > LABEL_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (cp[i] < 128) {
			buf_putc(out, (char)cp[i]);
			basic++;
		}
	if (basic)
		buf_putc(out, '-');
	for (done = basic; done < n; delta++, next++) {
		uint32_t m = UINT32_MAX;

		for (size_t i = 0; i < n; i++)
			if (cp[i] >= next && cp[i] < m)
				m = cp[i];
		delta += (uint64_t)(m - next) * (done + 1);
		next = m;
		for (size_t i = 0; i < n; i++) {
			uint64_t q = delta;

			delta += cp[i] < next;
			if (cp[i] != next)
				continue;
			for (unsigned k = PUNY_BASE;; k += PUNY_BASE) {
				unsigned t = puny_threshold(k, bias), d;

				if (q < t)
					break;
				d = t + (unsigned)((q - t) % (PUNY_BASE - t));
				buf_putc(out, (char)(d < 26 ? 'a' + d : '0' + d - 26));
				q = (q - t) / (PUNY_BASE - t);
			}
			buf_putc(out, (char)(q < 26 ? 'a' + q : '0' + q - 26));
			bias = puny_adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
	return true;
}

static bool puny_decode(struct sv s, struct cps *out)
{
	const char *dash = s.n ? memrchr(s.p, '-', s.n) : NULL;
	uint64_t i = 0, next = PUNY_N;
	unsigned bias = PUNY_BIAS;
	size_t at = 0;

	if (s.n > LABEL_MAX)
		return false;
	if (dash) {
		for (; s.p + at < dash; at++)
			cps_put(out, (unsigned char)s.p[at]);
		at++;
	}
	while (at < s.n) {
		uint64_t old = i, w = 1;

		for (unsigned k = PUNY_BASE;; k += PUNY_BASE) {
			int c = at < s.n ? (unsigned char)s.p[at++] : -1;
			unsigned d, t;

			if (is_digit(c))
				d = (unsigned)c - '0' + 26;
			else if ((c | 32) >= 'a' && (c | 32) <= 'z')
				d = (unsigned)(c | 32) - 'a';
			else
				return false;
			i += d * w;
			t = puny_threshold(k, bias);
			if (i > INT32_MAX)
				return false;
			if (d < t)
				break;
			w *= PUNY_BASE - t;
			if (w > INT32_MAX)
				return false;
		}
		bias = puny_adapt(i - old, out->n + 1, old == 0);
		next += i / (out->n + 1);
		i %= out->n + 1;
		if (next > 0x10FFFF || (next >= 0xD800 && next <= 0xDFFF))
			return false;
		cps_insert(out, (size_t)i++, (uint32_t)next);
	}
	return true;
}

/* ---- domains to ASCII (UTS 46) ---------------------------------------------- */

static bool in_property(char kind, const char *name, uint32_t cp)
{
	struct ucd_ranges r = { .set = ucd_property(kind, name) };
	uint32_t lo, hi;

	while (r.set >= 0 && ucd_next_range(&r, &lo, &hi))
		if (cp <= hi)
			return cp >= lo;
	return false;
}

/* Mapped to nothing. */
static bool is_ignored(uint32_t cp)
{
	return cp == 0xAD || cp == 0x34F || cp == 0x200B || cp == 0x2060 || cp == 0x2064 || cp == 0xFEFF ||
	       (cp >= 0x180B && cp <= 0x180D) || cp == 0x180F || (cp >= 0xFE00 && cp <= 0xFE0F) ||
	       (cp >= 0xE0100 && cp <= 0xE01EF) || (cp >= 0x1BCA0 && cp <= 0x1BCA3);
}

/* May the code point, as it is, stand in a label? (IdnaMappingTable: valid or
 * deviation.) */
static bool is_valid(uint32_t cp)
{
	static const char *const bad[] = { "Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp" };

	if (cp < 128)
		return cp >= ' ' && !(cp >= 'A' && cp <= 'Z');
	if (cp == 0x200C || cp == 0x200D || cp == 0xDF)
		return true;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (in_property('g', bad[i], cp))
			return false;
	/* Format controls, and code points whose meaning needs a renderer. */
	return !(in_property('g', "Cf", cp) || (cp >= 0x2FF0 && cp <= 0x2FFF) || (cp >= 0xFFF9 && cp <= 0xFFFD) ||
		 cp == 0x2183 || cp == 0x2132 || in_property('b', "Default_Ignorable_Code_Point", cp));
}

static void decompose(struct cps *out, uint32_t cp, bool compat)
{
	uint32_t d[18];
	int n = ucd_decompose(cp, compat, d);

	for (int i = 0; i < n; i++) {
		size_t at = out->n;
		int ccc = ucd_ccc(d[i]);

		while (ccc != 0 && at > 0 && ucd_ccc(out->p[at - 1]) > ccc)
			at--;
		cps_insert(out, at, d[i]);
	}
}

static void compose(struct cps *c)
{
	size_t starter = SIZE_MAX, n = 0;
	int last = -1;

	for (size_t i = 0; i < c->n; i++) {
		int ccc = ucd_ccc(c->p[i]);
		uint32_t both = starter != SIZE_MAX && last < ccc ? ucd_compose(c->p[starter], c->p[i]) : 0;

		if (starter != SIZE_MAX && last == -1)
			both = ucd_compose(c->p[starter], c->p[i]);
		if (both) {
			c->p[starter] = both;
			continue;
		}
		c->p[n] = c->p[i];
		if (ccc == 0)
			starter = n;
		last = ccc == 0 ? -1 : ccc;
		n++;
	}
	c->n = n;
}

/* The mapping of UTS 46 step 1 and 2, dots included. False: a code point is
 * disallowed. */
static bool map_domain(struct sv s, struct cps *out)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t cp, low[3];
		int n;

		i += (size_t)utf8_decode(s.p + i, s.n - i, false, &cp);
		if (is_ignored(cp))
			continue;
		if ((cp >= 0x2488 && cp <= 0x249B) || cp == 0x1F100) /* digits with a full stop */
			return false;
		if (cp == 0x3002 || cp == 0xFF61)
			cp = '.';
		if (cp == 0x1E9E)
			cp = 0xDF;
		if (cp < 128) {
			cps_put(out, cp >= 'A' && cp <= 'Z' ? cp | 32 : cp);
			continue;
		}
		n = ucd_to_lower(cp, low);
		for (int k = 0; k < n; k++) {
			struct cps d = { 0 };

			decompose(&d, low[k], true);
			for (size_t j = 0; j < d.n; j++) {
				uint32_t again[3];
				int m = ucd_to_lower(d.p[j], again);

				for (int x = 0; x < m; x++)
					decompose(out, again[x], true);
			}
			free(d.p);
		}
	}
	compose(out);
	for (size_t i = 0; i < out->n; i++)
		if (out->p[i] >= 128 && !is_valid(out->p[i]))
			return false;
	return true;
}

/* RFC 5892 A.1, A.2: joiners after a virama (joining types are not looked at). */
static bool joiners_are_fine(const uint32_t *cp, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((cp[i] == 0x200C || cp[i] == 0x200D) && (i == 0 || ucd_ccc(cp[i - 1]) != 9))
			return false;
	return true;
}

/* UTS 46 4.1: does a label, decoded, consist of what the mapping leaves as it is? */
static bool label_is_valid(const uint32_t *cp, size_t n)
{
	struct cps again = { 0 };
	uint32_t low[3];
	bool ok;

	for (size_t i = 0; i < n; i++)
		decompose(&again, cp[i], true);
	compose(&again);
	ok = again.n == n && (n == 0 || memcmp(again.p, cp, n * sizeof *cp) == 0) && joiners_are_fine(cp, n) &&
	     (n == 0 || !in_property('g', "M", cp[0]));
	free(again.p);
	for (size_t i = 0; ok && i < n; i++)
		ok = cp[i] != '.' && is_valid(cp[i]) && ucd_to_lower(cp[i], low) == 1 && low[0] == cp[i];
	return ok;
}

static bool put_label(const uint32_t *cp, size_t n, struct buf *out)
{
	size_t start = out->len;
	bool ascii = true;

	for (size_t i = 0; i < n; i++)
		ascii &= cp[i] < 128;
	if (!ascii) {
		buf_puts(out, "xn--");
		return label_is_valid(cp, n) && puny_encode(cp, n, out);
	}
	for (size_t i = 0; i < n; i++)
		buf_putc(out, (char)cp[i]);
	if (n >= 4 && memcmp(out->p + start, "xn--", 4) == 0) {
		struct cps d = { 0 };
		bool ok = puny_decode((struct sv){ out->p + start + 4, n - 4 }, &d) && d.n != 0 && label_is_valid(d.p, d.n);

		ascii = true;
		for (size_t i = 0; i < d.n; i++)
			ascii &= d.p[i] < 128;
		free(d.p);
		return ok && !ascii;
	}
	return true;
}

static bool domain_to_ascii(struct sv s, struct buf *out)
{
	struct cps cps = { 0 };
	bool ok = s.n <= DOMAIN_MAX && map_domain(s, &cps);
	size_t start = 0;

	for (size_t i = 0; ok && i <= cps.n; i++) {
		if (i < cps.n && cps.p[i] != '.')
			continue;
		ok = put_label(cps.p + start, i - start, out);
		if (ok && i < cps.n)
			buf_putc(out, '.');
		start = i + 1;
	}
	free(cps.p);
	return ok && out->len != 0;
}

/* ---- the host parser (3.5) ---------------------------------------------------- */

static bool has_forbidden(struct sv s, bool domain)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == 0 || memchr("\t\n\r #/:<>?@[\\]^|", c, 16) || (domain && (c <= 0x1f || c == '%' || c == 0x7f)))
			return true;
	}
	return false;
}

static bool is_plain(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 128)
			return false;
	return !memmem(s.p, s.n, "xn--", 4);
}

static bool domain_parse(struct sv input, struct buf *out)
{
	struct buf plain = BUF_INIT, ascii = BUF_INIT;
	bool ok = true;

	url_decode(&plain, input);
	for (size_t i = 0; i < plain.len; i++)
		if (plain.p[i] >= 'A' && plain.p[i] <= 'Z')
			plain.p[i] |= 32;
	if (is_plain(buf_sv(&plain)))
		buf_put_sv(&ascii, buf_sv(&plain));
	else
		ok = domain_to_ascii(buf_sv(&plain), &ascii);
	ok = ok && ascii.len != 0 && !has_forbidden(buf_sv(&ascii), true);
	if (ok && ends_in_number(buf_sv(&ascii)))
		ok = ipv4_parse(buf_sv(&ascii), out);
	else if (ok)
		buf_put_sv(out, buf_sv(&ascii));
	buf_free(&plain);
	buf_free(&ascii);
	return ok;
}

bool url_host_parse(struct sv s, bool special, struct buf *out)
{
	uint16_t addr[8];

	if (s.n != 0 && s.p[0] == '[') {
		if (s.p[s.n - 1] != ']' || !ipv6_read((struct sv){ s.p + 1, s.n - 2 }, addr))
			return false;
		ipv6_write(addr, out);
		return true;
	}
	if (special)
		return domain_parse(s, out);
	if (has_forbidden(s, false))
		return false;
	url_encode(out, s, URL_SET_C0);
	return true;
}
