/* url.h: URLs as the WHATWG URL Standard has them: parser with state override,
 * hosts, percent-encode sets, serialising. Text is UTF-8. Pure functions on malloc'd
 * buffers; a struct url is zeroed by its maker and released with url_free. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* 4.1. The path is kept serialised: "/a/b" has the segments "a" and "b", "" none. */
struct url {
	struct buf scheme, username, password, host, path, query, fragment;
	int32_t port;            /* -1: null */
	bool has_host, has_query, has_fragment;
	bool opaque;             /* the path is opaque: "mailto:x" */
};

/* Where the components stand in the serialisation, as in
 *   https://user:pass@example.com:1234/foo/bar?baz#quux
 *   protocol, user, pass: ends; host: begin and end; path, query, hash: begins
 * An absent part is empty; `query` and `hash` count their ? and #. */
struct url_parts {
	uint32_t protocol_end;                     /* behind the colon */
	uint32_t user, user_end, pass, pass_end;
	uint32_t host, host_end;
	uint32_t port, port_end;                   /* digits */
	uint32_t path, query, hash, end;
};

/* States that a setter starts in (4.4, "state override"). */
enum url_state {
	URL_ALL, URL_SCHEME_START, URL_HOST, URL_HOSTNAME, URL_PORT, URL_PATH_START, URL_QUERY, URL_FRAGMENT
};

/* The basic URL parser (4.4). URL_ALL: *u is empty; base may be NULL. Else *u is the
 * URL that a setter changes; also after a failure it is what the setter leaves. */
bool url_parse(struct url *u, struct sv input, const struct url *base, enum url_state from);
/* Appends the serialisation (4.5); parts may be NULL. */
void url_serialise(const struct url *u, struct buf *out, struct url_parts *parts);
void url_free(struct url *u);

bool url_is_special(const struct url *u);
/* 4.2: no host, an empty one, or file: no credentials nor port can be set. */
bool url_cannot_have_credentials(const struct url *u);
/* Default port of a special scheme, -1: none. */
int url_default_port(struct sv scheme);
/* An opaque path does not end in spaces when nothing follows it (4.6). */
void url_strip_opaque_spaces(struct url *u);

/* Sets of 1.3, each with everything above 0x7E. */
enum url_set {
	URL_SET_C0, URL_SET_FRAGMENT, URL_SET_QUERY, URL_SET_SPECIAL_QUERY, URL_SET_PATH, URL_SET_USERINFO,
	URL_SET_COMPONENT, URL_SET_FORM /* application/x-www-form-urlencoded: a space becomes + */
};
void url_encode(struct buf *out, struct sv s, enum url_set set);
/* Percent-decodes (1.3); malformed sequences stay. */
void url_decode(struct buf *out, struct sv s);

/* url_host.c: the host parser (3.5); appends the serialised host. */
bool url_host_parse(struct sv input, bool special, struct buf *out);

#endif
