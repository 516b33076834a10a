/* vmcode.h: linked code: what the interpreter runs. Engine space, never rolled
 * back; may hold snapshot cells (constants, templates) but arena cells only in
 * IC entries listed in vm->volatile_ics. */
#ifndef ENGINE_VM_VMCODE_H
#define ENGINE_VM_VMCODE_H

#include "engine/code/code.h"
#include "engine/object/convert.h"
#include "engine/object/func.h"

struct pic;
struct ic {
	uint32_t shape;               /* 0: empty */
	uint16_t off;
	uint8_t kind;                 /* enum ic_kind */
	uint8_t n;                    /* 0 empty, 1 mono, 2..8 poly (u.pic), 255 megamorphic */
	union { struct pic *pic; struct cell *holder; struct box *box; uint32_t newshape; } u;
};

/* Object literal template: OBJLIT's constant. */
struct lit_template { uint32_t shape; uint16_t n, inl; pkey keys[]; };

struct code {
	/* hot: one cache line */
	const uint32_t *words;
	struct ic *ic;
	val *k;                       /* constants; see link.c for what each tag becomes */
	pkey *keys;
	uint32_t flags;               /* enum fn_flag */
	uint16_t nregs, nparams;
	uint32_t ic_epoch;
	uint32_t heat;                /* counts down to the next tier; wraps */
	bool special;                 /* calls need vm_call_slow: class constructor, generator, async */
	uint8_t ctor_inl;             /* inline slots that instances probably need */
	uint16_t length;
	uint32_t nics;
	/* cold */
	uint8_t *ic_listed;           /* per IC: on vm->volatile_ics */
	struct unit *unit;
	const struct image_fn *fn;
	val name;                     /* string */
	uint32_t index;               /* in unit->codes */
	/* construct cache: shape of the constructor → its prototype → root shape */
	uint32_t fshape;              /* shape of its closures: by kind of function */
	uint32_t new_fshape, new_shape, new_slot;
	val new_proto;
	bool new_volatile;            /* mentions an arena cell: on vm->volatile_codes */
	struct code *vnext;
	void *entry;                  /* compiled code; NULL without a JIT */
};

struct module;
struct unit_export { pkey name; uint32_t index; /* in im->exports */ };

/* One linked image. */
struct unit {
	struct image *im;             /* owned */
	struct code *codes;           /* im->nfns of them */
	struct code **list;
	struct module *module;        /* modules: its record, a heap cell (module.h) */
	const hval **imports;         /* modules: where each import binding's value is, once linked */
	struct unit_export *exports;  /* modules: those with a name, sorted by it */
	uint32_t nexports;
	char *key;                    /* name by which the loader knows the file, for imports from
	                               * here; NULL: unknown (engine/api/load.c) */
	struct unit *next;            /* vm's list, newest first */
	bool internal;                /* of the library: its functions do not show their text */
	bool in_request;              /* made after the freeze: freed when the request ends */
};

static inline struct code *frame_code(const val *fp)
{
	return (struct code *)(uintptr_t)(fp[FP_CODE] & 0xFFFFFFFFFFFFull);
}
static inline uint32_t frame_argc(const val *fp) { return (uint32_t)(fp[FP_CODE] >> 48); }

/* Links an image: interns names, makes constants, codes, ICs. Takes ownership of
 * im. NULL: exception pending. Before the freeze, or for code made in a request
 * (then the unit is freed at its end). */
struct unit *link_unit(struct vm *vm, struct image *im);
void unit_free(struct vm *vm, struct unit *u);
/* Frees units made since the freeze; called when a request ends. */
void units_end_request(struct vm *vm);
void units_free_all(struct vm *vm);
/* Collector: constants of all linked code. */
void units_trace(struct vm *vm);

/* ---- interpreter and calls -------------------------------------------------- */

/* Runs the frame at fp until it returns (its FP_FLAGS has FRAME_ENTRY). The
 * slow twin goes through the slow function for every opcode (tests). */
val interp_run(struct vm *vm, val *fp, struct code *code, const uint32_t *pc);
val interp_run_slow(struct vm *vm, val *fp, struct code *code, const uint32_t *pc);

/* vm->call_fn / construct_fn. */
val call_value(struct vm *vm, val f, val this_v, uint32_t argc, const val *argv);
val construct_value(struct vm *vm, val f, val newt, uint32_t argc, const val *argv);
/* Runs top-level code of a unit with `this` and the given env. */
val call_code(struct vm *vm, struct func *f, val this_v);
/* Goes on with a suspended frame at pc (generators). */
val call_resume(struct vm *vm, val callee, uint32_t nregs, const val *regs, val gen, const uint32_t *pc);
/* Everything but the common case: callee in nfp[FP_CALLEE], this nfp[0], args
 * nfp[1..argc], newt undefined for plain calls. Result or V_EXC. */
val call_slow(struct vm *vm, val *nfp, uint32_t argc, val newt);
/* `this` for constructing f with new.target newt (10.1.13): object or V_EXC. */
val construct_this(struct vm *vm, struct func *f, val newt);
NORETURN void interp_corrupt(const char *what);

val call_1(struct vm *vm, val f, val this_v, val a0);
val call_2(struct vm *vm, val f, val this_v, val a0, val a1);
val call_3(struct vm *vm, val f, val this_v, val a0, val a1, val a2);

/* ---- exceptions (except.c) --------------------------------------------------- */

/* Innermost handler of code covering word index pc, or NULL. */
const struct image_handler *except_find(const struct code *code, uint32_t pc);
void except_backtrace(struct vm *vm, struct obj *err);    /* vm->backtrace_fn */
val except_stack_string(struct vm *vm, struct error_obj *e);
/* The dotted name that the source has at the running instruction's position
 * ("db.users.find"), for messages; false: none. */
bool except_name_at_pc(struct vm *vm, struct buf *out);
/* "\n    at f (file:line:col)" for each running frame, for logs. */
void except_print_frames(struct vm *vm, struct buf *out, int max, bool natives);
/* Name, file and position of the innermost JavaScript function, from a signal
 * handler: calls nothing, believes little. False: none runs. */
bool except_where(const struct vm *vm, char *function, size_t nfunction, char *file, size_t nfile, uint32_t *line,
		  uint32_t *col);
/* Notes effects of the running native and where it was called: the first place of
 * each effect counts. */
void except_taint(struct vm *vm, uint32_t effects);
/* The place of effect `bit` (enum effect_bit), until the request ends; false: not
 * known. */
bool except_taint_where(const struct vm *vm, int bit, char *file, size_t nfile, uint32_t *line, uint32_t *col);

/* ---- iteration (iter.c) --------------------------------------------------------- */

/* Is iterating this array (ArrayIterator over own elements) unobservable, i.e.
 * Array.prototype[@@iterator] and %ArrayIteratorPrototype%.next are original and
 * the array has no own @@iterator and the original prototype? */
bool iter_array_fast(struct vm *vm, val v);
/* An iterator record in three consecutive values (registers or locals):
 * r[0] iterator (or the array itself, fast), r[1] next method (or int index,
 * fast), r[2] HOLE when fast, else undefined. r[0] undefined: done. */
int iter_open(struct vm *vm, val iterable, val r[3]);
/* 1: *out is the next value; 0: done (r[0] = undefined); -1: exception (done). */
int iter_next(struct vm *vm, val r[3], val *out);
int iter_close(struct vm *vm, val r[3]);           /* normal completion: 0 or -1 */
void iter_close_quiet(struct vm *vm, val r[3]);    /* pending exception is kept */
/* Appends everything to dense array a. 0 or -1. */
int iter_collect(struct vm *vm, val iterable, struct arr *a);
val iter_collect_rest(struct vm *vm, val r[3]);
/* From an explicit method (Symbol.iterator or another): for library code. */
int iter_open_method(struct vm *vm, val iterable, val method, val r[3]);

/* for-in (14.7.5.9): enumerator cell; next: 1 key, 0 finished, -1. */
val forin_open(struct vm *vm, val v);
int forin_next(struct vm *vm, val it, val *out);

/* ---- generators (generator.c) ------------------------------------------------------ */

/* KIND_GENERATOR; words after ext are conservative (layout rule of object.h). */
struct generator {
	struct cell h; HF(struct ext *) ext;
	HF(uint64_t) state;           /* enum gen_state */
	HF(uint64_t) pc;              /* word index of the suspending instruction */
	HF(uint32_t) nregs;           /* registers saved, `this` included */
	HF(uint32_t) type;            /* enum gen_type */
	hval callee;
	hval r[];                     /* nregs, then what the type needs: generator_extra */
};
enum gen_type { GEN_SYNC, GEN_ASYNC_FUNCTION /* extra: promise */, GEN_ASYNC_GENERATOR /* extra: async.c */ };
enum gen_state { GEN_START, GEN_SUSPENDED, GEN_SUSPENDED_RAW, GEN_RUNNING, GEN_DONE,
	GEN_AWAITING, GEN_DRAINING /* finished; requests wait for return values (27.6.3.10) */ };
static inline hval *generator_extra(struct generator *g) { return g->r + g->nregs.v; }
/* The running frame as an object in state GEN_START, its extra words undefined.
 * NULL: no memory. */
struct generator *generator_new(struct vm *vm, const val *fp, const uint32_t *pc, struct obj *proto, enum gen_type type);
/* GENSTART: the generator object of the running frame, or V_EXC. */
val generator_start(struct vm *vm, val *fp, const uint32_t *pc);
/* YIELD: saves the frame; the interpreter then returns the value. */
void generator_suspend(struct vm *vm, val *fp, const uint32_t *pc, enum gen_state state);
/* Goes on with a frame that is not running; the frame's result. State: GEN_RUNNING
 * afterwards if it has returned or thrown. */
val generator_run(struct vm *vm, struct generator *g, val v, enum resume_kind how);
/* 27.5.3.3/4: an iterator result, or V_EXC. */
val generator_resume(struct vm *vm, val gen, val v, enum resume_kind how);

/* ---- functions ------------------------------------------------------------------- */
struct func *func_closure(struct vm *vm, struct code *code, struct env *env);
void func_materialise(struct vm *vm, struct obj *f);     /* vm->function_props_fn */
val func_source_text(struct vm *vm, struct obj *f);      /* Function.prototype.toString */

/* Slow functions: the whole meaning of each opcode. */
#define OP(name, fmt, res, rd, wr, fl) val op_##name(struct vm *vm, val *fp, const uint32_t *pc);
#include "engine/code/op.def"

void vm_interrupt(struct vm *vm, uint32_t term);   /* async-signal-safe */
/* Has vm->hook_fn called at the next safepoint. Async-signal-safe. */
void vm_ask_hook(struct vm *vm);
/* Creates the VM and its realm (engine/vm/realm.c calls every builtin's init
 * through the table it is given). */
typedef void (*builtin_init)(struct vm *vm);
struct vm *vm_new(size_t mem_limit, size_t stack_bytes, bool persist_atoms, const builtin_init *inits,
                  uint32_t ninits);
void vm_destroy(struct vm **vm);
int vm_freeze(struct vm *vm);
void vm_begin_request(struct vm *vm);
void vm_end_request(struct vm *vm);
/* Aborts, naming the structure, when engine space holds an arena address. */
void leakcheck_engine_space(struct vm *vm);

#endif
