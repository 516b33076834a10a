/* access.c: the access log's buffer. Called by the connection code; the
 * worker's loop flushes it when idle or when a tick comes. A full pipe blocks
 * the worker, as any log line does. */
#include "worker/access.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define FLUSH_AT 4096
#define TARGET_MAX 512

static char lines[FLUSH_AT + TARGET_MAX + 128];
static size_t used;

bool access_pending(void) { return used != 0; }

bool access_flush(void)
{
	if (used == 0)
		return false;
	log_text(LOG_ERR, lines, used);
	used = 0;
	return true;
}

static size_t number(char *at, uint64_t v)
{
	char d[20];
	size_t i = sizeof d;

	do {
		d[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	memcpy(at, d + i, sizeof d - i);
	return sizeof d - i;
}

void access_line(struct sv method, struct sv target, uint16_t status, uint64_t us)
{
	char *at = lines + used;

	if (target.n > TARGET_MAX)
		target.n = TARGET_MAX;
	memcpy(at, method.p, method.n);
	at += method.n;
	*at++ = ' ';
	memcpy(at, target.p, target.n);
	at += target.n;
	*at++ = ' ';
	at += number(at, status);
	*at++ = ' ';
	at += number(at, us);
	memcpy(at, " us\n", 4);
	used = (size_t)(at + 4 - lines);
	if (used >= FLUSH_AT)
		access_flush();
}
