/* uring.c: net.h on io_uring. Called through net.c, by the worker's loop only.
 *
 * One io_uring_enter per loop turn submits all sends and receives of the turn
 * and waits. Accept is single-shot and goes to the end of the listener's wait
 * queue each time it is armed, which is what makes a shared listener fair; a
 * multishot accept would give every connection to one worker. The first
 * receive of a connection is single-shot (many connections carry one request),
 * later ones are multishot. Received bytes land in provided buffers, so idle
 * connections hold none.
 *
 * Completions are copied out of the ring before they are looked at: a small
 * ring is soon free again, and net_pump can leave some for later.
 *
 * A connection is freed only when the kernel owns none of its operations:
 * user_data is its address, tagged with the operation in the low bits. */
#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/fd.h"
#include "base/log.h"
#include "worker/net/part.h"
#include "worker/net/ring.h"

enum op {
	OP_RECV, OP_SEND, OP_FILE, OP_ACCEPT, OP_INBOX, OP_TICK, OP_ALARM, OP_REST, OP_SIGNAL,
	OP_ORPHAN, OP_IGNORE,
	OP_SENT, OP_BROKEN          /* put into the queue by net_pump */
};
#define OP_MASK 15u
#define LISTENER_SHIFT 4
#define PILE 4

struct done { uint64_t user_data; int32_t res; uint32_t flags; };

struct uring {
	struct net n;               /* first */
	struct ring r;
	struct done *done;          /* completions [at, len) are to be looked at */
	uint32_t at, len, cap;
	int lent;                   /* provided buffer shown to the caller; -1 */
	int shown;                  /* …by net_wait */
	struct net_event *own;      /* in net_wait: where to tell of the busy connection */
	bool reads;                 /* …also of its bytes */
	bool starved;               /* they are asked for again soon */
	uint32_t piled;             /* …else so many pieces of them are kept */
	uint32_t accepting;         /* bit per listener */
	bool resting, rested, alarm, waking, reading_inbox;
	uint32_t pump_no;
	struct __kernel_timespec tick_ts, rest_ts, alarm_ts, wake_ts;
	struct signalfd_siginfo siginfo;
	struct inbox_room inbox;
};

static struct uring *of(struct net *n) { return (struct uring *)(void *)n; }

/* ---- submission -------------------------------------------------------- */

/* Copies what has completed behind what is still to be looked at. */
static bool gather(struct uring *u)
{
	struct io_uring_cqe *e;
	unsigned head, k = 0;

	io_uring_for_each_cqe(&u->r.ring, head, e) {
		if (unlikely(u->len == u->cap)) {
			u->cap = u->cap ? u->cap * 2 : 128;
			u->done = realloc(u->done, u->cap * sizeof u->done[0]);
			AN(u->done);
		}
		u->done[u->len++] = (struct done){ e->user_data, e->res, e->flags };
		k++;
	}
	io_uring_cq_advance(&u->r.ring, k);
	return k != 0;
}

static void check_overflow(struct uring *u)
{
	if (unlikely(io_uring_cq_has_overflow(&u->r.ring))) {
		u->n.count.cq_overflows++;
		gather(u);
		io_uring_get_events(&u->r.ring); /* moves the rest into the ring */
	}
}

static COLD void submit_now(struct uring *u)
{
	int r = io_uring_submit(&u->r.ring);

	AN(r >= 0 || r == -EBUSY || r == -EAGAIN || r == -EINTR || r == -ENOMEM);
	if (r < 0) { /* completions must make room first */
		gather(u);
		io_uring_get_events(&u->r.ring);
	}
}

static inline struct io_uring_sqe *sqe_get(struct uring *u, void *p, enum op op)
{
	struct io_uring_sqe *s;

	while (unlikely(!(s = io_uring_get_sqe(&u->r.ring))))
		submit_now(u);
	s->user_data = (uint64_t)(uintptr_t)p | op;
	return s;
}

/* The prep functions of liburing clear user_data. */
#define PREP(s, call) do { uint64_t ud_ = (s)->user_data; call; (s)->user_data = ud_; } while (0)

static void arm_recv(struct uring *u, struct net_conn *c, bool first)
{
	struct io_uring_sqe *s = sqe_get(u, c, OP_RECV);

	if (first) {
		PREP(s, io_uring_prep_recv(s, c->fd, NULL, BUF_BYTES, 0));
	} else {
		PREP(s, io_uring_prep_recv_multishot(s, c->fd, NULL, 0, 0));
		s->ioprio |= IORING_RECVSEND_POLL_FIRST;
	}
	s->flags |= IOSQE_BUFFER_SELECT;
	s->buf_group = 0;
	c->receiving = true;
	c->ops++;
}

static void arm_file(struct uring *u, struct net_conn *c)
{
	struct net_extra *x = c->extra;
	struct io_uring_sqe *s = sqe_get(u, c, OP_FILE);

	if (!x->piece) {
		x->piece = malloc(PIECE_BYTES);
		AN(x->piece);
	}
	PREP(s, io_uring_prep_read(s, x->fd, x->piece, x->left < PIECE_BYTES ? (unsigned)x->left : PIECE_BYTES, x->off));
	c->ops++;
}

static void arm_send(struct uring *u, struct net_conn *c)
{
	struct io_uring_sqe *s;

	if (unlikely(c->extra)) {
		struct net_extra *x = c->extra;

		if (x->len == 0 && x->left != 0) {
			arm_file(u, c);
			return;
		}
		s = sqe_get(u, c, OP_SEND);
		x->msg = (struct msghdr){ .msg_iov = x->iov, .msg_iovlen = (size_t)net_parts(c, x->iov) };
		PREP(s, io_uring_prep_sendmsg(s, c->fd, &x->msg, MSG_NOSIGNAL));
	} else {
		s = sqe_get(u, c, OP_SEND);
		PREP(s, io_uring_prep_send(s, c->fd, c->out.p + c->out_sent, c->out.len - c->out_sent,
					   MSG_NOSIGNAL));
	}
	c->ops++;
}

static void arm_timer(struct uring *u, struct __kernel_timespec *ts, enum op op)
{
	struct io_uring_sqe *s = sqe_get(u, NULL, op);

	PREP(s, io_uring_prep_timeout(s, ts, 0, 0));
}

static void arm_signal(struct uring *u)
{
	struct io_uring_sqe *s = sqe_get(u, NULL, OP_SIGNAL);

	PREP(s, io_uring_prep_poll_add(s, u->n.signal_fd, POLLIN));
}

static void arm_accept(struct uring *u, uint32_t i)
{
	struct io_uring_sqe *s = sqe_get(u, (void *)((uintptr_t)i << LISTENER_SHIFT), OP_ACCEPT);

	PREP(s, io_uring_prep_accept(s, u->n.cfg.listen_fd[i], NULL, NULL, SOCK_CLOEXEC));
	u->accepting |= 1u << i;
}

static void arm_inbox(struct uring *u)
{
	struct io_uring_sqe *s = sqe_get(u, NULL, OP_INBOX);

	inbox_room_init(&u->inbox);
	PREP(s, io_uring_prep_recvmsg(s, u->n.cfg.inbox_fd, &u->inbox.msg, MSG_CMSG_CLOEXEC));
	u->reading_inbox = true;
}

static void cancel(struct uring *u, void *p, enum op op)
{
	struct io_uring_sqe *s = sqe_get(u, NULL, OP_IGNORE);

	PREP(s, io_uring_prep_cancel64(s, (uint64_t)(uintptr_t)p | op, 0));
}

static void cancel_recv(struct uring *u, struct net_conn *c)
{
	if (c->receiving && !c->cancelling) {
		c->cancelling = true;
		cancel(u, c, OP_RECV);
	}
}

/* ---- what net.c calls -------------------------------------------------- */

static void conn_opened(struct net *n, struct net_conn *c) { arm_recv(of(n), c, true); }

static void conn_receive(struct net *n, struct net_conn *c)
{
	c->pausing = false;
	if (!c->receiving)
		arm_recv(of(n), c, false);
}

static void conn_pause(struct net *n, struct net_conn *c)
{
	c->pausing = true;
	cancel_recv(of(n), c);
}

static void conn_send(struct net *n, struct net_conn *c) { arm_send(of(n), c); }

static void conn_stop(struct net *n, struct net_conn *c)
{
	if (c->sending) { /* no byte more: the caller's memory may be gone */
		shutdown(c->fd, SHUT_RDWR);
		cancel(of(n), c, OP_SEND);
	}
	cancel_recv(of(n), c);
}

static void ring_alarm(struct net *n)
{
	struct uring *u = of(n);

	if (!u->alarm) {
		u->alarm = true;
		arm_timer(u, &u->alarm_ts, OP_ALARM);
	}
}

/* Shares the alarm's completion: a look too many does no harm. */
static void ring_wake(struct net *n, uint64_t ns)
{
	struct uring *u = of(n);

	if (u->waking)
		return;
	u->waking = true;
	u->wake_ts = (struct __kernel_timespec){ .tv_sec = (int64_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u) };
	arm_timer(u, &u->wake_ts, OP_ALARM);
}

static void accept_stop(struct net *n)
{
	struct uring *u = of(n);
	uint32_t i;

	for (i = 0; i < n->cfg.nlisten; i++)
		if (u->accepting & 1u << i)
			cancel(u, (void *)((uintptr_t)i << LISTENER_SHIFT), OP_ACCEPT);
}

/* ---- completions ------------------------------------------------------- */

static void on_accept(struct uring *u, uint32_t i, int res)
{
	struct net *n = &u->n;

	u->accepting &= ~(1u << i);
	if (res >= 0) {
		n->count.accepted++;
		conn_opened(n, net_open(n, res));
		if (!n->stopped)
			net_accept_drain(n, n->cfg.listen_fd[i], net_room(n, ACCEPT_DRAIN));
	} else if (net_starved(-res)) {
		net_accept_starved(n, n->cfg.listen_fd[i], -res);
	}
}

/* A completion of c that ends a receive is counted. */
static inline void recv_count(struct net_conn *c, unsigned flags)
{
	if (!(flags & IORING_CQE_F_MORE)) {
		c->receiving = false;
		c->cancelling = false;
		c->ops--;
	}
}

static inline char *buffer(struct uring *u, unsigned flags)
{
	return u->r.mem + (size_t)(flags >> IORING_CQE_BUFFER_SHIFT) * BUF_STRIDE;
}

/* True: *ev is filled. */
static bool on_recv(struct uring *u, struct net_conn *c, int res, unsigned flags, struct net_event *ev)
{
	struct net *n = &u->n;

	CHECK(c, NET_CONN_MAGIC);
	if (flags & IORING_CQE_F_BUFFER)
		u->lent = (int)(flags >> IORING_CQE_BUFFER_SHIFT);
	recv_count(c, flags);
	if (c->closing) {
		if (unlikely(c->give != NULL) && res > 0)
			net_give_more(c, buffer(u, flags), (size_t)res);
		if (c->ops == 0)
			net_conn_done(n, c);
		return false;
	}
	if (res > 0) {
		n->count.bytes_in += (uint64_t)res;
		if (c->lingering) {
			conn_receive(n, c);
			return false;
		}
		*ev = (struct net_event){ .kind = NET_DATA, .c = c, .p = buffer(u, flags), .n = (size_t)res };
		return true;
	}
	if (res == -ENOBUFS || res == -EINTR || res == -EAGAIN || res == -ECANCELED) {
		n->count.enobufs += res == -ENOBUFS;
		if (!c->receiving && !c->pausing)
			arm_recv(u, c, false);
		return false;
	}
	if (c->lingering) {
		net_close(n, c);
		return false;
	}
	*ev = (struct net_event){ .kind = NET_EOF, .c = c };
	return true;
}

/* A step of sending is over, with ops counted: `ok` when all that was in memory
 * went out. True: *ev is filled. */
static bool sent(struct uring *u, struct net_conn *c, bool ok, struct net_event *ev)
{
	struct net *n = &u->n;

	if (ok && net_file_left(c)) {
		arm_send(u, c);
		return false;
	}
	c->sending = false;
	if (c->closing) { /* the last response */
		cancel_recv(u, c);
		if (c->ops == 0)
			net_conn_done(n, c);
		return false;
	}
	if (ok)
		net_out_release(n, c);
	*ev = (struct net_event){ .kind = ok ? NET_SENT : NET_EOF, .c = c };
	return true;
}

static bool on_send(struct uring *u, struct net_conn *c, int res, struct net_event *ev)
{
	bool all;

	CHECK(c, NET_CONN_MAGIC);
	c->ops--;
	if (c->closing && !c->last) {
		c->sending = false;
		if (c->ops == 0)
			net_conn_done(&u->n, c);
		return false;
	}
	all = net_taken(&u->n, c, res > 0 ? (size_t)res : 0);
	if (!all && (res > 0 || res == -EINTR || res == -EAGAIN)) {
		arm_send(u, c);
		return false;
	}
	return sent(u, c, all, ev);
}

static bool on_file(struct uring *u, struct net_conn *c, int res, struct net_event *ev)
{
	CHECK(c, NET_CONN_MAGIC);
	c->ops--;
	if (c->closing) {
		c->sending = false;
		if (c->ops == 0)
			net_conn_done(&u->n, c);
		return false;
	}
	if (res == -EINTR || res == -EAGAIN || net_piece(c, res)) {
		arm_send(u, c);
		return false;
	}
	return sent(u, c, false, ev);
}

static void on_inbox(struct uring *u, int res)
{
	u->reading_inbox = false;
	u->n.inbox_broken = !net_inbox(&u->n, &u->inbox, res);
}

static bool on_signal(struct uring *u, struct net_event *ev)
{
	bool got = read(u->n.signal_fd, &u->siginfo, sizeof u->siginfo) > 0;

	arm_signal(u);
	*ev = (struct net_event){ .kind = NET_TERM };
	return got;
}

static bool on_completion(struct uring *u, const struct done *d, struct net_event *ev)
{
	void *p = (void *)(uintptr_t)(d->user_data & ~(uint64_t)OP_MASK);

	switch ((enum op)(d->user_data & OP_MASK)) {
	case OP_RECV:
		return on_recv(u, p, d->res, d->flags, ev);
	case OP_SEND:
		return on_send(u, p, d->res, ev);
	case OP_FILE:
		return on_file(u, p, d->res, ev);
	case OP_ACCEPT:
		on_accept(u, (uint32_t)((uintptr_t)p >> LISTENER_SHIFT), d->res);
		return false;
	case OP_INBOX:
		on_inbox(u, d->res);
		return net_back(&u->n, ev);
	case OP_TICK:
		arm_timer(u, &u->tick_ts, OP_TICK);
		u->n.tick_due = true;
		return false;
	case OP_ALARM:
		u->alarm = u->waking = false;
		u->n.tick_due = true;
		return false;
	case OP_REST:
		u->resting = false;
		u->rested = true;
		return false;
	case OP_SIGNAL:
		return on_signal(u, ev);
	case OP_ORPHAN:
		*ev = (struct net_event){ .kind = NET_ORPHAN };
		return d->res > 0;
	case OP_SENT:
	case OP_BROKEN:
		((struct net_conn *)p)->untold = false;
		*ev = (struct net_event){ .kind = (d->user_data & OP_MASK) == OP_SENT ? NET_SENT : NET_EOF, .c = p };
		return !((struct net_conn *)p)->closing;
	case OP_IGNORE:
		break;
	}
	return false;
}

/* With its share of connections a worker leaves the next one to the others for
 * a moment, but not for longer: they may have become busy. */
static bool rested(struct uring *u)
{
	if (likely(u->n.nconns < u->n.share) || u->rested) {
		u->rested = false;
		return true;
	}
	if (!u->resting) {
		u->resting = true;
		arm_timer(u, &u->rest_ts, OP_REST);
	}
	return false;
}

/* Asks for what is not under way, as far as there is room for more. */
static void arm_missing(struct uring *u)
{
	struct net *n = &u->n;
	uint32_t i;

	if (u->accepting != (1u << n->cfg.nlisten) - 1 && net_may_accept(n) && rested(u))
		for (i = 0; i < n->cfg.nlisten; i++)
			if (!(u->accepting & 1u << i))
				arm_accept(u, i);
	if (unlikely(!u->reading_inbox) && n->cfg.inbox_fd >= 0 && !n->inbox_broken && n->nconns < n->cfg.max_conns)
		arm_inbox(u);
}

static void turn(struct uring *u)
{
	int r;

	arm_missing(u);
	r = io_uring_submit_and_wait(&u->r.ring, 1);
	if (unlikely(r < 0 && r != -EINTR && r != -EBUSY && r != -EAGAIN)) {
		log_err("io_uring_enter: %s", strerror(-r));
		AN(r >= 0);
	}
	check_overflow(u);
	net_clock(&u->n);
}

static void lent_back(struct uring *u)
{
	if (u->lent >= 0) {
		ring_buffer_back(&u->r, u->lent);
		u->lent = -1;
	}
}

static void shown_back(struct uring *u)
{
	if (unlikely(u->shown >= 0)) {
		ring_buffer_back(&u->r, u->shown);
		u->shown = -1;
	}
}

static void ring_next(struct net *n, struct net_event *ev)
{
	struct uring *u = of(n);
	uint32_t i;

	lent_back(u);
	shown_back(u);
	net_held_drop(n);
	for (;;) {
		if (n->scanning && net_scan(n, ev))
			return;
		if (net_back(n, ev))
			return;
		while (u->at < u->len) {
			struct done d = u->done[u->at++];

			if (on_completion(u, &d, ev))
				return;
			lent_back(u);
		}
		u->at = u->len = 0;
		if (gather(u))
			continue;
		if (n->tick_due) {
			n->tick_due = false;
			n->scanning = true;
			n->scan = 0;
			if (net_may_accept(n)) /* a wake-up that a stuck sibling swallowed */
				for (i = 0; i < n->cfg.nlisten; i++)
					net_accept_drain(n, n->cfg.listen_fd[i], net_room(n, ACCEPT_DRAIN));
			*ev = (struct net_event){ .kind = NET_TICK };
			return;
		}
		turn(u);
	}
}

static bool ring_idle(const struct net *n)
{
	const struct uring *u = (const struct uring *)(const void *)n;

	return u->at == u->len;
}

/* ---- while a request runs ---------------------------------------------- */

typedef bool take_fn(void *, struct net_conn *, const char *, size_t);

static bool offer(struct uring *u, struct net_conn *c, const struct done *d, take_fn *take, void *arg)
{
	recv_count(c, d->flags);
	if (take(arg, c, d->res > 0 ? buffer(u, d->flags) : NULL, d->res > 0 ? (size_t)d->res : 0)) {
		if (d->flags & IORING_CQE_F_BUFFER)
			ring_buffer_back(&u->r, (int)(d->flags >> IORING_CQE_BUFFER_SHIFT));
		return true;
	}
	if (!(d->flags & IORING_CQE_F_MORE)) { /* it will be counted when it is told */
		c->receiving = true;
		c->ops++;
	}
	c->offered = u->pump_no;
	return false;
}

static void pump_accept(struct uring *u, const struct done *d, take_fn *take, void *arg)
{
	uint32_t i = (uint32_t)(d->user_data >> LISTENER_SHIFT);
	struct net_conn *c;

	if (d->res < 0) {
		on_accept(u, i, d->res);
		return;
	}
	u->accepting &= ~(1u << i);
	u->n.count.accepted++;
	c = net_open(&u->n, d->res);
	if (!take(arg, c, NULL, 0))
		arm_recv(u, c, true);
}

/* All that was given to net_send went out. The connection may be given away
 * before net_next can tell. */
static void pump_sent(struct uring *u, struct net_conn *c, struct done *d)
{
	c->ops--;
	net_taken(&u->n, c, (size_t)d->res);
	c->sending = false;
	net_out_release(&u->n, c);
	c->untold = true;
	*d = (struct done){ .user_data = (uint64_t)(uintptr_t)c | OP_SENT };
}

/* A completion that came while `busy` is served. KEEP: for net_next. GIVEN: its
 * connection is no longer ours. */
enum pumped { KEEP, DEALT, GIVEN };

/* busy's own receive, in net_wait. Bytes that are not asked for pile up in buffers
 * that others need as well: a little only. */
static enum pumped own_recv(struct uring *u, struct net_conn *c, const struct done *d)
{
	if (u->own->kind != NET_TICK)
		return KEEP;
	if (d->res > 0 && !u->reads) {
		if (++u->piled == PILE)
			conn_pause(&u->n, c);
		return KEEP;
	}
	recv_count(c, d->flags);
	if (d->res > 0) {
		u->shown = (int)(d->flags >> IORING_CQE_BUFFER_SHIFT);
		u->n.count.bytes_in += (uint64_t)d->res;
		*u->own = (struct net_event){ .kind = NET_DATA, .p = buffer(u, d->flags), .n = (size_t)d->res };
	} else if (d->res == -ENOBUFS || d->res == -EINTR || d->res == -EAGAIN || d->res == -ECANCELED) {
		u->n.count.enobufs += d->res == -ENOBUFS; /* the next look asks again */
		u->starved = u->reads;
	} else {
		u->own->kind = NET_EOF;
	}
	return DEALT;
}

static enum pumped own_send(struct uring *u, struct net_conn *c, const struct done *d)
{
	bool all;

	if (u->own->kind != NET_TICK)
		return KEEP;
	c->ops--;
	all = net_taken(&u->n, c, d->res > 0 ? (size_t)d->res : 0);
	if (!all && (d->res > 0 || d->res == -EINTR || d->res == -EAGAIN)) {
		arm_send(u, c);
		return DEALT;
	}
	c->sending = false;
	net_out_release(&u->n, c);
	u->own->kind = all ? NET_SENT : NET_EOF;
	return DEALT;
}

static enum pumped pump_one(struct uring *u, const struct net_conn *busy, struct done *d, take_fn *take, void *arg)
{
	struct net_conn *c = (void *)(uintptr_t)(d->user_data & ~(uint64_t)OP_MASK);
	struct net_event none;

	switch ((enum op)(d->user_data & OP_MASK)) {
	case OP_RECV:
		if (c->closing || c->lingering)
			break;
		if (c == busy && u->own)
			return own_recv(u, c, d);
		if (c == busy || c->offered == u->pump_no || c->sending || (d->res <= 0 && d->res != -ENOBUFS))
			return KEEP;
		return offer(u, c, d, take, arg) ? GIVEN : KEEP;
	case OP_SEND:
		if (c == busy) /* whoever waits is told */
			return u->own ? own_send(u, c, d) : KEEP;
		if (c->closing || net_file_left(c) || (d->res > 0 && (size_t)d->res < net_left(c)))
			break;
		if (d->res > 0)
			pump_sent(u, c, d);
		return KEEP;
	case OP_FILE:
		if (c->closing || d->res > 0)
			break;
		return KEEP;
	case OP_ACCEPT:
		pump_accept(u, d, take, arg);
		return DEALT;
	case OP_INBOX:
		on_inbox(u, d->res);
		return DEALT;
	case OP_TICK:
	case OP_ALARM:
	case OP_REST:
	case OP_IGNORE:
		break;
	default:
		return KEEP;
	}
	if (on_completion(u, d, &none)) { /* a file that cannot be read on */
		c->untold = true;
		*d = (struct done){ .user_data = (uint64_t)(uintptr_t)c | OP_BROKEN };
		return KEEP;
	}
	lent_back(u);
	return DEALT;
}

/* What is kept of a connection that has gone. */
static uint32_t forget(struct uring *u, uint64_t user_data, uint32_t end)
{
	uint32_t i, k = u->at;

	for (i = u->at; i < end; i++)
		if (u->done[i].user_data != user_data)
			u->done[k++] = u->done[i];
	return k;
}

/* A connection goes whose end of sending has not been told yet. */
static void conn_freed(struct net *n, struct net_conn *c)
{
	struct uring *u = of(n);
	uint32_t i;

	if (likely(!c->untold))
		return;
	c->untold = false;
	for (i = u->at; i < u->len; i++)
		if (u->done[i].user_data == ((uint64_t)(uintptr_t)c | OP_SENT) ||
		    u->done[i].user_data == ((uint64_t)(uintptr_t)c | OP_BROKEN))
			u->done[i].user_data = OP_IGNORE;
}

static void pump_round(struct uring *u, const struct net_conn *busy, take_fn *take, void *arg)
{
	uint32_t i, k = u->at;

	io_uring_submit_and_get_events(&u->r.ring);
	check_overflow(u);
	gather(u);
	for (i = u->at; i < u->len; i++) { /* len may grow meanwhile */
		struct done d = u->done[i];
		enum pumped r = pump_one(u, busy, &d, take, arg);

		if (r == KEEP)
			u->done[k++] = d;
		else if (r == GIVEN)
			k = forget(u, (d.user_data & ~(uint64_t)OP_MASK) | OP_SENT, k);
	}
	u->len = k;
}

static void ring_pump(struct net *n, const struct net_conn *busy, take_fn *take, void *arg)
{
	struct uring *u = of(n);
	int rounds = 4, lent = u->lent; /* busy's bytes */

	u->lent = -1;
	u->pump_no++;
	net_clock(n);
	if (!u->reading_inbox && n->cfg.inbox_fd >= 0 && !n->inbox_broken && n->nconns < n->cfg.max_conns)
		arm_inbox(u);
	do /* again for what the cancels of given connections bring */
		pump_round(u, busy, take, arg);
	while (--rounds > 0 && io_uring_sq_ready(&u->r.ring) != 0);
	u->lent = lent;
}

/* ---- while a request waits ---------------------------------------------- */

static void ring_look(struct net *n, struct net_conn *busy, bool reads, take_fn *take, void *arg, struct net_event *ev)
{
	struct uring *u = of(n);

	shown_back(u);
	u->own = ev;
	u->reads = reads;
	u->piled = 0;
	u->starved = false;
	if (reads && !busy->receiving) { /* it had been paused, or had found no buffer */
		busy->pausing = false;
		arm_recv(u, busy, false);
	}
	ring_pump(n, busy, take, arg);
	u->own = NULL;
}

static void ring_doze(struct net *n, uint64_t ns)
{
	struct __kernel_timespec ts = { .tv_sec = (int64_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u) };
	struct uring *u = of(n);
	struct io_uring_cqe *e;

	io_uring_submit_and_wait_timeout(&u->r.ring, &e, 1, &ts, NULL);
}

static bool ring_keeps(const struct net *n, const struct net_conn *busy)
{
	const struct uring *u = (const struct uring *)(const void *)n;
	uint32_t i;

	if (u->starved)
		return true;
	for (i = u->at; i < u->len; i++)
		if ((u->done[i].user_data & OP_MASK) == OP_RECV && u->done[i].res > 0 &&
		    (u->done[i].user_data & ~(uint64_t)OP_MASK) != (uint64_t)(uintptr_t)busy)
			return true;
	return false;
}

/* ---- the end ----------------------------------------------------------- */

/* A connection that nobody has looked at yet: accepted, or sent by a sibling. */
static void last_new(struct uring *u, uint64_t what, int res, net_last_fn *fn, void *arg)
{
	size_t len = 0;
	int fd[INBOX_FDS], n;

	if ((what & OP_MASK) == OP_ACCEPT && res >= 0)
		fn(arg, NULL, res, NULL, 0);
	else if ((what & OP_MASK) == OP_INBOX && res > 0 && inbox_parse(&u->inbox, res, fd, &n, &len) == INBOX_CONN)
		fn(arg, NULL, fd[0], u->inbox.bytes, len);
}

/* Everything that is armed is cancelled: the kernel would go on receiving even
 * while the process ends, and take bytes away that a sibling waits for. (With
 * DEFER_TASKRUN the ring receives only inside io_uring_enter, and at that end.
 * Without, a connection that is being received from stays.) Completions are
 * read where they lie. */
static void ring_last(struct net *n, net_last_fn *fn, void *arg)
{
	struct uring *u = of(n);
	struct io_uring_sqe *s = sqe_get(u, NULL, OP_IGNORE);
	struct io_uring_cqe *e;
	unsigned head;
	uint32_t i;

	PREP(s, io_uring_prep_cancel64(s, 0, IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY));
	io_uring_submit_and_get_events(&u->r.ring);
	io_uring_get_events(&u->r.ring); /* what the cancel has brought about */
	for (i = u->at; i < u->len; i++)
		last_new(u, u->done[i].user_data, u->done[i].res, fn, arg);
	io_uring_for_each_cqe(&u->r.ring, head, e)
		last_new(u, e->user_data, e->res, fn, arg);
}

/* One completion of c. False: it is broken, or not all of a response went. */
static bool last_done(struct uring *u, struct net_conn *c, uint64_t what, int res, unsigned flags, struct net_last *l)
{
	switch ((enum op)(what & OP_MASK)) {
	case OP_RECV:
		if (res > 0)
			net_last_put(l, buffer(u, flags), (size_t)res);
		return res > 0 || res == -ENOBUFS || res == -EINTR || res == -EAGAIN || res == -ECANCELED;
	case OP_SEND:
		if (res < 0 || (size_t)res < net_left(c) || net_file_left(c))
			return false;
		c->sending = false;
		c->out.len = 0;
		return true;
	case OP_SENT:
		return true;
	default:
		return false;
	}
}

static bool ring_last_of(struct net *n, struct net_conn *c, struct net_last *l)
{
	struct uring *u = of(n);
	struct io_uring_cqe *e;
	unsigned head;
	uint32_t i;

	if (c->receiving && !(u->r.ring.flags & IORING_SETUP_DEFER_TASKRUN))
		return false;
	for (i = u->at; i < u->len; i++)
		if ((u->done[i].user_data & ~(uint64_t)OP_MASK) == (uint64_t)(uintptr_t)c &&
		    !last_done(u, c, u->done[i].user_data, u->done[i].res, u->done[i].flags, l))
			return false;
	io_uring_for_each_cqe(&u->r.ring, head, e)
		if ((e->user_data & ~(uint64_t)OP_MASK) == (uint64_t)(uintptr_t)c &&
		    !last_done(u, c, e->user_data, e->res, e->flags, l))
			return false;
	return !c->sending;
}

/* ---- making ------------------------------------------------------------ */

static int ring_restrict(struct net *n) { return of(n)->r.restricted; }

static const struct net_ops ops = {
	.backend = NET_URING, .next = ring_next, .idle = ring_idle, .alarm = ring_alarm, .wake = ring_wake,
	.opened = conn_opened, .receive = conn_receive, .pause = conn_pause, .send = conn_send,
	.stop = conn_stop, .freed = conn_freed, .accept_stop = accept_stop, .pump = ring_pump, .restrict_ = ring_restrict,
	.look = ring_look, .doze = ring_doze, .keeps = ring_keeps,
	.last = ring_last, .last_of = ring_last_of,
};

int uring_probe(void)
{
	struct net_config cfg = { .max_conns = 1 };
	struct ring r = { 0 };
	int e = ring_make(&r, &cfg);

	if (e == 0)
		ring_free(&r);
	return e;
}

/* A ring that waits for uring_create; nbuf 0: none. */
static struct ring ahead;

void uring_ahead(const struct net_config *cfg)
{
	if (ring_prepare(&ahead, cfg) == 0) {
		if (ring_keep(&ahead) == 0)
			return;
		ring_free(&ahead);
	}
	ahead.nbuf = 0;
}

/* A copy of the process has nothing but the descriptor. */
void uring_ahead_end(void)
{
	if (ahead.nbuf != 0)
		close(ahead.ring.ring_fd);
	ahead.nbuf = 0;
}

int uring_create(struct net **out, const struct net_config *cfg)
{
	struct uring *u = calloc(1, sizeof *u);
	struct io_uring_sqe *s;
	int e;

	AN(u);
	u->lent = u->shown = -1;
	u->tick_ts = (struct __kernel_timespec){ .tv_nsec = 0, .tv_sec = TICK_NS / 1000000000u };
	u->rest_ts = (struct __kernel_timespec){ .tv_nsec = REST_NS };
	u->alarm_ts = (struct __kernel_timespec){ .tv_nsec = ALARM_NS };
	u->r = ahead;
	ahead.nbuf = 0;
	e = u->r.nbuf != 0 ? ring_enable(&u->r) : ring_make(&u->r, cfg);
	if (e != 0) {
		free(u);
		return e;
	}
	net_setup(&u->n, cfg, &ops);
	arm_signal(u);
	arm_timer(u, &u->tick_ts, OP_TICK);
	if (cfg->status_fd >= 0) {
		s = sqe_get(u, NULL, OP_ORPHAN);
		PREP(s, io_uring_prep_poll_add(s, cfg->status_fd, 0)); /* POLLERR needs no asking */
	}
	arm_missing(u);
	io_uring_submit(&u->r.ring);
	*out = &u->n;
	return 0;
}
