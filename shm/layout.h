/* layout.h: every struct that lives in the segment shared by the supervisor
 * and its workers. No pointers; offsets from the start of the segment only.
 * Any change of size or order is a change of SHM_VERSION.
 *
 *   0        shm_header   written once by the supervisor, before the first fork
 *   slots    shm_slot[n]  one cache-line-aligned slot per worker
 *
 * A slot belongs to the place in the pool, not to the process in it: counters
 * go on across deaths. Its writer is the worker that occupies it; the fields
 * marked (S) are the supervisor's. Single writer, so plain aligned 64-bit
 * stores (SHM_ADD, SHM_SET) are enough; readers may see them a moment late. */
#ifndef SHM_LAYOUT_H
#define SHM_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#define SHM_MAGIC   0x5a545348u
#define SHM_VERSION 1u
#define SHM_SLOTS_MAX 128

struct shm_header {
	uint32_t magic, version;
	uint64_t size;
	uint32_t slots_off, slot_size, nslots;
	uint32_t pad[9];
};

struct shm_slot {
	/* line 0: who */
	uint32_t pid;            /* of the occupant; 0 while vacant (S on death) */
	uint32_t generation;
	uint64_t started_ns;     /* CLOCK_MONOTONIC of READY */
	uint64_t busy_since_ns;  /* 0 while no request runs */
	uint64_t restarts;       /* (S) */
	uint64_t connections;    /* open now */
	uint64_t pad0[3];
	/* line 1: counters */
	uint64_t requests;
	uint64_t responses[6];   /* by status class; [0] unused */
	uint64_t accepted;
	/* line 2 */
	uint64_t bytes_in, bytes_out;
	uint64_t exec_us_total, exec_us_max;
	uint64_t cq_overflows, accept_pauses;
	uint64_t pad1[2];
};

_Static_assert(sizeof(struct shm_header) == 64, "header is one line");
_Static_assert(sizeof(struct shm_slot) == 192, "slot is three lines");
_Static_assert(offsetof(struct shm_slot, requests) == 64, "counters begin a line");
_Static_assert(offsetof(struct shm_slot, bytes_in) == 128, "third line");

#define SHM_SET(field, v) __atomic_store_n(&(field), (v), __ATOMIC_RELAXED)
#define SHM_GET(field)    __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define SHM_ADD(field, v) SHM_SET(field, SHM_GET(field) + (v)) /* one writer only */

#endif
