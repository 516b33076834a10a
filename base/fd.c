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

int fd_write_all(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n > 0) {
		ssize_t w = write(fd, s, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		s += w;
		n -= (size_t)w;
	}
	return 0;
}

static int set_flag(int fd, int get, int set, int bit, int on)
{
	int f = fcntl(fd, get);

	return f < 0 ? -1 : fcntl(fd, set, on ? f | bit : f & ~bit);
}

int fd_set_nonblock(int fd, int on) { return set_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, on); }
int fd_set_cloexec(int fd, int on) { return set_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, on); }

void fd_close(int *fd)
{
	if (*fd >= 0) {
		AZ(close(*fd) && errno != EINTR && errno != EIO);
		*fd = -1;
	}
}
