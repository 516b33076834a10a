/* heap.c: the address space of one VM, block and cell allocation, the memory
 * limit, the cleanup list, the life of a request. Called by everything that
 * allocates (heap_alloc in heap.h is the fast path of this file) and by the
 * owner of the VM. Must not know what a cell contains beyond its header. */
#include "engine/heap/block.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define LIMIT_DEFAULT  (128u << 20)
#define LIMIT_LEAST    (4u * HEAP_BLOCK)
#define HEADROOM       (256u << 10)
#define GC_MIN         (2u << 20)
#define WARM           (2u << 20)
#define HUGE_PAGE      (2u << 20)
#define PREPOPULATE    (64u << 10)
#define SLACK          (4u << 20)     /* of a window: between stage 2 and the safepoint */
#define TORTURE_SMALL  (64u << 10)
#define TORTURE_EVERY  64u

/* ---- address space ------------------------------------------------------ */

/* The i-th place to try for R. Random per process, so that two processes do
 * not share heap addresses; below the usual mappings, clear of the shadow
 * memory of the address sanitizer. */
static char *place(unsigned i)
{
	uint64_t r = 0;
	const void *seed = (const void *)(uintptr_t)getauxval(AT_RANDOM);

	if (seed != NULL)
		memcpy(&r, seed, sizeof r);
	r = (r ^ r >> 29) + i * 0x9E3779B97F4A7C15ull;
	r ^= r >> 32;
	return (char *)(uintptr_t)(0x200000000000ull + (r % 2048) * (4 * HEAP_HALF));
}

static char *map_at(char *at, size_t n)
{
	char *p = mmap(at, n, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
	               (at != NULL ? MAP_FIXED_NOREPLACE : 0), -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (at != NULL && p != at) { /* a kernel that takes the flag for a hint */
		AZ(munmap(p, n));
		errno = EEXIST;
		return NULL;
	}
	/* One huge page per half and worker would be most of a small worker. */
	(void)madvise(p, n, MADV_NOHUGEPAGE);
	return p;
}

static size_t side_size(size_t half_bytes)
{
	return half_bytes / HEAP_LINE + 2 * (half_bytes / HEAP_BLOCK);
}

/* Both halves and the side tables in one mapping: one system call when the
 * hint holds, three when the surroundings of an aligned part must be trimmed. */
static bool map_whole(struct heap *h)
{
	size_t side = side_size(HEAP_HALF), want = 2 * HEAP_HALF + side, lead;
	char *p = map_at(place(0), want), *r = p;

	if (p == NULL) {
		p = map_at(NULL, want + 2 * HEAP_HALF);
		if (p == NULL)
			return false;
		r = (char *)(((uintptr_t)p + 2 * HEAP_HALF - 1) & ~(uintptr_t)(2 * HEAP_HALF - 1));
		lead = (size_t)(r - p);
		if (lead != 0)
			AZ(munmap(p, lead));
		if (lead != 2 * HEAP_HALF)
			AZ(munmap(r + want, 2 * HEAP_HALF - lead));
	}
	h->snap_base = r;
	h->linemap = (unsigned char *)r + 2 * HEAP_HALF;
	h->map_bytes = want;
	h->side_bytes = side;
	h->half_max = HEAP_HALF / HEAP_BLOCK;
	return true;
}

/* Addresses are scarce: a window per half that holds the limit, the headroom
 * and what may be allocated before termination takes effect. */
static bool map_windows(struct heap *h)
{
	size_t win = (h->limit + HEADROOM + SLACK + HEAP_BLOCK - 1) & ~(size_t)(HEAP_BLOCK - 1);
	size_t side = side_size(win);
	char *lo, *hi;

	side = (side + 4095) & ~(size_t)4095;
	for (unsigned i = 1; i <= 32; i++) {
		lo = map_at(place(i), win);
		if (lo == NULL) {
			if (errno == ENOMEM && i > 4)
				return false;
			continue;
		}
		hi = map_at(lo + HEAP_HALF, win);
		if (hi != NULL) {
			h->linemap = (unsigned char *)map_at(NULL, side);
			if (h->linemap != NULL) {
				h->snap_base = lo;
				h->windows = true;
				h->map_bytes = win;
				h->side_bytes = side;
				h->half_max = win / HEAP_BLOCK;
				return true;
			}
			AZ(munmap(hi, win));
		}
		AZ(munmap(lo, win));
	}
	errno = ENOMEM;
	return false;
}

int heap_init(struct heap *h, size_t limit, const struct heap_owner *fn, void *owner)
{
	memset(h, 0, sizeof *h);
	if (limit == 0)
		limit = LIMIT_DEFAULT;
	if (limit > HEAP_HALF - HEADROOM - SLACK)
		limit = HEAP_HALF - HEADROOM - SLACK;
	if (limit < LIMIT_LEAST)
		limit = LIMIT_LEAST;
	h->limit = limit;
	h->headroom = HEADROOM;
	if (!map_whole(h) && !map_windows(h))
		return -1;
	h->min_gc = limit / 2 < GC_MIN ? limit / 2 : GC_MIN; /* at least two blocks */
	h->warm_blocks = WARM / HEAP_BLOCK;
	h->arena_base = h->snap_base + HEAP_HALF;
	h->half_base = h->snap_base;
	h->snap_state = h->linemap + h->half_max * (HEAP_BLOCK / HEAP_LINE);
	h->block_state = h->snap_state;
	h->owner_fn = *fn;
	h->owner = owner;
	block_reset_half(h);
	heap_begin_request(h);
	return 0;
}

void heap_huge_pages(struct heap *h, bool all)
{
	size_t from = all ? 0 : h->warm_blocks << BLOCK_SHIFT, n = h->half_max << BLOCK_SHIFT;

	if (from < n)
		(void)madvise(h->arena_base + from, n - from, MADV_HUGEPAGE);
}

static void run_cleanup(struct heap *h, size_t down_to)
{
	while (h->ncleanup > down_to) {
		struct heap_cleanup c = h->cleanup[--h->ncleanup];

		c.fn(c.arg);
	}
}

void heap_destroy(struct heap *h)
{
	if (h->snap_base == NULL)
		return;
	run_cleanup(h, 0);
	if (h->shadow != NULL)
		AZ(munmap(h->shadow, h->snap_used));
	AZ(munmap(h->snap_base, h->map_bytes));
	if (h->windows) {
		AZ(munmap(h->arena_base, h->map_bytes));
		AZ(munmap(h->linemap, h->side_bytes));
	}
	free(h->journal);
	free(h->cleanup);
	memset(h, 0, sizeof *h);
}

/* ---- regions ------------------------------------------------------------ */

/* Ends a bump region: the rest becomes a filler, and a free run when long. */
static void retire(struct heap *h, char *p, char *end)
{
	struct cell *c;

	if (p == end)
		return;
	c = block_fill(p, (size_t)(end - p));
	if (end - p >= (ptrdiff_t)BLOCK_RUN_MIN) {
		((struct block_run *)c)->next = h->runs;
		h->runs = c;
	}
}

void block_close_regions(struct heap *h)
{
	if (h->bump != h->bump_end)
		block_fill(h->bump, (size_t)(h->bump_end - h->bump));
	if (h->ovf != h->ovf_end)
		block_fill(h->ovf, (size_t)(h->ovf_end - h->ovf));
}

void block_drop_regions(struct heap *h)
{
	h->bump = h->bump_end = h->half_base; /* empty, and not NULL: heap_alloc adds to it */
	h->ovf = h->ovf_end = NULL;
	h->runs = NULL;
}

void block_reset_half(struct heap *h)
{
	h->bump = h->half_base;
	h->bump_end = h->half_base + HEAP_BLOCK;
	h->ovf = h->ovf_end = NULL;
	h->runs = NULL;
	h->block_state[0] = BLOCK_SMALL;
	h->half_blocks = 1;
	h->free_blocks = 0;
	h->free_hint = 0;
	h->used = HEAP_BLOCK;
	h->fresh = HEAP_BLOCK;
	h->next_gc = h->min_gc;
}

/* ---- blocks and the limit ----------------------------------------------- */

static void charge(struct heap *h, size_t n)
{
	h->used += n;
	if (h->used > h->peak)
		h->peak = h->used;
}

/* n adjacent blocks, or NULL at the physical end of the half. Not charged. */
static char *take_blocks(struct heap *h, size_t n, enum block_state first)
{
	size_t i, run = 0, at = h->half_blocks;

	if (h->free_blocks >= n) {
		for (i = h->free_hint; i < h->half_blocks; i++) {
			run = h->block_state[i] == BLOCK_FREE ? run + 1 : 0;
			if (run == n) {
				at = i + 1 - n;
				break;
			}
		}
		if (at < h->half_blocks) {
			if (n == 1)
				h->free_hint = at + 1;
			h->free_blocks -= n;
		}
	}
	if (at == h->half_blocks) {
		if (n > h->half_max - h->half_blocks)
			return NULL;
		h->half_blocks += n;
	}
	h->block_state[at] = (unsigned char)first;
	if (n > 1)
		memset(h->block_state + at + 1, BLOCK_CONT, n - 1);
	h->fresh += n * HEAP_BLOCK;
	return h->half_base + (at << BLOCK_SHIFT);
}

void block_report_limit(struct heap *h, size_t more)
{
	if (h->used + more <= h->limit)
		return;
	if (!h->limit_hit) {
		h->limit_hit = true;
		h->owner_fn.limit(h->owner, 1);
	}
	if (h->used + more > h->limit + h->headroom && !h->term_hit) {
		h->term_hit = true;
		h->owner_fn.limit(h->owner, 2);
	}
}

/* Before a small block is charged. True when a collection took place, so that
 * the caller looks for free runs again. Near the limit a collection must be
 * worth it (enough was allocated since the last), otherwise a heap that is
 * 99 % live would be marked once per block. */
static bool make_room(struct heap *h)
{
	size_t after = h->used + HEAP_BLOCK;
	bool want = false;

	if (after <= h->next_gc && after <= h->limit)
		return false;
	if (after <= h->limit)
		want = true;
	else if (!h->limit_hit)
		want = h->fresh >= h->limit / 32;
	else if (after > h->limit + h->headroom && !h->term_hit)
		want = h->fresh >= h->headroom / 2;
	if (want && block_may_collect(h)) {
		size_t before = h->collections;

		heap_collect(h);
		if (h->collections != before && (h->runs != NULL || h->free_blocks != 0))
			return true;
	}
	block_report_limit(h, HEAP_BLOCK);
	return false;
}

static char *small_block(struct heap *h)
{
	char *p = take_blocks(h, 1, BLOCK_SMALL);

	if (unlikely(p == NULL))
		check_fail("heap half exhausted", __FILE__, __LINE__);
	charge(h, HEAP_BLOCK);
	return p;
}

/* The owner is told even where its caller can do without: the limit has had a
 * say in what the program does. */
static bool refused(struct heap *h)
{
	if (h->owner_fn.limit != NULL)
		h->owner_fn.limit(h->owner, 0);
	return false;
}

static void put_blocks(struct heap *h, const char *p, size_t n)
{
	size_t at = (size_t)(p - h->half_base) >> BLOCK_SHIFT;

	memset(h->block_state + at, BLOCK_FREE, n);
	h->free_blocks += n;
	if (at < h->free_hint)
		h->free_hint = at;
}

/* On a machine whose memory is not at hand, a virtual one, the first touch of 64 MiB
 * takes 0.2 s, in which no deadline is seen: it is done here, step by step. False: there
 * is no time left. */
static bool touch(struct heap *h, char *p, size_t bytes)
{
	char *end = p + bytes, *to;

	if (bytes < 2 * HUGE_PAGE || !h->frozen || h->owner_fn.ending == NULL)
		return true;
	for (; p < end; p = to) {
		to = (char *)(((uintptr_t)p + HUGE_PAGE) & ~(uintptr_t)(HUGE_PAGE - 1));
		if (h->owner_fn.ending(h->owner))
			return false;
		(void)madvise(p, (size_t)((to < end ? to : end) - p), MADV_POPULATE_WRITE);
	}
	return true;
}

/* A cell above HEAP_SMALL_MAX: its own run of blocks, or NULL. */
static void *alloc_large(struct heap *h, size_t size)
{
	size_t n = (size + HEAP_BLOCK - 1) >> BLOCK_SHIFT, bytes = n << BLOCK_SHIFT;
	char *p = NULL;

	if (size <= h->limit) { /* else no collection could help */
		if ((h->used + bytes > h->limit || h->used + bytes > h->next_gc) && block_may_collect(h))
			heap_collect(h);
		if (h->used + bytes <= h->limit)
			p = take_blocks(h, n, BLOCK_LARGE);
		if (p != NULL && !touch(h, p, bytes)) {
			put_blocks(h, p, n);
			p = NULL;
		}
	}
	if (p == NULL) {
		refused(h);
		return NULL;
	}
	charge(h, bytes);
	block_poison(p, size);
	return p;
}

static void torture(struct heap *h)
{
#ifdef ZTS_TORTURE
	if (!block_may_collect(h))
		return;
	if (h->used <= TORTURE_SMALL || ++h->torture_tick % TORTURE_EVERY == 0)
		heap_collect(h);
#else
	(void)h;
#endif
}

static void *bump_take(char **bump, size_t size)
{
	char *p = *bump;

	*bump = p + size;
	block_poison(p, size);
	return p;
}

void *heap_alloc_slow(struct heap *h, size_t size)
{
	struct cell *r;
	char *p;

	AN(!h->in_gc);
	torture(h);
	h->exact = false;
	if (size > HEAP_SMALL_MAX)
		return alloc_large(h, size);
again:
	if (size <= (size_t)(h->bump_end - h->bump))
		return bump_take(&h->bump, size);
	if (size > BLOCK_RUN_MIN && size <= (size_t)(h->ovf_end - h->ovf))
		return bump_take(&h->ovf, size);
	r = h->runs;
	if (r != NULL && r->shape.v >= size) {
		h->runs = ((struct block_run *)r)->next;
		h->fresh += r->shape.v;
		p = (char *)r + r->shape.v;
		retire(h, h->bump, h->bump_end);
		h->bump = (char *)r;
		h->bump_end = p;
		return bump_take(&h->bump, size);
	}
	if (make_room(h))
		goto again;
	if (h->runs != NULL) {
		/* Runs are left, but the first is too short for this cell: keep the
		 * small region, open a fresh block beside it. */
		p = small_block(h);
		retire(h, h->ovf, h->ovf_end);
		h->ovf = p;
		h->ovf_end = p + HEAP_BLOCK;
		return bump_take(&h->ovf, size);
	}
	p = small_block(h);
	retire(h, h->bump, h->bump_end);
	h->bump = p;
	h->bump_end = p + HEAP_BLOCK;
	return bump_take(&h->bump, size);
}

bool heap_charge(struct heap *h, ptrdiff_t bytes)
{
	if (bytes <= 0) {
		size_t give = (size_t)-bytes;

		h->used -= give < h->used ? give : h->used;
		return true;
	}
	if ((size_t)bytes > h->limit)
		return refused(h);
	if (h->used + (size_t)bytes > h->limit && block_may_collect(h))
		heap_collect(h);
	if (h->used + (size_t)bytes > h->limit)
		return refused(h);
	charge(h, (size_t)bytes);
	return true;
}

void heap_trim(struct heap *h, void *cell, size_t old_size, size_t new_size)
{
	size_t b = (size_t)((char *)cell - h->half_base) >> BLOCK_SHIFT, keep, had;

	old_size = (old_size + 7) & ~(size_t)7;
	new_size = (new_size + 7) & ~(size_t)7;
	AN(new_size >= 8 && new_size <= old_size && b < h->half_blocks);
	if (old_size == new_size)
		return;
	if (h->block_state[b] == BLOCK_LARGE) {
		keep = (new_size + HEAP_BLOCK - 1) >> BLOCK_SHIFT;
		had = (old_size + HEAP_BLOCK - 1) >> BLOCK_SHIFT;
		if (keep == had)
			return;
		block_poison((char *)cell + (keep << BLOCK_SHIFT), (had - keep) << BLOCK_SHIFT);
		put_blocks(h, (char *)cell + (keep << BLOCK_SHIFT), had - keep);
		h->used -= (had - keep) << BLOCK_SHIFT;
		return;
	}
	if ((char *)cell + old_size == h->bump)
		h->bump = (char *)cell + new_size;
	else if ((char *)cell + old_size == h->ovf)
		h->ovf = (char *)cell + new_size;
	else
		block_fill((char *)cell + new_size, old_size - new_size);
}

void heap_on_end(struct heap *h, void (*fn)(void *), void *arg)
{
	if (h->ncleanup == h->cleanup_cap) {
		size_t cap = h->cleanup_cap != 0 ? 2 * h->cleanup_cap : 16;
		struct heap_cleanup *n = realloc(h->cleanup, cap * sizeof *n);

		AN(n != NULL);
		h->cleanup = n;
		h->cleanup_cap = cap;
	}
	h->cleanup[h->ncleanup++] = (struct heap_cleanup){ fn, arg };
}

/* ---- life --------------------------------------------------------------- */

void heap_begin_request(struct heap *h)
{
	h->limit_hit = false;
	h->term_hit = false;
	h->peak = h->used;
}

/* All of the last huge page too: of one given back in part the rest stays, and the
 * part comes back in small pages. */
static void give_back(struct heap *h)
{
	uintptr_t from = (uintptr_t)h->half_base + (h->warm_blocks << BLOCK_SHIFT);
	uintptr_t to = (uintptr_t)h->half_base + (h->half_blocks << BLOCK_SHIFT);
	uintptr_t end = (uintptr_t)h->half_base + (h->half_max << BLOCK_SHIFT);

	to = (to + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
	(void)madvise((void *)from, (to < end ? to : end) - from, MADV_DONTNEED);
}

/* More than the first block was used. */
static NOINLINE void forget_blocks(struct heap *h)
{
	block_poison(h->half_base, h->half_blocks << BLOCK_SHIFT);
	memset(h->block_state, BLOCK_FREE, h->half_blocks);
	if (h->half_blocks > h->warm_blocks)
		give_back(h);
}

void heap_end_request(struct heap *h)
{
	AN(h->frozen && !h->in_gc);
	if (unlikely(h->ncleanup != h->cleanup_base))
		run_cleanup(h, h->cleanup_base);
	block_rollback(h);
	if (h->half_blocks > 1 || ZTS_TORTURE_ALLOC)
		forget_blocks(h);
	block_reset_half(h);
	if (unlikely(h->shadow != NULL))
		block_check_shadow(h);
}

void heap_after_fork(struct heap *h)
{
	size_t n = h->half_max << BLOCK_SHIFT;

	if (n > PREPOPULATE)
		n = PREPOPULATE;
	if (madvise(h->arena_base, n, MADV_POPULATE_WRITE) == 0)
		return;
	for (size_t i = 0; i < n; i += 4096) {
		volatile char *p = h->arena_base + i;

		*p = *p;
	}
}
