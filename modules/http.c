/* http.c: zigttp:http: cookies (RFC 6265), negotiation and media types (RFC 9110), CORS.
 * Called by scripts. */
#include <math.h>
#include <stdio.h>

#include "base/url.h"
#include "modules/parts.h"
#include "modules/time.h"

static bool is_token_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c != 0 && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_token_char((unsigned char)s.p[i]))
			return false;
	return s.n != 0;
}

/* Up to the next `sep`, which is taken off as well; without the space around it. False: nothing is left. */
static bool next_item(struct sv *s, char sep, struct sv *item)
{
	const char *end;

	if (s->n == 0)
		return false;
	end = memchr(s->p, sep, s->n);
	*item = (struct sv){ s->p, end ? (size_t)(end - s->p) : s->n };
	s->p += item->n + (end != NULL);
	s->n -= item->n + (end != NULL);
	*item = sv_trim_ows(*item);
	return true;
}

/* "name=value" → both, trimmed. False: no "=". */
static bool split_pair(struct sv item, struct sv *name, struct sv *value)
{
	const char *eq = memchr(item.p, '=', item.n);

	if (!eq)
		return false;
	*name = sv_trim_ows((struct sv){ item.p, (size_t)(eq - item.p) });
	*value = sv_trim_ows((struct sv){ eq + 1, (size_t)(item.p + item.n - eq - 1) });
	return true;
}

/* A header field's text: "" for null and undefined. */
static struct sv field_text(struct zigts *vm, zigts_val v)
{
	return mod_nullish(v) ? SV("") : web_text(vm, v);
}

/* ---- cookies ------------------------------------------------------------------------------ */

zigts_val http_parse_cookies(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = field_text(vm, ZIGTS_ARG(0)), item, name, value;
	zigts_val o = zigts_object(vm);

	if (!s.p || o == ZIGTS_EXC)
		return ZIGTS_EXC;
	while (next_item(&s, ';', &item)) {
		struct buf b = BUF_INIT;
		zigts_val k, before;

		if (!split_pair(item, &name, &value) || name.n == 0)
			continue;
		if (value.n > 1 && *value.p == '"' && value.p[value.n - 1] == '"')
			value = (struct sv){ value.p + 1, value.n - 2 };
		k = zigts_string(vm, name.p, name.n);
		before = k == ZIGTS_EXC ? k : zigts_get_own(vm, o, k);
		if (before == ZIGTS_EXC || zigts_tick(vm, 10) < 0)
			return ZIGTS_EXC;
		if (before != ZIGTS_UNDEF)
			continue;
		url_decode(&b, value);
		if (zigts_create(vm, o, k, mod_text(vm, &b)) < 0)
			return ZIGTS_EXC;
	}
	return o;
}

static void put_cookie_value(struct buf *b, struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c > 32 && c < 127 && !strchr("\",;\\%", c))      /* cookie-octet, and % marks the others */
			buf_putc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

/* "; Name=value" of a text option. 0, or -1: exception. */
static int put_text_attribute(struct zigts *vm, struct buf *b, zigts_val o, const char *option, const char *name)
{
	zigts_val v = mod_option(vm, o, option);
	struct sv s;

	if (mod_nullish(v))
		return 0;
	s = v == ZIGTS_EXC ? (struct sv){ NULL, 0 } : web_text(vm, v);
	if (!s.p)
		return -1;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 32 || s.p[i] == 127 || s.p[i] == ';') {
			zigts_throw(vm, ZIGTS_TYPE_ERROR, "setCookie: %s must not have control characters or ;", option);
			return -1;
		}
	buf_printf(b, "; %s=" SV_FMT, name, SV_ARG(s));
	return 0;
}

static int put_times(struct zigts *vm, struct buf *b, zigts_val o)
{
	zigts_val age = mod_option(vm, o, "maxAge"), expires = age == ZIGTS_EXC ? age : mod_option(vm, o, "expires");
	double n;

	if (expires == ZIGTS_EXC)
		return -1;
	if (!mod_nullish(age)) {
		if (!mod_number(vm, age, "setCookie: maxAge", -9e15, 9e15, &n))
			return -1;
		buf_printf(b, "; Max-Age=%.0f", trunc(n));
	}
	if (zigts_type(expires) == ZIGTS_T_STRING)
		return put_text_attribute(vm, b, o, "expires", "Expires");
	if (!mod_nullish(expires)) {
		zigts_val args[2] = { ZIGTS_UNDEF, expires }, text = time_format_http(vm, args, 1);
		struct sv s = text == ZIGTS_EXC ? (struct sv){ NULL, 0 } : web_text(vm, text);

		if (!s.p)
			return -1;
		buf_printf(b, "; Expires=" SV_FMT, SV_ARG(s));
	}
	return 0;
}

static int put_flag(struct zigts *vm, struct buf *b, zigts_val o, const char *option, const char *name)
{
	zigts_val v = mod_option(vm, o, option);

	if (v == ZIGTS_EXC)
		return -1;
	if (zigts_truthy(v))
		buf_printf(b, "; %s", name);
	return 0;
}

static int put_same_site(struct zigts *vm, struct buf *b, zigts_val o)
{
	static const char *const words[] = { "Strict", "Lax", "None" };
	zigts_val v = mod_option(vm, o, "sameSite");
	struct sv s;

	if (mod_nullish(v) || v == ZIGTS_FALSE)
		return 0;
	s = v == ZIGTS_EXC ? (struct sv){ NULL, 0 } : v == ZIGTS_TRUE ? SV("Strict") : web_text(vm, v);
	for (size_t i = 0; s.p && i < ARRAY_LEN(words); i++)
		if (sv_ieq(s, sv_of(words[i]))) {
			buf_printf(b, "; SameSite=%s", words[i]);
			return 0;
		}
	if (s.p)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "setCookie: sameSite must be \"strict\", \"lax\" or \"none\"");
	return -1;
}

zigts_val http_set_cookie(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv name = mod_string(vm, ZIGTS_ARG(0), "setCookie: the name"), value;
	zigts_val o = ZIGTS_ARG(2);
	struct buf b = BUF_INIT;

	if (!name.p)
		return ZIGTS_EXC;
	if (!is_token(name))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "setCookie: the name must be a token");
	buf_printf(&b, SV_FMT "=", SV_ARG(name));
	value = web_text(vm, ZIGTS_ARG(1));
	if (value.p)
		put_cookie_value(&b, value);
	if (!value.p || put_text_attribute(vm, &b, o, "path", "Path") < 0 ||
	    put_text_attribute(vm, &b, o, "domain", "Domain") < 0 || put_times(vm, &b, o) < 0 ||
	    put_flag(vm, &b, o, "httpOnly", "HttpOnly") < 0 || put_flag(vm, &b, o, "secure", "Secure") < 0 ||
	    put_same_site(vm, &b, o) < 0 || put_flag(vm, &b, o, "partitioned", "Partitioned") < 0) {
		buf_free(&b);
		return ZIGTS_EXC;
	}
	return mod_text(vm, &b);
}

/* ---- media types ----------------------------------------------------------------------------- */

/* q of an element's parameters: 0 … 1000; without one 1000, malformed 0. */
static unsigned quality(struct sv params)
{
	struct sv item, name, value;

	while (next_item(&params, ';', &item)) {
		unsigned q = 0, unit = 1000;

		if (!split_pair(item, &name, &value) || !sv_ieq(name, SV("q")))
			continue;
		for (size_t i = 0; i < value.n && i < 5; i++) {
			if (i == 1 && value.p[i] == '.')
				continue;
			if (value.p[i] < '0' || value.p[i] > '9' || unit == 0)
				return 0;
			q += (unsigned)(value.p[i] - '0') * unit;
			unit /= 10;
		}
		return q > 1000 ? 1000 : q;
	}
	return 1000;
}

static struct sv up_to(struct sv s, char end)
{
	const char *p = memchr(s.p, end, s.n);

	return sv_trim_ows((struct sv){ s.p, p ? (size_t)(p - s.p) : s.n });
}

/* Does the range's parameters (but q and what follows it) all stand in the offer's? Counts them. */
static bool params_in(struct sv range, struct sv offer, unsigned *n)
{
	struct sv item, name, value, o, oname, ovalue;

	*n = 0;
	while (next_item(&range, ';', &item)) {
		struct sv rest = offer;
		bool found = false;

		if (!split_pair(item, &name, &value))
			continue;
		if (sv_ieq(name, SV("q")))
			break;
		while (!found && next_item(&rest, ';', &o))
			found = split_pair(o, &oname, &ovalue) && sv_ieq(oname, name) && sv_ieq(ovalue, value);
		if (!found)
			return false;
		++*n;
	}
	return true;
}

static struct sv behind(struct sv s, size_t n)
{
	return n < s.n ? (struct sv){ s.p + n + 1, s.n - n - 1 } : SV("");
}

/* How exactly the range names the offer; 0: it does not. */
static unsigned specificity(struct sv range, struct sv offer)
{
	struct sv r = up_to(range, ';'), o = up_to(offer, ';');
	const char *rend = memchr(range.p, ';', range.n), *oend = memchr(offer.p, ';', offer.n);
	struct sv rparams = rend ? behind(range, (size_t)(rend - range.p)) : SV("");
	struct sv oparams = oend ? behind(offer, (size_t)(oend - offer.p)) : SV("");
	unsigned n;

	if (sv_eq(r, SV("*")) || sv_eq(r, SV("*/*")))
		return 1;
	if (r.n > 2 && memcmp(r.p + r.n - 2, "/*", 2) == 0)
		return o.n >= r.n - 1 && strncasecmp(r.p, o.p, r.n - 1) == 0 ? 2 : 0;
	return sv_ieq(r, o) && params_in(rparams, oparams, &n) ? 3 + n : 0;
}

/* q that the field gives the offer: that of the range that names it most exactly. */
static unsigned grade(struct sv accept, struct sv offer)
{
	unsigned best = 0, q = 0;
	struct sv item;

	if (sv_trim_ows(accept).n == 0)
		return 1000;
	while (next_item(&accept, ',', &item)) {
		const char *semi = memchr(item.p, ';', item.n);
		unsigned s = specificity(item, offer), mine;

		if (s == 0 || s < best)
			continue;
		mine = semi ? quality((struct sv){ semi + 1, (size_t)(item.p + item.n - semi - 1) }) : 1000;
		q = s > best || mine > q ? mine : q;
		best = s;
	}
	return q;
}

struct offers { struct buf accept, best; unsigned q; bool found; };

static void consider(struct offers *f, struct sv offer)
{
	unsigned q = grade(f->accept.len ? buf_sv(&f->accept) : SV(""), offer);

	if (q <= f->q || offer.n == 0)
		return;
	f->q = q;
	f->found = true;
	f->best.len = 0;
	buf_put_sv(&f->best, offer);
}

static int each_offer(struct zigts *vm, void *u, zigts_val v)
{
	struct sv s = web_text(vm, v);

	if (s.p)
		consider(u, s);
	return s.p ? zigts_tick(vm, 20) : -1;
}

zigts_val http_negotiate(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = field_text(vm, ZIGTS_ARG(0)), offer;
	struct offers f = { .q = 0 };
	zigts_val r = ZIGTS_UNDEF;

	if (!s.p)
		return ZIGTS_EXC;
	buf_put_sv(&f.accept, s);
	if (zigts_type(ZIGTS_ARG(1)) == ZIGTS_T_STRING) {
		s = web_text(vm, ZIGTS_ARG(1));
		while (s.p && next_item(&s, ',', &offer))
			consider(&f, offer);
		r = s.p ? r : ZIGTS_EXC;
	} else if (zigts_each(vm, ZIGTS_ARG(1), each_offer, &f) < 0) {
		r = ZIGTS_EXC;
	}
	if (r != ZIGTS_EXC && f.found)
		r = zigts_string(vm, f.best.p, f.best.len);
	buf_free(&f.accept);
	buf_free(&f.best);
	return r;
}

static zigts_val lower(struct zigts *vm, struct sv s)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < s.n; i++)
		buf_putc(&b, (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 32 : s.p[i]));
	return mod_text(vm, &b);
}

/* Takes `; name=value` off; quoted values are unquoted into b. 1, 0: the end, -1: malformed. */
static int next_parameter(struct sv *s, struct sv *name, struct buf *b)
{
	size_t i = 0;

	*s = sv_trim_ows(*s);
	if (s->n == 0)
		return 0;
	if (*s->p != ';')
		return -1;
	*s = sv_trim_ows((struct sv){ s->p + 1, s->n - 1 });
	if (s->n == 0)
		return 0;
	while (i < s->n && is_token_char((unsigned char)s->p[i]))
		i++;
	*name = (struct sv){ s->p, i };
	if (i == 0 || i == s->n || s->p[i] != '=')
		return -1;
	*s = (struct sv){ s->p + i + 1, s->n - i - 1 };
	b->len = 0;
	if (s->n && *s->p == '"') {
		for (i = 1; i < s->n && s->p[i] != '"'; i++) {
			i += s->p[i] == '\\' && i + 1 < s->n;
			buf_putc(b, s->p[i]);
		}
		if (i == s->n)
			return -1;
		i++;
	} else {
		for (i = 0; i < s->n && is_token_char((unsigned char)s->p[i]); i++)
			buf_putc(b, s->p[i]);
		if (i == 0)
			return -1;
	}
	*s = (struct sv){ s->p + i, s->n - i };
	return 1;
}

/* The parameters into `o` and, charset and boundary, into `out`. 1, 0: malformed, -1: exception. */
static int put_parameters(struct zigts *vm, struct sv s, zigts_val out, zigts_val o)
{
	struct buf b = BUF_INIT;
	struct sv name;
	int r;

	while ((r = next_parameter(&s, &name, &b)) > 0) {
		struct sv text = b.len ? buf_sv(&b) : SV("");
		zigts_val k = lower(vm, name), v = zigts_string(vm, text.p, text.n), before;

		before = k == ZIGTS_EXC ? k : zigts_get_own(vm, o, k);
		if (before == ZIGTS_EXC || v == ZIGTS_EXC || (before == ZIGTS_UNDEF && zigts_create(vm, o, k, v) < 0))
			break;
		if (before == ZIGTS_UNDEF && sv_ieq(name, SV("charset")) && mod_put(vm, out, "charset", lower(vm, text)) < 0)
			break;
		if (before == ZIGTS_UNDEF && sv_ieq(name, SV("boundary")) && mod_put(vm, out, "boundary", v) < 0)
			break;
	}
	buf_free(&b);
	return r > 0 ? -1 : r == 0;
}

zigts_val http_parse_content_type(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = field_text(vm, ZIGTS_ARG(0)), type, major;
	zigts_val out, o;
	int r;

	if (!s.p)
		return ZIGTS_EXC;
	type = up_to(s, ';');
	major = up_to(type, '/');
	if (major.n == type.n || !is_token(major) || !is_token(behind(type, major.n)))
		return ZIGTS_UNDEF;
	out = zigts_object(vm);
	o = zigts_object(vm);
	if (out == ZIGTS_EXC || o == ZIGTS_EXC || mod_put(vm, out, "type", lower(vm, type)) < 0 ||
	    mod_put(vm, out, "charset", ZIGTS_UNDEF) < 0 || mod_put(vm, out, "boundary", ZIGTS_UNDEF) < 0)
		return ZIGTS_EXC;
	s = sv_trim_ows(s);
	r = put_parameters(vm, (struct sv){ type.p + type.n, (size_t)(s.p + s.n - type.p - type.n) }, out, o);
	if (r <= 0)
		return r < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
	return mod_put(vm, out, "parameters", o) < 0 ? ZIGTS_EXC : out;
}

/* ---- CORS -------------------------------------------------------------------------------------- */

struct list { struct buf text; struct sv want; bool found, any; };

static int each_word(struct zigts *vm, void *u, zigts_val v)
{
	struct list *l = u;
	struct sv s = web_text(vm, v);

	if (!s.p)
		return -1;
	l->found |= sv_eq(s, l->want);
	l->any |= sv_eq(s, SV("*"));
	buf_printf(&l->text, "%s" SV_FMT, l->text.len ? ", " : "", SV_ARG(s));
	return 0;
}

/* An option that is an array, or a text with commas. 1; 0: not given; -1: exception. */
static int list_option(struct zigts *vm, zigts_val o, const char *name, struct list *l)
{
	zigts_val v = mod_option(vm, o, name);
	struct sv s, item;

	if (v == ZIGTS_EXC || mod_nullish(v))
		return v == ZIGTS_EXC ? -1 : 0;
	if (zigts_type(v) != ZIGTS_T_STRING)
		return zigts_each(vm, v, each_word, l) < 0 ? -1 : 1;
	s = web_text(vm, v);
	while (s.p && next_item(&s, ',', &item))
		if (each_word(vm, l, zigts_string(vm, item.p, item.n)) < 0)
			return -1;
	return s.p ? 1 : -1;
}

static int put_list(struct zigts *vm, zigts_val out, zigts_val options, const char *option, const char *field)
{
	struct list l = { .found = false };
	int r = list_option(vm, options, option, &l);

	if (r > 0)
		r = mod_put(vm, out, field, zigts_string(vm, l.text.p ? l.text.p : "", l.text.len));
	buf_free(&l.text);
	return r;
}

static int put_origin(struct zigts *vm, zigts_val out, zigts_val origin, bool any, bool credentials)
{
	if (any)
		return mod_put(vm, out, "access-control-allow-origin", zigts_cstring(vm, "*"));
	if (mod_put(vm, out, "access-control-allow-origin", origin) < 0)
		return -1;
	return credentials ? mod_put(vm, out, "access-control-allow-credentials", zigts_cstring(vm, "true")) : 0;
}

zigts_val http_cors(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val o = ZIGTS_ARG(1), out = zigts_object(vm), credentials = mod_option(vm, o, "credentials"), age;
	zigts_val origin = mod_nullish(ZIGTS_ARG(0)) ? ZIGTS_UNDEF : zigts_to_string(vm, ZIGTS_ARG(0));
	struct list l = { .found = false };
	int given;
	double n;

	if (out == ZIGTS_EXC || origin == ZIGTS_EXC || credentials == ZIGTS_EXC)
		return ZIGTS_EXC;
	l.want = origin == ZIGTS_UNDEF ? SV("") : web_text(vm, origin);
	given = list_option(vm, o, "origins", &l);
	buf_free(&l.text);
	if (given < 0)
		return ZIGTS_EXC;
	l.any |= given == 0;
	if (l.any && zigts_truthy(credentials))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "cors: credentials need a list of origins that may have them");
	if (!l.any && mod_put(vm, out, "vary", zigts_cstring(vm, "Origin")) < 0)
		return ZIGTS_EXC;
	if (!l.any && (origin == ZIGTS_UNDEF || !l.found))
		return out;
	age = mod_option(vm, o, "maxAge");
	if (age == ZIGTS_EXC || put_origin(vm, out, origin, l.any, zigts_truthy(credentials)) < 0 ||
	    put_list(vm, out, o, "methods", "access-control-allow-methods") < 0 ||
	    put_list(vm, out, o, "headers", "access-control-allow-headers") < 0 ||
	    put_list(vm, out, o, "expose", "access-control-expose-headers") < 0)
		return ZIGTS_EXC;
	if (!mod_nullish(age)) {
		char text[32];

		if (!mod_number(vm, age, "cors: maxAge", -1, 9e15, &n))
			return ZIGTS_EXC;
		snprintf(text, sizeof text, "%.0f", trunc(n));
		if (mod_put(vm, out, "access-control-max-age", zigts_cstring(vm, text)) < 0)
			return ZIGTS_EXC;
	}
	return out;
}
