/* gen_modules7.c: makes zigttp-modules(7) out of its text and modules/exports.def, when
 * the project is built. Copies standard input to standard output; the line @MODULES@
 * becomes a section for each module. */
#include <stdio.h>
#include <string.h>

#include "engine/include/effect.h"

struct export { const char *name, *usage, *doc; unsigned effect; };

static void put_text(const char *s)
{
	for (; *s; s++)
		if (*s == '-')
			fputs("\\-", stdout);
		else if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '"')
			fputs("\\(dq", stdout);
		else if (*s == '\'')
			fputs("\\(aq", stdout);
		else if (strncmp(s, "\xe2\x80\xa6", 3) == 0) {
			fputs("\\&...", stdout);
			s += 2;
		} else if (strncmp(s, "\xe2\x86\x92", 3) == 0) {
			fputs("\\(->", stdout);
			s += 2;
		} else
			putchar(*s);
}

static void module(const char *name, const char *doc)
{
	printf(".SH zigttp:%s\n", name);
	put_text(doc);
	puts(".");
}

static void export(const struct export *x)
{
	static const char *const effect[] = {
#define EFFECT(name, text) #name,
#include "engine/include/effect.def"
	};
	const char *sep = ".br\nEffects: ";

	printf(".TP\n.B ");
	put_text(x->name);
	put_text(x->usage);
	puts("");
	put_text(x->doc);
	puts(".");
	for (int bit = 0; bit < EFFECT_BIT__N; bit++)
		if (x->effect >> bit & 1) {
			printf("%s%s", sep, effect[bit]);
			sep = ", ";
		}
	if (*sep == ',')
		puts(".");
}

static void all(void)
{
#define MODULE(name, doc) module(#name, doc);
#define SCRIPT(name, doc) module(#name, doc);
#define EXPORT(module, name, fn, nargs, effect, usage, doc) export(&(struct export){ #name, usage, doc, effect });
#define SCRIPTED(module, name, nargs, effect, usage, doc) export(&(struct export){ #name, usage, doc, effect });
#define END(module)
#include "modules/exports.def"
}

int main(void)
{
	char line[1000];

	while (fgets(line, sizeof line, stdin))
		if (strcmp(line, "@MODULES@\n") == 0)
			all();
		else
			fputs(line, stdout);
	return fflush(stdout) != 0;
}
