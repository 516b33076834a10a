/* api.h: private to engine/api: how the public handles map to the engine. A
 * `struct zigts` is a struct vm; a zigts_val is a val. */
#ifndef ENGINE_API_API_H
#define ENGINE_API_API_H

#include "engine/include/zigts.h"
#include "engine/vm/vmcode.h"

static inline struct vm *vm_of(struct zigts *z) { return (struct vm *)(void *)z; }
static inline const struct vm *vm_of_const(const struct zigts *z) { return (const struct vm *)(const void *)z; }
static inline struct zigts *zigts_of(struct vm *vm) { return (struct zigts *)(void *)vm; }

_Static_assert(sizeof(zigts_val) == sizeof(val) && ZIGTS_UNDEF == V_UNDEF && ZIGTS_EXC == V_EXC &&
	       ZIGTS_NULL == V_NULL && ZIGTS_TRUE == V_TRUE && ZIGTS_FALSE == V_FALSE, "public constants");

struct gen_diag;
/* zigts.c */
void diag_from_error(struct zigts_diag *out_or_null, const char *name, const struct gen_diag *e);

/* limits.c */
int limits_after_fork(void);
void limits_begin(struct vm *vm, const struct zigts_limits *l);
void limits_end(struct vm *vm);
/* While the VM waits its clocks go on and nothing ticks. Returns the CLOCK_MONOTONIC
 * time of the deadline, UINT64_MAX: none; resume asks the VM to stop if that has passed. */
uint64_t limits_pause(struct vm *vm);
void limits_resume(struct vm *vm);

/* eval.c: indirect eval and the Function constructor */
void eval_init(struct vm *vm);
/* Compiles and runs a script in the global scope: its completion value. */
val eval_script(struct vm *vm, const char *name, const char *src, size_t n);

/* …of a file of the library. */
val eval_library(struct vm *vm, const char *name, const char *src, size_t n);

/* library.c: globals written in JavaScript */
int library_freeze(struct vm *vm);       /* makes those that the code mentions: 0 or -1 */
void library_free(struct vm *vm);
/* library_natives.c: fills the object that the files get. */
void library_natives(struct vm *vm, struct obj *internal);

/* load.c: modules and their files */
void load_init(struct vm *vm);
void load_free(struct vm *vm);
/* import() in code that was made at run time means what it means in the code that
 * made it. */
void load_inherit(struct vm *vm, struct unit *u);

/* jsx.c: the globals h, Fragment and renderToString. Before any other class. */
void jsx_init(struct vm *vm);

/* host.c */
void host_free(struct vm *vm);
void host_init(struct vm *vm);
/* Functions of the rows as properties of o. Gives what they need while the VM lives. */
struct native_def *host_functions(struct vm *vm, struct obj *o, const struct zigts_row *rows, uint32_t n);
/* Is it a name that only native modules have? */
bool host_is_module(const char *specifier);
/* The native module of that name; NULL: `why` says that there is none. */
const struct zigts_module *host_module_find(struct vm *vm, const char *name, struct buf *why);
/* The record of one without source, made when first asked for. NULL: an exception. */
struct module;
struct module *host_module(struct vm *vm, const struct zigts_module *def, const char *name);
extern const struct exotic host_named_exotic;

#endif
