/* values.c: the part of the public interface (zigts.h) that hands bytes, promises and
 * iterables to the embedder's natives. */
#include <stdarg.h>
#include <stdio.h>

#include "engine/api/api.h"
#include "engine/builtins/date.h"
#include "engine/builtins/domexception.h"
#include "engine/object/typed.h"
#include "engine/vm/promise.h"

zigts_val zigts_construct(struct zigts *z, zigts_val ctor, int argc, const zigts_val *argv)
{
	return vm_construct(vm_of(z), ctor, ctor, (uint32_t)argc, argv);
}

bool zigts_frozen(const struct zigts *z) { return vm_of_const(z)->heap.frozen; }

void zigts_define(struct zigts *z, zigts_val o, const char *name, zigts_val v)
{
	struct vm *vm = vm_of(z);

	obj_def(vm, v_toobj(o), key_of_utf8(vm, name, strlen(name)), v, ATTR_WC);
}

void zigts_define_constant(struct zigts *z, zigts_val o, const char *name, zigts_val v)
{
	struct vm *vm = vm_of(z);

	obj_def(vm, v_toobj(o), key_of_utf8(vm, name, strlen(name)), v, ATTR_E);
}

double zigts_date_now(struct zigts *z) { return date_clock(vm_of(z)); }
bool zigts_same(struct zigts *z, zigts_val a, zigts_val b) { return val_strict_eq(vm_of(z), a, b); }

/* ---- exceptions --------------------------------------------------------------- */

zigts_val zigts_throw_dom(struct zigts *z, const char *name, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return throw_dom(vm_of(z), name, "%s", text);
}

zigts_val zigts_dom_exception(struct zigts *z, const char *name, const char *message)
{
	throw_dom(vm_of(z), name, "%s", message);
	return exc_take(vm_of(z));
}

zigts_val zigts_throw_value(struct zigts *z, zigts_val v) { return throw_val(vm_of(z), v); }
int zigts_report(struct zigts *z) { return promise_reject_exc(vm_of(z), promise_new(vm_of(z))); }

int zigts_create(struct zigts *z, zigts_val o, zigts_val key, zigts_val v)
{
	struct vm *vm = vm_of(z);
	pkey k;

	return !key_of_val(vm, key, &k) || obj_create_data(vm, v_toobj(o), k, v) < 0 ? -1 : 0;
}

zigts_val zigts_get_own(struct zigts *z, zigts_val o, zigts_val key)
{
	struct vm *vm = vm_of(z);
	pkey k;
	int r;

	if (!key_of_val(vm, key, &k))
		return V_EXC;
	r = obj_has_own(vm, v_toobj(o), k);
	if (r <= 0)
		return r < 0 ? V_EXC : V_UNDEF;
	return obj_get(vm, v_toobj(o), k);
}

/* ---- iteration --------------------------------------------------------------- */

int zigts_each(struct zigts *z, zigts_val iterable, int (*fn)(struct zigts *, void *, zigts_val), void *u)
{
	struct vm *vm = vm_of(z);
	val r[3], v;
	int got;

	if (iter_open(vm, iterable, r) < 0)
		return -1;
	while ((got = iter_next(vm, r, &v)) > 0)
		if (fn(z, u, v) < 0) {
			iter_close_quiet(vm, r);
			return -1;
		}
	return got;
}

int zigts_is_iterable(struct zigts *z, zigts_val v)
{
	val m = v_isobj(v) ? obj_get_method(vm_of(z), v, A_sym_iterator) : V_UNDEF;

	return m == V_EXC ? -1 : m != V_UNDEF;
}

zigts_val zigts_iter_result(struct zigts *z, zigts_val value, bool done) { return obj_iter_result(vm_of(z), value, done); }

/* ---- bytes -------------------------------------------------------------------- */

static bool is_view(val v) { return v_istyped(v) || v_iskind(v, KIND_DATA_VIEW); }

/* data and length of what v shows. */
static uint8_t *bytes_of(struct vm *vm, val v, size_t *n)
{
	*n = 0;
	if (v_iskind(v, KIND_ARRAY_BUFFER)) {
		*n = v_tobuffer(v)->len.v;
		return v_tobuffer(v)->data.v;
	}
	if (typed_oob(vm, v_totyped(v)))
		return NULL;
	*n = typed_len(vm, v_totyped(v)) * (v_istyped(v) ? typed_size[v_totyped(v)->type.v] : 1);
	return v_totyped(v)->data.v;
}

bool zigts_bytes(struct zigts *z, zigts_val v, struct zigts_bytes *out)
{
	static const uint8_t none[1];

	*out = (struct zigts_bytes){ none, 0 };
	if (!v_iskind(v, KIND_ARRAY_BUFFER) && !is_view(v))
		return false;
	out->p = bytes_of(vm_of(z), v, &out->n);
	if (out->n == 0)
		out->p = none;
	return true;
}

const char *zigts_bytes_type(zigts_val v)
{
	if (v_iskind(v, KIND_ARRAY_BUFFER))
		return "ArrayBuffer";
	return !is_view(v) ? NULL : v_istyped(v) ? typed_name[v_totyped(v)->type.v] : "DataView";
}

zigts_val zigts_array_buffer(struct zigts *z, const void *p, size_t n)
{
	struct vm *vm = vm_of(z);
	struct buffer *b;

	if (n > BUFFER_MAX)
		return throw_range(vm, "Array buffer allocation failed");
	b = buffer_new(vm, obj_intr(vm, INTR_ArrayBufferPrototype), (int64_t)n, -1, false);
	if (b == NULL || (n != 0 && p != NULL && buffer_move(vm, b->data.v, p, n) < 0))
		return V_EXC;
	return v_cell(b);
}

zigts_val zigts_uint8_array(struct zigts *z, const void *p, size_t n)
{
	struct vm *vm = vm_of(z);
	zigts_val b = zigts_array_buffer(z, p, n);
	struct typed *t;

	if (b == V_EXC)
		return b;
	t = typed_new(vm, obj_intr(vm, INTR_Uint8ArrayPrototype), KIND_TYPED_ARRAY, TYPED_Uint8, v_tobuffer(b), 0, n);
	return t ? v_cell(t) : V_EXC;
}

void zigts_bytes_write(struct zigts *z, zigts_val v, size_t off, const void *p, size_t n)
{
	size_t len;
	uint8_t *to = bytes_of(vm_of(z), v, &len);

	AN(off <= len && n <= len - off);
	if (n == 0)
		return;
	heap_wb_range(&vm_of(z)->heap, to + off, n);
	memcpy(to + off, p, n);
}

/* ---- promises ------------------------------------------------------------------ */

zigts_val zigts_promise(struct zigts *z) { return promise_new(vm_of(z)); }
int zigts_promise_resolve(struct zigts *z, zigts_val p, zigts_val v) { return promise_resolve_with(vm_of(z), p, v); }

int zigts_promise_reject(struct zigts *z, zigts_val p, zigts_val reason)
{
	promise_reject_with(vm_of(z), p, reason);
	return vm_of(z)->term ? -1 : 0;
}

zigts_val zigts_promised(struct zigts *z, zigts_val v)
{
	struct vm *vm = vm_of(z);
	val p;

	if (v == V_EXC && vm->term)
		return V_EXC;
	if (v != V_EXC) {
		p = promise_new(vm);
		return promise_resolve_with(vm, p, v) < 0 ? V_EXC : p;
	}
	v = exc_take(vm);
	p = promise_new(vm);
	promise_reject_with(vm, p, v);
	return p;
}
