/* answers.h: how responses are named in the response cache (shm/cache.h).
 *
 *   path record      key: instance, app, path   value: up to 4 read sets, most
 *                    recently useful first, and why a response was not kept
 *   response record  key: the path's key, a read set, a request's answers to it
 *                    head: header lines; body; packed: the body in gzip
 *
 * instance is a random number of the zygote: another snapshot, other answers. */
#ifndef SHM_ANSWERS_H
#define SHM_ANSWERS_H

#include "shm/cache.h"
#include "shm/deps.h"

#define ANSWER_SETS 4
#define ANSWER_WHERE 160

enum answer_kind { ANSWER_PATH = 1, ANSWER_RESPONSE };
/* cache_meta.flags of a response */
enum { ANSWER_WEAK_TAG = 1 };

enum bypass {
	BYPASS_NONE,
#define BYPASS(name, label, text) BYPASS_##name,
#include "shm/bypass.def"
#undef BYPASS
	BYPASS__N
};
const char *bypass_label(enum bypass b);
const char *bypass_text(enum bypass b);

struct answers {
	uint32_t n;
	uint32_t why;                    /* enum bypass: the last response that was not kept */
	uint64_t why_until_ns;           /* believed until then */
	char where[ANSWER_WHERE];        /* "file:line:col", or "" */
	struct deps set[ANSWER_SETS];
};

/* Takes the next element of a comma-separated list of directives (RFC 9111 5.2):
 * its name in any case, and what stands behind "=". */
bool directive_next(struct sv *list, struct sv *name, struct sv *arg);
/* Does the request itself want no answer from a cache? */
bool answers_bypassed(const struct deps_input *in);

/* out := the key of a path. */
void answers_path(struct buf *out, uint64_t instance, uint32_t app, struct sv path);
/* out := the key of the response to `in`, by one read set. */
void answers_key(struct buf *out, struct sv path_key, const struct deps *set, const struct deps_input *in);
/* Reads a path's record (cache_key of answers_path); false: there is none, and *a
 * is empty. */
bool answers_load(struct cache *c, const struct cache_key *path, uint64_t now_ns, struct answers *a);
bool answers_store(struct cache *c, const struct cache_key *path, uint64_t now_ns, uint64_t ttl_ns,
		   const struct answers *a);
/* Puts a set in front, dropping the last one when there are too many. */
void answers_front(struct answers *a, const struct deps *set);

#endif
