/* compile.h: private to engine/api: calling the code generator. */
#ifndef ENGINE_API_COMPILE_H
#define ENGINE_API_COMPILE_H

#include "engine/api/api.h"
#include "engine/gen/gen.h"

struct gen_options gen_options_of(enum zigts_source kind, const void *c_limit);

/* regexp.c: parse_regexp_fn: the early errors of regular expression literals. arg:
 * the lowest address recursion may reach. */
bool regexp_check(void *arg, struct sv pattern, struct sv flags, const char **msg, uint32_t *off);

#endif
