/* id.c: zigttp:id. Called by scripts. */
#include "base/clock.h"
#include "base/random.h"
#include "modules/parts.h"

static bool draw(struct zigts *vm, void *to, size_t n)
{
	int e = random_fill(to, n);

	if (e != 0)
		zigts_throw(vm, ZIGTS_ERROR, "the system gives no randomness: %s", strerror(e));
	return e == 0;
}

/* The first six bytes: the time in milliseconds. */
static void stamp(unsigned char b[16])
{
	uint64_t ms = clock_wall_ns() / 1000000;

	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
}

static zigts_val uuid_text(struct zigts *vm, unsigned char b[16], int version)
{
	char text[36];

	random_uuid(b, version, text);
	return zigts_string(vm, text, sizeof text);
}

zigts_val id_uuid(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char b[16];

	(void)a, (void)argc;
	return draw(vm, b, sizeof b) ? uuid_text(vm, b, 4) : ZIGTS_EXC;
}

zigts_val id_uuid7(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char b[16];

	(void)a, (void)argc;
	if (!draw(vm, b, sizeof b))
		return ZIGTS_EXC;
	stamp(b);
	return uuid_text(vm, b, 7);
}

/* 128 bits as 26 digits of Crockford's base 32, the first of which has 3 bits. */
zigts_val id_ulid(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	static const char digit[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char b[16];
	unsigned __int128 n = 0;
	char text[26];

	(void)a, (void)argc;
	if (!draw(vm, b, sizeof b))
		return ZIGTS_EXC;
	stamp(b);
	for (int i = 0; i < 16; i++)
		n = n << 8 | b[i];
	for (int i = 25; i >= 0; i--, n >>= 5)
		text[i] = digit[n & 31];
	return zigts_string(vm, text, sizeof text);
}

/* Letters of the alphabet are equally likely: random bytes beyond its last multiple
 * are thrown away. */
zigts_val id_nanoid(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv alphabet = SV("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-");
	unsigned char random[256];
	struct buf b = BUF_INIT;
	double n = 21;
	unsigned limit;

	if (ZIGTS_ARG(0) != ZIGTS_UNDEF && !mod_number(vm, ZIGTS_ARG(0), "nanoid: the length", 1, 65536, &n))
		return ZIGTS_EXC;
	if (ZIGTS_ARG(1) != ZIGTS_UNDEF && !(alphabet = mod_string(vm, ZIGTS_ARG(1), "nanoid: the alphabet")).p)
		return ZIGTS_EXC;
	if (alphabet.n < 2 || alphabet.n > 256)
		return zigts_throw(vm, ZIGTS_RANGE_ERROR, "nanoid: the alphabet must have 2 to 256 letters");
	for (size_t i = 0; i < alphabet.n; i++)
		if ((unsigned char)alphabet.p[i] > 126)
			return zigts_throw(vm, ZIGTS_RANGE_ERROR, "nanoid: the alphabet must be ASCII");
	limit = 256 / (unsigned)alphabet.n * (unsigned)alphabet.n;
	while (b.len < (size_t)n) {
		if (!draw(vm, random, sizeof random)) {
			buf_free(&b);
			return ZIGTS_EXC;
		}
		for (size_t i = 0; i < sizeof random && b.len < (size_t)n; i++)
			if (random[i] < limit)
				buf_putc(&b, alphabet.p[random[i] % alphabet.n]);
	}
	return mod_text(vm, &b);
}
