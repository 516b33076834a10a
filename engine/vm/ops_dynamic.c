/* ops_dynamic.c: slow functions of names bound at run time: objects of with
 * statements (9.1.1.2), variables made by sloppy direct eval, and direct eval
 * itself (19.2.1.1). The compiler says in which environments such objects are. */
#include "engine/vm/ops.h"

/* 9.1.1.2.1 HasBinding of a with statement's object */
static int with_has(struct vm *vm, struct obj *o, pkey k)
{
	int has = obj_has(vm, o, k);
	val list, hidden;

	if (has <= 0)
		return has;
	list = obj_get(vm, o, A_sym_unscopables);
	if (list == V_EXC)
		return -1;
	if (!v_isobj(list))
		return 1;
	hidden = obj_get(vm, v_toobj(list), k);
	return hidden == V_EXC ? -1 : !to_boolean(hidden);
}

SLOW_OP(FINDDYN)
{
	const struct image_const *c = &op_code(fp)->fn->consts[W1_IC(OP_W1)];
	struct env *e = (struct env *)(void *)v_tocell(R_b);
	pkey k = op_key(fp, pc);
	uint32_t depth = 0;
	val *out = &R_a;

	out[0] = out[1] = V_UNDEF;
	for (uint32_t i = 0; i < W_C(*pc); i++) {
		const struct image_dyn *d = &c->u.dyns.v[i];
		int has = 0;
		val o;

		for (; depth < d->depth; depth++)
			e = e->up.v;
		o = e->v[d->slot].v;
		if (v_isobj(o))
			has = d->with ? with_has(vm, v_toobj(o), k) : obj_has_own(vm, v_toobj(o), k);
		if (has < 0)
			return V_EXC;
		if (has == 0)
			continue;
		out[0] = o;
		if (d->with)
			out[1] = o;
		break;
	}
	return V_UNDEF;
}

static val not_defined(struct vm *vm, pkey k)
{
	return throw_ref(vm, "%s is not defined", key_for_message(vm, k));
}

SLOW_OP(GETDYN)
{
	struct obj *o = v_toobj(R_b);
	pkey k = op_key(fp, pc);
	int has = obj_has(vm, o, k);

	if (has <= 0)
		return has < 0 ? V_EXC : op_strict(fp) ? not_defined(vm, k) : V_UNDEF;
	return obj_get(vm, o, k);
}

SLOW_OP(SETDYN)
{
	struct obj *o = v_toobj(R_a);
	pkey k = op_key(fp, pc);
	int has = obj_has(vm, o, k);

	if (has < 0)
		return V_EXC;
	if (has == 0 && op_strict(fp))
		return not_defined(vm, k);
	return op_status(obj_put_v(vm, v_cell(o), k, R_b, op_strict(fp)));
}

SLOW_OP(DYNOBJ)
{
	struct env *e = (struct env *)(void *)v_tocell(R_b);
	struct obj *o;

	for (uint32_t i = W_C(*pc); i > 0; i--)
		e = e->up.v;
	if (v_isobj(e->v[OP_W1].v))
		return e->v[OP_W1].v;
	o = obj_new_inl(vm, NULL, 4);
	if (o == NULL)
		return V_EXC;
	VSET(vm, e->v[OP_W1], v_cell(o));
	return v_cell(o);
}

SLOW_OP(DYNVAR)
{
	struct obj *o = v_toobj(R_a);
	pkey k = op_key(fp, pc);
	int has = obj_has_own(vm, o, k);

	return has != 0 ? op_status(has) : op_status(obj_create_data(vm, o, k, V_UNDEF));
}

SLOW_OP(TOOBJ) { return to_object(vm, R_b); }
SLOW_OP(JNEVAL) { return v_bool(R_a != vm->intr[INTR_eval]); }

SLOW_OP(EVAL)
{
	val source = R_b, env = W_C(*pc) == REG_NONE ? V_HOLE : R_c;

	if (OP_W1 & 2)
		source = v_toarr(source)->len.v ? v_toarr(source)->elem.v[0].v : V_UNDEF;
	if (!v_isstr(source))
		return source;
	if (EFF_EVAL & ~vm->taint)
		except_taint(vm, EFF_EVAL);
	if (vm->direct_eval_fn == NULL)
		return throw_syntax(vm, "this program contains no compiler: eval is not available");
	return vm->direct_eval_fn(vm, op_code(fp)->unit, OP_W1 >> 2, OP_W1 & 1, env, v_tostr(source));
}
