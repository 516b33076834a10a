/* multipart.c: see multipart.h. */
#include "base/multipart.h"

static bool is_token(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static struct sv trim(struct sv s)
{
	while (s.n && strchr(" \t\r\n", s.p[0]) && s.p[0])
		s.p++, s.n--;
	while (s.n && strchr(" \t\r\n", s.p[s.n - 1]) && s.p[s.n - 1])
		s.n--;
	return s;
}

/* The text before c or all of it; *s goes behind c. */
static struct sv until(struct sv *s, char c)
{
	const char *at = s->n ? memchr(s->p, c, s->n) : NULL;
	struct sv part = { s->p, at ? (size_t)(at - s->p) : s->n };

	s->p += part.n + (at != NULL);
	s->n -= part.n + (at != NULL);
	return part;
}

/* A parameter "name=value" or "name="quoted"" behind its semicolon; *s goes behind it.
 * False: none, or it cannot be read. */
static bool parameter(struct sv *s, struct sv *name, struct sv *value)
{
	size_t i = 0;

	*s = trim(*s);
	while (i < s->n && s->p[i] != '=' && s->p[i] != ';')
		i++;
	if (i == s->n || s->p[i] == ';')
		return false;
	*name = trim((struct sv){ s->p, i });
	s->p += i + 1;
	s->n -= i + 1;
	if (s->n && s->p[0] == '"') {
		s->p++, s->n--;
		if (!memchr(s->p, '"', s->n))
			return false;
		*value = until(s, '"');
		(void)until(s, ';');
		return true;
	}
	*value = trim(until(s, ';'));
	return true;
}

bool multipart_essence_is(struct sv type, struct sv want) { return sv_ieq(trim(until(&type, ';')), want); }

bool multipart_boundary(struct sv type, struct sv *boundary)
{
	struct sv name, value;

	if (!sv_ieq(trim(until(&type, ';')), SV("multipart/form-data")))
		return false;
	while (type.n) {
		if (!parameter(&type, &name, &value)) {
			(void)until(&type, ';');
			continue;
		}
		if (!sv_ieq(name, SV("boundary")))
			continue;
		*boundary = value;
		return value.n != 0 && value.n <= MULTIPART_BOUNDARY_MAX && !memchr(value.p, '\\', value.n);
	}
	return false;
}

/* s begins with "--boundary": it goes behind that. */
static bool delimiter(struct sv *s, struct sv boundary)
{
	if (s->n < 2 + boundary.n || memcmp(s->p, "--", 2) != 0 || memcmp(s->p + 2, boundary.p, boundary.n) != 0)
		return false;
	s->p += 2 + boundary.n;
	s->n -= 2 + boundary.n;
	return true;
}

bool multipart_begin(struct multipart *m, struct sv body, struct sv boundary)
{
	*m = (struct multipart){ .rest = body, .boundary = boundary };
	if (body.n >= 2 && memcmp(body.p, "\r\n", 2) == 0)
		m->rest.p += 2, m->rest.n -= 2;
	return boundary.n != 0 && delimiter(&m->rest, boundary);
}

/* Content-Disposition: form-data; name="…"; filename="…" */
static bool disposition(struct sv v, struct multipart_part *part)
{
	struct sv name, value;
	bool named = false;

	if (!sv_ieq(trim(until(&v, ';')), SV("form-data")))
		return false;
	while (v.n) {
		if (!parameter(&v, &name, &value))
			return false;
		if (sv_ieq(name, SV("name"))) {
			part->name = value;
			named = true;
		} else if (sv_ieq(name, SV("filename"))) {
			part->filename = value;
			part->has_filename = true;
		}
	}
	return named;
}

/* Header fields up to the empty line; m->rest goes behind it. */
static bool head(struct multipart *m, struct multipart_part *part)
{
	const char *limit = m->rest.p + (m->rest.n < MULTIPART_HEAD_MAX ? m->rest.n : MULTIPART_HEAD_MAX);
	bool found = false;

	for (;;) {
		const char *end = memmem(m->rest.p, (size_t)(limit - m->rest.p), "\r\n", 2);
		struct sv line, name;
		size_t i;

		if (!end)
			return false;
		line = (struct sv){ m->rest.p, (size_t)(end - m->rest.p) };
		m->rest.p += line.n + 2;
		m->rest.n -= line.n + 2;
		if (line.n == 0)
			return found;
		if (!memchr(line.p, ':', line.n))
			return false;
		name = until(&line, ':');
		for (i = 0; i < name.n; i++)
			if (!is_token(name.p[i]))
				return false;
		if (sv_ieq(name, SV("content-disposition"))) {
			if (!disposition(line, part))
				return false;
			found = true;
		} else if (sv_ieq(name, SV("content-type"))) {
			part->content_type = trim(line);
		}
	}
}

int multipart_next(struct multipart *m, struct multipart_part *part)
{
	const char *from, *at;
	size_t n;

	*part = (struct multipart_part){ 0 };
	if (m->rest.n >= 2 && memcmp(m->rest.p, "--", 2) == 0)
		return 0;
	while (m->rest.n && (m->rest.p[0] == ' ' || m->rest.p[0] == '\t')) /* transport padding */
		m->rest.p++, m->rest.n--;
	if (m->rest.n < 2 || memcmp(m->rest.p, "\r\n", 2) != 0 || ++m->parts > MULTIPART_PARTS_MAX)
		return -1;
	m->rest.p += 2;
	m->rest.n -= 2;
	if (!head(m, part))
		return -1;
	from = m->rest.p;
	for (at = from, n = m->rest.n; (at = memmem(at, n, "\r\n--", 4)) != NULL; at += 4, n = (size_t)(from + m->rest.n - at)) {
		struct sv rest = { at + 2, (size_t)(from + m->rest.n - at) - 2 };

		if (delimiter(&rest, m->boundary)) {
			part->body = (struct sv){ from, (size_t)(at - from) };
			m->rest = rest;
			return 1;
		}
	}
	return -1;
}

void multipart_name(struct buf *out, struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%' && s.n - i > 2) {
			struct sv code = { s.p + i + 1, 2 };

			c = sv_ieq(code, SV("22")) ? '"' : sv_ieq(code, SV("0d")) ? '\r' : sv_ieq(code, SV("0a")) ? '\n' : c;
			if (c != '%')
				i += 2;
		}
		buf_putc(out, c);
	}
}

void multipart_put_lines(struct buf *out, struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r' || s.p[i] == '\n') {
			buf_put(out, "\r\n", 2);
			i += s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';
		} else {
			buf_putc(out, s.p[i]);
		}
	}
}

static void put_escaped(struct buf *out, struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '\n': buf_puts(out, "%0A"); break;
		case '\r': buf_puts(out, "%0D"); break;
		case '"': buf_puts(out, "%22"); break;
		default: buf_putc(out, s.p[i]);
		}
}

void multipart_put_name(struct buf *out, struct sv s, bool filename)
{
	struct buf lines = BUF_INIT;

	if (filename) {
		put_escaped(out, s);
		return;
	}
	multipart_put_lines(&lines, s);
	put_escaped(out, (struct sv){ lines.p, lines.len });
	buf_free(&lines);
}
