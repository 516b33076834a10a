/* router.c: zigttp:router. Routes are looked at one by one, each segment by segment;
 * the best match wins, whatever the order. Called by scripts. */
#include "modules/parts.h"

#define SEGMENTS_MAX 64

enum { REST, NAMED, PLAIN };     /* how good a segment of a route is */

/* What a route has for the path: grades of its segments, and parameters as places in
 * the path. */
struct match {
	uint32_t n, nparams;
	uint8_t grade[SEGMENTS_MAX];
	struct { struct sv name; struct sv value; } param[SEGMENTS_MAX];
	bool exact_method;
};

/* Takes the next segment off; false: none is left. */
static bool next_segment(struct sv *path, struct sv *seg)
{
	const char *slash;

	if (path->n == 0 || *path->p != '/')
		return false;
	path->p++, path->n--;
	slash = memchr(path->p, '/', path->n);
	*seg = (struct sv){ path->p, slash ? (size_t)(slash - path->p) : path->n };
	path->p += seg->n;
	path->n -= seg->n;
	return true;
}

static void add_param(struct match *m, struct sv name, struct sv value)
{
	m->param[m->nparams].name = name;
	m->param[m->nparams++].value = value;
}

static bool match_path(struct sv pattern, struct sv path, struct match *m)
{
	struct sv want, seg;

	m->n = m->nparams = 0;
	while (next_segment(&pattern, &want)) {
		struct sv rest = path;

		if (m->n == SEGMENTS_MAX)
			return false;
		if (sv_eq(want, SV("*")) && pattern.n == 0) {
			m->grade[m->n++] = REST;
			if (path.n == 0)
				return false;
			add_param(m, want, (struct sv){ rest.p + 1, rest.n - 1 });
			return true;
		}
		if (!next_segment(&path, &seg))
			return false;
		if (want.n > 1 && *want.p == ':') {
			if (seg.n == 0)
				return false;
			add_param(m, (struct sv){ want.p + 1, want.n - 1 }, seg);
			m->grade[m->n++] = NAMED;
		} else if (sv_eq(want, seg)) {
			m->grade[m->n++] = PLAIN;
		} else {
			return false;
		}
	}
	return path.n == 0 && pattern.n == 0;
}

/* "METHOD /path", "* /path" or "/path". False: not for this method. */
static bool match_method(struct sv *route, struct sv method, struct match *m)
{
	const char *space = memchr(route->p, ' ', route->n);
	struct sv want;

	m->exact_method = false;
	if (!space || *route->p == '/')
		return true;
	want = (struct sv){ route->p, (size_t)(space - route->p) };
	while (space < route->p + route->n && *space == ' ')
		space++;
	route->n -= (size_t)(space - route->p);
	route->p = space;
	m->exact_method = sv_ieq(want, method);
	return m->exact_method || sv_eq(want, SV("*")) || (sv_eq(method, SV("HEAD")) && sv_ieq(want, SV("GET")));
}

static bool better(const struct match *a, const struct match *b)
{
	for (uint32_t i = 0; i < a->n && i < b->n; i++)
		if (a->grade[i] != b->grade[i])
			return a->grade[i] > b->grade[i];
	if (a->n != b->n)
		return a->n > b->n;
	return a->exact_method && !b->exact_method;
}

/* The path of a request: its `path`, else that of its `url`. p NULL: exception. */
static struct sv path_of(struct zigts *vm, zigts_val request)
{
	zigts_val v = zigts_get(vm, request, "path");
	struct sv s;
	const char *sep, *slash;

	if (v != ZIGTS_EXC && zigts_type(v) != ZIGTS_T_STRING)
		v = zigts_get(vm, request, "url");
	if (v == ZIGTS_EXC)
		return (struct sv){ NULL, 0 };
	s = web_text(vm, v);
	if (!s.p || (s.n && *s.p == '/' && !memchr(s.p, '?', s.n)))
		return s;
	sep = s.n && *s.p != '/' ? memmem(s.p, s.n, "://", 3) : NULL;
	if (sep) {
		slash = memchr(sep + 3, '/', (size_t)(s.p + s.n - sep - 3));
		s = slash ? (struct sv){ slash, (size_t)(s.p + s.n - slash) } : SV("/");
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '?' || s.p[i] == '#')
			s.n = i;
	return s;
}

static zigts_val outcome(struct zigts *vm, zigts_val routes, zigts_val route, const struct match *m)
{
	zigts_val o = zigts_object(vm), params = zigts_object(vm);

	if (o == ZIGTS_EXC || params == ZIGTS_EXC || mod_put(vm, o, "handler", zigts_get_value(vm, routes, route)) < 0)
		return ZIGTS_EXC;
	for (uint32_t i = 0; i < m->nparams; i++)
		if (zigts_create(vm, params, zigts_string(vm, m->param[i].name.p, m->param[i].name.n),
				 zigts_string(vm, m->param[i].value.p, m->param[i].value.n)) < 0)
			return ZIGTS_EXC;
	if (mod_put(vm, o, "params", params) < 0 || mod_put(vm, o, "route", route) < 0)
		return ZIGTS_EXC;
	return o;
}

zigts_val router_match(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val routes = ZIGTS_ARG(0), request = ZIGTS_ARG(1), keys, mv, best_key = ZIGTS_UNDEF;
	struct sv method, path, best_text = { NULL, 0 };
	struct match m, best = { 0 };
	uint32_t n;

	if (!mod_is_object(routes) || !mod_is_object(request))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "routerMatch: an object of routes and a request are needed");
	mv = zigts_get(vm, request, "method");
	method = mv == ZIGTS_EXC ? (struct sv){ NULL, 0 } : web_text(vm, mv);
	if (!method.p)
		return ZIGTS_EXC;
	path = path_of(vm, request);
	keys = path.p ? zigts_own_keys(vm, routes) : ZIGTS_EXC;
	if (keys == ZIGTS_EXC)
		return ZIGTS_EXC;
	n = web_length(vm, keys);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val key = zigts_get_index(vm, keys, i);
		struct sv text = web_text(vm, key);

		if (!text.p || zigts_tick(vm, 5) < 0)
			return ZIGTS_EXC;
		if (match_method(&text, method, &m) && match_path(text, path, &m) && (!best_text.p || better(&m, &best))) {
			best = m;
			best_text = text;
			best_key = key;
		}
	}
	return best_text.p ? outcome(vm, routes, best_key, &best) : ZIGTS_UNDEF;
}
