/* fuzz_json.c: JSON both ways inside a request on a frozen machine. What parses must
 * stringify to a text that parses, and from there on the text is a fixpoint; parsed
 * as UTF-8 bytes and as a JavaScript string the results are the same. The first byte
 * says how often the input is repeated, as elements of an array, so that predicted
 * shapes are met again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/api/api.h"
#include "engine/builtins/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __lsan_is_turned_off(void);

/* The machine lives as long as the process, and its tables hang from mappings that
 * the leak checker does not search. */
int __lsan_is_turned_off(void) { return 1; }

static struct zigts *machine(void)
{
	static struct zigts *z;
	struct zigts_config cfg = { .memory_limit = 64u << 20, .verify_snapshot = true };

	if (z == NULL) {
		z = zigts_new(&cfg);
		AN(z != NULL);
		AZ(zigts_freeze(z));
	}
	return z;
}

/* JSON.stringify; NULL: it threw (too deep, out of memory). */
static const char *text_of(struct vm *vm, val v, size_t *n)
{
	const char *p;

	return json_stringify_utf8(vm, v, &p, n) == 0 ? p : NULL;
}

static void round_trip(struct vm *vm, const char *src, size_t n)
{
	val v = json_parse_utf8(vm, src, n), w;
	const char *p, *q;
	size_t np, nq;

	if (v == V_EXC)
		return;
	p = text_of(vm, v, &np);
	if (p == NULL)
		return;
	w = str_from_utf8(vm, p, np, true);
	if (w == V_EXC)
		return;
	w = json_parse_str(vm, v_tostr(w), false);
	AN(w != V_EXC || vm->term || (vm->taint & EFF_RESOURCE));
	if (w == V_EXC)
		return;
	q = text_of(vm, w, &nq);
	if (q == NULL)
		return;
	AN(np == nq && memcmp(p, q, np) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zigts *z = machine();
	struct vm *vm = vm_of(z);
	size_t n, times;
	char *src;

	if (size < 1)
		return 0;
	/* [input,input,…] */
	n = size - 1;
	times = data[0] % 4;
	src = malloc(times * (n + 1) + n + 2);
	AN(src != NULL);
	zigts_begin(z, NULL);
	if (times == 0) {
		memcpy(src, data + 1, n);
		round_trip(vm, src, n);
	} else {
		size_t at = 0;

		for (size_t i = 0; i < times; i++) {
			src[at++] = i == 0 ? '[' : ',';
			memcpy(src + at, data + 1, n);
			at += n;
		}
		src[at++] = ']';
		round_trip(vm, src, at);
	}
	zigts_end(z);
	free(src);
	return 0;
}
