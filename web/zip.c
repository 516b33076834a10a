/* zip.c: what CompressionStream and DecompressionStream (js/transform.js) do with bytes:
 * gzip, zlib and raw deflate by zlib, a bounded part of the output at a time. zlib's
 * memory is heap memory that the state's object holds, so that it is charged to the
 * request and goes with it. It is not journalled: a state made before the freeze can
 * only be used before it. */
#include <zlib.h>

#include "web/parts.h"

enum { OUT_PART = 16384, IN_STEP = 65536 };
enum { S_STATE, S_INPUT, S_BLOCK0, S_BLOCKS = 8, S_NSLOTS = S_BLOCK0 + S_BLOCKS };

struct zip {                     /* in the buffer of S_STATE */
	z_stream z;
	struct zigts *vm;        /* while zlib runs */
	zigts_val self;
	uint32_t nblocks;
};
struct state { uint64_t at; uint8_t deflate, ended, early; };  /* at: bytes used of S_INPUT */

static int class_id;

static struct zip *zip_of(struct zigts *vm, zigts_val self)
{
	struct zigts_bytes b = { NULL, 0 };

	zigts_bytes(vm, zigts_host_slot(self, S_STATE), &b);
	return (struct zip *)(uintptr_t)b.p;
}

static voidpf block(voidpf opaque, uInt n, uInt size)
{
	struct zip *z = opaque;
	struct zigts_bytes b;
	zigts_val buffer;

	if (z->nblocks == S_BLOCKS)
		return Z_NULL;
	buffer = zigts_array_buffer(z->vm, NULL, (size_t)n * size);
	if (buffer == ZIGTS_EXC || !zigts_bytes(z->vm, buffer, &b))
		return Z_NULL;
	zigts_host_set_slot(z->vm, z->self, S_BLOCK0 + (int)z->nblocks++, buffer);
	return (voidpf)(uintptr_t)b.p;
}

static void unblock(voidpf opaque, voidpf p) { (void)opaque, (void)p; }

static const struct state *state_of(struct zigts *vm, zigts_val v)
{
	const struct state *st = zigts_host_payload(v, class_id);

	if (!st)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a compressor");
	else if (!st->early || !zigts_frozen(vm))
		return st;
	else
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "A stream of compression that was made when the handler was loaded cannot be used now");
	return NULL;
}

static zigts_val trailing(struct zigts *vm)
{
	return zigts_throw(vm, ZIGTS_TYPE_ERROR, "There is data behind the end of the compressed data");
}

/* zipNew(format, deflate) */
static zigts_val zip_new(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	static const struct { const char *name; int bits; } formats[] = {
		{ "deflate", MAX_WBITS }, { "deflate-raw", -MAX_WBITS }, { "gzip", MAX_WBITS + 16 },
	};
	struct sv name = web_text(vm, ZIGTS_ARG(0));
	struct state st = { .deflate = zigts_truthy(ZIGTS_ARG(1)), .early = !zigts_frozen(vm) };
	zigts_val self = zigts_host_new(vm, class_id), memory;
	struct zip *z;
	size_t i = 0;
	int err;

	(void)a;
	if (!name.p || self == ZIGTS_EXC)
		return ZIGTS_EXC;
	while (i < WEB_ROWS(formats) && !sv_eq(name, sv_of(formats[i].name)))
		i++;
	if (i == WEB_ROWS(formats))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "The format \"%.*s\" is not supported", (int)(name.n > 80 ? 80 : name.n), name.p);
	memory = zigts_array_buffer(vm, NULL, sizeof *z);
	if (memory == ZIGTS_EXC)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, self, S_STATE, memory);
	zigts_host_write(vm, self, 0, &st, sizeof st);
	z = zip_of(vm, self);
	*z = (struct zip){ .z = { .zalloc = block, .zfree = unblock, .opaque = z }, .vm = vm, .self = self };
	err = st.deflate ? deflateInit2(&z->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, formats[i].bits, 8, Z_DEFAULT_STRATEGY)
			 : inflateInit2(&z->z, formats[i].bits);
	if (err != Z_OK) /* a block failed: that is pending */
		return ZIGTS_EXC;
	return self;
}

/* zipInput(state, chunk): what is to be worked on next. */
static zigts_val zip_input(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *st = state_of(vm, ZIGTS_ARG(0));
	struct zigts_bytes in;
	struct state next;

	(void)a;
	if (!st)
		return ZIGTS_EXC;
	if (!zigts_bytes(vm, ZIGTS_ARG(1), &in))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "A chunk must be an ArrayBuffer or a view of one");
	if (st->ended && in.n)
		return trailing(vm);
	zigts_host_set_slot(vm, ZIGTS_ARG(0), S_INPUT, ZIGTS_ARG(1));
	next = *st;
	next.at = 0;
	zigts_host_write(vm, ZIGTS_ARG(0), 0, &next, sizeof next);
	return ZIGTS_UNDEF;
}

/* One run of zlib over at most IN_STEP bytes. -1: thrown. */
static int step(struct zigts *vm, struct zip *z, struct state *st, const struct zigts_bytes *in, int flush)
{
	uInt before = z->z.avail_out;
	size_t left = in->n > st->at ? in->n - (size_t)st->at : 0, n = left > IN_STEP ? IN_STEP : left;
	int r;

	z->z.next_in = (Bytef *)(uintptr_t)(in->p + (left ? st->at : 0));
	z->z.avail_in = (uInt)n;
	if (n < left)
		flush = Z_NO_FLUSH;
	r = st->deflate ? deflate(&z->z, flush) : inflate(&z->z, Z_NO_FLUSH);
	st->at += n - z->z.avail_in;
	if (zigts_tick(vm, (int64_t)((n - z->z.avail_in) * (st->deflate ? 3 : 1) + (before - z->z.avail_out))) < 0)
		return -1;
	if (r == Z_STREAM_END)
		st->ended = 1;
	if (r == Z_MEM_ERROR)          /* a block failed: that is pending */
		return -1;
	if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR) {
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "The compressed data was not valid: %s", z->z.msg ? z->z.msg : "a dictionary is needed");
		return -1;
	}
	return 0;
}

/* zipOutput(state, last): a Uint8Array, the next part of the output, or undefined: all
 * input is used. */
static zigts_val zip_output(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct state *kept = state_of(vm, ZIGTS_ARG(0));
	bool last = zigts_truthy(ZIGTS_ARG(1));
	struct zigts_bytes in = { (const uint8_t *)"", 0 };
	struct state st;
	struct zigts_bytes out;
	zigts_val part;
	struct zip *z;
	int err = 0;

	(void)a;
	if (!kept)
		return ZIGTS_EXC;
	st = *kept;
	z = zip_of(vm, ZIGTS_ARG(0));
	part = zigts_array_buffer(vm, NULL, OUT_PART);
	if (part == ZIGTS_EXC || !zigts_bytes(vm, part, &out))
		return ZIGTS_EXC;
	zigts_bytes(vm, zigts_host_slot(ZIGTS_ARG(0), S_INPUT), &in);
	if (last)                      /* it was used up */
		in.n = 0;
	z->vm = vm;
	z->self = ZIGTS_ARG(0);
	z->z.next_out = (Bytef *)(uintptr_t)out.p;
	z->z.avail_out = OUT_PART;
	while (err == 0 && !st.ended && z->z.avail_out > 0) {
		uint64_t at = st.at;
		uInt room = z->z.avail_out;

		err = step(vm, z, &st, &in, last ? Z_FINISH : Z_NO_FLUSH);
		if (st.at == at && room == z->z.avail_out)
			break;         /* nothing more to do */
	}
	zigts_host_write(vm, ZIGTS_ARG(0), 0, &st, sizeof st);
	if (err < 0)
		return ZIGTS_EXC;
	if (z->z.avail_out < OUT_PART)
		return zigts_uint8_array(vm, out.p, OUT_PART - z->z.avail_out);
	if (st.ended && st.at < in.n)
		return trailing(vm);
	if (last && !st.ended)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "The compressed data ends too early");
	zigts_host_set_slot(vm, ZIGTS_ARG(0), S_INPUT, ZIGTS_UNDEF);
	return ZIGTS_UNDEF;
}

static const struct zigts_row rows[] = {
	ZIGTS_FN("zipNew", 2, EFF_CALLS, zip_new),
	ZIGTS_FN("zipInput", 2, EFF_MUT, zip_input),
	ZIGTS_FN("zipOutput", 2, EFF_MUT, zip_output),
};
static const struct zigts_class zip_class = { .name = "Zip", .payload = sizeof(struct state), .nslots = S_NSLOTS };

int zip_install(struct zigts *vm)
{
	zigts_library_natives(vm, rows, WEB_ROWS(rows));
	return web_class(vm, &zip_class, false, &class_id);
}
