/* layout.h: every struct that lives in the segment shared by the supervisor
 * and its workers. No pointers; offsets from the start of the segment only.
 * Any change of size or order is a change of SHM_VERSION.
 *
 *   0        shm_header      written by the supervisor
 *   slots    shm_slot[n]     one per place in the pool, cache-line aligned
 *   slow     shm_slowlog     the last slow requests; many writers, a robust lock
 *   cache    the response cache (shm/cache.c)
 *   state    zigttp:cache (shm/kv.c)
 *   rates    zigttp:ratelimit (shm/kv.c); the size of a part may be 0
 *
 * A slot belongs to the place in the pool, not to the process in it: counters
 * go on across deaths. Its writer is the worker that occupies it; the fields
 * marked (S) are the supervisor's. Single writer, so plain aligned 64-bit
 * stores (SHM_ADD, SHM_SET) are enough; readers may see them a moment late.
 * There are more slots than workers: those of a new generation begin beside
 * those that drain. */
#ifndef SHM_LAYOUT_H
#define SHM_LAYOUT_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#define SHM_MAGIC   0x5a545348u
#define SHM_VERSION 6u
#define SHM_WORKERS_MAX 128     /* workers of one generation */
#define SHM_SLOTS_MAX 264       /* two generations and replacements on their way */
#define SHM_QUARANTINE 16
#define SHM_HISTOGRAM 20
#define SHM_LINE_MAX 192        /* of a request line: METHOD SP target */
#define SHM_SLOW_MAX 32
#define SHM_STACK_MAX 1024
#define SHM_BYPASS 24
#define SHM_IPS 1024            /* client addresses that one worker counts */

/* A request that has killed workers: refused with 503 while `until_ns` lies
 * ahead (CLOCK_MONOTONIC). hash covers method, path and body. */
struct shm_quarantine { uint64_t hash, until_ns; };

/* Why a worker was followed by another one. */
enum restart_reason {
	RESTART_CRASH, RESTART_STUCK, RESTART_MAX_REQUESTS, RESTART_MAX_RSS, RESTART_MAX_AGE,
	RESTART_RELOAD,
	RESTART_ENGINE,          /* its engine asked: a budget that only grows is used up */
	RESTART_REASONS
};

enum shm_part { SHM_CACHE, SHM_STATE, SHM_RATES, SHM_PARTS };
struct shm_place { uint64_t off, size; };

struct shm_header {
	uint32_t magic, version;
	uint64_t size;
	uint32_t slots_off, slot_size, nslots;
	uint32_t generation;     /* the one that serves */
	uint32_t stopping;       /* 1: the whole server ends; 0: a worker that is
	                          * told to leave hands its connections on */
	uint32_t slow_off, slow_size;
	uint32_t refusal_said;   /* 1: a worker of this generation has told why it has no io_uring */
	uint32_t pad0[2];
	uint64_t starved_ns;     /* CLOCK_MONOTONIC of the last log line about refused
	                          * accepts; any worker, compare and swap */
	/* line 1: counters of the supervisor */
	uint64_t started_ns, reloads, reloads_refused, deaths, quarantined;
	uint64_t pad1[3];
	struct shm_place part[SHM_PARTS];
	uint64_t pad2[2];
	uint64_t restarts[8];    /* by enum restart_reason */
	struct shm_quarantine quarantine[SHM_QUARANTINE];
};

enum slot_state { SLOT_VACANT, SLOT_STARTING, SLOT_SERVING, SLOT_DRAINING };

/* Upper bounds in microseconds; the last bucket has none. */
#define SHM_BOUNDS_US { 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, \
	500000, 1000000, 2500000, 5000000, 10000000, 30000000, 60000000 }

/* What the crash handler leaves behind; `signal` is stored last. */
struct shm_crash {
	uint32_t signal, generation, pid, line_no, column, pad;
	uint64_t when_s, address, request_hash;  /* wall clock; faulting address */
	char request[SHM_LINE_MAX];              /* NUL-terminated, like the rest */
	char function[64], file[128];
};

/* Connections of one client address on one worker; hash 0: free. Stored and read
 * as one 64-bit word (worker/peers.h). */
struct shm_ip { uint32_t hash, count; };

struct shm_slot {
	/* line 0: who */
	uint32_t pid;            /* of the occupant; 0 while vacant (S on death) */
	uint32_t generation;
	uint32_t state;          /* enum slot_state; (S) sets VACANT and STARTING */
	uint32_t backend;        /* IO_URING or IO_EPOLL */
	uint64_t started_ns;     /* CLOCK_MONOTONIC of READY */
	uint64_t busy_since_ns;  /* 0 while no request runs */
	uint64_t heartbeat_ns;   /* at least every second while alive; also from
	                          * within a handler, at its safepoints */
	uint64_t connections;    /* open now */
	uint64_t rss_kb;         /* resident; 0: cannot be told */
	uint64_t request_hash;   /* of the request that runs: method, path, body */
	/* line 1: counters */
	uint64_t requests;
	uint64_t responses[6];   /* by status class; [0] unused */
	uint64_t accepted;
	/* line 2 */
	uint64_t bytes_in, bytes_out;
	uint64_t exec_us_total, exec_us_max, wait_us_total, wait_us_max;
	uint64_t cq_overflows, accept_pauses;
	/* line 3 */
	uint64_t handed_out, handed_in;   /* connections given to and taken from siblings */
	uint64_t shed;                    /* 503 for age in the queue or a full worker */
	uint64_t timeouts, oom, exceptions; /* requests that ended so */
	uint64_t heap_bytes, static_hits;
	/* line 4 */
	uint64_t restarts;                /* (S) */
	uint64_t slow, quarantine_hits, rejected, body_bytes, log_errors, enobufs;
	uint64_t retire_at;               /* (S) count of requests at which the worker asks to be
	                                   * replaced; 0: never, or it has asked */
	/* line 5: the response cache */
	uint64_t cache_hits, cache_misses, cache_waits, cache_stores;
	uint64_t instance;                /* of the zygote: part of every key */
	uint64_t gone;                    /* requests whose client left while they waited */
	uint64_t pad2[2];
	uint64_t cache_bypass[SHM_BYPASS]; /* by enum bypass (shm/answers.h) */
	uint64_t exec_us[SHM_HISTOGRAM], wait_us[SHM_HISTOGRAM];
	char request[SHM_LINE_MAX];       /* that runs or ran last; NUL-terminated */
	struct shm_crash crash;
	struct shm_ip ips[SHM_IPS];
} __attribute__((aligned(64)));

struct shm_slow {
	uint64_t seq;            /* odd while being written; 0: never was */
	uint64_t when_s, us;
	uint32_t slot, generation;
	char request[SHM_LINE_MAX], stack[SHM_STACK_MAX];
};
struct shm_slowlog {
	pthread_mutex_t lock;    /* process-shared, robust: shm/lock.h; never the
	                          * supervisor's, who reads without it */
	uint32_t count, next;    /* ring */
	uint64_t recovered;      /* times that a dead holder left it locked */
	struct shm_slow entry[SHM_SLOW_MAX];
} __attribute__((aligned(64)));

_Static_assert(offsetof(struct shm_header, started_ns) == 64, "counters begin a line");
_Static_assert(sizeof(struct shm_header) % 64 == 0, "slots begin a line");
_Static_assert(offsetof(struct shm_slot, requests) == 64, "counters begin a line");
_Static_assert(offsetof(struct shm_slot, bytes_in) == 128, "third line");
_Static_assert(offsetof(struct shm_slot, exec_us) == 384 + 8 * SHM_BYPASS, "histograms begin a line");
_Static_assert(sizeof(struct shm_slot) % 64 == 0, "slots are whole lines");

#define SHM_SET(field, v) __atomic_store_n(&(field), (v), __ATOMIC_RELAXED)
#define SHM_GET(field)    __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define SHM_ADD(field, v) SHM_SET(field, SHM_GET(field) + (v)) /* one writer only */

#endif
