/* notify.h: tells the service manager how the server is: the datagrams of
 * sd_notify(3), without its library. Without NOTIFY_SOCKET in the environment
 * all of this does nothing.
 *
 * One supervisor is one service, so there is one state, in notify.c. Used by
 * main only, in the loop's thread. Errors of sending are not reported: the
 * manager judges by what arrives. */
#ifndef SUPERVISOR_NOTIFY_H
#define SUPERVISOR_NOTIFY_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "shm/layout.h"

/* Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment:
 * children must not speak for us. Before the first fork. */
void notify_open(void);
bool notify_active(void);

/* Asks the manager to keep a listening socket while we are away: it is passed
 * back by LISTEN_FDS when the service starts again. name: of letters, digits,
 * '-' and '.'. Nothing happens where the unit has no FileDescriptorStoreMax. */
void notify_store(const char *name, int fd);
/* Drops what is stored under the name. */
void notify_unstore(const char *name);

/* From here on, while the loop runs: "generation 7, 8 of 8 workers" whenever
 * that changes, and WATCHDOG=1 twice in WATCHDOG_USEC while all workers are
 * alive. `workers`: how many there should be. */
void notify_start(struct ev_loop *loop, const struct shm_header *shm, uint32_t workers);

/* The first worker takes connections: READY=1. */
void notify_serving(void);
/* A reload begins: RELOADING=1, until one of the next two. */
void notify_reloading(void);
void notify_reloaded(uint32_t workers);
/* The old generation goes on. text: why; its first line is shown in the status
 * until a reload succeeds. */
void notify_refused(const char *text, int err);
/* Draining has begun: STOPPING=1, and more time is asked for as long as the
 * loop runs. */
void notify_stopping(void);

/* Is a worker of the generation that serves alive and none of them silent for
 * longer than limit_ns? Pure; for the watchdog and its test. */
bool notify_alive(const struct shm_header *shm, uint64_t now_ns, uint64_t limit_ns);

#endif
