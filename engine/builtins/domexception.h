/* domexception.h: throwing DOMExceptions from C. */
#ifndef ENGINE_BUILTINS_DOMEXCEPTION_H
#define ENGINE_BUILTINS_DOMEXCEPTION_H

#include "engine/builtins/builtins.h"

/* Makes a DOMException of this name pending; V_EXC. */
val throw_dom(struct vm *vm, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
