/* peer.c: see peer.h. Called by the loop; serves control.c and metrics.c. */
#include "supervisor/peer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

#define PAUSE_S 0.1              /* after an accept that failed for want of descriptors */

static void peer_free(struct peer *p)
{
	struct peers *l = p->all;
	struct peer **at = &l->first;

	if (l->gone)
		l->gone(p);
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	l->count--;
	ev_io_stop(l->loop, &p->io);
	ev_timer_stop(l->loop, &p->patience);
	fd_close(&p->fd);
	buf_free(&p->in);
	buf_free(&p->out);
	free(p);
}

static void watch(struct peer *p)
{
	int events = p->sent < p->out.len ? EV_WRITE : p->held ? 0 : EV_READ;

	ev_io_stop(p->all->loop, &p->io);
	if (events == 0)
		return;
	ev_io_set(&p->io, p->fd, events);
	ev_io_start(p->all->loop, &p->io);
}

static void patience(struct peer *p)
{
	ev_timer_stop(p->all->loop, &p->patience);
	if (p->held)
		return;
	ev_timer_set(&p->patience, p->all->patience_s, 0.);
	ev_timer_start(p->all->loop, &p->patience);
}

/* False: broken. */
static bool flush(struct peer *p)
{
	while (p->sent < p->out.len) {
		ssize_t n = send(p->fd, p->out.p + p->sent, p->out.len - p->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		p->sent += (size_t)n;
	}
	buf_free(&p->out);
	p->sent = 0;
	return true;
}

void peer_used(struct peer *p, size_t n)
{
	memmove(p->in.p, p->in.p + n, p->in.len - n);
	p->in.len -= n;
	if (p->in.len == 0)
		buf_free(&p->in);
}

void peer_send(struct peer *p)
{
	if (!flush(p)) {
		p->out.len = p->sent = 0;
		p->ending = true;
	}
	patience(p);
	watch(p);
	if (p->ending && p->out.len == 0) /* freed by the loop, not under our caller */
		ev_feed_event(p->all->loop, &p->io, EV_WRITE);
}

void peer_end(struct peer *p)
{
	p->ending = true;
	peer_send(p);
}

void peer_hold(struct peer *p, bool on)
{
	p->held = on;
	patience(p);
	watch(p);
	if (!on && p->in.len != 0 && !p->ending)
		ev_feed_event(p->all->loop, &p->io, EV_CUSTOM);
}

/* True: goes on. */
static bool receive(struct peer *p)
{
	size_t room = p->all->in_max - p->in.len;
	ssize_t n;

	if (room > 16384)
		room = 16384;
	if (room == 0)
		return false;
	n = recv(p->fd, buf_reserve(&p->in, room), room, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	p->in.len += (size_t)n;
	if (n != 0)
		p->all->data(p);
	return n != 0;
}

static void on_io(struct ev_loop *loop, ev_io *io, int revents)
{
	struct peer *p = io->data;

	(void)loop;
	if (p->out.len != 0) {
		if (!flush(p)) {
			peer_free(p);
			return;
		}
		watch(p);
	}
	if (p->ending) {
		if (p->out.len == 0)
			peer_free(p);
	} else if (revents & (EV_CUSTOM | EV_WRITE)) {
		if (p->in.len != 0 && p->out.len == 0 && !p->held)
			p->all->data(p);
	} else if (revents & EV_READ && !receive(p)) {
		peer_free(p);
	}
}

static void on_patience(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	peer_free(t->data);
}

static void peer_new(struct peers *l, int fd)
{
	struct peer *p = calloc(1, sizeof *p);

	if (!p) {
		close(fd);
		return;
	}
	p->all = l;
	p->fd = fd;
	p->next = l->first;
	l->first = p;
	l->count++;
	ev_io_init(&p->io, on_io, fd, EV_READ);
	ev_timer_init(&p->patience, on_patience, 0., 0.);
	p->io.data = p->patience.data = p;
	patience(p);
	watch(p);
}

static void on_accept(struct ev_loop *loop, ev_io *io, int revents)
{
	struct peers *l = io->data;
	int fd, i;

	(void)revents;
	for (i = 0; i < 16; i++) {
		fd = accept4(l->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0) {
			if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
				ev_io_stop(loop, &l->io); /* it would wake us for ever */
				ev_timer_start(loop, &l->pause);
			}
			return;
		}
		if (l->count >= l->max)
			close(fd);
		else
			peer_new(l, fd);
	}
}

static void on_pause(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct peers *l = t->data;

	(void)revents;
	ev_io_start(loop, &l->io);
}

void peers_start(struct peers *l)
{
	l->count = 0;
	l->first = NULL;
	ev_io_init(&l->io, on_accept, l->listen_fd, EV_READ);
	ev_timer_init(&l->pause, on_pause, PAUSE_S, 0.);
	l->io.data = l->pause.data = l;
	ev_io_start(l->loop, &l->io);
}

void peers_stop(struct peers *l)
{
	ev_io_stop(l->loop, &l->io);
	ev_timer_stop(l->loop, &l->pause);
	while (l->first)
		peer_free(l->first);
}
