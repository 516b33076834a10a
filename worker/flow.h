/* flow.h: the connection's side of a response whose body comes piece by piece while
 * its handler runs on: pieces become chunks (RFC 9112 7.1), or bytes until the
 * connection closes where the client speaks HTTP/1.0. */
#ifndef WORKER_FLOW_H
#define WORKER_FLOW_H

#include "worker/conn.h"

struct flow {
	bool chunked;
	bool begun;             /* something has left: the head cannot be taken back */
	bool ending;            /* what comes last goes the way of all responses */
	struct buf more;        /* behind what is being sent */
	uint64_t bytes;         /* of the whole response */
};

/* The response that runs on c is a stream, whose head of n bytes lies in c's out. */
void flow_begin(struct server *s, struct conn *c, size_t head, bool chunked);
void flow_put(struct server *s, struct conn *c, const char *p, size_t n);
/* Is as much under way, and waiting behind it, as should be? Sees to it that what
 * lies there is being sent. */
bool flow_full(struct server *s, struct conn *c);
/* Sends what there is; before waiting. */
void flow_push(struct server *s, struct conn *c);
/* NET_SENT came. */
void flow_sent(struct server *s, struct conn *c);
/* No piece comes any more: true while some are still being sent and must be waited
 * for; then the rest lies in c's out. */
bool flow_ends(struct server *s, struct conn *c);
/* The response is incomplete: its connection shows it. */
void flow_cut(struct server *s, struct conn *c);
void flow_free(struct conn *c);

#endif
