/* test_num.c: number conversion by tables, and at random against the C
 * library's exact printf and strtod (the tests stay in the C locale). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/num.h"

static uint64_t seed = 0x1234567;

static uint64_t random_bits(void)
{
	uint64_t z = seed += 0x9E3779B97F4A7C15ull;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
	z = (z ^ z >> 27) * 0x94D049BB133111EBull;
	return z ^ z >> 31;
}

static double from_bits(uint64_t u)
{
	double d;

	memcpy(&d, &u, sizeof d);
	return d;
}

static uint64_t to_bits(double d)
{
	uint64_t u;

	memcpy(&u, &d, sizeof u);
	return u;
}

/* Positive and finite: random bits, short decimals, neighbours of powers. */
static double random_double(void)
{
	double d;

	switch (random_bits() % 4) {
	case 0:
		d = (double)(random_bits() % 100000) / 1000;
		break;
	case 1:
		d = ldexp(1, (int)(random_bits() % 2090) - 1070);
		d = from_bits(to_bits(d) + random_bits() % 5 - 2);
		break;
	default:
		d = from_bits(random_bits() >> 1);
	}
	return isfinite(d) && d > 0 ? d : 1;
}

static void shortest_table(void **state)
{
	static const struct { double d; const char *text; } rows[] = {
		{ 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -1, "-1" }, { 10, "10" }, { 0.1, "0.1" },
		{ -123.456, "-123.456" }, { 1.0 / 3, "0.3333333333333333" }, { 0.1 + 0.2, "0.30000000000000004" },
		{ 2147483647, "2147483647" }, { -2147483648.0, "-2147483648" }, { 2147483648.0, "2147483648" },
		{ 9007199254740991, "9007199254740991" }, { 9007199254740992, "9007199254740992" },
		{ 9007199254740993e3, "9007199254740993000" }, { 123456789012345680000.0, "123456789012345680000" },
		{ 1e20, "100000000000000000000" }, { 1e21, "1e+21" }, { 1.5e21, "1.5e+21" },
		{ 999999999999999900000.0, "999999999999999900000" }, { 1e-6, "0.000001" }, { 1e-7, "1e-7" },
		{ 1.25e-7, "1.25e-7" }, { 0.00001234, "0.00001234" }, { 5e-324, "5e-324" },
		{ 2.2250738585072014e-308, "2.2250738585072014e-308" },
		{ 2.225073858507201e-308, "2.225073858507201e-308" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" }, { 2e-323, "2e-323" }, { 4.35, "4.35" },
		{ 9.5367431640625e-7, "9.5367431640625e-7" }, { 1e23, "1e+23" }, { 9e22, "9e+22" },
		{ 5.0216813883093446e22, "5.021681388309344e+22" }, { 4503599627370495.5, "4503599627370495.5" },
		{ NAN, "NaN" }, { INFINITY, "Infinity" }, { -INFINITY, "-Infinity" },
	};
	char out[NUM_SHORTEST_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(num_to_shortest(rows[i].d, out), strlen(rows[i].text));
		assert_string_equal(out, rows[i].text);
	}
}

static void shortest_digits_exponent(void **state)
{
	char digits[17];
	int n;

	(void)state;
	assert_int_equal(num_shortest_digits(1200, digits, &n), 4);
	assert_int_equal(n, 2);
	assert_memory_equal(digits, "12", 2);
	assert_int_equal(num_shortest_digits(0.00125, digits, &n), -2);
	assert_int_equal(n, 3);
	assert_memory_equal(digits, "125", 3);
	assert_int_equal(num_shortest_digits(0.5, digits, &n), 0);
	assert_int_equal(n, 1);
}

/* Reads back; one digit less would not; closest unless only a farther one
 * reads back. printf rounds the exact value to the nearest. */
static void shortest_random(void **state)
{
	(void)state;
	for (int i = 0; i < 200000; i++) {
		double d = random_double();
		char digits[18], text[64], ref[64];
		int n, point = num_shortest_digits(d, digits, &n);

		assert_in_range(n, 1, 17);
		assert_true(digits[0] != '0' && digits[n - 1] != '0');
		snprintf(text, sizeof text, "0.%.*se%d", n, digits, point);
		assert_true(strtod(text, NULL) == d);
		if (n > 1) {
			snprintf(ref, sizeof ref, "%.*e", n - 2, d);
			assert_true(strtod(ref, NULL) != d);
		}
		snprintf(ref, sizeof ref, "%.*e", n - 1, d);
		if (strtod(ref, NULL) == d) {
			assert_int_equal(ref[0], digits[0]);
			if (n > 1)
				assert_memory_equal(ref + 2, digits + 1, (size_t)n - 1);
		}
	}
}

static void int_text(void **state)
{
	static const int32_t edge[] = { 0, 9, 10, 99, 100, 101, 999, 1000, 65535, 1000000000, INT32_MAX };
	char out[12], ref[16];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(edge); i++)
		for (int sign = -1; sign <= 1; sign += 2) {
			int n = snprintf(ref, sizeof ref, "%d", sign * edge[i]);

			assert_int_equal(num_int_to_text(sign * edge[i], out), n);
			assert_string_equal(out, ref);
		}
	assert_int_equal(num_int_to_text(INT32_MIN, out), 11);
	assert_string_equal(out, "-2147483648");
}

typedef int format_fn(double d, int digits, char *out);
struct format_row { format_fn *fn; double d; int digits; const char *text; };

static void format_table(void **state)
{
	static const struct format_row rows[] = {
		{ num_to_fixed, 0, 0, "0" }, { num_to_fixed, 0, 2, "0.00" }, { num_to_fixed, -0.0, 1, "0.0" },
		{ num_to_fixed, 0.5, 0, "1" }, { num_to_fixed, 2.5, 0, "3" }, { num_to_fixed, -2.5, 0, "-3" },
		{ num_to_fixed, 1.005, 2, "1.00" }, { num_to_fixed, 1.45, 1, "1.4" }, { num_to_fixed, 8.345, 2, "8.35" },
		{ num_to_fixed, 0.000001, 7, "0.0000010" }, { num_to_fixed, -1e-10, 2, "-0.00" },
		{ num_to_fixed, 999.995, 2, "1000.00" }, { num_to_fixed, 0.99, 1, "1.0" }, { num_to_fixed, 0.05, 1, "0.1" },
		{ num_to_fixed, 123.456, 0, "123" }, { num_to_fixed, 1e21, 2, "1e+21" },
		{ num_to_fixed, 1000000000000000128.0, 1, "1000000000000000128.0" },
		{ num_to_fixed, NAN, 2, "NaN" }, { num_to_fixed, -INFINITY, 2, "-Infinity" },
		{ num_to_fixed, 0.1, 25, "0.1000000000000000055511151" },
		{ num_to_exponential, 0, -1, "0e+0" }, { num_to_exponential, 0, 2, "0.00e+0" },
		{ num_to_exponential, 123456, -1, "1.23456e+5" }, { num_to_exponential, 123456, 2, "1.23e+5" },
		{ num_to_exponential, -1.5e-9, 0, "-1e-9" }, { num_to_exponential, -1.5, 0, "-2e+0" }, { num_to_exponential, 9.99, 1, "1.0e+1" },
		{ num_to_exponential, 25, 0, "3e+1" }, { num_to_exponential, 12345, 3, "1.235e+4" },
		{ num_to_exponential, 5e-324, 3, "4.941e-324" }, { num_to_exponential, INFINITY, 3, "Infinity" },
		{ num_to_exponential, 1e21, -1, "1e+21" }, { num_to_exponential, 1, 20, "1.00000000000000000000e+0" },
		{ num_to_precision, 0, 1, "0" }, { num_to_precision, 0, 4, "0.000" }, { num_to_precision, 25, 1, "3e+1" },
		{ num_to_precision, 123.456, 4, "123.5" }, { num_to_precision, 123.456, 2, "1.2e+2" },
		{ num_to_precision, 1e-6, 2, "0.0000010" }, { num_to_precision, 1e-7, 2, "1.0e-7" },
		{ num_to_precision, 999999, 3, "1.00e+6" }, { num_to_precision, 99.99, 3, "100" },
		{ num_to_precision, 1e21, 22, "1000000000000000000000" }, { num_to_precision, NAN, 3, "NaN" },
		{ num_to_precision, 0.000123, 3, "0.000123" }, { num_to_precision, -1.25, 2, "-1.3" },
	};
	char out[NUM_FORMAT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int n = rows[i].fn(rows[i].d, rows[i].digits, out);

		assert_string_equal(out, rows[i].text);
		assert_int_equal(n, strlen(rows[i].text));
	}
}

/* Rounds an exact decimal expansion (printf's) half up behind its cut-th byte;
 * returns whether it carried out of the first digit. */
static bool round_text(char *text, size_t cut)
{
	bool up = text[cut] == '.' ? text[cut + 1] >= '5' : text[cut] >= '5';
	size_t i = cut;

	while (up && i > 0) {
		i--;
		if (text[i] == '.')
			continue;
		if (text[i] != '9') {
			text[i]++;
			up = false;
		} else {
			text[i] = '0';
		}
	}
	text[cut] = '\0';
	return up;
}

static void check_fixed(double d, int f)
{
	char out[NUM_FORMAT_MAX], exact[1500], ref[1501];
	size_t point;
	int n = num_to_fixed(d, f, out);

	snprintf(exact, sizeof exact, "%.1100f", d);
	point = strcspn(exact, ".");
	ref[0] = '1';
	strcpy(ref + round_text(exact, f == 0 ? point : point + 1 + (size_t)f), exact);
	assert_string_equal(out, ref);
	assert_int_equal(n, strlen(out));
}

/* n digits in exponential notation, and the same digits by precision. */
static void check_leading(double d, int n)
{
	char out[NUM_FORMAT_MAX], exact[1300], ref[1320];
	size_t len;
	int e;

	snprintf(exact, sizeof exact, "%.1100e", d);
	e = atoi(strchr(exact, 'e') + 1);
	if (round_text(exact, n == 1 ? 1 : (size_t)n + 1)) {
		exact[0] = '1';
		e++;
	}
	snprintf(ref, sizeof ref, "%se%+d", exact, e);
	len = (size_t)num_to_exponential(d, n - 1, out);
	assert_string_equal(out, ref);
	assert_int_equal(len, strlen(out));
	len = (size_t)num_to_precision(d, n, out);
	assert_int_equal(len, strlen(out));
	if (e < -6 || e >= n) {
		assert_string_equal(out, ref);
	} else {
		const char *a = out, *b = exact;

		/* The same digits; the point elsewhere, zeros in front. */
		while (*a == '0' || *a == '.')
			a++;
		for (; *b; b++) {
			if (*b == '.')
				continue;
			a += *a == '.';
			assert_int_equal(*a++, *b);
		}
		assert_int_equal(*a, '\0');
		assert_int_equal(strcspn(out, "."), e < 0 ? 1 : e + 1);
	}
}

static void format_random(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		double d = random_double();
		int f = (int)(random_bits() % (i % 2 ? 101 : 20));

		if (d < 1e21)
			check_fixed(d, f);
		check_leading(d, f == 0 ? 1 : f);
	}
}

static void radix_table(void **state)
{
	static const struct { double d; int radix; const char *text; } rows[] = {
		{ 0, 2, "0" }, { -0.0, 16, "0" }, { 255, 16, "ff" }, { -255, 2, "-11111111" }, { 35, 36, "z" },
		{ 0.5, 2, "0.1" }, { 0.1, 2, "0.0001100110011001100110011001100110011001100110011001101" },
		{ 0.1, 3, "0.0022002200220022002200220022002201" }, { 1.0 / 3, 3, "0.1" },
		{ 3.14159, 16, "3.243f3e0370cdc" }, { 255.255, 36, "73.96ha2voha" }, { 1e21, 7, "5135235413265003022600000" },
		{ 1e21, 36, "5v1j4f4ds7c000" }, { 1e21, 16, "3635c9adc5dea00000" }, { 9007199254740992, 36, "2gosa7pa2gw" },
		{ 123.5, 10, "123.5" }, { NAN, 2, "NaN" }, { -INFINITY, 36, "-Infinity" },
	};
	char out[NUM_RADIX_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int n = num_to_radix(rows[i].d, rows[i].radix, out);

		assert_string_equal(out, rows[i].text);
		assert_int_equal(n, strlen(rows[i].text));
	}
	/* The longest results. */
	assert_int_equal(num_to_radix(5e-324, 2, out), 2 + 1074);
	assert_int_equal(num_to_radix(-1.7976931348623157e308, 2, out), 1 + 1024);
}

static void radix_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		double d = (double)(random_bits() >> (11 + random_bits() % 52));
		int radix = 2 + i % 35;
		char out[NUM_RADIX_MAX];
		int n = num_to_radix(d, radix, out);

		assert_true(num_parse_radix(out, (size_t)n, radix) == d);
	}
}

static void parse_radix_rounds(void **state)
{
	static const struct { const char *text; int radix; double d; } rows[] = {
		{ "", 10, 0 }, { "000", 8, 0 }, { "zz", 36, 1295 }, { "ZZ", 36, 1295 }, { "00ff", 16, 255 },
		{ "20000000000001", 16, 9007199254740992 }, { "20000000000003", 16, 9007199254740996 },
		{ "200000000000010000000000000000001", 16, 0x1.0000000000001p129 },
		{ "200000000000010000000000000000000", 16, 0x1p129 },
		{ "9007199254740993", 10, 9007199254740992 }, { "90071992547409930000000000000000000001", 10, 90071992547409930000000000000000000001.0 },
		{ "10000000000000000000000000000000000000000", 3, 12157665459056928801.0 },
	};
	char big[2000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true(num_parse_radix(rows[i].text, strlen(rows[i].text), rows[i].radix) == rows[i].d);
	memset(big, '1', sizeof big);
	assert_true(num_parse_radix(big, 2000, 2) == INFINITY);
	assert_true(num_parse_radix(big, 1025, 2) == INFINITY);
	assert_true(num_parse_radix(big, 1024, 2) == INFINITY);
	assert_true(num_parse_radix(big, 1023, 2) == 0x1p1023);
	memset(big + 53, '0', sizeof big - 53);
	assert_true(num_parse_radix(big, 1024, 2) == 0x1.fffffffffffffp1023);
	memset(big, 'z', sizeof big);
	assert_true(num_parse_radix(big, 300, 36) == INFINITY);
	/* Decimal through the other path. */
	for (int i = 0; i < 20000; i++) {
		char text[400];
		int n = 1 + (int)(random_bits() % 308);

		for (int j = 0; j < n; j++)
			text[j] = (char)('0' + random_bits() % 10);
		text[n] = '\0';
		assert_true(num_parse_radix(text, (size_t)n, 10) == strtod(text, NULL));
	}
}

static void parse_grammar(void **state)
{
	static const struct { const char *text; size_t used; double d; } rows[] = {
		{ "", 0, 0 }, { ".", 0, 0 }, { "e5", 0, 0 }, { ".e5", 0, 0 }, { "+1", 0, 0 }, { "-1", 0, 0 },
		{ "Infinity", 0, 0 }, { "x", 0, 0 }, { "0", 1, 0 }, { "00012", 5, 12 }, { "12", 2, 12 }, { ".5", 2, 0.5 },
		{ "1.", 2, 1 }, { "1.e2", 4, 100 }, { "3e+7", 4, 3e7 }, { "3E-7", 4, 3e-7 }, { "1e", 1, 1 },
		{ "1e+", 1, 1 }, { "1e+x", 1, 1 }, { "1.5.5", 3, 1.5 }, { "1..5", 2, 1 }, { "1_000", 1, 1 },
		{ "0x10", 1, 0 }, { "1e5e5", 3, 1e5 }, { "0e99999999999999999999999", 25, 0 }, { "0.000e-5", 8, 0 },
		{ "12abc", 2, 12 }, { "1e99999999999999999999", 22, INFINITY }, { "1e-99999999999999999999", 23, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		double d = 0;

		assert_int_equal(num_parse_decimal(rows[i].text, strlen(rows[i].text), &d), rows[i].used);
		assert_true(d == rows[i].d && !signbit(d));
	}
	{
		double d;

		/* n, not a NUL, ends the text. */
		assert_int_equal(num_parse_decimal("12345", 3, &d), 3);
		assert_true(d == 123);
		assert_int_equal(num_parse_decimal("1e5", 2, &d), 1);
	}
}

static void parse_one(const char *text)
{
	double d = -1;

	assert_int_equal(num_parse_decimal(text, strlen(text), &d), strlen(text));
	assert_true(d == strtod(text, NULL));
}

static void parse_edges(void **state)
{
	static const char *const rows[] = {
		"9007199254740993", "9007199254740993.0000000000000000000000000000001", "9007199254740992.9999999999999999999",
		"1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308",
		"179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
		"4.9406564584124654e-324", "2.4703282292062327208299e-324", "2.4703282292062327209e-324", "2.4703282292062327e-324",
		"2.2250738585072011e-308", "2.2250738585072012e-308", "2.2250738585072014e-308", "2.2250738585072009e-308",
		"8.41e21", "9.5e-1", "1e23", "1e22", "1e-22", "123456789012345678901234567890", "0.1e-400", "1e400",
		"6.9294956446009195e15", "3.2378839133029012895883524125015321748630094e-319", "5e-324", "1e-323", "7.5e-324",
		"18446744073709551615", "18446744073709551616", "99999999999999999999e-40", "0.500000000000000166533453693773481063544750213623046875",
	};
	static char text[70000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		parse_one(rows[i]);
	/* Far longer than any bound inside. */
	memset(text, '0', sizeof text);
	memcpy(text, "0.", 2);
	strcpy(text + 60000, "25e60000");
	parse_one(text);
	memset(text, '0', sizeof text);
	text[0] = '1';
	strcpy(text + 50000, "e-50000");
	parse_one(text);
	memset(text, '0', sizeof text);
	memcpy(text, "9007199254740993.", 17);
	strcpy(text + 60000, "1");
	parse_one(text);
	text[60000] = '0';
	parse_one(text);
}

/* Halfway points exactly, and one unit in the 800th digit to either side. */
static void parse_halfway(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; i++) {
		double a = random_double(), b = nextafter(a, INFINITY);
		long double half = (long double)a + ((long double)b - a) / 2;
		char text[1000], tail[16], *e;

		if (!isfinite(b))
			continue;
		snprintf(text, sizeof text, "%.820Le", half);
		parse_one(text);
		e = strchr(text, 'e');
		strcpy(tail, e);
		e[-1] = '1';
		parse_one(text);
		while (*--e == '0' || *e == '1' || *e == '.')
			;
		--*e;
		parse_one(text);
	}
}

static void parse_random(void **state)
{
	(void)state;
	for (int i = 0; i < 200000; i++) {
		char text[80];

		switch (random_bits() % 3) {
		case 0:
			snprintf(text, sizeof text, "%.*e", (int)(random_bits() % 40), random_double());
			break;
		case 1:
			snprintf(text, sizeof text, "%llue%d", (unsigned long long)random_bits(), (int)(random_bits() % 700) - 370);
			break;
		default:
			snprintf(text, sizeof text, "%llu.%llue%d", (unsigned long long)random_bits() >> random_bits() % 64,
			    (unsigned long long)random_bits() >> random_bits() % 64, (int)(random_bits() % 60) - 30);
		}
		parse_one(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shortest_table),
		cmocka_unit_test(shortest_digits_exponent),
		cmocka_unit_test(shortest_random),
		cmocka_unit_test(int_text),
		cmocka_unit_test(format_table),
		cmocka_unit_test(format_random),
		cmocka_unit_test(radix_table),
		cmocka_unit_test(radix_round_trip),
		cmocka_unit_test(parse_radix_rounds),
		cmocka_unit_test(parse_grammar),
		cmocka_unit_test(parse_edges),
		cmocka_unit_test(parse_halfway),
		cmocka_unit_test(parse_random),
	};

	return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
