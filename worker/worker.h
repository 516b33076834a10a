/* worker.h: the contract between the supervisor and its children: two fixed
 * messages, exit codes, and the zygote's entry. The supervisor knows nothing
 * else of them.
 *
 * Status pipe (children → supervisor): struct status_msg, each one write(2) of
 * less than PIPE_BUF. The reader tolerates garbage and ignores messages of
 * generations and serials it does not expect.
 * Command socket (supervisor → zygote): SOCK_SEQPACKET of struct fork_cmd; its
 * end of file means: exit. */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include <stdint.h>

#include "base/check.h"
#include "worker/heritage.h"

#define STATUS_MAGIC 0x5a535441u
#define FORK_MAGIC   0x5a464f52u
#define LOGS_MAGIC   0x5a4c4f47u
#define BOXES_MAGIC  0x5a424f58u
#define BOXES_BATCH  200u        /* descriptors in one message; the kernel allows 253 */

enum status_kind {
	STATUS_ZYGOTE_READY = 1, /* handler evaluated and frozen; arg: snapshot bytes */
	STATUS_ZYGOTE_IS,        /* this copy of the process arg is the zygote now */
	STATUS_STARTED,          /* a worker of this slot and serial was forked: pid */
	STATUS_FORK_FAILED,      /* arg: errno */
	STATUS_READY,            /* the worker accepts connections */
	STATUS_BYE,              /* the worker has drained and exits now */
	STATUS_RETIRE            /* the worker would like to be replaced; arg: enum
	                          * restart_reason. It serves on until told to leave */
};
struct status_msg {
	uint32_t magic, kind, generation, pid, slot, serial;
	uint64_t arg;
};
_Static_assert(sizeof(struct status_msg) == 32, "32 divides PIPE_BUF and the pipe's pages");

/* FORK_MAGIC: a worker for this slot. LOGS_MAGIC: a log file was opened anew,
 * which comes along as a descriptor; slot is its enum inbox_kind. BOXES_MAGIC:
 * both ends of `serial` inboxes, of slot `slot` and the next ones: that of a slot
 * comes before its first FORK_MAGIC. */
struct fork_cmd { uint32_t magic, generation, slot, serial; };

/* sysexits(3), as far as the project uses them. */
enum exit_code {
	EXIT_USAGE = 64,
	EXIT_NO_COMPILE = 65,    /* the handler does not compile or load */
	EXIT_NO_INPUT = 66,      /* the handler's file cannot be read */
	EXIT_BUSY = 69,          /* address in use */
	EXIT_SOFTWARE = 70,
	EXIT_OS = 71,            /* a limit of the operating system */
	EXIT_PERM = 77,
	EXIT_CONFIG = 78         /* io_uring refused, bad configuration */
};

/* Loads the handler named in the heritage and reports; at the first command it
 * becomes that worker, and a copy of it goes on as the zygote, which forks a worker
 * for every further one. Never returns. Signals are blocked and handlers of the
 * supervisor still installed when it is entered. */
NORETURN void zygote_main(struct heritage *h);

/* zigttpd --check: loads every handler as a zygote does, says on standard error
 * what is wrong, and exits with 0 or the code that a start would end with. */
NORETURN void zygote_check(const struct heritage *h);

/* Sends a status message; errors are ignored (nobody may be left to read). */
void status_send(const struct heritage *h, enum status_kind kind, uint32_t pid, uint64_t arg);

#endif
