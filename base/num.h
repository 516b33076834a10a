/* num.h: exact conversion between doubles and text (ECMA-262 6.1.6.1.20
 * Number::toString, 7.1.4.1 StringToNumber), independent of the C locale.
 * Pure functions; no allocation beyond a bounded bignum on the C stack or
 * malloc'd for extreme inputs. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for any result of num_to_shortest with its NUL. */
#define NUM_SHORTEST_MAX 32

/* Shortest digits that read back as d: writes 1..17 decimal digits without a
 * point into digits (no NUL), stores their count, and returns the exponent n
 * such that d = 0.DIGITS * 10^n. d must be finite and > 0. */
int num_shortest_digits(double d, char digits[17], int *ndigits);
/* Number::toString(d, 10), NUL-terminated; returns the length. */
int num_to_shortest(double d, char out[NUM_SHORTEST_MAX]);
/* int32 in decimal, NUL-terminated; returns the length. */
int num_int_to_text(int32_t i, char out[12]);
/* Number::toString(d, radix), radix 2..36, with the digits that other engines
 * give (the specification leaves them open); returns the length. Writes
 * at most 1100 bytes with the NUL; out must have room for that. */
#define NUM_RADIX_MAX 1104
int num_to_radix(double d, int radix, char out[NUM_RADIX_MAX]);
/* Number.prototype.toFixed (digits 0..100, |d| < 1e21), toExponential (digits
 * 0..100, or -1 for as many as necessary) and toPrecision (1..100): correctly
 * rounded from the exact value, ties up as the specification's "let n be an
 * integer for which n / 10^f - x is as close to zero as possible; if two,
 * the larger". out has room for NUM_FORMAT_MAX. */
#define NUM_FORMAT_MAX 352
int num_to_fixed(double d, int digits, char out[NUM_FORMAT_MAX]);
int num_to_exponential(double d, int digits, char out[NUM_FORMAT_MAX]);
int num_to_precision(double d, int precision, char out[NUM_FORMAT_MAX]);

/* Reads the longest StrUnsignedDecimalLiteral without sign and without
 * "Infinity" ("12", ".5", "1.", "3e+7") at the start of p; returns the bytes
 * consumed (0: none) and stores the correctly rounded value. No separators. */
size_t num_parse_decimal(const char *p, size_t n, double *out);
/* n digits of the given radix (2..36; caller has validated them), correctly
 * rounded to nearest even for radices that are powers of two and for 10;
 * other radices may be approximated after 20 significant digits as 19.2.5
 * permits, but are exact here too. */
double num_parse_radix(const char *p, size_t n, int radix);
/* Math.round (21.3.2.28): ties go up; results in (-1, 0] that come from negative
 * numbers are -0. */
double num_round_up(double x);

#endif
