/* regexp_string.c: what String.prototype asks of a RegExp (ECMA-262 22.2.6.8 to 14):
 * @@match, @@matchAll, @@replace, @@search, @@split, and the RegExp String Iterator
 * (22.2.9). Called by string_pattern.c through the well-known symbols. Unmodified
 * regular expressions run without result arrays. */
#include "engine/builtins/iterator.h"
#include "engine/builtins/regexp.h"
#include "engine/vm/calls.h"

static val incompatible(struct vm *vm, val v, const char *name)
{
	return throw_type(vm, "RegExp.prototype.%s called on incompatible receiver %s", name, val_for_message(vm, v));
}

/* AdvanceStringIndex (22.2.7.3) */
static int64_t advance(struct vm *vm, struct str *s, int64_t i, bool unicode)
{
	uint32_t n;
	struct sview v;

	if (!unicode || i >= s->len.v || !string_view(vm, s, &v))
		return i + 1;
	(void)sview_code_point(v, (uint32_t)i, &n);
	return i + n;
}

/* Steps over an empty match of any RegExp-like object. 0 or -1. */
static int step_over(struct vm *vm, val rx, struct str *s, bool unicode)
{
	val v = obj_get(vm, v_toobj(rx), A_lastIndex);
	int64_t i;

	if (v_isexc(v) || to_length(vm, v, &i) < 0)
		return -1;
	return obj_put(vm, v_toobj(rx), A_lastIndex, v_num((double)advance(vm, s, i, unicode)));
}

static inline bool is_unicode(const struct re_prog *p) { return (re_flags(p) & (RE_U | RE_V)) != 0; }

/* The property flags as a string: which of g, u or v, y it has. -1: exception. */
enum { HAS_G = 1, HAS_U = 2, HAS_Y = 4 };
static int flags_of(struct vm *vm, val rx, struct str **out)
{
	val v = obj_get(vm, v_toobj(rx), A_flags);
	struct str *f = v_isexc(v) ? NULL : to_str(vm, v);
	struct sview t;
	int r = 0;

	if (f == NULL || !string_view(vm, f, &t))
		return -1;
	for (uint32_t i = 0; i < t.len; i++) {
		uint32_t u = sview_at(t, i);

		r |= u == 'g' ? HAS_G : u == 'u' || u == 'v' ? HAS_U : u == 'y' ? HAS_Y : 0;
	}
	*out = f;
	return r;
}

/* ---- match ------------------------------------------------------------------------ */

/* One match after the other of a plain RegExp, from its beginning (flag g). */
struct walk { val rx; const struct re_prog *p; struct str *s; uint32_t at; struct re_caps c; };

static void walk_start(struct vm *vm, struct walk *w, val rx, struct str *s)
{
	regexp_set_last_plain(vm, rx, 0);
	w->rx = rx;
	w->p = v_toregexp(rx)->prog.v;
	w->s = s;
	w->at = 0;
}

static int walk_next(struct vm *vm, struct walk *w)
{
	int r;

	if (w->at > w->s->len.v)
		return 0;
	r = regexp_run(vm, w->p, w->s, w->at, (re_flags(w->p) & RE_Y) != 0, &w->c);
	if (r == 1)
		w->at = w->c.at[0] == w->c.at[1] ? (uint32_t)advance(vm, w->s, w->c.at[1], is_unicode(w->p)) : (uint32_t)w->c.at[1];
	return r;
}

static val match_plain(struct vm *vm, val rx, struct str *s)
{
	struct arr *r = NULL;
	struct walk w;
	int more;

	walk_start(vm, &w, rx, s);
	while ((more = walk_next(vm, &w)) == 1) {
		val v = regexp_capture(vm, s, &w.c, 0);

		if (r == NULL)
			r = arr_new(vm, 4);
		if (r == NULL || v_isexc(v) || arr_push(vm, r, v) < 0 || VM_TICK(vm, 8))
			return V_EXC;
	}
	return more < 0 ? V_EXC : r ? v_cell(r) : V_NULL;
}

/* The text of a result's first element; NULL: exception. */
static struct str *matched(struct vm *vm, val result)
{
	val v = obj_get_index(vm, v_toobj(result), 0);

	return v_isexc(v) ? NULL : to_str(vm, v);
}

static val match(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s, *m, *f;
	struct arr *r = NULL;
	int has;

	if (!v_isobj(a[0]))
		return incompatible(vm, a[0], "@@match");
	s = to_str(vm, ARG(0));
	if (s == NULL)
		return V_EXC;
	if (regexp_is_plain(vm, a[0]))
		return re_flags(v_toregexp(a[0])->prog.v) & RE_G ? match_plain(vm, a[0], s) : regexp_exec(vm, a[0], s);
	has = flags_of(vm, a[0], &f);
	if (has < 0)
		return V_EXC;
	if (!(has & HAS_G))
		return regexp_exec(vm, a[0], s);
	if (obj_put(vm, v_toobj(a[0]), A_lastIndex, v_int(0)) < 0)
		return V_EXC;
	for (;;) {
		val x = regexp_exec(vm, a[0], s);

		if (v_isexc(x) || VM_TICK(vm, 16))
			return V_EXC;
		if (v_isnull(x))
			return r ? v_cell(r) : V_NULL;
		m = matched(vm, x);
		if (r == NULL)
			r = arr_new(vm, 4);
		if (m == NULL || r == NULL || arr_push(vm, r, v_cell(m)) < 0)
			return V_EXC;
		if (m->len.v == 0 && step_over(vm, a[0], s, (has & HAS_U) != 0) < 0)
			return V_EXC;
	}
}

/* ---- matchAll ---------------------------------------------------------------------- */

struct regexp_iter { struct iter_obj i; hval rx /* undefined once finished */, s; HF(uint64_t) flags; };

static val match_all(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s, *f;
	struct regexp_iter *it;
	val ctor, argv[2], rx, last;
	int64_t n;
	int has;

	if (!v_isobj(a[0]))
		return incompatible(vm, a[0], "@@matchAll");
	s = to_str(vm, ARG(0));
	ctor = s ? obj_species_ctor(vm, v_toobj(a[0]), vm->intr[INTR_RegExp]) : V_EXC;
	if (v_isexc(ctor))
		return V_EXC;
	has = flags_of(vm, a[0], &f);
	if (has < 0)
		return V_EXC;
	argv[0] = a[0];
	argv[1] = v_cell(f);
	rx = vm_construct(vm, ctor, ctor, 2, argv);
	last = v_isexc(rx) ? V_EXC : obj_get(vm, v_toobj(a[0]), A_lastIndex);
	if (v_isexc(last) || to_length(vm, last, &n) < 0 || obj_put(vm, v_toobj(rx), A_lastIndex, v_num((double)n)) < 0)
		return V_EXC;
	it = obj_new_kind(vm, obj_intr(vm, INTR_RegExpStringIteratorPrototype), KIND_ITERATOR, sizeof *it);
	HINIT(it->i.type, ITER_REGEXP_STRING);
	HINIT(it->rx, rx);
	HINIT(it->s, v_cell(s));
	HINIT(it->flags, (uint64_t)has);
	return v_cell(it);
}

static val iterator_next(struct vm *vm, val *a, uint32_t argc)
{
	struct regexp_iter *it = (struct regexp_iter *)(void *)v_tocell(a[0]);
	struct str *s, *m;
	val x;

	(void)argc;
	if (!iter_is(a[0], ITER_REGEXP_STRING))
		return throw_type(vm, "next method called on incompatible receiver %s", val_for_message(vm, a[0]));
	if (v_isundef(it->rx.v))
		return obj_iter_result(vm, V_UNDEF, true);
	s = v_tostr(it->s.v);
	x = regexp_exec(vm, it->rx.v, s);
	if (v_isexc(x)) {
		VSET(vm, it->rx, V_UNDEF);
		return V_EXC;
	}
	if (v_isnull(x)) {
		VSET(vm, it->rx, V_UNDEF);
		return obj_iter_result(vm, V_UNDEF, true);
	}
	if (!(it->flags.v & HAS_G)) {
		VSET(vm, it->rx, V_UNDEF);
		return obj_iter_result(vm, x, false);
	}
	m = matched(vm, x);
	if (m == NULL || (m->len.v == 0 && step_over(vm, it->rx.v, s, (it->flags.v & HAS_U) != 0) < 0)) {
		VSET(vm, it->rx, V_UNDEF);
		return V_EXC;
	}
	return obj_iter_result(vm, x, false);
}

/* ---- replace ------------------------------------------------------------------------ */

/* Appends what stands for one match: v[0..n) are the captures from group 1 on, with
 * room for three more words in front and two behind. 0 or -1. */
static int put_one(struct vm *vm, struct strbuf *b, struct str *s, struct str *m, uint32_t at, val *v, uint32_t n, val groups,
                   val with)
{
	struct str *t;
	val r;

	if (v_isstr(with))
		return string_substitute(vm, b, m, s, at, v, n, groups, v_tostr(with));
	v[-1] = v_cell(m);
	v[n] = v_u32(at);
	v[n + 1] = v_cell(s);
	v[n + 2] = groups;
	r = vm_call(vm, with, V_UNDEF, n + 3 + !v_isundef(groups), v - 1);
	t = v_isexc(r) ? NULL : to_str(vm, r);
	if (t == NULL)
		return -1;
	strbuf_str(b, t);
	return b->err ? -1 : 0;
}

/* The same with a function prepared for n + 3 arguments. */
static int put_called(struct vm *vm, struct strbuf *b, struct calls *c, const val *v, uint32_t n, uint32_t at, struct str *s)
{
	struct str *t;
	val r;

	memcpy(c->args, v - 1, (n + 1) * sizeof *v);
	c->args[n + 1] = v_u32(at);
	c->args[n + 2] = v_cell(s);
	r = calls_go(vm, c);
	t = v_isexc(r) ? NULL : to_str(vm, r);
	if (t == NULL)
		return -1;
	strbuf_str(b, t);
	return b->err ? -1 : 0;
}

/* n + 4 words that the collector sees; NULL: out of memory, thrown. */
static val *capture_words(struct vm *vm, uint32_t n, val *local, uint32_t nlocal)
{
	struct vals *mem;

	if (n + 5 <= nlocal)
		return local + 1;
	mem = heap_alloc(&vm->heap, sizeof *mem + ((size_t)n + 5) * sizeof(val), n + 5, KIND_VALS, 0);
	if (mem == NULL) {
		throw_oom(vm);
		return NULL;
	}
	for (uint32_t i = 0; i < n + 5; i++)
		HINIT(mem->v[i], V_UNDEF);
	return (val *)(void *)mem->v + 1;
}

static bool has_dollar(struct vm *vm, val with)
{
	struct sview v;

	if (!v_isstr(with) || !string_view(vm, v_tostr(with), &v))
		return true;
	for (uint32_t i = 0; i < v.len; i++)
		if (sview_at(v, i) == '$')
			return true;
	return false;
}

static val replace_plain(struct vm *vm, val rx, struct str *s, val with)
{
	const struct re_prog *p = v_toregexp(rx)->prog.v;
	bool global = (re_flags(p) & RE_G) != 0, simple = !has_dollar(vm, with);
	uint32_t n = re_groups(p) - 1, end = 0;
	val local[20], *v, groups;
	bool called = !v_isstr(with) && n + 3 <= CALLS_MAX;
	struct calls calls;
	struct strbuf b;
	struct sview sv;
	struct walk w;
	int more;

	if (vm->exc != V_HOLE || !string_view(vm, s, &sv))
		return V_EXC;
	v = capture_words(vm, n, local, ARRAY_LEN(local));
	if (v == NULL)
		return V_EXC;
	if (!global && (re_flags(p) & RE_Y)) {
		val last = v_toregexp(rx)->last_index.v;

		w = (struct walk){ .rx = rx, .p = p, .s = s, .at = v_isint(last) && v_toint(last) > 0 ? (uint32_t)v_toint(last) : 0 };
	} else if (global) {
		walk_start(vm, &w, rx, s);
	} else {
		w = (struct walk){ .rx = rx, .p = p, .s = s };
	}
	b.mem = NULL;
	more = walk_next(vm, &w);
	if (!global && (re_flags(p) & RE_Y))
		regexp_set_last_plain(vm, rx, more == 1 ? (uint32_t)w.c.at[1] : 0);
	if (more <= 0)
		return more < 0 ? V_EXC : v_cell(s);
	strbuf_init(&b, vm, sv.len < 2048 ? sv.len + 16 : 0);
	if (called)
		calls_begin(vm, &calls, with, V_UNDEF, n + 3);
	for (; more == 1; more = global ? walk_next(vm, &w) : 0) {
		uint32_t at = (uint32_t)w.c.at[0];

		strbuf_view(&b, sview_sub(sv, end, at));
		end = (uint32_t)w.c.at[1];
		if (simple) {
			strbuf_str(&b, v_tostr(with));
		} else {
			val m = regexp_capture(vm, s, &w.c, 0);

			v[-1] = m;
			for (uint32_t i = 0; i < n && !v_isexc(m); i++)
				if (v_isexc(v[i] = regexp_capture(vm, s, &w.c, i + 1)))
					m = V_EXC;
			groups = v_isexc(m) ? V_EXC : regexp_groups(vm, p, v - 1);
			if (called && v_isundef(groups) ? put_called(vm, &b, &calls, v, n, at, s) < 0 :
			    v_isexc(groups) || put_one(vm, &b, s, v_tostr(m), at, v, n, groups, with) < 0)
				return V_EXC;
		}
		if (b.err || VM_TICK(vm, 8))
			return V_EXC;
	}
	if (more < 0)
		return V_EXC;
	strbuf_view(&b, sview_sub(sv, end, sv.len));
	return strbuf_end(&b);
}

/* Appends the replacement of one result of any exec; *end: behind the match. */
static int put_result(struct vm *vm, struct strbuf *b, struct str *s, struct sview sv, val result, val with, uint32_t *end)
{
	struct obj *o = v_toobj(result);
	struct str *m;
	val local[20], *v, x, groups;
	int64_t n;
	double d;
	uint32_t at, ncap;

	if (obj_length(vm, o, &n) < 0)
		return -1;
	if (n > 65535) {
		throw_range(vm, "too many captures");
		return -1;
	}
	ncap = n > 0 ? (uint32_t)n - 1 : 0;
	m = matched(vm, result);
	x = m ? obj_get(vm, o, A_index) : V_EXC;
	if (v_isexc(x) || to_integer_or_inf(vm, x, &d) < 0)
		return -1;
	at = d < 0 ? 0 : d > s->len.v ? s->len.v : (uint32_t)d;
	v = capture_words(vm, ncap, local, ARRAY_LEN(local));
	if (v == NULL)
		return -1;
	for (uint32_t i = 0; i < ncap; i++) {
		v[i] = obj_get_index(vm, o, i + 1);
		if (!v_isexc(v[i]) && !v_isundef(v[i]))
			v[i] = to_string(vm, v[i]);
		if (v_isexc(v[i]))
			return -1;
	}
	groups = obj_get(vm, o, A_groups);
	if (!v_isexc(groups) && v_isstr(with) && !v_isundef(groups))
		groups = to_object(vm, groups);
	if (v_isexc(groups))
		return -1;
	if (at < *end) {
		struct strbuf unused;   /* the replacement is worked out all the same */

		strbuf_init(&unused, vm, 0);
		return put_one(vm, &unused, s, m, at, v, ncap, groups, with);
	}
	strbuf_view(b, sview_sub(sv, *end, at));
	*end = at + m->len.v < s->len.v ? at + m->len.v : s->len.v;
	return put_one(vm, b, s, m, at, v, ncap, groups, with);
}

static val replace_generic(struct vm *vm, val rx, struct str *s, val with)
{
	struct arr *results = arr_new(vm, 1);
	struct str *f, *m;
	struct strbuf b;
	struct sview sv;
	uint32_t end = 0;
	int has = flags_of(vm, rx, &f);

	if (has < 0 || results == NULL || !string_view(vm, s, &sv) ||
	    ((has & HAS_G) && obj_put(vm, v_toobj(rx), A_lastIndex, v_int(0)) < 0))
		return V_EXC;
	for (;;) {
		val x = regexp_exec(vm, rx, s);

		if (v_isexc(x) || VM_TICK(vm, 16))
			return V_EXC;
		if (v_isnull(x))
			break;
		if (arr_push(vm, results, x) < 0)
			return V_EXC;
		if (!(has & HAS_G))
			break;
		m = matched(vm, x);
		if (m == NULL || (m->len.v == 0 && step_over(vm, rx, s, (has & HAS_U) != 0) < 0))
			return V_EXC;
	}
	strbuf_init(&b, vm, 0);
	for (uint32_t i = 0; i < results->len.v; i++)
		if (put_result(vm, &b, s, sv, results->elem.v[i].v, with, &end) < 0)
			return V_EXC;
	strbuf_view(&b, sview_sub(sv, end, sv.len));
	return strbuf_end(&b);
}

val regexp_replace(struct vm *vm, val rx, val string, val with)
{
	struct str *s = to_str(vm, string);

	if (s == NULL)
		return V_EXC;
	if (!func_is_callable(with)) {
		with = to_string(vm, with);
		if (v_isexc(with))
			return V_EXC;
	}
	/* lastIndex may be any object, whose conversion runs scripts. */
	if (regexp_is_plain(vm, rx) && v_isint(v_toregexp(rx)->last_index.v))
		return replace_plain(vm, rx, s, with);
	return replace_generic(vm, rx, s, with);
}

val regexp_replace_method(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_isobj(a[0]))
		return incompatible(vm, a[0], "@@replace");
	return regexp_replace(vm, a[0], ARG(0), ARG(1));
}

/* ---- search --------------------------------------------------------------------------- */

static val search(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s;
	val before, now, x;

	if (!v_isobj(a[0]))
		return incompatible(vm, a[0], "@@search");
	s = to_str(vm, ARG(0));
	if (s == NULL)
		return V_EXC;
	if (regexp_is_plain(vm, a[0])) {
		const struct re_prog *p = v_toregexp(a[0])->prog.v;
		struct re_caps c;
		int r = regexp_run(vm, p, s, 0, (re_flags(p) & RE_Y) != 0, &c);

		return r < 0 ? V_EXC : v_int(r ? c.at[0] : -1);
	}
	before = obj_get(vm, v_toobj(a[0]), A_lastIndex);
	if (v_isexc(before) || (!val_same(vm, before, v_int(0)) && obj_put(vm, v_toobj(a[0]), A_lastIndex, v_int(0)) < 0))
		return V_EXC;
	x = regexp_exec(vm, a[0], s);
	now = v_isexc(x) ? V_EXC : obj_get(vm, v_toobj(a[0]), A_lastIndex);
	if (v_isexc(now) || (!val_same(vm, now, before) && obj_put(vm, v_toobj(a[0]), A_lastIndex, before) < 0))
		return V_EXC;
	return v_isnull(x) ? v_int(-1) : obj_get(vm, v_toobj(x), A_index);
}

/* ---- split ------------------------------------------------------------------------------ */

static val split_plain(struct vm *vm, val rx, struct str *s, uint32_t limit)
{
	const struct re_prog *p = v_toregexp(rx)->prog.v;
	uint32_t from = 0, at = 0, size = s->len.v;
	struct arr *r = arr_new(vm, 4);
	struct re_caps c;
	int found;
	val v;

	if (r == NULL)
		return V_EXC;
	if (size == 0) {
		found = regexp_run(vm, p, s, 0, true, &c);
		if (found < 0 || (found == 0 && arr_push(vm, r, v_cell(s)) < 0))
			return V_EXC;
		return v_cell(r);
	}
	while (at < size && (found = regexp_run(vm, p, s, at, false, &c)) != 0) {
		if (found < 0 || VM_TICK(vm, 8))
			return V_EXC;
		if ((uint32_t)c.at[0] >= size)
			break;
		if ((uint32_t)c.at[1] == from) {
			at = (uint32_t)advance(vm, s, c.at[0], is_unicode(p));
			continue;
		}
		v = str_sub(vm, s, from, (uint32_t)c.at[0]);
		if (v_isexc(v) || arr_push(vm, r, v) < 0)
			return V_EXC;
		if (r->len.v == limit)
			return v_cell(r);
		from = at = (uint32_t)c.at[1];
		for (uint32_t i = 1; i < re_groups(p); i++) {
			v = regexp_capture(vm, s, &c, i);
			if (v_isexc(v) || arr_push(vm, r, v) < 0)
				return V_EXC;
			if (r->len.v == limit)
				return v_cell(r);
		}
	}
	v = str_sub(vm, s, from, size);
	return v_isexc(v) || arr_push(vm, r, v) < 0 ? V_EXC : v_cell(r);
}

/* Appends the captures of a result. 0, 1: the limit is reached, -1. */
static int push_captures(struct vm *vm, struct arr *r, struct obj *x, uint32_t limit)
{
	int64_t n;

	if (obj_length(vm, x, &n) < 0)
		return -1;
	for (int64_t i = 1; i < n; i++) {
		val v = obj_get_i64(vm, x, i);

		if (v_isexc(v) || arr_push(vm, r, v) < 0 || VM_TICK(vm, 4))
			return -1;
		if (r->len.v == limit)
			return 1;
	}
	return 0;
}

static val split_generic(struct vm *vm, val splitter, struct str *s, uint32_t limit, bool unicode)
{
	struct arr *r = arr_new(vm, 4);
	int64_t p = 0, q = 0, e, size = s->len.v;
	val x, v;
	int full;

	if (r == NULL)
		return V_EXC;
	if (size == 0) {
		x = regexp_exec(vm, splitter, s);
		return v_isexc(x) || (v_isnull(x) && arr_push(vm, r, v_cell(s)) < 0) ? V_EXC : v_cell(r);
	}
	while (q < size) {
		if (VM_TICK(vm, 16) || obj_put(vm, v_toobj(splitter), A_lastIndex, v_num((double)q)) < 0)
			return V_EXC;
		x = regexp_exec(vm, splitter, s);
		if (v_isexc(x))
			return V_EXC;
		if (v_isnull(x)) {
			q = advance(vm, s, q, unicode);
			continue;
		}
		v = obj_get(vm, v_toobj(splitter), A_lastIndex);
		if (v_isexc(v) || to_length(vm, v, &e) < 0)
			return V_EXC;
		e = e < size ? e : size;
		if (e == p) {
			q = advance(vm, s, q, unicode);
			continue;
		}
		v = str_sub(vm, s, (uint32_t)p, (uint32_t)q);
		if (v_isexc(v) || arr_push(vm, r, v) < 0)
			return V_EXC;
		if (r->len.v == limit)
			return v_cell(r);
		p = q = e;
		full = push_captures(vm, r, v_toobj(x), limit);
		if (full)
			return full < 0 ? V_EXC : v_cell(r);
	}
	v = str_sub(vm, s, (uint32_t)p, (uint32_t)size);
	return v_isexc(v) || arr_push(vm, r, v) < 0 ? V_EXC : v_cell(r);
}

static val split(struct vm *vm, val *a, uint32_t argc)
{
	uint32_t limit = UINT32_MAX;
	struct str *s, *f;
	val ctor, argv[2], splitter;
	int has;

	if (!v_isobj(a[0]))
		return incompatible(vm, a[0], "@@split");
	s = to_str(vm, ARG(0));
	if (s == NULL)
		return V_EXC;
	if (regexp_is_plain(vm, a[0]) && (v_isundef(ARG(1)) || v_isint(ARG(1)))) {
		if (!v_isundef(ARG(1)))
			limit = (uint32_t)v_toint(ARG(1));
		return limit == 0 ? arr_from(vm, NULL, 0) : split_plain(vm, a[0], s, limit);
	}
	ctor = obj_species_ctor(vm, v_toobj(a[0]), vm->intr[INTR_RegExp]);
	if (v_isexc(ctor))
		return V_EXC;
	has = flags_of(vm, a[0], &f);
	if (has < 0)
		return V_EXC;
	argv[0] = a[0];
	argv[1] = has & HAS_Y ? v_cell(f) : str_concat(vm, f, v_tostr(str_cstr(vm, "y")));
	splitter = v_isexc(argv[1]) ? V_EXC : vm_construct(vm, ctor, ctor, 2, argv);
	if (v_isexc(splitter) || (!v_isundef(ARG(1)) && to_uint32(vm, ARG(1), &limit) < 0))
		return V_EXC;
	return limit == 0 ? arr_from(vm, NULL, 0) : split_generic(vm, splitter, s, limit, (has & HAS_U) != 0);
}

const struct row regexp_string_rows[] = {
	NF_METHOD("@@match", 1, match, EFF_CALLS, "22.2.6.8"),
	NF_METHOD("@@matchAll", 1, match_all, EFF_CALLS, "22.2.6.9"),
	NF_METHOD("@@replace", 2, regexp_replace_method, EFF_CALLS, "22.2.6.11"),
	NF_METHOD("@@search", 1, search, EFF_CALLS, "22.2.6.12"),
	NF_METHOD("@@split", 2, split, EFF_CALLS, "22.2.6.14"),
};
const uint32_t regexp_string_nrows = sizeof regexp_string_rows / sizeof *regexp_string_rows;

static const struct row iterator_rows[] = {
	NF_METHOD("next", 0, iterator_next, EFF_CALLS, "22.2.9.2.1"),
	NF_TAG("RegExp String Iterator"),
};

void regexp_string_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_IteratorPrototype), 4);

	vm->intr[INTR_RegExpStringIteratorPrototype] = v_cell(proto);
	native_install(vm, proto, ROWS(iterator_rows));
}
