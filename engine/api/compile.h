/* compile.h: private to engine/api: calling the code generator. */
#ifndef ENGINE_API_COMPILE_H
#define ENGINE_API_COMPILE_H

#include "engine/api/api.h"
#include "engine/gen/gen.h"

struct gen_options gen_options_of(enum zigts_source kind, const void *c_limit);

/* eval.c: around the compilation of n bytes in a VM that may be serving a request:
 * room for it, and its time. begin false: an exception is pending. */
bool compile_begin(struct vm *vm, size_t n);
void compile_end(struct vm *vm, size_t n);
bool compile_go_on(void *vm);    /* gen_options.go_on */

/* regexp.c: parse_regexp_fn: the early errors of regular expression literals. arg:
 * the lowest address recursion may reach. */
bool regexp_check(void *arg, struct sv pattern, struct sv flags, const char **msg, uint32_t *off);

#endif
