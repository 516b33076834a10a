/* form.h: FormData for bodies. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "web/bytes.h"

bool form_is(zigts_val v);
/* The FormData of a body with this media type: multipart/form-data or
 * application/x-www-form-urlencoded. TypeError: another type, or malformed. `body`
 * stays until this returns. */
zigts_val form_parse(struct zigts *vm, struct sv content_type, struct sv body);
/* The body of a form as multipart/form-data, and its media type. The same form gives the
 * same bytes. 0 or -1. */
enum { FORM_TYPE_MAX = 128 };
int form_serialise(struct zigts *vm, zigts_val form, struct bytes *out, char type[FORM_TYPE_MAX]);

#endif
