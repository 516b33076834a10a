/* source.c: the rest of a request's body, asked for piece by piece. Called by the
 * stream that is the Request's body, and by dispatch after each turn of the loop. */
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

zigts_val host_source_pull(struct zigts *vm, const struct host_request *rq)
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
