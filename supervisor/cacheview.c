/* cacheview.c: see cacheview.h. */
#include "supervisor/cacheview.h"

#include "base/clock.h"
#include "shm/region.h"
#include "worker/app.h"

static uint64_t sum_of(struct shm_header *shm, size_t offset)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < region_slots(shm); i++)
		n += SHM_GET(*(const uint64_t *)(const void *)((const char *)region_slot(shm, i) + offset));
	return n;
}

void cacheview_stats(struct shm_header *shm, const struct cache *c, struct ctl_out *o)
{
	struct cache_stats s;
	uint32_t k;

	cache_stats(c, &s);
	ctl_put_u64(o, "entries", s.entries);
	ctl_put_u64(o, "bytes", s.bytes);
	ctl_put_u64(o, "capacity", s.capacity);
	ctl_put_u64(o, "hits", sum_of(shm, offsetof(struct shm_slot, cache_hits)));
	ctl_put_u64(o, "misses", sum_of(shm, offsetof(struct shm_slot, cache_misses)));
	ctl_put_u64(o, "waits", sum_of(shm, offsetof(struct shm_slot, cache_waits)));
	ctl_put_u64(o, "stores", sum_of(shm, offsetof(struct shm_slot, cache_stores)));
	ctl_put_u64(o, "evictions", s.evictions);
	ctl_put_u64(o, "dropped_shards", s.dropped_shards);
	ctl_put_u64(o, "damaged", s.damaged);
	ctl_open_map(o, "bypass");
	for (k = BYPASS_NONE + 1; k < BYPASS__N; k++) {
		uint64_t n = sum_of(shm, offsetof(struct shm_slot, cache_bypass) + k * sizeof(uint64_t));

		if (n != 0)
			ctl_put_u64(o, bypass_label(k), n);
	}
	ctl_close(o);
}

void cacheview_state(const struct kv *k, const char *name, struct ctl_out *o)
{
	struct kv_stats s;

	kv_stats(k, &s);
	ctl_open_map(o, name);
	ctl_put_u64(o, "entries", s.entries);
	ctl_put_u64(o, "bytes", s.bytes);
	ctl_put_u64(o, "capacity", s.capacity);
	ctl_put_u64(o, "hits", s.hits);
	ctl_put_u64(o, "misses", s.misses);
	ctl_put_u64(o, "evictions", s.evictions);
	ctl_put_u64(o, "expired", s.expired);
	ctl_put_u64(o, "recovered", s.recovered);
	ctl_put_u64(o, "dropped_shards", s.dropped_shards);
	ctl_close(o);
}

/* Of the youngest worker of the generation that serves; 0: there is none. */
static uint64_t instance(struct shm_header *shm)
{
	uint64_t best = 0, since = 0;
	uint32_t i;

	for (i = 0; i < region_slots(shm); i++) {
		const struct shm_slot *s = region_slot(shm, i);

		if (SHM_GET(s->pid) != 0 && SHM_GET(s->state) == SLOT_SERVING &&
		    SHM_GET(s->generation) == SHM_GET(shm->generation) && SHM_GET(s->started_ns) >= since) {
			since = SHM_GET(s->started_ns);
			best = SHM_GET(s->instance);
		}
	}
	return best;
}

static struct sv text_of(const msgpack_object *o) { return (struct sv){ o->via.str.ptr, o->via.str.size }; }

static struct sv host_of(const struct deps_input *in)
{
	uint32_t i;

	for (i = 0; i < in->nfields; i++)
		if (sv_ieq(in->field[i].name, SV("host")))
			return in->field[i].value;
	return SV("");
}

const char *cacheview_ask(struct shm_header *shm, const struct settings *set, const msgpack_object *question,
			  struct cacheview_request *rq)
{
	const msgpack_object *h = ctl_get(question, "headers");
	struct sv target = ctl_text(question, "target");
	const char *mark;
	uint32_t i;

	*rq = (struct cacheview_request){ .in = { .method = SV("GET"), .origin = SV(""), .body = SV(""), .peer = SV(""),
						  .query = SV(""), .path = target, .field = rq->field } };
	if (target.n == 0 || target.p[0] != '/')
		return "the target must begin with a slash";
	mark = memchr(target.p, '?', target.n);
	if (mark) {
		rq->in.has_query = true;
		rq->in.path.n = (size_t)(mark - target.p);
		rq->in.query = (struct sv){ mark + 1, target.n - rq->in.path.n - 1 };
	}
	if (h && (h->type != MSGPACK_OBJECT_ARRAY || h->via.array.size % 2 != 0 ||
		  h->via.array.size / 2 > CACHEVIEW_FIELDS))
		return "malformed headers";
	for (i = 0; h && i < h->via.array.size; i++) {
		const msgpack_object *o = &h->via.array.ptr[i];

		if (o->type != MSGPACK_OBJECT_STR)
			return "malformed headers";
		if (i % 2 == 0)
			rq->field[i / 2].name = text_of(o);
		else
			rq->field[i / 2].value = text_of(o);
	}
	rq->in.nfields = h ? h->via.array.size / 2 : 0;
	rq->app = app_match(set->app, set->napps, host_of(&rq->in), rq->in.path);
	if (rq->app < 0)
		return "no app answers there";
	rq->instance = instance(shm);
	return rq->instance == 0 ? "no worker serves" : NULL;
}

/* Text that workers, and through them strangers, have had a hand in. */
static void put_clean(struct ctl_out *o, const char *key, struct buf *b)
{
	size_t i;

	for (i = 0; i < b->len; i++)
		if (((unsigned char)b->p[i] < 0x20 && b->p[i] != '\n') || b->p[i] == 0x7f)
			b->p[i] = '?';
	ctl_put_sv(o, key, buf_sv(b));
}

static uint64_t seconds(uint64_t ns) { return ns / 1000000000u; }

static void put_set(struct cache *c, const struct deps *set, const struct cacheview_request *rq, struct sv path_key,
		    uint64_t now, struct ctl_out *o)
{
	struct buf text = BUF_INIT, key = BUF_INIT;
	struct cache_hit hit;
	struct cache_key k;
	bool found;

	ctl_open_map(o, NULL);
	deps_explain(set, &rq->in, &text);
	put_clean(o, "asks", &text);
	answers_key(&key, path_key, set, &rq->in);
	cache_key(c, buf_sv(&key), &k);
	found = cache_find(c, &k, now, &hit) && hit.m.kind == ANSWER_RESPONSE;
	ctl_put_bool(o, "hit", found);
	if (found) {
		ctl_put_u64(o, "status", hit.m.status);
		ctl_put_u64(o, "age_s", now > hit.m.stored_ns ? seconds(now - hit.m.stored_ns) : 0);
		ctl_put_u64(o, "left_s", seconds(hit.m.expires_ns - now));
		ctl_put_u64(o, "head_bytes", hit.m.head_n);
		ctl_put_u64(o, "body_bytes", hit.m.body_n);
		ctl_put_u64(o, "gzip_bytes", hit.m.packed_n);
	}
	ctl_close(o);
	buf_free(&text);
	buf_free(&key);
}

static void put_bypass(const struct answers *a, const struct cacheview_request *rq, uint64_t now, struct ctl_out *o)
{
	bool request = answers_bypassed(&rq->in), path = a->why != BYPASS_NONE && a->why_until_ns > now;
	struct buf where = BUF_INIT;

	if (!request && !path)
		return;
	ctl_open_map(o, "bypass");
	ctl_put_text(o, "reason", bypass_label(request ? BYPASS_REQUEST : a->why));
	ctl_put_text(o, "text", bypass_text(request ? BYPASS_REQUEST : a->why));
	if (!request) {
		buf_puts(&where, a->where);
		put_clean(o, "where", &where);
		ctl_put_u64(o, "left_s", seconds(a->why_until_ns - now));
	}
	ctl_close(o);
	buf_free(&where);
}

void cacheview_explain(struct cache *c, const struct settings *set, const struct cacheview_request *rq,
		       struct ctl_out *o)
{
	const struct app_setting *app = &set->app[rq->app];
	uint64_t now = clock_mono_ns();
	struct buf path = BUF_INIT;
	struct cache_key path_key;
	struct answers a;
	uint32_t i;

	answers_path(&path, rq->instance, (uint32_t)rq->app, rq->in.path);
	cache_key(c, buf_sv(&path), &path_key);
	answers_load(c, &path_key, now, &a);
	ctl_put_text(o, "app", app->name ? app->name : "");
	ctl_put_sv(o, "path", rq->in.path);
	put_bypass(&a, rq, now, o);
	ctl_open_array(o, "sets");
	for (i = 0; i < a.n; i++)
		put_set(c, &a.set[i], rq, buf_sv(&path), now, o);
	ctl_close(o);
	buf_free(&path);
}
