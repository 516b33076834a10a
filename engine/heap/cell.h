/* cell.h: the header of every heap cell and the types of its fields.
 *
 * Heap discipline: a field of a cell is declared HF(type). Such a field refuses
 * plain assignment (it has a const member), so that no store can miss the
 * write barrier:
 *      x = o->len.v                         read
 *      HINIT(o->len, 3)                     initialise, cell just allocated
 *      HSET(heap, o->len, 3)                store with barrier (any time)
 * Bulk writes: heap_wb_range(heap, p, n), then memcpy/memmove. Slots (HF(val)
 * arrays) use the same macros. Only heap.h may name hf_raw_. */
#ifndef ENGINE_HEAP_CELL_H
#define ENGINE_HEAP_CELL_H

#include "engine/heap/value.h"

enum kind {
#define KIND(name) KIND_##name,
#include "engine/heap/kind.def"
	KIND__N
};
#define KIND_FIRST_OBJECT KIND_OBJECT

enum cell_flag {
	CF_EXTENSIBLE = 1,    /* objects: new properties may be added */
	CF_PROTO      = 2,    /* object is (or was) a prototype: private shape, epoch rules */
	CF_HAS_HOLES  = 4,    /* arrays: HOLE may occur among elem[0..len) (sticky) */
	CF_FROZEN_EL  = 8,    /* arrays: elements are not writable (sealed or frozen, or
	                       * length not writable: see EL_* in array.h) */
	CF_LAZY       = 16,   /* functions: length/name/prototype not yet materialised */
	CF_CLASS      = 32,   /* functions: class constructor (struct class_func) */
	CF_HASHED     = 64,   /* strings: hash is valid */
	CF_ATOM       = 128   /* strings: hash holds the atom id; implies interned */
};
/* Strings reuse the low bits. */
enum { CF_STR_ASCII = 1 /* all units < 0x80 known */, CF_STR_GROW = 2 /* see str.h */ };

struct cell {              /* 8 bytes, first in every heap cell */
	union { const uint32_t v; uint32_t hf_raw_; } shape;  /* shape id; element count or
	                                * byte size for internal cells (see kind.def) */
	uint8_t kind;                  /* enum kind; changed only through cell_set_kind */
	union { const uint8_t v; uint8_t hf_raw_; } flags;
	union { const uint16_t v; uint16_t hf_raw_; } aux;    /* inline slot count / per-kind data */
};
_Static_assert(sizeof(struct cell) == 8, "cell header");

/* A heap field. The union makes it unassignable; HINIT/HSET write hf_raw_. */
#define HF(T) union { T const v; T hf_raw_; }
typedef HF(val) hval;      /* the one named field type: slots */

#define HINIT(f, x) ((void)((f).hf_raw_ = (x)))
/* f is evaluated once; x after the barrier, so it may allocate but must not move f. */
#define HSET(heap, f, x) __extension__({ __typeof__(f) *hf_ = &(f); \
	heap_wb((heap), (void *)hf_); hf_->hf_raw_ = (x); (void)0; })

static inline uint8_t v_kind(val v) { return v_tocell(v)->kind; } /* v is a cell */
static inline bool kind_is_string(uint8_t k) { return k >= KIND_STR8 && k <= KIND_EXT8; }
static inline bool v_isstr(val v) { return v_iscell(v) && kind_is_string(v_kind(v)); }
static inline bool v_isobj(val v) { return v_iscell(v) && v_kind(v) >= KIND_FIRST_OBJECT; }
static inline bool v_issym(val v) { return v_iscell(v) && v_kind(v) == KIND_SYMBOL; }
static inline bool v_isbig(val v) { return v_iscell(v) && v_kind(v) == KIND_BIGINT; }
static inline bool v_iskind(val v, uint8_t k) { return v_iscell(v) && v_kind(v) == k; }

#endif
