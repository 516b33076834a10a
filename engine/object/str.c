/* str.c: making strings: flat copies, slices, concatenation (append buffers and
 * ropes), flattening, code points, UTF-8 input. Called by everything that has
 * strings. Runs no JavaScript; knows nothing of atoms beyond the shared
 * one-unit and empty strings.
 *
 * Invariants: the parent of a slice is STR8 or STR16, never a slice; a rope lies
 * in the current half (strs_freeze leaves none behind); units of an append buffer
 * below its len never change. */
#include "engine/object/str_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf.h"
#include "engine/object/convert.h"

#define GROW_FROM   256u         /* units of the left operand that make a buffer worth it */
#define GROW_UPTO   (64u << 10)  /* of a rope that is not in a buffer yet: bounds what one
                                  * concatenation may copy for nothing */
#define EXT_MIN     17u          /* shorter external strings are copied */
#define BUF_SPENT   1            /* aux of an append buffer that has a successor */
#define ROPE_STACK  32           /* > log2(STR_MAX): see fill */

/* ---- units -------------------------------------------------------------- */

bool units_below(const uint16_t *p, size_t n, uint32_t lim)
{
	uint32_t all = 0;
	size_t i = 0;

	for (; i + 32 <= n; i += 32) {
		for (size_t k = 0; k < 32; k++)
			all |= p[i + k];
		if (all >= lim)
			return false;
	}
	for (; i < n; i++)
		all |= p[i];
	return all < lim;
}

void sview_copy(struct sview v, void *dst, bool wide)
{
	uint8_t *d8 = dst;
	uint16_t *d16 = dst;

	if (v.len == 0)
		return;
	if (wide && v.wide)
		memcpy(d16, v.p16, 2 * (size_t)v.len);
	else if (wide)
		for (uint32_t i = 0; i < v.len; i++)
			d16[i] = v.p8[i];
	else if (!v.wide)
		memcpy(d8, v.p8, v.len);
	else
		for (uint32_t i = 0; i < v.len; i++)
			d8[i] = (uint8_t)v.p16[i];
}

struct sview sview_sub(struct sview v, uint32_t start, uint32_t end)
{
	if (v.wide)
		v.p16 += start;
	else
		v.p8 += start;
	v.len = end - start;
	return v;
}

uint32_t sview_code_point(struct sview v, uint32_t i, uint32_t *units)
{
	uint32_t c = sview_at(v, i), d;

	*units = 1;
	if (!v.wide || !utf16_is_high(c) || i + 1 >= v.len)
		return c;
	d = v.p16[i + 1];
	if (!utf16_is_low(d))
		return c;
	*units = 2;
	return utf16_join(c, d);
}

/* ---- flat strings --------------------------------------------------------- */

/* A flat cell with room for n units, or NULL without an exception. */
static struct str *alloc_flat(struct vm *vm, uint32_t n, bool wide, uint8_t flags)
{
	struct str *s = heap_alloc(&vm->heap, str_flat_size(n, wide), SHAPE_STRING,
	                           wide ? KIND_STR16 : KIND_STR8, flags);

	if (unlikely(s == NULL))
		return NULL;
	HINIT(s->len, n);
	HINIT(s->hash, 0);
	return s;
}

static struct str *alloc_or_throw(struct vm *vm, uint32_t n, bool wide)
{
	struct str *s;

	if (unlikely(n > STR_MAX)) {
		throw_range(vm, "invalid string length");
		return NULL;
	}
	s = alloc_flat(vm, n, wide, 0);
	if (unlikely(s == NULL))
		throw_oom(vm);
	else if (!wide)
		((struct str8 *)s)->c[n] = 0;
	return s;
}

struct str *str_alloc8(struct vm *vm, uint32_t n, uint8_t **out)
{
	struct str *s = alloc_or_throw(vm, n, false);

	*out = s != NULL ? ((struct str8 *)s)->c : NULL;
	return s;
}

struct str *str_alloc16(struct vm *vm, uint32_t n, uint16_t **out)
{
	struct str *s = alloc_or_throw(vm, n, true);

	*out = s != NULL ? ((struct str16 *)s)->c : NULL;
	return s;
}

static val new8(struct vm *vm, const uint8_t *p, uint32_t n, uint8_t flags)
{
	struct str *s;
	uint8_t *out;

	if (n <= 1)
		return v_cell(n != 0 ? vm->chars[*p] : vm->empty);
	s = str_alloc8(vm, n, &out);
	if (unlikely(s == NULL))
		return V_EXC;
	memcpy(out, p, n);
	HINIT(s->h.flags, flags);
	return v_cell(s);
}

val str_new8(struct vm *vm, const uint8_t *p, uint32_t n)
{
	return new8(vm, p, n, 0);
}

val str_from_view(struct vm *vm, struct sview v)
{
	bool wide = v.wide && !units_below(v.p16, v.len, 0x100);
	struct str *s;
	uint8_t b;

	if (v.len <= 1 && !wide) {
		b = v.len != 0 ? (uint8_t)sview_at(v, 0) : 0;
		return new8(vm, &b, v.len, 0);
	}
	s = alloc_or_throw(vm, v.len, wide);
	if (unlikely(s == NULL))
		return V_EXC;
	sview_copy(v, wide ? (void *)((struct str16 *)s)->c : ((struct str8 *)s)->c, wide);
	return v_cell(s);
}

val str_new16(struct vm *vm, const uint16_t *p, uint32_t n)
{
	return str_from_view(vm, (struct sview){ .p16 = p, .len = n, .wide = true });
}

val str_from_utf8(struct vm *vm, const char *p, size_t n, bool wtf8)
{
	bool latin1;
	size_t units, i = 0;
	struct str *s;
	uint8_t *o8 = NULL;
	uint16_t *o16 = NULL;

	if (n == utf8_ascii_prefix(p, n) && n <= STR_MAX)
		return new8(vm, (const uint8_t *)p, (uint32_t)n, CF_STR_ASCII);
	units = utf8_measure(p, n, wtf8, &latin1);
	if (units > STR_MAX)
		return throw_range(vm, "invalid string length");
	if (units == 1 && latin1) {
		uint32_t cp;

		(void)utf8_decode(p, n, wtf8, &cp);
		return v_cell(vm->chars[cp]);
	}
	s = latin1 ? str_alloc8(vm, (uint32_t)units, &o8) : str_alloc16(vm, (uint32_t)units, &o16);
	if (s == NULL)
		return V_EXC;
	while (i < n) {
		uint32_t cp;

		i += (size_t)utf8_decode(p + i, n - i, wtf8, &cp);
		if (latin1) {
			*o8++ = (uint8_t)cp;
		} else if (cp < 0x10000) {
			*o16++ = (uint16_t)cp;
		} else {
			*o16++ = (uint16_t)(0xD7C0 + (cp >> 10));
			*o16++ = (uint16_t)(0xDC00 | (cp & 0x3FF));
		}
	}
	return v_cell(s);
}

val str_from_sv(struct vm *vm, struct sv s)
{
	return str_from_utf8(vm, s.p, s.n, false);
}

val str_cstr(struct vm *vm, const char *ascii)
{
	return new8(vm, (const uint8_t *)ascii, (uint32_t)strlen(ascii), CF_STR_ASCII);
}

val str_external(struct vm *vm, const char *ascii, size_t n)
{
	struct ext8 *e;

	if (n > STR_MAX)
		return throw_range(vm, "invalid string length");
	/* The bytes live as long as a request, the snapshot longer. */
	if (n < EXT_MIN || !vm->heap.frozen)
		return new8(vm, (const uint8_t *)ascii, (uint32_t)n, CF_STR_ASCII);
	e = heap_alloc(&vm->heap, sizeof *e, SHAPE_STRING, KIND_EXT8, CF_STR_ASCII);
	HINIT(e->s.len, (uint32_t)n);
	HINIT(e->s.hash, 0);
	HINIT(e->p, (const uint8_t *)ascii);
	return v_cell(e);
}

val str_from_unit(struct vm *vm, uint32_t unit)
{
	uint16_t u = (uint16_t)unit;

	if (u < 256)
		return v_cell(vm->chars[u]);
	return str_new16(vm, &u, 1);
}

val str_from_code_point(struct vm *vm, uint32_t cp)
{
	uint16_t u[2];

	if (cp < 0x10000)
		return str_from_unit(vm, cp);
	u[0] = (uint16_t)(0xD7C0 + (cp >> 10));
	u[1] = (uint16_t)(0xDC00 | (cp & 0x3FF));
	return str_new16(vm, u, 2);
}

val str_printf(struct vm *vm, const char *fmt, ...)
{
	char small[256], *p = small;
	va_list ap;
	int n;
	val r;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	AN(n >= 0);
	if ((size_t)n >= sizeof small) {
		p = malloc((size_t)n + 1);
		AN(p != NULL);
		va_start(ap, fmt);
		vsnprintf(p, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	r = str_from_utf8(vm, p, (size_t)n, false);
	if (p != small)
		free(p);
	return r;
}

/* ---- flattening ----------------------------------------------------------- */

struct piece { struct str *s; uint32_t off; };

/* Next piece of a walk over a rope's tree: gives the child to go on with and
 * pushes the other. The larger child is always the one that waits, so each entry
 * of the stack is at least as long as all that is walked before it is taken:
 * its depth never passes log2 of the length. */
static inline struct piece descend(struct piece at, struct piece *stack, unsigned *depth)
{
	const struct rope *r = (const struct rope *)at.s;
	struct piece a = { r->left.v, at.off }, b = { r->right.v, at.off + r->left.v->len.v };

	AN(*depth < ROPE_STACK);
	stack[(*depth)++] = a.s->len.v >= b.s->len.v ? a : b;
	return a.s->len.v >= b.s->len.v ? b : a;
}

/* Writes the units of root to dst. */
static void fill(struct str *root, void *dst, bool wide)
{
	struct piece stack[ROPE_STACK], at = { root, 0 };
	unsigned depth = 0;

	for (;;) {
		if (at.s->h.kind == KIND_ROPE) {
			at = descend(at, stack, &depth);
			continue;
		}
		sview_copy(str_flat_view(at.s), (char *)dst + ((size_t)at.off << wide), wide);
		if (depth == 0)
			return;
		at = stack[--depth];
	}
}

/* The rope cell becomes a slice of flat. Both are 32 bytes. */
static void rope_to_slice(struct vm *vm, struct str *s, struct str *flat, uint32_t off)
{
	struct slice *sl = (struct slice *)s;

	_Static_assert(sizeof(struct rope) == sizeof(struct slice), "rewritten in place");
	cell_set_kind(&vm->heap, &s->h, KIND_SLICE);
	VSET(vm, s->h.flags, s->h.flags.v & (uint8_t)~CF_STR_WIDE);
	VSET(vm, sl->parent, flat);
	VSET(vm, sl->off, off);
	VSET(vm, sl->pad, 0);
}

/* An append buffer of `cap` units in the current half, or NULL. */
static struct str *buffer_new(struct vm *vm, uint64_t cap, bool wide)
{
	struct str *b;
	size_t size;

	if (cap > STR_MAX)
		cap = STR_MAX;
	if (!wide)
		cap |= 7; /* with its NUL the cell has no waste */
	size = str_flat_size((uint32_t)cap, wide);
	b = heap_alloc(&vm->heap, size, SHAPE_STRING, wide ? KIND_STR16 : KIND_STR8, CF_STR_GROW);
	if (b == NULL)
		return NULL;
	HINIT(b->len, 0);
	HINIT(b->hash, (uint32_t)cap);
	return b;
}

static void *flat_units(struct str *flat)
{
	return flat->h.kind == KIND_STR16 ? (void *)((struct str16 *)flat)->c : ((struct str8 *)flat)->c;
}

/* Rewrites a rope into a slice of a new flat string. False: pending exception. */
static NOINLINE bool flatten(struct vm *vm, struct str *s)
{
	uint32_t n = s->len.v;
	bool wide = (s->h.flags.v & CF_STR_WIDE) != 0;
	struct str *flat;

	vm->ticks -= n >> 7; /* never polls: only lack of memory may make a view fail */
	flat = alloc_or_throw(vm, n, wide);
	if (flat == NULL)
		return false;
	HINIT(flat->h.flags, s->h.flags.v & CF_STR_ASCII);
	fill(s, flat_units(flat), wide);
	rope_to_slice(vm, s, flat, 0);
	return true;
}

struct sview str_view(struct vm *vm, struct str *s)
{
	if (unlikely(s->h.kind == KIND_ROPE) && !flatten(vm, s))
		return (struct sview){ .p8 = NULL, .len = 0, .wide = false };
	return str_flat_view(s);
}

uint32_t str_at(struct vm *vm, struct str *s, uint32_t i)
{
	struct sview v = str_view(vm, s);

	return likely(i < v.len) ? sview_at(v, i) : 0; /* out of memory: see str_view */
}

/* ---- slices and concatenation ----------------------------------------------- */

static val new_slice(struct vm *vm, struct str *parent, uint32_t off, uint32_t len, uint8_t flags)
{
	struct slice *s = heap_alloc(&vm->heap, sizeof *s, SHAPE_STRING, KIND_SLICE, flags);

	HINIT(s->s.len, len);
	HINIT(s->s.hash, 0);
	HINIT(s->parent, parent);
	HINIT(s->off, off);
	HINIT(s->pad, 0);
	return v_cell(s);
}

val str_sub(struct vm *vm, struct str *s, uint32_t start, uint32_t end)
{
	uint32_t n = end - start;
	struct sview v;
	uint8_t ascii;

	if (n == s->len.v)
		return v_cell(s);
	v = str_view(vm, s);
	if (unlikely(v.len == 0 && s->len.v != 0))
		return V_EXC;
	v = sview_sub(v, start, end);
	if (n < STR_COPY_MAX)
		return str_from_view(vm, v);
	ascii = s->h.flags.v & CF_STR_ASCII;
	if (s->h.kind == KIND_EXT8)
		return str_external(vm, (const char *)v.p8, n);
	if (s->h.kind == KIND_SLICE)
		return new_slice(vm, ((struct slice *)s)->parent.v, ((struct slice *)s)->off.v + start, n, ascii);
	return new_slice(vm, s, start, n, ascii);
}

/* a + b in a's append buffer, when a is the newest slice of one. 0: not so (or no
 * memory for a larger one). The result is a new slice; older ones stay valid. */
static val append(struct vm *vm, struct str *a, struct str *b)
{
	struct slice *sl = (struct slice *)a;
	struct str *buf = sl->parent.v;
	uint32_t la = a->len.v, lb = b->len.v, off = sl->off.v, used = buf->len.v;
	bool wide = buf->h.kind == KIND_STR16, widen = !wide && str_is_wide(b);
	struct sview v;

	if (!(buf->h.flags.v & CF_STR_GROW) || off + la != used || !str_is_current(vm, buf))
		return 0;
	if (widen || lb > buf->hash.v - used) {
		struct str *n;

		/* One successor only: otherwise `a + x` for many x copies a each time. And
		 * only for short pieces: a few long ones are better joined once, at the end. */
		if (buf->h.aux.v == BUF_SPENT || lb > la / 4)
			return 0;
		n = buffer_new(vm, 2 * ((uint64_t)la + lb), wide || widen);
		if (n == NULL)
			return 0;
		VSET(vm, buf->h.aux, BUF_SPENT);
		sview_copy(str_flat_view(a), flat_units(n), wide || widen);
		buf = n;
		wide = wide || widen;
		off = 0;
		used = la;
		HINIT(buf->len, la);
	}
	v = str_view(vm, b);
	if (unlikely(v.len != lb))
		return V_EXC;
	sview_copy(v, (char *)flat_units(buf) + ((size_t)used << wide), wide);
	VSET(vm, buf->len, used + lb);
	return new_slice(vm, buf, off, la + lb, a->h.flags.v & b->h.flags.v & CF_STR_ASCII);
}

/* The second concatenation onto the same growing value: its rope is flattened
 * into an append buffer with room for more. False: no memory. */
static bool rope_to_buffer(struct vm *vm, struct str *a, struct str *b)
{
	bool wide = str_is_wide(a) || str_is_wide(b);
	struct str *buf = buffer_new(vm, 2 * ((uint64_t)a->len.v + b->len.v), wide);

	if (buf == NULL)
		return false;
	fill(a, flat_units(buf), wide);
	HINIT(buf->len, a->len.v);
	rope_to_slice(vm, a, buf, 0);
	return true;
}

static val concat_short(struct vm *vm, struct str *a, struct str *b)
{
	struct sview va = str_flat_view(a), vb = str_flat_view(b); /* too short for ropes */
	bool wide = va.wide || vb.wide;
	struct str *s = alloc_flat(vm, va.len + vb.len, wide, a->h.flags.v & b->h.flags.v & CF_STR_ASCII);
	char *out = flat_units(s);

	if (likely(!wide)) {
		copy_bytes(out, va.p8, va.len);
		copy_bytes(out + va.len, vb.p8, vb.len);
		out[va.len + vb.len] = 0;
	} else {
		sview_copy(va, out, true);
		sview_copy(vb, out + 2 * (size_t)va.len, true);
	}
	return v_cell(s);
}

val str_concat(struct vm *vm, struct str *a, struct str *b)
{
	uint32_t la = a->len.v, lb = b->len.v, n = la + lb;
	struct rope *r;
	uint8_t flags;
	val v;

	if (lb == 0)
		return v_cell(a);
	if (la == 0)
		return v_cell(b);
	if (unlikely(n > STR_MAX))
		return throw_range(vm, "invalid string length");
	if (n <= STR_COPY_MAX)
		return concat_short(vm, a, b);
	if (a->h.kind == KIND_ROPE && la >= GROW_FROM && la <= GROW_UPTO && lb <= la / 4)
		(void)rope_to_buffer(vm, a, b);
	if (a->h.kind == KIND_SLICE) {
		v = append(vm, a, b);
		if (v != 0)
			return v;
	}
	flags = a->h.flags.v & b->h.flags.v & CF_STR_ASCII;
	if (str_is_wide(a) || str_is_wide(b))
		flags |= CF_STR_WIDE;
	r = heap_alloc(&vm->heap, sizeof *r, SHAPE_STRING, KIND_ROPE, flags);
	HINIT(r->s.len, n);
	HINIT(r->s.hash, 0);
	HINIT(r->left, a);
	HINIT(r->right, b);
	return v_cell(r);
}

/* Longer first parts may be growing: they keep their append buffers. */
#define JOIN_FIRST 256u
#define JOIN_MAX   1024u

/* The length of n narrow flat strings that are better copied than linked, else 0. */
static uint32_t joint_length(struct str *const *p, uint32_t n, uint8_t *flags)
{
	uint32_t total = 0;

	if (p[0]->len.v > JOIN_FIRST)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		if (p[i]->len.v > JOIN_MAX || p[i]->h.kind == KIND_ROPE || str_is_wide(p[i]))
			return 0;
		*flags &= p[i]->h.flags.v;
		total += p[i]->len.v;
	}
	return total > JOIN_MAX ? 0 : total;
}

val str_concat_all(struct vm *vm, struct str *const *p, uint32_t n)
{
	uint8_t flags = CF_STR_ASCII, *out;
	uint32_t len = n > 1 ? joint_length(p, n, &flags) : 0;
	struct str *s;
	val acc;

	if (len > 1) {
		s = str_alloc8(vm, len, &out);
		if (unlikely(s == NULL))
			return V_EXC;
		HINIT(s->h.flags, flags);
		for (uint32_t i = 0; i < n; i++) {
			struct sview v = str_flat_view(p[i]);

			copy_bytes(out, v.p8, v.len);
			out += v.len;
		}
		return v_cell(s);
	}
	acc = v_cell(p[0]);
	for (uint32_t i = 1; i < n && acc != V_EXC; i++)
		acc = str_concat(vm, v_tostr(acc), p[i]);
	return acc;
}

/* ---- freeze ----------------------------------------------------------------- */

#define LINK_LEN   32u       /* units; longer strings become no atoms at the freeze */
#define LINK_ATOMS 32768u    /* and no more than make this many in all */

struct found { struct vm *vm; struct str **p; size_t n, cap; };

static void link_str(struct vm *vm, struct str *s)
{
	if (s->h.flags.v & (CF_STR_GROW | CF_ATOM))
		return;
	(void)str_hash(vm, s);
	if (s->len.v <= LINK_LEN && vm->natoms < LINK_ATOMS)
		(void)key_of_str(vm, s);
	else
		(void)key_lookup_str(vm, s);
}

/* Links flat strings, gathers ropes. */
static void link_or_gather(void *u, struct cell *c)
{
	struct found *f = u;

	if (!kind_is_string(c->kind))
		return;
	if (c->kind != KIND_ROPE) {
		link_str(f->vm, (struct str *)c);
		return;
	}
	if (f->n == f->cap) {
		f->cap = f->cap != 0 ? 2 * f->cap : 256;
		f->p = realloc(f->p, f->cap * sizeof *f->p);
		AN(f->p != NULL);
	}
	f->p[f->n++] = (struct str *)c;
}

static int longer_first(const void *a, const void *b)
{
	uint32_t la = (*(struct str *const *)a)->len.v, lb = (*(struct str *const *)b)->len.v;

	return la < lb ? 1 : la > lb ? -1 : 0;
}

/* Flattens root and turns every rope inside it into a slice of the same flat
 * string, so that a chain of values costs its longest member only. */
static bool flatten_all(struct vm *vm, struct str *root)
{
	struct piece stack[ROPE_STACK], at = { root, 0 };
	struct str *flat = alloc_or_throw(vm, root->len.v, str_is_wide(root));
	unsigned depth = 0;

	if (flat == NULL)
		return false;
	HINIT(flat->h.flags, root->h.flags.v & CF_STR_ASCII);
	fill(root, flat_units(flat), str_is_wide(root));
	for (;;) {
		if (at.s->h.kind == KIND_ROPE) {
			struct piece next = descend(at, stack, &depth);

			rope_to_slice(vm, at.s, flat, at.off);
			at = next;
			continue;
		}
		if (depth == 0)
			return true;
		at = stack[--depth];
	}
}

int strs_freeze(struct vm *vm)
{
	void *c_stack = vm->heap.c_stack_base;
	struct found f = { vm, NULL, 0, 0 };
	size_t i;

	AN(!vm->heap.frozen);
	vm->heap.c_stack_base = NULL; /* no collection while f holds cells */
	if (heap_worth_collecting(&vm->heap))
		heap_collect(&vm->heap); /* …and this one is the freeze's, if no string is made */
	heap_each_cell(&vm->heap, link_or_gather, &f);
	if (f.n != 0)
		qsort(f.p, f.n, sizeof *f.p, longer_first);
	for (i = 0; i < f.n; i++)
		if (f.p[i]->h.kind == KIND_ROPE && !flatten_all(vm, f.p[i]))
			break;
	if (f.n != 0 && i == f.n) { /* what they have become */
		f.n = i = 0;
		heap_each_cell(&vm->heap, link_or_gather, &f);
		AZ(f.n);
	}
	vm->heap.c_stack_base = c_stack;
	free(f.p);
	return i == f.n ? 0 : -1;
}
