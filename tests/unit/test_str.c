/* test_str.c: strings against a model of plain unit arrays, atoms, conversions,
 * the freeze of strings, errors. A VM without a realm: heap, atoms, shapes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/utf.h"
#include "engine/object/convert.h"
#include "engine/object/func.h"

#define POOL 48
#define MODEL_MAX 4000u

struct model { uint32_t n; uint16_t u[MODEL_MAX]; };

static struct vm vm;
static struct model models[POOL], tmp;
static val pool[POOL];
static uint64_t rng;

static uint32_t rnd(uint32_t n)
{
	rng = rng * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((rng >> 33) % n);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void up(void *frame)
{
	struct heap_owner own;

	memset(&vm, 0, sizeof vm);
	vm_heap_owner(&own);
	assert_int_equal(heap_init(&vm.heap, 256u << 20, &own, &vm), 0);
	assert_int_equal(atoms_init(&vm), 0);
	assert_int_equal(shapes_init(&vm), 0);
	for (unsigned i = 0; i < INTR__N; i++)
		vm.intr[i] = V_HOLE; /* no prototypes */
	vm.exc = V_HOLE;
	vm.ticks = INT64_MAX / 2;
	vm.roots.v = pool;
	vm.roots.n = POOL;
	for (unsigned i = 0; i < POOL; i++)
		pool[i] = V_UNDEF;
	vm.heap.c_stack_base = frame;
}

static void down(void)
{
	shapes_free(&vm);
	atoms_free(&vm);
	heap_destroy(&vm.heap);
}

static void freeze(void)
{
	assert_int_equal(strs_freeze(&vm), 0);
	assert_int_equal(heap_freeze(&vm.heap, true), 0);
}

static void end_request(void)
{
	for (unsigned i = 0; i < POOL; i++)
		if (v_iscell(pool[i]) && heap_in_arena(&vm.heap, v_tocell(pool[i])))
			pool[i] = V_UNDEF;
	atoms_end_request(&vm);
	shapes_end_request(&vm);
	heap_end_request(&vm.heap);
	heap_begin_request(&vm.heap);
}

static struct str *S(val v)
{
	assert_true(v_isstr(v));
	return v_tostr(v);
}

static struct str *text(const char *s)
{
	return S(str_from_utf8(&vm, s, strlen(s), true));
}

/* ---- model ---------------------------------------------------------------- */

static void check_same(val v, const struct model *m)
{
	struct sview a;

	assert_true(v_isstr(v));
	assert_int_equal(v_tostr(v)->len.v, m->n);
	assert_int_equal(v_tostr(v)->h.shape.v, SHAPE_STRING);
	a = str_view(&vm, v_tostr(v));
	assert_int_equal(a.len, m->n);
	for (uint32_t i = 0; i < m->n; i++)
		if (sview_at(a, i) != m->u[i])
			assert_int_equal(sview_at(a, i), m->u[i]);
	if (v_kind(v) == KIND_STR8)
		assert_int_equal(((struct str8 *)v_tostr(v))->c[m->n], 0);
	if (v_tostr(v)->h.flags.v & CF_STR_ASCII)
		for (uint32_t i = 0; i < m->n; i++)
			assert_true(m->u[i] < 0x80);
}

static struct sview model_view(const struct model *m)
{
	return (struct sview){ .p16 = m->u, .len = m->n, .wide = true };
}

static int model_cmp(const struct model *a, const struct model *b)
{
	for (uint32_t i = 0; i < a->n && i < b->n; i++)
		if (a->u[i] != b->u[i])
			return a->u[i] < b->u[i] ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

static uint32_t model_find(const struct model *h, const struct model *n, uint32_t from, bool last)
{
	uint32_t found = UINT32_MAX;

	for (uint32_t i = last ? 0 : from; i + n->n <= h->n; i++) {
		if (last && i > from)
			break;
		if (memcmp(h->u + i, n->u, 2 * (size_t)n->n) != 0)
			continue;
		found = i;
		if (!last)
			break;
	}
	return found;
}

static void random_model(struct model *m)
{
	uint32_t what = rnd(6), max = rnd(4) == 0 ? 400 : 12;

	m->n = rnd(max);
	for (uint32_t i = 0; i < m->n; i++)
		m->u[i] = (uint16_t)(what < 3 ? 'a' + rnd(3) : what == 3 ? rnd(256) : what == 4 ? 0x3B0 + rnd(3)
		                     : rnd(3) ? 'a' : 0xD800 + rnd(0x800));
}

static val make(struct model *m)
{
	uint8_t b[MODEL_MAX];
	struct strbuf sb;

	for (uint32_t i = 0; i < m->n; i++)
		b[i] = (uint8_t)m->u[i];
	switch (rnd(4)) {
	case 0:
		strbuf_init(&sb, &vm, rnd(20));
		for (uint32_t i = 0; i < m->n; i++)
			strbuf_unit(&sb, m->u[i]);
		return strbuf_end(&sb);
	case 1:
		for (uint32_t i = 0; i < m->n; i++)
			if (m->u[i] > 0xFF)
				return str_new16(&vm, m->u, m->n);
		return str_new8(&vm, b, m->n);
	default:
		return str_new16(&vm, m->u, m->n);
	}
}

static void op_concat(uint32_t d, uint32_t a, uint32_t b)
{
	if (models[a].n + models[b].n > MODEL_MAX)
		return;
	tmp = models[a];
	memcpy(tmp.u + tmp.n, models[b].u, 2 * (size_t)models[b].n);
	tmp.n += models[b].n;
	pool[d] = str_concat(&vm, S(pool[a]), S(pool[b]));
	models[d] = tmp;
}

static void op_sub(uint32_t d, uint32_t a)
{
	uint32_t n = models[a].n, start = rnd(n + 1), end = start + rnd(n - start + 1);

	memmove(tmp.u, models[a].u + start, 2 * (size_t)(end - start));
	tmp.n = end - start;
	pool[d] = str_sub(&vm, S(pool[a]), start, end);
	models[d] = tmp;
}

static void op_append_loop(uint32_t a)
{
	for (uint32_t k = rnd(40); k > 0; k--) {
		op_concat(a, a, rnd(POOL));
		if (rnd(4) == 0)
			op_concat(rnd(POOL), a, rnd(POOL));
	}
}

static void op_utf8(uint32_t d, uint32_t a)
{
	size_t n;
	const char *p = str_to_utf8(&vm, S(pool[a]), true, &n);

	assert_int_equal(p[n], 0);
	pool[d] = str_from_utf8(&vm, p, n, true);
	models[d] = models[a];
}

static void op_builder(uint32_t d, uint32_t a, uint32_t b)
{
	struct strbuf sb;

	strbuf_init(&sb, &vm, 0);
	tmp.n = 0;
	for (int k = 0; k < 3; k++) {
		uint32_t s = k & 1 ? a : b;

		if (tmp.n + models[s].n > MODEL_MAX)
			break;
		strbuf_str(&sb, S(pool[s]));
		memcpy(tmp.u + tmp.n, models[s].u, 2 * (size_t)models[s].n);
		tmp.n += models[s].n;
	}
	pool[d] = strbuf_end(&sb);
	models[d] = tmp;
}

static void op_compare(uint32_t a, uint32_t b)
{
	struct str *x = S(pool[a]), *y = S(pool[b]);
	struct sview vx, vy;
	int c = model_cmp(&models[a], &models[b]), r;
	uint32_t from = rnd(models[a].n + 2);

	assert_int_equal(str_eq(&vm, x, y), c == 0);
	if (c == 0)
		assert_int_equal(str_hash(&vm, x), str_hash(&vm, y));
	assert_int_equal(str_hash(&vm, x), sview_hash(&vm, model_view(&models[a])));
	r = str_cmp(&vm, x, y);
	assert_int_equal((r > 0) - (r < 0), c);
	vx = str_view(&vm, x);
	vy = str_view(&vm, y);
	assert_int_equal(sview_index_of(&vm, vx, vy, from), model_find(&models[a], &models[b], from, false));
	assert_int_equal(sview_last_index_of(&vm, vx, vy, from), model_find(&models[a], &models[b], from, true));
	if (models[a].n != 0 && rnd(3) == 0)
		assert_int_equal(str_at(&vm, x, models[a].n - 1), models[a].u[models[a].n - 1]);
	if (models[a].n < 40 && rnd(4) == 0 && models[b].n < 40)
		assert_int_equal(key_of_str(&vm, x) == key_of_str(&vm, y), c == 0);
}

static void random_ops(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint32_t d = rnd(POOL), a = rnd(POOL), b = rnd(POOL);

		switch (rnd(9)) {
		case 0:
			random_model(&models[d]);
			pool[d] = make(&models[d]);
			break;
		case 1: op_sub(d, a); break;
		case 2: op_append_loop(a); break;
		case 3: op_utf8(d, a); break;
		case 4: op_builder(d, a, b); break;
		case 5: op_compare(a, a == b ? d : b); break;
		case 6: op_compare(a, b); break;
		default: op_concat(d, a, b); break;
		}
		if (rnd(4) == 0)
			check_same(pool[d], &models[d]);
		if (models[a].n > 3000) {
			random_model(&models[a]);
			pool[a] = make(&models[a]);
		}
		if (rnd(400) == 0)
			heap_collect(&vm.heap);
	}
	for (unsigned i = 0; i < POOL; i++)
		check_same(pool[i], &models[i]);
}

static void test_model(void **state)
{
	val kept[POOL];
	static struct model kept_models[POOL];
	unsigned n = ZTS_TORTURE_ALLOC ? 2000 : 20000;

	(void)state;
	up(__builtin_frame_address(0));
	rng = getenv("SEED") != NULL ? strtoull(getenv("SEED"), NULL, 0) : 42;
	for (unsigned i = 0; i < POOL; i++) {
		random_model(&models[i]);
		pool[i] = make(&models[i]);
	}
	random_ops(n);
	freeze();
	for (unsigned i = 0; i < POOL; i++) {
		assert_int_not_equal(v_kind(pool[i]), KIND_ROPE);
		assert_true(S(pool[i])->h.flags.v & CF_HASHED);
	}
	memcpy(kept, pool, sizeof kept);
	memcpy(kept_models, models, sizeof kept_models);
	for (unsigned r = 0; r < 10; r++) {
		random_ops(n / 4);
		memcpy(pool, kept, sizeof kept);
		memcpy(models, kept_models, sizeof kept_models);
		end_request(); /* compares the snapshot with its copy */
		for (unsigned i = 0; i < POOL; i++)
			check_same(pool[i], &models[i]);
	}
	down();
}

/* ---- growth -------------------------------------------------------------------- */

static void test_append(void **state)
{
	uint32_t n = ZTS_TORTURE_ALLOC ? 2000 : 300000;
	double t;
	val early;
	struct sview v;

	(void)state;
	up(__builtin_frame_address(0));
	freeze();
	pool[0] = v_cell(vm.empty);
	t = now();
	for (uint32_t i = 0; i < n; i++) {
		pool[0] = str_concat(&vm, S(pool[0]), vm.chars['a' + i % 26]);
		if (i == n / 2)
			pool[1] = pool[0];
	}
	t = now() - t;
	printf("append of one unit: %.1f ns, %zu bytes used\n", t / n * 1e9, vm.heap.used);
	assert_int_equal(S(pool[0])->len.v, n);
	assert_int_not_equal(v_kind(pool[0]), KIND_ROPE);
	/* Two continuations of one value do not see each other. */
	early = str_concat(&vm, S(pool[1]), text("XX"));
	pool[2] = early;
	pool[3] = str_concat(&vm, S(pool[0]), text("YY"));
	pool[4] = str_concat(&vm, S(pool[0]), text("ZZZ"));
	assert_int_equal(str_at(&vm, S(early), n / 2 + 1), 'X');
	assert_int_equal(str_at(&vm, S(pool[1]), n / 2), 'a' + n / 2 % 26);
	assert_int_equal(str_at(&vm, S(pool[3]), n + 1), 'Y');
	assert_int_equal(str_at(&vm, S(pool[4]), n + 2), 'Z');
	v = str_view(&vm, S(pool[0]));
	for (uint32_t i = 0; i < n; i++)
		if (sview_at(v, i) != 'a' + i % 26)
			fail();
	/* Widening in the middle of a loop. */
	for (uint32_t i = 0; i < 3000; i++)
		pool[1] = str_concat(&vm, S(pool[1]), text(i % 2 ? "\xC4\x80" : "."));
	assert_int_equal(str_at(&vm, S(pool[1]), n / 2 + 2), 0x100);
	assert_int_equal(str_at(&vm, S(pool[1]), n / 2 + 3000), 0x100);
	assert_int_equal(str_at(&vm, S(pool[1]), 3), 'd');
	end_request();
	down();
}

static void test_ropes(void **state)
{
	uint32_t n = ZTS_TORTURE_ALLOC ? 2000 : 200000;
	struct sview v;

	(void)state;
	up(__builtin_frame_address(0));
	freeze();
	pool[0] = v_cell(vm.empty);
	for (uint32_t i = 0; i < n; i++) /* right-deep */
		pool[0] = str_concat(&vm, vm.chars['a' + i % 26], S(pool[0]));
	v = str_view(&vm, S(pool[0]));
	for (uint32_t i = 0; i < n; i++)
		if (sview_at(v, n - 1 - i) != 'a' + i % 26)
			fail();
	pool[1] = v_cell(text("0123456789abcdefghijklmnopq"));
	for (int i = 0; i < 18; i++) /* one node twice, all the way down */
		pool[1] = str_concat(&vm, S(pool[1]), S(pool[1]));
	v = str_view(&vm, S(pool[1]));
	assert_int_equal(v.len, 27u << 18);
	for (uint32_t i = 0; i < v.len; i += 1009)
		if (sview_at(v, i) != sview_at(v, i % 27))
			fail();
	end_request();
	/* Too long is an error, and a catchable one. */
	pool[1] = v_cell(text("0123456789abcdefghijklmnopqrstuv"));
	while (!v_isexc(pool[1])) {
		pool[2] = pool[1];
		pool[1] = str_concat(&vm, S(pool[1]), S(pool[1]));
	}
	assert_int_equal(S(pool[2])->len.v, 1u << 29);
	assert_int_equal(v_kind(exc_take(&vm)), KIND_ERROR);
	/* There is no memory to flatten it either. */
	assert_int_equal(str_view(&vm, S(pool[2])).len, 0);
	assert_int_equal(v_kind(exc_take(&vm)), KIND_ERROR);
	assert_int_equal(key_of_str(&vm, S(pool[2])), A_empty);
	assert_int_equal(v_kind(exc_take(&vm)), KIND_ERROR);
	assert_false(S(pool[2])->h.flags.v & (CF_ATOM | CF_HASHED));
	end_request();
	down();
}

static void test_freeze_ropes(void **state)
{
	uint32_t n = 30000;
	size_t used;

	(void)state;
	up(__builtin_frame_address(0));
	/* Every link of a right-deep chain is alive: the freeze must not copy it n times. */
	struct vals *all = heap_alloc(&vm.heap, sizeof *all + 8 * (size_t)n, n, KIND_VALS, 0);

	for (uint32_t i = 0; i < n; i++)
		HINIT(all->v[i], V_UNDEF);
	pool[1] = v_cell(all);
	pool[0] = v_cell(vm.empty);
	for (uint32_t i = 0; i < n; i++) {
		pool[0] = str_concat(&vm, vm.chars['a' + i % 26], S(pool[0]));
		VSET(&vm, all->v[i], pool[0]);
	}
	used = vm.heap.used;
	freeze();
	assert_true(vm.heap.snap_used < used + (1u << 20));
	for (uint32_t i = 100; i < n; i += 777) {
		struct str *s = S(all->v[i].v);

		assert_int_equal(s->h.kind, KIND_SLICE);
		assert_int_equal(s->len.v, i + 1);
		assert_int_equal(str_at(&vm, s, 0), 'a' + i % 26);
		assert_int_equal(str_at(&vm, s, i), 'a');
	}
	end_request();
	down();
}

static void test_search(void **state)
{
	uint32_t n = ZTS_TORTURE_ALLOC ? 20000 : 400000, m = n / 4;
	uint16_t *h = malloc(2 * (size_t)n), *w = malloc(2 * (size_t)m);
	struct sview hay = { .p16 = h, .len = n, .wide = true }, needle = { .p16 = w, .len = m, .wide = true };
	double t;

	(void)state;
	up(__builtin_frame_address(0));
	for (uint32_t i = 0; i < n; i++)
		h[i] = 0x1000;
	for (uint32_t i = 0; i < m; i++)
		w[i] = 0x1000;
	w[m - 1] = 0x1001;
	t = now();
	assert_int_equal(sview_index_of(&vm, hay, needle, 0), UINT32_MAX);
	printf("worst-case 16-bit search: %.1f ns a unit\n", (now() - t) / n * 1e9);
	h[n - 5] = 0x1001;
	assert_int_equal(sview_index_of(&vm, hay, needle, 7), n - 5 - (m - 1));
	assert_int_equal(sview_index_of(&vm, hay, sview_sub(needle, m - 1, m), 0), n - 5);
	assert_int_equal(sview_last_index_of(&vm, hay, sview_sub(needle, m - 3, m), n), n - 7);
	assert_int_equal(sview_index_of(&vm, hay, sview_sub(needle, 0, 0), n), n);
	assert_int_equal(sview_index_of(&vm, hay, sview_sub(needle, 0, 0), n + 1), UINT32_MAX);
	free(h);
	free(w);
	down();
}

static void test_utf(void **state)
{
	struct buf b = BUF_INIT;
	uint16_t lone[] = { 'a', 0xD800, 0xDC00, 0xDC01, 'b', 0xD801 };
	uint32_t units;
	size_t n;
	struct str *s;

	(void)state;
	up(__builtin_frame_address(0));
	s = S(str_new16(&vm, lone, 6));
	assert_memory_equal(str_to_utf8(&vm, s, true, &n), "a\xF0\x90\x80\x80\xED\xB0\x81" "b\xED\xA0\x81", 13);
	assert_int_equal(n, 12);
	str_put_utf8(&vm, s, &b);
	assert_int_equal(b.len, 12);
	assert_memory_equal(b.p, "a\xF0\x90\x80\x80\xEF\xBF\xBD" "b\xEF\xBF\xBD", 12);
	buf_free(&b);
	assert_int_equal(sview_code_point(str_view(&vm, s), 1, &units), 0x10000);
	assert_int_equal(units, 2);
	assert_int_equal(sview_code_point(str_view(&vm, s), 5, &units), 0xD801);
	assert_int_equal(units, 1);
	assert_int_equal(S(str_from_code_point(&vm, 0x1F600))->len.v, 2);
	assert_ptr_equal(v_tocell(str_from_utf8(&vm, "\xC3\xA9", 2, false)), vm.chars[0xE9]);
	assert_int_equal(text("na\xC3\xAFve")->h.kind, KIND_STR8);
	assert_string_equal(str_to_utf8(&vm, text("na\xC3\xAFve"), false, NULL), "na\xC3\xAFve");
	assert_string_equal(str_to_utf8(&vm, S(str_printf(&vm, "%d-%300d", 7, 1)), false, &n) + 299, "  1");
	assert_int_equal(n, 302);
	assert_true(sview_eq_ascii(str_view(&vm, text("abc")), "abc"));
	assert_false(sview_eq_ascii(str_view(&vm, text("abc")), "abcd"));
	freeze();
	s = S(str_external(&vm, "external header value text", 26));
	assert_int_equal(s->h.kind, KIND_EXT8);
	assert_int_equal(v_kind(str_sub(&vm, s, 1, 26)), KIND_EXT8);
	assert_string_equal(str_to_utf8(&vm, S(str_sub(&vm, s, 9, 15)), false, NULL), "header");
	assert_string_equal(str_to_utf8(&vm, s, false, NULL), "external header value text");
	end_request();
	down();
}

/* ---- atoms ------------------------------------------------------------------------ */

static void test_keys(void **state)
{
	static const struct { const char *s; int64_t index; } numeric[] = {
		{ "0", 0 }, { "7", 7 }, { "10", 10 }, { "2147483647", 2147483647 },
		{ "00", -1 }, { "01", -1 }, { "-0", -1 }, { "-1", -1 }, { "1.0", -1 }, { "", -1 }, { "1e3", -1 },
		{ "+1", -1 }, { " 1", -1 }, { "2147483648", -2 }, { "4294967294", -2 }, { "4294967295", -1 },
		{ "9999999999", -1 }, { "10000000000", -1 }, { "12a", -1 },
	};
	uint16_t wide[] = { 'x', 'l', 'e', 'n', 'g', 't', 'h', 0x100, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i',
		'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z' };
	pkey k;

	(void)state;
	up(__builtin_frame_address(0));
	assert_true(vm.atoms_cap > A_STATIC_N);
	for (pkey id = 1; id < A_STATIC_N; id++) {
		assert_non_null(atom_rec(&vm, id)->str);
		if (atom_rec(&vm, id)->type == ATOM_STRING)
			assert_int_equal(key_of_str(&vm, atom_rec(&vm, id)->str), id);
	}
	assert_int_equal(atom_rec(&vm, A_user_agent)->hdr, 2);
	assert_int_equal(atom_rec(&vm, A_length)->hdr, 0);
	assert_int_equal(atom_rec(&vm, A_x_requested_with)->hdr, 32);
	for (int frozen = 0; frozen < 2; frozen++) {
		for (size_t i = 0; i < ARRAY_LEN(numeric); i++) {
			const char *s = numeric[i].s;

			k = key_of_str(&vm, text(s));
			assert_int_equal(key_of_utf8(&vm, s, strlen(s)), k);
			if (numeric[i].index >= 0)
				assert_int_equal(k, PKEY_INDEX | (uint32_t)numeric[i].index);
			else
				assert_int_equal(atom_rec(&vm, k)->type, numeric[i].index == -2 ? ATOM_INDEX : ATOM_STRING);
			assert_string_equal(str_to_utf8(&vm, S(key_to_val(&vm, k)), false, NULL), s);
		}
		assert_int_equal(key_of_u32(&vm, 4294967294u), key_of_utf8(&vm, "4294967294", 10));
		assert_int_equal(key_of_i64(&vm, 9007199254740992), key_of_utf8(&vm, "9007199254740992", 16));
		/* A narrow slice of a wide string is the same name. */
		pool[0] = str_new16(&vm, wide, ARRAY_LEN(wide));
		assert_int_equal(key_of_str(&vm, S(str_sub(&vm, S(pool[0]), 1, 7))), A_length);
		pool[1] = str_sub(&vm, S(pool[0]), 8, ARRAY_LEN(wide));
		assert_int_equal(v_kind(pool[1]), KIND_SLICE);
		k = key_of_str(&vm, S(pool[1]));
		assert_int_equal(key_of_utf8(&vm, "abcdefghijklmnopqrstuvwxyz", 26), k);
		assert_int_equal(key_of_str(&vm, text("abcdefghijklmnopqrstuvwxyz")), k);
		assert_int_equal(key_lookup_str(&vm, text(frozen ? "never2" : "never1")), PKEY_NONE);
		assert_true(key_of_val(&vm, v_int(-5), &k));
		assert_int_equal(k, key_of_utf8(&vm, "-5", 2));
		assert_true(key_of_val(&vm, v_dbl(1.5), &k));
		assert_int_equal(k, key_of_utf8(&vm, "1.5", 3));
		assert_true(key_of_val(&vm, V_UNDEF, &k));
		assert_int_equal(k, A_undefined);
		pool[0] = pool[1] = V_UNDEF;
		if (!frozen)
			freeze();
	}
	end_request();
	down();
}

static void test_transient(void **state)
{
	uint32_t natoms;
	pkey k, early;
	char name[32];

	(void)state;
	up(__builtin_frame_address(0));
	early = key_of_utf8(&vm, "early", 5);
	assert_false(atom_is_transient(early));
	pool[0] = str_cstr(&vm, "unlinked until the freeze");
	freeze();
	assert_true(S(pool[0])->h.flags.v & CF_ATOM);
	natoms = vm.natoms;
	for (int r = 0; r < 3; r++) {
		k = key_of_utf8(&vm, "familiar", 8);
		assert_true(atom_is_transient(k));
		assert_int_equal(key_of_str(&vm, text("familiar")), k);
		assert_int_equal(key_of_str(&vm, S(str_concat(&vm, text("fam"), text("iliar")))), k);
		assert_int_equal(key_of_utf8(&vm, "early", 5), early);
		heap_collect(&vm.heap);
		assert_string_equal(str_to_utf8(&vm, S(key_to_val(&vm, k)), false, NULL), "familiar");
		assert_int_equal(vm.natoms, natoms);
		end_request();
	}
	assert_int_equal(vm.natoms, natoms + 1);
	k = key_of_utf8(&vm, "familiar", 8);
	assert_false(atom_is_transient(k));
	assert_int_equal(key_of_str(&vm, text("familiar")), k);
	/* A flood of names costs the arena only. */
	natoms = vm.natoms;
	for (int r = 0; r < 20; r++) {
		uint32_t n = ZTS_TORTURE_ALLOC ? 100 : 20000;

		for (uint32_t i = 0; i < n; i++) {
			snprintf(name, sizeof name, "k%d_%u", r, i);
			k = key_of_utf8(&vm, name, strlen(name));
			assert_int_equal(k, A_TRANSIENT0 + i);
		}
		assert_int_equal(key_of_utf8(&vm, name, strlen(name)), k);
		heap_collect(&vm.heap);
		snprintf(name, sizeof name, "k%d_17", r);
		assert_int_equal(key_of_utf8(&vm, name, strlen(name)), A_TRANSIENT0 + 17);
		end_request();
	}
	assert_int_equal(vm.natoms, natoms);
	vm.persist_atoms = true;
	assert_false(atom_is_transient(key_of_utf8(&vm, "wanted", 6)));
	vm.persist_atoms = false;
	end_request();
	down();
}

static void test_symbols(void **state)
{
	val a, b;
	pkey k;

	(void)state;
	up(__builtin_frame_address(0));
	a = symbol_for(&vm, text("registered"));
	assert_true(v_issym(a));
	assert_int_equal(symbol_for(&vm, text("registered")), a);
	k = v_tosym(a)->atom.v;
	assert_int_equal(atom_rec(&vm, k)->type, ATOM_REGISTERED);
	assert_int_not_equal(key_of_utf8(&vm, "registered", 10), k);
	pool[0] = symbol_new(&vm, v_cell(text("desc")), ATOM_SYMBOL);
	freeze();
	assert_int_equal(symbol_for(&vm, text("registered")), a);
	assert_int_equal(key_to_val(&vm, k), a);
	for (int r = 0; r < 2; r++) {
		b = symbol_for(&vm, text("in a request"));
		k = v_tosym(b)->atom.v;
		assert_true(atom_is_transient(k));
		b = V_UNDEF;
		heap_collect(&vm.heap);
		b = key_to_val(&vm, k);
		assert_int_equal(symbol_for(&vm, text("in a request")), b);
		b = symbol_new(&vm, V_UNDEF, ATOM_SYMBOL);
		assert_int_not_equal(v_tosym(b)->atom.v, k);
		assert_true(key_is_symbol(&vm, v_tosym(b)->atom.v));
		assert_ptr_equal(v_tocell(key_to_str(&vm, v_tosym(b)->atom.v)), vm.empty);
		assert_true(key_of_val(&vm, pool[0], &k));
		assert_int_equal(k, v_tosym(pool[0])->atom.v);
		assert_string_equal(key_for_message(&vm, k), "Symbol(desc)");
		end_request();
	}
	assert_string_equal(key_for_message(&vm, A_sym_iterator), "Symbol(Symbol.iterator)");
	assert_string_equal(key_for_message(&vm, PKEY_INDEX | 12), "12");
	assert_string_equal(key_for_message(&vm, A_length), "length");
	down();
}

/* ---- conversions --------------------------------------------------------------------- */

static void test_numbers(void **state)
{
	static const struct { const char *s; double d; } in[] = {
		{ "", 0 }, { "   \t\n", 0 }, { "12", 12 }, { " -12.5 ", -12.5 }, { "+3", 3 }, { ".5", .5 },
		{ "5.", 5 }, { "1e3", 1000 }, { "1E-2", .01 }, { "0x1F", 31 }, { "0b101", 5 }, { "0O17", 15 },
		{ "-0x1", NAN }, { "0x", NAN }, { "0b2", NAN }, { "1_000", NAN }, { "Infinity", INFINITY },
		{ "-Infinity", -INFINITY }, { "infinity", NAN }, { "1 2", NAN }, { ".", NAN }, { "e5", NAN },
		{ "1e", NAN }, { "+", NAN }, { "--1", NAN }, { "12px", NAN }, { "\xEF\xBB\xBF" "7\xC2\xA0", 7 },
		{ "\xE2\x80\xA8" "8", 8 }, { "\xE1\x9A\x80" "9", 9 }, { "\xD9\xA3", NAN }, { "1e400", INFINITY },
		{ "0.1", 0.1 }, { "9007199254740993", 9007199254740992.0 }, { "0xg", NAN }, { "1n", NAN },
	};
	static const struct { double d; const char *s; } out[] = {
		{ 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -1, "-1" }, { 1023, "1023" }, { 1024, "1024" }, { 1.5, "1.5" },
		{ 1e21, "1e+21" }, { 123456789012, "123456789012" }, { NAN, "NaN" }, { -INFINITY, "-Infinity" },
		{ 5e-324, "5e-324" }, { -2147483648.0, "-2147483648" },
	};
	static const struct { double d; int32_t i; } ints[] = {
		{ 0, 0 }, { -0.0, 0 }, { 1.9, 1 }, { -1.9, -1 }, { 2147483647, INT32_MAX }, { 2147483648.0, INT32_MIN },
		{ 4294967295.0, -1 }, { 4294967296.0, 0 }, { -2147483649.0, INT32_MAX }, { 1e10, 1410065408 },
		{ NAN, 0 }, { INFINITY, 0 }, { 0x1p53, 0 }, { 0x1.8p62 + 0x1p31, INT32_MIN },
		{ 9223372036854775808.0, 0 }, { 0x1.0000000000001p63, 2048 }, { -0x1.0000000000001p63, -2048 },
		{ 0x1.fffffffffffffp83, INT32_MIN }, { 0x1.fffffffffffffp84, 0 }, { 1e300, 0 },
	};

	(void)state;
	up(__builtin_frame_address(0));
	for (size_t i = 0; i < ARRAY_LEN(in); i++) {
		double d = str_to_number(&vm, text(in[i].s));

		if (d != in[i].d && (d == d || in[i].d == in[i].d))
			fail_msg("'%s' gives %g", in[i].s, d);
	}
	assert_true(signbit(str_to_number(&vm, text("-0"))));
	for (size_t i = 0; i < ARRAY_LEN(out); i++)
		assert_string_equal(str_to_utf8(&vm, S(num_to_str(&vm, out[i].d)), false, NULL), out[i].s);
	for (size_t i = 0; i < ARRAY_LEN(ints); i++)
		assert_int_equal(dbl_to_int32(ints[i].d), ints[i].i);
	down();
}

static void test_conversions(void **state)
{
	double d;
	int64_t i;
	uint32_t u;
	struct { val a, b; int eq, less; } *c;

	(void)state;
	up(__builtin_frame_address(0));
	val one = v_cell(text("1")), x = v_cell(text("x")), ab = v_cell(text("ab")), abc = v_cell(text("abc"));
	val sym = symbol_new(&vm, V_UNDEF, ATOM_SYMBOL), empty = v_cell(vm.empty);
	struct { val a, b; int eq, less; } cases[] = {
		{ v_int(1), v_dbl(1), 1, 0 }, { v_int(1), one, 1, 0 }, { one, v_int(2), 0, 1 }, { V_NAN, V_NAN, 0, 2 },
		{ x, v_int(1), 0, 2 }, { V_NULL, V_UNDEF, 1, 2 }, { V_NULL, v_int(0), 0, 0 }, { V_TRUE, one, 1, 0 },
		{ V_FALSE, empty, 1, 0 }, { V_FALSE, V_NULL, 0, 0 }, { ab, abc, 0, 1 }, { abc, ab, 0, 0 },
		{ v_int(0), v_dbl(-0.0), 1, 0 }, { V_UNDEF, V_UNDEF, 1, 2 }, { sym, sym, 1, -1 }, { sym, one, 0, -1 },
		{ V_NULL, v_int(1), 0, 1 }, { V_FALSE, V_TRUE, 0, 1 }, { ab, v_cell(text("ab")), 1, 0 },
	};
	for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
		c = (void *)&cases[k];
		assert_int_equal(val_loose_eq(&vm, c->a, c->b), c->eq);
		assert_int_equal(val_loose_eq(&vm, c->b, c->a), c->eq);
		assert_int_equal(val_less(&vm, c->a, c->b, true), c->less);
		if (c->less < 0)
			assert_int_equal(v_kind(exc_take(&vm)), KIND_ERROR);
	}
	assert_true(val_same(&vm, V_NAN, V_NAN));
	assert_false(val_same(&vm, v_int(0), v_dbl(-0.0)));
	assert_true(val_same_zero(&vm, v_int(0), v_dbl(-0.0)));
	assert_false(val_strict_eq(&vm, V_NAN, V_NAN));
	assert_true(val_strict_eq(&vm, v_int(0), v_dbl(-0.0)));
	assert_false(val_strict_eq(&vm, v_int(1), one));
	assert_false(to_boolean(empty) || to_boolean(V_NAN) || to_boolean(v_int(0)) || to_boolean(v_dbl(-0.0)));
	assert_false(to_boolean(V_NULL) || to_boolean(V_UNDEF) || to_boolean(V_FALSE));
	assert_true(to_boolean(one) && to_boolean(sym) && to_boolean(v_dbl(.5)) && to_boolean(V_TRUE));
	assert_int_equal(to_integer_or_inf(&vm, v_dbl(-0.5), &d), 0);
	assert_true(d == 0 && !signbit(d));
	assert_int_equal(to_length(&vm, v_dbl(1e300), &i), 0);
	assert_int_equal(i, 9007199254740991);
	assert_int_equal(to_length(&vm, v_int(-3), &i), 0);
	assert_int_equal(i, 0);
	assert_int_equal(to_index(&vm, v_int(-1), &i), -1);
	assert_int_equal(v_kind(exc_take(&vm)), KIND_ERROR);
	assert_int_equal(to_rel_index(&vm, v_int(-3), 10, 0, &i), 0);
	assert_int_equal(i, 7);
	assert_int_equal(to_rel_index(&vm, v_dbl(-INFINITY), 10, 0, &i), 0);
	assert_int_equal(i, 0);
	assert_int_equal(to_rel_index(&vm, V_UNDEF, 10, 10, &i), 0);
	assert_int_equal(i, 10);
	assert_int_equal(to_uint32(&vm, v_int(-1), &u), 0);
	assert_int_equal(u, UINT32_MAX);
	assert_ptr_equal(v_tocell(val_typeof(&vm, sym)), vm.atoms[A_symbol].str);
	assert_ptr_equal(v_tocell(val_typeof(&vm, V_NULL)), vm.atoms[A_object].str);
	assert_ptr_equal(v_tocell(to_string(&vm, V_TRUE)), vm.atoms[A_true_].str);
	assert_true(v_isexc(to_string(&vm, sym)));
	assert_int_equal(v_kind(exc_take(&vm)), KIND_ERROR);
	assert_int_equal(val_require_coercible(&vm, V_NULL, "f"), -1);
	assert_int_equal(v_kind(exc_take(&vm)), KIND_ERROR);
	assert_string_equal(val_for_message(&vm, v_cell(text("it"))), "'it'");
	assert_string_equal(val_for_message(&vm, v_dbl(-0.5)), "-0.5");
	down();
}

static char calls[32];

static val call_native(struct vm *v, val f, val this_v, uint32_t argc, const val *argv)
{
	val a[8];

	assert_true(argc < 3);
	a[6] = this_v; /* natives look below for the callee */
	a[7] = argc > 0 ? argv[0] : V_UNDEF;
	return nfunc_def(v, (struct nfunc *)v_tocell(f))->fn(v, a + 6, argc);
}

static val value_of(struct vm *v, val *a, uint32_t argc)
{
	(void)argc;
	strcat(calls, "v");
	return obj_get(v, v_toobj(a[0]), A_value);
}

static val to_text(struct vm *v, val *a, uint32_t argc)
{
	(void)argc;
	strcat(calls, "s");
	return obj_get(v, v_toobj(a[0]), A_string);
}

static val exotic_to_primitive(struct vm *v, val *a, uint32_t argc)
{
	(void)v;
	assert_int_equal(argc, 1);
	strcat(calls, "p");
	return a[1];
}

static struct obj *object_of(val value, val string)
{
	static const struct native_def v = { "valueOf", value_of, 0, 0, 0, 0, "" };
	static const struct native_def s = { "toString", to_text, 0, 0, 0, 0, "" };
	struct obj *o = obj_new_inl(&vm, NULL, 4);

	obj_def(&vm, o, A_valueOf, v_cell(nfunc_closure(&vm, &v, 0)), ATTR_WEC);
	obj_def(&vm, o, A_toString, v_cell(nfunc_closure(&vm, &s, 0)), ATTR_WEC);
	obj_def(&vm, o, A_value, value, ATTR_WEC);
	obj_def(&vm, o, A_string, string, ATTR_WEC);
	return o;
}

static void check_calls(const char *expect)
{
	assert_string_equal(calls, expect);
	calls[0] = 0;
}

static void test_objects(void **state)
{
	static const struct native_def p = { "[Symbol.toPrimitive]", exotic_to_primitive, 1, 0, 0, 0, "" };
	struct obj *o, *q;
	double d;
	pkey k;

	(void)state;
	up(__builtin_frame_address(0));
	vm.call_fn = call_native;
	o = object_of(v_int(42), v_cell(text("text")));
	assert_int_equal(to_number(&vm, v_cell(o), &d), 0);
	assert_true(d == 42);
	check_calls("v");
	assert_string_equal(str_to_utf8(&vm, to_str(&vm, v_cell(o)), false, NULL), "text");
	check_calls("s");
	assert_true(key_of_val(&vm, v_cell(o), &k));
	assert_int_equal(k, key_of_utf8(&vm, "text", 4));
	check_calls("s");
	assert_int_equal(val_loose_eq(&vm, v_cell(o), v_cell(text("42"))), 1);
	assert_int_equal(val_loose_eq(&vm, V_TRUE, v_cell(o)), 0);
	check_calls("vv");
	q = object_of(v_cell(o), v_int(7)); /* valueOf gives an object: toString decides */
	assert_int_equal(to_number(&vm, v_cell(q), &d), 0);
	assert_true(d == 7);
	check_calls("vs");
	assert_int_equal(val_less(&vm, v_cell(q), v_cell(o), false), 1);
	check_calls("vvs");
	assert_int_equal(val_loose_eq(&vm, v_cell(o), v_cell(q)), 0);
	assert_false(val_strict_eq(&vm, v_cell(o), v_cell(q)));
	check_calls("");
	q = object_of(v_cell(o), v_cell(o));
	assert_true(v_isexc(to_string(&vm, v_cell(q))));
	check_calls("sv");
	assert_int_equal(v_kind(vm.exc), KIND_ERROR);
	assert_string_equal(str_to_utf8(&vm, S(obj_get(&vm, v_toobj(exc_take(&vm)), A_message)), false, NULL),
	                    "cannot convert #<Object> to a primitive value");
	obj_def(&vm, o, A_sym_to_primitive, v_cell(nfunc_closure(&vm, &p, 0)), ATTR_WEC);
	assert_ptr_equal(v_tocell(to_primitive(&vm, v_cell(o), HINT_STRING)), vm.atoms[A_string].str);
	assert_ptr_equal(v_tocell(to_primitive(&vm, v_cell(o), HINT_NUMBER)), vm.atoms[A_number].str);
	assert_ptr_equal(v_tocell(to_primitive(&vm, v_cell(o), HINT_DEFAULT)), vm.atoms[A_default_].str);
	check_calls("ppp");
	assert_int_equal(v_kind(to_object(&vm, v_int(1))), KIND_NUMBER);
	assert_int_equal(v_kind(to_object(&vm, v_cell(vm.empty))), KIND_STRING);
	assert_true(v_isexc(to_object(&vm, V_NULL)));
	(void)exc_take(&vm);
	assert_ptr_equal(v_tocell(val_typeof(&vm, obj_get(&vm, o, A_valueOf))), vm.atoms[A_function].str);
	heap_collect(&vm.heap);
	assert_int_equal(to_number(&vm, v_cell(q), &d), -1);
	down();
}

static void test_startup(void **state)
{
	static struct vm v;
	double best = 1, t;

	(void)state;
	for (int i = 0; i < 50; i++) {
		memset(&v, 0, sizeof v);
		t = now();
		assert_int_equal(atoms_init(&v), 0);
		t = now() - t;
		best = t < best ? t : best;
		atoms_free(&v);
	}
	printf("atoms_init: %.1f us\n", best * 1e6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model), cmocka_unit_test(test_append), cmocka_unit_test(test_ropes),
		cmocka_unit_test(test_freeze_ropes), cmocka_unit_test(test_search), cmocka_unit_test(test_utf),
		cmocka_unit_test(test_keys), cmocka_unit_test(test_transient), cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_conversions), cmocka_unit_test(test_objects),
		cmocka_unit_test(test_startup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
