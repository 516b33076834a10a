/* control.h: the control socket: what zigttpctl talks to. Only root and the
 * user that the supervisor runs as are heard. */
#ifndef SUPERVISOR_CONTROL_H
#define SUPERVISOR_CONTROL_H

#include "base/buf.h"
#include "supervisor/pool.h"

struct control;

struct control_config {
	struct ev_loop *loop;
	struct shm_header *shm;
	struct cache *cache;     /* NULL: none */
	const struct kv *state, *rates;
	const char *path;        /* of the socket; NULL: the default for this port */
	const char *address;     /* "127.0.0.1:8080", for status */
	uint16_t port;           /* 0: no TCP listener */
};

/* Binds the socket (mode 0600), in place of one that a dead server left behind,
 * and listens. Texts of the configuration live as long as it does. False: *out
 * is NULL and err says why; errno is EADDRINUSE when another server has it. */
bool control_open(const struct control_config *cfg, struct control **out, struct buf *err);
/* From now on clients are heard; those that have come before wait. */
void control_start(struct control *c, struct pool *pool);
const char *control_path(const struct control *c);
/* Ends all conversations and removes the socket. NULL is allowed. */
void control_close(struct control **c);

#endif
