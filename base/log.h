/* log.h: one log per process, on a file descriptor. A line is one write(2),
 * so lines of several processes on one file do not mix. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>

#include "base/check.h"

enum log_level { LOG_ERR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Lines above `max` are dropped. `who` is printed in front ("worker 3"); the
 * caller keeps the string alive. fd -1 means standard error. */
void log_init(int fd, enum log_level max, const char *who);
void log_who(const char *who);
/* Lines that could not be written (a full disk) are added to *n, which is this
 * process's alone to write. NULL: not counted. */
void log_count_lost(uint64_t *n);
void log_line(enum log_level l, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Writes text that may span lines (a stack trace) as it is, in one write. */
void log_text(enum log_level l, const char *p, unsigned long n);

#define log_err(...)   log_line(LOG_ERR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
