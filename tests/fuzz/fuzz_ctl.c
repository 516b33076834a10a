/* fuzz_ctl.c: libFuzzer on the reader of the control protocol. For any input:
 * frames lie inside it, what is said to be valid is decoded by msgpack-c and by
 * nothing deeper than allowed, and looking things up touches only the input. */
#include <stdint.h>

#include "base/check.h"
#include "supervisor/ctl_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t objects;

static void walk(const msgpack_object *o, unsigned depth)
{
	uint32_t i;

	AN(depth <= CTL_DEPTH_MAX);
	AN(++objects <= CTL_OBJECTS_MAX);
	if (o->type == MSGPACK_OBJECT_ARRAY) {
		for (i = 0; i < o->via.array.size; i++)
			walk(&o->via.array.ptr[i], depth + 1);
	} else if (o->type == MSGPACK_OBJECT_MAP) {
		for (i = 0; i < o->via.map.size; i++) {
			AN(o->via.map.ptr[i].key.type == MSGPACK_OBJECT_STR);
			walk(&o->via.map.ptr[i].key, depth + 1);
			walk(&o->via.map.ptr[i].val, depth + 1);
		}
	}
}

/* What we write ourselves is read back. */
static void round_trip(struct sv text, uint64_t n)
{
	struct buf b = BUF_INIT;
	msgpack_unpacked m;
	struct ctl_out o;
	struct sv body;

	ctl_begin(&o, &b);
	ctl_put_sv(&o, "text", text);
	ctl_open_array(&o, "list");
	ctl_open_map(&o, NULL);
	ctl_put_u64(&o, "n", n);
	ctl_close(&o);
	ctl_close(&o);
	ctl_put_bool(&o, "yes", true);
	AN(ctl_end(&o));
	AN(ctl_frame(b.p, b.len, &body) == CTL_WHOLE && body.n == b.len - 4);
	AN(ctl_unpack(body, &m));
	AN(sv_eq(ctl_text(&m.data, "text"), text) && ctl_bool(&m.data, "yes"));
	AN(ctl_u64(&ctl_get(&m.data, "list")->via.array.ptr[0], "n") == n);
	msgpack_unpacked_destroy(&m);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv in = { (const char *)data, size }, body;
	msgpack_unpacked m;
	int i;

	/* As frames, and as a body alone, which mutates better. */
	for (i = 0; i < 100 && ctl_frame(in.p, in.n, &body) == CTL_WHOLE; i++) {
		AN(body.p >= in.p && body.p + body.n <= in.p + in.n);
		if (ctl_unpack(body, &m))
			msgpack_unpacked_destroy(&m);
		in.p += 4 + body.n;
		in.n -= 4 + body.n;
	}
	body = (struct sv){ (const char *)data, size };
	if (ctl_valid(body)) {
		AN(ctl_unpack(body, &m));
		objects = 0;
		walk(&m.data, 1);
		(void)ctl_text(&m.data, "verb");
		(void)ctl_u64(&m.data, "n");
		(void)ctl_bool(&m.data, "ok");
		AN(ctl_get(&m.data, "no such key of this kind") == NULL);
		msgpack_unpacked_destroy(&m);
	}
	if (size < 1000)
		round_trip((struct sv){ (const char *)data, size }, size * 0x9e3779b97f4a7c15u);
	return 0;
}
