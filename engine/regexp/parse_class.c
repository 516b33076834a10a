/* parse_class.c: escapes and character classes of patterns, those with set
 * operations (flag v) included. Called by parse.c. */
#include "engine/regexp/parser.h"

#include <string.h>

#include "base/ucd.h"
#include "base/utf.h"

static int hex(int32_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* n hexadecimal digits; false: nothing eaten. */
static bool hex_digits(struct re_parser *p, uint32_t n, uint32_t *out)
{
	uint32_t v = 0;

	for (uint32_t k = 0; k < n; k++) {
		int d = hex(re_peek(p, k));

		if (d < 0)
			return false;
		v = v * 16 + (uint32_t)d;
	}
	p->i += n;
	*out = v;
	return true;
}

bool re_unicode_escape(struct re_parser *p, bool pairs, uint32_t *out)
{
	uint32_t start = p->i, low;

	if (pairs && re_eat(p, '{')) {
		uint64_t v = 0;
		bool any = false;

		for (; hex(re_peek(p, 0)) >= 0; p->i++, any = true) {
			v = v * 16 + (uint32_t)hex(re_peek(p, 0));
			if (v > CP_MAX)
				v = CP_MAX + 1;
		}
		if (any && v <= CP_MAX && re_eat(p, '}')) {
			*out = (uint32_t)v;
			return true;
		}
		p->i = start;
		return false;
	}
	if (!hex_digits(p, 4, out))
		return false;
	start = p->i;
	if (pairs && utf16_is_high(*out) && re_eat(p, '\\') && re_eat(p, 'u') && hex_digits(p, 4, &low) && utf16_is_low(low))
		*out = utf16_join(*out, low);
	else
		p->i = start;
	return true;
}

static bool is_syntax_char(int32_t c) { return c > 0 && strchr("^$\\.*+?()[]{}|/", c) != NULL; }

/* \0 and the octal escapes of Annex B. */
static uint32_t octal(struct re_parser *p, int32_t c)
{
	uint32_t v = (uint32_t)(c - '0');

	for (int k = 0; k < (c <= '3' ? 2 : 1) && re_peek(p, 0) >= '0' && re_peek(p, 0) <= '7'; k++)
		v = v * 8 + re_unit(p->src, p->i++) - '0';
	return v;
}

uint32_t re_char_escape(struct re_parser *p, bool in_class)
{
	int32_t c = re_peek(p, 0), d;
	uint32_t v;

	if (c < 0)
		re_fail(p, "\\ at end of pattern");
	p->i++;
	switch (c) {
	case 't': return '\t';
	case 'n': return '\n';
	case 'v': return '\v';
	case 'f': return '\f';
	case 'r': return '\r';
	case 'b':
		if (in_class)
			return '\b';
		break;
	case '-':
		if (p->u && in_class)
			return '-';
		break;
	case 'c':
		d = re_peek(p, 0);
		if ((uint32_t)((d | 32) - 'a') < 26 || (!p->u && in_class && ((d >= '0' && d <= '9') || d == '_'))) {
			p->i++;
			return (uint32_t)d & 31;
		}
		if (p->u)
			re_fail(p, "Invalid unicode escape");
		p->i--;
		return '\\';
	case 'x':
		if (hex_digits(p, 2, &v))
			return v;
		if (p->u)
			re_fail(p, "Invalid escape");
		return 'x';
	case 'u':
		if (re_unicode_escape(p, p->u, &v))
			return v;
		if (p->u)
			re_fail(p, "Invalid Unicode escape");
		return 'u';
	case '0':
		if (!(re_peek(p, 0) >= '0' && re_peek(p, 0) <= '9'))
			return 0;
		/* fall through */
	case '1': case '2': case '3': case '4': case '5': case '6': case '7':
		if (p->u)
			re_fail(p, in_class ? "Invalid class escape" : "Invalid decimal escape");
		return octal(p, c);
	default:
		break;
	}
	if (!p->u) {
		if (c == 'k' && p->named)
			re_fail(p, "Invalid named reference");
		return (uint32_t)c;
	}
	if (is_syntax_char(c) || (p->v && in_class && strchr("&-!#%,:;<=>@`~", c) != NULL))
		return (uint32_t)c;
	re_fail(p, "Invalid escape");
}

/* ---- named sets ---- */

static void digits(struct re_parser *p, struct cset *s) { cset_add(p->a, s, '0', '9'); }

void re_words(struct re_parser *p, struct cset *s)
{
	digits(p, s);
	cset_add(p->a, s, 'A', 'Z');
	cset_add(p->a, s, '_', '_');
	cset_add(p->a, s, 'a', 'z');
	if (p->u && (p->flags & RE_I)) {
		cset_add(p->a, s, 0x17F, 0x17F);
		cset_add(p->a, s, 0x212A, 0x212A);
	}
}

static void spaces(struct re_parser *p, struct cset *s)
{
	static const uint16_t r[] = { 9, 13, ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029,
				      0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF };

	for (size_t k = 0; k < sizeof r / sizeof *r; k += 2)
		cset_add(p->a, s, r[k], r[k + 1]);
}

static bool property_name_char(int32_t c)
{
	return (c >= '0' && c <= '9') || (uint32_t)((c | 32) - 'a') < 26 || c == '_';
}

static void property_part(struct re_parser *p, char out[64])
{
	uint32_t n = 0;

	for (; property_name_char(re_peek(p, 0)) && n < 63; p->i++)
		out[n++] = (char)re_peek(p, 0);
	out[n] = 0;
}

/* \p{…} or \P{…}, the letter eaten. */
static void property(struct re_parser *p, struct re_class *c, bool neg)
{
	char name[64], value[64];
	bool pair;
	int r;

	if (!re_eat(p, '{'))
		re_fail(p, "Invalid property name");
	property_part(p, name);
	pair = re_eat(p, '=');
	if (pair)
		property_part(p, value);
	if (!re_eat(p, '}'))
		re_fail(p, "Invalid property name");
	r = re_property(p->a, name, pair ? value : NULL, p->v, c);
	if (r == 0 || (r == 2 && neg))
		re_fail(p, "Invalid property name");
	cset_norm(&c->set);
	if (p->v && (p->flags & RE_I))
		cset_close(p->a, &c->set, true);
	if (neg)
		cset_invert(p->a, &c->set, CP_MAX);
}

bool re_class_escape(struct re_parser *p, struct re_class *c, bool in_class)
{
	int32_t e = re_peek(p, 0);

	(void)in_class;
	switch (e) {
	case 'd': case 'D': digits(p, &c->set); break;
	case 's': case 'S': spaces(p, &c->set); break;
	case 'w': case 'W': re_words(p, &c->set); break;
	case 'p': case 'P':
		if (!p->u)
			return false;
		p->i++;
		property(p, c, e == 'P');
		return true;
	default:
		return false;
	}
	p->i++;
	cset_norm(&c->set);
	if (e < 'a')
		cset_invert(p->a, &c->set, CP_MAX);
	return true;
}

/* ---- classes without v ---- */

/* One ClassAtom: true and *cp for a character, false when it is a set (added). */
static bool class_atom(struct re_parser *p, struct re_class *c, uint32_t *cp)
{
	struct re_class e = { 0 };

	if (!re_more(p))
		re_fail(p, "Unterminated character class");
	if (!re_eat(p, '\\')) {
		*cp = re_next(p);
		return true;
	}
	if (re_class_escape(p, &e, true)) {
		cset_add_all(p->a, &c->set, &e.set);
		return false;
	}
	*cp = re_char_escape(p, true);
	return true;
}

static void class_ranges(struct re_parser *p, struct re_class *c)
{
	while (!re_eat(p, ']')) {
		uint32_t lo, hi;
		bool a = class_atom(p, c, &lo), b;

		if (re_peek(p, 0) != '-' || re_peek(p, 1) == ']' || re_peek(p, 1) < 0) {
			if (a)
				cset_add(p->a, &c->set, lo, lo);
			continue;
		}
		p->i++;
		b = class_atom(p, c, &hi);
		if (a && b) {
			if (lo > hi)
				re_fail(p, "Range out of order in character class");
			cset_add(p->a, &c->set, lo, hi);
			continue;
		}
		if (p->u)
			re_fail(p, "Invalid character class");
		cset_add(p->a, &c->set, '-', '-');
		if (a || b)
			cset_add(p->a, &c->set, a ? lo : hi, a ? lo : hi);
	}
}

/* ---- classes with v (22.2.1 ClassSetExpression) ---- */

static void class_set(struct re_parser *p, struct re_class *out);

int re_string_cmp(const struct re_string *a, const struct re_string *b)
{
	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return memcmp(a->cp, b->cp, a->n * 4);
}

/* Adds in order: longest first; twice the same is once. */
static void add_string(struct re_parser *p, struct re_class *c, const uint32_t *cp, uint32_t n)
{
	struct re_string *s, **at = &c->strings, key = { NULL, n, NULL };

	if (n == 1) {
		struct cset one = { 0 };

		cset_add(p->a, &one, cp[0], cp[0]);
		if (p->flags & RE_I)
			cset_close(p->a, &one, true);
		cset_add_all(p->a, &c->set, &one);
		cset_norm(&c->set);
		return;
	}
	key.cp = arena_alloc(p->a, (n + 1) * 4);
	for (uint32_t k = 0; k < n; k++)
		key.cp[k] = p->flags & RE_I ? ucd_simple_fold(cp[k]) : cp[k];
	while (*at && re_string_cmp(*at, &key) < 0)
		at = &(*at)->next;
	if (*at && re_string_cmp(*at, &key) == 0)
		return;
	s = ARENA_NEW(p->a, struct re_string);
	*s = key;
	s->next = *at;
	*at = s;
}

static bool has_string(const struct re_class *c, const struct re_string *s)
{
	for (const struct re_string *t = c->strings; t; t = t->next)
		if (re_string_cmp(s, t) == 0)
			return true;
	return false;
}

/* a becomes a united with b, cut with b, or a without b. */
static void class_union(struct re_parser *p, struct re_class *a, const struct re_class *b)
{
	cset_add_all(p->a, &a->set, &b->set);
	cset_norm(&a->set);
	if (a->strings == NULL)
		a->strings = b->strings;
	else
		for (const struct re_string *s = b->strings; s; s = s->next)
			add_string(p, a, s->cp, s->n);
}

static void class_keep(struct re_parser *p, struct re_class *a, const struct re_class *b, bool keep)
{
	struct re_string **at = &a->strings;

	if (keep)
		cset_intersect(p->a, &a->set, &b->set);
	else
		cset_subtract(p->a, &a->set, &b->set);
	while (*at)
		if (has_string(b, *at) == keep)
			at = &(*at)->next;
		else
			*at = (*at)->next;
}

static uint32_t set_char(struct re_parser *p)
{
	int32_t c = re_peek(p, 0);

	if (c < 0)
		re_fail(p, "Unterminated character class");
	if (re_eat(p, '\\'))
		return re_char_escape(p, true);
	if (c < 0x80 && strchr("()[]{}/-|", c) != NULL && c != 0)
		re_fail(p, "Invalid character in character class");
	if (c < 0x80 && c != 0 && strchr("&!#$%*+,.:;<=>?@^`~", c) != NULL && re_peek(p, 1) == c)
		re_fail(p, "Invalid set operation in character class");
	return re_next(p);
}

/* \q{a|bc|…}, \q eaten. */
static void quoted(struct re_parser *p, struct re_class *c)
{
	uint32_t *cp, n = 0;

	if (!re_eat(p, '{'))
		re_fail(p, "Invalid escape");
	cp = arena_alloc(p->a, ((size_t)p->src.len - p->i + 1) * 4);
	for (;;) {
		if (re_peek(p, 0) == '|' || re_peek(p, 0) == '}') {
			add_string(p, c, cp, n);
			n = 0;
			if (re_unit(p->src, p->i++) == '}')
				return;
			continue;
		}
		cp[n++] = set_char(p);
	}
}

/* An operand: nested class, \q, class escape: true; or else one character. */
static bool operand(struct re_parser *p, struct re_class *c, uint32_t *cp)
{
	memset(c, 0, sizeof *c);
	if (re_peek(p, 0) == '[') {
		re_check_depth(p);
		class_set(p, c);
		return true;
	}
	if (re_peek(p, 0) == '\\') {
		p->i++;
		if (re_eat(p, 'q')) {
			quoted(p, c);
			return true;
		}
		if (re_class_escape(p, c, true))
			return true;
		p->i--;
	}
	*cp = set_char(p);
	return false;
}

static void close_if_needed(struct re_parser *p, struct cset *s)
{
	cset_norm(s);
	if (p->flags & RE_I)
		cset_close(p->a, s, true);
}

/* At [: reads up to and with the matching ]. */
static void class_set(struct re_parser *p, struct re_class *out)
{
	enum { NONE, UNION, KEEP, DROP } op = NONE;
	bool neg;
	uint32_t n = 0;

	p->i++;
	neg = re_eat(p, '^');
	for (; !re_eat(p, ']'); n++) {
		struct re_class c;
		uint32_t lo, hi;

		if (n > 0) {
			int32_t a = re_peek(p, 0);
			bool twice = a >= 0 && re_peek(p, 1) == a;
			int now = twice && a == '&' ? KEEP : twice && a == '-' ? DROP : UNION;

			if (op != NONE && op != (unsigned)now)
				re_fail(p, "Invalid set operation in character class");
			op = now;
			if (op != UNION)
				p->i += 2;
			if (op == KEEP && re_peek(p, 0) == '&')
				re_fail(p, "Invalid character in character class");
		}
		if (!operand(p, &c, &lo)) {
			hi = lo;
			if (op <= UNION && re_peek(p, 0) == '-' && re_peek(p, 1) != '-') {
				p->i++;
				hi = set_char(p);
				if (lo > hi)
					re_fail(p, "Range out of order in character class");
				op = UNION;
			}
			cset_add(p->a, &c.set, lo, hi);
			close_if_needed(p, &c.set);
		} else if (c.strings == NULL) {
			close_if_needed(p, &c.set);
		}
		if (n == 0 || op == UNION || op == NONE)
			class_union(p, out, &c);
		else
			class_keep(p, out, &c, op == KEEP);
	}
	if (neg) {
		if (out->strings)
			re_fail(p, "Negated character class may contain strings");
		cset_invert(p->a, &out->set, CP_MAX);
	}
}

struct re_node *re_class_node(struct re_parser *p, struct re_class *c)
{
	struct re_node *alt, **tail, *seq, **in;
	struct re_node *set;

	cset_norm(&c->set);
	if (p->flags & RE_I)
		cset_close(p->a, &c->set, p->u);
	set = re_set_node(p, &c->set);
	if (c->strings == NULL)
		return set;
	alt = re_mk(p, RN_ALT);
	tail = &alt->kid;
	for (struct re_string *s = c->strings; s; s = s->next) {
		if (s->n == 0 && c->set.n) {
			*tail = set;
			tail = &(*tail)->next;
			set = NULL;
		}
		*tail = seq = re_mk(p, s->n ? RN_SEQ : RN_EMPTY);
		tail = &seq->next;
		in = &seq->kid;
		for (uint32_t k = 0; k < s->n; k++, in = &(*in)->next)
			*in = re_char_node(p, s->cp[k]);
	}
	if (set && c->set.n)
		*tail = set;
	return alt;
}

struct re_node *re_parse_class(struct re_parser *p)
{
	struct re_class c = { 0 };
	bool neg;

	if (p->v) {
		class_set(p, &c);
		return re_class_node(p, &c);
	}
	p->i++;
	neg = re_eat(p, '^');
	class_ranges(p, &c);
	cset_norm(&c.set);
	if (p->flags & RE_I)
		cset_close(p->a, &c.set, p->u);
	if (neg) {
		cset_invert(p->a, &c.set, CP_MAX);
		return re_set_node(p, &c.set);
	}
	return re_class_node(p, &c);
}
