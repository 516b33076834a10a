/* name_hash.h: the hash of interned names, computed by the lexer while it scans
 * an identifier and by ast.c for everything else. Private to engine/front. */
#ifndef ENGINE_FRONT_NAME_HASH_H
#define ENGINE_FRONT_NAME_HASH_H

#include "engine/front/ast.h"

#define NAME_HASH_INIT 0x2545F491u

static inline uint32_t name_hash_step(uint32_t h, unsigned char c)
{
	return (h ^ c) * 0x9E3779B1u;
}

static inline uint32_t name_hash_end(uint32_t h)
{
	return h ^ h >> 15;
}

/* Finds or makes the name of these bytes, whose hash the caller has. */
struct name *name_lookup(struct names *t, const char *p, size_t n, uint32_t hash);

#endif
