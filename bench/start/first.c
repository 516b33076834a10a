/* first.c: time from exec to the first whole response, in microseconds.
 *
 *   first RUNS PORT COMMAND ARG…    (PORT is put in place of "PORT" in ARG)
 *
 * Starts the command RUNS times, each on a port of its own, connects as soon
 * as the port is bound and asks for "/". Prints one line per run, then ends the
 * command with SIGTERM. */
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Has a response of n bytes come whole? At its Content-Length, as for a client. */
static int whole(const char *p, size_t n)
{
	const char *end = memmem(p, n, "\r\n\r\n", 4), *len;

	if (!end)
		return 0;
	len = memmem(p, (size_t)(end - p), "\r\nContent-Length:", 17);
	return len && n - (size_t)(end + 4 - p) >= strtoul(len + 17, NULL, 10);
}

/* One attempt: 1 when a response has come whole; without a length that is when
 * the connection ends. */
static int ask(int port)
{
	static const char rq[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				 .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), ok;
	char buf[65536];
	size_t at = 0;
	ssize_t n;

	if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0 && send(fd, rq, sizeof rq - 1, MSG_NOSIGNAL) > 0)
		while (!whole(buf, at) && at < sizeof buf && (n = recv(fd, buf + at, sizeof buf - at, 0)) > 0)
			at += (size_t)n;
	ok = at > 12 && memcmp(buf, "HTTP/1.1 200", 12) == 0;
	close(fd);
	return ok;
}

int main(int argc, char **argv)
{
	int runs, port, i, k, at = 0;
	uint64_t *began; /* the child's last word before exec */

	if (argc < 4) {
		fputs("usage: first RUNS PORT COMMAND ARG...\n", stderr);
		return 64;
	}
	began = mmap(NULL, sizeof *began, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (began == MAP_FAILED)
		return 71;
	runs = atoi(argv[1]);
	port = atoi(argv[2]);
	for (i = 0; i < runs; i++, port++) {
		struct timespec nap = { 0, 50000 }, rest = { 0, 100000000 };
		char text[16];
		pid_t pid;

		snprintf(text, sizeof text, "%d", port);
		for (k = 4; k < argc; k++)
			if (strcmp(argv[k], "PORT") == 0)
				at = k;
		if (at)
			argv[at] = text;
		*began = now_ns();
		pid = fork();
		if (pid == 0) {
			*began = now_ns();
			execv(argv[3], argv + 3);
			_exit(127);
		}
		while (!ask(port) && now_ns() - *began < 5000000000u)
			nanosleep(&nap, NULL);
		printf("%lu\n", (unsigned long)((now_ns() - *began) / 1000));
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
		nanosleep(&rest, NULL); /* the kernel has processes to clear away */
	}
	return 0;
}
