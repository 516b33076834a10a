/* settings.h: making struct settings out of its table, a configuration file and
 * the command line. Used at the start, and again for every reload. */
#ifndef SUPERVISOR_SETTINGS_H
#define SUPERVISOR_SETTINGS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include "worker/settings.h"

enum setting_kind {
	SETTING_BOOL, SETTING_COUNT, SETTING_BYTES, SETTING_TIME, SETTING_TEXT, SETTING_FILE, SETTING_ROUTE,
	SETTING_CHOICE
};

/* A row of worker/settings.def. */
struct setting {
	enum setting_kind kind;
	uint32_t at;             /* of the field in struct settings */
	const char *section, *key;
	uint64_t dflt, lo, hi;   /* TIME: ms */
	const char *text, *words; /* the default of texts; CHOICE */
	const char *option, *help;
};

enum {
	SETTINGS_N = 0
#define SETTING(kind, field, section, key, dflt, lo, hi, opt, help) + 1
#include "worker/settings.def"
#undef SETTING
};
extern const struct setting setting_row[SETTINGS_N];

/* Settings, and where each one comes from. Freed as a whole; every text in
 * `set` lives in `texts`. */
struct config {
	struct settings set;     /* first: whoever has it has the whole */
	struct config_origin { enum { BY_DEFAULT, BY_FILE, BY_OPTION } who; int line; } from[SETTINGS_N], listen_from;
	struct arena texts;
	char *file;              /* the configuration file; NULL: none */
};

struct options;

/* Defaults, then the file that the options name, then the options. 0 with *out
 * to be freed by config_free, or an exit code with *out NULL and the reason in
 * err: lines "FILE:LINE: text" or plain text, without a final newline. Changes
 * nothing outside. */
int settings_load(const struct options *o, struct config **out, struct buf *err);
void config_free(struct config **c);

/* What cannot change while the server runs is taken over from the running one;
 * the keys concerned are named in `kept` ("workers, user"), which is left alone
 * when nothing was. */
void settings_keep(struct config *c, const struct config *running, struct buf *kept);
/* All that is in force, as a valid configuration file; with each value, where
 * it comes from. */
void settings_dump(const struct config *c, struct buf *out);

/* Every setting at its default; no apps, no files, no addresses. */
void settings_defaults(struct config *c);

/* ---- for the readers of file and command line --------------------------- */

#define SETTING_MS 1000000u /* TIME: what a unit of the table is in a field */

static inline void *setting_field(struct settings *set, const struct setting *s) { return (char *)set + s->at; }
static inline const void *setting_field_const(const struct settings *set, const struct setting *s)
{
	return (const char *)set + s->at;
}
/* NULL: no such key. section "": the top. */
const struct setting *setting_find(const char *section, const char *key);
/* "key", or "section.key". */
void setting_name(const struct setting *s, struct buf *out);
/* Sets a value from its text. False: `err` has what was expected. Files are
 * seen from the directory `dir` (NULL: the current one). */
bool setting_parse(struct config *c, const struct setting *s, const char *text, const char *dir, struct buf *err);
/* "a time from 1ms to 1h", for messages and manuals. */
void setting_expects(const struct setting *s, struct buf *out);
/* The value, as it is written in the file; texts that are not set: "". */
void setting_print(const struct setting *s, const struct settings *set, struct buf *out);
/* In double quotes. NULL: "". */
void setting_print_text(const char *s, struct buf *out);
/* "1m", "30s": the largest units without a remainder. */
void setting_print_number(enum setting_kind kind, uint64_t v, struct buf *out);
const char *config_text(struct config *c, const char *s);
/* A path as seen from dir. */
const char *config_path(struct config *c, const char *dir, const char *path);

#endif
