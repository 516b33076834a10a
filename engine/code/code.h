/* code.h: bytecode: formats, opcode enum, the heap-free code image that the
 * code generator makes and the VM links. The hourglass's waist: nothing left of
 * it knows the heap, nothing right of it knows the AST. */
#ifndef ENGINE_CODE_CODE_H
#define ENGINE_CODE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

#define REG_NONE 255
#define REG_MAX  250        /* directly addressable registers: 0..249 */
#define CALL_HEADER 6       /* words from the callee to `this` in a call window */

enum op_format {            /* operands                                  words */
	F_N, F_A, F_AB, F_ABC,    /* registers                                 1 */
	F_AI,                     /* a, int16                                  1 */
	F_AK,                     /* a, index16 (constant, or key with OF_KEY) 1 */
	F_ABI,                    /* a, b, int8                                1 */
	F_AX,                     /* a; w1: index32                            2 */
	F_ABX,                    /* a, b; w1                                  2 */
	F_ABCX,                   /* a, b, c; w1                               2 */
	F_AP,                     /* a; w1: key16 | ic16<<16                   2 */
	F_ABP,                    /* a, b; w1: key16 | ic16<<16                2 */
	F_J,                      /* w1: rel32                                 2 */
	F_AJ, F_ABJ,              /* registers; w1: rel32                      2 */
	F_AIJ                     /* a, int8 in b; w1: rel32                   2 */
};

enum op_result { R_A, R_N, R_J, R_C };

enum op_flag {
	OF_THROWS = 1, OF_BRANCH = 2, OF_END = 4 /* control does not fall through */,
	OF_IC = 8, OF_CALL = 16, OF_KEY = 32 /* index16 is a key */, OF_KEYX = 64 /* w1 is a key */,
	OF_FAR = 128
};

enum op {
#define OP(name, fmt, res, rd, wr, fl) OP_##name,
#include "engine/code/op.def"
	OP__N
};
_Static_assert(OP__N <= 256, "opcodes fit a byte");
_Static_assert((OP_JT ^ 1) == OP_JF && (OP_JLT ^ 1) == OP_JNLT && (OP_JGEI ^ 1) == OP_JNGEI &&
	       (OP_JSEQ ^ 1) == OP_JSNE && (OP_JTYPEOF ^ 1) == OP_JNTYPEOF && (OP_JEQ ^ 1) == OP_JNE &&
	       (OP_JNULLISH ^ 1) == OP_JNNULLISH && (OP_JUNDEF ^ 1) == OP_JNUNDEF && (OP_JSEQI ^ 1) == OP_JSNEI,
	       "op ^ 1 negates a conditional branch");

struct op_info { const char *name, *reads, *writes; uint8_t format, result, flags; };
extern const struct op_info op_info[OP__N];

static inline int op_words(uint8_t format) { return format >= F_AX ? 2 : 1; }

static inline uint32_t op_abc(uint32_t op, uint32_t a, uint32_t b, uint32_t c)
{
	return op | a << 8 | b << 16 | c << 24;
}
#define W_OP(w) ((w) & 255u)
#define W_A(w)  ((w) >> 8 & 255u)
#define W_B(w)  ((w) >> 16 & 255u)
#define W_C(w)  ((w) >> 24)
#define W_SB(w) ((int8_t)((w) >> 16))
#define W_SC(w) ((int8_t)((w) >> 24))
#define W_I16(w) ((int16_t)((w) >> 16))
#define W_K16(w) ((w) >> 16)
#define W1_KEY(w1) ((w1) & 0xFFFFu)
#define W1_IC(w1)  ((w1) >> 16)
#define IC_NONE16  0xFFFFu      /* no inline cache slot: always the slow path */

enum meth_flag { METH_METHOD = 0, METH_GET = 1, METH_SET = 2, METH_KIND = 3, METH_ENUMERABLE = 4 };
enum resume_kind { RESUME_NEXT, RESUME_THROW, RESUME_RETURN };
enum throw_kind { THROW_TYPE, THROW_REFERENCE, THROW_SYNTAX, THROW_RANGE };
/* typeof results, for JTYPEOF. */
enum typeof_code {
	TYPEOF_UNDEFINED, TYPEOF_OBJECT, TYPEOF_BOOLEAN, TYPEOF_NUMBER, TYPEOF_STRING,
	TYPEOF_SYMBOL, TYPEOF_BIGINT, TYPEOF_FUNCTION, TYPEOF__N
};

/* ---- the image ----------------------------------------------------------
 * All memory of an image is in its arena. Indexes, no pointers into the heap:
 * an image can be serialised, verified and mapped. */

enum image_const_tag { IK_NUM, IK_STR, IK_SHAPE, IK_ARRAY, IK_TEMPLATE, IK_GLOBALS, IK_DYNS, IK_REGEXP, IK_BIGINT,
	IK_UNDEF, IK_NULL, IK_TRUE, IK_FALSE, IK_HOLE };

/* An object of names bound at run time: in slot `slot` of the environment `depth`
 * levels up; HOLE: none there. with: of a with statement, else of direct eval. */
struct image_dyn { uint32_t depth, slot; bool with; };

struct image_const {
	uint8_t tag;
	union {
		double num;                                  /* IK_NUM */
		uint32_t str;                                /* IK_STR, IK_BIGINT (decimal digits) */
		struct { uint32_t n; uint32_t *strs; } shape; /* IK_SHAPE: distinct non-index keys in order */
		struct { uint32_t n; struct image_const *items; } array;   /* IK_ARRAY: primitives only */
		struct { uint32_t n; uint32_t *cooked, *raw; } tmpl;       /* cooked UINT32_MAX: undefined */
		struct {                                     /* IK_GLOBALS: 16.1.7 */
			uint32_t nvars, nfuncs, nlets;       /* strs: var names, function names, lexical names */
			uint32_t nsoft;                      /* vars for functions in blocks, made unless something
			                                      * is in the way (B.3.2.2, B.3.2.3) */
			uint32_t *vars, *funcs, *lets, *soft;
			uint8_t *let_const;                  /* per lexical: 1 = const */
		} globals;
		struct { uint32_t n; struct image_dyn *v; } dyns; /* IK_DYNS: innermost first */
		struct { uint32_t pattern, flags; } regexp;
	} u;
};

enum fn_flag {
	FN_STRICT = 1, FN_ARROW = 2, FN_METHOD = 4 /* no [[Construct]], no prototype */,
	FN_CLASS_CTOR = 8 /* throws unless constructed */, FN_DERIVED = 16 /* `this` starts as HOLE */,
	FN_GENERATOR = 32, FN_ASYNC = 64, FN_MAPPED_ARGS = 128 /* ARGS makes a mapped object */,
	FN_GETSET = 256 /* getter or setter */, FN_FIELD_INIT = 512, FN_TOP = 1024 /* script or module body */,
	FN_HAS_THIS_INIT = 2048 /* class constructor with instance elements: INITFIELDS is emitted */,
	FN_NAME_BOUND = 4096 /* `name` property is fixed by an explicit name */
};

/* Sorted so that the innermost handler covering a pc comes first. Covers
 * start <= pc < end (word index of the throwing instruction). The exception
 * value is stored to r[reg]. */
struct image_handler { uint32_t start, end, target; uint8_t reg; };
/* Positions: pc is the word index of an instruction that can throw or call;
 * an entry holds until the next one. 1-based line and column. */
struct image_pos { uint32_t pc, line, col; };

struct image_fn {
	uint32_t *words, nwords;
	struct image_const *consts; uint32_t nconsts;
	uint32_t *keys, nkeys;       /* string indexes: property keys, names */
	uint32_t nics;
	uint32_t nregs;              /* all registers incl. far ones; excludes the frame header */
	uint16_t nparams;            /* formal parameter registers r1..r[nparams] filled with undefined */
	uint16_t length;             /* the function's `length` property */
	uint32_t flags;              /* enum fn_flag */
	uint32_t name;               /* string index; "" for anonymous */
	uint32_t src_start, src_end; /* byte range of Function.prototype.toString */
	struct image_handler *handlers; uint32_t nhandlers;
	struct image_pos *pos; uint32_t npos;
};

/* The scopes around direct evals, for the compiler that will compile the evaluated
 * text: nothing to the VM but names. kind, func_kind, func_flags, vars[].kind are
 * enums of engine/front. `up` is a smaller index. */
struct image_scope_var { uint32_t name /* MAX: nameless */, slot; uint16_t param; uint8_t kind; bool mapped; };
struct image_scope {
	uint32_t up;                 /* MAX: outermost */
	uint8_t kind, func_kind;
	bool has_env, function, initialiser, split, has_fields;
	uint32_t func_flags;
	struct image_scope_var *vars; uint32_t nvars;
};

struct image_str { const char *p; uint32_t n; };   /* WTF-8 bytes; UTF-16 lone surrogates survive */

/* Module record parts (16.2.1.7). UINT32_MAX in a name: absent / namespace. start..end:
 * bytes of the source, for messages. */
struct image_request { uint32_t specifier, type /* of `with { type: … }`; MAX: none */, start, end; };
struct image_import { uint32_t request /* index */, name /* MAX: namespace object */, local, start, end; };
struct image_export { uint32_t name, local /* local export: binding name */, request /* index; MAX: local */,
	import_name /* re-export; MAX: all ("*") or namespace */; uint32_t slot, start, end; };

struct image {
	struct arena mem;
	struct image_str *strs; uint32_t nstrs;
	struct image_fn *fns; uint32_t nfns;     /* fns[0] is the top level */
	struct image_scope *scopes; uint32_t nscopes;
	bool module, strict;
	const char *file;                        /* name for messages */
	const char *source; size_t source_len;   /* the text, UTF-8, owned */
	struct image_import *imports; uint32_t nimports;
	bool inherits;               /* code of a direct eval: imports are its caller's, only `local` counts */
	struct image_export *exports; uint32_t nexports;
	struct image_request *requests; uint32_t nrequests;  /* distinct, in source order */
	/* Module scope: fns[0] receives the module environment through LDENV (a
	 * module function's captured env); slot i holds binding env_names[i]. For a
	 * script: nenv = 0. */
	uint32_t *env_names; uint32_t nenv;
};

void image_free(struct image *im);
/* Structural check of everything an interpreter relies on: opcodes, formats,
 * register bounds, constant/key/ic/function indexes and tags, jump targets on
 * instruction starts, handler ranges, call windows inside the frame, no fall
 * off the end. Appends a message to err and returns -1 on the first fault. */
int image_verify(const struct image *im, struct buf *err);
/* Human-readable listing of one function / of all of them. */
void image_dump_fn(const struct image *im, uint32_t fn, struct buf *out);
void image_dump(const struct image *im, struct buf *out);
/* Line and column of a pc; false when the function has no positions. */
bool image_position(const struct image_fn *fn, uint32_t pc, uint32_t *line, uint32_t *col);

#endif
