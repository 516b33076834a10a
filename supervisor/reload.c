/* reload.c: see reload.h. */
#include "supervisor/reload.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "supervisor/watch.h"

#define FILES_MAX 2048               /* watched; APPS_MAX and the configuration among them */

static const struct options *options;
static const struct config *first;   /* the lasting settings are its */
static struct watch *watch;          /* NULL: nothing is watched */
static struct ev_loop *watched_loop;
static struct pool *const *watched;
static uint64_t saved_ns;            /* of the save that is being loaded */

void reload_init(const struct options *o, const struct config *running)
{
	options = o;
	first = running;
}

static void release(struct settings *set)
{
	struct config *c = (struct config *)(void *)set; /* its first member */

	config_free(&c);
}

void reload_begin(struct pool *p, pool_done *done, void *u)
{
	struct buf text = BUF_INIT;
	struct config *c;

	if (settings_load(options, &c, &text) != 0) {
		pool_refuse(p, done, u, buf_cstr(&text));
		buf_free(&text);
		return;
	}
	settings_keep(c, first, &text);
	if (text.len != 0)
		log_warn("changes only when the server is started again: " SV_FMT, SV_ARG(buf_sv(&text)));
	buf_free(&text);
	pool_reload(p, &c->set, release, done, u);
}

const struct config *reload_in_force(const struct pool *p)
{
	return (const struct config *)(const void *)pool_settings(p); /* its first member */
}

static void on_taken(void *u, bool ok, const char *text)
{
	(void)u, (void)text; /* why not has been said */
	if (ok && !pool_settings(*watched)->quiet)
		log_info("reloaded in %u ms", (unsigned)((clock_mono_ns() - saved_ns) / 1000000));
}

static void on_saved(void *u, uint64_t began_ns)
{
	(void)u;
	if (!*watched || pool_stopping(*watched))
		return;
	saved_ns = began_ns;
	reload_begin(*watched, on_taken, NULL);
}

/* The files of a handler beside its own. */
struct list { const char *path[FILES_MAX]; uint32_t n; };

static void add(void *u, const char *path)
{
	struct list *l = u;
	uint32_t i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->path[i], path) == 0)
			return;
	if (l->n < FILES_MAX)
		l->path[l->n++] = path;
}

static void follow(const struct config *c)
{
	static struct list l;
	uint32_t needed, i;

	if (!c->set.watch) {
		watch_free(&watch);
		return;
	}
	if (!watch)
		watch = watch_create(watched_loop, on_saved, NULL);
	if (!watch) {
		log_warn("files cannot be watched: inotify: %s", strerror(errno));
		return;
	}
	l.n = 0;
	if (c->file)
		add(&l, c->file);
	for (i = 0; i < c->set.napps; i++)
		if (c->set.app[i].handler)
			add(&l, c->set.app[i].handler);
	needed = l.n;
	if (*watched)
		pool_files(*watched, add, &l);
	watch_set(watch, l.path, l.n, needed);
}

void reload_watch(struct ev_loop *loop, const struct config *c, struct pool *const *p)
{
	watched_loop = loop;
	watched = p;
	follow(c);
}

void reload_watch_again(void) { follow(reload_in_force(*watched)); }
