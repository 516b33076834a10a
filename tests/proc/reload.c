/* reload.c: a zigttpd under load while its handler is loaded again and again.
 *
 *   reload ZIGTTPD DIRECTORY LOGFILE
 *
 * Every third reload has a broken handler, every tenth a broken configuration.
 * 64 clients keep their connections, some of them idle for a while between two
 * requests; 64 open one for each request. The handler says its version twice,
 * from different places.
 *
 * PROC_RELOADS: how many (12; long: 200), one every 300 ms.
 * PROC_REQUESTS: how many requests there must be (0; long: 1000000).
 * PROC_HOT: reloads without load, for the memory (25; long: 1000). */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/proc/family.h"

#define KEEPERS 64
#define CLIENTS 128
#define SLEEPERS 16              /* of the keepers */
#define INTERVAL_MS 300

static const char *daemon_path, *log_path;
static char conf_path[512], handler_path[512];

static long from_env(const char *name, long otherwise) { return getenv(name) ? atol(getenv(name)) : otherwise; }

/* ---- what is served ------------------------------------------------------- */

/* In one step: nobody sees half a file. */
static void put_file(const char *path, const char *text)
{
	char fresh[600];
	FILE *f;

	snprintf(fresh, sizeof fresh, "%s.new", path);
	f = fopen(fresh, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0 || rename(fresh, path) != 0) {
		perror(path);
		exit(1);
	}
}

static void put_handler(long version, bool broken)
{
	char text[512];

	snprintf(text, sizeof text,
		 "const v = %ld;\n"
		 "const later = () => %ld;\n"
		 "const table = Array.from({ length: 200 }, (_, i) => ({ i, v }));\n"
		 "function handler(request) {\n"
		 "  if (request.path === '/spin') for (let i = 0; i < 1e12; i++);\n"
		 "  return `${v} ${later()} ${table[7].v}\\n`;\n}\n%s",
		 version, version, broken ? "const = broken;\n" : "");
	put_file(handler_path, text);
}

static void put_conf(bool broken)
{
	put_file(conf_path, broken ? "quiet = yes\nkeep_unknown_key = 1\n" : "quiet = yes\n");
}

/* ---- clients -------------------------------------------------------------- */

struct client_state {
	int fd;
	bool keep, waiting;      /* a request is under way */
	long again_ms;           /* SLEEPERS: when the next one is due */
	char in[1024];
	size_t got;
};

static struct client_state client[CLIENTS];
static struct { long ok, failed, mixed, idle_closed, highest, lowest_late; } seen;
static int ep, port;
static char first_failure[200];

static void fail(const struct client_state *c, const char *why)
{
	if (seen.failed++ == 0)
		snprintf(first_failure, sizeof first_failure, "%s (%s, %zu bytes: %.60s)", why,
			 c->keep ? "kept" : "short", c->got, c->in);
}

static void hang_up(struct client_state *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->waiting = false;
}

static void ask(struct client_state *c)
{
	static const char keep[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
	static const char once[] = "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
	const char *text = c->keep ? keep : once;
	char byte;

	if (c->fd >= 0 && recv(c->fd, &byte, 1, MSG_DONTWAIT) == 0) { /* closed while idle: seen before asking */
		seen.idle_closed++;
		hang_up(c);
	}
	if (c->fd < 0) {
		struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
					 .sin_port = htons((unsigned short)port) };
		struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
		int one = 1;

		c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0) {
			c->got = 0;
			fail(c, strerror(errno));
			hang_up(c);
			return;
		}
		setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev);
	}
	c->got = 0;
	c->in[0] = '\0';
	c->waiting = true;
	if (send(c->fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text)) {
		fail(c, "cannot be sent");
		hang_up(c);
	}
}

/* A whole response lies in c->in. */
static void judge(struct client_state *c, const char *body)
{
	long a, b, t;

	if (strncmp(c->in, "HTTP/1.1 200 ", 13) != 0) {
		fail(c, "status");
	} else if (sscanf(body, "%ld %ld %ld", &a, &b, &t) != 3 || a != b || a != t) {
		seen.mixed++;
	} else {
		seen.ok++;
		seen.highest = a > seen.highest ? a : seen.highest;
	}
}

static void take(struct client_state *c)
{
	ssize_t n = recv(c->fd, c->in + c->got, sizeof c->in - 1 - c->got, MSG_DONTWAIT);
	char *body, *length;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		if (c->waiting)
			fail(c, n == 0 ? "closed" : strerror(errno));
		else
			seen.idle_closed++;
		hang_up(c);
		return;
	}
	c->got += (size_t)n;
	c->in[c->got] = '\0';
	body = strstr(c->in, "\r\n\r\n");
	if (!body)
		return;
	body += 4;
	length = strstr(c->in, "Content-Length: ");
	if (!length || c->got < (size_t)(body - c->in) + (size_t)atol(length + 16))
		return;
	judge(c, body);
	c->waiting = false;
	if (strstr(c->in, "Connection: close"))
		hang_up(c);
}

/* Lets all clients ask and read for so long. */
static void run(long ms)
{
	struct epoll_event ev[CLIENTS];
	long end = now_ms() + ms, now;
	int i, n;

	do {
		now = now_ms();
		for (i = 0; i < CLIENTS; i++) {
			struct client_state *c = &client[i];

			if (c->waiting || now < c->again_ms)
				continue;
			ask(c);
			c->again_ms = i < SLEEPERS ? now + rand() % 400 : 0;
		}
		n = epoll_wait(ep, ev, CLIENTS, 5);
		for (i = 0; i < n; i++)
			take(ev[i].data.ptr);
	} while (now_ms() < end);
}

/* What is under way is finished. */
static void finish(void)
{
	struct epoll_event ev[CLIENTS];
	long end = now_ms() + 5000;
	int i, n, waiting = 1;

	while (waiting && now_ms() < end) {
		n = epoll_wait(ep, ev, CLIENTS, 50);
		for (i = 0; i < n; i++)
			take(ev[i].data.ptr);
		for (i = waiting = 0; i < CLIENTS; i++)
			waiting += client[i].waiting;
	}
	for (i = 0; i < CLIENTS; i++) {
		if (client[i].waiting)
			fail(&client[i], "no answer");
		hang_up(&client[i]);
	}
}

/* ---- the server ------------------------------------------------------------ */

static struct memory family_memory(pid_t supervisor)
{
	struct memory m = { 0, 0 };
	struct family f;
	int i;

	family_look(supervisor, &f);
	memory_add(&m, supervisor);
	memory_add(&m, f.zygote);
	for (i = 0; i < f.workers; i++)
		memory_add(&m, f.worker[i]);
	return m;
}

static double percent(long before, long after) { return 100. * (double)(after - before) / (double)before; }

static void judge_memory(const char *what, struct memory before, struct memory after)
{
	test_is(memory_back(before, after), "%s have %ld kB, then %ld kB: %+.1f %%; anonymous %ld kB, then %ld kB: %+.1f %%", what,
		before.rss, after.rss, percent(before.rss, after.rss), before.anon, after.anon, percent(before.anon, after.anon));
}

/* Until a fresh connection sees this version. */
static bool serves(long version, long ms)
{
	long end = now_ms() + ms, v;

	do {
		struct client c;
		struct answer a = { 0 };
		static const char get[] = "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";

		v = -1;
		if (client_open(&c, port) == 0) {
			client_send(&c, get, sizeof get - 1);
			if (client_read(&c, &a, false, 1000) == 0 && a.status == 200 && a.body)
				v = atol(a.body);
			client_close(&c);
			answer_free(&a);
		}
		if (v == version)
			return true;
		sleep_ms(5);
	} while (now_ms() < end);
	return false;
}

/* Every worker has had some work, so that all are alike. */
static bool at_rest(const struct daemon *d, struct family *f)
{
	int i, ok = 0;

	if (!family_settle(d->pid, WORKERS, f, 5000))
		return false;
	for (i = 0; i < 100 * WORKERS; i++)
		ok += client_get(port, "/", 2000) == 200;
	return ok == 100 * WORKERS;
}

static void storm(void)
{
	long reloads = from_env("PROC_RELOADS", 12), requests = from_env("PROC_REQUESTS", 0), k, good = 1;
	struct memory before;
	long most_workers = 0, began, handlers = 0, confs = 0;
	int fds, i;
	struct family f;
	struct daemon d;

	put_handler(1, false);
	put_conf(false);
	family_start(&d, &f, daemon_path, handler_path, log_path);
	port = d.port;
	ep = epoll_create1(EPOLL_CLOEXEC);
	for (i = 0; i < CLIENTS; i++)
		client[i] = (struct client_state){ .fd = -1, .keep = i < KEEPERS };
	run(500);
	kill(d.pid, SIGHUP); /* the first one makes room in the allocator */
	run(1000);
	finish();
	test_is(at_rest(&d, &f), "reload storm: all is well before");
	before = family_memory(d.pid);
	fds = proc_fds(d.pid);
	began = now_ms();
	for (k = 1; k <= reloads; k++) {
		bool bad_conf = k % 10 == 0, bad_handler = !bad_conf && k % 3 == 0;

		if (!bad_conf && !bad_handler)
			good = k + 1;
		put_handler(k + 1, bad_handler);
		put_conf(bad_conf);
		confs += bad_conf;
		handlers += bad_handler;
		kill(d.pid, SIGHUP);
		run(INTERVAL_MS - 10 > 0 ? began + k * INTERVAL_MS - now_ms() : 0);
		family_look(d.pid, &f);
		most_workers = f.workers > most_workers ? f.workers : most_workers;
		if (bad_conf) /* the file that it refused does not come up later */
			put_handler(good, false);
	}
	for (k = 0; seen.ok < requests && k < 600; k++)
		run(100);
	test_is(serves(good, 5000), "reload storm: in the end the newest good version is served (%ld)", good);
	printf("# %ld reloads in %.1f s: %ld answers, %ld kept connections ended while idle, versions up to %ld; %d served, %d refused\n",
	       reloads, (double)(now_ms() - began) / 1000, seen.ok, seen.idle_closed, seen.highest, log_lines(log_path, "serves after"),
	       log_lines(log_path, "reload refused"));
	test_is(seen.failed == 0 && seen.ok > 100 && seen.ok >= requests, "reload storm: no request fails of %ld (%ld%s%s)", seen.ok,
		seen.failed, seen.failed ? ", first: " : "", first_failure);
	test_is(seen.mixed == 0, "reload storm: no response mixes generations");
	test_is(log_lines(log_path, "reload refused") >= confs + handlers / 2 && log_lines(log_path, "unknown key") == confs,
		"reload storm: broken handlers and configurations are refused (%d, %ld)", log_lines(log_path, "reload refused"), confs + handlers);
	test_is(most_workers <= 2 * WORKERS, "reload storm: at most two generations at a time (%ld workers)", most_workers);
	kill(d.pid, SIGHUP);
	run(1000);
	finish();
	test_is(at_rest(&d, &f), "reload storm: one generation is left");
	judge_memory("reload storm: all processes", before, family_memory(d.pid));
	test_is(proc_fds(d.pid) == fds, "reload storm: descriptors of the supervisor");
	test_is(exited_0(daemon_stop(&d, 5000)), "reload storm: exit 0");
	close(ep);
}

/* Reloads without load: what grows? */
static void hot(void)
{
	long reloads = from_env("PROC_HOT", 25), k;
	struct memory all = { 0, 0 }, super = { 0, 0 }, super_then = { 0, 0 };
	struct family f;
	struct daemon d;
	bool ok = true;
	int fds = 0;

	put_handler(1, false);
	put_conf(false);
	family_start(&d, &f, daemon_path, handler_path, log_path);
	port = d.port;
	for (k = 1; k <= reloads && ok; k++) {
		put_handler(k + 1, false);
		kill(d.pid, SIGHUP);
		ok = serves(k + 1, 5000);
		if (k == reloads / 5) {
			ok &= at_rest(&d, &f);
			all = family_memory(d.pid);
			memory_add(&super, d.pid);
			fds = proc_fds(d.pid);
		}
	}
	ok &= at_rest(&d, &f);
	memory_add(&super_then, d.pid);
	test_is(ok, "%ld reloads, each served (%ld)", reloads, k - 1);
	judge_memory("hot reloads: all processes", all, family_memory(d.pid));
	judge_memory("hot reloads: supervisor", super, super_then);
	test_is(proc_fds(d.pid) == fds, "hot reloads: descriptors of the supervisor");
	test_is(exited_0(daemon_stop(&d, 5000)), "hot reloads: exit 0");
}

/* Requests that do not end keep their old generation: for as long as it may. */
static void deadline(void)
{
	static const char spin[] = "GET /spin HTTP/1.1\r\nHost: t\r\n\r\n";
	struct client c[2];
	struct family f;
	struct daemon d;
	long began, took;
	bool ok, ended;
	int i;

	put_handler(1, false);
	put_file(conf_path, "quiet = yes\nlimits {\n drain = 400ms\n handler_timeout = 20s\n handler_cpu = 20s\n}\n");
	family_start(&d, &f, daemon_path, handler_path, log_path);
	port = d.port;
	for (i = 0; i < 2; i++) {
		client_open(&c[i], port);
		client_send(&c[i], spin, sizeof spin - 1);
		sleep_ms(100);
		put_handler(2 + i, false);
		began = now_ms();
		kill(d.pid, SIGHUP);
		ok = serves(2 + i, 3000);
		test_is(ok, "a request that does not end does not keep a new generation from serving");
	}
	ended = client_ended(&c[0], 8000) && client_ended(&c[1], 8000);
	took = now_ms() - began;
	ok = family_settle(d.pid, WORKERS, &f, 3000);
	test_is(ended && ok && took >= 400, "it is ended after the drain deadline (%ld ms)", took);
	test_is(log_lines(log_path, "has not left in time") == 2, "the log says so");
	client_close(&c[0]);
	client_close(&c[1]);
	test_is(exited_0(daemon_stop(&d, 5000)), "drain deadline: exit 0");
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: reload ZIGTTPD DIRECTORY LOGFILE\n", stderr);
		return 64;
	}
	daemon_path = argv[1];
	log_path = argv[3];
	snprintf(conf_path, sizeof conf_path, "%s/reload.conf", argv[2]);
	snprintf(handler_path, sizeof handler_path, "%s/reload-handler.js", argv[2]);
	daemon_conf = conf_path;
	signal(SIGPIPE, SIG_IGN);
	storm();
	hot();
	deadline();
	unlink(conf_path);
	unlink(handler_path);
	return test_end();
}
