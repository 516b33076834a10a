/* cache.h: a store of byte strings in shared memory that any process may be
 * killed in at any moment. Keys are compared whole; hashes only find them.
 *
 * Sharded by the key's hash. A shard is a ring of records, written in order and
 * overwritten in order (first in, first out), and an index of places in it.
 * Writers take the shard's robust lock; readers take none: they copy a record
 * out and then look whether the ring has moved on over it. Positions grow for
 * ever and are never reused, so that a position below the ring's tail is gone.
 *
 *   shard    lock | head tail live epoch | index[groups][8] of {hash, position} | ring
 *   record   magic size hash position checksum | times, counts, lengths | key | head | body | packed
 *
 * Nothing that is read is trusted: sizes and positions are bounded, the record
 * names its own position and key, and checksums cover every byte that is
 * handed out. Damage costs an entry, never a wrong byte. A shard whose holder
 * died, or that is damaged, is dropped whole and counted. */
#ifndef SHM_CACHE_H
#define SHM_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

#define CACHE_SHARDS 8

struct cache;

struct cache_config {
	size_t bytes;            /* of all rings together */
	uint32_t entries;        /* records with `counts`; older ones go first */
	bool weak_hash;          /* tests: every key has one of four hashes */
};
/* Bytes of shared memory that a cache of this configuration needs; 0: too small. */
size_t cache_footprint(const struct cache_config *cfg);
/* Lays the cache out in zeroed shared memory (64-byte aligned, cache_footprint
 * bytes) and draws the secret of its hashes. The handle is plain process memory,
 * inherited by fork. NULL with errno. */
struct cache *cache_create(void *shared, const struct cache_config *cfg);
void cache_free(struct cache **c);

/* A key with its hash under the cache's secret. */
struct cache_key { struct sv bytes; uint64_t lo, hi; };
void cache_key(const struct cache *c, struct sv bytes, struct cache_key *k);

struct cache_meta {
	uint64_t stored_ns, expires_ns; /* CLOCK_MONOTONIC */
	uint32_t kind, status, flags;   /* the caller's */
	uint32_t head_n, body_n, packed_n;
	bool counts;                    /* against `entries` */
};
enum cache_part { CACHE_HEAD, CACHE_BODY, CACHE_PACKED };

struct cache_hit {
	struct cache_meta m;
	uint64_t pos, sum[3];
	uint32_t shard, key_n;
};
/* Finds a record that has not expired. Its parts may be overwritten at any time. */
bool cache_find(struct cache *c, const struct cache_key *k, uint64_t now_ns, struct cache_hit *hit);
/* Appends a part of it to out. False: it has been overwritten, or is damaged; out
 * is as it was. */
bool cache_part(struct cache *c, const struct cache_hit *hit, enum cache_part part, struct buf *out);
/* The same to memory that has room for the part. */
bool cache_copy(struct cache *c, const struct cache_hit *hit, enum cache_part part, void *to);
/* Stores a record in place of an older one of that key. False: larger than a
 * shard takes, or the lock was not to be had in 10 ms. */
bool cache_put(struct cache *c, const struct cache_key *k, const struct cache_meta *m, struct sv head,
	       struct sv body, struct sv packed);
/* Is the key's record missing or in the older half of its ring, so that it is
 * time to store it anew? */
bool cache_ages(struct cache *c, const struct cache_key *k);
/* Everything stored so far is gone. No lock: also for the supervisor. */
void cache_flush(struct cache *c);

struct cache_stats { uint64_t entries, bytes, capacity, evictions, dropped_shards, damaged; };
void cache_stats(const struct cache *c, struct cache_stats *out);

/* ---- single flight ------------------------------------------------------- */

/* Who makes the response for a key at this moment. `alive` says whether the
 * process (slot, pid) still lives. */
enum flight { FLIGHT_LEAD, FLIGHT_WAIT };
struct flight_self { uint32_t slot, pid; bool (*alive)(void *u, uint32_t slot, uint32_t pid); void *u; };
/* LEAD: nobody living does; we are registered (or the table is full, and
 * everybody leads). WAIT: ask again later. */
enum flight flight_begin(struct cache *c, const struct cache_key *k, const struct flight_self *me);
/* Ends ours, if it is ours. */
void flight_end(struct cache *c, const struct cache_key *k, const struct flight_self *me);
/* Is somebody living at it? No lock. */
bool flight_busy(struct cache *c, const struct cache_key *k, const struct flight_self *me);

#endif
