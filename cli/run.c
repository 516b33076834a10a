/* run.c: `zigttp run`: evaluates a script or module as one long request on a
 * frozen realm, or prints a stage of its compilation. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "cli/verbs.h"
#include "engine/include/zigts_files.h"
#include "engine/include/zigts_tools.h"
#include "modules/modules.h"
#include "web/web.h"
#ifdef ZTS_HOST_CLASSES
#include "worker/host/host.h"
#define INSTALL host_install /* web_install, and Request, Response, Headers */
#else
#define INSTALL web_install
#endif

#define SOURCE_MAX (256u << 20)

struct options {
	const char *dump, *file;
	enum zigts_source kind;
	size_t memory;
	bool slow;
};

static void help(FILE *to)
{
	fputs("usage: zigttp run [options] FILE.js [arguments]\n"
	      "\n"
	      "Runs a JavaScript file. console.* and print() write to standard output;\n"
	      "arguments are in the global array scriptArgs. The exit status is 1 when an\n"
	      "exception is not caught, 65 when the file does not compile.\n"
	      "\n"
	      "  --module        treat the file as a module (default: .mjs, or import/export)\n"
	      "  --script        treat the file as a script\n"
	      "  -m, --memory N  memory limit: bytes, or with suffix k, m or g (default 1g)\n"
	      "  --dump=STAGE    print tokens, ast, scopes, js or code instead of running\n"
	      "  --tier=TIER     interp (default) or slow (every opcode through its slow function)\n"
	      "  --help          this text\n", to);
}

static bool parse_size(const char *s, size_t *out)
{
	char *end;
	unsigned long long n;
	int shift = 0;

	errno = 0;
	n = strtoull(s, &end, 10);
	if (end == s || errno)
		return false;
	switch (*end) {
	case 'k': case 'K': shift = 10; break;
	case 'm': case 'M': shift = 20; break;
	case 'g': case 'G': shift = 30; break;
	case '\0': *out = n; return true;
	default: return false;
	}
	*out = (size_t)n << shift;
	return end[1] == '\0' || strcasecmp(end + 1, "b") == 0;
}

/* 0: run; else the exit status + 1. */
static int parse_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "module", no_argument, NULL, 'M' }, { "script", no_argument, NULL, 'S' },
		{ "memory", required_argument, NULL, 'm' }, { "dump", required_argument, NULL, 'd' },
		{ "tier", required_argument, NULL, 't' }, { "help", no_argument, NULL, '?' }, { 0 },
	};
	int c;

	*o = (struct options){ .kind = ZIGTS_GUESS, .memory = (size_t)1 << 30 };
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, "+:m:", longs, NULL)) != -1) {
		switch (c) {
		case 'M': o->kind = ZIGTS_MODULE; break;
		case 'S': o->kind = ZIGTS_SCRIPT; break;
		case 'd': o->dump = optarg; break;
		case 'm':
			if (parse_size(optarg, &o->memory))
				break;
			fprintf(stderr, "zigttp run: '%s' is not a size (examples: 64m, 1g)\n", optarg);
			return EXIT_USAGE + 1;
		case 't':
			o->slow = strcmp(optarg, "slow") == 0;
			if (o->slow || strcmp(optarg, "interp") == 0)
				break;
			fprintf(stderr, "zigttp run: unknown tier '%s' (interp, slow)\n", optarg);
			return EXIT_USAGE + 1;
		case '?':
			if (optopt == 0 || optopt == '?') {
				if (strcmp(argv[optind - 1], "--help") == 0) {
					help(stdout);
					return 1;
				}
			}
			/* fall through */
		default:
			fprintf(stderr, "zigttp run: unknown or incomplete option '%s'\n", argv[optind - 1]);
			help(stderr);
			return EXIT_USAGE + 1;
		}
	}
	if (optind >= argc) {
		fputs("zigttp run: no file given\n", stderr);
		help(stderr);
		return EXIT_USAGE + 1;
	}
	o->file = argv[optind];
	if (o->kind == ZIGTS_GUESS && strlen(o->file) > 4 && strcmp(o->file + strlen(o->file) - 4, ".mjs") == 0)
		o->kind = ZIGTS_MODULE;
	return 0;
}

static int report_diag(struct zigts_diag *d)
{
	fprintf(stderr, "%s\n", d->text);
	zigts_diag_free(d);
	return EXIT_DATA;
}

static int dump(const struct options *o, const struct buf *src)
{
	struct zigts_diag d = { 0 };
	struct buf out = BUF_INIT;
	int err = zigts_dump(o->dump, o->file, src->p, src->len, o->kind, &out, &d);

	if (out.len != 0)
		fwrite(out.p, 1, out.len, stdout);
	buf_free(&out);
	return err ? report_diag(&d) : 0;
}

static void print_out(void *u, int level, const char *p, size_t n)
{
	(void)u;
	fwrite(p, 1, n, level > 0 ? stderr : stdout);
}

static int report_exception(struct zigts *vm)
{
	size_t n = 0;
	const char *text;

	fflush(stdout);
	switch (zigts_terminated(vm)) {
	case ZIGTS_TERM_NONE: break;
	case ZIGTS_TERM_OOM: fputs("zigttp run: stopped: out of memory (see --memory)\n", stderr); return 1;
	default: fputs("zigttp run: stopped\n", stderr); return 1;
	}
	text = zigts_describe_exception(vm, zigts_take_exception(vm), &n);
	fprintf(stderr, "Uncaught %.*s\n", (int)n, text ? text : "exception");
	return 1;
}

static int report_rejections(struct zigts *vm)
{
	zigts_val reason;
	int status = 0;

	while (zigts_next_rejection(vm, &reason)) {
		size_t n = 0;
		const char *text = zigts_describe_exception(vm, reason, &n);

		fflush(stdout);
		fprintf(stderr, "Uncaught (in promise) %.*s\n", (int)n, text ? text : "exception");
		status = 1;
	}
	return status;
}

/* Timers run until none is left, or one of them has left an error behind. */
static int finish(struct zigts *vm)
{
	int status = report_rejections(vm);

	while (status == 0 && zigts_awaits(vm)) {
		if (zigts_turn(vm) < 0)
			return report_exception(vm);
		status = report_rejections(vm);
	}
	return status;
}

static int evaluate(const struct options *o, const struct buf *src, int argc, char **argv)
{
	struct zigts_config cfg = { .memory_limit = o->memory, .persist_atoms = true, .huge_pages = true, .print = print_out };
	struct zigts *vm = zigts_new(&cfg);
	struct zigts_files *files = zigts_files_new();
	struct zigts_loader loader = zigts_files_loader(files, true);
	struct zigts_diag d = { 0 };
	struct zigts_program *p;
	int status = 0;

	if (vm == NULL) {
		perror("zigttp run: cannot reserve memory");
		return EXIT_OS;
	}
	zigts_set_slow(vm, o->slow);
	zigts_set_loader(vm, &loader);
	zigts_install_print(vm);
	if (INSTALL(vm) < 0) {
		fputs("zigttp run: the web's classes clash with the engine's\n", stderr);
		return EXIT_SOFTWARE;
	}
	modules_install(vm, "");
	if (zigts_set_args(vm, argc, argv) < 0)
		return EXIT_OS;
	p = zigts_load(vm, o->file, src->p, src->len, o->kind, &d);
	if (p == NULL) {
		zigts_free(&vm);
		zigts_files_free(&files);
		return report_diag(&d);
	}
	AZ(zigts_freeze(vm));
	zigts_begin(vm, NULL);
	if (zigts_eval(vm, p) < 0)
		status = report_exception(vm);
	else
		status = finish(vm);
	if (!zigts_terminated(vm) && report_rejections(vm) != 0)
		status = 1;
	fflush(stdout);
	zigts_end(vm);
	zigts_free(&vm);
	zigts_files_free(&files);
	return status;
}

int verb_run(int argc, char **argv)
{
	struct options o;
	struct buf src = BUF_INIT;
	int status = parse_options(argc, argv, &o);

	if (status)
		return status - 1;
	if (fd_read_file(o.file, SOURCE_MAX, &src) < 0) {
		fprintf(stderr, "zigttp run: cannot read %s: %s\n", o.file, strerror(errno));
		return EXIT_NOINPUT;
	}
	buf_cstr(&src);
	status = o.dump ? dump(&o, &src) : evaluate(&o, &src, argc - optind, argv + optind);
	buf_free(&src);
	return status;
}
