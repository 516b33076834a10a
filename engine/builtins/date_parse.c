/* date_parse.c: Date.parse: the interchange format of ECMA-262 21.4.1.32, and where
 * that does not fit the older free forms ("Tue, 1 Jan 2019 10:00 GMT+0100",
 * "1/2/2019 3:04 PM"), read with the leniency that scripts came to expect. Called by
 * date.c. Pure.
 *
 * The free form is a sequence of numbers, words and signs whose meaning follows from
 * what stands around them: a number before ":" is an hour or minute, a number after a
 * finished time is a zone, other numbers are day, month, year. Text in parentheses
 * and words before the first number say nothing. */
#include "engine/builtins/date.h"

enum token_kind { TK_END, TK_NUMBER, TK_WORD, TK_SPACE, TK_SIGN, TK_OTHER };
enum word { WORD_NONE, WORD_MONTH, WORD_HALF_DAY, WORD_ZONE, WORD_T };

struct token {
	uint8_t kind, word;
	uint32_t unit;            /* SIGN, OTHER: the character; WORD: units */
	int value;                /* NUMBER: its value; WORD: month 1..12, hours to add, zone hour */
	uint32_t digits, dropped; /* NUMBER: as written, and how many of them value leaves out */
};

struct reader { struct vm *vm; struct sview v; uint32_t at; struct token next; };

#define NOTHING INT32_MIN
struct date_reading {
	struct reader r;
	int day[3], ndays, month; /* month 0: none was named */
	int time[4], ntimes, half; /* half: hours that AM, PM add; NOTHING */
	int zone_sign, zone_hour, zone_minute; /* sign 0: no zone; hour, minute NOTHING: not yet */
	bool iso;
};

/* ---- tokens ---------------------------------------------------------------------- */

static const struct { char text[4]; uint8_t word; int8_t value; } words[] = {
	{ "jan", WORD_MONTH, 1 }, { "feb", WORD_MONTH, 2 }, { "mar", WORD_MONTH, 3 }, { "apr", WORD_MONTH, 4 },
	{ "may", WORD_MONTH, 5 }, { "jun", WORD_MONTH, 6 }, { "jul", WORD_MONTH, 7 }, { "aug", WORD_MONTH, 8 },
	{ "sep", WORD_MONTH, 9 }, { "oct", WORD_MONTH, 10 }, { "nov", WORD_MONTH, 11 }, { "dec", WORD_MONTH, 12 },
	{ "am", WORD_HALF_DAY, 0 }, { "pm", WORD_HALF_DAY, 12 }, { "z", WORD_ZONE, 0 }, { "ut", WORD_ZONE, 0 },
	{ "utc", WORD_ZONE, 0 }, { "gmt", WORD_ZONE, 0 }, { "est", WORD_ZONE, -5 }, { "edt", WORD_ZONE, -4 },
	{ "cst", WORD_ZONE, -6 }, { "cdt", WORD_ZONE, -5 }, { "mst", WORD_ZONE, -7 }, { "mdt", WORD_ZONE, -6 },
	{ "pst", WORD_ZONE, -8 }, { "pdt", WORD_ZONE, -7 }, { "t", WORD_T, 0 },
};

static uint32_t unit(const struct reader *r)
{
	return r->at < r->v.len ? sview_at(r->v, r->at) : 0;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Nine significant digits count, more are dropped. */
static void number(struct reader *r, struct token *t)
{
	uint32_t start = r->at, used = 0;

	t->kind = TK_NUMBER;
	t->value = 0;
	for (; is_digit(unit(r)); r->at++) {
		if ((used > 0 || unit(r) != '0') && used++ < 9)
			t->value = t->value * 10 + (int)(unit(r) - '0');
	}
	t->dropped = used > 9 ? used - 9 : 0;
	t->digits = r->at - start;
}

/* Three letters tell a word; only months may go on after them. */
static void word(struct reader *r, struct token *t)
{
	char head[4] = "";
	uint32_t n = 0;

	for (; unit(r) >= 'A' && !unit_is_space(unit(r)); r->at++, n++)
		if (n < 3)
			head[n] = (char)(unit(r) < 0x80 ? unit(r) | 0x20 : '?');
	t->kind = TK_WORD;
	t->unit = n;
	t->word = WORD_NONE;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].text, head) == 0 && (n <= 3 || words[i].word == WORD_MONTH)) {
			t->word = words[i].word;
			t->value = words[i].value;
		}
	}
}

static void scan(struct reader *r)
{
	struct token *t = &r->next;
	uint32_t c = unit(r);

	*t = (struct token){ .kind = TK_OTHER, .unit = c };
	if (r->at >= r->v.len) {
		t->kind = TK_END;
	} else if (is_digit(c)) {
		number(r, t);
	} else if (unit_is_space(c)) {
		while (r->at < r->v.len && unit_is_space(unit(r)))
			r->at++;
		t->kind = TK_SPACE;
	} else if (c >= 'A') {
		word(r, t);
	} else {
		if (c == '+' || c == '-')
			t->kind = TK_SIGN;
		r->at++;
	}
}

static struct token take(struct reader *r)
{
	struct token t = r->next;

	scan(r);
	return t;
}

static bool next_is(const struct reader *r, char c)
{
	return (r->next.kind == TK_OTHER || r->next.kind == TK_SIGN) && r->next.unit == (unsigned char)c;
}

static bool take_if(struct reader *r, char c)
{
	if (!next_is(r, c))
		return false;
	scan(r);
	return true;
}

static bool next_number(const struct reader *r, uint32_t digits, int least, int most)
{
	return r->next.kind == TK_NUMBER && r->next.digits == digits && r->next.value >= least && r->next.value <= most;
}

/* The digits as a fraction of a second. */
static int milliseconds(struct token t)
{
	int n = t.value;
	uint32_t digits = t.digits - t.dropped;

	for (; digits < 3; digits++)
		n *= 10;
	for (; digits > 3 && n > 0; digits--)
		n /= 10;
	return n;
}

/* ---- what was read ------------------------------------------------------------------- */

static bool add_day(struct date_reading *p, int n)
{
	if (p->ndays == 3)
		return false;
	p->day[p->ndays++] = n;
	return true;
}

static bool add_time(struct date_reading *p, int n)
{
	if (p->ntimes == 4)
		return false;
	p->time[p->ntimes++] = n;
	return true;
}

static bool finish_time(struct date_reading *p, int n)
{
	if (!add_time(p, n))
		return false;
	while (p->ntimes < 4)
		p->time[p->ntimes++] = 0;
	return true;
}

/* A minute, second or millisecond is due, and n can be one. */
static bool time_expects(const struct date_reading *p, int n)
{
	return p->ntimes == 3 ? n < 1000 : (p->ntimes == 1 || p->ntimes == 2) && n < 60;
}

static void set_zone(struct date_reading *p, int hours)
{
	p->zone_sign = hours < 0 ? -1 : 1;
	p->zone_hour = hours < 0 ? -hours : hours;
	p->zone_minute = 0;
}

static bool zone_is_utc(const struct date_reading *p)
{
	return p->zone_sign != 0 && p->zone_hour == 0 && p->zone_minute == 0;
}

static bool day_of(const struct date_reading *p, double *out)
{
	int c[3], year, month, day;

	if (p->ndays == 0)
		return false;
	for (int i = 0; i < 3; i++)
		c[i] = i < p->ndays ? p->day[i] : 1;
	if (p->month == 0 && (p->iso || c[0] < 1 || c[0] > 31)) {
		year = c[0], month = c[1], day = c[2];
	} else if (p->month == 0) {
		month = c[0], day = c[1], year = c[2];
	} else {
		month = p->month;
		year = c[1], day = c[0];
		if (c[0] < 1 || c[0] > 31)
			year = c[0], day = c[1];
	}
	if (!p->iso && year >= 0 && year <= 99)
		year += year < 50 ? 2000 : 1900;
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*out = date_make_day(year, month - 1, day);
	return true;
}

static bool time_of(const struct date_reading *p, double *out)
{
	int t[4];

	for (int i = 0; i < 4; i++)
		t[i] = i < p->ntimes ? p->time[i] : 0;
	if (p->half != NOTHING) {
		if (t[0] > 12)
			return false;
		t[0] = t[0] % 12 + p->half;
	}
	if (t[0] > 24 || t[1] > 59 || t[2] > 59 || t[3] > 999 || (t[0] == 24 && (t[1] | t[2] | t[3]) != 0))
		return false;
	*out = date_make_time(t[0], t[1], t[2], t[3]);
	return true;
}

static double result(const struct date_reading *p)
{
	double day, time, t;

	if (!day_of(p, &day) || !time_of(p, &time))
		return NAN;
	t = date_make(day, time);
	if (p->zone_sign == 0)
		return date_time_clip(date_utc(p->r.vm, t));
	return date_time_clip(t - p->zone_sign * ((p->zone_hour == NOTHING ? 0 : p->zone_hour) * 3600000.0 +
	                                          (p->zone_minute == NOTHING ? 0 : p->zone_minute) * 60000.0));
}

/* ---- the interchange format ------------------------------------------------------------- */

/* Z, +hh:mm or +hhmm, or nothing. */
static bool iso_zone(struct date_reading *p)
{
	struct reader *r = &p->r;

	if (r->next.kind == TK_WORD && r->next.word == WORD_ZONE && r->next.unit == 1) {
		scan(r);
		set_zone(p, 0);
	} else if (r->next.kind == TK_SIGN) {
		p->zone_sign = take(r).unit == '-' ? -1 : 1;
		if (next_number(r, 4, 0, 2359) && r->next.value % 100 < 60) {
			int n = take(r).value;

			p->zone_hour = n / 100;
			p->zone_minute = n % 100;
		} else {
			if (!next_number(r, 2, 0, 23))
				return false;
			p->zone_hour = take(r).value;
			if (!take_if(r, ':') || !next_number(r, 2, 0, 59))
				return false;
			p->zone_minute = take(r).value;
		}
	}
	return true;
}

static bool iso_time(struct date_reading *p)
{
	struct reader *r = &p->r;
	int most = 59;

	if (!next_number(r, 2, 0, 24))
		return false;
	if (r->next.value == 24)
		most = 0;
	add_time(p, take(r).value);
	if (!take_if(r, ':') || !next_number(r, 2, 0, most))
		return false;
	add_time(p, take(r).value);
	if (take_if(r, ':')) {
		if (!next_number(r, 2, 0, most))
			return false;
		add_time(p, take(r).value);
		if (take_if(r, '.')) {
			if (r->next.kind != TK_NUMBER || (most == 0 && r->next.value > 0))
				return false;
			add_time(p, milliseconds(take(r)));
		}
	}
	return iso_zone(p);
}

/* True: the whole string was read. Else what was understood stays in p and the free
 * form goes on with *t. */
static bool iso(struct date_reading *p, struct token *t)
{
	struct reader *r = &p->r;

	if (r->next.kind == TK_SIGN) {
		int sign = r->next.unit == '-' ? -1 : 1;

		*t = take(r);
		if (!next_number(r, 6, 0, INT32_MAX))
			return false;
		if (sign < 0 && r->next.value == 0) { /* there is no year -0 */
			*t = (struct token){ .kind = TK_END };
			return false;
		}
		add_day(p, sign * take(r).value);
	} else if (next_number(r, 4, 0, 9999)) {
		add_day(p, take(r).value);
	} else {
		*t = take(r);
		return false;
	}
	for (int i = 0; i < 2 && take_if(r, '-'); i++) {
		if (!next_number(r, 2, 1, i == 0 ? 12 : 31)) {
			*t = take(r);
			return false;
		}
		add_day(p, take(r).value);
	}
	if (r->next.kind == TK_WORD && r->next.word == WORD_T) {
		scan(r);
		if (!iso_time(p) || r->next.kind != TK_END) {
			p->ndays = 0; /* what goes on after the T is not read as anything else */
			*t = (struct token){ .kind = TK_END };
			return false;
		}
	}
	if (r->next.kind != TK_END) {
		*t = take(r);
		return false;
	}
	if (p->zone_sign == 0 && p->ntimes == 0)
		set_zone(p, 0);
	p->iso = true;
	return true;
}

/* ---- the free form ------------------------------------------------------------------------ */

static bool free_number(struct date_reading *p, struct token t)
{
	struct reader *r = &p->r;
	int n = t.value;

	if (take_if(r, ':')) {
		if (take_if(r, ':'))
			return p->ntimes == 0 && add_time(p, n) && add_time(p, 0);
		if (!add_time(p, n))
			return false;
		(void)take_if(r, '.');
		return true;
	}
	if (next_is(r, '.') && time_expects(p, n)) {
		scan(r);
		add_time(p, n);
		return r->next.kind == TK_NUMBER && finish_time(p, milliseconds(take(r)));
	}
	(void)take_if(r, '.');
	if (p->zone_sign != 0 && p->zone_hour != NOTHING && p->zone_minute == NOTHING && n < 60) {
		p->zone_minute = n;
		return true;
	}
	if (time_expects(p, n)) {
		const struct token *next = &r->next;

		(void)finish_time(p, n);
		return next->kind == TK_END || next->kind == TK_SPACE || next->kind == TK_SIGN ||
		       (next->kind == TK_WORD && next->word == WORD_ZONE && next->unit == 1);
	}
	if (!add_day(p, n))
		return false;
	(void)take_if(r, '-');
	return true;
}

static bool free_word(struct date_reading *p, struct token t, bool had_number)
{
	if (t.word == WORD_HALF_DAY && p->ntimes > 0) {
		p->half = t.value;
	} else if (t.word == WORD_MONTH) {
		p->month = t.value;
		(void)take_if(&p->r, '-');
	} else if (t.word == WORD_ZONE && had_number) {
		set_zone(p, t.value);
	} else {
		return !had_number && p->r.next.kind != TK_NUMBER;
	}
	return true;
}

/* +1, +01, +130, +0130, +01:30 */
static bool free_offset(struct date_reading *p, bool west)
{
	struct reader *r = &p->r;
	uint32_t digits = 0;
	int n = 0;

	p->zone_sign = west ? -1 : 1;
	if (r->next.kind == TK_NUMBER) {
		digits = r->next.digits;
		n = take(r).value;
	}
	if (next_is(r, ':')) {
		p->zone_hour = n;
		p->zone_minute = NOTHING;
	} else if (digits == 1 || digits == 2) {
		p->zone_hour = n;
		p->zone_minute = 0;
	} else if (digits == 3 || digits == 4) {
		p->zone_hour = n / 100;
		p->zone_minute = n % 100;
	} else {
		return false;
	}
	return true;
}

static void skip_parentheses(struct reader *r)
{
	int depth = 1;

	while (depth > 0 && r->next.kind != TK_END) {
		depth += next_is(r, '(') - next_is(r, ')');
		scan(r);
	}
}

double date_parse(struct vm *vm, struct sview v)
{
	struct date_reading p = { .r = { .vm = vm, .v = v }, .half = NOTHING, .zone_hour = NOTHING, .zone_minute = NOTHING };
	bool had_number;
	struct token t;

	vm->ticks -= v.len >> 1;
	scan(&p.r);
	if (iso(&p, &t))
		return result(&p);
	had_number = p.ndays > 0;
	for (; t.kind != TK_END; t = take(&p.r)) {
		if (t.kind == TK_NUMBER) {
			had_number = true;
			if (!free_number(&p, t))
				return NAN;
		} else if (t.kind == TK_WORD) {
			if (!free_word(&p, t, had_number))
				return NAN;
		} else if (t.kind == TK_SIGN && (zone_is_utc(&p) || p.ntimes > 0)) {
			had_number = true;
			if (!free_offset(&p, t.unit == '-'))
				return NAN;
		} else if ((t.kind == TK_SIGN || (t.kind == TK_OTHER && t.unit == ')')) && had_number) {
			return NAN;
		} else if (t.kind == TK_OTHER && t.unit == '(') {
			skip_parentheses(&p.r);
		}
	}
	return result(&p);
}
