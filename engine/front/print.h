/* print.h: an AST as JavaScript text. What TypeScript, JSX and comptime were
 * lowered to is printed as the code that runs; types leave nothing. */
#ifndef ENGINE_FRONT_PRINT_H
#define ENGINE_FRONT_PRINT_H

#include "engine/front/ast.h"

struct printer {
	struct buf *out;
	struct src *src;
	const char *c_limit;     /* deepest C stack address */
	uint32_t line, col;      /* where the next character goes: 1-based, in UTF-16 units */
	bool keep;               /* tokens stand where the source has them, if they can */
	bool too_deep;           /* gave up: the text is not whole */
};

/* The program, after scope.c, appended to out, each token in the source's line and,
 * where what was made up leaves room, column. False: nested too deeply. */
bool print_program(const struct ast *a, const void *c_limit, struct buf *out);
/* One expression on as few lines as its templates have, as an operand of a comma. */
bool print_expression(const struct ast *a, const struct node *n, const void *c_limit, struct buf *out);

/* print.c, for print_expr.c and back */
void print_raw(struct printer *p, const char *s, size_t n);
void print_put(struct printer *p, const char *s, size_t n); /* not joined with the token before */
void print_text(struct printer *p, const char *s);
void print_at(struct printer *p, uint32_t off);
void print_name(struct printer *p, const struct name *n);
void print_quoted(struct printer *p, const struct name *n);
bool print_deep(struct printer *p);
/* The statements between braces. */
void print_body(struct printer *p, struct nlist l);
/* print_expr.c */
enum print_level { LEVEL_SEQUENCE, LEVEL_ASSIGN, LEVEL_COND, LEVEL_OR, LEVEL_AND, LEVEL_BITOR, LEVEL_BITXOR, LEVEL_BITAND,
	LEVEL_EQUAL, LEVEL_RELATION, LEVEL_SHIFT, LEVEL_ADD, LEVEL_MUL, LEVEL_POW, LEVEL_UNARY, LEVEL_POSTFIX,
	LEVEL_CALL, LEVEL_MEMBER, LEVEL_PRIMARY };
/* In parentheses if it binds less than min. */
void print_expr(struct printer *p, const struct node *n, enum print_level min);
/* Where a { or a function would be a statement. */
void print_leading(struct printer *p, const struct node *n, enum print_level min);
/* A binding, pattern or assignment target, perhaps with a default. */
void print_target(struct printer *p, const struct node *n);
void print_function(struct printer *p, const struct node *n);
void print_class(struct printer *p, const struct node *n);

#endif
