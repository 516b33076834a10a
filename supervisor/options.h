/* options.h: the command line of zigttpd. Read once; kept as it was given, so
 * that every load of the settings can apply it again over the file. */
#ifndef SUPERVISOR_OPTIONS_H
#define SUPERVISOR_OPTIONS_H

#include "supervisor/settings.h"

#define OPTIONS_MAX 64

struct options {
	const char *conf;        /* configuration file; NULL: none */
	const char *handler, *code; /* at most one of them */
	const char *host, *port; /* NULL: not given */
	const char *listen[LISTEN_MAX], *static_root[STATICS_MAX];
	uint32_t nlisten, nstatics;
	bool check, verbose;
	struct { const struct setting *s; const char *text, *as; } value[OPTIONS_MAX]; /* as: the option, for messages */
	uint32_t nvalues;
};

/* Fills o from the command line, whose strings it keeps. Returns -1 to go on,
 * else the exit code after help, version or a usage error has been printed. */
int options_parse(struct options *o, int argc, char **argv);
/* The options over what c has. 0, or 64 with the reason in err. */
int options_apply(const struct options *o, struct config *c, struct buf *err);

#endif
