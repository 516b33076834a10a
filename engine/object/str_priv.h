/* str_priv.h: what the files that make strings share; private to engine/object. */
#ifndef ENGINE_OBJECT_STR_PRIV_H
#define ENGINE_OBJECT_STR_PRIV_H

#include "engine/object/shape.h"
#include "engine/object/str.h"

#define STR_COPY_MAX 24u   /* units; results up to here are flat copies */

/* Does the cell lie in the half that is being allocated in? Only such cells may
 * take invisible caches (hash, atom link) and appended units. */
static inline bool str_is_current(const struct vm *vm, const void *s)
{
	return (uintptr_t)s - (uintptr_t)vm->heap.half_base < HEAP_HALF;
}

static inline bool str_is_wide(const struct str *s)
{
	switch (s->h.kind) {
	case KIND_STR16:
		return true;
	case KIND_SLICE:
		return ((const struct slice *)s)->parent.v->h.kind == KIND_STR16;
	case KIND_ROPE:
		return (s->h.flags.v & CF_STR_WIDE) != 0;
	default:
		return false;
	}
}

/* The view of a string that is not a rope. */
static inline struct sview str_flat_view(const struct str *s)
{
	struct sview v;
	uint32_t off = 0;

	v.len = s->len.v;
	v.wide = false;
	if (s->h.kind == KIND_EXT8) {
		v.p8 = ((const struct ext8 *)s)->p.v;
		return v;
	}
	if (s->h.kind == KIND_SLICE) {
		off = ((const struct slice *)s)->off.v;
		s = ((const struct slice *)s)->parent.v;
	}
	if (s->h.kind == KIND_STR8) {
		v.p8 = ((const struct str8 *)s)->c + off;
	} else {
		v.p16 = ((const struct str16 *)s)->c + off;
		v.wide = true;
	}
	return v;
}

static inline struct sview sview_of8(const void *p, uint32_t n)
{
	return (struct sview){ .p8 = p, .len = n, .wide = false };
}

/* Are all units of [p, p+n) below `lim`, a power of two? */
bool units_below(const uint16_t *p, size_t n, uint32_t lim);
/* Copies v to dst as 16-bit (wide) or 8-bit units; narrowing is the caller's claim. */
void sview_copy(struct sview v, void *dst, bool wide);
/* memcpy of what is mostly short, without a call then. */
static inline void copy_bytes(void *dst, const void *src, size_t n)
{
	char *d = dst;
	const char *s = src;
	uint64_t a, b;
	uint32_t c, e;

	if (n > 16) {
		memcpy(d, s, n);
	} else if (n >= 8) {
		memcpy(&a, s, 8);
		memcpy(&b, s + n - 8, 8);
		memcpy(d, &a, 8);
		memcpy(d + n - 8, &b, 8);
	} else if (n >= 4) {
		memcpy(&c, s, 4);
		memcpy(&e, s + n - 4, 4);
		memcpy(d, &c, 4);
		memcpy(d + n - 4, &e, 4);
	} else if (n != 0) {
		d[0] = s[0];
		d[n >> 1] = s[n >> 1];
		d[n - 1] = s[n - 1];
	}
}
/* Bytes of the cell of a flat string with n units of room. */
static inline size_t str_flat_size(uint32_t n, bool wide)
{
	return (sizeof(struct str) + (wide ? 2 * (size_t)n : (size_t)n + 1) + 7) & ~(size_t)7;
}

#endif
