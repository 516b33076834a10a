/* parse.h: source text -> AST, with all early errors of ECMA-262 (ES2024, plus
 * Annex B in scripts) except the validity of regular expression patterns, which
 * a hook checks. Reads engine/front and base only; no engine state, no globals. */
#ifndef ENGINE_FRONT_PARSE_H
#define ENGINE_FRONT_PARSE_H

#include "base/buf.h"
#include "engine/front/ast.h"

enum source_kind {
	SOURCE_SCRIPT,
	SOURCE_MODULE,
	SOURCE_GUESS,            /* module iff import/export declarations, import.meta
	                            or top-level await occur, else script */
};

enum parse_flags {
	PARSE_STRICT = 1,        /* starts strict (strict direct eval, -s) */
	PARSE_EVAL = 2,          /* root info kind FUNC_EVAL; hashbang still allowed */
	/* for direct eval (19.2.1.1 step 11 on) and parse_function */
	PARSE_ALLOW_NEW_TARGET = 4,
	PARSE_ALLOW_SUPER_PROP = 8,
	PARSE_ALLOW_SUPER_CALL = 16,
	PARSE_NO_ARGUMENTS = 32, /* in a class field initialiser: `arguments` is an error */
	/* for parse_function */
	PARSE_FUNC_ASYNC = 64,
	PARSE_FUNC_GENERATOR = 128,
	PARSE_ALLOW_RETURN = 256,/* return at top level (tools only) */
	PARSE_ALLOW_UNDECLARED_PRIVATE = 512, /* for syntax-only tools */
	PARSE_TS = 1024,         /* TypeScript: types are read, kept in the tree, and mean nothing */
	PARSE_JSX = 2048,        /* < where an expression begins opens an element */
};

/* Says whether the pattern is valid; if not, *msg (static or arena) and *off
 * (byte offset within the pattern) describe the error. */
typedef bool parse_regexp_fn(void *arg, struct sv pattern, struct sv flags, const char **msg, uint32_t *off);

struct parse_options {
	enum source_kind kind;
	unsigned flags;          /* enum parse_flags */
	const struct sv *private_names; /* names (without #) of enclosing classes, for direct eval */
	size_t nprivate_names;
	/* Recursion ends with an error once the address of a C local falls
	 * below c_limit. NULL: 1 MiB below the caller's frame. */
	const void *c_limit;
	parse_regexp_fn *regexp; /* NULL: patterns are not checked */
	void *regexp_arg;
};

/* The first error found. `msg` is NUL-terminated, without file and position. */
struct parse_error {
	char msg[256];
	uint32_t start, end;     /* offending range, byte offsets */
	uint32_t line, col;      /* of start */
	bool too_deep;           /* out of C stack rather than wrong syntax */
	const char *kind;        /* for diag_render; NULL: SyntaxError */
};

/* Parses s into *a (which is initialised here; the caller ends it with ast_free
 * in either case). False: *err says why and a->root is NULL. s must outlive a. */
bool parse_source(struct ast *a, struct src *s, const struct parse_options *o, struct parse_error *err);
/* CreateDynamicFunction (20.2.1.1.1): the texts of the parameters (joined by
 * commas) and of the body, checked each on its own as steps 15-20 ask. Fills
 * *s with the text "function anonymous(P\n) {\nB\n}" (owned by a's arena,
 * s->file is the caller's) and parses that: a->func is the FUNC, without id (its
 * name is "anonymous"). Flags say async/generator. */
bool parse_function(struct ast *a, struct src *s, struct sv params, struct sv body,
	const struct parse_options *o, struct parse_error *err);
void ast_free(struct ast *a);
/* Elements of constants alone, inside of a module's functions, are made once, before
 * the module's other statements. Only where h is the global one; between parse_source
 * and scope.c. */
void hoist_elements(struct ast *a);

/* The AST as indented text, one node a line: stable, for tests and --dump=ast. */
void dump_ast(const struct ast *a, struct buf *out);
/* The tokens, one a line; false at the first lexical error. The lexer alone
 * cannot tell a regular expression from a division: it guesses by the token
 * before, as highlighters do. */
bool dump_tokens(struct src *s, struct buf *out, struct parse_error *err);
/* FILE:LINE:COL: KIND: MSG, the source line, and a caret line. */
void diag_render(struct src *s, const struct parse_error *e, struct buf *out);

#endif
