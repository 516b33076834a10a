/* regexp.h: what the files of RegExp share. Private to engine/builtins. */
#ifndef ENGINE_BUILTINS_REGEXP_H
#define ENGINE_BUILTINS_REGEXP_H

#include "engine/builtins/string.h"
#include "engine/builtins/table.h"
#include "engine/regexp/regexp.h"

/* KIND_REGEXP. Its shape has one inline slot, the property lastIndex, which can
 * never be deleted: last_index is that slot unless the object is a dictionary. */
struct regexp {
	struct cell h; HF(struct ext *) ext;
	hval last_index;
	HF(const struct re_prog *) prog;   /* engine space; NULL until it is initialised */
};

/* What the legacy properties RegExp.$1 … tell of: the last match, in one cell that
 * is rolled back (KIND_VALS; vm->intr[INTR_RegExpStatics]). */
enum { STATIC_SUBJECT, STATIC_PROG, STATIC_AT, STATIC_INPUT, STATIC__N };

static inline struct regexp *v_toregexp(val v) { return (struct regexp *)(uintptr_t)v; }
static inline bool v_isregexp(val v) { return v_iskind(v, KIND_REGEXP) && v_toregexp(v)->prog.v != NULL; }

/* Captures of one match; fits most patterns without the heap. */
struct re_caps { int32_t *at; int32_t local[32]; };

/* ---- regexp.c ---- */
/* The program for a pattern (cached). keep: for the life of the VM. NULL: SyntaxError
 * or RangeError thrown. */
const struct re_prog *regexp_program(struct vm *vm, struct re_text source, uint32_t flags, bool keep);
struct regexp *regexp_alloc(struct vm *vm, struct obj *proto);
/* 22.2.3.3 RegExpInitialize: the object or V_EXC. */
val regexp_init(struct vm *vm, struct regexp *re, val pattern, val flags);
/* EscapeRegExpPattern (22.2.6.13.1). */
val regexp_source(struct vm *vm, const struct re_prog *p);
val regexp_flags(struct vm *vm, const struct re_prog *p);
/* "/source/flags" without asking scripts, for logs. */
val regexp_text(struct vm *vm, val re);
/* Searches s from `from` on. 1, 0, or -1: exception. */
int regexp_run(struct vm *vm, const struct re_prog *p, struct str *s, uint32_t from, bool sticky, struct re_caps *c);
/* Is v a RegExp whose every step of the protocol is the original one, and its
 * lastIndex writable? */
bool regexp_is_plain(struct vm *vm, val v);

/* ---- regexp_string.c ---- */
/* RegExp.prototype[@@replace]: as a function of an object, and as the native. */
val regexp_replace(struct vm *vm, val rx, val string, val with);
val regexp_replace_method(struct vm *vm, val *a, uint32_t argc);

/* ---- regexp_proto.c ---- */
val regexp_exec_method(struct vm *vm, val *a, uint32_t argc);
/* 22.2.7.1 RegExpExec: result object or null. */
val regexp_exec(struct vm *vm, val rx, struct str *s);
/* One captured group as a string or undefined. */
val regexp_capture(struct vm *vm, struct str *s, const struct re_caps *c, uint32_t i);
/* The `groups` object of a match, or undefined. */
val regexp_groups(struct vm *vm, const struct re_prog *p, const val *captures);
/* The own lastIndex of a plain RegExp. */
static inline void regexp_set_last_plain(struct vm *vm, val rx, uint32_t i) { VSET(vm, v_toregexp(rx)->last_index, v_u32(i)); }
extern const struct row regexp_proto_rows[], regexp_string_rows[];
extern const uint32_t regexp_proto_nrows, regexp_string_nrows;

/* ---- regexp_string.c ---- */
void regexp_string_init(struct vm *vm);

#endif
