/* test_parity.c: opcode parity: every opcode that has a slow function runs over
 * the cross product of operand values, once through the interpreter with its fast
 * cases and once through the slow functions alone; results, thrown errors and the
 * state of the operands afterwards must be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/api/api.h"
#include "engine/gen/gen.h"
#include "engine/include/zigts_tools.h"

static const char library[] =
	"var log = '';\n"
	"class P { constructor() { this.x = 1; this.y = 2; } get g() { return 'got' + this.x; } set g(v) { log += 'set' + String(v); }\n"
	"  m() { return 7; } static s = 5; }\n"
	"const makers = [\n"
	" () => undefined, () => null, () => true, () => false, () => 0, () => -0, () => 1, () => -1, () => 2, () => 31, () => 32,\n"
	" () => 127, () => 2147483647, () => -2147483648, () => 2147483648, () => 4294967295, () => 4294967296.5, () => 0.5,\n"
	" () => -1.5, () => 1e300, () => -1e300, () => 5e-324, () => NaN, () => Infinity, () => -Infinity,\n"
	" () => '', () => 'a', () => 'length', () => '0', () => '1', () => '12', () => ' 7 ', () => 'x', () => 'g', () => 'abc'.repeat(20),\n"
	" () => 'h\\u00e9\\u4e2d', () => Symbol.iterator, () => ({}), () => ({ x: 1, y: 2, length: 3 }), () => [], () => [1, 2, 3],\n"
	" () => [1, , 3], () => Object.freeze([4, 5]), () => Object.freeze({ x: 1 }), () => function f(a, b) {}, () => P, () => new P(),\n"
	" () => ({ valueOf() { log += 'v'; return 42; } }), () => ({ toString() { log += 't'; return 'x'; } }),\n"
	" () => ({ valueOf() { log += '!'; throw new RangeError('no'); } }), () => ({ [Symbol.toPrimitive](h) { log += h; return 3; } }),\n"
	" () => new String('str'), () => new Number(9), () => Object.create(null), () => new Map([[1, 2]]), () => (function () { return arguments; })(1, 2),\n"
	" () => Object.defineProperty([1, 2], 'length', { writable: false }), () => ({ get x() { log += 'gx'; return 1; }, set x(v) { log += 'sx'; } }),\n"
	" () => new Uint8Array([7, 8, 9]), () => new Float64Array([0.5, NaN, -0]), () => new Uint8ClampedArray(2), () => new Float32Array(2), () => new BigInt64Array([-1n, 2n]),\n"
	" () => { const b = new ArrayBuffer(8, { maxByteLength: 16 }), t = new Int16Array(b); b.resize(2); return t; },\n"
	" () => { const b = new ArrayBuffer(8), t = new Uint32Array(b); b.transfer(); return t; },\n"
	" () => 0n, () => 1n, () => -5n, () => 2n ** 70n + 3n, () => Object(7n),\n"
	"];\n"
	"function make(i) { log = ''; return makers[i](); }\n"
	"function count() { return makers.length; }\n"
	"function show(v, d = 0) {\n"
	"  if (typeof v === 'symbol' || typeof v === 'function') return typeof v;\n"
	"  if (typeof v === 'string') return 's:' + v;\n"
	"  if (v === null || typeof v !== 'object') return typeof v + ':' + (Object.is(v, -0) ? '-0' : String(v));\n"
	"  if (v instanceof Error) return v.name + '!' + v.message;\n"
	"  if (d > 1) return 'deep';\n"
	"  let s = (Array.isArray(v) ? 'arr' : 'obj') + '{';\n"
	"  for (const k of Reflect.ownKeys(v)) { const p = Reflect.getOwnPropertyDescriptor(v, k);\n"
	"    s += String(k) + (p.writable ? 'w' : '') + (p.enumerable ? 'e' : '') + (p.configurable ? 'c' : '') + '=' + ('value' in p ? show(p.value, d + 1) : 'acc') + ';'; }\n"
	"  return s + '}';\n"
	"}\n"
	"function note() { return log; }\n";

static struct {
	struct zigts *z;
	struct vm *vm;
	val make, show, note;
	int nvalues;
	char text[2][2048];
	unsigned long runs;
} t;

static int setup(void **state)
{
	struct zigts_config cfg = { .memory_limit = 256u << 20, .persist_atoms = true };
	struct zigts_diag d = { 0 };
	struct zigts_program *p;
	val n;

	(void)state;
	t.z = zigts_new(&cfg);
	assert_non_null(t.z);
	t.vm = vm_of(t.z);
	p = zigts_load(t.z, "parity.js", library, sizeof library - 1, ZIGTS_SCRIPT, &d);
	if (p == NULL)
		fail_msg("%s", d.text);
	if (zigts_eval(t.z, p) < 0) {
		size_t len;

		fail_msg("%s", zigts_describe_exception(t.z, zigts_take_exception(t.z), &len));
	}
	t.make = zigts_binding(t.z, p, "make");
	t.show = zigts_binding(t.z, p, "show");
	t.note = zigts_binding(t.z, p, "note");
	n = vm_call(t.vm, zigts_binding(t.z, p, "count"), V_UNDEF, 0, NULL);
	t.nvalues = v_toint(n);
	assert_true(t.nvalues > 40);
	zigts_root_add(t.z, t.make);
	zigts_root_add(t.z, t.show);
	zigts_root_add(t.z, t.note);
	assert_int_equal(zigts_freeze(t.z), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	print_message("parity: %lu operand tuples\n", t.runs);
	zigts_free(&t.z);
	return 0;
}

static void append_show(char *to, size_t cap, val v)
{
	size_t n, at = strlen(to);
	val s = vm_call(t.vm, t.show, V_UNDEF, 1, &v);
	const char *p = s == V_EXC ? "show threw" : zigts_to_utf8(t.z, s, &n);

	if (s == V_EXC)
		(void)exc_take(t.vm);
	snprintf(to + at, cap - at, "%s|", p);
}

/* One function: its words run with r1, r2, r3 = the made values; the outcome as
 * text: result or error, side-effect log, operands afterwards. */
static void run(const uint32_t *words, uint32_t nwords, const char *key, const int idx[3], int tier)
{
	struct arena mem = { 0 };     /* moved into the image that lies in it */
	struct image *im = arena_alloc(&mem, sizeof *im);
	struct image_fn *fn = arena_alloc(&mem, sizeof *fn);
	uint32_t *w = arena_alloc(&mem, nwords * 4), *keys = arena_alloc(&mem, 4);
	struct image_str *strs = arena_alloc(&mem, 2 * sizeof *strs);
	struct image_const *consts = arena_alloc(&mem, sizeof *consts);
	struct image_dyn *dyns = arena_alloc(&mem, 2 * sizeof *dyns);
	struct unit *u;
	char *out = t.text[tier];
	val argv[3], r, n;
	size_t len;

	memcpy(w, words, nwords * 4);
	strs[0] = (struct image_str){ "", 0 };
	strs[1] = (struct image_str){ key, (uint32_t)strlen(key) };
	keys[0] = 1;
	dyns[0] = (struct image_dyn){ 0, 0, true };
	dyns[1] = (struct image_dyn){ 1, 0, false };
	*consts = (struct image_const){ .tag = IK_DYNS, .u.dyns = { 2, dyns } };
	*fn = (struct image_fn){ .words = w, .nwords = nwords, .keys = keys, .nkeys = 1, .consts = consts, .nconsts = 1,
		.nics = 2, .nregs = 24, .nparams = 3 };
	im->fns = fn;
	im->nfns = 1;
	im->strs = strs;
	im->nstrs = 2;
	im->file = "parity";
	im->source = "";
	im->mem = mem;
	zigts_begin(t.z, NULL);
	zigts_set_slow(t.z, false);
	u = link_unit(t.vm, im);
	assert_non_null(u);
	for (int i = 0; i < 3; i++) {
		val iv = v_int(idx[i]);

		argv[i] = idx[i] < 0 ? V_UNDEF : vm_call(t.vm, t.make, V_UNDEF, 1, &iv);
	}
	*out = '\0';
	t.vm->run_fn = tier ? interp_run_slow : interp_run;
	/* Twice: the second pass meets filled inline caches. */
	for (int pass = 0; pass < 2; pass++) {
		r = call_value(t.vm, v_cell(func_closure(t.vm, u->list[0], NULL)), V_UNDEF, 3, argv);
		zigts_set_slow(t.z, false);
		if (r == V_EXC) {
			r = exc_take(t.vm);
			snprintf(out + strlen(out), sizeof t.text[0] - strlen(out), "throws ");
		}
		append_show(out, sizeof t.text[0], r);
		t.vm->run_fn = tier ? interp_run_slow : interp_run;
	}
	zigts_set_slow(t.z, false);
	n = vm_call(t.vm, t.note, V_UNDEF, 0, NULL);
	snprintf(out + strlen(out), sizeof t.text[0] - strlen(out), "log=%s|", zigts_to_utf8(t.z, n, &len));
	for (int i = 0; i < 3; i++)
		append_show(out, sizeof t.text[0], argv[i]);
	zigts_end(t.z);
}

static void compare(const char *op, const uint32_t *words, uint32_t nwords, const char *key, int a, int b, int c)
{
	const int idx[3] = { a, b, c };

	run(words, nwords, key, idx, 0);
	run(words, nwords, key, idx, 1);
	t.runs++;
	if (strcmp(t.text[0], t.text[1]) != 0)
		fail_msg("%s with values %d, %d, %d:\n  interpreter %s\n  slow        %s", op, a, b, c, t.text[0], t.text[1]);
}

/* r[4] = r[1] op r[2]; return r[4]. */
static void test_binary(void **state)
{
	static const uint8_t ops[] = { OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_EXP, OP_BAND, OP_BOR, OP_BXOR, OP_SHL, OP_SAR,
		OP_SHR, OP_EQ, OP_NE, OP_SEQ, OP_SNE, OP_LT, OP_LE, OP_GT, OP_GE, OP_INOP, OP_INSTOF, OP_GETE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		const uint32_t w[] = { op_abc(ops[i], 4, 1, 2), op_abc(OP_RET, 4, 0, 0) };

		for (int a = 0; a < t.nvalues; a++)
			for (int b = 0; b < t.nvalues; b++)
				compare(op_info[ops[i]].name, w, 2, "", a, b, -1);
	}
}

static void test_immediate(void **state)
{
	static const uint8_t ops[] = { OP_ADDI, OP_SUBI, OP_MULI, OP_DIVI, OP_MODI, OP_BANDI, OP_BORI, OP_SHLI, OP_SARI, OP_SHRI };
	static const int imm[] = { 0, 1, -1, 2, 31, 100, 127, -128 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		for (size_t j = 0; j < ARRAY_LEN(imm); j++) {
			const uint32_t w[] = { op_abc(ops[i], 4, 1, (uint8_t)imm[j]), op_abc(OP_RET, 4, 0, 0) };

			for (int a = 0; a < t.nvalues; a++)
				compare(op_info[ops[i]].name, w, 2, "", a, -1, -1);
		}
}

static void test_unary(void **state)
{
	static const uint8_t ops[] = { OP_NEG, OP_PLUS, OP_BNOT, OP_INC, OP_DEC, OP_TONUMERIC, OP_TOPROPKEY, OP_LNOT, OP_TYPEOF, OP_MOV, OP_TOOBJ };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		const uint32_t w[] = { op_abc(ops[i], 4, 1, 0), op_abc(OP_RET, 4, 0, 0) };

		for (int a = 0; a < t.nvalues; a++)
			compare(op_info[ops[i]].name, w, 2, "", a, -1, -1);
	}
}

/* Jump taken: true, else false. */
static void test_branches(void **state)
{
	(void)state;
	for (int op = OP_JT; op <= OP_JNTYPEOF; op++) {
		uint8_t f = op_info[op].format;
		static const int imm[] = { 0, 1, -1, 100, -128 };
		int second = f == F_ABJ ? t.nvalues : f == F_AIJ ? (int)ARRAY_LEN(imm) : 1;

		for (int b = 0; b < second; b++) {
			uint32_t rb = f == F_ABJ ? 2 : f == F_AIJ ? (op >= OP_JTYPEOF ? (uint32_t)b : (uint8_t)imm[b]) : 0;
			const uint32_t w[] = { op_abc((uint32_t)op, 1, rb, 0), 2, op_abc(OP_LDFALSE, 4, 0, 0), op_abc(OP_RET, 4, 0, 0),
					       op_abc(OP_LDTRUE, 4, 0, 0), op_abc(OP_RET, 4, 0, 0) };

			for (int a = 0; a < t.nvalues; a++)
				compare(op_info[op].name, w, 6, "", a, f == F_ABJ ? b : -1, -1);
		}
	}
}

/* r[1].key and r[1].key = r[2] for several keys, with inline caches. */
static void test_named(void **state)
{
	static const char *const keys[] = { "x", "length", "g", "toString", "missing", "m", "prototype", "0" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const uint32_t get[] = { op_abc(OP_GETP, 4, 1, 0), 0, op_abc(OP_RET, 4, 0, 0) };
		const uint32_t set[] = { op_abc(OP_SETP, 1, 2, 0), 0, op_abc(OP_RETU, 0, 0, 0) };
		const uint32_t del[] = { op_abc(OP_DELP, 4, 1, 0), 0, op_abc(OP_RET, 4, 0, 0) };

		for (int a = 0; a < t.nvalues; a++) {
			compare("GETP", get, 3, keys[i], a, -1, -1);
			compare("DELP", del, 3, keys[i], a, -1, -1);
			for (int b = 0; b < t.nvalues; b += 3)
				compare("SETP", set, 3, keys[i], a, b, -1);
		}
	}
	for (int a = 0; a < t.nvalues; a++) {
		const uint32_t len[] = { op_abc(OP_GETLEN, 4, 1, 0), 0, op_abc(OP_RET, 4, 0, 0) };

		compare("GETLEN", len, 3, "length", a, -1, -1);
	}
}

static void test_keyed(void **state)
{
	const uint32_t set[] = { op_abc(OP_SETE, 1, 2, 3), op_abc(OP_RETU, 0, 0, 0) };
	const uint32_t del[] = { op_abc(OP_DELE, 4, 1, 2), op_abc(OP_RET, 4, 0, 0) };

	(void)state;
	for (int a = 0; a < t.nvalues; a++)
		for (int b = 0; b < t.nvalues; b++) {
			compare("SETE", set, 2, "", a, b, 8);
			compare("DELE", del, 2, "", a, b, -1);
		}
	for (uint32_t i = 0; i < 5; i++)
		for (int a = 0; a < t.nvalues; a++) {
			const uint32_t get[] = { op_abc(OP_GETEI, 4, 1, i), op_abc(OP_RET, 4, 0, 0) };
			const uint32_t put[] = { op_abc(OP_SETEI, 1, i, 2), op_abc(OP_RETU, 0, 0, 0) };

			compare("GETEI", get, 2, "", a, -1, -1);
			compare("SETEI", put, 2, "", a, 9, -1);
		}
}

/* A loop over what r[1] gives: counts the values. */
static void test_iteration(void **state)
{
	const uint32_t each[] = {
		op_abc(OP_ITER, 5, 1, 0), op_abc(OP_LDI, 4, 0, 0),
		op_abc(OP_ITERNEXT, 5, 8, 0), 3, op_abc(OP_ADD, 4, 4, 8), op_abc(OP_LOOP, 0, 0, 0), (uint32_t)-5,
		op_abc(OP_RET, 4, 0, 0),
	};
	const uint32_t in[] = {
		op_abc(OP_FORIN, 5, 1, 0), op_abc(OP_LDI, 4, 0, 0),
		op_abc(OP_FORINNEXT, 5, 8, 0), 3, op_abc(OP_ADD, 4, 4, 8), op_abc(OP_LOOP, 0, 0, 0), (uint32_t)-5,
		op_abc(OP_RET, 4, 0, 0),
	};

	(void)state;
	for (int a = 0; a < t.nvalues; a++) {
		compare("ITER", each, ARRAY_LEN(each), "", a, -1, -1);
		compare("FORIN", in, ARRAY_LEN(in), "", a, -1, -1);
	}
}

/* with (r[1]) inside of a function whose dynamic variables are made here. */
static void test_dynamic(void **state)
{
	static const char *const keys[] = { "x", "length", "g", "toString", "missing", "m" };
	const uint32_t find[] = {
		op_abc(OP_NEWENV, 5, REG_NONE, 0), 1, op_abc(OP_DYNOBJ, 6, 5, 0), 0, op_abc(OP_DYNVAR, 6, 0, 0), 0,
		op_abc(OP_TOOBJ, 7, 1, 0), op_abc(OP_NEWENV, 8, 5, 0), 1, op_abc(OP_SETENV0, 7, 8, 0),
		op_abc(OP_FINDDYN, 9, 8, 2), 0, op_abc(OP_SETDYN, 9, 2, 0), 0, op_abc(OP_GETDYN, 4, 9, 0), 0,
		op_abc(OP_SEQ, 11, 10, 9), op_abc(OP_NEWARR, 4, 9, 3), op_abc(OP_RET, 4, 0, 0),
	};
	const uint32_t eval[] = { op_abc(OP_JNEVAL, 1, 0, 0), 1, op_abc(OP_RETU, 0, 0, 0), op_abc(OP_RET, 1, 0, 0) };

	(void)state;
	for (int a = 0; a < t.nvalues; a++) {
		compare("JNEVAL", eval, ARRAY_LEN(eval), "", a, -1, -1);
		for (size_t i = 0; i < ARRAY_LEN(keys); i++)
			compare("FINDDYN", find, ARRAY_LEN(find), keys[i], a, 7, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binary), cmocka_unit_test(test_immediate), cmocka_unit_test(test_unary),
		cmocka_unit_test(test_branches), cmocka_unit_test(test_named), cmocka_unit_test(test_keyed),
		cmocka_unit_test(test_iteration), cmocka_unit_test(test_dynamic),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
