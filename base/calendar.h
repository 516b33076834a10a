/* calendar.h: days and dates of the proleptic Gregorian calendar in UTC, for any
 * year. Unlike gmtime_r() it takes no lock and never looks for /etc/localtime. Leaf. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* month 0..11, day 1..31, weekday 0: Sunday. */
struct calendar { int64_t year; int month, day, hour, minute, second, ms, weekday; };

static inline int64_t calendar_floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* ms since 1970-01-01T00:00Z (or of any other clock's zero) as a date. */
void calendar_split(int64_t ms, struct calendar *out);
/* Days from 1970-01-01 to a day; month 0..11, day may be anything. */
int64_t calendar_days(int64_t year, int month, int64_t day);

/* Whether a year of four digits: seconds since 1970 from 0000-01-01 to 9999-12-31. */
static inline bool calendar_has(int64_t seconds) { return seconds >= -62167219200 && seconds <= 253402300799; }

/* "2026-01-31T12:34:56", NUL-terminated; what calendar_has() denies as 1970. */
#define CALENDAR_ISO_LEN 19
void calendar_iso(int64_t seconds, char out[CALENDAR_ISO_LEN + 1]);

#endif
