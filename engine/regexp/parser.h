/* parser.h: the state of the pattern parser, shared by parse.c (terms, groups)
 * and parse_class.c (escapes and classes). Private to engine/regexp. */
#ifndef ENGINE_REGEXP_PARSER_H
#define ENGINE_REGEXP_PARSER_H

#include <setjmp.h>

#include "engine/regexp/node.h"

struct re_namedef { uint16_t *name; uint32_t len, group; bool visible; };

struct re_parser {
	struct re_text src;
	uint32_t i, flags;             /* flags in force: modifiers change I, M, S */
	bool u;                        /* u or v */
	bool v, named;                 /* v; the pattern has named groups, or u */
	uint32_t ngroups, total;       /* groups so far; in the whole pattern */
	struct arena *a;
	uintptr_t c_limit;
	struct re_namedef *names; uint32_t nnames, names_cap;
	struct re_ref *refs; uint32_t nrefs, refs_cap;
	struct re_error *err;
	jmp_buf fail;
};

/* A string longer or shorter than one code point in a class of flag v. */
struct re_string { uint32_t *cp; uint32_t n; struct re_string *next; };
/* The order of a class: the longest first. */
int re_string_cmp(const struct re_string *a, const struct re_string *b);
struct re_class { struct cset set; struct re_string *strings; };

NORETURN void re_fail(struct re_parser *p, const char *msg);
static inline bool re_more(const struct re_parser *p) { return p->i < p->src.len; }
static inline int32_t re_peek(const struct re_parser *p, uint32_t k)
{
	return p->i + k < p->src.len ? (int32_t)re_unit(p->src, p->i + k) : -1;
}
static inline bool re_eat(struct re_parser *p, int32_t c)
{
	if (re_peek(p, 0) != c)
		return false;
	p->i++;
	return true;
}
/* The next source character: a code point with u or v, else a unit. */
uint32_t re_next(struct re_parser *p);
void re_check_depth(struct re_parser *p);
struct re_node *re_mk(struct re_parser *p, enum re_ntype type);
struct re_node *re_char_node(struct re_parser *p, uint32_t c);
struct re_node *re_set_node(struct re_parser *p, const struct cset *s);
/* Reads digits: saturates. false: there is none. */
bool re_decimal(struct re_parser *p, uint32_t *out);
/* <name>, the < already eaten. */
uint16_t *re_group_name(struct re_parser *p, uint32_t *len);

/* ---- parse_class.c ---- */
/* At [: a node. */
struct re_node *re_parse_class(struct re_parser *p);
/* Behind a backslash: d D s S w W p P: fills *c and answers true. */
bool re_class_escape(struct re_parser *p, struct re_class *c, bool in_class);
/* Behind a backslash: a character escape. */
uint32_t re_char_escape(struct re_parser *p, bool in_class);
bool re_unicode_escape(struct re_parser *p, bool pairs, uint32_t *out);  /* behind \u */
void re_words(struct re_parser *p, struct cset *s);
struct re_node *re_class_node(struct re_parser *p, struct re_class *c);

/* ---- prop.c ---- */
/* \p{name=value}; value NULL: alone. 0 unknown, 1 a set, 2 with strings. */
int re_property(struct arena *a, const char *name, const char *value, bool v, struct re_class *out);

#endif
