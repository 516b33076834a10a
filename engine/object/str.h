/* str.h: JavaScript strings: flat Latin-1 / UTF-16, ropes, slices, external.
 *
 *   struct str   16-byte header of every string kind
 *   STR8   { str; uint8_t c[len+1]; }     NUL-terminated for C's use
 *   STR16  { str; uint16_t c[len]; }
 *   ROPE   { str; left, right }           32 bytes; flattening rewrites it in
 *                                         place to a SLICE of the flat string
 *   SLICE  { str; parent, off }           32 bytes; parent is flat; also a
 *                                         prefix of a growable buffer
 *   EXT8   { str; p }                     24 bytes; ASCII bytes owned by the host
 * Length is in UTF-16 code units, at most STR_MAX. A string is Latin-1 whenever
 * it was made so; a STR16 may hold only units < 256 (equality and hashing look
 * at units, never at width). */
#ifndef ENGINE_OBJECT_STR_H
#define ENGINE_OBJECT_STR_H

#include "base/buf.h"
#include "base/sv.h"
#include "engine/object/vm.h"

#define STR_MAX ((1u << 30) - 1)

struct str { struct cell h; HF(uint32_t) len; HF(uint32_t) hash; };
_Static_assert(sizeof(struct str) == 16, "string header");
struct str8 { struct str s; uint8_t c[]; };
struct str16 { struct str s; uint16_t c[]; };
struct rope { struct str s; HF(struct str *) left, right; };
struct slice { struct str s; HF(struct str *) parent; HF(uint32_t) off; HF(uint32_t) pad; };
struct ext8 { struct str s; HF(const uint8_t *) p; };

/* Flags in h.flags besides CF_STR_ASCII, CF_HASHED, CF_ATOM (cell.h).
 * CF_STR_GROW: this STR8/STR16 is an append buffer: len = units used, hash =
 * units of room; only ever the parent of slices, never a value. It grows only
 * while it lies in the current half, so a snapshot buffer never changes.
 * CF_ATOM: hash holds the atom id (never an index key: canonical numeric
 * strings have no atom and no CF_ATOM). It is set on engine-space strings and on
 * cells of the current half only, so no transient id is ever in a snapshot. */
enum { CF_STR_WIDE = 4 /* ropes: some leaf is 16-bit */ };

static inline struct str *v_tostr(val v) { return (struct str *)(uintptr_t)v; }

/* A flat look at a string's units; valid while the string is reachable (nothing
 * moves; keep the string value in a local). */
struct sview { union { const uint8_t *p8; const uint16_t *p16; }; uint32_t len; bool wide; };

/* Flattens if need be. Never fails except for lack of memory of a huge rope:
 * then p8 is NULL with len 0 and an exception is pending — callers that made
 * the rope within STR_MAX may treat it as empty and return V_EXC if vm->exc. */
struct sview str_view(struct vm *vm, struct str *s);
static inline uint32_t sview_at(struct sview v, uint32_t i) { return v.wide ? v.p16[i] : v.p8[i]; }
struct sview sview_sub(struct sview v, uint32_t start, uint32_t end);

/* Making strings. Results are V_EXC (RangeError "invalid string length" or out of
 * memory) or a string. One-unit Latin-1 and empty results are the VM's shared cells. */
val str_new8(struct vm *vm, const uint8_t *p, uint32_t n);
val str_new16(struct vm *vm, const uint16_t *p, uint32_t n);   /* narrows if all units < 256 */
val str_from_utf8(struct vm *vm, const char *p, size_t n, bool wtf8);
val str_from_sv(struct vm *vm, struct sv s);                   /* ASCII or UTF-8 */
val str_cstr(struct vm *vm, const char *ascii);
val str_external(struct vm *vm, const char *ascii, size_t n);  /* bytes outlive the request */
val str_from_view(struct vm *vm, struct sview v);              /* copies */
val str_from_unit(struct vm *vm, uint32_t unit);
val str_from_code_point(struct vm *vm, uint32_t cp);
val str_printf(struct vm *vm, const char *fmt, ...) PRINTF_LIKE(2, 3);  /* UTF-8 result */
/* Uninitialised flat strings to be filled by the caller at once; *out = units. */
struct str *str_alloc8(struct vm *vm, uint32_t n, uint8_t **out);
struct str *str_alloc16(struct vm *vm, uint32_t n, uint16_t **out);

/* s[start, end): slices from 24 units on, copies below. 0 <= start <= end <= len. */
val str_sub(struct vm *vm, struct str *s, uint32_t start, uint32_t end);
/* a + b (4.2: flat copy up to 24 units, append in place, else rope). */
val str_concat(struct vm *vm, struct str *a, struct str *b);
/* The same for n >= 1 strings in a row, without intermediate results. */
val str_concat_all(struct vm *vm, struct str *const *p, uint32_t n);
uint32_t str_at(struct vm *vm, struct str *s, uint32_t i);     /* unit, i < len */
/* Code point at i (pairs joined); *units = 1 or 2. */
uint32_t sview_code_point(struct sview v, uint32_t i, uint32_t *units);

bool str_eq(struct vm *vm, struct str *a, struct str *b);
bool sview_eq(struct sview a, struct sview b);
int sview_cmp(struct sview a, struct sview b);                 /* by code units: <0 0 >0 */
int str_cmp(struct vm *vm, struct str *a, struct str *b);
bool sview_eq_ascii(struct sview v, const char *ascii);
uint32_t str_hash(struct vm *vm, struct str *s);               /* keyed; width-independent */
uint32_t sview_hash(struct vm *vm, struct sview v);            /* the same, uncached */
/* First index >= from where needle occurs in hay, or -1 (UINT32_MAX).
 * Ticks: when a tick ends the search the answer is UINT32_MAX and the
 * exception or termination is pending. The last_ form: greatest index <= from. */
uint32_t sview_index_of(struct vm *vm, struct sview hay, struct sview needle, uint32_t from);
uint32_t sview_last_index_of(struct vm *vm, struct sview hay, struct sview needle, uint32_t from);
/* UTF-8 (lone surrogates as WTF-8 or U+FFFD); NUL-terminated; heap memory (the
 * string's own or a BYTES cell), alive while the pointer is on the C stack. n may
 * be NULL. NULL: out of memory, exception pending. */
const char *str_to_utf8(struct vm *vm, struct str *s, bool wtf8, size_t *n);
/* Appends as UTF-8, lone surrogates as U+FFFD. */
void str_put_utf8(struct vm *vm, struct str *s, struct buf *b);
/* The same for views; out has room for sview_utf8_len bytes; no NUL is written. */
size_t sview_utf8_len(struct sview v);
size_t sview_put_utf8(struct sview v, bool wtf8, char *out);

/* Before heap_freeze: flattens every rope, hashes every string and links those
 * that are (or, when short, become) atoms. Collects first. 0, or -1: out of memory,
 * exception pending. */
int strs_freeze(struct vm *vm);

/* Builder over a growing string cell (which becomes the result without a copy):
 * starts 8-bit, widens once. Errors are thrown when they happen and are sticky:
 * strbuf_end gives V_EXC. The struct lives on the C stack. cap is in units. */
struct strbuf { struct vm *vm; struct cell *mem; uint32_t len, cap; bool wide, err; };
void strbuf_init(struct strbuf *b, struct vm *vm, uint32_t hint);
void strbuf_unit_slow(struct strbuf *b, uint32_t unit);
static inline void strbuf_unit(struct strbuf *b, uint32_t unit)
{
	if (likely(b->len < b->cap && !b->wide && unit < 256))
		((struct str8 *)b->mem)->c[b->len++] = (uint8_t)unit;
	else
		strbuf_unit_slow(b, unit);
}
void strbuf_code_point(struct strbuf *b, uint32_t cp);
void strbuf_view(struct strbuf *b, struct sview v);
void strbuf_str(struct strbuf *b, struct str *s);
void strbuf_ascii(struct strbuf *b, const char *p, size_t n);
val strbuf_end(struct strbuf *b);

/* ---- atoms --------------------------------------------------------------- */

enum atom_type { ATOM_STRING, ATOM_INDEX /* "2147483648".."4294967294" */, ATOM_SYMBOL,
	ATOM_REGISTERED /* Symbol.for */, ATOM_PRIVATE };

struct symbol { struct cell h; HF(pkey) atom; HF(uint32_t) pad; hval desc /* string or undefined */; };

/* Draws hash_key when it is all zero; needs no heap. 0, or -1 with errno. */
int atoms_init(struct vm *vm);
bool atoms_worn(const struct vm *vm);        /* no name becomes persistent any more */
void atoms_free(struct vm *vm);
/* End of request, BEFORE heap_end_request (it reads arena strings): promotion,
 * then the transient table is emptied. */
void atoms_end_request(struct vm *vm);
/* For the collector: marks symbols and the transient table. */
void atoms_mark(struct vm *vm);
static inline bool atom_is_transient(pkey a) { return a >= A_TRANSIENT0 && !pkey_is_index(a); }
/* The record of an atom (not of an index key). The pointer is good until the
 * next atom is made. */
static inline struct atom_rec *atom_rec(struct vm *vm, pkey atom)
{
	return atom < A_TRANSIENT0 ? &vm->atoms[atom] : &vm->tatoms[atom - A_TRANSIENT0];
}
/* Static atom as a string value. */
static inline val atom_str(struct vm *vm, pkey static_atom) { return v_cell(vm->atoms[static_atom].str); }
/* The shared engine-space string of i, 0 <= i < ATOM_INTS. */
#define ATOM_INTS 1024
struct str *atom_int_str(struct vm *vm, uint32_t i);

/* While !heap.frozen or vm->persist_atoms new names become persistent, otherwise
 * transient. No text ever has two atoms in one request. None of these fails: when
 * memory for the transient table runs out, the request is marked for termination.
 * The key of a string: array index form when canonical and < 2^31, else atom. */
pkey key_of_str(struct vm *vm, struct str *s);
pkey key_of_utf8(struct vm *vm, const char *p, size_t n);      /* persistent before the freeze */
pkey key_of_u32(struct vm *vm, uint32_t i);
pkey key_of_i64(struct vm *vm, int64_t i);                     /* 0 <= i <= 2^53 */
/* As key_of_str, but gives PKEY_NONE instead of creating an atom: a name no one
 * has interned is no object's property (dictionaries intern too). */
pkey key_lookup_str(struct vm *vm, struct str *s);
/* ToPropertyKey (7.1.19): int, string, symbol fast; objects run ToPrimitive.
 * false: exception. */
bool key_of_val(struct vm *vm, val v, pkey *out);
/* The string or symbol for a key; index keys give their decimal string. */
val key_to_val(struct vm *vm, pkey k);
val key_to_str(struct vm *vm, pkey k);                          /* symbols: description or "" */
static inline bool key_is_symbol(struct vm *vm, pkey k)
{
	return !pkey_is_index(k) && atom_rec(vm, k)->type >= ATOM_SYMBOL;
}
val symbol_new(struct vm *vm, val desc, enum atom_type type);
val symbol_for(struct vm *vm, struct str *key);                 /* GlobalSymbolRegistry */
static inline struct symbol *v_tosym(val v) { return (struct symbol *)(uintptr_t)v; }

#endif
