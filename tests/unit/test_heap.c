/* test_heap.c: the heap with a small owner of its own: allocation, limits,
 * collector against a model, freeze, journal, rollback, shadow check. Prints
 * timings; asserts none. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/heap/block.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif
#define SLOW (SANITIZED || ZTS_TORTURE_ALLOC)

#define MAX_ROOTS 64
/* A C stack of no words: the heap may collect, and what frames happen to
 * remember keeps nothing alive. For code that holds every cell in a root. */
#define NO_STACK ((void *)(uintptr_t)1)

/* ---- the owner ---------------------------------------------------------- */

struct vals { struct cell head; hval v[]; };        /* KIND_VALS: shape words */
struct bytes { struct cell head; unsigned char b[]; }; /* KIND_BYTES: shape bytes */
struct buf { struct cell head; HF(uint64_t *) interior; }; /* KIND_LIST: into a VALS */

struct owner {
	struct heap h;
	struct vals *roots[MAX_ROOTS];
	int stage1, stage2;
	int ends_after;             /* at so many questions the request is to end; 0: never */
};

static size_t size_of(const struct cell *c)
{
	switch (c->kind) {
	case KIND_VALS: return sizeof(struct cell) + 8 * (size_t)c->shape.v;
	case KIND_BYTES: return sizeof(struct cell) + (((size_t)c->shape.v + 7) & ~(size_t)7);
	case KIND_LIST: return sizeof(struct buf);
	default: return 0;
	}
}

static void trace_vals(struct heap *h, struct cell *c)
{
	heap_mark_vals(h, ((struct vals *)c)->v, c->shape.v);
}

static void trace_buf(struct heap *h, struct cell *c)
{
	heap_mark_interior(h, ((struct buf *)c)->interior.v);
}

static void (*const traces[KIND__N])(struct heap *, struct cell *) = {
	[KIND_VALS] = trace_vals, [KIND_LIST] = trace_buf
};

static void roots(struct heap *h, void *owner)
{
	struct owner *o = owner;

	for (size_t i = 0; i < MAX_ROOTS; i++)
		heap_mark_cell(h, o->roots[i]);
}

static void limit(void *owner, int stage)
{
	struct owner *o = owner;

	if (stage == 1)
		o->stage1++;
	else
		o->stage2++;
}

static bool ending(const void *owner)
{
	struct owner *o = (struct owner *)(uintptr_t)owner;

	return o->ends_after != 0 && --o->ends_after == 0;
}

static const struct heap_owner functions = { roots, traces, size_of, limit, ending };

static struct owner *owner_new(size_t lim)
{
	struct owner *o = calloc(1, sizeof *o);

	assert_non_null(o);
	assert_int_equal(heap_init(&o->h, lim, &functions, o), 0);
	return o;
}

static void owner_free(struct owner *o)
{
	heap_destroy(&o->h);
	free(o);
}

static struct vals *new_vals(struct heap *h, uint32_t n)
{
	struct vals *p = heap_alloc(h, 8 + 8 * (size_t)n, n, KIND_VALS, 0);

	for (uint32_t i = 0; p != NULL && i < n; i++)
		HINIT(p->v[i], V_UNDEF);
	return p;
}

static struct bytes *new_bytes(struct heap *h, uint32_t n)
{
	return heap_alloc(h, 8 + (size_t)n, n, KIND_BYTES, 0);
}

static uint64_t seed = 88172645463325252ull;

static uint32_t rnd(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % n;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void count_cell(void *u, struct cell *c)
{
	(void)c;
	++*(size_t *)u;
}

static size_t count_cells(struct heap *h)
{
	size_t n = 0;

	heap_each_cell(h, count_cell, &n);
	return n;
}

/* The status of fn in a child; output is dropped unless out takes it. */
static int in_child(void (*fn)(void), char *out, size_t cap)
{
	int fd[2], st = 0;
	size_t n = 0;
	ssize_t r;
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit none = { 0, 0 };

		setrlimit(RLIMIT_CORE, &none);
		signal(SIGABRT, SIG_DFL);
		dup2(fd[1], STDERR_FILENO);
		fn();
		_exit(0);
	}
	close(fd[1]);
	while (n + 1 < cap && (r = read(fd[0], out + n, cap - 1 - n)) > 0)
		n += (size_t)r;
	if (cap != 0)
		out[n] = '\0';
	close(fd[0]);
	assert_int_equal(waitpid(pid, &st, 0), pid);
	return st;
}

/* ---- allocation --------------------------------------------------------- */

static void test_layout(void **state)
{
	struct owner *o = owner_new(0);
	struct heap *h = &o->h;
	struct vals *a, *b;

	(void)state;
	assert_int_equal((uintptr_t)h->snap_base % (2 * HEAP_HALF), 0);
	assert_ptr_equal(h->arena_base, h->snap_base + HEAP_HALF);
	assert_int_equal(h->limit, 128u << 20);
	a = new_vals(h, 3);
	b = new_vals(h, 1);
	assert_true(heap_in_snapshot(a) && heap_contains(h, a) && !heap_in_arena(h, a));
	assert_false(heap_contains(h, o));
	assert_ptr_equal((char *)a + 32, b);
	assert_int_equal(a->head.shape.v, 3);
	assert_int_equal(a->head.kind, KIND_VALS);
	/* No small cell straddles a block. */
	for (int i = 0; i < 20000; i++) {
		uint32_t n = rnd(HEAP_SMALL_MAX / 8 - 1);
		char *p = (char *)new_vals(h, n);

		assert_int_equal((uintptr_t)p / HEAP_BLOCK, ((uintptr_t)p + 7 + 8 * n) / HEAP_BLOCK);
	}
	assert_int_equal(count_cells(h), 20002);
	assert_int_equal(h->used, h->half_blocks * HEAP_BLOCK);
	assert_int_equal(o->stage1, 0); /* no C stack base: it could not collect … */
	assert_true(h->used < h->limit);
	heap_collect(h);                /* … until it is told to */
	assert_int_equal(count_cells(h), 0);
	assert_int_equal(h->used, 0);
	owner_free(o);
}

static void test_trim(void **state)
{
	struct owner *o = owner_new(0);
	struct heap *h = &o->h;
	struct bytes *a = new_bytes(h, 800), *b, *c, *l;
	size_t used;

	(void)state;
	heap_trim(h, a, 808, 8 + 96);
	HINIT(a->head.shape, 96);
	b = new_bytes(h, 64);
	assert_ptr_equal((char *)a + 104, b);
	c = new_bytes(h, 8);
	heap_trim(h, b, 72, 8 + 20);
	HINIT(b->head.shape, 20);
	assert_int_equal(count_cells(h), 3);
	(void)c;
	used = h->used;
	l = new_bytes(h, 10 * HEAP_BLOCK);
	assert_int_equal(h->used - used, 11 * HEAP_BLOCK);
	heap_trim(h, l, 8 + 10 * HEAP_BLOCK, 8 + 100);
	HINIT(l->head.shape, 100);
	assert_int_equal(h->used - used, HEAP_BLOCK);
	assert_int_equal(count_cells(h), 4);
	/* The blocks given back are found again. */
	assert_non_null(new_bytes(h, 9 * HEAP_BLOCK));
	assert_int_equal(h->half_blocks, 12);
	owner_free(o);
}

static void test_large(void **state)
{
	struct owner *o = owner_new(4u << 20);
	struct heap *h = &o->h;

	(void)state;
	h->c_stack_base = NO_STACK;
	assert_null(new_bytes(h, 5u << 20));
	assert_true(ZTS_TORTURE_ALLOC || h->collections == 0);
	o->roots[0] = (struct vals *)new_bytes(h, 3u << 20);
	assert_non_null(o->roots[0]);
	assert_null(new_bytes(h, 2u << 20));
	assert_true(h->collections > 0);
	assert_int_equal(o->stage1, 0); /* refused, not reported */
	assert_int_equal(o->roots[0]->head.shape.v, 3u << 20);
	o->roots[0] = NULL;
	heap_collect(h);
	assert_int_equal(h->used, 0);
	assert_non_null(new_bytes(h, 3u << 20));
	owner_free(o);
}

static NOINLINE void fill(struct owner *o, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += 1024) {
		struct vals *p = new_vals(&o->h, 127);

		HINIT(p->v[0], v_cell(o->roots[0]));
		o->roots[0] = p;
	}
}

static void test_limit(void **state)
{
	struct owner *o = owner_new(2u << 20);
	struct heap *h = &o->h;

	(void)state;
	h->c_stack_base = NO_STACK;
	/* Garbage does not cross the limit. */
	for (int i = 0; i < 40; i++) {
		fill(o, 256u << 10);
		o->roots[0] = NULL;
	}
	assert_int_equal(o->stage1, 0);
	assert_true(h->collections > 0);
	/* Live cells do: stage 1 at the limit, stage 2 above the headroom. */
	fill(o, (2u << 20) + (64u << 10));
	assert_int_equal(o->stage1, 1);
	assert_int_equal(o->stage2, 0);
	fill(o, 256u << 10);
	assert_int_equal(o->stage1, 1);
	assert_int_equal(o->stage2, 1);
	fill(o, 256u << 10);
	assert_int_equal(o->stage2, 1);
	o->roots[0] = NULL;
	assert_int_equal(heap_freeze(h, false), 0);
	for (int round = 0; round < 3; round++) {
		o->stage1 = o->stage2 = 0;
		heap_begin_request(h);
		assert_int_equal(h->used, HEAP_BLOCK);
		fill(o, (2u << 20) + (512u << 10));
		assert_int_equal(o->stage1, 1);
		assert_int_equal(o->stage2, 1);
		o->roots[0] = NULL;
		heap_end_request(h);
	}
	/* Native memory counts. */
	heap_begin_request(h);
	assert_true(heap_charge(h, 1 << 20));
	assert_false(heap_charge(h, (1 << 20) + 1));
	assert_true(heap_charge(h, -(1 << 19)));
	assert_true(heap_charge(h, 1 << 20));
	heap_end_request(h);
	assert_int_equal(h->used, HEAP_BLOCK);
	owner_free(o);
}

static void in_windows(void)
{
	struct rlimit r = { 400u << 20, 400u << 20 };
	struct owner *o;

	AZ(setrlimit(RLIMIT_AS, &r));
	o = calloc(1, sizeof *o);
	if (heap_init(&o->h, 32u << 20, &functions, o) != 0) {
		perror("heap_init");
		_exit(1);
	}
	AN(o->h.windows);
	AN((uintptr_t)o->h.snap_base % (2 * HEAP_HALF) == 0);
	fill(o, 20u << 20);
	AZ(heap_freeze(&o->h, true));
	for (int i = 0; i < 10; i++) {
		heap_begin_request(&o->h);
		HSET(&o->h, o->roots[0]->v[1], v_int(i));
		for (size_t n = 0; n < 24u << 20; n += 1032)
			new_vals(&o->h, 128);
		heap_end_request(&o->h);
	}
	AZ(o->stage1);
	AN(o->roots[0]->v[1].v == V_UNDEF);
	owner_free(o);
}

static void test_windows(void **state)
{
	char out[512];
	int st;

	(void)state;
	if (SANITIZED)
		skip(); /* the sanitizer needs the addresses */
	st = in_child(in_windows, out, sizeof out);
	if (st != 0)
		print_error("%s", out);
	assert_int_equal(st, 0);
}

/* ---- the collector ------------------------------------------------------ */

static NOINLINE void smash_stack(void)
{
	uint64_t a[512];

	memset(a, 1, sizeof a);
	__asm__ volatile("" :: "r"(a) : "memory");
}

static NOINLINE uintptr_t hidden_chain(struct heap *h, struct vals **keep)
{
	struct vals *a = new_vals(h, 4), *b = new_vals(h, 4);

	HINIT(a->v[2], v_cell(b));
	HINIT(b->v[1], v_int(77));
	*keep = a;
	return ~(uintptr_t)b;
}

static void test_conservative(void **state)
{
	struct owner *o = owner_new(0);
	struct heap *h = &o->h;
	val stack[8], *top = stack + 8;
	struct vals *volatile keep = NULL;
	struct vals *tmp;
	struct buf *u;
	uintptr_t b;

	(void)state;
	h->c_stack_base = __builtin_frame_address(0);
	/* From the C stack. */
	b = hidden_chain(h, &tmp);
	keep = tmp;
	smash_stack();
	heap_collect(h);
	assert_int_equal(((struct vals *)~b)->v[1].v, v_int(77));
	assert_ptr_equal(v_tocell(keep->v[2].v), (void *)~b);
	keep = NULL;
	tmp = NULL;
	/* From the VM stack, by an interior pointer, small and large. */
	h->c_stack_base = NULL;
	memset(stack, 0, sizeof stack);
	h->stack_base = stack;
	h->stack_top = &top;
	stack[3] = v_cell(&new_vals(h, 100)->v[99]);
	stack[7] = v_cell(&new_vals(h, 100000)->v[99999]);
	heap_collect(h);
	assert_int_equal(count_cells(h), 2);
	/* Below the top only. */
	top = stack + 7;
	heap_collect(h);
	assert_int_equal(count_cells(h), 1);
	/* Through a cell that keeps a pointer into the middle of another. */
	u = heap_alloc(h, sizeof *u, 0, KIND_LIST, 0);
	HINIT(u->interior, (uint64_t *)stack[3]);
	stack[3] = v_cell(u);
	heap_collect(h);
	assert_int_equal(count_cells(h), 2);
	stack[3] = 0;
	heap_collect(h);
	assert_int_equal(count_cells(h), 0);
	owner_free(o);
}

/* A random graph next to a model of it. Node i is a VALS cell: its id, then
 * edges; every fourth carries a BYTES payload filled with its id. */
#define NODES 3000
#define EDGES 6

struct model { struct vals *cell; int edge[EDGES]; int nedge; bool payload; bool seen; };
static struct model nodes[NODES];
static int todo[NODES];

static void check_node(const struct model *m, int id)
{
	struct vals *c = m->cell;

	assert_int_equal(c->head.kind, KIND_VALS);
	assert_int_equal(c->v[0].v, v_int(id));
	assert_true(c->head.shape.v >= 2 + (uint32_t)m->nedge);
	for (int i = 0; i < m->nedge; i++) {
		if (m->edge[i] < 0)
			assert_int_equal(c->v[2 + i].v, V_UNDEF);
		else
			assert_ptr_equal(v_tocell(c->v[2 + i].v), nodes[m->edge[i]].cell);
	}
	if (m->payload) {
		struct bytes *b = (struct bytes *)v_tocell(c->v[1].v);

		assert_int_equal(b->head.kind, KIND_BYTES);
		for (uint32_t i = 0; i < b->head.shape.v; i += 61)
			assert_int_equal(b->b[i], id & 255);
	}
}

/* Checks everything reachable; forgets the rest. The number of live cells. */
static size_t check_model(const int *root, size_t nroot)
{
	int n = 0;
	size_t live = 0;

	for (size_t i = 0; i < NODES; i++)
		nodes[i].seen = false;
	for (size_t i = 0; i < nroot; i++)
		if (root[i] >= 0 && !nodes[root[i]].seen) {
			nodes[root[i]].seen = true;
			todo[n++] = root[i];
		}
	while (n > 0) {
		int id = todo[--n];
		struct model *m = &nodes[id];

		check_node(m, id);
		live += m->payload ? 2 : 1;
		for (int i = 0; i < m->nedge; i++)
			if (m->edge[i] >= 0 && !nodes[m->edge[i]].seen) {
				nodes[m->edge[i]].seen = true;
				todo[n++] = m->edge[i];
			}
	}
	for (size_t i = 0; i < NODES; i++)
		if (!nodes[i].seen)
			nodes[i].cell = NULL;
	return live;
}

static void make_node(struct heap *h, int id, int edge_to, struct vals *parent, int slot)
{
	struct model *m = &nodes[id];
	uint32_t bytes = rnd(40) == 0 ? rnd(40000) : rnd(300);
	struct bytes *b = NULL;
	struct vals *c;

	m->nedge = (int)rnd(EDGES + 1);
	m->payload = rnd(4) == 0;
	c = new_vals(h, 2 + (uint32_t)m->nedge + rnd(rnd(50) == 0 ? 2000 : 8));
	HINIT(c->v[0], v_int(id));
	for (int i = 0; i < EDGES; i++)
		m->edge[i] = -1;
	if (m->nedge > 0 && edge_to >= 0) {
		m->edge[0] = edge_to;
		HSET(h, c->v[2], v_cell(nodes[edge_to].cell));
	}
	m->cell = c;
	if (parent != NULL)
		HSET(h, parent->v[slot], v_cell(c));
	if (m->payload) {
		b = new_bytes(h, bytes);
		memset(b->b, id & 255, bytes);
		HSET(h, c->v[1], v_cell(b));
	}
}

static void step(struct owner *o, int *root, size_t nroot)
{
	struct heap *h = &o->h;
	int a = root[rnd((uint32_t)nroot)], id, e;
	size_t r = rnd((uint32_t)nroot);
	struct model *m;

	/* Walk a random path, then change something at its end. */
	for (uint32_t i = rnd(12); a >= 0 && i > 0; i--) {
		m = &nodes[a];
		if (m->nedge > 0 && m->edge[e = (int)rnd((uint32_t)m->nedge)] >= 0)
			a = m->edge[e];
	}
	switch (rnd(8)) {
	case 0: case 1: case 2: case 3:
		for (id = (int)rnd(NODES); nodes[id].cell != NULL; id = (id + 1) % NODES)
			;
		if (a < 0 || nodes[a].nedge == 0) {
			make_node(h, id, a, NULL, 0);
			root[r] = id;
			o->roots[r] = nodes[id].cell;
			break;
		}
		e = (int)rnd((uint32_t)nodes[a].nedge);
		nodes[a].edge[e] = id;
		make_node(h, id, a, nodes[a].cell, 2 + e);
		break;
	case 4: case 5:
		if (a >= 0 && nodes[a].nedge > 0) {
			e = (int)rnd((uint32_t)nodes[a].nedge);
			nodes[a].edge[e] = -1;
			HSET(h, nodes[a].cell->v[2 + e], V_UNDEF);
		}
		break;
	case 6:
		root[r] = a;
		o->roots[r] = a >= 0 ? nodes[a].cell : NULL;
		break;
	default:
		if (rnd(8) == 0) {
			root[r] = -1;
			o->roots[r] = NULL;
		}
	}
}

static void test_graph(void **state)
{
	struct owner *o = owner_new(64u << 20);
	struct heap *h = &o->h;
	int root[16];

	(void)state;
	memset(nodes, 0, sizeof nodes);
	memset(root, -1, sizeof root);
	h->c_stack_base = __builtin_frame_address(0); /* torture builds may collect anywhere */
	for (int round = 0; round < (SLOW ? 60 : 600); round++) {
		size_t live;

		for (int i = 0; i < 400; i++) {
			size_t used = 0;

			step(o, root, 16);
			for (size_t k = 0; k < NODES; k += 16)
				used += nodes[k].cell != NULL;
			if (used > NODES / 32)
				break;
		}
		live = check_model(root, 16);
		h->c_stack_base = NULL;
		if (round % 3 == 0) {
			heap_collect(h);
			assert_int_equal(count_cells(h), live); /* exact: not one more */
			assert_true(h->used <= h->half_blocks * HEAP_BLOCK);
		}
		h->c_stack_base = __builtin_frame_address(0);
		check_model(root, 16);
	}
	owner_free(o);
}

/* Freed runs are filled before new blocks are taken. */
static void test_reuse(void **state)
{
	struct owner *o = owner_new(0);
	struct heap *h = &o->h;
	size_t blocks;

	(void)state;
	o->roots[0] = new_vals(h, 1000);
	for (uint32_t i = 0; i < 1000; i++) {
		HSET(h, o->roots[0]->v[i], v_cell(new_vals(h, 7)));
		new_vals(h, 120);
	}
	blocks = h->half_blocks;
	heap_collect(h);
	assert_int_equal(count_cells(h), 1001);
	for (uint32_t i = 0; i < 1000; i++)
		for (int k = 0; k < 15; k++)
			new_vals(h, 7);
	assert_int_equal(h->half_blocks, blocks);
	owner_free(o);
}

/* ---- freeze and requests ------------------------------------------------ */

#define SNAP_CELLS 400

static struct vals *table;

static struct owner *frozen(bool verify)
{
	struct owner *o = owner_new(32u << 20);
	struct heap *h = &o->h;

	table = o->roots[0] = new_vals(h, SNAP_CELLS);
	for (uint32_t i = 0; i < SNAP_CELLS; i++) {
		struct vals *v;

		if (i % 5 == 0) {
			struct bytes *b = new_bytes(h, 500);

			memset(b->b, (int)i, 500);
			HSET(h, table->v[i], v_cell(b));
			continue;
		}
		v = new_vals(h, i == 1 ? 20000 : 1 + rnd(40));
		HSET(h, table->v[i], v_cell(v));
		for (uint32_t k = 0; k < v->head.shape.v; k++)
			HINIT(v->v[k], rnd(2) ? v_int((int32_t)k) : v_cell(table));
		new_bytes(h, rnd(200)); /* garbage between */
	}
	assert_int_equal(heap_freeze(h, verify), 0);
	return o;
}

static struct vals *arena_tree(struct heap *h, int depth)
{
	struct vals *v = new_vals(h, 4), *volatile keep = v;

	HINIT(v->v[0], v_int(depth));
	for (uint32_t i = 1; depth > 0 && i < 3; i++)
		HSET(h, v->v[i], v_cell(arena_tree(h, depth - 1)));
	return keep;
}

static void check_tree(val v, int depth)
{
	struct vals *t = (struct vals *)v_tocell(v);

	assert_int_equal(t->head.kind, KIND_VALS);
	assert_int_equal(t->v[0].v, v_int(depth));
	for (uint32_t i = 1; depth > 0 && i < 3; i++)
		check_tree(t->v[i].v, depth - 1);
}

static void mutate(struct heap *h)
{
	struct vals *c;
	uint32_t i = rnd(SNAP_CELLS), n;

	c = (struct vals *)v_tocell(table->v[i].v);
	if (c->head.kind == KIND_BYTES) {
		struct bytes *b = (struct bytes *)c;
		uint32_t at = rnd(500), len = rnd(500 - at);

		heap_wb_range(h, b->b + at, len);
		memset(b->b + at, (int)rnd(256), len);
		return;
	}
	n = c->head.shape.v;
	switch (rnd(6)) {
	case 0:
		HSET(h, c->v[rnd(n)], v_cell(new_vals(h, rnd(30))));
		break;
	case 1:
		HSET(h, c->head.aux, (uint16_t)rnd(65536));
		HSET(h, c->head.flags, (uint8_t)rnd(256));
		break;
	case 2: {
		uint32_t at = rnd(n), len = rnd(n - at + 1);

		heap_wb_range(h, &c->v[at], 8 * (size_t)len);
		memset((void *)&c->v[at], 0, 8 * (size_t)len);
		break;
	}
	case 3:
		HSET(h, table->v[rnd(SNAP_CELLS / 2) + SNAP_CELLS / 2], v_cell(new_vals(h, 1 + rnd(5))));
		break;
	default:
		HSET(h, c->v[rnd(n)], v_int((int32_t)rnd(1000)));
	}
}

static void test_requests(void **state)
{
	struct owner *o = frozen(true);
	struct heap *h = &o->h;
	int rounds = SLOW ? 1000 : 10000;

	(void)state;
	assert_true(h->frozen && h->journal_on);
	h->c_stack_base = __builtin_frame_address(0);
	for (int r = 0; r < rounds; r++) {
		struct vals *holder;
		int depth = 1 + (int)rnd(4);
		val tree;

		heap_begin_request(h);
		assert_true(heap_in_arena(h, new_vals(h, 3)));
		/* The only reference to the tree lies in a dirty snapshot line. */
		holder = (struct vals *)v_tocell(table->v[1].v);
		HSET(h, holder->v[0], v_cell(arena_tree(h, depth)));
		for (uint32_t i = rnd(30); i > 0; i--)
			mutate(h);
		if (rnd(16) == 0)
			heap_collect(h);
		tree = holder->v[0].v;
		if (v_iscell(tree) && v_tocell(tree)->shape.v == 4 && !heap_in_snapshot(v_tocell(tree)) &&
		    ((struct vals *)v_tocell(tree))->v[0].v == v_int(depth))
			check_tree(tree, depth);
		assert_true(h->used >= HEAP_BLOCK + h->njournal * sizeof(struct heap_jent));
		heap_end_request(h); /* panics when anything differs */
		assert_int_equal(h->njournal, 0);
	}
	assert_false(heap_verify(h, NULL));
	for (size_t i = 0; i < h->snap_used / HEAP_LINE; i++)
		assert_int_equal(h->linemap[i], 0);
	owner_free(o);
}

static void count_vals(void *u, struct cell *c)
{
	assert_true(heap_in_snapshot(c));
	*(size_t *)u += c->kind == KIND_VALS;
}

static void test_freeze(void **state)
{
	struct owner *o = frozen(false);
	struct heap *h = &o->h;
	size_t n = 0, blocks;

	(void)state;
	heap_each_snap_cell(h, count_vals, &n);
	assert_int_equal(n, 1 + SNAP_CELLS - SNAP_CELLS / 5); /* the garbage is gone */
	assert_int_equal(count_cells(h), 0);
	/* Whole free blocks of the low half are not allocated from. */
	heap_begin_request(h);
	for (int i = 0; i < 1000; i++)
		assert_true(heap_in_arena(h, new_vals(h, rnd(2000))));
	assert_true(heap_in_arena(h, new_vals(h, 20000)));
	/* A long request: the pages above the warm part go back. */
	for (int i = 0; i < 300; i++)
		new_vals(h, 2000);
	blocks = h->half_blocks;
	assert_true(blocks > h->warm_blocks);
	heap_end_request(h);
	assert_int_equal(h->half_blocks, 1);
	assert_int_equal(h->arena_base[(blocks - 2) * HEAP_BLOCK], 0);
	heap_after_fork(h);
	/* A journal of every line, and longer than the kept size. */
	heap_begin_request(h);
	heap_wb_range(h, h->snap_base, h->snap_used);
	memset(h->snap_base, 0x5A, h->snap_used);
	assert_int_equal(h->njournal, h->snap_used / HEAP_LINE);
	heap_end_request(h);
	assert_int_equal(table->head.shape.v, SNAP_CELLS);
	owner_free(o);
}

/* A large cell of a request is refused when the request is to end meanwhile, and its
 * blocks are free again. */
static void test_ending(void **state)
{
	struct owner *o = owner_new(64u << 20);
	struct heap *h = &o->h;
	size_t used;
	struct bytes *p;

	(void)state;
	o->ends_after = 1;
	assert_non_null(new_bytes(h, 24u << 20)); /* before the freeze nothing ends */
	assert_int_equal(o->ends_after, 1);
	AZ(heap_freeze(h, false));
	heap_begin_request(h);
	used = h->used;
	o->ends_after = 4;
	assert_null(new_bytes(h, 24u << 20));
	assert_int_equal(h->used, used);
	assert_int_equal(h->half_blocks - h->free_blocks, 1);
	o->ends_after = 1;
	assert_non_null(new_bytes(h, 1u << 20));  /* small enough to be taken at once */
	assert_int_equal(o->ends_after, 1);
	o->ends_after = 0;
	p = new_bytes(h, 24u << 20);
	assert_non_null(p);
	memset(p->b, 1, 24u << 20);
	heap_end_request(h);
	owner_free(o);
}

/* Of what lies behind the warm part nothing stays, whether the kernel gave it in huge
 * pages or in small ones, and wherever in a huge page the request ended. */
static void test_give_back(void **state)
{
	struct owner *o = frozen(false);
	struct heap *h = &o->h;
	size_t from = h->warm_blocks * HEAP_BLOCK, span = 8u << 20, i;
	unsigned char there[2048];
	int round;

	(void)state;
	heap_huge_pages(h, false);
	for (round = 1; round < 12; round++) {
		heap_begin_request(h);
		while (h->half_blocks < h->warm_blocks + (size_t)round * 11)
			new_vals(h, 2000);
		heap_end_request(h);
		assert_int_equal(mincore(h->arena_base + from, span, there), 0);
		for (i = 0; i < span / 4096; i++)
			assert_false(there[i] & 1);
	}
	owner_free(o);
}

static char order[8];

static void note(void *arg)
{
	strcat(order, arg);
}

static void test_cleanup(void **state)
{
	struct owner *o = owner_new(0);
	struct heap *h = &o->h;
	char a[] = "a", b[] = "b", c[] = "c", snap[] = "s";

	(void)state;
	order[0] = '\0';
	heap_on_end(h, note, snap);
	assert_int_equal(heap_freeze(h, false), 0);
	heap_begin_request(h);
	heap_on_end(h, note, a);
	heap_on_end(h, note, b);
	heap_end_request(h);
	heap_begin_request(h);
	heap_on_end(h, note, c);
	heap_end_request(h);
	assert_string_equal(order, "bac");
	owner_free(o);
	assert_string_equal(order, "bacs");
}

static void bypass_barrier(void)
{
	struct owner *o = frozen(true);
	struct vals *c = (struct vals *)v_tocell(table->v[2].v);

	heap_begin_request(&o->h);
	c->v[0].hf_raw_ = v_int(123456);
	heap_end_request(&o->h);
}

static void leak_pointer(void)
{
	struct owner *o = frozen(false);
	void *engine[4] = { NULL, o, NULL, NULL };

	heap_assert_no_arena(&o->h, engine, sizeof engine, "clean");
	engine[2] = new_vals(&o->h, 1);
	heap_assert_no_arena(&o->h, engine, sizeof engine, "shape tree");
}

static void barrier_on_stack(void)
{
	struct owner *o = frozen(false);

	heap_wb_slow(&o->h, &o);
}

static void test_checks(void **state)
{
	char out[1024];
	int st;

	(void)state;
	st = in_child(bypass_barrier, out, sizeof out);
	assert_true(WIFSIGNALED(st) && WTERMSIG(st) == SIGABRT);
	assert_non_null(strstr(out, "VALS cell"));
	assert_non_null(strstr(out, "offset 8:"));
	assert_non_null(strstr(out, "is 0xfffe00000001e240"));
	st = in_child(leak_pointer, out, sizeof out);
	assert_true(WIFSIGNALED(st) && WTERMSIG(st) == SIGABRT);
	assert_non_null(strstr(out, "shape tree"));
	assert_non_null(strstr(out, "offset 16"));
	st = in_child(barrier_on_stack, out, sizeof out);
	assert_true(WIFSIGNALED(st) && WTERMSIG(st) == SIGABRT);
	assert_string_equal(heap_kind_name(KIND_ARRAY), "ARRAY");
}

/* ---- timings ------------------------------------------------------------ */

static void test_timings(void **state)
{
	int n = SLOW ? 2000 : 1000000;
	struct owner *o;
	struct heap *h;
	double t, c;
	size_t live;

	(void)state;
	t = now();
	o = owner_new(0);
	print_message("heap_init %.0f ns\n", now() - t);
	owner_free(o);
	o = frozen(false);
	h = &o->h;
	t = now();
	for (int i = 0; i < n; i++) {
		heap_begin_request(h);
		heap_end_request(h);
	}
	print_message("clean request end %.1f ns\n", (now() - t) / n);
	t = now();
	for (int i = 0; i < n / 10; i++) {
		struct vals *big = (struct vals *)v_tocell(table->v[1].v);

		heap_begin_request(h);
		for (uint32_t k = 0; k < 16; k++)
			HSET(h, big->v[k * 8], v_int(1));
		heap_end_request(h);
	}
	c = (now() - t) / (n / 10);
	print_message("request with 16 dirty lines %.1f ns, %.2f ns a line\n", c, c / 16);
	t = now();
	for (int i = 0; i < n / 100; i++) {
		heap_begin_request(h);
		for (int k = 0; k < 1000; k++) {
			struct vals *v = heap_alloc(h, 32, 3, KIND_VALS, 0);

			HINIT(v->v[0], V_UNDEF);
			HINIT(v->v[1], V_UNDEF);
			HINIT(v->v[2], V_UNDEF);
		}
		heap_end_request(h);
	}
	print_message("allocation of 32 bytes %.2f ns (1000 a request)\n", (now() - t) / (n / 100) / 1000);
	heap_begin_request(h);
	/* 16 MB of binary trees, then as much again in random order. */
	h->limit = 512u << 20;
	h->next_gc = SIZE_MAX;
	o->roots[1] = arena_tree(h, SLOW ? 8 : 18);
	live = h->used;
	t = now();
	heap_collect(h);
	c = now() - t;
	print_message("collection of %.1f MB of trees: %.2f ms, %.0f MB/s\n", (double)live / 1e6, c / 1e6,
	              (double)live / c * 1e3);
	o->roots[1] = new_vals(h, SLOW ? 1000 : 400000);
	for (uint32_t i = 0; i < o->roots[1]->head.shape.v; i++)
		HSET(h, o->roots[1]->v[i], v_cell(new_vals(h, 3)));
	for (uint32_t i = o->roots[1]->head.shape.v - 1; i > 0; i--) {
		uint32_t k = rnd(i);
		val v = o->roots[1]->v[i].v;

		HSET(h, o->roots[1]->v[i], o->roots[1]->v[k].v);
		HSET(h, o->roots[1]->v[k], v);
	}
	heap_collect(h);
	live = h->used;
	t = now();
	heap_collect(h);
	c = now() - t;
	print_message("collection of %.1f MB of shuffled cells: %.2f ms, %.0f MB/s\n", (double)live / 1e6,
	              c / 1e6, (double)live / c * 1e3);
	o->roots[1] = NULL;
	heap_end_request(h);
	owner_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_conservative),
		cmocka_unit_test(test_graph),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_freeze),
		cmocka_unit_test(test_ending),
		cmocka_unit_test(test_give_back),
		cmocka_unit_test(test_cleanup),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_timings),
	};

	return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
