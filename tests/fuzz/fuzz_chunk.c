/* fuzz_chunk.c: libFuzzer on the decoder of chunked bodies, alone and behind
 * heads in a stream. For any input: every split gives the outcome of the whole,
 * data is what a slow second decoder reads, limits hold. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "tests/http/stream.h"

#define LIMIT 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome { int code; size_t used, n; char *data; };

/* Pieces of `step` bytes behind a first one of `first`, each at an address of
 * its own. */
static struct outcome decode(const char *p, size_t n, size_t first, size_t step)
{
	struct outcome o = { .data = malloc(n + 1) };
	enum gate_verdict v = GATE_MORE;
	size_t at = 0, k, used, made;
	struct chunk d;

	AN(o.data);
	chunk_init(&d, LIMIT);
	for (k = first; v == GATE_MORE && at < n; k = step) {
		char *copy;

		k = k < n - at ? k : n - at;
		copy = malloc(k + !k);
		AN(copy);
		memcpy(copy, p + at, k);
		v = chunk_feed(&d, copy, k, copy, &used, &made);
		AN(used <= k && made <= used && (v != GATE_MORE || used == k));
		memcpy(o.data + o.n, copy, made);
		o.n += made;
		o.used += used;
		at += k;
		free(copy);
	}
	o.code = v == GATE_BAD ? d.status : (int)v;
	AN(o.code <= GATE_DONE || o.code == 400 || o.code == 413 || o.code == 431);
	AN(v == GATE_BAD || (o.n <= LIMIT && d.data == o.n));
	AN(d.wire - d.data <= CHUNK_SLACK + 1 || d.wire - d.data <= CHUNK_RATIO * d.data + 1);
	return o;
}

static void same(struct outcome a, const struct outcome *b)
{
	AN(a.code == b->code && a.used == b->used && a.n == b->n && memcmp(a.data, b->data, a.n) == 0);
	free(a.data);
}

/* A complete body read once more: sizes and lengths only, no checks. */
static void read_again(const char *p, const struct outcome *o)
{
	const char *end = p + o->used;
	size_t n = 0, size;

	do {
		const char *lf;

		size = strtoull(p, NULL, 16);
		lf = memchr(p, '\n', (size_t)(end - p));
		AN(lf && n + size <= o->n);
		AN(memcmp(o->data + n, lf + 1, size) == 0);
		n += size;
		p = lf + 1 + size + (size ? 2 : 0);
	} while (size != 0);
	AN(n == o->n && memcmp(end - 2, "\r\n", 2) == 0);
}

static void stream(const char *p, size_t n, size_t step)
{
	static struct stream whole, part;
	size_t at, k;

	stream_init(&whole, LIMIT);
	stream_feed(&whole, p, n);
	stream_init(&part, LIMIT);
	for (at = 0; at < n; at += k) {
		k = step < n - at ? step : n - at;
		stream_feed(&part, p + at, k);
	}
	AN(strcmp(stream_end(&whole), stream_end(&part)) == 0);
	AN(whole.over || whole.decoded == part.decoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char head[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
	const char *p = (const char *)data;
	size_t cut, step = size > 300 ? size / 61 : 1;
	struct outcome whole = decode(p, size, size, size);
	char *both = malloc(sizeof head + size);

	for (cut = 1; cut < size; cut += step)
		same(decode(p, size, cut, size), &whole);
	same(decode(p, size, 1, step), &whole);
	if (whole.code == GATE_DONE)
		read_again(p, &whole);
	free(whole.data);
	AN(both);
	memcpy(both, head, sizeof head - 1);
	memcpy(both + sizeof head - 1, data, size);
	stream(p, size, step);
	stream(both, sizeof head - 1 + size, 1 + step);
	free(both);
	return 0;
}
