/* chunk.c: chunked request bodies (see chunk.h). Called by the connection code
 * for bytes behind a head with Transfer-Encoding: chunked; must stay free of
 * state of its own, allocation and I/O. */
#include "worker/http/chunk.h"

#include "base/check.h"

enum phase {
	SIZE, EXT_NAME_FIRST, EXT_NAME, EXT_VALUE_FIRST, EXT_TOKEN, EXT_QUOTED, EXT_ESCAPED, EXT_QUOTED_END,
	SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, END_LF, END
};

void chunk_init(struct chunk *d, uint64_t limit) { *d = (struct chunk){ .limit = limit }; }

static COLD enum gate_verdict bad(struct chunk *d, uint16_t status, const char *why)
{
	d->status = status;
	d->why = why;
	return GATE_BAD;
}

static int hex(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 9110 5.6.4: what a quoted-string holds, and what may be escaped in it. */
static bool is_quotable(unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); }

/* A byte of the chunk line behind the size. */
static enum gate_verdict ext_step(struct chunk *d, unsigned char c)
{
	bool more = c == ';', end = c == '\r';

	if (!end && (++d->ext > CHUNK_EXT_MAX || ++d->ext_total > CHUNK_EXT_BODY_MAX))
		return bad(d, 400, "chunk extensions too long");
	switch ((enum phase)d->phase) {
	case EXT_NAME_FIRST:
		if (!http_is_tchar(c))
			return bad(d, 400, "malformed chunk extension");
		d->phase = EXT_NAME;
		return GATE_MORE;
	case EXT_NAME:
		if (http_is_tchar(c))
			return GATE_MORE;
		if (c == '=') {
			d->phase = EXT_VALUE_FIRST;
			return GATE_MORE;
		}
		break;
	case EXT_VALUE_FIRST:
		if (c != '"' && !http_is_tchar(c))
			return bad(d, 400, "malformed chunk extension");
		d->phase = c == '"' ? EXT_QUOTED : EXT_TOKEN;
		return GATE_MORE;
	case EXT_TOKEN:
		if (http_is_tchar(c))
			return GATE_MORE;
		break;
	case EXT_QUOTED:
		if (!is_quotable(c))
			return bad(d, 400, "malformed chunk extension");
		if (c == '"' || c == '\\')
			d->phase = c == '"' ? EXT_QUOTED_END : EXT_ESCAPED;
		return GATE_MORE;
	case EXT_ESCAPED:
		if (!is_quotable(c))
			return bad(d, 400, "malformed chunk extension");
		d->phase = EXT_QUOTED;
		return GATE_MORE;
	default: /* EXT_QUOTED_END */
		break;
	}
	if (!more && !end)
		return bad(d, 400, "malformed chunk extension");
	d->phase = more ? EXT_NAME_FIRST : SIZE_LF;
	return GATE_MORE;
}

static enum gate_verdict size_step(struct chunk *d, unsigned char c)
{
	int v = hex(c);

	if (v >= 0) {
		if (d->digits++ == CHUNK_DIGITS_MAX)
			return bad(d, 400, "chunk size too long");
		d->left = d->left << 4 | (unsigned)v;
		return GATE_MORE;
	}
	if (d->digits == 0)
		return bad(d, 400, "malformed chunk size");
	if (c == '\r') {
		d->phase = SIZE_LF;
		return GATE_MORE;
	}
	if (c != ';')
		return bad(d, 400, "malformed chunk size");
	if (++d->ext > CHUNK_EXT_MAX || ++d->ext_total > CHUNK_EXT_BODY_MAX)
		return bad(d, 400, "chunk extensions too long");
	d->phase = EXT_NAME_FIRST;
	return GATE_MORE;
}

static enum gate_verdict size_end(struct chunk *d, unsigned char c)
{
	if (c != '\n')
		return bad(d, 400, "bare CR in a chunk line");
	if (d->left > d->limit - d->data)
		return bad(d, 413, "body too large");
	d->phase = d->left != 0 ? DATA : TRAILER;
	d->digits = 0;
	d->ext = 0;
	return GATE_MORE;
}

/* RFC 9110 6.5.1: fields that decide framing, routing or rights have no place
 * in a trailer section. */
static bool is_forbidden(struct sv name)
{
	static const struct sv list[] = {
		{ "host", 4 }, { "content-length", 14 }, { "transfer-encoding", 17 }, { "connection", 10 },
		{ "trailer", 7 }, { "te", 2 }, { "upgrade", 7 }, { "expect", 6 }, { "keep-alive", 10 },
		{ "authorization", 13 }, { "proxy-authorization", 19 }, { "cookie", 6 }, { "content-type", 12 },
		{ "content-encoding", 16 }, { "content-range", 13 }, { "range", 5 }, { "cache-control", 13 },
		{ "max-forwards", 12 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(list); i++)
		if (sv_ieq(list[i], name))
			return true;
	return false;
}

static enum gate_verdict trailer_step(struct chunk *d, unsigned char c)
{
	if (++d->trailer > HTTP_HEAD_MAX)
		return bad(d, 431, "trailers too large");
	switch ((enum phase)d->phase) {
	case TRAILER:
		if (c == '\r') {
			d->phase = END_LF;
			return GATE_MORE;
		}
		if (d->nfields++ == HTTP_HEADERS_MAX)
			return bad(d, 431, "too many trailers");
		d->name_n = 0;
		d->phase = TRAILER_NAME;
		/* fall through */
	case TRAILER_NAME:
		if (http_is_tchar(c)) {
			if (d->name_n < sizeof d->name)
				d->name[d->name_n++] = (char)c;
			return GATE_MORE;
		}
		if (c != ':' || d->name_n == 0)
			return bad(d, 400, "malformed trailer name");
		if (is_forbidden((struct sv){ d->name, d->name_n }))
			return bad(d, 400, "forbidden trailer");
		d->phase = TRAILER_VALUE;
		return GATE_MORE;
	case TRAILER_VALUE:
		if (c == '\r')
			d->phase = TRAILER_LF;
		else if ((c < 0x20 && c != '\t') || c == 0x7f)
			return bad(d, 400, "control byte in a trailer");
		return GATE_MORE;
	default: /* TRAILER_LF, END_LF */
		if (c != '\n')
			return bad(d, 400, "bare CR in a trailer");
		d->phase = d->phase == END_LF ? END : TRAILER;
		return d->phase == END ? GATE_DONE : GATE_MORE;
	}
}

/* One byte that is not data. */
static enum gate_verdict step(struct chunk *d, unsigned char c)
{
	if (d->wire - d->data > CHUNK_SLACK && d->wire - d->data > CHUNK_RATIO * d->data)
		return bad(d, 400, "more chunk framing than data");
	switch ((enum phase)d->phase) {
	case SIZE:
		return size_step(d, c);
	case SIZE_LF:
		return size_end(d, c);
	case DATA_CR:
		d->phase = DATA_LF;
		return c == '\r' ? GATE_MORE : bad(d, 400, "chunk data longer than its size");
	case DATA_LF:
		d->phase = SIZE;
		return c == '\n' ? GATE_MORE : bad(d, 400, "bare CR behind chunk data");
	case TRAILER: case TRAILER_NAME: case TRAILER_VALUE: case TRAILER_LF: case END_LF:
		return trailer_step(d, c);
	case END:
		return GATE_DONE;
	default:
		return ext_step(d, c);
	}
}

enum gate_verdict chunk_feed(struct chunk *d, const char *in, size_t n, char *out, size_t *used, size_t *made)
{
	enum gate_verdict v = d->phase == END ? GATE_DONE : GATE_MORE;
	size_t i = 0;

	*made = 0;
	while (i < n && v == GATE_MORE) {
		if (d->phase == DATA) {
			size_t k = n - i < d->left ? n - i : (size_t)d->left;

			memmove(out + *made, in + i, k);
			*made += k;
			d->data += k;
			d->wire += k;
			d->left -= k;
			i += k;
			if (d->left == 0)
				d->phase = DATA_CR;
			continue;
		}
		d->wire++;
		v = step(d, (unsigned char)in[i++]);
	}
	*used = i;
	return v;
}
