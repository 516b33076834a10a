/* logs.h: the log files: opened by the supervisor, who may have rights that
 * workers have not, and opened anew under the same names when asked to. */
#ifndef SUPERVISOR_LOGS_H
#define SUPERVISOR_LOGS_H

#include <stdbool.h>

#include "base/buf.h"
#include "worker/heritage.h"

/* Opens set->log_file and set->access_file for appending (mode 0640), fills
 * h->log_fd and h->access_fd, and turns our own log to the file. False: err
 * says which one and why. */
bool logs_open(const struct settings *set, struct heritage *h, struct buf *err);
/* Opens them again by name; the numbers stay the same. A file that cannot be
 * opened goes on as it was, with a warning. Returns how many were. */
int logs_reopen(const struct settings *set, const struct heritage *h);

#endif
