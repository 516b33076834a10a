/* disposable.c: DisposableStack, AsyncDisposableStack (ECMA-262 2027, 27.3 and 27.4) and
 * the disposal of iterators. Called by scripts; the work is engine/vm/dispose.c's. */
#include "engine/builtins/builtins.h"
#include "engine/vm/dispose.h"
#include "engine/vm/promise.h"

struct stack { struct cell h; HF(struct ext *) ext; hval list; hval disposed; };

static struct stack *v_tostack(val v) { return (struct stack *)(void *)v_tocell(v); }

static int16_t own_kind(struct vm *vm, const val *a)
{
	return nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic;
}

/* `this` of the method that runs; its magic is the kind. */
static struct stack *this_stack(struct vm *vm, const val *a)
{
	int16_t kind = own_kind(vm, a);

	if (likely(v_iskind(a[0], (uint8_t)kind)))
		return v_tostack(a[0]);
	throw_type(vm, "%s is not %s", val_for_message(vm, a[0]),
		   kind == KIND_DISPOSABLE ? "a DisposableStack" : "an AsyncDisposableStack");
	return NULL;
}

/* The same, that still takes resources. */
static struct stack *open_stack(struct vm *vm, const val *a)
{
	struct stack *s = this_stack(vm, a);

	if (s == NULL || s->disposed.v == V_FALSE)
		return s;
	throw_ref(vm, "The stack of resources is disposed of already");
	return NULL;
}

static bool is_async(const struct stack *s) { return s->h.kind == KIND_ASYNC_DISPOSABLE; }

static val stack_new(struct vm *vm, struct obj *proto, uint8_t kind, val list)
{
	struct stack *s = obj_new_kind(vm, proto, kind, sizeof *s);

	HINIT(s->list, list);
	HINIT(s->disposed, V_FALSE);
	return v_cell(s);
}

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	int16_t kind = own_kind(vm, a);
	val proto = obj_proto_from_ctor(vm, NEWT(), kind == KIND_DISPOSABLE ? INTR_DisposableStackPrototype :
					INTR_AsyncDisposableStackPrototype);

	(void)argc;
	return proto == V_EXC ? V_EXC : stack_new(vm, v_toobj(proto), (uint8_t)kind, V_UNDEF);
}

static val stack_disposed(struct vm *vm, val *a, uint32_t argc)
{
	struct stack *s = this_stack(vm, a);

	(void)argc;
	return s == NULL ? V_EXC : s->disposed.v;
}

/* ---- adding ------------------------------------------------------------------------ */

static val stack_use(struct vm *vm, val *a, uint32_t argc)
{
	struct stack *s = open_stack(vm, a);
	val list;

	if (s == NULL)
		return V_EXC;
	list = s->list.v;
	if (dispose_add(vm, &list, ARG(0), is_async(s)) < 0)
		return V_EXC;
	VSET(vm, s->list, list);
	return ARG(0);
}

/* on_dispose runs when the stack is disposed of. 0 or -1. */
static int add_callback(struct vm *vm, const val *a, val v, val on_dispose, unsigned flag)
{
	struct stack *s = open_stack(vm, a);
	val list;

	if (s == NULL)
		return -1;
	if (!func_is_callable(on_dispose)) {
		throw_type(vm, "%s is not a function", val_for_message(vm, on_dispose));
		return -1;
	}
	list = s->list.v;
	if (dispose_add_method(vm, &list, v, on_dispose, flag | (is_async(s) ? DISPOSE_ASYNC : DISPOSE_METHOD)) < 0)
		return -1;
	VSET(vm, s->list, list);
	return 0;
}

static val stack_adopt(struct vm *vm, val *a, uint32_t argc)
{
	return add_callback(vm, a, ARG(0), ARG(1), DISPOSE_CALL) < 0 ? V_EXC : ARG(0);
}

static val stack_defer(struct vm *vm, val *a, uint32_t argc)
{
	return add_callback(vm, a, V_UNDEF, ARG(0), 0) < 0 ? V_EXC : V_UNDEF;
}

/* The resources; the stack is disposed of. */
static val take_list(struct vm *vm, struct stack *s)
{
	val list = s->list.v;

	VSET(vm, s->list, V_UNDEF);
	VSET(vm, s->disposed, V_TRUE);
	return list;
}

static val stack_move(struct vm *vm, val *a, uint32_t argc)
{
	struct stack *s = open_stack(vm, a);

	(void)argc;
	if (s == NULL)
		return V_EXC;
	return stack_new(vm, obj_intr(vm, is_async(s) ? INTR_AsyncDisposableStackPrototype : INTR_DisposableStackPrototype),
			 s->h.kind, take_list(vm, s));
}

/* ---- disposing --------------------------------------------------------------------- */

static val stack_dispose(struct vm *vm, val *a, uint32_t argc)
{
	struct stack *s = this_stack(vm, a);
	val error = V_HOLE, none = V_UNDEF;

	(void)argc;
	if (s == NULL)
		return V_EXC;
	if (s->disposed.v == V_TRUE)
		return V_UNDEF;
	if (dispose_step(vm, take_list(vm, s), &error, &none) < 0)
		return V_EXC;
	return error == V_HOLE ? V_UNDEF : throw_val(vm, error);
}

static int awaited(struct vm *vm, struct job *j);

/* Disposes of what is left in the list, then settles p. 0, or -1: terminated. */
static int go_on(struct vm *vm, val list, val p, val error)
{
	val v = V_UNDEF, w;
	struct job *j;
	int more;

	while ((more = dispose_step(vm, list, &error, &v)) == 1) {
		w = promise_of(vm, v);
		if (w == V_EXC) {
			if (vm->term)
				return -1;
			dispose_failed(vm, &error, exc_take(vm));
			continue;
		}
		j = job_new(vm, awaited);
		HINIT(j->a[0], list);
		HINIT(j->a[1], p);
		HINIT(j->a[2], error);
		promise_react(vm, w, j);
		return 0;
	}
	if (more < 0)
		return -1;
	if (error == V_HOLE)
		return promise_resolve_with(vm, p, V_UNDEF);
	promise_reject_with(vm, p, error);
	return 0;
}

static int awaited(struct vm *vm, struct job *j)
{
	val error = j->a[2].v;

	if (j->rejected.v)
		dispose_failed(vm, &error, j->value.v);
	return go_on(vm, j->a[0].v, j->a[1].v, error);
}

static val stack_dispose_async(struct vm *vm, val *a, uint32_t argc)
{
	struct stack *s = this_stack(vm, a);
	val p = promise_new(vm);
	int r;

	(void)argc;
	if (s == NULL)
		r = promise_reject_exc(vm, p);
	else if (s->disposed.v == V_TRUE)
		r = promise_resolve_with(vm, p, V_UNDEF);
	else
		r = go_on(vm, take_list(vm, s), p, V_HOLE);
	return r < 0 ? V_EXC : p;
}

/* ---- iterators (27.1.3.3, 27.1.4.15) ------------------------------------------------- */

static val iterator_dispose(struct vm *vm, val *a, uint32_t argc)
{
	val m = obj_get_method(vm, a[0], A_return_);

	(void)argc;
	if (m != V_EXC && !v_isundef(m))
		m = vm_call(vm, m, a[0], 0, NULL);
	return m == V_EXC ? V_EXC : V_UNDEF;
}

static int closed(struct vm *vm, struct job *j)
{
	if (!j->rejected.v)
		return promise_resolve_with(vm, j->a[0].v, V_UNDEF);
	promise_reject_with(vm, j->a[0].v, j->value.v);
	return 0;
}

static val async_iterator_dispose(struct vm *vm, val *a, uint32_t argc)
{
	val p = promise_new(vm), m = obj_get_method(vm, a[0], A_return_), r = m;
	struct job *j;

	(void)argc;
	if (m != V_EXC && v_isundef(m))
		return promise_resolve_with(vm, p, V_UNDEF) < 0 ? V_EXC : p;
	if (m != V_EXC)
		r = vm_call(vm, m, a[0], 0, NULL);
	if (r != V_EXC)
		r = promise_of(vm, r);
	if (r == V_EXC)
		return promise_reject_exc(vm, p) < 0 ? V_EXC : p;
	j = job_new(vm, closed);
	HINIT(j->a[0], p);
	promise_react(vm, r, j);
	return p;
}

/* ---- tables -------------------------------------------------------------------------- */

#define M NF_METHOD_MAGIC
static const struct row stack_rows[] = {
	NF_GETTER_MAGIC("disposed", stack_disposed, KIND_DISPOSABLE, EFF_NONE, "27.3.3.3"),
	M("adopt", 2, stack_adopt, KIND_DISPOSABLE, EFF_MUT, "27.3.3.1"),
	M("defer", 1, stack_defer, KIND_DISPOSABLE, EFF_MUT, "27.3.3.2"),
	M("dispose", 0, stack_dispose, KIND_DISPOSABLE, EFF_MUT | EFF_CALLS, "27.3.3.4"),
	M("move", 0, stack_move, KIND_DISPOSABLE, EFF_MUT, "27.3.3.5"),
	M("use", 1, stack_use, KIND_DISPOSABLE, EFF_MUT | EFF_CALLS, "27.3.3.6"),
	NF_ALIAS("@@dispose", "dispose"),
	NF_TAG("DisposableStack"),
};

static const struct row async_stack_rows[] = {
	NF_GETTER_MAGIC("disposed", stack_disposed, KIND_ASYNC_DISPOSABLE, EFF_NONE, "27.4.3.3"),
	M("adopt", 2, stack_adopt, KIND_ASYNC_DISPOSABLE, EFF_MUT, "27.4.3.1"),
	M("defer", 1, stack_defer, KIND_ASYNC_DISPOSABLE, EFF_MUT, "27.4.3.2"),
	M("disposeAsync", 0, stack_dispose_async, KIND_ASYNC_DISPOSABLE, EFF_MUT | EFF_CALLS, "27.4.3.4"),
	M("move", 0, stack_move, KIND_ASYNC_DISPOSABLE, EFF_MUT, "27.4.3.5"),
	M("use", 1, stack_use, KIND_ASYNC_DISPOSABLE, EFF_MUT | EFF_CALLS, "27.4.3.6"),
	NF_ALIAS("@@asyncDispose", "disposeAsync"),
	NF_TAG("AsyncDisposableStack"),
};
#undef M

static const struct row iterator_rows[] = {
	NF_METHOD("@@dispose", 0, iterator_dispose, EFF_CALLS, "27.1.4.15"),
};

static const struct row async_iterator_rows[] = {
	NF_METHOD("@@asyncDispose", 0, async_iterator_dispose, EFF_MUT | EFF_CALLS, "27.1.5.2"),
};

static const struct native_def stack_def =
	{ "DisposableStack", construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, KIND_DISPOSABLE, "27.3.1.1" };
static const struct native_def async_stack_def =
	{ "AsyncDisposableStack", construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, KIND_ASYNC_DISPOSABLE, "27.4.1.1" };

static void make(struct vm *vm, const struct native_def *def, enum intrinsic ctor, enum intrinsic proto,
		 const struct row *rows, uint32_t n)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[proto] = v_cell(p);
	native_ctor(vm, def, ctor, NULL, p, NULL, 0, rows, n);
}

void builtin_disposable_init(struct vm *vm)
{
	make(vm, &stack_def, INTR_DisposableStack, INTR_DisposableStackPrototype, stack_rows, ARRAY_LEN(stack_rows));
	make(vm, &async_stack_def, INTR_AsyncDisposableStack, INTR_AsyncDisposableStackPrototype, async_stack_rows,
	     ARRAY_LEN(async_stack_rows));
	native_install(vm, obj_intr(vm, INTR_IteratorPrototype), iterator_rows, ARRAY_LEN(iterator_rows));
	native_install(vm, obj_intr(vm, INTR_AsyncIteratorPrototype), async_iterator_rows, ARRAY_LEN(async_iterator_rows));
}
