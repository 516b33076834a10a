/* region.c: see region.h. */
#include "tests/proc/region.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>

#include <cmocka.h>

char *region_map(size_t n)
{
	void *p;

	assert_true(n != 0);
	p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(p != MAP_FAILED);
	return p;
}

void region_unmap(char *p, size_t n) { assert_int_equal(munmap(p, n), 0); }

static uint64_t x = 88172645463325252u;

uint64_t region_random(void)
{
	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

void region_vary(uint64_t by) { x += by; }
