/* journal.c: what makes every request start from the same bytes: the freeze,
 * the line journal behind the write barrier, rollback, and the checks that
 * nothing got past them. Called by the barrier (heap.h) and by the end of a
 * request (heap.c). Must not look into cells except to name one in a panic. */
#include "engine/heap/block.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define JOURNAL_FIRST 256u    /* entries */
#define JOURNAL_KEEP  16384u  /* a longer journal is given back after the request */

static const char *const kind_names[KIND__N] = {
#define KIND(name) [KIND_##name] = #name,
#include "engine/heap/kind.def"
};

const char *heap_kind_name(uint8_t kind)
{
	return kind < KIND__N ? kind_names[kind] : "?";
}

/* ---- journal ------------------------------------------------------------ */

static NOINLINE void grow_journal(struct heap *h, size_t cap)
{
	struct heap_jent *n = realloc(h->journal, cap * sizeof *n);

	AN(n != NULL);
	h->journal = n;
	h->journal_cap = cap;
}

static NOINLINE void save_line(struct heap *h, size_t line)
{
	struct heap_jent *e;

	if (unlikely(h->njournal == h->journal_cap))
		grow_journal(h, 2 * h->journal_cap);
	h->linemap[line] = 1;
	e = &h->journal[h->njournal++];
	memcpy(e->old, h->snap_base + line * HEAP_LINE, HEAP_LINE);
	e->line = (uint32_t)line;
	h->used += sizeof *e;
	if (unlikely(h->used > h->limit))
		block_report_limit(h, 0);
}

/* Not COLD: gcc would copy the line with a string instruction. */
NOINLINE void heap_wb_slow(struct heap *h, void *slot)
{
	size_t off = (size_t)((uintptr_t)slot - (uintptr_t)h->snap_base);

	if (!h->journal_on)
		return;
	AN(off < h->snap_used); /* not a heap slot: see the rule in heap.h */
	if (!h->linemap[off / HEAP_LINE])
		save_line(h, off / HEAP_LINE);
}

NOINLINE void heap_wb_range_slow(struct heap *h, void *p, size_t n)
{
	size_t off = (size_t)((uintptr_t)p - (uintptr_t)h->snap_base), l;

	if (!h->journal_on)
		return;
	AN(off < h->snap_used && n <= h->snap_used - off);
	for (l = off / HEAP_LINE; l <= (off + n - 1) / HEAP_LINE; l++)
		if (!h->linemap[l])
			save_line(h, l);
}

static NOINLINE void restore(struct heap *h)
{
	for (size_t i = 0; i < h->njournal; i++) {
		const struct heap_jent *e = &h->journal[i];

		memcpy(h->snap_base + (size_t)e->line * HEAP_LINE, e->old, HEAP_LINE);
		h->linemap[e->line] = 0;
	}
	h->njournal = 0;
	if (h->journal_cap > JOURNAL_KEEP) {
		free(h->journal);
		h->journal = NULL;
		grow_journal(h, JOURNAL_FIRST);
	}
}

void block_rollback(struct heap *h)
{
	if (h->njournal != 0)
		restore(h);
}

/* ---- freeze ------------------------------------------------------------- */

int heap_freeze(struct heap *h, bool verify)
{
	size_t extent;
	char *shadow = NULL;

	AN(!h->frozen && !h->in_gc);
	block_close_regions(h);
	if (!h->exact && heap_worth_collecting(h))
		block_collect_exact(h);
	extent = h->half_blocks << BLOCK_SHIFT;
	if (verify) {
		shadow = mmap(NULL, extent, PROT_READ | PROT_WRITE,
		              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (shadow == MAP_FAILED)
			return -1;
		memcpy(shadow, h->snap_base, extent);
	}
	h->journal = malloc(JOURNAL_FIRST * sizeof *h->journal);
	if (h->journal == NULL) {
		if (shadow != NULL)
			AZ(munmap(shadow, extent));
		return -1;
	}
	h->journal_cap = JOURNAL_FIRST;
	h->shadow = shadow;
	h->snap_used = extent;
	h->cleanup_base = h->ncleanup;
	h->half_base = h->arena_base;
	h->block_state = h->snap_state + h->half_max;
	block_reset_half(h);
	h->frozen = true;
	h->journal_on = true;
	heap_begin_request(h);
	return 0;
}

/* ---- checks ------------------------------------------------------------- */

bool heap_verify(struct heap *h, const void **at)
{
	const uint64_t *now = (const uint64_t *)h->snap_base, *old = (const uint64_t *)h->shadow;
	size_t i;

	if (h->shadow == NULL || memcmp(now, old, h->snap_used) == 0)
		return false;
	for (i = 0; now[i] == old[i]; i++)
		;
	if (at != NULL)
		*at = &now[i];
	return true;
}

void block_check_shadow(struct heap *h)
{
	static char msg[256];
	const struct cell *c;
	const void *at;
	uint64_t was, is;
	size_t off;

	if (likely(!heap_verify(h, &at)))
		return;
	off = (size_t)((const char *)at - h->snap_base);
	memcpy(&was, h->shadow + off, 8);
	memcpy(&is, at, 8);
	/* The copy's headers are sound, whatever happened to the snapshot's. */
	c = block_find_cell(h, h->shadow, h->snap_state, off);
	snprintf(msg, sizeof msg,
	         "snapshot changed at %p: %s cell at +0x%zx, offset %zu: was 0x%016llx, is 0x%016llx "
	         "(a store without write barrier)",
	         at, c != NULL ? heap_kind_name(c->kind) : "no",
	         c != NULL ? (size_t)((const char *)c - h->shadow) : off,
	         c != NULL ? off - (size_t)((const char *)c - h->shadow) : 0,
	         (unsigned long long)was, (unsigned long long)is);
	check_fail(msg, __FILE__, __LINE__);
}

void heap_assert_no_arena(const struct heap *h, const void *p, size_t n, const char *what)
{
	static char msg[256];
	size_t extent = h->half_max << BLOCK_SHIFT;

	for (size_t i = 0; i + 8 <= n; i += 8) {
		uint64_t w;

		memcpy(&w, (const char *)p + i, 8);
		if (likely(w - (uintptr_t)h->arena_base >= extent))
			continue;
		snprintf(msg, sizeof msg, "%s (%p, %zu bytes) holds the arena address 0x%llx at offset %zu",
		         what, p, n, (unsigned long long)w, i);
		check_fail(msg, __FILE__, __LINE__);
	}
}
