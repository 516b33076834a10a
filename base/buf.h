/* buf.h: a growable byte buffer on malloc. The owner calls buf_free.
 * Out of memory ends the process (like every small malloc of the project):
 * callers bound what they put in. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/sv.h"

struct buf { char *p; size_t len, cap; };

#define BUF_INIT { NULL, 0, 0 }

/* Makes room for n more bytes and returns where they go; len is unchanged. */
char *buf_reserve(struct buf *b, size_t n);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);
/* Appends cp as UTF-8 (a lone surrogate as its three-byte form, WTF-8). */
void buf_put_utf8(struct buf *b, uint32_t cp);
/* NUL-terminates (the NUL is not counted in len) and returns the bytes. */
char *buf_cstr(struct buf *b);
/* Releases the memory and leaves an empty, usable buffer. */
void buf_free(struct buf *b);

static inline void buf_put(struct buf *b, const void *p, size_t n)
{
	if (n != 0) {
		memcpy(buf_reserve(b, n), p, n);
		b->len += n;
	}
}

static inline void buf_putc(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}

static inline void buf_puts(struct buf *b, const char *s) { buf_put(b, s, strlen(s)); }
static inline void buf_put_sv(struct buf *b, struct sv s) { buf_put(b, s.p, s.n); }
static inline struct sv buf_sv(const struct buf *b) { return (struct sv){ b->p, b->len }; }

#endif
