/* ctl_protocol.h: what zigttpctl and the supervisor say to each other: frames
 * of a 4-byte big-endian length and one msgpack map.
 *
 *   request   { "verb": "reload" }
 *   response  { "ok": true, … } or { "ok": false, "error": "why" }
 *
 * A connection may carry several exchanges, one after the other. Both sides
 * bound all they read: size, depth, number of objects, and declared lengths by
 * the bytes that are there, before msgpack-c allocates by them. */
#ifndef SUPERVISOR_CTL_PROTOCOL_H
#define SUPERVISOR_CTL_PROTOCOL_H

#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

#define CTL_FRAME_MAX   (1u << 20)
#define CTL_DEPTH_MAX   32u
#define CTL_OBJECTS_MAX 65536u
#define CTL_PATHS       2        /* places where a control socket may lie */
#define CTL_PATH_MAX    108      /* of struct sockaddr_un */

/* Where the control socket of the server on `port` lies unless the operator
 * says otherwise, by preference: $RUNTIME_DIRECTORY/control and, beside another
 * server, $RUNTIME_DIRECTORY/control.PORT (the directory is /run/zigttpd for root
 * where none is named); else $XDG_RUNTIME_DIR/zigttpd.PORT, or
 * /tmp/zigttpd-UID/PORT. Returns how many. */
int ctl_paths(uint16_t port, char path[CTL_PATHS][CTL_PATH_MAX]);

/* ---- reading ---------------------------------------------------------------- */

enum ctl_frame { CTL_MORE, CTL_WHOLE, CTL_BAD };
/* The frame at the start of p[0..n). CTL_WHOLE: *body is what follows the four
 * bytes of length. CTL_BAD: longer than allowed. */
enum ctl_frame ctl_frame(const char *p, size_t n, struct sv *body);
/* Is the body exactly one map within the bounds above, with text keys? */
bool ctl_valid(struct sv body);
/* Decodes a body; false: not valid. Else msgpack_unpacked_destroy it. */
bool ctl_unpack(struct sv body, msgpack_unpacked *out);
/* A value of a map; NULL: no such key, or no map. */
const msgpack_object *ctl_get(const msgpack_object *map, const char *key);
uint64_t ctl_u64(const msgpack_object *map, const char *key);  /* 0 */
bool ctl_bool(const msgpack_object *map, const char *key);     /* false */
struct sv ctl_text(const msgpack_object *map, const char *key); /* "" */

/* ---- writing ---------------------------------------------------------------- */

/* Something under construction in a buffer. Entries are added to the innermost
 * open map or array only. */
struct ctl_out { struct buf *b; size_t frame; struct { size_t at; uint32_t n; } open[8]; int depth; };
/* Begins a frame with a map; ctl_end closes it and stores its length. False:
 * longer than CTL_FRAME_MAX; the frame has been taken back. */
void ctl_begin(struct ctl_out *o, struct buf *b);
bool ctl_end(struct ctl_out *o);
/* key: NULL inside an array. */
void ctl_put_u64(struct ctl_out *o, const char *key, uint64_t v);
void ctl_put_bool(struct ctl_out *o, const char *key, bool v);
void ctl_put_sv(struct ctl_out *o, const char *key, struct sv v);
void ctl_put_text(struct ctl_out *o, const char *key, const char *v);
void ctl_open_map(struct ctl_out *o, const char *key);
void ctl_open_array(struct ctl_out *o, const char *key);
void ctl_close(struct ctl_out *o);

#endif
