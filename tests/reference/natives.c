/* natives.c: functions in C that programs call: what the documentation shows of
 * extending the server (engine/include/zigts.h). */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/include/zigts.h"

static zigts_val answer(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)vm, (void)a, (void)argc;
	return zigts_int(42);
}

static zigts_val square(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	double d;

	return zigts_to_number(vm, ZIGTS_ARG(0), &d) != 0 ? ZIGTS_EXC : zigts_number(d * d);
}

static zigts_val reversed(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	size_t n, i;
	const char *s = zigts_to_utf8(vm, ZIGTS_ARG(0), &n);
	char *out = s ? zigts_scratch(vm, n + 1) : NULL;

	if (!out)
		return ZIGTS_EXC;
	for (i = 0; i < n; i++)
		out[i] = s[n - 1 - i];
	return zigts_string(vm, out, n);
}

static zigts_val point(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val o = zigts_object(vm);

	if (o == ZIGTS_EXC || zigts_set(vm, o, "x", ZIGTS_ARG(0)) != 0 || zigts_set(vm, o, "y", ZIGTS_ARG(1)) != 0)
		return ZIGTS_EXC;
	return o;
}

static zigts_val doubled(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val out = zigts_array(vm);
	uint32_t i;
	double d;

	if (!zigts_is_array(ZIGTS_ARG(0)))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "doubled: an array is needed");
	for (i = 0; out != ZIGTS_EXC && i < zigts_array_length(a[1]); i++)
		if (zigts_to_number(vm, zigts_get_index(vm, a[1], i), &d) != 0 || zigts_array_push(vm, out, zigts_number(2 * d)) != 0)
			return ZIGTS_EXC;
	return out;
}

static zigts_val root(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	double d, r = 1;
	int i;

	if (argc == 0)
		return zigts_throw(vm, ZIGTS_ERROR, "Missing required argument");
	if (zigts_to_number(vm, a[1], &d) != 0)
		return ZIGTS_EXC;
	if (d < 0)
		return zigts_throw(vm, ZIGTS_RANGE_ERROR, "Value must be non-negative");
	for (i = 0; i < 60; i++)
		r = (r + d / r) / 2;
	return zigts_number(r);
}

static const struct zigts_row functions[] = {
	ZIGTS_FN("answer", 0, EFF_NONE, answer),
	ZIGTS_FN("square", 1, EFF_CALLS, square),
	ZIGTS_FN("reversed", 1, EFF_CALLS, reversed),
	ZIGTS_FN("point", 2, EFF_NONE, point),
	ZIGTS_FN("doubled", 1, EFF_CALLS, doubled),
	ZIGTS_FN("root", 1, EFF_CALLS, root),
};

/* What a handler that is this expression says, as JSON. */
static void shows(const char *expression, const char *want)
{
	struct zigts *vm = zigts_new(&(struct zigts_config){ .verify_snapshot = true });
	struct zigts_diag diag = { 0 };
	struct zigts_program *p;
	const char *s = NULL;
	char code[512];
	zigts_val v;
	size_t n = 0;
	int handler;

	assert_non_null(vm);
	assert_int_equal(zigts_add_functions(vm, functions, sizeof functions / sizeof functions[0]), 0);
	snprintf(code, sizeof code, "function handler() { try { return %s; } catch (e) { return e.name + ': ' + e.message; } }", expression);
	p = zigts_load(vm, "natives.js", code, strlen(code), ZIGTS_GUESS, &diag);
	if (!p)
		fail_msg("%s", diag.text);
	assert_int_equal(zigts_eval(vm, p), 0);
	handler = zigts_root_add(vm, zigts_binding(vm, p, "handler"));
	assert_int_equal(zigts_freeze(vm), 0);
	for (int i = 0; i < 2; i++) {
		zigts_begin(vm, NULL);
		v = zigts_call(vm, zigts_root(vm, handler), ZIGTS_UNDEF, 0, NULL);
		assert_true(v != ZIGTS_EXC);
		assert_int_equal(zigts_json_stringify(vm, v, &s, &n), 0);
		if (n != strlen(want) || memcmp(s, want, n) != 0)
			fail_msg("%s: %.*s, not %s", expression, (int)n, s, want);
		zigts_end(vm);
	}
	zigts_free(&vm);
}

static void test_values(void **state)
{
	(void)state;
	shows("answer()", "42");
	shows("square(5)", "25");
	shows("square('2') + square(0.5)", "4.25");
	shows("reversed('hello')", "\"olleh\"");
	shows("[reversed(), reversed(null).length]", "[\"denifednu\",4]");
	shows("point(10, 20)", "{\"x\":10,\"y\":20}");
	shows("doubled([1, '2'])", "[2,4]");
}

static void test_errors(void **state)
{
	(void)state;
	shows("root(16)", "4");
	shows("root()", "\"Error: Missing required argument\"");
	shows("root(-1)", "\"RangeError: Value must be non-negative\"");
	shows("doubled(1)", "\"TypeError: doubled: an array is needed\"");
	shows("square(Symbol())", "\"TypeError: cannot convert a Symbol to a number\"");
	shows("square({ valueOf() { throw new SyntaxError('of the program'); } })", "\"SyntaxError: of the program\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_errors) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
