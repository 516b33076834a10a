/* conn.h: one client connection as HTTP/1: bytes become requests, requests go
 * to dispatch one after the other, responses go out in order. */
#ifndef WORKER_CONN_H
#define WORKER_CONN_H

#include "base/hash.h"
#include "shm/layout.h"
#include "worker/dispatch.h"
#include "worker/http/chunk.h"
#include "worker/http/statics.h"
#include "worker/net/net.h"

#define LINGER_NS (2ull * 1000000000)

/* The worker as its connections see it. */
struct server {
	struct net *net;
	struct app *app;
	struct statics *statics; /* NULL: none */
	struct shm_header *shm;
	struct shm_slot *slot;
	const struct settings *set;
	struct sv health_path, ready_path; /* views of the settings */
	struct hash_key key;    /* of request hashes: the same in every worker */
	bool draining;          /* every response closes its connection */
	uint64_t linger_ns;
	uint64_t served_ns;     /* end of the last request */
	struct conn *serving;   /* whose request runs; NULL */
	size_t answered;        /* …and what lay in its `out` before */
	uint32_t parked;        /* connections that wait so */
	uint64_t late_until;    /* requests may have waited long in the kernel */
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
	struct chunk *chunk;    /* by malloc while a chunked body is decoded; NULL */
	size_t decoded;         /* its bytes so far: they lie behind the head in `in`,
	                         * and raw bytes behind them */
	uint64_t body_began, body_got; /* since then, bytes of the body as sent */
	bool has_file;          /* `file` follows what is in `out` */
	struct static_body file; /* its pin is held until it has been sent */
	uint64_t parked_ns;     /* since then its first request waits for another worker
	                         * that makes the same response; 0: it does not */
	struct upload *upload;  /* by malloc while a request runs whose body still comes; NULL */
	bool early;             /* …served since consume began */
	struct flow *flow;      /* by malloc while a streamed response is made; NULL */
	bool ending;            /* after the bytes in `out`: close */
	bool lingers;           /* …after discarding what still comes */
	bool eof;               /* the peer will send no more */
	bool gone;              /* …and that while its request waited: nobody wants the rest */
	bool cut;               /* a response could not be completed: to be closed at once */
	uint64_t gone_ns;       /* since then */
	bool peer_known;
	uint32_t peer;          /* key of its address, counted in the slot; 0: not */
};

/* Readies what the stages need of the settings; before the first connection. */
void conn_server_init(struct server *s, const struct hash_key *key);
void conn_data(struct server *s, struct conn *c, const char *p, size_t n);
/* A connection that a sibling had, with the bytes that it had read of it. */
void conn_adopted(struct server *s, struct conn *c, const char *p, size_t n);
/* At every tick: connections that have said nothing yet are counted as well. */
void conn_census(struct server *s);
void conn_sent(struct server *s, struct conn *c);
void conn_eof(struct server *s, struct conn *c);
void conn_timeout(struct server *s, struct conn *c);
/* From time to time while s->parked: asks again for those that wait. */
void conn_unpark(struct server *s);
/* Frees what is ours of a connection that the net closes or gives away next. */
void conn_forget(struct server *s, struct conn *c);
/* Idle: no request begun, nothing to send. */
bool conn_is_idle(const struct conn *c);

#endif
