/* dispatch.c: loads the handlers (in the zygote) and runs one for each request
 * (in a worker). Calls the engine; nobody else in the server does, except the
 * host classes on the engine's behalf. */
#include "worker/dispatch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/hash.h"
#include "base/log.h"
#include "modules/modules.h"
#include "worker/app.h"
#include "worker/host/host.h"
#include "worker/worker.h"

#define SOURCE_MAX (64u << 20)

/* console.*: one write per line, so lines of several processes do not mix. */
static void print(void *u, int level, const char *p, size_t n)
{
	struct buf b = BUF_INIT;

	(void)u;
	buf_put(&b, p, n);
	if (n == 0 || p[n - 1] != '\n')
		buf_putc(&b, '\n');
	log_text(level <= LOG_WARN ? (enum log_level)level : LOG_WARN, b.p, b.len);
	buf_free(&b);
}

/* ---- loading ----------------------------------------------------------- */

static int read_source(const struct app_setting *a, struct buf *src)
{
	int err;

	if (a->code) {
		buf_puts(src, a->code);
		return 0;
	}
	if (fd_read_file(a->handler, SOURCE_MAX, src) == 0)
		return 0;
	err = errno;
	if (err == EISDIR)
		fprintf(stderr, "zigttpd: %s is a directory; name the handler's file\n", a->handler);
	else if (err == EFBIG)
		fprintf(stderr, "zigttpd: %s is larger than %u MiB\n", a->handler, SOURCE_MAX >> 20);
	else
		fprintf(stderr, "zigttpd: cannot read %s: %s\n", a->handler, strerror(err));
	return err == EACCES || err == EPERM ? EXIT_PERM : EXIT_NO_INPUT;
}

static COLD void print_exception(struct zigts *vm, zigts_val exc)
{
	size_t n;
	const char *text = zigts_describe_exception(vm, exc, &n);

	if (!text)
		text = "(an exception that cannot be described)", n = strlen(text);
	fprintf(stderr, "%.*s\n", (int)n, text);
}

static bool is_function(zigts_val v) { return zigts_type(v) == ZIGTS_T_FUNCTION; }

/* The shapes of a handler, first match wins. False: none of them. */
static bool find_handler(struct handler *h, struct zigts_program *p, zigts_val *fn, zigts_val *self)
{
	zigts_val d = zigts_binding(h->vm, p, "default");

	*self = ZIGTS_UNDEF;
	*fn = d;
	if (is_function(d))
		return true;
	if (d != ZIGTS_EXC && zigts_type(d) == ZIGTS_T_OBJECT) {
		*fn = zigts_get(h->vm, d, "fetch");
		if (*fn != ZIGTS_EXC && is_function(*fn)) {
			h->fetch_shape = true;
			*self = d;
			return true;
		}
	}
	*fn = zigts_binding(h->vm, p, "handler");
	return *fn != ZIGTS_EXC && is_function(*fn);
}

/* What to do about a program in which no handler was found. */
static void no_handler(struct handler *h, struct zigts_program *p, zigts_val fn)
{
	static const char *const how = "define function handler(request) and export it, or export default a function or an "
		"object with a fetch method";
	zigts_val d = zigts_binding(h->vm, p, "default");
	char near[64];
	bool like = zigts_near_name(p, "handler", near);
	struct buf msg = BUF_INIT, out = BUF_INIT;
	bool told = false;

	if (d != ZIGTS_EXC && zigts_type(d) != ZIGTS_T_UNDEFINED) {
		buf_printf(&msg, "the program has no handler: its default export must be a function, or an object with a method "
			   "fetch(request)");
		told = zigts_point_at_name(p, "default", buf_cstr(&msg), &out);
	} else if (fn != ZIGTS_EXC && zigts_type(fn) != ZIGTS_T_UNDEFINED) {
		told = zigts_point_at_name(p, "handler", "the program has no handler: 'handler' is no function", &out);
	} else if (like && strcmp(near, "handler") == 0) {
		told = zigts_point_at_name(p, near, "the program has no handler: this function is not exported, write export before it", &out);
	} else if (like) {
		buf_printf(&msg, "the program has no handler; did you mean to call this 'handler' instead of '%s'?", near);
		told = zigts_point_at_name(p, near, buf_cstr(&msg), &out);
	}
	if (!told) {
		msg.len = 0;
		buf_printf(&msg, "the program has no handler: %s", how);
		told = zigts_point_at_name(p, NULL, buf_cstr(&msg), &out);
	}
	fprintf(stderr, "%s\n", buf_cstr(&out));
	buf_free(&msg);
	buf_free(&out);
}

static const char *name_of(const struct app_setting *a) { return a->code ? "-e" : a->handler; }

static int load_program(struct handler *h, const struct app_setting *a)
{
	const char *name = name_of(a);
	struct zigts_diag diag = { 0 };
	struct zigts_program *p = zigts_load_draft(h->vm, h->draft, &diag);
	zigts_val fn, self;

	if (!p) {
		fprintf(stderr, "%s\n", diag.text ? diag.text : "the handler does not compile");
		zigts_diag_free(&diag);
		return EXIT_NO_COMPILE;
	}
	if (zigts_eval(h->vm, p) != 0) {
		fprintf(stderr, "zigttpd: %s failed while it was loaded:\n", name);
		print_exception(h->vm, zigts_take_exception(h->vm));
		return EXIT_NO_COMPILE;
	}
	if (zigts_next_rejection(h->vm, &fn)) {
		fprintf(stderr, "zigttpd: %s left a rejected promise unhandled while it was loaded:\n", name);
		print_exception(h->vm, fn);
		return EXIT_NO_COMPILE;
	}
	if (!find_handler(h, p, &fn, &self)) {
		no_handler(h, p, fn);
		return EXIT_NO_COMPILE;
	}
	h->fn_root = zigts_root_add(h->vm, fn);
	h->this_root = zigts_root_add(h->vm, self);
	if (h->fetch_shape) {
		h->env_root = zigts_root_add(h->vm, zigts_object(h->vm));
		h->ctx_root = zigts_root_add(h->vm, zigts_object(h->vm));
	}
	return 0;
}

static int load_handler(struct handler *h, const struct app_setting *a, const struct settings *set)
{
	struct zigts_config cfg = { .memory_limit = set->memory ? set->memory : SIZE_MAX, .print = print };
	struct zigts_loader loader;
	int r = h->unread;

	if (r != 0)
		return r;
	h->vm = zigts_new(&cfg);
	if (!h->vm) {
		fprintf(stderr, "zigttpd: cannot make a JavaScript VM: %s\n", strerror(errno));
		return EXIT_OS;
	}
	h->files = zigts_files_new();
	loader = zigts_files_loader(h->files, false);
	zigts_set_loader(h->vm, &loader);
	if (host_install(h->vm) != 0) {
		fprintf(stderr, "zigttpd: the host classes clash with the engine's\n");
		return EXIT_SOFTWARE;
	}
	modules_install(h->vm, a->name ? a->name : "");
	modules_set_log(log_text);
	r = load_program(h, a);
	buf_free(&h->source);
	if (r == 0 && zigts_awaits(h->vm))
		fprintf(stderr, "zigttpd: %s: timers set while it was loaded do not run: timers belong to requests\n",
			name_of(a));
	if (r == 0 && zigts_freeze(h->vm) != 0) {
		fprintf(stderr, "zigttpd: the heap cannot be frozen\n");
		r = EXIT_SOFTWARE;
	}
	return r;
}

void dispatch_read(struct app *app, const struct heritage *h, void (*then)(void *u), void *u)
{
	uint32_t i;

	*app = (struct app){ .set = h->set, .n = h->set->napps };
	app->handler = calloc(app->n, sizeof *app->handler);
	AN(app->handler);
	for (i = 0; i < app->n; i++) {
		struct handler *one = &app->handler[i];
		const struct app_setting *a = &h->set->app[i];

		one->unread = read_source(a, &one->source);
		if (one->unread == 0)
			one->draft = zigts_draft(name_of(a), buf_cstr(&one->source), one->source.len, ZIGTS_GUESS,
						 i == 0 ? then : NULL, u);
	}
}

int dispatch_load(struct app *app, const struct heritage *h)
{
	struct hash_key key;
	uint32_t i;
	int r, first = 0;

	modules_set_stores(h->state, h->rates);
	for (i = 0; i < app->n; i++) { /* all of them, to tell all that is wrong */
		r = load_handler(&app->handler[i], &h->set->app[i], h->set);
		zigts_draft_free(&app->handler[i].draft); /* a worker is a copy of one thread */
		if (first == 0)
			first = r;
	}
	app->vm = app->handler[0].vm;
	hash_key_random(&key);
	app->instance = key.k0;
	return first;
}

void dispatch_files(const struct app *app, struct buf *out)
{
	const char *path;
	uint32_t i, k;

	for (i = 0; i < app->n; i++)
		for (k = 0; app->handler[i].files && (path = zigts_files_path(app->handler[i].files, k)); k++)
			buf_put(out, path, strlen(path) + 1);
}

void dispatch_after_fork(struct app *app)
{
	uint32_t i;

	for (i = 0; i < app->n; i++)
		zigts_after_fork(app->handler[i].vm);
}

void dispatch_set_hook(struct app *app, uint64_t period_ns, void (*fn)(void *u, uint64_t ran_ns), void *u)
{
	uint32_t i;

	for (i = 0; i < app->n; i++)
		zigts_set_hook(app->handler[i].vm, period_ns, fn, u);
}

void dispatch_set_wait(struct app *app, zigts_wait_fn *fn, void *u)
{
	uint32_t i;

	for (i = 0; i < app->n; i++)
		zigts_set_wait(app->handler[i].vm, fn, u);
}

void dispatch_stop(struct app *app) { zigts_interrupt(app->vm, ZIGTS_TERM_EXIT); }

size_t dispatch_snapshot_bytes(const struct app *app)
{
	struct zigts_stats stats;
	size_t sum = 0;
	uint32_t i;

	for (i = 0; i < app->n; i++) {
		zigts_stats(app->handler[i].vm, &stats);
		sum += stats.snapshot_bytes;
	}
	return sum;
}

size_t dispatch_heap_bytes(const struct app *app)
{
	struct zigts_stats stats;
	size_t sum = dispatch_snapshot_bytes(app);

	if (app->vm) {
		zigts_stats(app->vm, &stats);
		sum += stats.arena_peak;
	}
	return sum;
}

size_t dispatch_backtrace(struct app *app, char *out, size_t n) { return zigts_backtrace(app->vm, out, n); }

bool dispatch_where(const struct app *app, char *function, size_t nfunction, char *file, size_t nfile,
		    uint32_t *line, uint32_t *col)
{
	return zigts_where(app->vm, function, nfunction, file, nfile, line, col);
}

bool dispatch_worn(const struct app *app)
{
	uint32_t i;

	for (i = 0; i < app->n; i++)
		if (zigts_worn(app->handler[i].vm))
			return true;
	return false;
}

/* ---- a request --------------------------------------------------------- */

static COLD void complain(const struct dispatch_request *rq, const char *p, size_t n)
{
	struct sv m = http_view(rq->bytes, rq->head->method_text), t = http_view(rq->bytes, rq->head->target);

	if (t.n > 200)
		t.n = 200;
	if (n > 1500) { /* longer than a log line: the text goes in a piece of its own */
		log_err(SV_FMT " " SV_FMT ":", SV_ARG(m), SV_ARG(t));
		log_text(LOG_ERR, p, n);
		log_text(LOG_ERR, "\n", 1);
		return;
	}
	log_err(SV_FMT " " SV_FMT ": %.*s", SV_ARG(m), SV_ARG(t), (int)n, p);
}

/* The handler gave what is no answer: what, where it is, and what to do. */
static COLD void unusable(const struct handler *h, const struct dispatch_request *rq, zigts_val v)
{
	static const char *const what[] = { [ZIGTS_T_UNDEFINED] = "nothing (undefined)", [ZIGTS_T_NULL] = "null",
		[ZIGTS_T_BOOLEAN] = "a boolean", [ZIGTS_T_NUMBER] = "a number", [ZIGTS_T_STRING] = "a string",
		[ZIGTS_T_SYMBOL] = "a symbol", [ZIGTS_T_BIGINT] = "a bigint", [ZIGTS_T_OBJECT] = "an object of its own class",
		[ZIGTS_T_FUNCTION] = "a function" };
	struct buf msg = BUF_INIT, out = BUF_INIT;

	buf_printf(&msg, "the handler returned %s: return a Response (such as Response.json(..)), a string, or a plain object",
		   what[zigts_type(v)]);
	if (!zigts_point_at_function(zigts_root(h->vm, h->fn_root), buf_cstr(&msg), &out))
		buf_put(&out, msg.p, msg.len);
	while (out.len && out.p[out.len - 1] == '\n')
		out.len--;
	complain(rq, out.p, out.len);
	buf_free(&msg);
	buf_free(&out);
}

static COLD uint16_t failed(const struct app *app, const struct dispatch_request *rq)
{
	struct zigts *vm = app->vm;
	const char *text;
	char line[96];
	size_t n = 0;

	switch (zigts_terminated(vm)) {
	case ZIGTS_TERM_DEADLINE:
		n = (size_t)snprintf(line, sizeof line, "the handler took longer than %g s",
				     (double)app->set->handler_ns / 1e9);
		complain(rq, line, n);
		SHM_ADD(app->slot->timeouts, 1);
		return 504;
	case ZIGTS_TERM_CPU:
		n = (size_t)snprintf(line, sizeof line, "the handler used more than %g s of processor time",
				     (double)app->set->handler_cpu_ns / 1e9);
		complain(rq, line, n);
		SHM_ADD(app->slot->timeouts, 1);
		return 504;
	case ZIGTS_TERM_OOM:
		SHM_ADD(app->slot->oom, 1);
		complain(rq, "the handler ran out of memory", 29);
		return 500;
	case ZIGTS_TERM_EXIT:
		return 503;
	case ZIGTS_TERM_NONE:
		break;
	}
	SHM_ADD(app->slot->exceptions, 1);
	text = zigts_describe_exception(vm, zigts_take_exception(vm), &n);
	complain(rq, text ? text : "exception", text ? n : 9);
	return 500;
}

/* Rejections that the handler did not wait for change nothing but the log. */
static COLD void tell_rejections(struct zigts *vm, const struct dispatch_request *rq)
{
	zigts_val reason;

	while (zigts_next_rejection(vm, &reason)) {
		struct buf b = BUF_INIT;
		size_t n = 0;
		const char *text = zigts_describe_exception(vm, reason, &n);

		buf_puts(&b, "unhandled rejection: ");
		buf_put(&b, text ? text : "exception", text ? n : 9);
		complain(rq, b.p, b.len);
		buf_free(&b);
	}
}

/* The request that runs. */
struct run {
	struct app *app;
	const struct handler *to;
	const struct dispatch_request *rq;
	const struct host_request *hr;
	zigts_val stream;        /* body of the reply, if it is streamed */
};

/* zigts_turn; that the client has left by then is told to the handler. */
static int turn(void *of)
{
	const struct run *x = of;
	int r = zigts_turn(x->app->vm);

	if (r >= 0 && host_source_turn(x->app->vm, x->hr) < 0)
		return -1;
	return r >= 0 && x->rq->sink->gone(x->rq->sink->u) && host_request_abort(x->app->vm, x->hr) < 0 ? -1 : r;
}

/* Waits for the promise *v, which becomes its value. 0, or the status to answer. */
static uint16_t settled(struct run *x, zigts_val *v)
{
	const struct dispatch_request *rq = x->rq;
	struct app *app = x->app;
	struct zigts *vm = app->vm;
	zigts_val p = zigts_await(vm, *v);
	const char *text;
	size_t n = 0;

	int turns = 1;

	if (p == ZIGTS_EXC)
		return failed(app, rq);
	while (turns > 0 && zigts_promise_state(p, v) == ZIGTS_PROMISE_PENDING)
		turns = turn(x);
	if (turns < 0)
		return failed(app, rq);
	switch (zigts_promise_state(p, v)) {
	case ZIGTS_PROMISE_FULFILLED:
		return 0;
	case ZIGTS_PROMISE_REJECTED:
		SHM_ADD(app->slot->exceptions, 1);
		text = zigts_describe_exception(vm, *v, &n);
		complain(rq, text ? text : "exception", text ? n : 9);
		break;
	default:
		complain(rq, "the handler's promise never settles", 35);
	}
	return 500;
}

/* Calls the handler and fills r from what it returned. 0, or the status of the
 * error reply to send instead. */
static uint16_t run(struct run *x, struct http_reply *r)
{
	const struct dispatch_request *rq = x->rq;
	const struct handler *h = x->to;
	struct app *app = x->app;
	struct zigts *vm = h->vm;
	zigts_val argv[3] = { host_request_object(vm, x->hr) }, v;
	enum host_result result;
	uint16_t status;
	int argc = 1;

	if (argv[0] == ZIGTS_EXC)
		return failed(app, rq);
	if (h->fetch_shape) {
		argv[1] = zigts_root(vm, h->env_root);
		argv[2] = zigts_root(vm, h->ctx_root);
		argc = 3;
	}
	v = zigts_call(vm, zigts_root(vm, h->fn_root), zigts_root(vm, h->this_root), argc, argv);
	if (v == ZIGTS_EXC || zigts_run_jobs(vm) != 0)
		return failed(app, rq);
	result = host_reply(vm, v, r);
	if (result == HOST_PROMISE) {
		status = settled(x, &v);
		if (status != 0)
			return status;
		result = host_reply(vm, v, r);
	}
	tell_rejections(vm, rq);
	switch (result) {
	case HOST_REPLY:
		if (r->streamed)
			x->stream = host_reply_stream(vm, v);
		return 0;
	case HOST_UNUSABLE:
		unusable(h, rq, v);
		return 500;
	case HOST_PROMISE:
		complain(rq, "the handler's promise was fulfilled with a promise", 50);
		return 500;
	case HOST_THROWN:
		break;
	}
	return failed(app, rq);
}

static bool effect_place(void *u, int bit, char *text, size_t n)
{
	uint32_t line, col;
	char file[96];

	if (!zigts_taint_where(u, bit, file, sizeof file, &line, &col))
		return false;
	snprintf(text, n, "%s:%u:%u", file, line, col);
	return true;
}

void dispatch_waits(struct app *app)
{
	if (app->rq && app->rq->on_wait)
		app->rq->on_wait(zigts_taints(app->vm), effect_place, app->vm);
}

/* The body of a reply whose head lies in out, from `began` on, piece by piece. 0, or
 * the status of the error to answer instead, nothing of it having left. */
static uint16_t flow(struct run *x, const struct http_reply *r, struct buf *out, size_t began)
{
	const struct dispatch_request *rq = x->rq;
	struct host_sink sink = *rq->sink;
	bool wanted = !r->head_only && r->status != 204 && r->status != 205 && r->status != 304;
	zigts_val reason = ZIGTS_UNDEF;
	enum host_drained d;
	uint16_t status = 500;
	const char *text;
	size_t n = 0;

	sink.turn = turn;
	sink.of = x;
	if (wanted)
		rq->sink_begin(sink.u, out->len - began, !r->http10);
	d = host_drain(x->app->vm, x->stream, wanted, &sink, &reason);
	switch (d) {
	case DRAIN_ALL:
	case DRAIN_GONE:
		tell_rejections(x->app->vm, rq);
		return 0;
	case DRAIN_FAILED:
		SHM_ADD(x->app->slot->exceptions, 1);
		text = zigts_describe_exception(x->app->vm, reason, &n);
		complain(rq, text ? text : "exception", text ? n : 9);
		break;
	case DRAIN_STUCK:
		complain(rq, "the body's stream never goes on", 31);
		break;
	case DRAIN_THROWN:
		status = failed(x->app, rq);
		break;
	}
	return !wanted || rq->sink_cut(sink.u) ? 0 : status;
}

static bool takes_body(const struct http_head *h)
{
	return h->method != HTTP_GET && h->method != HTTP_HEAD && h->method != HTTP_DELETE && h->method != HTTP_OPTIONS;
}

static uint16_t answer(struct app *app, const struct handler *to, struct dispatch_request *rq, struct buf *out)
{
	const struct zigts_limits limits = { .wall_ns = app->set->handler_ns, .cpu_ns = app->set->handler_cpu_ns };
	const struct http_head *h = rq->head;
	zigts_val signal = ZIGTS_UNDEF, pull = ZIGTS_UNDEF;
	struct host_request hr = {
		.head = h, .bytes = rq->bytes, .body = rq->body,
		.has_body = takes_body(h) && (h->has_length || h->is_chunked), .absolute_url = to->fetch_shape,
		.deps = rq->deps, .signal = &signal, .source = rq->source, .pull = &pull,
	};
	struct run x = { .app = app, .to = to, .rq = rq, .hr = &hr, .stream = ZIGTS_UNDEF };
	size_t began = out->len;
	struct http_reply r = {
		.head_only = h->method == HTTP_HEAD, .keep_alive = rq->keep_alive, .http10 = h->minor == 0,
	};
	struct sv bad;
	uint16_t status;

	zigts_begin(app->vm, &limits);
	zigts_set_user(app->vm, &hr);
	status = run(&x, &r);
	if ((r.streamed && r.http10) || (rq->source && !rq->source->ended(rq->source->u)))
		rq->keep_alive = r.keep_alive = false;
	if (status == 0 && rq->on_reply)
		rq->on_reply(&r, zigts_taints(app->vm), effect_place, app->vm);
	if (status == 0 && reply_write(out, &r, rq->wall_seconds, &bad) != 0) {
		char text[160];
		int n = snprintf(text, sizeof text, "the response's header \"%.*s\" is illegal",
				 (int)(bad.n > 80 ? 80 : bad.n), bad.p);

		complain(rq, text, (size_t)n);
		status = 500;
	}
	if (status == 0 && r.streamed) {
		status = flow(&x, &r, out, began);
		if (status != 0)
			out->len = began;
	}
	if (status != 0)
		reply_error(out, status, rq->keep_alive, r.head_only, rq->wall_seconds);
	else {
		status = r.status;
		rq->keep_alive = r.keep_alive;
	}
	zigts_set_user(app->vm, NULL);
	zigts_end(app->vm);
	return status;
}

int dispatch_app(const struct app *app, const struct http_head *h, const char *bytes)
{
	return app_match(app->set->app, app->n, http_view(bytes, h->host), http_view(bytes, h->path));
}

bool dispatch_streams(const struct app *app, const struct http_head *h, const char *bytes)
{
	int i = takes_body(h) ? dispatch_app(app, h, bytes) : -1;

	return i >= 0 && app->handler[i].fetch_shape;
}

uint16_t dispatch_run(struct app *app, int i, struct dispatch_request *rq, struct buf *out)
{
	uint16_t status;

	app->vm = app->handler[i].vm;
	app->rq = rq;
	status = answer(app, &app->handler[i], rq, out);
	app->rq = NULL;
	return status;
}
