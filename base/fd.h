/* fd.h: small helpers on file descriptors. All return -1 with errno set on
 * failure, as the calls beneath do. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>

#include "base/buf.h"

/* Reads a whole file (at most max bytes: EFBIG beyond) behind b's contents. */
int fd_read_file(const char *path, size_t max, struct buf *b);
int fd_set_nonblock(int fd, int on);
/* Closes *fd unless it is -1, and makes it -1. */
void fd_close(int *fd);

#endif
