/* kv_test.c: the shared store of texts, counts and rates: plain behaviour, a model of
 * it under random operations, death at every step of every operation and of the repair
 * that follows, and processes that count at once while others are killed
 * (KV_STRESS_S seconds, 2).
 *
 * Values say which key they belong to in every byte, so that a wrong one shows. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "shm/kv.h"
#include "shm/lock.h"
#include "tests/proc/region.h"

#define SECOND 1000000000ull
#define KEYS 40
#define WORKERS 8

static struct kv *kv;
static char *memory;
static size_t memory_n;

static void make(size_t bytes)
{
	memory_n = kv_footprint(bytes);
	memory = region_map(memory_n);
	kv = kv_create(memory, bytes);
	assert_non_null(kv);
}

static void unmake(void)
{
	kv_free(&kv);
	region_unmap(memory, memory_n);
}

static struct sv key_text(char room[64], unsigned v)
{
	return (struct sv){ room, (size_t)snprintf(room, 64, "key %u of %*s", v, (int)(v % 40), "") };
}

static size_t size_of(unsigned v, unsigned version) { return (v * 37 + version * 211) % 1500; }

static void value(struct buf *b, unsigned v, unsigned version)
{
	size_t i, n = size_of(v, version);

	b->len = 0;
	for (i = 0; i < n; i++)
		buf_putc(b, (char)('a' + (v * 7 + version * 3 + i) % 26));
}

static enum kv_result set(unsigned v, unsigned version, uint64_t ttl)
{
	struct buf b = BUF_INIT;
	char room[64];
	enum kv_result r;

	value(&b, v, version);
	r = kv_set(kv, key_text(room, v), b.len ? buf_sv(&b) : SV(""), ttl);
	buf_free(&b);
	return r;
}

/* Is key v there with that version? */
static bool has(unsigned v, unsigned version)
{
	struct buf want = BUF_INIT, got = BUF_INIT;
	char room[64];
	bool ok;

	value(&want, v, version);
	ok = kv_get(kv, key_text(room, v), &got) == KV_OK && got.len == want.len &&
		(got.len == 0 || memcmp(got.p, want.p, got.len) == 0);
	buf_free(&want);
	buf_free(&got);
	return ok;
}

static bool missing(unsigned v)
{
	struct buf got = BUF_INIT;
	char room[64];
	bool none = kv_get(kv, key_text(room, v), &got) == KV_NONE && got.len == 0;

	buf_free(&got);
	return none;
}

static enum kv_result del(unsigned v)
{
	char room[64];

	return kv_delete(kv, key_text(room, v));
}

/* Nothing is lost of the store's chunks: with all keys gone it is empty. */
static void empties(unsigned nkeys)
{
	struct kv_stats st;
	unsigned i;

	for (i = 0; i < nkeys; i++)
		del(i);
	kv_stats(kv, &st);
	assert_int_equal(st.entries, 0);
	assert_int_equal(st.bytes, 0);
	assert_int_equal(st.dropped_shards, 0);
}

static void plain(void **state)
{
	static char large[1 << 20];
	struct buf out = BUF_INIT;
	struct kv_stats st;
	int64_t n = 0;
	unsigned i;

	(void)state;
	make(1 << 20);
	assert_true(missing(1));
	assert_int_equal(set(1, 0, 0), KV_OK);
	assert_true(has(1, 0));
	assert_int_equal(set(1, 5, 0), KV_OK);
	assert_true(has(1, 5));
	assert_int_equal(del(1), KV_OK);
	assert_int_equal(del(1), KV_NONE);
	assert_true(missing(1));
	/* time to live */
	assert_int_equal(set(2, 0, 1), KV_OK);
	usleep(1);
	assert_true(missing(2));
	assert_int_equal(set(2, 0, UINT64_MAX), KV_OK);
	assert_true(has(2, 0));
	/* counts */
	assert_int_equal(kv_incr(kv, SV("n"), 5, 0, &n), KV_OK);
	assert_int_equal(kv_incr(kv, SV("n"), -7, 0, &n), KV_OK);
	assert_int_equal(n, -2);
	assert_int_equal(kv_get(kv, SV("n"), &out), KV_OK);
	assert_true(sv_eq(buf_sv(&out), SV("-2")));
	assert_int_equal(kv_incr(kv, SV("n"), KV_NUMBER_MAX, 0, &n), KV_OK);
	assert_int_equal(kv_incr(kv, SV("n"), KV_NUMBER_MAX, 0, &n), KV_RANGE);
	assert_int_equal(kv_incr(kv, SV("n"), 1, 1, &n), KV_OK);
	usleep(1);
	assert_int_equal(kv_incr(kv, SV("n"), 1, 0, &n), KV_OK);
	assert_int_equal(n, 1);
	assert_int_equal(kv_set(kv, SV("n"), SV("41"), 0), KV_OK);
	assert_int_equal(kv_incr(kv, SV("n"), 1, 0, &n), KV_OK);
	assert_int_equal(n, 42);
	assert_int_equal(kv_set(kv, SV("n"), SV("4x"), 0), KV_OK);
	assert_int_equal(kv_incr(kv, SV("n"), 1, 0, &n), KV_TYPE);
	assert_int_equal(kv_delete(kv, SV("n")), KV_OK);
	/* sizes */
	assert_int_equal(kv_set(kv, SV("big"), (struct sv){ large, sizeof large }, 0), KV_LARGE);
	assert_int_equal(kv_set(kv, SV("big"), (struct sv){ large, kv_value_max(kv) }, 0), KV_OK);
	assert_int_equal(kv_set(kv, (struct sv){ large, KV_KEY_MAX + 1 }, SV(""), 0), KV_LARGE);
	assert_int_equal(kv_set(kv, (struct sv){ large, KV_KEY_MAX }, SV("x"), 0), KV_OK);
	out.len = 0;
	assert_int_equal(kv_get(kv, (struct sv){ large, KV_KEY_MAX }, &out), KV_OK);
	assert_true(sv_eq(buf_sv(&out), SV("x")));
	kv_delete(kv, (struct sv){ large, KV_KEY_MAX });
	kv_delete(kv, SV("big"));
	empties(KEYS);
	/* more than there is room for: the oldest go, those that were read last */
	for (i = 0; i < 20000; i++) {
		assert_int_equal(set(i, 1, 0), KV_OK);
		if (i % 100 == 0)
			assert_true(has(i, 1) && (i < 1000 || missing(i - 1000) || has(i - 1000, 1)));
		if (i > 0)
			assert_true(i < 50 || has(7, 1));
	}
	assert_true(has(19999, 1));
	kv_stats(kv, &st);
	assert_true(st.evictions > 1000 && st.bytes <= st.capacity && st.dropped_shards == 0);
	kv_flush(kv);
	assert_true(missing(19999));
	kv_stats(kv, &st);
	buf_free(&out);
	unmake();
	assert_int_equal(kv_footprint(100), 0);
}

/* Random operations, and what they should have done. */
static void model(void **state)
{
	struct { bool there; unsigned version; } m[KEYS] = { { false, 0 } };
	struct kv_stats st;
	unsigned i, live = 0;

	(void)state;
	make(4 << 20);
	for (i = 0; i < 50000; i++) {
		unsigned v = (unsigned)(region_random() % KEYS), version = (unsigned)(region_random() % 7);

		switch (region_random() % 4) {
		case 0:
			assert_int_equal(set(v, version, 0), KV_OK);
			live += !m[v].there;
			m[v].there = true;
			m[v].version = version;
			break;
		case 1:
			assert_int_equal(del(v), m[v].there ? KV_OK : KV_NONE);
			live -= m[v].there;
			m[v].there = false;
			break;
		default:
			assert_true(m[v].there ? has(v, m[v].version) : missing(v));
		}
	}
	kv_stats(kv, &st);
	assert_int_equal(st.entries, live);
	assert_int_equal(st.evictions, 0);
	empties(KEYS);
	unmake();
}

/* ---- rates --------------------------------------------------------------- */

static void rates(void **state)
{
	struct kv_rate r = { .limit = 3, .window_ns = 50 * 1000000ull, .cost = 1 };
	struct kv_verdict v;
	unsigned i;

	(void)state;
	make(1 << 20);
	for (i = 0; i < 3; i++) {
		assert_int_equal(kv_rate(kv, SV("a"), &r, &v), KV_OK);
		assert_true(v.allowed && v.remaining == 2 - i && v.reset_ns <= r.window_ns && v.retry_ns == 0);
	}
	assert_int_equal(kv_rate(kv, SV("a"), &r, &v), KV_OK);
	assert_true(!v.allowed && v.remaining == 0 && v.retry_ns > 0 && v.retry_ns <= r.window_ns);
	usleep((useconds_t)(v.retry_ns / 1000 + 1));
	kv_rate(kv, SV("a"), &r, &v);
	assert_true(v.allowed && v.remaining == 2);
	r.cost = 3;
	kv_rate(kv, SV("a"), &r, &v);
	assert_false(v.allowed);
	/* smooth: all at once, then one for each third of the window */
	r = (struct kv_rate){ .limit = 3, .window_ns = 300 * 1000000ull, .cost = 1, .smooth = true };
	for (i = 0; i < 3; i++) {
		kv_rate(kv, SV("b"), &r, &v);
		assert_true(v.allowed);
	}
	kv_rate(kv, SV("b"), &r, &v);
	assert_true(!v.allowed && v.retry_ns > 0 && v.retry_ns <= 100 * 1000000ull);
	usleep((useconds_t)(v.retry_ns / 1000 + 1));
	kv_rate(kv, SV("b"), &r, &v);
	assert_true(v.allowed && v.remaining == 0);
	r.cost = 4;
	kv_rate(kv, SV("b"), &r, &v);
	assert_false(v.allowed);
	unmake();
}

/* ---- death at every step ------------------------------------------------- */

static unsigned steps, die_at;

static void die(void)
{
	if (++steps == die_at)
		kill(getpid(), SIGKILL);
}

static const struct kv_rate often = { .limit = 1000, .window_ns = 3600 * SECOND, .cost = 1 };
static const struct kv_rate smooth = { .limit = 1000, .window_ns = 3600 * SECOND, .cost = 1, .smooth = true };
enum { NOPS = 14 };

static void operation(unsigned i)
{
	struct kv_verdict v;
	int64_t n;

	switch (i) {
	case 0: set(0, 1, 0); break;                             /* overwrites */
	case 1: set(20, 0, 0); break;                            /* new */
	case 2: set(1, 6, 3600 * SECOND); break;
	case 3: kv_incr(kv, SV("n"), 1, 0, &n); break;           /* new, then known */
	case 4: kv_incr(kv, SV("n"), 1, 3600 * SECOND, &n); break;
	case 5: kv_incr(kv, SV("text"), 1, 0, &n); break;        /* a text becomes a count */
	case 6: del(2); break;
	case 7: kv_rate(kv, SV("r"), &often, &v); break;
	case 8: kv_rate(kv, SV("r"), &often, &v); break;
	case 9: kv_rate(kv, SV("s"), &smooth, &v); break;
	case 10: kv_rate(kv, SV("s"), &smooth, &v); break;
	case 11: has(3, 0); break;
	case 12: set(4, 1, 1); break;                            /* expires at once */
	default: set(4, 2, 0); break;
	}
}

/* Has operation i happened? -1: cannot be seen. */
static int happened(unsigned i)
{
	struct buf b = BUF_INIT;
	int n = -1;

	if ((i == 3 || i == 4) && kv_get(kv, SV("n"), &b) == KV_OK)
		n = atoi(buf_cstr(&b));
	if (i == 5 && kv_get(kv, SV("text"), &b) == KV_OK)
		n = atoi(buf_cstr(&b));
	buf_free(&b);
	switch (i) {
	case 0: return has(0, 1) ? 1 : has(0, 0) ? 0 : -2;
	case 1: return has(20, 0) ? 1 : missing(20) ? 0 : -2;
	case 2: return has(1, 6) ? 1 : has(1, 0) ? 0 : -2;
	case 3: return n >= 1;
	case 4: return n >= 2;
	case 5: return n >= 42 ? 1 : n == 41 ? 0 : -2; /* more: some who died had done it */
	case 6: return missing(2) ? 1 : has(2, 0) ? 0 : -2;
	case 13: return has(4, 2);
	default: return -1;
	}
}

/* How many of the 1000 a key has used, at most what is given back meanwhile. */
static uint64_t used(struct sv key, const struct kv_rate *r)
{
	struct kv_rate ask = *r;
	struct kv_verdict v;

	ask.cost = 2000;                                         /* refused, so it costs nothing */
	assert_int_equal(kv_rate(kv, key, &ask, &v), KV_OK);
	return 1000 - v.remaining;
}

static void prepare(size_t bytes)
{
	unsigned i;

	make(bytes);
	for (i = 0; i < 8; i++)
		assert_int_equal(set(i, 0, 0), KV_OK);
	assert_int_equal(kv_set(kv, SV("text"), SV("41"), 0), KV_OK);
}

/* One child that dies at step k of the operations; true: it died. *done: how many it has
 * finished. */
static bool child_dies(unsigned k, unsigned from, volatile unsigned *done)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		steps = 0;
		die_at = k;
		shm_step = die;
		for (unsigned i = from; i < NOPS; i++) {
			operation(i);
			*done = i + 1;
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status);
}

static void death(void **state)
{
	volatile unsigned *done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned step, second, i, died = 0, twice = 0;
	struct kv_stats st;

	(void)state;
	assert_true(done != MAP_FAILED);
	for (step = 1; ; step++) {
		uint64_t r, s;

		prepare(1 << 20);
		*done = 0;
		if (!child_dies(step, 0, done)) {
			unmake();
			break;
		}
		died++;
		/* those who repair die as well, at each of their first steps */
		for (second = 1; second <= (step % 5 == 0 ? 12 : 0); second++)
			twice += child_dies(second, *done == 0 ? 0 : *done, done);
		for (i = 0; i < NOPS; i++) {
			int h = happened(i);

			assert_true(h != -2);
			if (h >= 0 && i < *done)
				assert_true(h == 1);
		}
		r = used(SV("r"), &often);
		s = used(SV("s"), &smooth);
		assert_true(step % 5 == 0 || (r <= 2 && r >= (*done > 8 ? 2 : *done > 7 ? 1 : 0)));
		assert_true(step % 5 == 0 || (s <= 2 && s >= (*done > 10 ? 2 : *done > 9 ? 1 : 0)));
		kv_stats(kv, &st);
		assert_int_equal(st.dropped_shards, 0);
		/* and go on as if nothing had been */
		for (i = 0; i < KEYS; i++)
			assert_true(set(i, 3, 0) == KV_OK && has(i, 3));
		kv_delete(kv, SV("n"));
		kv_delete(kv, SV("text"));
		kv_delete(kv, SV("r"));
		kv_delete(kv, SV("s"));
		empties(KEYS);
		unmake();
	}
	print_message("%u deaths, one at each step; %u more while others repaired\n", died, twice);
	assert_true(died > 100 && twice > 20);
}

/* The same in a store that is full, so that every operation makes room first. */
static void death_full(void **state)
{
	volatile unsigned *done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned step, i;

	(void)state;
	for (step = 1; step < 2000; step++) {
		prepare(KV_SHARDS * 64 * 128);
		for (i = 0; i < 200; i++)
			assert_int_equal(set(i, 0, 0), KV_OK);
		*done = 0;
		if (!child_dies(step, 0, done)) {
			unmake();
			break;
		}
		for (i = 0; i < 200; i++)
			assert_true(missing(i) || has(i, 0) || has(i, 1) || has(i, 6) || has(i, 2));
		kv_delete(kv, SV("n"));
		kv_delete(kv, SV("text"));
		kv_delete(kv, SV("r"));
		kv_delete(kv, SV("s"));
		empties(200);
		unmake();
	}
	print_message("%u deaths in a full store\n", step - 1);
	assert_true(step > 100);
}

/* Words bent at random: operations may fail and contents may go, but nothing else. */
static void damage(void **state)
{
	struct buf out = BUF_INIT;
	unsigned round, i;
	char room[64];

	(void)state;
	for (round = 0; round < 60; round++) {
		prepare(1 << 17);
		for (i = 0; i < 100; i++)
			set(i, 0, 0);
		for (i = 0; i < 400; i++) {
			/* not the locks: nobody can survive that */
			const size_t front = 64 + 64 * KV_SHARDS, shard = (memory_n - front) / KV_SHARDS;
			size_t at = front + region_random() % (memory_n - front);

			if ((at - front) % shard >= 64 && (at - front) % shard < 104 + 64 + 64 * 24 + 4096)
				memory[at] = (char)region_random();
			out.len = 0;
			kv_get(kv, key_text(room, i % 100), &out);
			set(i % 120, 1, 0);
			del((i * 7) % 120);
		}
		unmake();
	}
	buf_free(&out);
}

/* ---- many at once -------------------------------------------------------------- */

struct tally { uint64_t acked[WORKERS], allowed[WORKERS], pad[8]; };

static void count(struct tally *t, unsigned me, unsigned n)
{
	int64_t now;

	for (unsigned i = 0; i < n; i++) {
		if (kv_incr(kv, SV("total"), 1, 0, &now) == KV_OK)
			__atomic_store_n(&t->acked[me], t->acked[me] + 1, __ATOMIC_SEQ_CST);
	}
}

static void exact(void **state)
{
	struct tally *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kv_rate r = { .limit = 5000, .window_ns = 3600 * SECOND, .cost = 1 };
	struct kv_verdict v;
	uint64_t allowed = 0;
	int64_t now = 0;
	unsigned i;

	(void)state;
	make(1 << 20);
	for (i = 0; i < WORKERS; i++)
		if (fork() == 0) {
			count(t, i, 100000);
			for (unsigned k = 0; k < 2000; k++)
				if (kv_rate(kv, SV("rate"), &r, &v) == KV_OK && v.allowed)
					t->allowed[i]++;
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	kv_incr(kv, SV("total"), 0, 0, &now);
	assert_int_equal(now, WORKERS * 100000);
	for (i = 0; i < WORKERS; i++)
		allowed += t->allowed[i];
	assert_int_equal(allowed, 5000);
	unmake();
}

/* Kills of processes that count and store: nothing acknowledged is lost, and what was
 * not is at most one for each death. */
static void storm(void **state)
{
	const char *s = getenv("KV_STRESS_S");
	uint64_t until = clock_mono_ns() + (s ? strtoull(s, NULL, 10) : 2) * SECOND, acked = 0, deaths = 0;
	struct tally *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid[WORKERS] = { 0 };
	struct kv_stats st;
	int64_t now = 0;
	unsigned i;

	(void)state;
	make(1 << 18);
	while (clock_mono_ns() < until) {
		i = (unsigned)(region_random() % WORKERS);
		if (pid[i] != 0) {
			kill(pid[i], SIGKILL);
			waitpid(pid[i], NULL, 0);
			deaths++;
		}
		pid[i] = fork();
		if (pid[i] == 0) {
			region_vary((uint64_t)getpid() << 20);
			for (;;) {
				unsigned v = (unsigned)(region_random() % 8);

				count(t, i, 20);
				set(v, (unsigned)(region_random() % 7), 0);
				if (region_random() % 3 == 0)
					del(v);
			}
		}
		usleep(1000);
	}
	for (i = 0; i < WORKERS; i++)
		if (pid[i] != 0) {
			kill(pid[i], SIGKILL);
			waitpid(pid[i], NULL, 0);
			deaths++;
		}
	for (i = 0; i < WORKERS; i++)
		acked += t->acked[i];
	assert_int_equal(kv_incr(kv, SV("total"), 0, 0, &now), KV_OK);
	kv_stats(kv, &st);
	print_message("%llu counted, %llu acknowledged, %llu killed, %llu of them inside an operation\n", (unsigned long long)now,
		      (unsigned long long)acked, (unsigned long long)deaths, (unsigned long long)st.recovered);
	assert_true((uint64_t)now >= acked && (uint64_t)now <= acked + deaths);
	for (i = 0; i < 8; i++) {
		bool known = missing(i);

		for (unsigned k = 0; k < 7; k++)
			known |= has(i, k);
		assert_true(known);
	}
	kv_delete(kv, SV("total"));
	empties(8);
	unmake();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain), cmocka_unit_test(model), cmocka_unit_test(rates), cmocka_unit_test(death),
		cmocka_unit_test(death_full), cmocka_unit_test(damage), cmocka_unit_test(exact), cmocka_unit_test(storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
