/* clone.c: structuredClone (HTML 2.7): a deep copy of what has no behaviour. Called by
 * scripts. Copies are made while the original is walked: getters of plain objects run,
 * nothing else does. */
#include "engine/builtins/date.h"
#include "engine/builtins/domexception.h"
#include "engine/builtins/regexp.h"
#include "engine/object/typed.h"

/* One run: original → copy for every object met so far. */
struct clone { struct vm *vm; struct coll *memo; };

static val clone_value(struct clone *c, val v);

static val refuse(struct vm *vm, val v)
{
	return throw_dom(vm, "DataCloneError", "%s could not be cloned.", val_for_message(vm, v));
}

static int remember(struct clone *c, val from, val to)
{
	return coll_put(c->vm, c->memo, from, to);
}

/* ---- kinds with contents of their own ------------------------------------------------ */

static val clone_prim(struct clone *c, val v, enum intrinsic proto)
{
	struct prim_obj *from = (struct prim_obj *)(void *)v_tocell(v), *o;

	if (v_kind(v) == KIND_STRING)
		return to_object(c->vm, from->prim.v);
	o = obj_new_kind(c->vm, obj_intr(c->vm, proto), v_kind(v), sizeof *o);
	HINIT(o->prim, from->prim.v);
	return v_cell(o);
}

static val clone_date(struct clone *c, val v)
{
	struct date_obj *d = obj_new_kind(c->vm, obj_intr(c->vm, INTR_DatePrototype), KIND_DATE, sizeof *d);

	HINIT(d->time, ((struct date_obj *)(void *)v_tocell(v))->time.v);
	return v_cell(d);
}

static val clone_regexp(struct clone *c, val v)
{
	struct vm *vm = c->vm;
	const struct re_prog *p = v_toregexp(v)->prog.v;
	val source, flags;

	if (p == NULL)
		return refuse(vm, v);
	source = regexp_source(vm, p);
	flags = v_isexc(source) ? V_EXC : regexp_flags(vm, p);
	if (v_isexc(flags))
		return V_EXC;
	return regexp_init(vm, regexp_alloc(vm, obj_intr(vm, INTR_RegExpPrototype)), source, flags);
}

static val clone_buffer(struct clone *c, val v)
{
	struct vm *vm = c->vm;
	struct buffer *from = v_tobuffer(v), *b;

	if (buffer_shared(from) || buffer_detached(from))
		return throw_dom(vm, "DataCloneError", "%s could not be cloned.",
		                 buffer_shared(from) ? "A SharedArrayBuffer" : "A detached ArrayBuffer");
	b = buffer_new(vm, obj_intr(vm, INTR_ArrayBufferPrototype), (int64_t)from->len.v,
	               buffer_fixed(from) ? -1 : (int64_t)from->max.v, false);
	if (b == NULL || (from->len.v != 0 && buffer_move(vm, b->data.v, from->data.v, from->len.v) < 0))
		return V_EXC;
	return v_cell(b);
}

/* Was the view within its buffer before that was transferred? Its copy has the bytes. */
static bool moved_within(struct clone *c, const struct typed *t)
{
	const struct table_ent *e = buffer_detached(t->buf.v) ? coll_find(c->vm, c->memo, v_cell(t->buf.v)) : NULL;
	uint64_t n = t->fixed.v == TYPED_TRACKS ? 0 : t->fixed.v * typed_size[t->type.v];

	return e && t->offset.v + n <= v_tobuffer(e->value.v)->len.v;
}

static val clone_view(struct clone *c, val v)
{
	struct vm *vm = c->vm;
	struct typed *t = v_totyped(v);
	enum intrinsic proto = INTR_DataViewPrototype;
	val buf;

	if (typed_oob(vm, t) && !moved_within(c, t))
		return throw_dom(vm, "DataCloneError", "A view out of bounds could not be cloned.");
	buf = clone_value(c, v_cell(t->buf.v));
	if (v_isexc(buf))
		return V_EXC;
	if (v_kind(v) == KIND_TYPED_ARRAY)
		proto = (enum intrinsic)(INTR_Int8ArrayPrototype + (int)t->type.v);
	return v_cell(typed_new(vm, obj_intr(vm, proto), v_kind(v), (enum typed_type)t->type.v, v_tobuffer(buf),
	                        t->offset.v, t->fixed.v));
}

/* The entries are listed before any of them is copied. */
static int clone_entries(struct clone *c, val from, val to)
{
	struct vm *vm = c->vm;
	struct table_cursor at = { NULL, 0 };
	bool map = v_kind(from) == KIND_MAP;
	struct table_ent *e;
	struct arr *list = arr_new(vm, 2 * coll_size(v_tocoll(from)));

	if (list == NULL)
		return -1;
	while ((e = coll_next(v_tocoll(from), &at)) != NULL) {
		val k = e->key.v, v = e->value.v;

		if (VM_TICK(vm, 2) || arr_push(vm, list, k) < 0 || (map && arr_push(vm, list, v) < 0))
			return -1;
	}
	for (uint32_t i = 0; i < list->len.v; i += 1 + map) {
		val k = clone_value(c, list->elem.v[i].v), v = V_UNDEF;

		if (map && !v_isexc(k))
			v = clone_value(c, list->elem.v[i + 1].v);
		if (v_isexc(k) || v_isexc(v) || coll_put(vm, v_tocoll(to), table_key(k), v) < 0)
			return -1;
	}
	return 0;
}

static val clone_error(struct clone *c, val v)
{
	static const struct { const char *name; enum intrinsic proto; } kinds[] = {
		{ "EvalError", INTR_EvalErrorPrototype }, { "RangeError", INTR_RangeErrorPrototype },
		{ "ReferenceError", INTR_ReferenceErrorPrototype }, { "SyntaxError", INTR_SyntaxErrorPrototype },
		{ "TypeError", INTR_TypeErrorPrototype }, { "URIError", INTR_URIErrorPrototype },
	};
	struct vm *vm = c->vm;
	enum intrinsic proto = INTR_ErrorPrototype;
	struct pdesc d;
	struct obj *e, *o = v_toobj(v);
	val name = obj_get(vm, o, A_name), message = V_UNDEF, stack;
	int has;

	if (!v_isexc(name) && !v_isundef(name))
		name = to_string(vm, name);
	if (v_isexc(name))
		return V_EXC;
	for (size_t i = 0; v_isstr(name) && i < ARRAY_LEN(kinds); i++)
		if (sview_eq_ascii(str_view(vm, v_tostr(name)), kinds[i].name))
			proto = kinds[i].proto;
	has = obj_get_own(vm, o, A_message, &d);
	if (has > 0 && (d.flags & PD_HAS_VALUE))
		message = to_string(vm, d.value);
	if (has < 0 || v_isexc(message))
		return V_EXC;
	e = error_new(vm, obj_intr(vm, proto), message);
	if (remember(c, v, v_cell(e)) < 0)
		return V_EXC;
	stack = obj_get(vm, o, A_stack);
	if (v_isexc(stack))
		return V_EXC;
	if (v_isstr(stack))
		obj_def(vm, e, A_stack, stack, ATTR_WC);
	has = obj_get_own(vm, o, A_cause, &d);
	if (has > 0 && (d.flags & PD_HAS_VALUE)) {
		val cause = clone_value(c, d.value);

		if (v_isexc(cause))
			return V_EXC;
		obj_def(vm, e, A_cause, cause, ATTR_WC);
	}
	return has < 0 ? V_EXC : v_cell(e);
}

/* Own enumerable properties with string keys. */
static int clone_properties(struct clone *c, struct obj *from, struct obj *to)
{
	struct vm *vm = c->vm;
	struct keylist kl = { 0 };

	if (obj_own_keys(vm, from, KEYS_STRINGS | KEYS_ENUMERABLE, &kl) < 0)
		return -1;
	for (uint32_t i = 0; i < kl.n; i++) {
		int has = obj_has_own(vm, from, kl.k[i]);
		val v;

		if (VM_TICK(vm, 2) || has < 0)
			return -1;
		if (has == 0)
			continue;
		v = obj_get(vm, from, kl.k[i]);
		if (!v_isexc(v))
			v = clone_value(c, v);
		if (v_isexc(v) || obj_create_data_throw(vm, to, kl.k[i], v) < 0)
			return -1;
	}
	return 0;
}

static val clone_array(struct clone *c, val v)
{
	struct vm *vm = c->vm;
	struct arr *a = arr_new(vm, 0);

	if (a == NULL || arr_set_length(vm, a, v_toarr(v)->len.v) < 0 || remember(c, v, v_cell(a)) < 0)
		return V_EXC;
	return clone_properties(c, v_toobj(v), (struct obj *)(void *)a) < 0 ? V_EXC : v_cell(a);
}

static val clone_object(struct clone *c, val v)
{
	struct obj *o = obj_new(c->vm);

	if (remember(c, v, v_cell(o)) < 0)
		return V_EXC;
	return clone_properties(c, v_toobj(v), o) < 0 ? V_EXC : v_cell(o);
}

static val clone_collection(struct clone *c, val v)
{
	bool map = v_kind(v) == KIND_MAP;
	val to = v_cell(coll_new(c->vm, obj_intr(c->vm, map ? INTR_MapPrototype : INTR_SetPrototype), v_kind(v)));

	return remember(c, v, to) < 0 || clone_entries(c, v, to) < 0 ? V_EXC : to;
}

/* StructuredSerializeInternal and StructuredDeserialize in one (HTML 2.7.3, 2.7.6). */
static val clone_value(struct clone *c, val v)
{
	struct vm *vm = c->vm;
	struct table_ent *known;
	val to;

	if (!v_isobj(v))
		return v_issym(v) ? refuse(vm, v) : v;
	known = coll_find(vm, c->memo, v);
	if (known != NULL)
		return known->value.v;
	if (VM_RECURSION(vm))
		return V_EXC;
	switch (v_kind(v)) {
	case KIND_OBJECT: case KIND_ARGUMENTS: return clone_object(c, v);
	case KIND_ARRAY: case KIND_ARRAY_COW: return clone_array(c, v);
	case KIND_ERROR: return clone_error(c, v);
	case KIND_MAP: case KIND_SET: return clone_collection(c, v);
	case KIND_BOOLEAN: to = clone_prim(c, v, INTR_BooleanPrototype); break;
	case KIND_NUMBER: to = clone_prim(c, v, INTR_NumberPrototype); break;
	case KIND_STRING: to = clone_prim(c, v, INTR_StringPrototype); break;
	case KIND_BIGINT_OBJ: to = clone_prim(c, v, INTR_BigIntPrototype); break;
	case KIND_DATE: to = clone_date(c, v); break;
	case KIND_REGEXP: to = clone_regexp(c, v); break;
	case KIND_ARRAY_BUFFER: to = clone_buffer(c, v); break;
	case KIND_TYPED_ARRAY: case KIND_DATA_VIEW: to = clone_view(c, v); break;
	default: return refuse(vm, v);
	}
	return v_isexc(to) || remember(c, v, to) < 0 ? V_EXC : to;
}

/* Buffers to be transferred: their copies have the bytes, they are detached. */
static int transfer(struct clone *c, val list)
{
	struct vm *vm = c->vm;
	struct arr *all = arr_new(vm, 0);

	if (all == NULL || iter_collect(vm, list, all) < 0)
		return -1;
	for (uint32_t i = 0; i < all->len.v; i++) {
		val v = all->elem.v[i].v;

		if (!v_iskind(v, KIND_ARRAY_BUFFER) || buffer_shared(v_tobuffer(v)) || buffer_detached(v_tobuffer(v)) ||
		    coll_find(vm, c->memo, v) != NULL) {
			throw_dom(vm, "DataCloneError", "Value at index %u of the transfer list could not be transferred.", i);
			return -1;
		}
		if (remember(c, v, V_NULL) < 0)
			return -1;
	}
	for (uint32_t i = 0; i < all->len.v; i++) {
		val v = all->elem.v[i].v;
		struct buffer *b = buffer_transfer(vm, v_tobuffer(v), (int64_t)v_tobuffer(v)->len.v, true);

		if (b == NULL || remember(c, v, v_cell(b)) < 0)
			return -1;
	}
	return 0;
}

static val structured_clone(struct vm *vm, val *a, uint32_t argc)
{
	struct clone c = { vm, NULL };
	val list = V_UNDEF;

	if (argc == 0)
		return throw_type(vm, "structuredClone needs a value");
	if (v_isobj(ARG(1)))
		list = obj_get(vm, v_toobj(a[2]), key_of_utf8(vm, "transfer", 8));
	else if (!v_isnullish(ARG(1)))
		return throw_type(vm, "The options of structuredClone are not an object");
	if (v_isexc(list))
		return V_EXC;
	c.memo = coll_new(vm, NULL, KIND_MAP);
	if (!v_isundef(list) && transfer(&c, list) < 0)
		return V_EXC;
	return clone_value(&c, a[1]);
}

static const struct row rows[] = {
	NF_METHOD_ATTR("structuredClone", 1, structured_clone, ATTR_WEC, EFF_MUT | EFF_CALLS, "HTML 2.7.10"),
};

void builtin_clone_init(struct vm *vm)
{
	native_install(vm, vm->global, rows, ARRAY_LEN(rows));
	obj_def(vm, vm->global, key_of_utf8(vm, "self", 4), v_cell(vm->global), ATTR_WC);
}
