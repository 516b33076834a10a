/* atom.c: property keys: the persistent and the transient intern table, index
 * keys, symbols, promotion of names that keep coming back. Called by everything
 * that names a property. Runs no JavaScript except in key_of_val.
 *
 *   persistent   records and characters in engine space (malloc'd, never freed
 *                before the VM): static atoms, names of module text and of
 *                initialisation, promoted names
 *   transient    names first seen in a request: records, table and characters in
 *                the arena; forgotten by atoms_end_request
 *
 * Invariants: a text has at most one atom at any time (lookup asks the transient
 * table first, so a name that is transient in this request stays so). Hashes are
 * keyed and do not depend on the width of the string. */
#include "engine/object/str_priv.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/utf.h"
#include "engine/object/convert.h"

#define CHUNK          (16u << 10)  /* engine-space memory for characters */
#define PERSISTENT_CAP 65536u       /* after the freeze no more names become persistent */
#define FIRST_ATOMS    1024u
#define FIRST_TATOMS   64u
#define SKETCH         4096u
#define PROMOTE_AT     3u           /* requests */
#define PROMOTE_LEN    64u          /* units; longer names stay transient */
#define PROMOTE_LOOK   512u         /* names of a request that are considered */
#define REGISTERED_MIX 0x5BD1E995u  /* separates Symbol.for keys from names */

struct chunk { struct chunk *next; };

struct atom_state {
	struct chunk *chunks;
	char *p, *end;                /* free part of the newest chunk */
	struct str *ints[ATOM_INTS];
	/* Two-bit clock: name hash (upper 30 bits; the index holds the lower) and how
	 * many requests had it. Another name at the same place first wears the count
	 * down, then takes over: a flood of random names never collects counts. */
	uint32_t sketch[SKETCH];
};

static struct atom_state *state_of(struct vm *vm)
{
	return vm->promote;
}

/* ---- engine-space strings ------------------------------------------------------- */

static void *engine_alloc(struct atom_state *st, size_t n)
{
	size_t want = n > CHUNK / 4 ? n : CHUNK;
	struct chunk *c;
	void *r;

	n = (n + 7) & ~(size_t)7;
	if (n <= (size_t)(st->end - st->p)) {
		r = st->p;
		st->p += n;
		return r;
	}
	c = malloc(sizeof *c + want + 8);
	AN(c != NULL);
	c->next = st->chunks;
	st->chunks = c;
	if (want != CHUNK)
		return c + 1; /* a long one has its own; the open chunk stays open */
	st->p = (char *)(c + 1) + n;
	st->end = (char *)(c + 1) + want;
	return c + 1;
}

/* A flat copy outside the heap, hashed; never written afterwards. */
static struct str *engine_str(struct vm *vm, struct sview v, uint32_t hash)
{
	bool wide = v.wide && !units_below(v.p16, v.len, 0x100);
	struct str *s = engine_alloc(state_of(vm), str_flat_size(v.len, wide));
	uint8_t flags = CF_HASHED;

	if (v.wide ? units_below(v.p16, v.len, 0x80)
	           : utf8_ascii_prefix((const char *)v.p8, v.len) == v.len)
		flags |= CF_STR_ASCII;
	HINIT(s->h.shape, SHAPE_STRING);
	s->h.kind = wide ? KIND_STR16 : KIND_STR8;
	HINIT(s->h.flags, flags);
	HINIT(s->h.aux, 0);
	HINIT(s->len, v.len);
	HINIT(s->hash, hash);
	if (wide) {
		sview_copy(v, ((struct str16 *)s)->c, true);
	} else {
		sview_copy(v, ((struct str8 *)s)->c, false);
		((struct str8 *)s)->c[v.len] = 0;
	}
	return s;
}

struct str *atom_int_str(struct vm *vm, uint32_t i)
{
	struct str **at = &state_of(vm)->ints[i];
	char text[12];

	if (unlikely(*at == NULL)) {
		struct sview v = sview_of8(text, (uint32_t)num_int_to_text((int32_t)i, text));

		*at = engine_str(vm, v, sview_hash(vm, v));
	}
	return *at;
}

/* ---- index keys ------------------------------------------------------------------- */

/* Is v the canonical text of an integer in 0..2^32-2 (an array index)? */
static bool canonical_index(struct sview v, uint32_t *out)
{
	uint64_t n = 0;

	if (v.len == 0 || v.len > 10 || (sview_at(v, 0) == '0' && v.len > 1))
		return false;
	for (uint32_t i = 0; i < v.len; i++) {
		uint32_t d = sview_at(v, i) - '0';

		if (d > 9)
			return false;
		n = n * 10 + d;
	}
	*out = (uint32_t)n;
	return n < UINT32_MAX;
}

/* ---- tables ----------------------------------------------------------------------- */

/* The atom of a text (registered: of a Symbol.for key), or PKEY_NONE. */
static pkey find_in(struct vm *vm, const struct atom_table *t, struct sview v, uint32_t hash, bool registered)
{
	uint32_t i = hash & t->mask, id;

	if (t->slot == NULL)
		return PKEY_NONE;
	while ((id = t->slot[i]) != 0) {
		const struct atom_rec *r = atom_rec(vm, id);

		if (r->hash == hash && (r->type == ATOM_REGISTERED) == registered &&
		    sview_eq(str_flat_view(r->str), v))
			return id;
		i = (i + 1) & t->mask;
	}
	return PKEY_NONE;
}

static pkey find(struct vm *vm, struct sview v, uint32_t hash, bool registered)
{
	pkey k = vm->ntatoms != 0 ? find_in(vm, &vm->tatom_tab, v, hash, registered) : PKEY_NONE;

	return k != PKEY_NONE ? k : find_in(vm, &vm->atom_tab, v, hash, registered);
}

static void put(struct atom_table *t, uint32_t id, uint32_t hash)
{
	uint32_t i = hash & t->mask;

	while (t->slot[i] != 0)
		i = (i + 1) & t->mask;
	t->slot[i] = id;
	t->n++;
}

/* No key can be refused; the program ends at its next safepoint instead. */
static COLD void out_of_names(struct vm *vm)
{
	if (vm->heap.owner_fn.limit != NULL)
		vm->heap.owner_fn.limit(vm->heap.owner, 2);
}

/* Arena memory for the transient tables. Never fails: what the limit does not
 * allow is taken from malloc until the end of the request, which is asked to end
 * at its next safepoint. */
static void *transient_alloc(struct vm *vm, size_t n)
{
	struct cell *c = heap_alloc(&vm->heap, sizeof *c + n, (uint32_t)n, KIND_BYTES, 0);
	void *p;

	if (likely(c != NULL))
		return c + 1;
	out_of_names(vm);
	p = malloc(n);
	AN(p != NULL);
	heap_on_end(&vm->heap, free, p);
	return p;
}

static void grow_table(struct vm *vm, struct atom_table *t, bool persistent)
{
	uint32_t size = t->slot != NULL ? 2 * (t->mask + 1) : persistent ? 4 * FIRST_ATOMS : 2 * FIRST_TATOMS;
	struct atom_table n = { NULL, size - 1, 0 };

	n.slot = persistent ? calloc(size, sizeof *n.slot) : transient_alloc(vm, size * sizeof *n.slot);
	AN(n.slot != NULL);
	if (!persistent)
		memset(n.slot, 0, size * sizeof *n.slot);
	for (uint32_t i = 0; t->slot != NULL && i <= t->mask; i++)
		if (t->slot[i] != 0)
			put(&n, t->slot[i], atom_rec(vm, t->slot[i])->hash);
	if (persistent)
		free(t->slot);
	*t = n;
}

static pkey add_persistent(struct vm *vm, struct atom_rec rec)
{
	AN(vm->natoms < A_TRANSIENT0);
	if (vm->natoms == vm->atoms_cap) {
		vm->atoms_cap *= 2;
		vm->atoms = realloc(vm->atoms, vm->atoms_cap * sizeof *vm->atoms);
		AN(vm->atoms != NULL);
	}
	vm->atoms[vm->natoms] = rec;
	return vm->natoms++;
}

static pkey add_transient(struct vm *vm, struct atom_rec rec)
{
	if (vm->ntatoms == vm->tatoms_cap) {
		uint32_t cap = vm->tatoms_cap != 0 ? 2 * vm->tatoms_cap : FIRST_TATOMS;
		struct atom_rec *n = transient_alloc(vm, cap * sizeof *n);

		if (vm->ntatoms != 0)
			memcpy(n, vm->tatoms, vm->ntatoms * sizeof *n);
		vm->tatoms = n;
		vm->tatoms_cap = cap;
	}
	vm->tatoms[vm->ntatoms] = rec;
	return A_TRANSIENT0 + vm->ntatoms++;
}

static pkey add(struct vm *vm, struct atom_rec rec, bool persistent, bool tabled)
{
	struct atom_table *t = persistent ? &vm->atom_tab : &vm->tatom_tab;
	pkey k;

	if (tabled && (t->slot == NULL || t->n * 3 >= t->mask * 2))
		grow_table(vm, t, persistent);
	k = persistent ? add_persistent(vm, rec) : add_transient(vm, rec);
	if (tabled)
		put(t, k, rec.hash);
	return k;
}

static bool makes_persistent(const struct vm *vm)
{
	return !vm->heap.frozen || (vm->persist_atoms && vm->natoms < PERSISTENT_CAP);
}

static pkey add_engine_name(struct vm *vm, struct sview v, uint32_t hash)
{
	struct atom_rec rec = { .hash = hash, .type = ATOM_STRING };
	uint32_t index;
	pkey k;

	/* Nothing bounds the names of initialisation but memory: beyond the usual
	 * they count, and a program that makes more names than there are ids ends. */
	if (vm->natoms >= PERSISTENT_CAP && !heap_charge(&vm->heap, (ptrdiff_t)(sizeof rec + v.len)))
		out_of_names(vm);
	if (unlikely(vm->natoms >= A_TRANSIENT0 - 1)) {
		out_of_names(vm);
		return A_empty;
	}
	if (canonical_index(v, &index))
		rec.type = ATOM_INDEX;
	rec.str = engine_str(vm, v, hash);
	k = add(vm, rec, true, true);
	HINIT(rec.str->hash, k);
	HINIT(rec.str->h.flags, rec.str->h.flags.v | CF_ATOM);
	return k;
}

/* s: a flat string cell with this text that may keep the characters, or NULL. */
static NOINLINE pkey add_name(struct vm *vm, struct sview v, uint32_t hash, struct str *s)
{
	struct atom_rec rec = { .hash = hash, .type = ATOM_STRING };
	uint32_t index;
	val copy;

	if (makes_persistent(vm))
		return add_engine_name(vm, v, hash);
	if (canonical_index(v, &index))
		rec.type = ATOM_INDEX;
	if (s == NULL) {
		copy = str_from_view(vm, v);
		/* No memory for a very long name: its request is about to end. */
		s = v_isexc(copy) ? vm->empty : v_tostr(copy);
	}
	rec.str = s;
	return add(vm, rec, false, true);
}

/* ---- strings to keys ---------------------------------------------------------------- */

static pkey key_of(struct vm *vm, struct str *s, bool create)
{
	struct sview v;
	uint32_t index, hash;
	pkey k;

	if (likely(s->h.flags.v & CF_ATOM))
		return s->hash.v;
	v = str_view(vm, s);
	if (unlikely(v.len != s->len.v))
		return A_empty; /* no memory to flatten a rope; the exception is pending */
	if (v.len != 0 && sview_at(v, 0) - '0' <= 9 && canonical_index(v, &index) && index < PKEY_INDEX)
		return PKEY_INDEX | index;
	hash = str_hash(vm, s);
	k = find(vm, v, hash, false);
	if (k == PKEY_NONE) {
		if (!create)
			return PKEY_NONE;
		k = add_name(vm, v, hash, s);
	}
	if (str_is_current(vm, s)) {
		VSET(vm, s->hash, k);
		VSET(vm, s->h.flags, s->h.flags.v | CF_ATOM | CF_HASHED);
	}
	return k;
}

pkey key_of_str(struct vm *vm, struct str *s)
{
	return key_of(vm, s, true);
}

pkey key_lookup_str(struct vm *vm, struct str *s)
{
	return key_of(vm, s, false);
}

pkey key_of_utf8(struct vm *vm, const char *p, size_t n)
{
	struct sview v;
	uint32_t index, hash;
	pkey k;
	val s;

	if (n > STR_COPY_MAX * 4 || utf8_ascii_prefix(p, n) != n) {
		s = str_from_utf8(vm, p, n, true);
		return key_of_str(vm, v_isexc(s) ? vm->empty : v_tostr(s));
	}
	v = sview_of8(p, (uint32_t)n);
	if (n != 0 && (unsigned)*p - '0' <= 9u && canonical_index(v, &index) && index < PKEY_INDEX)
		return PKEY_INDEX | index;
	hash = sview_hash(vm, v);
	k = find(vm, v, hash, false);
	return k != PKEY_NONE ? k : add_name(vm, v, hash, NULL);
}

pkey key_of_u32(struct vm *vm, uint32_t i)
{
	return i < PKEY_INDEX ? PKEY_INDEX | i : key_of_i64(vm, i);
}

pkey key_of_i64(struct vm *vm, int64_t i)
{
	char text[NUM_SHORTEST_MAX];

	if (i < (int64_t)PKEY_INDEX)
		return PKEY_INDEX | (uint32_t)i;
	return key_of_utf8(vm, text, (size_t)num_to_shortest((double)i, text));
}

bool key_of_val(struct vm *vm, val v, pkey *out)
{
	val s;

	if (v_isint(v) && v_toint(v) >= 0) {
		*out = PKEY_INDEX | (uint32_t)v_toint(v);
		return true;
	}
	if (v_isobj(v)) {
		v = to_primitive(vm, v, HINT_STRING);
		if (v_isexc(v))
			return false;
	}
	if (v_issym(v)) {
		*out = v_tosym(v)->atom.v;
		return true;
	}
	s = v_isstr(v) ? v : to_string(vm, v);
	if (v_isexc(s))
		return false;
	*out = key_of_str(vm, v_tostr(s));
	return true;
}

val key_to_val(struct vm *vm, pkey k)
{
	const struct atom_rec *r;

	if (pkey_is_index(k))
		return int_to_str(vm, (int32_t)pkey_index(k));
	r = atom_rec(vm, k);
	return r->sym != NULL ? v_cell(r->sym) : v_cell(r->str);
}

val key_to_str(struct vm *vm, pkey k)
{
	const struct atom_rec *r;

	if (pkey_is_index(k))
		return int_to_str(vm, (int32_t)pkey_index(k));
	r = atom_rec(vm, k);
	return v_cell(r->str != NULL ? r->str : vm->empty);
}

/* ---- symbols -------------------------------------------------------------------------- */

static void symbol_fill(struct symbol *y, val desc)
{
	HINIT(y->atom, PKEY_NONE);
	HINIT(y->pad, 0);
	HINIT(y->desc, desc);
}

/* Symbols are in the name tables only when registered. */
static val symbol_make(struct vm *vm, val desc, enum atom_type type, uint32_t hash)
{
	struct symbol *y = heap_alloc(&vm->heap, sizeof *y, SHAPE_SYMBOL, KIND_SYMBOL, 0);
	bool persistent = !vm->heap.frozen;
	uint32_t serial = persistent ? vm->natoms : A_TRANSIENT0 + vm->ntatoms;
	struct atom_rec rec = { .type = (uint8_t)type };

	symbol_fill(y, desc);
	rec.str = v_isstr(desc) ? v_tostr(desc) : NULL;
	rec.sym = &y->h;
	rec.hash = type == ATOM_REGISTERED ? hash : (uint32_t)hash_u64(vm->hash_key.k0 ^ serial);
	VSET(vm, y->atom, add(vm, rec, persistent, type == ATOM_REGISTERED));
	return v_cell(y);
}

val symbol_new(struct vm *vm, val desc, enum atom_type type)
{
	if (v_isstr(desc))
		(void)str_view(vm, v_tostr(desc)); /* records refer to flat strings only */
	return symbol_make(vm, desc, type, 0);
}

val symbol_for(struct vm *vm, struct str *key)
{
	struct sview v = str_view(vm, key);
	uint32_t hash = str_hash(vm, key) ^ REGISTERED_MIX;
	pkey k;

	if (unlikely(v.len != key->len.v))
		return V_EXC;
	k = find(vm, v, hash, true);
	return k != PKEY_NONE ? v_cell(atom_rec(vm, k)->sym) : symbol_make(vm, v_cell(key), ATOM_REGISTERED, hash);
}

/* ---- life --------------------------------------------------------------------------------- */

static const struct { const char *text; uint8_t type; } statics[A_STATIC_N] = {
#define HDR(id, text) [A_##id] = { text, ATOM_STRING },
#define SYM(id, text) [A_##id] = { text, ATOM_SYMBOL },
#define ATOM(id, text) [A_##id] = { text, ATOM_STRING },
#include "engine/object/atom.def"
};

static void init_symbol(struct vm *vm, struct sview text, uint32_t hash)
{
	struct symbol *y = engine_alloc(state_of(vm), sizeof *y);
	struct atom_rec rec = { .hash = hash, .type = ATOM_SYMBOL, .sym = &y->h };

	HINIT(y->h.shape, SHAPE_SYMBOL);
	y->h.kind = KIND_SYMBOL;
	HINIT(y->h.flags, 0);
	HINIT(y->h.aux, 0);
	rec.str = engine_str(vm, text, hash);
	symbol_fill(y, v_cell(rec.str));
	HINIT(y->atom, add(vm, rec, true, false));
}

static void init_statics(struct vm *vm)
{
	for (uint32_t id = 1; id < A_STATIC_N; id++) {
		struct sview v = sview_of8(statics[id].text, (uint32_t)strlen(statics[id].text));
		uint32_t hash = sview_hash(vm, v);

		if (statics[id].type == ATOM_SYMBOL)
			init_symbol(vm, v, hash);
		else
			AN(add_engine_name(vm, v, hash) == id);
		if (id - A_HDR0 < 32)
			vm->atoms[id].hdr = (uint8_t)(1 + id - A_HDR0);
	}
}

static void init_chars(struct vm *vm)
{
	for (uint32_t c = 0; c < VM_CHARS; c++) {
		uint8_t b = (uint8_t)c;
		struct sview v = sview_of8(&b, 1);

		if (c - '0' <= 9)
			vm->chars[c] = atom_int_str(vm, c - '0');
		else
			vm->chars[c] = vm->atoms[add_engine_name(vm, v, sview_hash(vm, v))].str;
	}
}

bool atoms_worn(const struct vm *vm) { return vm->natoms >= PERSISTENT_CAP; }

int atoms_init(struct vm *vm)
{
	struct atom_state *st = calloc(1, sizeof *st);

	if ((vm->hash_key.k0 | vm->hash_key.k1) == 0)
		hash_key_random(&vm->hash_key);
	vm->promote = st;
	vm->atoms_cap = 2 * FIRST_ATOMS; /* of a server's realm they do not have to move */
	vm->atoms = malloc(vm->atoms_cap * sizeof *vm->atoms);
	if (st == NULL || vm->atoms == NULL) {
		atoms_free(vm);
		return -1;
	}
	memset(vm->atoms, 0, sizeof *vm->atoms);
	vm->natoms = 1; /* atom 0 is PKEY_NONE */
	init_statics(vm);
	init_chars(vm);
	vm->empty = vm->atoms[A_empty].str;
	return 0;
}

void atoms_free(struct vm *vm)
{
	struct atom_state *st = state_of(vm);

	while (st != NULL && st->chunks != NULL) {
		struct chunk *c = st->chunks;

		st->chunks = c->next;
		free(c);
	}
	free(st);
	free(vm->atoms);
	free(vm->atom_tab.slot);
	vm->promote = NULL;
	vm->atoms = NULL;
	vm->natoms = vm->atoms_cap = 0;
	vm->atom_tab = (struct atom_table){ NULL, 0, 0 };
}

/* Was this the request in which the name earned its place? */
static bool seen_often(struct atom_state *st, uint32_t hash)
{
	uint32_t *e = &st->sketch[hash % SKETCH], count = *e & 3, tag = hash & ~3u;

	if ((*e & ~3u) == tag && count != 0) {
		*e = tag | (count + 1);
		if (count + 1 < PROMOTE_AT)
			return false;
		*e = 0;
		return true;
	}
	if (count != 0)
		(*e)--;
	else
		*e = tag | 1;
	return false;
}

void atoms_end_request(struct vm *vm)
{
	struct atom_state *st = state_of(vm);

	if (vm->tatoms == NULL)
		return;
	for (uint32_t i = 0; i < vm->ntatoms && i < PROMOTE_LOOK; i++) {
		const struct atom_rec *r = &vm->tatoms[i];

		if (r->type <= ATOM_INDEX && r->str->len.v <= PROMOTE_LEN && vm->natoms < PERSISTENT_CAP &&
		    seen_often(st, r->hash))
			add_engine_name(vm, str_flat_view(r->str), r->hash);
	}
	vm->tatoms = NULL;
	vm->ntatoms = vm->tatoms_cap = 0;
	vm->tatom_tab = (struct atom_table){ NULL, 0, 0 };
}

void atoms_mark(struct vm *vm)
{
	struct heap *h = &vm->heap;

	/* Symbols stay for as long as their atoms: an object may have the key and
	 * nobody the symbol. After the freeze the persistent ones are snapshot cells. */
	for (uint32_t i = A_STATIC_N; !h->frozen && i < vm->natoms; i++)
		heap_mark_cell(h, vm->atoms[i].sym);
	for (uint32_t i = 0; i < vm->ntatoms; i++) {
		heap_mark_cell(h, vm->tatoms[i].sym);
		heap_mark_cell(h, vm->tatoms[i].str);
	}
	heap_mark_interior(h, vm->tatoms);
	heap_mark_interior(h, vm->tatom_tab.slot);
}
