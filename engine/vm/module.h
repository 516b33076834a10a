/* module.h: modules (ECMA-262 16.2.1): records, linking, evaluation, namespaces.
 * Called by engine/api/load.c, which knows where source text comes from, and by
 * the instructions IMPORT, META and GETIMP.
 *
 * A record, its environment and its namespace are heap cells: made before the
 * freeze they belong to the snapshot, and what a request does to them is undone.
 * Its code is a unit in engine space. An import binding is the address of a slot
 * in the exporter's environment, kept in unit->imports: cells do not move. */
#ifndef ENGINE_VM_MODULE_H
#define ENGINE_VM_MODULE_H

#include "engine/vm/vmcode.h"

enum module_status {
	MODULE_NEW,               /* what it requests may not be loaded yet */
	MODULE_UNLINKED,          /* all that it requests, and so on, is loaded */
	MODULE_LINKING, MODULE_LINKED, MODULE_EVALUATING,
	MODULE_ASYNC,             /* evaluating-async */
	MODULE_EVALUATED          /* or failed: error */
};
enum module_kind { MODULE_CODE, MODULE_JSON };

/* The exports of a native module, in the order of its environment. Engine space. */
struct module_names { uint32_t n; pkey key[]; };

struct module {                   /* KIND_LIST: every word is looked at conservatively */
	struct cell h;
	HF(struct module *) next;     /* in vm->modules */
	HF(struct unit *) unit;       /* NULL: synthetic, its one export is `default` */
	HF(const struct module_names *) names; /* …or these */
	HF(struct cell *) key;        /* BYTES, NUL-terminated: the loader's name of it */
	HF(uint64_t) id, kind, status;
	HF(uint64_t) walk;            /* the last walk over the graph that met it */
	HF(struct env *) env;
	HF(struct vals *) requested;  /* records, in the order of the image's requests; filled by
	                               * the loader; numbers while it has not */
	hval ns;                      /* namespace object, HOLE before it is made */
	hval meta;                    /* import.meta, or undefined */
	hval error;                   /* evaluation failed with it; HOLE: it did not */
	hval promise;                 /* of its evaluation as the root of a cycle, or undefined */
	HF(uint64_t) dfs, low;        /* 16.2.1.5: [[DFSIndex]], [[DFSAncestorIndex]] */
	HF(struct module *) below;    /* on the stack of linking or evaluation */
	HF(struct module *) root;     /* [[CycleRoot]] */
	HF(uint64_t) order;           /* [[AsyncEvaluationOrder]]: enum module_order or a number */
	HF(uint64_t) pending;         /* [[PendingAsyncDependencies]] */
	HF(struct parent *) parents;  /* [[AsyncParentModules]], first and last */
	HF(struct parent *) last_parent;
};
enum module_order { ORDER_UNSET, ORDER_DONE, ORDER_FIRST };
struct parent { struct cell h; HF(struct parent *) next; HF(struct module *) module; }; /* KIND_LIST */

static inline struct module *module_of(val v) { return (struct module *)(void *)v_tocell(v); }
static inline const char *module_key(const struct module *m) { return (const char *)(m->key.v + 1); }
static inline struct module *module_requested(const struct module *m, uint32_t i)
{
	return module_of(m->requested.v->v[i].v);
}
static inline uint32_t module_nrequests(const struct module *m) { return m->unit.v ? m->unit.v->im->nrequests : 0; }

/* A record, entered in vm->modules; u NULL: synthetic, of the value `dflt`. NULL: an
 * exception is pending. */
struct module *module_new(struct vm *vm, const char *key, enum module_kind kind, struct unit *u, val dflt);
/* A synthetic record that exports `names`, with undefined values. */
struct module *module_native(struct vm *vm, const char *key, const struct module_names *names);
struct module *module_find(struct vm *vm, const char *key, enum module_kind kind);

/* Why linking failed: a SyntaxError at these bytes of that source. */
struct module_error { const struct image *im; uint32_t start, end; char msg[512]; };
/* Link (16.2.1.6.1.2) of a loaded module. 0; -1: e->im is set and says why, or is
 * NULL and an exception is pending. */
int module_link(struct vm *vm, struct module *m, struct module_error *e);

/* ResolveExport (16.2.1.6.3). found->slot NULL: there is none, or it is ambiguous.
 * 0, or -1: an exception is pending. */
struct module_export {
	const hval *slot;         /* where the binding's value is */
	struct module *ns;        /* the slot is this module's `ns` */
	bool ambiguous;
};
int module_resolve(struct vm *vm, struct module *m, pkey name, struct module_export *found);
/* GetExportedNames (16.2.1.6.2), with duplicates, in no particular order. 0 or -1. */
int module_names(struct vm *vm, struct module *m, struct keylist *out);

/* Evaluate (16.2.1.6.1.3): a promise, or V_EXC when the VM terminates. */
val module_evaluate(struct vm *vm, struct module *m);
/* GetModuleNamespace (16.2.1.12), or V_EXC. */
val module_namespace(struct vm *vm, struct module *m);
extern const struct exotic module_ns_exotic;

#endif
