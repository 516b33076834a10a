/* host.c: classes and functions that the embedder defines through const tables. */
#include <stdlib.h>

#include "base/near.h"
#include "engine/api/api.h"
#include "engine/vm/module.h"

/* KIND_HOST / KIND_HOST_NAMED: slots, then payload; h.aux counts all words after
 * ext, the class word included (layout rule of object.h). */
struct host_obj {
	struct cell h;
	HF(struct ext *) ext;
	HF(uint64_t) cls;            /* class id | parent's id << 16 | nslots << 32 */
	hval slot[];
};

struct host_reg {
	const struct zigts_class *def;
	val proto, ctor_val;         /* kept alive by the root that is the constructor */
	uint32_t shape;
	struct native_def *defs;     /* made from the public rows */
};
/* What was made of a native module when it was first imported. */
struct host_module { struct native_def *defs; struct module_names *names; uint32_t first; };
struct host_table {
	struct host_reg *reg; int n;
	struct native_def **fn_defs; int nfn;
	const struct zigts_module *const *modules; struct host_module *made; uint32_t nmodules;
};

static struct host_table *table(struct vm *vm) { return vm->host_classes; }

void host_init(struct vm *vm)
{
	vm->host_classes = calloc(1, sizeof(struct host_table));
	AN(vm->host_classes);
}

void host_free(struct vm *vm)
{
	struct host_table *t = table(vm);

	if (t == NULL)
		return;
	for (int i = 1; i < t->n; i++)
		free(t->reg[i].defs);
	for (int i = 0; i < t->nfn; i++)
		free(t->fn_defs[i]);
	for (uint32_t i = 0; i < t->nmodules; i++) {
		free(t->made[i].defs);
		free(t->made[i].names);
	}
	free(t->made);
	free(t->fn_defs);
	free(t->reg);
	free(t);
	vm->host_classes = NULL;
}

static struct native_def make_def(const char *name, zigts_native fn, uint8_t nargs, uint8_t flags, uint16_t effect)
{
	/* struct zigts is struct vm, so the two function types have one ABI. */
	return (struct native_def){ name, (native_fn)(void (*)(void))fn, nargs, flags, effect, 0, "host" };
}

static pkey row_key(struct vm *vm, const char *name)
{
	if (strcmp(name, "@@iterator") == 0)
		return A_sym_iterator;
	return key_of_utf8(vm, name, strlen(name));
}

/* The function that an earlier row of the class has made of the same native. */
static val same_function(struct vm *vm, const struct zigts_class *c, const struct zigts_row *r, struct obj *proto)
{
	const struct zigts_row *q;

	for (q = c->rows; q < r; q++)
		if (q->kind == ZIGTS_ROW_METHOD && q->fn == r->fn && r->name[0] == '@')
			return obj_get(vm, proto, row_key(vm, q->name));
	return V_UNDEF;
}

static void install_row(struct vm *vm, const struct zigts_class *c, const struct zigts_row *r,
			const struct native_def *def, const struct native_def *set, struct obj *proto, struct obj *ctor)
{
	pkey k = row_key(vm, r->name);
	val same = same_function(vm, c, r, proto), setter = V_UNDEF;
	struct nfunc *f;

	if (same != V_UNDEF) {
		obj_def(vm, proto, k, same, ATTR_WC);
		return;
	}
	f = nfunc_new(vm, native_register(vm, def), 0);
	switch (r->kind) {
	case ZIGTS_ROW_GETTER:
		HINIT(f->h.aux, NFUNC_GETTER);
		if (r->set) {
			struct nfunc *s = nfunc_new(vm, native_register(vm, set), 0);

			HINIT(s->h.aux, NFUNC_SETTER);
			setter = v_cell(s);
		}
		obj_def_accessor(vm, proto, k, v_cell(f), setter, ATTR_C | ATTR_E);
		break;
	case ZIGTS_ROW_STATIC:
		obj_def(vm, ctor, k, v_cell(f), ATTR_WEC);
		break;
	default:
		obj_def(vm, proto, k, v_cell(f), ATTR_WEC);
	}
}

static val named_ctor_refused(struct vm *vm, val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return throw_type(vm, "Illegal constructor");
}

static struct obj *proto_of_parent(struct vm *vm, const struct zigts_class *c)
{
	if (c->parent > 0)
		return v_toobj(table(vm)->reg[c->parent].proto);
	return obj_intr(vm, c->parent == ZIGTS_ITERATOR ? INTR_IteratorPrototype : INTR_ObjectPrototype);
}

int zigts_add_class(struct zigts *z, const struct zigts_class *c, bool global)
{
	struct vm *vm = vm_of(z);
	struct host_table *t = table(vm);
	uint8_t kind = c->named_get ? KIND_HOST_NAMED : KIND_HOST;
	struct host_reg *r;
	struct obj *proto, *ctor;
	int id = t->n ? t->n : 1;

	bool lex;

	AN(!vm->heap.frozen);
	if (global && global_find(vm, key_of_utf8(vm, c->name, strlen(c->name)), &lex))
		return -1;
	t->reg = realloc(t->reg, (size_t)(id + 1) * sizeof *t->reg);
	AN(t->reg);
	t->n = id + 1;
	r = &t->reg[id];
	*r = (struct host_reg){ .def = c };
	r->defs = calloc(2 * c->nrows + 1, sizeof *r->defs); /* the rows', the constructor's, the setters' */
	AN(r->defs);
	proto = obj_new_inl(vm, proto_of_parent(vm, c), 0);
	r->proto = v_cell(proto);
	r->shape = shape_root(vm, proto, kind, 0);
	/* The registry moves when it grows; the constructor's def must not. */
	r->defs[c->nrows] = make_def(c->name, c->ctor, c->ctor_nargs, NF_CTOR_ONLY, c->ctor_effect);
	if (c->ctor == NULL)
		r->defs[c->nrows].fn = named_ctor_refused;
	ctor = (struct obj *)(void *)nfunc_new(vm, native_register(vm, &r->defs[c->nrows]), 0);
	native_room(vm, proto, c->nrows + 2);
	obj_def(vm, ctor, A_prototype, v_cell(proto), 0);
	obj_def(vm, proto, A_constructor, v_cell(ctor), ATTR_WC);
	obj_def(vm, proto, A_sym_to_string_tag, str_cstr(vm, c->name), ATTR_C);
	r->ctor_val = v_cell(ctor);
	if (c->parent > 0)
		obj_set_proto(vm, ctor, t->reg[c->parent].ctor_val);
	for (uint32_t i = 0; i < c->nrows; i++) {
		const struct zigts_row *row = &c->rows[i];

		r->defs[i] = make_def(row->name, row->fn, row->nargs, 0, row->effect);
		r->defs[c->nrows + 1 + i] = make_def(row->name, row->set, 1, 0, row->effect);
		install_row(vm, c, row, &r->defs[i], &r->defs[c->nrows + 1 + i], proto, ctor);
	}
	if (global)
		obj_def(vm, vm->global, key_of_utf8(vm, c->name, strlen(c->name)), v_cell(ctor), ATTR_WC);
	zigts_root_add(z, v_cell(ctor));
	return id;
}

struct native_def *host_functions(struct vm *vm, struct obj *o, const struct zigts_row *rows, uint32_t n)
{
	struct native_def *defs = calloc(n, sizeof *defs);

	AN(defs);
	for (uint32_t i = 0; i < n; i++) {
		defs[i] = make_def(rows[i].name, rows[i].fn, rows[i].nargs, 0, rows[i].effect);
		obj_def(vm, o, row_key(vm, rows[i].name), v_cell(nfunc_new(vm, native_register(vm, &defs[i]), 0)), ATTR_WC);
	}
	return defs;
}

int zigts_add_functions(struct zigts *z, const struct zigts_row *rows, uint32_t n)
{
	struct vm *vm = vm_of(z);
	struct host_table *t = table(vm);

	t->fn_defs = realloc(t->fn_defs, (size_t)(t->nfn + 1) * sizeof *t->fn_defs);
	AN(t->fn_defs);
	t->fn_defs[t->nfn++] = host_functions(vm, vm->global, rows, n);
	return 0;
}

/* ---- native modules ------------------------------------------------------------------ */

static const char module_prefix[] = "zigttp:";

bool host_is_module(const char *specifier) { return strncmp(specifier, module_prefix, sizeof module_prefix - 1) == 0; }

void zigts_add_modules(struct zigts *z, const struct zigts_module *const *m, uint32_t n)
{
	struct host_table *t = table(vm_of(z));

	AN(t->modules == NULL);
	t->modules = m;
	t->nmodules = n;
	t->made = calloc(n, sizeof *t->made);
	AN(t->made);
}

static void tell_modules(const struct host_table *t, const char *name, struct buf *why)
{
	const char *near = NULL;
	unsigned far = near_limit(name);

	for (uint32_t i = 0; i < t->nmodules; i++)
		if (near_distance(name, t->modules[i]->name) < far) {
			far = near_distance(name, t->modules[i]->name);
			near = t->modules[i]->name;
		}
	buf_puts(why, "there is no such module");
	if (near)
		buf_printf(why, "; did you mean '%s%s'?", module_prefix, near);
	for (uint32_t i = 0; i < t->nmodules; i++)
		buf_printf(why, "%s%s", i != 0 ? ", " : near ? " There are zigttp: " : "; there are zigttp: ", t->modules[i]->name);
}

/* Once a VM: the functions' table rows and the names. */
static void module_make(struct vm *vm, const struct zigts_module *m, struct host_module *made)
{
	made->defs = calloc(m->n, sizeof *made->defs);
	made->names = malloc(sizeof *made->names + m->n * sizeof made->names->key[0]);
	AN(made->defs && made->names);
	made->names->n = m->n;
	for (uint32_t i = 0; i < m->n; i++) {
		const struct zigts_export *x = &m->exports[i];
		uint32_t id;

		made->defs[i] = make_def(x->name, x->fn, x->nargs, 0, x->effect);
		made->names->key[i] = key_of_utf8(vm, x->name, strlen(x->name));
		id = native_register(vm, &made->defs[i]);
		if (i == 0)
			made->first = id;
	}
}

const struct zigts_module *host_module_find(struct vm *vm, const char *name, struct buf *why)
{
	const struct host_table *t = table(vm);

	name += sizeof module_prefix - 1;
	for (uint32_t i = 0; i < t->nmodules; i++)
		if (strcmp(t->modules[i]->name, name) == 0)
			return t->modules[i];
	tell_modules(t, name, why);
	return NULL;
}

struct module *host_module(struct vm *vm, const struct zigts_module *def, const char *name)
{
	struct host_table *t = table(vm);
	struct module *m;
	uint32_t i = 0;

	while (t->modules[i] != def)
		i++;
	if (t->made[i].defs == NULL)
		module_make(vm, def, &t->made[i]);
	m = module_native(vm, name, t->made[i].names);
	for (uint32_t k = 0; m && k < def->n; k++)
		VSET(vm, m->env.v->v[k], v_cell(nfunc_new(vm, t->made[i].first + k, 0)));
	return m;
}

zigts_val zigts_class_ctor(struct zigts *z, int id) { return table(vm_of(z))->reg[id].ctor_val; }

zigts_val zigts_class_proto(struct zigts *z, int id) { return table(vm_of(z))->reg[id].proto; }

zigts_val zigts_host_new(struct zigts *z, int id)
{
	struct vm *vm = vm_of(z);
	const struct host_reg *r = &table(vm)->reg[id];
	uint32_t words = 1 + r->def->nslots + (r->def->payload + 7) / 8;
	uint32_t shape = r->shape;
	struct host_obj *o;

	/* Inside the class's own constructor new.target decides the prototype. */
	if (vm->fp && (vm->fp[FP_FLAGS] & FRAME_NATIVE) && v_isobj(vm->fp[FP_NEWT]) &&
	    vm->fp[FP_NEWT] != vm->fp[FP_CALLEE] &&
	    nfunc_def(vm, (struct nfunc *)(void *)v_tocell(vm->fp[FP_CALLEE])) == &r->defs[r->def->nrows]) {
		val p = obj_get(vm, v_toobj(vm->fp[FP_NEWT]), A_prototype);

		if (p == V_EXC)
			return V_EXC;
		if (v_isobj(p))
			shape = shape_root(vm, v_toobj(p), obj_shape(vm, v_toobj(r->proto))->kind, 0);
	}
	o = heap_alloc(&vm->heap, sizeof(struct obj) + words * 8, shape,
		       r->def->named_get ? KIND_HOST_NAMED : KIND_HOST, CF_EXTENSIBLE);
	if (o == NULL)
		return throw_oom(vm);
	HINIT(o->h.aux, (uint16_t)words);
	HINIT(o->ext, NULL);
	HINIT(o->cls, (uint64_t)id | (uint64_t)(r->def->parent > 0 ? r->def->parent : 0) << 16 |
	      (uint64_t)r->def->nslots << 32);
	for (uint32_t i = 0; i < r->def->nslots; i++)
		HINIT(o->slot[i], V_UNDEF);
	memset((void *)(uintptr_t)&o->slot[r->def->nslots], 0, (r->def->payload + 7u) & ~7u);
	return v_cell(o);
}

static struct host_obj *as_host(val v, int id)
{
	struct host_obj *o;

	if (!v_iscell(v) || (v_kind(v) != KIND_HOST && v_kind(v) != KIND_HOST_NAMED))
		return NULL;
	o = (struct host_obj *)(void *)v_tocell(v);
	return (uint16_t)o->cls.v == id || (uint16_t)(o->cls.v >> 16) == id ? o : NULL;
}

static void *payload(struct host_obj *o) { return (void *)(uintptr_t)&o->slot[o->cls.v >> 32]; }

const void *zigts_host_payload(zigts_val v, int id)
{
	struct host_obj *o = as_host(v, id);

	return o ? payload(o) : NULL;
}

void *zigts_host_init_payload(zigts_val v, int id)
{
	struct host_obj *o = as_host(v, id);

	AN(o);
	return payload(o);
}

void zigts_host_write(struct zigts *z, zigts_val v, size_t off, const void *p, size_t n)
{
	struct host_obj *o = (struct host_obj *)(void *)v_tocell(v);
	char *at = (char *)payload(o) + off;

	heap_wb_range(&vm_of(z)->heap, at, n);
	memcpy(at, p, n);
}

zigts_val zigts_host_slot(zigts_val v, int i) { return ((struct host_obj *)(void *)v_tocell(v))->slot[i].v; }

void zigts_host_set_slot(struct zigts *z, zigts_val v, int i, zigts_val x)
{
	VSET(vm_of(z), ((struct host_obj *)(void *)v_tocell(v))->slot[i], x);
}

/* ---- classes with a named-property fallback ---------------------------------------- */

static const struct zigts_class *class_of(struct vm *vm, struct obj *o)
{
	return table(vm)->reg[(uint16_t)((struct host_obj *)(void *)o)->cls.v].def;
}

static val named_value(struct vm *vm, struct obj *o, pkey k)
{
	if (key_is_symbol(vm, k))
		return V_UNDEF;
	return class_of(vm, o)->named_get(zigts_of(vm), v_cell(o), k);
}

/* Is k a property of the object or of its class, so that no name is asked for? */
static int has_member(struct vm *vm, struct obj *o, pkey k)
{
	struct obj *proto = obj_shape(vm, o)->proto;
	struct pdesc d;
	int r = obj_ordinary_get_own(vm, o, k, &d);

	return r != 0 || proto == NULL ? r : obj_has(vm, proto, k);
}

static int named_get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *out)
{
	int r = obj_ordinary_get_own(vm, o, k, out);
	val v;

	if (r != 0)
		return r;
	r = has_member(vm, o, k);
	if (r != 0)
		return r < 0 ? -1 : 0;
	v = named_value(vm, o, k);
	if (v == V_EXC)
		return -1;
	if (v == V_UNDEF)
		return 0;
	*out = pdesc_data(v, PD_E | PD_C);
	return 1;
}

/* Class members win over names: a header called "get" is read with get(). */
static val named_get(struct vm *vm, struct obj *o, pkey k, val receiver)
{
	int has = has_member(vm, o, k);
	val v;

	if (has < 0)
		return V_EXC;
	if (has == 1)
		return obj_ordinary_get(vm, o, k, receiver);
	v = named_value(vm, o, k);
	return v;
}

static int named_has(struct vm *vm, struct obj *o, pkey k)
{
	int has = has_member(vm, o, k);
	val v;

	if (has != 0)
		return has;
	v = named_value(vm, o, k);
	return v == V_EXC ? -1 : v != V_UNDEF;
}

static int named_own_keys(struct vm *vm, struct obj *o, struct keylist *out)
{
	const struct zigts_class *c = class_of(vm, o);
	struct arr *names;

	if (c->named_keys) {
		names = arr_new(vm, 8);
		if (names == NULL || c->named_keys(zigts_of(vm), v_cell(o), v_cell(names)) < 0)
			return -1;
		for (uint32_t i = 0; i < names->len.v; i++) {
			pkey k;

			if (!key_of_val(vm, names->elem.v[i].v, &k) || keylist_push(vm, out, k) < 0)
				return -1;
		}
	}
	return obj_ordinary_own_keys(vm, o, out);
}

const struct exotic host_named_exotic = {
	.get_own = named_get_own, .get = named_get, .has = named_has, .own_keys = named_own_keys,
};
