/* scope_internal.h: what scope.c (statements, functions, classes) and
 * scope_expr.c (expressions, variables) share. For nobody else. */
#ifndef ENGINE_FRONT_SCOPE_INTERNAL_H
#define ENGINE_FRONT_SCOPE_INTERNAL_H

#include "engine/front/scope.h"

struct resolver {
	struct scopes *s;
	struct ast *ast;
	struct fscope *fn;
	struct vscope *scope;
	const char *c_limit;
	struct parse_error *err;
	bool failed;
	uint32_t branchy;            /* > 0: inside a statement that may skip or repeat code */
	uint32_t closures;           /* functions seen so far */
	uint32_t ndyn;               /* open scopes with a dyn variable */
	struct node **spine; size_t nspine, cap_spine;
	bool primitive;              /* the next target gets a value that is no object */
	bool local_vars;             /* var at the top is no global */
};

/* ---- scope_expr.c ---- */
void scope_fail(struct resolver *r, const struct node *n, const char *msg);
void scope_unsupported(struct resolver *r, const struct node *n, const char *what);
bool scope_deep(struct resolver *r, const struct node *n);
struct vscope *scope_new(struct resolver *r, enum vscope_kind kind, uint32_t start);
void scope_enter(struct resolver *r, struct vscope *sc);
void scope_leave(struct resolver *r);
struct var *scope_var(struct resolver *r, struct vscope *sc, struct name *name, enum var_kind kind);
struct var *scope_declare(struct resolver *r, struct name *name, enum var_kind kind);
struct var *scope_use(struct resolver *r, struct name *name, uint32_t pos, bool write, bool *check);
struct var *scope_private(struct resolver *r, struct name *bare);
struct name *scope_private_name(struct resolver *r, struct name *bare);
/* A variable of an enclosing function is used here: captured. */
void scope_capture(struct resolver *r, struct var *v);
void scope_expr(struct resolver *r, struct node *n);
/* An assignment target or binding pattern. `init`: BINDINGs are initialised
 * lexical variables or parameters rather than assigned vars. */
void scope_target(struct resolver *r, struct node *n, bool init);

/* ---- scope_dynamic.c ---- */
/* The variable that holds the current scope's dynamic names. */
void scope_add_dyn(struct resolver *r, enum var_kind kind);
/* May an object bind the name that statically means v (NULL: a global)? The
 * objects' variables are captured. */
bool scope_is_dynamic(struct resolver *r, const struct var *v);
void scope_direct_eval(struct resolver *r, struct node *call);
void scope_open_outer(struct resolver *r, const struct outer_scope *outer, uint32_t n);
/* Sloppy direct eval: 19.2.1.3 steps 1-3 and B.3.2.3. */
void scope_eval_conflicts(struct resolver *r);
struct fscope *scope_this_function(struct resolver *r);
/* f's own variable of that kind, made if need be, is used from an inner function. */
void scope_own(struct resolver *r, struct var **slot, struct fscope *f, enum var_kind kind);

/* ---- scope.c ---- */
struct fscope *scope_new_function(struct resolver *r, struct node *node, uint32_t eff_pos);
void scope_func(struct resolver *r, struct node *n, uint32_t eff_pos);
void scope_class(struct resolver *r, struct node *n);

#endif
