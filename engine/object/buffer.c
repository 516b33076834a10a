/* buffer.c: the memory of array buffers (typed.h says how it is kept). Called by
 * the built-ins; knows nothing of the views, which notice a change by the stamp. */
#include "engine/object/typed.h"

static uint8_t nothing[8];   /* where a detached buffer's data pointer points */

static struct cell *new_store(struct vm *vm, uint64_t n)
{
	struct cell *c;

	n = n < 8 ? 8 : (n + 7) & ~7ull;
	c = heap_alloc(&vm->heap, sizeof *c + n, (uint32_t)n, KIND_BYTES, 0);
	if (c == NULL)
		throw_refused(vm, "Array buffer allocation failed");
	return c;
}

struct buffer *buffer_new(struct vm *vm, struct obj *proto, int64_t len, int64_t max, bool shared)
{
	struct buffer *b;
	struct cell *store;

	if (len > BUFFER_MAX || max > BUFFER_MAX) {
		throw_range(vm, "Array buffer allocation failed");
		return NULL;
	}
	if (VM_TICK(vm, len / 64))
		return NULL;
	store = new_store(vm, (uint64_t)len);
	if (store == NULL)
		return NULL;
	memset(store + 1, 0, store->shape.v);
	b = obj_new_kind(vm, proto, KIND_ARRAY_BUFFER, sizeof *b);
	HINIT(b->data, (uint8_t *)(store + 1));
	HINIT(b->store, store);
	HINIT(b->len, (uint64_t)len);
	HINIT(b->cap, store->shape.v);
	HINIT(b->max, (uint64_t)(max < 0 ? len : max));
	HINIT(b->flags, (shared ? BUFFER_SHARED : 0) | (max < 0 ? 0 : BUFFER_RESIZABLE));
	HINIT(b->stamp, 0);
	return b;
}

static void moved(struct vm *vm, struct buffer *b) { VSET(vm, b->stamp, b->stamp.v + 1); }

/* Invariant: the bytes of the store behind len are zero. */
int buffer_resize(struct vm *vm, struct buffer *b, int64_t len)
{
	uint64_t n = (uint64_t)len, cap;
	struct cell *store;

	if (VM_TICK(vm, len / 64))
		return -1;
	if (n < b->len.v) {
		heap_wb_range(&vm->heap, b->data.v + n, b->len.v - n);
		memset(b->data.v + n, 0, b->len.v - n);
	} else if (n > b->cap.v) {
		cap = b->cap.v * 2 > n ? b->cap.v * 2 : n;
		store = new_store(vm, cap > b->max.v ? b->max.v : cap);
		if (store == NULL)
			return -1;
		memcpy(store + 1, b->data.v, b->len.v);
		memset((uint8_t *)(store + 1) + b->len.v, 0, store->shape.v - b->len.v);
		VSET(vm, b->store, store);
		VSET(vm, b->cap, store->shape.v);
		VSET(vm, b->data, (uint8_t *)(store + 1));
	}
	VSET(vm, b->len, n);
	moved(vm, b);
	return 0;
}

void buffer_detach(struct vm *vm, struct buffer *b)
{
	VSET(vm, b->store, NULL);
	VSET(vm, b->data, nothing);
	VSET(vm, b->len, 0);
	VSET(vm, b->cap, 0);
	VSET(vm, b->max, 0);
	VSET(vm, b->flags, b->flags.v | BUFFER_DETACHED);
	moved(vm, b);
}

struct buffer *buffer_transfer(struct vm *vm, struct buffer *b, int64_t len, bool preserve)
{
	bool resizable = preserve && !buffer_fixed(b);
	struct buffer *r = buffer_new(vm, obj_intr(vm, INTR_ArrayBufferPrototype),
	                              (uint64_t)len == b->len.v ? 0 : len, resizable ? (int64_t)b->max.v : -1, false);

	if (r == NULL)
		return NULL;
	if ((uint64_t)len == b->len.v) {   /* the bytes change hands */
		VSET(vm, r->store, b->store.v);
		VSET(vm, r->data, b->data.v);
		VSET(vm, r->len, b->len.v);
		VSET(vm, r->cap, b->cap.v);
		if (!resizable)
			VSET(vm, r->max, b->len.v);
	} else {
		memcpy(r->data.v, b->data.v, (uint64_t)len < b->len.v ? (uint64_t)len : b->len.v);
	}
	buffer_detach(vm, b);
	return r;
}

int buffer_move(struct vm *vm, uint8_t *dst, const uint8_t *src, uint64_t n)
{
	if (n == 0)
		return 0;
	if (VM_TICK(vm, (int64_t)(n / 64)))
		return -1;
	heap_wb_range(&vm->heap, dst, n);
	memmove(dst, src, n);
	return 0;
}
