/* jsx.c: h, Fragment and renderToString: elements as host objects that hold tag,
 * props and children, so that no data a client sends can pass for one; written
 * as HTML into one string, or, where a promise stands in the way, into a promise of
 * one. Called from scripts only. */
#include "engine/api/api.h"

#include "engine/object/convert.h"
#include "engine/vm/promise.h"

enum { SLOT_TAG, SLOT_PROPS, SLOT_CHILDREN, NSLOTS };
static int node_class;         /* the same number in every VM: it is added first */

static const struct zigts_class element_class = { .name = "Element", .nslots = NSLOTS };

/* What is written: the text since the last promise, and in turn the texts and the
 * promises of texts before; NULL: no promise was met. */
struct page { struct strbuf b; struct arr *parts; };

static bool render(struct vm *vm, struct strbuf *b, val v);
static val render_to_string(struct zigts *z, val *a, uint32_t argc);

static val make(struct zigts *z, val *a, uint32_t argc)
{
	struct vm *vm = vm_of(z);
	val n = zigts_host_new(z, node_class), list;

	if (n == V_EXC)
		return n;
	list = argc > 2 ? arr_from(vm, a + 3, argc - 2) : V_UNDEF;
	if (list == V_EXC)
		return list;
	zigts_host_set_slot(z, n, SLOT_TAG, ZIGTS_ARG(0));
	zigts_host_set_slot(z, n, SLOT_PROPS, ZIGTS_ARG(1));
	zigts_host_set_slot(z, n, SLOT_CHILDREN, list);
	return n;
}

/* The function Fragment is what <>..</> has as its tag; as a component too it
 * gives its children. */
static val fragment(struct zigts *z, val *a, uint32_t argc)
{
	return zigts_type(ZIGTS_ARG(0)) == ZIGTS_T_OBJECT ? zigts_get(z, ZIGTS_ARG(0), "children") : V_UNDEF;
}

static void escaped(struct strbuf *b, struct sview v)
{
	for (uint32_t i = 0; i < v.len && !b->err; i++) {
		uint32_t u = sview_at(v, i);

		switch (u) {
		case '&': strbuf_ascii(b, "&amp;", 5); break;
		case '<': strbuf_ascii(b, "&lt;", 4); break;
		case '>': strbuf_ascii(b, "&gt;", 4); break;
		case '"': strbuf_ascii(b, "&quot;", 6); break;
		case '\'': strbuf_ascii(b, "&#39;", 5); break;
		default: strbuf_unit(b, u);
		}
	}
}

/* Text of a value that is no object, escaped unless raw. */
static bool put_text(struct vm *vm, struct strbuf *b, val v, bool raw)
{
	struct str *s = to_str(vm, v);
	struct sview w;

	if (s == NULL)
		return false;
	if (raw) {
		strbuf_str(b, s);
		return !b->err;
	}
	w = str_view(vm, s);
	if (w.len != s->len.v || VM_TICK(vm, w.len / 8 + 1))
		return false;
	escaped(b, w);
	return !b->err;
}

static bool in_list(struct sview name, const char *list)
{
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, " "), i = 0;

		while (i < n && i < name.len && sview_at(name, (uint32_t)i) == (unsigned char)p[i])
			i++;
		if (i == n && n == name.len)
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

/* Nothing that could end a tag's or an attribute's name. */
static bool good_name(struct sview v)
{
	for (uint32_t i = 0; i < v.len; i++) {
		uint32_t u = sview_at(v, i);

		if (u <= ' ' || u == '"' || u == '\'' || u == '<' || u == '>' || u == '/' || u == '=' || u == 0x7F ||
		    u == '`' || u == '&')
			return false;
	}
	return v.len != 0;
}

/* camelCase -> kebab-case */
static void style_name(struct strbuf *b, struct sview v)
{
	bool custom = v.len > 1 && sview_at(v, 0) == '-' && sview_at(v, 1) == '-';

	for (uint32_t i = 0; i < v.len; i++) {
		uint32_t u = sview_at(v, i);

		if (!custom && u >= 'A' && u <= 'Z') {
			strbuf_unit(b, '-');
			u += 32;
		}
		if (u != '"' && u != '&' && u != '<' && u != '>' && u != ';')
			strbuf_unit(b, u);
	}
}

static bool hidden(val v) { return v == V_NULL || v == V_UNDEF || v == V_FALSE || v == V_TRUE; }

static const char unitless[] = "animationIterationCount aspectRatio columnCount columns fillOpacity flex flexGrow flexShrink "
	"fontWeight gridArea gridColumn gridRow lineHeight opacity order orphans strokeOpacity tabSize widows zIndex zoom";

static bool put_style(struct vm *vm, struct strbuf *b, val style)
{
	val keys = zigts_own_keys(zigts_of(vm), style), n;
	bool any = false;

	if (keys == V_EXC)
		return false;
	for (uint32_t i = 0; (n = zigts_get_index(zigts_of(vm), keys, i)) != V_UNDEF; i++) {
		struct sview name = str_view(vm, v_tostr(n));
		val x = obj_get(vm, v_toobj(style), key_of_str(vm, v_tostr(n)));

		if (x == V_EXC)
			return false;
		if (hidden(x))
			continue;
		if (any)
			strbuf_unit(b, ';');
		any = true;
		style_name(b, name);
		strbuf_unit(b, ':');
		if (!put_text(vm, b, x, false))
			return false;
		if (zigts_type(x) == ZIGTS_T_NUMBER && zigts_as_number(x) != 0 && !in_list(name, unitless) &&
		    sview_at(name, 0) != '-')
			strbuf_ascii(b, "px", 2);
	}
	return !b->err;
}

static bool put_attribute(struct vm *vm, struct strbuf *b, struct str *key, val v)
{
	struct sview name = str_view(vm, key);

	if (v == V_NULL || v == V_UNDEF || v == V_FALSE || in_list(name, "children key ref dangerouslySetInnerHTML"))
		return true;
	if (!good_name(name)) {
		throw_type(vm, "an attribute has a name that HTML does not allow");
		return false;
	}
	if (zigts_type(v) == ZIGTS_T_FUNCTION)
		return true;                   /* event handlers are for browsers */
	strbuf_unit(b, ' ');
	if (in_list(name, "className"))
		strbuf_ascii(b, "class", 5);
	else if (in_list(name, "htmlFor"))
		strbuf_ascii(b, "for", 3);
	else
		strbuf_view(b, name);
	if (v == V_TRUE)
		return !b->err;
	strbuf_ascii(b, "=\"", 2);
	if (in_list(name, "style") && zigts_type(v) == ZIGTS_T_OBJECT) {
		if (!put_style(vm, b, v))
			return false;
	} else if (!put_text(vm, b, v, false)) {
		return false;
	}
	strbuf_unit(b, '"');
	return !b->err;
}

static bool put_attributes(struct vm *vm, struct strbuf *b, val props)
{
	val keys, n;

	if (zigts_type(props) != ZIGTS_T_OBJECT)
		return true;
	keys = zigts_own_keys(zigts_of(vm), props);
	if (keys == V_EXC)
		return false;
	for (uint32_t i = 0; (n = zigts_get_index(zigts_of(vm), keys, i)) != V_UNDEF; i++) {
		val v = obj_get(vm, v_toobj(props), key_of_str(vm, v_tostr(n)));

		if (v == V_EXC || !put_attribute(vm, b, v_tostr(n), v))
			return false;
	}
	return true;
}

/* A component: called with its props and children. */
static bool component(struct vm *vm, struct strbuf *b, val fn, val props, val children)
{
	struct zigts *z = zigts_of(vm);
	val o = zigts_object(z), r;

	if (o == V_EXC || (zigts_type(props) == ZIGTS_T_OBJECT && obj_copy_data(vm, v_toobj(o), props, NULL, 0) < 0))
		return false;
	if (children != V_UNDEF) {
		val only = zigts_get_index(z, children, 0), second = zigts_get_index(z, children, 1);

		if (zigts_set(z, o, "children", second == V_UNDEF ? only : children) < 0)
			return false;
	}
	r = zigts_call(z, fn, V_UNDEF, 1, &o);
	return r != V_EXC && render(vm, b, r);
}

/* In a script or style no reference is read: text goes as it is, but for "</", which
 * could end the element and in JavaScript and CSS means the same with a backslash. */
static bool put_code(struct vm *vm, struct strbuf *b, val v)
{
	struct zigts *z = zigts_of(vm);
	struct sview w;
	struct str *s;

	if (hidden(v))
		return true;
	if (zigts_is_array(v)) {
		int64_t n;

		if (obj_length(vm, v_toobj(v), &n) < 0)
			return false;
		for (int64_t i = 0; i < n; i++)
			if (!put_code(vm, b, zigts_get_index(z, v, (uint32_t)i)))
				return false;
		return true;
	}
	if (v == V_EXC)
		return false;
	if (zigts_type(v) != ZIGTS_T_STRING && zigts_type(v) != ZIGTS_T_NUMBER) {
		throw_type(vm, "only text can be rendered in a script or style element");
		return false;
	}
	s = to_str(vm, v);
	if (s == NULL)
		return false;
	w = str_view(vm, s);
	if (w.len != s->len.v || VM_TICK(vm, w.len / 8 + 1))
		return false;
	for (uint32_t i = 0; i < w.len && !b->err; i++) {
		if (i && sview_at(w, i) == '/' && sview_at(w, i - 1) == '<')
			strbuf_unit(b, '\\');
		strbuf_unit(b, sview_at(w, i));
	}
	return !b->err;
}

static bool put_children(struct vm *vm, struct strbuf *b, struct sview tag, val children)
{
	return in_list(tag, "script style") ? put_code(vm, b, children) : render(vm, b, children);
}

static bool element(struct vm *vm, struct strbuf *b, val n)
{
	struct zigts *z = zigts_of(vm);
	val tag = zigts_host_slot(n, SLOT_TAG), props = zigts_host_slot(n, SLOT_PROPS);
	val children = zigts_host_slot(n, SLOT_CHILDREN), html = V_UNDEF;
	struct sview name;

	if (zigts_type(tag) == ZIGTS_T_FUNCTION)
		return component(vm, b, tag, props, children);
	if (zigts_type(tag) != ZIGTS_T_STRING) {
		throw_type(vm, "the tag of an element is neither a string nor a function");
		return false;
	}
	name = str_view(vm, v_tostr(tag));
	if (!good_name(name)) {
		throw_type(vm, "an element has a name that HTML does not allow");
		return false;
	}
	strbuf_unit(b, '<');
	strbuf_view(b, name);
	if (!put_attributes(vm, b, props))
		return false;
	if (in_list(name, "area base br col embed hr img input link meta param source track wbr")) {
		strbuf_ascii(b, " />", 3);
		return !b->err;
	}
	strbuf_unit(b, '>');
	if (zigts_type(props) == ZIGTS_T_OBJECT)
		html = zigts_get(z, props, "dangerouslySetInnerHTML");
	if (html != V_EXC && zigts_type(html) == ZIGTS_T_OBJECT)
		html = zigts_get(z, html, "__html");
	if (html == V_EXC)
		return false;
	if (!hidden(html) ? !put_text(vm, b, html, true) : !put_children(vm, b, name, children))
		return false;
	strbuf_ascii(b, "</", 2);
	strbuf_view(b, name);
	strbuf_unit(b, '>');
	return !b->err;
}

static val then(struct vm *vm, val promise, const struct native_def *def)
{
	val f = v_cell(nfunc_closure(vm, def, 0));

	return zigts_call(zigts_of(vm), v_cell(obj_intr(vm, INTR_PromiseProto_then)), promise, 1, &f);
}

static val render_settled(struct vm *vm, val *a, uint32_t argc)
{
	return render_to_string(zigts_of(vm), a, argc);
}

static const struct native_def settled_def = { "", render_settled, 1, 0, EFF_CALLS, 0, "host" };

/* A promise that is pending, or rejected: what follows it is rendered at once, so
 * that components wait at the same time. */
static bool wait_for(struct vm *vm, struct strbuf *b, val promise)
{
	struct page *pg = (struct page *)(void *)b; /* its first member */
	val text = strbuf_end(&pg->b), later = then(vm, promise, &settled_def);

	if (text == V_EXC || later == V_EXC)
		return false;
	if (pg->parts == NULL)
		pg->parts = arr_new(vm, 4);
	if (pg->parts == NULL || arr_push(vm, pg->parts, text) < 0 || arr_push(vm, pg->parts, later) < 0)
		return false;
	strbuf_init(&pg->b, vm, 256);
	return true;
}

static bool render(struct vm *vm, struct strbuf *b, val v)
{
	val x;

	if ((uintptr_t)__builtin_frame_address(0) < (uintptr_t)vm->c_limit) {
		throw_range(vm, "elements are nested too deeply");
		return false;
	}
	if (hidden(v))
		return true;
	if (VM_TICK(vm, 4))
		return false;
	switch (zigts_type(v)) {
	case ZIGTS_T_STRING: case ZIGTS_T_NUMBER: case ZIGTS_T_BIGINT: return put_text(vm, b, v, false);
	case ZIGTS_T_OBJECT: break;
	default:
		throw_type(vm, "a %s cannot be rendered", zigts_type(v) == ZIGTS_T_FUNCTION ? "function" : "symbol");
		return false;
	}
	if (zigts_host_payload(v, node_class) != NULL)
		return element(vm, b, v);
	if (zigts_is_array(v)) {
		int64_t n;

		if (obj_length(vm, v_toobj(v), &n) < 0)
			return false;
		for (int64_t i = 0; i < n; i++) {
			x = obj_get_i64(vm, v_toobj(v), i);
			if (x == V_EXC || !render(vm, b, x))
				return false;
		}
		return true;
	}
	switch (zigts_promise_state(v, &x)) {
	case ZIGTS_PROMISE_FULFILLED: return render(vm, b, x);
	case ZIGTS_NOT_A_PROMISE: throw_type(vm, "an object cannot be rendered"); return false;
	default: return wait_for(vm, b, v);
	}
}

/* The texts are all there: one. */
static val join_parts(struct vm *vm, val *a, uint32_t argc)
{
	val list = ARG(0);
	struct strbuf b;
	int64_t n;

	strbuf_init(&b, vm, 1024);
	if (!zigts_is_array(list) || obj_length(vm, v_toobj(list), &n) < 0)
		return V_EXC;
	for (int64_t i = 0; i < n && !b.err; i++) {
		val s = obj_get_i64(vm, v_toobj(list), i);

		if (v_isstr(s))
			strbuf_str(&b, v_tostr(s));
	}
	return strbuf_end(&b);
}

static const struct native_def join_def = { "", join_parts, 1, 0, EFF_NONE, 0, "host" };

static val promise_of_page(struct vm *vm, struct page *pg)
{
	val all = obj_get(vm, obj_intr(vm, INTR_Promise), key_of_utf8(vm, "all", 3)), parts = v_cell(pg->parts), text, joined;

	text = strbuf_end(&pg->b);
	if (all == V_EXC || text == V_EXC || arr_push(vm, pg->parts, text) < 0)
		return V_EXC;
	joined = zigts_call(zigts_of(vm), all, v_cell(obj_intr(vm, INTR_Promise)), 1, &parts);
	return joined == V_EXC ? V_EXC : then(vm, joined, &join_def);
}

static val render_to_string(struct zigts *z, val *a, uint32_t argc)
{
	struct page pg = { .parts = NULL };

	strbuf_init(&pg.b, vm_of(z), 1024);
	if (!render(vm_of(z), &pg.b, ZIGTS_ARG(0)))
		return V_EXC;
	return pg.parts ? promise_of_page(vm_of(z), &pg) : strbuf_end(&pg.b);
}

static const struct zigts_row rows[] = {
	ZIGTS_FN("h", 2, EFF_NONE, make),
	ZIGTS_FN("Fragment", 1, EFF_CALLS, fragment),
	ZIGTS_FN("renderToString", 1, EFF_CALLS, render_to_string),
};

void jsx_init(struct vm *vm)
{
	node_class = zigts_add_class(zigts_of(vm), &element_class, false);
	AN(node_class > 0);
	AZ(zigts_add_functions(zigts_of(vm), rows, ARRAY_LEN(rows)));
}
