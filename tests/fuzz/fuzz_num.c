/* fuzz_num.c: numbers as text. Input: a byte that says what to do, then text or the
 * bits of a double. What is read is what strtod reads; what is printed reads back as
 * the same double, no shorter text does; the fixed forms agree with printf's. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/num.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static double bits_to_double(const uint8_t *p)
{
	double d;

	memcpy(&d, p, sizeof d);
	return d;
}

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

/* Reading: against strtod on what num_parse_decimal took. */
static void reads(const uint8_t *p, size_t n)
{
	char text[4097], *end;
	double d = -1;
	size_t used;

	memcpy(text, p, n);
	text[n] = 0;
	used = num_parse_decimal(text, n, &d);
	AN(used <= n);
	if (used == 0)
		return;
	text[used] = 0;
	AN(same(strtod(text, &end), d));
	AN(end == text + used);
}

/* The shortest text: reads back, and neither neighbour with a digit less does. */
static void prints(double d)
{
	char out[NUM_SHORTEST_MAX], digits[17], text[40];
	double back;
	int n, e, len = num_to_shortest(d, out);

	AN(len > 0 && len < NUM_SHORTEST_MAX && strlen(out) == (size_t)len);
	if (isnan(d)) {
		AZ(strcmp(out, "NaN"));
		return;
	}
	if (isinf(d)) {
		AZ(strcmp(out, d < 0 ? "-Infinity" : "Infinity"));
		return;
	}
	AN(num_parse_decimal(out + (*out == '-'), (size_t)(len - (*out == '-')), &back) == (size_t)(len - (*out == '-')));
	AN(same(back, fabs(d)));
	if (d == 0)
		return;
	e = num_shortest_digits(fabs(d), digits, &n);
	AN(n >= 1 && n <= 17 && digits[0] != '0' && digits[n - 1] != '0');
	snprintf(text, sizeof text, "0.%.*se%d", n, digits, e);
	AN(same(strtod(text, NULL), fabs(d)));
	if (n > 1) {
		snprintf(text, sizeof text, "%.*e", n - 2, fabs(d));
		AN(!same(strtod(text, NULL), fabs(d)));
	}
}

/* toFixed and the others differ from printf only at ties (theirs to even, ours up). */
static void formats(double d, int digits)
{
	static char want[1300];
	char out[NUM_FORMAT_MAX];
	char exact[1300];

	if (!isfinite(d))
		return;
	if (fabs(d) < 1e21) {
		AN(num_to_fixed(d, digits, out) > 0);
		snprintf(want, sizeof want, "%.*f", digits, d);
		snprintf(exact, sizeof exact, "%.1100f", d);
		if (d != 0 && strspn(strchr(exact, '.') + 1 + digits + 1, "0") != strlen(strchr(exact, '.') + 1 + digits + 1) &&
		    (d > 0 || strspn(want, "-0.") != strlen(want)))
			AZ(strcmp(out, want));
	}
	AN(num_to_exponential(d, digits, out) > 0);
	AN(isinf(strtod(out, NULL)) || fabs(strtod(out, NULL) - d) <= fabs(d));
	AN(num_to_precision(d, digits ? digits : 1, out) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char radix_text[NUM_RADIX_MAX];
	double d;
	int radix, len;

	if (size < 1 || size > 4096)
		return 0;
	if (data[0] & 1) {
		reads(data + 1, size - 1);
		return 0;
	}
	if (size < 9)
		return 0;
	d = bits_to_double(data + 1);
	prints(d);
	formats(d, data[0] >> 1 > 100 ? 100 : data[0] >> 1);
	radix = 2 + (data[0] >> 1) % 35;
	len = num_to_radix(d, radix, radix_text);
	AN(len > 0 && len < NUM_RADIX_MAX);
	/* Integers below 2^53 come back from any radix. */
	if (d == floor(d) && d >= 0 && d < 9007199254740992.0)
		AN(num_parse_radix(radix_text, (size_t)len, radix) == d);
	return 0;
}
