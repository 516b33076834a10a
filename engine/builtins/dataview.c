/* dataview.c: DataView (ECMA-262 25.3). A view of bytes is a struct typed of bytes;
 * the accessors of all types are two functions, told apart by their rows. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/typedarray.h"

static struct typed *this_view(struct vm *vm, val v, const char *method)
{
	if (likely(v_iskind(v, KIND_DATA_VIEW)))
		return v_totyped(v);
	throw_type(vm, "Method DataView.prototype.%s called on incompatible receiver %s", method, val_for_message(vm, v));
	return NULL;
}

static int check(struct vm *vm, struct typed *t, const char *method)
{
	if (likely(!typed_oob(vm, t)))
		return 0;
	throw_type(vm, "Cannot perform DataView.prototype.%s: %s", method,
	           buffer_detached(t->buf.v) ? "the ArrayBuffer is detached" : "the view is out of bounds");
	return -1;
}

/* Are offset and (when >= 0) length within b? 0 or -1: thrown. */
static int check_bounds(struct vm *vm, const struct buffer *b, int64_t off, int64_t len)
{
	if (buffer_detached(b)) {
		throw_type(vm, "Cannot make a DataView of a detached ArrayBuffer");
		return -1;
	}
	if (off > (int64_t)b->len.v) {
		throw_range(vm, "Start offset %lld is outside the bounds of the buffer", (long long)off);
		return -1;
	}
	if (len >= 0 && len > (int64_t)b->len.v - off) {
		throw_range(vm, "Invalid DataView length %lld", (long long)len);
		return -1;
	}
	return 0;
}

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	struct buffer *b = v_tobuffer(ARG(0));
	int64_t off, len = -1;
	uint64_t n;
	val proto;

	if (!v_iskind(ARG(0), KIND_ARRAY_BUFFER))
		return throw_type(vm, "First argument to DataView constructor must be an ArrayBuffer");
	if (to_index(vm, ARG(1), &off) < 0 || check_bounds(vm, b, off, -1) < 0)
		return V_EXC;
	if (!v_isundef(ARG(2)) && (to_index(vm, ARG(2), &len) < 0 || check_bounds(vm, b, off, len) < 0))
		return V_EXC;
	n = len >= 0 ? (uint64_t)len : buffer_fixed(b) ? b->len.v - (uint64_t)off : TYPED_TRACKS;
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_DataViewPrototype);
	if (proto == V_EXC || check_bounds(vm, b, off, len) < 0)
		return V_EXC;
	return v_cell(typed_new(vm, v_toobj(proto), KIND_DATA_VIEW, TYPED_Uint8, b, (uint64_t)off, n));
}

static val get_buffer(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = this_view(vm, a[0], "buffer");

	(void)argc;
	return t != NULL ? v_cell(t->buf.v) : V_EXC;
}

static val byte_length(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = this_view(vm, a[0], "byteLength");

	(void)argc;
	return t == NULL || check(vm, t, "byteLength") < 0 ? V_EXC : v_i64((int64_t)t->len.v);
}

static val byte_offset(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = this_view(vm, a[0], "byteOffset");

	(void)argc;
	return t == NULL || check(vm, t, "byteOffset") < 0 ? V_EXC : v_i64((int64_t)t->offset.v);
}

/* ---- accessors: magic is the element type ---------------------------------------------- */

static const struct native_def *def_of(struct vm *vm, val callee)
{
	return nfunc_def(vm, (struct nfunc *)(void *)v_tocell(callee));
}

/* The bytes of an element in the other order. */
static void swap(uint8_t *p, unsigned size)
{
	for (unsigned i = 0; i < size / 2; i++) {
		uint8_t b = p[i];

		p[i] = p[size - 1 - i];
		p[size - 1 - i] = b;
	}
}

/* The place of an element, or NULL: thrown. */
static uint8_t *place(struct vm *vm, struct typed *t, int64_t at, const struct native_def *def)
{
	if (check(vm, t, def->name) < 0)
		return NULL;
	if (at > (int64_t)t->len.v - typed_size[def->magic]) {
		throw_range(vm, "Offset is outside the bounds of the DataView");
		return NULL;
	}
	return t->data.v + at;
}

static val get_value(struct vm *vm, val *a, uint32_t argc)    /* 25.3.1.5 */
{
	const struct native_def *def = def_of(vm, a[FP_CALLEE]);
	struct typed *t = this_view(vm, a[0], def->name);
	unsigned size = typed_size[def->magic];
	const uint8_t *p;
	uint8_t raw[8];
	int64_t at;

	if (t == NULL || to_index(vm, ARG(0), &at) < 0)
		return V_EXC;
	p = place(vm, t, at, def);
	if (p == NULL)
		return V_EXC;
	memcpy(raw, p, size);
	if (!to_boolean(ARG(1)))
		swap(raw, size);
	return typed_load(vm, (uint32_t)def->magic, raw);
}

static val set_value(struct vm *vm, val *a, uint32_t argc)    /* 25.3.1.6 */
{
	const struct native_def *def = def_of(vm, a[FP_CALLEE]);
	struct typed *t = this_view(vm, a[0], def->name);
	unsigned size = typed_size[def->magic];
	uint8_t raw[8], *p;
	int64_t at;
	val v;

	if (t == NULL || to_index(vm, ARG(0), &at) < 0)
		return V_EXC;
	v = typed_coerce(vm, (uint32_t)def->magic, ARG(1));
	if (v == V_EXC)
		return V_EXC;
	p = place(vm, t, at, def);
	if (p == NULL)
		return V_EXC;
	typed_encode((uint32_t)def->magic, raw, v);
	if (!to_boolean(ARG(2)))
		swap(raw, size);
	heap_wb_range(&vm->heap, p, size);   /* not aligned: it may straddle lines */
	memcpy(p, raw, size);
	return V_UNDEF;
}

static const struct native_def dataview_def =
	{ "DataView", construct, 1, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, 0, "25.3.2.1" };

static const struct row proto_rows[] = {
	NF_GETTER("buffer", get_buffer, EFF_NONE, "25.3.4.1"),
	NF_GETTER("byteLength", byte_length, EFF_NONE, "25.3.4.2"),
	NF_GETTER("byteOffset", byte_offset, EFF_NONE, "25.3.4.3"),
	NF_METHOD_MAGIC("getBigInt64", 1, get_value, TYPED_BigInt64, EFF_CALLS, "25.3.4.5"),
	NF_METHOD_MAGIC("getBigUint64", 1, get_value, TYPED_BigUint64, EFF_CALLS, "25.3.4.6"),
	NF_METHOD_MAGIC("getFloat16", 1, get_value, TYPED_Float16, EFF_CALLS, "25.3.4.7"),
	NF_METHOD_MAGIC("getFloat32", 1, get_value, TYPED_Float32, EFF_CALLS, "25.3.4.8"),
	NF_METHOD_MAGIC("getFloat64", 1, get_value, TYPED_Float64, EFF_CALLS, "25.3.4.9"),
	NF_METHOD_MAGIC("getInt8", 1, get_value, TYPED_Int8, EFF_CALLS, "25.3.4.10"),
	NF_METHOD_MAGIC("getInt16", 1, get_value, TYPED_Int16, EFF_CALLS, "25.3.4.11"),
	NF_METHOD_MAGIC("getInt32", 1, get_value, TYPED_Int32, EFF_CALLS, "25.3.4.12"),
	NF_METHOD_MAGIC("getUint8", 1, get_value, TYPED_Uint8, EFF_CALLS, "25.3.4.13"),
	NF_METHOD_MAGIC("getUint16", 1, get_value, TYPED_Uint16, EFF_CALLS, "25.3.4.14"),
	NF_METHOD_MAGIC("getUint32", 1, get_value, TYPED_Uint32, EFF_CALLS, "25.3.4.15"),
	NF_METHOD_MAGIC("setBigInt64", 2, set_value, TYPED_BigInt64, EFF_MUT | EFF_CALLS, "25.3.4.16"),
	NF_METHOD_MAGIC("setBigUint64", 2, set_value, TYPED_BigUint64, EFF_MUT | EFF_CALLS, "25.3.4.17"),
	NF_METHOD_MAGIC("setFloat16", 2, set_value, TYPED_Float16, EFF_MUT | EFF_CALLS, "25.3.4.18"),
	NF_METHOD_MAGIC("setFloat32", 2, set_value, TYPED_Float32, EFF_MUT | EFF_CALLS, "25.3.4.19"),
	NF_METHOD_MAGIC("setFloat64", 2, set_value, TYPED_Float64, EFF_MUT | EFF_CALLS, "25.3.4.20"),
	NF_METHOD_MAGIC("setInt8", 2, set_value, TYPED_Int8, EFF_MUT | EFF_CALLS, "25.3.4.21"),
	NF_METHOD_MAGIC("setInt16", 2, set_value, TYPED_Int16, EFF_MUT | EFF_CALLS, "25.3.4.22"),
	NF_METHOD_MAGIC("setInt32", 2, set_value, TYPED_Int32, EFF_MUT | EFF_CALLS, "25.3.4.23"),
	NF_METHOD_MAGIC("setUint8", 2, set_value, TYPED_Uint8, EFF_MUT | EFF_CALLS, "25.3.4.24"),
	NF_METHOD_MAGIC("setUint16", 2, set_value, TYPED_Uint16, EFF_MUT | EFF_CALLS, "25.3.4.25"),
	NF_METHOD_MAGIC("setUint32", 2, set_value, TYPED_Uint32, EFF_MUT | EFF_CALLS, "25.3.4.26"),
	NF_TAG("DataView"),
};

void builtin_dataview_init(struct vm *vm)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[INTR_DataViewPrototype] = v_cell(p);
	native_ctor(vm, &dataview_def, INTR_DataView, NULL, p, NULL, 0, proto_rows, ARRAY_LEN(proto_rows));
}
