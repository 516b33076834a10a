/* files.c: static files over sockets: what a client gets, whatever is done to
 * the files meanwhile.
 *
 *   files ZIGTTPD LOG IO */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/http/client.h"
#include "tests/proc/family.h"

#define FILES_WORKERS 2
#define LARGE 300000
#define MEDIUM 60000

static char dir[] = "/tmp/zigttpd-files.XXXXXX";
static struct daemon d;
static struct family family;

static const char *in(const char *name)
{
	static char path[4][256];
	static unsigned i;
	char *p = path[i++ % 4];

	snprintf(p, 256, "%s/%s", dir, name);
	return p;
}

static void put(const char *name, size_t n, char c)
{
	char *p = malloc(n + !n), temp[256];
	int fd;

	memset(p, c, n);
	snprintf(temp, sizeof temp, "%s/.new%d", dir, (int)getpid());
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, p, n) != (ssize_t)n || close(fd) != 0 || rename(temp, in(name)) != 0)
		exit(1);
	free(p);
}

/* ---- requests -------------------------------------------------------------- */

static struct answer a;

static bool ask(struct client *c, const char *method, const char *path, const char *lines)
{
	char rq[1024];
	int n = snprintf(rq, sizeof rq, "%s %s HTTP/1.1\r\nHost: t\r\n%s\r\n", method, path, lines);

	return client_send(c, rq, (size_t)n) == 0 && client_read(c, &a, strcmp(method, "HEAD") == 0, 10000) == 0;
}

static bool filled(const char *p, size_t n, char c)
{
	return n != 0 && p[0] == c && memcmp(p, p + 1, n - 1) == 0;
}

static bool is(struct client *c, const char *method, const char *path, const char *lines, int status, size_t n, char fill)
{
	bool came = ask(c, method, path, lines);
	bool ok = came && a.status == status && a.body_len == n && (n == 0 || fill == 0 || filled(a.body, n, fill));

	if (!ok)
		printf("# %s %s: %s, status %d, %zu bytes\n", method, path, came ? "came" : "did not come", a.status, a.body_len);
	return ok;
}

static void features(void)
{
	char lines[256], *etag;
	struct client c;

	client_open(&c, d.port);
	test_is(is(&c, "GET", "/files/k1", "", 200, 1024, 'k') && strstr(a.head, "\r\nContent-Type: application/octet-stream\r\n"),
		"a small file");
	etag = strstr(a.head, "ETag: ");
	snprintf(lines, sizeof lines, "If-None-Match: %.18s\r\n", etag ? etag + 6 : "");
	test_is(is(&c, "GET", "/files/k1", lines, 304, 0, 0), "not modified");
	test_is(is(&c, "HEAD", "/files/k1", "", 200, 0, 0) && strstr(a.head, "Content-Length: 1024\r\n"), "HEAD");
	test_is(is(&c, "GET", "/files/medium", "", 200, MEDIUM, 'm') && is(&c, "GET", "/files/medium", "", 200, MEDIUM, 'm'),
		"a file from memory");
	test_is(is(&c, "GET", "/files/large", "", 200, LARGE, 'l') && is(&c, "HEAD", "/files/large", "", 200, 0, 0),
		"a file from the disk");
	test_is(is(&c, "GET", "/files/large", "Range: bytes=100000-299998\r\n", 206, 199999, 'l') &&
		strstr(a.head, "Content-Range: bytes 100000-299998/300000\r\n"), "a range of it");
	test_is(is(&c, "GET", "/files/medium", "Range: bytes=-50000\r\n", 206, 50000, 'm'), "a range from memory");
	test_is(is(&c, "GET", "/files/k1", "Range: bytes=1024-\r\n", 416, strlen("Range Not Satisfiable"), 0), "beyond the end");
	test_is(is(&c, "GET", "/files/k1", "If-Match: \"x\"\r\n", 412, strlen("Precondition Failed"), 0), "a failed condition");
	test_is(is(&c, "GET", "/files/empty", "", 200, 0, 0), "an empty file");
	test_is(is(&c, "GET", "/files/app.js", "Accept-Encoding: gzip, br\r\n", 200, 10, 'b') &&
		strstr(a.head, "Content-Encoding: br\r\n") && strstr(a.head, "Vary: Accept-Encoding\r\n"), "a compressed sibling");
	test_is(is(&c, "GET", "/files/sub", "", 301, strlen("Moved Permanently"), 0) && strstr(a.head, "Location: /files/sub/\r\n") &&
		is(&c, "GET", "/files/sub/", "", 200, 20, 'i'), "a directory and its index");
	test_is(is(&c, "POST", "/files/k1", "Content-Length: 0\r\n", 200, strlen("handler /files/k1"), 0) &&
		is(&c, "GET", "/files/none", "", 200, strlen("handler /files/none"), 0), "what is no file goes to the handler");
	test_is(is(&c, "GET", "/files/sparse", "Range: bytes=3221225470-\r\n", 206, 2, 0) && a.body[0] == 0 && a.body[1] == 'e' &&
		strstr(a.head, "/3221225472\r\n"), "the end of a sparse file of 3 GB");
	test_is(is(&c, "GET", "/files/k1", "Connection: close\r\n", 200, 1024, 'k') && client_ended(&c, 10000),
		"closed when asked to");
	client_close(&c);
	client_open(&c, d.port);
	test_is(is(&c, "GET", "/files/large", "Connection: close\r\n", 200, LARGE, 'l') && client_ended(&c, 10000),
		"a large one as well");
	client_close(&c);
}

static void pipelined(void)
{
	static const char rq[] =
		"GET /files/large HTTP/1.1\r\nHost: t\r\n\r\nGET /files/k1 HTTP/1.1\r\nHost: t\r\n\r\n"
		"GET /first HTTP/1.1\r\nHost: t\r\n\r\nGET /files/medium HTTP/1.1\r\nHost: t\r\n\r\n"
		"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"
		"GET /files/large HTTP/1.1\r\nHost: t\r\nRange: bytes=0-99999\r\n\r\nHEAD /files/medium HTTP/1.1\r\nHost: t\r\n\r\n"
		"GET /files/empty HTTP/1.1\r\nHost: t\r\n\r\nGET /last HTTP/1.1\r\nHost: t\r\n\r\n";
	static const struct { size_t n; char fill; bool head; } want[] = {
		{ LARGE, 'l', false }, { 1024, 'k', false }, { 14, 0, false }, { MEDIUM, 'm', false }, { 13, 0, false },
		{ 100000, 'l', false }, { 0, 0, true }, { 0, 0, false }, { 13, 0, false },
	};
	struct client c;
	bool ok = true;
	size_t i, k;

	for (k = 0; k < 20 && ok; k++) {
		client_open(&c, d.port);
		for (i = 0; i < sizeof rq - 1 && k != 0; i += 1 + k * 7) /* in pieces */
			client_send(&c, rq + i, i + 1 + k * 7 < sizeof rq - 1 ? 1 + k * 7 : sizeof rq - 1 - i);
		if (k == 0)
			client_send(&c, rq, sizeof rq - 1);
		for (i = 0; i < sizeof want / sizeof want[0] && ok; i++)
			ok = client_read(&c, &a, want[i].head, 5000) == 0 && a.body_len == want[i].n &&
			     (want[i].fill == 0 || filled(a.body, a.body_len, want[i].fill));
		client_close(&c);
	}
	test_is(ok, "pipelined files and handlers come in order, whole");
}

static void attacks(void)
{
	static const char *const path[] = {
		"/files/../secret", "/files/sub/../../secret", "/files/%2e%2e/secret", "/files/..%2fsecret", "/files/%2e%2e%2fsecret",
		"/files//secret", "/files/./../secret", "/files/sub/link", "/files/out/secret", "/files/up/secret", "/files/.secret",
		"/files/k1%00.js", "/files/%252e%252e/secret", "/files/..%5csecret", "/files/sub%2f..%2f..%2fsecret",
		"/files/etc/passwd", "/files/fifo", "/files/self", "/files/sub/../k1", "//files/k1", "/files/../files/k1",
	};
	struct client c;
	size_t i, bad = 0;

	for (i = 0; i < sizeof path / sizeof path[0]; i++) {
		bool ok;

		client_open(&c, d.port);
		ok = ask(&c, "GET", path[i], "") && (a.status == 400 || (a.status == 200 && strncmp(a.body, "handler ", 8) == 0));
		if (!ok)
			printf("# %s: %d\n", path[i], a.status);
		bad += !ok;
		client_close(&c);
	}
	test_is(bad == 0, "no path leads out of the directory, nor through a link");
}

/* ---- changes while it is served -------------------------------------------- */

/* In a process of its own: replaces both files by turns until told to stop. */
static pid_t replacer(int *stop)
{
	int p[2];
	pid_t pid;

	if (pipe(p) != 0)
		exit(1);
	pid = fork();
	if (pid == 0) {
		char c = 'A';

		close(p[1]);
		while (poll(&(struct pollfd){ p[0], POLLIN, 0 }, 1, 1) == 0) {
			put("www/turn.small", c == 'A' ? 5000 : 4000, c);
			put("www/turn.medium", c == 'A' ? 70000 : 50000, c);
			put("www/turn.large", c == 'A' ? 400000 : 250000, c);
			c = c == 'A' ? 'B' : 'A';
		}
		_exit(0);
	}
	close(p[0]);
	*stop = p[1];
	return pid;
}

static void replaced(void)
{
	static const struct { const char *path; size_t a, b; } turn[] = {
		{ "/files/turn.small", 5000, 4000 }, { "/files/turn.medium", 70000, 50000 },
		{ "/files/turn.large", 400000, 250000 },
	};
	long end = now_ms() + 2500, served = 0, seen[2] = { 0, 0 };
	bool ok = true;
	struct client c;
	int stop, i = 0;
	pid_t pid;

	put("www/turn.small", 5000, 'A');
	put("www/turn.medium", 70000, 'A');
	put("www/turn.large", 400000, 'A');
	pid = replacer(&stop);
	client_open(&c, d.port);
	while (ok && now_ms() < end) {
		i = (i + 1) % 3;
		ok = ask(&c, "GET", turn[i].path, "") && a.status == 200 &&
		     a.body_len == (a.body[0] == 'A' ? turn[i].a : turn[i].b) && filled(a.body, a.body_len, a.body[0]);
		seen[a.body && a.body[0] == 'B']++;
		served++;
	}
	client_close(&c);
	close(stop);
	waitpid(pid, NULL, 0);
	test_is(ok && seen[0] && seen[1], "%ld responses while the files were replaced: old (%ld) or new (%ld), never both", served,
		seen[0], seen[1]);
}

/* Is it the file as it was? Pages that wait in the socket are the file's own
 * where the kernel copies nothing: what is cut off them reads as zeros. */
static bool intact(const char *p, size_t n, char fill)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != fill && p[i] != 0)
			return false;
	return true;
}

/* Reads what comes until the end: bytes after the head; -1: some are not the
 * file's. */
static long drain(struct client *c, char fill, bool *ended)
{
	static char text[65536];
	size_t at = 0, head = 0;
	long body = 0;
	ssize_t n;

	for (;;) {
		if (poll(&(struct pollfd){ c->fd, POLLIN, 0 }, 1, 10000) <= 0) {
			*ended = false;
			return body;
		}
		n = recv(c->fd, text + at, sizeof text - at, 0);
		if (n <= 0)
			break;
		if (!head) {
			char *stop = memmem(text, at + (size_t)n, "\r\n\r\n", 4);

			at += (size_t)n;
			if (!stop)
				continue;
			head = (size_t)(stop - text) + 4;
			n = (ssize_t)(at - head);
			memmove(text, text + head, (size_t)n);
			at = 0;
		}
		if (!intact(text, (size_t)n, fill))
			return -1;
		body += n;
	}
	*ended = true;
	return body;
}

static void truncated(void)
{
	static const char rq[] = "GET /files/shrinks HTTP/1.1\r\nHost: t\r\n\r\n";
	struct client c;
	bool ended = false;
	long n;

	put("www/shrinks", 40000000, 's');
	client_open(&c, d.port);
	client_send(&c, rq, sizeof rq - 1);
	sleep_ms(200); /* the socket's buffers are full now */
	if (truncate(in("www/shrinks"), 1000) != 0)
		exit(1);
	n = drain(&c, 's', &ended);
	client_close(&c);
	test_is(n >= 1000 && n < 40000000 && ended, "truncated while it is sent: %ld of 40000000 bytes, then closed", n);
	test_is(client_get(d.port, "/files/shrinks", 5000) == 200, "and served as it is now");
}

/* Clients that go away in the middle must not cost descriptors or memory. */
static void leavers(void)
{
	static const char rq[] = "GET /files/%s HTTP/1.1\r\nHost: t\r\n\r\n";
	static const char *const name[] = { "large", "medium", "sparse" };
	int before[FILES_WORKERS], after = 0, i, k, more = 0;
	long end;
	char text[128];

	for (i = 0; i < FILES_WORKERS; i++)
		before[i] = proc_fds(family.worker[i]);
	for (k = 0; k < 300; k++) {
		struct linger now = { 1, 0 };
		struct client c;

		client_open(&c, d.port);
		if (k % 3 == 0)
			setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		client_send(&c, text, (size_t)snprintf(text, sizeof text, rq, name[k % 3]));
		if (k % 2)
			poll(&(struct pollfd){ c.fd, POLLIN, 0 }, 1, 1000);
		client_close(&c);
	}
	end = now_ms() + 5000;
	do {
		sleep_ms(50);
		for (more = i = 0; i < FILES_WORKERS; i++) {
			after = proc_fds(family.worker[i]);
			more += after > before[i] ? after - before[i] : 0;
		}
	} while (more > 0 && now_ms() < end);
	test_is(more == 0, "300 clients that left in the middle have cost no descriptor");
}

static void many(void)
{
	char name[64];
	long rss[2] = { 0, 0 };
	struct client c;
	bool ok = true;
	int i, round, k;

	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "www/many%d", i);
		put(name, (size_t)(2000 + i * 37 % 30000), (char)('a' + i % 26));
	}
	for (round = 0; round < 3; round++) {
		for (k = 0; k < FILES_WORKERS; k++) { /* enough for each worker to see many */
			client_open(&c, d.port);
			for (i = 0; i < 1000 && ok; i++) {
				snprintf(name, sizeof name, "/files/many%d", i);
				ok = is(&c, "GET", name, "", 200, (size_t)(2000 + i * 37 % 30000), (char)('a' + i % 26));
			}
			client_close(&c);
		}
		for (i = 0; i < FILES_WORKERS; i++) {
			long kb = proc_kb(family.worker[i], "status", "VmRSS");

			if (kb > rss[round != 0])
				rss[round != 0] = kb;
		}
	}
	test_is(ok, "1000 files of 17 MB through a cache of 2 MiB: a worker has %ld kB, then %ld kB", rss[0], rss[1]);
}

static void make_files(const char *io)
{
	FILE *f;
	int fd;

	mkdir(in("www"), 0755);
	mkdir(in("www/sub"), 0755);
	put("secret", 6, 'S');
	put("www/.secret", 6, 'S');
	put("www/k1", 1024, 'k');
	put("www/medium", MEDIUM, 'm');
	put("www/large", LARGE, 'l');
	put("www/empty", 0, 0);
	put("www/app.js", 20, 'j');
	put("www/app.js.br", 10, 'b');
	put("www/sub/index.html", 20, 'i');
	fd = open(in("www/sparse"), O_WRONLY | O_CREAT, 0644);
	if (ftruncate(fd, 3221225471) != 0 || pwrite(fd, "e", 1, 3221225471) != 1 || close(fd) != 0 ||
	    symlink("../../secret", in("www/sub/link")) != 0 || symlink("..", in("www/up")) != 0 ||
	    symlink(dir, in("www/out")) != 0 || symlink("/etc", in("www/etc")) != 0 ||
	    symlink("/proc/self/environ", in("www/self")) != 0 || mkfifo(in("www/fifo"), 0644) != 0)
		exit(1);
	f = fopen(in("h.js"), "w");
	fputs("function handler(r) { return \"handler \" + r.path; }\n", f);
	fclose(f);
	f = fopen(in("conf"), "w");
	fprintf(f, "io = %s\nstatic \"www\" {\n\troot = \"www\"\n\tprefix = \"/files\"\n}\n", io);
	fclose(f);
	daemon_conf = strdup(in("conf"));
}

int main(int argc, char **argv)
{
	char cmd[64];

	if (argc != 4 || !mkdtemp(dir))
		return 64;
	make_files(argv[3]);
	daemon_start(&d, argv[1], "2", strdup(in("h.js")), argv[2]);
	if (!family_settle(d.pid, FILES_WORKERS, &family, 10000))
		return 1;
	features();
	pipelined();
	attacks();
	replaced();
	truncated();
	leavers();
	many();
	test_is(exited_0(daemon_stop(&d, 10000)), "it ends well");
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	if (system(cmd) != 0)
		return 1;
	answer_free(&a);
	return test_end();
}
