/* inbox.h: what goes through a worker's inbox, the read end of a SOCK_SEQPACKET
 * pair: one message is this head, `len` bytes, and one descriptor (SCM_RIGHTS).
 * The reader trusts nothing of it but the kernel's own sizes. */
#ifndef WORKER_INBOX_H
#define WORKER_INBOX_H

#include <stdint.h>

#define INBOX_MAGIC 0x5a494e42u

enum inbox_kind {
	INBOX_CONN = 1, /* a connection, and the bytes already read of it */
	INBOX_LOG,      /* where messages go from now on */
	INBOX_ACCESS,   /* …and the access log */
	INBOX_PEER = 16 /* + n: the way into the inbox of slot n */
};
struct inbox_msg { uint32_t magic, kind, len, pad; };

#endif
