/* test_isolation.c: every request starts from the same bytes. A generator makes
 * random programs that mutate whatever module scope holds; after each the
 * snapshot half must equal its pristine copy, and a probe must answer the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "engine/include/zigts.h"

#define REQUESTS 10000

/* Module scope with every kind of mutable thing; mutate(op, a, b) changes one. */
static const char module[] =
	"let counter = 0; var gvar = 'start'; const list = [1, 2, 3, 4, 5]; const holes = [1, , 3]; const frozen = Object.freeze({ a: 1 });\n"
	"const map = new Map([['a', 1], ['b', { deep: [1] }]]), set = new Set([1, 2, 'x']), weak = new WeakMap(), key = {}; weak.set(key, 1);\n"
	"const table = { x: 1, y: { z: 2 }, 'with space': 3, 7: 'seven' };\n"
	"class Point { #p = 1; static count = 0; constructor(x, y) { this.x = x; this.y = y; } get p() { return this.#p; } set p(v) { this.#p = v; } m() { return this.x; } }\n"
	"class Point3 extends Point { z = 3; m() { return super.m() + 1; } }\n"
	"const pt = new Point(1, 2), pt3 = new Point3(4, 5);\n"
	"function makeCounter() { let n = 0; return { inc() { return ++n; }, get() { return n; } }; }\n"
	"const c1 = makeCounter(); const closures = []; for (let i = 0; i < 3; i++) closures.push(() => i++);\n"
	"function fn() { return arguments.length; } const sym = Symbol('s'); const big = []; for (let i = 0; i < 200; i++) big.push({ i, s: 'v' + i });\n"
	"const dict = {}; for (let i = 0; i < 150; i++) dict['k' + i] = i; let text = 'abc';\n"
	"const err = new Error('kept');\n"
	"const bytes = new Uint8Array(200).fill(3), rab = new ArrayBuffer(64, { maxByteLength: 4096 }), words = new Int32Array(rab), view = new DataView(bytes.buffer);\n"
	"const floats = new Float64Array([3, 1, 2]), half = new Float16Array(9), wide = new BigUint64Array(4), gone = new ArrayBuffer(32), late = new Uint16Array(gone, 4);\n"
	"function* evaluating() { var known = 'k', s = '0'; let own = 1; for (;;) s = yield eval(s); } const evaluator = evaluating(); evaluator.next(); evaluator.next('var early = 1');\n"
	"const re = /(\\w)(\\d)/g, re2 = new RegExp('k(?<n>\\\\d+)', 'dy'); /(s)t/.test('first');\n"
	"const ops = [\n"
	" (a, b) => { re.lastIndex = a % 3; re.exec('x1y2z3'); re2.lastIndex = 1; re2.exec(' k7'); list.push(re2); }, (a, b) => { re.compile('q' + a, 'g'); re.extra = a; },\n"
	" (a, b) => { gvar = ('v' + a).replace(new RegExp('[v' + a + ']', 'gi'), b); Object.freeze(re2); }, (a) => { RegExp.prototype.exec = () => null; RegExp.prototype.q = a; },\n"
	" (a, b) => { table.m = 'a1b2'.match(re); text = 'a,b'.split(/,/)[a % 2]; RegExp.input = 'i' + a; gvar = eval2('/e' + a % 9 + '/.exec(\"e1\")'); },\n"
	" (a) => { evaluator.next('var extra' + a % 4 + ' = [' + a + ']; known = extra' + a % 4); }, (a, b) => { evaluator.next('own += ' + a + '; function early() { } { function extra1() { } }'); with (table) { x = b; y = a; } },\n"
	" (a) => { evaluator.next('delete early'); eval('var evalLocal = a; gvar = evalLocal'); eval2('var evalGlobal' + a + ' = 1; function evalFn() { }'); with (pt) { eval('var x = a'); } },\n"
	" (a) => { bytes[a % 220] = a; words[a % 20] = a; floats.sort(); }, (a) => { rab.resize(a % 4096); words.fill(a); }, (a) => { view.setFloat64(a % 192, a); },\n"
	" (a) => { bytes.set(floats, a % 190); bytes.copyWithin(0, a % 100); half.set([a, 1 / a]); floats.reverse(); }, (a) => { gone.transfer(99); late[0] = 1; wide[a % 4] = BigInt(a); },\n"
	" (a, b) => { bytes.extra = b; Object.freeze(gone); Atomics.add(words, a % 16, a); gvar = bytes.subarray(a % 200); bytes.fill(a, a % 200); },\n"
	" (a, b) => { counter += a; gvar = gvar + b; }, (a, b) => { list.push(a, b); }, (a) => { list[a % 9] = a; }, (a) => { list.length = a % 7; },\n"
	" () => { list.sort((p, q) => q - p); list.reverse(); }, (a, b) => { holes[a % 5] = b; }, () => { delete table.x; }, (a, b) => { table[b] = a; },\n"
	" (a, b) => { table['n' + a] = b; }, (a, b) => { map.set(b, a); map.delete('a'); }, () => { map.clear(); set.clear(); }, (a, b) => { set.add(a); set.add(b); },\n"
	" (a) => { weak.set(key, a); weak.set({}, a); }, (a) => { pt.x = a; pt.p = a; pt3.p = a; pt.extra = a; }, (a) => { Point.count += a; Point.other = a; },\n"
	" (a) => { Point.prototype.m = () => a; Point.prototype['q' + a] = 1; }, () => { Object.setPrototypeOf(pt, null); }, () => { Object.freeze(table); Object.seal(list); },\n"
	" (a) => { c1.inc(); closures[a % 3](); }, (a) => { globalThis['g' + a] = a; globalThis.gvar = a; }, () => { delete Array.prototype.map; Array.prototype.push = null; },\n"
	" (a) => { Object.prototype['leak' + a] = a; }, (a) => { Math.abs = () => a; JSON.stringify = null; delete Math.PI; }, (a) => { String.prototype.trim = function () { return a; }; },\n"
	" (a) => { fn.prop = a; fn.prototype.x = a; Object.defineProperty(fn, 'name', { value: 'n' + a }); }, (a) => { table[sym] = a; big[a % 200].i = a; big[a % 200]['new' + a] = 1; },\n"
	" (a) => { for (const o of big) { o.s = a; } }, (a) => { dict['k' + a] = 'w'; delete dict['k' + (a + 1)]; dict['z' + a] = 1; }, (a) => { Object.defineProperty(table, 'acc', { get() { return a; }, configurable: true }); },\n"
	" (a, b) => { text += b; err.message = text; err.stack; err.extra = a; }, (a) => { big.splice(a % 100, 3, a); big.unshift(a); }, () => { Object.preventExtensions(dict); Object.freeze(Math); },\n"
	" (a) => { map.get('b') && map.get('b').deep.push(a); }, (a) => { class Q extends Point3 { w = a; } pt3.q = new Q(1, 2); Point3.sub = Q; },\n"
	" (a, b) => { table.y = JSON.parse('{\"p' + a + '\":[1,{\"' + a + 'q\":\"' + a + '\"}]}'); }, (a) => { Array.prototype[Symbol.iterator] = function () { return { next() { return { done: true }; } }; }; },\n"
	" (a) => { let s = ''; for (let i = 0; i < a % 300; i++) s += i; gvar = s; list.push(s.slice(3, 60)); }, (a) => { Object.assign(table, { a1: a, b1: [a] }); throw new Error('t' + a); },\n"
	"].filter(f => f);\n"
	"function mutate(i, a, b) { try { ops[i % ops.length](a, b); } catch (e) { gvar = e; } }\n"
	"const eval2 = eval;\n"
	"function probe() { counter++; let h = [counter, gvar, list, holes, map.size, [...map.keys()], set.size, weak.get(key), table, pt, pt3.m(), pt.p, Point.count, c1.inc(), closures[0](),\n"
	"  fn.name, fn.prototype.x, big.length, big[3], text, Object.keys(dict).length, err.message, Math.PI, Math.abs(-2), 'leak1' in {}, [1].map(x => x + 1), ' a '.trim(),\n"
	"  bytes.join(), words.length, words.join(), floats.join(), half.join(), wide.join(), gone.byteLength, late.length, bytes.extra,\n"
	"  evaluator.next('[typeof early, typeof extra0, typeof extra1, known, own].join()').value,\n"
	"  RegExp.$1, RegExp.input, re.lastIndex, String(re), re.extra, re2.lastIndex, 'c3'.replace(re, '$2$1'), /q(.)/.exec('aqb')];\n"
	"  return JSON.stringify(h) + Object.isFrozen(table) + Object.keys(globalThis).length; }\n";

static struct zigts *vm;
static int root_mutate, root_probe;

static int setup(void **state)
{
	struct zigts_config cfg = { .verify_snapshot = true };
	struct zigts_diag d = { 0 };
	struct zigts_program *p;

	(void)state;
	vm = zigts_new(&cfg);
	assert_non_null(vm);
	p = zigts_load(vm, "isolation.js", module, sizeof module - 1, ZIGTS_SCRIPT, &d);
	if (p == NULL)
		fail_msg("%s", d.text);
	if (zigts_eval(vm, p) < 0) {
		size_t n;

		fail_msg("%s", zigts_describe_exception(vm, zigts_take_exception(vm), &n));
	}
	root_mutate = zigts_root_add(vm, zigts_binding(vm, p, "mutate"));
	root_probe = zigts_root_add(vm, zigts_binding(vm, p, "probe"));
	assert_int_equal(zigts_freeze(vm), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	zigts_free(&vm);
	return 0;
}

static uint64_t rng = 88172645463325252ull;
static uint32_t next_random(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (uint32_t)(rng >> 11);
}

static void take_probe(struct buf *out)
{
	zigts_val r;
	size_t n;
	const char *s;

	zigts_begin(vm, NULL);
	r = zigts_call(vm, zigts_root(vm, root_probe), ZIGTS_UNDEF, 0, NULL);
	if (r == ZIGTS_EXC)
		fail_msg("probe: %s", zigts_describe_exception(vm, zigts_take_exception(vm), &n));
	s = zigts_to_utf8(vm, r, &n);
	buf_put(out, s, n);
	zigts_end(vm);
}

static void test_mutations(void **state)
{
	struct buf first = BUF_INIT, now = BUF_INIT;

	(void)state;
	take_probe(&first);
	for (int i = 0; i < REQUESTS; i++) {
		uint32_t nops = 1 + next_random() % 8;

		zigts_begin(vm, NULL);
		for (uint32_t j = 0; j < nops; j++) {
			char word[16];
			zigts_val argv[3] = { zigts_int((int32_t)(next_random() & 0xffff)), zigts_int((int32_t)(next_random() & 0x3ff)) };

			argv[2] = zigts_string(vm, word, (size_t)snprintf(word, sizeof word, "w%u", next_random() % 50));
			if (zigts_call(vm, zigts_root(vm, root_mutate), ZIGTS_UNDEF, 3, argv) == ZIGTS_EXC)
				(void)zigts_take_exception(vm);
		}
		zigts_end(vm);       /* aborts when the snapshot differs */
		if (i % 16 == 0) {
			now.len = 0;
			take_probe(&now);
			if (now.len != first.len || memcmp(now.p, first.p, first.len) != 0)
				fail_msg("after request %d\n  %.*s\ninstead of\n  %.*s", i, (int)now.len, now.p, (int)first.len, first.p);
		}
	}
	buf_free(&first);
	buf_free(&now);
}

static void test_hostile_keys(void **state)
{
	struct zigts_stats a, b;

	(void)state;
	zigts_stats(vm, &a);
	for (int r = 0; r < 200; r++) {
		struct buf s = BUF_INIT;
		zigts_val v;

		buf_putc(&s, '[');
		for (int i = 0; i < 200; i++)
			buf_printf(&s, "%s{\"k%u_%u\":%d,\"q%u\":{\"r%u\":1}}", i ? "," : "", next_random(), next_random(), i, next_random(), next_random());
		buf_putc(&s, ']');
		zigts_begin(vm, NULL);
		v = zigts_json_parse(vm, s.p, s.len);
		assert_true(v != ZIGTS_EXC);
		zigts_end(vm);
		buf_free(&s);
	}
	zigts_stats(vm, &b);
	print_message("hostile keys: atoms %u -> %u, shapes %u -> %u\n", a.atoms, b.atoms, a.shapes, b.shapes);
	assert_true(b.atoms - a.atoms < 1000);
	assert_true(b.shapes - a.shapes < 1000);
}

static void test_clean_end_cost(void **state)
{
	uint64_t t0 = clock_mono_ns();

	(void)state;
	for (int i = 0; i < 20000; i++) {
		zigts_begin(vm, NULL);
		zigts_end(vm);
	}
	print_message("clean begin + end with verification: %.0f ns\n", (double)(clock_mono_ns() - t0) / 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutations), cmocka_unit_test(test_hostile_keys), cmocka_unit_test(test_clean_end_cost),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
