/* ops_scope.c: slow functions of environments, globals and function prologues. */
#include "engine/vm/ops.h"

SLOW_OP(LDENV)    { (void)vm, (void)pc; return v_cell(op_callee(fp)->env.v); }
SLOW_OP(LDCALLEE) { (void)vm, (void)pc; return fp[FP_CALLEE]; }
/* A running generator keeps its object in the slot of new.target, which it lacks. */
SLOW_OP(LDNEWT)
{
	(void)vm, (void)pc;
	/* Frames that can be suspended keep something else there. */
	return v_iskind(fp[FP_NEWT], KIND_GENERATOR) || v_iskind(fp[FP_NEWT], KIND_PROMISE) ? V_UNDEF : fp[FP_NEWT];
}
SLOW_OP(LDHOME)   { (void)vm, (void)pc; return op_callee(fp)->home.v; }

static struct env *env_alloc(struct vm *vm, struct env *up, uint32_t n)
{
	struct env *e = heap_alloc(&vm->heap, sizeof *e + n * sizeof(val), n, KIND_ENV, 0);

	if (e != NULL)
		HINIT(e->up, up);
	return e;
}

SLOW_OP(NEWENV)
{
	struct env *up = W_B(*pc) == REG_NONE ? NULL : (struct env *)(void *)v_tocell(R_b);
	struct env *e = env_alloc(vm, up, OP_W1);

	if (e == NULL)
		return throw_oom(vm);
	for (uint32_t i = 0; i < OP_W1; i++)
		HINIT(e->v[i], V_HOLE);
	return v_cell(e);
}

SLOW_OP(COPYENV)
{
	struct env *from = (struct env *)(void *)v_tocell(R_b);
	uint32_t n = from->h.shape.v;
	struct env *e = env_alloc(vm, from->up.v, n);

	if (e == NULL)
		return throw_oom(vm);
	for (uint32_t i = 0; i < n; i++)
		HINIT(e->v[i], from->v[i].v);
	return v_cell(e);
}

static struct env *env_at(val e, uint32_t depth)
{
	struct env *p = (struct env *)(void *)v_tocell(e);

	while (depth--)
		p = p->up.v;
	return p;
}

SLOW_OP(GETENV)  { (void)vm; return env_at(R_b, W_C(*pc))->v[OP_W1].v; }
SLOW_OP(SETENV)  { VSET(vm, env_at(R_b, W_C(*pc))->v[OP_W1], R_a); return V_UNDEF; }
SLOW_OP(GETENV0) { (void)vm; return env_at(R_b, 0)->v[W_C(*pc)].v; }
SLOW_OP(SETENV0) { VSET(vm, env_at(R_b, 0)->v[W_C(*pc)], R_a); return V_UNDEF; }

static val tdz_error(struct vm *vm, pkey k)
{
	return throw_ref(vm, "Cannot access '%s' before initialization", key_for_message(vm, k));
}

SLOW_OP(CHKTDZ) { return R_a == V_HOLE ? tdz_error(vm, op_key16(fp, pc)) : V_UNDEF; }
SLOW_OP(THROWCONST)
{
	return throw_type(vm, "Assignment to constant variable '%s'", key_for_message(vm, op_key16(fp, pc)));
}
SLOW_OP(CHKTHIS)
{
	return R_a == V_HOLE ? throw_ref(vm, "Must call super constructor in derived class before accessing 'this' "
					     "or returning from it") : V_UNDEF;
}
SLOW_OP(CHKINIT) { return R_a != V_HOLE ? throw_ref(vm, "Super constructor may only be called once") : V_UNDEF; }
SLOW_OP(CHKOBJ)
{
	return v_isnullish(R_a) ? throw_type(vm, "Cannot destructure %s", val_for_message(vm, R_a)) : V_UNDEF;
}
SLOW_OP(THISSLOPPY)
{
	val t = fp[0];

	(void)pc;
	if (!v_isobj(t)) {
		t = v_isnullish(t) ? v_cell(vm->global) : to_object(vm, t);
		if (t == V_EXC)
			return V_EXC;
		fp[0] = t;
	}
	return V_UNDEF;
}

/* ---- globals (9.1.1.4) ---- */

static const char *const_name(const struct image *im, uint32_t i, struct vm *vm)
{
	return key_for_message(vm, key_of_utf8(vm, im->strs[i].p, im->strs[i].n));
}

static pkey const_key(struct vm *vm, const struct image *im, uint32_t i)
{
	return key_of_utf8(vm, im->strs[i].p, im->strs[i].n);
}

static val redeclared(struct vm *vm, const struct image *im, uint32_t i)
{
	return throw_syntax(vm, "Identifier '%s' has already been declared", const_name(im, i, vm));
}

/* 9.1.1.4.14 HasRestrictedGlobalProperty */
static int is_restricted(struct vm *vm, pkey k)
{
	struct pdesc d;
	int r = obj_get_own(vm, vm->global, k, &d);

	return r <= 0 ? r : !(d.flags & PD_C);
}

/* 9.1.1.4.15/16 CanDeclareGlobalVar / Function */
static int can_declare(struct vm *vm, pkey k, bool function)
{
	struct pdesc d;
	int r = obj_get_own(vm, vm->global, k, &d);

	if (r < 0)
		return -1;
	if (r == 0)
		return obj_is_extensible(vm, vm->global);
	if (!function || (d.flags & PD_C))
		return 1;
	return PD_IS_DATA(&d) && (d.flags & (PD_W | PD_E)) == (PD_W | PD_E);
}

/* 9.1.1.4.17 CreateGlobalVarBinding */
static int create_var(struct vm *vm, pkey k, bool deletable)
{
	struct pdesc d = pdesc_data(V_UNDEF, PD_W | PD_E | (deletable ? PD_C : 0));
	int r = obj_has_own(vm, vm->global, k);

	return r != 0 ? r : obj_define_throw(vm, vm->global, k, &d);
}

/* A function in a block makes a var too, unless something is in the way. */
static int declare_soft(struct vm *vm, pkey k, bool deletable)
{
	bool lex;
	int r;

	if (global_find(vm, k, &lex) && lex)
		return 0;
	r = can_declare(vm, k, false);
	return r <= 0 ? r : create_var(vm, k, deletable);
}

SLOW_OP(DECLGLB)
{
	const struct image *im = op_code(fp)->unit->im;
	const struct image_const *c = &op_code(fp)->fn->consts[W_K16(*pc)];
	bool lex;
	int r;

	for (uint32_t i = 0; i < c->u.globals.nlets; i++) {
		pkey k = const_key(vm, im, c->u.globals.lets[i]);

		if (global_find(vm, k, &lex) && lex)
			return redeclared(vm, im, c->u.globals.lets[i]);
		if ((r = is_restricted(vm, k)) != 0)
			return r < 0 ? V_EXC : redeclared(vm, im, c->u.globals.lets[i]);
	}
	for (uint32_t i = 0; i < c->u.globals.nvars + c->u.globals.nfuncs; i++) {
		uint32_t s = i < c->u.globals.nvars ? c->u.globals.vars[i] : c->u.globals.funcs[i - c->u.globals.nvars];

		if (global_find(vm, const_key(vm, im, s), &lex) && lex)
			return redeclared(vm, im, s);
	}
	for (uint32_t i = 0; i < c->u.globals.nfuncs + c->u.globals.nvars; i++) {
		bool fn = i < c->u.globals.nfuncs;
		uint32_t s = fn ? c->u.globals.funcs[i] : c->u.globals.vars[i - c->u.globals.nfuncs];

		if ((r = can_declare(vm, const_key(vm, im, s), fn)) <= 0)
			return r < 0 ? V_EXC : throw_type(vm, "Cannot declare global %s '%s'",
							  fn ? "function" : "variable", const_name(im, s, vm));
	}
	for (uint32_t i = 0; i < c->u.globals.nsoft; i++)
		if (declare_soft(vm, const_key(vm, im, c->u.globals.soft[i]), W_A(*pc)) < 0)
			return V_EXC;
	for (uint32_t i = 0; i < c->u.globals.nlets; i++)
		global_lex_declare(vm, const_key(vm, im, c->u.globals.lets[i]), c->u.globals.let_const[i]);
	/* a = 1: declared by eval code, deletable (19.2.1.3). */
	for (uint32_t i = 0; i < c->u.globals.nvars; i++)
		if (create_var(vm, const_key(vm, im, c->u.globals.vars[i]), W_A(*pc)) < 0)
			return V_EXC;
	return V_UNDEF;
}

SLOW_OP(DEFGLBFN)      /* 9.1.1.4.18 */
{
	pkey k = op_key(fp, pc);
	struct pdesc cur, d = { PD_HAS_VALUE, R_a, V_UNDEF, V_UNDEF };
	int r = obj_get_own(vm, vm->global, k, &cur);

	if (r < 0)
		return V_EXC;
	if (r == 0 || (cur.flags & PD_C))
		d = pdesc_data(R_a, PD_W | PD_E | (W1_IC(OP_W1) ? PD_C : 0));
	if (obj_define_throw(vm, vm->global, k, &d) < 0)
		return V_EXC;
	return op_status(obj_put(vm, vm->global, k, R_a));
}

static val global_get(struct vm *vm, val *fp, const uint32_t *pc, bool for_typeof)
{
	pkey k = op_key(fp, pc);
	bool lex;
	struct box *b = global_find(vm, k, &lex);
	int has;

	if (b != NULL && !(b->h.aux.v & ATTR_ACCESSOR)) {
		if (b->v.v == V_HOLE)
			return tdz_error(vm, k);
		if (W1_IC(OP_W1) != IC_NONE16)
			ic_fill_global(vm, op_code(fp), op_ic(fp, pc), b, (b->h.aux.v & ATTR_W) != 0);
		return b->v.v;
	}
	if (b == NULL) {
		has = obj_has(vm, vm->global, k);
		if (has < 0)
			return V_EXC;
		if (has == 0)
			return for_typeof ? V_UNDEF : throw_ref(vm, "%s is not defined", key_for_message(vm, k));
	}
	return obj_get(vm, vm->global, k);
}

SLOW_OP(GETGLB) { return global_get(vm, fp, pc, false); }
SLOW_OP(TYPGLB) { return global_get(vm, fp, pc, true); }

SLOW_OP(HASGLB)
{
	pkey k = op_key(fp, pc);
	bool lex;
	int r = global_find(vm, k, &lex) != NULL ? 1 : obj_has(vm, vm->global, k);

	return r < 0 ? V_EXC : v_bool(r);
}

SLOW_OP(SETGLB)
{
	pkey k = op_key(fp, pc);
	bool lex;
	struct box *b = global_find(vm, k, &lex);
	int r;

	if (W_B(*pc) && b != NULL && lex)
		return V_UNDEF;
	if (b != NULL && !(b->h.aux.v & ATTR_ACCESSOR)) {
		if (b->v.v == V_HOLE)
			return tdz_error(vm, k);
		if (b->h.aux.v & ATTR_W) {
			if (W1_IC(OP_W1) != IC_NONE16)
				ic_fill_global(vm, op_code(fp), op_ic(fp, pc), b, true);
			VSET(vm, b->v, R_a);
			return V_UNDEF;
		}
		if (lex)
			return throw_type(vm, "Assignment to constant variable '%s'", key_for_message(vm, k));
	}
	if (b == NULL && op_strict(fp)) {
		r = obj_has(vm, vm->global, k);
		if (r <= 0)
			return r < 0 ? V_EXC : throw_ref(vm, "%s is not defined", key_for_message(vm, k));
	}
	return op_status(obj_put_v(vm, v_cell(vm->global), k, R_a, op_strict(fp)));
}

SLOW_OP(INITGLB)
{
	bool lex;
	struct box *b = global_find(vm, op_key(fp, pc), &lex);

	AN(b != NULL && lex);
	VSET(vm, b->v, R_a);
	return V_UNDEF;
}

SLOW_OP(DELGLB)
{
	pkey k = op_key(fp, pc);
	bool lex;
	struct box *b = global_find(vm, k, &lex);

	if (b != NULL && lex)
		return V_FALSE;
	int r = obj_delete(vm, vm->global, k);

	return r < 0 ? V_EXC : v_bool(r);
}

SLOW_OP(GETIMP)
{
	const struct unit *u = op_code(fp)->unit;
	uint32_t local = u->im->imports[OP_W1].local;
	val v = u->imports[OP_W1]->v;

	return v == V_HOLE ? tdz_error(vm, const_key(vm, u->im, local)) : v;
}

/* ---- prologues ---- */

SLOW_OP(ARGS)
{
	struct code *c = op_code(fp);
	bool mapped = (c->flags & FN_MAPPED_ARGS) != 0;

	(void)pc;
	return arguments_new(vm, fp + 1, frame_argc(fp), mapped ? c->nparams : 0, mapped ? fp[FP_CALLEE] : V_HOLE);
}

SLOW_OP(REST)
{
	uint32_t from = W_C(*pc), argc = frame_argc(fp);

	return arr_from(vm, fp + 1 + from, argc > from ? argc - from : 0);
}

SLOW_OP(GETMARG)
{
	(void)vm;
	return ((struct arguments *)(void *)v_tocell(R_b))->map.v->v[W_C(*pc)].v;
}
SLOW_OP(SETMARG)
{
	arguments_set_param(vm, (struct arguments *)(void *)v_tocell(R_b), W_C(*pc), R_a);
	return V_UNDEF;
}
