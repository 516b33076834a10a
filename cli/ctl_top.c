/* ctl_top.c: `zigttpctl top`: what the workers have done between two looks.
 * Called by ctl.c. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/ctl_show.h"
#include "cli/ctl_talk.h"

#define SLOTS 512
#define ANSWER_MS 10000

struct row { uint64_t pid, requests, exec_us, wait_us, errors; };
static struct row before[SLOTS];
static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

static void remember(const msgpack_object *w, struct row *r)
{
	r->pid = ctl_u64(w, "pid");
	r->requests = ctl_u64(w, "requests");
	r->exec_us = ctl_u64(w, "exec_us_total");
	r->wait_us = ctl_u64(w, "wait_us_total");
	r->errors = ctl_u64(w, "errors");
}

static uint64_t less(uint64_t a, uint64_t b) { return a > b ? a - b : 0; }

static void print_row(const msgpack_object *w, double seconds)
{
	struct row now, *old = &before[ctl_u64(w, "slot") % SLOTS];
	char exec[24], wait[24], kb[24], busy[24];
	uint64_t n, used;

	remember(w, &now);
	n = less(now.requests, old->requests);
	used = less(now.exec_us, old->exec_us);
	show_us(exec, n ? used / n : 0);
	show_us(wait, n ? less(now.wait_us, old->wait_us) / n : 0);
	show_kb(kb, ctl_u64(w, "rss_kb"));
	show_us(busy, ctl_u64(w, "busy_us"));
	printf("%4" PRIu64 " %8" PRIu64 " %4" PRIu64 " %-9.*s %6" PRIu64 " %9.0f %7.0f %4.0f%% %9s %9s %9s  ",
	       ctl_u64(w, "slot"), now.pid, ctl_u64(w, "generation"), SV_ARG(ctl_text(w, "state")), ctl_u64(w, "connections"),
	       (double)n / seconds, (double)less(now.errors, old->errors) / seconds,
	       seconds > 0 ? (double)used / seconds / 1e4 : 0, exec, wait, kb);
	if (ctl_u64(w, "busy_us") != 0)
		printf("%s " SV_FMT, busy, SV_ARG(ctl_text(w, "request")));
	putchar('\n');
	*old = now;
}

static void print_table(const msgpack_object *m, double seconds)
{
	const msgpack_object *list = ctl_get(m, "workers");
	uint32_t i, n = list && list->type == MSGPACK_OBJECT_ARRAY ? list->via.array.size : 0;
	uint64_t rq = 0, conns = 0;
	struct row now;

	for (i = 0; i < n; i++) {
		const msgpack_object *w = &list->via.array.ptr[i];

		remember(w, &now);
		rq += less(now.requests, before[ctl_u64(w, "slot") % SLOTS].requests);
		conns += ctl_u64(w, "connections");
	}
	printf("generation %" PRIu64 ", %u workers, %" PRIu64 " connections, %.0f requests/s\n\n", ctl_u64(m, "generation"), n,
	       conns, (double)rq / seconds);
	printf("%4s %8s %4s %-9s %6s %9s %7s %5s %9s %9s %9s  %s\n", "SLOT", "PID", "GEN", "STATE", "CONNS", "REQ/S", "ERR/S",
	       "BUSY", "EXEC", "WAIT", "RESIDENT", "NOW");
	for (i = 0; i < n; i++)
		print_row(&list->via.array.ptr[i], seconds);
}

static void remember_all(const msgpack_object *m)
{
	const msgpack_object *list = ctl_get(m, "workers");
	uint32_t i;

	for (i = 0; list && list->type == MSGPACK_OBJECT_ARRAY && i < list->via.array.size; i++)
		remember(&list->via.array.ptr[i], &before[ctl_u64(&list->via.array.ptr[i], "slot") % SLOTS]);
}

int top_run(int fd)
{
	struct sigaction sa = { .sa_handler = on_interrupt };
	bool terminal = isatty(STDOUT_FILENO), first = true;
	uint64_t then = 0;

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	for (; !interrupted; first = false) {
		struct timespec pause = { first || !terminal ? 0 : 1, first || !terminal ? 500000000 : 0 };
		struct answer a;
		uint64_t now;
		int r = talk_ask(fd, "workers", ANSWER_MS, &a);

		if (r != 0)
			return interrupted ? 0 : r;
		now = ctl_u64(&a.m.data, "now_us");
		if (first) {
			remember_all(&a.m.data);
		} else {
			if (terminal)
				fputs("\033[H\033[J", stdout);
			print_table(&a.m.data, now > then ? (double)(now - then) / 1e6 : 1);
			fflush(stdout);
		}
		answer_free(&a);
		then = now;
		if (!first && !terminal)
			break;
		nanosleep(&pause, NULL);
	}
	return 0;
}
