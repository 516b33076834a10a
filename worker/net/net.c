/* net.c: what both backends have in common: the table of connections and their
 * deadlines, buffers, refused accepts, connections that change hands. The
 * functions of net.h that no backend does differently end here. */
#include "worker/net/net.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "worker/net/part.h"
#include "worker/net/refused.h"

#define PAUSE_NS 80000000u          /* no accept after EMFILE */
#define BRISK_NS 1000000000u    /* sends that end sooner are not looked at */
#define COMPLAIN_NS 5000000000u

/* ---- making ------------------------------------------------------------ */

void net_clock(struct net *n)
{
	n->now = clock_mono_ns();
	n->wall = (int64_t)(clock_read_ns(CLOCK_REALTIME_COARSE) / 1000000000u);
}

void net_setup(struct net *n, const struct net_config *cfg, const struct net_ops *ops)
{
	sigset_t set;

	AN(cfg->conn_bytes >= sizeof(struct net_conn) && cfg->max_conns > 0);
	AN(cfg->nlisten <= NET_LISTENERS);
	n->ops = ops;
	n->share = cfg->max_conns;
	n->cfg = *cfg;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	n->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	n->reserve_fd = fcntl(n->signal_fd, F_DUPFD_CLOEXEC, 0);
	AN(n->signal_fd >= 0 && n->reserve_fd >= 0);
	net_clock(n);
}

int net_look(uint32_t io, const char **err)
{
	int r;

	net_refused_look();
	if (io != NET_URING)
		return 0;
	r = uring_probe();
	if (r != 0)
		*err = net_refused_text(r);
	return r;
}

void net_ahead(uint32_t io, uint32_t max_conns)
{
	struct net_config cfg = { .max_conns = max_conns };

	if (io != NET_EPOLL)
		uring_ahead(&cfg);
}

void net_ahead_end(void) { uring_ahead_end(); }

struct net *net_create(const struct net_config *cfg, const char **err)
{
	struct net *n;
	int r;

	if (cfg->io == NET_EPOLL)
		return poller_create(cfg);
	r = uring_create(&n, cfg);
	if (r == 0)
		return n;
	*err = net_refused_text(r);
	if (cfg->io == NET_URING)
		return NULL;
	if (!cfg->refusal_said || __atomic_exchange_n(cfg->refusal_said, 1, __ATOMIC_RELAXED) == 0)
		log_warn("%s; serving with epoll", *err);
	return poller_create(cfg);
}

/* ---- connections ------------------------------------------------------- */

/* One line in a while, of all workers together. */
static bool may_complain(struct net *n)
{
	uint64_t *at = n->cfg.complained ? n->cfg.complained : &n->complained;
	uint64_t last = __atomic_load_n(at, __ATOMIC_RELAXED);

	if (last != 0 && n->now < last + COMPLAIN_NS)
		return false;
	return __atomic_compare_exchange_n(at, &last, n->now, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

struct net_conn *net_open(struct net *n, int fd)
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
	if (unlikely(n->nconns == n->cfg.max_conns) && may_complain(n))
		log_warn("%u connections are open, as many as may be; new ones wait", n->nconns);
	return c;
}

static void extra_release(struct net *n, struct net_conn *c)
{
	struct net_extra *x = c->extra;

	if (!x)
		return;
	fd_close(&x->fd);
	free(x->piece);
	x->piece = NULL;
	x->next = n->extras;
	n->extras = x;
	c->extra = NULL;
}

void net_out_release(struct net *n, struct net_conn *c)
{
	if (c->out.cap != 0 && c->out.cap <= SPARE_MAX && n->nspare < SPARES) {
		c->out.len = 0;
		n->spare[n->nspare++] = c->out;
		c->out = (struct buf)BUF_INIT;
	} else {
		buf_free(&c->out);
	}
	c->out_sent = 0;
	if (unlikely(c->extra))
		extra_release(n, c);
}

static void conn_free(struct net *n, struct net_conn *c)
{
	struct net_conn *last = n->conns[--n->nconns];

	AN(c->ops == 0 && n->conns[c->index] == c);
	n->conns[c->index] = last;
	last->index = c->index;
	net_out_release(n, c);
	if (n->ops->freed)
		n->ops->freed(n, c);
	fd_close(&c->fd);
	c->magic = 0;
	c->next_free = n->free_list;
	n->free_list = c;
}

static COLD void give_away(struct net *n, struct net_conn *c)
{
	struct net_give *g = c->give;
	size_t len = g->bytes.len;
	int r = len > INBOX_BYTES ? EMSGSIZE : net_inbox_send(g->inbox, INBOX_CONN, c->fd, g->bytes.p, len);

	c->give = NULL;
	if (r == 0) {
		n->count.given++;
		conn_free(n, c);
	} else {
		int fd = c->fd;

		c->fd = -1; /* it goes on in a new struct: the caller's part is gone */
		conn_free(n, c);
		net_back_put(n, net_open(n, fd), g->bytes.p, len);
	}
	buf_free(&g->bytes);
	free(g);
}

void net_conn_done(struct net *n, struct net_conn *c)
{
	if (unlikely(c->give))
		give_away(n, c);
	else
		conn_free(n, c);
}

void net_close(struct net *n, struct net_conn *c)
{
	CHECK(c, NET_CONN_MAGIC);
	AN(!c->give);
	c->closing = true;
	c->lingering = false;
	c->deadline = NET_NEVER;
	if (c->ops == 0)
		conn_free(n, c);
	else
		n->ops->stop(n, c);
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

struct buf *net_out(struct net *n, struct net_conn *c)
{
	AZ(c->sending);
	if (c->out.cap == 0 && n->nspare != 0)
		c->out = n->spare[--n->nspare];
	return &c->out;
}

bool net_scan(struct net *n, struct net_event *ev)
{
	while (n->scan < n->nconns) {
		struct net_conn *c = n->conns[n->scan++];

		if (c->deadline > n->now)
			continue;
		c->deadline = NET_NEVER;
		if (c->sending && net_pace(n, c))
			continue;
		if (c->lingering) {
			net_close(n, c);
		} else if (c->closing) { /* its last response is not taken */
			if (c->ops != 0)
				n->ops->stop(n, c);
		} else {
			*ev = (struct net_event){ .kind = NET_TIMEOUT, .c = c };
			return true;
		}
	}
	n->scanning = false;
	return false;
}

/* ---- sending ----------------------------------------------------------- */

static struct net_extra *extra_get(struct net *n, struct net_conn *c)
{
	struct net_extra *x = n->extras;

	AZ(c->sending);
	AZ(c->extra != NULL);
	if (x) {
		n->extras = x->next;
	} else {
		x = calloc(1, sizeof *x);
		AN(x);
	}
	x->fd = -1;
	x->len = 0;
	x->left = 0;
	x->next = NULL;
	c->extra = x;
	return x;
}

static void send_start(struct net *n, struct net_conn *c)
{
	c->sending = true;
	c->out_sent = 0;
	c->send_began = c->paced = n->now;
	c->deadline = n->now + (n->cfg.stall_ns / 2 < BRISK_NS ? n->cfg.stall_ns / 2 : BRISK_NS);
	n->ops->send(n, c);
}

void net_send(struct net *n, struct net_conn *c)
{
	AN(!c->sending && c->out.len != 0);
	send_start(n, c);
}

void net_send_mem(struct net *n, struct net_conn *c, const char *mem, size_t len)
{
	struct net_extra *x;

	AN(!c->sending && c->out.len + len != 0);
	if (len != 0) {
		x = extra_get(n, c);
		x->mem = mem;
		x->len = len;
	}
	send_start(n, c);
}

void net_send_file(struct net *n, struct net_conn *c, int fd, uint64_t off, uint64_t len)
{
	struct net_extra *x;

	AN(!c->sending && c->out.len + len != 0);
	if (len == 0) {
		close(fd);
	} else {
		x = extra_get(n, c);
		x->fd = fd;
		x->off = off;
		x->left = len;
	}
	send_start(n, c);
}

void net_send_close(struct net *n, struct net_conn *c)
{
	c->last = true;
	c->closing = true;
	net_send(n, c);
}

bool net_piece(struct net_conn *c, int n)
{
	struct net_extra *x = c->extra;

	if (n <= 0)
		return false;
	x->mem = x->piece;
	x->len = (size_t)n;
	x->off += (uint64_t)n;
	x->left -= (uint64_t)n;
	return true;
}

int net_parts(struct net_conn *c, struct iovec iov[2])
{
	int k = 0;

	if (c->out_sent < c->out.len)
		iov[k++] = (struct iovec){ c->out.p + c->out_sent, c->out.len - c->out_sent };
	if (c->extra && c->extra->len != 0)
		iov[k++] = (struct iovec){ (void *)(uintptr_t)c->extra->mem, c->extra->len };
	return k;
}

size_t net_left(const struct net_conn *c)
{
	return c->out.len - c->out_sent + (c->extra ? c->extra->len : 0);
}

bool net_taken(struct net *n, struct net_conn *c, size_t bytes)
{
	size_t head = c->out.len - c->out_sent;

	n->count.bytes_out += bytes;
	c->taken += bytes;
	if (likely(!c->extra)) {
		c->out_sent += bytes;
		return c->out_sent == c->out.len;
	}
	if (head > bytes)
		head = bytes;
	c->out_sent += head;
	c->extra->mem += bytes - head;
	c->extra->len -= bytes - head;
	return c->out_sent == c->out.len && c->extra->len == 0;
}

/* ---- accept ------------------------------------------------------------ */

bool net_starved(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM;
}

/* Out of descriptors: turn one client away with the fd kept for that, then
 * leave the queue alone for a while instead of spinning on it. */
COLD void net_accept_starved(struct net *n, int listener, int err)
{
	static const char sorry[] =
		"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
	int fd;

	n->accept_after = n->now + PAUSE_NS;
	n->count.accept_pauses++;
	net_alarm(n);
	if (may_complain(n))
		log_warn("accept: %s; pausing for %u ms each time", strerror(err), PAUSE_NS / 1000000);
	fd_close(&n->reserve_fd);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		ssize_t w = send(fd, sorry, sizeof sorry - 1, MSG_NOSIGNAL);
		(void)w;
		close(fd);
	}
	n->reserve_fd = fcntl(n->signal_fd, F_DUPFD_CLOEXEC, 0);
}

void net_accept_drain(struct net *n, int listener, int most)
{
	while (most-- > 0 && n->nconns < n->cfg.max_conns) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0) {
			n->count.accepted++;
			n->ops->opened(n, net_open(n, fd));
			continue;
		}
		if (errno == ECONNABORTED || errno == EINTR)
			continue;
		if (net_starved(errno))
			net_accept_starved(n, listener, errno);
		return;
	}
}

void net_stop_accept(struct net *n)
{
	uint32_t i;

	if (n->stopped)
		return;
	for (i = 0; i < n->cfg.nlisten; i++)
		net_accept_drain(n, n->cfg.listen_fd[i], (int)n->cfg.max_conns);
	n->stopped = true;
	n->ops->accept_stop(n);
}

/* ---- connections that change hands ------------------------------------- */

void net_give(struct net *n, struct net_conn *c, int inbox, const void *bytes, size_t len)
{
	struct net_give *g = calloc(1, sizeof *g);

	CHECK(c, NET_CONN_MAGIC);
	AN(g && !c->sending && !c->closing && len <= NET_GIVE_MAX);
	g->inbox = inbox;
	buf_put(&g->bytes, bytes, len);
	if (n->ops->unread) {
		const struct buf *b = n->ops->unread(n, c);

		if (b)
			buf_put(&g->bytes, b->p, b->len);
	}
	net_out_release(n, c);
	c->give = g;
	c->closing = true;
	c->lingering = false;
	c->deadline = NET_NEVER;
	if (c->ops == 0)
		net_conn_done(n, c);
	else
		n->ops->stop(n, c);
}

void net_give_more(struct net_conn *c, const char *p, size_t len)
{
	buf_put(&c->give->bytes, p, len);
}

static void back_push(struct net *n, struct back b)
{
	if (n->back_at == n->back_n)
		n->back_at = n->back_n = 0;
	if (n->back_n == n->back_cap) {
		n->back_cap = n->back_cap ? n->back_cap * 2 : 16;
		n->back = realloc(n->back, n->back_cap * sizeof n->back[0]);
		AN(n->back);
	}
	n->back[n->back_n++] = b;
}

void net_back_put(struct net *n, struct net_conn *c, const char *p, size_t len)
{
	struct back b = { .c = c, .fd = -1 };

	c->untold = true;
	buf_put(&b.bytes, p, len);
	back_push(n, b);
}

void net_held_drop(struct net *n)
{
	if (unlikely(n->held.cap != 0))
		buf_free(&n->held);
}

bool net_back(struct net *n, struct net_event *ev)
{
	struct back *b;

	if (likely(n->back_at == n->back_n))
		return false;
	b = &n->back[n->back_at++];
	if (!b->c) {
		*ev = (struct net_event){ .kind = NET_FD, .fd = b->fd, .n = b->kind };
		return true;
	}
	n->held = b->bytes;
	b->c->untold = false;
	*ev = (struct net_event){ .kind = NET_ADOPTED, .c = b->c, .p = n->held.p, .n = n->held.len };
	return true;
}

void net_back_offer(struct net *n, bool (*take)(void *, struct net_conn *, const char *, size_t), void *u)
{
	uint32_t i, k = n->back_at, end = n->back_n;

	for (i = n->back_at; i < end; i++) {
		struct back b = n->back[i];

		if (b.c && take(u, b.c, b.bytes.p, b.bytes.len))
			buf_free(&b.bytes); /* what did not go came back at the end */
		else
			n->back[k++] = b;
	}
	for (; i < n->back_n; i++)
		n->back[k++] = n->back[i];
	n->back_n = k;
}

/* The way into a sibling's inbox. */
static void meet(struct net *n, uint32_t slot, int fd)
{
	if (slot < n->cfg.npeers && n->cfg.peers[slot] < 0)
		n->cfg.peers[slot] = fd;
	else
		close(fd);
}

bool net_inbox(struct net *n, struct inbox_room *r, ssize_t got)
{
	size_t len = 0;
	int fd[INBOX_FDS], nfd, i;
	uint32_t kind;

	if (got == 0 || (got < 0 && got != -EINTR && got != -EAGAIN && got != -ENOBUFS && got != -ENOMEM)) {
		if (got != -ECANCELED)
			log_warn("inbox: %s", got ? strerror((int)-got) : "closed");
		return false;
	}
	if (got < 0)
		return true;
	kind = inbox_parse(r, got, fd, &nfd, &len);
	if (kind == INBOX_CONN) {
		n->count.adopted++;
		net_back_put(n, net_open(n, fd[0]), r->bytes, len);
	} else if (kind >= INBOX_PEER) { /* at once: whoever waits or computes needs them most */
		for (i = 0; i < nfd; i++)
			meet(n, kind - INBOX_PEER + (uint32_t)i, fd[i]);
	} else if (kind != 0) {
		back_push(n, (struct back){ .fd = fd[0], .kind = kind });
	} else if (n->inbox_said == 0 || n->now - n->inbox_said >= COMPLAIN_NS) {
		n->inbox_said = n->now;
		log_warn("inbox: %zd bytes that are no message are dropped", got);
	}
	return true;
}

/* ---- the end ----------------------------------------------------------- */

/* Too much: it does not go at all. */
void net_last_put(struct net_last *l, const char *p, size_t n)
{
	if (n == 0)
		return;
	if (l->n > NET_LAST_MAX || n > NET_LAST_MAX - l->n) {
		l->n = NET_LAST_MAX + 1;
		return;
	}
	memcpy(l->p + l->n, p, n);
	l->n += n;
}

void net_last_look(struct net *n, const struct net_conn *busy, net_last_fn *fn, void *u)
{
	static char room[NET_LAST_MAX];
	uint32_t i, k;

	if (n->ops->last)
		n->ops->last(n, fn, u);
	for (i = 0; i < n->nconns; i++) {
		struct net_conn *c = n->conns[i];
		struct net_last l = { room, 0 };

		if (c == busy || c->closing || c->lingering || c->fd < 0)
			continue;
		for (k = n->back_at; k < n->back_n; k++)
			if (n->back[k].c == c)
				net_last_put(&l, n->back[k].bytes.p, n->back[k].bytes.len);
		if (n->ops->last_of ? !n->ops->last_of(n, c, &l) : c->sending)
			continue;
		if (l.n <= NET_LAST_MAX)
			fn(u, c, c->fd, l.p, l.n);
	}
}

/* ---- the rest ---------------------------------------------------------- */

const struct sockaddr_storage *net_peer(struct net *n, struct net_conn *c)
{
	socklen_t len = sizeof n->peer;

	if (getpeername(c->fd, (struct sockaddr *)&n->peer, &len) != 0)
		n->peer.ss_family = AF_UNSPEC;
	return &n->peer;
}

enum net_backend net_backend(const struct net *n) { return n->ops->backend; }
int net_restrict(struct net *n) { return n->ops->restrict_(n); }
void net_next(struct net *n, struct net_event *ev) { n->ops->next(n, ev); }
bool net_idle(const struct net *n) { return !n->scanning && n->back_at == n->back_n && n->ops->idle(n); }
uint64_t net_now(const struct net *n) { return n->now; }
int64_t net_wall_seconds(const struct net *n) { return n->wall; }
void net_alarm(struct net *n) { n->ops->alarm(n); }

void net_wake(struct net *n, uint64_t ns)
{
	if (n->ops->wake)
		n->ops->wake(n, ns);
	else
		n->ops->alarm(n);
}
void net_receive(struct net *n, struct net_conn *c) { n->ops->receive(n, c); }
void net_pause(struct net *n, struct net_conn *c) { n->ops->pause(n, c); }
void net_set_share(struct net *n, uint32_t most) { n->share = most < n->cfg.max_conns ? most : n->cfg.max_conns; }
uint32_t net_count(const struct net *n) { return n->nconns; }
struct net_conn *net_at(const struct net *n, uint32_t i) { AN(i < n->nconns); return n->conns[i]; }
void net_counters(const struct net *n, struct net_counters *out) { *out = n->count; }

void net_pump(struct net *n, const struct net_conn *busy,
	      bool (*take)(void *u, struct net_conn *c, const char *p, size_t len), void *u)
{
	n->ops->pump(n, busy, take, u);
	net_back_offer(n, take, u);
}

/* Connections that came or came back, and wait to be told of. */
static bool back_waits(const struct net *n)
{
	uint32_t i;

	for (i = n->back_at; i < n->back_n; i++)
		if (n->back[i].c)
			return true;
	return false;
}

void net_wait(struct net *n, struct net_conn *busy, uint64_t until, bool reads,
	      bool (*take)(void *u, struct net_conn *c, const char *p, size_t len), void *u, struct net_event *ev)
{
	bool slept = false;

	CHECK(busy, NET_CONN_MAGIC);
	for (;;) {
		uint64_t ns;

		*ev = (struct net_event){ .kind = NET_TICK };
		n->ops->look(n, busy, reads, take, u, ev);
		net_back_offer(n, take, u);
		if (busy->sending && busy->deadline < until)
			until = busy->deadline;
		if (ev->kind != NET_TICK || slept || n->now >= until)
			break;
		ns = until - n->now;
		if (ns > OFFER_NS && (back_waits(n) || n->ops->keeps(n, busy)))
			ns = OFFER_NS;
		n->ops->doze(n, ns < TICK_NS ? ns : TICK_NS);
		slept = true;
	}
	if (ev->kind == NET_TICK && busy->sending && n->now >= busy->deadline && !net_pace(n, busy))
		ev->kind = NET_EOF;
	ev->c = busy;
}
