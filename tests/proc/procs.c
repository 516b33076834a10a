/* procs.c: what the supervisor promises about processes, tried on a real
 * zigttpd on loopback.
 *
 *   procs ZIGTTPD HANDLER LOGFILE
 *
 * PROC_RESPAWNS: how often a worker is killed and awaited (50; long: 2000). */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/proc/family.h"

static const char *daemon_path, *handler, *log_path;

static const char ask[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

/* ---- single promises ------------------------------------------------------ */

static void respawn(void)
{
	long rounds = getenv("PROC_RESPAWNS") ? atol(getenv("PROC_RESPAWNS")) : 50, i, worst = 0, sum = 0;
	struct memory early = { 0, 0 }, late = early, zygote_early = early, zygote_late = early;
	struct family f;
	struct daemon d;
	int fds, zygote_fds;
	bool ok;

	family_start(&d, &f, daemon_path, handler, log_path);
	fds = proc_fds(d.pid);
	zygote_fds = proc_fds(f.zygote);
	for (i = 0; i < rounds; i++) {
		pid_t victim;
		long took;

		if (!family_settle(d.pid, WORKERS, &f, 3000))
			break;
		if (i == rounds / 5) {
			memory_add(&early, d.pid);
			memory_add(&zygote_early, f.zygote);
		}
		victim = f.worker[i % WORKERS];
		took = now_ms();
		kill(victim, SIGKILL);
		while (kill(victim, 0) == 0)
			sleep_ms(1);
		if (!family_settle(d.pid, WORKERS, &f, 3000))
			break;
		took = now_ms() - took;
		sum += took;
		worst = took > worst ? took : worst;
	}
	test_is(i == rounds, "respawn: %ld of %ld come back (mean %ld ms, worst %ld ms)", i, rounds, sum / (i + 1), worst);
	test_is(proc_fds(d.pid) == fds && proc_fds(f.zygote) == zygote_fds, "respawn: descriptors of supervisor and zygote");
	memory_add(&late, d.pid);
	memory_add(&zygote_late, f.zygote);
	printf("# anonymous: supervisor %ld kB, then %ld kB; zygote %ld kB, then %ld kB\n", early.anon, late.anon, zygote_early.anon,
	       zygote_late.anon);
	test_is(memory_back(early, late) && memory_back(zygote_early, zygote_late), "respawn: memory of supervisor and zygote");
	ok = client_get(d.port, "/", 2000) == 200;
	test_is(exited_0(daemon_stop(&d, 5000)) && ok, "respawn: exit 0");
}

/* A request in flight and an idle connection at SIGTERM. */
static void drain(void)
{
	static const char begun[] = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe";
	struct client busy, idle;
	struct answer a = { 0 };
	struct family f;
	struct daemon d;
	long began;
	int status;

	family_start(&d, &f, daemon_path, handler, log_path);
	client_open(&idle, d.port);
	client_send(&idle, ask, sizeof ask - 1);
	client_read(&idle, &a, false, 2000);
	client_open(&busy, d.port);
	client_send(&busy, begun, sizeof begun - 1);
	sleep_ms(50);
	kill(d.pid, SIGTERM);
	sleep_ms(50);
	client_send(&busy, "llo", 3);
	test_is(client_read(&busy, &a, false, 2000) == 0 && a.status == 200 && strcmp(a.body, "hello") == 0 &&
		strstr(a.head, "Connection: close"), "drain: the request in flight is finished, and closes");
	test_is(client_ended(&busy, 2000), "drain: its connection ends");
	test_is(client_ended(&idle, 2000), "drain: the idle connection ends without an answer");
	client_close(&busy);
	client_close(&idle);
	began = now_ms();
	status = daemon_wait(&d, 5000);
	test_is(exited_0(status) && now_ms() - began < 3000, "drain: exit 0 (%ld ms)", now_ms() - began);
	test_is(family_gone(&f, 100), "drain: nobody is left behind");
	answer_free(&a);
}

/* Ctrl-C reaches the whole process group. */
static void interrupt(void)
{
	struct client c;
	struct answer a = { 0 };
	struct family f;
	struct daemon d;

	family_start(&d, &f, daemon_path, handler, log_path);
	client_open(&c, d.port);
	client_send(&c, ask, 10);
	sleep_ms(50);
	kill(-d.pid, SIGINT);
	sleep_ms(50);
	client_send(&c, ask + 10, sizeof ask - 11);
	test_is(client_read(&c, &a, false, 2000) == 0 && a.status == 200, "Ctrl-C: a request under way is answered");
	client_close(&c);
	test_is(exited_0(daemon_wait(&d, 5000)), "Ctrl-C: exit 0");
	test_is(family_gone(&f, 100), "Ctrl-C: nobody is left behind");
	answer_free(&a);
}

static void twice(void)
{
	struct client c;
	struct family f;
	struct daemon d;
	long began;

	family_start(&d, &f, daemon_path, handler, log_path);
	client_open(&c, d.port);
	client_send(&c, ask, 10); /* never finished: would be waited for */
	sleep_ms(50);
	began = now_ms();
	kill(d.pid, SIGINT);
	sleep_ms(50);
	kill(d.pid, SIGINT);
	test_is(exited_0(daemon_wait(&d, 3000)) && now_ms() - began < 2500, "Ctrl-C twice: does not wait");
	client_close(&c);
}

static void zygote_killed(void)
{
	struct family f, g;
	struct daemon d;
	bool ok = true;
	int i;

	family_start(&d, &f, daemon_path, handler, log_path);
	kill(f.zygote, SIGKILL);
	for (i = 0; i < 20; i++)
		ok &= client_get(d.port, "/", 2000) == 200;
	test_is(ok, "zygote killed: workers go on");
	test_is(family_settle(d.pid, WORKERS, &g, 3000) && g.zygote != f.zygote, "zygote killed: a new one is there");
	kill(g.worker[0], SIGKILL);
	sleep_ms(20);
	test_is(family_settle(d.pid, WORKERS, &f, 3000), "zygote killed: the new one forks workers");
	kill(f.zygote, SIGKILL);
	for (i = 0; i < f.workers; i++)
		kill(f.worker[i], SIGKILL);
	sleep_ms(20);
	test_is(family_settle(d.pid, WORKERS, &g, 5000) && client_get(d.port, "/", 2000) == 200,
		"zygote and all workers killed at once: all come back");
	test_is(exited_0(daemon_stop(&d, 5000)), "zygote killed: exit 0");
}

static void supervisor_killed(void)
{
	struct client c;
	struct answer a = { 0 };
	struct family f;
	struct daemon d, again;
	bool ok;
	long began;

	family_start(&d, &f, daemon_path, handler, log_path);
	client_open(&c, d.port);
	client_send(&c, ask, sizeof ask - 1);
	client_read(&c, &a, false, 2000);
	began = now_ms();
	kill(d.pid, SIGKILL);
	waitpid(d.pid, NULL, 0);
	ok = family_gone(&f, 1000);
	test_is(ok, "supervisor killed: workers leave within 1 s (%ld ms)", now_ms() - began);
	client_close(&c);
	family_start(&again, &f, daemon_path, handler, log_path);
	test_is(client_get(again.port, "/", 2000) == 200, "supervisor killed: a new start works");
	daemon_stop(&again, 5000);
	answer_free(&a);
}

/* One worker is busy with a request that goes on, and a zygote with a handler
 * whose module never ends. */
static void supervisor_killed_at_work(void)
{
	static const char slow[] = "GET /spin HTTP/1.1\r\nHost: t\r\n\r\n";
	static const char text[] = "function handler(request) {\n"
				   "  if (request.path === '/spin') for (let i = 0; i < 1e12; i++);\n"
				   "  return 'ok';\n}\n";
	char path[512];
	struct client c;
	struct family f;
	struct daemon d;
	pid_t loading;
	FILE *file;
	long began;
	bool ok;

	snprintf(path, sizeof path, "%s.spin.js", log_path);
	file = fopen(path, "w");
	if (file) {
		fputs(text, file);
		fclose(file);
	}
	family_start(&d, &f, daemon_path, path, log_path);
	client_open(&c, d.port);
	client_send(&c, slow, sizeof slow - 1);
	file = fopen(path, "w");
	if (file) {
		fputs("for (let i = 0; i < 1e12; i++);\nfunction handler() {}\n", file);
		fclose(file);
	}
	loading = f.zygote;
	kill(d.pid, SIGHUP);
	sleep_ms(200);
	family_look(d.pid, &f);
	ok = f.workers == WORKERS;
	began = now_ms();
	kill(d.pid, SIGKILL);
	waitpid(d.pid, NULL, 0);
	ok &= family_gone(&f, 1000);
	f.zygote = loading;
	ok &= family_gone(&f, 100);
	test_is(ok, "supervisor killed while a handler runs and another loads: all leave within 1 s (%ld ms)", now_ms() - began);
	client_close(&c);
	unlink(path);
}

/* ---- exit codes ------------------------------------------------------------ */

/* Runs zigttpd to its end; its status, and what it printed in text[]. */
static int run(char *const argv[], char *text, size_t size)
{
	int fds[2], status, err;
	ssize_t n, got = 0;
	pid_t pid;

	if (pipe(fds) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		execv(argv[0], argv);
		_exit(127);
	}
	close(fds[1]);
	for (err = 0; err < 100; err++) {
		struct pollfd pf = { fds[0], POLLIN, 0 };

		if (poll(&pf, 1, 5000) <= 0) {
			kill(pid, SIGKILL);
			break;
		}
		n = read(fds[0], text + got, size - 1 - (size_t)got);
		if (n <= 0)
			break;
		got += n;
	}
	text[got] = '\0';
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void exit_codes(void)
{
	static char text[8192];
	char port[8], bad_file[256];
	struct family f;
	struct daemon d;
	int code;
	FILE *file;

#define RUN(...) run((char *[]){ (char *)daemon_path, __VA_ARGS__, NULL }, text, sizeof text)
	code = RUN("--version");
	test_is(code == 0 && strncmp(text, "zigttpd ", 8) == 0, "--version");
	code = RUN("--help");
	test_is(code == 0 && strstr(text, "usage:"), "--help");
	code = RUN("-x");
	test_is(code == 64 && strstr(text, "-x"), "unknown option: 64");
	code = RUN("-p", "99999", "x.js");
	test_is(code == 64 && strstr(text, "99999"), "bad port: 64");
	code = RUN("-n", "2");
	test_is(code == 64, "no handler: 64");
	code = RUN("-p", "0", "/nonexistent/handler.js");
	test_is(code == 66 && strstr(text, "/nonexistent/handler.js"), "missing file: 66");
	snprintf(bad_file, sizeof bad_file, "%s.bad.js", log_path);
	file = fopen(bad_file, "w");
	if (file) {
		fputs("syntax error here\n", file);
		fclose(file);
	}
	code = RUN("-p", "0", bad_file);
	test_is(code == 65 && strstr(text, bad_file) && strstr(text, ":1:"), "does not compile: 65 with file and line");
	unlink(bad_file);
	code = RUN("-p", "0", "-e", "throw new Error('throw at load')");
	test_is(code == 65, "throws at load: 65");
	code = RUN("-p", "0", "-e", "var no_handler = 'no handler';");
	test_is(code == 65 && strstr(text, "no handler"), "no handler in it: 65");
	family_start(&d, &f, daemon_path, handler, log_path);
	snprintf(port, sizeof port, "%d", d.port);
	code = RUN("-p", port, (char *)handler);
	test_is(code == 69 && strstr(text, port) && strstr(text, "zigttpd"), "port busy: 69, says by whom");
	daemon_stop(&d, 5000);
	code = RUN("-h", "192.0.2.1", "-p", "19999", (char *)handler);
	test_is(code == 69, "address of another host: 69");
#undef RUN
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: procs ZIGTTPD HANDLER LOGFILE\n", stderr);
		return 64;
	}
	daemon_path = argv[1];
	handler = argv[2];
	log_path = argv[3];
	exit_codes();
	respawn();
	drain();
	interrupt();
	twice();
	zygote_killed();
	supervisor_killed();
	supervisor_killed_at_work();
	return test_end();
}
