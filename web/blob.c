/* blob.c: Blob and File (File API 3, 4). The bytes lie in an ArrayBuffer that no script
 * sees and that never changes; slices share it. Called by scripts and by bodies. */
#include "web/blob.h"

#include <stddef.h>

#include "web/parts.h"
#include "web/stream.h"

/* last_modified is that of a File; NaN: when somebody asks. */
struct blob { uint64_t off, n; double last_modified; };
enum { B_BUFFER, B_TYPE, B_NSLOTS, F_NAME = B_NSLOTS, F_NSLOTS };

static int blob_id, file_id;

static const struct blob *blob_of(zigts_val v) { return zigts_host_payload(v, blob_id); }

bool blob_is(zigts_val v) { return blob_of(v) != NULL; }
bool blob_is_file(zigts_val v) { return zigts_host_payload(v, file_id) != NULL; }
zigts_val blob_type(zigts_val v) { return zigts_host_slot(v, B_TYPE); }
zigts_val blob_name(zigts_val v) { return zigts_host_slot(v, F_NAME); }

struct sv blob_view(struct zigts *vm, zigts_val v)
{
	const struct blob *b = blob_of(v);
	struct zigts_bytes x;

	if (b->n == 0 || !zigts_bytes(vm, zigts_host_slot(v, B_BUFFER), &x))
		return SV("");
	return (struct sv){ (const char *)x.p + b->off, b->n };
}

static zigts_val make(struct zigts *vm, int id, zigts_val buffer, const struct blob *b, zigts_val type)
{
	zigts_val self = zigts_host_new(vm, id);

	if (self == ZIGTS_EXC || type == ZIGTS_EXC)
		return ZIGTS_EXC;
	zigts_host_set_slot(vm, self, B_BUFFER, buffer);
	zigts_host_set_slot(vm, self, B_TYPE, type);
	zigts_host_write(vm, self, 0, b, sizeof *b);
	return self;
}

zigts_val blob_new(struct zigts *vm, const struct bytes *b, zigts_val type)
{
	return make(vm, blob_id, b->buffer, &(struct blob){ 0, b->n, 0 }, type);
}

zigts_val blob_file(struct zigts *vm, zigts_val blob, zigts_val name)
{
	struct blob b = *blob_of(blob);
	zigts_val v;

	if (!blob_is_file(blob))
		b.last_modified = __builtin_nan("");
	v = name == ZIGTS_EXC ? name : make(vm, file_id, zigts_host_slot(blob, B_BUFFER), &b, blob_type(blob));
	if (v != ZIGTS_EXC)
		zigts_host_set_slot(vm, v, F_NAME, name);
	return v;
}

/* ---- making -------------------------------------------------------------------- */

/* A type that a script gives: lower case, or nothing if it has other than printable
 * ASCII. */
static zigts_val normal_type(struct zigts *vm, zigts_val v)
{
	struct sv s = v == ZIGTS_UNDEF ? SV("") : web_text(vm, v);
	struct buf b = BUF_INIT;

	if (!s.p)
		return ZIGTS_EXC;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 0x20 || s.p[i] > 0x7e) {
			b.len = 0;
			break;
		}
		buf_putc(&b, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 32) : s.p[i]);
	}
	v = zigts_string(vm, b.p ? b.p : "", b.len);
	buf_free(&b);
	return v;
}

/* Parts as Web IDL converts them: blobs and binary data stay, all else is text. */
static int collect(struct zigts *vm, void *u, zigts_val v)
{
	struct zigts_bytes x;

	if (!blob_is(v) && !zigts_bytes(vm, v, &x))
		v = web_usv(vm, v);
	return v == ZIGTS_EXC ? -1 : zigts_array_push(vm, *(zigts_val *)u, v);
}

/* Text with its line breaks as LF (3.1, "convert line endings to native"). */
static int put_native(struct zigts *vm, struct bytes *out, struct sv s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			continue;
		if (bytes_put(vm, out, s.p + from, i - from) < 0 || bytes_put(vm, out, "\n", 1) < 0)
			return -1;
		if (i + 1 < s.n && s.p[i + 1] == '\n')
			i++;
		from = i + 1;
	}
	return bytes_put(vm, out, s.p + from, s.n - from);
}

static int put_parts(struct zigts *vm, zigts_val list, bool native, struct bytes *out)
{
	uint32_t n = web_length(vm, list);
	struct zigts_bytes x;

	for (uint32_t i = 0; i < n; i++) {
		zigts_val v = zigts_get_index(vm, list, i);
		struct sv s;

		if (zigts_bytes(vm, v, &x))
			s = (struct sv){ (const char *)x.p, x.n };
		else
			s = blob_is(v) ? blob_view(vm, v) : web_text(vm, v);
		if (!s.p || (native && zigts_type(v) == ZIGTS_T_STRING ? put_native(vm, out, s) : bytes_put(vm, out, s.p, s.n)) < 0)
			return -1;
	}
	return 0;
}

/* 1: "native", 0, -1: exception. */
static int endings(struct zigts *vm, zigts_val options)
{
	zigts_val v = options == ZIGTS_UNDEF ? options : zigts_get(vm, options, "endings");
	struct sv s;

	if (v == ZIGTS_UNDEF || v == ZIGTS_EXC)
		return v == ZIGTS_EXC ? -1 : 0;
	s = web_text(vm, v);
	if (!s.p)
		return -1;
	if (sv_eq(s, SV("native")) || sv_eq(s, SV("transparent")))
		return s.p[0] == 'n';
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "the option endings must be \"transparent\" or \"native\"");
	return -1;
}

/* The parts and the options of both constructors. */
static zigts_val build(struct zigts *vm, int id, zigts_val parts, zigts_val options, struct blob *b, const char *what)
{
	struct bytes out = BYTES_INIT;
	zigts_val list = zigts_array(vm), type;
	int is, native;

	is = list == ZIGTS_EXC ? -1 : parts == ZIGTS_UNDEF ? 2 : web_is_object(parts) ? zigts_is_iterable(vm, parts) : 0;
	if (is == 0)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "%s: the parts must be an iterable object", what);
	if (is < 0 || (is == 1 && zigts_each(vm, parts, collect, &list) < 0))
		return ZIGTS_EXC;
	options = web_dictionary(vm, options, what);
	native = options == ZIGTS_EXC ? -1 : endings(vm, options);
	if (native < 0)
		return ZIGTS_EXC;
	type = normal_type(vm, options == ZIGTS_UNDEF ? options : zigts_get(vm, options, "type"));
	if (type == ZIGTS_EXC || put_parts(vm, list, native, &out) < 0)
		return ZIGTS_EXC;
	b->n = out.n;
	return make(vm, id, out.buffer, b, type);
}

static zigts_val construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	return build(vm, blob_id, ZIGTS_ARG(0), ZIGTS_ARG(1), &(struct blob){ 0 }, "Blob");
}

static zigts_val construct_file(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct blob b = { .last_modified = __builtin_nan("") };
	zigts_val name, when, self;

	if (!web_needs(vm, argc, 2, "File"))
		return ZIGTS_EXC;
	if (ZIGTS_ARG(0) == ZIGTS_UNDEF)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "File: the parts must be an iterable object");
	name = web_usv(vm, ZIGTS_ARG(1));
	when = name == ZIGTS_EXC || !web_is_object(ZIGTS_ARG(2)) ? name == ZIGTS_EXC ? name : ZIGTS_UNDEF
		: zigts_get(vm, ZIGTS_ARG(2), "lastModified");
	if (when == ZIGTS_EXC || (when != ZIGTS_UNDEF && zigts_to_number(vm, when, &b.last_modified) < 0))
		return ZIGTS_EXC;
	if (when != ZIGTS_UNDEF) /* long long */
		b.last_modified = __builtin_isfinite(b.last_modified) ? __builtin_trunc(b.last_modified) + 0.0 : 0;
	self = build(vm, file_id, ZIGTS_ARG(0), ZIGTS_ARG(2), &b, "File");
	if (self != ZIGTS_EXC)
		zigts_host_set_slot(vm, self, F_NAME, name);
	return self;
}

/* ---- members --------------------------------------------------------------------- */

static bool check(struct zigts *vm, zigts_val v, int id)
{
	if (zigts_host_payload(v, id))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a %s object", id == file_id ? "File" : "Blob");
	return false;
}

static zigts_val g_size(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return check(vm, a[0], blob_id) ? zigts_number((double)blob_of(a[0])->n) : ZIGTS_EXC;
}

static zigts_val g_type(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return check(vm, a[0], blob_id) ? blob_type(a[0]) : ZIGTS_EXC;
}

static zigts_val g_name(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return check(vm, a[0], file_id) ? zigts_host_slot(a[0], F_NAME) : ZIGTS_EXC;
}

static zigts_val g_last_modified(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	double t;

	(void)argc;
	if (!check(vm, a[0], file_id))
		return ZIGTS_EXC;
	t = blob_of(a[0])->last_modified;
	if (__builtin_isnan(t)) { /* the clock taints, so only those who want to know read it */
		t = zigts_date_now(vm);
		zigts_host_write(vm, a[0], offsetof(struct blob, last_modified), &t, sizeof t);
	}
	return zigts_number(t);
}

/* A [Clamp] long long of slice as a place within n bytes. 0 or -1. */
static int place(struct zigts *vm, zigts_val v, uint64_t n, uint64_t other, uint64_t *out)
{
	double d;

	*out = other;
	if (v == ZIGTS_UNDEF)
		return 0;
	if (zigts_to_number(vm, v, &d) < 0)
		return -1;
	d = __builtin_isnan(d) ? 0 : __builtin_rint(d);
	if (d < 0)
		d = d + (double)n < 0 ? 0 : d + (double)n;
	*out = d > (double)n ? n : (uint64_t)d;
	return 0;
}

static zigts_val m_slice(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	uint64_t from, to;
	zigts_val type;
	struct blob b;

	if (!check(vm, a[0], blob_id))
		return ZIGTS_EXC;
	b = *blob_of(a[0]);
	if (place(vm, ZIGTS_ARG(0), b.n, 0, &from) < 0 || place(vm, ZIGTS_ARG(1), b.n, b.n, &to) < 0)
		return ZIGTS_EXC;
	type = normal_type(vm, ZIGTS_ARG(2));
	b.off += from;
	b.n = to > from ? to - from : 0;
	return make(vm, blob_id, zigts_host_slot(a[0], B_BUFFER), &b, type);
}

static zigts_val text(struct zigts *vm, zigts_val v)
{
	return check(vm, v, blob_id) ? web_decoded(vm, blob_view(vm, v)) : ZIGTS_EXC;
}

static zigts_val buffer(struct zigts *vm, zigts_val v, bool array)
{
	struct sv s;

	if (!check(vm, v, blob_id))
		return ZIGTS_EXC;
	s = blob_view(vm, v);
	return array ? zigts_uint8_array(vm, s.p, s.n) : zigts_array_buffer(vm, s.p, s.n);
}

static zigts_val m_text(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return zigts_promised(vm, text(vm, a[0])); }
static zigts_val m_bytes(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return zigts_promised(vm, buffer(vm, a[0], true)); }
static zigts_val m_buffer(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)argc; return zigts_promised(vm, buffer(vm, a[0], false)); }

static zigts_val m_stream(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val v = buffer(vm, a[0], true);

	(void)argc;
	return v == ZIGTS_EXC ? v : web_stream_of_bytes(vm, v);
}

static const struct zigts_row blob_rows[] = {
	ZIGTS_GETTER("size", EFF_NONE, g_size),
	ZIGTS_GETTER("type", EFF_NONE, g_type),
	ZIGTS_FN("slice", 0, EFF_CALLS, m_slice),
	ZIGTS_FN("text", 0, EFF_NONE, m_text),
	ZIGTS_FN("arrayBuffer", 0, EFF_NONE, m_buffer),
	ZIGTS_FN("bytes", 0, EFF_NONE, m_bytes),
	ZIGTS_FN("stream", 0, EFF_NONE, m_stream),
};

static const struct zigts_row file_rows[] = {
	ZIGTS_GETTER("name", EFF_NONE, g_name),
	/* taints with EFF_TIME when it reads the clock */
	ZIGTS_GETTER("lastModified", EFF_MUT, g_last_modified),
};

int blob_install(struct zigts *vm)
{
	static const struct zigts_class blob = {
		.name = "Blob", .payload = sizeof(struct blob), .nslots = B_NSLOTS, .ctor_effect = EFF_CALLS,
		.ctor = construct, .rows = blob_rows, .nrows = WEB_ROWS(blob_rows),
	};
	static struct zigts_class file = {
		.name = "File", .payload = sizeof(struct blob), .nslots = F_NSLOTS, .ctor_nargs = 2,
		.ctor_effect = EFF_CALLS, .ctor = construct_file, .rows = file_rows, .nrows = WEB_ROWS(file_rows),
	};

	if (web_class(vm, &blob, true, &blob_id) < 0)
		return -1;
	file.parent = blob_id;
	return web_class(vm, &file, true, &file_id);
}
