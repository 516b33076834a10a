/* hash.c: SipHash-1-3. Leaf. */
#include "base/hash.h"

#include <string.h>
#include <sys/random.h>

#include "base/check.h"

#define ROTL(x, b) ((x) << (b) | (x) >> (64 - (b)))

struct sip { uint64_t a, b, c, d; };

static inline void sip_round(struct sip *s)
{
	s->a += s->b; s->b = ROTL(s->b, 13); s->b ^= s->a; s->a = ROTL(s->a, 32);
	s->c += s->d; s->d = ROTL(s->d, 16); s->d ^= s->c;
	s->a += s->d; s->d = ROTL(s->d, 21); s->d ^= s->a;
	s->c += s->b; s->b = ROTL(s->b, 17); s->b ^= s->c; s->c = ROTL(s->c, 32);
}

void hash_key_random(struct hash_key *k)
{
	AN(getrandom(k, sizeof *k, 0) == (ssize_t)sizeof *k);
}

uint64_t hash_sip13(const struct hash_key *k, const void *p, size_t n)
{
	const unsigned char *in = p;
	struct sip s = {
		k->k0 ^ 0x736f6d6570736575ull, k->k1 ^ 0x646f72616e646f6dull,
		k->k0 ^ 0x6c7967656e657261ull, k->k1 ^ 0x7465646279746573ull,
	};
	uint64_t m, last = (uint64_t)n << 56;
	size_t left = n & 7;
	const unsigned char *end = in + (n - left);

	for (; in != end; in += 8) {
		memcpy(&m, in, 8);
		s.d ^= m;
		sip_round(&s);
		s.a ^= m;
	}
	for (size_t i = 0; i < left; i++)
		last |= (uint64_t)in[i] << (8 * i);
	s.d ^= last;
	sip_round(&s);
	s.a ^= last;
	s.c ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.a ^ s.b ^ s.c ^ s.d;
}

uint64_t hash_sip13_u16(const struct hash_key *k, const uint16_t *p, size_t n)
{
	return hash_sip13(k, p, n * 2);
}
