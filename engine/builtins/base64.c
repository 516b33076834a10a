/* base64.c: atob and btoa (HTML 8.3, the forgiving decoder of the Infra standard).
 * Called by scripts. */
#include "base/base64.h"
#include "engine/builtins/domexception.h"

static bool is_blank(uint32_t u) { return u == ' ' || u == '\t' || u == '\n' || u == '\f' || u == '\r'; }

static val btoa(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = to_str(vm, ARG(0));
	struct sview v;
	struct strbuf b;

	if (s == NULL)
		return V_EXC;
	v = str_view(vm, s);
	if (v.len != s->len.v || VM_TICK(vm, v.len >> 1))
		return V_EXC;
	strbuf_init(&b, vm, v.len < 1024 ? v.len / 3 * 4 + 4 : 0);
	for (uint32_t i = 0; i < v.len && !b.err; i += 3) {
		uint32_t n = v.len - i < 3 ? v.len - i : 3, w = 0;

		for (uint32_t k = 0; k < n; k++) {
			uint32_t u = sview_at(v, i + k);

			if (u > 0xFF)
				return throw_dom(vm, "InvalidCharacterError", "Invalid character");
			w |= u << (16 - 8 * k);
		}
		for (uint32_t k = 0; k < 4; k++)
			strbuf_unit(&b, k <= n ? (uint8_t)base64_digits[w >> (18 - 6 * k) & 63] : '=');
	}
	return strbuf_end(&b);
}

static val bad_text(struct vm *vm)
{
	return throw_dom(vm, "InvalidCharacterError", "The string to be decoded is not correctly encoded.");
}

static val atob(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = to_str(vm, ARG(0));
	uint32_t bits = 0, nbits = 0, count = 0, pads = 0;
	struct sview v;
	struct strbuf b;

	if (s == NULL)
		return V_EXC;
	v = str_view(vm, s);
	if (v.len != s->len.v || VM_TICK(vm, v.len >> 1))
		return V_EXC;
	strbuf_init(&b, vm, v.len < 1024 ? v.len : 0);
	for (uint32_t i = 0; i < v.len && !b.err; i++) {
		uint32_t u = sview_at(v, i);
		int d = base64_value(u, false);

		if (is_blank(u))
			continue;
		if (u == '=' && ++pads <= 2)
			continue;
		if (d < 0 || pads != 0)
			return bad_text(vm);
		bits = bits << 6 | (uint32_t)d;
		nbits += 6;
		count++;
		if (nbits >= 8) {
			nbits -= 8;
			strbuf_unit(&b, bits >> nbits & 0xFF);
		}
	}
	if (count % 4 == 1 || (pads != 0 && (count + pads) % 4 != 0))
		return bad_text(vm);
	return strbuf_end(&b);
}

static const struct row rows[] = {
	NF_METHOD_ATTR("atob", 1, atob, ATTR_WEC, EFF_CALLS, "HTML 8.3"),
	NF_METHOD_ATTR("btoa", 1, btoa, ATTR_WEC, EFF_CALLS, "HTML 8.3"),
};

void builtin_base64_init(struct vm *vm)
{
	native_install(vm, vm->global, rows, ARRAY_LEN(rows));
}
