/* sv.h: string views: a pointer and a length, never owned, never NUL-terminated
 * unless the maker says so. */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct sv { const char *p; size_t n; };

#define SV(lit) ((struct sv){ "" lit, sizeof(lit) - 1 })
#define SV_FMT "%.*s"
#define SV_ARG(s) (int)(s).n, (s).p

static inline struct sv sv_of(const char *cstr)
{
	return (struct sv){ cstr, strlen(cstr) };
}

static inline bool sv_eq(struct sv a, struct sv b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* Equal without regard to ASCII case. */
static inline bool sv_ieq(struct sv a, struct sv b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* The view without leading and trailing SP and HTAB (RFC 9110 OWS). */
static inline struct sv sv_trim_ows(struct sv s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

#endif
