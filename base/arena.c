/* arena.c: chunks of the bump allocator. Leaf. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define CHUNK_MIN (2u << 10)
#define CHUNK_MAX (64u << 10)

struct arena_chunk { struct arena_chunk *prev; size_t size; };

void *arena_alloc(struct arena *a, size_t n)
{
	char *p;

	n = n ? (n + 7) & ~(size_t)7 : 8;
	if (unlikely((size_t)(a->end - a->next) < n)) {
		/* Each chunk as large as all before it: small texts are compiled often. */
		size_t size = a->total < CHUNK_MIN ? CHUNK_MIN : a->total > CHUNK_MAX ? CHUNK_MAX : a->total;
		struct arena_chunk *c;

		size = sizeof *c + (n > size ? n : size);
		c = malloc(size);
		AN(c);
		c->prev = a->chunks;
		c->size = size;
		a->chunks = c;
		a->total += size;
		a->next = (char *)(c + 1);
		a->end = (char *)c + size;
	}
	p = a->next;
	a->next += n;
	memset(p, 0, n);
	return p;
}

char *arena_strndup(struct arena *a, const char *p, size_t n)
{
	char *s = arena_alloc(a, n + 1);

	memcpy(s, p, n);
	return s;
}

void arena_free(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->prev;
		free(c);
	}
	*a = (struct arena)ARENA_INIT;
}
