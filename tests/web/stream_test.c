/* stream_test.c: what web/stream.h offers to C, tried by a script that gets it as
 * functions. Several requests of one VM, whose snapshot is compared after each: all
 * print the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "web/stream.h"
#include "web/web.h"

static zigts_val truth(bool b) { return b ? ZIGTS_TRUE : ZIGTS_FALSE; }
static zigts_val done(int err) { return err < 0 ? ZIGTS_EXC : ZIGTS_UNDEF; }

#define NATIVE(name, value) static zigts_val f_##name(struct zigts *vm, zigts_val *a, uint32_t argc) { (void)a, (void)argc; return value; }
NATIVE(make, web_stream_new(vm, ZIGTS_ARG(0), ZIGTS_ARG(1)))
NATIVE(of_bytes, web_stream_of_bytes(vm, ZIGTS_ARG(0)))
NATIVE(is, truth(web_stream_is(vm, ZIGTS_ARG(0))))
NATIVE(locked, truth(web_stream_locked(vm, ZIGTS_ARG(0))))
NATIVE(disturbed, truth(web_stream_disturbed(vm, ZIGTS_ARG(0))))
NATIVE(drain, done(web_stream_drain(vm, ZIGTS_ARG(0), ZIGTS_ARG(1), ZIGTS_ARG(2), ZIGTS_ARG(3))))
NATIVE(collect, web_stream_collect(vm, ZIGTS_ARG(0)))
NATIVE(cancel, done(web_stream_cancel(vm, ZIGTS_ARG(0), ZIGTS_ARG(1))))
NATIVE(tee, web_stream_tee(vm, ZIGTS_ARG(0)))

static const struct zigts_row rows[] = {
	ZIGTS_FN("make", 2, EFF_CALLS, f_make), ZIGTS_FN("ofBytes", 1, EFF_CALLS, f_of_bytes),
	ZIGTS_FN("is", 1, EFF_NONE, f_is), ZIGTS_FN("locked", 1, EFF_NONE, f_locked),
	ZIGTS_FN("disturbed", 1, EFF_NONE, f_disturbed), ZIGTS_FN("drain", 4, EFF_CALLS, f_drain),
	ZIGTS_FN("collect", 1, EFF_CALLS, f_collect), ZIGTS_FN("cancel", 2, EFF_CALLS, f_cancel),
	ZIGTS_FN("tee", 1, EFF_CALLS, f_tee),
};

static const char code[] =
	"const u8 = (...x) => new Uint8Array(x);\n"
	"export async function handler() {\n"
	"  const parts = [u8(1, 2), u8(), u8(3)];\n"
	"  const source = () => { let i = 0; return make(async () => parts[i++]?.slice(), (r) => print('cancel ' + r)); };\n"
	"  print(is({}), is(null), is(5));\n"
	"  const s = source();\n"
	"  print(is(s), locked(s), disturbed(s));\n"
	"  print(await collect(s), locked(s), disturbed(s));\n"
	"  try { collect(s); } catch (e) { print(e.name); }\n"
	"  const r = source().getReader({ mode: 'byob' });\n"
	"  print((await r.read(new Uint8Array(1))).value, (await r.read(new Uint8Array(4))).value, (await r.read(new Uint8Array(4))).value,\n"
	"    (await r.read(new Uint8Array(4))).done);\n"
	"  await source().cancel('why');\n"
	"  cancel(source(), 'host');\n"
	"  const [a, b] = tee(source());\n"
	"  print((await a.getReader().read()).value, await collect(b));\n"
	"  print(await collect(ofBytes(u8(9, 8))), (await collect(ofBytes(u8()))).length);\n"
	"  await new Promise((r) => drain(source(), (c) => { print('write', c); return Promise.resolve(); }, () => { print('end'); r(); }, r));\n"
	"  print(String(await new Promise((r) => drain(source(), () => { throw new Error('full'); }, r, r))));\n"
	"  print(String(await new Promise((r) => drain(source(), () => Promise.reject(1), r, r))));\n"
	"  print((await new Promise((r) => drain(ReadableStream.from([5]), () => {}, r, r))).name);\n"
	"  print((await new Promise((r) => drain(make(() => Promise.reject(new RangeError('x')), () => {}), () => {}, r, r))).name);\n"
	"  const [c, d] = tee(ReadableStream.from([{ x: 1 }]));\n"
	"  const v = (await c.getReader().read()).value, w = (await d.getReader().read()).value;\n"
	"  print(v.x, w.x, v === w);\n"
	"}\n";

static const char wanted[] =
	"false false false\n" "true false false\n" "1,2,3 true true\n" "TypeError\n" "1 2 3 true\n" "cancel why\n"
	"cancel host\n" "1,2 1,2,3\n" "9,8 0\n" "write 1,2\n" "write 3\n" "end\n" "cancel Error: full\n" "Error: full\n"
	"cancel 1\n" "1\n" "TypeError\n" "RangeError\n" "1 1 false\n";

static void gather(void *u, int level, const char *p, size_t n)
{
	(void)level;
	buf_put(u, p, n);
}

static zigts_val print(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct buf *out = zigts_user(vm);

	for (uint32_t i = 1; i <= argc; i++) {
		size_t n;
		const char *s = zigts_to_utf8(vm, a[i], &n);

		if (!s)
			return ZIGTS_EXC;
		buf_put(out, s, n);
		buf_putc(out, i == argc ? '\n' : ' ');
	}
	return ZIGTS_UNDEF;
}

static const struct zigts_row print_row[] = { ZIGTS_FN("print", 0, EFF_LOG, print) };

static void test_requests(void **unused)
{
	struct buf out = BUF_INIT;
	struct zigts *vm = zigts_new(&(struct zigts_config){ .verify_snapshot = true, .print = gather, .print_user = &out });
	struct zigts_diag diag = { 0 };
	struct zigts_program *p;
	int root;

	(void)unused;
	assert_non_null(vm);
	assert_int_equal(web_install(vm), 0);
	zigts_add_functions(vm, rows, sizeof rows / sizeof rows[0]);
	zigts_add_functions(vm, print_row, 1);
	p = zigts_load(vm, "t.js", code, sizeof code - 1, ZIGTS_MODULE, &diag);
	if (!p)
		fail_msg("%s", diag.text);
	assert_int_equal(zigts_eval(vm, p), 0);
	root = zigts_root_add(vm, zigts_binding(vm, p, "handler"));
	assert_int_equal(zigts_freeze(vm), 0);
	for (int i = 0; i < 3; i++) {
		zigts_val v, result;

		out.len = 0;
		zigts_begin(vm, NULL);
		zigts_set_user(vm, &out);
		v = zigts_await(vm, zigts_call(vm, zigts_root(vm, root), ZIGTS_UNDEF, 0, NULL));
		assert_int_equal(zigts_promise_state(v, &result), ZIGTS_PROMISE_FULFILLED);
		zigts_end(vm);
		assert_string_equal(buf_cstr(&out), wanted);
	}
	zigts_free(&vm);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_requests) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
