/* reply.h: writing responses. The only place that puts response bytes on the
 * wire, so the only place that checks them. */
#ifndef WORKER_HTTP_REPLY_H
#define WORKER_HTTP_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

struct http_header { struct sv name, value; };

/* Everything is a view that must live until reply_write returns. */
struct http_reply {
	uint16_t status;             /* 200..599, or 100 */
	struct sv reason;            /* empty: the standard phrase */
	struct sv content_type;      /* empty: none; not also in headers */
	const struct http_header *headers;
	size_t nheaders;
	struct sv etag, vary;        /* empty: none; the value of Vary is added to the
	                              * handler's own */
	struct sv body;
	bool streamed;               /* a body of unknown length comes behind the head: in
	                              * chunks, or (HTTP/1.0) up to the end of the connection */
	bool head_only;              /* answers HEAD: lengths as for GET, no bytes */
	bool keep_alive;             /* in: allowed; out: a header "Connection:
	                              * close" of the handler clears it */
	bool http10;                 /* say "Connection: keep-alive" when kept */
};

/* Appends the whole response. Content-Length, Connection and Date are ours
 * (Date gives way to the handler's); hop-by-hop headers of the handler are
 * dropped. -1: a header is illegal (*bad names it) and nothing was appended. */
int reply_write(struct buf *out, struct http_reply *r, int64_t wall_seconds, struct sv *bad);
/* Appends the lines of Content-Type, the handler's headers, ETag and Vary as
 * reply_write has them. For a 304 without what describes the body. */
void reply_fields(struct buf *out, const struct http_reply *r);
/* A 304 does not describe a body that it does not have (RFC 9110 15.4.5): it
 * goes without the headers of these names. */
bool reply_describes_body(struct sv name);
/* A head whose header fields are ready made, each with its CRLF: status line,
 * Date, a, b, Connection, empty line. Makes room for `body` more bytes. */
void reply_head(struct buf *out, uint16_t status, struct sv a, struct sv b, bool keep_alive, bool http10,
		int64_t wall_seconds, size_t body);
/* A short text/plain answer to what went wrong. */
void reply_error(struct buf *out, uint16_t status, bool keep_alive, bool head_only, int64_t wall_seconds);
/* 503 with Retry-After. */
void reply_busy(struct buf *out, bool keep_alive, bool head_only, int64_t wall_seconds);
/* From now on every response of this process that does not say otherwise
 * allows every origin (Fetch standard, CORS protocol). */
void reply_allow_origins(bool all);
/* The standard phrase; "" for an unknown code. */
const char *reply_reason(uint16_t status);

/* Pieces of a head: each writes at `at`, where there must be room (20 bytes for a
 * number), and returns where it ended. */
static inline char *reply_put(char *at, struct sv s)
{
	if (s.n != 0) /* an empty view may have no address */
		memcpy(at, s.p, s.n);
	return at + s.n;
}
char *reply_put_number(char *at, uint64_t v);

bool http_value_valid(struct sv v);  /* no CR, LF, NUL or other control but HTAB */
bool http_name_valid(struct sv name);

#endif
