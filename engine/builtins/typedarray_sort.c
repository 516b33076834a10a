/* typedarray_sort.c: sort and toSorted of %TypedArray%.prototype (ECMA-262 23.2.3.29).
 * Without a comparison function the elements become unsigned keys that order as the
 * numbers do (-0 before +0, NaN last), which are sorted byte by byte; with one, the
 * values go to the merge sort of Array. Elements are copied out first. */
#include "engine/builtins/array.h"
#include "engine/builtins/typedarray.h"

enum { FEW = 24 };   /* insertion sort up to here */

/* Memory for n words, as one cell. NULL: exception. */
static uint64_t *scratch(struct vm *vm, uint64_t n, uint8_t kind)
{
	uint64_t size = kind == KIND_LIST ? n : 8 * n;
	struct cell *c = size >= 1ull << 32 ? NULL : heap_alloc(&vm->heap, 8 + 8 * n, (uint32_t)size, kind, 0);

	if (c == NULL) {
		throw_oom(vm);
		return NULL;
	}
	return (uint64_t *)(void *)(c + 1);
}

/* ---- keys ---------------------------------------------------------------------------------- */

/* Number of bits, sign at the top. */
static uint64_t key_of_float(uint64_t u, uint64_t sign, uint64_t infinity)
{
	if ((u & ~sign) > infinity)   /* every NaN becomes the canonical one */
		return sign | infinity | (infinity & (0 - infinity)) >> 1;
	return u & sign ? ~u & (sign | (sign - 1)) : u | sign;
}

static uint64_t float_of_key(uint64_t k, uint64_t sign)
{
	return k & sign ? k & ~sign : ~k & (sign | (sign - 1));
}

static const struct { uint64_t sign, infinity; } float_bits[] = {
	{ 1ull << 15, 0x7C00 }, { 1ull << 31, 0x7F800000 }, { 1ull << 63, 0x7FF0000000000000ull },
};

static bool is_signed(uint32_t type)
{
	return type == TYPED_Int8 || type == TYPED_Int16 || type == TYPED_Int32 || type == TYPED_BigInt64;
}

static uint64_t key_at(uint32_t type, const uint8_t *p)
{
	uint64_t u = 0;

	memcpy(&u, p, typed_size[type]);   /* little-endian, as the configure test demands */
	if (typed_is_float(type))
		return key_of_float(u, float_bits[type - TYPED_Float16].sign, float_bits[type - TYPED_Float16].infinity);
	return is_signed(type) ? u ^ 1ull << (8 * typed_size[type] - 1) : u;
}

static void put_key(uint32_t type, uint8_t *p, uint64_t k)
{
	if (typed_is_float(type))
		k = float_of_key(k, float_bits[type - TYPED_Float16].sign);
	else if (is_signed(type))
		k ^= 1ull << (8 * typed_size[type] - 1);
	memcpy(p, &k, typed_size[type]);
}

static void sort_few(uint64_t *k, uint64_t n)
{
	for (uint64_t i = 1; i < n; i++) {
		uint64_t x = k[i], j = i;

		for (; j > 0 && k[j - 1] > x; j--)
			k[j] = k[j - 1];
		k[j] = x;
	}
}

/* Sorts n keys of `bytes` bytes. Where they are then (k or tmp), or NULL: exception. */
static uint64_t *sort_keys(struct vm *vm, uint64_t *k, uint64_t *tmp, uint64_t n, unsigned bytes)
{
	for (unsigned shift = 0; shift < 8 * bytes; shift += 8) {
		uint64_t at[256] = { 0 }, sum = 0, *swap = k;
		bool one = false;

		if (VM_TICK(vm, (int64_t)(n / 2)))
			return NULL;
		for (uint64_t i = 0; i < n; i++)
			at[k[i] >> shift & 255]++;
		for (unsigned b = 0; b < 256; b++) {
			uint64_t count = at[b];

			one |= count == n;   /* all alike: nothing to do */
			at[b] = sum;
			sum += count;
		}
		if (one)
			continue;
		for (uint64_t i = 0; i < n; i++)
			tmp[at[k[i] >> shift & 255]++] = k[i];
		k = tmp;
		tmp = swap;
	}
	return k;
}

/* t's elements in numeric order over the elements of out, which has as many. */
static int sort_numeric(struct vm *vm, const struct typed *t, struct typed *out)
{
	uint64_t n = t->len.v, few[FEW], *k = few;
	uint32_t type = t->type.v;

	if (n > FEW && (k = scratch(vm, n, KIND_BYTES)) == NULL)
		return -1;
	for (uint64_t i = 0; i < n; i++)
		k[i] = key_at(type, typed_at(t, i));
	if (n > FEW) {
		uint64_t *tmp = scratch(vm, n, KIND_BYTES);

		k = tmp != NULL ? sort_keys(vm, k, tmp, n, typed_size[type]) : NULL;
		if (k == NULL)
			return -1;
	} else {
		sort_few(k, n);
	}
	heap_wb_range(&vm->heap, out->data.v, n * typed_size[type]);
	for (uint64_t i = 0; i < n; i++)
		put_key(type, typed_at(out, i), k[i]);
	return 0;
}

/* The same by a comparison function, which may shrink either array. */
static int sort_by(struct vm *vm, struct typed *t, struct typed *out, val fn)
{
	uint64_t n = t->len.v;
	val *v = (val *)scratch(vm, n, KIND_LIST);

	if (v == NULL)
		return -1;
	for (uint64_t i = 0; i < n; i++)
		v[i] = typed_get(vm, t, i);
	v = array_sort_words(vm, fn, v, (uint32_t)n);
	if (v == NULL)
		return -1;
	for (uint64_t i = 0; i < n && i < typed_len(vm, out); i++)
		typed_store(vm, out->type.v, typed_at(out, i), v[i]);
	return 0;
}

val typedarray_sort(struct vm *vm, val *a, uint32_t argc)
{
	val fn = ARG(0);
	struct typed *t;

	if (array_check_compare(vm, fn) < 0)
		return V_EXC;
	t = typedarray_validate(vm, a[0], "sort", NULL);
	if (t == NULL || (v_isundef(fn) ? sort_numeric(vm, t, t) : sort_by(vm, t, t, fn)) < 0)
		return V_EXC;
	return a[0];
}

val typedarray_to_sorted(struct vm *vm, val *a, uint32_t argc)
{
	val fn = ARG(0);
	struct typed *t, *r;
	int64_t len;

	if (array_check_compare(vm, fn) < 0)
		return V_EXC;
	t = typedarray_validate(vm, a[0], "toSorted", &len);
	r = t != NULL ? typedarray_new(vm, t->type.v, len) : NULL;
	if (r == NULL || (v_isundef(fn) ? sort_numeric(vm, t, r) : sort_by(vm, t, r, fn)) < 0)
		return V_EXC;
	return v_cell(r);
}
