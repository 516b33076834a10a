/* utf.h: UTF-8 and UTF-16 coding (RFC 3629; WTF-8 where JavaScript strings
 * with lone surrogates must survive a round trip). Pure functions. */
#ifndef BASE_UTF_H
#define BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF_REPLACEMENT 0xFFFDu

/* Writes 1..4 bytes; surrogates are written as three bytes. */
int utf8_encode(char *out, uint32_t cp);
/* Decodes one code point at p (n >= 1 bytes are readable). Returns the bytes
 * consumed and stores the code point. Ill-formed input consumes the maximal
 * subpart (Unicode 3.9, the WHATWG rule) and stores UTF_REPLACEMENT. With
 * wtf8, three-byte surrogates are accepted as themselves. */
int utf8_decode(const char *p, size_t n, bool wtf8, uint32_t *cp);
/* Length of the leading run of bytes below 0x80. */
size_t utf8_ascii_prefix(const char *p, size_t n);
/* What a string of n UTF-8 bytes needs as UTF-16 code units; *latin1 is set
 * when every code point is below 0x100. */
size_t utf8_measure(const char *p, size_t n, bool wtf8, bool *latin1);

static inline bool utf16_is_high(uint32_t c) { return (c & 0xFFFFFC00u) == 0xD800u; }
static inline bool utf16_is_low(uint32_t c) { return (c & 0xFFFFFC00u) == 0xDC00u; }
static inline uint32_t utf16_join(uint32_t hi, uint32_t lo)
{
	return 0x10000u + ((hi & 0x3FFu) << 10) + (lo & 0x3FFu);
}

#endif
