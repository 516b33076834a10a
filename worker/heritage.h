/* heritage.h: everything that crosses fork, from the supervisor to the zygote
 * and from the zygote to a worker. What is not in here does not survive: each
 * process closes all it inherited and does not find below. */
#ifndef WORKER_HERITAGE_H
#define WORKER_HERITAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shm/layout.h"

struct heritage {
	int listen_fd;          /* supervisor's for life; non-blocking */
	int status_fd;          /* write end of the status pipe: struct status_msg */
	int command_fd;         /* zygote only: struct fork_cmd arrives here */
	struct shm_header *shm;
	uint32_t generation;
	uint32_t slot, serial;  /* worker only */
	/* what the operator asked for; strings live as long as the process */
	const char *handler_path;  /* NULL with -e */
	const char *handler_code;  /* NULL without -e */
	size_t memory_limit;       /* bytes a request may allocate; 0: default */
	bool quiet;                /* no access log */
};

#endif
