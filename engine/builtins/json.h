/* json.h: JSON for the embedder and between the JSON files.
 *
 *   json.c            the JSON object, revivers
 *   json_parse.c      text → values
 *   json_stringify.c  values → text
 *   json_scan.h       finding the characters that end a plain run of a string */
#ifndef ENGINE_BUILTINS_JSON_H
#define ENGINE_BUILTINS_JSON_H

#include "engine/vm/vmcode.h"

/* Parses UTF-8 (ill-formed sequences inside strings become U+FFFD). The bytes must
 * stay as they are until the request ends: long strings refer to them; before the
 * freeze they are copied. The value, or V_EXC: SyntaxError, RangeError. */
val json_parse_utf8(struct vm *vm, const char *p, size_t n);
/* JSON.stringify(v) as UTF-8, lone surrogates as \udXXX. 0: *p, *n in arena memory,
 * valid while *p is on the C stack or the request's memory is not collected;
 * 1: undefined (nothing to write); -1: exception. */
int json_stringify_utf8(struct vm *vm, val v, const char **p, size_t *n);

/* Parses the text of a string. sources: arrays and objects are made, but whatever else
 * there is in them is the string of its own text. */
val json_parse_str(struct vm *vm, struct str *s, bool sources);
/* JSON.stringify(v, replacer, space): a string, undefined or V_EXC. */
val json_stringify(struct vm *vm, val v, val replacer, val space);
/* Once, when the realm is made: room for the texts of shapes. */
void json_templates_init(struct vm *vm);

#endif
