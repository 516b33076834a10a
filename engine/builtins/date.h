/* date.h: what the files of Date share, and what console asks of it. Time values
 * are doubles: milliseconds since 1970-01-01 UTC, integral and within 8.64e15, or
 * NaN (ECMA-262 21.4.1). Days, months and week days count from 0 except where a
 * field says otherwise. */
#ifndef ENGINE_BUILTINS_DATE_H
#define ENGINE_BUILTINS_DATE_H

#include "base/calendar.h"
#include "engine/vm/vmcode.h"

#define MS_PER_DAY 86400000.0

struct date_obj { struct cell h; HF(struct ext *) ext; hval time; };   /* KIND_DATE; a number */

static inline double date_value(val date)
{
	return v_numof(((struct date_obj *)(void *)v_tocell(date))->time.v);
}

/* ---- calendar (date_calendar.c, base/calendar.h): pure ------------------------- */

double date_make_time(double h, double m, double s, double ms); /* 21.4.1.27 */
double date_make_day(double y, double m, double d);             /* 21.4.1.28 */
double date_make(double day, double time);                      /* 21.4.1.29 */
double date_make_full_year(double y);                           /* 21.4.1.30 */
double date_time_clip(double t);                                /* 21.4.1.31 */

/* ---- time zone (date_zone.c) --------------------------------------------------- */

/* Finds the zone that TZ or /etc/localtime names and keeps its rules in vm->zone (one
 * malloc'd block, constant from then on). Once, when the realm is made: what follows
 * reads no environment. Without a usable zone: UTC. */
void date_zone_load(struct vm *vm);
double date_local(const struct vm *vm, double t);               /* 21.4.1.25 LocalTime, t finite */
double date_utc(const struct vm *vm, double local);             /* 21.4.1.26 UTC; NaN stays NaN */
/* The English name of the zone's time at t, UTF-8: "Central European Summer Time", or
 * "GMT+03:00" when it has none. */
#define DATE_ZONE_NAME_MAX 64
void date_zone_name(const struct vm *vm, double t, char out[DATE_ZONE_NAME_MAX]);

/* Zones by name ("Europe/Berlin", in any case): read from the system's files at first use, kept
 * for the life of the process. NULL: there is none. name becomes the usual spelling. */
struct zone;
const struct zone *date_zone_find(struct vm *vm, struct sview v, char *name, size_t n);
double date_zone_local(const struct zone *z, double t);
const char *date_zone_id(const struct zone *z);
void date_zone_names(const struct zone *z, double t, char out[DATE_ZONE_NAME_MAX], char *abbr, size_t n);

/* Date.now() as a number; taints TIME. */
double date_clock(struct vm *vm);

/* ---- text ------------------------------------------------------------------------ */

double date_parse(struct vm *vm, struct sview v);               /* date_parse.c; NaN: not a date */

enum date_form { DATE_ISO, DATE_FULL /* toString */, DATE_DATE, DATE_TIME, DATE_UTC,
	DATE_LOCALE, DATE_LOCALE_DATE, DATE_LOCALE_TIME };
/* Text of a finite time value, NUL-terminated UTF-8; returns its length (date_format.c). */
#define DATE_TEXT_MAX 160
size_t date_to_text(const struct vm *vm, double t, enum date_form form, char out[DATE_TEXT_MAX]);

#endif
