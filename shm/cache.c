/* cache.c: see cache.h. Called by workers; the supervisor only flushes and reads.
 *
 * A writer, under the lock, in this order; every step leaves what a reader, and
 * the next writer after its death, can live with:
 *   1 tail moves over the records that will be overwritten
 *   2 the record's bytes are written behind head
 *   3 head moves over the record
 *   4 the index slot names its position
 * A reader checks tail <= position before and after it copies; what it copied in
 * between was not being overwritten, and checksums say that it was whole. */
#define XXH_INLINE_ALL
#include "shm/cache.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

#include "base/check.h"
#include "shm/layout.h"
#include "shm/lock.h"

#define CACHE_MAGIC  0x5a434143u
#define RECORD_MAGIC 0x5a524543u
#define PAD_MAGIC    0x5a504144u
#define LINE 64u
#define WAYS 8u
#define FLIGHTS 128u
#define PATIENCE_NS (10ull * 1000000)
#define SECRET 192

struct place { uint64_t hi, pos1; };   /* pos1: position + 1; 0: empty */

struct flight_slot { uint64_t lo, hi; uint32_t slot, pid; };

struct shard {
	uint64_t head __attribute__((aligned(64))), tail;
	uint64_t live;                 /* records with `counts` between tail and head */
	uint64_t epoch;                /* of all of them */
	uint64_t evictions, dropped, damaged;
	struct flight_slot flight[FLIGHTS] __attribute__((aligned(64)));
	/* then: struct place [groups * WAYS], ring */
};

/* In shared memory, in front of the shards. */
struct shared { uint64_t epoch; uint64_t pad[7]; struct shm_lock lock[CACHE_SHARDS]; };

struct record {
	uint32_t magic, size;          /* size: all bytes, a multiple of LINE */
	uint64_t hi, pos, epoch;
	uint64_t own_sum;              /* of what follows here */
	uint64_t sum[3];               /* of head, body, packed */
	uint32_t key_n, pad;
	struct cache_meta m;
};
_Static_assert(sizeof(struct record) % 8 == 0, "the key follows");

struct cache {
	uint32_t magic;
	struct cache_config cfg;
	struct shared *shared;
	uint32_t groups;               /* per shard; a power of two */
	uint64_t ring;                 /* bytes per shard; a multiple of LINE */
	size_t shard_bytes;
	uint32_t live_max;             /* per shard */
	unsigned char secret[SECRET];
};

/* ---- layout -------------------------------------------------------------- */

static bool measure(const struct cache_config *cfg, struct cache *c)
{
	uint32_t groups = 4;

	c->cfg = *cfg;
	c->live_max = (cfg->entries + CACHE_SHARDS - 1) / CACHE_SHARDS;
	while (groups * WAYS < c->live_max * 4 && groups < 1u << 20)
		groups *= 2;
	c->groups = groups;
	c->ring = cfg->bytes / CACHE_SHARDS / LINE * LINE;
	c->shard_bytes = sizeof(struct shard) + groups * WAYS * sizeof(struct place) + c->ring;
	return c->ring >= 4096 && cfg->entries != 0;
}

size_t cache_footprint(const struct cache_config *cfg)
{
	struct cache c;

	return measure(cfg, &c) ? sizeof(struct shared) + CACHE_SHARDS * c.shard_bytes : 0;
}

static struct shard *shard_at(const struct cache *c, unsigned i)
{
	return (struct shard *)(void *)((char *)(c->shared + 1) + i * c->shard_bytes);
}

static pthread_mutex_t *lock_of(const struct cache *c, const struct shard *s)
{
	return &c->shared->lock[(size_t)((const char *)s - (const char *)(c->shared + 1)) / c->shard_bytes].m;
}

static struct place *index_of(struct shard *s) { return (struct place *)(void *)(s + 1); }

static char *ring_of(const struct cache *c, struct shard *s, uint64_t pos)
{
	return (char *)(index_of(s) + c->groups * WAYS) + pos % c->ring;
}

struct cache *cache_create(void *mem, const struct cache_config *cfg)
{
	struct cache *c = calloc(1, sizeof *c);
	unsigned i;
	int r = 0;

	if (!c || !measure(cfg, c)) {
		free(c);
		errno = c ? EINVAL : ENOMEM;
		return NULL;
	}
	c->magic = CACHE_MAGIC;
	c->shared = mem;
	for (i = 0; i < CACHE_SHARDS && r == 0; i++)
		r = lock_init(&c->shared->lock[i].m);
	if (r == 0 && getrandom(c->secret, sizeof c->secret, 0) != (ssize_t)sizeof c->secret)
		r = errno;
	if (r != 0) {
		free(c);
		errno = r;
		return NULL;
	}
	return c;
}

void cache_free(struct cache **cp)
{
	free(*cp);
	*cp = NULL;
}

void cache_key(const struct cache *c, struct sv bytes, struct cache_key *k)
{
	XXH128_hash_t h = XXH3_128bits_withSecret(bytes.p, bytes.n, c->secret, sizeof c->secret);

	k->bytes = bytes;
	k->lo = c->cfg.weak_hash ? h.low64 & 3 : h.low64;
	k->hi = c->cfg.weak_hash ? 7 : h.high64;
}

static uint64_t sum_of(const struct cache *c, const void *p, size_t n)
{
	return XXH3_64bits_withSecret(p, n, c->secret, sizeof c->secret);
}

static uint64_t own_sum(const struct cache *c, const struct record *r)
{
	return sum_of(c, r->sum, sizeof *r - offsetof(struct record, sum));
}

static struct shard *shard_of(const struct cache *c, const struct cache_key *k)
{
	return shard_at(c, (unsigned)(k->lo % CACHE_SHARDS));
}

static struct place *group_of(const struct cache *c, struct shard *s, const struct cache_key *k)
{
	return index_of(s) + (k->lo / CACHE_SHARDS % c->groups) * WAYS;
}

/* ---- reading ------------------------------------------------------------- */

static uint64_t load(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }

/* Does the ring still hold [pos, pos + size)? */
static bool holds(const struct cache *c, const struct shard *s, uint64_t pos, uint64_t size)
{
	uint64_t tail = load(&s->tail), head = load(&s->head);

	return pos >= tail && pos % LINE == 0 && head >= pos && head - pos >= size && head - pos <= c->ring &&
	       pos % c->ring + size <= c->ring;
}

/* After copying: was nothing of it overwritten meanwhile? */
static bool still(const struct shard *s, uint64_t pos)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return pos >= __atomic_load_n(&s->tail, __ATOMIC_RELAXED);
}

static bool sizes_fit(const struct record *r)
{
	uint64_t n = sizeof *r + (uint64_t)r->key_n + r->m.head_n + r->m.body_n + r->m.packed_n;

	return r->magic == RECORD_MAGIC && r->size % LINE == 0 && n <= r->size && r->size - n < LINE;
}

/* Copies the header of the record at pos if it is whole and the key's. */
static bool header_get(const struct cache *c, struct shard *s, uint64_t pos, const struct cache_key *k,
		       struct record *r)
{
	if (!holds(c, s, pos, sizeof *r))
		return false;
	memcpy(r, ring_of(c, s, pos), sizeof *r);
	return still(s, pos) && sizes_fit(r) && r->pos == pos && r->hi == k->hi && r->key_n == k->bytes.n &&
	       r->epoch == load(&c->shared->epoch) && holds(c, s, pos, r->size);
}

/* The record at pos is whole, the key's and has not expired: *hit is filled. */
static bool place_find(struct cache *c, struct shard *s, uint64_t pos, const struct cache_key *k, uint64_t now_ns,
		       struct cache_hit *hit)
{
	struct record r;

	if (!header_get(c, s, pos, k, &r) || memcmp(ring_of(c, s, pos) + sizeof r, k->bytes.p, k->bytes.n) != 0)
		return false;
	if (own_sum(c, &r) != r.own_sum) {
		if (still(s, pos)) /* not overwritten, and yet wrong */
			__atomic_fetch_add(&s->damaged, 1, __ATOMIC_RELAXED);
		return false;
	}
	*hit = (struct cache_hit){ .m = r.m, .pos = pos, .shard = (uint32_t)(k->lo % CACHE_SHARDS), .key_n = r.key_n };
	memcpy(hit->sum, r.sum, sizeof hit->sum);
	return still(s, pos) && r.m.expires_ns > now_ns;
}

bool cache_find(struct cache *c, const struct cache_key *k, uint64_t now_ns, struct cache_hit *hit)
{
	struct shard *s = shard_of(c, k);
	struct place *g = group_of(c, s, k);
	unsigned i;

	CHECK(c, CACHE_MAGIC);
	for (i = 0; i < WAYS; i++) {
		uint64_t pos1 = load(&g[i].pos1);

		if (pos1 != 0 && __atomic_load_n(&g[i].hi, __ATOMIC_RELAXED) == k->hi &&
		    place_find(c, s, pos1 - 1, k, now_ns, hit))
			return true;
	}
	return false;
}

bool cache_copy(struct cache *c, const struct cache_hit *hit, enum cache_part part, void *to)
{
	const uint32_t n[3] = { hit->m.head_n, hit->m.body_n, hit->m.packed_n };
	struct shard *s = shard_at(c, hit->shard);
	size_t at = sizeof(struct record) + hit->key_n;
	unsigned i;

	for (i = 0; i < (unsigned)part; i++)
		at += n[i];
	if (n[part] == 0)
		return true;
	memcpy(to, ring_of(c, s, hit->pos) + at, n[part]);
	if (!still(s, hit->pos))
		return false;
	/* what was copied is what is summed up: no bit can turn in between */
	if (sum_of(c, to, n[part]) == hit->sum[part])
		return true;
	__atomic_fetch_add(&s->damaged, 1, __ATOMIC_RELAXED);
	return false;
}

bool cache_part(struct cache *c, const struct cache_hit *hit, enum cache_part part, struct buf *out)
{
	const uint32_t n[3] = { hit->m.head_n, hit->m.body_n, hit->m.packed_n };

	if (!cache_copy(c, hit, part, buf_reserve(out, n[part])))
		return false;
	out->len += n[part];
	return true;
}

/* ---- writing ------------------------------------------------------------- */

/* Nothing in the shard can be trusted: begin anew. Positions go on, so that
 * readers in the midst of it see that they have lost. */
static void shard_drop(struct cache *c, struct shard *s)
{
	uint64_t head = s->head, next;

	if (head < s->tail)
		head = s->tail;
	/* Far ahead of any position in use, and aligned to the ring. */
	next = (head / c->ring + 2) * c->ring;
	if (next > UINT64_MAX / 2)
		next = 0;
	__atomic_store_n(&s->tail, next, __ATOMIC_RELEASE);
	SHM_STEP();
	__atomic_store_n(&s->head, next, __ATOMIC_RELEASE);
	SHM_STEP();
	memset(index_of(s), 0, c->groups * WAYS * sizeof(struct place));
	memset(s->flight, 0, sizeof s->flight);
	s->live = 0;
	s->dropped++;
}

struct held { struct cache *c; struct shard *s; };

static void repair(void *u)
{
	struct held *h = u;

	shard_drop(h->c, h->s);
}

/* Lets go of what was stored before the last flush. */
static void shard_follow(struct cache *c, struct shard *s)
{
	uint64_t epoch = load(&c->shared->epoch);

	if (s->epoch == epoch)
		return;
	__atomic_store_n(&s->tail, s->head, __ATOMIC_RELEASE);
	SHM_STEP();
	SHM_SET(s->live, 0);
	SHM_SET(s->epoch, epoch);
	SHM_STEP();
}

/* Takes the shard's lock and sees to it that its bounds make sense. */
static bool shard_take(struct cache *c, struct shard *s)
{
	struct held h = { c, s };

	if (!lock_take(lock_of(c, s), PATIENCE_NS, repair, &h))
		return false;
	if (s->head < s->tail || s->head - s->tail > c->ring || s->head % LINE != 0 || s->tail % LINE != 0 ||
	    s->head > UINT64_MAX / 2)
		shard_drop(c, s);
	shard_follow(c, s);
	return true;
}

/* Removes the oldest record. False: the ring is damaged. */
static bool evict(struct cache *c, struct shard *s)
{
	struct record *r = (struct record *)(void *)ring_of(c, s, s->tail);
	uint64_t size = r->size;

	if ((r->magic != RECORD_MAGIC && r->magic != PAD_MAGIC) || size == 0 || size % LINE != 0 ||
	    size > s->head - s->tail || s->tail % c->ring + size > c->ring)
		return false;
	if (r->magic == RECORD_MAGIC) {
		s->evictions++;
		if (r->m.counts && s->live != 0)
			s->live--;
	}
	__atomic_store_n(&s->tail, s->tail + size, __ATOMIC_RELEASE);
	SHM_STEP();
	return true;
}

/* Makes room for size bytes in one piece; the place behind head is then theirs.
 * False: the ring is damaged. */
static bool make_room(struct cache *c, struct shard *s, uint64_t size, bool counts)
{
	uint64_t rest = c->ring - s->head % c->ring, need = size;

	if (rest < size)
		need += rest;
	while (s->head + need - s->tail > c->ring || (counts && s->live >= c->live_max && s->tail != s->head))
		if (!evict(c, s))
			return false;
	if (s->tail == s->head)
		s->live = 0; /* whatever it said */
	/* the bytes that follow are nobody's any more, before one of them changes */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (rest < size) {
		struct record *pad = (struct record *)(void *)ring_of(c, s, s->head);

		pad->magic = PAD_MAGIC;
		pad->size = (uint32_t)rest;
		SHM_STEP();
		__atomic_store_n(&s->head, s->head + rest, __ATOMIC_RELEASE);
	}
	return true;
}

/* The slot for the key: its own, an empty or outdated one, or the oldest. */
static struct place *slot_for(const struct cache *c, struct shard *s, const struct cache_key *k)
{
	struct place *g = group_of(c, s, k), *best = g;
	struct record r;
	unsigned i;

	for (i = 0; i < WAYS; i++) {
		if (g[i].pos1 != 0 && g[i].hi == k->hi && header_get(c, s, g[i].pos1 - 1, k, &r) &&
		    memcmp(ring_of(c, s, r.pos) + sizeof r, k->bytes.p, k->bytes.n) == 0)
			return &g[i];
		if (g[i].pos1 <= s->tail)
			g[i].pos1 = 0;
		if (g[i].pos1 < best->pos1)
			best = &g[i];
	}
	return best;
}

static char *put(char *at, struct sv s)
{
	if (s.n != 0)
		memcpy(at, s.p, s.n);
	return at + s.n;
}

static void record_write(struct cache *c, struct shard *s, const struct cache_key *k, const struct cache_meta *m,
			 uint64_t size, struct sv head, struct sv body, struct sv packed)
{
	char *at = ring_of(c, s, s->head);
	struct record r = {
		.magic = RECORD_MAGIC, .size = (uint32_t)size, .hi = k->hi, .pos = s->head,
		.epoch = load(&c->shared->epoch), .key_n = (uint32_t)k->bytes.n, .m = *m,
	};

	r.m.head_n = (uint32_t)head.n;
	r.m.body_n = (uint32_t)body.n;
	r.m.packed_n = (uint32_t)packed.n;
	r.sum[CACHE_HEAD] = sum_of(c, head.p, head.n);
	r.sum[CACHE_BODY] = sum_of(c, body.p, body.n);
	r.sum[CACHE_PACKED] = sum_of(c, packed.p, packed.n);
	r.own_sum = own_sum(c, &r);
	memcpy(at, &r, sizeof r);
	SHM_STEP();
	at = put(at + sizeof r, k->bytes);
	SHM_STEP();
	at = put(at, head);
	at = put(at, body);
	SHM_STEP();
	put(at, packed);
}

bool cache_put(struct cache *c, const struct cache_key *k, const struct cache_meta *m, struct sv head, struct sv body,
	       struct sv packed)
{
	uint64_t size = sizeof(struct record) + (uint64_t)k->bytes.n + head.n + body.n + packed.n;
	struct shard *s = shard_of(c, k);
	struct place *slot;
	bool ok = false;

	CHECK(c, CACHE_MAGIC);
	size = (size + LINE - 1) / LINE * LINE;
	if (size > c->ring / 2 || !shard_take(c, s))
		return false;
	if (make_room(c, s, size, m->counts)) {
		SHM_STEP();
		record_write(c, s, k, m, size, head, body, packed);
		SHM_STEP();
		slot = slot_for(c, s, k);
		__atomic_store_n(&slot->pos1, 0, __ATOMIC_RELEASE);
		SHM_STEP();
		__atomic_store_n(&slot->hi, k->hi, __ATOMIC_RELAXED);
		__atomic_store_n(&slot->pos1, s->head + 1, __ATOMIC_RELEASE);
		SHM_STEP();
		s->live += m->counts;
		__atomic_store_n(&s->head, s->head + size, __ATOMIC_RELEASE);
		ok = true;
	} else {
		shard_drop(c, s);
	}
	lock_release(lock_of(c, s));
	return ok;
}

bool cache_ages(struct cache *c, const struct cache_key *k)
{
	struct shard *s = shard_of(c, k);
	struct place *g = group_of(c, s, k);
	struct record r;
	unsigned i;

	for (i = 0; i < WAYS; i++) {
		uint64_t pos1 = load(&g[i].pos1);

		if (pos1 != 0 && header_get(c, s, pos1 - 1, k, &r))
			return load(&s->head) - r.pos > c->ring / 2;
	}
	return true;
}

void cache_flush(struct cache *c) { __atomic_fetch_add(&c->shared->epoch, 1, __ATOMIC_SEQ_CST); }

void cache_stats(const struct cache *c, struct cache_stats *out)
{
	unsigned i;

	*out = (struct cache_stats){ .capacity = c->ring * CACHE_SHARDS };
	for (i = 0; i < CACHE_SHARDS; i++) {
		struct shard *s = shard_at(c, i);

		if (SHM_GET(s->epoch) == SHM_GET(c->shared->epoch)) { /* not flushed since */
			out->entries += SHM_GET(s->live);
			out->bytes += SHM_GET(s->head) - SHM_GET(s->tail);
		}
		out->evictions += SHM_GET(s->evictions);
		out->dropped_shards += SHM_GET(s->dropped);
		out->damaged += SHM_GET(s->damaged);
	}
}

/* ---- single flight ------------------------------------------------------- */

static bool matches(const struct flight_slot *f, const struct cache_key *k)
{
	return SHM_GET(f->pid) != 0 && SHM_GET(f->lo) == k->lo && SHM_GET(f->hi) == k->hi;
}

enum flight flight_begin(struct cache *c, const struct cache_key *k, const struct flight_self *me)
{
	struct shard *s = shard_of(c, k);
	struct flight_slot *mine = NULL;
	enum flight r = FLIGHT_LEAD;
	unsigned i;

	if (!shard_take(c, s))
		return FLIGHT_LEAD;
	for (i = 0; i < FLIGHTS; i++) {
		struct flight_slot *f = &s->flight[i];
		bool dead = f->pid == 0 || !me->alive(me->u, f->slot, f->pid);

		if (matches(f, k) && !dead) {
			r = FLIGHT_WAIT;
			break;
		}
		if (dead && (!mine || matches(f, k)))
			mine = f;
	}
	if (r == FLIGHT_LEAD && mine) {
		SHM_SET(mine->pid, 0);
		SHM_STEP();
		SHM_SET(mine->lo, k->lo);
		SHM_SET(mine->hi, k->hi);
		SHM_SET(mine->slot, me->slot);
		SHM_STEP();
		SHM_SET(mine->pid, me->pid);
	}
	lock_release(lock_of(c, s));
	return r;
}

void flight_end(struct cache *c, const struct cache_key *k, const struct flight_self *me)
{
	struct shard *s = shard_of(c, k);
	unsigned i;

	/* Only its owner takes an entry off the table while it lives: no lock. */
	for (i = 0; i < FLIGHTS; i++)
		if (matches(&s->flight[i], k) && SHM_GET(s->flight[i].pid) == me->pid &&
		    SHM_GET(s->flight[i].slot) == me->slot)
			SHM_SET(s->flight[i].pid, 0);
}

bool flight_busy(struct cache *c, const struct cache_key *k, const struct flight_self *me)
{
	struct shard *s = shard_of(c, k);
	unsigned i;

	for (i = 0; i < FLIGHTS; i++) {
		struct flight_slot *f = &s->flight[i];

		if (matches(f, k) && me->alive(me->u, SHM_GET(f->slot), SHM_GET(f->pid)))
			return true;
	}
	return false;
}
