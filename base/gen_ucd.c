/* gen_ucd.c: host program run by the build; reads the Unicode data files of
 * the directory given and prints base/ucd_table.h.
 *
 * Everything is held in arrays indexed by code point, then folded into tries
 * of two stages (the block size is chosen for the least bytes); each trie is
 * read back over the full range before it is printed. Uses
 * nothing but gen_lines.c: it is compiled for the machine that builds. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gen_lines.h"

#define MAX_CP 0x110000u
#define MAX_RECORDS 1024
#define MAX_POOL 65536
#define MAX_PAIRS 2048

/* Property bits; ucd.c reads them by these names. */
static const char *const flag_names[] = {
	"ID_START", "ID_CONTINUE", "SPACE", "CASED", "CASE_IGNORABLE",
};
enum { F_ID_START = 1, F_ID_CONTINUE = 2, F_SPACE = 4, F_CASED = 8, F_CASE_IGNORABLE = 16 };

struct property { uint8_t flags, ccc; };
/* Distances to the mappings; a mapping of several code points is its row in
 * specials[], plus SPECIAL. */
#define SPECIAL 0x200000
struct casing { int32_t upper, lower, fold; };
struct special { uint16_t n, cp[3]; };

static struct property properties[MAX_CP];
static struct casing casings[MAX_CP];
static struct special specials[256];
static int nspecials;
static bool excluded[MAX_CP];

/* Mappings as UTF-16: the first unit holds the count and MAP_COMPAT. */
#define MAP_COMPAT 0x8000u
static uint16_t pool[MAX_POOL];
static unsigned npool = 1;              /* 0 says: no mapping */
static uint16_t mapping[MAX_CP];

static uint64_t pairs[MAX_PAIRS];
static int npairs;

static size_t table_bytes;

static uint32_t code_point(const char *s)
{
	char *end;
	unsigned long v = strtoul(s, &end, 16);

	if (end == s || v >= MAX_CP)
		fail("not a code point: %s", s);
	return (uint32_t)v;
}

static int code_points(const char *s, uint32_t *out, int max)
{
	int n = 0;

	while (*s) {
		if (n == max)
			fail("too many code points: %s", s);
		out[n++] = code_point(s);
		s += strcspn(s, " ");
		s += strspn(s, " ");
	}
	return n;
}

static void range(const char *s, uint32_t *first, uint32_t *last)
{
	const char *dots = strstr(s, "..");

	*first = code_point(s);
	*last = dots ? code_point(dots + 2) : *first;
}

static void pool_put(uint32_t cp)
{
	if (npool + 2 > MAX_POOL)
		fail("mapping pool is full");
	if (cp >= 0x10000) {
		pool[npool++] = (uint16_t)(0xD800 + ((cp - 0x10000) >> 10));
		cp = 0xDC00 + (cp & 0x3FF);
	}
	pool[npool++] = (uint16_t)cp;
}

/* Appends the mapping unless the pool holds the same one already. */
static uint16_t pool_add(const uint32_t *cp, int n, bool compat)
{
	unsigned start = npool, len;

	pool_put((uint32_t)n | (compat ? MAP_COMPAT : 0));
	for (int i = 0; i < n; i++)
		pool_put(cp[i]);
	len = npool - start;
	for (unsigned at = 1; at + len <= start; at++)
		if (memcmp(pool + at, pool + start, len * sizeof pool[0]) == 0) {
			npool = start;
			return (uint16_t)at;
		}
	return (uint16_t)start;
}

static void unicode_data(char **field, int n)
{
	uint32_t cp = code_point(field[0]), to[18];

	if (n < 15)
		fail("UnicodeData.txt: short line for %04X", (unsigned)cp);
	properties[cp].ccc = (uint8_t)atoi(field[3]);
	if (strcmp(field[2], "Zs") == 0)
		properties[cp].flags |= F_SPACE;
	if (field[12][0])
		casings[cp].upper = (int32_t)(code_point(field[12]) - cp);
	if (field[13][0])
		casings[cp].lower = (int32_t)(code_point(field[13]) - cp);
	if (field[5][0]) {
		const char *s = field[5];
		bool compat = *s == '<';
		int k;

		if (compat)
			s = strchr(s, '>') + 2;
		k = code_points(s, to, 18);
		mapping[cp] = pool_add(to, k, compat);
		if (k == 2 && !compat && !excluded[cp]) {
			if (npairs == MAX_PAIRS)
				fail("too many composites");
			pairs[npairs++] = (uint64_t)to[0] << 42 | (uint64_t)to[1] << 21 | cp;
		}
	}
}

static void derived_core(char **field, int n)
{
	static const struct { const char *name; uint8_t flag; } known[] = {
		{ "ID_Start", F_ID_START }, { "ID_Continue", F_ID_CONTINUE },
		{ "Cased", F_CASED }, { "Case_Ignorable", F_CASE_IGNORABLE },
	};
	uint32_t first, last;

	(void)n;
	range(field[0], &first, &last);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(field[1], known[i].name) == 0)
			for (; first <= last; first++)
				properties[first].flags |= known[i].flag;
}

static void derived_normalization(char **field, int n)
{
	uint32_t first, last;

	(void)n;
	range(field[0], &first, &last);
	if (strcmp(field[1], "Full_Composition_Exclusion") == 0)
		for (; first <= last; first++)
			excluded[first] = true;
}

static int32_t special_case(uint32_t cp, const char *s)
{
	uint32_t to[3];
	int n = code_points(s, to, 3);

	if (n == 1)
		return (int32_t)(to[0] - cp);
	if (nspecials == 256)
		fail("too many special casings");
	specials[nspecials].n = (uint16_t)n;
	for (int i = 0; i < n; i++) {
		if (to[i] > 0xFFFF)
			fail("special casing of %04X is wide", (unsigned)cp);
		specials[nspecials].cp[i] = (uint16_t)to[i];
	}
	return SPECIAL + nspecials++;
}

static void special_casing(char **field, int n)
{
	uint32_t cp = code_point(field[0]);

	if (n > 4 && field[4][0])
		return;                 /* has a condition */
	casings[cp].lower = special_case(cp, field[1]);
	casings[cp].upper = special_case(cp, field[3]);
}

static void case_folding(char **field, int n)
{
	uint32_t cp = code_point(field[0]);

	(void)n;
	if (field[1][0] == 'C' || field[1][0] == 'S')
		casings[cp].fold = (int32_t)(code_point(field[2]) - cp);
}

/* The best two-stage form of values[]: returns its bytes; prints it if name. */
static size_t trie(const uint16_t *values, unsigned shift, const char *name)
{
	static uint16_t index[MAX_CP], blocks[MAX_CP];
	unsigned size = 1u << shift, limit = MAX_CP, nindex, nblocks = 0, max = 0;
	size_t bytes;

	while (limit > 0 && values[limit - 1] == 0)
		limit--;
	nindex = (limit + size - 1) / size;
	for (unsigned i = 0; i < nindex; i++) {
		unsigned b = 0;

		while (b < nblocks && memcmp(blocks + b * size, values + i * size, size * sizeof *values) != 0)
			b++;
		if (b == nblocks)
			memcpy(blocks + nblocks++ * size, values + i * size, size * sizeof *values);
		index[i] = (uint16_t)b;
	}
	for (unsigned i = 0; i < nblocks * size; i++)
		max = blocks[i] > max ? blocks[i] : max;
	bytes = nindex * (nblocks > 256 ? 2 : 1) + (size_t)nblocks * size * (max > 255 ? 2 : 1);
	if (!name)
		return bytes;
	for (unsigned cp = 0; cp < MAX_CP; cp++) {
		unsigned got = cp < limit ? blocks[(index[cp >> shift] << shift) + cp % size] : 0;

		if (got != values[cp])
			fail("%s is wrong at %04X", name, cp);
	}
	printf("\n#define UCD_%s_SHIFT %u\n#define UCD_%s_LIMIT 0x%Xu\n", name, shift, name, limit);
	printf("static const uint%d_t UCD_%s_index[%u] = {", nblocks > 256 ? 16 : 8, name, nindex);
	for (unsigned i = 0; i < nindex; i++)
		printf("%s%u,", i % 24 ? "" : "\n\t", index[i]);
	printf("\n};\nstatic const uint%d_t UCD_%s_data[%u] = {", max > 255 ? 16 : 8, name, nblocks * size);
	for (unsigned i = 0; i < nblocks * size; i++)
		printf("%s%u,", i % 24 ? "" : "\n\t", blocks[i]);
	printf("\n};\n");
	return bytes;
}

static void print_trie(const uint16_t *values, const char *name)
{
	unsigned best = 3;

	for (unsigned shift = 4; shift <= 9; shift++)
		if (trie(values, shift, NULL) < trie(values, best, NULL))
			best = shift;
	table_bytes += trie(values, best, name);
}

static void print_properties(void)
{
	static struct property records[MAX_RECORDS];
	static uint16_t which[MAX_CP];
	unsigned n = 1;

	for (uint32_t cp = 0; cp < MAX_CP; cp++) {
		unsigned i = 0;

		while (i < n && memcmp(&records[i], &properties[cp], sizeof records[i]) != 0)
			i++;
		if (i == MAX_RECORDS)
			fail("too many kinds of properties");
		if (i == n)
			records[n++] = properties[cp];
		which[cp] = (uint16_t)i;
	}
	for (unsigned i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++)
		printf("#define UCD_%s %uu\n", flag_names[i], 1u << i);
	printf("\nstatic const struct { uint8_t flags, ccc; } UCD_properties[%u] = {", n);
	for (unsigned i = 0; i < n; i++)
		printf("%s{%u,%u},", i % 12 ? "" : "\n\t", records[i].flags, records[i].ccc);
	printf("\n};\n");
	table_bytes += n * sizeof records[0];
	print_trie(which, "property");
}

static void print_casings(void)
{
	static struct casing records[MAX_RECORDS];
	static uint16_t which[MAX_CP];
	unsigned n = 1;

	for (uint32_t cp = 0; cp < MAX_CP; cp++) {
		unsigned i = 0;

		while (i < n && memcmp(&records[i], &casings[cp], sizeof records[i]) != 0)
			i++;
		if (i == MAX_RECORDS)
			fail("too many kinds of casing");
		if (i == n)
			records[n++] = casings[cp];
		which[cp] = (uint16_t)i;
	}
	printf("\n#define UCD_SPECIAL 0x%X\n", SPECIAL);
	printf("static const struct { int32_t upper, lower, fold; } UCD_casings[%u] = {", n);
	for (unsigned i = 0; i < n; i++)
		printf("%s{%d,%d,%d},", i % 6 ? "" : "\n\t", (int)records[i].upper,
		    (int)records[i].lower, (int)records[i].fold);
	printf("\n};\nstatic const struct { uint16_t n, cp[3]; } UCD_specials[%d] = {", nspecials);
	for (int i = 0; i < nspecials; i++)
		printf("%s{%u,{0x%X,0x%X,0x%X}},", i % 4 ? "" : "\n\t", specials[i].n,
		    specials[i].cp[0], specials[i].cp[1], specials[i].cp[2]);
	printf("\n};\n");
	table_bytes += n * sizeof records[0] + (size_t)nspecials * sizeof specials[0];
	print_trie(which, "casing");
}

/* Ranges of the code points that some case mapping of one code point concerns. */
static void print_case_ranges(void)
{
	static bool in[MAX_CP + 1];
	unsigned n = 0;

	for (uint32_t cp = 0; cp < MAX_CP; cp++) {
		int32_t to[] = { casings[cp].upper, casings[cp].lower, casings[cp].fold };

		for (int i = 0; i < 3; i++)
			if (to[i] != 0 && to[i] < SPECIAL)
				in[cp] = in[cp + (uint32_t)to[i]] = true;
	}
	printf("\nstatic const uint32_t UCD_case_ranges[][2] = {");
	for (uint32_t cp = 0; cp < MAX_CP; cp++) {
		uint32_t first = cp;

		if (!in[cp])
			continue;
		while (in[cp + 1])
			cp++;
		printf("%s{0x%X,0x%X},", n++ % 6 ? "" : "\n\t", (unsigned)first, (unsigned)cp);
	}
	printf("\n};\n");
	table_bytes += n * 8;
}

static int compare_pairs(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print_mappings(void)
{
	printf("\n#define UCD_MAP_COMPAT 0x%Xu\n", MAP_COMPAT);
	printf("static const uint16_t UCD_pool[%u] = {", npool);
	for (unsigned i = 0; i < npool; i++)
		printf("%s%u,", i % 20 ? "" : "\n\t", pool[i]);
	printf("\n};\n");
	print_trie(mapping, "mapping");
	qsort(pairs, (size_t)npairs, sizeof pairs[0], compare_pairs);
	printf("\n/* first << 42 | second << 21 | composite, in order */\n");
	printf("static const uint64_t UCD_pairs[%d] = {", npairs);
	for (int i = 0; i < npairs; i++)
		printf("%s0x%llXu,", i % 6 ? "" : "\n\t", (unsigned long long)pairs[i]);
	printf("\n};\n");
	table_bytes += npool * sizeof pool[0] + (size_t)npairs * sizeof pairs[0];
}

int main(int argc, char **argv)
{
	gen_program = "gen-ucd";
	if (argc != 2)
		fail("usage: gen-ucd DIRECTORY");
	gen_dir = argv[1];
	read_lines("DerivedNormalizationProps.txt", derived_normalization);
	read_lines("DerivedCoreProperties.txt", derived_core);
	read_lines("UnicodeData.txt", unicode_data);
	read_lines("SpecialCasing.txt", special_casing);
	read_lines("CaseFolding.txt", case_folding);
	printf("/* Made by base/gen_ucd.c from %s; do not edit. */\n", gen_version);
	print_properties();
	print_casings();
	print_case_ranges();
	print_mappings();
	printf("\n#define UCD_TABLE_BYTES %zu\n", table_bytes);
	if (ferror(stdout) || fflush(stdout) != 0)
		fail("write error");
	return 0;
}
