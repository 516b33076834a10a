/* prop.c: \p{…}: the sets of Unicode properties by name (ECMA-262 22.2.1.9, tables
 * 66 to 69). Called by parse_class.c. */
#include "engine/regexp/parser.h"

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

int re_property(struct arena *a, const char *name, const char *value, bool v, struct re_class *out)
{
	struct ucd_ranges r = { .set = find(name, value) };
	uint32_t lo, hi;

	(void)v;         /* properties of strings are not supported yet */
	if (r.set < 0)
		return 0;
	while (ucd_next_range(&r, &lo, &hi))
		cset_add(a, &out->set, lo, hi);
	return 1;
}
