/* time.c: zigttp:time. The Gregorian calendar in whole numbers; no clock, no zones.
 * Called by scripts, and by other modules for their texts. */
#include "modules/time.h"

#include <math.h>

#include "modules/parts.h"

#define DAY_MS 86400000

static const char day_name[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char month_name[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

struct date { int64_t year; int month, day, weekday; int64_t ms; };    /* month, day from 1; ms of the day */

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* Days since 1970-01-01; years are counted from March, so that leap days end them. */
static int64_t days_of(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = floor_div(y, 400);
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static struct date date_of(double t)
{
	int64_t ms = (int64_t)t, days = floor_div(ms, DAY_MS), z = days + 719468, era = floor_div(z, 146097);
	int64_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct date){
		.year = yoe + era * 400 + (month <= 2), .month = month, .day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.weekday = (int)(((days + 4) % 7 + 7) % 7), .ms = ms - days * DAY_MS,
	};
}

void time_put_iso(struct buf *out, double ms)
{
	struct date d = date_of(ms);

	if (d.year < 0 || d.year > 9999)
		buf_printf(out, "%c%06lld", d.year < 0 ? '-' : '+', (long long)(d.year < 0 ? -d.year : d.year));
	else
		buf_printf(out, "%04d", (int)d.year);
	buf_printf(out, "-%02d-%02dT%02d:%02d:%02d.%03dZ", d.month, d.day, (int)(d.ms / 3600000), (int)(d.ms / 60000 % 60),
		   (int)(d.ms / 1000 % 60), (int)(d.ms % 1000));
}

/* ---- reading ------------------------------------------------------------------------- */

/* Exactly n digits. */
static bool digits(struct sv *s, size_t n, int *out)
{
	*out = 0;
	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		*out = *out * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return true;
}

static bool one(struct sv *s, const char *of)
{
	if (s->n == 0 || !strchr(of, *s->p) || *s->p == '\0')
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool read_date(struct sv *s, int64_t *days)
{
	static const int length[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y, m, d;

	if (!digits(s, 4, &y) || !one(s, "-") || !digits(s, 2, &m) || !one(s, "-") || !digits(s, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > length[m - 1])
		return false;
	if (m == 2 && d == 29 && (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0)))
		return false;
	*days = days_of(y, m, d);
	return true;
}

/* hh:mm:ss[.fff…](Z|±hh:mm); seconds may be left out unless `strict`. A leap second counts as 59. */
static bool read_clock(struct sv *s, bool strict, int64_t *ms)
{
	int h, m, sec = 0, oh = 0, om = 0, scale = 100, frac = 0;
	bool minus = false;

	if (!digits(s, 2, &h) || !one(s, ":") || !digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	if (one(s, ":")) {
		if (!digits(s, 2, &sec) || sec > 60)
			return false;
		if (one(s, ".")) {
			if (s->n == 0 || *s->p < '0' || *s->p > '9')
				return false;
			for (; s->n && *s->p >= '0' && *s->p <= '9'; s->p++, s->n--, scale /= 10)
				frac += (*s->p - '0') * scale;
		}
	} else if (strict)
		return false;
	if (!one(s, "Zz")) {
		minus = s->n && *s->p == '-';
		if (!one(s, "+-") || !digits(s, 2, &oh) || !one(s, ":") || !digits(s, 2, &om) || oh > 23 || om > 59)
			return false;
	}
	*ms = ((int64_t)h * 60 + m) * 60000 + (sec > 59 ? 59 : sec) * 1000 + frac;
	*ms -= (minus ? -1 : 1) * ((int64_t)oh * 60 + om) * 60000;
	return s->n == 0;
}

bool time_read_iso(struct sv s, double *ms)
{
	int64_t days, clock = 0;

	if (!read_date(&s, &days) || (s.n != 0 && (!one(&s, "Tt ") || !read_clock(&s, false, &clock))))
		return false;
	*ms = (double)(days * DAY_MS + clock);
	return true;
}

bool time_is_date(struct sv s)
{
	int64_t days;

	return read_date(&s, &days) && s.n == 0;
}

bool time_is_clock(struct sv s)
{
	int64_t ms;

	return read_clock(&s, true, &ms);
}

static bool name_in(struct sv *s, const char (*names)[4], int n, int *out)
{
	for (*out = 0; *out < n; ++*out)
		if (s->n >= 3 && strncasecmp(s->p, names[*out], 3) == 0) {
			s->p += 3;
			s->n -= 3;
			return true;
		}
	return false;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7); the obsolete forms are not read. */
static bool read_http(struct sv s, double *ms)
{
	int wd, d, mo, y, h, m, sec;
	int64_t days;

	if (!name_in(&s, day_name, 7, &wd) || !one(&s, ",") || !one(&s, " ") || !digits(&s, 2, &d) || !one(&s, " ") ||
	    !name_in(&s, month_name, 12, &mo) || !one(&s, " ") || !digits(&s, 4, &y) || !one(&s, " ") ||
	    !digits(&s, 2, &h) || !one(&s, ":") || !digits(&s, 2, &m) || !one(&s, ":") || !digits(&s, 2, &sec) ||
	    !sv_eq(s, SV(" GMT")) || d < 1 || d > 31 || h > 23 || m > 59 || sec > 60)
		return false;
	days = days_of(y, mo + 1, d);
	*ms = (double)(days * DAY_MS + ((int64_t)h * 60 + m) * 60000 + (sec > 59 ? 59 : sec) * 1000);
	return true;
}

/* ---- natives --------------------------------------------------------------------------- */

/* ToNumber(v), so a Date will do. */
static bool time_of(struct zigts *vm, zigts_val v, double *t)
{
	if (zigts_to_number(vm, v, t) < 0)
		return false;
	if (fabs(*t) <= TIME_MS_MAX) {
		*t = floor(*t);
		return true;
	}
	zigts_throw(vm, ZIGTS_RANGE_ERROR, "the time is not a valid number of milliseconds");
	return false;
}

zigts_val time_format_iso(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;
	double t;

	if (!time_of(vm, ZIGTS_ARG(0), &t))
		return ZIGTS_EXC;
	time_put_iso(&b, t);
	return mod_text(vm, &b);
}

zigts_val time_format_http(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;
	struct date d;
	double t;

	if (!time_of(vm, ZIGTS_ARG(0), &t))
		return ZIGTS_EXC;
	d = date_of(t);
	if (d.year < 0 || d.year > 9999)
		return zigts_throw(vm, ZIGTS_RANGE_ERROR, "a date in HTTP has a year of four digits");
	buf_printf(&b, "%s, %02d %s %04d %02d:%02d:%02d GMT", day_name[d.weekday], d.day, month_name[d.month - 1], (int)d.year,
		   (int)(d.ms / 3600000), (int)(d.ms / 60000 % 60), (int)(d.ms / 1000 % 60));
	return mod_text(vm, &b);
}

zigts_val time_parse_iso(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	double t;

	return !s.p ? ZIGTS_EXC : time_read_iso(s, &t) ? zigts_number(t) : ZIGTS_UNDEF;
}

zigts_val time_parse_http(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	double t;

	return !s.p ? ZIGTS_EXC : read_http(s, &t) ? zigts_number(t) : ZIGTS_UNDEF;
}

zigts_val time_add_seconds(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	double t, s;

	if (!time_of(vm, ZIGTS_ARG(0), &t) || zigts_to_number(vm, ZIGTS_ARG(1), &s) < 0)
		return ZIGTS_EXC;
	return zigts_number(t + s * 1000);
}
