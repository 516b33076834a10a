/* cond.c: preconditions, ranges, codings and file names as pure functions.
 * Called by statics.c and by tests; must not look at files or clocks. */
#include "worker/http/cond.h"

#include <stdio.h>

#include "base/calendar.h"
#include "base/check.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* ---- names --------------------------------------------------------------- */

static int hex(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* May a file of this name be served, or a directory be entered? */
static bool segment_ok(struct sv s, bool last)
{
	if (s.n == 0)
		return last;
	return s.p[0] != '.' || sv_eq(s, SV(".well-known"));
}

enum path_verdict path_decode(struct sv raw, char *out, size_t *n)
{
	size_t i, k = 0, begin = 1;

	if (raw.n == 0 || raw.p[0] != '/')
		return PATH_NOT_A_FILE;
	for (i = 0; i < raw.n; i++) {
		char c = raw.p[i];

		if (c == '%') {
			int hi = i + 2 < raw.n ? hex(raw.p[i + 1]) : -1, lo = hi >= 0 ? hex(raw.p[i + 2]) : -1;

			if (lo < 0)
				return PATH_NOT_A_FILE;
			c = (char)(hi << 4 | lo);
			i += 2;
			if (c == 0 || c == '/')
				return PATH_NOT_A_FILE;
		} else if (c == '/' && k != 0) {
			if (!segment_ok((struct sv){ out + begin, k - begin }, false))
				return PATH_NOT_A_FILE;
			begin = k + 1;
		} else if (c == 0) {
			return PATH_NOT_A_FILE;
		}
		out[k++] = c;
	}
	*n = k;
	return segment_ok((struct sv){ out + begin, k - begin }, true) ? PATH_OK : PATH_NOT_A_FILE;
}

/* ---- dates --------------------------------------------------------------- */

static const char days[7][10] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

void http_date_format(int64_t seconds, char out[HTTP_DATE_LEN + 1])
{
	struct calendar c;
	char line[96];

	calendar_split(calendar_has(seconds) ? seconds * 1000 : 0, &c);
	snprintf(line, sizeof line, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days[c.weekday], c.day,
		 months + 3 * c.month, (int)c.year, c.hour, c.minute, c.second);
	memcpy(out, line, HTTP_DATE_LEN + 1);
}

/* A cursor over a date; each step clears `ok` where the text differs. */
struct scan { const char *p, *end; bool ok; };

static void literal(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, text, n) != 0) {
		s->ok = false;
		return;
	}
	s->p += n;
}

static int digits(struct scan *s, int count)
{
	int v = 0;

	while (count-- > 0) {
		if (s->p == s->end || !is_digit(*s->p)) {
			s->ok = false;
			return 0;
		}
		v = v * 10 + (*s->p++ - '0');
	}
	return v;
}

static int month(struct scan *s)
{
	int m;

	for (m = 0; m < 12; m++)
		if (s->end - s->p >= 3 && memcmp(s->p, months + 3 * m, 3) == 0) {
			s->p += 3;
			return m;
		}
	s->ok = false;
	return 0;
}

static void time_of_day(struct scan *s, struct calendar *c)
{
	c->hour = digits(s, 2);
	literal(s, ":");
	c->minute = digits(s, 2);
	literal(s, ":");
	c->second = digits(s, 2);
}

/* Two digits of a year mean the past where they would be more than 50 years
 * ahead (RFC 9110 5.6.7). */
static int64_t century(int yy, int64_t now)
{
	struct calendar c;
	int64_t year;

	calendar_split(now * 1000, &c);
	year = c.year / 100 * 100 + yy;
	if (year - c.year > 50)
		year -= 100;
	else if (c.year - year >= 50)
		year += 100;
	return year;
}

bool http_date_parse(struct sv v, int64_t now, int64_t *seconds)
{
	struct scan s = { v.p, v.p + v.n, true };
	struct calendar c = { 0 };
	size_t d, name = 0;

	for (d = 0; d < 7; d++) {
		size_t full = strlen(days[d]);

		if (v.n > full && memcmp(v.p, days[d], full) == 0 && v.p[full] == ',')
			name = full;
		else if (v.n > 3 && memcmp(v.p, days[d], 3) == 0 && (v.p[3] == ',' || v.p[3] == ' '))
			name = 3;
		if (name != 0)
			break;
	}
	if (name == 0)
		return false;
	s.p += name;
	if (name > 3) {                         /* Sunday, 06-Nov-94 08:49:37 GMT */
		literal(&s, ", ");
		c.day = digits(&s, 2);
		literal(&s, "-");
		c.month = month(&s);
		literal(&s, "-");
		c.year = century(digits(&s, 2), now);
		literal(&s, " ");
		time_of_day(&s, &c);
		literal(&s, " GMT");
	} else if (*s.p == ',') {               /* Sun, 06 Nov 1994 08:49:37 GMT */
		literal(&s, ", ");
		c.day = digits(&s, 2);
		literal(&s, " ");
		c.month = month(&s);
		literal(&s, " ");
		c.year = digits(&s, 4);
		literal(&s, " ");
		time_of_day(&s, &c);
		literal(&s, " GMT");
	} else {                                /* Sun Nov  6 08:49:37 1994 */
		literal(&s, " ");
		c.month = month(&s);
		literal(&s, " ");
		if (s.p < s.end && *s.p == ' ') {
			s.p++;
			c.day = digits(&s, 1);
		} else {
			c.day = digits(&s, 2);
		}
		literal(&s, " ");
		time_of_day(&s, &c);
		literal(&s, " ");
		c.year = digits(&s, 4);
	}
	if (!s.ok || s.p != s.end || c.day < 1 || c.day > 31 || c.hour > 23 || c.minute > 59 ||
	    c.second > 60)
		return false;
	*seconds = calendar_days(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
	return true;
}

/* ---- header lines -------------------------------------------------------- */

static void list_add(struct cond_list *l, struct sv v)
{
	if (l->n < COND_LINES)
		l->line[l->n++] = v;
}

void cond_take(struct cond_request *c, struct sv name, struct sv value)
{
	switch (name.n) { /* most headers are none of ours, told by their length */
	case 5:
		if (!sv_ieq(name, SV("range")))
			return;
		c->range.v = value;
		c->range.n += c->range.n < 2;
		break;
	case 8:
		if (sv_ieq(name, SV("if-range"))) {
			c->if_range.v = value;
			c->if_range.n += c->if_range.n < 2;
		} else if (sv_ieq(name, SV("if-match"))) {
			list_add(&c->if_match, value);
		} else {
			return;
		}
		break;
	case 13:
		if (!sv_ieq(name, SV("if-none-match")))
			return;
		list_add(&c->if_none_match, value);
		break;
	case 15:
		if (sv_ieq(name, SV("accept-encoding")))
			list_add(&c->accept_encoding, value);
		return;
	case 17:
		if (!sv_ieq(name, SV("if-modified-since")))
			return;
		c->if_modified_since.v = value;
		c->if_modified_since.n += c->if_modified_since.n < 2;
		break;
	case 19:
		if (!sv_ieq(name, SV("if-unmodified-since")))
			return;
		c->if_unmodified_since.v = value;
		c->if_unmodified_since.n += c->if_unmodified_since.n < 2;
		break;
	default:
		return;
	}
	c->any = true;
}

/* ---- preconditions ------------------------------------------------------- */

static void skip_list_space(struct sv *s)
{
	while (s->n != 0 && (s->p[0] == ' ' || s->p[0] == '\t' || s->p[0] == ','))
		s->p++, s->n--;
}

/* Takes one entity-tag off the front; false: there is none. */
static bool etag_next(struct sv *s, struct sv *tag, bool *weak)
{
	size_t i;

	*weak = s->n > 2 && s->p[0] == 'W' && s->p[1] == '/';
	if (*weak)
		s->p += 2, s->n -= 2;
	if (s->n < 2 || s->p[0] != '"')
		return false;
	for (i = 1; i < s->n && s->p[i] != '"'; i++)
		if ((unsigned char)s->p[i] <= 0x20 || s->p[i] == 0x7f)
			return false;
	if (i == s->n)
		return false;
	*tag = (struct sv){ s->p, i + 1 };
	s->p += i + 1;
	s->n -= i + 1;
	return s->n == 0 || s->p[0] == ',' || s->p[0] == ' ' || s->p[0] == '\t';
}

bool etag_listed(struct sv list, struct sv etag, bool weakly)
{
	struct sv tag;
	bool weak;

	list = sv_trim_ows(list);
	if (sv_eq(list, SV("*")))
		return true;
	for (skip_list_space(&list); list.n != 0; skip_list_space(&list)) {
		if (!etag_next(&list, &tag, &weak))
			return false;
		if (sv_eq(tag, etag) && (weakly || !weak))
			return true;
	}
	return false;
}

static bool listed(const struct cond_list *l, struct sv etag, bool weakly)
{
	uint8_t i;

	for (i = 0; i < l->n; i++)
		if (etag_listed(l->line[i], etag, weakly))
			return true;
	return false;
}

enum cond_verdict cond_evaluate(const struct cond_request *c, const struct cond_entity *e)
{
	int64_t t;

	if (!c->any)
		return COND_GO;
	if (c->if_match.n != 0) {
		if (!listed(&c->if_match, e->etag, false))
			return COND_FAILED;
	} else if (c->if_unmodified_since.n == 1 && http_date_parse(c->if_unmodified_since.v, e->now, &t) &&
		   e->modified > t) {
		return COND_FAILED;
	}
	if (c->if_none_match.n != 0)
		return listed(&c->if_none_match, e->etag, true) ? COND_NOT_MODIFIED : COND_GO;
	if (c->if_modified_since.n == 1 && http_date_parse(c->if_modified_since.v, e->now, &t) && e->modified <= t)
		return COND_NOT_MODIFIED;
	return COND_GO;
}

/* ---- ranges -------------------------------------------------------------- */

/* 1*DIGIT; what does not fit is as good as the largest number. */
static bool position(struct sv *s, uint64_t *v)
{
	bool any = false;

	*v = 0;
	while (s->n != 0 && is_digit(s->p[0])) {
		uint64_t d = (uint64_t)(s->p[0] - '0');

		*v = *v > (UINT64_MAX - d) / 10 ? UINT64_MAX : *v * 10 + d;
		s->p++, s->n--;
		any = true;
	}
	return any;
}

enum range_verdict range_parse(struct sv v, uint64_t size, uint64_t *first, uint64_t *n)
{
	uint64_t from, to;
	bool has_from, has_to;

	v = sv_trim_ows(v);
	if (v.n < 6 || strncasecmp(v.p, "bytes=", 6) != 0)
		return RANGE_WHOLE;
	v = sv_trim_ows((struct sv){ v.p + 6, v.n - 6 });
	has_from = position(&v, &from);
	if (v.n == 0 || v.p[0] != '-')
		return RANGE_WHOLE;
	v.p++, v.n--;
	has_to = position(&v, &to);
	if (v.n != 0 || (!has_from && !has_to) || (has_from && has_to && to < from))
		return RANGE_WHOLE;
	if (!has_from) {
		if (to == 0)
			return RANGE_UNSATISFIABLE;
		if (size == 0) /* satisfiable, but no Content-Range can say so */
			return RANGE_WHOLE;
		*n = to < size ? to : size;
		*first = size - *n;
		return RANGE_PART;
	}
	if (from >= size)
		return RANGE_UNSATISFIABLE;
	if (!has_to || to >= size)
		to = size - 1;
	*first = from;
	*n = to - from + 1;
	return RANGE_PART;
}

static bool unchanged(struct sv v, const struct cond_entity *e)
{
	int64_t t;

	v = sv_trim_ows(v);
	if (v.n != 0 && (v.p[0] == '"' || v.p[0] == 'W'))
		return sv_eq(v, e->etag);
	return http_date_parse(v, e->now, &t) && t == e->modified && e->now - e->modified > 1;
}

enum range_verdict cond_range(const struct cond_request *c, const struct cond_entity *e, uint64_t size, uint64_t *first,
			      uint64_t *n)
{
	if (c->range.n != 1)
		return RANGE_WHOLE;
	if (c->if_range.n != 0 && (c->if_range.n > 1 || !unchanged(c->if_range.v, e)))
		return RANGE_WHOLE;
	return range_parse(c->range.v, size, first, n);
}

/* ---- codings ------------------------------------------------------------- */

#define UNNAMED (-1)

/* weight = OWS ";" OWS "q=" qvalue, in thousandths; malformed: 0. Other
 * parameters do not exist (RFC 9110 12.4.2). */
static int weight(struct sv s)
{
	int q, scale = 100;

	if (s.n == 0)
		return 1000;
	if (s.p[0] != ';')
		return 0;
	s = sv_trim_ows((struct sv){ s.p + 1, s.n - 1 });
	if (s.n < 3 || s.n > 7 || (s.p[0] | 32) != 'q' || s.p[1] != '=' || (s.p[2] != '0' && s.p[2] != '1'))
		return 0;
	q = (s.p[2] - '0') * 1000;
	s.p += 3, s.n -= 3;
	if (s.n != 0 && s.p[0] != '.')
		return 0;
	for (; s.n > 1; s.p++, s.n--, scale /= 10) {
		if (!is_digit(s.p[1]))
			return 0;
		q += (s.p[1] - '0') * scale;
	}
	return q > 1000 ? 0 : q;
}

static void accept_item(struct sv item, int q[CODINGS], int *any)
{
	static const struct { const char *name; enum coding coding; } known[] = {
		{ "br", CODING_BR }, { "zstd", CODING_ZSTD }, { "gzip", CODING_GZIP }, { "x-gzip", CODING_GZIP },
		{ "identity", CODING_IDENTITY },
	};
	struct sv name = item;
	size_t i;
	int w;

	for (i = 0; i < item.n && item.p[i] != ';' && item.p[i] != ' ' && item.p[i] != '\t'; i++)
		;
	name.n = i;
	w = weight(sv_trim_ows((struct sv){ item.p + i, item.n - i }));
	if (sv_eq(name, SV("*")))
		*any = w;
	for (i = 0; i < ARRAY_LEN(known); i++)
		if (sv_ieq(name, sv_of(known[i].name)))
			q[known[i].coding] = w;
}

enum coding coding_choose(const struct cond_list *accept, unsigned have)
{
	int q[CODINGS] = { UNNAMED, UNNAMED, UNNAMED, UNNAMED }, any = UNNAMED, best_q = 0;
	enum coding best = CODING_IDENTITY;
	uint8_t i;
	int k;

	if (accept->n == 0)
		return CODING_IDENTITY;
	for (i = 0; i < accept->n; i++) {
		struct sv rest = accept->line[i];

		while (rest.n != 0) {
			const char *comma = memchr(rest.p, ',', rest.n);
			size_t n = comma ? (size_t)(comma - rest.p) : rest.n;

			accept_item(sv_trim_ows((struct sv){ rest.p, n }), q, &any);
			n += comma != NULL;
			rest.p += n;
			rest.n -= n;
		}
	}
	for (k = 0; k < CODING_IDENTITY; k++) {
		int w = q[k] == UNNAMED ? any : q[k];

		if ((have >> k & 1) && w > best_q) {
			best = (enum coding)k;
			best_q = w;
		}
	}
	return q[CODING_IDENTITY] > best_q ? CODING_IDENTITY : best;
}
