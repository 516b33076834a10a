/* epoll.c: net.h on libev and epoll, for hosts that refuse io_uring. Called
 * through net.c, by the worker's loop only.
 *
 * libev only says what is ready; its callbacks put the connection into a queue
 * and net_next works through that, one event at a time. Reads and writes are
 * tried at once and waited for only when they would block, so a connection of
 * one request never enters the epoll set.
 *
 * The listeners are level-triggered and looked at between events only: a worker
 * that executes a request holds no connection back, every idle sibling is woken.
 * They sit in an epoll set of their own within libev's, each with EPOLLEXCLUSIVE,
 * which puts it at the end of the listener's wait queue; who has accepted goes to
 * the end again and rests a moment. (Inside another set nobody is exclusive: all
 * are woken, in order.)
 *
 * c->ops is 1 while a send is under way. A descriptor that was given away stays
 * in the epoll set until its next event; libev notices and starts a new set. */
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/fd.h"
#include "worker/net/part.h"

#define READ_BYTES 65536u
#define FILE_TURN (4 * PIECE_BYTES) /* of a file, before others have their turn */
#define DRAIN 4
#define INBOX_TURN 4

/* Of a connection that has been read from or written to here. */
struct net_watch {
	ev_io io;
	struct net_conn *c;
	bool queued, readable, writable; /* to be tried */
	bool sent, broken;               /* to be told */
	bool waiting;                    /* for the peer to take more */
	bool quiet;                      /* bytes are known to be there: not watched for more */
	uint32_t at;                     /* place in the queue */
	struct buf kept;                 /* read by net_pump, in vain */
	struct net_watch *next_free;
};

struct poller {
	struct net n;               /* first */
	struct ev_loop *loop;
	ev_io gate_io, inbox_io, signal_io, status_io;
	ev_timer tick_timer, alarm_timer, wake_timer, rest_timer, doze_timer;
	int gate_fd;                /* epoll set of the listeners */
	bool knocking, inbox_ready, term, orphan;
	struct net_conn **queue;    /* [at, len): have something to tell or to try */
	uint32_t at, len, cap;
	struct net_watch *free_watch;
	char *buf, *pump_buf;       /* READ_BYTES each */
	struct inbox_room inbox;
};

static struct poller *of(struct net *n) { return (struct poller *)(void *)n; }

/* ---- readiness --------------------------------------------------------- */

static void enqueue(struct poller *e, struct net_watch *w)
{
	if (w->queued)
		return;
	if (e->len == e->cap) {
		e->cap = e->cap ? e->cap * 2 : 64;
		e->queue = realloc(e->queue, e->cap * sizeof(struct net_conn *));
		AN(e->queue);
	}
	w->queued = true;
	w->at = e->len;
	e->queue[e->len++] = w->c;
}

static void on_io(struct ev_loop *loop, ev_io *io, int revents)
{
	struct net_watch *w = io->data;

	if (revents & EV_READ)
		w->readable = true;
	if (revents & EV_WRITE)
		w->writable = true;
	enqueue(ev_userdata(loop), w);
}

static struct net_watch *watch_of(struct poller *e, struct net_conn *c)
{
	struct net_watch *w = c->watch;

	if (w)
		return w;
	w = e->free_watch;
	if (w) {
		e->free_watch = w->next_free;
		*w = (struct net_watch){ 0 };
	} else {
		w = calloc(1, sizeof *w);
		AN(w);
	}
	ev_io_init(&w->io, on_io, c->fd, 0);
	w->io.data = w;
	w->c = c;
	c->watch = w;
	return w;
}

/* Tells libev what we wait for; it tells the kernel before the next wait. */
static void watch(struct poller *e, struct net_watch *w)
{
	int want = (w->c->receiving && !w->quiet ? EV_READ : 0) | (w->waiting ? EV_WRITE : 0);
	int have = ev_is_active(&w->io) ? w->io.events & (EV_READ | EV_WRITE) : 0;

	if (want == have)
		return;
	ev_io_stop(e->loop, &w->io);
	if (want) {
		ev_io_set(&w->io, w->c->fd, want);
		ev_io_start(e->loop, &w->io);
	}
}

static void on_flag(struct ev_loop *loop, ev_io *io, int revents)
{
	(void)loop, (void)revents;
	*(bool *)io->data = true;
}

static void on_timer(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct poller *e = ev_userdata(loop);

	(void)t, (void)revents;
	e->n.tick_due = true;
}

/* ---- what net.c calls -------------------------------------------------- */

static void conn_receive(struct net *n, struct net_conn *c)
{
	struct net_watch *w = watch_of(of(n), c);

	c->pausing = false;
	if (!c->receiving) {
		c->receiving = true;
		watch(of(n), w);
	}
}

/* Bytes of a new connection are often there already. */
static void conn_opened(struct net *n, struct net_conn *c)
{
	struct net_watch *w = watch_of(of(n), c);

	c->receiving = true;
	w->readable = true;
	enqueue(of(n), w);
}

static void conn_pause(struct net *n, struct net_conn *c)
{
	c->pausing = true;
	c->receiving = false;
	watch(of(n), watch_of(of(n), c));
}

static const struct buf *conn_unread(struct net *n, struct net_conn *c)
{
	(void)n;
	return c->watch ? &c->watch->kept : NULL;
}

static void conn_freed(struct net *n, struct net_conn *c)
{
	struct poller *e = of(n);
	struct net_watch *w = c->watch;

	if (!w)
		return;
	c->untold = false;
	ev_io_stop(e->loop, &w->io);
	if (w->queued)
		e->queue[w->at] = NULL;
	buf_free(&w->kept);
	c->watch = NULL;
	w->next_free = e->free_watch;
	e->free_watch = w;
}

enum step { STEP_DONE, STEP_WAIT, STEP_BROKEN };

static enum step would_block(void)
{
	return errno == EAGAIN || errno == EINTR ? STEP_WAIT : STEP_BROKEN;
}

/* A piece of the file behind what was in memory; sendfile waits unless the
 * socket itself says not to. */
static enum step send_file(struct net *n, struct net_conn *c)
{
	struct net_extra *x = c->extra;
	uint64_t turn = FILE_TURN;
	enum step s = STEP_WAIT;

	AZ(fd_set_nonblock(c->fd, 1));
	while (x->left != 0 && turn != 0) {
		off_t off = (off_t)x->off;
		ssize_t r = sendfile(c->fd, x->fd, &off, x->left < turn ? x->left : turn);

		if (r <= 0) {
			s = r < 0 ? would_block() : STEP_BROKEN;
			break;
		}
		n->count.bytes_out += (uint64_t)r;
		x->off += (uint64_t)r;
		x->left -= (uint64_t)r;
		turn -= (uint64_t)r;
		c->taken += (uint64_t)r;
	}
	AZ(fd_set_nonblock(c->fd, 0));
	return x->left == 0 ? STEP_DONE : s;
}

static enum step send_some(struct net *n, struct net_conn *c)
{
	struct iovec iov[2];
	struct msghdr m = { .msg_iov = iov };

	for (;;) {
		ssize_t r;

		m.msg_iovlen = (size_t)net_parts(c, iov);
		if (m.msg_iovlen == 0)
			break;
		if (m.msg_iovlen == 1)
			r = send(c->fd, iov[0].iov_base, iov[0].iov_len,
				 MSG_DONTWAIT | MSG_NOSIGNAL | (net_file_left(c) ? MSG_MORE : 0));
		else
			r = sendmsg(c->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (r < 0)
			return would_block();
		net_taken(n, c, (size_t)r);
	}
	return net_file_left(c) ? send_file(n, c) : STEP_DONE;
}

/* Goes on sending; what comes of it is told by net_next. */
static void push(struct poller *e, struct net_watch *w)
{
	struct net_conn *c = w->c;
	enum step s = send_some(&e->n, c);

	w->waiting = s == STEP_WAIT;
	w->sent = s == STEP_DONE;
	w->broken = s == STEP_BROKEN;
	if (!w->waiting)
		c->ops = 0;
	if (c->last && !w->waiting) {
		net_conn_done(&e->n, c);
		return;
	}
	watch(e, w);
	if (!w->waiting)
		enqueue(e, w);
}

static void conn_send(struct net *n, struct net_conn *c)
{
	c->ops = 1;
	push(of(n), watch_of(of(n), c));
}

static void conn_stop(struct net *n, struct net_conn *c)
{
	c->ops = 0;
	c->sending = false;
	net_conn_done(n, c);
}

static void arm(struct poller *e, ev_timer *t, uint64_t ns)
{
	if (ev_is_active(t))
		return;
	ev_now_update(e->loop);
	ev_timer_set(t, (double)ns / 1e9, 0.);
	ev_timer_start(e->loop, t);
}

static void poll_alarm(struct net *n) { arm(of(n), &of(n)->alarm_timer, ALARM_NS); }
static void poll_wake(struct net *n, uint64_t ns) { arm(of(n), &of(n)->wake_timer, ns); }

static void io_switch(struct poller *e, ev_io *io, bool on)
{
	if (on && !ev_is_active(io))
		ev_io_start(e->loop, io);
	else if (!on && ev_is_active(io))
		ev_io_stop(e->loop, io);
}

static void listen_switch(struct poller *e)
{
	io_switch(e, &e->gate_io, net_may_accept(&e->n) && !ev_is_active(&e->rest_timer));
	if (e->n.cfg.inbox_fd >= 0)
		io_switch(e, &e->inbox_io, !e->n.inbox_broken && e->n.nconns < e->n.cfg.max_conns);
}

static void accept_stop(struct net *n) { listen_switch(of(n)); }

/* ---- events ------------------------------------------------------------ */

static void tell_sent(struct net *n, struct net_conn *c)
{
	c->sending = false;
	net_out_release(n, c);
}

/* Bytes arrived, or the end. True: *ev is filled. */
static bool receive(struct poller *e, struct net_watch *w, struct net_event *ev)
{
	struct net *n = &e->n;
	struct net_conn *c = w->c;
	ssize_t r = recv(c->fd, e->buf, READ_BYTES, MSG_DONTWAIT);

	if (r > 0) {
		n->count.bytes_in += (uint64_t)r;
		watch(e, w);
		if (c->lingering)
			return false;
		*ev = (struct net_event){ .kind = NET_DATA, .c = c, .p = e->buf, .n = (size_t)r };
		return true;
	}
	if (r < 0 && would_block() == STEP_WAIT) {
		watch(e, w);
		return false;
	}
	if (c->lingering) {
		net_close(n, c);
		return false;
	}
	c->receiving = false;
	watch(e, w);
	*ev = (struct net_event){ .kind = NET_EOF, .c = c };
	return true;
}

/* The connection's turn: one thing is told, what else there is waits. */
static bool conn_turn(struct poller *e, struct net_conn *c, struct net_event *ev)
{
	struct net_watch *w = c->watch;
	struct net *n = &e->n;

	w->queued = false;
	if (unlikely(w->quiet)) {
		w->quiet = false;
		watch(e, w);
	}
	if (w->writable) {
		w->writable = false;
		if (w->waiting) {
			if (w->readable)
				enqueue(e, w);
			push(e, w); /* may end a closing connection */
			return false;
		}
	}
	if (c->closing)
		return false;
	if (w->sent || w->broken) {
		*ev = (struct net_event){ .kind = w->sent ? NET_SENT : NET_EOF, .c = c };
		if (w->sent && c->sending)
			tell_sent(n, c);
		c->sending = c->untold = false;
		w->sent = w->broken = false;
		if (w->readable || w->kept.len != 0)
			enqueue(e, w);
		return true;
	}
	if (w->kept.len != 0) {
		n->held = w->kept;
		w->kept = (struct buf)BUF_INIT;
		if (w->readable)
			enqueue(e, w);
		*ev = (struct net_event){ .kind = NET_DATA, .c = c, .p = n->held.p, .n = n->held.len };
		return true;
	}
	if (!w->readable)
		return false;
	w->readable = false;
	return c->receiving && receive(e, w, ev);
}

static void read_inbox(struct poller *e)
{
	int k;

	e->inbox_ready = false;
	for (k = 0; k < INBOX_TURN && !e->n.inbox_broken && e->n.nconns < e->n.cfg.max_conns; k++) {
		ssize_t r;

		inbox_room_init(&e->inbox);
		r = recvmsg(e->n.cfg.inbox_fd, &e->inbox.msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (r < 0 && errno == EAGAIN)
			return;
		e->n.inbox_broken = !net_inbox(&e->n, &e->inbox, r < 0 ? -errno : r);
	}
}

static bool signals(struct poller *e, struct net_event *ev)
{
	struct signalfd_siginfo si;

	if (e->orphan) {
		e->orphan = false;
		ev_io_stop(e->loop, &e->status_io);
		*ev = (struct net_event){ .kind = NET_ORPHAN };
		return true;
	}
	if (!e->term)
		return false;
	e->term = false;
	*ev = (struct net_event){ .kind = NET_TERM };
	return read(e->n.signal_fd, &si, sizeof si) > 0;
}

/* All are woken, and on a crowded machine the order of waking is not that of
 * running: who has accepted last leaves the next one to its siblings. */
static void on_rest(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)t, (void)revents;
}

/* To the end of the listener's wait queue. */
static void gate_add(struct poller *e, uint32_t i)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.u32 = i };

	AZ(epoll_ctl(e->gate_fd, EPOLL_CTL_ADD, e->n.cfg.listen_fd[i], &ev));
}

static void knocks(struct poller *e)
{
	struct epoll_event ready[NET_LISTENERS];
	struct net *n = &e->n;
	int k = epoll_wait(e->gate_fd, ready, NET_LISTENERS, 0);

	e->knocking = false;
	while (k-- > 0) {
		uint64_t before = n->count.accepted, got;
		uint32_t i = ready[k].data.u32;

		if (!net_may_accept(n))
			break;
		net_accept_drain(n, n->cfg.listen_fd[i], net_room(n, DRAIN - 1) + 1);
		got = n->count.accepted - before;
		if (got == 0)
			continue;
		epoll_ctl(e->gate_fd, EPOLL_CTL_DEL, n->cfg.listen_fd[i], ready);
		gate_add(e, i);
		if (got < DRAIN)
			arm(e, &e->rest_timer, REST_NS);
	}
}

static void poll_next(struct net *n, struct net_event *ev)
{
	struct poller *e = of(n);

	net_held_drop(n);
	for (;;) {
		if (n->scanning && net_scan(n, ev))
			return;
		if (net_back(n, ev))
			return;
		while (e->at < e->len) {
			struct net_conn *c = e->queue[e->at++];

			if (c && conn_turn(e, c, ev))
				return;
		}
		e->at = e->len = 0;
		if (signals(e, ev))
			return;
		if (e->inbox_ready) {
			read_inbox(e);
			continue;
		}
		if (e->knocking) {
			knocks(e);
			continue;
		}
		if (n->tick_due) {
			n->tick_due = false;
			n->scanning = true;
			n->scan = 0;
			*ev = (struct net_event){ .kind = NET_TICK };
			return;
		}
		listen_switch(e);
		io_switch(e, &e->signal_io, true);
		ev_run(e->loop, EVRUN_ONCE);
		net_clock(n);
	}
}

static bool poll_idle(const struct net *n)
{
	const struct poller *e = (const struct poller *)(const void *)n;

	return e->at == e->len && !e->knocking && !e->inbox_ready;
}

/* ---- while a request runs ---------------------------------------------- */

typedef bool take_fn(void *, struct net_conn *, const char *, size_t);

static void pump_one(struct poller *e, const struct net_conn *busy, struct net_conn *c, take_fn *take, void *arg)
{
	struct net_watch *w = c->watch;

	if (c == busy) /* whoever waits is told */
		return;
	if (w->writable && w->waiting) {
		w->writable = false;
		push(e, w); /* still queued: what comes of it is told later */
		return;
	}
	if (w->sent && c->sending) { /* it may be given away before that is told */
		tell_sent(&e->n, c);
		c->untold = true;
	}
	if (c->closing || c->lingering || c->sending || w->broken)
		return;
	if (w->kept.len == 0 && w->readable && c->receiving) {
		ssize_t r = recv(c->fd, e->pump_buf, READ_BYTES, MSG_DONTWAIT);

		if (r <= 0) { /* the end is told later */
			w->readable = r == 0 || would_block() == STEP_BROKEN;
			if (!w->readable) /* a new one may not be watched yet */
				watch(e, w);
			return;
		}
		e->n.count.bytes_in += (uint64_t)r;
		buf_put(&w->kept, e->pump_buf, (size_t)r);
	}
	if (w->kept.len != 0) {
		struct buf b = w->kept;

		w->kept = (struct buf)BUF_INIT;
		if (take(arg, c, b.p, b.len)) {
			buf_free(&b);
		} else {
			w->kept = b;
			w->quiet = true;
			watch(e, w);
		}
	}
}

static void poll_pump(struct net *n, const struct net_conn *busy, take_fn *take, void *arg)
{
	struct poller *e = of(n);
	uint32_t i, end;

	if (!e->pump_buf) {
		e->pump_buf = malloc(READ_BYTES);
		AN(e->pump_buf);
	}
	ev_run(e->loop, EVRUN_NOWAIT);
	net_clock(n);
	end = e->len;
	for (i = e->at; i < end; i++)
		if (e->queue[i])
			pump_one(e, busy, e->queue[i], take, arg);
	if (e->inbox_ready)
		read_inbox(e);
}

/* ---- while a request waits ---------------------------------------------- */

/* What is new of the busy connection itself. */
static void own(struct poller *e, struct net_conn *c, bool reads, struct net_event *ev)
{
	struct net_watch *w = c->watch;
	char byte;
	ssize_t r;

	if (w->writable && w->waiting) {
		w->writable = false;
		push(e, w);
	}
	if (w->sent || w->broken) {
		ev->kind = w->sent ? NET_SENT : NET_EOF;
		tell_sent(&e->n, c);
		w->sent = w->broken = false;
		return;
	}
	if (!w->readable || !c->receiving || w->quiet)
		return;
	w->readable = false;
	r = recv(c->fd, reads ? e->pump_buf : &byte, reads ? READ_BYTES : 1, MSG_DONTWAIT | (reads ? 0 : MSG_PEEK));
	if (r > 0 && reads) {
		e->n.count.bytes_in += (uint64_t)r;
		*ev = (struct net_event){ .kind = NET_DATA, .p = e->pump_buf, .n = (size_t)r };
	} else if (r > 0) { /* for later */
		w->readable = w->quiet = true;
		enqueue(e, w);
	} else if (r == 0 || would_block() == STEP_BROKEN) {
		c->receiving = false;
		ev->kind = NET_EOF;
	}
	watch(e, w);
}

static void poll_look(struct net *n, struct net_conn *busy, bool reads, take_fn *take, void *arg, struct net_event *ev)
{
	struct poller *e = of(n);

	poll_pump(n, busy, take, arg);
	if (busy->watch) {
		if (reads && busy->watch->quiet)
			busy->watch->quiet = false;
		own(e, busy, reads, ev);
	}
}

/* What is told by level, and only taken note of here, would not let us sleep. */
static void poll_doze(struct net *n, uint64_t ns)
{
	struct poller *e = of(n);

	io_switch(e, &e->gate_io, false);
	io_switch(e, &e->signal_io, !e->term);
	if (e->orphan)
		ev_io_stop(e->loop, &e->status_io);
	if (n->cfg.inbox_fd >= 0)
		io_switch(e, &e->inbox_io, !n->inbox_broken && n->nconns < n->cfg.max_conns);
	arm(e, &e->doze_timer, ns);
	ev_run(e->loop, EVRUN_ONCE);
	ev_timer_stop(e->loop, &e->doze_timer);
}

static bool poll_keeps(const struct net *n, const struct net_conn *busy)
{
	const struct poller *e = (const struct poller *)(const void *)n;
	uint32_t i;

	for (i = e->at; i < e->len; i++)
		if (e->queue[i] && e->queue[i] != busy && e->queue[i]->watch->kept.len != 0)
			return true;
	return false;
}

/* ---- the end ----------------------------------------------------------- */

static bool poll_last_of(struct net *n, struct net_conn *c, struct net_last *l)
{
	(void)n;
	if (c->watch)
		net_last_put(l, c->watch->kept.p, c->watch->kept.len);
	return !c->sending || (c->watch && c->watch->sent);
}

/* ---- making ------------------------------------------------------------ */

static int poll_restrict(struct net *n)
{
	(void)n;
	return 0;
}

static const struct net_ops ops = {
	.backend = NET_EPOLL, .next = poll_next, .idle = poll_idle, .alarm = poll_alarm, .wake = poll_wake,
	.opened = conn_opened, .receive = conn_receive, .pause = conn_pause, .send = conn_send,
	.stop = conn_stop, .unread = conn_unread, .freed = conn_freed, .accept_stop = accept_stop, .pump = poll_pump,
	.look = poll_look, .doze = poll_doze, .keeps = poll_keeps, .restrict_ = poll_restrict, .last_of = poll_last_of,
};

static void flag_watch(ev_io *io, int fd, bool *flag)
{
	ev_io_init(io, on_flag, fd, EV_READ);
	io->data = flag;
}

struct net *poller_create(const struct net_config *cfg)
{
	struct poller *e = calloc(1, sizeof *e);
	uint32_t i;

	AN(e);
	e->loop = ev_loop_new(EVFLAG_NOENV | EVFLAG_NOINOTIFY | EVBACKEND_EPOLL);
	e->buf = malloc(READ_BYTES);
	AN(e->loop && e->buf);
	ev_set_userdata(e->loop, e);
	net_setup(&e->n, cfg, &ops);
	e->gate_fd = epoll_create1(EPOLL_CLOEXEC);
	AN(e->gate_fd >= 0);
	for (i = 0; i < cfg->nlisten; i++)
		gate_add(e, i);
	flag_watch(&e->gate_io, e->gate_fd, &e->knocking);
	flag_watch(&e->inbox_io, cfg->inbox_fd, &e->inbox_ready);
	flag_watch(&e->signal_io, e->n.signal_fd, &e->term);
	ev_io_start(e->loop, &e->signal_io);
	if (cfg->status_fd >= 0) { /* of a pipe's write end: nobody reads any more */
		flag_watch(&e->status_io, cfg->status_fd, &e->orphan);
		ev_io_start(e->loop, &e->status_io);
	}
	ev_init(&e->alarm_timer, on_timer);
	ev_init(&e->wake_timer, on_timer);
	ev_init(&e->rest_timer, on_rest);
	ev_init(&e->doze_timer, on_rest);
	ev_timer_init(&e->tick_timer, on_timer, TICK_NS / 1e9, TICK_NS / 1e9);
	ev_timer_start(e->loop, &e->tick_timer);
	return &e->n;
}
