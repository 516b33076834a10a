/* env.c: zigttp:env. Called by scripts. */
#include <stdlib.h>

#include "modules/parts.h"

zigts_val env_get(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv name = mod_string(vm, ZIGTS_ARG(0), "env: the name");
	const char *v;

	if (!name.p)
		return ZIGTS_EXC;
	v = memchr(name.p, '\0', name.n) ? NULL : getenv(name.p);
	return v ? zigts_cstring(vm, v) : ZIGTS_ARG(1);
}
