/* limit.c: the physical limit for bench/http: forked io_uring servers that
 * answer every request with a constant, looking at the bytes only to find the
 * end of a head. Same socket and ring settings as worker/net/uring.c; no
 * parser, no log, no timers, no error handling worth the name.
 *
 *   limit [-n WORKERS] [-r multi|first|single] [-b BYTES] [-c] PORT
 *
 * -r picks how to receive: multishot (what the server does), or one request per
 * receive, with POLL_FIRST (`first`) or without. -b: a body of so many bytes
 * instead of the trivial JSON. -c: every connection is closed behind its first
 * response. */
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum op { OP_ACCEPT, OP_RECV, OP_SEND };
enum mode { SINGLE, FIRST, MULTI };

#define NBUF 64
#define BUF_BYTES 16384
#define BUF_STRIDE (BUF_BYTES + 192)
#define BATCH_MAX 256

struct conn { int fd; };

static const char trivial[] = "{\"message\":\"Hello, World!\"}";

static struct io_uring ring;
static struct io_uring_buf_ring *bufs;
static char *mem;
static char *out;               /* BATCH_MAX responses in a row */
static size_t response_bytes;
static enum mode mode = MULTI;
static bool closing;

static struct io_uring_sqe *sqe_get(void *p, enum op op)
{
	struct io_uring_sqe *s = io_uring_get_sqe(&ring);

	if (!s) {
		io_uring_submit(&ring);
		s = io_uring_get_sqe(&ring);
	}
	s->user_data = (uint64_t)(uintptr_t)p | op;
	return s;
}

static void prep(struct io_uring_sqe *s, void (*fn)(struct io_uring_sqe *, int, void *, size_t, int), int fd)
{
	uint64_t ud = s->user_data;

	fn(s, fd, NULL, mode == MULTI ? 0 : BUF_BYTES, 0);
	s->user_data = ud;
}

static void prep_recv(struct io_uring_sqe *s, int fd, void *p, size_t n, int flags)
{
	if (mode == MULTI)
		io_uring_prep_recv_multishot(s, fd, p, n, flags);
	else
		io_uring_prep_recv(s, fd, p, n, flags);
	s->flags |= IOSQE_BUFFER_SELECT;
	s->buf_group = 0;
}

static void arm_recv(struct conn *c, bool first)
{
	struct io_uring_sqe *s = sqe_get(c, OP_RECV);

	prep(s, prep_recv, c->fd);
	if (closing) { /* as the server does for the first request */
		s->ioprio = 0;
		s->len = BUF_BYTES;
	}
	if (!first && mode == FIRST)
		s->ioprio |= IORING_RECVSEND_POLL_FIRST;
}

static void prep_accept(struct io_uring_sqe *s, int fd, void *p, size_t n, int flags)
{
	(void)p, (void)n, (void)flags;
	io_uring_prep_accept(s, fd, NULL, NULL, SOCK_CLOEXEC);
}

static void conn_new(int fd)
{
	struct conn *c = calloc(1, sizeof *c);

	c->fd = fd;
	arm_recv(c, true);
}

static void on_recv(struct conn *c, int res, uint32_t flags)
{
	size_t requests = 0;

	if (flags & IORING_CQE_F_BUFFER) {
		int id = (int)(flags >> IORING_CQE_BUFFER_SHIFT);
		char *b = mem + (size_t)id * BUF_STRIDE, *at = b, *end = b + (res > 0 ? res : 0);

		while ((at = memmem(at, (size_t)(end - at), "\r\n\r\n", 4)) != NULL)
			at += 4, requests++;
		io_uring_buf_ring_add(bufs, b, BUF_BYTES, (unsigned short)id, NBUF - 1, 0);
		io_uring_buf_ring_advance(bufs, 1);
	}
	if (res <= 0 && res != -ENOBUFS) {
		close(c->fd);
		free(c);
		return;
	}
	if (requests > BATCH_MAX)
		requests = BATCH_MAX;
	if (requests != 0) {
		struct io_uring_sqe *s = sqe_get(c, OP_SEND);
		uint64_t ud = s->user_data;

		io_uring_prep_send(s, c->fd, out, requests * response_bytes, MSG_NOSIGNAL | MSG_WAITALL);
		s->user_data = ud;
	}
	if (!(flags & IORING_CQE_F_MORE) && !closing)
		arm_recv(c, false);
}

static void serve(int lfd)
{
	struct io_uring_params p = { .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
					      IORING_SETUP_CQSIZE, .cq_entries = 4096 };
	struct io_uring_buf_reg reg = { .ring_entries = NBUF };
	int i;

	if (io_uring_queue_init_params(256, &ring, &p) != 0)
		exit(71);
	mem = mmap(NULL, (size_t)NBUF * BUF_STRIDE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bufs = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.ring_addr = (uint64_t)(uintptr_t)bufs;
	if (mem == MAP_FAILED || bufs == MAP_FAILED || io_uring_register_buf_ring(&ring, &reg, 0) != 0)
		exit(71);
	io_uring_buf_ring_init(bufs);
	for (i = 0; i < NBUF; i++)
		io_uring_buf_ring_add(bufs, mem + (size_t)i * BUF_STRIDE, BUF_BYTES, (unsigned short)i, NBUF - 1, i);
	io_uring_buf_ring_advance(bufs, NBUF);
	prep(sqe_get(NULL, OP_ACCEPT), prep_accept, lfd);
	for (;;) {
		struct io_uring_cqe *cqe;
		unsigned head, n = 0;
		bool accepted = false;

		io_uring_submit_and_wait(&ring, 1);
		io_uring_for_each_cqe(&ring, head, cqe) {
			struct conn *c = (struct conn *)(uintptr_t)(cqe->user_data & ~7ull);

			n++;
			if ((cqe->user_data & 7) == OP_RECV)
				on_recv(c, cqe->res, cqe->flags);
			else if ((cqe->user_data & 7) == OP_SEND && closing) {
				close(c->fd);
				free(c);
			}
			else if ((cqe->user_data & 7) == OP_ACCEPT) {
				int fd = cqe->res, k;

				for (k = 0; fd >= 0 && k < 8; k++) {
					conn_new(fd);
					fd = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
				}
				if (fd >= 0)
					close(fd);
				accepted = true;
			}
		}
		io_uring_cq_advance(&ring, n);
		if (accepted)
			prep(sqe_get(NULL, OP_ACCEPT), prep_accept, lfd);
	}
}

/* The same response BATCH_MAX times, for pipelined requests. */
static void responses_make(size_t body)
{
	size_t i, head;

	out = malloc(512 + body);
	head = (size_t)sprintf(out, "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: %zu\r\n"
			       "Content-Type: application/json\r\n%s\r\n", body ? body : sizeof trivial - 1,
			       closing ? "Connection: close\r\n" : "");
	if (body)
		memset(out + head, 'x', body);
	else
		memcpy(out + head, trivial, body = sizeof trivial - 1);
	response_bytes = head + body;
	out = realloc(out, BATCH_MAX * response_bytes);
	for (i = 1; i < BATCH_MAX; i++)
		memcpy(out + i * response_bytes, out, response_bytes);
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int workers = 2, one = 1, fd, i, o;
	size_t body = 0;

	while ((o = getopt(argc, argv, "n:r:b:c")) != -1)
		switch (o) {
		case 'n': workers = atoi(optarg); break;
		case 'r': mode = !strcmp(optarg, "first") ? FIRST : !strcmp(optarg, "single") ? SINGLE : MULTI; break;
		case 'b': body = strtoul(optarg, NULL, 10); break;
		case 'c': closing = true; break;
		default: optind = argc; break;
		}
	if (optind >= argc) {
		fputs("usage: limit [-n WORKERS] [-r multi|first|single] [-b BYTES] [-c] PORT\n", stderr);
		return 64;
	}
	responses_make(body);
	a.sin_port = htons((uint16_t)atoi(argv[optind]));
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 1024) != 0) {
		perror("limit");
		return 69;
	}
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < workers; i++)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(fd);
		}
	while (wait(NULL) > 0)
		;
	return 0;
}
