/* ctl_protocol.c: see ctl_protocol.h. Called by control.c and by zigttpctl;
 * knows nothing of either. */
#include "supervisor/ctl_protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"

int ctl_paths(uint16_t port, char path[CTL_PATHS][CTL_PATH_MAX])
{
	const char *run = getenv("RUNTIME_DIRECTORY"), *dir = getenv("XDG_RUNTIME_DIR");

	if (!run && geteuid() == 0)
		run = "/run/zigttpd";
	/* A service manager may name several, parted by colons: the first one. */
	if (run && run[0] == '/' && strcspn(run, ":") < CTL_PATH_MAX - sizeof "/control.65535") {
		snprintf(path[0], CTL_PATH_MAX, "%.*s/control", (int)strcspn(run, ":"), run);
		snprintf(path[1], CTL_PATH_MAX, "%.*s/control.%u", (int)strcspn(run, ":"), run, port);
		return 2;
	}
	if (dir && dir[0] == '/' && snprintf(path[0], CTL_PATH_MAX, "%s/zigttpd.%u", dir, port) < CTL_PATH_MAX)
		return 1;
	snprintf(path[0], CTL_PATH_MAX, "/tmp/zigttpd-%u/%u", (unsigned)geteuid(), port);
	return 1;
}

/* ---- reading ---------------------------------------------------------------- */

static uint32_t big32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

enum ctl_frame ctl_frame(const char *p, size_t n, struct sv *body)
{
	uint32_t size;

	if (n < 4)
		return CTL_MORE;
	size = big32((const unsigned char *)p);
	if (size > CTL_FRAME_MAX)
		return CTL_BAD;
	*body = (struct sv){ p + 4, size };
	return n - 4 < size ? CTL_MORE : CTL_WHOLE;
}

/* A walk over encoded bytes that believes no length before the bytes are seen. */
struct walk { const unsigned char *p; size_t n; uint32_t objects; };

static bool skip(struct walk *w, size_t n)
{
	if (w->n < n)
		return false;
	w->p += n;
	w->n -= n;
	return true;
}

/* A length of `width` bytes. */
static bool length(struct walk *w, unsigned width, uint32_t *out)
{
	const unsigned char *p = w->p;

	if (!skip(w, width))
		return false;
	*out = width == 1 ? p[0] : width == 2 ? (uint32_t)p[0] << 8 | p[1] : big32(p);
	return true;
}

static bool value(struct walk *w, unsigned depth, bool key);

static bool values(struct walk *w, uint32_t n, unsigned depth, bool map)
{
	uint32_t i;

	if (n > w->n / (map ? 2 : 1)) /* each takes a byte at least */
		return false;
	for (i = 0; i < n; i++)
		if ((map && !value(w, depth + 1, true)) || !value(w, depth + 1, false))
			return false;
	return true;
}

/* Text, bytes and extensions with a length in front. */
static bool counted(struct walk *w, unsigned width, size_t more)
{
	uint32_t n;

	return length(w, width, &n) && skip(w, n) && skip(w, more);
}

static bool value(struct walk *w, unsigned depth, bool key)
{
	static const unsigned char fixed[] = { /* 0xca … 0xd8: bytes that follow */
		4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17
	};
	unsigned char t;
	uint32_t n;

	if (w->n == 0 || depth > CTL_DEPTH_MAX || ++w->objects > CTL_OBJECTS_MAX)
		return false;
	t = *w->p;
	skip(w, 1);
	if (t >= 0xa0 && t <= 0xbf)
		return skip(w, t & 31);
	if (t >= 0xd9 && t <= 0xdb)
		return counted(w, 1u << (t - 0xd9), 0);
	if (key)
		return false;
	if (t <= 0x7f || t >= 0xe0 || t == 0xc0 || t == 0xc2 || t == 0xc3)
		return true;
	if (t <= 0x8f)
		return values(w, t & 15, depth, true);
	if (t <= 0x9f)
		return values(w, t & 15, depth, false);
	if (t >= 0xc4 && t <= 0xc6)
		return counted(w, 1u << (t - 0xc4), 0);
	if (t >= 0xc7 && t <= 0xc9)
		return counted(w, 1u << (t - 0xc7), 1);
	if (t >= 0xca && t <= 0xd8)
		return skip(w, fixed[t - 0xca]);
	if (t == 0xdc || t == 0xdd)
		return length(w, t == 0xdc ? 2 : 4, &n) && values(w, n, depth, false);
	if (t == 0xde || t == 0xdf)
		return length(w, t == 0xde ? 2 : 4, &n) && values(w, n, depth, true);
	return false; /* 0xc1: never used */
}

bool ctl_valid(struct sv body)
{
	struct walk w = { (const unsigned char *)body.p, body.n, 0 };
	unsigned char t = body.n ? (unsigned char)body.p[0] : 0;

	return body.n <= CTL_FRAME_MAX && ((t & 0xf0) == 0x80 || t == 0xde || t == 0xdf) && value(&w, 1, false) &&
	       w.n == 0;
}

bool ctl_unpack(struct sv body, msgpack_unpacked *out)
{
	size_t off = 0;

	msgpack_unpacked_init(out);
	if (ctl_valid(body) && msgpack_unpack_next(out, body.p, body.n, &off) == MSGPACK_UNPACK_SUCCESS &&
	    out->data.type == MSGPACK_OBJECT_MAP && off == body.n)
		return true;
	msgpack_unpacked_destroy(out);
	return false;
}

const msgpack_object *ctl_get(const msgpack_object *map, const char *key)
{
	uint32_t i;

	if (!map || map->type != MSGPACK_OBJECT_MAP)
		return NULL;
	for (i = 0; i < map->via.map.size; i++) {
		const msgpack_object_kv *kv = &map->via.map.ptr[i];

		if (kv->key.type == MSGPACK_OBJECT_STR &&
		    sv_eq((struct sv){ kv->key.via.str.ptr, kv->key.via.str.size }, sv_of(key)))
			return &kv->val;
	}
	return NULL;
}

uint64_t ctl_u64(const msgpack_object *map, const char *key)
{
	const msgpack_object *o = ctl_get(map, key);

	return o && o->type == MSGPACK_OBJECT_POSITIVE_INTEGER ? o->via.u64 : 0;
}

bool ctl_bool(const msgpack_object *map, const char *key)
{
	const msgpack_object *o = ctl_get(map, key);

	return o && o->type == MSGPACK_OBJECT_BOOLEAN && o->via.boolean;
}

struct sv ctl_text(const msgpack_object *map, const char *key)
{
	const msgpack_object *o = ctl_get(map, key);

	return o && o->type == MSGPACK_OBJECT_STR ? (struct sv){ o->via.str.ptr, o->via.str.size } : SV("");
}

/* ---- writing ---------------------------------------------------------------- */

static int write_buf(void *u, const char *p, size_t n)
{
	buf_put(u, p, n);
	return 0;
}

static msgpack_packer packer(struct ctl_out *o)
{
	msgpack_packer pk;

	msgpack_packer_init(&pk, o->b, write_buf);
	return pk;
}

static void put_str(struct ctl_out *o, struct sv s)
{
	msgpack_packer pk = packer(o);

	msgpack_pack_str(&pk, s.n);
	msgpack_pack_str_body(&pk, s.p, s.n);
}

static void entry(struct ctl_out *o, const char *key)
{
	AN(o->depth > 0);
	o->open[o->depth - 1].n++;
	if (key)
		put_str(o, sv_of(key));
}

/* The number of entries is not known yet: the 32-bit forms, filled in later. */
static void open_kind(struct ctl_out *o, unsigned char type)
{
	const char head[5] = { (char)type, 0, 0, 0, 0 };

	AN(o->depth < (int)ARRAY_LEN(o->open));
	o->open[o->depth].at = o->b->len;
	o->open[o->depth++].n = 0;
	buf_put(o->b, head, sizeof head);
}

static void store32(char *at, uint32_t v)
{
	at[0] = (char)(v >> 24);
	at[1] = (char)(v >> 16);
	at[2] = (char)(v >> 8);
	at[3] = (char)v;
}

void ctl_begin(struct ctl_out *o, struct buf *b)
{
	*o = (struct ctl_out){ .b = b, .frame = b->len };
	buf_put(b, "\0\0\0\0", 4);
	open_kind(o, 0xdf);
}

void ctl_close(struct ctl_out *o)
{
	AN(o->depth > 0);
	o->depth--;
	store32(o->b->p + o->open[o->depth].at + 1, o->open[o->depth].n);
}

bool ctl_end(struct ctl_out *o)
{
	size_t size;

	ctl_close(o);
	AN(o->depth == 0);
	size = o->b->len - o->frame - 4;
	if (size > CTL_FRAME_MAX) {
		o->b->len = o->frame;
		return false;
	}
	store32(o->b->p + o->frame, (uint32_t)size);
	return true;
}

void ctl_open_map(struct ctl_out *o, const char *key)
{
	entry(o, key);
	open_kind(o, 0xdf);
}

void ctl_open_array(struct ctl_out *o, const char *key)
{
	entry(o, key);
	open_kind(o, 0xdd);
}

void ctl_put_u64(struct ctl_out *o, const char *key, uint64_t v)
{
	msgpack_packer pk;

	entry(o, key);
	pk = packer(o);
	msgpack_pack_uint64(&pk, v);
}

void ctl_put_bool(struct ctl_out *o, const char *key, bool v)
{
	entry(o, key);
	buf_putc(o->b, (char)(v ? 0xc3 : 0xc2));
}

void ctl_put_sv(struct ctl_out *o, const char *key, struct sv v)
{
	entry(o, key);
	put_str(o, v);
}

void ctl_put_text(struct ctl_out *o, const char *key, const char *v)
{
	ctl_put_sv(o, key, sv_of(v));
}
