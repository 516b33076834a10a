/* ucd.h: Unicode character properties that the engine needs. The tables are
 * generated at build time from Debian's unicode-data by base/gen_ucd.c. */
#ifndef BASE_UCD_H
#define BASE_UCD_H

#include <stdbool.h>
#include <stdint.h>

bool ucd_is_id_start(uint32_t cp);     /* ID_Start (UAX 31), without $ and _ */
bool ucd_is_id_continue(uint32_t cp);  /* ID_Continue, without $, ZWNJ, ZWJ */
/* Zs of the Unicode category table, plus TAB VT FF SP NBSP ZWNBSP
 * (ECMA-262 12.2 WhiteSpace). */
bool ucd_is_white_space(uint32_t cp);

/* Full default case conversion (UAX 21, SpecialCasing without conditions
 * except Final_Sigma, which the caller decides). Writes 1..3 code points. */
int ucd_to_upper(uint32_t cp, uint32_t out[3]);
int ucd_to_lower(uint32_t cp, uint32_t out[3]);
/* Simple case folding (CaseFolding.txt, C and S): ECMA-262 22.2.2.7.3 for
 * regular expressions with the u or v flag. */
uint32_t ucd_simple_fold(uint32_t cp);
/* The i-th range of code points that have, or are, a case mapping of one code
 * point; false: there are no more. */
bool ucd_case_range(unsigned i, uint32_t *lo, uint32_t *hi);
bool ucd_is_cased(uint32_t cp);
bool ucd_is_case_ignorable(uint32_t cp);

/* Normalisation (UAX 15). Canonical combining class; full decomposition of
 * one code point (1..18 code points written); primary composite or 0. */
int ucd_ccc(uint32_t cp);
int ucd_decompose(uint32_t cp, bool compat, uint32_t out[18]);
uint32_t ucd_compose(uint32_t a, uint32_t b);

/* Properties by name, as the regular expressions of ECMA-262 know them (ucdprop.c).
 * kind: 'g' General_Category, 's' Script, 'x' Script_Extensions, 'b' binary. A set,
 * or -1: there is no such name. */
int ucd_property(char kind, const char *name);
/* Walks the ranges of a set in order: start with { set }. false: no more. */
struct ucd_ranges { int set; uint32_t n, at, next; };
bool ucd_next_range(struct ucd_ranges *r, uint32_t *lo, uint32_t *hi);
/* Properties of strings (UTS 51): what kinds of sequences the name stands for; 0:
 * unknown. The next sequence of these kinds: its code points are in cp; 1: cp[0] to
 * cp[1] are strings of one code point each; 0: there are no more. *at starts at 0. */
unsigned ucd_string_property(const char *name);
uint32_t ucd_next_string(unsigned types, uint32_t *at, uint32_t cp[16]);

#endif
