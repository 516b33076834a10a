/* control.c: see control.h. Called by main and by the loop. Answers are made
 * from shared memory and the pool; nothing here waits for anybody. */
#include "supervisor/control.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "shm/region.h"
#include "shm/slowlog.h"
#include "supervisor/cacheview.h"
#include "supervisor/ctl_protocol.h"
#include "supervisor/exposition.h"
#include "supervisor/peer.h"
#include "supervisor/reload.h"
#include "supervisor/settings.h"

#define CLIENTS_MAX 16
#define BACKLOG 128
#define PATIENCE_S 60.0          /* of a client between two requests */

struct control {
	struct control_config cfg;
	struct pool *pool;       /* NULL until control_start */
	struct peers peers;
	const msgpack_object *question; /* that is being answered */
	char path[CTL_PATH_MAX];
	dev_t dev;               /* of the socket file: only ours is removed */
	ino_t ino;
};

/* A client that waits for a reload. It may go away before. */
struct wait { struct peer *peer; };

/* ---- answers ------------------------------------------------------------------ */

static void refuse(struct peer *p, const char *why)
{
	struct ctl_out o;

	ctl_begin(&o, &p->out);
	ctl_put_bool(&o, "ok", false);
	ctl_put_text(&o, "error", why);
	ctl_end(&o);
}

static void begin(struct ctl_out *o, struct peer *p)
{
	ctl_begin(o, &p->out);
	ctl_put_bool(o, "ok", true);
}

static void finish(struct ctl_out *o, struct peer *p)
{
	if (!ctl_end(o))
		refuse(p, "the answer is too long");
}

static uint64_t since_s(uint64_t now, uint64_t then) { return then && now > then ? (now - then) / 1000000000 : 0; }

static void verb_status(struct control *c, struct peer *p)
{
	struct shm_header *h = c->cfg.shm;
	struct metrics_total t;
	uint64_t now = clock_mono_ns();
	struct ctl_out o;

	metrics_total(h, &t);
	begin(&o, p);
	ctl_put_text(&o, "version", PACKAGE_VERSION);
	ctl_put_text(&o, "address", c->cfg.address);
	ctl_put_u64(&o, "port", c->cfg.port);
	ctl_put_u64(&o, "pid", (uint64_t)getpid());
	ctl_put_u64(&o, "zygote", (uint64_t)pool_zygote(c->pool));
	ctl_put_u64(&o, "uptime_s", since_s(now, h->started_ns));
	ctl_put_bool(&o, "healthy", pool_healthy(c->pool));
	ctl_put_bool(&o, "stopping", pool_stopping(c->pool));
	ctl_put_u64(&o, "generation", pool_generation(c->pool));
	ctl_put_u64(&o, "workers", pool_settings(c->pool)->workers);
	ctl_put_u64(&o, "serving", t.serving);
	ctl_put_u64(&o, "starting", t.starting);
	ctl_put_u64(&o, "draining", t.draining);
	ctl_put_u64(&o, "busy", t.busy);
	ctl_put_u64(&o, "connections", t.connections);
	ctl_put_u64(&o, "requests", t.requests);
	ctl_put_u64(&o, "errors", t.responses[5]);
	ctl_put_u64(&o, "shed", t.shed);
	ctl_put_u64(&o, "reloads", SHM_GET(h->reloads));
	ctl_put_u64(&o, "reloads_refused", SHM_GET(h->reloads_refused));
	ctl_put_u64(&o, "deaths", SHM_GET(h->deaths));
	ctl_put_u64(&o, "quarantined", SHM_GET(h->quarantined));
	finish(&o, p);
}

static void verb_metrics(struct control *c, struct peer *p)
{
	struct buf text = BUF_INIT;
	struct ctl_out o;

	exposition_text(c->cfg.shm, &(struct exposition_stores){ c->cfg.cache, c->cfg.state, c->cfg.rates }, &text);
	begin(&o, p);
	ctl_put_sv(&o, "text", buf_sv(&text));
	finish(&o, p);
	buf_free(&text);
}

/* Text of shared memory: a worker wrote it, so its end is not taken on trust,
 * and what a terminal might obey is not passed on. */
static void put_shared(struct ctl_out *o, const char *key, const char *s, size_t size)
{
	char copy[SHM_STACK_MAX];
	size_t n = strnlen(s, size < sizeof copy ? size : sizeof copy), i;

	for (i = 0; i < n; i++)
		copy[i] = (unsigned char)s[i] < 0x20 && s[i] != '\n' ? '?' : s[i] == 0x7f ? '?' : s[i];
	ctl_put_sv(o, key, (struct sv){ copy, n });
}

static void put_worker(struct ctl_out *o, const struct pool_worker *w, const struct shm_slot *s, uint64_t now)
{
	uint64_t busy = SHM_GET(s->busy_since_ns);

	ctl_open_map(o, NULL);
	ctl_put_u64(o, "slot", w->slot);
	ctl_put_u64(o, "pid", (uint64_t)w->pid);
	ctl_put_u64(o, "generation", w->generation);
	ctl_put_text(o, "state", w->leaving ? "draining" : w->ready ? "serving" : "starting");
	ctl_put_u64(o, "age_s", w->ready ? since_s(now, SHM_GET(s->started_ns)) : 0);
	ctl_put_u64(o, "busy_us", busy && now > busy ? (now - busy) / 1000 : 0);
	ctl_put_u64(o, "connections", SHM_GET(s->connections));
	ctl_put_u64(o, "accepted", SHM_GET(s->accepted));
	ctl_put_u64(o, "requests", SHM_GET(s->requests));
	ctl_put_u64(o, "errors", SHM_GET(s->responses[5]));
	ctl_put_u64(o, "exec_us_total", SHM_GET(s->exec_us_total));
	ctl_put_u64(o, "exec_us_max", SHM_GET(s->exec_us_max));
	ctl_put_u64(o, "wait_us_total", SHM_GET(s->wait_us_total));
	ctl_put_u64(o, "restarts", SHM_GET(s->restarts));
	ctl_put_u64(o, "rss_kb", SHM_GET(s->rss_kb));
	ctl_put_u64(o, "heap_bytes", SHM_GET(s->heap_bytes));
	put_shared(o, "request", busy ? s->request : "", sizeof s->request);
	ctl_close(o);
}

static void verb_workers(struct control *c, struct peer *p)
{
	struct pool_worker w[SHM_SLOTS_MAX];
	uint32_t n = pool_workers(c->pool, w, SHM_SLOTS_MAX), i;
	uint64_t now = clock_mono_ns();
	struct ctl_out o;

	begin(&o, p);
	ctl_put_u64(&o, "now_us", now / 1000);
	ctl_put_u64(&o, "generation", pool_generation(c->pool));
	ctl_open_array(&o, "workers");
	for (i = 0; i < n && i < SHM_SLOTS_MAX; i++)
		put_worker(&o, &w[i], region_slot(c->cfg.shm, w[i].slot), now);
	ctl_close(&o);
	finish(&o, p);
}

static void verb_slow(struct control *c, struct peer *p)
{
	struct shm_slow *e = calloc(SHM_SLOW_MAX, sizeof *e);
	uint64_t now = clock_wall_ns() / 1000000000;
	struct ctl_out o;
	uint32_t n, i;

	AN(e);
	n = slowlog_read(region_slowlog(c->cfg.shm), e, SHM_SLOW_MAX);
	begin(&o, p);
	ctl_put_u64(&o, "threshold_us", pool_settings(c->pool)->slow_ns / 1000);
	ctl_put_u64(&o, "recovered", SHM_GET(region_slowlog(c->cfg.shm)->recovered));
	ctl_open_array(&o, "slow");
	for (i = 0; i < n; i++) {
		ctl_open_map(&o, NULL);
		ctl_put_u64(&o, "when_s", e[i].when_s);
		ctl_put_u64(&o, "age_s", now > e[i].when_s ? now - e[i].when_s : 0);
		ctl_put_u64(&o, "us", e[i].us);
		ctl_put_u64(&o, "slot", e[i].slot);
		ctl_put_u64(&o, "generation", e[i].generation);
		put_shared(&o, "request", e[i].request, sizeof e[i].request);
		put_shared(&o, "stack", e[i].stack, sizeof e[i].stack);
		ctl_close(&o);
	}
	ctl_close(&o);
	finish(&o, p);
	free(e);
}

static void put_crash(struct ctl_out *o, uint32_t slot, const struct shm_crash *k, uint64_t now)
{
	const char *name = sigabbrev_np((int)k->signal);

	ctl_open_map(o, NULL);
	ctl_put_u64(o, "slot", slot);
	ctl_put_u64(o, "pid", k->pid);
	ctl_put_u64(o, "generation", k->generation);
	ctl_put_u64(o, "signal", k->signal);
	ctl_put_text(o, "name", name ? name : "?");
	ctl_put_u64(o, "when_s", k->when_s);
	ctl_put_u64(o, "age_s", now > k->when_s ? now - k->when_s : 0);
	ctl_put_u64(o, "address", k->address);
	ctl_put_u64(o, "request_hash", k->request_hash);
	put_shared(o, "request", k->request, sizeof k->request);
	put_shared(o, "function", k->function, sizeof k->function);
	put_shared(o, "file", k->file, sizeof k->file);
	ctl_put_u64(o, "line", k->line_no);
	ctl_put_u64(o, "column", k->column);
	ctl_close(o);
}

static void verb_last_crash(struct control *c, struct peer *p)
{
	uint64_t now = clock_wall_ns() / 1000000000, when, best_when;
	bool done[SHM_SLOTS_MAX] = { false };
	struct ctl_out o;
	uint32_t i, best;

	begin(&o, p);
	ctl_put_u64(&o, "deaths", SHM_GET(c->cfg.shm->deaths));
	ctl_open_array(&o, "crashes");
	for (;;) { /* newest first; there are few slots */
		best = SHM_SLOTS_MAX;
		best_when = 0;
		for (i = 0; i < region_slots(c->cfg.shm); i++) {
			const struct shm_crash *k = &region_slot(c->cfg.shm, i)->crash;

			when = SHM_GET(k->when_s);
			if (!done[i] && __atomic_load_n(&k->signal, __ATOMIC_ACQUIRE) != 0 &&
			    (best == SHM_SLOTS_MAX || when > best_when)) {
				best = i;
				best_when = when;
			}
		}
		if (best == SHM_SLOTS_MAX)
			break;
		done[best] = true;
		put_crash(&o, best, &region_slot(c->cfg.shm, best)->crash, now);
	}
	ctl_close(&o);
	finish(&o, p);
}

static void verb_settings(struct control *c, struct peer *p)
{
	struct buf text = BUF_INIT;
	struct ctl_out o;

	settings_dump(reload_in_force(c->pool), &text);
	begin(&o, p);
	ctl_put_sv(&o, "text", buf_sv(&text));
	finish(&o, p);
	buf_free(&text);
}

/* Refused where there is no cache. */
static bool has_cache(struct control *c, struct peer *p)
{
	if (!c->cfg.cache)
		refuse(p, "there is no response cache (cache.enabled)");
	return c->cfg.cache != NULL;
}

static void verb_cache_stats(struct control *c, struct peer *p)
{
	struct ctl_out o;

	if (!has_cache(c, p))
		return;
	begin(&o, p);
	cacheview_stats(c->cfg.shm, c->cfg.cache, &o);
	finish(&o, p);
}

static void verb_cache_explain(struct control *c, struct peer *p)
{
	const struct settings *set = pool_settings(c->pool);
	struct cacheview_request rq;
	struct ctl_out o;
	const char *why;

	if (!has_cache(c, p))
		return;
	why = cacheview_ask(c->cfg.shm, set, c->question, &rq);
	if (why) {
		refuse(p, why);
		return;
	}
	begin(&o, p);
	ctl_put_u64(&o, "generation", pool_generation(c->pool));
	ctl_put_bool(&o, "enabled", set->cache);
	cacheview_explain(c->cfg.cache, set, &rq, &o);
	finish(&o, p);
}

/* ---- verbs that act ------------------------------------------------------------ */

static void on_reloaded(void *u, bool ok, const char *text)
{
	struct wait *w = u;
	struct ctl_out o;

	if (w->peer) {
		struct control *c = w->peer->all->user;

		if (ok) {
			begin(&o, w->peer);
			ctl_put_u64(&o, "generation", pool_generation(c->pool));
			finish(&o, w->peer);
		} else {
			refuse(w->peer, text && *text ? text : "refused");
		}
		w->peer->user = NULL;
		peer_send(w->peer);
		peer_hold(w->peer, false);
	}
	free(w);
}

static struct wait *await(struct peer *p)
{
	struct wait *w = calloc(1, sizeof *w);

	AN(w);
	w->peer = p;
	p->user = w;
	peer_hold(p, true);
	return w;
}

static void verb_reload(struct control *c, struct peer *p)
{
	if (pool_stopping(c->pool))
		refuse(p, "the server is stopping");
	else
		reload_begin(c->pool, on_reloaded, await(p));
}

static void verb_restart(struct control *c, struct peer *p)
{
	if (pool_stopping(c->pool))
		refuse(p, "the server is stopping");
	else
		pool_reload(c->pool, NULL, NULL, on_reloaded, await(p));
}

static void verb_stop(struct control *c, struct peer *p)
{
	struct ctl_out o;

	begin(&o, p);
	ctl_put_u64(&o, "pid", (uint64_t)getpid());
	finish(&o, p);
	peer_send(p); /* before anything can end us */
	pool_stop(c->pool);
}

static void verb_cache_flush(struct control *c, struct peer *p)
{
	struct ctl_out o;

	if (!has_cache(c, p))
		return;
	cache_flush(c->cfg.cache);
	begin(&o, p);
	finish(&o, p);
}

static void verb_state(struct control *c, struct peer *p)
{
	struct ctl_out o;

	begin(&o, p);
	cacheview_state(c->cfg.state, "cache", &o);
	cacheview_state(c->cfg.rates, "ratelimit", &o);
	finish(&o, p);
}

static const struct { const char *name; void (*run)(struct control *c, struct peer *p); } verb[] = {
	{ "status", verb_status }, { "metrics", verb_metrics }, { "workers", verb_workers }, { "slow", verb_slow },
	{ "last-crash", verb_last_crash }, { "settings", verb_settings }, { "reload", verb_reload },
	{ "restart", verb_restart }, { "stop", verb_stop },
	{ "cache-stats", verb_cache_stats }, { "cache-flush", verb_cache_flush }, { "cache-explain", verb_cache_explain },
	{ "state", verb_state },
};

/* ---- conversations -------------------------------------------------------------- */

static void answer(struct control *c, struct peer *p, struct sv body)
{
	msgpack_unpacked m;
	struct sv name;
	size_t i;

	if (!ctl_unpack(body, &m)) {
		refuse(p, "malformed request");
		p->ending = true;
		return;
	}
	name = ctl_text(&m.data, "verb");
	for (i = 0; i < ARRAY_LEN(verb) && !sv_eq(name, sv_of(verb[i].name)); i++)
		;
	c->question = &m.data;
	if (i < ARRAY_LEN(verb))
		verb[i].run(c, p);
	else
		refuse(p, "unknown verb");
	c->question = NULL;
	msgpack_unpacked_destroy(&m);
}

/* Root, or whoever we are ourselves. */
static bool trusted(int fd)
{
	struct ucred who;
	socklen_t n = sizeof who;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && (who.uid == 0 || who.uid == geteuid());
}

/* One answer at a time: the next request waits until the one before is sent. */
static void on_data(struct peer *p)
{
	struct control *c = p->all->user;
	enum ctl_frame f = CTL_MORE;
	struct sv body;

	if (!trusted(p->fd)) {
		refuse(p, "permission denied");
		peer_end(p);
		return;
	}
	while (!p->ending && !p->held && p->out.len == 0 && (f = ctl_frame(p->in.p, p->in.len, &body)) == CTL_WHOLE) {
		size_t used = 4 + body.n;

		answer(c, p, body);
		peer_used(p, used);
		if (p->out.len != 0 || p->ending)
			peer_send(p);
	}
	if (f == CTL_BAD) {
		refuse(p, "malformed request");
		peer_end(p);
	}
}

static void on_gone(struct peer *p)
{
	struct wait *w = p->user;

	if (w)
		w->peer = NULL;
}

/* ---- the socket ------------------------------------------------------------------ */

static bool address_of(const char *path, struct sockaddr_un *a)
{
	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof a->sun_path)
		return false;
	strcpy(a->sun_path, path);
	return true;
}

/* Does a server listen there? */
static bool alive(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un a;
	bool yes;

	if (fd < 0 || !address_of(path, &a)) {
		fd_close(&fd);
		return false;
	}
	yes = connect(fd, (struct sockaddr *)&a, sizeof a) == 0 || errno == EAGAIN;
	fd_close(&fd);
	return yes;
}

/* The directory of the default path: ours alone where others may write beside
 * it. An operator's own path has a directory already. */
static bool directory(const char *path)
{
	char dir[CTL_PATH_MAX];
	struct stat st;
	char *slash;

	snprintf(dir, sizeof dir, "%.*s", (int)sizeof dir - 1, path);
	slash = strrchr(dir, '/');
	if (!slash || slash == dir)
		return true;
	*slash = '\0';
	if (mkdir(dir, geteuid() == 0 ? 0755 : 0700) != 0 && errno != EEXIST)
		return false;
	errno = EPERM;
	return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 022) == 0;
}

/* Binds a fresh name and renames it: nobody ever sees a socket without its mode,
 * and one left behind is replaced in one step. -1: errno. */
static int bind_at(const char *path)
{
	char fresh[CTL_PATH_MAX];
	struct sockaddr_un a;
	mode_t old;
	int fd, r;

	if (snprintf(fresh, sizeof fresh, "%s.%d", path, (int)getpid()) >= (int)sizeof fresh || !address_of(fresh, &a)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	unlink(fresh);
	old = umask(0177);
	r = bind(fd, (struct sockaddr *)&a, sizeof a);
	umask(old);
	if (r != 0 || listen(fd, BACKLOG) != 0 || rename(fresh, path) != 0) {
		r = errno;
		unlink(fresh);
		fd_close(&fd);
		errno = r;
		return -1;
	}
	return fd;
}

static int open_at(struct control *c, const char *path, struct buf *err)
{
	struct stat st;
	int fd;

	err->len = 0;
	if (alive(path)) {
		buf_printf(err, "control socket %s belongs to another server", path);
		errno = EADDRINUSE;
		return -1;
	}
	if (lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode)) {
		buf_printf(err, "control socket %s: there is something else of that name", path);
		errno = EEXIST;
		return -1;
	}
	fd = bind_at(path);
	if (fd < 0) {
		buf_printf(err, "control socket %s: %s", path, strerror(errno));
		return -1;
	}
	if (lstat(path, &st) == 0) {
		c->dev = st.st_dev;
		c->ino = st.st_ino;
	}
	snprintf(c->path, sizeof c->path, "%.*s", (int)sizeof c->path - 1, path);
	return fd;
}

bool control_open(const struct control_config *cfg, struct control **out, struct buf *err)
{
	struct control *c = calloc(1, sizeof *c);
	char path[CTL_PATHS][CTL_PATH_MAX];
	int n, i, fd = -1;

	AN(c);
	c->cfg = *cfg;
	*out = NULL;
	if (cfg->path) {
		fd = open_at(c, cfg->path, err);
	} else {
		n = ctl_paths(cfg->port, path);
		for (i = 0; i < n && fd < 0; i++)
			if (directory(path[i]))
				fd = open_at(c, path[i], err);
			else
				buf_printf(err, "control socket %s: %s", path[i], strerror(errno));
	}
	if (fd < 0) {
		free(c);
		return false;
	}
	c->peers = (struct peers){
		.loop = cfg->loop, .listen_fd = fd, .max = CLIENTS_MAX, .in_max = CTL_FRAME_MAX + 4,
		.patience_s = PATIENCE_S, .data = on_data, .gone = on_gone, .user = c,
	};
	*out = c;
	return true;
}

void control_start(struct control *c, struct pool *pool)
{
	c->pool = pool;
	peers_start(&c->peers);
}

const char *control_path(const struct control *c) { return c->path; }

void control_close(struct control **cp)
{
	struct control *c = *cp;
	struct stat st;

	if (!c)
		return;
	if (c->pool)
		peers_stop(&c->peers);
	fd_close(&c->peers.listen_fd);
	if (lstat(c->path, &st) == 0 && st.st_dev == c->dev && st.st_ino == c->ino)
		unlink(c->path);
	free(c);
	*cp = NULL;
}
