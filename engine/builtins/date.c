/* date.c: Date and its prototype (ECMA-262 21.4, B.2.3). Called by scripts. The
 * calendar, zones and text are in date_*.c. Reads the clock only in now(), and taints
 * the request when it does. */
#include "engine/builtins/date.h"

#include "base/clock.h"
#include "engine/builtins/intl.h"
#include "engine/vm/vmcode.h"

/* The components of a time value, in the order of the setters' arguments. YEAR … DAY
 * make a day, HOUR … MS a time of day. */
enum part { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MS, WEEKDAY };
#define UTC 16             /* or'ed into a part: in universal time */

static int magic_of(struct vm *vm, const val *a)
{
	return nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic;
}

/* A request is answered as if in one instant: the clock is read once in it. */
double date_clock(struct vm *vm)
{
	double t = vm->now_ms;

	except_taint(vm, EFF_TIME);
	if (t == 0) {
		t = (double)(clock_wall_ns() / 1000000);
		if (vm->heap.frozen && !vm->persist_atoms)
			vm->now_ms = t;
	}
	return t;
}

/* thisTimeValue; false: exception */
static bool this_time(struct vm *vm, val v, double *t)
{
	if (!v_iskind(v, KIND_DATE)) {
		throw_type(vm, "this is not a Date object");
		return false;
	}
	*t = date_value(v);
	return true;
}

static val set_time(struct vm *vm, val date, double t)
{
	struct date_obj *d = (struct date_obj *)(void *)v_tocell(date);
	val v = v_num(date_time_clip(t));

	VSET(vm, d->time, v);
	return v;
}

static val text(struct vm *vm, double t, enum date_form form)
{
	char out[DATE_TEXT_MAX];
	size_t n;

	if (t != t)
		return str_cstr(vm, "Invalid Date");
	n = date_to_text(vm, t, form, out);
	return str_from_utf8(vm, out, n, false);
}

/* ---- constructor ----------------------------------------------------------------- */

/* The time value that year, month … name, not clipped: 0 or -1. Missing ones are 1
 * for the day, else 0. */
static int from_parts(struct vm *vm, const val *a, uint32_t argc, double *out)
{
	double p[7] = { NAN, 0, 1, 0, 0, 0, 0 };

	for (uint32_t i = 0; i < argc && i < 7; i++)
		if (to_number(vm, ARG(i), &p[i]) != 0)
			return -1;
	*out = date_make(date_make_day(date_make_full_year(p[YEAR]), p[MONTH], p[DAY]),
	                 date_make_time(p[HOUR], p[MINUTE], p[SECOND], p[MS]));
	return 0;
}

static int from_value(struct vm *vm, val v, double *out)
{
	if (v_iskind(v, KIND_DATE)) {
		*out = date_value(v);
		return 0;
	}
	v = to_primitive(vm, v, HINT_DEFAULT);
	if (v_isexc(v))
		return -1;
	if (v_isstr(v)) {
		*out = date_parse(vm, str_view(vm, v_tostr(v)));
		return vm->exc == V_HOLE ? 0 : -1;
	}
	return to_number(vm, v, out);
}

static val date_ctor(struct vm *vm, val *a, uint32_t argc)
{
	struct date_obj *d;
	double t;
	val proto;

	if (v_isundef(NEWT()))
		return text(vm, date_clock(vm), DATE_FULL);
	if (argc == 0) {
		t = date_clock(vm);
	} else if (argc == 1) {
		if (from_value(vm, ARG(0), &t) != 0)
			return V_EXC;
	} else {
		if (from_parts(vm, a, argc, &t) != 0)
			return V_EXC;
		t = date_utc(vm, t);
	}
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_DatePrototype);
	if (v_isexc(proto))
		return V_EXC;
	d = obj_new_kind(vm, v_toobj(proto), KIND_DATE, sizeof *d);
	HINIT(d->time, v_num(date_time_clip(t)));
	return v_cell(d);
}

static val date_now(struct vm *vm, val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return v_num(date_clock(vm));
}

static val date_parse_method(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = to_str(vm, ARG(0));
	double t;

	if (s == NULL)
		return V_EXC;
	t = date_parse(vm, str_view(vm, s));
	return vm->exc == V_HOLE ? v_num(t) : V_EXC;
}

static val date_utc_method(struct vm *vm, val *a, uint32_t argc)
{
	double t;

	return from_parts(vm, a, argc, &t) != 0 ? V_EXC : v_num(date_time_clip(t));
}

/* ---- getters and setters ------------------------------------------------------------ */

static val get_part(struct vm *vm, val *a, uint32_t argc)
{
	int magic = magic_of(vm, a);
	struct calendar p;
	double t;

	(void)argc;
	if (!this_time(vm, a[0], &t))
		return V_EXC;
	if (t != t)
		return V_NAN;
	calendar_split(magic & UTC ? t : date_local(vm, t), &p);
	switch (magic & ~UTC) {
	case YEAR: return v_i64(p.year);
	case MONTH: return v_int(p.month);
	case DAY: return v_int(p.day);
	case HOUR: return v_int(p.hour);
	case MINUTE: return v_int(p.minute);
	case SECOND: return v_int(p.second);
	case MS: return v_int(p.ms);
	default: return v_int(p.weekday);
	}
}

/* setX(x, …): x and the components that may follow it, down to the day or the
 * millisecond. All are converted before an invalid date ends it. */
static val set_part(struct vm *vm, val *a, uint32_t argc)
{
	int magic = magic_of(vm, a), first = magic & ~UTC, last = first <= DAY ? DAY : MS;
	struct calendar d;
	double t, p[7];
	bool given[7] = { false };

	if (!this_time(vm, a[0], &t))
		return V_EXC;
	for (int i = first; i <= last; i++) {
		if (i > first && (uint32_t)(i - first) >= argc)
			break;
		if (to_number(vm, ARG(i - first), &p[i]) != 0)
			return V_EXC;
		given[i] = true;
	}
	if (t != t) {
		if (first != YEAR)
			return V_NAN;
		t = 0;
	} else if (!(magic & UTC)) {
		t = date_local(vm, t);
	}
	calendar_split(t, &d);
	double now_parts[7] = { (double)d.year, d.month, d.day, d.hour, d.minute, d.second, d.ms };

	for (int i = 0; i < 7; i++)
		if (!given[i])
			p[i] = now_parts[i];
	t = date_make(date_make_day(p[YEAR], p[MONTH], p[DAY]), date_make_time(p[HOUR], p[MINUTE], p[SECOND], p[MS]));
	return set_time(vm, a[0], magic & UTC ? t : date_utc(vm, t));
}

static val get_time(struct vm *vm, val *a, uint32_t argc)
{
	double t;

	(void)argc;
	return this_time(vm, a[0], &t) ? v_num(t) : V_EXC;
}

static val set_time_method(struct vm *vm, val *a, uint32_t argc)
{
	double t;

	if (!this_time(vm, a[0], &t) || to_number(vm, ARG(0), &t) != 0)
		return V_EXC;
	return set_time(vm, a[0], t);
}

static val get_timezone_offset(struct vm *vm, val *a, uint32_t argc)
{
	double t;

	(void)argc;
	if (!this_time(vm, a[0], &t))
		return V_EXC;
	return t != t ? V_NAN : v_num((t - date_local(vm, t)) / 60000 + 0.0);
}

static val get_year(struct vm *vm, val *a, uint32_t argc)
{
	struct calendar p;
	double t;

	(void)argc;
	if (!this_time(vm, a[0], &t))
		return V_EXC;
	if (t != t)
		return V_NAN;
	calendar_split(date_local(vm, t), &p);
	return v_i64(p.year - 1900);
}

static val set_year(struct vm *vm, val *a, uint32_t argc)
{
	struct calendar p;
	double t, y;

	if (!this_time(vm, a[0], &t) || to_number(vm, ARG(0), &y) != 0)
		return V_EXC;
	t = t != t ? 0 : date_local(vm, t);
	calendar_split(t, &p);
	t = date_make(date_make_day(date_make_full_year(y), p.month, p.day),
	              date_make_time(p.hour, p.minute, p.second, p.ms));
	return set_time(vm, a[0], date_utc(vm, t));
}

/* ---- conversions ----------------------------------------------------------------------- */

static val to_text(struct vm *vm, val *a, uint32_t argc)
{
	double t;

	(void)argc;
	return this_time(vm, a[0], &t) ? text(vm, t, (enum date_form)magic_of(vm, a)) : V_EXC;
}

static val to_locale(struct vm *vm, val *a, uint32_t argc)
{
	double t;

	if (!this_time(vm, a[0], &t))
		return V_EXC;
	if (argc == 0 || (v_isundef(ARG(0)) && v_isundef(ARG(1))))
		return text(vm, t, (enum date_form)magic_of(vm, a));
	return intl_date_string(vm, t, ARG(0), ARG(1), magic_of(vm, a) - DATE_LOCALE);
}

static val to_iso_string(struct vm *vm, val *a, uint32_t argc)
{
	double t;

	(void)argc;
	if (!this_time(vm, a[0], &t))
		return V_EXC;
	return t != t ? throw_range(vm, "Invalid time value") : text(vm, t, DATE_ISO);
}

static val to_json(struct vm *vm, val *a, uint32_t argc)
{
	val o = to_object(vm, a[0]), tv;

	(void)argc;
	if (v_isexc(o))
		return V_EXC;
	tv = to_primitive(vm, o, HINT_NUMBER);
	if (v_isexc(tv))
		return V_EXC;
	if (v_isnum(tv) && !isfinite(v_numof(tv)))
		return V_NULL;
	return obj_invoke(vm, o, A_toISOString, 0, NULL);
}

/* 21.4.4.45: "default" means a string here. */
static val to_primitive_method(struct vm *vm, val *a, uint32_t argc)
{
	static const pkey methods[] = { A_toString, A_valueOf };
	val hint = ARG(0);
	bool number_first;

	if (!v_isobj(a[0]))
		return throw_type(vm, "Date.prototype[Symbol.toPrimitive] called on %s", val_for_message(vm, a[0]));
	if (v_isstr(hint) && val_same(vm, hint, atom_str(vm, A_number)))
		number_first = true;
	else if (v_isstr(hint) && (val_same(vm, hint, atom_str(vm, A_string)) || val_same(vm, hint, atom_str(vm, A_default_))))
		number_first = false;
	else
		return throw_type(vm, "invalid hint: %s", val_for_message(vm, hint));
	for (int i = 0; i < 2; i++) {
		val f = obj_get(vm, v_toobj(a[0]), methods[i ^ number_first]);

		if (v_isexc(f))
			return V_EXC;
		if (!func_is_callable(f))
			continue;
		f = vm_call(vm, f, a[0], 0, NULL);
		if (!v_isobj(f))
			return f;
	}
	return throw_type(vm, "cannot convert %s to a primitive value", val_for_message(vm, a[0]));
}

/* ---- tables ------------------------------------------------------------------------------- */

static const struct row date_rows[] = {
	NF_METHOD("now", 0, date_now, EFF_TIME, "21.4.3.1"),
	NF_METHOD("parse", 1, date_parse_method, EFF_CALLS, "21.4.3.2"),
	NF_METHOD("UTC", 7, date_utc_method, EFF_CALLS, "21.4.3.4"),
};

/* The zone is part of the program's configuration, read when the realm was made. */
static const struct row date_proto_rows[] = {
	NF_METHOD_MAGIC("getDate", 0, get_part, DAY, EFF_NONE, "21.4.4.2"),
	NF_METHOD_MAGIC("getDay", 0, get_part, WEEKDAY, EFF_NONE, "21.4.4.3"),
	NF_METHOD_MAGIC("getFullYear", 0, get_part, YEAR, EFF_NONE, "21.4.4.4"),
	NF_METHOD_MAGIC("getHours", 0, get_part, HOUR, EFF_NONE, "21.4.4.5"),
	NF_METHOD_MAGIC("getMilliseconds", 0, get_part, MS, EFF_NONE, "21.4.4.6"),
	NF_METHOD_MAGIC("getMinutes", 0, get_part, MINUTE, EFF_NONE, "21.4.4.7"),
	NF_METHOD_MAGIC("getMonth", 0, get_part, MONTH, EFF_NONE, "21.4.4.8"),
	NF_METHOD_MAGIC("getSeconds", 0, get_part, SECOND, EFF_NONE, "21.4.4.9"),
	NF_METHOD("getTime", 0, get_time, EFF_NONE, "21.4.4.10"),
	NF_METHOD("getTimezoneOffset", 0, get_timezone_offset, EFF_NONE, "21.4.4.11"),
	NF_METHOD_MAGIC("getUTCDate", 0, get_part, DAY | UTC, EFF_NONE, "21.4.4.12"),
	NF_METHOD_MAGIC("getUTCDay", 0, get_part, WEEKDAY | UTC, EFF_NONE, "21.4.4.13"),
	NF_METHOD_MAGIC("getUTCFullYear", 0, get_part, YEAR | UTC, EFF_NONE, "21.4.4.14"),
	NF_METHOD_MAGIC("getUTCHours", 0, get_part, HOUR | UTC, EFF_NONE, "21.4.4.15"),
	NF_METHOD_MAGIC("getUTCMilliseconds", 0, get_part, MS | UTC, EFF_NONE, "21.4.4.16"),
	NF_METHOD_MAGIC("getUTCMinutes", 0, get_part, MINUTE | UTC, EFF_NONE, "21.4.4.17"),
	NF_METHOD_MAGIC("getUTCMonth", 0, get_part, MONTH | UTC, EFF_NONE, "21.4.4.18"),
	NF_METHOD_MAGIC("getUTCSeconds", 0, get_part, SECOND | UTC, EFF_NONE, "21.4.4.19"),
	NF_METHOD_MAGIC("setDate", 1, set_part, DAY, EFF_MUT | EFF_CALLS, "21.4.4.20"),
	NF_METHOD_MAGIC("setFullYear", 3, set_part, YEAR, EFF_MUT | EFF_CALLS, "21.4.4.21"),
	NF_METHOD_MAGIC("setHours", 4, set_part, HOUR, EFF_MUT | EFF_CALLS, "21.4.4.22"),
	NF_METHOD_MAGIC("setMilliseconds", 1, set_part, MS, EFF_MUT | EFF_CALLS, "21.4.4.23"),
	NF_METHOD_MAGIC("setMinutes", 3, set_part, MINUTE, EFF_MUT | EFF_CALLS, "21.4.4.24"),
	NF_METHOD_MAGIC("setMonth", 2, set_part, MONTH, EFF_MUT | EFF_CALLS, "21.4.4.25"),
	NF_METHOD_MAGIC("setSeconds", 2, set_part, SECOND, EFF_MUT | EFF_CALLS, "21.4.4.26"),
	NF_METHOD("setTime", 1, set_time_method, EFF_MUT | EFF_CALLS, "21.4.4.27"),
	NF_METHOD_MAGIC("setUTCDate", 1, set_part, DAY | UTC, EFF_MUT | EFF_CALLS, "21.4.4.28"),
	NF_METHOD_MAGIC("setUTCFullYear", 3, set_part, YEAR | UTC, EFF_MUT | EFF_CALLS, "21.4.4.29"),
	NF_METHOD_MAGIC("setUTCHours", 4, set_part, HOUR | UTC, EFF_MUT | EFF_CALLS, "21.4.4.30"),
	NF_METHOD_MAGIC("setUTCMilliseconds", 1, set_part, MS | UTC, EFF_MUT | EFF_CALLS, "21.4.4.31"),
	NF_METHOD_MAGIC("setUTCMinutes", 3, set_part, MINUTE | UTC, EFF_MUT | EFF_CALLS, "21.4.4.32"),
	NF_METHOD_MAGIC("setUTCMonth", 2, set_part, MONTH | UTC, EFF_MUT | EFF_CALLS, "21.4.4.33"),
	NF_METHOD_MAGIC("setUTCSeconds", 2, set_part, SECOND | UTC, EFF_MUT | EFF_CALLS, "21.4.4.34"),
	NF_METHOD_MAGIC("toDateString", 0, to_text, DATE_DATE, EFF_NONE, "21.4.4.35"),
	NF_METHOD("toISOString", 0, to_iso_string, EFF_NONE, "21.4.4.36"),
	NF_METHOD("toJSON", 1, to_json, EFF_CALLS, "21.4.4.37"),
	NF_METHOD_MAGIC("toLocaleDateString", 0, to_locale, DATE_LOCALE_DATE, EFF_CALLS, "21.4.4.38"),
	NF_METHOD_MAGIC("toLocaleString", 0, to_locale, DATE_LOCALE, EFF_CALLS, "21.4.4.39"),
	NF_METHOD_MAGIC("toLocaleTimeString", 0, to_locale, DATE_LOCALE_TIME, EFF_CALLS, "21.4.4.40"),
	NF_METHOD_MAGIC("toString", 0, to_text, DATE_FULL, EFF_NONE, "21.4.4.41"),
	NF_METHOD_MAGIC("toTimeString", 0, to_text, DATE_TIME, EFF_NONE, "21.4.4.42"),
	NF_METHOD_MAGIC("toUTCString", 0, to_text, DATE_UTC, EFF_NONE, "21.4.4.43"),
	NF_METHOD("valueOf", 0, get_time, EFF_NONE, "21.4.4.44"),
	NF_METHOD_ATTR("@@toPrimitive", 1, to_primitive_method, ATTR_C, EFF_CALLS, "21.4.4.45"),
	NF_METHOD("getYear", 0, get_year, EFF_NONE, "B.2.3.1"),
	NF_METHOD("setYear", 1, set_year, EFF_MUT | EFF_CALLS, "B.2.3.2"),
	NF_ALIAS("toGMTString", "toUTCString"),
};

/* The constructor reads the clock only without arguments, and says so itself. */
static const struct native_def date_def = { "Date", date_ctor, 7, NF_CTOR, EFF_CALLS, 0, "21.4.2.1" };

void builtin_date_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	date_zone_load(vm);
	vm->intr[INTR_DatePrototype] = v_cell(proto);
	native_ctor(vm, &date_def, INTR_Date, NULL, proto, date_rows, ARRAY_LEN(date_rows),
	            date_proto_rows, ARRAY_LEN(date_proto_rows));
}
