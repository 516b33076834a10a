/* cache_test.c: the shared store of responses: plain behaviour, colliding
 * hashes, death at every step of every operation, bits flipped at random, and
 * processes that put, get, flush and fly at once (CACHE_STRESS_S seconds, 2).
 *
 * Values say which key they belong to in every byte, so that a wrong or torn
 * one shows. */
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
#include "shm/answers.h"
#include "shm/cache.h"
#include "shm/lock.h"
#include "tests/proc/region.h"

#define STEPS_MAX 100
#define WORKERS 4

static struct cache *cache;
static char *memory;
static size_t memory_n;
static unsigned steps, die_at;

static void make(const struct cache_config *cfg)
{
	memory_n = cache_footprint(cfg);
	memory = region_map(memory_n);
	cache = cache_create(memory, cfg);
	assert_non_null(cache);
}

static void unmake(void)
{
	cache_free(&cache);
	region_unmap(memory, memory_n);
}

static struct sv key_text(char *room, unsigned v)
{
	return (struct sv){ room, (size_t)snprintf(room, 64, "key %u of some length", v) };
}

/* The value of key v: n bytes that only v has. */
static void value(struct buf *b, unsigned v, size_t n)
{
	size_t i;

	b->len = 0;
	for (i = 0; i < n; i++)
		buf_putc(b, (char)('a' + (v * 7 + i * (v % 5 + 1)) % 26));
}

static size_t size_of(unsigned v) { return v * 37 % 5000; }

static bool put(unsigned v, uint64_t expires)
{
	struct buf body = BUF_INIT;
	struct cache_meta m = { .expires_ns = expires, .status = v, .counts = true };
	struct cache_key k;
	char room[64];
	bool ok;

	value(&body, v, size_of(v));
	cache_key(cache, key_text(room, v), &k);
	ok = cache_put(cache, &k, &m, SV("head"), buf_sv(&body), v % 3 == 0 ? SV("packed") : SV(""));
	buf_free(&body);
	return ok;
}

/* Found, and right in every byte? A wrong one ends the test. */
static bool got(unsigned v, uint64_t now)
{
	struct buf want = BUF_INIT, out = BUF_INIT;
	struct cache_hit hit;
	struct cache_key k;
	char room[64];
	bool ok;

	cache_key(cache, key_text(room, v), &k);
	buf_puts(&out, "before");
	ok = cache_find(cache, &k, now, &hit) && cache_part(cache, &hit, CACHE_HEAD, &out);
	if (ok && !cache_part(cache, &hit, CACHE_BODY, &out)) {
		ok = false;
		out.len = 6; /* the head is of no use alone */
	}
	if (ok) {
		value(&want, v, size_of(v));
		if (hit.m.status != v || out.len != 10 + want.len || memcmp(out.p, "beforehead", 10) != 0 ||
		    (want.len && memcmp(out.p + 10, want.p, want.len) != 0)) {
			fprintf(stderr, "key %u: wrong value\n", v);
			abort();
		}
	} else if (out.len != 6) {
		fprintf(stderr, "key %u: a miss left bytes\n", v);
		abort();
	}
	buf_free(&want);
	buf_free(&out);
	return ok;
}

static void plain(void **state)
{
	struct cache_stats st;
	struct cache_key k;
	struct cache_meta m = { .expires_ns = 100 };
	struct cache_hit hit;
	struct buf big = BUF_INIT, out = BUF_INIT;
	unsigned i;

	(void)state;
	make(&(struct cache_config){ .bytes = 1 << 20, .entries = 64 });
	assert_false(got(1, 0));
	assert_true(put(1, 100) && got(1, 0) && got(1, 99));
	assert_false(got(1, 100));
	assert_true(put(1, 1000) && got(1, 100));
	/* parts */
	cache_key(cache, SV("parts"), &k);
	assert_true(cache_put(cache, &k, &m, SV("H"), SV("B"), SV("P")));
	assert_true(cache_find(cache, &k, 0, &hit));
	assert_true(cache_part(cache, &hit, CACHE_HEAD, &out) && cache_part(cache, &hit, CACHE_PACKED, &out));
	assert_string_equal(buf_cstr(&out), "HP");
	assert_int_equal(hit.m.body_n, 1);
	/* too large: refused, nothing lost */
	value(&big, 5, 1 << 17);
	assert_false(cache_put(cache, &k, &m, SV(""), buf_sv(&big), SV("")));
	assert_true(got(1, 0));
	/* more than fit: the oldest go, the newest stay */
	for (i = 0; i < 1000; i++)
		assert_true(put(i, 100));
	cache_stats(cache, &st);
	assert_true(st.entries <= 64 && st.entries >= 32);
	assert_true(got(999, 0) && !got(1, 0));
	/* flush */
	cache_flush(cache);
	assert_false(got(999, 0));
	assert_true(put(999, 100) && got(999, 0));
	buf_free(&big);
	buf_free(&out);
	unmake();
}

/* Keys of one hash: never each other's values. */
static void colliding(void **state)
{
	unsigned round, i;

	(void)state;
	make(&(struct cache_config){ .bytes = 1 << 20, .entries = 64, .weak_hash = true });
	for (round = 0; round < 50; round++) {
		for (i = 0; i < 40; i++)
			assert_true(put(i, 100));
		for (i = 0; i < 40; i++)
			got(i, 0);
		assert_true(got(39, 0));
	}
	unmake();
}

/* ---- death at every step ------------------------------------------------- */

static void die(void)
{
	if (++steps == die_at)
		kill(getpid(), SIGKILL);
}

static bool alive(void *u, uint32_t slot, uint32_t pid)
{
	(void)u, (void)slot;
	return kill((pid_t)pid, 0) == 0;
}

static void operations(void)
{
	struct flight_self me = { .slot = 1, .pid = (uint32_t)getpid(), .alive = alive };
	struct cache_key k;
	unsigned i;

	cache_key(cache, SV("flight"), &k);
	flight_begin(cache, &k, &me);
	for (i = 100; i < 112; i++)
		put(i, 100);
	flight_end(cache, &k, &me);
}

/* One child that dies at step k; true: it died there. */
static bool child_dies(unsigned k)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		steps = 0;
		die_at = k;
		shm_step = die;
		operations();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status);
}

static void death(void **state)
{
	struct flight_self me = { .slot = 2, .pid = (uint32_t)getpid(), .alive = alive };
	uint64_t worst = 0, t;
	struct cache_key k;
	unsigned step, i, died = 0;

	(void)state;
	make(&(struct cache_config){ .bytes = 1 << 18, .entries = 64 });
	cache_key(cache, SV("flight"), &k);
	for (step = 1; step <= STEPS_MAX * 2; step++) {
		if (!child_dies(step))
			break;
		died++;
		t = clock_mono_ns();
		for (i = 100; i < 112; i++)
			got(i, 0);
		for (i = 0; i < 16; i++)
			assert_true(put(i, 100) && got(i, 0));
		assert_int_equal(flight_begin(cache, &k, &me), FLIGHT_LEAD);
		t = clock_mono_ns() - t;
		worst = t > worst ? t : worst;
		flight_end(cache, &k, &me);
		for (i = 100; i < 112; i++)
			got(i, 0);
	}
	print_message("%u deaths, one at each step; the others go on within %u us\n", died, (unsigned)(worst / 1000));
	assert_true(died > 20);
	unmake();
}

/* ---- death while an answer is learnt --------------------------------------- */

/* What a request asks of whom; n tells requests of one path apart. */
static void asks(struct deps *set, struct deps_input *in, struct deps_pair *field, unsigned n)
{
	static char text[8][4];

	deps_clear(set);
	deps_note(set, DEP_PATH);
	deps_header(set, n % 2 ? SV("accept") : SV("x-odd"));
	deps_param(set, SV("a"));
	deps_canonical(set);
	snprintf(text[n % 8], sizeof text[0], "v%u", n % 8);
	*field = (struct deps_pair){ n % 2 ? SV("Accept") : SV("X-Odd"), sv_of(text[n % 8]) };
	*in = (struct deps_input){ .method = SV("GET"), .path = SV("/p"), .query = SV("a=1"), .has_query = true, .nfields = 1,
				   .field = field };
}

/* The steps of memo.c from a miss to the end of its flight. */
static void learn(unsigned n)
{
	struct flight_self me = { .slot = 1, .pid = (uint32_t)getpid(), .alive = alive };
	struct cache_meta m = { .expires_ns = 100, .kind = ANSWER_RESPONSE, .status = 200, .counts = true };
	struct buf path = BUF_INIT, key = BUF_INIT, body = BUF_INIT;
	struct deps_input in;
	struct deps_pair field;
	struct answers a;
	struct cache_key k, path_key;
	struct deps set;

	asks(&set, &in, &field, n);
	answers_path(&path, 7, 0, in.path);
	cache_key(cache, buf_sv(&path), &path_key);
	flight_begin(cache, &path_key, &me);
	value(&body, n % 8, 900);
	answers_key(&key, buf_sv(&path), &set, &in);
	cache_key(cache, buf_sv(&key), &k);
	cache_put(cache, &k, &m, SV("head"), buf_sv(&body), SV("packed"));
	answers_load(cache, &path_key, 0, &a);
	answers_front(&a, &set);
	a.why = BYPASS_TIME;
	answers_store(cache, &path_key, 0, 100, &a);
	flight_end(cache, &path_key, &me);
	if (n % 5 == 4)
		cache_flush(cache);
	buf_free(&path);
	buf_free(&key);
	buf_free(&body);
}

/* Asks as memo.c does: what is found must be right. How many were. */
static unsigned look(unsigned n)
{
	struct buf path = BUF_INIT, key = BUF_INIT, want = BUF_INIT, got_bytes = BUF_INIT;
	struct deps_input in;
	struct deps_pair field;
	struct cache_hit hit;
	struct cache_key k, path_key;
	struct answers a;
	struct deps set;
	unsigned found = 0;
	uint32_t i;

	asks(&set, &in, &field, n);
	answers_path(&path, 7, 0, in.path);
	cache_key(cache, buf_sv(&path), &path_key);
	answers_load(cache, &path_key, 0, &a);
	assert_true(a.n <= ANSWER_SETS && (a.n == 0 || a.why == BYPASS_TIME));
	for (i = 0; i < a.n; i++) {
		assert_true(deps_valid(&a.set[i]));
		answers_key(&key, buf_sv(&path), &a.set[i], &in);
		cache_key(cache, buf_sv(&key), &k);
		if (!cache_find(cache, &k, 0, &hit) || !cache_part(cache, &hit, CACHE_BODY, &got_bytes))
			continue;
		value(&want, n % 8, 900);
		assert_true(hit.m.kind == ANSWER_RESPONSE && sv_eq(buf_sv(&got_bytes), buf_sv(&want)));
		got_bytes.len = 0;
		found++;
	}
	buf_free(&path);
	buf_free(&key);
	buf_free(&want);
	buf_free(&got_bytes);
	return found;
}

static void death_while_learning(void **state)
{
	unsigned step, n, died = 0, found = 0;
	int status;
	pid_t pid;

	(void)state;
	make(&(struct cache_config){ .bytes = 1 << 18, .entries = 64 });
	for (step = 1; step <= STEPS_MAX * 4; step++) {
		pid = fork();
		if (pid == 0) {
			steps = 0;
			die_at = step;
			shm_step = die;
			for (n = 0; n < 8; n++)
				learn(n);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		for (n = 0; n < 8; n++)
			found += look(n);
		if (!WIFSIGNALED(status))
			break;
		died++;
		learn(step % 4); /* the next one goes on, and is found */
		assert_int_equal(look(step % 4), 1);
		for (n = 0; n < 8; n++)
			look(n);
	}
	print_message("%u deaths while learning; %u answers found behind them, all right\n", died, found);
	assert_true(died > 100 && died < STEPS_MAX * 4 && found > died);
	unmake();
}

/* ---- damage --------------------------------------------------------------- */

static void bit_flips(void **state)
{
	unsigned flips = getenv("CACHE_FLIPS") ? (unsigned)atoi(getenv("CACHE_FLIPS")) : 20000, i, hits = 0;
	size_t lock_end = 64 + 64 * CACHE_SHARDS, at;
	struct cache_stats st;

	(void)state;
	make(&(struct cache_config){ .bytes = 1 << 17, .entries = 64 });
	for (i = 0; i < flips; i++) {
		/* everything but the mutexes, which are the C library's */
		at = lock_end + region_random() % (memory_n - lock_end);
		memory[at] = (char)(memory[at] ^ (1 << region_random() % 8));
		put((unsigned)(region_random() % 60), 100);
		hits += got((unsigned)(region_random() % 60), 0);
		hits += got((unsigned)(region_random() % 60), 0);
	}
	cache_stats(cache, &st);
	print_message("%u bits flipped: %u hits, all right; %u damaged entries seen, %u shards dropped\n", flips, hits,
		      (unsigned)st.damaged, (unsigned)st.dropped_shards);
	assert_true(hits > flips / 4);
	unmake();
}

/* ---- everybody at once ---------------------------------------------------- */

NORETURN static void stress_worker(unsigned n, uint64_t until)
{
	struct flight_self me = { .slot = n, .pid = (uint32_t)getpid(), .alive = alive };
	struct cache_key k;
	char room[64];

	region_vary(n * 7919);
	while (clock_mono_ns() < until) {
		unsigned v = (unsigned)(region_random() % 300), what = (unsigned)(region_random() % 100);

		if (what < 30) {
			put(v, UINT64_MAX);
		} else if (what < 34) {
			cache_key(cache, key_text(room, v), &k);
			if (flight_begin(cache, &k, &me) == FLIGHT_LEAD) {
				put(v, UINT64_MAX);
				if (region_random() % 8) /* else: left behind */
					flight_end(cache, &k, &me);
			}
		} else if (what == 34 && region_random() % 50 == 0) {
			cache_flush(cache);
		} else {
			got(v, 0);
		}
	}
	_exit(0);
}

static void stress(void **state)
{
	unsigned seconds = getenv("CACHE_STRESS_S") ? (unsigned)atoi(getenv("CACHE_STRESS_S")) : 2, i, kills = 0;
	uint64_t until = clock_mono_ns() + seconds * 1000000000ull;
	pid_t pid[WORKERS] = { 0 };
	struct cache_stats st;
	int status;

	(void)state;
	make(&(struct cache_config){ .bytes = 1 << 19, .entries = 128 });
	while (clock_mono_ns() < until) {
		for (i = 0; i < WORKERS; i++)
			if (pid[i] == 0 && (pid[i] = fork()) == 0)
				stress_worker(i, until);
		usleep(5000);
		i = (unsigned)(region_random() % WORKERS);
		kill(pid[i], SIGKILL); /* wherever it is */
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
		kills++;
		pid[i] = 0;
	}
	for (i = 0; i < WORKERS; i++)
		if (pid[i] != 0) {
			assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
			assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		}
	cache_stats(cache, &st);
	print_message("%u s, %u kills: %u evictions, %u shards dropped, %u damaged\n", seconds, kills,
		      (unsigned)st.evictions, (unsigned)st.dropped_shards, (unsigned)st.damaged);
	assert_true(put(1, UINT64_MAX) && got(1, 0));
	unmake();
}

static void flights(void **state)
{
	struct flight_self a = { .slot = 1, .pid = (uint32_t)getpid(), .alive = alive };
	struct flight_self b = { .slot = 2, .pid = (uint32_t)getpid(), .alive = alive };
	struct cache_key k, other;
	int status;
	pid_t pid;

	(void)state;
	make(&(struct cache_config){ .bytes = 1 << 18, .entries = 64 });
	cache_key(cache, SV("k"), &k);
	cache_key(cache, SV("other"), &other);
	assert_int_equal(flight_begin(cache, &k, &a), FLIGHT_LEAD);
	assert_int_equal(flight_begin(cache, &k, &b), FLIGHT_WAIT);
	assert_int_equal(flight_begin(cache, &other, &b), FLIGHT_LEAD);
	assert_true(flight_busy(cache, &k, &b));
	flight_end(cache, &k, &b); /* not ours: no effect */
	assert_true(flight_busy(cache, &k, &b));
	flight_end(cache, &k, &a);
	assert_false(flight_busy(cache, &k, &b));
	/* a dead leader leads no more */
	pid = fork();
	if (pid == 0) {
		a.pid = (uint32_t)getpid();
		_exit(flight_begin(cache, &k, &a) == FLIGHT_LEAD ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_false(flight_busy(cache, &k, &b));
	assert_int_equal(flight_begin(cache, &k, &b), FLIGHT_LEAD);
	unmake();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain), cmocka_unit_test(colliding), cmocka_unit_test(flights), cmocka_unit_test(death),
		cmocka_unit_test(death_while_learning),
		cmocka_unit_test(bit_flips), cmocka_unit_test(stress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
