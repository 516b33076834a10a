/* zigts.h: the engine's public interface, the only engine header that the
 * server, the host modules and the command line may include (with effect.h).
 *
 * One `struct zigts` is one VM: one heap, one realm, one thread at a time.
 *
 * Life of a VM in a worker:
 *
 *   zygote:   zigts_new → zigts_add_host… → zigts_load → zigts_eval → zigts_freeze
 *   worker:   zigts_after_fork, then for every request
 *             zigts_begin → zigts_call / host objects / zigts_run_jobs → zigts_end
 *
 * Between zigts_begin and zigts_end everything allocated lies in the request
 * arena; every value obtained then is dead after zigts_end. Heap values may be
 * kept in C locals freely within a request: nothing moves, and the collector
 * scans the C stack. They must never be stored in malloc'd or static memory.
 *
 * Errors: functions returning zigts_val give ZIGTS_EXC, functions returning int
 * give -1, when a JavaScript exception is pending (zigts_take_exception). */
#ifndef ENGINE_INCLUDE_ZIGTS_H
#define ENGINE_INCLUDE_ZIGTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "engine/include/effect.h"

struct zigts;
typedef uint64_t zigts_val;

#define ZIGTS_NULL  ((zigts_val)0x02)
#define ZIGTS_UNDEF ((zigts_val)0x0a)
#define ZIGTS_FALSE ((zigts_val)0x06)
#define ZIGTS_TRUE  ((zigts_val)0x07)
#define ZIGTS_EXC   ((zigts_val)0x12)

/* A native: a[0] is `this`, a[1..argc] the arguments; use ZIGTS_ARG. */
typedef zigts_val (*zigts_native)(struct zigts *vm, zigts_val *a, uint32_t argc);
#define ZIGTS_ARG(i) ((uint32_t)(i) < argc ? a[(i) + 1] : ZIGTS_UNDEF)

/* ---- life ------------------------------------------------------------- */

struct zigts_config {
	size_t memory_limit;      /* bytes a request may allocate; 0: 128 MiB */
	size_t stack_bytes;       /* VM stack; 0: 1 MiB */
	bool persist_atoms;       /* `zigttp run`: names met at run time are kept */
	bool verify_snapshot;     /* compare the snapshot half with a pristine
	                           * copy in every zigts_end; abort on difference */
	bool huge_pages;          /* for one short run: 2 MiB at once, and cheaper, instead of
	                           * page by page */
	void (*print)(void *u, int level, const char *p, size_t n); /* console.* */
	void *print_user;
};

/* NULL with errno set when the address space cannot be had. */
struct zigts *zigts_new(const struct zigts_config *cfg);
void zigts_free(struct zigts **vm);

/* Where compilation or module evaluation failed. Strings are owned by the diag;
 * zigts_diag_free releases them. `text` is the whole rendering for people:
 * "FILE:LINE:COL: SyntaxError: message", the source line, a caret line. */
struct zigts_diag { char *file, *message, *text; uint32_t line, col; };
void zigts_diag_free(struct zigts_diag *d);

enum zigts_source { ZIGTS_SCRIPT, ZIGTS_MODULE, ZIGTS_GUESS /* module if it has import/export */ };

/* ---- where modules come from ---- */

/* What a specifier means. The strings are malloc'd; the engine frees them. */
enum zigts_file {
	ZIGTS_FILE_CODE,          /* a module */
	ZIGTS_FILE_JSON,
	ZIGTS_FILE_DOUBTFUL       /* a module, or a CommonJS module, which is refused */
};
struct zigts_found {
	char *key;                /* the one name under which the engine knows the file */
	char *name;               /* for messages */
	enum zigts_file kind;
};
/* Functions returning int give -1 and a reason in `why`, without the specifier. They
 * may use the VM's values, but run no JavaScript. */
struct zigts_loader {
	/* `specifier` in the file whose key is `referrer`; NULL: the program itself, by
	 * the name given to zigts_load. */
	int (*resolve)(void *u, struct zigts *vm, const char *specifier, const char *referrer, struct zigts_found *out,
		       struct buf *why);
	/* Appends the file's bytes. */
	int (*read)(void *u, const struct zigts_found *f, struct buf *src, struct buf *why);
	/* The key that the specifier has, told by its text alone (malloc'd), or NULL. */
	char *(*guess)(void *u, const char *specifier, const char *referrer);
	/* import.meta.url, appended. */
	void (*url)(void *u, const char *key, struct buf *out);
	void *u;
	bool late;                /* import() may load files after the freeze */
};
/* Before zigts_load; copied. Without a loader nothing can be imported.
 * zigts_files.h has one for files. */
void zigts_set_loader(struct zigts *vm, const struct zigts_loader *l);

/* ---- modules that are native ---- */

struct zigts_export {
	const char *name;
	uint8_t nargs;
	uint16_t effect;          /* enum effect; mandatory */
	zigts_native fn;
	const char *usage, *doc;  /* "(key, limit)", and one line, for people */
};
/* Importable by the name "zigttp:NAME". With `source` it is written in JavaScript,
 * which exports what the table says; fn is NULL then. */
struct zigts_module { const char *name, *doc; const struct zigts_export *exports; uint32_t n; const char *source; };
/* Before zigts_load; the tables are kept. A module's functions are made when it is
 * first imported. */
void zigts_add_modules(struct zigts *vm, const struct zigts_module *const *m, uint32_t n);

/* Parses and compiles UTF-8 source (copied), and for a module loads and links all
 * that it imports. Returns a program handle owned by the VM, or NULL with *diag
 * filled (which may be about another file). */
struct zigts_program;
struct zigts_program *zigts_load(struct zigts *vm, const char *name, const char *src, size_t n,
                                 enum zigts_source kind, struct zigts_diag *diag);
/* Begins to compile the text in a thread, so that a VM for it can be made meanwhile;
 * name and src are kept, not copied; a short text gets no thread. `then` is what the
 * thread does afterwards, or NULL. zigts_load_draft: once per draft; as zigts_load, of
 * that text, when it is compiled. zigts_draft_free: no thread is left then; may be as
 * late as before a fork. */
struct zigts_draft;
struct zigts_draft *zigts_draft(const char *name, const char *src, size_t n, enum zigts_source kind,
                                void (*then)(void *u), void *u);
struct zigts_program *zigts_load_draft(struct zigts *vm, struct zigts_draft *d, struct zigts_diag *diag);
void zigts_draft_free(struct zigts_draft **d);
/* Runs top-level code and then pending jobs; a module with top-level await until that
 * has settled, waiting as zigts_turn does. -1: exception pending. */
int zigts_eval(struct zigts *vm, struct zigts_program *p);
/* An exported binding of an evaluated module, or, for a script, a global
 * (var, function or lexical). ZIGTS_UNDEF if there is none. */
zigts_val zigts_binding(struct zigts *vm, struct zigts_program *p, const char *name);
/* Keeps a value alive and findable after the freeze; returns a root number for
 * zigts_root. Only before zigts_freeze. */
int zigts_root_add(struct zigts *vm, zigts_val v);
zigts_val zigts_root(struct zigts *vm, int root);

/* Seals the snapshot half: from here on, stores into it are journalled and
 * undone by zigts_end. Call once, at a quiescent point: -1 with errno EBUSY while
 * jobs are queued. */
int zigts_freeze(struct zigts *vm);
/* In each worker, first thing after fork: private arena, timers. */
void zigts_after_fork(struct zigts *vm);

struct zigts_limits { uint64_t wall_ns, cpu_ns; /* 0: none */ };
void zigts_begin(struct zigts *vm, const struct zigts_limits *l);
/* Undoes every effect of the request on the heap. O(dirty lines). */
void zigts_end(struct zigts *vm);

/* For natives whose work is not bounded by a small constant, now and then: a
 * safepoint. cost in units of about 10 ns since the last one. -1: an exception is
 * pending, leave. */
int zigts_tick(struct zigts *vm, int64_t cost);

/* Why a request was stopped by force (exception handlers did not run). */
enum zigts_term { ZIGTS_TERM_NONE, ZIGTS_TERM_OOM, ZIGTS_TERM_DEADLINE, ZIGTS_TERM_CPU, ZIGTS_TERM_EXIT };
enum zigts_term zigts_terminated(const struct zigts *vm);
/* Asks the running code to stop at its next safepoint. Async-signal-safe. */
void zigts_interrupt(struct zigts *vm, enum zigts_term why);

/* While a request runs: calls fn at the first safepoint after it has run for
 * 1 to 2 ms and again after each further `period_ns` (at least 1 ms); ran_ns is
 * how long it has been running. fn may not run JavaScript nor touch the heap.
 * NULL: none. After zigts_after_fork, between requests. */
void zigts_set_hook(struct zigts *vm, uint64_t period_ns, void (*fn)(void *u, uint64_t ran_ns), void *u);
/* The JavaScript stack of what runs now, "  at f (file:line:col)\n"…, into out
 * (n > 0, NUL-terminated); returns its length. From a hook. */
size_t zigts_backtrace(struct zigts *vm, char *out, size_t n);
/* Innermost JavaScript function and the position in it; async-signal-safe, for
 * crash handlers. Sizes > 0. False: unknown. */
bool zigts_where(const struct zigts *vm, char *function, size_t nfunction, char *file, size_t nfile,
                 uint32_t *line, uint32_t *col);

struct zigts_stats {
	size_t snapshot_bytes, arena_peak, journal_lines; /* of the last request */
	uint32_t shapes, atoms, ics, collections;
	uint64_t requests;
};
void zigts_stats(const struct zigts *vm, struct zigts_stats *out);
/* Is a budget used up that only grows, of names or of shapes made since the
 * freeze? All goes on, more slowly; a fresh fork is better. */
bool zigts_worn(const struct zigts *vm);

/* ---- values ------------------------------------------------------------ */

enum zigts_type {
	ZIGTS_T_UNDEFINED, ZIGTS_T_NULL, ZIGTS_T_BOOLEAN, ZIGTS_T_NUMBER, ZIGTS_T_STRING,
	ZIGTS_T_SYMBOL, ZIGTS_T_BIGINT, ZIGTS_T_OBJECT, ZIGTS_T_FUNCTION
};
enum zigts_type zigts_type(zigts_val v);
zigts_val zigts_number(double d);
zigts_val zigts_int(int32_t i);
double zigts_as_number(zigts_val v);   /* v is a number */
bool zigts_truthy(zigts_val v);
bool zigts_is_array(zigts_val v);

/* Strings. zigts_string copies UTF-8 (ill-formed parts become U+FFFD).
 * zigts_string_latin1 copies bytes as code units. zigts_string_borrow makes a
 * string that points at ASCII bytes which stay valid until zigts_end; bytes
 * that are not all ASCII are decoded as UTF-8 into a copy. */
zigts_val zigts_string(struct zigts *vm, const char *utf8, size_t n);
zigts_val zigts_string_latin1(struct zigts *vm, const char *bytes, size_t n);
zigts_val zigts_string_borrow(struct zigts *vm, const char *utf8, size_t n);
zigts_val zigts_cstring(struct zigts *vm, const char *utf8);
/* ToString, as UTF-8 in arena memory: valid while a C local points at it, at most
 * until zigts_end. NUL-terminated. NULL: exception. Lone surrogates become U+FFFD. */
const char *zigts_to_utf8(struct zigts *vm, zigts_val v, size_t *n);
/* ToString; the result is a string value. */
zigts_val zigts_to_string(struct zigts *vm, zigts_val v);
int zigts_to_number(struct zigts *vm, zigts_val v, double *out);
/* a === b */
bool zigts_same(struct zigts *vm, zigts_val a, zigts_val b);

/* ---- objects ----------------------------------------------------------- */

zigts_val zigts_object(struct zigts *vm);
zigts_val zigts_array(struct zigts *vm);
/* v is an array. */
uint32_t zigts_array_length(zigts_val v);
int zigts_array_push(struct zigts *vm, zigts_val arr, zigts_val v);
/* An own property by a key that is a value; ZIGTS_UNDEF: there is none. */
zigts_val zigts_get_own(struct zigts *vm, zigts_val o, zigts_val key);
/* Property access by NUL-terminated UTF-8 name (any JavaScript may run). */
zigts_val zigts_get(struct zigts *vm, zigts_val o, const char *name);
int zigts_set(struct zigts *vm, zigts_val o, const char *name, zigts_val v);
/* Makes an own property, whatever the prototype has, by a key that is a value. */
int zigts_create(struct zigts *vm, zigts_val o, zigts_val key, zigts_val v);
/* By a property key that is a value. */
zigts_val zigts_get_value(struct zigts *vm, zigts_val o, zigts_val key);
zigts_val zigts_get_index(struct zigts *vm, zigts_val o, uint32_t i);
/* Own enumerable string keys as an array of strings. */
zigts_val zigts_own_keys(struct zigts *vm, zigts_val o);

zigts_val zigts_call(struct zigts *vm, zigts_val fn, zigts_val this_v, int argc, const zigts_val *argv);
zigts_val zigts_global(struct zigts *vm);

/* Fast repeated access to one name: make a key once (before the freeze), then
 * use it in the _key forms. */
typedef uint32_t zigts_key;
zigts_key zigts_key_of(struct zigts *vm, const char *name);
/* The name of a key as a string value. */
zigts_val zigts_key_name(struct zigts *vm, zigts_key k);
zigts_val zigts_get_key(struct zigts *vm, zigts_val o, zigts_key k);
int zigts_set_key(struct zigts *vm, zigts_val o, zigts_key k, zigts_val v);

/* JSON.parse of UTF-8 text and JSON.stringify to UTF-8 (appended to *out by
 * `put`); stringify returns 1 when the value has no JSON form (undefined). */
zigts_val zigts_json_parse(struct zigts *vm, const char *utf8, size_t n);
int zigts_json_stringify(struct zigts *vm, zigts_val v, const char **utf8, size_t *n);
/* JSON.stringify as a string value; ZIGTS_UNDEF: no JSON form. */
zigts_val zigts_json_string(struct zigts *vm, zigts_val v);

zigts_val zigts_construct(struct zigts *vm, zigts_val ctor, int argc, const zigts_val *argv);
/* Walks an iterable: fn gets each value; when it fails (-1) the iterator is closed.
 * 0 or -1. */
int zigts_each(struct zigts *vm, zigts_val iterable, int (*fn)(struct zigts *vm, void *u, zigts_val v), void *u);
/* Has it a Symbol.iterator method? 1, 0, -1. */
int zigts_is_iterable(struct zigts *vm, zigts_val v);
/* { value, done } */
zigts_val zigts_iter_result(struct zigts *vm, zigts_val value, bool done);
bool zigts_frozen(const struct zigts *vm);

/* ---- bytes ------------------------------------------------------------- */

/* What an ArrayBuffer, a typed array or a DataView shows; it stays there until
 * JavaScript runs. False: none of them. A detached buffer has no bytes. */
struct zigts_bytes { const uint8_t *p; size_t n; };
bool zigts_bytes(struct zigts *vm, zigts_val v, struct zigts_bytes *out);
/* "Uint8Array", "DataView", "ArrayBuffer" …; NULL: none of them. */
const char *zigts_bytes_type(zigts_val v);
/* A copy of p[0..n), or n zeroes when p is NULL. */
zigts_val zigts_array_buffer(struct zigts *vm, const void *p, size_t n);
zigts_val zigts_uint8_array(struct zigts *vm, const void *p, size_t n);
/* Copies p[0..n) to byte `off` of what v shows; the caller has checked the bounds. */
void zigts_bytes_write(struct zigts *vm, zigts_val v, size_t off, const void *p, size_t n);

/* ---- exceptions -------------------------------------------------------- */

enum zigts_error { ZIGTS_ERROR, ZIGTS_TYPE_ERROR, ZIGTS_RANGE_ERROR, ZIGTS_SYNTAX_ERROR };
/* Makes an error pending; always returns ZIGTS_EXC. */
zigts_val zigts_throw(struct zigts *vm, enum zigts_error kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A DOMException of this name as a value; likewise, thrown (ZIGTS_EXC). */
zigts_val zigts_dom_exception(struct zigts *vm, const char *name, const char *message);
zigts_val zigts_throw_dom(struct zigts *vm, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Throws v; ZIGTS_EXC. */
zigts_val zigts_throw_value(struct zigts *vm, zigts_val v);
/* Nobody can catch the pending exception: it is told as a rejection that nobody
 * handles is (zigts_next_rejection), and cleared. -1: the VM terminates. */
int zigts_report(struct zigts *vm);
/* The pending exception, which is thereby cleared. */
zigts_val zigts_take_exception(struct zigts *vm);
/* What people want to see of an exception: an Error's stack ("TypeError: text\n
 * at f (file:line:col)…"), else its string form. Never runs user code that
 * could throw again. Lives until zigts_end. */
const char *zigts_describe_exception(struct zigts *vm, zigts_val exc, size_t *n);
/* "FILE:LINE:COL: Error: msg", the source line and a caret, appended: about where a
 * function begins; about an export, or else a declaration, of that name (NULL: the
 * program's beginning). False: it is not there. */
bool zigts_point_at_function(zigts_val fn, const char *msg, struct buf *out);
bool zigts_point_at_name(struct zigts_program *p, const char *name, const char *msg, struct buf *out);
/* What the program's text declares as a function or const under a name like this
 * one. False: nothing. */
bool zigts_near_name(struct zigts_program *p, const char *name, char near[64]);

/* ---- promises (jobs) --------------------------------------------------- */

/* Runs queued jobs until none is left. -1: terminated, or a limit was met (an
 * exception is pending). */
int zigts_run_jobs(struct zigts *vm);

/* ---- waiting ----------------------------------------------------------- */

/* One turn of the event loop, called by the host when it waits for a promise and no
 * JavaScript runs: queued jobs, else the callback of a timer that is due and its jobs,
 * else waiting. 1: look again; 0: nothing is waited for, so that nothing will ever
 * happen; -1: as zigts_run_jobs. Callbacks that throw are told as rejections. */
int zigts_turn(struct zigts *vm);
/* How the VM waits: until the first timer is due (UINT64_MAX: there is none), or until
 * the request's deadline `end_ns`, or until something has happened that the host waits
 * for; it may have settled promises then, but runs no JavaScript. Times are of
 * CLOCK_MONOTONIC. 1: look again; 0: there is no timer, and the host waits for nothing.
 * To end the request: zigts_interrupt. NULL, as at first: sleeps until a timer. */
typedef int zigts_wait_fn(void *u, uint64_t due_ns, uint64_t end_ns);
void zigts_set_wait(struct zigts *vm, zigts_wait_fn *fn, void *u);
/* setTimeout, setInterval, clearTimeout, clearInterval as globals. Timers end with
 * the request, and those set before the freeze with that. Before the freeze. */
int zigts_install_timers(struct zigts *vm);
/* Calls fn(arg) after `ms`, unless it is cleared. A weak timer is none for
 * zigts_awaits. The timer's number; -1: an exception is pending. */
int64_t zigts_after(struct zigts *vm, double ms, zigts_val fn, zigts_val arg, bool weak);
int zigts_after_clear(struct zigts *vm, int64_t id);
/* Is there a timer that a program would go on for? */
bool zigts_awaits(const struct zigts *vm);
/* The request has come nearer to its end (a part of its response was taken): its
 * limits of time count from now on. */
void zigts_progress(struct zigts *vm);
/* *result: the value or the reason, else ZIGTS_UNDEF. */
enum zigts_promise_state {
	ZIGTS_NOT_A_PROMISE, ZIGTS_PROMISE_PENDING, ZIGTS_PROMISE_FULFILLED, ZIGTS_PROMISE_REJECTED
};
enum zigts_promise_state zigts_promise_state(zigts_val v, zigts_val *result);
/* A promise for v, as `await v` makes one (also of other thenables), after all jobs
 * have run; the caller handles its rejection. ZIGTS_EXC: as for zigts_run_jobs, or a
 * getter threw. */
zigts_val zigts_await(struct zigts *vm, zigts_val v);
/* A pending promise, and settling it (at most once). resolve follows thenables. -1:
 * terminated. */
zigts_val zigts_promise(struct zigts *vm);
int zigts_promise_resolve(struct zigts *vm, zigts_val p, zigts_val v);
int zigts_promise_reject(struct zigts *vm, zigts_val p, zigts_val reason);
/* The result of a native as a promise: fulfilled with v, or, for ZIGTS_EXC, rejected
 * with the pending exception. ZIGTS_EXC when the VM terminates. */
zigts_val zigts_promised(struct zigts *vm, zigts_val v);
/* Reasons of promises that were rejected and have no handler, oldest first, each one
 * once. False: no more. */
bool zigts_next_rejection(struct zigts *vm, zigts_val *reason);

/* ---- host classes and functions ---------------------------------------- */

enum zigts_row_kind {
	ZIGTS_ROW_METHOD,        /* on the prototype (or the namespace object) */
	ZIGTS_ROW_GETTER,        /* accessor on the prototype */
	ZIGTS_ROW_STATIC         /* on the constructor */
};
struct zigts_row {
	const char *name;        /* "@@iterator" for the well-known symbol: the same function
	                          * as an earlier row's with this fn, if there is one */
	uint8_t kind, nargs;
	uint16_t effect;         /* enum effect; mandatory */
	zigts_native fn;
	zigts_native set;        /* GETTER: the setter, or NULL */
};
#define ZIGTS_FN(name, nargs, effect, fn)     { name, ZIGTS_ROW_METHOD, nargs, effect, fn, NULL }
#define ZIGTS_GETTER(name, effect, fn)        { name, ZIGTS_ROW_GETTER, 0, effect, fn, NULL }
#define ZIGTS_ACCESSOR(name, effect, fn, set) { name, ZIGTS_ROW_GETTER, 0, effect, fn, set }
#define ZIGTS_STATIC(name, nargs, effect, fn) { name, ZIGTS_ROW_STATIC, nargs, effect, fn, NULL }

/* A class of objects whose state is C: `payload` bytes of plain data plus
 * `nslots` JavaScript values (traced, journalled through zigts_host_set_slot).
 * Payload bytes are written once by the maker; later writes go through
 * zigts_host_write, never directly. */
struct zigts_class {
	const char *name;
	uint32_t payload;
	uint16_t nslots;
	uint8_t ctor_nargs;
	uint16_t ctor_effect;
	zigts_native ctor;       /* `new Name(…)`; NULL: cannot be constructed by scripts */
	const struct zigts_row *rows;
	uint32_t nrows;
	/* Named-property fallback for a missing string property (request.headers.host);
	 * NULL: none. Returns ZIGTS_UNDEF when the name is unknown. */
	zigts_val (*named_get)(struct zigts *vm, zigts_val self, zigts_key name);
	/* Names that reflection (keys, spread, JSON) must show; NULL: none. Pushes
	 * strings on `arr`. */
	int (*named_keys)(struct zigts *vm, zigts_val self, zigts_val arr);
	/* Class that this one extends (0: none): its slots and payload come first in
	 * ours, so our objects are objects of that class as well; it extends none
	 * itself. ZIGTS_ITERATOR: the prototype inherits from %IteratorPrototype%. */
	int parent;
};
#define ZIGTS_ITERATOR (-1)
/* Defines the class in the realm (global constructor when `global`). Before
 * the freeze. Returns the class id (> 0), -1 when a name clashes. */
int zigts_add_class(struct zigts *vm, const struct zigts_class *c, bool global);
/* Defines global functions. */
int zigts_add_functions(struct zigts *vm, const struct zigts_row *rows, uint32_t n);
/* The constructor of a class. */
zigts_val zigts_class_ctor(struct zigts *vm, int class_id);
/* Defines a property that is writable and configurable, not enumerable, on an
 * ordinary object. */
void zigts_define(struct zigts *vm, zigts_val o, const char *name, zigts_val v);

/* …one that is enumerable and never changes: the constants of an interface. */
void zigts_define_constant(struct zigts *vm, zigts_val o, const char *name, zigts_val v);
/* The prototype of a class. */
zigts_val zigts_class_proto(struct zigts *vm, int class_id);

/* A new object of the class (prototype: the class's, or that of new.target when
 * called inside its ctor). Payload is zeroed, slots are undefined. */
zigts_val zigts_host_new(struct zigts *vm, int class_id);
/* The payload of v, or NULL (no exception) when v is not of this class. */
const void *zigts_host_payload(zigts_val v, int class_id);
void *zigts_host_init_payload(zigts_val v, int class_id); /* right after zigts_host_new */
void zigts_host_write(struct zigts *vm, zigts_val v, size_t off, const void *p, size_t n);
zigts_val zigts_host_slot(zigts_val v, int i);
void zigts_host_set_slot(struct zigts *vm, zigts_val v, int i, zigts_val x);
/* The user pointer of the current request (set before zigts_call). */
void zigts_set_user(struct zigts *vm, void *user);
void *zigts_user(const struct zigts *vm);

/* Runs when the request ends (native resources), in reverse order. */
int zigts_on_end(struct zigts *vm, void (*fn)(void *), void *arg);
/* Arena memory, 8-aligned, not scanned as values; valid while a C local or a host
 * object points at it, at most until zigts_end. */
void *zigts_scratch(struct zigts *vm, size_t n);

/* Date.now(); taints with EFF_TIME. */
double zigts_date_now(struct zigts *vm);

/* ---- library: globals written in JavaScript ---------------------------------- */

/* A file is an expression, a function. It gets one object, of natives and of intrinsics as
 * they were before any program ran (engine/api/library_natives.c; load(name) gives what
 * another file made), and returns an object: the file's globals and whatever else C or
 * other files ask it for. It runs when it is first needed: before the freeze if the
 * program's code has the name of one of its globals. Its functions show no text. */
struct zigts_library_file { const char *name, *src; size_t n; };  /* name: "…/NAME", for stacks */
struct zigts_library_global { const char *name; unsigned file; };
struct zigts_library {
	const struct zigts_library_file *files;
	const struct zigts_library_global *globals;
	const struct zigts_library_global *mentions; /* no globals: code with the name needs the file, too */
	unsigned nfiles, nglobals, nmentions;
};
/* Before the program is loaded, once. -1: a name clashes. The table is kept. */
int zigts_add_library(struct zigts *vm, const struct zigts_library *lib);
/* More natives (methods) for the object that the files get. Before the freeze. */
void zigts_library_natives(struct zigts *vm, const struct zigts_row *rows, unsigned n);
/* Something that a file returned; the file is run if it was not yet. */
zigts_val zigts_library_get(struct zigts *vm, unsigned file, const char *name);
/* Was it run? */
bool zigts_library_made(const struct zigts *vm, unsigned file);
/* Has the program, as loaded up to now, this text as a name or a string? */
bool zigts_mentions(const struct zigts *vm, const char *name);

/* ---- trace (proof.md; engine.md 18.3) ---------------------------------- */

/* Records effects of the running native beyond its row (EFF_TIME …). */
void zigts_taint(struct zigts *vm, uint32_t effects);
uint32_t zigts_taints(const struct zigts *vm);
/* Where JavaScript first caused effect number `bit` (enum effect_bit) in this
 * request; before zigts_end. False: not known (a limit, the host itself). */
bool zigts_taint_where(const struct zigts *vm, int bit, char *file, size_t nfile, uint32_t *line, uint32_t *col);

#endif
