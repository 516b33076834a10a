/* ctl_json.c: any answer as JSON (RFC 8259). Called by ctl.c for --json. */
#include <inttypes.h>
#include <stdio.h>

#include "base/utf.h"
#include "cli/ctl_show.h"

static void put_string(const char *p, size_t n)
{
	size_t i = 0;

	putchar('"');
	while (i < n) {
		uint32_t c;

		i += (size_t)utf8_decode(p + i, n - i, false, &c);
		if (c == '"' || c == '\\') {
			printf("\\%c", (char)c);
		} else if (c < 0x20 || c == 0x7f) {
			printf("\\u%04x", c);
		} else {
			char out[4];

			fwrite(out, 1, (size_t)utf8_encode(out, c), stdout);
		}
	}
	putchar('"');
}

static void put_value(const msgpack_object *o)
{
	uint32_t i;

	switch (o->type) {
	case MSGPACK_OBJECT_BOOLEAN:
		fputs(o->via.boolean ? "true" : "false", stdout);
		break;
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		printf("%" PRIu64, o->via.u64);
		break;
	case MSGPACK_OBJECT_STR:
		put_string(o->via.str.ptr, o->via.str.size);
		break;
	case MSGPACK_OBJECT_ARRAY:
		putchar('[');
		for (i = 0; i < o->via.array.size; i++) {
			if (i != 0)
				putchar(',');
			put_value(&o->via.array.ptr[i]);
		}
		putchar(']');
		break;
	case MSGPACK_OBJECT_MAP:
		putchar('{');
		for (i = 0; i < o->via.map.size; i++) {
			if (i != 0)
				putchar(',');
			put_value(&o->via.map.ptr[i].key);
			putchar(':');
			put_value(&o->via.map.ptr[i].val);
		}
		putchar('}');
		break;
	default: /* the server sends nothing else */
		fputs("null", stdout);
		break;
	}
}

void show_json(const msgpack_object *m)
{
	put_value(m);
	putchar('\n');
}
