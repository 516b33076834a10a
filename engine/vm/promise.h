/* promise.h: promises and jobs (ECMA-262 27.2.1, 9.5), and the frames that wait for
 * promises (27.3 to 27.7). Shared by the interpreter's slow functions and the
 * built-ins.
 *
 * A reaction and the job that it becomes are one cell: it is linked into its
 * promise's list while the promise is pending, and into the VM's queue once there
 * is something to do. Jobs live in the heap; vm->jobs is forgotten when the
 * request ends, and a heap with queued jobs is not frozen. */
#ifndef ENGINE_VM_PROMISE_H
#define ENGINE_VM_PROMISE_H

#include "engine/vm/vmcode.h"

struct job;
/* 0; -1: an exception is pending (reported like an unhandled rejection unless the
 * VM terminates). */
typedef int (*job_fn)(struct vm *vm, struct job *j);

enum { JOB_ARGS = 5 };
struct job {                      /* KIND_LIST: every word is looked at conservatively */
	struct cell h;
	HF(struct job *) next;
	HF(job_fn) fn;
	hval value;                   /* what the promise was settled with */
	HF(uint64_t) rejected;        /* 1: value is the reason */
	hval a[JOB_ARGS];             /* fn's own */
};

/* A job whose a[] is undefined; fill it before the next allocation. */
struct job *job_new(struct vm *vm, job_fn fn);
void job_enqueue(struct vm *vm, struct job *j);
/* Runs jobs until there is none. -1: terminated, or an exception is pending. */
int jobs_run(struct vm *vm);
void jobs_end_request(struct vm *vm);

enum promise_state { PROMISE_PENDING, PROMISE_FULFILLED, PROMISE_REJECTED };
struct promise {                  /* KIND_PROMISE */
	struct cell h; HF(struct ext *) ext;
	HF(uint64_t) state;           /* enum promise_state */
	hval result;
	HF(struct job *) first;       /* reactions, while pending */
	HF(struct job *) last;
	HF(uint64_t) handled;
};
static inline struct promise *v_topromise(val v) { return (struct promise *)(uintptr_t)v; }

/* A pending %Promise%, or one with another prototype. */
val promise_new(struct vm *vm);
val promise_new_proto(struct vm *vm, struct obj *proto);
/* What a promise's resolve function does with v (27.2.1.3.2 from step 7): 0, or -1
 * when the VM terminates. The promise must be pending. */
int promise_resolve_with(struct vm *vm, val p, val v);
void promise_reject_with(struct vm *vm, val p, val reason);
/* Rejects p with the pending exception: 0; -1 when the VM terminates. */
int promise_reject_exc(struct vm *vm, val p);
/* Resolving functions with one [[AlreadyResolved]] (27.2.1.3). */
void promise_functions(struct vm *vm, val p, val *resolve, val *reject);
/* PromiseResolve(%Promise%, v) (27.2.4.7.1), or V_EXC. */
val promise_of(struct vm *vm, val v);
/* PerformPromiseThen (27.2.5.4.1): j is enqueued once p is settled. */
void promise_react(struct vm *vm, val p, struct job *j);
/* Is v a promise whose `then`, constructor and species are the original ones, so
 * that looking them up cannot be observed? */
bool promise_is_plain(struct vm *vm, val v);
/* The next promise that was rejected, has no handler and was not given before:
 * true and its reason. */
bool promise_next_unhandled(struct vm *vm, val *reason);

/* ---- frames that wait (async.c) ------------------------------------------------- */

/* What a call of an async function is worth: p settled by r, the result of running
 * its frame (V_HOLE: it waits). p or V_EXC. */
val async_settle(struct vm *vm, val p, val r);
/* AWAIT: saves the frame and makes the awaited value continue it. The interpreter
 * then returns V_HOLE. V_EXC: not suspended. */
val async_await(struct vm *vm, val *fp, const uint32_t *pc);
/* AYIELD: V_HOLE: suspended; V_UNDEF: the next request goes on at once; V_EXC. */
val async_yield(struct vm *vm, val *fp, const uint32_t *pc);
/* next, return and throw of async generators (27.6.1): the request's promise. */
val async_generator_request(struct vm *vm, val gen, val v, enum resume_kind how);

#endif
