/* operate.h: what serves the operator beside the pool: control socket, metrics
 * listener, pool line, log files. */
#ifndef SUPERVISOR_OPERATE_H
#define SUPERVISOR_OPERATE_H

#include "supervisor/control.h"

struct operate;

/* First of all: opens the log files of the settings (h->log_fd, h->access_fd) and
 * the metrics listener. Returns 0, or an exit code after the reason was printed.
 * h and its settings live as long as it does. */
int operate_open(struct heritage *h, struct operate **out);
/* When the listeners are there, before the first fork: the control socket that the
 * operator named; path and port of cfg are filled in here. An exit code if it cannot
 * be had. The default one comes after operate_start; its lack costs a warning only. */
int operate_bind(struct operate *o, const struct control_config *cfg);
/* Both are heard from now on. */
void operate_start(struct operate *o, struct pool *pool);
void operate_close(struct operate **o);

#endif
