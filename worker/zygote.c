/* zygote.c: the process that knows the handler: loads it once, then forks a
 * worker per command. Forked by the supervisor; must not touch what heritage.h
 * does not name.
 *
 * Whoever loaded the handler goes on as the first worker, for its pages and page
 * tables are warm, and leaves a copy of itself behind: from then on that is the
 * zygote. All are children of the supervisor, which reaps them, and learns each
 * pid by a message, so that it knows a worker even when that dies at once. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "worker/dispatch.h"
#include "worker/net/net.h"
#include "worker/privilege.h"
#include "worker/sandbox.h"
#include "worker/serve.h"
#include "worker/worker.h"

/* The supervisor decides about interrupts: a terminal sends SIGINT to all of
 * us. SIGTERM ends a zygote at once; workers give it another meaning. */
static void signals_reset(void)
{
	static const int deflt[] = { SIGTERM, SIGCHLD, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 };
	sigset_t none;
	size_t i;

	for (i = 0; i < ARRAY_LEN(deflt); i++)
		signal(deflt[i], SIG_DFL);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Its end is told by the command socket; but a handler that is being loaded may
 * take its time. Dropping privileges and forking forget this, so after. */
static void end_with_supervisor(const struct heritage *h)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (poll(&(struct pollfd){ h->status_fd, 0, 0 }, 1, 0) == 1)
		_exit(0); /* it has gone before */
}

NORETURN static void become_worker(struct heritage *h, struct app *app, struct statics *statics)
{
	char name[16];

	fd_close(&h->command_fd); /* its end of file is the zygote's business */
	snprintf(name, sizeof name, "zigttpd-w%u", h->slot);
	prctl(PR_SET_NAME, name);
	worker_main(h, app, statics);
}

/* As fork(2), but the child is our parent's: the supervisor's. What fork() itself
 * sets right in a child: the C library's number of the thread, which the kernel
 * writes where it would clear it at the thread's end, and the list of robust locks;
 * no lock is held, because no other thread lives. -1 with errno ENOSYS where the
 * kernel lacks a part of it (CONFIG_CHECKPOINT_RESTORE), or a sandbox around us does. */
static pid_t fork_sibling(void)
{
	struct clone_args a = { .flags = CLONE_PARENT | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID };
	void *tid = NULL, *locks = NULL;
	size_t len = 0;
	long pid;

	if (prctl(PR_GET_TID_ADDRESS, &tid) != 0 || syscall(SYS_get_robust_list, 0, &locks, &len) != 0) {
		errno = ENOSYS;
		return -1;
	}
	a.child_tid = (uintptr_t)tid;
	pid = syscall(SYS_clone3, &a, sizeof a);
	if (pid == 0)
		syscall(SYS_set_robust_list, locks, len);
	else if (pid < 0 && errno != EAGAIN && errno != ENOMEM)
		errno = ENOSYS;
	return (pid_t)pid;
}

/* The same where that is not to be had: by a process in between, whose child the
 * supervisor, a child subreaper, inherits. One child, one message, gone. It shares
 * our memory: of the two copies of the page tables one would be for nothing. */
static pid_t fork_grandchild(struct heritage *h, struct app *app, struct statics *statics)
{
	pid_t pid = vfork(), child;

	if (pid == 0) {
		child = fork();
		if (child == 0)
			become_worker(h, app, statics);
		if (child < 0)
			status_send(h, STATUS_FORK_FAILED, 0, (uint64_t)errno);
		else
			status_send(h, STATUS_STARTED, (uint32_t)child, 0);
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return pid;
}

/* Returns in the zygote only. */
static void fork_worker(const struct heritage *mine, struct app *app, struct statics *statics,
			const struct fork_cmd *cmd)
{
	static struct heritage h; /* the worker keeps a pointer to it */
	static bool split;        /* the loader has become a worker, and we are its copy */
	pid_t pid;

	h = *mine;
	h.slot = cmd->slot;
	h.serial = cmd->serial;
	pid = fork_sibling();
	if (pid == 0 || (pid < 0 && errno == ENOSYS))
		net_ahead_end(); /* the loader's ring */
	if (pid < 0) {
		if (errno != ENOSYS || fork_grandchild(&h, app, statics) < 0)
			status_send(&h, STATUS_FORK_FAILED, 0, (uint64_t)errno);
	} else if (pid == 0) {
		if (split)
			become_worker(&h, app, statics);
		split = true;
		end_with_supervisor(&h);
	} else if (split) {
		status_send(&h, STATUS_STARTED, (uint32_t)pid, 0);
	} else {
		status_send(&h, STATUS_ZYGOTE_IS, (uint32_t)pid, (uint64_t)getpid());
		status_send(&h, STATUS_STARTED, (uint32_t)getpid(), 0);
		prctl(PR_SET_PDEATHSIG, 0);
		become_worker(&h, app, statics);
	}
}

/* For those who watch the files. */
static void tell_files(const struct heritage *h, const struct app *app)
{
	struct buf b = BUF_INIT;
	size_t at = 0;
	ssize_t n;

	if (h->files_fd < 0)
		return;
	dispatch_files(app, &b);
	while (at < b.len && (n = write(h->files_fd, b.p + at, b.len - at)) > 0)
		at += (size_t)n;
	buf_free(&b);
	close(h->files_fd);
}

/* All that can be wrong with what the operator named. */
static int load(const struct heritage *h, struct app *app, struct statics **statics)
{
	const char *err;
	int r = dispatch_load(app, h);

	tell_files(h, app);
	if (r != 0)
		return r;
	*statics = statics_open(h->set, &err);
	if (!err)
		return 0;
	fprintf(stderr, "zigttpd: %s\n", err);
	return EXIT_CONFIG;
}

NORETURN void zygote_check(const struct heritage *h)
{
	struct statics *statics;
	struct app app;
	int r;

	signals_reset();
	alarm((unsigned)((h->set->load_ns + 999999999) / 1000000000));
	r = privilege_drop(h->set);
	if (r == 0) {
		dispatch_read(&app, h, NULL, NULL);
		r = load(h, &app, &statics);
	}
	fflush(stderr);
	_exit(r);
}

static int inbox_rd[SHM_SLOTS_MAX], inbox_wr[SHM_SLOTS_MAX];   /* as they come */

/* As recv(2), with the descriptors that came along: *count of them. */
static ssize_t receive(int from, struct fork_cmd *cmd, int fds[BOXES_BATCH], uint32_t *count)
{
	union { char room[CMSG_SPACE(BOXES_BATCH * sizeof(int))]; struct cmsghdr align; } control;
	struct iovec iov = { cmd, sizeof *cmd };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room,
	};
	ssize_t n = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

	*count = 0;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		*count = (uint32_t)((c->cmsg_len - CMSG_LEN(0)) / sizeof fds[0]);
		memcpy(fds, CMSG_DATA(c), *count * sizeof fds[0]);
	}
	return n;
}

/* Both ends of some inboxes. */
static void take_inboxes(const struct fork_cmd *cmd, const int *fds, uint32_t count)
{
	uint32_t i;

	if (count != 2 * cmd->serial || cmd->slot > SHM_SLOTS_MAX || cmd->serial > SHM_SLOTS_MAX - cmd->slot) {
		log_err("too few descriptors for the inboxes of workers: raise the limit of open files");
		_exit(EXIT_OS);
	}
	for (i = 0; i < cmd->serial; i++) {
		inbox_rd[cmd->slot + i] = fds[2 * i];
		inbox_wr[cmd->slot + i] = fds[2 * i + 1];
	}
}

/* Workers forked from now on write to the new file; its number stays. */
static void take_log(const struct heritage *h, uint32_t kind, int fd)
{
	int old = kind == INBOX_LOG ? h->log_fd : kind == INBOX_ACCESS ? h->access_fd : -1;

	if (old >= 0)
		dup3(fd, old, O_CLOEXEC);
}

/* Once for all workers. */
static int backend_look(const struct settings *set)
{
	const char *err;

	if (net_look(set->io, &err) == 0)
		return 0;
	log_err("%s", err);
	return EXIT_CONFIG;
}

NORETURN void zygote_main(struct heritage *h)
{
	int fds[BOXES_BATCH];
	struct fork_cmd cmd;
	uint32_t count;
	struct statics *statics = NULL;
	sigset_t none, term;
	struct app app;
	ssize_t n;
	int r;

	memset(inbox_rd, -1, sizeof inbox_rd);
	memset(inbox_wr, -1, sizeof inbox_wr);
	h->inbox_rd = inbox_rd;
	h->inbox_wr = inbox_wr;
	signals_reset();
	prctl(PR_SET_NAME, "zigttpd-zygote");
	log_who("zygote");
	r = privilege_drop(h->set);
	end_with_supervisor(h);
	if (r == 0) {
		dispatch_read(&app, h, worker_ahead, h); /* its threads get the sandbox, too */
		r = backend_look(h->set); /* before a filter of ours confuses the diagnosis */
	}
	if (r == 0)
		r = sandbox_zygote(h->set);
	if (r == 0)
		r = load(h, &app, &statics);
	fflush(stderr);
	if (r != 0)
		_exit(r);
	if (h->stderr_fd >= 0) {
		dup2(h->stderr_fd, STDERR_FILENO);
		close(h->stderr_fd);
	}
	status_send(h, STATUS_ZYGOTE_READY, (uint32_t)getpid(), dispatch_snapshot_bytes(&app));
	/* From here on SIGTERM ends us only between two commands: in the midst of
	 * one it would leave a worker behind that nobody has heard of. Workers
	 * inherit it blocked and read it from a signalfd. */
	sigemptyset(&none);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	for (;;) {
		struct pollfd pf = { h->command_fd, POLLIN, 0 };

		if (ppoll(&pf, 1, NULL, &none) < 0 && errno == EINTR)
			continue;
		n = receive(h->command_fd, &cmd, fds, &count);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0); /* the supervisor is gone, or wants us gone */
		if (n == (ssize_t)sizeof cmd && cmd.magic == BOXES_MAGIC) {
			take_inboxes(&cmd, fds, count);
			continue;
		}
		if (count == 1 && n == (ssize_t)sizeof cmd && cmd.magic == LOGS_MAGIC)
			take_log(h, cmd.slot, fds[0]);
		while (count > 0)
			close(fds[--count]);
		if (n == (ssize_t)sizeof cmd && cmd.magic == FORK_MAGIC && cmd.generation == h->generation &&
		    cmd.slot < h->shm->nslots && inbox_rd[cmd.slot] >= 0)
			fork_worker(h, &app, statics, &cmd);
	}
}
