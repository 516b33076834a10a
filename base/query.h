/* query.h: a query string as bytes: pairs and percent decoding. Malformed
 * percent sequences stay as they are (WHATWG URL 5.1). Pure. */
#ifndef BASE_QUERY_H
#define BASE_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sv.h"

/* Takes the next name[=value] off *query; false: none is left. Without "=" the
 * value is empty. Views of undecoded bytes. */
bool query_next(struct sv *query, struct sv *name, struct sv *value);
/* Is there something to decode? plus: "+" means a space. */
bool query_is_plain(struct sv s, bool plus);
/* Decodes into out, which has room for s.n + 1 bytes; NUL-terminated. Returns
 * the length. */
size_t query_decode(char *out, struct sv s, bool plus);
/* Is the undecoded name, decoded, equal to want? */
bool query_name_is(struct sv undecoded, struct sv want);

#endif
