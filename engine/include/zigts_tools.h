/* zigts_tools.h: what command-line tools and test drivers need of the engine
 * beyond zigts.h. Not used by the server. */
#ifndef ENGINE_INCLUDE_ZIGTS_TOOLS_H
#define ENGINE_INCLUDE_ZIGTS_TOOLS_H

#include "base/buf.h"
#include "engine/include/zigts.h"

/* Prints one stage of compiling UTF-8 source: "tokens", "ast", "scopes",
 * "js" or "code", as stable text appended to out. -1: diag says why (an unknown stage
 * has line 0). */
int zigts_dump(const char *stage, const char *name, const char *src, size_t n, enum zigts_source kind, struct buf *out,
               struct zigts_diag *diag);
/* Every opcode through its slow function (the oracle of differential tests). */
void zigts_set_slow(struct zigts *vm, bool slow);
/* The globals print(...) and performance.now(). Before the freeze. */
void zigts_install_print(struct zigts *vm);
/* The global array scriptArgs. */
int zigts_set_args(struct zigts *vm, int argc, char *const *argv);

#endif
