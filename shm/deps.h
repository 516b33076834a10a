/* deps.h: what one request's handler has asked of its request (the dependency
 * trace, doc/EFFECTS.md). Every getter that hands out request data notes it
 * here; "absent" is an answer like any other. Together with the engine's taint
 * this is everything that a response can depend on.
 *
 * A read set is the same thing without the request: which questions were asked.
 * Two requests that give the same answers to the questions of a run without
 * taint get the same response. deps_key writes a request's answers as bytes:
 * equal bytes, equal answers.
 *
 * Plain data without pointers, so that a read set can lie in shared memory. */
#ifndef SHM_DEPS_H
#define SHM_DEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

enum deps_field {
	DEP_METHOD = 1,
	DEP_ORIGIN = 2,       /* what stands before the path of an absolute target; with path,
	                       * query and Host: the whole URL */
	DEP_PATH = 4,
	DEP_QUERY_ALL = 8,
	DEP_HEADERS_ALL = 16,
	DEP_BODY = 32,
	DEP_PEER = 64,        /* the client's address */
};
enum deps_kind { DEP_PARAM = 1, DEP_HEADER };

#define DEPS_MORE 24
#define DEPS_TEXT 512

struct deps {
	uint32_t fields;      /* enum deps_field */
	uint32_t headers;     /* bit i: row i of deps.def */
	uint16_t n, text_n;
	/* Single query parameters (decoded names) and further headers (lower
	 * case). More than fit: the _ALL bit. Only the first n and text_n count. */
	struct { uint8_t kind; uint8_t pad; uint16_t at, len; } more[DEPS_MORE];
	char text[DEPS_TEXT];
};

static inline void deps_clear(struct deps *d)
{
	d->fields = d->headers = 0;
	d->n = d->text_n = 0;
}

/* d may be NULL in both: nobody traces. */
static inline void deps_note(struct deps *d, enum deps_field f)
{
	if (d)
		d->fields |= f;
}
/* name: lower case for headers, decoded for parameters. */
void deps_header(struct deps *d, struct sv name);
void deps_param(struct deps *d, struct sv name);

/* Brings the questions into one order and drops those that an _ALL covers, so
 * that equal sets are equal bytes (deps_size of them). */
void deps_canonical(struct deps *d);
size_t deps_size(const struct deps *d);
bool deps_equal(const struct deps *a, const struct deps *b);
/* Is d, found in shared memory, well-formed? */
bool deps_valid(const struct deps *d);
/* Does the set ask for this header (lower case)? HEADERS_ALL counts. */
bool deps_asks(const struct deps *d, struct sv header);
/* The names of the headers asked for, for Vary: appended to out, separated by
 * ", "; "*" for all. */
void deps_vary(const struct deps *d, struct buf *out);

/* A request as the questions see it. Views of undecoded bytes. */
struct deps_pair { struct sv name, value; };
struct deps_input {
	struct sv method, origin, path, query, body, peer;
	bool has_query;
	uint32_t nfields;
	const struct deps_pair *field; /* header names in any case */
};
/* Appends the answers of a request to the questions of a canonical d. */
void deps_key(const struct deps *d, const struct deps_input *in, struct buf *out);
/* The same for people, a line each: "header accept: text/html". */
void deps_explain(const struct deps *d, const struct deps_input *in, struct buf *out);

#endif
