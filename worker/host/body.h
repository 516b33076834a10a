/* body.h: the bodies of Request and Response (Fetch 5.2, 5.3): what they are made of,
 * and text(), json() and the others. Not for others than worker/host. */
#ifndef WORKER_HOST_BODY_H
#define WORKER_HOST_BODY_H

#include "worker/host/parts.h"

enum body_kind {
	BODY_NONE,               /* null */
	BODY_STRING,             /* slot BODY is a string, in UTF-8 on the wire */
	BODY_BLOB,               /* slot BODY is a Blob */
	BODY_STREAM,             /* slot BODY is a ReadableStream */
	BODY_INCOMING            /* that of rq; slot BODY: it as a string, once somebody asked */
};
/* First in the payload of both classes; the first slots of both. */
struct body {
	const struct host_request *rq;   /* INCOMING */
	uint8_t kind, used;
};
enum { BODY_SLOT_SOURCE, BODY_SLOT_STREAM /* made of another kind when somebody asked for it */, BODY_NSLOTS };

/* The body of v, of either class (in request.c and response.c); NULL: not one. */
const struct body *request_body(zigts_val v);
const struct body *response_body(zigts_val v);
/* The Headers of either. */
zigts_val request_headers(struct zigts *vm, zigts_val v);
zigts_val response_headers(struct zigts *vm, zigts_val v);

/* Media types that bodies have by themselves. */
enum body_type { BODY_TYPE_NONE, BODY_TYPE_TEXT, BODY_TYPE_JSON, BODY_TYPE_HTML, BODY_TYPE_FORM, BODY_TYPE_OTHER };
extern const struct sv body_type_text[];

/* 5.2 "extract a body" of v, not null: *out and the value for the slot. type_text:
 * a string for BODY_TYPE_OTHER. 0 or -1. */
struct body_made { struct body body; zigts_val source, type_text; enum body_type type; };
int body_extract(struct zigts *vm, zigts_val v, struct body_made *out);
/* Writes it into self. */
void body_put(struct zigts *vm, zigts_val self, const struct body_made *m);
/* Appends the media type to the headers unless they name one. 0 or -1. */
int body_type_header(struct zigts *vm, zigts_val headers, const struct body_made *m);

/* The bytes, which stay as long as self does; p NULL: exception. Notes that they were
 * read. */
struct sv body_view(struct zigts *vm, zigts_val self, const struct body *b);
/* An answer depends on the body from now on. */
void body_note(const struct body *b);
/* TypeError if the body was read already, or its stream is locked. False: thrown. */
bool body_usable(struct zigts *vm, zigts_val self, const struct body *b);
void body_set_used(struct zigts *vm, zigts_val self, bool used);
/* self's body, or for `tee` another of the same contents, becomes that of `to`; then
 * both are usable. 0 or -1. */
int body_share(struct zigts *vm, zigts_val to, zigts_val from, const struct body *b, bool tee);

/* Before the program is loaded. */
int body_install(struct zigts *vm);

/* Natives of both classes, for body_rows.def. */
zigts_val body_get(struct zigts *vm, zigts_val *a, uint32_t argc);
zigts_val body_get_used(struct zigts *vm, zigts_val *a, uint32_t argc);
zigts_val body_text(struct zigts *vm, zigts_val *a, uint32_t argc);
zigts_val body_json(struct zigts *vm, zigts_val *a, uint32_t argc);
zigts_val body_array_buffer(struct zigts *vm, zigts_val *a, uint32_t argc);
zigts_val body_bytes(struct zigts *vm, zigts_val *a, uint32_t argc);
zigts_val body_blob(struct zigts *vm, zigts_val *a, uint32_t argc);
zigts_val body_form_data(struct zigts *vm, zigts_val *a, uint32_t argc);

#endif
