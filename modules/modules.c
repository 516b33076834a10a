/* modules.c: the table of all modules, made of exports.def, and what their natives
 * share. */
#include "modules/parts.h"

#include <math.h>

#include "base/check.h"
#include "modules/compose_js.h"

static const struct zigts_export exports[] = {
#define MODULE(name, doc)
#define SCRIPT(name, doc)
#define EXPORT(module, name, fn, nargs, effect, usage, doc) { #name, nargs, effect, fn, usage, doc },
#define SCRIPTED(module, name, nargs, effect, usage, doc) { #name, nargs, effect, NULL, usage, doc },
#define END(module)
#include "modules/exports.def"
};

/* FIRST_m and END_m: the rows of module m. */
enum {
#define MODULE(name, doc) FIRST_##name, AT_##name = FIRST_##name - 1,
#define SCRIPT(name, doc) FIRST_##name, AT_##name = FIRST_##name - 1,
#define EXPORT(module, name, fn, nargs, effect, usage, doc) X_##module##_##name,
#define SCRIPTED(module, name, nargs, effect, usage, doc) X_##module##_##name,
#define END(module) END_##module, BEHIND_##module = END_##module - 1,
#include "modules/exports.def"
};

#define MODULE(name, doc) static const struct zigts_module name##_module = \
	{ #name, doc, exports + FIRST_##name, END_##name - FIRST_##name, NULL };
#define SCRIPT(name, doc) static const struct zigts_module name##_module = \
	{ #name, doc, exports + FIRST_##name, END_##name - FIRST_##name, name##_js };
#define EXPORT(module, name, fn, nargs, effect, usage, doc)
#define SCRIPTED(module, name, nargs, effect, usage, doc)
#define END(module)
#include "modules/exports.def"

const struct zigts_module *const modules_all[] = {
#define MODULE(name, doc) &name##_module,
#define SCRIPT(name, doc) &name##_module,
#define EXPORT(module, name, fn, nargs, effect, usage, doc)
#define SCRIPTED(module, name, nargs, effect, usage, doc)
#define END(module)
#include "modules/exports.def"
};
const uint32_t modules_count = ARRAY_LEN(modules_all);

void modules_install(struct zigts *vm) { zigts_add_modules(vm, modules_all, modules_count); }

/* ---- what natives share ------------------------------------------------------------ */

struct sv mod_bytes(struct zigts *vm, zigts_val v)
{
	struct zigts_bytes b;

	if (zigts_bytes(vm, v, &b))
		return (struct sv){ (const char *)b.p, b.n };
	return web_text(vm, v);
}

struct sv mod_string(struct zigts *vm, zigts_val v, const char *what)
{
	if (zigts_type(v) == ZIGTS_T_STRING)
		return web_text(vm, v);
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s must be a string", what);
	return (struct sv){ NULL, 0 };
}

bool mod_number(struct zigts *vm, zigts_val v, const char *what, double lo, double hi, double *out)
{
	if (zigts_type(v) != ZIGTS_T_NUMBER) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s must be a number", what);
		return false;
	}
	*out = zigts_as_number(v);
	if (*out >= lo && *out <= hi)
		return true;
	zigts_throw(vm, ZIGTS_RANGE_ERROR, "%s must be between %.17g and %.17g", what, lo, hi);
	return false;
}

zigts_val mod_option(struct zigts *vm, zigts_val options, const char *name)
{
	return mod_is_object(options) ? zigts_get(vm, options, name) : ZIGTS_UNDEF;
}

int mod_put(struct zigts *vm, zigts_val o, const char *name, zigts_val v)
{
	return v == ZIGTS_EXC ? -1 : zigts_create(vm, o, zigts_cstring(vm, name), v);
}

zigts_val mod_text(struct zigts *vm, struct buf *b)
{
	zigts_val v = zigts_string(vm, b->p ? b->p : "", b->len);

	buf_free(b);
	return v;
}

static zigts_val outcome(struct zigts *vm, bool ok, const char *name, zigts_val v)
{
	zigts_val o = v == ZIGTS_EXC ? v : zigts_object(vm);

	if (o == ZIGTS_EXC || mod_put(vm, o, "ok", ok ? ZIGTS_TRUE : ZIGTS_FALSE) < 0 || mod_put(vm, o, name, v) < 0)
		return ZIGTS_EXC;
	return o;
}

zigts_val mod_ok(struct zigts *vm, zigts_val value) { return outcome(vm, true, "value", value); }
zigts_val mod_err(struct zigts *vm, zigts_val error) { return outcome(vm, false, "error", error); }
