/* heap.h: the memory of one VM: two halves, line journal, allocation, collector.
 *
 *   R = 8 GiB-aligned mapping, NORESERVE: costs addresses, pages when touched
 *   [R .. R+4G)      snapshot half: all cells alive when the zygote froze
 *   [R+4G .. R+8G)   arena half: everything allocated during a request
 *   elsewhere        engine space (shapes, atoms, code, ICs): plain C memory,
 *                    never rolled back, never scanned, holds no arena pointer
 *                    between requests
 *
 * "Is this slot in the snapshot?" is a test of address bit 32. The barrier may
 * only be applied to heap slots: C stack and engine space have arbitrary bits.
 *
 * Before the freeze the current half is the low one and journal_on is 0.
 * heap_freeze makes the high half current and switches the journal on.
 *
 * What may never happen: a store to a cell that bypasses heap_wb (cell.h), a
 * cell pointer in malloc'd or static memory (except registered roots). */
#ifndef ENGINE_HEAP_HEAP_H
#define ENGINE_HEAP_HEAP_H

#include <stddef.h>

#include "engine/heap/cell.h"

/* Torture builds send every allocation through the slow path, which collects. */
#ifdef ZTS_TORTURE
#define ZTS_TORTURE_ALLOC 1
#else
#define ZTS_TORTURE_ALLOC 0
#endif

#define HEAP_HALF      (1ull << 32)
#define HEAP_BIT       (1ull << 32)
#define HEAP_LINE      64u
#define HEAP_BLOCK     (32u << 10)
#define HEAP_SMALL_MAX (8u << 10)   /* larger cells get a run of blocks */

struct heap;
struct gc_state;
struct heap_jent { unsigned char old[HEAP_LINE]; uint32_t line; };
struct heap_cleanup { void (*fn)(void *); void *arg; };

/* Owner-supplied parts of the collector (object/ registers them once). */
struct heap_owner {
	/* Marks what is reachable from the owner's own state (VM struct roots,
	 * atom table of the current half, job queue …): calls heap_mark_val for
	 * exact references and heap_mark_range for ambiguous words. */
	void (*roots)(struct heap *h, void *owner);
	/* Traces one cell: heap_mark_val on every reference in it. Indexed by kind. */
	void (*const *trace)(struct heap *h, struct cell *c);
	/* Size in bytes of a cell, from its header alone; multiple of 8. */
	size_t (*size_of)(const struct cell *c);
	/* Called when the arena limit is crossed (stage 1) so that the owner makes
	 * its next safepoint throw; on stage 2 (headroom gone: terminate); and when
	 * something was refused for the limit (stage 0; the caller makes do). */
	void (*limit)(void *owner, int stage);
	/* Is the request to end at its next safepoint? Asked while much memory is touched
	 * for the first time. */
	bool (*ending)(const void *owner);
};

struct heap {
	/* Allocation fast path. */
	char *bump, *bump_end;
	/* Journal. */
	char *snap_base;            /* R */
	char *arena_base;           /* R + 4G */
	unsigned char *linemap;     /* one byte per snapshot line: 1 = saved in this request */
	struct heap_jent *journal;
	size_t njournal, journal_cap;
	bool journal_on;
	bool frozen;
	bool in_gc;
	bool limit_hit;             /* stage 1 reported in this request */
	bool exact;                 /* nothing was allocated since a collection that knew all roots */
	/* The current half. */
	char *half_base;            /* snap_base before the freeze, arena_base after */
	size_t half_blocks;         /* blocks handed out so far (high-water mark) */
	size_t free_blocks;         /* whole blocks free below the high-water mark */
	unsigned char *block_state; /* enum in gc.c; one byte per block of the half */
	size_t used;                /* bytes charged in the current half: blocks, journal,
	                             * native buffers (heap_charge) */
	size_t limit, headroom;     /* -m, and what a catch may still use */
	size_t next_gc, min_gc;
	size_t snap_used;           /* bytes of the snapshot half in use after the freeze */
	size_t warm_blocks;         /* set by heap_init to 2 MiB; arena blocks whose pages are kept after reset */
	/* Cleanup list. */
	struct heap_cleanup *cleanup;
	size_t ncleanup, cleanup_cap;
	/* Statistics of this request and in all. */
	size_t peak, collections;
	/* Debug: pristine copy of the snapshot half. */
	char *shadow;
	struct heap_owner owner_fn;
	void *owner;
	/* Ambiguous root ranges: the VM stack. *stack_top is read at collection. */
	val *stack_base, **stack_top;
	void *c_stack_base;         /* highest address of the C stack to scan; while NULL the
	                             * heap never collects by itself, and heap_collect
	                             * scans no C stack */
	/* Mark state, valid inside a collection only (gc.c). */
	struct gc_state *gc;
	/* ---- private to engine/heap ---- */
	char *ovf, *ovf_end;        /* second bump region, for cells > 128 bytes that no free
	                             * run takes, so that small cells keep filling runs */
	struct cell *runs;          /* free runs (fillers of 128 bytes or more), linked */
	size_t half_max;            /* physical size of a half, in blocks */
	size_t free_hint;           /* no free block lies below this index */
	size_t fresh;               /* bytes given to bump regions since the last collection */
	unsigned char *snap_state;  /* block_state of the snapshot half */
	size_t cleanup_base;        /* entries below belong to the snapshot: run by destroy */
	bool term_hit;              /* stage 2 reported in this request */
	bool windows;               /* two separate windows instead of one reservation */
	size_t map_bytes;           /* size of the one reservation, or of one window */
	size_t side_bytes;          /* size of linemap and block states together */
	unsigned torture_tick;
};

/* Reserves the address space. 0, or -1 with errno. limit 0: 128 MiB; at most a
 * little under 4 GiB. When the process may not have 8 GiB of addresses
 * (RLIMIT_AS, strict overcommit) each half is a window just above the limit. */
int heap_init(struct heap *h, size_t limit, const struct heap_owner *fn, void *owner);
void heap_destroy(struct heap *h);
/* Touching memory for the first time costs eight times less in huge pages. With
 * all, the whole arena asks for them: for a process that runs once and ends.
 * Without, only what is given back after each request, beyond the warm blocks. */
void heap_huge_pages(struct heap *h, bool all);

/* ---- allocation ---------------------------------------------------------
 * Memory is NOT zeroed: the caller initialises every field (HINIT) before its
 * next allocation. Any allocation may collect (nothing moves). */

/* Slow path of heap_alloc; also every size above HEAP_SMALL_MAX. */
void *heap_alloc_slow(struct heap *h, size_t size);

/* A cell of `size` bytes (rounded up to 8 inside). Sizes up to HEAP_SMALL_MAX
 * never fail: crossing the limit is reported through owner->limit and acted on
 * at the next safepoint. Larger sizes return NULL when the limit (after a
 * collection) does not allow them; then nothing was reported and the caller
 * throws RangeError. The header is written: shape, kind, flags, aux = 0. */
static inline void *heap_alloc(struct heap *h, size_t size, uint32_t shape, uint8_t kind, uint8_t flags)
{
	char *p = h->bump, *e;

	size = (size + 7) & ~(size_t)7;
	e = p + size;
	if (unlikely(e > h->bump_end) || ZTS_TORTURE_ALLOC) {
		p = heap_alloc_slow(h, size);
		if (unlikely(p == NULL))
			return NULL;
	} else {
		h->bump = e;
	}
	struct cell *c = (struct cell *)p;
	HINIT(c->shape, shape);
	c->kind = kind;
	HINIT(c->flags, flags);
	HINIT(c->aux, 0);
	return p;
}

/* Charges (or, negative, releases) native memory that belongs to the current
 * half; false (nothing charged) when the limit does not allow it even after a
 * collection. The end of the request forgets all charges. */
bool heap_charge(struct heap *h, ptrdiff_t bytes);
/* Shrinks the cell that was allocated last, or leaves a filler behind it. new
 * size ≥ 8; the caller then fixes the header (its size_of must agree). */
void heap_trim(struct heap *h, void *cell, size_t old_size, size_t new_size);
/* Enlarges the cell that was allocated last, in place; false: it was not the last, or
 * its block is full. The caller then fixes the header, as after heap_trim. */
static inline bool heap_extend(struct heap *h, void *cell, size_t old_size, size_t new_size)
{
	new_size = (new_size + 7) & ~(size_t)7;
	old_size = (old_size + 7) & ~(size_t)7;
	if ((char *)cell + old_size != h->bump || new_size > (size_t)(h->bump_end - (char *)cell))
		return false;
	h->bump = (char *)cell + new_size;
	return true;
}
/* Runs fn(arg) when the request ends, in reverse order of registration. What is
 * registered before the freeze runs in heap_destroy. */
void heap_on_end(struct heap *h, void (*fn)(void *), void *arg);

/* ---- write barrier ------------------------------------------------------ */

/* Saves the line once per request; never collects. The journal counts, so a
 * crossed limit may be reported from here. */
void heap_wb_slow(struct heap *h, void *slot);

static inline bool heap_in_snapshot(const void *p) { return !((uintptr_t)p & HEAP_BIT); }

/* Before every store to a heap slot. A slot is naturally aligned and at most 8
 * bytes long, so it never straddles a line. */
static inline void heap_wb(struct heap *h, void *slot)
{
	if (unlikely(heap_in_snapshot(slot)))
		heap_wb_slow(h, slot);
}

/* Before a bulk store to [p, p+n) inside heap cells. */
void heap_wb_range_slow(struct heap *h, void *p, size_t n);
static inline void heap_wb_range(struct heap *h, void *p, size_t n)
{
	if (unlikely(heap_in_snapshot(p)) && n != 0)
		heap_wb_range_slow(h, p, n);
}

static inline void heap_store(struct heap *h, hval *slot, val v) { HSET(h, *slot, v); }
static inline void cell_set_kind(struct heap *h, struct cell *c, uint8_t kind)
{
	heap_wb(h, c);
	c->kind = kind;
}

/* ---- life --------------------------------------------------------------- */

/* Ends initialisation, at a quiescent point (no cell is known only to the C
 * stack, which is not scanned). 0, or -1 with errno and nothing switched.
 * Full mark of the low half from the owner's roots (unless such a collection has
 * just been, or is not worth it), frees what is dead, records
 * the snapshot's extent, makes the high half current, switches the journal on.
 * With verify, keeps a pristine copy. */
int heap_freeze(struct heap *h, bool verify);
/* In a worker after fork: pre-populates the first 64 KiB of the arena. */
void heap_after_fork(struct heap *h);
/* End of a request: cleanup list, rollback of the journal, arena reset (pages
 * above keep-warm are given back), and with verify a comparison of the snapshot
 * half with the pristine copy (aborts, naming the first differing address). */
void heap_end_request(struct heap *h);
/* Start of a request (limits per request are reset). */
void heap_begin_request(struct heap *h);
/* True when the snapshot half differs from the pristine copy; *at = where. */
bool heap_verify(struct heap *h, const void **at);
/* True when p points into the arena half. */
static inline bool heap_in_arena(const struct heap *h, const void *p)
{
	return (uintptr_t)p - (uintptr_t)h->arena_base < HEAP_HALF;
}
/* Is p a pointer into either half at all? */
static inline bool heap_contains(const struct heap *h, const void *p)
{
	return (uintptr_t)p - (uintptr_t)h->snap_base < 2 * HEAP_HALF;
}
/* Aborts if [p, p+n) of engine space holds a word that points into the arena.
 * Debug builds call it after a request on every engine structure. */
void heap_assert_no_arena(const struct heap *h, const void *p, size_t n, const char *what);

/* ---- collector ----------------------------------------------------------
 * Non-moving mark-region over the current half. Roots: owner->roots (exact),
 * VM stack and C stack (conservative, interior pointers accepted), and after
 * the freeze every dirty snapshot line (conservative). Snapshot cells are not
 * traced after the freeze. */
void heap_collect(struct heap *h);
/* Before the freeze: in a little heap that was never full, what a program left behind
 * is less than looking for it costs each start (0.1 ms). */
bool heap_worth_collecting(const struct heap *h);
/* For owner->roots and the trace functions: */
void heap_mark_val(struct heap *h, val v);
void heap_mark_cell(struct heap *h, const void *cell_or_null);
/* The same for n values in a row (slots, element stores). */
void heap_mark_vals(struct heap *h, const hval *p, size_t n);
/* Ambiguous words [p, end). */
void heap_mark_range(struct heap *h, const void *p, const void *end);
/* A reference that may point into the middle of a cell (element pointers). */
void heap_mark_interior(struct heap *h, const void *p);
/* Calls fn on every live cell of the current half (after a collection). */
void heap_each_cell(struct heap *h, void (*fn)(void *u, struct cell *c), void *u);
/* The same for the snapshot half, after the freeze. */
void heap_each_snap_cell(struct heap *h, void (*fn)(void *u, struct cell *c), void *u);
/* "ARRAY" for KIND_ARRAY; for messages. */
const char *heap_kind_name(uint8_t kind);

#endif
