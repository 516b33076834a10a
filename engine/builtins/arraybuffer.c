/* arraybuffer.c: ArrayBuffer and SharedArrayBuffer (ECMA-262 25.1, 25.2). There is
 * one agent only, so that shared memory is memory that cannot be detached. The
 * bytes are object/buffer.c's business. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/typedarray.h"

/* RequireInternalSlot. NULL: TypeError. */
static struct buffer *this_buffer(struct vm *vm, val v, bool shared, const char *method)
{
	if (likely(v_iskind(v, KIND_ARRAY_BUFFER)) && buffer_shared(v_tobuffer(v)) == shared)
		return v_tobuffer(v);
	throw_type(vm, "Method %s.prototype.%s called on incompatible receiver %s",
	           shared ? "SharedArrayBuffer" : "ArrayBuffer", method, val_for_message(vm, v));
	return NULL;
}

static int check_attached(struct vm *vm, const struct buffer *b, const char *method)
{
	if (likely(!buffer_detached(b)))
		return 0;
	throw_type(vm, "Cannot perform %s on a detached ArrayBuffer", method);
	return -1;
}

static val construct_buffer(struct vm *vm, val *a, uint32_t argc, bool shared)
{
	int64_t len, max = -1;
	struct buffer *b;
	val v = ARG(1), proto;

	if (to_index(vm, ARG(0), &len) < 0)
		return V_EXC;
	if (v_isobj(v)) {   /* 25.1.3.7 GetArrayBufferMaxByteLengthOption */
		v = obj_get(vm, v_toobj(v), key_of_utf8(vm, "maxByteLength", 13));
		if (v == V_EXC || (!v_isundef(v) && to_index(vm, v, &max) < 0))
			return V_EXC;
	}
	if (max >= 0 && len > max)
		return throw_range(vm, "Invalid array buffer max length");
	proto = obj_proto_from_ctor(vm, NEWT(), shared ? INTR_SharedArrayBufferPrototype : INTR_ArrayBufferPrototype);
	if (proto == V_EXC)
		return V_EXC;
	b = buffer_new(vm, v_toobj(proto), len, max, shared);
	return b != NULL ? v_cell(b) : V_EXC;
}

static val construct_plain(struct vm *vm, val *a, uint32_t argc) { return construct_buffer(vm, a, argc, false); }
static val construct_shared(struct vm *vm, val *a, uint32_t argc) { return construct_buffer(vm, a, argc, true); }

static val is_view(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_bool(v_istyped(ARG(0)) || v_iskind(ARG(0), KIND_DATA_VIEW));
}

static val species(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)argc;
	return a[0];
}

/* ---- getters ------------------------------------------------------------------------ */

static val byte_length(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = this_buffer(vm, a[0], false, "byteLength");

	(void)argc;
	return b == NULL ? V_EXC : v_i64((int64_t)b->len.v);
}

static val max_byte_length(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = this_buffer(vm, a[0], false, "maxByteLength");

	(void)argc;
	return b == NULL ? V_EXC : v_i64((int64_t)b->max.v);
}

static val resizable(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = this_buffer(vm, a[0], false, "resizable");

	(void)argc;
	return b == NULL ? V_EXC : v_bool(!buffer_fixed(b));
}

static val detached(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = this_buffer(vm, a[0], false, "detached");

	(void)argc;
	return b == NULL ? V_EXC : v_bool(buffer_detached(b));
}

static val shared_byte_length(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = this_buffer(vm, a[0], true, "byteLength");

	(void)argc;
	return b == NULL ? V_EXC : v_i64((int64_t)b->len.v);
}

static val shared_max_byte_length(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = this_buffer(vm, a[0], true, "maxByteLength");

	(void)argc;
	return b == NULL ? V_EXC : v_i64((int64_t)b->max.v);
}

static val growable(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = this_buffer(vm, a[0], true, "growable");

	(void)argc;
	return b == NULL ? V_EXC : v_bool(!buffer_fixed(b));
}

/* ---- resize, grow ---------------------------------------------------------------------- */

static val resize(struct vm *vm, val *a, uint32_t argc)
{
	struct buffer *b = this_buffer(vm, a[0], false, "resize");
	int64_t len;

	if (b == NULL)
		return V_EXC;
	if (buffer_fixed(b))
		return throw_type(vm, "Method ArrayBuffer.prototype.resize called on a buffer of fixed length");
	if (to_index(vm, ARG(0), &len) < 0 || check_attached(vm, b, "ArrayBuffer.prototype.resize") < 0)
		return V_EXC;
	if ((uint64_t)len > b->max.v)
		return throw_range(vm, "ArrayBuffer.prototype.resize: invalid length %lld", (long long)len);
	return buffer_resize(vm, b, len) < 0 ? V_EXC : V_UNDEF;
}

static val grow(struct vm *vm, val *a, uint32_t argc)
{
	struct buffer *b = this_buffer(vm, a[0], true, "grow");
	int64_t len;

	if (b == NULL)
		return V_EXC;
	if (buffer_fixed(b))
		return throw_type(vm, "Method SharedArrayBuffer.prototype.grow called on a buffer of fixed length");
	if (to_index(vm, ARG(0), &len) < 0)
		return V_EXC;
	if ((uint64_t)len > b->max.v || (uint64_t)len < b->len.v)
		return throw_range(vm, "SharedArrayBuffer.prototype.grow: invalid length %lld", (long long)len);
	return buffer_resize(vm, b, len) < 0 ? V_EXC : V_UNDEF;
}

/* ---- slice ------------------------------------------------------------------------------ */

static val slice_buffer(struct vm *vm, val *a, uint32_t argc, bool shared)
{
	const char *method = shared ? "SharedArrayBuffer.prototype.slice" : "ArrayBuffer.prototype.slice";
	struct buffer *b = this_buffer(vm, a[0], shared, "slice"), *r;
	int64_t len, first, last, n, have;
	val ctor, arg, v;

	if (b == NULL || check_attached(vm, b, method) < 0)
		return V_EXC;
	len = (int64_t)b->len.v;
	if (to_rel_index(vm, ARG(0), len, 0, &first) < 0 || to_rel_index(vm, ARG(1), len, len, &last) < 0)
		return V_EXC;
	n = last > first ? last - first : 0;
	ctor = obj_species_ctor(vm, v_toobj(a[0]), vm->intr[shared ? INTR_SharedArrayBuffer : INTR_ArrayBuffer]);
	if (ctor == V_EXC)
		return V_EXC;
	arg = v_i64(n);
	v = vm_construct(vm, ctor, ctor, 1, &arg);
	if (v == V_EXC)
		return V_EXC;
	if (!v_iskind(v, KIND_ARRAY_BUFFER) || buffer_shared(v_tobuffer(v)) != shared)
		return throw_type(vm, "%s: the species constructor did not make a suitable buffer", method);
	r = v_tobuffer(v);
	if (check_attached(vm, r, method) < 0)
		return V_EXC;
	if (r == b)
		return throw_type(vm, "%s: the species constructor returned the same buffer", method);
	if ((int64_t)r->len.v < n)
		return throw_type(vm, "%s: the species constructor returned a buffer that is too small", method);
	if (check_attached(vm, b, method) < 0)
		return V_EXC;
	have = (int64_t)b->len.v - first;   /* it may have shrunk */
	if (have > 0 && buffer_move(vm, r->data.v, b->data.v + first, (uint64_t)(n < have ? n : have)) < 0)
		return V_EXC;
	return v;
}

static val slice(struct vm *vm, val *a, uint32_t argc) { return slice_buffer(vm, a, argc, false); }
static val shared_slice(struct vm *vm, val *a, uint32_t argc) { return slice_buffer(vm, a, argc, true); }

/* ---- transfer (25.1.3.5 ArrayBufferCopyAndDetach) ------------------------------------------ */

static val transfer_buffer(struct vm *vm, val *a, uint32_t argc, const char *method, bool preserve)
{
	struct buffer *b = this_buffer(vm, a[0], false, method), *r;
	int64_t len;

	if (b == NULL)
		return V_EXC;
	len = (int64_t)b->len.v;
	if (!v_isundef(ARG(0)) && to_index(vm, ARG(0), &len) < 0)
		return V_EXC;
	if (check_attached(vm, b, "ArrayBuffer.prototype.transfer") < 0)
		return V_EXC;
	if (preserve && !buffer_fixed(b) && (uint64_t)len > b->max.v)
		return throw_range(vm, "Invalid array buffer length");
	r = buffer_transfer(vm, b, len, preserve);
	return r != NULL ? v_cell(r) : V_EXC;
}

static val transfer(struct vm *vm, val *a, uint32_t argc) { return transfer_buffer(vm, a, argc, "transfer", true); }
static val transfer_fixed(struct vm *vm, val *a, uint32_t argc)
{
	return transfer_buffer(vm, a, argc, "transferToFixedLength", false);
}

/* ---- tables --------------------------------------------------------------------------------- */

static const struct native_def buffer_def =
	{ "ArrayBuffer", construct_plain, 1, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, 0, "25.1.4.1" };
static const struct native_def shared_def =
	{ "SharedArrayBuffer", construct_shared, 1, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, 0, "25.2.3.1" };

static const struct row buffer_rows[] = {
	NF_METHOD("isView", 1, is_view, EFF_NONE, "25.1.5.1"),
	NF_GETTER("@@species", species, EFF_NONE, "25.1.5.3"),
};

static const struct row buffer_proto_rows[] = {
	NF_GETTER("byteLength", byte_length, EFF_NONE, "25.1.6.1"),
	NF_METHOD("slice", 2, slice, EFF_MUT | EFF_CALLS, "25.1.6.7"),
	NF_GETTER("maxByteLength", max_byte_length, EFF_NONE, "25.1.6.4"),
	NF_GETTER("resizable", resizable, EFF_NONE, "25.1.6.5"),
	NF_METHOD("resize", 1, resize, EFF_MUT | EFF_CALLS, "25.1.6.6"),
	NF_METHOD("transfer", 0, transfer, EFF_MUT | EFF_CALLS, "25.1.6.8"),
	NF_METHOD("transferToFixedLength", 0, transfer_fixed, EFF_MUT | EFF_CALLS, "25.1.6.9"),
	NF_GETTER("detached", detached, EFF_NONE, "25.1.6.3"),
	NF_TAG("ArrayBuffer"),
};

static const struct row shared_rows[] = {
	NF_GETTER("@@species", species, EFF_NONE, "25.2.4.2"),
};

static const struct row shared_proto_rows[] = {
	NF_GETTER("byteLength", shared_byte_length, EFF_NONE, "25.2.5.1"),
	NF_METHOD("slice", 2, shared_slice, EFF_MUT | EFF_CALLS, "25.2.5.6"),
	NF_GETTER("maxByteLength", shared_max_byte_length, EFF_NONE, "25.2.5.5"),
	NF_GETTER("growable", growable, EFF_NONE, "25.2.5.4"),
	NF_METHOD("grow", 1, grow, EFF_MUT | EFF_CALLS, "25.2.5.3"),
	NF_TAG("SharedArrayBuffer"),
};

void builtin_arraybuffer_init(struct vm *vm)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);
	struct obj *sp = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[INTR_ArrayBufferPrototype] = v_cell(p);
	native_ctor(vm, &buffer_def, INTR_ArrayBuffer, NULL, p, buffer_rows, ARRAY_LEN(buffer_rows),
	            buffer_proto_rows, ARRAY_LEN(buffer_proto_rows));
	vm->intr[INTR_SharedArrayBufferPrototype] = v_cell(sp);
	native_ctor(vm, &shared_def, INTR_SharedArrayBuffer, NULL, sp, shared_rows, ARRAY_LEN(shared_rows),
	            shared_proto_rows, ARRAY_LEN(shared_proto_rows));
}
