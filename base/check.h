/* check.h: asserts that stay on in production, and compiler hints.
 *
 * AN/AZ/CHECK state what cannot happen: they end the process with a message
 * that names the expression, file and line. What can happen is handled by the
 * caller and never asserted. Leaf: includes nothing of the project. */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#include <stddef.h>
#include <stdint.h>

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define NOINLINE    __attribute__((noinline))
#define COLD        __attribute__((noinline, cold))
#define NORETURN    __attribute__((noreturn))
#define UNUSED      __attribute__((unused))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Prints "panic: EXPR (FILE:LINE)" on standard error with write(2) and aborts.
 * Async-signal-safe. */
NORETURN void check_fail(const char *expr, const char *file, int line);

/* Assert non-zero. The operand is evaluated exactly once, in every build. */
#define AN(x) do { if (unlikely(!(x))) check_fail(#x, __FILE__, __LINE__); } while (0)
/* Assert zero: for calls whose failure would be a bug of ours (close(2) on an
 * fd we own, pthread_mutex_unlock on a lock we hold). */
#define AZ(x) do { if (unlikely((x) != 0)) check_fail(#x " == 0", __FILE__, __LINE__); } while (0)
/* Long-lived structs carry `uint32_t magic`; check it where one is entered. */
#define CHECK(p, m) do { AN((p) != NULL); AN((p)->magic == (m)); } while (0)
#define UNREACHABLE() check_fail("unreachable", __FILE__, __LINE__)

#endif
