/* draft.h: private to engine/api: the other end of zigts_draft. */
#ifndef ENGINE_API_DRAFT_H
#define ENGINE_API_DRAFT_H

#include "engine/include/zigts.h"

struct image;

/* Of a program, as given; the caller of zigts_load or zigts_draft keeps the strings. */
struct draft_text { const char *name, *src; size_t n; enum zigts_source kind; };

/* Waits until the text is compiled. The image is the caller's. NULL: the text has to be
 * compiled by the VM, which also says what is wrong. */
struct image *draft_image(struct zigts_draft *d);
const struct draft_text *draft_text(const struct zigts_draft *d);

#endif
