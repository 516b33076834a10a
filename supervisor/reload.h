/* reload.h: the configuration read again, and a new generation with it. Called
 * on SIGHUP, by the control socket, and when watched files change. */
#ifndef SUPERVISOR_RELOAD_H
#define SUPERVISOR_RELOAD_H

#include "supervisor/options.h"
#include "supervisor/pool.h"

/* What the server was started with; both must live as long as the process. */
void reload_init(const struct options *o, const struct config *running);
/* Reads the configuration again and hands it to pool_reload, which see for
 * `done`. When it is wrong the old generation goes on, and done is called with
 * the reason at once. What only a new start can change is left as it was, and a
 * warning names it. */
void reload_begin(struct pool *p, pool_done *done, void *u);
/* With the setting `watch`: a reload whenever the configuration or a handler's
 * file is saved, of the pool that *p is by then. To be called before the pool
 * loads them, so that no save is missed. */
void reload_watch(struct ev_loop *loop, const struct config *c, struct pool *const *p);
/* After a reload, when other files may count. */
void reload_watch_again(void);
/* The configuration of the generation that serves. */
const struct config *reload_in_force(const struct pool *p);

#endif
