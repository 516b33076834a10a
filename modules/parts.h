/* parts.h: what the files of modules/ share. Not for others. */
#ifndef MODULES_PARTS_H
#define MODULES_PARTS_H

#include "modules/modules.h"
#include "web/web.h"

/* The natives of all modules. */
#define MODULE(name, doc)
#define SCRIPT(name, doc)
#define EXPORT(module, name, fn, nargs, effect, usage, doc) zigts_val fn(struct zigts *vm, zigts_val *a, uint32_t argc);
#define SCRIPTED(module, name, nargs, effect, usage, doc)
#define END(module)
#include "modules/exports.def"

static inline bool mod_nullish(zigts_val v) { return v == ZIGTS_UNDEF || v == ZIGTS_NULL; }
static inline bool mod_is_object(zigts_val v) { return zigts_type(v) == ZIGTS_T_OBJECT; }
/* The bytes of a buffer or a view, else ToString(v) as UTF-8. They stay until
 * JavaScript runs; p NULL: exception. */
struct sv mod_bytes(struct zigts *vm, zigts_val v);
/* A string argument, "what" for the message. p NULL: a TypeError, it is none. */
struct sv mod_string(struct zigts *vm, zigts_val v, const char *what);
/* A finite number, at least lo and at most hi, or the TypeError or RangeError. */
bool mod_number(struct zigts *vm, zigts_val v, const char *what, double lo, double hi, double *out);
/* options.name, or undefined when there are no options. ZIGTS_EXC: a getter threw. */
zigts_val mod_option(struct zigts *vm, zigts_val options, const char *name);
/* The app that the VM runs, and the object of its schemas by name (validate.c). */
const char *modules_app(struct zigts *vm);
zigts_val modules_registry(struct zigts *vm);
/* Makes an own property; the second value of a name makes a list of them. 0 or -1. */
int mod_add(struct zigts *vm, zigts_val o, zigts_val name, zigts_val value);
/* The same for all of a query string. */
int mod_add_query(struct zigts *vm, zigts_val o, struct sv query);
/* Makes an own property. 0 or -1; a value that is ZIGTS_EXC is -1 as well. */
int mod_put(struct zigts *vm, zigts_val o, const char *name, zigts_val v);
/* The bytes as a string value; b is freed. */
zigts_val mod_text(struct zigts *vm, struct buf *b);
/* { ok: true, value } and { ok: false, error } */
zigts_val mod_ok(struct zigts *vm, zigts_val value);
zigts_val mod_err(struct zigts *vm, zigts_val error);

#endif
