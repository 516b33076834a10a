/* parts.h: what the files of worker/host share. Not for others. */
#ifndef WORKER_HOST_PARTS_H
#define WORKER_HOST_PARTS_H

#include "worker/host/host.h"

/* Names read from init objects, made once before the freeze. */
struct host_keys { zigts_key status, status_text, headers, method, body, then, length; };
extern struct host_keys host_key;

int headers_install(struct zigts *vm);
int request_install(struct zigts *vm);
int response_install(struct zigts *vm);
int query_install(struct zigts *vm);
int source_install(struct zigts *vm);
/* A ReadableStream of what the running request's source gives. */
zigts_val source_stream(struct zigts *vm);

/* A Headers object that shows the fields of rq until it is first changed. */
zigts_val headers_of_request(struct zigts *vm, const struct host_request *rq);
/* A new Headers object filled from init (undefined, null, Headers, array of
 * pairs, object). ZIGTS_EXC with a TypeError pending when it cannot be. */
zigts_val headers_from(struct zigts *vm, zigts_val init);
bool headers_is(zigts_val v);
/* From now on changes are a TypeError. */
void headers_seal(struct zigts *vm, zigts_val h);
/* The combined value of a lower-case name; ZIGTS_UNDEF: absent. */
zigts_val headers_value(struct zigts *vm, zigts_val h, struct sv name);
bool headers_has(struct zigts *vm, zigts_val h, struct sv name);
/* name must be lower case. -1: exception. */
int headers_append(struct zigts *vm, zigts_val h, struct sv name, struct sv value);
/* All pairs in order, values as bytes for the wire; the views live until the
 * next call. -1: exception. */
int headers_views(struct zigts *vm, zigts_val h, const struct http_header **out, size_t *n);

/* An object that shows the parameters of a query as properties, percent and +
 * decoded; of duplicate names the first counts, getAll(name) gives all. Class
 * members win over parameters of their name. */
zigts_val query_of_request(struct zigts *vm, const struct host_request *rq);
zigts_val query_of_text(struct zigts *vm, struct sv query);
/* Percent-decoded once. lasts: the bytes of s are no heap memory and stay until
 * the request ends, so a string may borrow them when there is nothing to decode. */
zigts_val percent_decoded(struct zigts *vm, struct sv s, bool plus, bool lasts);

/* Bytes of a header as a string: borrowed when ASCII, else Latin-1. */
zigts_val host_bytes(struct zigts *vm, struct sv s);
/* ToString(v) as a view; p NULL: exception. The bytes are heap memory that only
 * the C stack keeps alive: never store the view elsewhere. The same holds for
 * zigts_scratch, which strings therefore must not borrow from. */
struct sv host_text(struct zigts *vm, zigts_val v);
static inline bool host_nullish(zigts_val v) { return v == ZIGTS_UNDEF || v == ZIGTS_NULL; }

#endif
