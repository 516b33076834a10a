/* fd.c: small helpers on file descriptors. Leaf. */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int fd_read_file(const char *path, size_t max, struct buf *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	size_t got = 0;

	if (fd < 0)
		return -1;
	for (;;) {
		ssize_t n = read(fd, buf_reserve(b, 32768), 32768);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = errno;
		if (n <= 0)
			break;
		b->len += (size_t)n;
		got += (size_t)n;
		if (got > max) {
			err = EFBIG;
			break;
		}
	}
	close(fd);
	errno = err;
	return err ? -1 : 0;
}

int fd_set_nonblock(int fd, int on)
{
	int f = fcntl(fd, F_GETFL);

	return f < 0 ? -1 : fcntl(fd, F_SETFL, on ? f | O_NONBLOCK : f & ~O_NONBLOCK);
}

void fd_close(int *fd)
{
	if (*fd >= 0) {
		AZ(close(*fd) && errno != EINTR && errno != EIO);
		*fd = -1;
	}
}
