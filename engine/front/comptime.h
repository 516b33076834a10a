/* comptime.h: comptime(expression): evaluated when the program is loaded and
 * replaced by its value. This part finds the calls, checks that they name nothing
 * but each other's constants and comptime.def, and puts the values where they are
 * used; a hook computes them. */
#ifndef ENGINE_FRONT_COMPTIME_H
#define ENGINE_FRONT_COMPTIME_H

#include "engine/front/scope.h"

/* Evaluates JavaScript text, an operand of a comma, and makes `call` the literal of
 * its value (comptime_become). False: *err has a message; start == end if it is about
 * the whole expression. */
typedef bool comptime_fn(void *arg, struct ast *a, struct node *call, struct sv js, struct parse_error *err);

/* Replaces all calls in the program, which scope.c has been over. A file that declares
 * a variable `comptime` has none. False: *err. */
bool comptime_replace(struct ast *a, comptime_fn *fn, void *arg, const void *c_limit, struct parse_error *err);

/* `to`, a CALL or an IDENT, becomes what the literal `from` is: NUMBER STRING BIGINT
 * NULL_ TRUE_ FALSE_ UNARY ARRAY OBJECT. It keeps its place. */
void comptime_become(struct node *to, const struct node *from);

#endif
