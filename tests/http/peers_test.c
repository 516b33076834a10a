/* peers_test.c: counting connections of client addresses over several workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>

#include "shm/region.h"
#include "worker/peers.h"

static struct hash_key hk = { 1, 2 };

static uint32_t key4(const char *text)
{
	struct sockaddr_storage a = { .ss_family = AF_INET };

	inet_pton(AF_INET, text, &((struct sockaddr_in *)(void *)&a)->sin_addr);
	return peers_key(&hk, &a);
}

static uint32_t key6(const char *text)
{
	struct sockaddr_storage a = { .ss_family = AF_INET6 };

	inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)(void *)&a)->sin6_addr);
	return peers_key(&hk, &a);
}

static void keys(void **state)
{
	struct sockaddr_storage local = { .ss_family = AF_UNIX };

	(void)state;
	assert_int_not_equal(key4("10.0.0.1"), 0);
	assert_int_not_equal(key4("10.0.0.1"), key4("10.0.0.2"));
	assert_int_equal(key4("10.0.0.1"), key6("::ffff:10.0.0.1"));
	assert_int_equal(key6("2001:db8::1"), key6("2001:db8::ffff:2"));
	assert_int_not_equal(key6("2001:db8::1"), key6("2001:db8:0:1::1"));
	assert_int_equal(peers_key(&hk, &local), 0);
}

static void counts(void **state)
{
	struct shm_header *shm = region_create(3, &(struct region_sizes){ .part = { 0 } });
	struct shm_slot *a, *b;
	uint32_t k = key4("10.0.0.1"), other = key4("10.0.0.2");

	(void)state;
	assert_non_null(shm);
	a = region_slot(shm, 0);
	b = region_slot(shm, 2);
	a->pid = b->pid = 1;
	assert_true(peers_add(a, k) && peers_add(a, k) && peers_add(b, k) && peers_add(b, other));
	assert_int_equal(peers_count(shm, k), 3);
	assert_int_equal(peers_count(shm, other), 1);
	peers_remove(a, k);
	assert_int_equal(peers_count(shm, k), 2);
	b->pid = 0; /* a dead worker holds none */
	assert_int_equal(peers_count(shm, k), 1);
	b->pid = 1;
	peers_reset(b);
	assert_int_equal(peers_count(shm, k), 1);
	assert_int_equal(peers_count(shm, other), 0);
	peers_remove(a, k);
	assert_int_equal(peers_count(shm, k), 0);
}

/* Sixty-four addresses of one place have room, the next only when one has left. */
static void full(void **state)
{
	struct shm_header *shm = region_create(1, &(struct region_sizes){ .part = { 0 } });
	struct shm_slot *s = region_slot(shm, 0);
	uint32_t i;

#define KEY(i) (1u << 31 | (uint32_t)(i) << 10 | 1000u)
	(void)state;
	s->pid = 1;
	for (i = 1; i <= 64; i++)
		assert_true(peers_add(s, KEY(i)));
	assert_false(peers_add(s, KEY(65)));
	assert_true(peers_add(s, KEY(8)));
	peers_remove(s, KEY(3));
	assert_true(peers_add(s, KEY(65)));
	assert_int_equal(peers_count(shm, KEY(8)), 2);
	assert_int_equal(peers_count(shm, KEY(65)), 1);
	assert_int_equal(peers_count(shm, KEY(3)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(keys), cmocka_unit_test(counts), cmocka_unit_test(full) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
