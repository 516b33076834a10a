/* vm.h: the state of one VM, shared by the object model, the interpreter and
 * the built-ins. Passed down everywhere as `struct vm *vm`; there is no global.
 *
 * Who may write what: heap by engine/heap; atoms, shapes by engine/object;
 * execution state by engine/vm; realm once, while it is being made. */
#ifndef ENGINE_OBJECT_VM_H
#define ENGINE_OBJECT_VM_H

#include "base/hash.h"
#include "base/sv.h"
#include "engine/heap/heap.h"
#include "engine/include/effect.h"

struct shape;
struct obj;
struct str;
struct code;
struct unit;
struct pdesc;
struct native_def;
struct job;
struct module;

/* Property key: bit 31 set: array index in the low 31 bits (0..2^31-1); else an
 * atom id. Indices 2^31..2^32-2 are ordinary string atoms of type
 * ATOM_INDEX (array length rules treat them; slow path). */
typedef uint32_t pkey;
#define PKEY_INDEX 0x80000000u
#define PKEY_NONE  0u              /* atom 0 is never a property key */
static inline bool pkey_is_index(pkey k) { return (k & PKEY_INDEX) != 0; }
static inline uint32_t pkey_index(pkey k) { return k & ~PKEY_INDEX; }

enum {
	A_NONE,
#define HDR(id, text) A_##id,
#define SYM(id, text)
#define ATOM(id, text)
#include "engine/object/atom.def"
#define HDR(id, text)
#define SYM(id, text) A_##id,
#define ATOM(id, text)
#include "engine/object/atom.def"
#define HDR(id, text)
#define SYM(id, text)
#define ATOM(id, text) A_##id,
#include "engine/object/atom.def"
	A_STATIC_N,
	A_HDR0 = A_host,
	A_TRANSIENT0 = 1 << 24
};

/* Intrinsic objects of the realm: low-half cells, fixed once made. */
enum intrinsic {
#define INTR(name) INTR_##name,
#include "engine/object/intrinsic.def"
	INTR__N
};

struct atom_rec {
	struct str *str;        /* the characters; for symbols the description (or NULL) */
	struct cell *sym;       /* symbols and private names: the cell, else NULL */
	uint32_t hash;
	uint8_t type;           /* enum atom_type */
	uint8_t hdr;            /* 1 + header index for A_HDR atoms, else 0 */
	uint16_t pad;
};

struct atom_table {              /* open addressing over atom ids */
	uint32_t *slot, mask, n;
};

#define VM_CHARS 256
#define MEGA_SIZE 2048
struct mega_ent { uint32_t shape; pkey key; uint16_t off; uint8_t kind, pad; struct cell *holder; uint32_t epoch; };

struct native_reg { const struct native_def *def; };

struct vm {
	struct heap heap;                /* first: &vm->heap == (struct heap *)vm */

	/* ---- execution state (engine/vm) ---- */
	val *fp;                         /* registers of the running frame: r0 = this */
	const uint32_t *pc;              /* instruction being executed, written before any
	                                  * helper that can throw, allocate or re-enter */
	val *sp;                         /* first free stack word (collector scans below it) */
	val *stack_base, *stack_limit;   /* stack_limit is NULL while an interrupt is pending */
	val *stack_end;                  /* the true limit */
	size_t stack_bytes;              /* of the mapping */
	uintptr_t c_limit;               /* lowest address C recursion may reach */
	volatile uint32_t poll;          /* non-zero: act at the next safepoint */
	uint32_t poll_why;               /* bits enum poll_bit, set with atomics */
	uint32_t poll_term;              /* why to terminate, for POLL_TERM */
	uint32_t term;                   /* enum zigts_term: unwinding ignores handlers */
	val exc;                         /* the pending exception, V_HOLE if none */
	int64_t ticks;                   /* budget of long natives until the next poll */
	uint32_t depth;                  /* interpreter activations on the C stack */

	/* ---- atoms (object/atom.c) ---- */
	struct hash_key hash_key;
	struct atom_rec *atoms;          /* static + persistent, engine space */
	uint32_t natoms, atoms_cap;
	struct atom_table atom_tab;
	struct atom_rec *tatoms;         /* transient: arena memory, NULL between requests */
	uint32_t ntatoms, tatoms_cap;
	struct atom_table tatom_tab;     /* arena memory */
	bool persist_atoms;              /* new names become persistent (until the cap) */
	void *promote;                   /* private state of atom.c (sketch, string chunks) */
	struct str *chars[VM_CHARS];     /* one-unit Latin-1 strings, engine space, atoms */
	struct str *empty;

	/* ---- shapes (object/shape.c) ---- */
	struct shape *shapes;            /* base of the shape reservation; [id] */
	uint32_t nshapes;                /* persistent ids in use: 1..nshapes-1 */
	uint32_t tshape0, ntshapes;      /* transient ids: tshape0 .. tshape0+ntshapes-1 */
	uint32_t shape_budget;           /* persistent shapes that may still be made */
	uint32_t tshape_budget;          /* transient shapes left in this request */
	void *shape_roots;               /* hash (proto, kind, inl) → shape id (shape.c) */
	void *tshape_hash;               /* per-request side hash of transient transitions */
	uint32_t proto_epoch;            /* bumped when something ICs looked through changes */
	bool proto_dirty;                /* a PROTO snapshot cell was changed: bump after rollback */
	bool indexed_proto;              /* Array.prototype or Object.prototype (of any realm) has
	                                  * indexed properties: holes need the slow path */
	bool indexed_proto_request;      /* … set in this request: shapes_end_request takes it back */
	uint32_t root_obj, root_arr, root_iter, root_nfunc; /* cached root shapes of obj_new, arr_new,
	                                  * obj_iter_result, nfunc_new (checked against intr[]) */
	void *native_map;                /* native_def address → native id (native.c) */
	uint32_t closure_shape;          /* empty root shape of closures (prototype %Function.prototype%) */
	uint32_t iter_epoch;             /* proto_epoch at which array iteration was last known
	                                  * unmodified (vm/iter.c); 0: unknown */

	/* ---- inline caches (vm/ic.c) ---- */
	struct mega_ent *mega;           /* MEGA_SIZE entries, engine space */
	struct volatile_ic { struct ic *ic; uint8_t *listed; } *volatile_ics;
	uint32_t nvolatile, volatile_cap;
	struct code *volatile_codes;     /* construct caches to clear when the request ends */
	struct unit *units;              /* all linked images, newest first */

	/* ---- realm ---- */
	val intr[INTR__N];
	struct obj *global;              /* KIND_GLOBAL */
	struct obj *global_lex;          /* KIND_GLOBAL without prototype: script let/const/class */
	const struct native_def **natives;  /* by native id */
	uint32_t nnatives, natives_cap;
	const struct exotic *exotic[KIND__N];  /* NULL: ordinary */
	struct root_list { val *v; uint32_t n, cap; } roots; /* zigts_root_add */

	/* ---- hooks upwards (set by engine/vm when the VM is made) ---- */
	val (*call_fn)(struct vm *vm, val f, val this_v, uint32_t argc, const val *argv);
	val (*construct_fn)(struct vm *vm, val f, val newt, uint32_t argc, const val *argv);
	val (*run_fn)(struct vm *vm, val *fp, struct code *code, const uint32_t *pc); /* interpreter */
	/* One step of a built-in iterator whose next method is the original: 1 value,
	 * 0 done, -1 exception, 2 not such an iterator (set by engine/builtins). */
	int (*iter_step_fn)(struct vm *vm, val it, val next, val *out);
	void (*backtrace_fn)(struct vm *vm, struct obj *err); /* captures err's backtrace */
	void (*function_props_fn)(struct vm *vm, struct obj *f); /* materialises CF_LAZY */
	bool (*closure_is_ctor)(const struct obj *f); /* has this KIND_FUNC [[Construct]]? */
	void (*hook_fn)(struct vm *vm);  /* POLL_HOOK: at a safepoint (set by engine/api) */
	void (*trace_codes)(struct vm *vm); /* inside a collection: marks what engine space of
	                                     * engine/vm refers to (constants, volatile ICs) */

	/* Source text compiled at run time (set by engine/api; NULL: not available). */
	val (*eval_fn)(struct vm *vm, val source);
	/* Direct eval in environment env (HOLE: none): scope is an index in unit's image. */
	val (*direct_eval_fn)(struct vm *vm, struct unit *unit, uint32_t scope, bool strict, val env, struct str *source);
	val (*new_function_fn)(struct vm *vm, val *a, uint32_t argc);

	/* The value of a global that has none until it is looked at (global_add_lazy; set by
	 * engine/api): HOLE when it cannot be had now. Runs JavaScript, but none of the program's. */
	val (*lazy_global_fn)(struct vm *vm, pkey k);
	void *library;                   /* engine/api/library.c's state */

	/* ---- modules (vm/module.c) ---- */
	struct module *modules, *modules0; /* all records, newest first; those of the snapshot */
	uint64_t module_count;           /* numbers records, walks and asynchronous evaluations; only grows */
	/* The linked module that `specifier` means in the code of `referrer`, of the
	 * import attribute type `type` (undefined: none); NULL: an exception is pending.
	 * Set by engine/api. */
	struct module *(*import_fn)(struct vm *vm, const struct unit *referrer, val specifier, val type);
	int (*import_meta_fn)(struct vm *vm, const struct unit *u, struct obj *meta); /* fills import.meta: 0 or -1 */
	void *loader;                    /* engine/api/load.c's state */

	/* Regular expressions (engine/builtins/regexp.c). regexp_literal_fn makes the object
	 * of a literal; *site holds its program once it is compiled (undefined before). */
	val (*regexp_literal_fn)(struct vm *vm, val *site, struct sv pattern, struct sv flags, bool keep);
	void *regexps;                   /* compiled programs: engine space */
	void *json_templates;            /* texts of shapes (builtins/json_stringify.c): engine space */
	uint32_t regexp_shape;           /* of unmodified RegExp objects */
	uint32_t regexp_epoch;           /* proto_epoch at which RegExp.prototype was last known unmodified */

	uint32_t json_hint[64];          /* JSON.parse: hash of an object's first key → persistent
	                                  * shape that such an object had last (json_parse.c) */

	/* ---- jobs (vm/job.c), host ---- */
	struct job *jobs, *jobs_last;    /* queue, oldest first */
	struct job *rejections;          /* promises rejected without a handler, newest first */
	struct timer *timers, *timers_last; /* the next one first (api/timers.c) */
	struct waiter *waiters, *waiters_last; /* of Atomics.waitAsync, the longest first (builtins/atomics.c) */
	/* Calls fn(arg) after ms; the timer's number or -1. NULL: the host has no timers. */
	int64_t (*after_fn)(struct vm *vm, double ms, val fn, val arg);
	struct timer *timer_runs;        /* whose callback runs: also in a C local */
	uint32_t timer_id;               /* given last */
	int (*wait_fn)(void *u, uint64_t due_ns, uint64_t end_ns);
	void *wait_user;
	uint32_t promise_epoch;          /* proto_epoch at which promises were last known unmodified; 0: unknown */
	/* CreateAsyncFromSyncIterator (set by engine/builtins). */
	val (*async_from_sync_fn)(struct vm *vm, val it, val next);
	void (*print)(void *u, int level, const char *p, size_t n);
	void *print_user, *user;
	uint32_t taint;                  /* effects of this request */
	/* Where each effect was first met: a struct code and its word, of engine
	 * space; valid where taint_known has the bit. */
	uint32_t taint_known;
	struct { const void *code; const uint32_t *pc; } taint_at[EFFECT_BIT__N];
	double now_ms;                   /* the instant of this request, 0: the clock was not read yet;
	                                  * stays 0 where it is read every time (before the freeze,
	                                  * with persist_atoms) */
	void *zone;                      /* the local time zone (builtins/date_zone.c): one malloc'd block */
	uint32_t random_seed_done;
	uint64_t rng[4];
	void *host_classes;              /* engine/api */
	bool verify_snapshot;
	uint64_t requests;
};

enum poll_bit { POLL_TERM = 1, POLL_OOM = 2, POLL_HOOK = 4 };

/* Interrupt budget of long native loops: every native whose work is not
 * bounded by a small constant calls VM_TICK(vm, cost) in its loop, cost in
 * units of roughly 10 ns, and leaves when it answers non-zero (exception or
 * termination pending). */
int vm_poll(struct vm *vm);               /* engine/vm/poll.c; -1: exception pending */
/* Has it been stopped, or will it be at its next safepoint? */
static inline bool vm_ending(const struct vm *vm)
{
	return vm->term != 0 || (__atomic_load_n(&vm->poll_why, __ATOMIC_RELAXED) & POLL_TERM) != 0;
}
static inline int vm_tick(struct vm *vm, int64_t cost)
{
	vm->ticks -= cost;
	return unlikely(vm->ticks < 0 || vm->poll) ? vm_poll(vm) : 0;
}
#define VM_TICK(vm, cost) unlikely(vm_tick((vm), (cost)) != 0)

/* C recursion check: true when too deep; then a RangeError is pending. */
bool vm_stack_overflow(struct vm *vm);    /* engine/object/error.c: throws */
static inline bool vm_c_stack_low(const struct vm *vm)
{
	char here;

	return (uintptr_t)&here < vm->c_limit;
}
#define VM_RECURSION(vm) (unlikely(vm_c_stack_low(vm)) && vm_stack_overflow(vm))

static inline val vm_call(struct vm *vm, val f, val this_v, uint32_t argc, const val *argv)
{
	return vm->call_fn(vm, f, this_v, argc, argv);
}
static inline val vm_construct(struct vm *vm, val f, val newt, uint32_t argc, const val *argv)
{
	return vm->construct_fn(vm, f, newt, argc, argv);
}

/* Stores to heap slots from code that has a vm at hand. */
#define VSET(vm, f, x) HSET(&(vm)->heap, f, x)

/* ---- frames (engine.md 9): words below fp ---- */
enum { FP_CALLEE = -6, FP_LINK = -5, FP_PC = -4, FP_CODE = -3, FP_NEWT = -2, FP_FLAGS = -1 };
/* FP_LINK: caller's fp; FP_PC: caller's pc; FP_CODE: callee's struct code* | argc<<48
 * (0 | argc<<48 for natives); FP_NEWT: new.target or undefined; FP_FLAGS: enum frame_flag. */
enum frame_flag { FRAME_ENTRY = 1 /* return to C */, FRAME_CTOR = 2, FRAME_NATIVE = 4 };

#endif
