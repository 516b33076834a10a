/* fuzz_form.c: libFuzzer on the readers of form bodies. The first line of the input is
 * the media type, or the bare boundary; the rest the body. For any input: what is read
 * lies within the body, in order, and holds no delimiter; limits hold; names that are
 * written and read again are the same. */
#include <stdint.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/multipart.h"
#include "base/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void within(struct sv s, struct sv body) { AN(s.n == 0 || (s.p >= body.p && s.p + s.n <= body.p + body.n)); }

/* Decoding what was encoded gives the text, but for its line breaks. */
static void names(struct sv s)
{
	struct buf lines = BUF_INIT, coded = BUF_INIT, back = BUF_INIT;

	multipart_put_lines(&lines, s);
	multipart_put_name(&coded, s, false);
	AN(!coded.len || (!memchr(coded.p, '"', coded.len) && !memchr(coded.p, '\n', coded.len) && !memchr(coded.p, '\r', coded.len)));
	multipart_name(&back, coded.len ? buf_sv(&coded) : SV(""));
	if (!s.n || !memchr(s.p, '%', s.n))
		AN(back.len == lines.len && (back.len == 0 || memcmp(back.p, lines.p, back.len) == 0));
	buf_free(&lines);
	buf_free(&coded);
	buf_free(&back);
}

static void multipart(struct sv boundary, struct sv body)
{
	const char *at = body.p;
	struct multipart_part p;
	struct multipart m;
	unsigned n = 0;
	int r;

	if (!multipart_begin(&m, body, boundary))
		return;
	while ((r = multipart_next(&m, &p)) == 1) {
		char mark[MULTIPART_BOUNDARY_MAX + 4];

		within(p.name, body);
		within(p.filename, body);
		within(p.content_type, body);
		within(p.body, body);
		AN(p.body.p >= at);
		at = p.body.p + p.body.n;
		memcpy(mark, "\r\n--", 4);
		memcpy(mark + 4, boundary.p, boundary.n);
		AN(!memmem(p.body.p, p.body.n, mark, 4 + boundary.n));
		names(p.name);
		names(p.filename);
		AN(++n <= MULTIPART_PARTS_MAX);
	}
}

static void pairs(struct sv text)
{
	size_t total = text.n, sum = 0;
	struct sv name, value;
	char *out = malloc(total + 1);

	AN(out);
	while (query_next(&text, &name, &value)) {
		sum += name.n + value.n;
		AN(sum <= total && query_decode(out, name, true) <= name.n && query_decode(out, value, true) <= value.n);
	}
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv all = { (const char *)data, size }, boundary;
	const char *line = size ? memchr(all.p, '\n', all.n) : NULL;
	struct sv type = { all.p, line ? (size_t)(line - all.p) : 0 }, body = all;
	char *copy; /* of the body, so that a sanitizer sees reads behind it */

	if (line)
		body = (struct sv){ line + 1, size - type.n - 1 };
	copy = malloc(body.n + !body.n);
	AN(copy);
	if (body.n)
		memcpy(copy, body.p, body.n);
	body.p = copy;
	if (multipart_boundary(type, &boundary)) {
		AN(boundary.n != 0 && boundary.n <= MULTIPART_BOUNDARY_MAX);
		multipart(boundary, body);
	}
	if (type.n != 0 && type.n <= MULTIPART_BOUNDARY_MAX)
		multipart(type, body);
	pairs(body);
	free(copy);
	return 0;
}
