/* listen.c: makes the listening sockets. Called by main, once for each. Numeric
 * addresses and "localhost" never go to the resolver, whose libraries cost
 * more time than the rest of a start. */
#include "supervisor/listen.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "supervisor/inherit.h"
#include "worker/worker.h"

#define BACKLOG 4096
#define BIND_PAUSE_NS 10000000
#define BIND_TRIES 50               /* half a second; some machines need 30 ms */

union address {
	struct sockaddr sa;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* An address in its parts. */
struct parts { char host[256]; uint16_t port; const char *path; };

/* Names of unix sockets that we made. */
static char *made[LISTEN_MAX];

static const char *split(const char *address, struct parts *a)
{
	const char *colon = strrchr(address, ':'), *host = address;
	size_t n;
	char *end;

	*a = (struct parts){ .path = NULL };
	if (strncmp(address, "unix:", 5) == 0) {
		a->path = address + 5;
		return a->path[0] != '/' ? "the path of a unix socket begins with a slash" :
		       strlen(a->path) >= sizeof((struct sockaddr_un *)NULL)->sun_path ? "too long" : NULL;
	}
	if (!colon)
		return "expected HOST:PORT or unix:/PATH";
	if (colon[1] < '0' || colon[1] > '9' || strtoul(colon + 1, &end, 10) > 65535 || *end)
		return "the port must be a number from 0 to 65535";
	a->port = (uint16_t)strtoul(colon + 1, NULL, 10);
	n = (size_t)(colon - address);
	if (n >= 2 && host[0] == '[' && host[n - 1] == ']')
		host++, n -= 2;
	else if (memchr(host, ':', n))
		return "an IPv6 address is written [ADDRESS]:PORT";
	if (n == 0)
		return "the host is missing; * stands for all addresses";
	if (n >= sizeof a->host)
		return "too long";
	memcpy(a->host, host, n);
	return NULL;
}

const char *listen_check(const char *address)
{
	struct parts a;

	return split(address, &a);
}

/* Length of the filled address; 0: no such host. */
static socklen_t resolve(const char *host, uint16_t port, union address *a)
{
	struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM }, *res;
	socklen_t n;

	memset(a, 0, sizeof *a);
	if (strcmp(host, "*") == 0) /* both families, where there are two */
		host = access("/proc/net/if_inet6", F_OK) == 0 ? "::" : "0.0.0.0";
	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	if (inet_pton(AF_INET, host, &a->in4.sin_addr) == 1) {
		a->in4.sin_family = AF_INET;
		a->in4.sin_port = htons(port);
		return sizeof a->in4;
	}
	if (inet_pton(AF_INET6, host, &a->in6.sin6_addr) == 1) {
		a->in6.sin6_family = AF_INET6;
		a->in6.sin6_port = htons(port);
		return sizeof a->in6;
	}
	if (getaddrinfo(host, NULL, &hints, &res) != 0)
		return 0;
	n = res->ai_addrlen <= sizeof *a ? res->ai_addrlen : 0;
	memcpy(a, res->ai_addr, n);
	freeaddrinfo(res);
	if (n != 0)
		a->in4.sin_port = htons(port);
	return n;
}

/* ---- who has the port? -------------------------------------------------- */

/* The inode of a socket that listens on the port; 0: none seen. */
static unsigned long listener_inode(const char *table, uint16_t port)
{
	FILE *f = fopen(table, "re");
	unsigned long inode, found = 0;
	char line[512];
	unsigned p, state;

	while (f && found == 0 && fgets(line, sizeof line, f))
		if (sscanf(line, " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*d %*d %lu",
			   &p, &state, &inode) == 3 && p == port && state == 0x0a)
			found = inode;
	if (f)
		fclose(f);
	return found;
}

static bool has_socket(const char *pid, const char *link)
{
	char path[300], target[64];
	struct dirent *e;
	bool found = false;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%s/fd", pid);
	d = opendir(path);
	while (d && !found && (e = readdir(d))) {
		ssize_t n = readlinkat(dirfd(d), e->d_name, target, sizeof target - 1);

		if (n > 0) {
			target[n] = '\0';
			found = strcmp(target, link) == 0;
		}
	}
	if (d)
		closedir(d);
	return found;
}

/* " by NAME (pid N)", or "" when it cannot be told. */
static void owner(uint16_t port, char *out, size_t size)
{
	unsigned long inode = listener_inode("/proc/net/tcp", port);
	char link[64], path[300], name[32] = "";
	struct dirent *e;
	DIR *d;

	*out = '\0';
	if (inode == 0)
		inode = listener_inode("/proc/net/tcp6", port);
	if (inode == 0)
		return;
	snprintf(link, sizeof link, "socket:[%lu]", inode);
	d = opendir("/proc");
	while (d && (e = readdir(d))) {
		FILE *f;

		if (!isdigit((unsigned char)e->d_name[0]) || !has_socket(e->d_name, link))
			continue;
		snprintf(path, sizeof path, "/proc/%s/comm", e->d_name);
		f = fopen(path, "re");
		if (f && fgets(name, sizeof name, f))
			name[strcspn(name, "\n")] = '\0';
		if (f)
			fclose(f);
		snprintf(out, size, " by %s (pid %d)", name, atoi(e->d_name));
		break;
	}
	if (d)
		closedir(d);
}

static int refused(int fd, const char *what, const char *host, uint16_t port)
{
	int err = errno;
	char who[64] = "";

	if (err == EADDRINUSE)
		owner(port, who, sizeof who);
	fprintf(stderr, "zigttpd: cannot %s %s port %u: %s%s\n", what, host, port, strerror(err), who);
	fd_close(&fd);
	return err == EADDRINUSE || err == EADDRNOTAVAIL ? -EXIT_BUSY :
	       err == EACCES || err == EPERM ? -EXIT_PERM : -EXIT_OS;
}

void listen_shut(int fd)
{
	/* The filter sees segments from the TCP header on; byte 13 has the flags. */
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),          /* SYN, ACK */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),                       /* a SYN alone: drop */
		BPF_STMT(BPF_RET | BPF_K, 0x40000),
	};
	static const struct sock_fprog prog = { ARRAY_LEN(code), code };
	union address a = { .sa.sa_family = AF_UNSPEC };
	socklen_t n = sizeof a;
	size_t i;

	if (getsockname(fd, &a.sa, &n) == 0 && a.sa.sa_family == AF_UNIX) {
		for (i = 0; i < LISTEN_MAX; i++)
			if (made[i] && strcmp(made[i], a.un.sun_path) == 0) {
				unlink(made[i]);
				free(made[i]);
				made[i] = NULL;
			}
		return;
	}
	if (inherit_kept(fd))
		return; /* what comes now waits for the next start */
	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof prog);
}

/* ---- unix sockets ------------------------------------------------------- */

static int refused_unix(int fd, const char *what, const char *path, const char *who)
{
	int err = errno;

	fprintf(stderr, "zigttpd: cannot %s unix:%s: %s%s\n", what, path, strerror(err), who);
	fd_close(&fd);
	return err == EADDRINUSE ? -EXIT_BUSY : err == EACCES || err == EPERM ? -EXIT_PERM : -EXIT_OS;
}

/* Is somebody serving on it? Then `who` says who. A name that a dead server has
 * left is taken away, also while orphans of it finish. */
static bool in_use(const struct sockaddr_un *un, char *who, size_t size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct ucred peer;
	socklen_t n = sizeof peer;
	struct stat st;
	bool dead;

	*who = '\0';
	dead = connect(fd, (const struct sockaddr *)un, sizeof *un) != 0 && errno == ECONNREFUSED;
	if (!dead && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 && peer.pid > 0) {
		dead = kill(peer.pid, 0) != 0 && errno == ESRCH;
		snprintf(who, size, " (pid %d)", (int)peer.pid);
	}
	fd_close(&fd);
	return !dead || lstat(un->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode) || unlink(un->sun_path) != 0;
}

static int open_unix(const char *path, char *bound, size_t size)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char who[64] = "";
	size_t i;
	int fd, r;

	memcpy(un.sun_path, path, strlen(path));
	snprintf(bound, size, "unix:%s", path);
	fd = inherit_find((struct sockaddr *)&un, sizeof un);
	if (fd >= 0)
		return fd;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return refused_unix(fd, "make a socket for", path, "");
	r = bind(fd, (struct sockaddr *)&un, sizeof un);
	if (r != 0 && errno == EADDRINUSE) {
		if (in_use(&un, who, sizeof who)) {
			errno = EADDRINUSE;
			return refused_unix(fd, "bind", path, who);
		}
		r = bind(fd, (struct sockaddr *)&un, sizeof un);
	}
	if (r != 0)
		return refused_unix(fd, "bind", path, "");
	/* Who may connect is decided by the directory it lies in. */
	if (chmod(path, 0666) != 0 || listen(fd, BACKLOG) != 0)
		return refused_unix(fd, "listen on", path, "");
	for (i = 0; i < LISTEN_MAX; i++)
		if (!made[i]) {
			made[i] = strdup(path);
			break;
		}
	inherit_store(fd);
	return fd;
}

/* ---- TCP ---------------------------------------------------------------- */

static int found(int fd, union address *a, struct parts *p, char *bound, size_t size)
{
	socklen_t n = sizeof *a;

	if (getsockname(fd, &a->sa, &n) == 0)
		p->port = ntohs(a->in4.sin_port); /* the same place in both families */
	snprintf(bound, size, strchr(p->host, ':') ? "[%s]:%u" : "%s:%u", p->host, p->port);
	return fd;
}

/* A socket that no process holds any more may live on for some milliseconds:
 * the kernel takes the rings of dead workers apart in the background. */
static int bind_patiently(int fd, const union address *a, socklen_t n)
{
	const struct timespec pause = { .tv_nsec = BIND_PAUSE_NS };
	char who[64];
	int i;

	for (i = 0; bind(fd, &a->sa, n) != 0; i++) {
		if (errno != EADDRINUSE || i == BIND_TRIES)
			return -1;
		owner(ntohs(a->in4.sin_port), who, sizeof who);
		if (*who) {
			errno = EADDRINUSE;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}

int listen_open(const char *address, char *bound, size_t size)
{
	struct parts p;
	union address a;
	socklen_t n;
	int one = 1, off = 0, fd;

	AZ(split(address, &p));
	if (p.path)
		return open_unix(p.path, bound, size);
	n = resolve(p.host, p.port, &a);
	if (n == 0) {
		fprintf(stderr, "zigttpd: no such host: %s\n", p.host);
		return -EXIT_USAGE;
	}
	fd = inherit_find(&a.sa, n);
	if (fd >= 0)
		return found(fd, &a, &p, bound, size);
	fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return refused(fd, "make a socket for", p.host, p.port);
	/* A restart must not wait for old connections' TIME_WAIT; the accepted
	 * sockets inherit TCP_NODELAY. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (strcmp(p.host, "*") == 0 && a.sa.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	if (bind_patiently(fd, &a, n) != 0)
		return refused(fd, "bind", p.host, p.port);
	if (listen(fd, BACKLOG) != 0)
		return refused(fd, "listen on", p.host, p.port);
	inherit_store(fd);
	return found(fd, &a, &p, bound, size);
}

/* ---- congestion control -------------------------------------------------- */

static bool on_loopback(const union address *a)
{
	return a->sa.sa_family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr) :
	       ntohl(a->in4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static int set_congestion(int fd, const char *name)
{
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name));
}

const char *listen_congestion_check(const char *name)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), e = 0;

	if (fd >= 0) {
		if (set_congestion(fd, name) != 0)
			e = errno;
		close(fd);
	}
	return e == EPERM ? "allowed only to root; see net.ipv4.tcp_allowed_congestion_control" :
	       e != 0 ? "the kernel has none of that name; see net.ipv4.tcp_available_congestion_control" : NULL;
}

void listen_congestion(int fd, const char *name)
{
	union address a;
	socklen_t n = sizeof a;

	if (getsockname(fd, &a.sa, &n) != 0 || a.sa.sa_family == AF_UNIX)
		return;
	if (!name && on_loopback(&a))
		name = "reno"; /* every kernel has it, everybody may use it */
	if (name && set_congestion(fd, name) != 0)
		fprintf(stderr, "zigttpd: congestion control %s: %s\n", name, strerror(errno));
}
