/* reflect.c: the Reflect namespace (28.1): the essential internal methods as
 * functions. Called through its table. */
#include "engine/builtins/builtins.h"

/* The first argument as an object, or NULL: TypeError. */
static struct obj *target(struct vm *vm, val v, const char *fn)
{
	if (v_isobj(v))
		return v_toobj(v);
	throw_type(vm, "Reflect.%s called on non-object", fn);
	return NULL;
}

/* CreateListFromArrayLike (7.3.19): n values; they lie in a cell of their own
 * that *keep points to. 0 or -1. */
static int list_of(struct vm *vm, val v, const val **list, uint32_t *n, struct arr **keep)
{
	struct arr *a;
	int64_t len;

	if (!v_isobj(v)) {
		throw_type(vm, "CreateListFromArrayLike called on non-object");
		return -1;
	}
	if (obj_length(vm, v_toobj(v), &len) < 0)
		return -1;
	if (len > 65000) {   /* a frame counts its arguments in 16 bits */
		throw_range(vm, "Too many arguments in function call");
		return -1;
	}
	a = arr_new(vm, (uint32_t)len);
	if (a == NULL)
		return -1;
	for (int64_t i = 0; i < len; i++) {
		val e = obj_get_i64(vm, v_toobj(v), i);

		if (e == V_EXC || VM_TICK(vm, 4) || arr_push(vm, a, e) < 0)
			return -1;
	}
	*keep = a;
	*list = (const val *)(const void *)a->elem.v;
	*n = (uint32_t)len;
	return 0;
}

static val apply(struct vm *vm, val *a, uint32_t argc)
{
	const val *list;
	struct arr *keep;
	uint32_t n;

	if (!func_is_callable(ARG(0)))
		return throw_type(vm, "%s is not a function", val_for_message(vm, ARG(0)));
	if (list_of(vm, ARG(2), &list, &n, &keep) < 0)
		return V_EXC;
	return vm_call(vm, ARG(0), ARG(1), n, list);
}

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	val newt = argc > 2 ? a[3] : ARG(0);
	const val *list;
	struct arr *keep;
	uint32_t n;

	if (!func_is_ctor(vm, ARG(0)))
		return throw_type(vm, "%s is not a constructor", val_for_message(vm, ARG(0)));
	if (!func_is_ctor(vm, newt))
		return throw_type(vm, "%s is not a constructor", val_for_message(vm, newt));
	if (list_of(vm, ARG(1), &list, &n, &keep) < 0)
		return V_EXC;
	return vm_construct(vm, ARG(0), newt, n, list);
}

static val yes_no(int r)
{
	return r < 0 ? V_EXC : v_bool(r);
}

static val define_property(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "defineProperty");
	struct pdesc d;
	pkey k;

	if (o == NULL || !key_of_val(vm, ARG(1), &k) || pdesc_from_val(vm, ARG(2), &d) < 0)
		return V_EXC;
	return yes_no(obj_define(vm, o, k, &d));
}

static val delete_property(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "deleteProperty");
	pkey k;

	if (o == NULL || !key_of_val(vm, ARG(1), &k))
		return V_EXC;
	return yes_no(obj_delete(vm, o, k));
}

static val get(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "get");
	pkey k;

	if (o == NULL || !key_of_val(vm, ARG(1), &k))
		return V_EXC;
	return obj_get_r(vm, o, k, argc > 2 ? a[3] : ARG(0));
}

static val get_own_property_descriptor(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "getOwnPropertyDescriptor");
	struct pdesc d;
	pkey k;
	int r;

	if (o == NULL || !key_of_val(vm, ARG(1), &k))
		return V_EXC;
	r = obj_get_own(vm, o, k, &d);
	return r < 0 ? V_EXC : r ? pdesc_to_val(vm, &d) : V_UNDEF;
}

static val get_prototype_of(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "getPrototypeOf");
	val proto;

	return o == NULL || obj_get_proto(vm, o, &proto) < 0 ? V_EXC : proto;
}

static val has(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "has");
	pkey k;

	if (o == NULL || !key_of_val(vm, ARG(1), &k))
		return V_EXC;
	return yes_no(obj_has(vm, o, k));
}

static val is_extensible(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "isExtensible");

	return o == NULL ? V_EXC : yes_no(obj_is_extensible(vm, o));
}

static val own_keys(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "ownKeys");
	struct keylist kl = { 0 };
	struct arr *out;

	if (o == NULL || obj_own_keys(vm, o, KEYS_STRINGS | KEYS_SYMBOLS, &kl) < 0)
		return V_EXC;
	out = arr_new(vm, kl.n);
	if (out == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < kl.n; i++) {
		val k = key_to_val(vm, kl.k[i]);

		if (k == V_EXC || VM_TICK(vm, 4) || arr_push(vm, out, k) < 0)
			return V_EXC;
	}
	return v_cell(out);
}

static val prevent_extensions(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "preventExtensions");

	return o == NULL ? V_EXC : yes_no(obj_prevent_extensions(vm, o));
}

static val set(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "set");
	pkey k;

	if (o == NULL || !key_of_val(vm, ARG(1), &k))
		return V_EXC;
	return yes_no(obj_set_r(vm, o, k, ARG(2), argc > 3 ? a[4] : ARG(0)));
}

static val set_prototype_of(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = target(vm, ARG(0), "setPrototypeOf");

	if (o == NULL)
		return V_EXC;
	if (!v_isobj(ARG(1)) && !v_isnull(ARG(1)))
		return throw_type(vm, "Object prototype may only be an Object or null: %s", val_for_message(vm, ARG(1)));
	return yes_no(obj_set_proto(vm, o, ARG(1)));
}

static const struct row reflect_rows[] = {
	NF_METHOD("apply", 3, apply, EFF_CALLS, "28.1.1"),
	NF_METHOD("construct", 2, construct, EFF_CALLS, "28.1.2"),
	NF_METHOD("defineProperty", 3, define_property, EFF_MUT | EFF_CALLS, "28.1.3"),
	NF_METHOD("deleteProperty", 2, delete_property, EFF_MUT | EFF_CALLS, "28.1.4"),
	NF_METHOD("get", 2, get, EFF_CALLS, "28.1.5"),
	NF_METHOD("getOwnPropertyDescriptor", 2, get_own_property_descriptor, EFF_CALLS, "28.1.6"),
	NF_METHOD("getPrototypeOf", 1, get_prototype_of, EFF_CALLS, "28.1.7"),
	NF_METHOD("has", 2, has, EFF_CALLS, "28.1.8"),
	NF_METHOD("isExtensible", 1, is_extensible, EFF_CALLS, "28.1.9"),
	NF_METHOD("ownKeys", 1, own_keys, EFF_CALLS, "28.1.10"),
	NF_METHOD("preventExtensions", 1, prevent_extensions, EFF_MUT | EFF_CALLS, "28.1.11"),
	NF_METHOD("set", 3, set, EFF_MUT | EFF_CALLS, "28.1.12"),
	NF_METHOD("setPrototypeOf", 2, set_prototype_of, EFF_MUT | EFF_CALLS, "28.1.13"),
	NF_TAG("Reflect"),
};

void builtin_reflect_init(struct vm *vm)
{
	native_namespace(vm, "Reflect", reflect_rows, ARRAY_LEN(reflect_rows));
}
