/* url_params.c: the class URLSearchParams (WHATWG URL 6.2) and its iterators. The
 * list is a flat array [name, value, name, value, …]; of one that belongs to a URL
 * every change is written back. */
#include <stdlib.h>

#include "base/query.h"
#include "base/url.h"
#include "web/pairs.h"
#include "web/parts.h"

enum { LIST, OWNER, NSLOTS };

static int class_id, iterator_id;

bool web_params_is(zigts_val v) { return zigts_host_payload(v, class_id) != NULL; }

static bool is_params(struct zigts *vm, zigts_val v)
{
	if (zigts_host_payload(v, class_id))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a URLSearchParams object");
	return false;
}

/* ---- the list -------------------------------------------------------------- */

static zigts_val decoded(struct zigts *vm, struct sv s)
{
	struct buf b = BUF_INIT;
	zigts_val v;

	if (query_is_plain(s, true))
		return zigts_string(vm, s.p, s.n);
	b.len = query_decode(buf_reserve(&b, s.n + 1), s, true);
	v = zigts_string(vm, b.p, b.len);
	buf_free(&b);
	return v;
}

/* The application/x-www-form-urlencoded parser (5.1). */
zigts_val params_parsed(struct zigts *vm, struct sv text)
{
	zigts_val list = zigts_array(vm);
	struct sv name, value;

	if (list == ZIGTS_EXC || zigts_tick(vm, (int64_t)text.n) < 0)
		return ZIGTS_EXC;
	while (query_next(&text, &name, &value))
		if (pairs_push(vm, list, decoded(vm, name), decoded(vm, value)) < 0 || zigts_tick(vm, 10) < 0)
			return ZIGTS_EXC;
	return list;
}

/* The serialiser (5.2), appended. 0 or -1. */
static int serialise(struct zigts *vm, zigts_val list, struct buf *out)
{
	uint32_t n = web_length(vm, list);

	for (uint32_t i = 0; i < n; i++) {
		struct sv s = web_text(vm, zigts_get_index(vm, list, i));

		if (!s.p || zigts_tick(vm, (int64_t)s.n) < 0)
			return -1;
		if (i)
			buf_putc(out, i & 1 ? '=' : '&');
		url_encode(out, s, URL_SET_FORM);
	}
	return 0;
}

/* 6.2 "update steps", after every change. */
static zigts_val changed(struct zigts *vm, zigts_val self)
{
	zigts_val owner = zigts_host_slot(self, OWNER);
	struct buf b = BUF_INIT;
	int err;

	if (owner == ZIGTS_UNDEF)
		return ZIGTS_UNDEF;
	err = serialise(vm, zigts_host_slot(self, LIST), &b);
	if (err == 0)
		err = url_set_query(vm, owner, b.len ? buf_sv(&b) : SV(""));
	buf_free(&b);
	return err ? ZIGTS_EXC : ZIGTS_UNDEF;
}

int params_refresh(struct zigts *vm, zigts_val params, struct sv query)
{
	zigts_val list = params_parsed(vm, query);

	if (list == ZIGTS_EXC)
		return -1;
	zigts_host_set_slot(vm, params, LIST, list);
	return 0;
}

zigts_val params_of_url(struct zigts *vm, zigts_val url, struct sv query)
{
	zigts_val v = zigts_host_new(vm, class_id);

	if (v == ZIGTS_EXC || params_refresh(vm, v, query) < 0)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, v, OWNER, url);
	return v;
}

/* ---- making ------------------------------------------------------------------ */

static int collect(struct zigts *vm, void *u, zigts_val v) { return zigts_array_push(vm, *(zigts_val *)u, v); }

/* One item of a sequence<sequence<USVString>>. */
static int take_pair(struct zigts *vm, void *u, zigts_val v)
{
	zigts_val pair = zigts_array(vm);
	int is = zigts_is_iterable(vm, v);

	if (is < 0 || pair == ZIGTS_EXC || (is && zigts_each(vm, v, collect, &pair) < 0))
		return -1;
	if (!is || web_length(vm, pair) != 2) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "URLSearchParams: each item must be a pair [name, value]");
		return -1;
	}
	return pairs_push(vm, *(zigts_val *)u, web_usv(vm, zigts_get_index(vm, pair, 0)),
			 web_usv(vm, zigts_get_index(vm, pair, 1)));
}

static int take_record(struct zigts *vm, zigts_val list, zigts_val init)
{
	zigts_val keys = zigts_own_keys(vm, init);
	uint32_t n = keys == ZIGTS_EXC ? 0 : web_length(vm, keys);

	for (uint32_t i = 0; i < n; i++) {
		zigts_val k = zigts_get_index(vm, keys, i), v;

		if (zigts_tick(vm, 10) < 0)
			return -1;
		v = zigts_get_value(vm, init, k);
		if (v == ZIGTS_EXC || pairs_push(vm, list, web_usv(vm, k), web_usv(vm, v)) < 0)
			return -1;
	}
	return keys == ZIGTS_EXC ? -1 : 0;
}

static zigts_val list_of_init(struct zigts *vm, zigts_val init)
{
	enum zigts_type type = zigts_type(init);
	zigts_val list;
	struct sv s;
	int is;

	if (init == ZIGTS_UNDEF)
		return zigts_array(vm);
	if (type != ZIGTS_T_OBJECT && type != ZIGTS_T_FUNCTION) {
		s = web_text(vm, init);
		if (!s.p)
			return ZIGTS_EXC;
		if (s.n && s.p[0] == '?')
			s.p++, s.n--;
		return params_parsed(vm, s);
	}
	list = zigts_array(vm);
	is = list == ZIGTS_EXC ? -1 : zigts_is_iterable(vm, init);
	if (is < 0 || (is ? zigts_each(vm, init, take_pair, &list) : take_record(vm, list, init)) < 0)
		return ZIGTS_EXC;
	return list;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val self = zigts_host_new(vm, class_id), list = self == ZIGTS_EXC ? self : list_of_init(vm, ZIGTS_ARG(0));

	if (list == ZIGTS_EXC)
		return list;
	zigts_host_set_slot(vm, self, LIST, list);
	return self;
}

/* ---- finding and changing ------------------------------------------------------ */

static bool wanted_args(struct zigts *vm, zigts_val *a, uint32_t argc, const char *what, bool value, struct pairs_wanted *w)
{
	*w = (struct pairs_wanted){ .any = true };
	if (!is_params(vm, a[0]) || !web_needs(vm, argc, 1, what))
		return false;
	w->name = web_text(vm, ZIGTS_ARG(0));
	if (w->name.p && value && ZIGTS_ARG(1) != ZIGTS_UNDEF) {
		w->any = false;
		w->value = web_text(vm, ZIGTS_ARG(1));
	}
	return w->name.p && (w->any || w->value.p);
}

static zigts_val m_append(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val name, value;

	if (!is_params(vm, a[0]) || !web_needs(vm, argc, 2, "URLSearchParams.append"))
		return ZIGTS_EXC;
	name = web_usv(vm, ZIGTS_ARG(0));
	value = name == ZIGTS_EXC ? name : web_usv(vm, ZIGTS_ARG(1));
	return pairs_push(vm, zigts_host_slot(a[0], LIST), name, value) < 0 ? ZIGTS_EXC : changed(vm, a[0]);
}

static zigts_val rebuild(struct zigts *vm, zigts_val self, const struct pairs_wanted *w, zigts_val value)
{
	zigts_val list = pairs_replace(vm, zigts_host_slot(self, LIST), w, value);

	if (list == ZIGTS_EXC)
		return list;
	zigts_host_set_slot(vm, self, LIST, list);
	return changed(vm, self);
}

static zigts_val m_delete(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted_args(vm, a, argc, "URLSearchParams.delete", true, &w) ? rebuild(vm, a[0], &w, ZIGTS_UNDEF) : ZIGTS_EXC;
}

static zigts_val m_set(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;
	zigts_val value;

	if (!wanted_args(vm, a, argc, "URLSearchParams.set", false, &w) || !web_needs(vm, argc, 2, "URLSearchParams.set"))
		return ZIGTS_EXC;
	value = web_usv(vm, ZIGTS_ARG(1));
	return value == ZIGTS_EXC ? value : rebuild(vm, a[0], &w, value);
}

static zigts_val m_get(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted_args(vm, a, argc, "URLSearchParams.get", false, &w) ? pairs_get(vm, zigts_host_slot(a[0], LIST), &w)
		: ZIGTS_EXC;
}

static zigts_val m_has(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted_args(vm, a, argc, "URLSearchParams.has", true, &w) ? pairs_has(vm, zigts_host_slot(a[0], LIST), &w)
		: ZIGTS_EXC;
}

static zigts_val m_get_all(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted_args(vm, a, argc, "URLSearchParams.getAll", false, &w)
		? pairs_get_all(vm, zigts_host_slot(a[0], LIST), &w) : ZIGTS_EXC;
}

static zigts_val g_size(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return is_params(vm, a[0]) ? zigts_int((int32_t)(web_length(vm, zigts_host_slot(a[0], LIST)) / 2)) : ZIGTS_EXC;
}

static zigts_val m_to_string(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;
	zigts_val v;

	(void)argc;
	if (!is_params(vm, a[0]))
		return ZIGTS_EXC;
	v = serialise(vm, zigts_host_slot(a[0], LIST), &b) < 0 ? ZIGTS_EXC : zigts_string(vm, b.p ? b.p : "", b.len);
	buf_free(&b);
	return v;
}

/* ---- sort ----------------------------------------------------------------------- */

struct named { uint32_t at, len, i; const char *p; };

/* UTF-8 in the order of UTF-16 code units: four-byte sequences (surrogates) come
 * before those that begin with EE and EF. */
static int rank(char c)
{
	unsigned char u = (unsigned char)c;

	return u == 0xEE || u == 0xEF ? u + 16 : u;
}

static int by_name(const void *x, const void *y)
{
	const struct named *a = x, *b = y;
	uint32_t n = a->len < b->len ? a->len : b->len;

	for (uint32_t i = 0; i < n; i++)
		if (a->p[i] != b->p[i])
			return rank(a->p[i]) - rank(b->p[i]);
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return a->i < b->i ? -1 : a->i > b->i;
}

static zigts_val m_sort(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val old, list = zigts_array(vm);
	struct buf text = BUF_INIT;
	struct named *v;
	uint32_t n;
	bool ok;

	(void)argc;
	if (!is_params(vm, a[0]) || list == ZIGTS_EXC)
		return ZIGTS_EXC;
	old = zigts_host_slot(a[0], LIST);
	n = web_length(vm, old) / 2;
	v = calloc(n + 1, sizeof *v);
	AN(v);
	ok = zigts_tick(vm, (int64_t)n * 40) == 0;
	for (uint32_t i = 0; ok && i < n; i++) {
		struct sv s = web_text(vm, zigts_get_index(vm, old, 2 * i));

		ok = s.p && zigts_tick(vm, (int64_t)s.n * 8) == 0;
		if (ok) {
			v[i] = (struct named){ (uint32_t)text.len, (uint32_t)s.n, 2 * i, NULL };
			buf_put_sv(&text, s);
		}
	}
	for (uint32_t i = 0; i < n; i++)
		v[i].p = text.p + v[i].at;
	if (ok)
		qsort(v, n, sizeof *v, by_name);
	for (uint32_t i = 0; ok && i < n; i++)
		ok = pairs_push(vm, list, zigts_get_index(vm, old, v[i].i), zigts_get_index(vm, old, v[i].i + 1)) == 0;
	free(v);
	buf_free(&text);
	if (!ok)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, a[0], LIST, list);
	return changed(vm, a[0]);
}

/* ---- iteration ------------------------------------------------------------------ */

static zigts_val iterate(struct zigts *vm, zigts_val self, enum pairs_view view)
{
	return is_params(vm, self) ? pairs_iterate(vm, iterator_id, self, view) : ZIGTS_EXC;
}

#include "web/pairs_views.inc"
static zigts_val m_next(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return pairs_next(vm, iterator_id, a[0]); }

static zigts_val m_for_each(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return is_params(vm, a[0]) ? pairs_for_each(vm, a[0], a[0], ZIGTS_ARG(0), ZIGTS_ARG(1)) : ZIGTS_EXC;
}

/* ---- tables ------------------------------------------------------------------------ */

static const struct zigts_row rows[] = {
	ZIGTS_GETTER("size", EFF_NONE, g_size),
	ZIGTS_FN("append", 2, EFF_MUT | EFF_CALLS, m_append),
	ZIGTS_FN("delete", 1, EFF_MUT | EFF_CALLS, m_delete),
	ZIGTS_FN("get", 1, EFF_CALLS, m_get),
	ZIGTS_FN("getAll", 1, EFF_CALLS, m_get_all),
	ZIGTS_FN("has", 1, EFF_CALLS, m_has),
	ZIGTS_FN("set", 2, EFF_MUT | EFF_CALLS, m_set),
	ZIGTS_FN("sort", 0, EFF_MUT, m_sort),
	ZIGTS_FN("toString", 0, EFF_NONE, m_to_string),
	ZIGTS_FN("entries", 0, EFF_NONE, m_entries),
	ZIGTS_FN("forEach", 1, EFF_CALLS, m_for_each),
	ZIGTS_FN("keys", 0, EFF_NONE, m_keys),
	ZIGTS_FN("values", 0, EFF_NONE, m_values),
	ZIGTS_FN("@@iterator", 0, EFF_NONE, m_entries),
};

static const struct zigts_class params_class = {
	.name = "URLSearchParams", .payload = 8, .nslots = NSLOTS, .ctor_effect = EFF_CALLS, .ctor = construct,
	.rows = rows, .nrows = sizeof rows / sizeof rows[0],
};

static const struct zigts_row iterator_rows[] = { ZIGTS_FN("next", 0, EFF_MUT, m_next) };

static const struct zigts_class iterator_class = {
	.name = "URLSearchParams Iterator", .payload = sizeof(struct pairs_cursor),
	.nslots = PAIRS_ITERATOR_SLOTS,
	.rows = iterator_rows, .nrows = 1, .parent = ZIGTS_ITERATOR,
};

int params_install(struct zigts *vm)
{
	return web_class(vm, &params_class, true, &class_id) < 0 ? -1
		: web_class(vm, &iterator_class, false, &iterator_id);
}
