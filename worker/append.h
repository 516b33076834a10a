/* append.h: whole lines at the end of a file that other processes append to as
 * well, or nothing: a full disk never leaves half a line behind. */
#ifndef WORKER_APPEND_H
#define WORKER_APPEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Most bytes of one append: what a pipe takes whole. */
#define APPEND_MAX 4096

struct append {
	int fd;                  /* the caller's */
	uint32_t writers;        /* processes that may append at a time, at most */
	bool whole;              /* room is reserved before each write */
	bool torn;               /* half a line lies at the end (no reservations there) */
	uint64_t size, reserved; /* of the file, when we last looked */
};

void append_init(struct append *a, int fd, uint32_t writers);
/* Writes p[0..n), n <= APPEND_MAX, whole lines. False: there is no room (or
 * whatever else is wrong); nothing was written, as far as that can be had. */
bool append_write(struct append *a, const char *p, size_t n);

#endif
