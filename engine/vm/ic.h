/* ic.h: inline caches as data: one array of 16-byte records per function, read
 * alike by the interpreter and by compiled code; filled in one place (ic.c).
 *
 * A receiver-shape match fixes the identity of the whole prototype chain. That
 * nothing on the chain changed is certified by code->ic_epoch == vm->proto_epoch
 * for the kinds that look beyond the receiver (IC_NEEDS_EPOCH).
 * Entries that mention an arena cell or a transient shape are on
 * vm->volatile_ics and are cleared when the request ends. */
#ifndef ENGINE_VM_IC_H
#define ENGINE_VM_IC_H

#include "engine/vm/vmcode.h"

enum ic_kind {
	IC_EMPTY,
	IC_OWN_INL,     /* off: byte offset in the receiver */
	IC_OWN_EXT,     /* off: index in ext->slot */
	IC_ARR_LEN,     /* receiver is an array of this shape */
	IC_STR_LEN,     /* receiver is a string */
	IC_GLOBAL,      /* u.box: readable box (value not HOLE) */
	IC_GLOBAL_RW,   /* … and writable */
	IC_SET_INL, IC_SET_EXT,        /* overwrite an own writable data property */
	IC_EPOCH0,      /* kinds above this one look beyond the receiver: epoch check */
	IC_PROTO_INL,   /* u.holder, off: byte offset in the holder */
	IC_PROTO_EXT,   /* u.holder, off: index in its ext->slot */
	IC_ABSENT,      /* undefined */
	IC_GETTER,      /* u.holder: the getter function (cell) */
	IC_ADD_INL,     /* newshape; off: byte offset; room is given by the shape's inl */
	IC_ADD_EXT      /* newshape; off: ext index; only if ext capacity allows */
};
#define IC_NEEDS_EPOCH(kind) ((kind) > IC_EPOCH0)
enum { IC_N_EMPTY = 0, IC_N_MONO = 1, IC_N_MEGA = 255, IC_WAYS = 8 };

/* Up to eight (shape, way) pairs of one site; the mono entry stays in struct ic. */
struct pic {
	uint32_t shape[IC_WAYS];
	struct { uint16_t off; uint8_t kind, hits; } w[IC_WAYS];
	union { struct cell *holder; uint32_t newshape; } u[IC_WAYS];
};
_Static_assert(sizeof(struct ic) == 16 && sizeof(struct pic) == 128, "IC layout");

/* Miss handlers: the whole operation, filling the IC as a side effect. */
val ic_get_miss(struct vm *vm, struct code *code, struct ic *ic, val base, pkey k);
int ic_set_miss(struct vm *vm, struct code *code, struct ic *ic, val base, pkey k, val v);
int ic_define_miss(struct vm *vm, struct code *code, struct ic *ic, struct obj *o, pkey k, val v);
/* o[k] for a computed atom key, through the megamorphic cache. */
val ic_read_keyed(struct vm *vm, struct obj *o, pkey k);
/* PIC probe: index of the way for this shape or -1. */
int pic_find(const struct pic *p, uint32_t shape);
void ic_fill_global(struct vm *vm, struct code *code, struct ic *ic, struct box *box, bool writable);

/* End of request: clears the volatile entries. */
void ic_end_request(struct vm *vm);
/* Frees the IC array of a function. */
void ic_free(struct code *code);

#endif
