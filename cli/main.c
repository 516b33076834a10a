/* main.c: `zigttp`, the command for people who write handlers: picks the verb. */
#include <stdio.h>
#include <string.h>

#include "cli/verbs.h"

static const struct { const char *name, *help; int (*run)(int argc, char **argv); } verbs[] = {
	{ "run", "run a JavaScript file", verb_run },
	{ "modules", "list what can be imported from zigttp:*", verb_modules },
};

static int usage(FILE *to)
{
	fputs("usage: zigttp VERB [options] [arguments]\n\n", to);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		fprintf(to, "  %-8s %s\n", verbs[i].name, verbs[i].help);
	fputs("\n`zigttp VERB --help` says more; `zigttp --version` prints the version.\n", to);
	return to == stdout ? 0 : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		puts("zigttp " PACKAGE_VERSION);
		return 0;
	}
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	fprintf(stderr, "zigttp: unknown verb '%s'\n", argv[1]);
	return usage(stderr);
}
