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
struct host_source;
struct host_request {
	const struct http_head *head;
	const char *bytes;       /* of the head */
	struct sv body;
	bool has_body;           /* false: request.body is null */
	bool absolute_url;       /* { fetch } handlers: request.url is absolute */
	struct deps *deps;       /* where reads are noted; NULL: nowhere */
	const struct host_source *source; /* of the rest of the body; NULL: `body` is all */
	zigts_val *pull;         /* a local of the caller's: the promise that waits for its bytes */
	zigts_val *signal;       /* a local of the caller's, undefined: where the Request leaves
	                          * its AbortSignal when that is first asked for; NULL: nowhere */
};

/* Defines the classes: the first thing done to each VM of the process. -1: a
 * name clashes. */
int host_install(struct zigts *vm);
/* rq as the dependency trace sees it; valid as long as rq and out are. */
struct host_input { struct deps_input in; struct deps_pair field[HTTP_HEADERS_MAX]; };
void host_request_input(const struct host_request *rq, struct host_input *out);
/* The Request object of rq; ZIGTS_EXC when memory is out. */
zigts_val host_request_object(struct zigts *vm, const struct host_request *rq);

/* The rest of a body that is not complete when the handler starts. get: 1: *out has
 * bytes, valid until the next call; 0: wait, and ask again; 2: the end; -1: no more
 * will come. ended: all of it has arrived. */
struct host_source {
	int (*get)(void *u, struct sv *out);
	bool (*ended)(void *u);
	void *u;
};
/* After each turn of the event loop: hands on what the Request's body waits for. -1: the
 * VM terminates. */
int host_source_turn(struct zigts *vm, const struct host_request *rq);

enum host_result {
	HOST_REPLY,      /* *r is filled; its views live until zigts_end */
	HOST_UNUSABLE,   /* not a Response, string, plain object or array */
	HOST_PROMISE,    /* a thenable: the caller waits for it */
	HOST_THROWN      /* an exception is pending */
};
/* What a handler returned, as a response (status, content_type, headers and
 * body of *r are set, the rest is left). r->streamed: its body is host_reply_stream,
 * for host_drain. */
enum host_result host_reply(struct zigts *vm, zigts_val v, struct http_reply *r);
zigts_val host_reply_stream(struct zigts *vm, zigts_val v);

/* ---- bodies that are streams ---- */

/* An object that can be read like a ReadableStream. */
bool host_is_stream(struct zigts *vm, zigts_val v);
/* Where its pieces go. turn: zigts_turn. full: wait rather than put more. gone:
 * nobody wants the rest. sending: nothing more is put; true while it is still to be
 * waited for. */
struct host_sink {
	int (*turn)(void *of);
	void *of;
	void (*put)(void *u, const char *p, size_t n);
	bool (*full)(void *u), (*gone)(void *u), (*sending)(void *u);
	void *u;
};
enum host_drained {
	DRAIN_ALL, DRAIN_GONE,
	DRAIN_FAILED,    /* with *reason */
	DRAIN_STUCK,     /* it waits for what will never happen */
	DRAIN_THROWN     /* an exception is pending, or the VM terminates */
};
/* Reads the stream to its end; without reading it is cancelled if it is not wanted.
 * The limits of time count anew from each piece that was made or taken. */
enum host_drained host_drain(struct zigts *vm, zigts_val stream, bool wanted, const struct host_sink *sink,
			     zigts_val *reason);
/* Aborts request.signal, if it was asked for. -1: the VM terminates. */
int host_request_abort(struct zigts *vm, const struct host_request *rq);

#endif
