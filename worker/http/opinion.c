/* opinion.c: Debian's http-parser as a second reader of a head that the gate
 * accepted. It is built non-strict, so it never decides alone; what counts is
 * that both read the same request. Pure. */
#include <stdint.h>

#include "base/check.h"
#include "worker/http/gate.h"

struct opinion {
	const struct http_head *h;
	const char *p;
	unsigned names, values, targets;
	bool differs;
};

static void compare(struct opinion *o, struct http_range ours, const char *at, size_t n)
{
	o->differs |= at != o->p + ours.at || n != ours.n;
}

static int on_url(http_parser *ps, const char *at, size_t n)
{
	struct opinion *o = ps->data;

	o->targets++;
	compare(o, o->h->target, at, n);
	return 0;
}

static int on_name(http_parser *ps, const char *at, size_t n)
{
	struct opinion *o = ps->data;

	if (o->names == o->h->nfields)
		return 1;
	compare(o, o->h->field[o->names++].name, at, n);
	return 0;
}

static int on_value(http_parser *ps, const char *at, size_t n)
{
	struct opinion *o = ps->data;
	struct sv v = sv_trim_ows((struct sv){ at, n });

	if (o->values == o->h->nfields)
		return 1;
	if (v.n == 0) /* where an empty value begins is nobody's concern */
		o->differs |= o->h->field[o->values].value.n != 0;
	else
		compare(o, o->h->field[o->values].value, v.p, v.n);
	o->values++;
	return 0;
}

static int on_headers_complete(http_parser *ps)
{
	ps->upgrade = 0; /* set by any Upgrade header; never acted upon */
	return 1;        /* bodies are ours: skip */
}

static int on_message_complete(http_parser *ps)
{
	http_parser_pause(ps, 1);
	return 0;
}

static const http_parser_settings settings = {
	.on_url = on_url,
	.on_header_field = on_name,
	.on_header_value = on_value,
	.on_headers_complete = on_headers_complete,
	.on_message_complete = on_message_complete,
};

bool gate_second_opinion(const struct http_head *h, const char *p)
{
	struct opinion o = { .h = h, .p = p };
	size_t n = (size_t)h->size - h->start;
	http_parser ps;

	http_parser_init(&ps, HTTP_REQUEST);
	ps.data = &o;
	if (http_parser_execute(&ps, &settings, p + h->start, n) != n)
		return false;
	return HTTP_PARSER_ERRNO(&ps) == HPE_PAUSED && !o.differs && o.targets == 1 &&
	       o.names == h->nfields && o.values == h->nfields && ps.method == h->method &&
	       ps.http_major == 1 && ps.http_minor == h->minor &&
	       ps.content_length == (h->has_length ? h->content_length : UINT64_MAX) &&
	       ((ps.flags & F_CHUNKED) != 0) == h->has_te;
}
