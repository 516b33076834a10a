/* pool.h: the supervisor's children. One generation serves: a zygote that has
 * loaded the handler, and its workers. A reload makes another beside it; the
 * old one leaves when the new one is ready, and stays when it is not. Owns the
 * status pipe, the command sockets and the hand-off inboxes; decides who is
 * started, replaced, told to leave, and killed. Everything happens in the libev
 * loop it is given; nothing here blocks. */
#ifndef SUPERVISOR_POOL_H
#define SUPERVISOR_POOL_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "worker/heritage.h"

struct pool;

/* What others may want to know as it happens. text: one line, or several for
 * POOL_REFUSED (what the new handler said); valid during the call. */
enum pool_event {
	POOL_SERVING,            /* the first worker takes connections */
	POOL_RELOADING, POOL_RELOADED, POOL_REFUSED,
	POOL_STOPPING
};
typedef void pool_observer(void *u, enum pool_event what, const char *text);
typedef void pool_done(void *u, bool ok, const char *text);

/* h: listeners, shm, the operator's wishes and log files are filled in; copied.
 * Its settings must live as long as the pool. Makes the inboxes and the hash
 * key, starts the zygote and asks for all workers. The caller has blocked SIGCHLD,
 * which the loop takes over when that has been forked. NULL with errno set. */
struct pool *pool_create(struct ev_loop *loop, const struct heritage *h, const char *address);
/* At most 4. */
void pool_observe(struct pool *p, pool_observer *fn, void *u);

/* Loads the handler again, with `set` or (NULL) the present settings, and hands
 * the service over when all new workers are ready. Settings are taken over:
 * release(set), when not NULL, is called once no generation uses them. What
 * needs a new start (listeners, more workers than there are slots for) must be
 * as before; too many workers are refused.
 * done (may be NULL) is called once, possibly before this returns: with false
 * and the reason when the old generation goes on. A reload that comes while one
 * is under way waits for it; of several that wait, the last one's settings
 * count for all. */
void pool_reload(struct pool *p, struct settings *set, void (*release)(struct settings *set), pool_done *done, void *u);
/* A reload that cannot even begin, because the configuration is wrong: counted
 * and told like one that was refused. */
void pool_refuse(struct pool *p, pool_done *done, void *u, const char *text);
/* Drain, then exit: the first call asks politely, each further one (and each
 * deadline) is a step less patient. */
void pool_stop(struct pool *p);
bool pool_stopping(const struct pool *p);
/* After ev_run has returned: what the process exits with. Frees the pool. */
int pool_finish(struct pool **p);

/* One process that serves, begins or leaves. */
struct pool_worker {
	uint32_t slot, generation;
	pid_t pid;
	bool ready, leaving;
};
/* Fills out with at most max of them, by slot; returns how many there are. */
uint32_t pool_workers(const struct pool *p, struct pool_worker *out, uint32_t max);
/* Calls fn with the absolute path of every file that handlers were loaded from: at
 * the last load that succeeded, and at a later one that failed, as far as it came. */
void pool_files(const struct pool *p, void (*fn)(void *u, const char *path), void *u);
/* Of the generation that serves. */
const struct settings *pool_settings(const struct pool *p);
uint32_t pool_generation(const struct pool *p);
pid_t pool_zygote(const struct pool *p);
/* The log files of the heritage have been opened anew under their old numbers:
 * workers and zygotes are told. */
void pool_logs(struct pool *p);
/* Is every worker that ought to serve doing so? False while one is silent for
 * longer than its limits allow: for the watchdog. */
bool pool_healthy(const struct pool *p);
/* "crash", "stuck", ...: the names of enum restart_reason. */
const char *pool_reason_name(uint32_t reason);

#endif
