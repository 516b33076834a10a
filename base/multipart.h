/* multipart.h: multipart/form-data (RFC 7578) as bytes: a reader that gives views of
 * what it reads, and what a writer needs. Keeps nothing, allocates only what it appends
 * to a caller's buffer. Called by the web platform's bodies. */
#ifndef BASE_MULTIPART_H
#define BASE_MULTIPART_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/sv.h"

enum {
	MULTIPART_BOUNDARY_MAX = 70,     /* RFC 2046 5.1.1 */
	MULTIPART_HEAD_MAX = 16384,      /* bytes of a part's header fields */
	MULTIPART_PARTS_MAX = 10000
};

/* The boundary of a media type "multipart/form-data; boundary=…". False: another type,
 * or none. A quoted one must have no backslash. */
bool multipart_boundary(struct sv content_type, struct sv *boundary);

/* The essence of a media type ("text/html" of "Text/HTML; charset=x") is `want`, which
 * is lower case. */
bool multipart_essence_is(struct sv content_type, struct sv want);

/* A reader: begin, then next until it is not 1. */
struct multipart { struct sv rest, boundary; unsigned parts; };
struct multipart_part {
	struct sv name, filename;        /* as they stand; see multipart_name */
	bool has_filename;
	struct sv content_type;          /* empty: none */
	struct sv body;
};
/* False: there is no opening delimiter. */
bool multipart_begin(struct multipart *m, struct sv body, struct sv boundary);
/* 1: *part is filled, 0: the closing delimiter, -1: malformed, or a limit. */
int multipart_next(struct multipart *m, struct multipart_part *part);
/* Appends a name or file name as it is meant: %22, %0D and %0A decoded. */
void multipart_name(struct buf *out, struct sv s);

/* Appends a name or file name for a Content-Disposition; line breaks of a name become
 * CRLF first (HTML 4.10.21.8), those of a file name stay. */
void multipart_put_name(struct buf *out, struct sv s, bool filename);
/* Appends text with its line breaks as CRLF. */
void multipart_put_lines(struct buf *out, struct sv s);

#endif
