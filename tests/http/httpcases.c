/* httpcases.c: raw bytes against a real zigttpd on loopback.
 *
 *   httpcases ZIGTTPD HANDLER LOGFILE
 *
 * Each case sends its bytes whole, in two parts at every place (short cases),
 * and byte by byte, and expects the same responses and the same end. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/http/client.h"

enum end { KEPT, CLOSED };

/* `statuses`: what comes back, in order; `body`: of the last one, NULL: any. */
struct live_case {
	const char *name, *bytes;
	size_t n;
	const char *statuses, *body;
	enum end end;
	const char *wanted;     /* text that the last head must contain, NULL */
};

#define H "Host: a\r\n"
#define LIVE(name, statuses, body, end, wanted, bytes) \
	{ name, bytes, sizeof(bytes) - 1, statuses, body, end, wanted }
static const struct live_case live[] = {
	LIVE("JSON", "200", "{\"message\":\"Hello, World!\"}", KEPT, "Content-Type: application/json\r\n", "GET / HTTP/1.1\r\n" H "\r\n"),
	LIVE("string", "200", "plain", KEPT, "Content-Type: text/plain", "GET /text HTTP/1.1\r\n" H "\r\n"),
	LIVE("date", "200", NULL, KEPT, "\r\nDate: ", "GET /text HTTP/1.1\r\n" H "\r\n"),
	LIVE("HEAD", "H200", "", KEPT, "Content-Length: 5\r\n", "HEAD /text HTTP/1.1\r\n" H "\r\n"),
	LIVE("204", "204", "", KEPT, NULL, "GET /204 HTTP/1.1\r\n" H "\r\n"),
	LIVE("304", "304", "", KEPT, NULL, "GET /304 HTTP/1.1\r\n" H "\r\n"),
	LIVE("404", "404", "not found", KEPT, NULL, "GET /nowhere HTTP/1.1\r\n" H "\r\n"),
	LIVE("throw", "500", "Internal Server Error", KEPT, NULL, "GET /throw HTTP/1.1\r\n" H "\r\n"),
	LIVE("null result", "500", "Internal Server Error", KEPT, NULL, "GET /null HTTP/1.1\r\n" H "\r\n"),
	LIVE("header injection", "500", "Internal Server Error", KEPT, NULL, "GET /badheader HTTP/1.1\r\n" H "\r\n"),
	LIVE("two cookies", "200", "c", KEPT, "set-cookie: a=1\r\nset-cookie: b=2\r\n", "GET /cookies HTTP/1.1\r\n" H "\r\n"),
	LIVE("redirect", "302", "", KEPT, "location: /there\r\n", "GET /redirect HTTP/1.1\r\n" H "\r\n"),
	LIVE("init", "418", "short", KEPT, "x-pot: tea\r\n", "GET /status HTTP/1.1\r\n" H "\r\n"),
	LIVE("path decoded once", "200", "decoded", KEPT, NULL, "GET /a%20b HTTP/1.1\r\n" H "\r\n"),
	LIVE("query", "200", "{\"a\":\"1\",\"b\":\" x y\",\"c\":\"\"}", KEPT, NULL, "GET /query?a=1&a=2&b=%20x+y&c HTTP/1.1\r\n" H "\r\n"),
	LIVE("header by property", "200", "a", KEPT, NULL, "GET /host HTTP/1.1\r\n" H "\r\n"),
	LIVE("header by get", "200", "x/1", KEPT, NULL, "GET /ua HTTP/1.1\r\nUSER-agent: x/1\r\n" H "\r\n"),
	LIVE("url is local in absolute form", "200", "{\"method\":\"GET\",\"url\":\"/info?q\",\"path\":\"/info\",\"query\":{\"q\":\"\"},\"href\":\"http://a/info?q\"}", KEPT, NULL, "GET http://a/info?q HTTP/1.1\r\n" H "\r\n"),
	LIVE("body", "200", "hello", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello"),
	LIVE("empty body", "200", "", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"),
	LIVE("no body", "200", "(null)", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "\r\n"),
	LIVE("body of GET is discarded", "200 200", "plain", KEPT, NULL, "GET /echo HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhelloGET /text HTTP/1.1\r\n" H "\r\n"),
	LIVE("pipeline of three", "200 404 200", "plain", KEPT, NULL, "GET / HTTP/1.1\r\n" H "\r\nGET /x HTTP/1.1\r\n" H "\r\nGET /text HTTP/1.1\r\n" H "\r\n"),
	LIVE("pipeline with bodies", "200 200", "def", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabcPOST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\ndef"),
	LIVE("pipeline ends at an error", "200 400", NULL, CLOSED, "Connection: close\r\n", "GET / HTTP/1.1\r\n" H "\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n"),
	LIVE("nothing after close", "200", "plain", CLOSED, "Connection: close\r\n", "GET /text HTTP/1.1\r\n" H "Connection: close\r\n\r\nGET /text HTTP/1.1\r\n" H "\r\n"),
	LIVE("handler closes", "200", "bye", CLOSED, "Connection: close\r\n", "GET /close HTTP/1.1\r\n" H "\r\n"),
	LIVE("1.0 closes", "200", "plain", CLOSED, "Connection: close\r\n", "GET /text HTTP/1.0\r\n\r\n"),
	LIVE("1.0 keep-alive", "200", "plain", KEPT, "Connection: keep-alive\r\n", "GET /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
	LIVE("chunked body", "200", "hello world", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n"),
	LIVE("empty chunked body", "200", "", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	LIVE("chunked bodies in a pipeline", "200 200 200", "c", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nPOST /echo HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\nbPOST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n"),
	LIVE("chunked body of GET is discarded", "200 200", "plain", KEPT, NULL, "GET /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /text HTTP/1.1\r\n" H "\r\n"),
	LIVE("chunked body too large", "413", NULL, CLOSED, NULL, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n100001\r\n"),
	LIVE("chunked body ends in smuggling", "200 400", NULL, CLOSED, NULL, "GET /text HTTP/1.1\r\n" H "\r\nPOST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n2\r\r;a\r\n02\r\n41\r\n0\r\n\r\nGET /bad_path/pwned HTTP/1.1\r\n" H "\r\n"),
	LIVE("health", "200", "ok\n", KEPT, "Cache-Control: no-store\r\n", "GET /_health HTTP/1.1\r\n" H "\r\n"),
	LIVE("ready", "200", "ready\n", KEPT, NULL, "GET /_ready?x HTTP/1.1\r\n" H "\r\n"),
	LIVE("100-continue with the body", "200", "hello", KEPT, NULL, "POST /echo HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"),
	LIVE("expectation failed", "417", NULL, CLOSED, NULL, "GET / HTTP/1.1\r\n" H "Expect: x\r\n\r\n"),
	LIVE("body too large", "413", NULL, CLOSED, NULL, "POST /echo HTTP/1.1\r\n" H "Content-Length: 1048577\r\n\r\n"),
	LIVE("each request starts from the same bytes", "200 200", "1", KEPT, NULL, "GET /seen HTTP/1.1\r\n" H "\r\nGET /seen HTTP/1.1\r\n" H "\r\n"),
	LIVE("response made at load", "200", "{\"made\":\"at load\"}", KEPT, NULL, "GET /early HTTP/1.1\r\n" H "\r\n"),
};

static const struct { const char *name; int expected; const char *bytes; size_t n; } gate[] = {
#define CASE(name, expected, bytes) { name, expected, bytes, sizeof(bytes) - 1 },
#include "tests/http/gate_cases.def"
};

static int port;

/* Cuts: the bytes are sent as [0, cut) and [cut, n); cut == n: whole; -1: one
 * at a time. */
static int send_cut(struct client *c, const char *p, size_t n, long cut)
{
	size_t i;

	if (cut >= 0) {
		size_t k = (size_t)cut;

		if (k > 0 && k < n) {
			if (client_send(c, p, k) != 0)
				return -1;
			sleep_ms(1);
		} else {
			k = 0;
		}
		return client_send(c, p + k, n - k);
	}
	for (i = 0; i < n; i++)
		if (client_send(c, p + i, 1) != 0)
			return -1;
	return 0;
}

/* NULL: as expected; else what was not. */
static const char *try_case(const struct live_case *t, long cut)
{
	static char text[256];
	struct answer a = { 0 };
	struct client c;
	char statuses[64];
	char *save = NULL, *word;
	const char *bad = NULL;

	if (client_open(&c, port) != 0)
		return "connection refused";
	send_cut(&c, t->bytes, t->n, cut); /* may fail after the answer came */
	snprintf(statuses, sizeof statuses, "%s", t->statuses);
	for (word = strtok_r(statuses, " ", &save); word && !bad; word = strtok_r(NULL, " ", &save)) {
		bool head = *word == 'H';

		do {
			if (client_read(&c, &a, head, 5000) != 0)
				a.status = 0;
		} while (a.status == 100);
		if (a.status != atoi(word + head)) {
			snprintf(text, sizeof text, "status %d, expected %s", a.status, word + head);
			bad = text;
		}
	}
	if (!bad && t->body && strcmp(a.body, t->body) != 0) {
		snprintf(text, sizeof text, "body \"%.200s\"", a.body);
		bad = text;
	}
	if (!bad && t->wanted && !strstr(a.head, t->wanted))
		bad = "a header is missing";
	if (!bad && t->end == CLOSED && !client_ended(&c, 5000))
		bad = "not closed";
	if (!bad && t->end == KEPT) {
		static const char again[] = "GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

		if (client_send(&c, again, sizeof again - 1) != 0 || client_read(&c, &a, false, 5000) != 0 ||
		    a.status != 200 || !client_ended(&c, 5000))
			bad = "not kept alive";
	}
	answer_free(&a);
	client_close(&c);
	return bad;
}

static void run_live(const struct live_case *t)
{
	const char *bad = try_case(t, (long)t->n);
	long cut, step = t->n > 120 ? 7 : 3, at = (long)t->n;

	for (cut = 1; !bad && cut < (long)t->n; cut += step)
		if ((bad = try_case(t, at = cut)) != NULL)
			break;
	if (!bad && (bad = try_case(t, -1)) != NULL)
		at = -1;
	if (bad)
		printf("# cut at %ld: %s\n", at, bad);
	test_is(!bad, "live: %s", t->name);
}

/* Every refused head of the gate's table is refused over a socket as well. */
static void run_gate(void)
{
	char name[160];
	size_t i;

	for (i = 0; i < sizeof gate / sizeof gate[0]; i++) {
		char status[16];
		struct live_case t = { name, gate[i].bytes, gate[i].n, status, NULL, CLOSED, "Connection: close\r\n" };
		const char *bad;

		if (gate[i].expected < 400)
			continue;
		snprintf(status, sizeof status, "%d", gate[i].expected);
		bad = try_case(&t, (long)t.n);
		if (bad)
			printf("# %s\n", bad);
		test_is(!bad, "gate: %s", gate[i].name);
	}
}

/* ---- what a table cannot say -------------------------------------------- */

static char *filled(size_t n, const char *head, size_t *total)
{
	size_t k = strlen(head);
	char *p = malloc(k + n);

	memcpy(p, head, k);
	memset(p + k, 'z', n);
	*total = k + n;
	return p;
}

static void large_bodies(void)
{
	static const size_t sizes[] = { 4000, 16384, 100000, 1048576 };
	struct answer a = { 0 };
	size_t i, n;

	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct client c;
		char head[128];
		bool ok;
		char *p;

		snprintf(head, sizeof head, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", sizes[i]);
		p = filled(sizes[i], head, &n);
		client_open(&c, port);
		ok = client_send(&c, p, n) == 0 && client_read(&c, &a, false, 5000) == 0 && a.status == 200 &&
		     a.body_len == sizes[i] && memcmp(a.body, p + strlen(head), sizes[i]) == 0;
		ok = ok && client_send(&c, p, n) == 0 && client_read(&c, &a, false, 5000) == 0 && a.body_len == sizes[i];
		test_is(ok, "body of %zu bytes comes back, twice", sizes[i]);
		client_close(&c);
		free(p);
	}
	answer_free(&a);
}

static void expect_continue(void)
{
	static const char head[] = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
	struct answer a = { 0 };
	struct client c;
	bool ok;

	client_open(&c, port);
	ok = client_send(&c, head, sizeof head - 1) == 0 && client_read(&c, &a, false, 2000) == 0 && a.status == 100;
	test_is(ok, "100 Continue is sent before the body");
	ok = client_send(&c, "hello", 5) == 0 && client_read(&c, &a, false, 2000) == 0 && a.status == 200 &&
	     strcmp(a.body, "hello") == 0;
	test_is(ok, "the body after 100 Continue is taken");
	client_close(&c);
	answer_free(&a);
}

/* A client that sends a thousand requests before it reads a byte, and one that
 * never reads: the server must neither lose order nor grow. */
static void long_pipeline(void)
{
	static const char one[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	struct answer a = { 0 };
	struct client c;
	int i, got = 0;

	client_open(&c, port);
	for (i = 0; i < 1000; i++)
		client_send(&c, one, sizeof one - 1);
	while (got < 1000 && client_read(&c, &a, false, 5000) == 0 && a.status == 200)
		got++;
	test_is(got == 1000, "1000 pipelined requests (%d answered)", got);
	client_close(&c);
	answer_free(&a);
}

static void half_closed(void)
{
	static const char two[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /text HTTP/1.1\r\nHost: a\r\n\r\nGET /te";
	struct answer a = { 0 };
	struct client c;
	bool ok;

	client_open(&c, port);
	client_send(&c, two, sizeof two - 1);
	shutdown(c.fd, SHUT_WR);
	ok = client_read(&c, &a, false, 2000) == 0 && a.status == 200 && client_read(&c, &a, false, 2000) == 0 &&
	     strcmp(a.body, "plain") == 0 && client_ended(&c, 2000);
	test_is(ok, "a half-closed client gets its answers, then the end");
	client_close(&c);
	answer_free(&a);
}

/* Asks for much and does not read; in between, others must be served. */
static void never_reads(void)
{
	static const char one[] = "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
	struct client c[8];
	struct answer a = { 0 };
	bool ok = true;
	int i, k, n = 0;
	long began;

	for (i = 0; i < 8; i++) {
		client_open(&c[i], port);
		fcntl(c[i].fd, F_SETFL, O_NONBLOCK);
		for (k = 0; k < 100; k++)
			client_send(&c[i], one, sizeof one - 1);
	}
	began = now_ms();
	for (i = 0; i < 50; i++)
		ok &= client_get(port, "/text", 2000) == 200;
	test_is(ok && now_ms() - began < 3000, "others are served beside clients that never read");
	for (i = 1; i < 8; i++)
		client_close(&c[i]);
	while (n < 100 && client_read(&c[0], &a, false, 3000) == 0 && a.body_len == 1000000)
		n++;
	test_is(n == 100, "100 responses of 1 MB arrive whole once they are read (%d)", n);
	client_close(&c[0]);
	answer_free(&a);
}

static long log_count(const char *path, const char *what)
{
	FILE *f = fopen(path, "r");
	char line[4096];
	long n = 0;

	while (f && fgets(line, sizeof line, f))
		n += strstr(line, what) != NULL;
	if (f)
		fclose(f);
	return n;
}

int main(int argc, char **argv)
{
	struct daemon d;
	size_t i;
	int status;

	if (argc != 4) {
		fputs("usage: httpcases ZIGTTPD HANDLER LOGFILE\n", stderr);
		return 64;
	}
	daemon_start(&d, argv[1], "2", argv[2], argv[3]);
	port = d.port;
	for (i = 0; i < sizeof live / sizeof live[0]; i++)
		run_live(&live[i]);
	run_gate();
	large_bodies();
	expect_continue();
	long_pipeline();
	half_closed();
	never_reads();
	sleep_ms(250);
	test_is(log_count(d.log, "GET /nowhere 404 ") >= 1, "the access log has a line per request");
	test_is(log_count(d.log, "boom") >= 1, "the log has what was thrown");
	test_is(log_count(d.log, "died") == 0 && log_count(d.log, "killed") == 0 && log_count(d.log, "panic") == 0,
		"no worker died");
	status = daemon_stop(&d, 5000);
	test_is(status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0, "SIGTERM: exit 0");
	if (status == -1)
		kill(-d.pid, SIGKILL);
	return test_end();
}
