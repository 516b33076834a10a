/* random.c: see random.h. */
#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

int random_fill(void *to, size_t n)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = getrandom(p, n < 256 ? n : 256, 0); /* so much is never interrupted */

		if (got < 0 && errno != EINTR)
			return errno;
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
	return 0;
}

void random_uuid(unsigned char b[16], int version, char text[36])
{
	char *p = text;

	b[6] = (unsigned char)((b[6] & 15) | version << 4);
	b[8] = (b[8] & 63) | 128;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = "0123456789abcdef"[b[i] >> 4];
		*p++ = "0123456789abcdef"[b[i] & 15];
	}
}
