/* warden.c: what becomes of workers over time: which are replaced for their
 * age, size or number of requests, which are silent and ended, and what is
 * learnt from a crash. Called by a timer, by place.c when a worker is ready or
 * dead. Everything it reads of a worker comes from its slot and is not
 * trusted: it decides about that worker only. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "shm/region.h"
#include "supervisor/parts.h"

#define MS 1000000ull
#define BEAT_NS (1000 * MS)      /* a healthy worker's heart beats that often */
#define ABORT_NS (1000 * MS)     /* from SIGABRT to SIGKILL */
#define PERIOD_MAX_NS (1000 * MS)
#define PERIOD_MIN_NS (50 * MS)
#define RESCUE_NS (5000 * MS)    /* for so long a place that was freed is looked after */

/* v, a tenth more or less: workers that began together do not end together. */
static uint64_t jitter(uint64_t v)
{
	uint64_t spread = v / 10;

	return v - spread + (2 * spread * pool_random() >> 32);
}

void warden_arm(struct place *w)
{
	const struct settings *set = w->gen->set;
	struct shm_slot *s = place_slot(w);

	SHM_SET(s->retire_at, set->max_requests ? SHM_GET(s->requests) + jitter(set->max_requests) : 0);
	w->last_ns = set->max_age_ns ? w->ready_ns + jitter(set->max_age_ns) : UINT64_MAX;
	w->abort_ns = 0;
}

static void recycle(struct place *w, uint64_t now)
{
	const struct settings *set = w->gen->set;
	struct shm_slot *s = place_slot(w);

	if (set->max_rss != 0 && SHM_GET(s->rss_kb) > set->max_rss / 1024)
		place_wish(w, RESTART_MAX_RSS);
	else if (now >= w->last_ns)
		place_wish(w, RESTART_MAX_AGE);
}

/* Is it past everything that its limits allow? A worker that runs a request
 * has until the handler's deadline, an idle one must show that it lives. */
static bool overdue(const struct place *w, uint64_t now)
{
	const struct settings *set = w->gen->set;
	struct shm_slot *s = place_slot(w);
	uint64_t busy = SHM_GET(s->busy_since_ns), beat = SHM_GET(s->heartbeat_ns);

	if (w->state == STARTED)
		return now > w->asked_ns + set->load_ns + set->stuck_ns;
	if (busy != 0)
		return now > busy && now - busy > set->handler_ns + set->stuck_ns;
	return now > beat && now - beat > BEAT_NS + set->stuck_ns;
}

/* First SIGABRT, so that it can write down where it is (a stopped one has to
 * be woken for that), then SIGKILL. */
static void end_stuck(struct place *w, uint64_t now)
{
	struct shm_slot *s = place_slot(w);
	uint64_t busy = SHM_GET(s->busy_since_ns);

	if (w->abort_ns == 0) {
		log_err("worker %u (pid %d) is stuck: silent for %u ms%s", place_index(w), (int)w->pid,
			(unsigned)((now - (busy ? busy : w->state == STARTED ? w->asked_ns : SHM_GET(s->heartbeat_ns))) / MS),
			busy ? " in a request" : "");
		w->abort_ns = now;
		kill(w->pid, SIGABRT);
		kill(w->pid, SIGCONT);
	} else if (now - w->abort_ns >= ABORT_NS) {
		kill(w->pid, SIGKILL);
	}
}

static double period(const struct pool *p)
{
	const struct settings *set = p->current->set;
	uint64_t ns = set->stuck_ns / 4;

	if (ns < PERIOD_MIN_NS)
		ns = PERIOD_MIN_NS;
	if (ns > PERIOD_MAX_NS)
		ns = PERIOD_MAX_NS;
	return (double)ns / 1e9;
}

static void on_warden(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct pool *p = t->data;
	uint64_t now = clock_mono_ns(), since = now - p->warden_ns;
	bool late = p->warden_ns != 0 && since > 2 * (uint64_t)(t->repeat * 1e9) + 200 * MS;
	uint32_t i;

	(void)loop, (void)revents;
	p->warden_ns = now;
	if (late) /* we were stopped, or starved, and so were they: let them have a moment */
		return;
	p->silent = 0;
	for (i = 0; i < p->nplaces; i++) {
		struct place *w = &p->places[i];

		if (w->state == VACANT && now < (w->freed_ns > w->died_ns ? w->freed_ns : w->died_ns) + RESCUE_NS)
			inboxes_rescue(w); /* a sibling may have chosen it at the last moment */
		if (w->pid == 0)
			continue;
		if (w->abort_ns != 0 || overdue(w, now)) {
			p->silent += !w->leaving;
			end_stuck(w, now);
		} else if (w->state == READY) {
			recycle(w, now);
		}
	}
}

void warden_start(struct pool *p)
{
	ev_timer_stop(p->loop, &p->warden);
	ev_timer_init(&p->warden, on_warden, period(p), period(p));
	p->warden.data = p;
	p->warden_ns = 0;
	ev_timer_start(p->loop, &p->warden);
}

/* ---- after a crash ------------------------------------------------------ */

/* Shared memory that a crashed process wrote: printable, and it ends. */
static const char *tame(const char *from, size_t size, char *to)
{
	size_t i;

	for (i = 0; i + 1 < size && from[i]; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[i] = '\0';
	return to;
}

/* A signal that the program raised itself. SIGKILL and SIGTERM come from
 * people, or from the kernel for want of memory: no request is to blame. */
static bool own_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE || sig == SIGABRT || sig == SIGTRAP ||
	       sig == SIGSYS || sig == SIGXCPU;
}

static void tell_record(const struct place *w, const struct shm_crash *c)
{
	char function[sizeof c->function], file[sizeof c->file], request[sizeof c->request];

	if (c->signal == 0 || (pid_t)c->pid != w->pid)
		return;
	log_err("worker %u (pid %d) of generation %u crashed: signal %u at address %#llx in %s (%s:%u:%u), request %s",
		place_index(w), (int)w->pid, c->generation, c->signal, (unsigned long long)c->address,
		c->function[0] ? tame(c->function, sizeof function, function) : "native code",
		c->file[0] ? tame(c->file, sizeof file, file) : "?", c->line_no, c->column,
		c->request[0] ? tame(c->request, sizeof request, request) : "none");
}

static void quarantine(struct pool *p, uint64_t hash, uint64_t now)
{
	struct shm_quarantine *q = p->h.shm->quarantine;
	unsigned i, at = 0;

	for (i = 0; i < SHM_QUARANTINE; i++)
		if (SHM_GET(q[i].until_ns) < SHM_GET(q[at].until_ns))
			at = i;
	SHM_SET(q[at].until_ns, 0);
	__atomic_store_n(&q[at].hash, hash, __ATOMIC_RELEASE);
	__atomic_store_n(&q[at].until_ns, now + POISON_QUARANTINE_NS, __ATOMIC_RELEASE);
	SHM_ADD(p->h.shm->quarantined, 1);
}

void warden_autopsy(struct place *w, int status)
{
	struct shm_slot *s = place_slot(w);
	struct pool *p = w->pool;
	char request[sizeof s->request];
	uint64_t hash = SHM_GET(s->request_hash), now = clock_mono_ns();

	if (!WIFSIGNALED(status))
		return;
	tell_record(w, &s->crash);
	if (SHM_GET(s->busy_since_ns) == 0 || hash == 0 || (w->abort_ns == 0 && !own_fault(WTERMSIG(status))))
		return;
	if (!poison_death(&p->poison, hash, now))
		return;
	quarantine(p, hash, now);
	log_err("request quarantined for %u minutes after %u deaths: %s", (unsigned)(POISON_QUARANTINE_NS / MS / 60000),
		POISON_DEATHS, tame(s->request, sizeof request, request));
}
