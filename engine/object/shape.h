/* shape.h: hidden classes. 64-byte records in engine space, found by a 32-bit id
 * in the object's header; property tables are shared along a lineage.
 *
 * A shape fixes: the prototype, the own keys with their attributes and slots in
 * insertion order, and the inline capacity of the objects that use it. Adding a
 * property to the newest shape of a lineage appends to the shared table; from
 * the middle the prefix is copied once.
 *
 * Slot numbers: slot < inl lies inline in the object, else in ext->slot[slot-inl].
 *
 * Ids: 0 none; then fixed pseudo-shapes (SHAPE_STRING …) for cells that are not
 * objects; then persistent shapes; transient shapes (mention a transient atom or
 * an arena prototype) have ids from vm->tshape0 on and die with the request. */
#ifndef ENGINE_OBJECT_SHAPE_H
#define ENGINE_OBJECT_SHAPE_H

#include "engine/object/vm.h"

enum { SHAPE_NONE, SHAPE_STRING, SHAPE_SYMBOL, SHAPE_BIGINT, SHAPE_FIRST = 8 };

enum attr { ATTR_W = 1, ATTR_E = 2, ATTR_C = 4, ATTR_ACCESSOR = 8, ATTR_WEC = 7, ATTR_WC = 5 };

enum shape_flag {
	SF_DICT = 1,         /* properties in ext->dict; never cached by key */
	SF_TRANSIENT = 2,
	SF_PROTO = 4,        /* private to one PROTO object: its lineage is not shared */
	SF_HAS_ACCESSOR = 8, SF_HAS_READONLY = 16,
	SF_CACHED_THRU = 32, /* an IC or compiled code has looked through this shape:
	                      * structural changes of its object bump proto_epoch */
	SF_SEEN = 64         /* with SF_PROTO: an IC may be keyed by this shape, so that it
	                      * may not be changed in place any more */
};

/* Named properties a shape may have; more make the object a dictionary. */
#ifdef ZTS_TORTURE
#define MAX_SHAPE_KEYS 12u
#else
#define MAX_SHAPE_KEYS 128u
#endif

struct prop_ent { pkey key; uint32_t slot_attrs; };  /* slot << 8 | attrs */
#define PE_SLOT(e) ((e).slot_attrs >> 8)
#define PE_ATTRS(e) ((e).slot_attrs & 255u)
struct prop_tab { uint32_t n, cap, hmask; struct prop_ent *e; uint16_t *index; };

struct shape {
	uint32_t id, parent;
	pkey key;
	uint8_t attrs, flags;
	uint16_t inl;
	uint32_t nslots, count;      /* next slot; own keys visible in tab */
	struct prop_tab *tab;        /* entries [0, count) belong to this shape */
	void *trans;                 /* NULL | first child id << 1 | 1; further children are in
	                              * a hash of the VM */
	struct obj *proto;           /* NULL: Object.create(null) */
	uint8_t kind;                /* enum kind of its objects (ARRAY_COW counts as ARRAY) */
	uint8_t ntkeys;              /* transient keys in it */
	uint8_t pad8[2];
	uint32_t uses;
	uint64_t pad;                /* keeps the record at one cache line */
};
_Static_assert(sizeof(struct shape) == 64, "shape record");

static inline struct shape *shape_of_id(struct vm *vm, uint32_t id) { return &vm->shapes[id]; }

/* Reserves the records; registers the exotic methods of this folder. 0 or -1. */
bool shapes_worn(const struct vm *vm);       /* the budget of persistent shapes is nearly used up */
int shapes_init(struct vm *vm);
void shapes_free(struct vm *vm);
void shapes_end_request(struct vm *vm);    /* drops the transient range */

/* The empty shape of ordinary objects of `kind` with this prototype and inline
 * capacity. Marks proto CF_PROTO (with its private lineage) when first used. */
uint32_t shape_root(struct vm *vm, struct obj *proto, uint8_t kind, uint16_t inl);
/* Index of key in s's table or -1. O(1). The slot of entry i is i. */
int shape_find(const struct shape *s, pkey key);
/* The shape after appending key. 0: a budget is spent or the table is full: the
 * caller turns the object into a dictionary. */
uint32_t shape_add(struct vm *vm, uint32_t id, pkey key, uint8_t attrs);
/* The shape after changing the attributes of an existing key / after removing
 * the last key / with another prototype. 0 as above. */
uint32_t shape_set_attrs(struct vm *vm, uint32_t id, pkey key, uint8_t attrs);
uint32_t shape_remove_last(struct vm *vm, uint32_t id);
uint32_t shape_set_proto(struct vm *vm, uint32_t id, struct obj *proto);
/* The shared dictionary shape for (proto, kind). */
uint32_t shape_dict(struct vm *vm, struct obj *proto, uint8_t kind, uint16_t inl);
/* A fresh private lineage with the same contents, for an object becoming a
 * prototype. */
uint32_t shape_privatise(struct vm *vm, uint32_t id);
/* A shape like id, for its non-extensible / sealed / frozen objects: different id,
 * so that caches which add properties miss. 0 as above. */
enum shape_seal { SHAPE_NONEXT = 0x200, SHAPE_SEALED = 0x300, SHAPE_FROZEN = 0x400 };
uint32_t shape_seal(struct vm *vm, uint32_t id, enum shape_seal how);
/* In-place changes of private (SF_PROTO) shapes; only property.c calls them, after
 * proto_open. The private_dict form makes o's private shape a dictionary's. */
void shape_private_add(struct vm *vm, struct shape *s, pkey key, uint8_t attrs);
void shape_private_attrs(struct vm *vm, struct shape *s, uint32_t i, uint8_t attrs);
void shape_private_pop(struct vm *vm, struct shape *s);
void shape_private_seal(struct vm *vm, struct shape *s, enum shape_seal how);
uint32_t shape_private_copy(struct vm *vm, uint32_t id, struct obj *proto);
uint32_t shape_private_dict(struct vm *vm, uint32_t id);
/* Room for n more properties in a private shape's table. */
bool shape_private_full(const struct shape *s);
void shape_private_reserve(struct vm *vm, struct shape *s, uint32_t n);
/* A shape with the given distinct non-index keys, all WEC, n slots inline:
 * object literal templates. 0 when not possible. */
uint32_t shape_of_keys(struct vm *vm, struct obj *proto, const pkey *keys, uint32_t n);

#endif
