/* string.h: what the files of String share, and what regular expression code and
 * number formatting need of it. Private to engine/builtins. */
#ifndef ENGINE_BUILTINS_STRING_H
#define ENGINE_BUILTINS_STRING_H

#include "engine/builtins/builtins.h"

#define ROWS(rows) (rows), (uint32_t)(sizeof(rows) / sizeof *(rows))

/* The flat units of s; false: no memory to flatten it, exception pending. */
static inline bool string_view(struct vm *vm, struct str *s, struct sview *out)
{
	*out = str_view(vm, s);
	return likely(out->len == s->len.v);
}

/* ToString(RequireObjectCoercible(this)) for String.prototype[method]; NULL:
 * exception. */
struct str *string_this_slow(struct vm *vm, val this_v, const char *method);
static inline struct str *string_this(struct vm *vm, val this_v, const char *method)
{
	return likely(v_isstr(this_v)) ? v_tostr(this_v) : string_this_slow(vm, this_v, method);
}

/* A search that found nothing: V_EXC when a tick ended it, else v. */
static inline val string_not_found(struct vm *vm, val v)
{
	return unlikely(vm->exc != V_HOLE) ? V_EXC : v;
}

/* ---- string_iter.c ---- */
void string_iter_init(struct vm *vm);
/* One step of a string iterator without a result object: 1 value, 0 done. -1. */
int string_iterator_step(struct vm *vm, val it, val *out);
bool string_iterator_next_is_original(struct vm *vm, val next);
extern const struct row string_iter_rows[];   /* String.prototype[@@iterator] */

/* ---- string_case.c ---- */
val string_lower(struct vm *vm, struct str *s);
val string_upper(struct vm *vm, struct str *s);
extern const struct row string_case_rows[];
extern const uint32_t string_case_nrows;

/* ---- string_norm.c ---- */
enum string_form { FORM_NFC, FORM_NFD, FORM_NFKC, FORM_NFKD };
val string_normalize(struct vm *vm, struct str *s, enum string_form form);
/* An order of texts for people, the same everywhere: see string_norm.c. -2: exception. */
int string_collate(struct vm *vm, struct str *a, struct str *b);
extern const struct row string_norm_rows[];
extern const uint32_t string_norm_nrows;

/* ---- string_pattern.c ---- */
int string_is_regexp(struct vm *vm, val v);   /* IsRegExp 7.2.6: 1/0/-1 */
/* Appends GetSubstitution (22.1.3.19.1): captures[0..ncaptures) are strings or
 * undefined, named an object or undefined. 0 or -1 (exception; named captures run
 * scripts). */
int string_substitute(struct vm *vm, struct strbuf *out, struct str *matched, struct str *s, uint32_t position,
                      const val *captures, uint32_t ncaptures, val named, struct str *replacement);
extern const struct row string_pattern_rows[];
extern const uint32_t string_pattern_nrows;

#endif
