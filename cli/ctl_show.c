/* ctl_show.c: see ctl_show.h. Called by ctl.c and ctl_top.c; prints, decides
 * nothing. */
#include "cli/ctl_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

void show_us(char out[24], uint64_t us)
{
	if (us < 1000)
		snprintf(out, 24, "%" PRIu64 " us", us);
	else if (us < 1000000)
		snprintf(out, 24, "%.1f ms", (double)us / 1e3);
	else
		snprintf(out, 24, "%.1f s", (double)us / 1e6);
}

void show_age(char out[24], uint64_t s)
{
	if (s < 120)
		snprintf(out, 24, "%" PRIu64 " s", s);
	else if (s < 7200)
		snprintf(out, 24, "%" PRIu64 " min", s / 60);
	else if (s < 172800)
		snprintf(out, 24, "%" PRIu64 " h", s / 3600);
	else
		snprintf(out, 24, "%" PRIu64 " d", s / 86400);
}

void show_kb(char out[24], uint64_t kb)
{
	if (kb < 10240)
		snprintf(out, 24, "%" PRIu64 " K", kb);
	else
		snprintf(out, 24, "%.1f M", (double)kb / 1024);
}

/* A list under `key`; its number of entries. */
static uint32_t list(const msgpack_object *m, const char *key, const msgpack_object **first)
{
	const msgpack_object *o = ctl_get(m, key);

	if (!o || o->type != MSGPACK_OBJECT_ARRAY)
		return 0;
	*first = o->via.array.ptr;
	return o->via.array.size;
}

static void print_number(const msgpack_object *m, const char *key, const char *text)
{
	printf("%-12s %" PRIu64 "\n", text, ctl_u64(m, key));
}

void show_status(const msgpack_object *m)
{
	char age[24];

	show_age(age, ctl_u64(m, "uptime_s"));
	printf("zigttpd " SV_FMT " (pid %" PRIu64 ") on " SV_FMT ", up %s%s\n", SV_ARG(ctl_text(m, "version")),
	       ctl_u64(m, "pid"), SV_ARG(ctl_text(m, "address")), age,
	       ctl_bool(m, "stopping") ? ", stopping" : ctl_bool(m, "healthy") ? "" : ", NOT HEALTHY");
	printf("%-12s %" PRIu64 "\n", "generation", ctl_u64(m, "generation"));
	printf("%-12s %" PRIu64 " of %" PRIu64 " serving, %" PRIu64 " busy, %" PRIu64 " starting, %" PRIu64 " draining\n",
	       "workers", ctl_u64(m, "serving"), ctl_u64(m, "workers"), ctl_u64(m, "busy"), ctl_u64(m, "starting"),
	       ctl_u64(m, "draining"));
	print_number(m, "connections", "connections");
	printf("%-12s %" PRIu64 ", %" PRIu64 " with status 5xx, %" PRIu64 " shed\n", "requests", ctl_u64(m, "requests"),
	       ctl_u64(m, "errors"), ctl_u64(m, "shed"));
	printf("%-12s %" PRIu64 ", %" PRIu64 " refused\n", "reloads", ctl_u64(m, "reloads"), ctl_u64(m, "reloads_refused"));
	print_number(m, "deaths", "deaths");
	print_number(m, "quarantined", "quarantined");
}

void show_workers(const msgpack_object *m)
{
	const msgpack_object *w;
	uint32_t n = list(m, "workers", &w), i;

	printf("%4s %8s %4s %-9s %8s %6s %11s %8s %8s %9s %9s\n", "SLOT", "PID", "GEN", "STATE", "AGE", "CONNS", "REQUESTS",
	       "ERRORS", "RESTARTS", "AVG", "RESIDENT");
	for (i = 0; i < n; i++) {
		uint64_t requests = ctl_u64(&w[i], "requests");
		char age[24], avg[24], kb[24];

		show_age(age, ctl_u64(&w[i], "age_s"));
		show_us(avg, requests ? ctl_u64(&w[i], "exec_us_total") / requests : 0);
		show_kb(kb, ctl_u64(&w[i], "rss_kb"));
		printf("%4" PRIu64 " %8" PRIu64 " %4" PRIu64 " %-9.*s %8s %6" PRIu64 " %11" PRIu64 " %8" PRIu64 " %8" PRIu64
		       " %9s %9s\n", ctl_u64(&w[i], "slot"), ctl_u64(&w[i], "pid"), ctl_u64(&w[i], "generation"),
		       SV_ARG(ctl_text(&w[i], "state")), age, ctl_u64(&w[i], "connections"), requests,
		       ctl_u64(&w[i], "errors"), ctl_u64(&w[i], "restarts"), avg, kb);
	}
}

static void print_when(uint64_t when_s, uint64_t age_s)
{
	char text[32] = "", age[24];
	time_t t = (time_t)when_s;
	struct tm tm;

	if (localtime_r(&t, &tm))
		strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
	show_age(age, age_s);
	printf("%s (%s ago)", text, age);
}

void show_slow(const msgpack_object *m)
{
	const msgpack_object *e;
	uint32_t n = list(m, "slow", &e), i;
	char us[24];

	if (n == 0) {
		show_us(us, ctl_u64(m, "threshold_us"));
		printf(ctl_u64(m, "threshold_us") ? "no request was slower than %s\n" : "the slow log is off\n", us);
	}
	for (i = 0; i < n; i++) {
		struct sv stack = ctl_text(&e[i], "stack");

		show_us(us, ctl_u64(&e[i], "us"));
		printf("%9s  " SV_FMT "\n           ", us, SV_ARG(ctl_text(&e[i], "request")));
		print_when(ctl_u64(&e[i], "when_s"), ctl_u64(&e[i], "age_s"));
		printf(", worker %" PRIu64 ", generation %" PRIu64 "\n", ctl_u64(&e[i], "slot"), ctl_u64(&e[i], "generation"));
		while (stack.n != 0) {
			const char *nl = memchr(stack.p, '\n', stack.n);
			size_t len = nl ? (size_t)(nl - stack.p) : stack.n;

			printf("         %.*s\n", (int)len, stack.p);
			stack.p += len + (nl != NULL);
			stack.n -= len + (nl != NULL);
		}
	}
}

void show_crashes(const msgpack_object *m)
{
	const msgpack_object *k;
	uint32_t n = list(m, "crashes", &k), i;

	if (n == 0)
		puts("no crash on record");
	for (i = 0; i < n; i++) {
		struct sv function = ctl_text(&k[i], "function"), file = ctl_text(&k[i], "file"), request = ctl_text(&k[i], "request");

		printf("SIG" SV_FMT " at address 0x%" PRIx64 ", worker %" PRIu64 " (pid %" PRIu64 "), generation %" PRIu64 ", ",
		       SV_ARG(ctl_text(&k[i], "name")), ctl_u64(&k[i], "address"), ctl_u64(&k[i], "slot"),
		       ctl_u64(&k[i], "pid"), ctl_u64(&k[i], "generation"));
		print_when(ctl_u64(&k[i], "when_s"), ctl_u64(&k[i], "age_s"));
		printf("\n  request   " SV_FMT "\n", SV_ARG(request.n ? request : SV("none")));
		if (function.n || file.n)
			printf("  in        " SV_FMT " (" SV_FMT ":%" PRIu64 ":%" PRIu64 ")\n",
			       SV_ARG(function.n ? function : SV("<anonymous>")), SV_ARG(file), ctl_u64(&k[i], "line"),
			       ctl_u64(&k[i], "column"));
	}
}

void show_text(const msgpack_object *m)
{
	struct sv text = ctl_text(m, "text");

	fwrite(text.p, 1, text.n, stdout);
	if (text.n && text.p[text.n - 1] != '\n')
		putchar('\n');
}

void show_state(const msgpack_object *m)
{
	static const char *const module[] = { "cache", "ratelimit" };
	size_t i;

	printf("%-17s %9s %9s %9s %11s %11s %10s %10s\n", "MODULE", "KEYS", "USED", "OF", "HITS", "MISSES", "EVICTED", "EXPIRED");
	for (i = 0; i < ARRAY_LEN(module); i++) {
		const msgpack_object *s = ctl_get(m, module[i]);
		char used[24], room[24];

		if (!s)
			continue;
		show_kb(used, ctl_u64(s, "bytes") / 1024);
		show_kb(room, ctl_u64(s, "capacity") / 1024);
		printf("zigttp:%-10s %9" PRIu64 " %9s %9s %11" PRIu64 " %11" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n", module[i],
		       ctl_u64(s, "entries"), used, room, ctl_u64(s, "hits"), ctl_u64(s, "misses"), ctl_u64(s, "evictions"),
		       ctl_u64(s, "expired"));
	}
}
