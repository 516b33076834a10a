/* date_format.c: time values as text (ECMA-262 21.4.4.41 and following, and the
 * en-US forms of the toLocale methods). Called by date.c and console. Pure. */
#include "engine/builtins/date.h"

#include <stdio.h>
#include <stdlib.h>

static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static int put_date(const struct calendar *d, char *out, size_t room)
{
	return snprintf(out, room, "%s %s %02d %s%04lld", days[d->weekday], months[d->month], d->day,
	                d->year < 0 ? "-" : "", llabs((long long)d->year));
}

/* "12:34:56 GMT+0100 (Central European Standard Time)" */
static int put_time(const struct vm *vm, double t, const struct calendar *d, char *out, size_t room)
{
	int offset = (int)((date_local(vm, t) - t) / 60000), away = abs(offset);
	bool west = date_local(vm, t) < t;
	char zone[DATE_ZONE_NAME_MAX];

	date_zone_name(vm, t, zone);
	return snprintf(out, room, "%02d:%02d:%02d GMT%c%02d%02d (%s)", d->hour, d->minute, d->second,
	                west ? '-' : '+', away / 60, away % 60, zone);
}

/* Years before 1 are counted backwards from 1 BC, as calendars for people do. */
static int put_locale_date(const struct calendar *d, char *out, size_t room)
{
	return snprintf(out, room, "%d/%d/%lld", d->month + 1, d->day, (long long)(d->year > 0 ? d->year : 1 - d->year));
}

static int put_locale_time(const struct calendar *d, char *out, size_t room)
{
	return snprintf(out, room, "%d:%02d:%02d %s", (d->hour + 11) % 12 + 1, d->minute, d->second,
	                d->hour < 12 ? "AM" : "PM");
}

static int put_iso(const struct calendar *d, char *out, size_t room)
{
	bool plain = d->year >= 0 && d->year <= 9999;

	return snprintf(out, room, "%s%0*lld-%02d-%02dT%02d:%02d:%02d.%03dZ", plain ? "" : d->year < 0 ? "-" : "+",
	                plain ? 4 : 6, llabs((long long)d->year), d->month + 1, d->day, d->hour, d->minute, d->second, d->ms);
}

size_t date_to_text(const struct vm *vm, double t, enum date_form form, char out[DATE_TEXT_MAX])
{
	struct calendar d;
	int n = 0;

	calendar_split(form == DATE_ISO || form == DATE_UTC ? t : date_local(vm, t), &d);
	switch (form) {
	case DATE_ISO:
		n = put_iso(&d, out, DATE_TEXT_MAX);
		break;
	case DATE_UTC:
		n = snprintf(out, DATE_TEXT_MAX, "%s, %02d %s %s%04lld %02d:%02d:%02d GMT", days[d.weekday], d.day,
		             months[d.month], d.year < 0 ? "-" : "", llabs((long long)d.year), d.hour, d.minute, d.second);
		break;
	case DATE_FULL:
		n = put_date(&d, out, DATE_TEXT_MAX);
		out[n++] = ' ';
		n += put_time(vm, t, &d, out + n, DATE_TEXT_MAX - (size_t)n);
		break;
	case DATE_DATE:
		n = put_date(&d, out, DATE_TEXT_MAX);
		break;
	case DATE_TIME:
		n = put_time(vm, t, &d, out, DATE_TEXT_MAX);
		break;
	case DATE_LOCALE:
		n = put_locale_date(&d, out, DATE_TEXT_MAX);
		out[n++] = ',';
		out[n++] = ' ';
		n += put_locale_time(&d, out + n, DATE_TEXT_MAX - (size_t)n);
		break;
	case DATE_LOCALE_DATE:
		n = put_locale_date(&d, out, DATE_TEXT_MAX);
		break;
	case DATE_LOCALE_TIME:
		n = put_locale_time(&d, out, DATE_TEXT_MAX);
		break;
	}
	return (size_t)n;
}
