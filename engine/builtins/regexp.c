/* regexp.c: RegExp objects (ECMA-262 22.2.3 to 22.2.5): the constructor, compiled
 * programs and their cache, legacy properties, RegExp.escape. Called by scripts and
 * by the opcode REGEXP. */
#include "engine/builtins/regexp.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf.h"

/* ---- the cache of programs: engine space ------------------------------------- */

#define CACHE_MAX 64u                  /* programs kept that requests made */
#define CACHE_BYTES (4u << 20)
#define CACHE_BUCKETS 256u

struct cached { struct re_prog *prog; uint32_t hash; bool keep; uint64_t used; struct cached *next; };
struct cache { struct cached *bucket[CACHE_BUCKETS]; uint32_t n /* not kept */; size_t bytes; uint64_t clock; bool trims; };

static struct cache *cache_of(struct vm *vm) { return vm->regexps; }

static void cache_free(void *arg)
{
	struct vm *vm = arg;
	struct cache *c = cache_of(vm);

	for (uint32_t i = 0; i < CACHE_BUCKETS; i++)
		while (c->bucket[i]) {
			struct cached *e = c->bucket[i];

			c->bucket[i] = e->next;
			re_free(e->prog);
			free(e);
		}
	free(c);
	vm->regexps = NULL;
}

static void cache_drop_oldest(struct cache *c)
{
	struct cached **oldest = NULL, *e;

	for (uint32_t i = 0; i < CACHE_BUCKETS; i++)
		for (struct cached **at = &c->bucket[i]; *at; at = &(*at)->next)
			if (!(*at)->keep && (oldest == NULL || (*at)->used < (*oldest)->used))
				oldest = at;
	e = *oldest;
	*oldest = e->next;
	c->n--;
	c->bytes -= re_bytes(e->prog);
	re_free(e->prog);
	free(e);
}

/* At the end of a request no object of it is left: programs may go. */
static void cache_trim(void *arg)
{
	struct cache *c = arg;

	c->trims = false;
	while (c->n > CACHE_MAX || (c->n > 0 && c->bytes > CACHE_BYTES))
		cache_drop_oldest(c);
}

static bool same_text(struct re_text a, struct re_text b)
{
	if (a.len != b.len)
		return false;
	if (a.wide == b.wide)
		return a.len == 0 || memcmp(a.p8, b.p8, (size_t)a.len << a.wide) == 0;
	for (uint32_t i = 0; i < a.len; i++)
		if (re_unit(a, i) != re_unit(b, i))
			return false;
	return true;
}

static val throw_pattern(struct vm *vm, struct re_text source, uint32_t flags, const struct re_error *err)
{
	struct buf b = BUF_INIT;
	val r;

	for (uint32_t i = 0; i < source.len && i < 100; i++)
		buf_put_utf8(&b, utf16_is_high(re_unit(source, i)) || utf16_is_low(re_unit(source, i)) ? UTF_REPLACEMENT
													: re_unit(source, i));
	if (source.len > 100)
		buf_puts(&b, "...");
	buf_putc(&b, '/');
	for (int i = 0; i < 8; i++)
		if (flags & 1u << i)
			buf_putc(&b, RE_FLAG_LETTERS[i]);
	r = throw_syntax(vm, "Invalid regular expression: /%s: %s", buf_cstr(&b), err->msg);
	buf_free(&b);
	return r;
}

const struct re_prog *regexp_program(struct vm *vm, struct re_text source, uint32_t flags, bool keep)
{
	struct cache *c = cache_of(vm);
	struct re_error err;
	struct cached *e;
	uint32_t hash = sview_hash(vm, (struct sview){ .p8 = source.p8, .len = source.len, .wide = source.wide }) + flags * 0x9E3779B1u;
	struct re_prog *p;

	keep |= !vm->heap.frozen;
	for (e = c->bucket[hash % CACHE_BUCKETS]; e; e = e->next)
		if (e->hash == hash && re_flags(e->prog) == flags && same_text(re_source(e->prog), source))
			break;
	if (e == NULL) {
		if (VM_TICK(vm, 100 + source.len))
			return NULL;
		p = re_compile(source, flags, vm->c_limit, &err);
		if (p == NULL) {
			throw_pattern(vm, source, flags, &err);
			return NULL;
		}
		if (!heap_charge(&vm->heap, (ptrdiff_t)re_bytes(p))) {
			re_free(p);
			throw_oom(vm);
			return NULL;
		}
		e = calloc(1, sizeof *e);
		AN(e);
		*e = (struct cached){ p, hash, keep, 0, c->bucket[hash % CACHE_BUCKETS] };
		c->bucket[hash % CACHE_BUCKETS] = e;
		if (!keep) {
			c->n++;
			c->bytes += re_bytes(p);
			if (!c->trims)
				heap_on_end(&vm->heap, cache_trim, c);
			c->trims = true;
		}
	} else if (keep && !e->keep) {
		e->keep = true;
		c->n--;
		c->bytes -= re_bytes(e->prog);
	}
	e->used = ++c->clock;
	return e->prog;
}

/* ---- objects ----------------------------------------------------------------------- */

struct regexp *regexp_alloc(struct vm *vm, struct obj *proto)
{
	bool plain = v_cell(proto) == vm->intr[INTR_RegExpPrototype];
	uint32_t shape = plain && vm->regexp_shape ? vm->regexp_shape : shape_root(vm, proto, KIND_REGEXP, 1);
	struct regexp *re = heap_alloc(&vm->heap, sizeof *re, shape, KIND_REGEXP, CF_EXTENSIBLE);

	AN(re);
	HINIT(re->h.aux, 2);
	HINIT(re->ext, NULL);
	HINIT(re->last_index, v_int(0));
	HINIT(re->prog, NULL);
	if (!plain || vm->regexp_shape == 0)
		obj_def(vm, (struct obj *)(void *)re, A_lastIndex, v_int(0), ATTR_W);
	return re;
}

/* The flags' bits; -1: not flags. */
static int64_t flag_bits(struct sview v)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < v.len; i++) {
		uint32_t u = sview_at(v, i);
		const char *at = u < 128 && u > 0 ? strchr(RE_FLAG_LETTERS, (int)u) : NULL;
		uint32_t bit = at ? 1u << (at - RE_FLAG_LETTERS) : 0;

		if (bit == 0 || (bits & bit))
			return -1;
		bits |= bit;
	}
	return (bits & RE_U) && (bits & RE_V) ? -1 : (int64_t)bits;
}

val regexp_init(struct vm *vm, struct regexp *re, val pattern, val flags)
{
	struct str *s = v_isundef(pattern) ? vm->empty : to_str(vm, pattern), *f;
	const struct re_prog *p;
	struct sview v;
	int64_t bits;

	f = s == NULL ? NULL : v_isundef(flags) ? vm->empty : to_str(vm, flags);
	if (f == NULL || !string_view(vm, f, &v))
		return V_EXC;
	bits = flag_bits(v);
	if (bits < 0)
		return throw_syntax(vm, "Invalid flags supplied to RegExp constructor '%s'", str_to_utf8(vm, f, false, NULL));
	if (!string_view(vm, s, &v))
		return V_EXC;
	p = regexp_program(vm, (struct re_text){ .p8 = v.p8, .len = v.len, .wide = v.wide }, (uint32_t)bits, false);
	if (p == NULL)
		return V_EXC;
	VSET(vm, re->prog, p);
	if (re->h.shape.v == vm->regexp_shape)
		VSET(vm, re->last_index, v_int(0));
	else if (obj_put(vm, (struct obj *)(void *)re, A_lastIndex, v_int(0)) < 0)
		return V_EXC;
	return v_cell(re);
}

/* Opcode REGEXP: *site holds the program once it is compiled. */
static val literal(struct vm *vm, val *site, struct sv pattern, struct sv flags, bool keep)
{
	struct regexp *re;

	if (v_isundef(*site)) {
		val s = str_from_utf8(vm, pattern.p, pattern.n, true);
		struct sview v;
		const struct re_prog *p;
		int64_t bits = flag_bits((struct sview){ .p8 = (const uint8_t *)flags.p, .len = (uint32_t)flags.n, .wide = false });

		if (v_isexc(s) || !string_view(vm, v_tostr(s), &v))
			return V_EXC;
		p = bits < 0 ? NULL : regexp_program(vm, (struct re_text){ .p8 = v.p8, .len = v.len, .wide = v.wide }, (uint32_t)bits, keep);
		if (p == NULL)
			return bits < 0 ? throw_syntax(vm, "Invalid regular expression flags") : V_EXC;
		*site = (val)(uintptr_t)p;
	}
	re = regexp_alloc(vm, obj_intr(vm, INTR_RegExpPrototype));
	HINIT(re->prog, (const struct re_prog *)(uintptr_t)*site);
	return v_cell(re);
}

val regexp_source(struct vm *vm, const struct re_prog *p)
{
	struct re_text t = re_source(p);
	bool in_class = false, escaped = false;
	struct strbuf b;

	if (t.len == 0)
		return str_cstr(vm, "(?:)");
	strbuf_init(&b, vm, t.len < 2048 ? t.len : 0);
	for (uint32_t i = 0; i < t.len; i++) {
		uint32_t u = re_unit(t, i);
		const char *name = u == '\n' ? "n" : u == '\r' ? "r" : u == 0x2028 ? "u2028" : u == 0x2029 ? "u2029" : NULL;

		if (name != NULL) {
			if (!escaped)
				strbuf_unit(&b, '\\');
			strbuf_ascii(&b, name, strlen(name));
			escaped = false;
			continue;
		}
		if (u == '/' && !escaped && !in_class)
			strbuf_unit(&b, '\\');
		strbuf_unit(&b, u);
		if (!escaped && u == '[')
			in_class = true;
		else if (!escaped && u == ']')
			in_class = false;
		escaped = !escaped && u == '\\';
	}
	return strbuf_end(&b);
}

val regexp_flags(struct vm *vm, const struct re_prog *p)
{
	char text[9];
	int n = 0;

	for (int i = 0; i < 8; i++)
		if (re_flags(p) & 1u << i)
			text[n++] = RE_FLAG_LETTERS[i];
	text[n] = 0;
	return str_cstr(vm, text);
}

val regexp_text(struct vm *vm, val re)
{
	const struct re_prog *p = v_toregexp(re)->prog.v;
	val source = p ? regexp_source(vm, p) : v_cell(vm->empty);
	struct strbuf b;

	if (v_isexc(source))
		return V_EXC;
	strbuf_init(&b, vm, 0);
	strbuf_unit(&b, '/');
	strbuf_str(&b, v_tostr(source));
	strbuf_unit(&b, '/');
	if (p)
		strbuf_str(&b, v_tostr(regexp_flags(vm, p)));
	return strbuf_end(&b);
}

/* ---- running ------------------------------------------------------------------------ */

static int tick(void *u, int64_t cost) { return vm_tick(u, cost); }

int regexp_run(struct vm *vm, const struct re_prog *p, struct str *s, uint32_t from, bool sticky, struct re_caps *c)
{
	struct re_host host = { &vm->heap, tick, vm };
	struct vals *st = (struct vals *)(void *)v_tocell(vm->intr[INTR_RegExpStatics]);
	size_t bytes = re_groups(p) * 8;
	struct sview v;
	int r;

	if (!string_view(vm, s, &v))
		return -1;
	c->at = c->local;
	if (bytes > sizeof c->local) {
		struct cell *mem = heap_alloc(&vm->heap, sizeof *mem + bytes, (uint32_t)bytes, KIND_BYTES, 0);

		if (mem == NULL)
			return throw_oom(vm), -1;
		c->at = (int32_t *)(void *)(mem + 1);
	}
	r = re_exec(p, (struct re_text){ .p8 = v.p8, .len = v.len, .wide = v.wide }, from, sticky, c->at, &host);
	if (r == RE_NOMEM)
		throw_oom(vm);
	if (r < 0)
		return -1;
	if (r == RE_MATCH) {
		const val now[STATIC__N] = { [STATIC_SUBJECT] = v_cell(s), [STATIC_PROG] = (val)(uintptr_t)p,
					     [STATIC_AT] = v_u32((uint32_t)c->at[0]), [STATIC_INPUT] = v_cell(s) };

		heap_wb_range(&vm->heap, (void *)st->v, sizeof now);
		memcpy((void *)st->v, now, sizeof now);
	}
	return r;
}

static bool own_getter(struct vm *vm, struct obj *o, pkey k)
{
	struct find f;
	val g;

	obj_find(vm, o, k, true, &f);
	if (f.kind != FIND_ACCESSOR || f.holder != o)
		return false;
	g = ((struct accessor *)(void *)v_tocell(f.where->v))->get.v;
	return v_iskind(g, KIND_NFUNC) && strncmp(nfunc_def(vm, (struct nfunc *)(void *)v_tocell(g))->clause, "22.2.", 5) == 0;
}

static bool own_value(struct vm *vm, struct obj *o, pkey k, val v)
{
	struct find f;

	obj_find(vm, o, k, true, &f);
	return f.kind == FIND_DATA && f.holder == o && f.where->v == v;
}

/* Looks through the prototype once an epoch: any change of it moves the epoch. */
static bool protocol_intact(struct vm *vm)
{
	static const char *const getters[] = { "flags", "global", "ignoreCase", "multiline", "dotAll", "unicode",
					       "unicodeSets", "sticky", "hasIndices" };
	struct obj *proto = obj_intr(vm, INTR_RegExpPrototype);
	struct find f;

	if (likely(vm->regexp_epoch == vm->proto_epoch))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(getters); i++)
		if (!own_getter(vm, proto, key_of_utf8(vm, getters[i], strlen(getters[i]))))
			return false;
	obj_find(vm, proto, A_exec, true, &f);
	if (f.kind != FIND_DATA || f.holder != proto || !is_native(vm, f.where->v, regexp_exec_method) ||
	    !own_value(vm, proto, A_constructor, vm->intr[INTR_RegExp]))
		return false;
	obj_find(vm, proto, A_sym_replace, true, &f);
	if (f.kind != FIND_DATA || f.holder != proto || !is_native(vm, f.where->v, regexp_replace_method) ||
	    !own_getter(vm, obj_intr(vm, INTR_RegExp), A_sym_species))
		return false;
	vm->regexp_epoch = vm->proto_epoch;
	return true;
}

bool regexp_is_plain(struct vm *vm, val v)
{
	return v_isregexp(v) && v_tocell(v)->shape.v == vm->regexp_shape && protocol_intact(vm);
}

/* ---- the constructor ------------------------------------------------------------------ */

static val regexp_ctor(struct vm *vm, val *a, uint32_t argc)
{
	val pattern = ARG(0), flags = ARG(1), newt = NEWT(), proto;
	int is_re = string_is_regexp(vm, pattern);

	if (is_re < 0)
		return V_EXC;
	if (v_isundef(newt)) {
		newt = a[FP_CALLEE];
		if (is_re && v_isundef(flags)) {
			val c = obj_get(vm, v_toobj(pattern), A_constructor);

			if (v_isexc(c))
				return V_EXC;
			if (c == newt)
				return pattern;
		}
	}
	if (v_isregexp(pattern)) {
		const struct re_prog *p = v_toregexp(pattern)->prog.v;
		struct re_text t = re_source(p);

		pattern = t.wide ? str_new16(vm, t.p16, t.len) : str_new8(vm, t.p8, t.len);
		if (v_isundef(flags))
			flags = regexp_flags(vm, p);
	} else if (is_re) {
		struct obj *o = v_toobj(pattern);

		pattern = obj_get(vm, o, key_of_utf8(vm, "source", 6));
		if (!v_isexc(pattern) && v_isundef(flags))
			flags = obj_get(vm, o, A_flags);
	}
	if (v_isexc(pattern) || v_isexc(flags))
		return V_EXC;
	proto = obj_proto_from_ctor(vm, newt, INTR_RegExpPrototype);
	return v_isexc(proto) ? V_EXC : regexp_init(vm, regexp_alloc(vm, v_toobj(proto)), pattern, flags);
}

static val species(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)argc;
	return a[0];
}

/* 22.2.5.1.1 EncodeForRegExpEscape */
static void escape_one(struct strbuf *b, uint32_t c)
{
	static const char control[] = "\t\n\v\f\r", letter[] = "tnvfr";
	const char *at;
	char text[16];

	if (c > 0 && c < 128 && strchr("^$\\.*+?()[]{}|/", (int)c)) {
		strbuf_unit(b, '\\');
		strbuf_unit(b, c);
	} else if (c > 0 && c < 128 && (at = strchr(control, (int)c)) != NULL) {
		strbuf_unit(b, '\\');
		strbuf_unit(b, (uint32_t)letter[at - control]);
	} else if ((c > 0 && c < 128 && strchr(",-=<>#&!%:;@~'`\"", (int)c)) || unit_is_space(c) || (c & 0xFFFFF800u) == 0xD800) {
		snprintf(text, sizeof text, c < 256 ? "\\x%02x" : "\\u%04x", (unsigned)c);
		strbuf_ascii(b, text, strlen(text));
	} else {
		strbuf_code_point(b, c);
	}
}

static val escape(struct vm *vm, val *a, uint32_t argc)
{
	val s = ARG(0);
	struct strbuf b;
	struct sview v;
	char text[8];

	if (!v_isstr(s))
		return throw_type(vm, "RegExp.escape needs a string");
	if (!string_view(vm, v_tostr(s), &v))
		return V_EXC;
	strbuf_init(&b, vm, 0);
	for (uint32_t i = 0, n; i < v.len; i += n) {
		uint32_t c = sview_code_point(v, i, &n);

		if (VM_TICK(vm, 2))
			return V_EXC;
		if (i == 0 && (c - '0' < 10 || (c | 32) - 'a' < 26)) {
			snprintf(text, sizeof text, "\\x%02x", (unsigned)c);
			strbuf_ascii(&b, text, 4);
		} else {
			escape_one(&b, c);
		}
	}
	return strbuf_end(&b);
}

/* ---- legacy properties ------------------------------------------------------------------ */

/* magic: 1..9 $n; 0 lastMatch; then these. */
enum { LEGACY_PAREN = 10, LEGACY_LEFT, LEGACY_RIGHT, LEGACY_INPUT };

static val legacy_get(struct vm *vm, val *a, uint32_t argc)
{
	int what = nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic;
	struct vals *st = (struct vals *)(void *)v_tocell(vm->intr[INTR_RegExpStatics]);
	const struct re_prog *p = (const struct re_prog *)(uintptr_t)st->v[STATIC_PROG].v;
	struct str *s = v_tostr(st->v[STATIC_SUBJECT].v);
	val input = st->v[STATIC_INPUT].v, at = st->v[STATIC_AT].v, c;
	struct re_caps caps;

	(void)argc;
	if (what == LEGACY_INPUT)
		return input;
	if (v_isundef((val)(uintptr_t)p))
		return v_cell(vm->empty);
	if (regexp_run(vm, p, s, (uint32_t)v_numof(at), true, &caps) != 1)
		return V_EXC;
	VSET(vm, st->v[STATIC_INPUT], input);
	switch (what) {
	case LEGACY_LEFT: return str_sub(vm, s, 0, (uint32_t)caps.at[0]);
	case LEGACY_RIGHT: return str_sub(vm, s, (uint32_t)caps.at[1], s->len.v);
	case LEGACY_PAREN:
		what = (int)re_groups(p) - 1;
		if (what == 0)
			return v_cell(vm->empty);
	}
	if ((uint32_t)what >= re_groups(p))
		return v_cell(vm->empty);
	c = regexp_capture(vm, s, &caps, (uint32_t)what);
	return v_isundef(c) ? v_cell(vm->empty) : c;
}

static val legacy_set(struct vm *vm, val *a, uint32_t argc)
{
	struct vals *st = (struct vals *)(void *)v_tocell(vm->intr[INTR_RegExpStatics]);
	val s;

	if (nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic != LEGACY_INPUT)
		return V_UNDEF;
	s = to_string(vm, ARG(0));
	if (v_isexc(s))
		return V_EXC;
	VSET(vm, st->v[STATIC_INPUT], s);
	return V_UNDEF;
}

#define LEGACY(key_, magic_) NF_ACCESSOR_MAGIC(key_, legacy_get, legacy_set, magic_, EFF_CALLS, "RegExp legacy")

static const struct row regexp_rows[] = {
	NF_METHOD("escape", 1, escape, EFF_NONE, "22.2.5.1"),
	NF_GETTER("@@species", species, EFF_NONE, "22.2.5.3"),
	LEGACY("$1", 1), LEGACY("$2", 2), LEGACY("$3", 3), LEGACY("$4", 4), LEGACY("$5", 5), LEGACY("$6", 6),
	LEGACY("$7", 7), LEGACY("$8", 8), LEGACY("$9", 9),
	LEGACY("input", LEGACY_INPUT), LEGACY("$_", LEGACY_INPUT), LEGACY("lastMatch", 0), LEGACY("$&", 0),
	LEGACY("lastParen", LEGACY_PAREN), LEGACY("$+", LEGACY_PAREN), LEGACY("leftContext", LEGACY_LEFT),
	LEGACY("$`", LEGACY_LEFT), LEGACY("rightContext", LEGACY_RIGHT), LEGACY("$'", LEGACY_RIGHT),
};

static const struct native_def regexp_def = { "RegExp", regexp_ctor, 2, NF_CTOR, EFF_CALLS, 0, "22.2.4.1" };

void builtin_regexp_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);
	struct vals *st = heap_alloc(&vm->heap, sizeof *st + STATIC__N * sizeof(val), STATIC__N, KIND_VALS, 0);

	HINIT(st->v[STATIC_SUBJECT], v_cell(vm->empty));
	HINIT(st->v[STATIC_PROG], V_UNDEF);
	HINIT(st->v[STATIC_AT], v_int(0));
	HINIT(st->v[STATIC_INPUT], v_cell(vm->empty));
	vm->intr[INTR_RegExpStatics] = v_cell(st);
	vm->regexps = calloc(1, sizeof(struct cache));
	AN(vm->regexps);
	heap_on_end(&vm->heap, cache_free, vm);
	vm->regexp_literal_fn = literal;
	vm->intr[INTR_RegExpPrototype] = v_cell(proto);
	native_ctor(vm, &regexp_def, INTR_RegExp, NULL, proto, ROWS(regexp_rows), regexp_proto_rows, regexp_proto_nrows);
	native_install(vm, proto, regexp_string_rows, regexp_string_nrows);
	vm->regexp_shape = regexp_alloc(vm, proto)->h.shape.v;
	regexp_string_init(vm);
}
