/* json_stringify.c: values to JSON text (ECMA-262 25.5.2). Called by json.c and, for
 * response bodies, by engine/api.
 *
 * Plain objects are written by walking the property table of their shape, dense
 * arrays from their elements. Neither runs anything by itself, but a nested value may
 * (toJSON, getters, proxies): so before each further property the object's shape is
 * compared with the one the walk began with, and each element is looked up anew;
 * where they differ the rest goes through [[Get]], as the specification has it. */
#include "engine/builtins/json.h"

#include "base/num.h"
#include "base/utf.h"
#include "engine/builtins/json_scan.h"

#define ROOM_MAX 256u
#define SEEN 16u
#define TEMPLATES 64u      /* kept per machine */
#define KEYS_MAX 1024u     /* bytes of a template's keys */
#define SIMPLE_MAX 160u    /* units of a string that is copied in line */
#define LINEAR_DEPTH 24u   /* open containers that are compared one by one */

/* The open containers once they are many: a hash set with the order of insertion
 * beside it. Containers close in reverse order, so removing the newest leaves the
 * probe sequences of all others intact. */
struct open_set { struct cell *mem; struct obj **slot, **order; uint32_t n, mask; };

/* What the objects of a persistent shape look like as text: for each enumerable
 * property its slot and `,"key":`, ready to be copied in pieces of 16 bytes. Engine
 * space; a pure function of the shape. */
struct template {
	uint32_t shape, n, inl;
	struct { uint32_t slot; uint16_t at, len; } *row;
	uint8_t *text;
};
struct templates { struct template t[TEMPLATES]; };

struct above { struct obj *o; struct above *up; pkey key; };  /* an open container; key: where in it */

struct ctx {
	struct vm *vm;
	struct strbuf b;
	struct above *top;
	struct open_set open;
	val replacer;             /* function or undefined */
	val gap_str;              /* keeps gap alive */
	struct sview gap;
	uint32_t indent;
	bool listed;              /* only the properties in list */
	struct keylist list;
	/* Shapes whose objects have no toJSON, own or inherited, as of an epoch. plain:
	 * … and can be walked. */
	struct { uint32_t shape, epoch; bool plain; const struct template *t; } seen[SEEN];
	bool direct;              /* no replacer, list or gap: templates may be used */
};

static int value(struct ctx *c, struct obj *holder, pkey key, val v);

/* ---- output --------------------------------------------------------------------------- */

static NOINLINE uint8_t *room_slow(struct ctx *c)
{
	static const char blank[ROOM_MAX];

	if (c->b.wide)
		return NULL;
	strbuf_ascii(&c->b, blank, ROOM_MAX);   /* grows; then the blanks are taken back */
	if (c->b.err)
		return NULL;
	c->b.len -= ROOM_MAX;
	return ((struct str8 *)(void *)c->b.mem)->c + c->b.len;
}

/* Where the next n <= ROOM_MAX bytes go, or NULL when the text is wide (or failed):
 * then the strbuf functions are to be used. */
static inline uint8_t *room(struct ctx *c, uint32_t n)
{
	if (likely(c->b.cap - c->b.len >= n && !c->b.wide && c->b.mem != NULL))
		return ((struct str8 *)(void *)c->b.mem)->c + c->b.len;
	return room_slow(c);
}

static inline void put(struct ctx *c, const char *p, uint32_t n)
{
	uint8_t *to = room(c, n);

	if (likely(to != NULL)) {
		memcpy(to, p, n);
		c->b.len += n;
	} else {
		strbuf_ascii(&c->b, p, n);
	}
}

static inline void put_char(struct ctx *c, char ch)
{
	strbuf_unit(&c->b, (uint8_t)ch);
}

static void put_escape(struct ctx *c, uint32_t u)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt", hex[] = "0123456789abcdef";
	const char *at = u != 0 && u < 0x80 ? strchr(from, (int)u) : NULL;
	char t[6] = { '\\', 'u', hex[u >> 12], hex[u >> 8 & 15], hex[u >> 4 & 15], hex[u & 15] };

	if (at != NULL) {
		t[1] = to[at - from];
		put(c, t, 2);
	} else {
		put(c, t, 6);
	}
}

static void quote_wide(struct ctx *c, struct sview v)
{
	uint32_t i = 0, from = 0;

	for (; i < v.len; i++) {
		uint32_t u = v.p16[i];

		if (likely(u >= 0x20 && u != '"' && u != '\\' && (u & 0xF800) != 0xD800))
			continue;
		if (utf16_is_high(u) && i + 1 < v.len && utf16_is_low(v.p16[i + 1])) {
			i++;
			continue;
		}
		if (i > from)
			strbuf_view(&c->b, sview_sub(v, from, i));
		put_escape(c, u);
		from = i + 1;
	}
	if (v.len > from)
		strbuf_view(&c->b, sview_sub(v, from, v.len));
}

static NOINLINE void quote_slow(struct ctx *c, struct sview v)
{
	put_char(c, '"');
	if (v.wide) {
		quote_wide(c, v);
	} else {
		const uint8_t *p = v.p8, *end = p + v.len;

		while (p < end) {
			unsigned high = 0;
			const uint8_t *q = scan_plain(p, end, &high);

			if (q > p)
				strbuf_view(&c->b, (struct sview){ .p8 = p, .len = (uint32_t)(q - p), .wide = false });
			if (q < end)
				put_escape(c, *q++);
			p = q;
		}
	}
	put_char(c, '"');
	c->vm->ticks -= v.len >> 4;
}

static inline void copy_short(uint8_t *to, const uint8_t *p, uint32_t n)
{
	uint64_t w;
	uint32_t x, y;

	if (n >= 8) {
		for (uint32_t i = 0; i + 8 < n; i += 8) {
			w = scan_load(p + i);
			memcpy(to + i, &w, 8);
		}
		w = scan_load(p + n - 8);
		memcpy(to + n - 8, &w, 8);
	} else if (n >= 4) {
		memcpy(&x, p, 4);
		memcpy(&y, p + n - 4, 4);
		memcpy(to, &x, 4);
		memcpy(to + n - 4, &y, 4);
	} else {
		for (uint32_t i = 0; i < n; i++)
			to[i] = p[i];
	}
}

/* QuoteJSONString (25.5.2.3), followed by a colon for keys. */
static inline void quote(struct ctx *c, struct str *s, bool colon)
{
	struct sview v = str_view(c->vm, s);
	uint8_t *to;

	if (likely(!v.wide && v.len <= ROOM_MAX - 4)) {
		to = room(c, v.len + 3);
		if (likely(to != NULL) && likely(scan_all_plain(v.p8, v.len))) {
			*to++ = '"';
			copy_short(to, v.p8, v.len);
			to[v.len] = '"';
			to[v.len + 1] = ':';
			c->b.len += v.len + 2 + colon;
			return;
		}
	}
	quote_slow(c, v);
	if (colon)
		put_char(c, ':');
}

static void newline(struct ctx *c)
{
	if (c->gap.len == 0)
		return;
	put_char(c, '\n');
	for (uint32_t i = 0; i < c->indent && !c->b.err; i++)
		strbuf_view(&c->b, c->gap);
}

/* The comma, if any, and the key. */
static inline void quote_key(struct ctx *c, pkey k, bool comma)
{
	struct str *s;
	uint8_t *to;

	if (likely(!pkey_is_index(k) && c->gap.len == 0)) {
		s = atom_rec(c->vm, k)->str;
		if (likely(s->h.kind == KIND_STR8 && s->len.v <= ROOM_MAX - 8)) {
			const uint8_t *p = ((struct str8 *)(void *)s)->c;
			uint32_t n = s->len.v;

			to = room(c, n + 4);
			if (likely(to != NULL && scan_all_plain(p, n))) {
				*to = ',';
				to += comma;
				*to++ = '"';
				copy_short(to, p, n);
				to[n] = '"';
				to[n + 1] = ':';
				c->b.len += n + 3 + comma;
				return;
			}
		}
	}
	if (comma)
		put_char(c, ',');
	newline(c);
	if (!pkey_is_index(k))
		quote(c, atom_rec(c->vm, k)->str, true);
	else
		quote(c, v_tostr(key_to_str(c->vm, k)), true);
	if (c->gap.len != 0)
		put_char(c, ' ');
}

/* A value that needs neither calls nor much room, at `to`, where ROOM_MAX - KEY_MAX
 * bytes are free: where its text ends, or NULL. */
static inline uint8_t *put_simple(uint8_t *to, val v)
{
	if (v_iscell(v)) {
		const struct str *s = v_tostr(v);
		const uint8_t *p = ((const struct str8 *)(const void *)s)->c;
		uint32_t n;

		if (s->h.kind != KIND_STR8 || (n = s->len.v) > SIMPLE_MAX || unlikely(!scan_all_plain(p, n)))
			return NULL;
		*to++ = '"';
		copy_short(to, p, n);
		to[n] = '"';
		return to + n + 1;
	}
	if (v_isint(v)) {
		uint32_t i = (uint32_t)v_toint(v);

		if (i < 10) {
			*to = (uint8_t)('0' + i);
			return to + 1;
		}
		return to + num_int_to_text((int32_t)i, (char *)to);
	}
	if (v_isnum(v)) {
		if (!isfinite(v_todbl(v))) {
			memcpy(to, "null", 4);
			return to + 4;
		}
		return to + num_to_shortest(v_todbl(v), (char *)to);
	}
	if (v == V_TRUE || v == V_NULL) {
		memcpy(to, v == V_TRUE ? "true" : "null", 4);
		return to + 4;
	}
	if (v == V_FALSE) {
		memcpy(to, "false", 5);
		return to + 5;
	}
	return NULL;
}

static void put_number(struct ctx *c, val v)
{
	char small[NUM_SHORTEST_MAX], *p = small;
	uint8_t *to = room(c, NUM_SHORTEST_MAX);
	double d;
	int n;

	if (likely(to != NULL))
		p = (char *)to;
	if (v_isint(v)) {
		n = num_int_to_text(v_toint(v), p);
	} else {
		d = v_todbl(v);
		if (!isfinite(d)) {
			put(c, "null", 4);
			return;
		}
		n = num_to_shortest(d, p);
	}
	if (likely(to != NULL))
		c->b.len += (uint32_t)n;
	else
		strbuf_ascii(&c->b, small, (size_t)n);
}

/* ---- templates ---------------------------------------------------------------------------- */

static void templates_free(void *arg)
{
	struct vm *vm = arg;
	struct templates *all = vm->json_templates;

	for (uint32_t i = 0; i < TEMPLATES; i++) {
		free(all->t[i].row);
		free(all->t[i].text);
	}
	free(all);
	vm->json_templates = NULL;
}

void json_templates_init(struct vm *vm)
{
	vm->json_templates = calloc(1, sizeof(struct templates));
	AN(vm->json_templates);
	heap_on_end(&vm->heap, templates_free, vm);
}

/* The template of a shape whose objects can be walked, or NULL: keys that need care,
 * or a shape that ends with the request. */
static NOINLINE const struct template *template_of(struct vm *vm, const struct shape *s)
{
	struct templates *all = vm->json_templates;
	uint32_t size = 0, n = 0;
	struct template *t;

	if (s->id >= vm->tshape0)
		return NULL;
	t = &all->t[s->id % TEMPLATES];
	if (t->shape == s->id)
		return t;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct str *k = atom_rec(vm, s->tab->e[i].key)->str;

		if (!(PE_ATTRS(s->tab->e[i]) & ATTR_E) || atom_rec(vm, s->tab->e[i].key)->type != ATOM_STRING)
			continue;
		if (k->h.kind != KIND_STR8 || k->len.v > ROOM_MAX - SIMPLE_MAX - 24 ||
		    !scan_all_plain(((const struct str8 *)(const void *)k)->c, k->len.v))
			return NULL;
		size += k->len.v + 4;
		n++;
	}
	if (n == 0 || size > KEYS_MAX)
		return NULL;
	free(t->row);
	free(t->text);
	t->row = calloc(n, sizeof *t->row);
	t->text = calloc(1, size + 16);
	AN(t->row && t->text);
	size = n = 0;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct str *k = atom_rec(vm, s->tab->e[i].key)->str;

		if (!(PE_ATTRS(s->tab->e[i]) & ATTR_E) || atom_rec(vm, s->tab->e[i].key)->type != ATOM_STRING)
			continue;
		t->row[n].slot = i;
		t->row[n].at = (uint16_t)size;
		t->row[n++].len = (uint16_t)(k->len.v + 4);
		memcpy(t->text + size, ",\"", 2);
		memcpy(t->text + size + 2, ((const struct str8 *)(const void *)k)->c, k->len.v);
		memcpy(t->text + size + 2 + k->len.v, "\":", 2);
		size += k->len.v + 4;
	}
	t->shape = s->id;
	t->n = n;
	t->inl = s->inl;
	return t;
}

/* ---- toJSON ------------------------------------------------------------------------------ */

/* Is it certain that o.toJSON is undefined and that looking for it runs nothing?
 * *plain: o can be walked by its shape. */
static bool no_to_json(struct ctx *c, struct obj *o, bool *plain)
{
	struct vm *vm = c->vm;
	uint32_t id = o->h.shape.v, at = id % SEEN;
	const struct shape *s;
	struct find f;

	if (likely(c->seen[at].shape == id && c->seen[at].epoch == vm->proto_epoch)) {
		*plain = c->seen[at].plain;
		return true;
	}
	*plain = false;
	if (o->h.kind != KIND_OBJECT && o->h.kind != KIND_ARRAY && o->h.kind != KIND_ARRAY_COW)
		return false;
	obj_find(vm, o, A_toJSON, true, &f);
	if (f.kind != FIND_ABSENT)
		return false;
	s = obj_shape(vm, o);
	/* Shapes that several dictionaries share, or that change in place, say
	 * nothing about the next object. */
	if (s->flags & (SF_DICT | SF_PROTO))
		return true;
	*plain = o->h.kind == KIND_OBJECT && !(s->flags & SF_HAS_ACCESSOR);
	for (uint32_t i = 0; *plain && i < s->count; i++)
		*plain = atom_rec(vm, s->tab->e[i].key)->type != ATOM_INDEX;
	c->seen[at].shape = id;
	c->seen[at].epoch = vm->proto_epoch;
	c->seen[at].plain = *plain;
	c->seen[at].t = *plain ? template_of(vm, s) : NULL;
	return true;
}

/* Steps 2 to 4 of SerializeJSONProperty (25.5.2.2): toJSON, replacer, wrappers. */
static int transform(struct ctx *c, struct obj *holder, pkey key, val *v, bool *plain)
{
	struct vm *vm = c->vm;
	val f, k;

	*plain = false;
	if ((v_isobj(*v) && !no_to_json(c, v_toobj(*v), plain)) || v_isbig(*v)) {
		f = obj_get_v(vm, *v, A_toJSON);
		if (f == V_EXC)
			return -1;
		if (func_is_callable(f)) {
			k = key_to_str(vm, key);
			*v = call_1(vm, f, *v, k);
			if (*v == V_EXC)
				return -1;
			*plain = false;
			if (v_isobj(*v))
				(void)no_to_json(c, v_toobj(*v), plain);
		}
	}
	if (!v_isundef(c->replacer)) {
		*v = call_2(vm, c->replacer, v_cell(holder), key_to_str(vm, key), *v);
		if (*v == V_EXC)
			return -1;
		*plain = false;
	}
	if (!v_isobj(*v))
		return 0;
	switch (v_kind(*v)) {
	case KIND_NUMBER:
		*v = to_number_v(vm, *v);
		break;
	case KIND_STRING:
		*v = to_string(vm, *v);
		break;
	case KIND_BOOLEAN:
	case KIND_BIGINT_OBJ:
		*v = ((struct prim_obj *)(void *)v_tocell(*v))->prim.v;
		break;
	default:
		break;
	}
	return *v == V_EXC ? -1 : 0;
}

/* ---- containers ------------------------------------------------------------------------------ */

static COLD int circular(struct ctx *c, const struct above *from)
{
	struct vm *vm = c->vm;
	const struct above *path[8];   /* the innermost steps */
	struct buf b = BUF_INIT;
	uint32_t n = 0, all = 0;

	for (const struct above *a = c->top; a != from->up; a = a->up, all++)
		if (n < ARRAY_LEN(path))
			path[n++] = a;
	if (all > n)
		buf_puts(&b, "...");
	while (n-- > 0)
		buf_printf(&b, pkey_is_index(path[n]->key) ? "[%s]" : ".%s", key_for_message(vm, path[n]->key));
	throw_type(vm, "Converting circular structure to JSON: property '%s' of %s closes the circle", buf_cstr(&b),
	           val_for_message(vm, v_cell(from->o)));
	buf_free(&b);
	return -1;
}

static uint32_t set_slot(const struct open_set *t, const struct obj *o)
{
	uint32_t i = (uint32_t)hash_u64((uint64_t)(uintptr_t)o) & t->mask;

	while (t->slot[i] != NULL && t->slot[i] != o)
		i = (i + 1) & t->mask;
	return i;
}

/* An empty set for twice as many, filled again in the old order. */
static int set_grow(struct ctx *c)
{
	uint32_t size = c->open.mask != 0 ? 2 * (c->open.mask + 1) : 8 * LINEAR_DEPTH, pow = 64;
	struct open_set t = { .n = c->open.n };
	struct cell *mem;
	size_t bytes;

	while (pow < size)
		pow *= 2;
	bytes = (pow + pow / 2) * sizeof(struct obj *);
	mem = heap_alloc(&c->vm->heap, sizeof *mem + bytes, (uint32_t)bytes, KIND_BYTES, 0);
	if (mem == NULL) {
		throw_oom(c->vm);
		return -1;
	}
	memset(mem + 1, 0, bytes);
	t.mem = mem;
	t.slot = (struct obj **)(void *)(mem + 1);
	t.order = t.slot + pow;
	t.mask = pow - 1;
	for (uint32_t i = 0; i < t.n; i++) {
		t.order[i] = c->open.order[i];
		t.slot[set_slot(&t, t.order[i])] = t.order[i];
	}
	c->open = t;
	return 0;
}

/* Is o open already? Adds it when not: 1, 0, -1. */
static NOINLINE int set_add(struct ctx *c, struct obj *o)
{
	uint32_t i;

	if ((c->open.n + 1) * 2 > c->open.mask && set_grow(c) < 0)
		return -1;
	if (c->open.n == 0)   /* what was compared one by one so far */
		for (const struct above *a = c->top; a != NULL; a = a->up) {
			c->open.order[c->open.n++] = a->o;
			c->open.slot[set_slot(&c->open, a->o)] = a->o;
		}
	i = set_slot(&c->open, o);
	if (c->open.slot[i] != NULL)
		return 1;
	c->open.slot[i] = c->open.order[c->open.n++] = o;
	return 0;
}

/* The newest leaves; when it was the first one, those above it leave too. */
static NOINLINE void set_drop(struct ctx *c)
{
	do
		c->open.slot[set_slot(&c->open, c->open.order[--c->open.n])] = NULL;
	while (c->indent == LINEAR_DEPTH && c->open.n != 0);
}

/* Opens a container: 0, or -1: too deep or circular. */
static inline int enter(struct ctx *c, struct above *a, struct obj *o)
{
	int again = 0;

	if (VM_RECURSION(c->vm))
		return -1;
	if (likely(c->indent < LINEAR_DEPTH)) {
		for (struct above *up = c->top; up != NULL; up = up->up)
			again |= up->o == o;
	} else {
		again = set_add(c, o);
	}
	if (unlikely(again != 0)) {
		struct above *up = c->top;

		while (again > 0 && up->o != o)
			up = up->up;
		return again < 0 ? -1 : circular(c, up);
	}
	a->o = o;
	a->up = c->top;
	a->key = A_empty;
	c->top = a;
	c->indent++;
	return 0;
}

static inline void leave(struct ctx *c, const struct above *a, bool any, char close)
{
	c->top = a->up;
	c->indent--;
	if (unlikely(c->indent >= LINEAR_DEPTH))
		set_drop(c);
	if (any)
		newline(c);
	put_char(c, close);
}

/* One property whose value is known. *any: something has been written before. */
static inline int member(struct ctx *c, struct obj *o, pkey k, val v, bool *any)
{
	uint32_t mark = c->b.len;
	int r;

	c->top->key = k;
	quote_key(c, k, *any);
	r = value(c, o, k, v);
	if (unlikely(c->b.err))
		return -1;
	if (r > 0)
		*any = true;
	else if (r == 0)
		c->b.len = mark;   /* undefined: as if nothing had been written */
	return r;
}

static int walk_shape(struct ctx *c, struct obj *o, bool *any)
{
	struct vm *vm = c->vm;
	const struct shape *s = obj_shape(vm, o);
	uint32_t id = s->id, n = s->count;

	for (uint32_t i = 0; i < n; i++) {
		struct prop_ent e = s->tab->e[i];
		val v;

		if (!(PE_ATTRS(e) & ATTR_E) || atom_rec(vm, e.key)->type != ATOM_STRING)
			continue;
		if (likely(o->h.shape.v == id))
			v = i < s->inl ? o->inl[i].v : o->ext.v->slot[i - s->inl].v;
		else
			v = obj_get(vm, o, e.key);
		if (v == V_EXC)
			return -1;
		if (v_isundef(v) && v_isundef(c->replacer))
			continue;
		if (VM_TICK(vm, 2) || member(c, o, e.key, v, any) < 0)
			return -1;
	}
	return 0;
}

static int walk_keys(struct ctx *c, struct obj *o, bool *any)
{
	struct keylist own, *kl = &c->list;

	if (!c->listed) {
		kl = &own;
		if (obj_own_keys(c->vm, o, KEYS_STRINGS | KEYS_ENUMERABLE, kl) < 0)
			return -1;
	}
	for (uint32_t i = 0; i < kl->n; i++) {
		val v = VM_TICK(c->vm, 4) ? V_EXC : obj_get(c->vm, o, kl->k[i]);

		if (v == V_EXC || member(c, o, kl->k[i], v, any) < 0)
			return -1;
	}
	return 0;
}

/* The rest of o from property i on, by [[Get]]: a nested value changed its shape. */
static COLD int template_rest(struct ctx *c, struct obj *o, const struct template *t, uint32_t i, bool any)
{
	const struct shape *s = shape_of_id(c->vm, t->shape);

	for (; i < t->n; i++) {
		pkey k = s->tab->e[t->row[i].slot].key;
		val v = VM_TICK(c->vm, 4) ? V_EXC : obj_get(c->vm, o, k);

		if (v == V_EXC || member(c, o, k, v, &any) < 0)
			return -1;
	}
	return any;
}

/* SerializeJSONObject of an object whose shape has a template and whose value may
 * be anything. Calls and the text's growth happen only in value(). */
static NOINLINE int object_by_template(struct ctx *c, struct obj *o, const struct template *t)
{
	struct above a;
	uint32_t i = 0, mark;
	bool any = false;
	uint8_t *to;
	int r;

	if (enter(c, &a, o) < 0)
		return -1;
	put_char(c, '{');
	while ((to = room(c, ROOM_MAX)) != NULL) {
		const uint8_t *end = to + (c->b.cap - c->b.len) - ROOM_MAX;
		const uint8_t *from = to;
		val v = V_UNDEF;

		/* In line as long as there is room and nothing can run. */
		for (; i < t->n && to <= end; i++) {
			uint32_t slot = t->row[i].slot, skip = !any, len = t->row[i].len - skip;
			const uint8_t *key = t->text + t->row[i].at + skip;
			uint8_t *next;

			v = slot < t->inl ? o->inl[slot].v : o->ext.v->slot[slot - t->inl].v;
			if (v_isundef(v))
				continue;
			memcpy(to, key, 16);
			if (unlikely(len > 16))
				memcpy(to + 16, key + 16, len - 16);
			next = put_simple(to + len, v);
			if (next == NULL)
				break;
			to = next;
			any = true;
		}
		c->b.len += (uint32_t)(to - from);
		if (VM_TICK(c->vm, 2 * t->n))
			return -1;
		if (i == t->n)
			break;
		if (to > end)
			continue;
		/* Neither simple nor undefined: the key is in place, the value follows. */
		mark = c->b.len;
		c->b.len += t->row[i].len - !any;
		a.key = shape_of_id(c->vm, t->shape)->tab->e[t->row[i].slot].key;
		r = value(c, o, a.key, v);
		if (r < 0 || unlikely(c->b.err))
			return -1;
		if (r > 0)
			any = true;
		else
			c->b.len = mark;
		i++;
		if (unlikely(o->h.shape.v != t->shape))
			break;
	}
	if (unlikely(i < t->n)) {   /* a wide text, or another shape */
		r = template_rest(c, o, t, i, any);
		if (r < 0)
			return -1;
		any = r;
	}
	leave(c, &a, any, '}');
	return c->b.err ? -1 : 1;
}

/* SerializeJSONObject (25.5.2.4) */
static int object(struct ctx *c, struct obj *o, bool plain)
{
	const struct ext *e = o->ext.v;
	struct above a;
	bool any = false;
	int r;

	if (enter(c, &a, o) < 0)
		return -1;
	put_char(c, '{');
	if (plain && !c->listed && (e == NULL || (e->elem.v == NULL && e->sparse.v == NULL)))
		r = walk_shape(c, o, &any);
	else
		r = walk_keys(c, o, &any);
	if (r < 0)
		return -1;
	leave(c, &a, any, '}');
	return 1;
}

/* SerializeJSONArray (25.5.2.5) */
static int array(struct ctx *c, struct obj *o)
{
	struct vm *vm = c->vm;
	const struct arr *d = (const struct arr *)(const void *)o;
	struct above a;
	int64_t n;

	if (enter(c, &a, o) < 0 || obj_length(vm, o, &n) < 0)
		return -1;
	put_char(c, '[');
	for (int64_t i = 0; i < n; i++) {
		uint8_t *to = c->direct ? room(c, ROOM_MAX) : NULL;

		/* Simple elements in line; the first other one goes the long way. */
		if (to != NULL && arr_is_dense(d)) {
			const uint8_t *from = to, *end = to + (c->b.cap - c->b.len) - ROOM_MAX;
			int64_t first = i;

			for (; i < n && i < d->len.v && to <= end; i++) {
				uint8_t *next = put_simple(to + (i != 0), d->elem.v[i].v);

				if (next == NULL)
					break;
				*to = i != 0 ? ',' : *to;
				to = next;
			}
			c->b.len += (uint32_t)(to - from);
			if (VM_TICK(vm, 2 * (i - first)))
				return -1;
			if (i >= n)
				break;
		}
		pkey k = i < (int64_t)PKEY_INDEX ? PKEY_INDEX | (uint32_t)i : key_of_i64(vm, i);
		bool dense = arr_is_dense(d) && i < d->len.v;
		val v = dense ? d->elem.v[i].v : obj_get(vm, o, k);
		int r;

		if (v == V_EXC || VM_TICK(vm, 2))
			return -1;
		if (i != 0)
			put_char(c, ',');
		newline(c);
		a.key = k;
		r = value(c, o, k, v);
		if (r < 0)
			return -1;
		if (r == 0)
			put(c, "null", 4);
		if (unlikely(c->b.err))
			return -1;
	}
	leave(c, &a, n > 0, ']');
	return 1;
}

/* SerializeJSONProperty with the value at hand. 1 written, 0 undefined, -1. */
static int value(struct ctx *c, struct obj *holder, pkey key, val v)
{
	bool plain = false;
	int is_array;

	if (v_iskind(v, KIND_OBJECT) && c->direct) {
		struct obj *o = v_toobj(v);
		uint32_t at = o->h.shape.v % SEEN;
		const struct ext *e = o->ext.v;

		if (likely(c->seen[at].shape == o->h.shape.v && c->seen[at].t != NULL) &&
		    likely(c->seen[at].epoch == c->vm->proto_epoch) &&
		    likely(e == NULL || (e->elem.v == NULL && e->sparse.v == NULL)))
			return object_by_template(c, o, c->seen[at].t);
	}
	if (((v_iscell(v) && !kind_is_string(v_kind(v))) || !v_isundef(c->replacer)) &&
	    transform(c, holder, key, &v, &plain) < 0)
		return -1;
	if (v_isnum(v)) {
		put_number(c, v);
		return 1;
	}
	if (v_isstr(v)) {
		quote(c, v_tostr(v), false);
		return c->b.err ? -1 : 1;
	}
	if (v_isobj(v)) {
		if (plain)
			return object(c, v_toobj(v), true);
		if (v_kind(v) == KIND_RAW_JSON) {
			strbuf_str(&c->b, v_tostr(((struct prim_obj *)(void *)v_tocell(v))->prim.v));
			return c->b.err ? -1 : 1;
		}
		if (func_is_callable(v))
			return 0;
		is_array = arr_is_array(c->vm, v);
		if (is_array < 0)
			return -1;
		return is_array ? array(c, v_toobj(v)) : object(c, v_toobj(v), false);
	}
	switch (v) {
	case V_NULL: put(c, "null", 4); return 1;
	case V_TRUE: put(c, "true", 4); return 1;
	case V_FALSE: put(c, "false", 5); return 1;
	default: break;
	}
	if (v_isbig(v)) {
		throw_type(c->vm, "Do not know how to serialize a BigInt");
		return -1;
	}
	return 0;
}

/* ---- arguments -------------------------------------------------------------------------------- */

/* Step 4.b of JSON.stringify: the property list of an array of names. */
static int read_list(struct ctx *c, struct obj *names)
{
	struct vm *vm = c->vm;
	int64_t n;

	c->listed = true;
	if (obj_length(vm, names, &n) < 0)
		return -1;
	for (int64_t i = 0; i < n; i++) {
		val v = VM_TICK(vm, 4 + c->list.n / 8) ? V_EXC : obj_get_i64(vm, names, i);
		uint32_t at = 0;
		pkey k;

		if (v == V_EXC)
			return -1;
		if (v_isnum(v) || v_iskind(v, KIND_NUMBER) || v_iskind(v, KIND_STRING))
			v = to_string(vm, v);
		if (v == V_EXC)
			return -1;
		if (!v_isstr(v))
			continue;
		k = key_of_str(vm, v_tostr(v));
		while (at < c->list.n && c->list.k[at] != k)
			at++;
		if (at == c->list.n && keylist_push(vm, &c->list, k) < 0)
			return -1;
	}
	return 0;
}

/* Steps 5 to 8: the indentation unit. */
static int read_space(struct ctx *c, val space)
{
	struct vm *vm = c->vm;
	double d;

	if (v_iskind(space, KIND_NUMBER))
		space = to_number_v(vm, space);
	else if (v_iskind(space, KIND_STRING))
		space = to_string(vm, space);
	if (space == V_EXC)
		return -1;
	if (v_isnum(space)) {
		if (to_integer_or_inf(vm, space, &d) < 0)
			return -1;
		c->gap_str = d >= 1 ? str_new8(vm, (const uint8_t *)"          ", d > 10 ? 10 : (uint32_t)d) : v_cell(vm->empty);
	} else if (v_isstr(space)) {
		uint32_t n = v_tostr(space)->len.v;

		c->gap_str = str_sub(vm, v_tostr(space), 0, n > 10 ? 10 : n);
	}
	if (c->gap_str == V_EXC)
		return -1;
	c->gap = str_view(vm, v_tostr(c->gap_str));
	return 0;
}

static void prepare(struct ctx *c, struct vm *vm)
{
	memset((void *)c, 0, sizeof *c);
	c->vm = vm;
	c->replacer = V_UNDEF;
	c->gap_str = v_cell(vm->empty);
	strbuf_init(&c->b, vm, 512);
}

val json_stringify(struct vm *vm, val v, val replacer, val space)
{
	struct obj *holder = NULL;
	struct ctx c;
	int r;

	prepare(&c, vm);
	if (v_isobj(replacer)) {
		if (func_is_callable(replacer)) {
			c.replacer = replacer;
		} else {
			r = arr_is_array(vm, replacer);
			if (r < 0 || (r > 0 && read_list(&c, v_toobj(replacer)) < 0))
				return V_EXC;
		}
	}
	if (!v_isundef(space) && read_space(&c, space) < 0)
		return V_EXC;
	if (!v_isundef(c.replacer)) {   /* only a replacer can see the wrapper */
		holder = obj_new(vm);
		obj_def(vm, holder, A_empty, v, ATTR_WEC);
	}
	c.direct = holder == NULL && !c.listed && c.gap.len == 0;
	r = value(&c, holder, A_empty, v);
	if (r < 0)
		return V_EXC;
	return r == 0 ? V_UNDEF : strbuf_end(&c.b);
}

int json_stringify_utf8(struct vm *vm, val v, const char **p, size_t *n)
{
	val s = json_stringify(vm, v, V_UNDEF, V_UNDEF);

	if (s == V_EXC)
		return -1;
	if (v_isundef(s))
		return 1;
	*p = str_to_utf8(vm, v_tostr(s), false, n);
	return *p == NULL ? -1 : 0;
}
