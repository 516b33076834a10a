/* func.h: callable objects and the tables of native functions. */
#ifndef ENGINE_OBJECT_FUNC_H
#define ENGINE_OBJECT_FUNC_H

#include "engine/object/object.h"

struct env { struct cell h; HF(struct env *) up; hval v[]; };     /* h.shape = slots */
struct func {             /* KIND_FUNC; h.flags CF_LAZY until length/name/prototype are
                           * touched; CF_CLASS: struct class_func */
	struct cell h; HF(struct ext *) ext;
	HF(struct code *) code;   /* engine space (or arena for code made in a request) */
	HF(struct env *) env;
	hval home;                /* [[HomeObject]] or undefined */
};
struct class_func { struct func f; hval fields; /* initialiser function or undefined */ };
struct nfunc {            /* KIND_NFUNC */
	struct cell h; HF(struct ext *) ext;
	HF(uint32_t) native;      /* index in vm->natives */
	HF(uint32_t) ndata;
	hval data[];              /* captured values of closures made by natives */
};
struct bound { struct cell h; HF(struct ext *) ext; hval target, this_v; HF(uint32_t) nargs, pad; hval args[]; };

typedef val (*native_fn)(struct vm *vm, val *a, uint32_t argc);
/* Inside a native: a[0] is this, a[1..argc] the arguments, a[FP_CALLEE] the
 * function object, a[FP_NEWT] new.target (undefined when called). */
#define ARG(i) ((uint32_t)(i) < argc ? a[(i) + 1] : V_UNDEF)
#define NEWT() (a[FP_NEWT])

enum native_flag {
	NF_CTOR = 1          /* has [[Construct]] (new.target tells) */,
	NF_CTOR_ONLY = 2     /* TypeError when called without new */
};
/* One row per native function: the one place that says its arity, attributes,
 * effect and specification clause. effect has no default (NF_* macros take it
 * positionally). */
struct native_def { const char *name; native_fn fn; uint8_t nargs, flags; uint16_t effect; int16_t magic; const char *clause; };

enum row_kind { ROW_METHOD, ROW_GETTER, ROW_ACCESSOR, ROW_SETTER, ROW_NUMBER, ROW_STRING, ROW_ALIAS, ROW_INTR };
/* A property of a built-in object. Small, because the dynamic linker writes to all
 * of them at each start. */
struct row {
	struct native_def def;    /* name: the key, "@@iterator" etc. for well-known symbols; the
	                           * rest: METHOD, GETTER, ACCESSOR (get), SETTER */
	union {
		double num;       /* NUMBER */
		const char *text; /* STRING; ALIAS: key of an earlier row */
	};
	uint8_t kind, attrs;
	int16_t intr;             /* INTR: value is this intrinsic; METHOD: also store as
	                           * vm->intr[intr] when > 0 (makes the function eagerly) */
};
#define NF_ROW_(kind_, attrs_, ...) { .kind = kind_, .attrs = attrs_, .def = { __VA_ARGS__ } }
#define NF_METHOD_ROW_(k_, attrs_, intr_, ...) \
	{ .kind = ROW_METHOD, .attrs = attrs_, .def = { k_, __VA_ARGS__ }, .intr = intr_ }
#define NF_METHOD(k_, n_, fn_, eff_, cl_)  NF_METHOD_ROW_(k_, ATTR_WC, 0, fn_, n_, 0, eff_, 0, cl_)
#define NF_METHOD_MAGIC(k_, n_, fn_, magic_, eff_, cl_) NF_METHOD_ROW_(k_, ATTR_WC, 0, fn_, n_, 0, eff_, magic_, cl_)
#define NF_METHOD_INTR(k_, n_, fn_, eff_, cl_, intr_) NF_METHOD_ROW_(k_, ATTR_WC, intr_, fn_, n_, 0, eff_, 0, cl_)
#define NF_METHOD_ATTR(k_, n_, fn_, attrs_, eff_, cl_) NF_METHOD_ROW_(k_, attrs_, 0, fn_, n_, 0, eff_, 0, cl_)
#define NF_GETTER_MAGIC(k_, fn_, magic_, eff_, cl_) NF_ROW_(ROW_GETTER, ATTR_C, k_, fn_, 0, 0, eff_, magic_, cl_)
#define NF_GETTER(k_, fn_, eff_, cl_) NF_GETTER_MAGIC(k_, fn_, 0, eff_, cl_)
#define NF_ACCESSOR_MAGIC(k_, get_, set_, magic_, eff_, cl_) \
	NF_ROW_(ROW_ACCESSOR, ATTR_C, k_, get_, 0, 0, eff_, magic_, cl_), \
	NF_ROW_(ROW_SETTER, 0, k_, set_, 1, 0, eff_, magic_, cl_)
#define NF_ACCESSOR(k_, get_, set_, eff_, cl_) NF_ACCESSOR_MAGIC(k_, get_, set_, 0, eff_, cl_)
#define NF_NUMBER(k_, num_, attrs_) { .kind = ROW_NUMBER, .attrs = attrs_, .def.name = k_, .num = num_ }
#define NF_STRING(k_, text_, attrs_) { .kind = ROW_STRING, .attrs = attrs_, .def.name = k_, .text = text_ }
#define NF_ALIAS(k_, of_) { .kind = ROW_ALIAS, .attrs = ATTR_WC, .def.name = k_, .text = of_ }
#define NF_TAG(text_) NF_STRING("@@toStringTag", text_, ATTR_C)

/* Makes holder an object with a private shape, with room for n more properties. */
void native_room(struct vm *vm, struct obj *holder, uint32_t n);
/* Installs rows on a holder (realm set-up only; the holder gets a private shape).
 * The 24-byte function cells are made at once, their name and length stay
 * virtual (CF_LAZY), so no slot is LAZY and no request materialises one. */
void native_install(struct vm *vm, struct obj *holder, const struct row *rows, uint32_t n);
/* Makes a constructor: function object with `prototype` (not writable), links
 * proto.constructor, defines it on the global object under its name, installs
 * the rows. ctor_proto NULL: %Function.prototype%. proto NULL: no prototype. */
struct obj *native_ctor(struct vm *vm, const struct native_def *def, enum intrinsic ctor_slot,
                        struct obj *ctor_proto, struct obj *proto, const struct row *statics, uint32_t nstatics,
                        const struct row *methods, uint32_t nmethods);
/* A namespace object (Math, JSON, Reflect) on the global object. */
struct obj *native_namespace(struct vm *vm, const char *name, const struct row *rows, uint32_t n);

uint32_t native_register(struct vm *vm, const struct native_def *def);   /* → native id */
struct nfunc *nfunc_new(struct vm *vm, uint32_t native, uint32_t ndata);
enum { NFUNC_GETTER = 1, NFUNC_SETTER = 2 };   /* h.aux of KIND_NFUNC: prefix of its name */
void natives_free(struct vm *vm);
/* A native closure made at run time from a static def (registered once, cached
 * by def address); data slots are undefined. */
struct nfunc *nfunc_closure(struct vm *vm, const struct native_def *def, uint32_t ndata);
static inline const struct native_def *nfunc_def(struct vm *vm, const struct nfunc *f)
{
	return vm->natives[f->native.v];
}

bool func_is_callable(val v);                       /* IsCallable */
bool func_is_ctor(struct vm *vm, val v);            /* IsConstructor */
static inline bool v_isfunc(val v)
{
	return v_iscell(v) && (v_kind(v) == KIND_FUNC || func_is_callable(v));
}
/* SetFunctionName (10.2.9): defines `name`; prefix NULL, "get", "set". */
void func_set_name(struct vm *vm, struct obj *f, pkey key, const char *prefix);
val func_name_of(struct vm *vm, struct obj *f);     /* for messages: own data `name` string or "" */

#endif
