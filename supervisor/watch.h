/* watch.h: tells when one of some files has been saved, however the editor does
 * it: written in place, renamed over, removed and made again, reached through a
 * link, in a directory that was away for a while. Knows nothing of reloads. */
#ifndef SUPERVISOR_WATCH_H
#define SUPERVISOR_WATCH_H

#include <ev.h>
#include <stdint.h>

struct watch;

/* `changed` is called from the loop, once for a burst of saves, when every
 * watched file that is needed is there and at least one is not what it was at the last call.
 * began_ns: CLOCK_MONOTONIC of the first sign of it. NULL with errno set. */
struct watch *watch_create(struct ev_loop *loop, void (*changed)(void *u, uint64_t began_ns), void *u);
/* Watches these files (as well as they exist) and no others; the paths are
 * copied. From number `needed` on a file that is away counts as unchanged. Files that were watched before keep what was known of them. Relative
 * paths are seen from the current directory. */
void watch_set(struct watch *w, const char *const *path, uint32_t n, uint32_t needed);
void watch_free(struct watch **w);

#endif
