/* ops_make.c: slow functions that make objects, functions and classes, and of
 * iteration. */
#include "engine/vm/ops.h"

SLOW_OP(NEWOBJ)
{
	uint32_t n = W_C(*pc);

	(void)fp;
	return v_cell(obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), n ? (uint16_t)n : 4));
}

SLOW_OP(OBJLIT)
{
	const struct lit_template *t = (const void *)(uintptr_t)op_code(fp)->k[OP_W1];
	struct obj *o = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), t->inl);

	for (uint32_t i = 0; i < t->n; i++)
		obj_def(vm, o, t->keys[i], (&R_b)[i], ATTR_WEC);
	return v_cell(o);
}

SLOW_OP(NEWARR) { return arr_from(vm, &R_b, W_C(*pc)); }

SLOW_OP(ARRTMPL)
{
	struct arr *t = v_toarr(op_code(fp)->k[W_K16(*pc)]);

	return arr_share(vm, t);
}

SLOW_OP(APUSH) { return op_status(arr_push(vm, v_toarr(R_a), R_b)); }
SLOW_OP(APUSHHOLE)
{
	struct arr *a = v_toarr(R_a);
	int r = arr_set_length(vm, a, a->len.v + 1);

	return r < 0 ? V_EXC : V_UNDEF;
}
SLOW_OP(ASPREAD) { return op_status(iter_collect(vm, R_b, v_toarr(R_a))); }

SLOW_OP(CLOSURE)
{
	struct env *e = W_B(*pc) == REG_NONE ? NULL : (struct env *)(void *)v_tocell(R_b);

	return v_cell(func_closure(vm, op_code(fp)->unit->list[OP_W1], e));
}

/* 15.7.14 ClassDefinitionEvaluation, steps 5-14. */
SLOW_OP(CLASS)
{
	struct code *code = op_code(fp)->unit->list[OP_W1];
	struct env *env = W_C(*pc) == REG_NONE ? NULL : (struct env *)(void *)v_tocell(R_c);
	val parent = v_cell(obj_intr(vm, INTR_FunctionPrototype)), pp = v_cell(obj_intr(vm, INTR_ObjectPrototype));
	struct obj *proto;
	struct class_func *f;

	if (W_B(*pc) != REG_NONE) {
		val super = R_b;

		if (v_isnull(super)) {
			pp = V_NULL;
		} else {
			if (!func_is_ctor(vm, super))
				return throw_type(vm, "Class extends value %s is not a constructor or null",
						  val_for_message(vm, super));
			pp = obj_get(vm, v_toobj(super), A_prototype);
			if (pp == V_EXC)
				return V_EXC;
			if (!v_isobj(pp) && !v_isnull(pp))
				return throw_type(vm, "Class extends value does not have a valid prototype property %s",
						  val_for_message(vm, pp));
			parent = super;
		}
	}
	proto = obj_new_inl(vm, v_isnull(pp) ? NULL : v_toobj(pp), 0);
	f = obj_new_kind(vm, v_toobj(parent), KIND_FUNC, sizeof *f);
	HINIT(f->f.h.flags, CF_EXTENSIBLE | CF_CLASS | CF_LAZY);
	HINIT(f->f.code, code);
	HINIT(f->f.env, env);
	HINIT(f->f.home, v_cell(proto));
	HINIT(f->fields, V_UNDEF);
	func_materialise(vm, (struct obj *)(void *)f);
	obj_def(vm, (struct obj *)(void *)f, A_prototype, v_cell(proto), 0);
	obj_def(vm, proto, A_constructor, v_cell(f), ATTR_WC);
	(&R_a)[1] = v_cell(proto);
	R_a = v_cell(f);
	return V_UNDEF;
}

SLOW_OP(SETFIELDS)
{
	struct class_func *c = (struct class_func *)(void *)v_tocell(R_a);

	VSET(vm, c->fields, R_b);
	VSET(vm, ((struct func *)(void *)v_tocell(R_b))->home, c->f.home.v);
	return V_UNDEF;
}
SLOW_OP(SETHOME)
{
	VSET(vm, ((struct func *)(void *)v_tocell(R_a))->home, R_b);
	return V_UNDEF;
}

SLOW_OP(INITFIELDS)
{
	struct class_func *c = (struct class_func *)(void *)v_tocell(R_b);

	if (!(c->f.h.flags.v & CF_CLASS) || v_isundef(c->fields.v))
		return V_UNDEF;
	return vm_call(vm, c->fields.v, R_a, 0, NULL) == V_EXC ? V_EXC : V_UNDEF;
}

SLOW_OP(GETSUPERCTOR)
{
	val p;

	if (obj_get_proto(vm, v_toobj(R_b), &p) < 0)
		return V_EXC;
	return p;      /* SUPERCALL checks, after the arguments (13.3.7.1) */
}

SLOW_OP(REGEXP)
{
	struct code *c = op_code(fp);
	const struct image_const *k = &c->fn->consts[OP_W1];
	const struct image_str *p = &c->unit->im->strs[k->u.regexp.pattern], *f = &c->unit->im->strs[k->u.regexp.flags];

	return vm->regexp_literal_fn(vm, &c->k[OP_W1], (struct sv){ p->p, p->n }, (struct sv){ f->p, f->n }, !c->unit->in_request);
}

SLOW_OP(TEMPLATE) { (void)vm; return op_code(fp)->k[W_K16(*pc)]; }

SLOW_OP(THROWK)
{
	const char *msg = str_to_utf8(vm, v_tostr(op_code(fp)->k[W_K16(*pc)]), false, &(size_t){ 0 });

	switch (W_A(*pc)) {
	case THROW_REFERENCE: return throw_ref(vm, "%s", msg);
	case THROW_SYNTAX:    return throw_syntax(vm, "%s", msg);
	case THROW_RANGE:     return throw_range(vm, "%s", msg);
	default:              return throw_type(vm, "%s", msg);
	}
}

/* ---- iteration ---- */

SLOW_OP(ITER) { return op_status(iter_open(vm, R_b, &R_a)); }
SLOW_OP(ITERNEXT)
{
	val v;
	int more = iter_next(vm, &R_a, &v);

	if (more == 1)
		R_b = v;
	return more < 0 ? V_EXC : v_bool(more == 0);
}
SLOW_OP(ITERREST)  { return iter_collect_rest(vm, &R_b); }
SLOW_OP(ITERCLOSE) { return op_status(iter_close(vm, &R_a)); }
SLOW_OP(ITERCLOSEX)
{
	iter_close_quiet(vm, &R_a);
	return vm->term ? V_EXC : V_UNDEF;
}
SLOW_OP(FORIN) { return forin_open(vm, R_b); }
SLOW_OP(FORINNEXT)
{
	val v;
	int more = forin_next(vm, R_a, &v);

	if (more == 1)
		R_b = v;
	return more < 0 ? V_EXC : v_bool(more == 0);
}

/* ---- spilled registers ------------------------------------------------------------- */

SLOW_OP(SPILL)
{
	uint32_t n = W_C(*pc);
	struct cell *c = heap_alloc(&vm->heap, sizeof *c + n * sizeof(val), n, KIND_LIST, 0);

	memcpy((void *)(c + 1), &R_b, n * sizeof(val));   /* a list is looked at conservatively */
	return v_cell(c);
}

SLOW_OP(UNSPILL)
{
	val *r = &fp[OP_W1], v = r[1];

	(void)vm;
	memcpy(r, (const void *)(v_tocell(r[0]) + 1), W_C(*pc) * sizeof(val));
	R_a = v;
	return V_UNDEF;
}
