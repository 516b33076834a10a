/* module.c: module records, export resolution and linking (ECMA-262 16.2.1.6), and
 * the instructions of modules. */
#include "engine/vm/module.h"

#include <stdio.h>

#include "base/near.h"
#include "engine/vm/ops.h"
#include "engine/vm/promise.h"

#define MODULE_WORDS ((sizeof(struct module) - sizeof(struct cell)) / 8)

/* ---- records ------------------------------------------------------------------- */

static struct env *module_env(struct vm *vm, uint32_t n)
{
	struct env *e = heap_alloc(&vm->heap, sizeof *e + n * sizeof(val), n, KIND_ENV, 0);

	if (e == NULL)
		return NULL;
	HINIT(e->up, NULL);
	for (uint32_t i = 0; i < n; i++)
		HINIT(e->v[i], V_HOLE);
	return e;
}

static struct vals *requests(struct vm *vm, uint32_t n)
{
	struct vals *r = heap_alloc(&vm->heap, sizeof *r + n * sizeof(val), n, KIND_VALS, 0);

	for (uint32_t i = 0; r && i < n; i++)
		HINIT(r->v[i], v_int(0));
	return r;
}

static struct module *record_new(struct vm *vm, const char *key, enum module_kind kind, struct unit *u,
				 const struct module_names *names)
{
	size_t n = strlen(key) + 1;
	struct cell *k = heap_alloc(&vm->heap, sizeof *k + n, (uint32_t)n, KIND_BYTES, 0);
	struct env *e = module_env(vm, u ? u->im->nenv : names ? names->n : 1);
	struct vals *req = requests(vm, u ? u->im->nrequests : 0);
	struct module *m;

	if (k == NULL || e == NULL || req == NULL) {
		throw_oom(vm);
		return NULL;
	}
	memcpy(k + 1, key, n);
	m = heap_alloc(&vm->heap, sizeof *m, MODULE_WORDS, KIND_LIST, 0);
	HINIT(m->next, vm->modules);
	HINIT(m->unit, u);
	HINIT(m->names, names);
	HINIT(m->key, k);
	HINIT(m->id, ++vm->module_count);
	HINIT(m->kind, kind);
	HINIT(m->status, u ? MODULE_NEW : MODULE_EVALUATED);
	HINIT(m->walk, 0);
	HINIT(m->env, e);
	HINIT(m->requested, req);
	HINIT(m->ns, V_HOLE);
	HINIT(m->meta, V_UNDEF);
	HINIT(m->error, V_HOLE);
	HINIT(m->promise, V_UNDEF);
	HINIT(m->dfs, 0);
	HINIT(m->low, 0);
	HINIT(m->below, NULL);
	HINIT(m->root, u ? NULL : m);
	HINIT(m->order, ORDER_UNSET);
	HINIT(m->pending, 0);
	HINIT(m->parents, NULL);
	HINIT(m->last_parent, NULL);
	if (u)
		u->module = m;
	vm->modules = m;
	return m;
}

struct module *module_new(struct vm *vm, const char *key, enum module_kind kind, struct unit *u, val dflt)
{
	struct module *m = record_new(vm, key, kind, u, NULL);

	if (m && u == NULL)
		HINIT(m->env.v->v[0], dflt);
	return m;
}

struct module *module_native(struct vm *vm, const char *key, const struct module_names *names)
{
	struct module *m = record_new(vm, key, MODULE_CODE, NULL, names);

	for (uint32_t i = 0; m && i < names->n; i++)
		HINIT(m->env.v->v[i], V_UNDEF);
	return m;
}

struct module *module_find(struct vm *vm, const char *key, enum module_kind kind)
{
	size_t n = strlen(key) + 1;
	struct module *m = vm->modules;

	while (m && (m->kind.v != kind || m->key.v->shape.v != n || memcmp(module_key(m), key, n) != 0))
		m = m->next.v;
	return m;
}

/* ---- exports -------------------------------------------------------------------- */

/* Of a module with code: the named export, or NULL. */
static const struct image_export *own_export(const struct unit *u, pkey name)
{
	uint32_t lo = 0, hi = u->nexports;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (u->exports[mid].name < name)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < u->nexports && u->exports[lo].name == name ? &u->im->exports[u->exports[lo].index] : NULL;
}

/* Of a module without code: where the named export is, or NULL. */
static const hval *synthetic_export(const struct module *m, pkey name)
{
	const struct module_names *names = m->names.v;

	if (names == NULL)
		return name == A_default_ ? &m->env.v->v[0] : NULL;
	for (uint32_t i = 0; i < names->n; i++)
		if (names->key[i] == name)
			return &m->env.v->v[i];
	return NULL;
}

static pkey image_name(struct vm *vm, const struct image *im, uint32_t i)
{
	return key_of_utf8(vm, im->strs[i].p, im->strs[i].n);
}

/* Pairs (module, name) that a resolution has met. 1: this one too, before. */
static int met(struct vm *vm, struct keylist *seen, const struct module *m, pkey name)
{
	uint32_t id = (uint32_t)m->id.v;

	for (uint32_t i = 0; i < seen->n; i += 2)
		if (seen->k[i] == id && seen->k[i + 1] == name)
			return 1;
	return keylist_push(vm, seen, id) < 0 || keylist_push(vm, seen, name) < 0 ? -1 : 0;
}

static int resolve(struct vm *vm, struct module *m, pkey name, struct keylist *seen, struct module_export *found);

/* Through every `export * from`: two different bindings are ambiguous. */
static int resolve_star(struct vm *vm, struct module *m, pkey name, struct keylist *seen, struct module_export *found)
{
	const struct image *im = m->unit.v->im;

	for (uint32_t i = 0; i < im->nexports; i++) {
		struct module_export other = { 0 };

		if (im->exports[i].name != UINT32_MAX)
			continue;
		if (resolve(vm, module_requested(m, im->exports[i].request), name, seen, &other) < 0)
			return -1;
		if (!other.ambiguous && (other.slot == NULL || other.slot == found->slot))
			continue;
		if (other.ambiguous || found->slot) {
			*found = (struct module_export){ .ambiguous = true };
			return 0;
		}
		*found = other;
	}
	return 0;
}

static int resolve(struct vm *vm, struct module *m, pkey name, struct keylist *seen, struct module_export *found)
{
	const struct image_export *x;
	const struct unit *u = m->unit.v;
	int r;

	if (VM_RECURSION(vm) || VM_TICK(vm, 5))
		return -1;
	if (u == NULL) {
		found->slot = synthetic_export(m, name);
		return 0;
	}
	x = own_export(u, name);
	if (x && x->request == UINT32_MAX) {
		found->slot = &m->env.v->v[x->slot];
		return 0;
	}
	r = met(vm, seen, m, name);
	if (r != 0)
		return r < 0 ? -1 : 0;       /* a circle */
	if (x && x->import_name == UINT32_MAX) {
		found->ns = module_requested(m, x->request);
		found->slot = &found->ns->ns;
		return 0;
	}
	if (x)
		return resolve(vm, module_requested(m, x->request), image_name(vm, u->im, x->import_name), seen, found);
	return name == A_default_ ? 0 : resolve_star(vm, m, name, seen, found);
}

int module_resolve(struct vm *vm, struct module *m, pkey name, struct module_export *found)
{
	struct keylist seen = { 0 };

	*found = (struct module_export){ 0 };
	return resolve(vm, m, name, &seen, found);
}

static int names(struct vm *vm, struct module *m, uint64_t walk, bool star, struct keylist *out)
{
	const struct unit *u = m->unit.v;

	if (VM_RECURSION(vm) || VM_TICK(vm, 5))
		return -1;
	if (m->walk.v == walk)
		return 0;
	VSET(vm, m->walk, walk);
	if (u == NULL && m->names.v == NULL)
		return star ? 0 : keylist_push(vm, out, A_default_);
	for (uint32_t i = 0; u == NULL && i < m->names.v->n; i++)
		if (keylist_push(vm, out, m->names.v->key[i]) < 0)
			return -1;
	if (u == NULL)
		return 0;
	for (uint32_t i = 0; i < u->nexports; i++)
		if (!(star && u->exports[i].name == A_default_) && keylist_push(vm, out, u->exports[i].name) < 0)
			return -1;
	for (uint32_t i = 0; i < u->im->nexports; i++)
		if (u->im->exports[i].name == UINT32_MAX &&
		    names(vm, module_requested(m, u->im->exports[i].request), walk, true, out) < 0)
			return -1;
	return 0;
}

int module_names(struct vm *vm, struct module *m, struct keylist *out)
{
	*out = (struct keylist){ 0 };
	return names(vm, m, ++vm->module_count, false, out);
}

/* ---- linking --------------------------------------------------------------------- */

/* Appends what may have been meant instead of `name`, and all there is. */
static void tell_names(struct vm *vm, const pkey *keys, uint32_t n, const char *name, struct module_error *e)
{
	struct buf b = BUF_INIT;
	const char *near = NULL, *text;
	unsigned far = near_limit(name);

	for (uint32_t i = 0; i < n; i++) {
		text = str_to_utf8(vm, v_tostr(key_to_str(vm, keys[i])), false, NULL);
		if (text == NULL)
			continue;
		buf_printf(&b, "%s%s", i == 0 ? "; it has " : ", ", text);
		if (near_distance(name, text) < far) {
			far = near_distance(name, text);
			near = text;
		}
	}
	text = buf_cstr(&b);
	snprintf(e->msg + strlen(e->msg), sizeof e->msg - strlen(e->msg), "%s%s%s%s", near ? "; did you mean '" : "",
		 near ? near : "", near ? "'?" : "", near ? "" : text);
	if (near)
		snprintf(e->msg + strlen(e->msg), sizeof e->msg - strlen(e->msg), " It has %s", text + strlen("; it has "));
	buf_free(&b);
}

static int missing(struct vm *vm, const struct module *m, struct module_error *e, const struct image *im, uint32_t start, uint32_t end, uint32_t request,
		   uint32_t name, bool ambiguous)
{
	const struct image_str *from = &im->strs[im->requests[request].specifier], *s = &im->strs[name];
	struct keylist all;

	e->im = im;
	e->start = start;
	e->end = end;
	if (ambiguous)
		snprintf(e->msg, sizeof e->msg, "the module '%.100s' exports several bindings named '%.80s' through `export *`",
			 from->p, s->p);
	else
		snprintf(e->msg, sizeof e->msg, "the module '%.100s' has no export named '%.80s'", from->p, s->p);
	if (ambiguous)
		return -1;
	if (m->names.v)
		tell_names(vm, m->names.v->key, m->names.v->n, s->p, e);
	else if (m->unit.v && module_names(vm, (struct module *)(uintptr_t)m, &all) == 0)
		tell_names(vm, all.k, all.n, s->p, e);
	return -1;
}

static int check_exports(struct vm *vm, struct module *m, struct module_error *e)
{
	const struct unit *u = m->unit.v;

	for (uint32_t i = 0; i < u->nexports; i++) {
		const struct image_export *x = &u->im->exports[u->exports[i].index];
		struct module_export found;

		if (x->request == UINT32_MAX || x->import_name == UINT32_MAX)
			continue;
		if (module_resolve(vm, m, u->exports[i].name, &found) < 0)
			return -1;
		if (found.slot == NULL)
			return missing(vm, module_requested(m, x->request), e, u->im, x->start, x->end, x->request, x->import_name, found.ambiguous);
	}
	return 0;
}

static int bind_imports(struct vm *vm, struct module *m, struct module_error *e)
{
	const struct unit *u = m->unit.v;

	for (uint32_t i = 0; i < u->im->nimports; i++) {
		const struct image_import *im = &u->im->imports[i];
		struct module *from = module_requested(m, im->request);
		struct module_export found = { .slot = &from->ns, .ns = from };

		if (im->name != UINT32_MAX && module_resolve(vm, from, image_name(vm, u->im, im->name), &found) < 0)
			return -1;
		if (found.slot == NULL)
			return missing(vm, from, e, u->im, im->start, im->end, im->request, im->name, found.ambiguous);
		if (found.ns && module_namespace(vm, found.ns) == V_EXC)
			return -1;
		u->imports[i] = found.slot;
	}
	return 0;
}

/* InitializeEnvironment (16.2.1.6.4). The first phase of the module's code makes its
 * functions; with top-level await it is worth a promise nobody needs. */
static int initialize(struct vm *vm, struct module *m, struct module_error *e)
{
	struct unit *u = m->unit.v;
	val phase = V_TRUE;

	if (check_exports(vm, m, e) < 0 || bind_imports(vm, m, e) < 0)
		return -1;
	return call_value(vm, v_cell(func_closure(vm, u->list[0], m->env.v)), V_UNDEF, 1, &phase) == V_EXC ? -1 : 0;
}

static int link_inner(struct vm *vm, struct module *m, struct module **stack, uint64_t *index, struct module_error *e)
{
	struct module *t;

	if (m->status.v >= MODULE_LINKING)
		return 0;
	if (VM_RECURSION(vm) || VM_TICK(vm, 20))
		return -1;
	VSET(vm, m->status, MODULE_LINKING);
	VSET(vm, m->dfs, *index);
	VSET(vm, m->low, *index);
	VSET(vm, m->below, *stack);
	++*index;
	*stack = m;
	for (uint32_t i = 0; i < module_nrequests(m); i++) {
		struct module *r = module_requested(m, i);

		if (link_inner(vm, r, stack, index, e) < 0)
			return -1;
		if (r->status.v == MODULE_LINKING && r->low.v < m->low.v)
			VSET(vm, m->low, r->low.v);
	}
	if (initialize(vm, m, e) < 0)
		return -1;
	if (m->low.v == m->dfs.v)
		do {
			t = *stack;
			*stack = t->below.v;
			VSET(vm, t->status, MODULE_LINKED);
		} while (t != m);
	return 0;
}

int module_link(struct vm *vm, struct module *m, struct module_error *e)
{
	struct module *stack = NULL;
	uint64_t index = 0;

	e->im = NULL;
	if (vm->heap.frozen && heap_in_snapshot(m) && m->status.v < MODULE_LINKED) {
		/* Its unit, which belongs to all requests, would point into this one's arena. */
		throw_type(vm, "the module '%.200s' could not be linked when it was loaded", module_key(m));
		return -1;
	}
	if (link_inner(vm, m, &stack, &index, e) == 0)
		return 0;
	for (; stack; stack = stack->below.v)
		VSET(vm, stack->status, MODULE_UNLINKED);
	return -1;
}

/* ---- import() (13.3.10) and import.meta (13.3.12) -------------------------------- */

/* The attribute `type` of the second argument, or undefined. */
static val import_type(struct vm *vm, val options)
{
	val with, v, type = V_UNDEF;
	struct keylist keys;

	if (v_isundef(options))
		return V_UNDEF;
	if (!v_isobj(options))
		return throw_type(vm, "The second argument of import() must be an object");
	with = obj_get(vm, v_toobj(options), key_of_utf8(vm, "with", 4));
	if (with == V_EXC || v_isundef(with))
		return with;
	if (!v_isobj(with))
		return throw_type(vm, "The 'with' option of import() must be an object");
	if (obj_own_keys(vm, v_toobj(with), KEYS_STRINGS | KEYS_ENUMERABLE, &keys) < 0)
		return V_EXC;
	for (uint32_t i = 0; i < keys.n; i++) {
		v = obj_get(vm, v_toobj(with), keys.k[i]);
		if (v == V_EXC)
			return V_EXC;
		if (!v_isstr(v))
			return throw_type(vm, "The import attribute '%s' must be a string", key_for_message(vm, keys.k[i]));
		if (keys.k[i] == key_of_utf8(vm, "type", 4))
			type = v;
	}
	for (uint32_t i = 0; i < keys.n; i++)
		if (keys.k[i] != key_of_utf8(vm, "type", 4))
			return throw_type(vm, "The import attribute '%s' is not supported", key_for_message(vm, keys.k[i]));
	return type;
}

/* a[0] promise, a[1] module. */
static int import_evaluated(struct vm *vm, struct job *j)
{
	val p = j->a[0].v, ns;

	if (j->rejected.v) {
		promise_reject_with(vm, p, j->value.v);
		return 0;
	}
	ns = module_namespace(vm, module_of(j->a[1].v));
	return ns == V_EXC ? promise_reject_exc(vm, p) : promise_resolve_with(vm, p, ns);
}

/* ContinueDynamicImport (13.3.10.1.1), once the module is loaded and linked. */
static int import_loaded(struct vm *vm, struct job *j)
{
	val m = j->a[1].v, p = module_evaluate(vm, module_of(m));
	struct job *k;

	if (p == V_EXC)
		return vm->term ? -1 : promise_reject_exc(vm, j->a[0].v);
	k = job_new(vm, import_evaluated);
	HINIT(k->a[0], j->a[0].v);
	HINIT(k->a[1], m);
	promise_react(vm, p, k);
	return 0;
}

static struct module *import_request(struct vm *vm, const struct unit *u, val specifier, val options)
{
	struct str *s = to_str(vm, specifier);
	val type = s ? import_type(vm, options) : V_EXC;

	if (type == V_EXC)
		return NULL;
	if (vm->import_fn == NULL) {
		throw_type(vm, "import() is not available here");
		return NULL;
	}
	return vm->import_fn(vm, u, v_cell(s), type);
}

SLOW_OP(IMPORT)
{
	val p = promise_new(vm);
	struct module *m = import_request(vm, op_code(fp)->unit, R_b, R_c);
	struct job *j;

	if (m == NULL)
		return promise_reject_exc(vm, p) < 0 ? V_EXC : p;
	j = job_new(vm, import_loaded);
	HINIT(j->a[0], p);
	HINIT(j->a[1], v_cell(m));
	job_enqueue(vm, j);
	return p;
}

SLOW_OP(META)
{
	const struct unit *u = op_code(fp)->unit;
	struct module *m = u->module;

	(void)pc;
	if (v_isundef(m->meta.v)) {
		struct obj *o = obj_new_inl(vm, NULL, 4);

		if (vm->import_meta_fn && vm->import_meta_fn(vm, u, o) < 0)
			return V_EXC;
		VSET(vm, m->meta, v_cell(o));
	}
	return m->meta.v;
}
