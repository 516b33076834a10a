/* recording.c: what it costs to note a request's questions and effects, which the
 * response cache lives on. Runs a handler as a worker does, in this process and
 * without a network: blocks of requests with recording and without take turns.
 *
 *   recording HANDLER [BLOCKS [on|off]]    one kind only: for a counter from outside
 *
 * Prints processor time and, where the machine counts them, instructions of user
 * space per request: medians of the blocks. */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "shm/deps.h"
#include "supervisor/settings.h"
#include "worker/dispatch.h"

#define BLOCK 1000
#define BLOCKS_MAX 10000

enum { OFF, ON };
static const char wire[] = "GET /users/17?page=2&sort=name HTTP/1.1\r\nHost: example.org\r\nUser-Agent: bench\r\n"
			   "Accept: application/json\r\n\r\n";
static double ns[2][BLOCKS_MAX], instructions[2][BLOCKS_MAX];
static struct deps deps;
static int counter = -1;

static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static uint64_t counted(void)
{
	uint64_t n = 0;

	return counter >= 0 && read(counter, &n, sizeof n) == (ssize_t)sizeof n ? n : 0;
}

static void on_reply(struct http_reply *r, uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n), void *u)
{
	(void)r, (void)taint, (void)where, (void)u;
	deps_canonical(&deps);
}

static void block(struct app *app, const struct http_head *h, bool on, struct buf *out)
{
	unsigned i;

	for (i = 0; i < BLOCK; i++) {
		struct dispatch_request rq = {
			.head = h, .bytes = wire, .body = SV(""), .wall_seconds = 1000000000, .keep_alive = true,
			.deps = on ? &deps : NULL, .on_reply = on ? on_reply : NULL,
		};

		if (on)
			deps_clear(&deps);
		out->len = 0;
		if (dispatch_run(app, 0, &rq, out) != 200) {
			fprintf(stderr, "recording: the handler fails: %.*s\n", (int)out->len, out->p);
			exit(1);
		}
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, by_value);
	return v[n / 2];
}

static void report(const char *unit, double v[2][BLOCKS_MAX], unsigned n)
{
	double off = median(v[OFF], n), on = median(v[ON], n);

	printf("%-12s %10.1f without, %10.1f with recording: %+.2f %%\n", unit, off, on, (on - off) / off * 100);
}

int main(int argc, char **argv)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE, .size = sizeof attr, .config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_kernel = 1, .exclude_hv = 1,
	};
	unsigned blocks = argc > 2 ? (unsigned)atoi(argv[2]) : 400, i, k;
	bool only_on = argc > 3 && strcmp(argv[3], "on") == 0, only_off = argc > 3 && !only_on;
	struct config c;
	struct heritage h = { .generation = 1, .set = &c.set, .files_fd = -1, .log_fd = -1, .access_fd = -1 };
	struct buf out = BUF_INIT;
	static struct shm_slot slot;
	struct http_head head;
	struct app app;

	if (argc < 2 || blocks == 0 || blocks > BLOCKS_MAX) {
		fputs("usage: recording HANDLER [BLOCKS [on|off]]\n", stderr);
		return 64;
	}
	log_init(-1, LOG_ERR, "recording");
	settings_defaults(&c);
	c.set.napps = 1;
	c.set.app[0] = (struct app_setting){ .name = "bench", .handler = argv[1] };
	gate_init(&head);
	dispatch_read(&app, &h);
	if (dispatch_load(&app, &h) != 0 || gate_feed(&head, wire, sizeof wire - 1) != GATE_DONE)
		return 1;
	app.slot = &slot;
	counter = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	for (i = 0; i < blocks; i++)
		for (k = 0; k < 2; k++) {
			int on = (int)((i + k) & 1);
			uint64_t t, n;

			if (on ? only_off : only_on)
				continue;
			t = cpu_ns();
			n = counted();
			block(&app, &head, on == ON, &out);
			ns[on][i] = (double)(cpu_ns() - t) / BLOCK;
			instructions[on][i] = (double)(counted() - n) / BLOCK;
		}
	if (only_on || only_off)
		return 0;
	report("CPU ns", ns, blocks);
	if (instructions[OFF][blocks - 1] > 0)
		report("instructions", instructions, blocks);
	return 0;
}
