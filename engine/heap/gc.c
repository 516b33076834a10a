/* gc.c: the collector: non-moving, mark then sweep, over the current half.
 * Called by the allocator when the heap has grown enough, by heap_freeze, and by
 * tests. Allocates nothing in the heap, moves nothing, never writes to a live
 * cell (marks lie beside the heap) and never looks at the snapshot half except
 * at its dirty lines.
 *
 * Bitmaps: one bit per 8 bytes. `mark` is indexed by exact references directly.
 * `start` (first bytes of cells) serves ambiguous words only and is built block
 * by block, when the first such word points into a block.
 * Invariant: a set mark bit is the first byte of a cell that is not a filler. */
#include "engine/heap/block.h"

#include <stdlib.h>

#include "base/san.h"

#define WORDS (HEAP_BLOCK / 8 / 64) /* bitmap words per block */
#define GROW_FREE (8u << 20)        /* a live heap below this may grow by so much */
#define KEEP_GARBAGE (256u << 10)   /* heap_worth_collecting */
#define RING  8u                    /* cells between prefetch and trace */

struct gc_state {
	uint64_t (*mark)[WORDS];
	uint64_t (*start)[WORDS];
	unsigned char *live;   /* per block: holds a marked cell */
	unsigned char *walked; /* per block: start bits are built */
	struct cell **stack;   /* marked, not yet traced */
	size_t nstack, stack_cap;
	size_t extent;         /* bytes of the half below the high-water mark */
	struct cell **tail;    /* where the next free run is linked */
};

/* ---- marking ------------------------------------------------------------ */

static NOINLINE void grow_stack(struct gc_state *g)
{
	size_t cap = g->stack_cap != 0 ? 2 * g->stack_cap : 1024;
	struct cell **n = realloc(g->stack, cap * sizeof *n);

	AN(n != NULL);
	g->stack = n;
	g->stack_cap = cap;
}

/* c is the first byte of a live cell at `off` of the half. */
static inline void mark_at(struct gc_state *g, struct cell *c, size_t off)
{
	size_t b = off >> BLOCK_SHIFT, i = off >> 3 & (HEAP_BLOCK / 8 - 1);
	uint64_t bit = 1ull << (i & 63), *w = &g->mark[b][i >> 6];

	if (*w & bit)
		return;
	*w |= bit;
	g->live[b] = 1;
	__builtin_prefetch(c);
	if (unlikely(g->nstack == g->stack_cap))
		grow_stack(g);
	g->stack[g->nstack++] = c;
}

#ifdef ZTS_TORTURE
/* An exact reference is the first byte of a live cell. check_blocks has built
 * every start bit. */
static void check_exact(struct heap *h, struct cell *c, size_t off)
{
	size_t b = off >> BLOCK_SHIFT, i = off >> 3 & (HEAP_BLOCK / 8 - 1);

	AN((off & 7) == 0 && c->kind != KIND_FREE && c->kind < KIND__N);
	if (h->block_state[b] == BLOCK_SMALL)
		AN(h->gc->start[b][i >> 6] >> (i & 63) & 1);
	else
		AN(h->block_state[b] == BLOCK_LARGE && i == 0);
}
#endif

static inline void mark_exact(struct heap *h, struct cell *c)
{
	size_t off = (size_t)((uintptr_t)c - (uintptr_t)h->half_base);

	if (off >= h->gc->extent)
		return; /* the other half, or an immortal cell in engine space */
#ifdef ZTS_TORTURE
	check_exact(h, c, off);
#endif
	mark_at(h->gc, c, off);
}

void heap_mark_cell(struct heap *h, const void *cell_or_null)
{
	mark_exact(h, (struct cell *)(uintptr_t)cell_or_null);
}

void heap_mark_val(struct heap *h, val v)
{
	if (v_iscell(v))
		mark_exact(h, v_tocell(v));
}

void heap_mark_vals(struct heap *h, const hval *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v_iscell(p[i].v))
			mark_exact(h, v_tocell(p[i].v));
}

size_t block_checked_size(const struct heap *h, const struct cell *c, const char *end)
{
	size_t n = c->kind < KIND__N ? block_cell_size(h, c) : 0;

	if (unlikely(n < 8 || (n & 7) != 0 || n > (size_t)(end - (const char *)c)))
		check_fail("a heap block can be walked (cell header overwritten, or size_of wrong)",
		           __FILE__, __LINE__);
	return n;
}

static void build_starts(struct heap *h, size_t b)
{
	struct gc_state *g = h->gc;
	const char *base = h->half_base + (b << BLOCK_SHIFT), *end = base + HEAP_BLOCK, *p = base;

	g->walked[b] = 1;
	while (p < end) {
		const struct cell *c = (const struct cell *)p;
		size_t i = (size_t)(p - base) >> 3;

		g->start[b][i >> 6] |= 1ull << (i & 63);
		p += block_checked_size(h, c, end);
	}
}

/* The word is ambiguous: it may point anywhere. */
static void mark_word(struct heap *h, uintptr_t word)
{
	struct gc_state *g = h->gc;
	size_t off = word - (uintptr_t)h->half_base, b = off >> BLOCK_SHIFT, i, w;
	uint64_t bits;
	struct cell *c;

	if (off >= g->extent)
		return;
	switch ((enum block_state)h->block_state[b]) {
	case BLOCK_FREE:
		return;
	case BLOCK_CONT:
		b = (size_t)((unsigned char *)memrchr(h->block_state, BLOCK_LARGE, b) - h->block_state);
		/* fall through */
	case BLOCK_LARGE:
		off = b << BLOCK_SHIFT;
		break;
	case BLOCK_SMALL:
		if (!g->walked[b])
			build_starts(h, b);
		i = off >> 3 & (HEAP_BLOCK / 8 - 1);
		w = i >> 6;
		bits = g->start[b][w] & (~0ull >> (63 - (i & 63)));
		while (bits == 0)
			bits = g->start[b][--w]; /* a block begins with a cell */
		i = w * 64 + (63 - (size_t)__builtin_clzll(bits));
		off = (b << BLOCK_SHIFT) + (i << 3);
		break;
	}
	c = (struct cell *)(h->half_base + off);
	if (c->kind != KIND_FREE)
		mark_at(g, c, off);
}

void heap_mark_interior(struct heap *h, const void *p)
{
	mark_word(h, (uintptr_t)p);
}

/* May read redzones of the C stack. */
__attribute__((no_sanitize("address"))) NOINLINE
void heap_mark_range(struct heap *h, const void *p, const void *end)
{
	const volatile uintptr_t *w = (const volatile uintptr_t *)(((uintptr_t)p + 7) & ~(uintptr_t)7);
	uintptr_t base = (uintptr_t)h->half_base;

	for (; (uintptr_t)w + 8 <= (uintptr_t)end; w++) {
		uintptr_t x = *w;

		if (x - base < h->gc->extent)
			mark_word(h, x);
	}
}

static void drain(struct heap *h)
{
	struct gc_state *g = h->gc;
	void (*const *trace)(struct heap *, struct cell *) = h->owner_fn.trace;
	struct cell *ring[RING] = { NULL }, *c;
	unsigned at = 0, idle = 0;

	/* A cell rests in the ring while the cache fetches its header. */
	while (idle < RING) {
		c = ring[at];
		if (g->nstack != 0) {
			ring[at] = g->stack[--g->nstack];
			__builtin_prefetch(ring[at]);
			idle = 0;
		} else {
			ring[at] = NULL;
			idle++;
		}
		at = (at + 1) % RING;
		if (c != NULL && trace[c->kind] != NULL) {
			trace[c->kind](h, c);
			idle = 0;
		}
	}
}

/* ---- roots -------------------------------------------------------------- */

static void mark_dirty_lines(struct heap *h)
{
	for (size_t i = 0; i < h->njournal; i++) {
		const char *p = h->snap_base + (size_t)h->journal[i].line * HEAP_LINE;

		heap_mark_range(h, p, p + HEAP_LINE);
	}
}

/* Everything from the frame of this function up. The caller has spilled the
 * callee-saved registers into its own frame, which lies above. */
__attribute__((no_sanitize("address"))) NOINLINE
static void mark_c_stack(struct heap *h)
{
	char *sp = __builtin_frame_address(0);

	heap_mark_range(h, sp, h->c_stack_base);
#ifdef BASE_ASAN
	/* Locals may live in fake frames that only the real stack points to. */
	void *fake = __asan_get_current_fake_stack(), *from, *to;

	if (fake == NULL)
		return;
	for (uintptr_t *w = (uintptr_t *)sp; (void *)(w + 1) <= h->c_stack_base; w++)
		if (__asan_addr_is_in_fake_stack(fake, (void *)*w, &from, &to) != NULL)
			heap_mark_range(h, from, to);
#endif
}

/* ---- sweeping ----------------------------------------------------------- */

static void free_blocks(struct heap *h, size_t b, size_t n)
{
	memset(h->block_state + b, BLOCK_FREE, n);
	h->free_blocks += n;
	h->used -= n << BLOCK_SHIFT;
	block_poison(h->half_base + (b << BLOCK_SHIFT), n << BLOCK_SHIFT);
}

static void sweep_gap(struct gc_state *g, char *p, char *end)
{
	struct cell *c;

	if (p == end)
		return;
	c = block_fill(p, (size_t)(end - p));
	if (end - p >= (ptrdiff_t)BLOCK_RUN_MIN) {
		*g->tail = c;
		g->tail = &((struct block_run *)c)->next;
	}
}

/* What lies between marked cells becomes fillers; dead cells are not read. */
static void sweep_small(struct heap *h, size_t b)
{
	struct gc_state *g = h->gc;
	char *base = h->half_base + (b << BLOCK_SHIFT), *end = base + HEAP_BLOCK, *p = base;

	for (size_t w = 0; w < WORDS; w++) {
		uint64_t bits = g->mark[b][w];

		while (bits != 0) {
			char *c = base + (w * 64 + (size_t)__builtin_ctzll(bits)) * 8;

			bits &= bits - 1;
			AN(c >= p);
			sweep_gap(g, p, c);
			p = c + block_checked_size(h, (struct cell *)c, end);
		}
	}
	sweep_gap(g, p, end);
}

static void sweep(struct heap *h)
{
	struct gc_state *g = h->gc;
	size_t n = h->half_blocks, b = 0, run;

	h->runs = NULL;
	g->tail = &h->runs;
	while (b < n) {
		run = 1;
		switch ((enum block_state)h->block_state[b]) {
		case BLOCK_SMALL:
			if (g->live[b])
				sweep_small(h, b);
			else
				free_blocks(h, b, 1);
			break;
		case BLOCK_LARGE:
			while (b + run < n && h->block_state[b + run] == BLOCK_CONT)
				run++;
			if (!g->live[b])
				free_blocks(h, b, run);
			break;
		case BLOCK_CONT:
			UNREACHABLE();
		case BLOCK_FREE:
			break;
		}
		b += run;
	}
	*g->tail = NULL;
	h->free_hint = 0;
}

/* ---- the whole ---------------------------------------------------------- */

/* In torture builds: every block must be walkable at every collection. */
static void check_blocks(struct heap *h)
{
#ifdef ZTS_TORTURE
	for (size_t b = 0; b < h->half_blocks; b++)
		if (h->block_state[b] == BLOCK_SMALL)
			build_starts(h, b);
#else
	(void)h;
#endif
}

static bool gc_begin(struct heap *h, struct gc_state *g)
{
	size_t n = h->half_blocks;
	char *side = calloc(n, 2 * WORDS * sizeof(uint64_t) + 2);

	if (side == NULL)
		return false;
	memset(g, 0, sizeof *g);
	g->mark = (uint64_t (*)[WORDS])side;
	g->start = g->mark + n;
	g->live = (unsigned char *)(g->start + n);
	g->walked = g->live + n;
	g->extent = n << BLOCK_SHIFT;
	h->gc = g;
	h->in_gc = true;
	return true;
}

/* The next collection comes when as much was allocated as is live, but a little
 * heap may grow to several times its size first, so that what lives through many
 * collections is not marked too often. */
static size_t next_gc(const struct heap *h)
{
	size_t grow = 4 * h->used;

	if (grow > GROW_FREE)
		grow = GROW_FREE > h->used ? GROW_FREE : h->used;
	if (h->used + grow < h->min_gc)
		return h->min_gc;
	return h->used + grow;
}

static void gc_end(struct heap *h)
{
	free(h->gc->mark);
	free(h->gc->stack);
	h->gc = NULL;
	h->in_gc = false;
	h->collections++;
	h->fresh = 0;
	h->next_gc = next_gc(h);
}

/* Without memory for the bitmaps nothing is collected; the heap only grows. */
static NOINLINE void collect(struct heap *h, bool c_stack)
{
	struct gc_state g;

	block_close_regions(h);
	if (h->in_gc || !gc_begin(h, &g))
		return;
	block_drop_regions(h);
	check_blocks(h);
	if (h->owner_fn.roots != NULL)
		h->owner_fn.roots(h, h->owner);
	if (h->stack_base != NULL)
		heap_mark_range(h, h->stack_base, *h->stack_top);
	mark_dirty_lines(h);
	if (c_stack)
		mark_c_stack(h);
	drain(h);
	sweep(h);
	gc_end(h);
	h->exact = !c_stack;
}

NOINLINE void heap_collect(struct heap *h)
{
	__builtin_unwind_init();
	collect(h, h->c_stack_base != NULL);
	__asm__ volatile("" ::: "memory"); /* no tail call: this frame holds registers */
}

bool heap_worth_collecting(const struct heap *h) { return h->collections != 0 || h->used > KEEP_GARBAGE; }

void block_collect_exact(struct heap *h)
{
	collect(h, false);
}

/* ---- walking ------------------------------------------------------------ */

static void each_cell(struct heap *h, char *base, const unsigned char *state, size_t n,
                      void (*fn)(void *u, struct cell *c), void *u)
{
	for (size_t b = 0; b < n; b++) {
		char *p = base + (b << BLOCK_SHIFT), *end = p + HEAP_BLOCK;

		if (state[b] == BLOCK_LARGE)
			fn(u, (struct cell *)p);
		if (state[b] != BLOCK_SMALL)
			continue;
		while (p < end) {
			struct cell *c = (struct cell *)p;

			p += block_checked_size(h, c, end);
			if (c->kind != KIND_FREE)
				fn(u, c);
		}
	}
}

void heap_each_cell(struct heap *h, void (*fn)(void *u, struct cell *c), void *u)
{
	block_close_regions(h);
	each_cell(h, h->half_base, h->block_state, h->half_blocks, fn, u);
}

void heap_each_snap_cell(struct heap *h, void (*fn)(void *u, struct cell *c), void *u)
{
	AN(h->frozen);
	each_cell(h, h->snap_base, h->snap_state, h->snap_used >> BLOCK_SHIFT, fn, u);
}

const struct cell *block_find_cell(const struct heap *h, const char *img,
                                   const unsigned char *state, size_t off)
{
	size_t b = off >> BLOCK_SHIFT;
	const char *p, *end;

	while (state[b] == BLOCK_CONT)
		b--;
	p = img + (b << BLOCK_SHIFT);
	end = p + HEAP_BLOCK;
	if (state[b] == BLOCK_FREE)
		return NULL;
	if (state[b] == BLOCK_LARGE)
		return (const struct cell *)p;
	for (;;) {
		size_t n = block_checked_size(h, (const struct cell *)p, end);

		if (p + n > img + off)
			return (const struct cell *)p;
		p += n;
	}
}
