/* url.c: zigttp:url, over the URL parser that the class URL uses. Called by scripts. */
#include "base/url.h"
#include "modules/parts.h"

static zigts_val piece(struct zigts *vm, const struct buf *href, uint32_t from, uint32_t to, const char *alone)
{
	if (to - from == 1 && strchr(alone, href->p[from]))     /* "?" of an empty query */
		to = from;
	return zigts_string(vm, href->p + from, to - from);
}

static zigts_val origin_of(struct zigts *vm, const struct url *u, const struct buf *href, const struct url_parts *at)
{
	struct buf b = BUF_INIT;

	if (!url_is_special(u) || sv_eq(buf_sv(&u->scheme), SV("file")))
		return zigts_cstring(vm, "null");
	buf_put(&b, href->p, at->protocol_end);
	buf_puts(&b, "//");
	buf_put(&b, href->p + at->host, at->port_end - at->host);
	return mod_text(vm, &b);
}

static zigts_val parts_of(struct zigts *vm, const struct url *u)
{
	struct buf h = BUF_INIT;
	struct url_parts at;
	zigts_val o = zigts_object(vm);
	uint32_t host_end;
	bool bad;

	url_serialise(u, &h, &at);
	host_end = at.port_end > at.host_end ? at.port_end : at.host_end;
	bad = o == ZIGTS_EXC || mod_put(vm, o, "href", piece(vm, &h, 0, at.end, "")) < 0 ||
		mod_put(vm, o, "protocol", piece(vm, &h, 0, at.protocol_end, "")) < 0 ||
		mod_put(vm, o, "username", piece(vm, &h, at.user, at.user_end, "")) < 0 ||
		mod_put(vm, o, "password", piece(vm, &h, at.pass, at.pass_end, "")) < 0 ||
		mod_put(vm, o, "host", piece(vm, &h, at.host, host_end, "")) < 0 ||
		mod_put(vm, o, "hostname", piece(vm, &h, at.host, at.host_end, "")) < 0 ||
		mod_put(vm, o, "port", piece(vm, &h, at.port, at.port_end, "")) < 0 ||
		mod_put(vm, o, "pathname", piece(vm, &h, at.path, at.query, "")) < 0 ||
		mod_put(vm, o, "search", piece(vm, &h, at.query, at.hash, "?")) < 0 ||
		mod_put(vm, o, "hash", piece(vm, &h, at.hash, at.end, "#")) < 0 ||
		mod_put(vm, o, "origin", origin_of(vm, u, &h, &at)) < 0;
	buf_free(&h);
	return bad ? ZIGTS_EXC : o;
}

/* The base's text is copied: making text of the URL may run JavaScript. */
zigts_val url_parse_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct url base = { .port = -1 }, u = { .port = -1 };
	bool has_base = !mod_nullish(ZIGTS_ARG(1)), fine = true;
	zigts_val r = ZIGTS_UNDEF;
	struct sv s;

	if (has_base) {
		s = web_text(vm, ZIGTS_ARG(1));
		if (!s.p)
			return ZIGTS_EXC;
		fine = url_parse(&base, s, NULL, URL_ALL);
	}
	s = web_text(vm, ZIGTS_ARG(0));
	if (!s.p)
		r = ZIGTS_EXC;
	else if (fine && url_parse(&u, s, has_base ? &base : NULL, URL_ALL))
		r = parts_of(vm, &u);
	url_free(&base);
	url_free(&u);
	return r;
}

zigts_val url_search_params(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv q = web_text(vm, ZIGTS_ARG(0));
	zigts_val o = zigts_object(vm);

	return !q.p || o == ZIGTS_EXC || mod_add_query(vm, o, q) < 0 ? ZIGTS_EXC : o;
}

zigts_val url_encode_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	struct buf b = BUF_INIT;

	if (!s.p)
		return ZIGTS_EXC;
	url_encode(&b, s, URL_SET_COMPONENT);
	return mod_text(vm, &b);
}

zigts_val url_decode_text(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	struct buf b = BUF_INIT;

	if (!s.p)
		return ZIGTS_EXC;
	url_decode(&b, s);
	return mod_text(vm, &b);
}
