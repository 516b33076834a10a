/* gen_lines.c: see gen_lines.h. Linked into gen-ucd and gen-ucdprop. */
#include "base/gen_lines.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FIELDS 16

const char *gen_dir, *gen_program;
char gen_version[64];

void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s: ", gen_program);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
	exit(1);
}

static char *strip(char *s)
{
	char *end;

	s += strspn(s, " \t");
	end = s + strlen(s);
	while (end > s && strchr(" \t\r\n", end[-1]))
		*--end = '\0';
	return s;
}

void read_lines(const char *name, line_fn *fn)
{
	char path[1024], text[4096], *field[MAX_FIELDS];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", gen_dir, name);
	f = fopen(path, "r");
	if (!f)
		fail("%s: %s (Debian package unicode-data)", path, strerror(errno));
	while (fgets(text, sizeof text, f)) {
		char *p = text, *hash = strchr(p, '#');
		int n;

		if (gen_version[0] == '\0' && hash == p)
			snprintf(gen_version, sizeof gen_version, "%s", strip(p + 1));
		if (hash)
			*hash = '\0';
		if (*strip(p) == '\0')
			continue;
		for (n = 0; p && n < MAX_FIELDS; n++) {
			char *semi = strchr(p, ';');

			if (semi)
				*semi++ = '\0';
			field[n] = strip(p);
			p = semi;
		}
		fn(field, n);
	}
	if (ferror(f))
		fail("%s: read error", path);
	fclose(f);
}
