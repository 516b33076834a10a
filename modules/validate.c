/* validate.c: zigttp:validate: checks values by compiled schemas (schema.h), gathers what
 * is wrong with its path, and changes texts to what the schema asks for when it may. The
 * registry of schemas is an object of the VM: what module scope compiled is there for
 * every request, what a request compiles goes with it. Called by scripts. */
#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "base/utf.h"
#include "modules/schema.h"

#define DEPTH_MAX 256
#define ERRORS_MAX 100

/* Where in the value we are, from the inside out; name ZIGTS_UNDEF: index. */
struct path { const struct path *up; zigts_val name; uint32_t index; };
struct check {
	struct zigts *vm;
	zigts_val errors;        /* an array; ZIGTS_UNDEF: nobody wants to know */
	uint32_t nerrors;
	unsigned depth;
	bool coerce;
};

/* 1: it fits, 0: it does not, -1: an exception is pending. *v may be replaced. */
static int check(struct check *c, zigts_val node, zigts_val *v, const struct path *at);

/* ---- errors ------------------------------------------------------------------------ */

static bool put_path(struct zigts *vm, struct buf *b, const struct path *at)
{
	struct sv s;

	if (!at)
		return true;
	if (!put_path(vm, b, at->up))
		return false;
	if (at->name == ZIGTS_UNDEF) {
		buf_printf(b, "/%u", at->index);
		return true;
	}
	s = web_text(vm, at->name);
	if (!s.p)
		return false;
	buf_putc(b, '/');
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '~' || s.p[i] == '/')
			buf_puts(b, s.p[i] == '~' ? "~0" : "~1");
		else
			buf_putc(b, s.p[i]);
	return true;
}

static zigts_val error_object(struct zigts *vm, zigts_val path, const char *keyword, const char *message)
{
	zigts_val o = path == ZIGTS_EXC ? path : zigts_object(vm);

	if (o == ZIGTS_EXC || mod_put(vm, o, "path", path) < 0 || mod_put(vm, o, "keyword", zigts_cstring(vm, keyword)) < 0 ||
	    mod_put(vm, o, "message", zigts_cstring(vm, message)) < 0)
		return ZIGTS_EXC;
	return o;
}

/* Always 0, or -1. */
static int wrong(struct check *c, const struct path *at, int keyword, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
static int wrong(struct check *c, const struct path *at, int keyword, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	zigts_val e, path;
	char text[256];
	va_list ap;

	if (c->errors == ZIGTS_UNDEF || c->nerrors == ERRORS_MAX)
		return 0;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (!put_path(c->vm, &b, at)) {
		buf_free(&b);
		return -1;
	}
	path = mod_text(c->vm, &b);
	e = error_object(c->vm, path, keyword_text[keyword], text);
	c->nerrors++;
	return e == ZIGTS_EXC || zigts_array_push(c->vm, c->errors, e) < 0 ? -1 : 0;
}

/* ---- values ------------------------------------------------------------------------- */

static int type_of(zigts_val v)
{
	double d;

	switch (zigts_type(v)) {
	case ZIGTS_T_NULL: return T_NULL;
	case ZIGTS_T_BOOLEAN: return T_BOOLEAN;
	case ZIGTS_T_STRING: return T_STRING;
	case ZIGTS_T_NUMBER:
		d = zigts_as_number(v);
		return isfinite(d) ? T_NUMBER | (d == trunc(d) ? T_INTEGER : 0) : 0;
	case ZIGTS_T_OBJECT: return zigts_is_array(v) ? T_ARRAY : T_OBJECT;
	default: return 0;
	}
}

static bool is_object(zigts_val v) { return type_of(v) == T_OBJECT; }
static zigts_val at_index(struct check *c, zigts_val list, uint32_t i) { return zigts_get_index(c->vm, list, i); }

/* 1 equal, 0 not, -1 exception. */
static int equal(struct check *c, zigts_val a, zigts_val b, unsigned depth)
{
	zigts_val keys;
	uint32_t n;
	int r = 1;

	if (zigts_tick(c->vm, 5) < 0)
		return -1;
	if (type_of(a) != type_of(b) || !(type_of(a) & (T_ARRAY | T_OBJECT)))
		return zigts_same(c->vm, a, b);
	if (depth == DEPTH_MAX)
		return 0;
	if (zigts_is_array(a)) {
		n = web_length(c->vm, a);
		if (n != web_length(c->vm, b))
			return 0;
		for (uint32_t i = 0; r == 1 && i < n; i++)
			r = equal(c, at_index(c, a, i), at_index(c, b, i), depth + 1);
		return r;
	}
	keys = zigts_own_keys(c->vm, b);
	if (keys == ZIGTS_EXC)
		return -1;
	n = web_length(c->vm, keys);
	keys = zigts_own_keys(c->vm, a);
	if (keys == ZIGTS_EXC)
		return -1;
	if (n != web_length(c->vm, keys))
		return 0;
	for (uint32_t i = 0; r == 1 && i < n; i++) {
		zigts_val k = at_index(c, keys, i), x = zigts_get_own(c->vm, a, k), y = zigts_get_own(c->vm, b, k);

		r = x == ZIGTS_EXC || y == ZIGTS_EXC ? -1 : equal(c, x, y, depth + 1);
	}
	return r;
}

/* ---- making a value fit ----------------------------------------------------------------- */

static bool read_number(struct sv s, double *out)
{
	size_t i = s.n && *s.p == '-';

	if (i == s.n || s.p[i] < '0' || s.p[i] > '9')
		return false;
	return num_parse_decimal(s.p + i, s.n - i, out) == s.n - i && (i ? (*out = -*out, true) : true) && isfinite(*out);
}

/* A text where another type is asked for, one value where a list is. 0 or -1. */
static int coerce(struct check *c, int types, zigts_val *v)
{
	int have = type_of(*v);
	struct sv s;
	double d;

	if (have & types)
		return 0;
	if (have == T_STRING) {
		s = web_text(c->vm, *v);
		if (!s.p)
			return -1;
		if (types & (T_NUMBER | T_INTEGER) && read_number(s, &d))
			*v = zigts_number(d);
		else if (types & T_BOOLEAN && (sv_eq(s, SV("true")) || sv_eq(s, SV("false"))))
			*v = s.n == 4 ? ZIGTS_TRUE : ZIGTS_FALSE;
		else if (types & T_NULL && s.n == 0)
			*v = ZIGTS_NULL;
	} else if (types & T_STRING && have & (T_NUMBER | T_BOOLEAN)) {
		*v = zigts_to_string(c->vm, *v);
	}
	if (types & T_ARRAY && !(type_of(*v) & (types | T_NULL))) {
		zigts_val list = zigts_array(c->vm);

		if (list == ZIGTS_EXC || zigts_array_push(c->vm, list, *v) < 0)
			return -1;
		*v = list;
	}
	return *v == ZIGTS_EXC ? -1 : 0;
}

static int check_type(struct check *c, int32_t types, zigts_val *v, const struct path *at)
{
	struct buf b = BUF_INIT;
	int r;

	if (c->coerce && coerce(c, types, v) < 0)
		return -1;
	if (type_of(*v) & types)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(schema_type_text); i++)
		if (types >> i & 1)
			buf_printf(&b, "%s%s", b.len ? " or " : "", schema_type_text[i]);
	r = wrong(c, at, KW_TYPE, "must be %s", buf_cstr(&b));
	buf_free(&b);
	return r;
}

static int set_defaults(struct check *c, zigts_val list, zigts_val v)
{
	uint32_t n = web_length(c->vm, list);

	for (uint32_t i = 0; c->coerce && is_object(v) && i < n; i += 2) {
		zigts_val name = at_index(c, list, i), there = zigts_get_own(c->vm, v, name);

		if (there == ZIGTS_EXC)
			return -1;
		if (there == ZIGTS_UNDEF) {                      /* a copy: the schema's own stays as it is */
			const char *text;
			size_t len;

			if (zigts_json_stringify(c->vm, at_index(c, list, i + 1), &text, &len) != 0 ||
			    zigts_create(c->vm, v, name, zigts_json_parse(c->vm, text, len)) < 0)
				return -1;
		}
	}
	return 1;
}

/* ---- parts of arrays and objects ----------------------------------------------------------- */

/* Checks an element or property, and puts back what it was replaced by. */
static int check_part(struct check *c, zigts_val node, zigts_val o, zigts_val name, uint32_t i, const struct path *up)
{
	struct path at = { up, name, i };
	zigts_val key = name == ZIGTS_UNDEF ? zigts_int((int32_t)i) : name, v = zigts_get_own(c->vm, o, key), before = v;
	int r = v == ZIGTS_EXC ? -1 : check(c, node, &v, &at);

	if (r >= 0 && v != before && zigts_create(c->vm, o, key, v) < 0)
		return -1;
	return r;
}

static int check_items(struct check *c, zigts_val list, zigts_val v, uint32_t from, uint32_t to, bool one, const struct path *at)
{
	int all = 1;

	for (uint32_t i = from; i < to; i++) {
		int r = check_part(c, one ? list : at_index(c, list, i), v, ZIGTS_UNDEF, i, at);

		if (r < 0)
			return -1;
		all &= r;
	}
	return all;
}

/* Does it fit? Nothing is changed or told. */
static int quietly(struct check *c, zigts_val node, zigts_val v)
{
	struct check q = { .vm = c->vm, .errors = ZIGTS_UNDEF, .depth = c->depth };

	return check(&q, node, &v, NULL);
}

static int check_contains(struct check *c, zigts_val op, zigts_val v, const struct path *at)
{
	zigts_val node = at_index(c, op, 0), max = at_index(c, op, 2);
	uint32_t n = web_length(c->vm, v), found = 0;

	for (uint32_t i = 0; i < n; i++) {
		int r = quietly(c, node, at_index(c, v, i));

		if (r < 0)
			return -1;
		found += (uint32_t)r;
	}
	if (found < zigts_as_number(at_index(c, op, 1)))
		return wrong(c, at, KW_CONTAINS, "must contain at least %.0f matching item(s)", zigts_as_number(at_index(c, op, 1)));
	if (max != ZIGTS_UNDEF && found > zigts_as_number(max))
		return wrong(c, at, KW_CONTAINS, "must contain at most %.0f matching item(s)", zigts_as_number(max));
	return 1;
}

static int check_unique(struct check *c, zigts_val v, const struct path *at)
{
	uint32_t n = web_length(c->vm, v);

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++) {
			int r = equal(c, at_index(c, v, i), at_index(c, v, k), 0);

			if (r != 0)
				return r < 0 ? -1 : wrong(c, at, KW_UNIQUE, "items %u and %u are equal", k, i);
		}
	return 1;
}

/* op: [name, node, …] */
static int check_named(struct check *c, zigts_val op, zigts_val v, const struct path *at)
{
	uint32_t n = web_length(c->vm, op);
	int all = 1;

	for (uint32_t i = 0; i < n; i += 2) {
		zigts_val name = at_index(c, op, i), there = zigts_get_own(c->vm, v, name);
		int r = 1;

		if (there == ZIGTS_EXC)
			return -1;
		if (there != ZIGTS_UNDEF)
			r = check_part(c, at_index(c, op, i + 1), v, name, 0, at);
		if (r < 0)
			return -1;
		all &= r;
	}
	return all;
}

static int matches(struct check *c, zigts_val re, zigts_val text)
{
	zigts_val test = zigts_get(c->vm, re, "test"), r = test == ZIGTS_EXC ? test : zigts_call(c->vm, test, re, 1, &text);

	return r == ZIGTS_EXC ? -1 : zigts_truthy(r);
}

/* op: [regexp, node, …] */
static int check_patterns(struct check *c, zigts_val op, zigts_val v, const struct path *at)
{
	zigts_val keys = zigts_own_keys(c->vm, v);
	uint32_t nkeys = keys == ZIGTS_EXC ? 0 : web_length(c->vm, keys), n = web_length(c->vm, op);
	int all = 1;

	for (uint32_t k = 0; k < nkeys; k++)
		for (uint32_t i = 0; i < n; i += 2) {
			zigts_val name = at_index(c, keys, k);
			int r = matches(c, at_index(c, op, i), name);

			if (r > 0)
				r = check_part(c, at_index(c, op, i + 1), v, name, 0, at);
			else if (r == 0)
				r = 1;
			if (r < 0)
				return -1;
			all &= r;
		}
	return keys == ZIGTS_EXC ? -1 : all;
}

/* Is the property nobody else's? 1, 0, -1. */
static int is_additional(struct check *c, zigts_val op, zigts_val name)
{
	zigts_val props = at_index(c, op, 1), res = at_index(c, op, 2), p;
	uint32_t n = web_length(c->vm, res);
	int r = 0;

	p = mod_is_object(props) ? zigts_get_own(c->vm, props, name) : ZIGTS_UNDEF;
	if (p != ZIGTS_UNDEF)
		return p == ZIGTS_EXC ? -1 : 0;
	for (uint32_t i = 0; r == 0 && i < n; i++)
		r = matches(c, at_index(c, res, i), name);
	return r < 0 ? -1 : !r;
}

static int check_additional(struct check *c, zigts_val op, zigts_val v, const struct path *at)
{
	zigts_val keys = zigts_own_keys(c->vm, v), node = at_index(c, op, 0);
	uint32_t n = keys == ZIGTS_EXC ? 0 : web_length(c->vm, keys);
	bool none = web_length(c->vm, node) == 2 && at_index(c, node, 0) == zigts_int(KW_FALSE);
	int all = 1;

	for (uint32_t i = 0; i < n; i++) {
		zigts_val name = at_index(c, keys, i);
		struct path p = { at, name, 0 };
		int r = is_additional(c, op, name);

		if (r > 0)
			r = none ? wrong(c, &p, KW_ADDITIONAL, "is not a known property") : check_part(c, node, v, name, 0, at);
		else if (r == 0)
			r = 1;
		if (r < 0)
			return -1;
		all &= r;
	}
	return keys == ZIGTS_EXC ? -1 : all;
}

static int check_property_names(struct check *c, zigts_val node, zigts_val v, const struct path *at)
{
	zigts_val keys = zigts_own_keys(c->vm, v);
	uint32_t n = keys == ZIGTS_EXC ? 0 : web_length(c->vm, keys);
	int all = 1;

	for (uint32_t i = 0; i < n; i++) {
		zigts_val name = at_index(c, keys, i);
		struct path p = { at, name, 0 };
		int r = quietly(c, node, name);

		if (r == 0)
			r = wrong(c, &p, KW_PROPERTY_NAMES, "must not have this name");
		if (r < 0)
			return -1;
		all &= r;
	}
	return keys == ZIGTS_EXC ? -1 : all;
}

static int check_required(struct check *c, zigts_val names, zigts_val v, int keyword, const struct path *at)
{
	uint32_t n = web_length(c->vm, names);
	int all = 1;

	for (uint32_t i = 0; i < n; i++) {
		zigts_val name = at_index(c, names, i), there = zigts_get_own(c->vm, v, name);
		struct path p = { at, name, 0 };
		int r = there == ZIGTS_EXC ? -1 : there != ZIGTS_UNDEF ? 1 : wrong(c, &p, keyword, "is missing");

		if (r < 0)
			return -1;
		all &= r;
	}
	return all;
}

/* op: [name, names or node, …] */
static int check_dependent(struct check *c, zigts_val op, zigts_val *v, int keyword, const struct path *at)
{
	uint32_t n = web_length(c->vm, op);
	int all = 1;

	for (uint32_t i = 0; i < n; i += 2) {
		zigts_val there = zigts_get_own(c->vm, *v, at_index(c, op, i)), what = at_index(c, op, i + 1);
		int r = there == ZIGTS_EXC ? -1 : 1;

		if (r > 0 && there != ZIGTS_UNDEF)
			r = keyword == KW_DEPENDENT_REQUIRED ? check_required(c, what, *v, keyword, at) : check(c, what, v, at);
		if (r < 0)
			return -1;
		all &= r;
	}
	return all;
}

/* ---- schemas that have others -------------------------------------------------------------------- */

static int check_all(struct check *c, zigts_val nodes, zigts_val *v, const struct path *at)
{
	uint32_t n = web_length(c->vm, nodes);
	int all = 1;

	for (uint32_t i = 0; i < n; i++) {
		int r = check(c, at_index(c, nodes, i), v, at);

		if (r < 0)
			return -1;
		all &= r;
	}
	return all;
}

/* How many fit; *which: one of them. The value is changed for the one that it fits then. */
static int count_fitting(struct check *c, zigts_val nodes, zigts_val v, uint32_t stop, uint32_t *which)
{
	struct check q = { .vm = c->vm, .errors = ZIGTS_UNDEF, .depth = c->depth };
	uint32_t n = web_length(c->vm, nodes), found = 0;

	for (int pass = 0; pass < 1 + (c->coerce && !(type_of(v) & (T_ARRAY | T_OBJECT))) && found == 0; pass++) {
		q.coerce = pass != 0;                            /* as it is, before it is changed */
		for (uint32_t i = 0; i < n && found < stop; i++) {
			zigts_val w = v;
			int r = check(&q, at_index(c, nodes, i), &w, NULL);

			if (r < 0)
				return -1;
			if (r > 0)
				*which = i;
			found += (uint32_t)r;
		}
	}
	return (int)found;
}

static int check_choice(struct check *c, zigts_val nodes, zigts_val *v, bool exactly, const struct path *at)
{
	uint32_t which = 0;
	int n = count_fitting(c, nodes, *v, exactly ? 2 : 1, &which);

	if (n < 0)
		return -1;
	if (n == 1)
		return c->coerce ? check(c, at_index(c, nodes, which), v, at) : 1;
	if (n == 0)
		return wrong(c, at, exactly ? KW_ONE : KW_ANY, "fits none of the %u alternatives", web_length(c->vm, nodes));
	return wrong(c, at, KW_ONE, "fits more than one alternative");
}

static int check_if(struct check *c, zigts_val op, zigts_val *v, const struct path *at)
{
	int r = quietly(c, at_index(c, op, 0), *v);
	zigts_val next = r < 0 ? ZIGTS_UNDEF : at_index(c, op, r ? 1 : 2);

	return r < 0 ? -1 : next == ZIGTS_UNDEF ? 1 : check(c, next, v, at);
}

/* ---- keywords ------------------------------------------------------------------------------------- */

static int check_enum(struct check *c, zigts_val list, zigts_val v, const struct path *at)
{
	uint32_t n = web_length(c->vm, list);

	for (uint32_t i = 0; i < n; i++) {
		int r = equal(c, at_index(c, list, i), v, 0);

		if (r != 0)
			return r;
	}
	return wrong(c, at, KW_ENUM, "must be one of the %u values of the enum", n);
}

static int check_number(struct check *c, int keyword, double limit, double d, const struct path *at)
{
	double q;

	switch (keyword) {
	case KW_MINIMUM: return d >= limit ? 1 : wrong(c, at, keyword, "must be at least %.17g", limit);
	case KW_MAXIMUM: return d <= limit ? 1 : wrong(c, at, keyword, "must be at most %.17g", limit);
	case KW_ABOVE: return d > limit ? 1 : wrong(c, at, keyword, "must be above %.17g", limit);
	case KW_BELOW: return d < limit ? 1 : wrong(c, at, keyword, "must be below %.17g", limit);
	default:                                                 /* 0.3 is a multiple of 0.1 to people */
		q = d / limit;
		return fabs(q - round(q)) <= 1e-9 * fmax(1, fabs(q)) ? 1 : wrong(c, at, keyword, "must be a multiple of %.17g", limit);
	}
}

static int check_size(struct check *c, int keyword, double limit, double n, const char *what, const struct path *at)
{
	bool most = keyword == KW_MAX_LENGTH || keyword == KW_MAX_ITEMS || keyword == KW_MAX_PROPERTIES;

	if (most ? n <= limit : n >= limit)
		return 1;
	return wrong(c, at, keyword, "must have at %s %.0f %s", most ? "most" : "least", limit, what);
}

static int check_text(struct check *c, int keyword, zigts_val op, zigts_val v, const struct path *at)
{
	struct sv s;
	double n = 0;
	int r;

	if (keyword == KW_PATTERN) {
		r = matches(c, op, v);
		return r == 0 ? wrong(c, at, keyword, "does not match the pattern") : r;
	}
	s = web_text(c->vm, v);
	if (!s.p)
		return -1;
	if (keyword == KW_FORMAT) {
		r = (int)zigts_as_number(op);
		return format_has(r, s) ? 1 : wrong(c, at, keyword, "must be in the format %s", format_name(r));
	}
	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xC0) != 0x80;
	return check_size(c, keyword, zigts_as_number(op), n, "characters", at);
}

static int check_array(struct check *c, int keyword, zigts_val op, zigts_val v, const struct path *at)
{
	uint32_t n = web_length(c->vm, v), m;

	switch (keyword) {
	case KW_MIN_ITEMS: case KW_MAX_ITEMS: return check_size(c, keyword, zigts_as_number(op), n, "items", at);
	case KW_UNIQUE: return op == ZIGTS_TRUE ? check_unique(c, v, at) : 1;
	case KW_PREFIX:
		m = web_length(c->vm, op);
		return check_items(c, op, v, 0, n < m ? n : m, false, at);
	case KW_ITEMS: return check_items(c, at_index(c, op, 0), v, (uint32_t)zigts_as_number(at_index(c, op, 1)), n, true, at);
	default: return check_contains(c, op, v, at);
	}
}

static int check_object(struct check *c, int keyword, zigts_val op, zigts_val *v, const struct path *at)
{
	zigts_val keys;

	switch (keyword) {
	case KW_MIN_PROPERTIES: case KW_MAX_PROPERTIES:
		keys = zigts_own_keys(c->vm, *v);
		return keys == ZIGTS_EXC ? -1 : check_size(c, keyword, zigts_as_number(op), web_length(c->vm, keys), "properties", at);
	case KW_PROPERTIES: return check_named(c, op, *v, at);
	case KW_REQUIRED: return check_required(c, op, *v, keyword, at);
	case KW_PATTERNS: return check_patterns(c, op, *v, at);
	case KW_ADDITIONAL: return check_additional(c, op, *v, at);
	case KW_PROPERTY_NAMES: return check_property_names(c, op, *v, at);
	default: return check_dependent(c, op, v, keyword, at);
	}
}

static int check_keyword(struct check *c, int keyword, zigts_val op, zigts_val *v, const struct path *at)
{
	int r;

	if (keyword >= KW_MINIMUM && keyword <= KW_MULTIPLE)
		return type_of(*v) & T_NUMBER ? check_number(c, keyword, zigts_as_number(op), zigts_as_number(*v), at) : 1;
	if (keyword >= KW_MIN_LENGTH && keyword <= KW_FORMAT)
		return type_of(*v) == T_STRING ? check_text(c, keyword, op, *v, at) : 1;
	if (keyword >= KW_MIN_ITEMS && keyword <= KW_CONTAINS)
		return type_of(*v) == T_ARRAY ? check_array(c, keyword, op, *v, at) : 1;
	if (keyword >= KW_MIN_PROPERTIES && keyword <= KW_DEPENDENT_SCHEMAS)
		return is_object(*v) ? check_object(c, keyword, op, v, at) : 1;
	switch (keyword) {
	case KW_FALSE: return wrong(c, at, keyword, "must not be there");
	case KW_DEFAULTS: return set_defaults(c, op, *v);
	case KW_TYPE: return check_type(c, (int32_t)zigts_as_number(op), v, at);
	case KW_ENUM: return check_enum(c, op, *v, at);
	case KW_CONST:
		r = equal(c, op, *v, 0);
		return r == 0 ? wrong(c, at, keyword, "must be the constant of the schema") : r;
	case KW_REF: return check(c, op, v, at);
	case KW_ALL: return check_all(c, op, v, at);
	case KW_ANY: case KW_ONE: return check_choice(c, op, v, keyword == KW_ONE, at);
	case KW_NOT:
		r = quietly(c, op, *v);
		return r < 0 ? -1 : !r ? 1 : wrong(c, at, keyword, "must not fit the schema of `not`");
	default: return check_if(c, op, v, at);
	}
}

static int check(struct check *c, zigts_val node, zigts_val *v, const struct path *at)
{
	uint32_t n;
	int all = 1;

	if (zigts_tick(c->vm, 10) < 0)
		return -1;
	if (c->depth == DEPTH_MAX)
		return wrong(c, at, KW_REF, "is nested too deeply");
	c->depth++;
	n = web_length(c->vm, node);
	for (uint32_t i = 0; all >= 0 && i < n; i += 2) {
		int keyword = (int)zigts_as_number(at_index(c, node, i));
		int r = check_keyword(c, keyword, at_index(c, node, i + 1), v, at);

		all = r < 0 ? -1 : all & r;
		if (r == 0 && (keyword == KW_TYPE || c->errors == ZIGTS_UNDEF))
			break;                                   /* what else there is to say is of no use */
	}
	c->depth--;
	return all;
}

/* ---- results ------------------------------------------------------------------------------------------ */

static zigts_val refused(struct zigts *vm, zigts_val errors)
{
	zigts_val o = errors == ZIGTS_EXC ? errors : zigts_object(vm);

	return o == ZIGTS_EXC || mod_put(vm, o, "ok", ZIGTS_FALSE) < 0 || mod_put(vm, o, "errors", errors) < 0 ? ZIGTS_EXC : o;
}

zigts_val schema_error(struct zigts *vm, const char *path, const char *keyword, const char *message)
{
	zigts_val list = zigts_array(vm), e = error_object(vm, zigts_cstring(vm, path), keyword, message);

	return list == ZIGTS_EXC || e == ZIGTS_EXC || zigts_array_push(vm, list, e) < 0 ? ZIGTS_EXC : refused(vm, list);
}

zigts_val schema_result(struct zigts *vm, zigts_val schema, zigts_val v, bool may_coerce)
{
	struct check c = { .vm = vm, .errors = zigts_array(vm), .coerce = may_coerce };
	int r = c.errors == ZIGTS_EXC ? -1 : check(&c, schema, &v, NULL);

	return r < 0 ? ZIGTS_EXC : r > 0 ? mod_ok(vm, v) : refused(vm, c.errors);
}

zigts_val schema_json(struct zigts *vm, zigts_val schema, zigts_val text, bool may_coerce)
{
	struct sv s = mod_bytes(vm, text);
	const char *why;
	zigts_val v;
	size_t n;
	char msg[200];

	if (!s.p)
		return ZIGTS_EXC;
	v = zigts_json_parse(vm, s.p, s.n);
	if (v != ZIGTS_EXC)
		return schema_result(vm, schema, v, may_coerce);
	if (zigts_terminated(vm))
		return ZIGTS_EXC;
	why = zigts_describe_exception(vm, zigts_take_exception(vm), &n);
	snprintf(msg, sizeof msg, "is not JSON: %.*s", why ? (int)strcspn(why, "\n") : 0, why ? why : "");
	return schema_error(vm, "", "json", msg);
}

zigts_val schema_named(struct zigts *vm, zigts_val name, const char *what)
{
	struct sv s = mod_string(vm, name, "the schema's name");
	zigts_val node = s.p ? zigts_get_own(vm, modules_registry(vm), name) : ZIGTS_EXC;

	if (node == ZIGTS_UNDEF)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s: there is no schema '%.100s'", what, web_text(vm, name).p);
	return node;
}

/* ---- natives -------------------------------------------------------------------------------------------- */

zigts_val validate_compile(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val name = ZIGTS_ARG(0), schema = ZIGTS_ARG(1), node;
	const char *text;
	struct sv s;
	size_t n;

	if (!mod_string(vm, name, "schemaCompile: the name").p)
		return ZIGTS_EXC;
	if (zigts_type(schema) == ZIGTS_T_STRING) {
		s = web_text(vm, schema);
		text = s.p;
		n = s.n;
	} else if (zigts_json_stringify(vm, schema, &text, &n) != 0) {
		return zigts_terminated(vm) ? ZIGTS_EXC : zigts_throw(vm, ZIGTS_TYPE_ERROR, "schemaCompile: the schema has no JSON form");
	}
	schema = text ? zigts_json_parse(vm, text, n) : ZIGTS_EXC;     /* a copy that is ours alone */
	node = schema == ZIGTS_EXC ? schema : schema_compile(vm, schema);
	return node == ZIGTS_EXC || zigts_create(vm, modules_registry(vm), name, node) < 0 ? ZIGTS_EXC : ZIGTS_TRUE;
}

zigts_val validate_drop(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val name = ZIGTS_ARG(0), there;

	there = mod_string(vm, name, "schemaDrop: the name").p ? zigts_get_own(vm, modules_registry(vm), name) : ZIGTS_EXC;
	if (there == ZIGTS_EXC || zigts_create(vm, modules_registry(vm), name, ZIGTS_UNDEF) < 0)
		return ZIGTS_EXC;
	return there == ZIGTS_UNDEF ? ZIGTS_FALSE : ZIGTS_TRUE;
}

zigts_val validate_json(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val node = schema_named(vm, ZIGTS_ARG(0), "validateJson");

	return node == ZIGTS_EXC ? node : schema_json(vm, node, ZIGTS_ARG(1), false);
}

zigts_val validate_coerce(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val node = schema_named(vm, ZIGTS_ARG(0), "coerceJson");

	return node == ZIGTS_EXC ? node : schema_json(vm, node, ZIGTS_ARG(1), true);
}

zigts_val validate_object(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val node = schema_named(vm, ZIGTS_ARG(0), "validateObject");

	return node == ZIGTS_EXC ? node : schema_result(vm, node, ZIGTS_ARG(1), false);
}
