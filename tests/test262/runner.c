/* runner.c: runs test262.
 *
 *     runner [-j N] [-t SECONDS] [-n EVERY] [-a] [-f] [-u] [-v] -s DIR CHECKOUT [PREFIX...]
 *
 * -s  folder with skip-features.txt, skip-files.txt and expected-failures.txt
 * -a  skip nothing   -f  run tests as requests on a frozen heap
 * -n  every n-th file only   -v  say why, and which expected failures pass
 * -u  write expected-failures.txt anew and, after a run of everything, RESULTS.txt;
 *     refused when there are new failures, unless given twice or the list is empty
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

#include "tests/test262/expected.h"
#include "tests/test262/variant.h"

enum verdict { NOT_RUN, PASSED, FAILED, SKIPPED };

struct options {
	const char *root, *lists;
	unsigned jobs, seconds, every;
	bool all, frozen, verbose;
	int update;
	char **skip, **skip_files;
	size_t nskip, nskip_files;
	int log;               /* O_APPEND: one write a failure */
};

/* Shared by the drivers. verdict[test * MODE__N + mode]. */
struct board {
	atomic_uint next;
	uint8_t verdict[];
};

static const char *const default_paths[] = { "language", "built-ins" };

static bool is_skipped(const struct options *o, const char *path, const struct header *h)
{
	if ((h->flags & TF_CAN_BLOCK) || (!o->all && list_has(o->skip_files, o->nskip_files, path)))
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
		if (is_skipped(o, path, &h)) {
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

static void print_row(FILE *f, const char *name, size_t n, const struct count *c)
{
	unsigned run = c->passed + c->failed;

	fprintf(f, "%-44.*s %6u of %6u  %5.1f %%  %6u skipped", (int)n, name, c->passed, run,
	        run ? 100.0 * c->passed / run : 100.0, c->skipped);
	if (c->fresh)
		fprintf(f, "  %u NEW", c->fresh);
	if (c->fixed)
		fprintf(f, "  %u fixed", c->fixed);
	fputc('\n', f);
}

/* Counts the variants of one test; names those that are not as expected. */
static void count_test(const struct options *o, const char *path, const uint8_t *verdict, const struct expected *e,
                       struct count *group, unsigned fresh_before)
{
	for (int m = 0; m < MODE__N; m++) {
		uint8_t v = verdict[m];
		bool known = (v == PASSED || v == FAILED) && expected_has(e, path, 1u << m);

		group->passed += v == PASSED;
		group->skipped += v == SKIPPED;
		group->failed += v == FAILED;
		group->fixed += v == PASSED && known;
		if (v == FAILED && !known && (group->fresh++ + fresh_before < 50 || o->verbose))
			printf("NEW FAILURE: %s %s\n", path, mode_name[m]);
		if (v == PASSED && known && o->verbose)
			printf("fixed: %s %s\n", path, mode_name[m]);
	}
}

/* Totals by folder, to `table` too unless it is NULL. */
static struct count report(const struct options *o, const struct paths *tests, const struct board *b,
                           const struct expected *e, FILE *table)
{
	struct count total = { 0 }, group = { 0 };

	for (size_t i = 0; i < tests->n; i++) {
		const char *path = tests->v[i];
		size_t g = group_length(path);

		count_test(o, path, b->verdict + i * MODE__N, e, &group, total.fresh);
		if (i + 1 == tests->n || group_length(tests->v[i + 1]) != g || strncmp(path, tests->v[i + 1], g)) {
			print_row(stdout, path, g, &group);
			add(&total, &group);
			group.fresh = group.fixed = 0;
			if (table)
				print_row(table, path, g, &group);
			memset(&group, 0, sizeof(group));
		}
	}
	print_row(stdout, "total", 5, &total);
	if (table) {
		group = total;
		group.fresh = group.fixed = 0;
		print_row(table, "total", 5, &group);
	}
	return total;
}

static void write_lists(const struct paths *tests, const struct board *b,
                        const struct expected *e, const char *file, char **prefix, int nprefix)
{
	struct expected_test *t = calloc(tests->n + 1, sizeof(*t));

	for (size_t i = 0; t && i < tests->n; i++) {
		t[i].path = tests->v[i];
		for (int m = 0; m < MODE__N; m++) {
			uint8_t v = b->verdict[i * MODE__N + (size_t)m];

			t[i].passed |= (v == PASSED) << m;
			t[i].failed |= (v == FAILED) << m;
		}
	}
	if (!t || expected_write(e, file, t, tests->n, prefix, nprefix) < 0) {
		perror(file);
		exit(1);
	}
	free(t);
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
		case 'u': o->update++; break;
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

static struct count judge(const struct options *o, const struct paths *tests, const struct board *b,
                          char **prefix, int nprefix)
{
	char file[4096], *table = NULL;
	size_t table_n;
	struct expected e;
	struct count total;
	FILE *f = open_memstream(&table, &table_n);

	if (!f)
		exit(1);
	fputs("# What of test262 passes, in variants (sloppy, strict, module, raw); written by\n"
	      "# make test262 UPDATE=1. Skipped: skip-features.txt, skip-files.txt.\n", f);
	snprintf(file, sizeof(file), "%s/expected-failures.txt", o->lists);
	expected_read(&e, file);
	total = report(o, tests, b, &e, f);
	fclose(f);
	if (o->update == 1 && total.fresh && e.n) {
		puts("there are new failures: the list stays as it is");
	} else if (o->update) {
		write_lists(tests, b, &e, file, prefix, nprefix);
		total.fresh = 0;
		snprintf(file, sizeof(file), "%s/RESULTS.txt", o->lists);
		f = prefix == (char **)default_paths ? fopen(file, "w") : NULL;
		if (f) {
			fputs(table, f);
			fclose(f);
		}
	}
	free(table);
	expected_free(&e);
	return total;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct paths tests = { 0 };
	struct board *b;
	struct count total;
	char file[4096], **prefix;
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
	snprintf(file, sizeof(file), "%s/skip-files.txt", o.lists);
	o.skip_files = list_read_words(file, true, &o.nskip_files);
	o.log = open("test262-failures.txt", O_CREAT | O_TRUNC | O_RDWR | O_APPEND | O_CLOEXEC, 0644);
	b = mmap(NULL, sizeof(*b) + tests.n * MODE__N, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (o.log < 0 || b == MAP_FAILED) {
		perror("runner");
		return 1;
	}
	run_drivers(&o, &tests, b);
	total = judge(&o, &tests, b, prefix, nprefix);
	if (o.verbose) {
		char *text = list_slurp("test262-failures.txt", NULL);

		fputs(text ? text : "", stdout);
		free(text);
	}
	list_tests_free(&tests);
	list_free(o.skip);
	list_free(o.skip_files);
	printf("%u passed, %u failed\n", total.passed, total.fresh);
	return total.fresh != 0;
}
