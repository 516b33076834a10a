/* main.c: zigttpd, the supervisor process: command line, listener, shared
 * memory, pool, loop. Never reads handler source. */
#include <errno.h>
#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "shm/cache.h"
#include "shm/kv.h"
#include "shm/region.h"
#include "supervisor/inherit.h"
#include "supervisor/listen.h"
#include "supervisor/notify.h"
#include "supervisor/operate.h"
#include "supervisor/options.h"
#include "supervisor/pool.h"
#include "supervisor/reload.h"
#include "supervisor/settings.h"
#include "worker/worker.h"

/* Keeps the service manager informed. */
static void on_pool(void *u, enum pool_event what, const char *text)
{
	switch (what) {
	case POOL_RELOADING: notify_reloading(); break;
	case POOL_RELOADED:
		notify_reloaded((uint32_t)pool_settings(u)->workers);
		reload_watch_again();
		break;
	case POOL_REFUSED:
		notify_refused(text, EINVAL);
		reload_watch_again();
		break;
	case POOL_STOPPING:  notify_stopping(); break;
	case POOL_SERVING:
		notify_serving();
		reload_watch_again();
		break;
	}
}

static void on_stop(struct ev_loop *loop, ev_signal *sig, int revents)
{
	(void)loop, (void)revents;
	pool_stop(sig->data);
}

static void on_reload(struct ev_loop *loop, ev_signal *sig, int revents)
{
	(void)loop, (void)revents;
	reload_begin(sig->data, NULL, NULL);
}

/* Connections are descriptors: take as many as the hard limit gives. */
static void raise_nofile(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max && r.rlim_cur < 4096) {
		r.rlim_cur = r.rlim_max < 4096 ? r.rlim_max : 4096;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

/* --check: in a process of its own, since handlers run code when they load. */
static int check(const struct config *c, bool verbose)
{
	struct heritage h = { .generation = 1, .command_fd = -1, .status_fd = -1, .stderr_fd = -1, .log_fd = -1,
		.access_fd = -1, .files_fd = -1, .set = &c->set };
	struct buf dump = BUF_INIT;
	int status;
	pid_t pid;

	if (verbose) {
		settings_dump(c, &dump);
		fwrite(dump.p, 1, dump.len, stdout);
		buf_free(&dump);
	}
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		zygote_check(&h);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		fprintf(stderr, "zigttpd: cannot check: %s\n", strerror(errno));
		return EXIT_OS;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
		fputs("zigttpd: the handler takes too long to load (limits.load)\n", stderr);
		return EXIT_NO_COMPILE;
	}
	if (!WIFEXITED(status)) {
		fprintf(stderr, "zigttpd: the handler was ended by signal %d while it was loaded\n", WTERMSIG(status));
		return EXIT_SOFTWARE;
	}
	if (WEXITSTATUS(status) == 0 && !c->set.quiet)
		fprintf(stderr, "zigttpd: %s%s%u handler%s: fine\n", c->file ? c->file : "", c->file ? " and " : "",
			c->set.napps, c->set.napps == 1 ? "" : "s");
	return WEXITSTATUS(status);
}

static int listener_add(struct heritage *h, const struct config *c, int fd, const char *bound, struct buf *text)
{
	if (fd < 0)
		return -fd;
	listen_congestion(fd, c->set.congestion);
	h->listen_fd[h->nlisten++] = fd;
	buf_printf(text, "%s%s%s", text->len ? ", " : "", strncmp(bound, "unix:", 5) == 0 ? "" : "http://", bound);
	return 0;
}

/* Fills the heritage's listeners; text: all of them, for people. What the
 * service manager passes stands for an address that nobody named. */
static int listeners_open(struct heritage *h, const struct config *c, struct buf *text)
{
	char bound[280];
	int r = 0;

	if (c->listen_from.who == BY_DEFAULT && inherit_activated() != 0) {
		int fd;

		while (h->nlisten < LISTEN_MAX && (fd = inherit_next(bound, sizeof bound)) >= 0)
			listener_add(h, c, fd, bound, text);
	} else {
		while (r == 0 && h->nlisten < c->set.nlisten) {
			int fd = listen_open(c->set.listen[h->nlisten], bound, sizeof bound);

			r = listener_add(h, c, fd, bound, text);
		}
	}
	return r != 0 ? r : inherit_finish();
}

/* Shared memory with the stores in it, whose sizes are settled here for good. False: errno. */
static bool memory_create(struct heritage *h)
{
	struct cache_config cfg = { .bytes = h->set->cache_bytes, .entries = (uint32_t)h->set->cache_entries };
	struct region_sizes sizes = { .part = {
		[SHM_CACHE] = h->set->cache ? cache_footprint(&cfg) : 0,
		[SHM_STATE] = kv_footprint(h->set->state_cache),
		[SHM_RATES] = kv_footprint(h->set->state_rates),
	} };

	h->shm = region_create((uint32_t)h->set->workers * 2 + 4, &sizes);
	if (!h->shm)
		return false;
	if (sizes.part[SHM_CACHE] != 0) {
		h->cache = cache_create(region_part(h->shm, SHM_CACHE), &cfg);
		if (!h->cache)
			return false;
	}
	h->state = kv_create(region_part(h->shm, SHM_STATE), h->set->state_cache);
	h->rates = kv_create(region_part(h->shm, SHM_RATES), h->set->state_rates);
	return h->state && h->rates;
}

int main(int argc, char **argv)
{
	static const int stops[] = { SIGTERM, SIGINT }, awaited[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD };
	ev_signal stop[ARRAY_LEN(stops)], hup;
	struct heritage h = { .log_fd = -1, .access_fd = -1 };
	struct buf err = BUF_INIT;
	static struct operate *operate; /* static: what lives as long as the process is no leak */
	static struct config *config;
	static struct buf address;
	struct ev_loop *loop;
	struct options o;
	struct pool *pool = NULL;
	sigset_t early;
	size_t i;
	int r = options_parse(&o, argc, argv);

	if (r >= 0)
		return r;
	r = settings_load(&o, &config, &err);
	if (r != 0) {
		fprintf(stderr, "zigttpd: " SV_FMT "\n%s", SV_ARG(buf_sv(&err)), r == EXIT_USAGE ? "try: zigttpd --help\n" : "");
		buf_free(&err);
		return r;
	}
	if (o.check) {
		r = check(config, o.verbose);
		config_free(&config);
		return r;
	}
	log_init(-1, LOG_INFO, "zigttpd");
	h.set = &config->set;
	notify_open();
	r = inherit_open();
	if (r == 0)
		r = operate_open(&h, &operate);
	if (r == 0)
		r = listeners_open(&h, config, &address);
	if (r != 0)
		return r;
	if (!memory_create(&h)) {
		fprintf(stderr, "zigttpd: cannot start: %s\n", strerror(errno));
		return EXIT_OS;
	}
	/* Not the environment's choice of backend: LIBEV_FLAGS can name one that
	 * is known to be broken. */
	loop = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (!loop || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
		fprintf(stderr, "zigttpd: cannot start: %s\n", strerror(errno));
		return EXIT_OS;
	}
	r = operate_bind(operate, &(struct control_config){
		.loop = loop, .shm = h.shm, .address = buf_cstr(&address),
	});
	if (r != 0)
		return r;
	raise_nofile();
	/* Before the first fork: from then on nobody may be left behind. What arrives now
	 * waits until there is somebody to look for it. */
	sigemptyset(&early);
	for (i = 0; i < ARRAY_LEN(awaited); i++)
		sigaddset(&early, awaited[i]);
	sigprocmask(SIG_BLOCK, &early, NULL);
	pool = pool_create(loop, &h, buf_cstr(&address));
	if (!pool) {
		fprintf(stderr, "zigttpd: cannot start: %s\n", strerror(errno));
		return EXIT_OS;
	}
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < ARRAY_LEN(stops); i++) {
		ev_signal_init(&stop[i], on_stop, stops[i]);
		stop[i].data = pool;
		ev_signal_start(loop, &stop[i]);
	}
	ev_signal_init(&hup, on_reload, SIGHUP);
	hup.data = pool;
	ev_signal_start(loop, &hup);
	reload_watch(loop, config, &pool);
	reload_init(&o, config);
	pool_observe(pool, on_pool, pool);
	if (geteuid() == 0 && !h.set->user && !h.set->quiet)
		log_warn("workers run as root: name a user in zigttpd.conf, or with --user");
	operate_start(operate, pool);
	notify_start(loop, h.shm, (uint32_t)h.set->workers);
	sigprocmask(SIG_UNBLOCK, &early, NULL);
	ev_run(loop, 0);
	operate_close(&operate);
	r = pool_finish(&pool);
	cache_free(&h.cache);
	kv_free(&h.state);
	kv_free(&h.rates);
	return r;
}
