/* memo.c: see memo.h. Called by route.c (find, end) and, through dispatch, when
 * a handler has replied. Knows nothing of the engine. */
#include "worker/memo.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/clock.h"
#include "engine/include/effect.h"
#include "shm/answers.h"
#include "shm/region.h"
#include "worker/host/host.h"
#include "worker/http/cond.h"
#include "worker/http/reply.h"

#define MARK_NS (10ull * 1000000000)  /* "not kept" is believed so long */
#define DULL_NS 1000000000ull         /* …and here, without asking, so long */
#define DULL 256                      /* power of two */
#define PACK_MIN 1024
#define TAG_MAX 32
#define DEPTH_MAX 65536               /* of a key */

static struct {
	const struct settings *set;
	struct server *server;
	struct cache *cache;             /* NULL: off */
	struct flight_self self;
	uint64_t instance;
	/* paths whose responses are not kept, by the hash of their key */
	struct dull { uint64_t hash, until_ns; } dull[DULL];
	struct buf path, key, flight, fields, vary, packed;

	/* the request at hand */
	struct route_request *rq;
	bool tracing, keeps, leads;      /* keeps: may be stored */
	bool ran, replied;               /* the handler */
	uint64_t now;
	struct host_input input;
	struct cond_request cond;
	struct deps deps;
	struct cache_key path_key, flight_key; /* of m.path, of m.flight */
	char tag[TAG_MAX];
} m;

static bool alive(void *u, uint32_t slot, uint32_t pid)
{
	struct shm_header *shm = u;

	return slot < shm->nslots && SHM_GET(region_slot(shm, slot)->pid) == pid;
}

void memo_init(const struct heritage *h, struct server *s)
{
	m.set = h->set;
	m.server = s;
	m.cache = h->set->cache && h->set->isolation == ISOLATION_REQUEST ? h->cache : NULL;
	m.self = (struct flight_self){ .slot = h->slot, .pid = (uint32_t)getpid(), .alive = alive, .u = h->shm };
	m.instance = s->app->instance;
	SHM_SET(s->slot->instance, m.instance);
}

/* ---- what requests and responses say -------------------------------------- */

/* How long a response may be kept, by its own Cache-Control; 0: not at all. */
static uint64_t lifetime(struct sv list, uint64_t ttl)
{
	uint64_t shared = UINT64_MAX, own = UINT64_MAX;
	struct sv name, arg;

	while (directive_next(&list, &name, &arg)) {
		uint64_t v = 0;
		size_t i;

		for (i = 0; i < arg.n && arg.p[i] >= '0' && arg.p[i] <= '9' && v < 1u << 30; i++)
			v = v * 10 + (uint64_t)(arg.p[i] - '0');
		v *= 1000000000u;
		if (sv_ieq(name, SV("no-store")) || sv_ieq(name, SV("private")) || sv_ieq(name, SV("no-cache")))
			return 0;
		if (sv_ieq(name, SV("s-maxage")))
			shared = v;
		else if (sv_ieq(name, SV("max-age")))
			own = v;
	}
	if (shared == UINT64_MAX)
		shared = own;
	return shared < ttl ? shared : ttl;
}

static bool status_is_kept(uint16_t status)
{
	static const uint16_t kept[] = { 200, 203, 204, 301, 304, 308, 404, 405, 410, 414, 501 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(kept); i++)
		if (kept[i] == status)
			return true;
	return false;
}

/* A reply's own header of that name; NULL: it has none. */
static const struct http_header *header_of(const struct http_reply *r, struct sv name)
{
	size_t i;

	for (i = 0; i < r->nheaders; i++)
		if (sv_ieq(r->headers[i].name, name))
			return &r->headers[i];
	return NULL;
}

/* Is it text that shrinks? */
static bool packs(const struct http_reply *r)
{
	static const struct sv part[] = { { "text/", 5 }, { "json", 4 }, { "javascript", 10 }, { "xml", 3 } };
	size_t i;

	if (r->status != 200 || r->body.n < PACK_MIN || r->content_type.n == 0 ||
	    header_of(r, SV("content-encoding")) || header_of(r, SV("etag")))
		return false;
	for (i = 0; i < ARRAY_LEN(part); i++)
		if (memmem(r->content_type.p, r->content_type.n, part[i].p, part[i].n))
			return true;
	return false;
}

/* ---- looking up ----------------------------------------------------------- */

static void count_bypass(enum bypass b) { SHM_ADD(m.server->slot->cache_bypass[b], 1); }

/* The line with the length, or nothing for responses that have none, and those
 * that only a hit has. */
static size_t hit_lines(char *room, size_t size, const struct cache_meta *meta, uint64_t length, bool packed)
{
	/* another worker's look at the clock may have been later than ours */
	uint64_t age = m.now > meta->stored_ns ? m.now - meta->stored_ns : 0;
	char *at = room;

	AN(size >= 160);
	if (meta->status != 204 && meta->status != 304) {
		at = reply_put(at, SV("Content-Length: "));
		at = reply_put(reply_put_number(at, length), SV("\r\n"));
	}
	at = reply_put(at, SV("Age: "));
	at = reply_put_number(at, age / 1000000000u);
	at = reply_put(at, SV("\r\nX-Zigttp-Proof-Cache: hit\r\n"));
	if (packed)
		at = reply_put(at, SV("Content-Encoding: gzip\r\n"));
	return (size_t)(at - room);
}

/* The value of a line in a block of header lines; p NULL: it has none. */
static struct sv line_of(struct sv block, struct sv name)
{
	while (block.n != 0) {
		const char *end = memmem(block.p, block.n, "\r\n", 2);
		size_t n = end ? (size_t)(end - block.p) : block.n;

		if (n > name.n + 1 && block.p[name.n] == ':' && sv_ieq((struct sv){ block.p, name.n }, name))
			return sv_trim_ows((struct sv){ block.p + name.n + 1, n - name.n - 1 });
		n += end ? 2 : 0;
		block.p += n;
		block.n -= n;
	}
	return (struct sv){ NULL, 0 };
}

/* Without the lines that describe a body. */
static void strip_content(struct buf *fields)
{
	size_t at = 0, to = 0;

	while (at < fields->len) {
		const char *p = fields->p + at, *end = memmem(p, fields->len - at, "\r\n", 2);
		size_t n = end ? (size_t)(end - p) + 2 : fields->len - at;

		const char *colon = memchr(p, ':', n);

		if (!colon || !reply_describes_body((struct sv){ p, (size_t)(colon - p) })) {
			memmove(fields->p + to, p, n);
			to += n;
		}
		at += n;
	}
	fields->len = to;
}

static bool asks_for_other(struct sv etag)
{
	uint8_t i;

	for (i = 0; i < m.cond.if_none_match.n; i++)
		if (etag_listed(m.cond.if_none_match.line[i], etag, true))
			return false;
	return true;
}

static bool serve_hit(const struct cache_hit *hit, struct buf *out, uint16_t *status)
{
	const struct http_head *h = m.rq->head;
	struct cache_meta meta = hit->m;
	bool head_only = h->method == HTTP_HEAD, packed;
	size_t began = out->len, n;
	struct sv etag;
	char lines[160];

	m.fields.len = 0;
	if (!cache_part(m.cache, hit, CACHE_HEAD, &m.fields))
		return false;
	packed = meta.packed_n != 0 && coding_choose(&m.cond.accept_encoding, 1u << CODING_GZIP) == CODING_GZIP;
	etag = line_of(buf_sv(&m.fields), SV("etag"));
	if (m.cond.if_none_match.n != 0 && meta.status == 200 && etag.p && !asks_for_other(etag)) {
		meta.status = 304;
		packed = false;
		strip_content(&m.fields);
	}
	n = hit_lines(lines, sizeof lines, &meta, packed ? meta.packed_n : meta.body_n, packed);
	reply_head(out, (uint16_t)meta.status, (struct sv){ lines, n }, buf_sv(&m.fields), m.rq->keep_alive,
		   h->minor == 0, net_wall_seconds(m.server->net), packed ? meta.packed_n : meta.body_n);
	if (!head_only && meta.status != 304 && meta.status != 204 &&
	    !cache_part(m.cache, hit, packed ? CACHE_PACKED : CACHE_BODY, out)) {
		out->len = began;
		return false;
	}
	*status = (uint16_t)meta.status;
	SHM_ADD(m.server->slot->cache_hits, 1);
	return true;
}

/* Tries every read set of the path; gathers what names this flight. */
static bool probe(struct answers *a, struct buf *out, uint16_t *status)
{
	struct cache_hit hit;
	struct cache_key k;
	uint32_t i;

	m.flight.len = 0;
	for (i = 0; i < a->n; i++) {
		answers_key(&m.key, buf_sv(&m.path), &a->set[i], &m.input.in);
		cache_key(m.cache, buf_sv(&m.key), &k);
		if (cache_find(m.cache, &k, m.now, &hit) && hit.m.kind == ANSWER_RESPONSE && serve_hit(&hit, out, status))
			return true;
		if (m.flight.len < DEPTH_MAX)
			buf_put_sv(&m.flight, buf_sv(&m.key));
	}
	return false;
}

/* What is known here of the path at hand, or of another one. */
static struct dull *dull(void) { return &m.dull[m.path_key.lo & (DULL - 1)]; }

enum memo_verdict memo_find(struct route_request *rq, uint32_t app, uint64_t waited_ns, struct buf *out,
			    uint16_t *status)
{
	const struct http_head *h = rq->head;
	struct host_request hr = { .head = h, .bytes = rq->bytes };
	struct answers a;
	uint32_t i;

	m.rq = rq;
	m.keeps = m.leads = m.ran = m.replied = false;
	m.tracing = (h->method == HTTP_GET || h->method == HTTP_HEAD) && m.set->isolation == ISOLATION_REQUEST;
	if (!m.tracing) {
		if (m.cache)
			count_bypass(BYPASS_METHOD);
		return MEMO_RUN;
	}
	deps_clear(&m.deps);
	m.now = net_now(m.server->net);
	host_request_input(&hr, &m.input);
	m.cond = (struct cond_request){ 0 };
	for (i = 0; i < m.input.in.nfields; i++)
		cond_take(&m.cond, m.input.field[i].name, m.input.field[i].value);
	if (!m.cache)
		return MEMO_RUN;
	if (answers_bypassed(&m.input.in)) {
		count_bypass(BYPASS_REQUEST);
		return MEMO_RUN;
	}
	m.keeps = h->method == HTTP_GET;
	answers_path(&m.path, m.instance, app, m.input.in.path);
	cache_key(m.cache, buf_sv(&m.path), &m.path_key);
	if (dull()->hash == m.path_key.lo && dull()->until_ns > m.now)
		return MEMO_RUN;
	answers_load(m.cache, &m.path_key, m.now, &a);
	if (probe(&a, out, status))
		return MEMO_ANSWERED;
	if (!m.keeps || a.why_until_ns > m.now || waited_ns > m.set->cache_wait_ns)
		return MEMO_RUN;
	if (m.flight.len == 0)
		m.flight_key = m.path_key;
	else
		cache_key(m.cache, buf_sv(&m.flight), &m.flight_key);
	if (flight_begin(m.cache, &m.flight_key, &m.self) == FLIGHT_WAIT) {
		if (waited_ns == 0)
			SHM_ADD(m.server->slot->cache_waits, 1);
		return MEMO_WAIT;
	}
	m.leads = true;
	/* somebody may have finished between our look and now, when a worker did not
	 * get the processor */
	answers_load(m.cache, &m.path_key, m.now, &a);
	if (probe(&a, out, status)) {
		flight_end(m.cache, &m.flight_key, &m.self);
		m.leads = false;
		return MEMO_ANSWERED;
	}
	return MEMO_RUN;
}

struct deps *memo_deps(void)
{
	m.ran = true;
	return m.tracing ? &m.deps : NULL;
}

/* ---- keeping -------------------------------------------------------------- */

/* The first effect that forbids keeping; BYPASS_NONE. */
static enum bypass effect_forbids(uint32_t taint, int *bit)
{
	static const uint8_t reason[EFFECT_BIT__N] = {
#define EFFECT(name, text) [EFFECT_BIT_##name] = BYPASS_##name,
#include "engine/include/effect.def"
	};

	taint &= ~(uint32_t)EFF_ENV; /* a process has the same one all its life */
	if (!m.set->cache_strict)
		taint &= ~(uint32_t)EFF_LOG;
	for (*bit = 0; *bit < EFFECT_BIT__N; (*bit)++)
		if (taint >> *bit & 1)
			return reason[*bit];
	return BYPASS_NONE;
}

static bool request_has(struct sv name)
{
	uint32_t i;

	for (i = 0; i < m.input.in.nfields; i++)
		if (sv_ieq(m.input.field[i].name, name))
			return true;
	return false;
}

/* Does the run depend on who asks? Reading all headers does when they say so. */
static bool is_private(void)
{
	static const struct sv name[] = { { "cookie", 6 }, { "authorization", 13 } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(name); i++)
		if (deps_asks(&m.deps, name[i]) && (!(m.deps.fields & DEP_HEADERS_ALL) || request_has(name[i])))
			return true;
	return false;
}

/* May the response be given to others who answer alike? *ttl: for how long. */
static enum bypass forbidden(const struct http_reply *r, uint32_t taint, uint64_t *ttl, int *bit)
{
	enum bypass b = effect_forbids(taint, bit);
	size_t i;

	*ttl = m.set->cache_ttl_ns;
	if (b != BYPASS_NONE)
		return b;
	if (!status_is_kept(r->status) || r->reason.n != 0)
		return BYPASS_STATUS;
	for (i = 0; i < r->nheaders; i++) {
		struct sv name = r->headers[i].name, value = r->headers[i].value;

		if (sv_ieq(name, SV("set-cookie")))
			return BYPASS_SET_COOKIE;
		if (sv_ieq(name, SV("cache-control")) && (*ttl = lifetime(value, *ttl)) == 0)
			return BYPASS_CACHE_CONTROL;
		if ((sv_ieq(name, SV("vary")) && memchr(value.p, '*', value.n)) || sv_ieq(name, SV("date")) ||
		    sv_ieq(name, SV("connection")) || sv_ieq(name, SV("age")) || sv_ieq(name, SV("content-range")) ||
		    (m.set->cors && sv_ieq(name, SV("access-control-allow-origin"))))
			return BYPASS_VARY;
		if (!http_name_valid(name) || !http_value_valid(value))
			return BYPASS_ERROR;
	}
	if (!m.set->cache_private && is_private())
		return BYPASS_PRIVATE;
	return r->body.n > m.set->cache_body ? BYPASS_SIZE : BYPASS_NONE;
}

/* Remembers, for a while, that and why this path's responses are not kept. */
static void mark(enum bypass why, const char *where)
{
	uint64_t now = m.now;
	struct answers a;

	count_bypass(why);
	answers_load(m.cache, &m.path_key, now, &a);
	if (a.n == 0 && why != BYPASS_FULL) { /* nothing to be found for this path: do not even look */
		dull()->hash = m.path_key.lo;
		dull()->until_ns = now + DULL_NS;
	}
	if (a.why == why && a.why_until_ns > now + MARK_NS / 2)
		return;
	a.why = why;
	a.why_until_ns = now + MARK_NS;
	snprintf(a.where, sizeof a.where, "%s", where);
	answers_store(m.cache, &m.path_key, now, m.set->cache_ttl_ns, &a);
}

/* The body in gzip, in m.packed; empty when that does not make it smaller. */
static void pack(struct sv body)
{
	z_stream z = { 0 };

	m.packed.len = 0;
	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	z.next_in = (Bytef *)(uintptr_t)body.p;
	z.avail_in = (uInt)body.n;
	z.next_out = (Bytef *)buf_reserve(&m.packed, body.n);
	z.avail_out = (uInt)body.n;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		m.packed.len = z.total_out;
	deflateEnd(&z);
}

static void keep(const struct http_reply *r, uint64_t ttl, bool packable)
{
	struct cache_meta meta = {
		.stored_ns = m.now, .expires_ns = m.now + ttl, .kind = ANSWER_RESPONSE, .status = r->status, .counts = true,
	};
	struct cache_key k;
	struct answers a;

	m.fields.len = 0;
	reply_fields(&m.fields, r);
	m.packed.len = 0;
	if (packable)
		pack(r->body);
	answers_key(&m.key, buf_sv(&m.path), &m.deps, &m.input.in);
	cache_key(m.cache, buf_sv(&m.key), &k);
	if (!cache_put(m.cache, &k, &meta, buf_sv(&m.fields), r->body, buf_sv(&m.packed))) {
		mark(BYPASS_FULL, "");
		return;
	}
	SHM_ADD(m.server->slot->cache_stores, 1);
	if (answers_load(m.cache, &m.path_key, m.now, &a) && a.n != 0 && deps_equal(&a.set[0], &m.deps) &&
	    !cache_ages(m.cache, &m.path_key))
		return;
	answers_front(&a, &m.deps);
	answers_store(m.cache, &m.path_key, m.now, m.set->cache_ttl_ns * 2, &a);
}

/* A validator from the bytes; weak when they may also be sent in gzip. */
static void tag(struct http_reply *r, bool weak)
{
	static const char hex[] = "0123456789abcdef";
	char *at = m.tag;
	uint64_t v;
	size_t i;

	if (header_of(r, SV("etag")))
		return;
	v = XXH3_64bits(r->body.p, r->body.n);
	if (weak)
		at = reply_put(at, SV("W/"));
	*at++ = '"';
	for (i = 0; i < 16; i++, v <<= 4)
		*at++ = hex[v >> 60];
	*at++ = '"';
	r->etag = (struct sv){ m.tag, (size_t)(at - m.tag) };
}

static struct sv tag_of(const struct http_reply *r)
{
	const struct http_header *own = header_of(r, SV("etag"));

	return own ? own->value : r->etag;
}

static void lead_end(void)
{
	if (m.leads)
		flight_end(m.cache, &m.flight_key, &m.self);
	m.leads = false;
}

void memo_reply(struct http_reply *r, uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n), void *u)
{
	char place[ANSWER_WHERE] = "";
	bool packable;
	enum bypass b;
	uint64_t ttl;
	int bit;

	m.replied = true;
	if (!m.tracing)
		return;
	if (unlikely(r->streamed)) {
		if (m.keeps)
			mark(BYPASS_STREAM, "");
		m.keeps = false;
		lead_end();
		return;
	}
	deps_canonical(&m.deps);
	b = forbidden(r, taint, &ttl, &bit);
	if (b != BYPASS_NONE) {
		if (m.keeps) {
			if (bit < EFFECT_BIT__N)
				where(u, bit, place, sizeof place);
			mark(b, place);
		}
		return;
	}
	packable = packs(r);
	m.vary.len = 0;
	deps_vary(&m.deps, &m.vary);
	if (packable && !(m.deps.fields & DEP_HEADERS_ALL) && !deps_asks(&m.deps, SV("accept-encoding")))
		buf_puts(&m.vary, m.vary.len != 0 ? ", accept-encoding" : "accept-encoding");
	r->vary = buf_sv(&m.vary);
	if (r->status == 200)
		tag(r, packable);
	if (m.keeps) {
		SHM_ADD(m.server->slot->cache_misses, 1);
		keep(r, ttl, packable);
	}
	if (m.cond.if_none_match.n != 0 && r->status == 200 && tag_of(r).n != 0 && !asks_for_other(tag_of(r))) {
		r->status = 304;
		r->body = SV("");
	}
}

void memo_waits(uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n), void *u)
{
	char place[ANSWER_WHERE] = "";
	enum bypass b;
	int bit;

	if (!m.keeps)
		return;
	b = effect_forbids(taint, &bit);
	if (b == BYPASS_NONE)
		return;
	where(u, bit, place, sizeof place);
	mark(b, place);
	m.keeps = false;
	lead_end();
}

void memo_end(void)
{
	if (m.keeps && m.ran && !m.replied) /* those that wait for us need not run one after the other */
		mark(BYPASS_ERROR, "");
	lead_end();
	m.tracing = m.keeps = false;
}
