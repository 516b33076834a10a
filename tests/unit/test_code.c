/* test_code.c: from source text to code image: what the generator emits for
 * small programs, what it refuses, and that the verifier takes all of it and
 * nothing that was damaged. With T262=DIR (a checkout of test262) every test of
 * its language folder that compiles is verified too. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "engine/gen/gen.h"

static struct image *compile_as(const char *text, const struct gen_options *o)
{
	struct gen_diag d;
	struct image *im = gen_compile("t.js", text, strlen(text), o, &d);

	if (!im) {
		print_error("%s\n", d.text);
		gen_diag_free(&d);
	}
	assert_non_null(im);
	return im;
}

static struct image *compile(const char *text)
{
	return compile_as(text, NULL);
}

static void check_verified(const struct image *im)
{
	struct buf err = BUF_INIT;

	if (image_verify(im, &err) != 0)
		print_error("%s\n", buf_cstr(&err));
	assert_int_equal(err.len, 0);
	buf_free(&err);
}

/* ---- listings ---- */

static void check_listing(const char *text, uint32_t fn, const char *want)
{
	struct image *im = compile(text);
	struct buf out = BUF_INIT;
	const char *got;

	check_verified(im);
	image_dump_fn(im, fn, &out);
	got = strchr(buf_cstr(&out), '\n') + 1;        /* without the heading */
	assert_string_equal(got, want);
	buf_free(&out);
	image_free(im);
}

static void test_listings(void **state)
{
	(void)state;
	check_listing("function f(n) { return n < 2 ? n : n * 3; }", 1,
		"     0  JNLTI       r1 2 -> 3  ; 1:24\n"
		"     2  RET         r1\n"
		"     3  MULI        r2 r1 3  ; 1:36\n"
		"     4  RET         r2\n");
	/* One dispatch per iteration besides the body and LOOP. */
	check_listing("function f(a) { for (let i = 0; i < a; i++) g; }", 1,
		"     0  LDI         r2 0\n"
		"     1  JNLT        r2 r1 -> 8  ; 1:33\n"
		"     3  GETGLB      r3 \"g\" ic0  ; 1:45\n"
		"     5  INC         r2 r2  ; 1:40\n"
		"     6  LOOP        -> 1\n"
		"     8  RETU       \n");
	/* The old value of a variable that is written meanwhile. */
	check_listing("function f(a) { return a + (a = 2); }", 1,
		"     0  MOV         r2 r1\n"
		"     1  LDI         r1 2\n"
		"     2  ADD         r2 r2 r1  ; 1:24\n"
		"     3  RET         r2\n");
	check_listing("function f(o) { return typeof o === 'string' && o.p; }", 1,
		"     0  LDFALSE     r2\n"
		"     1  JNTYPEOF    r1 4 -> 5\n"
		"     3  GETP        r2 r1 \"p\" ic0  ; 1:51\n"
		"     5  RET         r2\n");
}

/* ---- damage ---- */

static const char sample[] =
	"'use strict'; let t = 0; class A extends Object { #p = 1; static s = [1, 2, 3, 4];\n"
	"m(a, b = 2, ...c) { try { for (const x of c) { if (x) break; t += x; } } catch (e) { return `${e}!`; }\n"
	"finally { this.#p++; } return super.m?.(...c, { a, b, get g() { return 1; } }); } }\n"
	"function f(a) { return /x/g.test(a) ? f`x${a}` : () => arguments[0] + this + new.target; } f(A);\n"
	"switch (t) { case 1: { let q = t; (() => q)(); } default: o: for (var k in A) continue o; }\n";

static void put(struct image *im, uint32_t fn, uint32_t pc, uint32_t w)
{
	im->fns[fn].words[pc] = w;
}

static void check_refused(struct image *im, const char *why)
{
	struct buf err = BUF_INIT;

	if (image_verify(im, &err) == 0)
		buf_puts(&err, "accepted");
	if (!strstr(buf_cstr(&err), why))
		print_error("%s, not: %s\n", buf_cstr(&err), why);
	assert_non_null(strstr(buf_cstr(&err), why));
	buf_free(&err);
	image_free(im);
}

static void test_faults(void **state)
{
	/* 0 LDI r2; 1 JNLT r2 r1; 3 GETGLB r3 "g"; 5 INC r2; 6 LOOP; 8 RETU; 3 + 1 + … registers */
	static const char loop[] = "function f(a) { for (let i = 0; i < a; i++) g; }";
	struct image *im;

	(void)state;
	im = compile(loop);
	put(im, 1, 0, op_abc(OP_LDI, 9, 0, 0));
	check_refused(im, "register");
	im = compile(loop);
	put(im, 1, 0, op_abc(OP_LDI, REG_NONE, 0, 0));
	check_refused(im, "register");
	im = compile(loop);
	put(im, 1, 0, 255);
	check_refused(im, "unknown opcode");
	im = compile(loop);
	put(im, 1, 2, 1);
	check_refused(im, "word 1: jump");
	im = compile(loop);
	put(im, 1, 2, 1000);
	check_refused(im, "word 1: jump");
	im = compile(loop);
	put(im, 1, 6, op_abc(OP_JMP, 0, 0, 0));
	check_refused(im, "backward jump");
	im = compile(loop);
	put(im, 1, 7, 0);
	check_refused(im, "LOOP goes forward");
	im = compile(loop);
	put(im, 1, 4, 7);
	check_refused(im, "key");
	im = compile(loop);
	put(im, 1, 4, 1u << 16);
	check_refused(im, "inline cache");
	im = compile(loop);
	put(im, 1, 8, op_abc(OP_NOP, 0, 0, 0));
	check_refused(im, "falls off");
	im = compile(loop);
	im->fns[1].nwords = 7;
	check_refused(im, "truncated");
	im = compile(loop);
	put(im, 0, 2, 0);                      /* CLOSURE of the top level */
	check_refused(im, "function index");
	im = compile(loop);
	im->fns[1].nparams = 4;
	check_refused(im, "register count");
	im = compile(loop);
	im->fns[1].keys[0] = im->nstrs;
	check_refused(im, "key string");
	im = compile(loop);
	im->fns[1].flags |= 1u << 30;
	check_refused(im, "flags");
	im = compile(loop);
	im->fns[1].src_end = 1000;
	check_refused(im, "source range");
	im = compile("f({ a: 1, b: 2 })");
	for (uint32_t pc = 0; pc < im->fns[0].nwords; pc++)
		if (W_OP(im->fns[0].words[pc]) == OP_OBJLIT) {
			im->fns[0].words[pc] -= 1u << 24;
			break;
		}
	check_refused(im, "shape");
	im = compile("f(1, 2, 3)");
	im->fns[0].nregs--;
	check_refused(im, "register");
	im = compile("function f() { try { g } catch (e) {} }");
	im->fns[1].handlers[0].target = 0;
	check_refused(im, "handler target");
	im = compile("function f() { try { g } catch (e) {} }");
	im->fns[1].handlers[0].end = 1;
	check_refused(im, "handler range");
	im = compile("x = 12345678");
	im->fns[0].consts[0].tag = IK_SHAPE;
	im->fns[0].consts[0].u.shape.n = 0;
	check_refused(im, "constant");
}

/* Damaged words are refused or harmless: no read outside of the image. The
 * listing must survive them as well. */
static void test_mutations(void **state)
{
	struct image *im = compile(sample);
	uint64_t seed = 88172645463325252ull;
	unsigned refused = 0;

	(void)state;
	check_verified(im);
	for (int round = 0; round < 20000; round++) {
		struct buf err = BUF_INIT;
		struct image_fn *fn;
		uint32_t pc, old;
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		fn = &im->fns[seed % im->nfns];
		pc = (uint32_t)(seed >> 8) % fn->nwords;
		old = fn->words[pc];
		if (seed >> 60 & 1)
			fn->words[pc] ^= 1u << (seed >> 40 & 31);
		else
			fn->words[pc] = (uint32_t)(seed >> 20);
		refused += image_verify(im, &err) != 0;
		if (round % 16 == 0)
			image_dump(im, &err);
		fn->words[pc] = old;
		buf_free(&err);
	}
	assert_in_range(refused, 8000, 20000);
	image_free(im);
}

/* ---- what is accepted and refused ---- */

static char *repeat(const char *s, int n, const char *mid, const char *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < n; i++)
		buf_puts(&b, s);
	buf_puts(&b, mid);
	for (int i = 0; i < n; i++)
		buf_puts(&b, t);
	return buf_cstr(&b);
}

static void test_accepted(void **state)
{
	static const char *const text[] = {
		"", "'use strict'", "x", "var x; let y; const z = 1; function f() {} class C {}", sample,
		"a?.b?.[c]?.(d)?.e", "delete a?.b", "(a?.b)()", "[a, b = 1, ...c] = d; ({ a, b: c.d = 1, ...e } = f)",
		"l: { break l; } m: for (;;) { for (;;) continue m; }",
		"for (let [a, b] of c) (() => a); for (let i in { i }) ; for (let q of [q]) ;",
		"class A extends null { static #a() {} static { A.#a(); } get #b() {} set #b(x) {} [c] = 1; 'd'() {} 5 = 6 }",
		"function f(a, b = a, { c }, ...[d]) { var a; return arguments.length }",
		"(function f() { f = 1 })()", "x = function () {}; y ||= () => 1; z = class {}",
		"try { try { return_; } finally { x } } finally { y }", "({ __proto__: a, ['b']: 1, c() {}, get d() { return super.d } })",
	};
	struct image *im;
	char *deep;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(text); i++) {
		im = compile(text[i]);
		check_verified(im);
		image_free(im);
	}
	deep = repeat("f(x, y.z, ", 300, "1", ")");       /* more than there are registers */
	im = compile(deep);
	check_verified(im);
	image_free(im);
	free(deep);
}

static void check_error(const char *text, const struct gen_options *o, const char *why)
{
	struct gen_diag d;
	struct image *im = gen_compile("t.js", text, strlen(text), o, &d);

	assert_null(im);
	if (!strstr(d.text, why))
		print_error("%s, not: %s\n", d.text, why);
	assert_non_null(strstr(d.text, why));
	gen_diag_free(&d);
}

static void test_refused(void **state)
{
	struct buf b = BUF_INIT;
	char *deep;

	(void)state;
	check_error("a b", NULL, "t.js:1:3: SyntaxError");
	check_error("'use strict'; with (a) b", NULL, "strict");
	deep = repeat("(", 200000, "1", ")");
	check_error(deep, NULL, "SyntaxError");
	free(deep);
	deep = repeat("[a = ", 200, "1", "] = b");
	check_error(deep, NULL, "out of registers");
	free(deep);
	buf_puts(&b, "function f(");
	for (int i = 0; i < 300; i++)
		buf_printf(&b, "a%d,", i);
	buf_puts(&b, ") {}");
	check_error(buf_cstr(&b), NULL, "too many parameters");
	buf_free(&b);
}

/* ---- modules, eval, Function ---- */

static const char *str_at(const struct image *im, uint32_t i) { return i == UINT32_MAX ? "-" : im->strs[i].p; }

static void test_module(void **state)
{
	struct image *im = compile_as("import d, * as n from 'm'; import { a as b } from 'k'; export { b as c, d as default };\n"
		"export let x = 1; export function f() { return x + b; } export * from 'm'; export * as s from 'q'; let y = 2; y;",
		&(struct gen_options){ .kind = SOURCE_MODULE });

	(void)state;
	check_verified(im);
	assert_true(im->module);
	assert_int_equal(im->nrequests, 3);
	assert_string_equal(str_at(im, im->requests[2].specifier), "q");
	assert_int_equal(im->nimports, 3);
	assert_string_equal(str_at(im, im->imports[1].name), "-");
	assert_string_equal(str_at(im, im->imports[2].name), "a");
	assert_int_equal(im->nexports, 6);
	assert_string_equal(str_at(im, im->requests[im->exports[0].request].specifier), "k");
	assert_string_equal(str_at(im, im->exports[0].import_name), "a");
	assert_string_equal(str_at(im, im->exports[2].name), "x");
	assert_string_equal(str_at(im, im->env_names[im->exports[2].slot]), "x");
	assert_int_equal(im->exports[4].name, UINT32_MAX);
	assert_int_equal(im->nenv, 2);
	image_free(im);
}

/* Scopes with run-time names; code compiled as if by an eval inside of them. */
static void test_dynamic(void **state)
{
	struct image *im = compile("function f(a) { let b; with (a) { eval('1'); b = c + (() => d)(); delete e; } }"), *inner;
	struct gen_options o = { .kind = SOURCE_SCRIPT, .eval = true, .completion = true, .caller = im };
	struct buf out = BUF_INIT;
	struct gen_diag d;

	(void)state;
	check_verified(im);
	image_dump(im, &out);
	assert_non_null(strstr(buf_cstr(&out), "FINDDYN"));
	assert_non_null(strstr(buf_cstr(&out), "EVAL"));
	assert_true(im->nscopes > 2);
	o.caller_scope = im->nscopes - 1;
	inner = compile_as("var x = a + b; function g() { return eval('x'); } g() + arguments.length;", &o);
	check_verified(inner);
	image_free(inner);
	assert_null(gen_compile("t.js", "var b;", 6, &o, &d));
	gen_diag_free(&d);
	im->scopes[0].up = 0;
	assert_int_equal(image_verify(im, &out), -1);
	buf_free(&out);
	image_free(im);
}

static void test_eval_and_function(void **state)
{
	struct gen_options o = { .kind = SOURCE_SCRIPT, .eval = true, .completion = true };
	struct gen_diag d;
	struct image *im = compile_as("var v = 1; let l = 2; v + l", &o);

	(void)state;
	check_verified(im);
	assert_int_equal(W_OP(im->fns[0].words[im->fns[0].nwords - 1]), OP_RET);
	image_free(im);
	im = gen_compile_function("<Function>", SV("a, b"), SV("return a + b"), NULL, &d);
	assert_non_null(im);
	check_verified(im);
	assert_int_equal(im->nfns, 2);
	assert_string_equal(str_at(im, im->fns[1].name), "anonymous");
	assert_string_equal(im->source, "function anonymous(a, b\n) {\nreturn a + b\n}");
	image_free(im);
	assert_null(gen_compile_function("<Function>", SV("a) {} ("), SV(""), NULL, &d));
	gen_diag_free(&d);
}

static void test_positions(void **state)
{
	struct image *im = compile("f;\n  a.b(c);\n\"\xC3\xA9\xF0\x9F\x98\x80\"; throw x;");
	const struct image_fn *fn = &im->fns[0];
	uint32_t line = 0, col = 0;

	(void)state;
	for (uint32_t pc = 0; pc < fn->nwords; pc += (uint32_t)op_words(op_info[W_OP(fn->words[pc])].format)) {
		if (W_OP(fn->words[pc]) == OP_CALLM) {
			assert_true(image_position(fn, pc, &line, &col));
			assert_int_equal(line, 2);
			assert_int_equal(col, 5);
		} else if (W_OP(fn->words[pc]) == OP_THROW) {
			assert_true(image_position(fn, pc, &line, &col));
			assert_int_equal(line, 3);
			assert_int_equal(col, 8);      /* columns count UTF-16 units */
		}
	}
	assert_int_equal(col, 8);
	image_free(im);
}

static void test_scopes(void **state)
{
	static const char text[] = "function f(a, b) { let c = 1; const d = () => c + a; { let b = 2; b; } return d; }";
	struct buf out = BUF_INIT;
	struct gen_diag d;

	(void)state;
	assert_int_equal(gen_dump(GEN_SCOPES, "t.js", text, strlen(text), NULL, &out, &d), 0);
	assert_non_null(strstr(buf_cstr(&out), "let c refs=1 writes=0 captured once\n"));
	assert_non_null(strstr(buf_cstr(&out), "param a refs=1 writes=0 captured\n"));
	assert_non_null(strstr(buf_cstr(&out), "const d refs=1 writes=0 once\n"));
	buf_free(&out);
	assert_int_equal(gen_stage_of("code"), GEN_CODE);
	assert_int_equal(gen_stage_of("nonsense"), -1);
}

/* ---- size ---- */

/* Long lists and chains compile in linear time and without deep recursion. */
static void check_long(const char *head, const char *part, const char *sep, const char *tail)
{
	struct buf b = BUF_INIT;
	struct image *im;

	buf_puts(&b, head);
	for (int i = 0; i < 100000; i++)
		buf_printf(&b, "%s%s", i ? sep : "", part);
	buf_puts(&b, tail);
	im = compile(buf_cstr(&b));
	check_verified(im);
	image_free(im);
	buf_free(&b);
}

static void test_long(void **state)
{
	(void)state;
	check_long("x = [", "a", ",", "]");
	check_long("x = ", "a", "+", "");
	check_long("x = ", "a", "&&", "");
	check_long("if (", "a", "||", ") b");
	check_long("x = a", ".b()", "", "");
	check_long("", "if (a) b", "; else ", "");
	check_long("f(", "a", ",", ")");
	check_long("x = `", "a${b}", "", "`");
	check_long("switch (a) {", "case 1000: b;", "", "}");
	check_long("function f() {", "let x = 1;", "} {", "}");
}

/* ---- test262 ---- */

static unsigned long files, compiled;

static int check_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
	size_t len = strlen(path);
	struct gen_options o = { .kind = strstr(path, "/module-code/") ? SOURCE_MODULE : SOURCE_GUESS };
	struct gen_diag d;
	struct image *im;
	char *text;
	FILE *f;

	(void)at;
	if (type != FTW_F || len < 3 || strcmp(path + len - 3, ".js") != 0)
		return 0;
	f = fopen(path, "rb");
	assert_non_null(f);
	text = malloc((size_t)st->st_size + 1);
	len = fread(text, 1, (size_t)st->st_size, f);
	fclose(f);
	files++;
	im = gen_compile(path, text, len, &o, &d);
	if (im) {
		compiled++;
		check_verified(im);
		image_free(im);
	} else
		gen_diag_free(&d);
	free(text);
	return 0;
}

static void test_test262(void **state)
{
	const char *dir = getenv("T262");
	struct buf path = BUF_INIT;

	(void)state;
	if (!dir)
		skip();
	buf_printf(&path, "%s/test/language", dir);
	assert_int_equal(nftw(buf_cstr(&path), check_file, 16, FTW_PHYS), 0);
	print_message("%lu files, %lu compiled and verified\n", files, compiled);
	assert_true(compiled > files / 4);
	buf_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listings),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_module),
		cmocka_unit_test(test_dynamic),
		cmocka_unit_test(test_eval_and_function),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_test262),
	};

	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
