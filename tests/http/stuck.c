/* stuck.c: requests that never end, or want all memory, on a real zigttpd: each
 * is answered 504 or 500 soon after its deadline, and the others go on meanwhile.
 *
 *   stuck ZIGTTPD HANDLER LOGFILE   (the handler is written by us)
 *
 * Of the cases of tests/unit/stuck_cases.def some are tried; STUCK_ALL=1: all of
 * them. Times are printed, and only asserted with STUCK_LATE_MS=n (an answer at
 * most n ms after the deadline) and STUCK_P99=x: p99 of the others is x-fold at
 * most, compared not with an idle machine but with one where a thread of ours
 * burns the processor as a stuck request does, outside the server. The three take
 * turns, so that what else the machine does meets them alike, until each has seen
 * 3000 of their requests. Each stuck request delays those once that share its
 * worker: to see what a worker that stays stuck does to others, give it longer
 * than STUCK_MS=100. STUCK_CASES=a,b: these only. STUCK_SLOW=ms: a line for each
 * case beside which others waited so long, and when in its course. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/http/client.h"

#define OTHERS 3
#define TIMES 200000
#define ENOUGH 3000
#define ROUND_MS 8000              /* of stuck requests, then the other phases have their turn */

enum { LATE, FAILS, ANY };
static const struct { const char *name; int end; const char *body; } cases[] = {
#define CASE(name, end, body) { #name, end, body },
#include "tests/unit/stuck_cases.def"
#undef CASE
};
#define NCASES (sizeof cases / sizeof cases[0])

/* The short form: one of each sort. */
static const char *const some[] = {
	"loop", "loop_finally", "regexp_nested", "regexp_backref", "array_join", "sort_comparator", "sort_array_like",
	"json_parse_deep", "json_stringify_deep", "json_array_like", "bigint_pow", "repeat", "repeat_chain",
	"string_double_flat", "microtasks", "microtasks_async", "promise_never", "recursion", "recursion_getter",
	"recursion_tostring", "recursion_proxy", "long_fill", "long_unshift", "long_join", "endless_from", "string_raw",
	"string_replace_all", "typed_fill", "typed_many", "proxy_get", "source_large", "console", "headers_iterate",
};

static struct daemon d;
static int deadline_ms = 100;

/* ---- the others -------------------------------------------------------- */

enum { ALONE, BURNER, STUCK, OVER };     /* BURNER: beside one outside the server */
static atomic_int phase;
static atomic_long bad, asked[OVER];

struct times { uint32_t n[OVER], us[OVER][TIMES]; };
static struct times times[OTHERS];

/* Requests that took long beside a case, and when they were made: of a case's
 * first 20 ms, of its middle, of the 20 ms around its end. */
enum { EARLY, MIDDLE, END, WHEN };
struct beside { uint32_t n[WHEN], us[WHEN]; };
static struct beside beside[NCASES];
static pthread_mutex_t beside_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int running;
static _Atomic uint64_t began_us;
static uint32_t slow_us = UINT32_MAX;

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void note(uint64_t t0, uint32_t us)
{
	uint64_t since = t0 - atomic_load(&began_us);
	int when = (int64_t)since < 20000 ? EARLY : since + us < (uint64_t)deadline_ms * 1000 - 20000 ? MIDDLE : END;
	struct beside *b = &beside[atomic_load(&running)];

	pthread_mutex_lock(&beside_lock);
	b->n[when]++;
	if (us > b->us[when])
		b->us[when] = us;
	pthread_mutex_unlock(&beside_lock);
}

static void print_beside(void)
{
	static const char *const name[] = { "in its first 20 ms", "later", "around its end" };

	for (size_t i = 0; i < NCASES; i++)
		for (int k = 0; k < WHEN; k++)
			if (beside[i].n[k])
				printf("# beside %s, %s: %u slow ones, the slowest %.2f ms\n", cases[i].name, name[k],
				       beside[i].n[k], beside[i].us[k] / 1000.0);
}

/* Asks for a trivial page every 2 ms on a connection that stays open. */
static void *other(void *arg)
{
	static const char ask[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
	struct times *t = arg;
	struct client c = { .fd = -1 };
	struct answer a = { 0 };
	int now;

	while ((now = atomic_load(&phase)) != OVER) {
		uint64_t t0 = now_us();

		if ((c.fd < 0 && client_open(&c, d.port) != 0) || client_send(&c, ask, sizeof ask - 1) != 0 ||
		    client_read(&c, &a, false, 10000) != 0 || a.status != 200) {
			atomic_fetch_add(&bad, 1);
			client_close(&c);
		}
		atomic_fetch_add(&asked[now], 1);
		if (t->n[now] < TIMES) {
			uint32_t us = (uint32_t)(now_us() - t0);

			t->us[now][t->n[now]++] = us;
			if (now == STUCK && us >= slow_us)
				note(t0, us);
		}
		usleep(2000);
	}
	client_close(&c);
	answer_free(&a);
	return NULL;
}

static void *burner(void *arg)
{
	while (atomic_load(&phase) == BURNER)
		;
	return arg;
}

static void hold(int which, long ms)
{
	atomic_store(&phase, which);
	sleep_ms(ms);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static double p99_ms(int which, uint32_t *count)
{
	static uint32_t all[OTHERS * TIMES];
	uint32_t n = 0;

	for (int i = 0; i < OTHERS; i++) {
		memcpy(all + n, times[i].us[which], times[i].n[which] * sizeof all[0]);
		n += times[i].n[which];
	}
	qsort(all, n, sizeof all[0], by_value);
	*count = n;
	return n ? all[(uint64_t)n * 99 / 100] / 1000.0 : 0;
}

/* ---- the stuck ones ------------------------------------------------------ */

static long latest;
static const char *latest_name = "";

static void try(size_t i)
{
	char path[80];
	long t0 = now_ms(), late;
	int status;

	atomic_store(&running, (int)i);
	atomic_store(&began_us, now_us());
	snprintf(path, sizeof path, "/case_%s", cases[i].name);
	status = client_get(d.port, path, 20000);
	late = now_ms() - t0 - deadline_ms;
	if (late > latest)
		latest = late, latest_name = cases[i].name;
	if (cases[i].end == LATE)
		test_is(status == 504 || (status == 500 && (deadline_ms > 100 || late >= 0)), "%s is ended: %d, %ld ms after the deadline",
			cases[i].name, status, late);
	else if (cases[i].end == FAILS)
		test_is(status == 504 || status == 500, "%s fails: %d", cases[i].name, status);
	else
		test_is(status == 504 || status == 500 || status == 200, "%s is answered: %d", cases[i].name, status);
}

static bool chosen(size_t i)
{
	const char *list = getenv("STUCK_CASES"), *at = list ? strstr(list, cases[i].name) : NULL;

	if (list)
		return at && (at == list || at[-1] == ',') && strchr(",", at[strlen(cases[i].name)]);
	if (getenv("STUCK_ALL"))
		return true;
	for (size_t k = 0; k < sizeof some / sizeof some[0]; k++)
		if (strcmp(some[k], cases[i].name) == 0)
			return true;
	return false;
}

/* Each phase once: alone, beside the cases from i on, half as long beside a burner
 * and alone again. Where to go on. */
static size_t turns(size_t i)
{
	pthread_t burn;
	long t0, ms;

	hold(ALONE, 500);
	atomic_store(&phase, STUCK);
	t0 = now_ms();
	for (; i < NCASES && now_ms() - t0 < ROUND_MS; i++)
		if (chosen(i))
			try(i);
	ms = now_ms() - t0;
	atomic_store(&phase, BURNER);
	pthread_create(&burn, NULL, burner, NULL);
	hold(BURNER, getenv("STUCK_P99") ? ms / 2 : 500);
	atomic_store(&phase, ALONE);
	pthread_join(burn, NULL);
	hold(ALONE, getenv("STUCK_P99") ? ms / 4 : 0);
	return i;
}

static void write_files(const char *handler, const char *conf)
{
	FILE *f = fopen(handler, "w");

	fprintf(f, "const cases = {};\n");
	for (size_t i = 0; i < NCASES; i++)
		fprintf(f, "cases['/case_%s'] = %sfunction () { %s };\n", cases[i].name,
			strstr(cases[i].body, "await") ? "async " : "", cases[i].body);
	fprintf(f, "function handler(request) { const f = cases[request.path]; return f ? f() : 'ok'; }\n");
	fclose(f);
	f = fopen(conf, "w");
	fprintf(f, "memory = 192m\nquiet = yes\ncache {\n\tenabled = no\n}\nlimits {\n\thandler_timeout = %dms\n\thandler_cpu = %dms\n}\n",
		deadline_ms, deadline_ms);
	fclose(f);
}

int main(int argc, char **argv)
{
	const char *most = getenv("STUCK_LATE_MS"), *fold = getenv("STUCK_P99");
	long enough = fold ? ENOUGH : 0;
	pthread_t t[OTHERS];
	uint32_t n[OVER];
	double p[OVER];
	char conf[512];

	if (argc != 4)
		return 2;
	if (getenv("STUCK_MS"))
		deadline_ms = atoi(getenv("STUCK_MS"));
	if (getenv("STUCK_SLOW"))
		slow_us = (uint32_t)(atof(getenv("STUCK_SLOW")) * 1000);
	snprintf(conf, sizeof conf, "%s.conf", argv[2]);
	write_files(argv[2], conf);
	daemon_conf = conf;
	daemon_start(&d, argv[1], "4", argv[2], argv[3]);
	for (int i = 0; i < OTHERS; i++)
		pthread_create(&t[i], NULL, other, &times[i]);
	do
		for (size_t i = 0; i < NCASES; )
			i = turns(i);
	while (atomic_load(&asked[STUCK]) < enough);
	atomic_store(&phase, OVER);
	for (int i = 0; i < OTHERS; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < OVER; i++)
		p[i] = p99_ms(i, &n[i]);
	printf("latest: %s, %ld ms after its deadline; p99 of the others: %.2f ms alone (%u requests), %.2f ms beside a burner "
	       "outside the server (%u), %.2f ms beside stuck requests (%u): %.2f times alone, %.2f times the burner\n",
	       latest_name, latest, p[ALONE], n[ALONE], p[BURNER], n[BURNER], p[STUCK], n[STUCK], p[STUCK] / p[ALONE],
	       p[STUCK] / p[BURNER]);
	print_beside();
	test_is(atomic_load(&bad) == 0, "the others were served: %ld not", atomic_load(&bad));
	if (most)
		test_is(latest <= atol(most), "at most %s ms late", most);
	if (fold)
		test_is(p[STUCK] <= p[BURNER] * atof(fold), "p99 of the others at most %s times that beside a burner", fold);
	test_is(daemon_stop(&d, 10000) == 0, "it leaves with 0");
	unlink(conf);
	unlink(argv[2]);
	return test_end();
}
