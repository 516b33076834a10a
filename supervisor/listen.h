/* listen.h: the listening socket. Bound once and kept for the supervisor's
 * whole life; workers inherit it. */
#ifndef SUPERVISOR_LISTEN_H
#define SUPERVISOR_LISTEN_H

#include <stddef.h>

#define LISTEN_DEFAULT "127.0.0.1:8080"

/* Is it "HOST:PORT", "[IPv6]:PORT", "*:PORT" (all addresses) or "unix:/PATH"?
 * NULL, or what is wrong with it. */
const char *listen_check(const char *address);
/* Takes an inherited socket of that address, or binds and listens (non-blocking,
 * close-on-exec, no delay), and has it stored. `bound` gets the
 * address as it came to be, with the port that was found for port 0. Returns
 * the descriptor, or the negated exit code after the reason was printed: 69 busy
 * (with the owner's name where it can be told), 77 not permitted, 64 no such
 * host, 71 otherwise. The address has passed listen_check. */
int listen_open(const char *address, char *bound, size_t size);
/* Can this process use the congestion control (tcp(7)) of that name? NULL, or
 * why not. */
const char *listen_congestion_check(const char *name);
/* Gives a listener and all connections that it will accept that congestion
 * control, which has been checked; does nothing to a unix socket. NULL: the
 * system's choice, except on a loopback address, which gets reno: there is no
 * path whose capacity would have to be found, and bbr's pacing timers cost a
 * fifth of the processor time of a 100 KB response. */
void listen_congestion(int fd, const char *name);
/* Before the workers are told to drain: no new connection is begun any more,
 * handshakes under way finish. A client's SYN stays unanswered, so it is sent
 * again: it reaches the next server on this port, or is refused when there is
 * none. A unix socket that we made loses its name; nothing is
 * done to a socket that somebody else keeps open. Best effort: where the
 * kernel refuses, late connections may be reset. */
void listen_shut(int fd);

#endif
