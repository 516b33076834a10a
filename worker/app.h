/* app.h: which of several apps a request is for. Called by dispatch, and by the
 * supervisor when an operator asks. */
#ifndef WORKER_APP_H
#define WORKER_APP_H

#include "base/sv.h"
#include "worker/settings.h"

/* Of the apps whose host is the request's (`host` as in its Host field: the port
 * and the case of letters do not count) the one with the longest path that the
 * request's path begins with, at the end of a segment and with percent signs
 * decoded once; if there is none, likewise among the apps without a host. -1:
 * none. A pure function. */
int app_match(const struct app_setting *app, uint32_t n, struct sv host, struct sv path);

#endif
