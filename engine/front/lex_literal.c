/* lex_literal.c: numbers, strings, templates and regular expressions (12.9.3 to
 * 12.9.6). Called by lex.c, and by the parser for the re-scans. */
#include "engine/front/lex.h"

#include <string.h>

#include "base/num.h"
#include "base/utf.h"

/* ---- numbers ---- */

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	return 99;
}

/* Appends digits of the radix at p to the scratch buffer; separators must stand
 * between two of them. */
static const char *digits(struct lexer *lx, const char *p, int radix)
{
	bool prev = false;

	for (; p < lx->end; p++) {
		if (*p == '_') {
			if (!prev || p + 1 >= lx->end || digit_value(p[1]) >= radix)
				lex_fail(lx, lex_off(lx, p), lex_off(lx, p) + 1,
				    "a numeric separator must stand between two digits");
			prev = false;
			continue;
		}
		if (digit_value(*p) >= radix)
			break;
		buf_putc(&lx->cooked, *p);
		prev = true;
	}
	return p;
}

static void number_end(struct lexer *lx, const char *p)
{
	const char *q = p;

	if (p < lx->end && ((*p >= '0' && *p <= '9') || lex_at_ident_start(lx, p))) {
		lex_decode(lx, &q);
		lex_fail(lx, lex_off(lx, p), lex_off(lx, q),
		    *p == '_' ? "a numeric separator is not allowed here" :
		    "an identifier or digit directly after a number");
	}
	lx->p = p;
}

static void bigint(struct lexer *lx, const char *p)
{
	lx->t.kind = T_BIGINT;
	lx->t.name = names_intern(lx->names, lx->cooked.p, lx->cooked.len);
	number_end(lx, p + 1);
}

static void radix_number(struct lexer *lx, int radix)
{
	const char *p = lx->p + 2;

	buf_put(&lx->cooked, lx->p, 2);
	p = digits(lx, p, radix);
	if (lx->cooked.len == 2)
		lex_fail(lx, lx->t.start, lex_off(lx, p) + 1, "digits are missing after 0%c", lx->cooked.p[1]);
	if (p < lx->end && *p == 'n') {
		bigint(lx, p);
		return;
	}
	lx->t.num = num_parse_radix(lx->cooked.p + 2, lx->cooked.len - 2, radix);
	number_end(lx, p);
}

/* 0 followed by a digit: 017 is octal, 09 and 08.5 are decimal (B.1.1 of old,
 * now 12.9.3). True if it was octal and is done. */
static bool legacy_octal(struct lexer *lx)
{
	const char *p = lx->p;

	lx->t.flags |= TF_OCTAL;
	while (p < lx->end && *p >= '0' && *p <= '7')
		p++;
	if (p < lx->end && (*p == '8' || *p == '9'))
		return false;
	lx->t.num = num_parse_radix(lx->p + 1, (size_t)(p - lx->p - 1), 8);
	number_end(lx, p);
	return true;
}

static void decimal_fraction(struct lexer *lx, const char *p)
{
	if (p < lx->end && *p == '.') {
		buf_putc(&lx->cooked, '.');
		p = digits(lx, p + 1, 10);
	}
	if (p < lx->end && (*p | 0x20) == 'e') {
		size_t before;

		buf_putc(&lx->cooked, 'e');
		p++;
		if (p < lx->end && (*p == '+' || *p == '-'))
			buf_putc(&lx->cooked, *p++);
		before = lx->cooked.len;
		p = digits(lx, p, 10);
		if (lx->cooked.len == before)
			lex_fail(lx, lx->t.start, lex_off(lx, p), "digits are missing in the exponent");
	}
	AN(num_parse_decimal(lx->cooked.p, lx->cooked.len, &lx->t.num) != 0);
	number_end(lx, p);
}

void lex_number(struct lexer *lx)
{
	const char *p = lx->p, *end = lx->end;
	uint64_t v = 0;
	bool octal_like = false;

	lx->t.kind = T_NUMBER;
	while (p < end && *p >= '0' && *p <= '9' && p - lx->p < 15)
		v = v * 10 + (uint64_t)(*p++ - '0');
	/* Most numbers are short integers: done without the general path. */
	if (lx->p[0] != '0' && p > lx->p && (p == end || (*p != '.' && *p != '_' && digit_value(*p) == 99))) {
		lx->t.num = (double)v;
		number_end(lx, p);
		return;
	}
	lx->cooked.len = 0;
	p = lx->p;
	if (*p == '0' && p + 1 < end) {
		switch (p[1] | 0x20) {
		case 'x': radix_number(lx, 16); return;
		case 'o': radix_number(lx, 8); return;
		case 'b': radix_number(lx, 2); return;
		default: break;
		}
		if (p[1] == '_')
			lex_fail(lx, lex_off(lx, p) + 1, lex_off(lx, p) + 2, "a numeric separator cannot follow a leading 0");
		octal_like = p[1] >= '0' && p[1] <= '9';
		if (octal_like && legacy_octal(lx))
			return;
	}
	if (octal_like) {
		while (p < end && *p >= '0' && *p <= '9')
			buf_putc(&lx->cooked, *p++);
	} else {
		p = digits(lx, p, 10);
		if (p < end && *p == 'n' && lx->cooked.len != 0) {
			bigint(lx, p);
			return;
		}
	}
	decimal_fraction(lx, p);
}

/* ---- strings and templates ---- */

/* Appends cp; a low surrogate joins a high one that ends the buffer, so that
 * equal JavaScript strings have equal bytes. */
static void put_unit(struct buf *b, uint32_t cp)
{
	if (utf16_is_low(cp) && b->len >= 3) {
		unsigned char *q = (unsigned char *)b->p + b->len - 3;

		if (q[0] == 0xED && q[1] >= 0xA0 && q[1] <= 0xAF) {
			uint32_t hi = 0xD000u | (q[1] & 0x3Fu) << 6 | (q[2] & 0x3Fu);

			b->len -= 3;
			cp = utf16_join(hi, cp);
		}
	}
	buf_put_utf8(b, cp);
}

static bool octal_escape(struct lexer *lx, const char **pp, uint32_t *cp)
{
	const char *p = *pp;
	int max = *p <= '3' ? 3 : 2;

	*cp = 0;
	for (; max > 0 && p < lx->end && *p >= '0' && *p <= '7'; max--, p++)
		*cp = *cp * 8 + (uint32_t)(*p - '0');
	*pp = p;
	return true;
}

/* p behind the backslash. Reads the escape and appends what it means to b.
 * Returns NULL, or what is wrong with it, with *pp at the fault. */
static const char *read_escape(struct lexer *lx, const char **pp, struct buf *b, bool template)
{
	const char *p = *pp;
	uint32_t cp;

	if (p >= lx->end)
		return "an escape is cut short";
	if (*p >= '0' && *p <= '9') {
		bool digit_next = p + 1 < lx->end && p[1] >= '0' && p[1] <= '9';

		if (*p == '0' && !digit_next) {
			*pp = p + 1;
			buf_putc(b, 0);
			return NULL;
		}
		if (template)
			return "octal escapes are not allowed in templates";
		lx->t.flags |= TF_OCTAL;
		if (*p >= '8')
			buf_putc(b, *(*pp)++);
		else if (octal_escape(lx, pp, &cp))
			buf_put_utf8(b, cp);
		return NULL;
	}
	switch (*p) {
	case 'n': cp = '\n'; break;
	case 't': cp = '\t'; break;
	case 'r': cp = '\r'; break;
	case 'b': cp = '\b'; break;
	case 'f': cp = '\f'; break;
	case 'v': cp = '\v'; break;
	case 'x':
		if (lx->end - p < 3 || digit_value(p[1]) > 15 || digit_value(p[2]) > 15)
			return "\\x must be followed by two hexadecimal digits";
		buf_put_utf8(b, (uint32_t)(digit_value(p[1]) << 4 | digit_value(p[2])));
		*pp = p + 3;
		return NULL;
	case 'u':
		if (!lex_unicode_escape(lx, pp, &cp))
			return "invalid Unicode escape";
		put_unit(b, cp);
		return NULL;
	case '\r':
		*pp = p + (p + 1 < lx->end && p[1] == '\n' ? 2 : 1);
		return NULL;
	case '\n':
		*pp = p + 1;
		return NULL;
	default:
		cp = lex_decode(lx, pp);
		if (cp != 0x2028 && cp != 0x2029)
			put_unit(b, cp);
		return NULL;
	}
	*pp = p + 1;
	buf_putc(b, (char)cp);
	return NULL;
}

/* A string with escapes, or with characters beyond ASCII: p where those begin. */
static void slow_string(struct lexer *lx, const char *p, char quote)
{
	struct buf *b = &lx->cooked;
	const char *msg, *at;

	b->len = 0;
	buf_put(b, lx->p, (size_t)(p - lx->p));
	for (; p < lx->end && *p != '\n' && *p != '\r'; ) {
		if (*p == quote) {
			lx->p = p + 1;
			lx->t.name = names_intern(lx->names, b->p, b->len);
			return;
		}
		if (*p != '\\') {
			put_unit(b, lex_decode(lx, &p));
			continue;
		}
		lx->t.flags |= TF_ESCAPED;
		at = p++;
		msg = read_escape(lx, &p, b, false);
		if (msg != NULL)
			lex_fail(lx, lex_off(lx, at), lex_off(lx, p), "%s", msg);
	}
	lex_fail(lx, lx->t.start, lex_off(lx, p), "this string is never closed");
}

void lex_string(struct lexer *lx, char quote)
{
	const char *p = lx->p;

	lx->t.kind = T_STRING;
	while (p < lx->end && *p != quote) {
		unsigned char c = (unsigned char)*p;

		if (c == '\\' || c >= 0x80 || c == '\n' || c == '\r') {
			slow_string(lx, p, quote);
			return;
		}
		p++;
	}
	if (p >= lx->end)
		lex_fail(lx, lx->t.start, lex_off(lx, p), "this string is never closed");
	lx->t.name = names_intern(lx->names, lx->p, (size_t)(p - lx->p));
	lx->p = p + 1;
}

/* Copies source [from, to) to the raw text, line ends as LF (12.9.6.2). */
static void put_raw(struct lexer *lx, const char *from, const char *to)
{
	while (from < to) {
		uint32_t cp = lex_decode(lx, &from);

		if (cp == '\r') {
			if (from < to && *from == '\n')
				from++;
			cp = '\n';
		}
		put_unit(&lx->raw, cp);
	}
}

void lex_template(struct lexer *lx)
{
	struct buf *b = &lx->cooked;
	const char *p = lx->p, *start = p, *msg, *at;
	bool bad = false;

	lx->t.kind = T_TEMPLATE;
	b->len = lx->raw.len = 0;
	for (;; ) {
		if (p >= lx->end)
			lex_fail(lx, lx->t.start, lex_off(lx, p), "this template is never closed");
		if (*p == '`' || (*p == '$' && lx->end - p > 1 && p[1] == '{'))
			break;
		if (*p == '\\') {
			at = p++;
			msg = read_escape(lx, &p, b, true);
			if (msg != NULL && !bad) {
				bad = true;
				lx->bad_escape = lex_off(lx, at);
				lx->bad_escape_msg = msg;
			}
			continue;
		}
		if (*p == '\r') {
			buf_putc(b, '\n');
			p += lx->end - p > 1 && p[1] == '\n' ? 2 : 1;
			continue;
		}
		put_unit(b, lex_decode(lx, &p));
	}
	put_raw(lx, start, p);
	if (*p == '`')
		lx->t.flags |= TF_TAIL;
	lx->p = p + (*p == '`' ? 1 : 2);
	lx->t.name = bad ? NULL : names_intern(lx->names, b->p, b->len);
	lx->t.raw = names_intern(lx->names, lx->raw.p, lx->raw.len);
}

/* ---- regular expressions ---- */

static const char *regexp_flags(struct lexer *lx, const char *p)
{
	static const char known[] = "dgimsuvy";
	unsigned seen = 0;
	const char *q, *k;

	for (; p < lx->end; p = q) {
		q = p;
		if (*p == '\\' )
			lex_fail(lx, lex_off(lx, p), lex_off(lx, p) + 1, "escapes are not allowed in regular expression flags");
		if (!(*p >= '0' && *p <= '9') && !lex_at_ident_start(lx, p))
			break;
		lex_decode(lx, &q);
		k = q - p == 1 ? strchr(known, *p) : NULL;
		if (k == NULL || *k == 0)
			lex_fail(lx, lex_off(lx, p), lex_off(lx, q), "invalid regular expression flag '%.*s'", (int)(q - p), p);
		if (seen & 1u << (k - known))
			lex_fail(lx, lex_off(lx, p), lex_off(lx, q), "the regular expression flag '%c' is repeated", *p);
		seen |= 1u << (k - known);
	}
	if ((seen & (1u << 5 | 1u << 6)) == (1u << 5 | 1u << 6))
		lex_fail(lx, lx->t.start, lex_off(lx, p), "the regular expression flags 'u' and 'v' exclude each other");
	return p;
}

void lex_regexp(struct lexer *lx)
{
	const char *p = lx->text + lx->t.start + 1, *body = p, *q;
	bool in_class = false;

	for (;;) {
		uint32_t cp;

		q = p;
		cp = p < lx->end ? lex_decode(lx, &q) : '\n';
		if (cp == '\\') {
			p = q;
			cp = p < lx->end ? lex_decode(lx, &q) : '\n';
		} else if (cp == '/' && !in_class) {
			break;
		} else if (cp == '[') {
			in_class = true;
		} else if (cp == ']') {
			in_class = false;
		}
		if (cp == '\n' || cp == '\r' || cp == 0x2028 || cp == 0x2029)
			lex_fail(lx, lx->t.start, lex_off(lx, p), "this regular expression is never closed");
		p = q;
	}
	q = regexp_flags(lx, p + 1);
	lx->t.kind = T_REGEXP;
	lx->t.name = lex_intern(lx, body, (size_t)(p - body));
	lx->t.raw = lex_intern(lx, p + 1, (size_t)(q - p - 1));
	lx->p = q;
	lx->t.end = lex_off(lx, q);
}
