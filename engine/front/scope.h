/* scope.h: names resolved. One pass over the AST of a program finds for every
 * identifier the variable it means, which variables inner functions capture,
 * which reads must check for the temporal dead zone, and which language parts
 * the code generator does not know (reported as errors here, so that the
 * generator meets none of them).
 *
 * What it leaves in the AST:
 *   IDENT.ref, BINDING.ref     struct var *, or NULL: a property of the global
 *                              object or a global lexical binding
 *   IDENT.mark BINDING.mark    enum ref_mark: may be read before initialisation; may
 *                              mean something else at run time
 *   PRIVATE_NAME PRIVATE_MEMBER PRIVATE_IN .mark   scopes.vars index + 1
 *   BLOCK FOR FOR_IN FOR_OF SWITCH CATCH STATIC_BLOCK .mark   scopes.table
 *                              index + 1, or 0: declares nothing
 *   VAR.mark (left of FOR_IN FOR_OF)   scope of the names' dead zone while the
 *                              right side is evaluated, or 0
 *   WITH.mark                  scopes.table index + 1
 *   CALL.mark                  NF_DIRECT_EVAL: 1 if the call is strict code
 *   FUNC_DECL.mark             NF_ANNEX_B: scopes.vars index + 1 of the var the
 *                              function is copied to; ANNEX_B_GLOBAL: a binding of the
 *                              program's variable environment (eval_scope)
 *   CLASS_DECL EXPORT_DEFAULT EXPORT_SPEC .mark   scopes.vars index + 1 of the variable that
 *                              gets the value; 0: a global lexical binding
 *   func_info.scope            struct fscope *
 *   CLASS.ref                  struct class_scope *
 * name->scratch is NULL again afterwards.
 *
 * Names bound at run time. A scope with a `dyn` variable may hold more names than
 * the text says: the object of a with statement, or the object of the variables that
 * sloppy direct eval makes in the function (absent until it makes one). References
 * through such scopes are marked REF_DYN; ref is what they mean if no object has
 * the name. Around a direct eval every name is captured: eval code finds it in the
 * environments. Code compiled for a direct eval gets the scopes around the call as
 * `struct outer_scope`, outermost first.
 *
 * Everything is in the AST's arena, except the two tables of struct scopes. */
#ifndef ENGINE_FRONT_SCOPE_H
#define ENGINE_FRONT_SCOPE_H

#include "engine/front/ast.h"
#include "engine/front/parse.h"

enum var_kind {
	VAR_VAR,            /* var; function declarations of a function's top level */
	VAR_PARAM,
	VAR_ARGUMENTS,      /* the implicit binding */
	VAR_SELF,           /* name of a function expression: immutable, silently in sloppy code */
	VAR_BLOCK_FUNC,     /* function in a block (or module) */
	VAR_CATCH,
	VAR_IMPORT,
	VAR_LET, VAR_CONST, VAR_CLASS,
	VAR_CLASS_SELF,     /* the class's name inside the class: constant */
	VAR_PRIVATE,        /* holds a private name */
	VAR_PROP,           /* of a lowered enum or namespace: a property of the variable `from` */
	/* without a name: */
	VAR_THIS, VAR_NEW_TARGET, VAR_HOME, VAR_CALLEE, /* the function's own, for arrows inside */
	VAR_ARGOBJ,         /* mapped arguments object, home of the parameters */
	VAR_HIDDEN,         /* a computed field key or a private method's closure */
	VAR_DYN,            /* object of the variables made by direct eval; HOLE: none yet */
	VAR_WITH,           /* object of a with statement */
};

enum ref_mark { REF_CHECK = 1, REF_DYN = 2 };
#define ANNEX_B_GLOBAL UINT32_MAX

struct vscope; struct fscope;

struct var {
	struct name *name;          /* NULL for the nameless kinds */
	struct vscope *scope;
	struct var *next;           /* in the scope, in order of declaration */
	struct var *shadowed;       /* while the pass is inside */
	struct var *from;           /* var of a separate body scope: the parameter it starts from */
	struct node *func;          /* the FUNC a function declaration gives it (the last one) */
	uint32_t *writes;           /* offsets of assignments, ascending; initialisations are not counted */
	uint32_t nwrites, cap;
	uint32_t nrefs;             /* all uses, assignments included */
	uint32_t init_end;          /* lexical: code from this offset on finds it initialised; 0 always */
	uint32_t case_no;           /* declared in this case (from 1) of a switch */
	uint32_t index;             /* in scopes.vars */
	uint16_t param;             /* VAR_PARAM: register of the plain parameter, 0 part of a pattern */
	uint8_t kind;               /* enum var_kind */
	bool captured;              /* used by an inner function */
	bool maybe_object;          /* some assignment may give it an object */
	bool done;                  /* maybe_object is final */
	bool tdz;                   /* some use checks for the dead zone: must hold HOLE before */
	bool first_is_init;         /* var: assigned before any other use, in straight-line code */
	bool exported;
	bool mapped;                /* parameter that lives in the mapped arguments object */
	/* engine/gen's */
	uint8_t loc;
	uint8_t reg;
	uint32_t slot;
};

enum vscope_kind { VS_FUNCTION, VS_BODY, VS_BLOCK, VS_FOR, VS_HEAD, VS_SWITCH, VS_CATCH, VS_CLASS, VS_STATIC_BLOCK,
	VS_WITH };

struct vscope {
	struct vscope *parent;      /* lexical, across functions */
	struct fscope *fn;
	struct var *vars, **tail;
	struct node **funcs;        /* FUNC_DECLs to instantiate on entry, in order */
	uint32_t nfuncs;
	uint32_t start;             /* offset */
	uint32_t cur_case;          /* while the pass is inside a switch */
	uint32_t index;             /* in scopes.table */
	uint8_t kind;
	bool init_closure;          /* VS_FOR: the head's initialiser makes closures */
	bool kept;                  /* around a direct eval: every name is captured */
	struct var *dyn;            /* VAR_DYN or VAR_WITH, or NULL */
	/* engine/gen's */
	bool has_env, open;
	int spill;                  /* outer gfn->spill */
	uint8_t env_reg;
	uint32_t nslots;
	uint32_t image_scope;       /* index in the image + 1; 0: not described */
	uint32_t dyns_stamp, dyns;  /* constant that lists the dynamic scopes from here on */
};

/* One function to compile: a FUNC, the PROGRAM, or one of the two functions
 * that run a class's instance and static initialisers. */
struct fscope {
	struct fscope *parent;
	struct vscope *outer;       /* scope it is created in */
	struct vscope *top;         /* parameters (and the body unless `body` differs) */
	struct vscope *body;
	struct node *node;          /* FUNC, PROGRAM, or CLASS for initialisers */
	struct func_info *info;     /* NULL for initialisers */
	struct class_scope *cls;    /* constructors and initialisers: their class */
	struct var *this_var, *newt_var, *home_var, *callee_var, *argobj_var; /* only if captured by arrows (argobj: if mapped) */
	struct var *args_var, *self_var;
	uint32_t eff_pos;           /* offset where the closure comes to exist, in the parent's text */
	uint32_t args_refs, args_safe;
	bool needs_outer;           /* it or a function inside uses variables outside of it */
	bool uses_this;             /* incl. arrows inside */
	bool arrow, strict;         /* arrow: `this` and the like are the parent's (eval code too) */
	bool split;                 /* the body has a scope of its own: body != top */
	bool outer_fn;              /* made from an outer_scope: compiled before */
	bool has_fields;            /* outer constructor: its class may have instance elements */
	bool param_writes;          /* some parameter is assigned */
	bool mapped;                /* parameters live in the arguments object */
	bool is_static;             /* initialisers */
	uint32_t image_fn;          /* engine/gen's: index in the image */
};

struct class_scope {
	struct vscope *scope;
	struct var *self;
	struct fscope *inst, *stat; /* initialiser functions, or NULL */
	struct var **hidden;        /* per element: computed field key, private method closure, or NULL */
	bool derived;
	uint32_t end;               /* offset: the class's text is scope->start .. end */
};

struct import_binding { struct name *name /* NULL: namespace */, *local; struct node *decl /* IMPORT */, *spec; };

struct scopes {
	struct ast *ast;
	struct vscope **table; uint32_t nscopes, cap_scopes;
	struct var **vars; uint32_t nvars, cap_vars;
	struct fscope *program;
	/* script (or sloppy eval): what goes to the global environment, or to eval_scope */
	struct name **global_vars; uint32_t nglobal_vars;
	struct node **global_funcs; uint32_t nglobal_funcs;     /* FUNC_DECLs, the last of each name */
	struct node **global_soft; uint32_t nglobal_soft;       /* NF_ANNEX_B FUNC_DECLs that make a var if
	                                                         * nothing is in the way (B.3.2.2, B.3.2.3) */
	struct vscope *eval_scope;  /* sloppy direct eval in a function: where its vars go; else NULL */
	uint32_t nouter;            /* vars[0 .. nouter) belong to outer scopes */
	/* module */
	struct import_binding *imports; uint32_t nimports;
	uint32_t nfuncs;            /* functions incl. initialisers */
};

/* The scopes around a direct eval, as they were left by the compilation of the
 * code that calls it. Slots are those of the scope's environment. */
struct outer_var {
	struct name *name;          /* NULL: nameless kind */
	uint32_t slot;
	uint16_t param;
	uint8_t kind;               /* enum var_kind */
	bool mapped;
};
struct outer_scope {
	uint8_t kind;               /* enum vscope_kind */
	bool has_env;
	bool function;              /* the top scope of a function; the next five are its own */
	bool initialiser;           /* … that runs class fields: no info */
	bool split, has_fields;
	uint8_t func_kind;          /* enum func_kind */
	uint32_t func_flags;        /* enum func_flags */
	const struct outer_var *vars; uint32_t nvars;
};

/* Resolves a->root. False: *err is filled (msg, start, end). s must be freed in
 * either case. c_limit as in parse_options. outer: for direct eval, else NULL. */
bool scopes_resolve(struct scopes *s, struct ast *a, const void *c_limit, const struct outer_scope *outer, uint32_t nouter,
	struct parse_error *err);
/* The variable of that name which declarations of a var in the scope mean, or NULL. */
struct var *scope_find_var(const struct vscope *sc, const struct name *name);
void scopes_free(struct scopes *s);
/* Does the source range assign the variable? O(log n). */
bool var_written_in(const struct var *v, uint32_t start, uint32_t end);
/* Is the expression's value certainly no object? Sound once resolution is done. */
bool expr_is_primitive(const struct node *n);
static inline bool var_is_lexical(const struct var *v) { return v->kind >= VAR_LET && v->kind <= VAR_CLASS_SELF; }
static inline struct vscope *scopes_at(const struct scopes *s, uint32_t mark) { return mark ? s->table[mark - 1] : NULL; }
/* FUNC of an (optionally labelled) function declaration, or NULL; the
 * FUNC_DECL itself in *decl. Sees through export. */
struct node *scope_function_decl(struct node *stmt, struct node **decl);
/* Functions, scopes and variables as text, one a line. */
void dump_scopes(const struct scopes *s, struct buf *out);

#endif
