/* iterator_consume.c: the methods of Iterator.prototype that drain the iterator:
 * every, find, forEach, reduce, some, toArray (27.1.4). */
#include "engine/builtins/iterator.h"
#include "engine/vm/calls.h"

/* Checks the receiver and, unless `method` takes none, the callback (a wrong one
 * closes the receiver). 0 or -1. */
static int begin(struct vm *vm, val this_v, const val *fn, const char *method, struct iter_rec *r)
{
	if (!v_isobj(this_v)) {
		throw_type(vm, "Iterator.prototype.%s called on non-object %s", method, val_for_message(vm, this_v));
		return -1;
	}
	if (fn != NULL && !func_is_callable(*fn)) {
		throw_type(vm, "%s is not a function", val_for_message(vm, *fn));
		iter_fail(vm, this_v);
		return -1;
	}
	return iter_direct(vm, this_v, r);
}

enum until { UNTIL_TRUE, UNTIL_FALSE, UNTIL_END };

/* Calls fn on the values until its answer ends the loop. 1: ended early, *at is
 * the value and the iterator is closed; 0: drained; -1. */
static int run(struct vm *vm, struct iter_rec r, val fn, enum until until, val *at)
{
	struct calls c;

	calls_begin(vm, &c, fn, V_UNDEF, 2);
	for (int64_t i = 0;; i++) {
		val res;
		int more = iter_step_value(vm, r, at);

		if (more != 1)
			return more;
		c.args[0] = *at;
		c.args[1] = v_i64(i);
		res = calls_go(vm, &c);
		if (res == V_EXC) {
			iter_fail(vm, r.it);
			return -1;
		}
		if (until != UNTIL_END && to_boolean(res) == (until == UNTIL_TRUE))
			return iter_close_obj(vm, r.it) < 0 ? -1 : 1;
	}
}

static val iterator_every(struct vm *vm, val *a, uint32_t argc)
{
	struct iter_rec r;
	val fn = ARG(0), at;
	int res;

	if (begin(vm, a[0], &fn, "every", &r) < 0)
		return V_EXC;
	res = run(vm, r, fn, UNTIL_FALSE, &at);
	return res < 0 ? V_EXC : v_bool(res == 0);
}

static val iterator_some(struct vm *vm, val *a, uint32_t argc)
{
	struct iter_rec r;
	val fn = ARG(0), at;
	int res;

	if (begin(vm, a[0], &fn, "some", &r) < 0)
		return V_EXC;
	res = run(vm, r, fn, UNTIL_TRUE, &at);
	return res < 0 ? V_EXC : v_bool(res == 1);
}

static val iterator_find(struct vm *vm, val *a, uint32_t argc)
{
	struct iter_rec r;
	val fn = ARG(0), at;
	int res;

	if (begin(vm, a[0], &fn, "find", &r) < 0)
		return V_EXC;
	res = run(vm, r, fn, UNTIL_TRUE, &at);
	return res < 0 ? V_EXC : res == 1 ? at : V_UNDEF;
}

static val iterator_for_each(struct vm *vm, val *a, uint32_t argc)
{
	struct iter_rec r;
	val fn = ARG(0), at;

	if (begin(vm, a[0], &fn, "forEach", &r) < 0)
		return V_EXC;
	return run(vm, r, fn, UNTIL_END, &at) < 0 ? V_EXC : V_UNDEF;
}

static val iterator_reduce(struct vm *vm, val *a, uint32_t argc)
{
	struct iter_rec r;
	val fn = ARG(0), acc, v;
	int64_t i = 0;
	int more;

	if (begin(vm, a[0], &fn, "reduce", &r) < 0)
		return V_EXC;
	if (argc >= 2) {
		acc = a[2];
	} else {
		more = iter_step_value(vm, r, &acc);
		if (more == 0)
			return throw_type(vm, "Reduce of a done iterator with no initial value");
		if (more < 0)
			return V_EXC;
		i = 1;
	}
	for (;; i++) {
		more = iter_step_value(vm, r, &v);
		if (more != 1)
			return more < 0 ? V_EXC : acc;
		acc = call_3(vm, fn, V_UNDEF, acc, v, v_i64(i));
		if (acc == V_EXC)
			return iter_fail(vm, r.it);
	}
}

static val iterator_to_array(struct vm *vm, val *a, uint32_t argc)
{
	struct iter_rec r;
	struct arr *out;
	val v;
	int more;

	(void)argc;
	if (begin(vm, a[0], NULL, "toArray", &r) < 0)
		return V_EXC;
	out = arr_new(vm, 0);
	if (out == NULL)
		return V_EXC;
	while ((more = iter_step_value(vm, r, &v)) == 1) {
		if (arr_push(vm, out, v) < 0)
			return V_EXC;
	}
	return more < 0 ? V_EXC : v_cell(out);
}

const struct row iterator_consume_rows[] = {
	NF_METHOD("every", 1, iterator_every, EFF_CALLS, "27.1.4.3"),
	NF_METHOD("find", 1, iterator_find, EFF_CALLS, "27.1.4.5"),
	NF_METHOD("forEach", 1, iterator_for_each, EFF_CALLS, "27.1.4.7"),
	NF_METHOD("reduce", 1, iterator_reduce, EFF_CALLS, "27.1.4.9"),
	NF_METHOD("some", 1, iterator_some, EFF_CALLS, "27.1.4.10"),
	NF_METHOD("toArray", 0, iterator_to_array, EFF_CALLS, "27.1.4.12"),
};
const uint32_t iterator_consume_nrows = ARRAY_LEN(iterator_consume_rows);
