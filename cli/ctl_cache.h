/* ctl_cache.h: `zigttpctl cache …`. */
#ifndef CLI_CTL_CACHE_H
#define CLI_CTL_CACHE_H

#include "supervisor/ctl_protocol.h"

#define HEADERS_MAX 100

/* The words behind "cache", and the -H options. */
struct cache_args { int argc; char **argv; const char *header[HEADERS_MAX]; int nheaders; };
/* 0, or an exit code after the mistake was named. */
int cache_check(const struct cache_args *a);
/* Asks the server on fd and prints. Returns the exit status. */
int cache_run(int fd, const struct cache_args *a, bool json);

#endif
