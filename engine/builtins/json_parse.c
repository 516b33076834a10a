/* json_parse.c: JSON text to values (ECMA-262 25.5.1, RFC 8259), iteratively: open
 * containers are on an explicit stack, finished values of open containers on a
 * stack of values. Called by json.c and, for request bodies, by engine/api. Runs
 * no JavaScript.
 *
 * Shape prediction: objects at one place of a document mostly have the same keys in
 * the same order. An array remembers the shape of its last object, the VM that of
 * the last object at a place (a hash of the path and of the first key). While
 * the keys that come are those of the predicted shape, byte for byte, only values
 * are stacked; when all have come the object is made at once. When one differs
 * the frame goes over to stacking (key, value) pairs and the shape is found by
 * transitions. What was guessed never changes what is parsed.
 *
 * The stacks begin inside struct parse, on the C stack, where the collector sees
 * them, and move to heap cells when they outgrow it. */
#include "engine/builtins/json.h"

#include "base/num.h"
#include "base/utf.h"
#include "engine/builtins/json_scan.h"

#define SLICE_FROM 24u     /* units; shorter strings are copied */
#define FEW_VALUES 160u
#define FEW_FRAMES 16u
#define SHAPE_KEYS 128u    /* objects with more keys are dictionaries anyway */
#define NO_HINT    255u
#define EXCERPT    20u

enum frame_type { F_ARRAY, F_PREDICTED, F_PAIRS };

struct frame {
	uint32_t base;            /* index of the container's first value */
	uint32_t n;               /* elements, or keys so far */
	uint32_t shape;           /* F_PREDICTED: of the object; F_ARRAY: of its last object; else 0 */
	uint32_t path;            /* hash of the way here */
	uint8_t type, hint;       /* hint: place in vm->json_hint, or NO_HINT */
	bool simple;              /* all keys so far: no escapes, ASCII */
};

struct parse {
	struct vm *vm;
	const uint8_t *start, *end, *ticked;
	struct str *src;          /* Latin-1 text: slices are cut from it, or NULL */
	bool utf8, wtf8;          /* bytes are UTF-8 (surrogates encoded), else Latin-1 */
	bool borrow;              /* UTF-8 bytes outlive the request */
	bool sources;             /* what is no container is to be its text */
	val *stack;
	uint32_t top, cap;
	struct frame *frames;
	uint32_t depth, fcap;
	struct cell *mem, *fmem;  /* heap cells of the stacks, for the collector */
	val few[FEW_VALUES];
	struct frame fewf[FEW_FRAMES];
};

/* ---- errors --------------------------------------------------------------------------- */

static uint32_t code_point(const struct parse *ps, const uint8_t *p, int *bytes)
{
	uint32_t cp = *p;

	*bytes = 1;
	if (ps->utf8)
		*bytes = utf8_decode((const char *)p, (size_t)(ps->end - p), ps->wtf8, &cp);
	return cp;
}

static void put_excerpt(const struct parse *ps, struct buf *b, const uint8_t *at)
{
	const uint8_t *p = at - ps->start > EXCERPT ? at - EXCERPT : ps->start;
	const uint8_t *q = ps->end - at > EXCERPT ? at + EXCERPT : ps->end;
	int n;

	while (ps->utf8 && p < at && (*p & 0xC0) == 0x80)
		p++;
	buf_puts(b, p == ps->start ? ", \"" : ", ...\"");
	for (; p < q; p += n) {
		uint32_t cp = code_point(ps, p, &n);

		buf_put_utf8(b, cp < 0x20 ? ' ' : cp >= 0xD800 && cp < 0xE000 ? UTF_REPLACEMENT : cp);
	}
	buf_puts(b, p >= ps->end ? "\"" : "\"...");
}

/* Throws; `what` is followed by the position in code units, line and column. */
static COLD const uint8_t *fail(struct parse *ps, const uint8_t *at, const char *what)
{
	uint64_t pos = 0, line = 1, column = 1;
	struct buf b = BUF_INIT;
	int n;

	if (at >= ps->end) {
		throw_syntax(ps->vm, "Unexpected end of JSON input");
		return NULL;
	}
	for (const uint8_t *p = ps->start; p < at; p += n) {
		uint32_t units = code_point(ps, p, &n) >= 0x10000 ? 2 : 1;

		pos += units;
		column += units;
		if (*p == '\n')
			line++, column = 1;
	}
	if (what != NULL) {
		buf_puts(&b, what);
	} else {
		uint32_t cp = code_point(ps, at, &n);

		buf_puts(&b, "Unexpected token '");
		buf_put_utf8(&b, cp < 0x20 ? ' ' : cp >= 0xD800 && cp < 0xE000 ? UTF_REPLACEMENT : cp);
		buf_puts(&b, "'");
	}
	buf_printf(&b, " in JSON at position %llu (line %llu column %llu)", (unsigned long long)pos,
	           (unsigned long long)line, (unsigned long long)column);
	put_excerpt(ps, &b, at);
	throw_syntax(ps->vm, "%s", buf_cstr(&b));
	buf_free(&b);
	return NULL;
}

/* ---- stacks ----------------------------------------------------------------------------- */

static NOINLINE bool grow_values(struct parse *ps)
{
	uint32_t cap = ps->cap * 4;
	struct cell *c = cap > 1u << 28 ? NULL :
		heap_alloc(&ps->vm->heap, sizeof *c + (size_t)cap * sizeof(val), cap, KIND_LIST, 0);

	if (c == NULL) {
		throw_oom(ps->vm);
		return false;
	}
	memcpy((void *)(c + 1), ps->stack, ps->top * sizeof(val));
	ps->mem = c;
	ps->stack = (val *)(void *)(c + 1);
	ps->cap = cap;
	return true;
}

static inline bool push(struct parse *ps, val v)
{
	if (unlikely(ps->top == ps->cap) && !grow_values(ps))
		return false;
	ps->stack[ps->top++] = v;
	return true;
}

static NOINLINE bool grow_frames(struct parse *ps)
{
	uint32_t cap = ps->fcap * 4;
	size_t bytes = (size_t)cap * sizeof(struct frame);
	struct cell *c = cap > 1u << 26 ? NULL : heap_alloc(&ps->vm->heap, sizeof *c + bytes, (uint32_t)bytes, KIND_BYTES, 0);

	if (c == NULL) {
		throw_oom(ps->vm);
		return false;
	}
	memcpy((void *)(c + 1), ps->frames, ps->depth * sizeof(struct frame));
	ps->fmem = c;
	ps->frames = (struct frame *)(void *)(c + 1);
	ps->fcap = cap;
	return true;
}

static inline struct frame *open_frame(struct parse *ps, enum frame_type type)
{
	struct frame *f, *up;

	if (unlikely(ps->depth == ps->fcap) && !grow_frames(ps))
		return NULL;
	f = &ps->frames[ps->depth];
	f->base = ps->top;
	f->n = 0;
	f->shape = 0;
	f->path = 0;
	f->type = type;
	f->hint = NO_HINT;
	f->simple = true;
	if (ps->depth++ != 0) {
		up = f - 1;
		f->path = (up->path ^ (up->type == F_ARRAY ? 0 : up->n)) * 0x9E3779B1u + 1;
	}
	return f;
}

/* ---- strings ---------------------------------------------------------------------------- */

static inline val plain_string(struct parse *ps, const uint8_t *p, uint32_t n, unsigned high)
{
	struct vm *vm = ps->vm;
	struct str *s;
	uint8_t *out;

	if (unlikely(high && ps->utf8))
		return str_from_utf8(vm, (const char *)p, n, ps->wtf8);
	if (n <= 1)
		return v_cell(n != 0 ? vm->chars[*p] : vm->empty);
	if (n >= SLICE_FROM) {
		if (ps->src != NULL)
			return str_sub(vm, ps->src, (uint32_t)(p - ps->start), (uint32_t)(p - ps->start) + n);
		if (ps->borrow)
			return str_external(vm, (const char *)p, n);
	}
	s = str_alloc8(vm, n, &out);
	if (s == NULL)
		return V_EXC;
	memcpy(out, p, n);
	if (!high)
		HINIT(s->h.flags, CF_STR_ASCII);
	return v_cell(s);
}

static int hex4(const uint8_t *p)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		int c = p[i], low = c | 32;

		if (c >= '0' && c <= '9')
			v = v << 4 | (c - '0');
		else if (low >= 'a' && low <= 'f')
			v = v << 4 | (low - 'a' + 10);
		else
			return -1;
	}
	return v;
}

static void put_run(struct parse *ps, struct strbuf *b, const uint8_t *p, const uint8_t *q, unsigned high)
{
	if (!high || !ps->utf8) {
		strbuf_view(b, (struct sview){ .p8 = p, .len = (uint32_t)(q - p), .wide = false });
		return;
	}
	while (p < q) {
		uint32_t cp;

		p += utf8_decode((const char *)p, (size_t)(q - p), ps->wtf8, &cp);
		strbuf_code_point(b, cp);
	}
}

/* The escape at p, a backslash: what follows it, or NULL. */
static const uint8_t *put_escape(struct parse *ps, struct strbuf *b, const uint8_t *p)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;
	int u;

	if (ps->end - p < 2)
		return fail(ps, ps->end, NULL);
	if (p[1] == 'u') {
		if (ps->end - p < 6)
			return fail(ps, ps->end, NULL);
		u = hex4(p + 2);
		if (u < 0)
			return fail(ps, p, "Bad Unicode escape");
		strbuf_unit(b, (uint32_t)u);
		return p + 6;
	}
	at = p[1] != 0 ? strchr(from, p[1]) : NULL;
	if (at == NULL)
		return fail(ps, p + 1, "Bad escaped character");
	strbuf_unit(b, (uint8_t)to[at - from]);
	return p + 2;
}

/* The string whose opening quote is at p and whose first special character, a
 * backslash, at q. */
static NOINLINE const uint8_t *escaped_string(struct parse *ps, const uint8_t *p, const uint8_t *q, unsigned high, val *out)
{
	struct strbuf b;

	strbuf_init(&b, ps->vm, (uint32_t)(q - p) + 16);
	put_run(ps, &b, p + 1, q, high);
	for (;;) {
		p = put_escape(ps, &b, q);
		if (p == NULL)
			return NULL;
		high = 0;
		q = scan_plain(p, ps->end, &high);
		put_run(ps, &b, p, q, high);
		if (b.err)
			return NULL;
		if (q >= ps->end)
			return fail(ps, q, NULL);
		if (*q == '"')
			break;
		if (*q != '\\')
			return fail(ps, q, "Bad control character in string literal");
	}
	*out = strbuf_end(&b);
	return *out == V_EXC ? NULL : q + 1;
}

/* The string at p, an opening quote. What follows it, or NULL. */
static inline const uint8_t *string(struct parse *ps, const uint8_t *p, val *out)
{
	unsigned high = 0;
	const uint8_t *q = scan_plain(p + 1, ps->end, &high);

	if (unlikely(q >= ps->end))
		return fail(ps, q, NULL);
	if (likely(*q == '"')) {
		*out = plain_string(ps, p + 1, (uint32_t)(q - p - 1), high);
		return unlikely(*out == V_EXC) ? NULL : q + 1;
	}
	if (*q == '\\')
		return escaped_string(ps, p, q, high, out);
	return fail(ps, q, "Bad control character in string literal");
}

/* ---- numbers, literals -------------------------------------------------------------------- */

static inline bool is_digit(const uint8_t *p, const uint8_t *end) { return p < end && (unsigned)*p - '0' <= 9u; }

/* The rest of a number that is not a short integer: p its first digit, q behind
 * the integer part. */
static NOINLINE const uint8_t *long_number(struct parse *ps, const uint8_t *p, const uint8_t *q, bool neg, val *out)
{
	const uint8_t *end = ps->end;
	double d;

	if (q < end && *q == '.') {
		if (!is_digit(++q, end))
			return fail(ps, q, "Unterminated fractional number");
		while (is_digit(q, end))
			q++;
	}
	if (q < end && (*q | 32) == 'e') {
		if (++q < end && (*q == '+' || *q == '-'))
			q++;
		if (!is_digit(q, end))
			return fail(ps, q, "Exponent part is missing a number");
		while (is_digit(q, end))
			q++;
	}
	(void)num_parse_decimal((const char *)p, (size_t)(q - p), &d);
	*out = v_num(neg ? -d : d);
	return q;
}

static inline const uint8_t *number(struct parse *ps, const uint8_t *p, val *out)
{
	const uint8_t *end = ps->end, *q;
	bool neg = *p == '-';
	int32_t n = 0;

	p += neg;
	if (!is_digit(p, end))
		return fail(ps, p, "No number after minus sign");
	q = p;
	if (*p == '0') {
		if (is_digit(++q, end))
			return fail(ps, q, NULL);
	} else {
		for (; is_digit(q, end); q++)
			if (q - p < 9)
				n = n * 10 + (*q - '0');
	}
	if (unlikely(q - p > 9) || (q < end && (*q == '.' || (*q | 32) == 'e')))
		return long_number(ps, p, q, neg, out);
	*out = !neg ? v_int(n) : n != 0 ? v_int(-n) : v_dbl(-0.0);
	return q;
}

static const uint8_t *literal(struct parse *ps, const uint8_t *p, const char *text, val v, val *out)
{
	for (; *text != 0; text++, p++)
		if (p >= ps->end || *p != (uint8_t)*text)
			return fail(ps, p, NULL);
	*out = v;
	return p;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static inline bool same_bytes(const uint8_t *a, const uint8_t *b, uint32_t n)
{
	uint32_t x, y, z, w;

	if (n >= 8) {
		for (uint32_t i = 0; i + 8 < n; i += 8)
			if (scan_load(a + i) != scan_load(b + i))
				return false;
		return scan_load(a + n - 8) == scan_load(b + n - 8);
	}
	if (n >= 4) {
		memcpy(&x, a, 4);
		memcpy(&y, b, 4);
		memcpy(&z, a + n - 4, 4);
		memcpy(&w, b + n - 4, 4);
		return x == y && z == w;
	}
	for (uint32_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Does the key of entry i of the predicted shape stand at p, a quote? Predicted
 * keys are ASCII and free of characters that need escapes. */
static inline const uint8_t *match_key(struct parse *ps, const struct shape *s, uint32_t i, const uint8_t *p)
{
	struct str *k = atom_rec(ps->vm, s->tab->e[i].key)->str;
	uint32_t n = k->len.v;
	const uint8_t *c = likely(k->h.kind == KIND_STR8) ? ((const struct str8 *)(const void *)k)->c : str_view(ps->vm, k).p8;

	if (unlikely(ps->end - p < (ptrdiff_t)n + 2) || p[n + 1] != '"' || !same_bytes(p + 1, c, n))
		return NULL;
	return p + n + 2;
}

/* The prediction was wrong, or ends: what was stacked becomes pairs. */
static bool to_pairs(struct parse *ps, struct frame *f)
{
	const struct shape *s = shape_of_id(ps->vm, f->shape);
	uint32_t base = f->base;

	for (uint32_t i = 0; i < f->n; i++)
		if (!push(ps, V_UNDEF))
			return false;
	for (uint32_t i = f->n; i-- > 0;) {
		ps->stack[base + 2 * i + 1] = ps->stack[base + i];
		ps->stack[base + 2 * i] = s->tab->e[i].key;
	}
	f->type = F_PAIRS;
	f->shape = 0;
	return true;
}

static NOINLINE const uint8_t *slow_key(struct parse *ps, struct frame *f, const uint8_t *p)
{
	unsigned high = 0;
	const uint8_t *q = scan_plain(p + 1, ps->end, &high);
	pkey k;
	val s;

	if (q < ps->end && *q == '"' && !high) {
		k = key_of_utf8(ps->vm, (const char *)p + 1, (size_t)(q - p - 1));
		q++;
	} else {
		q = string(ps, p, &s);
		if (q == NULL)
			return NULL;
		k = key_of_str(ps->vm, v_tostr(s));
		f->simple = false;
	}
	return push(ps, k) ? q : NULL;
}

static inline const uint8_t *key(struct parse *ps, struct frame *f, const uint8_t *p)
{
	if (likely(f->type == F_PREDICTED)) {
		const struct shape *s = shape_of_id(ps->vm, f->shape);
		const uint8_t *q = f->n < s->count ? match_key(ps, s, f->n, p) : NULL;

		if (likely(q != NULL)) {
			f->n++;
			return q;
		}
		if (!to_pairs(ps, f))
			return NULL;
	}
	p = slow_key(ps, f, p);
	f->n++;
	return p;
}

/* Guesses the shape of the object whose first key's quote is at p. */
static inline void predict(struct parse *ps, struct frame *f, const uint8_t *p)
{
	uint64_t w, end;

	if (ps->end - p >= 9) {
		w = scan_load(p + 1);
		end = scan_word(w);
		if (end != 0)  /* the key ends inside the word: its first bytes only */
			w &= (end & -end) - 1;
		f->hint = (uint8_t)(hash_u64(w ^ f->path) & (ARRAY_LEN(ps->vm->json_hint) - 1));
		f->shape = ps->vm->json_hint[f->hint];
	}
	if (ps->depth > 1 && f[-1].type == F_ARRAY && f[-1].shape != 0 &&
	    (f->shape == 0 || match_key(ps, shape_of_id(ps->vm, f[-1].shape), 0, p) != NULL))
		f->shape = f[-1].shape;
	f->type = f->shape != 0 ? F_PREDICTED : F_PAIRS;
}
_Static_assert(ARRAY_LEN(((struct vm *)0)->json_hint) < NO_HINT, "hint fits");

/* ---- containers --------------------------------------------------------------------------------- */

static inline val make_object(struct parse *ps, uint32_t shape, const val *v, uint32_t n, uint32_t step)
{
	struct obj *o = heap_alloc(&ps->vm->heap, sizeof *o + n * sizeof(val), shape, KIND_OBJECT, CF_EXTENSIBLE);

	HINIT(o->h.aux, (uint16_t)n);
	HINIT(o->ext, NULL);
	for (uint32_t i = 0; i < n; i++)
		HINIT(o->inl[i], v[i * step]);
	return v_cell(o);
}

/* Any keys at all: integers, many, the same twice. */
static val object_by_definition(struct parse *ps, const struct frame *f)
{
	struct obj *o = obj_new(ps->vm);

	for (uint32_t i = 0; i < f->n; i++)
		if (VM_TICK(ps->vm, 4) || obj_create_data(ps->vm, o, (pkey)ps->stack[f->base + 2 * i],
		                                          ps->stack[f->base + 2 * i + 1]) < 0)
			return V_EXC;
	return v_cell(o);
}

static NOINLINE val object_of_pairs(struct parse *ps, const struct frame *f)
{
	struct vm *vm = ps->vm;
	uint32_t id;

	if (f->n > SHAPE_KEYS)
		return object_by_definition(ps, f);
	id = shape_root(vm, obj_intr(vm, INTR_ObjectPrototype), KIND_OBJECT, (uint16_t)f->n);
	for (uint32_t i = 0; i < f->n; i++) {
		pkey k = (pkey)ps->stack[f->base + 2 * i];

		if (pkey_is_index(k) || shape_find(shape_of_id(vm, id), k) >= 0)
			return object_by_definition(ps, f);
		id = shape_add(vm, id, k, ATTR_WEC);
		if (id == 0)
			return object_by_definition(ps, f);
	}
	if (f->simple) {
		if (ps->depth > 1 && f[-1].type == F_ARRAY)
			ps->frames[ps->depth - 2].shape = id;
		if (f->hint != NO_HINT && id < vm->tshape0)
			vm->json_hint[f->hint] = id;
	}
	return make_object(ps, id, &ps->stack[f->base + 1], f->n, 2);
}

static inline val close_object(struct parse *ps)
{
	struct frame *f = &ps->frames[ps->depth - 1];
	val v;

	if (likely(f->type == F_PREDICTED)) {
		uint32_t n = shape_of_id(ps->vm, f->shape)->count;

		if (likely(f->n == n)) {
			v = make_object(ps, f->shape, &ps->stack[f->base], n, 1);
			/* In an array prediction came from it, or the VM's hint goes there. */
			if (ps->depth > 1 && f[-1].type == F_ARRAY)
				f[-1].shape = f->shape;
			goto done;
		}
		if (!to_pairs(ps, f))
			return V_EXC;
	}
	v = object_of_pairs(ps, f);
done:
	ps->top = ps->frames[--ps->depth].base;
	return v;
}

static inline val close_array(struct parse *ps)
{
	struct frame *f = &ps->frames[ps->depth - 1];
	val v = arr_from(ps->vm, &ps->stack[f->base], f->n);

	ps->top = f->base;
	ps->depth--;
	return v;
}

/* ---- the text ------------------------------------------------------------------------------------- */

static inline const uint8_t *skip_space(const uint8_t *p, const uint8_t *end)
{
	while (p < end && unlikely(*p <= ' ') && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

/* An opening bracket or brace at p. Behind it, with *v the value when it is closed
 * at once, else HOLE and a frame open. NULL: exception. */
static inline const uint8_t *open_container(struct parse *ps, const uint8_t *p, val *v)
{
	bool object = *p == '{';
	struct frame *f;

	p = skip_space(p + 1, ps->end);
	if (p >= ps->end)
		return fail(ps, p, NULL);
	*v = V_HOLE;
	if (*p == (object ? '}' : ']')) {
		struct arr *a;

		if (object) {
			*v = v_cell(obj_new(ps->vm));
			return p + 1;
		}
		a = arr_new(ps->vm, 0);
		*v = v_cell(a);
		return a == NULL ? NULL : p + 1;
	}
	f = open_frame(ps, object ? F_PAIRS : F_ARRAY);
	if (f == NULL)
		return NULL;
	if (object && *p == '"')
		predict(ps, f, p);
	return p;
}

static const uint8_t *plain_scalar(struct parse *ps, const uint8_t *p, val *v)
{
	switch (*p) {
	case '"': return string(ps, p, v);
	case 't': return literal(ps, p, "true", V_TRUE, v);
	case 'f': return literal(ps, p, "false", V_FALSE, v);
	case 'n': return literal(ps, p, "null", V_NULL, v);
	case '-': case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return number(ps, p, v);
	default:
		return fail(ps, p, NULL);
	}
}

static inline const uint8_t *scalar(struct parse *ps, const uint8_t *p, val *v)
{
	const uint8_t *q = plain_scalar(ps, p, v);

	if (likely(!ps->sources) || q == NULL)
		return q;
	*v = plain_string(ps, p, (uint32_t)(q - p), 1);
	return *v == V_EXC ? NULL : q;
}

/* A key and its colon. */
static inline const uint8_t *member(struct parse *ps, const uint8_t *p)
{
	p = skip_space(p, ps->end);
	if (p >= ps->end || *p != '"')
		return fail(ps, p, ps->frames[ps->depth - 1].n == 0 ? "Expected property name or '}'"
		                                                    : "Expected double-quoted property name");
	p = key(ps, &ps->frames[ps->depth - 1], p);
	if (p == NULL)
		return NULL;
	p = skip_space(p, ps->end);
	if (p >= ps->end || *p != ':')
		return fail(ps, p, "Expected ':' after property name");
	return p + 1;
}

static val text(struct parse *ps)
{
	const uint8_t *p = ps->start, *end = ps->end;
	struct frame *f;
	val v;

	for (;;) {
		p = skip_space(p, end);
		if (unlikely(p >= end)) {
			fail(ps, p, NULL);
			return V_EXC;
		}
		if (unlikely(p - ps->ticked >= 1024)) {
			if (VM_TICK(ps->vm, (p - ps->ticked) / 4))
				return V_EXC;
			ps->ticked = p;
		}
		if (*p == '{' || *p == '[') {
			p = open_container(ps, p, &v);
			if (unlikely(p == NULL))
				return V_EXC;
			if (v == V_HOLE) {
				if (ps->frames[ps->depth - 1].type != F_ARRAY && (p = member(ps, p)) == NULL)
					return V_EXC;
				continue;
			}
		} else {
			p = scalar(ps, p, &v);
			if (unlikely(p == NULL))
				return V_EXC;
		}
		/* v is complete; close what ends behind it. */
		for (;;) {
			bool array;

			if (ps->depth == 0) {
				p = skip_space(p, end);
				if (p < end) {
					fail(ps, p, "Unexpected non-whitespace character after the value");
					return V_EXC;
				}
				return v;
			}
			if (!push(ps, v))
				return V_EXC;
			f = &ps->frames[ps->depth - 1];
			array = f->type == F_ARRAY;
			f->n += array;
			p = skip_space(p, end);
			if (unlikely(p >= end) || (*p != ',' && *p != (array ? ']' : '}'))) {
				fail(ps, p, array ? "Expected ',' or ']' after array element"
				                  : "Expected ',' or '}' after property value");
				return V_EXC;
			}
			if (*p++ == ',')
				break;
			v = array ? close_array(ps) : close_object(ps);
			if (unlikely(v == V_EXC))
				return V_EXC;
		}
		if (f->type != F_ARRAY && (p = member(ps, p)) == NULL)
			return V_EXC;
	}
}

static void prepare(struct parse *ps, struct vm *vm, const uint8_t *p, size_t n)
{
	ps->vm = vm;
	ps->start = ps->ticked = p;
	ps->end = p + n;
	ps->src = NULL;
	ps->utf8 = ps->wtf8 = ps->borrow = ps->sources = false;
	ps->stack = ps->few;
	ps->top = ps->depth = 0;
	ps->cap = FEW_VALUES;
	ps->frames = ps->fewf;
	ps->fcap = FEW_FRAMES;
	ps->mem = ps->fmem = NULL;
}

val json_parse_str(struct vm *vm, struct str *s, bool sources)
{
	struct sview v = str_view(vm, s);
	struct parse ps;
	const char *p;
	size_t n;

	if (v.len != s->len.v)
		return V_EXC;
	if (!v.wide) {
		prepare(&ps, vm, v.p8, v.len);
		ps.src = s;
		ps.sources = sources;
		return text(&ps);
	}
	/* Rare enough for a detour: the strings in it become narrow where they can. */
	p = str_to_utf8(vm, s, true, &n);
	if (p == NULL)
		return V_EXC;
	prepare(&ps, vm, (const uint8_t *)p, n);
	ps.utf8 = ps.wtf8 = true;
	ps.sources = sources;
	return text(&ps);
}

val json_parse_utf8(struct vm *vm, const char *p, size_t n)
{
	struct parse ps;

	if (n > INT32_MAX)
		return throw_range(vm, "JSON text is too long");
	prepare(&ps, vm, (const uint8_t *)p, n);
	ps.utf8 = ps.borrow = true;
	return text(&ps);
}
