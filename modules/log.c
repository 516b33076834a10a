/* log.c: zigttp:log. A line is one JSON object; a field that cannot be written as
 * JSON is told as a text, because a log line shall not fail a request. Called by
 * scripts. */
#include <stdio.h>

#include "base/clock.h"
#include "modules/parts.h"
#include "modules/time.h"

static void to_stderr(enum log_level level, const char *p, size_t n)
{
	(void)level;
	fwrite(p, 1, n, stderr);
}

static void (*put_line)(enum log_level level, const char *p, size_t n) = to_stderr;

void modules_set_log(void (*put)(enum log_level level, const char *p, size_t n)) { put_line = put ? put : to_stderr; }

/* v as JSON; what has none, or throws, is told. False: the VM terminates. */
static bool put_json(struct zigts *vm, struct buf *b, zigts_val v)
{
	const char *text;
	size_t n;
	int r;

	if (zigts_type(v) == ZIGTS_T_BIGINT)
		v = zigts_to_string(vm, v);
	r = zigts_json_stringify(vm, v, &text, &n);
	if (r < 0) {
		if (zigts_terminated(vm))
			return false;
		zigts_take_exception(vm);
		buf_puts(b, "\"(cannot be written as JSON)\"");
	} else if (r > 0) {
		buf_puts(b, "null");
	} else {
		buf_put(b, text, n);
	}
	return true;
}

static bool is_reserved(struct sv name)
{
	return sv_eq(name, SV("level")) || sv_eq(name, SV("ts")) || sv_eq(name, SV("msg"));
}

static bool put_field(struct zigts *vm, struct buf *b, zigts_val key, zigts_val v)
{
	struct sv name = web_text(vm, key);

	if (!name.p)
		return false;
	if (is_reserved(name))
		return true;
	buf_putc(b, ',');
	if (!put_json(vm, b, key))
		return false;
	buf_putc(b, ':');
	return put_json(vm, b, v);
}

/* What an Error has is not enumerable. */
static bool put_error(struct zigts *vm, struct buf *b, zigts_val e)
{
	static const char *const names[] = { "name", "message", "stack" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		zigts_val v = zigts_get(vm, e, names[i]);

		if (v == ZIGTS_EXC || (v != ZIGTS_UNDEF && !put_field(vm, b, zigts_cstring(vm, names[i]), v)))
			return false;
	}
	return true;
}

static int is_error(struct zigts *vm, zigts_val v)
{
	zigts_val s = zigts_get(vm, v, "stack");

	return s == ZIGTS_EXC ? -1 : zigts_type(s) == ZIGTS_T_STRING;
}

static bool put_fields(struct zigts *vm, struct buf *b, zigts_val o)
{
	zigts_val keys;
	uint32_t n;
	int error;

	if (o == ZIGTS_UNDEF)
		return true;
	if (!mod_is_object(o) || zigts_is_array(o))
		return put_field(vm, b, zigts_cstring(vm, "data"), o);
	error = is_error(vm, o);
	if (error < 0 || (error && !put_error(vm, b, o)))
		return false;
	keys = zigts_own_keys(vm, o);
	if (keys == ZIGTS_EXC)
		return false;
	n = web_length(vm, keys);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val k = zigts_get_index(vm, keys, i), v = zigts_get_value(vm, o, k);

		if (v == ZIGTS_EXC)
			return false;
		if (mod_is_object(v) && is_error(vm, v) == 1)
			v = zigts_get(vm, v, "stack");
		if (v != ZIGTS_UNDEF && !put_field(vm, b, k, v))
			return false;
	}
	return true;
}

static zigts_val line(struct zigts *vm, zigts_val *a, uint32_t argc, enum log_level level)
{
	static const char *const name[] = { "error", "warn", "info", "debug" };
	zigts_val msg = zigts_to_string(vm, ZIGTS_ARG(0));
	struct buf b = BUF_INIT;

	if (msg == ZIGTS_EXC)
		return ZIGTS_EXC;
	buf_printf(&b, "{\"level\":\"%s\",\"ts\":\"", name[level]);
	time_put_iso(&b, (double)(clock_wall_ns() / 1000000));
	buf_puts(&b, "\",\"msg\":");
	if (!put_json(vm, &b, msg) || !put_fields(vm, &b, ZIGTS_ARG(1))) {
		buf_free(&b);
		return ZIGTS_EXC;
	}
	buf_puts(&b, "}\n");
	put_line(level, b.p, b.len);
	buf_free(&b);
	return ZIGTS_UNDEF;
}

zigts_val ndjson_debug(struct zigts *vm, zigts_val *a, uint32_t argc) { return line(vm, a, argc, LOG_DEBUG); }
zigts_val ndjson_info(struct zigts *vm, zigts_val *a, uint32_t argc) { return line(vm, a, argc, LOG_INFO); }
zigts_val ndjson_warn(struct zigts *vm, zigts_val *a, uint32_t argc) { return line(vm, a, argc, LOG_WARN); }
zigts_val ndjson_error(struct zigts *vm, zigts_val *a, uint32_t argc) { return line(vm, a, argc, LOG_ERR); }
