/* region.h: for the tests of shm/: shared memory, and numbers that are the same in each run. */
#ifndef TESTS_PROC_REGION_H
#define TESTS_PROC_REGION_H

#include <stddef.h>
#include <stdint.h>

/* n bytes of shared memory, zeroed; or the test fails. */
char *region_map(size_t n);
void region_unmap(char *p, size_t n);
uint64_t region_random(void);
/* Others from here on, for this process. */
void region_vary(uint64_t by);

#endif
