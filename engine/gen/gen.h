/* gen.h: source text to code image: parse, early errors, scopes, bytecode. The
 * only header of engine/gen for others. Knows no heap and no engine state; may
 * run in any thread. */
#ifndef ENGINE_GEN_GEN_H
#define ENGINE_GEN_GEN_H

#include "base/buf.h"
#include "engine/code/code.h"
#include "engine/front/comptime.h"
#include "engine/front/parse.h"

struct gen_options {
	enum source_kind kind;
	bool eval;               /* indirect eval (kind SOURCE_SCRIPT): let and class are local to the
	                            code, var and function go to the global object as deletable
	                            properties (DECLGLB has a = 1, DEFGLBFN ic field 1), or are local
	                            too when the code is strict */
	/* Direct eval: the image of the calling code and EVAL's scope in it. fns[0] is then
	 * called in the environment given to EVAL. NULL: indirect. */
	const struct image *caller;
	uint32_t caller_scope;
	bool strict;             /* starts in strict mode */
	bool generator, async;   /* gen_compile_function: the kind of function */
	bool completion;         /* the top level returns the completion value */
	const void *c_limit;     /* as parse_options.c_limit: deepest C stack address */
	parse_regexp_fn *regexp; /* checks regular expression literals; may be NULL */
	void *regexp_arg;
	/* Asked between the phases of a long compilation; false: give up (gen_diag's
	 * `stopped`). NULL: never. */
	bool (*go_on)(void *arg);
	void *go_on_arg;
	/* Computes comptime(..); NULL: that is a call like any other. */
	comptime_fn *comptime;
	void *comptime_arg;
};

/* Why compilation failed. Strings are malloc'd; gen_diag_free releases them.
 * text is "FILE:LINE:COL: SyntaxError: MSG", the source line, a caret line. */
struct gen_diag {
	char *message, *text;
	uint32_t line, col;
	bool too_deep;           /* out of C stack: RangeError rather than SyntaxError */
	bool stopped;            /* by go_on */
};
void gen_diag_free(struct gen_diag *d);

/* The image of a program; image_free ends it. NULL: *d says why. o may be NULL
 * (script). Module images: fns[0] has one parameter: called with `true` it only
 * initialises var bindings and function declarations (16.2.1.6.4), with `false`
 * it runs the rest, with undefined it does both. With top-level await fns[0] is an
 * async function: every call returns a promise. */
struct image *gen_compile(const char *file, const char *src, size_t n, const struct gen_options *o, struct gen_diag *d);
/* `new Function` (20.2.1.1): the top level of the image returns the closure.
 * The text of the function is what the image holds as its source. */
struct image *gen_compile_function(const char *file, struct sv params, struct sv body, const struct gen_options *o,
	struct gen_diag *d);

/* What `zigttp run --dump=STAGE` shows. */
enum gen_stage { GEN_TOKENS, GEN_AST, GEN_SCOPES, GEN_JS, GEN_CODE };
/* "tokens" "ast" "scopes" "js" "code"; -1: unknown. */
int gen_stage_of(const char *name);
int gen_dump(enum gen_stage stage, const char *file, const char *src, size_t n, const struct gen_options *o,
	struct buf *out, struct gen_diag *d);

#endif
