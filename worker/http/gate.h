/* gate.h: the strict gate: one pass over the raw bytes of a request head that
 * decides, before any other parser sees them, whether they are one well-formed
 * HTTP/1 head (RFC 9112, narrowed where peers disagree), and leaves views.
 *
 * A pure function of the byte stream: no I/O, no allocation, and the verdict
 * depends only on the bytes up to the first violation, so every way of
 * splitting the input gives the same verdict. */
#ifndef WORKER_HTTP_GATE_H
#define WORKER_HTTP_GATE_H

#include <http_parser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

#define HTTP_HEAD_MAX    16384  /* beyond: 431 */
#define HTTP_TARGET_MAX  8192   /* beyond: 414 */
#define HTTP_HEADERS_MAX 100    /* beyond: 431 */

enum gate_verdict { GATE_MORE, GATE_DONE, GATE_BAD };

/* A range of the head, as offsets from its first byte. */
struct http_range { uint16_t at, n; };
struct http_field { struct http_range name, value; };

/* Everything but `field` is cleared by gate_init; offsets stay valid when the
 * bytes move. Valid as a request only after GATE_DONE. */
struct http_head {
	/* where the scan stands */
	uint16_t pos, mark;
	uint8_t phase;
	/* GATE_BAD: what to answer, and why in words */
	uint16_t status;
	const char *why;
	/* the request */
	uint16_t start;          /* after an optional leading CRLF */
	uint16_t size;           /* bytes up to and with the empty line */
	uint8_t method;          /* enum http_method */
	uint8_t minor;           /* HTTP/1.minor */
	bool keep_alive;
	bool expect_continue;
	bool has_query, has_length, has_te, is_chunked, percent, absolute;
	bool conn_close, conn_keep, preface;
	uint8_t nhost;
	struct http_range method_text, target, path, query, authority, host;
	uint64_t content_length;
	uint16_t nfields;
	struct http_field field[HTTP_HEADERS_MAX];
};

void gate_init(struct http_head *h);
/* Looks at bytes p[0..n), which begin where the head begins and contain every
 * byte given before (perhaps at another address). */
enum gate_verdict gate_feed(struct http_head *h, const char *p, size_t n);

static inline struct sv http_view(const char *head, struct http_range r)
{
	return (struct sv){ head + r.at, r.n };
}

/* Is c allowed in a header name or method (RFC 9110 5.6.2 tchar)? */
bool http_is_tchar(unsigned char c);

/* The second opinion: does http-parser read the same request out of the head
 * that the gate accepted (method, version, target, every field, framing, and
 * where the head ends)? */
bool gate_second_opinion(const struct http_head *h, const char *p);

#endif
