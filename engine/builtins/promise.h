/* promise.h: promise capabilities (ECMA-262 27.2.1.1), shared by promise.c and
 * promise_all.c. */
#ifndef ENGINE_BUILTINS_PROMISE_H
#define ENGINE_BUILTINS_PROMISE_H

#include "engine/vm/promise.h"

/* resolve is undefined when the promise is a plain one of ours that only C code
 * will settle, once: then no functions exist. */
struct capability { val promise, resolve, reject; };

/* NewPromiseCapability (27.2.1.5), with functions. 0 or -1. */
int capability_new(struct vm *vm, val c, struct capability *out);
/* The same for capabilities whose functions no script will see. */
int capability_private(struct vm *vm, val c, struct capability *out);
/* 0, or -1: the functions threw. */
int capability_resolve(struct vm *vm, const struct capability *cap, val v);
int capability_reject(struct vm *vm, const struct capability *cap, val reason);
/* IfAbruptRejectPromise: rejects with the pending exception; the promise or V_EXC. */
val capability_fail(struct vm *vm, const struct capability *cap);
/* PromiseResolve(c, v) (27.2.4.7.1) */
val promise_resolve_ctor(struct vm *vm, val c, val v);

/* promise_all.c: all, allSettled, any, race; magic is the enum. */
enum combinator { COMBINE_ALL, COMBINE_SETTLED, COMBINE_ANY, COMBINE_RACE };
val promise_combine(struct vm *vm, val *a, uint32_t argc);

#endif
