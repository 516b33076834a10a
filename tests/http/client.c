/* client.c: see client.h. */
#include "tests/http/client.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *daemon_conf;

static int passed, failed;

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&ts, &ts) != 0 && errno == EINTR)
		;
}

void test_is(bool ok, const char *fmt, ...)
{
	va_list ap;

	fputs(ok ? "ok " : "not ok ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	ok ? passed++ : failed++;
}

int test_end(void)
{
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}

/* ---- the daemon --------------------------------------------------------- */

int daemon_wait(struct daemon *d, int ms)
{
	long end = now_ms() + ms;
	int status;

	do {
		if (waitpid(d->pid, &status, WNOHANG) == d->pid) {
			d->pid = 0;
			return status;
		}
		sleep_ms(2);
	} while (now_ms() < end);
	return -1;
}

int daemon_stop(struct daemon *d, int ms)
{
	kill(d->pid, SIGTERM);
	return daemon_wait(d, ms);
}

static pid_t launch(const struct daemon *d, const char *path, const char *workers, const char *handler)
{
	pid_t pid = fork();
	const char *io = getenv("ZIGTTPD_IO");
	char port[8];
	int fd;

	if (pid != 0)
		return pid;
	setpgid(0, 0);
	fd = open(d->log, O_WRONLY | O_CREAT | O_APPEND, 0666);
	dup2(fd, STDERR_FILENO);
	close(fd);
	snprintf(port, sizeof port, "%d", d->port);
	if (!io)
		io = "auto";
	if (daemon_conf)
		execl(path, path, "-c", daemon_conf, "-p", port, "-n", workers, "--io", io, handler, (char *)NULL);
	execl(path, path, "-p", port, "-n", workers, "--io", io, handler, (char *)NULL);
	_exit(127);
}

/* Is the port ours? While it is, we hold an abstract socket of its name, which
 * keeps other tests away (tests/ports.py), and nobody listens. */
static bool port_try(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				 .sin_port = htons((unsigned short)port) };
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int lock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int n = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "zigttp-test-port-%d", port), one = 1;
	bool ok;

	setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	ok = bind(lock, (struct sockaddr *)&name, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)) == 0 &&
	     bind(probe, (struct sockaddr *)&a, sizeof a) == 0;
	close(probe);
	if (!ok)
		close(lock);
	return ok;
}

int port_take(void)
{
	int first = (int)((getpid() * 7 + now_ms()) % 2000), i;

	for (i = 0; i < 2000; i++)
		if (port_try(19000 + (first + i * 131) % 2000))
			return 19000 + (first + i * 131) % 2000;
	fprintf(stderr, "no port is free\n");
	exit(1);
}

void daemon_start(struct daemon *d, const char *path, const char *workers, const char *handler, const char *log)
{
	int tries, status;

	unlink(log);
	d->log = log;
	for (tries = 0; tries < 20; tries++) {
		long end = now_ms() + 10000;

		d->port = port_take();
		d->pid = launch(d, path, workers, handler);
		while (now_ms() < end) {
			if (waitpid(d->pid, &status, WNOHANG) == d->pid) {
				if (WIFEXITED(status) && WEXITSTATUS(status) == 69)
					break; /* somebody has the port */
				fprintf(stderr, "%s does not start (status %x), see %s\n", path, status, log);
				exit(1);
			}
			if (client_get(d->port, "/text", 1000) != 0)
				return;
			sleep_ms(5);
		}
	}
	fprintf(stderr, "%s does not answer, see %s\n", path, log);
	exit(1);
}

/* ---- the client --------------------------------------------------------- */

int client_open(struct client *c, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				 .sin_port = htons((unsigned short)port) };
	int one = 1;

	*c = (struct client){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	if (connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0) {
		close(c->fd);
		c->fd = -1;
		return -1;
	}
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return 0;
}

void client_close(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->buf);
	*c = (struct client){ .fd = -1 };
}

int client_port(const struct client *c)
{
	struct sockaddr_in a = { .sin_port = 0 };
	socklen_t n = sizeof a;

	return getsockname(c->fd, (struct sockaddr *)&a, &n) == 0 ? ntohs(a.sin_port) : 0;
}

int client_send(struct client *c, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = send(c->fd, p, n, MSG_NOSIGNAL);

		if (w < 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

/* More bytes into the buffer: > 0; 0 end; -1 error or time is up. */
static ssize_t fill(struct client *c, long end)
{
	struct pollfd pf = { c->fd, POLLIN, 0 };
	long left = end - now_ms();
	ssize_t n;

	if (poll(&pf, 1, left > 0 ? (int)left : 0) <= 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	if (c->cap - c->len < 65536) {
		c->cap = c->cap * 2 + 65536;
		c->buf = realloc(c->buf, c->cap);
	}
	n = recv(c->fd, c->buf + c->len, c->cap - c->len, 0);
	if (n > 0)
		c->len += (size_t)n;
	return n;
}

void answer_free(struct answer *a)
{
	free(a->body);
	a->body = NULL;
}

static const char *header(const char *head, const char *name)
{
	size_t n = strlen(name);
	const char *p = head;

	while ((p = strstr(p, "\r\n")) != NULL) {
		p += 2;
		if (strncasecmp(p, name, n) == 0 && p[n] == ':')
			return p + n + 1;
	}
	return NULL;
}

int client_read(struct client *c, struct answer *a, bool head_only, int ms)
{
	long end = now_ms() + ms;
	const char *stop, *cl;
	size_t head, body = 0;

	answer_free(a);
	while (!(stop = c->len ? memmem(c->buf, c->len, "\r\n\r\n", 4) : NULL))
		if (fill(c, end) <= 0)
			return -1;
	head = (size_t)(stop - c->buf) + 4;
	if (head >= sizeof a->head || sscanf(c->buf, "HTTP/1.1 %d ", &a->status) != 1)
		return -1;
	memcpy(a->head, c->buf, head);
	a->head[head] = '\0';
	cl = header(a->head, "Content-Length");
	if (cl && !head_only && a->status != 304)
		body = strtoul(cl, NULL, 10);
	while (c->len < head + body)
		if (fill(c, end) <= 0)
			return -1;
	a->body = malloc(body + 1);
	memcpy(a->body, c->buf + head, body);
	a->body[body] = '\0';
	a->body_len = body;
	c->len -= head + body;
	memmove(c->buf, c->buf + head + body, c->len);
	return 0;
}

bool client_ended(struct client *c, int ms)
{
	long end = now_ms() + ms;
	ssize_t n;

	if (c->len != 0)
		return false;
	n = fill(c, end);
	return n == 0 || (n < 0 && errno == ECONNRESET);
}

int client_get(int port, const char *path, int ms)
{
	struct answer a = { 0 };
	struct client c;
	char rq[256];
	int n, status = 0;

	if (client_open(&c, port) != 0)
		return 0;
	n = snprintf(rq, sizeof rq, "GET %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", path);
	if (client_send(&c, rq, (size_t)n) == 0 && client_read(&c, &a, false, ms) == 0)
		status = a.status;
	answer_free(&a);
	client_close(&c);
	return status;
}
