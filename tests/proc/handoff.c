/* handoff.c: what goes along with a connection that leaves a busy worker: half
 * heads, half bodies, requests in a row. All of it is answered as if nothing had
 * happened, and long before the busy worker is free again.
 *
 *   handoff ZIGTTPD HANDLER LOGFILE   (the handler is written by us) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/proc/family.h"

#define CONNS 24
#define STUCK_MS 800          /* less than a request may wait */

static struct daemon d;
static struct client conn[CONNS];
static struct answer a;

/* What is sent before and after the worker is busy, and the bodies answered. */
static const struct script { const char *name, *first, *second; bool stays; const char *answer[4]; } scripts[] = {
	{ "a new request", "", "GET /a HTTP/1.1\r\nHost: t\r\n\r\n", false, { "GET /a " } },
	{ "half a head", "GET /half HT", "TP/1.1\r\nHost: t\r\n\r\n", false, { "GET /half " } },
	{ "half a field", "GET /f HTTP/1.1\r\nHost: t\r\nX-A", ": 1\r\n\r\n", false, { "GET /f " } },
	{ "a head without its body", "POST /b HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n", "hello", false, { "POST /b hello" } },
	{ "half a body", "POST /h HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe", "llo", false, { "POST /h hello" } },
	{ "requests in a row", "", "GET /1 HTTP/1.1\r\nHost: t\r\n\r\nPOST /2 HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nab"
	  "GET /3 HTTP/1.1\r\nHost: t\r\n\r\n", false, { "GET /1 ", "POST /2 ab", "GET /3 " } },
	{ "a row that begins in half", "GET /1 HTTP/1.1\r\nHo", "st: t\r\n\r\nGET /2 HTTP/1.1\r\nHost: t\r\n\r\n", false, { "GET /1 ", "GET /2 " } },
	{ "half a chunked body", "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
	  "2\r\nde\r\n0\r\n\r\n", true, { "POST /c abcde" } },
};

static bool answers(struct client *c, const struct script *s)
{
	int i;

	for (i = 0; i < 4 && s->answer[i]; i++) {
		size_t n = strlen(s->answer[i]);

		if (client_read(c, &a, false, 5000) != 0 || a.status != 200 || a.body_len != n ||
		    memcmp(a.body, s->answer[i], n) != 0)
			return false;
	}
	return true;
}

static void play(const struct script *s)
{
	static const char spin[] = "GET /spin HTTP/1.1\r\nHost: t\r\n\r\n", ask[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
	struct client busy;
	int i, ok = 0;
	long t0, ms;

	for (i = 0; i < CONNS; i++) { /* wherever they are */
		if (client_open(&conn[i], d.port) != 0 || client_send(&conn[i], ask, sizeof ask - 1) != 0 ||
		    client_read(&conn[i], &a, false, 5000) != 0)
			test_is(false, "connection %d", i);
		client_send(&conn[i], s->first, strlen(s->first));
	}
	sleep_ms(20);
	client_open(&busy, d.port);
	client_send(&busy, spin, sizeof spin - 1);
	sleep_ms(20);
	t0 = now_ms();
	for (i = 0; i < CONNS; i++)
		client_send(&conn[i], s->second, strlen(s->second));
	for (i = 0; i < CONNS; i++)
		ok += answers(&conn[i], s);
	ms = now_ms() - t0;
	test_is(ok == CONNS && (s->stays || ms < STUCK_MS / 2), "%s: %d of %d, after %ld ms", s->name, ok, CONNS, ms);
	test_is(client_read(&busy, &a, false, 5000) == 0 && a.status == 504, "…and the busy one is answered");
	client_close(&busy);
	for (i = 0; i < CONNS; i++)
		client_close(&conn[i]);
}

int main(int argc, char **argv)
{
	char conf[512];
	FILE *out;
	size_t i;

	if (argc != 4)
		return 2;
	snprintf(conf, sizeof conf, "%s.conf", argv[2]);
	out = fopen(argv[2], "w");
	fprintf(out, "function handler(request) {\n  if (request.path === '/spin') for (;;);\n"
		"  return `${request.method} ${request.path} ${request.body ?? ''}`;\n}\n");
	fclose(out);
	out = fopen(conf, "w");
	fprintf(out, "quiet = yes\ncache {\n\tenabled = no\n}\nlimits {\n\thandler_timeout = %dms\n}\n", STUCK_MS);
	fclose(out);
	daemon_conf = conf;
	daemon_start(&d, argv[1], "4", argv[2], argv[3]);
	for (i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
		if (i % 4 == 0 || getenv("HANDOFF_ALL") || i == 6 || i == 1)
			play(&scripts[i]);
	test_is(daemon_stop(&d, 10000) == 0, "it leaves with 0");
	unlink(argv[2]);
	unlink(conf);
	return test_end();
}
