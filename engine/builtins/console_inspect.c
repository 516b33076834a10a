/* console_inspect.c: values as text for people, in the form that Node's
 * util.inspect made familiar. Called by console.c. Runs no scripts and changes
 * nothing: only own data properties are looked at.
 *
 * The text of an object is made from the texts of its entries, which lie one after
 * the other at the end of c->text (struct entry says where); `join` then replaces
 * them by the one-line or the many-line form. */
#include "engine/builtins/console.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/utf.h"
#include "engine/builtins/date.h"
#include "engine/builtins/regexp.h"
#include "engine/builtins/table.h"
#include "engine/object/typed.h"

enum {
	WIDTH = 80,              /* of a line, less what join reckons with */
	COMPACT = 3,             /* levels that may share one line */
	MAX_ENTRIES = 100,       /* shown of an array, a map, a set */
	MAX_STRING = 10000,      /* units shown of a nested string */
	MAX_CIRCULAR = 8
};

struct entry { size_t at, n; uint32_t width; bool lines; };
struct seen { struct obj *o; const struct seen *up; };

struct inspect {
	struct vm *vm;
	struct buf text;
	struct entry *e;
	uint32_t ne, cap;
	int depth, indent;
	int last_depth;          /* of the object formatted last: how deep a line would go */
	struct obj *circular[MAX_CIRCULAR];
	int ncircular;
	bool stop;
};

/* Head of an object's text: what stands before the braces, and the braces. */
struct head { struct buf base, open; const char *close; bool array; };

static void value(struct inspect *c, val v, int level, const struct seen *up);

/* ---- entries ------------------------------------------------------------------------- */

static void entry_end(struct inspect *c, size_t at)
{
	struct entry *e;

	if (c->ne == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 64;
		c->e = realloc(c->e, c->cap * sizeof *c->e);
		AN(c->e);
	}
	e = &c->e[c->ne++];
	*e = (struct entry){ at, c->text.len - at, 0, false };
	for (size_t i = at; i < c->text.len; i++) {
		unsigned char b = (unsigned char)c->text.p[i];

		e->width += (b & 0xC0) != 0x80;
		e->width += b >= 0xF0; /* two units; most of these are wide as well */
		e->lines |= b == '\n';
	}
	if (c->text.len > CONSOLE_MAX)
		c->stop = true;
}

static void spaces(struct buf *b, int n)
{
	if (n > 0) {
		memset(buf_reserve(b, (size_t)n), ' ', (size_t)n);
		b->len += (size_t)n;
	}
}

static bool is_number_array(const struct arr *a, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (i >= a->cap.v || !v_isnum(a->elem.v[i].v))
			return false;
	return true;
}

/* Lays the n entries from e0 out in columns: their number, or 0: no columns. */
static int columns_for(const struct inspect *c, uint32_t e0, uint32_t n, uint32_t shown)
{
	uint32_t total = 0, max = 0;
	double bias, width;
	int cols;

	for (uint32_t i = 0; i < shown; i++) {
		total += c->e[e0 + i].width + 2;
		if (c->e[e0 + i].width > max)
			max = c->e[e0 + i].width;
	}
	max += 2;
	if ((int)max * 3 + c->indent >= WIDTH || !((double)total / max > 5 || max <= 8))
		return 0;
	bias = sqrt(max - (double)total / n);
	width = fmax(max - 3 - bias, 1);
	/* About a square, when a character is 2.5 times as high as wide. */
	cols = (int)floor(sqrt(2.5 * width * shown) / width + 0.5);
	if (cols > (WIDTH - c->indent) / (int)max)
		cols = (WIDTH - c->indent) / (int)max;
	if (cols > COMPACT * 4)
		cols = COMPACT * 4;
	return cols > 1 ? cols : 0;
}

/* Replaces the entries from e0 on by rows. More than MAX_ENTRIES: the last one is
 * the remark about the others and stays a row of its own. */
static void group(struct inspect *c, uint32_t e0, bool numbers)
{
	uint32_t n = c->ne - e0, shown = n > MAX_ENTRIES ? n - 1 : n;
	int cols = columns_for(c, e0, n, shown);
	uint32_t width[COMPACT * 4] = { 0 };
	struct buf old = c->text;
	struct entry *e;
	size_t base = c->e[e0].at;

	if (cols == 0)
		return;
	e = malloc(n * sizeof *e);
	AN(e);
	memcpy(e, c->e + e0, n * sizeof *e);
	for (uint32_t i = 0; i < shown; i++)
		if (e[i].width > width[i % (uint32_t)cols])
			width[i % (uint32_t)cols] = e[i].width;
	c->text = (struct buf)BUF_INIT;
	buf_put(&c->text, old.p, base);
	c->ne = e0;
	for (uint32_t i = 0; i < shown; i += (uint32_t)cols) {
		size_t at = c->text.len;

		for (uint32_t k = i; k < shown && k < i + (uint32_t)cols; k++) {
			bool last = k + 1 == shown || k + 1 == i + (uint32_t)cols;
			int pad = (int)width[k - i] - (int)e[k].width;

			if (numbers)
				spaces(&c->text, pad);
			buf_put(&c->text, old.p + e[k].at, e[k].n);
			if (!last)
				buf_puts(&c->text, ", ");
			if (!numbers && !last)
				spaces(&c->text, pad);
		}
		entry_end(c, at);
	}
	if (shown < n) {
		size_t at = c->text.len;

		buf_put(&c->text, old.p + e[shown].at, e[shown].n);
		entry_end(c, at);
	}
	free(e);
	buf_free(&old);
}

static bool fits_one_line(const struct inspect *c, uint32_t e0, const struct head *h)
{
	uint32_t n = c->ne - e0;
	size_t total = n + n + (size_t)c->indent + h->open.len + h->base.len + 10;

	if (memchr(h->base.p ? h->base.p : "", '\n', h->base.len) != NULL)
		return false;
	for (uint32_t i = e0; i < c->ne; i++) {
		if (c->e[i].lines)
			return false;
		total += c->e[i].width;
	}
	return total <= WIDTH;
}

/* The entries from e0 on, whose texts begin at `start`, become one text. */
static void join(struct inspect *c, size_t start, uint32_t e0, struct head *h, int level, bool numbers)
{
	uint32_t before = c->ne - e0;
	struct buf b = BUF_INIT;
	bool one;

	if (h->array && before > 6)
		group(c, e0, numbers);
	one = c->last_depth - level < COMPACT && before == c->ne - e0 && fits_one_line(c, e0, h);
	if (h->base.len != 0) {
		buf_put(&b, h->base.p, h->base.len);
		buf_putc(&b, ' ');
	}
	buf_put(&b, h->open.p, h->open.len);
	for (uint32_t i = e0; i < c->ne; i++) {
		if (i != e0)
			buf_putc(&b, ',');
		if (one) {
			buf_putc(&b, ' ');
		} else {
			buf_putc(&b, '\n');
			spaces(&b, c->indent + 2);
		}
		buf_put(&b, c->text.p + c->e[i].at, c->e[i].n);
	}
	if (one) {
		buf_putc(&b, ' ');
	} else {
		buf_putc(&b, '\n');
		spaces(&b, c->indent);
	}
	buf_puts(&b, h->close);
	c->ne = e0;
	c->text.len = start;
	buf_put(&c->text, b.p, b.len);
	buf_free(&b);
}

/* ---- primitives ----------------------------------------------------------------------- */

static void put_unit_escaped(struct buf *b, uint32_t cp, char quote)
{
	static const char names[] = "btnvfr";

	if (cp == (unsigned char)quote || cp == '\\') {
		buf_putc(b, '\\');
		buf_putc(b, (char)cp);
	} else if (cp >= 8 && cp <= 13 && cp != 11) {
		buf_putc(b, '\\');
		buf_putc(b, names[cp - 8]);
	} else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) {
		buf_printf(b, "\\x%02X", (unsigned)cp);
	} else if ((cp & 0xFFFFF800u) == 0xD800) {
		buf_printf(b, "\\u%x", (unsigned)cp);
	} else {
		buf_put_utf8(b, cp);
	}
}

static bool has_unit(struct sview v, uint32_t unit)
{
	for (uint32_t i = 0; i < v.len; i++)
		if (sview_at(v, i) == unit)
			return true;
	return false;
}

static void put_quoted_view(struct buf *b, struct sview v)
{
	char quote = '\'';
	uint32_t units;

	if (has_unit(v, '\''))
		quote = !has_unit(v, '"') ? '"' : !has_unit(v, '`') ? '`' : '\'';
	buf_putc(b, quote);
	for (uint32_t i = 0; i < v.len; i += units)
		put_unit_escaped(b, sview_code_point(v, i, &units), quote);
	buf_putc(b, quote);
}

/* Quoted; a long text with line breaks continues on lines of its own. */
static void put_quoted(struct inspect *c, struct str *s, bool breaks)
{
	struct sview v = str_view(c->vm, s);
	uint32_t rest = v.len > MAX_STRING ? v.len - MAX_STRING : 0, from = 0;

	v = sview_sub(v, 0, v.len - rest);
	if (breaks && v.len > 16 && (int64_t)v.len > WIDTH - c->indent - 4) {
		for (uint32_t i = 0; i + 1 < v.len; i++) {
			if (sview_at(v, i) != '\n')
				continue;
			put_quoted_view(&c->text, sview_sub(v, from, i + 1));
			buf_puts(&c->text, " +\n");
			spaces(&c->text, c->indent + 2);
			from = i + 1;
		}
	}
	put_quoted_view(&c->text, sview_sub(v, from, v.len));
	if (rest != 0)
		buf_printf(&c->text, "... %u more character%s", rest, rest == 1 ? "" : "s");
}

void console_put_str(struct vm *vm, struct buf *out, struct str *s)
{
	struct sview v = str_view(vm, s);

	if (v.len <= CONSOLE_MAX / 4) {
		str_put_utf8(vm, s, out);
		return;
	}
	for (uint32_t i = 0, units; i < v.len && out->len < CONSOLE_MAX; i += units)
		buf_put_utf8(out, sview_code_point(v, i, &units));
}

static void put_symbol(struct vm *vm, struct buf *b, val sym)
{
	val d = v_tosym(sym)->desc.v;

	buf_puts(b, "Symbol(");
	if (v_isstr(d))
		console_put_str(vm, b, v_tostr(d));
	buf_putc(b, ')');
}

static void primitive(struct inspect *c, val v, bool breaks)
{
	char out[NUM_SHORTEST_MAX];
	double d;

	switch (v) {
	case V_UNDEF: buf_puts(&c->text, "undefined"); return;
	case V_NULL: buf_puts(&c->text, "null"); return;
	case V_TRUE: buf_puts(&c->text, "true"); return;
	case V_FALSE: buf_puts(&c->text, "false"); return;
	default: break;
	}
	if (v_isnum(v)) {
		d = v_numof(v);
		if (d == 0 && signbit(d))
			buf_putc(&c->text, '-');
		buf_put(&c->text, out, (size_t)num_to_shortest(d, out));
	} else if (v_isstr(v)) {
		put_quoted(c, v_tostr(v), breaks);
	} else if (v_issym(v)) {
		put_symbol(c->vm, &c->text, v);
	} else {
		val s = v_isbig(v) ? to_string(c->vm, v) : V_EXC;

		if (v_isexc(s)) {
			c->stop = c->vm->exc != V_HOLE;
			return;
		}
		str_put_utf8(c->vm, v_tostr(s), &c->text);
		buf_putc(&c->text, 'n');
	}
}

/* ---- names ------------------------------------------------------------------------------ */

/* An own data property of an object that may be asked without running scripts. */
static val own_data(struct vm *vm, struct obj *o, pkey k)
{
	struct pdesc d;

	if (o->h.kind == KIND_PROXY || o->h.kind == KIND_HOST_NAMED || obj_get_own(vm, o, k, &d) <= 0)
		return V_UNDEF;
	return PD_IS_ACCESSOR(&d) ? V_UNDEF : d.value;
}

static struct obj *proto_of(struct vm *vm, struct obj *o)
{
	return o->h.kind == KIND_PROXY ? NULL : obj_shape(vm, o)->proto;
}

static bool in_chain(struct vm *vm, struct obj *o, val proto)
{
	for (o = proto_of(vm, o); o != NULL; o = proto_of(vm, o))
		if (v_cell(o) == proto)
			return true;
	return false;
}

/* Name of the constructor that o is an instance of; NULL: it has no prototype, or
 * nothing on its chain says. */
static struct str *constructor_name(struct vm *vm, struct obj *o)
{
	for (struct obj *p = o; p != NULL; p = proto_of(vm, p)) {
		val f = own_data(vm, p, A_constructor), name;

		if (!v_isobj(f) || !func_is_callable(f))
			continue;
		name = func_name_of(vm, v_toobj(f));
		if (v_isstr(name) && v_tostr(name)->len.v != 0 && in_chain(vm, o, own_data(vm, v_toobj(f), A_prototype)))
			return v_tostr(name);
	}
	return NULL;
}

/* Symbol.toStringTag when it is a data property, not empty, and not among the
 * properties that are shown anyway. */
static struct str *tag_of(struct vm *vm, struct obj *o)
{
	struct pdesc d;

	if (o->h.kind == KIND_TYPED_ARRAY)   /* theirs is a getter */
		return v_tostr(str_cstr(vm, typed_name[v_totyped(v_cell(o))->type.v]));
	for (struct obj *p = o; p != NULL; p = proto_of(vm, p)) {
		val t = own_data(vm, p, A_sym_to_string_tag);

		if (!v_isstr(t))
			continue;
		if (v_tostr(t)->len.v == 0 || (p == o && obj_get_own(vm, o, A_sym_to_string_tag, &d) > 0 && (d.flags & PD_E)))
			return NULL;
		return v_tostr(t);
	}
	return NULL;
}

static bool name_is(struct vm *vm, struct str *s, const char *text)
{
	return s != NULL && sview_eq_ascii(str_view(vm, s), text);
}

/* "Name(size) [tag] ". size < 0: none. */
static void put_prefix(struct vm *vm, struct buf *b, struct obj *o, const char *fallback, int64_t size)
{
	struct str *name = constructor_name(vm, o), *tag = tag_of(vm, o);

	if (name != NULL) {
		str_put_utf8(vm, name, b);
	} else if (proto_of(vm, o) == NULL) {
		buf_printf(b, "[%s", fallback);
	} else {
		buf_puts(b, fallback);
	}
	if (size >= 0)
		buf_printf(b, "(%lld)", (long long)size);
	if (name == NULL)
		buf_puts(b, proto_of(vm, o) == NULL ? ": null prototype]" : " <[Object: null prototype] {}>");
	if (tag != NULL && (name == NULL || !str_eq(vm, name, tag))) {
		buf_puts(b, " [");
		str_put_utf8(vm, tag, b);
		buf_putc(b, ']');
	}
	buf_putc(b, ' ');
}

static void put_function(struct vm *vm, struct buf *b, struct obj *o)
{
	uint32_t fl = o->h.kind == KIND_FUNC ? ((struct func *)(void *)o)->code.v->flags : 0;
	val name = func_name_of(vm, o);
	struct obj *up = proto_of(vm, o);
	bool is_class = (fl & FN_CLASS_CTOR) != 0;

	if (is_class)
		buf_puts(b, "[class");
	else
		buf_printf(b, "[%s%sFunction", fl & FN_ASYNC ? "Async" : "", fl & FN_GENERATOR ? "Generator" : "");
	if (v_isstr(name) && v_tostr(name)->len.v != 0) {
		buf_puts(b, is_class ? " " : ": ");
		str_put_utf8(vm, v_tostr(name), b);
	} else {
		buf_puts(b, " (anonymous)");
	}
	if (up == NULL) {
		buf_puts(b, is_class ? " extends null" : " (null prototype)");
	} else if (is_class && func_is_callable(v_cell(up))) {
		name = func_name_of(vm, up);
		if (v_isstr(name) && v_tostr(name)->len.v != 0) {
			buf_puts(b, " extends ");
			str_put_utf8(vm, v_tostr(name), b);
		}
	}
	buf_putc(b, ']');
}

/* ---- properties ------------------------------------------------------------------------- */

static bool is_identifier(struct sview v)
{
	for (uint32_t i = 0; i < v.len; i++) {
		uint32_t u = sview_at(v, i);

		if (!(u == '_' || (u | 0x20) - 'a' < 26 || (i != 0 && u - '0' < 10)))
			return false;
	}
	return v.len != 0;
}

static void put_key(struct inspect *c, pkey k, bool enumerable)
{
	val v = key_to_val(c->vm, k);
	struct sview s;

	if (v_issym(v)) {
		buf_putc(&c->text, '[');
		put_symbol(c->vm, &c->text, v);
		buf_putc(&c->text, ']');
		return;
	}
	s = str_view(c->vm, v_tostr(v));
	if (!enumerable || k == A_proto) {
		buf_puts(&c->text, k == A_proto ? "['" : "[");
		str_put_utf8(c->vm, v_tostr(v), &c->text);
		buf_puts(&c->text, k == A_proto ? "']" : "]");
	} else if (is_identifier(s)) {
		str_put_utf8(c->vm, v_tostr(v), &c->text);
	} else {
		put_quoted(c, v_tostr(v), false);
	}
}

/* One entry "key: value" (or, in arrays' elements, "value"). */
static void property(struct inspect *c, struct obj *o, pkey k, bool bare, int level, const struct seen *up)
{
	size_t at = c->text.len;
	struct pdesc d;

	if (c->stop || obj_get_own(c->vm, o, k, &d) <= 0)
		return;
	if (!bare) {
		put_key(c, k, (d.flags & PD_E) != 0);
		buf_puts(&c->text, ": ");
	}
	if (!PD_IS_ACCESSOR(&d)) {
		c->indent += 2;
		value(c, d.value, level, up);
		c->indent -= 2;
	} else if (!v_isundef(d.get)) {
		buf_puts(&c->text, v_isundef(d.set) ? "[Getter]" : "[Getter/Setter]");
	} else {
		buf_puts(&c->text, v_isundef(d.set) ? "undefined" : "[Setter]");
	}
	entry_end(c, at);
}

static void entry_value(struct inspect *c, val v, int level, const struct seen *up)
{
	size_t at = c->text.len;

	value(c, v, level, up);
	entry_end(c, at);
}

static void more_items(struct inspect *c, int64_t n)
{
	size_t at = c->text.len;

	if (n <= 0)
		return;
	buf_printf(&c->text, "... %lld more item%s", (long long)n, n == 1 ? "" : "s");
	entry_end(c, at);
}

static void empty_items(struct inspect *c, uint32_t n)
{
	size_t at = c->text.len;

	buf_printf(&c->text, "<%u empty item%s>", n, n == 1 ? "" : "s");
	entry_end(c, at);
}

/* Elements that may have gaps, from the sorted own keys. */
static void sparse_elements(struct inspect *c, struct obj *o, uint32_t len, const struct keylist *kl, int level,
                            const struct seen *up)
{
	uint32_t next = 0, shown = 0;

	for (uint32_t i = 0; i < kl->n && shown < MAX_ENTRIES && !c->stop; i++) {
		if (!pkey_is_index(kl->k[i]) || pkey_index(kl->k[i]) >= len)
			continue;
		if (pkey_index(kl->k[i]) > next) {
			empty_items(c, pkey_index(kl->k[i]) - next);
			next = pkey_index(kl->k[i]);
			if (++shown == MAX_ENTRIES)
				break;
		}
		property(c, o, kl->k[i], true, level, up);
		next++;
		shown++;
	}
	if (next < len && shown < MAX_ENTRIES)
		empty_items(c, len - next);
	else
		more_items(c, (int64_t)len - next);
}

static void elements(struct inspect *c, struct obj *o, uint32_t len, const struct keylist *kl, int level,
                     const struct seen *up)
{
	struct arr *a = (struct arr *)(void *)o;
	bool typed = v_istyped(v_cell(o));

	if (!typed && (!v_isarr(v_cell(o)) || !arr_is_dense(a))) {
		sparse_elements(c, o, len, kl, level, up);
		return;
	}
	c->indent += 2;
	for (uint32_t i = 0; i < len && i < MAX_ENTRIES && !c->stop; i++)
		entry_value(c, typed ? typed_get(c->vm, v_totyped(v_cell(o)), i) : a->elem.v[i].v, level, up);
	c->indent -= 2;
	more_items(c, (int64_t)len - MAX_ENTRIES);
}

static void collection(struct inspect *c, struct obj *o, int level, const struct seen *up)
{
	const struct coll *coll = v_tocoll(v_cell(o));
	struct table_cursor at = { NULL, 0 };
	struct table_ent *e;
	uint32_t n = 0;

	c->indent += 2;
	while (!c->stop && n < MAX_ENTRIES && (e = coll_next(coll, &at)) != NULL) {
		size_t start = c->text.len;

		value(c, e->key.v, level, up);
		if (o->h.kind == KIND_MAP) {
			buf_puts(&c->text, " => ");
			value(c, e->value.v, level, up);
		}
		entry_end(c, start);
		n++;
	}
	c->indent -= 2;
	more_items(c, (int64_t)coll_size(coll) - n);
}

/* What is not a property: the bytes of a buffer, the place of a view. */
static void memory(struct inspect *c, struct obj *o, int level, const struct seen *up)
{
	struct typed *t = v_totyped(v_cell(o));
	const struct buffer *b = v_tobuffer(v_cell(o));
	size_t at = c->text.len;

	if (o->h.kind == KIND_DATA_VIEW) {
		buf_printf(&c->text, "byteLength: %llu", (unsigned long long)typed_len(c->vm, t));
		entry_end(c, at);
		at = c->text.len;
		buf_printf(&c->text, "byteOffset: %llu", (unsigned long long)t->offset.v);
		entry_end(c, at);
		at = c->text.len;
		buf_puts(&c->text, "buffer: ");
		c->indent += 2;
		value(c, v_cell(t->buf.v), level, up);
		c->indent -= 2;
		entry_end(c, at);
		return;
	}
	if (buffer_detached(b)) {
		buf_puts(&c->text, "(detached)");
	} else {
		buf_puts(&c->text, "[Uint8Contents]: <");
		for (uint64_t i = 0; i < b->len.v && i < MAX_ENTRIES; i++)
			buf_printf(&c->text, i != 0 ? " %02x" : "%02x", b->data.v[i]);
		if (b->len.v > MAX_ENTRIES)
			buf_printf(&c->text, " ... %llu more byte%s", (unsigned long long)b->len.v - MAX_ENTRIES,
			           b->len.v == MAX_ENTRIES + 1 ? "" : "s");
		buf_putc(&c->text, '>');
	}
	entry_end(c, at);
	at = c->text.len;
	buf_printf(&c->text, "byteLength: %llu", (unsigned long long)b->len.v);
	entry_end(c, at);
}

/* ---- kinds of objects ---------------------------------------------------------------------- */

static void put_error(struct inspect *c, struct buf *b, struct obj *o)
{
	val stack = own_data(c->vm, o, A_stack);
	struct buf t = BUF_INIT;
	bool frames;

	if (!v_isstr(stack))
		stack = except_stack_string(c->vm, (struct error_obj *)(void *)o);
	if (!v_isstr(stack)) {
		c->stop = true;
		return;
	}
	console_put_str(c->vm, &t, v_tostr(stack));
	frames = strstr(buf_cstr(&t), "\n    at") != NULL;
	if (!frames)
		buf_putc(b, '[');
	for (size_t i = 0; i < t.len; i++) {
		buf_putc(b, t.p[i]);
		if (t.p[i] == '\n')
			spaces(b, c->indent);
	}
	if (!frames)
		buf_putc(b, ']');
	buf_free(&t);
}

static void put_date(struct inspect *c, struct buf *b, struct obj *o)
{
	double t = date_value(v_cell(o));
	char text[DATE_TEXT_MAX];

	if (!name_is(c->vm, constructor_name(c->vm, o), "Date") || tag_of(c->vm, o))
		put_prefix(c->vm, b, o, "Date", -1);
	if (t != t)
		buf_puts(b, "Invalid Date");
	else
		buf_put(b, text, date_to_text(c->vm, t, DATE_ISO, text));
}

static void put_regexp(struct inspect *c, struct buf *b, struct obj *o)
{
	struct str *name = constructor_name(c->vm, o);
	val text = regexp_text(c->vm, v_cell(o));

	if (name != NULL && !name_is(c->vm, name, "RegExp")) {
		str_put_utf8(c->vm, name, b);
		buf_putc(b, ' ');
	}
	if (v_isstr(text))
		str_put_utf8(c->vm, v_tostr(text), b);
}

static void put_boxed(struct inspect *c, struct buf *b, struct obj *o)
{
	static const char *const names[] = { "Boolean", "Number", "String", "Symbol", "BigInt" };
	const char *type = names[o->h.kind - KIND_BOOLEAN];
	struct str *name = constructor_name(c->vm, o);
	size_t at = c->text.len;

	buf_printf(b, "[%s", type);
	if (name == NULL) {
		buf_puts(b, " (null prototype)");
	} else if (!name_is(c->vm, name, type)) {
		buf_puts(b, " (");
		str_put_utf8(c->vm, name, b);
		buf_putc(b, ')');
	}
	buf_puts(b, ": ");
	primitive(c, ((struct prim_obj *)(void *)o)->prim.v, false);
	buf_put(b, c->text.p + at, c->text.len - at);
	c->text.len = at;
	buf_putc(b, ']');
}

/* Fills the head for o. *len: elements to show, -1 for none. True when the head
 * alone is the text if there are no entries. */
static bool make_head(struct inspect *c, struct obj *o, struct head *h, int64_t *len)
{
	struct vm *vm = c->vm;
	bool plain;

	*len = -1;
	h->close = "}";
	switch (o->h.kind) {
	case KIND_ARRAY:
	case KIND_ARRAY_COW:
	case KIND_TYPED_ARRAY:
		if (o->h.kind != KIND_TYPED_ARRAY)
			*len = ((struct arr *)(void *)o)->len.v;
		else
			*len = (int64_t)typed_len(vm, v_totyped(v_cell(o)));
		if (o->h.kind == KIND_TYPED_ARRAY || !name_is(vm, constructor_name(vm, o), "Array") || tag_of(vm, o))
			put_prefix(vm, &h->open, o, "Array", *len);
		buf_putc(&h->open, '[');
		h->close = "]";
		h->array = true;
		return false;
	case KIND_ARGUMENTS:
		*len = ((struct arr *)(void *)o)->len.v;
		buf_puts(&h->open, "[Arguments] [");
		h->close = "]";
		h->array = true;
		return false;
	case KIND_MAP:
	case KIND_SET:
		put_prefix(vm, &h->open, o, o->h.kind == KIND_MAP ? "Map" : "Set", coll_size(v_tocoll(v_cell(o))));
		buf_putc(&h->open, '{');
		return false;
	case KIND_ERROR:
		put_error(c, &h->base, o);
		break;
	case KIND_DATE:
		put_date(c, &h->base, o);
		break;
	case KIND_REGEXP:
		put_regexp(c, &h->base, o);
		break;
	case KIND_BOOLEAN:
	case KIND_NUMBER:
	case KIND_STRING:
	case KIND_SYMBOL_OBJ:
	case KIND_BIGINT_OBJ:
		put_boxed(c, &h->base, o);
		break;
	default:
		if (func_is_callable(v_cell(o))) {
			put_function(vm, &h->base, o);
			break;
		}
		plain = o->h.kind == KIND_OBJECT && name_is(vm, constructor_name(vm, o), "Object") && tag_of(vm, o) == NULL;
		if (!plain)
			put_prefix(vm, &h->open, o, "Object", -1);
		buf_putc(&h->open, '{');
		return false;
	}
	buf_putc(&h->open, '{');
	return true;
}

/* "[Object]": an object below the depth limit. */
static void put_folded(struct inspect *c, struct obj *o, const struct head *h)
{
	buf_putc(&c->text, '[');
	if (h->array && name_is(c->vm, constructor_name(c->vm, o), "Array")) {
		buf_puts(&c->text, "Array");
	} else {
		put_prefix(c->vm, &c->text, o, "Object", -1);
		c->text.len--; /* the blank */
	}
	buf_putc(&c->text, ']');
}

/* Keys to show as "key: value"; elements and characters are not among them. */
static bool is_shown_key(const struct obj *o, pkey k, int64_t len)
{
	if (!pkey_is_index(k))
		return true;
	if (o->h.kind == KIND_STRING)
		len = v_tostr(((const struct prim_obj *)(const void *)o)->prim.v)->len.v;
	return (int64_t)pkey_index(k) >= len;
}

static bool own_keys(struct inspect *c, struct obj *o, struct keylist *kl)
{
	struct shape *s = obj_shape(c->vm, o);

	*kl = (struct keylist){ 0 };
	/* Long dense arrays without named properties need no list of keys. */
	if ((v_istyped(v_cell(o)) || (v_isarr(v_cell(o)) && arr_is_dense(v_toarr(v_cell(o))))) && s->count == 0 &&
	    !(s->flags & SF_DICT))
		return true;
	if (obj_own_keys(c->vm, o, KEYS_STRINGS | KEYS_SYMBOLS | KEYS_ENUMERABLE, kl) < 0)
		c->stop = true;
	return !c->stop;
}

/* `cause` and `errors` are shown although they are not enumerable. */
static void hidden_of_error(struct inspect *c, struct obj *o, int level, const struct seen *up)
{
	static const pkey names[] = { A_cause, A_errors };
	struct pdesc d;

	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (obj_get_own(c->vm, o, names[i], &d) > 0 && !(d.flags & PD_E))
			property(c, o, names[i], false, level, up);
}

static int circular_number(struct inspect *c, struct obj *o, bool add)
{
	for (int i = 0; i < c->ncircular; i++)
		if (c->circular[i] == o)
			return i + 1;
	if (!add || c->ncircular == MAX_CIRCULAR)
		return 0;
	c->circular[c->ncircular] = o;
	return ++c->ncircular;
}

static void mark_circular(struct inspect *c, struct obj *o, struct head *h)
{
	int n = circular_number(c, o, false);
	struct buf b = BUF_INIT;

	if (n == 0)
		return;
	buf_printf(&b, "<ref *%d>", n);
	if (h->base.len != 0) {
		buf_putc(&b, ' ');
		buf_put(&b, h->base.p, h->base.len);
	}
	buf_free(&h->base);
	h->base = b;
}

static void object_in(struct inspect *c, struct obj *o, int level, const struct seen *up, struct head *h)
{
	struct seen here = { o, up };
	size_t start = c->text.len;
	uint32_t e0 = c->ne;
	struct keylist kl;
	int64_t len;
	bool alone = make_head(c, o, h, &len);
	bool weak = o->h.kind == KIND_WEAKMAP || o->h.kind == KIND_WEAKSET, entries;
	bool raw = o->h.kind == KIND_ARRAY_BUFFER || o->h.kind == KIND_DATA_VIEW;

	if (c->stop || !own_keys(c, o, &kl))
		return;
	entries = len > 0 || weak || raw || ((o->h.kind == KIND_MAP || o->h.kind == KIND_SET) && coll_size(v_tocoll(v_cell(o))) > 0);
	for (uint32_t i = 0; i < kl.n && !entries; i++)
		entries = is_shown_key(o, kl.k[i], len);
	if (o->h.kind == KIND_ERROR && (obj_has_own(c->vm, o, A_cause) > 0 || obj_has_own(c->vm, o, A_errors) > 0))
		entries = true;
	if (!entries) {
		buf_put(&c->text, alone ? h->base.p : h->open.p, alone ? h->base.len : h->open.len);
		if (!alone)
			buf_puts(&c->text, h->close);
		return;
	}
	if (c->depth >= 0 && level > c->depth) {
		put_folded(c, o, h);
		return;
	}
	c->last_depth = level + 1;
	if (len > 0)
		elements(c, o, (uint32_t)(len < UINT32_MAX ? len : UINT32_MAX), &kl, level + 1, &here);
	else if (o->h.kind == KIND_MAP || o->h.kind == KIND_SET)
		collection(c, o, level + 1, &here);
	else if (raw)
		memory(c, o, level + 1, &here);
	else if (weak) {
		buf_puts(&c->text, "<items unknown>");
		entry_end(c, start);
	}
	for (uint32_t i = 0; i < kl.n && !c->stop; i++)
		if (is_shown_key(o, kl.k[i], len))
			property(c, o, kl.k[i], false, level + 1, &here);
	if (o->h.kind == KIND_ERROR)
		hidden_of_error(c, o, level + 1, &here);
	mark_circular(c, o, h);
	join(c, start, e0, h, level + 1, c->ne - e0 <= len && (v_istyped(v_cell(o)) ||
	     (v_isarr(v_cell(o)) && is_number_array(v_toarr(v_cell(o)), c->ne - e0))));
}

static void object(struct inspect *c, struct obj *o, int level, const struct seen *up)
{
	struct head h = { BUF_INIT, BUF_INIT, NULL, false };

	for (const struct seen *s = up; s != NULL; s = s->up) {
		if (s->o == o) {
			buf_printf(&c->text, "[Circular *%d]", circular_number(c, o, true));
			return;
		}
	}
	if (o->h.kind == KIND_PROXY) {
		buf_puts(&c->text, "[Proxy]");
		return;
	}
	if (VM_RECURSION(c->vm)) {
		c->stop = true;
		return;
	}
	object_in(c, o, level, up, &h);
	buf_free(&h.base);
	buf_free(&h.open);
}

static void value(struct inspect *c, val v, int level, const struct seen *up)
{
	if (c->stop || VM_TICK(c->vm, 64)) {
		c->stop = true;
		return;
	}
	if (v_isobj(v))
		object(c, v_toobj(v), level, up);
	else
		primitive(c, v, true);
}

int console_inspect(struct vm *vm, struct buf *out, val v, int depth)
{
	struct inspect c = { .vm = vm, .text = BUF_INIT, .depth = depth };

	value(&c, v, 0, NULL);
	if (c.text.len > CONSOLE_MAX) {
		c.text.len = CONSOLE_MAX;
		buf_puts(&c.text, "...");
	}
	buf_put(out, c.text.p, c.text.len);
	buf_free(&c.text);
	free(c.e);
	return vm->exc != V_HOLE ? -1 : 0;
}
