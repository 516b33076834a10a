/* ring.c: makes an io_uring and whatever belongs to it. Called by uring.c.
 *
 * The ring begins disabled, so that restrictions can be laid on it: from its
 * first use on it takes the operations of `allowed` and nothing else, whoever
 * controls the process. */
#include "worker/net/ring.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/check.h"

#define SQ_ENTRIES 64
#define NBUF 64                     /* power of two */

static const uint8_t allowed[] = {
	IORING_OP_ACCEPT, IORING_OP_RECV, IORING_OP_RECVMSG, IORING_OP_SEND, IORING_OP_SENDMSG,
	IORING_OP_READ, IORING_OP_POLL_ADD, IORING_OP_TIMEOUT, IORING_OP_ASYNC_CANCEL,
};

/* Room for what completes in one turn of the loop; the kernel makes events when it is
 * asked for them, and keeps those that find no room. A page of them costs the start
 * of a worker 1 us. */
static unsigned cq_entries(uint32_t max_conns, unsigned nbuf)
{
	unsigned want = 2 * (2 * max_conns + nbuf + 8), n = 128;

	while (n < want && n < 2048)
		n *= 2;
	return n;
}

/* Newest kind of ring first; an old kernel answers EINVAL. */
static int setup(struct ring *r, const struct net_config *cfg)
{
	static const unsigned kinds[] = {
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
		IORING_SETUP_COOP_TASKRUN,
	};
	unsigned sq = cfg->sq_entries ? cfg->sq_entries : SQ_ENTRIES;
	size_t i;
	int e = -EINVAL;

	for (i = 0; i < ARRAY_LEN(kinds) && e == -EINVAL; i++) {
		struct io_uring_params p = {
			.flags = kinds[i] | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_R_DISABLED,
			.cq_entries = cfg->cq_entries ? cfg->cq_entries : cq_entries(cfg->max_conns, r->nbuf),
		};

		e = io_uring_queue_init_params(sq, &r->ring, &p);
	}
	return -e;
}

/* Multishot receive came with 6.0, and so did zero-copy send, which can be
 * asked for. */
static int features(struct ring *r)
{
	struct io_uring_probe *p = io_uring_get_probe_ring(&r->ring);
	int e = p ? 0 : EINVAL;
	size_t i;

	for (i = 0; p && i < ARRAY_LEN(allowed); i++)
		if (!io_uring_opcode_supported(p, allowed[i]))
			e = EINVAL;
	if (p && !io_uring_opcode_supported(p, IORING_OP_SEND_ZC))
		e = EINVAL;
	io_uring_free_probe(p);
	if ((r->ring.features & (IORING_FEAT_NODROP | IORING_FEAT_FAST_POLL)) !=
	    (IORING_FEAT_NODROP | IORING_FEAT_FAST_POLL))
		e = EINVAL;
	return e;
}

static size_t mem_bytes(const struct ring *r) { return (size_t)r->nbuf * BUF_STRIDE; }
static size_t bufs_bytes(const struct ring *r) { return r->nbuf * sizeof(struct io_uring_buf); }

static int buffers(struct ring *r)
{
	struct io_uring_buf_reg reg = { .ring_entries = r->nbuf };
	unsigned i;
	int e;

	r->mem = mmap(NULL, mem_bytes(r), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	r->bufs = mmap(NULL, bufs_bytes(r), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r->mem == MAP_FAILED || (void *)r->bufs == MAP_FAILED)
		return ENOMEM;
	reg.ring_addr = (uint64_t)(uintptr_t)r->bufs;
	e = io_uring_register_buf_ring(&r->ring, &reg, 0);
	if (e != 0)
		return -e;
	io_uring_buf_ring_init(r->bufs);
	for (i = 0; i < r->nbuf; i++)
		io_uring_buf_ring_add(r->bufs, r->mem + (size_t)i * BUF_STRIDE, BUF_BYTES, (unsigned short)i,
				      (int)r->nbuf - 1, (int)i);
	io_uring_buf_ring_advance(r->bufs, (int)r->nbuf);
	return 0;
}

/* The shared library of Debian 12 lacks the functions for these two. */
static int ring_register(struct ring *r, unsigned what, const void *arg, unsigned n)
{
	return syscall(SYS_io_uring_register, r->ring.ring_fd, what, arg, n) < 0 ? errno : 0;
}

static int confine(struct ring *r)
{
	struct io_uring_restriction res[ARRAY_LEN(allowed) + 1];
	size_t i;

	memset(res, 0, sizeof res);
	for (i = 0; i < ARRAY_LEN(allowed); i++) {
		res[i].opcode = IORING_RESTRICTION_SQE_OP;
		res[i].sqe_op = allowed[i];
	}
	res[i].opcode = IORING_RESTRICTION_SQE_FLAGS_ALLOWED;
	res[i].sqe_flags = IOSQE_BUFFER_SELECT;
	return ring_register(r, IORING_REGISTER_RESTRICTIONS, res, ARRAY_LEN(res));
}

int ring_prepare(struct ring *r, const struct net_config *cfg)
{
	int e;

	r->nbuf = cfg->nbuf ? cfg->nbuf : NBUF;
	AZ(r->nbuf & (r->nbuf - 1));
	e = setup(r, cfg);
	if (e != 0)
		return e;
	e = features(r);
	if (e == 0)
		e = buffers(r);
	if (e == 0)
		r->restricted = confine(r);
	else
		ring_free(r);
	return e;
}

int ring_enable(struct ring *r)
{
	int e = ring_register(r, IORING_REGISTER_ENABLE_RINGS, NULL, 0);

	if (e != 0)
		ring_free(r);
	return e;
}

int ring_make(struct ring *r, const struct net_config *cfg)
{
	int e = ring_prepare(r, cfg);

	return e != 0 ? e : ring_enable(r);
}

int ring_keep(struct ring *r)
{
	int e = -io_uring_ring_dontfork(&r->ring);

	if (e == 0 && (madvise(r->mem, mem_bytes(r), MADV_DONTFORK) != 0 ||
		       madvise(r->bufs, bufs_bytes(r), MADV_DONTFORK) != 0))
		e = errno;
	return e;
}

void ring_free(struct ring *r)
{
	io_uring_queue_exit(&r->ring);
	if (r->mem && r->mem != MAP_FAILED)
		munmap(r->mem, mem_bytes(r));
	if (r->bufs && (void *)r->bufs != MAP_FAILED)
		munmap(r->bufs, bufs_bytes(r));
	r->mem = NULL;
	r->bufs = NULL;
}
