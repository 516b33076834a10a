/* interp_slow.c: the interpreter that calls the slow function for every opcode
 * that has one: the oracle of the parity tests. */
#define INTERP_SLOW 1
#include "engine/vm/interp.c"
