/* sha256.h: SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104). Uses the processor's
 * instructions where it has them. Pure. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

struct sha256 { uint32_t h[8]; uint64_t n; unsigned char block[64]; };

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
void sha256_end(struct sha256 *s, unsigned char out[SHA256_SIZE]);
void sha256_hmac(const void *key, size_t nkey, const void *p, size_t n, unsigned char out[SHA256_SIZE]);
/* Are the bytes equal? Takes as long whatever they are. */
int sha256_same(const void *a, const void *b, size_t n);
/* For tests: without the processor's instructions from now on. */
void sha256_plain(void);

#endif
