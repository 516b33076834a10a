/* json.c: the JSON object (ECMA-262 25.5) and revivers. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/json.h"

/* What the reviver is told of the text, while nothing is changed (JSON parse record):
 * undefined, or an internal array: the value as parsed, and what it was made from: an
 * array of records, an object of records, or the text of a primitive value. */
enum { RECORD_VALUE, RECORD_PARTS, RECORD__N };

/* Of v, and of the same text parsed for its sources. */
static val record_new(struct vm *vm, val v, val source)
{
	val r[RECORD__N] = { v, source }, part;
	struct keylist kl;
	struct obj *parts;

	if (VM_RECURSION(vm) || VM_TICK(vm, 4))
		return V_EXC;
	if (v_isarr(v)) {
		struct arr *list = arr_new(vm, 0);

		for (uint32_t i = 0; list != NULL && i < v_toarr(v)->len.v; i++) {
			part = record_new(vm, v_toarr(v)->elem.v[i].v, v_toarr(source)->elem.v[i].v);
			if (part == V_EXC || arr_push(vm, list, part) < 0)
				return V_EXC;
		}
		r[RECORD_PARTS] = list != NULL ? v_cell(list) : V_EXC;
	} else if (v_isobj(v)) {
		parts = obj_new_inl(vm, NULL, 0);
		if (obj_own_keys(vm, v_toobj(v), KEYS_STRINGS, &kl) < 0)
			return V_EXC;
		for (uint32_t i = 0; i < kl.n; i++) {
			part = record_new(vm, obj_get(vm, v_toobj(v), kl.k[i]), obj_get(vm, v_toobj(source), kl.k[i]));
			if (part == V_EXC || obj_create_data(vm, parts, kl.k[i], part) < 0)
				return V_EXC;
		}
		r[RECORD_PARTS] = v_cell(parts);
	}
	return r[RECORD_PARTS] == V_EXC ? V_EXC : arr_from(vm, r, RECORD__N);
}

static val record_get(val record, int i) { return v_toarr(record)->elem.v[i].v; }

/* The record of a part of v, whose record is given; undefined: none. */
static val record_part(struct vm *vm, val record, pkey k)
{
	val parts;

	if (v_isundef(record))
		return V_UNDEF;
	parts = record_get(record, RECORD_PARTS);
	return v_isobj(parts) ? obj_get(vm, v_toobj(parts), k) : V_UNDEF;
}

static val revive(struct vm *vm, struct obj *holder, pkey key, val reviver, val record);

/* Revives property k of o and stores or deletes it. */
static int revive_property(struct vm *vm, struct obj *o, pkey k, val reviver, val record)
{
	val v = VM_TICK(vm, 4) ? V_EXC : revive(vm, o, k, reviver, record_part(vm, record, k));

	if (v == V_EXC)
		return -1;
	return v_isundef(v) ? obj_delete(vm, o, k) : obj_create_data(vm, o, k, v);
}

/* InternalizeJSONProperty (25.5.1.1) */
static val revive(struct vm *vm, struct obj *holder, pkey key, val reviver, val record)
{
	val v = obj_get(vm, holder, key), k;
	struct obj *o, *context;
	struct keylist kl;
	int is_array;
	int64_t n;

	if (v == V_EXC || VM_RECURSION(vm))
		return V_EXC;
	if (!v_isundef(record) && !val_same(vm, record_get(record, RECORD_VALUE), v))
		record = V_UNDEF;
	context = obj_new(vm);
	if (v_isobj(v)) {
		o = v_toobj(v);
		is_array = arr_is_array(vm, v);
		if (is_array < 0)
			return V_EXC;
		if (is_array) {
			if (obj_length(vm, o, &n) < 0)
				return V_EXC;
			for (int64_t i = 0; i < n; i++)
				if (revive_property(vm, o, key_of_i64(vm, i), reviver, record) < 0)
					return V_EXC;
		} else {
			if (obj_own_keys(vm, o, KEYS_STRINGS | KEYS_ENUMERABLE, &kl) < 0)
				return V_EXC;
			for (uint32_t i = 0; i < kl.n; i++)
				if (revive_property(vm, o, kl.k[i], reviver, record) < 0)
					return V_EXC;
		}
	} else if (!v_isundef(record)) {
		obj_def(vm, context, A_source, record_get(record, RECORD_PARTS), ATTR_WEC);
	}
	k = key_to_str(vm, key);
	return call_3(vm, reviver, v_cell(holder), k, v, v_cell(context));
}

/* 25.5.1 */
static val json_parse(struct vm *vm, val *a, uint32_t argc)
{
	val text = to_string(vm, ARG(0)), v, record;
	struct obj *root;

	if (text == V_EXC)
		return V_EXC;
	v = json_parse_str(vm, v_tostr(text), false);
	if (v == V_EXC || !func_is_callable(ARG(1)))
		return v;
	record = json_parse_str(vm, v_tostr(text), true);
	if (record == V_EXC || (record = record_new(vm, v, record)) == V_EXC)
		return V_EXC;
	root = obj_new(vm);
	obj_def(vm, root, A_empty, v, ATTR_WEC);
	return revive(vm, root, A_empty, ARG(1), record);
}

/* ---- raw text (25.5.3, 25.5.4 of ECMA-262 2026) ---------------------------------- */

static bool is_blank(uint32_t u) { return u == '\t' || u == '\n' || u == '\r' || u == ' '; }

static val raw_json(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = to_str(vm, ARG(0));
	struct prim_obj *o;
	struct sview v;
	uint32_t first;

	if (s == NULL)
		return V_EXC;
	v = str_view(vm, s);
	if (v.len != s->len.v)
		return V_EXC;
	first = v.len != 0 ? sview_at(v, 0) : ' ';
	if (is_blank(first) || is_blank(sview_at(v, v.len - 1)) || first == '{' || first == '[')
		return throw_syntax(vm, "%s is not the JSON text of a primitive value", val_for_message(vm, v_cell(s)));
	if (json_parse_str(vm, s, false) == V_EXC)
		return V_EXC;
	o = obj_new_kind(vm, NULL, KIND_RAW_JSON, sizeof *o);
	HINIT(o->prim, v_cell(s));
	obj_def(vm, (struct obj *)(void *)o, key_of_utf8(vm, "rawJSON", 7), v_cell(s), ATTR_WEC);
	return obj_set_integrity(vm, (struct obj *)(void *)o, true) < 0 ? V_EXC : v_cell(o);
}

static val is_raw_json(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_bool(v_iskind(ARG(0), KIND_RAW_JSON));
}

/* 25.5.2 */
static val json_to_text(struct vm *vm, val *a, uint32_t argc)
{
	return json_stringify(vm, ARG(0), ARG(1), ARG(2));
}

static const struct row json_rows[] = {
	NF_METHOD("isRawJSON", 1, is_raw_json, EFF_NONE, "25.5.1"),
	NF_METHOD("parse", 2, json_parse, EFF_CALLS, "25.5.2"),
	NF_METHOD("rawJSON", 1, raw_json, EFF_CALLS, "25.5.3"),
	NF_METHOD("stringify", 3, json_to_text, EFF_CALLS, "25.5.4"),
	NF_TAG("JSON"),
};

void builtin_json_init(struct vm *vm)
{
	if (vm->json_templates == NULL)   /* realms share them */
		json_templates_init(vm);
	native_namespace(vm, "JSON", json_rows, ARRAY_LEN(json_rows));
}
