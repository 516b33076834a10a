/* privilege.h: whom the zygote and its workers run as. */
#ifndef WORKER_PRIVILEGE_H
#define WORKER_PRIVILEGE_H

#include "worker/settings.h"

/* Becomes the user and group of the settings, for good; nothing when they are
 * not set, or are ours already. Before the handler is read: it must be readable
 * by that user, and what it runs while it loads has no more rights than a
 * request. Returns 0, or an exit code after the reason was printed. */
int privilege_drop(const struct settings *set);

#endif
