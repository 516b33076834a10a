/* fn.h: the code generator's state and the functions its files share. Private
 * to engine/gen.
 *
 * Registers of a function: r0 this, r1.. parameters, then a stack: variables of
 * open scopes, iterators of open loops, temporaries on top. A call's window is
 * always at the top of the stack. `top` is the first free register; whoever
 * takes registers restores it.
 *
 * An expression is asked to put its value into a register (dst), anywhere
 * (ANY), or nowhere (DROP). With ANY a variable's own register may come back:
 * gen_operand says how it is protected against later writes. An expression
 * given a variable's register as dst writes it once, as its very last act:
 * nothing it evaluates can see a half-made value there. */
#ifndef ENGINE_GEN_FN_H
#define ENGINE_GEN_FN_H

#include "base/check.h"
#include "engine/code/code.h"
#include "engine/front/scope.h"

enum { ANY = -1, DROP = -2 };
#define LOCALS_MAX 150          /* more variables than that go to the environment */
#define WINDOW (CALL_HEADER + 1) /* registers of a call window before the arguments */
#define NO_POS UINT32_MAX

enum var_loc { LOC_NONE, LOC_REG, LOC_ENV, LOC_MARG /* in the mapped arguments object */, LOC_IMPORT };

struct strinfo { uint32_t key_stamp, key, const_stamp, konst, mark; };

enum task_kind { TASK_PROGRAM, TASK_FUNC, TASK_DEFAULT_CTOR, TASK_INITIALISER };
struct task {
	enum task_kind kind;
	struct fscope *fs;
	struct node *node;          /* FUNC, PROGRAM or CLASS */
	struct class_scope *cls;    /* class whose fields a constructor initialises */
	struct name *name;          /* may be NULL */
	uint32_t flags;             /* enum fn_flag to add */
};

/* One compilation. */
struct gen {
	struct ast *ast;
	struct scopes *scopes;
	struct image *im;
	struct parse_error *err;
	bool failed, completion, ascii;
	const char *c_limit;
	struct image_str *strs; size_t nstrs, cap_strs;
	struct strinfo *info; size_t cap_info;
	struct task *tasks; size_t ntasks, cap_tasks;
	struct image_scope *image_scopes; size_t nimage_scopes, cap_image_scopes;
	uint32_t stamp, marks;
	uint32_t *col16; size_t ncol16;  /* UTF-16 units before every 1024th byte */
	uint32_t line_hint;
	struct node **spine; size_t nspine, cap_spine;
	struct gfn *fn;             /* buffers are kept from function to function */
};

struct label { uint32_t pos, chain; };
#define LABEL_INIT { UINT32_MAX, UINT32_MAX }

enum ctx_kind { CTX_LOOP, CTX_SWITCH, CTX_LABEL, CTX_TRY, CTX_FINALLY, CTX_ITER };
enum leave_kind { LEAVE_BREAK, LEAVE_CONTINUE, LEAVE_RETURN };
struct label_name { struct label_name *up; struct name *name; };
struct leaving { enum leave_kind kind; struct ctx *target; };

/* A statement being compiled that a jump may leave. */
struct ctx {
	struct ctx *up;
	enum ctx_kind kind;
	struct label_name *names;   /* labels of this statement */
	struct label *brk, *cont;
	/* with a handler: TRY FINALLY ITER */
	uint32_t start;             /* of the range being covered */
	uint32_t handler;           /* index in fn->targets */
	uint32_t depth;
	int spill;                  /* outer fn->spill */
	int iter;                   /* ITER: the record */
	bool async;                 /* ITER: of a for await: closing awaits */
	int kreg, vreg;             /* FINALLY: completion kind and value */
	struct label fin;
	struct leaving *leaves; uint32_t nleaves;
};

struct hrec { uint32_t start, end, handler, depth; };
struct htarget { uint32_t pc; uint8_t reg; };
struct prec { uint32_t pc, off; };

/* The function being compiled. */
struct gfn {
	struct gen *g;
	struct task *task;
	struct fscope *fs;
	uint32_t *words; size_t nwords, cap_words;
	struct image_const *consts; size_t nconsts, cap_consts;
	uint32_t *numtab; size_t cap_numtab, nnums;
	uint32_t *keys; size_t nkeys, cap_keys;
	struct hrec *hrecs; size_t nhrecs, cap_hrecs;
	struct htarget *targets; size_t ntargets, cap_targets;
	struct prec *pos; size_t npos, cap_pos;
	uint32_t nics;
	int top, max;
	struct var *regvar[256];    /* variable that lives in the register and may be read */
	struct vscope *scope;
	int outer_env;              /* captured environment, or REG_NONE */
	bool dead;                  /* control does not reach this point */
	uint32_t last_bind;
	uint32_t off;               /* source offset of what is being emitted */
	struct ctx *ctx;
	int spill;                  /* registers from here on are temporaries of the expression being compiled; ANY: none */
	struct using *using;        /* innermost */
	struct label_name *labels;  /* of the statement that comes next */
	uint32_t hdepth;
	int cv;                     /* completion value's register, or -1 */
	struct name *hint;          /* name for the anonymous function compiled next */
	int hint_reg;               /* or the register that holds it (-1: none) */
	struct label *chain_end;    /* where the optional chain being compiled ends */
};

/* ---- gen.c ---- */
void gen_fail(struct gen *g, uint32_t start, uint32_t end, const char *msg);
bool gen_deep(struct gfn *f, const struct node *n);
uint32_t gen_str(struct gen *g, struct name *n);
void gen_spine_push(struct gen *g, struct node *n);
void *gen_grow(void *p, size_t *cap, size_t elem);
/* Index in the image of a function that will be compiled later. */
uint32_t gen_task(struct gfn *f, const struct task *t);
static inline struct name *gen_wk(const struct gfn *f, enum well_known id) { return f->g->ast->names.known[id]; }

/* ---- emit.c ---- */
void emit(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, uint32_t c);
void emit_w1(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, uint32_t c, uint32_t w1);
void emit_a16(struct gfn *f, uint32_t op, uint32_t a, uint32_t i16);
/* key and inline cache */
void emit_p(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, struct name *key);
/* op with a 16-bit key index (OF_KEY) */
void emit_key(struct gfn *f, uint32_t op, uint32_t a, struct name *key);
void emit_mov(struct gfn *f, int dst, int src);
void emit_num(struct gfn *f, int dst, double d);
void emit_str(struct gfn *f, int dst, struct name *s);
void emit_const(struct gfn *f, int dst, uint32_t k);
/* 16-bit constant operand. */
void emit_k16(struct gfn *f, uint32_t op, uint32_t a, uint32_t k);
/* A property key as a value: int index or string. */
void emit_prop_key(struct gfn *f, int dst, struct name *key);
void emit_jump(struct gfn *f, uint32_t op, uint32_t a, uint32_t b, struct label *l);
void emit_jmp(struct gfn *f, struct label *l);
void emit_loop(struct gfn *f, struct label *l);
void emit_bind(struct gfn *f, struct label *l);   /* forward label: here */
void emit_here(struct gfn *f, struct label *l);   /* target of a later LOOP */
uint32_t emit_num_const(struct gfn *f, double d);
uint32_t emit_add_const(struct gfn *f, const struct image_const *k);
uint32_t emit_str_const(struct gfn *f, uint32_t str);
uint32_t emit_key_index(struct gfn *f, uint32_t str);
/* n registers at the top of the stack. */
int emit_alloc(struct gfn *f, int n);
uint32_t emit_handler(struct gfn *f);             /* a new handler's index */
void emit_cover(struct gfn *f, uint32_t start, uint32_t handler, uint32_t depth); /* start..here */
void emit_bind_handler(struct gfn *f, uint32_t handler, int reg);
void emit_finish(struct gfn *f, struct image_fn *out);
static inline uint32_t emit_pc(const struct gfn *f) { return (uint32_t)f->nwords; }
static inline void emit_at(struct gfn *f, uint32_t off) { f->off = off; }

/* ---- var.c: variables and scopes ---- */
/* scope_place gives the scope's variables registers and slots, scope_make_env
 * makes its environment, scope_init_vars puts undefined or HOLE where they are
 * needed, scope_functions instantiates its function declarations; scope_open
 * does all of it. */
void scope_open(struct gfn *f, struct vscope *sc);
void scope_close(struct gfn *f, struct vscope *sc, int top);
void scope_place(struct gfn *f, struct vscope *sc);
void scope_make_env(struct gfn *f, struct vscope *sc);
enum init_which { INIT_REGS = 1, INIT_ENV = 2 };
void scope_init_vars(struct gfn *f, struct vscope *sc, unsigned which);
void scope_functions(struct gfn *f, struct vscope *sc);
int scope_env(const struct gfn *f);               /* innermost environment's register, or REG_NONE */
/* Reads into dst or ANY; check: dead zone. */
int var_get(struct gfn *f, struct var *v, bool check, int dst);
/* Assigns (const and dead zone checks included) / initialises. */
void var_set(struct gfn *f, struct var *v, bool check, int src);
void var_init(struct gfn *f, struct var *v, int src);
/* What the text says an IDENT or BINDING means: a variable or a global. name_get:
 * dst as usual; name_put assigns. dynamic.c has the functions for all names. */
int name_get(struct gfn *f, struct node *n, int dst, bool for_typeof);
void name_put(struct gfn *f, struct node *n, int src);
/* The register a value for the variable may be computed into, or ANY. */
int var_dst(struct gfn *f, const struct var *v, bool init);
/* `this`, new.target, home object, active function; dst as usual. */
int own_this(struct gfn *f, int dst, uint32_t off);
int own_new_target(struct gfn *f, int dst);
int own_home(struct gfn *f, int dst);
int own_callee(struct gfn *f, int dst);
struct fscope *own_function(const struct gfn *f);

/* ---- dynamic.c: names bound at run time, with, direct eval ---- */
static inline bool name_is_dynamic(const struct node *n) { return (n->mark & REF_DYN) != 0; }
/* Looks the name up where it may be bound at run time: a pair of registers for
 * name_get_at and name_set_at (the object, `this` for a call), or ANY: it is not
 * dynamic. */
int name_find(struct gfn *f, struct node *n);
int name_get_at(struct gfn *f, struct node *n, int at, int dst, bool for_typeof);
void name_set_at(struct gfn *f, struct node *n, int at, int src);
void name_set(struct gfn *f, struct node *n, int src);       /* finds and sets */
/* Callee into r, `this` into r + CALL_HEADER. */
void name_callee(struct gfn *f, struct node *n, int r);
void name_delete(struct gfn *f, struct node *n, int out);
void gen_with(struct gfn *f, struct node *n);
/* Emits EVAL for a call whose callee is in `callee` and is %eval%: result in dst; else
 * jumps to *other. arg: register of the first argument, or of an array (spread). */
void gen_eval(struct gfn *f, struct node *call, int callee, int arg, bool spread, int dst, struct label *other);
/* The functions and vars of a sloppy direct eval in a function. */
void gen_eval_declare(struct gfn *f);
/* B.3.2.2, B.3.2.3: a function in a block goes to the program's variable environment. */
void gen_soft_function(struct gfn *f, struct name *name, int src);
/* For code of a direct eval: what the image says about the scope and those around it,
 * in a's memory, outermost first. */
struct outer_scope *gen_outer_scopes(struct ast *a, const struct image *im, uint32_t scope, uint32_t *n);

/* ---- expr.c ---- */
/* Value of n in dst, or with ANY in the register returned. */
int gen_expr(struct gfn *f, struct node *n, int dst);
void gen_drop(struct gfn *f, struct node *n);
/* Value in some register that later code in [lo, hi) of the source does not
 * change; scratch (or ANY) may be used for it. */
int gen_operand(struct gfn *f, struct node *n, int scratch, uint32_t lo, uint32_t hi);
/* Is dst a register that may hold unfinished values? */
bool gen_scratch(const struct gfn *f, int dst);
/* Jumps to l if the value's truth is `sense`. */
void gen_cond(struct gfn *f, struct node *n, struct label *l, bool sense);
bool gen_const_num(const struct node *n, double *out);
bool gen_small_int(const struct node *n, int lo, int hi, int *out);
bool gen_is_undefined(struct gfn *f, const struct node *n);
/* Expression whose value takes this name if it is an anonymous function. */
int gen_named(struct gfn *f, struct node *n, int dst, struct name *name);
int gen_named_reg(struct gfn *f, struct node *n, int dst, int reg);
bool gen_is_anonymous(const struct node *n);
void gen_binary_op(struct gfn *f, int op, int dst, int a, struct node *right, int b);
bool gen_binary_imm(int op, struct node *right, uint32_t *opcode, int *imm);

/* ---- member.c: properties, calls, optional chains ---- */
bool gen_is_chain(const struct node *n);
int gen_chain(struct gfn *f, struct node *n, int dst);
int gen_opt_chain(struct gfn *f, struct node *n, int dst);
int gen_new(struct gfn *f, struct node *n, int dst);
int gen_super_call(struct gfn *f, struct node *n, int dst);
int gen_super_member(struct gfn *f, struct node *n, int dst);
int gen_delete(struct gfn *f, struct node *arg, int dst);
int gen_private_name(struct gfn *f, uint32_t mark);
void gen_get_prop(struct gfn *f, int dst, int obj, struct name *key);
void gen_set_prop(struct gfn *f, int obj, struct name *key, int val);
void gen_get_index(struct gfn *f, int dst, int obj, int key);
/* Key of an INDEX that is a string or small int literal: *name or *small (else -1). */
bool gen_const_key(struct gfn *f, struct node *key, struct name **name, int *small);

/* ---- assign.c ---- */
/* A member whose object and key have been evaluated. */
struct lref {
	enum { LREF_NAME, LREF_SMALL, LREF_KEY, LREF_PRIVATE, LREF_SUPER, LREF_SUPER_KEY } kind;
	int obj, key, small;        /* SUPER: obj is this; PRIVATE: key is the private name */
	int home;                   /* SUPER_KEY: a stand-in for the home object, or ANY */
	struct name *name;
	struct node *node;
};
bool gen_is_member(const struct node *n);
/* Evaluates object and key of a member so that code in [lo, hi) of the source
 * cannot change them. rw: it will be read and written: the key is converted. */
void gen_lref(struct gfn *f, struct node *n, struct lref *l, bool rw, uint32_t lo, uint32_t hi);
void gen_lref_get(struct gfn *f, const struct lref *l, int dst);
void gen_lref_set(struct gfn *f, const struct lref *l, int val);
int gen_assign(struct gfn *f, struct node *n, int dst);
int gen_update(struct gfn *f, struct node *n, int dst);

/* ---- pattern.c ---- */
/* Takes src apart. init: BINDINGs are initialised. */
void gen_pattern(struct gfn *f, struct node *n, int src, bool init);
/* Stores src to a BINDING, IDENT, member or pattern. */
void gen_store(struct gfn *f, struct node *target, int src, bool init);

/* ---- literal.c ---- */
int gen_object(struct gfn *f, struct node *n, int dst);
int gen_array(struct gfn *f, struct node *n, int dst);
int gen_template(struct gfn *f, struct node *n, int dst);
/* An array of the arguments at dst, for CALLV. */
void gen_args_array(struct gfn *f, struct nlist args, int dst);
uint32_t gen_template_object(struct gfn *f, struct node *quasi);

/* ---- func.c ---- */
int gen_function(struct gfn *f, struct node *n, int dst, uint32_t flags, struct name *name, struct class_scope *cls);
void gen_task_code(struct gfn *f);

/* ---- cls.c ---- */
int gen_class(struct gfn *f, struct node *n, int dst);
void gen_initialiser(struct gfn *f);
void gen_default_ctor(struct gfn *f);
struct name *gen_prefixed(struct gfn *f, const char *prefix, struct name *name);
bool gen_class_has_instance(const struct class_scope *c);

/* ---- stmt.c, loop.c ---- */
void gen_statements(struct gfn *f, struct nlist l);
void gen_statement(struct gfn *f, struct node *n);
void gen_block_scope(struct gfn *f, struct node *n, struct nlist l);
void gen_loop(struct gfn *f, struct node *n);

/* ---- module.c: the records of a module, once its variables have places ---- */
void module_records(struct gen *g);
int gen_import_call(struct gfn *f, struct node *n, int dst);
int gen_import_meta(struct gfn *f, struct node *n, int dst);

/* ---- using.c: using declarations ---- */
/* A list of statements, or a loop, whose using declarations have their values disposed
 * of when it is left. */
struct using {
	int list;                   /* registers: resources, error, awaited value, its resume kind */
	bool async;
	struct using *up;
	struct ctx ctx;
};
/* Do declarations among the statements ask for a struct using? */
bool gen_list_uses(struct nlist l, bool *async);
bool gen_decl_uses(const struct node *n, bool *async);
void gen_using_begin(struct gfn *f, struct using *u, bool async);
void gen_using_end(struct gfn *f, struct using *u);
/* The value of such a declaration is in r: notes it, before the name is bound. */
void gen_using_add(struct gfn *f, const struct node *decl, int r);

/* ---- flow.c: leaving statements ---- */
/* CTX_FINALLY over the code between begin and end; then comes the code that always runs,
 * and gen_finally_dispatch goes on from where the block was left. kreg is 1 if by an
 * exception, which is then in vreg. */
void gen_finally_begin(struct gfn *f, struct ctx *c);
void gen_finally_end(struct gfn *f, struct ctx *c);
void gen_finally_dispatch(struct gfn *f, struct ctx *c);
void ctx_push(struct gfn *f, struct ctx *c, enum ctx_kind kind);
void ctx_pop(struct gfn *f, struct ctx *c);
void ctx_handler_begin(struct gfn *f, struct ctx *c);
void ctx_handler_end(struct gfn *f, struct ctx *c);
void gen_leave(struct gfn *f, enum leave_kind kind, struct ctx *target, int value);
void gen_return(struct gfn *f, struct node *n);
int gen_yield(struct gfn *f, struct node *n, int dst);       /* yield.c */
/* await.c; r and kind are registers for the value and the resume kind. */
int gen_await(struct gfn *f, struct node *n, int dst);
void gen_await_reg(struct gfn *f, int r, int kind);
int gen_async_yield(struct gfn *f, struct node *n, int dst);
bool gen_is_async_generator(const struct gfn *f);
/* Close the async iterator record it..it+2 with it+4, it+5 as scratch; thrown: errors
 * of closing are swallowed. */
void gen_async_close(struct gfn *f, int it);
void gen_async_close_thrown(struct gfn *f, int it);
void gen_break(struct gfn *f, struct node *n);
/* Where a statement that is nothing but break or continue jumps, if that takes
 * one jump: then `if (x) break` is a conditional jump. Else NULL. */
struct label *gen_break_label(struct gfn *f, const struct node *n);
void gen_try(struct gfn *f, struct node *n);
void gen_emit_return(struct gfn *f, int value);
void gen_cv_undefined(struct gfn *f);

#endif
