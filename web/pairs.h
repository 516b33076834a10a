/* pairs.h: lists of names and values, flat arrays [name, value, name, value, …], as
 * URLSearchParams, FormData and Headers keep them, and their iterators. Names are
 * strings. */
#ifndef WEB_PAIRS_H
#define WEB_PAIRS_H

#include "web/web.h"

/* Both may be ZIGTS_EXC. 0 or -1. */
int pairs_push(struct zigts *vm, zigts_val list, zigts_val name, zigts_val value);
/* What is looked for: a name, and a value (a string) unless `any`. */
struct pairs_wanted { struct sv name, value; bool any; };
/* The place of the first pair wanted at or behind place i; -1: none, -2: exception. */
int64_t pairs_find(struct zigts *vm, zigts_val list, uint32_t i, const struct pairs_wanted *w);
/* The value of the first pair wanted, null if there is none; all of them, as an array;
 * is there one? ZIGTS_EXC. */
zigts_val pairs_get(struct zigts *vm, zigts_val list, const struct pairs_wanted *w);
zigts_val pairs_get_all(struct zigts *vm, zigts_val list, const struct pairs_wanted *w);
zigts_val pairs_has(struct zigts *vm, zigts_val list, const struct pairs_wanted *w);
/* A new list without the pairs wanted; with a value, the first of them keeps its place
 * and gets it, or the pair goes to the end. */
zigts_val pairs_replace(struct zigts *vm, zigts_val list, const struct pairs_wanted *w, zigts_val value);

/* ---- iterators (Web IDL 3.7.10): live when `of` is an object whose slot 0 is the
 * list; of may be a list as well ---- */

enum pairs_view { PAIRS_KEYS, PAIRS_VALUES, PAIRS_ENTRIES };
/* Payload and slots that an iterator's class has. */
struct pairs_cursor { uint32_t view, i; };
enum { PAIRS_ITERATOR_SLOTS = 1 };
/* A new object of the class; of ZIGTS_EXC: that. */
zigts_val pairs_iterate(struct zigts *vm, int class_id, zigts_val of, enum pairs_view view);
/* Its method next. */
zigts_val pairs_next(struct zigts *vm, int class_id, zigts_val self);
/* forEach of self. */
zigts_val pairs_for_each(struct zigts *vm, zigts_val self, zigts_val of, zigts_val fn, zigts_val this_arg);

#endif
