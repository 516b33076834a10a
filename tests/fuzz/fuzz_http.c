/* fuzz_http.c: libFuzzer on the strict gate and the second opinion. For any
 * input: every split gives the verdict of the whole; what is accepted is read
 * alike by http-parser, or refused by the pair of them; views lie inside. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "worker/http/gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int feed(struct http_head *h, const char *p, size_t n)
{
	char *copy = malloc(n + !n);  /* exactly as long as it is */
	enum gate_verdict v;

	memcpy(copy, p, n);
	v = gate_feed(h, copy, n);
	free(copy);
	return v == GATE_BAD ? h->status : (int)v;
}

static void inside(const struct http_head *h, struct http_range r)
{
	AN(r.at >= h->start || r.n == 0);
	AN((size_t)r.at + r.n <= h->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_head whole, part;
	const char *p = (const char *)data;
	size_t cut, step = size > 600 ? size / 97 : 1, i;
	int v, w;

	gate_init(&whole);
	v = feed(&whole, p, size);
	for (cut = 0; cut < size; cut += step) {
		gate_init(&part);
		w = feed(&part, p, cut);
		if (w == GATE_MORE)
			w = feed(&part, p, size);
		AN(w == v);
	}
	gate_init(&part);
	for (cut = 0, w = GATE_MORE; cut <= size && w == GATE_MORE; cut += step)
		w = feed(&part, p, cut);
	if (w == GATE_MORE)
		w = feed(&part, p, size);
	AN(w == v);
	if (v == GATE_DONE) {
		AN(whole.size <= size && part.size == whole.size && part.nfields == whole.nfields);
		inside(&whole, whole.target);
		inside(&whole, whole.path);
		inside(&whole, whole.query);
		inside(&whole, whole.host);
		for (i = 0; i < whole.nfields; i++) {
			inside(&whole, whole.field[i].name);
			inside(&whole, whole.field[i].value);
		}
		AN(gate_second_opinion(&whole, p));
	}
	return 0;
}
