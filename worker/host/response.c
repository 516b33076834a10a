/* response.c: the Response class, and the way from a handler's result to the
 * wire. While nobody has looked at `headers` a Response carries at most a
 * content type by number, so the usual one-liner makes no Headers object; from
 * the first look on, the Headers object alone decides. */
#include "web/web.h"
#include "worker/host/parts.h"

enum ctype { NONE, TEXT, JSON, HTML };
static const struct sv ctype_text[] = {
	[NONE] = { "", 0 },
	[TEXT] = { "text/plain;charset=UTF-8", 24 },
	[JSON] = { "application/json", 16 },
	[HTML] = { "text/html;charset=UTF-8", 23 },
};

/* The body is a string in its slot, or undefined for null. */
struct state {
	uint16_t status;         /* 0: Response.error() */
	uint8_t ctype;
};
enum { BODY, HEADERS, STATUS_TEXT, NSLOTS };

static int class_id;

static const struct state *state_of(struct zigts *vm, zigts_val self)
{
	const struct state *st = zigts_host_payload(self, class_id);

	if (!st)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a Response object");
	return st;
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
		if (st->ctype != NONE && !headers_has(vm, v, SV("content-type")) &&
		    headers_append(vm, v, SV("content-type"), ctype_text[st->ctype]) != 0)
			return -1;
		zigts_host_set_slot(vm, self, HEADERS, v);
	}
	return 0;
}

/* body: a string, or undefined for none. */
static zigts_val build(struct zigts *vm, struct state *st, zigts_val body, zigts_val init)
{
	zigts_val self = zigts_host_new(vm, class_id);

	if (self == ZIGTS_EXC || take_init(vm, self, st, init) != 0)
		return ZIGTS_EXC;
	if (body != ZIGTS_UNDEF && is_null_body(st->status))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "a response with status %u cannot have a body", st->status);
	if (body != ZIGTS_UNDEF)
		zigts_host_set_slot(vm, self, BODY, body);
	*(struct state *)zigts_host_init_payload(self, class_id) = *st;
	return self;
}

static zigts_val from_string(struct zigts *vm, zigts_val v, enum ctype ctype, zigts_val init)
{
	struct state st = { .status = 200, .ctype = (uint8_t)ctype };

	if (zigts_type(v) != ZIGTS_T_STRING && ctype == TEXT && host_is_stream(vm, v))
		st.ctype = NONE;
	else if (zigts_type(v) != ZIGTS_T_STRING)
		v = zigts_to_string(vm, v);
	return v == ZIGTS_EXC ? v : build(vm, &st, v, init);
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .status = 200 };

	if (host_nullish(ZIGTS_ARG(0)))
		return build(vm, &st, ZIGTS_UNDEF, ZIGTS_ARG(1));
	return from_string(vm, ZIGTS_ARG(0), TEXT, ZIGTS_ARG(1));
}

static zigts_val s_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return from_string(vm, ZIGTS_ARG(0), TEXT, ZIGTS_ARG(1));
}

static zigts_val s_html(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return from_string(vm, ZIGTS_ARG(0), HTML, ZIGTS_ARG(1));
}

static zigts_val s_json(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .status = 200, .ctype = JSON };
	zigts_val body = zigts_json_string(vm, ZIGTS_ARG(0));

	if (body == ZIGTS_UNDEF)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "Response.json: the value has no JSON form");
	return body == ZIGTS_EXC ? body : build(vm, &st, body, ZIGTS_ARG(1));
}

static zigts_val s_redirect(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .status = 302 };
	struct sv url = host_text(vm, ZIGTS_ARG(0));
	zigts_val self, h;
	double d = 302;

	if (!url.p || (ZIGTS_ARG(1) != ZIGTS_UNDEF && zigts_to_number(vm, ZIGTS_ARG(1), &d) != 0))
		return ZIGTS_EXC;
	if (d != 301 && d != 302 && d != 303 && d != 307 && d != 308)
		return zigts_throw(vm, ZIGTS_RANGE_ERROR, "Response.redirect: not a redirect status");
	if (!http_value_valid(url))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "Response.redirect: invalid URL");
	st.status = (uint16_t)d;
	self = build(vm, &st, ZIGTS_UNDEF, ZIGTS_UNDEF);
	h = self == ZIGTS_EXC ? self : headers_from(vm, ZIGTS_UNDEF);
	if (h == ZIGTS_EXC || headers_append(vm, h, SV("location"), url) != 0)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, self, HEADERS, h);
	return self;
}

static zigts_val s_error(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct state st = { .status = 0 };

	(void)a, (void)argc;
	return build(vm, &st, ZIGTS_UNDEF, ZIGTS_UNDEF);
}

/* ---- reading ----------------------------------------------------------- */

static zigts_val headers_slot(struct zigts *vm, zigts_val self, const struct state *st)
{
	zigts_val h = zigts_host_slot(self, HEADERS);

	if (h != ZIGTS_UNDEF)
		return h;
	h = headers_from(vm, ZIGTS_UNDEF);
	if (h == ZIGTS_EXC || (st->ctype != NONE &&
			       headers_append(vm, h, SV("content-type"), ctype_text[st->ctype]) != 0))
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

static zigts_val g_body(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v;

	(void)argc;
	if (!state_of(vm, a[0]))
		return ZIGTS_EXC;
	v = zigts_host_slot(a[0], BODY);
	return v == ZIGTS_UNDEF ? ZIGTS_NULL : v;
}

static zigts_val m_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v = g_body(vm, a, argc);

	return v == ZIGTS_NULL ? zigts_cstring(vm, "") : v;
}

static zigts_val m_json(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v = m_text(vm, a, argc);
	struct sv s;

	if (v == ZIGTS_EXC)
		return v;
	s = host_text(vm, v);
	return s.p ? zigts_json_parse(vm, s.p, s.n) : ZIGTS_EXC;
}

static zigts_val m_clone(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);
	zigts_val self, h;
	struct state copy;

	(void)argc;
	if (!st)
		return ZIGTS_EXC;
	copy = *st;
	self = build(vm, &copy, zigts_host_slot(a[0], BODY), ZIGTS_UNDEF);
	if (self == ZIGTS_EXC)
		return self;
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
	ZIGTS_GETTER("body", EFF_NONE, g_body),
	ZIGTS_FN("text", 0, EFF_NONE, m_text),
	ZIGTS_FN("json", 0, EFF_NONE, m_json),
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
	zigts_val h = zigts_host_slot(v, HEADERS), reason = zigts_host_slot(v, STATUS_TEXT),
		  body = zigts_host_slot(v, BODY);

	if (st->status == 0)
		return HOST_UNUSABLE;
	r->status = st->status;
	if (reason != ZIGTS_UNDEF) {
		r->reason = host_text(vm, reason);
		if (!r->reason.p)
			return HOST_THROWN;
	}
	if (h == ZIGTS_UNDEF) {
		r->content_type = ctype_text[st->ctype];
	} else {
		if (headers_views(vm, h, &r->headers, &r->nheaders) != 0)
			return HOST_THROWN;
	}
	if (zigts_type(body) == ZIGTS_T_OBJECT) {
		r->streamed = true;
	} else if (body != ZIGTS_UNDEF) {
		r->body = host_text(vm, body);
		if (!r->body.p)
			return HOST_THROWN;
	}
	return HOST_REPLY;
}

zigts_val host_reply_stream(struct zigts *vm, zigts_val v)
{
	(void)vm;
	return zigts_host_slot(v, BODY);
}

enum host_result host_reply(struct zigts *vm, zigts_val v, struct http_reply *r)
{
	const struct state *st;
	zigts_val then;
	int s;

	switch (zigts_type(v)) {
	case ZIGTS_T_STRING:
		r->status = 200;
		r->content_type = ctype_text[TEXT];
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
	r->content_type = ctype_text[JSON];
	s = zigts_json_stringify(vm, v, &r->body.p, &r->body.n);
	return s < 0 ? HOST_THROWN : s > 0 ? HOST_UNUSABLE : HOST_REPLY;
}
