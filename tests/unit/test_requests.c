/* test_requests.c: warmed inline caches never change an answer. A request is a
 * number: it seeds a generator inside the module that drives groups of
 * access sites, each over few or many kinds of objects:
 * objects of the snapshot, of the arena, of shapes that die with the request,
 * and changes prototypes in between. One VM serves thousands of such requests
 * in random order; each answer must equal that of a fresh VM whose caches are
 * cold, interpreting through the slow functions for every other number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/include/zigts.h"
#include "engine/include/zigts_tools.h"

enum { SEEDS = 400, REQUESTS = 6000 };

static const char module[] =
	"let s = 1; function R(n) { s ^= s << 13; s ^= s >>> 17; s ^= s << 5; return (s >>> 0) % n; }\n"
	"class A { constructor(x) { this.x = x; this.y = 2; } m() { return 'A' + this.x; } get g() { return this.y; } set g(v) { this.y = v; } static st() { return 's'; } }\n"
	"class B extends A { z = 3; m() { return super.m() + 'B'; } }\n"
	"class C extends B { #p = 7; constructor(x) { super(x); this.c = new.target === C; } m() { return super.m() + this.#p; } get p() { return this.#p; } }\n"
	"function F(x) { this.x = x; this.q = [x]; } F.prototype.m = function () { return 'F' + this.x; };\n"
	"function G(x) { F.call(this, x); this.y = 1; } G.prototype = Object.create(F.prototype, { g: { get() { return 'gG'; }, configurable: true } });\n"
	"function H() { this.h = 1; }\n"
	"const base = { x: 50, m() { return 'base' + this.y; }, get g() { return 'bg'; }, 0: 'zero' }, deep = Object.create(Object.create(base));\n"
	"const dict = {}; for (let i = 0; i < 150; i++) dict['k' + i] = i; dict.x = 'dx';\n"
	"const lit = (x, y) => ({ x, y }), til = (y, x) => ({ y, x, m: lit }), many = i => { const o = {}; o['v' + i] = i; o.x = i; o.y = i; return o; };\n"
	"const own = i => ({ get x() { return 'own' + i + this.y; }, set x(v) { this.y = v + i; }, y: 0 });\n"
	"const keep = [lit(1, 2), til(1, 2), new A(1), new B(2), new C(3), new F(4), new G(5), deep, dict, Object.freeze(lit(8, 9)), Object.create(null), [1, 2, 3], function fn() { },\n"
	"  'text', 5, new Map([['x', 1]]), own(1), own(2), Object.assign([4], { x: 1, m: lit }), Symbol('q'), true];\n"
	"for (let i = 0; i < 12; i++) keep.push(many(i));\n"
	"var gv = 1, gl = 0; const tail = keep.length;\n"
	"const make = [own, i => lit(i, 1), i => til(i, 1), i => new A(i), i => new B(i), i => new C(i), i => new F(i), i => new G(i), () => Object.create(base), () => Object.create(deep), () => [i => i], many,\n"
	"  i => JSON.parse('{\"x\":' + i + ',\"t' + R(1000000) + '\":1,\"y\":2}'), i => { const o = lit(i, i); o['r' + R(1000000)] = 1; return o; }, i => Object.create({ x: 'ap' + i, m() { return 'am' + i; }, get g() { return i; } }),\n"
	"  i => { class X extends C { m() { return 'X' + super.m(); } get g() { return 'xg'; } } X.prototype.w = i; return new X(i); }, i => { function H() { this.x = i; } H.prototype = R(2) ? keep[2] : { m() { return 'h'; } }; return new H; },\n"
	"  i => Object.setPrototypeOf(lit(i, 2), keep[R(13)]), () => keep[R(keep.length)], i => { const d = {}; for (let j = 0; j < 140; j++) d['k' + j] = j; d.x = i; return d; }, i => new Function('o', 'return o.x + o.y + ' + i),\n"
	"  i => new Proxy(lit(i, 1), {}), i => Object.create(keep[R(5)]), i => Reflect.construct(A, [i], F), i => Object.freeze(lit(i, 'fr'))];\n"
	"const name = ['x', 'y', 'm', 'g', 'z', 'q', 'w', 'k3', 'v4', 'new1', '0', 'length'];\n"
	"function sites() { return [o => o.x, o => o.y, o => o.g, o => o.m, o => o.m(), o => o?.z, o => o.length, o => o.w, (o, i) => { o.x = i; }, (o, i) => { o.y = i; return o.y; }, (o, i) => { o.g = i; return o.g; }, (o, i) => { o.new1 = i; o.new2 = i; return o.new1; },\n"
	"  (o, i) => { 'use strict'; o.z = i; return o.z; }, (o, i) => o[name[i % 12]], (o, i) => { o[name[i % 12]] = i; return o[name[i % 12]]; }, (o, i) => name[i % 12] in o, o => 'g' in o, o => o instanceof A, o => o instanceof F, o => ({ ...o }), o => { const { x, y = 1, ...r } = o; return [x, y, r]; },\n"
	"  (o, i) => { gv += i; gl = o.x; return gv; }, () => gl, (o, i) => { globalThis['g' + i % 3] = i; return typeof g0 + typeof g1; }, () => typeof g2 === 'number' ? g2 : 'no', (o, i) => new A(i), (o, i) => new B(i).m(), (o, i) => new C(i).p + new C(i).m(), (o, i) => new F(i), (o, i) => new G(i).m(), () => A.st() + B.st(),\n"
	"  o => { let n = 0; for (const v of [o, 1, 2]) n += v === o ? 1 : v; return n; }, o => { const [a, b] = o; return [a, b]; }, o => { let t = ''; for (const k in o) t += k; return t.length; }, o => Object.keys(o).join(), o => delete o.x, o => { delete o.y; o.y = 'back'; return Object.keys(o); }, (o, i) => { const q = lit(i, o); q.extra = 1; return q.extra + q.x; },\n"
	"  (o, i) => { const f = new Function('o', 'i', 'let n = 0; for (let j = 0; j < 3; j++) { n += o.x; o.y = i; } return n + o.m();'); return f(o, i) + f({ x: 1, m: lit }, 2); }, o => JSON.stringify(o), o => `${o.x}${o.g}`, o => typeof o.constructor, o => o.hasOwnProperty('x'), o => o.toString === Object.prototype.toString, o => [3, 1, 2].map(v => v + o.y), o => 'abc'.at(1) + o.x, o => (5).m + ('s').x,\n"
	"  o => { const q = Object.create(Object(o)); return [q.x, q.y, q.m, q.new1]; }, o => { H.prototype = o; const q = new H; return [q.x, q.y, q.g, q.z]; }, (o, i) => { delete o.x; o.x = i; }, (o, i) => { 'use strict'; delete o.y; return o.y; }]; }\n"
	"const group = []; for (let i = 0; i < 12; i++) group.push(new Function('return ' + sites)()());\n"
	"const target = () => [A.prototype, B.prototype, C.prototype, F.prototype, G.prototype, base, Object.getPrototypeOf(deep), Object.prototype, deep, Array.prototype, keep[R(5)], Function.prototype, String.prototype][R(13)];\n"
	"const change = [(t, n, i) => { t[n] = 'm' + i; }, (t, n) => { delete t[n]; }, (t, n, i) => { Object.defineProperty(t, n, { get() { return 'get' + i; }, configurable: true }); }, (t, n, i) => { Object.defineProperty(t, n, { set(v) { gl = v; }, configurable: true }); },\n"
	"  (t, n, i) => { Object.defineProperty(t, n, { value: i, writable: false, configurable: true }); }, t => { Object.setPrototypeOf(t, [null, base, Object.prototype, deep, keep[9], lit(1, 'np')][R(6)]); }, t => { Object.freeze(t); }, t => { Object.preventExtensions(t); }, (t, n, i) => { t[n + i] = i; },\n"
	"  (t, n, i) => { F.prototype = i & 1 ? { m() { return 'newF'; } } : A.prototype; }, (t, n, i) => { Object.setPrototypeOf(B, i & 1 ? F : A); }, (t, n) => { t[n] = function () { return 'fn' + this.y; }; }, () => { Array.prototype[Symbol.iterator] = function* () { yield 'it'; yield 'er'; }; }, t => { for (let j = 0; j < 140; j++) t['d' + j] = j; }, (t, n, i) => { Array.prototype[i % 3] = 'ap'; }];\n"
	"function show(v, d) { if (typeof v === 'symbol') return 'sym'; if (typeof v === 'function') return 'fn'; if (typeof v !== 'object' || v === null) return String(v); if (!d) return 'o'; let t = '{'; const ks = Reflect.ownKeys(v);\n"
	"  for (let i = 0; i < ks.length && i < 9; i++) { const p = Reflect.getOwnPropertyDescriptor(v, ks[i]); t += ks[i].toString() + (p.writable ? '=' : '-') + ('value' in p ? show(p.value, d - 1) : 'acc') + ';'; } return t + ks.length + '}'; }\n"
	/* A small world, so that the same few sites meet the same few objects in every state. */
	"const pa = { x: 1 }, pb = { x: 2, y: 3 }, kid = Object.create(pb); function K() { this.k = 1; } class L { get x() { return 'Lx'; } } const ko = new L; const rd = o => o.x, wr = (o, v) => { o.x = v; return o.x; };\n"
	"const op = [() => rd(Object.create(pa)), () => rd(pa), () => delete pa.x, () => { pa.y = 1; return rd(pa); }, () => Object.defineProperty(pa, 'x', { get() { return 'G' + this.k; }, configurable: true }), () => { K.prototype = pa; return rd(new K); }, () => rd(new K),\n"
	"  () => rd(kid), () => { pb.x = 'new'; return rd(kid); }, () => delete pb.x, () => wr(Object.create(pa), 5), () => wr(kid, 6), () => Object.defineProperty(pb, 'x', { set(v) { this.y = v; }, configurable: true }), () => { Object.setPrototypeOf(pb, pa); return rd(kid); },\n"
	"  () => { Object.freeze(pa); return wr(pa, 7); }, () => rd(ko), () => { Object.defineProperty(L.prototype, 'x', { get() { return 'L2'; } }); return rd(new L); }, () => { ko.x = 8; Object.defineProperty(ko, 'x', { value: 9 }); return rd(ko); }, () => wr(new K, 3)];\n"
	"function small(n) { s = n; let out = ''; const from = R(op.length); for (let i = 1 + R(5); i > 0; i--) try { out += show(op[(from + R(4)) % op.length](), 1) + ' '; } catch (e) { out += '!' + e.name; } return out + show(pa, 1) + show(pb, 1); }\n"
	"function request(seed) { s = seed; const objs = []; let out = ''; const n = 10 + R(50), heavy = R(3);\n"
	"  const g = R(group.length), few = [], fns = []; for (let i = 0; i < 5; i++) { few.push(keep[(g * 3 + R(g % 5 + 2)) % keep.length]); fns.push(group[g][R(group[g].length)], group[R(group.length)][R(8)]); }\n"
	"  const pick = () => R(3) || objs.length === 0 ? few[R(5)] : objs[R(objs.length)];\n"
	"  for (let i = 0; i < n; i++) { try { const k = R(10); if (k < 3) objs.push(make[(seed + R(3)) % make.length](i)); else if (k < 3 + heavy) change[R(change.length)](target(), name[R(7)], i);\n"
	"    const f = fns[R(10)], a = R(99); for (let r = 1 + R(4), o = pick(); r > 0; r--, o = R(2) ? o : pick()) out += show(f(o, a), 2) + ' '; } catch (e) { out += '!' + (e.name || e) + ':' + (e.message || '') + ' '; } }\n"
	"  for (let i = 0; i < 7; i++) out += show(keep[i], 1); return out; }\n";

static uint64_t rng = 0x9E3779B97F4A7C15ull;
static uint32_t next_random(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (uint32_t)(rng >> 11);
}

struct server { struct zigts *vm; int root; };

static struct server server_new(const char *handler)
{
	struct zigts_config cfg = { .verify_snapshot = true };
	struct server s = { .vm = zigts_new(&cfg) };
	struct zigts_diag d = { 0 };
	struct zigts_program *p;

	assert_non_null(s.vm);
	p = zigts_load(s.vm, "requests.js", module, sizeof module - 1, ZIGTS_SCRIPT, &d);
	if (p == NULL)
		fail_msg("%s", d.text);
	if (zigts_eval(s.vm, p) < 0) {
		size_t n;

		fail_msg("%s", zigts_describe_exception(s.vm, zigts_take_exception(s.vm), &n));
	}
	s.root = zigts_root_add(s.vm, zigts_binding(s.vm, p, handler));
	assert_int_equal(zigts_freeze(s.vm), 0);
	return s;
}

/* The answer to one request, malloc'd. */
static char *serve(struct server *s, uint32_t seed)
{
	zigts_val arg = zigts_int((int32_t)((seed + 1) * 2654435761u >> 1)), r;
	char *text;
	size_t n;

	zigts_begin(s->vm, NULL);
	r = zigts_call(s->vm, zigts_root(s->vm, s->root), ZIGTS_UNDEF, 1, &arg);
	if (r == ZIGTS_EXC)
		fail_msg("request %u: %s", seed, zigts_describe_exception(s->vm, zigts_take_exception(s->vm), &n));
	text = strdup(zigts_to_utf8(s->vm, r, &n));
	assert_non_null(text);
	zigts_end(s->vm);       /* aborts when the snapshot differs */
	return text;
}

static void report(uint32_t seed, int nth, const char *got, const char *want)
{
	size_t i = 0, from;

	while (got[i] == want[i])
		i++;
	from = i > 120 ? i - 120 : 0;
	fail_msg("seed %u, request %d, byte %zu:\n  …%.300s\ninstead of\n  …%.300s", seed, nth, i, got + from, want + from);
}

static void warm_equals_cold(const char *handler)
{
	static char *want[SEEDS];
	struct server warm = server_new(handler);
	struct zigts_stats st;

	for (uint32_t i = 0; i < SEEDS; i++) {
		struct server cold = server_new(handler);

		zigts_set_slow(cold.vm, i & 1);
		want[i] = serve(&cold, i);
		zigts_free(&cold.vm);
	}
	for (int i = 0; i < REQUESTS; i++) {
		uint32_t seed = next_random() % SEEDS;
		char *got = serve(&warm, seed);

		if (strcmp(got, want[seed]) != 0)
			report(seed, i, got, want[seed]);
		free(got);
	}
	zigts_stats(warm.vm, &st);
	print_message("%s: %d requests of %d kinds: shapes %u, atoms %u\n", handler, REQUESTS, SEEDS, st.shapes, st.atoms);
	zigts_free(&warm.vm);
	for (uint32_t i = 0; i < SEEDS; i++)
		free(want[i]);
}

static void test_large(void **state)
{
	(void)state;
	warm_equals_cold("request");
}

static void test_small(void **state)
{
	(void)state;
	warm_equals_cold("small");
}

/* A VM that has served everything once still answers like a new one when the
 * same request comes again at once (its own caches, not another's). */
static void test_repeated(void **state)
{
	struct server s = server_new("request");

	(void)state;
	for (uint32_t seed = SEEDS; seed < SEEDS + 1000; seed++) {
		char *first = serve(&s, seed), *again = serve(&s, seed);

		if (strcmp(first, again) != 0)
			report(seed, 1, again, first);
		free(first);
		free(again);
	}
	zigts_free(&s.vm);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_large), cmocka_unit_test(test_small), cmocka_unit_test(test_repeated) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
