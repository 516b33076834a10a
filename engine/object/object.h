/* object.h: objects and the essential internal methods (ECMA-262 6.1.7.2, 10.1).
 *
 *   struct obj { cell; ext; inl[] }          16 + 8 * inline slots
 *   struct ext                               rare for plain objects
 *   arrays, functions, errors …              struct obj first, then own fields,
 *                                            no inline slots (aux = 0)
 *
 * header.aux = number of inline slots. header.shape = shape id.
 * Return convention of int functions: 1 yes/done, 0 no/refused, -1 exception.
 * Functions with suffix _js may run JavaScript (getters, proxies, toString). */
#ifndef ENGINE_OBJECT_OBJECT_H
#define ENGINE_OBJECT_OBJECT_H

#include "engine/object/shape.h"
#include "engine/object/str.h"

struct vals { struct cell h; hval v[]; };          /* KIND_VALS: h.shape = count */
struct accessor { struct cell h; hval get, set; }; /* KIND_VALS of 2: undefined or callable */

struct dict_ent { HF(pkey) key; HF(uint32_t) attrs; hval v; };  /* key PKEY_NONE: deleted */
struct dict {             /* KIND_DICT: insertion order; h.shape = capacity (entries) */
	struct cell h;
	HF(uint32_t) n, live;     /* entries used (with deleted ones), live ones */
	HF(uint32_t) hmask, pad;  /* index size - 1 */
	struct dict_ent e[];      /* then uint32_t index[hmask+1]: entry number + 1 */
};

struct ext {              /* KIND_EXT: h.shape = slot capacity */
	struct cell h;
	HF(struct dict *) dict;   /* dictionary objects, else NULL */
	HF(struct vals *) elem;   /* integer-keyed properties of non-arrays: dense, all
	                           * WEC, HOLE = absent; NULL if none */
	HF(struct dict *) sparse; /* integer-keyed properties that are sparse or have
	                           * other attributes (keys are PKEY_INDEX forms) */
	HF(uint32_t) nelem, pad;  /* elements in use in elem */
	hval slot[];
};

struct obj { struct cell h; HF(struct ext *) ext; hval inl[]; };
struct arr {              /* KIND_ARRAY, _COW; also ARGUMENTS (struct arguments) */
	struct cell h; HF(struct ext *) ext;
	HF(hval *) elem;          /* = vals->v of a KIND_VALS cell, NULL if cap = 0 */
	HF(uint32_t) len;         /* `length` when < 2^31 elements are dense … */
	HF(uint32_t) cap;
};
/* Array invariants: elem[0..min(len,cap)) are values or HOLE (only with
 * CF_HAS_HOLES); a sparse array keeps its elements in ext->sparse and has cap 0;
 * len is the array length in both. CF_FROZEN_EL: elements or length are not
 * writable; details in ext->sparse attrs and ARR_LEN_RO (aux bit). */
enum { ARR_LEN_RO = 1 /* in h.aux: length is not writable */,
	ARR_SEALED = 2 /* dense elements are not configurable */,
	ARR_FROZEN = 4 /* … nor writable (reading elem directly stays right) */ };

struct prim_obj { struct cell h; HF(struct ext *) ext; hval prim; }; /* wrappers */
struct error_obj { struct cell h; HF(struct ext *) ext; HF(struct cell *) trace; hval stack; };
struct box { struct cell h; hval v; };   /* KIND_BOX: h.aux = attrs; v HOLE: TDZ or deleted */

/* What the collector (trace.c) relies on:
 *  - VALS: h.shape = words, exact. BYTES: h.shape = bytes, not traced.
 *  - TABLE, PSHAPE, BTRACE, LIST, FORIN, ITERSTATE: h.shape = number of 8-byte
 *    words after the header; each is looked at conservatively, so vals, cell
 *    pointers (also into the middle), pkeys and raw numbers may be mixed freely.
 *  - OBJECT, GLOBAL: aux = inline slots. The other kinds below KIND_MAP: the
 *    structs of object.h and func.h, exact.
 *  - objects from KIND_MAP on, whose structs are private to a builtin: struct
 *    obj's header and ext, then only 8-byte words; h.aux = their number
 *    (obj_new_kind sets it from the size). Each word is looked at
 *    conservatively. Such objects have no inline slots: the inline capacity is
 *    the shape's inl, never aux.
 *  - BIGINT: big_len (bigint.h) 8-byte limbs after the header, not traced. */
struct heap_owner;
void vm_heap_owner(struct heap_owner *out);   /* trace.c; owner argument: the struct vm */

static inline struct obj *v_toobj(val v) { return (struct obj *)(uintptr_t)v; }
static inline struct arr *v_toarr(val v) { return (struct arr *)(uintptr_t)v; }
static inline bool v_isarr(val v)
{
	return v_iscell(v) && (v_kind(v) == KIND_ARRAY || v_kind(v) == KIND_ARRAY_COW);
}
static inline struct shape *obj_shape(struct vm *vm, const struct obj *o)
{
	return shape_of_id(vm, o->h.shape.v);
}
static inline struct obj *obj_intr(struct vm *vm, enum intrinsic i) { return v_toobj(vm->intr[i]); }

/* ---- making -------------------------------------------------------------- */

struct obj *obj_new(struct vm *vm);                             /* {} : 4 inline slots */
struct obj *obj_new_inl(struct vm *vm, struct obj *proto_or_null, uint16_t inl);
/* size bytes beginning with struct obj; ext and (inl) slots are initialised, the
 * caller initialises the rest. */
void *obj_new_kind(struct vm *vm, struct obj *proto, uint8_t kind, size_t size);
struct arr *arr_new(struct vm *vm, uint32_t cap);               /* length 0; NULL: exception */
val arr_from(struct vm *vm, const val *v, uint32_t n);
/* {value, done} with the realm's precomputed shape. */
val obj_iter_result(struct vm *vm, val value, bool done);

/* ---- property descriptors -------------------------------------------------- */

enum pd_flag { PD_W = 1, PD_E = 2, PD_C = 4, PD_HAS_W = 8, PD_HAS_E = 16, PD_HAS_C = 32,
	PD_HAS_VALUE = 64, PD_HAS_GET = 128, PD_HAS_SET = 256 };
struct pdesc { uint32_t flags; val value, get, set; };
#define PD_IS_ACCESSOR(d) (((d)->flags & (PD_HAS_GET | PD_HAS_SET)) != 0)
#define PD_IS_DATA(d) (((d)->flags & (PD_HAS_VALUE | PD_HAS_W)) != 0)
static inline struct pdesc pdesc_data(val v, uint32_t attrs)
{
	return (struct pdesc){ (attrs & 7) | PD_HAS_W | PD_HAS_E | PD_HAS_C | PD_HAS_VALUE, v, V_UNDEF, V_UNDEF };
}
int pdesc_from_val(struct vm *vm, val v, struct pdesc *out);    /* 6.2.6.5 ToPropertyDescriptor */
val pdesc_to_val(struct vm *vm, const struct pdesc *d);         /* 6.2.6.4 */

/* ---- essential internal methods (dispatch over vm->exotic[kind]) ------------ */

struct keylist;           /* own keys: see below */

/* Overrides of exotic objects (arrays, strings, arguments, proxies, typed arrays,
 * module namespaces, host objects). NULL entries fall back to the ordinary ones,
 * which are exported as obj_ordinary_*. */
struct exotic {
	int (*get_own)(struct vm *, struct obj *, pkey, struct pdesc *);
	int (*define_own)(struct vm *, struct obj *, pkey, const struct pdesc *);
	int (*has)(struct vm *, struct obj *, pkey);
	val (*get)(struct vm *, struct obj *, pkey, val receiver);
	int (*set)(struct vm *, struct obj *, pkey, val v, val receiver);
	int (*del)(struct vm *, struct obj *, pkey);
	int (*own_keys)(struct vm *, struct obj *, struct keylist *);
	int (*get_proto)(struct vm *, struct obj *, val *out);
	int (*set_proto)(struct vm *, struct obj *, val proto);
	int (*is_extensible)(struct vm *, struct obj *);
	int (*prevent_extensions)(struct vm *, struct obj *);
};

int obj_get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *out);      /* [[GetOwnProperty]] */
int obj_define(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d);   /* [[DefineOwnProperty]] */
int obj_has(struct vm *vm, struct obj *o, pkey k);
int obj_has_own(struct vm *vm, struct obj *o, pkey k);
val obj_get_r(struct vm *vm, struct obj *o, pkey k, val receiver);             /* [[Get]] */
int obj_set_r(struct vm *vm, struct obj *o, pkey k, val v, val receiver);      /* [[Set]] */
int obj_delete(struct vm *vm, struct obj *o, pkey k);
int obj_get_proto(struct vm *vm, struct obj *o, val *out);
/* One step of a walk up a prototype chain: *o becomes its prototype, an object or
 * null. Ticks. Proxies can make a chain endless, so *proxies (0 when the walk
 * begins) counts them and too many are a RangeError. 0 or -1. */
int obj_walk_up(struct vm *vm, val *o, uint32_t *proxies);
int obj_set_proto(struct vm *vm, struct obj *o, val proto);                    /* object or null */
int obj_is_extensible(struct vm *vm, struct obj *o);
int obj_prevent_extensions(struct vm *vm, struct obj *o);
static inline val obj_get(struct vm *vm, struct obj *o, pkey k) { return obj_get_r(vm, o, k, v_cell(o)); }
static inline int obj_set(struct vm *vm, struct obj *o, pkey k, val v) { return obj_set_r(vm, o, k, v, v_cell(o)); }

int obj_ordinary_get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *out);
int obj_ordinary_define(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d);
/* 10.1.6.3 ValidateAndApplyPropertyDescriptor without an object: may `d` be
 * applied over `cur` (NULL: absent)? For exotic objects. */
bool pdesc_compatible(struct vm *vm, bool extensible, const struct pdesc *d, const struct pdesc *cur);
int obj_ordinary_has(struct vm *vm, struct obj *o, pkey k);
val obj_ordinary_get(struct vm *vm, struct obj *o, pkey k, val receiver);
int obj_ordinary_set(struct vm *vm, struct obj *o, pkey k, val v, val receiver);
int obj_ordinary_delete(struct vm *vm, struct obj *o, pkey k);
int obj_ordinary_own_keys(struct vm *vm, struct obj *o, struct keylist *out);
int obj_ordinary_prevent_extensions(struct vm *vm, struct obj *o);

/* Own keys in specification order (integers ascending, strings, symbols). The
 * keys live in a heap LIST cell; the struct is a C local. */
struct keylist { struct cell *mem; pkey *k; uint32_t n, cap; };
enum { KEYS_STRINGS = 1, KEYS_SYMBOLS = 2, KEYS_ENUMERABLE = 4 };
int keylist_push(struct vm *vm, struct keylist *kl, pkey k);
/* [[OwnPropertyKeys]] filtered; with KEYS_ENUMERABLE calls [[GetOwnProperty]]
 * on proxies as the specification orders. */
int obj_own_keys(struct vm *vm, struct obj *o, int which, struct keylist *out);

/* ---- operations (ECMA-262 7.3) ------------------------------------------------ */

/* The object at which a property lookup on a primitive starts; NULL: nullish. */
struct obj *obj_proto_of_primitive(struct vm *vm, val base);
val obj_get_v(struct vm *vm, val base, pkey k);                 /* GetV: primitives too; throws on nullish */
int obj_put(struct vm *vm, struct obj *o, pkey k, val v);       /* Set(o,k,v,true) : 0 or -1 */
int obj_put_v(struct vm *vm, val base, pkey k, val v, bool strict); /* PutValue on any base: 0 or -1 */
int obj_create_data(struct vm *vm, struct obj *o, pkey k, val v);        /* CreateDataProperty */
int obj_create_data_throw(struct vm *vm, struct obj *o, pkey k, val v);  /* …OrThrow: 0 or -1 */
int obj_define_throw(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d); /* 0 or -1 */
int obj_delete_throw(struct vm *vm, struct obj *o, pkey k);     /* 0 or -1 */
/* Trusted definition on an ordinary extensible object where k is absent or data:
 * realm set-up, results of built-ins. Infallible. */
void obj_def(struct vm *vm, struct obj *o, pkey k, val v, uint8_t attrs);
void obj_def_accessor(struct vm *vm, struct obj *o, pkey k, val get, val set, uint8_t attrs);
val obj_get_method(struct vm *vm, val v, pkey k);               /* GetMethod: undefined, callable, or V_EXC */
val obj_invoke(struct vm *vm, val v, pkey k, uint32_t argc, const val *argv);
int obj_length(struct vm *vm, struct obj *o, int64_t *out);     /* LengthOfArrayLike: 0 or -1 */
val obj_get_i64(struct vm *vm, struct obj *o, int64_t i);       /* Get(o, ToString(i)), 0 <= i < 2^53 */
int obj_put_i64(struct vm *vm, struct obj *o, int64_t i, val v);
int obj_set_integrity(struct vm *vm, struct obj *o, bool frozen);    /* 7.3.15: 1/0/-1 */
int obj_test_integrity(struct vm *vm, struct obj *o, bool frozen);
val obj_species_ctor(struct vm *vm, struct obj *o, val dflt);   /* 7.3.22 */
int obj_instance_of(struct vm *vm, val v, val target);          /* 13.10.2: 1/0/-1 */
int obj_ordinary_instance_of(struct vm *vm, val c, val o);      /* 7.3.21 */
int obj_copy_data(struct vm *vm, struct obj *target, val source, const val *excluded, uint32_t n); /* 7.3.25 */
val obj_proto_from_ctor(struct vm *vm, val newt, enum intrinsic dflt); /* 10.1.14; object or V_EXC */

/* ---- arrays (array.c) ----------------------------------------------------------- */

extern const struct exotic array_exotic, string_exotic, arguments_exotic;
/* Makes room for n elements, unshares COW, turns elem into a private store. Not
 * for sparse arrays (arr_is_dense never holds for one). -1: exception (RangeError). */
int arr_reserve(struct vm *vm, struct arr *a, uint32_t n);
/* CreateDataPropertyOrThrow at a.length (for results, literals; not what
 * Array.prototype.push does). */
int arr_push(struct vm *vm, struct arr *a, val v);
/* A copy that shares the elements of a literal template until one is written
 * (KIND_ARRAY_COW). */
val arr_share(struct vm *vm, struct arr *tmpl);
/* Set length (10.4.2.4 ArraySetLength semantic without coercions): 1/0/-1. */
int arr_set_length(struct vm *vm, struct arr *a, uint32_t len);
/* True when elements 0..len-1 are all plain dense writable values without holes,
 * so that a[i] for i < len may be read straight from elem (no getters can run). */
static inline bool arr_is_dense(const struct arr *a)
{
	return (a->h.kind == KIND_ARRAY || a->h.kind == KIND_ARRAY_COW) &&
	       !(a->h.flags.v & CF_HAS_HOLES) && a->len.v <= a->cap.v;
}
/* and may also be written / appended to */
static inline bool arr_is_plain(const struct arr *a)
{
	return a->h.kind == KIND_ARRAY &&
	       (a->h.flags.v & (CF_HAS_HOLES | CF_FROZEN_EL | CF_EXTENSIBLE)) == CF_EXTENSIBLE &&
	       a->len.v <= a->cap.v;
}
/* Element read on any object by uint32 index, own properties and chain. */
val obj_get_index(struct vm *vm, struct obj *o, uint32_t i);
int arr_is_array(struct vm *vm, val v);                         /* IsArray 7.2.2: 1/0/-1 */
val arr_species_create(struct vm *vm, struct obj *orig, int64_t len);  /* 23.1.3.1 */
/* arguments objects: struct arguments extends struct arr with the map. */
struct arguments { struct arr a; HF(struct vals *) map; };
/* map: NULL, or VALS of n words: the formal parameters, which live there for ever
 * (GETMARG reads map->v[i]). A mapped element of a (or of its sparse form) holds a
 * private marker instead of a value: read elements through obj_get_index only.
 * The arguments object (10.4.4.6/7) of a call: args[0..argc), nmapped parameters
 * (0: unmapped), callee or HOLE for the poisoned accessor of strict functions. */
val arguments_new(struct vm *vm, const val *args, uint32_t argc, uint32_t nmapped, val callee);
void arguments_set_param(struct vm *vm, struct arguments *a, uint32_t i, val v);
/* KIND_PROXY: target and handler are null once revoked. pflags: what the target
 * was when the proxy was made. */
enum { PROXY_CALLABLE = 1, PROXY_CTOR = 2 };
struct proxy { struct cell h; HF(struct ext *) ext; hval target, handler; HF(uint64_t) pflags; };
extern const struct exotic proxy_exotic;
/* Begins an operation on a proxy: gives target, handler and the handler's method
 * `name`. 1: call the trap; 0: there is none, do the same to the target; -1: the
 * proxy is revoked, the handler threw, or the C stack is used up. */
struct proxy_op { struct obj *target; val handler, trap; };
int proxy_trap(struct vm *vm, const struct proxy *p, pkey name, struct proxy_op *op);

/* ---- the global object (global.c) ------------------------------------------------ */

/* The box behind a global binding, or NULL. Lexical record first. */
struct box *global_find(struct vm *vm, pkey k, bool *lexical);
/* A writable, configurable, not enumerable binding whose value vm->lazy_global_fn makes
 * when somebody looks. k is absent. 0 or -1. */
int global_add_lazy(struct vm *vm, struct obj *g, pkey k);
struct box *global_lex_declare(struct vm *vm, pkey k, bool is_const);   /* value HOLE */
extern const struct exotic global_exotic;

/* ---- lookup for inline caches (no side effects) ----------------------------------- */

enum find_kind { FIND_EXOTIC, FIND_ABSENT, FIND_DATA, FIND_ACCESSOR };
struct find { struct obj *holder; uint8_t kind, attrs; bool own, dict; uint32_t slot; hval *where; uint32_t depth; };
/* Walks o's prototype chain for a named (atom) key while objects are ordinary.
 * LAZY slots and CF_LAZY functions are materialised on the way. Sets
 * SF_CACHED_THRU on holders' and passed prototypes' shapes when `mark`. */
void obj_find(struct vm *vm, struct obj *o, pkey k, bool mark, struct find *out);
/* Reads *slot, making a lazy built-in function if need be (journalled). */
val obj_slot_value(struct vm *vm, struct obj *holder, hval *slot, pkey key);

#endif
