/* inherit.c: see inherit.h. Called by main and listen.c. Must not bind. */
#include "supervisor/inherit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "supervisor/notify.h"
#include "worker/worker.h"

#define FIRST_FD 3
#define INHERIT_MAX 32
#define STORED "zigttpd-"           /* names of the sockets that we had stored */

union address {
	struct sockaddr sa;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	struct sockaddr_storage any;
};

struct inherited {
	int fd;
	bool stored, dual, used;
	union address at;
	char name[128];
};

static struct inherited list[INHERIT_MAX];
static uint32_t nlist;
static int kept[LISTEN_MAX];
static uint32_t nkept;

static long number(const char *s)
{
	char *end;
	long v = s && *s >= '0' && *s <= '9' ? strtol(s, &end, 10) : -1;

	return v < 0 || *end ? -1 : v;
}

static void host_of(const union address *a, char *host, size_t size)
{
	if (a->sa.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &a->in6.sin6_addr, host, (socklen_t)size);
	else
		inet_ntop(AF_INET, &a->in4.sin_addr, host, (socklen_t)size);
}

/* sin_port and sin6_port share their place. */
static unsigned port_of(const union address *a) { return ntohs(a->in4.sin_port); }

static void text_of(const union address *a, char *out, size_t size)
{
	char host[INET6_ADDRSTRLEN];

	if (a->sa.sa_family == AF_UNIX) {
		snprintf(out, size, "unix:%s", a->un.sun_path);
		return;
	}
	host_of(a, host, sizeof host);
	snprintf(out, size, a->sa.sa_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host, port_of(a));
}

/* Descriptors' names may not have a colon. */
static void name_of(const union address *a, char *out, size_t size)
{
	char host[INET6_ADDRSTRLEN], *p;

	if (a->sa.sa_family == AF_UNIX) {
		snprintf(out, size, STORED "unix-%s", a->un.sun_path);
	} else {
		host_of(a, host, sizeof host);
		snprintf(out, size, STORED "%s-%u-%s", a->sa.sa_family == AF_INET6 ? "tcp6" : "tcp4", port_of(a), host);
	}
	for (p = out; *p; p++)
		if (*p == ':' || *p <= ' ' || *p > '~')
			*p = '.';
}

/* ---- taking ------------------------------------------------------------- */

static int refuse(const struct inherited *s, const char *why)
{
	fprintf(stderr, "zigttpd: the inherited descriptor %d (%s) %s\n", s->fd, s->name, why);
	return EXIT_CONFIG;
}

static int take(struct inherited *s)
{
	int v = 0, one = 1, nothing = 0;
	socklen_t n = sizeof v, an = sizeof s->at;

	if (fcntl(s->fd, F_SETFD, FD_CLOEXEC) != 0)
		return refuse(s, "is not open: LISTEN_FDS promises more than there is");
	if (getsockopt(s->fd, SOL_SOCKET, SO_TYPE, &v, &n) != 0 || v != SOCK_STREAM)
		return refuse(s, "is no stream socket; the socket unit needs ListenStream=");
	n = sizeof v;
	if (getsockopt(s->fd, SOL_SOCKET, SO_ACCEPTCONN, &v, &n) != 0 || v == 0)
		return refuse(s, "does not listen; the socket unit needs Accept=no");
	if (getsockname(s->fd, &s->at.sa, &an) != 0 ||
	    (s->at.sa.sa_family != AF_INET && s->at.sa.sa_family != AF_INET6 &&
	     (s->at.sa.sa_family != AF_UNIX || an <= sizeof(sa_family_t) || s->at.un.sun_path[0] == '\0')))
		return refuse(s, "has no address of a kind that is served: TCP, or a local socket with a path");
	n = sizeof v;
	if (s->at.sa.sa_family == AF_INET6 && getsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &v, &n) == 0)
		s->dual = v == 0;
	s->stored = strncmp(s->name, STORED, sizeof STORED - 1) == 0;
	fd_set_nonblock(s->fd, 1);
	if (s->at.sa.sa_family != AF_UNIX)
		setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	/* An earlier run may have shut it before it was stopped. */
	setsockopt(s->fd, SOL_SOCKET, SO_DETACH_FILTER, &nothing, sizeof nothing);
	return 0;
}

int inherit_open(void)
{
	const char *names = getenv("LISTEN_FDNAMES");
	long pid = number(getenv("LISTEN_PID")), n = number(getenv("LISTEN_FDS")), i;
	int r = 0;

	if (pid != (long)getpid() || n <= 0)
		n = 0; /* meant for somebody else, or nothing at all */
	if (n > INHERIT_MAX) {
		fprintf(stderr, "zigttpd: LISTEN_FDS=%ld: at most %d sockets can be inherited\n", n, INHERIT_MAX);
		r = EXIT_CONFIG;
	}
	for (i = 0; i < n && r == 0; i++) {
		struct inherited *s = &list[i];
		size_t len = names ? strcspn(names, ":") : 0;

		s->fd = FIRST_FD + (int)i;
		snprintf(s->name, sizeof s->name, "%.*s", len ? (int)len : 7, len ? names : "unnamed");
		if (names)
			names += len + (names[len] == ':');
		r = take(s);
		nlist++;
	}
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
	return r;
}

uint32_t inherit_activated(void)
{
	uint32_t i, n = 0;

	for (i = 0; i < nlist; i++)
		n += !list[i].stored;
	return n;
}

static bool same(const struct inherited *s, const union address *a)
{
	static const struct in6_addr any6 = IN6ADDR_ANY_INIT;

	if (a->sa.sa_family == AF_UNIX || s->at.sa.sa_family == AF_UNIX)
		return a->sa.sa_family == s->at.sa.sa_family && strcmp(s->at.un.sun_path, a->un.sun_path) == 0;
	if (port_of(&s->at) != port_of(a))
		return false;
	if (s->at.sa.sa_family == AF_INET)
		return a->sa.sa_family == AF_INET && s->at.in4.sin_addr.s_addr == a->in4.sin_addr.s_addr;
	if (a->sa.sa_family == AF_INET)
		return s->dual && a->in4.sin_addr.s_addr == htonl(INADDR_ANY) &&
		       memcmp(&s->at.in6.sin6_addr, &any6, sizeof any6) == 0;
	return memcmp(&s->at.in6.sin6_addr, &a->in6.sin6_addr, sizeof any6) == 0;
}

static int use(struct inherited *s)
{
	s->used = true;
	if (nkept < LISTEN_MAX)
		kept[nkept++] = s->fd;
	return s->fd;
}

int inherit_find(const struct sockaddr *sa, socklen_t n)
{
	union address a = { 0 };
	uint32_t i;

	memcpy(&a, sa, n < sizeof a ? n : sizeof a);
	for (i = 0; i < nlist; i++)
		if (!list[i].used && same(&list[i], &a))
			return use(&list[i]);
	return -1;
}

int inherit_next(char *at, size_t size)
{
	uint32_t i;

	for (i = 0; i < nlist; i++)
		if (!list[i].used && !list[i].stored) {
			text_of(&list[i].at, at, size);
			return use(&list[i]);
		}
	return -1;
}

int inherit_finish(void)
{
	char at[200];
	uint32_t i;

	for (i = 0; i < nlist; i++) {
		struct inherited *s = &list[i];

		if (s->used)
			continue;
		text_of(&s->at, at, sizeof at);
		if (!s->stored) {
			fprintf(stderr, "zigttpd: the socket unit passes %s (%s), which is not among the addresses "
				"to listen on: name it there, or name none\n", at, s->name);
			return EXIT_CONFIG;
		}
		log_info("%s was listened on before the restart; it is closed now", at);
		notify_unstore(s->name);
		fd_close(&s->fd);
		s->used = true;
	}
	return 0;
}

/* ---- giving ------------------------------------------------------------- */

bool inherit_kept(int fd)
{
	uint32_t i;

	for (i = 0; i < nkept; i++)
		if (kept[i] == fd)
			return true;
	return false;
}

void inherit_store(int fd)
{
	union address a = { 0 };
	socklen_t n = sizeof a;
	char name[128];

	if (!notify_active() || inherit_kept(fd) || getsockname(fd, &a.sa, &n) != 0)
		return; /* who passed it keeps it */
	name_of(&a, name, sizeof name);
	notify_store(name, fd);
	if (nkept < LISTEN_MAX)
		kept[nkept++] = fd;
}
