/* access.c: the access log's buffer. Called by the request path; the worker's
 * loop flushes it when idle or when a tick comes. A full pipe blocks the
 * worker, as any log line does; a full disk costs lines, never half of one. */
#include "worker/access.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/check.h"
#include "base/fd.h"
#include "shm/region.h"
#include "worker/append.h"

#define METHOD_MAX 32
#define TARGET_MAX 512
#define ENTRY_MAX (6 * (METHOD_MAX + TARGET_MAX) + 320)  /* every byte escaped, and the rest */

_Static_assert(ENTRY_MAX <= APPEND_MAX, "a line fits into one write");

static struct {
	struct append to;
	struct shm_slot *slot;
	int log_fd, access_fd;   /* as inherited */
	uint32_t number;
	bool json;
	size_t used;
	uint32_t lines;
	char text[APPEND_MAX];
} ac = { .to.fd = STDERR_FILENO };

void access_init(const struct heritage *h)
{
	int fd = h->access_fd >= 0 ? h->access_fd : h->log_fd >= 0 ? h->log_fd : STDERR_FILENO;

	append_init(&ac.to, fd, h->shm->nslots);
	ac.slot = region_slot(h->shm, h->slot);
	ac.log_fd = h->log_fd;
	ac.access_fd = h->access_fd;
	ac.number = h->slot;
	ac.json = h->set->access_format == ACCESS_JSON;
	ac.used = ac.lines = 0;
}

void access_reopened(uint32_t kind, int fd)
{
	int old = kind == INBOX_LOG ? ac.log_fd : kind == INBOX_ACCESS ? ac.access_fd : -1;

	/* The same number, so that everybody who knows it goes on. What has
	 * gathered belongs to the new file. */
	if (old >= 0 && dup3(fd, old, O_CLOEXEC) == old && old == ac.to.fd)
		append_init(&ac.to, old, ac.to.writers);
	fd_close(&fd);
}

bool access_pending(void) { return ac.used != 0; }

bool access_flush(void)
{
	if (ac.used == 0)
		return false;
	if (!append_write(&ac.to, ac.text, ac.used) && ac.slot)
		SHM_ADD(ac.slot->log_errors, ac.lines);
	ac.used = ac.lines = 0;
	return true;
}

/* ---- pieces of a line; each returns where it ended ---------------------------- */

static char *put_number(char *at, uint64_t v)
{
	char d[20];
	size_t i = sizeof d;

	do {
		d[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	memcpy(at, d + i, sizeof d - i);
	return at + (sizeof d - i);
}

static char *put_text(char *at, const char *s, size_t n)
{
	memcpy(at, s, n);
	return at + n;
}
#define PUT(at, lit) put_text(at, lit, sizeof(lit) - 1)

/* Nothing in the line may look like the end of one. */
static char *put_plain(char *at, struct sv s, size_t max)
{
	size_t i, n = s.n < max ? s.n : max;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		*at++ = c > 0x20 && c < 0x7f ? (char)c : '?';
	}
	return at;
}

/* The contents of a JSON string (RFC 8259 7). Bytes above ASCII are shown as the
 * code points of the same number. */
static char *put_escaped(char *at, struct sv s, size_t max)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, n = s.n < max ? s.n : max;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (likely(c >= 0x20 && c < 0x7f && c != '"' && c != '\\')) {
			*at++ = (char)c;
		} else if (c == '"' || c == '\\') {
			*at++ = '\\';
			*at++ = (char)c;
		} else {
			at = PUT(at, "\\u00");
			*at++ = hex[c >> 4];
			*at++ = hex[c & 15];
		}
	}
	return at;
}

/* "2026-01-31T12:34:56.789Z"; the coarse clock is good enough and nearly free. */
static char *put_time(char *at)
{
	static char second[] = "1970-01-01T00:00:00";
	static time_t shown = -1;
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME_COARSE, &ts);
	if (ts.tv_sec != shown) {
		calendar_iso(ts.tv_sec, second);
		shown = ts.tv_sec;
	}
	at = put_text(at, second, sizeof second - 1);
	*at++ = '.';
	*at++ = (char)('0' + ts.tv_nsec / 100000000);
	*at++ = (char)('0' + ts.tv_nsec / 10000000 % 10);
	*at++ = (char)('0' + ts.tv_nsec / 1000000 % 10);
	*at++ = 'Z';
	return at;
}

static char *put_peer(char *at, const struct sockaddr_storage *peer)
{
	const struct sockaddr_in *in4 = (const void *)peer;
	const struct sockaddr_in6 *in6 = (const void *)peer;
	char text[INET6_ADDRSTRLEN];
	const char *s = NULL;

	if (peer && peer->ss_family == AF_INET)
		s = inet_ntop(AF_INET, &in4->sin_addr, text, sizeof text);
	else if (peer && peer->ss_family == AF_INET6)
		s = inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
	return s ? put_text(at, s, strlen(s)) : PUT(at, "-");
}

static char *put_json(char *at, const struct access_entry *e)
{
	at = PUT(at, "{\"time\":\"");
	at = put_time(at);
	at = PUT(at, "\",\"worker\":");
	at = put_number(at, ac.number);
	at = PUT(at, ",\"remote\":\"");
	at = put_peer(at, e->peer);
	at = PUT(at, "\",\"method\":\"");
	at = put_escaped(at, e->method, METHOD_MAX);
	at = PUT(at, "\",\"target\":\"");
	at = put_escaped(at, e->target, TARGET_MAX);
	at = PUT(at, "\",\"status\":");
	at = put_number(at, e->status);
	at = PUT(at, ",\"bytes\":");
	at = put_number(at, e->bytes);
	at = PUT(at, ",\"wait_us\":");
	at = put_number(at, e->wait_us);
	at = PUT(at, ",\"exec_us\":");
	at = put_number(at, e->exec_us);
	return PUT(at, "}\n");
}

static char *put_line(char *at, const struct access_entry *e)
{
	at = put_plain(at, e->method, METHOD_MAX);
	*at++ = ' ';
	at = put_plain(at, e->target, TARGET_MAX);
	*at++ = ' ';
	at = put_number(at, e->status);
	*at++ = ' ';
	at = put_number(at, e->exec_us);
	return PUT(at, " us\n");
}

void access_line(const struct access_entry *e)
{
	char line[ENTRY_MAX];
	size_t n = (size_t)((ac.json ? put_json(line, e) : put_line(line, e)) - line);

	AN(n <= sizeof line);
	if (ac.used + n > sizeof ac.text)
		access_flush();
	memcpy(ac.text + ac.used, line, n);
	ac.used += n;
	ac.lines++;
}
