/* lex.h: source text -> tokens, one on demand (ECMA-262 clause 12, Annex B.1.1
 * to B.1.3). Private to engine/front. The parser looks at lx->t, the current
 * token; three re-scan points let it decide by context: lex_regexp,
 * lex_template_tail, and lex_mark/lex_reset for bounded rewinding. Strictness
 * is not the lexer's business: tokens say what strict code must refuse. */
#ifndef ENGINE_FRONT_LEX_H
#define ENGINE_FRONT_LEX_H

#include <setjmp.h>

#include "base/check.h"
#include "engine/front/parse.h"

enum tok {
#define TOK(N, text) T_##N,
#define BIN(N, text, prec, oper) T_##N,
#define ASG(N, text, oper) T_##N,
#define KEY(N, text) T_##N,
#define SKW(N, text) T_##N,
#define CKW(N, text) T_##N,
#include "engine/front/token.def"
#undef TOK
#undef BIN
#undef ASG
#undef KEY
#undef SKW
#undef CKW
	T_count
};

enum tok_flags {
	TF_NL = 1,        /* a line terminator lies before the token */
	TF_ESCAPED = 2,   /* identifier or string written with escapes */
	TF_OCTAL = 4,     /* legacy octal number or octal/\8/\9 escape */
	TF_TAIL = 8,      /* TEMPLATE: ends with ` rather than ${ */
};

/* name: identifiers (also PRIVATE, without #), strings, BigInt digits, RegExp
 * pattern, cooked template text (NULL: invalid escape). raw: raw template text,
 * RegExp flags, "#x" of a private name. */
struct token {
	uint8_t kind, flags;
	uint32_t start, end;
	struct name *name, *raw;
	double num;
};

struct lexer {
	const char *text, *end, *p;
	struct token t;          /* the current token */
	uint32_t prev_end;       /* end of the token before it */
	bool html;               /* <!-- and --> are comments (scripts) */
	struct names *names;
	struct buf cooked, raw;  /* scratch */
	uint32_t bad_escape;     /* where the last template's invalid escape is */
	const char *bad_escape_msg;
	struct parse_error *err;
	jmp_buf *fail;
	void (*on_fail)(struct lexer *lx); /* called before the jump; may be NULL */
};

/* Where the lexer was: for peeking and bounded rewinds. */
struct lex_mark { const char *p; struct token t; uint32_t prev_end; };

/* Starts at the beginning of s (skips a hashbang) without reading a token. The
 * caller sets err and fail before; lex_end frees the scratch. */
void lex_start(struct lexer *lx, struct src *s, struct names *names, bool html);
void lex_end(struct lexer *lx);
/* Makes the next token current. */
void lex_next(struct lexer *lx);
/* The token after the current one, read as lex_next would. */
struct token lex_peek(struct lexer *lx);
/* The current token is DIV or DIV_ASSIGN: reads it again as a RegExp literal. */
void lex_regexp(struct lexer *lx);
/* The current token is the RBRACE that ends a substitution: reads on in the
 * template. */
void lex_template_tail(struct lexer *lx);
/* The current token begins with < or >: becomes that character alone. */
void lex_split_angle(struct lexer *lx);
struct lex_mark lex_save(const struct lexer *lx);
void lex_reset(struct lexer *lx, const struct lex_mark *m);

/* Fills the error record and jumps to lx->fail. */
NORETURN void lex_fail(struct lexer *lx, uint32_t start, uint32_t end, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

const char *tok_text(enum tok k);
/* Binary precedence (0: not a binary operator) and operator of a token. */
extern const uint8_t tok_prec[T_count];
extern const uint8_t tok_oper[T_count];

static inline bool tok_is_assign(enum tok k) { return k >= T_ASSIGN && k <= T_NULLISH_ASSIGN; }
/* May start an IdentifierName (any word). */
static inline bool tok_is_word(enum tok k) { return k >= T_INSTANCEOF; }
/* May be an identifier in some context. */
static inline bool tok_is_ident(enum tok k) { return k >= T_IDENT; }

/* ---- shared by lex.c and lex_literal.c ---- */

uint32_t lex_off(const struct lexer *lx, const char *p);
/* The name of a piece of source text, ill-formed UTF-8 replaced. */
struct name *lex_intern(struct lexer *lx, const char *p, size_t n);
/* Decodes the code point at p (p < end) and advances p. */
uint32_t lex_decode(const struct lexer *lx, const char **p);
/* At the u after a backslash: reads XXXX or {X..}; false with p at the fault. */
bool lex_unicode_escape(struct lexer *lx, const char **p, uint32_t *cp);
/* Whether an identifier could start at p. */
bool lex_at_ident_start(struct lexer *lx, const char *p);
void lex_number(struct lexer *lx);
void lex_string(struct lexer *lx, char quote);
/* lx->p behind the opening ` or }. */
void lex_template(struct lexer *lx);

#endif
