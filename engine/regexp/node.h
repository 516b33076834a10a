/* node.h: the tree of a parsed pattern, and the parts of a program. Private to
 * engine/regexp. */
#ifndef ENGINE_REGEXP_NODE_H
#define ENGINE_REGEXP_NODE_H

#include "engine/regexp/cset.h"
#include "engine/regexp/regexp.h"

enum re_ntype { RN_EMPTY, RN_CHAR, RN_SET, RN_SEQ, RN_ALT, RN_GROUP, RN_REPEAT, RN_LOOK, RN_BACKREF, RN_NAMEREF,
	RN_BOL, RN_EOL, RN_WORDB };
#define RE_INF UINT32_MAX

struct re_node {
	uint8_t type, flags;          /* flags: RE_I, RE_M, RE_S in force here */
	bool neg;                     /* LOOK, WORDB */
	bool behind;                  /* LOOK */
	bool lazy;                    /* REPEAT */
	uint32_t a, b;                /* CHAR: code point; GROUP, BACKREF: number; REPEAT: min, max;
	                               * NAMEREF: index in parser's references */
	uint32_t min, size;           /* least units it consumes; estimate of its code (analyse.c) */
	uint32_t cap0, cap1;          /* REPEAT: groups [cap0, cap1) lie inside */
	struct cset *set;             /* SET, closed under case if need be */
	struct re_node *kid, *next;   /* first child; next sibling (SEQ, ALT) */
};

struct re_ref { uint16_t *name; uint32_t len, off; };

/* Result of parsing; memory of the arena. */
struct re_tree {
	struct arena *a;
	struct re_node *root;
	uint32_t flags, ngroups;      /* groups without the whole match */
	struct re_name *names; uint32_t nnames;
	struct re_ref *refs; uint32_t nrefs;
};
/* false: *err. */
bool re_parse(struct re_text src, uint32_t flags, uintptr_t c_limit, struct re_tree *out, struct re_error *err);

/* ---- analyse.c ---- */

/* Fills min and size of every node. */
void re_measure(struct re_node *n);
/* Adds what a match of n can begin with; true: n may consume nothing first. */
bool re_first(struct arena *a, const struct re_node *n, struct cset *out);
/* The same for a list of siblings. */
bool re_first_list(struct arena *a, const struct re_node *n, struct cset *out);
bool re_anchored(const struct re_node *n);
/* Does n match nothing at all wherever it stands? */
bool re_sure_empty(const struct re_node *n);
bool re_has_groups(const struct re_node *n);
/* A unit that every match contains, or -1. */
int32_t re_needed(const struct re_node *n);

/* ---- programs ---- */

struct re_set { uint32_t bits[8]; uint32_t n, at; };  /* ranges at prog->ranges + 2 * at */
/* state: registers that decide, beside branch and position, what becomes of a choice.
 * bits 0: an empty check (only whether the register is the position matters). */
#define RE_STATE_MAX 8
struct re_code {
	uint32_t *w;
	uint32_t n, nbranch, nlooks, nstate;
	struct { uint32_t reg; uint8_t bits; } state[RE_STATE_MAX];
	bool counters;                 /* some state has bits: the memo is a hash set */
};

struct re_prog {
	uint32_t flags, ngroups /* with the whole match */, nregs;
	struct re_code main, memo;     /* memo.w NULL: not eligible */
	struct re_set *sets; uint32_t nsets;
	uint32_t *ranges; uint32_t nranges;
	struct re_name *names; uint32_t nnames;
	uint16_t *src16; uint8_t *src8; uint32_t srclen;
	/* Where a match can start. */
	bool has_first, first_wide;    /* first_wide: any unit from 256 on may be tried */
	bool anchored;                 /* only at 0 */
	int32_t first_char;            /* the only one, or -1 */
	int32_t need_char;             /* a unit every match holds, or -1 */
	uint32_t first[8];
	uint8_t few[4]; uint32_t nfew; /* first, when it is two to four units below 256 and nothing else */
	uint8_t shape;                 /* the whole pattern is one unit of first, or a greedy loop over set 0 */
};

enum { RE_SHAPE_ANY, RE_SHAPE_UNIT, RE_SHAPE_LOOP };

/* Words: op | arg << 8, then operands. B: backwards, U: whole code points. */
enum re_op {
	RO_MATCH, RO_FAIL,
	RO_CHAR, RO_CHARB,             /* arg: unit */
	RO_PAIR, RO_PAIRB,             /* arg: code point above 0xFFFF */
	RO_SET, RO_SETB, RO_SETU, RO_SETUB,  /* arg: set */
	RO_STAR, RO_STARU,             /* arg: set; min, max, possessive */
	RO_SPLIT,                      /* arg: target tried later; branch number */
	RO_SPLITL,                     /* arg: target tried first; branch number */
	RO_JMP, RO_SAVE,
	RO_RESET,                      /* arg: first register; count */
	RO_MARK, RO_CHECK,             /* arg: register */
	RO_CINIT,                      /* arg: register */
	RO_CLOOP,                      /* arg: register; min, max, exit, lazy, branch number */
	RO_CNEXT,                      /* arg: register; min, mark register or 0, target */
	RO_BOL, RO_EOL, RO_MBOL, RO_MEOL,
	RO_WORDB,                      /* arg: negated | 2 * extended words */
	RO_BREF, RO_BREFB,             /* arg: group; ignore case */
	RO_LOOK,                       /* arg: where to go on; negated | 2 * has groups | 4 * number */
	RO_LOOKEND
};
#define RW_OP(w) ((w) & 255u)
#define RW_ARG(w) ((w) >> 8)
#define RE_NOBRANCH UINT32_MAX
#define RE_CODE_MAX (1u << 22)

#endif
