/* statics.h: files below directories that the operator named, as answers to GET
 * and HEAD. One per worker; the directories are opened once and every file below
 * them by openat2, which cannot leave the directory nor follow a link.
 *
 * What it knows of a name it looks up again at most once per second, so a
 * changed, new or removed file is seen within a second. A response is always
 * whole: its head and all its bytes are those of one opened file. */
#ifndef WORKER_HTTP_STATICS_H
#define WORKER_HTTP_STATICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "worker/http/gate.h"
#include "worker/settings.h"

struct statics;

/* The body behind a head that statics_serve has appended. mem: len bytes that
 * stay until statics_unpin(pin). fd: len bytes of it from off; the caller owns
 * it and closes it. Neither: nothing more to send. */
struct static_body {
	const char *mem;
	size_t len;
	void *pin;
	int fd;                  /* -1: none */
	uint64_t off;
};

/* Opens the roots of the settings: in the zygote, so that all workers of a
 * generation see the same directories and a bad one is noticed in time. NULL
 * with *err NULL: none are configured. NULL with *err set (in static memory):
 * a root cannot be opened, or the kernel refuses openat2. */
struct statics *statics_open(const struct settings *set, const char **err);
void statics_close(struct statics *s);
/* The descriptors of the roots, for the sandbox; returns their number. */
uint32_t statics_roots(const struct statics *s, int fd[STATICS_MAX]);

/* GET and HEAD of a path below a prefix. False: no such file, go on to the
 * handler; nothing was appended. True: the head (and a small body) is appended
 * to out, *status is set and *body filled. */
bool statics_serve(struct statics *s, const struct http_head *h, const char *bytes, int64_t wall_seconds,
		   bool keep_alive, uint16_t *status, struct buf *out, struct static_body *body);
/* When the bytes have been sent, or never will be. NULL is fine. */
void statics_unpin(struct statics *s, void *pin);

/* What lies in memory now, without what is only pinned. */
struct statics_use { size_t bytes, entries, pinned; };
void statics_use(const struct statics *s, struct statics_use *out);

#endif
