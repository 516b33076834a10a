/* run.c: runs JavaScript cases and compares what they print with what their
 * comments expect. Called by `make check`; by hand:
 *     run [-v] [FILE|DIR ...]        (default: $srcdir/tests/js)
 * A case says what it prints beside the lines that print:
 *     print(1 + 1);              // expect: 2
 *     null.x;                    // expect throw: TypeError: message
 *     // flags: --module         options for `zigttp run`
 * Every printed line must equal the sequence of expectations. A case with
 * `expect throw` must end with that uncaught error, any other one with exit
 * status 0. Files and folders whose name begins with _ are helpers of cases.
 * Environment: ZIGTTP (the program; default ./zigttp), JOBS (2), TIMEOUT (20 s).
 * Knows nothing of the engine: it executes the program as a user would. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CASES = 20000, MAX_FLAGS = 16 };

struct tally { atomic_uint next, passed, failed; };

static char *cases[MAX_CASES];
static unsigned ncases;
static const char *program = "./zigttp";
#ifdef ZTS_TORTURE
static unsigned timeout_s = 300;  /* a collection at every allocation */
#else
static unsigned timeout_s = 20;
#endif
static bool verbose;

/* What a case's comments promise. */
struct promise {
	char *expect;          /* lines, each ended by \n */
	char *error;           /* of `expect throw`, or NULL */
	char *flags[MAX_FLAGS + 1];
	int nflags;
};

static void die(const char *what)
{
	fprintf(stderr, "run: %s: %s\n", what, strerror(errno));
	exit(1);
}

static char *read_fd(int fd)
{
	struct stat st;
	char *s;
	size_t n = 0, want;

	if (fstat(fd, &st) < 0)
		die("fstat");
	want = (size_t)st.st_size;
	s = malloc(want + 1);
	if (!s)
		die("malloc");
	while (n < want) {
		ssize_t r = pread(fd, s + n, want - n, (off_t)n);

		if (r <= 0)
			break;
		n += (size_t)r;
	}
	s[n] = 0;
	return s;
}

static bool is_case(const char *name)
{
	static const char *const ends[] = { ".js", ".mjs", ".ts", ".mts", ".jsx", ".tsx" };
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!strcmp(dot, ends[i]))
			return true;
	return false;
}

static void collect(const char *path)
{
	struct dirent **list;
	struct stat st;
	int n;

	if (stat(path, &st) < 0)
		die(path);
	if (!S_ISDIR(st.st_mode)) {
		if (ncases < MAX_CASES)
			cases[ncases++] = strdup(path);
		return;
	}
	n = scandir(path, &list, NULL, alphasort);
	if (n < 0)
		die(path);
	for (int i = 0; i < n; i++) {
		char sub[4096];

		snprintf(sub, sizeof(sub), "%s/%s", path, list[i]->d_name);
		if (list[i]->d_name[0] != '.' && list[i]->d_name[0] != '_' && stat(sub, &st) == 0 &&
		    (S_ISDIR(st.st_mode) || is_case(sub)))
			collect(sub);
		free(list[i]);
	}
	free(list);
}

/* The text behind `mark` up to the end of the line, one leading blank dropped. */
static char *after(const char *at, const char *mark)
{
	const char *p = at + strlen(mark);

	if (*p == ' ')
		p++;
	return strndup(p, strcspn(p, "\r\n"));
}

static void read_promise(const char *src, struct promise *pr)
{
	FILE *f;
	size_t n;

	memset(pr, 0, sizeof(*pr));
	f = open_memstream(&pr->expect, &n);
	if (!f)
		die("open_memstream");
	for (const char *p = src; (p = strstr(p, "// ")) != NULL; p += 3) {
		if (!strncmp(p, "// expect:", 10)) {
			char *s = after(p, "// expect:");

			fprintf(f, "%s\n", s);
			free(s);
		} else if (!strncmp(p, "// expect throw:", 16)) {
			free(pr->error);
			pr->error = after(p, "// expect throw:");
		} else if (!strncmp(p, "// flags:", 9)) {
			char *s = after(p, "// flags:");

			for (char *w = strtok(s, " "); w && pr->nflags < MAX_FLAGS; w = strtok(NULL, " "))
				pr->flags[pr->nflags++] = w;
		}
	}
	fclose(f);
}

/* One line of err is `text`, or ends with it after a blank ("Uncaught …",
 * "file:1:2: …"). */
static bool has_error(const char *err, const char *text)
{
	size_t n = strlen(text);

	for (const char *p = err; *p; ) {
		size_t len = strcspn(p, "\n");

		if (len >= n && !memcmp(p + len - n, text, n) && (len == n || p[len - n - 1] == ' '))
			return true;
		p += len;
		p += *p == '\n';
	}
	return false;
}

/* Executes the program; the child's output is in two memory files. */
static int execute(const char *path, struct promise *pr, int out, int err)
{
	char *argv[MAX_FLAGS + 8];
	int n = 0, status;
	pid_t pid;

	argv[n++] = (char *)program;
	argv[n++] = "run";
	for (int i = 0; i < pr->nflags; i++)
		argv[n++] = pr->flags[i];
	argv[n++] = (char *)path;
	argv[n] = NULL;
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		int null = open("/dev/null", O_RDONLY);

		dup2(null, 0);
		dup2(out, 1);
		dup2(err, 2);
		signal(SIGALRM, SIG_DFL);
		alarm(timeout_s);    /* survives exec */
		execv(program, argv);
		perror(program);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return status;
}

/* Shows the first line in which got differs from want. */
static void show_difference(FILE *f, const char *got, const char *want)
{
	unsigned line = 1;

	while (*got || *want) {
		size_t g = strcspn(got, "\n"), w = strcspn(want, "\n");

		if (g != w || memcmp(got, want, g) || !*got != !*want) {
			fprintf(f, "    line %u: expected \"%.*s\"%s, printed \"%.*s\"%s\n", line, (int)w, want,
			        *want ? "" : " (end)", (int)g, got, *got ? "" : " (end)");
			return;
		}
		got += g + (got[g] == '\n');
		want += w + (want[w] == '\n');
		line++;
	}
}

static bool run_case(const char *path)
{
	struct promise pr;
	char *src, *got, *complaint, *report;
	size_t report_n;
	FILE *f = open_memstream(&report, &report_n);
	int fd = open(path, O_RDONLY | O_CLOEXEC), status;
	int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC);
	bool ok = true;

	if (!f || fd < 0 || out < 0 || err < 0)
		die(path);
	src = read_fd(fd);
	read_promise(src, &pr);
	status = execute(path, &pr, out, err);
	got = read_fd(out);
	complaint = read_fd(err);
	if (WIFSIGNALED(status)) {
		ok = false;
		if (WTERMSIG(status) == SIGALRM)
			fprintf(f, "    more than %u s\n", timeout_s);
		else
			fprintf(f, "    killed by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
	} else if (pr.error && (!WEXITSTATUS(status) || !has_error(complaint, pr.error))) {
		ok = false;
		fprintf(f, "    expected to end with \"%s\", exit status %d\n", pr.error, WEXITSTATUS(status));
	} else if (!pr.error && WEXITSTATUS(status)) {
		ok = false;
		fprintf(f, "    exit status %d\n", WEXITSTATUS(status));
	}
	if (strcmp(got, pr.expect)) {
		ok = false;
		show_difference(f, got, pr.expect);
	}
	if (!ok && *complaint)
		fprintf(f, "    stderr: %.2000s%s", complaint, complaint[strlen(complaint) - 1] == '\n' ? "" : "\n");
	fclose(f);
	if (!ok || verbose) {
		printf("%s %s\n%s", ok ? "ok  " : "FAIL", path, report);
		fflush(stdout);
	}
	close(fd);
	close(out);
	close(err);
	free(src);
	free(got);
	free(complaint);
	free(report);
	free(pr.expect);
	free(pr.error);
	return ok;
}

static void serve_cases(struct tally *t)
{
	unsigned i;

	while ((i = atomic_fetch_add(&t->next, 1)) < ncases)
		atomic_fetch_add(run_case(cases[i]) ? &t->passed : &t->failed, 1);
}

int main(int argc, char **argv)
{
	const char *src = getenv("srcdir"), *e;
	unsigned jobs = 2;
	struct tally *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char dir[4096];
	int i = 1;

	if (t == MAP_FAILED)
		die("mmap");
	if ((e = getenv("ZIGTTP")) != NULL)
		program = e;
	if ((e = getenv("JOBS")) != NULL && atoi(e) > 0)
		jobs = (unsigned)atoi(e);
	if ((e = getenv("TIMEOUT")) != NULL && atoi(e) > 0)
		timeout_s = (unsigned)atoi(e);
	if (i < argc && !strcmp(argv[i], "-v")) {
		verbose = true;
		i++;
	}
	if (i == argc) {
		snprintf(dir, sizeof(dir), "%s/tests/js", src ? src : ".");
		collect(dir);
	}
	for (; i < argc; i++)
		collect(argv[i]);
	fflush(stdout);
	for (unsigned j = 0; j < jobs; j++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0) {
			serve_cases(t);
			_exit(0);
		}
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	/* A case that nobody finished (its server died) is a failed one. */
	printf("%u passed, %u failed\n", t->passed, ncases - t->passed);
	return t->passed == ncases && ncases > 0 ? 0 : 1;
}
