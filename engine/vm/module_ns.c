/* module_ns.c: module namespace objects (ECMA-262 10.4.6): the exports of a module
 * by name, read from where the bindings live. */
#include <stdlib.h>

#include "engine/vm/module.h"

struct ns_entry { HF(uint64_t) key; HF(const hval *) slot; };
/* KIND_LIST: entries sorted by key, then the keys in the order of their names. */
struct ns_table { struct cell h; struct ns_entry e[]; };
struct module_ns {                /* KIND_MODULE_NS; words after ext are conservative */
	struct cell h; HF(struct ext *) ext;
	HF(struct ns_table *) table;
	HF(uint64_t) n;
};

static struct module_ns *ns_of(struct obj *o) { return (struct module_ns *)(void *)o; }

static hval *names_of(struct ns_table *t, uint64_t n) { return (hval *)(void *)(t->e + n); }

/* ---- making ------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b, void *vm)
{
	return str_cmp(vm, v_tostr(key_to_str(vm, *(const pkey *)a)), v_tostr(key_to_str(vm, *(const pkey *)b)));
}

static int by_key(const void *a, const void *b)
{
	pkey x = *(const pkey *)a, y = *(const pkey *)b;

	return x < y ? -1 : x > y;
}

/* Sorted and without duplicates. */
static void unique(struct keylist *l)
{
	uint32_t n = 0;

	if (l->n)
		qsort(l->k, l->n, sizeof(pkey), by_key);
	for (uint32_t i = 0; i < l->n; i++)
		if (i == 0 || l->k[i] != l->k[i - 1])
			l->k[n++] = l->k[i];
	l->n = n;
}

static int fill(struct vm *vm, struct module *m, struct module_ns *ns)
{
	struct keylist all;
	struct ns_table *t;
	uint32_t n = 0;

	if (module_names(vm, m, &all) < 0)
		return -1;
	unique(&all);
	t = heap_alloc(&vm->heap, sizeof *t + all.n * 24, all.n * 3, KIND_LIST, 0);
	if (t == NULL)
		return throw_oom(vm), -1;
	memset((void *)t->e, 0, all.n * 24);
	for (uint32_t i = 0; i < all.n; i++) {
		struct module_export x;

		if (module_resolve(vm, m, all.k[i], &x) < 0 || (x.ns && module_namespace(vm, x.ns) == V_EXC))
			return -1;
		if (x.slot == NULL)              /* missing or ambiguous */
			continue;
		VSET(vm, t->e[n].key, all.k[i]);
		VSET(vm, t->e[n].slot, x.slot);
		all.k[n++] = all.k[i];
	}
	if (n)
		qsort_r(all.k, n, sizeof(pkey), by_name, vm);
	for (uint32_t i = 0; i < n; i++)
		VSET(vm, names_of(t, n)[i], all.k[i]);
	VSET(vm, ns->table, t);
	VSET(vm, ns->n, n);
	return 0;
}

val module_namespace(struct vm *vm, struct module *m)
{
	struct module_ns *ns;
	struct obj *o;

	if (m->ns.v != V_HOLE)
		return m->ns.v;
	if (VM_RECURSION(vm))
		return V_EXC;
	o = obj_new_kind(vm, NULL, KIND_MODULE_NS, sizeof *ns);
	ns = ns_of(o);
	HINIT(ns->table, NULL);
	HINIT(ns->n, 0);
	obj_def(vm, o, A_sym_to_string_tag, str_cstr(vm, "Module"), 0);
	VSET(vm, o->h.flags, (uint8_t)(o->h.flags.v & ~CF_EXTENSIBLE));
	VSET(vm, m->ns, v_cell(o));          /* before `fill`, which may come back here */
	if (fill(vm, m, ns) < 0) {
		VSET(vm, m->ns, V_HOLE);
		return V_EXC;
	}
	return v_cell(o);
}

/* ---- internal methods ----------------------------------------------------------------- */

static const hval *find(const struct module_ns *ns, pkey k)
{
	uint64_t lo = 0, hi = ns->n.v;

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (ns->table.v->e[mid].key.v < k)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < ns->n.v && ns->table.v->e[lo].key.v == k ? ns->table.v->e[lo].slot.v : NULL;
}

static val value(struct vm *vm, const hval *slot, pkey k)
{
	return slot->v == V_HOLE ? throw_ref(vm, "Cannot access '%s' before initialization", key_for_message(vm, k)) : slot->v;
}

static int ns_get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *d)
{
	const hval *slot;
	val v;

	if (key_is_symbol(vm, k))
		return obj_ordinary_get_own(vm, o, k, d);
	slot = find(ns_of(o), k);
	if (slot == NULL)
		return 0;
	v = value(vm, slot, k);
	if (v == V_EXC)
		return -1;
	*d = pdesc_data(v, PD_W | PD_E);
	return 1;
}

static int ns_define_own(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)
{
	struct pdesc cur;
	int r;

	if (key_is_symbol(vm, k))
		return obj_ordinary_define(vm, o, k, d);
	r = ns_get_own(vm, o, k, &cur);
	if (r <= 0)
		return r;
	if ((d->flags & PD_HAS_C && d->flags & PD_C) || (d->flags & PD_HAS_E && !(d->flags & PD_E)) ||
	    PD_IS_ACCESSOR(d) || (d->flags & PD_HAS_W && !(d->flags & PD_W)))
		return 0;
	return !(d->flags & PD_HAS_VALUE) || val_same(vm, d->value, cur.value);
}

static int ns_has(struct vm *vm, struct obj *o, pkey k)
{
	return key_is_symbol(vm, k) ? obj_ordinary_has(vm, o, k) : find(ns_of(o), k) != NULL;
}

static val ns_get(struct vm *vm, struct obj *o, pkey k, val receiver)
{
	const hval *slot;

	if (!pkey_is_index(k) && key_is_symbol(vm, k))
		return obj_ordinary_get(vm, o, k, receiver);
	slot = find(ns_of(o), k);
	return slot ? value(vm, slot, k) : V_UNDEF;
}

static int ns_set(struct vm *vm, struct obj *o, pkey k, val v, val receiver)
{
	(void)vm, (void)o, (void)k, (void)v, (void)receiver;
	return 0;
}

static int ns_del(struct vm *vm, struct obj *o, pkey k)
{
	return key_is_symbol(vm, k) ? obj_ordinary_delete(vm, o, k) : find(ns_of(o), k) == NULL;
}

static int ns_own_keys(struct vm *vm, struct obj *o, struct keylist *out)
{
	struct module_ns *ns = ns_of(o);

	for (uint64_t i = 0; i < ns->n.v; i++)
		if (keylist_push(vm, out, (pkey)names_of(ns->table.v, ns->n.v)[i].v) < 0)
			return -1;
	return keylist_push(vm, out, A_sym_to_string_tag);
}

static int ns_set_proto(struct vm *vm, struct obj *o, val proto)
{
	(void)vm, (void)o;
	return proto == V_NULL;
}

const struct exotic module_ns_exotic = {
	.get_own = ns_get_own, .define_own = ns_define_own, .has = ns_has, .get = ns_get, .set = ns_set,
	.del = ns_del, .own_keys = ns_own_keys, .set_proto = ns_set_proto,
};
