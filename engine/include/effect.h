/* effect.h: effect bits (see effect.def). A native's row names one of
 *   EFF_NONE    a pure function of its arguments and of heap it can reach
 *   EFF_MUT     also stores into objects it can reach (rolled back afterwards)
 *   EFF_CALLS   also calls functions that it is given or finds (whose own
 *               rows then count)
 * or'ed with the bits below. There is no default: the row macros take the
 * effect as a positional argument, so a row without one does not compile. */
#ifndef ENGINE_INCLUDE_EFFECT_H
#define ENGINE_INCLUDE_EFFECT_H

#include <stdint.h>

enum effect_bit {
#define EFFECT(name, text) EFFECT_BIT_##name,
#include "engine/include/effect.def"
	EFFECT_BIT__N
};

enum effect {
	EFF_NONE = 0,
#define EFFECT(name, text) EFF_##name = 1 << EFFECT_BIT_##name,
#include "engine/include/effect.def"
	/* These two say what an analysis must consider; they never taint. */
	EFF_MUT = 1 << 14,
	EFF_CALLS = 1 << 15,
	EFF_TAINT_MASK = EFF_MUT - 1
};

#endif
