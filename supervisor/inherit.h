/* inherit.h: listening sockets that we are started with (LISTEN_FDS of
 * sd_listen_fds(3)): from socket activation, or put by an earlier run into the
 * service manager's store. Used by main and listen.c during the start only. */
#ifndef SUPERVISOR_INHERIT_H
#define SUPERVISOR_INHERIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Takes LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES out of the environment and
 * looks at what they name. Returns 0, or an exit code after the reason was
 * printed: a descriptor that is no listening stream socket cannot be served. */
int inherit_open(void);
/* Sockets that came from socket activation (not from the store): these were
 * chosen by the operator, so they stand for a configuration without addresses. */
uint32_t inherit_activated(void);

/* The inherited socket that listens at this address, for good: non-blocking and
 * close-on-exec. -1: none, bind it. A dual-stack [::] stands for 0.0.0.0. */
int inherit_find(const struct sockaddr *a, socklen_t n);
/* Takes the next activated socket that was not found yet; `at` gets its address,
 * HOST:PORT or unix:PATH. -1: no more. */
int inherit_next(char *at, size_t size);
/* After all listeners are there. Stored sockets that nobody wants any more are
 * closed and forgotten; an activated one that is left is an error. Returns 0 or
 * an exit code after the reason was printed. */
int inherit_finish(void);

/* Has the listener another owner that keeps it open while we are away? Then it
 * is not shut when we leave: what comes waits for the next start. */
bool inherit_kept(int fd);
/* Has a listener stored by the manager, where one runs, under a name made of its
 * address. */
void inherit_store(int fd);

#endif
