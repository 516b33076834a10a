/* builtins.h: the built-in objects. Each NAME.c holds its tables of rows (arity,
 * attributes, effect, specification clause) and one init function that makes
 * the constructor and prototype when the realm is set up. */
#ifndef ENGINE_BUILTINS_BUILTINS_H
#define ENGINE_BUILTINS_BUILTINS_H

#include "engine/vm/vmcode.h"

#define BUILTIN(name) void builtin_##name##_init(struct vm *vm);
#include "engine/builtins/builtins.def"

/* Function and its like (20.2.1.1): compiles source text; def->magic says of which
 * kind the function is to be. */
val function_construct(struct vm *vm, val *a, uint32_t argc);
/* Makes such a constructor that is no global, and returns the prototype of the
 * functions it makes, which goes to `slot`. */
struct obj *function_kind(struct vm *vm, const struct native_def *def, enum intrinsic slot);

/* The print function of the command line and of tests: ToString of each argument,
 * joined by blanks, and a newline. Not part of the realm unless asked for. */
void console_install_print(struct vm *vm);

#endif
