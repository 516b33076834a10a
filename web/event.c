/* event.c: Event, CustomEvent and EventTarget (DOM 2), ErrorEvent, PromiseRejectionEvent
 * and reportError (HTML 8.1.4). There is no tree: an event's
 * path is its target alone. Called by scripts; other classes of web/ extend
 * EventTarget and fire events through the functions of parts.h.
 *
 * The listeners of a target are an array of EventListener objects, in order. To remove
 * one makes a new array, so a dispatch under way walks what it began with, up to the
 * length that it had then. */
#include "web/event.h"

#include <stddef.h>

#include "base/clock.h"

enum phase { NO_PHASE, CAPTURING, AT_TARGET, BUBBLING };

struct event {
	double time;             /* < 0: not asked for yet */
	uint8_t bubbles, cancelable, composed;
	uint8_t canceled, stopped, stopped_now, in_passive;
	uint8_t initialized, dispatching, trusted, phase;
};
enum { E_TYPE, E_TARGET, E_CURRENT, E_NSLOTS };

/* Members that events of derived classes have, in the order in which their dictionaries
 * are read; slots from E_NSLOTS on. */
enum member_type { ANY, NEEDED, OR_NULL, STRING, NUMBER };
struct event_member { const char *name; enum member_type type; };
enum { DETAIL, CUSTOM_MEMBERS };
static const struct event_member custom_members[] = { { "detail", OR_NULL } };
enum { COLNO, ERROR, FILENAME, LINENO, MESSAGE, ERROR_MEMBERS };
static const struct event_member error_members[] = {
	{ "colno", NUMBER }, { "error", ANY }, { "filename", STRING }, { "lineno", NUMBER }, { "message", STRING },
};
enum { PROMISE, REASON, REJECTION_MEMBERS };
static const struct event_member rejection_members[] = { { "promise", NEEDED }, { "reason", ANY } };

/* An event listener (DOM 2.7). */
struct listener { uint8_t capture, once, passive, removed, handler; };
enum { L_TYPE, L_CALLBACK, L_NSLOTS };

static int event_id, custom_id, error_id, rejection_id, target_id, listener_id;

int event_target_class(void) { return target_id; }
bool event_target_is(zigts_val v) { return zigts_host_payload(v, target_id) != NULL; }

static const struct event *event_of(struct zigts *vm, zigts_val v)
{
	const struct event *e = zigts_host_payload(v, event_id);

	if (!e)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not an Event object");
	return e;
}

static void put(struct zigts *vm, zigts_val self, size_t field, uint8_t v) { zigts_host_write(vm, self, field, &v, 1); }
#define PUT(vm, self, field, v) put(vm, self, offsetof(struct event, field), v)

static zigts_val boolean(bool b) { return b ? ZIGTS_TRUE : ZIGTS_FALSE; }

/* ---- events ------------------------------------------------------------------ */

/* A dictionary's boolean member: 0, 1, or -1 for an exception. */
static int member(struct zigts *vm, zigts_val dict, const char *name)
{
	zigts_val v = dict == ZIGTS_UNDEF ? dict : zigts_get(vm, dict, name);

	return v == ZIGTS_EXC ? -1 : zigts_truthy(v);
}

static int read_flags(struct zigts *vm, zigts_val init, struct event *e)
{
	int b = member(vm, init, "bubbles"), c = b < 0 ? b : member(vm, init, "cancelable"),
	    d = c < 0 ? c : member(vm, init, "composed");

	if (d < 0)
		return -1;
	e->bubbles = (uint8_t)b;
	e->cancelable = (uint8_t)c;
	e->composed = (uint8_t)d;
	return 0;
}

static zigts_val make(struct zigts *vm, int id, zigts_val type, const struct event *e)
{
	zigts_val self = zigts_host_new(vm, id);

	if (self == ZIGTS_EXC)
		return self;
	zigts_host_set_slot(vm, self, E_TYPE, type);
	zigts_host_set_slot(vm, self, E_TARGET, ZIGTS_NULL);
	zigts_host_set_slot(vm, self, E_CURRENT, ZIGTS_NULL);
	zigts_host_write(vm, self, 0, e, sizeof *e);
	return self;
}

/* The value of a member of the dictionary, which may be undefined. */
static zigts_val member_value(struct zigts *vm, zigts_val init, const struct event_member *m)
{
	zigts_val v = init == ZIGTS_UNDEF ? init : zigts_get(vm, init, m->name);
	double d;

	if (v == ZIGTS_EXC || m->type == ANY)
		return v;
	if (m->type == NEEDED)
		return v != ZIGTS_UNDEF ? v : zigts_throw(vm, ZIGTS_TYPE_ERROR, "the member %s is required", m->name);
	if (m->type == OR_NULL)
		return v == ZIGTS_UNDEF ? ZIGTS_NULL : v;
	if (m->type == STRING)
		return v == ZIGTS_UNDEF ? zigts_cstring(vm, "") : web_string(vm, v);
	if (v == ZIGTS_UNDEF)
		return zigts_int(0);
	if (zigts_to_number(vm, v, &d) < 0)
		return ZIGTS_EXC;
	return zigts_number(d >= 0 && d < 4294967296.0 ? (double)(uint32_t)d : 0);
}

static zigts_val construct_as(struct zigts *vm, zigts_val *a, uint32_t argc, int id, const struct event_member *members, int n,
			      const char *what)
{
	struct event e = { .time = -1, .initialized = 1 };
	zigts_val type, init, self, value[ERROR_MEMBERS];

	if (!web_needs(vm, argc, n && members[0].type == NEEDED ? 2 : 1, what))
		return ZIGTS_EXC;
	type = web_string(vm, ZIGTS_ARG(0));
	init = type == ZIGTS_EXC ? type : web_dictionary(vm, ZIGTS_ARG(1), what);
	if (init == ZIGTS_EXC || read_flags(vm, init, &e) < 0)
		return ZIGTS_EXC;
	for (int i = 0; i < n; i++) {
		value[i] = member_value(vm, init, &members[i]);
		if (value[i] == ZIGTS_EXC)
			return ZIGTS_EXC;
	}
	self = make(vm, id, type, &e);
	for (int i = 0; self != ZIGTS_EXC && i < n; i++)
		zigts_host_set_slot(vm, self, E_NSLOTS + i, value[i]);
	return self;
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return construct_as(vm, a, argc, event_id, NULL, 0, "Event");
}

static zigts_val construct_custom(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return construct_as(vm, a, argc, custom_id, custom_members, CUSTOM_MEMBERS, "CustomEvent");
}

static zigts_val construct_error(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return construct_as(vm, a, argc, error_id, error_members, ERROR_MEMBERS, "ErrorEvent");
}

static zigts_val construct_rejection(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return construct_as(vm, a, argc, rejection_id, rejection_members, REJECTION_MEMBERS, "PromiseRejectionEvent");
}

static zigts_val slot(struct zigts *vm, zigts_val self, int i)
{
	return event_of(vm, self) ? zigts_host_slot(self, i) : ZIGTS_EXC;
}

static zigts_val g_type(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return slot(vm, a[0], E_TYPE); }
static zigts_val g_target(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return slot(vm, a[0], E_TARGET); }
static zigts_val g_current(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return slot(vm, a[0], E_CURRENT); }

/* One getter for each condition on e. */
#define FLAG(name, expr) \
	static zigts_val g_##name(struct zigts *vm, zigts_val *a, uint32_t argc) \
	{ \
		const struct event *e = event_of(vm, a[0]); \
		(void)argc; \
		return e ? boolean(expr) : ZIGTS_EXC; \
	}
FLAG(bubbles, e->bubbles)
FLAG(cancelable, e->cancelable)
FLAG(composed, e->composed)
FLAG(default_prevented, e->canceled)
FLAG(return_value, !e->canceled)
FLAG(cancel_bubble, e->stopped)
FLAG(is_trusted, e->trusted)
#undef FLAG

static zigts_val g_phase(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct event *e = event_of(vm, a[0]);

	(void)argc;
	return e ? zigts_int(e->phase) : ZIGTS_EXC;
}

/* The clock is read when somebody asks, so that an event alone does not make an
 * answer depend on time. */
static zigts_val g_time(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct event *e = event_of(vm, a[0]);
	double t;

	(void)argc;
	if (!e)
		return ZIGTS_EXC;
	t = e->time;
	if (t < 0) {
		t = web_now_ms();
		zigts_host_write(vm, a[0], offsetof(struct event, time), &t, sizeof t);
	}
	return zigts_number(t);
}

static zigts_val m_composed_path(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val arr, current = slot(vm, a[0], E_CURRENT);

	(void)argc;
	arr = current == ZIGTS_EXC ? current : zigts_array(vm);
	if (arr != ZIGTS_EXC && current != ZIGTS_NULL && zigts_array_push(vm, arr, current) < 0)
		return ZIGTS_EXC;
	return arr;
}

static zigts_val m_stop(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	if (!event_of(vm, a[0]))
		return ZIGTS_EXC;
	PUT(vm, a[0], stopped, 1);
	return ZIGTS_UNDEF;
}

static zigts_val m_stop_now(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	if (m_stop(vm, a, argc) == ZIGTS_EXC)
		return ZIGTS_EXC;
	PUT(vm, a[0], stopped_now, 1);
	return ZIGTS_UNDEF;
}

static zigts_val s_cancel_bubble(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	if (!event_of(vm, a[0]))
		return ZIGTS_EXC;
	return zigts_truthy(ZIGTS_ARG(0)) ? m_stop(vm, a, argc) : ZIGTS_UNDEF;
}

static zigts_val m_prevent(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct event *e = event_of(vm, a[0]);

	(void)argc;
	if (!e)
		return ZIGTS_EXC;
	if (e->cancelable && !e->in_passive)
		PUT(vm, a[0], canceled, 1);
	return ZIGTS_UNDEF;
}

static zigts_val s_return_value(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	if (!event_of(vm, a[0]))
		return ZIGTS_EXC;
	return zigts_truthy(ZIGTS_ARG(0)) ? ZIGTS_UNDEF : m_prevent(vm, a, argc);
}

/* initEvent and initCustomEvent (2.2, "initialize an event"). */
static zigts_val reinit(struct zigts *vm, zigts_val *a, uint32_t argc, const char *what)
{
	const struct event *e = event_of(vm, a[0]);
	zigts_val type;
	struct event x;

	if (!e || !web_needs(vm, argc, 1, what))
		return ZIGTS_EXC;
	type = web_string(vm, ZIGTS_ARG(0));
	if (type == ZIGTS_EXC || e->dispatching)
		return type == ZIGTS_EXC ? type : ZIGTS_FALSE;
	x = *e;
	x.initialized = 1;
	x.stopped = x.stopped_now = x.canceled = x.trusted = 0;
	x.bubbles = zigts_truthy(ZIGTS_ARG(1));
	x.cancelable = zigts_truthy(ZIGTS_ARG(2));
	zigts_host_write(vm, a[0], 0, &x, sizeof x);
	zigts_host_set_slot(vm, a[0], E_TARGET, ZIGTS_NULL);
	zigts_host_set_slot(vm, a[0], E_TYPE, type);
	return ZIGTS_TRUE;
}

static zigts_val m_init(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return reinit(vm, a, argc, "Event.initEvent") == ZIGTS_EXC ? ZIGTS_EXC : ZIGTS_UNDEF;
}

/* Is v an event of the class? TypeError. */
static bool is_of(struct zigts *vm, zigts_val v, int id)
{
	if (zigts_host_payload(v, id))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not an event of this class");
	return false;
}

static zigts_val member_slot(struct zigts *vm, zigts_val self, int id, int i)
{
	return is_of(vm, self, id) ? zigts_host_slot(self, E_NSLOTS + i) : ZIGTS_EXC;
}

static zigts_val m_init_custom(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val r = is_of(vm, a[0], custom_id) ? reinit(vm, a, argc, "CustomEvent.initCustomEvent") : ZIGTS_EXC;

	if (r == ZIGTS_TRUE)
		zigts_host_set_slot(vm, a[0], E_NSLOTS + DETAIL, ZIGTS_ARG(3) == ZIGTS_UNDEF ? ZIGTS_NULL : ZIGTS_ARG(3));
	return r == ZIGTS_EXC ? r : ZIGTS_UNDEF;
}

/* One getter for each member. */
#define MEMBER(name, id, i) \
	static zigts_val g_##name(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return member_slot(vm, a[0], id, i); }
MEMBER(detail, custom_id, DETAIL)
MEMBER(colno, error_id, COLNO)
MEMBER(error, error_id, ERROR)
MEMBER(filename, error_id, FILENAME)
MEMBER(lineno, error_id, LINENO)
MEMBER(message, error_id, MESSAGE)
MEMBER(promise, rejection_id, PROMISE)
MEMBER(reason, rejection_id, REASON)
#undef MEMBER

/* ---- listeners ------------------------------------------------------------------ */

static const struct listener *listener_of(zigts_val l) { return zigts_host_payload(l, listener_id); }

static bool target_check(struct zigts *vm, zigts_val v)
{
	if (zigts_host_payload(v, target_id))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not an EventTarget object");
	return false;
}

/* The place of a listener in the target's list; -1: none. A handler (the onabort of a
 * signal) is found without its callback. */
static int64_t find(struct zigts *vm, zigts_val target, zigts_val type, zigts_val callback, bool capture, bool handler)
{
	zigts_val list = zigts_host_slot(target, TARGET_LISTENERS);
	uint32_t n = list == ZIGTS_UNDEF ? 0 : web_length(vm, list);

	for (uint32_t i = 0; i < n; i++) {
		zigts_val l = zigts_get_index(vm, list, i);
		const struct listener *x = listener_of(l);

		if (x->handler == handler && x->capture == capture && (handler || zigts_host_slot(l, L_CALLBACK) == callback) &&
		    zigts_same(vm, zigts_host_slot(l, L_TYPE), type))
			return i;
	}
	return -1;
}

/* A listener leaves its target. 0 or -1. */
static int drop(struct zigts *vm, zigts_val target, zigts_val listener)
{
	zigts_val old = zigts_host_slot(target, TARGET_LISTENERS), list = zigts_array(vm);
	uint32_t n = web_length(vm, old);
	struct listener x = *listener_of(listener);

	if (list == ZIGTS_EXC)
		return -1;
	x.removed = 1;
	zigts_host_write(vm, listener, 0, &x, sizeof x);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val l = zigts_get_index(vm, old, i);

		if (l != listener && zigts_array_push(vm, list, l) < 0)
			return -1;
	}
	zigts_host_set_slot(vm, target, TARGET_LISTENERS, list);
	return zigts_tick(vm, n);
}

static zigts_val add(struct zigts *vm, zigts_val target, zigts_val type, zigts_val callback, const struct listener *x)
{
	zigts_val list = zigts_host_slot(target, TARGET_LISTENERS), l = zigts_host_new(vm, listener_id);

	if (list == ZIGTS_UNDEF) {
		list = zigts_array(vm);
		if (list != ZIGTS_EXC)
			zigts_host_set_slot(vm, target, TARGET_LISTENERS, list);
	}
	if (list == ZIGTS_EXC || l == ZIGTS_EXC)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, l, L_TYPE, type);
	zigts_host_set_slot(vm, l, L_CALLBACK, callback);
	zigts_host_write(vm, l, 0, x, sizeof *x);
	return zigts_array_push(vm, list, l) < 0 ? ZIGTS_EXC : l;
}

/* An EventListener argument: null, a function or an object. */
static bool callback_check(struct zigts *vm, zigts_val v)
{
	if (v == ZIGTS_NULL || v == ZIGTS_UNDEF || web_is_object(v))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "the listener must be a function or an object");
	return false;
}

/* The third argument: an object or, once upon a time, a boolean. *signal: undefined if
 * there is none. 0 or -1. */
static int read_options(struct zigts *vm, zigts_val v, bool all, struct listener *x, zigts_val *signal)
{
	int c, o = 0, p = 0;

	*signal = ZIGTS_UNDEF;
	if (!web_is_object(v)) {
		x->capture = zigts_truthy(v);
		return 0;
	}
	c = member(vm, v, "capture");
	if (all && c >= 0) {
		o = member(vm, v, "once");
		p = o < 0 ? o : member(vm, v, "passive");
		*signal = p < 0 ? ZIGTS_EXC : zigts_get(vm, v, "signal");
	}
	if (c < 0 || o < 0 || p < 0 || *signal == ZIGTS_EXC)
		return -1;
	if (*signal != ZIGTS_UNDEF && !signal_is(*signal)) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "the option signal must be an AbortSignal");
		return -1;
	}
	*x = (struct listener){ .capture = (uint8_t)c, .once = (uint8_t)o, .passive = (uint8_t)p };
	return 0;
}

int event_signal_aborted(struct zigts *vm, zigts_val target, zigts_val listener)
{
	return listener_of(listener)->removed ? 0 : drop(vm, target, listener);
}

static zigts_val m_add(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val type, callback = ZIGTS_ARG(1), signal, l;
	struct listener x = { 0 };

	if (!target_check(vm, a[0]) || !web_needs(vm, argc, 2, "EventTarget.addEventListener"))
		return ZIGTS_EXC;
	type = web_string(vm, ZIGTS_ARG(0));
	if (type == ZIGTS_EXC || !callback_check(vm, callback) || read_options(vm, ZIGTS_ARG(2), true, &x, &signal) < 0)
		return ZIGTS_EXC;
	if (!web_is_object(callback) || (signal != ZIGTS_UNDEF && signal_aborted(signal)) ||
	    find(vm, a[0], type, callback, x.capture, false) >= 0)
		return ZIGTS_UNDEF;
	l = add(vm, a[0], type, callback, &x);
	if (l == ZIGTS_EXC || (signal != ZIGTS_UNDEF && signal_drop_listener(vm, signal, a[0], l) < 0))
		return ZIGTS_EXC;
	return ZIGTS_UNDEF;
}

static zigts_val m_remove(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val type, callback = ZIGTS_ARG(1), signal;
	struct listener x = { 0 };
	int64_t at;

	if (!target_check(vm, a[0]) || !web_needs(vm, argc, 2, "EventTarget.removeEventListener"))
		return ZIGTS_EXC;
	type = web_string(vm, ZIGTS_ARG(0));
	if (type == ZIGTS_EXC || !callback_check(vm, callback) || read_options(vm, ZIGTS_ARG(2), false, &x, &signal) < 0)
		return ZIGTS_EXC;
	at = find(vm, a[0], type, callback, x.capture, false);
	if (at < 0)
		return ZIGTS_UNDEF;
	return drop(vm, a[0], zigts_get_index(vm, zigts_host_slot(a[0], TARGET_LISTENERS), (uint32_t)at)) < 0 ? ZIGTS_EXC
		: ZIGTS_UNDEF;
}

/* ---- dispatch ---------------------------------------------------------------------- */

/* 2.9 "inner invoke" for one listener. 0; -1: the VM terminates. */
static int invoke(struct zigts *vm, zigts_val target, zigts_val event, zigts_val l)
{
	const struct listener *x = listener_of(l);
	zigts_val fn = zigts_host_slot(l, L_CALLBACK), self = target, r;

	if (x->once && drop(vm, target, l) < 0)
		return -1;
	if (x->passive)
		PUT(vm, event, in_passive, 1);
	if (zigts_type(fn) != ZIGTS_T_FUNCTION && !x->handler) {
		self = fn;
		fn = zigts_get(vm, self, "handleEvent");
		if (fn != ZIGTS_EXC && zigts_type(fn) != ZIGTS_T_FUNCTION)
			fn = zigts_throw(vm, ZIGTS_TYPE_ERROR, "the listener has no handleEvent method");
	}
	r = fn == ZIGTS_EXC ? fn : zigts_call(vm, fn, self, 1, &event);
	PUT(vm, event, in_passive, 0);
	if (x->handler && r == ZIGTS_FALSE)
		(void)m_prevent(vm, &event, 0);
	return r == ZIGTS_EXC ? zigts_report(vm) : 0;
}

static int invoke_all(struct zigts *vm, zigts_val target, zigts_val event, zigts_val list, uint32_t n, bool capture)
{
	const struct event *e = zigts_host_payload(event, event_id);

	for (uint32_t i = 0; i < n && !e->stopped_now; i++) {
		zigts_val l = zigts_get_index(vm, list, i);
		const struct listener *x = listener_of(l);

		if (zigts_tick(vm, 5) < 0)
			return -1;
		if (!x->removed && x->capture == capture &&
		    zigts_same(vm, zigts_host_slot(l, L_TYPE), zigts_host_slot(event, E_TYPE)) && invoke(vm, target, event, l) < 0)
			return -1;
	}
	return 0;
}

/* 2.9 "dispatch". 1: go on with the default action, 0: canceled, -1. */
static int dispatch(struct zigts *vm, zigts_val target, zigts_val event)
{
	const struct event *e = zigts_host_payload(event, event_id);
	zigts_val list = zigts_host_slot(target, TARGET_LISTENERS);
	uint32_t n = list == ZIGTS_UNDEF ? 0 : web_length(vm, list);
	int r;

	PUT(vm, event, dispatching, 1);
	zigts_host_set_slot(vm, event, E_TARGET, target);
	zigts_host_set_slot(vm, event, E_CURRENT, target);
	PUT(vm, event, phase, AT_TARGET);
	r = e->stopped ? 0 : invoke_all(vm, target, event, list, n, true);
	/* The second half looks at the list anew, as the standard's two passes do. */
	list = zigts_host_slot(target, TARGET_LISTENERS);
	n = list == ZIGTS_UNDEF ? 0 : web_length(vm, list);
	if (r == 0 && !e->stopped)
		r = invoke_all(vm, target, event, list, n, false);
	PUT(vm, event, phase, NO_PHASE);
	PUT(vm, event, dispatching, 0);
	PUT(vm, event, stopped, 0);
	PUT(vm, event, stopped_now, 0);
	zigts_host_set_slot(vm, event, E_CURRENT, ZIGTS_NULL);
	return r < 0 ? -1 : !e->canceled;
}

static zigts_val m_dispatch(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct event *e;
	int r;

	if (!target_check(vm, a[0]) || !web_needs(vm, argc, 1, "EventTarget.dispatchEvent"))
		return ZIGTS_EXC;
	e = event_of(vm, ZIGTS_ARG(0));
	if (!e)
		return ZIGTS_EXC;
	if (e->dispatching || !e->initialized)
		return zigts_throw_dom(vm, "InvalidStateError", "The event is already being dispatched");
	PUT(vm, ZIGTS_ARG(0), trusted, 0);
	r = dispatch(vm, a[0], ZIGTS_ARG(0));
	return r < 0 ? ZIGTS_EXC : boolean(r);
}

int event_fire(struct zigts *vm, zigts_val target, const char *type)
{
	struct event e = { .time = -1, .initialized = 1, .trusted = 1 };
	zigts_val event;

	if (zigts_host_slot(target, TARGET_LISTENERS) == ZIGTS_UNDEF)
		return 0;
	event = make(vm, event_id, zigts_cstring(vm, type), &e);
	return event == ZIGTS_EXC || dispatch(vm, target, event) < 0 ? -1 : 0;
}

/* ---- event handler attributes (HTML 8.1.8.1) ------------------------------------------ */

zigts_val event_handler(struct zigts *vm, zigts_val target, const char *type)
{
	int64_t at = find(vm, target, zigts_cstring(vm, type), ZIGTS_UNDEF, false, true);

	return at < 0 ? ZIGTS_NULL
		: zigts_host_slot(zigts_get_index(vm, zigts_host_slot(target, TARGET_LISTENERS), (uint32_t)at), L_CALLBACK);
}

int event_set_handler(struct zigts *vm, zigts_val target, const char *type, zigts_val fn)
{
	zigts_val name = zigts_cstring(vm, type), l;
	int64_t at = find(vm, target, name, ZIGTS_UNDEF, false, true);
	bool callable = zigts_type(fn) == ZIGTS_T_FUNCTION;

	if (at < 0)
		return callable && add(vm, target, name, fn, &(struct listener){ .handler = 1 }) == ZIGTS_EXC ? -1 : 0;
	l = zigts_get_index(vm, zigts_host_slot(target, TARGET_LISTENERS), (uint32_t)at);
	if (!callable)
		return drop(vm, target, l);
	zigts_host_set_slot(vm, l, L_CALLBACK, fn);
	return 0;
}

/* ---- tables ---------------------------------------------------------------------------- */

static zigts_val construct_target(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return zigts_host_new(vm, target_id);
}

static const struct zigts_row event_rows[] = {
	ZIGTS_GETTER("type", EFF_NONE, g_type),
	ZIGTS_GETTER("target", EFF_NONE, g_target),
	ZIGTS_GETTER("srcElement", EFF_NONE, g_target),
	ZIGTS_GETTER("currentTarget", EFF_NONE, g_current),
	ZIGTS_FN("composedPath", 0, EFF_NONE, m_composed_path),
	ZIGTS_GETTER("eventPhase", EFF_NONE, g_phase),
	ZIGTS_FN("stopPropagation", 0, EFF_MUT, m_stop),
	ZIGTS_ACCESSOR("cancelBubble", EFF_MUT, g_cancel_bubble, s_cancel_bubble),
	ZIGTS_FN("stopImmediatePropagation", 0, EFF_MUT, m_stop_now),
	ZIGTS_GETTER("bubbles", EFF_NONE, g_bubbles),
	ZIGTS_GETTER("cancelable", EFF_NONE, g_cancelable),
	ZIGTS_ACCESSOR("returnValue", EFF_MUT, g_return_value, s_return_value),
	ZIGTS_FN("preventDefault", 0, EFF_MUT, m_prevent),
	ZIGTS_GETTER("defaultPrevented", EFF_NONE, g_default_prevented),
	ZIGTS_GETTER("composed", EFF_NONE, g_composed),
	ZIGTS_GETTER("isTrusted", EFF_NONE, g_is_trusted),
	ZIGTS_GETTER("timeStamp", EFF_MUT | EFF_TIME, g_time),
	ZIGTS_FN("initEvent", 1, EFF_MUT | EFF_CALLS, m_init),
};

static const struct zigts_row custom_rows[] = {
	ZIGTS_GETTER("detail", EFF_NONE, g_detail),
	ZIGTS_FN("initCustomEvent", 1, EFF_MUT | EFF_CALLS, m_init_custom),
};

static const struct zigts_row error_rows[] = {
	ZIGTS_GETTER("message", EFF_NONE, g_message),
	ZIGTS_GETTER("filename", EFF_NONE, g_filename),
	ZIGTS_GETTER("lineno", EFF_NONE, g_lineno),
	ZIGTS_GETTER("colno", EFF_NONE, g_colno),
	ZIGTS_GETTER("error", EFF_NONE, g_error),
};

static const struct zigts_row rejection_rows[] = {
	ZIGTS_GETTER("promise", EFF_NONE, g_promise),
	ZIGTS_GETTER("reason", EFF_NONE, g_reason),
};

/* HTML 8.1.4.6: told like an exception that nobody caught. */
static zigts_val report_error(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	if (!web_needs(vm, argc, 1, "reportError"))
		return ZIGTS_EXC;
	zigts_throw_value(vm, ZIGTS_ARG(0));
	return zigts_report(vm) < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

static const struct zigts_row functions[] = { ZIGTS_FN("reportError", 1, EFF_MUT | EFF_LOG, report_error) };

static const struct zigts_row target_rows[] = {
	ZIGTS_FN("addEventListener", 2, EFF_MUT | EFF_CALLS, m_add),
	ZIGTS_FN("removeEventListener", 2, EFF_MUT | EFF_CALLS, m_remove),
	ZIGTS_FN("dispatchEvent", 1, EFF_MUT | EFF_CALLS, m_dispatch),
};

static void constants(struct zigts *vm, zigts_val o)
{
	static const char *const name[] = { "NONE", "CAPTURING_PHASE", "AT_TARGET", "BUBBLING_PHASE" };

	for (int i = 0; i < 4; i++)
		zigts_define_constant(vm, o, name[i], zigts_int(i));
}

/* ---- for the library (js/message.js) ------------------------------------------------ */

static zigts_val lib_event(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return zigts_class_ctor(vm, event_id);
}

static zigts_val lib_target(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return zigts_class_ctor(vm, target_id);
}

/* dispatch(target, event): a trusted event. */
static zigts_val lib_dispatch(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a;
	if (!target_check(vm, ZIGTS_ARG(0)))
		return ZIGTS_EXC;
	if (!zigts_host_payload(ZIGTS_ARG(1), event_id))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "not an Event object");
	PUT(vm, ZIGTS_ARG(1), trusted, 1);
	return dispatch(vm, ZIGTS_ARG(0), ZIGTS_ARG(1)) < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

/* handler(target, type), setHandler(target, type, f) */
static zigts_val lib_handler(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv type = web_text(vm, ZIGTS_ARG(1));

	(void)a;
	return type.p && target_check(vm, ZIGTS_ARG(0)) ? event_handler(vm, ZIGTS_ARG(0), type.p) : ZIGTS_EXC;
}

static zigts_val lib_set_handler(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv type = web_text(vm, ZIGTS_ARG(1));

	(void)a;
	if (!type.p || !target_check(vm, ZIGTS_ARG(0)) || event_set_handler(vm, ZIGTS_ARG(0), type.p, ZIGTS_ARG(2)) < 0)
		return ZIGTS_EXC;
	return ZIGTS_UNDEF;
}

static const struct zigts_row library_rows[] = {
	ZIGTS_FN("eventClass", 0, EFF_NONE, lib_event),
	ZIGTS_FN("eventTargetClass", 0, EFF_NONE, lib_target),
	ZIGTS_FN("dispatch", 2, EFF_MUT | EFF_CALLS, lib_dispatch),
	ZIGTS_FN("handler", 2, EFF_NONE, lib_handler),
	ZIGTS_FN("setHandler", 3, EFF_MUT, lib_set_handler),
};

int event_install(struct zigts *vm)
{
	static const struct zigts_class event = {
		.name = "Event", .payload = sizeof(struct event), .nslots = E_NSLOTS, .ctor_nargs = 1,
		.ctor_effect = EFF_CALLS, .ctor = construct, .rows = event_rows, .nrows = WEB_ROWS(event_rows),
	};
	static struct zigts_class custom = {
		.name = "CustomEvent", .payload = sizeof(struct event), .nslots = E_NSLOTS + CUSTOM_MEMBERS, .ctor_nargs = 1,
		.ctor_effect = EFF_CALLS, .ctor = construct_custom, .rows = custom_rows, .nrows = WEB_ROWS(custom_rows),
	}, error = {
		.name = "ErrorEvent", .payload = sizeof(struct event), .nslots = E_NSLOTS + ERROR_MEMBERS, .ctor_nargs = 1,
		.ctor_effect = EFF_CALLS, .ctor = construct_error, .rows = error_rows, .nrows = WEB_ROWS(error_rows),
	}, rejection = {
		.name = "PromiseRejectionEvent", .payload = sizeof(struct event), .nslots = E_NSLOTS + REJECTION_MEMBERS,
		.ctor_nargs = 2, .ctor_effect = EFF_CALLS, .ctor = construct_rejection, .rows = rejection_rows,
		.nrows = WEB_ROWS(rejection_rows),
	};
	static const struct zigts_class target = {
		.name = "EventTarget", .payload = 8, .nslots = TARGET_NSLOTS, .ctor_effect = EFF_NONE,
		.ctor = construct_target, .rows = target_rows, .nrows = WEB_ROWS(target_rows),
	};
	static const struct zigts_class listener = {
		.name = "EventListener", .payload = sizeof(struct listener), .nslots = L_NSLOTS,
	};

	zigts_library_natives(vm, library_rows, WEB_ROWS(library_rows));
	if (web_class(vm, &event, true, &event_id) < 0)
		return -1;
	custom.parent = error.parent = rejection.parent = event_id;
	if (web_class(vm, &custom, true, &custom_id) < 0 || web_class(vm, &error, true, &error_id) < 0 ||
	    web_class(vm, &rejection, true, &rejection_id) < 0 || zigts_add_functions(vm, functions, WEB_ROWS(functions)) < 0 || web_class(vm, &target, true, &target_id) < 0 ||
	    web_class(vm, &listener, false, &listener_id) < 0)
		return -1;
	constants(vm, zigts_class_ctor(vm, event_id));
	constants(vm, zigts_class_proto(vm, event_id));
	return 0;
}
