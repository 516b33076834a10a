/* bigint.c: BigInt and its prototype (ECMA-262 21.2). Called by scripts. The values
 * are made by engine/object/bigint.c. */
#include "engine/object/bigint.h"

#include "engine/builtins/builtins.h"

static val bigint_ctor(struct vm *vm, val *a, uint32_t argc)
{
	val v;

	if (!v_isundef(NEWT()))
		return throw_type(vm, "BigInt is not a constructor");
	v = to_primitive(vm, ARG(0), HINT_NUMBER);
	if (v_isexc(v))
		return V_EXC;
	if (v_isnum(v)) { /* NumberToBigInt 21.2.1.1.1 */
		double d = v_numof(v);

		if (!isfinite(d) || trunc(d) != d)
			return throw_range(vm, "The number %s cannot be converted to a BigInt because it is not an integer",
			                   val_for_message(vm, v));
		return big_from_double(vm, d);
	}
	return to_bigint(vm, v);
}

/* bits and BigInt of asIntN and asUintN: the BigInt or V_EXC. */
static val wrap_args(struct vm *vm, val *a, uint32_t argc, uint64_t *bits)
{
	int64_t n;

	if (to_index(vm, ARG(0), &n) != 0)
		return V_EXC;
	*bits = (uint64_t)n;
	return to_bigint(vm, ARG(1));
}

static val as_int_n(struct vm *vm, val *a, uint32_t argc)
{
	uint64_t bits;
	val v = wrap_args(vm, a, argc, &bits);

	return v_isexc(v) ? V_EXC : big_as_int(vm, bits, v);
}

static val as_uint_n(struct vm *vm, val *a, uint32_t argc)
{
	uint64_t bits;
	val v = wrap_args(vm, a, argc, &bits);

	return v_isexc(v) ? V_EXC : big_as_uint(vm, bits, v);
}

/* ThisBigIntValue (21.2.3.4.1) */
static val this_value(struct vm *vm, val v, const char *method)
{
	if (v_isbig(v))
		return v;
	if (v_iskind(v, KIND_BIGINT_OBJ))
		return ((struct prim_obj *)(void *)v_tocell(v))->prim.v;
	return throw_type(vm, "BigInt.prototype.%s requires that 'this' be a BigInt", method);
}

static val to_string_method(struct vm *vm, val *a, uint32_t argc)
{
	val v = this_value(vm, a[0], "toString");
	double radix = 10;

	if (v_isexc(v) || (!v_isundef(ARG(0)) && to_integer_or_inf(vm, a[1], &radix) != 0))
		return V_EXC;
	if (!(radix >= 2 && radix <= 36))
		return throw_range(vm, "toString() radix must be between 2 and 36");
	return big_to_str(vm, v, (int)radix);
}

/* As en-US writes it: groups of three digits. */
static val to_locale_string(struct vm *vm, val *a, uint32_t argc)
{
	val v = this_value(vm, a[0], "toLocaleString"), s;
	struct strbuf b;
	struct sview t;
	uint32_t i = 0;

	(void)argc;
	s = v_isexc(v) ? V_EXC : big_to_str(vm, v, 10);
	if (v_isexc(s))
		return V_EXC;
	t = str_view(vm, v_tostr(s));
	if (VM_TICK(vm, t.len / 4))
		return V_EXC;
	strbuf_init(&b, vm, t.len + t.len / 3);
	if (t.len > 0 && sview_at(t, 0) == '-')
		strbuf_unit(&b, sview_at(t, i++));
	for (uint32_t first = i; i < t.len; i++) {
		if (i > first && (t.len - i) % 3 == 0)
			strbuf_unit(&b, ',');
		strbuf_unit(&b, sview_at(t, i));
	}
	return strbuf_end(&b);
}

static val value_of(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return this_value(vm, a[0], "valueOf");
}

static const struct row bigint_rows[] = {
	NF_METHOD("asIntN", 2, as_int_n, EFF_CALLS, "21.2.2.1"),
	NF_METHOD("asUintN", 2, as_uint_n, EFF_CALLS, "21.2.2.2"),
};

static const struct row bigint_proto_rows[] = {
	NF_METHOD("toLocaleString", 0, to_locale_string, EFF_NONE, "21.2.3.2"),
	NF_METHOD("toString", 0, to_string_method, EFF_CALLS, "21.2.3.3"),
	NF_METHOD("valueOf", 0, value_of, EFF_NONE, "21.2.3.4"),
	NF_TAG("BigInt"),
};

/* Has [[Construct]], so that it can be extended, and refuses it itself. */
static const struct native_def bigint_def = { "BigInt", bigint_ctor, 1, NF_CTOR, EFF_CALLS, 0, "21.2.1.1" };

void builtin_bigint_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[INTR_BigIntPrototype] = v_cell(proto);
	native_ctor(vm, &bigint_def, INTR_BigInt, NULL, proto, bigint_rows, ARRAY_LEN(bigint_rows),
	            bigint_proto_rows, ARRAY_LEN(bigint_proto_rows));
}
