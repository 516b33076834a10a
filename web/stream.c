/* stream.c: calls the functions of js/body.js. */
#include "web/stream.h"

#include "web/library.h"

static zigts_val call(struct zigts *vm, const char *name, int argc, const zigts_val *argv)
{
	zigts_val f = zigts_library_get(vm, LIBRARY_body, name);

	return f == ZIGTS_EXC ? f : zigts_call(vm, f, ZIGTS_UNDEF, argc, argv);
}

/* Without the code there are no streams. */
bool web_stream_is(struct zigts *vm, zigts_val v)
{
	zigts_val f;

	if (zigts_type(v) != ZIGTS_T_OBJECT || !zigts_library_made(vm, LIBRARY_readable))
		return false;
	f = zigts_library_get(vm, LIBRARY_readable, "streamOf");
	return zigts_type(zigts_call(vm, f, ZIGTS_UNDEF, 1, &v)) == ZIGTS_T_OBJECT;
}

bool web_stream_locked(struct zigts *vm, zigts_val stream) { return call(vm, "locked", 1, &stream) == ZIGTS_TRUE; }
bool web_stream_disturbed(struct zigts *vm, zigts_val stream) { return call(vm, "disturbed", 1, &stream) == ZIGTS_TRUE; }

zigts_val web_stream_new(struct zigts *vm, zigts_val pull, zigts_val cancel)
{
	return call(vm, "fromNative", 2, (zigts_val[]){ pull, cancel });
}

zigts_val web_stream_of_bytes(struct zigts *vm, zigts_val bytes) { return call(vm, "fromBytes", 1, &bytes); }

int web_stream_drain(struct zigts *vm, zigts_val stream, zigts_val write, zigts_val end, zigts_val fail)
{
	return call(vm, "drain", 4, (zigts_val[]){ stream, write, end, fail }) == ZIGTS_EXC ? -1 : 0;
}

zigts_val web_stream_collect(struct zigts *vm, zigts_val stream) { return call(vm, "collect", 1, &stream); }

int web_stream_cancel(struct zigts *vm, zigts_val stream, zigts_val reason)
{
	return call(vm, "cancel", 2, (zigts_val[]){ stream, reason }) == ZIGTS_EXC ? -1 : 0;
}

zigts_val web_stream_tee(struct zigts *vm, zigts_val stream) { return call(vm, "tee", 1, &stream); }
