/* host.h: what JavaScript sees of HTTP: Request, Response, Headers. Called by
 * the zygote (host_install, before the freeze) and by dispatch (the rest).
 * One VM runs at a time; what all of them have in common is kept here. */
#ifndef WORKER_HOST_HOST_H
#define WORKER_HOST_HOST_H

#include <stdbool.h>

#include "base/sv.h"
#include "engine/include/zigts.h"
#include "shm/deps.h"
#include "worker/http/gate.h"
#include "worker/http/reply.h"

/* The request being served. Everything stays valid until zigts_end; strings
 * handed to JavaScript borrow from it. */
struct host_request {
	const struct http_head *head;
	const char *bytes;       /* of the head */
	struct sv body;
	bool has_body;           /* false: request.body is null */
	bool absolute_url;       /* { fetch } handlers: request.url is absolute */
	struct deps *deps;       /* where reads are noted; NULL: nowhere */
};

/* Defines the classes: the first thing done to each VM of the process. -1: a
 * name clashes. */
int host_install(struct zigts *vm);
/* rq as the dependency trace sees it; valid as long as rq and out are. */
struct host_input { struct deps_input in; struct deps_pair field[HTTP_HEADERS_MAX]; };
void host_request_input(const struct host_request *rq, struct host_input *out);
/* The Request object of rq; ZIGTS_EXC when memory is out. */
zigts_val host_request_object(struct zigts *vm, const struct host_request *rq);

enum host_result {
	HOST_REPLY,      /* *r is filled; its views live until zigts_end */
	HOST_UNUSABLE,   /* not a Response, string, plain object or array */
	HOST_PROMISE,    /* a thenable: the caller waits for it */
	HOST_THROWN      /* an exception is pending */
};
/* What a handler returned, as a response (status, content_type, headers and
 * body of *r are set, the rest is left). */
enum host_result host_reply(struct zigts *vm, zigts_val v, struct http_reply *r);

#endif
