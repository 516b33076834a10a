/* mime.h: the content type of a file, by its name. */
#ifndef WORKER_HTTP_MIME_H
#define WORKER_HTTP_MIME_H

#include "base/sv.h"

/* By the last extension, without regard to ASCII case; application/octet-stream
 * for what is not in mime.def. Static text. */
struct sv mime_type(struct sv name);
/* Is charset=utf-8 to be said of it? */
bool mime_is_text(struct sv type);

#endif
