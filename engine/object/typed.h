/* typed.h: raw memory of scripts: array buffers, and the views on them (typed
 * arrays, DataView). ECMA-262 10.4.5, 25.1, 25.2, 25.3.
 *
 * The bytes of a buffer are one BYTES cell, at its data pointer; so they are
 * charged, collected and rolled back like everything else, and a store to them
 * goes through the barrier with the address of the byte. A detached buffer has
 * length 0.
 * A view keeps what it worked out from its buffer (data, len, oob) together with
 * the buffer's stamp; whoever changes the length or the place of the bytes moves
 * the stamp, and typed_sync works the view out anew. So in-bounds access costs one
 * comparison of stamps and one of the index. */
#ifndef ENGINE_OBJECT_TYPED_H
#define ENGINE_OBJECT_TYPED_H

#include "engine/object/convert.h"

enum typed_type {
#define TYPED(name, size) TYPED_##name,
#include "engine/object/typed.def"
	TYPED__N
};
extern const uint8_t typed_size[TYPED__N];        /* bytes an element */
extern const char *const typed_name[TYPED__N];    /* "Int8Array" … */

/* Greatest length of a buffer: every index of a view is then an index key. */
#define BUFFER_MAX INT32_MAX

enum buffer_flag { BUFFER_SHARED = 1, BUFFER_RESIZABLE = 2 /* or growable */, BUFFER_DETACHED = 4 };
struct buffer {                   /* KIND_ARRAY_BUFFER */
	struct cell h; HF(struct ext *) ext;
	HF(uint8_t *) data;
	HF(struct cell *) store;  /* the cell that holds the bytes; NULL when detached */
	HF(uint64_t) len, cap;    /* bytes in use, bytes in the store */
	HF(uint64_t) max;         /* of resizable ones */
	HF(uint64_t) flags;
	HF(uint64_t) stamp;       /* moves with data and len */
};

#define TYPED_TRACKS UINT64_MAX
struct typed {                    /* KIND_TYPED_ARRAY, KIND_DATA_VIEW */
	struct cell h; HF(struct ext *) ext;
	HF(struct buffer *) buf;
	HF(uint8_t *) data;       /* good while stamp is the buffer's … */
	HF(uint64_t) len;         /* … as is this: elements, 0 when out of bounds */
	HF(uint64_t) stamp;
	HF(uint64_t) offset;      /* bytes */
	HF(uint64_t) fixed;       /* elements asked for, or TYPED_TRACKS: up to the buffer's end */
	HF(uint32_t) type, oob;
};

static inline struct buffer *v_tobuffer(val v) { return (struct buffer *)(uintptr_t)v; }
static inline struct typed *v_totyped(val v) { return (struct typed *)(uintptr_t)v; }
static inline bool v_istyped(val v) { return v_iskind(v, KIND_TYPED_ARRAY); }

/* ---- buffers (buffer.c) ------------------------------------------------------- */

/* A zeroed buffer. max < 0: of fixed length. NULL: RangeError or out of memory. */
struct buffer *buffer_new(struct vm *vm, struct obj *proto, int64_t len, int64_t max, bool shared);
/* Sets the length, new bytes are zero. 0 or -1. */
int buffer_resize(struct vm *vm, struct buffer *b, int64_t len);
/* Takes the bytes away. */
void buffer_detach(struct vm *vm, struct buffer *b);
/* A buffer with b's bytes; b is detached. preserve: resizable if b is. */
struct buffer *buffer_transfer(struct vm *vm, struct buffer *b, int64_t len, bool preserve);
static inline bool buffer_detached(const struct buffer *b) { return (b->flags.v & BUFFER_DETACHED) != 0; }
static inline bool buffer_shared(const struct buffer *b) { return (b->flags.v & BUFFER_SHARED) != 0; }
static inline bool buffer_fixed(const struct buffer *b) { return !(b->flags.v & BUFFER_RESIZABLE); }
/* n bytes from src to dst, which lies in some buffer; they may overlap. Ticks: 0 or -1. */
int buffer_move(struct vm *vm, uint8_t *dst, const uint8_t *src, uint64_t n);

/* ---- views (typed.c) ------------------------------------------------------------ */

/* A view of `len` elements (or TYPED_TRACKS) from byte `offset` on. kind: typed array
 * or DataView; the caller has checked the bounds. */
struct typed *typed_new(struct vm *vm, struct obj *proto, uint8_t kind, enum typed_type type, struct buffer *b,
                        uint64_t offset, uint64_t len);
void typed_sync_slow(struct vm *vm, struct typed *t);
static inline void typed_sync(struct vm *vm, struct typed *t)
{
	if (unlikely(t->stamp.v != t->buf.v->stamp.v))
		typed_sync_slow(vm, t);
}
static inline bool typed_oob(struct vm *vm, struct typed *t)
{
	typed_sync(vm, t);
	return t->oob.v != 0;
}
static inline uint64_t typed_len(struct vm *vm, struct typed *t)
{
	typed_sync(vm, t);
	return t->len.v;
}

/* Is the content type (table 71) BigInt? Then values are BigInts, else Numbers. */
static inline bool typed_is_big(uint32_t type) { return type >= TYPED_BigInt64; }
static inline bool typed_is_float(uint32_t type) { return type >= TYPED_Float16 && type <= TYPED_Float64; }
/* ToNumber or ToBigInt, as the type wants; may run JavaScript. V_EXC. */
val typed_coerce(struct vm *vm, uint32_t type, val v);
/* The element at p. Never fails; allocates BigInts only. */
val typed_load(struct vm *vm, uint32_t type, const void *p);
/* Number or BigInt → bytes at p, without a barrier (25.1.3.17 NumericToRawBytes). */
void typed_encode(uint32_t type, void *p, val numeric);
/* The same with the barrier: p lies in a buffer. */
static inline void typed_store(struct vm *vm, uint32_t type, void *p, val numeric)
{
	heap_wb(&vm->heap, p);
	typed_encode(type, p, numeric);
}
static inline uint8_t *typed_at(const struct typed *t, uint64_t i) { return t->data.v + i * typed_size[t->type.v]; }
/* 10.4.5.16 TypedArrayGetElement: undefined when out of bounds. */
static inline val typed_get(struct vm *vm, struct typed *t, uint64_t i)
{
	return i < typed_len(vm, t) ? typed_load(vm, t->type.v, typed_at(t, i)) : V_UNDEF;
}
/* 10.4.5.17 TypedArraySetElement: typed_coerce, then nothing when out of bounds. 0 or -1. */
int typed_put(struct vm *vm, struct typed *t, uint64_t i, val v);

extern const struct exotic typed_exotic;

#endif
