/* test_ucd.c: the Unicode tables over their full range against the files they
 * are made from, read here a second time by a plain reader, and the
 * normalisation data against the Unicode conformance test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/ucd.h"

#ifndef UNICODE_DATA_DIR
#define UNICODE_DATA_DIR "/usr/share/unicode"
#endif
#define MAX_CP 0x110000u

static FILE *open_data(const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", UNICODE_DATA_DIR, name);
	f = fopen(path, "r");
	if (!f)
		skip();
	return f;
}

/* The code points a property has according to a file of ranges. */
static bool *property_set(const char *file, const char *name)
{
	bool *set = calloc(MAX_CP, 1);
	char line[1024], prop[64];
	FILE *f = open_data(file);

	assert_non_null(set);
	while (fgets(line, sizeof line, f)) {
		unsigned first, last;

		if (sscanf(line, "%x..%x ; %63[A-Za-z_]", &first, &last, prop) != 3) {
			if (sscanf(line, "%x ; %63[A-Za-z_]", &first, prop) != 2)
				continue;
			last = first;
		}
		if (strcmp(prop, name) == 0)
			memset(set + first, 1, last - first + 1);
	}
	fclose(f);
	return set;
}

static void properties_full(void **state)
{
	static const struct { const char *name; bool (*fn)(uint32_t); } rows[] = {
		{ "ID_Start", ucd_is_id_start }, { "ID_Continue", ucd_is_id_continue },
		{ "Cased", ucd_is_cased }, { "Case_Ignorable", ucd_is_case_ignorable },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool *set = property_set("DerivedCoreProperties.txt", rows[i].name);

		for (uint32_t cp = 0; cp < MAX_CP; cp++)
			assert_int_equal(rows[i].fn(cp), set[cp]);
		free(set);
	}
}

static void white_space_full(void **state)
{
	bool *set = property_set("PropList.txt", "White_Space");

	(void)state;
	/* White_Space has the line ends as well, which the language keeps apart. */
	set['\n'] = set['\r'] = set[0x85] = set[0x2028] = set[0x2029] = false;
	set[0xFEFF] = true;
	for (uint32_t cp = 0; cp < MAX_CP; cp++)
		assert_int_equal(ucd_is_white_space(cp), set[cp]);
	free(set);
}

/* Splits at ';' in place; empty fields stay. */
static int split(char *line, char **field, int max)
{
	int n = 0;

	line[strcspn(line, "#\n")] = '\0';
	for (char *p = line; p && n < max; n++) {
		field[n] = p;
		p = strchr(p, ';');
		if (p)
			*p++ = '\0';
	}
	return n;
}

static int read_points(const char *s, uint32_t *out)
{
	char *end;
	int n = 0;

	for (;; s = end) {
		unsigned long v = strtoul(s, &end, 16);

		if (end == s)
			return n;
		out[n++] = (uint32_t)v;
	}
}

struct mapping { int n; uint32_t to[3]; };

static void casing_full(void **state)
{
	struct mapping *upper = calloc(MAX_CP, sizeof *upper), *lower = calloc(MAX_CP, sizeof *lower);
	char line[1024], *field[16];
	uint32_t out[3];
	FILE *f;

	(void)state;
	for (uint32_t cp = 0; cp < MAX_CP; cp++)
		upper[cp] = lower[cp] = (struct mapping){ 1, { cp, 0, 0 } };
	f = open_data("UnicodeData.txt");
	while (fgets(line, sizeof line, f)) {
		uint32_t cp;

		if (split(line, field, 16) < 15 || read_points(field[0], &cp) != 1)
			continue;
		read_points(field[12], upper[cp].to);
		read_points(field[13], lower[cp].to);
	}
	fclose(f);
	f = open_data("SpecialCasing.txt");
	while (fgets(line, sizeof line, f)) {
		int n = split(line, field, 16);
		uint32_t cp;

		if (n < 4 || read_points(field[0], &cp) != 1 || (n > 4 && strspn(field[4], " ") != strlen(field[4])))
			continue;
		lower[cp].n = read_points(field[1], lower[cp].to);
		upper[cp].n = read_points(field[3], upper[cp].to);
	}
	fclose(f);
	for (uint32_t cp = 0; cp < MAX_CP; cp++) {
		assert_int_equal(ucd_to_upper(cp, out), upper[cp].n);
		assert_memory_equal(out, upper[cp].to, (size_t)upper[cp].n * sizeof out[0]);
		assert_int_equal(ucd_to_lower(cp, out), lower[cp].n);
		assert_memory_equal(out, lower[cp].to, (size_t)lower[cp].n * sizeof out[0]);
	}
	free(upper);
	free(lower);
}

static void folding_full(void **state)
{
	uint32_t *fold = calloc(MAX_CP, sizeof *fold);
	FILE *f = open_data("CaseFolding.txt");
	char line[1024], *field[16];

	(void)state;
	for (uint32_t cp = 0; cp < MAX_CP; cp++)
		fold[cp] = cp;
	while (fgets(line, sizeof line, f)) {
		uint32_t cp;

		if (split(line, field, 16) >= 3 && strpbrk(field[1], "CS") && read_points(field[0], &cp) == 1)
			read_points(field[2], &fold[cp]);
	}
	fclose(f);
	for (uint32_t cp = 0; cp < MAX_CP; cp++)
		assert_int_equal(ucd_simple_fold(cp), fold[cp]);
	free(fold);
}

static void combining_class_full(void **state)
{
	FILE *f = open_data("UnicodeData.txt");
	uint8_t *ccc = calloc(MAX_CP, 1);
	char line[1024], *field[16];

	(void)state;
	while (fgets(line, sizeof line, f)) {
		uint32_t cp;

		if (split(line, field, 16) >= 15 && read_points(field[0], &cp) == 1)
			ccc[cp] = (uint8_t)atoi(field[3]);
	}
	fclose(f);
	for (uint32_t cp = 0; cp < MAX_CP; cp++)
		assert_int_equal(ucd_ccc(cp), ccc[cp]);
	free(ccc);
}

/* ---- normalisation, as UAX 15 states it ---------------------------------- */

static int decompose(const uint32_t *s, int n, bool compat, uint32_t *out)
{
	int m = 0;

	for (int i = 0; i < n; i++)
		m += ucd_decompose(s[i], compat, out + m);
	for (int i = 1; i < m; i++)
		for (int j = i; j > 0 && ucd_ccc(out[j]) != 0 && ucd_ccc(out[j - 1]) > ucd_ccc(out[j]); j--) {
			uint32_t t = out[j];

			out[j] = out[j - 1];
			out[j - 1] = t;
		}
	return m;
}

static int compose(uint32_t *s, int n)
{
	int starter = -1, kept = 0, last = 0;

	for (int i = 0; i < n; i++) {
		int ccc = ucd_ccc(s[i]);
		bool blocked = starter < 0 || (kept - 1 > starter && last >= ccc);
		uint32_t c = blocked ? 0 : ucd_compose(s[starter], s[i]);

		if (c != 0) {
			s[starter] = c;
			continue;
		}
		if (ccc == 0)
			starter = kept;
		last = ccc;
		s[kept++] = s[i];
	}
	return kept;
}

/* form: NFC, NFD, NFKC, NFKD. */
static void check_form(const uint32_t *s, int n, int form, const uint32_t *want, int nwant)
{
	uint32_t out[400];
	int m = decompose(s, n, form >= 2, out);

	if (form % 2 == 0)
		m = compose(out, m);
	assert_int_equal(m, nwant);
	assert_memory_equal(out, want, (size_t)m * sizeof out[0]);
}

static void normalization_test(void **state)
{
	/* Which column every form of columns 1-3 and of columns 4-5 gives. */
	static const int expect[2][4] = { { 1, 2, 3, 4 }, { 3, 4, 3, 4 } };
	char line[4096], *field[16];
	uint32_t col[5][40];
	int n[5], rows = 0;
	FILE *f = popen("bzcat " UNICODE_DATA_DIR "/NormalizationTest.txt.bz2 2>/dev/null", "r");
	bool *listed = calloc(MAX_CP, 1);
	bool part1 = false;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		if (line[0] == '@')
			part1 = strncmp(line, "@Part1", 6) == 0;
		if (line[0] == '@' || split(line, field, 16) < 5)
			continue;
		rows++;
		for (int i = 0; i < 5; i++)
			n[i] = read_points(field[i], col[i]);
		if (part1)
			listed[col[0][0]] = true;
		for (int i = 0; i < 5; i++)
			for (int form = 0; form < 4; form++) {
				int e = expect[i >= 3][form];

				check_form(col[i], n[i], form, col[e], n[e]);
			}
	}
	pclose(f);
	if (rows == 0) {
		free(listed);
		skip();
	}
	/* What part 1 does not list is its own form. */
	for (uint32_t cp = 0; cp < MAX_CP; cp++)
		for (int form = 0; !listed[cp] && form < 4; form++)
			check_form(&cp, 1, form, &cp, 1);
	free(listed);
}

static void normalization_samples(void **state)
{
	uint32_t out[18];

	(void)state;
	assert_int_equal(ucd_decompose('A', true, out), 1);
	assert_int_equal(ucd_decompose(0x1E69, false, out), 3);
	assert_true(out[0] == 's' && out[1] == 0x323 && out[2] == 0x307);
	assert_int_equal(ucd_decompose(0xFB01, false, out), 1);
	assert_int_equal(ucd_decompose(0xFB01, true, out), 2);
	assert_int_equal(ucd_decompose(0xFDFA, true, out), 18);
	assert_int_equal(ucd_decompose(0xAC01, false, out), 3);
	assert_true(out[0] == 0x1100 && out[1] == 0x1161 && out[2] == 0x11A8);
	assert_int_equal(ucd_decompose(0xAC00, true, out), 2);
	assert_int_equal(ucd_compose(0x1100, 0x1161), 0xAC00);
	assert_int_equal(ucd_compose(0xAC00, 0x11A8), 0xAC01);
	assert_int_equal(ucd_compose(0xAC00, 0x11A7), 0);
	assert_int_equal(ucd_compose(0xAC01, 0x11A8), 0);
	assert_int_equal(ucd_compose('e', 0x301), 0xE9);
	assert_int_equal(ucd_compose('e', 'e'), 0);
	assert_int_equal(ucd_compose(0x915, 0x93C), 0);
	assert_int_equal(ucd_compose(0x11099, 0x110BA), 0x1109A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(properties_full),
		cmocka_unit_test(white_space_full),
		cmocka_unit_test(casing_full),
		cmocka_unit_test(folding_full),
		cmocka_unit_test(combining_class_full),
		cmocka_unit_test(normalization_samples),
		cmocka_unit_test(normalization_test),
	};

	return cmocka_run_group_tests_name("ucd", tests, NULL, NULL);
}
