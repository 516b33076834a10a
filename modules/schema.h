/* schema.h: compiled JSON schemas, for validate.c and decode.c. A compiled schema is a
 * JavaScript array of pairs, keyword number and operand, that no program gets to see;
 * operands hold other ones, regular expressions, numbers, lists. */
#ifndef MODULES_SCHEMA_H
#define MODULES_SCHEMA_H

#include "modules/parts.h"

enum keyword {
	KW_FALSE,                /* the schema `false` */
	KW_DEFAULTS,             /* [name, value, …] of properties with a default */
#define KEYWORD(name, text, operand) KW_##name,
#define NOTE(text)
#include "modules/keywords.def"
	KW__N
};
extern const char *const keyword_text[KW__N];

enum { T_NULL = 1, T_BOOLEAN = 2, T_INTEGER = 4, T_NUMBER = 8, T_STRING = 16, T_ARRAY = 32, T_OBJECT = 64 };
extern const char *const schema_type_text[7];

/* `schema` is a value made by the JSON parser, nobody else's. ZIGTS_EXC: a TypeError that
 * names the place. */
zigts_val schema_compile(struct zigts *vm, zigts_val schema);

/* format.c: the number of a format, -1: unknown; does the text have it? */
int format_find(struct sv name);
bool format_has(int format, struct sv s);
const char *format_name(int format);

/* Of the registry. ZIGTS_EXC: a TypeError, there is none of that name. */
zigts_val schema_named(struct zigts *vm, zigts_val name, const char *what);
/* Checks v, which with `coerce` may be changed and replaced on the way: a Result. */
zigts_val schema_result(struct zigts *vm, zigts_val schema, zigts_val v, bool coerce);
/* { ok: false, errors: [{ path, keyword, message }] } of one error. */
zigts_val schema_error(struct zigts *vm, const char *path, const char *keyword, const char *message);
/* JSON text → Result. */
zigts_val schema_json(struct zigts *vm, zigts_val schema, zigts_val text, bool coerce);

#endif
