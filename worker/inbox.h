/* inbox.h: what goes through a worker's inbox, the read end of a SOCK_SEQPACKET
 * pair: one message is this head, `len` bytes, and one descriptor (SCM_RIGHTS) or,
 * from INBOX_PEER on, up to INBOX_FDS of them.
 * The reader trusts nothing of it but the kernel's own sizes. */
#ifndef WORKER_INBOX_H
#define WORKER_INBOX_H

#include <stdint.h>

#define INBOX_MAGIC 0x5a494e42u

enum inbox_kind {
	INBOX_CONN = 1, /* a connection, and the bytes already read of it */
	INBOX_LOG,      /* where messages go from now on */
	INBOX_ACCESS,   /* …and the access log */
	INBOX_PEER = 16 /* + n: the ways into the inboxes of slot n and the next ones */
};
#define INBOX_FDS 64
struct inbox_msg { uint32_t magic, kind, len, pad; };

#endif
