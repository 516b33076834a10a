/* query.c: percent decoding and request.query. Called by Request's getters. Malformed percent sequences stay as they are (WHATWG URL). */
#include "base/utf.h"
#include "worker/host/parts.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_plain(struct sv s, bool plus)
{
	return !memchr(s.p, '%', s.n) && !(plus && memchr(s.p, '+', s.n));
}

/* Decodes into out, which has room for s.n + 1 bytes; NUL-terminated. */
static size_t decode(char *out, struct sv s, bool plus)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			c = (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]));
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return n;
}

zigts_val percent_decoded(struct zigts *vm, struct sv s, bool plus, bool lasts)
{
	char *p;

	if (is_plain(s, plus))
		return lasts ? zigts_string_borrow(vm, s.p, s.n) : zigts_string(vm, s.p, s.n);
	p = zigts_scratch(vm, s.n + 1);
	if (!p)
		return ZIGTS_EXC;
	return zigts_string(vm, p, decode(p, s, plus));
}

/* ---- pairs ------------------------------------------------------------- */

/* Takes the next name[=value] off q; false: none is left. */
static bool next_pair(struct sv *q, struct sv *name, struct sv *value)
{
	while (q->n != 0) {
		const char *amp = memchr(q->p, '&', q->n), *eq;
		struct sv pair = { q->p, amp ? (size_t)(amp - q->p) : q->n };

		q->p += pair.n + (amp != NULL);
		q->n -= pair.n + (amp != NULL);
		if (pair.n == 0)
			continue;
		eq = memchr(pair.p, '=', pair.n);
		*name = (struct sv){ pair.p, eq ? (size_t)(eq - pair.p) : pair.n };
		*value = (struct sv){ eq ? eq + 1 : "", eq ? pair.n - name->n - 1 : 0 };
		return true;
	}
	return false;
}

/* A query string that heap memory holds is kept in TEXT; that of the request
 * being served lasts anyway. */
struct state { struct sv query; };
enum { TEXT, NSLOTS };

static int class_id;

static struct sv text_of(struct zigts *vm, zigts_val self, const struct state *st)
{
	zigts_val kept = zigts_host_slot(self, TEXT);

	return kept == ZIGTS_UNDEF ? st->query : host_text(vm, kept);
}

/* query.getAll(name): every value of the name, in order. */
static zigts_val m_get_all(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = zigts_host_payload(a[0], class_id);
	struct sv want, q, name, value;
	zigts_val out, v;
	char *plain;

	if (!st)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "not the query of a request");
	want = host_text(vm, ZIGTS_ARG(0));
	q = text_of(vm, a[0], st);
	out = zigts_array(vm);
	if (!want.p || !q.p || out == ZIGTS_EXC)
		return ZIGTS_EXC;
	while (next_pair(&q, &name, &value)) {
		plain = zigts_scratch(vm, name.n + 1);
		if (!plain)
			return ZIGTS_EXC;
		if (!sv_eq((struct sv){ plain, decode(plain, name, true) }, want))
			continue;
		v = percent_decoded(vm, value, true, zigts_host_slot(a[0], TEXT) == ZIGTS_UNDEF);
		if (v == ZIGTS_EXC || zigts_array_push(vm, out, v) != 0)
			return ZIGTS_EXC;
	}
	return out;
}

static const struct zigts_row rows[] = { ZIGTS_FN("getAll", 1, EFF_NONE, m_get_all) };

/* Objects of it carry the parameters as ordinary properties. */
static const struct zigts_class query_class = {
	.name = "Query", .payload = sizeof(struct state), .nslots = NSLOTS, .rows = rows, .nrows = 1,
};

int query_install(struct zigts *vm) { return host_class(vm, &query_class, false, &class_id); }

static int add_pair(struct zigts *vm, zigts_val obj, struct sv name, struct sv value, bool lasts)
{
	char *key = zigts_scratch(vm, name.n + 1);
	zigts_val v;

	if (!key)
		return -1;
	if (memchr(key, 0, decode(key, name, true))) /* no such property name here */
		return 0;
	v = zigts_get(vm, obj, key);
	if (v == ZIGTS_EXC)
		return -1;
	if (zigts_type(v) == ZIGTS_T_STRING)
		return 0;
	v = percent_decoded(vm, value, true, lasts);
	return v == ZIGTS_EXC ? -1 : zigts_set(vm, obj, key, v);
}

zigts_val query_object(struct zigts *vm, struct sv q, bool lasts)
{
	zigts_val obj = zigts_host_new(vm, class_id), kept;
	struct sv name, value;

	if (obj == ZIGTS_EXC)
		return obj;
	if (lasts) {
		((struct state *)zigts_host_init_payload(obj, class_id))->query = q;
	} else {
		kept = zigts_string(vm, q.p, q.n);
		if (kept == ZIGTS_EXC)
			return kept;
		zigts_host_set_slot(vm, obj, TEXT, kept);
	}
	while (next_pair(&q, &name, &value))
		if (add_pair(vm, obj, name, value, lasts) != 0)
			return ZIGTS_EXC;
	return obj;
}
