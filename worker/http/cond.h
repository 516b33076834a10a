/* cond.h: what a GET or HEAD of a file asks beside its name: preconditions
 * (RFC 9110 13), ranges (RFC 9110 14), content codings (RFC 9110 12.5.3), and
 * how a request path becomes a file name. Pure functions of bytes: no I/O, no
 * allocation, no clock of their own. */
#ifndef WORKER_HTTP_COND_H
#define WORKER_HTTP_COND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* ---- names --------------------------------------------------------------- */

enum path_verdict {
	PATH_OK,
	PATH_NOT_A_FILE   /* well-formed, but never the name of a file that is served */
};
/* Decodes the path of a target (it begins with '/') once into out, which has
 * room for raw.n bytes; *n is its length. Not a file: a malformed escape, an
 * encoded NUL or slash, an empty segment (but for the last), "." and "..", and
 * every segment that begins with a dot except ".well-known". */
enum path_verdict path_decode(struct sv raw, char *out, size_t *n);

/* ---- dates --------------------------------------------------------------- */

#define HTTP_DATE_LEN 29
/* IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT", with a NUL. Years 0 to 9999. */
void http_date_format(int64_t seconds, char out[HTTP_DATE_LEN + 1]);
/* All three forms of RFC 9110 5.6.7; `now` decides the century of the one with
 * two digits. False: not a date. */
bool http_date_parse(struct sv s, int64_t now, int64_t *seconds);

/* ---- preconditions ------------------------------------------------------- */

/* The request's header lines that matter, as they came. A list that comes in
 * several lines is one list; the first COND_LINES lines of it are looked at:
 * more can only lead to the whole file where less would have done, or to 412. */
#define COND_LINES 4
struct cond_list { uint8_t n; struct sv line[COND_LINES]; };
struct cond_request {
	struct cond_list if_match, if_none_match, accept_encoding;
	/* n counts the lines; a second one makes the header void */
	struct { uint8_t n; struct sv v; } if_modified_since, if_unmodified_since, if_range, range;
	bool any;                /* of the preconditions and ranges */
};
/* Files a header line; unknown names are ignored. Start from zeros. */
void cond_take(struct cond_request *c, struct sv name, struct sv value);

/* What the server has: the selected representation. */
struct cond_entity {
	struct sv etag;          /* with its quotes; strong */
	int64_t modified;        /* Last-Modified, seconds */
	int64_t now;
};
enum cond_verdict { COND_GO, COND_NOT_MODIFIED, COND_FAILED };
/* For GET and HEAD, in the order of RFC 9110 13.2.2 (without If-Range). */
enum cond_verdict cond_evaluate(const struct cond_request *c, const struct cond_entity *e);
/* Does a list of entity tags, or "*", name this one? A malformed rest of the
 * list matches nothing. */
bool etag_listed(struct sv list, struct sv etag, bool weakly);

/* ---- ranges -------------------------------------------------------------- */

enum range_verdict { RANGE_WHOLE, RANGE_PART, RANGE_UNSATISFIABLE };
/* One range of bytes of a representation of `size` bytes. RANGE_WHOLE: the
 * header is to be ignored: another unit, malformed, or more than one range
 * (RFC 9110 14.2 lets a server ignore it; many small ranges cost a server
 * more than they save). RANGE_PART: *first and *n > 0. */
enum range_verdict range_parse(struct sv value, uint64_t size, uint64_t *first, uint64_t *n);
/* The whole decision for GET: Range, and If-Range, which must be the strong
 * entity tag, or the date of a Last-Modified that is old enough to be a strong
 * validator (RFC 9110 13.1.5, 8.8.2.2). */
enum range_verdict cond_range(const struct cond_request *c, const struct cond_entity *e, uint64_t size, uint64_t *first,
			      uint64_t *n);

/* ---- codings ------------------------------------------------------------- */

/* In our order of preference among equals. */
enum coding { CODING_BR, CODING_ZSTD, CODING_GZIP, CODING_IDENTITY, CODINGS };
/* Which of the codings in `have` (bits 1 << coding; identity always counts as
 * there) to send. The highest weight wins; identity wins only where it was
 * named with a higher one, or nothing else is acceptable. No header: identity. */
enum coding coding_choose(const struct cond_list *accept, unsigned have);

#endif
