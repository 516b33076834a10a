/* heritage.h: everything that crosses fork, from the supervisor to the zygote
 * and from the zygote to a worker. What is not in here does not survive: each
 * process closes all it inherited and does not find below. */
#ifndef WORKER_HERITAGE_H
#define WORKER_HERITAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "shm/layout.h"
#include "worker/inbox.h"
#include "worker/settings.h"

struct cache;
struct kv;
struct heritage {
	int listen_fd[LISTEN_MAX]; /* supervisor's for life; non-blocking */
	uint32_t nlisten;
	int status_fd;          /* write end of the status pipe: struct status_msg */
	int command_fd;         /* zygote only: struct fork_cmd arrives here */
	/* Hand-off: one SOCK_SEQPACKET pair per slot, made by the supervisor and
	 * never closed by it, so that nothing in a dead worker's inbox is lost. They do
	 * not cross the zygote's fork but come through its command socket; the first
	 * worker gets the ways to its siblings when they are made. */
	int *inbox_rd, *inbox_wr; /* [shm->nslots]; -1: not yet; NULL: no hand-off */
	/* Log files, opened by the supervisor for appending; -1: standard error,
	 * for the access log: with the messages. A file opened anew (SIGUSR1)
	 * comes through the inbox and takes the place of the old number. */
	int log_fd, access_fd;
	/* Zygote only: standard error as it shall be once the handler is loaded;
	 * until then 2 is a pipe, so that the supervisor can quote what was
	 * said. -1: 2 is right already. */
	int stderr_fd;
	/* Zygote only: a memory file that takes the absolute paths of all files the
	 * handlers were loaded from, or as far as it came, each ended by NUL; -1: nobody
	 * wants to know. */
	int files_fd;
	struct hash_key key;    /* of this boot: request_hash */
	struct shm_header *shm;
	struct cache *cache;    /* of responses; NULL: off. A handle of plain memory */
	struct kv *state, *rates; /* of zigttp:cache and zigttp:ratelimit; NULL: private ones */
	uint32_t generation;
	uint32_t slot, serial;  /* worker only */
	const struct settings *set; /* lives as long as the process */
};

#endif
