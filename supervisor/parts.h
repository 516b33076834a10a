/* parts.h: what the pieces of the pool share: pool.c (loop, messages, deaths,
 * stopping), generation.c (zygotes and reloads), place.c (one worker's place),
 * inboxes.c (hand-off), warden.c (limits and heartbeats). Nobody else includes it.
 *
 * A place belongs to a generation or is free (gen NULL). While it belongs to
 * one its process goes VACANT → ASKED → STARTED → READY → VACANT; once it is
 * `leaving` it is not started again, and its process's death frees it.
 * Messages carry the serial of the request that caused them; others are stale.
 * Generations and finished work are cleared away before the loop waits again
 * (pool_tidy), so no function below frees what its caller holds. */
#ifndef SUPERVISOR_PARTS_H
#define SUPERVISOR_PARTS_H

#include <ev.h>

#include "base/buf.h"
#include "supervisor/backoff.h"
#include "supervisor/poison.h"
#include "supervisor/pool.h"
#include "worker/worker.h"

#define POOL_MAGIC 0x504f4f4cu
#define GENERATION_MAGIC 0x47454e52u
#define DEAD_RING 64
#define OBSERVERS_MAX 4
#define WAITERS_MAX 16
#define ERRORS_MAX 4096          /* of a new handler's complaint */
#define KILL_S 1.0               /* from "leave now" to SIGKILL, and between two */

enum place_state { VACANT, ASKED, STARTED, READY };

struct place {
	struct pool *pool;
	struct generation *gen;      /* NULL: free */
	enum place_state state;
	bool leaving;
	pid_t pid;                   /* STARTED and READY */
	uint32_t serial;             /* of the latest request to fork */
	unsigned step;               /* leaving: how often it was told */
	struct place *replaces;      /* READY here makes that one leave */
	struct place *replacement;   /* its other end */
	bool wishes;                 /* to be replaced, when its turn comes, because of: */
	enum restart_reason reason;
	struct backoff backoff;
	uint64_t died_ns;            /* 0: has not died yet, or is back */
	uint64_t asked_ns, ready_ns;
	uint64_t last_ns;            /* too old from then on */
	uint64_t freed_ns;
	uint64_t abort_ns;           /* when it was sent SIGABRT for being stuck; 0: not */
	ev_timer timer;              /* VACANT: ask again; leaving: tell again */
};

enum gen_state { LOADING, SERVING, LEAVING };

struct waiter { pool_done *done; void *u; };

/* Settings, shared by the generations that were made with them. */
struct wishes {
	struct settings *set;
	void (*release)(struct settings *set);
	unsigned refs;
};

struct generation {
	uint32_t magic, number;
	struct pool *pool;
	enum gen_state state;
	bool refused;
	struct wishes *wishes;
	const struct settings *set;  /* wishes->set */
	pid_t zygote;                /* 0: none; until the split who loads */
	bool split;                  /* that has become the first worker, and a copy of it the zygote */
	bool zygote_ready;
	struct backoff backoff;      /* of the zygote */
	unsigned failures;           /* LOADING: workers that died before READY */
	uint64_t asked_ns, began_ns, loaded_ns;
	int command_fd, errors_rd;   /* -1: none */
	int files_fd;                /* heritage.h; -1: none, or read */
	ev_io errors_io;
	ev_timer retry;              /* no zygote: start one */
	ev_timer patience;           /* LOADING: not for ever */
	char errors[ERRORS_MAX];     /* what the zygote said on standard error */
	size_t nerrors;
	struct waiter waiter[WAITERS_MAX];
	unsigned nwaiters;
	struct generation *older;
};

/* Of the whole server; goes one way. */
enum phase { RUNNING, DRAINING, TERMINATING, KILLING };

struct pool {
	uint32_t magic;
	struct ev_loop *loop;
	struct heritage h;           /* what all zygotes get */
	int *inbox;                  /* [2 * nplaces]: read ends, then write ends */
	uint32_t boxes;              /* places that have theirs, the first ones: one at first, then all */
	char address[400];
	enum phase phase;
	int exit_code;
	bool served;                 /* some worker has been READY */
	bool staffed;                /* …and for a moment had the processors to itself */
	struct generation *newest;   /* all that have processes, by age */
	struct generation *current;  /* the one that serves, or the first that loads */
	struct generation *waiting;  /* a reload to begin when the one under way is done */
	uint32_t generations;        /* number of the newest */
	int status_rd;
	uint32_t serials;
	unsigned wishes;             /* places that have one */
	struct place *permit;        /* the replacement on its way; NULL: none */
	struct { pid_t pid; int status; } dead[DEAD_RING]; /* reaped before STARTED was read */
	unsigned ndead;
	struct { pool_observer *fn; void *u; } observer[OBSERVERS_MAX];
	unsigned nobservers;
	struct poison poison;
	bool logs_reopened;          /* at least once */
	uint64_t warden_ns;          /* of its last look */
	unsigned silent;             /* workers that are overdue */
	struct buf files, files_refused; /* paths, each ended by NUL: pool_files */
	ev_io status_io;
	ev_signal chld;
	ev_timer patience, warden, staff;
	ev_prepare tidy;
	uint32_t nplaces;
	struct place places[];
};

/* pool.c */
void pool_tell(struct pool *p, enum pool_event what, const char *text);
/* Nothing can be served: leave with this code. */
void pool_give_up(struct pool *p, int code);
/* Reads all messages that wait. */
void pool_read_status(struct pool *p);
uint32_t pool_random(void);
/* "killed by signal 9 (Killed)", "exited with 65". */
void pool_describe(int status, char *out, size_t n);

/* place.c */
void place_init(struct pool *p, struct place *w);
uint32_t place_index(const struct place *w);
struct shm_slot *place_slot(const struct place *w);
/* Takes a free place for a generation and asks for its worker. NULL: none is free. */
struct place *place_take(struct generation *g);
/* VACANT and nothing speaks against it: asks the zygote for a worker. */
void place_ask(struct place *w);
void place_started(struct place *w, pid_t pid);
void place_ready(struct place *w);
/* The fork failed, or the process has died. */
void place_again(struct place *w, bool was_ready);
void place_died(struct place *w, int status);
/* Tells its worker to hand over and leave, and less patiently after a while. */
void place_leave(struct place *w);
/* The next step of that at once. */
void place_hurry(struct place *w);
/* Its worker is to be replaced, when its turn comes: one at a time. */
void place_wish(struct place *w, enum restart_reason why);
/* It is its turn: starts a worker in another place; when that is ready, w leaves. */
void place_replace(struct place *w);
/* Gives the place back: nobody is in it. */
void place_free(struct place *w);

/* generation.c */
struct wishes *wishes_new(struct settings *set, void (*release)(struct settings *));
struct generation *generation_new(struct pool *p, struct wishes *wishes);
/* Other settings than before; NULL: none any more. */
void generation_wish(struct generation *g, struct wishes *wishes);
/* The first one of the pool begins. */
void generation_first(struct pool *p, struct generation *g);
/* The reload that waits begins, when none is under way. */
void generation_next(struct pool *p);
/* Starts its zygote. */
void generation_start(struct generation *g);
struct generation *generation_find(struct pool *p, uint32_t number);
void generation_loaded(struct generation *g);
void generation_zygote_died(struct generation *g, int status);
/* LOADING: the old one goes on. kind: what could not be done, for the log. */
void generation_refuse(struct generation *g, const char *text);
/* As many places as its settings ask for, while there are free ones. */
void generation_fill(struct generation *g);
/* LOADING and complete: it serves from now on. */
void generation_settle(struct generation *g);
/* Its zygote and its workers leave. */
void generation_retire(struct generation *g);
/* Has no process left. */
bool generation_gone(const struct generation *g);
void generation_free(struct generation *g);
/* Answers all who wait for it. */
void generation_answer(struct generation *g, bool ok, const char *text);

/* inboxes.c */
/* The socket pairs of the places below `upto`. False: errno. */
bool inboxes_make(struct pool *p, uint32_t upto);
/* Those of the places from `from` on, as far as there are, to its zygote; a dead one
 * needs none. False: errno. */
bool inboxes_give(const struct generation *g, uint32_t from);
/* Makes what is missing and tells all processes that there are. False: errno. */
bool inboxes_complete(struct pool *p);
void inboxes_close(struct pool *p);
/* Nobody reads in this place any more: what was sent there goes to others. */
void inboxes_rescue(struct place *from);
/* This one shall write to the log files of now. */
void inboxes_logs(struct place *w);

/* warden.c */
void warden_start(struct pool *p);
/* The limits of a worker that has just become ready. */
void warden_arm(struct place *w);
/* Does a death say something about the request that ran? Logs the crash record,
 * counts, and puts requests that kill into quarantine. */
void warden_autopsy(struct place *w, int status);

#endif
