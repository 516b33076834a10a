/* random.h: the kernel's random bytes. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>

/* Fills p[0..n) by getrandom(2), anew for every call: nothing is kept that a fork or a
 * rolled back request could repeat. 0, or an errno. */
int random_fill(void *p, size_t n);
/* A UUID of that version as 36 characters, from 16 bytes (RFC 9562 4), whose version
 * and variant are set. */
void random_uuid(unsigned char b[16], int version, char text[36]);

#endif
