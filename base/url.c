/* url.c: the basic URL parser of the WHATWG URL Standard (4.4) as the state machine
 * it is written as there, percent-encode sets and the serialiser. Hosts:
 * url_host.c. Bytes stand for code points: all that the parser looks at is ASCII,
 * and every set encodes all others. */
#include "base/url.h"

#include <stdlib.h>

/* ---- percent-encode sets (1.3) ----------------------------------------- */

/* The characters between 0x20 and 0x7E that a set encodes, beyond those of C0. */
static const char *const set_chars[] = {
	[URL_SET_C0] = "",
	[URL_SET_FRAGMENT] = " \"<>`",
	[URL_SET_QUERY] = " \"#<>",
	[URL_SET_SPECIAL_QUERY] = " \"#<>'",
	[URL_SET_PATH] = " \"#<>?`{}",
	[URL_SET_USERINFO] = " \"#<>?^`{}/:;=@[\\]|",
	[URL_SET_COMPONENT] = " \"#<>?^`{}/:;=@[\\]|$%&+,",
	[URL_SET_FORM] = "\"#<>?^`{}/:;=@[\\]|$%&+,!'()~",
};

void url_encode(struct buf *out, struct sv s, enum url_set set)
{
	static const char digits[] = "0123456789ABCDEF";
	uint64_t low = 0, high = 0;        /* of 0x00..0x3F, 0x40..0x7F */
	const char *p;

	low = 0xffffffffu;
	high = (uint64_t)1 << 63;
	for (p = set_chars[set]; *p; p++)
		*(*p < 64 ? &low : &high) |= (uint64_t)1 << (*p & 63);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (set == URL_SET_FORM && c == ' ') {
			buf_putc(out, '+');
		} else if (c >= 128 || ((c < 64 ? low : high) >> (c & 63) & 1)) {
			char *q = buf_reserve(out, 3);

			q[0] = '%';
			q[1] = digits[c >> 4];
			q[2] = digits[c & 15];
			out->len += 3;
		} else {
			buf_putc(out, (char)c);
		}
	}
}

static int hex(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

void url_decode(struct buf *out, struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			buf_putc(out, (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2])));
			i += 2;
		} else {
			buf_putc(out, s.p[i]);
		}
	}
}

/* ---- small things ------------------------------------------------------- */

static bool is_alpha(int c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool is_digit(int c) { return c >= '0' && c <= '9'; }
static int lower(int c) { return c >= 'A' && c <= 'Z' ? c | 32 : c; }

static bool is(const struct buf *b, const char *s) { return sv_eq(buf_sv(b), sv_of(s)); }

int url_default_port(struct sv s)
{
	static const struct { const char *scheme; int port; } row[] = {
		{ "http", 80 }, { "https", 443 }, { "ws", 80 }, { "wss", 443 }, { "ftp", 21 },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (sv_eq(s, sv_of(row[i].scheme)))
			return row[i].port;
	return -1;
}

static bool special_scheme(const struct buf *s) { return is(s, "file") || url_default_port(buf_sv(s)) >= 0; }
bool url_is_special(const struct url *u) { return special_scheme(&u->scheme); }
bool url_cannot_have_credentials(const struct url *u)
{
	return !u->has_host || u->host.len == 0 || is(&u->scheme, "file");
}
static bool has_credentials(const struct url *u) { return u->username.len != 0 || u->password.len != 0; }

void url_strip_opaque_spaces(struct url *u)
{
	if (!u->opaque || u->has_fragment || u->has_query)
		return;
	while (u->path.len != 0 && u->path.p[u->path.len - 1] == ' ')
		u->path.len--;
}

static void set(struct buf *b, struct sv s)
{
	b->len = 0;
	buf_put_sv(b, s);
}
static void copy(struct buf *b, const struct buf *from) { set(b, buf_sv(from)); }

void url_free(struct url *u)
{
	struct buf *const all[] = { &u->scheme, &u->username, &u->password, &u->host, &u->path, &u->query, &u->fragment };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		buf_free(all[i]);
	*u = (struct url){ .port = -1 };
}

static bool drive_letter(struct sv s, bool normal)
{
	return s.n == 2 && is_alpha(s.p[0]) && (s.p[1] == ':' || (!normal && s.p[1] == '|'));
}

static bool starts_with_drive_letter(struct sv s)
{
	return s.n >= 2 && drive_letter((struct sv){ s.p, 2 }, false) && (s.n == 2 || memchr("/\\?#", s.p[2], 4));
}

/* The first segment of a path that is not opaque. */
static struct sv first_segment(const struct buf *path)
{
	const char *end;

	if (path->len == 0)
		return (struct sv){ "", 0 };
	end = memchr(path->p + 1, '/', path->len - 1);
	return (struct sv){ path->p + 1, end ? (size_t)(end - path->p) - 1 : path->len - 1 };
}

static void push(struct buf *path, struct sv segment)
{
	buf_putc(path, '/');
	buf_put_sv(path, segment);
}

/* 4.4 "shorten a url's path" */
static void shorten(struct url *u)
{
	struct sv first = first_segment(&u->path);

	if (is(&u->scheme, "file") && first.n + 1 == u->path.len && drive_letter(first, true))
		return;
	while (u->path.len != 0 && u->path.p[--u->path.len] != '/')
		;
}

/* "." and ".." with their percent-encoded forms: 1, 2 dots; 0: neither. */
static int dots(struct sv s)
{
	int n = 0;

	while (s.n != 0 && n < 3) {
		if (s.p[0] == '.')
			s.p++, s.n--;
		else if (s.n >= 3 && s.p[0] == '%' && s.p[1] == '2' && (s.p[2] | 32) == 'e')
			s.p += 3, s.n -= 3;
		else
			return 0;
		n++;
	}
	return n <= 2 ? n : 0;
}

/* ---- the state machine (4.4) ---------------------------------------------- */

enum state {
	SCHEME_START, SCHEME, NO_SCHEME, SPECIAL_RELATIVE_OR_AUTHORITY, PATH_OR_AUTHORITY, RELATIVE, RELATIVE_SLASH,
	SPECIAL_AUTHORITY_SLASHES, SPECIAL_AUTHORITY_IGNORE_SLASHES, AUTHORITY, HOST, HOSTNAME, PORT, FILE_, FILE_SLASH,
	FILE_HOST, PATH_START, PATH, OPAQUE_PATH, QUERY, FRAGMENT
};
enum verdict { GO_ON, DONE, FAILED };

struct parser {
	struct url *u;
	const struct url *base;
	struct sv in;
	size_t i;                /* of the code point c; a state may move it back, even before 0 */
	int c;                   /* -1: the end */
	enum state state;
	bool override, at_seen, inside_brackets, password_seen;
	struct buf b;            /* "buffer" */
};

static bool special(const struct parser *p) { return url_is_special(p->u); }
static int next_char(const struct parser *p) { return p->i + 1 < p->in.n ? (unsigned char)p->in.p[p->i + 1] : -1; }
static struct sv rest(const struct parser *p)
{
	return p->i < p->in.n ? (struct sv){ p->in.p + p->i, p->in.n - p->i } : (struct sv){ "", 0 };
}
static bool slash(const struct parser *p) { return p->c == '/' || (p->c == '\\' && special(p)); }
/* Goes to a state that looks at the same character again. */
static enum verdict again(struct parser *p, enum state s)
{
	p->state = s;
	p->i--;
	return GO_ON;
}
static enum verdict to(struct parser *p, enum state s)
{
	p->state = s;
	return GO_ON;
}
static enum verdict begin_query(struct parser *p)
{
	p->u->query.len = 0;
	p->u->has_query = true;
	return to(p, QUERY);
}
static enum verdict begin_fragment(struct parser *p)
{
	p->u->fragment.len = 0;
	p->u->has_fragment = true;
	return to(p, FRAGMENT);
}
static void no_query(struct url *u)
{
	u->query.len = 0;
	u->has_query = false;
}
static void take_authority(struct parser *p)
{
	copy(&p->u->username, &p->base->username);
	copy(&p->u->password, &p->base->password);
	copy(&p->u->host, &p->base->host);
	p->u->has_host = p->base->has_host;
	p->u->port = p->base->port;
}
static void take_path_and_query(struct parser *p)
{
	copy(&p->u->path, &p->base->path);
	p->u->opaque = p->base->opaque;
	copy(&p->u->query, &p->base->query);
	p->u->has_query = p->base->has_query;
}

static enum verdict scheme_done(struct parser *p)
{
	struct url *u = p->u;

	if (p->override) {
		if (special(p) != special_scheme(&p->b) ||
		    ((has_credentials(u) || u->port >= 0) && is(&p->b, "file")) || (is(&u->scheme, "file") && u->host.len == 0))
			return DONE;
		copy(&u->scheme, &p->b);
		if (u->port == url_default_port(buf_sv(&u->scheme)))
			u->port = -1;
		return DONE;
	}
	copy(&u->scheme, &p->b);
	p->b.len = 0;
	if (is(&u->scheme, "file"))
		return to(p, FILE_);
	if (special(p))
		return to(p, p->base && sv_eq(buf_sv(&p->base->scheme), buf_sv(&u->scheme)) ? SPECIAL_RELATIVE_OR_AUTHORITY
											    : SPECIAL_AUTHORITY_SLASHES);
	if (next_char(p) == '/') {
		p->i++;
		return to(p, PATH_OR_AUTHORITY);
	}
	u->path.len = 0;
	u->opaque = true;
	return to(p, OPAQUE_PATH);
}

static enum verdict on_scheme(struct parser *p)
{
	int c = p->c;

	if (p->state == SCHEME_START ? is_alpha(c) : is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.') {
		buf_putc(&p->b, (char)lower(c));
		return to(p, SCHEME);
	}
	if (p->state == SCHEME && c == ':')
		return scheme_done(p);
	if (p->override)
		return FAILED;
	p->b.len = 0;
	p->i = 0;
	return again(p, NO_SCHEME);
}

static enum verdict on_no_scheme(struct parser *p)
{
	if (!p->base || (p->base->opaque && p->c != '#'))
		return FAILED;
	if (p->base->opaque) {
		copy(&p->u->scheme, &p->base->scheme);
		take_path_and_query(p);
		return begin_fragment(p);
	}
	return again(p, is(&p->base->scheme, "file") ? FILE_ : RELATIVE);
}

static enum verdict on_relative(struct parser *p)
{
	copy(&p->u->scheme, &p->base->scheme);
	if (slash(p))
		return to(p, RELATIVE_SLASH);
	take_authority(p);
	take_path_and_query(p);
	if (p->c == '?')
		return begin_query(p);
	if (p->c == '#')
		return begin_fragment(p);
	if (p->c < 0)
		return GO_ON;
	no_query(p->u);
	shorten(p->u);
	return again(p, PATH);
}

static enum verdict on_relative_slash(struct parser *p)
{
	if (special(p) && slash(p))
		return to(p, SPECIAL_AUTHORITY_IGNORE_SLASHES);
	if (p->c == '/')
		return to(p, AUTHORITY);
	take_authority(p);
	return again(p, PATH);
}

static enum verdict on_authority(struct parser *p)
{
	if (p->c == '@') {
		struct buf with = BUF_INIT;

		if (p->at_seen)
			buf_puts(&with, "%40");
		p->at_seen = true;
		buf_put_sv(&with, buf_sv(&p->b));
		for (size_t i = 0; i < with.len; i++) {
			if (with.p[i] == ':' && !p->password_seen)
				p->password_seen = true;
			else
				url_encode(p->password_seen ? &p->u->password : &p->u->username,
					   (struct sv){ with.p + i, 1 }, URL_SET_USERINFO);
		}
		buf_free(&with);
		p->b.len = 0;
		return GO_ON;
	}
	if (p->c < 0 || p->c == '?' || p->c == '#' || slash(p)) {
		if (p->at_seen && p->b.len == 0)
			return FAILED;
		p->i -= p->b.len;
		p->b.len = 0;
		return again(p, HOST);
	}
	buf_putc(&p->b, (char)p->c);
	return GO_ON;
}

static bool take_host(struct parser *p)
{
	struct buf host = BUF_INIT;
	bool ok = url_host_parse(buf_sv(&p->b), special(p), &host);

	if (ok) {
		copy(&p->u->host, &host);
		p->u->has_host = true;
		p->b.len = 0;
	}
	buf_free(&host);
	return ok;
}

static enum verdict on_host(struct parser *p)
{
	if (p->override && is(&p->u->scheme, "file"))
		return again(p, FILE_HOST);
	if (p->c == ':' && !p->inside_brackets) {
		if (p->b.len == 0 || (p->override && p->state == HOSTNAME) || !take_host(p))
			return FAILED;
		return to(p, PORT);
	}
	if (p->c < 0 || p->c == '?' || p->c == '#' || slash(p)) {
		if (special(p) ? p->b.len == 0 : p->override && p->b.len == 0 && (has_credentials(p->u) || p->u->port >= 0))
			return FAILED;
		if (!take_host(p))
			return FAILED;
		return p->override ? DONE : again(p, PATH_START);
	}
	if (p->c == '[')
		p->inside_brackets = true;
	if (p->c == ']')
		p->inside_brackets = false;
	buf_putc(&p->b, (char)p->c);
	return GO_ON;
}

static enum verdict on_port(struct parser *p)
{
	if (is_digit(p->c)) {
		buf_putc(&p->b, (char)p->c);
		return GO_ON;
	}
	if (!(p->c < 0 || p->c == '?' || p->c == '#' || slash(p) || p->override))
		return FAILED;
	if (p->b.len != 0) {
		int32_t port = 0;

		for (size_t i = 0; i < p->b.len; i++) {
			port = port * 10 + (p->b.p[i] - '0');
			if (port > 65535)
				return FAILED;
		}
		p->u->port = port == url_default_port(buf_sv(&p->u->scheme)) ? -1 : port;
		p->b.len = 0;
	}
	return p->override ? DONE : again(p, PATH_START);
}

static enum verdict on_file(struct parser *p)
{
	struct url *u = p->u;

	set(&u->scheme, SV("file"));
	u->host.len = 0;
	u->has_host = true;
	if (p->c == '/' || p->c == '\\')
		return to(p, FILE_SLASH);
	if (!p->base || !is(&p->base->scheme, "file"))
		return again(p, PATH);
	copy(&u->host, &p->base->host);
	u->has_host = p->base->has_host;
	take_path_and_query(p);
	if (p->c == '?')
		return begin_query(p);
	if (p->c == '#')
		return begin_fragment(p);
	if (p->c < 0)
		return GO_ON;
	no_query(u);
	if (starts_with_drive_letter(rest(p)))
		u->path.len = 0;
	else
		shorten(u);
	return again(p, PATH);
}

static enum verdict on_file_slash(struct parser *p)
{
	if (p->c == '/' || p->c == '\\')
		return to(p, FILE_HOST);
	if (p->base && is(&p->base->scheme, "file")) {
		struct sv first = first_segment(&p->base->path);

		copy(&p->u->host, &p->base->host);
		if (!starts_with_drive_letter(rest(p)) && drive_letter(first, true))
			push(&p->u->path, first);
	}
	return again(p, PATH);
}

static enum verdict on_file_host(struct parser *p)
{
	if (p->c >= 0 && p->c != '/' && p->c != '\\' && p->c != '?' && p->c != '#') {
		buf_putc(&p->b, (char)p->c);
		return GO_ON;
	}
	if (!p->override && drive_letter(buf_sv(&p->b), false))
		return again(p, PATH);
	if (p->b.len == 0) {
		p->u->host.len = 0;
		p->u->has_host = true;
	} else {
		if (!take_host(p))
			return FAILED;
		if (is(&p->u->host, "localhost"))
			p->u->host.len = 0;
	}
	return p->override ? DONE : again(p, PATH_START);
}

static enum verdict on_path_start(struct parser *p)
{
	if (special(p)) {
		p->state = PATH;
		return p->c == '/' || p->c == '\\' ? GO_ON : again(p, PATH);
	}
	if (!p->override && p->c == '?')
		return begin_query(p);
	if (!p->override && p->c == '#')
		return begin_fragment(p);
	if (p->c >= 0)
		return p->c == '/' ? to(p, PATH) : again(p, PATH);
	if (p->override && !p->u->has_host)
		push(&p->u->path, SV(""));
	return GO_ON;
}

static enum verdict on_path(struct parser *p)
{
	struct url *u = p->u;
	bool ends = slash(p);
	int n;

	if (!(p->c < 0 || ends || (!p->override && (p->c == '?' || p->c == '#')))) {
		char c = (char)p->c;

		url_encode(&p->b, (struct sv){ &c, 1 }, URL_SET_PATH);
		return GO_ON;
	}
	n = dots(buf_sv(&p->b));
	if (n == 2) {
		shorten(u);
		if (!ends)
			push(&u->path, SV(""));
	} else if (n == 1) {
		if (!ends)
			push(&u->path, SV(""));
	} else {
		if (is(&u->scheme, "file") && u->path.len == 0 && drive_letter(buf_sv(&p->b), false))
			p->b.p[1] = ':';
		push(&u->path, buf_sv(&p->b));
	}
	p->b.len = 0;
	return p->c == '?' ? begin_query(p) : p->c == '#' ? begin_fragment(p) : GO_ON;
}

static enum verdict on_tail(struct parser *p)
{
	char c = (char)p->c;

	switch (p->state) {
	case OPAQUE_PATH:
		if (p->c == '?')
			return begin_query(p);
		if (p->c == '#')
			return begin_fragment(p);
		if (p->c >= 0)
			url_encode(&p->u->path, (struct sv){ &c, 1 }, URL_SET_C0);
		return GO_ON;
	case QUERY:
		if (!p->override && p->c == '#')
			return begin_fragment(p);
		if (p->c >= 0)
			url_encode(&p->u->query, (struct sv){ &c, 1 }, special(p) ? URL_SET_SPECIAL_QUERY : URL_SET_QUERY);
		return GO_ON;
	default:
		if (p->c >= 0)
			url_encode(&p->u->fragment, (struct sv){ &c, 1 }, URL_SET_FRAGMENT);
		return GO_ON;
	}
}

static enum verdict step(struct parser *p)
{
	switch (p->state) {
	case SCHEME_START:
	case SCHEME:
		return on_scheme(p);
	case NO_SCHEME:
		return on_no_scheme(p);
	case SPECIAL_RELATIVE_OR_AUTHORITY:
	case SPECIAL_AUTHORITY_SLASHES:
		if (p->c == '/' && next_char(p) == '/') {
			p->i++;
			return to(p, SPECIAL_AUTHORITY_IGNORE_SLASHES);
		}
		return again(p, p->state == SPECIAL_AUTHORITY_SLASHES ? SPECIAL_AUTHORITY_IGNORE_SLASHES : RELATIVE);
	case PATH_OR_AUTHORITY:
		return p->c == '/' ? to(p, AUTHORITY) : again(p, PATH);
	case RELATIVE:
		return on_relative(p);
	case RELATIVE_SLASH:
		return on_relative_slash(p);
	case SPECIAL_AUTHORITY_IGNORE_SLASHES:
		return p->c == '/' || p->c == '\\' ? GO_ON : again(p, AUTHORITY);
	case AUTHORITY:
		return on_authority(p);
	case HOST:
	case HOSTNAME:
		return on_host(p);
	case PORT:
		return on_port(p);
	case FILE_:
		return on_file(p);
	case FILE_SLASH:
		return on_file_slash(p);
	case FILE_HOST:
		return on_file_host(p);
	case PATH_START:
		return on_path_start(p);
	case PATH:
		return on_path(p);
	default:
		return on_tail(p);
	}
}

/* Tabs and newlines go everywhere; C0 controls and spaces at both ends, unless a
 * setter's value is parsed. */
static void clean(struct buf *out, struct sv s, bool ends)
{
	while (ends && s.n != 0 && (unsigned char)s.p[0] <= ' ')
		s.p++, s.n--;
	while (ends && s.n != 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r')
			buf_putc(out, s.p[i]);
}

bool url_parse(struct url *u, struct sv input, const struct url *base, enum url_state from)
{
	static const enum state of[] = {
		[URL_ALL] = SCHEME_START, [URL_SCHEME_START] = SCHEME_START, [URL_HOST] = HOST, [URL_HOSTNAME] = HOSTNAME,
		[URL_PORT] = PORT, [URL_PATH_START] = PATH_START, [URL_QUERY] = QUERY, [URL_FRAGMENT] = FRAGMENT,
	};
	struct parser p = { .u = u, .base = base, .state = of[from], .override = from != URL_ALL };
	struct buf text = BUF_INIT;
	enum verdict v = GO_ON;

	if (from == URL_ALL)
		u->port = -1;
	clean(&text, input, from == URL_ALL);
	p.in = (struct sv){ text.p ? text.p : "", text.len };
	for (p.i = 0; v == GO_ON; p.i++) { /* i may pass through (size_t)-1 */
		p.c = p.i < p.in.n ? (unsigned char)p.in.p[p.i] : -1;
		v = step(&p);
		if (v == GO_ON && p.i != (size_t)-1 && p.i >= p.in.n)
			v = DONE;
	}
	buf_free(&text);
	buf_free(&p.b);
	return v == DONE;
}

/* ---- serialising (4.5) ------------------------------------------------------- */

void url_serialise(const struct url *u, struct buf *out, struct url_parts *parts)
{
	struct url_parts x;
	size_t start = out->len;

#define HERE ((uint32_t)(out->len - start))
	buf_put_sv(out, buf_sv(&u->scheme));
	buf_putc(out, ':');
	x.protocol_end = HERE;
	if (u->has_host)
		buf_puts(out, "//");
	x.user = HERE;
	buf_put_sv(out, buf_sv(&u->username));
	x.user_end = x.pass = HERE;
	if (u->password.len != 0) {
		buf_putc(out, ':');
		x.pass = HERE;
		buf_put_sv(out, buf_sv(&u->password));
	}
	x.pass_end = HERE;
	if (has_credentials(u))
		buf_putc(out, '@');
	x.host = HERE;
	buf_put_sv(out, buf_sv(&u->host));
	x.host_end = x.port = HERE;
	if (u->port >= 0) {
		buf_putc(out, ':');
		x.port = HERE;
		buf_printf(out, "%d", u->port);
	}
	x.port_end = HERE;
	/* A path that begins with an empty segment must not read as an authority. */
	if (!u->has_host && !u->opaque && u->path.len > 1 && u->path.p[1] == '/')
		buf_puts(out, "/.");
	x.path = HERE;
	buf_put_sv(out, buf_sv(&u->path));
	x.query = HERE;
	if (u->has_query) {
		buf_putc(out, '?');
		buf_put_sv(out, buf_sv(&u->query));
	}
	x.hash = HERE;
	if (u->has_fragment) {
		buf_putc(out, '#');
		buf_put_sv(out, buf_sv(&u->fragment));
	}
	x.end = HERE;
#undef HERE
	if (parts)
		*parts = x;
}
