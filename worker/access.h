/* access.h: the access log: one line per request on standard error, gathered
 * so that a line does not cost a system call. */
#ifndef WORKER_ACCESS_H
#define WORKER_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* "METHOD target status µs". */
void access_line(struct sv method, struct sv target, uint16_t status, uint64_t us);
/* Writes what has gathered, and says whether there was anything. */
bool access_flush(void);
bool access_pending(void);

#endif
