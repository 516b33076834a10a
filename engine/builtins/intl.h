/* intl.h: what the files of Intl share (ECMA-402, English only). Private to
 * engine/builtins. Every service object is one struct; which service it is says type. */
#ifndef ENGINE_BUILTINS_INTL_H
#define ENGINE_BUILTINS_INTL_H

#include "engine/builtins/date.h"
#include "engine/builtins/builtins.h"

enum intl_type { INTL_DATE_TIME, INTL_NUMBER, INTL_COLLATOR, INTL_PLURAL };

/* KIND_INTL. set: the service's own settings, plain bytes; the last of a new object is
 * the hour cycle of the locale. */
enum { INTL_CYCLE = 3 };
struct intl {
	struct cell h; HF(struct ext *) ext;
	HF(uint64_t) type;
	HF(uint64_t) set[4];
	hval locale, name;        /* "en-US"; time zone or currency, or undefined */
	hval bound;               /* the function that the getter gave, or undefined */
	HF(const struct zone *) zone;
};

/* A piece of formatted text: what formatToParts gives. */
enum { INTL_PIECES = 260, INTL_TEXT = 3072 };
struct intl_piece { const char *type; uint32_t at; };     /* its text: a C string at text + at */
struct intl_pieces { uint32_t n, used; struct intl_piece p[INTL_PIECES]; char text[INTL_TEXT]; };
/* Adds text; literals in a row become one. */
void intl_add(struct intl_pieces *out, const char *type, const char *fmt, ...) PRINTF_LIKE(3, 4);
val intl_join(struct vm *vm, const struct intl_pieces *in);       /* a string */
val intl_parts(struct vm *vm, const struct intl_pieces *in);      /* an array of { type, value } */

/* A new object of new.target (or of the constructor itself); locales are checked. NULL: exception. */
struct intl *intl_new(struct vm *vm, val *a, val locales, enum intl_type type, enum intrinsic proto);
/* The same of the service's own constructor. */
struct intl *intl_plain(struct vm *vm, val locales, enum intl_type type, enum intrinsic proto);
/* this as a service object of this type, or NULL: TypeError. */
struct intl *intl_this(struct vm *vm, val v, enum intl_type type, const char *what);
/* A getter's value: the function bound to the service object `v`, the same each
 * time. V_EXC as intl_this. */
val intl_bound(struct vm *vm, val v, enum intl_type type, const char *what, const struct native_def *def);
/* The language tag that locales ask for, as far as it is served, and the hour cycle that it
 * names: its place in "h11|h12|h23|h24", or 0. V_EXC: RangeError or TypeError. */
val intl_locale(struct vm *vm, val locales, int *hour_cycle);
/* An option that is one of `names` ("a|b|c"): its place from 1 on in *out, or 0 when it is
 * missing. options may be undefined. 0 or -1. */
int intl_choice(struct vm *vm, val options, const char *name, const char *names, int *out);
/* An integral option within [lo, hi], or dflt. 0 or -1. */
int intl_integer(struct vm *vm, val options, const char *name, int lo, int hi, int dflt, int *out);
val intl_option(struct vm *vm, val options, const char *name);    /* undefined when missing */
val intl_options(struct vm *vm, val v);                           /* undefined or an object; V_EXC */
void intl_show(struct vm *vm, struct obj *o, const char *key, val v);

/* Makes a constructor on the namespace `ns`. */
struct obj *intl_ctor(struct vm *vm, struct obj *ns, const struct native_def *def, enum intrinsic ctor,
                      enum intrinsic proto, const struct row *rows, uint32_t n);
/* The nth word of "a|b|c", from 1 on. */
const char *intl_nth(const char *names, int n, char out[24]);

void intl_date_init(struct vm *vm, struct obj *ns);
void intl_number_init(struct vm *vm, struct obj *ns);
/* Date.prototype.toLocale*String (what: 0 both, 1 date, 2 time), Number's: arguments as they are given. */
val intl_date_string(struct vm *vm, double t, val locales, val options, int what);
val intl_number_string(struct vm *vm, double d, val locales, val options);

#endif
