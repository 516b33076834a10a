/* options.h: the command line of zigttpd. */
#ifndef SUPERVISOR_OPTIONS_H
#define SUPERVISOR_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
	const char *host;        /* as given; default 127.0.0.1 */
	uint16_t port;           /* 0: any free port */
	const char *code;        /* -e; NULL */
	const char *path;        /* NULL with -e */
	uint32_t workers;
	size_t memory;           /* 0: the engine's default */
	bool quiet;
};

/* Fills o from the command line. Returns -1 to go on, else the exit code after
 * help, version or a usage error has been printed. */
int options_parse(struct options *o, int argc, char **argv);

#endif
