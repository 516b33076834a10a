/* family.c: see family.h. */
#include "tests/proc/family.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* State, parent and name of a process. False: there is none. */
static bool stat_of(pid_t pid, char *state, int *ppid, char *name, size_t size)
{
	char path[64], line[512] = "", *open, *close;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(line, sizeof line, file))
		line[0] = '\0';
	fclose(file);
	open = strchr(line, '(');
	close = strrchr(line, ')');
	if (!open || !close || sscanf(close + 1, " %c %d", state, ppid) != 2)
		return false;
	*close = '\0';
	snprintf(name, size, "%s", open + 1);
	return true;
}

void family_look(pid_t supervisor, struct family *f)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;

	memset(f, 0, sizeof *f);
	while (dir && (e = readdir(dir))) {
		int pid = atoi(e->d_name), ppid;
		char state, name[64];

		if (pid <= 0 || !stat_of(pid, &state, &ppid, name, sizeof name) || ppid != supervisor)
			continue;
		if (state == 'Z')
			f->zombies++;
		else if (strstr(name, "zygote"))
			f->zygote = pid;
		else if (strstr(name, "zigttpd-w") && f->workers < PIDS)
			f->worker[f->workers++] = pid;
	}
	if (dir)
		closedir(dir);
}

bool family_settle(pid_t supervisor, int n, struct family *f, long ms)
{
	long end = now_ms() + ms;

	do {
		family_look(supervisor, f);
		if (f->workers == n && f->zygote && f->zombies == 0)
			return true;
		sleep_ms(5);
	} while (now_ms() < end);
	return false;
}

void family_start(struct daemon *d, struct family *f, const char *daemon, const char *handler, const char *log)
{
	char workers[8];

	snprintf(workers, sizeof workers, "%d", WORKERS);
	daemon_start(d, daemon, workers, handler, log);
	family_settle(d->pid, WORKERS, f, 3000);
}

/* Lives, and is no zombie that a lazy init has not reaped yet. */
static bool lives(pid_t pid)
{
	char state, name[64];
	int ppid;

	return stat_of(pid, &state, &ppid, name, sizeof name) && state != 'Z';
}

bool family_gone(const struct family *f, long ms)
{
	long end = now_ms() + ms;
	int i, left;

	do {
		left = f->zygote && lives(f->zygote);
		for (i = 0; i < f->workers; i++)
			left += lives(f->worker[i]);
		if (left == 0)
			return true;
		sleep_ms(5);
	} while (now_ms() < end);
	return false;
}

int proc_fds(pid_t pid)
{
	char path[64];
	DIR *dir;
	int n = 0;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

long proc_kb(pid_t pid, const char *file, const char *name)
{
	char path[64], line[256];
	size_t n = strlen(name);
	long kb = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	f = fopen(path, "r");
	while (f && kb < 0 && fgets(line, sizeof line, f))
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			kb = atol(line + n + 1);
	if (f)
		fclose(f);
	return kb;
}

void memory_add(struct memory *m, pid_t pid)
{
	m->rss += proc_kb(pid, "smaps_rollup", "Rss");
	m->anon += proc_kb(pid, "smaps_rollup", "Anonymous");
}

bool memory_back(struct memory before, struct memory after)
{
	/* Pages of the shared segment count from their first use on, which a start leaves to later. */
	return before.anon > 0 && after.rss <= before.rss + before.rss / 20 + 128 && after.anon <= before.anon + before.anon / 20 + 24;
}

bool proc_stopped(pid_t pid)
{
	char state, name[64];
	int ppid;

	return stat_of(pid, &state, &ppid, name, sizeof name) && state == 'T';
}

int proc_sockets(pid_t pid, unsigned long *inode, int max)
{
	char path[64], target[64];
	struct dirent *e;
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir && n < max && (e = readdir(dir))) {
		ssize_t k = readlinkat(dirfd(dir), e->d_name, target, sizeof target - 1);

		if (k <= 0)
			continue;
		target[k] = '\0';
		n += sscanf(target, "socket:[%lu]", &inode[n]) == 1;
	}
	if (dir)
		closedir(dir);
	return n;
}

static struct { int local, remote; unsigned long inode; } table[8192];
static int rows;

void proc_connections(void)
{
	FILE *f = fopen("/proc/net/tcp", "r");
	char line[512];
	unsigned local, remote, state;
	unsigned long inode;

	rows = 0;
	while (f && rows < (int)(sizeof table / sizeof table[0]) && fgets(line, sizeof line, f)) {
		if (sscanf(line, " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%x %x %*s %*s %*s %*d %*d %lu",
			   &local, &remote, &state, &inode) != 4 || state == 6 /* TIME_WAIT */)
			continue;
		table[rows].local = (int)local;
		table[rows].remote = (int)remote;
		table[rows++].inode = inode;
	}
	if (f)
		fclose(f);
}

unsigned long proc_server_inode(int server_port, int client_port)
{
	int i;

	for (i = 0; i < rows; i++)
		if (table[i].local == server_port && table[i].remote == client_port)
			return table[i].inode;
	return 0;
}

int log_lines(const char *log, const char *what)
{
	char line[1024];
	FILE *f = fopen(log, "r");
	int n = 0;

	while (f && fgets(line, sizeof line, f))
		n += strstr(line, what) != NULL;
	if (f)
		fclose(f);
	return n;
}

bool log_shows(const char *log, const char *what, int times, long ms)
{
	long end = now_ms() + ms;

	while (log_lines(log, what) < times) {
		if (now_ms() > end)
			return false;
		sleep_ms(10);
	}
	return true;
}

bool exited_0(int status) { return status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0; }
