/* flow.c: see flow.h. Called by route on behalf of dispatch, and by the waiting
 * worker; calls the net. Bytes wait here only as far as the high-water mark: then
 * the stream is not asked for more until the client has taken what is under way. */
#include "worker/flow.h"

#include <stdlib.h>
#include <sys/socket.h>

#define HIGH_WATER 65536

void flow_begin(struct server *s, struct conn *c, size_t head, bool chunked)
{
	(void)s;
	AZ(c->flow != NULL);
	c->flow = calloc(1, sizeof *c->flow);
	AN(c->flow);
	c->flow->chunked = chunked;
	c->flow->bytes = head;
}

static struct buf *tail(struct server *s, struct conn *c)
{
	return c->net.sending ? &c->flow->more : net_out(s->net, &c->net);
}

void flow_put(struct server *s, struct conn *c, const char *p, size_t n)
{
	struct buf *b = tail(s, c);
	size_t before = b->len;

	if (c->flow->chunked)
		buf_printf(b, "%zx\r\n", n);
	buf_put(b, p, n);
	if (c->flow->chunked)
		buf_puts(b, "\r\n");
	c->flow->bytes += b->len - before;
}

void flow_push(struct server *s, struct conn *c)
{
	if (c->net.sending || c->net.out.len == 0 || c->flow->ending)
		return;
	c->flow->begun = true;
	net_send(s->net, &c->net);
}

bool flow_full(struct server *s, struct conn *c)
{
	if (!c->net.sending && c->net.out.len >= HIGH_WATER)
		flow_push(s, c);
	return c->net.sending && c->flow->more.len >= HIGH_WATER;
}

void flow_sent(struct server *s, struct conn *c)
{
	struct buf *out = net_out(s->net, &c->net);

	if (c->flow->more.len == 0)
		return;
	buf_put(out, c->flow->more.p, c->flow->more.len);
	buf_free(&c->flow->more);
	flow_push(s, c);
}

bool flow_ends(struct server *s, struct conn *c)
{
	c->flow->ending = true;
	if (c->net.sending)
		return true;
	if (c->flow->chunked) {
		buf_puts(net_out(s->net, &c->net), "0\r\n\r\n");
		c->flow->bytes += 5;
	}
	return false;
}

void flow_cut(struct server *s, struct conn *c)
{
	struct linger now = { .l_onoff = 1 };

	(void)s;
	c->cut = true;
	if (!c->flow->chunked) /* only a reset tells this end from a regular one */
		(void)setsockopt(c->net.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void flow_free(struct conn *c)
{
	if (c->flow)
		buf_free(&c->flow->more);
	free(c->flow);
	c->flow = NULL;
}
