/* prop.c: \p{…}: the sets of Unicode properties by name (ECMA-262 22.2.1.9, tables
 * 66 to 69). Called by parse_class.c. */
#include "engine/regexp/parser.h"

#include <stdlib.h>
#include <string.h>

#include "base/ucd.h"

static int find(const char *name, const char *value)
{
	static const struct { const char *name; char kind; } known[] = {
		{ "General_Category", 'g' }, { "gc", 'g' }, { "Script", 's' }, { "sc", 's' },
		{ "Script_Extensions", 'x' }, { "scx", 'x' },
	};
	int set;

	if (value == NULL) {
		set = ucd_property('b', name);
		return set >= 0 ? set : ucd_property('g', name);
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].name, name) == 0)
			return ucd_property(known[i].kind, value);
	return -1;
}

static int by_string(const void *a, const void *b)
{
	return re_string_cmp(*(struct re_string *const *)a, *(struct re_string *const *)b);
}

static int strings(struct arena *a, unsigned types, struct re_class *out)
{
	uint32_t at = 0, cp[16], n, count = 0, k = 0;
	struct re_string **v;

	if (types == 0)
		return 0;
	while ((n = ucd_next_string(types, &at, cp)) != 0)
		count += n > 1;
	v = arena_alloc(a, (count + 1) * sizeof *v);
	for (at = 0; (n = ucd_next_string(types, &at, cp)) != 0;) {
		if (n == 1) {
			cset_add(a, &out->set, cp[0], cp[1]);
			continue;
		}
		v[k] = ARENA_NEW(a, struct re_string);
		v[k]->n = n;
		v[k]->cp = arena_alloc(a, n * 4);
		memcpy(v[k++]->cp, cp, n * 4);
	}
	qsort(v, count, sizeof *v, by_string);
	for (k = 0; k + 1 < count; k++)
		v[k]->next = v[k + 1];
	out->strings = count ? v[0] : NULL;
	return 2;
}

int re_property(struct arena *a, const char *name, const char *value, bool v, struct re_class *out)
{
	struct ucd_ranges r = { .set = find(name, value) };
	uint32_t lo, hi;

	if (r.set < 0)
		return v && value == NULL ? strings(a, ucd_string_property(name), out) : 0;
	while (ucd_next_range(&r, &lo, &hi))
		cset_add(a, &out->set, lo, hi);
	return 1;
}
