/* bytes.h: binary data that grows, in the VM's memory, so that its limits hold. */
#ifndef WEB_BYTES_H
#define WEB_BYTES_H

#include "web/web.h"

/* buffer: an ArrayBuffer that no script sees, or ZIGTS_UNDEF; lives in C locals only. */
struct bytes { zigts_val buffer; size_t n, size; };
#define BYTES_INIT { ZIGTS_UNDEF, 0, 0 }

/* Room for n more. 0 or -1. */
int bytes_reserve(struct zigts *vm, struct bytes *b, size_t n);
int bytes_put(struct zigts *vm, struct bytes *b, const void *p, size_t n);
/* What is there; never NULL. */
struct sv bytes_view(struct zigts *vm, const struct bytes *b);

#endif
