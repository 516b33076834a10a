/* listen.h: the listening socket. Bound once and kept for the supervisor's
 * whole life; workers inherit it. */
#ifndef SUPERVISOR_LISTEN_H
#define SUPERVISOR_LISTEN_H

#include <stdint.h>

/* Takes an inherited socket of that address, or binds and listens (non-blocking, close-on-exec, no delay). *port: in the
 * wish, 0 for any; out what was bound. Returns the descriptor, or the negated
 * exit code after the reason was printed: 69 busy (with the owner's name where
 * it can be told), 77 not permitted, 64 no such host, 71 otherwise. */
int listen_open(const char *host, uint16_t *port);
/* Before the workers are told to drain: no new connection is begun any more,
 * handshakes under way finish. A client's SYN stays unanswered, so it is sent
 * again: it reaches the next server on this port, or is refused when there is
 * none. Nothing is done to a socket that somebody else keeps open. Best effort: where the kernel refuses, late connections may be reset. */
void listen_shut(int fd);

#endif
