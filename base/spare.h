/* spare.h: memory that free() keeps back. The C library gives memory back only
 * from the top of its heap, and waits the longer the larger the pieces were that
 * it has seen: after one body of 10 MiB up to 20 MiB stay. That makes the next
 * one cheap; a process that has had its last one gives it back here. Leaf. */
#ifndef BASE_SPARE_H
#define BASE_SPARE_H

#include <stddef.h>

/* Gives free memory back to the system when there is more than `keep` of it, or
 * that much more than was left the last time; half of `keep` stays at hand. Costs
 * some microseconds when there is nothing to do: for now and then, not for each
 * request. One thread only. */
void spare_return(size_t keep);

#endif
