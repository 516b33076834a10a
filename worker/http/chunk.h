/* chunk.h: the decoder of chunked request bodies (RFC 9112 7.1), as strict as
 * the gate: exact CRLFs, no blanks beside the size, legal extensions only, and
 * trailers that are checked like headers and then dropped.
 *
 * A pure function of the byte stream: no I/O, no allocation, and the verdict
 * depends only on the bytes up to the first violation. It keeps no pointers, so
 * the bytes may move between two calls. */
#ifndef WORKER_HTTP_CHUNK_H
#define WORKER_HTTP_CHUNK_H

#include "worker/http/gate.h"

#define CHUNK_DIGITS_MAX   8      /* of a size; leading zeros count */
#define CHUNK_EXT_MAX      256    /* bytes of extensions on one line */
#define CHUNK_EXT_BODY_MAX 4096   /* …and of one body */
#define CHUNK_SLACK        16384  /* bytes that are not data: so many are free, */
#define CHUNK_RATIO        4      /* then at most so many per byte of data */

struct chunk {
	uint8_t phase, digits;
	uint8_t name_n;           /* trailer name so far, as far as it is kept */
	uint16_t ext, nfields;    /* extension bytes of this line; trailers */
	uint16_t ext_total;
	uint16_t trailer;         /* bytes of the trailer section */
	uint16_t status;          /* GATE_BAD: what to answer, and why */
	const char *why;
	uint64_t left;            /* data of this chunk that has not come */
	uint64_t data, wire;      /* decoded so far; bytes looked at */
	uint64_t limit;           /* of data; beyond: 413 */
	char name[24];            /* longest forbidden trailer name fits */
};

void chunk_init(struct chunk *d, uint64_t limit);
/* Decodes in[0..n), which follow the bytes given before. Data bytes are moved
 * to out (which may be `in` itself, or lie before it), *made of them.
 * GATE_MORE: all n are used. GATE_DONE: *used of them belong to the body; what
 * follows is the next request. GATE_BAD: d->status says what to answer; nothing
 * decoded may be used. */
enum gate_verdict chunk_feed(struct chunk *d, const char *in, size_t n, char *out, size_t *used, size_t *made);

#endif
