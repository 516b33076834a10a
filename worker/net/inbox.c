/* inbox.c: messages that carry a descriptor from one process to a sibling.
 * Called by net.c and the backends; net_inbox_send also by a worker that is
 * dying. What arrives is believed only as far as the kernel vouches for it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "worker/net/part.h"

int net_inbox_send(int inbox, uint32_t kind, int fd, const void *bytes, size_t len)
{
	union { struct cmsghdr align; char bytes[CMSG_SPACE(sizeof(int))]; } control;
	struct inbox_msg head = { .magic = INBOX_MAGIC, .kind = kind, .len = (uint32_t)len };
	struct iovec iov[2] = { { &head, sizeof head }, { (void *)(uintptr_t)bytes, len } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = len != 0 ? 2 : 1,
			    .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
	struct cmsghdr *cm;
	ssize_t r;

	memset(&control, 0, sizeof control);
	cm = CMSG_FIRSTHDR(&m);
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(cm), &fd, sizeof fd);
	do
		r = sendmsg(inbox, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r < 0 ? errno : 0;
}

void inbox_room_init(struct inbox_room *r)
{
	if (!r->bytes) {
		r->bytes = malloc(INBOX_BYTES);
		AN(r->bytes);
	}
	r->iov[0] = (struct iovec){ &r->head, sizeof r->head };
	r->iov[1] = (struct iovec){ r->bytes, INBOX_BYTES };
	r->msg = (struct msghdr){ .msg_iov = r->iov, .msg_iovlen = 2,
				  .msg_control = r->control, .msg_controllen = sizeof r->control };
}

/* All descriptors of a message; at most `max` are kept, the others closed. */
static int descriptors(struct msghdr *m, int *fd, int max)
{
	struct cmsghdr *cm;
	int n = 0;

	for (cm = CMSG_FIRSTHDR(m); cm; cm = CMSG_NXTHDR(m, cm)) {
		const unsigned char *p = CMSG_DATA(cm);
		size_t k;

		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS || cm->cmsg_len < CMSG_LEN(0))
			continue;
		for (k = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int); k != 0; k--, p += sizeof(int)) {
			int one;

			memcpy(&one, p, sizeof one);
			if (n < max)
				fd[n] = one;
			else
				close(one);
			n++;
		}
	}
	return n;
}

static bool is_stream(int fd)
{
	int type = 0;
	socklen_t len = sizeof type;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_STREAM;
}

uint32_t inbox_parse(struct inbox_room *r, ssize_t got, int fd[INBOX_FDS], int *n, size_t *len)
{
	int have = descriptors(&r->msg, fd, INBOX_FDS);
	bool ok = have >= 1 && !(r->msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) &&
		  got >= (ssize_t)sizeof r->head && r->head.magic == INBOX_MAGIC && r->head.kind != 0 &&
		  (size_t)got - sizeof r->head == r->head.len && have <= (r->head.kind >= INBOX_PEER ? INBOX_FDS : 1);

	if (ok && r->head.kind == INBOX_CONN && !is_stream(fd[0]))
		ok = false;
	if (ok) {
		*n = have;
		*len = r->head.len;
		return r->head.kind;
	}
	while (have > 0)
		if (--have < INBOX_FDS)
			close(fd[have]);
	return 0;
}
