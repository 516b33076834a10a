/* abort.c: AbortController and AbortSignal (DOM 3). Called by scripts; the host aborts
 * the signal of a request through web_signal_abort. Signals that follow others are
 * held by them strongly: both die with the request. */
#include "web/event.h"

enum { S_REASON = TARGET_NSLOTS, S_LISTENERS, S_SOURCES, S_DEPENDENTS, S_NSLOTS };
struct signal { uint8_t aborted, dependent; };
enum { C_SIGNAL, C_NSLOTS };

static int signal_id, controller_id, steps_id;

static const struct signal *state_of(zigts_val v) { return zigts_host_payload(v, signal_id); }

bool signal_is(zigts_val v) { return state_of(v) != NULL; }
bool signal_aborted(zigts_val v) { return state_of(v)->aborted; }

static bool check(struct zigts *vm, zigts_val v)
{
	if (signal_is(v))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not an AbortSignal object");
	return false;
}

zigts_val web_signal(struct zigts *vm) { return zigts_host_new(vm, signal_id); }
bool web_signal_is(zigts_val v) { return signal_is(v); }
bool web_signal_aborted(zigts_val v) { return signal_aborted(v); }
zigts_val web_signal_reason(zigts_val v) { return zigts_host_slot(v, S_REASON); }

/* The array in a slot, made when it is first needed. */
static zigts_val list_in(struct zigts *vm, zigts_val self, int slot)
{
	zigts_val list = zigts_host_slot(self, slot);

	if (list == ZIGTS_UNDEF) {
		list = zigts_array(vm);
		if (list != ZIGTS_EXC)
			zigts_host_set_slot(vm, self, slot, list);
	}
	return list;
}

static int push(struct zigts *vm, zigts_val self, int slot, zigts_val v)
{
	zigts_val list = list_in(vm, self, slot);

	return list == ZIGTS_EXC ? -1 : zigts_array_push(vm, list, v);
}

static uint32_t count(struct zigts *vm, zigts_val list) { return list == ZIGTS_UNDEF ? 0 : web_length(vm, list); }

int signal_drop_listener(struct zigts *vm, zigts_val signal, zigts_val target, zigts_val listener)
{
	return push(vm, signal, S_LISTENERS, target) < 0 ? -1 : push(vm, signal, S_LISTENERS, listener);
}

static void mark(struct zigts *vm, zigts_val self, zigts_val reason)
{
	struct signal st = *state_of(self);

	st.aborted = 1;
	zigts_host_write(vm, self, 0, &st, sizeof st);
	zigts_host_set_slot(vm, self, S_REASON, reason);
}

/* 3.2 "run the abort steps". */
static int run_steps(struct zigts *vm, zigts_val self)
{
	zigts_val list = zigts_host_slot(self, S_LISTENERS);
	uint32_t n = count(vm, list);

	zigts_host_set_slot(vm, self, S_LISTENERS, ZIGTS_UNDEF);
	for (uint32_t i = 0; i + 1 < n; i += 2) {
		zigts_val target = zigts_get_index(vm, list, i);

		if (zigts_type(target) == ZIGTS_T_FUNCTION ? zigts_call(vm, target, ZIGTS_UNDEF, 0, NULL) == ZIGTS_EXC :
		    event_signal_aborted(vm, target, zigts_get_index(vm, list, i + 1)) < 0)
			return -1;
	}
	return event_fire(vm, self, "abort");
}

int web_signal_abort(struct zigts *vm, zigts_val self, zigts_val reason)
{
	zigts_val dependents = zigts_host_slot(self, S_DEPENDENTS), todo = zigts_array(vm);
	uint32_t n = count(vm, dependents);

	if (state_of(self)->aborted)
		return 0;
	if (reason == ZIGTS_UNDEF)
		reason = zigts_dom_exception(vm, "AbortError", "This operation was aborted");
	if (todo == ZIGTS_EXC)
		return -1;
	mark(vm, self, reason);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val d = zigts_get_index(vm, dependents, i);

		if (state_of(d)->aborted)
			continue;
		mark(vm, d, reason);
		if (zigts_array_push(vm, todo, d) < 0)
			return -1;
	}
	if (run_steps(vm, self) < 0)
		return -1;
	n = web_length(vm, todo);
	for (uint32_t i = 0; i < n; i++)
		if (run_steps(vm, zigts_get_index(vm, todo, i)) < 0)
			return -1;
	return 0;
}

/* ---- AbortSignal -------------------------------------------------------------- */

static zigts_val g_aborted(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return !check(vm, a[0]) ? ZIGTS_EXC : signal_aborted(a[0]) ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static zigts_val g_reason(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return check(vm, a[0]) ? zigts_host_slot(a[0], S_REASON) : ZIGTS_EXC;
}

static zigts_val m_throw(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	if (!check(vm, a[0]))
		return ZIGTS_EXC;
	return signal_aborted(a[0]) ? zigts_throw_value(vm, zigts_host_slot(a[0], S_REASON)) : ZIGTS_UNDEF;
}

static zigts_val g_onabort(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return check(vm, a[0]) ? event_handler(vm, a[0], "abort") : ZIGTS_EXC;
}

static zigts_val s_onabort(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return !check(vm, a[0]) || event_set_handler(vm, a[0], "abort", ZIGTS_ARG(0)) < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

static zigts_val s_abort(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v = web_signal(vm);

	return v == ZIGTS_EXC || web_signal_abort(vm, v, ZIGTS_ARG(0)) < 0 ? ZIGTS_EXC : v;
}

static int collect(struct zigts *vm, void *u, zigts_val v)
{
	return !check(vm, v) ? -1 : zigts_array_push(vm, *(zigts_val *)u, v);
}

/* self follows `source`, which follows nobody. */
static int follow(struct zigts *vm, zigts_val self, zigts_val source)
{
	zigts_val have = zigts_host_slot(self, S_SOURCES);
	uint32_t n = count(vm, have);

	for (uint32_t i = 0; i < n; i++)
		if (zigts_get_index(vm, have, i) == source)
			return 0;
	return push(vm, self, S_SOURCES, source) < 0 || push(vm, source, S_DEPENDENTS, self) < 0 ? -1 : zigts_tick(vm, n + 5);
}

int web_signal_follow(struct zigts *vm, zigts_val self, zigts_val source)
{
	static const struct signal st = { .dependent = 1 };
	zigts_val list;
	uint32_t n;

	if (state_of(source)->aborted) {
		mark(vm, self, web_signal_reason(source));
		return 0;
	}
	zigts_host_write(vm, self, 0, &st, sizeof st);
	if (!state_of(source)->dependent)
		return follow(vm, self, source);
	list = zigts_host_slot(source, S_SOURCES);
	n = count(vm, list);
	for (uint32_t i = 0; i < n; i++)
		if (follow(vm, self, zigts_get_index(vm, list, i)) < 0)
			return -1;
	return 0;
}

/* 3.2 "create a dependent abort signal". */
static zigts_val s_any(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	static const struct signal dependent = { .dependent = 1 };
	zigts_val list = zigts_array(vm), self = web_signal(vm);
	uint32_t n;
	int is;

	if (list == ZIGTS_EXC || self == ZIGTS_EXC || !web_needs(vm, argc, 1, "AbortSignal.any"))
		return ZIGTS_EXC;
	is = web_is_object(ZIGTS_ARG(0)) ? zigts_is_iterable(vm, ZIGTS_ARG(0)) : 0;
	if (is == 0)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "AbortSignal.any: an iterable of signals is needed");
	if (is < 0 || zigts_each(vm, ZIGTS_ARG(0), collect, &list) < 0)
		return ZIGTS_EXC;
	n = web_length(vm, list);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val s = zigts_get_index(vm, list, i);

		if (signal_aborted(s)) {
			mark(vm, self, web_signal_reason(s));
			return self;
		}
	}
	zigts_host_write(vm, self, 0, &dependent, sizeof dependent);
	for (uint32_t i = 0; i < n; i++)
		if (web_signal_follow(vm, self, zigts_get_index(vm, list, i)) < 0)
			return ZIGTS_EXC;
	return self;
}

/* What the timer of a signal calls. */
static zigts_val timed_out(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val reason = zigts_dom_exception(vm, "TimeoutError", "The operation was aborted due to timeout");

	return signal_is(ZIGTS_ARG(0)) && web_signal_abort(vm, ZIGTS_ARG(0), reason) < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

/* timeout(ms): [EnforceRange] unsigned long long. The signal alone keeps no program
 * going. */
static zigts_val s_timeout(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val self, fn;
	double ms;

	if (!web_needs(vm, argc, 1, "AbortSignal.timeout") || zigts_to_number(vm, ZIGTS_ARG(0), &ms) < 0)
		return ZIGTS_EXC;
	if (!(ms > -1 && ms <= 9007199254740991.0))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "AbortSignal.timeout: the delay is out of range");
	self = web_signal(vm);
	fn = self == ZIGTS_EXC ? self : zigts_get(vm, zigts_class_ctor(vm, steps_id), "timeout");
	return fn == ZIGTS_EXC || zigts_after(vm, ms < 1 ? 0 : ms, fn, self, true) < 0 ? ZIGTS_EXC : self;
}

/* ---- AbortController ------------------------------------------------------------- */

static bool controller_check(struct zigts *vm, zigts_val v)
{
	if (zigts_host_payload(v, controller_id))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not an AbortController object");
	return false;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val self = zigts_host_new(vm, controller_id), signal = self == ZIGTS_EXC ? self : web_signal(vm);

	(void)a, (void)argc;
	if (signal == ZIGTS_EXC)
		return signal;
	zigts_host_set_slot(vm, self, C_SIGNAL, signal);
	return self;
}

static zigts_val g_signal(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return controller_check(vm, a[0]) ? zigts_host_slot(a[0], C_SIGNAL) : ZIGTS_EXC;
}

static zigts_val m_abort(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	if (!controller_check(vm, a[0]) || web_signal_abort(vm, zigts_host_slot(a[0], C_SIGNAL), ZIGTS_ARG(0)) < 0)
		return ZIGTS_EXC;
	return ZIGTS_UNDEF;
}

static const struct zigts_row signal_rows[] = {
	ZIGTS_STATIC("abort", 0, EFF_MUT, s_abort),
	ZIGTS_STATIC("timeout", 1, EFF_TIME | EFF_MUT | EFF_CALLS, s_timeout),
	ZIGTS_STATIC("any", 1, EFF_MUT | EFF_CALLS, s_any),
	ZIGTS_GETTER("aborted", EFF_NONE, g_aborted),
	ZIGTS_GETTER("reason", EFF_NONE, g_reason),
	ZIGTS_FN("throwIfAborted", 0, EFF_NONE, m_throw),
	ZIGTS_ACCESSOR("onabort", EFF_MUT, g_onabort, s_onabort),
};

static const struct zigts_row controller_rows[] = {
	ZIGTS_GETTER("signal", EFF_NONE, g_signal),
	ZIGTS_FN("abort", 0, EFF_MUT | EFF_CALLS, m_abort),
};

/* ---- for the library ------------------------------------------------------------ */

static zigts_val lib_new(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return web_signal(vm);
}

/* signalAbort(signal, reason), as AbortController.abort does it */
static zigts_val lib_abort(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a;
	return !check(vm, ZIGTS_ARG(0)) || web_signal_abort(vm, ZIGTS_ARG(0), ZIGTS_ARG(1)) < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

static zigts_val lib_is(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)vm, (void)a;
	return signal_is(ZIGTS_ARG(0)) ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static zigts_val lib_aborted(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)vm, (void)a;
	return signal_is(ZIGTS_ARG(0)) && signal_aborted(ZIGTS_ARG(0)) ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static zigts_val lib_reason(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a;
	return check(vm, ZIGTS_ARG(0)) ? web_signal_reason(ZIGTS_ARG(0)) : ZIGTS_EXC;
}

/* signalStep(signal, f): f is called when it aborts (3.2 "add an algorithm"). */
static zigts_val lib_step(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a;
	if (!check(vm, ZIGTS_ARG(0)) || signal_drop_listener(vm, ZIGTS_ARG(0), ZIGTS_ARG(1), ZIGTS_UNDEF) < 0)
		return ZIGTS_EXC;
	return ZIGTS_UNDEF;
}

static const struct zigts_row library_rows[] = {
	ZIGTS_FN("signalNew", 0, EFF_NONE, lib_new),
	ZIGTS_FN("signalAbort", 2, EFF_MUT | EFF_CALLS, lib_abort),
	ZIGTS_FN("isSignal", 1, EFF_NONE, lib_is),
	ZIGTS_FN("signalAborted", 1, EFF_NONE, lib_aborted),
	ZIGTS_FN("signalReason", 1, EFF_NONE, lib_reason),
	ZIGTS_FN("signalStep", 2, EFF_MUT, lib_step),
};

static const struct zigts_row steps_rows[] = { ZIGTS_STATIC("timeout", 1, EFF_MUT | EFF_CALLS, timed_out) };

int abort_install(struct zigts *vm)
{
	zigts_library_natives(vm, library_rows, WEB_ROWS(library_rows));
	static struct zigts_class signal = {
		.name = "AbortSignal", .payload = 8, .nslots = S_NSLOTS, .rows = signal_rows,
		.nrows = WEB_ROWS(signal_rows),
	};
	static const struct zigts_class controller = {
		.name = "AbortController", .payload = 8, .nslots = C_NSLOTS, .ctor_effect = EFF_NONE,
		.ctor = construct, .rows = controller_rows, .nrows = WEB_ROWS(controller_rows),
	};

	static const struct zigts_class steps = {
		.name = "AbortSteps", .payload = 8, .rows = steps_rows, .nrows = WEB_ROWS(steps_rows),
	};

	signal.parent = event_target_class();
	return web_class(vm, &signal, true, &signal_id) < 0 || web_class(vm, &controller, true, &controller_id) < 0 ? -1
		: web_class(vm, &steps, false, &steps_id);
}
