/* test262.c: $262 for the conformance runner: evalScript, gc,
 * detachArrayBuffer, global; and timers, which the runner does not wait for. Not
 * installed by the server. */
#include "engine/api/test262.h"

#include "engine/api/api.h"
#include "engine/builtins/builtins.h"
#include "engine/object/typed.h"

static val host_eval_script(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = to_str(vm, ARG(0));
	size_t n;
	const char *src = s ? str_to_utf8(vm, s, true, &n) : NULL;

	(void)a;
	return src ? eval_script(vm, "<evalScript>", src, n) : V_EXC;
}

static val host_gc(struct vm *vm, val *a, uint32_t argc)
{
	(void)a, (void)argc;
	heap_collect(&vm->heap);
	return V_UNDEF;
}

static val host_detach(struct vm *vm, val *a, uint32_t argc)
{
	(void)a;
	if (!v_iskind(ARG(0), KIND_ARRAY_BUFFER) || buffer_shared(v_tobuffer(ARG(0))))
		return throw_type(vm, "not an ArrayBuffer");
	buffer_detach(vm, v_tobuffer(ARG(0)));
	return V_NULL;
}

static const struct native_def defs[] = {
	{ "evalScript", host_eval_script, 1, 0, EFF_EVAL, 0, "INTERPRETING.md" },
	{ "detachArrayBuffer", host_detach, 1, 0, EFF_MUT, 0, "INTERPRETING.md" },
	{ "gc", host_gc, 0, 0, EFF_UNKNOWN, 0, "INTERPRETING.md" },
};

int zigts_install_262(struct zigts *z)
{
	struct vm *vm = vm_of(z);
	struct obj *o = obj_new(vm);

	for (size_t i = 0; i < ARRAY_LEN(defs); i++) {
		struct nfunc *f = nfunc_new(vm, native_register(vm, &defs[i]), 0);

		if (obj_create_data(vm, o, key_of_utf8(vm, defs[i].name, strlen(defs[i].name)), v_cell(f)) < 0)
			return -1;
	}
	if (obj_create_data(vm, o, key_of_utf8(vm, "global", 6), v_cell(vm->global)) < 0)
		return -1;
	console_install_print(vm);
	if (zigts_install_timers(z) < 0)
		return -1;
	return obj_put(vm, vm->global, key_of_utf8(vm, "$262", 4), v_cell(o));
}
