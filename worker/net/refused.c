/* refused.c: turns a refused io_uring into one line that names the cause.
 * Called once, by a backend that failed to start. */
#include "worker/net/refused.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
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

static bool filtered; /* by others than ourselves */

void net_refused_look(void)
{
	filtered = prctl(PR_GET_SECCOMP) != 0; /* -1: forbidden, by a filter */
}

/* Are we on MAJOR.MINOR or newer? */
static int kernel_since(const char *release, int major, int minor)
{
	int a = 0, b = 0;

	return sscanf(release, "%d.%d", &a, &b) == 2 && (a > major || (a == major && b >= minor));
}

const char *net_refused_text(int err)
{
	static char text[256];
	struct utsname u = { .release = "?" };
	const char *why = "";

	uname(&u);
	if (err == EPERM && sysctl_disabled() != 0)
		why = ": the sysctl kernel.io_uring_disabled forbids it";
	else if (err == ENOSYS && !kernel_since(u.release, 5, 1))
		why = ": this kernel is too old (6.1 or newer is needed)";
	else if ((err == EPERM || err == ENOSYS || err == EACCES) && filtered)
		why = ": a seccomp filter of this container or service forbids it";
	else if (err == ENOSYS)
		why = ": this kernel was built without it";
	else if (err == EINVAL && kernel_since(u.release, 6, 1))
		why = ": a feature that is needed is missing (multishot receive, provided buffers)";
	else if (err == EINVAL)
		why = ": this kernel is too old (6.1 or newer is needed)";
	else if (err == ENOMEM)
		why = ": out of memory, or RLIMIT_MEMLOCK is too small";
	else if (err == EMFILE || err == ENFILE)
		why = ": no descriptor is left";
	snprintf(text, sizeof text, "io_uring is refused (%s, kernel %s)%s", strerror(err), u.release, why);
	return text;
}
