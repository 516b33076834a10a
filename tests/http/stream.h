/* stream.h: a connection's bytes through the gate, the second opinion and the
 * chunk decoder, as the server uses them but without sockets or a handler. */
#ifndef TESTS_HTTP_STREAM_H
#define TESTS_HTTP_STREAM_H

#include <stddef.h>

#include "base/buf.h"
#include "worker/http/chunk.h"

struct stream {
	struct buf in;           /* what is not used up */
	struct http_head head;
	struct chunk chunk;
	size_t at;               /* of the body's raw bytes, in `in` */
	bool has_head, over;
	uint64_t body_max;
	size_t decoded;          /* bytes of all bodies */
	char said[256];          /* the words of wire_cases.def so far */
};

void stream_init(struct stream *s, uint64_t body_max);
void stream_feed(struct stream *s, const char *p, size_t n);
/* Adds `wait` when something is unfinished; releases the memory; the words. */
const char *stream_end(struct stream *s);

#endif
