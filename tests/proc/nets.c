/* nets.c: worker/net by itself, without HTTP: two processes that echo lines and
 * hand their connections to each other. Run once per backend, and with rings so
 * small that everything overflows.
 *
 *     nets uring|epoll|tiny
 *
 * What a line says is its first letter:
 *   e…       echoed
 *   g        the connection moves to the sibling, behind the answer
 *   b MS     busy for so long, looking at the net every 2 ms
 *   m N, f N N bytes of memory, of a file
 *   c        "c NAME CONNECTIONS DESCRIPTORS GIVEN ADOPTED OVERFLOWS ENOBUFS FDS"
 * Every answer begins with the name of the process, A or B. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/http/client.h"
#include "worker/inbox.h"
#include "worker/net/net.h"

#define BLOB (1u << 20)

struct line_conn {
	struct net_conn net;
	struct buf in;
	bool move;
};

struct echo {
	struct net *n;
	char name;
	int sibling;            /* write end of its inbox */
	int file;
	uint32_t fds;           /* NET_FD events */
	bool draining;
};

static char blob[BLOB];
static int listener, port, inbox[2][2]; /* [who][0 reads, 1 writes] */
static enum net_backend backend;
static bool tiny;

/* ---- the server -------------------------------------------------------- */

static bool on_offer(void *u, struct net_conn *nc, const char *p, size_t len)
{
	struct echo *e = u;
	struct line_conn *c = (struct line_conn *)(void *)nc;

	if (c->net.sending || c->in.len != 0)
		return false;
	net_give(e->n, nc, e->sibling, p, len);
	return true;
}

static void busy(struct echo *e, struct line_conn *c, long ms)
{
	uint64_t end = clock_mono_ns() + (uint64_t)ms * 1000000;

	while (clock_mono_ns() < end) {
		usleep(2000);
		net_pump(e->n, &c->net, on_offer, e);
	}
}

static int open_fds(void)
{
	int k, n = 0;

	for (k = 0; k < 1024; k++)
		n += fcntl(k, F_GETFD) >= 0;
	return n;
}

/* Answers one line; true when what follows must wait for the answer to be sent. */
static bool answer(struct echo *e, struct line_conn *c, const char *p, size_t len)
{
	struct buf *out = net_out(e->n, &c->net);
	size_t n = len > 2 ? (size_t)strtol(p + 2, NULL, 10) : 0;
	struct net_counters k;

	buf_putc(out, e->name);
	switch (p[0]) {
	case 'b':
		busy(e, c, (long)n);
		break;
	case 'g':
		c->move = true;
		break;
	case 'c':
		net_counters(e->n, &k);
		buf_printf(out, "c %u %d %llu %llu %llu %llu %u\n", net_count(e->n), open_fds(),
			   (unsigned long long)k.given, (unsigned long long)k.adopted,
			   (unsigned long long)k.cq_overflows, (unsigned long long)k.enobufs, e->fds);
		return false;
	case 'm':
		net_send_mem(e->n, &c->net, blob, n);
		return true;
	case 'f':
		net_send_file(e->n, &c->net, dup(e->file), 0, n);
		return true;
	}
	buf_put(out, p, len);
	return c->move;
}

static void progress(struct echo *e, struct line_conn *c)
{
	const char *nl;

	while (!c->net.sending && !c->move && c->in.len != 0 && (nl = memchr(c->in.p, '\n', c->in.len)) != NULL) {
		size_t len = (size_t)(nl - c->in.p) + 1;
		struct buf line = BUF_INIT;
		bool wait;

		buf_put(&line, c->in.p, len); /* c->in grows while we are busy */
		memmove(c->in.p, c->in.p + len, c->in.len - len);
		c->in.len -= len;
		buf_cstr(&line);
		wait = answer(e, c, line.p, len);
		buf_free(&line);
		if (wait)
			break;
	}
	if (!c->net.sending && c->net.out.len != 0)
		net_send(e->n, &c->net);
	net_receive(e->n, &c->net);
}

static void drop(struct echo *e, struct line_conn *c)
{
	buf_free(&c->in);
	net_close(e->n, &c->net);
}

static void sent(struct echo *e, struct line_conn *c)
{
	struct buf b = c->in;

	c->net.deadline = NET_NEVER;
	if (!c->move) {
		progress(e, c);
		return;
	}
	c->in = (struct buf)BUF_INIT;
	if (b.len <= NET_GIVE_MAX) {
		net_give(e->n, &c->net, e->sibling, b.p, b.len);
		buf_free(&b);
	} else {
		c->in = b;
		c->move = false;
		progress(e, c);
	}
}

/* The first one's ring is made before it asks, by another thread. */
static void *ahead(void *cfg)
{
	const struct net_config *c = cfg;

	net_ahead(c->io, c->max_conns);
	return NULL;
}

static void serve(int who)
{
	struct net_config cfg = {
		.listen_fd = { listener }, .nlisten = who == 0 || backend == NET_AUTO, .inbox_fd = inbox[who][0],
		.status_fd = -1, .io = backend, .max_conns = 256, .conn_bytes = sizeof(struct line_conn),
		.open_ns = NET_NEVER / 2, .stall_ns = 20000000000u,
	};
	struct echo e = { .name = (char)('A' + who), .sibling = inbox[1 - who][1] };
	char path[] = "/tmp/netsXXXXXX";
	pthread_t t;
	const char *err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	if (tiny) {
		cfg.sq_entries = 4;
		cfg.cq_entries = 8;
		cfg.nbuf = 4;
	}
	e.file = mkstemp(path);
	unlink(path);
	if (e.file < 0 || write(e.file, blob, BLOB) != (ssize_t)BLOB)
		_exit(1);
	if (who == 0 && !tiny && (pthread_create(&t, NULL, ahead, &cfg) != 0 || pthread_join(t, NULL) != 0))
		_exit(1);
	e.n = net_create(&cfg, &err);
	if (!e.n) {
		fprintf(stderr, "%s\n", err);
		_exit(78);
	}
	for (;;) {
		struct net_event ev;
		struct line_conn *c;

		net_next(e.n, &ev);
		c = (struct line_conn *)(void *)ev.c;
		switch (ev.kind) {
		case NET_ADOPTED:
			c->net.deadline = NET_NEVER;
			/* fall through */
		case NET_DATA:
			buf_put(&c->in, ev.p, ev.n);
			progress(&e, c);
			if (c->in.len > 1u << 20)
				net_pause(e.n, &c->net);
			break;
		case NET_SENT: sent(&e, c); break;
		case NET_EOF:
		case NET_TIMEOUT: drop(&e, c); break;
		case NET_FD:
			e.fds++;
			close(ev.fd);
			break;
		case NET_TERM: _exit(0);
		case NET_TICK:
		case NET_ORPHAN: break;
		}
	}
}

/* ---- the client -------------------------------------------------------- */

static pid_t child[2];

static void start(int who)
{
	child[who] = fork();
	if (child[who] == 0)
		serve(who);
}

static void stop(int who)
{
	kill(child[who], SIGKILL);
	waitpid(child[who], NULL, 0);
}

static int dial_with(int room)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval tv = { 10, 0 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	if (room != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
		perror("connect");
		exit(1);
	}
	return fd;
}

static int dial(void) { return dial_with(0); }

static bool put(int fd, const char *s)
{
	return send(fd, s, strlen(s), MSG_NOSIGNAL) == (ssize_t)strlen(s);
}

/* One line without its end into out; false: the end, or nothing for 10 s. */
static bool get(int fd, char *out, size_t size)
{
	size_t n = 0;

	while (n + 1 < size) {
		if (recv(fd, out + n, 1, 0) != 1)
			return false;
		if (out[n] == '\n')
			break;
		n++;
	}
	out[n] = '\0';
	return true;
}

/* Sends a line and says who answered; 0: nobody, or wrongly. */
static char ask(int fd, const char *line)
{
	char back[128];

	if (!put(fd, line) || !get(fd, back, sizeof back) || strncmp(back + 1, line, strlen(line) - 1) != 0)
		return 0;
	return back[0];
}

struct figures { unsigned conns, fds, given, adopted, overflows, enobufs, received; };

static struct figures figures(int fd)
{
	struct figures f = { 0 };
	char back[128];

	if (put(fd, "c\n") && get(fd, back, sizeof back))
		sscanf(back + 3, "%u %u %u %u %u %u %u", &f.conns, &f.fds, &f.given, &f.adopted, &f.overflows,
		       &f.enobufs, &f.received);
	return f;
}

/* Lines cut anywhere, a tenth of them moving the connection, while answers are
 * read: every byte comes back once and in order. */
static bool stream(int fd, long lines, unsigned seed, long *moves)
{
	struct buf want = BUF_INIT, send_all = BUF_INIT;
	size_t at = 0, got = 0, line_at = 0;
	bool ok = true;
	long i;

	*moves = 0;
	for (i = 0; i < lines; i++) {
		seed = seed * 1103515245 + 12345;
		if (seed >> 16 & 7)
			buf_printf(&want, "e%ld.%u\n", i, seed);
		else
			buf_puts(&want, "g\n");
	}
	buf_put(&send_all, want.p, want.len);
	while (ok && got < want.len) {
		struct pollfd pf = { fd, POLLIN | (at < send_all.len ? POLLOUT : 0), 0 };
		char back[4096];

		if (poll(&pf, 1, 10000) <= 0)
			ok = false;
		if (pf.revents & POLLOUT) {
			size_t n;

			seed = seed * 1103515245 + 12345;
			n = 1 + (seed >> 16) % 700;
			if (n > send_all.len - at)
				n = send_all.len - at;
			if (send(fd, send_all.p + at, n, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
				at += n;
		}
		if (pf.revents & (POLLIN | POLLHUP | POLLERR)) {
			ssize_t n = recv(fd, back, sizeof back, MSG_DONTWAIT), k;

			ok = n > 0;
			for (k = 0; k < n && ok; k++) {
				if (line_at++ == 0) {
					ok = back[k] == 'A' || back[k] == 'B';
					continue;
				}
				*moves += line_at == 2 && back[k] == 'g';
				ok = back[k] == want.p[got++];
				if (back[k] == '\n')
					line_at = 0;
			}
		}
	}
	buf_free(&want);
	buf_free(&send_all);
	return ok;
}

static void test_stream(void)
{
	long moves;
	int fd = dial();
	bool ok = stream(fd, 3000, 7, &moves);

	test_is(ok && moves > 100, "moving while bytes arrive: all come back in order (%ld moves)", moves);
	close(fd);
}

#define MANY 60

static void test_many(void)
{
	struct figures f = { 0 };
	int fd[MANY], i, ok = 0, k;

	for (i = 0; i < MANY; i++)
		fd[i] = dial();
	/* tiny: until more came at once than there is room for, which is up to the scheduler */
	for (k = 0; k < 3 || (tiny && k < 200 && f.overflows + f.enobufs == 0); k++) {
		for (i = 0; i < MANY; i++)
			put(fd[i], "ehello\n");
		for (i = 0; i < MANY; i++) {
			char back[64];

			ok += get(fd[i], back, sizeof back) && strcmp(back + 1, "ehello") == 0;
		}
		f = figures(fd[0]);
	}
	test_is(ok == k * MANY, "%d connections at once: %d answers (overflows %u, out of buffers %u)", MANY, ok,
		f.overflows, f.enobufs);
	if (tiny)
		test_is(f.overflows + f.enobufs > 0, "tiny: overflows or missing buffers are counted");
	for (i = 0; i < MANY; i++)
		close(fd[i]);
}

static bool body(int fd, char kind, size_t n, bool slow)
{
	char line[32], buf[8192];
	size_t got = 0;

	snprintf(line, sizeof line, "%c %zu\n", kind, n);
	if (!put(fd, line) || recv(fd, buf, 1, 0) != 1)
		return false;
	while (got < n) {
		ssize_t r = recv(fd, buf, n - got < sizeof buf ? n - got : sizeof buf, 0);

		if (r <= 0 || memcmp(buf, blob + got, (size_t)r) != 0)
			return false;
		got += (size_t)r;
		if (slow && got < 100000)
			usleep(1000);
	}
	return ask(fd, "eafter\n") != 0;
}

static void test_bodies(void)
{
	char rest[4096];
	int fd = dial();

	test_is(body(fd, 'm', 100, false) && body(fd, 'm', BLOB, false), "memory behind the buffer");
	test_is(body(fd, 'f', 100, false) && body(fd, 'f', BLOB, false) && body(fd, 'f', 65536, false),
		"a file behind the buffer");
	close(fd);
	fd = dial_with(32768);
	test_is(body(fd, 'm', BLOB, true) && body(fd, 'f', BLOB, true), "both, to a slow reader");
	put(fd, "f 2000000\n"); /* more than there is */
	while (recv(fd, rest, sizeof rest, 0) > 0)
		;
	close(fd);
	fd = dial();
	test_is(ask(fd, "ealive\n") == 'A', "a file that is shorter than promised ends its connection only");
	close(fd);
}

/* While A is busy its other connections are served by B. */
static void test_pump(void)
{
	int late[4], old[8], fd = dial(), i, by_b = 0, fresh = 0;
	char back[64];
	long began;

	for (i = 0; i < 8; i++) {
		old[i] = dial();
		ask(old[i], "ehi\n");
	}
	began = now_ms();
	put(fd, "b 600\n");
	sleep_ms(50);
	for (i = 0; i < 4; i++)
		late[i] = dial();
	for (i = 0; i < 8; i++)
		by_b += ask(old[i], "ethere\n") == 'B' && ask(old[i], "eagain\n") == 'B';
	test_is(by_b == 8 && now_ms() - began < 550, "busy: open connections go to the sibling (%d of 8, %ld ms)", by_b,
		now_ms() - began);
	for (i = 0; i < 4; i++)
		fresh += ask(late[i], "enew\n") == 'B';
	/* the accept that was armed; the rest stays in the queue, for siblings that
	 * listen as well */
	test_is(fresh <= 1, "busy: at most one new connection is taken, and handed on (%d)", fresh);
	test_is(get(fd, back, sizeof back) && strncmp(back, "Ab 600", 6) == 0, "busy: its own answer comes");
	for (i = 0; i < 8; i++)
		close(old[i]);
	for (i = 0; i < 4; i++)
		close(late[i]);
	close(fd);
}

/* A stopped sibling's inbox fills up: the rest stays here. Then it goes on. */
static void test_full(void)
{
	int fd[40], i, answered = 0, by_a = 0, little = 4608, plenty = 212992;

	setsockopt(inbox[1][1], SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
	kill(child[1], SIGSTOP);
	for (i = 0; i < 40; i++) {
		fd[i] = dial();
		ask(fd[i], "g\n");
	}
	setsockopt(inbox[1][1], SOL_SOCKET, SO_SNDBUF, &plenty, sizeof plenty);
	for (i = 0; i < 40; i++)
		put(fd[i], "ehere\n");
	sleep_ms(100);
	kill(child[1], SIGCONT);
	for (i = 0; i < 40; i++) {
		char back[64];

		if (get(fd[i], back, sizeof back) && strcmp(back + 1, "ehere") == 0) {
			answered++;
			by_a += back[0] == 'A';
		}
		close(fd[i]);
	}
	test_is(answered == 40 && by_a > 0 && by_a < 40, "inbox full: %d of 40 stayed, all answer", by_a);
}

/* What lies in the inbox of a dead worker waits for the next one in its place. */
static void test_dead(void)
{
	int fd[5], i, ok = 0;

	stop(1);
	for (i = 0; i < 5; i++) {
		fd[i] = dial();
		put(fd[i], "g\nebehind\n");
	}
	sleep_ms(50);
	start(1);
	for (i = 0; i < 5; i++) {
		char a[64], b[64];

		ok += get(fd[i], a, sizeof a) && strcmp(a, "Ag") == 0 && get(fd[i], b, sizeof b) &&
		      strcmp(b, "Bebehind") == 0;
		close(fd[i]);
	}
	test_is(ok == 5, "sibling dead: its successor finds the connections (%d of 5)", ok);
}

static void junk(const void *p, size_t n, const int *fd, int nfd)
{
	char control[CMSG_SPACE(8 * sizeof(int))] = { 0 };
	struct iovec iov = { (void *)(uintptr_t)p, n };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (nfd != 0) {
		struct cmsghdr *cm;

		m.msg_control = control;
		m.msg_controllen = CMSG_SPACE((size_t)nfd * sizeof(int));
		cm = CMSG_FIRSTHDR(&m);
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		cm->cmsg_len = CMSG_LEN((size_t)nfd * sizeof(int));
		memcpy(CMSG_DATA(cm), fd, (size_t)nfd * sizeof(int));
	}
	if (sendmsg(inbox[0][1], &m, MSG_NOSIGNAL) < 0)
		perror("junk");
	sleep_ms(5);
}

static void test_junk(void)
{
	struct inbox_msg good = { INBOX_MAGIC, INBOX_CONN, 0, 0 }, bad = good, log = good, peers = good;
	struct figures before, after;
	static char big[150000];
	int fd = dial(), null = open("/dev/null", O_RDONLY | O_CLOEXEC), many[8], i;

	for (i = 0; i < 8; i++)
		many[i] = null;
	before = figures(fd);
	bad.magic = 1;
	junk("x", 1, NULL, 0);
	junk("x", 1, &null, 1);
	junk(&good, sizeof good, NULL, 0);
	junk(&bad, sizeof bad, &null, 1);
	junk(&good, sizeof good, &null, 1);         /* no socket */
	junk(&good, sizeof good, many, 3);
	junk(&good, sizeof good, many, 8);
	bad = good;
	bad.len = 5;
	junk(&bad, sizeof bad, &null, 1);           /* fewer bytes than promised */
	memcpy(big, &good, sizeof good);
	junk(big, sizeof big, &null, 1);            /* more than fits */
	peers.kind = INBOX_PEER + 3;
	junk(&peers, sizeof peers, many, 8);        /* to slots that there are not */
	peers.kind = UINT32_MAX;
	junk(&peers, sizeof peers, many, 8);
	log.kind = INBOX_LOG;
	junk(&log, sizeof log, &null, 1);
	after = figures(fd);
	test_is(ask(fd, "ealive\n") == 'A' && after.conns == before.conns && after.fds == before.fds,
		"junk in the inbox: dropped, no descriptor stays (%u, %u)", before.fds, after.fds);
	test_is(after.received == before.received + 1, "a descriptor for the log arrives");
	close(null);
	close(fd);
}

/* Nobody holds the other end any more. */
static void test_broken(void)
{
	int fd, ok, pair[2], keep = inbox[1][1];

	stop(0);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		exit(1);
	close(pair[0]);
	inbox[1][1] = pair[1];
	start(0);
	inbox[1][1] = keep;
	close(pair[1]);
	fd = dial();
	ok = ask(fd, "g\n") == 'A' && ask(fd, "estill\n") == 'A' && ask(fd, "g\n") == 'A' && ask(fd, "ehere\n") == 'A';
	test_is(ok, "inbox broken: the connection stays");
	close(fd);
}

static void test_leaks(void)
{
	int fd = dial(), i;
	struct figures f = figures(fd);

	for (i = 0; i < 100 && f.conns > 1; i++) {
		sleep_ms(10);
		f = figures(fd);
	}
	test_is(f.conns == 1, "in the end no connection is left over (%u)", f.conns - 1);
	close(fd);
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const char *err;
	unsigned i;
	int one = 1, bound = -1;

	if (argc != 2) {
		fputs("usage: nets uring|epoll|tiny\n", stderr);
		return 64;
	}
	tiny = strcmp(argv[1], "tiny") == 0;
	backend = strcmp(argv[1], "epoll") == 0 ? NET_EPOLL : NET_URING;
	if (net_look(backend, &err) != 0) {
		printf("# skipped: %s\n", err);
		return 0;
	}
	for (i = 0; i < BLOB; i++)
		blob[i] = (char)(i * 2654435761u >> 24);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	for (i = 0; i < 50 && bound != 0; i++) {
		port = 19000 + (getpid() * 3 + (int)i * 17) % 1000;
		a.sin_port = htons((uint16_t)port);
		bound = bind(listener, (struct sockaddr *)&a, sizeof a);
	}
	if (bound != 0 || listen(listener, 512) != 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, inbox[0]) != 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, inbox[1]) != 0) {
		perror("nets");
		return 1;
	}
	start(0);
	start(1);
	test_many();
	test_stream();
	test_bodies();
	test_pump();
	test_full();
	test_junk();
	test_leaks();
	test_dead();
	test_broken();
	stop(0);
	stop(1);
	return test_end();
}
