/* idmap.h: a small open-addressing hash in malloc'd memory, (64-bit, 32-bit) key
 * → non-zero 32-bit id. Engine space: never rolled back; keys that are addresses
 * are only compared. Private to engine/object. */
#ifndef ENGINE_OBJECT_IDMAP_H
#define ENGINE_OBJECT_IDMAP_H

#include <stdlib.h>

#include "base/hash.h"
#include "engine/heap/value.h"

struct idmap_ent { uint64_t a; uint32_t b, id; };   /* id 0: empty */
struct idmap { struct idmap_ent *e; uint32_t mask, n; };

static inline uint32_t idmap_at(const struct idmap *m, uint64_t a, uint32_t b)
{
	uint32_t i = (uint32_t)hash_u64(a ^ (uint64_t)b << 40 ^ b) & m->mask;

	while (m->e[i].id != 0 && (m->e[i].a != a || m->e[i].b != b))
		i = (i + 1) & m->mask;
	return i;
}

/* 0: absent. */
static inline uint32_t idmap_get(const struct idmap *m, uint64_t a, uint32_t b)
{
	return m->n == 0 ? 0 : m->e[idmap_at(m, a, b)].id;
}

/* The key must be absent. Ends the process when out of memory: callers are bounded. */
static inline void idmap_put(struct idmap *m, uint64_t a, uint32_t b, uint32_t id)
{
	uint32_t i;

	if (m->e == NULL || m->n >= m->mask / 2) {
		struct idmap g = { NULL, m->e == NULL ? 31 : m->mask * 2 + 1, m->n };

		g.e = calloc((size_t)g.mask + 1, sizeof *g.e);
		AN(g.e);
		for (i = 0; m->e != NULL && i <= m->mask; i++) {
			if (m->e[i].id != 0)
				g.e[idmap_at(&g, m->e[i].a, m->e[i].b)] = m->e[i];
		}
		free(m->e);
		*m = g;
	}
	i = idmap_at(m, a, b);
	m->e[i] = (struct idmap_ent){ a, b, id };
	m->n++;
}

/* Empties it, keeping a small table for the next use. */
static inline void idmap_clear(struct idmap *m)
{
	if (m->n == 0)
		return;
	if (m->mask > 1023) {
		free(m->e);
		*m = (struct idmap){ NULL, 0, 0 };
		return;
	}
	memset(m->e, 0, ((size_t)m->mask + 1) * sizeof *m->e);
	m->n = 0;
}

static inline void idmap_free(struct idmap *m)
{
	free(m->e);
	*m = (struct idmap){ NULL, 0, 0 };
}

#endif
