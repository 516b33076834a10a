/* soak.c: does a worker's memory stay where it is? Requests whose bodies are
 * JSON objects with random keys go to a zigttpd with one worker; its resident
 * memory is read all along.
 *
 *   soak ZIGTTPD LOGFILE REQUESTS LARGE
 *
 * REQUESTS of 100 random keys each, then LARGE of 100,000 keys each. From a fifth
 * of the way on the figure may move by 2 %. With the large ones it is read when
 * the worker has rested: what a body took is kept for the next one for a second. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/proc/family.h"

#define REST_MS 2200             /* two ticks of a worker */

static const char handler_text[] =
	"const seen = {}; let count = 0;\n"
	"async function handler(request) {\n"
	"  if (request.method !== 'POST') return 'ready';\n"
	"  const o = await request.json();\n"
	"  let sum = 0;\n"
	"  for (const k of Object.keys(o)) { seen[k] = o[k]; sum += o[k]; }\n"
	"  count++;\n"
	"  const copy = { ...o, [request.path]: sum };\n"
	"  return Response.json({ count, keys: Object.keys(seen).length, sum, copy: Object.keys(copy).length },\n"
	"                       { headers: { ['x-' + request.path.slice(1)]: '1' } });\n"
	"}\n";

static unsigned long long state = 0x9e3779b97f4a7c15u;

static unsigned long long next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* One request; its length. room: for keys * (len + 6) + 256 bytes. */
static size_t make_request(char *out, int keys, int len)
{
	static const char letter[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
	size_t body = 2 + (size_t)keys * ((size_t)len + 5) - 1;
	char *at = out + sprintf(out, "POST /%016llx HTTP/1.1\r\nHost: t\r\nContent-Length: %zu\r\n\r\n{", next_random(), body);
	int i, k;

	for (i = 0; i < keys; i++) {
		unsigned long long r = next_random();

		*at++ = '"';
		for (k = 0; k < len; k++, r >>= 6)
			*at++ = letter[r & 63];
		*at++ = '"';
		*at++ = ':';
		*at++ = (char)('0' + i % 10);
		*at++ = ',';
	}
	at[-1] = '}';
	return (size_t)(at - out);
}

struct range { long first, least, most, last; };

static void see(struct range *r, pid_t worker)
{
	long kb = proc_kb(worker, "smaps_rollup", "Rss");

	if (r->first == 0)
		*r = (struct range){ kb, kb, kb, kb };
	r->least = kb < r->least ? kb : r->least;
	r->most = kb > r->most ? kb : r->most;
	r->last = kb;
}

/* Runs n requests; r: resident kB from a fifth on, rests: only after pauses, of which
 * there are three. False: a request failed. */
static bool run(struct daemon *d, pid_t worker, long n, int keys, int len, bool rests, struct range *r)
{
	char *rq = malloc((size_t)keys * ((size_t)len + 6) + 256);
	long i, step = n / 100 ? n / 100 : 1, bad = 0;
	struct answer a = { 0 };
	struct client c;

	*r = (struct range){ 0, 0, 0, 0 };
	if (!rq || client_open(&c, d->port) != 0)
		return false;
	for (i = 0; i < n && !bad; i++) {
		size_t size = make_request(rq, keys, len);

		bad += client_send(&c, rq, size) != 0 || client_read(&c, &a, false, 20000) != 0 || a.status != 200 ||
		       !strstr(a.body, "\"count\":1,");
		if (bad)
			printf("# request %ld: status %d, %.200s\n", i, a.status, a.body ? a.body : "");
		if (rests ? i != n / 5 && i != n / 2 && i != n - 1 : i < n / 5 || (i % step != 0 && i != n - 1))
			continue;
		if (rests)
			sleep_ms(REST_MS);
		see(r, worker);
	}
	client_close(&c);
	answer_free(&a);
	free(rq);
	return bad == 0;
}

static void try(struct daemon *d, pid_t worker, long n, int keys, int len)
{
	struct range r;
	long began = now_ms();
	bool ok = run(d, worker, n, keys, len, keys > 10000, &r);
	long slack = r.first / 50;

	printf("# %ld requests of %d random keys in %.1f s: %ld kB at a fifth, %ld..%ld kB, %ld kB at the end\n", n, keys,
	       (double)(now_ms() - began) / 1000, r.first, r.least, r.most, r.last);
	test_is(ok, "soak: %ld requests of %d keys, each the first its worker has seen", n, keys);
	test_is(r.first > 0 && r.most <= r.first + slack && r.least >= r.first - slack,
		"soak: resident memory within %ld kB", slack);
}

int main(int argc, char **argv)
{
	char path[512];
	struct family f;
	struct daemon d;
	FILE *file;

	if (argc != 5) {
		fputs("usage: soak ZIGTTPD LOGFILE REQUESTS LARGE\n", stderr);
		return 64;
	}
	snprintf(path, sizeof path, "%s.js", argv[2]);
	file = fopen(path, "w");
	if (!file || fputs(handler_text, file) < 0 || fclose(file) != 0)
		return 73;
	daemon_start(&d, argv[1], "1", path, argv[2]);
	family_settle(d.pid, 1, &f, 3000);
	try(&d, f.worker[0], atol(argv[3]), 100, 8);
	try(&d, f.worker[0], atol(argv[4]), 100000, 4);
	try(&d, f.worker[0], atol(argv[3]) / 2, 100, 8);
	family_look(d.pid, &f);
	test_is(f.workers == 1 && exited_0(daemon_stop(&d, 5000)), "soak: exit 0");
	unlink(path);
	return test_end();
}
