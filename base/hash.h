/* hash.h: keyed hashing. SipHash-1-3 (Aumasson, Bernstein 2012) for tables fed
 * by strangers; the key is drawn once per boot, in the zygote. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key { uint64_t k0, k1; };

/* Fills the key from getrandom(2). */
void hash_key_random(struct hash_key *k);
uint64_t hash_sip13(const struct hash_key *k, const void *p, size_t n);
/* The same hash as hash_sip13 over the bytes' widening to 16-bit units would
 * NOT give: callers that mix widths narrow first. n counts units. */
uint64_t hash_sip13_u16(const struct hash_key *k, const uint16_t *p, size_t n);

/* Integer finaliser (Stafford's Mix13): for tables keyed by trusted integers. */
static inline uint64_t hash_u64(uint64_t x)
{
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
	x = (x ^ x >> 27) * 0x94D049BB133111EBull;
	return x ^ x >> 31;
}

#endif
