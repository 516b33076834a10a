/* modules.c: the table of all modules, made of exports.def, and what their natives
 * share. */
#include "modules/parts.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/query.h"
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

/* What belongs to a VM. Filled before programs are loaded, then constant. */
static struct owner { const struct zigts *vm; const char *app; int registry; } *owners;
static size_t nowners;

static struct owner *owner_of(const struct zigts *vm)
{
	for (size_t i = 0; i < nowners; i++)
		if (owners[i].vm == vm)
			return &owners[i];
	return NULL;
}

void modules_install(struct zigts *vm, const char *app)
{
	struct owner *o = owner_of(vm);            /* of a VM that is gone, or nobody */

	if (o == NULL) {
		owners = realloc(owners, (nowners + 1) * sizeof *owners);
		AN(owners);
		o = &owners[nowners++];
	}
	*o = (struct owner){ vm, app, zigts_root_add(vm, zigts_object(vm)) };
	zigts_add_modules(vm, modules_all, modules_count);
}

const char *modules_app(struct zigts *vm) { return owner_of(vm)->app; }
zigts_val modules_registry(struct zigts *vm) { return zigts_root(vm, owner_of(vm)->registry); }

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

int mod_add(struct zigts *vm, zigts_val o, zigts_val name, zigts_val value)
{
	zigts_val before = name == ZIGTS_EXC ? name : zigts_get_own(vm, o, name), list;

	if (before == ZIGTS_EXC || value == ZIGTS_EXC)
		return -1;
	if (before == ZIGTS_UNDEF)
		return zigts_create(vm, o, name, value);
	if (zigts_is_array(before))
		return zigts_array_push(vm, before, value);
	list = zigts_array(vm);
	if (list == ZIGTS_EXC || zigts_array_push(vm, list, before) < 0 || zigts_array_push(vm, list, value) < 0)
		return -1;
	return zigts_create(vm, o, name, list);
}

static zigts_val decoded(struct zigts *vm, struct sv s)
{
	struct buf b = BUF_INIT;

	b.len = query_decode(buf_reserve(&b, s.n + 1), s, true);
	return mod_text(vm, &b);
}

int mod_add_query(struct zigts *vm, zigts_val o, struct sv query)
{
	struct sv name, value;

	if (query.n && *query.p == '?')
		query.p++, query.n--;
	while (query_next(&query, &name, &value)) {
		zigts_val k = decoded(vm, name);

		if (zigts_tick(vm, 20) < 0 || mod_add(vm, o, k, decoded(vm, value)) < 0)
			return -1;
	}
	return 0;
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
