/* app.c: see app.h. */
#include "worker/app.h"

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The byte that stands at p[*i], which is moved behind it. */
static char decoded(struct sv p, size_t *i)
{
	char c = p.p[(*i)++];

	if (c == '%' && *i + 2 <= p.n && hex(p.p[*i]) >= 0 && hex(p.p[*i + 1]) >= 0) {
		c = (char)(hex(p.p[*i]) << 4 | hex(p.p[*i + 1]));
		*i += 2;
	}
	return c;
}

static bool begins(struct sv path, const char *prefix)
{
	size_t i = 0;

	for (; *prefix; prefix++)
		if (i >= path.n || decoded(path, &i) != *prefix)
			return false;
	return i == path.n || decoded(path, &i) == '/';
}

/* An IPv6 address keeps its brackets; what follows the last colon outside of
 * them is the port. */
static struct sv without_port(struct sv host)
{
	size_t n = host.n;

	while (n > 0 && host.p[n - 1] >= '0' && host.p[n - 1] <= '9')
		n--;
	if (n > 0 && host.p[n - 1] == ':')
		host.n = n - 1;
	if (host.n > 1 && host.p[host.n - 1] == '.') /* a fully qualified name */
		host.n--;
	return host;
}

static int best(const struct app_setting *app, uint32_t n, struct sv host, struct sv path, bool named)
{
	size_t longest = 0;
	int found = -1;
	uint32_t i;

	for (i = 0; i < n; i++) {
		const struct app_setting *a = &app[i];
		size_t len = a->path ? strlen(a->path) : 0;

		if (named != (a->host != NULL) || (named && !sv_ieq(sv_of(a->host), host)))
			continue;
		if ((found < 0 || len > longest) && (!a->path || begins(path, a->path))) {
			longest = len;
			found = (int)i;
		}
	}
	return found;
}

int app_match(const struct app_setting *app, uint32_t n, struct sv host, struct sv path)
{
	int found;

	if (n == 1 && !app[0].host && !app[0].path)
		return 0;
	host = without_port(host);
	found = best(app, n, host, path, true);
	return found >= 0 ? found : best(app, n, host, path, false);
}
