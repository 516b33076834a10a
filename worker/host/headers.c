/* headers.c: the Headers class (Fetch 5.1). An object either shows the fields
 * of the request being served, read straight from the head's bytes, or holds a
 * flat array [name, value, name, value, …] in its slot; the first change of the
 * former makes the latter. Names are kept in lower case, order is kept. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf.h"
#include "shm/deps.h"
#include "web/pairs.h"
#include "web/web.h"
#include "worker/host/parts.h"

struct state { const struct host_request *rq; uint8_t sealed; };
/* SORTED: the pairs as they are iterated, until the list changes. */
enum { SORTED, LIST, NSLOTS };

static int class_id, iterator_id;

static const struct host_request *borrowed(zigts_val self)
{
	const struct state *st = zigts_host_payload(self, class_id);

	return st && zigts_host_slot(self, LIST) == ZIGTS_UNDEF ? st->rq : NULL;
}

bool headers_is(zigts_val v) { return zigts_host_payload(v, class_id) != NULL; }

void headers_seal(struct zigts *vm, zigts_val h)
{
	struct state st = *(const struct state *)zigts_host_payload(h, class_id);

	st.sealed = 1;
	zigts_host_write(vm, h, 0, &st, sizeof st);
}

static zigts_val not_headers(struct zigts *vm)
{
	return zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a Headers object");
}

/* Lower-case, NUL-terminated copy in scratch memory. */
static char *lower(struct zigts *vm, struct sv s)
{
	char *p = zigts_scratch(vm, s.n + 1);
	size_t i;

	for (i = 0; p && i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 32) : s.p[i];
	if (p)
		p[s.n] = '\0';
	return p;
}

static uint32_t length_of(struct zigts *vm, zigts_val arr)
{
	zigts_val v = zigts_get_key(vm, arr, host_key.length);

	return zigts_type(v) == ZIGTS_T_NUMBER ? (uint32_t)zigts_as_number(v) : 0;
}

/* The flat array, made from the request's fields if need be. */
static zigts_val list_of(struct zigts *vm, zigts_val self)
{
	zigts_val list = zigts_host_slot(self, LIST);
	const struct host_request *rq = borrowed(self);
	size_t i;

	if (list != ZIGTS_UNDEF)
		return list;
	if (rq)
		deps_note(rq->deps, DEP_HEADERS_ALL);
	list = zigts_array(vm);
	for (i = 0; rq && list != ZIGTS_EXC && i < rq->head->nfields; i++) {
		const struct http_field *f = &rq->head->field[i];
		char *name = lower(vm, http_view(rq->bytes, f->name));

		if (!name || zigts_array_push(vm, list, zigts_string(vm, name, f->name.n)) != 0 ||
		    zigts_array_push(vm, list, host_bytes(vm, http_view(rq->bytes, f->value))) != 0)
			return ZIGTS_EXC;
	}
	if (list != ZIGTS_EXC)
		zigts_host_set_slot(vm, self, LIST, list);
	return list;
}

static zigts_val joined(struct zigts *vm, struct sv a, struct sv b)
{
	char *p = zigts_scratch(vm, a.n + b.n + 2);

	if (!p)
		return ZIGTS_EXC;
	memcpy(p, a.p, a.n);
	memcpy(p + a.n, ", ", 2);
	memcpy(p + a.n + 2, b.p, b.n);
	return zigts_string(vm, p, a.n + b.n + 2);
}

/* One step of gathering a combined value: *acc is undefined or a string. */
static int gather(struct zigts *vm, zigts_val *acc, zigts_val v)
{
	struct sv a, b;

	if (*acc == ZIGTS_UNDEF) {
		*acc = v;
	} else {
		a = host_text(vm, *acc);
		b = host_text(vm, v);
		*acc = a.p && b.p ? joined(vm, a, b) : ZIGTS_EXC;
	}
	return *acc == ZIGTS_EXC ? -1 : 0;
}

/* The combined value of a lower-case name; ZIGTS_UNDEF: absent. */
static zigts_val lookup(struct zigts *vm, zigts_val self, struct sv name)
{
	const struct host_request *rq = borrowed(self);
	zigts_val acc = ZIGTS_UNDEF, list;
	uint32_t i, n;

	if (rq) {
		deps_header(rq->deps, name);
		for (i = 0; i < rq->head->nfields; i++) {
			const struct http_field *f = &rq->head->field[i];

			if (f->name.n == name.n && sv_ieq(http_view(rq->bytes, f->name), name) &&
			    gather(vm, &acc, host_bytes(vm, http_view(rq->bytes, f->value))) != 0)
				return ZIGTS_EXC;
		}
		return acc;
	}
	list = zigts_host_slot(self, LIST);
	if (list == ZIGTS_UNDEF)
		return acc;
	n = length_of(vm, list);
	if (zigts_tick(vm, n) != 0)
		return ZIGTS_EXC;
	for (i = 0; i + 1 < n; i += 2) {
		struct sv k = host_text(vm, zigts_get_index(vm, list, i));

		if (!k.p)
			return ZIGTS_EXC;
		if (sv_eq(k, name) && gather(vm, &acc, zigts_get_index(vm, list, i + 1)) != 0)
			return ZIGTS_EXC;
	}
	return acc;
}

bool headers_has(struct zigts *vm, zigts_val h, struct sv name) { return lookup(vm, h, name) != ZIGTS_UNDEF; }
zigts_val headers_value(struct zigts *vm, zigts_val h, struct sv name) { return lookup(vm, h, name); }

/* Argument 0 as a checked lower-case name; p NULL: exception pending. */
static struct sv name_arg(struct zigts *vm, zigts_val v)
{
	struct sv s = host_text(vm, v);

	if (!s.p)
		return s;
	if (!http_name_valid(s)) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "invalid header name \"%.*s\"", (int)(s.n > 80 ? 80 : s.n), s.p);
		return (struct sv){ NULL, 0 };
	}
	s.p = lower(vm, s);
	return s;
}

/* Web IDL ByteString: no code point above 255. */
static bool is_byte_string(struct sv s)
{
	uint32_t cp;

	if (utf8_ascii_prefix(s.p, s.n) == s.n)
		return true;
	for (size_t i = 0; i < s.n;) {
		i += (size_t)utf8_decode(s.p + i, s.n - i, false, &cp);
		if (cp > 0xff)
			return false;
	}
	return true;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* A checked value (Fetch 2.2: outer white space is dropped). */
static struct sv value_arg(struct zigts *vm, zigts_val v)
{
	struct sv s = host_text(vm, v);

	if (!s.p)
		return s;
	while (s.n && is_blank(s.p[0]))
		s.p++, s.n--;
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	if (!http_value_valid(s) || !is_byte_string(s)) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "invalid header value");
		s.p = NULL;
	}
	return s;
}

/* What was sorted is not any more. */
static void changed(struct zigts *vm, zigts_val h)
{
	if (zigts_host_slot(h, SORTED) != ZIGTS_UNDEF)
		zigts_host_set_slot(vm, h, SORTED, ZIGTS_UNDEF);
}

int headers_append(struct zigts *vm, zigts_val h, struct sv name, struct sv value)
{
	zigts_val list = list_of(vm, h);

	changed(vm, h);
	return list == ZIGTS_EXC ? -1 : pairs_push(vm, list, zigts_string(vm, name.p, name.n), zigts_string(vm, value.p, value.n));
}

/* Replaces the list by one without `name`; with a value, the first occurrence
 * keeps its place and gets it, or it goes to the end. */
static int replace(struct zigts *vm, zigts_val self, struct sv name, zigts_val value)
{
	struct pairs_wanted w = { .name = name, .any = true };
	zigts_val list = list_of(vm, self);

	if (list != ZIGTS_EXC)
		list = pairs_replace(vm, list, &w, value);
	if (list == ZIGTS_EXC)
		return -1;
	changed(vm, self);
	zigts_host_set_slot(vm, self, LIST, list);
	return 0;
}

static bool is_open(struct zigts *vm, zigts_val h)
{
	const struct state *st = zigts_host_payload(h, class_id);

	if (st && !st->sealed)
		return true;
	if (st)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "these Headers are immutable");
	else
		not_headers(vm);
	return false;
}

/* ---- methods ----------------------------------------------------------- */

static zigts_val m_get(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv name;
	zigts_val v;

	if (!headers_is(a[0]))
		return not_headers(vm);
	if (!web_needs(vm, argc, 1, "Headers.get and has"))
		return ZIGTS_EXC;
	name = name_arg(vm, ZIGTS_ARG(0));
	if (!name.p)
		return ZIGTS_EXC;
	v = lookup(vm, a[0], name);
	return v == ZIGTS_UNDEF ? ZIGTS_NULL : v;
}

static zigts_val m_has(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv name;
	zigts_val v;

	if (!headers_is(a[0]))
		return not_headers(vm);
	if (!web_needs(vm, argc, 1, "Headers.get and has"))
		return ZIGTS_EXC;
	name = name_arg(vm, ZIGTS_ARG(0));
	if (!name.p)
		return ZIGTS_EXC;
	v = lookup(vm, a[0], name);
	return v == ZIGTS_EXC ? v : v == ZIGTS_UNDEF ? ZIGTS_FALSE : ZIGTS_TRUE;
}

static zigts_val store(struct zigts *vm, zigts_val *a, uint32_t argc, bool append)
{
	struct sv name, value;
	int r;

	if (!headers_is(a[0]))
		return not_headers(vm);
	if (!web_needs(vm, argc, 2, append ? "Headers.append" : "Headers.set"))
		return ZIGTS_EXC;
	name = name_arg(vm, ZIGTS_ARG(0));
	if (!name.p)
		return ZIGTS_EXC;
	value = value_arg(vm, ZIGTS_ARG(1));
	if (!value.p || !is_open(vm, a[0]))
		return ZIGTS_EXC;
	r = append ? headers_append(vm, a[0], name, value)
		   : replace(vm, a[0], name, zigts_string(vm, value.p, value.n));
	return r != 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

static zigts_val m_set(struct zigts *vm, zigts_val *a, uint32_t argc) { return store(vm, a, argc, false); }
static zigts_val m_append(struct zigts *vm, zigts_val *a, uint32_t argc) { return store(vm, a, argc, true); }

static zigts_val m_delete(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv name;

	if (!headers_is(a[0]))
		return not_headers(vm);
	if (!web_needs(vm, argc, 1, "Headers.delete"))
		return ZIGTS_EXC;
	name = name_arg(vm, ZIGTS_ARG(0));
	if (!name.p || !is_open(vm, a[0]) || replace(vm, a[0], name, ZIGTS_UNDEF) != 0)
		return ZIGTS_EXC;
	return ZIGTS_UNDEF;
}

static bool is_less(struct sv a, struct sv b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c < 0 : a.n < b.n;
}

/* The pairs' places in the list, names ascending; pairs of one name keep their
 * order. Insertion sort: there are 100 at most, or a handler has its fun. The views lie in memory
 * that does not keep the names alive; the list does. */
static uint32_t *sorted(struct zigts *vm, zigts_val list, uint32_t pairs)
{
	uint32_t *at = zigts_scratch(vm, (pairs + 1) * sizeof *at), i, k;
	struct sv *name = zigts_scratch(vm, (pairs + 1) * sizeof *name);

	for (i = 0; at && name && i < pairs; i++) {
		struct sv s = host_text(vm, zigts_get_index(vm, list, 2 * i));

		if (!s.p)
			return NULL;
		for (k = i; k > 0 && is_less(s, name[k - 1]); k--) {
			name[k] = name[k - 1];
			at[k] = at[k - 1];
		}
		name[k] = s;
		at[k] = 2 * i;
		if (zigts_tick(vm, 4 + (i - k)) != 0)
			return NULL;
	}
	return name ? at : NULL;
}

/* The pairs as JavaScript iterates them (Fetch 2.2.2, "sort and combine"): by name,
 * values of one name combined, except those of Set-Cookie. A flat array, kept until
 * there is a change. */
static zigts_val iterated(struct zigts *vm, zigts_val self)
{
	zigts_val list, out;
	struct sv name, last = { NULL, 0 };
	uint32_t i, n, *at;

	if (!headers_is(self))
		return not_headers(vm);
	out = zigts_host_slot(self, SORTED);
	if (out != ZIGTS_UNDEF)
		return out;
	list = list_of(vm, self);
	out = zigts_array(vm);
	if (list == ZIGTS_EXC || out == ZIGTS_EXC)
		return ZIGTS_EXC;
	n = length_of(vm, list) / 2;
	at = sorted(vm, list, n);
	for (i = 0; at && i < n; i++, last = name) {
		zigts_val k = zigts_get_index(vm, list, at[i]), v = zigts_get_index(vm, list, at[i] + 1);

		name = host_text(vm, k);
		if (!name.p)
			return ZIGTS_EXC;
		if (!sv_eq(name, SV("set-cookie"))) {
			if (last.p && sv_eq(last, name))
				continue;
			v = lookup(vm, self, name);
		}
		if (pairs_push(vm, out, k, v) < 0)
			return ZIGTS_EXC;
	}
	if (!at)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, self, SORTED, out);
	return out;
}

static zigts_val iterate(struct zigts *vm, zigts_val self, enum pairs_view view)
{
	return iterated(vm, self) == ZIGTS_EXC ? ZIGTS_EXC : pairs_iterate(vm, iterator_id, self, view);
}

#include "web/pairs_views.inc"

/* The place is kept over changes, which sort anew. */
static zigts_val m_next(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	if (zigts_host_payload(a[0], iterator_id) && iterated(vm, zigts_host_slot(a[0], 0)) == ZIGTS_EXC)
		return ZIGTS_EXC;
	return pairs_next(vm, iterator_id, a[0]);
}

static zigts_val m_for_each(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val list = iterated(vm, a[0]);

	return list == ZIGTS_EXC ? list : pairs_for_each(vm, a[0], list, ZIGTS_ARG(0), ZIGTS_ARG(1));
}

static zigts_val m_get_set_cookie(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val list, out = zigts_array(vm);
	uint32_t i, n;

	(void)argc;
	if (!headers_is(a[0]))
		return not_headers(vm);
	list = list_of(vm, a[0]);
	if (list == ZIGTS_EXC || out == ZIGTS_EXC)
		return ZIGTS_EXC;
	n = length_of(vm, list);
	for (i = 0; i + 1 < n; i += 2) {
		struct sv name = host_text(vm, zigts_get_index(vm, list, i));

		if (!name.p || (sv_eq(name, SV("set-cookie")) &&
				zigts_array_push(vm, out, zigts_get_index(vm, list, i + 1)) != 0))
			return ZIGTS_EXC;
	}
	return out;
}

/* ---- making ------------------------------------------------------------ */

static int append_checked(struct zigts *vm, zigts_val h, zigts_val k, zigts_val v)
{
	struct sv name = name_arg(vm, k), value;

	if (!name.p)
		return -1;
	value = value_arg(vm, v);
	return value.p ? headers_append(vm, h, name, value) : -1;
}

static int collect(struct zigts *vm, void *u, zigts_val v) { return zigts_array_push(vm, *(zigts_val *)u, v); }

/* One item of a sequence<sequence<ByteString>>. */
static int fill_pair(struct zigts *vm, void *u, zigts_val v)
{
	zigts_val pair = zigts_array(vm);
	int is = pair == ZIGTS_EXC ? -1 : web_is_object(v) ? zigts_is_iterable(vm, v) : 0;

	if (is < 0 || (is && zigts_each(vm, v, collect, &pair) < 0))
		return -1;
	if (!is || length_of(vm, pair) != 2) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "Headers: each item must be a [name, value] pair");
		return -1;
	}
	return append_checked(vm, *(zigts_val *)u, zigts_get_index(vm, pair, 0), zigts_get_index(vm, pair, 1));
}

static int fill_object(struct zigts *vm, zigts_val h, zigts_val init)
{
	zigts_val keys = zigts_own_keys(vm, init);
	uint32_t i, n;

	if (keys == ZIGTS_EXC)
		return -1;
	n = length_of(vm, keys);
	for (i = 0; i < n; i++) {
		zigts_val k = zigts_get_index(vm, keys, i), v = zigts_get_value(vm, init, k);

		if (v == ZIGTS_EXC || append_checked(vm, h, k, v) != 0)
			return -1;
	}
	return 0;
}

static int fill(struct zigts *vm, zigts_val h, zigts_val init)
{
	int is;

	if (host_nullish(init))
		return 0;
	if (headers_is(init)) {
		zigts_val list = list_of(vm, init), to = list_of(vm, h);
		uint32_t i, n = list == ZIGTS_EXC || to == ZIGTS_EXC ? 0 : length_of(vm, list);

		for (i = 0; i < n; i++)
			if (zigts_array_push(vm, to, zigts_get_index(vm, list, i)) != 0)
				return -1;
		return list == ZIGTS_EXC || to == ZIGTS_EXC ? -1 : 0;
	}
	if (!web_is_object(init)) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "Headers: an object or an iterable of pairs is needed");
		return -1;
	}
	is = zigts_is_iterable(vm, init);
	return is < 0 ? -1 : is ? zigts_each(vm, init, fill_pair, &h) : fill_object(vm, h, init);
}

zigts_val headers_from(struct zigts *vm, zigts_val init)
{
	zigts_val h = zigts_host_new(vm, class_id);

	return h == ZIGTS_EXC || fill(vm, h, init) != 0 ? ZIGTS_EXC : h;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return ZIGTS_ARG(0) == ZIGTS_NULL ? zigts_throw(vm, ZIGTS_TYPE_ERROR, "Headers: null is not an object")
		: headers_from(vm, ZIGTS_ARG(0));
}

zigts_val headers_of_request(struct zigts *vm, const struct host_request *rq)
{
	zigts_val h = zigts_host_new(vm, class_id);

	if (h != ZIGTS_EXC)
		((struct state *)zigts_host_init_payload(h, class_id))->rq = rq;
	return h;
}

/* request.headers.host. Property names are case-sensitive, header names are
 * kept in lower case: "Host" is no property. */
static zigts_val named_get(struct zigts *vm, zigts_val self, zigts_key key)
{
	struct sv name = host_text(vm, zigts_key_name(vm, key));
	size_t i;

	if (!name.p)
		return ZIGTS_EXC;
	for (i = 0; i < name.n; i++)
		if (name.p[i] >= 'A' && name.p[i] <= 'Z')
			return ZIGTS_UNDEF;
	return lookup(vm, self, name);
}

static int named_keys(struct zigts *vm, zigts_val self, zigts_val arr)
{
	zigts_val list = iterated(vm, self);
	uint32_t i, n;

	if (list == ZIGTS_EXC)
		return -1;
	n = length_of(vm, list);
	for (i = 0; i < n; i += 2)
		if (zigts_array_push(vm, arr, zigts_get_index(vm, list, i)) != 0)
			return -1;
	return 0;
}

static const struct zigts_row rows[] = {
	ZIGTS_FN("get", 1, EFF_NONE, m_get),
	ZIGTS_FN("has", 1, EFF_NONE, m_has),
	ZIGTS_FN("set", 2, EFF_MUT, m_set),
	ZIGTS_FN("append", 2, EFF_MUT, m_append),
	ZIGTS_FN("delete", 1, EFF_MUT, m_delete),
	ZIGTS_FN("forEach", 1, EFF_MUT | EFF_CALLS, m_for_each),
	ZIGTS_FN("keys", 0, EFF_MUT, m_keys),
	ZIGTS_FN("values", 0, EFF_MUT, m_values),
	ZIGTS_FN("entries", 0, EFF_MUT, m_entries),
	ZIGTS_FN("@@iterator", 0, EFF_MUT, m_entries),
	ZIGTS_FN("getSetCookie", 0, EFF_MUT, m_get_set_cookie),
};

static const struct zigts_class headers_class = {
	.name = "Headers",
	.payload = sizeof(struct state),
	.nslots = NSLOTS,
	.ctor_nargs = 0,
	.ctor_effect = EFF_CALLS,
	.ctor = construct,
	.rows = rows,
	.nrows = sizeof rows / sizeof rows[0],
	.named_get = named_get,
	.named_keys = named_keys,
};

static const struct zigts_row iterator_rows[] = { ZIGTS_FN("next", 0, EFF_MUT, m_next) };

static const struct zigts_class iterator_class = {
	.name = "Headers Iterator", .payload = sizeof(struct pairs_cursor), .nslots = PAIRS_ITERATOR_SLOTS,
	.rows = iterator_rows, .nrows = 1, .parent = ZIGTS_ITERATOR,
};

int headers_install(struct zigts *vm)
{
	return web_class(vm, &headers_class, true, &class_id) < 0 ? -1 : web_class(vm, &iterator_class, false, &iterator_id);
}

/* ---- for the wire ------------------------------------------------------ */

/* The pairs of the response under way, copied out of the heap: addresses kept
 * in malloc'd memory do not keep heap memory alive. One response at a time. */
static struct { struct buf bytes; struct http_header *v; size_t cap; } wire;

/* Header values are byte strings: code points below 0x100 become one byte
 * each; a value with others goes out as UTF-8. */
static void wire_value(struct sv s)
{
	size_t i, start = wire.bytes.len;
	uint32_t cp;

	if (utf8_ascii_prefix(s.p, s.n) == s.n) {
		buf_put_sv(&wire.bytes, s);
		return;
	}
	for (i = 0; i < s.n;) {
		i += (size_t)utf8_decode(s.p + i, s.n - i, false, &cp);
		if (cp > 0xff) {
			wire.bytes.len = start;
			buf_put_sv(&wire.bytes, s);
			return;
		}
		buf_putc(&wire.bytes, (char)cp);
	}
}

int headers_views(struct zigts *vm, zigts_val h, const struct http_header **out, size_t *count)
{
	zigts_val list = list_of(vm, h);
	size_t at = 0;
	uint32_t i, n;

	if (list == ZIGTS_EXC)
		return -1;
	n = length_of(vm, list) / 2;
	if (n > wire.cap) {
		wire.v = realloc(wire.v, n * sizeof *wire.v);
		AN(wire.v);
		wire.cap = n;
	}
	wire.bytes.len = 0;
	for (i = 0; i < n; i++) {
		struct sv name = host_text(vm, zigts_get_index(vm, list, 2 * i)), value;

		if (!name.p)
			return -1;
		wire.v[i].name.n = name.n;
		buf_put_sv(&wire.bytes, name);
		value = host_text(vm, zigts_get_index(vm, list, 2 * i + 1));
		if (!value.p)
			return -1;
		wire.v[i].value.n = wire.bytes.len;
		wire_value(value);
		wire.v[i].value.n = wire.bytes.len - wire.v[i].value.n;
	}
	for (i = 0; i < n; i++) { /* now that the bytes stay where they are */
		wire.v[i].name.p = wire.bytes.p + at;
		at += wire.v[i].name.n;
		wire.v[i].value.p = wire.bytes.p + at;
		at += wire.v[i].value.n;
	}
	*out = wire.v;
	*count = n;
	return 0;
}
