/* options.h: the command line of zigttpd. */
#ifndef SUPERVISOR_OPTIONS_H
#define SUPERVISOR_OPTIONS_H

#include <stdint.h>

#include "supervisor/settings.h"

struct options {
	const char *host;        /* as given; default 127.0.0.1 */
	uint16_t port;           /* 0: any free port */
	bool addressed;          /* -h or -p was given */
	struct settings set;     /* app[0] is the handler that was named */
};

/* Fills o from the command line. Returns -1 to go on, else the exit code after
 * help, version or a usage error has been printed. */
int options_parse(struct options *o, int argc, char **argv);

#endif
