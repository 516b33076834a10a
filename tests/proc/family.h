/* family.h: the processes of a zigttpd under test, seen through /proc. */
#ifndef TESTS_PROC_FAMILY_H
#define TESTS_PROC_FAMILY_H

#include <stdbool.h>
#include <sys/types.h>

#include "tests/http/client.h"

#define WORKERS 4
#define PIDS 64

struct family { pid_t worker[PIDS]; int workers; pid_t zygote; int zombies; };

/* The children of the supervisor, by name and state. */
void family_look(pid_t supervisor, struct family *f);
/* Until the pool is whole: n live workers, a zygote, no zombie. */
bool family_settle(pid_t supervisor, int n, struct family *f, long ms);
/* Starts a zigttpd with WORKERS workers and waits until all are there. */
void family_start(struct daemon *d, struct family *f, const char *daemon, const char *handler, const char *log);
/* Until neither the zygote nor a worker of f lives. */
bool family_gone(const struct family *f, long ms);

int proc_fds(pid_t pid);
/* A "Name:  123 kB" line of /proc/PID/FILE; -1. */
long proc_kb(pid_t pid, const char *file, const char *name);

/* kB of one or more processes: what is resident, and what of it is no file's and no
 * shared memory. */
struct memory { long rss, anon; };
void memory_add(struct memory *m, pid_t pid);
/* Both are within 5 %; of a small process six pages may come and go. */
bool memory_back(struct memory before, struct memory after);
/* Is the process stopped (after SIGSTOP)? */
bool proc_stopped(pid_t pid);
/* Inodes of the sockets that the process holds; their number, at most max. */
int proc_sockets(pid_t pid, unsigned long *inode, int max);
/* The inode of the server's end of a connection from this local port of ours;
 * 0: nobody has accepted it, or it is gone. */
unsigned long proc_server_inode(int server_port, int client_port);
/* Reads the kernel's table once for many proc_server_inode. */
void proc_connections(void);

/* Lines of a log file that contain a text; whether there are so many within ms. */
int log_lines(const char *log, const char *what);
bool log_shows(const char *log, const char *what, int times, long ms);

bool exited_0(int status);

#endif
