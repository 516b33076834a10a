/* pool.c: starts, watches and stops the children. Called by main and by the
 * loop's watchers. It never reads what a user wrote: it knows its children by
 * their messages, their shm slot and their exit status only.
 *
 * A place in the pool goes vacant → asked → started → ready → vacant. Messages
 * carry the serial of the request that caused them; others are stale. */
#include "supervisor/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "shm/region.h"
#include "supervisor/backoff.h"
#include "supervisor/listen.h"
#include "worker/worker.h"

#define POOL_MAGIC 0x504f4f4cu
#define DRAIN_S 30.0
#define KILL_S 1.0
#define DEAD_RING 32

enum place_state { VACANT, ASKED, STARTED, READY };

/* Goes one way. */
enum phase { RUNNING, DRAINING, TERMINATING, KILLING };

struct place {
	struct pool *pool;
	enum place_state state;
	pid_t pid;               /* STARTED and READY */
	uint32_t serial;         /* of the latest request to fork */
	struct backoff backoff;
	uint64_t died_ns;        /* 0: has not died yet, or is back */
	ev_timer retry;
};

struct pool {
	uint32_t magic;
	struct ev_loop *loop;
	struct heritage h;       /* the zygote's; slot and serial unused */
	char address[400];
	enum phase phase;
	int exit_code;
	bool served;             /* some worker has been READY */
	pid_t zygote;            /* 0: none */
	bool zygote_ready;
	struct backoff zygote_backoff;
	int command_fd, status_rd;
	uint32_t serials;
	struct { pid_t pid; int status; } dead[DEAD_RING]; /* reaped before STARTED was read */
	unsigned ndead;
	ev_io status_io;
	ev_signal chld;
	ev_timer patience, zygote_retry;
	uint32_t nplaces;
	struct place places[];
};

static void zygote_start(struct pool *p);
static void worker_died(struct pool *p, struct place *w, int status);

static uint32_t random32(void)
{
	uint32_t v = 0;

	if (getrandom(&v, sizeof v, GRND_NONBLOCK) != (ssize_t)sizeof v)
		v = (uint32_t)getpid() * 2654435761u;
	return v;
}

static void describe(int status, char *out, size_t n)
{
	if (WIFSIGNALED(status))
		snprintf(out, n, "killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(out, n, "exited with %d", WEXITSTATUS(status));
}

/* ---- asking for workers ------------------------------------------------- */

static void ask(struct pool *p, struct place *w)
{
	struct fork_cmd cmd = {
		.magic = FORK_MAGIC, .generation = p->h.generation,
		.slot = (uint32_t)(w - p->places), .serial = p->serials + 1,
	};

	AN(w->state == VACANT);
	if (p->phase != RUNNING || p->zygote == 0 || ev_is_active(&w->retry))
		return; /* a new zygote, or the timer, asks again */
	if (send(p->command_fd, &cmd, sizeof cmd, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)sizeof cmd)
		return; /* a dying zygote: its successor will be asked */
	w->serial = ++p->serials;
	w->state = ASKED;
}

static void on_retry(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct place *w = t->data;

	(void)loop, (void)revents;
	if (w->state == VACANT)
		ask(w->pool, w);
}

/* A start failed, or a worker has gone: again, now or later. */
static void again(struct pool *p, struct place *w, bool was_ready)
{
	uint32_t ms;

	w->state = VACANT;
	w->pid = 0;
	if (p->phase != RUNNING)
		return;
	ms = backoff_next(&w->backoff, was_ready, random32());
	if (ms == 0) {
		ask(p, w);
		return;
	}
	ev_timer_set(&w->retry, ms / 1000.0, 0.);
	ev_timer_start(p->loop, &w->retry);
}

/* ---- stopping ----------------------------------------------------------- */

static void signal_workers(struct pool *p, int sig)
{
	uint32_t i;

	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].pid > 0)
			kill(p->places[i].pid, sig);
}

static void end_if_alone(struct pool *p)
{
	uint32_t i;

	if (p->phase == RUNNING || p->zygote != 0)
		return;
	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].pid > 0)
			return;
	ev_break(p->loop, EVBREAK_ALL);
}

static void escalate(struct pool *p)
{
	static const struct { int sig; double patience; const char *text; } step[] = {
		[DRAINING] = { SIGTERM, DRAIN_S, "draining" },
		[TERMINATING] = { SIGTERM, KILL_S, "not waiting any longer" },
		[KILLING] = { SIGKILL, KILL_S, "killing what is left" },
	};
	uint32_t i;

	for (i = 0; p->phase == RUNNING && i < p->h.nlisten; i++)
		listen_shut(p->h.listen_fd[i]);
	if (p->phase < KILLING)
		p->phase++;
	if (p->exit_code == 0 && (!p->h.set->quiet || p->phase > DRAINING))
		log_info("%s", step[p->phase].text);
	fd_close(&p->command_fd); /* tells the zygote to go */
	if (p->zygote > 0)
		kill(p->zygote, step[p->phase].sig);
	ev_timer_stop(p->loop, &p->zygote_retry);
	signal_workers(p, step[p->phase].sig);
	ev_timer_stop(p->loop, &p->patience);
	ev_timer_set(&p->patience, step[p->phase].patience, 0.);
	ev_timer_start(p->loop, &p->patience);
	end_if_alone(p);
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

/* Nothing can be served: leave with this code. */
static void give_up(struct pool *p, int code)
{
	if (p->phase == RUNNING) {
		p->exit_code = code;
		p->phase = DRAINING;
		escalate(p);
	}
}

/* ---- messages ----------------------------------------------------------- */

static void set_ready(struct pool *p, struct place *w)
{
	w->state = READY;
	w->backoff.failures = 0;
	if (w->died_ns != 0 && p->phase == RUNNING)
		log_info("worker %u is back (pid %d) after %u us", (unsigned)(w - p->places), (int)w->pid,
			 (unsigned)((clock_mono_ns() - w->died_ns) / 1000));
	w->died_ns = 0;
	if (!p->served) {
		p->served = true;
		if (!p->h.set->quiet)
			fprintf(stderr, "zigttpd: serving %s%s on %s with %u workers\n",
				p->h.set->app[0].handler ? p->h.set->app[0].handler : "-e",
				p->h.set->napps > 1 ? " and others" : "", p->address, p->nplaces);
	}
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

/* A worker that nobody asked for any more: its zygote died and the place was
 * given to another. Only ever one of our own children is touched. */
static void dismiss(pid_t pid)
{
	siginfo_t si;

	if (pid > 0 && waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG | WNOWAIT) == 0)
		kill(pid, SIGTERM);
}

static void on_worker_message(struct pool *p, const struct status_msg *m)
{
	struct place *w = &p->places[m->slot];
	pid_t pid = (pid_t)m->pid;
	int status;

	if (w->serial != m->serial || (w->pid != 0 && m->pid != 0 && w->pid != pid) || w->state == VACANT) {
		if (m->kind == STATUS_STARTED && !died_already(p, pid, &status))
			dismiss(pid);
		return;
	}
	switch (m->kind) {
	case STATUS_FORK_FAILED:
		if (w->state == ASKED) {
			log_err("worker %u cannot be forked: %s", m->slot, strerror((int)m->arg));
			again(p, w, false);
		}
		break;
	case STATUS_STARTED:
	case STATUS_READY:
		if (w->state == ASKED) {
			w->pid = pid;
			w->state = STARTED;
		}
		if (m->kind == STATUS_READY)
			set_ready(p, w);
		if (died_already(p, pid, &status))
			worker_died(p, w, status);
		else if (p->phase != RUNNING) /* too late to begin */
			kill(pid, SIGTERM);
		break;
	default: /* BYE: the exit status says the same */
		break;
	}
}

static void on_message(struct pool *p, const struct status_msg *m)
{
	if (m->magic != STATUS_MAGIC || m->generation != p->h.generation)
		return; /* garbage, or a generation that is gone */
	if (m->kind == STATUS_ZYGOTE_READY) {
		if ((pid_t)m->pid == p->zygote) {
			p->zygote_ready = true;
			p->zygote_backoff.failures = 0;
		}
		return;
	}
	if (m->kind > STATUS_ZYGOTE_READY && m->kind <= STATUS_BYE && m->slot < p->nplaces)
		on_worker_message(p, m);
}

/* Reads all that waits. A piece that is no whole message can only be garbage;
 * messages are written whole, so the next read starts at a boundary again. */
static void read_status(struct pool *p)
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
	read_status(io->data);
}

/* ---- deaths ------------------------------------------------------------- */

static void worker_died(struct pool *p, struct place *w, int status)
{
	struct shm_slot *s = region_slot(p->h.shm, (uint32_t)(w - p->places));
	bool was_ready = w->state == READY;
	char how[64];

	w->died_ns = clock_mono_ns();
	SHM_SET(s->pid, 0);
	SHM_SET(s->busy_since_ns, 0);
	SHM_SET(s->connections, 0);
	SHM_ADD(s->restarts, 1);
	if (p->phase == RUNNING) {
		describe(status, how, sizeof how);
		log_warn("worker %u (pid %d) %s%s", (unsigned)(w - p->places), (int)w->pid, how,
			 was_ready ? "" : " before it was ready");
	}
	again(p, w, was_ready);
	if (!p->served && WIFEXITED(status) &&
	    (WEXITSTATUS(status) == EXIT_CONFIG || WEXITSTATUS(status) == EXIT_OS))
		give_up(p, WEXITSTATUS(status));
}

static void on_zygote_retry(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct pool *p = t->data;

	(void)loop, (void)revents;
	if (p->zygote == 0 && p->phase == RUNNING)
		zygote_start(p);
}

static void zygote_died(struct pool *p, int status)
{
	bool was_ready = p->zygote_ready;
	char how[64];
	uint32_t i, ms;

	p->zygote = 0;
	p->zygote_ready = false;
	fd_close(&p->command_fd);
	read_status(p); /* what it still had to say about workers */
	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].state == ASKED)
			p->places[i].state = VACANT;
	if (p->phase != RUNNING)
		return;
	describe(status, how, sizeof how);
	if (!p->served && !was_ready) {
		/* The first load: it has said why on standard error. */
		if (WIFSIGNALED(status))
			log_err("the handler could not be loaded: the zygote was %s", how);
		give_up(p, WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SOFTWARE);
		return;
	}
	log_warn("zygote %s; workers go on, a new one is started", how);
	ms = backoff_next(&p->zygote_backoff, was_ready, random32());
	if (ms == 0) {
		zygote_start(p);
		return;
	}
	ev_timer_set(&p->zygote_retry, ms / 1000.0, 0.);
	ev_timer_start(p->loop, &p->zygote_retry);
}

static struct place *place_of(struct pool *p, pid_t pid)
{
	uint32_t i;

	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].pid == pid)
			return &p->places[i];
	return NULL;
}

/* One SIGCHLD may stand for many deaths. */
static void on_chld(struct ev_loop *loop, ev_signal *sig, int revents)
{
	struct pool *p = sig->data;
	struct place *w;
	int status;
	pid_t pid;

	(void)loop, (void)revents;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == p->zygote) {
			zygote_died(p, status);
			continue;
		}
		w = place_of(p, pid);
		if (!w) { /* its STARTED may lie in the pipe */
			read_status(p);
			w = place_of(p, pid);
		}
		if (w) {
			worker_died(p, w, status);
		} else {
			p->dead[p->ndead % DEAD_RING].pid = pid;
			p->dead[p->ndead++ % DEAD_RING].status = status;
		}
	}
	end_if_alone(p);
}

/* ---- the zygote --------------------------------------------------------- */

static void zygote_start(struct pool *p)
{
	struct heritage h = p->h;
	sigset_t all, old;
	int pair[2];
	uint32_t i;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		log_err("socketpair: %s", strerror(errno));
		ev_timer_set(&p->zygote_retry, 1., 0.);
		ev_timer_start(p->loop, &p->zygote_retry);
		return;
	}
	h.command_fd = pair[1];
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	p->zygote = fork();
	if (p->zygote == 0) {
		/* What is the supervisor's alone: the loop's epoll and wake-up
		 * descriptors, our end of the command socket, and the pipe's
		 * read end, whose closing must tell workers of our death. */
		ev_loop_destroy(p->loop);
		close(p->status_rd);
		close(pair[0]);
		zygote_main(&h);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(pair[1]);
	if (p->zygote < 0) {
		log_err("fork: %s", strerror(errno));
		p->zygote = 0;
		close(pair[0]);
		ev_timer_set(&p->zygote_retry, 1., 0.);
		ev_timer_start(p->loop, &p->zygote_retry);
		return;
	}
	p->command_fd = pair[0];
	/* The wishes wait in the socket while the handler is being loaded. */
	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].state == VACANT)
			ask(p, &p->places[i]);
}

struct pool *pool_create(struct ev_loop *loop, const struct heritage *h, const char *address)
{
	uint32_t n = h->shm->nslots, i;
	struct pool *p = calloc(1, sizeof *p + n * sizeof p->places[0]);
	int fds[2];

	if (!p || pipe2(fds, O_CLOEXEC) != 0)
		return NULL;
	fd_set_nonblock(fds[0], 1);
	p->magic = POOL_MAGIC;
	p->loop = loop;
	p->h = *h;
	p->h.status_fd = fds[1];
	p->status_rd = fds[0];
	p->command_fd = -1;
	p->nplaces = n;
	snprintf(p->address, sizeof p->address, "%s", address);
	for (i = 0; i < n; i++) {
		p->places[i].pool = p;
		ev_timer_init(&p->places[i].retry, on_retry, 0., 0.);
		p->places[i].retry.data = &p->places[i];
	}
	ev_io_init(&p->status_io, on_status, p->status_rd, EV_READ);
	ev_signal_init(&p->chld, on_chld, SIGCHLD);
	ev_timer_init(&p->patience, on_patience, 0., 0.);
	ev_timer_init(&p->zygote_retry, on_zygote_retry, 0., 0.);
	p->status_io.data = p->chld.data = p->patience.data = p->zygote_retry.data = p;
	ev_io_start(loop, &p->status_io);
	ev_signal_start(loop, &p->chld);
	zygote_start(p);
	return p;
}

int pool_finish(struct pool **pp)
{
	struct pool *p = *pp;
	uint32_t i;
	int code;

	CHECK(p, POOL_MAGIC);
	code = p->exit_code;
	for (i = 0; i < p->nplaces; i++)
		ev_timer_stop(p->loop, &p->places[i].retry);
	ev_timer_stop(p->loop, &p->patience);
	ev_timer_stop(p->loop, &p->zygote_retry);
	ev_io_stop(p->loop, &p->status_io);
	ev_signal_stop(p->loop, &p->chld);
	fd_close(&p->command_fd);
	fd_close(&p->status_rd);
	fd_close(&p->h.status_fd);
	free(p);
	*pp = NULL;
	return code;
}
