/* inboxes.c: the socket pairs through which workers hand connections to each
 * other. The supervisor holds all ends, so that what was sent to a worker that
 * is no more can be given to another. Called by the rest of the pool. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "supervisor/parts.h"
#include "worker/inbox.h"
#include "worker/worker.h"

#define BYTES_MAX (128u << 10)   /* that go with one connection, at most */

/* Blocking sockets: io_uring would not wait on others; all who use them say
 * MSG_DONTWAIT where they mean it. */
bool inboxes_make(struct pool *p, uint32_t upto)
{
	int pair[2];

	if (!p->inbox) {
		p->inbox = malloc(2 * p->nplaces * sizeof p->inbox[0]);
		AN(p->inbox);
		memset(p->inbox, -1, 2 * p->nplaces * sizeof p->inbox[0]);
		p->h.inbox_rd = p->inbox;
		p->h.inbox_wr = p->inbox + p->nplaces;
	}
	for (; p->boxes < upto; p->boxes++) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
			return false;
		p->inbox[p->boxes] = pair[0];
		p->inbox[p->nplaces + p->boxes] = pair[1];
	}
	return true;
}

void inboxes_close(struct pool *p)
{
	uint32_t i;

	for (i = 0; i < 2 * p->nplaces; i++)
		fd_close(&p->inbox[i]);
	free(p->inbox);
}

/* One message with descriptors. */
static bool send_fds(int to, const void *bytes, size_t n, const int *fds, size_t count)
{
	union { char room[CMSG_SPACE(BOXES_BATCH * sizeof(int))]; struct cmsghdr align; } control;
	struct iovec iov = { (void *)(uintptr_t)bytes, n };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = CMSG_SPACE(count * sizeof *fds),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	AN(count <= BOXES_BATCH);
	memset(&control, 0, CMSG_SPACE(count * sizeof *fds));
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(count * sizeof *fds);
	memcpy(CMSG_DATA(c), fds, count * sizeof *fds);
	return sendmsg(to, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n;
}

static bool send_fd(int to, const void *bytes, size_t n, int fd) { return send_fds(to, bytes, n, &fd, 1); }

bool inboxes_give(const struct generation *g, uint32_t from)
{
	const struct pool *p = g->pool;
	int fds[BOXES_BATCH];
	uint32_t i;

	while (from < p->boxes) {
		struct fork_cmd cmd = { .magic = BOXES_MAGIC, .generation = g->number, .slot = from };

		for (i = 0; i < BOXES_BATCH / 2 && from < p->boxes; i++, from++) {
			fds[2 * i] = p->inbox[from];
			fds[2 * i + 1] = p->inbox[p->nplaces + from];
		}
		cmd.serial = i;
		if (!send_fds(g->command_fd, &cmd, sizeof cmd, fds, 2 * i))
			return errno == EPIPE || errno == ECONNRESET; /* it is dead, and said why */
	}
	return true;
}

bool inboxes_complete(struct pool *p)
{
	uint32_t old = p->boxes, i, k;
	struct generation *g;

	if (!inboxes_make(p, p->nplaces))
		return false;
	for (g = p->newest; g; g = g->older)
		if (g->zygote != 0 && !inboxes_give(g, old))
			return false;
	for (i = 0; i < old; i++) /* whoever is there, or comes */
		for (k = old; k < p->boxes; k += INBOX_FDS) {
			struct inbox_msg head = { .magic = INBOX_MAGIC, .kind = INBOX_PEER + k };
			uint32_t n = p->boxes - k < INBOX_FDS ? p->boxes - k : INBOX_FDS;

			if (!send_fds(p->h.inbox_wr[i], &head, sizeof head, p->h.inbox_wr + k, n))
				log_warn("worker %u will hand nothing over to workers %u to %u: %s", i, k, k + n - 1,
					 strerror(errno));
		}
	return true;
}

/* The next message and its descriptor (-1: it had none); its length, or -1. */
static ssize_t receive_fd(int from, void *bytes, size_t size, int *fd)
{
	union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
	struct iovec iov = { bytes, size };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room,
	};
	ssize_t n = recvmsg(from, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n >= 0 ? CMSG_FIRSTHDR(&m) : NULL;

	*fd = -1;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof *fd))
		memcpy(fd, CMSG_DATA(c), sizeof *fd);
	return n;
}

static struct place *next_server(struct pool *p, uint32_t *turn)
{
	uint32_t i;

	for (i = 0; i < p->nplaces; i++) {
		struct place *w = &p->places[(*turn + i) % p->nplaces];

		if (w->state == READY && !w->leaving && w->gen == p->current) {
			*turn = place_index(w) + 1;
			return w;
		}
	}
	return NULL;
}

void inboxes_rescue(struct place *from)
{
	static char bytes[sizeof(struct inbox_msg) + BYTES_MAX];
	static uint32_t turn;
	struct pool *p = from->pool;
	const struct inbox_msg *head = (const struct inbox_msg *)(const void *)bytes;
	struct place *to;
	unsigned lost = 0, tries;
	ssize_t n;
	bool sent;
	int fd;

	while (p->phase == RUNNING && (to = next_server(p, &turn)) != NULL &&
	       (n = receive_fd(p->inbox[place_index(from)], bytes, sizeof bytes, &fd)) >= 0) {
		if (fd < 0)
			continue;
		sent = n < (ssize_t)sizeof *head || head->magic != INBOX_MAGIC || head->kind != INBOX_CONN;
		for (tries = 0; !sent && to && tries < p->nplaces; tries++) {
			sent = send_fd(p->h.inbox_wr[place_index(to)], bytes, (size_t)n, fd);
			to = next_server(p, &turn);
		}
		lost += !sent;
		close(fd);
	}
	if (lost)
		log_warn("%u connections on their way to worker %u are lost: all inboxes are full", lost, place_index(from));
}

/* One log file's new descriptor to all who write to it, or will fork those. */
static void send_log(struct pool *p, uint32_t kind, int fd)
{
	struct inbox_msg head = { .magic = INBOX_MAGIC, .kind = kind };
	struct generation *g;
	uint32_t i;

	if (fd < 0)
		return;
	for (g = p->newest; g; g = g->older) {
		struct fork_cmd cmd = { .magic = LOGS_MAGIC, .generation = g->number, .slot = kind };

		if (g->command_fd >= 0)
			send_fd(g->command_fd, &cmd, sizeof cmd, fd);
	}
	for (i = 0; i < p->nplaces; i++)
		if (p->places[i].pid > 0 && !send_fd(p->h.inbox_wr[i], &head, sizeof head, fd))
			log_warn("worker %u keeps its old log file: %s", i, strerror(errno));
}

/* A worker that is ready has older descriptors of this kind in its inbox, perhaps,
 * sent to the one before it in this place, or was forked by a zygote that had
 * not heard yet: the present ones come last. */
void inboxes_logs(struct place *w)
{
	struct pool *p = w->pool;
	struct inbox_msg log = { .magic = INBOX_MAGIC, .kind = INBOX_LOG }, access = { .magic = INBOX_MAGIC, .kind = INBOX_ACCESS };

	if (p->logs_reopened && p->h.log_fd >= 0)
		send_fd(p->h.inbox_wr[place_index(w)], &log, sizeof log, p->h.log_fd);
	if (p->logs_reopened && p->h.access_fd >= 0)
		send_fd(p->h.inbox_wr[place_index(w)], &access, sizeof access, p->h.access_fd);
}

void pool_logs(struct pool *p)
{
	CHECK(p, POOL_MAGIC);
	p->logs_reopened = true;
	send_log(p, INBOX_LOG, p->h.log_fd);
	send_log(p, INBOX_ACCESS, p->h.access_fd);
}
