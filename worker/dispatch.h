/* dispatch.h: the one place of the server that calls the engine. */
#ifndef WORKER_DISPATCH_H
#define WORKER_DISPATCH_H

#include "base/buf.h"
#include "engine/include/zigts_files.h"
#include "worker/heritage.h"
#include "worker/host/host.h"
#include "worker/http/gate.h"
#include "worker/http/reply.h"

/* A loaded handler: a VM of its own, frozen, and where its entry is. */
struct handler {
	struct zigts *vm;
	struct zigts_files *files; /* that it was loaded from */
	int fn_root, this_root;  /* roots of the handler and its `this` */
	bool fetch_shape;        /* export default { fetch } */
	int env_root, ctx_root;  /* fetch's further arguments */
	/* Between dispatch_read and dispatch_load: */
	struct buf source;
	struct zigts_draft *draft; /* of it */
	int unread;              /* exit code */
};

/* All that is served: one handler for each app of the settings. */
struct app {
	const struct settings *set;
	struct shm_slot *slot;   /* worker: counts handlers that fail */
	struct zigts *vm;        /* whose request runs, or ran last */
	const struct dispatch_request *rq; /* that runs; NULL */
	uint32_t n;
	struct handler *handler; /* [n] */
	uint64_t instance;       /* random: no answer of another snapshot is ever ours */
};

/* Zygote: reads the handlers that the settings name and begins to compile them, in
 * threads, of which the first then does `then`, or NULL; where there is none nobody
 * does. */
void dispatch_read(struct app *app, const struct heritage *h, void (*then)(void *u), void *u);
/* …then loads, evaluates and freezes them; no thread is left. Returns 0, or an exit
 * code after the reason was printed on standard error. */
int dispatch_load(struct app *app, const struct heritage *h);
/* The paths of all files that were read, each ended by NUL, also after a failure. */
void dispatch_files(const struct app *app, struct buf *out);
/* Worker: first thing after fork. */
void dispatch_after_fork(struct app *app);
/* zigts_set_hook for every VM. */
void dispatch_set_hook(struct app *app, uint64_t period_ns, void (*fn)(void *u, uint64_t ran_ns), void *u);
/* How requests wait, from then on. In fn: tells the request's on_wait; ends it. */
void dispatch_set_wait(struct app *app, zigts_wait_fn *fn, void *u);
void dispatch_waits(struct app *app);
void dispatch_stop(struct app *app);
/* Bytes of all snapshots. */
size_t dispatch_snapshot_bytes(const struct app *app);
/* …and what the last request had allocated at most. */
size_t dispatch_heap_bytes(const struct app *app);

/* The handler's stack, from the hook. */
size_t dispatch_backtrace(struct app *app, char *out, size_t n);
/* Where it is, from a signal handler. */
bool dispatch_where(const struct app *app, char *function, size_t nfunction, char *file, size_t nfile,
		    uint32_t *line, uint32_t *col);
/* Would a fresh worker run the handlers faster? */
bool dispatch_worn(const struct app *app);

struct dispatch_request {
	const struct http_head *head;
	const char *bytes;       /* of the head */
	struct sv body;
	int64_t wall_seconds;
	bool keep_alive;         /* in: may stay open; out: stays open */
	struct deps *deps;       /* where the handler's questions are noted; NULL */
	/* Sees a reply before it is written, while its views live, with the effects
	 * of the run; where() says where an effect was met. NULL: nobody does. */
	void (*on_reply)(struct http_reply *r, uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n),
			 void *u);
	/* Where a streamed body goes; its turn is ours. sink_begin: its head of n bytes
	 * lies in out. sink_cut: it remains incomplete; false: nothing has left, so that
	 * another response can be made. */
	const struct host_sink *sink;
	void (*sink_begin)(void *u, size_t head, bool chunked);
	bool (*sink_cut)(void *u);
	/* Where the rest of the body comes from; NULL: `body` is all of it. */
	const struct host_source *source;
	/* Is told of the effects so far each time that the run waits. NULL: nobody. */
	void (*on_wait)(uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n), void *u);
};
/* Does the handler of this request take a body that still comes? */
bool dispatch_streams(const struct app *app, const struct http_head *h, const char *bytes);
/* Which handler is meant; -1: none. */
int dispatch_app(const struct app *app, const struct http_head *h, const char *bytes);
/* Runs handler i (dispatch_app) and appends the whole response to out. Returns its status;
 * never fails: what goes wrong becomes a 500, 503 or 504 and a log line. Nothing
 * of the request remains in the VM afterwards. */
uint16_t dispatch_run(struct app *app, int i, struct dispatch_request *rq, struct buf *out);

#endif
