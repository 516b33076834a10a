/* limits.c: wall-clock and CPU deadlines of the running request.
 *
 * One periodic timer per worker, armed by the first request after idleness and
 * disarmed by the first tick that finds no request running: a busy worker pays
 * no system call per request, an idle one is never woken. The handler compares
 * clocks and asks the VM to stop at its next safepoint; deadlines are therefore
 * met within two ticks (20 ms). */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/api/api.h"

#define TICK_NS 10000000
#define LIMIT_SIGNAL SIGRTMIN

static struct {
	struct vm *vm;                   /* the process's one VM that serves requests */
	timer_t timer;
	pid_t owner;                     /* process that made the timer: it is not inherited */
	volatile sig_atomic_t armed, running;
	volatile uint64_t wall_ns, cpu_ns, wall_start, cpu_start; /* starts: 0 before the first tick */
} lim;

static void arm(bool on)
{
	struct itimerspec its = { 0 };

	if (on)
		its.it_value.tv_nsec = its.it_interval.tv_nsec = TICK_NS;
	lim.armed = on;
	timer_settime(lim.timer, 0, &its, NULL);
}

static void on_tick(int sig, siginfo_t *si, void *uc)
{
	int saved = errno;

	(void)sig, (void)si, (void)uc;
	if (!lim.running) {
		arm(false);
	} else {
		uint64_t wall = clock_mono_ns(), cpu = lim.cpu_ns ? clock_cpu_ns() : 0;

		/* Clocks are first read at the request's first tick: up to one tick is
		 * forgiven, and short requests never pay for a clock. */
		if (lim.wall_start == 0) {
			lim.wall_start = wall;
			lim.cpu_start = cpu;
		} else if (lim.wall_ns && wall - lim.wall_start >= lim.wall_ns) {
			vm_interrupt(lim.vm, ZIGTS_TERM_DEADLINE);
		} else if (lim.cpu_ns && cpu - lim.cpu_start >= lim.cpu_ns) {
			vm_interrupt(lim.vm, ZIGTS_TERM_CPU);
		}
	}
	errno = saved;
}

static int make_timer(struct vm *vm)
{
	struct sigaction sa = { .sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = LIMIT_SIGNAL };

	sigemptyset(&sa.sa_mask);
	if (sigaction(LIMIT_SIGNAL, &sa, NULL) < 0 || timer_create(CLOCK_MONOTONIC, &ev, &lim.timer) < 0)
		return -1;
	lim.owner = getpid();
	lim.vm = vm;
	lim.armed = lim.running = 0;
	return 0;
}

int limits_after_fork(struct vm *vm)
{
	return make_timer(vm);
}

void limits_begin(struct vm *vm, const struct zigts_limits *l)
{
	if (l == NULL || (l->wall_ns == 0 && l->cpu_ns == 0))
		return;
	if (lim.vm != vm && make_timer(vm) < 0)
		return;
	lim.wall_ns = l->wall_ns;
	lim.cpu_ns = l->cpu_ns;
	lim.wall_start = 0;
	lim.running = 1;
	if (!lim.armed)
		arm(true);
}

void limits_end(struct vm *vm)
{
	if (lim.vm == vm)
		lim.running = 0;
}
