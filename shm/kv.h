/* kv.h: texts, counters and rates under keys in shared memory, exact across processes,
 * any of which may be killed at any moment. What zigttp:cache and zigttp:ratelimit
 * keep.
 *
 * Sharded by the key's hash. A shard has a robust lock, a hash table, records made of
 * chunks of one size, and a list of all records in the order in which they go when
 * room is needed: oldest first, those read since they came up get a second chance.
 *
 *   shard    lock | epoch free fresh oldest newest … | undo log | buckets | chunks
 *   record   chunks chained by `next`: header, key, value
 *
 * Every word of the structure is changed through the undo log: its old value is noted
 * first. An operation is done when the log is emptied; if its process dies before
 * that, the next one to take the lock puts the old values back, so that an operation
 * happens wholly or not at all. Bytes of free chunks need no log.
 *
 * What is read is bounded: damage costs a shard's contents, never a wild access. Times
 * are CLOCK_BOOTTIME, so that a machine asleep grows older. */
#ifndef SHM_KV_H
#define SHM_KV_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

#define KV_SHARDS 8
#define KV_KEY_MAX 4096
#define KV_NUMBER_MAX 9007199254740991ll  /* 2^53 - 1, either sign */

struct kv;

/* Bytes of shared memory that a store with room for `bytes` needs; 0: too small. */
size_t kv_footprint(size_t bytes);
/* Lays a store out in zeroed shared memory (64-byte aligned, kv_footprint bytes). The
 * handle is plain process memory, inherited by fork. NULL with errno. */
struct kv *kv_create(void *shared, size_t bytes);
void kv_free(struct kv **k);
/* The largest value that can be kept. */
size_t kv_value_max(const struct kv *k);

enum kv_result {
	KV_OK,
	KV_NONE,                 /* there is no such key, or it has expired */
	KV_LARGE,                /* key or value can never be kept */
	KV_TYPE,                 /* the value is no whole number, so it cannot be counted up */
	KV_RANGE,                /* the count would leave ±KV_NUMBER_MAX */
	KV_BUSY                  /* the lock was not to be had in two seconds */
};
/* Appends the value; a count as decimal digits. */
enum kv_result kv_get(struct kv *k, struct sv key, struct buf *out);
/* ttl_ns 0: until room is needed. */
enum kv_result kv_set(struct kv *k, struct sv key, struct sv value, uint64_t ttl_ns);
enum kv_result kv_delete(struct kv *k, struct sv key);
/* Adds to the count, which is 0 while there is none. ttl_ns 0: an existing count keeps
 * its time. A text that is a whole number becomes a count. */
enum kv_result kv_incr(struct kv *k, struct sv key, int64_t delta, uint64_t ttl_ns, int64_t *now);

struct kv_rate { uint64_t limit, window_ns, cost; bool smooth; };
struct kv_verdict { bool allowed; uint64_t remaining, reset_ns, retry_ns; };
/* May `cost` more happen under this key? At most `limit` in a window, which begins with
 * its first request; smooth (GCRA): also at most limit at once, which come back evenly
 * over the window. What is refused costs nothing. reset_ns: until all of the limit is
 * there again; retry_ns: until this would be allowed, 0 when it is. limit, window_ns
 * > 0. */
enum kv_result kv_rate(struct kv *k, struct sv key, const struct kv_rate *r, struct kv_verdict *v);

/* Everything is gone. No lock: also for the supervisor. */
void kv_flush(struct kv *k);
/* Reads without a lock. */
struct kv_stats { uint64_t entries, bytes, capacity, hits, misses, evictions, expired, recovered, dropped_shards; };
void kv_stats(const struct kv *k, struct kv_stats *out);

#endif
