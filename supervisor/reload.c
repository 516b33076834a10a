/* reload.c: see reload.h. */
#include "supervisor/reload.h"

#include "base/log.h"

static const struct options *options;
static const struct config *first;   /* the lasting settings are its */

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
