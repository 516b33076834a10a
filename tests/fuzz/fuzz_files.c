/* fuzz_files.c: libFuzzer on what decides about static files: names, dates,
 * preconditions, ranges, codings. The first byte chooses; whatever the bytes
 * are, nothing is read beyond them and the results keep their promises. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "worker/http/cond.h"
#include "worker/http/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void name(struct sv raw)
{
	char *out = malloc(raw.n + !raw.n), *p, *end;
	size_t n;

	if (path_decode(raw, out, &n) == PATH_OK) {
		AN(n != 0 && n <= raw.n && out[0] == '/');
		AZ(memchr(out, 0, n));
		for (p = out, end = out + n; p < end; p++) { /* no empty, hidden, "." or ".." segment */
			if (*p != '/' || p + 1 == end)
				continue;
			AN(p[1] != '/');
			AN(p[1] != '.' || (end - p >= 12 && memcmp(p, "/.well-known", 12) == 0 &&
					   (end - p == 12 || p[12] == '/')));
		}
		AN(mime_type((struct sv){ out, n }).n != 0);
	}
	free(out);
}

static void date(struct sv v)
{
	char text[HTTP_DATE_LEN + 1];
	int64_t t, back;

	if (!http_date_parse(v, 1700000000, &t))
		return;
	http_date_format(t, text);
	if (t >= -62167219200 && t <= 253402300799) {
		AN(http_date_parse(sv_of(text), 1700000000, &back));
		AN(back == t);
	}
}

static void range(struct sv v)
{
	static const uint64_t sizes[] = { 0, 1, 10, 100000, UINT64_MAX };
	uint64_t first, n;
	size_t i;

	for (i = 0; i < ARRAY_LEN(sizes); i++)
		if (range_parse(v, sizes[i], &first, &n) == RANGE_PART)
			AN(n != 0 && first < sizes[i] && n <= sizes[i] - first);
}

/* "Name: value" lines, cut at newlines. */
static void headers(struct sv v)
{
	struct cond_entity e = { SV("\"0123456789abcdef\""), 784111777, 1700000000 };
	struct cond_request c;
	uint64_t first = 0, n = 0;
	unsigned have;

	memset(&c, 0, sizeof c);
	while (v.n != 0) {
		const char *line = v.p, *end = memchr(v.p, '\n', v.n), *colon;
		size_t len = end ? (size_t)(end - line) : v.n;

		colon = memchr(line, ':', len);
		if (colon)
			cond_take(&c, (struct sv){ line, (size_t)(colon - line) },
				  sv_trim_ows((struct sv){ colon + 1, len - (size_t)(colon - line) - 1 }));
		len += end != NULL;
		v.p += len;
		v.n -= len;
	}
	cond_evaluate(&c, &e);
	if (cond_range(&c, &e, 1000, &first, &n) == RANGE_PART)
		AN(n != 0 && first < 1000 && n <= 1000 - first);
	for (have = 0; have < 8; have++) {
		enum coding k = coding_choose(&c.accept_encoding, have);

		AN(k == CODING_IDENTITY || (have >> k & 1));
		AN(k == CODING_IDENTITY || c.accept_encoding.n != 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy;
	struct sv v;

	if (size == 0)
		return 0;
	copy = malloc(size - 1 + (size == 1)); /* exactly as long as it is */
	memcpy(copy, data + 1, size - 1);
	v = (struct sv){ copy, size - 1 };
	switch (data[0] & 3) {
	case 0: name(v); break;
	case 1: date(v); break;
	case 2: range(v); break;
	default: headers(v); break;
	}
	free(copy);
	return 0;
}
