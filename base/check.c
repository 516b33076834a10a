/* check.c: the failing end of the asserts. Called by anyone; must stay
 * async-signal-safe, because crash handlers come here too. */
#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void put(const char *s)
{
	ssize_t n = write(STDERR_FILENO, s, strlen(s));
	(void)n;
}

NORETURN void check_fail(const char *expr, const char *file, int line)
{
	char digits[12];
	int i = (int)sizeof digits - 1;
	unsigned v = line > 0 ? (unsigned)line : 0;

	digits[i] = '\0';
	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0 && i > 0);
	put("panic: ");
	put(expr);
	put(" (");
	put(file);
	put(":");
	put(digits + i);
	put(")\n");
	abort();
}
