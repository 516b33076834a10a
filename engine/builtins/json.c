/* json.c: the JSON object (ECMA-262 25.5) and revivers. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/json.h"

static val revive(struct vm *vm, struct obj *holder, pkey key, val reviver);

/* Revives property k of o and stores or deletes it. */
static int revive_property(struct vm *vm, struct obj *o, pkey k, val reviver)
{
	val v = VM_TICK(vm, 4) ? V_EXC : revive(vm, o, k, reviver);

	if (v == V_EXC)
		return -1;
	return v_isundef(v) ? obj_delete(vm, o, k) : obj_create_data(vm, o, k, v);
}

/* InternalizeJSONProperty (25.5.1.1) */
static val revive(struct vm *vm, struct obj *holder, pkey key, val reviver)
{
	val v = obj_get(vm, holder, key), k;
	struct keylist kl;
	struct obj *o;
	int is_array;
	int64_t n;

	if (v == V_EXC || VM_RECURSION(vm))
		return V_EXC;
	if (v_isobj(v)) {
		o = v_toobj(v);
		is_array = arr_is_array(vm, v);
		if (is_array < 0)
			return V_EXC;
		if (is_array) {
			if (obj_length(vm, o, &n) < 0)
				return V_EXC;
			for (int64_t i = 0; i < n; i++)
				if (revive_property(vm, o, key_of_i64(vm, i), reviver) < 0)
					return V_EXC;
		} else {
			if (obj_own_keys(vm, o, KEYS_STRINGS | KEYS_ENUMERABLE, &kl) < 0)
				return V_EXC;
			for (uint32_t i = 0; i < kl.n; i++)
				if (revive_property(vm, o, kl.k[i], reviver) < 0)
					return V_EXC;
		}
	}
	k = key_to_str(vm, key);
	return call_2(vm, reviver, v_cell(holder), k, v);
}

/* 25.5.1 */
static val json_parse(struct vm *vm, val *a, uint32_t argc)
{
	val text = to_string(vm, ARG(0)), v;
	struct obj *root;

	if (text == V_EXC)
		return V_EXC;
	v = json_parse_str(vm, v_tostr(text));
	if (v == V_EXC || !func_is_callable(ARG(1)))
		return v;
	root = obj_new(vm);
	obj_def(vm, root, A_empty, v, ATTR_WEC);
	return revive(vm, root, A_empty, ARG(1));
}

/* 25.5.2 */
static val json_to_text(struct vm *vm, val *a, uint32_t argc)
{
	return json_stringify(vm, ARG(0), ARG(1), ARG(2));
}

static const struct row json_rows[] = {
	NF_METHOD("parse", 2, json_parse, EFF_CALLS, "25.5.1"),
	NF_METHOD("stringify", 3, json_to_text, EFF_CALLS, "25.5.2"),
	NF_TAG("JSON"),
};

void builtin_json_init(struct vm *vm)
{
	if (vm->json_templates == NULL)   /* realms share them */
		json_templates_init(vm);
	native_namespace(vm, "JSON", json_rows, ARRAY_LEN(json_rows));
}
