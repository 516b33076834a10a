/* regexp.h: regular expressions (ECMA-262 22.2): patterns compiled to programs,
 * programs run on strings. Knows neither objects nor strings of the engine: text
 * comes in as units. A program is plain C memory (engine space), immutable. */
#ifndef ENGINE_REGEXP_REGEXP_H
#define ENGINE_REGEXP_REGEXP_H

#include "engine/heap/heap.h"

enum re_flag { RE_D = 1, RE_G = 2, RE_I = 4, RE_M = 8, RE_S = 16, RE_U = 32, RE_V = 64, RE_Y = 128 };
#define RE_FLAG_LETTERS "dgimsuvy"   /* bit i is letter i */

struct re_text { union { const uint8_t *p8; const uint16_t *p16; }; uint32_t len; bool wide; };
static inline uint32_t re_unit(struct re_text t, uint32_t i) { return t.wide ? t.p16[i] : t.p8[i]; }

struct re_error { const char *msg; uint32_t off; };   /* off in units of the pattern */

/* A named group; duplicates stand side by side, names in order of the pattern. */
struct re_name { uint16_t *name; uint32_t len, group; };

struct re_prog;
/* NULL: *err says why. c_limit: lowest address recursion may reach (or NULL). */
struct re_prog *re_compile(struct re_text pattern, uint32_t flags, uintptr_t c_limit, struct re_error *err);
/* Only the early errors of a pattern. */
bool re_check(struct re_text pattern, uint32_t flags, uintptr_t c_limit, struct re_error *err);
void re_free(struct re_prog *p);
uint32_t re_groups(const struct re_prog *p);          /* captures, the whole match included */
uint32_t re_flags(const struct re_prog *p);
struct re_text re_source(const struct re_prog *p);
size_t re_bytes(const struct re_prog *p);             /* memory it takes */
const struct re_name *re_names(const struct re_prog *p, uint32_t *n);

/* What a run needs of its surroundings: memory, charged to the limit, and a way to
 * be interrupted: tick answers non-zero when the run must end. */
struct re_host { struct heap *heap; int (*tick)(void *u, int64_t cost); void *u; };
enum { RE_NOMATCH = 0, RE_MATCH = 1, RE_STOPPED = -1 /* tick said so */, RE_NOMEM = -2 };
/* Searches from `start` (only there, if sticky). cap: 2 * re_groups words: start and
 * end of each group in units, -1: did not take part. */
int re_exec(const struct re_prog *p, struct re_text s, uint32_t start, bool sticky, int32_t *cap,
            const struct re_host *host);

#endif
