/* uri.c: encodeURI, encodeURIComponent, decodeURI, decodeURIComponent (ECMA-262
 * 19.2.6). Called by scripts; installed by global.c. */
#include "engine/builtins/builtins.h"

#include "base/utf.h"

void uri_install(struct vm *vm);

/* Sets of ASCII characters as bits. */
struct set { uint64_t w[2]; };
#define RESERVED ";/?:@&=+$,"
#define MARKS    "-_.!~*'()"

static inline bool in_set(const struct set *s, uint32_t u) { return u < 128 && (s->w[u >> 6] >> (u & 63) & 1); }

static void add_chars(struct set *s, const char *p)
{
	for (; *p != 0; p++)
		s->w[(unsigned char)*p >> 6] |= 1ull << ((unsigned char)*p & 63);
}

static struct set unescaped(const char *more)
{
	struct set s = { { 0x03FF000000000000ull, 0x07FFFFFE07FFFFFEull } }; /* digits, letters */

	add_chars(&s, MARKS);
	add_chars(&s, more);
	return s;
}

static val malformed(struct vm *vm)
{
	return throw_error_proto(vm, INTR_URIErrorPrototype, "URI malformed");
}

/* The argument's view. False: exception. */
static bool open_arg(struct vm *vm, val arg, struct str **s, struct sview *v)
{
	*s = to_str(vm, arg);
	if (*s == NULL)
		return false;
	*v = str_view(vm, *s);
	return v->len == (*s)->len.v;
}

/* Encode (19.2.6.5) */
static val encode(struct vm *vm, val arg, struct set keep)
{
	static const char hex[] = "0123456789ABCDEF";
	uint32_t i = 0, units;
	struct strbuf b;
	struct sview v;
	struct str *s;
	char bytes[4];

	if (!open_arg(vm, arg, &s, &v) || VM_TICK(vm, v.len >> 3))
		return V_EXC;
	while (i < v.len && in_set(&keep, sview_at(v, i)))
		i++;
	if (i == v.len)
		return v_cell(s);
	strbuf_init(&b, vm, v.len < 1024 ? v.len + v.len / 2 + 8 : 0);
	strbuf_view(&b, sview_sub(v, 0, i));
	for (; i < v.len && !b.err; i += units) {
		uint32_t cp = sview_code_point(v, i, &units);
		int n;

		if (in_set(&keep, cp)) {
			strbuf_unit(&b, cp);
			continue;
		}
		if ((cp & 0xFFFFF800u) == 0xD800)
			return malformed(vm);
		n = utf8_encode(bytes, cp);
		if (VM_TICK(vm, n))
			return V_EXC;
		for (int k = 0; k < n; k++) {
			strbuf_unit(&b, '%');
			strbuf_unit(&b, (uint8_t)hex[(unsigned char)bytes[k] >> 4]);
			strbuf_unit(&b, (uint8_t)hex[bytes[k] & 15]);
		}
	}
	return strbuf_end(&b);
}

static int hex_value(uint32_t u)
{
	if (u - '0' < 10)
		return (int)(u - '0');
	return (u | 0x20) - 'a' < 6 ? (int)((u | 0x20) - 'a') + 10 : -1;
}

/* The byte of %XX at v[i], or -1. */
static int byte_at(struct sview v, uint32_t i)
{
	int hi, lo;

	if (v.len - i < 3 || sview_at(v, i) != '%')
		return -1;
	hi = hex_value(sview_at(v, i + 1));
	lo = hex_value(sview_at(v, i + 2));
	return hi < 0 || lo < 0 ? -1 : hi << 4 | lo;
}

/* The code point written as %XX… at v[i]; *used units. False: malformed. */
static bool decode_one(struct sview v, uint32_t i, uint32_t *cp, uint32_t *used)
{
	int b = byte_at(v, i), n;
	char bytes[4];

	if (b < 0)
		return false;
	n = b < 0x80 ? 1 : b < 0xC0 ? 0 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF8 ? 4 : 0;
	if (n == 0 || v.len - i < 3 * (uint32_t)n)
		return false;
	for (int k = 0; k < n; k++) {
		b = byte_at(v, i + 3 * (uint32_t)k);
		if (b < 0)
			return false;
		bytes[k] = (char)b;
	}
	*used = 3 * (uint32_t)n;
	/* Ill-formed sequences are consumed only in part. */
	return utf8_decode(bytes, (size_t)n, false, cp) == n && (n > 1 || *cp < 0x80);
}

/* Decode (19.2.6.6): characters of `keep` stay as they are written. */
static val decode(struct vm *vm, val arg, struct set keep)
{
	uint32_t i = 0, used, cp;
	struct strbuf b;
	struct sview v;
	struct str *s;

	if (!open_arg(vm, arg, &s, &v) || VM_TICK(vm, v.len >> 3))
		return V_EXC;
	while (i < v.len && sview_at(v, i) != '%')
		i++;
	if (i == v.len)
		return v_cell(s);
	strbuf_init(&b, vm, v.len < 1024 ? v.len : 0);
	strbuf_view(&b, sview_sub(v, 0, i));
	for (; i < v.len && !b.err; i += used) {
		used = 1;
		if (sview_at(v, i) != '%') {
			strbuf_unit(&b, sview_at(v, i));
			continue;
		}
		if (!decode_one(v, i, &cp, &used))
			return malformed(vm);
		if (VM_TICK(vm, used))
			return V_EXC;
		if (in_set(&keep, cp))
			strbuf_view(&b, sview_sub(v, i, i + used));
		else
			strbuf_code_point(&b, cp);
	}
	return strbuf_end(&b);
}

static val decode_uri(struct vm *vm, val *a, uint32_t argc)
{
	struct set keep = { { 0, 0 } };

	add_chars(&keep, RESERVED "#");
	return decode(vm, ARG(0), keep);
}

static val decode_uri_component(struct vm *vm, val *a, uint32_t argc)
{
	return decode(vm, ARG(0), (struct set){ { 0, 0 } });
}

static val encode_uri(struct vm *vm, val *a, uint32_t argc)
{
	return encode(vm, ARG(0), unescaped(RESERVED "#"));
}

static val encode_uri_component(struct vm *vm, val *a, uint32_t argc)
{
	return encode(vm, ARG(0), unescaped(""));
}

static const struct row uri_rows[] = {
	NF_METHOD("decodeURI", 1, decode_uri, EFF_CALLS, "19.2.6.1"),
	NF_METHOD("decodeURIComponent", 1, decode_uri_component, EFF_CALLS, "19.2.6.2"),
	NF_METHOD("encodeURI", 1, encode_uri, EFF_CALLS, "19.2.6.3"),
	NF_METHOD("encodeURIComponent", 1, encode_uri_component, EFF_CALLS, "19.2.6.4"),
};

void uri_install(struct vm *vm)
{
	native_install(vm, vm->global, uri_rows, ARRAY_LEN(uri_rows));
}
