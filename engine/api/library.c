/* library.c: globals whose classes are written in JavaScript and come with the program
 * (zigts.h, "library"): they stand on the global object as names without a value until
 * somebody looks, then the file that makes them is run. Called by engine/object
 * (vm->lazy_global_fn), by the embedder and by the files themselves. */
#include <stdlib.h>

#include "engine/api/compile.h"
#include "engine/builtins/builtins.h"

struct library {
	const struct zigts_library *def;
	pkey *names;                 /* of def->globals, in their order */
	int internal, exports;       /* roots: the object given to files; array: what each made */
	struct native_def **defs;    /* of zigts_library_natives */
	unsigned ndefs;
};

static struct library *library_of(const struct vm *vm) { return vm->library; }

/* What file `i` made: an object; it is run now if it was not yet. V_EXC. */
static val exports_of(struct vm *vm, unsigned i)
{
	struct library *l = library_of(vm);
	const struct zigts_library_file *f = &l->def->files[i];
	struct arr *made = v_toarr(vm->roots.v[l->exports]);
	val fn, x = made->elem.v[i].v;

	if (!v_isundef(x))
		return x;
	fn = eval_library(vm, f->name, f->src, f->n);
	if (fn == V_EXC)
		return V_EXC;
	x = call_1(vm, fn, V_UNDEF, vm->roots.v[l->internal]);
	if (x != V_EXC)
		VSET(vm, made->elem.v[i], x);
	return x;
}

/* vm->lazy_global_fn. A failure cannot be told here: what ended the request ends it at
 * the next safepoint, and the name stays without a value. */
static val lazy_global(struct vm *vm, pkey k)
{
	struct library *l = library_of(vm);
	uint32_t term;
	val x = V_HOLE;

	for (unsigned i = 0; i < l->def->nglobals; i++)
		if (l->names[i] == k) {
			x = exports_of(vm, l->def->globals[i].file);
			if (x != V_EXC)
				x = obj_get(vm, v_toobj(x), k);
			break;
		}
	if (x != V_EXC)
		return x;
	term = vm->term;
	(void)exc_take(vm);
	if (term) {
		vm->term = 0;
		vm_interrupt(vm, term);
	}
	return V_HOLE;
}

/* load(name): what another file made. */
static val library_load(struct vm *vm, val *a, uint32_t argc)
{
	const struct zigts_library *def = library_of(vm)->def;
	struct str *s = to_str(vm, ARG(0));
	size_t n;
	const char *name = s ? str_to_utf8(vm, s, false, &n) : NULL;

	(void)a;
	for (unsigned i = 0; name && i < def->nfiles; i++)
		if (strcmp(strrchr(def->files[i].name, '/') + 1, name) == 0)
			return exports_of(vm, i);
	return name ? throw_type(vm, "no file %s", name) : V_EXC;
}

static const struct native_def load_def = { "load", library_load, 1, 0, EFF_MUT | EFF_CALLS, 0, "library" };

int zigts_add_library(struct zigts *z, const struct zigts_library *def)
{
	struct vm *vm = vm_of(z);
	struct library *l = calloc(1, sizeof *l);
	struct obj *internal = obj_new(vm);
	struct arr *made = arr_new(vm, def->nfiles);

	AN(l && made && !vm->heap.frozen && vm->library == NULL);
	vm->library = l;
	vm->lazy_global_fn = lazy_global;
	l->def = def;
	l->names = calloc(def->nglobals, sizeof *l->names);
	AN(l->names);
	l->internal = zigts_root_add(z, v_cell(internal));
	l->exports = zigts_root_add(z, v_cell(made));
	for (unsigned i = 0; i < def->nfiles; i++)
		AZ(arr_push(vm, made, V_UNDEF));
	library_natives(vm, internal);
	obj_def(vm, internal, key_of_utf8(vm, "load", 4), v_cell(nfunc_new(vm, native_register(vm, &load_def), 0)), ATTR_WC);
	for (unsigned i = 0; i < def->nglobals; i++) {
		const char *name = def->globals[i].name;
		bool lex;

		l->names[i] = key_of_utf8(vm, name, strlen(name));
		if (global_find(vm, l->names[i], &lex) || global_add_lazy(vm, vm->global, l->names[i]) < 0)
			return -1;
	}
	return 0;
}

void zigts_library_natives(struct zigts *z, const struct zigts_row *rows, unsigned n)
{
	struct vm *vm = vm_of(z);
	struct library *l = library_of(vm);

	l->defs = realloc(l->defs, (l->ndefs + 1) * sizeof *l->defs);
	AN(l->defs);
	l->defs[l->ndefs++] = host_functions(vm, v_toobj(vm->roots.v[l->internal]), rows, n);
}

zigts_val zigts_library_get(struct zigts *z, unsigned file, const char *name)
{
	val x = exports_of(vm_of(z), file);

	return x == V_EXC ? V_EXC : zigts_get(z, x, name);
}

bool zigts_library_made(const struct zigts *z, unsigned file)
{
	const struct vm *vm = vm_of_const(z);

	return !v_isundef(v_toarr(vm->roots.v[library_of(vm)->exports])->elem.v[file].v);
}

/* ---- before the freeze ------------------------------------------------------------- */

bool zigts_mentions(const struct zigts *z, const char *name)
{
	size_t n = strlen(name);

	for (const struct unit *u = vm_of_const(z)->units; u; u = u->next)
		for (uint32_t i = 0; !u->internal && i < u->im->nstrs; i++)
			if (u->im->strs[i].n == n && memcmp(u->im->strs[i].p, name, n) == 0)
				return true;
	return false;
}

static int make_mentioned(struct vm *vm, const struct zigts_library_global *g)
{
	if (!zigts_mentions(zigts_of(vm), g->name) || exports_of(vm, g->file) != V_EXC)
		return 0;
	(void)exc_take(vm);
	return -1;
}

int library_freeze(struct vm *vm)
{
	const struct zigts_library *def = vm->library ? library_of(vm)->def : NULL;
	bool lex;

	for (unsigned i = 0; def && i < def->nmentions; i++)
		if (make_mentioned(vm, &def->mentions[i]) < 0)
			return -1;
	for (unsigned i = 0; def && i < def->nglobals; i++) {
		if (make_mentioned(vm, &def->globals[i]) < 0)
			return -1;
		/* Only a name of a file that was made: the others stay without a value. */
		if (zigts_library_made(zigts_of(vm), def->globals[i].file))
			(void)global_find(vm, library_of(vm)->names[i], &lex);
	}
	return 0;
}

void library_free(struct vm *vm)
{
	struct library *l = library_of(vm);

	if (l == NULL)
		return;
	for (unsigned i = 0; i < l->ndefs; i++)
		free(l->defs[i]);
	free(l->defs);
	free(l->names);
	free(l);
	vm->library = NULL;
}
