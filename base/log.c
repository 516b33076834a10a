/* log.c: formats a line into a stack buffer and writes it at once. */
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"

static struct { int fd; enum log_level max; const char *who; uint64_t *lost; } lg = { STDERR_FILENO, LOG_INFO, "", NULL };
static const char *const level_name[] = { "error", "warning", "info", "debug" };

void log_init(int fd, enum log_level max, const char *who)
{
	lg.fd = fd < 0 ? STDERR_FILENO : fd;
	lg.max = max;
	lg.who = who;
}

void log_who(const char *who) { lg.who = who; }
void log_count_lost(uint64_t *n) { lg.lost = n; }

void log_text(enum log_level l, const char *p, unsigned long n)
{
	if (l > lg.max)
		return;
	while (n > 0) {
		ssize_t w = write(lg.fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0) {
			if (lg.lost)
				__atomic_store_n(lg.lost, *lg.lost + 1, __ATOMIC_RELAXED);
			return;
		}
		p += w;
		n -= (unsigned long)w;
	}
}

void log_line(enum log_level l, const char *fmt, ...)
{
	char line[2048];
	struct timespec ts;
	va_list ap;
	size_t n;
	int k;

	if (l > lg.max)
		return;
	clock_gettime(CLOCK_REALTIME, &ts);
	calendar_iso(ts.tv_sec, line);
	n = CALENDAR_ISO_LEN;
	k = snprintf(line + n, sizeof line - n, ".%03ldZ %s[%d] %s: ", ts.tv_nsec / 1000000, lg.who,
		     (int)getpid(), level_name[l]);
	n += (size_t)k;
	va_start(ap, fmt);
	k = vsnprintf(line + n, sizeof line - n - 1, fmt, ap);
	va_end(ap);
	n = k < 0 || (size_t)k >= sizeof line - n - 1 ? sizeof line - 1 : n + (size_t)k;
	line[n++] = '\n';
	log_text(l, line, n);
}
