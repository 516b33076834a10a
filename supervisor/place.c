/* place.c: one worker's place in the pool: asking the zygote for a worker,
 * replacing it, telling it to leave. Called by the other parts of the pool and
 * by its own timer. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "shm/region.h"
#include "supervisor/parts.h"

uint32_t place_index(const struct place *w) { return (uint32_t)(w - w->pool->places); }

struct shm_slot *place_slot(const struct place *w) { return region_slot(w->pool->h.shm, place_index(w)); }

/* ---- beginning ---------------------------------------------------------- */

void place_ask(struct place *w)
{
	struct generation *g = w->gen;
	struct pool *p = w->pool;
	struct fork_cmd cmd = {
		.magic = FORK_MAGIC, .generation = g->number, .slot = place_index(w), .serial = p->serials + 1,
	};

	AN(w->state == VACANT && !w->leaving);
	if (p->phase != RUNNING || g->zygote == 0 || ev_is_active(&w->timer))
		return; /* a new zygote, or the timer, asks again */
	SHM_SET(place_slot(w)->state, SLOT_STARTING); /* the worker may be SERVING when send returns */
	if (send(g->command_fd, &cmd, sizeof cmd, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)sizeof cmd) {
		SHM_SET(place_slot(w)->state, SLOT_VACANT);
		return; /* a dying zygote: its successor will be asked */
	}
	w->serial = ++p->serials;
	w->state = ASKED;
	w->asked_ns = clock_mono_ns();
}

struct place *place_take(struct generation *g)
{
	struct pool *p = g->pool;
	uint32_t i;

	for (i = 0; i < p->boxes; i++) {
		struct place *w = &p->places[i];

		if (w->gen)
			continue;
		AN(w->state == VACANT && w->pid == 0);
		w->gen = g;
		w->backoff.failures = 0;
		w->died_ns = 0;
		place_ask(w);
		return w;
	}
	return NULL;
}

void place_started(struct place *w, pid_t pid)
{
	w->pid = pid;
	w->state = STARTED;
	if (w->leaving) /* too late to begin */
		kill(pid, SIGTERM);
}

void place_ready(struct place *w)
{
	struct place *old = w->replaces;
	struct pool *p = w->pool;

	w->state = READY;
	w->backoff.failures = 0;
	w->ready_ns = clock_mono_ns();
	warden_arm(w);
	inboxes_logs(w);
	if (w->died_ns != 0 && p->phase == RUNNING)
		log_info("worker %u is back (pid %d) after %u us", place_index(w), (int)w->pid,
			 (unsigned)((w->ready_ns - w->died_ns) / 1000));
	w->died_ns = 0;
	if (p->permit == w)
		p->permit = NULL;
	if (old) {
		w->replaces = old->replacement = NULL;
		place_leave(old);
	}
}

static void unwish(struct place *w)
{
	w->pool->wishes -= w->wishes;
	w->wishes = false;
}

/* ---- ending ------------------------------------------------------------- */

void place_free(struct place *w)
{
	struct pool *p = w->pool;

	AN(w->pid == 0 && w->gen);
	ev_timer_stop(p->loop, &w->timer);
	if (w->replaces)
		w->replaces->replacement = NULL;
	if (w->replacement)
		w->replacement->replaces = NULL;
	w->replaces = w->replacement = NULL;
	if (p->permit == w)
		p->permit = NULL;
	w->gen = NULL;
	w->state = VACANT;
	w->leaving = false;
	w->freed_ns = clock_mono_ns();
	SHM_SET(place_slot(w)->state, SLOT_VACANT);
	inboxes_rescue(w);
}

/* Told once: finish, hand over. Told again: now. Then it is killed. */
static void step(struct place *w)
{
	double patience = w->step == 0 ? (double)w->gen->set->drain_ns / 1e9 : KILL_S;

	if (w->pid > 0 && w->step == 1)
		log_warn("worker %u (pid %d) of generation %u has not left in time", place_index(w), (int)w->pid,
			 w->gen->number);
	if (w->pid > 0)
		kill(w->pid, w->step < 2 ? SIGTERM : SIGKILL);
	w->step++;
	ev_timer_stop(w->pool->loop, &w->timer);
	ev_timer_set(&w->timer, patience, 0.);
	ev_timer_start(w->pool->loop, &w->timer);
}

void place_leave(struct place *w)
{
	if (w->leaving)
		return;
	w->leaving = true;
	w->step = 0;
	unwish(w);
	ev_timer_stop(w->pool->loop, &w->timer);
	if (w->state == VACANT)
		place_free(w);
	else
		step(w);
}

void place_hurry(struct place *w)
{
	if (w->leaving && w->step == 1)
		step(w);
}

static void on_timer(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct place *w = t->data;

	(void)loop, (void)revents;
	if (!w->gen)
		return;
	if (w->leaving)
		step(w);
	else if (w->state == VACANT)
		place_ask(w);
}

void place_again(struct place *w, bool was_ready)
{
	struct pool *p = w->pool;
	uint32_t ms;

	w->state = VACANT;
	w->pid = 0;
	if (w->leaving || p->phase != RUNNING) {
		place_free(w);
		return;
	}
	ms = backoff_next(&w->backoff, was_ready, pool_random());
	if (ms == 0) {
		place_ask(w);
		return;
	}
	ev_timer_set(&w->timer, ms / 1000.0, 0.);
	ev_timer_start(p->loop, &w->timer);
	inboxes_rescue(w);
}

/* Of a generation that has yet to prove itself: when its workers cannot start
 * it is refused, not tried for ever. True: it was. */
static bool refuses(struct place *w, int status, const char *how)
{
	struct generation *g = w->gen;
	char text[128];

	if (g->state != LOADING || g == w->pool->current)
		return false;
	if (!(WIFEXITED(status) && WEXITSTATUS(status) >= EXIT_USAGE) && ++g->failures < 3)
		return false;
	snprintf(text, sizeof text, "its workers cannot start: worker %u %s", place_index(w), how);
	w->state = VACANT;
	w->pid = 0;
	generation_refuse(g, text);
	return true;
}

void place_died(struct place *w, int status)
{
	struct shm_slot *s = place_slot(w);
	struct pool *p = w->pool;
	bool was_ready = w->state == READY, stuck = w->abort_ns != 0;
	char how[64];

	pool_describe(status, how, sizeof how);
	w->died_ns = clock_mono_ns();
	if (was_ready)
		warden_autopsy(w, status);
	SHM_SET(s->pid, 0);
	SHM_SET(s->state, SLOT_VACANT);
	SHM_SET(s->busy_since_ns, 0);
	SHM_SET(s->connections, 0);
	SHM_SET(s->rss_kb, 0);
	SHM_SET(s->retire_at, 0);
	w->abort_ns = 0;
	unwish(w);
	if (!w->leaving)
		SHM_ADD(p->h.shm->deaths, 1);
	if (p->phase == RUNNING && !w->leaving)
		log_warn("worker %u (pid %d) %s%s", place_index(w), (int)w->pid, how,
			 was_ready ? "" : " before it was ready");
	else if (p->phase == RUNNING && WIFSIGNALED(status) && w->step < 2)
		log_warn("worker %u (pid %d) %s while it was leaving", place_index(w), (int)w->pid, how);
	w->pid = 0;
	if (!w->leaving && refuses(w, status, how))
		return;
	if (w->replacement) { /* whoever is on the way takes over */
		w->state = VACANT;
		place_free(w);
		return;
	}
	if (!w->leaving) {
		SHM_ADD(s->restarts, 1);
		SHM_ADD(p->h.shm->restarts[stuck ? RESTART_STUCK : RESTART_CRASH], 1);
	}
	place_again(w, was_ready);
	if (!p->served && WIFEXITED(status) &&
	    (WEXITSTATUS(status) == EXIT_CONFIG || WEXITSTATUS(status) == EXIT_OS))
		pool_give_up(p, WEXITSTATUS(status));
}

void place_wish(struct place *w, enum restart_reason why)
{
	if (w->wishes || w->leaving || w->replacement || w->state != READY)
		return;
	w->wishes = true;
	w->reason = why;
	w->pool->wishes++;
}

void place_replace(struct place *w)
{
	struct pool *p = w->pool;
	struct place *fresh;

	if (w->gen != p->current || p->newest->state == LOADING)
		return; /* a reload replaces them all */
	fresh = place_take(w->gen);
	if (!fresh)
		return; /* those that leave make room */
	unwish(w);
	p->permit = fresh;
	fresh->replaces = w;
	w->replacement = fresh;
	SHM_ADD(p->h.shm->restarts[w->reason], 1);
	SHM_ADD(place_slot(w)->restarts, 1);
	log_info("worker %u (pid %d) is replaced by worker %u: %s", place_index(w), (int)w->pid, place_index(fresh),
		 pool_reason_name(w->reason));
}

void place_init(struct pool *p, struct place *w)
{
	w->pool = p;
	ev_timer_init(&w->timer, on_timer, 0., 0.);
	w->timer.data = w;
}
