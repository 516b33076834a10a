/* runner.c: runs test262.
 *
 *     runner [-j N] [-t SECONDS] [-n EVERY] [-a] [-f] [-u] [-v] -s DIR CHECKOUT [PREFIX...]
 *
 * -s  folder with skip-features.txt and expected-failures.txt
 * -a  do not skip features   -f  run tests as requests on a frozen heap
 * -n  every n-th file only   -u  write expected-failures.txt anew   -v  say why
 *
 * N driver processes each make one machine with the harness loaded and fork it
 * for every variant (sloppy, strict, module or raw) of every test, so that no
 * test can see another, and none can hang or crash the run. A variant that
 * fails and is not in expected-failures.txt is new: exit status 1. The list of
 * all failures with reasons goes to test262-failures.txt in the working folder. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/test262/variant.h"

enum verdict { NOT_RUN, PASSED, FAILED, SKIPPED };

struct options {
	const char *root, *lists;
	unsigned jobs, seconds, every;
	bool all, frozen, update, verbose;
	char **skip;
	size_t nskip;
	int log;               /* O_APPEND: one write a failure */
};

/* Shared by the drivers. verdict[test * MODE__N + mode]. */
struct board {
	atomic_uint next;
	uint8_t verdict[];
};

static const char *const default_paths[] = { "language", "built-ins" };

static bool is_skipped(const struct options *o, const struct header *h)
{
	if (h->flags & TF_CANNOT_BLOCK)
		return true;
	for (char **f = h->features; !o->all && *f; f++)
		if (list_has(o->skip, o->nskip, *f))
			return true;
	return false;
}

static bool has_mode(const struct header *h, enum mode m)
{
	bool module = h->flags & TF_MODULE, raw = h->flags & TF_RAW;

	switch (m) {
	case MODE_MODULE: return module;
	case MODE_RAW:    return raw && !module;
	case MODE_STRICT: return !module && !raw && !(h->flags & TF_NO_STRICT);
	case MODE_SLOPPY: return !module && !raw && !(h->flags & TF_ONLY_STRICT);
	default:          return false;
	}
}

/* Text in a memory file, from its beginning; for messages of children. */
static void read_back(int fd, char *text, size_t n)
{
	ssize_t r = pread(fd, text, n - 1, 0);

	text[r > 0 ? r : 0] = 0;
}

/* Waits for the child; past the limit it is killed and false returned. SIGCHLD
 * is blocked in drivers, so sigtimedwait sees it. */
static bool wait_for(pid_t pid, unsigned seconds, int *status)
{
	struct timespec limit = { .tv_sec = seconds }, now, end;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	for (;;) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= end.tv_sec)
			break;
		limit.tv_sec = end.tv_sec - now.tv_sec;
		if (sigtimedwait(&set, NULL, &limit) < 0 && errno != EINTR && errno != EAGAIN)
			break;
	}
	kill(pid, SIGKILL);
	waitpid(pid, status, 0);
	return false;
}

/* One variant in a child. Returns whether it passed; else why. */
static bool run_variant(const struct options *o, struct zigts *vm, const char *path, const struct header *h,
                        enum mode mode, int out, int msg, char *why, size_t why_n)
{
	char printed[65536];
	int status;
	pid_t pid;

	if (ftruncate(out, 0) < 0 || ftruncate(msg, 0) < 0 || lseek(out, 0, SEEK_SET) < 0) {
		perror("runner");
		exit(1);
	}
	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	if (pid == 0) {
		int rc;

		dup2(out, 1);
		dup2(out, 2);
		why[0] = 0;
		if (mode == MODE_RAW)
			vm = variant_machine(o->root, true, o->frozen);
		rc = variant_run(vm, o->root, path, h, mode, o->frozen, why, why_n);
		fflush(stdout);
		if (pwrite(msg, why, strlen(why), 0) < 0)
			_exit(2);
		_exit(rc);
	}
	if (!wait_for(pid, o->seconds, &status)) {
		snprintf(why, why_n, "more than %u s", o->seconds);
		return false;
	}
	read_back(msg, why, why_n);
	if (WIFSIGNALED(status)) {
		read_back(out, printed, sizeof(printed));
		snprintf(why, why_n, "killed by signal %d: %.200s", WTERMSIG(status), printed);
		why[strcspn(why, "\n")] = 0;
		return false;
	}
	if (WEXITSTATUS(status)) {
		if (!*why)
			snprintf(why, why_n, "exit status %d", WEXITSTATUS(status));
		return false;
	}
	if ((h->flags & TF_ASYNC) && !h->negative) {
		read_back(out, printed, sizeof(printed));
		return variant_judge_async(printed, why, why_n) == 0;
	}
	return true;
}

static void run_test(const struct options *o, struct zigts *vm, const char *path, uint8_t *verdict, int out, int msg)
{
	char full[4096], why[1024], line[8192];
	struct header h;
	char *src;

	snprintf(full, sizeof(full), "%s/test/%s", o->root, path);
	src = list_slurp(full, NULL);
	header_parse(src ? src : "", &h);
	free(src);
	for (int m = 0; m < MODE__N; m++) {
		int n;

		if (!has_mode(&h, m))
			continue;
		if (is_skipped(o, &h)) {
			verdict[m] = SKIPPED;
			continue;
		}
		verdict[m] = FAILED;     /* should this driver die */
		if (run_variant(o, vm, path, &h, m, out, msg, why, sizeof(why))) {
			verdict[m] = PASSED;
			continue;
		}
		n = snprintf(line, sizeof(line), "%s %s: %s\n", path, mode_name[m], why);
		if (write(o->log, line, (size_t)n) != n)
			perror("log");
	}
	header_free(&h);
}

static void drive(const struct options *o, const struct paths *tests, struct board *b)
{
	int out = memfd_create("out", MFD_CLOEXEC), msg = memfd_create("msg", MFD_CLOEXEC);
	struct zigts *vm;
	sigset_t set;
	unsigned i;

	if (out < 0 || msg < 0) {
		perror("memfd_create");
		exit(1);
	}
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	vm = variant_machine(o->root, false, o->frozen);
	while ((i = atomic_fetch_add(&b->next, 1)) < tests->n)
		if (i % o->every == 0)
			run_test(o, vm, tests->v[i], b->verdict + (size_t)i * MODE__N, out, msg);
	zigts_free(&vm);
	exit(0);
}

struct count { unsigned passed, failed, skipped, fresh, fixed; };

/* The first two folders of a path: built-ins/Array. */
static size_t group_length(const char *path)
{
	const char *p = strchr(path, '/'), *q = p ? strchr(p + 1, '/') : NULL;

	return q ? (size_t)(q - path) : p ? (size_t)(p - path) : strlen(path);
}

static void add(struct count *to, const struct count *c)
{
	to->passed += c->passed;
	to->failed += c->failed;
	to->skipped += c->skipped;
	to->fresh += c->fresh;
	to->fixed += c->fixed;
}

static void print_row(const char *name, size_t n, const struct count *c)
{
	unsigned run = c->passed + c->failed;

	printf("%-44.*s %6u of %6u  %5.1f %%  %6u skipped", (int)n, name, c->passed, run,
	       run ? 100.0 * c->passed / run : 100.0, c->skipped);
	if (c->fresh)
		printf("  %u NEW", c->fresh);
	if (c->fixed)
		printf("  %u fixed", c->fixed);
	putchar('\n');
}

/* Totals by folder, new failures by name; the expected list for -u in `fails`. */
static struct count report(const struct paths *tests, const struct board *b, char **expected, size_t nexpected,
                           FILE *fails)
{
	struct count total = { 0 }, group = { 0 };
	char id[4200];

	for (size_t i = 0; i < tests->n; i++) {
		const char *path = tests->v[i];
		size_t g = group_length(path);

		for (int m = 0; m < MODE__N; m++) {
			uint8_t v = b->verdict[i * MODE__N + (size_t)m];
			bool known;

			if (v == NOT_RUN)
				continue;
			snprintf(id, sizeof(id), "%s %s", path, mode_name[m]);
			known = list_has(expected, nexpected, id);
			group.passed += v == PASSED;
			group.skipped += v == SKIPPED;
			group.failed += v == FAILED;
			group.fixed += v == PASSED && known;
			if (v == FAILED) {
				fprintf(fails, "%s\n", id);
				if (!known && group.fresh++ + total.fresh < 50)
					printf("NEW FAILURE: %s\n", id);
			}
		}
		if (i + 1 == tests->n || group_length(tests->v[i + 1]) != g || strncmp(path, tests->v[i + 1], g)) {
			print_row(path, g, &group);
			add(&total, &group);
			memset(&group, 0, sizeof(group));
		}
	}
	print_row("total", 5, &total);
	return total;
}

static bool under_a_prefix(const char *path, char **prefix, int n)
{
	for (int i = 0; i < n; i++) {
		size_t len = strlen(prefix[i]);

		if (!strncmp(path, prefix[i], len) && (path[len] == '/' || path[len] == ' '))
			return true;
	}
	return false;
}

/* The kept list: what failed now, and what was expected outside this run. */
static void write_expected(const char *file, char **expected, size_t nexpected, const char *fails,
                           char **prefix, int nprefix)
{
	FILE *f = fopen(file, "w");

	if (!f) {
		perror(file);
		exit(1);
	}
	fputs("# Variants of test262 that fail. This list may only get shorter\n"
	      "# (make test262 UPDATE=1 writes it).\n", f);
	for (size_t i = 0; i < nexpected; i++)
		if (!under_a_prefix(expected[i], prefix, nprefix))
			fprintf(f, "%s\n", expected[i]);
	fputs(fails, f);
	fclose(f);
}

static void usage(void)
{
	fputs("usage: runner [-j N] [-t SECONDS] [-n EVERY] [-a] [-f] [-u] [-v] -s DIR CHECKOUT [PREFIX...]\n", stderr);
	exit(64);
}

static int options_parse(int argc, char **argv, struct options *o)
{
	int c;

	o->jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	o->seconds = 10;
	o->every = 1;
	while ((c = getopt(argc, argv, "j:t:n:s:afuv")) != -1) {
		switch (c) {
		case 'j': o->jobs = (unsigned)atoi(optarg); break;
		case 't': o->seconds = (unsigned)atoi(optarg); break;
		case 'n': o->every = (unsigned)atoi(optarg); break;
		case 's': o->lists = optarg; break;
		case 'a': o->all = true; break;
		case 'f': o->frozen = true; break;
		case 'u': o->update = true; break;
		case 'v': o->verbose = true; break;
		default: usage();
		}
	}
	if (optind >= argc || !o->lists || !o->jobs || !o->every || (o->update && o->every > 1))
		usage();
	o->root = argv[optind];
	return optind + 1;
}

static void run_drivers(const struct options *o, const struct paths *tests, struct board *b)
{
	pid_t pid;
	int status;

	fflush(stdout);
	for (unsigned j = 0; j < o->jobs; j++) {
		pid = fork();
		if (pid < 0) {
			perror("fork");
			exit(1);
		}
		if (pid == 0)
			drive(o, tests, b);
	}
	while ((pid = wait(&status)) > 0 || errno == EINTR)
		if (pid > 0 && (!WIFEXITED(status) || WEXITSTATUS(status))) {
			fprintf(stderr, "runner: a driver died (status %#x)\n", (unsigned)status);
			exit(1);
		}
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct paths tests = { 0 };
	struct board *b;
	struct count total;
	char file[4096], *fails, **expected, **prefix;
	size_t nexpected, fails_n;
	FILE *f;
	int first = options_parse(argc, argv, &o), nprefix = argc - first;

	prefix = nprefix ? argv + first : (char **)default_paths;
	if (!nprefix)
		nprefix = sizeof(default_paths) / sizeof(default_paths[0]);
	for (int i = 0; i < nprefix; i++) {
		size_t n = strlen(prefix[i]);

		if (n && prefix[i][n - 1] == '/')
			prefix[i][n - 1] = 0;
		list_tests(o.root, prefix[i], &tests);
	}
	snprintf(file, sizeof(file), "%s/skip-features.txt", o.lists);
	o.skip = list_read_words(file, false, &o.nskip);
	o.log = open("test262-failures.txt", O_CREAT | O_TRUNC | O_RDWR | O_APPEND | O_CLOEXEC, 0644);
	b = mmap(NULL, sizeof(*b) + tests.n * MODE__N, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	f = open_memstream(&fails, &fails_n);
	if (o.log < 0 || b == MAP_FAILED || !f) {
		perror("runner");
		return 1;
	}
	run_drivers(&o, &tests, b);

	snprintf(file, sizeof(file), "%s/expected-failures.txt", o.lists);
	expected = list_read_lines(file, &nexpected);
	total = report(&tests, b, expected, nexpected, f);
	fclose(f);
	if (o.verbose) {
		char *text = list_slurp("test262-failures.txt", NULL);

		fputs(text ? text : "", stdout);
		free(text);
	}
	if (o.update) {
		write_expected(file, expected, nexpected, fails, prefix, nprefix);
		total.fresh = 0;
	}
	free(fails);
	printf("%u passed, %u failed\n", total.passed, total.fresh);
	return total.fresh != 0;
}
