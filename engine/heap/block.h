/* block.h: how a half is cut into blocks; private to engine/heap.
 *
 *   half  = blocks of 32 KiB, one state byte each
 *   SMALL block: cells and fillers without gaps, so that it can be walked from
 *                its first byte (an open bump region is the only exception:
 *                block_close_regions puts fillers there before any walk)
 *   LARGE block: one cell at its first byte, going on into the CONT blocks that
 *                follow; what lies behind the cell in the last block is waste
 *   filler:      KIND_FREE, size in shape. One of BLOCK_RUN_MIN bytes or more may
 *                be on the list heap.runs, its link in the word behind the header. */
#ifndef ENGINE_HEAP_BLOCK_H
#define ENGINE_HEAP_BLOCK_H

#include "engine/heap/heap.h"

enum block_state { BLOCK_FREE, BLOCK_SMALL, BLOCK_LARGE, BLOCK_CONT };

#define BLOCK_RUN_MIN 128u  /* shorter holes wait for a later collection */
#define BLOCK_SHIFT   15
_Static_assert(HEAP_BLOCK == 1u << BLOCK_SHIFT, "block size");

#define BLOCK_POISON  0xA5

struct block_run { struct cell head; struct cell *next; };

static inline void block_poison(void *p, size_t n)
{
#ifdef ZTS_TORTURE
	memset(p, BLOCK_POISON, n);
#else
	(void)p;
	(void)n;
#endif
}

/* Writes a filler over [p, p+n); n is a multiple of 8, n >= 8. */
static inline struct cell *block_fill(char *p, size_t n)
{
	struct cell *c = (struct cell *)p;

	HINIT(c->shape, (uint32_t)n);
	c->kind = KIND_FREE;
	HINIT(c->flags, 0);
	HINIT(c->aux, 0);
	block_poison(p + 8, n - 8);
	return c;
}

static inline size_t block_cell_size(const struct heap *h, const struct cell *c)
{
	return c->kind == KIND_FREE ? c->shape.v : h->owner_fn.size_of(c);
}

/* Is it safe for the heap to start a collection by itself? */
static inline bool block_may_collect(const struct heap *h)
{
	return h->c_stack_base != NULL && !h->in_gc;
}

/* Makes the half walkable; the regions stay open (the next allocation simply
 * overwrites the filler). */
void block_close_regions(struct heap *h);
/* Forgets regions and free runs; block_close_regions must have been called. */
void block_drop_regions(struct heap *h);
/* Makes the current half empty: one open block, the charge of it, no garbage. */
void block_reset_half(struct heap *h);
/* Reports a crossed limit to the owner, each stage once per request. `more`:
 * what is about to be charged. */
void block_report_limit(struct heap *h, size_t more);
/* Restores every saved line (journal.c). */
void block_rollback(struct heap *h);
/* Panics when the snapshot half is not what it was at the freeze. */
void block_check_shadow(struct heap *h);
/* Collects without scanning the C stack. */
void block_collect_exact(struct heap *h);
/* The size of the cell at c, which must lie in a SMALL block that ends at `end`;
 * panics when the block is not parseable. */
size_t block_checked_size(const struct heap *h, const struct cell *c, const char *end);
/* The cell that holds the byte at `off` of a half image at `img`, or NULL. */
const struct cell *block_find_cell(const struct heap *h, const char *img,
                                   const unsigned char *state, size_t off);

#endif
