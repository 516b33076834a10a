/* typed.c: views on array buffers: elements and their encodings, and the internal
 * methods of typed arrays (ECMA-262 10.4.5). Called through the table of exotic
 * objects, by the interpreter's element accesses and by the built-ins. */
#include "engine/object/typed.h"

#include "engine/object/bigint.h"

const uint8_t typed_size[TYPED__N] = {
#define TYPED(name, size) size,
#include "engine/object/typed.def"
};
const char *const typed_name[TYPED__N] = {
#define TYPED(name, size) #name "Array",
#include "engine/object/typed.def"
};

struct typed *typed_new(struct vm *vm, struct obj *proto, uint8_t kind, enum typed_type type, struct buffer *b,
                        uint64_t offset, uint64_t len)
{
	struct typed *t = obj_new_kind(vm, proto, kind, sizeof *t);

	HINIT(t->buf, b);
	HINIT(t->data, b->data.v);
	HINIT(t->len, 0);
	HINIT(t->stamp, b->stamp.v - 1);
	HINIT(t->offset, offset);
	HINIT(t->fixed, len);
	HINIT(t->type, type);
	HINIT(t->oob, 0);
	typed_sync_slow(vm, t);
	return t;
}

/* 10.4.5.14 IsTypedArrayOutOfBounds, 10.4.5.13 TypedArrayLength. */
void typed_sync_slow(struct vm *vm, struct typed *t)
{
	struct buffer *b = t->buf.v;
	uint64_t size = typed_size[t->type.v], len = t->fixed.v;
	bool oob = buffer_detached(b) || t->offset.v > b->len.v;

	if (!oob) {
		if (len == TYPED_TRACKS)
			len = (b->len.v - t->offset.v) / size;
		else
			oob = len * size > b->len.v - t->offset.v;
	}
	VSET(vm, t->data, oob ? b->data.v : b->data.v + t->offset.v);
	VSET(vm, t->len, oob ? 0 : len);
	VSET(vm, t->oob, oob);
	VSET(vm, t->stamp, b->stamp.v);
}

/* ---- encodings -------------------------------------------------------------------- */

/* IEEE 754 binary16, from the double at once so that rounding happens only once. */
static uint16_t half_of(double d)
{
	uint64_t u, m;
	uint16_t sign;
	int e, shift;

	memcpy(&u, &d, 8);
	sign = (uint16_t)(u >> 48 & 0x8000);
	u &= ~(1ull << 63);
	if (u > 0x7FF0000000000000ull)
		return 0x7E00;
	e = (int)(u >> 52) - 1023 + 15;
	if (e >= 31)
		return sign | 0x7C00;
	if (e < -11)
		return sign;
	m = (u & ((1ull << 52) - 1)) | 1ull << 52;
	shift = e <= 0 ? 43 - e : 42;
	u = m >> shift;
	m &= (1ull << shift) - 1;
	if (m > 1ull << (shift - 1) || (m == 1ull << (shift - 1) && (u & 1)))
		u++;
	/* A carry out of the fraction moves the exponent, as it should. */
	return (uint16_t)(sign | (e <= 0 ? u : u + ((uint64_t)(e - 1) << 10)));
}

static double half_value(uint16_t h)
{
	unsigned e = h >> 10 & 31, m = h & 1023;
	double d;

	if (e == 31)
		d = m != 0 ? NAN : INFINITY;
	else
		d = e == 0 ? ldexp(m, -24) : ldexp(m + 1024, (int)e - 25);
	return h & 0x8000 ? -d : d;
}

val typed_load(struct vm *vm, uint32_t type, const void *p)
{
	uint64_t u64;
	int16_t i16;
	uint16_t u16;
	int32_t i32;
	uint32_t u32;
	float f;
	double d;

	switch ((enum typed_type)type) {
	case TYPED_Int8:
		return v_int(*(const int8_t *)p);
	case TYPED_Uint8: case TYPED_Uint8Clamped:
		return v_int(*(const uint8_t *)p);
	case TYPED_Int16:
		memcpy(&i16, p, 2);
		return v_int(i16);
	case TYPED_Uint16:
		memcpy(&u16, p, 2);
		return v_int(u16);
	case TYPED_Int32:
		memcpy(&i32, p, 4);
		return v_int(i32);
	case TYPED_Uint32:
		memcpy(&u32, p, 4);
		return v_u32(u32);
	case TYPED_Float16:
		memcpy(&u16, p, 2);
		return v_num(half_value(u16));
	case TYPED_Float32:
		memcpy(&f, p, 4);
		return v_num((double)f);
	case TYPED_BigInt64:
		memcpy(&u64, p, 8);
		return big_from_i64(vm, (int64_t)u64);
	case TYPED_BigUint64:
		memcpy(&u64, p, 8);
		return big_from_u64(vm, u64);
	case TYPED_Float64:
	case TYPED__N:
		break;
	}
	memcpy(&d, p, 8);
	return v_num(d);
}

static uint8_t clamped(val v)
{
	double d;

	if (v_isint(v))
		return v_toint(v) < 0 ? 0 : v_toint(v) > 255 ? 255 : (uint8_t)v_toint(v);
	d = v_todbl(v);
	if (!(d > 0))
		return 0;
	return d >= 255 ? 255 : (uint8_t)nearbyint(d);   /* halves go to even: the default mode */
}

void typed_encode(uint32_t type, void *p, val v)
{
	uint64_t u64;
	uint32_t i;
	uint16_t h;
	float f;
	double d;

	if (typed_is_big(type)) {
		u64 = big_to_u64(v);
		memcpy(p, &u64, 8);
		return;
	}
	if (typed_is_float(type)) {
		d = v_numof(v);
		if (d != d)
			d = (double)NAN;
		if (type == TYPED_Float64) {
			memcpy(p, &d, 8);
		} else if (type == TYPED_Float32) {
			f = (float)d;
			memcpy(p, &f, 4);
		} else {
			h = half_of(d);
			memcpy(p, &h, 2);
		}
		return;
	}
	if (type == TYPED_Uint8Clamped) {
		*(uint8_t *)p = clamped(v);
		return;
	}
	i = (uint32_t)(v_isint(v) ? v_toint(v) : dbl_to_int32(v_todbl(v)));
	h = (uint16_t)i;
	if (typed_size[type] == 1)
		*(uint8_t *)p = (uint8_t)i;
	else if (typed_size[type] == 2)
		memcpy(p, &h, 2);
	else
		memcpy(p, &i, 4);
}

val typed_coerce(struct vm *vm, uint32_t type, val v)
{
	if (unlikely(typed_is_big(type)))
		return to_bigint(vm, v);
	return likely(v_isnum(v)) ? v : to_number_v(vm, v);
}

int typed_put(struct vm *vm, struct typed *t, uint64_t i, val v)
{
	v = typed_coerce(vm, t->type.v, v);
	if (unlikely(v == V_EXC))
		return -1;
	if (i < typed_len(vm, t))
		typed_store(vm, t->type.v, typed_at(t, i), v);
	return 0;
}

/* ---- internal methods ---------------------------------------------------------------- */

enum { NAMED = -1, NO_INDEX = -2 };

/* What a key is to a typed array: an index (maybe beyond the end), NO_INDEX for any
 * other canonical numeric string (7.1.21), NAMED. */
static int64_t index_of_key(struct vm *vm, pkey k)
{
	struct str *s;
	struct sview v;
	uint32_t c;
	val text;

	if (likely(pkey_is_index(k)))
		return pkey_index(k);
	if (atom_rec(vm, k)->type >= ATOM_SYMBOL)
		return NAMED;
	if (atom_rec(vm, k)->type == ATOM_INDEX)
		return NO_INDEX;
	s = atom_rec(vm, k)->str;
	v = str_view(vm, s);
	c = v.len != 0 ? sview_at(v, 0) : 0;
	if (!(c >= '0' && c <= '9') && c != '-' && c != 'I' && c != 'N')
		return NAMED;
	if (sview_eq_ascii(v, "-0"))
		return NO_INDEX;
	text = num_to_str(vm, str_to_number(vm, s));
	return str_eq(vm, v_tostr(text), s) ? NO_INDEX : NAMED;
}

static struct typed *view_of(struct obj *o) { return (struct typed *)(void *)o; }

static bool valid(struct vm *vm, struct obj *o, int64_t i) { return (uint64_t)i < typed_len(vm, view_of(o)); }

static int get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *out)
{
	int64_t i = index_of_key(vm, k);

	if (i == NAMED)
		return obj_ordinary_get_own(vm, o, k, out);
	if (!valid(vm, o, i))
		return 0;
	*out = pdesc_data(typed_get(vm, view_of(o), (uint64_t)i), ATTR_WEC);
	return 1;
}

static int define_own(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)
{
	int64_t i = index_of_key(vm, k);

	if (i == NAMED)
		return obj_ordinary_define(vm, o, k, d);
	if (!valid(vm, o, i) || PD_IS_ACCESSOR(d) || ((d->flags & PD_HAS_C) && !(d->flags & PD_C)) ||
	    ((d->flags & PD_HAS_E) && !(d->flags & PD_E)) || ((d->flags & PD_HAS_W) && !(d->flags & PD_W)))
		return 0;
	if ((d->flags & PD_HAS_VALUE) && typed_put(vm, view_of(o), (uint64_t)i, d->value) < 0)
		return -1;
	return 1;
}

static int has(struct vm *vm, struct obj *o, pkey k)
{
	int64_t i = index_of_key(vm, k);

	return i == NAMED ? obj_ordinary_has(vm, o, k) : valid(vm, o, i);
}

static val get(struct vm *vm, struct obj *o, pkey k, val receiver)
{
	int64_t i = index_of_key(vm, k);

	return i == NAMED ? obj_ordinary_get(vm, o, k, receiver) : typed_get(vm, view_of(o), (uint64_t)i);
}

static int set(struct vm *vm, struct obj *o, pkey k, val v, val receiver)
{
	int64_t i = index_of_key(vm, k);

	if (i == NAMED)
		return obj_ordinary_set(vm, o, k, v, receiver);
	if (receiver == v_cell(o))
		return typed_put(vm, view_of(o), (uint64_t)i, v) < 0 ? -1 : 1;
	return valid(vm, o, i) ? obj_ordinary_set(vm, o, k, v, receiver) : 1;
}

static int del(struct vm *vm, struct obj *o, pkey k)
{
	int64_t i = index_of_key(vm, k);

	return i == NAMED ? obj_ordinary_delete(vm, o, k) : !valid(vm, o, i);
}

static int own_keys(struct vm *vm, struct obj *o, struct keylist *out)
{
	uint64_t n = typed_len(vm, view_of(o));

	for (uint64_t i = 0; i < n; i++) {
		if (keylist_push(vm, out, PKEY_INDEX | (uint32_t)i) < 0 || ((i & 1023) == 1023 && VM_TICK(vm, 512)))
			return -1;
	}
	return obj_ordinary_own_keys(vm, o, out);
}

/* 10.4.5.1: only when the set of indices cannot change any more (IsTypedArrayFixedLength). */
static int prevent_extensions(struct vm *vm, struct obj *o)
{
	struct typed *t = view_of(o);

	if (t->fixed.v == TYPED_TRACKS || (!buffer_fixed(t->buf.v) && !buffer_shared(t->buf.v)))
		return 0;
	return obj_ordinary_prevent_extensions(vm, o);
}

const struct exotic typed_exotic = {
	.get_own = get_own, .define_own = define_own, .has = has, .get = get, .set = set, .del = del,
	.own_keys = own_keys, .prevent_extensions = prevent_extensions,
};
