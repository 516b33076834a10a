/* gen_conf5.c: makes zigttpd.conf(5) out of its text and the table of settings,
 * when the project is built. Copies standard input to standard output; a line
 * @SECTION NAME@ becomes the keys of that section, and each of them must be asked
 * for once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "supervisor/settings.h"

static bool shown[SETTINGS_N];

/* roff has uses of its own for some characters; not all of its devices know
 * those beyond ASCII. */
static void put_text(struct buf *out, struct sv s)
{
	static const struct { const char *from, *to; } table[] = {
		{ "-", "\\-" }, { "\\", "\\e" }, { "\"", "\\(dq" }, { "\xe2\x80\xa6", "\\&..." },
	};
	size_t i, k, n;

	for (i = 0; i < s.n; i += n) {
		for (k = 0; k < ARRAY_LEN(table); k++) {
			n = strlen(table[k].from);
			if (i + n <= s.n && memcmp(s.p + i, table[k].from, n) == 0)
				break;
		}
		if (k < ARRAY_LEN(table)) {
			buf_puts(out, table[k].to);
		} else {
			n = 1;
			buf_putc(out, s.p[i]);
		}
	}
}

static void put_key(const struct setting *s, const struct settings *dflt, struct buf *out)
{
	struct buf value = BUF_INIT, expected = BUF_INIT;
	const char *long_option = strchr(s->option, ' ');

	setting_print(s, dflt, &value);
	setting_expects(s, &expected);
	buf_printf(out, ".TP\n.BI \"%s = \" ", s->key);
	put_text(out, buf_sv(&value));
	buf_putc(out, '\n');
	put_text(out, sv_of(s->help));
	buf_puts(out, ".\n.br\nExpected: ");
	put_text(out, buf_sv(&expected));
	buf_puts(out, ".");
	if (long_option) {
		buf_puts(out, " Option: ");
		if (long_option != s->option)
			buf_printf(out, "\\-%c, ", s->option[0]);
		buf_puts(out, "\\-\\-");
		long_option += 1 + (long_option[1] == '!');
		put_text(out, sv_of(long_option));
		buf_putc(out, '.');
	}
	buf_putc(out, '\n');
	buf_free(&value);
	buf_free(&expected);
}

static void put_section(const char *name, size_t n, const struct settings *dflt, struct buf *out)
{
	size_t i, found = 0;

	for (i = 0; i < SETTINGS_N; i++)
		if (sv_eq(sv_of(setting_row[i].section), (struct sv){ name, n })) {
			put_key(&setting_row[i], dflt, out);
			shown[i] = true;
			found++;
		}
	if (found == 0) {
		fprintf(stderr, "gen_conf5: there is no section %.*s\n", (int)n, name);
		exit(1);
	}
}

int main(void)
{
	struct config c = { .file = NULL };
	struct buf out = BUF_INIT;
	char line[1000];
	size_t i;

	settings_defaults(&c);
	while (fgets(line, sizeof line, stdin)) {
		if (strncmp(line, "@SECTION", 8) == 0)
			put_section(line + 9, strcspn(line + 9, "@"), &c.set, &out);
		else
			buf_puts(&out, line);
	}
	for (i = 0; i < SETTINGS_N; i++)
		if (!shown[i]) {
			fprintf(stderr, "gen_conf5: the text does not ask for section %s\n", setting_row[i].section);
			return 1;
		}
	fwrite(out.p, 1, out.len, stdout);
	buf_free(&out);
	return fflush(stdout) != 0;
}
