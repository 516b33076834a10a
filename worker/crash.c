/* crash.c: the crash handler. Runs on a stack of its own, allocates nothing,
 * takes no lock, calls only what is async-signal-safe.
 *
 * It believes nothing: each stage may crash in its turn, and then the next one
 * begins. A stage that does not end is ended by an alarm. What lies in
 * connections that cannot be moved (a response or a body under way) is lost with
 * us, as everything was before. */
#include "worker/crash.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "worker/flow.h"
#include "worker/handoff.h"
#include "worker/net/net.h"

#define STACK_BYTES (64u << 10)
#define PATIENCE_S 2

static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static struct {
	const struct heritage *h;
	struct server *s;
	volatile sig_atomic_t dying;
	volatile unsigned stage;
	sigjmp_buf next;
	int sig;
	uint64_t address;
	char room[NET_LAST_MAX];
} cr;

/* ---- stages ------------------------------------------------------------ */

static void record(void)
{
	struct shm_slot *s = cr.s->slot;
	struct shm_crash *c = &s->crash;

	SHM_SET(c->signal, 0);
	c->generation = cr.h->generation;
	c->pid = (uint32_t)getpid();
	c->when_s = clock_wall_ns() / 1000000000;
	c->address = cr.address;
	c->line_no = c->column = 0;
	c->function[0] = c->file[0] = c->request[0] = '\0';
	c->request_hash = 0;
	if (SHM_GET(s->busy_since_ns) != 0) {
		c->request_hash = s->request_hash;
		memcpy(c->request, s->request, sizeof c->request);
		c->request[sizeof c->request - 1] = '\0';
	}
}

static void where(void)
{
	struct shm_crash *c = &cr.s->slot->crash;

	if (c->request_hash != 0 &&
	    !dispatch_where(cr.s->app, c->function, sizeof c->function, c->file, sizeof c->file, &c->line_no, &c->column))
		c->function[0] = c->file[0] = '\0';
}

static void record_done(void)
{
	struct shm_crash *c = &cr.s->slot->crash;

	c->function[sizeof c->function - 1] = c->file[sizeof c->file - 1] = '\0';
	__atomic_store_n(&c->signal, (uint32_t)cr.sig, __ATOMIC_RELEASE);
}

/* Responses to earlier requests of the same turn, then 500. */
static void answer(void)
{
	static const char sorry[] =
		"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain;charset=UTF-8\r\n"
		"Content-Length: 22\r\nConnection: close\r\n\r\nInternal Server Error\n";
	struct conn *c = cr.s->serving;
	size_t before = cr.s->answered;

	if (!c || c->net.fd < 0 || (c->flow && c->flow->begun))
		return;
	if (before != 0 && before <= c->net.out.cap &&
	    send(c->net.fd, c->net.out.p, before, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)before)
		return;
	(void)!send(c->net.fd, sorry, sizeof sorry - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(c->net.fd, SHUT_WR);
}

static void pass_on(void *u, const struct net_conn *nc, int fd, const char *p, size_t n)
{
	const struct conn *c = (const struct conn *)(const void *)nc;
	size_t have = c ? c->in.len - c->in_used : 0;
	int slot;

	(void)u;
	if (c && (!handoff_movable(c, n) || have + n > sizeof cr.room))
		return;
	slot = handoff_pick(cr.h->generation, false);
	if (slot < 0)
		slot = handoff_pick(SHM_GET(cr.h->shm->generation), false);
	if (slot < 0) /* nobody serves: whoever comes after us in this place reads our inbox */
		slot = (int)cr.h->slot;
	if (!cr.h->inbox_wr)
		return;
	if (have != 0)
		memcpy(cr.room, c->in.p + c->in_used, have);
	if (n != 0)
		memcpy(cr.room + have, p, n);
	if (net_inbox_send(handoff_inbox((uint32_t)slot), INBOX_CONN, fd, cr.room, have + n) == 0 ||
	    net_inbox_send(handoff_inbox(cr.h->slot), INBOX_CONN, fd, cr.room, have + n) == 0)
		SHM_ADD(cr.s->slot->handed_out, 1);
}

static void hand_over(void)
{
	handoff_afresh();
	net_last_look(cr.s->net, cr.s->serving ? &cr.s->serving->net : NULL, pass_on, NULL);
}

static void (*const stages[])(void) = { record, where, record_done, answer, hand_over };

/* ---- the handler ------------------------------------------------------- */

static void on_crash(int sig, siginfo_t *si, void *uc)
{
	struct itimerval patience = { .it_value.tv_sec = PATIENCE_S };
	struct sigaction dfl = { .sa_handler = SIG_DFL };

	(void)uc;
	if (cr.dying) /* a stage has crashed */
		siglongjmp(cr.next, 1);
	cr.dying = 1;
	cr.sig = sig;
	cr.address = si->si_code > 0 ? (uint64_t)(uintptr_t)si->si_addr : 0;
	setitimer(ITIMER_REAL, &patience, NULL);
	(void)sigsetjmp(cr.next, 0);
	while (cr.stage < ARRAY_LEN(stages))
		stages[cr.stage++]();
	sigaction(sig, &dfl, NULL);
	kill(getpid(), sig);
	_exit(128 + sig);
}

void crash_init(const struct heritage *h, struct server *s)
{
	static char stack[STACK_BYTES] __attribute__((aligned(16)));
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction sa = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	size_t i;

	cr.h = h;
	cr.s = s;
	sigfillset(&sa.sa_mask);
	sigdelset(&sa.sa_mask, SIGALRM);
	for (i = 0; i < ARRAY_LEN(fatal); i++)
		sigdelset(&sa.sa_mask, fatal[i]);
	AZ(sigaltstack(&alt, NULL));
	for (i = 0; i < ARRAY_LEN(fatal); i++)
		AZ(sigaction(fatal[i], &sa, NULL));
}
