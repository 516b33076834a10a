/* access.h: the access log: one line per request, as text or JSON, gathered so
 * that a line does not cost a system call. */
#ifndef WORKER_ACCESS_H
#define WORKER_ACCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/sv.h"
#include "worker/heritage.h"

struct access_entry {
	const struct sockaddr_storage *peer; /* NULL: not known */
	struct sv method, target;            /* any bytes; "-" when there is none */
	uint16_t status;
	uint64_t bytes;                      /* of the whole response */
	uint64_t wait_us, exec_us;
};

/* Worker, after fork: where the lines go (heritage.access_fd, log_fd or standard
 * error) and in which format. */
void access_init(const struct heritage *h);
/* text: "METHOD target status µs". json: one object, see zigttpd(8). */
void access_line(const struct access_entry *e);
/* Writes what has gathered, and says whether there was anything. Lines that
 * cannot be written are dropped and counted in the slot's log_errors. */
bool access_flush(void);
bool access_pending(void);
/* A log file was opened anew (kind INBOX_LOG or INBOX_ACCESS): fd takes the
 * place of the old descriptor and is consumed. */
void access_reopened(uint32_t kind, int fd);

#endif
