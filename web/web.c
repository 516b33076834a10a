/* web.c: installs the classes; helpers of all of them. */
#include "web/web.h"

#include "base/check.h"
#include "web/parts.h"

int web_class(struct zigts *vm, const struct zigts_class *c, bool global, int *id)
{
	int got = zigts_add_class(vm, c, global);

	if (got < 0)
		return -1;
	AN(*id == 0 || *id == got);
	*id = got;
	return 0;
}

int web_install(struct zigts *vm)
{
	static int (*const parts[])(struct zigts *vm) = {
		library_install, event_install, abort_install, performance_install, url_install, params_install, text_install,
		zip_install, crypto_install,
		blob_install, form_install,
	};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i](vm) < 0)
			return -1;
	return zigts_install_timers(vm);
}

struct sv web_text(struct zigts *vm, zigts_val v)
{
	struct sv s = { NULL, 0 };

	s.p = zigts_to_utf8(vm, v, &s.n);
	return s;
}

zigts_val web_usv(struct zigts *vm, zigts_val v)
{
	struct sv s = web_text(vm, v);

	return s.p ? zigts_string(vm, s.p, s.n) : ZIGTS_EXC;
}

zigts_val web_string(struct zigts *vm, zigts_val v)
{
	return zigts_type(v) == ZIGTS_T_STRING ? v : zigts_to_string(vm, v);
}

zigts_val web_dictionary(struct zigts *vm, zigts_val v, const char *what)
{
	if (v == ZIGTS_UNDEF || v == ZIGTS_NULL)
		return ZIGTS_UNDEF;
	return web_is_object(v) ? v : zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s: the options must be an object", what);
}

zigts_val web_decoded(struct zigts *vm, struct sv s)
{
	if (s.n >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0)
		s.p += 3, s.n -= 3;
	return zigts_string(vm, s.p, s.n);
}

bool web_needs(struct zigts *vm, uint32_t argc, uint32_t n, const char *what)
{
	if (argc >= n)
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s: %u argument%s needed, but only %u given", what, n, n == 1 ? " is" : "s are", argc);
	return false;
}

uint32_t web_length(struct zigts *vm, zigts_val arr)
{
	zigts_val v;

	if (zigts_is_array(arr))
		return zigts_array_length(arr);
	v = zigts_get(vm, arr, "length");
	return zigts_type(v) == ZIGTS_T_NUMBER ? (uint32_t)zigts_as_number(v) : 0;
}
