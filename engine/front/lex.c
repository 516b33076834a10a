/* lex.c: the token loop: white space, comments, punctuators, identifiers.
 * Literals are in lex_literal.c. Called by the parser only; must not know
 * about syntax beyond single tokens. */
#include "engine/front/lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ucd.h"
#include "base/utf.h"
#include "engine/front/name_hash.h"

enum char_class { CC_BAD, CC_WS, CC_NL, CC_ID, CC_DIGIT, CC_QUOTE, CC_TICK, CC_HASH, CC_BSLASH, CC_PUNCT, CC_HIGH };

static const uint8_t char_class[256] = {
	['\t'] = CC_WS, ['\v'] = CC_WS, ['\f'] = CC_WS, [' '] = CC_WS,
	['\n'] = CC_NL, ['\r'] = CC_NL,
	['a' ... 'z'] = CC_ID, ['A' ... 'Z'] = CC_ID, ['$'] = CC_ID, ['_'] = CC_ID,
	['0' ... '9'] = CC_DIGIT,
	['"'] = CC_QUOTE, ['\''] = CC_QUOTE, ['`'] = CC_TICK, ['#'] = CC_HASH, ['\\'] = CC_BSLASH,
	['!'] = CC_PUNCT, ['%' ... '&'] = CC_PUNCT, ['(' ... '/'] = CC_PUNCT, [':' ... '@'] = CC_PUNCT,
	['['] = CC_PUNCT, [']'] = CC_PUNCT, ['^'] = CC_PUNCT, ['{' ... '~'] = CC_PUNCT,
	[0x80 ... 0xFF] = CC_HIGH,
};

const uint8_t tok_prec[T_count] = {
#define TOK(N, text)
#define BIN(N, text, prec, oper) [T_##N] = prec,
#define ASG(N, text, oper)
#define KEY(N, text)
#define SKW(N, text)
#define CKW(N, text)
#include "engine/front/token.def"
#undef BIN
#undef ASG
};

const uint8_t tok_oper[T_count] = {
#define BIN(N, text, prec, oper) [T_##N] = O_##oper,
#define ASG(N, text, oper) [T_##N] = O_##oper,
#include "engine/front/token.def"
#undef TOK
#undef BIN
#undef ASG
#undef KEY
#undef SKW
#undef CKW
};

const char *tok_text(enum tok k)
{
	static const char *const texts[T_count] = {
#define TOK(N, text) text,
#define BIN(N, text, prec, oper) text,
#define ASG(N, text, oper) text,
#define KEY(N, text) text,
#define SKW(N, text) text,
#define CKW(N, text) text,
#include "engine/front/token.def"
#undef TOK
#undef BIN
#undef ASG
#undef KEY
#undef SKW
#undef CKW
	};
	return texts[k];
}

uint32_t lex_off(const struct lexer *lx, const char *p)
{
	return (uint32_t)(p - lx->text);
}

void lex_fail(struct lexer *lx, uint32_t start, uint32_t end, const char *fmt, ...)
{
	struct parse_error *e = lx->err;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	e->start = start;
	e->end = end < start ? start : end;
	if (lx->on_fail != NULL)
		lx->on_fail(lx);
	longjmp(*lx->fail, 1);
}

uint32_t lex_decode(const struct lexer *lx, const char **p)
{
	uint32_t cp;

	if ((unsigned char)**p < 0x80)
		return (unsigned char)*(*p)++;
	*p += utf8_decode(*p, (size_t)(lx->end - *p), true, &cp);
	return cp;
}

struct name *lex_intern(struct lexer *lx, const char *p, size_t n)
{
	const char *end = p + n;

	if (utf8_ascii_prefix(p, n) == n)
		return names_intern(lx->names, p, n);
	lx->raw.len = 0;
	while (p < end)
		buf_put_utf8(&lx->raw, lex_decode(lx, &p));
	return names_intern(lx->names, lx->raw.p, lx->raw.len);
}

void lex_start(struct lexer *lx, struct src *s, struct names *names, bool html)
{
	lx->text = lx->p = s->text;
	lx->end = s->text + s->len;
	lx->names = names;
	lx->html = html;
	lx->prev_end = 0;
	lx->cooked = lx->raw = (struct buf)BUF_INIT;
	memset(&lx->t, 0, sizeof(lx->t));
	if (s->len >= 2 && s->text[0] == '#' && s->text[1] == '!') {
		const char *p = lx->p;

		while (p < lx->end) {
			const char *q = p;
			uint32_t c = lex_decode(lx, &q);

			if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
				break;
			p = q;
		}
		lx->p = p;
	}
}

void lex_end(struct lexer *lx)
{
	buf_free(&lx->cooked);
	buf_free(&lx->raw);
}

struct lex_mark lex_save(const struct lexer *lx)
{
	return (struct lex_mark){ lx->p, lx->t, lx->prev_end };
}

void lex_reset(struct lexer *lx, const struct lex_mark *m)
{
	lx->p = m->p;
	lx->t = m->t;
	lx->prev_end = m->prev_end;
}

struct token lex_peek(struct lexer *lx)
{
	struct lex_mark m = lex_save(lx);
	struct token t;

	lex_next(lx);
	t = lx->t;
	lex_reset(lx, &m);
	return t;
}

/* ---- between tokens ---- */

/* p at the first character of a comment's text; returns the line terminator or
 * the end. */
static const char *skip_line(struct lexer *lx, const char *p)
{
	while (p < lx->end) {
		unsigned char c = (unsigned char)*p;

		if (c == '\n' || c == '\r')
			break;
		if (c == 0xE2 && lx->end - p > 2 && (unsigned char)p[1] == 0x80 &&
		    ((unsigned char)p[2] & 0xFE) == 0xA8)
			break;
		p++;
	}
	return p;
}

/* p behind the opening of a block comment; returns behind its end. */
static const char *skip_block(struct lexer *lx, const char *p, bool *nl)
{
	const char *open = p - 2;

	for (; p < lx->end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '*' && lx->end - p > 1 && p[1] == '/')
			return p + 2;
		if (c == '\n' || c == '\r' || (c == 0xE2 && lx->end - p > 2 &&
		    (unsigned char)p[1] == 0x80 && ((unsigned char)p[2] & 0xFE) == 0xA8))
			*nl = true;
	}
	lex_fail(lx, lex_off(lx, open), lex_off(lx, open) + 2, "this comment is never closed");
}

static bool starts(const struct lexer *lx, const char *p, const char *s, size_t n)
{
	return (size_t)(lx->end - p) >= n && memcmp(p, s, n) == 0;
}

/* Skips white space and comments from lx->p; returns TF_NL if a line ended. */
static uint8_t skip_space(struct lexer *lx)
{
	const char *p = lx->p, *q;
	bool nl = false, first = lx->t.end == 0 && lx->t.start == 0;
	uint32_t cp;

	for (; p < lx->end; ) {
		switch (char_class[(unsigned char)*p]) {
		case CC_WS:
			p++;
			continue;
		case CC_NL:
			nl = true;
			p++;
			continue;
		case CC_HIGH:
			q = p;
			cp = lex_decode(lx, &q);
			if (cp == 0x2028 || cp == 0x2029)
				nl = true;
			else if (!ucd_is_white_space(cp))
				break;
			p = q;
			continue;
		case CC_PUNCT:
			if (*p == '/' && starts(lx, p, "//", 2)) {
				p = skip_line(lx, p + 2);
				continue;
			}
			if (*p == '/' && starts(lx, p, "/*", 2)) {
				p = skip_block(lx, p + 2, &nl);
				continue;
			}
			if (lx->html && *p == '<' && starts(lx, p, "<!--", 4)) {
				p = skip_line(lx, p + 4);
				continue;
			}
			if (lx->html && *p == '-' && (nl || first) && starts(lx, p, "-->", 3)) {
				p = skip_line(lx, p + 3);
				continue;
			}
			break;
		default:
			break;
		}
		break;
	}
	lx->p = p;
	return nl ? TF_NL : 0;
}

/* ---- identifiers ---- */

bool lex_unicode_escape(struct lexer *lx, const char **pp, uint32_t *cp)
{
	const char *p = *pp;
	uint32_t v = 0;
	int n = 0;
	bool braces;

	*pp = p;
	if (p >= lx->end || *p != 'u')
		return false;
	p++;
	braces = p < lx->end && *p == '{';
	if (braces)
		p++;
	for (; p < lx->end && (braces || n < 4); p++, n++) {
		int c = *p | 0x20;

		if (*p >= '0' && *p <= '9')
			c = *p - '0';
		else if (c >= 'a' && c <= 'f')
			c -= 'a' - 10;
		else
			break;
		v = v << 4 | (uint32_t)c;
		if (v > 0x10FFFF)
			break;
	}
	*pp = p;
	if (braces ? (n == 0 || v > 0x10FFFF || p >= lx->end || *p != '}') : n != 4)
		return false;
	*pp = p + (braces ? 1 : 0);
	*cp = v;
	return true;
}

static bool is_id_start(uint32_t cp)
{
	if (cp < 0x80)
		return char_class[cp] == CC_ID;
	return ucd_is_id_start(cp);
}

static bool is_id_part(uint32_t cp)
{
	if (cp < 0x80)
		return char_class[cp] == CC_ID || char_class[cp] == CC_DIGIT;
	return cp == 0x200C || cp == 0x200D || ucd_is_id_continue(cp);
}

bool lex_at_ident_start(struct lexer *lx, const char *p)
{
	if (p >= lx->end)
		return false;
	return *p == '\\' || is_id_start(lex_decode(lx, &p));
}

static NORETURN void bad_character(struct lexer *lx, const char *p)
{
	const char *q = p;
	uint32_t cp = lex_decode(lx, &q);

	if (cp > 0x20 && cp < 0x7F)
		lex_fail(lx, lex_off(lx, p), lex_off(lx, q), "unexpected character '%c'", (char)cp);
	lex_fail(lx, lex_off(lx, p), lex_off(lx, q), "unexpected character U+%04X", cp);
}

/* The rest of an identifier with escapes or characters beyond ASCII: lx->p at
 * its start. Returns its name; *escaped says whether there were escapes. */
static struct name *slow_ident(struct lexer *lx, bool *escaped)
{
	struct buf *b = &lx->cooked;
	const char *p = lx->p;
	bool first = true;

	b->len = 0;
	*escaped = false;
	for (; p < lx->end; first = false) {
		const char *q = p;
		uint32_t cp;

		if (*p == '\\') {
			q++;
			if (!lex_unicode_escape(lx, &q, &cp))
				lex_fail(lx, lex_off(lx, p), lex_off(lx, q) + 1, "invalid escape in an identifier");
			if (!(first ? is_id_start(cp) : is_id_part(cp)))
				lex_fail(lx, lex_off(lx, p), lex_off(lx, q),
				    "U+%04X cannot be part of an identifier", cp);
			*escaped = true;
		} else {
			cp = lex_decode(lx, &q);
			if (!(first ? is_id_start(cp) : is_id_part(cp)))
				break;
		}
		buf_put_utf8(b, cp);
		p = q;
	}
	if (first)
		bad_character(lx, p);
	lx->p = p;
	return names_intern(lx->names, b->p, b->len);
}

static struct name *read_ident(struct lexer *lx, bool *escaped)
{
	const char *p = lx->p, *start = p;
	uint32_t h = NAME_HASH_INIT;

	while (p < lx->end) {
		uint8_t c = char_class[(unsigned char)*p];

		if (c != CC_ID && (c != CC_DIGIT || p == start))
			break;
		h = name_hash_step(h, (unsigned char)*p++);
	}
	*escaped = false;
	if (p == start || (p < lx->end && (*p == '\\' || (unsigned char)*p >= 0x80)))
		return slow_ident(lx, escaped);
	lx->p = p;
	return name_lookup(lx->names, start, (size_t)(p - start), name_hash_end(h));
}

static void lex_ident(struct lexer *lx)
{
	bool escaped;
	struct name *n = read_ident(lx, &escaped);

	lx->t.name = n;
	lx->t.kind = n->keyword ? n->keyword : T_IDENT;
	if (escaped) {
		lx->t.flags |= TF_ESCAPED;
		if (n->keyword)
			lx->t.kind = n->keyword < T_ESC_RESERVED ? T_ESC_RESERVED : T_IDENT;
	}
}

static void lex_private(struct lexer *lx)
{
	const char *start = lx->p;
	bool escaped;

	lx->p++;
	if (!lex_at_ident_start(lx, lx->p))
		lex_fail(lx, lex_off(lx, start), lex_off(lx, start) + 1, "unexpected character '#'");
	lx->t.name = read_ident(lx, &escaped);
	lx->t.kind = T_PRIVATE;
	lx->raw.len = 0;
	buf_putc(&lx->raw, '#');
	buf_put_sv(&lx->raw, name_sv(lx->t.name));
	lx->t.raw = names_intern(lx->names, lx->raw.p, lx->raw.len);
}

/* ---- punctuators ---- */

/* Follows a run of alternatives: the character at offset i, 0 past the end. */
static char at(const struct lexer *lx, size_t i)
{
	return (size_t)(lx->end - lx->p) > i ? lx->p[i] : 0;
}

static enum tok angle_left(const struct lexer *lx, int *len)
{
	if (at(lx, 1) == '<') {
		*len = at(lx, 2) == '=' ? 3 : 2;
		return *len == 3 ? T_SHL_ASSIGN : T_SHL;
	}
	*len = at(lx, 1) == '=' ? 2 : 1;
	return *len == 2 ? T_LE : T_LT;
}

static enum tok angle_right(const struct lexer *lx, int *len)
{
	if (at(lx, 1) != '>') {
		*len = at(lx, 1) == '=' ? 2 : 1;
		return *len == 2 ? T_GE : T_GT;
	}
	if (at(lx, 2) == '>') {
		*len = at(lx, 3) == '=' ? 4 : 3;
		return *len == 4 ? T_USHR_ASSIGN : T_USHR;
	}
	*len = at(lx, 2) == '=' ? 3 : 2;
	return *len == 3 ? T_SHR_ASSIGN : T_SHR;
}

static enum tok question(const struct lexer *lx, int *len)
{
	if (at(lx, 1) == '?') {
		*len = at(lx, 2) == '=' ? 3 : 2;
		return *len == 3 ? T_NULLISH_ASSIGN : T_NULLISH;
	}
	/* a?.5:b is a conditional (12.8) */
	if (at(lx, 1) == '.' && !(at(lx, 2) >= '0' && at(lx, 2) <= '9')) {
		*len = 2;
		return T_QDOT;
	}
	*len = 1;
	return T_QUESTION;
}

/* c, cc or c=: picks by the second character. */
static enum tok three_way(const struct lexer *lx, int *len, enum tok one, enum tok twice, enum tok assign)
{
	*len = 2;
	if (at(lx, 1) == lx->p[0])
		return twice;
	if (at(lx, 1) == '=')
		return assign;
	*len = 1;
	return one;
}

/* As three_way, and cc= too. */
static enum tok four_way(const struct lexer *lx, int *len, enum tok one, enum tok twice, enum tok assign, enum tok twice_assign)
{
	if (at(lx, 1) == lx->p[0] && at(lx, 2) == '=') {
		*len = 3;
		return twice_assign;
	}
	return three_way(lx, len, one, twice, assign);
}

static enum tok with_assign(const struct lexer *lx, int *len, enum tok one, enum tok assign)
{
	*len = at(lx, 1) == '=' ? 2 : 1;
	return *len == 2 ? assign : one;
}

static enum tok equals(const struct lexer *lx, int *len, enum tok one, enum tok two, enum tok three)
{
	*len = at(lx, 1) != '=' ? 1 : at(lx, 2) != '=' ? 2 : 3;
	return *len == 1 ? one : *len == 2 ? two : three;
}

static void lex_punct(struct lexer *lx)
{
	int len = 1;
	enum tok k;

	switch (*lx->p) {
	case '{': k = T_LBRACE; break;
	case '}': k = T_RBRACE; break;
	case '(': k = T_LPAREN; break;
	case ')': k = T_RPAREN; break;
	case '[': k = T_LBRACKET; break;
	case ']': k = T_RBRACKET; break;
	case ';': k = T_SEMI; break;
	case ',': k = T_COMMA; break;
	case ':': k = T_COLON; break;
	case '~': k = T_BITNOT; break;
	case '@': k = T_AT; break;
	case '.':
		if (at(lx, 1) >= '0' && at(lx, 1) <= '9') {
			lex_number(lx);
			return;
		}
		len = at(lx, 1) == '.' && at(lx, 2) == '.' ? 3 : 1;
		k = len == 3 ? T_ELLIPSIS : T_DOT;
		break;
	case '=':
		k = equals(lx, &len, T_ASSIGN, T_EQ, T_SEQ);
		if (len == 1 && at(lx, 1) == '>') {
			k = T_ARROW;
			len = 2;
		}
		break;
	case '!': k = equals(lx, &len, T_NOT, T_NE, T_SNE); break;
	case '+': k = three_way(lx, &len, T_ADD, T_INC, T_ADD_ASSIGN); break;
	case '-': k = three_way(lx, &len, T_SUB, T_DEC, T_SUB_ASSIGN); break;
	case '*': k = four_way(lx, &len, T_MUL, T_POW, T_MUL_ASSIGN, T_POW_ASSIGN); break;
	case '/': k = with_assign(lx, &len, T_DIV, T_DIV_ASSIGN); break;
	case '%': k = with_assign(lx, &len, T_MOD, T_MOD_ASSIGN); break;
	case '^': k = with_assign(lx, &len, T_BITXOR, T_XOR_ASSIGN); break;
	case '&': k = four_way(lx, &len, T_BITAND, T_LAND, T_AND_ASSIGN, T_LAND_ASSIGN); break;
	case '|': k = four_way(lx, &len, T_BITOR, T_LOR, T_OR_ASSIGN, T_LOR_ASSIGN); break;
	case '<': k = angle_left(lx, &len); break;
	case '>': k = angle_right(lx, &len); break;
	case '?': k = question(lx, &len); break;
	default: bad_character(lx, lx->p);
	}
	lx->p += len;
	lx->t.kind = (uint8_t)k;
}

void lex_next(struct lexer *lx)
{
	struct token *t = &lx->t;

	lx->prev_end = t->end;
	t->flags = skip_space(lx);
	t->start = lex_off(lx, lx->p);
	if (lx->p >= lx->end) {
		t->kind = T_EOF;
	} else {
		switch (char_class[(unsigned char)*lx->p]) {
		case CC_ID: case CC_HIGH: case CC_BSLASH: lex_ident(lx); break;
		case CC_DIGIT: lex_number(lx); break;
		case CC_QUOTE:
			lx->p++;
			lex_string(lx, lx->p[-1]);
			break;
		case CC_TICK:
			lx->p++;
			lex_template(lx);
			break;
		case CC_HASH: lex_private(lx); break;
		case CC_PUNCT: lex_punct(lx); break;
		default: bad_character(lx, lx->p);
		}
	}
	t->end = lex_off(lx, lx->p);
}

void lex_template_tail(struct lexer *lx)
{
	lx->t.flags = 0;
	lx->p = lx->text + lx->t.start + 1;
	lex_template(lx);
	lx->t.end = lex_off(lx, lx->p);
}

void lex_split_angle(struct lexer *lx)
{
	const char *p = lx->text + lx->t.start;

	lx->t.kind = *p == '<' ? T_LT : T_GT;
	lx->p = p + 1;
	lx->t.end = lx->t.start + 1;
}
