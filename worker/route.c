/* route.c: the stages of answering one request. Called by the connection code
 * with a complete request; calls dispatch. Each stage either answers or passes
 * on. Must not read from or write to sockets. */
#include "worker/route.h"

#include "base/clock.h"
#include "base/hash.h"
#include "worker/access.h"
#include "worker/flow.h"
#include "worker/http/reply.h"
#include "worker/memo.h"
#include "worker/metrics.h"
#include "worker/slow.h"
#include "worker/slice.h"
#include "worker/upload.h"

#define LATE_NS 1000000000ull
#define GONE_STATUS 499 /* of accounts only: the client left before there was an answer */

/* Costs a system call: only for those who want to know. */
static const struct sockaddr_storage *peer(struct server *s, struct net_conn *c)
{
	return s->set->access_format == ACCESS_JSON ? net_peer(s->net, c) : NULL;
}

void route_refused(struct server *s, struct net_conn *c, const struct http_head *h, const char *bytes,
		   uint16_t status, size_t n)
{
	metrics_response(s->slot, status);
	if (!s->set->quiet)
		access_line(&(struct access_entry){
			.peer = peer(s, c), .method = h ? http_view(bytes, h->method_text) : SV("-"),
			.target = h ? http_view(bytes, h->target) : SV("-"), .status = status, .bytes = n,
		});
}

static bool is_get(const struct http_head *h) { return h->method == HTTP_GET || h->method == HTTP_HEAD; }

/* For balancers: asked for like any page, so that the answer says something
 * about the way requests go. 0: not one of ours. */
static uint16_t health(struct server *s, struct route_request *rq, struct buf *out)
{
	struct sv path = http_view(rq->bytes, rq->head->path);
	bool ready = sv_eq(path, s->ready_path), leaving = s->draining || SHM_GET(s->shm->stopping);
	struct http_reply r = {
		.status = ready && leaving ? 503 : 200,
		.content_type = SV("text/plain;charset=UTF-8"),
		.body = ready && leaving ? SV("leaving\n") : ready ? SV("ready\n") : SV("ok\n"),
		.head_only = rq->head->method == HTTP_HEAD, .keep_alive = rq->keep_alive,
		.http10 = rq->head->minor == 0,
	};
	static const struct http_header fresh = { { "Cache-Control", 13 }, { "no-store", 8 } };
	struct sv bad;

	if (!is_get(rq->head) || (!ready && !sv_eq(path, s->health_path)))
		return 0;
	r.headers = &fresh;
	r.nheaders = 1;
	AZ(reply_write(out, &r, net_wall_seconds(s->net), &bad));
	return r.status;
}

static uint16_t busy(struct server *s, struct route_request *rq, struct buf *out)
{
	reply_busy(out, rq->keep_alive, rq->head->method == HTTP_HEAD, net_wall_seconds(s->net));
	return 503;
}

/* What tells a request that kills workers from others: method, target, body,
 * and the host where that decides about the handler. */
static uint64_t request_hash(const struct server *s, const struct route_request *rq)
{
	const struct http_head *h = rq->head;
	size_t n = (size_t)h->target.at + h->target.n - h->method_text.at;
	uint64_t v = hash_sip13(&s->key, rq->bytes + h->method_text.at, n);

	if (rq->body.n != 0)
		v = hash_u64(v) ^ hash_sip13(&s->key, rq->body.p, rq->body.n);
	if (s->set->napps > 1) {
		struct sv host = http_view(rq->bytes, h->host);

		v = hash_u64(v) ^ hash_sip13(&s->key, host.p, host.n);
	}
	return v | 1; /* 0: none */
}

static bool is_quarantined(const struct server *s, uint64_t hash, uint64_t now)
{
	struct shm_header *shm = s->shm;
	size_t i;

	if (likely(SHM_GET(shm->quarantined) == 0))
		return false;
	for (i = 0; i < SHM_QUARANTINE; i++)
		if (SHM_GET(shm->quarantine[i].hash) == hash && SHM_GET(shm->quarantine[i].until_ns) > now)
			return true;
	return false;
}

static struct sv field(const struct route_request *rq, struct sv name)
{
	const struct http_head *h = rq->head;
	size_t i;

	for (i = 0; i < h->nfields; i++)
		if (sv_ieq(http_view(rq->bytes, h->field[i].name), name))
			return http_view(rq->bytes, h->field[i].value);
	return (struct sv){ NULL, 0 };
}

/* A browser asks whether it may ask (Fetch standard, CORS-preflight request):
 * yes, whatever it is, without credentials. 0: no preflight. */
static COLD uint16_t preflight(struct server *s, struct route_request *rq, struct buf *out)
{
	struct sv wants = field(rq, SV("access-control-request-headers")), bad;
	struct http_header header[] = {
		{ SV("Access-Control-Allow-Methods"), SV("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS") },
		{ SV("Access-Control-Max-Age"), SV("86400") },
		{ SV("Access-Control-Allow-Headers"), wants },
	};
	struct http_reply r = {
		.status = 204, .headers = header, .nheaders = wants.n != 0 ? 3 : 2,
		.keep_alive = rq->keep_alive, .http10 = rq->head->minor == 0,
	};

	if (!field(rq, SV("origin")).p || !field(rq, SV("access-control-request-method")).p)
		return 0;
	AZ(reply_write(out, &r, net_wall_seconds(s->net), &bad));
	return 204;
}

/* Leaves in shared memory what runs here: for the supervisor when we die, and
 * for `workers` and `last-crash`. */
static void announce(struct server *s, const struct route_request *rq, uint64_t hash, uint64_t now)
{
	const struct http_head *h = rq->head;
	size_t n = (size_t)h->target.at + h->target.n - h->method_text.at;
	struct shm_slot *slot = s->slot;

	if (n > SHM_LINE_MAX - 1)
		n = SHM_LINE_MAX - 1;
	memcpy(slot->request, rq->bytes + h->method_text.at, n);
	slot->request[n] = '\0';
	SHM_SET(slot->request_hash, hash);
	SHM_SET(slot->busy_since_ns, now);
}

/* Answers that need no handler. 0: none of them. */
static uint16_t without_handler(struct server *s, struct route_request *rq, struct buf *out, uint64_t wait)
{
	uint16_t status = rq->head->path.n > 1 ? health(s, rq, out) : 0;

	if (status != 0)
		return status;
	if (unlikely(wait > s->set->queue_ns) && s->set->queue_ns != 0) {
		SHM_ADD(s->slot->shed, 1);
		s->late_until = net_now(s->net) + LATE_NS;
		return busy(s, rq, out);
	}
	if (unlikely(s->set->cors) && rq->head->method == HTTP_OPTIONS)
		return preflight(s, rq, out);
	return 0;
}

/* An answer from the cache, or a 404 of a server that has no such app; 0: run
 * the handler, or wait (rq->wait). */
static uint16_t recall(struct server *s, struct route_request *rq, int app, struct buf *out)
{
	uint16_t status = 0;

	if (unlikely(app < 0)) {
		reply_error(out, 404, rq->keep_alive, rq->head->method == HTTP_HEAD, net_wall_seconds(s->net));
		return 404;
	}
	rq->wait = memo_find(rq, (uint32_t)app, rq->may_wait ? rq->waited_ns : UINT64_MAX, out, &status) == MEMO_WAIT;
	return status;
}

/* ---- streamed responses: the sink is the connection ---------------------- */

static void sink_begin(void *u, size_t head, bool chunked)
{
	struct server *s = u;

	flow_begin(s, s->serving, head, chunked);
}

static void sink_put(void *u, const char *p, size_t n)
{
	struct server *s = u;

	flow_put(s, s->serving, p, n);
}

static bool sink_full(void *u)
{
	struct server *s = u;

	return flow_full(s, s->serving);
}

static bool sink_gone(void *u)
{
	struct server *s = u;

	return s->serving->gone;
}

static bool sink_sending(void *u)
{
	struct server *s = u;

	return flow_ends(s, s->serving);
}

/* False: nothing has left yet, and another response may take its place. */
static bool sink_cut(void *u)
{
	struct server *s = u;

	if (!s->serving->flow->begun) {
		flow_free(s->serving);
		return false;
	}
	flow_cut(s, s->serving);
	return true;
}

static int source_get(void *u, struct sv *out)
{
	struct server *s = u;

	return upload_get(s, s->serving, out);
}

static bool source_ended(void *u)
{
	struct server *s = u;

	return s->serving->upload->ended;
}

static uint16_t handle(struct server *s, struct route_request *rq, int app, struct buf *out, uint64_t now)
{
	const struct host_sink sink = {
		.put = sink_put, .full = sink_full, .gone = sink_gone, .sending = sink_sending, .u = s,
	};
	const struct host_source source = { .get = source_get, .ended = source_ended, .u = s };
	struct dispatch_request d = {
		.source = s->serving && s->serving->upload ? &source : NULL, .sink = &sink, .sink_begin = sink_begin, .sink_cut = sink_cut, .deps = memo_deps(), .on_reply = memo_reply, .on_wait = memo_waits,
		.head = rq->head, .bytes = rq->bytes, .body = rq->body,
		.wall_seconds = net_wall_seconds(s->net), .keep_alive = rq->keep_alive,
	};
	uint64_t hash = request_hash(s, rq);
	uint16_t status;

	if (unlikely(is_quarantined(s, hash, now))) {
		SHM_ADD(s->slot->quarantine_hits, 1);
		return busy(s, rq, out);
	}
	SHM_ADD(s->slot->body_bytes, rq->body.n);
	announce(s, rq, hash, now);
	rq->ran = true;
	status = dispatch_run(s->app, app, &d, out);
	slice_restore();
	SHM_SET(s->slot->busy_since_ns, 0);
	if (d.source)
		SHM_ADD(s->slot->body_bytes, s->serving->upload->total - rq->body.n);
	rq->keep_alive = d.keep_alive;
	return status;
}

/* A file, an answer from the cache, or the handler's. */
static uint16_t content(struct server *s, struct route_request *rq, struct buf *out, uint64_t now)
{
	uint16_t status;
	int app;

	if (s->statics && statics_serve(s->statics, rq->head, rq->bytes, net_wall_seconds(s->net), rq->keep_alive,
					&status, out, &rq->file)) {
		SHM_ADD(s->slot->static_hits, 1);
		return status;
	}
	app = dispatch_app(s->app, rq->head, rq->bytes);
	status = recall(s, rq, app, out);
	if (status != 0 || rq->wait)
		return status;
	status = handle(s, rq, app, out, now);
	memo_end();
	return status;
}

void route_serve(struct server *s, struct route_request *rq, struct buf *out)
{
	/* Requests of one turn follow each other at once: one look at the clock
	 * ends one and begins the next. */
	uint64_t t0 = net_now(s->net) > s->served_ns ? net_now(s->net) : s->served_ns, us;
	uint64_t wait = t0 > rq->ready_ns ? t0 - rq->ready_ns : 0;
	size_t before = out->len;
	uint64_t bytes;
	uint16_t status = without_handler(s, rq, out, wait);

	if (unlikely(status != 0)) {
		route_refused(s, rq->conn, rq->head, rq->bytes, status, out->len - before);
		return;
	}
	status = content(s, rq, out, t0);
	if (unlikely(rq->wait))
		return;
	bytes = s->serving && s->serving->flow ? s->serving->flow->bytes : out->len - before + rq->file.len;
	if (unlikely(s->serving && s->serving->gone))
		status = GONE_STATUS;
	s->served_ns = clock_mono_ns();
	us = (s->served_ns - t0) / 1000;
	if (unlikely(s->served_ns - rq->ready_ns > s->set->queue_ns / 2) && s->set->queue_ns != 0)
		s->late_until = s->served_ns + LATE_NS; /* others may have waited as long */
	metrics_request(s->slot, wait / 1000, us, status);
	if (rq->ran)
		slow_end(s->serving && s->serving->flow ? 0 : us); /* a stream may take its time */
	if (!s->set->quiet)
		access_line(&(struct access_entry){
			.peer = peer(s, rq->conn), .method = http_view(rq->bytes, rq->head->method_text),
			.target = http_view(rq->bytes, rq->head->target), .status = status,
			.bytes = bytes, .wait_us = wait / 1000, .exec_us = us,
		});
}
