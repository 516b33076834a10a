/* answers.c: see answers.h. Called by workers (memo.c) and by the supervisor's
 * control socket (`cache explain`). */
#include "shm/answers.h"

#include "base/check.h"
#include "shm/layout.h"

_Static_assert(BYPASS__N <= SHM_BYPASS, "each has a counter");

static const struct { const char *label, *text; } reason[] = {
	[BYPASS_NONE] = { "none", "" },
#define BYPASS(name, label, text) [BYPASS_##name] = { label, text },
#include "shm/bypass.def"
#undef BYPASS
};

const char *bypass_label(enum bypass b) { return reason[b < BYPASS__N ? b : BYPASS_UNKNOWN].label; }
const char *bypass_text(enum bypass b) { return reason[b < BYPASS__N ? b : BYPASS_UNKNOWN].text; }

bool directive_next(struct sv *list, struct sv *name, struct sv *arg)
{
	const char *comma, *eq;
	struct sv d;

	if (list->n == 0)
		return false;
	comma = memchr(list->p, ',', list->n);
	d = (struct sv){ list->p, comma ? (size_t)(comma - list->p) : list->n };
	list->p += d.n + (comma != NULL);
	list->n -= d.n + (comma != NULL);
	d = sv_trim_ows(d);
	eq = d.n ? memchr(d.p, '=', d.n) : NULL;
	*name = (struct sv){ d.p, eq ? (size_t)(eq - d.p) : d.n };
	*arg = (struct sv){ eq ? eq + 1 : "", eq ? d.n - name->n - 1 : 0 };
	return true;
}

bool answers_bypassed(const struct deps_input *in)
{
	struct sv list, name, arg;
	uint32_t i;

	for (i = 0; i < in->nfields; i++) {
		const struct deps_pair *f = &in->field[i];

		if (f->name.n == 6 && sv_ieq(f->name, SV("pragma")) && sv_ieq(f->value, SV("no-cache")))
			return true;
		if (f->name.n != 13 || !sv_ieq(f->name, SV("cache-control")))
			continue;
		for (list = f->value; directive_next(&list, &name, &arg);)
			if (sv_ieq(name, SV("no-cache")) || sv_ieq(name, SV("no-store")))
				return true;
	}
	return false;
}

void answers_path(struct buf *out, uint64_t instance, uint32_t app, struct sv path)
{
	out->len = 0;
	buf_putc(out, 'P');
	buf_put(out, &instance, sizeof instance);
	buf_put(out, &app, sizeof app);
	buf_put_sv(out, path);
}

void answers_key(struct buf *out, struct sv path_key, const struct deps *set, const struct deps_input *in)
{
	uint32_t n = (uint32_t)path_key.n;

	out->len = 0;
	buf_putc(out, 'R');
	buf_put(out, &n, sizeof n);
	buf_put_sv(out, path_key);
	buf_put(out, &set->fields, sizeof set->fields);
	buf_put(out, &set->headers, sizeof set->headers);
	buf_put(out, &set->n, sizeof set->n);
	buf_put(out, set->more, set->n * sizeof set->more[0]);
	buf_put(out, &set->text_n, sizeof set->text_n);
	buf_put(out, set->text, set->text_n);
	deps_key(set, in, out);
}

/* The record: n, why, why_until_ns, where, then each set in its own length. */
#define FIXED offsetof(struct answers, set)

bool answers_load(struct cache *c, const struct cache_key *path, uint64_t now_ns, struct answers *a)
{
	char room[FIXED + sizeof a->set];
	struct cache_hit hit;
	size_t at = FIXED, n;
	uint32_t i;

	a->n = 0;
	a->why = BYPASS_NONE;
	a->why_until_ns = 0;
	a->where[0] = '\0';
	if (!cache_find(c, path, now_ns, &hit) || hit.m.kind != ANSWER_PATH || hit.m.head_n > sizeof room ||
	    hit.m.head_n < FIXED || !cache_copy(c, &hit, CACHE_HEAD, room))
		return false;
	memcpy(a, room, FIXED);
	a->where[ANSWER_WHERE - 1] = '\0';
	if (a->n > ANSWER_SETS)
		a->n = 0;
	for (i = 0; i < a->n; i++) {
		struct deps *d = &a->set[i];

		n = hit.m.head_n - at < sizeof *d ? hit.m.head_n - at : sizeof *d;
		if (n < offsetof(struct deps, text))
			break;
		memcpy(d, room + at, n);
		if (!deps_valid(d) || deps_size(d) > n)
			break;
		at += deps_size(d);
	}
	a->n = i;
	return true;
}

bool answers_store(struct cache *c, const struct cache_key *path, uint64_t now_ns, uint64_t ttl_ns,
		   const struct answers *a)
{
	struct cache_meta m = { .stored_ns = now_ns, .expires_ns = now_ns + ttl_ns, .kind = ANSWER_PATH };
	struct buf b = BUF_INIT;
	uint32_t i;
	bool ok;

	buf_put(&b, a, FIXED);
	for (i = 0; i < a->n; i++)
		buf_put(&b, &a->set[i], deps_size(&a->set[i]));
	ok = cache_put(c, path, &m, buf_sv(&b), SV(""), SV(""));
	buf_free(&b);
	return ok;
}

void answers_front(struct answers *a, const struct deps *set)
{
	struct deps front = *set; /* may lie in the array */
	uint32_t i;

	for (i = 0; i < a->n && !deps_equal(&a->set[i], &front); i++)
		;
	if (i == a->n && a->n < ANSWER_SETS)
		a->n++;
	if (i == ANSWER_SETS)
		i--;
	for (; i > 0; i--)
		a->set[i] = a->set[i - 1];
	a->set[0] = front;
}
