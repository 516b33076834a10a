/* parse_jsx.c: JSX elements: <a b="c">text {x}</a> becomes h("a", {b: "c"},
 * "text ", x), <>..</> h(Fragment, null, ..). Text and attribute strings are read
 * straight from the source; between them the lexer goes on as usual. */
#include "engine/front/parser.h"

#include <string.h>

#include "base/utf.h"

static const struct { const char *name; uint32_t cp; } entities[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", 0xA0 },
	{ "copy", 0xA9 }, { "reg", 0xAE }, { "trade", 0x2122 }, { "hellip", 0x2026 }, { "mdash", 0x2014 },
	{ "ndash", 0x2013 }, { "bull", 0x2022 }, { "middot", 0xB7 }, { "times", 0xD7 }, { "laquo", 0xAB },
	{ "raquo", 0xBB }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "ldquo", 0x201C }, { "rdquo", 0x201D },
	{ "larr", 0x2190 }, { "rarr", 0x2192 }, { "uarr", 0x2191 }, { "darr", 0x2193 }, { "deg", 0xB0 },
	{ "euro", 0x20AC }, { "pound", 0xA3 }, { "para", 0xB6 }, { "sect", 0xA7 }, { "shy", 0xAD },
};

/* At &: the length of a character reference, 0: none. */
static size_t reference(const char *s, const char *end, uint32_t *cp)
{
	const char *semi = memchr(s, ';', (size_t)(end - s) > 12 ? 12 : (size_t)(end - s)), *q = s + 1;
	size_t n, i;

	if (semi == NULL || semi == q)
		return 0;
	n = (size_t)(semi - q);
	if (*q != '#') {
		for (i = 0; i < ARRAY_LEN(entities); i++)
			if (strlen(entities[i].name) == n && memcmp(entities[i].name, q, n) == 0) {
				*cp = entities[i].cp;
				return n + 2;
			}
		return 0;
	}
	*cp = 0;
	n = q[1] == 'x' ? 16 : 10;
	q += n == 16 ? 2 : 1;
	if (q == semi)
		return 0;
	for (; q < semi; q++) {
		int c = *q >= '0' && *q <= '9' ? *q - '0' : (*q | 32) >= 'a' && (*q | 32) <= 'f' ? (*q | 32) - 'a' + 10 : 99;

		if (c >= (int)n)
			return 0;
		*cp = *cp * (uint32_t)n + (uint32_t)c;
		if (*cp > 0x10FFFF)
			return 0;
	}
	return (size_t)(semi - s) + 1;
}

static void put_decoded(struct parser *p, struct buf *b, const char *s, const char *end)
{
	uint32_t cp;

	while (s < end) {
		size_t n = *s == '&' ? reference(s, end, &cp) : 0;

		if (n != 0)
			s += n;
		else
			cp = lex_decode(&p->lx, &s);
		buf_put_utf8(b, cp);
	}
}

static struct node *text_node(struct parser *p, struct buf *b, const char *s, const char *end)
{
	struct node *n = node_new(p->ast, N_STRING, lex_off(&p->lx, s), lex_off(&p->lx, end));

	n->flags |= NF_COMPUTED;               /* may look like a string in the source, and is none */
	n->string.value = names_intern(&p->ast->names, b->p, b->len);
	buf_free(b);
	return n;
}

static bool blank(char c) { return c == ' ' || c == '\t'; }
static bool newline(char c) { return c == '\n' || c == '\r'; }

/* Lines are trimmed where they meet and joined by one blank; empty ones go. */
static void text_child(struct parser *p, const char *s, const char *end)
{
	struct buf b = BUF_INIT;
	const char *line = s, *from, *to, *start = s;
	bool first = true, any = false;

	if (s == end)
		return;
	for (;;) {
		const char *e = line;
		bool last;

		while (e < end && !newline(*e))
			e++;
		last = e == end;
		from = line;
		to = e;
		if (!first)
			while (from < to && blank(*from))
				from++;
		if (!last)
			while (to > from && blank(to[-1]))
				to--;
		if (from < to) {
			if (any)
				buf_putc(&b, ' ');
			put_decoded(p, &b, from, to);
			any = true;
		}
		if (last)
			break;
		first = false;
		line = e + 1;
	}
	if (any)
		push(p, text_node(p, &b, start, end));
	else
		buf_free(&b);
}

/* ---- names ---- */

/* At a word: with the dashes that JSX allows in it. */
static struct name *dashed(struct parser *p, uint32_t *end)
{
	const char *s = p->lx.text + cur_start(p), *e = p->lx.p;

	if (!tok_is_word(cur(p)))
		unexpected(p, "a name");
	while (e < p->lx.end && (*e == '-' || *e == '_' || (*e >= '0' && *e <= '9') || ((*e | 32) >= 'a' && (*e | 32) <= 'z')))
		e++;
	p->lx.p = e;
	p->lx.t.end = *end = lex_off(&p->lx, e);
	next(p);
	return lex_intern(&p->lx, s, (size_t)(e - s));
}

static struct name *joined(struct parser *p, struct name *a, struct name *c)
{
	struct buf b = BUF_INIT;
	struct name *n;

	buf_put_sv(&b, name_sv(a));
	buf_putc(&b, ':');
	buf_put_sv(&b, name_sv(c));
	n = names_intern(&p->ast->names, b.p, b.len);
	buf_free(&b);
	return n;
}

static struct node *tag_name(struct parser *p)
{
	struct token t = p->lx.t;
	uint32_t end;
	struct name *name = dashed(p, &end);
	struct node *n;

	if (cur(p) == T_COLON) {
		next(p);
		name = joined(p, name, dashed(p, &end));
	}
	if (cur(p) != T_DOT && (memchr(name->text, '-', name->len) || memchr(name->text, ':', name->len) ||
	    (name->text[0] >= 'a' && name->text[0] <= 'z' && name->id != WK_this_))) {
		n = node_new(p->ast, N_STRING, t.start, end);
		n->string.value = name;
		return n;
	}
	if (name->id == WK_this_) {
		note_use(p, FI_USES_THIS);
		n = node_new(p->ast, N_THIS, t.start, end);
	} else {
		check_identifier(p, &t);
		n = lower_ident(p, name, t.start);
		n->end = end;
	}
	while (accept(p, T_DOT)) {
		n = lower_member(p, n, dashed(p, &end), t.start);
		n->end = end;
	}
	return n;
}

/* ---- attributes ---- */

/* At =: what follows it. */
static struct node *element(struct parser *p, bool inner);

static struct node *attribute_value(struct parser *p)
{
	const char *s = p->lx.p, *e;
	struct buf b = BUF_INIT;
	struct node *n;

	while (s < p->lx.end && (blank(*s) || newline(*s)))
		s++;
	if (s < p->lx.end && (*s == '"' || *s == '\'')) {
		e = memchr(s + 1, *s, (size_t)(p->lx.end - s - 1));
		if (e == NULL)
			fail_at(p, lex_off(&p->lx, s), lex_off(&p->lx, s) + 1, "this attribute's value is never closed");
		put_decoded(p, &b, s + 1, e);
		n = text_node(p, &b, s, e + 1);
		p->lx.p = e + 1;
		p->lx.t.end = lex_off(&p->lx, e + 1);
		next(p);
		return n;
	}
	next(p);
	if (cur(p) == T_LT)
		return element(p, false);
	if (cur(p) != T_LBRACE)
		unexpected(p, "a string or '{' as the attribute's value");
	next(p);
	if (cur(p) == T_RBRACE)
		unexpected(p, "an expression as the attribute's value");
	n = parse_assign_in(p);
	expect(p, T_RBRACE);
	return n;
}

static struct node *attribute(struct parser *p)
{
	uint32_t start = cur_start(p), end;
	struct node *n, *v;
	struct name *name;

	if (accept(p, T_LBRACE)) {
		if (cur(p) != T_ELLIPSIS)
			unexpected(p, "'...' in the braces");
		n = mk(p, N_SPREAD, start);
		next(p);
		n->spread.arg = parse_assign_in(p);
		expect(p, T_RBRACE);
		return done(p, n);
	}
	n = mk(p, N_PROP, start);
	name = dashed(p, &end);
	if (cur(p) == T_COLON) {
		next(p);
		name = joined(p, name, dashed(p, &end));
	}
	n->op = PROP_INIT;
	n->prop.key = node_new(p->ast, N_KEY, start, end);
	n->prop.key->key.name = name;
	if (cur(p) == T_ASSIGN)
		v = attribute_value(p);
	else
		v = node_new(p->ast, N_TRUE_, end, end);
	n->prop.value = v;
	return done(p, n);
}

static struct node *attributes(struct parser *p)
{
	struct node *n = mk(p, N_OBJECT, cur_start(p)), *a;
	uint32_t base = p->nstack;

	while (cur(p) != T_DIV && cur(p) != T_GT && cur(p) != T_SHR && cur(p) != T_GE && cur(p) != T_USHR) {
		if (cur(p) == T_EOF)
			unexpected(p, "'>'");
		a = attribute(p);
		if (a->kind == N_SPREAD)
			n->flags |= NF_HAS_SPREAD;
		push(p, a);
	}
	n->object.props = take(p, base);
	return n->object.props.n ? done(p, n) : node_new(p->ast, N_NULL_, n->start, n->start);
}

/* ---- elements ---- */

/* {x}, {...xs} or {}: at {. True: pushed a spread. */
static bool expression_child(struct parser *p)
{
	struct node *n;
	bool spread = false;

	next(p);
	if (cur(p) == T_ELLIPSIS) {
		n = mk(p, N_SPREAD, cur_start(p));
		next(p);
		n->spread.arg = parse_assign_in(p);
		push(p, done(p, n));
		spread = true;
	} else if (cur(p) != T_RBRACE) {
		push(p, parse_expression_in(p));
	}
	if (cur(p) != T_RBRACE)
		unexpected(p, "'}' after the expression");
	return spread;
}

/* Is the closing tag's name the opening one's, as written? */
static bool same_text(const struct parser *p, const struct node *tag, uint32_t start, uint32_t end)
{
	if (tag == NULL)
		return start == end;
	return tag->end - tag->start == end - start &&
	       memcmp(p->lx.text + tag->start, p->lx.text + start, end - start) == 0;
}

/* At the / of a closing tag, up to its >, which stays the current token. */
static void closing(struct parser *p, const struct node *tag, uint32_t open)
{
	uint32_t start, end;

	next(p);
	start = end = cur_start(p);
	if (cur(p) != T_GT && tok_is_word(cur(p)))
		end = tag_name(p)->end;
	if (!same_text(p, tag, start, end)) {
		uint32_t line, col;
		const char *name = tag ? p->lx.text + tag->start : "";
		int n = tag ? (int)(tag->end - tag->start > 60 ? 60 : tag->end - tag->start) : 0;

		src_line_col(p->ast->src, open, &line, &col);
		fail_at(p, start, end > start ? end : start + 1, "</%.*s> closes <%.*s> of line %u, column %u: write </%.*s> before it",
		    (int)(end - start > 60 ? 60 : end - start), p->lx.text + start, n, name, line, col, n, name);
	}
}

/* The current token must begin with >: is made that alone. */
static void at_end(struct parser *p)
{
	if (p->lx.text + cur_start(p) >= p->lx.end || p->lx.text[cur_start(p)] != '>')
		unexpected(p, "'>'");
	lex_split_angle(&p->lx);
}

/* Behind the > of the opening tag. */
static void children(struct parser *p, struct node *call, const struct node *tag)
{
	for (;;) {
		const char *s = p->lx.p, *e = s;

		while (e < p->lx.end && *e != '<' && *e != '{' && *e != '}' && *e != '>')
			e++;
		if (e == p->lx.end)
			fail_at(p, call->start, call->start + 1, "this element is never closed");
		text_child(p, s, e);
		p->lx.p = e;
		if (*e == '}' || *e == '>')
			fail_at(p, lex_off(&p->lx, e), lex_off(&p->lx, e) + 1,
			    "'%c' in text must be written {'%c'}", *e, *e);
		next(p);
		if (*e == '{') {
			if (expression_child(p))
				call->flags |= NF_HAS_SPREAD;
			continue;
		}
		lex_split_angle(&p->lx);
		if (p->lx.p < p->lx.end && *p->lx.p == '/') {
			next(p);
			closing(p, tag, call->start);
			at_end(p);
			return;
		}
		push(p, element(p, true));
	}
}

/* At <. inner: the token behind the element is not read, text follows. */
static struct node *element(struct parser *p, bool inner)
{
	struct node *call = mk(p, N_CALL, cur_start(p)), *tag = NULL;
	uint32_t base = p->nstack;
	bool no_in = p->no_in;

	CHECK_DEPTH(p);
	p->no_in = false;
	next(p);
	if (cur(p) != T_GT && cur(p) != T_SHR && cur(p) != T_USHR && cur(p) != T_GE) {
		tag = tag_name(p);
		if (p->ts && cur(p) == T_LT)
			parse_type_args(p);
		push(p, tag);
		push(p, attributes(p));
	} else {
		push(p, lower_ident(p, wk(p, WK_Fragment), call->start));
		push(p, node_new(p->ast, N_NULL_, call->start, call->start));
	}
	if (tag != NULL && accept(p, T_DIV)) {
		at_end(p);
	} else {
		at_end(p);
		children(p, call, tag);
	}
	p->no_in = no_in;
	call->end = p->lx.t.end;
	call->call.args = take(p, base);
	call->call.callee = lower_ident(p, wk(p, WK_h), call->start);
	call->flags |= NF_ELEMENT;
	p->ast->elements = true;
	if (!inner)
		next(p);
	return call;
}

bool at_jsx(const struct parser *p)
{
	const char *s = p->lx.p;

	if (!p->jsx || cur(p) != T_LT || s >= p->lx.end)
		return false;
	while (s < p->lx.end && (blank(*s) || newline(*s)))
		s++;
	return s < p->lx.end && (*s == '>' || *s == '_' || *s == '$' || (unsigned char)*s >= 0x80 ||
	       ((*s | 32) >= 'a' && (*s | 32) <= 'z'));
}

struct node *parse_jsx(struct parser *p)
{
	return element(p, false);
}
