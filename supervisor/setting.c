/* setting.c: the table of settings: its values as text and back. Called by the
 * readers of file and command line, by the dump, and by the generator of
 * zigttpd.conf(5), for which it is built alone. */
#include "supervisor/settings.h"

#include <string.h>

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

struct unit { const char *name; uint64_t size; };
/* Largest first; the last one is the plain number (BYTES) or the stored unit. */
static const struct unit byte_units[] = { { "g", 1u << 30 }, { "m", 1u << 20 }, { "k", 1u << 10 }, { "", 1 } };
static const struct unit time_units[] = { { "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 } };

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

void setting_print_text(const char *s, struct buf *out)
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
	const void *p = setting_field_const(set, s);
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
		setting_print_number(s->kind, *(const uint64_t *)p / SETTING_MS, out);
		break;
	case SETTING_COUNT:
	case SETTING_BYTES:
		setting_print_number(s->kind, *(const uint64_t *)p, out);
		break;
	default:
		setting_print_text(*(const char *const *)p, out);
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
	void *p = setting_field(&c->set, s);
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
		*(uint64_t *)p = s->kind == SETTING_TIME ? v * SETTING_MS : v;
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

/* ---- defaults ----------------------------------------------------------- */

void settings_defaults(struct config *c)
{
	size_t i;

	for (i = 0; i < SETTINGS_N; i++) {
		const struct setting *s = &setting_row[i];
		void *p = setting_field(&c->set, s);

		switch (s->kind) {
		case SETTING_BOOL:   *(bool *)p = s->dflt != 0; break;
		case SETTING_CHOICE: *(uint32_t *)p = (uint32_t)s->dflt; break;
		case SETTING_COUNT:
		case SETTING_BYTES:  *(uint64_t *)p = s->dflt; break;
		case SETTING_TIME:   *(uint64_t *)p = s->dflt * SETTING_MS; break;
		default:             *(const char **)p = s->text; break;
		}
	}
}
