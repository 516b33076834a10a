/* eval.c: source text compiled while a program runs: indirect eval, the Function
 * constructor, $262.evalScript. The code's unit lives until the request ends. */
#include <stdlib.h>

#include "engine/api/compile.h"

#define COMPILER_BYTES 64  /* that compiling takes for each byte of source, at most or so */
#define SOURCE_MAX (4u << 20) /* in a request: between two looks at the deadline it is all parsed */

/* Compiling takes memory that the heap does not know: room is made for it. */
bool compile_begin(struct vm *vm, size_t n)
{
	if (!vm->heap.frozen || n < 1024)
		return true;
	if (n > SOURCE_MAX) {
		throw_range(vm, "Source text is too long");
		return false;
	}
	if (!heap_charge(&vm->heap, (ptrdiff_t)(n * COMPILER_BYTES))) {
		throw_oom(vm);
		return false;
	}
	return true;
}

void compile_end(struct vm *vm, size_t n)
{
	if (vm->heap.frozen && n >= 1024)
		heap_charge(&vm->heap, -(ptrdiff_t)(n * COMPILER_BYTES));
	vm->ticks -= (int64_t)n * 4;
}

bool compile_go_on(void *arg)
{
	return vm_poll(arg) == 0;
}

static val throw_compile_error(struct vm *vm, struct gen_diag *e)
{
	if (e->stopped)
		;                              /* pending already */
	else if (e->too_deep)
		throw_range(vm, "%s", e->message);
	else
		throw_syntax(vm, "%s (line %u, column %u)", e->message, e->line, e->col);
	gen_diag_free(e);
	return V_EXC;
}

static struct gen_options options(struct vm *vm)
{
	return (struct gen_options){ .kind = SOURCE_SCRIPT, .completion = true, .c_limit = (const void *)vm->c_limit,
				     .regexp = regexp_check, .regexp_arg = (void *)vm->c_limit,
				     .go_on = compile_go_on, .go_on_arg = vm };
}

/* NULL: exception. */
static struct unit *unit_of_source(struct vm *vm, const char *name, const char *src, size_t n,
				   const struct gen_options *opt)
{
	struct gen_diag err = { 0 };
	struct image *im;

	if (!compile_begin(vm, n))
		return NULL;
	im = gen_compile(name, src, n, opt, &err);
	compile_end(vm, n);
	if (im == NULL) {
		throw_compile_error(vm, &err);
		return NULL;
	}
	return link_unit(vm, im);
}

/* The completion value of the text run as opt says; caller: of a direct eval. */
static val run_source(struct vm *vm, const char *name, const char *src, size_t n, const struct gen_options *opt,
		      const struct unit *caller, struct env *env)
{
	val this_v = caller ? V_UNDEF : v_cell(vm->global);
	struct unit *u = unit_of_source(vm, name, src, n, opt);

	if (u == NULL)
		return V_EXC;
	load_inherit(vm, u);
	if (u->im->inherits) {
		u->imports = calloc(u->im->nimports, sizeof *u->imports);
		AN(u->imports);
		memcpy(u->imports, caller->imports, u->im->nimports * sizeof *u->imports);
	}
	return call_code(vm, func_closure(vm, u->list[0], env), this_v);
}

val eval_script(struct vm *vm, const char *name, const char *src, size_t n)
{
	struct gen_options opt = options(vm);

	return run_source(vm, name, src, n, &opt, NULL, NULL);
}

val eval_library(struct vm *vm, const char *name, const char *src, size_t n)
{
	struct gen_options opt = options(vm);
	struct unit *u = unit_of_source(vm, name, src, n, &opt);

	if (u == NULL)
		return V_EXC;
	u->internal = true;
	return call_code(vm, func_closure(vm, u->list[0], NULL), V_UNDEF);
}

static val eval_indirect(struct vm *vm, val source)
{
	struct gen_options opt = options(vm);
	size_t n;
	const char *src = str_to_utf8(vm, v_tostr(source), true, &n);

	opt.eval = true;
	return src ? run_source(vm, "<eval>", src, n, &opt, NULL, NULL) : V_EXC;
}

static val eval_direct(struct vm *vm, struct unit *unit, uint32_t scope, bool strict, val env, struct str *source)
{
	struct gen_options opt = options(vm);
	size_t n;
	const char *src = str_to_utf8(vm, source, true, &n);

	opt.eval = true;
	opt.strict = strict;
	opt.caller = unit->im;
	opt.caller_scope = scope;
	return src ? run_source(vm, "<eval>", src, n, &opt, unit,
				env == V_HOLE ? NULL : (struct env *)(void *)v_tocell(env)) : V_EXC;
}

/* f is what the image's top level evaluated to; a subclass decides its prototype. */
static val with_prototype(struct vm *vm, val f, const val *a)
{
	val proto;

	if (f == V_EXC || !v_isobj(a[FP_NEWT]) || a[FP_NEWT] == a[FP_CALLEE])
		return f;
	proto = obj_proto_from_ctor(vm, a[FP_NEWT], INTR_FunctionPrototype);
	return proto == V_EXC || obj_set_proto(vm, v_toobj(f), proto) < 0 ? V_EXC : f;
}

/* 20.2.1.1: arguments are parameters, the last one is the body. */
static val function_from_source(struct vm *vm, val *a, uint32_t argc)
{
	struct buf params = BUF_INIT;
	/* 1: generator, 2: async */
	int kind = nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic;
	struct gen_options opt = { .kind = SOURCE_SCRIPT, .generator = kind & 1, .async = kind & 2,
				   .c_limit = (const void *)vm->c_limit, .regexp = regexp_check,
				   .regexp_arg = (void *)vm->c_limit, .go_on = compile_go_on, .go_on_arg = vm };
	struct gen_diag err = { 0 };
	struct image *im;
	struct unit *u;
	size_t nbody = 0;
	const char *body = "";

	for (uint32_t i = 0; i < argc; i++) {
		struct str *s = to_str(vm, a[i + 1]);

		if (s == NULL) {
			buf_free(&params);
			return V_EXC;
		}
		if (i + 1 == argc) {
			body = str_to_utf8(vm, s, true, &nbody);
		} else {
			if (i)
				buf_putc(&params, ',');
			str_put_utf8(vm, s, &params);
		}
	}
	if (body == NULL || !compile_begin(vm, params.len + nbody)) {
		buf_free(&params);
		return V_EXC;
	}
	im = gen_compile_function("<Function>", buf_sv(&params), (struct sv){ body, nbody }, &opt, &err);
	compile_end(vm, params.len + nbody);
	buf_free(&params);
	if (im == NULL)
		return throw_compile_error(vm, &err);
	u = link_unit(vm, im);
	if (u)
		load_inherit(vm, u);
	return u ? with_prototype(vm, call_code(vm, func_closure(vm, u->list[0], NULL), V_UNDEF), a) : V_EXC;
}

void eval_init(struct vm *vm)
{
	vm->eval_fn = eval_indirect;
	vm->direct_eval_fn = eval_direct;
	vm->new_function_fn = function_from_source;
}
