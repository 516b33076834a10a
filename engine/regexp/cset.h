/* cset.h: sets of code points as sorted ranges, for the compiler of patterns. The
 * memory is the compilation's arena. */
#ifndef ENGINE_REGEXP_CSET_H
#define ENGINE_REGEXP_CSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct cset { uint32_t *r; uint32_t n, cap; };   /* n pairs, both ends inclusive */

#define CP_MAX 0x10FFFFu

/* Adds a range; the set is in order again only after cset_norm. */
void cset_add(struct arena *a, struct cset *s, uint32_t lo, uint32_t hi);
void cset_add_all(struct arena *a, struct cset *s, const struct cset *t);
void cset_norm(struct cset *s);
/* The rest work on sets in order and keep them so. */
void cset_invert(struct arena *a, struct cset *s, uint32_t max);
void cset_intersect(struct arena *a, struct cset *s, const struct cset *t);
void cset_subtract(struct arena *a, struct cset *s, const struct cset *t);
bool cset_has(const struct cset *s, uint32_t c);
bool cset_disjoint(const struct cset *s, const struct cset *t);
/* Adds everything that Canonicalize (22.2.2.7.3) makes equal to a member. */
void cset_close(struct arena *a, struct cset *s, bool unicode);

uint32_t re_canonical(uint32_t c, bool unicode);

#endif
