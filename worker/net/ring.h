/* ring.h: an io_uring with its provided buffers, as uring.c needs it. */
#ifndef WORKER_NET_RING_H
#define WORKER_NET_RING_H

#include <liburing.h>

#include "worker/net/net.h"
#include "worker/net/part.h"

#define BUF_STRIDE (BUF_BYTES + 192) /* spreads buffer starts over cache sets */

struct ring {
	struct io_uring ring;
	struct io_uring_buf_ring *bufs;
	char *mem;              /* nbuf buffers of BUF_BYTES, BUF_STRIDE apart */
	unsigned nbuf;
	int restricted;         /* 0, or the errno of the refusal */
};

/* Makes the ring, its buffers (group 0) and its restrictions, of the newest kind
 * that the kernel has. 0, or an errno: EINVAL for a kernel without what is
 * needed. */
int ring_make(struct ring *r, const struct net_config *cfg);
/* The two halves of it; any thread may do the first, the one that uses the ring does
 * the second. Both free the ring when they fail. */
int ring_prepare(struct ring *r, const struct net_config *cfg);
int ring_enable(struct ring *r);
/* A child that is forked from now on has the descriptor, but nothing of the memory. */
int ring_keep(struct ring *r);
void ring_free(struct ring *r);

static inline void ring_buffer_back(struct ring *r, int id)
{
	io_uring_buf_ring_add(r->bufs, r->mem + (size_t)id * BUF_STRIDE, BUF_BYTES, (unsigned short)id,
			      (int)r->nbuf - 1, 0);
	io_uring_buf_ring_advance(r->bufs, 1);
}

#endif
