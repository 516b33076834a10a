/* dispose.h: lists of resources and their disposal (ECMA-262 2027, 7.5, "Operations on
 * Disposable Objects"): what using declarations and the two kinds of DisposableStack
 * share. A list is an array that no script sees; V_UNDEF stands for an empty one. */
#ifndef ENGINE_VM_DISPOSE_H
#define ENGINE_VM_DISPOSE_H

#include "engine/vm/vmcode.h"

enum dispose_how {
	DISPOSE_METHOD,               /* method.call(value) */
	DISPOSE_ASYNC,                /* … whose result is awaited */
	DISPOSE_ASYNC_BY_SYNC,        /* a method of @@dispose for an asynchronous resource */
	DISPOSE_CALL = 4,             /* flag: method(value), for adopt */
};

/* AddDisposableResource without a method: looks it up. 0 or -1. */
int dispose_add(struct vm *vm, val *list, val v, bool async);
/* With one. */
int dispose_add_method(struct vm *vm, val *list, val v, val method, unsigned how);
/* DisposeResources up to the next value to be awaited: 1, and *await is that value; the
 * result is told to dispose_failed if it is a rejection. 0: all is done. *error: V_HOLE,
 * or what the completion throws; errors on the way are combined with it. -1: terminated. */
int dispose_step(struct vm *vm, val list, val *error, val *await);
void dispose_failed(struct vm *vm, val *error, val reason);

#endif
