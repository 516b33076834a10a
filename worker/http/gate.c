/* gate.c: the strict gate over request heads (see gate.h). Called for every
 * request before anything else looks at the bytes; must stay free of state,
 * allocation and I/O. */
#include "worker/http/gate.h"

#include <arpa/inet.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/check.h"

enum phase { START, LINE, METHOD, TARGET, VERSION, FIELD, NAME, VALUE };
enum { NEXT = 100 }; /* a phase is finished; go on with h->phase */

#define T 1 /* tchar */
#define U 2 /* allowed in a request target */
static const uint8_t class_of[256] = {
	['!'] = T | U, ['#'] = T, ['$'] = T | U, ['%'] = T | U, ['&'] = T | U, ['\''] = T | U,
	['('] = U, [')'] = U, ['*'] = T | U, ['+'] = T | U, [','] = U, ['-'] = T | U, ['.'] = T | U,
	['/'] = U, ['0' ... '9'] = T | U, [':'] = U, [';'] = U, ['='] = U, ['?'] = U, ['@'] = U,
	['A' ... 'Z'] = T | U, ['['] = U, [']'] = U, ['^'] = T, ['_'] = T | U, ['`'] = T,
	['a' ... 'z'] = T | U, ['|'] = T, ['~'] = T | U,
};

bool http_is_tchar(unsigned char c) { return class_of[c] & T; }

void gate_init(struct http_head *h) { memset(h, 0, offsetof(struct http_head, field)); }

static COLD int bad(struct http_head *h, uint16_t status, const char *why)
{
	h->status = status;
	h->why = why;
	return GATE_BAD;
}

static inline int more(struct http_head *h, size_t i)
{
	h->pos = (uint16_t)i;
	return GATE_MORE;
}

static inline int next(struct http_head *h, enum phase ph, size_t i)
{
	h->phase = (uint8_t)ph;
	h->pos = (uint16_t)i;
	h->mark = (uint16_t)i;
	return NEXT;
}

/* RFC 9112 2.2: at most one empty line may precede the request line. */
static int scan_start(struct http_head *h, const char *p, size_t n)
{
	if (n == 0)
		return GATE_MORE;
	if (p[0] != '\r')
		return next(h, LINE, 0);
	if (n < 2)
		return GATE_MORE;
	if (p[1] != '\n')
		return bad(h, 400, "bare CR before the request line");
	return next(h, LINE, 2);
}

static const struct sv method_name[] = {
#define XX(num, name, string) [num] = { #string, sizeof(#string) - 1 },
	HTTP_METHOD_MAP(XX)
#undef XX
};
#define METHOD_LONGEST 11 /* UNSUBSCRIBE */

/* The method's number; -1 for what this server does not implement. */
static int method_find(struct sv m)
{
	size_t i;

	if (m.n == 3 && memcmp(m.p, "GET", 3) == 0)
		return HTTP_GET;
	for (i = 0; i < ARRAY_LEN(method_name); i++)
		if (sv_eq(method_name[i], m))
			return i == HTTP_CONNECT || i == HTTP_SOURCE ? -1 : (int)i;
	return -1;
}

static int scan_method(struct http_head *h, const char *p, size_t n)
{
	size_t i = h->pos;
	int m;

	for (; i < n && class_of[(uint8_t)p[i]] & T; i++)
		if (i - h->start >= METHOD_LONGEST)
			return bad(h, 501, "method not implemented");
	if (i == n)
		return more(h, i);
	if (p[i] != ' ' || i == h->start)
		return bad(h, 400, "malformed method");
	h->method_text = (struct http_range){ h->start, (uint16_t)(i - h->start) };
	if (sv_eq(http_view(p, h->method_text), SV("PRI"))) {
		h->preface = true; /* of HTTP/2: refused at the version */
		return next(h, TARGET, i + 1);
	}
	m = method_find(http_view(p, h->method_text));
	if (m < 0)
		return bad(h, 501, "method not implemented");
	h->method = (uint8_t)m;
	return next(h, TARGET, i + 1);
}

/* Splits the target (RFC 9112 3.2) and refuses forms without a use here. */
static int target_split(struct http_head *h, const char *p)
{
	struct sv t = http_view(p, h->target);
	uint16_t at = h->target.at;
	const char *q;
	size_t i;

	if (t.n == 1 && t.p[0] == '*') {
		if (h->method != HTTP_OPTIONS && !h->preface)
			return bad(h, 400, "asterisk target without OPTIONS");
		h->path = h->target;
		return NEXT;
	}
	if (t.p[0] != '/') {
		size_t scheme = t.n > 7 && strncasecmp(t.p, "http://", 7) == 0 ? 7 :
				t.n > 8 && strncasecmp(t.p, "https://", 8) == 0 ? 8 : 0;

		if (scheme == 0)
			return bad(h, 400, "malformed request target");
		h->absolute = true;
		for (i = scheme; i < t.n && t.p[i] != '/' && t.p[i] != '?'; i++)
			;
		h->authority = (struct http_range){ (uint16_t)(at + scheme), (uint16_t)(i - scheme) };
		at = (uint16_t)(at + i);
		t.p += i;
		t.n -= i;
	}
	q = memchr(t.p, '?', t.n);
	h->path = (struct http_range){ at, (uint16_t)(q ? (size_t)(q - t.p) : t.n) };
	if (q) {
		h->has_query = true;
		h->query = (struct http_range){ (uint16_t)(at + h->path.n + 1), (uint16_t)(t.n - h->path.n - 1) };
	}
	if (h->percent)
		for (i = 0; i + 2 < h->path.n; i++)
			if (t.p[i] == '%' && t.p[i + 1] == '0' && t.p[i + 2] == '0')
				return bad(h, 400, "NUL in the path");
	return NEXT;
}

static int scan_target(struct http_head *h, const char *p, size_t n)
{
	size_t i = h->pos, end = h->mark + (size_t)HTTP_TARGET_MAX;
	int v;

	for (; i < n && class_of[(uint8_t)p[i]] & U; i++) {
		if (i >= end)
			return bad(h, 414, "request target too long");
		h->percent |= p[i] == '%';
	}
	if (i == n)
		return more(h, i);
	if (p[i] != ' ' || i == h->mark)
		return bad(h, 400, "malformed request target");
	h->target = (struct http_range){ h->mark, (uint16_t)(i - h->mark) };
	v = target_split(h, p);
	return v == NEXT ? next(h, VERSION, i + 1) : v;
}

static int scan_version(struct http_head *h, const char *p, size_t n)
{
	static const char form[] = "HTTP/d.d\r\n";
	size_t i = h->pos, at = h->mark;

	for (; i < n && i - at < sizeof form - 1; i++) {
		char f = form[i - at];

		if (f == 'd' ? (unsigned char)(p[i] - '0') > 9 : p[i] != f)
			return bad(h, 400, "malformed request line");
		if (i - at == 7 && (p[at + 5] != '1' || p[i] > '1' || h->preface))
			return bad(h, 505, "HTTP version not supported");
	}
	if (i - at < sizeof form - 1)
		return more(h, i);
	h->minor = (uint8_t)(p[at + 7] - '0');
	return next(h, FIELD, i);
}

/* ---- fields ------------------------------------------------------------ */

static bool is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* RFC 3986 3.2.2: an IPv6 address in brackets. Returns where it ends; 0: it is
 * none. */
static size_t ip_literal(struct sv s)
{
	struct in6_addr unused;
	char text[INET6_ADDRSTRLEN];
	const char *end = memchr(s.p, ']', s.n);
	size_t n = end ? (size_t)(end - s.p) - 1 : 0;

	if (n == 0 || n >= sizeof text)
		return 0;
	memcpy(text, s.p + 1, n);
	text[n] = '\0';
	return inet_pton(AF_INET6, text, &unused) == 1 ? n + 2 : 0;
}

/* RFC 3986 3.2.2: where a reg-name (or IPv4 address) ends; 0: it is none. */
static size_t reg_name(struct sv s)
{
	size_t i;

	for (i = 0; i < s.n && s.p[i] != ':'; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9'))
			continue;
		if (c == '%' && (s.n - i < 3 || !is_hex((unsigned char)s.p[i + 1]) || !is_hex((unsigned char)s.p[i + 2])))
			return 0;
		if (c == 0 || !strchr("-._~%!$&'()*+;=", c))
			return 0;
	}
	return i;
}

/* RFC 3986 3.2: a host, then an optional port. No comma: it would be read as
 * a list elsewhere. */
static bool host_valid(struct sv s)
{
	size_t i = s.n == 0 ? 0 : s.p[0] == '[' ? ip_literal(s) : reg_name(s);
	uint32_t port = 0;

	if (i == 0)
		return false;
	if (i == s.n)
		return true;
	if (s.p[i++] != ':')
		return false;
	if (s.n - i > 5)
		return false;
	for (; i < s.n; i++) {
		if ((unsigned char)(s.p[i] - '0') > 9)
			return false;
		port = port * 10 + (uint32_t)(s.p[i] - '0');
	}
	return port <= 65535;
}

/* RFC 9110 5.5 allows HTAB around a value, but peers (http-parser among them)
 * do not all take it away: no reason to argue about framing. */
static bool has_tab(struct sv raw) { return memchr(raw.p, '\t', raw.n) != NULL; }

static int take_length(struct http_head *h, struct sv v, struct sv raw)
{
	uint64_t n = 0;
	size_t i;

	if (h->has_length)
		return bad(h, 400, "more than one Content-Length");
	if (has_tab(raw))
		return bad(h, 400, "HTAB beside Content-Length");
	if (v.n == 0)
		return bad(h, 400, "malformed Content-Length");
	for (i = 0; i < v.n; i++) {
		if ((unsigned char)(v.p[i] - '0') > 9)
			return bad(h, 400, "malformed Content-Length");
		n = n * 10 + (uint64_t)(v.p[i] - '0');
		if (n > (uint64_t)1 << 53)
			return bad(h, 400, "Content-Length too large");
	}
	h->has_length = true;
	h->content_length = n;
	return NEXT;
}

static void take_connection(struct http_head *h, struct sv v)
{
	while (v.n != 0) {
		const char *comma = memchr(v.p, ',', v.n);
		struct sv t = { v.p, comma ? (size_t)(comma - v.p) : v.n };

		v.p += t.n + (comma != NULL);
		v.n -= t.n + (comma != NULL);
		t = sv_trim_ows(t);
		h->conn_close |= sv_ieq(t, SV("close"));
		h->conn_keep |= sv_ieq(t, SV("keep-alive"));
	}
}

/* The few fields that decide framing and routing. v is the value without the
 * blanks around it, raw with them. */
static int take_field(struct http_head *h, struct sv name, struct sv v, struct sv raw, struct http_range r)
{
	switch (name.n) {
	case 4:
		if ((name.p[0] | 32) == 'h' && sv_ieq(name, SV("host"))) {
			if (h->nhost++ != 0)
				return bad(h, 400, "more than one Host");
			if (!host_valid(v))
				return bad(h, 400, "malformed Host");
			h->host = r;
		}
		break;
	case 6:
		if ((name.p[0] | 32) == 'e' && sv_ieq(name, SV("expect"))) {
			if (!sv_ieq(v, SV("100-continue")))
				return bad(h, 417, "unknown expectation");
			h->expect_continue = true;
		}
		break;
	case 10:
		if ((name.p[0] | 32) == 'c' && sv_ieq(name, SV("connection")))
			take_connection(h, v);
		break;
	case 14:
		if ((name.p[0] | 32) == 'c' && sv_ieq(name, SV("content-length")))
			return take_length(h, v, raw);
		break;
	case 17:
		if ((name.p[0] | 32) == 't' && sv_ieq(name, SV("transfer-encoding"))) {
			if (h->has_te)
				return bad(h, 501, "more than one Transfer-Encoding");
			if (has_tab(raw))
				return bad(h, 400, "HTAB beside Transfer-Encoding");
			h->has_te = true;
			h->is_chunked = sv_ieq(v, SV("chunked"));
		}
		break;
	default: /* http-parser takes the longer name for the header itself */
		if (name.n > 17 && (name.p[0] | 32) == 't' && strncasecmp(name.p, "transfer-encoding", 17) == 0)
			return bad(h, 400, "name that begins with Transfer-Encoding");
		break;
	}
	return NEXT;
}

/* What can only be judged when every field is known. */
static int finish(struct http_head *h, const char *p, size_t i)
{
	if (h->nhost == 0 && h->minor == 1)
		return bad(h, 400, "Host is missing");
	if (h->absolute && (h->nhost == 0 ? !host_valid(http_view(p, h->authority)) :
			    !sv_ieq(http_view(p, h->authority), http_view(p, h->host))))
		return bad(h, 400, "target and Host name different hosts");
	if (h->has_te && h->has_length)
		return bad(h, 400, "both Content-Length and Transfer-Encoding");
	if (h->has_te && h->minor == 0)
		return bad(h, 400, "Transfer-Encoding in HTTP/1.0");
	if (h->has_te && !h->is_chunked)
		return bad(h, 501, "transfer coding not implemented");
	h->keep_alive = h->minor == 1 ? !h->conn_close : h->conn_keep && !h->conn_close;
	h->expect_continue = h->expect_continue && h->minor == 1;
	h->size = (uint16_t)i;
	return GATE_DONE;
}

/* At the start of a line: the empty line that ends the head, or a name. */
static inline int scan_field(struct http_head *h, const char *p, size_t n)
{
	size_t i = h->pos;

	if (i == n)
		return GATE_MORE;
	if (p[i] == '\r') {
		if (i + 1 == n)
			return GATE_MORE;
		if (p[i + 1] != '\n')
			return bad(h, 400, "bare CR");
		return finish(h, p, i + 2);
	}
	if (h->nfields == HTTP_HEADERS_MAX)
		return bad(h, 431, "too many header fields");
	return next(h, NAME, i);
}

static inline int scan_name(struct http_head *h, const char *p, size_t n)
{
	size_t i = h->pos;

	while (i < n && class_of[(uint8_t)p[i]] & T)
		i++;
	if (i == n)
		return more(h, i);
	if (p[i] != ':' || i == h->mark)
		return bad(h, 400, "malformed header name");
	h->field[h->nfields].name = (struct http_range){ h->mark, (uint16_t)(i - h->mark) };
	return next(h, VALUE, i + 1);
}

/* Index of the first control byte but HTAB (or DEL) in p[i..n); n if none. */
static inline size_t value_end(const char *p, size_t i, size_t n)
{
#ifdef __SSE2__
	const __m128i low = _mm_set1_epi8(0x1f), del = _mm_set1_epi8(0x7f), tab = _mm_set1_epi8('\t');

	for (; n - i >= 16; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i ctl = _mm_cmpeq_epi8(_mm_min_epu8(v, low), v);
		__m128i hit = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(v, tab), ctl), _mm_cmpeq_epi8(v, del));
		int m = _mm_movemask_epi8(hit);

		if (m != 0)
			return i + (size_t)__builtin_ctz((unsigned)m);
	}
#endif
	for (; i < n; i++)
		if (((uint8_t)p[i] < 0x20 && p[i] != '\t') || p[i] == 0x7f)
			break;
	return i;
}

static inline int scan_value(struct http_head *h, const char *p, size_t n)
{
	size_t i = value_end(p, h->pos, n), a = h->mark, z;
	struct http_field *f = &h->field[h->nfields];
	int v;

	if (i == n)
		return more(h, i);
	if (p[i] != '\r')
		return bad(h, 400, p[i] == '\n' ? "bare LF" : "control byte in a header value");
	if (i + 1 == n)
		return more(h, i);
	if (p[i + 1] != '\n')
		return bad(h, 400, "bare CR");
	z = i;
	while (a < z && (p[a] == ' ' || p[a] == '\t'))
		a++;
	while (z > a && (p[z - 1] == ' ' || p[z - 1] == '\t'))
		z--;
	f->value = (struct http_range){ (uint16_t)a, (uint16_t)(z - a) };
	h->nfields++;
	v = take_field(h, http_view(p, f->name), http_view(p, f->value),
		       (struct sv){ p + h->mark, i - h->mark }, f->value);
	return v == NEXT ? next(h, FIELD, i + 2) : v;
}

enum gate_verdict gate_feed(struct http_head *h, const char *p, size_t n)
{
	bool full = n >= HTTP_HEAD_MAX;
	int v = NEXT;

	if (full)
		n = HTTP_HEAD_MAX;
	while (v == NEXT)
		switch ((enum phase)h->phase) {
		case START:   v = scan_start(h, p, n); break;
		case LINE:    h->start = h->pos; v = next(h, METHOD, h->pos); break;
		case METHOD:  v = scan_method(h, p, n); break;
		case TARGET:  v = scan_target(h, p, n); break;
		case VERSION: v = scan_version(h, p, n); break;
		case FIELD:   v = scan_field(h, p, n); break;
		case NAME:    v = scan_name(h, p, n); break;
		case VALUE:   v = scan_value(h, p, n); break;
		}
	if (v == GATE_MORE && full)
		v = bad(h, 431, "request head too large");
	return (enum gate_verdict)v;
}
