/* sandbox.c: see sandbox.h. Called by the zygote and by worker_main, once each.
 * The filter is built at run time, because it names our process id. */
#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/check.h"
#include "base/fd.h"
#include "base/log.h"
#include "worker/worker.h"

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#define NR_MAX 0x3fffffffu          /* above: x32 */
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#define NR_MAX 0xffffffffu
#else
#error "sandbox.c needs this architecture's name for seccomp"
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

/* Newer than the headers of some systems. */
#define MDWE_SET          65
#define MDWE_NO_EXEC_GAIN 1ul
#define LL_FS_ABI1        0x1fffull /* execute to make_sym */
#define LL_FS_REFER       0x2000ull
#define LL_FS_TRUNCATE    0x4000ull
#define LL_FS_IOCTL_DEV   0x8000ull
#define LL_NET_TCP        3ull      /* bind, connect */
#define LL_SCOPES         3ull      /* abstract sockets, signals */
struct ll_attr { uint64_t fs, net, scoped; };

enum part { PART_PRIVS, PART_DUMP, PART_MDWE, PART_LANDLOCK, PART_SECCOMP, PART_RING, PARTS };
static const char *const part_name[PARTS] = {
	"no_new_privs", "undumpable processes", "memory-deny-write-execute", "Landlock", "seccomp",
	"ring restrictions",
};
/* What the kernel is known to refuse: found by the zygote, inherited by workers. */
static int refused[PARTS];

/* ---- seccomp ------------------------------------------------------------ */

enum rule { FREE, OWN, ZERO, NOEXEC, NOBOTH, FORK, NEVER, NONE };
static const struct row { uint16_t nr; uint8_t rule; } rows[] = {
#define SYSCALL(name, rule, why) { __NR_##name, rule },
#include "worker/sandbox.def"
#undef SYSCALL
};

/* Two instructions for each span of numbers there can be, and the rules. */
#define FILTER_MAX (4 * ARRAY_LEN(rows) + 64)
#define ARG(i) ((uint32_t)offsetof(struct seccomp_data, args[i])) /* low half: little endian */
#define DENY   (SECCOMP_RET_ERRNO | EPERM)
_Static_assert(FILTER_MAX < BPF_MAXINSNS, "the kernel's limit");

/* Jumps only go forward, so the last instruction is written first: what a jump
 * leads to exists already, and a rule is there once. A place is named by the
 * number of instructions from it to the end. */
typedef uint32_t place_t;
struct program { struct sock_filter code[FILTER_MAX]; place_t n; };

static place_t put(struct program *p, uint16_t code, uint32_t k, place_t jt, place_t jf)
{
	AN(p->n < FILTER_MAX);
	p->n++;
	p->code[FILTER_MAX - p->n] = (struct sock_filter)BPF_JUMP(code, k, (uint8_t)jt, (uint8_t)jf);
	return p->n;
}

static place_t ret(struct program *p, uint32_t action) { return put(p, BPF_RET | BPF_K, action, 0, 0); }
static place_t load(struct program *p, uint32_t at) { return put(p, BPF_LD | BPF_W | BPF_ABS, at, 0, 0); }

/* A place from which a condition that is written next, or after one more, can go to `to`. */
static place_t near(struct program *p, place_t to)
{
	return p->n + 1 - to <= UINT8_MAX ? to : put(p, BPF_JMP | BPF_JA, p->n - to, 0, 0);
}

static place_t when(struct program *p, uint16_t how, uint32_t k, place_t yes, place_t no)
{
	yes = near(p, yes);
	no = near(p, no);
	return put(p, BPF_JMP | how | BPF_K, k, p->n - yes, p->n - no);
}

/* The argument, masked, is compared with the value. */
static place_t when_arg(struct program *p, int arg, uint32_t mask, uint32_t value, place_t equal, place_t differs)
{
	when(p, BPF_JEQ, value, equal, differs);
	if (mask != ~0u)
		put(p, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	return load(p, ARG(arg));
}

/* What a process does about each rule. */
typedef void rules_fn(struct program *p, place_t at[NONE + 1]);

static void worker_does(struct program *p, place_t at[NONE + 1])
{
	const uint32_t both = PROT_WRITE | PROT_EXEC;

	at[FORK] = at[NEVER] = ret(p, SECCOMP_RET_KILL_PROCESS);
	at[NONE] = ret(p, DENY);
	at[FREE] = ret(p, SECCOMP_RET_ALLOW);
	at[OWN] = when_arg(p, 0, ~0u, (uint32_t)getpid(), at[FREE], at[NONE]);
	at[ZERO] = when_arg(p, 0, ~0u, 0, at[FREE], at[NONE]);
	at[NOEXEC] = when_arg(p, 2, PROT_EXEC, 0, at[FREE], at[NONE]);
	at[NOBOTH] = when_arg(p, 2, both, both, at[NONE], at[FREE]);
}

static void zygote_does(struct program *p, place_t at[NONE + 1])
{
	place_t allow = ret(p, SECCOMP_RET_ALLOW);
	int r;

	for (r = FREE; r <= NONE; r++)
		at[r] = allow;
	at[NEVER] = ret(p, SECCOMP_RET_KILL_PROCESS);
}

/* From this number on, until the next span. */
struct span { uint32_t from; place_t to; };

static int by_number(const void *a, const void *b)
{
	return (int)((const struct row *)a)->nr - (int)((const struct row *)b)->nr;
}

static uint32_t add_span(struct span *v, uint32_t n, uint32_t from, place_t to)
{
	if (n != 0 && v[n - 1].to == to)
		return n;
	v[n] = (struct span){ from, to };
	return n + 1;
}

/* All numbers from 0 on; what no row names is NONE. */
static uint32_t spans(struct span *v, const place_t at[NONE + 1])
{
	struct row sorted[ARRAY_LEN(rows)];
	uint32_t n = 0, next = 0;
	size_t i;

	memcpy(sorted, rows, sizeof sorted);
	qsort(sorted, ARRAY_LEN(sorted), sizeof sorted[0], by_number);
	for (i = 0; i < ARRAY_LEN(sorted); i++) {
		if (sorted[i].nr > next)
			n = add_span(v, n, next, at[NONE]);
		n = add_span(v, n, sorted[i].nr, at[sorted[i].rule]);
		next = sorted[i].nr + 1u;
	}
	return add_span(v, n, next, at[NONE]);
}

/* Halves the numbers until one span is left: when a filter comes into force the
 * kernel walks it for each number there is, and that is part of each start. */
static place_t search(struct program *p, const struct span *v, uint32_t n)
{
	place_t left, right;

	if (n == 1)
		return v->to;
	right = search(p, v + n / 2, n - n / 2);
	left = search(p, v, n / 2);
	return when(p, BPF_JGE, v[n / 2].from, right, left);
}

static int filter(rules_fn *does)
{
	static struct program p;
	struct span v[2 * ARRAY_LEN(rows) + 1];
	place_t at[NONE + 1], known, end;
	struct sock_fprog prog;
	long r;

	p.n = 0;
	does(&p, at);
	end = ret(&p, SECCOMP_RET_KILL_PROCESS);
	known = search(&p, v, spans(v, at));
	when(&p, BPF_JGT, NR_MAX, end, known);
	known = load(&p, offsetof(struct seccomp_data, nr));
	when(&p, BPF_JEQ, OUR_ARCH, known, end);
	load(&p, offsetof(struct seccomp_data, arch));
	prog = (struct sock_fprog){ (unsigned short)p.n, &p.code[FILTER_MAX - p.n] };
	/* All threads: a positive answer names one that cannot have it. */
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_TSYNC, &prog);
	if (r < 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) != 0)
		return errno;
	return r > 0 ? EBUSY : 0;
}

/* ---- Landlock ----------------------------------------------------------- */

static int landlock_allow(int ruleset, int fd, uint64_t what)
{
	struct landlock_path_beneath_attr a = { .allowed_access = what, .parent_fd = fd };

	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &a, 0) != 0)
		return errno;
	return 0;
}

static int landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static int landlock(const int *roots, uint32_t nroots)
{
	int abi = landlock_abi(), fd, null, zones, err = 0;
	struct ll_attr a = { .fs = LL_FS_ABI1 };
	uint32_t i;

	if (abi < 0)
		return errno;
	a.fs |= (abi >= 2 ? LL_FS_REFER : 0) | (abi >= 3 ? LL_FS_TRUNCATE : 0) | (abi >= 5 ? LL_FS_IOCTL_DEV : 0);
	a.net = abi >= 4 ? LL_NET_TCP : 0;
	a.scoped = abi >= 6 ? LL_SCOPES : 0;
	fd = (int)syscall(SYS_landlock_create_ruleset, &a,
			  abi >= 6 ? sizeof a : abi >= 4 ? offsetof(struct ll_attr, scoped) :
			  offsetof(struct ll_attr, net), 0);
	if (fd < 0)
		return errno;
	null = open("/dev/null", O_PATH | O_CLOEXEC);
	if (null >= 0)
		err = landlock_allow(fd, null, LANDLOCK_ACCESS_FS_READ_FILE);
	fd_close(&null);
	zones = open("/usr/share/zoneinfo", O_PATH | O_CLOEXEC);    /* a zone that a request names */
	if (zones >= 0 && err == 0)
		err = landlock_allow(fd, zones, LANDLOCK_ACCESS_FS_READ_FILE);
	fd_close(&zones);
	for (i = 0; i < nroots && err == 0; i++)
		err = landlock_allow(fd, roots[i], LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	if (err == 0 && syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		err = errno;
	fd_close(&fd);
	return err;
}

/* ---- both --------------------------------------------------------------- */

/* One line for all that is refused. Returns what the process exits with. */
static int report(const struct settings *set, const int err[PARTS])
{
	char text[400] = "";
	size_t n = 0, i;

	for (i = 0; i < PARTS; i++)
		if (err[i] != 0 && n < sizeof text)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s (%s)", n ? ", " : "", part_name[i],
					      strerror(err[i]));
	if (n == 0)
		return 0;
	if (set->sandbox == SANDBOX_ON) {
		log_err("the kernel refuses %s, and the configuration demands the sandbox", text);
		return EXIT_CONFIG;
	}
	log_warn("the sandbox of the workers is not complete: the kernel refuses %s", text);
	return 0;
}

static bool wanted(const struct settings *set) { return set->sandbox != SANDBOX_OFF && !SANITIZED; }

int sandbox_zygote(const struct settings *set)
{
	static const uint32_t kill_action = SECCOMP_RET_KILL_PROCESS;

	if (SANITIZED && set->sandbox == SANDBOX_ON) {
		log_err("this build has sanitizers, which do not work in the sandbox that the configuration demands");
		return EXIT_CONFIG;
	}
	if (SANITIZED && set->sandbox == SANDBOX_AUTO && !set->quiet)
		log_info("no sandbox: this build has sanitizers");
	if (!wanted(set))
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		refused[PART_PRIVS] = errno;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		refused[PART_DUMP] = errno;
	/* Kernels before 6.3 do not know it: then the filter says the same of
	 * workers, so that is not worth a word. */
	if (prctl(MDWE_SET, MDWE_NO_EXEC_GAIN, 0ul, 0ul, 0ul) != 0 && errno != EINVAL && errno != EPERM)
		refused[PART_MDWE] = errno;
	if (landlock_abi() < 0)
		refused[PART_LANDLOCK] = errno;
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kill_action) != 0)
		refused[PART_SECCOMP] = errno;
	else
		refused[PART_SECCOMP] = filter(zygote_does);
	return report(set, refused);
}

int sandbox_worker(const struct settings *set, const int *roots, uint32_t nroots, int ring)
{
	int err[PARTS] = { [PART_RING] = ring };

	if (!wanted(set))
		return 0;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* again: a change of user undoes it */
	if (refused[PART_LANDLOCK] == 0)
		err[PART_LANDLOCK] = landlock(roots, nroots);
	if (refused[PART_SECCOMP] == 0)
		err[PART_SECCOMP] = filter(worker_does);
	return report(set, err);
}
