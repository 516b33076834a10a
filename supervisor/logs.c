/* logs.c: see logs.h. Called by main at the start and by operate.c on SIGUSR1. */
#include "supervisor/logs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"

/* Blocking: a pipe or terminal that is slow makes its writers wait; but a FIFO
 * without a reader must not make us wait for ever. */
static int open_log(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);

	if (fd >= 0)
		fd_set_nonblock(fd, 0);
	return fd;
}

static bool open_first(const char *path, int *fd, struct buf *err)
{
	*fd = -1;
	if (!path)
		return true;
	*fd = open_log(path);
	if (*fd < 0)
		buf_printf(err, "cannot open the log file %s: %s", path, strerror(errno));
	return *fd >= 0;
}

bool logs_open(const struct settings *set, struct heritage *h, struct buf *err)
{
	if (!open_first(set->log_file, &h->log_fd, err) || !open_first(set->access_file, &h->access_fd, err))
		return false;
	if (h->log_fd >= 0)
		log_init(h->log_fd, LOG_INFO, "zigttpd");
	return true;
}

static int open_again(const char *path, int number)
{
	int fd;

	if (!path || number < 0)
		return 0;
	fd = open_log(path);
	if (fd < 0) {
		log_warn("cannot open %s again: %s; going on with the old file", path, strerror(errno));
		return 0;
	}
	AN(dup3(fd, number, O_CLOEXEC) == number);
	fd_close(&fd);
	return 1;
}

int logs_reopen(const struct settings *set, const struct heritage *h)
{
	return open_again(set->log_file, h->log_fd) + open_again(set->access_file, h->access_fd);
}
