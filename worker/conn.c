/* conn.c: the HTTP/1 life of a connection. Called by the worker's loop with
 * what the net says; calls the gate, dispatch and the net.
 *
 * Bytes are looked at where they arrived. Only what is left over (part of a
 * head, a body under way, requests behind a response that is still being
 * sent) is copied into c->in. While a response is being sent no request is
 * read: that is the back pressure. */
#include "worker/conn.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "worker/flow.h"
#include "worker/http/reply.h"
#include "worker/peers.h"
#include "worker/route.h"
#include "worker/upload.h"

#define OUT_MAX 65536           /* responses gathered into one send */
#define WAITING_MAX 65536       /* bytes that may wait behind a response */
#define ROOM_MAX (1u << 20)     /* of a body, before any of it has come */
#define PARK_NS 2000000         /* how often those that wait for others ask again */

static size_t head_bytes(const struct http_head *h)
{
	return offsetof(struct http_head, field) + h->nfields * sizeof h->field[0];
}

/* An unfinished head that needs to survive until more bytes arrive. */
static void head_keep(struct conn *c, const struct http_head *h)
{
	if (c->head == h)
		return;
	c->head = malloc(sizeof *h);
	AN(c->head);
	memcpy(c->head, h, head_bytes(h));
	/* the name of a field whose value is incomplete */
	if (h->nfields < HTTP_HEADERS_MAX)
		c->head->field[h->nfields] = h->field[h->nfields];
}

static void head_drop(struct conn *c)
{
	free(c->head);
	free(c->chunk);
	c->head = NULL;
	c->chunk = NULL;
	c->head_done = c->continued = false;
	c->decoded = 0;
	c->body_got = 0;
}

/* What goes behind the buffer is not needed any more, or never will be. */
static void file_drop(struct server *s, struct conn *c)
{
	if (likely(!c->has_file))
		return;
	c->has_file = false;
	fd_close(&c->file.fd);
	statics_unpin(s->statics, c->file.pin);
}

static void park(struct server *s, struct conn *c)
{
	if (c->parked_ns == 0) {
		c->parked_ns = net_now(s->net);
		s->parked++;
	}
	c->net.deadline = NET_NEVER;
	net_wake(s->net, PARK_NS);
}

static void unpark(struct server *s, struct conn *c)
{
	if (c->parked_ns != 0) {
		c->parked_ns = 0;
		s->parked--;
	}
}

void conn_forget(struct server *s, struct conn *c)
{
	unpark(s, c);
	if (unlikely(c->peer != 0)) {
		peers_remove(s->slot, c->peer);
		c->peer = 0;
	}
	file_drop(s, c);
	head_drop(c);
	upload_free(c);
	buf_free(&c->in);
}

static void conn_end(struct server *s, struct conn *c)
{
	conn_forget(s, c);
	if (c->lingers && !c->eof)
		net_linger(s->net, &c->net, s->linger_ns);
	else
		net_close(s->net, &c->net);
}

/* Answers what cannot be served and ends the connection behind it. */
static COLD void refuse(struct server *s, struct conn *c, uint16_t status, const struct http_head *h,
			const char *bytes)
{
	size_t before = net_out(s->net, &c->net)->len;
	bool whole = h && h->size != 0;

	if (status == 503)
		reply_busy(net_out(s->net, &c->net), false, whole && h->method == HTTP_HEAD, net_wall_seconds(s->net));
	else
		reply_error(net_out(s->net, &c->net), status, false, whole && h->method == HTTP_HEAD,
			    net_wall_seconds(s->net));
	c->ending = c->lingers = true;
	SHM_ADD(s->slot->rejected, 1);
	route_refused(s, &c->net, whole ? h : NULL, bytes, status, net_out(s->net, &c->net)->len - before);
}

/* False: the request waits, and is served again later. */
static bool serve(struct server *s, struct conn *c, const struct http_head *h, const char *p, size_t body,
		  uint64_t ready)
{
	struct route_request rq = {
		.conn = &c->net,
		.head = h,
		.bytes = p,
		.body = { p + h->size, body },
		.ready_ns = ready,
		.keep_alive = h->keep_alive && !s->draining && !c->eof,
		.file = { .fd = -1 },
		.may_wait = !c->head && !c->upload,
		.waited_ns = c->parked_ns ? net_now(s->net) - c->parked_ns : 0,
	};

	s->serving = c;
	s->answered = net_out(s->net, &c->net)->len;
	route_serve(s, &rq, &c->net.out);
	s->serving = NULL;
	if (unlikely(c->flow != NULL))
		flow_free(c);
	if (unlikely(c->gone || c->cut)) {
		upload_free(c);
		c->ending = c->cut = true;
		return true;
	}
	if (unlikely(rq.wait)) {
		park(s, c);
		return false;
	}
	unpark(s, c);
	if (unlikely(c->upload != NULL) && !upload_finish(c)) {
		rq.keep_alive = false;
		c->lingers = true;
	}
	if (rq.file.mem || rq.file.fd >= 0) {
		c->file = rq.file;
		c->has_file = true;
	}
	if (!rq.keep_alive) {
		c->ending = true;
		c->lingers |= h->keep_alive; /* the peer may be about to ask again */
	}
	return true;
}

/* A whole head: refused, or its body awaited. False: nothing more to do now. */
static bool admit(struct server *s, struct conn *c, const struct http_head *h, const char *p)
{
	if (unlikely(!gate_second_opinion(h, p)))
		refuse(s, c, 400, h, p);
	else if (unlikely(h->content_length > s->set->body_max))
		refuse(s, c, 413, h, p);
	return !c->ending;
}

/* Some time, then at least so many bytes a second of all that was sent. */
static uint64_t body_deadline(const struct server *s, const struct conn *c)
{
	return c->body_began + s->set->body_ns + c->body_got * 1000000 / s->set->body_rate * 1000;
}

/* Head known, body still coming (`have` bytes of it are here): keep the state,
 * ask for the rest. */
static void await_body(struct server *s, struct conn *c, const struct http_head *h, size_t have)
{
	head_keep(c, h);
	if (!c->head_done) {
		c->head_done = true;
		c->body_began = net_now(s->net);
		if (h->is_chunked) {
			c->chunk = malloc(sizeof *c->chunk);
			AN(c->chunk);
			chunk_init(c->chunk, s->set->body_max);
		}
	}
	if (!h->is_chunked)
		c->body_got = have;
	c->net.deadline = body_deadline(s, c);
	if (h->expect_continue && !c->continued && have == 0) {
		c->continued = true;
		buf_puts(net_out(s->net, &c->net), "HTTP/1.1 100 Continue\r\n\r\n");
	}
}

/* Decodes the body of the request that begins at p, in c->in. Done: *end is
 * where the next request begins. False: refused, or more is needed. */
static bool decode(struct server *s, struct conn *c, char *p, size_t n, size_t *end)
{
	size_t at = c->head->size + c->decoded, used, made;
	enum gate_verdict v = chunk_feed(c->chunk, p + at, n - at, p + at, &used, &made);

	c->decoded += made;
	c->body_got += used;
	*end = at + used;
	if (v == GATE_BAD)
		refuse(s, c, c->chunk->status, c->head, p);
	else if (v == GATE_MORE) /* what is left of the bytes is the data */
		c->in.len = (size_t)(p - c->in.p) + c->head->size + c->decoded;
	return v == GATE_DONE;
}

/* The request at p is served before its body is complete; all of p[0..n) is its own. */
static void serve_early(struct server *s, struct conn *c, const struct http_head *h, const char *p, size_t n,
			uint64_t ready)
{
	struct buf in = c->in;

	upload_begin(s, c, h, (struct sv){ p + h->size, n - h->size });
	c->in = (struct buf)BUF_INIT; /* for what comes behind the body; p may lie in the old one */
	c->early = true;
	c->in_used = 0;
	(void)serve(s, c, h, p, n - h->size, ready);
	if (c->head)
		head_drop(c);
	buf_free(&in);
}

/* Serves the requests that p[0..n) holds whole; returns the bytes used up. p
 * lies in c->in (`own`) or in a buffer of the net, where nothing is decoded.
 * `ready`: when the bytes were there to be read. */
static size_t consume(struct server *s, struct conn *c, const char *p, size_t n, bool own, uint64_t ready)
{
	size_t used = 0, need, body;

	while (used < n && !c->ending && !c->has_file && c->net.out.len < OUT_MAX) {
		struct http_head *h = c->head;

		if (!c->head_done) {
			enum gate_verdict v;

			if (!h) {
				h = &s->head;
				gate_init(h);
			}
			v = gate_feed(h, p + used, n - used);
			if (v == GATE_MORE) {
				if (!c->head)
					c->net.deadline = net_now(s->net) + s->set->head_ns;
				head_keep(c, h);
				break;
			}
			if (unlikely(v == GATE_BAD)) {
				refuse(s, c, h->status, h, p + used);
				break;
			}
			if (!admit(s, c, h, p + used))
				break;
		}
		body = h->content_length;
		need = h->size + body;
		if (unlikely(h->is_chunked)) {
			if (!c->chunk)
				await_body(s, c, h, n - used - h->size);
			if (!own)
				break;
			h = c->head;
			if (!decode(s, c, (char *)(uintptr_t)p + used, n - used, &need)) {
				if (!c->ending && upload_due(s, c, h, p + used, c->decoded)) {
					serve_early(s, c, h, p + used, h->size + c->decoded, ready);
					return 0;
				}
				c->net.deadline = body_deadline(s, c);
				break;
			}
			body = c->decoded;
		} else if (n - used < need) {
			if (upload_due(s, c, h, p + used, n - used - h->size)) {
				serve_early(s, c, h, p + used, n - used, ready);
				return own ? 0 : n;
			}
			await_body(s, c, h, n - used - h->size);
			break;
		}
		if (!serve(s, c, h, p + used, body, ready))
			break;
		if (s->served_ns > ready) /* a handler ran in between */
			ready = s->served_ns;
		used += need;
		if (unlikely(c->head))
			head_drop(c);
	}
	if (c->ending && used < n && !c->cut) /* what follows is ignored, but not left unread */
		c->lingers = true;
	return used;
}

/* After consume: send what there is, and see to it that more arrives. */
static void proceed(struct server *s, struct conn *c)
{
	if (unlikely(c->cut)) {
		conn_forget(s, c);
		net_close(s->net, &c->net);
		return;
	}
	if (c->has_file && c->file.mem) {
		net_send_mem(s->net, &c->net, c->file.mem, c->file.len);
	} else if (c->has_file) {
		net_send_file(s->net, &c->net, c->file.fd, c->file.off, c->file.len);
		c->file.fd = -1; /* the net's now */
	} else if (c->net.out.len != 0) {
		if (c->ending && !c->lingers) { /* nobody need be told */
			conn_forget(s, c);
			net_send_close(s->net, &c->net);
			return;
		}
		net_send(s->net, &c->net);
	} else if (c->ending || c->eof) { /* what is incomplete stays so */
		conn_end(s, c);
		return;
	}
	if (!c->ending && !c->eof)
		net_receive(s->net, &c->net);
}

/* Drops served bytes; with a body announced, makes room for all of it. */
static void in_trim(struct conn *c)
{
	if (c->in_used == c->in.len) {
		buf_free(&c->in);
	} else if (c->in_used != 0) {
		memmove(c->in.p, c->in.p + c->in_used, c->in.len - c->in_used);
		c->in.len -= c->in_used;
	}
	c->in_used = 0;
	if (c->head_done && c->in.cap < c->head->size + c->head->content_length && c->head->content_length <= ROOM_MAX)
		buf_reserve(&c->in, c->head->size + c->head->content_length - c->in.len);
}

/* How much may wait while a response is being sent. */
static size_t waiting_max(const struct conn *c)
{
	return WAITING_MAX + (c->head_done ? c->head->size + c->head->content_length + c->decoded : 0);
}

static void consume_in(struct server *s, struct conn *c, uint64_t ready)
{
	while (c->in.len != 0 && !c->ending) {
		c->early = false;
		c->in_used += consume(s, c, c->in.p + c->in_used, c->in.len - c->in_used, true, ready);
		in_trim(c);
		if (!c->early)
			break;
	}
}

/* When did the bytes that were just read arrive? A worker that was busy until a
 * moment ago asks the kernel. */
static uint64_t arrival(const struct server *s, const struct conn *c)
{
	struct tcp_info info;
	socklen_t n = sizeof info;

	if (likely(s->late_until < net_now(s->net)) ||
	    getsockopt(c->net.fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0)
		return net_now(s->net);
	return net_now(s->net) - info.tcpi_last_data_recv * 1000000ull;
}

/* Counts a connection for its client's address. False: that has too many. */
static COLD bool peer_enter(struct server *s, struct conn *c)
{
	uint32_t key = peers_key(&s->key, net_peer(s->net, &c->net));

	c->peer_known = true;
	if (key == 0 || !peers_add(s->slot, key))
		return true;
	c->peer = key;
	return peers_count(s->shm, key) <= s->set->conns_per_ip;
}

static COLD void turn_away(struct server *s, struct conn *c)
{
	SHM_ADD(s->slot->shed, 1);
	refuse(s, c, 503, NULL, NULL);
	proceed(s, c);
}

void conn_census(struct server *s)
{
	uint32_t i;

	if (s->set->conns_per_ip == 0)
		return;
	for (i = net_count(s->net); i-- > 0; ) { /* one may leave the table */
		struct conn *c = i < net_count(s->net) ? (struct conn *)(void *)net_at(s->net, i) : NULL;

		if (c && !c->peer_known && !c->net.closing && !c->net.lingering && !peer_enter(s, c))
			turn_away(s, c);
	}
}

void conn_adopted(struct server *s, struct conn *c, const char *p, size_t n)
{
	c->net.deadline = net_now(s->net) + s->set->idle_ns;
	if (s->set->conns_per_ip != 0) /* it had its place already */
		(void)peer_enter(s, c);
	conn_data(s, c, p, n);
}

void conn_data(struct server *s, struct conn *c, const char *p, size_t n)
{
	uint64_t ready;
	size_t used;

	if (c->ending)
		return;
	if (unlikely(s->set->conns_per_ip != 0) && !c->peer_known && !peer_enter(s, c)) {
		turn_away(s, c);
		return;
	}
	if (c->net.sending) {
		buf_put(&c->in, p, n);
		if (c->in.len - c->in_used > waiting_max(c))
			net_pause(s->net, &c->net);
		return;
	}
	ready = arrival(s, c);
	if (c->in.len != 0) {
		buf_put(&c->in, p, n);
		consume_in(s, c, ready);
	} else {
		c->early = false;
		used = consume(s, c, p, n, false, ready);
		if (c->early)
			consume_in(s, c, net_now(s->net));
		else if (used < n && !c->ending) {
			if (c->head_done && c->head->content_length <= ROOM_MAX)
				buf_reserve(&c->in, c->head->size + c->head->content_length);
			buf_put(&c->in, p + used, n - used);
			if (c->chunk) /* decoded where it lies now */
				consume_in(s, c, ready);
		}
	}
	proceed(s, c);
}

void conn_unpark(struct server *s)
{
	uint32_t i, left = s->parked;

	for (i = net_count(s->net); i > 0 && left > 0; i--) {
		struct conn *c;

		if (i > net_count(s->net)) /* a handler ran, and connections were given away */
			continue;
		c = (struct conn *)(void *)net_at(s->net, i - 1);
		if (c->parked_ns == 0 || c->net.sending || c->net.untold || c->net.closing)
			continue;
		left--;
		consume_in(s, c, net_now(s->net));
		proceed(s, c);
	}
	if (s->parked != 0)
		net_wake(s->net, PARK_NS);
}

void conn_sent(struct server *s, struct conn *c)
{
	file_drop(s, c);
	if (c->ending) {
		conn_end(s, c);
		return;
	}
	c->net.deadline = net_now(s->net) + (c->head ? s->set->head_ns : s->set->idle_ns);
	if (c->head_done) { /* while we sent, we did not listen */
		c->body_began = net_now(s->net);
		c->net.deadline = body_deadline(s, c);
	}
	if (c->in.len != 0) {
		consume_in(s, c, net_now(s->net));
		proceed(s, c);
	} else if (c->eof) {
		conn_end(s, c);
	}
}

void conn_eof(struct server *s, struct conn *c)
{
	c->eof = true;
	if (!c->net.sending)
		conn_end(s, c);
}

/* Closes an idle connection as gently as TCP allows. */
static void farewell(struct server *s, struct conn *c)
{
	c->ending = c->lingers = true;
	conn_end(s, c);
}

void conn_timeout(struct server *s, struct conn *c)
{
	if (c->net.sending) { /* the peer does not read */
		c->lingers = false;
		conn_end(s, c);
	} else if (c->head) {
		refuse(s, c, 408, NULL, NULL);
		proceed(s, c);
	} else {
		farewell(s, c);
	}
}

void conn_server_init(struct server *s, const struct hash_key *key)
{
	s->key = *key;
	s->health_path = sv_of(s->set->health_path ? s->set->health_path : "");
	s->ready_path = sv_of(s->set->ready_path ? s->set->ready_path : "");
	reply_allow_origins(s->set->cors);
}

bool conn_is_idle(const struct conn *c)
{
	return !c->net.sending && !c->head && c->in.len == 0 && !c->ending;
}
