/* strbuf.c: the string builder, and strings as UTF-8. Called by JSON, join,
 * replace, template code, the host interface. Runs no JavaScript.
 *
 * The builder's memory is a string cell whose len is its room; strbuf_end cuts it
 * to size, so the result is never copied. */
#include "engine/object/str_priv.h"

#include "base/utf.h"
#include "engine/object/convert.h"

/* ---- builder ------------------------------------------------------------------ */

void strbuf_init(struct strbuf *b, struct vm *vm, uint32_t hint)
{
	b->vm = vm;
	b->mem = NULL;
	b->len = 0;
	b->cap = 0;
	b->wide = false;
	b->err = false;
	if (hint > 0) {
		uint8_t *out;
		struct str *s;

		hint |= 7;
		if (hint > HEAP_SMALL_MAX - 32)
			return; /* may fail: leave it to the first write */
		s = str_alloc8(vm, hint, &out);
		b->mem = &s->h;
		b->cap = hint;
	}
}

static void *units_of(struct cell *mem)
{
	return mem->kind == KIND_STR16 ? (void *)((struct str16 *)mem)->c : ((struct str8 *)mem)->c;
}

/* Makes room for n more units, of 16 bits if wide. False: failed now or before. */
static bool room(struct strbuf *b, uint32_t n, bool wide)
{
	uint64_t need = (uint64_t)b->len + n, cap;
	struct str *s;
	uint8_t *o8;
	uint16_t *o16;

	wide = wide || b->wide;
	if (b->err)
		return false;
	if (need <= b->cap && wide == b->wide)
		return true;
	if (need > STR_MAX) {
		b->err = true;
		throw_range(b->vm, "invalid string length");
		return false;
	}
	b->vm->ticks -= b->len >> 7;
	cap = need + (need >> 1) + 8;
	if (need <= b->cap && b->cap > cap)
		cap = b->cap; /* widening only */
	cap |= 7;
	if (cap > STR_MAX)
		cap = STR_MAX;
	if (wide == b->wide && b->mem != NULL &&
	    heap_extend(&b->vm->heap, b->mem, str_flat_size(b->cap, wide), str_flat_size((uint32_t)cap, wide))) {
		b->cap = (uint32_t)cap;
		HINIT(((struct str *)b->mem)->len, b->cap);
		return true;
	}
	s = wide ? str_alloc16(b->vm, (uint32_t)cap, &o16) : str_alloc8(b->vm, (uint32_t)cap, &o8);
	if (s == NULL) {
		b->err = true;
		return false;
	}
	if (b->len != 0)
		sview_copy((struct sview){ .p8 = units_of(b->mem), .len = b->len, .wide = b->wide },
		           units_of(&s->h), wide);
	if (b->mem != NULL) {
		/* No one else has seen the old cell: give its memory back now. */
		heap_trim(&b->vm->heap, b->mem, str_flat_size(b->cap, b->wide), str_flat_size(0, b->wide));
		HINIT(((struct str *)b->mem)->len, 0);
	}
	b->mem = &s->h;
	b->cap = (uint32_t)cap;
	b->wide = wide;
	return true;
}

void strbuf_unit_slow(struct strbuf *b, uint32_t unit)
{
	if (!room(b, 1, unit > 0xFF))
		return;
	if (b->wide)
		((struct str16 *)b->mem)->c[b->len++] = (uint16_t)unit;
	else
		((struct str8 *)b->mem)->c[b->len++] = (uint8_t)unit;
}

void strbuf_code_point(struct strbuf *b, uint32_t cp)
{
	if (cp < 0x10000) {
		strbuf_unit(b, cp);
		return;
	}
	strbuf_unit(b, 0xD7C0 + (cp >> 10));
	strbuf_unit(b, 0xDC00 | (cp & 0x3FF));
}

void strbuf_view(struct strbuf *b, struct sview v)
{
	bool wide;

	if (likely(!v.wide && !b->wide && v.len <= b->cap - b->len && v.len != 0)) {
		copy_bytes(((struct str8 *)b->mem)->c + b->len, v.p8, v.len);
		b->len += v.len;
		return;
	}
	wide = v.wide && (b->wide || !units_below(v.p16, v.len, 0x100));

	if (v.len == 0 || !room(b, v.len, wide))
		return;
	sview_copy(v, (char *)units_of(b->mem) + ((size_t)b->len << b->wide), b->wide);
	b->len += v.len;
}

void strbuf_str(struct strbuf *b, struct str *s)
{
	struct sview v = str_view(b->vm, s);

	if (unlikely(v.len != s->len.v))
		b->err = true; /* a rope there was no memory for; already thrown */
	else
		strbuf_view(b, v);
}

void strbuf_ascii(struct strbuf *b, const char *p, size_t n)
{
	if (unlikely(n > STR_MAX)) {
		if (!b->err)
			throw_range(b->vm, "invalid string length");
		b->err = true;
		return;
	}
	strbuf_view(b, sview_of8(p, (uint32_t)n));
}

val strbuf_end(struct strbuf *b)
{
	struct str *s = (struct str *)b->mem;

	if (b->err)
		return V_EXC;
	if (b->len == 0)
		return v_cell(b->vm->empty);
	if (b->len == 1 && !b->wide)
		return v_cell(b->vm->chars[((struct str8 *)s)->c[0]]);
	heap_trim(&b->vm->heap, s, str_flat_size(b->cap, b->wide), str_flat_size(b->len, b->wide));
	HINIT(s->len, b->len);
	if (!b->wide)
		((struct str8 *)s)->c[b->len] = 0;
	b->mem = NULL;
	return v_cell(s);
}

/* ---- UTF-8 output --------------------------------------------------------------- */

size_t sview_utf8_len(struct sview v)
{
	size_t n = v.len;

	if (!v.wide) {
		for (uint32_t i = (uint32_t)utf8_ascii_prefix((const char *)v.p8, v.len); i < v.len; i++)
			n += v.p8[i] >> 7;
		return n;
	}
	for (uint32_t i = 0; i < v.len; i++) {
		uint32_t c = v.p16[i];

		if (utf16_is_high(c) && i + 1 < v.len && utf16_is_low(v.p16[i + 1])) {
			i++;
			n += 2; /* two units, four bytes */
		} else {
			n += (c >= 0x80) + (c >= 0x800);
		}
	}
	return n;
}

size_t sview_put_utf8(struct sview v, bool wtf8, char *out)
{
	char *o = out;
	uint32_t i = 0, units;

	if (!v.wide) {
		i = (uint32_t)utf8_ascii_prefix((const char *)v.p8, v.len);
		if (i != 0)
			memcpy(o, v.p8, i);
		o += i;
		for (; i < v.len; i++)
			o += utf8_encode(o, v.p8[i]);
		return (size_t)(o - out);
	}
	for (; i < v.len; i += units) {
		uint32_t c = sview_code_point(v, i, &units);

		if (c < 0x80) {
			*o++ = (char)c;
			continue;
		}
		if (!wtf8 && (c & 0xFFFFF800u) == 0xD800)
			c = UTF_REPLACEMENT;
		o += utf8_encode(o, c);
	}
	return (size_t)(o - out);
}

const char *str_to_utf8(struct vm *vm, struct str *s, bool wtf8, size_t *n)
{
	struct sview v = str_view(vm, s);
	size_t len;
	struct cell *c;
	char *out;

	if (unlikely(v.len != s->len.v))
		return NULL;
	vm->ticks -= v.len >> 6;
	len = sview_utf8_len(v);
	if (n != NULL)
		*n = len;
	if (s->h.kind == KIND_STR8 && len == v.len)
		return (const char *)v.p8;
	c = heap_alloc(&vm->heap, sizeof *c + len + 1, (uint32_t)(len + 1), KIND_BYTES, 0);
	if (c == NULL) {
		throw_oom(vm);
		return NULL;
	}
	out = (char *)(c + 1);
	out[sview_put_utf8(v, wtf8, out)] = 0;
	return out;
}

void str_put_utf8(struct vm *vm, struct str *s, struct buf *b)
{
	struct sview v = str_view(vm, s);
	size_t len = sview_utf8_len(v);

	vm->ticks -= v.len >> 6;
	if (len != 0)
		b->len += sview_put_utf8(v, false, buf_reserve(b, len));
}
