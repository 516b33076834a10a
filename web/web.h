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
/* "UTF-8 decode" of the Encoding standard: without a byte order mark, what is
 * ill-formed replaced. */
zigts_val web_decoded(struct zigts *vm, struct sv s);
/* ToString(v). */
zigts_val web_string(struct zigts *vm, zigts_val v);
static inline bool web_is_object(zigts_val v)
{
	return zigts_type(v) == ZIGTS_T_OBJECT || zigts_type(v) == ZIGTS_T_FUNCTION;
}
/* An argument that is a dictionary: an object, or undefined for none. ZIGTS_EXC:
 * TypeError. */
zigts_val web_dictionary(struct zigts *vm, zigts_val v, const char *what);
/* TypeError unless argc >= n. False: thrown. */
bool web_needs(struct zigts *vm, uint32_t argc, uint32_t n, const char *what);
/* `length` of an array. */
uint32_t web_length(struct zigts *vm, zigts_val arr);

/* Is v a URLSearchParams? */
bool web_params_is(zigts_val v);

/* ---- abort signals (abort.c) ---- */

/* A new signal that only C can abort. */
zigts_val web_signal(struct zigts *vm);
bool web_signal_is(zigts_val v);
/* v is an AbortSignal. */
bool web_signal_aborted(zigts_val v);
zigts_val web_signal_reason(zigts_val v);
/* Aborts: runs the listeners. reason undefined: an AbortError. Once; later calls do
 * nothing. 0; -1: the VM terminates. */
int web_signal_abort(struct zigts *vm, zigts_val signal, zigts_val reason);
/* From now on `signal`, a new one, aborts when source does. 0 or -1. */
int web_signal_follow(struct zigts *vm, zigts_val signal, zigts_val source);

#endif
