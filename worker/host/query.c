/* query.c: request.query, whose properties are looked up in the query string
 * when they are read, so that each read is noted for itself; reflection notes
 * the whole query. Called by Request's getters. */
#include "base/query.h"
#include "base/utf.h"
#include "shm/deps.h"
#include "web/web.h"
#include "worker/host/parts.h"

zigts_val percent_decoded(struct zigts *vm, struct sv s, bool plus, bool lasts)
{
	char *p;

	if (query_is_plain(s, plus))
		return lasts ? zigts_string_borrow(vm, s.p, s.n) : zigts_string(vm, s.p, s.n);
	p = zigts_scratch(vm, s.n + 1);
	if (!p)
		return ZIGTS_EXC;
	return zigts_string(vm, p, query_decode(p, s, plus));
}

/* A query string that heap memory holds is kept in TEXT; that of the request
 * being served (rq) lasts anyway. */
struct state { const struct host_request *rq; };
enum { TEXT, NSLOTS };

static int class_id;

static struct deps *deps_of(const struct state *st) { return st->rq ? st->rq->deps : NULL; }

static struct sv text_of(struct zigts *vm, zigts_val self, const struct state *st)
{
	return st->rq ? http_view(st->rq->bytes, st->rq->head->query) : host_text(vm, zigts_host_slot(self, TEXT));
}

/* The first value of a name; ZIGTS_UNDEF: none. */
static zigts_val named_get(struct zigts *vm, zigts_val self, zigts_key key)
{
	const struct state *st = zigts_host_payload(self, class_id);
	struct sv want = host_text(vm, zigts_key_name(vm, key)), q, name, value;

	if (!want.p)
		return ZIGTS_EXC;
	deps_param(deps_of(st), want);
	q = text_of(vm, self, st);
	if (!q.p && q.n != 0)
		return ZIGTS_EXC;
	while (query_next(&q, &name, &value))
		if (query_name_is(name, want))
			return percent_decoded(vm, value, true, st->rq != NULL);
	return ZIGTS_UNDEF;
}

/* Does the name, decoded, stand in the query before `end`? */
static bool seen_before(struct sv query, const char *end, struct sv decoded)
{
	struct sv k, v;

	while (query_next(&query, &k, &v) && k.p < end)
		if (query_name_is(k, decoded))
			return true;
	return false;
}

/* Each name once, where it first stands. A query is at most HTTP_TARGET_MAX
 * bytes long, so looking back is cheap enough. */
static int named_keys(struct zigts *vm, zigts_val self, zigts_val arr)
{
	const struct state *st = zigts_host_payload(self, class_id);
	struct sv all = text_of(vm, self, st), q = all, name, value;

	deps_note(deps_of(st), DEP_QUERY_ALL);
	while (query_next(&q, &name, &value)) {
		char *plain = zigts_scratch(vm, name.n + 1);
		struct sv decoded = { plain, plain ? query_decode(plain, name, true) : 0 };
		zigts_val s;

		if (!plain)
			return -1;
		if (seen_before(all, name.p, decoded))
			continue;
		s = zigts_string(vm, decoded.p, decoded.n);
		if (s == ZIGTS_EXC || zigts_array_push(vm, arr, s) != 0)
			return -1;
	}
	return 0;
}

/* query.getAll(name): every value of the name, in order. */
static zigts_val m_get_all(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = zigts_host_payload(a[0], class_id);
	struct sv want, q, name, value;
	zigts_val out, v;

	if (!st)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "not the query of a request");
	want = host_text(vm, ZIGTS_ARG(0));
	if (!want.p)
		return ZIGTS_EXC;
	deps_param(deps_of(st), want);
	q = text_of(vm, a[0], st);
	out = zigts_array(vm);
	if ((!q.p && q.n != 0) || out == ZIGTS_EXC)
		return ZIGTS_EXC;
	while (query_next(&q, &name, &value)) {
		if (!query_name_is(name, want))
			continue;
		v = percent_decoded(vm, value, true, st->rq != NULL);
		if (v == ZIGTS_EXC || zigts_array_push(vm, out, v) != 0)
			return ZIGTS_EXC;
	}
	return out;
}

static const struct zigts_row rows[] = { ZIGTS_FN("getAll", 1, EFF_NONE, m_get_all) };

static const struct zigts_class query_class = {
	.name = "Query", .payload = sizeof(struct state), .nslots = NSLOTS, .rows = rows, .nrows = 1,
	.named_get = named_get, .named_keys = named_keys,
};

int query_install(struct zigts *vm) { return web_class(vm, &query_class, false, &class_id); }

zigts_val query_of_request(struct zigts *vm, const struct host_request *rq)
{
	zigts_val obj = zigts_host_new(vm, class_id);

	if (obj != ZIGTS_EXC)
		((struct state *)zigts_host_init_payload(obj, class_id))->rq = rq;
	return obj;
}

zigts_val query_of_text(struct zigts *vm, struct sv query)
{
	zigts_val kept = zigts_string(vm, query.p, query.n), obj = zigts_host_new(vm, class_id);

	if (kept == ZIGTS_EXC || obj == ZIGTS_EXC)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, obj, TEXT, kept);
	return obj;
}
