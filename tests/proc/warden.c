/* warden.c: workers that are replaced, that hang, and requests that kill them.
 *
 *   warden ZIGTTPD DIRECTORY LOGFILE */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/proc/family.h"

static const char *daemon_path, *log_path;
static char conf_path[512], handler_path[512];

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

static int strangers(const struct family *now, const struct family *then)
{
	int i, k, n = 0;

	for (i = 0; i < now->workers; i++) {
		for (k = 0; k < then->workers && then->worker[k] != now->worker[i]; k++)
			;
		n += k == then->workers;
	}
	return n;
}

/* Asks for so long; every request is to be answered, and there must never be
 * fewer workers than were asked for. */
static bool serves_all(const struct daemon *d, long ms, long *asked, int *fewest, int *most)
{
	static const char ask[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
	long end = now_ms() + ms;
	struct client kept = { .fd = -1 };
	struct answer a = { 0 };
	struct family f;
	bool ok = true;

	*fewest = PIDS;
	*most = 0;
	for (*asked = 0; ok && now_ms() < end; ++*asked) {
		ok = client_get(d->port, "/", 2000) == 200;
		if (kept.fd < 0 || client_ended(&kept, 0)) {
			client_close(&kept);
			ok &= client_open(&kept, d->port) == 0;
		}
		ok &= client_send(&kept, ask, sizeof ask - 1) == 0 && client_read(&kept, &a, false, 2000) == 0 && a.status == 200;
		if (ok && strstr(a.head, "Connection: close"))
			client_close(&kept);
		if (*asked % 8 == 0) {
			family_look(d->pid, &f);
			*fewest = f.workers < *fewest ? f.workers : *fewest;
			*most = f.workers > *most ? f.workers : *most;
		}
	}
	client_close(&kept);
	answer_free(&a);
	return ok;
}

static void recycle(const char *what, const char *conf, const char *reason, long max_requests)
{
	int fewest, most, fds;
	struct family f, g;
	struct daemon d;
	long asked;
	bool ok;

	put(conf_path, conf);
	family_start(&d, &f, daemon_path, handler_path, log_path);
	fds = proc_fds(d.pid);
	ok = serves_all(&d, 1500, &asked, &fewest, &most);
	test_is(ok && asked > 20, "%s: every request is answered (%ld)", what, asked * 2);
	test_is(fewest >= WORKERS, "%s: never fewer workers than asked for (%d to %d)", what, fewest, most);
	ok = log_shows(log_path, reason, 3, 3000);
	if (max_requests) /* not earlier than a tenth too soon, and hardly later */
		test_is(log_lines(log_path, reason) <= asked * 2 / (max_requests - max_requests / 10) + 1 &&
			log_lines(log_path, reason) >= asked * 2 / (max_requests + max_requests / 10) / 2,
			"%s: about as often as it says (%d times for %ld requests)", what, log_lines(log_path, reason), asked * 2);
	family_settle(d.pid, WORKERS, &g, 2000);
	test_is(ok && strangers(&g, &f) > 0, "%s: workers are replaced (%d)", what, log_lines(log_path, reason));
	test_is(log_lines(log_path, "exited with") == 0 && log_lines(log_path, "killed by") == 0, "%s: the old ones leave by themselves", what);
	test_is(proc_fds(d.pid) == fds, "%s: descriptors of the supervisor", what);
	test_is(exited_0(daemon_stop(&d, 5000)), "%s: exit 0", what);
}

static bool gone(pid_t pid, long ms)
{
	long end = now_ms() + ms;

	while (kill(pid, 0) == 0) {
		if (now_ms() > end)
			return false;
		sleep_ms(5);
	}
	return true;
}

/* A worker that does nothing any more, with and without a request. */
static void stuck(void)
{
	static const char slow[] = "GET /spin HTTP/1.1\r\nHost: t\r\n\r\n";
	struct client c[WORKERS];
	struct family f, g;
	struct daemon d;
	bool killed;
	int i;
	long began, took;

	put(conf_path, "limits {\n handler_timeout = 1500ms\n stuck = 300ms\n}\n");
	family_start(&d, &f, daemon_path, handler_path, log_path);
	if (f.workers != WORKERS) /* 0 would be ourselves */
		exit(1);
	began = now_ms();
	kill(f.worker[0], SIGSTOP);
	killed = gone(f.worker[0], 4000);
	took = now_ms() - began;
	test_is(killed, "stopped worker: is ended (after %ld ms)", took);
	test_is(log_shows(log_path, "is stuck", 1, 1000), "stopped worker: the log says so");
	test_is(family_settle(d.pid, WORKERS, &g, 3000) && client_get(d.port, "/", 2000) == 200, "stopped worker: is replaced");
	for (i = 0; i < WORKERS; i++) {
		client_open(&c[i], d.port);
		client_send(&c[i], slow, sizeof slow - 1);
	}
	sleep_ms(100);
	began = now_ms();
	kill(g.workers ? g.worker[0] : d.pid, SIGSTOP);
	killed = gone(g.worker[0], 8000);
	took = now_ms() - began;
	test_is(killed && took > 500, "worker stopped in a request: is ended after the handler's deadline (%ld ms)", took);
	for (i = 0; i < WORKERS; i++)
		client_close(&c[i]);
	test_is(family_settle(d.pid, WORKERS, &f, 6000), "stuck workers: all are back");
	test_is(exited_0(daemon_stop(&d, 8000)), "stuck workers: exit 0");
}

/* The same request kills three workers. */
static void poison(void)
{
	static const char ask[] = "GET /spin?deadly HTTP/1.1\r\nHost: t\r\n\r\n";
	static const char innocent[] = "GET /spin?innocent HTTP/1.1\r\nHost: t\r\n\r\n";
	struct client c;
	struct answer a = { 0 };
	struct family f;
	struct daemon d;
	int i;

	put(conf_path, "limits {\n handler_timeout = 5s\n}\n");
	daemon_start(&d, daemon_path, "1", handler_path, log_path);
	for (i = 0; i < 3; i++) {
		if (!family_settle(d.pid, 1, &f, 3000))
			break;
		client_open(&c, d.port);
		client_send(&c, ask, sizeof ask - 1);
		sleep_ms(100);
		kill(f.worker[0], SIGSEGV);
		gone(f.worker[0], 2000);
		client_close(&c);
	}
	family_settle(d.pid, 1, &f, 3000);
	test_is(i == 3 && log_shows(log_path, "quarantined", 1, 1000) && log_lines(log_path, "GET /spin?deadly") > 0,
		"poison: after three deaths the request is put into quarantine");
	client_open(&c, d.port);
	client_send(&c, ask, sizeof ask - 1);
	client_read(&c, &a, false, 2000);
	test_is(a.status == 503, "poison: it is answered 503 (%d)", a.status);
	client_close(&c);
	test_is(client_get(d.port, "/", 2000) == 200, "poison: others are answered");
	for (i = 0; i < 5; i++) { /* nobody's fault */
		if (!family_settle(d.pid, 1, &f, 3000))
			break;
		client_open(&c, d.port);
		client_send(&c, innocent, sizeof innocent - 1);
		sleep_ms(50);
		kill(f.worker[0], SIGKILL);
		gone(f.worker[0], 2000);
		client_close(&c);
	}
	family_settle(d.pid, 1, &f, 3000);
	test_is(i == 5 && log_lines(log_path, "quarantined") == 1, "poison: kill -9 says nothing about the request");
	test_is(exited_0(daemon_stop(&d, 8000)), "poison: exit 0");
	answer_free(&a);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: warden ZIGTTPD DIRECTORY LOGFILE\n", stderr);
		return 64;
	}
	daemon_path = argv[1];
	log_path = argv[3];
	snprintf(conf_path, sizeof conf_path, "%s/warden.conf", argv[2]);
	snprintf(handler_path, sizeof handler_path, "%s/warden-handler.js", argv[2]);
	put(handler_path, "function handler(request) {\n"
			  "  if (request.path === '/spin') for (let i = 0; i < 1e12; i++);\n"
			  "  return 'ok';\n}\n");
	daemon_conf = conf_path;
	recycle("max_requests", "recycle {\n max_requests = 400\n}\n", ": max_requests", 400);
	recycle("max_age", "recycle {\n max_age = 400ms\n}\nlimits {\n stuck = 400ms\n}\n", ": max_age", 0);
	recycle("max_rss", "recycle {\n max_rss = 1m\n}\nlimits {\n stuck = 400ms\n}\n", ": max_rss", 0);
	stuck();
	poison();
	unlink(conf_path);
	unlink(handler_path);
	return test_end();
}
