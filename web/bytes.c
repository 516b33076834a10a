/* bytes.c: see bytes.h. */
#include "web/bytes.h"

struct sv bytes_view(struct zigts *vm, const struct bytes *b)
{
	struct zigts_bytes x;

	if (b->buffer == ZIGTS_UNDEF || !zigts_bytes(vm, b->buffer, &x))
		return SV("");
	return (struct sv){ (const char *)x.p, b->n };
}

int bytes_reserve(struct zigts *vm, struct bytes *b, size_t n)
{
	struct sv old = bytes_view(vm, b);
	size_t size = b->size ? b->size : 256;
	zigts_val buffer;

	if (b->size - b->n >= n)
		return 0;
	if (zigts_tick(vm, (int64_t)(b->n >> 6)) < 0)
		return -1;
	while (size - b->n < n)
		size *= 2;
	buffer = zigts_array_buffer(vm, NULL, size);
	if (buffer == ZIGTS_EXC)
		return -1;
	zigts_bytes_write(vm, buffer, 0, old.p, old.n);
	b->buffer = buffer;
	b->size = size;
	return 0;
}

int bytes_put(struct zigts *vm, struct bytes *b, const void *p, size_t n)
{
	if (n == 0)
		return 0;
	if (bytes_reserve(vm, b, n) < 0 || zigts_tick(vm, (int64_t)(n >> 6)) < 0)
		return -1;
	zigts_bytes_write(vm, b->buffer, b->n, p, n);
	b->n += n;
	return 0;
}
