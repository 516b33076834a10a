/* url.c: the class URL (WHATWG URL 6.1). An object keeps its serialisation and where
 * the components stand in it; a setter parses that again, changes the record and
 * serialises it. */
#include "base/url.h"
#include "web/parts.h"

enum { HREF, PARAMS, NSLOTS };

static int class_id;

static const struct url_parts *parts_of(struct zigts *vm, zigts_val self)
{
	const struct url_parts *x = zigts_host_payload(self, class_id);

	if (!x)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a URL object");
	return x;
}

/* Stores u in self. 0 or -1. */
static int store(struct zigts *vm, zigts_val self, const struct url *u)
{
	struct url_parts x;
	struct buf b = BUF_INIT;
	zigts_val s;

	url_serialise(u, &b, &x);
	s = zigts_string(vm, b.p, b.len);
	buf_free(&b);
	if (s == ZIGTS_EXC)
		return -1;
	zigts_host_set_slot(vm, self, HREF, s);
	zigts_host_write(vm, self, 0, &x, sizeof x);
	return 0;
}

static struct sv query_text(const struct url *u)
{
	return u->query.len ? buf_sv(&u->query) : SV("");
}

/* ---- making ------------------------------------------------------------- */

/* Parses argument 0 against argument 1. 1: *u is filled, 0: failure, -1: exception. */
static int parse_args(struct zigts *vm, zigts_val *a, uint32_t argc, struct url *u)
{
	struct url base = { .port = -1 };
	struct sv text, base_text = { NULL, 0 };
	bool ok = true;

	if (!web_needs(vm, argc, 1, "URL"))
		return -1;
	text = web_text(vm, ZIGTS_ARG(0));
	if (!text.p)
		return -1;
	if (ZIGTS_ARG(1) != ZIGTS_UNDEF) {
		base_text = web_text(vm, ZIGTS_ARG(1));
		if (!base_text.p)
			return -1;
		ok = url_parse(&base, base_text, NULL, URL_ALL);
	}
	ok = ok && url_parse(u, text, base_text.p ? &base : NULL, URL_ALL);
	url_free(&base);
	return zigts_tick(vm, (int64_t)(text.n + base_text.n) * 2) < 0 ? -1 : ok;
}

static zigts_val make(struct zigts *vm, const struct url *u)
{
	zigts_val self = zigts_host_new(vm, class_id);

	return self == ZIGTS_EXC || store(vm, self, u) < 0 ? ZIGTS_EXC : self;
}

static zigts_val invalid(struct zigts *vm, zigts_val text)
{
	struct sv s = web_text(vm, text);

	return s.p ? zigts_throw(vm, ZIGTS_TYPE_ERROR, "Invalid URL: '%.*s'", (int)(s.n > 200 ? 200 : s.n), s.p) : ZIGTS_EXC;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct url u = { .port = -1 };
	int r = parse_args(vm, a, argc, &u);
	zigts_val v = r < 0 ? ZIGTS_EXC : r == 0 ? invalid(vm, ZIGTS_ARG(0)) : make(vm, &u);

	url_free(&u);
	return v;
}

static zigts_val s_parse(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct url u = { .port = -1 };
	int r = parse_args(vm, a, argc, &u);
	zigts_val v = r < 0 ? ZIGTS_EXC : r == 0 ? ZIGTS_NULL : make(vm, &u);

	url_free(&u);
	return v;
}

static zigts_val s_can_parse(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct url u = { .port = -1 };
	int r = parse_args(vm, a, argc, &u);

	url_free(&u);
	return r < 0 ? ZIGTS_EXC : r ? ZIGTS_TRUE : ZIGTS_FALSE;
}

/* ---- getters --------------------------------------------------------------- */

static zigts_val slice(struct zigts *vm, zigts_val self, uint32_t from, uint32_t to)
{
	struct sv s = web_text(vm, zigts_host_slot(self, HREF));

	return s.p ? zigts_string(vm, s.p + from, to - from) : ZIGTS_EXC;
}

static zigts_val g_href(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return parts_of(vm, a[0]) ? zigts_host_slot(a[0], HREF) : ZIGTS_EXC;
}

/* One getter for each pair of fields of struct url_parts. */
#define GETTER(name, from, to) \
	static zigts_val g_##name(struct zigts *vm, zigts_val *a, uint32_t argc) \
	{ \
		const struct url_parts *x = parts_of(vm, a[0]); \
		(void)argc; \
		return x ? slice(vm, a[0], from, to) : ZIGTS_EXC; \
	}
GETTER(protocol, 0, x->protocol_end)
GETTER(username, x->user, x->user_end)
GETTER(password, x->pass, x->pass_end)
GETTER(host, x->host, x->port_end)
GETTER(hostname, x->host, x->host_end)
GETTER(port, x->port, x->port_end)
GETTER(pathname, x->path, x->query)
GETTER(search, x->query, x->hash - x->query > 1 ? x->hash : x->query)
GETTER(hash, x->hash, x->end - x->hash > 1 ? x->end : x->hash)
#undef GETTER

/* 4.7: a tuple origin's serialisation, or "null". */
static zigts_val origin(struct zigts *vm, const struct url *u)
{
	struct sv scheme = buf_sv(&u->scheme);
	struct url inner = { .port = -1 };
	struct buf b = BUF_INIT;
	zigts_val v;

	if (sv_eq(scheme, SV("blob"))) {
		bool web = u->path.len && url_parse(&inner, buf_sv(&u->path), NULL, URL_ALL) && inner.scheme.len >= 4 &&
			   memcmp(inner.scheme.p, "http", 4) == 0 && url_is_special(&inner);

		v = web ? origin(vm, &inner) : zigts_cstring(vm, "null");
		url_free(&inner);
		return v;
	}
	if (url_default_port(scheme) < 0)
		return zigts_cstring(vm, "null");
	buf_put_sv(&b, scheme);
	buf_puts(&b, "://");
	buf_put_sv(&b, buf_sv(&u->host));
	if (u->port >= 0)
		buf_printf(&b, ":%d", u->port);
	v = zigts_string(vm, b.p, b.len);
	buf_free(&b);
	return v;
}

/* The record of self. False: exception. */
static bool load(struct zigts *vm, zigts_val self, struct url *u)
{
	struct sv s;

	*u = (struct url){ .port = -1 };
	if (!parts_of(vm, self))
		return false;
	s = web_text(vm, zigts_host_slot(self, HREF));
	return s.p && zigts_tick(vm, (int64_t)s.n) == 0 && url_parse(u, s, NULL, URL_ALL);
}

static zigts_val g_origin(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct url u;
	zigts_val v = load(vm, a[0], &u) ? origin(vm, &u) : ZIGTS_EXC;

	(void)argc;
	url_free(&u);
	return v;
}

static zigts_val g_search_params(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v;
	struct url u;

	(void)argc;
	if (!parts_of(vm, a[0]))
		return ZIGTS_EXC;
	v = zigts_host_slot(a[0], PARAMS);
	if (v != ZIGTS_UNDEF)
		return v;
	v = load(vm, a[0], &u) ? params_of_url(vm, a[0], query_text(&u)) : ZIGTS_EXC;
	url_free(&u);
	if (v != ZIGTS_EXC)
		zigts_host_set_slot(vm, a[0], PARAMS, v);
	return v;
}

/* ---- setters (6.1) ----------------------------------------------------------- */

enum field { USERNAME, PASSWORD, HOST, HOSTNAME, PORT, PATHNAME, SEARCH, HASH, PROTOCOL };

static void set_encoded(struct buf *b, struct sv s)
{
	b->len = 0;
	url_encode(b, s, URL_SET_USERINFO);
}

static void without_prefix(struct sv *s, char c)
{
	if (s->n != 0 && s->p[0] == c)
		s->p++, s->n--;
}

static void set_protocol(struct url *u, struct sv s)
{
	struct buf b = BUF_INIT;

	buf_put_sv(&b, s);
	buf_putc(&b, ':');
	url_parse(u, buf_sv(&b), NULL, URL_SCHEME_START);
	buf_free(&b);
}

static void set_search(struct url *u, struct sv s)
{
	u->query.len = 0;
	u->has_query = s.n != 0;
	if (s.n == 0) {
		url_strip_opaque_spaces(u);
		return;
	}
	without_prefix(&s, '?');
	url_parse(u, s, NULL, URL_QUERY);
}

static void set_hash(struct url *u, struct sv s)
{
	u->fragment.len = 0;
	u->has_fragment = s.n != 0;
	if (s.n == 0) {
		url_strip_opaque_spaces(u);
		return;
	}
	without_prefix(&s, '#');
	url_parse(u, s, NULL, URL_FRAGMENT);
}

static void set_field(struct url *u, enum field f, struct sv s)
{
	switch (f) {
	case USERNAME:
	case PASSWORD:
		if (!url_cannot_have_credentials(u))
			set_encoded(f == USERNAME ? &u->username : &u->password, s);
		break;
	case HOST:
	case HOSTNAME:
		if (!u->opaque)
			url_parse(u, s, NULL, f == HOST ? URL_HOST : URL_HOSTNAME);
		break;
	case PORT:
		if (url_cannot_have_credentials(u))
			break;
		if (s.n == 0)
			u->port = -1;
		else
			url_parse(u, s, NULL, URL_PORT);
		break;
	case PATHNAME:
		if (!u->opaque) {
			u->path.len = 0;
			url_parse(u, s, NULL, URL_PATH_START);
		}
		break;
	case SEARCH:
		set_search(u, s);
		break;
	case HASH:
		set_hash(u, s);
		break;
	case PROTOCOL:
		set_protocol(u, s);
	}
}

static int refresh_params(struct zigts *vm, zigts_val self, const struct url *u)
{
	zigts_val params = zigts_host_slot(self, PARAMS);

	return params == ZIGTS_UNDEF ? 0 : params_refresh(vm, params, query_text(u));
}

static zigts_val set(struct zigts *vm, zigts_val *a, uint32_t argc, enum field f)
{
	struct sv s;
	struct url u = { .port = -1 };
	int err = -1;

	if (!parts_of(vm, a[0]))
		return ZIGTS_EXC;
	s = web_text(vm, ZIGTS_ARG(0));
	if (s.p && zigts_tick(vm, (int64_t)s.n) == 0 && load(vm, a[0], &u)) {
		set_field(&u, f, s);
		err = store(vm, a[0], &u);
		if (err == 0 && f == SEARCH)
			err = refresh_params(vm, a[0], &u);
	}
	url_free(&u);
	return err ? ZIGTS_EXC : ZIGTS_UNDEF;
}

static zigts_val s_protocol(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, PROTOCOL); }
static zigts_val s_username(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, USERNAME); }
static zigts_val s_password(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, PASSWORD); }
static zigts_val s_host(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, HOST); }
static zigts_val s_hostname(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, HOSTNAME); }
static zigts_val s_port(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, PORT); }
static zigts_val s_pathname(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, PATHNAME); }
static zigts_val s_search(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, SEARCH); }
static zigts_val s_hash(struct zigts *vm, zigts_val *a, uint32_t argc) { return set(vm, a, argc, HASH); }

static zigts_val s_href(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct url u = { .port = -1 };
	int r;

	if (!parts_of(vm, a[0]))
		return ZIGTS_EXC;
	r = parse_args(vm, a, argc ? 1 : 0, &u);
	if (r == 0)
		invalid(vm, ZIGTS_ARG(0));
	if (r > 0 && (store(vm, a[0], &u) < 0 || refresh_params(vm, a[0], &u) < 0))
		r = -1;
	url_free(&u);
	return r > 0 ? ZIGTS_UNDEF : ZIGTS_EXC;
}

int url_set_query(struct zigts *vm, zigts_val url, struct sv query)
{
	struct url u;
	int err = -1;

	if (load(vm, url, &u)) {
		u.query.len = 0;
		buf_put_sv(&u.query, query);
		u.has_query = query.n != 0;
		url_strip_opaque_spaces(&u);
		err = store(vm, url, &u);
	}
	url_free(&u);
	return err;
}

/* ---- table -------------------------------------------------------------------- */

static const struct zigts_row rows[] = {
	ZIGTS_STATIC("canParse", 1, EFF_CALLS, s_can_parse),
	ZIGTS_STATIC("parse", 1, EFF_CALLS, s_parse),
	ZIGTS_ACCESSOR("href", EFF_MUT | EFF_CALLS, g_href, s_href),
	ZIGTS_GETTER("origin", EFF_NONE, g_origin),
	ZIGTS_ACCESSOR("protocol", EFF_MUT | EFF_CALLS, g_protocol, s_protocol),
	ZIGTS_ACCESSOR("username", EFF_MUT | EFF_CALLS, g_username, s_username),
	ZIGTS_ACCESSOR("password", EFF_MUT | EFF_CALLS, g_password, s_password),
	ZIGTS_ACCESSOR("host", EFF_MUT | EFF_CALLS, g_host, s_host),
	ZIGTS_ACCESSOR("hostname", EFF_MUT | EFF_CALLS, g_hostname, s_hostname),
	ZIGTS_ACCESSOR("port", EFF_MUT | EFF_CALLS, g_port, s_port),
	ZIGTS_ACCESSOR("pathname", EFF_MUT | EFF_CALLS, g_pathname, s_pathname),
	ZIGTS_ACCESSOR("search", EFF_MUT | EFF_CALLS, g_search, s_search),
	ZIGTS_GETTER("searchParams", EFF_MUT, g_search_params),
	ZIGTS_ACCESSOR("hash", EFF_MUT | EFF_CALLS, g_hash, s_hash),
	ZIGTS_FN("toString", 0, EFF_NONE, g_href),
	ZIGTS_FN("toJSON", 0, EFF_NONE, g_href),
};

static const struct zigts_class url_class = {
	.name = "URL", .payload = sizeof(struct url_parts), .nslots = NSLOTS, .ctor_nargs = 1, .ctor_effect = EFF_CALLS,
	.ctor = construct, .rows = rows, .nrows = sizeof rows / sizeof rows[0],
};

int url_install(struct zigts *vm) { return web_class(vm, &url_class, true, &class_id); }
