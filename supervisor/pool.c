/* pool.c: the loop's side of the pool: messages, deaths, stopping. Called by
 * main and by the loop's watchers. It never reads what a user wrote: it knows
 * its children by their messages, their shm slot and their exit status only. */
#include "supervisor/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "shm/region.h"
#include "supervisor/listen.h"
#include "supervisor/parts.h"

#define STAFF_S 0.002 /* after the first worker is ready, the others are made */

uint32_t pool_random(void)
{
	uint32_t v = 0;

	if (getrandom(&v, sizeof v, GRND_NONBLOCK) != (ssize_t)sizeof v)
		v = (uint32_t)clock_mono_ns() * 2654435761u;
	return v;
}

void pool_describe(int status, char *out, size_t n)
{
	if (WIFSIGNALED(status))
		snprintf(out, n, "killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(out, n, "exited with %d", WEXITSTATUS(status));
}

void pool_tell(struct pool *p, enum pool_event what, const char *text)
{
	unsigned i;

	for (i = 0; i < p->nobservers; i++)
		p->observer[i].fn(p->observer[i].u, what, text);
}

void pool_observe(struct pool *p, pool_observer *fn, void *u)
{
	CHECK(p, POOL_MAGIC);
	AN(p->nobservers < OBSERVERS_MAX);
	p->observer[p->nobservers].fn = fn;
	p->observer[p->nobservers++].u = u;
}

/* ---- stopping ----------------------------------------------------------- */

/* A worker that was told to leave before is not told the first time again: it
 * would take that for impatience. */
static void signal_workers(struct pool *p, int sig)
{
	uint32_t i;

	for (i = 0; i < p->nplaces; i++) {
		struct place *w = &p->places[i];

		if (w->pid > 0 && !(p->phase == DRAINING && w->leaving))
			kill(w->pid, sig);
	}
}

static void escalate(struct pool *p)
{
	const double drain = (double)p->current->set->drain_ns / 1e9;
	const struct { int sig; double patience; const char *text; } step[] = {
		[DRAINING] = { SIGTERM, drain, "draining" },
		[TERMINATING] = { SIGTERM, KILL_S, "not waiting any longer" },
		[KILLING] = { SIGKILL, KILL_S, "killing what is left" },
	};
	struct generation *g;
	uint32_t i;

	if (p->phase == RUNNING) {
		SHM_SET(p->h.shm->stopping, 1);
		for (i = 0; i < p->h.nlisten; i++)
			listen_shut(p->h.listen_fd[i]);
	}
	if (p->phase < KILLING)
		p->phase++;
	if (p->exit_code == 0 && (!p->current->set->quiet || p->phase > DRAINING))
		log_info("%s", step[p->phase].text);
	for (g = p->newest; g; g = g->older) {
		fd_close(&g->command_fd); /* tells the zygote to go */
		if (g->zygote > 0)
			kill(g->zygote, step[p->phase].sig);
		ev_timer_stop(p->loop, &g->retry);
		ev_timer_stop(p->loop, &g->patience);
		generation_answer(g, false, "the server is stopping");
	}
	if (p->waiting)
		generation_answer(p->waiting, false, "the server is stopping");
	signal_workers(p, step[p->phase].sig);
	for (i = 0; i < p->nplaces; i++)
		ev_timer_stop(p->loop, &p->places[i].timer);
	ev_timer_stop(p->loop, &p->warden);
	ev_timer_stop(p->loop, &p->staff);
	ev_timer_stop(p->loop, &p->patience);
	ev_timer_set(&p->patience, step[p->phase].patience, 0.);
	ev_timer_start(p->loop, &p->patience);
	if (p->phase == DRAINING)
		pool_tell(p, POOL_STOPPING, "draining");
}

static void on_patience(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	escalate(t->data);
}

void pool_stop(struct pool *p)
{
	CHECK(p, POOL_MAGIC);
	escalate(p);
}

bool pool_stopping(const struct pool *p) { return p->phase != RUNNING; }

void pool_give_up(struct pool *p, int code)
{
	if (p->phase == RUNNING) {
		p->exit_code = code;
		SHM_SET(p->h.shm->stopping, 1);
		p->phase = DRAINING;
		escalate(p);
	}
}

/* ---- before the loop waits ---------------------------------------------- */

static bool alone(const struct pool *p)
{
	const struct generation *g;
	uint32_t i;

	for (g = p->newest; g; g = g->older)
		if (g->zygote != 0)
			return false;
	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].pid > 0)
			return false;
	return true;
}

/* Clears away what has ended and begins what has waited for it. */
static void on_tidy(struct ev_loop *loop, ev_prepare *t, int revents)
{
	struct pool *p = t->data;
	struct generation **at = &p->newest, *g;
	uint32_t i;

	(void)loop, (void)revents;
	while ((g = *at) != NULL) {
		if (generation_gone(g) && g != p->current) {
			*at = g->older;
			generation_free(g);
			continue;
		}
		at = &g->older;
	}
	if (p->phase != RUNNING) {
		if (alone(p))
			ev_break(p->loop, EVBREAK_ALL);
		return;
	}
	for (g = p->newest; g; g = g->older) {
		if (g->state == SERVING || (g->state == LOADING && (g->zygote_ready || g == p->current)))
			generation_fill(g);
		if (g->state == LOADING)
			generation_settle(g);
	}
	generation_next(p);
	for (i = 0; i < p->nplaces && p->wishes != 0 && !p->permit; i++)
		if (p->places[i].wishes)
			place_replace(&p->places[i]);
}

/* ---- messages ----------------------------------------------------------- */

static void announce(struct pool *p)
{
	const struct settings *set = p->current->set;
	char text[800];

	snprintf(text, sizeof text, "serving %s%s on %s with %u workers",
		 set->app[0].handler ? set->app[0].handler : "-e", set->napps > 1 ? " and others" : "", p->address,
		 (unsigned)set->workers);
	pool_tell(p, POOL_SERVING, text);
	if (!set->quiet)
		fprintf(stderr, "zigttpd: %s\n", text);
}

/* The very first worker comes alone, and all else when it has had time to
 * answer what waits: it would slow down that. */
static void on_staff(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct pool *p = t->data;

	(void)loop, (void)revents;
	if (!inboxes_complete(p)) {
		log_err("no sockets for the hand-off of connections: %s", strerror(errno));
		pool_give_up(p, EXIT_OS);
		return;
	}
	p->staffed = true; /* on_tidy does it */
	announce(p);
}

static void first_ready(struct pool *p)
{
	p->served = true;
	ev_timer_start(p->loop, &p->staff);
	SHM_SET(p->h.shm->generation, p->current->number);
}

/* Was it reaped before we knew its name? */
static bool died_already(struct pool *p, pid_t pid, int *status)
{
	unsigned i;

	for (i = 0; i < DEAD_RING; i++)
		if (p->dead[i].pid == pid) {
			p->dead[i].pid = 0;
			*status = p->dead[i].status;
			return true;
		}
	return false;
}

/* Only ever one of our own children is touched, whatever a message says. */
static bool is_child(pid_t pid)
{
	siginfo_t si;

	return pid > 0 && waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* Who loaded the handler is now its first worker, and a copy of it the zygote. Said
 * once, before that worker has read anything that could make it lie. */
static void zygote_split(struct generation *g, const struct status_msg *m)
{
	int status;

	if (g->split || g->zygote == 0 || (uint64_t)g->zygote != m->arg)
		return;
	g->split = true;
	if (died_already(g->pool, (pid_t)m->pid, &status))
		generation_zygote_died(g, status);
	else if (is_child((pid_t)m->pid)) /* told to go already: it reads the end of its commands */
		g->zygote = (pid_t)m->pid;
}

static void on_worker_message(struct pool *p, const struct status_msg *m)
{
	struct place *w = &p->places[m->slot];
	pid_t pid = (pid_t)m->pid;
	int status;

	if (!w->gen || w->gen->number != m->generation || w->serial != m->serial ||
	    (w->pid != 0 && m->pid != 0 && w->pid != pid) || w->state == VACANT) {
		/* Nobody asked for it any more: its zygote died and the place was given to another. */
		if (m->kind == STATUS_STARTED && !died_already(p, pid, &status) && is_child(pid))
			kill(pid, SIGTERM);
		return;
	}
	switch (m->kind) {
	case STATUS_FORK_FAILED:
		if (w->state == ASKED) {
			log_err("worker %u cannot be forked: %s", m->slot, strerror((int)m->arg));
			place_again(w, false);
		}
		break;
	case STATUS_STARTED:
	case STATUS_READY:
		if (w->state == ASKED)
			place_started(w, pid);
		if (m->kind == STATUS_READY && w->state == STARTED) {
			place_ready(w);
			if (!p->served)
				first_ready(p);
		}
		if (died_already(p, pid, &status))
			place_died(w, status);
		else if (p->phase != RUNNING) /* too late to begin */
			kill(pid, SIGTERM);
		break;
	case STATUS_RETIRE:
		if (w->state == READY && m->arg < RESTART_REASONS)
			place_wish(w, (enum restart_reason)m->arg);
		break;
	default: /* BYE: the exit status says the same */
		break;
	}
}

static void on_message(struct pool *p, const struct status_msg *m)
{
	struct generation *g = m->magic == STATUS_MAGIC ? generation_find(p, m->generation) : NULL;

	if (m->kind == STATUS_ZYGOTE_READY) {
		if (g && (pid_t)m->pid == g->zygote)
			generation_loaded(g);
		return;
	}
	if (m->kind == STATUS_ZYGOTE_IS) {
		if (g)
			zygote_split(g, m);
		return;
	}
	if (m->magic == STATUS_MAGIC && m->slot < p->nplaces)
		on_worker_message(p, m);
}

/* A piece that is no whole message can only be garbage; messages are written
 * whole, so the next read starts at a boundary again. */
void pool_read_status(struct pool *p)
{
	struct status_msg m[64];
	ssize_t n;
	size_t i;

	while ((n = read(p->status_rd, m, sizeof m)) > 0)
		for (i = 0; i < (size_t)n / sizeof m[0]; i++)
			on_message(p, &m[i]);
}

static void on_status(struct ev_loop *loop, ev_io *io, int revents)
{
	(void)loop, (void)revents;
	pool_read_status(io->data);
}

/* ---- deaths ------------------------------------------------------------- */

static struct place *place_of(struct pool *p, pid_t pid)
{
	uint32_t i;

	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].pid == pid)
			return &p->places[i];
	return NULL;
}

static struct generation *generation_of_zygote(struct pool *p, pid_t pid)
{
	struct generation *g;

	for (g = p->newest; g && g->zygote != pid; g = g->older)
		;
	return g;
}

/* One SIGCHLD may stand for many deaths. */
static void on_chld(struct ev_loop *loop, ev_signal *sig, int revents)
{
	struct pool *p = sig->data;
	struct generation *g;
	struct place *w;
	int status;
	pid_t pid;

	(void)loop, (void)revents;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		pool_read_status(p); /* who it was may lie in the pipe */
		g = generation_of_zygote(p, pid);
		if (g) {
			generation_zygote_died(g, status);
			continue;
		}
		w = place_of(p, pid);
		if (w) {
			place_died(w, status);
		} else {
			p->dead[p->ndead % DEAD_RING].pid = pid;
			p->dead[p->ndead++ % DEAD_RING].status = status;
		}
	}
}

/* ---- what others ask ---------------------------------------------------- */

uint32_t pool_workers(const struct pool *p, struct pool_worker *out, uint32_t max)
{
	uint32_t i, n = 0;

	for (i = 0; i < p->nplaces; i++) {
		const struct place *w = &p->places[i];

		if (w->pid == 0)
			continue;
		if (n < max)
			out[n] = (struct pool_worker){
				.slot = i, .generation = w->gen->number, .pid = w->pid,
				.ready = w->state == READY, .leaving = w->leaving,
			};
		n++;
	}
	return n;
}

const struct settings *pool_settings(const struct pool *p) { return p->current->set; }
uint32_t pool_generation(const struct pool *p) { return p->current->number; }
pid_t pool_zygote(const struct pool *p) { return p->current->zygote; }
bool pool_healthy(const struct pool *p) { return p->served && p->silent == 0; }

const char *pool_reason_name(uint32_t reason)
{
	static const char *const name[RESTART_REASONS] = {
		[RESTART_CRASH] = "crash", [RESTART_STUCK] = "stuck", [RESTART_MAX_REQUESTS] = "max_requests",
		[RESTART_MAX_RSS] = "max_rss", [RESTART_MAX_AGE] = "max_age", [RESTART_RELOAD] = "reload",
		[RESTART_ENGINE] = "engine",
	};

	return reason < RESTART_REASONS ? name[reason] : "unknown";
}

/* ---- beginning and end -------------------------------------------------- */

struct pool *pool_create(struct ev_loop *loop, const struct heritage *h, const char *address)
{
	uint32_t n = region_slots(h->shm), i;
	struct pool *p = calloc(1, sizeof *p + n * sizeof p->places[0]);
	int fds[2];

	if (!p || pipe2(fds, O_CLOEXEC) != 0)
		return NULL;
	fd_set_nonblock(fds[0], 1);
	p->magic = POOL_MAGIC;
	p->loop = loop;
	p->h = *h;
	p->h.status_fd = fds[1];
	p->h.command_fd = p->h.stderr_fd = p->h.files_fd = -1;
	p->status_rd = fds[0];
	p->nplaces = n;
	hash_key_random(&p->h.key);
	h->shm->started_ns = clock_mono_ns();
	snprintf(p->address, sizeof p->address, "%s", address);
	for (i = 0; i < n; i++)
		place_init(p, &p->places[i]);
	ev_io_init(&p->status_io, on_status, p->status_rd, EV_READ);
	ev_signal_init(&p->chld, on_chld, SIGCHLD);
	ev_timer_init(&p->patience, on_patience, 0., 0.);
	ev_timer_init(&p->staff, on_staff, STAFF_S, 0.);
	ev_prepare_init(&p->tidy, on_tidy);
	p->status_io.data = p->chld.data = p->staff.data = p->patience.data = p->tidy.data = p;
	if (!inboxes_make(p, 1))
		return NULL;
	/* The caller's settings outlive the pool: nobody releases them. */
	generation_first(p, generation_new(p, wishes_new((struct settings *)(uintptr_t)h->set, NULL)));
	ev_io_start(loop, &p->status_io);
	ev_signal_start(loop, &p->chld);
	ev_prepare_start(loop, &p->tidy);
	warden_start(p);
	return p;
}

int pool_finish(struct pool **pp)
{
	struct pool *p = *pp;
	struct generation *g;
	uint32_t i;
	int code;

	CHECK(p, POOL_MAGIC);
	code = p->exit_code;
	for (i = 0; i < p->nplaces; i++)
		ev_timer_stop(p->loop, &p->places[i].timer);
	ev_timer_stop(p->loop, &p->patience);
	ev_timer_stop(p->loop, &p->warden);
	ev_timer_stop(p->loop, &p->staff);
	ev_io_stop(p->loop, &p->status_io);
	ev_signal_stop(p->loop, &p->chld);
	ev_prepare_stop(p->loop, &p->tidy);
	fd_close(&p->status_rd);
	fd_close(&p->h.status_fd);
	if (p->waiting)
		generation_free(p->waiting);
	while ((g = p->newest) != NULL) {
		p->newest = g->older;
		generation_free(g);
	}
	inboxes_close(p);
	buf_free(&p->files);
	buf_free(&p->files_refused);
	free(p);
	*pp = NULL;
	return code;
}
