/* append.c: see append.h. Called by the access log.
 *
 * Before a write to a regular file, room behind its end is reserved for one
 * append of every process that writes to it. Of all reservations that succeed
 * look at the latest: after it, every process has written at most once (or it
 * would have reserved again, later), so each of these writes lies within it and
 * cannot be cut short by a full disk. */
#include "worker/append.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"

#define AHEAD (64u << 10)       /* reserved at a time while there is plenty */

void append_init(struct append *a, int fd, uint32_t writers)
{
	*a = (struct append){ .fd = fd, .writers = writers, .whole = true };
}

/* False: no room. */
static bool reserve(struct append *a)
{
	uint64_t need = (uint64_t)a->writers * APPEND_MAX;
	struct stat st;

	if (fstat(a->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		a->whole = false;
		return true;
	}
	/* A file that shrank was truncated, or is another one. */
	if ((uint64_t)st.st_size < a->size)
		a->reserved = 0;
	a->size = (uint64_t)st.st_size;
	if (a->size + need <= a->reserved)
		return true;
	if (fallocate(a->fd, FALLOC_FL_KEEP_SIZE, st.st_size, (off_t)need + AHEAD) == 0) {
		a->reserved = a->size + need + AHEAD;
		return true;
	}
	if (errno == ENOSPC && fallocate(a->fd, FALLOC_FL_KEEP_SIZE, st.st_size, (off_t)need) == 0)
		return true; /* next time again: others may take what is left */
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO)
		return false;
	a->whole = false; /* not on this file system */
	return true;
}

bool append_write(struct append *a, const char *p, size_t n)
{
	size_t done = 0;

	AN(n <= APPEND_MAX);
	if (a->whole && !reserve(a))
		return false;
	if (a->torn && write(a->fd, "\n", 1) != 1)
		return false;
	a->torn = false;
	while (done < n) {
		ssize_t w = write(a->fd, p + done, n - done);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0) {
			a->torn = done != 0;
			return false;
		}
		done += (size_t)w;
	}
	return true;
}
