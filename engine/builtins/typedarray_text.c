/* typedarray_text.c: base64 and hexadecimal text of Uint8Arrays (ECMA-262 2026, 23.3).
 * Called through the tables at its end, which typedarray.c installs. */
#include "base/base64.h"
#include "base/buf.h"
#include "engine/builtins/typedarray.h"

enum last_chunk { LOOSE, STRICT, STOP_BEFORE_PARTIAL };
struct decoding {
	struct sview text;
	struct buf bytes;
	uint64_t max;               /* bytes wanted at most */
	uint32_t read;              /* units that made the bytes */
	bool failed;                /* SyntaxError, once the bytes have been delivered */
};

/* ---- options and receivers --------------------------------------------------------------- */

/* The option's index among the words, 0 if there is none; -1: TypeError. */
static int word_option(struct vm *vm, val options, const char *name, const char *const *words, int n)
{
	val v;

	if (v_isundef(options))
		return 0;
	v = obj_get(vm, v_toobj(options), key_of_utf8(vm, name, strlen(name)));
	if (v == V_EXC)
		return -1;
	if (v_isundef(v))
		return 0;
	for (int i = 0; v_isstr(v) && i < n; i++)
		if (str_eq(vm, v_tostr(v), v_tostr(str_cstr(vm, words[i]))))
			return i;
	throw_type(vm, "%s is not a value of the option '%s'", val_for_message(vm, v), name);
	return -1;
}

static int options_check(struct vm *vm, val options)
{
	if (v_isundef(options) || v_isobj(options))
		return 0;
	throw_type(vm, "%s is not an object of options", val_for_message(vm, options));
	return -1;
}

static int alphabet_option(struct vm *vm, val options)
{
	static const char *const words[] = { "base64", "base64url" };

	return word_option(vm, options, "alphabet", words, ARRAY_LEN(words));
}

static int last_chunk_option(struct vm *vm, val options)
{
	static const char *const words[] = { "loose", "strict", "stop-before-partial" };

	return word_option(vm, options, "lastChunkHandling", words, ARRAY_LEN(words));
}

static struct typed *this_bytes(struct vm *vm, val v)
{
	if (v_istyped(v) && v_totyped(v)->type.v == TYPED_Uint8)
		return v_totyped(v);
	throw_type(vm, "%s is not a Uint8Array", val_for_message(vm, v));
	return NULL;
}

static int text_begin(struct vm *vm, val v, uint64_t max, struct decoding *d)
{
	*d = (struct decoding){ .max = max, .bytes = BUF_INIT };
	if (!v_isstr(v)) {
		throw_type(vm, "%s is not a string", val_for_message(vm, v));
		return -1;
	}
	d->text = str_view(vm, v_tostr(v));
	return d->text.len != v_tostr(v)->len.v || VM_TICK(vm, d->text.len >> 2) ? -1 : 0;
}

/* ---- base64 -------------------------------------------------------------------------------- */

static uint32_t skip_blanks(const struct sview *t, uint32_t i)
{
	uint32_t u;

	while (i < t->len && ((u = sview_at(*t, i)) == ' ' || u == '\t' || u == '\n' || u == '\f' || u == '\r'))
		i++;
	return i;
}

/* The n digits in w, the last ones of the text, are 1 or 2 bytes. */
static void put_partial(struct decoding *d, uint32_t w, uint32_t n, bool strict)
{
	uint32_t spare = n == 2 ? 4 : 2;      /* bits that belong to no byte */

	d->failed = n == 1 || (strict && (w & ((1u << spare) - 1)) != 0);
	if (d->failed)
		return;
	w >>= spare;
	if (n == 3)
		buf_putc(&d->bytes, (char)(w >> 8));
	buf_putc(&d->bytes, (char)w);
	d->read = d->text.len;
}

/* Behind the first '=' of padding, with n digits in w. */
static void end_padded(struct decoding *d, uint32_t i, uint32_t w, uint32_t n, enum last_chunk last)
{
	i = skip_blanks(&d->text, i);
	if (n == 2) {
		if (i == d->text.len) {
			d->failed = last != STOP_BEFORE_PARTIAL;
			return;
		}
		if (sview_at(d->text, i) == '=')
			i = skip_blanks(&d->text, i + 1);
	}
	d->failed = n < 2 || i < d->text.len;
	if (!d->failed)
		put_partial(d, w, n, last == STRICT);
}

/* 23.3.3.4 FromBase64 */
static void decode_base64(struct decoding *d, bool url, enum last_chunk last)
{
	uint32_t w = 0, n = 0;

	for (uint32_t i = 0; d->bytes.len < d->max;) {
		uint64_t left = d->max - d->bytes.len;
		uint32_t u;
		int digit;

		i = skip_blanks(&d->text, i);
		if (i == d->text.len) {
			if (n == 0)
				d->read = i;
			else if (last != STOP_BEFORE_PARTIAL)
				put_partial(d, w, last == STRICT ? 1 : n, false);
			return;
		}
		u = sview_at(d->text, i++);
		if (u == '=') {
			end_padded(d, i, w, n, last);
			return;
		}
		digit = url && (u == '+' || u == '/') ? -1 : base64_value(u, url);
		if (digit < 0) {
			d->failed = true;
			return;
		}
		if ((left == 1 && n == 2) || (left == 2 && n == 3))
			return;
		w = w << 6 | (uint32_t)digit;
		if (++n < 4)
			continue;
		for (int k = 16; k >= 0; k -= 8)
			buf_putc(&d->bytes, (char)(w >> k));
		w = n = 0;
		d->read = i;
	}
}

/* ---- hexadecimal --------------------------------------------------------------------------- */

static int hex_digit(uint32_t u)
{
	if (u - '0' < 10)
		return (int)(u - '0');
	u |= 32;
	return u - 'a' < 6 ? (int)(u - 'a' + 10) : -1;
}

static void decode_hex(struct decoding *d)
{
	d->failed = d->text.len % 2 != 0;
	while (!d->failed && d->read < d->text.len && d->bytes.len < d->max) {
		int hi = hex_digit(sview_at(d->text, d->read)), lo = hex_digit(sview_at(d->text, d->read + 1));

		d->failed = hi < 0 || lo < 0;
		if (d->failed)
			break;
		buf_putc(&d->bytes, (char)(hi << 4 | lo));
		d->read += 2;
	}
}

/* ---- results ------------------------------------------------------------------------------- */

static val bad_text(struct vm *vm, bool hex)
{
	return throw_syntax(vm, "The string is not correctly encoded %s", hex ? "hexadecimal" : "base64");
}

/* A new Uint8Array of what was decoded. */
static val new_bytes(struct vm *vm, struct decoding *d, bool hex)
{
	struct typed *t = d->failed ? NULL : typedarray_new(vm, TYPED_Uint8, (int64_t)d->bytes.len);

	if (d->failed)
		bad_text(vm, hex);
	if (t != NULL && d->bytes.len != 0 &&
	    buffer_move(vm, typed_at(t, 0), (const uint8_t *)d->bytes.p, d->bytes.len) < 0)
		t = NULL;
	buf_free(&d->bytes);
	return t != NULL ? v_cell(t) : V_EXC;
}

/* Stores what was decoded into t: { read, written }. */
static val set_bytes(struct vm *vm, struct typed *t, struct decoding *d, bool hex)
{
	struct obj *o;
	int r = d->bytes.len == 0 ? 0 : buffer_move(vm, typed_at(t, 0), (const uint8_t *)d->bytes.p, d->bytes.len);
	uint64_t written = d->bytes.len;

	buf_free(&d->bytes);
	if (r < 0)
		return V_EXC;
	if (d->failed)
		return bad_text(vm, hex);
	o = obj_new(vm);
	obj_def(vm, o, key_of_utf8(vm, "read", 4), v_u32(d->read), ATTR_WEC);
	obj_def(vm, o, key_of_utf8(vm, "written", 7), v_i64((int64_t)written), ATTR_WEC);
	return v_cell(o);
}

/* ---- natives ------------------------------------------------------------------------------- */

static val from_base64(struct vm *vm, val *a, uint32_t argc)
{
	struct decoding d;
	int url, last;

	if (text_begin(vm, ARG(0), UINT64_MAX, &d) < 0 || options_check(vm, ARG(1)) < 0 ||
	    (url = alphabet_option(vm, ARG(1))) < 0 || (last = last_chunk_option(vm, ARG(1))) < 0)
		return V_EXC;
	d.text = str_view(vm, v_tostr(ARG(0)));
	decode_base64(&d, url != 0, (enum last_chunk)last);
	return new_bytes(vm, &d, false);
}

static val from_hex(struct vm *vm, val *a, uint32_t argc)
{
	struct decoding d;

	if (text_begin(vm, ARG(0), UINT64_MAX, &d) < 0)
		return V_EXC;
	decode_hex(&d);
	return new_bytes(vm, &d, true);
}

static val set_from_base64(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = this_bytes(vm, a[0]);
	struct decoding d;
	int url, last;

	if (t == NULL || text_begin(vm, ARG(0), 0, &d) < 0 || options_check(vm, ARG(1)) < 0 ||
	    (url = alphabet_option(vm, ARG(1))) < 0 || (last = last_chunk_option(vm, ARG(1))) < 0 ||
	    typedarray_check(vm, t, "setFromBase64") < 0)
		return V_EXC;
	d.text = str_view(vm, v_tostr(ARG(0)));
	d.max = typed_len(vm, t);
	decode_base64(&d, url != 0, (enum last_chunk)last);
	return set_bytes(vm, t, &d, false);
}

static val set_from_hex(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = this_bytes(vm, a[0]);
	struct decoding d;

	if (t == NULL || text_begin(vm, ARG(0), 0, &d) < 0 || typedarray_check(vm, t, "setFromHex") < 0)
		return V_EXC;
	d.max = typed_len(vm, t);
	decode_hex(&d);
	return set_bytes(vm, t, &d, true);
}

static val to_base64(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = this_bytes(vm, a[0]);
	struct strbuf b;
	val omit = V_FALSE;
	uint64_t len;
	int url;

	if (t == NULL || options_check(vm, ARG(0)) < 0 || (url = alphabet_option(vm, ARG(0))) < 0)
		return V_EXC;
	if (!v_isundef(ARG(0)))
		omit = obj_get(vm, v_toobj(ARG(0)), key_of_utf8(vm, "omitPadding", 11));
	if (omit == V_EXC || typedarray_check(vm, t, "toBase64") < 0)
		return V_EXC;
	len = typed_len(vm, t);
	if (VM_TICK(vm, len >> 1))
		return V_EXC;
	strbuf_init(&b, vm, len < 1024 ? (uint32_t)len / 3 * 4 + 4 : 0);
	for (uint64_t i = 0; i < len && !b.err; i += 3) {
		uint32_t n = len - i < 3 ? (uint32_t)(len - i) : 3, w = 0;

		for (uint32_t k = 0; k < n; k++)
			w |= (uint32_t)*typed_at(t, i + k) << (16 - 8 * k);
		for (uint32_t k = 0; k < 4; k++)
			if (k <= n)
				strbuf_unit(&b, (uint8_t)base64_digit(w >> (18 - 6 * k) & 63, url != 0));
			else if (!to_boolean(omit))
				strbuf_unit(&b, '=');
	}
	return strbuf_end(&b);
}

static val to_hex(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = this_bytes(vm, a[0]);
	struct strbuf b;
	uint64_t len;

	(void)argc;
	if (t == NULL || typedarray_check(vm, t, "toHex") < 0)
		return V_EXC;
	len = typed_len(vm, t);
	if (VM_TICK(vm, len))
		return V_EXC;
	strbuf_init(&b, vm, len < 1024 ? (uint32_t)len * 2 : 0);
	for (uint64_t i = 0; i < len && !b.err; i++) {
		uint8_t c = *typed_at(t, i);

		strbuf_unit(&b, (uint8_t)"0123456789abcdef"[c >> 4]);
		strbuf_unit(&b, (uint8_t)"0123456789abcdef"[c & 15]);
	}
	return strbuf_end(&b);
}

const struct row typedarray_text_static_rows[] = {
	NF_METHOD("fromBase64", 1, from_base64, EFF_CALLS, "23.3.1.1"),
	NF_METHOD("fromHex", 1, from_hex, EFF_NONE, "23.3.1.2"),
};
const uint32_t typedarray_text_static_nrows = ARRAY_LEN(typedarray_text_static_rows);

const struct row typedarray_text_rows[] = {
	NF_METHOD("setFromBase64", 1, set_from_base64, EFF_MUT | EFF_CALLS, "23.3.2.2"),
	NF_METHOD("setFromHex", 1, set_from_hex, EFF_MUT, "23.3.2.3"),
	NF_METHOD("toBase64", 0, to_base64, EFF_CALLS, "23.3.2.4"),
	NF_METHOD("toHex", 0, to_hex, EFF_NONE, "23.3.2.5"),
};
const uint32_t typedarray_text_nrows = ARRAY_LEN(typedarray_text_rows);
