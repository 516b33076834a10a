/* route.h: one complete request on its way through the stages that may answer
 * it: health, age in the queue, CORS preflight, static files, quarantine, the
 * handler. */
#ifndef WORKER_ROUTE_H
#define WORKER_ROUTE_H

#include "worker/conn.h"

struct route_request {
	struct net_conn *conn;   /* it came through */
	const struct http_head *head;
	const char *bytes;       /* of the head */
	struct sv body;
	uint64_t ready_ns;       /* when the last of its bytes was there to be read */
	struct static_body file; /* out: a body that goes behind what is in `out` */
	bool keep_alive;         /* in: may stay open; out: stays open */
	bool ran;                /* out: a handler did */
	uint64_t waited_ns;      /* since it was first told to wait */
	bool may_wait, wait;     /* out: nothing was done; serve it again in a moment */
};
/* Appends the whole response to out, all but `file`, and accounts for it. */
void route_serve(struct server *s, struct route_request *rq, struct buf *out);
/* Counts a response of n bytes that no stage made, and writes its line of the
 * access log; h NULL: what came was no request. */
void route_refused(struct server *s, struct net_conn *c, const struct http_head *h, const char *bytes,
		   uint16_t status, size_t n);

#endif
