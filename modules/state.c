/* state.c: zigttp:cache and zigttp:ratelimit, over the stores of shm/kv.h that all
 * workers and generations share; where nobody gave any (`zigttp run`), private ones are
 * made when they are first used. What a request does here is not rolled back; effects
 * of the rows keep responses that depended on it out of the response cache. Called by
 * scripts. */
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "modules/parts.h"
#include "shm/kv.h"

enum which { CACHE, RATES };
static struct kv *stores[2];

void modules_set_stores(struct kv *cache, struct kv *rates)
{
	stores[CACHE] = cache;
	stores[RATES] = rates;
}

static struct kv *store(struct zigts *vm, enum which which)
{
	static const size_t bytes[] = { 32u << 20, 8u << 20 };
	void *p;

	if (stores[which])
		return stores[which];
	p = mmap(NULL, kv_footprint(bytes[which]), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p != MAP_FAILED)
		stores[which] = kv_create(p, bytes[which]);
	if (!stores[which])
		zigts_throw(vm, ZIGTS_ERROR, "there is no memory for a private store");
	return stores[which];
}

/* ---- keys ------------------------------------------------------------------------- */

/* "app NUL", "namespace NUL", key. False: exception. */
static bool put_key(struct zigts *vm, struct buf *b, const zigts_val *space, zigts_val key, const char *what)
{
	struct sv s;
	char text[64];

	snprintf(text, sizeof text, "%s: the namespace", what);
	buf_puts(b, modules_app(vm));
	buf_putc(b, '\0');
	if (space) {
		s = mod_string(vm, *space, text);
		if (s.p && memchr(s.p, '\0', s.n)) {
			zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s must not have the character U+0000", text);
			s.p = NULL;
		}
		if (!s.p)
			return false;
		buf_put_sv(b, s);
		buf_putc(b, '\0');
	}
	snprintf(text, sizeof text, "%s: the key", what);
	s = mod_string(vm, key, text);
	if (s.p)
		buf_put_sv(b, s);
	return s.p != NULL;
}

/* Seconds as nanoseconds; undefined: 0. False: exception. */
static bool seconds(struct zigts *vm, zigts_val v, const char *what, uint64_t *ns)
{
	double s;

	*ns = 0;
	if (mod_nullish(v))
		return true;
	if (!mod_number(vm, v, what, 0.001, 1e9, &s))
		return false;
	*ns = (uint64_t)(s * 1e9);
	return true;
}

/* KV_OK and KV_NONE go on; false: exception. */
static bool fine(struct zigts *vm, const struct kv *k, enum kv_result r, const char *what)
{
	switch (r) {
	case KV_OK: case KV_NONE: return true;
	case KV_LARGE:
		zigts_throw(vm, ZIGTS_RANGE_ERROR, "%s: keys may have %d bytes, with their namespace, and values %zu", what,
			    KV_KEY_MAX, kv_value_max(k));
		break;
	case KV_TYPE: zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s: the value is not a whole number", what); break;
	case KV_RANGE: zigts_throw(vm, ZIGTS_RANGE_ERROR, "%s: the count would leave the safe integers", what); break;
	case KV_BUSY: zigts_throw(vm, ZIGTS_ERROR, "%s: the store cannot be locked", what); break;
	}
	return false;
}

/* ---- zigttp:cache --------------------------------------------------------------------- */

zigts_val state_cache_get(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct kv *k = store(vm, CACHE);
	struct buf key = BUF_INIT, out = BUF_INIT;
	zigts_val v = ZIGTS_EXC, space = ZIGTS_ARG(0);
	enum kv_result r;

	if (k && put_key(vm, &key, &space, ZIGTS_ARG(1), "cacheGet")) {
		r = kv_get(k, buf_sv(&key), &out);
		if (fine(vm, k, r, "cacheGet") && zigts_tick(vm, (int64_t)(out.len / 64)) == 0)
			v = r == KV_NONE ? ZIGTS_UNDEF : zigts_string(vm, out.len ? out.p : "", out.len);
	}
	buf_free(&key);
	buf_free(&out);
	return v;
}

zigts_val state_cache_set(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct kv *k = store(vm, CACHE);
	zigts_val space = ZIGTS_ARG(0), text, done = ZIGTS_EXC;
	struct buf key = BUF_INIT;
	uint64_t ttl;
	struct sv s;

	text = k ? zigts_to_string(vm, ZIGTS_ARG(2)) : ZIGTS_EXC;
	if (text != ZIGTS_EXC && seconds(vm, ZIGTS_ARG(3), "cacheSet: the time to live", &ttl) &&
	    put_key(vm, &key, &space, ZIGTS_ARG(1), "cacheSet")) {
		s = web_text(vm, text);
		if (s.p && zigts_tick(vm, (int64_t)(s.n / 64)) == 0 &&
		    fine(vm, k, kv_set(k, buf_sv(&key), s, ttl), "cacheSet"))
			done = ZIGTS_UNDEF;
	}
	buf_free(&key);
	return done;
}

zigts_val state_cache_delete(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct kv *k = store(vm, CACHE);
	zigts_val space = ZIGTS_ARG(0), done = ZIGTS_EXC;
	struct buf key = BUF_INIT;
	enum kv_result r;

	if (k && put_key(vm, &key, &space, ZIGTS_ARG(1), "cacheDelete")) {
		r = kv_delete(k, buf_sv(&key));
		if (fine(vm, k, r, "cacheDelete"))
			done = r == KV_OK ? ZIGTS_TRUE : ZIGTS_FALSE;
	}
	buf_free(&key);
	return done;
}

zigts_val state_cache_incr(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct kv *k = store(vm, CACHE);
	zigts_val space = ZIGTS_ARG(0), done = ZIGTS_EXC;
	struct buf key = BUF_INIT;
	double delta = 1;
	int64_t now = 0;
	uint64_t ttl;

	if (!k || (!mod_nullish(ZIGTS_ARG(2)) &&
		   !mod_number(vm, ZIGTS_ARG(2), "cacheIncr: the step", -KV_NUMBER_MAX, KV_NUMBER_MAX, &delta)))
		return ZIGTS_EXC;
	if (delta != trunc(delta))
		return zigts_throw(vm, ZIGTS_RANGE_ERROR, "cacheIncr: the step must be a whole number");
	if (seconds(vm, ZIGTS_ARG(3), "cacheIncr: the time to live", &ttl) &&
	    put_key(vm, &key, &space, ZIGTS_ARG(1), "cacheIncr") &&
	    fine(vm, k, kv_incr(k, buf_sv(&key), (int64_t)delta, ttl, &now), "cacheIncr"))
		done = zigts_number((double)now);
	buf_free(&key);
	return done;
}

zigts_val state_cache_stats(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct kv *k = store(vm, CACHE);
	zigts_val o = k ? zigts_object(vm) : ZIGTS_EXC;
	struct kv_stats st;

	(void)a, (void)argc;
	if (o == ZIGTS_EXC)
		return ZIGTS_EXC;
	kv_stats(k, &st);
	if (mod_put(vm, o, "entries", zigts_number((double)st.entries)) < 0 ||
	    mod_put(vm, o, "bytes", zigts_number((double)st.bytes)) < 0 ||
	    mod_put(vm, o, "capacity", zigts_number((double)st.capacity)) < 0 ||
	    mod_put(vm, o, "hits", zigts_number((double)st.hits)) < 0 ||
	    mod_put(vm, o, "misses", zigts_number((double)st.misses)) < 0 ||
	    mod_put(vm, o, "evictions", zigts_number((double)st.evictions)) < 0)
		return ZIGTS_EXC;
	return o;
}

/* ---- zigttp:ratelimit ----------------------------------------------------------------------- */

static bool read_rate(struct zigts *vm, zigts_val *a, uint32_t argc, struct kv_rate *r)
{
	zigts_val cost = mod_option(vm, ZIGTS_ARG(3), "cost"), smooth;
	double limit, n = 1;

	if (cost == ZIGTS_EXC || !mod_number(vm, ZIGTS_ARG(1), "rateCheck: the limit", 1, 1e9, &limit))
		return false;
	if (mod_nullish(ZIGTS_ARG(2))) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "rateCheck: the window must be a number");
		return false;
	}
	if (!seconds(vm, ZIGTS_ARG(2), "rateCheck: the window", &r->window_ns))
		return false;
	if (!mod_nullish(cost) && !mod_number(vm, cost, "rateCheck: the cost", 0, 1e9, &n))
		return false;
	smooth = mod_option(vm, ZIGTS_ARG(3), "smooth");
	if (smooth == ZIGTS_EXC)
		return false;
	r->limit = (uint64_t)limit;
	r->cost = (uint64_t)n;
	r->smooth = zigts_truthy(smooth);
	return true;
}

static zigts_val verdict(struct zigts *vm, const struct kv_rate *r, const struct kv_verdict *v)
{
	zigts_val o = zigts_object(vm);
	double reset = (double)(clock_wall_ns() / 1000000) + ceil((double)v->reset_ns / 1e6);

	if (o == ZIGTS_EXC)
		return o;
	if (!v->allowed && mod_put(vm, o, "tag", zigts_cstring(vm, "rate_exceeded")) < 0)
		return ZIGTS_EXC;
	if (mod_put(vm, o, "limit", zigts_number((double)r->limit)) < 0 ||
	    mod_put(vm, o, "remaining", zigts_number((double)v->remaining)) < 0 ||
	    mod_put(vm, o, "resetAt", zigts_number(reset)) < 0)
		return ZIGTS_EXC;
	if (!v->allowed && mod_put(vm, o, "retryAfter", zigts_number(ceil((double)v->retry_ns / 1e9))) < 0)
		return ZIGTS_EXC;
	return v->allowed ? mod_ok(vm, o) : mod_err(vm, o);
}

zigts_val rate_check(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct kv *k = store(vm, RATES);
	struct buf key = BUF_INIT;
	zigts_val done = ZIGTS_EXC;
	struct kv_verdict v;
	struct kv_rate r;

	if (k && read_rate(vm, a, argc, &r) && put_key(vm, &key, NULL, ZIGTS_ARG(0), "rateCheck") &&
	    fine(vm, k, kv_rate(k, buf_sv(&key), &r, &v), "rateCheck"))
		done = verdict(vm, &r, &v);
	buf_free(&key);
	return done;
}

zigts_val rate_reset(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct kv *k = store(vm, RATES);
	struct buf key = BUF_INIT;
	zigts_val done = ZIGTS_EXC;
	enum kv_result r;

	if (k && put_key(vm, &key, NULL, ZIGTS_ARG(0), "rateReset")) {
		r = kv_delete(k, buf_sv(&key));
		if (fine(vm, k, r, "rateReset"))
			done = r == KV_OK ? ZIGTS_TRUE : ZIGTS_FALSE;
	}
	buf_free(&key);
	return done;
}
