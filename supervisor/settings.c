/* settings.c: loading all settings, and telling what is in force. Called by the
 * supervisor's start and reload. */
#include "supervisor/settings.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shm/layout.h"
#include "supervisor/conf.h"
#include "supervisor/listen.h"
#include "supervisor/options.h"
#include "worker/worker.h"

/* ---- loading ------------------------------------------------------------ */

static uint32_t default_workers(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), n = cpus > 0 ? 2 * cpus : 2;

	return n < 8 ? 8 : n > SHM_WORKERS_MAX ? SHM_WORKERS_MAX : (uint32_t)n;
}

/* In front of a message about a setting: where it was made. */
static void blame(const struct config *c, const struct config_origin *from, struct buf *err)
{
	if (from->who == BY_FILE)
		buf_printf(err, "%s:%d: ", c->file, from->line);
}

static int wrong(const struct config *c, const void *at, struct buf *err, int code, const char *fmt, const char *arg)
{
	size_t i;

	for (i = 0; i < SETTINGS_N; i++)
		if (setting_field_const(&c->set, &setting_row[i]) == at)
			blame(c, &c->from[i], err);
	buf_printf(err, fmt, arg);
	return code;
}

/* Names of users are resolved here to find mistakes; the zygote, which changes
 * to them, asks again. */
static int check_user(const struct config *c, struct buf *err)
{
	const struct settings *set = &c->set;
	const struct passwd *pw = set->user ? getpwnam(set->user) : NULL;
	const struct group *gr = set->group ? getgrnam(set->group) : NULL;

	if (set->user && !pw)
		return wrong(c, &set->user, err, EXIT_CONFIG, "no such user: %s", set->user);
	if (set->group && !gr)
		return wrong(c, &set->group, err, EXIT_CONFIG, "no such group: %s", set->group);
	if (geteuid() == 0)
		return 0;
	if (pw && pw->pw_uid != geteuid())
		return wrong(c, &set->user, err, EXIT_PERM, "only root can run workers as user %s", set->user);
	if (gr && gr->gr_gid != getegid())
		return wrong(c, &set->group, err, EXIT_PERM, "only root can run workers as group %s", set->group);
	return 0;
}

static int finish(struct config *c, struct buf *err)
{
	struct settings *set = &c->set;
	const char *why;

	if (set->workers == 0)
		set->workers = default_workers();
	if (set->nlisten == 0) {
		set->listen[0] = LISTEN_DEFAULT;
		set->nlisten = 1;
	}
	if (set->isolation != ISOLATION_REQUEST)
		return wrong(c, &set->isolation, err, EXIT_CONFIG, "isolation = %s is not supported yet", "worker");
	if (set->metrics_listen && (why = listen_check(set->metrics_listen)) != NULL)
		return wrong(c, &set->metrics_listen, err, EXIT_CONFIG, "metrics_listen: %s", why);
	if (set->congestion && (why = listen_congestion_check(set->congestion)) != NULL)
		return wrong(c, &set->congestion, err, EXIT_CONFIG, "congestion: %s", why);
	if (set->napps == 0) {
		if (c->file)
			buf_printf(err, "%s: no handler: name one in an app block, or on the command line", c->file);
		else
			buf_puts(err, "a handler is needed: a file, -e CODE, or -c FILE");
		return c->file ? EXIT_CONFIG : EXIT_USAGE;
	}
	return check_user(c, err);
}

int settings_load(const struct options *o, struct config **out, struct buf *err)
{
	struct config *c = calloc(1, sizeof *c);
	int r = 0;

	AN(c);
	settings_defaults(c);
	if (o->conf) {
		c->file = strdup(o->conf);
		AN(c->file);
		r = conf_read(c, o->conf, err);
	}
	if (r == 0)
		r = options_apply(o, c, err);
	if (r == 0)
		r = finish(c, err);
	if (r != 0)
		config_free(&c);
	*out = c;
	return r;
}

void config_free(struct config **cp)
{
	struct config *c = *cp;

	if (c) {
		arena_free(&c->texts);
		free(c->file);
		free(c);
	}
	*cp = NULL;
}

/* ---- a reload ----------------------------------------------------------- */

/* Decided when the supervisor starts: sockets, shared memory, files opened
 * while we were privileged. */
static const struct { const char *section, *key; } lasting[] = {
	{ "", "user" }, { "", "group" }, { "", "control" }, { "", "metrics_listen" },
	{ "", "congestion" }, { "log", "file" }, { "log", "access" }, { "cache", "size" }, { "cache", "entries" },
};

static void keep_name(struct buf *kept, const struct setting *s)
{
	if (kept->len != 0)
		buf_puts(kept, ", ");
	if (s)
		setting_name(s, kept);
	else
		buf_puts(kept, "listen");
}

static bool same_listen(const struct settings *a, const struct settings *b)
{
	uint32_t i;

	for (i = 0; i < a->nlisten && i < b->nlisten; i++)
		if (strcmp(a->listen[i], b->listen[i]) != 0)
			return false;
	return a->nlisten == b->nlisten;
}

void settings_keep(struct config *c, const struct config *running, struct buf *kept)
{
	size_t i;
	uint32_t k;

	for (i = 0; i < ARRAY_LEN(lasting); i++) {
		const struct setting *s = setting_find(lasting[i].section, lasting[i].key);
		struct buf a = BUF_INIT, b = BUF_INIT;
		const char *text;

		setting_print(s, &c->set, &a);
		setting_print(s, &running->set, &b);
		if (!sv_eq(buf_sv(&a), buf_sv(&b))) {
			keep_name(kept, s);
			switch (s->kind) {
			case SETTING_BOOL:
				*(bool *)setting_field(&c->set, s) = *(const bool *)setting_field_const(&running->set, s);
				break;
			case SETTING_CHOICE:
				*(uint32_t *)setting_field(&c->set, s) = *(const uint32_t *)setting_field_const(&running->set, s);
				break;
			case SETTING_COUNT:
			case SETTING_BYTES:
			case SETTING_TIME:
				*(uint64_t *)setting_field(&c->set, s) = *(const uint64_t *)setting_field_const(&running->set, s);
				break;
			default:
				text = *(const char *const *)setting_field_const(&running->set, s);
				*(const char **)setting_field(&c->set, s) = text ? config_text(c, text) : NULL;
			}
			c->from[s - setting_row] = running->from[s - setting_row];
		}
		buf_free(&a);
		buf_free(&b);
	}
	if (!same_listen(&c->set, &running->set)) {
		keep_name(kept, NULL);
		c->set.nlisten = running->set.nlisten;
		for (k = 0; k < c->set.nlisten; k++)
			c->set.listen[k] = config_text(c, running->set.listen[k]);
		c->listen_from = running->listen_from;
	}
}

/* ---- what is in force --------------------------------------------------- */

static void dump_origin(const struct config *c, const struct config_origin *from, struct buf *out)
{
	static const char *const who[] = { [BY_DEFAULT] = "default", [BY_OPTION] = "command line" };

	if (from->who == BY_FILE)
		buf_printf(out, "  # %s:%d\n", c->file, from->line);
	else
		buf_printf(out, "  # %s\n", who[from->who]);
}

static void dump_pair(const char *key, const char *text, struct buf *out)
{
	if (text) {
		buf_printf(out, "\t%s = ", key);
		setting_print_text(text, out);
		buf_putc(out, '\n');
	}
}

static void dump_blocks(const struct settings *set, struct buf *out)
{
	uint32_t i;

	for (i = 0; i < set->nstatics; i++) {
		buf_puts(out, "static ");
		setting_print_text(set->statics[i].name, out);
		buf_puts(out, " {\n");
		dump_pair("root", set->statics[i].root, out);
		dump_pair("prefix", set->statics[i].prefix, out);
		buf_puts(out, "}\n");
	}
	for (i = 0; i < set->napps; i++) {
		buf_puts(out, "app ");
		setting_print_text(set->app[i].name, out);
		buf_puts(out, " {\n");
		dump_pair("handler", set->app[i].handler, out);
		dump_pair("code", set->app[i].code, out);
		dump_pair("host", set->app[i].host, out);
		dump_pair("path", set->app[i].path, out);
		buf_puts(out, "}\n");
	}
}

void settings_dump(const struct config *c, struct buf *out)
{
	const char *section = "";
	uint32_t i;

	buf_puts(out, "listen = { ");
	for (i = 0; i < c->set.nlisten; i++) {
		buf_puts(out, i == 0 ? "" : ", ");
		setting_print_text(c->set.listen[i], out);
	}
	buf_puts(out, " }");
	dump_origin(c, &c->listen_from, out);
	for (i = 0; i < SETTINGS_N; i++) {
		const struct setting *s = &setting_row[i];

		if (strcmp(section, s->section) != 0) {
			buf_puts(out, *section ? "}\n" : "");
			buf_printf(out, "%s {\n", s->section);
			section = s->section;
		}
		buf_printf(out, "%s%s = ", *section ? "\t" : "", s->key);
		setting_print(s, &c->set, out);
		dump_origin(c, &c->from[i], out);
	}
	buf_puts(out, *section ? "}\n" : "");
	dump_blocks(&c->set, out);
}
