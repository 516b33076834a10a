/* metrics.h: metrics for those who come and ask (metrics_listen) and for the
 * log (pool_metrics_every). */
#ifndef SUPERVISOR_METRICS_H
#define SUPERVISOR_METRICS_H

#include <ev.h>

#include "worker/heritage.h"

struct metrics;

/* h lives as long as it does. listen_fd: of metrics_listen, taken over; -1: none. Starts the responder and,
 * when its settings say so, the timer of the log line. Out of memory
 * ends the process. */
struct metrics *metrics_open(struct ev_loop *loop, const struct heritage *h, int listen_fd);
/* After a reload: the settings that serve now. */
void metrics_settings(struct metrics *m, const struct settings *set);
void metrics_close(struct metrics **m);

#endif
