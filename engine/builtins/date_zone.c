/* date_zone.c: the local time zone: reads TZif files (RFC 9636) and POSIX TZ strings
 * when the realm is made, and answers offsets from memory afterwards. Called by the
 * other date_*.c files. Must not read the environment or a file later than that. */
#include "engine/builtins/date.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ZONE_DIR "/usr/share/zoneinfo/"
#define FILE_MAX (256u << 10)
#define FILE_MOST 4096u         /* …and hardly one is larger than this */
#define ABBR_MAX 12

struct ztype { int32_t off; bool dst; char abbr[ABBR_MAX]; };    /* off: seconds east of UTC */
enum day_form { DAY_NONE, DAY_MONTH /* Mm.w.d */, DAY_JULIAN /* Jn: no leap day */, DAY_YEAR /* n */ };
struct change { uint8_t form; int month, week, day; int32_t time; };
struct rule {             /* what holds after the last transition; a POSIX TZ string */
	bool some;
	struct ztype std, dst;
	struct change start, end; /* of dst; start.form DAY_NONE: no dst */
};
struct zone {
	struct zone *next;        /* of named ones */
	char name[64];            /* "Europe/Berlin"; "" if not known */
	struct rule rule;
	uint32_t ntimes, ntypes;
	struct ztype *types;      /* the arrays follow in the same block */
	uint8_t *idx;             /* type from at[i] on */
	int64_t at[];             /* seconds, ascending */
};

static const struct ztype utc_type = { 0, false, "UTC" };

/* ---- POSIX TZ strings --------------------------------------------------------------- */

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *posix_name(const char *p, char out[ABBR_MAX])
{
	bool quoted = *p == '<';
	size_t n = 0;

	p += quoted;
	for (; *p && (quoted ? *p != '>' : is_alpha(*p)); p++)
		if (n < ABBR_MAX - 1)
			out[n++] = *p;
	out[n] = '\0';
	if (n < 3 || (quoted && *p != '>'))
		return NULL;
	return p + quoted;
}

static const char *posix_number(const char *p, int max, int *out)
{
	int n = 0;

	if (*p < '0' || *p > '9')
		return NULL;
	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > max)
			return NULL;
	}
	*out = n;
	return p;
}

/* [+-]hh[:mm[:ss]] in seconds */
static const char *posix_time(const char *p, int32_t *out)
{
	int sign = *p == '-' ? -1 : 1, h = 0, m = 0, s = 0;

	if (*p == '-' || *p == '+')
		p++;
	p = posix_number(p, 167, &h);
	if (p && *p == ':')
		p = posix_number(p + 1, 59, &m);
	if (p && *p == ':')
		p = posix_number(p + 1, 59, &s);
	*out = sign * (h * 3600 + m * 60 + s);
	return p;
}

static const char *posix_change(const char *p, struct change *c)
{
	if (*p == 'M') {
		c->form = DAY_MONTH;
		p = posix_number(p + 1, 12, &c->month);
		p = p && *p == '.' ? posix_number(p + 1, 5, &c->week) : NULL;
		p = p && *p == '.' ? posix_number(p + 1, 6, &c->day) : NULL;
		if (p && (c->month == 0 || c->week == 0))
			return NULL;
	} else {
		c->form = *p == 'J' ? DAY_JULIAN : DAY_YEAR;
		p = posix_number(p + (*p == 'J'), 365, &c->day);
	}
	c->time = 7200;
	if (p && *p == '/')
		p = posix_time(p + 1, &c->time);
	return p;
}

/* "CET-1CEST,M3.5.0,M10.5.0/3": false if it is not of this form. */
static bool posix_parse(const char *p, struct rule *r)
{
	memset(r, 0, sizeof *r);
	p = posix_name(p, r->std.abbr);
	p = p ? posix_time(p, &r->std.off) : NULL;
	if (p == NULL)
		return false;
	r->std.off = -r->std.off; /* POSIX counts west */
	r->some = true;
	if (*p == '\0')
		return true;
	p = posix_name(p, r->dst.abbr);
	if (p == NULL)
		return false;
	r->dst.dst = true;
	r->dst.off = r->std.off + 3600;
	if (*p && *p != ',') {
		p = posix_time(p, &r->dst.off);
		if (p == NULL)
			return false;
		r->dst.off = -r->dst.off;
	}
	if (*p == '\0')
		p = ",M3.2.0,M11.1.0";
	p = *p == ',' ? posix_change(p + 1, &r->start) : NULL;
	p = p && *p == ',' ? posix_change(p + 1, &r->end) : NULL;
	return p && *p == '\0';
}

/* The local second of a change in a year. */
static int64_t change_at(const struct change *c, int64_t year)
{
	int64_t first, day;

	if (c->form != DAY_MONTH) {
		bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

		day = calendar_days(year, 0, 1) + c->day;
		if (c->form == DAY_JULIAN)
			day += (leap && c->day >= 60) - 1;
		return day * 86400 + c->time;
	}
	first = calendar_days(year, c->month - 1, 1);
	day = first + (c->day - (first + 4) % 7 + 14) % 7 + 7 * (c->week - 1);
	while (day >= calendar_days(c->month == 12 ? year + 1 : year, c->month % 12, 1)) /* week 5: the last */
		day -= 7;
	return day * 86400 + c->time;
}

static const struct ztype *rule_type(const struct rule *r, int64_t sec)
{
	struct calendar d;
	int64_t start, end;

	if (r->start.form == DAY_NONE)
		return &r->std;
	calendar_split((double)(sec + r->std.off) * 1000, &d);
	start = change_at(&r->start, d.year) - r->std.off;
	end = change_at(&r->end, d.year) - r->dst.off;
	if (start < end)
		return sec >= start && sec < end ? &r->dst : &r->std;
	return sec >= end && sec < start ? &r->std : &r->dst;
}

/* ---- TZif ----------------------------------------------------------------------------- */

struct counts { uint32_t isut, isstd, leap, time, type, chars; };

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool tzif_header(const uint8_t *p, size_t n, struct counts *c)
{
	if (n < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	*c = (struct counts){ be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36), be32(p + 40) };
	return c->time < 10000 && c->type > 0 && c->type < 256 && c->chars < 4096 && c->leap < 4096 &&
	       c->isut <= c->type && c->isstd <= c->type;
}

static size_t tzif_body(const struct counts *c, size_t word)
{
	return c->time * (word + 1) + c->type * 6 + c->chars + c->leap * (word + 4) + c->isstd + c->isut;
}

static struct zone *zone_new(uint32_t ntimes, uint32_t ntypes, const char *name)
{
	size_t times = sizeof(struct zone) + ntimes * sizeof(int64_t), types = ntypes * sizeof(struct ztype);
	struct zone *z = calloc(1, times + types + ntimes);

	AN(z != NULL);
	z->ntimes = ntimes;
	z->ntypes = ntypes;
	z->types = (struct ztype *)(void *)((char *)z + times);
	z->idx = (uint8_t *)z->types + types;
	snprintf(z->name, sizeof z->name, "%s", name);
	return z;
}

/* Fills z from the arrays at p; false when they contradict themselves. */
static bool tzif_arrays(struct zone *z, const uint8_t *p, const struct counts *c, size_t word)
{
	const uint8_t *idx = p + c->time * word, *types = idx + c->time;
	const char *chars = (const char *)types + c->type * 6;

	for (uint32_t i = 0; i < c->time; i++) {
		const uint8_t *w = p + i * word;

		z->at[i] = word == 8 ? (int64_t)((uint64_t)be32(w) << 32 | be32(w + 4)) : (int32_t)be32(w);
		z->idx[i] = idx[i];
		if (idx[i] >= c->type || (i > 0 && z->at[i] < z->at[i - 1]))
			return false;
	}
	for (uint32_t i = 0; i < c->type; i++) {
		const uint8_t *w = types + i * 6;
		struct ztype *t = &z->types[i];

		t->off = (int32_t)be32(w);
		t->dst = w[4] != 0;
		if (w[5] >= c->chars || t->off <= -93600 || t->off >= 93600)
			return false;
		for (uint32_t k = 0; k < ABBR_MAX - 1 && w[5] + k < c->chars; k++)
			t->abbr[k] = chars[w[5] + k];
	}
	return true;
}

static struct zone *tzif_parse(const uint8_t *p, size_t n, const char *name)
{
	struct counts c;
	struct zone *z;
	size_t word = 4, body;

	if (!tzif_header(p, n, &c))
		return NULL;
	if (p[4] >= '2') {
		body = 44 + tzif_body(&c, 4);
		if (body > n || !tzif_header(p + body, n - body, &c))
			return NULL;
		p += body, n -= body;
		word = 8;
	}
	p += 44, n -= 44;
	body = tzif_body(&c, word);
	if (body > n)
		return NULL;
	z = zone_new(c.time, c.type, name);
	if (!tzif_arrays(z, p, &c, word)) {
		free(z);
		return NULL;
	}
	p += body, n -= body;
	if (word == 8 && n > 2 && p[0] == '\n') { /* footer */
		const uint8_t *end = memchr(p + 1, '\n', n - 1);
		char text[128];

		if (end && (size_t)(end - p) <= sizeof text) {
			memcpy(text, p + 1, (size_t)(end - p - 1));
			text[end - p - 1] = '\0';
			if (!posix_parse(text, &z->rule))
				z->rule.some = false;
		}
	}
	return z;
}

static struct zone *read_file(const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct zone *z = NULL;
	uint8_t *p = NULL;
	size_t n = 0, room = FILE_MOST;
	ssize_t got;

	if (fd < 0)
		return NULL;
	for (;;) {
		if (p == NULL || (n == room && room < FILE_MAX)) {
			room = p ? FILE_MAX : room;
			p = realloc(p, room);
			AN(p != NULL);
		}
		got = read(fd, p + n, room - n);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	(void)close(fd);
	if (n < FILE_MAX)
		z = tzif_parse(p, n, name);
	free(p);
	return z;
}

/* "Area/City" or an absolute path */
static struct zone *named_zone(const char *name)
{
	char path[PATH_MAX];

	if (name[0] == '/')
		return read_file(name, strncmp(name, ZONE_DIR, sizeof ZONE_DIR - 1) == 0 ? name + sizeof ZONE_DIR - 1 : "");
	if (strstr(name, "..") != NULL || strlen(name) > 100)
		return NULL;
	snprintf(path, sizeof path, ZONE_DIR "%s", name);
	return read_file(path, name);
}

static struct zone *system_zone(void)
{
	char link[PATH_MAX];
	ssize_t n = readlink("/etc/localtime", link, sizeof link - 1);
	char *tail;

	link[n > 0 ? n : 0] = '\0';
	tail = strstr(link, "/zoneinfo/");
	return read_file("/etc/localtime", tail ? tail + 10 : "");
}

void date_zone_load(struct vm *vm)
{
	const char *tz = getenv("TZ");
	struct zone *z = NULL;
	struct rule r;

	if (tz == NULL || *tz == '\0') {
		z = system_zone();
	} else {
		tz += *tz == ':';
		z = named_zone(tz);
		if (z == NULL && posix_parse(tz, &r)) {
			z = zone_new(0, 1, "");
			z->rule = r;
		}
	}
	if (z == NULL) {
		z = zone_new(0, 1, "UTC");
		z->types[0] = utc_type;
	}
	vm->zone = z;
}

/* ---- answers ------------------------------------------------------------------------------ */

static const struct ztype *type_at(const struct zone *z, double t)
{
	int64_t sec = (int64_t)floor(t / 1000);
	uint32_t lo = 0, hi = z->ntimes;

	if (z->rule.some && (hi == 0 || sec >= z->at[hi - 1]))
		return rule_type(&z->rule, sec);
	while (lo < hi) { /* lo: transitions at or before sec */
		uint32_t mid = (lo + hi) / 2;

		if (z->at[mid] <= sec)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &z->types[lo == 0 ? 0 : z->idx[lo - 1]];
}

double date_zone_local(const struct zone *z, double t)
{
	return t + type_at(z, t)->off * 1000.0;
}

double date_local(const struct vm *vm, double t)
{
	return date_zone_local(vm->zone, t);
}

const char *date_zone_id(const struct zone *z)
{
	return z->name[0] == '\0' || strcmp(z->name, "Etc/UTC") == 0 ? "UTC" : z->name;
}

/* A local time that occurs twice means the earlier instant; one that is skipped is
 * read with the offset before the change (21.4.1.26). */
double date_utc(const struct vm *vm, double local)
{
	double before, after;

	if (!(fabs(local) <= 8.64e15 + 2 * MS_PER_DAY))
		return NAN;
	before = type_at(vm->zone, local - MS_PER_DAY)->off * 1000.0;
	after = type_at(vm->zone, local + MS_PER_DAY)->off * 1000.0;
	if (before != after && date_local(vm, local - before) != local && date_local(vm, local - after) == local)
		return local - after;
	return local - before;
}

void date_zone_names(const struct zone *z, double t, char out[DATE_ZONE_NAME_MAX], char *abbr, size_t n)
{
	static const struct { const char *abbr, *zone, *name; } names[] = {
#define ZONE_NAME(abbr, zone, name) { abbr, zone, name },
#include "engine/builtins/zone_name.def"
	};
	const struct ztype *type = type_at(z, t);
	int minutes = abs(type->off) / 60;

	snprintf(abbr, n, "%s", type->abbr);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i].abbr, type->abbr) == 0 &&
		    strncmp(names[i].zone, z->name, strlen(names[i].zone)) == 0) {
			snprintf(out, DATE_ZONE_NAME_MAX, "%s", names[i].name);
			return;
		}
	}
	snprintf(out, DATE_ZONE_NAME_MAX, "GMT%c%02d:%02d", type->off < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void date_zone_name(const struct vm *vm, double t, char out[DATE_ZONE_NAME_MAX])
{
	char abbr[ABBR_MAX];

	date_zone_names(vm->zone, t, out, abbr, sizeof abbr);
}

/* ---- named zones ---------------------------------------------------------------------------- */

/* "america/new_york" → "America/New_York": as most zones are written. */
static void usual_case(char *name)
{
	bool first = true;

	for (char *p = name; *p; p++) {
		if (is_alpha(*p))
			*p = (char)(first ? *p & ~0x20 : *p | 0x20);
		first = !is_alpha(*p);
	}
}

const struct zone *date_zone_find(struct vm *vm, struct sview v, char *name, size_t n)
{
	static struct zone *known;    /* read once in a process; their number is that of the files */
	struct zone *z = NULL;

	if (v.len == 0 || v.len >= n || v.len > 60)
		return NULL;
	for (uint32_t i = 0; i < v.len; i++) {
		uint32_t u = sview_at(v, i);

		if (!(u < 128 && (is_alpha((char)u) || u - '0' < 10 || u == '/' || u == '_' || u == '-' || u == '+')) ||
		    (i == 0 && !is_alpha((char)u)))
			return NULL;
		name[i] = (char)u;
	}
	name[v.len] = '\0';
	if (strcasecmp(name, "UTC") == 0 || strcasecmp(name, "Etc/UTC") == 0 || strcasecmp(name, "GMT") == 0 ||
	    strcasecmp(name, "Etc/GMT") == 0)
		snprintf(name, n, "UTC");
	for (int turn = 0; turn < 2 && z == NULL; turn++) {
		for (z = known; z != NULL && strcmp(z->name, name) != 0; z = z->next)
			;
		if (z == NULL) {
			z = named_zone(name);
			if (z == NULL && strcmp(name, "UTC") == 0) {
				z = zone_new(0, 1, "UTC");
				z->types[0] = utc_type;
			}
			if (z != NULL) {
				z->next = known;
				known = z;
			}
		}
		if (z == NULL)
			usual_case(name);
	}
	(void)vm;
	return z;
}
