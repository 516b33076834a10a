/* refused.h: why this host does not let us make an io_uring. */
#ifndef WORKER_NET_REFUSED_H
#define WORKER_NET_REFUSED_H

/* Words for the errno of a failed ring set-up, looked up in the sysctl and
 * /proc/self/status; static storage, overwritten by the next call. */
const char *net_refused_text(int err);

#endif
