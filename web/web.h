/* web.h: the globals of the web platform that are the same in every host: URL,
 * encodings, events, binary data, timers, cryptography. Classes over the engine's
 * public interface (zigts.h). Called by the server (worker/host) and by
 * `zigttp run`. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/sv.h"
#include "engine/include/zigts.h"

/* Defines all of them: before the program is loaded, and in each VM of the process
 * before other classes. -1: a name clashes. */
int web_install(struct zigts *vm);

/* Defines a class; *id is kept for all VMs of the process, which hand numbers out in
 * the order they are asked. That they do is checked. */
int web_class(struct zigts *vm, const struct zigts_class *c, bool global, int *id);

/* ToString(v) as UTF-8; p NULL: exception. The bytes are heap memory that only the C
 * stack keeps alive: never store the view elsewhere. */
struct sv web_text(struct zigts *vm, zigts_val v);
/* …as a well-formed string value (WebIDL USVString). */
zigts_val web_usv(struct zigts *vm, zigts_val v);
/* TypeError unless argc >= n. False: thrown. */
bool web_needs(struct zigts *vm, uint32_t argc, uint32_t n, const char *what);
/* `length` of an array. */
uint32_t web_length(struct zigts *vm, zigts_val arr);

#endif
