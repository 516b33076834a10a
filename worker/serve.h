/* serve.h: from the zygote into a worker, inside worker/ only. */
#ifndef WORKER_SERVE_H
#define WORKER_SERVE_H

#include "worker/dispatch.h"
#include "worker/heritage.h"
#include "worker/http/statics.h"

/* Serves until told to leave. SIGTERM is blocked by it and means: drain. */
NORETURN void worker_main(const struct heritage *h, struct app *app, struct statics *statics);

#endif
