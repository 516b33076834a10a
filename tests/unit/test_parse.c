/* test_parse.c: what the parser accepts and refuses: one row an early error or
 * grammar rule, read as sloppy script, strict script and module. The shape of
 * the AST is checked in test_ast.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "engine/front/parse.h"

/* want: for sloppy, strict, module: + accepted, - refused. */
struct row { const char *text, *want; };

static bool accepts(const char *text, enum source_kind k, unsigned flags, struct parse_error *e)
{
	struct src s = { .text = text, .len = (uint32_t)strlen(text), .file = "t.js" };
	struct parse_options o = { .kind = k, .flags = flags };
	struct ast a;
	bool ok = parse_source(&a, &s, &o, e);

	ast_free(&a);
	src_free(&s);
	return ok;
}

static void check_rows(const struct row *rows, size_t n)
{
	struct parse_error e;
	size_t i;

	for (i = 0; i < n; i++) {
		char is[4] = "---";

		if (accepts(rows[i].text, SOURCE_SCRIPT, 0, &e))
			is[0] = '+';
		if (accepts(rows[i].text, SOURCE_SCRIPT, PARSE_STRICT, &e))
			is[1] = '+';
		if (accepts(rows[i].text, SOURCE_MODULE, 0, &e))
			is[2] = '+';
		if (strcmp(is, rows[i].want) != 0)
			fail_msg("%s\n  is %s, want %s (module: %s)", rows[i].text, is, rows[i].want, e.msg);
	}
}

#define GROUP(name) static void name(void **state) { (void)state; check_rows(name##_rows, ARRAY_LEN(name##_rows)); }

static const struct row declaration_rows[] = {
	{ "let a; let a;", "---" }, { "let a; const a = 1;", "---" }, { "let a; class a {}", "---" },
	{ "let a; var a;", "---" }, { "var a; let a;", "---" }, { "var a; var a;", "+++" },
	{ "let a; { var a; }", "---" }, { "{ var a; } let a;", "---" }, { "{ let a; { var a; } }", "---" },
	{ "{ { var a; } let a; }", "---" }, { "{ var a; } { let a; }", "+++" }, { "var a; { let a; }", "+++" },
	{ "{ let a; } var a;", "+++" }, { "let a; { let a; }", "+++" },
	{ "function f() {} var f;", "++-" }, { "var f; function f() {}", "++-" },
	{ "function f() {} function f() {}", "++-" }, { "let f; function f() {}", "---" }, { "function f() {} let f;", "---" },
	{ "{ function f() {} function f() {} }", "+--" }, { "{ function f() {} function* f() {} }", "---" },
	{ "{ async function f() {} async function f() {} }", "---" }, { "{ function f() {} let f; }", "---" },
	{ "{ function f() {} var f; }", "---" }, { "{ var f; function f() {} }", "---" },
	{ "{ function f() {} } let f;", "+++" }, { "let f; { function f() {} }", "+++" },
	{ "switch (0) { case 1: function f() {} default: function f() {} }", "+--" },
	{ "switch (0) { case 1: let f; default: let f; }", "---" }, { "switch (0) { case 1: let f; default: var f; }", "---" },
	{ "switch (0) { case 1: var f; } let g;", "+++" },
	{ "function f(a) { let a; }", "---" }, { "function f(a) { var a; }", "+++" }, { "function f(a) { { let a; } }", "+++" },
	{ "function f(a) { function a() {} }", "+++" }, { "function f() { let a; var a; }", "---" },
	{ "function f() { let f; }", "+++" }, { "(function f() { let f; })", "+++" }, { "(a) => { let a; }", "---" },
	{ "a => { let a; }", "---" }, { "({ m(a) { const a = 1; } })", "---" }, { "function f([a]) { let a }", "---" },
	{ "try {} catch (e) { let e; }", "---" }, { "try {} catch (e) { var e; }", "+++" },
	{ "try {} catch ([e]) { var e; }", "---" }, { "try {} catch ({e}) { let e; }", "---" },
	{ "try {} catch (e) { { let e; } }", "+++" }, { "try {} catch (e) { for (var e of []); }", "+++" },
	{ "try {} catch (e) { function e() {} }", "---" }, { "try {} catch ([a, a]) {}", "---" },
	{ "try {} catch (e) { for (var e in {}); }", "+++" }, { "try {} catch {}", "+++" }, { "try {} finally {}", "+++" },
	{ "try {}", "---" }, { "try {} catch () {}", "---" }, { "try {} catch (e = 1) {}", "---" },
	{ "for (let a;;) { var a; }", "---" }, { "for (let a;;) { let a; }", "+++" }, { "for (let a of []) { var a; }", "---" },
	{ "for (let a, a;;);", "---" }, { "for (let [a, a] of []);", "---" }, { "for (const a in {}) { let a; }", "+++" },
	{ "for (var a of []) { var a; }", "+++" }, { "for (var a;;) { let a; }", "+++" },
	{ "let let = 1", "---" }, { "let [let] = 1", "---" }, { "const let = 1", "---" }, { "var let = 1", "+--" },
	{ "for (let let of []);", "---" }, { "class let {}", "---" }, { "let [a, a] = []", "---" }, { "var [a, a] = []", "+++" },
	{ "const a;", "---" }, { "const a = 1, b;", "---" }, { "let a", "+++" }, { "var [a]", "---" }, { "let {a}", "---" },
	{ "for (const a;;);", "---" }, { "for (let [a];;);", "---" }, { "for (const a of []);", "+++" },
	{ "class C { static { var a; let a; } }", "---" }, { "class C { static { let a; } static { let a; } }", "+++" },
	{ "let undefined", "+++" }, { "var a; { function a() {} }", "+++" },
	{ "if (1) function f() {} else function f() {}", "+--" }, { "if (1) async function f() {}", "---" },
	{ "if (1) function* f() {}", "---" }, { "if (1) class C {}", "---" }, { "if (1) let a", "---" }, { "if (1) const a = 1", "---" },
	{ "while (0) function f() {}", "---" }, { "do function f() {} while (0)", "---" }, { "for (;;) function f() {}", "---" },
	{ "with (a) function f() {}", "---" }, { "a: function f() {}", "+--" }, { "a: b: function f() {}", "+--" },
	{ "a: function* f() {}", "---" }, { "a: async function f() {}", "---" }, { "a: class C {}", "---" }, { "a: let b", "---" },
	{ "if (1) a: function f() {}", "---" }, { "while (0) a: function f() {}", "---" },
	{ "{ a: function f() {} let f; }", "---" }, { "a: { function f() {} }", "+++" },
};
GROUP(declaration)

static const struct row function_rows[] = {
	{ "function f(a, a) {}", "+--" }, { "(a, a) => 1", "---" }, { "({ m(a, a) {} })", "---" }, { "function f(a, [a]) {}", "---" },
	{ "function f(a, a = 1) {}", "---" }, { "function f(a, ...a) {}", "---" }, { "function f(a, a) { 'use strict' }", "---" },
	{ "function* g(a, a) {}", "+--" }, { "async function f(a, a) {}", "+--" }, { "class C { constructor(a, a) {} }", "---" },
	{ "function f(a = 1) { 'use strict' }", "---" }, { "function f({a}) { 'use strict' }", "---" }, { "function f(...a) { 'use strict' }", "---" },
	{ "(a = 1) => { 'use strict' }", "---" }, { "({ m(a = 1) { 'use strict' } })", "---" }, { "function f(a) { 'use strict' }", "+++" },
	{ "function f(a = 1) { 0; 'use strict' }", "+++" }, { "function f(a = 1) { ('use strict') }", "+++" },
	{ "function f(a = 1) { 'use\\x20strict' }", "+++" }, { "function f(a = 1) { 'use strict' + 1 }", "+++" },
	{ "function eval() {}", "+--" }, { "function eval() { 'use strict' }", "---" }, { "function f(eval) {}", "+--" },
	{ "function f(arguments) { 'use strict' }", "---" }, { "function static() { 'use strict' }", "---" },
	{ "function f(yield) { 'use strict' }", "---" }, { "'use strict'; 010", "---" }, { "'\\010'; 'use strict'", "---" },
	{ "function f() { '\\010'; 'use strict' }", "---" }, { "function f() { 'use strict'; '\\010' }", "---" },
	{ "function f() { 'use strict' } 010", "+--" }, { "function f() { 'use strict'; } with (a) ;", "+--" },
	{ "'use strict'; with (a);", "---" }, { "'a'; 'use strict'; let eval", "---" }, { "('use strict'); with (a);", "+--" },
	{ "function f(a,) {}", "+++" }, { "function f(,) {}", "---" }, { "function f(a,,) {}", "---" }, { "function f(...a,) {}", "---" },
	{ "function f(...a, b) {}", "---" }, { "function f(...a = 1) {}", "---" }, { "function f(...[a, b]) {}", "+++" },
	{ "function () {}", "---" }, { "(function () {})", "+++" }, { "function f", "---" }, { "return", "---" }, { "{ return }", "---" },
	{ "() => { return 1 }", "+++" }, { "() => {} || 1", "---" }, { "() => {}()", "---" }, { "() => {}.x", "---" }, { "1 + () => 1", "---" },
	{ "() => 1 ? 2 : 3", "+++" }, { "a ? b => c : d => e", "+++" }, { "(a)\n=> 1", "---" }, { "a\n=> 1", "---" }, { "a =>\n1", "+++" },
	{ "() + 1", "---" }, { "()", "---" }, { "(a,)", "---" }, { "(a,) => 1", "+++" }, { "(...a)", "---" }, { "(...a,) => 1", "---" },
	{ "(...a, b) => 1", "---" }, { "((a)) => 1", "---" }, { "(a, (b)) => 1", "---" }, { "([(a)]) => 1", "---" }, { "(a.b) => 1", "---" },
	{ "([a.b]) => 1", "---" }, { "({a: b.c}) => 1", "---" }, { "({a() {}}) => 1", "---" }, { "(1) => 1", "---" }, { "(this) => 1", "---" },
	{ "(a, b, {c = 1, ...d}, [e,, ...f]) => 1", "+++" }, { "(a = 1) => 1", "+++" }, { "(a += 1) => 1", "---" },
	{ "({a = 1}) => 1", "+++" }, { "({a = 1})", "---" }, { "[{a = 1}].b", "---" }, { "[{a = 1}] = b", "+++" }, { "({a: {b = 1}} = c)", "+++" },
	{ "f({a = 1})", "---" }, { "async({a = 1})", "---" }, { "async({a = 1}) => 1", "+++" }, { "({a: b = 1})", "+++" },
	{ "var f = a => {}\n/b/g", "+++" }, { "a => {}\n(b)", "+++" }, { "new () => 1", "---" }, { "delete () => 1", "---" },
	{ "(async a => 1)", "+++" }, { "async\na => 1", "+++" }, { "async (a)\n=> 1", "---" }, { "async a\n=> 1", "---" }, { "async () => 1", "+++" },
	{ "async (a, a) => 1", "---" }, { "async (...a,) => 1", "---" }, { "async(...a, b)", "+++" }, { "async(...a, b) => 1", "---" },
	{ "async ((a)) => 1", "---" }, { "(async (a)) => 1", "---" }, { "\\u0061sync a => 1", "---" }, { "\\u0061sync function f() {}", "---" },
	{ "async\nfunction f() {}", "+++" }, { "async function f() {}", "+++" }, { "async => 1", "+++" }, { "(async) => 1", "+++" },
	{ "async(a)(b)", "+++" }, { "x = async(a) + 1", "+++" }, { "1 + async a => 1", "---" }, { "async () => {} || 1", "---" },
	{ "({ get a(b) {} })", "---" }, { "({ set a() {} })", "---" }, { "({ set a(b, c) {} })", "---" }, { "({ set a(...b) {} })", "---" },
	{ "({ set a(b = 1) {} })", "+++" }, { "({ get a() {}, set a(b) {} })", "+++" },
	{ "new.target", "---" }, { "() => new.target", "---" }, { "function f() { new.target }", "+++" }, { "function f() { () => new.target }", "+++" },
	{ "function f(a = new.target) {}", "+++" }, { "function f() { new.target = 1 }", "---" }, { "function f() { new.tar\\u0067et }", "---" },
	{ "function f() { n\\u0065w.target }", "---" }, { "class C { a = new.target }", "+++" }, { "class C { static { new.target } }", "+++" },
};
GROUP(function)

static const struct row word_rows[] = {
	{ "var yield", "+--" }, { "yield: 1", "+--" }, { "function* g() { var yield }", "---" }, { "function* g() { yield: 1 }", "---" },
	{ "function* g() { function yield() {} }", "---" }, { "function* g() { (function yield() {}) }", "+--" }, { "(function* yield() {})", "---" },
	{ "function* yield() {}", "+--" }, { "function* g() { () => yield }", "+--" }, { "function* g(a = yield) {}", "---" },
	{ "function* g() { function f(a = yield) {} }", "+--" }, { "function* g() { (a = yield) => 1 }", "---" }, { "function* g() { (yield) => 1 }", "---" },
	{ "function* g() { yield\n* 2 }", "---" }, { "function* g() { yield * 2 }", "+++" }, { "function* g() { yield\n2 }", "+++" },
	{ "function* g() { 1 + yield 2 }", "---" }, { "function* g() { (yield) + (yield 2) }", "+++" }, { "function* g() { [yield, yield 1, {a: yield}] }", "+++" },
	{ "function* g() { yield ? 1 : 2 }", "---" }, { "function* g() { a ? yield : yield }", "+++" }, { "function* g() { void yield }", "---" },
	{ "function* g() { `${yield}` }", "+++" }, { "function* g() { ({yield}) }", "---" }, { "({yield})", "+--" }, { "({yield: 1})", "+++" },
	{ "function* g() { class C extends (yield) {} }", "+++" }, { "function* g() { class C { [yield]() {} } }", "+++" },
	{ "function* g() { class C { a = yield } }", "---" }, { "yi\\u0065ld: 1", "+--" }, { "function* g() { yi\\u0065ld 1 }", "---" },
	{ "var await", "++-" }, { "await: 1", "++-" }, { "async function f() { var await }", "---" }, { "async function f() { await: 1 }", "---" },
	{ "async function f() { await 1 }", "+++" }, { "async function f() { await }", "---" }, { "await 1", "--+" }, { "await\n1", "+++" },
	{ "function f() { await 1 }", "---" }, { "async function f() { function g() { await 1 } }", "---" }, { "async function f(a = await 1) {}", "---" },
	{ "async (a = await 1) => 1", "---" }, { "async (await) => 1", "---" }, { "async await => 1", "---" }, { "(await) => 1", "++-" },
	{ "async (a = await) => 1", "---" }, { "async (a = () => await) => 1", "---" }, { "async (a = function () { await }) => 1", "++-" },
	{ "async function f() { (a = await 1) => 1 }", "---" }, { "(a = async () => await 1) => 1", "+++" }, { "async function await() {}", "++-" },
	{ "(async function await() {})", "---" }, { "async function f() { function await() {} }", "---" }, { "async function f() { (function await() {}) }", "++-" },
	{ "async function f() { await 1 ** 2 }", "---" }, { "async function f() { (await 1) ** 2 }", "+++" }, { "aw\\u0061it: 1", "++-" },
	{ "async function f() { for await (a of b); }", "+++" }, { "for await (a of b);", "--+" }, { "function f() { for await (a of b); }", "---" },
	{ "async function f() { for await (a in b); }", "---" }, { "async function f() { for await (;;); }", "---" },
	{ "async function f() { for await (async of b); }", "+++" }, { "async function f() { for await (let a = 1 of b); }", "---" },
	{ "class C { static { await } }", "---" }, { "class C { static { await: 1 } }", "---" }, { "class C { static { var await } }", "---" },
	{ "class C { static { await 1 } }", "---" }, { "class C { static { function f() { await } } }", "++-" }, { "class C { static { async () => await 1 } }", "+++" },
	{ "class C { static { (await) => 1 } }", "---" }, { "class C { static { ({await}) } }", "---" }, { "class C { static { class await {} } }", "---" },
	{ "class C { static { return } }", "---" }, { "class C { static { yield } }", "---" }, { "class C { static { arguments } }", "---" },
	{ "class C { static { () => arguments } }", "---" }, { "class C { static { function f() { arguments } } }", "+++" }, { "class C { a = arguments }", "---" },
	{ "class C { a = () => arguments }", "---" }, { "class C { a = function () { arguments } }", "+++" }, { "class C { [arguments] = 1 }", "+++" },
	{ "class C { a = ({arguments}) }", "---" }, { "class C { m() { arguments } }", "+++" },
	{ "class C { static { break } }", "---" }, { "while (1) { class C { static { break } } }", "---" }, { "a: { class C { static { break a } } }", "---" },
	{ "var static", "+--" }, { "var implements, interface, package", "+--" }, { "var public", "+--" }, { "let: 1", "+--" }, { "static: 1", "+--" },
	{ "var enum", "---" }, { "var if", "---" }, { "var \\u0069f", "---" }, { "a.if", "+++" }, { "a.\\u0069f", "+++" }, { "({if: 1})", "+++" }, { "({if})", "---" },
	{ "({\\u0069f})", "---" }, { "({true})", "---" }, { "({eval})", "+++" }, { "({eval} = 1)", "+--" }, { "({eval = 1} = 1)", "+--" },
	{ "var eval", "+--" }, { "eval = 1", "+--" }, { "arguments++", "+--" }, { "--eval", "+--" }, { "[eval] = 1", "+--" }, { "eval += 1", "+--" },
	{ "for (eval of []);", "+--" }, { "try {} catch (eval) {}", "+--" }, { "(eval) => 1", "+--" }, { "eval => 1", "+--" }, { "(eval) = 1", "+--" },
	{ "class eval {}", "---" }, { "import.meta", "--+" }, { "import.meta = 1", "---" }, { "import.m\\u0065ta", "---" }, { "new import.meta", "--+" },
	{ "import(a)", "+++" }, { "import(a, b)", "+++" }, { "import(a, b,)", "+++" }, { "import()", "---" }, { "import(a, b, c)", "---" }, { "import(...a)", "---" },
	{ "new import(a)", "---" }, { "import(a).then(b)", "+++" }, { "import(a) = 1", "---" }, { "import(a)++", "---" }, { "im\\u0070ort(a)", "---" }, { "import", "---" },
	{ "@a class C {}", "---" }, { "using a = 1", "--+" }, { "{ using a = 1 }", "+++" }, { "{ using a }", "---" },
	{ "await using a = 1", "--+" },
};
GROUP(word)

static const struct row expression_rows[] = {
	{ "a ?? b || c", "---" }, { "a || b ?? c", "---" }, { "a && b ?? c", "---" }, { "a ?? b && c", "---" }, { "(a || b) ?? c", "+++" }, { "a ?? (b && c)", "+++" },
	{ "a ?? b ?? c", "+++" }, { "a || b && c", "+++" }, { "a ?? b | c", "+++" }, { "-1 ** 2", "---" }, { "(-1) ** 2", "+++" }, { "2 ** -1", "+++" },
	{ "typeof a ** 2", "---" }, { "++a ** 2", "+++" }, { "a++ ** 2", "+++" }, { "delete a ** 2", "---" }, { "2 ** 3 ** 4", "+++" }, { "!a ** b", "---" },
	{ "delete a", "+--" }, { "delete (a)", "+--" }, { "delete a.b", "+++" }, { "delete ((a))", "+--" }, { "delete (a, b)", "+++" }, { "delete a?.b", "+++" },
	{ "a?.b = 1", "---" }, { "a?.b++", "---" }, { "a?.b += 1", "---" }, { "a?.b`c`", "---" }, { "a?.`c`", "---" }, { "new a?.b()", "---" }, { "new a?.()", "---" },
	{ "[a?.b] = 1", "---" }, { "for (a?.b of c);", "---" }, { "a?.[b]?.(c).d", "+++" }, { "(a?.b).c = 1", "+++" }, { "a?.5:1", "+++" }, { "a?.if", "+++" },
	{ "super?.a", "---" }, { "a ?.\nb", "+++" }, { "a\n?.b", "+++" }, { "import?.(a)", "---" },
	{ "1 = 2", "---" }, { "a + b = c", "---" }, { "(a, b) = c", "---" }, { "this = 1", "---" }, { "f() = 1", "---" }, { "(a) = 1", "+++" }, { "((a)) = 1", "+++" },
	{ "(a.b) = 1", "+++" }, { "([a]) = 1", "---" }, { "({a}) = 1", "---" }, { "[([a])] = 1", "---" }, { "[(a)] = 1", "+++" }, { "[(a.b)] = 1", "+++" }, { "[(a = 1)] = 1", "---" },
	{ "({a: (b)} = 1)", "+++" }, { "({a: ({b})} = 1)", "---" }, { "({(a)} = 1)", "---" }, { "[a] += 1", "---" }, { "({a} += 1)", "---" }, { "[a]++", "---" }, { "++{a}", "---" },
	{ "[...a] = 1", "+++" }, { "[...a,] = 1", "---" }, { "[...a, b] = 1", "---" }, { "[...a = 1] = 1", "---" }, { "[...[a]] = 1", "+++" }, { "[...a.b] = 1", "+++" },
	{ "({...a} = 1)", "+++" }, { "({...a,} = 1)", "---" }, { "({...{a}} = 1)", "---" }, { "({...a.b} = 1)", "+++" }, { "({...[a]} = 1)", "---" }, { "({...(a)} = 1)", "+++" },
	{ "({a() {}} = 1)", "---" }, { "({get a() {}} = 1)", "---" }, { "({a: 1} = 1)", "---" }, { "({a: b += 1} = 1)", "---" }, { "({'a'} = 1)", "---" }, { "({1} = 1)", "---" },
	{ "let {...{a}} = 1", "---" }, { "let {...a, b} = 1", "---" }, { "let {...a,} = 1", "---" }, { "let [...a,] = 1", "---" }, { "let {a: b.c} = 1", "---" }, { "let {get: a, set, async} = 1", "+++" },
	{ "let {if: a} = 1", "+++" }, { "let {if} = 1", "---" }, { "let {'a': b, 1: c, [d]: e, 1n: f} = 1", "+++" }, { "let {get a() {}} = 1", "---" },
	{ "a = b = c", "+++" }, { "a = b + c = d", "---" }, { "a ? b : c = d", "+++" }, { "a ? b = c : d", "+++" }, { "(a ? b : c) = d", "---" },
	{ "a &&= b ||= c ?" "?= d", "+++" }, { "[a] &&= b", "---" }, { "a\n++b", "+++" }, { "a\n++\nb", "+++" }, { "a ++ b", "---" }, { "++a++", "---" }, { "1++", "---" }, { "--1", "---" },
	{ "({__proto__: 1, __proto__: 2})", "---" }, { "({__proto__: 1, '__proto__': 2})", "---" }, { "({__proto__: 1, ['__proto__']: 2})", "+++" },
	{ "({__proto__: 1, __proto__() {}})", "+++" }, { "({__proto__: 1, __proto__})", "+++" }, { "({__proto__: a, __proto__: b} = 1)", "+++" }, { "({__proto__: a, __proto__: b}) => 1", "+++" },
	{ "({a: 1, a: 2, get a() {}})", "+++" }, { "({get})", "+++" }, { "({get: 1, set() {}, async, async *a() {}, *b() {}, async c() {}})", "+++" }, { "({async\na() {}})", "---" },
	{ "({get *a() {}})", "---" }, { "({async get a() {}})", "---" }, { "({*get a() {}})", "---" }, { "({g\\u0065t a() {}})", "---" }, { "({a b})", "---" }, { "({async *a})", "---" }, { "({a = 1}.b)", "---" },
	{ "({#a: 1})", "---" }, { "({get [a]() {}, set 'b'(c) {}, get 1() {}})", "+++" }, { "({1n: 2, 0x10: 3, .5: 4})", "+++" }, { "({static a() {}})", "---" },
	{ "a in b", "+++" }, { "for (a in b;;);", "---" }, { "for ((a in b);;);", "+++" }, { "for (var a = (b in c);;);", "+++" }, { "for (var a = b in c;;);", "---" }, { "for (a ? b in c : d;;);", "+++" },
	{ "for (() => { a in b };;);", "+++" }, { "for (() => a in b;;);", "---" }, { "for (var [a = b in c] = d;;);", "+++" }, { "for (`${a in b}`;;);", "+++" },
	{ "`${}`", "---" }, { "`${a`", "---" }, { "`\\01`", "---" }, { "a`\\01`", "+++" }, { "a`\\u{`", "+++" }, { "`\\u{`", "---" }, { "a`b``c`", "+++" }, { "new a`b`", "+++" }, { "`${{a: `${b}`}}`", "+++" },
	{ "010", "+--" }, { "08", "+--" }, { "'\\07'", "+--" }, { "'\\8'", "+--" }, { "'\\0'", "+++" }, { "({010: 1})", "+--" }, { "({'\\07': 1})", "+--" }, { "class C { 010() {} }", "---" },
	{ "/a/", "+++" }, { "a = /=/", "+++" }, { "a / b / c", "+++" }, { "(a) / b", "+++" }, { "if (a) /b/.c", "+++" }, { "{} /b/", "+++" }, { "a++ / b", "+++" }, { "/a/gg", "---" }, { "/a", "---" },
	{ "super.a", "---" }, { "super()", "---" }, { "function f() { super.a }", "---" }, { "({ m() { super.a } })", "+++" }, { "({ m() { super() } })", "---" }, { "({ m() { () => super.a } })", "+++" },
	{ "({ m() { function f() { super.a } } })", "---" }, { "({ m(a = super.b) {} })", "+++" }, { "({ a: function () { super.b } })", "---" }, { "({ m() { super } })", "---" }, { "({ m() { new super } })", "---" },
	{ "({ m() { new super.a } })", "+++" }, { "({ m() { super.#a } })", "---" }, { "({ m() { super[a] = 1 } })", "+++" }, { "new a", "+++" }, { "new a.b(c).d", "+++" }, { "new new a()()", "+++" }, { "new", "---" },
	{ "new.foo", "---" }, { "a.", "---" }, { "a[", "---" }, { "a[]", "---" }, { "f(", "---" }, { "f(a", "---" }, { "f(,)", "---" }, { "f(a,)", "+++" }, { "f(a,,b)", "---" }, { "[,,a,,]", "+++" }, { "[a b]", "---" },
	{ "a b", "---" }, { "a\nb", "+++" }, { "var a b", "---" }, { "(", "---" }, { ")", "---" }, { "{", "---" }, { "}", "---" }, { "[", "---" }, { "a =", "---" }, { "a ? b", "---" }, { "a ? b :", "---" }, { "#a in b", "---" },
};
GROUP(expression)

static const struct row statement_rows[] = {
	{ "break", "---" }, { "continue", "---" }, { "while (1) break", "+++" }, { "while (1) continue", "+++" }, { "switch (1) { case 1: break }", "+++" }, { "switch (1) { case 1: continue }", "---" },
	{ "while (1) switch (1) { case 1: continue }", "+++" }, { "while (1) { () => { break } }", "---" }, { "while (1) { function f() { continue } }", "---" }, { "if (1) break", "---" }, { "{ break }", "---" },
	{ "a: break a", "+++" }, { "a: continue a", "---" }, { "a: while (1) continue a", "+++" }, { "a: b: while (1) continue a", "+++" }, { "a: { while (1) continue a }", "---" }, { "a: { while (1) break a }", "+++" },
	{ "a: a: 1", "---" }, { "a: { a: 1 }", "---" }, { "a: 1; a: 2", "+++" }, { "a: { function f() { a: 1 } }", "+++" }, { "a: { function f() { break a } }", "---" }, { "while (1) break a", "---" },
	{ "while (1) { break\na }", "+++" }, { "a: while (1) { continue\na }", "+++" }, { "a: do continue a; while (0)", "+++" }, { "a: for (;;) { b: for (;;) continue a }", "+++" }, { "a: for (b in c) continue a", "+++" },
	{ "a: { b: while (1) continue a }", "---" }, { "switch (1) { default: default: }", "---" }, { "switch (1) { a }", "---" }, { "switch (1) {}", "+++" }, { "switch (1) { case a, b: c }", "+++" }, { "switch 1 {}", "---" },
	{ "throw\n1", "---" }, { "throw", "---" }, { "throw 1", "+++" }, { "do a\nwhile (0) b", "+++" }, { "do; while (0) b", "+++" }, { "do a while (0)", "---" }, { "if (a) ; else ;", "+++" }, { "if (a) else b", "---" }, { "if a b", "---" },
	{ "with (a) b", "+--" }, { "debugger", "+++" }, { ";;;", "+++" }, { "", "+++" }, { "for (;;) ;", "+++" }, { "for (a) ;", "---" }, { "for (;) ;", "---" }, { "for (;;", "---" },
	{ "for (var a = 1 in b);", "+--" }, { "for (let a = 1 in b);", "---" }, { "for (var [a] = 1 in b);", "---" }, { "for (var a = 1 of b);", "---" }, { "for (var a, b of c);", "---" }, { "for (var a, b in c);", "---" },
	{ "for (a of b, c);", "---" }, { "for (a in b, c);", "+++" }, { "for (let of of a);", "+++" }, { "for (let of a);", "---" }, { "for (let in a);", "+--" }, { "for (let;;);", "+--" }, { "for (let = 1;;);", "+--" },
	{ "for (let.a of b);", "---" }, { "for (let.a in b);", "+--" }, { "for (let().a of b);", "---" }, { "for (let of;;);", "+++" }, { "for (async of a);", "---" }, { "for (async of => {};;);", "+++" }, { "for (async.a of b);", "+++" },
	{ "for ((async) of b);", "+++" }, { "for (\\u0061sync of b);", "+++" }, { "for (let\nof a);", "---" }, { "for (a o\\u0066 b);", "---" }, { "for ([a, b] of c);", "+++" }, { "for ({a, b = 1} of c);", "+++" }, { "for ({a = 1};;);", "---" },
	{ "for (([a]) of c);", "---" }, { "for (a.b in c);", "+++" }, { "for (a() of b);", "---" }, { "for (a = 1 of b);", "---" }, { "for (a, b of c);", "---" }, { "for (1 of b);", "---" }, { "for (this of b);", "---" }, { "for (new.target of b);", "---" },
	{ "let\na", "+++" }, { "let\n[a] = 1", "+++" }, { "if (1) let\n{}", "+--" }, { "if (1) let\n[a] = 1", "---" }, { "while (0) let\na", "+--" }, { "let = 1", "+--" }, { "let", "+--" }, { "let.a", "+--" }, { "let()", "+--" },
	{ "l\\u0065t a", "---" }, { "l\\u0065t\na", "+--" }, { "let a, b = 1, [c] = d", "+++" }, { "let a b", "---" }, { "do async function f() {} while (0)", "---" },
	{ "a\n--> b", "++-" }, { "<!-- a\nb", "++-" }, { "a /**/ --> b", "+++" }, { "a /*\n*/ --> b", "++-" }, { "#!x\na", "+++" }, { " #!x", "---" }, { "a /* b", "---" },
};
GROUP(statement)

static const struct row class_rows[] = {
	{ "class C {}", "+++" }, { "class {}", "---" }, { "(class {})", "+++" }, { "(class extends a {})", "+++" }, { "class C extends a, b {}", "---" }, { "class C extends a => b {}", "---" }, { "class C extends (a => b) {}", "+++" },
	{ "class C extends a.b() {}", "+++" }, { "class C { constructor() {} constructor() {} }", "---" }, { "class C { constructor() {} 'constructor'() {} }", "---" }, { "class C { constructor() {} ['constructor']() {} }", "+++" },
	{ "class C { get constructor() {} }", "---" }, { "class C { *constructor() {} }", "---" }, { "class C { async constructor() {} }", "---" }, { "class C { static constructor() {} }", "+++" }, { "class C { static get constructor() {} }", "+++" },
	{ "class C { constructor }", "---" }, { "class C { 'constructor' = 1 }", "---" }, { "class C { static constructor = 1 }", "---" }, { "class C { static prototype() {} }", "---" }, { "class C { static prototype = 1 }", "---" },
	{ "class C { static 'prototype' }", "---" }, { "class C { static get prototype() {} }", "---" }, { "class C { static ['prototype']() {} }", "+++" }, { "class C { prototype() {} }", "+++" }, { "class C { #constructor }", "---" },
	{ "class C { constructor() { super() } }", "---" }, { "class C extends a { constructor() { super() } }", "+++" }, { "class C extends a { constructor() { () => super() } }", "+++" }, { "class C extends a { m() { super() } }", "---" },
	{ "class C extends a { constructor() { function f() { super() } } }", "---" }, { "class C extends a { b = super() }", "---" }, { "class C { b = super.c }", "+++" }, { "class C { static { super.a } }", "+++" }, { "class C { static { super() } }", "---" },
	{ "class C extends a { constructor(b = super()) {} }", "+++" }, { "class C extends super.a {}", "---" }, { "class C { [super.a] = 1 }", "---" },
	{ "class C { #a; m() { this.#a } }", "+++" }, { "class C { m() { this.#a } #a }", "+++" }, { "class C { m() { this.#a } }", "---" }, { "a.#b", "---" }, { "class C { #a; #a }", "---" }, { "class C { #a() {} #a }", "---" },
	{ "class C { get #a() {} set #a(b) {} }", "+++" }, { "class C { get #a() {} get #a() {} }", "---" }, { "class C { get #a() {} static set #a(b) {} }", "---" }, { "class C { get #a() {} #a }", "---" }, { "class C { get #a() {} set #a(b) {} get #a() {} }", "---" },
	{ "class C { #a; m() { #a in b } }", "+++" }, { "class C { m() { #a in b } }", "---" }, { "class C { #a; m() { #a } }", "---" }, { "class C { #a; m() { 1 + #a in b } }", "---" }, { "class C { #a; m() { #a in #a in b } }", "---" },
	{ "class C { #a; m() { (#a) in b } }", "---" }, { "class C { #a; m() { #a in b in c } }", "+++" }, { "class C { #a; m() { for (#a in b;;); } }", "---" }, { "class C { #a; m() { 1 == #a in b } }", "+++" }, { "class C { #a; m() { #a + 1 } }", "---" },
	{ "class C { #a; m() { delete this.#a } }", "---" }, { "class C { #a; m() { delete (this.#a) } }", "---" }, { "class C { #a; m() { delete this?.#a } }", "---" }, { "class C { #a; m() { delete this.#a.b } }", "+++" },
	{ "class C { #a; m() { this?.#a } }", "+++" }, { "class C { #a; m() { class D { n() { this.#a } } } }", "+++" }, { "class C { m() { class D { #a } this.#a } }", "---" }, { "class C { #a; m() { class D { #a } } }", "+++" },
	{ "class C extends a.#b { #b }", "---" }, { "class C { #b; m() { class D extends a.#b {} } }", "+++" }, { "class C { [a.#b] = 1; #b }", "+++" }, { "class C { #a; m() { [this.#a] = 1; ({a: this.#a} = 1); this.#a++ } }", "+++" }, { "class C { # a }", "---" },
	{ "class C { a; b = 1; 'c'; 1 = 2; [d] = 3; #e = 4; static f; static #g = 5 }", "+++" }, { "class C { a b }", "---" }, { "class C { a\nb }", "+++" }, { "class C { a = 1 b }", "---" }, { "class C { a = 1, b = 2 }", "---" }, { "class C { a\n*b() {} }", "+++" }, { "class C { a = 1\n*b() {} }", "---" },
	{ "class C { get\na() {} }", "+++" }, { "class C { get\n*a() {} }", "+++" }, { "class C { get; set; async; static }", "+++" }, { "class C { static async *#a() {} }", "+++" }, { "class C { static\na }", "+++" }, { "class C { async\na() {} }", "+++" }, { "class C { async a }", "---" },
	{ "class C { get a }", "---" }, { "class C { static static static }", "---" }, { "class C { static static }", "+++" }, { "class C { st\\u0061tic m() {} }", "---" }, { "class C { static {} static {} }", "+++" }, { "class C { a: 1 }", "---" }, { "class C { a() {}, b() {} }", "---" },
	{ "class C { m() { with (a); } }", "---" }, { "class C { m() { 010 } }", "---" }, { "class C extends (delete a) {}", "---" }, { "class C { accessor a }", "---" }, { "class yield {}", "---" }, { "class await {}", "++-" }, { "class static {}", "---" },
	{ "class C { a = b => c }", "+++" }, { "class C { a = 1; ;; b }", "+++" }, { "class C { m() {} ; }", "+++" },
};
GROUP(class)

static const struct row module_rows[] = {
	{ "import 'a'", "--+" }, { "import a from 'a'", "--+" }, { "import * as a from 'a'", "--+" }, { "import {a, b as c, default as d, 'e' as f} from 'a'", "--+" }, { "import a, {b} from 'a'", "--+" }, { "import a, * as b from 'a'", "--+" },
	{ "import {a}, b from 'a'", "---" }, { "import {default} from 'a'", "---" }, { "import {if} from 'a'", "---" }, { "import {'a'} from 'a'", "---" }, { "import {a as 'b'} from 'a'", "---" }, { "import {a as eval} from 'a'", "---" },
	{ "import a, {a} from 'a'", "---" }, { "import a from 'a'; let a", "---" }, { "import a from 'a'; var a", "---" }, { "import {eval} from 'a'", "---" }, { "import {a,} from 'a'", "--+" }, { "import {} from 'a'", "--+" }, { "import {,} from 'a'", "---" },
	{ "import * from 'a'", "---" }, { "import a b from 'a'", "---" }, { "import a", "---" }, { "import [a] from 'a'", "---" }, { "{ import 'a' }", "---" }, { "function f() { import 'a' }", "---" }, { "if (1) import 'a'", "---" }, { "a: import 'a'", "---" },
	{ "import a from 'a' with {type: 'json'}", "--+" }, { "import 'a' with {'type': 'json', b: 'c',}", "--+" }, { "import 'a' with {type: 'a', 'type': 'b'}", "---" }, { "import 'a' with {type: 1}", "---" }, { "import 'a' with {}", "--+" }, { "import 'a'\nwith {type: 'json'}", "--+" },
	{ "import {'\\ud800' as a} from 'a'", "---" }, { "import from from 'a'", "--+" }, { "import {as as as} from 'a'", "--+" }, { "import let from 'a'", "---" }, { "import yield from 'a'", "---" }, { "import await from 'a'", "---" },
	{ "export let a; export {a}", "---" }, { "export let a; export {a as b}", "--+" }, { "export {a}; let a", "--+" }, { "export {a}", "---" }, { "export {a} from 'a'", "--+" }, { "export {a as default}; var a", "--+" },
	{ "export default 1; export default 2", "---" }, { "export default 1; export {a as default}; var a", "---" }, { "export default function () {}", "--+" }, { "export default class {}", "--+" }, { "export default async function () {}", "--+" },
	{ "export default function f() {} let f", "---" }, { "export default async () => 1", "--+" }, { "export default a, b", "---" }, { "export default let a", "---" }, { "export default const a = 1", "---" }, { "export default (class {})", "--+" }, { "export default function* () {}", "--+" },
	{ "export default function () {} ()", "---" }, { "export default [a] = b", "--+" }, { "export * from 'a'", "--+" }, { "export * as a from 'a'", "--+" }, { "export * as default from 'a'", "--+" }, { "export * as 'b c' from 'a'", "--+" }, { "export *", "---" }, { "export * as a", "---" },
	{ "export * as a from 'a'; export * as a from 'b'", "---" }, { "export {a as 'b c'}; var a", "--+" }, { "export {'a'}; var a", "---" }, { "export {'a'} from 'b'", "--+" }, { "export {'a' as 'c'} from 'b'", "--+" }, { "export {a as '\\ud800'}; var a", "---" },
	{ "export {if}", "---" }, { "export {if} from 'a'", "--+" }, { "export {a as if}; var a", "--+" }, { "export var a, a", "---" }, { "export let [a, {b, c: d, ...e}, ...f] = 1", "--+" }, { "export let [a], b; export {b as a}", "---" }, { "export {a, a}; var a", "---" },
	{ "export a", "---" }, { "export 1", "---" }, { "export", "---" }, { "export async a", "---" }, { "export async\nfunction f() {}", "---" }, { "export class C {}", "--+" }, { "export class {}", "---" }, { "export function () {}", "---" }, { "{ export {} }", "---" },
	{ "export {}", "--+" }, { "export {a as b,} from 'a' with {}", "--+" }, { "export {Object}", "---" }, { "{ var a } export {a}", "--+" }, { "{ let a } export {a}", "---" }, { "this; new Map", "+++" }, { "export {await}", "---" }, { "import.source('a')", "---" },
	{ "import defer * as a from 'a'", "---" }, { "arguments", "+++" }, { "export let let = 1", "---" }, { "with (a);", "+--" }, { "import a from 'a'; { function a() {} }", "--+" }, { "export default 1\n/a/g", "--+" },
};
GROUP(module)

/* ---- guess, options, errors ---- */

static void guess(void **state)
{
	static const struct { const char *text; int kind; } rows[] = {
		{ "a", FUNC_SCRIPT }, { "with (a) 010", FUNC_SCRIPT }, { "import 'a'", FUNC_MODULE }, { "export {}", FUNC_MODULE },
		{ "x = import.meta", FUNC_MODULE }, { "await 1", FUNC_MODULE }, { "import('a')", FUNC_SCRIPT }, { "var await; await = 1", FUNC_SCRIPT },
		{ "for await (a of b);", FUNC_MODULE }, { "with (a); import 'a'", -1 }, { "(", -1 }, { "await (", -1 },
	};
	struct parse_error e;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct src s = { .text = rows[i].text, .len = (uint32_t)strlen(rows[i].text), .file = "t.js" };
		struct parse_options o = { .kind = SOURCE_GUESS };
		struct ast a;
		int kind = parse_source(&a, &s, &o, &e) ? a.root->program.info->kind : -1;

		if (kind != rows[i].kind)
			fail_msg("%s: %d, want %d (%s)", rows[i].text, kind, rows[i].kind, e.msg);
		ast_free(&a);
		src_free(&s);
	}
}

static void allowances(void **state)
{
	static const struct sv names[] = { SV("a"), SV("bc") };
	struct src s = { .file = "t.js" };
	struct parse_options o = { .private_names = names, .nprivate_names = 2 };
	struct parse_error e;
	struct ast a;

	(void)state;
	assert_true(accepts("new.target", SOURCE_SCRIPT, PARSE_EVAL | PARSE_ALLOW_NEW_TARGET, &e));
	assert_true(accepts("() => new.target", SOURCE_SCRIPT, PARSE_ALLOW_NEW_TARGET, &e));
	assert_true(accepts("super.a", SOURCE_SCRIPT, PARSE_ALLOW_SUPER_PROP, &e));
	assert_false(accepts("super()", SOURCE_SCRIPT, PARSE_ALLOW_SUPER_PROP, &e));
	assert_true(accepts("super()", SOURCE_SCRIPT, PARSE_ALLOW_SUPER_CALL, &e));
	assert_false(accepts("function f() { super.a }", SOURCE_SCRIPT, PARSE_ALLOW_SUPER_PROP, &e));
	assert_false(accepts("arguments", SOURCE_SCRIPT, PARSE_NO_ARGUMENTS, &e));
	assert_true(accepts("function f() { arguments }", SOURCE_SCRIPT, PARSE_NO_ARGUMENTS, &e));
	assert_true(accepts("return 1", SOURCE_SCRIPT, PARSE_ALLOW_RETURN, &e));
	s.text = "x.#a; x.#bc; class C { #d; m() { x.#a; x.#d } }";
	s.len = (uint32_t)strlen(s.text);
	assert_true(parse_source(&a, &s, &o, &e));
	ast_free(&a);
	src_free(&s);
	s.text = "class C { m() { x.#b } }";
	s.len = (uint32_t)strlen(s.text);
	assert_false(parse_source(&a, &s, &o, &e));
	ast_free(&a);
	src_free(&s);
}

static bool function_ok(const char *params, const char *body, unsigned flags, struct buf *text)
{
	struct src s = { .file = "t.js" };
	struct parse_options o = { .flags = flags };
	struct parse_error e;
	struct ast a;
	bool ok = parse_function(&a, &s, sv_of(params), sv_of(body), &o, &e);

	if (ok) {
		assert_non_null(a.func);
		assert_int_equal(a.func->kind, N_FUNC);
		assert_null(a.func->func.id);
		text->len = 0;
		buf_put(text, s.text + a.func->start, a.func->end - a.func->start);
	}
	ast_free(&a);
	src_free(&s);
	return ok;
}

static void dynamic_function(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_true(function_ok("a,b", "return a", 0, &b));
	assert_string_equal(buf_cstr(&b), "function anonymous(a,b\n) {\nreturn a\n}");
	assert_true(function_ok("", "yield 1", PARSE_FUNC_GENERATOR, &b));
	assert_true(function_ok("a = 1 // c", "-->\nawait 1", PARSE_FUNC_ASYNC, &b));
	assert_string_equal(buf_cstr(&b), "async function anonymous(a = 1 // c\n) {\n-->\nawait 1\n}");
	assert_true(function_ok("", "await 1", PARSE_FUNC_ASYNC | PARSE_FUNC_GENERATOR, &b));
	assert_true(function_ok("a, a", "", 0, &b));
	assert_false(function_ok("a, a", "'use strict'", 0, &b));
	assert_false(function_ok("/*", "*/){", 0, &b));
	assert_false(function_ok("a){", "", 0, &b));
	assert_false(function_ok("", "}, function () {", 0, &b));
	assert_false(function_ok("a = 1", "'use strict'", 0, &b));
	assert_false(function_ok("a", "let a", 0, &b));
	assert_false(function_ok("", "super.x", 0, &b));
	assert_false(function_ok("yield", "", PARSE_FUNC_GENERATOR, &b));
	buf_free(&b);
}

static bool check_pattern(void *arg, struct sv pattern, struct sv flags, const char **msg, uint32_t *off)
{
	(void)flags;
	++*(int *)arg;
	*msg = "bad";
	*off = 1;
	return !sv_eq(pattern, SV("a("));
}

static void regexp_hook(void **state)
{
	struct src s = { .text = "/b/g; x = /a(/", .len = 14, .file = "t.js" };
	int calls = 0;
	struct parse_options o = { .regexp = check_pattern, .regexp_arg = &calls };
	struct parse_error e;
	struct ast a;

	(void)state;
	assert_false(parse_source(&a, &s, &o, &e));
	assert_int_equal(calls, 2);
	assert_int_equal(e.start, 12);
	assert_string_equal(e.msg, "invalid regular expression: bad");
	ast_free(&a);
	src_free(&s);
}

static void messages(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "let a = ;", "t.js:1:9: SyntaxError: unexpected ';', expected an expression\n  let a = ;\n          ^\n" },
		{ "x\n\tfoo bar", "t.js:2:6: SyntaxError: unexpected identifier 'bar', expected ';' or a line break\n  \tfoo bar\n  \t    ^~~\n" },
		{ "f(1", "t.js:1:4: SyntaxError: unexpected end of input, expected ',' or ')' after an argument\n  f(1\n     ^\n" },
		{ "'\xC3\xA9\xF0\x9F\x98\x80' 1", "t.js:1:7: SyntaxError: unexpected number, expected ';' or a line break\n  '\xC3\xA9\xF0\x9F\x98\x80' 1\n       ^\n" },
		{ "let a, a", "t.js:1:8: SyntaxError: 'a' is already declared in this scope\n  let a, a\n         ^\n" },
		{ "({a = 1})", "t.js:1:5: SyntaxError: '=' is only allowed here in a destructuring pattern\n  ({a = 1})\n      ^\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct src s = { .text = rows[i].text, .len = (uint32_t)strlen(rows[i].text), .file = "t.js" };
		struct parse_options o = { 0 };
		struct buf b = BUF_INIT;
		struct parse_error e;
		struct ast a;

		assert_false(parse_source(&a, &s, &o, &e));
		diag_render(&s, &e, &b);
		assert_string_equal(buf_cstr(&b), rows[i].want);
		buf_free(&b);
		ast_free(&a);
		src_free(&s);
	}
}

/* Deep nesting is an error, long chains are not. */
static void depth(void **state)
{
	static const struct { const char *pre, *open, *mid, *close; bool ok; } rows[] = {
		{ "", "(", "1", ")", false }, { "", "[", "1", "]", false }, { "", "{", "", "}", false }, { "x=", "{a:", "1", "}", false },
		{ "", "!", "1", "", false }, { "", "a=>", "1", "", false }, { "", "(a=", "1", ")=>1", false }, { "", "`${", "1", "}`", false },
		{ "", "a=", "1", "", false }, { "", "a?b:", "c", "", false }, { "a", "**a", "", "", false }, { "", "new ", "a", "", false },
		{ "", "function f(){", "", "}", false }, { "", "class A extends ", "B", "{}", false }, { "var ", "[", "a", "]=1", false },
		{ "", "async(", "1", ")", false }, { "", "()=>{", "", "}", false }, { "", "class C{static{", "", "}}", false },
		{ "", "for(;;)", ";", "", false }, { "", "if(1){", "", "}", false }, { "", "import(", "1", ")", false }, { "", "a[", "1", "]", false },
		{ "a", "+a", "", "", true }, { "a", "*b+c", "", "", true }, { "", "if(a)b;else ", "c", "", true }, { "a", ".b", "", "", true },
		{ "a", "()", "", "", true }, { "a", "?.b", "", "", true }, { "a", "&&a", "", "", true }, { "a", ",a", "", "", true },
		{ "a", "``", "", "", true }, { "", "a;", "", "", true }, { "[", ",", "", "", false }, { "", "{let a}", "", "", true },
	};
	enum { N = 100000 };
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct parse_options o = { 0 };
		struct buf b = BUF_INIT;
		struct parse_error e;
		struct src s = { .file = "t.js" };
		struct ast a;

		buf_puts(&b, rows[i].pre);
		for (k = 0; k < N; k++)
			buf_puts(&b, rows[i].open);
		buf_puts(&b, rows[i].mid);
		for (k = 0; k < N; k++)
			buf_puts(&b, rows[i].close);
		s.text = buf_cstr(&b);
		s.len = (uint32_t)b.len;
		if (parse_source(&a, &s, &o, &e) != rows[i].ok)
			fail_msg("%s%s...: %s", rows[i].pre, rows[i].open, e.msg);
		if (!rows[i].ok && rows[i].open[0] != ',') {
			assert_true(e.too_deep);
			assert_string_equal(e.msg, "too much nesting");
		}
		ast_free(&a);
		src_free(&s);
		buf_free(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(declaration), cmocka_unit_test(function), cmocka_unit_test(word),
		cmocka_unit_test(expression), cmocka_unit_test(statement), cmocka_unit_test(class),
		cmocka_unit_test(module), cmocka_unit_test(guess), cmocka_unit_test(allowances),
		cmocka_unit_test(dynamic_function), cmocka_unit_test(regexp_hook), cmocka_unit_test(messages),
		cmocka_unit_test(depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
