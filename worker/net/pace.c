/* pace.c: does a client take its response, and fast enough? Called by net.c when
 * a connection that sends has reached its deadline. A file of its own because the
 * C library's struct tcp_info ends before the field that is needed here. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "worker/net/part.h"

/* What the peer has received since the connection began; for others than TCP,
 * what the kernel has taken. */
static uint64_t received(const struct net_conn *c)
{
	struct tcp_info info = { 0 };
	socklen_t n = sizeof info;

	if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0 ||
	    n < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked)
		return c->taken;
	return info.tcpi_bytes_acked;
}

bool net_pace(struct net *n, struct net_conn *c)
{
	uint64_t bytes = received(c), need = 1 + (n->now - c->paced) / 1000000 * n->cfg.send_rate / 1000;

	if (c->paced != c->send_began && bytes - c->paced_bytes < need)
		return false;
	c->deadline = (c->paced == c->send_began ? c->send_began : n->now) + n->cfg.stall_ns;
	c->paced = n->now;
	c->paced_bytes = bytes;
	return true;
}
