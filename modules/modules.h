/* modules.h: the modules "zigttp:NAME" that programs can import. Native, over the
 * engine's public interface (zigts.h); what they export is in exports.def, with the
 * effects that the dependency trace needs. Called by the server (worker/dispatch.c)
 * and by `zigttp`. */
#ifndef MODULES_MODULES_H
#define MODULES_MODULES_H

#include "base/log.h"
#include "engine/include/zigts.h"

struct kv;
/* The stores (shm/kv.h) of zigttp:cache and zigttp:ratelimit. Not called, or NULL: private
 * ones are made when they are first used. */
void modules_set_stores(struct kv *cache, struct kv *rates);
/* Makes them importable. Before the program is loaded. Programs of different `app` do not
 * see each other's keys; it must stay. */
void modules_install(struct zigts *vm, const char *app);
/* All of them, in the order of their names. */
extern const struct zigts_module *const modules_all[];
extern const uint32_t modules_count;

/* Where zigttp:log writes: whole lines with their end. NULL: standard error. */
void modules_set_log(void (*put)(enum log_level level, const char *p, size_t n));

#endif
