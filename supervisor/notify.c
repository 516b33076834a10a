/* notify.c: see notify.h. Called by main. Must not keep a descriptor open:
 * children would inherit it. */
#include "supervisor/notify.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "shm/region.h"

#define PERIOD_S 1.0
#define EXTEND_US 5000000u          /* more than one period */
#define PATIENCE_NS 3000000000ull   /* heartbeats come every second */
#define TEXT_MAX 400

enum condition { STARTING, SERVING, RELOADING, STOPPING };

static struct {
	struct sockaddr_un to;
	socklen_t to_len;               /* 0: nobody listens */
	uint64_t watchdog_ns;           /* 0: none */
	uint64_t fed_ns, alive_ns;
	enum condition condition;
	ev_timer timer;
	const struct shm_header *shm;
	uint32_t workers;
	char refusal[TEXT_MAX];         /* of the last reload; "" when it succeeded */
	char said[TEXT_MAX + 100];      /* the last STATUS */
} mine;

/* ---- one message -------------------------------------------------------- */

static void send_with_fd(const char *text, int fd)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
	struct iovec iov = { (void *)(uintptr_t)text, strlen(text) };
	struct msghdr m = {
		.msg_name = &mine.to, .msg_namelen = mine.to_len, .msg_iov = &iov, .msg_iovlen = 1,
	};
	int s;

	if (mine.to_len == 0)
		return;
	if (fd >= 0) {
		struct cmsghdr *c;

		memset(&control, 0, sizeof control);
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof control.bytes;
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return;
	while (sendmsg(s, &m, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
	close(s);
}

PRINTF_LIKE(1, 2) static void say(const char *fmt, ...)
{
	char text[sizeof mine.said + 200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	send_with_fd(text, -1);
}

void notify_store(const char *name, int fd)
{
	char text[300];

	snprintf(text, sizeof text, "FDSTORE=1\nFDNAME=%s", name);
	send_with_fd(text, fd);
}

void notify_unstore(const char *name)
{
	say("FDSTOREREMOVE=1\nFDNAME=%s", name);
}

/* ---- what the workers do ------------------------------------------------ */

static bool serves(const struct shm_header *shm, const struct shm_slot *s)
{
	return SHM_GET(s->pid) != 0 && SHM_GET(s->state) == SLOT_SERVING &&
	       SHM_GET(s->generation) == SHM_GET(shm->generation);
}

static uint32_t serving(void)
{
	uint32_t i, n = 0;

	for (i = 0; i < region_slots(mine.shm); i++)
		n += serves(mine.shm, region_slot((struct shm_header *)(uintptr_t)mine.shm, i));
	return n;
}

bool notify_alive(const struct shm_header *shm, uint64_t now_ns, uint64_t limit_ns)
{
	uint32_t i, n = 0;

	for (i = 0; i < region_slots(shm); i++) {
		const struct shm_slot *s = region_slot((struct shm_header *)(uintptr_t)shm, i);
		uint64_t heard = SHM_GET(s->heartbeat_ns), began = SHM_GET(s->started_ns);

		if (!serves(shm, s))
			continue;
		if (heard < began)
			heard = began;
		if (heard < now_ns && now_ns - heard > limit_ns)
			return false;
		n++;
	}
	return n != 0;
}

/* ---- the loop's part ---------------------------------------------------- */

/* The status line as it should be now. */
static void status(char *out, size_t size)
{
	uint32_t n = serving();

	if (mine.condition == STOPPING)
		snprintf(out, size, "finishing, %u workers left", n);
	else
		snprintf(out, size, "generation %u, %u of %u workers%s%s", SHM_GET(mine.shm->generation), n,
			 mine.workers, mine.refusal[0] ? "; reload refused: " : "", mine.refusal);
}

/* first: what else to say, ending in a line feed. */
static void say_status(const char *first, bool always)
{
	char now[sizeof mine.said];

	status(now, sizeof now);
	if (!always && strcmp(now, mine.said) == 0)
		return;
	snprintf(mine.said, sizeof mine.said, "%s", now);
	say("%sSTATUS=%s", first, now);
}

/* All well, or well a moment ago: a worker that died is not a worker that
 * hangs, its successor comes by itself. */
static void feed(uint64_t now)
{
	uint64_t limit = mine.watchdog_ns / 2 > PATIENCE_NS ? mine.watchdog_ns / 2 : PATIENCE_NS;

	if (notify_alive(mine.shm, now, limit) || (serving() == 0 && now - mine.alive_ns < limit) ||
	    mine.condition == STOPPING) {
		mine.fed_ns = now;
		if (serving() != 0)
			mine.alive_ns = now;
		say("WATCHDOG=1");
	}
}

static void on_timer(struct ev_loop *loop, ev_timer *t, int revents)
{
	uint64_t now = clock_mono_ns();

	(void)loop, (void)revents;
	if (mine.condition == STARTING)
		return;
	if (mine.condition == RELOADING || mine.condition == STOPPING)
		say("EXTEND_TIMEOUT_USEC=%u", EXTEND_US);
	if (mine.condition != RELOADING)
		say_status("", false);
	if (mine.watchdog_ns != 0 && now - mine.fed_ns + (uint64_t)(t->repeat * 5e8) >= mine.watchdog_ns / 2)
		feed(now);
}

void notify_start(struct ev_loop *loop, const struct shm_header *shm, uint32_t workers)
{
	double period = PERIOD_S;

	if (mine.to_len == 0)
		return;
	mine.shm = shm;
	mine.workers = workers;
	if (mine.watchdog_ns != 0 && mine.watchdog_ns < (uint64_t)(2e9 * period))
		period = (double)mine.watchdog_ns / 2e9;
	ev_timer_init(&mine.timer, on_timer, period, period);
	ev_timer_start(loop, &mine.timer);
}

/* ---- what the pool does ------------------------------------------------- */

void notify_serving(void)
{
	if (mine.to_len == 0 || mine.condition != STARTING)
		return;
	mine.condition = SERVING;
	mine.alive_ns = clock_mono_ns();
	say_status("READY=1\n", true);
}

void notify_reloading(void)
{
	if (mine.to_len == 0 || mine.condition != SERVING)
		return;
	mine.condition = RELOADING;
	snprintf(mine.said, sizeof mine.said, "loading a new generation");
	say("RELOADING=1\nMONOTONIC_USEC=%llu\nSTATUS=%s", (unsigned long long)(clock_mono_ns() / 1000), mine.said);
}

void notify_reloaded(uint32_t workers)
{
	mine.workers = workers;
	mine.refusal[0] = '\0';
	if (mine.to_len == 0 || mine.condition != RELOADING)
		return;
	mine.condition = SERVING;
	say_status("READY=1\n", true);
}

void notify_refused(const char *text, int err)
{
	char first[60];

	snprintf(mine.refusal, sizeof mine.refusal, "%.*s", (int)strcspn(text, "\n"), text);
	if (mine.to_len == 0 || mine.condition != RELOADING)
		return;
	mine.condition = SERVING;
	snprintf(first, sizeof first, "READY=1\nERRNO=%d\n", err);
	say_status(first, true);
}

void notify_stopping(void)
{
	char first[80];

	if (mine.to_len == 0 || mine.condition == STOPPING)
		return;
	mine.condition = STOPPING;
	snprintf(first, sizeof first, "STOPPING=1\nEXTEND_TIMEOUT_USEC=%u\n", EXTEND_US);
	if (mine.shm)
		say_status(first, true);
	else
		say("%s", first);
}

/* ---- the environment ---------------------------------------------------- */

static uint64_t number(const char *s)
{
	char *end;
	unsigned long long v;

	if (!s || *s < '0' || *s > '9')
		return 0;
	errno = 0;
	v = strtoull(s, &end, 10);
	return *end || errno ? 0 : v;
}

void notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET"), *pid = getenv("WATCHDOG_PID");
	uint64_t us = number(getenv("WATCHDOG_USEC"));
	size_t n = path ? strlen(path) : 0;

	if (n > 1 && n < sizeof mine.to.sun_path && (*path == '/' || *path == '@')) {
		mine.to.sun_family = AF_UNIX;
		memcpy(mine.to.sun_path, path, n);
		if (*path == '@')
			mine.to.sun_path[0] = '\0'; /* abstract: its length counts */
		mine.to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	} else if (n != 0) {
		log_warn("NOTIFY_SOCKET is not an address of a local socket: %s", path);
	}
	if (mine.to_len != 0 && us != 0 && us < UINT64_MAX / 1000 && (!pid || number(pid) == (uint64_t)getpid()))
		mine.watchdog_ns = us * 1000;
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

bool notify_active(void) { return mine.to_len != 0; }
