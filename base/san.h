/* san.h: what the address and leak sanitizers must be told. BASE_ASAN is defined
 * when the build has them. They look for pointers in malloc'd memory, globals and
 * stacks only. Leaf: includes nothing of the project. */
#ifndef BASE_SAN_H
#define BASE_SAN_H

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BASE_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define BASE_ASAN 1
#endif

#ifdef BASE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif

/* Mapped memory at p holds the only pointers to malloc'd memory; until san_leaf. */
static inline void san_root(const void *p, size_t n)
{
#ifdef BASE_ASAN
	__lsan_register_root_region(p, n);
#else
	(void)p;
	(void)n;
#endif
}

/* With the same arguments, before the memory is unmapped. */
static inline void san_leaf(const void *p, size_t n)
{
#ifdef BASE_ASAN
	__lsan_unregister_root_region(p, n);
#else
	(void)p;
	(void)n;
#endif
}

#endif
