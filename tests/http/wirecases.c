/* wirecases.c: the tables of wire_cases.def and chunk_cases.def against a real
 * zigttpd over sockets, what is too long for a table, and clients that leave in
 * the middle.
 *
 *   wirecases ZIGTTPD HANDLER LOGFILE      WIRE_ALL=1: at every split in two */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/http/client.h"
#include "tests/proc/family.h"

static const struct { const char *name, *expected, *bytes; size_t n; } wire[] = {
#define WIRE(name, clause, expected, bytes) { name, expected, bytes, sizeof(bytes) - 1 },
#include "tests/http/wire_cases.def"
};
static const struct { const char *name; int expected; const char *data; size_t data_n; const char *bytes; size_t n; }
chunk[] = {
#define CHUNK(name, clause, expected, data, bytes) \
	{ name, expected, data, sizeof(data) - 1, bytes, sizeof(bytes) - 1 },
#include "tests/http/chunk_cases.def"
};
#define COUNT(a) (sizeof(a) / sizeof (a)[0])

static int port;

/* [0, cut), then the rest; cut 0: whole; -1: one byte at a time. */
static void send_cut(struct client *c, const char *p, size_t n, long cut)
{
	size_t i;

	if (cut > 0) {
		client_send(c, p, (size_t)cut);
		sleep_ms(1);
		client_send(c, p + cut, n - (size_t)cut);
		return;
	}
	if (cut == 0) {
		client_send(c, p, n);
		return;
	}
	for (i = 0; i < n && client_send(c, p + i, 1) == 0; i++)
		;
}

static int next_status(struct client *c, struct answer *a, bool head)
{
	do {
		if (client_read(c, a, head, 5000) != 0)
			return 0;
	} while (a->status == 100);
	return a->status;
}

/* What the handler answers, as far as the tables ask it. */
static bool is_served(int status) { return status == 200 || status == 404; }

/* NULL: as expected; else what was not. */
static const char *play(const char *expected, const char *p, size_t n, long cut)
{
	static const char again[] = "GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	static char text[128];
	char words[256], *save = NULL, *w, *last = words;
	struct answer a = { 0 };
	struct client c;
	const char *bad = NULL;
	int status;

	if (client_open(&c, port) != 0)
		return "connection refused";
	send_cut(&c, p, n, cut);
	snprintf(words, sizeof words, "%s", expected);
	for (w = strtok_r(words, " ", &save); w && !bad; w = strtok_r(NULL, " ", &save)) {
		last = w;
		if (strcmp(w, "wait") == 0 || strcmp(w, "end") == 0)
			break;
		status = next_status(&c, &a, strcmp(w, "head") == 0);
		if (*w >= '0' && *w <= '9' ? status != atoi(w) : !is_served(status)) {
			snprintf(text, sizeof text, "status %d, expected %s", status, w);
			bad = text;
		}
	}
	if (bad)
		;
	else if (strcmp(last, "wait") == 0)
		bad = client_ended(&c, 30) || c.len != 0 ? "did not wait" : NULL;
	else if (strcmp(last, "end") == 0 || (*last >= '4' && *last <= '5'))
		bad = !client_ended(&c, 5000) ? "not closed" : NULL;
	else if (client_send(&c, again, sizeof again - 1) != 0 || next_status(&c, &a, false) != 200 ||
		 !client_ended(&c, 5000))
		bad = "not kept alive";
	answer_free(&a);
	client_close(&c);
	return bad;
}

static void everywhere(const char *kind, const char *name, const char *expected, const char *p, size_t n)
{
	const char *bad = play(expected, p, n, 0);
	long cut = 0;

	if (!bad && (bad = play(expected, p, n, -1)) != NULL)
		cut = -1;
	for (; !bad && getenv("WIRE_ALL") && cut + 1 < (long)n; )
		bad = play(expected, p, n, ++cut);
	if (bad)
		printf("# cut at %ld: %s\n", cut, bad);
	test_is(!bad, "%s: %s", kind, name);
}

static void tables(void)
{
	static const char head[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
	char bytes[2048], expected[16];
	size_t i;

	for (i = 0; i < COUNT(wire); i++)
		everywhere("wire", wire[i].name, wire[i].expected, wire[i].bytes, wire[i].n);
	for (i = 0; i < COUNT(chunk); i++) {
		memcpy(bytes, head, sizeof head - 1);
		memcpy(bytes + sizeof head - 1, chunk[i].bytes, chunk[i].n);
		snprintf(expected, sizeof expected, "%d", chunk[i].expected);
		everywhere("chunk", chunk[i].name, chunk[i].expected == 0 ? "ok" : chunk[i].expected == 1 ? "wait" : expected,
			   bytes, sizeof head - 1 + chunk[i].n);
	}
}

/* What the handler sees of a chunked body. */
static void decoded(void)
{
	struct answer a = { 0 };
	struct client c;
	bool ok = true;
	size_t i, k;
	char *big;

	for (i = 0; i < COUNT(chunk) && ok; i++) {
		static const char head[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

		if (chunk[i].expected != 0 || memchr(chunk[i].data, 0xff, chunk[i].data_n))
			continue; /* 0xff is no UTF-8: not echoed as it came */
		client_open(&c, port);
		client_send(&c, head, sizeof head - 1);
		client_send(&c, chunk[i].bytes, chunk[i].n);
		ok = next_status(&c, &a, false) == 200 && a.body_len == chunk[i].data_n &&
		     memcmp(a.body, chunk[i].data, a.body_len) == 0;
		if (!ok)
			printf("# %s\n", chunk[i].name);
		client_close(&c);
	}
	test_is(ok, "handlers see the data of chunked bodies");
	/* 1 MiB in chunks of all sizes, then one byte too many */
	big = malloc(1 << 20);
	memset(big, 'q', 1 << 20);
	for (i = 0; i < 2; i++) {
		size_t left = (1 << 20) + i, piece = 1;
		char line[128];

		client_open(&c, port);
		client_send(&c, line, (size_t)sprintf(line, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
		for (; left > 0; left -= k, piece = piece * 2 % 100003) {
			k = piece < left ? piece : left;
			client_send(&c, line, (size_t)sprintf(line, "%zx\r\n", k));
			client_send(&c, big, k);
			client_send(&c, "\r\n", 2);
		}
		client_send(&c, "0\r\n\r\n", 5);
		k = (size_t)next_status(&c, &a, false);
		test_is(i == 0 ? k == 200 && a.body_len == 1 << 20 && memcmp(a.body, big, 1 << 20) == 0 : k == 413,
			i == 0 ? "1 MiB in chunks comes back" : "one byte more: 413");
		client_close(&c);
	}
	free(big);
	answer_free(&a);
}

static void too_long(const char *name, int status, const char *before, size_t n, const char *after, int times)
{
	size_t len = strlen(before), tail = strlen(after), total = 0;
	char *p = malloc((len + n + tail) * (size_t)times + 64);
	struct answer a = { 0 };
	struct client c;
	int got;

	while (times-- > 0) {
		memcpy(p + total, before, len);
		memset(p + total + len, 'a', n);
		memcpy(p + total + len + n, after, tail);
		total += len + n + tail;
		before = after;
		len = tail;
	}
	client_open(&c, port);
	client_send(&c, p, total); /* may fail once it is refused */
	got = next_status(&c, &a, false);
	test_is(got == status && client_ended(&c, 5000), "%s: %d (%d)", name, status, got);
	client_close(&c);
	answer_free(&a);
	free(p);
}

static void sizes(void)
{
#define LINE "GET /text HTTP/1.1\r\nHost: a\r\n"
	too_long("a target of 100 kB", 414, "GET /", 100000, " HTTP/1.1\r\nHost: a\r\n\r\n", 1);
	too_long("a value of 100 kB", 431, LINE "X: ", 100000, "\r\n\r\n", 1);
	too_long("a name of 100 kB", 431, LINE, 100000, ": x\r\n\r\n", 1);
	too_long("10000 headers", 431, LINE, 1, "X: y\r\n", 10000);
	too_long("a method of 100 kB", 501, "", 100000, " / HTTP/1.1\r\n\r\n", 1);
	too_long("a chunk extension of 64 kB", 400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;",
		 65536, "\r\nhello\r\n0\r\n\r\n", 1);
	too_long("a body of 1 GB", 413, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n", 1000000, "", 1);
#undef LINE
}

/* ---- clients that leave ------------------------------------------------------ */

static void reset(struct client *c)
{
	struct linger now = { 1, 0 };

	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	client_close(c);
}

static int fds(const struct family *f)
{
	int i, n = 0;

	for (i = 0; i < f->workers; i++)
		n += proc_fds(f->worker[i]);
	return n;
}

static void leavers(struct daemon *d)
{
	static const char *const half[] = {
		"G", "GET /text HTTP/1.1\r\n", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc",
		"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
		"GET /big HTTP/1.1\r\nHost: a\r\n\r\nGET /big HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /text HTTP/1.1\r\nHost: a\r\n\r\nGET /te", "bad\r\n\r\n",
	};
	struct family f;
	struct client c;
	int before, after = 0;
	size_t i;
	long end;

	family_settle(d->pid, 2, &f, 5000);
	before = fds(&f);
	for (i = 0; i < 40 * COUNT(half); i++) {
		const char *p = half[i % COUNT(half)];

		if (client_open(&c, port) != 0)
			continue;
		client_send(&c, p, strlen(p));
		if (i / COUNT(half) % 2)
			sleep_ms(1);
		if (i / COUNT(half) % 4 < 2)
			reset(&c);
		else
			client_close(&c); /* with data unread: a reset as well */
	}
	for (i = 0; i < 20; i++) { /* a request, FIN, and the answer is still read */
		struct answer a = { 0 };
		static const char one[] = "GET /text HTTP/1.1\r\nHost: a\r\n\r\n";

		client_open(&c, port);
		client_send(&c, one, sizeof one - 1);
		shutdown(c.fd, SHUT_WR);
		if (next_status(&c, &a, false) != 200 || !client_ended(&c, 2000))
			break;
		answer_free(&a);
		client_close(&c);
	}
	test_is(i == 20, "FIN behind the request: answered, then closed");
	for (end = now_ms() + 5000; now_ms() < end && (after = fds(&f)) > before; )
		sleep_ms(50);
	test_is(after <= before, "descriptors of the workers: %d before, %d after", before, after);
}

int main(int argc, char **argv)
{
	struct daemon d;

	if (argc != 4) {
		fputs("usage: wirecases ZIGTTPD HANDLER LOGFILE\n", stderr);
		return 64;
	}
	signal(SIGPIPE, SIG_IGN);
	daemon_start(&d, argv[1], "2", argv[2], argv[3]);
	port = d.port;
	tables();
	decoded();
	sizes();
	leavers(&d);
	test_is(exited_0(daemon_stop(&d, 5000)), "SIGTERM: exit 0");
	return test_end();
}
