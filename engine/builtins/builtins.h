/* builtins.h: the built-in objects. Each NAME.c holds its tables of rows (arity,
 * attributes, effect, specification clause) and one init function that makes
 * the constructor and prototype when the realm is set up. */
#ifndef ENGINE_BUILTINS_BUILTINS_H
#define ENGINE_BUILTINS_BUILTINS_H

#include "engine/vm/vmcode.h"

#define BUILTIN(name) void builtin_##name##_init(struct vm *vm);
#include "engine/builtins/builtins.def"

#endif
