/* test262.h: the host object of the conformance suite (test262 INTERPRETING.md). */
#ifndef ENGINE_API_TEST262_H
#define ENGINE_API_TEST262_H

struct zigts;

/* Defines the globals `$262` and `print`. Before or after the freeze. 0 or -1. */
int zigts_install_262(struct zigts *vm);

#endif
