/* request.c: the Request class (Fetch 5.4). The one given to a handler reads from the
 * head's bytes, makes each value when it is first asked for and notes that it was
 * (the value is kept, so once is enough), and so does a copy of it; one made by
 * `new Request(url, init)` has its values in its slots from the start. */
#include <stddef.h>

#include "base/url.h"
#include "shm/deps.h"
#include "web/web.h"
#include "worker/host/body.h"

enum member {
#define MEMBER(field, name, ...) MEMBER_##field,
#include "worker/host/init.def"
	MEMBER__N
};
enum { VALUES_MAX = 10 };
static const struct { const char *name, *value[VALUES_MAX]; } members[] = {
#define MEMBER(field, name, ...) { name, { __VA_ARGS__ } },
#include "worker/host/init.def"
};

struct state {
	struct body body;
	const struct host_request *rq;
	uint8_t member[MEMBER__N], keepalive;
};
enum { METHOD = BODY_NSLOTS, URL, PATH, QUERY, HEADERS, PARAMS, SIGNAL, REFERRER, INTEGRITY, NSLOTS };

static int class_id;

static const struct state *state_of(struct zigts *vm, zigts_val self)
{
	const struct state *st = zigts_host_payload(self, class_id);

	if (!st)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a Request object");
	return st;
}

const struct body *request_body(zigts_val v)
{
	const struct state *st = zigts_host_payload(v, class_id);

	return st ? &st->body : NULL;
}

static zigts_val absolute_url(struct zigts *vm, const struct host_request *rq)
{
	struct sv t = http_view(rq->bytes, rq->head->target), host = http_view(rq->bytes, rq->head->host);
	char *p;

	deps_note(rq->deps, DEP_ORIGIN);
	deps_note(rq->deps, DEP_PATH);
	deps_note(rq->deps, DEP_QUERY_ALL);
	deps_header(rq->deps, SV("host"));
	if (rq->head->absolute)
		return zigts_string_borrow(vm, t.p, t.n);
	if (host.n == 0)
		host = SV("localhost");
	p = zigts_scratch(vm, 7 + host.n + t.n);
	if (!p)
		return ZIGTS_EXC;
	memcpy(p, "http://", 7);
	memcpy(p + 7, host.p, host.n);
	memcpy(p + 7 + host.n, t.p, t.n);
	return zigts_string(vm, p, 7 + host.n + t.n);
}

/* The path with its query, whatever form the target has. */
static struct sv local_part(const struct host_request *rq)
{
	struct sv t = http_view(rq->bytes, rq->head->target);
	size_t skip = (size_t)rq->head->path.at - rq->head->target.at;

	return skip == t.n ? SV("/") : (struct sv){ t.p + skip, t.n - skip };
}

/* Path and query of a constructed Request's URL. */
static void split_url(struct sv url, struct sv *path, struct sv *query)
{
	const char *hash = memchr(url.p, '#', url.n), *sep = memmem(url.p, url.n, "://", 3), *q, *slash;

	if (hash)
		url.n = (size_t)(hash - url.p);
	q = memchr(url.p, '?', url.n);
	*query = q ? (struct sv){ q + 1, (size_t)(url.p + url.n - q - 1) } : SV("");
	if (q)
		url.n = (size_t)(q - url.p);
	if (sep && sep < url.p + url.n) {
		url.n -= (size_t)(sep + 3 - url.p);
		url.p = sep + 3;
		slash = memchr(url.p, '/', url.n);
		url = slash ? (struct sv){ slash, (size_t)(url.p + url.n - slash) } : SV("/");
	}
	*path = url;
}

static zigts_val make(struct zigts *vm, zigts_val self, const struct host_request *rq, int slot)
{
	struct sv path, query, url;

	switch (slot) {
	case REFERRER: return zigts_cstring(vm, "about:client");
	case INTEGRITY: return zigts_cstring(vm, "");
	default: break;
	}
	if (!rq) {
		if (slot == PARAMS)
			return zigts_object(vm);
		if (slot == HEADERS)
			return headers_from(vm, ZIGTS_UNDEF);
		url = host_text(vm, zigts_host_slot(self, URL));
		if (!url.p)
			return ZIGTS_EXC;
		split_url(url, &path, &query);
		return slot == PATH ? percent_decoded(vm, path, false, false) : query_of_text(vm, query);
	}
	switch (slot) {
	case METHOD:
		deps_note(rq->deps, DEP_METHOD);
		url = http_view(rq->bytes, rq->head->method_text);
		return zigts_string_borrow(vm, url.p, url.n);
	case URL:
		if (rq->absolute_url)
			return absolute_url(vm, rq);
		deps_note(rq->deps, DEP_PATH);
		deps_note(rq->deps, DEP_QUERY_ALL);
		url = local_part(rq);
		return zigts_string_borrow(vm, url.p, url.n);
	case PATH:
		deps_note(rq->deps, DEP_PATH);
		path = http_view(rq->bytes, rq->head->path);
		return percent_decoded(vm, path.n ? path : SV("/"), false, true);
	case QUERY:
		return query_of_request(vm, rq);
	case HEADERS:
		return headers_of_request(vm, rq);
	default:
		return zigts_object(vm);
	}
}

/* The value of a slot, made when first read. */
static zigts_val lazily(struct zigts *vm, zigts_val self, int slot)
{
	const struct state *st = state_of(vm, self);
	zigts_val v;

	if (!st)
		return ZIGTS_EXC;
	v = zigts_host_slot(self, slot);
	if (v == ZIGTS_UNDEF) {
		v = make(vm, self, st->rq, slot);
		if (v != ZIGTS_EXC)
			zigts_host_set_slot(vm, self, slot, v);
	}
	return v;
}

static zigts_val g_method(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], METHOD); }
static zigts_val g_url(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], URL); }
static zigts_val g_path(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], PATH); }
static zigts_val g_query(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], QUERY); }
static zigts_val g_headers(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], HEADERS); }
static zigts_val g_params(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], PARAMS); }
static zigts_val g_referrer(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], REFERRER); }
static zigts_val g_integrity(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], INTEGRITY); }

zigts_val request_headers(struct zigts *vm, zigts_val v) { return lazily(vm, v, HEADERS); }

/* Routers put what they found there. */
static zigts_val s_params(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	if (!state_of(vm, a[0]))
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, a[0], PARAMS, ZIGTS_ARG(0));
	return ZIGTS_UNDEF;
}

/* What the Fetch standard does not have is the program's to replace, as if it were not
 * there: frameworks keep things of their own in request.query. */
static zigts_val replace(struct zigts *vm, zigts_val self, const char *name, zigts_val v)
{
	return state_of(vm, self) && zigts_create(vm, self, zigts_cstring(vm, name), v) == 0 ? ZIGTS_UNDEF : ZIGTS_EXC;
}

static zigts_val s_href(struct zigts *vm, zigts_val *a, uint32_t argc) { return replace(vm, a[0], "href", ZIGTS_ARG(0)); }
static zigts_val s_path(struct zigts *vm, zigts_val *a, uint32_t argc) { return replace(vm, a[0], "path", ZIGTS_ARG(0)); }
static zigts_val s_query(struct zigts *vm, zigts_val *a, uint32_t argc) { return replace(vm, a[0], "query", ZIGTS_ARG(0)); }

static zigts_val enumerated(struct zigts *vm, zigts_val self, enum member m)
{
	const struct state *st = state_of(vm, self);

	return st ? zigts_cstring(vm, members[m].value[st->member[m]]) : ZIGTS_EXC;
}

static zigts_val g_mode(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return enumerated(vm, a[0], MEMBER_mode); }
static zigts_val g_credentials(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return enumerated(vm, a[0], MEMBER_credentials); }
static zigts_val g_cache(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return enumerated(vm, a[0], MEMBER_cache); }
static zigts_val g_redirect(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return enumerated(vm, a[0], MEMBER_redirect); }
static zigts_val g_policy(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return enumerated(vm, a[0], MEMBER_policy); }

static zigts_val g_keepalive(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);

	(void)argc;
	return !st ? ZIGTS_EXC : st->keepalive ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static zigts_val g_destination(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return state_of(vm, a[0]) ? zigts_cstring(vm, "") : ZIGTS_EXC;
}

static zigts_val g_duplex(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return state_of(vm, a[0]) ? zigts_cstring(vm, "half") : ZIGTS_EXC;
}

/* The host aborts it when the client leaves: that of the request itself, and so
 * those of copies, which follow it. */
static zigts_val signal_of(struct zigts *vm, zigts_val self)
{
	const struct state *st = state_of(vm, self);
	zigts_val v;

	if (!st)
		return ZIGTS_EXC;
	v = zigts_host_slot(self, SIGNAL);
	if (v != ZIGTS_UNDEF)
		return v;
	v = web_signal(vm);
	if (v == ZIGTS_EXC)
		return v;
	zigts_host_set_slot(vm, self, SIGNAL, v);
	if (st->rq && st->rq->signal && *st->rq->signal == ZIGTS_UNDEF)
		*st->rq->signal = v;
	return v;
}

static zigts_val g_signal(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return signal_of(vm, a[0]); }

int host_request_abort(struct zigts *vm, const struct host_request *rq)
{
	if (!rq->signal || *rq->signal == ZIGTS_UNDEF || web_signal_aborted(*rq->signal))
		return 0;
	zigts_taint(vm, EFF_UNKNOWN); /* when clients leave is no function of requests */
	return web_signal_abort(vm, *rq->signal, ZIGTS_UNDEF) < 0 || zigts_run_jobs(vm) < 0 ? -1 : 0;
}

static zigts_val g_href(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);

	(void)argc;
	if (!st)
		return ZIGTS_EXC;
	return st->rq ? absolute_url(vm, st->rq) : lazily(vm, a[0], URL);
}

/* ---- new Request(url | request, init) ---------------------------------- */

/* A copy of `from` for self: what was not looked at yet stays so. The body is left. */
static int copy(struct zigts *vm, zigts_val self, zigts_val from, const struct state *st)
{
	static const int slots[] = { METHOD, URL, PATH, QUERY, PARAMS, REFERRER, INTEGRITY };
	struct state x = *st;
	zigts_val h = zigts_host_slot(from, HEADERS);

	x.body = (struct body){ 0 };
	zigts_host_write(vm, self, 0, &x, sizeof x);
	for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++)
		zigts_host_set_slot(vm, self, slots[i], zigts_host_slot(from, slots[i]));
	if (h != ZIGTS_UNDEF) {
		h = headers_from(vm, h);
		if (h == ZIGTS_EXC)
			return -1;
		zigts_host_set_slot(vm, self, HEADERS, h);
	}
	return 0;
}

/* Signals of copies follow that of the original (5.4, step 30). */
static int follow(struct zigts *vm, zigts_val self, zigts_val source)
{
	zigts_val own = source == ZIGTS_EXC ? source : web_signal(vm);

	if (own == ZIGTS_EXC || web_signal_follow(vm, own, source) < 0)
		return -1;
	zigts_host_set_slot(vm, self, SIGNAL, own);
	return 0;
}

/* The URL of a string or URL object. A path alone means one of this server. */
static int take_url(struct zigts *vm, zigts_val self, zigts_val input)
{
	struct url u = { .port = -1 }, base = { .port = -1 };
	struct sv s = host_text(vm, input);
	struct buf out = BUF_INIT;
	zigts_val v = ZIGTS_EXC;

	if (!s.p)
		return -1;
	(void)url_parse(&base, SV("http://localhost/"), NULL, URL_ALL);
	if (!url_parse(&u, s, s.n && s.p[0] == '/' ? &base : NULL, URL_ALL)) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "Failed to parse URL from %.*s", (int)(s.n > 200 ? 200 : s.n), s.p);
	} else if (u.username.len || u.password.len) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "Request cannot be constructed from a URL that includes credentials: %.*s",
			    (int)(s.n > 200 ? 200 : s.n), s.p);
	} else {
		url_serialise(&u, &out, NULL);
		v = zigts_string(vm, out.p, out.len);
	}
	url_free(&u);
	url_free(&base);
	buf_free(&out);
	if (v == ZIGTS_EXC)
		return -1;
	zigts_host_set_slot(vm, self, URL, v);
	zigts_host_set_slot(vm, self, METHOD, zigts_cstring(vm, "GET"));
	return 0;
}

static int take_method(struct zigts *vm, zigts_val self, zigts_val v)
{
	static const char *const forbidden[] = { "CONNECT", "TRACE", "TRACK" };
	static const char *const normal[] = { "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT" };
	struct sv s = host_text(vm, v);
	size_t i;

	if (!s.p)
		return -1;
	for (i = 0; i < 3 && !sv_ieq(s, sv_of(forbidden[i])); i++)
		;
	if (!http_name_valid(s) || i < 3) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "'%.*s' is not a valid HTTP method", (int)(s.n > 80 ? 80 : s.n), s.p);
		return -1;
	}
	for (i = 0; i < 6; i++)
		if (sv_ieq(s, sv_of(normal[i])))
			s = sv_of(normal[i]);
	zigts_host_set_slot(vm, self, METHOD, zigts_string(vm, s.p, s.n));
	return 0;
}

static int take_members(struct zigts *vm, zigts_val init, struct state *st)
{
	for (int m = 0; m < MEMBER__N; m++) {
		zigts_val v = zigts_get(vm, init, members[m].name);
		struct sv s;
		uint8_t i;

		if (v == ZIGTS_UNDEF)
			continue;
		s = v == ZIGTS_EXC ? (struct sv){ NULL, 0 } : host_text(vm, v);
		if (!s.p)
			return -1;
		for (i = 0; i < VALUES_MAX && members[m].value[i] && !sv_eq(s, sv_of(members[m].value[i])); i++)
			;
		if (i == VALUES_MAX || !members[m].value[i] || (m == MEMBER_mode && sv_eq(s, SV("navigate")))) {
			zigts_throw(vm, ZIGTS_TYPE_ERROR, "Request: '%.*s' is not a value of %s", (int)(s.n > 80 ? 80 : s.n), s.p,
				    members[m].name);
			return -1;
		}
		st->member[m] = i;
	}
	return 0;
}

/* A string member into a slot; referrer and integrity. */
static int take_string(struct zigts *vm, zigts_val self, zigts_val init, const char *name, int slot)
{
	zigts_val v = zigts_get(vm, init, name);

	if (v == ZIGTS_UNDEF)
		return 0;
	v = v == ZIGTS_EXC ? v : zigts_to_string(vm, v);
	if (v == ZIGTS_EXC)
		return -1;
	if (slot == REFERRER && !web_text(vm, v).n)
		v = zigts_cstring(vm, "");
	zigts_host_set_slot(vm, self, slot, v);
	return 0;
}

static int take_signal(struct zigts *vm, zigts_val self, zigts_val v)
{
	if (v == ZIGTS_EXC || v == ZIGTS_UNDEF)
		return v == ZIGTS_EXC ? -1 : 0;
	if (v == ZIGTS_NULL) {
		zigts_host_set_slot(vm, self, SIGNAL, ZIGTS_UNDEF);
		return 0;
	}
	if (web_signal_is(v))
		return follow(vm, self, v);
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "Request: the option signal must be an AbortSignal");
	return -1;
}

/* All of init but the body. */
static int take_init(struct zigts *vm, zigts_val self, zigts_val init)
{
	struct state st = *(const struct state *)zigts_host_payload(self, class_id);
	zigts_val m = zigts_get_key(vm, init, host_key.method), h, k;

	if (m == ZIGTS_EXC || (m != ZIGTS_UNDEF && take_method(vm, self, m) < 0) || take_members(vm, init, &st) < 0 ||
	    take_string(vm, self, init, "referrer", REFERRER) < 0 || take_string(vm, self, init, "integrity", INTEGRITY) < 0)
		return -1;
	k = zigts_get(vm, init, "keepalive");
	if (k == ZIGTS_EXC || take_signal(vm, self, zigts_get(vm, init, "signal")) < 0)
		return -1;
	if (k != ZIGTS_UNDEF)
		st.keepalive = zigts_truthy(k);
	zigts_host_write(vm, self, 0, &st, sizeof st);
	h = zigts_get_key(vm, init, host_key.headers);
	if (h != ZIGTS_UNDEF && h != ZIGTS_EXC) {
		h = headers_from(vm, h);
		if (h != ZIGTS_EXC)
			zigts_host_set_slot(vm, self, HEADERS, h);
	}
	return h == ZIGTS_EXC ? -1 : 0;
}

/* A body that is a stream wants { duplex: 'half' }. False: thrown. */
static bool is_half(struct zigts *vm, zigts_val init)
{
	zigts_val v = zigts_get(vm, init, "duplex");
	struct sv s = v == ZIGTS_EXC || v == ZIGTS_UNDEF ? SV("") : web_text(vm, v);

	if (v == ZIGTS_EXC || !s.p)
		return false;
	if (sv_eq(s, SV("half")))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "RequestInit: duplex option is required when sending a body that is a stream");
	return false;
}

/* init.body, or what is left of the input's body, which is used up by that. */
static int take_body(struct zigts *vm, zigts_val self, zigts_val input, zigts_val init)
{
	const struct body *given = request_body(input);
	zigts_val v = init == ZIGTS_UNDEF ? init : zigts_get_key(vm, init, host_key.body), h;
	bool other = !host_nullish(v), had = given && given->kind != BODY_NONE;
	struct body_made m;
	struct sv method;

	if (given && !other)
		body_note(given);
	if (v == ZIGTS_EXC || (had && !other && !body_usable(vm, input, given)))
		return -1;
	if (!other && !had)
		return 0;
	method = host_text(vm, lazily(vm, self, METHOD));
	if (!method.p)
		return -1;
	if (sv_eq(method, SV("GET")) || sv_eq(method, SV("HEAD"))) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "Request with GET/HEAD method cannot have body");
		return -1;
	}
	if (!other) {
		if (body_share(vm, self, input, given, false) < 0)
			return -1;
		body_set_used(vm, input, true);
		return 0;
	}
	if (body_extract(vm, v, &m) < 0 || (m.body.kind == BODY_STREAM && !is_half(vm, init)))
		return -1;
	h = lazily(vm, self, HEADERS);
	if (h == ZIGTS_EXC || body_type_header(vm, h, &m) < 0)
		return -1;
	body_put(vm, self, &m);
	return 0;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val input = ZIGTS_ARG(0), self, init;
	const struct state *st;

	if (!web_needs(vm, argc, 1, "Request"))
		return ZIGTS_EXC;
	init = web_dictionary(vm, ZIGTS_ARG(1), "Request");
	self = init == ZIGTS_EXC ? init : zigts_host_new(vm, class_id);
	if (self == ZIGTS_EXC)
		return self;
	st = zigts_host_payload(input, class_id);
	if (st ? copy(vm, self, input, st) < 0 || follow(vm, self, signal_of(vm, input)) < 0 : take_url(vm, self, input) < 0)
		return ZIGTS_EXC;
	if ((init != ZIGTS_UNDEF && take_init(vm, self, init) < 0) || take_body(vm, self, input, init) < 0)
		return ZIGTS_EXC;
	return self;
}

static zigts_val m_clone(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);
	zigts_val self;

	(void)argc;
	if (!st || !body_usable(vm, a[0], &st->body))
		return ZIGTS_EXC;
	self = zigts_host_new(vm, class_id);
	if (self == ZIGTS_EXC || copy(vm, self, a[0], st) < 0 || follow(vm, self, signal_of(vm, a[0])) < 0)
		return ZIGTS_EXC;
	return body_share(vm, self, a[0], &st->body, true) < 0 ? ZIGTS_EXC : self;
}

static const struct zigts_row rows[] = {
	ZIGTS_GETTER("method", EFF_NONE, g_method),
	ZIGTS_GETTER("url", EFF_NONE, g_url),
	ZIGTS_ACCESSOR("href", EFF_MUT, g_href, s_href),
	ZIGTS_ACCESSOR("path", EFF_MUT, g_path, s_path),
	ZIGTS_ACCESSOR("query", EFF_MUT, g_query, s_query),
	ZIGTS_ACCESSOR("params", EFF_MUT, g_params, s_params),
	ZIGTS_GETTER("headers", EFF_NONE, g_headers),
#include "worker/host/body_rows.def"
	ZIGTS_GETTER("signal", EFF_MUT, g_signal),
	ZIGTS_GETTER("destination", EFF_NONE, g_destination),
	ZIGTS_GETTER("mode", EFF_NONE, g_mode),
	ZIGTS_GETTER("credentials", EFF_NONE, g_credentials),
	ZIGTS_GETTER("cache", EFF_NONE, g_cache),
	ZIGTS_GETTER("redirect", EFF_NONE, g_redirect),
	ZIGTS_GETTER("referrer", EFF_NONE, g_referrer),
	ZIGTS_GETTER("referrerPolicy", EFF_NONE, g_policy),
	ZIGTS_GETTER("integrity", EFF_NONE, g_integrity),
	ZIGTS_GETTER("keepalive", EFF_NONE, g_keepalive),
	ZIGTS_GETTER("duplex", EFF_NONE, g_duplex),
	ZIGTS_FN("clone", 0, EFF_MUT, m_clone),
};

static const struct zigts_class request_class = {
	.name = "Request",
	.payload = sizeof(struct state),
	.nslots = NSLOTS,
	.ctor_nargs = 1,
	.ctor_effect = EFF_CALLS,
	.ctor = construct,
	.rows = rows,
	.nrows = sizeof rows / sizeof rows[0],
};

int request_install(struct zigts *vm) { return web_class(vm, &request_class, true, &class_id); }

zigts_val host_request_object(struct zigts *vm, const struct host_request *rq)
{
	zigts_val v = zigts_host_new(vm, class_id), stream;

	if (v == ZIGTS_EXC)
		return v;
	*(struct state *)zigts_host_init_payload(v, class_id) = (struct state){
		.body = { rq, rq->source ? BODY_STREAM : rq->has_body ? BODY_INCOMING : BODY_NONE, 0 }, .rq = rq };
	if (rq->source) {
		stream = source_stream(vm);
		if (stream == ZIGTS_EXC)
			return stream;
		zigts_host_set_slot(vm, v, BODY_SLOT_SOURCE, stream);
	}
	return v;
}
