/* request.c: the Request class. The one given to a handler reads from the
 * head's bytes, makes each value when it is first asked for and notes that it was
 * (the value is kept, so once is enough); one made by
 * `new Request(url, init)` has its values in its slots from the start. */
#include "shm/deps.h"
#include "web/web.h"
#include "worker/host/parts.h"

struct state { const struct host_request *rq; };
enum { METHOD, URL, PATH, QUERY, HEADERS, BODY, PARAMS, SIGNAL, NSLOTS };

static int class_id;

static const struct state *state_of(struct zigts *vm, zigts_val self)
{
	const struct state *st = zigts_host_payload(self, class_id);

	if (!st)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a Request object");
	return st;
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

	if (!rq) {
		if (slot == PARAMS)
			return zigts_object(vm);
		if (slot != PATH && slot != QUERY)
			return slot == HEADERS ? headers_from(vm, ZIGTS_UNDEF) : ZIGTS_NULL;
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
	case BODY:
		deps_note(rq->deps, DEP_BODY);
		return rq->has_body ? zigts_string_borrow(vm, rq->body.p, rq->body.n) : ZIGTS_NULL;
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
static zigts_val g_body(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], BODY); }
static zigts_val g_params(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return lazily(vm, a[0], PARAMS); }

/* The host aborts it when the client leaves. */
static zigts_val g_signal(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);
	zigts_val v;

	(void)argc;
	if (!st)
		return ZIGTS_EXC;
	v = zigts_host_slot(a[0], SIGNAL);
	if (v != ZIGTS_UNDEF)
		return v;
	v = web_signal(vm);
	if (v == ZIGTS_EXC)
		return v;
	zigts_host_set_slot(vm, a[0], SIGNAL, v);
	if (st->rq && st->rq->signal)
		*st->rq->signal = v;
	return v;
}

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

static zigts_val m_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v = g_body(vm, a, argc);

	return v == ZIGTS_NULL ? zigts_cstring(vm, "") : v;
}

static zigts_val m_json(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, a[0]);
	struct sv s;

	if (!st)
		return ZIGTS_EXC;
	if (st->rq && zigts_host_slot(a[0], BODY) == ZIGTS_UNDEF) {
		deps_note(st->rq->deps, DEP_BODY);
		return zigts_json_parse(vm, st->rq->body.p, st->rq->has_body ? st->rq->body.n : 0);
	}
	s = host_text(vm, m_text(vm, a, argc));
	return s.p ? zigts_json_parse(vm, s.p, s.n) : ZIGTS_EXC;
}

/* ---- new Request(url | request, init) ---------------------------------- */

static int copy_slot(struct zigts *vm, zigts_val to, zigts_val from, int slot)
{
	zigts_val v = lazily(vm, from, slot);

	if (v != ZIGTS_EXC && slot == HEADERS)
		v = headers_from(vm, v);
	if (v == ZIGTS_EXC)
		return -1;
	zigts_host_set_slot(vm, to, slot, v);
	return 0;
}

static int take_init(struct zigts *vm, zigts_val self, zigts_val init)
{
	zigts_val m = zigts_get_key(vm, init, host_key.method), h = zigts_get_key(vm, init, host_key.headers),
		  b = zigts_get_key(vm, init, host_key.body);

	if (m == ZIGTS_EXC || h == ZIGTS_EXC || b == ZIGTS_EXC)
		return -1;
	if (m != ZIGTS_UNDEF) {
		struct sv s = host_text(vm, m);

		if (!s.p)
			return -1;
		if (!http_name_valid(s)) {
			zigts_throw(vm, ZIGTS_TYPE_ERROR, "invalid method");
			return -1;
		}
		zigts_host_set_slot(vm, self, METHOD, zigts_to_string(vm, m));
	}
	if (h != ZIGTS_UNDEF) {
		h = headers_from(vm, h);
		if (h == ZIGTS_EXC)
			return -1;
		zigts_host_set_slot(vm, self, HEADERS, h);
	}
	if (!host_nullish(b)) {
		b = zigts_to_string(vm, b);
		if (b == ZIGTS_EXC)
			return -1;
		zigts_host_set_slot(vm, self, BODY, b);
	}
	return 0;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val input = ZIGTS_ARG(0), init = ZIGTS_ARG(1), self = zigts_host_new(vm, class_id), url;

	if (self == ZIGTS_EXC)
		return self;
	if (zigts_host_payload(input, class_id)) {
		static const int slots[] = { METHOD, URL, HEADERS, BODY };
		size_t i;

		for (i = 0; i < sizeof slots / sizeof slots[0]; i++)
			if (copy_slot(vm, self, input, slots[i]) != 0)
				return ZIGTS_EXC;
	} else {
		url = zigts_to_string(vm, input);
		if (url == ZIGTS_EXC)
			return url;
		zigts_host_set_slot(vm, self, URL, url);
		zigts_host_set_slot(vm, self, METHOD, zigts_cstring(vm, "GET"));
	}
	if (zigts_type(init) == ZIGTS_T_OBJECT && take_init(vm, self, init) != 0)
		return ZIGTS_EXC;
	return self;
}

static zigts_val m_clone(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val args[2] = { ZIGTS_UNDEF, a[0] };

	(void)argc;
	return state_of(vm, a[0]) ? construct(vm, args, 1) : ZIGTS_EXC;
}

static const struct zigts_row rows[] = {
	ZIGTS_GETTER("method", EFF_NONE, g_method),
	ZIGTS_GETTER("url", EFF_NONE, g_url),
	ZIGTS_GETTER("href", EFF_NONE, g_href),
	ZIGTS_GETTER("path", EFF_NONE, g_path),
	ZIGTS_GETTER("query", EFF_NONE, g_query),
	ZIGTS_GETTER("params", EFF_NONE, g_params),
	ZIGTS_GETTER("headers", EFF_NONE, g_headers),
	ZIGTS_GETTER("body", EFF_NONE, g_body),
	ZIGTS_GETTER("signal", EFF_NONE, g_signal),
	ZIGTS_FN("text", 0, EFF_NONE, m_text),
	ZIGTS_FN("json", 0, EFF_NONE, m_json),
	ZIGTS_FN("clone", 0, EFF_NONE, m_clone),
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
	zigts_val v = zigts_host_new(vm, class_id);

	if (v != ZIGTS_EXC)
		((struct state *)zigts_host_init_payload(v, class_id))->rq = rq;
	return v;
}
