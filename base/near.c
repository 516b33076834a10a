/* near.c: see near.h. Called where a name that somebody wrote is unknown. */
#include "base/near.h"

#include <string.h>

enum { LEN = 32 };

unsigned near_distance(const char *a, const char *b)
{
	unsigned d[LEN + 1][LEN + 1], i, k, na = (unsigned)strlen(a), nb = (unsigned)strlen(b);

	if (na > LEN || nb > LEN)
		return LEN;
	for (i = 0; i <= na; i++)
		d[i][0] = i;
	for (k = 0; k <= nb; k++)
		d[0][k] = k;
	for (i = 1; i <= na; i++)
		for (k = 1; k <= nb; k++) {
			unsigned m = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);

			if (d[i - 1][k] + 1 < m)
				m = d[i - 1][k] + 1;
			if (d[i][k - 1] + 1 < m)
				m = d[i][k - 1] + 1;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] && d[i - 2][k - 2] + 1 < m)
				m = d[i - 2][k - 2] + 1;
			d[i][k] = m;
		}
	return d[na][nb];
}

unsigned near_limit(const char *unknown)
{
	size_t n = strlen(unknown);

	return n < 4 ? 2 : n < 7 ? 3 : 4;
}
