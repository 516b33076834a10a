/* options.c: reads the command line. Called by main, once. */
#include "supervisor/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shm/layout.h"
#include "worker/worker.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

static const char help[] =
	"usage: zigttpd [options] handler.js\n"
	"       zigttpd [options] -e CODE\n"
	"\n"
	"  -p, --port PORT       listen on PORT (8080; 0: any free port)\n"
	"  -h, --host HOST       listen on HOST: an address or a name (127.0.0.1)\n"
	"  -e, --eval CODE       the handler's source text\n"
	"  -n, --workers N       worker processes (2 per CPU, at least 8)\n"
	"  -m, --memory SIZE     what one request may allocate (128m); suffix k, m, g\n"
	"  -q, --quiet           no access log, no start message\n"
	"      --help            this text\n"
	"      --version         the version\n"
	"\n"
	"The handler is function handler(request), or what the file exports as default.\n"
	"SIGTERM and Ctrl-C finish the requests under way. See zigttpd(8).\n";

static int usage(const char *fmt, const char *arg)
{
	fputs("zigttpd: ", stderr);
	fprintf(stderr, fmt, arg);
	fputs("\ntry: zigttpd --help\n", stderr);
	return EXIT_USAGE;
}

/* Decimal in [lo, hi]; -1: not one. */
static long number(const char *s, long lo, long hi)
{
	char *end;
	long v = strtol(s, &end, 10);

	return *s < '0' || *s > '9' || *end || v < lo || v > hi ? -1 : v;
}

/* SIZE with an optional k, m or g; 0: malformed or below 1 MiB. */
static size_t size(const char *s)
{
	char *end;
	unsigned long long v = strtoull(s, &end, 10);
	unsigned shift = 0;

	switch (*end | 32) {
	case 'k': shift = 10; end++; break;
	case 'm': shift = 20; end++; break;
	case 'g': shift = 30; end++; break;
	default: break;
	}
	if ((*end | 32) == 'b' && shift)
		end++;
	if (*s < '0' || *s > '9' || *end || v > (1ull << 40) >> shift)
		return 0;
	v <<= shift;
	return v < 1u << 20 ? 0 : (size_t)v;
}

static uint32_t default_workers(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), n = cpus > 0 ? 2 * cpus : 2;

	return n < 8 ? 8 : n > SHM_WORKERS_MAX ? SHM_WORKERS_MAX : (uint32_t)n;
}

int options_parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "port", required_argument, NULL, 'p' }, { "host", required_argument, NULL, 'h' },
		{ "eval", required_argument, NULL, 'e' }, { "workers", required_argument, NULL, 'n' },
		{ "memory", required_argument, NULL, 'm' }, { "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'H' }, { "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	struct app_setting *a;
	long v;
	int c;

	*o = (struct options){ .host = "127.0.0.1", .port = 8080 };
	settings_defaults(&o->set);
	o->set.napps = 1;
	a = &o->set.app[0];
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":p:h:e:n:m:q", longs, NULL)) != -1) {
		switch (c) {
		case 'p':
			v = number(optarg, 0, 65535);
			if (v < 0)
				return usage("\"%s\" is not a port (0 to 65535)", optarg);
			o->port = (uint16_t)v;
			o->addressed = true;
			break;
		case 'h':
			o->host = optarg;
			o->addressed = true;
			break;
		case 'e':
			a->code = optarg;
			break;
		case 'n':
			v = number(optarg, 1, SHM_WORKERS_MAX);
			if (v < 0)
				return usage("\"%s\" is not a number of workers (1 to 128)", optarg);
			o->set.workers = (uint32_t)v;
			break;
		case 'm':
			o->set.memory = size(optarg);
			if (o->set.memory == 0)
				return usage("\"%s\" is not a memory size (1m or more; suffixes k, m, g)", optarg);
			break;
		case 'q':
			o->set.quiet = true;
			break;
		case 'H':
			fputs(help, stdout);
			return 0;
		case 'V':
			puts("zigttpd " PACKAGE_VERSION);
			return 0;
		case ':':
			return usage("option %s needs a value", argv[optind - 1]);
		default:
			return usage("unknown option %s", argv[optind - 1]);
		}
	}
	if (optind < argc)
		a->handler = argv[optind++];
	if (optind < argc)
		return usage("one handler at a time: what is \"%s\"?", argv[optind]);
	if (!a->handler && !a->code)
		return usage("%s", "a handler is needed: a file, or -e CODE");
	if (a->handler && a->code)
		return usage("-e and the file %s exclude each other", a->handler);
	if (o->set.workers == 0)
		o->set.workers = default_workers();
	return -1;
}
