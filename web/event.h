/* event.h: events for classes that extend EventTarget, and abort signals. For the files
 * of web/ only; others go through web.h. */
#ifndef WEB_EVENT_H
#define WEB_EVENT_H

#include "web/parts.h"

/* First slots of every EventTarget; the payload's first 8 bytes are spare. */
enum { TARGET_LISTENERS, TARGET_NSLOTS };

/* Class id, for `parent`. */
int event_target_class(void);
bool event_target_is(zigts_val v);
/* Fires a trusted event that neither bubbles nor can be canceled. What listeners throw
 * is reported. 0; -1: the VM terminates. */
int event_fire(struct zigts *vm, zigts_val target, const char *type);
/* The function of an attribute such as onabort, or null; setting it: what is no
 * function removes it. */
zigts_val event_handler(struct zigts *vm, zigts_val target, const char *type);
int event_set_handler(struct zigts *vm, zigts_val target, const char *type, zigts_val fn);

/* ---- abort.c ---- */

bool signal_is(zigts_val v);
/* v is an AbortSignal. */
bool signal_aborted(zigts_val v);
/* When the signal aborts, event_signal_aborted is called with these two. */
int signal_drop_listener(struct zigts *vm, zigts_val signal, zigts_val target, zigts_val listener);
int event_signal_aborted(struct zigts *vm, zigts_val target, zigts_val listener);

#endif
