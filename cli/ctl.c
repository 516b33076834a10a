/* ctl.c: zigttpctl: asks a running zigttpd over its control socket. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/fd.h"
#include "cli/ctl_cache.h"
#include "cli/ctl_show.h"
#include "cli/ctl_talk.h"

#define ANSWER_MS 10000
#define NO_LIMIT (-1)            /* the server has its own */

static void say_reloaded(const msgpack_object *m)
{
	printf("generation %llu serves\n", (unsigned long long)ctl_u64(m, "generation"));
}

static void say_stopping(const msgpack_object *m)
{
	printf("zigttpd (pid %llu) finishes its requests and leaves\n", (unsigned long long)ctl_u64(m, "pid"));
}

static const struct verb { const char *name, *help; int ms; void (*show)(const msgpack_object *m); } verbs[] = {
	{ "status", "what the server is doing", ANSWER_MS, show_status },
	{ "metrics", "all metrics in the Prometheus text format", ANSWER_MS, show_text },
	{ "reload", "read configuration and handlers again; exit status 1 and the reason when refused", NO_LIMIT, say_reloaded },
	{ "restart", "replace all workers by new ones with the same configuration", NO_LIMIT, say_reloaded },
	{ "stop", "finish the requests under way and exit", ANSWER_MS, say_stopping },
	{ "workers", "a table of the worker processes", ANSWER_MS, show_workers },
	{ "top", "the same, live: rates, once a second until Ctrl-C", ANSWER_MS, NULL },
	{ "slow", "slow requests, with their JavaScript stacks", ANSWER_MS, show_slow },
	{ "last-crash", "crashes of workers: signal, request, function, line", ANSWER_MS, show_crashes },
	{ "settings", "the configuration in force", ANSWER_MS, show_text },
	{ "state", "what zigttp:cache and zigttp:ratelimit keep", ANSWER_MS, show_state },
	{ "cache", "the response cache: stats, flush, explain URL [-H NAME:VALUE]...", ANSWER_MS, NULL },
};

static int usage(FILE *to)
{
	size_t i;

	fputs("usage: zigttpctl [options] VERB\n\nVerbs:\n", to);
	for (i = 0; i < ARRAY_LEN(verbs); i++)
		fprintf(to, "  %-11s %s\n", verbs[i].name, verbs[i].help);
	fputs("\nOptions:\n"
	      "  -s, --socket PATH   control socket (/run/zigttpd/control, or\n"
	      "                      $XDG_RUNTIME_DIR/zigttpd.PORT when not root)\n"
	      "  -p, --port PORT     of the server that is meant (8080)\n"
	      "  -H, --header N:V    a header of the request that is explained\n"
	      "      --json          print the answer as JSON\n"
	      "      --help          this text\n"
	      "      --version       the version\n\n"
	      "Exit status: 0 done, 1 refused, 64 usage, 69 no server, 77 not permitted.\n", to);
	return to == stdout ? 0 : CTL_USAGE;
}

static const struct verb *find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static int ask(int fd, const struct verb *v, bool json)
{
	struct answer a;
	int r;

	if (!v->show && !json)
		return top_run(fd);
	r = talk_ask(fd, v->show ? v->name : "workers", v->ms, &a);
	if (r != 0)
		return r;
	(json ? show_json : v->show)(&a.m.data);
	answer_free(&a);
	return fflush(stdout) == 0 ? 0 : CTL_REFUSED;
}

/* One socket may be that of another server than the one with this port. */
static int check_port(int fd, unsigned long port)
{
	struct answer a;
	uint64_t has;
	int r = talk_ask(fd, "status", ANSWER_MS, &a);

	if (r != 0)
		return r;
	has = ctl_u64(&a.m.data, "port");
	answer_free(&a);
	if (has == port)
		return 0;
	fprintf(stderr, "zigttpctl: no control socket of a server on port %lu (-s names one)\n", port);
	return CTL_NO_SERVER;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "socket", required_argument, NULL, 's' }, { "port", required_argument, NULL, 'p' },
		{ "header", required_argument, NULL, 'H' },
		{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, '?' + 256 },
		{ "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 },
	};
	struct cache_args cache = { 0 };
	const struct verb *v;
	const char *path = NULL;
	unsigned long port = 8080;
	bool json = false, named = false;
	char *end;
	int c, fd, r;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":s:p:H:", longs, NULL)) != -1) {
		switch (c) {
		case 's': path = optarg; break;
		case 'H':
			if (cache.nheaders == HEADERS_MAX) {
				fputs("zigttpctl: too many headers\n", stderr);
				return CTL_USAGE;
			}
			cache.header[cache.nheaders++] = optarg;
			break;
		case 'j': json = true; break;
		case '?' + 256: return usage(stdout);
		case 'V':
			puts("zigttpctl " PACKAGE_VERSION);
			return 0;
		case 'p':
			port = strtoul(optarg, &end, 10);
			named = true;
			if (*optarg >= '0' && *optarg <= '9' && !*end && port <= 65535)
				break;
			fprintf(stderr, "zigttpctl: \"%s\" is not a port (0 to 65535)\n", optarg);
			return CTL_USAGE;
		case ':':
			fprintf(stderr, "zigttpctl: option %s needs a value\n", argv[optind - 1]);
			return CTL_USAGE;
		default:
			fprintf(stderr, "zigttpctl: unknown option %s\ntry: zigttpctl --help\n", argv[optind - 1]);
			return CTL_USAGE;
		}
	}
	if (optind >= argc)
		return usage(stderr);
	v = find(argv[optind]);
	if (v && strcmp(v->name, "cache") == 0) {
		cache.argc = argc - optind - 1;
		cache.argv = argv + optind + 1;
		r = cache_check(&cache);
		if (r != 0)
			return r;
	} else if (!v || optind + 1 < argc) {
		fprintf(stderr, "zigttpctl: what is \"%s\"?\ntry: zigttpctl --help\n", argv[v ? optind + 1 : optind]);
		return CTL_USAGE;
	}
	fd = talk_open(path, (uint16_t)port);
	if (fd < 0)
		return -fd;
	r = named && !path ? check_port(fd, port) : 0;
	if (r == 0)
		r = cache.argv ? cache_run(fd, &cache, json) : ask(fd, v, json);
	fd_close(&fd);
	return r;
}
