/* conf.h: reading zigttpd.conf. */
#ifndef SUPERVISOR_CONF_H
#define SUPERVISOR_CONF_H

#include "supervisor/settings.h"

/* Reads the file over what c has. 0, or an exit code with the reason in err:
 * "FILE:LINE: text" (78), or that the file cannot be read (66, 77). */
int conf_read(struct config *c, const char *file, struct buf *err);

#endif
