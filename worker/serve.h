/* serve.h: from the zygote into a worker, inside worker/ only. */
#ifndef WORKER_SERVE_H
#define WORKER_SERVE_H

#include "worker/dispatch.h"
#include "worker/heritage.h"
#include "worker/http/statics.h"

/* Serves until told to leave. SIGTERM is blocked by it and means: drain. */
/* For the first worker, in a thread of the zygote that becomes it: net_ahead. */
void worker_ahead(void *heritage);
NORETURN void worker_main(const struct heritage *h, struct app *app, struct statics *statics);

#endif
