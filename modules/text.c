/* text.c: zigttp:text. Called by scripts. */
#include "base/ucd.h"
#include "base/utf.h"
#include "modules/parts.h"

static const struct { struct sv entity; char c; } entities[] = {
	{ SV("&amp;"), '&' }, { SV("&lt;"), '<' }, { SV("&gt;"), '>' }, { SV("&quot;"), '"' }, { SV("&#39;"), '\'' },
};

zigts_val text_escape(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	struct buf b = BUF_INIT;

	if (!s.p || zigts_tick(vm, (int64_t)(s.n / 8)) < 0)
		return ZIGTS_EXC;
	for (size_t i = 0; i < s.n; i++) {
		size_t k = 0;

		while (k < ARRAY_LEN(entities) && entities[k].c != s.p[i])
			k++;
		if (k < ARRAY_LEN(entities))
			buf_put_sv(&b, entities[k].entity);
		else
			buf_putc(&b, s.p[i]);
	}
	return mod_text(vm, &b);
}

/* "&#38;" and "&#x26;" at p: their length, or 0. */
static size_t numeric(struct sv s, uint32_t *cp)
{
	bool hex = s.n > 3 && (s.p[2] | 32) == 'x';
	size_t i = hex ? 3 : 2, from = i;

	if (s.n < 4 || s.p[1] != '#')
		return 0;
	for (*cp = 0; i < s.n && i < from + 7; i++) {
		unsigned c = (unsigned char)s.p[i];
		unsigned d = c - '0' < 10 ? c - '0' : hex && (c | 32) - 'a' < 6 ? (c | 32) - 'a' + 10 : 99;

		if (d == 99)
			break;
		*cp = *cp * (hex ? 16 : 10) + d;
	}
	return i > from && i < s.n && s.p[i] == ';' && *cp != 0 && *cp < 0x110000 && (*cp & ~0x7FFu) != 0xD800 ? i + 1 : 0;
}

zigts_val text_unescape(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	struct buf b = BUF_INIT;

	if (!s.p || zigts_tick(vm, (int64_t)(s.n / 8)) < 0)
		return ZIGTS_EXC;
	while (s.n > 0) {
		size_t k = 0, n = 1;
		uint32_t cp = (unsigned char)*s.p;
		bool coded = *s.p == '&';

		if (coded) {
			while (k < ARRAY_LEN(entities) && (s.n < entities[k].entity.n ||
							   memcmp(s.p, entities[k].entity.p, entities[k].entity.n) != 0))
				k++;
			if (k < ARRAY_LEN(entities)) {
				n = entities[k].entity.n;
				cp = (unsigned char)entities[k].c;
			} else if (s.n >= 6 && memcmp(s.p, "&nbsp;", 6) == 0) {
				n = 6;
				cp = 0xA0;
			} else if ((n = numeric(s, &cp)) == 0) {
				n = 1;
				cp = '&';
			}
			buf_put_utf8(&b, cp);
		} else {
			buf_putc(&b, *s.p);
		}
		s.p += n;
		s.n -= n;
	}
	return mod_text(vm, &b);
}

/* Letters that do not decompose into an ASCII one. */
static const struct { uint32_t cp; const char *text; } letters[] = {
	{ 0xDF, "ss" }, { 0xE6, "ae" }, { 0xF0, "d" }, { 0xF8, "o" }, { 0xFE, "th" }, { 0x111, "d" }, { 0x131, "i" },
	{ 0x142, "l" }, { 0x153, "oe" },
};

static void put_slug(struct buf *b, uint32_t cp)
{
	uint32_t lower[3], parts[18];
	int n = ucd_to_lower(cp, lower), k;

	cp = n > 0 ? lower[0] : cp;
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].cp == cp) {
			buf_puts(b, letters[i].text);
			return;
		}
	k = cp < 128 ? 0 : ucd_decompose(cp, true, parts);
	if (k > 0)
		cp = parts[0];
	if (cp - 'a' < 26 || cp - '0' < 10)
		buf_putc(b, (char)cp);
	else if (cp != '\'' && cp != 0x2019 && ucd_ccc(cp) == 0 && b->len && b->p[b->len - 1] != '-')
		buf_putc(b, '-');
}

zigts_val text_slugify(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	struct buf b = BUF_INIT;

	if (!s.p || zigts_tick(vm, (int64_t)(s.n / 2)) < 0)
		return ZIGTS_EXC;
	while (s.n > 0) {
		uint32_t cp;
		int n = utf8_decode(s.p, s.n, false, &cp);

		if (n <= 0)
			n = 1;
		else
			put_slug(&b, cp);
		s.p += n;
		s.n -= (size_t)n;
	}
	if (b.len && b.p[b.len - 1] == '-')
		b.len--;
	return mod_text(vm, &b);
}

static size_t characters(struct sv s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xC0) != 0x80;
	return n;
}

/* Bytes of the first n characters. */
static size_t prefix(struct sv s, size_t n)
{
	size_t i = 0;

	while (i < s.n && (n > 0 || (s.p[i] & 0xC0) == 0x80))
		n -= (s.p[i++] & 0xC0) != 0x80;
	return i;
}

zigts_val text_truncate(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val suffix = ZIGTS_ARG(2), text;
	struct buf b = BUF_INIT;
	struct sv s, end = SV("\xe2\x80\xa6");
	double n;

	text = zigts_to_string(vm, ZIGTS_ARG(0));
	if (text == ZIGTS_EXC || !mod_number(vm, ZIGTS_ARG(1), "truncate: the length", 0, 1e15, &n))
		return ZIGTS_EXC;
	if (suffix != ZIGTS_UNDEF && !(end = web_text(vm, suffix)).p)
		return ZIGTS_EXC;
	s = web_text(vm, text);
	if (!s.p || zigts_tick(vm, (int64_t)(s.n / 8)) < 0)
		return ZIGTS_EXC;
	if (characters(s) <= (size_t)n)
		return text;
	if (characters(end) >= (size_t)n)
		end.n = prefix(end, (size_t)n);
	buf_put(&b, s.p, prefix(s, (size_t)n - characters(end)));
	buf_put_sv(&b, end);
	return mod_text(vm, &b);
}

zigts_val text_mask(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s;
	struct buf b = BUF_INIT;
	double keep = 4;
	size_t n, shown;

	if (ZIGTS_ARG(1) != ZIGTS_UNDEF && !mod_number(vm, ZIGTS_ARG(1), "mask: the number of characters", 0, 1e15, &keep))
		return ZIGTS_EXC;
	s = web_text(vm, ZIGTS_ARG(0));
	if (!s.p || zigts_tick(vm, (int64_t)(s.n / 8)) < 0)
		return ZIGTS_EXC;
	n = characters(s);
	shown = (size_t)keep < n ? (size_t)keep : 0;     /* a short secret is hidden whole */
	for (size_t i = 0; i < n - shown; i++)
		buf_putc(&b, '*');
	n = prefix(s, n - shown);
	buf_put(&b, s.p + n, s.n - n);
	return mod_text(vm, &b);
}
