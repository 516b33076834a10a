/* time.h: dates as text, for the files of modules/. */
#ifndef MODULES_TIME_H
#define MODULES_TIME_H

#include <stdbool.h>

#include "base/buf.h"

#define TIME_MS_MAX 8.64e15      /* of a Date (ECMA-262 21.4.1.1) */

/* Milliseconds since 1970 as toISOString writes them; |ms| <= TIME_MS_MAX. */
void time_put_iso(struct buf *out, double ms);
/* RFC 3339 date, or date and time with Z or an offset. */
bool time_read_iso(struct sv s, double *ms);
bool time_is_date(struct sv s);          /* the date alone */
bool time_is_clock(struct sv s);         /* the time alone, with Z or an offset */

#endif
