/* ctl_cache.c: see ctl_cache.h. Called by ctl.c. Takes a URL and header lines
 * apart as a client would that sends them; the server is asked about the result. */
#include "cli/ctl_cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#include "base/check.h"
#include "cli/ctl_show.h"
#include "cli/ctl_talk.h"

#define ANSWER_MS 10000

static void show_stats(const msgpack_object *m)
{
	static const struct { const char *key, *text; } row[] = {
		{ "hits", "answered from it" }, { "misses", "could have been" }, { "waits", "waited for another worker" },
		{ "stores", "responses put into it" }, { "evictions", "displaced by others" },
		{ "dropped_shards", "parts emptied because a process died in them" }, { "damaged", "with a wrong checksum" },
	};
	const msgpack_object *why = ctl_get(m, "bypass");
	char used[24], room[24];
	size_t i;

	show_kb(used, ctl_u64(m, "bytes") / 1024);
	show_kb(room, ctl_u64(m, "capacity") / 1024);
	printf("%-14s %10" PRIu64 "  %s of %s\n", "entries", ctl_u64(m, "entries"), used, room);
	for (i = 0; i < ARRAY_LEN(row); i++)
		printf("%-14s %10" PRIu64 "  %s\n", row[i].key, ctl_u64(m, row[i].key), row[i].text);
	for (i = 0; why && why->type == MSGPACK_OBJECT_MAP && i < why->via.map.size; i++) {
		const msgpack_object_kv *kv = &why->via.map.ptr[i];

		if (kv->key.type == MSGPACK_OBJECT_STR && kv->val.type == MSGPACK_OBJECT_POSITIVE_INTEGER)
			printf("%-14s %10" PRIu64 "  %.*s\n", i == 0 ? "bypass" : "", kv->val.via.u64,
			       (int)kv->key.via.str.size, kv->key.via.str.ptr);
	}
}

static void show_flushed(const msgpack_object *m)
{
	(void)m;
	puts("the cache is empty");
}

static void show_lines(struct sv text)
{
	while (text.n != 0) {
		const char *nl = memchr(text.p, '\n', text.n);
		size_t n = nl ? (size_t)(nl - text.p) : text.n;

		printf("             %.*s\n", (int)n, text.p);
		text.p += n + (nl != NULL);
		text.n -= n + (nl != NULL);
	}
}

static void show_set(const msgpack_object *m, uint32_t i)
{
	struct sv asks = ctl_text(m, "asks");
	char age[24], left[24];

	printf("read set %-3" PRIu32 " ", i + 1);
	if (ctl_bool(m, "hit")) {
		show_age(age, ctl_u64(m, "age_s"));
		show_age(left, ctl_u64(m, "left_s"));
		printf("HIT: status %" PRIu64 ", %s old, %s left, %" PRIu64 " bytes of head, %" PRIu64 " of body",
		       ctl_u64(m, "status"), age, left, ctl_u64(m, "head_bytes"), ctl_u64(m, "body_bytes"));
		if (ctl_u64(m, "gzip_bytes"))
			printf(" (%" PRIu64 " in gzip)", ctl_u64(m, "gzip_bytes"));
		puts("");
	} else {
		puts("miss: nothing is kept for these answers");
	}
	if (asks.n)
		show_lines(asks);
	else
		puts("             (nothing of the request but its path)");
}

static void show_explain(const msgpack_object *m)
{
	const msgpack_object *b = ctl_get(m, "bypass"), *sets = ctl_get(m, "sets");
	uint32_t n = sets && sets->type == MSGPACK_OBJECT_ARRAY ? sets->via.array.size : 0, i;
	struct sv where;

	printf("%-12s " SV_FMT "\n%-12s " SV_FMT ", generation %" PRIu64 "\n", "path", SV_ARG(ctl_text(m, "path")), "app",
	       SV_ARG(ctl_text(m, "app")), ctl_u64(m, "generation"));
	if (!ctl_bool(m, "enabled"))
		printf("%-12s switched off (cache.enabled)\n", "cache");
	if (b) {
		where = ctl_text(b, "where");
		printf("%-12s " SV_FMT ": " SV_FMT, "bypass", SV_ARG(ctl_text(b, "reason")), SV_ARG(ctl_text(b, "text")));
		if (where.n)
			printf(", at " SV_FMT, SV_ARG(where));
		puts("");
	}
	for (i = 0; i < n; i++)
		show_set(&sets->via.array.ptr[i], i);
	if (n == 0 && !b)
		printf("%-12s of this path so far\n", "nothing");
}

static const struct subverb { const char *name, *ask; int words; void (*show)(const msgpack_object *m); } subverbs[] = {
	{ "stats", "cache-stats", 1, show_stats },
	{ "flush", "cache-flush", 1, show_flushed },
	{ "explain", "cache-explain", 2, show_explain },
};

static const struct subverb *find(const struct cache_args *a)
{
	size_t i;

	for (i = 0; a->argc > 0 && i < ARRAY_LEN(subverbs); i++)
		if (strcmp(a->argv[0], subverbs[i].name) == 0 && a->argc == subverbs[i].words)
			return &subverbs[i];
	return NULL;
}

/* "name: value" without the space around them. False: not of that form. */
static bool header_split(const char *line, struct sv *name, struct sv *value)
{
	const char *colon = strchr(line, ':');

	if (!colon || colon == line)
		return false;
	*name = (struct sv){ line, (size_t)(colon - line) };
	*value = sv_trim_ows(sv_of(colon + 1));
	return true;
}

/* [http://host]/path[?query][#fragment]. The host of a URL without one is NULL. */
static bool url_split(const char *url, struct sv *host, struct sv *target)
{
	struct sv u = { url, strcspn(url, "#") };
	const char *sep = memmem(u.p, u.n, "://", 3);

	*host = (struct sv){ NULL, 0 };
	if (sep && u.p[0] != '/') {
		u.n -= (size_t)(sep + 3 - u.p);
		u.p = sep + 3;
		*host = (struct sv){ u.p, strcspn(u.p, "/?#") };
		u.p += host->n;
		u.n -= host->n;
		*target = u.n == 0 ? SV("/") : u;
		return host->n != 0 && target->p[0] == '/';
	}
	*target = u;
	return u.n != 0 && u.p[0] == '/';
}

int cache_check(const struct cache_args *a)
{
	const struct subverb *v = find(a);
	struct sv x, y;
	int i;

	if (!v)
		fputs("usage: zigttpctl cache stats\n       zigttpctl cache flush\n"
		      "       zigttpctl cache explain URL [-H NAME:VALUE]...\n", stderr);
	else if (v->words == 2 && !url_split(a->argv[1], &x, &y))
		fprintf(stderr, "zigttpctl: \"%s\" is neither a path nor http://HOST/PATH\n", a->argv[1]);
	else {
		for (i = 0; i < a->nheaders && header_split(a->header[i], &x, &y); i++)
			;
		if (i == a->nheaders)
			return 0;
		fprintf(stderr, "zigttpctl: \"%s\" is no header: NAME:VALUE\n", a->header[i]);
	}
	return CTL_USAGE;
}

/* What a client would send: the Host field of the URL unless -H has one. */
static void put_question(void *u, struct ctl_out *o)
{
	const struct cache_args *a = u;
	struct sv host, target, name, value;
	bool has_host = false;
	int i;

	if (a->argc < 2 || !url_split(a->argv[1], &host, &target))
		return;
	for (i = 0; i < a->nheaders; i++)
		has_host |= header_split(a->header[i], &name, &value) && name.n == 4 && strncasecmp(name.p, "host", 4) == 0;
	ctl_put_sv(o, "target", target);
	ctl_open_array(o, "headers");
	if (!has_host) {
		ctl_put_text(o, NULL, "Host");
		ctl_put_sv(o, NULL, host.p ? host : SV("localhost"));
	}
	for (i = 0; i < a->nheaders; i++)
		if (header_split(a->header[i], &name, &value)) {
			ctl_put_sv(o, NULL, name);
			ctl_put_sv(o, NULL, value);
		}
	ctl_close(o);
}

int cache_run(int fd, const struct cache_args *a, bool json)
{
	const struct subverb *v = find(a);
	struct answer answer;
	int r;

	AN(v);
	r = talk_ask_about(fd, v->ask, put_question, (void *)(uintptr_t)a, ANSWER_MS, &answer);
	if (r != 0)
		return r;
	(json ? show_json : v->show)(&answer.m.data);
	answer_free(&answer);
	return fflush(stdout) == 0 ? 0 : CTL_REFUSED;
}
