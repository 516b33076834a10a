/* date_calendar.c: the Make* operations of ECMA-262 21.4.1 over base/calendar.h.
 * Pure arithmetic. Called by the other date_*.c files. */
#include "engine/builtins/date.h"

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
	year = (int64_t)trunc(y) + calendar_floor_div(month, 12);
	month -= calendar_floor_div(month, 12) * 12;
	return (double)calendar_days(year, (int)month, 1) + trunc(d) - 1;
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
