/* ast.c: nodes, interned names and source positions: the data that the whole
 * front end shares. Knows no syntax. Called by the lexer, the parser and every
 * later pass. */
#include "engine/front/ast.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/utf.h"
#include "engine/front/lex.h"
#include "engine/front/name_hash.h"

/* ---- names ---- */

static void grow(struct names *t)
{
	uint32_t cap = t->mask ? (t->mask + 1) * 2 : 1024;
	struct name **tab = calloc(cap, sizeof(*tab));
	uint32_t i;

	AN(tab);
	for (i = 0; t->mask && i <= t->mask; i++) {
		struct name *n = t->table[i], *next;

		for (; n != NULL; n = next) {
			next = n->next;
			n->next = tab[n->hash & (cap - 1)];
			tab[n->hash & (cap - 1)] = n;
		}
	}
	free(t->table);
	t->table = tab;
	t->mask = cap - 1;
}

/* Sets flags and index of a fresh name from its text. */
static void classify(struct name *nm)
{
	const unsigned char *p = (const unsigned char *)nm->text;
	uint32_t n = nm->len, i;
	uint64_t v = 0;

	if (utf8_ascii_prefix(nm->text, n) == n)
		nm->flags |= NAME_ASCII;
	else
		for (i = 0; i + 2 < n; i++)
			if (p[i] == 0xED && p[i + 1] >= 0xA0)
				nm->flags |= NAME_LONE;
	if (n == 0 || n > 10 || (p[0] == '0' && n > 1))
		return;
	for (i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return;
		v = v * 10 + (p[i] - '0');
	}
	if (v < 0xFFFFFFFFu) {
		nm->flags |= NAME_IS_INDEX;
		nm->index = (uint32_t)v;
	}
}

struct name *name_lookup(struct names *t, const char *p, size_t n, uint32_t hash)
{
	struct name *nm;

	for (nm = t->table[hash & t->mask]; nm != NULL; nm = nm->next)
		if (nm->hash == hash && nm->len == n && memcmp(nm->text, p, n) == 0)
			return nm;
	if (t->count > t->mask)
		grow(t);
	nm = arena_alloc(t->arena, sizeof(*nm) + n + 1);
	nm->hash = hash;
	nm->len = (uint32_t)n;
	memcpy(nm->text, p, n);
	classify(nm);
	nm->next = t->table[hash & t->mask];
	t->table[hash & t->mask] = nm;
	t->count++;
	return nm;
}

struct name *names_intern(struct names *t, const char *p, size_t n)
{
	uint32_t h = NAME_HASH_INIT;
	size_t i;

	if (n == 0)
		p = ""; /* an empty buffer has no bytes to point to */
	for (i = 0; i < n; i++)
		h = name_hash_step(h, (unsigned char)p[i]);
	return name_lookup(t, p, n, name_hash_end(h));
}

struct name *names_cstr(struct names *t, const char *s)
{
	return names_intern(t, s, strlen(s));
}

void names_init(struct names *t, struct arena *a)
{
	static const struct { const char *text; uint8_t tok; } words[] = {
#define TOK(N, text)
#define BIN(N, text, prec, oper) { text, T_##N },
#define ASG(N, text, oper)
#define KEY(N, text) { text, T_##N },
#define SKW(N, text) { text, T_##N },
#define CKW(N, text) { text, T_##N },
#include "engine/front/token.def"
#undef TOK
#undef BIN
#undef ASG
#undef KEY
#undef SKW
#undef CKW
	};
	static const char *const known[] = {
		NULL,
#define WELL_KNOWN(id, text) text,
#include "engine/front/name.def"
#undef WELL_KNOWN
	};
	size_t i;

	memset(t, 0, sizeof(*t));
	t->arena = a;
	grow(t);
	for (i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].text[0] >= 'a' && words[i].text[0] <= 'z')
			names_cstr(t, words[i].text)->keyword = words[i].tok;
	for (i = 1; i < WK_count; i++) {
		t->known[i] = names_cstr(t, known[i]);
		t->known[i]->id = (uint16_t)i;
	}
}

void names_free(struct names *t)
{
	free(t->table);
	t->table = NULL;
	t->mask = t->count = 0;
}

/* ---- source positions ---- */

/* Length of the line terminator at p, 0 if there is none. */
static size_t terminator(const char *p, const char *end)
{
	if (*p == '\n')
		return 1;
	if (*p == '\r')
		return end - p > 1 && p[1] == '\n' ? 2 : 1;
	if ((unsigned char)*p == 0xE2 && end - p > 2 && (unsigned char)p[1] == 0x80 &&
	    ((unsigned char)p[2] == 0xA8 || (unsigned char)p[2] == 0xA9))
		return 3;
	return 0;
}

static void build_lines(struct src *s)
{
	const char *p = s->text, *end = s->text + s->len;
	uint32_t cap = 64;

	s->lines = malloc(cap * sizeof(*s->lines));
	AN(s->lines);
	s->lines[0] = 0;
	s->nlines = 1;
	while (p < end) {
		size_t n = terminator(p, end);

		if (n == 0) {
			p++;
			continue;
		}
		p += n;
		if (s->nlines == cap) {
			cap *= 2;
			s->lines = realloc(s->lines, cap * sizeof(*s->lines));
			AN(s->lines);
		}
		s->lines[s->nlines++] = (uint32_t)(p - s->text);
	}
}

void src_line_col(struct src *s, uint32_t off, uint32_t *line, uint32_t *col)
{
	uint32_t lo = 0, hi;
	bool latin1;

	if (s->lines == NULL)
		build_lines(s);
	if (off > s->len)
		off = s->len;
	hi = s->nlines;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (s->lines[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	*line = lo + 1 + s->line_bias;
	*col = (uint32_t)utf8_measure(s->text + s->lines[lo], off - s->lines[lo], true, &latin1) + 1;
}

void src_line_range(struct src *s, uint32_t line, uint32_t *start, uint32_t *len)
{
	const char *p, *end = s->text + s->len;

	if (s->lines == NULL)
		build_lines(s);
	line -= s->line_bias;
	AN(line >= 1 && line <= s->nlines);
	*start = s->lines[line - 1];
	for (p = s->text + *start; p < end && terminator(p, end) == 0; p++)
		;
	*len = (uint32_t)(p - s->text) - *start;
}

void src_free(struct src *s)
{
	free(s->lines);
	s->lines = NULL;
	s->nlines = 0;
}

/* ---- nodes ---- */

static const uint8_t node_size[] = {
#define NODE(K, m, fields) (uint8_t)(offsetof(struct node, m) + sizeof(((struct node *)0)->m)),
#include "engine/front/node.def"
#undef NODE
};

struct node *node_new(struct ast *a, enum node_kind k, uint32_t start, uint32_t end)
{
	struct node *n = arena_alloc(&a->arena, node_size[k]);

	n->kind = (uint8_t)k;
	n->start = start;
	n->end = end;
	a->nnodes++;
	return n;
}

const char *node_kind_name(enum node_kind k)
{
	static const char *const names[] = {
#define NODE(K, m, fields) #K,
#include "engine/front/node.def"
#undef NODE
	};
	return names[k];
}

const char *oper_text(enum oper o)
{
	static const char *const texts[] = {
#define OPER(K, text) text,
#include "engine/front/oper.def"
#undef OPER
	};
	return texts[o];
}

static void each_in_list(struct nlist *l, void (*fn)(struct node **, void *), void *arg)
{
	uint32_t i;

	for (i = 0; i < l->n; i++)
		fn(&l->v[i], arg);
}

void node_each_child(struct node *n, void (*fn)(struct node **slot, void *arg), void *arg)
{
	switch ((enum node_kind)n->kind) {
#define NODE(K, m, fields) case N_##K: { __auto_type s = &n->m; (void)s; fields } break;
#define SPINE(f) if (s->f != NULL) fn(&s->f, arg);
#define KID(f) fn(&s->f, arg);
#define OPT(f) if (s->f != NULL) fn(&s->f, arg);
#define LIST(f) each_in_list(&s->f, fn, arg);
#define NAME(f)
#define ONAME(f)
#define DATA(T, f)
#include "engine/front/node.def"
#undef NODE
#undef SPINE
#undef KID
#undef OPT
#undef LIST
#undef NAME
#undef ONAME
#undef DATA
	case N_count:
		break;
	}
}
