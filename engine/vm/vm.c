/* vm.c: the life of a VM: memory, stacks, the bare realm, freeze, requests.
 * Called by engine/api; the built-ins come in as a list of init functions. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/vm/ic.h"
#include "engine/vm/promise.h"

#define STACK_DEFAULT (1u << 20)
#define C_STACK_SPARE (256u << 10)

extern void *__libc_stack_end;     /* glibc: the highest address of the main stack */

static int map_stack(struct vm *vm, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p;

	bytes = (bytes + page - 1) & ~(page - 1);
	p = mmap(NULL, bytes + page + MEGA_SIZE * sizeof *vm->mega, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return -1;
	AZ(mprotect(p + bytes, page, PROT_NONE));
	vm->stack_base = (val *)(void *)p;
	/* Room for a native's window above the last JavaScript frame. */
	vm->stack_end = vm->stack_base + bytes / sizeof(val) - 64;
	vm->stack_limit = vm->stack_end;
	vm->stack_bytes = bytes + page + MEGA_SIZE * sizeof *vm->mega;
	vm->mega = (struct mega_ent *)(void *)(p + bytes + page); /* pages come when they are used */
	vm->sp = vm->stack_base;
	return 0;
}

/* Lowest address C recursion may reach: the soft stack limit less a spare that
 * covers the deepest non-recursive call chain. */
static uintptr_t c_stack_limit(void)
{
	struct rlimit rl;
	size_t size = 8u << 20;

	if (getrlimit(RLIMIT_STACK, &rl) == 0 && rl.rlim_cur != RLIM_INFINITY && rl.rlim_cur < (1u << 30))
		size = rl.rlim_cur;
	return (uintptr_t)__libc_stack_end - size + C_STACK_SPARE;
}

static val function_prototype_call(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)a, (void)argc;
	return V_UNDEF;
}

static const struct native_def function_prototype_def = { "", function_prototype_call, 0, 0, EFF_NONE, 0, "20.2.3" };

static void make_bare_realm(struct vm *vm)
{
	struct obj *op, *fproto;
	struct nfunc *f;

	for (int i = 0; i < INTR__N; i++)
		vm->intr[i] = V_UNDEF;
	op = obj_new_inl(vm, NULL, 0);
	vm->intr[INTR_ObjectPrototype] = v_cell(op);
	f = obj_new_kind(vm, op, KIND_NFUNC, sizeof *f);
	HINIT(f->native, native_register(vm, &function_prototype_def));
	HINIT(f->ndata, 0);
	fproto = (struct obj *)(void *)f;
	vm->intr[INTR_FunctionPrototype] = v_cell(fproto);
	obj_def(vm, fproto, A_length, v_int(0), ATTR_C);
	obj_def(vm, fproto, A_name, v_cell(vm->empty), ATTR_C);
	vm->closure_shape = shape_root(vm, fproto, KIND_FUNC, 0);
	vm->global = obj_new_kind(vm, op, KIND_GLOBAL, sizeof(struct obj));
	vm->global_lex = obj_new_kind(vm, NULL, KIND_GLOBAL, sizeof(struct obj));
	obj_def(vm, vm->global, A_globalThis, v_cell(vm->global), ATTR_WC);
}

/* [[Construct]] of bytecode functions (10.2). */
static bool closure_is_ctor(const struct obj *f)
{
	return !(((const struct func *)(const void *)f)->code.v->flags & (FN_ARROW | FN_METHOD | FN_GENERATOR | FN_ASYNC | FN_GETSET));
}

struct vm *vm_new(size_t mem_limit, size_t stack_bytes, bool persist_atoms, const builtin_init *inits,
		  uint32_t ninits)
{
	struct vm *vm = calloc(1, sizeof *vm);
	struct heap_owner owner;

	AN(vm);
	vm_heap_owner(&owner);
	if (heap_init(&vm->heap, mem_limit, &owner, vm) < 0 ||
	    map_stack(vm, stack_bytes ? stack_bytes : STACK_DEFAULT) < 0) {
		free(vm);
		return NULL;
	}
	vm->persist_atoms = persist_atoms;
	vm->exc = V_HOLE;
	vm->ticks = 100000;
	vm->c_limit = c_stack_limit();
	vm->call_fn = call_value;
	vm->construct_fn = construct_value;
	vm->run_fn = interp_run;
	vm->backtrace_fn = except_backtrace;
	vm->function_props_fn = func_materialise;
	vm->closure_is_ctor = closure_is_ctor;
	vm->trace_codes = units_trace;
	hash_key_random(&vm->hash_key);
	for (int i = 0; i < INTR__N; i++)
		vm->intr[i] = V_UNDEF;
	AZ(atoms_init(vm));
	AZ(shapes_init(vm));
	make_bare_realm(vm);
	for (uint32_t i = 0; i < ninits; i++)
		inits[i](vm);
	vm->heap.stack_base = vm->stack_base;
	vm->heap.stack_top = &vm->sp;
	vm->heap.c_stack_base = __libc_stack_end;
	return vm;
}

void vm_destroy(struct vm **vmp)
{
	struct vm *vm = *vmp;

	if (vm == NULL)
		return;
	ic_end_request(vm);
	units_free_all(vm);
	free(vm->volatile_ics);
	shapes_free(vm);
	atoms_free(vm);
	heap_destroy(&vm->heap);
	natives_free(vm);
	free(vm->roots.v);
	free(vm->zone);
	munmap(vm->stack_base, vm->stack_bytes);
	free(vm);
	*vmp = NULL;
}

int vm_freeze(struct vm *vm)
{
	AN(vm->sp == vm->stack_base && vm->exc == V_HOLE);
	if (vm->jobs != NULL) {          /* they would run in every request */
		errno = EBUSY;
		return -1;
	}
	jobs_end_request(vm);
	vm->modules0 = vm->modules;
	if (strs_freeze(vm) < 0)
		return -1;
	if (heap_freeze(&vm->heap, vm->verify_snapshot) < 0)
		return -1;
	vm->proto_dirty = false;
	return 0;
}

void vm_begin_request(struct vm *vm)
{
	vm->poll = 0;
	vm->poll_why = 0;
	vm->term = 0;
	vm->exc = V_HOLE;
	vm->taint = vm->taint_known = 0;
	vm->now_ms = 0;
	vm->stack_limit = vm->stack_end;
	vm->sp = vm->stack_base;
	vm->fp = NULL;
	vm->pc = NULL;
	heap_begin_request(&vm->heap);
}

/* The order matters (engine.md 3.7): engine space forgets the arena before the
 * arena is reset; the heap's own part runs cleanups and rolls back first. */
void vm_end_request(struct vm *vm)
{
	ic_end_request(vm);
	units_end_request(vm);
	jobs_end_request(vm);
	vm->modules = vm->modules0;
	vm->exc = V_HOLE;
	vm->fp = NULL;
	vm->sp = vm->stack_base;
	atoms_end_request(vm);
	shapes_end_request(vm);
	if (vm->verify_snapshot)
		leakcheck_engine_space(vm);
	heap_end_request(&vm->heap);
	if (vm->proto_dirty) {
		vm->proto_dirty = false;
		vm->proto_epoch++;
	}
	vm->requests++;
}
