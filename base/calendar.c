/* calendar.c: see calendar.h. Pure arithmetic. */
#include "base/calendar.h"

#include <stdio.h>
#include <string.h>

#define MS_PER_DAY 86400000
#define DAYS_PER_ERA 146097    /* 400 years */
#define EPOCH_SHIFT 719468     /* days from 0000-03-01 to 1970-01-01 */

/* Years begin in March here, so that the leap day is the last of its year and the
 * months' lengths follow one linear rule: month m (0: March) begins at day
 * (153 m + 2) / 5 of the year. */
int64_t calendar_days(int64_t year, int month, int64_t day)
{
	int64_t y = month < 2 ? year - 1 : year;
	int64_t era = calendar_floor_div(y, 400);
	int64_t in_era = y - era * 400;
	int m = month < 2 ? month + 10 : month - 2;

	return era * DAYS_PER_ERA + in_era * 365 + in_era / 4 - in_era / 100 + (153 * m + 2) / 5 + day - 1 - EPOCH_SHIFT;
}

void calendar_split(int64_t ms, struct calendar *out)
{
	int64_t days = calendar_floor_div(ms, MS_PER_DAY);
	int64_t z = days + EPOCH_SHIFT, era = calendar_floor_div(z, DAYS_PER_ERA);
	int in_era = (int)(z - era * DAYS_PER_ERA);
	/* Leap days before this day are taken out, then 365 days make a year. */
	int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / (DAYS_PER_ERA - 1)) / 365;
	int in_year = in_era - (365 * year + year / 4 - year / 100);
	int m = (5 * in_year + 2) / 153;
	int rest = (int)(ms - days * MS_PER_DAY);

	out->day = in_year - (153 * m + 2) / 5 + 1;
	out->month = m < 10 ? m + 2 : m - 10;
	out->year = era * 400 + year + (out->month < 2);
	out->weekday = (int)(days + 4 - 7 * calendar_floor_div(days + 4, 7));
	out->ms = rest % 1000;
	out->second = rest / 1000 % 60;
	out->minute = rest / 60000 % 60;
	out->hour = rest / 3600000;
}

void calendar_iso(int64_t seconds, char out[CALENDAR_ISO_LEN + 1])
{
	struct calendar c;
	char text[64];

	calendar_split(calendar_has(seconds) ? seconds * 1000 : 0, &c);
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", (int)c.year, c.month + 1, c.day, c.hour, c.minute,
		 c.second);
	memcpy(out, text, CALENDAR_ISO_LEN + 1);
}
