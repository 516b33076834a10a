/* dispatch.h: the one place of the server that calls the engine. */
#ifndef WORKER_DISPATCH_H
#define WORKER_DISPATCH_H

#include "base/buf.h"
#include "engine/include/zigts.h"
#include "worker/heritage.h"
#include "worker/http/gate.h"

/* A loaded handler: the VM, frozen, and where its entry is. */
struct app {
	const struct settings *set;
	struct zigts *vm;
	int fn_root, this_root;  /* roots of the handler and its `this` */
	bool fetch_shape;        /* export default { fetch } */
	int env_root, ctx_root;  /* fetch's further arguments */
};

/* Zygote: loads the handler that the heritage names, evaluates and freezes it.
 * Returns 0, or an exit code after the reason was printed on standard error. */
int dispatch_load(struct app *app, const struct heritage *h);
/* Worker: first thing after fork. */
void dispatch_after_fork(struct app *app);

struct dispatch_request {
	const struct http_head *head;
	const char *bytes;       /* of the head */
	struct sv body;
	int64_t wall_seconds;
	bool keep_alive;         /* in: may stay open; out: stays open */
};
/* Runs the handler and appends the whole response to out. Returns its status;
 * never fails: what goes wrong becomes a 500, 503 or 504 and a log line. Nothing
 * of the request remains in the VM afterwards. */
uint16_t dispatch_run(struct app *app, struct dispatch_request *rq, struct buf *out);

#endif
