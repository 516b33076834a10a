/* kv.c: see kv.h. Called by modules/, in workers, the zygote and `zigttp run`; the
 * supervisor only flushes and reads. Nothing is allocated while a lock is held but
 * room for a value that is read. */
#include "shm/kv.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/num.h"
#include "shm/layout.h"
#include "shm/lock.h"

#define KV_MAGIC 0x5a4b5653u
#define CHUNK 128u
#define UNDO_MAX 64u
#define PATIENCE_NS (2ull * 1000000000)
#define CHUNKS_MIN 64u           /* of a shard */
#define SWEEP 2                  /* of the oldest records: are they expired? */
#define EXTEND 16u               /* fresh chunks taken at a time */

enum kind { TEXT, COUNT, RATE };

/* Chunk numbers begin at 1; 0: none. */
struct record {                  /* the first chunk of it */
	uint32_t next;           /* chunk of this record, or free chunk */
	uint32_t chain;          /* next record of the bucket */
	uint32_t newer, older;
	uint32_t chunks, last;   /* how many, and the number of the last one */
	uint32_t key_n, value_n;
	uint32_t kind, touched;
	uint64_t hash, expires_ns; /* 0: never */
	uint64_t a, b;           /* COUNT: its value; RATE: window's begin and count, or the next arrival's time */
	char bytes[CHUNK - 72];
};
struct chunk { uint32_t next; char bytes[CHUNK - 4]; };
_Static_assert(sizeof(struct record) == CHUNK && sizeof(struct chunk) == CHUNK, "a record begins as a chunk");

struct undo { uint64_t off, old; uint32_t size, pad; };

struct shard {
	uint64_t epoch __attribute__((aligned(64)));
	uint32_t free, nfree, given, oldest, newest, live;
	uint32_t resetting;      /* 1: to be emptied by whoever finds it so */
	uint32_t nundo;
	uint64_t hits, misses, evictions, expired, recovered, dropped;
	struct undo undo[UNDO_MAX];
	uint32_t bucket[];       /* then: chunks */
};

struct shared { uint64_t epoch; uint64_t pad[7]; struct shm_lock lock[KV_SHARDS]; };

struct kv {
	uint32_t magic, chunks, buckets;   /* of a shard; buckets: a power of two */
	size_t shard_bytes;
	struct shared *shared;
	struct hash_key key;
};

/* One operation on one shard, whose lock is held. */
struct op { struct kv *k; struct shard *s; uint64_t now, hash; struct sv key; bool bad; };

/* ---- layout -------------------------------------------------------------- */

static size_t chunks_off(const struct kv *k)
{
	return (sizeof(struct shard) + k->buckets * sizeof(uint32_t) + CHUNK - 1) / CHUNK * CHUNK;
}

static bool measure(size_t bytes, struct kv *k)
{
	size_t n = bytes / KV_SHARDS / CHUNK;

	if (n < CHUNKS_MIN || n > UINT32_MAX / 2)
		return false;
	*k = (struct kv){ .magic = KV_MAGIC, .chunks = (uint32_t)n, .buckets = 64 };
	while (k->buckets < n / 2)
		k->buckets *= 2;
	k->shard_bytes = chunks_off(k) + n * CHUNK;
	return true;
}

static pthread_mutex_t *lock_of(const struct kv *k, const struct shard *s)
{
	return &k->shared->lock[(size_t)((const char *)s - (const char *)(k->shared + 1)) / k->shard_bytes].m;
}

static struct shard *shard_at(const struct kv *k, unsigned i)
{
	return (struct shard *)(void *)((char *)(k->shared + 1) + i * k->shard_bytes);
}

size_t kv_footprint(size_t bytes)
{
	struct kv k;

	return measure(bytes, &k) ? sizeof(struct shared) + KV_SHARDS * k.shard_bytes : 0;
}

struct kv *kv_create(void *shared, size_t bytes)
{
	struct kv *k = malloc(sizeof *k);

	AN(k);
	if (!measure(bytes, k)) {
		free(k);
		errno = EINVAL;
		return NULL;
	}
	hash_key_random(&k->key);
	k->shared = shared;
	for (unsigned i = 0; i < KV_SHARDS; i++) {
		errno = lock_init(&k->shared->lock[i].m);
		if (errno != 0) {
			free(k);
			return NULL;
		}
	}
	return k;
}

void kv_free(struct kv **k)
{
	free(*k);
	*k = NULL;
}

size_t kv_value_max(const struct kv *k) { return (size_t)k->chunks / 4 * (CHUNK - 4); }

/* ---- changes that can be undone --------------------------------------------- */

static void note(struct shard *s, const void *at, uint32_t size, uint64_t old)
{
	uint32_t n = s->nundo;

	AN(n < UNDO_MAX);
	s->undo[n] = (struct undo){ (uint64_t)((const char *)at - (const char *)s), old, size, 0 };
	SHM_STEP();
	__atomic_store_n(&s->nundo, n + 1, __ATOMIC_SEQ_CST);
	SHM_STEP();
}

static void put32(struct shard *s, uint32_t *at, uint32_t v)
{
	note(s, at, 4, *at);
	__atomic_store_n(at, v, __ATOMIC_SEQ_CST);
	SHM_STEP();
}

static void put64(struct shard *s, uint64_t *at, uint64_t v)
{
	note(s, at, 8, *at);
	__atomic_store_n(at, v, __ATOMIC_SEQ_CST);
	SHM_STEP();
}

/* From here on the operation has happened. */
static void commit(struct shard *s)
{
	__atomic_store_n(&s->nundo, 0, __ATOMIC_SEQ_CST);
	SHM_STEP();
}

/* Empties the shard; if we die in it the next one begins again. */
static void reset(const struct kv *k, struct shard *s)
{
	__atomic_store_n(&s->resetting, 1, __ATOMIC_SEQ_CST);
	SHM_STEP();
	memset(s->bucket, 0, k->buckets * sizeof s->bucket[0]);
	SHM_STEP();
	s->free = s->oldest = s->newest = 0;
	SHM_SET(s->live, 0);
	SHM_SET(s->nfree, 0);
	s->given = 0;
	s->nundo = 0;
	s->epoch = SHM_GET(k->shared->epoch);
	SHM_STEP();
	__atomic_store_n(&s->resetting, 0, __ATOMIC_SEQ_CST);
	SHM_STEP();
}

static void drop(const struct kv *k, struct shard *s)
{
	SHM_ADD(s->dropped, 1);
	reset(k, s);
}

/* False: the log itself makes no sense. */
static bool undo_one(const struct kv *k, struct shard *s, const struct undo *u)
{
	char *at = (char *)s + u->off;
	uint32_t half = (uint32_t)u->old;

	if ((u->size != 4 && u->size != 8) || u->off % u->size || u->off < offsetof(struct shard, free) ||
	    u->off > k->shard_bytes - u->size)
		return false;
	if (u->size == 4)
		memcpy(at, &half, 4);
	else
		memcpy(at, &u->old, 8);
	return true;
}

/* The holder before has died. */
static void repair(void *user)
{
	struct op *o = user;
	struct shard *s = o->s;
	uint32_t n = s->nundo;

	SHM_ADD(s->recovered, 1);
	if (s->resetting || n > UNDO_MAX) {
		drop(o->k, s);
		return;
	}
	for (; n > 0; n--) {
		if (!undo_one(o->k, s, &s->undo[n - 1])) {
			drop(o->k, s);
			return;
		}
		SHM_STEP();
		__atomic_store_n(&s->nundo, n - 1, __ATOMIC_SEQ_CST);
		SHM_STEP();
	}
}

/* ---- records ------------------------------------------------------------------- */

/* NULL, and the shard is damaged: there is no such chunk. */
static struct record *at(struct op *o, uint32_t i)
{
	if (i == 0 || i > o->k->chunks) {
		o->bad = true;
		return NULL;
	}
	return (struct record *)(void *)((char *)o->s + chunks_off(o->k)) + (i - 1);
}

static uint32_t *bucket_of(const struct op *o, uint64_t hash) { return &o->s->bucket[hash & (o->k->buckets - 1)]; }

static uint32_t chunks_for(size_t n)
{
	const size_t first = sizeof ((struct record *)0)->bytes, more = CHUNK - 4;

	return n <= first ? 1 : 1 + (uint32_t)((n - first + more - 1) / more);
}

/* A walk over the bytes of a record: to (or from, or compared with) memory. */
struct walk { struct record *r; uint32_t off; };

static char *walk_piece(struct op *o, struct walk *w, size_t *n)
{
	const uint32_t head = offsetof(struct record, bytes);
	uint32_t from = w->off < CHUNK ? w->off : CHUNK;

	if (w->off == 0)
		from = head;
	if (from == CHUNK) {
		w->r = at(o, w->r->next);
		if (!w->r)
			return NULL;
		from = offsetof(struct chunk, bytes);
	}
	if (*n > CHUNK - from)
		*n = CHUNK - from;
	w->off = from + (uint32_t)*n;
	return (char *)w->r + from;
}

static bool walk_put(struct op *o, struct walk *w, struct sv s)
{
	while (s.n > 0) {
		size_t n = s.n;
		char *p = walk_piece(o, w, &n);

		if (!p)
			return false;
		memcpy(p, s.p, n);
		s = (struct sv){ s.p + n, s.n - n };
	}
	return true;
}

static bool walk_equal(struct op *o, struct walk *w, struct sv s)
{
	while (s.n > 0) {
		size_t n = s.n;
		const char *p = walk_piece(o, w, &n);

		if (!p || memcmp(p, s.p, n) != 0)
			return false;
		s = (struct sv){ s.p + n, s.n - n };
	}
	return true;
}

static bool walk_get(struct op *o, struct walk *w, char *out, size_t left)
{
	while (left > 0) {
		size_t n = left;
		const char *p = walk_piece(o, w, &n);

		if (!p)
			return false;
		memcpy(out, p, n);
		out += n;
		left -= n;
	}
	return true;
}

static bool is_expired(const struct op *o, const struct record *r) { return r->expires_ns != 0 && r->expires_ns <= o->now; }

/* Whatever it has expired or not; 0: there is none. */
static uint32_t find_any(struct op *o)
{
	uint32_t i = *bucket_of(o, o->hash), steps = 0;

	for (struct record *r; i != 0; i = r->chain) {
		struct walk w = { NULL, 0 };

		r = at(o, i);
		if (!r || ++steps > o->k->chunks) {
			o->bad = true;
			return 0;
		}
		w.r = r;
		if (r->hash == o->hash && r->key_n == o->key.n && walk_equal(o, &w, o->key))
			return i;
		if (o->bad)
			return 0;
	}
	return 0;
}

/* The record that counts. */
static struct record *find(struct op *o)
{
	uint32_t i = find_any(o);
	struct record *r = i ? at(o, i) : NULL;

	return r && !is_expired(o, r) ? r : NULL;
}

/* ---- making and removing ------------------------------------------------------------ */

static bool list_remove(struct op *o, struct record *r)
{
	struct record *newer = r->newer ? at(o, r->newer) : NULL, *older = r->older ? at(o, r->older) : NULL;

	if (o->bad)
		return false;
	put32(o->s, newer ? &newer->older : &o->s->newest, r->older);
	put32(o->s, older ? &older->newer : &o->s->oldest, r->newer);
	return true;
}

/* r is in no list. */
static bool list_add(struct op *o, struct record *r, uint32_t i)
{
	struct record *newest = o->s->newest ? at(o, o->s->newest) : NULL;

	if (o->bad)
		return false;
	put32(o->s, &r->newer, 0);
	put32(o->s, &r->older, o->s->newest);
	put32(o->s, newest ? &newest->newer : &o->s->oldest, i);
	put32(o->s, &o->s->newest, i);
	return true;
}

/* Not committed. */
static bool record_remove(struct op *o, uint32_t i)
{
	struct record *r = at(o, i), *last = r ? at(o, r->last) : NULL;
	uint32_t *p, steps = 0;

	if (!last || r->chunks > o->k->chunks)
		return !(o->bad = true);
	for (p = bucket_of(o, r->hash); *p != i; ) {
		struct record *q = at(o, *p);

		if (!q || ++steps > o->k->chunks)
			return !(o->bad = true);
		p = &q->chain;
	}
	put32(o->s, p, r->chain);
	if (!list_remove(o, r))
		return false;
	put32(o->s, &last->next, o->s->free);
	put32(o->s, &o->s->free, i);
	put32(o->s, &o->s->nfree, o->s->nfree + r->chunks);
	put32(o->s, &o->s->live, o->s->live - 1);
	return true;
}

/* Removes the oldest record, or gives it its second chance; a change of its own. */
static bool make_way(struct op *o)
{
	uint32_t i = o->s->oldest;
	struct record *r = at(o, i);

	if (!r)
		return false;
	if (r->touched && !is_expired(o, r)) {
		if (!list_remove(o, r) || !list_add(o, r, i))
			return false;
		r->touched = 0;
	} else {
		bool expired = is_expired(o, r);

		if (!record_remove(o, i))
			return false;
		if (expired)
			SHM_ADD(o->s->expired, 1);
		else
			SHM_ADD(o->s->evictions, 1);
	}
	commit(o->s);
	return true;
}

/* Chunks that were never used join the free ones; a change of its own. */
static void extend(struct op *o, uint32_t want)
{
	struct shard *s = o->s;
	uint32_t n = want < EXTEND ? EXTEND : want, left = o->k->chunks - s->given, i;

	if (n > left)
		n = left;
	for (i = 0; i < n; i++)
		at(o, s->given + 1 + i)->next = i + 1 < n ? s->given + i + 2 : s->free;
	put32(s, &s->free, s->given + 1);
	put32(s, &s->nfree, s->nfree + n);
	put32(s, &s->given, s->given + n);
	commit(s);
}

static bool make_room(struct op *o, uint32_t chunks)
{
	struct shard *s = o->s;
	uint64_t tries = 2 * (uint64_t)s->live + 2;

	for (int i = 0; i < SWEEP && s->oldest != 0; i++) {
		struct record *r = at(o, s->oldest);

		if (!r || !is_expired(o, r))
			break;
		if (!make_way(o))
			return false;
	}
	if (s->given > o->k->chunks)
		return !(o->bad = true);
	while (s->nfree < chunks) {
		if (s->given < o->k->chunks)
			extend(o, chunks - s->nfree);
		else if (tries-- == 0 || !make_way(o))
			return !(o->bad = true);
	}
	return true;
}

/* A record with key and value in place of the one there is, if any. Not committed;
 * room has been made. */
static struct record *record_new(struct op *o, enum kind kind, struct sv value, uint64_t expires_ns)
{
	struct shard *s = o->s;
	uint32_t n = chunks_for(o->key.n + value.n), i = s->free, last = i, old = find_any(o), *bucket;
	struct record *r = at(o, i), *end = r;
	struct walk w = { r, 0 };

	for (uint32_t k = 1; end && k < n; k++) {
		last = end->next;
		end = at(o, last);
	}
	if (!end || o->bad)
		return NULL;
	put32(s, &s->free, end->next);
	put32(s, &s->nfree, s->nfree - n);
	r->chunks = n;
	r->last = last;
	r->key_n = (uint32_t)o->key.n;
	r->value_n = (uint32_t)value.n;
	r->kind = kind;
	r->touched = 0;
	r->hash = o->hash;
	r->expires_ns = expires_ns;
	r->a = r->b = 0;
	if (!walk_put(o, &w, o->key) || !walk_put(o, &w, value))
		return NULL;
	SHM_STEP();
	put32(s, &end->next, 0);
	if (old && !record_remove(o, old))
		return NULL;
	bucket = bucket_of(o, o->hash);
	r->chain = *bucket;
	put32(s, bucket, i);
	put32(s, &s->live, s->live + 1);
	return list_add(o, r, i) ? r : NULL;
}

/* ---- operations ------------------------------------------------------------------------ */

static bool begin(struct op *o, struct kv *k, struct sv key)
{
	CHECK(k, KV_MAGIC);
	*o = (struct op){ .k = k, .key = key, .hash = hash_sip13(&k->key, key.p, key.n) };
	o->s = shard_at(k, (unsigned)(o->hash >> 61) % KV_SHARDS);
	if (!lock_take(lock_of(o->k, o->s), PATIENCE_NS, repair, o))
		return false;
	if (o->s->epoch != SHM_GET(k->shared->epoch))
		reset(k, o->s);
	o->now = clock_read_ns(CLOCK_BOOTTIME);
	return true;
}

static enum kv_result end(struct op *o, enum kv_result r)
{
	if (unlikely(o->bad))
		drop(o->k, o->s);
	lock_release(lock_of(o->k, o->s));
	return r;
}

static bool fits(const struct kv *k, struct sv key, size_t value_n)
{
	return key.n <= KV_KEY_MAX && value_n <= kv_value_max(k) && chunks_for(key.n + value_n) <= k->chunks / 2;
}

enum kv_result kv_get(struct kv *k, struct sv key, struct buf *out)
{
	struct record *r;
	struct op o;

	if (!begin(&o, k, key))
		return KV_BUSY;
	r = find(&o);
	if (!r || r->kind == RATE) {
		SHM_ADD(o.s->misses, 1);
		return end(&o, KV_NONE);
	}
	SHM_ADD(o.s->hits, 1);
	r->touched = 1;
	if (r->kind == COUNT) {
		buf_printf(out, "%lld", (long long)(int64_t)r->a);
	} else if (r->value_n <= kv_value_max(k)) {
		size_t n = key.n + r->value_n, before = out->len;
		struct walk w = { r, 0 };
		char *p = buf_reserve(out, n);

		if (!walk_get(&o, &w, p, n))
			return end(&o, KV_NONE);
		memmove(p, p + key.n, n - key.n);
		out->len = before + n - key.n;
	}
	return end(&o, KV_OK);
}

static uint64_t expiry(const struct op *o, uint64_t ttl_ns)
{
	return ttl_ns == 0 ? 0 : ttl_ns > UINT64_MAX - o->now ? UINT64_MAX : o->now + ttl_ns;
}

enum kv_result kv_set(struct kv *k, struct sv key, struct sv value, uint64_t ttl_ns)
{
	struct op o;

	if (!fits(k, key, value.n))
		return KV_LARGE;
	if (!begin(&o, k, key))
		return KV_BUSY;
	if (make_room(&o, chunks_for(key.n + value.n)) && record_new(&o, TEXT, value, expiry(&o, ttl_ns)))
		commit(o.s);
	return end(&o, o.bad ? KV_BUSY : KV_OK);
}

enum kv_result kv_delete(struct kv *k, struct sv key)
{
	bool counts = false;
	uint32_t i;
	struct op o;

	if (!begin(&o, k, key))
		return KV_BUSY;
	i = find_any(&o);
	if (i != 0) {
		counts = !is_expired(&o, at(&o, i));
		if (record_remove(&o, i))
			commit(o.s);
	}
	return end(&o, counts ? KV_OK : KV_NONE);
}

/* A text of digits, at most KV_NUMBER_MAX. */
static bool whole_number(struct op *o, struct record *r, int64_t *out)
{
	struct walk w = { r, 0 };
	char text[KV_KEY_MAX + 32];
	size_t n = o->key.n + r->value_n, i = o->key.n;
	bool minus;

	if (r->value_n == 0 || r->value_n > 17)
		return false;
	memset(text + i, 0, 32);
	if (!walk_get(o, &w, text, n))
		return false;
	minus = text[i] == '-';
	i += minus;
	if (i == n)
		return false;
	for (*out = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (text[i] - '0');
	}
	if (minus)
		*out = -*out;
	return *out <= KV_NUMBER_MAX && *out >= -KV_NUMBER_MAX;
}

enum kv_result kv_incr(struct kv *k, struct sv key, int64_t delta, uint64_t ttl_ns, int64_t *now)
{
	struct record *r;
	uint64_t expires;
	int64_t n = 0;
	struct op o;

	if (!fits(k, key, 0))
		return KV_LARGE;
	if (!begin(&o, k, key))
		return KV_BUSY;
	r = find(&o);
	if (r && r->kind == COUNT)
		n = (int64_t)r->a;
	else if (r && (r->kind != TEXT || !whole_number(&o, r, &n)))
		return end(&o, KV_TYPE);
	if (__builtin_add_overflow(n, delta, &n) || n > KV_NUMBER_MAX || n < -KV_NUMBER_MAX)
		return end(&o, KV_RANGE);
	expires = ttl_ns != 0 || !r ? expiry(&o, ttl_ns) : r->expires_ns;
	if (r && r->kind == COUNT) {
		put64(o.s, &r->a, (uint64_t)n);
		if (expires != r->expires_ns)
			put64(o.s, &r->expires_ns, expires);
		r->touched = 1;
		commit(o.s);
	} else if (make_room(&o, chunks_for(key.n)) && (r = record_new(&o, COUNT, SV(""), expires)) != NULL) {
		r->a = (uint64_t)n;
		SHM_STEP();
		commit(o.s);
	}
	*now = n;
	return end(&o, o.bad ? KV_BUSY : KV_OK);
}

/* ---- rates -------------------------------------------------------------------------------- */

/* a: begin of the window, b: what it has had. */
static void judge_window(const struct kv_rate *r, uint64_t now, uint64_t *a, uint64_t *b, struct kv_verdict *v)
{
	if (*b == 0 || now - *a >= r->window_ns) {
		*a = now;
		*b = 0;
	}
	v->allowed = *b <= r->limit && r->cost <= r->limit - *b;
	if (v->allowed)
		*b += r->cost;
	v->remaining = *b < r->limit ? r->limit - *b : 0;
	v->reset_ns = *b == 0 ? 0 : *a + r->window_ns - now;
	v->retry_ns = v->allowed ? 0 : v->reset_ns;
}

/* a: when the bucket will be empty, were nothing to come (the theoretical arrival time). */
static void judge_smooth(const struct kv_rate *r, uint64_t now, uint64_t *a, struct kv_verdict *v)
{
	uint64_t each = r->window_ns / r->limit ? r->window_ns / r->limit : 1, room = each * r->limit;
	uint64_t filled = *a > now ? *a - now : 0, more;

	if (filled > room)               /* of a larger limit before */
		filled = room;
	v->allowed = !__builtin_mul_overflow(each, r->cost, &more) && more <= room - filled;
	if (v->allowed)
		filled += more;
	*a = now + filled;
	v->remaining = (room - filled) / each;
	v->reset_ns = filled;
	v->retry_ns = v->allowed ? 0 : r->cost > r->limit ? filled : filled + more - room;
}

enum kv_result kv_rate(struct kv *k, struct sv key, const struct kv_rate *r, struct kv_verdict *v)
{
	uint64_t a = 0, b = 0, expires;
	struct record *rec;
	struct op o;

	AN(r->limit > 0 && r->window_ns > 0);
	if (!fits(k, key, 0))
		return KV_LARGE;
	if (!begin(&o, k, key))
		return KV_BUSY;
	rec = find(&o);
	if (rec && rec->kind == RATE) {
		a = rec->a;
		b = rec->b;
	}
	if (r->smooth)
		judge_smooth(r, o.now, &a, v);
	else
		judge_window(r, o.now, &a, &b, v);
	if (!v->allowed)
		return end(&o, KV_OK);
	expires = o.now + v->reset_ns + 1;
	if (rec && rec->kind == RATE) {
		put64(o.s, &rec->a, a);
		put64(o.s, &rec->b, b);
		put64(o.s, &rec->expires_ns, expires);
		rec->touched = 1;
		commit(o.s);
	} else if (make_room(&o, chunks_for(key.n)) && (rec = record_new(&o, RATE, SV(""), expires)) != NULL) {
		rec->a = a;
		rec->b = b;
		SHM_STEP();
		commit(o.s);
	}
	return end(&o, o.bad ? KV_BUSY : KV_OK);
}

/* ---- for those who look on ------------------------------------------------------------------ */

void kv_flush(struct kv *k) { __atomic_fetch_add(&k->shared->epoch, 1, __ATOMIC_SEQ_CST); }

void kv_stats(const struct kv *k, struct kv_stats *out)
{
	*out = (struct kv_stats){ .capacity = (uint64_t)KV_SHARDS * k->chunks * CHUNK };
	for (unsigned i = 0; i < KV_SHARDS; i++) {
		struct shard *s = shard_at(k, i);
		uint64_t used = (uint64_t)SHM_GET(s->given) - SHM_GET(s->nfree);

		if (SHM_GET(s->epoch) == SHM_GET(k->shared->epoch)) {
			out->entries += SHM_GET(s->live);
			out->bytes += used <= k->chunks ? used * CHUNK : 0;
		}
		out->hits += SHM_GET(s->hits);
		out->misses += SHM_GET(s->misses);
		out->evictions += SHM_GET(s->evictions);
		out->expired += SHM_GET(s->expired);
		out->recovered += SHM_GET(s->recovered);
		out->dropped_shards += SHM_GET(s->dropped);
	}
}
