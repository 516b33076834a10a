/* performance.c: performance.now, timeOrigin, mark and measure in their smallest form
 * (High Resolution Time 8, User Timing), and navigator (HTML 8.10). Called by scripts.
 * The origin is when the program was loaded. */
#include "web/parts.h"

#include "base/clock.h"

enum { ENTRIES, P_NSLOTS };
enum { NAME, TYPE, DETAIL, ENTRY_NSLOTS };
struct entry { double start, duration; };

static int performance_id, entry_id, navigator_id;
/* Of the process: set when the first VM is made, never again. */
static uint64_t origin_mono, origin_wall;

double web_now_ms(void) { return (double)((clock_mono_ns() - origin_mono) / 1000) / 1e3; }

static bool check(struct zigts *vm, zigts_val v, int id, const char *what)
{
	if (zigts_host_payload(v, id))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a %s object", what);
	return false;
}

static bool is_performance(struct zigts *vm, zigts_val v) { return check(vm, v, performance_id, "Performance"); }

static zigts_val m_now(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return is_performance(vm, a[0]) ? zigts_number(web_now_ms()) : ZIGTS_EXC;
}

static zigts_val g_origin(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return is_performance(vm, a[0]) ? zigts_number((double)(origin_wall / 1000) / 1e3) : ZIGTS_EXC;
}

static zigts_val m_to_json(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val t = g_origin(vm, a, argc), o = t == ZIGTS_EXC ? t : zigts_object(vm);

	return o == ZIGTS_EXC || zigts_set(vm, o, "timeOrigin", t) < 0 ? ZIGTS_EXC : o;
}

/* ---- marks and measures -------------------------------------------------------- */

static zigts_val entry(struct zigts *vm, zigts_val self, zigts_val name, const char *type, struct entry e, zigts_val detail)
{
	zigts_val v = zigts_host_new(vm, entry_id), list = zigts_host_slot(self, ENTRIES);

	if (list == ZIGTS_UNDEF) {
		list = zigts_array(vm);
		if (list != ZIGTS_EXC)
			zigts_host_set_slot(vm, self, ENTRIES, list);
	}
	if (v == ZIGTS_EXC || list == ZIGTS_EXC)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, v, NAME, name);
	zigts_host_set_slot(vm, v, TYPE, zigts_cstring(vm, type));
	zigts_host_set_slot(vm, v, DETAIL, detail == ZIGTS_UNDEF ? ZIGTS_NULL : detail);
	zigts_host_write(vm, v, 0, &e, sizeof e);
	return zigts_array_push(vm, list, v) < 0 ? ZIGTS_EXC : v;
}

/* A number of milliseconds, or the start of the last mark of that name; absent: other.
 * 0 or -1. */
static int moment(struct zigts *vm, zigts_val self, zigts_val v, double other, double *out)
{
	zigts_val list = zigts_host_slot(self, ENTRIES);
	struct sv name, s;

	*out = other;
	if (v == ZIGTS_UNDEF)
		return 0;
	if (zigts_type(v) == ZIGTS_T_NUMBER)
		return zigts_to_number(vm, v, out);
	name = web_text(vm, v);
	if (!name.p)
		return -1;
	for (uint32_t i = list == ZIGTS_UNDEF ? 0 : web_length(vm, list); i-- > 0;) {
		zigts_val e = zigts_get_index(vm, list, i);

		s = web_text(vm, zigts_host_slot(e, NAME));
		if (!s.p || zigts_tick(vm, 5) < 0)
			return -1;
		if (sv_eq(s, name)) {
			*out = ((const struct entry *)zigts_host_payload(e, entry_id))->start;
			return 0;
		}
	}
	zigts_throw_dom(vm, "SyntaxError", "The mark '%.*s' does not exist", (int)(name.n > 100 ? 100 : name.n), name.p);
	return -1;
}

static zigts_val option(struct zigts *vm, zigts_val o, const char *name)
{
	return web_is_object(o) ? zigts_get(vm, o, name) : ZIGTS_UNDEF;
}

static zigts_val m_mark(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val name, start, detail;
	struct entry e = { 0 };

	if (!is_performance(vm, a[0]) || !web_needs(vm, argc, 1, "Performance.mark"))
		return ZIGTS_EXC;
	name = web_string(vm, ZIGTS_ARG(0));
	detail = name == ZIGTS_EXC ? name : option(vm, ZIGTS_ARG(1), "detail");
	start = detail == ZIGTS_EXC ? detail : option(vm, ZIGTS_ARG(1), "startTime");
	if (start == ZIGTS_EXC)
		return start;
	e.start = web_now_ms();
	if (start != ZIGTS_UNDEF && zigts_to_number(vm, start, &e.start) < 0)
		return ZIGTS_EXC;
	return entry(vm, a[0], name, "mark", e, detail);
}

static zigts_val m_measure(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	bool dict = web_is_object(ZIGTS_ARG(1));
	zigts_val name, detail, from, to, lasts;
	double start, end, d = 0;

	if (!is_performance(vm, a[0]) || !web_needs(vm, argc, 1, "Performance.measure"))
		return ZIGTS_EXC;
	name = web_string(vm, ZIGTS_ARG(0));
	detail = name == ZIGTS_EXC ? name : option(vm, ZIGTS_ARG(1), "detail");
	lasts = detail == ZIGTS_EXC ? detail : option(vm, ZIGTS_ARG(1), "duration");
	to = lasts == ZIGTS_EXC ? lasts : dict ? zigts_get(vm, ZIGTS_ARG(1), "end") : ZIGTS_ARG(2);
	from = to == ZIGTS_EXC ? to : dict ? zigts_get(vm, ZIGTS_ARG(1), "start") : ZIGTS_ARG(1);
	if (from == ZIGTS_EXC || (lasts != ZIGTS_UNDEF && zigts_to_number(vm, lasts, &d) < 0) ||
	    moment(vm, a[0], from, 0, &start) < 0 ||
	    moment(vm, a[0], to, lasts != ZIGTS_UNDEF && from != ZIGTS_UNDEF ? start + d : web_now_ms(), &end) < 0)
		return ZIGTS_EXC;
	if (lasts != ZIGTS_UNDEF && from == ZIGTS_UNDEF)
		start = end - d;
	return entry(vm, a[0], name, "measure", (struct entry){ start, end - start }, detail);
}

/* Entries of a name and of a type, each any if undefined; but: those that are not, for
 * the methods that forget some. */
static zigts_val chosen(struct zigts *vm, zigts_val self, zigts_val name, zigts_val type, bool but)
{
	zigts_val list = zigts_host_slot(self, ENTRIES), out = zigts_array(vm);
	uint32_t n = list == ZIGTS_UNDEF ? 0 : web_length(vm, list);

	for (uint32_t i = 0; out != ZIGTS_EXC && i < n; i++) {
		zigts_val e = zigts_get_index(vm, list, i);
		bool is = (name == ZIGTS_UNDEF || zigts_same(vm, name, zigts_host_slot(e, NAME))) &&
			  (type == ZIGTS_UNDEF || zigts_same(vm, type, zigts_host_slot(e, TYPE)));

		if (zigts_tick(vm, 5) < 0 || (is != but && zigts_array_push(vm, out, e) < 0))
			return ZIGTS_EXC;
	}
	return out;
}

static zigts_val m_entries(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return is_performance(vm, a[0]) ? chosen(vm, a[0], ZIGTS_UNDEF, ZIGTS_UNDEF, false) : ZIGTS_EXC;
}

static zigts_val m_by_name(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return !is_performance(vm, a[0]) || !web_needs(vm, argc, 1, "Performance.getEntriesByName") ? ZIGTS_EXC
		: chosen(vm, a[0], ZIGTS_ARG(0), ZIGTS_ARG(1), false);
}

static zigts_val m_by_type(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return !is_performance(vm, a[0]) || !web_needs(vm, argc, 1, "Performance.getEntriesByType") ? ZIGTS_EXC
		: chosen(vm, a[0], ZIGTS_UNDEF, ZIGTS_ARG(0), false);
}

static zigts_val forget(struct zigts *vm, zigts_val *a, uint32_t argc, const char *type)
{
	zigts_val rest = is_performance(vm, a[0]) ? chosen(vm, a[0], ZIGTS_ARG(0), zigts_cstring(vm, type), true) : ZIGTS_EXC;

	if (rest == ZIGTS_EXC)
		return rest;
	zigts_host_set_slot(vm, a[0], ENTRIES, rest);
	return ZIGTS_UNDEF;
}

static zigts_val m_clear_marks(struct zigts *vm, zigts_val *a, uint32_t argc) { return forget(vm, a, argc, "mark"); }
static zigts_val m_clear_measures(struct zigts *vm, zigts_val *a, uint32_t argc) { return forget(vm, a, argc, "measure"); }

static zigts_val entry_slot(struct zigts *vm, zigts_val self, int slot)
{
	return check(vm, self, entry_id, "PerformanceEntry") ? zigts_host_slot(self, slot) : ZIGTS_EXC;
}

static zigts_val entry_number(struct zigts *vm, zigts_val self, bool duration)
{
	const struct entry *e = check(vm, self, entry_id, "PerformanceEntry") ? zigts_host_payload(self, entry_id) : NULL;

	return e ? zigts_number(duration ? e->duration : e->start) : ZIGTS_EXC;
}

static zigts_val g_name(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return entry_slot(vm, a[0], NAME); }
static zigts_val g_type(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return entry_slot(vm, a[0], TYPE); }
static zigts_val g_detail(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return entry_slot(vm, a[0], DETAIL); }
static zigts_val g_start(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return entry_number(vm, a[0], false); }
static zigts_val g_duration(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return entry_number(vm, a[0], true); }

/* ---- navigator ------------------------------------------------------------------ */

static zigts_val g_agent(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return check(vm, a[0], navigator_id, "Navigator") ? zigts_cstring(vm, "zigttp/" PACKAGE_VERSION) : ZIGTS_EXC;
}

/* ---- tables --------------------------------------------------------------------- */

static const struct zigts_row performance_rows[] = {
	ZIGTS_FN("now", 0, EFF_TIME, m_now),
	ZIGTS_GETTER("timeOrigin", EFF_TIME, g_origin),
	ZIGTS_FN("mark", 1, EFF_TIME | EFF_MUT | EFF_CALLS, m_mark),
	ZIGTS_FN("measure", 1, EFF_TIME | EFF_MUT | EFF_CALLS, m_measure),
	ZIGTS_FN("clearMarks", 0, EFF_MUT, m_clear_marks),
	ZIGTS_FN("clearMeasures", 0, EFF_MUT, m_clear_measures),
	ZIGTS_FN("getEntries", 0, EFF_NONE, m_entries),
	ZIGTS_FN("getEntriesByName", 1, EFF_NONE, m_by_name),
	ZIGTS_FN("getEntriesByType", 1, EFF_NONE, m_by_type),
	ZIGTS_FN("toJSON", 0, EFF_TIME, m_to_json),
};

static const struct zigts_row entry_rows[] = {
	ZIGTS_GETTER("name", EFF_NONE, g_name),
	ZIGTS_GETTER("entryType", EFF_NONE, g_type),
	ZIGTS_GETTER("startTime", EFF_NONE, g_start),
	ZIGTS_GETTER("duration", EFF_NONE, g_duration),
	ZIGTS_GETTER("detail", EFF_NONE, g_detail),
};

static const struct zigts_row navigator_rows[] = { ZIGTS_GETTER("userAgent", EFF_NONE, g_agent) };

int performance_install(struct zigts *vm)
{
	static const struct zigts_class performance = {
		.name = "Performance", .payload = 8, .nslots = P_NSLOTS, .rows = performance_rows,
		.nrows = WEB_ROWS(performance_rows),
	}, entries = {
		.name = "PerformanceEntry", .payload = sizeof(struct entry), .nslots = ENTRY_NSLOTS, .rows = entry_rows,
		.nrows = WEB_ROWS(entry_rows),
	}, navigator = {
		.name = "Navigator", .payload = 8, .rows = navigator_rows, .nrows = WEB_ROWS(navigator_rows),
	};

	if (origin_mono == 0) {
		origin_mono = clock_mono_ns();
		origin_wall = clock_wall_ns();
	}
	if (web_class(vm, &performance, true, &performance_id) < 0 || web_class(vm, &entries, true, &entry_id) < 0 ||
	    web_class(vm, &navigator, true, &navigator_id) < 0)
		return -1;
	zigts_define(vm, zigts_global(vm), "performance", zigts_host_new(vm, performance_id));
	zigts_define(vm, zigts_global(vm), "navigator", zigts_host_new(vm, navigator_id));
	return 0;
}
