/* prop.c: \p{…}: the sets of Unicode properties by name. Called by parse_class.c. */
#include "engine/regexp/parser.h"

int re_property(struct arena *a, const char *name, const char *value, bool v, struct re_class *out)
{
	(void)a, (void)name, (void)value, (void)v, (void)out;
	return 0;
}
