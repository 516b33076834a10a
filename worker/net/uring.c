/* uring.c: net.h on io_uring. Called by the worker's loop only.
 *
 * One io_uring_enter per loop turn submits all sends and receives of the turn
 * and waits. Accept is single-shot and goes to the end of the listener's wait
 * queue each time it is armed, which is what makes a shared listener fair; a
 * multishot accept would give every connection to one worker. The first
 * receive of a connection is single-shot (many connections carry one request),
 * later ones are multishot. Received bytes land in provided buffers, so idle
 * connections hold none.
 *
 * A connection is freed only when the kernel owns none of its operations:
 * user_data is its address, tagged with the operation in the low bits. */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "worker/net/net.h"
#include "worker/net/refused.h"

enum op { OP_RECV, OP_SEND, OP_ACCEPT, OP_TICK, OP_ALARM, OP_SIGNAL, OP_ORPHAN, OP_IGNORE };
#define OP_MASK 7u

#define SQ_ENTRIES 64
#define BATCH 64
#define NBUF 64                     /* power of two */
#define BUF_BYTES 16384u
#define BUF_STRIDE (BUF_BYTES + 192) /* spreads buffer starts over cache sets */
#define ACCEPT_DRAIN 7
#define SPARES 16
#define SPARE_MAX 32768             /* larger response buffers are freed at once */
#define TICK_NS 1000000000u
#define ALARM_NS 100000000u
#define PAUSE_NS 100000000u         /* no accept after EMFILE */
#define COMPLAIN_NS 5000000000u

struct net {
	struct io_uring ring;
	struct io_uring_buf_ring *bufs;
	char *mem;
	struct net_config cfg;
	struct io_uring_cqe *batch[BATCH];
	unsigned batch_n, batch_i;
	int lent;                   /* provided buffer shown to the caller; -1 */
	struct net_conn **conns, *free_list;
	uint32_t nconns, cap;
	uint32_t scan;              /* next connection whose deadline is looked at */
	bool scanning, tick_due;
	bool accepting, stopped, alarm;
	uint64_t now, accept_after, complained;
	int64_t wall;
	struct __kernel_timespec tick_ts, alarm_ts;
	struct signalfd_siginfo siginfo;
	int signal_fd, reserve_fd;
	struct buf spare[SPARES];
	unsigned nspare;
	struct net_counters count;
};

/* ---- submission -------------------------------------------------------- */

static struct io_uring_sqe *sqe_get(struct net *n)
{
	struct io_uring_sqe *s = io_uring_get_sqe(&n->ring);

	if (unlikely(!s)) {
		int r = io_uring_submit(&n->ring);

		AN(r >= 0 || r == -EBUSY || r == -EAGAIN || r == -EINTR);
		s = io_uring_get_sqe(&n->ring);
		AN(s);
	}
	return s;
}

static inline void tag(struct io_uring_sqe *s, void *p, enum op op)
{
	s->user_data = (uint64_t)(uintptr_t)p | op;
}

static void arm_recv(struct net *n, struct net_conn *c, bool first)
{
	struct io_uring_sqe *s = sqe_get(n);

	if (first) {
		io_uring_prep_recv(s, c->fd, NULL, BUF_BYTES, 0);
	} else {
		io_uring_prep_recv_multishot(s, c->fd, NULL, 0, 0);
		s->ioprio |= IORING_RECVSEND_POLL_FIRST;
	}
	s->flags |= IOSQE_BUFFER_SELECT;
	s->buf_group = 0;
	tag(s, c, OP_RECV);
	c->receiving = true;
	c->ops++;
}

static void arm_send(struct net *n, struct net_conn *c)
{
	struct io_uring_sqe *s = sqe_get(n);

	io_uring_prep_send(s, c->fd, c->out.p + c->out_sent, c->out.len - c->out_sent,
			   MSG_NOSIGNAL);
	tag(s, c, OP_SEND);
	c->deadline = n->now + n->cfg.stall_ns; /* anew after each part sent */
	c->ops++;
}

static void arm_timer(struct net *n, struct __kernel_timespec *ts, enum op op)
{
	struct io_uring_sqe *s = sqe_get(n);

	io_uring_prep_timeout(s, ts, 0, 0);
	tag(s, NULL, op);
}

static void arm_signal(struct net *n)
{
	struct io_uring_sqe *s = sqe_get(n);

	io_uring_prep_read(s, n->signal_fd, &n->siginfo, sizeof n->siginfo, 0);
	tag(s, NULL, OP_SIGNAL);
}

static void cancel(struct net *n, uint64_t user_data)
{
	struct io_uring_sqe *s = sqe_get(n);

	io_uring_prep_cancel64(s, user_data, 0);
	tag(s, NULL, OP_IGNORE);
}

static void recycle(struct net *n, int id)
{
	io_uring_buf_ring_add(n->bufs, n->mem + (size_t)id * BUF_STRIDE, BUF_BYTES,
			      (unsigned short)id, NBUF - 1, 0);
	io_uring_buf_ring_advance(n->bufs, 1);
}

/* ---- connections ------------------------------------------------------- */

static void conn_open(struct net *n, int fd)
{
	struct net_conn *c = n->free_list;

	if (c) {
		n->free_list = c->next_free;
		memset(c, 0, n->cfg.conn_bytes);
	} else {
		c = calloc(1, n->cfg.conn_bytes);
		AN(c);
	}
	if (n->nconns == n->cap) {
		n->cap = n->cap ? n->cap * 2 : 32;
		n->conns = realloc(n->conns, n->cap * sizeof n->conns[0]);
		AN(n->conns);
	}
	c->magic = NET_CONN_MAGIC;
	c->fd = fd;
	c->index = n->nconns;
	c->deadline = n->now + n->cfg.open_ns;
	n->conns[n->nconns++] = c;
	n->count.accepted++;
	arm_recv(n, c, true);
}

static void out_release(struct net *n, struct net_conn *c)
{
	if (c->out.cap != 0 && c->out.cap <= SPARE_MAX && n->nspare < SPARES) {
		c->out.len = 0;
		n->spare[n->nspare++] = c->out;
		c->out = (struct buf)BUF_INIT;
	} else {
		buf_free(&c->out);
	}
	c->out_sent = 0;
}

/* The last step of closing: nothing of c is in the kernel any more. */
static void conn_free(struct net *n, struct net_conn *c)
{
	struct net_conn *last = n->conns[--n->nconns];

	AN(c->ops == 0 && n->conns[c->index] == c);
	n->conns[c->index] = last;
	last->index = c->index;
	out_release(n, c);
	fd_close(&c->fd);
	c->magic = 0;
	c->next_free = n->free_list;
	n->free_list = c;
}

void net_close(struct net *n, struct net_conn *c)
{
	CHECK(c, NET_CONN_MAGIC);
	c->closing = true;
	c->lingering = false;
	c->deadline = NET_NEVER;
	if (c->ops == 0) {
		conn_free(n, c);
		return;
	}
	if (c->sending) /* wakes a send that waits for the peer */
		shutdown(c->fd, SHUT_RDWR);
	if (c->receiving && !c->cancelling) {
		c->cancelling = true;
		cancel(n, (uint64_t)(uintptr_t)c | OP_RECV);
	}
}

void net_linger(struct net *n, struct net_conn *c, uint64_t ns)
{
	CHECK(c, NET_CONN_MAGIC);
	AZ(c->sending);
	shutdown(c->fd, SHUT_WR);
	c->lingering = true;
	c->deadline = n->now + ns;
	net_receive(n, c);
}

void net_receive(struct net *n, struct net_conn *c)
{
	c->pausing = false;
	if (!c->receiving)
		arm_recv(n, c, false);
}

void net_pause(struct net *n, struct net_conn *c)
{
	c->pausing = true;
	if (c->receiving && !c->cancelling) {
		c->cancelling = true;
		cancel(n, (uint64_t)(uintptr_t)c | OP_RECV);
	}
}

struct buf *net_out(struct net *n, struct net_conn *c)
{
	AZ(c->sending);
	if (c->out.cap == 0 && n->nspare != 0)
		c->out = n->spare[--n->nspare];
	return &c->out;
}

void net_send(struct net *n, struct net_conn *c)
{
	AN(!c->sending && c->out.len != 0);
	c->sending = true;
	c->out_sent = 0;
	arm_send(n, c);
}

/* ---- accept ------------------------------------------------------------ */

static void accept_arm(struct net *n)
{
	struct io_uring_sqe *s = sqe_get(n);

	io_uring_prep_accept(s, n->cfg.listen_fd, NULL, NULL, SOCK_CLOEXEC);
	tag(s, NULL, OP_ACCEPT);
	n->accepting = true;
}

/* Out of descriptors: turn one client away with the fd kept for that, then
 * leave the queue alone for a while instead of spinning on it. */
static COLD void accept_starved(struct net *n, int err)
{
	static const char sorry[] =
		"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
	int fd;

	n->accept_after = n->now + PAUSE_NS;
	n->count.accept_pauses++;
	net_alarm(n);
	if (n->now - n->complained >= COMPLAIN_NS) {
		n->complained = n->now;
		log_warn("accept: %s; pausing for %u ms each time", strerror(err), PAUSE_NS / 1000000);
	}
	fd_close(&n->reserve_fd);
	fd = accept4(n->cfg.listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		ssize_t w = send(fd, sorry, sizeof sorry - 1, MSG_NOSIGNAL);
		(void)w;
		close(fd);
	}
	n->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool is_starved(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM;
}

/* Takes waiting connections without the ring, up to `most`. */
static void accept_drain(struct net *n, int most)
{
	while (most-- > 0 && n->nconns < n->cfg.max_conns) {
		int fd = accept4(n->cfg.listen_fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0) {
			conn_open(n, fd);
			continue;
		}
		if (is_starved(errno))
			accept_starved(n, errno);
		return;
	}
}

static void on_accept(struct net *n, int res)
{
	n->accepting = false;
	if (res >= 0) {
		conn_open(n, res);
		if (!n->stopped)
			accept_drain(n, ACCEPT_DRAIN);
	} else if (is_starved(-res)) {
		accept_starved(n, -res);
	}
}

void net_stop_accept(struct net *n)
{
	if (n->stopped)
		return;
	accept_drain(n, (int)n->cfg.max_conns);
	n->stopped = true;
	if (n->accepting)
		cancel(n, OP_ACCEPT);
}

/* ---- completions ------------------------------------------------------- */

/* True: *ev is filled. */
static bool on_recv(struct net *n, struct net_conn *c, int res, unsigned flags, struct net_event *ev)
{
	CHECK(c, NET_CONN_MAGIC);
	if (flags & IORING_CQE_F_BUFFER)
		n->lent = (int)(flags >> IORING_CQE_BUFFER_SHIFT);
	if (!(flags & IORING_CQE_F_MORE)) {
		c->receiving = false;
		c->cancelling = false;
		c->ops--;
	}
	if (c->closing) {
		if (c->ops == 0)
			conn_free(n, c);
		return false;
	}
	if (res > 0) {
		n->count.bytes_in += (uint64_t)res;
		if (c->lingering) {
			net_receive(n, c);
			return false;
		}
		*ev = (struct net_event){ NET_DATA, c, n->mem + (size_t)n->lent * BUF_STRIDE, (size_t)res };
		return true;
	}
	if (res == -ENOBUFS || res == -EINTR || res == -EAGAIN || res == -ECANCELED) {
		if (!c->receiving && !c->pausing)
			arm_recv(n, c, false);
		return false;
	}
	if (c->lingering) {
		net_close(n, c);
		return false;
	}
	*ev = (struct net_event){ NET_EOF, c, NULL, 0 };
	return true;
}

static bool on_send(struct net *n, struct net_conn *c, int res, struct net_event *ev)
{
	CHECK(c, NET_CONN_MAGIC);
	c->ops--;
	if (c->closing) {
		c->sending = false;
		if (c->ops == 0)
			conn_free(n, c);
		return false;
	}
	if (res > 0) {
		n->count.bytes_out += (uint64_t)res;
		c->out_sent += (size_t)res;
	}
	if (c->out_sent == c->out.len) {
		c->sending = false;
		out_release(n, c);
		*ev = (struct net_event){ NET_SENT, c, NULL, 0 };
		return true;
	}
	if (res > 0 || res == -EINTR || res == -EAGAIN) {
		arm_send(n, c);
		return false;
	}
	c->sending = false;
	*ev = (struct net_event){ NET_EOF, c, NULL, 0 };
	return true;
}

static bool on_completion(struct net *n, const struct io_uring_cqe *e, struct net_event *ev)
{
	struct net_conn *c = (struct net_conn *)(uintptr_t)(e->user_data & ~(uint64_t)OP_MASK);

	switch ((enum op)(e->user_data & OP_MASK)) {
	case OP_RECV:
		return on_recv(n, c, e->res, e->flags, ev);
	case OP_SEND:
		return on_send(n, c, e->res, ev);
	case OP_ACCEPT:
		on_accept(n, e->res);
		return false;
	case OP_TICK:
		arm_timer(n, &n->tick_ts, OP_TICK);
		n->tick_due = true;
		return false;
	case OP_ALARM:
		n->alarm = false;
		n->tick_due = true;
		return false;
	case OP_SIGNAL:
		arm_signal(n);
		*ev = (struct net_event){ NET_TERM, NULL, NULL, 0 };
		return e->res > 0;
	case OP_ORPHAN:
		*ev = (struct net_event){ NET_ORPHAN, NULL, NULL, 0 };
		return e->res > 0;
	case OP_IGNORE:
		break;
	}
	return false;
}

/* One step of looking for deadlines that have passed. */
static bool scan_step(struct net *n, struct net_event *ev)
{
	while (n->scan < n->nconns) {
		struct net_conn *c = n->conns[n->scan++];

		if (c->deadline > n->now)
			continue;
		c->deadline = NET_NEVER;
		if (c->lingering) {
			net_close(n, c);
			continue;
		}
		*ev = (struct net_event){ NET_TIMEOUT, c, NULL, 0 };
		return true;
	}
	n->scanning = false;
	return false;
}

static void turn(struct net *n)
{
	int r;

	if (!n->accepting && !n->stopped && n->nconns < n->cfg.max_conns && n->now >= n->accept_after)
		accept_arm(n);
	r = io_uring_submit_and_wait(&n->ring, 1);
	if (unlikely(r < 0 && r != -EINTR && r != -EBUSY && r != -EAGAIN)) {
		log_err("io_uring_enter: %s", strerror(-r));
		AN(r >= 0);
	}
	if (unlikely(io_uring_cq_has_overflow(&n->ring))) {
		n->count.cq_overflows++;
		io_uring_get_events(&n->ring);
	}
	n->now = clock_mono_ns();
	n->wall = (int64_t)(clock_read_ns(CLOCK_REALTIME_COARSE) / 1000000000u);
}

void net_next(struct net *n, struct net_event *ev)
{
	if (n->lent >= 0) {
		recycle(n, n->lent);
		n->lent = -1;
	}
	for (;;) {
		if (n->scanning && scan_step(n, ev))
			return;
		while (n->batch_i < n->batch_n) {
			bool got = on_completion(n, n->batch[n->batch_i++], ev);

			if (got)
				return;
			if (n->lent >= 0) {
				recycle(n, n->lent);
				n->lent = -1;
			}
		}
		io_uring_cq_advance(&n->ring, n->batch_n);
		n->batch_i = 0;
		n->batch_n = io_uring_peek_batch_cqe(&n->ring, n->batch, BATCH);
		if (n->batch_n != 0)
			continue;
		if (n->tick_due) {
			n->tick_due = false;
			n->scanning = true;
			n->scan = 0;
			if (!n->stopped) /* a wake-up that a stuck sibling swallowed */
				accept_drain(n, ACCEPT_DRAIN);
			*ev = (struct net_event){ NET_TICK, NULL, NULL, 0 };
			return;
		}
		turn(n);
	}
}

bool net_idle(const struct net *n) { return n->batch_i == n->batch_n && !n->scanning; }
uint64_t net_now(const struct net *n) { return n->now; }
int64_t net_wall_seconds(const struct net *n) { return n->wall; }
uint32_t net_count(const struct net *n) { return n->nconns; }
struct net_conn *net_at(const struct net *n, uint32_t i) { AN(i < n->nconns); return n->conns[i]; }
void net_counters(const struct net *n, struct net_counters *out) { *out = n->count; }

void net_alarm(struct net *n)
{
	if (!n->alarm) {
		n->alarm = true;
		arm_timer(n, &n->alarm_ts, OP_ALARM);
	}
}

/* ---- making ------------------------------------------------------------ */

static unsigned cq_entries(uint32_t max_conns)
{
	unsigned want = 2 * (2 * max_conns + NBUF + 8), n = 128;

	while (n < want && n < 32768)
		n *= 2;
	return n;
}

/* Newest kind of ring first; an old kernel answers EINVAL. */
static int ring_make(struct net *n)
{
	static const unsigned kinds[] = {
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
		IORING_SETUP_COOP_TASKRUN,
	};
	size_t i;
	int r = -EINVAL;

	for (i = 0; i < ARRAY_LEN(kinds) && r == -EINVAL; i++) {
		struct io_uring_params p = { .flags = kinds[i] | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
					     .cq_entries = cq_entries(n->cfg.max_conns) };

		r = io_uring_queue_init_params(SQ_ENTRIES, &n->ring, &p);
	}
	return r;
}

static int buffers_make(struct net *n)
{
	struct io_uring_buf_reg reg = { .ring_entries = NBUF };
	size_t ring_bytes = NBUF * sizeof(struct io_uring_buf), mem_bytes = (size_t)NBUF * BUF_STRIDE;
	int i, r;

	n->mem = mmap(NULL, mem_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	n->bufs = mmap(NULL, ring_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (n->mem == MAP_FAILED || (void *)n->bufs == MAP_FAILED)
		return -ENOMEM;
	reg.ring_addr = (uint64_t)(uintptr_t)n->bufs;
	r = io_uring_register_buf_ring(&n->ring, &reg, 0);
	if (r != 0)
		return r;
	io_uring_buf_ring_init(n->bufs);
	for (i = 0; i < NBUF; i++)
		io_uring_buf_ring_add(n->bufs, n->mem + (size_t)i * BUF_STRIDE, BUF_BYTES, (unsigned short)i, NBUF - 1, i);
	io_uring_buf_ring_advance(n->bufs, NBUF);
	return 0;
}

struct net *net_create(const struct net_config *cfg, const char **err)
{
	struct net *n = calloc(1, sizeof *n);
	struct io_uring_sqe *s;
	sigset_t set;
	int r;

	AN(n && cfg->conn_bytes >= sizeof(struct net_conn) && cfg->max_conns > 0);
	n->cfg = *cfg;
	n->lent = -1;
	n->tick_ts = (struct __kernel_timespec){ .tv_nsec = 0, .tv_sec = TICK_NS / 1000000000u };
	n->alarm_ts = (struct __kernel_timespec){ .tv_nsec = ALARM_NS };
	r = ring_make(n);
	if (r == 0) {
		r = buffers_make(n);
		if (r != 0)
			io_uring_queue_exit(&n->ring);
	}
	if (r != 0) {
		*err = net_refused_text(-r);
		free(n);
		return NULL;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	n->signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	n->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	AN(n->signal_fd >= 0 && n->reserve_fd >= 0);
	n->now = clock_mono_ns();
	n->wall = (int64_t)(clock_wall_ns() / 1000000000u);
	arm_signal(n);
	arm_timer(n, &n->tick_ts, OP_TICK);
	if (cfg->status_fd >= 0) {
		s = sqe_get(n);
		io_uring_prep_poll_add(s, cfg->status_fd, 0); /* POLLERR needs no asking */
		tag(s, NULL, OP_ORPHAN);
	}
	accept_arm(n);
	io_uring_submit(&n->ring);
	return n;
}
