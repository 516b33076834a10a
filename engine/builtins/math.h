/* math.h: natives of Math that have a file of their own. */
#ifndef ENGINE_BUILTINS_MATH_H
#define ENGINE_BUILTINS_MATH_H

#include "engine/vm/vmcode.h"

val math_sum_precise(struct vm *vm, val *a, uint32_t argc);

#endif
