/* arena.h: a bump allocator on malloc'd chunks, for what dies together (the
 * AST and scopes of one compilation). Nothing is freed singly. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;
struct arena { struct arena_chunk *chunks; char *next, *end; size_t total; };

#define ARENA_INIT { NULL, NULL, NULL, 0 }

/* n bytes, zeroed, aligned to 8. Never fails (ends the process when out of
 * memory): callers bound their input. */
void *arena_alloc(struct arena *a, size_t n);
/* A copy of n bytes with a NUL behind them. */
char *arena_strndup(struct arena *a, const char *p, size_t n);
/* Frees every chunk; the arena is empty and usable afterwards. */
void arena_free(struct arena *a);

#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))

#endif
