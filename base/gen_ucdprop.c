/* gen_ucdprop.c: host program run by the build; reads the Unicode data files of
 * the directory given and prints base/ucdprop_table.h: the properties that regular
 * expressions can name, each as a list of ranges (variable-length numbers: gap from
 * the end of the last range, length less 1), and the names. Uses nothing but gen_lines.c. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gen_lines.h"

#define MAX_CP 0x110000u
#define MAX_SETS 1024
#define MAX_BYTES 262144

static uint8_t bytes[MAX_BYTES];
static uint32_t nbytes, set_at[MAX_SETS], set_n[MAX_SETS], nsets;

struct name { char text[64]; char kind; uint32_t set; };
static struct name names[4096];
static uint32_t nnames;

static char category[MAX_CP][3];
struct script { char brief[8], name[40], extra[16]; };
static struct script scripts[256];
static uint32_t nscripts;
static uint8_t script_of[MAX_CP];      /* index + 1 */
static uint8_t ext_of[MAX_CP];         /* index of a list + 1 */
static uint8_t ext_list[250][32];      /* script indices + 1, ended by 0 */
static uint32_t nexts;

static const char *const binary[] = {
	"ASCII_Hex_Digit", "Alphabetic", "Bidi_Control", "Bidi_Mirrored", "Case_Ignorable", "Cased",
	"Changes_When_Casefolded", "Changes_When_Casemapped", "Changes_When_Lowercased", "Changes_When_NFKC_Casefolded",
	"Changes_When_Titlecased", "Changes_When_Uppercased", "Dash", "Default_Ignorable_Code_Point",
	"Deprecated", "Diacritic", "Emoji", "Emoji_Component", "Emoji_Modifier", "Emoji_Modifier_Base",
	"Emoji_Presentation", "Extended_Pictographic", "Extender", "Grapheme_Base", "Grapheme_Extend", "Hex_Digit",
	"IDS_Binary_Operator", "IDS_Trinary_Operator", "ID_Continue", "ID_Start", "Ideographic", "Join_Control",
	"Logical_Order_Exception", "Lowercase", "Math", "Noncharacter_Code_Point", "Pattern_Syntax",
	"Pattern_White_Space", "Quotation_Mark", "Radical", "Regional_Indicator", "Sentence_Terminal",
	"Soft_Dotted", "Terminal_Punctuation", "Unified_Ideograph", "Uppercase", "Variation_Selector",
	"White_Space", "XID_Continue", "XID_Start",
};
#define NBINARY (sizeof binary / sizeof *binary)
static uint64_t has[MAX_CP];           /* bit i: binary[i] */

static void range(const char *s, uint32_t *lo, uint32_t *hi)
{
	char *end;

	*lo = *hi = (uint32_t)strtoul(s, &end, 16);
	if (end[0] == '.' && end[1] == '.')
		*hi = (uint32_t)strtoul(end + 2, NULL, 16);
	if (*hi >= MAX_CP)
		fail("not a range: %s", s);
}

static void category_line(char **f, int n)
{
	uint32_t lo, hi;

	(void)n;
	for (range(f[0], &lo, &hi); lo <= hi; lo++)
		memcpy(category[lo], f[1], 2);
}

static void binary_line(char **f, int n)
{
	uint32_t lo, hi;

	for (uint32_t i = 0; n > 1 && i < NBINARY; i++)
		if (strcmp(f[1], binary[i]) == 0)
			for (range(f[0], &lo, &hi); lo <= hi; lo++)
				has[lo] |= 1ull << i;
}

static void script_names(char **f, int n)
{
	struct script *s = &scripts[nscripts];

	if (strcmp(f[0], "sc") != 0 || strcmp(f[1], "Hrkt") == 0)
		return;
	if (nscripts++ == 250)
		fail("too many scripts");
	snprintf(s->brief, sizeof s->brief, "%s", f[1]);
	snprintf(s->name, sizeof s->name, "%s", f[2]);
	if (n > 3)
		snprintf(s->extra, sizeof s->extra, "%s", f[3]);
}

static uint8_t script_index(const char *name)
{
	for (uint32_t i = 0; i < nscripts; i++)
		if (strcmp(scripts[i].name, name) == 0 || strcmp(scripts[i].brief, name) == 0)
			return (uint8_t)(i + 1);
	fail("unknown script %s", name);
}

static void script_line(char **f, int n)
{
	uint32_t lo, hi;

	(void)n;
	for (range(f[0], &lo, &hi); lo <= hi; lo++)
		script_of[lo] = script_index(f[1]);
}

static void extension_line(char **f, int n)
{
	uint32_t lo, hi, k = 0;

	(void)n;
	if (nexts == 250)
		fail("too many script extensions");
	for (char *p = strtok(f[1], " "); p; p = strtok(NULL, " ")) {
		if (k == 31)
			fail("long script extension");
		ext_list[nexts][k++] = script_index(p);
	}
	nexts++;
	for (range(f[0], &lo, &hi); lo <= hi; lo++)
		ext_of[lo] = (uint8_t)nexts;
}

/* ---- sets ---- */

static void number(uint32_t v)
{
	if (nbytes + 5 > MAX_BYTES)
		fail("too much data");
	for (; v >= 128; v >>= 7)
		bytes[nbytes++] = (uint8_t)(v | 128);
	bytes[nbytes++] = (uint8_t)v;
}

static uint32_t add_set(bool (*in)(uint32_t cp, const void *arg), const void *arg)
{
	uint32_t from = 0, at = nbytes, n = 0;

	for (uint32_t cp = 0; cp < MAX_CP; cp++) {
		uint32_t lo = cp;

		if (!in(cp, arg))
			continue;
		while (cp + 1 < MAX_CP && in(cp + 1, arg))
			cp++;
		number(lo - from);
		number(cp - lo);
		from = cp + 1;
		n++;
	}
	for (uint32_t i = 0; i < nsets; i++)
		if (set_n[i] == n && set_at[i] + (nbytes - at) <= at && memcmp(bytes + set_at[i], bytes + at, nbytes - at) == 0) {
			nbytes = at;
			return i;
		}
	if (nsets == MAX_SETS)
		fail("too many sets");
	set_at[nsets] = at;
	set_n[nsets] = n;
	return nsets++;
}

static void add_name(char kind, const char *text, uint32_t set)
{
	if (text[0] == '\0')
		return;
	for (uint32_t i = 0; i < nnames; i++)
		if (names[i].kind == kind && strcmp(names[i].text, text) == 0)
			return;
	if (nnames == 4096)
		fail("too many names");
	names[nnames].kind = kind;
	snprintf(names[nnames].text, sizeof names[nnames].text, "%s", text);
	names[nnames++].set = set;
}

/* A category of two letters, of all its letters, or the cased letters. */
static bool in_category(uint32_t cp, const void *arg)
{
	const char *want = arg, *c = category[cp][0] ? category[cp] : "Cn";

	if (strcmp(want, "LC") == 0)
		return c[0] == 'L' && strchr("ult", c[1]) != NULL;
	return c[0] == want[0] && (want[1] == '\0' || c[1] == want[1]);
}

static bool in_binary(uint32_t cp, const void *arg) { return has[cp] >> *(const uint32_t *)arg & 1; }
static bool in_script(uint32_t cp, const void *arg) { return script_of[cp] == *(const uint8_t *)arg; }
static bool in_extension(uint32_t cp, const void *arg)
{
	uint8_t s = *(const uint8_t *)arg;

	return ext_of[cp] ? memchr(ext_list[ext_of[cp] - 1], s, 32) != NULL : script_of[cp] == s;
}
static bool in_ascii(uint32_t cp, const void *arg) { (void)arg; return cp < 128; }
static bool in_any(uint32_t cp, const void *arg) { (void)cp, (void)arg; return true; }
static bool in_assigned(uint32_t cp, const void *arg) { return !in_category(cp, arg); }

static void category_names(char **f, int n)
{
	uint32_t set;

	if (strcmp(f[0], "gc") != 0)
		return;
	set = add_set(in_category, f[1]);
	for (int i = 1; i < n; i++)
		add_name('g', f[i], set);
}

static void binary_aliases(char **f, int n)
{
	for (uint32_t i = 0; n > 1 && i < NBINARY; i++)
		if (strcmp(f[1], binary[i]) == 0) {
			uint32_t set = add_set(in_binary, &i);

			add_name('b', f[0], set);
			add_name('b', f[1], set);
		}
}

/* ---- properties of strings ---- */

/* Bit i of a mask stands for strings[i]; RGI_Emoji is all of them. */
static const char *const strings[] = {
	"Basic_Emoji", "Emoji_Keycap_Sequence", "RGI_Emoji_Flag_Sequence", "RGI_Emoji_Modifier_Sequence",
	"RGI_Emoji_Tag_Sequence", "RGI_Emoji_ZWJ_Sequence",
};
static uint8_t sequences[MAX_BYTES];
static uint32_t nsequences;

static void sequence_number(uint32_t v)
{
	if (nsequences + 5 > MAX_BYTES)
		fail("too many sequences");
	for (; v >= 128; v >>= 7)
		sequences[nsequences++] = (uint8_t)(v | 128);
	sequences[nsequences++] = (uint8_t)v;
}

/* Type, number of code points, the code points; number 1: first and last of a range. */
static void sequence_line(char **f, int n)
{
	uint32_t cp[16], lo, hi, k = 0;

	for (uint32_t i = 0; n > 1 && i < sizeof strings / sizeof *strings; i++) {
		if (strcmp(f[1], strings[i]) != 0)
			continue;
		sequence_number(i);
		if (strchr(f[0], ' ') == NULL) {
			range(f[0], &lo, &hi);
			sequence_number(1);
			sequence_number(lo);
			sequence_number(hi);
			return;
		}
		for (char *p = strtok(f[0], " "); p && k < 16; p = strtok(NULL, " "))
			cp[k++] = (uint32_t)strtoul(p, NULL, 16);
		sequence_number(k);
		for (uint32_t j = 0; j < k; j++)
			sequence_number(cp[j]);
		return;
	}
	fail("unknown type of sequence: %s", f[1]);
}

static void print_sequences(void)
{
	printf("static const uint8_t UCDP_sequences[%u] = {", nsequences);
	for (uint32_t i = 0; i < nsequences; i++)
		printf("%s%u,", i % 24 ? "" : "\n\t", sequences[i]);
	printf("\n};\nstatic const char *const UCDP_strings[] = {");
	for (uint32_t i = 0; i < sizeof strings / sizeof *strings; i++)
		printf(" \"%s\",", strings[i]);
	printf(" };\n");
}

int main(int argc, char **argv)
{
	gen_program = "gen-ucdprop";
	if (argc != 2)
		fail("usage: gen-ucdprop DIRECTORY");
	gen_dir = argv[1];
	read_lines("extracted/DerivedGeneralCategory.txt", category_line);
	read_lines("PropList.txt", binary_line);
	read_lines("DerivedCoreProperties.txt", binary_line);
	read_lines("DerivedNormalizationProps.txt", binary_line);
	read_lines("extracted/DerivedBinaryProperties.txt", binary_line);
	read_lines("emoji/emoji-data.txt", binary_line);
	read_lines("PropertyValueAliases.txt", script_names);
	read_lines("Scripts.txt", script_line);
	for (uint32_t cp = 0; cp < MAX_CP; cp++)
		if (script_of[cp] == 0)
			script_of[cp] = script_index("Unknown");
	read_lines("ScriptExtensions.txt", extension_line);
	read_lines("PropertyValueAliases.txt", category_names);
	read_lines("PropertyAliases.txt", binary_aliases);
	add_name('b', "ASCII", add_set(in_ascii, NULL));
	add_name('b', "Any", add_set(in_any, NULL));
	add_name('b', "Assigned", add_set(in_assigned, "Cn"));
	for (uint32_t i = 0; i < nscripts; i++) {
		uint8_t s = (uint8_t)(i + 1);
		uint32_t sc = add_set(in_script, &s), scx = add_set(in_extension, &s);
		const char *text[3] = { scripts[i].brief, scripts[i].name, scripts[i].extra };

		for (int k = 0; k < 3; k++) {
			add_name('s', text[k], sc);
			add_name('x', text[k], scx);
		}
	}
	printf("/* Made by base/gen_ucdprop.c; do not edit. */\nstatic const uint8_t UCDP_bytes[%u] = {", nbytes);
	for (uint32_t i = 0; i < nbytes; i++)
		printf("%s%u,", i % 24 ? "" : "\n\t", bytes[i]);
	printf("\n};\nstatic const struct { uint32_t at, n; } UCDP_sets[%u] = {", nsets);
	for (uint32_t i = 0; i < nsets; i++)
		printf("%s{%u,%u},", i % 12 ? "" : "\n\t", set_at[i], set_n[i]);
	printf("\n};\n/* Kind and name, NUL; the set of the i-th is UCDP_name_set[i]. */\nstatic const char UCDP_names[] =");
	for (uint32_t i = 0; i < nnames; i++)
		printf("\n\t\"%c%s\\0\"", names[i].kind, names[i].text);
	printf(";\nstatic const uint16_t UCDP_name_set[%u] = {", nnames);
	for (uint32_t i = 0; i < nnames; i++)
		printf("%s%u,", i % 24 ? "" : "\n\t", names[i].set);
	printf("\n};\n");
	read_lines("emoji/emoji-sequences.txt", sequence_line);
	read_lines("emoji/emoji-zwj-sequences.txt", sequence_line);
	print_sequences();
	if (ferror(stdout) || fflush(stdout) != 0)
		fail("write error");
	return 0;
}
