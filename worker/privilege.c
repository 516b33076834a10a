/* privilege.c: see privilege.h. Called by the zygote, first of all. */
#include "worker/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "worker/worker.h"

static int refused(const char *what, const char *name)
{
	fprintf(stderr, "zigttpd: cannot change to %s %s: %s\n", what, name, strerror(errno));
	return errno == EPERM ? EXIT_PERM : EXIT_OS;
}

static int unknown(const char *what, const char *name)
{
	fprintf(stderr, "zigttpd: no such %s: %s\n", what, name);
	return EXIT_CONFIG;
}

int privilege_drop(const struct settings *set)
{
	const struct passwd *pw = set->user ? getpwnam(set->user) : NULL;
	const struct group *gr = set->group ? getgrnam(set->group) : NULL;
	uid_t uid = pw ? pw->pw_uid : geteuid();
	gid_t gid = gr ? gr->gr_gid : pw ? pw->pw_gid : getegid();

	if (set->user && !pw)
		return unknown("user", set->user);
	if (set->group && !gr)
		return unknown("group", set->group);
	if (uid == geteuid() && uid == getuid() && gid == getegid() && gid == getgid())
		return 0;
	/* A user's further groups are his right; a group that was named instead of
	 * his own comes in the place of all of them. */
	if ((pw && !gr ? initgroups(set->user, gid) : setgroups(1, &gid)) != 0 || setresgid(gid, gid, gid) != 0)
		return refused("group", gr ? set->group : set->user);
	if (setresuid(uid, uid, uid) != 0)
		return refused("user", set->user);
	if (uid != 0 && (setuid(0) == 0 || geteuid() == 0)) { /* kept by a capability */
		fputs("zigttpd: the way back to root is still open\n", stderr);
		return EXIT_PERM;
	}
	return 0;
}
