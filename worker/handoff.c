/* handoff.c: see handoff.h. Called by the worker's loop, and by the engine's
 * hook from inside a handler: there it may look at connections and give them
 * away, but not serve them. */
#include "worker/handoff.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "shm/region.h"
#include "worker/access.h"
#include "worker/flow.h"
#include "worker/net/net.h"
#include "worker/slice.h"
#include "worker/slow.h"
#include "worker/upload.h"

#define HOOK_NS 2000000u
#define LOOK_NS (50ull * 1000000)
#define ORPHAN_NS (700ull * 1000000)
#define QUIET_NS 50000000u      /* a handler that has run for so long may run on: all connections go */
#define QUIET_MOST 64           /* …at most so many each time */
#define SOON_NS 3500000u        /* one that has run for so long may have them go… */
#define SOON_MOST 8             /* …so many each time: that costs little, should it end soon */
#define GONE_NS 1000000000u      /* a handler whose client has left may go on for so long */
#define SHARE_SLACK 4           /* connections beyond an even share, and an eighth */

static struct {
	const struct heritage *h;
	struct server *s;
	uint32_t start;                     /* where the next search begins */
	uint16_t given[SHM_SLOTS_MAX];      /* to each slot, since handoff_afresh */
} ho;

/* ---- to whom ----------------------------------------------------------- */

void handoff_afresh(void)
{
	memset(ho.given, 0, sizeof ho.given);
}

int handoff_inbox(uint32_t slot) { return ho.h->inbox_wr[slot]; }

int handoff_pick(uint32_t generation, bool idle)
{
	struct shm_header *shm = ho.h->shm;
	uint32_t k, n = shm->nslots < SHM_SLOTS_MAX ? shm->nslots : SHM_SLOTS_MAX;
	uint64_t least = ho.h->set->conns_max;
	int found = -1;

	if (!ho.h->inbox_wr)
		return -1;
	for (k = 0; k < n; k++) {
		uint32_t i = (ho.start + k) % n;
		struct shm_slot *s = region_slot(shm, i);
		uint64_t load;

		if (i == ho.h->slot || handoff_inbox(i) < 0 || SHM_GET(s->state) != SLOT_SERVING ||
		    SHM_GET(s->generation) != generation || (idle && SHM_GET(s->busy_since_ns) != 0))
			continue;
		load = SHM_GET(s->connections) + ho.given[i];
		if (load < least) {
			least = load;
			found = (int)i;
		}
	}
	if (found >= 0) {
		ho.start = (uint32_t)found + 1;
		ho.given[found]++;
	}
	return found;
}

uint32_t handoff_share(uint32_t connections)
{
	struct shm_header *shm = ho.h->shm;
	uint64_t sum = connections, members = 1, share;
	bool other = false;
	uint32_t i;

	if (connections <= 1) /* as few as one can have, nearly: nobody's slot is looked at */
		return UINT32_MAX;
	for (i = 0; i < shm->nslots; i++) {
		struct shm_slot *s = region_slot(shm, i);

		if (i == ho.h->slot || SHM_GET(s->state) != SLOT_SERVING || SHM_GET(s->generation) != ho.h->generation ||
		    SHM_GET(s->busy_since_ns) != 0)
			continue;
		sum += SHM_GET(s->connections);
		members++;
		other |= SHM_GET(s->connections) < connections;
	}
	share = sum / members + sum / members / 8 + SHARE_SLACK;
	return other ? (uint32_t)share : UINT32_MAX;
}

/* ---- giving ------------------------------------------------------------ */

bool handoff_movable(const struct conn *c, size_t n)
{
	return !c->net.sending && !c->net.closing && !c->net.lingering && c->net.out.len == 0 && !c->ending &&
	       !c->eof && !c->has_file && !c->chunk && !c->continued && c->in.len - c->in_used + n <= NET_GIVE_MAX;
}

void handoff_give(struct conn *c, const char *p, size_t n, uint32_t slot)
{
	struct buf in = c->in;
	size_t used = c->in_used;

	if (in.len == 0) {
		conn_forget(ho.s, c);
		net_give(ho.s->net, &c->net, handoff_inbox(slot), p, n);
		return;
	}
	buf_put(&in, p, n);
	c->in = (struct buf)BUF_INIT;
	conn_forget(ho.s, c);
	net_give(ho.s->net, &c->net, handoff_inbox(slot), in.p + used, in.len - used);
	buf_free(&in);
}

bool handoff_all(void)
{
	struct net *net = ho.s->net;
	uint32_t i = net_count(net), generation = SHM_GET(ho.h->shm->generation);
	bool taken = true;

	handoff_afresh();
	while (taken && i-- > 0) { /* giving may take one out of the table */
		struct conn *c;
		int slot;

		if (i >= net_count(net))
			continue;
		c = (struct conn *)(void *)net_at(net, i);
		if (c->net.untold || !handoff_movable(c, 0))
			continue;
		slot = handoff_pick(generation, false);
		if (slot >= 0)
			handoff_give(c, NULL, 0, (uint32_t)slot);
		else
			taken = false;
	}
	return taken;
}

/* ---- while a handler runs ---------------------------------------------- */

static bool take(void *u, struct net_conn *nc, const char *p, size_t n)
{
	struct conn *c = (struct conn *)(void *)nc;
	int slot;

	(void)u;
	if (!handoff_movable(c, n))
		return false;
	slot = handoff_pick(ho.h->generation, true);
	if (slot < 0 && SHM_GET(ho.h->shm->generation) != ho.h->generation) /* ours is leaving */
		slot = handoff_pick(SHM_GET(ho.h->shm->generation), true);
	if (slot < 0)
		return false;
	handoff_give(c, p, n, (uint32_t)slot);
	return true;
}

/* Gives connections away on which nothing has arrived: all, some at a time, or
 * only those whose request waits for another worker's response, for otherwise it
 * would wait for ours as well. */
static COLD void give_quiet(struct server *s, bool all, uint32_t most)
{
	uint32_t i = net_count(s->net), given = 0;

	while (i-- > 0 && given < most) { /* giving may take one out of the table */
		struct conn *c = i < net_count(s->net) ? (struct conn *)(void *)net_at(s->net, i) : NULL;

		if (c && c != s->serving && !c->net.untold && (all || c->parked_ns != 0))
			given += take(NULL, &c->net, NULL, 0);
	}
}

/* Without a supervisor a worker leaves within a second. The loop would be told,
 * but a handler may keep us from it: nobody is left to end that. */
static void look_for_supervisor(uint64_t now)
{
	static uint64_t looked, missed;
	struct pollfd pf = { ho.h->status_fd, 0, 0 };

	if (now - looked < LOOK_NS)
		return;
	looked = now;
	if (poll(&pf, 1, 0) != 1 || !(pf.revents & POLLERR))
		return;
	if (missed == 0)
		missed = now;
	else if (now - missed >= ORPHAN_NS)
		_exit(0);
}

static void hook(void *u, uint64_t ran_ns)
{
	struct server *s = u;
	static char stack[SHM_STACK_MAX];
	uint64_t now = clock_mono_ns();

	SHM_SET(s->slot->heartbeat_ns, now);
	look_for_supervisor(now);
	if (unlikely(slow_due(ran_ns))) {
		dispatch_backtrace(s->app, stack, sizeof stack);
		slow_note(ran_ns, stack);
	}
	if (ho.h->inbox_wr && s->serving) {
		handoff_afresh();
		if (s->parked != 0 || ran_ns >= SOON_NS)
			give_quiet(s, ran_ns >= SOON_NS, ran_ns >= QUIET_NS ? QUIET_MOST : SOON_MOST);
		net_pump(s->net, &s->serving->net, take, NULL);
		SHM_SET(s->slot->connections, net_count(s->net));
		if (net_count(s->net) <= 1 + SOON_MOST || ran_ns >= 2 * QUIET_NS) /* else some would wait for us */
			slice_stretch();
	}
}

/* ---- while a handler waits ---------------------------------------------- */

/* The client left: its handler may clean up for a while, then it is ended. */
static void left(struct server *s, struct conn *c)
{
	if (!c->gone) {
		c->gone = c->eof = true;
		c->gone_ns = net_now(s->net);
		SHM_ADD(s->slot->gone, 1);
	}
}

/* zigts_wait_fn. A worker that waits serves nobody else, but it does not keep
 * connections from those that could. */
static int waits(void *u, uint64_t due, uint64_t end)
{
	struct server *s = u;
	struct conn *c = s->serving;
	uint64_t until = due < end ? due : end;
	struct net_event ev;

	if (c->flow)
		flow_push(s, c);
	if (due == UINT64_MAX && !c->net.sending && !upload_wanted(c))
		return 0;
	if (upload_wanted(c) && upload_deadline(s, c) < until)
		until = upload_deadline(s, c);
	dispatch_waits(s->app);
	if (c->flow || c->upload) /* its deadline moves on as well */
		SHM_SET(s->slot->busy_since_ns, net_now(s->net));
	if (c->gone && c->gone_ns + GONE_NS < until)
		until = c->gone_ns + GONE_NS;
	if (!c->eof && (!c->net.pausing || upload_wanted(c)))
		net_receive(s->net, &c->net);
	do {
		handoff_afresh();
		if (s->parked != 0)
			give_quiet(s, false, QUIET_MOST);
		net_wait(s->net, &c->net, until, upload_wanted(c), take, NULL, &ev);
		if (ev.kind == NET_DATA)
			upload_feed(s, c, ev.p, ev.n);
		SHM_SET(s->slot->heartbeat_ns, net_now(s->net));
		SHM_SET(s->slot->connections, net_count(s->net));
		look_for_supervisor(net_now(s->net));
		access_flush();
		if (ev.kind == NET_EOF)
			left(s, c);
	} while (!c->gone && ((ev.kind == NET_TICK && net_now(s->net) < until) || (c->net.sending && !c->flow)));
	if (ev.kind == NET_SENT && c->flow)
		flow_sent(s, c);
	if (c->gone && net_now(s->net) >= c->gone_ns + GONE_NS)
		dispatch_stop(s->app);
	return 1;
}

void handoff_init(const struct heritage *h, struct server *s)
{
	ho.h = h;
	ho.s = s;
	ho.start = h->slot;
	slice_init();
	dispatch_set_hook(s->app, HOOK_NS, hook, s);
	dispatch_set_wait(s->app, waits, s);
}
