/* conf.c: reads zigttpd.conf with libconfuse. Called by settings.c, once per
 * load. The library splits the text into sections, keys and values; every value
 * is a text to it, which the table of settings understands. It reports the
 * first error only, and has no user pointer: `now` is the reading under way. */
#include "supervisor/conf.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/near.h"
#include "supervisor/listen.h"
#include "worker/worker.h"

#define CONF_MAX (1u << 20)
/* The library takes the end of the file for the end of any section. A key
 * behind the text tells whether it is at the top. */
#define END_MARK "__end_of_file"

static struct reading {
	struct config *c;
	struct buf *err;
	char *dir;               /* of the file */
	int last_line;           /* where END_MARK stands */
	bool failed;
	/* Of the block under way: where each of its keys was set. */
	const char *block_key[8];
	int block_line[8];
	unsigned nblock;
} *now;

static const char *const app_keys[] = { "handler", "code", "host", "path", NULL };
static const char *const static_keys[] = { "root", "prefix", NULL };

/* ---- messages ----------------------------------------------------------- */

/* Begins a message; only the first one counts. NULL: there is one already. */
static struct buf *complain(const cfg_t *cfg)
{
	if (now->failed)
		return NULL;
	now->failed = true;
	buf_printf(now->err, "%s:%d: ", now->c->file, cfg->line);
	return now->err;
}

struct guess { const char *key, *section; unsigned far; };

/* Among equally near names those of the same section win. */
static void consider(struct guess *g, const char *unknown, const char *key, const char *section, bool at_home)
{
	unsigned far = 2 * near_distance(unknown, key) + !at_home;

	if (far < g->far)
		*g = (struct guess){ key, section, far };
}

static void consider_all(struct guess *g, const char *unknown, const char *const *keys, const char *section,
			 bool at_home)
{
	for (; *keys; keys++)
		consider(g, unknown, *keys, section, at_home);
}

static void unknown_key(const cfg_t *cfg, const char *key)
{
	static const char *const blocks[] = { "listen", "app", "static", NULL };
	const char *here = cfg->title || strcmp(cfg->name, "root") != 0 ? cfg->name : "";
	bool in_app = strcmp(here, "app") == 0, in_static = strcmp(here, "static") == 0;
	struct guess g = { NULL, NULL, 2 * near_limit(key) };
	struct buf *err = complain(cfg);
	size_t i;

	if (!err)
		return;
	if (strcmp(key, END_MARK) == 0) {
		if (*here)
			buf_printf(err, "the file ends in %s: a } is missing", here);
		else
			buf_puts(err, "unknown key \"" END_MARK "\"");
		return;
	}
	if (in_app || in_static)
		consider_all(&g, key, in_app ? app_keys : static_keys, here, true);
	for (i = 0; i < SETTINGS_N; i++) {
		const struct setting *s = &setting_row[i];

		consider(&g, key, s->key, s->section, strcmp(s->section, here) == 0);
		if (*s->section)
			consider(&g, key, s->section, "", !*here);
	}
	consider_all(&g, key, blocks, "", !*here);
	buf_printf(err, "unknown key \"%.60s\"", key);
	if (*here)
		buf_printf(err, " in %s", here);
	if (!g.key)
		return;
	buf_printf(err, "; did you mean \"%s\"", g.key);
	if (strcmp(g.section, here) != 0)
		buf_printf(err, *g.section ? " in %s" : " outside of %s", *g.section ? g.section : here);
	buf_putc(err, '?');
}

/* The library's own messages. */
static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	struct buf *err;

	if (strncmp(fmt, "no such option", 14) == 0) {
		unknown_key(cfg, va_arg(ap, const char *));
		return;
	}
	err = complain(cfg);
	if (err)
		buf_vprintf(err, fmt, ap);
}

/* ---- values ------------------------------------------------------------- */

static bool twice(const cfg_t *cfg, const char *key, int before)
{
	struct buf *err = before > 0 ? complain(cfg) : NULL;

	if (err)
		buf_printf(err, "\"%s\" is set already, in line %d", key, before);
	return before > 0;
}

static int on_setting(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	const char *section = strcmp(cfg->name, "root") == 0 ? "" : cfg->name;
	const struct setting *s = setting_find(section, opt->name);
	struct buf why = BUF_INIT, *err;
	struct config_origin *from;
	bool ok;

	AN(s);
	if (strcmp(value, END_MARK) == 0) {
		if ((err = complain(cfg)))
			buf_printf(err, "%s has no value", opt->name);
		return -1;
	}
	from = &now->c->from[s - setting_row];
	if (twice(cfg, opt->name, from->line))
		return -1;
	ok = setting_parse(now->c, s, value, now->dir, &why);
	*from = (struct config_origin){ BY_FILE, cfg->line };
	if (!ok && (err = complain(cfg)))
		buf_put_sv(err, buf_sv(&why));
	buf_free(&why);
	*(const char **)result = value;
	return ok ? 0 : -1;
}

static int on_listen(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct config *c = now->c;
	const char *why = listen_check(value);
	struct buf *err;

	/* The library forgets a list that is set anew; += keeps it. */
	if (c->set.nlisten != 0 && opt->nvalues <= 1 && twice(cfg, "listen", c->listen_from.line))
		return -1;
	if (why || c->set.nlisten == LISTEN_MAX) {
		err = complain(cfg);
		if (err && why)
			buf_printf(err, "listen: \"%.100s\": %s", value, why);
		else if (err)
			buf_printf(err, "listen: more than %d addresses", LISTEN_MAX);
		return -1;
	}
	c->listen_from = (struct config_origin){ BY_FILE, cfg->line };
	c->set.listen[c->set.nlisten++] = config_text(c, value);
	*(const char **)result = value;
	return 0;
}

/* A key of an app or static block: seen to be set once, read when it ends. */
static int on_block_key(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	unsigned i;

	for (i = 0; i < now->nblock; i++)
		if (strcmp(now->block_key[i], opt->name) == 0 && twice(cfg, opt->name, now->block_line[i]))
			return -1;
	AN(now->nblock < ARRAY_LEN(now->block_key));
	now->block_key[now->nblock] = opt->name;
	now->block_line[now->nblock++] = cfg->line;
	if ((strcmp(opt->name, "path") == 0 || strcmp(opt->name, "prefix") == 0) && value[0] != '/') {
		struct buf *err = complain(cfg);

		if (err)
			buf_printf(err, "%s.%s = \"%.100s\": expected a path that begins with a slash", cfg->name,
				   opt->name, value);
		return -1;
	}
	if (strcmp(opt->name, "host") == 0 && value[0] != '[' && strchr(value, ':')) {
		struct buf *err = complain(cfg);

		if (err)
			buf_printf(err, "app.host = \"%.100s\": expected a name without a port", value);
		return -1;
	}
	*(const char **)result = value;
	return 0;
}

/* The mark must be what we put behind the text, nothing of the file's own. */
static int on_mark(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	if (cfg->line < now->last_line) {
		unknown_key(cfg, opt->name);
		return -1;
	}
	*(const char **)result = value;
	return 0;
}

/* A path without the slashes at its end; NULL for "/" alone. */
static const char *prefix_of(const char *path)
{
	size_t n = path ? strlen(path) : 0;

	while (n > 0 && path[n - 1] == '/')
		n--;
	return n == 0 ? NULL : arena_strndup(&now->c->texts, path, n);
}

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static int end_app(cfg_t *cfg, cfg_t *sec)
{
	const char *handler = cfg_getstr(sec, "handler"), *code = cfg_getstr(sec, "code"), *host = cfg_getstr(sec, "host");
	struct config *c = now->c;
	struct app_setting a = { .name = config_text(c, cfg_title(sec)) };
	struct buf *err = NULL;
	uint32_t i;

	if (!handler == !code) {
		if ((err = complain(cfg)))
			buf_printf(err, handler ? "app \"%s\" has both handler and code" : "app \"%s\" needs a handler", a.name);
		return -1;
	}
	a.handler = handler ? config_path(c, now->dir, handler) : NULL;
	a.code = code ? config_text(c, code) : NULL;
	a.host = host && *host ? config_text(c, host) : NULL;
	a.path = prefix_of(cfg_getstr(sec, "path"));
	for (i = 0; i < c->set.napps; i++) {
		const struct app_setting *b = &c->set.app[i];

		if (same(a.path, b->path) && (a.host == b->host || (a.host && b->host && strcasecmp(a.host, b->host) == 0))) {
			if ((err = complain(cfg)))
				buf_printf(err, "apps \"%s\" and \"%s\" have the same host and path", b->name, a.name);
			return -1;
		}
	}
	if (c->set.napps == APPS_MAX) {
		if ((err = complain(cfg)))
			buf_printf(err, "more than %d apps", APPS_MAX);
		return -1;
	}
	c->set.app[c->set.napps++] = a;
	return 0;
}

static int end_static(cfg_t *cfg, cfg_t *sec)
{
	const char *root = cfg_getstr(sec, "root"), *prefix = cfg_getstr(sec, "prefix");
	struct config *c = now->c;
	struct buf *err;

	if (!root || c->set.nstatics == STATICS_MAX) {
		err = complain(cfg);
		if (err && root)
			buf_printf(err, "more than %d static blocks", STATICS_MAX);
		else if (err)
			buf_printf(err, "static \"%s\" needs a root", cfg_title(sec));
		return -1;
	}
	c->set.statics[c->set.nstatics++] = (struct static_setting){
		.name = config_text(c, cfg_title(sec)), .root = config_path(c, now->dir, root),
		.prefix = prefix ? config_text(c, prefix) : "/",
	};
	return 0;
}

/* A section has ended: the library calls it with the section's option. */
static int on_end(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);

	now->nblock = 0;
	if (strcmp(opt->name, "app") == 0)
		return end_app(cfg, sec);
	return strcmp(opt->name, "static") == 0 ? end_static(cfg, sec) : 0;
}

/* ---- the library's tables ----------------------------------------------- */

#define SECTIONS_MAX 16

struct tables {
	cfg_opt_t top[SETTINGS_N + SECTIONS_MAX], app[8], statics[8];
	cfg_opt_t section[SECTIONS_MAX][SETTINGS_N + 1];
};

static const cfg_opt_t end_of_table = CFG_END();

static void add_keys(cfg_opt_t *t, const char *const *keys)
{
	for (; *keys; keys++)
		*t++ = (cfg_opt_t)CFG_STR_CB(*keys, NULL, CFGF_NODEFAULT, on_block_key);
	*t = end_of_table;
}

static void make_tables(struct tables *t)
{
	cfg_opt_t *top = t->top;
	const char *section = "";
	size_t nsections = 0, nkeys = 0, i;

	*top++ = (cfg_opt_t)CFG_STR_LIST_CB("listen", NULL, CFGF_NODEFAULT, on_listen);
	for (i = 0; i < SETTINGS_N; i++) {
		const struct setting *s = &setting_row[i];
		cfg_opt_t opt = CFG_STR_CB(s->key, NULL, CFGF_NODEFAULT, on_setting);

		if (strcmp(s->section, section) != 0) { /* rows of one section are together */
			AN(nsections + 4 < SECTIONS_MAX);
			section = s->section;
			*top++ = (cfg_opt_t)CFG_SEC(section, t->section[nsections++], CFGF_NONE);
			nkeys = 0;
		}
		if (*section) {
			t->section[nsections - 1][nkeys++] = opt;
			t->section[nsections - 1][nkeys] = end_of_table;
		} else {
			*top++ = opt;
		}
	}
	add_keys(t->app, app_keys);
	add_keys(t->statics, static_keys);
	*top++ = (cfg_opt_t)CFG_SEC("app", t->app, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	*top++ = (cfg_opt_t)CFG_SEC("static", t->statics, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	*top++ = (cfg_opt_t)CFG_STR_CB(END_MARK, NULL, CFGF_NODEFAULT, on_mark);
	*top = end_of_table;
}

static int parse(struct config *c, const struct buf *text)
{
	struct tables *t = calloc(1, sizeof *t);
	FILE *f = fmemopen(text->p, text->len, "r");
	cfg_t *cfg;
	int r;

	AN(t && f);
	make_tables(t);
	cfg = cfg_init(t->top, CFGF_NONE);
	AN(cfg);
	cfg_set_error_function(cfg, on_error);
	cfg_set_validate_func(cfg, "app", on_end);
	cfg_set_validate_func(cfg, "static", on_end);
	r = cfg_parse_fp(cfg, f);
	if (r != CFG_SUCCESS && !now->failed)
		buf_printf(now->err, "%s:%d: syntax error", c->file, cfg->line);
	cfg_free(cfg);
	fclose(f);
	free(t);
	return r == CFG_SUCCESS ? 0 : EXIT_CONFIG;
}

/* Comments become spaces before the library sees them: it counts their lines
 * wrongly, and takes one behind a = for a value. */
static void blank_comments(char *p, size_t n)
{
	enum { CODE, WORD, QUOTED, LINE, BLOCK } in = CODE;
	char quote = 0, next;
	size_t i;

	for (i = 0; i < n; i++) {
		next = i + 1 < n ? p[i + 1] : '\0';
		if (in == QUOTED) {
			if (p[i] == '\\')
				i++;
			else if (p[i] == quote)
				in = CODE;
		} else if (in == LINE && p[i] == '\n') {
			in = CODE;
		} else if (in == BLOCK && p[i] == '*' && next == '/') {
			p[i] = p[i + 1] = ' ';
			i++;
			in = CODE;
		} else if (in == LINE || in == BLOCK) {
			if (p[i] != '\n')
				p[i] = ' ';
		} else if (p[i] == '"' || p[i] == '\'') {
			quote = p[i];
			in = QUOTED;
		} else if (p[i] == '#' || (in == CODE && p[i] == '/' && next == '/')) {
			p[i] = ' ';
			in = LINE;
		} else if (in == CODE && p[i] == '/' && next == '*') {
			p[i] = p[i + 1] = ' ';
			i++;
			in = BLOCK;
		} else {
			in = strchr(" \t\r\n={},()+", p[i]) ? CODE : WORD;
		}
	}
}

int conf_read(struct config *c, const char *file, struct buf *err)
{
	const char *slash = strrchr(file, '/');
	struct reading reading = { .c = c, .err = err, .dir = slash ? strndup(file, (size_t)(slash - file)) : NULL };
	struct buf text = BUF_INIT;
	int r = 0;

	if (fd_read_file(file, CONF_MAX, &text) != 0) {
		r = errno == EACCES || errno == EPERM ? EXIT_PERM : EXIT_NO_INPUT;
		buf_printf(err, "cannot read %s: %s", file, strerror(errno));
	} else if (text.len != 0 && memchr(text.p, '\0', text.len)) {
		r = EXIT_CONFIG;
		buf_printf(err, "%s: not a text file", file);
	} else {
		size_t i;

		blank_comments(text.p, text.len);
		buf_puts(&text, "\n" END_MARK " = 1\n");
		for (reading.last_line = 0, i = 0; i < text.len; i++)
			reading.last_line += text.p[i] == '\n';
		now = &reading;
		r = parse(c, &text);
		now = NULL;
	}
	free(reading.dir);
	buf_free(&text);
	return r;
}
