/* draft.c: a program's text is compiled in a thread of its own while its VM is being
 * made: the two take equally long, and engine/gen knows no VM. Whatever needs one
 * (an error to be told, a comptime expression that has to be run) is left to the VM:
 * then there is no image, and zigts_load_draft compiles once more. */
#include "engine/api/draft.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "base/cpus.h"
#include "engine/api/compile.h"

#define WORTH_BYTES 1500u         /* of text: less is compiled before the thread runs */
#define STACK_BYTES (1u << 20)
#define STACK_SPARE (128u << 10)  /* as deep as what is not asked for its depth may go */

struct zigts_draft {
	struct draft_text text;
	struct image *im;         /* the thread's until it has posted `done` */
	sem_t done;               /* a thread takes a while to end after its last line */
	void (*then)(void *u);
	void *u;
	pthread_t thread;
	bool started;
};

/* A comptime_fn for those without a realm. */
static bool no_realm(void *arg, struct ast *a, struct node *call, struct sv js, struct parse_error *err)
{
	(void)arg, (void)a, (void)call, (void)js;
	err->msg[0] = '\0';
	return false;
}

static void *compile(void *arg)
{
	struct zigts_draft *d = arg;
	const char *limit = (const char *)__builtin_frame_address(0) - STACK_BYTES + STACK_SPARE;
	struct gen_options opt = gen_options_of(d->text.kind, limit);
	struct gen_diag err = { 0 };

	opt.comptime = no_realm;
	d->im = gen_compile(d->text.name, d->text.src, d->text.n, &opt, &err);
	gen_diag_free(&err);
	sem_post(&d->done);
	if (d->then)
		d->then(d->u);
	return NULL;
}

struct zigts_draft *zigts_draft(const char *name, const char *src, size_t n, enum zigts_source kind,
				void (*then)(void *u), void *u)
{
	struct zigts_draft *d = calloc(1, sizeof *d);
	cpu_set_t all, others;
	pthread_attr_t attr;

	AN(d);
	d->text = (struct draft_text){ name, src, n, kind };
	d->then = then;
	d->u = u;
	sem_init(&d->done, 0, 0);
	if (n < WORTH_BYTES || pthread_attr_init(&attr) != 0)
		return d;
	if (pthread_attr_setstacksize(&attr, STACK_BYTES) == 0)
		d->started = pthread_create(&d->thread, &attr, compile, d) == 0;
	pthread_attr_destroy(&attr);
	if (d->started && cpus_others(&all, &others))
		pthread_setaffinity_np(d->thread, sizeof others, &others);
	return d;
}

struct image *draft_image(struct zigts_draft *d)
{
	struct image *im;

	while (d->started && sem_wait(&d->done) != 0)
		AZ(errno != EINTR);
	im = d->im;
	d->im = NULL;
	return im;
}

const struct draft_text *draft_text(const struct zigts_draft *d) { return &d->text; }

void zigts_draft_free(struct zigts_draft **d)
{
	if (!*d)
		return;
	if ((*d)->started)
		AZ(pthread_join((*d)->thread, NULL));
	image_free((*d)->im);
	sem_destroy(&(*d)->done);
	free(*d);
	*d = NULL;
}
