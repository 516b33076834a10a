/* emit.c: words, registers, labels, constants, keys, handlers and positions of
 * the function being compiled, and its last touches (jump threading) before it
 * goes to the image. Knows nothing of the AST but names. */
#include <math.h>
#include <stdlib.h>

#include "engine/gen/fn.h"

static bool put_word(struct gfn *f, uint32_t w)
{
	if (f->nwords == f->cap_words)
		f->words = gen_grow(f->words, &f->cap_words, sizeof *f->words);
	f->words[f->nwords++] = w;
	return true;
}

static void note_pos(struct gfn *f)
{
	if (f->off == NO_POS || (f->npos && f->pos[f->npos - 1].off == f->off))
		return;
	if (f->npos && f->pos[f->npos - 1].pc == emit_pc(f)) {
		f->pos[f->npos - 1].off = f->off;
		return;
	}
	if (f->npos == f->cap_pos)
		f->pos = gen_grow(f->pos, &f->cap_pos, sizeof *f->pos);
	f->pos[f->npos++] = (struct prec){ emit_pc(f), f->off };
}

static void put_op(struct gfn *f, uint32_t w)
{
	if (op_info[W_OP(w)].flags & (OF_THROWS | OF_CALL))
		note_pos(f);
	put_word(f, w);
	if (op_info[W_OP(w)].flags & OF_END)
		f->dead = true;
}

void emit(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, uint32_t c)
{
	if (!f->dead)
		put_op(f, op_abc(op, a, b & 255, c & 255));
}

void emit_w1(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, uint32_t c, uint32_t w1)
{
	if (f->dead)
		return;
	put_op(f, op_abc(op, a, b & 255, c & 255));
	put_word(f, w1);
}

void emit_a16(struct gfn *f, uint32_t op, uint32_t a, uint32_t i16)
{
	emit(f, op, a, i16 & 255, i16 >> 8 & 255);
}

/* ---- keys and constants ---- */

uint32_t emit_key_index(struct gfn *f, uint32_t str)
{
	struct strinfo *s = &f->g->info[str];

	if (s->key_stamp != f->g->stamp) {
		s->key_stamp = f->g->stamp;
		s->key = (uint32_t)f->nkeys;
		if (f->nkeys == f->cap_keys)
			f->keys = gen_grow(f->keys, &f->cap_keys, sizeof *f->keys);
		f->keys[f->nkeys++] = str;
	}
	return s->key;
}

static void too_many(struct gfn *f, const char *msg)
{
	gen_fail(f->g, f->off == NO_POS ? 0 : f->off, f->off == NO_POS ? 0 : f->off, msg);
}

uint32_t emit_add_const(struct gfn *f, const struct image_const *k)
{
	if (f->nconsts == f->cap_consts)
		f->consts = gen_grow(f->consts, &f->cap_consts, sizeof *f->consts);
	f->consts[f->nconsts] = *k;
	return (uint32_t)f->nconsts++;
}

uint32_t emit_str_const(struct gfn *f, uint32_t str)
{
	struct strinfo *s = &f->g->info[str];

	if (s->const_stamp != f->g->stamp) {
		s->const_stamp = f->g->stamp;
		s->konst = emit_add_const(f, &(struct image_const){ .tag = IK_STR, .u.str = str });
	}
	return s->konst;
}

static uint64_t num_bits(double d)
{
	uint64_t u;

	memcpy(&u, &d, sizeof u);
	return u;
}

static uint32_t num_slot(const struct gfn *f, double d)
{
	uint32_t mask = (uint32_t)f->cap_numtab - 1;
	uint32_t i = (uint32_t)((num_bits(d) * 0x9E3779B97F4A7C15ull) >> 32) & mask;

	while (f->numtab[i] != 0 && num_bits(f->consts[f->numtab[i] - 1].u.num) != num_bits(d))
		i = (i + 1) & mask;
	return i;
}

static void numtab_grow(struct gfn *f)
{
	size_t cap = f->cap_numtab ? f->cap_numtab * 2 : 64;

	f->numtab = realloc(f->numtab, cap * sizeof *f->numtab);
	AN(f->numtab != NULL);
	memset(f->numtab, 0, cap * sizeof *f->numtab);
	f->cap_numtab = cap;
	for (size_t i = 0; i < f->nconsts; i++)
		if (f->consts[i].tag == IK_NUM)
			f->numtab[num_slot(f, f->consts[i].u.num)] = (uint32_t)i + 1;
}

uint32_t emit_num_const(struct gfn *f, double d)
{
	uint32_t i;

	if (d != d)
		d = NAN;               /* one bit pattern */
	if ((f->nnums + 1) * 2 > f->cap_numtab)
		numtab_grow(f);
	i = num_slot(f, d);
	if (f->numtab[i] == 0) {
		f->nnums++;
		f->numtab[i] = emit_add_const(f, &(struct image_const){ .tag = IK_NUM, .u.num = d }) + 1;
	}
	return f->numtab[i] - 1;
}

void emit_const(struct gfn *f, int dst, uint32_t k)
{
	if (k <= 0xFFFF)
		emit_a16(f, OP_LDK, (uint32_t)dst, k);
	else
		emit_w1(f, OP_LDKX, (uint32_t)dst, 0, 0, k);
}

void emit_k16(struct gfn *f, uint32_t op, uint32_t a, uint32_t k)
{
	if (k > 0xFFFF)
		too_many(f, "too many constants in one function");
	else
		emit_a16(f, op, a, k);
}

void emit_num(struct gfn *f, int dst, double d)
{
	if (d >= -32768 && d <= 32767 && d == (int)d && !(d == 0 && signbit(d)))
		emit_a16(f, OP_LDI, (uint32_t)dst, (uint32_t)(int)d & 0xFFFF);
	else if (!f->dead)
		emit_const(f, dst, emit_num_const(f, d));
}

void emit_str(struct gfn *f, int dst, struct name *s)
{
	if (!f->dead)
		emit_const(f, dst, emit_str_const(f, gen_str(f->g, s)));
}

void emit_prop_key(struct gfn *f, int dst, struct name *key)
{
	if ((key->flags & NAME_IS_INDEX) && key->index <= 0x7FFFFFFF)
		emit_num(f, dst, key->index);
	else
		emit_str(f, dst, key);
}

void emit_key(struct gfn *f, uint32_t op, uint32_t a, struct name *key)
{
	uint32_t k;

	if (f->dead)
		return;
	k = emit_key_index(f, gen_str(f->g, key));
	if (k > 0xFFFF)
		too_many(f, "too many names in one function");
	else
		emit_a16(f, op, a, k);
}

static uint32_t new_ic(struct gfn *f)
{
	return f->nics < IC_NONE16 ? f->nics++ : IC_NONE16;
}

/* Keys from here on are kept for the instructions that have no other form. */
#define KEYS_RESERVED 0xF000

static bool has_register_form(uint32_t op)
{
	return op == OP_GETP || op == OP_GETLEN || op == OP_SETP || op == OP_DEFP || op == OP_DELP;
}

static bool is_known_key(struct gfn *f, struct name *key)
{
	uint32_t str = gen_str(f->g, key);         /* may move the table */

	return f->g->info[str].key_stamp == f->g->stamp;
}

/* Property access by name. Names beyond the 16 bits of the operand go through
 * a register, which costs only speed. */
void emit_p(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, struct name *key)
{
	uint32_t k, ic = 0;
	int t, top = f->top;

	if (f->dead)
		return;
	if (f->nkeys < KEYS_RESERVED || !has_register_form(op) || is_known_key(f, key)) {
		k = emit_key_index(f, gen_str(f->g, key));
		if (k > 0xFFFF) {
			too_many(f, "too many names in one function");
			return;
		}
		if (op_info[op].flags & OF_IC)
			ic = new_ic(f);
		emit_w1(f, op, a, b, 0, k | ic << 16);
		return;
	}
	t = emit_alloc(f, 1);
	emit_str(f, t, key);
	switch (op) {
	case OP_GETP: case OP_GETLEN: emit(f, OP_GETE, a, b, (uint32_t)t); break;
	case OP_SETP: emit(f, OP_SETE, a, (uint32_t)t, b); break;
	case OP_DEFP: emit(f, OP_DEFE, a, (uint32_t)t, b); break;
	case OP_DELP: emit(f, OP_DELE, a, b, (uint32_t)t); break;
	default: UNREACHABLE();
	}
	f->top = top;
}

/* ---- registers ---- */

int emit_alloc(struct gfn *f, int n)
{
	int r = f->top;

	if (r + n > REG_MAX) {
		too_many(f, "expression or function too complex: out of registers");
		f->top = 1;            /* the code is lost; go on without overflow */
		return 0;
	}
	f->top = r + n;
	if (f->top > f->max)
		f->max = f->top;
	return r;
}

void emit_mov(struct gfn *f, int dst, int src)
{
	if (dst != src && dst >= 0)
		emit(f, OP_MOV, (uint32_t)dst, (uint32_t)src, 0);
}

/* ---- jumps ---- */

void emit_jump(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, struct label *l)
{
	if (f->dead)
		return;
	put_op(f, op_abc(op, a, b & 255, 0));
	put_word(f, l->chain);         /* until bound: the previous one */
	l->chain = emit_pc(f) - 1;
}

void emit_jmp(struct gfn *f, struct label *l)
{
	emit_jump(f, OP_JMP, 0, 0, l);
}

void emit_loop(struct gfn *f, struct label *l)
{
	if (!f->dead && l->pos != UINT32_MAX)
		emit_w1(f, OP_LOOP, 0, 0, 0, l->pos - (emit_pc(f) + 2));
}

void emit_here(struct gfn *f, struct label *l)
{
	l->pos = emit_pc(f);
	f->last_bind = emit_pc(f);
}

void emit_bind(struct gfn *f, struct label *l)
{
	uint32_t at = l->chain, pc = emit_pc(f);

	if (at == UINT32_MAX)
		return;
	/* A JMP to the very next instruction. Nothing else may point behind it. */
	if (at == pc - 1 && W_OP(f->words[at - 1]) == OP_JMP && f->last_bind != pc) {
		l->chain = f->words[at];
		f->nwords -= 2;
		pc -= 2;
		at = l->chain;
	}
	while (at != UINT32_MAX) {
		uint32_t prev = f->words[at];
		f->words[at] = pc - (at + 1);
		at = prev;
	}
	l->chain = UINT32_MAX;
	l->pos = pc;
	f->last_bind = pc;
	f->dead = false;
}

/* ---- handlers ---- */

uint32_t emit_handler(struct gfn *f)
{
	if (f->ntargets == f->cap_targets)
		f->targets = gen_grow(f->targets, &f->cap_targets, sizeof *f->targets);
	f->targets[f->ntargets] = (struct htarget){ UINT32_MAX, 0 };
	return (uint32_t)f->ntargets++;
}

void emit_cover(struct gfn *f, uint32_t start, uint32_t handler, uint32_t depth)
{
	if (start >= emit_pc(f))
		return;
	if (f->nhrecs == f->cap_hrecs)
		f->hrecs = gen_grow(f->hrecs, &f->cap_hrecs, sizeof *f->hrecs);
	f->hrecs[f->nhrecs++] = (struct hrec){ start, emit_pc(f), handler, depth };
	f->last_bind = emit_pc(f);     /* the range's end must stay where it is */
}

static bool is_covered(const struct gfn *f, uint32_t handler)
{
	for (size_t i = f->nhrecs; i-- > 0;)
		if (f->hrecs[i].handler == handler)
			return true;
	return false;
}

void emit_bind_handler(struct gfn *f, uint32_t handler, int reg)
{
	f->targets[handler] = (struct htarget){ emit_pc(f), (uint8_t)reg };
	f->last_bind = emit_pc(f);
	if (is_covered(f, handler))
		f->dead = false;
}

/* ---- finishing ---- */

/* A jump to a JMP goes straight to its target; a JMP to a LOOP becomes one. */
static void thread_jumps(struct gfn *f)
{
	uint32_t n = emit_pc(f), *w = f->words;

	for (uint32_t pc = 0; pc < n; pc += (uint32_t)op_words(op_info[W_OP(w[pc])].format)) {
		uint32_t op = W_OP(w[pc]), to;
		if (!(op_info[op].flags & OF_BRANCH) || op == OP_LOOP)
			continue;
		to = pc + 2 + w[pc + 1];
		for (int hops = 0; hops < 16 && to < n && W_OP(w[to]) == OP_JMP; hops++)
			to += 2 + w[to + 1];
		if (op == OP_JMP && to < n && W_OP(w[to]) == OP_LOOP) {
			to += 2 + w[to + 1];
			if (to <= pc)
				w[pc] = op_abc(OP_LOOP, 0, 0, 0);
			else
				to = pc + 2 + w[pc + 1];
		}
		w[pc + 1] = to - (pc + 2);
	}
}

static int by_depth(const void *a, const void *b)
{
	const struct hrec *x = a, *y = b;

	if (x->depth != y->depth)
		return x->depth > y->depth ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static void *keep(struct gfn *f, const void *p, size_t bytes)
{
	void *q = arena_alloc(&f->g->im->mem, bytes ? bytes : 1);

	if (bytes)
		memcpy(q, p, bytes);
	return q;
}

/* Columns count UTF-16 units (as src_line_col does), found from a table of the
 * counts before every 1024th byte, so that one long line costs no more. */
static uint32_t units(const char *p, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (uint32_t i = from; i < to; i++) {
		unsigned char c = (unsigned char)p[i];
		n += (c & 0xC0) != 0x80;
		n += c >= 0xF0;
	}
	return n;
}

static uint32_t units_before(struct gen *g, uint32_t off)
{
	const struct src *s = g->ast->src;

	if (g->ascii)
		return off;
	if (!g->col16) {
		g->ncol16 = s->len / 1024 + 1;
		g->col16 = calloc(g->ncol16, sizeof *g->col16);
		AN(g->col16 != NULL);
		for (size_t i = 1; i < g->ncol16; i++)
			g->col16[i] = g->col16[i - 1] + units(s->text, (uint32_t)(i - 1) * 1024, (uint32_t)i * 1024);
	}
	return g->col16[off / 1024] + units(s->text, off / 1024 * 1024, off);
}

static struct image_pos line_col(struct gen *g, uint32_t pc, uint32_t off)
{
	struct src *s = g->ast->src;
	uint32_t lo = 0, hi, line, col;

	if (!s->lines || !s->nlines) {
		src_line_col(s, off, &line, &col);     /* builds the table */
		if (!s->lines || !s->nlines)
			return (struct image_pos){ pc, line, col };
	}
	if (off > s->len)
		off = s->len;
	hi = s->nlines;
	if (g->line_hint < s->nlines && s->lines[g->line_hint] <= off) {
		lo = g->line_hint;
		if (lo + 1 < s->nlines && s->lines[lo + 1] > off)
			hi = lo + 1;
	}
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (s->lines[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	g->line_hint = lo;
	if (off - s->lines[lo] < 1024)
		col = g->ascii ? off - s->lines[lo] : units(s->text, s->lines[lo], off);
	else
		col = units_before(g, off) - units_before(g, s->lines[lo]);
	return (struct image_pos){ pc, lo + 1 + s->line_bias, col + 1 };
}

void emit_finish(struct gfn *f, struct image_fn *out)
{
	thread_jumps(f);
	out->words = keep(f, f->words, f->nwords * sizeof *f->words);
	out->nwords = emit_pc(f);
	out->consts = keep(f, f->consts, f->nconsts * sizeof *f->consts);
	out->nconsts = (uint32_t)f->nconsts;
	out->keys = keep(f, f->keys, f->nkeys * sizeof *f->keys);
	out->nkeys = (uint32_t)f->nkeys;
	out->nics = f->nics;
	out->nregs = (uint32_t)f->max;
	out->pos = arena_alloc(&f->g->im->mem, (f->npos + 1) * sizeof *out->pos);
	for (size_t i = 0; i < f->npos; i++)
		if (f->pos[i].pc < emit_pc(f))
			out->pos[out->npos++] = line_col(f->g, f->pos[i].pc, f->pos[i].off);
	if (f->nhrecs > 1)
		qsort(f->hrecs, f->nhrecs, sizeof *f->hrecs, by_depth);
	out->handlers = arena_alloc(&f->g->im->mem, (f->nhrecs + 1) * sizeof *out->handlers);
	for (size_t i = 0; i < f->nhrecs; i++) {
		const struct hrec *h = &f->hrecs[i];
		out->handlers[out->nhandlers++] = (struct image_handler){ h->start, h->end,
			f->targets[h->handler].pc, f->targets[h->handler].reg };
	}
}
