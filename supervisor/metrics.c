/* metrics.c: see metrics.h. A small HTTP/1 responder: one request a connection,
 * GET or HEAD of /metrics, everything else is refused. Called by main and by
 * the loop. */
#include "supervisor/metrics.h"

#include <stdlib.h>

#include "base/fd.h"
#include "base/log.h"
#include "supervisor/exposition.h"
#include "supervisor/peer.h"

#define CLIENTS_MAX 16
#define HEAD_MAX 8192
#define PATIENCE_S 5.0
#define LINE_S 0.1               /* how often the number of requests is looked at */

struct metrics {
	struct ev_loop *loop;
	struct shm_header *shm;
	struct exposition_stores stores;
	const struct settings *set;
	struct peers peers;
	ev_timer line;
	uint64_t next;           /* number of requests at which the line is due */
};

static void respond(struct peer *p, const char *status, const char *type, struct sv body, bool head)
{
	buf_printf(&p->out, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n", status,
		   type, body.n, strncmp(status, "405", 3) == 0 ? "Allow: GET, HEAD\r\n" : "");
	if (!head)
		buf_put_sv(&p->out, body);
	peer_end(p);
}

static void refuse(struct peer *p, const char *status)
{
	respond(p, status, "text/plain", SV("see /metrics\n"), false);
}

static bool begins(struct sv *s, const char *with)
{
	size_t n = strlen(with);

	if (s->n < n || memcmp(s->p, with, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

static void on_data(struct peer *p)
{
	struct metrics *m = p->all->user;
	const char *end = memmem(p->in.p, p->in.len, "\r\n\r\n", 4), *eol;
	struct buf text = BUF_INIT;
	struct sv line;
	bool head;

	if (!end) {
		if (p->in.len == HEAD_MAX)
			refuse(p, "431 Request Header Fields Too Large");
		return;
	}
	eol = memchr(p->in.p, '\r', p->in.len);
	line = (struct sv){ p->in.p, (size_t)(eol - p->in.p) };
	head = begins(&line, "HEAD ");
	if (!head && !begins(&line, "GET ")) {
		refuse(p, "405 Method Not Allowed");
		return;
	}
	if (!begins(&line, "/metrics") || line.n == 0 || (line.p[0] != ' ' && line.p[0] != '?')) {
		refuse(p, "404 Not Found");
		return;
	}
	exposition_text(m->shm, &m->stores, &text);
	respond(p, "200 OK", "text/plain; version=0.0.4; charset=utf-8", buf_sv(&text), head);
	buf_free(&text);
}

/* Once for every `metrics_every` requests, or less often when they come faster
 * than we look. */
static void on_line(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct metrics *m = t->data;
	struct metrics_total sum;
	struct buf text = BUF_INIT;

	(void)loop, (void)revents;
	metrics_total(m->shm, &sum);
	if (sum.requests < m->next)
		return;
	m->next = (sum.requests / m->set->metrics_every + 1) * m->set->metrics_every;
	exposition_line(m->shm, m->set->workers, &text);
	log_info("%s", buf_cstr(&text));
	buf_free(&text);
}

void metrics_settings(struct metrics *m, const struct settings *set)
{
	uint64_t before = m->set ? m->set->metrics_every : 0;

	m->set = set;
	if (set->metrics_every == before)
		return;
	ev_timer_stop(m->loop, &m->line);
	m->next = set->metrics_every;
	if (set->metrics_every != 0)
		ev_timer_start(m->loop, &m->line);
}

struct metrics *metrics_open(struct ev_loop *loop, const struct heritage *h, int listen_fd)
{
	struct metrics *m = calloc(1, sizeof *m);

	AN(m);
	m->loop = loop;
	m->shm = h->shm;
	m->stores = (struct exposition_stores){ h->cache, h->state, h->rates };
	m->peers = (struct peers){
		.loop = loop, .listen_fd = listen_fd, .max = CLIENTS_MAX, .in_max = HEAD_MAX, .patience_s = PATIENCE_S,
		.data = on_data, .user = m,
	};
	if (listen_fd >= 0)
		peers_start(&m->peers);
	ev_timer_init(&m->line, on_line, LINE_S, LINE_S);
	m->line.data = m;
	metrics_settings(m, h->set);
	return m;
}

void metrics_close(struct metrics **mp)
{
	struct metrics *m = *mp;

	if (!m)
		return;
	ev_timer_stop(m->loop, &m->line);
	if (m->peers.listen_fd >= 0)
		peers_stop(&m->peers);
	fd_close(&m->peers.listen_fd);
	free(m);
	*mp = NULL;
}
