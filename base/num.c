/* num.c: double to text. Called by the engine's Number, JSON and template
 * code. Looks at no locale and allocates nothing. Parsing is in num_parse.c. */
#include "base/num.h"

#include <math.h>
#include <string.h>

#include "base/check.h"
#include "base/num_big.h"

/* d = mant * 2^exp, d finite; closer: the gap below d is half the one above. */
struct parts { uint64_t mant; int exp; bool closer; };

static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";
static const char digit_chars[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static inline struct parts split(double d)
{
	uint64_t u = num_bits(d), m = u & ((1ull << 52) - 1);
	int e = (int)(u >> 52 & 0x7FF);

	if (e == 0)
		return (struct parts){ m, -1074, false };
	return (struct parts){ m | 1ull << 52, e - 1075, m == 0 && e > 1 };
}

/* v's digits end before end; returns where they start. 0 gives none. */
static inline char *digits_before(char *end, uint64_t v)
{
	while (v >= 100) {
		end -= 2;
		memcpy(end, pairs + v % 100 * 2, 2);
		v /= 100;
	}
	if (v >= 10) {
		end -= 2;
		memcpy(end, pairs + v * 2, 2);
	} else if (v != 0) {
		*--end = (char)('0' + v);
	}
	return end;
}

/* floor(g * cp / 2^128) with its last bit set if anything was cut off. g is a
 * power of ten rounded up, so a fraction of at most 1 unit counts as none. */
static inline uint64_t round_to_odd(const uint64_t g[2], uint64_t cp)
{
	uint64_t low = (uint64_t)((unsigned __int128)g[1] * cp >> 64);
	unsigned __int128 y = (unsigned __int128)g[0] * cp + low;

	return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

/* The shortest, then closest, integer * 10^k inside d's rounding interval
 * (Giulietti's Schubfach). Everything is held in quarters: the interval's ends
 * are 4m-2 (or 4m-1) and 4m+2. */
static uint64_t shortest(struct parts f, int *exp10)
{
	uint64_t odd = f.mant & 1, s, lower, upper, mid;
	int k, h;

	/* floor(log10(width)): the second constant is log10(3/4). */
	k = f.closer ? (f.exp * 1262611 - 524031) >> 22 : num_log10_pow2(f.exp);
	h = f.exp + num_log2_pow10(-k) + 1;
	{
		const uint64_t *g = num_pow10[-k - NUM_POW10_MIN];

		lower = round_to_odd(g, (4 * f.mant - 2 + f.closer) << h) + odd;
		mid = round_to_odd(g, (4 * f.mant) << h);
		upper = round_to_odd(g, (4 * f.mant + 2) << h) - odd;
	}
	s = mid / 4;
	if (s >= 10) {
		uint64_t t = s / 10;
		bool down_in = lower <= 40 * t, up_in = 40 * t + 40 <= upper;

		/* At most one multiple of ten units fits, unless both do not. */
		if (down_in != up_in) {
			*exp10 = k + 1;
			return t + up_in;
		}
	}
	*exp10 = k;
	{
		bool down_in = lower <= 4 * s, up_in = 4 * s + 4 <= upper;
		uint64_t half = 4 * s + 2;

		if (down_in != up_in)
			return s + up_in;
		return s + (mid > half || (mid == half && (s & 1)));
	}
}

int num_shortest_digits(double d, char digits[17], int *ndigits)
{
	struct parts f = split(d);
	char text[20], *p, *end = text + sizeof text;
	int exp10 = 0, point;
	uint64_t v;

	AN(d > 0 && (num_bits(d) >> 52) < 0x7FF);
	if (f.exp <= 0 && f.exp > -53 && (f.mant & ((1ull << -f.exp) - 1)) == 0)
		v = f.mant >> -f.exp;
	else
		v = shortest(f, &exp10);
	p = digits_before(end, v);
	point = (int)(end - p) + exp10;
	while (end[-1] == '0')
		end--;
	*ndigits = (int)(end - p);
	memcpy(digits, p, (size_t)*ndigits);
	return point;
}

static int put_special(double d, char *out)
{
	const char *s = isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";

	strcpy(out, s);
	return (int)strlen(s);
}

static inline char *put_zeros(char *o, int n)
{
	if (n > 0) {
		memset(o, '0', (size_t)n);
		o += n;
	}
	return o;
}

static inline char *put_text(char *o, const char *p, int n)
{
	memcpy(o, p, (size_t)n);
	return o + n;
}

/* The value 0.DIGITS * 10^point in plain notation. */
static char *put_plain(char *o, const char *digits, int n, int point)
{
	if (point <= 0) {
		*o++ = '0';
		if (n > 0) {
			*o++ = '.';
			o = put_zeros(o, -point);
			o = put_text(o, digits, n);
		}
	} else if (n <= point) {
		o = put_text(o, digits, n);
		o = put_zeros(o, point - n);
	} else {
		o = put_text(o, digits, point);
		*o++ = '.';
		o = put_text(o, digits + point, n - point);
	}
	return o;
}

/* The value D.IGITS * 10^e in exponential notation. */
static char *put_exponential(char *o, const char *digits, int n, int e)
{
	char text[4], *p;

	*o++ = digits[0];
	if (n > 1) {
		*o++ = '.';
		o = put_text(o, digits + 1, n - 1);
	}
	*o++ = 'e';
	*o++ = e < 0 ? '-' : '+';
	if (e == 0) {
		*o++ = '0';
		return o;
	}
	p = digits_before(text + sizeof text, (uint64_t)(e < 0 ? -e : e));
	return put_text(o, p, (int)(text + sizeof text - p));
}

static inline int finish(const char *out, char *o)
{
	*o = '\0';
	return (int)(o - out);
}

int num_int_to_text(int32_t i, char out[12])
{
	uint32_t u = i < 0 ? 0 - (uint32_t)i : (uint32_t)i;
	int n = u < 10 ? 1 : u < 100 ? 2 : u < 1000 ? 3 : u < 10000 ? 4 : u < 100000 ? 5 : u < 1000000 ? 6 :
		u < 10000000 ? 7 : u < 100000000 ? 8 : u < 1000000000 ? 9 : 10;

	*out = '-';
	n += i < 0;
	if (u == 0)
		*out = '0';
	else
		(void)digits_before(out + n, u);
	out[n] = 0;
	return n;
}

/* Most numbers that programs print have at most three decimals. m / 1000 with
 * m < 10^15 has at most 15 digits; no two such texts mean the same double, so when
 * it reads back as d it is the shortest. d > 0; NULL: not of that kind. */
static char *put_thousandths(double d, char *o)
{
	double m = rint(d * 1000);
	uint32_t rest;
	int n;

	if (!(m < 1e12) || d < 0.001 || m / 1000 != d)
		return NULL;
	rest = (uint32_t)((uint64_t)m % 1000);
	n = num_int_to_text((int32_t)((uint64_t)m / 1000), o);
	o[n++] = '.';
	o[n++] = (char)('0' + rest / 100);
	if (rest % 100 != 0) {
		o[n++] = (char)('0' + rest / 10 % 10);
		if (rest % 10 != 0)
			o[n++] = (char)('0' + rest % 10);
	}
	return o + n;
}

int num_to_shortest(double d, char out[NUM_SHORTEST_MAX])
{
	char digits[17], *o = out, *end;
	int n, point;

	if (d >= -2147483647.0 && d <= 2147483647.0 && d == (int32_t)d)
		return num_int_to_text((int32_t)d, out);
	if (unlikely((num_bits(d) >> 52 & 0x7FF) == 0x7FF))
		return put_special(d, out);
	if (d < 0)
		*o++ = '-';
	end = put_thousandths(fabs(d), o);
	if (end != NULL)
		return finish(out, end);
	point = num_shortest_digits(fabs(d), digits, &n);
	if (point > 21 || point <= -6)
		o = put_exponential(o, digits, n, point - 1);
	else
		o = put_plain(o, digits, n, point);
	return finish(out, o);
}

/* floor(d * 10^scale) in decimal before end, d > 0, scale 0..430; returns
 * where the digits start. Up to 430 digits. */
static char *scaled_digits(double d, int scale, char *end)
{
	struct parts f = split(d);
	struct num_big b;

	num_big_set(&b, f.mant);
	num_big_mul_pow5(&b, (unsigned)scale);
	if (f.exp + scale >= 0)
		num_big_shl(&b, (unsigned)(f.exp + scale));
	else
		num_big_shr(&b, (unsigned)-(f.exp + scale));
	while (b.n > 2) {
		uint32_t nine = num_big_div(&b, 1000000000u);
		char *low = end - 9;

		end = digits_before(end, nine);
		while (end > low)
			*--end = '0';
	}
	return digits_before(end, b.n == 0 ? 0 : b.n == 1 ? b.w[0] : (uint64_t)b.w[1] << 32 | b.w[0]);
}

/* Adds one to the decimal integer p..end; true: it was all nines and is now
 * all zeros, and the 1 in front is the caller's to write. */
static bool increment(char *p, char *end)
{
	while (end > p) {
		if (end[-1] != '9') {
			end[-1]++;
			return false;
		}
		*--end = '0';
	}
	return true;
}

int num_to_fixed(double d, int digits, char out[NUM_FORMAT_MAX])
{
	char text[160], *p, *end = text + sizeof text, *o = out;
	int n;

	AN(digits >= 0 && digits <= 100);
	if (!(fabs(d) < 1e21))
		return num_to_shortest(d, out);
	p = end;
	if (d != 0)
		p = scaled_digits(fabs(d), digits + 1, end);
	if (d < 0)
		*o++ = '-';
	/* One digit more than asked for decides: the digits are exact. */
	if (p < end && *--end >= '5' && increment(p, end))
		*--p = '1';
	n = (int)(end - p);
	if (n <= digits) {
		*o++ = '0';
		if (digits > 0) {
			*o++ = '.';
			o = put_zeros(o, digits - n);
			o = put_text(o, p, n);
		}
	} else {
		o = put_plain(o, p, n, n - digits);
	}
	return finish(out, o);
}

/* The first n digits of d > 0, half up, into digits; returns the exponent of
 * the first one. */
static int leading_digits(double d, int n, char *digits)
{
	char text[448], *p, *end = text + sizeof text;
	struct parts f = split(d);
	int least, scale, e;

	/* 10^least <= d, so that at least n + 1 digits come out. */
	least = num_log10_pow2(63 - __builtin_clzll(f.mant) + f.exp);
	scale = n > least ? n - least : 0;
	p = scaled_digits(d, scale, end);
	e = (int)(end - p) - 1 - scale;
	memcpy(digits, p, (size_t)n);
	if (p[n] >= '5' && increment(digits, digits + n)) {
		digits[0] = '1';
		e++;
	}
	return e;
}

int num_to_exponential(double d, int digits, char out[NUM_FORMAT_MAX])
{
	char text[101], *o = out;
	int n = digits + 1, e = 0;

	AN(digits >= -1 && digits <= 100);
	if (!isfinite(d))
		return put_special(d, out);
	if (d < 0)
		*o++ = '-';
	if (d == 0) {
		n = digits < 0 ? 1 : n;
		memset(text, '0', (size_t)n);
	} else if (digits < 0) {
		e = num_shortest_digits(fabs(d), text, &n) - 1;
	} else {
		e = leading_digits(fabs(d), n, text);
	}
	return finish(out, put_exponential(o, text, n, e));
}

int num_to_precision(double d, int precision, char out[NUM_FORMAT_MAX])
{
	char text[101], *o = out;
	int e = 0;

	AN(precision >= 1 && precision <= 100);
	if (!isfinite(d))
		return put_special(d, out);
	if (d < 0)
		*o++ = '-';
	if (d == 0)
		memset(text, '0', (size_t)precision);
	else
		e = leading_digits(fabs(d), precision, text);
	if (e < -6 || e >= precision)
		o = put_exponential(o, text, precision, e);
	else
		o = put_plain(o, text, precision, e + 1);
	return finish(out, o);
}

/* Digits of the fraction 0 < f < 1 until what is left is below the distance
 * that tells d from its neighbours; *carry: they round up to 1. The steps are
 * done in doubles, as other engines do, so that their digits come out (and so
 * must not be fused: the build sets -ffp-contract=off). */
static int fraction_digits(double f, double delta, int radix, uint8_t *digits, bool *carry)
{
	int n = 0;

	*carry = false;
	do {
		int digit;

		f *= radix;
		delta *= radix;
		digit = (int)f;
		digits[n++] = (uint8_t)digit;
		f -= digit;
		if ((f > 0.5 || (f == 0.5 && (digit & 1))) && f + delta > 1) {
			while (n > 0 && digits[n - 1] == radix - 1)
				n--;
			if (n == 0)
				*carry = true;
			else
				digits[n - 1]++;
			break;
		}
	} while (f >= delta);
	return n;
}

int num_to_radix(double d, int radix, char out[NUM_RADIX_MAX])
{
	uint8_t digits[1100];
	char whole[1100], *p = whole + sizeof whole, *o = out;
	double a = fabs(d), integer, fraction, delta;
	uint64_t rest;
	int n = 0;
	bool carry = false;

	AN(radix >= 2 && radix <= 36);
	if (radix == 10)
		return num_to_shortest(d, out);
	if (!isfinite(d))
		return put_special(d, out);
	integer = floor(a);
	fraction = a - integer;
	delta = 0.5 * (num_from_bits(num_bits(a) + 1) - a);
	if (delta == 0)
		delta = num_from_bits(1);
	if (fraction >= delta)
		n = fraction_digits(fraction, delta, radix, digits, &carry);
	integer += carry;

	/* Digits that the 53 bits do not determine are zeros, and the next may be
	 * rounded, again as in other engines. */
	while (integer >= 9007199254740992.0 * radix) {
		integer /= radix;
		*--p = '0';
	}
	while (integer >= 9007199254740992.0) {
		double digit = fmod(integer, radix);

		*--p = digit_chars[(int)digit];
		integer = (integer - digit) / radix;
	}
	rest = (uint64_t)integer;
	do
		*--p = digit_chars[rest % (unsigned)radix];
	while ((rest /= (unsigned)radix) != 0);
	if (d < 0)
		*o++ = '-';
	o = put_text(o, p, (int)(whole + sizeof whole - p));
	if (n > 0)
		*o++ = '.';
	for (int i = 0; i < n; i++)
		*o++ = digit_chars[digits[i]];
	return finish(out, o);
}

double num_round_up(double x)
{
	double r = floor(x);

	if (x - r >= 0.5)
		r += 1;
	return copysign(r, x);
}
