/* memo.h: answers from the shared response cache, and what it learns. A response
 * is kept when the run that made it had no effect that matters; it is given to
 * every request that would have given the same answers to the questions which
 * that run asked (doc/EFFECTS.md). A hit never enters a VM.
 *
 * One request at a time: memo_find, then (unless it was answered) the handler
 * with memo_reply before its reply is written, then memo_end. */
#ifndef WORKER_MEMO_H
#define WORKER_MEMO_H

#include "worker/conn.h"
#include "worker/route.h"

/* In the worker, after fork. */
void memo_init(const struct heritage *h, struct server *s);

enum memo_verdict {
	MEMO_ANSWERED,  /* out has the response, *status its status */
	MEMO_WAIT,      /* another worker makes this response: ask again soon */
	MEMO_RUN        /* run the handler */
};
/* app: the number of the app that the request is for. waited_ns: how long it has
 * been told MEMO_WAIT. */
enum memo_verdict memo_find(struct route_request *rq, uint32_t app, uint64_t waited_ns, struct buf *out,
			    uint16_t *status);
/* Where the handler's questions are noted; NULL: nowhere. */
struct deps *memo_deps(void);
/* The handler's reply, before it is written and while its views live: stores it
 * when that is sound, gives it validators, makes it a 304 when the request has
 * it already. where: says where effect `bit` was met ("file:line:col"). */
void memo_reply(struct http_reply *r, uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n), void *u);
/* The handler waits. If its response is not kept already for what it has done, nobody
 * needs to wait for it. */
void memo_waits(uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n), void *u);
/* Always after the handler. */
void memo_end(void);

#endif
