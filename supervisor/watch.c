/* watch.c: saved files, by inotify on their directories. Used by main when the
 * setting `watch` is on.
 *
 * A file's own watch would be lost with the first editor that renames, so only
 * directories are watched, and an event is no more than a hint to look: what
 * counts is whether stat says something new. A file that is replaced is looked
 * at when 30 ms have passed without another event about it; a file that is
 * being written in place is not looked at before somebody has closed it. Once a
 * second everything is looked at without a hint: that finds directories that
 * were replaced, lost events, and file systems that tell nothing. */
#include "supervisor/watch.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/fd.h"

#define WATCH_MAGIC 0x57415443u
#define QUIET_S 0.030           /* after the last event about a file of ours */
#define PATIENCE_NS 500000000u  /* a file that never comes to rest is looked at all the same */
#define SCAN_S 1.0
#define MISSING_S 0.1           /* while a directory is away */
#define MASK (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

struct look { bool there; dev_t dev; ino_t ino; off_t size; int64_t mtime_ns, ctime_ns; };

struct dir {
	char *path;
	int wd;                  /* -1: away */
	dev_t dev;
	ino_t ino;
	bool wanted;
};

/* A file has two places when its name is a link: of the link, of the target. */
struct place { char *dir, *name; };
struct file {
	char *path;
	struct place place[2];   /* dir NULL: none */
	struct look known;       /* at the last call of `changed`, or when first seen */
	struct look last;        /* at the last scan without a hint */
};

struct watch {
	uint32_t magic;
	struct ev_loop *loop;
	void (*changed)(void *u, uint64_t began_ns);
	void *u;
	int fd;
	ev_io io;
	ev_timer quiet, scan;
	uint64_t began_ns;       /* of the hints that wait; 0: none */
	bool relevant;           /* one of them was about a file of ours */
	struct file *file;
	uint32_t nfiles, needed;
	struct dir *dir;
	uint32_t ndirs;
};

/* ---- looking -------------------------------------------------------------- */

static void look_at(const char *path, struct look *l)
{
	struct stat st;

	memset(l, 0, sizeof *l);
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	l->there = true;
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	l->size = st.st_size;
	l->mtime_ns = st.st_mtim.tv_sec * 1000000000ll + st.st_mtim.tv_nsec;
	l->ctime_ns = st.st_ctim.tv_sec * 1000000000ll + st.st_ctim.tv_nsec;
}

static bool same(const struct look *a, const struct look *b)
{
	return a->there == b->there && a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

/* ---- places --------------------------------------------------------------- */

static void *grown(void *p, size_t n)
{
	p = realloc(p, n);
	AN(p);
	return p;
}

static char *copy(const char *s, size_t n)
{
	char *p = strndup(s, n);

	AN(p);
	return p;
}

static void place_free(struct place *p)
{
	free(p->dir);
	free(p->name);
	*p = (struct place){ NULL, NULL };
}

static void place_of(const char *path, struct place *p)
{
	const char *slash = strrchr(path, '/');

	place_free(p);
	p->dir = !slash ? copy(".", 1) : slash == path ? copy("/", 1) : copy(path, (size_t)(slash - path));
	p->name = copy(slash ? slash + 1 : path, strlen(slash ? slash + 1 : path));
}

static void dir_want(struct watch *w, const char *path)
{
	uint32_t i;

	for (i = 0; i < w->ndirs; i++)
		if (strcmp(w->dir[i].path, path) == 0) {
			w->dir[i].wanted = true;
			return;
		}
	w->dir = grown(w->dir, (w->ndirs + 1) * sizeof w->dir[0]);
	w->dir[w->ndirs++] = (struct dir){ .path = copy(path, strlen(path)), .wd = -1, .wanted = true };
}

/* One inode has one watch, whatever names it is known by. */
static void dir_unwatch(struct watch *w, struct dir *d)
{
	int wd = d->wd;
	uint32_t i;

	d->wd = -1;
	if (wd < 0)
		return;
	for (i = 0; i < w->ndirs; i++)
		if (w->dir[i].wd == wd)
			return;
	inotify_rm_watch(w->fd, wd);
}

/* True: what lies in it has to be looked at anew. */
static bool dir_check(struct watch *w, struct dir *d)
{
	struct stat st;

	if (stat(d->path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		dir_unwatch(w, d);
		return false;
	}
	if (d->wd >= 0 && d->dev == st.st_dev && d->ino == st.st_ino)
		return false;
	dir_unwatch(w, d);
	d->wd = inotify_add_watch(w->fd, d->path, MASK);
	d->dev = st.st_dev;
	d->ino = st.st_ino;
	return d->wd >= 0;
}

/* Makes the watched directories those of the files, wherever links lead now.
 * True: some of them are new. */
static bool arrange(struct watch *w)
{
	char target[PATH_MAX];
	bool fresh = false;
	uint32_t i, k;

	for (i = 0; i < w->ndirs; i++)
		w->dir[i].wanted = false;
	for (i = 0; i < w->nfiles; i++) {
		struct file *f = &w->file[i];

		dir_want(w, f->place[0].dir);
		if (realpath(f->path, target)) /* away for now: the last target stays watched */
			place_of(target, &f->place[1]);
		if (f->place[1].dir)
			dir_want(w, f->place[1].dir);
	}
	for (i = k = 0; i < w->ndirs; i++) {
		struct dir *d = &w->dir[i];

		if (!d->wanted) {
			dir_unwatch(w, d);
			free(d->path);
			continue;
		}
		fresh |= dir_check(w, d);
		w->dir[k++] = *d;
	}
	w->ndirs = k;
	return fresh;
}

static bool is_away(const struct watch *w)
{
	uint32_t i;

	for (i = 0; i < w->ndirs; i++)
		if (w->dir[i].wd < 0)
			return true;
	return false;
}

/* ---- deciding ------------------------------------------------------------- */

static void timer_set(struct watch *w, ev_timer *t, double s)
{
	ev_timer_stop(w->loop, t);
	ev_timer_set(t, s, 0.);
	ev_timer_start(w->loop, t);
}

/* About a file of ours: it may not have come to rest, so the wait begins anew.
 * About others: a link to one of ours may have been turned; a busy directory
 * must not keep us from looking, nor make us look at what is being written. */
static void hint(struct watch *w, bool relevant)
{
	uint64_t now = clock_mono_ns();

	if (w->began_ns == 0 || (relevant && !w->relevant))
		w->began_ns = now;
	else if (!relevant || now - w->began_ns > PATIENCE_NS)
		return;
	w->relevant |= relevant;
	ev_now_update(w->loop);
	timer_set(w, &w->quiet, QUIET_S);
}

static void on_quiet(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct watch *w = t->data;
	uint64_t began = w->began_ns;
	bool relevant = w->relevant, differs = false, there = true;
	struct look now;
	uint32_t i;

	(void)loop, (void)revents;
	w->began_ns = 0;
	w->relevant = false;
	for (i = 0; i < w->nfiles; i++) {
		struct file *f = &w->file[i];

		look_at(f->path, &now);
		if (i >= w->needed && !now.there)
			continue;
		there &= now.there;
		differs |= relevant ? !same(&now, &f->known)
				    : now.there && (now.ino != f->known.ino || now.dev != f->known.dev);
	}
	if (!there || !differs) /* what is away comes back with an event */
		return;
	arrange(w);
	for (i = 0; i < w->nfiles; i++)
		look_at(w->file[i].path, &w->file[i].known);
	w->changed(w->u, began);
}

/* Without a hint: what has changed and then stayed as it is for a while. */
static void on_scan(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct watch *w = t->data;
	bool settled = arrange(w);
	struct look now;
	uint32_t i;

	(void)loop, (void)revents;
	for (i = 0; i < w->nfiles; i++) {
		struct file *f = &w->file[i];

		look_at(f->path, &now);
		settled |= now.there && !same(&now, &f->known) && same(&now, &f->last);
		f->last = now;
	}
	if (settled)
		hint(w, true);
	timer_set(w, &w->scan, is_away(w) ? MISSING_S : SCAN_S);
}

/* ---- events --------------------------------------------------------------- */

/* A file that is made to be written tells of it a second time when it is
 * closed; one that is there at once (a link) does not. */
static bool will_be_closed(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path || lstat(path, &st) != 0)
		return false;
	return S_ISREG(st.st_mode) && st.st_nlink == 1;
}

static bool is_ours(const struct watch *w, const char *dir, const char *name)
{
	uint32_t i, k;

	for (i = 0; i < w->nfiles; i++)
		for (k = 0; k < ARRAY_LEN(w->file[i].place); k++) {
			const struct place *p = &w->file[i].place[k];

			if (p->dir && strcmp(p->dir, dir) == 0 && strcmp(p->name, name) == 0)
				return true;
		}
	return false;
}

static void event(struct watch *w, const struct inotify_event *e)
{
	bool relevant = false;
	uint32_t i;

	if (e->mask & IN_Q_OVERFLOW) {
		hint(w, true);
		return;
	}
	for (i = 0; i < w->ndirs; i++) {
		struct dir *d = &w->dir[i];

		if (d->wd != e->wd)
			continue;
		if (e->mask & (IN_IGNORED | IN_UNMOUNT))
			d->wd = -1; /* the kernel has dropped it */
		else if (e->mask & IN_MOVE_SELF)
			d->ino = 0; /* to be watched by its name again */
		else if (e->len != 0 && is_ours(w, d->path, e->name))
			relevant |= !(e->mask & IN_CREATE) || !will_be_closed(d->path, e->name);
	}
	if (e->mask & (IN_IGNORED | IN_UNMOUNT | IN_MOVE_SELF | IN_DELETE_SELF))
		timer_set(w, &w->scan, 0.);
	else
		hint(w, relevant);
}

static void on_events(struct ev_loop *loop, ev_io *io, int revents)
{
	_Alignas(struct inotify_event) char text[16384];
	struct watch *w = io->data;
	ssize_t n, at;

	(void)loop, (void)revents;
	CHECK(w, WATCH_MAGIC);
	n = read(w->fd, text, sizeof text);
	for (at = 0; at < n;) {
		const struct inotify_event *e = (const void *)(text + at);

		event(w, e);
		at += (ssize_t)(sizeof *e + e->len);
	}
}

/* ---- making --------------------------------------------------------------- */

struct watch *watch_create(struct ev_loop *loop, void (*changed)(void *u, uint64_t began_ns), void *u)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	struct watch *w;

	if (fd < 0)
		return NULL;
	w = calloc(1, sizeof *w);
	AN(w);
	w->magic = WATCH_MAGIC;
	w->loop = loop;
	w->changed = changed;
	w->u = u;
	w->fd = fd;
	ev_io_init(&w->io, on_events, fd, EV_READ);
	ev_timer_init(&w->quiet, on_quiet, 0., 0.);
	ev_timer_init(&w->scan, on_scan, 0., 0.);
	w->io.data = w->quiet.data = w->scan.data = w;
	ev_io_start(loop, &w->io);
	return w;
}

static void file_free(struct file *f)
{
	free(f->path);
	place_free(&f->place[0]);
	place_free(&f->place[1]);
}

void watch_set(struct watch *w, const char *const *path, uint32_t n, uint32_t needed)
{
	struct file *old = w->file;
	uint32_t nold = w->nfiles, i, k;

	CHECK(w, WATCH_MAGIC);
	w->file = n ? calloc(n, sizeof w->file[0]) : NULL;
	AN(w->file || n == 0);
	w->nfiles = n;
	w->needed = needed;
	for (i = 0; i < n; i++) {
		struct file *f = &w->file[i];

		f->path = copy(path[i], strlen(path[i]));
		place_of(f->path, &f->place[0]);
		look_at(f->path, &f->known);
		for (k = 0; k < nold; k++)
			if (strcmp(old[k].path, f->path) == 0)
				f->known = old[k].known;
		f->last = f->known;
	}
	for (k = 0; k < nold; k++)
		file_free(&old[k]);
	free(old);
	arrange(w);
	hint(w, true); /* a file may have been saved while nobody watched */
	timer_set(w, &w->scan, SCAN_S);
}

void watch_free(struct watch **pw)
{
	struct watch *w = *pw;
	uint32_t i;

	if (!w)
		return;
	ev_io_stop(w->loop, &w->io);
	ev_timer_stop(w->loop, &w->quiet);
	ev_timer_stop(w->loop, &w->scan);
	fd_close(&w->fd);
	for (i = 0; i < w->nfiles; i++)
		file_free(&w->file[i]);
	for (i = 0; i < w->ndirs; i++)
		free(w->dir[i].path);
	free(w->file);
	free(w->dir);
	free(w);
	*pw = NULL;
}
