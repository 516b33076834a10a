/* drain.c: a ReadableStream is read to its end, piece by piece, while the event loop
 * turns. Called by dispatch for responses whose body is a stream. Knows nothing of
 * connections: where the pieces go is the caller's sink. */
#include "worker/host/parts.h"

static zigts_val call_0(struct zigts *vm, zigts_val o, const char *name)
{
	zigts_val f = zigts_get(vm, o, name);

	return f == ZIGTS_EXC ? f : zigts_call(vm, f, o, 0, NULL);
}

bool host_is_stream(struct zigts *vm, zigts_val v)
{
	zigts_val f;

	if (zigts_type(v) != ZIGTS_T_OBJECT || zigts_is_array(v))
		return false;
	f = zigts_get(vm, v, "getReader");
	if (f == ZIGTS_EXC && !zigts_terminated(vm))
		(void)zigts_take_exception(vm);
	return zigts_type(f) == ZIGTS_T_FUNCTION;
}

/* Turns the loop until *v, a promise, is settled; *v becomes its value. */
static enum host_drained settle(struct zigts *vm, zigts_val *v, const struct host_sink *sink, bool cancels)
{
	zigts_val p = zigts_await(vm, *v);
	int turns = 1;

	if (p == ZIGTS_EXC)
		return DRAIN_THROWN;
	while (turns > 0 && zigts_promise_state(p, v) == ZIGTS_PROMISE_PENDING) {
		turns = sink->turn(sink->of);
		if (turns >= 0 && !cancels && sink->gone(sink->u))
			return DRAIN_GONE;
	}
	if (turns < 0)
		return DRAIN_THROWN;
	switch (zigts_promise_state(p, v)) {
	case ZIGTS_PROMISE_FULFILLED:
		return DRAIN_ALL;
	case ZIGTS_PROMISE_REJECTED:
		return DRAIN_FAILED;
	default:
		return DRAIN_STUCK;
	}
}

/* One piece goes to the sink. 1: it was the last. -1: exception. */
static int piece(struct zigts *vm, zigts_val result, const struct host_sink *sink)
{
	zigts_val done = zigts_get(vm, result, "done"), v;
	struct zigts_bytes b;

	if (done == ZIGTS_EXC)
		return -1;
	if (zigts_truthy(done))
		return 1;
	v = zigts_get(vm, result, "value");
	if (v == ZIGTS_EXC)
		return -1;
	if (zigts_type(v) == ZIGTS_T_STRING) { /* more than the Fetch standard takes */
		struct sv s = host_text(vm, v);

		if (!s.p)
			return -1;
		b = (struct zigts_bytes){ (const uint8_t *)s.p, s.n };
	} else if (!zigts_bytes(vm, v, &b)) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "a piece of a response's body is neither bytes nor a string");
		return -1;
	}
	if (b.n != 0)
		sink->put(sink->u, (const char *)b.p, b.n);
	return 0;
}

static enum host_drained pieces(struct zigts *vm, zigts_val reader, const struct host_sink *sink, zigts_val *reason)
{
	enum host_drained d;
	int r = 0;

	while (r == 0) {
		zigts_val v;

		while (sink->full(sink->u)) {
			if (sink->turn(sink->of) < 0)
				return DRAIN_THROWN;
			if (sink->gone(sink->u))
				return DRAIN_GONE;
			zigts_progress(vm);
		}
		v = call_0(vm, reader, "read");
		if (v == ZIGTS_EXC)
			return DRAIN_THROWN;
		d = settle(vm, &v, sink, false);
		*reason = v;
		if (d != DRAIN_ALL)
			return d;
		r = piece(vm, v, sink);
		zigts_progress(vm);
	}
	return r < 0 ? DRAIN_THROWN : DRAIN_ALL;
}

/* What the stream does about it changes nothing for us. */
static void cancel(struct zigts *vm, zigts_val of, const struct host_sink *sink)
{
	zigts_val f = zigts_get(vm, of, "cancel"), why, v;

	if (f == ZIGTS_EXC || zigts_terminated(vm))
		return;
	why = zigts_dom_exception(vm, "AbortError", "The client left");
	v = zigts_call(vm, f, of, 1, &why);
	if (v != ZIGTS_EXC)
		(void)settle(vm, &v, sink, true);
	if (!zigts_terminated(vm) && v == ZIGTS_EXC)
		(void)zigts_take_exception(vm);
}

enum host_drained host_drain(struct zigts *vm, zigts_val stream, bool wanted, const struct host_sink *sink,
			     zigts_val *reason)
{
	enum host_drained d;
	zigts_val reader;

	if (!wanted) {
		cancel(vm, stream, sink);
		return zigts_terminated(vm) ? DRAIN_THROWN : DRAIN_ALL;
	}
	reader = call_0(vm, stream, "getReader");
	if (reader == ZIGTS_EXC)
		return DRAIN_THROWN;
	d = pieces(vm, reader, sink, reason);
	if (d == DRAIN_GONE) {
		cancel(vm, reader, sink);
		return d;
	}
	while (d == DRAIN_ALL && sink->sending(sink->u)) {
		if (sink->turn(sink->of) < 0)
			return DRAIN_THROWN;
		if (sink->gone(sink->u))
			return DRAIN_GONE;
	}
	return d;
}
