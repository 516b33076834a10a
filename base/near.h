/* near.h: how far two names are apart, for "did you mean". Pure. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

/* How many letters differ: insertions, deletions, changes, swapped neighbours. Names
 * longer than 32 bytes are far from all others. */
unsigned near_distance(const char *a, const char *b);
/* The distance from which on a name is no likely meaning of `unknown`. */
unsigned near_limit(const char *unknown);

#endif
