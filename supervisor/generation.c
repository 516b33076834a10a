/* generation.c: a zygote and the workers forked from it. Called by pool.c and
 * place.c and by its own timers. A generation is LOADING until its zygote has
 * loaded the handler and all its workers are ready, then SERVING until a newer
 * one takes over, then LEAVING until its last process has gone. */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/spare.h"
#include "shm/region.h"
#include "supervisor/parts.h"

#define WITHOUT_ROOM_NS (1000ull * 1000000) /* then it serves with the places that there are */
#define PAUSE_NS (250ull * 1000000) /* a reload waits for so long while an older generation leaves */
#define FILES_TEXT_MAX (1u << 20)
#define KEEP_MAX (LISTEN_MAX + 16)

struct generation *generation_find(struct pool *p, uint32_t number)
{
	struct generation *g;

	for (g = p->newest; g && g->number != number; g = g->older)
		;
	return g;
}

/* ---- what a zygote says on standard error ------------------------------- */

/* Passes it on, and keeps the beginning. */
static void errors_read(struct generation *g)
{
	char piece[1024];
	size_t room;
	ssize_t n;

	while (g->errors_rd >= 0 && (n = read(g->errors_rd, piece, sizeof piece)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		log_text(LOG_ERR, piece, (size_t)n);
		room = sizeof g->errors - 1 - g->nerrors;
		room = room < (size_t)n ? room : (size_t)n;
		memcpy(g->errors + g->nerrors, piece, room);
		g->nerrors += room;
		g->errors[g->nerrors] = '\0';
	}
	if (g->errors_rd >= 0) {
		ev_io_stop(g->pool->loop, &g->errors_io);
		fd_close(&g->errors_rd);
	}
}

static void on_errors(struct ev_loop *loop, ev_io *io, int revents)
{
	(void)loop, (void)revents;
	errors_read(io->data);
}

/* ---- which files it loaded ------------------------------------------------ */

static void files_read(struct generation *g, struct buf *b)
{
	char piece[4096];
	ssize_t n;

	if (g->files_fd < 0)
		return;
	b->len = 0;
	while (b->len < FILES_TEXT_MAX && (n = pread(g->files_fd, piece, sizeof piece, (off_t)b->len)) > 0)
		buf_put(b, piece, (size_t)n);
	while (b->len && b->p[b->len - 1] != '\0') /* a name that was cut off */
		b->len--;
	fd_close(&g->files_fd);
}

static void files_each(const struct buf *b, void (*fn)(void *u, const char *path), void *u)
{
	size_t at;

	for (at = 0; at < b->len; at += strlen(b->p + at) + 1)
		fn(u, b->p + at);
}

void pool_files(const struct pool *p, void (*fn)(void *u, const char *path), void *u)
{
	CHECK(p, POOL_MAGIC);
	files_each(&p->files, fn, u);
	files_each(&p->files_refused, fn, u);
}

/* ---- its zygote --------------------------------------------------------- */

static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* In the child: nothing but what the heritage names stays open; all else is the
 * supervisor's alone, and some of it tells by its closing that we died. */
static void close_others(const struct heritage *h)
{
	int keep[KEEP_MAX], n = 0;
	unsigned from = STDERR_FILENO + 1;
	uint32_t k;
	int i;

	for (k = 0; k < h->nlisten; k++)
		keep[n++] = h->listen_fd[k];
	keep[n++] = h->status_fd;
	keep[n++] = h->command_fd;
	keep[n++] = h->stderr_fd;
	keep[n++] = h->files_fd;
	keep[n++] = h->log_fd;
	keep[n++] = h->access_fd;
	qsort(keep, (size_t)n, sizeof keep[0], by_number);
	for (i = 0; i < n; i++) {
		if (keep[i] < (int)from)
			continue;
		if (keep[i] > (int)from)
			close_range(from, (unsigned)keep[i] - 1, 0);
		from = (unsigned)keep[i] + 1;
	}
	close_range(from, ~0u, 0);
}

static void retry_in(struct generation *g, double seconds)
{
	ev_timer_set(&g->retry, seconds, 0.);
	ev_timer_start(g->pool->loop, &g->retry);
}

/* It need not wait until we sleep. Once there it may go where it likes. */
static void begin_elsewhere(pid_t pid)
{
	cpu_set_t all, others;

	if (pid > 0 && cpus_others(&all, &others) && sched_setaffinity(pid, sizeof others, &others) == 0)
		sched_setaffinity(pid, sizeof all, &all);
}

NORETURN static void become_zygote(struct generation *g, const int *command, const int *errors)
{
	struct heritage h = g->pool->h;

	h.command_fd = command[1];
	h.generation = g->number;
	h.set = g->set;
	h.files_fd = g->files_fd;
	h.stderr_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (h.stderr_fd >= 0)
		dup2(errors[1], STDERR_FILENO);
	close_others(&h);
	zygote_main(&h);
}

/* Its zygote gets the inboxes and is told of the workers that are wanted. At first
 * the wishes wait in the socket while the handler is being loaded; a reload asks
 * when it has been. */
static void generation_equip(struct generation *g)
{
	if (!inboxes_give(g, 0)) {
		log_err("the zygote cannot be given the inboxes: %s", strerror(errno));
		kill(g->zygote, SIGKILL);
	}
	if (g == g->pool->current)
		generation_fill(g);
}

void generation_start(struct generation *g)
{
	struct pool *p = g->pool;
	int command[2], errors[2] = { -1, -1 };
	sigset_t all, old;

	SHM_SET(p->h.shm->refusal_said, 0);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, command) != 0) {
		log_err("socketpair: %s", strerror(errno));
		retry_in(g, 1.);
		return;
	}
	if (pipe2(errors, O_CLOEXEC) != 0) {
		log_err("pipe: %s", strerror(errno));
		close(command[0]);
		close(command[1]);
		retry_in(g, 1.);
		return;
	}
	fd_close(&g->files_fd);
	g->files_fd = memfd_create("files", MFD_CLOEXEC); /* none: they are not watched */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	g->split = false;
	g->zygote = fork();
	if (g->zygote == 0)
		become_zygote(g, command, errors);
	begin_elsewhere(g->zygote);
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(command[1]);
	close(errors[1]);
	if (g->zygote < 0) {
		log_err("fork: %s", strerror(errno));
		g->zygote = 0;
		close(command[0]);
		close(errors[0]);
		retry_in(g, 1.);
		return;
	}
	g->command_fd = command[0];
	g->errors_rd = errors[0];
	g->nerrors = 0;
	g->errors[0] = '\0';
	fd_set_nonblock(g->errors_rd, 1);
	ev_io_set(&g->errors_io, g->errors_rd, EV_READ);
	ev_io_start(p->loop, &g->errors_io);
	generation_equip(g);
}

static void on_retry(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct generation *g = t->data;

	(void)loop, (void)revents;
	if (g->zygote == 0 && g->pool->phase == RUNNING && g->state != LEAVING)
		generation_start(g);
}

void generation_loaded(struct generation *g)
{
	g->zygote_ready = true;
	g->backoff.failures = 0;
	g->loaded_ns = clock_mono_ns();
	files_read(g, &g->pool->files);
	g->pool->files_refused.len = 0;
}

static bool first_load(const struct generation *g) { return g->state == LOADING && g == g->pool->current; }

void generation_zygote_died(struct generation *g, int status)
{
	struct pool *p = g->pool;
	bool was_ready = g->zygote_ready;
	char how[64], text[96];
	uint32_t i, ms;

	g->zygote = 0;
	g->zygote_ready = false;
	fd_close(&g->command_fd);
	errors_read(g);
	files_read(g, &p->files_refused);
	pool_read_status(p); /* what it still had to say about workers */
	for (i = 0; i < p->nplaces; i++) {
		struct place *w = &p->places[i];

		if (w->gen != g || w->state != ASKED)
			continue;
		w->state = VACANT;
		if (w->leaving)
			place_free(w);
	}
	if (p->phase != RUNNING || g->state == LEAVING)
		return;
	pool_describe(status, how, sizeof how);
	if (first_load(g) && !p->served && !was_ready) {
		/* It has said why on standard error. */
		if (WIFSIGNALED(status))
			log_err("the handler could not be loaded: the zygote was %s", how);
		pool_give_up(p, WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SOFTWARE);
		return;
	}
	if (g->state == LOADING && g != p->current) {
		snprintf(text, sizeof text, "the zygote %s", how);
		generation_refuse(g, g->nerrors ? g->errors : text);
		return;
	}
	log_warn("zygote %s; workers go on, a new one is started", how);
	ms = backoff_next(&g->backoff, was_ready, pool_random());
	if (ms == 0)
		generation_start(g);
	else
		retry_in(g, ms / 1000.0);
}

/* ---- from LOADING to SERVING to LEAVING --------------------------------- */

static uint32_t staff(const struct generation *g, bool ready)
{
	const struct pool *p = g->pool;
	uint32_t i, n = 0;

	for (i = 0; i < p->nplaces; i++)
		n += p->places[i].gen == g && !p->places[i].leaving && !p->places[i].replaces &&
		     (!ready || p->places[i].state == READY);
	return n;
}

static bool peopled(const struct generation *g)
{
	uint32_t i;

	for (i = 0; i < g->pool->nplaces; i++)
		if (g->pool->places[i].gen == g)
			return true;
	return false;
}

void generation_fill(struct generation *g)
{
	uint64_t most = g->pool->staffed ? g->set->workers : 1;
	uint32_t n = staff(g, false), i;

	for (i = 0; i < g->pool->nplaces && g->zygote != 0; i++) { /* those that had no zygote to ask */
		struct place *w = &g->pool->places[i];

		if (w->gen == g && w->state == VACANT && !w->leaving && !ev_is_active(&w->timer))
			place_ask(w);
	}
	while (n < most && place_take(g))
		n++;
}

void generation_answer(struct generation *g, bool ok, const char *text)
{
	unsigned i, n = g->nwaiters;

	g->nwaiters = 0;
	for (i = 0; i < n; i++)
		if (g->waiter[i].done)
			g->waiter[i].done(g->waiter[i].u, ok, text);
}

void generation_retire(struct generation *g)
{
	struct pool *p = g->pool;
	uint32_t i;

	g->state = LEAVING;
	ev_timer_stop(p->loop, &g->patience);
	ev_timer_stop(p->loop, &g->retry);
	fd_close(&g->command_fd); /* tells the zygote to go; SIGTERM, when it still loads */
	if (g->zygote > 0)
		kill(g->zygote, SIGTERM);
	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].gen == g)
			place_leave(&p->places[i]);
}

void generation_refuse(struct generation *g, const char *text)
{
	struct pool *p = g->pool;

	g->refused = true;
	SHM_ADD(p->h.shm->reloads_refused, 1);
	log_err("reload refused: generation %u goes on", p->current->number);
	generation_retire(g);
	if (g->zygote > 0 && !g->zygote_ready)
		kill(g->zygote, SIGKILL);
	generation_answer(g, false, text);
	pool_tell(p, POOL_REFUSED, text);
}

static void on_patience(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct generation *g = t->data;
	char text[128];

	(void)loop, (void)revents;
	snprintf(text, sizeof text, g->zygote_ready ? "its workers were not ready after %g s"
						    : "the handler was not loaded after %g s",
		 (double)g->set->load_ns / 1e9);
	log_err("%s", text);
	if (first_load(g))
		pool_give_up(g->pool, EXIT_NO_COMPILE);
	else
		generation_refuse(g, text);
}

/* More generations leaving than may: the oldest are hurried. */
static void thin_out(struct pool *p)
{
	struct generation *g;
	uint64_t n = 0;
	uint32_t i;

	for (g = p->newest; g; g = g->older) {
		if (g->state != LEAVING || g->refused || !peopled(g))
			continue;
		if (++n <= p->current->set->draining_max)
			continue;
		for (i = 0; i < p->nplaces; i++)
			if (p->places[i].gen == g)
				place_hurry(&p->places[i]);
	}
}

void generation_settle(struct generation *g)
{
	struct pool *p = g->pool;
	struct generation *old = p->current;
	uint32_t ready = staff(g, true);
	char text[96];

	if (ready == 0 || (g != old && ready < g->set->workers &&
			   (ready < staff(g, false) || clock_mono_ns() - g->loaded_ns < WITHOUT_ROOM_NS)))
		return;
	g->state = SERVING;
	ev_timer_stop(p->loop, &g->patience);
	SHM_SET(p->h.shm->generation, g->number);
	if (g == old)
		return;
	p->current = g;
	SHM_ADD(p->h.shm->reloads, 1);
	SHM_ADD(p->h.shm->restarts[RESTART_RELOAD], ready);
	snprintf(text, sizeof text, "generation %u serves after %u ms; generation %u leaves", g->number,
		 (unsigned)((clock_mono_ns() - g->began_ns) / 1000000), old->number);
	log_info("%s", text);
	generation_retire(old);
	thin_out(p);
	warden_start(p);
	generation_answer(g, true, text);
	pool_tell(p, POOL_RELOADED, text);
}

bool generation_gone(const struct generation *g)
{
	return g->state == LEAVING && g->zygote == 0 && !peopled(g);
}

void generation_free(struct generation *g)
{
	struct pool *p = g->pool;

	CHECK(g, GENERATION_MAGIC);
	ev_timer_stop(p->loop, &g->patience);
	ev_timer_stop(p->loop, &g->retry);
	if (g->errors_rd >= 0)
		ev_io_stop(p->loop, &g->errors_io);
	fd_close(&g->errors_rd);
	fd_close(&g->command_fd);
	fd_close(&g->files_fd);
	generation_wish(g, NULL);
	g->magic = 0;
	free(g);
	spare_return(0);
}

void generation_wish(struct generation *g, struct wishes *wishes)
{
	struct wishes *old = g->wishes;

	if (wishes)
		wishes->refs++;
	g->wishes = wishes;
	g->set = wishes ? wishes->set : NULL;
	if (old && --old->refs == 0) {
		if (old->release)
			old->release(old->set);
		free(old);
	}
}

struct wishes *wishes_new(struct settings *set, void (*release)(struct settings *))
{
	struct wishes *w = calloc(1, sizeof *w);

	AN(w);
	w->set = set;
	w->release = release;
	return w;
}

struct generation *generation_new(struct pool *p, struct wishes *wishes)
{
	struct generation *g = calloc(1, sizeof *g);

	AN(g);
	g->magic = GENERATION_MAGIC;
	g->pool = p;
	generation_wish(g, wishes);
	g->command_fd = g->errors_rd = g->files_fd = -1;
	ev_init(&g->errors_io, on_errors);
	ev_timer_init(&g->retry, on_retry, 0., 0.);
	ev_timer_init(&g->patience, on_patience, 0., 0.);
	g->errors_io.data = g->retry.data = g->patience.data = g;
	return g;
}

/* ---- reloads ------------------------------------------------------------ */

static void begin(struct generation *g)
{
	struct pool *p = g->pool;

	g->number = ++p->generations;
	g->older = p->newest;
	p->newest = g;
	g->began_ns = clock_mono_ns();
	ev_timer_set(&g->patience, (double)g->set->load_ns / 1e9, 0.);
	ev_timer_start(p->loop, &g->patience);
	if (p->current != g)
		spare_return(0); /* what the configuration's reader left would be the workers' too */
	generation_start(g);
}

void generation_first(struct pool *p, struct generation *g)
{
	p->current = g;
	begin(g);
}

void generation_next(struct pool *p)
{
	struct generation *g = p->waiting, *old;
	char text[64];

	if (!g || p->phase != RUNNING || p->newest->state == LOADING)
		return;
	/* Reloads faster than generations leave would pile them up. */
	for (old = p->newest; old && clock_mono_ns() - g->asked_ns < PAUSE_NS; old = old->older)
		if (old->state == LEAVING && peopled(old))
			return;
	p->waiting = NULL;
	begin(g);
	snprintf(text, sizeof text, "loading generation %u", g->number);
	pool_tell(p, POOL_RELOADING, text);
}

static void refused(struct pool *p, struct wishes *wishes, pool_done *done, void *u, const char *text)
{
	struct generation *g = generation_new(p, wishes);

	SHM_ADD(p->h.shm->reloads_refused, 1);
	log_err("reload refused: generation %u goes on: %s", p->current->number, text);
	if (done)
		done(u, false, text);
	if (p->newest->state != LOADING) { /* what is under way says so itself */
		pool_tell(p, POOL_RELOADING, "loading the configuration");
		pool_tell(p, POOL_REFUSED, text);
	}
	generation_free(g);
}

void pool_refuse(struct pool *p, pool_done *done, void *u, const char *text)
{
	CHECK(p, POOL_MAGIC);
	refused(p, p->current->wishes, done, u, text);
}

void pool_reload(struct pool *p, struct settings *set, void (*release)(struct settings *), pool_done *done, void *u)
{
	uint32_t most = (p->nplaces - 4) / 2;
	struct wishes *wishes = set ? wishes_new(set, release) : p->current->wishes;
	struct generation *g = p->waiting;
	char text[96];

	CHECK(p, POOL_MAGIC);
	if (p->phase != RUNNING) {
		refused(p, wishes, done, u, "the server is stopping");
		return;
	}
	if (wishes->set->workers > most) {
		snprintf(text, sizeof text, "%u workers need a new start: there is room for %u",
			 (unsigned)wishes->set->workers, most);
		refused(p, wishes, done, u, text);
		return;
	}
	if (g && g->nwaiters == WAITERS_MAX) {
		refused(p, wishes, done, u, "too many reloads wait");
		return;
	}
	if (!g)
		(p->waiting = g = generation_new(p, wishes))->asked_ns = clock_mono_ns();
	else if (set)
		generation_wish(g, wishes);
	g->waiter[g->nwaiters++] = (struct waiter){ done, u };
	generation_next(p);
}
