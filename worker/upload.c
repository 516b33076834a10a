/* upload.c: see upload.h. Called by the connection code, by the waiting worker, and by
 * route on behalf of the handler. */
#include "worker/upload.h"

#include <stdlib.h>

bool upload_due(const struct server *s, const struct conn *c, const struct http_head *h, const char *bytes, size_t have)
{
	uint64_t whole = h->is_chunked ? UINT64_MAX : h->content_length;

	return s->set->body_buffer != 0 && whole > s->set->body_buffer && c->net.out.len == 0 && !c->eof &&
	       (have >= s->set->body_buffer || (h->expect_continue && have == 0 && !c->continued && !h->is_chunked)) &&
	       dispatch_streams(s->app, h, bytes);
}

void upload_begin(struct server *s, struct conn *c, const struct http_head *h, struct sv body)
{
	struct upload *u = calloc(1, sizeof *u);

	(void)s;
	AN(u && !c->upload);
	u->chunk = h->is_chunked ? c->chunk : NULL;
	u->left = h->is_chunked ? 0 : h->content_length - body.n;
	u->expects = h->expect_continue && !c->continued;
	u->total = body.n;
	buf_put(&u->got, body.p, body.n);
	c->upload = u;
}

/* Stops the clock of the handler's asking. */
static void answered(struct server *s, struct upload *u)
{
	if (u->began != 0)
		u->waited += net_now(s->net) - u->began;
	u->began = 0;
}

static void feed_chunks(struct upload *u, const char *p, size_t n)
{
	size_t used = 0, made = 0;
	enum gate_verdict v = chunk_feed(u->chunk, p, n, buf_reserve(&u->got, n), &used, &made);

	if (v == GATE_BAD) {
		u->failed = true;
		return;
	}
	u->got.len += made;
	u->total += made;
	u->ended = v == GATE_DONE;
	if (u->ended)
		buf_put(&u->rest, p + used, n - used);
}

void upload_feed(struct server *s, struct conn *c, const char *p, size_t n)
{
	struct upload *u = c->upload;
	size_t mine = n;

	answered(s, u);
	if (u->ended || u->failed) {
		buf_put(&u->rest, p, n);
		return;
	}
	if (u->taken == u->got.len)
		u->got.len = u->taken = 0;
	if (u->chunk) {
		feed_chunks(u, p, n);
		return;
	}
	if (mine > u->left)
		mine = (size_t)u->left;
	buf_put(&u->got, p, mine);
	u->left -= mine;
	u->total += mine;
	u->ended = u->left == 0;
	buf_put(&u->rest, p + mine, n - mine);
}

int upload_get(struct server *s, struct conn *c, struct sv *out)
{
	struct upload *u = c->upload;

	if (u->taken < u->got.len) {
		*out = (struct sv){ u->got.p + u->taken, u->got.len - u->taken };
		u->taken = u->got.len;
		return 1;
	}
	if (u->ended)
		return 2;
	if (u->began != 0 && net_now(s->net) >= upload_deadline(s, c))
		u->failed = true;
	if (u->failed || c->eof)
		return -1;
	if (u->began == 0)
		u->began = net_now(s->net);
	if (u->expects && !c->flow) {
		u->expects = false;
		c->continued = true;
		buf_puts(net_out(s->net, &c->net), "HTTP/1.1 100 Continue\r\n\r\n");
		net_send(s->net, &c->net);
	}
	return 0;
}

bool upload_wanted(const struct conn *c) { return c->upload && c->upload->began != 0; }

/* The grace of all bodies, then at least so many bytes for each second of waiting. */
uint64_t upload_deadline(const struct server *s, const struct conn *c)
{
	const struct upload *u = c->upload;
	uint64_t due = s->set->body_ns + u->total * 1000000 / s->set->body_rate * 1000;

	return u->began + (due > u->waited ? due - u->waited : 0);
}

bool upload_finish(struct conn *c)
{
	struct upload *u = c->upload;
	bool ended = u->ended;

	if (ended && u->rest.len != 0) {
		AZ(c->in.len);
		buf_put(&c->in, u->rest.p, u->rest.len);
	}
	upload_free(c);
	return ended;
}

void upload_free(struct conn *c)
{
	if (!c->upload)
		return;
	buf_free(&c->upload->got);
	buf_free(&c->upload->rest);
	free(c->upload);
	c->upload = NULL;
}
