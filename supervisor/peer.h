/* peer.h: a few slow conversations in the supervisor's loop: accepted from one
 * listener, buffered both ways, bounded in number, size and time. Nothing here
 * blocks, whatever the other side does. */
#ifndef SUPERVISOR_PEER_H
#define SUPERVISOR_PEER_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct peer {
	struct peers *all;
	struct peer *next;
	int fd;
	bool ending;             /* closed once `out` is sent */
	bool held;               /* its answer is still to come: no deadline, no reading */
	struct buf in, out;
	size_t sent;
	void *user;
	ev_io io;
	ev_timer patience;
};

struct peers {
	/* Filled in by the caller. */
	struct ev_loop *loop;
	int listen_fd;           /* non-blocking; stays the caller's */
	uint32_t max;            /* at a time; more are closed at once */
	size_t in_max;           /* unread bytes of one */
	double patience_s;       /* from one exchange to the next */
	void (*data)(struct peer *p);  /* p->in has grown; may call peer_* */
	void (*gone)(struct peer *p);  /* about to be freed; NULL */
	void *user;
	/* Their own. */
	uint32_t count;
	struct peer *first;
	ev_io io;
	ev_timer pause;
};

void peers_start(struct peers *l);
/* Ends all of them. */
void peers_stop(struct peers *l);
/* Takes n bytes off p->in. */
void peer_used(struct peer *p, size_t n);
/* Something was put into p->out: send what can be sent at once, the rest later.
 * p may be freed by it only after the present callback. */
void peer_send(struct peer *p);
/* Close when p->out is sent. */
void peer_end(struct peer *p);
/* Hold: the answer comes later. false: it is there; what has arrived meanwhile
 * is looked at. */
void peer_hold(struct peer *p, bool on);

#endif
