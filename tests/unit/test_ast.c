/* test_ast.c: the shape of the AST, through dump_ast: a source, and lines that
 * its dump must contain (in this order). Ranges are left out of the dump here
 * except where a row is about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "engine/front/parse.h"

/* want: pieces separated by '|', each found behind the one before. */
struct row { const char *text, *want; };

static void check_rows(const struct row *rows, size_t n, enum source_kind k)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct src s = { .text = rows[i].text, .len = (uint32_t)strlen(rows[i].text), .file = "t.js" };
		struct parse_options o = { .kind = k };
		struct buf b = BUF_INIT;
		struct parse_error e;
		struct ast a;
		const char *at, *w = rows[i].want;

		if (!parse_source(&a, &s, &o, &e))
			fail_msg("%s: %s", rows[i].text, e.msg);
		dump_ast(&a, &b);
		at = buf_cstr(&b);
		while (*w != 0) {
			char piece[200];
			size_t len = strcspn(w, "|");

			snprintf(piece, sizeof(piece), "%.*s", (int)len, w);
			w += len + (w[len] == '|');
			at = strstr(at, piece);
			if (at == NULL)
				fail_msg("%s\n  lacks: %s\n%s", rows[i].text, piece, b.p);
			at += len;
		}
		buf_free(&b);
		ast_free(&a);
		src_free(&s);
	}
}

#define GROUP(name, kind) static void name(void **state) { (void)state; check_rows(name##_rows, ARRAY_LEN(name##_rows), kind); }

static const struct row expression_rows[] = {
	{ "a + b * c - d", "BINARY -|left: BINARY +|IDENT name=\"a\"|right: BINARY *|IDENT name=\"b\"|IDENT name=\"c\"|right: IDENT name=\"d\"" },
	{ "a ** b ** c", "BINARY **|left: IDENT name=\"a\"|right: BINARY **" },
	{ "(a + b).c", "MEMBER name=\"c\" @0-9|BINARY + +paren @1-6" },
	{ "a = b += c", "ASSIGN = |target: IDENT|value: ASSIGN +=" },
	{ "a &&= b", "ASSIGN &&=" },
	{ "a ? b : c", "COND|test: IDENT name=\"a\"|then: IDENT name=\"b\"|else_: IDENT name=\"c\"" },
	{ "a, b", "SEQUENCE|exprs: IDENT name=\"a\"|exprs: IDENT name=\"b\"" },
	{ "a?.b.c(d)?.[e]; f", "OPT_CHAIN|INDEX +optional|CALL|MEMBER name=\"c\" @|MEMBER name=\"b\" +optional" },
	{ "(a?.b).c", "MEMBER name=\"c\"|OPT_CHAIN +paren|MEMBER name=\"b\" +optional" },
	{ "eval(a); (eval)(a); eval?.(a); a.eval(b)", "CALL +direct-eval|CALL +direct-eval|CALL +optional @|CALL @" },
	{ "f(...a, b)", "CALL +spread|SPREAD|IDENT name=\"b\"" },
	{ "new a(b); new c", "NEW|callee: IDENT name=\"a\"|args: IDENT name=\"b\"|NEW|callee: IDENT name=\"c\"" },
	{ "new a.b().c()", "CALL|MEMBER name=\"c\"|NEW|MEMBER name=\"b\"" },
	{ "-a; !b; typeof c; ++d; e--", "UNARY -|UNARY !|UNARY typeof|UPDATE ++|+prefix|UPDATE --" },
	{ "`a${b}c`", "TEMPLATE|quasis: QUASI cooked=\"a\" raw=\"a\"|quasis: QUASI cooked=\"c\"|exprs: IDENT name=\"b\"" },
	{ "t`\\u`", "TAGGED|QUASI raw=\"\\\\u\"" },
	{ "/a/g; 1n; 0x1Fn; 1.5; 'x'; null; true; this", "REGEXP pattern=\"a\" reflags=\"g\"|BIGINT digits=\"1\"|BIGINT digits=\"0x1F\"|NUMBER 1.5|STRING value=\"x\"|NULL_|TRUE_|THIS" },
	{ "import(a, b)", "PROGRAM script length=0 import()|IMPORT_CALL|specifier: IDENT|options: IDENT" },
	{ "({a, b: c, [d]: e, f() {}, get g() {}, set h(i) {}, ...j, __proto__: k, '__proto__'() {}})",
	  "OBJECT +paren +spread|PROP shorthand|PROP init|PROP init +computed|PROP method|PROP get|FUNC getter|PROP set|FUNC setter length=1|SPREAD|PROP proto|PROP method" },
	{ "({0x10: 1, 1e21: 2, .5: 3, 0xFFn: 4, 0b1000000000000000000000000000000000000000000000000000000000000000000n: 5, 0: 6})",
	  "KEY name=\"16\"|KEY name=\"1e+21\"|KEY name=\"0.5\"|KEY name=\"255\"|KEY name=\"73786976294838206464\"|KEY name=\"0\"" },
	{ "[a = 1, [b], {c, d: e = 2}, , ...f] = g", "ASSIGN =|ARRAY_PATTERN|ASSIGN_PATTERN|target: IDENT|ARRAY_PATTERN|OBJECT_PATTERN|PROP_PATTERN +shorthand|PROP_PATTERN @|ASSIGN_PATTERN|HOLE|REST|value: IDENT name=\"g\"" },
	{ "({a = 1} = b)", "ASSIGN = +paren|OBJECT_PATTERN|PROP_PATTERN +shorthand|KEY name=\"a\"|ASSIGN_PATTERN|target: IDENT name=\"a\"|init: NUMBER 1" },
	{ "l\\u0065t; '\\x41'", "IDENT name=\"let\" +escaped|STRING value=\"A\" +escaped" },
};
GROUP(expression, SOURCE_SCRIPT)

static const struct row function_rows[] = {
	{ "function f(a, b) {}", "FUNC_DECL|FUNC normal length=2 simple decl @0-19|id: BINDING name=\"f\"|params: BINDING name=\"a\"|body: BODY @17-19" },
	{ "function f(a, b = 1, c) {}", "length=1 param-exprs decl" },
	{ "function f(...a) {}", "length=0 decl|REST +binding" },
	{ "function f({a: [b]}, {[c]: d}) {}", "length=2 param-exprs|OBJECT_PATTERN +binding|ARRAY_PATTERN +binding|PROP_PATTERN +computed +binding" },
	{ "(function f() {})", "FUNC normal length=0 simple +paren @1-16" },
	{ "async function* f() { await 1; yield* 2; yield }", "async generator simple yield await decl|AWAIT|YIELD +delegate|YIELD @" },
	{ "x => x", "FUNC arrow length=1 expr-body simple|BINDING name=\"x\"|body: IDENT name=\"x\"" },
	{ "async (x, y = 1) => { 'use strict' + 1 }", "FUNC arrow length=1 async param-exprs" },
	{ "function f() { 'use strict'; 'b'; 'c' + 1 }", "FUNC normal length=0 strict simple decl use-strict|EXPR_STMT +directive|EXPR_STMT +directive|EXPR_STMT @" },
	{ "'use strict'; function f() {}", "PROGRAM script length=0 strict use-strict|FUNC normal length=0 strict simple decl @" },
	{ "function f(a, a) {}", "dup-params" },
	{ "function f() { this.a }", "FUNC normal length=0 simple this" },
	{ "function f() { () => { this; arguments; new.target } }", "FUNC normal length=0 simple arguments this new.target|FUNC arrow length=0 simple arguments this new.target" },
	{ "function f() { function g() { this } }", "PROGRAM script length=0 @|FUNC normal length=0 simple decl @|FUNC normal length=0 simple this" },
	{ "function f() { eval('') }", "PROGRAM script length=0 inner-eval @|FUNC normal length=0 simple eval inner-eval" },
	{ "function f() { () => eval('') }", "PROGRAM script length=0 inner-eval @|FUNC normal length=0 simple eval inner-eval|FUNC arrow length=0 expr-body simple eval inner-eval" },
	{ "function f(a = eval('')) {}", "param-exprs eval inner-eval param-eval" },
	{ "function f() { (a = eval('')) => a; }", "FUNC normal length=0 simple eval inner-eval arguments|FUNC arrow length=0 expr-body param-exprs eval inner-eval param-eval" },
	{ "function f() { (a = this) }", "FUNC normal length=0 simple this decl" },
	{ "function f(a = () => eval('')) {}", "FUNC normal length=0 param-exprs eval inner-eval param-eval" },
	{ "function f() { with (a) b }", "FUNC normal length=0 simple with decl" },
	{ "({ m() { super.a; super[b] }, async *n() {} })", "FUNC method length=0 simple this super @3-28|SUPER_MEMBER name=\"a\"|SUPER_INDEX|FUNC method length=0 async generator simple @30-43" },
	{ "({ get a() {} })", "FUNC getter length=0 simple @3-13" },
	{ "async x => await x", "FUNC arrow length=1 async expr-body simple await" },
};
GROUP(function, SOURCE_SCRIPT)

static const struct row class_rows[] = {
	{ "class A {}", "CLASS_DECL|CLASS @0-10|id: BINDING name=\"A\"" },
	{ "(class A extends B { constructor(a) { super(a) } })", "CLASS +paren|heritage: IDENT|ctor: FUNC derived-ctor length=1 strict simple this super() new.target @21-48" },
	{ "class A { constructor() {} }", "ctor: FUNC ctor" },
	{ "class A { static async *m() {} }", "METHOD method +static|KEY name=\"m\"|FUNC method length=0 strict async generator simple static @17-30" },
	{ "class A { a; static b = this; #c = 1; [d] = 2; 'e' = 3 }", "FIELD @|KEY name=\"a\"|FIELD +static|FUNC field length=0 strict expr-body simple this static|PRIVATE_NAME name=\"c\"|FIELD +computed|KEY name=\"e\"" },
	{ "class A { static { this } }", "STATIC_BLOCK|FUNC static-block length=0 strict simple this static|BODY" },
	{ "class A { #a; get #b() {} m() { return #a in this.#b } }", "METHOD get|PRIVATE_NAME name=\"b\"|PRIVATE_IN name=\"a\"|PRIVATE_MEMBER name=\"b\"" },
	{ "class A { static() {} get() {} set() {} async() {} }", "METHOD method @|KEY name=\"static\"|KEY name=\"get\"|KEY name=\"set\"|KEY name=\"async\"" },
	{ "class A { static static }", "FIELD +static|KEY name=\"static\"" },
};
GROUP(class, SOURCE_SCRIPT)

static const struct row statement_rows[] = {
	{ "var a = 1, [b] = 2; let c; const d = 3", "VAR var|DECLARATOR|target: BINDING|init: NUMBER|DECLARATOR|ARRAY_PATTERN +binding|VAR let|VAR const" },
	{ "{ function f() {} }", "FUNC_DECL +annex-b" },
	{ "{ function f() {} } let f", "FUNC_DECL @" },
	{ "let f; { { function f() {} } }", "FUNC_DECL @" },
	{ "{ let f; { function f() {} } }", "FUNC_DECL @" },
	{ "{ { function f() {} } let f; }", "FUNC_DECL @" },
	{ "{ async function f() {} }", "FUNC_DECL @" },
	{ "function g(f) { { function f() {} } }", "FUNC_DECL @|FUNC_DECL @" },
	{ "function g() { { function f() {} } }", "FUNC_DECL @|FUNC_DECL +annex-b" },
	{ "try {} catch (f) { { function f() {} } }", "FUNC_DECL +annex-b" },
	{ "try {} catch ({f}) { { function f() {} } }", "FUNC_DECL @" },
	{ "for (let f;;) { function f() {} }", "FUNC_DECL @" },
	{ "var f; { function f() {} }", "FUNC_DECL +annex-b" },
	{ "'use strict'; { function f() {} }", "FUNC_DECL @" },
	{ "switch (a) { case b: function f() {} default: c }", "SWITCH|disc: IDENT|CASE|test: IDENT|body: FUNC_DECL +annex-b|CASE|body: EXPR_STMT" },
	{ "if (a) function f() {}", "then: BLOCK|body: FUNC_DECL +annex-b" },
	{ "if (a) b; else if (c) d; else e", "IF @0-31|else_: IF @15-31|else_: EXPR_STMT" },
	{ "for (let i = 0; i < 1; i++) a", "FOR|init: VAR let|test: BINARY <|update: UPDATE ++|body: EXPR_STMT" },
	{ "for (;;);", "FOR|body: EMPTY" },
	{ "for (var a in b); for ([c] of d); for (const e of f);", "FOR_IN|left: VAR var|FOR_OF|left: ARRAY_PATTERN|FOR_OF|left: VAR const" },
	{ "a: while (b) { continue a; break }", "LABELED label=\"a\"|WHILE|CONTINUE label=\"a\"|BREAK @" },
	{ "do a; while (b) c", "DO|body: EXPR_STMT|test: IDENT|body: EXPR_STMT" },
	{ "try { a } catch (b) { c } finally { d }", "TRY|block: BLOCK|handler: CATCH|param: BINDING|body: BLOCK|finalizer: BLOCK" },
	{ "with (a) b", "WITH|object: IDENT|body: EXPR_STMT" },
	{ "throw a; debugger; ;", "THROW|DEBUGGER|EMPTY" },
};
GROUP(statement, SOURCE_SCRIPT)

static const struct row module_rows[] = {
	{ "import a, {b as c, default as d, 'e f' as g} from 'm' with {type: 'json'}",
	  "PROGRAM module length=0 strict|IMPORT source=\"m\"|IMPORT_SPEC default|local: BINDING name=\"a\"|IMPORT_SPEC named imported=\"b\"|BINDING name=\"c\"|imported=\"default\"|imported=\"e f\"|IMPORT_ATTR name=\"type\" value=\"json\"" },
	{ "import * as n from 'm'; import 'x'", "IMPORT_SPEC namespace|BINDING name=\"n\"|IMPORT source=\"x\"" },
	{ "export {a, b as c, b as 'd e'}; var a, b", "EXPORT_NAMED @|EXPORT_SPEC local=\"a\" exported=\"a\"|local=\"b\" exported=\"c\"|exported=\"d e\"" },
	{ "export {default as a} from 'm'; export * from 'm'; export * as b from 'm'", "EXPORT_NAMED source=\"m\"|local=\"default\" exported=\"a\"|EXPORT_ALL source=\"m\"|EXPORT_ALL exported=\"b\" source=\"m\"" },
	{ "export const a = 1; export function f() {} export class C {}", "EXPORT_DECL|decl: VAR const|EXPORT_DECL|decl: FUNC_DECL|EXPORT_DECL|decl: CLASS_DECL" },
	{ "export default function () {}", "EXPORT_DEFAULT|value: FUNC_DECL|FUNC normal length=0 strict simple decl @15-29|body: BODY" },
	{ "export default class {}", "EXPORT_DEFAULT|value: CLASS_DECL|cls: CLASS @15-23" },
	{ "export default a = 1", "EXPORT_DEFAULT|value: ASSIGN" },
	{ "await import.meta; for await (a of b);", "PROGRAM module length=0 strict await import.meta|AWAIT|IMPORT_META|FOR_OF +await" },
};
GROUP(module, SOURCE_MODULE)

/* ---- generic walks ---- */

static void count(struct node **slot, void *arg)
{
	++*(uint32_t *)arg;
	node_each_child(*slot, count, arg);
}

static void walk(void **state)
{
	static const char text[] = "f(a, [b, , ...c], {d, e: 1}, `x${g}`, h ? i : j, function (k, l = 1) { if (m) n; })";
	struct src s = { .text = text, .len = sizeof(text) - 1, .file = "t.js" };
	struct parse_options o = { 0 };
	struct parse_error e;
	uint32_t lines = 0, nodes = 1;
	struct buf b = BUF_INIT;
	struct ast a;
	size_t i;

	(void)state;
	assert_true(parse_source(&a, &s, &o, &e));
	dump_ast(&a, &b);
	for (i = 0; i < b.len; i++)
		lines += b.p[i] == '\n';
	node_each_child(a.root, count, &nodes);
	assert_int_equal(nodes, lines);
	assert_int_equal(a.nfuncs, 2);
	buf_free(&b);
	ast_free(&a);
	src_free(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(expression), cmocka_unit_test(function), cmocka_unit_test(class),
		cmocka_unit_test(statement), cmocka_unit_test(module), cmocka_unit_test(walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
