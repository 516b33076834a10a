/* intl_date.c: Intl.DateTimeFormat (ECMA-402 11) in English, and the toLocale methods of
 * Date over it. Called by scripts and date.c. Without an argument the clock is read, by
 * date_clock, which taints; so no row here needs to. */
#include "engine/builtins/intl.h"

#include <stdio.h>

enum width { NONE, NUMERIC, TWO, LONG, SHORT, NARROW, SHORT_OFFSET, LONG_OFFSET };
enum cycle { H12, H23, H24, H11 };
/* The settings, in two words of the object. */
struct fields { uint8_t weekday, era, year, month, day, hour, minute, second, fraction, zone, cycle, date_style, time_style, cycle_set, pad[2]; };
_Static_assert(sizeof(struct fields) == 16, "two words");

static const char *const day_names[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };
static const char *const month_names[] = { "January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December" };

static const struct { const char *name; uint8_t at; const char *choices; uint8_t first; } options_of[] = {
	{ "weekday", offsetof(struct fields, weekday), "narrow|short|long", 0 },
	{ "era", offsetof(struct fields, era), "narrow|short|long", 0 },
	{ "year", offsetof(struct fields, year), "2-digit|numeric", 0 },
	{ "month", offsetof(struct fields, month), "2-digit|numeric|narrow|short|long", 0 },
	{ "day", offsetof(struct fields, day), "2-digit|numeric", 0 },
	{ "hour", offsetof(struct fields, hour), "2-digit|numeric", 0 },
	{ "minute", offsetof(struct fields, minute), "2-digit|numeric", 0 },
	{ "second", offsetof(struct fields, second), "2-digit|numeric", 0 },
	{ "timeZoneName", offsetof(struct fields, zone), "short|long|shortOffset|longOffset|shortGeneric|longGeneric", 1 },
};

static uint8_t width_of(const char *choices, int n)
{
	static const struct { const char *name; uint8_t w; } all[] = { { "numeric", NUMERIC }, { "2-digit", TWO }, { "long", LONG },
		{ "short", SHORT }, { "narrow", NARROW }, { "shortOffset", SHORT_OFFSET }, { "longOffset", LONG_OFFSET },
		{ "shortGeneric", SHORT }, { "longGeneric", LONG } };
	char word[24];

	intl_nth(choices, n, word);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (strcmp(all[i].name, word) == 0)
			return all[i].w;
	return NONE;
}

static const char *name_of(uint8_t w)
{
	static const char *const names[] = { "", "numeric", "2-digit", "long", "short", "narrow", "shortOffset", "longOffset" };

	return names[w];
}

/* ---- settings ------------------------------------------------------------------------- */

static int read_fields(struct vm *vm, val options, struct fields *f)
{
	int n;

	for (size_t i = 0; i < ARRAY_LEN(options_of); i++) {
		if (intl_choice(vm, options, options_of[i].name, options_of[i].choices, &n) < 0)
			return -1;
		((uint8_t *)f)[options_of[i].at] = n == 0 ? NONE : width_of(options_of[i].choices, n);
		if (i == 7) {
			if (intl_integer(vm, options, "fractionalSecondDigits", 1, 3, 0, &n) < 0)
				return -1;
			f->fraction = (uint8_t)n;
		}
	}
	return 0;
}

static int read_cycle(struct vm *vm, val options, int dflt, struct fields *f)
{
	val hour12 = intl_option(vm, options, "hour12");
	int n;

	if (v_isexc(hour12) || intl_choice(vm, options, "hourCycle", "h11|h12|h23|h24", &n) < 0)
		return -1;
	n = n == 0 ? dflt : n;
	f->cycle = (uint8_t)(n == 1 ? H11 : n == 3 ? H23 : n == 4 ? H24 : H12);
	f->cycle_set = n != 0;
	if (!v_isundef(hour12)) {
		f->cycle = to_boolean(hour12) ? H12 : H24;
		f->cycle_set = 2;
	}
	return 0;
}

/* what: which fields are required, and which are given when there is none: 0 date and
 * time (toLocaleString), 1 date, 2 time, 3 any, else date (the constructor). */
static int set_up(struct vm *vm, struct intl *o, val options, int what)
{
	struct fields f = { 0 };
	int style;
	val zone;
	char name[64];

	options = intl_options(vm, options);
	if (v_isexc(options) || read_cycle(vm, options, (int)o->set[INTL_CYCLE].v, &f) < 0)
		return -1;
	zone = intl_option(vm, options, "timeZone");
	if (!v_isundef(zone) && !v_isexc(zone))
		zone = to_string(vm, zone);
	if (v_isexc(zone) || read_fields(vm, options, &f) < 0 ||
	    intl_choice(vm, options, "dateStyle", "full|long|medium|short", &style) < 0)
		return -1;
	f.date_style = (uint8_t)style;
	if (intl_choice(vm, options, "timeStyle", "full|long|medium|short", &style) < 0)
		return -1;
	f.time_style = (uint8_t)style;
	bool date = f.weekday || f.year || f.month || f.day, time = f.hour || f.minute || f.second || f.fraction;

	if (f.date_style || f.time_style) {
		if (date || time || f.zone || f.era) {
			throw_type(vm, "Can't set other options when dateStyle or timeStyle is used");
			return -1;
		}
		if ((what == 1 && f.time_style) || (what == 2 && f.date_style)) {
			throw_type(vm, "Invalid option: %s", what == 1 ? "timeStyle" : "dateStyle");
			return -1;
		}
	} else {
		bool none = what == 1 ? !date : what == 2 ? !time : !date && !time;

		if (none && what != 2)
			f.year = f.month = f.day = NUMERIC;
		if (none && (what == 0 || what == 2))
			f.hour = f.minute = f.second = NUMERIC;
	}
	if (v_isundef(zone)) {
		VSET(vm, o->zone, vm->zone);
		VSET(vm, o->name, str_cstr(vm, date_zone_id(vm->zone)));
	} else {
		const struct zone *z = date_zone_find(vm, str_view(vm, v_tostr(zone)), name, sizeof name);

		if (z == NULL) {
			throw_range(vm, "Invalid time zone specified: %s", val_for_message(vm, zone));
			return -1;
		}
		VSET(vm, o->zone, z);
		VSET(vm, o->name, str_cstr(vm, name));
	}
	uint64_t w[2];

	memcpy(w, &f, sizeof w);
	VSET(vm, o->set[0], w[0]);
	VSET(vm, o->set[1], w[1]);
	return 0;
}

static void fields_of(const struct intl *o, struct fields *f)
{
	uint64_t w[2] = { o->set[0].v, o->set[1].v };

	memcpy(f, w, sizeof w);
}

/* ---- text -------------------------------------------------------------------------------- */

static void put_name(struct intl_pieces *out, const char *type, const char *name, uint8_t w)
{
	intl_add(out, type, "%.*s", w == LONG ? 20 : w == SHORT ? 3 : 1, name);
}

static void put_number(struct intl_pieces *out, const char *type, long long n, uint8_t w)
{
	intl_add(out, type, w == TWO ? "%02lld" : "%lld", w == TWO ? n % 100 : n);
}

static void comma(struct intl_pieces *out, const char *text)
{
	if (out->n > 0)
		intl_add(out, "literal", "%s", text);
}

static void put_date(struct intl_pieces *out, const struct fields *f, const struct calendar *d)
{
	bool words = f->month >= LONG;
	long long year = d->year > 0 ? d->year : 1 - d->year;
	uint32_t from;

	if (f->weekday && !(f->day && !f->month && !f->year)) {
		put_name(out, "weekday", day_names[d->weekday], f->weekday);
		if (f->month || f->day || f->year)
			intl_add(out, "literal", ", ");
	}
	from = out->n;
	if (words) {
		put_name(out, "month", month_names[d->month], f->month);
		if (f->day) {
			intl_add(out, "literal", " ");
			put_number(out, "day", d->day, f->day);
		}
		if (f->year)
			intl_add(out, "literal", f->day ? ", " : " ");
	} else {
		if (f->month)
			put_number(out, "month", d->month + 1, f->month);
		if (f->day) {
			if (out->n > from)
				intl_add(out, "literal", "/");
			put_number(out, "day", d->day, f->day);
		}
		if (f->year && out->n > from)
			intl_add(out, "literal", "/");
	}
	if (f->year)
		put_number(out, "year", year, f->year);
	if (f->weekday && f->day && !f->month && !f->year) {
		intl_add(out, "literal", " ");
		put_name(out, "weekday", day_names[d->weekday], f->weekday);
	}
	if (f->era) {
		comma(out, " ");
		intl_add(out, "era", "%s", f->era == LONG ? d->year > 0 ? "Anno Domini" : "Before Christ" :
		         f->era == NARROW ? d->year > 0 ? "A" : "B" : d->year > 0 ? "AD" : "BC");
	}
}

static void put_time(struct intl_pieces *out, const struct fields *f, const struct calendar *d)
{
	int h = f->cycle == H12 ? (d->hour + 11) % 12 + 1 : f->cycle == H11 ? d->hour % 12 :
	        f->cycle == H24 && d->hour == 0 ? 24 : d->hour;
	bool twelve = f->cycle == H12 || f->cycle == H11, any = f->hour != NONE;

	if (f->hour)
		put_number(out, "hour", h, f->hour == TWO || !twelve ? TWO : NUMERIC);
	if (f->minute) {
		if (any)
			intl_add(out, "literal", ":");
		put_number(out, "minute", d->minute, any || f->second ? TWO : NUMERIC);
		any = true;
	}
	if (f->second) {
		if (any)
			intl_add(out, "literal", ":");
		put_number(out, "second", d->second, any ? TWO : NUMERIC);
		any = true;
	}
	if (f->fraction) {
		if (any)
			intl_add(out, "literal", ".");
		intl_add(out, "fractionalSecond", "%0*d", f->fraction, d->ms / (f->fraction == 3 ? 1 : f->fraction == 2 ? 10 : 100));
	}
	if (f->hour && twelve) {
		intl_add(out, "literal", " ");
		intl_add(out, "dayPeriod", "%s", d->hour < 12 ? "AM" : "PM");
	}
}

static void put_zone(struct intl_pieces *out, const struct intl *o, uint8_t w, double t)
{
	static const char american[] = "|EST|EDT|CST|CDT|MST|MDT|PST|PDT|AKST|AKDT|HST|HDT|UTC|";
	char name[DATE_ZONE_NAME_MAX], abbr[16];
	int off = (int)((date_zone_local(o->zone.v, t) - t) / 60000), away = off < 0 ? -off : off;

	date_zone_names(o->zone.v, t, name, abbr, sizeof abbr);
	if (w == LONG) {
		intl_add(out, "timeZoneName", "%s", name);
		return;
	}
	if (w == SHORT) {
		char word[20];

		snprintf(word, sizeof word, "|%s|", abbr);
		if (strstr(american, word) != NULL && strncmp(date_zone_id(o->zone.v), "Asia/", 5) != 0) {
			intl_add(out, "timeZoneName", "%s", abbr);
			return;
		}
	}
	if (off == 0)
		intl_add(out, "timeZoneName", "GMT");
	else if (w == LONG_OFFSET)
		intl_add(out, "timeZoneName", "GMT%c%02d:%02d", off < 0 ? '-' : '+', away / 60, away % 60);
	else if (away % 60)
		intl_add(out, "timeZoneName", "GMT%c%d:%02d", off < 0 ? '-' : '+', away / 60, away % 60);
	else
		intl_add(out, "timeZoneName", "GMT%c%d", off < 0 ? '-' : '+', away / 60);
}

/* The fields that a style stands for. */
static void expand_styles(struct fields *f)
{
	switch (f->date_style) {
	case 1: f->weekday = LONG; f->month = LONG; f->day = f->year = NUMERIC; break;
	case 2: f->month = LONG; f->day = f->year = NUMERIC; break;
	case 3: f->month = SHORT; f->day = f->year = NUMERIC; break;
	case 4: f->month = f->day = NUMERIC; f->year = TWO; break;
	default: break;
	}
	if (f->time_style) {
		f->hour = f->minute = NUMERIC;
		f->second = f->time_style < 4 ? NUMERIC : NONE;
		f->zone = f->time_style == 1 ? LONG : f->time_style == 2 ? SHORT : NONE;
	}
}

static void format(const struct intl *o, double t, struct intl_pieces *out)
{
	struct calendar d;
	struct fields f;
	uint32_t n;
	bool time;

	fields_of(o, &f);
	expand_styles(&f);
	out->n = out->used = 0;
	calendar_split(date_zone_local(o->zone.v, t), &d);
	put_date(out, &f, &d);
	n = out->n;
	time = f.hour || f.minute || f.second || f.fraction;
	if (n > 0 && (time || f.zone)) {
		bool day_only = f.weekday && !f.month && !f.day && !f.year && time;

		intl_add(out, "literal", "%s", day_only ? " " : f.month == LONG && f.date_style != 3 ? " at " : ", ");
	}
	if (time)
		put_time(out, &f, &d);
	if (f.zone) {
		if (time)
			intl_add(out, "literal", " ");
		put_zone(out, o, f.zone, t);
	}
}

/* ---- methods -------------------------------------------------------------------------------- */

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_new(vm, a, ARG(0), INTL_DATE_TIME, INTR_IntlDateTimeFormatPrototype);

	return o == NULL || set_up(vm, o, ARG(1), 4) < 0 ? V_EXC : v_cell(o);
}

/* The time that an argument means; without one, the clock's. False: exception. */
static bool time_of(struct vm *vm, val v, double *t)
{
	if (v_isundef(v)) {
		*t = date_clock(vm);
		return true;
	}
	if (v_iskind(v, KIND_DATE))
		*t = date_value(v);
	else if (to_number(vm, v, t) < 0)
		return false;
	*t = date_time_clip(*t);
	if (*t == *t)
		return true;
	throw_range(vm, "Invalid time value");
	return false;
}

static val format_bound(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);
	struct intl_pieces out;
	double t;

	if (!time_of(vm, ARG(0), &t))
		return V_EXC;
	format((struct intl *)(void *)v_tocell(f->data[0].v), t, &out);
	return intl_join(vm, &out);
}

static val get_format(struct vm *vm, val *a, uint32_t argc)
{
	static const struct native_def def = { "", format_bound, 1, 0, EFF_CALLS, 0, "ECMA-402 11.5.4" };

	(void)argc;
	return intl_bound(vm, a[0], INTL_DATE_TIME, "DateTimeFormat.prototype.format", &def);
}

static val format_to_parts(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_this(vm, a[0], INTL_DATE_TIME, "DateTimeFormat.prototype.formatToParts");
	struct intl_pieces out;
	double t;

	if (o == NULL || !time_of(vm, ARG(0), &t))
		return V_EXC;
	format(o, t, &out);
	return intl_parts(vm, &out);
}

static val resolved_options(struct vm *vm, val *a, uint32_t argc)
{
	static const char *const cycles[] = { "h12", "h23", "h24", "h11" };
	struct intl *o = intl_this(vm, a[0], INTL_DATE_TIME, "DateTimeFormat.prototype.resolvedOptions");
	struct fields f;
	struct obj *r;
	char word[24];

	(void)argc;
	if (o == NULL)
		return V_EXC;
	fields_of(o, &f);
	r = obj_new(vm);
	intl_show(vm, r, "locale", o->locale.v);
	intl_show(vm, r, "calendar", str_cstr(vm, "gregory"));
	intl_show(vm, r, "numberingSystem", str_cstr(vm, "latn"));
	intl_show(vm, r, "timeZone", o->name.v);
	if (f.hour || f.time_style) {
		intl_show(vm, r, "hourCycle", str_cstr(vm, cycles[f.cycle]));
		intl_show(vm, r, "hour12", v_bool(f.cycle == H12 || f.cycle == H11));
	}
	if (f.hour && f.minute == NUMERIC)
		f.minute = TWO;
	if (f.minute && f.second == NUMERIC)
		f.second = TWO;
	if (f.hour == NUMERIC && f.cycle != H12 && f.cycle != H11)
		f.hour = TWO;
	for (size_t i = 0; i < ARRAY_LEN(options_of); i++) {
		uint8_t w = ((uint8_t *)&f)[options_of[i].at];

		if (i == 8 && f.fraction)
			intl_show(vm, r, "fractionalSecondDigits", v_int(f.fraction));
		if (w != NONE)
			intl_show(vm, r, options_of[i].name, str_cstr(vm, name_of(w)));
	}
	if (f.date_style)
		intl_show(vm, r, "dateStyle", str_cstr(vm, intl_nth("full|long|medium|short", f.date_style, word)));
	if (f.time_style)
		intl_show(vm, r, "timeStyle", str_cstr(vm, intl_nth("full|long|medium|short", f.time_style, word)));
	return v_cell(r);
}

val intl_date_string(struct vm *vm, double t, val locales, val options, int what)
{
	struct intl *o = intl_plain(vm, locales, INTL_DATE_TIME, INTR_IntlDateTimeFormatPrototype);
	struct intl_pieces out;

	if (o == NULL || set_up(vm, o, options, what) < 0)
		return V_EXC;
	if (t != t)
		return str_cstr(vm, "Invalid Date");
	format(o, t, &out);
	return intl_join(vm, &out);
}

static const struct row rows[] = {
	NF_GETTER("format", get_format, EFF_MUT, "ECMA-402 11.3.3"),
	NF_METHOD("formatToParts", 1, format_to_parts, EFF_CALLS, "ECMA-402 11.3.4"),
	NF_METHOD("resolvedOptions", 0, resolved_options, EFF_NONE, "ECMA-402 11.3.7"),
	NF_TAG("Intl.DateTimeFormat"),
};
static const struct native_def def =
	{ "DateTimeFormat", construct, 0, NF_CTOR, EFF_CALLS, 0, "ECMA-402 11.1.1" };

void intl_date_init(struct vm *vm, struct obj *ns)
{
	intl_ctor(vm, ns, &def, INTR_IntlDateTimeFormat, INTR_IntlDateTimeFormatPrototype, rows, ARRAY_LEN(rows));
}
