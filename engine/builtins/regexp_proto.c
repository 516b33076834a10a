/* regexp_proto.c: RegExp.prototype (ECMA-262 22.2.6): exec, test, toString, compile
 * and the accessors. Called by scripts and by regexp_string.c. */
#include "engine/builtins/regexp.h"

/* lastIndex as an integer; -1: exception. */
static int64_t last_index(struct vm *vm, struct regexp *re)
{
	val v = re->last_index.v;
	int64_t n;

	if (unlikely(obj_shape(vm, (struct obj *)(void *)re)->flags & SF_DICT)) {
		v = obj_get(vm, (struct obj *)(void *)re, A_lastIndex);
		if (v_isexc(v))
			return -1;
	}
	if (likely(v_isint(v)))
		return v_toint(v) > 0 ? v_toint(v) : 0;
	return to_length(vm, v, &n) < 0 ? -1 : n;
}

static int set_last_index(struct vm *vm, struct regexp *re, uint32_t i)
{
	if (unlikely(re->h.shape.v != vm->regexp_shape))
		return obj_put(vm, (struct obj *)(void *)re, A_lastIndex, v_u32(i));
	VSET(vm, re->last_index, v_u32(i));
	return 0;
}

/* 22.2.7.2 RegExpBuiltinExec up to the result: 1, 0, -1. */
static int builtin_exec(struct vm *vm, struct regexp *re, struct str *s, struct re_caps *c, const struct re_prog **prog)
{
	int64_t from = last_index(vm, re);
	const struct re_prog *p = re->prog.v;
	bool moves = (re_flags(p) & (RE_G | RE_Y)) != 0;
	int r = 0;

	*prog = p;
	if (from < 0)
		return -1;
	if (!moves)
		from = 0;
	if (from <= s->len.v)
		r = regexp_run(vm, p, s, (uint32_t)from, (re_flags(p) & RE_Y) != 0, c);
	if (r < 0)
		return -1;
	if (moves && set_last_index(vm, re, r ? (uint32_t)c->at[1] : 0) < 0)
		return -1;
	return r;
}

val regexp_capture(struct vm *vm, struct str *s, const struct re_caps *c, uint32_t i)
{
	if (c->at[2 * i] < 0 || c->at[2 * i + 1] < 0)
		return V_UNDEF;
	return str_sub(vm, s, (uint32_t)c->at[2 * i], (uint32_t)c->at[2 * i + 1]);
}

val regexp_groups(struct vm *vm, const struct re_prog *p, const val *captures)
{
	uint32_t n;
	const struct re_name *names = re_names(p, &n);
	struct obj *o;

	if (n == 0)
		return V_UNDEF;
	o = obj_new_inl(vm, NULL, (uint16_t)(n < 16 ? n : 16));
	for (uint32_t i = 0; i < n; i++) {
		val name = str_new16(vm, names[i].name, names[i].len), v = captures[names[i].group];
		pkey k;

		if (v_isexc(name))
			return V_EXC;
		k = key_of_str(vm, v_tostr(name));
		/* Of groups with one name the one that took part counts. */
		if (v_isundef(v) && obj_has_own(vm, o, k) > 0)
			continue;
		if (obj_create_data(vm, o, k, v) < 0)
			return V_EXC;
	}
	return v_cell(o);
}

/* The array of an exec: captures, index, input, groups, indices (22.2.7.2, 22.2.7.8). */
static val indices_array(struct vm *vm, const struct re_prog *p, const struct re_caps *c)
{
	uint32_t n = re_groups(p);
	struct arr *r = arr_new(vm, n);
	val groups;

	if (r == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < n; i++) {
		val pair[2] = { v_int(c->at[2 * i]), v_int(c->at[2 * i + 1]) }, v = V_UNDEF;

		if (c->at[2 * i] >= 0 && c->at[2 * i + 1] >= 0)
			v = arr_from(vm, pair, 2);
		if (v_isexc(v) || arr_push(vm, r, v) < 0)
			return V_EXC;
	}
	groups = regexp_groups(vm, p, (const val *)r->elem.v);
	if (v_isexc(groups))
		return V_EXC;
	obj_def(vm, (struct obj *)(void *)r, A_groups, groups, ATTR_WEC);
	return v_cell(r);
}

static val result_array(struct vm *vm, const struct re_prog *p, struct str *s, const struct re_caps *c)
{
	uint32_t n = re_groups(p);
	struct arr *r = arr_new(vm, n);
	struct obj *o = (struct obj *)(void *)r;
	val groups, indices;

	if (r == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < n; i++) {
		val v = regexp_capture(vm, s, c, i);

		if (v_isexc(v) || arr_push(vm, r, v) < 0)
			return V_EXC;
	}
	groups = regexp_groups(vm, p, (const val *)r->elem.v);
	if (v_isexc(groups))
		return V_EXC;
	obj_def(vm, o, A_index, v_int(c->at[0]), ATTR_WEC);
	obj_def(vm, o, A_input, v_cell(s), ATTR_WEC);
	obj_def(vm, o, A_groups, groups, ATTR_WEC);
	if (re_flags(p) & RE_D) {
		indices = indices_array(vm, p, c);
		if (v_isexc(indices))
			return V_EXC;
		obj_def(vm, o, A_indices, indices, ATTR_WEC);
	}
	return v_cell(r);
}

static val exec_builtin(struct vm *vm, struct regexp *re, struct str *s)
{
	const struct re_prog *p;
	struct re_caps c;
	int r = builtin_exec(vm, re, s, &c, &p);

	if (r <= 0)
		return r < 0 ? V_EXC : V_NULL;
	return result_array(vm, p, s, &c);
}

val regexp_exec_method(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s;

	if (!v_isregexp(a[0]))
		return throw_type(vm, "Method RegExp.prototype.exec called on incompatible receiver %s", val_for_message(vm, a[0]));
	s = to_str(vm, ARG(0));
	return s ? exec_builtin(vm, v_toregexp(a[0]), s) : V_EXC;
}

val regexp_exec(struct vm *vm, val rx, struct str *s)
{
	val exec, arg = v_cell(s), r;

	if (regexp_is_plain(vm, rx))
		return exec_builtin(vm, v_toregexp(rx), s);
	exec = obj_get(vm, v_toobj(rx), A_exec);
	if (v_isexc(exec))
		return V_EXC;
	if (func_is_callable(exec)) {
		r = vm_call(vm, exec, rx, 1, &arg);
		if (!v_isexc(r) && !v_isobj(r) && !v_isnull(r))
			return throw_type(vm, "exec must return an object or null, not %s", val_for_message(vm, r));
		return r;
	}
	if (!v_isregexp(rx))
		return throw_type(vm, "%s is not a RegExp and has no exec method", val_for_message(vm, rx));
	return exec_builtin(vm, v_toregexp(rx), s);
}

static val test(struct vm *vm, val *a, uint32_t argc)
{
	const struct re_prog *p;
	struct re_caps c;
	struct str *s;
	val r;

	if (!v_isobj(a[0]))
		return throw_type(vm, "Method RegExp.prototype.test called on incompatible receiver %s", val_for_message(vm, a[0]));
	s = to_str(vm, ARG(0));
	if (s == NULL)
		return V_EXC;
	if (regexp_is_plain(vm, a[0])) {
		int found = builtin_exec(vm, v_toregexp(a[0]), s, &c, &p);

		return found < 0 ? V_EXC : v_bool(found);
	}
	r = regexp_exec(vm, a[0], s);
	return v_isexc(r) ? V_EXC : v_bool(!v_isnull(r));
}

static val to_string_method(struct vm *vm, val *a, uint32_t argc)
{
	struct str *source, *flags;
	struct strbuf b;
	val v;

	(void)argc;
	if (!v_isobj(a[0]))
		return throw_type(vm, "Method RegExp.prototype.toString called on incompatible receiver %s", val_for_message(vm, a[0]));
	v = obj_get(vm, v_toobj(a[0]), key_of_utf8(vm, "source", 6));
	source = v_isexc(v) ? NULL : to_str(vm, v);
	if (source == NULL)
		return V_EXC;
	v = obj_get(vm, v_toobj(a[0]), A_flags);
	flags = v_isexc(v) ? NULL : to_str(vm, v);
	if (flags == NULL)
		return V_EXC;
	strbuf_init(&b, vm, 0);
	strbuf_unit(&b, '/');
	strbuf_str(&b, source);
	strbuf_unit(&b, '/');
	strbuf_str(&b, flags);
	return strbuf_end(&b);
}

/* B.2.4.1 */
static val compile(struct vm *vm, val *a, uint32_t argc)
{
	val pattern = ARG(0), flags = ARG(1);

	if (!v_isregexp(a[0]))
		return throw_type(vm, "Method RegExp.prototype.compile called on incompatible receiver %s", val_for_message(vm, a[0]));
	if (v_isregexp(pattern)) {
		const struct re_prog *p = v_toregexp(pattern)->prog.v;
		struct re_text t = re_source(p);

		if (!v_isundef(flags))
			return throw_type(vm, "RegExp.prototype.compile takes no flags with a RegExp");
		pattern = t.wide ? str_new16(vm, t.p16, t.len) : str_new8(vm, t.p8, t.len);
		flags = regexp_flags(vm, p);
		if (v_isexc(pattern))
			return V_EXC;
	}
	return regexp_init(vm, v_toregexp(a[0]), pattern, flags);
}

/* ---- accessors ------------------------------------------------------------------ */

static val bad_getter(struct vm *vm, val v, const char *name)
{
	return throw_type(vm, "RegExp.prototype.%s getter called on %s", name, val_for_message(vm, v));
}

static val flag_getter(struct vm *vm, val *a, uint32_t argc)
{
	const struct native_def *def = nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]));

	(void)argc;
	if (v_isregexp(a[0]))
		return v_bool((re_flags(v_toregexp(a[0])->prog.v) & (uint32_t)def->magic) != 0);
	return a[0] == vm->intr[INTR_RegExpPrototype] ? V_UNDEF : bad_getter(vm, a[0], def->name);
}

static val source_getter(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	if (v_isregexp(a[0]))
		return regexp_source(vm, v_toregexp(a[0])->prog.v);
	return a[0] == vm->intr[INTR_RegExpPrototype] ? str_cstr(vm, "(?:)") : bad_getter(vm, a[0], "source");
}

static val flags_getter(struct vm *vm, val *a, uint32_t argc)
{
	static const char *const names[] = { "hasIndices", "global", "ignoreCase", "multiline", "dotAll", "unicode",
					     "unicodeSets", "sticky" };
	char text[9];
	int n = 0;

	(void)argc;
	if (!v_isobj(a[0]))
		return bad_getter(vm, a[0], "flags");
	if (regexp_is_plain(vm, a[0]))
		return regexp_flags(vm, v_toregexp(a[0])->prog.v);
	for (int i = 0; i < 8; i++) {
		val v = obj_get(vm, v_toobj(a[0]), key_of_utf8(vm, names[i], strlen(names[i])));

		if (v_isexc(v))
			return V_EXC;
		if (to_boolean(v))
			text[n++] = RE_FLAG_LETTERS[i];
	}
	text[n] = 0;
	return str_cstr(vm, text);
}

#define FLAG(key_, bit_, clause_) NF_GETTER_MAGIC(key_, flag_getter, bit_, EFF_NONE, clause_)

const struct row regexp_proto_rows[] = {
	NF_METHOD("exec", 1, regexp_exec_method, EFF_CALLS, "22.2.6.2"),
	FLAG("dotAll", RE_S, "22.2.6.3"),
	NF_GETTER("flags", flags_getter, EFF_CALLS, "22.2.6.4"),
	FLAG("global", RE_G, "22.2.6.5"),
	FLAG("hasIndices", RE_D, "22.2.6.6"),
	FLAG("ignoreCase", RE_I, "22.2.6.7"),
	FLAG("multiline", RE_M, "22.2.6.10"),
	NF_GETTER("source", source_getter, EFF_NONE, "22.2.6.13"),
	FLAG("sticky", RE_Y, "22.2.6.15"),
	NF_METHOD("test", 1, test, EFF_CALLS, "22.2.6.16"),
	NF_METHOD("toString", 0, to_string_method, EFF_CALLS, "22.2.6.17"),
	FLAG("unicode", RE_U, "22.2.6.18"),
	FLAG("unicodeSets", RE_V, "22.2.6.19"),
	NF_METHOD("compile", 2, compile, EFF_CALLS, "B.2.4.1"),
};
const uint32_t regexp_proto_nrows = sizeof regexp_proto_rows / sizeof *regexp_proto_rows;
