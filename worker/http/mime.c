/* mime.c: looks an extension up in mime.def. Called when a file is opened. */
#include "worker/http/mime.h"

#include "base/check.h"

#define EXTENSION_MAX 16

static const struct { const char *extension, *type; } table[] = {
#define MIME(extension, type) { extension, type },
#include "worker/http/mime.def"
};

struct sv mime_type(struct sv name)
{
	char lower[EXTENSION_MAX + 1];
	size_t i = name.n, n, lo = 0, hi = ARRAY_LEN(table);

	while (i != 0 && name.p[i - 1] != '.' && name.p[i - 1] != '/')
		i--;
	n = name.n - i;
	if (i == 0 || name.p[i - 1] != '.' || n > EXTENSION_MAX)
		return SV("application/octet-stream");
	lower[n] = 0;
	while (n-- != 0) {
		char c = name.p[i + n];

		lower[n] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
	}
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = strcmp(lower, table[mid].extension);

		if (d == 0)
			return sv_of(table[mid].type);
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return SV("application/octet-stream");
}

bool mime_is_text(struct sv type)
{
	return type.n > 5 && memcmp(type.p, "text/", 5) == 0;
}
