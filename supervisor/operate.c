/* operate.c: see operate.h. Called by main. */
#include "supervisor/operate.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/log.h"
#include "supervisor/listen.h"
#include "supervisor/logs.h"
#include "supervisor/metrics.h"
#include "worker/worker.h"

/* Nobody waits for the default control socket: it comes when the first worker serves,
 * or so long after the zygote began to load the handler. */
#define LATER_S 0.01

struct operate {
	struct control_config cfg;
	struct heritage *h;
	struct pool *pool;
	struct control *control; /* NULL: could not be had */
	struct metrics *metrics;
	int metrics_fd;
	ev_signal usr1;
	ev_timer later;
};

/* The log files have been moved away: new ones under the old names. */
static void on_usr1(struct ev_loop *loop, ev_signal *sig, int revents)
{
	struct operate *o = sig->data;

	(void)loop, (void)revents;
	if (logs_reopen(o->h->set, o->h) != 0) {
		pool_logs(o->pool);
		log_info("log files opened anew");
	}
}

/* 0, or an exit code. */
static int bind_control(struct operate *o)
{
	struct buf err = BUF_INIT;
	int r = 0;

	if (!control_open(&o->cfg, &o->control, &err)) {
		if (o->cfg.path) {
			fprintf(stderr, "zigttpd: %s\n", buf_cstr(&err));
			r = errno == EADDRINUSE ? EXIT_BUSY : EXIT_PERM;
		} else {
			log_warn("%s; zigttpctl will not reach this server", buf_cstr(&err));
		}
	}
	buf_free(&err);
	return r;
}

/* A control socket that nobody asked for by name. */
static void bind_default(struct operate *o)
{
	if (!ev_is_active(&o->later))
		return;
	ev_timer_stop(o->cfg.loop, &o->later);
	(void)bind_control(o);
	if (o->control)
		control_start(o->control, o->pool);
}

static void on_later(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	bind_default(t->data);
}

static void on_pool(void *u, enum pool_event what, const char *text)
{
	struct operate *o = u;

	(void)text;
	if (what == POOL_SERVING)
		bind_default(o);
	if (what == POOL_RELOADED)
		metrics_settings(o->metrics, pool_settings(o->pool));
}

/* 0, or an exit code. */
static int metrics_bind(const char *where, int *fd)
{
	const char *why = where ? listen_check(where) : NULL;
	char bound[280];

	*fd = -1;
	if (why) {
		fprintf(stderr, "zigttpd: metrics_listen \"%s\": %s\n", where, why);
		return EXIT_CONFIG;
	}
	if (where)
		*fd = listen_open(where, bound, sizeof bound);
	return *fd < -1 ? -*fd : 0;
}

int operate_open(struct heritage *h, struct operate **out)
{
	struct operate *o = calloc(1, sizeof *o);
	struct buf err = BUF_INIT;
	int r;

	AN(o);
	o->h = h;
	if (!logs_open(h->set, h, &err)) {
		fprintf(stderr, "zigttpd: %s\n", buf_cstr(&err));
		buf_free(&err);
		free(o);
		return EXIT_PERM;
	}
	r = metrics_bind(h->set->metrics_listen, &o->metrics_fd);
	if (r != 0) {
		free(o); /* we are about to exit: descriptors go with us */
		return r;
	}
	*out = o;
	return 0;
}

static uint16_t port_of(int fd)
{
	union { struct sockaddr sa; struct sockaddr_in in4; struct sockaddr_storage room; } a;
	socklen_t n = sizeof a;

	if (getsockname(fd, &a.sa, &n) != 0 || (a.sa.sa_family != AF_INET && a.sa.sa_family != AF_INET6))
		return 0;
	return ntohs(a.in4.sin_port); /* the same place in both families */
}

int operate_bind(struct operate *o, const struct control_config *cfg)
{
	o->cfg = *cfg;
	o->cfg.cache = o->h->cache;
	o->cfg.state = o->h->state;
	o->cfg.rates = o->h->rates;
	o->cfg.path = o->h->set->control;
	o->cfg.port = port_of(o->h->listen_fd[0]);
	return o->cfg.path ? bind_control(o) : 0;
}

void operate_start(struct operate *o, struct pool *pool)
{
	o->pool = pool;
	o->metrics = metrics_open(o->cfg.loop, o->h, o->metrics_fd);
	if (o->control)
		control_start(o->control, pool);
	ev_timer_init(&o->later, on_later, LATER_S, 0.);
	o->later.data = o;
	if (!o->cfg.path)
		ev_timer_start(o->cfg.loop, &o->later);
	pool_observe(pool, on_pool, o);
	ev_signal_init(&o->usr1, on_usr1, SIGUSR1);
	o->usr1.data = o;
	ev_signal_start(o->cfg.loop, &o->usr1);
}

void operate_close(struct operate **op)
{
	struct operate *o = *op;

	if (o->pool) {
		ev_signal_stop(o->cfg.loop, &o->usr1);
		ev_timer_stop(o->cfg.loop, &o->later);
	}
	control_close(&o->control);
	metrics_close(&o->metrics);
	free(o);
	*op = NULL;
}
