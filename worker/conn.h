/* conn.h: one client connection as HTTP/1: bytes become requests, requests go
 * to dispatch one after the other, responses go out in order. */
#ifndef WORKER_CONN_H
#define WORKER_CONN_H

#include "shm/layout.h"
#include "worker/dispatch.h"
#include "worker/net/net.h"

#define LINGER_NS (2ull * 1000000000)

/* The worker as its connections see it. */
struct server {
	struct net *net;
	struct app *app;
	struct shm_slot *slot;
	const struct settings *set;
	bool draining;          /* every response closes its connection */
	uint64_t linger_ns;
	uint64_t served_ns;     /* end of the last request */
	struct http_head head;  /* of the request being read, while it is whole */
};

struct conn {
	struct net_conn net;    /* first */
	struct buf in;          /* bytes that wait: part of a request, or requests
	                         * behind a response that is still being sent */
	size_t in_used;         /* of them, already served */
	struct http_head *head; /* of an unfinished request, by malloc; NULL */
	bool head_done;         /* *head is whole; its body is awaited */
	bool continued;         /* 100 Continue was sent for it */
	bool ending;            /* after the bytes in `out`: close */
	bool lingers;           /* …after discarding what still comes */
	bool eof;               /* the peer will send no more */
};

void conn_data(struct server *s, struct conn *c, const char *p, size_t n);
void conn_sent(struct server *s, struct conn *c);
void conn_eof(struct server *s, struct conn *c);
void conn_timeout(struct server *s, struct conn *c);
/* Idle: no request begun, nothing to send. */
bool conn_is_idle(const struct conn *c);

#endif
