/* listen.c: makes the listening socket. Called by main, once. Numeric
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
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "supervisor/inherit.h"
#include "worker/worker.h"

#define BACKLOG 4096

union address {
	struct sockaddr sa;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
};

/* Length of the filled address; 0: no such host. */
static socklen_t resolve(const char *host, uint16_t port, union address *a)
{
	struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM }, *res;
	socklen_t n;

	memset(a, 0, sizeof *a);
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
		a->in4.sin_port = htons(port); /* the same place in both families */
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

	if (inherit_kept(fd))
		return; /* what comes now waits for the next start */
	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof prog);
}

int listen_open(const char *host, uint16_t *port)
{
	union address a;
	socklen_t n = resolve(host, *port, &a);
	int one = 1, fd;

	if (n == 0) {
		fprintf(stderr, "zigttpd: no such host: %s\n", host);
		return -EXIT_USAGE;
	}
	fd = inherit_find(&a.sa, n);
	if (fd >= 0)
		return fd;
	fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return refused(fd, "make a socket for", host, *port);
	/* A restart must not wait for old connections' TIME_WAIT; the accepted
	 * sockets inherit TCP_NODELAY. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (bind(fd, &a.sa, n) != 0)
		return refused(fd, "bind", host, *port);
	if (listen(fd, BACKLOG) != 0)
		return refused(fd, "listen on", host, *port);
	if (getsockname(fd, &a.sa, &n) == 0)
		*port = ntohs(a.in4.sin_port);
	return fd;
}
