/* cacheview.h: the response cache as the operator sees it: figures, and what it
 * makes of one request. Reads shared memory without a lock; believes nothing it
 * finds there. Called by the control socket. */
#ifndef SUPERVISOR_CACHEVIEW_H
#define SUPERVISOR_CACHEVIEW_H

#include "shm/answers.h"
#include "shm/kv.h"
#include "shm/layout.h"
#include "supervisor/ctl_protocol.h"
#include "worker/settings.h"

#define CACHEVIEW_FIELDS 100     /* header fields of a request that is explained */

/* Adds the figures of the cache, and what the workers have counted, to o. */
void cacheview_stats(struct shm_header *shm, const struct cache *c, struct ctl_out *o);

/* Adds the figures of a store of shm/kv.h as a map under `name`. */
void cacheview_state(const struct kv *k, const char *name, struct ctl_out *o);

/* A GET request that somebody asks about. Its texts lie in the question. */
struct cacheview_request {
	struct deps_input in;
	struct deps_pair field[CACHEVIEW_FIELDS];
	uint64_t instance;       /* of the handlers that serve */
	int app;
};
/* Reads { target: "/path?query", headers: [name, value, …] } and finds out which
 * app it is for. NULL, or why it cannot be answered. */
const char *cacheview_ask(struct shm_header *shm, const struct settings *set, const msgpack_object *question,
			  struct cacheview_request *rq);
/* Adds to o what the cache knows of the request's path: why responses were not
 * kept, and for each read set what it asks, what the request answers, and
 * whether there is a response under these answers. */
void cacheview_explain(struct cache *c, const struct settings *set, const struct cacheview_request *rq,
		       struct ctl_out *o);

#endif
