/* test_modules.c: modules and requests: what a request does to module environments
 * is undone, import() finds what was loaded before the freeze and nothing else,
 * unless the loader is late; diagnoses of what cannot be loaded or linked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "engine/include/zigts.h"

/* Files in memory: "./name" is the key "name". */
static const struct file { const char *key, *text; } files[] = {
	{ "main", "import { count, up, list, late } from './state'; import * as ns from './state'; import data from './data.json' with { type: 'json' };\n"
		  "export { default as again } from './state'; let hits = 0;\n"
		  "export default async function (what) {\n"
		  "  hits++; up(); list.push(hits); data.n++; import.meta.note = 1; late.x = count;\n"
		  "  const m = what && await import('./' + what).catch((e) => e.name + ' ' + e.message.slice(0, 24));\n"
		  "  return [hits, count, ns.count, list.length, data.n, ns === await import('./state'), typeof m === 'string' ? m : m && m.value, Object.keys(import.meta).length].join();\n"
		  "}" },
	{ "state", "export let count = 0; export const list = [], late = {}; export function up() { count++; } export default 'dflt'; import './middle';" },
	{ "middle", "import { count } from './state'; export const read = () => count; await 0;" },
	{ "data.json", "{ \"n\": 1 }" },
	{ "loaded", "import { count } from './state'; export let value = 'loaded at ' + count; await null;" },
	{ "other", "export const value = 1;" },
	{ "both", "import './loaded'; export { default } from './main';" },
	{ "wrong", "export const a =\n  ;" },
	{ "uses_wrong", "import './wrong';" },
	{ "lacks", "import { value,\n  b } from './other';" },
	{ "throws", "export let a = 1; throw new RangeError('at load');" },
};
static int reads;

static const struct file *find(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (strcmp(files[i].key, key) == 0)
			return &files[i];
	return NULL;
}

static char *guess(void *u, const char *specifier, const char *referrer)
{
	(void)u, (void)referrer;
	return strncmp(specifier, "./", 2) == 0 ? strdup(specifier + 2) : NULL;
}

static int resolve(void *u, struct zigts *z, const char *specifier, const char *referrer, struct zigts_found *out,
		   struct buf *why)
{
	(void)z;
	out->key = referrer ? guess(u, specifier, referrer) : strdup(specifier);
	if (!out->key || !find(out->key)) {
		buf_puts(why, "there is no such file");
		return -1;
	}
	out->name = strdup(out->key);
	out->kind = strstr(out->key, ".json") ? ZIGTS_FILE_JSON : ZIGTS_FILE_CODE;
	return 0;
}

static int read_file(void *u, const struct zigts_found *f, struct buf *src, struct buf *why)
{
	(void)u, (void)why;
	buf_puts(src, find(f->key)->text);
	reads++;
	return 0;
}

static void url(void *u, const char *key, struct buf *out)
{
	(void)u;
	buf_printf(out, "test:%s", key);
}

static struct zigts *machine(bool late)
{
	struct zigts_config cfg = { .verify_snapshot = true };
	struct zigts_loader l = { resolve, read_file, guess, url, NULL, late };
	struct zigts *vm = zigts_new(&cfg);

	assert_non_null(vm);
	zigts_set_loader(vm, &l);
	reads = 0;
	return vm;
}

static struct zigts_program *load(struct zigts *vm, const char *key, struct zigts_diag *d)
{
	return zigts_load(vm, key, find(key)->text, strlen(find(key)->text), ZIGTS_MODULE, d);
}

/* A frozen machine whose `both` is evaluated; the root of main's default export. */
static struct zigts *frozen(bool late, int *root)
{
	struct zigts *vm = machine(late);
	struct zigts_diag d = { 0 };
	struct zigts_program *p = load(vm, "both", &d);

	if (p == NULL)
		fail_msg("%s", d.text);
	assert_int_equal(zigts_eval(vm, p), 0);
	*root = zigts_root_add(vm, zigts_binding(vm, p, "default"));
	assert_int_equal(zigts_freeze(vm), 0);
	return vm;
}

/* What the handler says to `what`; its effects in *taints. */
static const char *ask(struct zigts *vm, int root, const char *what, uint32_t *taints)
{
	static char out[256];
	zigts_val arg, v;
	const char *s;
	size_t n;

	zigts_begin(vm, NULL);
	arg = zigts_cstring(vm, what);
	v = zigts_await(vm, zigts_call(vm, zigts_root(vm, root), ZIGTS_UNDEF, 1, &arg));
	assert_int_equal(zigts_promise_state(v, &v), ZIGTS_PROMISE_FULFILLED);
	s = zigts_to_utf8(vm, v, &n);
	snprintf(out, sizeof out, "%s", s);
	*taints = zigts_taints(vm);
	zigts_end(vm);           /* aborts when the snapshot differs */
	return out;
}

static void test_requests(void **state)
{
	uint32_t taints;
	int root;
	struct zigts *vm = frozen(false, &root);

	(void)state;
	assert_int_equal(reads, 5);
	for (int i = 0; i < 500; i++) {
		assert_string_equal(ask(vm, root, "loaded", &taints), "1,1,1,1,2,true,loaded at 0,3");
		assert_int_equal(taints, 0);
		assert_string_equal(ask(vm, root, "", &taints), "1,1,1,1,2,true,,3");
		assert_string_equal(ask(vm, root, "other", &taints), "1,1,1,1,2,true,TypeError Cannot import './other':,3");
		assert_int_equal(taints, 0);
		assert_string_equal(ask(vm, root, "nowhere", &taints), "1,1,1,1,2,true,TypeError Cannot import './nowhere,3");
	}
	assert_int_equal(reads, 5);
	zigts_free(&vm);
}

/* What a request loads is forgotten with the request. */
static void test_late(void **state)
{
	uint32_t taints;
	int root;
	struct zigts *vm = frozen(true, &root);

	(void)state;
	for (int i = 0; i < 200; i++) {
		assert_string_equal(ask(vm, root, "other", &taints), "1,1,1,1,2,true,1,3");
		assert_int_equal(reads, 6 + i);
		assert_int_equal(taints, EFF_FS | EFF_EVAL);
		assert_string_equal(ask(vm, root, "loaded", &taints), "1,1,1,1,2,true,loaded at 0,3");
		assert_int_equal(taints, 0);
	}
	for (int i = 0; i < 100; i++) {
		assert_string_equal(ask(vm, root, "wrong", &taints), "1,1,1,1,2,true,SyntaxError unexpected ';', expected,3");
		assert_string_equal(ask(vm, root, "uses_wrong", &taints), "1,1,1,1,2,true,SyntaxError unexpected ';', expected,3");
		assert_string_equal(ask(vm, root, "lacks", &taints), "1,1,1,1,2,true,SyntaxError the module './other' has,3");
		assert_string_equal(ask(vm, root, "throws", &taints), "1,1,1,1,2,true,RangeError at load,3");
	}
	zigts_free(&vm);
}

static void check_diag(const char *key, const char *want)
{
	struct zigts *vm = machine(false);
	struct zigts_diag d = { 0 };

	assert_null(load(vm, key, &d));
	assert_string_equal(d.text, want);
	zigts_diag_free(&d);
	zigts_free(&vm);
}

static void test_diagnoses(void **state)
{
	struct zigts *vm = machine(false);
	struct zigts_diag d = { 0 };

	(void)state;
	check_diag("uses_wrong", "wrong:2:3: SyntaxError: unexpected ';', expected an expression\n    ;\n    ^\n");
	check_diag("lacks", "lacks:2:3: SyntaxError: the module './other' has no export named 'b'; it has value\n    b } from './other';\n    ^\n");
	assert_null(zigts_load(vm, "x", "import a from './zz';", 21, ZIGTS_MODULE, &d));
	assert_string_equal(d.text, "x:1:15: TypeError: cannot import './zz': nothing can be imported here\n"
		"  import a from './zz';\n                ^~~~~~\n");
	zigts_diag_free(&d);
	assert_null(zigts_load(vm, "main", "import './x' with { kind: 'a' };", 32, ZIGTS_MODULE, &d));
	assert_int_equal(d.col, 21);
	zigts_diag_free(&d);
	zigts_free(&vm);
}

/* A module that threw is not evaluated again, before the freeze or after it. */
static void test_failed(void **state)
{
	static const char text[] = "export default () => import('./throws').then(() => 'no', (e) => e === first ? e.message : 'another');\n"
		"let first; await import('./throws').catch((e) => { first = e; });";
	struct zigts *vm = machine(false);
	struct zigts_diag d = { 0 };
	struct zigts_program *p = zigts_load(vm, "main", text, sizeof text - 1, ZIGTS_MODULE, &d);
	uint32_t taints;
	int root;

	(void)state;
	assert_non_null(p);
	assert_int_equal(zigts_eval(vm, p), 0);
	root = zigts_root_add(vm, zigts_binding(vm, p, "default"));
	assert_int_equal(zigts_freeze(vm), 0);
	for (int i = 0; i < 10; i++)
		assert_string_equal(ask(vm, root, "", &taints), "at load");
	zigts_free(&vm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests), cmocka_unit_test(test_late), cmocka_unit_test(test_diagnoses),
		cmocka_unit_test(test_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
