/* library_natives.c: what the files of the library (library.c) get of the engine: the
 * protocols of promises, buffers and calls as they are, whatever a program has done to
 * Promise.prototype.then, Function.prototype.call and the like. The files see to it
 * that arguments are what a native here expects; those that would be dangerous otherwise
 * are checked. */
#include "engine/api/api.h"
#include "engine/builtins/builtins.h"
#include "engine/object/typed.h"
#include "engine/vm/promise.h"

static val misuse(struct vm *vm, const char *what) { return throw_type(vm, "library: %s", what); }

/* ---- promises ------------------------------------------------------------------------ */

/* promise(): pending. */
static val lib_promise(struct vm *vm, val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return promise_new(vm);
}

/* resolve(p, v), reject(p, reason): nothing if p is settled. */
static val lib_resolve(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_iskind(ARG(0), KIND_PROMISE))
		return misuse(vm, "not a promise");
	if (v_topromise(a[1])->state.v == PROMISE_PENDING && promise_resolve_with(vm, a[1], ARG(1)) < 0)
		return V_EXC;
	return V_UNDEF;
}

static val lib_reject(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_iskind(ARG(0), KIND_PROMISE))
		return misuse(vm, "not a promise");
	if (v_topromise(a[1])->state.v == PROMISE_PENDING)
		promise_reject_with(vm, a[1], ARG(1));
	return V_UNDEF;
}

/* resolved(v): a promise resolved with v; v itself if it is a promise. */
static val lib_resolved(struct vm *vm, val *a, uint32_t argc)
{
	return promise_of(vm, ARG(0));
}

static val lib_rejected(struct vm *vm, val *a, uint32_t argc)
{
	val p = promise_new(vm);

	promise_reject_with(vm, p, ARG(0));
	return p;
}

static int react(struct vm *vm, struct job *j)
{
	val h = j->a[j->rejected.v ? 1 : 0].v;

	return v_isundef(h) || call_1(vm, h, V_UNDEF, j->value.v) != V_EXC ? 0 : -1;
}

/* a[2]: the promise of what the handler returns. */
static int react_chained(struct vm *vm, struct job *j)
{
	val h = j->a[j->rejected.v ? 1 : 0].v, r = j->value.v;

	if (v_isundef(h)) {
		if (!j->rejected.v)
			return promise_resolve_with(vm, j->a[2].v, r);
		promise_reject_with(vm, j->a[2].v, r);
		return 0;
	}
	r = call_1(vm, h, V_UNDEF, r);
	return r == V_EXC ? promise_reject_exc(vm, j->a[2].v) : promise_resolve_with(vm, j->a[2].v, r);
}

static struct job *reaction_of(struct vm *vm, const val *a, uint32_t argc, job_fn fn)
{
	struct job *j = job_new(vm, fn);

	HINIT(j->a[0], ARG(1));
	HINIT(j->a[1], ARG(2));
	return j;
}

/* then(p, onFulfilled, onRejected): handlers are functions or undefined; p counts as
 * handled. No promise is made. */
static val lib_then(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_iskind(ARG(0), KIND_PROMISE))
		return misuse(vm, "not a promise");
	promise_react(vm, a[1], reaction_of(vm, a, argc, react));
	return V_UNDEF;
}

/* chain(p, onFulfilled, onRejected): a promise of what the handler returns. */
static val lib_chain(struct vm *vm, val *a, uint32_t argc)
{
	val p = promise_new(vm);
	struct job *j;

	if (!v_iskind(ARG(0), KIND_PROMISE))
		return misuse(vm, "not a promise");
	j = reaction_of(vm, a, argc, react_chained);
	HINIT(j->a[2], p);
	promise_react(vm, a[1], j);
	return p;
}

/* handled(p): nobody is told that p was rejected. */
static val lib_handled(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_iskind(ARG(0), KIND_PROMISE))
		return misuse(vm, "not a promise");
	VSET(vm, v_topromise(a[1])->handled, 1);
	return V_UNDEF;
}

/* state(v): 0 pending, 1 fulfilled, 2 rejected; -1: no promise. */
static val lib_state(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_int(v_iskind(ARG(0), KIND_PROMISE) ? (int32_t)v_topromise(a[1])->state.v : -1);
}

/* ---- calls --------------------------------------------------------------------------- */

/* call(f, this, ...args) */
static val lib_call(struct vm *vm, val *a, uint32_t argc)
{
	return vm_call(vm, ARG(0), ARG(1), argc > 2 ? argc - 2 : 0, a + 3);
}

/* promiseCall(f, this, ...args): the result as a promise (Web IDL 3.11, callback
 * functions whose return type is a promise type). */
static val lib_promise_call(struct vm *vm, val *a, uint32_t argc)
{
	val r = lib_call(vm, a, argc), p;

	if (r != V_EXC)
		r = promise_of(vm, r);
	if (r != V_EXC)
		return r;
	if (vm->term)
		return V_EXC;
	p = promise_new(vm);
	return promise_reject_exc(vm, p) < 0 ? V_EXC : p;
}

/* syncIterator(iterator, next): its async form (ECMA-262 27.1.6.1). */
static val lib_sync_iterator(struct vm *vm, val *a, uint32_t argc)
{
	return vm->async_from_sync_fn(vm, ARG(0), ARG(1));
}

/* ---- buffers and views ------------------------------------------------------------------ */

static struct buffer *buffer_arg(val v) { return v_iskind(v, KIND_ARRAY_BUFFER) ? v_tobuffer(v) : NULL; }

static struct typed *view_arg(val v)
{
	return v_istyped(v) || v_iskind(v, KIND_DATA_VIEW) ? v_totyped(v) : NULL;
}

/* bufferKind(v): 0 none, 1 ArrayBuffer, 2 SharedArrayBuffer. */
static val lib_buffer_kind(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = buffer_arg(ARG(0));

	(void)vm;
	return v_int(b ? 1 + buffer_shared(b) : 0);
}

static val lib_buffer_new(struct vm *vm, val *a, uint32_t argc)
{
	struct buffer *b = buffer_new(vm, obj_intr(vm, INTR_ArrayBufferPrototype),
				      v_isnum(ARG(0)) && v_numof(a[1]) <= BUFFER_MAX ? (int64_t)v_numof(a[1])
									       : (int64_t)BUFFER_MAX + 1, -1, false);

	return b ? v_cell(b) : V_EXC;
}

static val lib_buffer_size(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = buffer_arg(ARG(0));

	return b ? v_num((double)b->len.v) : misuse(vm, "not a buffer");
}

static val lib_buffer_detached(struct vm *vm, val *a, uint32_t argc)
{
	const struct buffer *b = buffer_arg(ARG(0));

	return b ? v_bool(buffer_detached(b)) : misuse(vm, "not a buffer");
}

/* transfer(buffer): one with its bytes; it is detached. */
static val lib_transfer(struct vm *vm, val *a, uint32_t argc)
{
	struct buffer *b = buffer_arg(ARG(0));

	if (b == NULL || buffer_shared(b))
		return misuse(vm, "not a buffer");
	if (buffer_detached(b))
		return throw_type(vm, "Cannot transfer a detached ArrayBuffer");
	b = buffer_transfer(vm, b, (int64_t)b->len.v, true);
	return b ? v_cell(b) : V_EXC;
}

/* copyBytes(to, at, from, start, n): buffers; within their bounds. */
static val lib_copy(struct vm *vm, val *a, uint32_t argc)
{
	struct buffer *to = buffer_arg(ARG(0)), *from = buffer_arg(ARG(2));
	double at = v_isnum(ARG(1)) ? v_numof(a[2]) : -1, start = v_isnum(ARG(3)) ? v_numof(a[4]) : -1;
	double n = v_isnum(ARG(4)) ? v_numof(a[5]) : -1;

	if (to == NULL || from == NULL || !(n >= 0) || !(at >= 0) || !(start >= 0) || at + n > (double)to->len.v ||
	    start + n > (double)from->len.v)
		return misuse(vm, "bytes out of bounds");
	return buffer_move(vm, to->data.v + (size_t)at, from->data.v + (size_t)start, (uint64_t)n) < 0 ? V_EXC : V_UNDEF;
}

/* viewKind(v): the type of a typed array as viewNew takes it, VIEW_DATA a DataView's;
 * -1 none. */
#define VIEW_DATA TYPED__N
static val lib_view_kind(struct vm *vm, val *a, uint32_t argc)
{
	const struct typed *t = view_arg(ARG(0));

	(void)vm;
	return v_int(t == NULL ? -1 : t->h.kind == KIND_DATA_VIEW ? (int32_t)VIEW_DATA : (int32_t)t->type.v);
}

static val lib_view_buffer(struct vm *vm, val *a, uint32_t argc)
{
	const struct typed *t = view_arg(ARG(0));

	return t ? v_cell(t->buf.v) : misuse(vm, "not a view");
}

static val lib_view_offset(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = view_arg(ARG(0));

	return t ? v_num(typed_oob(vm, t) ? 0 : (double)t->offset.v) : misuse(vm, "not a view");
}

static val lib_view_size(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = view_arg(ARG(0));

	if (t == NULL)
		return misuse(vm, "not a view");
	return v_num((double)typed_len(vm, t) * (t->h.kind == KIND_DATA_VIEW ? 1 : typed_size[t->type.v]));
}

/* elementSize(kind) */
static val lib_element_size(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_int(v_isnum(ARG(0)) && v_numof(a[1]) >= 0 && v_numof(a[1]) < VIEW_DATA ? typed_size[(int)v_numof(a[1])] : 1);
}

/* viewNew(kind, buffer, offset, length in elements) */
static val lib_view_new(struct vm *vm, val *a, uint32_t argc)
{
	struct buffer *b = buffer_arg(ARG(1));
	double kind = v_isnum(ARG(0)) ? v_numof(a[1]) : -1, off = v_isnum(ARG(2)) ? v_numof(a[3]) : -1;
	double n = v_isnum(ARG(3)) ? v_numof(a[4]) : -1;
	enum typed_type type;

	if (b == NULL || !(kind >= 0 && kind <= VIEW_DATA && off >= 0 && n >= 0))
		return misuse(vm, "not a view");
	type = kind == VIEW_DATA ? TYPED_Uint8 : (enum typed_type)kind;
	if (off + n * typed_size[type] > (double)b->len.v)
		return misuse(vm, "view out of bounds");
	return v_cell(typed_new(vm, obj_intr(vm, kind == VIEW_DATA ? INTR_DataViewPrototype
							    : (enum intrinsic)(INTR_Int8ArrayPrototype + (int)type)),
				kind == VIEW_DATA ? KIND_DATA_VIEW : KIND_TYPED_ARRAY, type, b, (uint64_t)off, (uint64_t)n));
}

/* ---- strings and properties --------------------------------------------------------------- */

/* substring(s, from, to): within bounds. */
static val lib_substring(struct vm *vm, val *a, uint32_t argc)
{
	double from = v_isnum(ARG(1)) ? v_numof(a[2]) : -1, to = v_isnum(ARG(2)) ? v_numof(a[3]) : -1;

	if (!v_isstr(ARG(0)) || !(from >= 0) || !(to >= from) || to > v_tostr(a[1])->len.v)
		return misuse(vm, "bounds of a string");
	return str_sub(vm, v_tostr(a[1]), (uint32_t)from, (uint32_t)to);
}

/* define(o, key, value, writable): configurable, not enumerable. */
static val lib_define(struct vm *vm, val *a, uint32_t argc)
{
	pkey k;

	if (!v_isobj(ARG(0)) || !key_of_val(vm, ARG(1), &k))
		return misuse(vm, "not an object");
	obj_def(vm, v_toobj(a[1]), k, ARG(2), to_boolean(ARG(3)) ? ATTR_WC : ATTR_C);
	return V_UNDEF;
}

/* ---- classes -------------------------------------------------------------------------- */

static int enumerate_members(struct vm *vm, struct obj *o, bool is_ctor)
{
	struct keylist kl = { 0 };

	if (obj_own_keys(vm, o, KEYS_STRINGS, &kl) < 0)
		return -1;
	for (uint32_t i = 0; i < kl.n; i++) {
		struct pdesc d = { .flags = PD_HAS_E | PD_E, .value = V_UNDEF, .get = V_UNDEF, .set = V_UNDEF };
		pkey k = kl.k[i];

		if (is_ctor ? k == A_prototype || k == A_name || k == A_length : k == A_constructor)
			continue;
		if (obj_define_throw(vm, o, k, &d) < 0)
			return -1;
	}
	return 0;
}

/* expose(C): makes of a class what Web IDL 3.7 makes of an interface: members are
 * enumerable, the prototype has the class's name as its @@toStringTag. */
static val lib_expose(struct vm *vm, val *a, uint32_t argc)
{
	val proto;

	if (!v_isobj(ARG(0)))
		return misuse(vm, "not a class");
	proto = obj_get(vm, v_toobj(a[1]), A_prototype);
	if (!v_isobj(proto))
		return misuse(vm, "not a class");
	if (enumerate_members(vm, v_toobj(a[1]), true) < 0 || enumerate_members(vm, v_toobj(proto), false) < 0)
		return V_EXC;
	obj_def(vm, v_toobj(proto), A_sym_to_string_tag, func_name_of(vm, v_toobj(a[1])), ATTR_C);
	return a[1];
}

static const struct row rows[] = {
	NF_METHOD("promise", 0, lib_promise, EFF_NONE, "ECMA-262 27.2"),
	NF_METHOD("resolve", 2, lib_resolve, EFF_MUT | EFF_CALLS, "ECMA-262 27.2.1.3.2"),
	NF_METHOD("reject", 2, lib_reject, EFF_MUT, "ECMA-262 27.2.1.7"),
	NF_METHOD("resolved", 1, lib_resolved, EFF_MUT | EFF_CALLS, "ECMA-262 27.2.4.7.1"),
	NF_METHOD("rejected", 1, lib_rejected, EFF_MUT, "Web IDL 3.2.24"),
	NF_METHOD("then", 3, lib_then, EFF_MUT | EFF_CALLS, "ECMA-262 27.2.5.4.1"),
	NF_METHOD("chain", 3, lib_chain, EFF_MUT | EFF_CALLS, "ECMA-262 27.2.5.4.1"),
	NF_METHOD("handled", 1, lib_handled, EFF_MUT, "Web IDL 3.2.24"),
	NF_METHOD("state", 1, lib_state, EFF_NONE, "ECMA-262 27.2.6"),
	NF_METHOD("call", 2, lib_call, EFF_MUT | EFF_CALLS, "ECMA-262 7.3.14"),
	NF_METHOD("promiseCall", 2, lib_promise_call, EFF_MUT | EFF_CALLS, "Web IDL 3.11"),
	NF_METHOD("syncIterator", 2, lib_sync_iterator, EFF_NONE, "ECMA-262 27.1.6.1"),
	NF_METHOD("bufferKind", 1, lib_buffer_kind, EFF_NONE, "ECMA-262 25.1"),
	NF_METHOD("bufferNew", 1, lib_buffer_new, EFF_NONE, "ECMA-262 25.1.3.1"),
	NF_METHOD("bufferSize", 1, lib_buffer_size, EFF_NONE, "ECMA-262 25.1"),
	NF_METHOD("bufferDetached", 1, lib_buffer_detached, EFF_NONE, "ECMA-262 25.1.3.4"),
	NF_METHOD("transfer", 1, lib_transfer, EFF_MUT, "Streams 8.3"),
	NF_METHOD("copyBytes", 5, lib_copy, EFF_MUT, "ECMA-262 6.2.9.3"),
	NF_METHOD("viewKind", 1, lib_view_kind, EFF_NONE, "ECMA-262 23.2"),
	NF_METHOD("viewBuffer", 1, lib_view_buffer, EFF_NONE, "ECMA-262 23.2.3.2"),
	NF_METHOD("viewOffset", 1, lib_view_offset, EFF_NONE, "ECMA-262 23.2.3.4"),
	NF_METHOD("viewSize", 1, lib_view_size, EFF_NONE, "ECMA-262 23.2.3.3"),
	NF_METHOD("elementSize", 1, lib_element_size, EFF_NONE, "ECMA-262 table 71"),
	NF_METHOD("viewNew", 4, lib_view_new, EFF_NONE, "ECMA-262 23.2.5.1"),
	NF_METHOD("substring", 3, lib_substring, EFF_NONE, "ECMA-262 6.1.4"),
	NF_METHOD("define", 4, lib_define, EFF_MUT, "ECMA-262 7.3.5"),
	NF_METHOD("expose", 1, lib_expose, EFF_MUT, "Web IDL 3.7"),
};

/* Constructors and prototypes as they were before any program ran. */
static const struct { const char *name; enum intrinsic value; } intrinsics[] = {
	{ "Error", INTR_Error }, { "TypeError", INTR_TypeError }, { "RangeError", INTR_RangeError },
	{ "DOMException", INTR_DOMException }, { "AsyncIteratorPrototype", INTR_AsyncIteratorPrototype },
};
static const struct { const char *name; pkey symbol; } symbols[] = {
	{ "symIterator", A_sym_iterator }, { "symAsyncIterator", A_sym_async_iterator },
	{ "symToStringTag", A_sym_to_string_tag },
};

static const char *const globals[] = { "structuredClone" };

void library_natives(struct vm *vm, struct obj *internal)
{
	native_install(vm, internal, rows, ARRAY_LEN(rows));
	for (size_t i = 0; i < ARRAY_LEN(intrinsics); i++)
		obj_def(vm, internal, key_of_utf8(vm, intrinsics[i].name, strlen(intrinsics[i].name)),
			vm->intr[intrinsics[i].value], ATTR_WC);
	for (size_t i = 0; i < ARRAY_LEN(symbols); i++)
		obj_def(vm, internal, key_of_utf8(vm, symbols[i].name, strlen(symbols[i].name)),
			key_to_val(vm, symbols[i].symbol), ATTR_WC);
	for (size_t i = 0; i < ARRAY_LEN(globals); i++) {
		pkey k = key_of_utf8(vm, globals[i], strlen(globals[i]));

		obj_def(vm, internal, k, obj_get(vm, vm->global, k), ATTR_WC);
	}
}
