/* query.c: see query.h. Called by Request's getters and by the
 * dependency trace. */
#include "base/query.h"

#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The decoded byte at s.p[*i]; *i moves on. */
static char next_byte(struct sv s, size_t *i, bool plus)
{
	char c = s.p[(*i)++];

	if (c == '%' && *i + 1 < s.n && hex(s.p[*i]) >= 0 && hex(s.p[*i + 1]) >= 0) {
		c = (char)(hex(s.p[*i]) << 4 | hex(s.p[*i + 1]));
		*i += 2;
	} else if (c == '+' && plus) {
		c = ' ';
	}
	return c;
}

bool query_is_plain(struct sv s, bool plus)
{
	return s.n == 0 || (!memchr(s.p, '%', s.n) && !(plus && memchr(s.p, '+', s.n)));
}

size_t query_decode(char *out, struct sv s, bool plus)
{
	size_t i = 0, n = 0;

	while (i < s.n)
		out[n++] = next_byte(s, &i, plus);
	out[n] = '\0';
	return n;
}

bool query_name_is(struct sv name, struct sv want)
{
	size_t i = 0, n = 0;

	while (i < name.n)
		if (n == want.n || next_byte(name, &i, true) != want.p[n++])
			return false;
	return n == want.n;
}

bool query_next(struct sv *q, struct sv *name, struct sv *value)
{
	while (q->n != 0) {
		const char *amp = memchr(q->p, '&', q->n), *eq;
		struct sv pair = { q->p, amp ? (size_t)(amp - q->p) : q->n };

		q->p += pair.n + (amp != NULL);
		q->n -= pair.n + (amp != NULL);
		if (pair.n == 0)
			continue;
		eq = memchr(pair.p, '=', pair.n);
		*name = (struct sv){ pair.p, eq ? (size_t)(eq - pair.p) : pair.n };
		*value = (struct sv){ eq ? eq + 1 : "", eq ? pair.n - name->n - 1 : 0 };
		return true;
	}
	return false;
}
