/* deps_test.c: what the trace notes of a handler's questions: read sets, taint
 * and its place, keys. Each case is a handler run on one request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "shm/deps.h"
#include "worker/host/host.h"

struct run {
	struct deps deps;
	uint32_t taint;
	char answer[256], where[128];
	struct buf key, text;
};

static const char *const effect_name[] = {
#define EFFECT(name, text) #name,
#include "engine/include/effect.def"
};

static const char plain[] =
	"GET /a%20b?x=1&y=2&x=3&%7a=q HTTP/1.1\r\nHost: h.example\r\nAccept: text/html\r\nX-Odd: 7\r\n"
	"Cookie: s=1\r\nCookie: t=2\r\n\r\n";
static const char posted[] = "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\n{\"a\":1}";

static void parse(struct http_head *h, const char *bytes)
{
	gate_init(h);
	assert_int_equal(gate_feed(h, bytes, strlen(bytes)), GATE_DONE);
}

static struct sv body_of(const struct http_head *h, const char *bytes)
{
	return (struct sv){ bytes + h->size, h->content_length };
}

static void quiet(void *u, int level, const char *p, size_t n) { (void)u, (void)level, (void)p, (void)n; }

static void run(struct run *r, const char *code, const char *bytes)
{
	struct zigts *vm = zigts_new(&(struct zigts_config){ .print = quiet });
	struct zigts_diag diag = { 0 };
	struct zigts_program *p;
	struct http_head h;
	struct host_request rq = { .head = &h, .bytes = bytes, .deps = &r->deps };
	struct host_input in;
	zigts_val arg, v;
	uint32_t line, col;
	char file[32];
	size_t n;
	int root, i;

	memset(r, 0, offsetof(struct run, key));
	r->key.len = r->text.len = 0;
	parse(&h, bytes);
	rq.body = body_of(&h, bytes);
	rq.has_body = h.method == HTTP_POST;
	assert_non_null(vm);
	assert_int_equal(host_install(vm), 0);
	p = zigts_load(vm, "t.js", code, strlen(code), ZIGTS_GUESS, &diag);
	if (!p)
		fail_msg("%s", diag.text);
	assert_int_equal(zigts_eval(vm, p), 0);
	root = zigts_root_add(vm, zigts_binding(vm, p, "handler"));
	assert_int_equal(zigts_freeze(vm), 0);
	zigts_begin(vm, NULL);
	zigts_set_user(vm, &rq);
	arg = host_request_object(vm, &rq);
	v = zigts_call(vm, zigts_root(vm, root), ZIGTS_UNDEF, 1, &arg);
	if (v != ZIGTS_EXC)
		assert_int_equal(zigts_run_jobs(vm), 0);
	else
		v = zigts_take_exception(vm);
	snprintf(r->answer, sizeof r->answer, "%s", zigts_to_utf8(vm, v, &n));
	r->taint = zigts_taints(vm);
	for (i = 0; i < EFFECT_BIT__N; i++)
		if (r->taint >> i & 1 && zigts_taint_where(vm, i, file, sizeof file, &line, &col))
			snprintf(r->where + strlen(r->where), sizeof r->where - strlen(r->where), "%s%s %s:%u:%u",
				 r->where[0] ? ", " : "", effect_name[i], file, line, col);
	deps_canonical(&r->deps);
	host_request_input(&rq, &in);
	deps_key(&r->deps, &in.in, &r->key);
	deps_explain(&r->deps, &in.in, &r->text);
	zigts_end(vm);
	zigts_free(&vm);
}

static void done(struct run *r)
{
	buf_free(&r->key);
	buf_free(&r->text);
}

static void test_questions(void **state)
{
	static const struct { const char *code, *bytes, *asked; } row[] = {
		{ "return 'x'", plain, "" },
		{ "return r.method", plain, "method: GET\n" },
		{ "return r.path", plain, "path: /a%20b\n" },
		{ "return r.url", plain, "path: /a%20b\nquery: x=1&y=2&x=3&%7a=q\n" },
		{ "return r.href", plain, "origin: \npath: /a%20b\nquery: x=1&y=2&x=3&%7a=q\nheader host: h.example\n" },
		{ "return r.query.y", plain, "query y: 2\n" },
		{ "return r.query.x", plain, "query x: 1\nquery x: 3\n" },
		{ "return r.query['z'] + r.query.none", plain, "query none: (absent)\nquery z: q\n" },
		{ "return r.query.getAll('x').length", plain, "query x: 1\nquery x: 3\n" },
		{ "return r.query.toString === Object.prototype.toString", plain, "" },
		{ "return 'y' in r.query", plain, "query y: 2\n" },
		{ "return Object.hasOwn(r.query, 'w')", plain, "query w: (absent)\n" },
		{ "const { y, ...rest } = r.query; return rest.x", plain, "query: x=1&y=2&x=3&%7a=q\n" },
		{ "return JSON.stringify(r.query)", plain, "query: x=1&y=2&x=3&%7a=q\n" },
		{ "for (const k in r.query) return k", plain, "query: x=1&y=2&x=3&%7a=q\n" },
		{ "return r.headers.get('ACCEPT')", plain, "header accept: text/html\n" },
		{ "return r.headers.accept", plain, "header accept: text/html\n" },
		{ "return r.headers['x-odd'] + r.headers.has('x-none')", plain, "header x-none: (absent)\nheader x-odd: 7\n" },
		{ "return r.headers.get('cookie')", plain, "header cookie: s=1\nheader cookie: t=2\n" },
		{ "return [...r.headers].length", plain,
		  "header Host: h.example\nheader Accept: text/html\nheader X-Odd: 7\nheader Cookie: s=1\nheader Cookie: t=2\n" },
		{ "return JSON.stringify({ ...r.headers })", plain,
		  "header Host: h.example\nheader Accept: text/html\nheader X-Odd: 7\nheader Cookie: s=1\nheader Cookie: t=2\n" },
		{ "return new Headers(r.headers).get('accept')", plain,
		  "header Host: h.example\nheader Accept: text/html\nheader X-Odd: 7\nheader Cookie: s=1\nheader Cookie: t=2\n" },
		{ "return r.body", posted, "body: {\"a\":1}\n" },
		{ "return (async () => (await r.json()).a)()", posted, "body: {\"a\":1}\n" },
		{ "return r.text()", posted, "body: {\"a\":1}\n" },
		{ "return new Request(r).method", posted, "method: POST\nbody: {\"a\":1}\n" },
		{ "return r.clone().path", plain, "path: /a%20b\nbody: \n" },
		{ "return new Request(r, { headers: {} }).headers.get('a')", plain, "body: \n" },
		/* computed, aliased, reflected: the getter runs all the same */
		{ "const g = Object.getOwnPropertyDescriptor(Request.prototype, 'method').get; return g.call(r)", plain, "method: GET\n" },
		{ "return Reflect.get(r, ['me', 'thod'].join(''))", plain, "method: GET\n" },
		{ "const { headers: { accept: a = 1 } } = r; return a", plain, "header accept: text/html\n" },
		{ "return new Proxy(r.query, {}).y", plain, "query y: 2\n" },
		{ "return Object.create(r.query).y", plain, "query y: 2\n" },
		{ "try { null.x } catch { return r.headers.origin }", plain, "header origin: (absent)\n" },
	};
	struct run r = { .key = BUF_INIT };
	char code[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof row / sizeof row[0]; i++) {
		snprintf(code, sizeof code, "function handler(r) { %s }", row[i].code);
		run(&r, code, row[i].bytes);
		if (strcmp(buf_cstr(&r.text), row[i].asked) != 0)
			fail_msg("%s\nasked:\n%sexpected:\n%s(answer %s)", row[i].code, buf_cstr(&r.text), row[i].asked, r.answer);
		assert_int_equal(r.taint, 0);
	}
	done(&r);
}

static void test_taint(void **state)
{
	static const struct { const char *code, *where; } row[] = {
		{ "return Date.now()", "TIME t.js:1:35" },
		{ "const f = Date.now; return f()", "TIME t.js:1:50" },
		{ "return new Date().getTime() > 0", "TIME t.js:1:30" },
		{ "return new Date(0).getTime()", "" },
		{ "return Date()", "TIME t.js:1:30" },
		{ "return Reflect.construct(Date, []) > 0", "TIME t.js:1:38" },
		{ "return Math.random() < 2", "RANDOM t.js:1:35" },
		{ "return [1].map(Math.random).length", "RANDOM t.js:1:34" },
		{ "return Math.random.bind(null)() < 2", "RANDOM t.js:1:30" },
		{ "return Math['ran' + 'dom']() < 2", "RANDOM t.js:1:35" },
		{ "return new Proxy(Math.random, {})() < 2", "RANDOM t.js:1:30" },
		{ "const o = { get x() { return Date.now() } }; return `${o.x}`", "TIME t.js:1:57" },
		{ "const o = { [Symbol.toPrimitive]: Math.random }; return o + 1", "RANDOM t.js:1:79" },
		{ "Array.prototype[Symbol.iterator] = function* () { yield Math.random() }; for (const v of [1]) return v", "RANDOM t.js:1:84" },
		{ "return crypto.randomUUID().length", "RANDOM t.js:1:37" },
		{ "return crypto.getRandomValues(new Uint8Array(4)).length", "RANDOM t.js:1:37" },
		{ "return typeof crypto.subtle.digest('SHA-1', new Uint8Array(4))", "" },
		{ "return typeof crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt'])", "RANDOM t.js:1:51" },
		{ "console.log(1); console.log(2); return 1", "LOG t.js:1:31" },
		{ "return new (class extends Date {})() > 0", "TIME t.js:1:35" },
		{ "return Reflect.apply(Date, null, [0])", "TIME t.js:1:38" },
		{ "return new Date(2024, 0).toLocaleString('en', { timeZone: 'UTC' })", "" },
		{ "return Date.UTC(2024) + Date.parse('2024-01-01')", "" },
		{ "return new Intl.DateTimeFormat('en').format()", "TIME t.js:1:60" },
		{ "return new Intl.DateTimeFormat('en').format(0)", "" },
		{ "return new Intl.DateTimeFormat('en').formatToParts().length", "TIME t.js:1:60" },
		{ "return new Intl.DateTimeFormat('en').formatRange(0, 1)", "" },
		{ "return new Intl.NumberFormat('en').format(1)", "" },
		{ "console.time('x'); return 1", "TIME t.js:1:31" },
		{ "return [3, 1, 2].sort(() => Math.random() - 0.5).length", "RANDOM t.js:1:56" },
		{ "return JSON.parse('[1]', () => Math.random())", "RANDOM t.js:1:59" },
		{ "return JSON.stringify({ toJSON: Date.now })", "TIME t.js:1:35" },
		{ "return 'a'.replace(/a/, Math.random)", "RANDOM t.js:1:34" },
		{ "return Iterator.concat({ [Symbol.iterator]: function* () { yield Math.random() } }).toArray().length", "RANDOM t.js:1:93" },
		{ "return new Map().getOrInsertComputed(1, Date.now)", "TIME t.js:1:40" },
		{ "return Math.sumPrecise({ [Symbol.iterator]: function* () { yield Math.random() } })", "RANDOM t.js:1:93" },
		{ "{ using x = { [Symbol.dispose]: Math.random } } return 1", "RANDOM t.js:1:25" },
		{ "const s = new DisposableStack(); s.defer(Date.now); s.dispose(); return 1", "TIME t.js:1:77" },
		{ "return Math.max(1, 2) + [].concat(1).length + structuredClone({ a: 1 }).a", "" },
		{ "return (0, eval)('1+1')", "EVAL t.js:1:31" },
		{ "return new Function('return 1')()", "EVAL t.js:1:30" },
	};
	struct run r = { .key = BUF_INIT };
	char code[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof row / sizeof row[0]; i++) {
		snprintf(code, sizeof code, "function handler(r) { %s }", row[i].code);
		run(&r, code, plain);
		if (strcmp(r.where, row[i].where) != 0)
			fail_msg("%s\n  %s, expected %s (answer %s)\n", row[i].code, r.where, row[i].where, r.answer);
	}
	done(&r);
}

/* A limit may be met in one run and not in another: it taints. */
static void test_resource(void **state)
{
	struct run r = { .key = BUF_INIT };

	(void)state;
	run(&r, "function f() { return f() + 1 } function handler(r) { try { f() } catch { return 'deep' } }", plain);
	assert_string_equal(r.answer, "deep");
	assert_int_equal(r.taint & EFF_RESOURCE, EFF_RESOURCE);
	done(&r);
}

/* More questions than fit become "all of them", never fewer. */
static void test_overflow(void **state)
{
	struct run r = { .key = BUF_INIT };

	(void)state;
	run(&r, "function handler(r) { for (let i = 0; i < 40; i++) r.query['p' + i]; return 1 }", plain);
	assert_int_equal(r.deps.fields, DEP_QUERY_ALL);
	assert_int_equal(r.deps.n, 0);
	run(&r, "function handler(r) { r.headers.get('x-' + 'n'.repeat(600)); return 1 }", plain);
	assert_int_equal(r.deps.fields, DEP_HEADERS_ALL);
	done(&r);
}

/* Equal keys only for equal answers; other inputs do not matter. */
static void test_keys(void **state)
{
	static const struct { const char *code, *a, *b; bool same; } row[] = {
		{ "return r.query.x", "GET /?x=1&y=2 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /?y=9&x=1 HTTP/1.1\r\nHost: h\r\n\r\n", true },
		{ "return r.query.x", "GET /?x=1 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /?x=1&x=2 HTTP/1.1\r\nHost: h\r\n\r\n", false },
		{ "return r.query.x", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET /?x HTTP/1.1\r\nHost: h\r\n\r\n", false },
		{ "return r.query.x", "GET /?%78=1 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /?x=1 HTTP/1.1\r\nHost: h\r\n\r\n", true },
		{ "return r.headers.a", "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\na: 1\r\nB: 1\r\n\r\n", true },
		{ "return r.headers.a", "GET / HTTP/1.1\r\nHost: h\r\nA:\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", false },
		{ "return r.headers.a", "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nA: 2\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nA: 1, 2\r\n\r\n", false },
		{ "return r.headers.a + r.headers.b", "GET / HTTP/1.1\r\nHost: h\r\nA: 12\r\nB: 3\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 23\r\n\r\n", false },
		{ "return 1", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /b?c HTTP/1.1\r\nHost: i\r\nCookie: z\r\n\r\n", true },
	};
	struct run r = { .key = BUF_INIT }, s = { .key = BUF_INIT };
	char code[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof row / sizeof row[0]; i++) {
		snprintf(code, sizeof code, "function handler(r) { %s }", row[i].code);
		run(&r, code, row[i].a);
		run(&s, code, row[i].b);
		assert_true(deps_equal(&r.deps, &s.deps) && deps_valid(&r.deps));
		if (sv_eq(buf_sv(&r.key), buf_sv(&s.key)) != row[i].same)
			fail_msg("%s: %s | %s", row[i].code, row[i].a, row[i].b);
	}
	done(&r);
	done(&s);
}

/* The order of the questions does not make another set. */
static void test_order(void **state)
{
	struct run r = { .key = BUF_INIT }, s = { .key = BUF_INIT };
	struct buf vary = BUF_INIT;

	(void)state;
	run(&r, "function handler(r) { return r.query.b + r.query.a + r.headers['x-b'] + r.headers['x-a'] + r.headers.accept }", plain);
	run(&s, "function handler(r) { return r.headers.accept + r.headers['x-a'] + r.query.a + r.headers['x-b'] + r.query.b }", plain);
	assert_true(deps_equal(&r.deps, &s.deps));
	assert_int_equal(deps_size(&r.deps), deps_size(&s.deps));
	deps_vary(&r.deps, &vary);
	assert_string_equal(buf_cstr(&vary), "accept, x-a, x-b");
	assert_true(deps_asks(&r.deps, SV("x-a")) && deps_asks(&r.deps, SV("accept")) && !deps_asks(&r.deps, SV("cookie")));
	buf_free(&vary);
	done(&r);
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions), cmocka_unit_test(test_taint), cmocka_unit_test(test_resource),
		cmocka_unit_test(test_overflow), cmocka_unit_test(test_keys), cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
