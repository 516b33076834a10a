/* refused.h: why this host does not let us make an io_uring. */
#ifndef WORKER_NET_REFUSED_H
#define WORKER_NET_REFUSED_H

/* Words for the errno of a failed ring set-up, looked up in the sysctl; static
 * storage, overwritten by the next call. */
const char *net_refused_text(int err);

/* Before the process lays a filter on itself: one that is in force already is
 * somebody else's, and may be the cause. Children inherit what was seen. */
void net_refused_look(void);

#endif
