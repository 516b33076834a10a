/* body.c: see body.h. A body that is complete gives a promise that is fulfilled already. */
#include "worker/host/body.h"

#include <stddef.h>

#include "shm/deps.h"
#include "web/blob.h"
#include "web/form.h"
#include "web/library.h"
#include "web/stream.h"
#include "web/web.h"

const struct sv body_type_text[] = {
	[BODY_TYPE_NONE] = { "", 0 },
	[BODY_TYPE_TEXT] = { "text/plain;charset=UTF-8", 24 },
	[BODY_TYPE_JSON] = { "application/json", 16 },
	[BODY_TYPE_HTML] = { "text/html;charset=UTF-8", 23 },
	[BODY_TYPE_FORM] = { "application/x-www-form-urlencoded;charset=UTF-8", 47 },
};

/* ---- making --------------------------------------------------------------------- */

static int extract_bytes(struct zigts *vm, const struct zigts_bytes *x, struct body_made *out)
{
	struct bytes b = BYTES_INIT;

	if (bytes_put(vm, &b, x->p, x->n) < 0)
		return -1;
	out->source = blob_new(vm, &b, zigts_cstring(vm, ""));
	out->body.kind = BODY_BLOB;
	return out->source == ZIGTS_EXC ? -1 : 0;
}

static int extract_form(struct zigts *vm, zigts_val form, struct body_made *out)
{
	struct bytes b = BYTES_INIT;
	char type[FORM_TYPE_MAX];

	if (form_serialise(vm, form, &b, type) < 0)
		return -1;
	out->type = BODY_TYPE_OTHER;
	out->type_text = zigts_cstring(vm, type);
	out->source = blob_new(vm, &b, zigts_cstring(vm, ""));
	out->body.kind = BODY_BLOB;
	return out->source == ZIGTS_EXC ? -1 : 0;
}

static int extract_text(struct zigts *vm, zigts_val v, enum body_type type, struct body_made *out)
{
	out->source = web_string(vm, v);
	out->body.kind = BODY_STRING;
	out->type = type;
	return out->source == ZIGTS_EXC ? -1 : 0;
}

int body_extract(struct zigts *vm, zigts_val v, struct body_made *out)
{
	struct zigts_bytes x;

	*out = (struct body_made){ .source = ZIGTS_UNDEF, .type_text = ZIGTS_UNDEF };
	if (zigts_type(v) != ZIGTS_T_OBJECT)
		return extract_text(vm, v, BODY_TYPE_TEXT, out);
	if (blob_is(v)) {
		out->source = v;
		out->body.kind = BODY_BLOB;
		out->type_text = blob_type(v);
		out->type = web_text(vm, out->type_text).n ? BODY_TYPE_OTHER : BODY_TYPE_NONE;
		return 0;
	}
	if (zigts_bytes(vm, v, &x))
		return extract_bytes(vm, &x, out);
	if (form_is(v))
		return extract_form(vm, v, out);
	if (web_stream_is(vm, v) && (web_stream_locked(vm, v) || web_stream_disturbed(vm, v))) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "a stream that is locked or was read cannot be a body");
		return -1;
	}
	if (!web_params_is(v) && host_is_stream(vm, v)) {
		out->source = v;
		out->body.kind = BODY_STREAM;
		return 0;
	}
	return extract_text(vm, v, web_params_is(v) ? BODY_TYPE_FORM : BODY_TYPE_TEXT, out);
}

void body_put(struct zigts *vm, zigts_val self, const struct body_made *m)
{
	zigts_host_write(vm, self, 0, &m->body, sizeof m->body);
	zigts_host_set_slot(vm, self, BODY_SLOT_SOURCE, m->source);
}

int body_type_header(struct zigts *vm, zigts_val headers, const struct body_made *m)
{
	struct sv s = m->type == BODY_TYPE_OTHER ? web_text(vm, m->type_text) : body_type_text[m->type];

	if (m->type == BODY_TYPE_NONE || headers_has(vm, headers, SV("content-type")))
		return 0;
	return s.p ? headers_append(vm, headers, SV("content-type"), s) : -1;
}

void body_set_used(struct zigts *vm, zigts_val self, bool used)
{
	uint8_t u = used;

	zigts_host_write(vm, self, offsetof(struct body, used), &u, 1);
}

/* The stream of a body that has one; undefined. */
static zigts_val stream_of(zigts_val self, const struct body *b)
{
	return zigts_host_slot(self, b->kind == BODY_STREAM ? BODY_SLOT_SOURCE : BODY_SLOT_STREAM);
}

int body_share(struct zigts *vm, zigts_val to, zigts_val from, const struct body *b, bool tee)
{
	zigts_val source = zigts_host_slot(from, BODY_SLOT_SOURCE), two;

	zigts_host_write(vm, to, 0, b, sizeof *b);
	if (tee && b->kind == BODY_STREAM) {
		two = web_stream_is(vm, source) ? web_stream_tee(vm, source)
			: zigts_throw(vm, ZIGTS_TYPE_ERROR, "this stream cannot be cloned");
		if (two == ZIGTS_EXC)
			return -1;
		zigts_host_set_slot(vm, from, BODY_SLOT_SOURCE, zigts_get_index(vm, two, 0));
		source = zigts_get_index(vm, two, 1);
	}
	zigts_host_set_slot(vm, to, BODY_SLOT_SOURCE, source);
	if (!tee)
		zigts_host_set_slot(vm, to, BODY_SLOT_STREAM, zigts_host_slot(from, BODY_SLOT_STREAM));
	return 0;
}

/* ---- reading ---------------------------------------------------------------------- */

void body_note(const struct body *b)
{
	if (b->rq)
		deps_note(b->rq->deps, DEP_BODY);
}

struct sv body_view(struct zigts *vm, zigts_val self, const struct body *b)
{
	body_note(b);
	switch (b->kind) {
	case BODY_STRING: return web_text(vm, zigts_host_slot(self, BODY_SLOT_SOURCE));
	case BODY_BLOB: return blob_view(vm, zigts_host_slot(self, BODY_SLOT_SOURCE));
	case BODY_INCOMING: return b->rq->body.n ? b->rq->body : SV("");
	default: return SV("");
	}
}

static bool is_used(struct zigts *vm, zigts_val self, const struct body *b)
{
	zigts_val stream = stream_of(self, b);

	return b->used || (web_stream_is(vm, stream) && web_stream_disturbed(vm, stream));
}

bool body_usable(struct zigts *vm, zigts_val self, const struct body *b)
{
	zigts_val stream = stream_of(self, b);

	body_note(b);
	if (!is_used(vm, self, b) && !(web_stream_is(vm, stream) && web_stream_locked(vm, stream)))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "Body is unusable: Body has already been read");
	return false;
}

/* The incoming body as a string; it may borrow the bytes. */
static zigts_val incoming_text(struct zigts *vm, zigts_val self, const struct body *b)
{
	zigts_val v = zigts_host_slot(self, BODY_SLOT_SOURCE);
	struct sv s;

	if (v != ZIGTS_UNDEF)
		return v;
	s = body_view(vm, self, b);
	v = zigts_string_borrow(vm, s.p, s.n);
	if (v != ZIGTS_EXC)
		zigts_host_set_slot(vm, self, BODY_SLOT_SOURCE, v);
	return v;
}

/* What text() and the others make of the bytes. */
enum want { AS_TEXT, AS_JSON, AS_BUFFER, AS_BYTES, AS_BLOB, AS_FORM };

static zigts_val json_of(struct zigts *vm, struct sv s)
{
	if (s.n >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0)
		s.p += 3, s.n -= 3;
	return zigts_json_parse(vm, s.p, s.n);
}

/* The value of Content-Type; "" if there is none. p NULL: exception. */
static struct sv content_type(struct zigts *vm, zigts_val self)
{
	zigts_val h = request_body(self) ? request_headers(vm, self) : response_headers(vm, self), v;

	if (h == ZIGTS_EXC)
		return (struct sv){ NULL, 0 };
	v = headers_value(vm, h, SV("content-type"));
	return v == ZIGTS_UNDEF ? SV("") : v == ZIGTS_EXC ? (struct sv){ NULL, 0 } : web_text(vm, v);
}

/* A Blob's type is a media type without blanks, in lower case. */
static zigts_val blob_type_of(struct zigts *vm, struct sv type)
{
	struct buf b = BUF_INIT;
	zigts_val v;

	for (size_t i = 0; i < type.n; i++)
		if (type.p[i] != ' ' && type.p[i] != '\t')
			buf_putc(&b, type.p[i] >= 'A' && type.p[i] <= 'Z' ? (char)(type.p[i] | 32) : type.p[i]);
	v = zigts_string(vm, b.p ? b.p : "", b.len);
	buf_free(&b);
	return v;
}

static zigts_val blob_of(struct zigts *vm, zigts_val self, struct sv s)
{
	struct sv type = content_type(vm, self);
	struct bytes out = BYTES_INIT;
	zigts_val t = type.p ? blob_type_of(vm, type) : ZIGTS_EXC;

	return t == ZIGTS_EXC || bytes_put(vm, &out, s.p, s.n) < 0 ? ZIGTS_EXC : blob_new(vm, &out, t);
}

static zigts_val converted(struct zigts *vm, zigts_val self, struct sv s, enum want want)
{
	struct sv type;

	if (!s.p)
		return ZIGTS_EXC;
	switch (want) {
	case AS_TEXT: return web_decoded(vm, s);
	case AS_JSON: return json_of(vm, s);
	case AS_BUFFER: return zigts_array_buffer(vm, s.p, s.n);
	case AS_BYTES: return zigts_uint8_array(vm, s.p, s.n);
	case AS_BLOB: return blob_of(vm, self, s);
	default: break;
	}
	type = content_type(vm, self);
	return type.p ? form_parse(vm, type, s) : ZIGTS_EXC;
}

/* text() of what is a string already, without another copy. */
static zigts_val text_of(struct zigts *vm, zigts_val self, const struct body *b)
{
	struct sv s = body_view(vm, self, b);

	if (!s.p || b->kind == BODY_BLOB || (s.n >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0))
		return converted(vm, self, s, AS_TEXT);
	return b->kind == BODY_NONE ? zigts_cstring(vm, "") : b->kind == BODY_INCOMING ? incoming_text(vm, self, b)
		: web_usv(vm, zigts_host_slot(self, BODY_SLOT_SOURCE));
}

/* bodyConvert(self, want, bytes) for js/body.js. */
static zigts_val lib_convert(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct zigts_bytes x;
	double want;

	if (!zigts_bytes(vm, ZIGTS_ARG(2), &x) || zigts_to_number(vm, ZIGTS_ARG(1), &want) < 0)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "not the bytes of a body");
	return converted(vm, ZIGTS_ARG(0), (struct sv){ (const char *)x.p, x.n }, (enum want)want);
}

static const struct body *body_of(struct zigts *vm, zigts_val v)
{
	const struct body *b = request_body(v);

	if (!b)
		b = response_body(v);
	if (!b)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a Request or Response object");
	return b;
}

static zigts_val from_stream(struct zigts *vm, zigts_val self, zigts_val stream, enum want want)
{
	zigts_val argv[3] = { stream, self, zigts_int((int)want) };
	zigts_val fn = web_stream_is(vm, stream) ? zigts_library_get(vm, LIBRARY_body, "consume")
		: zigts_throw(vm, ZIGTS_TYPE_ERROR, "the body is no ReadableStream of this realm");
	zigts_val p = fn == ZIGTS_EXC ? fn : zigts_call(vm, fn, ZIGTS_UNDEF, 3, argv);

	return p == ZIGTS_EXC ? zigts_promised(vm, p) : p;
}

/* 5.3 "consume body". A null body is never used. */
static zigts_val consume(struct zigts *vm, zigts_val self, enum want want)
{
	const struct body *b = body_of(vm, self);
	zigts_val stream;

	if (!b || !body_usable(vm, self, b))
		return zigts_promised(vm, ZIGTS_EXC);
	stream = stream_of(self, b);
	if (b->kind != BODY_NONE)
		body_set_used(vm, self, true);
	if (stream != ZIGTS_UNDEF)
		return from_stream(vm, self, stream, want);
	return zigts_promised(vm, want == AS_TEXT ? text_of(vm, self, b) : converted(vm, self, body_view(vm, self, b), want));
}

zigts_val body_text(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return consume(vm, a[0], AS_TEXT); }
zigts_val body_json(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return consume(vm, a[0], AS_JSON); }
zigts_val body_array_buffer(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return consume(vm, a[0], AS_BUFFER); }
zigts_val body_bytes(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return consume(vm, a[0], AS_BYTES); }
zigts_val body_blob(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return consume(vm, a[0], AS_BLOB); }
zigts_val body_form_data(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return consume(vm, a[0], AS_FORM); }

/* The attribute `body`. */
zigts_val body_get(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct body *b = body_of(vm, a[0]);
	zigts_val self = a[0], v;
	struct sv s;

	(void)argc;
	if (!b)
		return ZIGTS_EXC;
	v = stream_of(self, b);
	body_note(b);
	if (b->kind == BODY_NONE)
		return ZIGTS_NULL;
	if (b->kind == BODY_INCOMING && !b->rq->absolute_url)
		return incoming_text(vm, self, b);
	if (v != ZIGTS_UNDEF)
		return v;
	s = body_view(vm, self, b);
	v = s.p ? zigts_uint8_array(vm, s.p, s.n) : ZIGTS_EXC;
	v = v == ZIGTS_EXC ? v : web_stream_of_bytes(vm, v);
	if (v == ZIGTS_EXC)
		return v;
	zigts_host_set_slot(vm, self, BODY_SLOT_STREAM, v);
	if (b->used) /* its text() was called before: there is nothing left */
		return web_stream_cancel(vm, v, ZIGTS_UNDEF) < 0 ? ZIGTS_EXC : v;
	return v;
}

zigts_val body_get_used(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct body *b = body_of(vm, a[0]);

	(void)argc;
	if (b)
		body_note(b);
	return !b ? ZIGTS_EXC : is_used(vm, a[0], b) ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static const struct zigts_row library_rows[] = { ZIGTS_FN("bodyConvert", 3, EFF_MUT, lib_convert) };

int body_install(struct zigts *vm)
{
	zigts_library_natives(vm, library_rows, 1);
	return 0;
}
