/* call.c: calls from C into JavaScript, and every call that is not the plain
 * case of the interpreter: natives with new, bound functions, errors. */
#include "engine/vm/calls.h"
#include "engine/vm/promise.h"

#include <stdio.h>

NORETURN void interp_corrupt(const char *what)
{
	check_fail(what, "interp", 0);
}

static val not_callable(struct vm *vm, val f, bool ctor)
{
	struct buf name = BUF_INIT;

	if (except_name_at_pc(vm, &name) && !ctor)
		throw_type(vm, "%s is not a function", buf_cstr(&name));
	else
		throw_type(vm, "%s is not a %s", val_for_message(vm, f), ctor ? "constructor" : "function");
	buf_free(&name);
	return V_EXC;
}

/* Execution state that a call from C saves and restores. */
struct saved { val *fp, *sp; const uint32_t *pc; };

static inline void save(struct vm *vm, struct saved *s) { *s = (struct saved){ vm->fp, vm->sp, vm->pc }; }
static inline void restore(struct vm *vm, const struct saved *s)
{
	vm->fp = s->fp;
	vm->sp = s->sp;
	vm->pc = s->pc;
}

static void frame_header(struct vm *vm, val *nfp, struct code *code, uint32_t argc, val newt, val flags)
{
	nfp[FP_LINK] = (val)(uintptr_t)vm->fp;
	nfp[FP_PC] = (val)(uintptr_t)vm->pc;
	nfp[FP_CODE] = (val)(uintptr_t)code | (val)argc << 48;
	nfp[FP_NEWT] = newt;
	nfp[FP_FLAGS] = flags;
}

/* The window at nfp is complete (callee, this, arguments); runs it to the end. */
static val run_code(struct vm *vm, val *nfp, struct code *code, uint32_t argc, val newt, val flags)
{
	uint32_t extent = argc < code->nregs ? code->nregs : argc + 1;
	val r;

	if (VM_RECURSION(vm))
		return V_EXC;
	if (unlikely(nfp + extent + CALL_HEADER > vm->stack_limit)) {
		if (vm_poll(vm) != 0)
			return V_EXC;
		if (nfp + extent + CALL_HEADER > vm->stack_end) {
			vm_stack_overflow(vm);
			return V_EXC;
		}
	}
	frame_header(vm, nfp, code, argc, newt, flags | FRAME_ENTRY);
	for (uint32_t i = argc; i < code->nparams; i++)
		nfp[i + 1] = V_UNDEF;
	vm->fp = nfp;
	vm->sp = nfp + extent;
	r = vm->run_fn(vm, nfp, code, code->words);
	return r;
}

static val run_native(struct vm *vm, val *nfp, const struct native_def *def, uint32_t argc, val newt)
{
	if (VM_RECURSION(vm) || (unlikely(vm->poll != 0) && vm_poll(vm) != 0))
		return V_EXC;
	frame_header(vm, nfp, NULL, argc, newt, FRAME_NATIVE);
	vm->fp = nfp;
	if (nfp + argc + 1 > vm->sp)
		vm->sp = nfp + argc + 1;
	if (unlikely(def->effect & EFF_TAINT_MASK & ~vm->taint))
		except_taint(vm, def->effect & EFF_TAINT_MASK);
	return def->fn(vm, nfp, argc);
}

static val class_needs_new(struct vm *vm, val f)
{
	struct buf b = BUF_INIT;
	val name = func_name_of(vm, v_toobj(f));

	if (v_isstr(name))
		str_put_utf8(vm, v_tostr(name), &b);
	throw_type(vm, "Class constructor %s cannot be invoked without 'new'", buf_cstr(&b));
	buf_free(&b);
	return V_EXC;
}

static val call_bound(struct vm *vm, struct bound *b, uint32_t argc, const val *argv, val newt)
{
	uint32_t n = b->nargs.v + argc;
	struct saved s;
	val *args, r;

	if (VM_RECURSION(vm))
		return V_EXC;
	save(vm, &s);
	args = vm->sp;
	if (args + n > vm->stack_end) {
		vm_stack_overflow(vm);
		return V_EXC;
	}
	/* argv may lie on the VM stack above sp: move it before writing below it. */
	memmove(args + b->nargs.v, argv, argc * sizeof(val));
	memcpy(args, (const void *)b->args, b->nargs.v * sizeof(val));
	vm->sp = args + n;
	if (newt == V_UNDEF)
		r = call_value(vm, b->target.v, b->this_v.v, n, args);
	else
		r = construct_value(vm, b->target.v, newt == v_cell(b) ? b->target.v : newt, n, args);
	restore(vm, &s);
	return r;
}

/* 10.5.12 [[Call]] and, with newt, 10.5.13 [[Construct]] of a proxy. */
static val call_proxy(struct vm *vm, const struct proxy *p, val this_v, uint32_t argc, const val *argv, val newt)
{
	bool ctor = newt != V_UNDEF;
	struct proxy_op op;
	int r = proxy_trap(vm, p, ctor ? A_construct : A_apply, &op);
	val target, args, v;

	if (r < 0)
		return V_EXC;
	target = v_cell(op.target);
	if (r == 0)
		return ctor ? construct_value(vm, target, newt, argc, argv) : call_value(vm, target, this_v, argc, argv);
	args = arr_from(vm, argv, argc);
	if (args == V_EXC)
		return V_EXC;
	if (!ctor)
		return call_3(vm, op.trap, op.handler, target, this_v, args);
	v = call_3(vm, op.trap, op.handler, target, args, newt);
	if (v != V_EXC && !v_isobj(v))
		return throw_type(vm, "'construct' on proxy: the trap did not return an object");
	return v;
}

val call_slow(struct vm *vm, val *nfp, uint32_t argc, val newt)
{
	val f = nfp[FP_CALLEE], r;
	struct saved s;

	save(vm, &s);
	if (v_iskind(f, KIND_NFUNC)) {
		const struct native_def *def = nfunc_def(vm, (struct nfunc *)(void *)v_tocell(f));

		if (newt == V_UNDEF && (def->flags & NF_CTOR_ONLY))
			return throw_type(vm, "Constructor %s requires 'new'", def->name);
		if (newt != V_UNDEF && !(def->flags & (NF_CTOR | NF_CTOR_ONLY)))
			return not_callable(vm, f, true);
		r = run_native(vm, nfp, def, argc, newt);
	} else if (v_iskind(f, KIND_BOUND)) {
		if (newt != V_UNDEF && !func_is_ctor(vm, f))
			return not_callable(vm, f, true);
		r = call_bound(vm, (struct bound *)(void *)v_tocell(f), argc, nfp + 1, newt);
	} else if (v_iskind(f, KIND_PROXY)) {
		if (newt != V_UNDEF ? !func_is_ctor(vm, f) : !func_is_callable(f))
			return not_callable(vm, f, newt != V_UNDEF);
		r = call_proxy(vm, (const struct proxy *)(void *)v_tocell(f), nfp[0], argc, nfp + 1, newt);
	} else if (v_iskind(f, KIND_FUNC) && newt == V_UNDEF &&
		   (((struct func *)(void *)v_tocell(f))->code.v->flags & FN_CLASS_CTOR)) {
		return class_needs_new(vm, f);
	} else if (v_iskind(f, KIND_FUNC) && newt == V_UNDEF) {
		struct code *code = ((struct func *)(void *)v_tocell(f))->code.v;

		if ((code->flags & (FN_ASYNC | FN_GENERATOR)) == FN_ASYNC) {
			/* The promise is in FP_NEWT until the frame first waits. */
			val p = promise_new(vm);

			r = run_code(vm, nfp, code, argc, p, 0);
			restore(vm, &s);
			r = async_settle(vm, p, r);
		} else {
			/* Generators: the frame runs to its GENSTART. */
			r = run_code(vm, nfp, code, argc, V_UNDEF, 0);
		}
	} else {
		return not_callable(vm, f, newt != V_UNDEF);
	}
	restore(vm, &s);
	return r;
}

val call_resume(struct vm *vm, val callee, uint32_t nregs, const val *regs, val gen, const uint32_t *pc)
{
	struct code *code = ((struct func *)(void *)v_tocell(callee))->code.v;
	val *nfp = vm->sp + CALL_HEADER, r;
	struct saved s;

	if (VM_RECURSION(vm))
		return V_EXC;
	if (nfp + nregs + CALL_HEADER > vm->stack_end) {
		vm_stack_overflow(vm);
		return V_EXC;
	}
	save(vm, &s);
	nfp[FP_CALLEE] = callee;
	memcpy(nfp, regs, nregs * sizeof(val));
	frame_header(vm, nfp, code, 0, gen, FRAME_ENTRY);
	vm->fp = nfp;
	vm->sp = nfp + nregs;
	r = vm->run_fn(vm, nfp, code, pc);
	restore(vm, &s);
	return r;
}

/* Puts callee, this and arguments on top of the VM stack. NULL: overflow. */
static val *push_window(struct vm *vm, val f, val this_v, uint32_t argc, const val *argv)
{
	val *nfp = vm->sp + CALL_HEADER;

	if (unlikely(argc >= 0xFFFF || nfp + argc + 1 > vm->stack_end)) {
		vm_stack_overflow(vm);
		return NULL;
	}
	if (argc != 0) /* argv may be NULL then */
		memmove(nfp + 1, argv, argc * sizeof(val));
	nfp[FP_CALLEE] = f;
	nfp[0] = this_v;
	return nfp;
}

val call_value(struct vm *vm, val f, val this_v, uint32_t argc, const val *argv)
{
	val *nfp = push_window(vm, f, this_v, argc, argv), r;
	struct saved s;

	if (nfp == NULL)
		return V_EXC;
	save(vm, &s);
	if (likely(v_iskind(f, KIND_FUNC)) && !((struct func *)(void *)v_tocell(f))->code.v->special) {
		r = run_code(vm, nfp, ((struct func *)(void *)v_tocell(f))->code.v, argc, V_UNDEF, 0);
	} else {
		vm->sp = nfp + argc + 1;
		r = call_slow(vm, nfp, argc, V_UNDEF);
	}
	restore(vm, &s);
	return r;
}

val calls_go_slow(struct vm *vm, const struct calls *c)
{
	/* Beyond this the arguments do not fit; push_window says so. */
	return call_value(vm, c->fn, c->this_v, c->argc, c->args);
}

val call_1(struct vm *vm, val f, val this_v, val a0)
{
	struct calls c;

	calls_begin(vm, &c, f, this_v, 1);
	c.args[0] = a0;
	return calls_go(vm, &c);
}

val call_2(struct vm *vm, val f, val this_v, val a0, val a1)
{
	struct calls c;

	calls_begin(vm, &c, f, this_v, 2);
	c.args[0] = a0;
	c.args[1] = a1;
	return calls_go(vm, &c);
}

val call_3(struct vm *vm, val f, val this_v, val a0, val a1, val a2)
{
	struct calls c;

	calls_begin(vm, &c, f, this_v, 3);
	c.args[0] = a0;
	c.args[1] = a1;
	c.args[2] = a2;
	return calls_go(vm, &c);
}

val construct_value(struct vm *vm, val f, val newt, uint32_t argc, const val *argv)
{
	val *nfp, r, this_v = V_UNDEF;
	struct saved s;
	bool js = v_iskind(f, KIND_FUNC);
	struct code *code = NULL;

	if (!func_is_ctor(vm, f))
		return not_callable(vm, f, true);
	if (js) {
		code = ((struct func *)(void *)v_tocell(f))->code.v;
		this_v = code->flags & FN_DERIVED ? V_HOLE : construct_this(vm, (struct func *)(void *)v_tocell(f), newt);
		if (this_v == V_EXC)
			return V_EXC;
	}
	nfp = push_window(vm, f, this_v, argc, argv);
	if (nfp == NULL)
		return V_EXC;
	save(vm, &s);
	if (js) {
		r = run_code(vm, nfp, code, argc, newt, FRAME_CTOR);
	} else {
		vm->sp = nfp + argc + 1;
		r = call_slow(vm, nfp, argc, newt);
	}
	restore(vm, &s);
	return r;
}

val call_code(struct vm *vm, struct func *f, val this_v)
{
	return call_value(vm, v_cell(f), this_v, 0, NULL);
}

/* ---- constructing: the new object ------------------------------------------------ */

static val alloc_this(struct vm *vm, uint32_t shape, uint16_t inl)
{
	struct obj *o = heap_alloc(&vm->heap, sizeof *o + inl * sizeof(val), shape, KIND_OBJECT, CF_EXTENSIBLE);

	HINIT(o->h.aux, inl);
	HINIT(o->ext, NULL);
	for (uint32_t i = 0; i < inl; i++)
		HINIT(o->inl[i], V_UNDEF);
	return v_cell(o);
}

/* The base constructor f runs with new.target newt; the cache sits on newt's
 * code: its shape says where `prototype` lies, the value says which root shape. */
val construct_this(struct vm *vm, struct func *f, val newt)
{
	struct func *nt = (struct func *)(void *)v_tocell(newt);
	struct code *nc = v_iskind(newt, KIND_FUNC) ? nt->code.v : NULL;
	uint16_t inl;
	struct find fd;
	uint32_t shape;
	val proto;

	if (likely(nc && nc->new_fshape == nt->h.shape.v && nt->ext.v) &&
	    likely(nt->ext.v->slot[nc->new_slot].v == nc->new_proto) &&
	    likely(v_tocell(nc->new_proto)->flags.v & CF_PROTO)) /* a rollback may have cleared it */
		return alloc_this(vm, nc->new_shape, shape_of_id(vm, nc->new_shape)->inl);
	proto = obj_proto_from_ctor(vm, newt, INTR_ObjectPrototype);
	if (proto == V_EXC)
		return V_EXC;
	inl = nc ? nc->ctor_inl : 4;
	if (nc != f->code.v)
		inl = (uint16_t)(inl + f->code.v->ctor_inl);
	shape = shape_root(vm, v_toobj(proto), KIND_OBJECT, inl);
	if (nc) {
		obj_find(vm, v_toobj(newt), A_prototype, false, &fd);
		if (fd.kind == FIND_DATA && fd.own && !fd.dict && !(obj_shape(vm, v_toobj(newt))->flags & SF_DICT) &&
		    fd.where->v == proto && nt->ext.v && fd.where >= nt->ext.v->slot) {
			nc->new_fshape = nt->h.shape.v;
			nc->new_slot = (uint32_t)(fd.where - nt->ext.v->slot);
			nc->new_proto = proto;
			nc->new_shape = shape;
			if (!nc->new_volatile && (nt->h.shape.v >= vm->tshape0 || shape >= vm->tshape0 ||
						  heap_in_arena(&vm->heap, v_tocell(proto)))) {
				nc->new_volatile = true;
				nc->vnext = vm->volatile_codes;
				vm->volatile_codes = nc;
			}
		}
	}
	return alloc_this(vm, shape, inl);
}
