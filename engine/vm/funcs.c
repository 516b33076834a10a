/* funcs.c: bytecode closures: making them, their lazy own properties, their text. */
#include "engine/vm/vmcode.h"

struct func *func_closure(struct vm *vm, struct code *code, struct env *env)
{
	struct func *f = heap_alloc(&vm->heap, sizeof *f, code->fshape, KIND_FUNC, CF_EXTENSIBLE | CF_LAZY);

	HINIT(f->ext, NULL);
	HINIT(f->code, code);
	HINIT(f->env, env);
	HINIT(f->home, V_UNDEF);
	return f;
}

/* Defines length, name and (for constructors) prototype, in this order. Called
 * once per function, before CF_LAZY is, or just after it was, cleared. */
void func_materialise(struct vm *vm, struct obj *o)
{
	struct func *f = (struct func *)(void *)o;
	struct code *c = f->code.v;

	VSET(vm, o->h.flags, (uint8_t)(o->h.flags.v & ~CF_LAZY));
	obj_def(vm, o, A_length, v_int(c->length), ATTR_C);
	obj_def(vm, o, A_name, c->name, ATTR_C);
	if (c->flags & FN_GENERATOR) {
		obj_def(vm, o, A_prototype, v_cell(obj_new_inl(vm, obj_intr(vm, c->flags & FN_ASYNC ? INTR_AsyncGeneratorPrototype :
									   INTR_GeneratorPrototype), 0)), ATTR_W);
	} else if (!(c->flags & (FN_ARROW | FN_METHOD | FN_GETSET | FN_CLASS_CTOR | FN_ASYNC | FN_GENERATOR))) {
		struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 1);

		obj_def(vm, p, A_constructor, v_cell(f), ATTR_WC);
		obj_def(vm, o, A_prototype, v_cell(p), ATTR_W);
	}
}

val func_source_text(struct vm *vm, struct obj *o)
{
	struct buf b = BUF_INIT;
	val s;

	if (o->h.kind == KIND_FUNC) {
		const struct code *c = ((struct func *)(void *)o)->code.v;

		if (!c->unit->internal)
			return str_from_utf8(vm, c->unit->im->source + c->fn->src_start, c->fn->src_end - c->fn->src_start, true);
	}
	/* 20.2.3.5: NativeFunction syntax. */
	buf_puts(&b, "function ");
	s = func_name_of(vm, o);
	if (v_isstr(s))
		str_put_utf8(vm, v_tostr(s), &b);
	if (strchr("&+`'", b.p[b.len - 1]))     /* RegExp's accessors: no PropertyName */
		b.len = sizeof "function " - 1;
	buf_puts(&b, "() { [native code] }");
	s = str_from_utf8(vm, b.p, b.len, true);
	buf_free(&b);
	return s;
}
