/* worker.c: one worker's life after fork: ring, loop, drain. Called by the
 * zygote in the child; never returns. Knows the supervisor only through the
 * status pipe. */
#include "worker/worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/spare.h"
#include "shm/region.h"
#include "worker/access.h"
#include "worker/conn.h"
#include "worker/crash.h"
#include "worker/handoff.h"
#include "worker/memo.h"
#include "worker/peers.h"
#include "worker/sandbox.h"
#include "worker/serve.h"
#include "worker/slow.h"

#define ACCEPT_GRACE_NS (100ull * 1000000)  /* draining: connections begun before are taken */
#define GRACE_NS (150ull * 1000000)         /* draining: idle connections may ask once more */
#define DRAIN_LINGER_NS (500ull * 1000000)
#define ORPHAN_NS (700ull * 1000000)        /* without a supervisor: gone by then */
#define FLUSH_NS (100ull * 1000000)
#define SHARE_NS 1000000u                   /* not worked out more often than this */
#define SPARE_KEEP (128u << 10)             /* of the C heap, for the next request */
#define SPARE_NS (900ull * 1000000)         /* not looked at more often than this */
#define WORN_NS (60ull * 1000000000)        /* not replaced for wear more often than this */

_Static_assert((int)NET_AUTO == IO_AUTO && (int)NET_URING == IO_URING && (int)NET_EPOLL == IO_EPOLL, "one choice");
_Static_assert(NET_LISTENERS == LISTEN_MAX, "one limit");

struct worker {
	struct server server;
	const struct heritage *h;
	bool orphan;
	uint64_t drain_began;                /* 0: not draining */
	bool handing;                        /* …by giving connections to others */
	bool came_back;                      /* …of which some did not go */
	uint64_t handed;                     /* when last tried */
	uint32_t count;                      /* connections as told to others */
	uint64_t shared;                     /* when our share was last worked out */
	uint64_t began;
	bool worn_before, retiring;          /* dispatch_worn at the beginning; told so */
	uint64_t flushed, spared;            /* the access log; the C heap */
	struct net_counters base;            /* the slot's counters when we took it */
	int statm_fd;                        /* /proc of ourselves */
};

void status_send(const struct heritage *h, enum status_kind kind, uint32_t pid, uint64_t arg)
{
	struct status_msg m = {
		.magic = STATUS_MAGIC, .kind = kind, .generation = h->generation, .pid = pid,
		.slot = h->slot, .serial = h->serial, .arg = arg,
	};
	ssize_t w = write(h->status_fd, &m, sizeof m);
	(void)w;
}

NORETURN static void leave(struct worker *w)
{
	access_flush();
	SHM_SET(w->server.slot->connections, 0);
	status_send(w->h, STATUS_BYE, (uint32_t)getpid(), 0);
	_exit(0);
}

/* Leaving has two forms. When all of the server ends, connections end: what is
 * asked is answered with "Connection: close". When only this worker is to go,
 * they go on with a worker that stays. */
static void drain(struct worker *w)
{
	struct shm_header *shm = w->h->shm;

	if (w->drain_began)
		return;
	w->drain_began = net_now(w->server.net);
	SHM_SET(w->server.slot->state, SLOT_DRAINING);
	w->handing = w->h->inbox_wr && !w->orphan && SHM_GET(shm->stopping) == 0;
	w->server.draining = !w->handing;
	if (w->handing)
		net_stop_accept(w->server.net);
	else
		w->server.linger_ns = DRAIN_LINGER_NS;
	net_alarm(w->server.net);
}

/* A client that was not told "Connection: close" may be about to ask again: an
 * idle connection is closed only after a while. */
static void hasten(struct worker *w)
{
	struct net *n = w->server.net;
	uint32_t i;

	for (i = 0; i < net_count(n); i++) {
		struct conn *c = (struct conn *)(void *)net_at(n, i);

		if (!c->net.closing && !c->net.lingering && conn_is_idle(c) && c->net.deadline > net_now(n) + GRACE_NS)
			c->net.deadline = net_now(n) + GRACE_NS;
	}
}

/* Hands over what is idle now. Some may come back, from a full inbox: then not
 * again before the next tick. */
static void hand_over(struct worker *w)
{
	if (w->handed == net_now(w->server.net))
		return;
	w->handed = net_now(w->server.net);
	if (!handoff_all() && w->handed - w->drain_began >= ACCEPT_GRACE_NS) { /* to nobody */
		w->handing = false;
		w->server.draining = true;
		w->server.linger_ns = DRAIN_LINGER_NS;
	}
}

/* A step of draining. When the server ends, the supervisor has seen to it that
 * no connection begins any more, so after a moment the listener's queue is empty
 * for good. When none is left, or nobody supervises us any more, we leave. */
static void drain_step(struct worker *w)
{
	struct net *n = w->server.net;
	uint64_t since = net_now(n) - w->drain_began;

	if (w->handing && (w->orphan || SHM_GET(w->h->shm->stopping) != 0)) {
		w->handing = false;
		w->server.draining = true;
	}
	if (since >= ACCEPT_GRACE_NS)
		net_stop_accept(n);
	if (w->handing)
		hand_over(w);
	else
		hasten(w);
	if ((net_count(n) == 0 && since >= ACCEPT_GRACE_NS) || (w->orphan && since >= ORPHAN_NS))
		leave(w);
	net_alarm(n);
}

/* Does a sibling work at this moment? Then a connection may hang in the
 * listener's queue behind a wake-up that it swallowed. */
static bool sibling_busy(const struct worker *w)
{
	struct shm_header *shm = w->h->shm;
	uint32_t i;

	for (i = 0; i < shm->nslots; i++)
		if (i != w->h->slot && SHM_GET(region_slot(shm, i)->busy_since_ns) != 0)
			return true;
	return false;
}

/* Only we can tell: others may not look into /proc of a process that is not
 * dumpable. 0: unknown. */
static uint64_t resident_kb(int statm_fd)
{
	unsigned long pages = 0;
	char text[64];
	ssize_t n = statm_fd < 0 ? 0 : pread(statm_fd, text, sizeof text - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return sscanf(text, "%*u %lu", &pages) == 1 ? (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024 : 0;
}

/* The number of connections may have changed: others are told, and at times it is
 * thought over how many to take. */
static void counted(struct worker *w, bool ticked)
{
	struct net *n = w->server.net;
	uint32_t count = net_count(n);

	if (likely(count == w->count) && !ticked)
		return;
	w->count = count;
	SHM_SET(w->server.slot->connections, count);
	if (w->drain_began || (!ticked && net_now(n) - w->shared < SHARE_NS))
		return;
	w->shared = net_now(n);
	net_set_share(n, handoff_share(count));
}

static void tick(struct worker *w)
{
	struct net_counters c;
	struct shm_slot *s = w->server.slot;

	net_counters(w->server.net, &c);
	SHM_SET(s->heartbeat_ns, net_now(w->server.net));
	if (net_now(w->server.net) - w->spared >= SPARE_NS) {
		w->spared = net_now(w->server.net);
		spare_return(SPARE_KEEP);
	}
	SHM_SET(s->rss_kb, resident_kb(w->statm_fd));
	SHM_SET(s->heap_bytes, dispatch_heap_bytes(w->server.app));
	SHM_SET(s->accepted, w->base.accepted + c.accepted);
	SHM_SET(s->bytes_in, w->base.bytes_in + c.bytes_in);
	SHM_SET(s->bytes_out, w->base.bytes_out + c.bytes_out);
	SHM_SET(s->cq_overflows, w->base.cq_overflows + c.cq_overflows);
	SHM_SET(s->accept_pauses, w->base.accept_pauses + c.accept_pauses);
	SHM_SET(s->enobufs, w->base.enobufs + c.enobufs);
	SHM_SET(s->handed_out, w->base.given + c.given);
	SHM_SET(s->handed_in, w->base.adopted + c.adopted);
	if (w->server.parked != 0)
		conn_unpark(&w->server);
	conn_census(&w->server);
	access_flush();
	w->flushed = net_now(w->server.net);
	w->came_back = false;
	counted(w, true);
	if (w->drain_began) {
		drain_step(w);
		return;
	}
	if (sibling_busy(w))
		net_alarm(w->server.net);
	if (!w->retiring && !w->worn_before && net_now(w->server.net) - w->began >= WORN_NS &&
	    dispatch_worn(w->server.app)) {
		w->retiring = true;
		status_send(w->h, STATUS_RETIRE, (uint32_t)getpid(), RESTART_ENGINE);
	}
}

/* It has served as many requests as it may. */
static COLD void retire(struct worker *w)
{
	SHM_SET(w->server.slot->retire_at, 0);
	status_send(w->h, STATUS_RETIRE, (uint32_t)getpid(), RESTART_MAX_REQUESTS);
}

/* Nothing waits for us: a good moment for the log. The first line after a
 * quiet while goes out at once, later ones wait for company. */
static void idle(struct worker *w)
{
	uint64_t now = net_now(w->server.net);

	if (now - w->flushed >= FLUSH_NS) {
		access_flush();
		w->flushed = now;
	} else {
		net_alarm(w->server.net);
	}
}

static void handle(struct worker *w, const struct net_event *ev)
{
	struct conn *c = (struct conn *)(void *)ev->c;

	switch (ev->kind) {
	case NET_DATA:    conn_data(&w->server, c, ev->p, ev->n); break;
	case NET_SENT:    conn_sent(&w->server, c); break;
	case NET_EOF:     conn_eof(&w->server, c); break;
	case NET_TIMEOUT: conn_timeout(&w->server, c); break;
	case NET_ADOPTED:
		conn_adopted(&w->server, c, ev->p, ev->n);
		w->came_back = true;
		break;
	case NET_FD:      access_reopened((uint32_t)ev->n, ev->fd); break;
	case NET_TICK:    tick(w); break;
	case NET_TERM:
		if (w->drain_began)
			leave(w); /* asked twice: now */
		drain(w);
		break;
	case NET_ORPHAN:
		if (w->orphan)
			break;
		w->orphan = true;
		log_warn("the supervisor is gone; leaving");
		drain(w);
		break;
	}
}

static uint32_t conns_max(const struct settings *set)
{
	uint32_t most = (uint32_t)set->conns_max;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur > most + 64)
		return most;
	return r.rlim_cur > 80 ? (uint32_t)r.rlim_cur - 64 : 16;
}

void worker_ahead(void *heritage)
{
	const struct settings *set = ((const struct heritage *)heritage)->set;

	net_ahead(set->io, conns_max(set));
}

/* Counters of the slot go on across deaths; those of the net start at zero. */
static void slot_take(struct worker *w)
{
	const struct heritage *h = w->h;
	struct shm_slot *s = w->server.slot;

	w->base = (struct net_counters){
		.accepted = SHM_GET(s->accepted), .cq_overflows = SHM_GET(s->cq_overflows),
		.accept_pauses = SHM_GET(s->accept_pauses), .bytes_in = SHM_GET(s->bytes_in),
		.bytes_out = SHM_GET(s->bytes_out), .enobufs = SHM_GET(s->enobufs),
		.given = SHM_GET(s->handed_out), .adopted = SHM_GET(s->handed_in),
	};
	peers_reset(s);
	SHM_SET(s->generation, h->generation);
	SHM_SET(s->busy_since_ns, 0);
	SHM_SET(s->connections, 0);
	SHM_SET(s->started_ns, clock_mono_ns());
	SHM_SET(s->heartbeat_ns, clock_mono_ns());
	SHM_SET(s->pid, (uint32_t)getpid());
	SHM_SET(s->state, SLOT_SERVING);
}

NORETURN void worker_main(const struct heritage *h, struct app *app, struct statics *statics)
{
	struct net_config cfg = {
		.nlisten = h->nlisten, .inbox_fd = h->inbox_rd ? h->inbox_rd[h->slot] : -1,
		.peers = h->inbox_wr, .npeers = h->inbox_wr ? h->shm->nslots : 0,
		.status_fd = h->status_fd, .io = h->set->io, .max_conns = conns_max(h->set),
		.conn_bytes = sizeof(struct conn), .open_ns = h->set->head_ns, .stall_ns = h->set->stall_ns,
		.send_rate = h->set->send_rate,
		.complained = &h->shm->starved_ns, .refusal_said = &h->shm->refusal_said,
	};
	static char who[16];
	static struct worker w;
	int roots[STATICS_MAX];
	struct net_event ev;
	const char *err;

	snprintf(who, sizeof who, "worker %u", h->slot);
	log_who(who);
	dispatch_after_fork(app);
	app->slot = region_slot(h->shm, h->slot);
	w.h = h;
	w.server = (struct server){
		.app = app, .statics = statics, .shm = h->shm, .slot = region_slot(h->shm, h->slot), .set = h->set,
		.linger_ns = LINGER_NS,
	};
	conn_server_init(&w.server, &h->key);
	memo_init(h, &w.server);
	memcpy(cfg.listen_fd, h->listen_fd, sizeof cfg.listen_fd);
	w.server.net = net_create(&cfg, &err);
	if (!w.server.net) {
		log_err("%s", err);
		_exit(EXIT_CONFIG);
	}
	slot_take(&w);
	access_init(h);
	slow_init(h);
	handoff_init(h, &w.server);
	crash_init(h, &w.server);
	w.began = net_now(w.server.net);
	w.worn_before = dispatch_worn(app);
	log_count_lost(&w.server.slot->log_errors);
	w.statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if (sandbox_worker(h->set, roots, statics ? statics_roots(statics, roots) : 0,
			   net_restrict(w.server.net)) != 0)
		_exit(EXIT_CONFIG);
	SHM_SET(w.server.slot->backend, net_backend(w.server.net) == NET_EPOLL ? IO_EPOLL : IO_URING);
	status_send(h, STATUS_READY, (uint32_t)getpid(), 0);
	for (;;) {
		if (access_pending() && net_idle(w.server.net))
			idle(&w);
		net_next(w.server.net, &ev);
		handle(&w, &ev);
		counted(&w, false);
		if (unlikely(SHM_GET(w.server.slot->retire_at) - 1 < SHM_GET(w.server.slot->requests)))
			retire(&w);
		if (unlikely(w.handing) && !w.came_back && net_idle(w.server.net))
			hand_over(&w);
	}
}
