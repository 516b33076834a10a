/* ctl_talk.c: see ctl_talk.h. Called by ctl.c; blocks, with deadlines. */
#include "cli/ctl_talk.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"

/* -1: errno. */
static int try(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof a.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(a.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
		err = errno;
		fd_close(&fd);
		errno = err;
	}
	return fd;
}

static int cannot(const char *path)
{
	bool none = errno == ENOENT || errno == ECONNREFUSED;

	fprintf(stderr, "zigttpctl: %s: %s%s\n", path, strerror(errno),
		none ? " (is zigttpd running? -s names its control socket)" : "");
	return errno == EACCES || errno == EPERM ? -CTL_DENIED : -CTL_NO_SERVER;
}

int talk_open(const char *path, uint16_t port)
{
	char at[CTL_PATHS][CTL_PATH_MAX];
	int n, i, fd;

	if (path) {
		fd = try(path);
		return fd >= 0 ? fd : cannot(path);
	}
	n = ctl_paths(port, at);
	/* The one that carries the port first: it is the more precise. */
	for (i = n - 1; i >= 0; i--) {
		fd = try(at[i]);
		if (fd >= 0)
			return fd;
	}
	return cannot(at[0]);
}

static bool send_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = send(fd, p, n, MSG_NOSIGNAL);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

/* A whole frame in b; false: errno, 0 for an end of file. */
static bool read_frame(int fd, int ms, struct buf *b, struct sv *body)
{
	uint64_t end = clock_mono_ns() + (uint64_t)(ms < 0 ? 0 : ms) * 1000000;
	enum ctl_frame f;

	while ((f = ctl_frame(b->p, b->len, body)) == CTL_MORE) {
		struct pollfd pf = { fd, POLLIN, 0 };
		uint64_t now = clock_mono_ns();
		ssize_t n;
		int r;

		if (ms >= 0 && now >= end) {
			errno = ETIMEDOUT;
			return false;
		}
		r = poll(&pf, 1, ms < 0 ? -1 : (int)((end - now) / 1000000) + 1);
		if (r == 0 || (r < 0 && errno == EINTR && ms >= 0))
			continue;
		if (r < 0)
			return false;
		n = recv(fd, buf_reserve(b, 16384), 16384, 0);
		if (n <= 0) {
			errno = n == 0 ? 0 : errno;
			return false;
		}
		b->len += (size_t)n;
	}
	errno = EPROTO;
	return f == CTL_WHOLE;
}

static bool send_request(int fd, const char *verb, void (*put)(void *u, struct ctl_out *o), void *u)
{
	struct buf b = BUF_INIT;
	struct ctl_out o;
	bool ok;

	ctl_begin(&o, &b);
	ctl_put_text(&o, "verb", verb);
	if (put)
		put(u, &o);
	ok = ctl_end(&o) && send_all(fd, b.p, b.len);
	buf_free(&b);
	return ok;
}

static int refused(const char *verb, struct sv why)
{
	fprintf(stderr, "zigttpctl: %s: " SV_FMT "%s", verb, SV_ARG(why), why.n && why.p[why.n - 1] == '\n' ? "" : "\n");
	return sv_eq(why, SV("permission denied")) ? CTL_DENIED : CTL_REFUSED;
}

int talk_ask(int fd, const char *verb, int ms, struct answer *a)
{
	return talk_ask_about(fd, verb, NULL, NULL, ms, a);
}

int talk_ask_about(int fd, const char *verb, void (*put)(void *u, struct ctl_out *o), void *u, int ms,
		   struct answer *a)
{
	struct sv body;
	int r;

	a->raw = (struct buf)BUF_INIT;
	if (!send_request(fd, verb, put, u) || !read_frame(fd, ms, &a->raw, &body)) {
		fprintf(stderr, "zigttpctl: no answer: %s\n", errno ? strerror(errno) : "the server has closed the connection");
		r = CTL_NO_SERVER;
	} else if (!ctl_unpack(body, &a->m)) {
		fputs("zigttpctl: the answer is malformed\n", stderr);
		r = CTL_PROTOCOL;
	} else if (ctl_bool(&a->m.data, "ok")) {
		return 0;
	} else {
		r = refused(verb, ctl_text(&a->m.data, "error"));
		msgpack_unpacked_destroy(&a->m);
	}
	buf_free(&a->raw);
	return r;
}

void answer_free(struct answer *a)
{
	msgpack_unpacked_destroy(&a->m);
	buf_free(&a->raw);
}
