/* value.h: JavaScript values as 64-bit words, a pointer-favouring NaN box.
 *
 *   0x0000'pppp'pppp'pppp   cell pointer, raw: 8-aligned, never 0
 *   0x0002.. - 0xFFFC..     double, its bits + 2^49 (NaN canonicalised first)
 *   0xFFFE'0000'iiii'iiii   int32
 *   small constants         bit 1 set, upper 48 bits clear (see below)
 *
 * A cell value is an address for the CPU, for C code, for a debugger, for the
 * conservative scanner and for the journal alike.
 * Invariant: a number that is an int32 and not -0 MAY be either representation
 * only inside the arithmetic of one operation; everything that stores a value
 * goes through v_num, which prefers int32. Equality of words therefore implies
 * equality of values, but not the converse (compare numbers with v_num_of). */
#ifndef ENGINE_HEAP_VALUE_H
#define ENGINE_HEAP_VALUE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/check.h"

typedef uint64_t val;
struct cell;

#define V_INT_TAG 0xFFFE000000000000ull
#define V_DBL_OFF (1ull << 49)

#define V_HOLE   ((val)0x00)   /* no value: array hole, TDZ, missing; never seen by scripts */
#define V_NULL   ((val)0x02)
#define V_FALSE  ((val)0x06)
#define V_TRUE   ((val)0x07)
#define V_UNDEF  ((val)0x0a)
#define V_EXC    ((val)0x12)   /* an exception is pending in the VM */
#define V_LAZY_TAG 0x1e        /* low byte: a builtin not yet made, its id in bits 8..31 */

static inline bool v_isint(val v) { return v >= V_INT_TAG; }
static inline bool v_2int(val a, val b) { return (a & b) >= V_INT_TAG; }
static inline bool v_isnum(val v) { return (v & V_INT_TAG) != 0; }
static inline bool v_isdbl(val v) { return (v & V_INT_TAG) != 0 && v < V_INT_TAG; }
static inline bool v_iscell(val v) { return !(v & (V_INT_TAG | 2)) && v != 0; }
static inline bool v_isbool(val v) { return (v | 1) == V_TRUE; }
static inline bool v_isnullish(val v) { return (v & ~(val)8) == V_NULL; }
static inline bool v_isundef(val v) { return v == V_UNDEF; }
static inline bool v_isnull(val v) { return v == V_NULL; }
static inline bool v_islazy(val v) { return (v & ~(val)0xFFFFFF00u) == V_LAZY_TAG; }
static inline bool v_isexc(val v) { return v == V_EXC; }

static inline val v_int(int32_t i) { return V_INT_TAG | (uint32_t)i; }
static inline val v_bool(bool b) { return V_FALSE | (val)b; }
static inline val v_cell(const void *p) { return (val)(uintptr_t)p; }
static inline val v_lazy(uint32_t id) { return V_LAZY_TAG | (val)id << 8; }

static inline int32_t v_toint(val v) { return (int32_t)(uint32_t)v; }
static inline struct cell *v_tocell(val v) { return (struct cell *)(uintptr_t)v; }
static inline uint32_t v_lazy_id(val v) { return (uint32_t)(v >> 8); }

static inline double v_todbl(val v)
{
	double d;

	v -= V_DBL_OFF;
	memcpy(&d, &v, 8);
	return d;
}

/* Boxes a double as a double; the caller knows it is not an int32, or does
 * not care. NaN is canonicalised. */
static inline val v_dbl(double d)
{
	uint64_t u;

	if (unlikely(d != d))
		return 0x7FF8000000000000ull + V_DBL_OFF;
	memcpy(&u, &d, 8);
	return u + V_DBL_OFF;
}

#define V_NAN (0x7FF8000000000000ull + V_DBL_OFF)

/* The number d in its preferred representation: int32 when exact and not -0. */
static inline val v_num(double d)
{
	if (d >= -2147483648.0 && d <= 2147483647.0) {
		int32_t i = (int32_t)d;

		if ((double)i == d && (i != 0 || !signbit(d)))
			return v_int(i);
	}
	return v_dbl(d);
}

static inline val v_u32(uint32_t u) { return u <= INT32_MAX ? v_int((int32_t)u) : v_dbl((double)u); }
static inline val v_i64(int64_t i)
{
	return i >= INT32_MIN && i <= INT32_MAX ? v_int((int32_t)i) : v_dbl((double)i);
}

/* The numeric value of a number. */
static inline double v_numof(val v) { return v_isint(v) ? (double)v_toint(v) : v_todbl(v); }

#endif
