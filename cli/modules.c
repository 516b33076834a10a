/* modules.c: `zigttp modules`: lists what programs can import from zigttp:*. */
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "cli/verbs.h"
#include "modules/modules.h"

static void help(FILE *to)
{
	fputs("usage: zigttp modules [NAME]\n"
	      "\n"
	      "Lists the modules that a program can import, or what one of them exports.\n", to);
}

static void show(const struct zigts_module *m)
{
	printf("zigttp:%s   %s.\n", m->name, m->doc);
	for (uint32_t i = 0; i < m->n; i++) {
		const struct zigts_export *x = &m->exports[i];
		const char *sep = "      effects: ";

		printf("\n  %s%s\n      %s.\n", x->name, x->usage, x->doc);
		for (int bit = 0; bit < EFFECT_BIT__N; bit++) {
			static const char *const text[] = {
#define EFFECT(name, text) #name,
#include "engine/include/effect.def"
			};

			if (x->effect >> bit & 1) {
				printf("%s%s", sep, text[bit]);
				sep = " ";
			}
		}
		if (*sep == ' ' && sep[1] == '\0')
			puts("");
	}
}

static int unknown(const char *name)
{
	unsigned far = near_limit(name);
	const char *near = NULL;

	for (uint32_t i = 0; i < modules_count; i++)
		if (near_distance(name, modules_all[i]->name) < far) {
			near = modules_all[i]->name;
			far = near_distance(name, near);
		}
	fprintf(stderr, "zigttp modules: there is no module '%s'%s%s%s\n", name, near ? "; did you mean '" : "",
		near ? near : "", near ? "'?" : "");
	return EXIT_USAGE;
}

int verb_modules(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (name && strcmp(name, "--help") == 0) {
		help(stdout);
		return 0;
	}
	if (argc > 2 || (name && *name == '-')) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (name && strncmp(name, "zigttp:", 7) == 0)
		name += 7;
	for (uint32_t i = 0; i < modules_count; i++)
		if (name && strcmp(name, modules_all[i]->name) == 0) {
			show(modules_all[i]);
			return 0;
		} else if (!name)
			printf("zigttp:%-10s %s\n", modules_all[i]->name, modules_all[i]->doc);
	return name ? unknown(name) : 0;
}
