/* date_calendar.c: days, months and years of the proleptic Gregorian calendar and
 * the Make* operations of ECMA-262 21.4.1. Pure arithmetic. Called by the other
 * date_*.c files. */
#include "engine/builtins/date.h"

#define DAYS_PER_ERA 146097    /* 400 years */
#define EPOCH_SHIFT 719468     /* days from 0000-03-01 to 1970-01-01 */

/* Years begin in March here, so that the leap day is the last of its year and the
 * months' lengths follow one linear rule: month m (0: March) begins at day
 * (153 m + 2) / 5 of the year. */
int64_t date_days(int64_t year, int month, int64_t day)
{
	int64_t y = month < 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t in_era = y - era * 400;
	int m = month < 2 ? month + 10 : month - 2;

	return era * DAYS_PER_ERA + in_era * 365 + in_era / 4 - in_era / 100 + (153 * m + 2) / 5 + day - 1 - EPOCH_SHIFT;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void date_split(double t, struct date_parts *out)
{
	int64_t ms = (int64_t)t, days = floor_div(ms, (int64_t)MS_PER_DAY);
	int64_t z = days + EPOCH_SHIFT, era = floor_div(z, DAYS_PER_ERA);
	int in_era = (int)(z - era * DAYS_PER_ERA);
	/* Leap days before this day are taken out, then 365 days make a year. */
	int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / (DAYS_PER_ERA - 1)) / 365;
	int in_year = in_era - (365 * year + year / 4 - year / 100);
	int m = (5 * in_year + 2) / 153;
	int rest = (int)(ms - days * (int64_t)MS_PER_DAY);

	out->day = in_year - (153 * m + 2) / 5 + 1;
	out->month = m < 10 ? m + 2 : m - 10;
	out->year = era * 400 + year + (out->month < 2);
	out->weekday = (int)(days + 4 - 7 * floor_div(days + 4, 7));
	out->ms = rest % 1000;
	out->second = rest / 1000 % 60;
	out->minute = rest / 60000 % 60;
	out->hour = rest / 3600000;
}

double date_make_time(double h, double m, double s, double ms)
{
	if (!isfinite(h) || !isfinite(m) || !isfinite(s) || !isfinite(ms))
		return NAN;
	return trunc(h) * 3600000 + trunc(m) * 60000 + trunc(s) * 1000 + trunc(ms);
}

double date_make_day(double y, double m, double d)
{
	int64_t year, month;

	/* Beyond these bounds no sum of the three is a time value in practice. */
	if (!(fabs(y) <= 1e6) || !(fabs(m) <= 1e7) || !isfinite(d))
		return NAN;
	month = (int64_t)trunc(m);
	year = (int64_t)trunc(y) + floor_div(month, 12);
	month -= floor_div(month, 12) * 12;
	return (double)date_days(year, (int)month, 1) + trunc(d) - 1;
}

double date_make(double day, double time)
{
	double t = day * MS_PER_DAY + time;

	return isfinite(t) ? t : NAN;
}

double date_make_full_year(double y)
{
	double i = trunc(y);

	return i >= 0 && i <= 99 ? 1900 + i : i;
}

double date_time_clip(double t)
{
	return fabs(t) <= 8.64e15 ? trunc(t) + 0.0 : NAN; /* + 0: no -0 */
}
