/* zigts.c: the public interface (engine/include/zigts.h) over the engine: where
 * front end, generator, VM and built-ins meet. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>

#include "base/utf.h"
#include "engine/api/compile.h"
#include "engine/builtins/builtins.h"
#include "engine/builtins/json.h"
#include "engine/vm/module.h"
#include "engine/vm/promise.h"

/* A program handle is the linked unit, owned by the VM. */
static struct unit *unit_of(struct zigts_program *p) { return (struct unit *)(void *)p; }

static const builtin_init inits[] = {
#define BUILTIN(name) builtin_##name##_init,
#include "engine/builtins/builtins.def"
};

/* ---- life ------------------------------------------------------------------------- */

static void default_print(void *u, int level, const char *p, size_t n)
{
	(void)u;
	fwrite(p, 1, n, level > 0 ? stderr : stdout);
}

struct zigts *zigts_new(const struct zigts_config *cfg)
{
	struct vm *vm = vm_new(cfg->memory_limit, cfg->stack_bytes, cfg->persist_atoms, inits, ARRAY_LEN(inits));

	if (vm == NULL)
		return NULL;
#ifdef ZTS_DEBUG
	vm->verify_snapshot = true;
#else
	vm->verify_snapshot = cfg->verify_snapshot;
#endif
	heap_huge_pages(&vm->heap, cfg->huge_pages);
	vm->print = cfg->print ? cfg->print : default_print;
	vm->print_user = cfg->print_user;
	vm->exotic[KIND_HOST_NAMED] = &host_named_exotic;
	host_init(vm);
	jsx_init(vm);
	eval_init(vm);
	load_init(vm);
	return zigts_of(vm);
}

void zigts_free(struct zigts **z)
{
	struct vm *vm = *z ? vm_of(*z) : NULL;

	if (vm) {
		limits_end(vm);
		host_free(vm);
		load_free(vm);
		library_free(vm);
		vm_destroy(&vm);
	}
	*z = NULL;
}

void zigts_diag_free(struct zigts_diag *d)
{
	free(d->file);
	free(d->message);
	free(d->text);
	*d = (struct zigts_diag){ 0 };
}

struct gen_options gen_options_of(enum zigts_source kind, const void *c_limit)
{
	static const enum source_kind of[] = { [ZIGTS_SCRIPT] = SOURCE_SCRIPT, [ZIGTS_MODULE] = SOURCE_MODULE,
					       [ZIGTS_GUESS] = SOURCE_GUESS };

	return (struct gen_options){ .kind = of[kind], .c_limit = c_limit, .regexp = regexp_check,
				     .regexp_arg = (void *)(uintptr_t)c_limit };
}

/* ---- programs ------------------------------------------------------------------------ */

void diag_from_error(struct zigts_diag *out, const char *name, const struct gen_diag *e)
{
	if (out == NULL)
		return;
	*out = (struct zigts_diag){ strdup(name), strdup(e->message), strdup(e->text ? e->text : e->message), e->line, e->col };
}

/* A module with top-level await has settled once nothing is left to wait for. */
static int module_settled(struct vm *vm, val p)
{
	struct promise *pr = v_topromise(p);

	if (pr->state.v == PROMISE_FULFILLED)
		return 0;
	if (pr->state.v == PROMISE_PENDING) {
		throw_type(vm, "Top-level await waits for a promise that never settles");
		return -1;
	}
	VSET(vm, pr->handled, 1);
	throw_val(vm, pr->result.v);
	return -1;
}

int zigts_eval(struct zigts *z, struct zigts_program *p)
{
	struct vm *vm = vm_of(z);
	struct unit *u = unit_of(p);
	int turns = 1;
	val r;

	if (u->module)
		r = module_evaluate(vm, u->module);
	else
		r = call_code(vm, func_closure(vm, u->list[0], NULL), v_cell(vm->global));
	if (r == V_EXC || zigts_run_jobs(z) < 0)
		return -1;
	while (turns > 0 && u->module && v_topromise(r)->state.v == PROMISE_PENDING)
		turns = zigts_turn(z);
	if (turns < 0)
		return -1;
	return u->module ? module_settled(vm, r) : 0;
}

zigts_val zigts_binding(struct zigts *z, struct zigts_program *p, const char *name)
{
	struct vm *vm = vm_of(z);
	pkey k = key_of_utf8(vm, name, strlen(name));
	struct module_export x;
	struct box *b;
	bool lex;

	if (unit_of(p)->module) {
		if (module_resolve(vm, unit_of(p)->module, k, &x) < 0)
			return V_EXC;
		return x.slot && x.slot->v != V_HOLE ? x.slot->v : V_UNDEF;
	}
	b = global_find(vm, k, &lex);
	return b && b->v.v != V_HOLE && !(b->h.aux.v & ATTR_ACCESSOR) ? b->v.v : V_UNDEF;
}

int zigts_root_add(struct zigts *z, zigts_val v)
{
	struct root_list *r = &vm_of(z)->roots;

	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 16;
		r->v = realloc(r->v, r->cap * sizeof *r->v);
		AN(r->v);
	}
	r->v[r->n] = v;
	return (int)r->n++;
}

zigts_val zigts_root(struct zigts *z, int root) { return vm_of(z)->roots.v[root]; }

int zigts_freeze(struct zigts *z)
{
	if (library_freeze(vm_of(z)) < 0) {
		errno = ENOMEM;
		return -1;
	}
	return vm_freeze(vm_of(z));
}

void zigts_after_fork(struct zigts *z)
{
	struct vm *vm = vm_of(z);

	heap_after_fork(&vm->heap);
	(void)limits_after_fork();
}

void zigts_begin(struct zigts *z, const struct zigts_limits *l)
{
	vm_begin_request(vm_of(z));
	limits_begin(vm_of(z), l);
}

void zigts_end(struct zigts *z)
{
	limits_end(vm_of(z));
	vm_end_request(vm_of(z));
}

enum zigts_term zigts_terminated(const struct zigts *z) { return (enum zigts_term)vm_of_const(z)->term; }
void zigts_interrupt(struct zigts *z, enum zigts_term why) { vm_interrupt(vm_of(z), why); }
int zigts_run_jobs(struct zigts *z) { return jobs_run(vm_of(z)); }

enum zigts_promise_state zigts_promise_state(zigts_val v, zigts_val *result)
{
	static const enum zigts_promise_state of[] = { [PROMISE_PENDING] = ZIGTS_PROMISE_PENDING,
		[PROMISE_FULFILLED] = ZIGTS_PROMISE_FULFILLED, [PROMISE_REJECTED] = ZIGTS_PROMISE_REJECTED };

	*result = V_UNDEF;
	if (!v_iskind(v, KIND_PROMISE))
		return ZIGTS_NOT_A_PROMISE;
	*result = v_topromise(v)->result.v;
	return of[v_topromise(v)->state.v];
}

zigts_val zigts_await(struct zigts *z, zigts_val v)
{
	struct vm *vm = vm_of(z);
	val p = promise_of(vm, v);

	if (p != V_EXC && !v_topromise(p)->handled.v)
		VSET(vm, v_topromise(p)->handled, 1);
	return p == V_EXC || jobs_run(vm) < 0 ? V_EXC : p;
}

bool zigts_next_rejection(struct zigts *z, zigts_val *reason) { return promise_next_unhandled(vm_of(z), reason); }
void zigts_set_user(struct zigts *z, void *user) { vm_of(z)->user = user; }
void *zigts_user(const struct zigts *z) { return vm_of_const(z)->user; }
void zigts_taint(struct zigts *z, uint32_t effects) { except_taint(vm_of(z), effects & EFF_TAINT_MASK); }
uint32_t zigts_taints(const struct zigts *z) { return vm_of_const(z)->taint; }

bool zigts_taint_where(const struct zigts *z, int bit, char *file, size_t nfile, uint32_t *line, uint32_t *col)
{
	return except_taint_where(vm_of_const(z), bit, file, nfile, line, col);
}

void zigts_stats(const struct zigts *z, struct zigts_stats *out)
{
	const struct vm *vm = vm_of_const(z);
	uint32_t ics = 0;

	for (const struct unit *u = vm->units; u; u = u->next)
		for (uint32_t i = 0; i < u->im->nfns; i++)
			ics += u->codes[i].nics;
	*out = (struct zigts_stats){ vm->heap.snap_used, vm->heap.peak, vm->heap.njournal, vm->nshapes, vm->natoms, ics,
				     (uint32_t)vm->heap.collections, vm->requests };
}

int zigts_tick(struct zigts *z, int64_t cost) { return VM_TICK(vm_of(z), cost) ? -1 : 0; }
bool zigts_worn(const struct zigts *z) { return atoms_worn(vm_of_const(z)) || shapes_worn(vm_of_const(z)); }

int zigts_on_end(struct zigts *z, void (*fn)(void *), void *arg)
{
	heap_on_end(&vm_of(z)->heap, fn, arg);
	return 0;
}

void *zigts_scratch(struct zigts *z, size_t n)
{
	struct cell *c = heap_alloc(&vm_of(z)->heap, sizeof *c + ((n + 7) & ~(size_t)7), (uint32_t)n, KIND_BYTES, 0);

	return c ? c + 1 : NULL;
}

/* ---- values ---------------------------------------------------------------------------- */

enum zigts_type zigts_type(zigts_val v)
{
	if (v_isnum(v))
		return ZIGTS_T_NUMBER;
	if (!v_iscell(v))
		return v_isbool(v) ? ZIGTS_T_BOOLEAN : v_isnull(v) ? ZIGTS_T_NULL : ZIGTS_T_UNDEFINED;
	if (v_isstr(v))
		return ZIGTS_T_STRING;
	if (v_issym(v))
		return ZIGTS_T_SYMBOL;
	if (v_isbig(v))
		return ZIGTS_T_BIGINT;
	return func_is_callable(v) ? ZIGTS_T_FUNCTION : ZIGTS_T_OBJECT;
}

zigts_val zigts_number(double d) { return v_num(d); }
zigts_val zigts_int(int32_t i) { return v_int(i); }
double zigts_as_number(zigts_val v) { return v_numof(v); }
bool zigts_truthy(zigts_val v) { return to_boolean(v); }
bool zigts_is_array(zigts_val v) { return v_isarr(v); }

zigts_val zigts_string(struct zigts *z, const char *utf8, size_t n) { return str_from_utf8(vm_of(z), utf8, n, false); }
zigts_val zigts_string_latin1(struct zigts *z, const char *p, size_t n)
{
	return n > STR_MAX ? throw_range(vm_of(z), "Invalid string length")
			   : str_new8(vm_of(z), (const uint8_t *)p, (uint32_t)n);
}
zigts_val zigts_string_borrow(struct zigts *z, const char *utf8, size_t n)
{
	/* An external header costs 24 bytes: short texts are copied. */
	if (n >= 24 && utf8_ascii_prefix(utf8, n) == n)
		return str_external(vm_of(z), utf8, n);
	return str_from_utf8(vm_of(z), utf8, n, false);
}
zigts_val zigts_cstring(struct zigts *z, const char *utf8) { return zigts_string(z, utf8, strlen(utf8)); }

const char *zigts_to_utf8(struct zigts *z, zigts_val v, size_t *n)
{
	struct str *s = to_str(vm_of(z), v);

	return s ? str_to_utf8(vm_of(z), s, false, n) : NULL;
}

zigts_val zigts_to_string(struct zigts *z, zigts_val v) { return to_string(vm_of(z), v); }
int zigts_to_number(struct zigts *z, zigts_val v, double *out) { return to_number(vm_of(z), v, out); }

/* ---- objects ---------------------------------------------------------------------------- */

zigts_val zigts_object(struct zigts *z) { return v_cell(obj_new(vm_of(z))); }
zigts_val zigts_array(struct zigts *z)
{
	struct arr *a = arr_new(vm_of(z), 0);

	return a ? v_cell(a) : V_EXC;
}
int zigts_array_push(struct zigts *z, zigts_val arr, zigts_val v) { return arr_push(vm_of(z), v_toarr(arr), v) < 0 ? -1 : 0; }
zigts_key zigts_key_of(struct zigts *z, const char *name) { return key_of_utf8(vm_of(z), name, strlen(name)); }
zigts_val zigts_key_name(struct zigts *z, zigts_key k) { return key_to_str(vm_of(z), k); }
zigts_val zigts_get_key(struct zigts *z, zigts_val o, zigts_key k) { return obj_get_v(vm_of(z), o, k); }
int zigts_set_key(struct zigts *z, zigts_val o, zigts_key k, zigts_val v) { return obj_put_v(vm_of(z), o, k, v, true); }
zigts_val zigts_get(struct zigts *z, zigts_val o, const char *name) { return zigts_get_key(z, o, zigts_key_of(z, name)); }
int zigts_set(struct zigts *z, zigts_val o, const char *name, zigts_val v)
{
	return zigts_set_key(z, o, zigts_key_of(z, name), v);
}
zigts_val zigts_get_index(struct zigts *z, zigts_val o, uint32_t i)
{
	if (v_isarr(o) && arr_is_dense(v_toarr(o)) && i < v_toarr(o)->len.v)
		return v_toarr(o)->elem.v[i].v;
	return obj_get_v(vm_of(z), o, key_of_u32(vm_of(z), i));
}

uint32_t zigts_array_length(zigts_val v) { return v_toarr(v)->len.v; }

zigts_val zigts_get_value(struct zigts *z, zigts_val o, zigts_val key)
{
	pkey k;

	return key_of_val(vm_of(z), key, &k) ? obj_get_v(vm_of(z), o, k) : V_EXC;
}

zigts_val zigts_own_keys(struct zigts *z, zigts_val o)
{
	struct vm *vm = vm_of(z);
	struct keylist kl = { 0 };
	struct arr *a = arr_new(vm, 8);

	if (a == NULL || obj_own_keys(vm, v_toobj(o), KEYS_STRINGS | KEYS_ENUMERABLE, &kl) < 0)
		return V_EXC;
	for (uint32_t i = 0; i < kl.n; i++)
		if (arr_push(vm, a, key_to_val(vm, kl.k[i])) < 0)
			return V_EXC;
	return v_cell(a);
}

zigts_val zigts_call(struct zigts *z, zigts_val fn, zigts_val this_v, int argc, const zigts_val *argv)
{
	return vm_call(vm_of(z), fn, this_v, (uint32_t)argc, argv);
}
zigts_val zigts_global(struct zigts *z) { return v_cell(vm_of(z)->global); }

zigts_val zigts_json_parse(struct zigts *z, const char *utf8, size_t n) { return json_parse_utf8(vm_of(z), utf8, n); }
int zigts_json_stringify(struct zigts *z, zigts_val v, const char **utf8, size_t *n)
{
	return json_stringify_utf8(vm_of(z), v, utf8, n);
}
zigts_val zigts_json_string(struct zigts *z, zigts_val v) { return json_stringify(vm_of(z), v, V_UNDEF, V_UNDEF); }

/* ---- exceptions ---------------------------------------------------------------------------- */

zigts_val zigts_throw(struct zigts *z, enum zigts_error kind, const char *fmt, ...)
{
	static const enum intrinsic proto[] = { INTR_ErrorPrototype, INTR_TypeErrorPrototype, INTR_RangeErrorPrototype,
						INTR_SyntaxErrorPrototype };
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return throw_error_proto(vm_of(z), proto[kind], text);
}

zigts_val zigts_take_exception(struct zigts *z) { return exc_take(vm_of(z)); }

const char *zigts_describe_exception(struct zigts *z, zigts_val exc, size_t *n)
{
	struct vm *vm = vm_of(z);
	const char *text;
	val s;

	if (v_iskind(exc, KIND_ERROR)) {
		s = except_stack_string(vm, (struct error_obj *)(void *)v_tocell(exc));
		if (v_isstr(s))
			return str_to_utf8(vm, v_tostr(s), false, n);
	}
	if (v_isstr(exc))
		return str_to_utf8(vm, v_tostr(exc), false, n);
	text = val_for_message(vm, exc);
	*n = strlen(text);
	return text;
}
