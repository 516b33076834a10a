/* string_iter.c: String.prototype[@@iterator] and %StringIteratorPrototype%
 * (ECMA-262 22.1.3.36, 22.1.5): code points of a string. Called by scripts and by
 * loops over strings. */
#include "engine/builtins/table.h"
#include "engine/builtins/iterator.h"
#include "engine/builtins/string.h"

struct string_iter {
	struct iter_obj i;
	hval s;                   /* undefined once finished */
	HF(uint64_t) pos;
};

static val string_iterator(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "[Symbol.iterator]");
	struct string_iter *it;

	(void)argc;
	if (s == NULL)
		return V_EXC;
	it = obj_new_kind(vm, obj_intr(vm, INTR_StringIteratorPrototype), KIND_ITERATOR, sizeof *it);
	HINIT(it->i.type, ITER_STRING);
	HINIT(it->s, v_cell(s));
	HINIT(it->pos, 0);
	return v_cell(it);
}

int string_iterator_step(struct vm *vm, val itv, val *out)
{
	struct string_iter *it = (struct string_iter *)(void *)v_tocell(itv);
	uint32_t pos = (uint32_t)it->pos.v, units;
	struct sview v;

	if (v_isundef(it->s.v))
		return 0;
	if (pos >= v_tostr(it->s.v)->len.v) {
		VSET(vm, it->s, V_UNDEF);
		return 0;
	}
	if (!string_view(vm, v_tostr(it->s.v), &v))
		return -1;
	*out = str_from_code_point(vm, sview_code_point(v, pos, &units));
	VSET(vm, it->pos, pos + units);
	return 1;
}

static val string_iterator_next(struct vm *vm, val *a, uint32_t argc)
{
	val v = V_UNDEF;
	int r;

	(void)argc;
	if (!iter_is(a[0], ITER_STRING))
		return throw_type(vm, "next method called on incompatible receiver %s", val_for_message(vm, a[0]));
	r = string_iterator_step(vm, a[0], &v);
	return r < 0 ? V_EXC : obj_iter_result(vm, v, r == 0);
}

const struct row string_iter_rows[] = {
	NF_METHOD("@@iterator", 0, string_iterator, EFF_CALLS, "22.1.3.36"),
};

bool string_iterator_next_is_original(struct vm *vm, val next)
{
	return is_native(vm, next, string_iterator_next);
}

static const struct row string_iter_proto_rows[] = {
	NF_METHOD("next", 0, string_iterator_next, EFF_MUT, "22.1.5.1.1"),
	NF_TAG("String Iterator"),
};

void string_iter_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_IteratorPrototype), 4);

	vm->intr[INTR_StringIteratorPrototype] = v_cell(proto);
	native_install(vm, proto, ROWS(string_iter_proto_rows));
}
