/* blob.h: Blob and File for the rest of web/ and for the server's bodies. */
#ifndef WEB_BLOB_H
#define WEB_BLOB_H

#include "web/bytes.h"

bool blob_is(zigts_val v);
bool blob_is_file(zigts_val v);
/* What v, a Blob, holds; it stays as long as v does. */
struct sv blob_view(struct zigts *vm, zigts_val v);
/* Its type, a string. */
zigts_val blob_type(zigts_val v);
/* The name of v, a File. */
zigts_val blob_name(zigts_val v);
/* A Blob of b. type: as it is. */
zigts_val blob_new(struct zigts *vm, const struct bytes *b, zigts_val type);
/* A File of the same bytes as the Blob; name: a string. */
zigts_val blob_file(struct zigts *vm, zigts_val blob, zigts_val name);

#endif
