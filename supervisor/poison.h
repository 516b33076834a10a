/* poison.h: which requests kill workers? Pure: no clock, no shared memory. */
#ifndef SUPERVISOR_POISON_H
#define SUPERVISOR_POISON_H

#include <stdbool.h>
#include <stdint.h>

#define POISON_DEATHS 3u
#define POISON_WINDOW_NS (600ull * 1000000000)     /* deaths further apart do not add up */
#define POISON_QUARANTINE_NS (600ull * 1000000000)
#define POISON_SEEN 64

/* The deaths not yet enough, by request. */
struct poison {
	struct { uint64_t hash, last_ns; uint32_t deaths; } seen[POISON_SEEN];
};

/* A worker has died of this request (hash != 0). True: for the third time, so
 * it belongs into quarantine; its count begins again at nothing. Of more
 * requests than the table holds, the one longest not seen is forgotten. */
bool poison_death(struct poison *p, uint64_t hash, uint64_t now_ns);

#endif
