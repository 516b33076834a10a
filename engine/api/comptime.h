/* comptime.h: private to engine/api: values of comptime(..) while one file is
 * compiled. */
#ifndef ENGINE_API_COMPTIME_H
#define ENGINE_API_COMPTIME_H

#include "engine/front/comptime.h"

struct zigts;

/* A realm of its own, made when the first expression asks for it. */
struct comptime_realm { struct zigts *vm; };

/* A comptime_fn; arg is a struct comptime_realm. */
bool comptime_evaluate(void *arg, struct ast *a, struct node *call, struct sv js, struct parse_error *err);
void comptime_end(struct comptime_realm *r);

#endif
