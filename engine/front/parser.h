/* parser.h: the parser's state, shared by parse*.c and early.c and nobody else.
 *
 * Errors leave by longjmp (lex_fail); what must be freed then hangs on struct
 * parser. Cover grammars: expressions are parsed first and converted by
 * parse_pattern.c; an error that only an expression would be ({a = 1}, a second
 * __proto__) waits in p->pending until the parser knows. */
#ifndef ENGINE_FRONT_PARSER_H
#define ENGINE_FRONT_PARSER_H

#include "engine/front/lex.h"

enum decl_class {
	DECL_PARAM,      /* parameter */
	DECL_VARLIKE,    /* var, and functions at the top of a script or function */
	DECL_LEXICAL,    /* let const class import, functions in modules */
	DECL_BLOCK_FUNC, /* plain sloppy function in a block: may repeat (B.3.2.4) */
	DECL_CATCH,      /* catch (e): var e is allowed (B.3.4) */
	DECL_CATCH_PATTERN,
};

/* One declared name of an open scope; name->scratch is the innermost. */
struct decl {
	struct decl *outer;      /* the same name in an enclosing scope */
	struct decl *next;       /* in the same scope */
	struct scope *scope;
	struct name *name;
	uint32_t var_pos;        /* function scopes: where a var of that name was last seen, + 1 */
	uint8_t cls;
};

/* A sloppy block function that may become a var too (B.3.2.1). */
struct hoist { struct hoist *next; struct node *decl; bool inner; };

enum scope_kind { SCOPE_FUNCTION, SCOPE_MODULE, SCOPE_SCRIPT, SCOPE_BLOCK, SCOPE_CATCH };

struct scope {
	struct scope *up;        /* NULL beyond the program */
	struct fn_state *fn;
	struct decl *decls;
	struct hoist *hoists;
	uint32_t start;          /* offset where it was opened */
	uint8_t kind;
};

/* at: where its statement begins; loop: continue may name it. */
struct label { struct label *up; struct name *name; uint32_t start, at; bool loop; };

/* The function (or program) being parsed. */
struct fn_state {
	struct fn_state *up;
	struct func_info *info;
	struct scope *top;       /* its variable scope */
	struct label *labels;
	uint32_t loops, switches;/* open ones: what break and continue may leave */
	uint32_t yield_pos;      /* last YieldExpression, + 1 */
	uint32_t await_pos;      /* last AwaitExpression, + 1 */
	uint32_t await_name_pos; /* last identifier `await`, + 1 (arrows pass it outwards) */
	uint32_t dup_start, dup_end; /* first repeated parameter, with FI_DUP_PARAMS */
	bool yield_expr;         /* [+Yield] */
	bool await_expr;         /* [+Await] */
	bool await_reserved;     /* await is no identifier (module, static block) */
	bool in_params;
	bool can_return, new_target, super_prop, super_call, no_arguments;
	bool strict_before, no_in_before; /* the parser's, to be restored */
	struct scope scope;
};

/* Private names are kept under their "#x" spelling, which no scope decl has. */
struct private_decl {
	struct private_decl *outer, *next;
	struct class_state *cls;
	struct name *name;
	uint8_t have;            /* 1 getter, 2 setter, 3 both or anything else */
	bool is_static;
};
struct private_use { struct private_use *next; struct name *name; uint32_t start, end; };

struct class_state {
	struct class_state *up;
	struct private_decl *decls;
	struct private_use *uses;    /* not yet known to be declared */
};

struct export_ref { struct export_ref *next; struct name *name; uint32_t start, end; };

struct parser {
	struct lexer lx;             /* first: hot */
	struct ast *ast;
	const struct parse_options *o;
	const char *c_limit;
	struct fn_state *fn;
	struct scope *scope;
	struct class_state *cls;
	struct func_info *program;   /* the root's info */
	bool strict, module, no_in;
	bool guess;                  /* reading as a script what may be a module */
	bool saw_module;             /* guess: it is one */
	bool saw_await;              /* guess: a script's `await` that may be top-level await */
	uint32_t arrow_at;           /* start of the AssignmentExpression: only there may an arrow begin */
	uint32_t pending;            /* offset + 1 of a waiting cover error, 0 none */
	const char *pending_msg;
	struct export_ref *exports;  /* export { local }: must be declared */
	struct export_ref *exported; /* exported names, to find repeats */
	struct node **stack;         /* children of lists being read */
	uint32_t nstack, cap;
	struct parse_error err;
	jmp_buf fail;
};

/* ---- parse.c: tools ---- */

static inline enum tok cur(const struct parser *p) { return (enum tok)p->lx.t.kind; }
static inline uint32_t cur_start(const struct parser *p) { return p->lx.t.start; }
static inline bool cur_nl(const struct parser *p) { return (p->lx.t.flags & TF_NL) != 0; }
static inline void next(struct parser *p) { lex_next(&p->lx); }
static inline bool accept(struct parser *p, enum tok k)
{
	if (p->lx.t.kind != k)
		return false;
	lex_next(&p->lx);
	return true;
}

/* Every recursive production begins with this. */
#define CHECK_DEPTH(p) do { if (unlikely((const char *)__builtin_frame_address(0) < (p)->c_limit)) too_deep(p); } while (0)

#define fail_at(p, start, end, ...) lex_fail(&(p)->lx, start, end, __VA_ARGS__)
NORETURN void too_deep(struct parser *p);
NORETURN void fail_node(struct parser *p, const struct node *n, const char *msg);
/* Unexpected current token; what was wanted may be NULL. */
NORETURN void unexpected(struct parser *p, const char *wanted);
void expect(struct parser *p, enum tok k);
/* Automatic semicolon insertion (12.10). */
void semicolon(struct parser *p);
struct node *mk(struct parser *p, enum node_kind k, uint32_t start);
/* Sets the end to the end of the last token read. */
struct node *done(struct parser *p, struct node *n);
void push(struct parser *p, struct node *n);
/* The children pushed since base, moved to the arena. */
struct nlist take(struct parser *p, uint32_t base);
static inline struct name *wk(const struct parser *p, enum well_known id) { return p->ast->names.known[id]; }

/* ---- parse_expr.c ---- */

struct node *parse_expression(struct parser *p);      /* Expression[?In] */
struct node *parse_expression_in(struct parser *p);   /* Expression[+In] */
struct node *parse_assign(struct parser *p);          /* AssignmentExpression, [?In] */
struct node *parse_assign_in(struct parser *p);       /* [+In] */
/* The same, but a cover error may be left in p->pending. */
struct node *parse_assign_cover(struct parser *p);
struct node *parse_expression_cover(struct parser *p);
void check_pending(struct parser *p);
struct node *parse_lhs(struct parser *p);             /* LeftHandSideExpression */
struct node *string_node(struct parser *p);           /* at STRING */
/* After `(`: arguments up to and with `)`. */
struct nlist parse_arguments(struct parser *p, bool cover, uint16_t *flags);
bool is_arrow(const struct node *n);

/* ---- parse_object.c ---- */

/* What precedes a property or class element's `(`, `:` or `=`. */
struct member_head {
	uint32_t start;              /* where the function's text would begin */
	struct node *key;
	enum prop_kind kind;         /* INIT: nothing said; METHOD: async or * ; GET SET */
	unsigned flags;              /* FI_ASYNC FI_GENERATOR */
	bool computed, is_static, static_block;
	struct token word;           /* the key's token */
};
void parse_member_head(struct parser *p, struct member_head *h, bool in_class);
struct node *parse_object(struct parser *p);

/* ---- parse_func.c ---- */

/* At `(` of a parameter list: the rest of a function. start is where its text
 * begins; id may be NULL. */
struct node *parse_function_rest(struct parser *p, uint32_t start, struct node *id, enum func_kind k, unsigned flags);
struct node *parse_function_expr(struct parser *p, uint32_t start, unsigned flags); /* at `function` */
/* A declaration: at `function`. `default_ok`: export default, id may be absent. */
struct node *parse_function_decl(struct parser *p, uint32_t start, unsigned flags, bool default_ok);
/* Uses noted since an arrow function's head began: see arrow_begin. */
struct arrow_mark { unsigned saved; uint32_t start; };
struct arrow_mark arrow_begin(struct parser *p, uint32_t start);
/* The head was an expression after all. */
void arrow_cancel(struct parser *p, const struct arrow_mark *m);
/* At `=>`: params are expressions in cover form (or patterns made already). */
struct node *parse_arrow(struct parser *p, const struct arrow_mark *m, struct nlist params, unsigned flags);
/* Opens a function: f (the caller's, on the C stack) and its scope; fn_pop ends
 * both and restores strictness. */
void fn_push(struct parser *p, struct fn_state *f, enum func_kind k, unsigned flags, uint32_t start);
void fn_pop(struct parser *p);
/* FormalParameters up to (not with) `close`; fills length and flags. */
struct nlist parse_params(struct parser *p, enum tok close);
/* Statements up to `close`, with a directive prologue; name and params are
 * checked again if it turns strict. */
struct nlist parse_body(struct parser *p, enum tok close, struct node *id, const struct nlist *params);
struct node *parse_field_init(struct parser *p, bool is_static);
struct node *parse_static_block(struct parser *p, uint32_t start);

/* ---- parse_class.c ---- */

struct node *parse_class(struct parser *p, bool is_decl, bool default_ok);
/* A private name is used (at its token). */
void private_use(struct parser *p, const struct token *t);

/* ---- parse_pattern.c ---- */

struct node *parse_binding_ident(struct parser *p);
/* BindingIdentifier or BindingPattern, each name declared as cls. */
struct node *parse_binding(struct parser *p, enum decl_class cls);
struct node *parse_binding_elem(struct parser *p, enum decl_class cls);
/* Expression -> assignment target (destructuring allowed). */
struct node *to_target(struct parser *p, struct node *n);
/* Expression in an arrow head -> parameter; its names are declared. */
struct node *to_param(struct parser *p, struct node *n);
/* Target of ++, +=, for-in: not a pattern. */
void check_simple_target(struct parser *p, struct node *n, const char *what);

/* ---- parse_stmt.c ---- */

struct node *parse_statement_item(struct parser *p);  /* StatementListItem */
struct node *parse_statement(struct parser *p);
struct node *parse_var(struct parser *p, enum decl_kind k, bool in_for);
struct node *parse_block(struct parser *p);
/* A statement that is the body of another one. */
struct node *parse_substatement(struct parser *p);
bool at_let_declaration(struct parser *p);
bool at_async_function(struct parser *p);

/* ---- parse_loop.c ---- */

struct node *parse_for(struct parser *p);
struct node *parse_while(struct parser *p);
struct node *parse_do(struct parser *p);

/* ---- parse_module.c ---- */

struct node *parse_import_decl(struct parser *p);
struct node *parse_export_decl(struct parser *p);
void check_exports(struct parser *p);

/* ---- early.c: names ---- */

void scope_push(struct parser *p, struct scope *s, enum scope_kind k, uint32_t start);
void scope_pop(struct parser *p);
/* Declares a name at [start, end); fails on conflicts. */
void declare(struct parser *p, struct name *n, enum decl_class cls, uint32_t start, uint32_t end);
void declare_function(struct parser *p, struct node *decl, bool plain);
/* Is the name declared in the program's own scope? */
bool declared_at_top(struct parser *p, struct name *n);
/* Fails unless the current token is valid as an identifier reference/binding/label here. */
void check_identifier(struct parser *p, const struct token *t);
/* A name that is bound or assigned: eval, arguments, strict reserved words. */
void check_bound_name(struct parser *p, struct name *n, uint32_t start, uint32_t end);
/* Notes a use of `arguments`. */
void note_arguments(struct parser *p, const struct token *t);
void note_use(struct parser *p, unsigned flags);
void private_declare(struct parser *p, const struct member_head *h);
void class_push(struct parser *p, struct class_state *c);
void class_pop(struct parser *p, struct class_state *c);
struct label *label_find(struct fn_state *f, struct name *n);

#endif
