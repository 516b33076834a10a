/* gen.c: from the tree of a pattern to its program. A pattern that may backtrack
 * much gets a second program, in which every choice has a number, so that the
 * matcher can remember which choices failed where (exec.c). Called by the owner
 * of regular expressions; the only maker of struct re_prog. */
#include <stdlib.h>

#include "engine/regexp/node.h"

/* What comes after the node being emitted: its siblings, then what comes after the
 * parent. loop: after the siblings the loop may begin again. */
struct follow { const struct re_node *list, *loop; const struct follow *up; };

struct gen {
	struct re_prog *p;
	struct arena *a;
	const struct re_tree *t;
	struct re_code *c;
	uint32_t cap, regs, ncsets, csets_cap;
	struct cset **csets;
	bool memo, fail, repeats;
};

static void emit(struct gen *g, const struct re_node *n, bool back, const struct follow *then);

static uint32_t word(struct gen *g, uint32_t w)
{
	struct re_code *c = g->c;

	if (c->n >= (g->memo ? 8192u : RE_CODE_MAX)) {
		g->fail = true;
		c->n = 0;                /* the rest is written for nothing */
	}
	if (c->n == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 32;
		c->w = realloc(c->w, g->cap * sizeof *c->w);
		AN(c->w);
	}
	c->w[c->n] = w;
	return c->n++;
}

static uint32_t op(struct gen *g, enum re_op o, uint32_t arg) { return word(g, (uint32_t)o | arg << 8); }
static void patch(struct gen *g, uint32_t at) { g->c->w[at] = RW_OP(g->c->w[at]) | g->c->n << 8; }

static uint32_t split(struct gen *g, enum re_op o, uint32_t target)
{
	uint32_t at = op(g, o, target);

	word(g, g->c->nbranch++);
	return at;
}

static uint32_t set_index(struct gen *g, struct cset *s)
{
	for (uint32_t i = 0; i < g->ncsets; i++)
		if (g->csets[i]->n == s->n && (s->n == 0 || memcmp(g->csets[i]->r, s->r, (size_t)s->n * 8) == 0))
			return i;
	if (g->ncsets == g->csets_cap) {
		g->csets_cap = g->csets_cap ? g->csets_cap * 2 : 16;
		g->csets = realloc(g->csets, g->csets_cap * sizeof *g->csets);
		AN(g->csets);
	}
	g->csets[g->ncsets] = s;
	return g->ncsets++;
}

static bool unicode(const struct gen *g) { return (g->p->flags & (RE_U | RE_V)) != 0; }

/* With u or v: must whole code points be read for this set? */
static bool set_is_wide(const struct gen *g, const struct cset *s)
{
	struct cset pairs = { (uint32_t[]){ 0xD800, 0xDFFF, 0x10000, CP_MAX }, 2, 2 };

	return unicode(g) && !cset_disjoint(s, &pairs);
}

static void emit_set(struct gen *g, struct cset *s, bool back)
{
	bool wide = set_is_wide(g, s);

	if (s->n == 0)
		op(g, RO_FAIL, 0);
	else
		op(g, back ? wide ? RO_SETUB : RO_SETB : wide ? RO_SETU : RO_SET, set_index(g, s));
}

static struct cset *single(struct gen *g, uint32_t c)
{
	struct cset *s = ARENA_NEW(g->a, struct cset);

	cset_add(g->a, s, c, c);
	return s;
}

static void emit_char(struct gen *g, uint32_t c, bool back)
{
	if (c > 0xFFFF)
		op(g, back ? RO_PAIRB : RO_PAIR, c);
	else if (unicode(g) && (c & 0xF800) == 0xD800)
		emit_set(g, single(g, c), back);
	else
		op(g, back ? RO_CHARB : RO_CHAR, c);
}

/* ---- repetition ---- */

/* Need a loop over the set never give back what it has taken? So when nothing that
 * follows begins with such a character: whatever is given back stands there then. Nor
 * when what follows cannot fail, for then the first attempt is the last. */
static bool possessive(struct gen *g, const struct cset *s, const struct follow *then)
{
	struct cset f = { 0 };
	bool certain = true, open = true;

	if (then == NULL)
		return false;
	for (; then && open; then = then->up) {
		for (const struct re_node *n = then->list; n && open; n = n->next) {
			certain &= re_sure_empty(n);
			/* The end of the text or line is not before a character of the set. */
			if (n->type == RN_EOL) {
				if (n->flags & RE_M)
					for (size_t i = 0; i < 3; i++)
						cset_add(g->a, &f, (uint32_t[]){ '\n', '\r', 0x2028 }[i], (uint32_t[]){ '\n', '\r', 0x2029 }[i]);
				open = false;
			} else {
				open = re_first(g->a, n, &f);
			}
		}
		if (open && then->loop) {
			certain &= then->loop->a <= 1;
			(void)re_first(g->a, then->loop->kid, &f);
			open = then->loop->a <= 1;   /* else unrolled: what follows here is the next round */
			if (!open)
				return false;
		}
	}
	if (open)
		return certain;
	cset_norm(&f);
	return cset_disjoint(s, &f);
}

static bool emit_star(struct gen *g, const struct re_node *n, bool back, const struct follow *then)
{
	const struct re_node *k = n->kid;
	struct cset *s;

	if (g->memo || back || n->lazy || (k->type != RN_SET && (k->type != RN_CHAR || k->a > 0xFFFF)))
		return false;
	s = k->type == RN_SET ? k->set : single(g, k->a);
	if (s->n == 0)
		return false;
	op(g, set_is_wide(g, s) ? RO_STARU : RO_STAR, set_index(g, s));
	word(g, n->a);
	word(g, n->b);
	word(g, possessive(g, s, then));
	return true;
}

/* One iteration; with a mark an empty one fails. */
static void iteration(struct gen *g, const struct re_node *n, bool back, uint32_t mark, const struct follow *then)
{
	struct follow again = { NULL, n, then };

	if (n->cap1 > n->cap0) {
		op(g, RO_RESET, 2 * n->cap0);
		word(g, 2 * (n->cap1 - n->cap0));
	}
	if (mark)
		op(g, RO_MARK, mark);
	emit(g, n->kid, back, then ? &again : NULL);
	if (mark)
		op(g, RO_CHECK, mark);
}

/* A register that is part of the state of a choice. */
static uint32_t state_reg(struct gen *g, uint32_t bits)
{
	struct re_code *c = g->c;

	if (c->nstate == RE_STATE_MAX) {
		g->fail |= g->memo;
	} else {
		c->state[c->nstate].reg = g->regs;
		c->state[c->nstate++].bits = (uint8_t)bits;
		c->counters |= bits != 0;
	}
	return g->regs++;
}

static uint32_t mark_for(struct gen *g, const struct re_node *n)
{
	return n->kid->min > 0 ? 0 : state_reg(g, 0);
}

static void counted(struct gen *g, const struct re_node *n, bool back)
{
	uint32_t most = n->b == RE_INF ? n->a : n->b;   /* without a bound the count stops there */
	uint32_t counter = state_reg(g, 33 - (uint32_t)__builtin_clz(most | 1)), mark = mark_for(g, n), loop, exit_at;

	op(g, RO_CINIT, counter);
	loop = op(g, RO_CLOOP, counter);
	word(g, n->a);
	word(g, n->b);
	exit_at = word(g, 0);
	word(g, n->lazy);
	word(g, g->c->nbranch++);
	if (n->cap1 > n->cap0) {
		op(g, RO_RESET, 2 * n->cap0);
		word(g, 2 * (n->cap1 - n->cap0));
	}
	if (mark)
		op(g, RO_MARK, mark);
	emit(g, n->kid, back, NULL);
	op(g, RO_CNEXT, counter);
	word(g, n->a);
	word(g, mark);
	word(g, loop);
	if (!g->fail)
		g->c->w[exit_at] = g->c->n;
}

static void emit_repeat(struct gen *g, const struct re_node *n, bool back, const struct follow *then)
{
	enum re_op o = n->lazy ? RO_SPLITL : RO_SPLIT;
	uint32_t mark, at, *exits, nexits = 0;

	if (n->b == 0)
		return;
	g->repeats |= n->b > 1;
	if (emit_star(g, n, back, then))
		return;
	if (n->size > (g->memo ? 2048u : 512u) && !(n->a == 0 && (n->b == RE_INF || n->b == 1))) {
		counted(g, n, back);
		return;
	}
	for (uint32_t k = 0; k < n->a && !g->fail; k++)
		iteration(g, n, back, 0, then);
	if (n->b == n->a)
		return;
	mark = mark_for(g, n);
	if (n->b == RE_INF) {
		at = split(g, o, 0);
		iteration(g, n, back, mark, then);
		op(g, RO_JMP, at);
		patch(g, at);
		return;
	}
	exits = arena_alloc(g->a, ((size_t)n->b - n->a) * sizeof *exits);
	for (uint32_t k = n->a; k < n->b && !g->fail; k++) {
		exits[nexits++] = split(g, o, 0);
		iteration(g, n, back, mark, then);
	}
	while (nexits && !g->fail)
		patch(g, exits[--nexits]);
}

/* ---- the rest ---- */

static void emit_seq(struct gen *g, const struct re_node *n, bool back, const struct follow *then)
{
	const struct re_node **v;
	uint32_t k = 0;

	if (!back) {
		for (const struct re_node *x = n->kid; x; x = x->next) {
			struct follow rest = { x->next, NULL, then };

			emit(g, x, false, then ? &rest : NULL);
		}
		return;
	}
	for (const struct re_node *x = n->kid; x; x = x->next)
		k++;
	v = arena_alloc(g->a, k * sizeof *v);
	k = 0;
	for (const struct re_node *x = n->kid; x; x = x->next)
		v[k++] = x;
	while (k)
		emit(g, v[--k], true, NULL);
}

static void emit_alt(struct gen *g, const struct re_node *n, bool back, const struct follow *then)
{
	uint32_t *ends, nends = 0, at;

	for (const struct re_node *x = n->kid; x; x = x->next)
		nends++;
	ends = arena_alloc(g->a, nends * sizeof *ends);
	nends = 0;
	for (const struct re_node *x = n->kid; x; x = x->next) {
		if (x->next == NULL) {
			emit(g, x, back, then);
			break;
		}
		at = split(g, RO_SPLIT, 0);
		emit(g, x, back, then);
		ends[nends++] = op(g, RO_JMP, 0);
		patch(g, at);
	}
	while (nends && !g->fail)
		patch(g, ends[--nends]);
}

static void emit_ref(struct gen *g, uint32_t group, const struct re_node *n, bool back)
{
	if (g->memo)
		g->fail = true;
	op(g, back ? RO_BREFB : RO_BREF, group);
	word(g, (n->flags & RE_I) != 0);
}

static void emit_look(struct gen *g, const struct re_node *n)
{
	static const struct follow nothing;
	uint32_t at = op(g, RO_LOOK, 0);

	word(g, n->neg | (re_has_groups(n->kid) ? 2u : 0) | g->c->nlooks++ << 2);
	emit(g, n->kid, n->behind, &nothing);
	op(g, RO_LOOKEND, 0);
	patch(g, at);
}

static void emit(struct gen *g, const struct re_node *n, bool back, const struct follow *then)
{
	if (g->fail)
		return;
	switch (n->type) {
	case RN_EMPTY:
		break;
	case RN_CHAR:
		emit_char(g, n->a, back);
		break;
	case RN_SET:
		emit_set(g, n->set, back);
		break;
	case RN_SEQ:
		emit_seq(g, n, back, then);
		break;
	case RN_ALT:
		emit_alt(g, n, back, then);
		break;
	case RN_GROUP:
		op(g, RO_SAVE, 2 * n->a + back);
		emit(g, n->kid, back, then);
		op(g, RO_SAVE, 2 * n->a + !back);
		break;
	case RN_REPEAT:
		emit_repeat(g, n, back, then);
		break;
	case RN_LOOK:
		emit_look(g, n);
		break;
	case RN_BACKREF:
		emit_ref(g, n->a, n, back);
		break;
	case RN_NAMEREF:
		/* At most one of several groups of the name took part: the others are empty. */
		for (uint32_t i = 0; i < g->t->nnames; i++)
			if (g->t->names[i].len == g->t->refs[n->a].len &&
			    memcmp(g->t->names[i].name, g->t->refs[n->a].name, g->t->refs[n->a].len * 2) == 0)
				emit_ref(g, g->t->names[i].group, n, back);
		break;
	case RN_BOL:
		op(g, n->flags & RE_M ? RO_MBOL : RO_BOL, 0);
		break;
	case RN_EOL:
		op(g, n->flags & RE_M ? RO_MEOL : RO_EOL, 0);
		break;
	case RN_WORDB:
		op(g, RO_WORDB, n->neg | (unicode(g) && (n->flags & RE_I) ? 2u : 0));
		break;
	}
}

static bool emit_program(struct gen *g, struct re_code *c, bool memo)
{
	static const struct follow nothing;

	g->c = c;
	g->cap = 0;
	g->regs = 2 * g->p->ngroups;
	g->memo = memo;
	g->fail = false;
	emit(g, g->t->root, false, &nothing);
	op(g, RO_MATCH, 0);
	if (g->regs > g->p->nregs)
		g->p->nregs = g->regs;
	return !g->fail;
}

static void store_sets(struct gen *g)
{
	struct re_prog *p = g->p;
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->ncsets; i++)
		n += g->csets[i]->n;
	p->nsets = g->ncsets;
	p->nranges = n;
	p->sets = calloc(g->ncsets + 1, sizeof *p->sets);
	p->ranges = malloc(((size_t)n + 1) * 8);
	AN(p->sets && p->ranges);
	n = 0;
	for (uint32_t i = 0; i < g->ncsets; i++) {
		const struct cset *s = g->csets[i];
		struct re_set *to = &p->sets[i];

		to->n = s->n;
		to->at = n;
		for (uint32_t k = 0; k < s->n; k++, n++) {
			p->ranges[2 * n] = s->r[2 * k];
			p->ranges[2 * n + 1] = s->r[2 * k + 1];
			for (uint32_t c = s->r[2 * k]; c <= s->r[2 * k + 1] && c < 256; c++)
				to->bits[c / 32] |= 1u << c % 32;
		}
	}
	free(g->csets);
}

static void find_starts(struct gen *g)
{
	struct re_prog *p = g->p;
	const uint32_t *w = p->main.w;
	struct cset f = { 0 };

	p->anchored = re_anchored(g->t->root);
	p->need_char = re_needed(g->t->root);
	p->first_char = -1;
	if (re_first(g->a, g->t->root, &f))
		return;
	cset_norm(&f);
	p->has_first = true;
	for (uint32_t k = 0; k < f.n; k++) {
		for (uint32_t c = f.r[2 * k]; c <= f.r[2 * k + 1] && c < 256; c++)
			p->first[c / 32] |= 1u << c % 32;
		p->first_wide |= f.r[2 * k + 1] > 255;
	}
	if (f.n == 1 && f.r[0] == f.r[1] && f.r[0] <= 0xFFFF)
		p->first_char = (int32_t)f.r[0];
	for (uint32_t c = 0; c < 256; c++)
		if (p->first[c / 32] >> c % 32 & 1 && p->nfew++ < 4)
			p->few[p->nfew - 1] = (uint8_t)c;
	if (p->nfew > 4 || p->nfew < 2 || p->first_wide)
		p->nfew = 0;
	if (p->ngroups > 1)
		return;
	if (w[0] == (RO_CHAR | (uint32_t)p->first_char << 8) || w[0] == RO_SET)
		p->shape = RW_OP(w[1]) == RO_MATCH ? RE_SHAPE_UNIT : RE_SHAPE_ANY;
	else if (w[0] == RO_STAR && w[1] <= 1 && w[2] == RE_INF && RW_OP(w[4]) == RO_MATCH)
		p->shape = RE_SHAPE_LOOP;
}

static void store_names(struct gen *g)
{
	struct re_prog *p = g->p;

	p->nnames = g->t->nnames;
	p->names = calloc(p->nnames + 1, sizeof *p->names);
	AN(p->names);
	for (uint32_t i = 0; i < p->nnames; i++) {
		const struct re_name *n = &g->t->names[i];

		p->names[i] = *n;
		p->names[i].name = malloc(n->len * 2);
		AN(p->names[i].name);
		memcpy(p->names[i].name, n->name, n->len * 2);
	}
}

static void store_source(struct re_prog *p, struct re_text s)
{
	size_t bytes = (size_t)s.len << s.wide;
	void *mem = malloc(bytes + 1);

	AN(mem);
	if (bytes)
		memcpy(mem, s.p8, bytes);
	p->srclen = s.len;
	if (s.wide)
		p->src16 = mem;
	else
		p->src8 = mem;
}

struct re_prog *re_compile(struct re_text pattern, uint32_t flags, uintptr_t c_limit, struct re_error *err)
{
	struct arena a = ARENA_INIT;
	struct re_tree t = { .a = &a };
	struct gen g = { .a = &a, .t = &t };
	bool ok;

	if (!re_parse(pattern, flags, c_limit, &t, err)) {
		arena_free(&a);
		return NULL;
	}
	re_measure(t.root);
	g.p = calloc(1, sizeof *g.p);
	AN(g.p);
	g.p->flags = flags;
	g.p->ngroups = t.ngroups + 1;
	ok = emit_program(&g, &g.p->main, false);
	if (ok && g.repeats && !emit_program(&g, &g.p->memo, true)) {
		free(g.p->memo.w);
		g.p->memo = (struct re_code){ 0 };
	}
	store_sets(&g);
	find_starts(&g);
	store_names(&g);
	store_source(g.p, pattern);
	arena_free(&a);
	if (ok)
		return g.p;
	*err = (struct re_error){ "Regular expression too large", 0 };
	re_free(g.p);
	return NULL;
}

bool re_check(struct re_text pattern, uint32_t flags, uintptr_t c_limit, struct re_error *err)
{
	struct arena a = ARENA_INIT;
	struct re_tree t = { .a = &a };
	bool ok = re_parse(pattern, flags, c_limit, &t, err);

	arena_free(&a);
	return ok;
}

void re_free(struct re_prog *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 0; i < p->nnames; i++)
		free(p->names[i].name);
	free(p->names);
	free(p->main.w);
	free(p->memo.w);
	free(p->sets);
	free(p->ranges);
	free(p->src8);
	free(p->src16);
	free(p);
}

uint32_t re_groups(const struct re_prog *p) { return p->ngroups; }
uint32_t re_flags(const struct re_prog *p) { return p->flags; }
const struct re_name *re_names(const struct re_prog *p, uint32_t *n) { *n = p->nnames; return p->names; }

struct re_text re_source(const struct re_prog *p)
{
	return (struct re_text){ .p8 = p->src16 ? (const uint8_t *)p->src16 : p->src8, .len = p->srclen, .wide = p->src16 != NULL };
}

size_t re_bytes(const struct re_prog *p)
{
	return sizeof *p + 4 * ((size_t)p->main.n + p->memo.n) + p->nsets * sizeof *p->sets + (size_t)p->nranges * 8 +
		((size_t)p->srclen << (p->src16 != NULL)) + p->nnames * 48u;
}
