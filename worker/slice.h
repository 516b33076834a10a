/* slice.h: the time slice that we ask of the kernel's scheduler. Who wakes up
 * takes the processor from one with a longer slice at once, but from one with an
 * equal slice only when that has had its turn, with 250 ticks a second up to 4 ms
 * later. A worker whose handler runs for long asks for a long slice: its share of
 * the processor stays the same, others need not wait for it. Linux 6.12 and newer;
 * elsewhere these functions do nothing. One process, one worker: the state is
 * static. */
#ifndef WORKER_SLICE_H
#define WORKER_SLICE_H

/* Remembers the slice that we have been given; before the sandbox. */
void slice_init(void);
/* The handler runs for long; from its hook, as often as one likes. */
void slice_stretch(void);
/* It has ended. */
void slice_restore(void);

#endif
