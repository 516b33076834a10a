/* limits.c: wall-clock and CPU deadlines of the running request, and the hook
 * that a long one is interrupted for.
 *
 * One periodic timer per worker. It is armed by the first request after
 * idleness and disarmed by the first tick in whose whole period no request was
 * seen: a busy worker pays no system call per request, an idle one is never
 * woken. The handler compares clocks and asks the VM to stop, or to call the
 * hook, at its next safepoint; deadlines are therefore met within two ticks
 * (2 ms). */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/api/api.h"

#define TICK_NS 1000000
#define LIMIT_SIGNAL SIGRTMIN

static struct {
	struct vm *volatile vm;          /* whose request runs, or ran last */
	timer_t timer;
	pid_t owner;                     /* process that made the timer: it is not inherited; 0: none */
	volatile sig_atomic_t armed, running;
	volatile uint32_t begun, seen;   /* requests; as of the last idle tick */
	volatile uint64_t wall_ns, cpu_ns, wall_start, cpu_start; /* starts: 0 before the first tick */
	volatile uint64_t hooked;        /* when the hook was last asked for */
	uint64_t period_ns;
	void (*fn)(void *u, uint64_t ran_ns);
	void *u;
} lim;

static void arm(bool on)
{
	struct itimerspec its = { 0 };

	if (on)
		its.it_value.tv_nsec = its.it_interval.tv_nsec = TICK_NS;
	lim.armed = on;
	timer_settime(lim.timer, 0, &its, NULL);
}

static void look_at_clocks(void)
{
	uint64_t wall = clock_mono_ns(), cpu = lim.cpu_ns ? clock_cpu_ns() : 0;

	/* Clocks are first read at the request's first tick: up to one tick is
	 * forgiven, and short requests never pay for a clock. */
	if (lim.wall_start == 0) {
		lim.wall_start = wall;
		lim.hooked = wall + TICK_NS - lim.period_ns; /* the first one at the next tick */
		lim.cpu_start = cpu;
	} else if (lim.wall_ns && wall - lim.wall_start >= lim.wall_ns) {
		vm_interrupt(lim.vm, ZIGTS_TERM_DEADLINE);
	} else if (lim.cpu_ns && cpu - lim.cpu_start >= lim.cpu_ns) {
		vm_interrupt(lim.vm, ZIGTS_TERM_CPU);
	} else if (lim.fn && wall - lim.hooked >= lim.period_ns - TICK_NS / 4) {
		lim.hooked = wall;
		vm_ask_hook(lim.vm);
	}
}

static void on_tick(int sig, siginfo_t *si, void *uc)
{
	int saved = errno;

	(void)sig, (void)si, (void)uc;
	if (lim.running) {
		look_at_clocks();
	} else if (lim.begun == lim.seen) {
		arm(false);
	} else {
		lim.seen = lim.begun;
	}
	errno = saved;
}

static int make_timer(void)
{
	struct sigaction sa = { .sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = LIMIT_SIGNAL };

	sigemptyset(&sa.sa_mask);
	lim.owner = 0;
	if (sigaction(LIMIT_SIGNAL, &sa, NULL) < 0 || timer_create(CLOCK_MONOTONIC, &ev, &lim.timer) < 0)
		return -1;
	lim.owner = getpid();
	lim.armed = lim.running = 0;
	return 0;
}

int limits_after_fork(void)
{
	/* The process's other VMs may have been here before. */
	return lim.owner == getpid() ? 0 : make_timer();
}

void limits_begin(struct vm *vm, const struct zigts_limits *l)
{
	static const struct zigts_limits none;

	if (l == NULL)
		l = &none;
	if (l->wall_ns == 0 && l->cpu_ns == 0 && vm->hook_fn == NULL)
		return;
	if (unlikely(lim.owner == 0) && make_timer() < 0)
		return;
	lim.vm = vm;
	lim.wall_ns = l->wall_ns;
	lim.cpu_ns = l->cpu_ns;
	lim.wall_start = 0;
	lim.begun++;
	lim.running = 1;
	if (!lim.armed)
		arm(true);
}

void limits_end(struct vm *vm)
{
	if (lim.vm == vm)
		lim.running = 0;
}

/* The clocks are looked at for the first time. */
static void start_clocks(uint64_t wall)
{
	lim.wall_start = lim.hooked = wall;
	lim.cpu_start = lim.cpu_ns ? clock_cpu_ns() : 0;
}

uint64_t limits_pause(struct vm *vm)
{
	if (lim.vm != vm || !lim.running)
		return UINT64_MAX;
	if (lim.armed)
		arm(false);
	if (lim.wall_start == 0)
		start_clocks(clock_mono_ns());
	return lim.wall_ns ? lim.wall_start + lim.wall_ns : UINT64_MAX;
}

void limits_resume(struct vm *vm)
{
	if (lim.vm != vm || !lim.running)
		return;
	if (lim.wall_ns && clock_mono_ns() >= lim.wall_start + lim.wall_ns)
		vm_interrupt(vm, ZIGTS_TERM_DEADLINE);
	arm(true);
}

void zigts_progress(struct zigts *z)
{
	if (lim.vm == vm_of(z) && lim.running && lim.wall_start != 0)
		start_clocks(clock_mono_ns());
}

/* ---- the hook ---------------------------------------------------------- */

static void at_safepoint(struct vm *vm)
{
	if (lim.vm == vm && lim.fn && lim.running && lim.wall_start != 0)
		lim.fn(lim.u, clock_mono_ns() - lim.wall_start);
}

void zigts_set_hook(struct zigts *z, uint64_t period_ns, void (*fn)(void *u, uint64_t ran_ns), void *u)
{
	lim.period_ns = period_ns > TICK_NS ? period_ns : TICK_NS;
	lim.fn = fn;
	lim.u = u;
	vm_of(z)->hook_fn = fn ? at_safepoint : NULL;
}

size_t zigts_backtrace(struct zigts *z, char *out, size_t n)
{
	struct buf b = BUF_INIT;
	size_t len = 0;

	except_print_frames(vm_of(z), &b, 32, true);
	/* "\n    at f (…)" becomes "  at f (…)\n". */
	for (size_t i = 0; i < b.len && len + 1 < n; i++) {
		if (b.p[i] == '\n' && i + 2 < b.len) {
			if (i != 0)
				out[len++] = '\n';
			i += 2;
		} else {
			out[len++] = b.p[i];
		}
	}
	if (len != 0 && len + 1 < n)
		out[len++] = '\n';
	out[len] = '\0';
	buf_free(&b);
	return len;
}

bool zigts_where(const struct zigts *z, char *function, size_t nfunction, char *file, size_t nfile, uint32_t *line,
		 uint32_t *col)
{
	return except_where(vm_of_const(z), function, nfunction, file, nfile, line, col);
}
