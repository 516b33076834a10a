/* stream.h: ReadableStreams for C: bodies of requests and responses. The streams
 * themselves are JavaScript (js/readable.js, js/body.js). Values called `stream` are
 * ReadableStream objects. ZIGTS_EXC, -1: an exception is pending.
 *
 * The code is compiled before the freeze if the handler's has one of the names in
 * library.def, else by the first call in a request that is not web_stream_is. */
#ifndef WEB_STREAM_H
#define WEB_STREAM_H

#include "engine/include/zigts.h"

/* Is v a ReadableStream? Runs nothing of the program. */
bool web_stream_is(struct zigts *vm, zigts_val v);
/* Has it a reader; was it read or cancelled? */
bool web_stream_locked(struct zigts *vm, zigts_val stream);
bool web_stream_disturbed(struct zigts *vm, zigts_val stream);

/* A stream of bytes over functions (zigts_function or others): pull() gives a promise
 * of the next chunk, a Uint8Array whose buffer nobody else keeps, or of undefined at the
 * end; it is called when somebody waits for a chunk and no earlier call is pending. A
 * rejection errors the stream. cancel(reason): nobody wants more. */
zigts_val web_stream_new(struct zigts *vm, zigts_val pull, zigts_val cancel);
/* …of the bytes of a Uint8Array, which it takes over. */
zigts_val web_stream_of_bytes(struct zigts *vm, zigts_val bytes);

/* Reads all of it, and locks it for good: write(chunk) gets every chunk, a Uint8Array,
 * and returns undefined or, to hold the stream back, a promise; then end() or fail(reason)
 * is called, once. A chunk of another type, or a write that throws or rejects, cancels
 * the stream and fails with that. TypeError when it is locked. 0 or -1. */
int web_stream_drain(struct zigts *vm, zigts_val stream, zigts_val write, zigts_val end, zigts_val fail);
/* A promise of all bytes as one Uint8Array. TypeError when it is locked. */
zigts_val web_stream_collect(struct zigts *vm, zigts_val stream);
/* Nobody wants more of it, whoever has its reader. 0 or -1. */
int web_stream_cancel(struct zigts *vm, zigts_val stream, zigts_val reason);
/* Two streams with the same contents in an array; TypeError when it is locked. */
zigts_val web_stream_tee(struct zigts *vm, zigts_val stream);

#endif
