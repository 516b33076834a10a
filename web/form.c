/* form.c: FormData (XMLHttpRequest 4) and what it is on the wire (Fetch 6.4, HTML
 * 4.10.21.8). Called by scripts and by bodies. */
#include "web/form.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/multipart.h"
#include "web/blob.h"
#include "web/pairs.h"
#include "web/parts.h"

enum { LIST, NSLOTS };

static int class_id, iterator_id;

bool form_is(zigts_val v) { return zigts_host_payload(v, class_id) != NULL; }

static bool check(struct zigts *vm, zigts_val v)
{
	if (form_is(v))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a FormData object");
	return false;
}

static zigts_val make(struct zigts *vm)
{
	zigts_val self = zigts_host_new(vm, class_id), list = self == ZIGTS_EXC ? self : zigts_array(vm);

	if (list == ZIGTS_EXC)
		return list;
	zigts_host_set_slot(vm, self, LIST, list);
	return self;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	if (ZIGTS_ARG(0) != ZIGTS_UNDEF)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "FormData: there are no forms here to be read");
	return make(vm);
}

/* ---- methods --------------------------------------------------------------------- */

/* 4.3 "create an entry": the value of append and set. */
static zigts_val entry_value(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v = ZIGTS_ARG(1), name = ZIGTS_UNDEF;

	if (argc >= 3 && ZIGTS_ARG(2) != ZIGTS_UNDEF) {
		if (!blob_is(v))
			return zigts_throw(vm, ZIGTS_TYPE_ERROR, "a file name is for a Blob");
		name = web_usv(vm, ZIGTS_ARG(2));
		return blob_file(vm, v, name);
	}
	if (!blob_is(v))
		return web_usv(vm, v);
	return blob_is_file(v) ? v : blob_file(vm, v, zigts_cstring(vm, "blob"));
}

/* The arguments of append and set. 0 or -1. */
static int entry(struct zigts *vm, zigts_val *a, uint32_t argc, const char *what, zigts_val *name, zigts_val *value)
{
	if (!check(vm, a[0]) || !web_needs(vm, argc, 2, what))
		return -1;
	*name = web_usv(vm, ZIGTS_ARG(0));
	*value = *name == ZIGTS_EXC ? *name : entry_value(vm, a, argc);
	return *value == ZIGTS_EXC ? -1 : 0;
}

static zigts_val m_append(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val name, value;

	return entry(vm, a, argc, "FormData.append", &name, &value) < 0 ||
	       pairs_push(vm, zigts_host_slot(a[0], LIST), name, value) < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

static zigts_val replace(struct zigts *vm, zigts_val self, struct sv name, zigts_val value)
{
	struct pairs_wanted w = { .name = name, .any = true };
	zigts_val list = name.p ? pairs_replace(vm, zigts_host_slot(self, LIST), &w, value) : ZIGTS_EXC;

	if (list == ZIGTS_EXC)
		return list;
	zigts_host_set_slot(vm, self, LIST, list);
	return ZIGTS_UNDEF;
}

static zigts_val m_set(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val name, value;

	return entry(vm, a, argc, "FormData.set", &name, &value) < 0 ? ZIGTS_EXC
		: replace(vm, a[0], web_text(vm, name), value);
}

static bool wanted(struct zigts *vm, zigts_val *a, uint32_t argc, const char *what, struct pairs_wanted *w)
{
	if (!check(vm, a[0]) || !web_needs(vm, argc, 1, what))
		return false;
	*w = (struct pairs_wanted){ .name = web_text(vm, ZIGTS_ARG(0)), .any = true };
	return w->name.p != NULL;
}

static zigts_val m_delete(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted(vm, a, argc, "FormData.delete", &w) ? replace(vm, a[0], w.name, ZIGTS_UNDEF) : ZIGTS_EXC;
}

static zigts_val m_get(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted(vm, a, argc, "FormData.get", &w) ? pairs_get(vm, zigts_host_slot(a[0], LIST), &w) : ZIGTS_EXC;
}

static zigts_val m_get_all(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted(vm, a, argc, "FormData.getAll", &w) ? pairs_get_all(vm, zigts_host_slot(a[0], LIST), &w) : ZIGTS_EXC;
}

static zigts_val m_has(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct pairs_wanted w;

	return wanted(vm, a, argc, "FormData.has", &w) ? pairs_has(vm, zigts_host_slot(a[0], LIST), &w) : ZIGTS_EXC;
}

static zigts_val iterate(struct zigts *vm, zigts_val self, enum pairs_view view)
{
	return check(vm, self) ? pairs_iterate(vm, iterator_id, self, view) : ZIGTS_EXC;
}

#include "web/pairs_views.inc"
static zigts_val m_next(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return pairs_next(vm, iterator_id, a[0]); }

static zigts_val m_for_each(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return check(vm, a[0]) ? pairs_for_each(vm, a[0], a[0], ZIGTS_ARG(0), ZIGTS_ARG(1)) : ZIGTS_EXC;
}

/* ---- reading ------------------------------------------------------------------------ */

static zigts_val named(struct zigts *vm, struct sv s)
{
	struct buf b = BUF_INIT;
	zigts_val v;

	multipart_name(&b, s);
	v = zigts_string(vm, b.p ? b.p : "", b.len);
	buf_free(&b);
	return v;
}

static zigts_val part_value(struct zigts *vm, const struct multipart_part *p)
{
	struct bytes b = BYTES_INIT;
	zigts_val type, blob;

	if (!p->has_filename)
		return web_decoded(vm, p->body);
	type = p->content_type.n ? zigts_string(vm, p->content_type.p, p->content_type.n) : zigts_cstring(vm, "text/plain");
	blob = type == ZIGTS_EXC || bytes_put(vm, &b, p->body.p, p->body.n) < 0 ? ZIGTS_EXC : blob_new(vm, &b, type);
	return blob == ZIGTS_EXC ? blob : blob_file(vm, blob, named(vm, p->filename));
}

static zigts_val parse_multipart(struct zigts *vm, struct sv boundary, struct sv body)
{
	zigts_val self = make(vm);
	struct multipart_part p;
	struct multipart m;
	int r;

	if (self == ZIGTS_EXC || zigts_tick(vm, (int64_t)(body.n >> 3)) < 0)
		return ZIGTS_EXC;
	r = multipart_begin(&m, body, boundary) ? 1 : -1;
	while (r > 0) {
		r = multipart_next(&m, &p);
		if (r > 0 && pairs_push(vm, zigts_host_slot(self, LIST), named(vm, p.name), part_value(vm, &p)) < 0)
			return ZIGTS_EXC;
	}
	return r == 0 ? self : zigts_throw(vm, ZIGTS_TYPE_ERROR, "the body is not a well-formed multipart/form-data");
}

zigts_val form_parse(struct zigts *vm, struct sv type, struct sv body)
{
	struct sv boundary;
	zigts_val self, list;

	if (multipart_boundary(type, &boundary))
		return parse_multipart(vm, boundary, body);
	if (!multipart_essence_is(type, SV("application/x-www-form-urlencoded")))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "the Content-Type is neither multipart/form-data with a boundary nor "
				   "application/x-www-form-urlencoded");
	self = make(vm);
	list = self == ZIGTS_EXC ? self : params_parsed(vm, body);
	if (list == ZIGTS_EXC)
		return list;
	zigts_host_set_slot(vm, self, LIST, list);
	return self;
}

/* ---- writing ------------------------------------------------------------------------ */

#define BOUNDARY_FORMAT "----zigttpFormBoundary%016llx"
enum { BOUNDARY_LEN = 22 + 16 };

/* One part: the delimiter's boundary is left open at out->n + 2. */
static int put_part(struct zigts *vm, struct bytes *out, zigts_val name, zigts_val value)
{
	struct sv s = web_text(vm, name);
	struct buf b = BUF_INIT;
	bool file = blob_is(value);
	int r;

	if (!s.p)
		return -1;
	buf_printf(&b, "--%*s\r\nContent-Disposition: form-data; name=\"", BOUNDARY_LEN, "");
	multipart_put_name(&b, s, false);
	buf_putc(&b, '"');
	if (file) {
		s = web_text(vm, blob_name(value));
		if (s.p) {
			buf_puts(&b, "; filename=\"");
			multipart_put_name(&b, s, true);
			buf_puts(&b, "\"\r\nContent-Type: ");
			s = web_text(vm, blob_type(value));
		}
		if (s.p)
			buf_put_sv(&b, s.n ? s : SV("application/octet-stream"));
	}
	buf_puts(&b, "\r\n\r\n");
	if (s.p) {
		s = file ? blob_view(vm, value) : web_text(vm, value);
		if (s.p && !file)
			multipart_put_lines(&b, s);
	}
	r = !s.p || bytes_put(vm, out, b.p, b.len) < 0 || (file && bytes_put(vm, out, s.p, s.n) < 0) ||
	    bytes_put(vm, out, "\r\n", 2) < 0;
	buf_free(&b);
	return r ? -1 : 0;
}

/* A boundary that is not in the body: from the body's own hash, so that an answer does
 * not depend on chance, and the next one while it occurs. */
static void choose(struct sv body, char boundary[BOUNDARY_LEN + 1])
{
	static const struct hash_key key = { 0x7a696774747020ull, 0x666f726d2064617ull };
	unsigned long long k = hash_sip13(&key, body.p, body.n);

	do
		snprintf(boundary, BOUNDARY_LEN + 1, BOUNDARY_FORMAT, k++);
	while (memmem(body.p, body.n, boundary, BOUNDARY_LEN));
}

int form_serialise(struct zigts *vm, zigts_val form, struct bytes *out, char type[FORM_TYPE_MAX])
{
	zigts_val list = zigts_host_slot(form, LIST);
	uint32_t n = web_length(vm, list);
	size_t *at = calloc(n / 2 + 1, sizeof *at);
	char boundary[BOUNDARY_LEN + 1], *tail;
	uint32_t i;
	int r = 0;

	AN(at);
	for (i = 0; r == 0 && i < n; i += 2) {
		at[i / 2] = out->n + 2;
		r = put_part(vm, out, zigts_get_index(vm, list, i), zigts_get_index(vm, list, i + 1));
	}
	at[n / 2] = out->n + 2;
	if (r == 0 && asprintf(&tail, "--%*s--\r\n", BOUNDARY_LEN, "") > 0) {
		r = bytes_put(vm, out, tail, BOUNDARY_LEN + 6);
		free(tail);
	}
	if (r == 0 && zigts_tick(vm, (int64_t)(out->n >> 2)) == 0) {
		choose(bytes_view(vm, out), boundary);
		for (i = 0; i <= n / 2; i++)
			zigts_bytes_write(vm, out->buffer, at[i], boundary, BOUNDARY_LEN);
		snprintf(type, FORM_TYPE_MAX, "multipart/form-data; boundary=%s", boundary);
	} else {
		r = -1;
	}
	free(at);
	return r;
}

/* ---- tables -------------------------------------------------------------------------- */

static const struct zigts_row rows[] = {
	ZIGTS_FN("append", 2, EFF_MUT | EFF_CALLS, m_append),
	ZIGTS_FN("delete", 1, EFF_MUT | EFF_CALLS, m_delete),
	ZIGTS_FN("get", 1, EFF_CALLS, m_get),
	ZIGTS_FN("getAll", 1, EFF_CALLS, m_get_all),
	ZIGTS_FN("has", 1, EFF_CALLS, m_has),
	ZIGTS_FN("set", 2, EFF_MUT | EFF_CALLS, m_set),
	ZIGTS_FN("entries", 0, EFF_NONE, m_entries),
	ZIGTS_FN("forEach", 1, EFF_CALLS, m_for_each),
	ZIGTS_FN("keys", 0, EFF_NONE, m_keys),
	ZIGTS_FN("values", 0, EFF_NONE, m_values),
	ZIGTS_FN("@@iterator", 0, EFF_NONE, m_entries),
};
static const struct zigts_row iterator_rows[] = { ZIGTS_FN("next", 0, EFF_MUT, m_next) };

int form_install(struct zigts *vm)
{
	static const struct zigts_class form = {
		.name = "FormData", .payload = 8, .nslots = NSLOTS, .ctor_effect = EFF_NONE, .ctor = construct,
		.rows = rows, .nrows = WEB_ROWS(rows),
	}, iterator = {
		.name = "FormData Iterator", .payload = sizeof(struct pairs_cursor), .nslots = PAIRS_ITERATOR_SLOTS,
		.rows = iterator_rows, .nrows = 1, .parent = ZIGTS_ITERATOR,
	};

	return web_class(vm, &form, true, &class_id) < 0 ? -1 : web_class(vm, &iterator, false, &iterator_id);
}
