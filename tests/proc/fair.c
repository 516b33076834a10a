/* fair.c: how evenly workers share connections, and how little a busy worker
 * disturbs the clients of others, on a real zigttpd under open-loop load.
 *
 *   fair ZIGTTPD HANDLER LOGFILE   (the handler is written by us)
 *
 * Figures are printed; FAIR_ASSERT=1 makes the test fail where they are worse
 * than promised. FAIR_S: seconds of each measurement (2). */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched/types.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/proc/family.h"

#define CONNS 1000
#define RATE 1000               /* requests a second */
#define LATE_US 20000
#define TIMES 100000

static struct daemon d;
static struct family f;
static bool strict;

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* ---- open-loop load ------------------------------------------------------- */

/* One connection of the load; due: when the request that is under way was sent,
 * 0: none is. once: closed after its answer. */
struct peer { int fd; uint64_t due; bool once, heavy, dead; };

struct load {
	int ep;
	struct peer peer[2 * CONNS];
	uint32_t npeers, next;
	uint32_t us[TIMES], n;          /* latencies of plain requests */
	uint32_t once_us[TIMES], nonce; /* …on connections made for them */
	uint32_t failed;
	uint32_t slept;                 /* requests that we ourselves sent 2 ms late or more */
};
static struct load load;

static const char plain[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
static const char last[] = "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
static char heavy[80];

static struct peer *peer_open(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				 .sin_port = htons((unsigned short)d.port) };
	struct peer *p = NULL;
	struct epoll_event ev = { .events = EPOLLIN };
	uint32_t i;
	int one = 1;

	for (i = 0; i < load.npeers && !p; i++)
		if (load.peer[i].fd < 0)
			p = &load.peer[i];
	if (!p && load.npeers == 2 * CONNS)
		return NULL;
	if (!p)
		p = &load.peer[load.npeers++];
	*p = (struct peer){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) };
	if (connect(p->fd, (struct sockaddr *)&a, sizeof a) != 0 && errno != EINPROGRESS) {
		close(p->fd);
		p->fd = -1;
		return NULL;
	}
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	ev.data.ptr = p;
	epoll_ctl(load.ep, EPOLL_CTL_ADD, p->fd, &ev);
	return p;
}

static void peer_close(struct peer *p)
{
	close(p->fd);
	*p = (struct peer){ .fd = -1 };
}

static void ask(struct peer *p, const char *what, size_t n, uint64_t due)
{
	p->due = due;
	if (send(p->fd, what, n, MSG_NOSIGNAL) != (ssize_t)n) {
		load.failed++;
		peer_close(p);
	}
}

static void answered(struct peer *p)
{
	char buf[4096];
	ssize_t n = recv(p->fd, buf, sizeof buf - 1, 0);
	uint32_t us;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0 || p->due == 0) {
		load.failed += p->due != 0;
		peer_close(p);
		return;
	}
	buf[n] = '\0';
	if (!strstr(buf, "\r\n\r\n")) /* too short to come in parts, as a rule */
		return;
	us = (uint32_t)(now_us() - p->due);
	if (!p->heavy && p->once && load.nonce < TIMES)
		load.once_us[load.nonce++] = us;
	else if (!p->heavy && load.n < TIMES)
		load.us[load.n++] = us;
	p->due = 0;
	p->heavy = false;
	if (p->once)
		peer_close(p);
}

static void wait_for(int ms)
{
	struct epoll_event ev[64];
	int i, n = epoll_wait(load.ep, ev, 64, ms);

	for (i = 0; i < n; i++)
		if (((struct peer *)ev[i].data.ptr)->fd >= 0)
			answered(ev[i].data.ptr);
}

/* The next connection that is free, in turn. */
static struct peer *free_peer(void)
{
	uint32_t k;

	for (k = 0; k < load.npeers; k++) {
		struct peer *p = &load.peer[load.next++ % load.npeers];

		if (p->fd >= 0 && p->due == 0 && !p->once)
			return p;
	}
	return peer_open();
}

static void all_answered(void)
{
	uint64_t end = now_us() + 10000000;
	uint32_t i;

	for (i = 0; i < load.npeers && now_us() < end; i++)
		while (load.peer[i].fd >= 0 && load.peer[i].due != 0 && now_us() < end)
			wait_for(10);
}

/* RATE requests a second for so long, each when it is due whatever became of the
 * others; its time is taken from when it was sent. Every `heavies`-th is heavy, every `news`-th comes on a new connection;
 * 0: none. */
static void run(double seconds, uint32_t heavies, uint32_t news)
{
	uint64_t t0 = now_us(), due, end = t0 + (uint64_t)(seconds * 1e6);
	uint32_t k = 0;

	load.n = load.nonce = load.failed = load.slept = 0;
	while ((due = t0 + (uint64_t)k * 1000000 / RATE) < end) {
		bool burn = heavies && k % heavies == heavies - 1, fresh = news && k % news == 0;
		struct peer *p;
		uint64_t now;

		while ((now = now_us()) < due)
			wait_for((int)((due - now) / 1000));
		wait_for(0);
		k++;
		load.slept += now - due > 2000;
		p = fresh ? peer_open() : free_peer();
		if (!p) {
			load.failed++;
			continue;
		}
		p->once = fresh;
		p->heavy = burn;
		if (burn)
			ask(p, heavy, strlen(heavy), now_us());
		else if (fresh)
			ask(p, last, sizeof last - 1, now_us());
		else
			ask(p, plain, sizeof plain - 1, now_us());
	}
	all_answered();
	if (load.slept)
		printf("# the machine is busy: %u of the next requests were sent late\n", load.slept);
}

/* ---- figures ---------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static double at(uint32_t *us, uint32_t n, double part)
{
	qsort(us, n, sizeof *us, by_value);
	return n ? us[(uint32_t)(part * (n - 1))] / 1000.0 : 0;
}

static double late_percent(const uint32_t *us, uint32_t n)
{
	uint32_t i, late = 0;

	for (i = 0; i < n; i++)
		late += us[i] > LATE_US;
	return n ? 100.0 * late / n : 0;
}

static void promise(bool ok, const char *what)
{
	if (strict)
		test_is(ok, "%s", what);
	else if (!ok)
		printf("# not reached here: %s\n", what);
}

/* ---- the measurements ---------------------------------------------------- */

static int sockets_of(pid_t pid)
{
	static unsigned long inode[8 * CONNS];

	return proc_sockets(pid, inode, 8 * CONNS);
}

static void shares(void)
{
	int before[WORKERS], n, i, most = 0, least = 1 << 30;
	char text[80] = "";

	for (i = 0; i < WORKERS; i++)
		before[i] = sockets_of(f.worker[i]);
	for (i = 0; i < CONNS; i++) {
		struct peer *p = peer_open();

		if (!p)
			break;
		ask(p, plain, sizeof plain - 1, now_us());
		wait_for(0);
	}
	all_answered();
	for (i = 0; i < WORKERS; i++) {
		n = sockets_of(f.worker[i]) - before[i];
		most = n > most ? n : most;
		least = n < least ? n : least;
		snprintf(text + strlen(text), sizeof text - strlen(text), " %d", n);
	}
	printf("# connections of each worker:%s, most/least %.2f\n", text, least > 0 ? (double)most / least : 99.);
	test_is(load.n == CONNS && least > 0, "%u of %d connections are served, by all workers", load.n, CONNS);
	promise(most <= 1.5 * least, "connections: most/least at most 1.5");
}

/* The longest time slice of a worker; 0 on kernels that do not tell. */
static uint64_t longest_slice(void)
{
	uint64_t most = 0;

	for (int i = 0; i < WORKERS; i++) {
		struct sched_attr a = { 0 };

		if (syscall(SYS_sched_getattr, f.worker[i], &a, (unsigned)sizeof a, 0u) == 0 && a.sched_runtime > most)
			most = a.sched_runtime;
	}
	return most;
}

static void stuck(double seconds)
{
	static const char spin[] = "GET /spin HTTP/1.1\r\nHost: t\r\n\r\n";
	struct client c;
	struct answer a = { 0 };
	uint64_t before, during, after = 0;
	double open, fresh;

	before = longest_slice();
	if (client_open(&c, d.port) != 0 || client_send(&c, spin, sizeof spin - 1) != 0)
		exit(1);
	sleep_ms(100);
	during = longest_slice();
	run(seconds, 0, 5);
	open = late_percent(load.us, load.n);
	fresh = late_percent(load.once_us, load.nonce);
	printf("# one of %d workers stuck: open connections: %u requests, p50 %.2f p99 %.2f max %.2f ms, %.2f %% later than 20 ms\n",
	       WORKERS, load.n, at(load.us, load.n, .5), at(load.us, load.n, .99), at(load.us, load.n, 1), open);
	printf("# new connections: %u, p50 %.2f p99 %.2f max %.2f ms, %.2f %% later than 20 ms\n", load.nonce,
	       at(load.once_us, load.nonce, .5), at(load.once_us, load.nonce, .99), at(load.once_us, load.nonce, 1), fresh);
	test_is(load.failed == 0, "beside a stuck worker all is answered (%u not)", load.failed);
	promise(open <= 1, "at most 1 % of requests on open connections are delayed");
	promise(fresh <= 1, "at most 1 % of new connections are delayed");
	client_read(&c, &a, false, 10000);
	for (int i = 0; i < 100; i++, sleep_ms(10))
		if ((after = longest_slice()) == before)
			break;
	printf("# longest time slice before %.1f, while one is stuck %.1f, after %.1f ms\n", before / 1e6, during / 1e6, after / 1e6);
	test_is(after == before && during >= before, "a stuck worker has a longer slice at most while it is stuck");
	answer_free(&a);
	client_close(&c);
}

/* How many rounds the handler must turn to take 20 ms. */
static void calibrate(void)
{
	unsigned long rounds = 10000;
	char path[64];
	long t0, ms;

	for (;;) {
		snprintf(path, sizeof path, "/burn?%lu", rounds);
		t0 = now_ms();
		if (client_get(d.port, path, 5000) != 200)
			exit(1);
		ms = now_ms() - t0;
		if (ms >= 15)
			break;
		rounds = rounds * (ms < 5 ? 3 : 2);
	}
	rounds = rounds * 20 / (unsigned long)ms;
	snprintf(heavy, sizeof heavy, "GET /burn?%lu HTTP/1.1\r\nHost: t\r\n\r\n", rounds);
}

static void tail(double seconds)
{
	run(seconds, 0, 0);
	printf("# %d/s trivial: p50 %.2f p99 %.2f p99.9 %.2f ms\n", RATE, at(load.us, load.n, .5), at(load.us, load.n, .99),
	       at(load.us, load.n, .999));
	run(seconds, 100, 0);
	printf("# beside 1 %% of 20 ms: p50 %.2f p99 %.2f p99.9 %.2f max %.2f ms of %u\n", at(load.us, load.n, .5),
	       at(load.us, load.n, .99), at(load.us, load.n, .999), at(load.us, load.n, 1), load.n);
	test_is(load.failed == 0, "beside heavy requests all is answered (%u not)", load.failed);
	promise(at(load.us, load.n, .99) <= 8, "p99 of trivial requests beside heavy ones at most 8 ms");
}

static void write_handler(const char *path, const char *conf)
{
	FILE *out = fopen(path, "w");

	fprintf(out, "function handler(request) {\n"
		"  if (request.path === '/spin') for (;;);\n"
		"  if (request.path === '/burn') { let n = 0; for (let i = +request.url.split('?')[1]; i > 0; i--) n += i & 3; return 'burnt ' + n; }\n"
		"  return 'ok';\n}\n");
	fclose(out);
	out = fopen(conf, "w");
	fprintf(out, "quiet = yes\ncache {\n\tenabled = no\n}\nlimits {\n\thandler_timeout = 2s\n\tconnections = 4000\n}\n");
	fclose(out);
}

int main(int argc, char **argv)
{
	double seconds = getenv("FAIR_S") ? atof(getenv("FAIR_S")) : 2;
	struct rlimit files = { 8192, 8192 };
	char conf[512];

	if (argc != 4)
		return 2;
	strict = getenv("FAIR_ASSERT") != NULL;
	setrlimit(RLIMIT_NOFILE, &files);
	snprintf(conf, sizeof conf, "%s.conf", argv[2]);
	write_handler(argv[2], conf);
	daemon_conf = conf;
	family_start(&d, &f, argv[1], argv[2], argv[3]);
	load.ep = epoll_create1(EPOLL_CLOEXEC);
	shares();
	stuck(seconds);
	calibrate();
	tail(seconds);
	test_is(exited_0(daemon_stop(&d, 5000)), "it leaves with 0");
	unlink(argv[2]);
	unlink(conf);
	return test_end();
}
