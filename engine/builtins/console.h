/* console.h: how console.* and the command line show values. Private to
 * engine/builtins; console_install_print is declared in builtins.h. */
#ifndef ENGINE_BUILTINS_CONSOLE_H
#define ENGINE_BUILTINS_CONSOLE_H

#include "base/buf.h"
#include "engine/builtins/builtins.h"

/* What one call of console.* may print; the rest is cut. */
#define CONSOLE_MAX (16u << 20)

/* Appends v as Node's util.inspect would with this depth (-1: no limit): strings
 * quoted, line breaks where 72 columns are not enough. Runs no scripts: getters,
 * proxies and toString are not called. 0, or -1: stopped by a limit, pending. */
int console_inspect(struct vm *vm, struct buf *out, val v, int depth);
/* Appends a string as it is, up to CONSOLE_MAX. */
void console_put_str(struct vm *vm, struct buf *out, struct str *s);

/* console_table.c: appends v as a table: 1, 0 (v is no object: nothing done), -1. */
int console_put_table(struct vm *vm, struct buf *out, val v);

/* global.c: parseInt and parseFloat of one argument. */
val global_parse_int(struct vm *vm, val v);
val global_parse_float(struct vm *vm, val v);

#endif
