/* crash.c: workers that crash, idle and in the middle of a request: the request
 * gets its 500, every other connection goes on, the log tells where it was, and
 * a request that kills three workers is not run again.
 *
 *   crash ZIGTTPD HANDLER LOGFILE   (the handler is written by us) */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/proc/family.h"

#define CONNS 40

static struct daemon d;
static struct family f;
static struct client conn[CONNS];
static struct answer a;
static const char ask[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
static const char kill_me[] = "GET /spin?me HTTP/1.1\r\nHost: t\r\n\r\n";

/* Processor time of a process, in ticks. */
static long cpu_ticks(pid_t pid)
{
	char path[40], text[512], *p;
	unsigned long user = 0, sys = 0;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	in = fopen(path, "r");
	if (!in)
		return 0;
	if (!fgets(text, sizeof text, in))
		text[0] = '\0';
	fclose(in);
	p = strrchr(text, ')');
	if (p)
		sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys);
	return (long)(user + sys);
}

/* The worker that holds our connection. */
static pid_t holder(const struct client *c)
{
	unsigned long inode[256], wanted;
	int i, k, n;

	proc_connections();
	wanted = proc_server_inode(d.port, client_port(c));
	family_look(d.pid, &f);
	for (i = 0; i < f.workers && wanted != 0; i++) {
		n = proc_sockets(f.worker[i], inode, 256);
		for (k = 0; k < n; k++)
			if (inode[k] == wanted)
				return f.worker[i];
	}
	return 0;
}

/* The worker that burns the processor for this connection, however little it
 * gets of it; 0: none within 10 s. */
static pid_t busy_worker(const struct client *c)
{
	long end = now_ms() + 10000, began = 0;
	pid_t found = 0, now;

	do {
		now = holder(c);
		if (now != found)
			began = cpu_ticks(now);
		else if (now && cpu_ticks(now) - began >= 2)
			return now;
		found = now;
		sleep_ms(20);
	} while (now_ms() < end);
	return 0;
}

/* A request on every connection, answers afterwards; how many were answered. */
static int all_ask(int first, bool only_send, bool only_read)
{
	int i, ok = 0;

	for (i = first; i < CONNS && !only_read; i++)
		if (client_send(&conn[i], ask, sizeof ask - 1) != 0)
			printf("# connection %d cannot be written to\n", i);
	for (i = first; i < CONNS && !only_send; i++) {
		if (client_read(&conn[i], &a, false, 5000) == 0 && a.status == 200)
			ok++;
		else
			printf("# connection %d is broken\n", i);
	}
	return ok;
}

static bool log_has(const char *text) { return log_shows(d.log, text, 1, 2000); }

static void crash_idle(void)
{
	int i, ok;

	for (i = 0; i < f.workers; i++) {
		struct family now;

		kill(f.worker[i], i & 1 ? SIGBUS : SIGSEGV);
		ok = all_ask(0, false, false);
		test_is(ok == CONNS, "an idle worker crashes: %d of %d connections go on", ok, CONNS);
		if (!family_settle(d.pid, WORKERS, &now, 5000))
			test_is(false, "the pool is whole again");
	}
	test_is(log_has("crashed: signal 11") && log_has("crashed: signal 7"), "the log tells of it");
}

static void crash_busy(int nth)
{
	struct client c;
	pid_t pid;
	int ok;

	if (client_open(&c, d.port) != 0 || client_send(&c, kill_me, sizeof kill_me - 1) != 0) {
		test_is(false, "request %d that will crash", nth);
		return;
	}
	pid = busy_worker(&c);
	all_ask(0, true, false);
	if (pid)
		kill(pid, SIGSEGV);
	ok = client_read(&c, &a, false, 5000);
	test_is(pid != 0 && ok == 0 && a.status == 500, "the request that crashed gets 500 (%d)", ok == 0 ? a.status : 0);
	ok = all_ask(0, false, true);
	test_is(ok == CONNS, "%d of %d other connections were answered", ok, CONNS);
	client_close(&c);
	test_is(family_settle(d.pid, WORKERS, &f, 5000), "the pool is whole again");
}

/* Nobody is there to take what the only worker had: its successor finds it. */
static void crash_alone(char **argv)
{
	int i, ok;

	daemon_start(&d, argv[1], "1", argv[2], argv[3]);
	test_is(family_settle(d.pid, 1, &f, 5000), "one worker");
	for (i = 0; i < CONNS; i++)
		if (client_open(&conn[i], d.port) != 0)
			test_is(false, "connection %d", i);
	ok = all_ask(0, false, false);
	test_is(ok == CONNS, "connections: %d", ok);
	kill(f.worker[0], SIGSEGV);
	ok = all_ask(0, false, false);
	test_is(ok == CONNS, "the only worker crashes: %d of %d connections go on with the next", ok, CONNS);
	for (i = 0; i < CONNS; i++)
		client_close(&conn[i]);
	test_is(exited_0(daemon_stop(&d, 5000)), "it leaves with 0");
}

static void write_handler(const char *path, const char *conf)
{
	FILE *out = fopen(path, "w");

	fprintf(out, "function spinning(n) {\n  for (;;)\n    n = Math.max(n, 1);\n}\n"
		"function handler(request) { return request.path === '/spin' ? spinning(0) : 'ok'; }\n");
	fclose(out);
	out = fopen(conf, "w");
	fprintf(out, "quiet = yes\ncache {\n\tenabled = no\n}\nlimits {\n\thandler_timeout = 60s\n\thandler_cpu = 60s\n}\n");
	fclose(out);
}

int main(int argc, char **argv)
{
	char conf[512], where[300];
	int i;

	if (argc != 4)
		return 2;
	snprintf(conf, sizeof conf, "%s.conf", argv[2]);
	write_handler(argv[2], conf);
	daemon_conf = conf;
	crash_alone(argv);
	family_start(&d, &f, argv[1], argv[2], argv[3]);
	for (i = 0; i < CONNS; i++)
		if (client_open(&conn[i], d.port) != 0)
			return 1;
	i = all_ask(0, false, false);
	test_is(i == CONNS, "connections: %d", i);
	crash_idle();
	for (i = 0; i < 3; i++)
		crash_busy(i);
	snprintf(where, sizeof where, "in spinning (%s:", argv[2]);
	test_is(log_has(where), "the log names function and file");
	test_is(log_has(":3:") || log_has(":2:"), "…and line");
	test_is(log_has("request GET /spin?me"), "…and request");
	test_is(log_has("of generation 1 crashed"), "…and generation");
	test_is(log_has("request quarantined"), "after three deaths it is quarantined");
	i = client_get(d.port, "/spin?me", 3000);
	test_is(i == 503, "…and refused: %d", i);
	test_is(client_get(d.port, "/", 3000) == 200, "…while others are served");
	i = all_ask(0, false, false);
	test_is(i == CONNS, "all connections are alive at the end: %d", i);
	for (i = 0; i < CONNS; i++)
		client_close(&conn[i]);
	test_is(exited_0(daemon_stop(&d, 5000)), "it leaves with 0");
	unlink(argv[2]);
	unlink(conf);
	return test_end();
}
