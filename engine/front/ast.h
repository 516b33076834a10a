/* ast.h: the abstract syntax tree of one compilation, its interned names and
 * its source text. Made by parse.c, annotated by scope.c, read by engine/gen.
 *
 * Everything lives in the arena of one `struct ast` and dies with it. Nodes
 * are allocated at the size of their kind: never copy a `struct node` by value.
 *
 * Depth: children reached through KID/OPT/LIST nest no deeper than the parser's
 * own recursion (bounded by parse_options.c_limit); SPINE children may chain
 * without bound, so every pass walks them in a loop. A pass that needs more C
 * stack per level than the parser checks its own limit. */
#ifndef ENGINE_FRONT_AST_H
#define ENGINE_FRONT_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"

/* ---- names ---- */

/* An interned string: pointer equality is string equality within one struct
 * names. Bytes are WTF-8 (a surrogate pair is always one four-byte sequence,
 * lone surrogates are three bytes), NUL-terminated for convenience only: the
 * text may hold NULs. */
struct name {
	struct name *next;      /* hash chain */
	void *scratch;          /* free for later passes; NULL after parsing */
	uint32_t hash;
	uint32_t len;           /* bytes */
	uint32_t index;         /* array index 0..2^32-2 if NAME_IS_INDEX */
	uint8_t flags;          /* enum name_flags */
	uint8_t keyword;        /* enum tok of a reserved or contextual word, else 0 */
	uint16_t id;            /* enum well_known, 0 for others */
	char text[];
};

enum name_flags {
	NAME_IS_INDEX = 1,      /* canonical array index: "0", "17", not "01" */
	NAME_ASCII = 2,         /* bytes all below 0x80 */
	NAME_LONE = 4,          /* holds a lone surrogate: not valid UTF-8 */
	NAME_TYPE = 8,          /* declared as a type somewhere in the program */
	NAME_KEPT = 16,         /* an import of it is no mere type: the key of a type's member is computed from it */
	NAME_GLOBAL = 32,       /* declared as a global by the program (engine/gen) */
};

/* Names the front end itself asks for: WK_x is names->known[WK_x]. */
enum well_known {
	WK_none,
#define WELL_KNOWN(id, text) WK_##id,
#include "engine/front/name.def"
#undef WELL_KNOWN
	WK_count
};

struct names {
	struct arena *arena;
	struct name **table;
	uint32_t mask, count;
	struct name *known[WK_count];
};

/* Prepares the table and interns the keywords and the well-known names. */
void names_init(struct names *t, struct arena *a);
/* The name of these bytes (WTF-8, pairs already joined); never NULL. */
struct name *names_intern(struct names *t, const char *p, size_t n);
/* The same for a NUL-terminated literal. */
struct name *names_cstr(struct names *t, const char *s);
/* Frees the hash table (names themselves die with the arena). */
void names_free(struct names *t);

static inline struct sv name_sv(const struct name *n) { return (struct sv){ n->text, n->len }; }

/* ---- source ---- */

/* One source text. `text` is UTF-8 and belongs to whoever made the struct; it
 * must outlive the AST. Ill-formed UTF-8 reads as U+FFFD. */
struct src {
	const char *text;
	uint32_t len;           /* at most SRC_MAX */
	const char *file;       /* name for messages, NUL-terminated */
	uint32_t *lines;        /* offsets of line starts, built on first use */
	uint32_t nlines;
	uint32_t line_bias;     /* added to line numbers */
};

#define SRC_MAX 0x3FFFFFFFu

/* 1-based line and 1-based column in UTF-16 units of byte offset off. Lines end
 * at LF, CR, CRLF, U+2028, U+2029. */
void src_line_col(struct src *s, uint32_t off, uint32_t *line, uint32_t *col);
/* Start offset and length (without terminator) of a 1-based line. */
void src_line_range(struct src *s, uint32_t line, uint32_t *start, uint32_t *len);
void src_free(struct src *s);

/* ---- nodes ---- */

enum node_kind {
#define NODE(K, m, fields) N_##K,
#include "engine/front/node.def"
#undef NODE
	N_count
};

enum oper {
#define OPER(K, text) O_##K,
#include "engine/front/oper.def"
#undef OPER
	O_count
};

enum node_flags {
	NF_PAREN = 1 << 0,       /* written in parentheses (start/end exclude them) */
	NF_COMPUTED = 1 << 1,    /* PROP PROP_PATTERN METHOD FIELD: [key]; STRING: text of an element */
	NF_STATIC = 1 << 2,      /* METHOD FIELD */
	NF_OPTIONAL = 1 << 3,    /* MEMBER INDEX PRIVATE_MEMBER CALL: this link is ?. */
	NF_HAS_SPREAD = 1 << 4,  /* CALL NEW SUPER_CALL ARRAY OBJECT: some SPREAD inside the list */
	NF_DIRECT_EVAL = 1 << 5, /* CALL: callee is the identifier eval (and no ?.) */
	NF_PREFIX = 1 << 6,      /* UPDATE */
	NF_ELEMENT = NF_PREFIX,  /* CALL: of h, made of an element */
	NF_DELEGATE = 1 << 7,    /* YIELD: yield* */
	NF_BINDING = 1 << 8,     /* patterns, REST, ASSIGN_PATTERN: declares names */
	NF_AWAIT = 1 << 9,       /* FOR_OF: for await */
	NF_DIRECTIVE = 1 << 10,  /* EXPR_STMT: "use strict" and the like */
	NF_ANNEX_B = 1 << 11,    /* FUNC_DECL in a block: hoisted as var too (B.3.2) */
	NF_ESCAPED = 1 << 12,    /* IDENT BINDING STRING: source text has escapes */
	NF_SHORTHAND = 1 << 13,  /* PROP_PATTERN PROP: {x} or {x = init} */
	NF_OCTAL = 1 << 14,      /* STRING NUMBER: legacy octal form (sloppy only) */
	NF_TRAILING = 1 << 15,   /* parser's own: a comma before the closing bracket */
};

/* Kinds of PROP.op and METHOD.op. */
enum prop_kind {
	PROP_INIT,               /* key: value */
	PROP_SHORTHAND,          /* key, value is IDENT (or ASSIGN while a cover) */
	PROP_PROTO,              /* __proto__: value (sets the prototype) */
	PROP_METHOD,             /* value is FUNC of kind FUNC_METHOD */
	PROP_GET, PROP_SET,      /* value is FUNC of kind FUNC_GETTER / FUNC_SETTER */
};

enum decl_kind { DECL_VAR, DECL_LET, DECL_CONST, DECL_USING, DECL_AWAIT_USING };
/* Variables that are constant once they have their value. */
static inline bool decl_is_const(unsigned k) { return k >= DECL_CONST; }
/* Variables whose values are disposed of when their scope ends (14.3.1). */
static inline bool decl_is_using(unsigned k) { return k >= DECL_USING; }
enum import_kind { IMPORT_DEFAULT, IMPORT_NAMESPACE, IMPORT_NAMED };

enum func_kind {
	FUNC_NORMAL,             /* function declarations and expressions */
	FUNC_ARROW,
	FUNC_METHOD, FUNC_GETTER, FUNC_SETTER,
	FUNC_CTOR,               /* constructor of a base class */
	FUNC_DERIVED_CTOR,
	FUNC_FIELD,              /* class field initialiser: no parameters, expression body */
	FUNC_STATIC_BLOCK,
	FUNC_SCRIPT, FUNC_MODULE, FUNC_EVAL, /* PROGRAM's info only */
};

/* Flags of T_ and TS_ nodes, in place of enum node_flags. */
enum type_flags {
	TY_PAREN = 1, TY_COMPUTED = 2, TY_STATIC = 4, TY_OPTIONAL = 8, TY_READONLY = 16, TY_REST = 32,
	TY_ASSERTS = 64, TY_NEW = 128, TY_ABSTRACT = 256, TY_CONST = 512, TY_IN = 1024, TY_OUT = 2048,
	TY_MINUS_READONLY = 4096, TY_MINUS_OPTIONAL = 8192,
};
enum type_member { TM_PROP, TM_METHOD, TM_GET, TM_SET, TM_CALL, TM_NEW, TM_INDEX };
enum type_note { NOTE_AS, NOTE_SATISFIES, NOTE_ASSERTION, NOTE_ARGS };

/* Names that a lowered enum or namespace exports; shared by its parts. */
struct ts_name { struct ts_name *next; struct name *name; };
struct ts_names { struct ts_name *first; };

/* What the parser knows about a function (or PROGRAM). The USES flags are
 * conservative (they may be set without need, never the reverse) and include
 * uses inside nested arrow functions, field initialisers' computed keys and
 * direct-eval-free code only: a direct eval may use all of them. */
enum func_flags {
	FI_STRICT = 1 << 0,
	FI_ASYNC = 1 << 1,
	FI_GENERATOR = 1 << 2,
	FI_EXPR_BODY = 1 << 3,       /* body is an expression to return */
	FI_SIMPLE_PARAMS = 1 << 4,   /* IsSimpleParameterList */
	FI_PARAM_EXPRS = 1 << 5,     /* ContainsExpression of the parameters: separate var scope */
	FI_DUP_PARAMS = 1 << 6,      /* f(a, a), sloppy only */
	FI_DIRECT_EVAL = 1 << 7,     /* a direct eval in its own code or in nested arrows */
	FI_INNER_EVAL = 1 << 8,      /* a direct eval in its own code or any nested function */
	FI_PARAM_EVAL = 1 << 9,      /* a direct eval within the parameter list */
	FI_USES_ARGUMENTS = 1 << 10, /* the identifier `arguments` is referenced */
	FI_USES_THIS = 1 << 11,      /* this, super property, super() */
	FI_USES_SUPER_PROP = 1 << 12,
	FI_USES_SUPER_CALL = 1 << 13,
	FI_USES_NEW_TARGET = 1 << 14,
	FI_HAS_WITH = 1 << 15,       /* a with statement in its own code */
	FI_HAS_YIELD = 1 << 16,
	FI_HAS_AWAIT = 1 << 17,      /* in PROGRAM: top-level await */
	FI_IMPORT_META = 1 << 18,    /* PROGRAM only */
	FI_IMPORT_CALL = 1 << 19,    /* PROGRAM only: import() anywhere */
	FI_STATIC = 1 << 20,         /* METHOD..FIELD: static element */
	FI_DECL = 1 << 21,           /* FUNC is that of a FUNC_DECL (or an export default declaration) */
	FI_USE_STRICT = 1 << 22,     /* has its own "use strict" directive */
};

/* A FUNC's start..end is the text of Function.prototype.toString (20.2.3.5):
 * for methods from `async`/`get`/`*`/key on, without `static`; likewise
 * CLASS's start..end. */
struct func_info {
	uint8_t kind;            /* enum func_kind */
	uint32_t flags;          /* enum func_flags */
	uint32_t length;         /* ExpectedArgumentCount (15.1.5) */
	uint32_t body_start;     /* offset of { or of the expression body */
	void *scope;             /* scope.c's */
};

struct node;
struct nlist { struct node **v; uint32_t n; };

struct node {
	uint8_t kind;            /* enum node_kind */
	uint8_t op;              /* see node.def */
	uint16_t flags;          /* enum node_flags */
	uint32_t start, end;     /* byte offsets, end exclusive */
	uint32_t mark;           /* free for later passes; 0 after parsing */
	union {
#define NODE(K, m, fields) struct { fields } m;
#define SPINE(f) struct node *f;
#define KID(f) struct node *f;
#define OPT(f) struct node *f;
#define LIST(f) struct nlist f;
#define NAME(f) struct name *f;
#define ONAME(f) struct name *f;
#define DATA(T, f) T f;
#include "engine/front/node.def"
#undef NODE
#undef SPINE
#undef KID
#undef OPT
#undef LIST
#undef NAME
#undef ONAME
#undef DATA
		void *scope_;    /* keeps the union non-empty; nodes without fields have it */
	};
};

/* Scopes are not nodes of their own. These open one (a later pass hangs its
 * scope on `mark` or a table): PROGRAM; FUNC (id of an expression, parameters,
 * body); BLOCK; FOR FOR_IN FOR_OF whose left/init is let or const; SWITCH (all
 * cases share one); CATCH (param; its BLOCK is one more); CLASS (inner name,
 * private names); WITH. */

struct ast {
	struct arena arena;
	struct names names;
	struct src *src;
	struct node *root;       /* PROGRAM */
	struct node *func;       /* FUNC made by parse_function, else NULL */
	uint32_t nnodes, nfuncs;
	bool comptime;           /* something is called by that name */
	bool elements;           /* some JSX was read */
	bool own_h;              /* the program declares h or Fragment */
	bool own_comptime;       /* the program declares the name itself */
	bool ts;                 /* TypeScript: imports that nothing uses do not happen */
};

/* A zeroed node of the kind's size; counts nnodes. */
struct node *node_new(struct ast *a, enum node_kind k, uint32_t start, uint32_t end);
const char *node_kind_name(enum node_kind k);   /* "BINARY" */
const char *oper_text(enum oper o);             /* "+" */
/* Calls fn on each direct child slot in node.def's order (absent ones are
 * skipped). fn may replace *slot. */
void node_each_child(struct node *n, void (*fn)(struct node **slot, void *arg), void *arg);

#endif
