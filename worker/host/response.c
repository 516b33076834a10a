/* response.c: the Response class, and the way from a handler's result to the
 * wire. While nobody has looked at `headers` a Response carries at most a
 * content type by number, so the usual one-liner makes no Headers object; from
 * the first look on, the Headers object alone decides. */
#include "base/url.h"
#include "web/web.h"
#include "worker/host/body.h"

struct state {
	struct body body;
	uint16_t status;         /* 0: Response.error() */
	uint8_t ctype;           /* enum body_type, never OTHER */
};
enum { HEADERS = BODY_NSLOTS, STATUS_TEXT, NSLOTS };

static int class_id;

static const struct state *state_of(struct zigts *vm, zigts_val self)
{
	const struct state *st = zigts_host_payload(self, class_id);

	if (!st)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a Response object");
	return st;
}

const struct body *response_body(zigts_val v)
{
	const struct state *st = zigts_host_payload(v, class_id);

	return st ? &st->body : NULL;
}

static bool is_null_body(unsigned status) { return status == 204 || status == 205 || status == 304; }

/* Reads init into st and the slots of self. Keeps ctype for the case that the
 * handler names no content type itself. */
static int take_init(struct zigts *vm, zigts_val self, struct state *st, zigts_val init)
{
	zigts_val v;
	double d;

	if (host_nullish(init))
		return 0;
	v = zigts_get_key(vm, init, host_key.status);
	if (v == ZIGTS_EXC)
		return -1;
	if (v != ZIGTS_UNDEF) {
		if (zigts_to_number(vm, v, &d) != 0)
			return -1;
		if (!(d >= 200 && d < 600)) {
			zigts_throw(vm, ZIGTS_RANGE_ERROR, "Response status must be between 200 and 599");
			return -1;
		}
		st->status = (uint16_t)d;
	}
	v = zigts_get_key(vm, init, host_key.status_text);
	if (v == ZIGTS_EXC)
		return -1;
	if (v != ZIGTS_UNDEF) {
		struct sv s = host_text(vm, v);

		if (!s.p)
			return -1;
		if (!http_value_valid(s)) {
			zigts_throw(vm, ZIGTS_TYPE_ERROR, "invalid statusText");
			return -1;
		}
		zigts_host_set_slot(vm, self, STATUS_TEXT, zigts_to_string(vm, v));
	}
	v = zigts_get_key(vm, init, host_key.headers);
	if (v == ZIGTS_EXC)
		return -1;
	if (!host_nullish(v)) {
		v = headers_from(vm, v);
		if (v == ZIGTS_EXC)
			return -1;
		if (st->ctype != BODY_TYPE_NONE && !headers_has(vm, v, SV("content-type")) &&
		    headers_append(vm, v, SV("content-type"), body_type_text[st->ctype]) != 0)
			return -1;
		zigts_host_set_slot(vm, self, HEADERS, v);
	}
	return 0;
}

/* source: of the body, for its slot. nothing: the body is empty, and may be left out
 * where the status allows none. */
static zigts_val build_from(struct zigts *vm, struct state *st, zigts_val source, zigts_val init, bool nothing)
{
	zigts_val self = zigts_host_new(vm, class_id);

	if (self == ZIGTS_EXC || take_init(vm, self, st, init) != 0)
		return ZIGTS_EXC;
	if (st->body.kind != BODY_NONE && is_null_body(st->status)) {
		if (!nothing)
			return zigts_throw(vm, ZIGTS_TYPE_ERROR, "a response with status %u cannot have a body", st->status);
		st->body.kind = BODY_NONE;
		st->ctype = BODY_TYPE_NONE;
		source = ZIGTS_UNDEF;
	}
	if (source != ZIGTS_UNDEF)
		zigts_host_set_slot(vm, self, BODY_SLOT_SOURCE, source);
	*(struct state *)zigts_host_init_payload(self, class_id) = *st;
	return self;
}

static zigts_val build(struct zigts *vm, struct state *st, zigts_val source, zigts_val init)
{
	return build_from(vm, st, source, init, false);
}

/* sure: where the status allows no body, even an empty text is a mistake. */
static zigts_val from_string(struct zigts *vm, zigts_val v, enum body_type ctype, zigts_val init, bool sure)
{
	struct state st = { .body.kind = BODY_STRING, .status = 200, .ctype = (uint8_t)ctype };

	v = web_string(vm, v);
	return v == ZIGTS_EXC ? v : build_from(vm, &st, v, init, !sure && !zigts_truthy(v));
}

static zigts_val headers_slot(struct zigts *vm, zigts_val self, const struct state *st);

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .status = 200 };
	zigts_val init = web_dictionary(vm, ZIGTS_ARG(1), "Response"), self, h;
	struct body_made m;

	if (init == ZIGTS_EXC || host_nullish(ZIGTS_ARG(0)))
		return init == ZIGTS_EXC ? init : build(vm, &st, ZIGTS_UNDEF, init);
	if (zigts_type(ZIGTS_ARG(0)) == ZIGTS_T_STRING)
		return from_string(vm, ZIGTS_ARG(0), BODY_TYPE_TEXT, init, true);
	if (body_extract(vm, ZIGTS_ARG(0), &m) < 0)
		return ZIGTS_EXC;
	st.body = m.body;
	st.ctype = m.type == BODY_TYPE_OTHER ? BODY_TYPE_NONE : (uint8_t)m.type;
	self = build(vm, &st, m.source, init);
	if (self == ZIGTS_EXC || m.type != BODY_TYPE_OTHER)
		return self;
	h = headers_slot(vm, self, &st);
	return h == ZIGTS_EXC || body_type_header(vm, h, &m) < 0 ? ZIGTS_EXC : self;
}

/* Response.text("", { status: 204 }) is how handlers say nothing; the constructor
 * takes only null for that (Fetch 5.5 "initialize a response"). */
static zigts_val s_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return from_string(vm, ZIGTS_ARG(0), BODY_TYPE_TEXT, ZIGTS_ARG(1), false);
}

static zigts_val s_html(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return from_string(vm, ZIGTS_ARG(0), BODY_TYPE_HTML, ZIGTS_ARG(1), false);
}

static zigts_val s_json(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .body.kind = BODY_STRING, .status = 200, .ctype = BODY_TYPE_JSON };
	zigts_val body = zigts_json_string(vm, ZIGTS_ARG(0));

	if (body == ZIGTS_UNDEF)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "Response.json: the value has no JSON form");
	return body == ZIGTS_EXC ? body : build(vm, &st, body, ZIGTS_ARG(1));
}

/* An absolute URL as the URL standard writes it; others, which mean something to the
 * client alone, as they stand. */
static zigts_val location(struct zigts *vm, struct sv text)
{
	struct url u = { .port = -1 };
	struct buf b = BUF_INIT;
	zigts_val v;

	if (url_parse(&u, text, NULL, URL_ALL))
		url_serialise(&u, &b, NULL);
	else
		buf_put_sv(&b, text);
	v = zigts_string(vm, b.p ? b.p : "", b.len);
	url_free(&u);
	buf_free(&b);
	return v;
}

static zigts_val s_redirect(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .status = 302 };
	zigts_val self, h, where;
	struct sv url;
	double d = 302;

	if (!web_needs(vm, argc, 1, "Response.redirect"))
		return ZIGTS_EXC;
	url = host_text(vm, ZIGTS_ARG(0));
	if (!url.p || (ZIGTS_ARG(1) != ZIGTS_UNDEF && zigts_to_number(vm, ZIGTS_ARG(1), &d) != 0))
		return ZIGTS_EXC;
	if (d != 301 && d != 302 && d != 303 && d != 307 && d != 308)
		return zigts_throw(vm, ZIGTS_RANGE_ERROR, "Response.redirect: not a redirect status");
	where = location(vm, url);
	url = where == ZIGTS_EXC ? (struct sv){ NULL, 0 } : host_text(vm, where);
	if (!url.p)
		return ZIGTS_EXC;
	if (!http_value_valid(url))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "Response.redirect: invalid URL");
	st.status = (uint16_t)d;
	self = build(vm, &st, ZIGTS_UNDEF, ZIGTS_UNDEF);
	h = self == ZIGTS_EXC ? self : headers_from(vm, ZIGTS_UNDEF);
	if (h == ZIGTS_EXC || headers_append(vm, h, SV("location"), url) != 0)
		return ZIGTS_EXC;
	headers_seal(vm, h);
	zigts_host_set_slot(vm, self, HEADERS, h);
	return self;
}

static zigts_val s_error(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .status = 0 };

	zigts_val self = build(vm, &st, ZIGTS_UNDEF, ZIGTS_UNDEF), h = self == ZIGTS_EXC ? self : headers_slot(vm, self, &st);

	(void)a, (void)argc;
	if (h != ZIGTS_EXC)
		headers_seal(vm, h);
	return h == ZIGTS_EXC ? h : self;
}

/* ---- reading ----------------------------------------------------------- */

static zigts_val headers_slot(struct zigts *vm, zigts_val self, const struct state *st)
{
	zigts_val h = zigts_host_slot(self, HEADERS);

	if (h != ZIGTS_UNDEF)
		return h;
	h = headers_from(vm, ZIGTS_UNDEF);
	if (h == ZIGTS_EXC || (st->ctype != BODY_TYPE_NONE &&
			       headers_append(vm, h, SV("content-type"), body_type_text[st->ctype]) != 0))
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, self, HEADERS, h);
	return h;
}

static zigts_val g_status(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);

	(void)argc;
	return st ? zigts_int(st->status) : ZIGTS_EXC;
}

static zigts_val g_ok(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);

	(void)argc;
	return !st ? ZIGTS_EXC : st->status >= 200 && st->status < 300 ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static zigts_val g_status_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v;

	(void)argc;
	if (!state_of(vm, a[0]))
		return ZIGTS_EXC;
	v = zigts_host_slot(a[0], STATUS_TEXT);
	return v == ZIGTS_UNDEF ? zigts_cstring(vm, "") : v;
}

static zigts_val g_headers(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);

	(void)argc;
	return st ? headers_slot(vm, a[0], st) : ZIGTS_EXC;
}

zigts_val response_headers(struct zigts *vm, zigts_val v)
{
	const struct state *st = state_of(vm, v);

	return st ? headers_slot(vm, v, st) : ZIGTS_EXC;
}

static zigts_val g_type(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);

	(void)argc;
	return st ? zigts_cstring(vm, st->status ? "default" : "error") : ZIGTS_EXC;
}

static zigts_val g_url(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return state_of(vm, a[0]) ? zigts_cstring(vm, "") : ZIGTS_EXC;
}

static zigts_val g_redirected(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return state_of(vm, a[0]) ? ZIGTS_FALSE : ZIGTS_EXC;
}

static zigts_val m_clone(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);
	zigts_val self, h;
	struct state copy;

	(void)argc;
	if (!st || !body_usable(vm, a[0], &st->body))
		return ZIGTS_EXC;
	copy = *st;
	self = zigts_host_new(vm, class_id);
	if (self == ZIGTS_EXC)
		return self;
	*(struct state *)zigts_host_init_payload(self, class_id) = copy;
	if (body_share(vm, self, a[0], &copy.body, true) < 0)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, self, STATUS_TEXT, zigts_host_slot(a[0], STATUS_TEXT));
	if (zigts_host_slot(a[0], HEADERS) != ZIGTS_UNDEF) {
		h = headers_from(vm, zigts_host_slot(a[0], HEADERS));
		if (h == ZIGTS_EXC)
			return h;
		zigts_host_set_slot(vm, self, HEADERS, h);
	}
	return self;
}

static const struct zigts_row rows[] = {
	ZIGTS_STATIC("json", 1, EFF_CALLS, s_json),
	ZIGTS_STATIC("text", 1, EFF_CALLS, s_text),
	ZIGTS_STATIC("html", 1, EFF_CALLS, s_html),
	ZIGTS_STATIC("redirect", 1, EFF_CALLS, s_redirect),
	ZIGTS_STATIC("error", 0, EFF_NONE, s_error),
	ZIGTS_GETTER("status", EFF_NONE, g_status),
	ZIGTS_GETTER("ok", EFF_NONE, g_ok),
	ZIGTS_GETTER("statusText", EFF_NONE, g_status_text),
	ZIGTS_GETTER("headers", EFF_MUT, g_headers),
#include "worker/host/body_rows.def"
	ZIGTS_GETTER("type", EFF_NONE, g_type),
	ZIGTS_GETTER("url", EFF_NONE, g_url),
	ZIGTS_GETTER("redirected", EFF_NONE, g_redirected),
	ZIGTS_FN("clone", 0, EFF_MUT, m_clone),
};

static const struct zigts_class response_class = {
	.name = "Response",
	.payload = sizeof(struct state),
	.nslots = NSLOTS,
	.ctor_nargs = 0,
	.ctor_effect = EFF_CALLS,
	.ctor = construct,
	.rows = rows,
	.nrows = sizeof rows / sizeof rows[0],
};

int response_install(struct zigts *vm) { return web_class(vm, &response_class, true, &class_id); }

/* ---- from a handler's result to the wire ------------------------------- */

static enum host_result from_response(struct zigts *vm, zigts_val v, const struct state *st, struct http_reply *r)
{
	zigts_val h = zigts_host_slot(v, HEADERS), reason = zigts_host_slot(v, STATUS_TEXT);

	if (st->status == 0)
		return HOST_UNUSABLE;
	if (!body_usable(vm, v, &st->body))
		return HOST_THROWN;
	r->status = st->status;
	if (reason != ZIGTS_UNDEF) {
		r->reason = host_text(vm, reason);
		if (!r->reason.p)
			return HOST_THROWN;
	}
	if (h == ZIGTS_UNDEF) {
		r->content_type = body_type_text[st->ctype];
	} else {
		if (headers_views(vm, h, &r->headers, &r->nheaders) != 0)
			return HOST_THROWN;
	}
	if (st->body.kind == BODY_STREAM) {
		r->streamed = true;
	} else if (st->body.kind != BODY_NONE) {
		r->body = body_view(vm, v, &st->body);
		if (!r->body.p)
			return HOST_THROWN;
	}
	return HOST_REPLY;
}

zigts_val host_reply_stream(struct zigts *vm, zigts_val v)
{
	body_set_used(vm, v, true);
	return zigts_host_slot(v, BODY_SLOT_SOURCE);
}

enum host_result host_reply(struct zigts *vm, zigts_val v, struct http_reply *r)
{
	const struct state *st;
	zigts_val then;
	int s;

	switch (zigts_type(v)) {
	case ZIGTS_T_STRING:
		r->status = 200;
		r->content_type = body_type_text[BODY_TYPE_TEXT];
		r->body = host_text(vm, v);
		return r->body.p ? HOST_REPLY : HOST_THROWN;
	case ZIGTS_T_OBJECT:
		break;
	default:
		return HOST_UNUSABLE;
	}
	st = zigts_host_payload(v, class_id);
	if (st)
		return from_response(vm, v, st, r);
	if (!zigts_is_array(v)) {
		then = zigts_get_key(vm, v, host_key.then);
		if (then == ZIGTS_EXC)
			return HOST_THROWN;
		if (zigts_type(then) == ZIGTS_T_FUNCTION)
			return HOST_PROMISE;
	}
	r->status = 200;
	r->content_type = body_type_text[BODY_TYPE_JSON];
	s = zigts_json_stringify(vm, v, &r->body.p, &r->body.n);
	return s < 0 ? HOST_THROWN : s > 0 ? HOST_UNUSABLE : HOST_REPLY;
}
