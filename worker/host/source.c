/* source.c: the rest of a request's body, asked for piece by piece. Called by the
 * stream that is the Request's body, and by dispatch after each turn of the loop. */
#include "web/stream.h"
#include "web/web.h"
#include "worker/host/parts.h"

/* Settles p with what the source says. 1: done; 0: it has to be waited for; -1: the VM
 * terminates. */
static int settle(struct zigts *vm, const struct host_request *rq, zigts_val p)
{
	zigts_val v = ZIGTS_UNDEF;
	struct sv s;
	int r = rq->source->get(rq->source->u, &s);

	if (r == 0)
		return 0;
	if (r < 0) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "the request's body did not arrive: its client was too slow, left, or sent what is no body");
		return zigts_promise_reject(vm, p, zigts_take_exception(vm)) < 0 ? -1 : 1;
	}
	if (r == 1)
		v = zigts_uint8_array(vm, s.p, s.n);
	return v == ZIGTS_EXC || zigts_promise_resolve(vm, p, v) < 0 ? -1 : 1;
}

/* A promise of the next bytes, a Uint8Array, or of undefined at the end. One at a time. */
static zigts_val source_pull(struct zigts *vm, const struct host_request *rq)
{
	zigts_val p = zigts_promise(vm);

	if (p == ZIGTS_EXC)
		return p;
	if (*rq->pull != ZIGTS_UNDEF)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "the request's body is being read already");
	switch (settle(vm, rq, p)) {
	case 0:
		*rq->pull = p;
		return p;
	case 1:
		return p;
	default:
		return ZIGTS_EXC;
	}
}

int host_source_turn(struct zigts *vm, const struct host_request *rq)
{
	int r;

	if (!rq->source || *rq->pull == ZIGTS_UNDEF)
		return 0;
	r = settle(vm, rq, *rq->pull);
	if (r == 1) {
		*rq->pull = ZIGTS_UNDEF;
		zigts_progress(vm);
	}
	return r < 0 ? -1 : 0;
}

/* ---- the stream that is the Request's body ------------------------------------ */

static int steps_id;

/* The request that runs is the one that is read. */
static zigts_val pull(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return source_pull(vm, zigts_user(vm));
}

/* What is not read ends with the connection. */
static zigts_val cancel(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)vm, (void)a, (void)argc;
	return ZIGTS_UNDEF;
}

static const struct zigts_row rows[] = {
	ZIGTS_STATIC("pull", 0, EFF_UNKNOWN, pull),
	ZIGTS_STATIC("cancel", 1, EFF_NONE, cancel),
};

int source_install(struct zigts *vm)
{
	static const struct zigts_class steps = { .name = "BodySource", .rows = rows, .nrows = sizeof rows / sizeof rows[0] };

	return web_class(vm, &steps, false, &steps_id);
}

zigts_val source_stream(struct zigts *vm)
{
	zigts_val ctor = zigts_class_ctor(vm, steps_id), p = zigts_get(vm, ctor, "pull"),
		  c = p == ZIGTS_EXC ? p : zigts_get(vm, ctor, "cancel");

	return c == ZIGTS_EXC ? c : web_stream_new(vm, p, c);
}
