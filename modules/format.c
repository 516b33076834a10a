/* format.c: formats of JSON Schema. Pure. Called by schema.c and validate.c. */
#include <arpa/inet.h>

#include "base/url.h"
#include "modules/schema.h"
#include "modules/time.h"

static bool is_alnum(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); }

static bool is_hostname(struct sv s)
{
	size_t label = 0;

	if (s.n == 0 || s.n > 253)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			if (label == 0 || s.p[i - 1] == '-')
				return false;
			label = 0;
		} else if (++label > 63 || !(is_alnum(s.p[i]) || (s.p[i] == '-' && label > 1)))
			return false;
	}
	return label > 0 && s.p[s.n - 1] != '-';
}

static bool is_address(struct sv s, int family)
{
	unsigned char out[16];
	char text[64];

	if (s.n >= sizeof text || memchr(s.p, '\0', s.n))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(family, text, out) == 1;
}

static bool is_ipv4(struct sv s) { return is_address(s, AF_INET); }
static bool is_ipv6(struct sv s) { return is_address(s, AF_INET6); }

/* RFC 5321: a dot-string and a host name with a dot, as forms ask for them. */
static bool is_email(struct sv s)
{
	const char *at = memrchr(s.p, '@', s.n);
	size_t n = at ? (size_t)(at - s.p) : 0;
	struct sv host = { at ? at + 1 : s.p, at ? s.n - n - 1 : 0 };

	if (n == 0 || n > 64 || s.p[0] == '.' || s.p[n - 1] == '.' || !memchr(host.p, '.', host.n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || !strchr("!#$%&'*+-/=?^_`{|}~.", s.p[i])))
			if (!((unsigned char)s.p[i] & 0x80))
				return false;
	return !memmem(s.p, n, "..", 2) && is_hostname(host);
}

static bool is_uuid(struct sv s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : !(is_alnum(s.p[i]) && (s.p[i] | 32) <= 'f'))
			return false;
	}
	return true;
}

static bool parses(struct sv s, const struct url *base)
{
	struct url u = { .port = -1 };
	bool ok = url_parse(&u, s, base, URL_ALL);

	url_free(&u);
	return ok;
}

static bool has_blank(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= 32 || strchr("<>\"{}|\\^`", s.p[i]))
			return true;
	return false;
}

static bool is_uri(struct sv s) { return !has_blank(s) && parses(s, NULL); }

static bool is_uri_reference(struct sv s)
{
	struct url base = { .port = -1 };
	bool ok = !has_blank(s) && url_parse(&base, SV("http://h/"), NULL, URL_ALL) && parses(s, &base);

	url_free(&base);
	return ok;
}

static bool is_date_time(struct sv s)
{
	double ms;

	return s.n > 10 && s.p[10] != ' ' && time_is_clock((struct sv){ s.p + 11, s.n - 11 }) && time_read_iso(s, &ms);
}

static bool is_pointer(struct sv s)
{
	if (s.n != 0 && *s.p != '/')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '~' && (i + 1 == s.n || (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
			return false;
	return true;
}

static const struct { const char *name; bool (*has)(struct sv s); } formats[] = {
	{ "date", time_is_date }, { "time", time_is_clock }, { "date-time", is_date_time }, { "iso-date", time_is_date },
	{ "iso-datetime", is_date_time }, { "email", is_email }, { "hostname", is_hostname }, { "ipv4", is_ipv4 },
	{ "ipv6", is_ipv6 }, { "uri", is_uri }, { "uri-reference", is_uri_reference }, { "uuid", is_uuid },
	{ "json-pointer", is_pointer },
};

int format_find(struct sv name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (sv_eq(name, sv_of(formats[i].name)))
			return (int)i;
	return -1;
}

bool format_has(int format, struct sv s) { return formats[format].has(s); }
const char *format_name(int format) { return formats[format].name; }
