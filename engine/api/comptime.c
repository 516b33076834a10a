/* comptime.c: evaluates what comptime(..) holds, in a VM of its own: no variable of
 * the program is there, and each expression is a request of that VM that is undone
 * when its value has been made a literal. Called by the code generator through
 * gen_options while a file is loaded. */
#include "engine/api/comptime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/hash.h"
#include "engine/api/compile.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

#define MEMORY_MAX ((size_t)64 << 20)
#define TIME_NS    1000000000u
#define NODES_MAX  200000
#define DEPTH_MAX  100
#define TEXT_MAX   (4u << 20)

/* ---- the realm ---- */

/* hash(text): FNV-1a, 32 bits, of its UTF-8, as eight digits. */
static val fnv(struct zigts *z, val *a, uint32_t argc)
{
	size_t n;
	const char *s = zigts_to_utf8(z, ZIGTS_ARG(0), &n);
	uint32_t h = 0x811C9DC5u;
	char text[9];

	if (s == NULL)
		return V_EXC;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 0x01000193u;
	snprintf(text, sizeof text, "%08x", h);
	return zigts_cstring(z, text);
}

static const struct zigts_row rows[] = { ZIGTS_FN("hash", 1, EFF_NONE, fnv) };

/* The environment of the process, as it is when the program is loaded. */
static val environment(struct zigts *z)
{
	val o = zigts_object(z);

	AN(o != V_EXC && obj_set_proto(vm_of(z), v_toobj(o), V_NULL) >= 0);
	for (char *const *e = environ; *e; e++) {
		const char *eq = strchr(*e, '=');
		char *name = eq ? strndup(*e, (size_t)(eq - *e)) : NULL;

		if (name)
			zigts_set(z, o, name, zigts_cstring(z, eq + 1));
		free(name);
	}
	return o;
}

/* Reproducible builds say what time it is. */
static val build_time(struct zigts *z)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t t = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	char text[CALENDAR_ISO_LEN + 2];

	calendar_iso((int64_t)t, text);
	strcpy(text + CALENDAR_ISO_LEN, "Z");
	return zigts_cstring(z, text);
}

static struct zigts *realm(struct comptime_realm *r)
{
	struct zigts_config cfg = { .memory_limit = MEMORY_MAX };
	const char *commit = getenv("GIT_COMMIT");
	val global;

	if (r->vm)
		return r->vm;
	r->vm = zigts_new(&cfg);
	if (r->vm == NULL)
		return NULL;
	global = zigts_global(r->vm);
	zigts_add_functions(r->vm, rows, ARRAY_LEN(rows));
	zigts_set(r->vm, global, "Env", environment(r->vm));
	zigts_set(r->vm, global, "__BUILD_TIME__", build_time(r->vm));
	zigts_set(r->vm, global, "__VERSION__", zigts_cstring(r->vm, PACKAGE_VERSION));
	zigts_set(r->vm, global, "__GIT_COMMIT__", commit ? zigts_cstring(r->vm, commit) : ZIGTS_UNDEF);
	AZ(zigts_freeze(r->vm));
	return r->vm;
}

void comptime_end(struct comptime_realm *r)
{
	if (r->vm)
		zigts_free(&r->vm);
}

/* ---- a value as a literal ---- */

struct literal {
	struct vm *vm;
	struct ast *ast;
	const struct node *call;
	uint32_t nodes;
	size_t bytes;
	const char *why;             /* it has none */
};

static struct node *made(struct literal *l, enum node_kind k)
{
	if (++l->nodes > NODES_MAX)
		l->why = "its value is too large";
	return node_new(l->ast, k, l->call->start, l->call->end);
}

static struct name *text_of(struct literal *l, val v)
{
	size_t n = 0;
	const char *s = str_to_utf8(l->vm, v_tostr(v), true, &n);

	l->bytes += n;
	if (s == NULL || l->bytes > TEXT_MAX) {
		l->why = "its value is too large";
		return names_cstr(&l->ast->names, "");
	}
	return names_intern(&l->ast->names, s, n);
}

static struct node *unary(struct literal *l, enum oper op, struct node *arg)
{
	struct node *n = made(l, N_UNARY);

	n->op = (uint8_t)op;
	n->unary.arg = arg;
	return n;
}

static struct node *number(struct literal *l, double d)
{
	struct node *n = made(l, N_NUMBER);

	n->number.value = d;
	return n;
}

static struct node *literal(struct literal *l, val v, int depth);

static struct node *array(struct literal *l, val v, int depth)
{
	struct node *n = made(l, N_ARRAY);
	int64_t len = 0;

	if (obj_length(l->vm, v_toobj(v), &len) < 0 || len > NODES_MAX) {
		l->why = "its value is too large";
		return n;
	}
	n->array.elems.n = (uint32_t)len;
	n->array.elems.v = arena_alloc(&l->ast->arena, ((size_t)len + 1) * sizeof(struct node *));
	for (uint32_t i = 0; i < len; i++)
		n->array.elems.v[i] = l->why ? NULL : literal(l, zigts_get_index(zigts_of(l->vm), v, i), depth + 1);
	return n;
}

/* Names keep their order; __proto__ is a name like any other. */
static struct node *property(struct literal *l, val o, val name, int depth)
{
	struct node *p = made(l, N_PROP);
	struct name *text = text_of(l, name);
	bool computed = text->id == WK_proto;

	p->op = PROP_INIT;
	p->prop.key = made(l, computed ? N_STRING : N_KEY);
	if (computed) {
		p->flags |= NF_COMPUTED;
		p->prop.key->string.value = text;
	} else {
		p->prop.key->key.name = text;
	}
	p->prop.value = literal(l, zigts_get_value(zigts_of(l->vm), o, name), depth + 1);
	return p;
}

static struct node *object(struct literal *l, val v, int depth)
{
	struct node *n = made(l, N_OBJECT);
	struct zigts *z = zigts_of(l->vm);
	val keys = zigts_own_keys(z, v);
	int64_t len = 0;

	if (keys == V_EXC || obj_length(l->vm, v_toobj(keys), &len) < 0 || len > NODES_MAX) {
		l->why = "its value is too large";
		return n;
	}
	n->object.props.n = (uint32_t)len;
	n->object.props.v = arena_alloc(&l->ast->arena, ((size_t)len + 1) * sizeof(struct node *));
	for (uint32_t i = 0; i < len; i++)
		n->object.props.v[i] = l->why ? NULL : property(l, v, zigts_get_index(z, keys, i), depth);
	return n;
}

static struct node *bigint(struct literal *l, val v)
{
	struct node *n = made(l, N_BIGINT);
	struct name *digits = text_of(l, zigts_to_string(zigts_of(l->vm), v));

	n->bigint.digits = digits;
	if (digits->text[0] != '-')
		return n;
	n->bigint.digits = names_intern(&l->ast->names, digits->text + 1, digits->len - 1);
	return unary(l, O_NEG, n);
}

/* Plain objects, and those without a prototype. */
static bool is_plain(struct vm *vm, val v)
{
	const struct obj *proto = obj_shape(vm, v_toobj(v))->proto;

	return v_kind(v) == KIND_OBJECT && (proto == NULL || proto == obj_intr(vm, INTR_ObjectPrototype));
}

static struct node *literal(struct literal *l, val v, int depth)
{
	struct node *n;

	if (l->why == NULL && depth > DEPTH_MAX)
		l->why = "its value is nested too deeply";
	if (l->why == NULL && v == V_EXC)
		l->why = "its value cannot be read";
	if (l->why)
		return made(l, N_NULL_);
	switch (zigts_type(v)) {
	case ZIGTS_T_UNDEFINED: return unary(l, O_VOID, number(l, 0));
	case ZIGTS_T_NULL: return made(l, N_NULL_);
	case ZIGTS_T_BOOLEAN: return made(l, v == V_TRUE ? N_TRUE_ : N_FALSE_);
	case ZIGTS_T_NUMBER: return number(l, zigts_as_number(v));
	case ZIGTS_T_STRING:
		n = made(l, N_STRING);
		n->flags |= NF_COMPUTED;
		n->string.value = text_of(l, v);
		return n;
	case ZIGTS_T_BIGINT: return bigint(l, v);
	case ZIGTS_T_OBJECT:
		if (zigts_is_array(v))
			return array(l, v, depth);
		if (is_plain(l->vm, v))
			return object(l, v, depth);
		l->why = "its value is not a plain object, so there is no literal of it";
		break;
	case ZIGTS_T_FUNCTION: l->why = "its value is a function: call it, or use it outside of comptime"; break;
	default: l->why = "its value is a symbol, of which there is no literal";
	}
	return made(l, N_NULL_);
}

/* ---- evaluation ---- */

PRINTF_LIKE(2, 3) static void say(struct parse_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof err->msg, fmt, ap);
	va_end(ap);
}

static bool explain(struct zigts *z, struct parse_error *err)
{
	const char *text;
	size_t n = 0;

	switch (zigts_terminated(z)) {
	case ZIGTS_TERM_NONE: break;
	case ZIGTS_TERM_OOM: say(err, "comptime needs more than %zu MiB of memory for this", MEMORY_MAX >> 20); return false;
	default: say(err, "comptime needs more than a second for this"); return false;
	}
	text = zigts_describe_exception(z, zigts_take_exception(z), &n);
	n = text ? strcspn(text, "\n") : 0;
	say(err, "comptime failed: %.*s", (int)(n > 200 ? 200 : n), text ? text : "");
	return false;
}

static bool run(struct zigts *z, struct ast *a, struct node *call, const struct buf *js, struct parse_error *err)
{
	static const char *const secrets[] = { [0] = "the clock", [1] = "randomness", [2] = "the system's settings" };
	struct literal l = { .vm = vm_of(z), .ast = a, .call = call };
	struct node *n;
	uint32_t taint;
	val v = eval_script(vm_of(z), "comptime", js->p, js->len);

	if (v == V_EXC)
		return explain(z, err);
	n = literal(&l, v, 0);
	/* What the text itself was compiled for is no fault. */
	taint = zigts_taints(z) & ~(uint32_t)EFF_RESOURCE;
	if (taint && l.why == NULL)
		l.why = "it does more than compute a value";
	for (unsigned i = 0; i < ARRAY_LEN(secrets); i++)
		if (taint & 1u << i) {
			say(err, "comptime cannot hold this: it depends on %s", secrets[i]);
			return false;
		}
	if (l.why) {
		say(err, "comptime cannot hold this: %s", l.why);
		return false;
	}
	comptime_become(call, n);
	return true;
}

bool comptime_evaluate(void *arg, struct ast *a, struct node *call, struct sv js, struct parse_error *err)
{
	struct zigts_limits limits = { .wall_ns = TIME_NS };
	struct zigts *z = realm(arg);
	struct buf text = BUF_INIT;
	bool ok;

	if (z == NULL) {
		say(err, "comptime cannot get memory for its realm");
		return false;
	}
	buf_puts(&text, "\"use strict\"; (");
	buf_put_sv(&text, js);
	buf_puts(&text, "\n)");
	zigts_begin(z, &limits);
	ok = run(z, a, call, &text, err);
	zigts_end(z);
	buf_free(&text);
	return ok;
}
