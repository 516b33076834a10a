/* intl.c: the namespace Intl (ECMA-402) for English: what its services share, Collator
 * and PluralRules. Called by scripts. Locales other than English are served in English,
 * as the standard allows. Locale data are part of the program: no row here taints. */
#include "engine/builtins/intl.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- text ------------------------------------------------------------------------- */

void intl_add(struct intl_pieces *out, const char *type, const char *fmt, ...)
{
	struct intl_piece *last = out->n > 0 ? &out->p[out->n - 1] : NULL;
	va_list ap;
	int n;

	if (last != NULL && strcmp(last->type, "literal") == 0 && strcmp(type, "literal") == 0)
		out->used--;               /* goes on where the last one ends */
	else if (out->n < INTL_PIECES)
		out->p[out->n++] = (struct intl_piece){ type, out->used };
	va_start(ap, fmt);
	n = vsnprintf(out->text + out->used, INTL_TEXT - out->used, fmt, ap);
	va_end(ap);
	AN(n >= 0 && out->used + (uint32_t)n + 1 < INTL_TEXT);
	out->used += (uint32_t)n + 1;
}

val intl_join(struct vm *vm, const struct intl_pieces *in)
{
	struct buf b = BUF_INIT;
	val s;

	for (uint32_t i = 0; i < in->n; i++)
		buf_puts(&b, in->text + in->p[i].at);
	s = str_from_sv(vm, buf_sv(&b));
	buf_free(&b);
	return s;
}

void intl_show(struct vm *vm, struct obj *o, const char *key, val v)
{
	obj_def(vm, o, key_of_utf8(vm, key, strlen(key)), v, ATTR_WEC);
}

val intl_parts(struct vm *vm, const struct intl_pieces *in)
{
	struct arr *list = arr_new(vm, in->n);

	if (list == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < in->n; i++) {
		struct obj *o = obj_new(vm);

		intl_show(vm, o, "type", str_cstr(vm, in->p[i].type));
		intl_show(vm, o, "value", str_from_sv(vm, (struct sv){ in->text + in->p[i].at, strlen(in->text + in->p[i].at) }));
		if (arr_push(vm, list, v_cell(o)) < 0)
			return V_EXC;
	}
	return v_cell(list);
}

const char *intl_nth(const char *names, int n, char out[24])
{
	size_t len;

	while (--n > 0 && *names)
		names += strcspn(names, "|") + 1;
	len = strcspn(names, "|");
	snprintf(out, 24, "%.*s", (int)len, names);
	return out;
}

/* ---- options ------------------------------------------------------------------------ */

val intl_option(struct vm *vm, val options, const char *name)
{
	return v_isobj(options) ? obj_get(vm, v_toobj(options), key_of_utf8(vm, name, strlen(name))) : V_UNDEF;
}

val intl_options(struct vm *vm, val v)
{
	return v_isundef(v) ? v : to_object(vm, v);
}

int intl_choice(struct vm *vm, val options, const char *name, const char *names, int *out)
{
	val v = intl_option(vm, options, name);
	struct sview s;
	char word[24];
	int n = 1;

	*out = 0;
	if (v_isundef(v))
		return 0;
	v = to_string(vm, v);
	if (v_isexc(v))
		return -1;
	s = str_view(vm, v_tostr(v));
	for (const char *p = names; *p; p += strcspn(p, "|"), n++) {
		p += *p == '|';
		if (sview_eq_ascii(s, intl_nth(p, 1, word))) {
			*out = n;
			return 0;
		}
	}
	throw_range(vm, "Value %s out of range for Intl options property %s", val_for_message(vm, v), name);
	return -1;
}

int intl_integer(struct vm *vm, val options, const char *name, int lo, int hi, int dflt, int *out)
{
	val v = intl_option(vm, options, name);
	double d;

	*out = dflt;
	if (v_isundef(v))
		return 0;
	if (to_number(vm, v, &d) < 0)
		return -1;
	if (!(d >= lo && d <= hi)) {
		throw_range(vm, "%s value is out of range.", name);
		return -1;
	}
	*out = (int)d;
	return 0;
}

/* ---- locales -------------------------------------------------------------------------- */

static bool alphanumeric(uint32_t u, bool letters)
{
	return (u | 0x20) - 'a' < 26 || (!letters && u - '0' < 10);
}

/* The form of a language tag, and whether it is English. */
static bool tag_is_valid(struct sview v, bool *english)
{
	uint32_t at = 0, part = 0;

	*english = v.len >= 2 && (sview_at(v, 0) | 0x20) == 'e' && (sview_at(v, 1) | 0x20) == 'n' &&
	           (v.len == 2 || sview_at(v, 2) == '-');
	for (uint32_t i = 0; i <= v.len; i++) {
		uint32_t u = i < v.len ? sview_at(v, i) : '-';

		if (u != '-' && !alphanumeric(u, part == 0))
			return false;
		if (u != '-')
			continue;
		if (i - at < 1 || i - at > 8 || (part == 0 && (i - at < 2 || i - at == 4)))
			return false;
		at = i + 1;
		part++;
	}
	return true;
}

static val one_locale(struct vm *vm, val v, bool *english)
{
	struct sview s;

	if (!v_isstr(v) && !v_isobj(v))
		return throw_type(vm, "Incorrect locale information provided");
	v = to_string(vm, v);
	if (v_isexc(v))
		return V_EXC;
	s = str_view(vm, v_tostr(v));
	if (!tag_is_valid(s, english))
		return throw_range(vm, "Incorrect locale information provided");
	return v;
}

/* CanonicalizeLocaleList (ECMA-402 9.2.1), as an array of strings. */
static struct arr *locale_list(struct vm *vm, val locales, val *first_english)
{
	struct arr *list = arr_new(vm, 0);
	int64_t n;
	bool english;
	val v;

	*first_english = V_UNDEF;
	if (list == NULL || v_isundef(locales))
		return list;
	if (v_isstr(locales)) {
		v = one_locale(vm, locales, &english);
		if (english && !v_isexc(v))
			*first_english = v;
		return v_isexc(v) || arr_push(vm, list, v) < 0 ? NULL : list;
	}
	locales = to_object(vm, locales);
	if (v_isexc(locales) || obj_length(vm, v_toobj(locales), &n) < 0)
		return NULL;
	for (int64_t i = 0; i < n; i++) {
		if (VM_TICK(vm, 4))
			return NULL;
		v = obj_get_i64(vm, v_toobj(locales), i);
		if (!v_isexc(v))
			v = one_locale(vm, v, &english);
		if (v_isexc(v) || arr_push(vm, list, v) < 0)
			return NULL;
		if (english && v_isundef(*first_english))
			*first_english = v;
	}
	return list;
}

/* The hour cycle that a tag asks for ("en-u-hc-h23"): its place in "h11|h12|h23|h24", or 0. */
static int hour_cycle_of(struct sview v)
{
	static const char *const cycles[] = { "hc-h11", "hc-h12", "hc-h23", "hc-h24" };

	for (uint32_t i = 4; i + 6 <= v.len; i++)
		for (int k = 0; k < 4; k++)
			if (sview_at(v, i - 1) == '-' && sview_eq_ascii(sview_sub(v, i, i + 6), cycles[k]))
				return k + 1;
	return 0;
}

val intl_locale(struct vm *vm, val locales, int *hour_cycle)
{
	val english;
	struct sview s;

	*hour_cycle = 0;
	if (locale_list(vm, locales, &english) == NULL)
		return V_EXC;
	if (!v_isundef(english))
		*hour_cycle = hour_cycle_of(str_view(vm, v_tostr(english)));
	if (v_isundef(english))
		return str_cstr(vm, "en-US");
	s = str_view(vm, v_tostr(english));
	return s.len == 2 || s.len == 5 ? english : str_cstr(vm, s.len > 5 && sview_at(s, 5) == '-' ? "en-US" : "en");
}

static val get_canonical_locales(struct vm *vm, val *a, uint32_t argc)
{
	val english;
	struct arr *list = locale_list(vm, ARG(0), &english);

	return list == NULL ? V_EXC : v_cell(list);
}

static val supported_locales_of(struct vm *vm, val *a, uint32_t argc)
{
	val first;
	struct arr *list = locale_list(vm, ARG(0), &first), *out = arr_new(vm, 0);

	if (list == NULL || out == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < list->len.v; i++) {
		bool english;

		(void)tag_is_valid(str_view(vm, v_tostr(list->elem.v[i].v)), &english);
		if (english && arr_push(vm, out, list->elem.v[i].v) < 0)
			return V_EXC;
	}
	return v_cell(out);
}

/* ---- objects --------------------------------------------------------------------------- */

static struct intl *make(struct vm *vm, struct obj *proto, val locales, enum intl_type type)
{
	int cycle;
	val locale = intl_locale(vm, locales, &cycle);
	struct intl *o;

	if (v_isexc(locale))
		return NULL;
	o = obj_new_kind(vm, proto, KIND_INTL, sizeof *o);
	HINIT(o->type, type);
	for (int i = 0; i < 4; i++)
		HINIT(o->set[i], i == INTL_CYCLE ? (uint64_t)cycle : 0);
	HINIT(o->locale, locale);
	HINIT(o->name, V_UNDEF);
	HINIT(o->bound, V_UNDEF);
	HINIT(o->zone, NULL);
	return o;
}

struct intl *intl_new(struct vm *vm, val *a, val locales, enum intl_type type, enum intrinsic proto)
{
	val p = obj_proto_from_ctor(vm, v_isundef(NEWT()) ? a[FP_CALLEE] : NEWT(), proto);

	return v_isexc(p) ? NULL : make(vm, v_toobj(p), locales, type);
}

struct intl *intl_plain(struct vm *vm, val locales, enum intl_type type, enum intrinsic proto)
{
	return make(vm, obj_intr(vm, proto), locales, type);
}

struct intl *intl_this(struct vm *vm, val v, enum intl_type type, const char *what)
{
	struct intl *o = (struct intl *)(uintptr_t)v;

	if (v_iskind(v, KIND_INTL) && o->type.v == type)
		return o;
	throw_type(vm, "Method Intl.%s called on incompatible receiver %s", what, val_for_message(vm, v));
	return NULL;
}

struct obj *intl_ctor(struct vm *vm, struct obj *ns, const struct native_def *def, enum intrinsic ctor,
                      enum intrinsic proto, const struct row *rows, uint32_t n)
{
	static const struct row statics[] = {
		NF_METHOD("supportedLocalesOf", 1, supported_locales_of, EFF_CALLS, "ECMA-402 10.2.2"),
	};
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0), *c;
	pkey k = key_of_utf8(vm, def->name, strlen(def->name));

	vm->intr[proto] = v_cell(p);
	c = native_ctor(vm, def, ctor, NULL, p, statics, 1, rows, n);
	(void)obj_delete(vm, vm->global, k);
	obj_def(vm, ns, k, v_cell(c), ATTR_WC);
	return c;
}

/* ---- Collator ---------------------------------------------------------------------------- */

static val collator_construct(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_new(vm, a, ARG(0), INTL_COLLATOR, INTR_IntlCollatorPrototype);
	val options = o ? intl_options(vm, ARG(1)) : V_EXC, numeric;
	int usage, sensitivity;

	if (v_isexc(options) || intl_choice(vm, options, "usage", "sort|search", &usage) < 0)
		return V_EXC;
	numeric = intl_option(vm, options, "numeric");
	if (v_isexc(numeric) || intl_choice(vm, options, "sensitivity", "base|accent|case|variant", &sensitivity) < 0)
		return V_EXC;
	VSET(vm, o->set[0], (uint64_t)(usage == 0 ? 1 : usage));
	VSET(vm, o->set[1], (uint64_t)(sensitivity == 0 ? 4 : sensitivity));
	VSET(vm, o->set[2], (uint64_t)to_boolean(numeric));
	return v_cell(o);
}

/* Runs of digits compare by value, all else as localeCompare does. */
static val collate(struct vm *vm, const struct intl *o, val x, val y)
{
	struct sview s = str_view(vm, v_tostr(x)), t = str_view(vm, v_tostr(y));
	uint32_t i = 0, k = 0;
	val args[1] = { y };

	while (o->set[2].v && i < s.len && k < t.len) {
		uint32_t di = i, dk = k;

		while (di < s.len && sview_at(s, di) - '0' < 10)
			di++;
		while (dk < t.len && sview_at(t, dk) - '0' < 10)
			dk++;
		if (di == i || dk == k) {
			if (sview_at(s, i) != sview_at(t, k))
				break;
			i++, k++;
			continue;
		}
		while (i + 1 < di && sview_at(s, i) == '0')
			i++;
		while (k + 1 < dk && sview_at(t, k) == '0')
			k++;
		if (di - i != dk - k)
			return v_int(di - i < dk - k ? -1 : 1);
		for (; i < di; i++, k++)
			if (sview_at(s, i) != sview_at(t, k))
				return v_int(sview_at(s, i) < sview_at(t, k) ? -1 : 1);
	}
	if (VM_TICK(vm, (s.len + t.len) >> 4))
		return V_EXC;
	return obj_invoke(vm, x, key_of_utf8(vm, "localeCompare", 13), 1, args);
}

val intl_bound(struct vm *vm, val v, enum intl_type type, const char *what, const struct native_def *def)
{
	struct intl *o = intl_this(vm, v, type, what);

	if (o == NULL)
		return V_EXC;
	if (v_isundef(o->bound.v)) {
		struct nfunc *f = nfunc_closure(vm, def, 1);

		VSET(vm, f->data[0], v_cell(o));
		VSET(vm, o->bound, v_cell(f));
	}
	return o->bound.v;
}

static val collator_bound(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);
	val x = to_string(vm, ARG(0)), y = v_isexc(x) ? V_EXC : to_string(vm, ARG(1));

	return v_isexc(y) ? V_EXC : collate(vm, (struct intl *)(void *)v_tocell(f->data[0].v), x, y);
}

static val collator_compare(struct vm *vm, val *a, uint32_t argc)
{
	static const struct native_def def = { "", collator_bound, 2, 0, EFF_CALLS, 0, "ECMA-402 10.3.4" };

	(void)argc;
	return intl_bound(vm, a[0], INTL_COLLATOR, "Collator.prototype.compare", &def);
}

static val collator_resolved(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_this(vm, a[0], INTL_COLLATOR, "Collator.prototype.resolvedOptions");
	struct obj *r;
	char word[24];

	(void)argc;
	if (o == NULL)
		return V_EXC;
	r = obj_new(vm);
	intl_show(vm, r, "locale", o->locale.v);
	intl_show(vm, r, "usage", str_cstr(vm, intl_nth("sort|search", (int)o->set[0].v, word)));
	intl_show(vm, r, "sensitivity", str_cstr(vm, intl_nth("base|accent|case|variant", (int)o->set[1].v, word)));
	intl_show(vm, r, "ignorePunctuation", V_FALSE);
	intl_show(vm, r, "collation", str_cstr(vm, "default"));
	intl_show(vm, r, "numeric", v_bool(o->set[2].v != 0));
	intl_show(vm, r, "caseFirst", str_cstr(vm, "false"));
	return v_cell(r);
}

static const struct row collator_rows[] = {
	NF_GETTER("compare", collator_compare, EFF_MUT, "ECMA-402 10.3.3"),
	NF_METHOD("resolvedOptions", 0, collator_resolved, EFF_NONE, "ECMA-402 10.3.5"),
	NF_TAG("Intl.Collator"),
};
static const struct native_def collator_def =
	{ "Collator", collator_construct, 0, NF_CTOR, EFF_CALLS, 0, "ECMA-402 10.1.1" };

/* ---- PluralRules --------------------------------------------------------------------------- */

static val plural_construct(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_new(vm, a, ARG(0), INTL_PLURAL, INTR_IntlPluralRulesPrototype);
	val options = o ? intl_options(vm, ARG(1)) : V_EXC;
	int type, digits;

	if (v_isexc(options) || intl_choice(vm, options, "type", "cardinal|ordinal", &type) < 0 ||
	    intl_integer(vm, options, "minimumFractionDigits", 0, 100, 0, &digits) < 0)
		return V_EXC;
	VSET(vm, o->set[0], (uint64_t)(type == 2));
	VSET(vm, o->set[1], (uint64_t)digits);
	return v_cell(o);
}

static val plural_select(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_this(vm, a[0], INTL_PLURAL, "PluralRules.prototype.select");
	const char *name = "other";
	double d, ten, hundred;

	if (o == NULL || to_number(vm, ARG(0), &d) < 0)
		return V_EXC;
	d = fabs(d);
	ten = fmod(d, 10);
	hundred = fmod(d, 100);
	if (!o->set[0].v)
		name = d == 1 && o->set[1].v == 0 ? "one" : "other";
	else if (ten == 1 && hundred != 11)
		name = "one";
	else if (ten == 2 && hundred != 12)
		name = "two";
	else if (ten == 3 && hundred != 13)
		name = "few";
	return str_cstr(vm, name);
}

static val plural_resolved(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_this(vm, a[0], INTL_PLURAL, "PluralRules.prototype.resolvedOptions");
	val all[4];
	struct obj *r;

	(void)argc;
	if (o == NULL)
		return V_EXC;
	r = obj_new(vm);
	intl_show(vm, r, "locale", o->locale.v);
	intl_show(vm, r, "type", str_cstr(vm, o->set[0].v ? "ordinal" : "cardinal"));
	intl_show(vm, r, "minimumIntegerDigits", v_int(1));
	intl_show(vm, r, "minimumFractionDigits", v_int((int)o->set[1].v));
	intl_show(vm, r, "maximumFractionDigits", v_int(o->set[1].v > 3 ? (int)o->set[1].v : 3));
	all[0] = str_cstr(vm, o->set[0].v ? "few" : "one");
	all[1] = str_cstr(vm, o->set[0].v ? "one" : "other");
	all[2] = str_cstr(vm, "two");
	all[3] = str_cstr(vm, "other");
	intl_show(vm, r, "pluralCategories", arr_from(vm, all, o->set[0].v ? 4 : 2));
	return v_cell(r);
}

static const struct row plural_rows[] = {
	NF_METHOD("select", 1, plural_select, EFF_CALLS, "ECMA-402 17.3.3"),
	NF_METHOD("resolvedOptions", 0, plural_resolved, EFF_NONE, "ECMA-402 17.3.5"),
	NF_TAG("Intl.PluralRules"),
};
static const struct native_def plural_def =
	{ "PluralRules", plural_construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, 0, "ECMA-402 17.1.1" };

static const struct row intl_rows[] = {
	NF_METHOD("getCanonicalLocales", 1, get_canonical_locales, EFF_CALLS, "ECMA-402 8.3.1"),
	NF_TAG("Intl"),
};

void builtin_intl_init(struct vm *vm)
{
	struct obj *ns = native_namespace(vm, "Intl", intl_rows, ARRAY_LEN(intl_rows));

	intl_ctor(vm, ns, &collator_def, INTR_IntlCollator, INTR_IntlCollatorPrototype, collator_rows,
	          ARRAY_LEN(collator_rows));
	intl_ctor(vm, ns, &plural_def, INTR_IntlPluralRules, INTR_IntlPluralRulesPrototype, plural_rows,
	          ARRAY_LEN(plural_rows));
	intl_date_init(vm, ns);
	intl_number_init(vm, ns);
}
