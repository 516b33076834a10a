/* schema.c: compiles JSON schemas (see schema.h). What is not known is refused here, with
 * its place, and never ignored when a value is checked. Called by zigttp:validate. */
#include "modules/schema.h"

#include <math.h>
#include <stdio.h>

#include "base/near.h"
#include "base/url.h"

#define DEPTH_MAX 200
#define PLACE_MAX 256

const char *const keyword_text[KW__N] = {
	"false", "default",
#define KEYWORD(name, text, operand) text,
#define NOTE(text)
#include "modules/keywords.def"
};
const char *const schema_type_text[7] = { "null", "boolean", "integer", "number", "string", "array", "object" };

static const char *const notes[] = {
#define KEYWORD(name, text, operand)
#define NOTE(text) text,
#include "modules/keywords.def"
};

/* `nodes`: an object from JSON pointers to what they were compiled to. */
struct compiler { struct zigts *vm; zigts_val root, nodes; unsigned depth; };
/* Where we are: a JSON pointer, cut when it is long (then `cut`). */
struct place { char text[PLACE_MAX]; size_t n; bool cut; };

static zigts_val node(struct compiler *c, zigts_val schema, const struct place *at);

static struct place below(const struct place *up, struct sv name)
{
	struct place p = *up;

	if (p.n + 1 < PLACE_MAX)
		p.text[p.n++] = '/';
	for (size_t i = 0; i < name.n; i++) {
		const char *as = name.p[i] == '~' ? "~0" : name.p[i] == '/' ? "~1" : NULL;
		size_t n = as ? 2 : 1;

		if (p.n + n >= PLACE_MAX) {
			p.cut = true;
			break;
		}
		memcpy(p.text + p.n, as ? as : name.p + i, n);
		p.n += n;
	}
	p.text[p.n] = '\0';
	return p;
}

static struct place below_index(const struct place *up, uint32_t i)
{
	char text[16];

	return below(up, (struct sv){ text, (size_t)snprintf(text, sizeof text, "%u", i) });
}

static zigts_val wrong(struct compiler *c, const struct place *at, const char *what)
{
	return zigts_throw(c->vm, ZIGTS_TYPE_ERROR, "schema at '%s': %s", at->n ? at->text : "/", what);
}

static bool is_schema(zigts_val v)
{
	return v == ZIGTS_TRUE || v == ZIGTS_FALSE || (mod_is_object(v) && !zigts_is_array(v));
}

static zigts_val own(struct compiler *c, zigts_val o, const char *name)
{
	return zigts_get_own(c->vm, o, zigts_cstring(c->vm, name));
}

static int push(struct compiler *c, zigts_val list, zigts_val v)
{
	return list == ZIGTS_EXC || v == ZIGTS_EXC ? -1 : zigts_array_push(c->vm, list, v);
}

/* ---- operands: each makes of the keyword's value what is kept; ZIGTS_EXC: refused -------- */

typedef zigts_val operand(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at);

static zigts_val operand_value(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)c, (void)schema, (void)at;
	return v;
}

static zigts_val operand_list(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return zigts_is_array(v) && web_length(c->vm, v) ? v : wrong(c, at, "must be an array that is not empty");
}

static zigts_val operand_number(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return zigts_type(v) == ZIGTS_T_NUMBER ? v : wrong(c, at, "must be a number");
}

static zigts_val operand_step(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return zigts_type(v) == ZIGTS_T_NUMBER && zigts_as_number(v) > 0 ? v : wrong(c, at, "must be a number above 0");
}

static zigts_val operand_count(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	double d = zigts_type(v) == ZIGTS_T_NUMBER ? zigts_as_number(v) : -1;

	(void)schema;
	return d >= 0 && d == trunc(d) ? v : wrong(c, at, "must be a whole number, at least 0");
}

static zigts_val operand_flag(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return v == ZIGTS_TRUE || v == ZIGTS_FALSE ? v : wrong(c, at, "must be true or false");
}

static zigts_val operand_types(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	uint32_t n = zigts_is_array(v) ? web_length(c->vm, v) : 1;
	int32_t types = 0;

	(void)schema;
	for (uint32_t i = 0; i < n; i++) {
		zigts_val t = zigts_is_array(v) ? zigts_get_index(c->vm, v, i) : v;
		struct sv s = zigts_type(t) == ZIGTS_T_STRING ? web_text(c->vm, t) : SV("?");
		unsigned k = 0;

		while (k < ARRAY_LEN(schema_type_text) && !sv_eq(s, sv_of(schema_type_text[k])))
			k++;
		if (k == ARRAY_LEN(schema_type_text))
			return wrong(c, at, "must be null, boolean, integer, number, string, array or object, or a list of them");
		types |= 1 << k;
	}
	return zigts_int(types);
}

static zigts_val operand_regexp(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	zigts_val ctor = zigts_get(c->vm, zigts_global(c->vm), "RegExp"), args[2] = { v, zigts_cstring(c->vm, "u") }, r;
	size_t n;
	const char *text;
	char msg[200];

	(void)schema;
	if (zigts_type(v) != ZIGTS_T_STRING)
		return wrong(c, at, "must be a string");
	r = ctor == ZIGTS_EXC ? ctor : zigts_construct(c->vm, ctor, 2, args);
	if (r != ZIGTS_EXC || zigts_terminated(c->vm))
		return r;
	text = zigts_describe_exception(c->vm, zigts_take_exception(c->vm), &n);
	snprintf(msg, sizeof msg, "%.*s", text ? (int)strcspn(text, "\n") : 0, text ? text : "");
	return wrong(c, at, msg);
}

static zigts_val operand_format(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	struct sv s = zigts_type(v) == ZIGTS_T_STRING ? web_text(c->vm, v) : SV("?");
	int f = format_find(s);

	(void)schema;
	return f >= 0 ? zigts_int(f) : wrong(c, at, "unknown format; there are date, time, date-time, iso-date, iso-datetime, "
					     "email, hostname, ipv4, ipv6, uri, uri-reference, uuid, json-pointer");
}

static zigts_val operand_names(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	uint32_t n = zigts_is_array(v) ? web_length(c->vm, v) : 0;

	(void)schema;
	if (!zigts_is_array(v))
		return wrong(c, at, "must be an array of names");
	for (uint32_t i = 0; i < n; i++)
		if (zigts_type(zigts_get_index(c->vm, v, i)) != ZIGTS_T_STRING)
			return wrong(c, at, "must be an array of names");
	return v;
}

static zigts_val operand_schema(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return node(c, v, at);
}

static zigts_val operand_schemas(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	zigts_val list = operand_list(c, v, schema, at), out = list == ZIGTS_EXC ? list : zigts_array(c->vm);
	uint32_t n = list == ZIGTS_EXC ? 0 : web_length(c->vm, v);

	for (uint32_t i = 0; i < n; i++) {
		struct place p = below_index(at, i);

		if (push(c, out, node(c, zigts_get_index(c->vm, v, i), &p)) < 0)
			return ZIGTS_EXC;
	}
	return out;
}

/* For each property of v: its name, or what `key` makes of it, and what `each` makes of its
 * value. */
static zigts_val pairs(struct compiler *c, zigts_val v, const struct place *at, operand *key, operand *each)
{
	zigts_val keys, out = zigts_array(c->vm);
	uint32_t n;

	if (!mod_is_object(v) || zigts_is_array(v))
		return wrong(c, at, "must be an object");
	keys = zigts_own_keys(c->vm, v);
	n = keys == ZIGTS_EXC ? 0 : web_length(c->vm, keys);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val name = zigts_get_index(c->vm, keys, i);
		struct sv text = web_text(c->vm, name);
		struct place p;

		if (!text.p)
			return ZIGTS_EXC;
		p = below(at, text);
		if (push(c, out, key(c, name, v, &p)) < 0 || push(c, out, each(c, zigts_get_own(c->vm, v, name), v, &p)) < 0)
			return ZIGTS_EXC;
	}
	return keys == ZIGTS_EXC ? keys : out;
}

static zigts_val operand_named_schemas(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return pairs(c, v, at, operand_value, operand_schema);
}

static zigts_val operand_pattern_schemas(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return pairs(c, v, at, operand_regexp, operand_schema);
}

static zigts_val operand_named_names(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	(void)schema;
	return pairs(c, v, at, operand_value, operand_names);
}

/* [schema, index of the first item that it is for] */
static zigts_val operand_items(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	zigts_val prefix = own(c, schema, "prefixItems"), out = zigts_array(c->vm);
	uint32_t n = zigts_is_array(prefix) ? web_length(c->vm, prefix) : 0;

	return push(c, out, node(c, v, at)) < 0 || push(c, out, zigts_int((int32_t)n)) < 0 ? ZIGTS_EXC : out;
}

/* [schema, minContains, maxContains or undefined] */
static zigts_val operand_contains(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	zigts_val min = own(c, schema, "minContains"), max = own(c, schema, "maxContains"), out = zigts_array(c->vm);

	if (min != ZIGTS_UNDEF && operand_count(c, min, schema, at) == ZIGTS_EXC)
		return ZIGTS_EXC;
	if (max != ZIGTS_UNDEF && operand_count(c, max, schema, at) == ZIGTS_EXC)
		return ZIGTS_EXC;
	if (push(c, out, node(c, v, at)) < 0 || push(c, out, min == ZIGTS_UNDEF ? zigts_int(1) : min) < 0 ||
	    push(c, out, max) < 0)
		return ZIGTS_EXC;
	return out;
}

/* [schema, properties or undefined, regular expressions] */
static zigts_val operand_additional(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	zigts_val patterns = own(c, schema, "patternProperties"), out = zigts_array(c->vm), list = zigts_array(c->vm), keys;
	uint32_t n;

	if (push(c, out, node(c, v, at)) < 0 || push(c, out, own(c, schema, "properties")) < 0)
		return ZIGTS_EXC;
	keys = mod_is_object(patterns) ? zigts_own_keys(c->vm, patterns) : zigts_array(c->vm);
	n = keys == ZIGTS_EXC ? 0 : web_length(c->vm, keys);
	for (uint32_t i = 0; i < n; i++)
		if (push(c, list, operand_regexp(c, zigts_get_index(c->vm, keys, i), schema, at)) < 0)
			return ZIGTS_EXC;
	return keys == ZIGTS_EXC || push(c, out, list) < 0 ? ZIGTS_EXC : out;
}

/* [if, then or undefined, else or undefined] */
static zigts_val operand_condition(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	static const char *const names[] = { "then", "else" };
	zigts_val out = zigts_array(c->vm);
	struct place up = *at;

	while (up.n > 0 && up.text[--up.n] != '/')       /* from …/if to its schema */
		;
	if (push(c, out, node(c, v, at)) < 0)
		return ZIGTS_EXC;
	for (int i = 0; i < 2; i++) {
		struct place p = below(&up, sv_of(names[i]));
		zigts_val s = own(c, schema, names[i]);

		if (push(c, out, s == ZIGTS_UNDEF || s == ZIGTS_EXC ? s : node(c, s, &p)) < 0)
			return ZIGTS_EXC;
	}
	return out;
}

/* The next segment of a JSON pointer (RFC 6901), decoded. False: none is left. */
static bool next_segment(struct sv *p, struct buf *out)
{
	size_t i;

	out->len = 0;
	if (p->n == 0)
		return false;
	for (i = 1; i < p->n && p->p[i] != '/'; i++)
		if (p->p[i] == '~' && i + 1 < p->n && (p->p[i + 1] == '0' || p->p[i + 1] == '1'))
			buf_putc(out, p->p[++i] == '0' ? '~' : '/');
		else
			buf_putc(out, p->p[i]);
	*p = (struct sv){ p->p + i, p->n - i };
	return true;
}

static zigts_val operand_ref(struct compiler *c, zigts_val v, zigts_val schema, const struct place *at)
{
	struct sv s = zigts_type(v) == ZIGTS_T_STRING ? web_text(c->vm, v) : SV("?"), rest;
	struct buf pointer = BUF_INIT, name = BUF_INIT;
	struct place p = { .n = 0 };
	zigts_val t = c->root;

	(void)schema;
	if (!s.p || *s.p != '#' || (s.n > 1 && s.p[1] != '/'))
		return s.p ? wrong(c, at, "must be # or #/…: other schemas are not loaded") : ZIGTS_EXC;
	url_decode(&pointer, (struct sv){ s.p + 1, s.n - 1 });
	rest = pointer.len ? buf_sv(&pointer) : SV("");
	while (t != ZIGTS_EXC && t != ZIGTS_UNDEF && next_segment(&rest, &name)) {
		struct sv text = name.len ? buf_sv(&name) : SV("");

		t = mod_is_object(t) ? zigts_get_own(c->vm, t, zigts_string(c->vm, text.p, text.n)) : ZIGTS_UNDEF;
		p = below(&p, text);
	}
	buf_free(&pointer);
	buf_free(&name);
	if (t == ZIGTS_UNDEF)
		return wrong(c, at, "there is nothing at this pointer");
	return t == ZIGTS_EXC ? t : node(c, t, &p);
}

/* ---- a schema ------------------------------------------------------------------------------ */

static const struct { const char *text; operand *make; } keywords[] = {
#define KEYWORD(name, text, operand) { text, operand_##operand },
#define NOTE(text)
#include "modules/keywords.def"
};

static const char *nearest(struct sv name)
{
	const char *near = NULL;
	char text[40];
	unsigned far;

	snprintf(text, sizeof text, SV_FMT, SV_ARG(name));
	far = near_limit(text);
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		if (near_distance(text, keywords[i].text) < far) {
			near = keywords[i].text;
			far = near_distance(text, near);
		}
	return near;
}

static bool is_known(struct sv name)
{
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		if (sv_eq(name, sv_of(keywords[i].text)))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		if (sv_eq(name, sv_of(notes[i])))
			return true;
	return false;
}

static bool check_keywords(struct compiler *c, zigts_val schema, const struct place *at)
{
	zigts_val keys = zigts_own_keys(c->vm, schema);
	uint32_t n = keys == ZIGTS_EXC ? 0 : web_length(c->vm, keys);

	for (uint32_t i = 0; i < n; i++) {
		struct sv name = web_text(c->vm, zigts_get_index(c->vm, keys, i));
		const char *near;
		char msg[200];

		if (!name.p)
			return false;
		if (is_known(name))
			continue;
		near = nearest(name);
		snprintf(msg, sizeof msg, "the keyword '%.60s' is not supported%s%s%s", name.p, near ? "; did you mean '" : "",
			 near ? near : "", near ? "'?" : "");
		wrong(c, at, msg);
		return false;
	}
	return keys != ZIGTS_EXC;
}

/* [name, value, …] of the properties that have a default; undefined: none. */
static zigts_val defaults(struct compiler *c, zigts_val schema)
{
	zigts_val props = own(c, schema, "properties"), keys, out = ZIGTS_UNDEF;
	uint32_t n;

	if (!mod_is_object(props))
		return ZIGTS_UNDEF;
	keys = zigts_own_keys(c->vm, props);
	n = keys == ZIGTS_EXC ? 0 : web_length(c->vm, keys);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val name = zigts_get_index(c->vm, keys, i), p = zigts_get_own(c->vm, props, name);
		zigts_val d = mod_is_object(p) ? own(c, p, "default") : ZIGTS_UNDEF;

		if (d == ZIGTS_UNDEF)
			continue;
		if (out == ZIGTS_UNDEF)
			out = zigts_array(c->vm);
		if (push(c, out, name) < 0 || push(c, out, d) < 0)
			return ZIGTS_EXC;
	}
	return keys == ZIGTS_EXC ? keys : out;
}

static int fill(struct compiler *c, zigts_val out, zigts_val schema, const struct place *at)
{
	zigts_val d;

	if (schema == ZIGTS_TRUE)
		return 0;
	if (schema == ZIGTS_FALSE)
		return push(c, out, zigts_int(KW_FALSE)) < 0 || push(c, out, ZIGTS_NULL) < 0 ? -1 : 0;
	if (!check_keywords(c, schema, at))
		return -1;
	d = defaults(c, schema);
	if (d == ZIGTS_EXC || (d != ZIGTS_UNDEF && (push(c, out, zigts_int(KW_DEFAULTS)) < 0 || push(c, out, d) < 0)))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		zigts_val v = own(c, schema, keywords[i].text);
		struct place p;

		if (v == ZIGTS_EXC)
			return -1;
		if (v == ZIGTS_UNDEF)
			continue;
		p = below(at, sv_of(keywords[i].text));
		if (push(c, out, zigts_int((int32_t)i + KW_DEFAULTS + 1)) < 0 ||
		    push(c, out, keywords[i].make(c, v, schema, &p)) < 0)
			return -1;
	}
	return 0;
}

/* Made before it is filled, so that a $ref to what it lies in ends. */
static zigts_val node(struct compiler *c, zigts_val schema, const struct place *at)
{
	zigts_val key, out;
	int r;

	if (schema == ZIGTS_EXC || zigts_tick(c->vm, 50) < 0)
		return ZIGTS_EXC;
	if (!is_schema(schema))
		return wrong(c, at, "must be a schema: an object, true or false");
	key = zigts_string(c->vm, at->text, at->n);
	out = key == ZIGTS_EXC ? key : zigts_get_own(c->vm, c->nodes, key);
	if (out != ZIGTS_UNDEF && !at->cut)
		return out;
	if (c->depth == DEPTH_MAX || at->cut)
		return wrong(c, at, "it is nested too deeply");
	out = zigts_array(c->vm);
	if (out == ZIGTS_EXC || zigts_create(c->vm, c->nodes, key, out) < 0)
		return ZIGTS_EXC;
	c->depth++;
	r = fill(c, out, schema, at);
	c->depth--;
	return r < 0 ? ZIGTS_EXC : out;
}

zigts_val schema_compile(struct zigts *vm, zigts_val schema)
{
	struct compiler c = { .vm = vm, .root = schema, .nodes = zigts_object(vm) };
	struct place top = { .n = 0 };

	return c.nodes == ZIGTS_EXC ? ZIGTS_EXC : node(&c, schema, &top);
}
