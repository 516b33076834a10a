/* tools.c: stage dumps and switches for command-line tools and tests. */
#include "engine/include/zigts_tools.h"

#include <stdlib.h>

#include "engine/api/compile.h"
#include "engine/api/comptime.h"
#include "engine/builtins/builtins.h"

int zigts_dump(const char *stage, const char *name, const char *src, size_t n, enum zigts_source kind, struct buf *out,
	       struct zigts_diag *diag)
{
	struct gen_options opt = gen_options_of(kind, NULL);
	struct comptime_realm realm = { NULL };
	struct gen_diag err = { 0 };
	int s = gen_stage_of(stage);

	if (s < 0) {
		err.message = strdup("unknown stage (tokens, ast, scopes, js, code)");
		diag_from_error(diag, name, &err);
		gen_diag_free(&err);
		return -1;
	}
	opt.comptime = comptime_evaluate;
	opt.comptime_arg = &realm;
	s = gen_dump((enum gen_stage)s, name, src, n, &opt, out, &err);
	comptime_end(&realm);
	if (s == 0)
		return 0;
	diag_from_error(diag, name, &err);
	gen_diag_free(&err);
	return -1;
}

void zigts_set_slow(struct zigts *z, bool slow) { vm_of(z)->run_fn = slow ? interp_run_slow : interp_run; }

void zigts_install_print(struct zigts *z)
{
	console_install_print(vm_of(z));
}

int zigts_set_args(struct zigts *z, int argc, char *const *argv)
{
	struct vm *vm = vm_of(z);
	struct arr *a = arr_new(vm, (uint32_t)argc);

	if (a == NULL)
		return -1;
	for (int i = 0; i < argc; i++) {
		val s = str_from_utf8(vm, argv[i], strlen(argv[i]), false);

		if (s == V_EXC || arr_push(vm, a, s) < 0)
			return -1;
	}
	obj_def(vm, vm->global, key_of_utf8(vm, "scriptArgs", 10), v_cell(a), ATTR_WC);
	return 0;
}
