/* upload.h: a request's body that arrives while its handler runs already: what has
 * come and was not asked for yet, and what came behind it. Bytes are read from the
 * connection only while the handler asks for them. */
#ifndef WORKER_UPLOAD_H
#define WORKER_UPLOAD_H

#include "worker/conn.h"

struct upload {
	struct buf got;         /* of the body; `taken` of it were given to the handler */
	size_t taken;
	struct buf rest;        /* what came behind the body */
	struct chunk *chunk;    /* the connection's decoder; NULL: `left` counts */
	uint64_t left;          /* still to come */
	uint64_t began;         /* asked for since then; 0: not asked for */
	uint64_t waited, total; /* time that was spent so; bytes of the body so far */
	bool expects;           /* 100 Continue is due when it is first asked for */
	bool ended, failed;
};

/* Is this a body to be streamed to its handler, `have` bytes of it being here? */
bool upload_due(const struct server *s, const struct conn *c, const struct http_head *h, const char *bytes, size_t have);
/* c's request is served from now on with its body incomplete; body: what is here. */
void upload_begin(struct server *s, struct conn *c, const struct http_head *h, struct sv body);
/* NET_DATA. */
void upload_feed(struct server *s, struct conn *c, const char *p, size_t n);
/* The handler asks: 1: *out has bytes, valid until the next call; 0: they are to be
 * waited for; 2: the end; -1: no more will come, the client being too slow, gone or
 * wrong. */
int upload_get(struct server *s, struct conn *c, struct sv *out);
/* Is the handler waiting for bytes? Until when at most. */
bool upload_wanted(const struct conn *c);
uint64_t upload_deadline(const struct server *s, const struct conn *c);
/* The request is over. False: not all of its body was read, so the connection ends;
 * else what came behind the body now lies in c->in, which held nothing. */
bool upload_finish(struct conn *c);
void upload_free(struct conn *c);

#endif
