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
	DECL_SPACE,      /* exported variable of a namespace: a property */
};

/* One declared name of an open scope; name->scratch is the innermost. */
struct decl {
	struct decl *outer;      /* the same name in an enclosing scope */
	struct decl *next;       /* in the same scope */
	struct scope *scope;
	struct name *name;
	const struct node *value;/* of a const of TypeScript without a type: what it is initialised with */
	uint32_t var_pos;        /* function scopes: where a var of that name was last seen, + 1 */
	uint8_t cls;
};

/* A sloppy block function that may become a var too (B.3.2.1). */
struct hoist { struct hoist *next; struct node *decl; bool inner; };

enum scope_kind { SCOPE_FUNCTION, SCOPE_MODULE, SCOPE_SCRIPT, SCOPE_BLOCK, SCOPE_CATCH };

/* A lowered enum or namespace; all parts of one share it. */
struct space {
	struct space *next;          /* in the same scope, or exported by the same namespace */
	struct space *inner;         /* exported by it */
	struct name *name;
	struct ts_names names;
	struct ts_value *values;     /* of an enum's members */
	struct nlist_item *idents;   /* IDENTs made for the parameter of the part being read */
	bool is_enum;
};

struct scope {
	struct scope *up;        /* NULL beyond the program */
	struct fn_state *fn;
	struct space *spaces;    /* enums and namespaces declared in it */
	struct decl *decls;
	struct hoist *hoists;
	uint32_t start;          /* offset where it was opened */
	uint8_t kind;
	bool cases;              /* of a switch */
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
	struct nlist_item *args; /* T_ARGs of the parameter list being read, the last first */
	struct nlist_item *props; /* its parameter properties (BINDINGs), the last first */
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
	struct nlist_item *props;    /* parameter properties of the constructor */
	struct nlist_item *members;  /* T_MEMBERs: what leaves nothing */
};

struct nlist_item { struct nlist_item *next; struct node *n; };

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
	bool ts, jsx;
	bool space_export;           /* the variables declared next are the namespace's */
	bool no_cond;                /* types: `extends` belongs to an outer conditional type */
	uint32_t then_at;            /* start of an expression that a ':' must follow: there (a): b => c is doubtful */
	uint32_t ambient;            /* > 0: nothing read is declared or run */
	uint64_t wasted;             /* bytes read again after a wrong guess */
	struct space *space;         /* the namespace whose body is being read */
	struct scope *space_scope;   /* and the scope of that body */
	struct nlist_item *notes;    /* TS_NOTEs, the last first */
	struct trial *trial;         /* the innermost one that runs */
	struct parse_error err;
	jmp_buf fail;
};

/* What try_parse puts back. */
struct trial {
	struct trial *up;
	struct lex_mark at;
	struct scope *scope;
	struct class_state *cls;
	struct fn_state *fn, fn_copy;
	struct func_info info_copy;
	struct private_use *uses;
	struct nlist_item *notes;
	struct space *space;
	struct scope *space_scope;
	uint32_t nstack, pending, ambient, arrow_at;
	bool strict, no_in, no_cond;
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
/* At what cannot follow: fails with a hint if it is a type. */
void no_types(struct parser *p);
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
/* At an `await` that waits. */
void parse_note_await(struct parser *p);
struct node *parse_unary(struct parser *p);           /* UnaryExpression */
struct node *parse_lhs(struct parser *p);             /* LeftHandSideExpression */
struct node *string_node(struct parser *p);           /* at STRING */
/* After `(`: arguments up to and with `)`. */
struct nlist parse_arguments(struct parser *p, uint16_t *flags);
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
struct node *parse_arrow(struct parser *p, const struct arrow_mark *m, struct nlist params, unsigned flags,
	struct node *sig);
/* The rest of an arrow function whose parameters are not read as expressions: at
 * `(` behind type parameters. */
struct node *parse_generic_arrow(struct parser *p, uint32_t start, struct node *tparams, unsigned flags);
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
/* At what follows a binding: the two with its default, if there is one. */
struct node *parse_default(struct parser *p, struct node *target, uint32_t start);
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
/* At `using x` or `await using x`: true and its kind. */
bool at_using_declaration(struct parser *p, enum decl_kind *k, bool in_for);
bool at_async_function(struct parser *p);

/* ---- parse_loop.c ---- */

struct node *parse_for(struct parser *p);
struct node *parse_while(struct parser *p);
struct node *parse_do(struct parser *p);

/* ---- parse_module.c ---- */

struct node *parse_import_decl(struct parser *p);
struct node *parse_import_rest(struct parser *p, struct node *n); /* behind `import` */
struct node *parse_export_all(struct parser *p, uint32_t start);  /* at * */
struct node *parse_export_list(struct parser *p, uint32_t start); /* at { */
struct node *parse_export_decl(struct parser *p);
void check_exports(struct parser *p);
void export_bound(struct parser *p, const struct node *n); /* the names it binds are exported */

/* ---- parse_type.c: types, which have no effect but on the position ---- */

struct node *parse_type(struct parser *p);
struct node *parse_type_params(struct parser *p);     /* at < */
struct node *parse_type_args(struct parser *p);       /* at < or << */
struct node *parse_annotation(struct parser *p);      /* at `:`: its type */
struct node *parse_return_type(struct parser *p);     /* at `:`: may be a predicate */
/* Type, or `(` parameters `)` return type, of a signature; `ret` is T_COLON or T_ARROW. */
struct node *parse_type_sig(struct parser *p, enum tok ret);
struct node *parse_type_object(struct parser *p);     /* at { of an interface */
struct node *parse_type_name(struct parser *p);       /* A.B<C> */
/* At `[` of an index signature, up to its type. */
bool at_index_signature(struct parser *p);
struct node *parse_index_signature(struct parser *p);

/* ---- parse_ts.c ---- */

/* Runs fn, and is back where it began if that fails or returns false. */
bool try_parse(struct parser *p, bool (*fn)(struct parser *p, void *arg), void *arg);
bool at_word(const struct parser *p, enum well_known id);
/* A statement that only TypeScript has, or NULL. Several nodes: all but the last
 * are pushed. */
struct node *parse_ts_statement(struct parser *p);
struct node *parse_ts_export(struct parser *p, struct node *n); /* behind `export`; NULL: nothing special */
struct node *parse_ts_import(struct parser *p, struct node *n); /* behind `import`; NULL: nothing special */
/* Behind an operand, at `as`, `satisfies`, `!`, `<`: false: not TypeScript's. */
bool parse_ts_binary(struct parser *p, struct node *left);
bool parse_ts_args(struct parser *p, struct node *callee);
struct node *parse_ts_angle(struct parser *p);        /* at < where a unary expression begins */
/* An element of `( )` that may be a parameter list: annotations; sets *arrow. */
struct node *parse_ts_cover(struct parser *p, struct node *e, struct nlist_item **args, bool *arrow);
/* Behind the `)` of what may be an arrow's parameters, at `:`: does a return type and
 * => follow? Then it is read. */
struct node *parse_ts_arrow_type(struct parser *p, bool sure);
/* Parameters: the rest behind a target. */
void parse_ts_param(struct parser *p, uint32_t start);
struct node *parse_ts_elem(struct parser *p);         /* one that is no rest */
void parse_ts_this(struct parser *p);
struct node *ts_sig(struct parser *p, struct node *tparams, struct nlist_item *args, struct node *ret);
struct nlist ts_list(struct parser *p, struct nlist_item *l);
void ts_item(struct parser *p, struct nlist_item **l, struct node *n);
void ts_note(struct parser *p, enum type_note k, struct node *expr, struct node *type, uint32_t start);
/* Drops exports of names that are only types. */
void ts_elide_exports(struct parser *p, struct nlist body);
/* Modifiers of a class element. True: it was an index signature, and is done. */
struct ts_mods { bool is_static, erased, accessor; };
bool parse_ts_member(struct parser *p, struct ts_mods *m);
/* <T>(..) => .. at <, or NULL. */
struct node *parse_ts_generic(struct parser *p, uint32_t start, unsigned flags);
bool accept_type_spec(struct parser *p);              /* `type` before a name in { } */

/* ---- parse_jsx.c ---- */

bool at_jsx(const struct parser *p);                  /* where an expression begins */
struct node *parse_jsx(struct parser *p);

/* ---- parse_lower.c: enum, namespace, parameter properties ---- */

struct node *parse_enum(struct parser *p, uint32_t start, bool exported); /* at `enum` */
struct node *parse_namespace(struct parser *p, uint32_t start, bool exported); /* at its name */
struct node *parse_space_export(struct parser *p);    /* at `export` in a namespace */
struct node *lower_ident(struct parser *p, struct name *n, uint32_t at);
struct node *lower_member(struct parser *p, struct node *object, struct name *n, uint32_t at);
struct node *lower_assign(struct parser *p, struct node *target, struct node *value);
struct node *lower_statement(struct parser *p, struct node *expr);
/* this.x = x for the parameter properties of a constructor. */
void lower_param_props(struct parser *p, struct node *ctor, struct nlist_item *props);
/* Those of a class as fields, before the elements. */
struct nlist lower_prop_fields(struct parser *p, struct nlist_item *props, struct nlist elements);
void declare_in_space(struct parser *p, struct name *n);
/* accessor key = init: a hidden private field, a getter and a setter; pushed. */
void lower_accessor(struct parser *p, const struct member_head *h, struct node *init, uint32_t start);

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
