/* options.c: reads the command line. Called by main, once, and by each load of
 * the settings. Options of settings come from their table; those below are the
 * command line's own. */
#include "supervisor/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "supervisor/listen.h"
#include "worker/worker.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

enum { LISTEN = 256, STATIC, CHECK, POOL, HELP, VERSION, FROM_TABLE = 1000 };

static const struct own {
	int code;                /* a letter, if there is a short form */
	const char *name, *arg, *help; /* help NULL: another name, not shown */
} own[] = {
	{ 'e', "eval", "CODE", "serve this source text" },
	{ 'c', "conf", "FILE", "read this configuration file; options override it" },
	{ STATIC, "static", "[PREFIX=]DIR", "serve the files of DIR below PREFIX (/static)" },
	{ 'p', "port", "PORT", "listen on PORT (8080; 0: any free port)" },
	{ 'h', "host", "HOST", "listen on HOST: an address or a name (127.0.0.1)" },
	{ LISTEN, "listen", "ADDRESS", "HOST:PORT or unix:PATH, may be repeated; in place of -h and -p" },
	{ 's', "set", "KEY=VALUE", "any key of zigttpd.conf(5), such as limits.keep_alive=5s" },
	{ CHECK, "check", NULL, "check configuration and handlers, serve nothing" },
	{ 'v', "verbose", NULL, "with --check: print all that is in force, and where it comes from" },
	{ HELP, "help", NULL, "this text" },
	{ VERSION, "version", NULL, "the version" },
	{ POOL, "pool", "N", NULL },
};

/* ---- help --------------------------------------------------------------- */

static void help_line(char letter, const char *name, const char *arg, const char *help)
{
	char left[80], shrt[8] = "   ";

	if (letter)
		snprintf(shrt, sizeof shrt, "-%c,", letter);
	snprintf(left, sizeof left, "  %s --%s%s%s", shrt, name, arg ? " " : "", arg ? arg : "");
	if (strlen(left) < 28)
		printf("%-28s%s", left, help);
	else
		printf("%s\n%28s%s", left, "", help);
}

static void help_own(int from, int to)
{
	int i;

	for (i = from; i < to; i++)
		if (own[i].help) {
			help_line(own[i].code < 256 ? (char)own[i].code : 0, own[i].name, own[i].arg, own[i].help);
			putchar('\n');
		}
}

static const char *argument_of(const struct setting *s)
{
	static const char *const name[] = {
		[SETTING_COUNT] = "N", [SETTING_BYTES] = "SIZE", [SETTING_TIME] = "TIME", [SETTING_TEXT] = "NAME",
		[SETTING_FILE] = "FILE", [SETTING_ROUTE] = "PATH",
	};

	return s->kind == SETTING_CHOICE ? s->words : name[s->kind];
}

/* The long option of a row, without its mark; *letter 0: no short one. NULL: none. */
static const char *option_of(const struct setting *s, char *letter, bool *clears)
{
	const char *p = strchr(s->option, ' ');

	if (!p)
		return NULL;
	*letter = p == s->option ? 0 : s->option[0];
	*clears = p[1] == '!';
	return p + 1 + *clears;
}

static void help_settings(void)
{
	struct config d = { 0 };
	struct buf b = BUF_INIT;
	size_t i;

	settings_defaults(&d);
	for (i = 0; i < SETTINGS_N; i++) {
		const struct setting *s = &setting_row[i];
		char letter;
		bool clears;
		const char *name = option_of(s, &letter, &clears);

		if (!name)
			continue;
		help_line(letter, name, argument_of(s), clears ? "no " : "");
		fputs(s->help, stdout);
		b.len = 0;
		setting_print(s, &d.set, &b);
		if (s->kind != SETTING_BOOL && !sv_eq(buf_sv(&b), SV("\"\"")) && !strstr(s->help, "0:"))
			printf(" (%.*s)", (int)b.len, b.p);
		putchar('\n');
	}
	buf_free(&b);
}

static void help(void)
{
	puts("usage: zigttpd [options] handler.js\n"
	     "       zigttpd [options] -e CODE\n"
	     "       zigttpd [options] -c FILE\n"
	     "\n"
	     "What is served, and where:");
	help_own(0, 6);
	puts("\nSettings:");
	help_settings();
	help_own(6, 7);
	puts("\nOthers:");
	help_own(7, (int)ARRAY_LEN(own));
	puts("\n"
	     "The handler is function handler(request), or what the file exports as default.\n"
	     "SIGTERM and Ctrl-C finish the requests under way. See zigttpd(8), zigttpd.conf(5).");
}

/* ---- parsing ------------------------------------------------------------ */

static int usage(const char *fmt, const char *arg)
{
	fputs("zigttpd: ", stderr);
	fprintf(stderr, fmt, arg);
	fputs("\ntry: zigttpd --help\n", stderr);
	return EXIT_USAGE;
}

static void make_options(struct option *longs, char *shorts)
{
	size_t i;

	*shorts++ = ':';
	for (i = 0; i < ARRAY_LEN(own); i++) {
		*longs++ = (struct option){ own[i].name, own[i].arg ? required_argument : no_argument, NULL, own[i].code };
		if (own[i].code < 256) {
			*shorts++ = (char)own[i].code;
			if (own[i].arg)
				*shorts++ = ':';
		}
	}
	for (i = 0; i < SETTINGS_N; i++) {
		const struct setting *s = &setting_row[i];
		bool takes = s->kind != SETTING_BOOL, clears;
		char letter;
		const char *name = option_of(s, &letter, &clears);

		if (!name)
			continue;
		*longs++ = (struct option){ name, takes ? required_argument : no_argument, NULL,
					    letter ? letter : FROM_TABLE + (int)i };
		if (letter) {
			*shorts++ = letter;
			if (takes)
				*shorts++ = ':';
		}
	}
	*longs = (struct option){ NULL, 0, NULL, 0 };
	*shorts = '\0';
}

/* The row whose option getopt has met. */
static const struct setting *row_of(int code)
{
	size_t i;

	if (code >= FROM_TABLE)
		return &setting_row[code - FROM_TABLE];
	for (i = 0; i < SETTINGS_N; i++)
		if (setting_row[i].option[0] == code && code != ' ')
			return &setting_row[i];
	return NULL;
}

static int keep(struct options *o, const struct setting *s, const char *text, const char *as)
{
	if (o->nvalues == OPTIONS_MAX)
		return usage("too many options", "");
	o->value[o->nvalues].s = s;
	o->value[o->nvalues].as = as;
	o->value[o->nvalues++].text = text;
	return -1;
}

static int keep_row(struct options *o, const struct setting *s, const char *text)
{
	bool clears = false;
	char letter;
	const char *name = option_of(s, &letter, &clears);

	if (s->kind == SETTING_BOOL)
		text = clears ? "no" : "yes";
	/* The reference's word for its default. */
	if (s->kind == SETTING_COUNT && strcmp(text, "auto") == 0)
		text = "0";
	return keep(o, s, text, name);
}

/* KEY=VALUE of --set. */
static int keep_pair(struct options *o, const char *pair)
{
	const char *eq = strchr(pair, '=');
	const struct setting *s = NULL;
	struct buf name = BUF_INIT;
	size_t i;

	for (i = 0; eq && !s && i < SETTINGS_N; i++) {
		name.len = 0;
		setting_name(&setting_row[i], &name);
		if (sv_eq(buf_sv(&name), (struct sv){ pair, (size_t)(eq - pair) }))
			s = &setting_row[i];
	}
	buf_free(&name);
	if (!eq)
		return usage("--set needs KEY=VALUE: %s", pair);
	return s ? keep(o, s, eq + 1, "set") : usage("--set: unknown key in %s (see zigttpd.conf(5))", pair);
}

static int take(struct options *o, int code)
{
	switch (code) {
	case 'e': o->code = optarg; return -1;
	case 'c': o->conf = optarg; return -1;
	case 'p': o->port = optarg; return -1;
	case 'h': o->host = optarg; return -1;
	case 'v': o->verbose = true; return -1;
	case 's': return keep_pair(o, optarg);
	case CHECK: o->check = true; return -1;
	case POOL: return keep_row(o, setting_find("", "workers"), optarg);
	case LISTEN:
		if (o->nlisten == LISTEN_MAX)
			return usage("too many addresses: %s", optarg);
		o->listen[o->nlisten++] = optarg;
		return -1;
	case STATIC:
		if (o->nstatics == STATICS_MAX)
			return usage("too many directories: %s", optarg);
		o->static_root[o->nstatics++] = optarg;
		return -1;
	case HELP:
		help();
		return 0;
	case VERSION:
		puts("zigttpd " PACKAGE_VERSION);
		return 0;
	default:
		return keep_row(o, row_of(code), optarg);
	}
}

int options_parse(struct options *o, int argc, char **argv)
{
	struct option longs[ARRAY_LEN(own) + SETTINGS_N + 1];
	char shorts[2 * (ARRAY_LEN(own) + SETTINGS_N) + 2];
	int c, r;

	*o = (struct options){ 0 };
	make_options(longs, shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == ':')
			return usage("option %s needs a value", argv[optind - 1]);
		if (c == '?')
			return usage("unknown option %s", argv[optind - 1]);
		r = take(o, c);
		if (r >= 0)
			return r;
	}
	if (optind < argc)
		o->handler = argv[optind++];
	if (optind < argc)
		return usage("one handler at a time: what is \"%s\"?", argv[optind]);
	if (o->handler && o->code)
		return usage("-e and the file %s exclude each other", o->handler);
	if (o->nlisten != 0 && (o->host || o->port))
		return usage("--listen takes the place of -%s", o->host ? "h" : "p");
	return -1;
}

/* ---- over the file ------------------------------------------------------ */

/* The handler of the command line serves every host and path that no other
 * app has for its own. */
static void apply_handler(const struct options *o, struct config *c)
{
	struct settings *set = &c->set;
	uint32_t i, n = 0;

	for (i = 0; i < set->napps; i++)
		if (set->app[i].host || set->app[i].path)
			set->app[n++] = set->app[i];
	if (n == APPS_MAX)
		n--;
	memmove(&set->app[1], &set->app[0], n * sizeof set->app[0]);
	set->app[0] = (struct app_setting){ .name = "default", .handler = o->handler, .code = o->code };
	set->napps = n + 1;
}

static int apply_listen(const struct options *o, struct config *c, struct buf *err)
{
	const char *host = o->host ? o->host : "127.0.0.1", *port = o->port ? o->port : "8080", *why;
	struct settings *set = &c->set;
	char *end;
	uint32_t i;

	if (o->nlisten == 0 && !o->host && !o->port)
		return 0;
	c->listen_from = (struct config_origin){ BY_OPTION, 0 };
	set->nlisten = 0;
	if (o->nlisten == 0) {
		struct buf b = BUF_INIT;

		if (*port < '0' || *port > '9' || strtoul(port, &end, 10) > 65535 || *end) {
			buf_printf(err, "\"%s\" is not a port (0 to 65535)", port);
			return EXIT_USAGE;
		}
		buf_printf(&b, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
		set->listen[set->nlisten++] = config_text(c, buf_cstr(&b));
		buf_free(&b);
	}
	for (i = 0; i < o->nlisten; i++) {
		why = listen_check(o->listen[i]);
		if (why) {
			buf_printf(err, "--listen \"%s\": %s", o->listen[i], why);
			return EXIT_USAGE;
		}
		set->listen[set->nlisten++] = o->listen[i];
	}
	return 0;
}

static int apply_values(const struct options *o, struct config *c, struct buf *err)
{
	struct buf why = BUF_INIT;
	uint32_t i;

	for (i = 0; i < o->nvalues; i++) {
		const struct setting *s = o->value[i].s;

		if (!setting_parse(c, s, o->value[i].text, NULL, &why)) {
			buf_printf(err, "option --%s: " SV_FMT, o->value[i].as, SV_ARG(buf_sv(&why)));
			buf_free(&why);
			return EXIT_USAGE;
		}
		c->from[s - setting_row] = (struct config_origin){ BY_OPTION, 0 };
	}
	return 0;
}

/* DIR, or PREFIX=DIR, where the prefix begins with a slash; a directory whose
 * name has an equals sign is written ./a=b. */
static struct static_setting static_option(struct config *c, const char *text)
{
	const char *equals = text[0] == '/' ? strchr(text, '=') : NULL;
	struct static_setting s = { "static", equals ? equals + 1 : text, "/static" };

	if (equals) {
		char *prefix = strndup(text, (size_t)(equals - text));

		AN(prefix);
		s.prefix = config_text(c, prefix);
		free(prefix);
	}
	return s;
}

int options_apply(const struct options *o, struct config *c, struct buf *err)
{
	struct settings *set = &c->set;
	uint32_t i;

	if (o->handler || o->code)
		apply_handler(o, c);
	for (i = 0; i < o->nstatics; i++) {
		if (set->nstatics == STATICS_MAX) {
			buf_printf(err, "more than %d static directories", STATICS_MAX);
			return EXIT_USAGE;
		}
		set->statics[set->nstatics++] = static_option(c, o->static_root[i]);
	}
	if (apply_listen(o, c, err) != 0)
		return EXIT_USAGE;
	return apply_values(o, c, err);
}
