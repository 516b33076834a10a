/* main.c: zigttpd, the supervisor process: command line, listener, shared
 * memory, pool, loop. Never reads handler source. */
#include <errno.h>
#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/check.h"
#include "base/log.h"
#include "shm/region.h"
#include "supervisor/inherit.h"
#include "supervisor/listen.h"
#include "supervisor/notify.h"
#include "supervisor/options.h"
#include "supervisor/pool.h"
#include "worker/worker.h"

static void on_stop(struct ev_loop *loop, ev_signal *sig, int revents)
{
	(void)loop, (void)revents;
	notify_stopping();
	pool_stop(sig->data);
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

/* What the service manager passes stands for an address that nobody named. */
static int listeners_open(struct heritage *h, struct options *o)
{
	static char host[64];

	if (!o->addressed && inherit_activated() != 0) {
		h->listen_fd[0] = inherit_next(host, sizeof host, &o->port);
		o->host = host;
	} else {
		h->listen_fd[0] = listen_open(o->host, &o->port);
	}
	if (h->listen_fd[0] < 0)
		return -h->listen_fd[0];
	h->nlisten = 1;
	inherit_store(h->listen_fd[0]);
	return inherit_finish();
}

int main(int argc, char **argv)
{
	static const int stops[] = { SIGTERM, SIGINT, SIGHUP };
	ev_signal stop[ARRAY_LEN(stops)];
	struct heritage h = { .generation = 1, .log_fd = -1, .access_fd = -1 };
	struct ev_loop *loop;
	struct options o;
	struct pool *pool;
	char address[80];
	size_t i;
	int r = options_parse(&o, argc, argv);

	if (r >= 0)
		return r;
	log_init(-1, LOG_INFO, "zigttpd");
	notify_open();
	r = inherit_open();
	if (r != 0)
		return r;
	r = listeners_open(&h, &o);
	if (r != 0)
		return r;
	hash_key_random(&h.key);
	h.shm = region_create((uint32_t)o.set.workers);
	/* Not the environment's choice of backend: LIBEV_FLAGS can name one that
	 * is known to be broken. */
	loop = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (!h.shm || !loop || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
		fprintf(stderr, "zigttpd: cannot start: %s\n", strerror(errno));
		return EXIT_OS;
	}
	SHM_SET(h.shm->generation, h.generation);
	raise_nofile();
	signal(SIGPIPE, SIG_IGN);
	h.set = &o.set;
	snprintf(address, sizeof address, strchr(o.host, ':') ? "[%s]:%u" : "%s:%u", o.host, o.port);
	/* Before the first fork: from then on nobody may be left behind. What
	 * arrives now is acted on when the loop runs. */
	for (i = 0; i < ARRAY_LEN(stops); i++) {
		ev_signal_init(&stop[i], on_stop, stops[i]);
		ev_signal_start(loop, &stop[i]);
	}
	pool = pool_create(loop, &h, address);
	if (!pool) {
		fprintf(stderr, "zigttpd: cannot start: %s\n", strerror(errno));
		return EXIT_OS;
	}
	for (i = 0; i < ARRAY_LEN(stops); i++)
		stop[i].data = pool;
	notify_start(loop, h.shm, (uint32_t)o.set.workers);
	ev_run(loop, 0);
	return pool_finish(&pool);
}
