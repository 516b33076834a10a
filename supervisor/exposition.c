/* exposition.c: see exposition.h. Called by the control socket, the metrics
 * listener and the log timer; a pure function of shared memory. */
#include "supervisor/exposition.h"

#include "base/clock.h"
#include "shm/answers.h"
#include "shm/cache.h"
#include "shm/kv.h"
#include "shm/region.h"
#include "supervisor/pool.h"

typedef uint64_t slot_reader(const struct shm_slot *s);

#define METRIC(name, kind, field, factor, help) \
	static uint64_t read_##field(const struct shm_slot *s) { return SHM_GET(s->field); }
#include "supervisor/metrics.def"
#undef METRIC

enum metric_kind { counter, gauge };
static const char *const kind_name[] = { "counter", "gauge" };
static const struct { const char *name; enum metric_kind kind; slot_reader *read; uint64_t factor; const char *help; } metric[] = {
#define METRIC(name, kind, field, factor, help) { name, kind, read_##field, factor, help },
#include "supervisor/metrics.def"
#undef METRIC
};

bool metrics_used(const struct shm_slot *s)
{
	return SHM_GET(s->pid) != 0 || SHM_GET(s->requests) != 0 || SHM_GET(s->accepted) != 0 || SHM_GET(s->restarts) != 0;
}

const char *metrics_state(const struct shm_slot *s)
{
	switch (SHM_GET(s->state)) {
	case SLOT_STARTING: return "starting";
	case SLOT_DRAINING: return "draining";
	default: return "serving";
	}
}

void metrics_total(struct shm_header *h, struct metrics_total *t)
{
	uint32_t i, k;

	*t = (struct metrics_total){ 0 };
	for (i = 0; i < region_slots(h); i++) {
		const struct shm_slot *s = region_slot(h, i);
		uint64_t v;

		t->requests += SHM_GET(s->requests);
		for (k = 1; k < 6; k++)
			t->responses[k] += SHM_GET(s->responses[k]);
		t->shed += SHM_GET(s->shed);
		t->exec_us += SHM_GET(s->exec_us_total);
		t->wait_us += SHM_GET(s->wait_us_total);
		v = SHM_GET(s->exec_us_max);
		t->exec_us_max = v > t->exec_us_max ? v : t->exec_us_max;
		v = SHM_GET(s->wait_us_max);
		t->wait_us_max = v > t->wait_us_max ? v : t->wait_us_max;
		if (SHM_GET(s->pid) == 0)
			continue;
		t->live++;
		t->connections += SHM_GET(s->connections);
		t->busy += SHM_GET(s->busy_since_ns) != 0;
		t->starting += SHM_GET(s->state) == SLOT_STARTING;
		t->draining += SHM_GET(s->state) == SLOT_DRAINING;
	}
	t->serving = t->live - t->starting - t->draining;
}

static void head(struct buf *out, const char *name, const char *kind, const char *help)
{
	buf_printf(out, "# HELP zigttpd_%s %s\n# TYPE zigttpd_%s %s\n", name, help, name, kind);
}

static void single(struct buf *out, const char *name, const char *kind, const char *help, uint64_t v)
{
	head(out, name, kind, help);
	buf_printf(out, "zigttpd_%s %llu\n", name, (unsigned long long)v);
}

static void requests(struct shm_header *h, struct buf *out)
{
	uint32_t i, k;

	head(out, "requests_total", "counter", "Requests answered.");
	for (i = 0; i < region_slots(h); i++) {
		const struct shm_slot *s = region_slot(h, i);

		if (metrics_used(s))
			for (k = 1; k < 6; k++)
				buf_printf(out, "zigttpd_requests_total{worker=\"%u\",code_class=\"%uxx\"} %llu\n", i, k,
					   (unsigned long long)SHM_GET(s->responses[k]));
	}
}

/* which: 0 exec, 1 wait. The sums of all places; cumulative, as the format
 * wants it. */
static void histogram(struct shm_header *h, struct buf *out, int which, const char *name, const char *help)
{
	static const uint64_t bound[SHM_HISTOGRAM - 1] = SHM_BOUNDS_US;
	uint64_t bucket[SHM_HISTOGRAM] = { 0 }, us = 0, count = 0;
	uint32_t i, k;

	for (i = 0; i < region_slots(h); i++) {
		const struct shm_slot *s = region_slot(h, i);

		for (k = 0; k < SHM_HISTOGRAM; k++)
			bucket[k] += which ? SHM_GET(s->wait_us[k]) : SHM_GET(s->exec_us[k]);
		us += which ? SHM_GET(s->wait_us_total) : SHM_GET(s->exec_us_total);
	}
	head(out, name, "histogram", help);
	for (k = 0; k < SHM_HISTOGRAM - 1; k++) {
		count += bucket[k];
		buf_printf(out, "zigttpd_%s_bucket{le=\"%g\"} %llu\n", name, (double)bound[k] / 1e6,
			   (unsigned long long)count);
	}
	count += bucket[SHM_HISTOGRAM - 1];
	buf_printf(out, "zigttpd_%s_bucket{le=\"+Inf\"} %llu\nzigttpd_%s_sum %llu.%06u\nzigttpd_%s_count %llu\n", name,
		   (unsigned long long)count, name, (unsigned long long)(us / 1000000), (unsigned)(us % 1000000), name,
		   (unsigned long long)count);
}

static void for_each_worker(struct shm_header *h, struct buf *out)
{
	size_t m;
	uint32_t i;

	for (m = 0; m < ARRAY_LEN(metric); m++) {
		head(out, metric[m].name, kind_name[metric[m].kind], metric[m].help);
		for (i = 0; i < region_slots(h); i++) {
			const struct shm_slot *s = region_slot(h, i);
			uint64_t v = metric[m].read(s);

			if (metric[m].kind == gauge ? SHM_GET(s->pid) == 0 : !metrics_used(s))
				continue;
			buf_printf(out, "zigttpd_%s{worker=\"%u\"} %llu\n", metric[m].name, i,
				   (unsigned long long)(metric[m].factor ? v * metric[m].factor : v != 0));
		}
	}
}

static void restarts(struct shm_header *h, struct buf *out)
{
	uint32_t k;

	head(out, "worker_restarts_total", "counter", "Workers that another one has followed.");
	for (k = 0; k < RESTART_REASONS; k++)
		buf_printf(out, "zigttpd_worker_restarts_total{reason=\"%s\"} %llu\n", pool_reason_name(k),
			   (unsigned long long)SHM_GET(h->restarts[k]));
}

/* Why responses were not kept, and how full the store is. */
static void cached(struct shm_header *h, const struct cache *cache, struct buf *out)
{
	struct cache_stats s;
	uint32_t i, k;

	if (!cache)
		return;
	cache_stats(cache, &s);
	head(out, "cache_bypass_total", "counter", "Requests that the cache had no part in, by reason.");
	for (k = BYPASS_NONE + 1; k < BYPASS__N; k++) {
		uint64_t n = 0;

		for (i = 0; i < region_slots(h); i++)
			n += SHM_GET(region_slot(h, i)->cache_bypass[k]);
		buf_printf(out, "zigttpd_cache_bypass_total{reason=\"%s\"} %llu\n", bypass_label(k), (unsigned long long)n);
	}
	single(out, "cache_evictions_total", "counter", "Responses that others have displaced.", s.evictions);
	single(out, "cache_dropped_shards_total", "counter", "Parts of the cache emptied because a process died in them.",
	       s.dropped_shards);
	single(out, "cache_damaged_total", "counter", "Entries whose checksum was wrong.", s.damaged);
	single(out, "cache_entries", "gauge", "Responses in the cache.", s.entries);
	single(out, "cache_bytes", "gauge", "Bytes in the cache.", s.bytes);
	single(out, "cache_capacity_bytes", "gauge", "Bytes that it has room for.", s.capacity);
}

/* zigttp:cache and zigttp:ratelimit. */
static void stored(const struct exposition_stores *stores, struct buf *out)
{
	static const struct { const char *name, *kind, *help; size_t field; } row[] = {
		{ "state_entries", "gauge", "Keys in the stores of zigttp:cache and zigttp:ratelimit.", offsetof(struct kv_stats, entries) },
		{ "state_bytes", "gauge", "Bytes in them.", offsetof(struct kv_stats, bytes) },
		{ "state_capacity_bytes", "gauge", "Bytes that they have room for.", offsetof(struct kv_stats, capacity) },
		{ "state_hits_total", "counter", "Keys that were read and found.", offsetof(struct kv_stats, hits) },
		{ "state_misses_total", "counter", "Keys that were read and not there.", offsetof(struct kv_stats, misses) },
		{ "state_evictions_total", "counter", "Keys displaced by others before their time.", offsetof(struct kv_stats, evictions) },
		{ "state_expired_total", "counter", "Keys displaced after their time.", offsetof(struct kv_stats, expired) },
		{ "state_recovered_total", "counter", "Operations undone because a process died in them.", offsetof(struct kv_stats, recovered) },
		{ "state_dropped_shards_total", "counter", "Parts emptied because they were damaged.", offsetof(struct kv_stats, dropped_shards) },
	};
	struct kv_stats s[2];
	size_t i, k;

	if (!stores->state || !stores->rates)
		return;
	kv_stats(stores->state, &s[0]);
	kv_stats(stores->rates, &s[1]);
	for (i = 0; i < ARRAY_LEN(row); i++) {
		head(out, row[i].name, row[i].kind, row[i].help);
		for (k = 0; k < 2; k++) {
			uint64_t v;

			memcpy(&v, (const char *)&s[k] + row[i].field, sizeof v);
			buf_printf(out, "zigttpd_%s{module=\"%s\"} %llu\n", row[i].name, k ? "ratelimit" : "cache",
				   (unsigned long long)v);
		}
	}
}

void exposition_text(struct shm_header *h, const struct exposition_stores *stores, struct buf *out)
{
	struct metrics_total t;
	uint32_t i, quarantined = 0;
	uint64_t now = clock_mono_ns();

	metrics_total(h, &t);
	for (i = 0; i < SHM_QUARANTINE; i++)
		quarantined += SHM_GET(h->quarantine[i].until_ns) > now;
	requests(h, out);
	histogram(h, out, 0, "request_duration_seconds", "From the start of the handler to the whole response.");
	histogram(h, out, 1, "request_wait_seconds", "From a request's first byte to the start of its handler.");
	restarts(h, out);
	for_each_worker(h, out);
	cached(h, stores->cache, out);
	stored(stores, out);
	head(out, "workers", "gauge", "Worker processes by state.");
	buf_printf(out, "zigttpd_workers{state=\"starting\"} %u\nzigttpd_workers{state=\"serving\"} %u\n"
			"zigttpd_workers{state=\"draining\"} %u\n", t.starting, t.serving, t.draining);
	single(out, "generation", "gauge", "Generation of the handler that serves.", SHM_GET(h->generation));
	single(out, "reloads_total", "counter", "Reloads that were taken over.", SHM_GET(h->reloads));
	single(out, "reloads_refused_total", "counter", "Reloads that were refused.", SHM_GET(h->reloads_refused));
	single(out, "quarantined_total", "counter", "Requests put into quarantine.", SHM_GET(h->quarantined));
	single(out, "quarantine_entries", "gauge", "Requests in quarantine now.", quarantined);
	single(out, "uptime_seconds", "gauge", "Since the server was started.",
	       h->started_ns ? (now - h->started_ns) / 1000000000 : 0);
}

void exposition_line(struct shm_header *h, uint64_t workers, struct buf *out)
{
	struct metrics_total t;
	uint64_t n;

	metrics_total(h, &t);
	n = t.requests ? t.requests : 1;
	buf_printf(out, "Pool metrics: in_use=%u/%llu exhausted=%llu avg_wait_us=%llu max_wait_us=%llu avg_exec_us=%llu "
			"max_exec_us=%llu", t.busy, (unsigned long long)workers, (unsigned long long)t.shed,
		   (unsigned long long)(t.wait_us / n), (unsigned long long)t.wait_us_max,
		   (unsigned long long)(t.exec_us / n), (unsigned long long)t.exec_us_max);
}
