/* conn.c: the HTTP/1 life of a connection. Called by the worker's loop with
 * what the net says; calls the gate, dispatch and the net.
 *
 * Bytes are looked at where they arrived. Only what is left over (part of a
 * head, a body under way, requests behind a response that is still being
 * sent) is copied into c->in. While a response is being sent no request is
 * read: that is the back pressure. */
#include "worker/conn.h"

#include <stdlib.h>

#include "base/clock.h"
#include "worker/access.h"
#include "worker/http/reply.h"
#include "worker/metrics.h"
#include "worker/slow.h"

#define OUT_MAX 65536           /* responses gathered into one send */
#define WAITING_MAX 65536       /* bytes that may wait behind a response */

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
	c->head = NULL;
	c->head_done = false;
	c->continued = false;
}

static void conn_end(struct server *s, struct conn *c)
{
	head_drop(c);
	buf_free(&c->in);
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

	reply_error(net_out(s->net, &c->net), status, false, whole && h->method == HTTP_HEAD,
		    net_wall_seconds(s->net));
	c->ending = c->lingers = true;
	metrics_response(s->slot, status);
	if (!s->set->quiet)
		access_line(&(struct access_entry){
			.method = whole ? http_view(bytes, h->method_text) : SV("-"),
			.target = whole ? http_view(bytes, h->target) : SV("-"),
			.status = status, .bytes = net_out(s->net, &c->net)->len - before,
		});
}

static void serve(struct server *s, struct conn *c, const struct http_head *h, const char *p)
{
	struct dispatch_request rq = {
		.head = h,
		.bytes = p,
		.body = { p + h->size, h->content_length },
		.wall_seconds = net_wall_seconds(s->net),
		.keep_alive = h->keep_alive && !s->draining && !c->eof,
	};
	/* Requests of one turn follow each other at once: one look at the clock
	 * ends one and begins the next. */
	uint64_t t0 = net_now(s->net) > s->served_ns ? net_now(s->net) : s->served_ns, us;
	size_t before = net_out(s->net, &c->net)->len;
	uint16_t status;

	SHM_SET(s->slot->busy_since_ns, t0);
	status = dispatch_run(s->app, &rq, net_out(s->net, &c->net));
	s->served_ns = clock_mono_ns();
	us = (s->served_ns - t0) / 1000;
	SHM_SET(s->slot->busy_since_ns, 0);
	metrics_request(s->slot, 0, us, status);
	slow_end(us);
	if (!s->set->quiet)
		access_line(&(struct access_entry){
			.method = http_view(p, h->method_text), .target = http_view(p, h->target), .status = status,
			.bytes = net_out(s->net, &c->net)->len - before, .exec_us = us,
		});
	if (!rq.keep_alive)
		c->ending = true;
}

/* A whole head: refused, or its body awaited. False: nothing more to do now. */
static bool admit(struct server *s, struct conn *c, const struct http_head *h, const char *p)
{
	if (unlikely(!gate_second_opinion(h, p)))
		refuse(s, c, 400, h, p);
	else if (unlikely(h->has_te))
		refuse(s, c, 501, h, p);
	else if (unlikely(h->content_length > s->set->body_max))
		refuse(s, c, 413, h, p);
	return !c->ending;
}

/* Some time, then at least so many bytes a second. */
static uint64_t body_deadline(const struct server *s, const struct http_head *h)
{
	return net_now(s->net) + s->set->body_ns + h->content_length * (1000000000u / s->set->body_rate);
}

/* Head known, body still coming: keep the state, ask for the rest. */
static void await_body(struct server *s, struct conn *c, const struct http_head *h, size_t have)
{
	head_keep(c, h);
	if (!c->head_done) {
		c->head_done = true;
		c->net.deadline = body_deadline(s, h);
	}
	if (h->expect_continue && !c->continued && have == h->size) {
		c->continued = true;
		buf_puts(net_out(s->net, &c->net), "HTTP/1.1 100 Continue\r\n\r\n");
	}
}

/* Serves the requests that p[0..n) holds whole; returns the bytes used up. */
static size_t consume(struct server *s, struct conn *c, const char *p, size_t n)
{
	size_t used = 0, need;

	while (used < n && !c->ending && c->net.out.len < OUT_MAX) {
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
		need = h->size + h->content_length;
		if (n - used < need) {
			await_body(s, c, h, n - used);
			break;
		}
		serve(s, c, h, p + used);
		used += need;
		if (unlikely(c->head))
			head_drop(c);
	}
	if (c->ending && used < n) /* what follows is ignored, but not left unread */
		c->lingers = true;
	return used;
}

/* After consume: send what there is, and see to it that more arrives. */
static void proceed(struct server *s, struct conn *c)
{
	if (c->net.out.len != 0) {
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
	if (c->head_done && c->in.cap < c->head->size + c->head->content_length)
		buf_reserve(&c->in, c->head->size + c->head->content_length - c->in.len);
}

/* How much may wait while a response is being sent. */
static size_t waiting_max(const struct conn *c)
{
	return WAITING_MAX + (c->head_done ? c->head->size + c->head->content_length : 0);
}

void conn_data(struct server *s, struct conn *c, const char *p, size_t n)
{
	size_t used;

	if (c->ending)
		return;
	if (c->net.sending || c->in.len != 0) {
		buf_put(&c->in, p, n);
		if (c->net.sending) {
			if (c->in.len - c->in_used > waiting_max(c))
				net_pause(s->net, &c->net);
			return;
		}
		c->in_used += consume(s, c, c->in.p + c->in_used, c->in.len - c->in_used);
		in_trim(c);
	} else {
		used = consume(s, c, p, n);
		if (used < n && !c->ending) {
			if (c->head_done)
				buf_reserve(&c->in, c->head->size + c->head->content_length);
			buf_put(&c->in, p + used, n - used);
		}
	}
	proceed(s, c);
}

void conn_sent(struct server *s, struct conn *c)
{
	if (c->ending) {
		conn_end(s, c);
		return;
	}
	c->net.deadline = c->head_done ? body_deadline(s, c->head)
				       : net_now(s->net) + (c->head ? s->set->head_ns : s->set->idle_ns);
	if (c->in.len != 0) {
		c->in_used += consume(s, c, c->in.p + c->in_used, c->in.len - c->in_used);
		in_trim(c);
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

bool conn_is_idle(const struct conn *c)
{
	return !c->net.sending && !c->head && c->in.len == 0 && !c->ending;
}
