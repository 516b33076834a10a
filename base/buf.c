/* buf.c: growth and formatting of byte buffers. Leaf. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf.h"

char *buf_reserve(struct buf *b, size_t n)
{
	if (unlikely(b->cap - b->len < n)) {
		size_t cap = b->cap ? b->cap : 64;

		AN(n < SIZE_MAX / 4);
		while (cap - b->len < n)
			cap *= 2;
		b->p = realloc(b->p, cap);
		AN(b->p);
		b->cap = cap;
	}
	return b->p + b->len;
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(buf_reserve(b, 128), 128, fmt, ap);
	AN(n >= 0);
	if (n >= 128)
		vsnprintf(buf_reserve(b, (size_t)n + 1), (size_t)n + 1, fmt, again);
	va_end(again);
	b->len += (size_t)n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void buf_put_utf8(struct buf *b, uint32_t cp)
{
	b->len += (size_t)utf8_encode(buf_reserve(b, 4), cp);
}

char *buf_cstr(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->p;
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf)BUF_INIT;
}
