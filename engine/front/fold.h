/* fold.h: operators on numbers that are known before the program runs. The
 * results are those of the engine, bit for bit. */
#ifndef ENGINE_FRONT_FOLD_H
#define ENGINE_FRONT_FOLD_H

#include "engine/front/ast.h"

/* ToInt32 (7.1.6). */
int32_t fold_to_int32(double d);
/* a op b (6.1.6.1); false: not an arithmetic, shift or bitwise operator. */
bool fold_binary(enum oper op, double a, double b, double *out);
/* The number that an expression of numbers and operators is. With math, it may call
 * functions of Math, which then nobody must have changed. False: unknown. */
bool fold_number(const struct node *n, bool math, double *out);

#endif
