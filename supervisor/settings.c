/* settings.c: the table's values as text and back; loading. Called by the
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

#define VALUES_BOOL(d, l, h)   .dflt = (d)
#define VALUES_COUNT(d, l, h)  .dflt = (d), .lo = (l), .hi = (h)
#define VALUES_BYTES(d, l, h)  VALUES_COUNT(d, l, h)
#define VALUES_TIME(d, l, h)   VALUES_COUNT(d, l, h)
#define VALUES_TEXT(d, l, h)   .text = (d)
#define VALUES_FILE(d, l, h)   .text = (d)
#define VALUES_ROUTE(d, l, h)  .text = (d)
#define VALUES_CHOICE(d, l, h) .dflt = (d), .words = (h)

const struct setting setting_row[SETTINGS_N] = {
#define SETTING(kind, field, section, key, dflt, lo, hi, opt, help) \
	{ SETTING_##kind, offsetof(struct settings, field), section, key, VALUES_##kind(dflt, lo, hi), .option = opt, help },
#include "worker/settings.def"
#undef SETTING
};

#define MS 1000000u

struct unit { const char *name; uint64_t size; };
/* Largest first; the last one is the plain number (BYTES) or the stored unit. */
static const struct unit byte_units[] = { { "g", 1u << 30 }, { "m", 1u << 20 }, { "k", 1u << 10 }, { "", 1 } };
static const struct unit time_units[] = { { "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 } };

static void *field(struct settings *set, const struct setting *s) { return (char *)set + s->at; }
static const void *field_const(const struct settings *set, const struct setting *s) { return (const char *)set + s->at; }

const struct setting *setting_find(const char *section, const char *key)
{
	size_t i;

	for (i = 0; i < SETTINGS_N; i++)
		if (strcmp(setting_row[i].key, key) == 0 && strcmp(setting_row[i].section, section) == 0)
			return &setting_row[i];
	return NULL;
}

void setting_name(const struct setting *s, struct buf *out)
{
	buf_printf(out, "%s%s%s", s->section, *s->section ? "." : "", s->key);
}

const char *config_text(struct config *c, const char *s) { return arena_strndup(&c->texts, s, strlen(s)); }

const char *config_path(struct config *c, const char *dir, const char *path)
{
	struct buf b = BUF_INIT;
	const char *r;

	if (!dir || path[0] == '/')
		return config_text(c, path);
	buf_printf(&b, "%s/%s", dir, path);
	r = arena_strndup(&c->texts, b.p, b.len);
	buf_free(&b);
	return r;
}

/* ---- printing ----------------------------------------------------------- */

void setting_print_number(enum setting_kind kind, uint64_t v, struct buf *out)
{
	const struct unit *u = kind == SETTING_TIME ? time_units : byte_units;
	size_t i;

	if (kind == SETTING_COUNT) {
		buf_printf(out, "%llu", (unsigned long long)v);
		return;
	}
	for (i = 0; v != 0 && i < 3 && v % u[i].size != 0; i++)
		;
	if (v == 0)
		i = kind == SETTING_TIME ? 2 : 3;
	buf_printf(out, "%llu%s", (unsigned long long)(v / u[i].size), u[i].name);
}

static void print_text(const char *s, struct buf *out)
{
	buf_putc(out, '"');
	for (; s && *s; s++) {
		if (*s == '"' || *s == '\\' || *s == '$')
			buf_putc(out, '\\');
		buf_putc(out, *s);
	}
	buf_putc(out, '"');
}

void setting_print(const struct setting *s, const struct settings *set, struct buf *out)
{
	const void *p = field_const(set, s);
	const char *w;
	uint32_t i;

	switch (s->kind) {
	case SETTING_BOOL:
		buf_puts(out, *(const bool *)p ? "yes" : "no");
		break;
	case SETTING_CHOICE:
		for (w = s->words, i = 0; i < *(const uint32_t *)p; i++)
			w = strchr(w, '|') + 1;
		buf_put(out, w, strcspn(w, "|"));
		break;
	case SETTING_TIME:
		setting_print_number(s->kind, *(const uint64_t *)p / MS, out);
		break;
	case SETTING_COUNT:
	case SETTING_BYTES:
		setting_print_number(s->kind, *(const uint64_t *)p, out);
		break;
	default:
		print_text(*(const char *const *)p, out);
	}
}

void setting_expects(const struct setting *s, struct buf *out)
{
	const char *w;
	size_t n;

	switch (s->kind) {
	case SETTING_BOOL:
		buf_puts(out, "yes or no");
		return;
	case SETTING_CHOICE:
		for (w = s->words; (n = strcspn(w, "|")), w[n]; w += n + 1)
			buf_printf(out, "%.*s%s", (int)n, w, strchr(w + n + 1, '|') ? ", " : " or ");
		buf_puts(out, w);
		return;
	case SETTING_TEXT:
	case SETTING_FILE:
		buf_puts(out, s->kind == SETTING_TEXT ? "a text" : "a file's name");
		return;
	case SETTING_ROUTE:
		buf_puts(out, "a path that begins with a slash, or \"\" for none");
		return;
	case SETTING_COUNT:
		buf_puts(out, "a number from ");
		break;
	case SETTING_BYTES:
		buf_puts(out, "a size (k, m, g) from ");
		break;
	case SETTING_TIME:
		buf_puts(out, "a time (ms, s, min, h) from ");
		break;
	}
	setting_print_number(s->kind, s->lo, out);
	buf_puts(out, " to ");
	setting_print_number(s->kind, s->hi, out);
}

/* ---- parsing ------------------------------------------------------------ */

static bool parse_bool(const char *t, bool *out)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(t, words[i]) == 0) {
			*out = i % 2 != 0;
			return true;
		}
	return false;
}

/* Decimal digits and a unit of the kind. TIME needs one, unless it is 0. */
static bool parse_number(enum setting_kind kind, const char *t, uint64_t *out)
{
	const struct unit *u = kind == SETTING_TIME ? time_units : byte_units;
	uint64_t v = 0;
	size_t i;

	if (*t < '0' || *t > '9')
		return false;
	for (; *t >= '0' && *t <= '9'; t++)
		if (__builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, (uint64_t)(*t - '0'), &v))
			return false;
	*out = v;
	if (kind == SETTING_COUNT || (*t == '\0' && v == 0))
		return *t == '\0';
	for (i = 0; i < 4; i++) {
		size_t n = strlen(u[i].name);

		/* "64kb" and "64K" are common spellings. */
		if (strncasecmp(t, u[i].name, n) == 0 &&
		    (t[n] == '\0' || (kind == SETTING_BYTES && n != 0 && strcasecmp(t + n, "b") == 0)))
			return !__builtin_mul_overflow(v, u[i].size, out);
	}
	return false;
}

static bool parse_choice(const char *words, const char *t, uint32_t *out)
{
	size_t n, len = strlen(t);
	uint32_t i = 0;

	for (;; words += n + 1, i++) {
		n = strcspn(words, "|");
		if (n == len && memcmp(words, t, n) == 0) {
			*out = i;
			return true;
		}
		if (!words[n])
			return false;
	}
}

static bool set_value(struct config *c, const struct setting *s, const char *text, const char *dir)
{
	void *p = field(&c->set, s);
	uint64_t v;

	switch (s->kind) {
	case SETTING_BOOL:
		return parse_bool(text, p);
	case SETTING_CHOICE:
		return parse_choice(s->words, text, p);
	case SETTING_TEXT:
		*(const char **)p = *text ? config_text(c, text) : NULL;
		return true;
	case SETTING_FILE:
		*(const char **)p = *text ? config_path(c, dir, text) : NULL;
		return true;
	case SETTING_ROUTE:
		*(const char **)p = *text ? config_text(c, text) : NULL;
		return *text == '/' || *text == '\0';
	default:
		if (!parse_number(s->kind, text, &v) || v < s->lo || v > s->hi)
			return false;
		*(uint64_t *)p = s->kind == SETTING_TIME ? v * MS : v;
		return true;
	}
}

bool setting_parse(struct config *c, const struct setting *s, const char *text, const char *dir, struct buf *err)
{
	if (set_value(c, s, text, dir))
		return true;
	setting_name(s, err);
	buf_printf(err, " = \"%.*s\": expected ", (int)(strcspn(text, "\n") < 100 ? strcspn(text, "\n") : 100), text);
	setting_expects(s, err);
	return false;
}

/* ---- loading ------------------------------------------------------------ */

void settings_defaults(struct config *c)
{
	size_t i;

	for (i = 0; i < SETTINGS_N; i++) {
		const struct setting *s = &setting_row[i];
		void *p = field(&c->set, s);

		switch (s->kind) {
		case SETTING_BOOL:   *(bool *)p = s->dflt != 0; break;
		case SETTING_CHOICE: *(uint32_t *)p = (uint32_t)s->dflt; break;
		case SETTING_COUNT:
		case SETTING_BYTES:  *(uint64_t *)p = s->dflt; break;
		case SETTING_TIME:   *(uint64_t *)p = s->dflt * MS; break;
		default:             *(const char **)p = s->text; break;
		}
	}
}

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
		if (field_const(&c->set, &setting_row[i]) == at)
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

	if (set->workers == 0)
		set->workers = default_workers();
	if (set->nlisten == 0) {
		set->listen[0] = LISTEN_DEFAULT;
		set->nlisten = 1;
	}
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
	{ "log", "file" }, { "log", "access" },
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
				*(bool *)field(&c->set, s) = *(const bool *)field_const(&running->set, s);
				break;
			case SETTING_COUNT:
				*(uint64_t *)field(&c->set, s) = *(const uint64_t *)field_const(&running->set, s);
				break;
			default:
				text = *(const char *const *)field_const(&running->set, s);
				*(const char **)field(&c->set, s) = text ? config_text(c, text) : NULL;
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
		print_text(text, out);
		buf_putc(out, '\n');
	}
}

static void dump_blocks(const struct settings *set, struct buf *out)
{
	uint32_t i;

	for (i = 0; i < set->nstatics; i++) {
		buf_puts(out, "static ");
		print_text(set->statics[i].name, out);
		buf_puts(out, " {\n");
		dump_pair("root", set->statics[i].root, out);
		dump_pair("prefix", set->statics[i].prefix, out);
		buf_puts(out, "}\n");
	}
	for (i = 0; i < set->napps; i++) {
		buf_puts(out, "app ");
		print_text(set->app[i].name, out);
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
		print_text(c->set.listen[i], out);
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
