/* refused.c: turns a refused io_uring into one line that names the cause.
 * Called once, by a backend that failed to start. */
#include "worker/net/refused.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static int sysctl_disabled(void)
{
	FILE *f = fopen("/proc/sys/kernel/io_uring_disabled", "re");
	int v = 0;

	if (f) {
		if (fscanf(f, "%d", &v) != 1)
			v = 0;
		fclose(f);
	}
	return v;
}

static int seccomp_mode(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	int v = 0;

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "Seccomp:", 8) == 0)
			v = atoi(line + 8);
	if (f)
		fclose(f);
	return v;
}

const char *net_refused_text(int err)
{
	static char text[256];
	struct utsname u = { .release = "?" };
	const char *why = "";

	uname(&u);
	if (err == EPERM && sysctl_disabled() != 0)
		why = ": the sysctl kernel.io_uring_disabled forbids it";
	else if ((err == EPERM || err == ENOSYS || err == EACCES) && seccomp_mode() != 0)
		why = ": a seccomp filter of this container or service forbids it";
	else if (err == ENOSYS || err == EINVAL)
		why = ": this kernel is too old (6.1 or newer is needed)";
	else if (err == ENOMEM)
		why = ": out of memory, or RLIMIT_MEMLOCK is too small";
	snprintf(text, sizeof text, "io_uring is refused (%s, kernel %s)%s", strerror(err), u.release, why);
	return text;
}
