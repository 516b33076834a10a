/* watch.c: --watch: a handler saved in every way that editors have is served
 * soon, a broken one never, and nobody's request fails meanwhile. Prints how
 * long each save took to be served; only a generous bound is a failure.
 *
 *   watch ZIGTTPD LOG SAVES */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/http/client.h"
#include "tests/proc/family.h"

#define BOUND_MS 2000   /* of a save; a slow machine has half a minute */
#define PATIENCE_MS 30000

static char dir[] = "/tmp/zigttpd-watch.XXXXXX";
static struct daemon d;
static int version;
static long slowest;

/* ---- files ----------------------------------------------------------------- */

static const char *in(const char *name)
{
	static char path[4][256];
	static unsigned i;
	char *p = path[i++ % 4];

	snprintf(p, 256, "%s/%s", dir, name);
	return p;
}

static int run(const char *fmt, ...)
{
	char cmd[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof cmd, fmt, ap);
	va_end(ap);
	return system(cmd);
}

/* In two parts, so that half of it can be seen. */
static void write_file(const char *path, const char *text, long pause)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	size_t n = strlen(text), half = n / 2;

	if (fd < 0 || write(fd, text, half) != (ssize_t)half) {
		perror(path);
		exit(1);
	}
	if (pause)
		sleep_ms(pause);
	if (write(fd, text + half, n - half) != (ssize_t)(n - half))
		exit(1);
	close(fd);
}

static const char *next(void)
{
	static char text[128];

	snprintf(text, sizeof text, "function handler(r) { return \"version %d\"; }\n", ++version);
	return text;
}

static void move(const char *from, const char *to)
{
	char a[256];

	snprintf(a, sizeof a, "%s", in(from));
	if (rename(a, in(to)) != 0) {
		perror(from);
		exit(1);
	}
}

/* ---- the server ------------------------------------------------------------ */

static bool fetch(char *out, size_t n)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	struct answer a = { 0 };
	struct client c;
	bool ok;

	if (client_open(&c, d.port) != 0)
		return false;
	ok = client_send(&c, request, sizeof request - 1) == 0 && client_read(&c, &a, false, 5000) == 0 && a.status == 200;
	if (ok)
		snprintf(out, n, "%.*s", (int)a.body_len, a.body);
	answer_free(&a);
	client_close(&c);
	return ok;
}

/* How long until it is served; -1: never. */
static long until_served(void)
{
	char want[64], got[256];
	long began = now_ms();

	snprintf(want, sizeof want, "version %d", version);
	do {
		if (fetch(got, sizeof got) && strcmp(got, want) == 0)
			return now_ms() - began;
		sleep_ms(2);
	} while (now_ms() - began < PATIENCE_MS);
	return -1;
}

static void saved(const char *how)
{
	long ms = until_served();

	if (ms > slowest)
		slowest = ms;
	test_is(ms >= 0 && ms <= BOUND_MS, "%s: served after %ld ms", how, ms);
}

static bool serves_still(void)
{
	char want[64], got[256];

	snprintf(want, sizeof want, "version %d", version);
	return fetch(got, sizeof got) && strcmp(got, want) == 0;
}

static int count_log(const char *word)
{
	char line[1024];
	FILE *f = fopen(d.log, "r");
	int n = 0;

	while (f && fgets(line, sizeof line, f))
		n += strstr(line, word) != NULL;
	if (f)
		fclose(f);
	return n;
}

static bool wait_log(const char *word, int n)
{
	long end = now_ms() + PATIENCE_MS;

	while (count_log(word) < n)
		if (now_ms() > end)
			return false;
		else
			sleep_ms(5);
	return true;
}

/* A client that asks all the time, in a process of its own; the pipe tells it to
 * end. Its exit status says whether every request was answered. */
static pid_t asker(int *stop)
{
	int p[2];
	pid_t pid;

	if (pipe(p) != 0)
		exit(1);
	pid = fork();
	if (pid == 0) {
		long asked = 0, failed = 0;
		char got[256], c;

		close(p[1]);
		fcntl(p[0], F_SETFL, O_NONBLOCK);
		while (read(p[0], &c, 1) != 0) {
			asked++;
			failed += !fetch(got, sizeof got) || strncmp(got, "version ", 8) != 0;
			sleep_ms(1);
		}
		printf("# %ld requests meanwhile, %ld failed\n", asked, failed);
		fflush(stdout);
		_exit(failed != 0);
	}
	close(p[0]);
	*stop = p[1];
	return pid;
}

/* ---- saves ----------------------------------------------------------------- */

static void editors(void)
{
	write_file(in("real/h.js"), next(), 40);
	saved("written in place, slowly");

	write_file(in("real/.h.tmp"), next(), 0);
	move("real/.h.tmp", "real/h.js");
	saved("renamed over");

	move("real/h.js", "real/h.js~");
	write_file(in("real/h.js"), next(), 10);
	unlink(in("real/h.js~"));
	saved("backup by renaming, then a new file");

	write_file(in("real/h.js___jb_tmp___"), next(), 0);
	move("real/h.js", "real/h.js___jb_old___");
	move("real/h.js___jb_tmp___", "real/h.js");
	unlink(in("real/h.js___jb_old___"));
	saved("safe write with two renames");

	unlink(in("real/h.js"));
	sleep_ms(100);
	write_file(in("real/h.js"), next(), 0);
	saved("removed, then made again");

	write_file(in("real/other"), next(), 0);
	unlink(in("real/h.js"));
	if (link(in("real/other"), in("real/h.js")) != 0)
		exit(1);
	saved("a hard link");
	unlink(in("real/other"));

	version++;
	if (run("sed -i 's/version [0-9]*/version %d/' %s", version, in("real/h.js")) == 0)
		saved("sed -i");
	else
		version--;
	version++;
	if (run("exec > /dev/null 2>&1 < /dev/null; vim -es -u NONE -N -c 'set backup writebackup backupcopy=no' "
		"-c '%%s/version [0-9]*/version %d/' -c 'wq' %s", version, in("real/h.js")) == 0)
		saved("vim with a backup");
	else
		version--;
	version++;
	if (run("exec > /dev/null 2>&1; cd %s && git init -q . && git add h.js && G='git -c user.name=a -c user.email=a@b' && "
		"$G commit -qm 1 && git checkout -qb two && sed -i 's/version [0-9]*/version %d/' h.js && "
		"$G commit -qam 2", in("real"), version) == 0) {
		saved("commit on a branch");
		version--;
		if (run("cd %s && git checkout -q -", in("real")) == 0)
			saved("git checkout");
		run("rm -rf %s", in("real/.git"));
	} else {
		version--;
	}
}

static void directories(void)
{
	run("rm -r %s", in("real"));
	sleep_ms(300);
	test_is(serves_still(), "directory removed: goes on");
	mkdir(in("real"), 0755);
	write_file(in("real/h.js"), next(), 0);
	saved("directory made again");

	mkdir(in("new"), 0755);
	write_file(in("new/h.js"), next(), 0);
	move("real", "old");
	move("new", "real");
	saved("directory replaced");

	mkdir(in("elsewhere"), 0755);
	write_file(in("elsewhere/h.js"), next(), 0);
	if (symlink("elsewhere", in("turned")) != 0)
		exit(1);
	move("turned", "link");
	saved("link to the directory turned");
	write_file(in("elsewhere/h.js"), next(), 0);
	saved("written behind the link");
	if (symlink("real", in("turned")) != 0)
		exit(1);
	move("turned", "link");
	write_file(in("real/h.js"), next(), 0);
	saved("turned back");
}

static void broken(void)
{
	int refused = count_log("reload refused");

	write_file(in("real/h.js"), "function handler(r) { return (\n", 0);
	test_is(wait_log("reload refused", refused + 1) && count_log("h.js:2:1: SyntaxError") == 1 && serves_still(),
		"a broken handler is refused with its place, the old one goes on");
	write_file(in("conf"), "watch = yes\nwrokers = 3\n", 0);
	test_is(wait_log("reload refused", refused + 2) && count_log("conf:2: ") == 1 && serves_still(),
		"so is a broken configuration");
	write_file(in("conf"), "watch = yes\n", 0);
	test_is(wait_log("reload refused", refused + 3), "a good one with the broken handler as well");
	write_file(in("real/h.js"), next(), 0);
	saved("mended");
}

static const char *next_module(void)
{
	static char text[128];

	snprintf(text, sizeof text, "export const text = \"version %d\";\n", ++version);
	return text;
}

/* Files that the handler imports, directly and through others. */
static void modules(void)
{
	int refused = count_log("reload refused");

	mkdir(in("lib"), 0755);
	write_file(in("lib/text.mjs"), next_module(), 0);
	write_file(in("lib/all.mjs"), "export * from './text.mjs';\n", 0);
	write_file(in("real/h.js"), "import { text } from '../lib/all.mjs';\nexport default () => text;\n", 0);
	saved("a handler of several files");
	write_file(in("lib/text.mjs"), next_module(), 20);
	saved("an imported module written in place");
	write_file(in("lib/.tmp"), next_module(), 0);
	move("lib/.tmp", "lib/text.mjs");
	saved("an imported module renamed over");
	write_file(in("lib/text.mjs"), "export const text = ;\n", 0);
	test_is(wait_log("reload refused", refused + 1) && count_log("text.mjs:1:21: SyntaxError") == 1 && serves_still(),
		"a broken module is refused with its place");
	write_file(in("lib/text.mjs"), next_module(), 0);
	saved("a module mended");
	run("rm -r %s", in("lib"));
	write_file(in("real/h.js"), next(), 0);
	saved("modules removed together with their import");
}

static void noise(void)
{
	int before = count_log("reloaded in"), i;
	char name[64];

	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "real/noise%d", i % 3);
		write_file(in(name), "x", 0);
		sleep_ms(1);
	}
	sleep_ms(200);
	test_is(count_log("reloaded in") == before, "other files of the directory mean nothing");
	/* more events than the kernel keeps for one who does not listen */
	kill(d.pid, SIGSTOP);
	for (i = 0; i < 9000; i++) {
		snprintf(name, sizeof name, "real/noise%d", i & 1);
		close(open(in(name), O_WRONLY | O_CREAT | O_TRUNC, 0644));
		unlink(in(name));
	}
	write_file(in("real/h.js"), next(), 0);
	kill(d.pid, SIGCONT);
	saved("a save behind 18000 other events");
}

/* Save after save; what the supervisor occupies must not grow. */
static void many(int saves)
{
	struct memory before = { 0, 0 }, after = { 0, 0 };
	long ms, sum = 0, worst = 0;
	int i, missed = 0;

	for (i = 0; i < saves; i++) {
		write_file(in("real/h.js"), next(), 0);
		ms = until_served();
		missed += ms < 0;
		sum += ms;
		if (ms > worst)
			worst = ms;
		if (i == saves / 5)
			memory_add(&before, d.pid);
	}
	memory_add(&after, d.pid);
	test_is(missed == 0, "%d saves: served after %ld ms on average, %ld at most", saves, sum / saves, worst);
	test_is(memory_back(before, after), "supervisor: %ld kB after %d saves, %ld kB after %d; anonymous %ld kB, then %ld kB", before.rss,
		saves / 5, after.rss, saves, before.anon, after.anon);
}

int main(int argc, char **argv)
{
	int stop, status;
	struct family f;
	pid_t pid;

	if (argc != 4 || !mkdtemp(dir))
		return 64;
	mkdir(in("real"), 0755);
	if (symlink("real", in("link")) != 0)
		return 1;
	write_file(in("real/h.js"), next(), 0);
	write_file(in("conf"), "watch = yes\n", 0);
	daemon_conf = strdup(in("conf"));
	daemon_start(&d, argv[1], "2", strdup(in("link/h.js")), argv[2]);
	pid = asker(&stop);
	editors();
	directories();
	broken();
	modules();
	noise();
	many(atoi(argv[3]));
	close(stop);
	test_is(waitpid(pid, &status, 0) == pid && exited_0(status), "no request failed");
	test_is(family_settle(d.pid, 2, &f, 10000), "the old generations have left");
	test_is(exited_0(daemon_stop(&d, 10000)), "it ends well");
	printf("# slowest save %ld ms\n", slowest);
	run("rm -rf %s", dir);
	return test_end();
}
