/* query.c: percent decoding and query strings as objects. Called by Request's
 * getters. Malformed percent sequences stay as they are (WHATWG URL). */
#include "base/utf.h"
#include "worker/host/parts.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_plain(struct sv s, bool plus)
{
	return !memchr(s.p, '%', s.n) && !(plus && memchr(s.p, '+', s.n));
}

/* Decodes into out, which has room for s.n + 1 bytes; NUL-terminated. */
static size_t decode(char *out, struct sv s, bool plus)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			c = (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]));
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return n;
}

zigts_val percent_decoded(struct zigts *vm, struct sv s, bool plus, bool lasts)
{
	char *p;

	if (is_plain(s, plus))
		return lasts ? zigts_string_borrow(vm, s.p, s.n) : zigts_string(vm, s.p, s.n);
	p = zigts_scratch(vm, s.n + 1);
	if (!p)
		return ZIGTS_EXC;
	return zigts_string(vm, p, decode(p, s, plus));
}

static int add_pair(struct zigts *vm, zigts_val obj, struct sv pair, bool lasts)
{
	const char *eq = memchr(pair.p, '=', pair.n);
	struct sv name = { pair.p, eq ? (size_t)(eq - pair.p) : pair.n };
	struct sv value = { eq ? eq + 1 : "", eq ? pair.n - name.n - 1 : 0 };
	char *key = zigts_scratch(vm, name.n + 1);
	zigts_val v;

	if (!key)
		return -1;
	if (memchr(key, 0, decode(key, name, true))) /* no such property name here */
		return 0;
	v = zigts_get(vm, obj, key);
	if (v == ZIGTS_EXC)
		return -1;
	if (zigts_type(v) == ZIGTS_T_STRING)
		return 0;
	v = percent_decoded(vm, value, true, lasts);
	return v == ZIGTS_EXC ? -1 : zigts_set(vm, obj, key, v);
}

zigts_val query_object(struct zigts *vm, struct sv q, bool lasts)
{
	zigts_val obj = zigts_object(vm);

	while (obj != ZIGTS_EXC && q.n != 0) {
		const char *amp = memchr(q.p, '&', q.n);
		struct sv pair = { q.p, amp ? (size_t)(amp - q.p) : q.n };

		q.p += pair.n + (amp != NULL);
		q.n -= pair.n + (amp != NULL);
		if (pair.n != 0 && add_pair(vm, obj, pair, lasts) != 0)
			return ZIGTS_EXC;
	}
	return obj;
}
