/* fuzz_regexp.c: patterns compiled and run on texts. Input: a byte of flags, a byte
 * that says where the pattern ends, the pattern, the text. The same text in 8 and in
 * 16 bits must give the same answer, and captures must lie in the text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/api/api.h"
#include "engine/regexp/regexp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __lsan_is_turned_off(void);

/* The machine lives as long as the process. */
int __lsan_is_turned_off(void) { return 1; }

static struct zigts *machine(void)
{
	static struct zigts *z;
	struct zigts_config cfg = { .memory_limit = 64u << 20 };

	if (z == NULL) {
		z = zigts_new(&cfg);
		AN(z != NULL);
		AZ(zigts_freeze(z));
	}
	return z;
}

/* Ends a run after some work, so that no input takes long. */
static int tick(void *u, int64_t cost)
{
	int64_t *budget = u;

	*budget -= cost;
	return *budget < 0;
}

static int run(struct vm *vm, const struct re_prog *p, struct re_text t, int32_t *cap)
{
	int64_t budget = 2000000;
	struct re_host host = { &vm->heap, tick, &budget };
	int r = re_exec(p, t, 0, (re_flags(p) & RE_Y) != 0, cap, &host);

	for (uint32_t i = 0; r == RE_MATCH && i < 2 * re_groups(p); i++)
		AN(cap[i] >= -1 && cap[i] <= (int32_t)t.len);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zigts *z = machine();
	struct vm *vm = vm_of(z);
	struct re_error err;
	struct re_prog *p;
	uint32_t flags, n, len;
	const uint8_t *text;

	if (size < 2 || size > 4096)
		return 0;
	flags = data[0];
	n = data[1] < size - 2 ? data[1] : (uint32_t)size - 2;
	text = data + 2 + n;
	len = (uint32_t)size - 2 - n;
	if ((flags & RE_U) && (flags & RE_V))
		flags &= ~(uint32_t)RE_V;
	p = re_compile((struct re_text){ .p8 = data + 2, .len = n, .wide = false }, flags, vm->c_limit, &err);
	if (p == NULL)
		return 0;
	zigts_begin(z, NULL);
	{
		int32_t *a = malloc(re_groups(p) * 8), *b = malloc(re_groups(p) * 8);
		uint16_t *wide = malloc((len + 1) * 2);
		int r, s;

		AN(a && b && wide);
		for (uint32_t i = 0; i < len; i++)
			wide[i] = text[i];
		r = run(vm, p, (struct re_text){ .p8 = text, .len = len, .wide = false }, a);
		s = run(vm, p, (struct re_text){ .p16 = wide, .len = len, .wide = true }, b);
		if (r >= 0 && s >= 0) {
			AN(r == s);
			AN(r == 0 || memcmp(a, b, re_groups(p) * 8) == 0);
		}
		free(a);
		free(b);
		free(wide);
	}
	zigts_end(z);
	re_free(p);
	return 0;
}
