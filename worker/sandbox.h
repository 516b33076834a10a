/* sandbox.h: what a worker gives up before it looks at the first byte from the
 * network. Each part stands alone: where the kernel has no Landlock, the rest
 * still holds.
 *
 *   no_new_privs     no set-user-ID program helps
 *   not dumpable     other processes of the user cannot look into it
 *   MDWE             no memory is writable and executable (also by the filter)
 *   Landlock         no files but those below static roots, no new TCP
 *                    connections, no signals to other processes
 *   seccomp          the system calls of sandbox.def
 *   ring             no operations but the net's (made so by net_create)
 *
 * What goes through io_uring is checked by Landlock but not by seccomp: for
 * that, net_restrict. Not in builds with sanitizers, which read files and start
 * programs when they report. */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include "worker/settings.h"

/* In the zygote, before the handler is loaded: no_new_privs, not dumpable, MDWE,
 * and a filter that only forbids what is NEVER wanted. Finds out what the kernel
 * refuses; sandbox "auto" logs that in one line. Returns 0, or EXIT_CONFIG after
 * a message when the setting is "on". */
int sandbox_zygote(const struct settings *set);
/* In the worker, when all it needs is open. roots: the directories of static
 * files; ring: what net_restrict said. Returns as sandbox_zygote; "auto" is
 * silent about what that has named. */
int sandbox_worker(const struct settings *set, const int *roots, uint32_t nroots, int ring);

#endif
