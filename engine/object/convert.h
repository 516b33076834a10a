/* convert.h: type conversion and comparison (ECMA-262 7.1, 7.2). Functions that
 * may run JavaScript return V_EXC / -1 when it threw. */
#ifndef ENGINE_OBJECT_CONVERT_H
#define ENGINE_OBJECT_CONVERT_H

#include "engine/object/object.h"

enum hint { HINT_DEFAULT, HINT_NUMBER, HINT_STRING };

val to_primitive(struct vm *vm, val v, enum hint hint);     /* 7.1.1 */
bool to_boolean(val v);                                     /* 7.1.2; strings need only len */
val to_numeric(struct vm *vm, val v);                       /* 7.1.3: number or BigInt */
val to_number_v(struct vm *vm, val v);                      /* 7.1.4 as a value */
int to_number(struct vm *vm, val v, double *out);           /* 0 or -1 */
int to_integer_or_inf(struct vm *vm, val v, double *out);   /* 7.1.5 */
int to_int32(struct vm *vm, val v, int32_t *out);
int to_uint32(struct vm *vm, val v, uint32_t *out);
int32_t dbl_to_int32(double d);                             /* 7.1.6 on a number */
double num_pow(double x, double y);                         /* Number::exponentiate 6.1.6.1.3 */
int to_length(struct vm *vm, val v, int64_t *out);          /* 7.1.20 */
int to_index(struct vm *vm, val v, int64_t *out);           /* 7.1.22 */
val to_string(struct vm *vm, val v);                        /* 7.1.17: string value or V_EXC */
struct str *to_str(struct vm *vm, val v);                   /* the same; NULL on exception */
val to_object(struct vm *vm, val v);                        /* 7.1.18 */
val to_property_key_v(struct vm *vm, val v);                /* 7.1.19: string, symbol, or int index */
double str_to_number(struct vm *vm, struct str *s);         /* 7.1.4.1.1 StringToNumber */
bool unit_is_space(uint32_t unit);                          /* WhiteSpace or LineTerminator (12.2, 12.3) */
/* v without leading (and, with `end`, trailing) white space: TrimString 22.1.3.32.1. */
struct sview sview_trim(struct sview v, bool start, bool end);
val num_to_str(struct vm *vm, double d);                    /* Number::toString(d, 10) */
val int_to_str(struct vm *vm, int32_t i);
/* Relative index argument of slice-like methods: clamps into [0, len]. dflt when
 * undefined. 0 or -1. */
int to_rel_index(struct vm *vm, val v, int64_t len, int64_t dflt, int64_t *out);

bool val_same(struct vm *vm, val a, val b);                 /* SameValue */
bool val_same_zero(struct vm *vm, val a, val b);            /* SameValueZero */
bool val_strict_eq(struct vm *vm, val a, val b);            /* IsStrictlyEqual */
int val_loose_eq(struct vm *vm, val a, val b);              /* IsLooselyEqual: 1/0/-1 */
/* IsLessThan(a, b, left_first): 1, 0, 2 = undefined (NaN), -1. */
int val_less(struct vm *vm, val a, val b, bool left_first);
val val_typeof(struct vm *vm, val v);                       /* static strings */
/* undefined, object, boolean, number, string, symbol, bigint, function = 0..7
 * (enum typeof_code of engine/code). */
int val_typeof_code(val v);
int val_require_coercible(struct vm *vm, val v, const char *what); /* 0 or -1: TypeError */

/* ---- errors (error.c) --------------------------------------------------- */

/* All make an error pending and return V_EXC. Messages are UTF-8; %s etc. */
val throw_type(struct vm *vm, const char *fmt, ...) PRINTF_LIKE(2, 3);
val throw_range(struct vm *vm, const char *fmt, ...) PRINTF_LIKE(2, 3);
val throw_ref(struct vm *vm, const char *fmt, ...) PRINTF_LIKE(2, 3);
val throw_syntax(struct vm *vm, const char *fmt, ...) PRINTF_LIKE(2, 3);
val throw_error_proto(struct vm *vm, enum intrinsic proto, const char *msg);
val throw_val(struct vm *vm, val exc);
/* No memory: a RangeError, or the end of the request that was to come; taints RESOURCE. */
val throw_refused(struct vm *vm, const char *message);
val throw_oom(struct vm *vm);           /* "out of memory" */
/* "x", "Symbol(d)" or "1" for messages; at most ~60 bytes; arena memory. */
const char *key_for_message(struct vm *vm, pkey k);
/* A short description of a value for messages: "undefined", "'abc'", "function f",
 * "#<Object>". Runs no JavaScript. */
const char *val_for_message(struct vm *vm, val v);
/* A fresh Error object (not thrown): backtrace captured, message defined. */
struct obj *error_new(struct vm *vm, struct obj *proto, val message_or_undef);
/* The pending exception, cleared. */
static inline val exc_take(struct vm *vm)
{
	val e = vm->exc;

	vm->exc = V_HOLE;
	return e;
}

#endif
