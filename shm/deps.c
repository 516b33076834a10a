/* deps.c: see deps.h. Called by the host classes (notes), and by whoever keeps
 * responses by what they depended on (sets and keys). Pure. */
#include "shm/deps.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/query.h"

static const struct sv known[] = {
#define HEADER(name) { name, sizeof name - 1 },
#include "shm/deps.def"
#undef HEADER
};
_Static_assert(ARRAY_LEN(known) <= 32, "one bit each");

static int known_index(struct sv name)
{
	int lo = 0, hi = (int)ARRAY_LEN(known) - 1;

	while (lo <= hi) { /* the table is sorted */
		int mid = (lo + hi) / 2;
		size_t n = name.n < known[mid].n ? name.n : known[mid].n;
		int c = memcmp(name.p, known[mid].p, n);

		if (c == 0 && name.n == known[mid].n)
			return mid;
		if (c < 0 || (c == 0 && name.n < known[mid].n))
			hi = mid - 1;
		else
			lo = mid + 1;
	}
	return -1;
}

static struct sv more_name(const struct deps *d, unsigned i)
{
	return (struct sv){ d->text + d->more[i].at, d->more[i].len };
}

static void note_name(struct deps *d, enum deps_kind kind, struct sv name, enum deps_field all)
{
	unsigned i;

	if (!d || d->fields & all)
		return;
	for (i = 0; i < d->n; i++)
		if (d->more[i].kind == kind && sv_eq(more_name(d, i), name))
			return;
	if (d->n == DEPS_MORE || name.n > (size_t)(DEPS_TEXT - d->text_n)) {
		d->fields |= all;
		return;
	}
	d->more[d->n].kind = (uint8_t)kind;
	d->more[d->n].pad = 0;
	d->more[d->n].at = d->text_n;
	d->more[d->n].len = (uint16_t)name.n;
	d->n++;
	memcpy(d->text + d->text_n, name.p, name.n);
	d->text_n = (uint16_t)(d->text_n + name.n);
}

void deps_header(struct deps *d, struct sv name)
{
	int i;

	if (!d)
		return;
	i = known_index(name);
	if (i >= 0)
		d->headers |= 1u << i;
	else
		note_name(d, DEP_HEADER, name, DEP_HEADERS_ALL);
}

void deps_param(struct deps *d, struct sv name) { note_name(d, DEP_PARAM, name, DEP_QUERY_ALL); }

/* ---- sets --------------------------------------------------------------- */

static int order(const struct deps *d, unsigned a, unsigned b)
{
	struct sv x = more_name(d, a), y = more_name(d, b);
	int c;

	if (d->more[a].kind != d->more[b].kind)
		return d->more[a].kind < d->more[b].kind ? -1 : 1;
	c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
	return c != 0 ? c : x.n < y.n ? -1 : x.n > y.n;
}

static bool covered(const struct deps *d, unsigned i)
{
	return d->fields & (d->more[i].kind == DEP_PARAM ? DEP_QUERY_ALL : DEP_HEADERS_ALL);
}

void deps_canonical(struct deps *d)
{
	unsigned at[DEPS_MORE], n = 0, i, k;
	struct deps out;

	deps_clear(&out);
	out.fields = d->fields;
	out.headers = d->fields & DEP_HEADERS_ALL ? 0 : d->headers;
	for (i = 0; i < d->n; i++) {
		if (covered(d, i))
			continue;
		for (k = n++; k > 0 && order(d, i, at[k - 1]) < 0; k--)
			at[k] = at[k - 1];
		at[k] = i;
	}
	for (i = 0; i < n; i++)
		note_name(&out, d->more[at[i]].kind, more_name(d, at[i]), 0);
	memcpy(d, &out, offsetof(struct deps, more));
	memcpy(d->more, out.more, out.n * sizeof out.more[0]);
	memcpy(d->text, out.text, out.text_n);
}

size_t deps_size(const struct deps *d) { return offsetof(struct deps, text) + d->text_n; }

bool deps_equal(const struct deps *a, const struct deps *b)
{
	return a->fields == b->fields && a->headers == b->headers && a->n == b->n && a->text_n == b->text_n &&
	       memcmp(a->more, b->more, a->n * sizeof a->more[0]) == 0 && memcmp(a->text, b->text, a->text_n) == 0;
}

bool deps_valid(const struct deps *d)
{
	unsigned i;

	if (d->n > DEPS_MORE || d->text_n > DEPS_TEXT || d->fields > 2 * DEP_PEER - 1)
		return false;
	for (i = 0; i < d->n; i++)
		if ((d->more[i].kind != DEP_PARAM && d->more[i].kind != DEP_HEADER) ||
		    d->more[i].at > d->text_n || d->more[i].len > d->text_n - d->more[i].at)
			return false;
	return true;
}

bool deps_asks(const struct deps *d, struct sv header)
{
	int k = known_index(header);
	unsigned i;

	if (d->fields & DEP_HEADERS_ALL)
		return true;
	if (k >= 0)
		return d->headers >> k & 1;
	for (i = 0; i < d->n; i++)
		if (d->more[i].kind == DEP_HEADER && sv_eq(more_name(d, i), header))
			return true;
	return false;
}

void deps_vary(const struct deps *d, struct buf *out)
{
	size_t began = out->len;
	unsigned i;

	if (d->fields & DEP_HEADERS_ALL) {
		buf_putc(out, '*');
		return;
	}
	for (i = 0; i < ARRAY_LEN(known); i++)
		if (d->headers >> i & 1) {
			buf_puts(out, out->len != began ? ", " : "");
			buf_put_sv(out, known[i]);
		}
	for (i = 0; i < d->n; i++)
		if (d->more[i].kind == DEP_HEADER) {
			buf_puts(out, out->len != began ? ", " : "");
			buf_put_sv(out, more_name(d, i));
		}
}

/* ---- answers ------------------------------------------------------------ */

/* Every answer is its length and its bytes: no two lists of answers look alike. */
static void put(struct buf *out, struct sv v)
{
	uint32_t n = (uint32_t)v.n;

	buf_put(out, &n, sizeof n);
	buf_put_sv(out, v);
}

static void put_end(struct buf *out)
{
	uint32_t none = UINT32_MAX;

	buf_put(out, &none, sizeof none);
}

/* All values of a header in order, then an end mark: absent differs from empty. */
static void put_header(struct buf *out, const struct deps_input *in, struct sv name)
{
	unsigned i;

	for (i = 0; i < in->nfields; i++)
		if (sv_ieq(in->field[i].name, name))
			put(out, in->field[i].value);
	put_end(out);
}

/* All values of a parameter in order, as they were written. */
static void put_param(struct buf *out, struct sv query, struct sv name)
{
	struct sv k, v;

	while (query_next(&query, &k, &v))
		if (query_name_is(k, name))
			put(out, v);
	put_end(out);
}

void deps_key(const struct deps *d, const struct deps_input *in, struct buf *out)
{
	unsigned i;

	if (d->fields & DEP_METHOD)
		put(out, in->method);
	if (d->fields & DEP_ORIGIN)
		put(out, in->origin);
	if (d->fields & DEP_PATH)
		put(out, in->path);
	if (d->fields & DEP_QUERY_ALL) {
		put(out, in->has_query ? SV("?") : SV(""));
		put(out, in->query);
	}
	if (d->fields & DEP_HEADERS_ALL) {
		for (i = 0; i < in->nfields; i++) {
			put(out, in->field[i].name);
			put(out, in->field[i].value);
		}
		put_end(out);
	}
	if (d->fields & DEP_BODY)
		put(out, in->body);
	if (d->fields & DEP_PEER)
		put(out, in->peer);
	for (i = 0; i < ARRAY_LEN(known); i++)
		if (d->headers >> i & 1)
			put_header(out, in, known[i]);
	for (i = 0; i < d->n; i++)
		if (d->more[i].kind == DEP_HEADER)
			put_header(out, in, more_name(d, i));
		else
			put_param(out, in->query, more_name(d, i));
}

static void say(struct buf *out, const char *what, struct sv name, const struct sv *value)
{
	buf_printf(out, "%s%s" SV_FMT, what, name.n ? " " : "", SV_ARG(name));
	if (value)
		buf_printf(out, ": " SV_FMT "\n", (int)(value->n > 200 ? 200 : value->n), value->p);
	else
		buf_puts(out, ": (absent)\n");
}

static void say_header(struct buf *out, const struct deps_input *in, struct sv name)
{
	bool any = false;
	unsigned i;

	for (i = 0; i < in->nfields; i++)
		if (sv_ieq(in->field[i].name, name)) {
			say(out, "header", name, &in->field[i].value);
			any = true;
		}
	if (!any)
		say(out, "header", name, NULL);
}

static void say_param(struct buf *out, struct sv query, struct sv name)
{
	bool any = false;
	struct sv k, v;

	while (query_next(&query, &k, &v))
		if (query_name_is(k, name)) {
			say(out, "query", name, &v);
			any = true;
		}
	if (!any)
		say(out, "query", name, NULL);
}

void deps_explain(const struct deps *d, const struct deps_input *in, struct buf *out)
{
	const struct { enum deps_field f; const char *name; struct sv v; } whole[] = {
		{ DEP_METHOD, "method", in->method }, { DEP_ORIGIN, "origin", in->origin },
		{ DEP_PATH, "path", in->path }, { DEP_QUERY_ALL, "query", in->query },
		{ DEP_BODY, "body", in->body }, { DEP_PEER, "peer address", in->peer },
	};
	unsigned i;

	for (i = 0; i < ARRAY_LEN(whole); i++)
		if (d->fields & whole[i].f)
			say(out, whole[i].name, SV(""), &whole[i].v);
	for (i = 0; d->fields & DEP_HEADERS_ALL && i < in->nfields; i++)
		say(out, "header", in->field[i].name, &in->field[i].value);
	for (i = 0; i < ARRAY_LEN(known); i++)
		if (d->headers >> i & 1)
			say_header(out, in, known[i]);
	for (i = 0; i < d->n; i++)
		if (d->more[i].kind == DEP_HEADER)
			say_header(out, in, more_name(d, i));
		else
			say_param(out, in->query, more_name(d, i));
}
